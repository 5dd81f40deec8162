#include "jacobian/array3.h"

#include "jacobian/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool jac_array3_bytes(size_t slices, size_t rows, size_t cols, size_t *bytes) {
  size_t count;
  return !__builtin_mul_overflow(slices, rows, &count) &&
         !__builtin_mul_overflow(count, cols, &count) &&
         !__builtin_mul_overflow(count, sizeof(double), bytes) && *bytes <= PTRDIFF_MAX;
}

enum jac_status jac_array3_alloc(size_t slices, size_t rows, size_t cols,
                                 struct jac_array3 *array, struct jac_error *err) {
  size_t bytes;
  if (!jac_array3_bytes(slices, rows, cols, &bytes))
    return jac_fail(err, JAC_ELIMIT,
                    _("an array of %zu x %zu x %zu is too large to address"), slices,
                    rows, cols);
  *array = (struct jac_array3){slices, rows, cols, NULL, true};
  array->data = calloc(bytes > 0 ? bytes : 1, 1);
  return array->data != NULL ? JAC_OK : jac_fail_memory(err);
}

void jac_array3_free(struct jac_array3 *array) {
  free(array->data);
  *array = (struct jac_array3){0, 0, 0, NULL, false};
}

void jac_array3_clear(struct jac_array3 *array) {
  if (!array->clear)
    memset(array->data, 0, array->slices * array->rows * array->cols * sizeof(double));
  array->clear = true;
}

gsl_matrix_view jac_array3_slice(const struct jac_array3 *array, size_t k) {
  return gsl_matrix_view_array(jac_array3_at(array, k, 0, 0), array->rows, array->cols);
}

gsl_matrix_view jac_array3_stacked(const struct jac_array3 *array) {
  return gsl_matrix_view_array(array->data, array->slices * array->rows, array->cols);
}

gsl_matrix *jac_matrix_alloc(size_t rows, size_t cols) {
  gsl_block *block = gsl_block_alloc(rows * cols);
  gsl_matrix *m =
      block != NULL ? gsl_matrix_alloc_from_block(block, 0, rows, cols, cols) : NULL;
  if (m != NULL)
    m->owner = 1;
  else if (block != NULL)
    gsl_block_free(block);
  return m;
}

gsl_matrix *jac_matrix_calloc(size_t rows, size_t cols) {
  gsl_matrix *m = jac_matrix_alloc(rows, cols);
  if (m != NULL)
    gsl_matrix_set_zero(m);
  return m;
}
