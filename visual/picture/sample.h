/* A Jacobian as cells of a picture, of which each stands for one entry or for several. */
#ifndef VISUAL_PICTURE_SAMPLE_H
#define VISUAL_PICTURE_SAMPLE_H

#include "visual/view.h"

/* The slices that are drawn: all, or the first ones and the last. */
enum { JAC_SHEETS = 5 };

/* Made by jac_sample_new, freed by jac_sample_free. A cell has the entry of the largest
 * magnitude among those that it stands for, so that nothing that is not zero disappears.
 */
struct jac_sample {
  size_t sheets, slice[JAC_SHEETS];
  size_t per_row, per_col; /* entries to a cell, down and across */
  size_t rows, cols;       /* cells of a sheet */
  unsigned char *shade;    /* sheets * rows * cols of them, owned */
  double largest;          /* the largest finite magnitude; 0: there is no number but 0 */
  size_t entries, not_zero; /* of the sheets */
  bool has[4];              /* cells of a kind: always zero, zero, not zero, not finite */
};

/* Chooses the slices that are drawn; jac_sample_new does so too. */
void jac_sample_choose(size_t slices, struct jac_sample *sample);

enum jac_status jac_sample_new(const struct jac_view *view, size_t per_row,
                               size_t per_col, struct jac_sample *sample,
                               struct jac_error *err);
void jac_sample_free(struct jac_sample *sample);

static inline unsigned char *jac_sample_sheet(const struct jac_sample *sample,
                                              size_t sheet) {
  return sample->shade + sheet * sample->rows * sample->cols;
}

#endif
