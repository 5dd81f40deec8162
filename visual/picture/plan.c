#include "visual/picture/plan.h"

#include "visual/number.h"
#include "visual/picture/script.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The most that a sheet takes. */
static const double most_width = 640.0, most_height = 360.0, most_stairs = 800.0;

void jac_plan_number(struct jac_buffer *out, double value, int digits) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_number_add(&text, value, digits);
  for (const char *at = text.text; *at != '\0'; at++)
    if (*at == '-')
      jac_buffer_add(out, "−");
    else
      jac_buffer_add_char(out, *at);
  out->failed = out->failed || text.failed;
  jac_buffer_free(&text);
}

static size_t face_index(const struct jac_plan *plan, size_t sheet, size_t row,
                         size_t col) {
  return 2 * ((sheet * plan->rows.entries + row) * plan->cols.entries + col);
}

const char *jac_plan_face(const struct jac_plan *plan, size_t sheet, size_t row,
                          size_t col, size_t line) {
  return plan->face[face_index(plan, sheet, row, col) + line];
}

void jac_plan_sheet(const struct jac_plan *plan, size_t sheet, double *x, double *y) {
  const struct jac_sample *sample = &plan->sample;
  bool last = sheet > 0 && sheet + 1 == sample->sheets;
  bool elided = last && plan->view->layout.slices > sample->sheets;
  *x = plan->x + (double)sheet * plan->dx + (elided ? plan->dx * 0.6 : 0.0);
  *y = plan->y + (double)sheet * plan->dy + (elided ? 28.0 : 0.0);
}

/* Structural zeros are 0, whatever is shown elsewhere. */
static enum jac_status write_face(struct jac_view *view, size_t slice, size_t row,
                                  size_t col, char **face, struct jac_error *err) {
  struct jac_buffer symbol = JAC_BUFFER_INIT, number = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  if (jac_view_zero(view, slice, row, col))
    jac_buffer_add(&number, "0");
  else {
    if (view->entries != JAC_ENTRIES_NUMBERS)
      status = jac_view_symbol(view, slice, row, col, JAC_NOTATION_UNICODE, &symbol, err);
    if (view->entries != JAC_ENTRIES_SYMBOLS)
      jac_plan_number(&number, jac_view_value(view, slice, row, col), view->precision);
  }
  if (symbol.length == 0 && status == JAC_OK) {
    struct jac_buffer none = symbol;
    symbol = number;
    number = none;
  }
  face[0] = jac_buffer_take(&symbol);
  face[1] = jac_buffer_take(&number);
  if (status == JAC_OK && (face[0] == NULL || face[1] == NULL))
    status = jac_fail_memory(err);
  return status;
}

static void free_faces(struct jac_plan *plan) {
  size_t count = 2 * plan->sample.sheets * plan->rows.entries * plan->cols.entries;
  for (size_t k = 0; plan->face != NULL && k < count; k++)
    free(plan->face[k]);
  free(plan->face);
  plan->face = NULL;
  plan->lines = 0;
}

static enum jac_status write_faces(struct jac_plan *plan, double *widest,
                                   struct jac_error *err) {
  const struct jac_sample *sample = &plan->sample;
  size_t rows = plan->rows.entries, cols = plan->cols.entries;
  enum jac_status status = JAC_OK;
  plan->face = calloc(2 * sample->sheets * rows * cols, sizeof *plan->face);
  if (plan->face == NULL)
    return jac_fail_memory(err);
  plan->lines = plan->view->entries == JAC_ENTRIES_BOTH ? 2 : 1;
  for (size_t k = 0; status == JAC_OK && k < sample->sheets * rows * cols; k++) {
    size_t sheet = k / (rows * cols), row = k / cols % rows, col = k % cols;
    char **face = plan->face + face_index(plan, sheet, row, col);
    status = write_face(plan->view, sample->slice[sheet], row, col, face, err);
    for (size_t line = 0; status == JAC_OK && line < 2; line++)
      *widest =
          fmax(*widest, jac_script_lay(face[line], JAC_FACE_SIZE, true, NULL, NULL));
  }
  return status;
}

/* Whether all sheets can be seen whole, and then where they stand. */
static bool make_stairs(struct jac_plan *plan) {
  double sheets = (double)plan->sample.sheets;
  bool elided = plan->view->layout.slices > plan->sample.sheets;
  plan->width = jac_axis_length(&plan->cols);
  plan->height = jac_axis_length(&plan->rows);
  plan->overlap = false;
  plan->dx = 44.0;
  plan->dy = plan->height + plan->cols.extent + 16.0;
  return sheets * plan->dy + (elided ? 28.0 : 0.0) <= most_stairs;
}

/* Cells with something written in them, if they are few enough and all of them fit. */
static enum jac_status try_faces(struct jac_plan *plan, struct jac_error *err) {
  enum { MOST = 400 };
  const struct jac_layout *layout = &plan->view->layout;
  double widest = 0.0;
  if (plan->view->entries == JAC_ENTRIES_STRUCTURE || layout->rows > MOST ||
      layout->cols > MOST || layout->rows * layout->cols * plan->sample.sheets > MOST)
    return JAC_OK;
  enum jac_status status = write_faces(plan, &widest, err);
  if (status != JAC_OK) {
    free_faces(plan);
    return status;
  }
  plan->cols.cell = fmax(34.0, ceil(widest) + 14.0);
  plan->rows.cell = plan->lines == 2 ? 44.0 : 30.0;
  jac_plan_axis(plan, true, &plan->rows);
  jac_plan_axis(plan, false, &plan->cols);
  if (!make_stairs(plan) || plan->width > 1.5 * most_width)
    free_faces(plan);
  return JAC_OK;
}

/* As many cells as fit into the length, none smaller than least, to half a pixel. */
static void set_cells(struct jac_axis *axis, double length, double least) {
  double entries = (double)axis->entries, most = length / least;
  axis->per = most < entries ? (size_t)ceil(entries / most) : 1;
  size_t cells = (axis->entries + axis->per - 1) / axis->per;
  axis->cell = fmax(least, floor(2.0 * length / (double)cells) / 2.0);
}

/* Square entries, unless the Jacobian is so long that little would be seen of it. */
static void size_cells(struct jac_plan *plan) {
  enum { MOST_CELL = 26, LEAST_LENGTH = 130, ROW = 19, LEAST_HEIGHT = 190 };
  double rows = (double)plan->rows.entries, cols = (double)plan->cols.entries;
  double part = plan->sample.sheets > 1 ? 0.75 : 1.0;
  double side =
      fmin(MOST_CELL, fmin(part * most_width / cols, part * most_height / rows));
  double width = fmax(cols * side, fmin(LEAST_LENGTH, cols * MOST_CELL));
  double height = fmax(rows * side, fmin(LEAST_HEIGHT, rows * ROW));
  double least = plan->sample.sheets > 1 ? 1.5 : 1.0;
  set_cells(&plan->cols, width, least);
  set_cells(&plan->rows, height, least);
  jac_plan_axis(plan, true, &plan->rows);
  jac_plan_axis(plan, false, &plan->cols);
  if (make_stairs(plan))
    return;
  plan->overlap = true;
  plan->dx = 66.0;
  plan->dy = 44.0;
}

/* Blocks that the layout names; of the reduced form they stand apart. */
static void set_blocks(const struct jac_layout *layout, struct jac_plan *plan) {
  plan->rows = (struct jac_axis){.entries = layout->rows, .per = 1};
  plan->cols = (struct jac_axis){.entries = layout->cols, .per = 1};
  if (layout->block_rows > 1 && layout->block_rows < layout->rows)
    plan->rows.block = layout->block_rows;
  if (layout->block_cols > 1 && layout->block_cols < layout->cols)
    plan->cols.block = layout->block_cols;
  if (layout->form == JAC_FORM_REDUCED && plan->cols.block > 0 && layout->cols <= 60)
    plan->cols.gap = 8.0;
}

enum jac_status jac_plan_make(struct jac_view *view, struct jac_plan *plan,
                              struct jac_error *err) {
  struct jac_sample *sample = &plan->sample;
  *plan = (struct jac_plan){.view = view};
  set_blocks(&view->layout, plan);
  jac_sample_choose(view->layout.slices, sample);
  enum jac_status status = try_faces(plan, err);
  if (status != JAC_OK)
    return status;
  if (plan->face == NULL)
    size_cells(plan);
  if (plan->rows.per > 1 || plan->cols.per > 1)
    plan->cols.gap = 0.0;
  status = jac_sample_new(view, plan->rows.per, plan->cols.per, sample, err);
  if (status != JAC_OK)
    jac_plan_free(plan);
  return status;
}

void jac_plan_free(struct jac_plan *plan) {
  free_faces(plan);
  jac_sample_free(&plan->sample);
}
