/* The plan of a Jacobian's picture: how large cells are, what is written in them, which
 * rows and columns have labels, where the sheets of the batch stand. */
#ifndef VISUAL_PICTURE_PLAN_H
#define VISUAL_PICTURE_PLAN_H

#include "visual/picture/picture.h"
#include "visual/picture/sample.h"

/* The rows or the columns of a sheet. */
struct jac_axis {
  size_t entries, per; /* in all, and to a cell */
  double cell;         /* the length of a cell */
  size_t block;        /* entries of a block; 0: none */
  double gap;          /* between blocks */
  size_t step;         /* entries from one label to the next */
  bool by_block;       /* labels name blocks (w with a bullet), else entries */
  bool turned;         /* labels run upwards */
  double extent;       /* the room that labels take beside the sheet */
};

struct jac_plan {
  struct jac_view *view;
  struct jac_sample sample;
  struct jac_axis rows, cols;
  char **face;          /* what is written in cells, two lines each, or NULL; owned */
  size_t lines;         /* how many of them are used, 0 to 2 */
  bool overlap;         /* sheets stand behind one another, else all is seen of each */
  double x, y, dx, dy;  /* the first sheet, and from one to the next */
  double width, height; /* of a sheet */
};

/* Sizes of letters and distances. */
enum {
  JAC_MARGIN = 20,
  JAC_TITLE_SIZE = 16,
  JAC_TEXT_SIZE = 12,
  JAC_LABEL_SIZE = 13,
  JAC_FACE_SIZE = 12,
  JAC_SMALL_SIZE = 11
};

/* Where an entry's cell begins, from the sheet's edge; the middle of the entry itself. */
double jac_axis_place(const struct jac_axis *axis, size_t entry);
double jac_axis_middle(const struct jac_axis *axis, size_t entry);
double jac_axis_length(const struct jac_axis *axis);

/* The entry of the k-th label, or the first of its block: entries 1, 5, 10, ... as
 * people count. False: there are no more. */
bool jac_axis_tick(const struct jac_axis *axis, size_t k, size_t *entry);

/* The label of a row or of a column of a sheet, or that of the block that begins there.
 */
void jac_plan_label(const struct jac_plan *plan, bool row, size_t sheet, size_t entry,
                    struct jac_buffer *out);
void jac_plan_block_label(const struct jac_plan *plan, bool row, size_t sheet,
                          size_t entry, struct jac_buffer *out);

/* Chooses which labels there are and measures them; sets step, turned and extent. */
void jac_plan_axis(const struct jac_plan *plan, bool row, struct jac_axis *axis);

/* The lines in a cell, "" where it has fewer; the plan has some. */
const char *jac_plan_face(const struct jac_plan *plan, size_t sheet, size_t row,
                          size_t col, size_t line);

/* Where a sheet's upper left corner is. */
void jac_plan_sheet(const struct jac_plan *plan, size_t sheet, double *x, double *y);

/* Errors: JAC_ENOMEM, those of jac_view_symbol; then nothing has to be freed. */
enum jac_status jac_plan_make(struct jac_view *view, struct jac_plan *plan,
                              struct jac_error *err);
void jac_plan_free(struct jac_plan *plan);

/* Adds the colours' meaning at x, y; returns how far it reaches to the right. height is
 * what the scale may take. */
double jac_plan_legend(const struct jac_plan *plan, double x, double y, double *height,
                       struct jac_picture *picture);

/* Adds a number with a true minus sign. */
void jac_plan_number(struct jac_buffer *out, double value, int digits);

#endif
