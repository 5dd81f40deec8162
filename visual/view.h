/* One Jacobian ready to be shown: what every output format is given. */
#ifndef VISUAL_VIEW_H
#define VISUAL_VIEW_H

#include "jacobian/form.h"
#include "jacobian/map.h"
#include "jacobian/pattern.h"
#include "visual/label.h"

enum jac_entries {
  JAC_ENTRIES_SYMBOLS,
  JAC_ENTRIES_NUMBERS,
  JAC_ENTRIES_BOTH,      /* symbol = number */
  JAC_ENTRIES_STRUCTURE, /* which entries can be non-zero */
  JAC_ENTRIES_CLOSED /* none: the whole as an expression of matrices; no view has it */
};

/* Made by jac_view_new, freed by jac_view_free. The native Jacobian is borrowed and never
 * copied: entries are read through the layout, whatever the form. */
struct jac_view {
  struct jac_layout layout;
  jac_point point;                 /* borrowed */
  const struct jac_array3 *native; /* from jac_map_jacobian; borrowed */
  enum jac_entries entries;
  int precision;               /* significant digits, 1 to 17 */
  struct jac_pattern pattern;  /* of a native slice */
  struct jac_symbols *symbols; /* the formula of the entries, read when it is asked for */
};

/* A view of the map's Jacobian with respect to layout->map->var[layout->wrt]. Errors:
 * JAC_EREFUSED where symbols are asked for and the map has none, JAC_ENOMEM. */
enum jac_status jac_view_new(const struct jac_layout *layout, jac_point point,
                             const struct jac_array3 *native, enum jac_entries entries,
                             int precision, struct jac_view *view, struct jac_error *err);
void jac_view_free(struct jac_view *view);

/* Whether the entry is zero whatever the values. */
bool jac_view_zero(const struct jac_view *view, size_t slice, size_t row, size_t col);

/* The entry's value; a row of them, layout.cols numbers. */
double jac_view_value(const struct jac_view *view, size_t slice, size_t row, size_t col);
void jac_view_row(const struct jac_view *view, size_t slice, size_t row, double *values);

/* Adds the labels of a row and of a column. slice JAC_INDEX_ANY: the
 * columns of all slices, whose sample is n. */
void jac_view_row_label(const struct jac_view *view, enum jac_notation notation,
                        size_t slice, size_t row, struct jac_buffer *out);
void jac_view_col_label(const struct jac_view *view, enum jac_notation notation,
                        size_t slice, size_t col, struct jac_buffer *out);

/* Whether the columns of each slice are other entries: data, sample by sample. */
bool jac_view_own_columns(const struct jac_view *view);

/* Whether entries have symbols, and the entry's symbol: "0" where the formula simplifies
 * to it. Errors: JAC_EREFUSED without a formula, JAC_EINPUT where it is not understood,
 * JAC_ENOMEM. */
bool jac_view_has_symbols(const struct jac_view *view);
enum jac_status jac_view_symbol(struct jac_view *view, size_t slice, size_t row,
                                size_t col, enum jac_notation notation,
                                struct jac_buffer *out, struct jac_error *err);

/* Whether an entry that can be non-zero is zero at these values; of very many entries it
 * is taken to be so. */
bool jac_view_zero_here(const struct jac_view *view);

/* Whether a block of the reduced form, the entries of a row from column first on, is zero
 * whatever the values. */
bool jac_block_zero(const struct jac_view *view, size_t slice, size_t row, size_t first);

/* Adds the name of the sample (z^{k-1}) that such a block is as symbols; false where it
 * is none. */
bool jac_block_sample(struct jac_view *view, enum jac_notation notation, size_t slice,
                      size_t row, size_t first, struct jac_buffer *out);

#endif
