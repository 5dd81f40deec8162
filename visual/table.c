#include "visual/table.h"

#include "jacobian/text.h"

#include <stdlib.h>

enum jac_status jac_table_alloc(size_t ndim, const size_t *dims, struct jac_table *table,
                                struct jac_error *err) {
  size_t bytes = sizeof(double);
  *table = (struct jac_table){.ndim = ndim};
  for (size_t k = 0; k < ndim; k++) {
    table->dims[k] = dims[k];
    if (__builtin_mul_overflow(bytes, dims[k], &bytes))
      return jac_fail(err, JAC_ELIMIT, _("the sizes of the table are too large"));
  }
  table->data = calloc(bytes > 0 ? bytes : 1, 1);
  return table->data == NULL ? jac_fail_memory(err) : JAC_OK;
}

void jac_table_free(struct jac_table *table) {
  free(table->data);
  free(table->decimal);
  *table = (struct jac_table){.ndim = 0};
}

size_t jac_table_size(const struct jac_table *table) {
  size_t size = table->ndim > 0;
  for (size_t k = 0; k < table->ndim; k++)
    size *= table->dims[k];
  return size;
}

void jac_dims_text(size_t ndim, const size_t *dims, struct jac_buffer *out) {
  for (size_t k = 0; k < ndim; k++)
    jac_buffer_printf(out, "%s%zu", k > 0 ? "x" : "", dims[k]);
}
