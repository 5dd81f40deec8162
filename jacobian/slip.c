#include "jacobian/slip.h"

#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/read.h"
#include "jacobian/swap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLIPS = 16 };

struct jac_slips {
  size_t wrt, count;
  const struct jac_slip *slip[SLIPS];
  const struct jac_node *entry[SLIPS];
  struct jac_arena arena;
  struct jac_environment env;
};

enum jac_status jac_slips_new(const struct jac_map *map, jac_point x, size_t wrt,
                              struct jac_slips **slips, struct jac_error *err) {
  struct jac_slips *s = calloc(1, sizeof *s);
  *slips = s;
  if (s == NULL)
    return jac_fail_memory(err);
  s->wrt = wrt;
  s->arena = (struct jac_arena)JAC_ARENA_INIT;
  s->env = (struct jac_environment){.map = map, .x = x};
  if (map->slip == NULL ||
      (map->where != NULL &&
       jac_formula_read_equations(&s->arena, map->where, s->env.where_left,
                                  s->env.where_right, &s->env.nwhere, NULL) != JAC_OK))
    return JAC_OK;
  for (const struct jac_slip *k = map->slip; k->wrt != NULL && s->count < SLIPS; k++)
    if (strcmp(k->wrt, map->var[wrt].name) == 0 &&
        jac_formula_read(&s->arena, k->entry, &s->entry[s->count], NULL, NULL) == JAC_OK)
      s->slip[s->count++] = k;
  return JAC_OK;
}

void jac_slips_free(struct jac_slips *slips) {
  if (slips != NULL)
    jac_arena_free(&slips->arena);
  free(slips);
}

size_t jac_slips_count(const struct jac_slips *slips) {
  return slips != NULL ? slips->count : 0;
}

const char *jac_slips_sentence(const struct jac_slips *slips, size_t k) {
  return slips->slip[k]->sentence;
}

double jac_slips_value(const struct jac_slips *slips, size_t k, size_t slice, size_t row,
                       size_t col) {
  struct jac_index_value index[JAC_NATIVE_INDICES];
  double value;
  size_t count = jac_native_indices(slips->env.map, slips->wrt, slice, row, col, index);
  return jac_formula_evaluate(slips->entry[k], &slips->env, index, count, &value, NULL) ==
                 JAC_OK
             ? value
             : NAN;
}
