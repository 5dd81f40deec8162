/* A picture as a list of shapes, which each picture format draws in its own way: one
 * layout, and SVG and PNG that look the same. */
#ifndef VISUAL_PICTURE_PICTURE_H
#define VISUAL_PICTURE_PICTURE_H

#include "visual/view.h"

#include <stdio.h>

enum jac_shape_kind { JAC_SHAPE_RECT, JAC_SHAPE_LINE, JAC_SHAPE_TEXT, JAC_SHAPE_CELLS };
enum jac_anchor { JAC_ANCHOR_START, JAC_ANCHOR_MIDDLE, JAC_ANCHOR_END };

#define JAC_NO_COLOR (-1L)

/* Lengths are in pixels of a screen, y downwards. */
struct jac_shape {
  enum jac_shape_kind kind;
  double x, y;          /* the upper left corner, a line's start, the text's anchor on its
                           baseline */
  double width, height; /* a line: to its end; cells: of one cell */
  long fill, stroke;    /* 0xRRGGBB or JAC_NO_COLOR; letters are filled, lines stroked */
  double size;          /* the width of the stroke; of letters their size */
  const char
      *text; /* the text; a rectangle: what it says when pointed at, or NULL; owned */
  enum jac_anchor anchor;
  bool turned;         /* a text that runs upwards */
  bool math;           /* a text with italic variables */
  unsigned char *cell; /* shades (visual/picture/palette.h), row by row; owned */
  size_t rows, cols;
};

struct jac_picture {
  double width, height;
  char *title, *description; /* in words, for who cannot see it; owned */
  struct jac_shape *shape;   /* in the order of drawing; owned */
  size_t count, capacity;
  bool failed; /* memory ran out: nothing more is added */
};

/* Starts as all zero. Adds a shape, whose text is copied and whose cells are taken over.
 */
void jac_picture_add(struct jac_picture *picture, const struct jac_shape *shape);
void jac_picture_rect(struct jac_picture *picture, double x, double y, double width,
                      double height, long fill);
void jac_picture_frame(struct jac_picture *picture, double x, double y, double width,
                       double height, long stroke, double size);
void jac_picture_line(struct jac_picture *picture, double x, double y, double width,
                      double height, long stroke, double size);
void jac_picture_text(struct jac_picture *picture, double x, double y, const char *text,
                      double size, enum jac_anchor anchor, long fill);
void jac_picture_free(struct jac_picture *picture);

/* Draws a Jacobian: structure, numbers or symbols as the view's entries say; numbers as a
 * heat map. Large ones are drawn with several entries to a cell, which then has the
 * largest magnitude among them, and a line under the picture says so. Errors: JAC_ENOMEM,
 * those of jac_view_symbol. Free with jac_picture_free, also after an error. */
enum jac_status jac_view_picture(struct jac_view *view, struct jac_picture *picture,
                                 struct jac_error *err);

/* Writes the picture. Errors: JAC_ENOMEM; PNG also JAC_EIO with what the library says;
 * for the rest of writing see ferror(file). */
enum jac_status jac_picture_svg(const struct jac_picture *picture, FILE *file,
                                struct jac_error *err);
enum jac_status jac_picture_png(const struct jac_picture *picture, FILE *file,
                                struct jac_error *err);

#endif
