#include "visual/picture/canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void jac_canvas_init(struct jac_canvas *canvas, size_t width, size_t height) {
  *canvas = (struct jac_canvas){.width = width, .height = height};
  canvas->rgb = malloc(3 * width * height + 1);
  canvas->failed = canvas->rgb == NULL;
  if (!canvas->failed)
    memset(canvas->rgb, 0xFF, 3 * width * height);
}

void jac_canvas_free(struct jac_canvas *canvas) {
  free(canvas->rgb);
  free(canvas->point);
  *canvas = (struct jac_canvas){.width = 0};
}

void jac_canvas_edge(struct jac_canvas *canvas, double x0, double y0, double x1,
                     double y1) {
  if (canvas->count + 4 > canvas->capacity) {
    size_t capacity = canvas->capacity > 0 ? 2 * canvas->capacity : 256;
    double *more = realloc(canvas->point, capacity * sizeof *more);
    if (more == NULL) {
      canvas->failed = true;
      return;
    }
    canvas->point = more;
    canvas->capacity = capacity;
  }
  double *point = canvas->point + canvas->count;
  point[0] = x0;
  point[1] = y0;
  point[2] = x1;
  point[3] = y1;
  canvas->count += 4;
}

/* The pixels that a shape touches, clipped to the canvas above and below. */
struct box {
  size_t x, y, width, height;
};

static struct box bounds(const struct jac_canvas *canvas) {
  double least[2] = {INFINITY, INFINITY}, most[2] = {0.0, 0.0};
  for (size_t k = 0; k < canvas->count; k++) {
    least[k % 2] = fmin(least[k % 2], canvas->point[k]);
    most[k % 2] = fmax(most[k % 2], canvas->point[k]);
  }
  const double limit[2] = {(double)canvas->width, (double)canvas->height};
  size_t low[2], high[2];
  for (int d = 0; d < 2; d++) {
    low[d] = (size_t)fmax(0.0, fmin(floor(least[d]), limit[d]));
    high[d] = (size_t)fmax(0.0, fmin(ceil(most[d]), limit[d]));
  }
  return (struct box){low[0], low[1], high[0] > low[0] ? high[0] - low[0] : 0,
                      high[1] > low[1] ? high[1] - low[1] : 0};
}

/* Adds what an edge changes in one row of pixels: cover's running sum is how far the
 * pixels right of it are covered. x0 to x1 are the edge's ends there, amount its signed
 * height. */
static void add_row(double *cover, double x0, double x1, double amount) {
  double left = fmin(x0, x1), right = fmax(x0, x1), start = floor(left);
  size_t first = (size_t)start;
  if (right <= start + 1.0) {
    double middle = 0.5 * (left + right) - start;
    cover[first] += amount * (1.0 - middle);
    cover[first + 1] += amount * middle;
    return;
  }
  /* The part of each pixel that is right of the edge: a triangle, trapezia, the rest. */
  double slope = 1.0 / (right - left), before = 0.0;
  size_t end = (size_t)ceil(right);
  for (size_t k = first; k < end; k++) {
    double a = fmax(left, (double)k), b = fmin(right, (double)k + 1.0);
    double from = (a - left) * slope, to = (b - left) * slope;
    double area = 0.5 * (from + to) * (b - a) + to * ((double)k + 1.0 - b);
    cover[k] += amount * (area - before);
    before = area;
  }
  cover[end] += amount * (1.0 - before);
}

static void add_edge(const struct box *box, const double point[4], double *cover) {
  double width = (double)box->width, height = (double)box->height;
  double x0 = point[0] - (double)box->x, y0 = point[1] - (double)box->y;
  double x1 = point[2] - (double)box->x, y1 = point[3] - (double)box->y;
  double sign = y1 > y0 ? 1.0 : -1.0, top = fmax(fmin(y0, y1), 0.0);
  double bottom = fmin(fmax(y0, y1), height),
         slope = y1 != y0 ? (x1 - x0) / (y1 - y0) : 0;
  for (size_t row = (size_t)top; (double)row < bottom; row++) {
    double from = fmax(top, (double)row), to = fmin(bottom, (double)row + 1.0);
    double a = fmin(fmax(x0 + (from - y0) * slope, 0.0), width);
    double b = fmin(fmax(x0 + (to - y0) * slope, 0.0), width);
    add_row(cover + row * (box->width + 2), a, b, sign * (to - from));
  }
}

static void blend(unsigned char *pixel, long color, double part) {
  for (int d = 0; d < 3; d++) {
    double to = (double)(color >> (16 - 8 * d) & 0xFF);
    pixel[d] = (unsigned char)lround(pixel[d] + part * (to - pixel[d]));
  }
}

void jac_canvas_fill(struct jac_canvas *canvas, long color) {
  struct box box = bounds(canvas);
  double *cover = NULL;
  if (!canvas->failed && box.width > 0 && box.height > 0) {
    cover = calloc((box.width + 2) * box.height, sizeof *cover);
    canvas->failed = cover == NULL;
  }
  for (size_t k = 0; cover != NULL && k < canvas->count; k += 4)
    add_edge(&box, canvas->point + k, cover);
  for (size_t row = 0; cover != NULL && row < box.height; row++) {
    double sum = 0.0;
    for (size_t col = 0; col < box.width; col++) {
      sum += cover[row * (box.width + 2) + col];
      if (fabs(sum) > 1.0 / 512.0)
        blend(canvas->rgb + 3 * ((box.y + row) * canvas->width + box.x + col), color,
              fmin(fabs(sum), 1.0));
    }
  }
  free(cover);
  canvas->count = 0;
}

void jac_canvas_block(struct jac_canvas *canvas, size_t x, size_t y, size_t width,
                      size_t height, long color) {
  for (size_t row = y; !canvas->failed && row < y + height && row < canvas->height; row++)
    for (size_t col = x; col < x + width && col < canvas->width; col++)
      blend(canvas->rgb + 3 * (row * canvas->width + col), color, 1.0);
}
