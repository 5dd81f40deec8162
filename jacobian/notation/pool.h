/* Memory for trees: given out piece by piece, given back all at once; and interned
 * strings, equal exactly when their pointers are. */
#ifndef JACOBIAN_NOTATION_POOL_H
#define JACOBIAN_NOTATION_POOL_H

#include "jacobian/error.h"

#include <stdbool.h>
#include <stddef.h>

struct jac_pool {
  struct jac_pool_block *block; /* the newest first */
  struct jac_pool_word **bucket;
  size_t buckets, words;
  size_t used, most; /* bytes given out, and the bound on them (0: JAC_POOL_MOST) */
  bool failed; /* memory ran out, or the bound was met: pieces are NULL from then on */
  bool limit;  /* it was the bound */
  /* Names of several letters, RSS, where formulas are read into it: no products. */
  const char *const *joined;
  size_t njoined;
};

#define JAC_POOL_MOST ((size_t)256 << 20)
#define JAC_POOL_INIT                                                                    \
  { NULL, NULL, 0, 0, 0, 0, false, false, NULL, 0 }

void jac_pool_free(struct jac_pool *pool);

/* size zeroed bytes, aligned for anything; NULL when the pool failed. */
void *jac_pool_take(struct jac_pool *pool, size_t size);

/* The one copy of a string (length bytes of it) in this pool; "" when the pool failed. */
const char *jac_pool_word(struct jac_pool *pool, const char *text, size_t length);
const char *jac_pool_text(struct jac_pool *pool, const char *text);

/* A formatted string, interned. */
const char *jac_pool_printf(struct jac_pool *pool, const char *format, ...)
    JAC_PRINTF(2, 3);

/* A place to return to: what was taken after it is given back. Words interned after it
 * are kept. */
struct jac_pool_mark {
  struct jac_pool_block *block;
  size_t at, used;
};
struct jac_pool_mark jac_pool_mark(const struct jac_pool *pool);
void jac_pool_release(struct jac_pool *pool, struct jac_pool_mark mark);

/* JAC_OK, JAC_ENOMEM, or JAC_ELIMIT with the bound. */
enum jac_status jac_pool_status(const struct jac_pool *pool, struct jac_error *err);

#endif
