/* A Jacobian for other programs: JSON, CSV, NPY. All of them are streams: a Jacobian as
 * large as memory can still be written. */
#ifndef VISUAL_EXPORT_H
#define VISUAL_EXPORT_H

#include "visual/view.h"

#include <stdio.h>

/* Writes one JSON object without a final newline, a line a row. Its names, in order:
 *
 *   module   the spec                      wrt    the variable's name
 *   batch    samples                       form   reduced, matrix, batch, full
 *   order    "F" or "C"                    shape  sizes of values
 *   rows     labels of rows in LaTeX; a list a slice in batch form
 *   columns  labels of columns; in reduced form a list a block; where columns differ from
 *            slice to slice (data in batch form) one such list a slice
 *   values   nested lists, 17 significant digits; what is not finite is a string, "nan",
 *            "inf", "-inf", for JSON has no such numbers
 *   symbols  nested lists of LaTeX, or null: the map names no formula, or entries are
 *            numbers only
 *
 * Errors: JAC_ENOMEM, those of jac_view_symbol; for writing see ferror(file). */
enum jac_status jac_view_json(struct jac_view *view, FILE *file, struct jac_error *err);

/* Writes CSV with labels in LaTeX, 17 significant digits. In batch form (and reduced form
 * of several samples) the slices stand one under the other behind a column 'sample'. With
 * symbols as the view's entries, symbols are written instead of numbers. */
enum jac_status jac_view_csv(struct jac_view *view, FILE *file, struct jac_error *err);

/* Writes NPY in the layout's shape. */
enum jac_status jac_view_npy(const struct jac_view *view, FILE *file,
                             struct jac_error *err);

#endif
