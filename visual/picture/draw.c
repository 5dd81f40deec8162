/* A Jacobian drawn: heading, sheets with their labels, legend, notes. */
#include "visual/picture/palette.h"
#include "visual/picture/plan.h"
#include "visual/picture/script.h"

#include "jacobian/text.h"
#include "visual/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INK = 0x1A1A1A, GREY = 0x555555, RULE = 0x8C8C8C, FAINT = 0xC4C4C4 };

static void add_label(struct jac_picture *picture, double x, double y, const char *text,
                      double size, enum jac_anchor anchor, long color, bool turned) {
  jac_picture_add(picture, &(struct jac_shape){.kind = JAC_SHAPE_TEXT,
                                               .x = x,
                                               .y = y,
                                               .fill = color,
                                               .stroke = JAC_NO_COLOR,
                                               .size = size,
                                               .text = text,
                                               .anchor = anchor,
                                               .turned = turned,
                                               .math = true});
}

/* The same on paper of its own, so that no line runs through it. */
static void add_axis_label(struct jac_picture *picture, double x, double y,
                           const char *text, enum jac_anchor anchor, bool turned) {
  double width = jac_script_lay(text, JAC_LABEL_SIZE, true, NULL, NULL);
  if (!turned)
    jac_picture_rect(picture, x - width * (int)anchor / 2.0 - 2.0,
                     y - 0.9 * JAC_LABEL_SIZE, width + 4.0, 1.3 * JAC_LABEL_SIZE,
                     0xFFFFFF);
  add_label(picture, x, y, text, JAC_LABEL_SIZE, anchor, INK, turned);
}

/* A text cut into lines; y moves below them. */
static void add_lines(struct jac_picture *picture, double x, double *y, double width,
                      const char *text, double size, long color) {
  char line[1024];
  while (*text != '\0') {
    size_t length = jac_script_fit(text, size, width);
    length = length < sizeof line ? length : sizeof line - 1;
    memcpy(line, text, length);
    line[length] = '\0';
    *y += size * 1.4;
    jac_picture_add(picture, &(struct jac_shape){.kind = JAC_SHAPE_TEXT,
                                                 .x = x,
                                                 .y = *y,
                                                 .fill = color,
                                                 .stroke = JAC_NO_COLOR,
                                                 .size = size,
                                                 .text = line,
                                                 .math = strstr(text, " = ") != NULL});
    text += length;
    text += strspn(text, " ");
  }
}

/* A true minus sign before each number. */
static void mend_minus(const char *line, size_t length, struct jac_buffer *out) {
  for (size_t k = 0; k < length; k++)
    if (line[k] == '-' && k > 0 && line[k - 1] == ' ')
      jac_buffer_add(out, "−");
    else
      jac_buffer_add_char(out, line[k]);
}

/* The heading of the text view, its first line larger. */
static void add_heading(struct jac_picture *picture, double width, const char *heading,
                        double *y) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  for (bool first = true; *heading != '\0'; first = false) {
    heading += strspn(heading, " ");
    size_t length = strcspn(heading, "\n");
    jac_buffer_clear(&line);
    mend_minus(heading, length, &line);
    add_lines(picture, JAC_MARGIN, y, width, line.text,
              first ? JAC_TITLE_SIZE : JAC_TEXT_SIZE, first ? INK : GREY);
    *y += first ? 4.0 : 0.0;
    heading += length + (heading[length] == '\n');
  }
  picture->failed = picture->failed || line.failed;
  jac_buffer_free(&line);
}

/* What a cell says when pointed at: which derivative it is, and its value. */
static void tell(const struct jac_plan *plan, size_t sheet, size_t row, size_t col,
                 struct jac_buffer *out) {
  struct jac_buffer label = JAC_BUFFER_INIT;
  size_t slice = plan->sample.slice[sheet];
  jac_buffer_clear(out);
  jac_plan_label(plan, true, sheet, row, &label);
  jac_buffer_printf(out, "∂%s/", label.text);
  jac_plan_label(plan, false, sheet, col, &label);
  jac_buffer_printf(out, "∂%s = ", label.text);
  if (jac_view_zero(plan->view, slice, row, col))
    jac_buffer_add(out, "0");
  else if (plan->view->entries == JAC_ENTRIES_SYMBOLS && plan->face != NULL)
    jac_buffer_add(out, jac_plan_face(plan, sheet, row, col, 0));
  else
    jac_plan_number(out, jac_view_value(plan->view, slice, row, col),
                    plan->view->precision);
  jac_buffer_free(&label);
}

static void add_face(const struct jac_plan *plan, struct jac_picture *picture,
                     size_t sheet, size_t row, size_t col, double x, double y,
                     unsigned char shade) {
  const char *first = jac_plan_face(plan, sheet, row, col, 0);
  const char *second = jac_plan_face(plan, sheet, row, col, 1);
  long color = shade == JAC_SHADE_ALWAYS_ZERO ? 0x8A8A8A
               : jac_shade_dark(shade)        ? 0xFFFFFF
                                              : INK;
  double middle = y + plan->rows.cell / 2.0 + 0.36 * JAC_FACE_SIZE;
  double half = *second != '\0' ? 9.0 : 0.0;
  x += plan->cols.cell / 2.0;
  add_label(picture, x, middle - half, first, JAC_FACE_SIZE, JAC_ANCHOR_MIDDLE, color,
            false);
  if (*second != '\0')
    add_label(picture, x, middle + half, second, JAC_FACE_SIZE, JAC_ANCHOR_MIDDLE, color,
              false);
}

/* Cells that can be told apart: each a tile. */
static void add_tiles(const struct jac_plan *plan, struct jac_picture *picture,
                      size_t sheet, double x, double y) {
  const unsigned char *shade = jac_sample_sheet(&plan->sample, sheet);
  struct jac_buffer tip = JAC_BUFFER_INIT;
  for (size_t row = 0; row < plan->sample.rows; row++)
    for (size_t col = 0; col < plan->sample.cols; col++, shade++) {
      double left = x + jac_axis_place(&plan->cols, col);
      double top = y + jac_axis_place(&plan->rows, row);
      tell(plan, sheet, row, col, &tip);
      jac_picture_add(picture, &(struct jac_shape){.kind = JAC_SHAPE_RECT,
                                                   .x = left + 0.5,
                                                   .y = top + 0.5,
                                                   .width = plan->cols.cell - 1.0,
                                                   .height = plan->rows.cell - 1.0,
                                                   .fill = jac_shade_color(*shade),
                                                   .stroke = JAC_NO_COLOR,
                                                   .text = tip.text});
      if (plan->face != NULL)
        add_face(plan, picture, sheet, row, col, left, top, *shade);
    }
  picture->failed = picture->failed || tip.failed;
  jac_buffer_free(&tip);
}

static void add_cells(const struct jac_plan *plan, struct jac_picture *picture,
                      size_t sheet, double x, double y) {
  const struct jac_sample *sample = &plan->sample;
  size_t cells = sample->rows * sample->cols;
  unsigned char *cell = malloc(cells);
  if (cell == NULL) {
    picture->failed = true;
    return;
  }
  memcpy(cell, jac_sample_sheet(sample, sheet), cells);
  jac_picture_add(picture, &(struct jac_shape){.kind = JAC_SHAPE_CELLS,
                                               .x = x,
                                               .y = y,
                                               .width = plan->cols.cell,
                                               .height = plan->rows.cell,
                                               .fill = JAC_NO_COLOR,
                                               .stroke = JAC_NO_COLOR,
                                               .cell = cell,
                                               .rows = sample->rows,
                                               .cols = sample->cols});
}

/* Lines over small cells are thin, so that no cell is hidden. */
static double line_width(const struct jac_plan *plan, double width) {
  return fmin(plan->rows.cell, plan->cols.cell) < 4.0 ? 0.5 : width;
}

/* Where one block ends and the next begins, where they do not lie too close. */
static void add_rules(const struct jac_plan *plan, struct jac_picture *picture, double x,
                      double y) {
  const struct jac_axis *rows = &plan->rows, *cols = &plan->cols;
  enum { CLOSE = 5 };
  double row = rows->cell / (double)rows->per, col = cols->cell / (double)cols->per;
  if (rows->block > 0 && row * (double)rows->block >= CLOSE)
    for (size_t k = rows->block; k < rows->entries; k += rows->block)
      jac_picture_line(picture, x, y + (double)k * row, plan->width, 0.0, RULE,
                       line_width(plan, 1.0));
  if (cols->gap > 0.0 || cols->block == 0 || col * (double)cols->block < CLOSE)
    return;
  for (size_t k = cols->block; k < cols->entries; k += cols->block)
    jac_picture_line(picture, x + (double)k * col, y, 0.0, plan->height, RULE,
                     line_width(plan, 1.0));
}

/* The size of the blocks that have an outline: those of a block-diagonal Jacobian as the
 * map declares them, else those of the layout. */
static void block_size(const struct jac_plan *plan, size_t *rows, size_t *cols) {
  const struct jac_view *view = plan->view;
  bool native = view->layout.order == JAC_ORDER_F || plan->cols.block == 0;
  *rows = plan->rows.block > 0 ? plan->rows.block : plan->rows.entries;
  *cols = plan->cols.block > 0 ? plan->cols.block : plan->cols.entries;
  if (view->pattern.kind == JAC_PATTERN_BLOCK_DIAGONAL && native) {
    *rows = view->pattern.block_rows;
    *cols = view->pattern.block_cols;
  }
}

static bool is_empty(const struct jac_plan *plan, size_t slice, size_t row, size_t col,
                     size_t height, size_t width) {
  for (size_t i = row; i < row + height; i++)
    for (size_t j = col; j < col + width; j++)
      if (!jac_view_zero(plan->view, slice, i, j))
        return false;
  return true;
}

/* The blocks that are not empty, where others are. */
static void add_outlines(const struct jac_plan *plan, struct jac_picture *picture,
                         size_t sheet, double x, double y) {
  enum { CLOSE = 5, MOST = 2500 };
  const struct jac_axis *rows = &plan->rows, *cols = &plan->cols;
  size_t height, width;
  block_size(plan, &height, &width);
  double row = rows->cell / (double)rows->per, col = cols->cell / (double)cols->per;
  size_t across = cols->entries / width, count = rows->entries / height * across;
  if (row * (double)height < CLOSE || col * (double)width < CLOSE || count > MOST)
    return;
  size_t slice = plan->sample.slice[sheet], first = picture->count, outlined = 0;
  for (size_t k = 0; k < count; k++) {
    size_t i = k / across * height, j = k % across * width;
    size_t blocks = cols->gap > 0.0 ? j / cols->block : 0;
    double gaps = (double)blocks * cols->gap;
    if (is_empty(plan, slice, i, j, height, width))
      continue;
    outlined++;
    jac_picture_frame(picture, x + (double)j * col + gaps, y + (double)i * row,
                      (double)width * col, (double)height * row, INK,
                      line_width(plan, 1.5));
  }
  if (outlined == count && !picture->failed)
    picture->count = first;
}

/* The paper under a sheet, block by block where they stand apart, and the frame around
 * it, which hides nothing of the cells. */
static void add_paper(const struct jac_plan *plan, struct jac_picture *picture, double x,
                      double y, bool frame) {
  const struct jac_axis *cols = &plan->cols;
  size_t width = cols->gap > 0.0 ? cols->block : cols->entries;
  for (size_t j = 0; j < cols->entries; j += width) {
    double left = x + jac_axis_place(cols, j), length = plan->width;
    if (cols->gap > 0.0)
      length = (double)width * cols->cell;
    if (frame)
      jac_picture_frame(picture, left - 0.5, y - 0.5, length + 1.0, plan->height + 1.0,
                        GREY, 1.0);
    else
      jac_picture_rect(picture, left, y, length, plan->height, 0xD4D4D4);
  }
}

static void add_row_labels(const struct jac_plan *plan, struct jac_picture *picture,
                           size_t sheet, double x, double y) {
  const struct jac_axis *axis = &plan->rows;
  struct jac_buffer label = JAC_BUFFER_INIT;
  size_t entry;
  for (size_t k = 0; jac_axis_tick(axis, k, &entry); k++) {
    double middle = y + jac_axis_middle(axis, entry);
    if (axis->by_block) {
      middle = y + 0.5 * (jac_axis_middle(axis, entry) +
                          jac_axis_middle(axis, entry + axis->block - 1));
      jac_plan_block_label(plan, true, sheet, entry, &label);
    } else
      jac_plan_label(plan, true, sheet, entry, &label);
    add_axis_label(picture, x - 8.0, middle + 0.36 * JAC_LABEL_SIZE, label.text,
                   JAC_ANCHOR_END, false);
    if (axis->step > 1 && !axis->by_block)
      jac_picture_line(picture, x - 5.0, middle, 5.0, 0.0, GREY, 1.0);
  }
  picture->failed = picture->failed || label.failed;
  jac_buffer_free(&label);
}

static void add_col_labels(const struct jac_plan *plan, struct jac_picture *picture,
                           size_t sheet, double x, double y) {
  const struct jac_axis *axis = &plan->cols;
  struct jac_buffer label = JAC_BUFFER_INIT;
  bool turned = axis->turned, mark = axis->step > 1 && !axis->by_block;
  size_t entry;
  for (size_t k = 0; jac_axis_tick(axis, k, &entry); k++) {
    double middle = x + jac_axis_middle(axis, entry);
    if (axis->by_block) {
      middle = x + 0.5 * (jac_axis_middle(axis, entry) +
                          jac_axis_middle(axis, entry + axis->block - 1));
      jac_plan_block_label(plan, false, sheet, entry, &label);
    } else
      jac_plan_label(plan, false, sheet, entry, &label);
    add_axis_label(
        picture, middle + (turned ? 0.36 * JAC_LABEL_SIZE : 0.0), y - 8.0, label.text,
        turned || (mark && k == 0) ? JAC_ANCHOR_START : JAC_ANCHOR_MIDDLE, turned);
    if (mark)
      jac_picture_line(picture, middle, y - 5.0, 0.0, 5.0, GREY, 1.0);
  }
  picture->failed = picture->failed || label.failed;
  jac_buffer_free(&label);
}

/* Which sample a sheet is: in the corner between the labels where there is one, else
 * above the part that is seen. */
static void add_sample_name(const struct jac_plan *plan, struct jac_picture *picture,
                            size_t sheet, double x, double y) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  bool behind = plan->overlap && sheet > 0;
  jac_label_slice(plan->view->layout.map, JAC_NOTATION_UNICODE, plan->sample.slice[sheet],
                  &text);
  double width = jac_script_lay(text.text, JAC_SMALL_SIZE, false, NULL, NULL);
  x += behind ? plan->width : -8.0;
  y -= behind ? 5.0 : 8.0;
  jac_picture_rect(picture, x - width - 2.0, y - 11.0, width + 2.0, 14.0, 0xFFFFFF);
  jac_picture_text(picture, x, y, text.text, JAC_SMALL_SIZE, JAC_ANCHOR_END, GREY);
  picture->failed = picture->failed || text.failed;
  jac_buffer_free(&text);
}

/* From the corners of a sheet to those of the next one: the third dimension. No line runs
 * through the labels of rows. */
static void add_depth(const struct jac_plan *plan, struct jac_picture *picture,
                      size_t sheet) {
  double x, y, next_x, next_y;
  jac_plan_sheet(plan, sheet, &x, &y);
  jac_plan_sheet(plan, sheet + 1, &next_x, &next_y);
  for (int corner = 1; corner < 4; corner += plan->overlap ? 1 : 2)
    jac_picture_line(picture, x + (corner & 1 ? plan->width : 0.0),
                     y + (corner & 2 ? plan->height : 0.0), next_x - x, next_y - y, FAINT,
                     1.0);
}

static void add_sheet(const struct jac_plan *plan, struct jac_picture *picture,
                      size_t sheet) {
  const struct jac_sample *sample = &plan->sample;
  double x, y;
  jac_plan_sheet(plan, sheet, &x, &y);
  bool tiles = plan->rows.per == 1 && plan->cols.per == 1 && plan->cols.cell >= 8.0 &&
               plan->rows.cell >= 8.0 && sample->rows * sample->cols <= 2500;
  add_paper(plan, picture, x, y, false);
  if (tiles)
    add_tiles(plan, picture, sheet, x, y);
  else
    add_cells(plan, picture, sheet, x, y);
  add_rules(plan, picture, x, y);
  add_paper(plan, picture, x, y, true);
  add_outlines(plan, picture, sheet, x, y);
  if (!plan->overlap || sheet == 0) {
    add_row_labels(plan, picture, sheet, x, y);
    add_col_labels(plan, picture, sheet, x, y);
  }
  if (plan->view->layout.slices > 1)
    add_sample_name(plan, picture, sheet, x, y);
}

/* What the picture does not show, as sentences. */
static void write_notes(const struct jac_plan *plan, struct jac_buffer *out) {
  const struct jac_sample *sample = &plan->sample;
  const struct jac_layout *layout = &plan->view->layout;
  enum jac_entries entries = plan->view->entries;
  if (sample->per_row > 1 || sample->per_col > 1)
    jac_buffer_printf(out,
                      entries == JAC_ENTRIES_NUMBERS || entries == JAC_ENTRIES_BOTH
                          ? _("A dot stands for %zu × %zu entries and shows the one of "
                              "the largest magnitude. ")
                          : _("A dot stands for %zu × %zu entries, not zero if one of "
                              "them is. "),
                      sample->per_row, sample->per_col);
  if (plan->face == NULL &&
      (entries == JAC_ENTRIES_SYMBOLS || entries == JAC_ENTRIES_BOTH))
    jac_buffer_add(out, _("There is no room for the symbols. "));
  if (layout->slices > sample->sheets)
    jac_buffer_printf(out, _("Drawn are samples 1 to %zu and the last of %zu. "),
                      sample->sheets - 1, layout->slices);
  if (plan->overlap && layout->slices > 1)
    jac_buffer_add(out, _("Sample 1 is in front. "));
}

/* The picture in words. */
static void describe(const struct jac_plan *plan, const char *heading, const char *notes,
                     struct jac_picture *picture) {
  const struct jac_sample *sample = &plan->sample;
  struct jac_buffer title = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT;
  size_t first = strcspn(heading, "\n");
  jac_buffer_add_bytes(&title, heading, first);
  for (const char *at = heading + first; *at != '\0';) {
    at += strspn(at, " \n");
    size_t length = strcspn(at, "\n");
    jac_buffer_add_bytes(&text, at, length);
    jac_buffer_add(&text, length > 0 ? ". " : "");
    at += length;
  }
  jac_buffer_printf(&text, _("Of the %zu entries drawn %zu are not zero"),
                    sample->entries, sample->not_zero);
  if (sample->largest > 0.0) {
    jac_buffer_add(&text, _(", the largest magnitude is "));
    jac_plan_number(&text, sample->largest, plan->view->precision);
  }
  jac_buffer_printf(&text, ". %s", notes);
  picture->title = jac_buffer_take(&title);
  picture->description = jac_buffer_take(&text);
  picture->failed =
      picture->failed || picture->title == NULL || picture->description == NULL;
}

static void draw(struct jac_plan *plan, const char *heading, const char *notes,
                 struct jac_picture *picture) {
  size_t sheets = plan->sample.sheets;
  double right, bottom, y = JAC_MARGIN - 6.0, legend = fmin(200.0, plan->height);
  plan->x = JAC_MARGIN + fmax(plan->rows.extent, sheets > 1 ? 66.0 : 0.0);
  jac_plan_sheet(plan, sheets - 1, &right, &bottom);
  right += plan->width;
  double width = fmax(right + 100.0 - JAC_MARGIN, 460.0);
  size_t background = picture->count;
  jac_picture_rect(picture, 0.0, 0.0, 0.0, 0.0, 0xFFFFFF);
  add_heading(picture, width, heading, &y);
  plan->y = ceil(y) + 18.0 + plan->cols.extent;
  jac_plan_sheet(plan, sheets - 1, &right, &bottom);
  right += plan->width;
  bottom += plan->height;
  for (size_t k = 0; k + 1 < sheets; k++)
    add_depth(plan, picture, k);
  for (size_t k = sheets; k-- > 0;)
    add_sheet(plan, picture, k);
  legend = fmax(legend, 90.0);
  double edge = jac_plan_legend(plan, right + 30.0, plan->y, &legend, picture);
  bottom = fmax(bottom, plan->y + legend);
  y = bottom + 14.0;
  add_lines(picture, JAC_MARGIN, &y, width, notes, JAC_SMALL_SIZE, GREY);
  picture->width = ceil(fmax(edge, JAC_MARGIN + width)) + JAC_MARGIN;
  picture->height = ceil(y) + (*notes != '\0' ? JAC_MARGIN - 6.0 : 6.0);
  if (!picture->failed) {
    picture->shape[background].width = picture->width;
    picture->shape[background].height = picture->height;
  }
}

enum jac_status jac_view_picture(struct jac_view *view, struct jac_picture *picture,
                                 struct jac_error *err) {
  const struct jac_style style = {.unicode = true};
  struct jac_buffer heading = JAC_BUFFER_INIT, notes = JAC_BUFFER_INIT;
  struct jac_plan plan;
  *picture = (struct jac_picture){.width = 0.0};
  enum jac_status status = jac_plan_make(view, &plan, err);
  if (status != JAC_OK)
    return status;
  jac_text_heading(view, &style, &heading);
  write_notes(&plan, &notes);
  describe(&plan, heading.text, notes.text, picture);
  draw(&plan, heading.text, notes.text, picture);
  if (picture->failed || heading.failed || notes.failed)
    status = jac_fail_memory(err);
  jac_buffer_free(&heading);
  jac_buffer_free(&notes);
  jac_plan_free(&plan);
  return status;
}
