/* Where the evaluator keeps its matrices. */
#include "jacobian/formula/evaluate_internal.h"

#include "jacobian/text.h"

#include <stdlib.h>

typedef struct jac_value value_t;

/* At most this many elements in one evaluation. */
enum { MOST_ELEMENTS = 1 << 24, CHUNK = 256 };

struct jac_chunk {
  struct jac_chunk *before;
  size_t size;
  _Alignas(max_align_t) char bytes[];
};

void *jac_evaluation_take(struct jac_evaluation *e, struct jac_pool *pool, size_t count) {
  const struct jac_number_type *type = e->type;
  if (pool->chunk == NULL || count > pool->chunk->size - pool->used) {
    size_t size = count > CHUNK ? count : CHUNK;
    struct jac_chunk *chunk = NULL;
    if (count <=
        MOST_ELEMENTS - (pool->total < MOST_ELEMENTS ? pool->total : MOST_ELEMENTS))
      chunk = malloc(sizeof *chunk + size * type->size);
    else if (e->status == JAC_OK)
      e->status =
          jac_fail(e->err, JAC_ELIMIT,
                   _("evaluating the formula takes more than %d numbers"), MOST_ELEMENTS);
    if (chunk == NULL) {
      if (e->status == JAC_OK)
        e->status = jac_fail_memory(e->err);
      return NULL;
    }
    *chunk = (struct jac_chunk){pool->chunk, size};
    for (size_t k = 0; k < size; k++)
      type->init(type, chunk->bytes + k * type->size);
    pool->chunk = chunk;
    pool->used = 0;
    pool->total += size;
  }
  char *place = pool->chunk->bytes + pool->used * type->size;
  pool->used += count;
  for (size_t k = 0; k < count; k++)
    type->set_double(type, place + k * type->size, 0.0);
  return place;
}

void jac_pool_back(const struct jac_number_type *type, struct jac_pool *pool,
                   struct jac_chunk *to, size_t used) {
  while (pool->chunk != to) {
    struct jac_chunk *chunk = pool->chunk;
    pool->chunk = chunk->before;
    pool->total -= chunk->size;
    for (size_t k = 0; k < chunk->size; k++)
      type->clear(type, chunk->bytes + k * type->size);
    free(chunk);
  }
  pool->used = used;
}

value_t jac_value_new(struct jac_evaluation *e, size_t rows, size_t cols) {
  static _Thread_local _Alignas(max_align_t) char nothing[256];
  size_t count;
  if (__builtin_mul_overflow(rows, cols, &count))
    count = (size_t)MOST_ELEMENTS * 2;
  char *data = e->status == JAC_OK ? jac_evaluation_take(e, &e->pool, count) : NULL;
  return data != NULL ? (value_t){rows, cols, data, JAC_FIXED}
                      : (value_t){1, 1, nothing, JAC_FIXED};
}

void *jac_value_at(const struct jac_evaluation *e, value_t v, size_t row, size_t col) {
  return v.data + (row * v.cols + col) * e->type->size;
}

double jac_value_get(const struct jac_evaluation *e, value_t v, size_t row, size_t col) {
  return e->type->get(e->type, jac_value_at(e, v, row, col));
}

value_t jac_value_number(struct jac_evaluation *e, double x) {
  value_t v = jac_value_new(e, 1, 1);
  if (e->status == JAC_OK)
    e->type->set_double(e->type, v.data, x);
  return v;
}
