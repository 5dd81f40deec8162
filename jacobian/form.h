/* One Jacobian, four forms.
 *
 * reduced  the outputs x blocks grid: d f_i / d w_{.,j} is a row, a block a column of W
 * matrix   one sample: outputs x variables
 * batch    one slice a sample: batch x outputs x variables
 * full     (batch outputs) x (all variables); data of uncoupled samples stand on the
 *          diagonal of batch blocks, for parameters the slices are one under the other
 *
 * The map's own array (jac_map_jacobian) is called native here: batch form where samples
 * are uncoupled, full form where they are coupled, parameters in Fortran order. */
#ifndef JACOBIAN_FORM_H
#define JACOBIAN_FORM_H

#include "jacobian/map.h"
#include "jacobian/order.h"

enum jac_form { JAC_FORM_REDUCED, JAC_FORM_MATRIX, JAC_FORM_BATCH, JAC_FORM_FULL };
enum { JAC_FORMS = 4 };

/* "reduced", "matrix", "batch", "full". Machine words, never translated. */
const char *jac_form_name(enum jac_form form);

/* How a map's Jacobian stands in a form. */
struct jac_layout {
  const struct jac_map *map; /* borrowed */
  size_t wrt;
  enum jac_form form;
  enum jac_order order;
  size_t slices, rows, cols;     /* of the array that holds it */
  size_t block_rows, block_cols; /* blocks that a reader wants to see: a sample's outputs,
                                    a column of W, a sample's features; 0: none */
  size_t ndim, dims[4];          /* what JSON and NPY call its shape */
};

/* The form shown when none is asked for: matrix for one sample, batch for several, full
 * where samples are coupled. */
enum jac_form jac_form_default(const struct jac_map *map);

/* The layout of a form. JAC_EREFUSED with the reason where the map has no such form:
 * batch and reduced where samples are coupled, matrix for several samples; JAC_ELIMIT
 * where its size overflows. */
enum jac_status jac_layout_make(const struct jac_map *map, size_t wrt, enum jac_form form,
                                enum jac_order order, struct jac_layout *layout,
                                struct jac_error *err);

/* Whether the native array and this layout are the same numbers in the same places, so
 * that nothing has to be copied. */
bool jac_layout_is_native(const struct jac_layout *layout);

/* Where an entry of the layout stands in the native array; false: nowhere, it belongs to
 * two samples that are not coupled, and is zero. */
bool jac_layout_native(const struct jac_layout *layout, size_t slice, size_t row,
                       size_t col, size_t native[3]);

/* The output that a row is: its sample and its feature (from 0). */
void jac_layout_output(const struct jac_layout *layout, size_t slice, size_t row,
                       size_t *sample, size_t *feature);

/* The variable's entry that a column is: its indices (from 0), as many as it has. */
void jac_layout_variable(const struct jac_layout *layout, size_t slice, size_t col,
                         size_t index[3]);

/* The native array in this layout, into a fresh one (jac_array3_free). */
enum jac_status jac_layout_from_native(const struct jac_layout *layout,
                                       const struct jac_array3 *native,
                                       struct jac_array3 *out, struct jac_error *err);

/* The same into an array of the layout's shape, which may hold anything. */
enum jac_status jac_layout_write(const struct jac_layout *layout,
                                 const struct jac_array3 *native, struct jac_array3 *out,
                                 struct jac_error *err);

/* The map's Jacobian at x in this layout: into an array of its shape, which may hold
 * anything; or into a fresh one (jac_array3_free). */
enum jac_status jac_layout_jacobian(const struct jac_layout *layout, jac_point x,
                                    struct jac_array3 *J, struct jac_error *err);
enum jac_status jac_layout_jacobian_new(const struct jac_layout *layout, jac_point x,
                                        struct jac_array3 *J, struct jac_error *err);

/* The inverse, into a fresh native array; outside gets the largest magnitude among the
 * entries that belong to no native place (0 in a right Jacobian). */
enum jac_status jac_layout_to_native(const struct jac_layout *layout,
                                     const struct jac_array3 *in,
                                     struct jac_array3 *native, double *outside,
                                     struct jac_error *err);

#endif
