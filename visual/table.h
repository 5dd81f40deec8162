/* A table of numbers as it came from a file or the command line, before anything is known
 * of what it is for. */
#ifndef VISUAL_TABLE_H
#define VISUAL_TABLE_H

#include "jacobian/buffer.h"
#include "jacobian/error.h"

#include <stddef.h>

#define JAC_TABLE_DIMS 5

struct jac_table {
  size_t ndim; /* 1 to 4 */
  size_t dims[JAC_TABLE_DIMS];
  double *data; /* in C order, owned */
  /* What was typed read otherwise, '1,5; 2,5' as 1.5 and 2.5; NULL: it cannot be. */
  double *decimal; /* owned */
  size_t decimal_dims[2];
};

/* A table of zeros. Errors: JAC_ELIMIT when the size overflows, JAC_ENOMEM. */
enum jac_status jac_table_alloc(size_t ndim, const size_t *dims, struct jac_table *table,
                                struct jac_error *err);
void jac_table_free(struct jac_table *table);

/* How many numbers it holds. */
size_t jac_table_size(const struct jac_table *table);

/* Adds the sizes as people write them: "2x3"; "4" for one dimension. */
void jac_dims_text(size_t ndim, const size_t *dims, struct jac_buffer *out);

#endif
