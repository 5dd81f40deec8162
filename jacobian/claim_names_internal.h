/* Inside claims: what names stand for at a sample of a point. */
#ifndef JACOBIAN_CLAIM_NAMES_INTERNAL_H
#define JACOBIAN_CLAIM_NAMES_INTERNAL_H

#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/vocabulary.h"

enum { JAC_CLAIM_NAMES = 64 };

struct jac_claim_names {
  struct jac_arena arena;
  struct jac_environment env;
  struct jac_named named[JAC_CLAIM_NAMES];
  double *owned[JAC_CLAIM_NAMES];
  size_t nowned;
};

/* The names at one sample (rows of data as vectors, upright with columns), or at the
 * whole batch of a coupled map. names must not move afterwards; free with
 * jac_claim_names_free. */
enum jac_status jac_claim_names_make(const struct jac_map *map, jac_point x,
                                     size_t sample, bool columns,
                                     struct jac_claim_names *names,
                                     struct jac_error *err);
void jac_claim_names_free(struct jac_claim_names *names);

/* The names that a text about the map may use, as a vocabulary for LaTeX. */
size_t jac_claim_vocabulary(const struct jac_map *map, struct jac_word *word,
                            size_t room);

#endif
