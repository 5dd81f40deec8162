/* A picture as SVG. */
#include "visual/number.h"
#include "visual/picture/font.h"
#include "visual/picture/palette.h"
#include "visual/picture/picture.h"
#include "visual/picture/script.h"

#include <math.h>
#include <string.h>

static void add_escaped(struct jac_buffer *out, uint32_t letter) {
  char text[5];
  jac_utf8_write(letter, text);
  jac_buffer_add(out, letter == '&'   ? "&amp;"
                      : letter == '<' ? "&lt;"
                      : letter == '>' ? "&gt;"
                      : letter == '"' ? "&quot;"
                                      : text);
}

static void add_text(struct jac_buffer *out, const char *text) {
  for (uint32_t letter; (letter = jac_utf8_next(&text)) != 0;)
    add_escaped(out, letter);
}

/* A length to a hundredth of a pixel. */
static void add_length(struct jac_buffer *out, const char *name, double value) {
  double rounded = round(value * 100.0) / 100.0;
  jac_buffer_printf(out, " %s=\"", name);
  jac_number_add(out, rounded == 0.0 ? 0.0 : rounded, 7);
  jac_buffer_add_char(out, '"');
}

static void add_color(struct jac_buffer *out, const char *name, long color) {
  if (color == JAC_NO_COLOR)
    jac_buffer_printf(out, " %s=\"none\"", name);
  else
    jac_buffer_printf(out, " %s=\"#%06lx\"", name, color);
}

static void add_stroke(struct jac_buffer *out, const struct jac_shape *shape) {
  if (shape->stroke == JAC_NO_COLOR)
    return;
  add_color(out, "stroke", shape->stroke);
  if (shape->size != 1.0)
    add_length(out, "stroke-width", shape->size);
}

static void add_rect(struct jac_buffer *out, const struct jac_shape *shape) {
  jac_buffer_add(out, "<rect");
  add_length(out, "x", shape->x);
  add_length(out, "y", shape->y);
  add_length(out, "width", shape->width);
  add_length(out, "height", shape->height);
  add_color(out, "fill", shape->fill);
  add_stroke(out, shape);
  if (shape->text == NULL) {
    jac_buffer_add(out, "/>\n");
    return;
  }
  jac_buffer_add(out, "><title>");
  add_text(out, shape->text);
  jac_buffer_add(out, "</title></rect>\n");
}

static void add_line(struct jac_buffer *out, const struct jac_shape *shape) {
  jac_buffer_add(out, "<line");
  add_length(out, "x1", shape->x);
  add_length(out, "y1", shape->y);
  add_length(out, "x2", shape->x + shape->width);
  add_length(out, "y2", shape->y + shape->height);
  add_stroke(out, shape);
  jac_buffer_add(out, "/>\n");
}

/* The run of letters of one height, size and slope that is being written. */
struct run {
  struct jac_buffer *out;
  double base_size, pen, y, size;
  bool italic, open;
};

/* Moves are relative to where the reader's own font has brought the pen. */
static void put_letter(void *context, const struct jac_letter *letter) {
  struct run *run = context;
  double dx = letter->x - run->pen, dy = letter->y - run->y;
  bool moves = fabs(dx) > 1e-9;
  if (moves || dy != 0.0 || letter->italic != run->italic) {
    jac_buffer_add(run->out, run->open ? "</tspan>" : "");
    run->open = moves || dy != 0.0 || letter->italic || letter->size != run->base_size;
    jac_buffer_add(run->out, run->open ? "<tspan" : "");
    if (moves)
      add_length(run->out, "dx", dx);
    if (dy != 0.0)
      add_length(run->out, "dy", dy);
    if (letter->size != run->base_size)
      add_length(run->out, "font-size", letter->size);
    jac_buffer_add(run->out, letter->italic ? " font-style=\"italic\"" : "");
    jac_buffer_add(run->out, run->open ? ">" : "");
  }
  add_escaped(run->out, letter->letter);
  run->y = letter->y;
  run->italic = letter->italic;
  run->pen =
      letter->x + jac_font_glyph(letter->letter)->advance / JAC_FONT_UNITS * letter->size;
}

static void add_letters(struct jac_buffer *out, const struct jac_shape *shape) {
  static const char *const anchors[] = {"", " text-anchor=\"middle\"",
                                        " text-anchor=\"end\""};
  struct run run = {.out = out, .base_size = shape->size};
  jac_buffer_add(out, "<text");
  add_length(out, "x", shape->x);
  add_length(out, "y", shape->y);
  add_length(out, "font-size", shape->size);
  add_color(out, "fill", shape->fill);
  jac_buffer_add(out, anchors[shape->anchor]);
  if (shape->turned) {
    jac_buffer_add(out, " transform=\"rotate(-90 ");
    jac_number_add(out, shape->x, 7);
    jac_buffer_add_char(out, ' ');
    jac_number_add(out, shape->y, 7);
    jac_buffer_add(out, ")\"");
  }
  jac_buffer_add_char(out, '>');
  jac_script_lay(shape->text, shape->size, shape->math, put_letter, &run);
  jac_buffer_add(out, run.open ? "</tspan></text>\n" : "</text>\n");
}

/* All cells of a shade as one path of horizontal strokes, each as long as the run of
 * cells is: by far shorter than a rectangle a cell. */
static void add_shade(struct jac_buffer *out, const struct jac_shape *shape,
                      unsigned char shade) {
  bool any = false;
  for (size_t row = 0; row < shape->rows; row++) {
    const unsigned char *cell = shape->cell + row * shape->cols;
    size_t pen = 0;
    bool here = false;
    for (size_t col = 0, end; col < shape->cols; col = end) {
      for (end = col + 1; end < shape->cols && cell[end] == cell[col]; end++)
        continue;
      if (cell[col] != shade)
        continue;
      if (!any) {
        jac_buffer_add(out, "<path");
        add_color(out, "stroke", jac_shade_color(shade));
        jac_buffer_add(out, " d=\"");
      }
      if (here)
        jac_buffer_printf(out, "m%zu 0h%zu", col - pen, end - col);
      else
        jac_buffer_printf(out, "M%zu %zu.5h%zu", col, row, end - col);
      pen = end;
      any = here = true;
    }
  }
  jac_buffer_add(out, any ? "\"/>\n" : "");
}

static void add_cells(struct jac_buffer *out, const struct jac_shape *shape) {
  jac_buffer_add(
      out, "<g fill=\"none\" shape-rendering=\"crispEdges\" transform=\"translate(");
  jac_number_add(out, shape->x, 7);
  jac_buffer_add_char(out, ' ');
  jac_number_add(out, shape->y, 7);
  jac_buffer_add(out, ") scale(");
  jac_number_add(out, shape->width, 7);
  jac_buffer_add_char(out, ' ');
  jac_number_add(out, shape->height, 7);
  jac_buffer_add(out, ")\">\n");
  for (int shade = 0; shade < JAC_SHADES; shade++)
    add_shade(out, shape, (unsigned char)shade);
  jac_buffer_add(out, "</g>\n");
}

enum jac_status jac_picture_svg(const struct jac_picture *picture, FILE *file,
                                struct jac_error *err) {
  static void (*const add[])(struct jac_buffer *, const struct jac_shape *) = {
      add_rect, add_line, add_letters, add_cells};
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_buffer_add(
      &out,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" role=\"img\"");
  add_length(&out, "width", picture->width);
  add_length(&out, "height", picture->height);
  jac_buffer_printf(&out, " viewBox=\"0 0 %.0f %.0f\"", picture->width, picture->height);
  jac_buffer_add(&out, " font-family=\"DejaVu Sans, Verdana, sans-serif\">\n<title>");
  add_text(&out, picture->title);
  jac_buffer_add(&out, "</title>\n<desc>");
  add_text(&out, picture->description);
  jac_buffer_add(&out, "</desc>\n");
  for (size_t k = 0; k < picture->count; k++)
    add[picture->shape[k].kind](&out, &picture->shape[k]);
  jac_buffer_add(&out, "</svg>\n");
  fwrite(out.text, 1, out.length, file);
  enum jac_status status = jac_buffer_status(&out, err);
  jac_buffer_free(&out);
  return status;
}
