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

static bool is_whole(const struct jac_over *o) {
  return !o->first && !o->last && !o->condition;
}

static bool take_factors(mono *p, const mono *entry) {
  mono left = *p;
  for (size_t n = 0; n < entry->factors; n++)
    if (!take(&left, &entry->factor[n]))
      return false;
  left.coefficient /= entry->coefficient;
  *p = left;
  return true;
}

/* A sum goes whose index nothing has any more; false: it is not there, or something has.
 */
static bool drop_sum(mono *p, const struct jac_index *index) {
  for (size_t k = 0; k < p->overs; k++)
    if (p->over[k].index == index && !has_index(p, index)) {
      memmove(&p->over[k], &p->over[k + 1], (--p->overs - k) * sizeof *p->over);
      return true;
    }
  return false;
}

/* All factors of an entry out of a monomial; its sums, from n on, are as many of the
 * monomial's, which go. */
static bool take_all(struct jac_make *m, mono *p, const mono *entry, size_t n) {
  if (n == entry->overs)
    return take_factors(p, entry);
  for (size_t k = 0; k < p->overs; k++) {
    const struct jac_index *own = entry->over[n].index, *index = p->over[k].index;
    mono left = *p, with = *entry;
    if (!is_whole(&p->over[k]) || !jac_dim_same(index->range, own->range))
      continue;
    for (size_t f = 0; f < with.factors; f++) {
      with.factor[f].base =
          jac_make_put(m, with.factor[f].base, own, jac_make_index(m, index));
      if (!with.factor[f].base)
        return false;
    }
    if (!take_all(m, &left, &with, n + 1) || !drop_sum(&left, index))
      continue;
    *p = left;
    return true;
  }
  return false;
}

/* u of sqrt(u); NULL: it is none. */
static term_t under_root(term_t t) {
  t = t->kind == JAC_TERM_SYMBOL && t->symbol->body ? t->symbol->body : t;
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_SQRT ? t->child[0] : NULL;
}

/* 1/u is 1/sqrt(u)^2 where an entry is divided by sqrt(u). */
static bool open_roots(struct jac_make *m, mono *p, const mono *entry) {
  for (size_t n = 0; n < entry->factors; n++) {
    term_t root = entry->factor[n].base, u = under_root(root);
    for (size_t k = 0; u && k < p->factors; k++)
      if (jac_term_equal(p->factor[k].base, u)) {
        double power = p->factor[k].power;
        jac_monomial_drop(p, k);
        if (!jac_monomial_times(m, p, root, 2 * power))
          return false;
        break;
      }
  }
  return true;
}

/* A term without the numbers that it is divided by, which go into the product: A x/s. */
static term_t without_divisors(struct jac_make *m, term_t t, mono *product, bool *fits) {
  while (t && t->kind == JAC_TERM_OP && t->construct == JAC_C_DIVIDE &&
         jac_type_is_number(t->child[1]->type)) {
    *fits = *fits && jac_monomial_times(m, product, t->child[1], -1);
    t = t->child[0];
  }
  bool chain = t && t->kind == JAC_TERM_OP && t->count == 2 &&
               (t->construct == JAC_C_SIDE || t->construct == JAC_C_STAR);
  if (!chain)
    return t;
  term_t b = without_divisors(m, t->child[1], product, fits);
  return b == t->child[1] ? t : jac_make_times(m, t->child[0], b);
}

/* How far an entry is written out where it is looked for in a product. */
enum { ALL_OF_IT, NOTHING, ONE_PRODUCT, DEPTHS };

static term_t written(struct jac_make *m, term_t t, term_t row, term_t col, int depth) {
  term_t r = jac_dim_is_one(t->type.rows) ? NULL : row,
         c = jac_dim_is_one(t->type.cols) ? NULL : col;
  if (depth == ALL_OF_IT)
    return jac_expand(m, t, r, c);
  bool product = t->kind == JAC_TERM_OP && t->count == 2 &&
                 strcmp(t->reading->type, "(r,k)(k,c)->(r,c)") == 0 &&
                 !jac_dim_is_one(t->child[0]->type.cols);
  if (depth == NOTHING || !product)
    return jac_make_entry(m, t, r, c);
  const struct jac_index *k = jac_make_new_index(m, "", t->child[0]->type.cols);
  term_t at = jac_make_index(m, k);
  return jac_make_over(m, JAC_C_SUM, k,
                       jac_make_times(m, jac_make_entry(m, t->child[0], r, at),
                                      jac_make_entry(m, t->child[1], at, c)),
                       NULL, NULL, NULL);
}

/* The quantity's entry at these indices, written out, out of a monomial. */
static bool take_entry(struct jac_make *m, mono *p, const struct jac_symbol *s,
                       mono entry, term_t r, term_t c) {
  enum { SUMS = 3 };
  mono left = *p;
  if (!open_roots(m, &left, &entry) || entry.factors < 2 || entry.overs > SUMS ||
      entry.coefficient == 0)
    return false;
  for (size_t k = 0; k < entry.overs; k++)
    if (!is_whole(&entry.over[k]))
      return false;
  if (!take_all(m, &left, &entry, 0) ||
      !jac_monomial_times(m, &left, jac_make_entry(m, jac_make_symbol(m, s), r, c), 1))
    return false;
  *p = left;
  return true;
}

/* In one of the ways in which a derivative has such a product. */
static bool divide(struct jac_make *m, mono *p, const struct jac_symbol *s,
                   const struct jac_index *row, const struct jac_index *col) {
  term_t r = jac_make_index(m, row), c = jac_make_index(m, col);
  mono entry = {.coefficient = 1};
  if (jac_monomial_times(m, &entry, jac_expand(m, s->body, r, c), 1) &&
      take_entry(m, p, s, entry, r, c))
    return true;
  for (int depth = 0; depth < DEPTHS; depth++) {
    entry = (mono){.coefficient = 1};
    bool fits = true;
    term_t rest = without_divisors(m, s->body, &entry, &fits);
    term_t text = rest ? written(m, rest, r, c, depth) : NULL;
    if (text && fits && jac_monomial_times(m, &entry, text, 1) &&
        take_entry(m, p, s, entry, r, c))
      return true;
  }
  return false;
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

/* u of e^u, whole, where a factor is an entry of it, e^{u_i} or (e^u)_i; *entry: which.
 */
static term_t whole_exponent(term_t t, term_t *entry) {
  bool inside = t->kind == JAC_TERM_OP && t->construct == JAC_C_EXP &&
                t->child[0]->kind == JAC_TERM_ENTRY;
  *entry = inside ? t->child[0] : t;
  if ((*entry)->kind != JAC_TERM_ENTRY)
    return NULL;
  term_t base = (*entry)->child[0];
  bool exp = base->kind == JAC_TERM_OP && base->construct == JAC_C_EXP;
  return inside ? base : exp ? base->child[0] : NULL;
}

/* u of 1 / sum(e^u) of a vector; NULL: it is none. */
static term_t summed_exponent(const struct jac_factor *f) {
  bool sum =
      f->power < 0 && f->base->kind == JAC_TERM_OP && f->base->construct == JAC_C_TOTAL;
  term_t e = sum ? f->base->child[0] : NULL;
  bool vector = e && e->kind == JAC_TERM_OP && e->construct == JAC_C_EXP &&
                (jac_dim_is_one(e->type.rows) || jac_dim_is_one(e->type.cols));
  return vector ? e->child[0] : NULL;
}

/* e^{u_i} / sum(e^u) is softmax(u)_i. */
static bool soften(struct jac_make *m, mono *p) {
  for (size_t k = 0; k < p->factors; k++) {
    term_t u = summed_exponent(&p->factor[k]), entry = NULL;
    for (size_t n = 0; u && n < p->factors; n++) {
      const struct jac_factor *f = &p->factor[n];
      term_t v = f->power >= 1 ? whole_exponent(f->base, &entry) : NULL;
      if (!v || !jac_term_equal(u, v))
        continue;
      struct jac_factor gone[2] = {{f->base, 1}, {p->factor[k].base, -1}};
      mono left = *p;
      if (!take(&left, &gone[0]) || !take(&left, &gone[1]) ||
          !jac_monomial_times(m, &left, jac_entry_like(m, entry, jac_make_softmax(m, u)),
                              1))
        continue;
      *p = left;
      return true;
    }
  }
  return false;
}

void jac_expansion_soften(struct jac_make *m, struct jac_expansion *p) {
  for (size_t k = 0; k < p->count; k++)
    while (soften(m, &p->monomial[k]))
      p->softened = true;
}
