/* Products that are an entry of a quantity with a name: e^{z_i} / S is y_i. */
#include "jacobian/algebra/expansion_internal.h"

#include "jacobian/algebra/expand.h"

#include <math.h>
#include <string.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;

enum { INDICES = 12 };

struct indices {
  const struct jac_index *index[INDICES];
  size_t count;
};

static bool collect(term_t t, void *context) {
  struct indices *s = context;
  if (t->kind != JAC_TERM_INDEX)
    return true;
  for (size_t k = 0; k < s->count; k++)
    if (s->index[k] == t->index)
      return true;
  if (s->count < INDICES)
    s->index[s->count++] = t->index;
  return true;
}

/* A factor to its power out of a monomial; false: it is not there so often. */
static bool take(mono *p, const struct jac_factor *f) {
  for (size_t k = 0; k < p->factors; k++) {
    struct jac_factor *own = &p->factor[k];
    if (!jac_term_equal(own->base, f->base) || own->power * f->power <= 0 ||
        (own->power > 0 ? own->power < f->power : own->power > f->power))
      continue;
    own->power -= f->power;
    if (own->power == 0)
      jac_monomial_drop(p, k);
    return true;
  }
  return false;
}

static bool has_index(const mono *p, const struct jac_index *index) {
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_has_index(p->factor[k].base, index))
      return true;
  return false;
}

/* All factors of an entry out of a monomial; its one sum, where it has one, is the
 * monomial's sum k, which goes. */
static bool take_all(struct jac_make *m, mono *p, const mono *entry, size_t k) {
  mono left = *p;
  for (size_t n = 0; n < entry->factors; n++) {
    struct jac_factor f = entry->factor[n];
    if (entry->overs)
      f.base = jac_make_put(m, f.base, entry->over[0].index,
                            jac_make_index(m, p->over[k].index));
    if (!f.base || !take(&left, &f))
      return false;
  }
  if (entry->overs) {
    if (has_index(&left, p->over[k].index))
      return false;
    memmove(&left.over[k], &left.over[k + 1], (--left.overs - k) * sizeof *left.over);
  }
  left.coefficient /= entry->coefficient;
  *p = left;
  return true;
}

static bool is_whole(const struct jac_over *o) {
  return !o->first && !o->last && !o->condition;
}

/* The quantity's entry at these indices, written out, out of a monomial. */
static bool divide(struct jac_make *m, mono *p, const struct jac_symbol *s,
                   const struct jac_index *row, const struct jac_index *col) {
  term_t r = jac_make_index(m, row), c = jac_make_index(m, col);
  mono entry = {.coefficient = 1}, left = *p;
  if (!jac_monomial_times(m, &entry, jac_expand(m, s->body, r, c), 1) ||
      entry.factors < 2 || entry.overs > 1 || entry.coefficient == 0 ||
      (entry.overs && !is_whole(&entry.over[0])))
    return false;
  bool found = entry.overs == 0 && take_all(m, &left, &entry, 0);
  for (size_t k = 0; entry.overs && k < left.overs && !found; k++)
    found = is_whole(&left.over[k]) &&
            jac_dim_same(left.over[k].index->range, entry.over[0].index->range) &&
            take_all(m, &left, &entry, k);
  if (!found ||
      !jac_monomial_times(m, &left, jac_make_entry(m, jac_make_symbol(m, s), r, c), 1))
    return false;
  *p = left;
  return true;
}

/* One more product called; false: there is none. */
static bool call(struct jac_make *m, mono *p, const struct jac_symbol *s) {
  struct indices all = {.count = 0};
  if (s->body->kind == JAC_TERM_BUILD) /* its entries are what it is */
    return false;
  bool rows = !jac_dim_is_one(s->type.rows), cols = !jac_dim_is_one(s->type.cols);
  for (size_t k = 0; k < p->factors; k++)
    jac_term_walk(p->factor[k].base, collect, &all);
  for (size_t i = 0; i < (rows ? all.count : 1); i++)
    for (size_t j = 0; j < (cols ? all.count : 1); j++) {
      const struct jac_index *row = rows ? all.index[i] : NULL,
                             *col = cols ? all.index[j] : NULL;
      if ((rows && !jac_dim_same(row->range, s->type.rows)) ||
          (cols && !jac_dim_same(col->range, s->type.cols)))
        continue;
      if (divide(m, p, s, row, col))
        return true;
    }
  return false;
}

/* How much there is to write: factors as often as they stand there, those that all have
 * once. */
static double length(const struct jac_expansion *p) {
  double n = 0;
  for (size_t k = 0; k < p->count; k++) {
    n += (double)p->monomial[k].overs;
    for (size_t f = 0; f < p->monomial[k].factors; f++)
      n += fabs(p->monomial[k].factor[f].power);
  }
  for (size_t f = 0; p->count && f < p->monomial[0].factors; f++) {
    struct jac_factor one = {p->monomial[0].factor[f].base,
                             p->monomial[0].factor[f].power > 0 ? 1 : -1};
    bool all = true; /* what is summed over is inside */
    for (size_t k = 0; k < p->monomial[0].overs; k++)
      all = all && !jac_term_has_index(one.base, p->monomial[0].over[k].index);
    for (size_t k = 1; k < p->count && all; k++) {
      mono without = p->monomial[k];
      all = take(&without, &one);
    }
    n -= all ? (double)(p->count - 1) : 0;
  }
  return n;
}

void jac_expansion_call(struct jac_make *m, struct jac_expansion *p,
                        const struct jac_symbol *const *named, size_t count) {
  for (size_t n = 0; n < count; n++) {
    struct jac_expansion all = {.count = 0};
    bool called = false;
    for (size_t k = 0; k < p->count; k++) {
      if (!jac_expansion_add(m, &all, &p->monomial[k]))
        return;
      for (size_t most = 4; most > 0 && call(m, &all.monomial[k], named[n]); most--)
        called = true;
    }
    if (!called || length(&all) >= length(p))
      continue;
    all.centred = p->centred;
    all.shared = p->shared;
    all.called = true;
    *p = all;
  }
}
