/* Pixels, and shapes filled into them with smooth edges. */
#ifndef VISUAL_PICTURE_CANVAS_H
#define VISUAL_PICTURE_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

struct jac_canvas {
  size_t width, height;
  unsigned char *rgb; /* three bytes a pixel, row by row; owned */
  double *point;      /* the ends of the edges of the shape that is being made; owned */
  size_t count, capacity;
  bool failed; /* memory ran out: nothing more is drawn */
};

/* A white canvas; failed where there is no memory for it. */
void jac_canvas_init(struct jac_canvas *canvas, size_t width, size_t height);
void jac_canvas_free(struct jac_canvas *canvas);

/* Adds an edge to the shape, then fills the shape and begins a new one: each point is
 * coloured as far as edges wind around it, whatever their direction. */
void jac_canvas_edge(struct jac_canvas *canvas, double x0, double y0, double x1,
                     double y1);
void jac_canvas_fill(struct jac_canvas *canvas, long color);

/* Whole pixels, cut where the canvas ends. */
void jac_canvas_block(struct jac_canvas *canvas, size_t x, size_t y, size_t width,
                      size_t height, long color);

#endif
