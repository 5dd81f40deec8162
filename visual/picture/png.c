/* A picture as PNG, two pixels to one of the picture's, for screens and paper that have
 * them. */
#include "visual/picture/canvas.h"
#include "visual/picture/font.h"
#include "visual/picture/palette.h"
#include "visual/picture/picture.h"
#include "visual/picture/script.h"

#include "jacobian/text.h"

#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

enum { SCALE = 2 };

static void fill_rect(struct jac_canvas *canvas, double x, double y, double width,
                      double height, long color) {
  double left = SCALE * x, top = SCALE * y;
  double right = SCALE * (x + width), bottom = SCALE * (y + height);
  jac_canvas_edge(canvas, left, top, left, bottom);
  jac_canvas_edge(canvas, right, bottom, right, top);
  jac_canvas_fill(canvas, color);
}

static void draw_rect(struct jac_canvas *canvas, const struct jac_shape *shape) {
  double half = shape->size / 2.0;
  double x = shape->x - half, y = shape->y - half;
  double width = shape->width + shape->size, height = shape->height + shape->size;
  if (shape->fill != JAC_NO_COLOR)
    fill_rect(canvas, shape->x, shape->y, shape->width, shape->height, shape->fill);
  if (shape->stroke == JAC_NO_COLOR)
    return;
  fill_rect(canvas, x, y, width, shape->size, shape->stroke);
  fill_rect(canvas, x, y + height - shape->size, width, shape->size, shape->stroke);
  fill_rect(canvas, x, y + shape->size, shape->size, height - 2.0 * shape->size,
            shape->stroke);
  fill_rect(canvas, x + width - shape->size, y + shape->size, shape->size,
            height - 2.0 * shape->size, shape->stroke);
}

static void draw_line(struct jac_canvas *canvas, const struct jac_shape *shape) {
  double length = hypot(shape->width, shape->height);
  if (length == 0.0)
    return;
  double across = SCALE * 0.5 * shape->size / length;
  double dx = -shape->height * across, dy = shape->width * across;
  double x0 = SCALE * shape->x, y0 = SCALE * shape->y;
  double x1 = x0 + SCALE * shape->width, y1 = y0 + SCALE * shape->height;
  jac_canvas_edge(canvas, x0 + dx, y0 + dy, x1 + dx, y1 + dy);
  jac_canvas_edge(canvas, x1 + dx, y1 + dy, x1 - dx, y1 - dy);
  jac_canvas_edge(canvas, x1 - dx, y1 - dy, x0 - dx, y0 - dy);
  jac_canvas_edge(canvas, x0 - dx, y0 - dy, x0 + dx, y0 + dy);
  jac_canvas_fill(canvas, shape->stroke);
}

/* Where a text stands. */
struct place {
  struct jac_canvas *canvas;
  const struct jac_shape *shape;
  double start; /* from the anchor */
};

struct point {
  double x, y;
};

/* A point of a letter's outline, on the canvas. */
static struct point on_canvas(const struct place *p, const struct jac_letter *letter,
                              struct point at) {
  double scale = letter->size / JAC_FONT_UNITS;
  double lean = letter->italic ? 0.2 * at.y : 0.0;
  double along = p->start + letter->x + scale * (at.x + lean);
  double down = letter->y - scale * at.y;
  double x = p->shape->x + (p->shape->turned ? down : along);
  double y = p->shape->y + (p->shape->turned ? -along : down);
  return (struct point){SCALE * x, SCALE * y};
}

static void add_curve(struct jac_canvas *canvas, struct point a, struct point b,
                      struct point c) {
  enum { PIECES = 6 };
  struct point from = a;
  for (int k = 1; k <= PIECES; k++) {
    double t = (double)k / PIECES, s = 1.0 - t;
    struct point to = {s * s * a.x + 2.0 * s * t * b.x + t * t * c.x,
                       s * s * a.y + 2.0 * s * t * b.y + t * t * c.y};
    jac_canvas_edge(canvas, from.x, from.y, to.x, to.y);
    from = to;
  }
}

static void put_letter(void *context, const struct jac_letter *letter) {
  const struct place *p = context;
  const char *at = jac_font_glyph(letter->letter)->outline;
  struct point pen = {0.0, 0.0}, start = pen, point[2];
  for (char verb = 'm'; *at != '\0';) {
    if (*at == 'm' || *at == 'l' || *at == 'q')
      verb = *at++;
    for (int k = 0; k < (verb == 'q' ? 2 : 1); k++) {
      char *end;
      point[k].x = pen.x + (double)strtol(at, &end, 10);
      point[k].y = pen.y + (double)strtol(end, &end, 10);
      at = end;
    }
    struct point here = on_canvas(p, letter, pen), to = on_canvas(p, letter, point[0]);
    struct point first = on_canvas(p, letter, start);
    if (verb == 'm') {
      jac_canvas_edge(p->canvas, here.x, here.y, first.x, first.y);
      start = point[0];
    } else if (verb == 'l')
      jac_canvas_edge(p->canvas, here.x, here.y, to.x, to.y);
    else
      add_curve(p->canvas, here, to, on_canvas(p, letter, point[1]));
    pen = point[verb == 'q'];
  }
  struct point here = on_canvas(p, letter, pen), first = on_canvas(p, letter, start);
  jac_canvas_edge(p->canvas, here.x, here.y, first.x, first.y);
  jac_canvas_fill(p->canvas, p->shape->fill);
}

static void draw_text(struct jac_canvas *canvas, const struct jac_shape *shape) {
  double width = jac_script_lay(shape->text, shape->size, shape->math, NULL, NULL);
  struct place place = {canvas, shape, -width * (double)shape->anchor / 2.0};
  jac_script_lay(shape->text, shape->size, shape->math, put_letter, &place);
}

static void draw_cells(struct jac_canvas *canvas, const struct jac_shape *shape) {
  size_t x = (size_t)lround(SCALE * shape->x), y = (size_t)lround(SCALE * shape->y);
  size_t width = (size_t)lround(SCALE * shape->width);
  size_t height = (size_t)lround(SCALE * shape->height);
  long color[JAC_SHADES];
  for (int k = 0; k < JAC_SHADES; k++)
    color[k] = jac_shade_color((unsigned char)k);
  for (size_t row = 0; row < shape->rows; row++)
    for (size_t col = 0; col < shape->cols; col++)
      jac_canvas_block(canvas, x + col * width, y + row * height, width, height,
                       color[shape->cell[row * shape->cols + col]]);
}

static enum jac_status write_png(const struct jac_canvas *canvas, FILE *file,
                                 struct jac_error *err) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)canvas->width;
  image.height = (png_uint_32)canvas->height;
  image.format = PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;
  if (png_image_write_to_stdio(&image, file, 0, canvas->rgb, 0, NULL) == 0)
    return jac_fail(err, JAC_EIO, _("cannot write the PNG: %s"), image.message);
  return JAC_OK;
}

enum jac_status jac_picture_png(const struct jac_picture *picture, FILE *file,
                                struct jac_error *err) {
  static void (*const draw[])(struct jac_canvas *, const struct jac_shape *) = {
      draw_rect, draw_line, draw_text, draw_cells};
  struct jac_canvas canvas;
  jac_canvas_init(&canvas, (size_t)ceil(SCALE * picture->width),
                  (size_t)ceil(SCALE * picture->height));
  for (size_t k = 0; k < picture->count; k++)
    draw[picture->shape[k].kind](&canvas, &picture->shape[k]);
  enum jac_status status =
      canvas.failed ? jac_fail_memory(err) : write_png(&canvas, file, err);
  jac_canvas_free(&canvas);
  return status;
}
