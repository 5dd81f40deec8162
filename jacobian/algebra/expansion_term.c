/* Sums of products written as terms: what all have in common before brackets. */
#include "jacobian/algebra/expansion_internal.h"

#include <math.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;
typedef struct jac_expansion poly;

static bool is_indicator(term_t t) {
  return t->kind == JAC_TERM_COMPARE && t->child[0]->kind != JAC_TERM_INDEX &&
         t->child[1]->kind != JAC_TERM_INDEX && !jac_is_place_condition(t);
}

static term_t both(struct jac_make *m, term_t a, term_t b) {
  struct jac_term *t = jac_pool_take(m->pool, sizeof *t + 2 * sizeof(term_t));
  if (!t)
    return NULL;
  *t = (struct jac_term){.kind = JAC_TERM_LOGIC,
                         .type = a->type,
                         .construct = JAC_C_AND,
                         .id = ++m->ids,
                         .count = 2};
  t->child[0] = a;
  t->child[1] = b;
  return t;
}

/* Whether b goes on where a ends: i <= j and j <= n. */
static bool follows(term_t a, term_t b) {
  return a && b && a != b && a->construct == JAC_C_ATMOST &&
         b->construct == JAC_C_ATMOST && jac_term_equal(a->child[1], b->child[0]);
}

/* j >= 2 for 2 <= j. */
static term_t turned(struct jac_make *m, term_t t) {
  bool number = t->construct == JAC_C_ATMOST && t->child[0]->kind == JAC_TERM_NUMBER;
  return number ? jac_make_compare(m, JAC_C_ATLEAST, t->child[1], t->child[0]) : t;
}

/* The conditions on places, those that follow each other as one: i <= j <= i + k. */
static size_t conditions(struct jac_make *m, const mono *p, term_t out[JAC_FACTORS]) {
  term_t left[JAC_FACTORS];
  size_t count = 0, lefts = 0;
  for (size_t k = 0; k < p->factors; k++)
    if (jac_is_place_condition(p->factor[k].base))
      left[lefts++] = p->factor[k].base;
  for (size_t k = 0; k < lefts; k++)
    for (size_t n = 0; n < lefts; n++)
      if (follows(left[k], left[n])) {
        out[count++] = both(m, left[k], left[n]);
        left[k] = left[n] = NULL;
      }
  for (size_t k = 0; k < lefts; k++)
    if (left[k])
      out[count++] = turned(m, left[k]);
  return count;
}

/* The product of the factors that are wanted: a quotient where powers are negative. */
static term_t product(struct jac_make *m, const mono *p, double coefficient) {
  term_t above = NULL, below = NULL;
  jac_make_size_of(m, coefficient, &above, &below);
  /* Indicators stand first: 2 1[z > 0] h. */
  for (size_t k = 0; k < 2 * p->factors; k++) {
    const struct jac_factor *f = &p->factor[k % p->factors];
    if (is_indicator(f->base) != (k < p->factors) || jac_is_place_condition(f->base))
      continue;
    term_t t = jac_make_power(m, f->base, fabs(f->power));
    term_t *side = f->power > 0 ? &above : &below;
    *side = *side ? jac_make_times(m, *side, t) : t;
  }
  term_t condition[JAC_FACTORS]; /* last: W_{j - i + 1} 1[i <= j] */
  size_t count = conditions(m, p, condition);
  for (size_t k = 0; k < count; k++)
    above = above ? jac_make_times(m, above, condition[k]) : condition[k];
  if (!above)
    above = jac_make_number(m, 1);
  term_t t = below ? jac_make_divide(m, above, below) : above;
  for (size_t k = p->overs; k-- > 0;)
    t = jac_make_over(m, JAC_C_SUM, p->over[k].index, t, p->over[k].first,
                      p->over[k].last, p->over[k].condition);
  return t;
}

static bool bound_in(const mono *p, term_t t) {
  for (size_t k = 0; k < p->overs; k++)
    if (jac_term_has_index(t, p->over[k].index))
      return true;
  return false;
}

/* How often a factor is in a monomial, outside its sums: its power, or 0. */
static double power_in(const mono *p, term_t base) {
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_equal(p->factor[k].base, base) && !bound_in(p, base))
      return p->factor[k].power;
  return 0;
}

/* ... wherever its indices are bound. */
static double power_of(const mono *p, term_t base) {
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_equal(p->factor[k].base, base))
      return p->factor[k].power;
  return 0;
}

static void take_out(mono *p, term_t base, double power) {
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_equal(p->factor[k].base, base)) {
      p->factor[k].power -= power;
      if (p->factor[k].power == 0)
        jac_monomial_drop(p, k);
      return;
    }
}

/* Takes the factors that all have out of them, into common. */
static void factor_out(poly *p, mono *common) {
  const mono first = p->monomial[0];
  for (size_t k = 0; k < first.factors; k++) {
    term_t base = first.factor[k].base;
    double least = power_in(&first, base);
    for (size_t n = 1; n < p->count; n++) {
      double power = power_in(&p->monomial[n], base);
      least = power * least <= 0 ? 0 : fabs(power) < fabs(least) ? power : least;
    }
    if (least == 0)
      continue;
    common->factor[common->factors++] = (struct jac_factor){base, least};
    for (size_t n = 0; n < p->count; n++)
      take_out(&p->monomial[n], base, least);
  }
  double size = fabs(p->monomial[0].coefficient);
  bool same = true, negative = true;
  for (size_t n = 0; n < p->count; n++) {
    same = same && fabs(p->monomial[n].coefficient) == size;
    negative = negative && p->monomial[n].coefficient < 0;
  }
  common->coefficient = (same ? size : 1) * (negative ? -1 : 1);
  for (size_t n = 0; n < p->count; n++)
    p->monomial[n].coefficient /= common->coefficient;
}

/* The monomial's sum k called as another index is. */
static bool called(struct jac_make *m, const mono *in, size_t k,
                   const struct jac_index *index, mono *out) {
  mono p = *in;
  const struct jac_index *own = p.over[k].index;
  if (own == index) {
    *out = p;
    return true;
  }
  /* Another sum of its own that is called so gets a new name first. */
  for (size_t j = 0; j < p.overs; j++)
    if (p.over[j].index == index) {
      const struct jac_index *fresh = jac_make_new_index(m, "", index->range);
      mono other = p;
      other.over[j].index = fresh;
      if (!fresh || !jac_monomial_put(m, &other, index, jac_make_index(m, fresh), &p))
        return false;
    }
  p.over[k].index = index;
  return jac_monomial_put(m, &p, own, jac_make_index(m, index), out);
}

/* A sum of a monomial that is like that of another: over the same range, to its end. */
static bool is_like(const struct jac_over *a, const struct jac_over *b) {
  return !a->first && !a->last && !a->condition && !b->first && !b->last &&
         !b->condition && jac_dim_same(a->index->range, b->index->range);
}

/* Long: the factors of every monomial. The factors with a sum's index that all monomials
 * have, out of them. */
static bool shared_factors(struct jac_make *m, poly *p, size_t k, mono *out) {
  const struct jac_index *index = p->monomial[0].over[k].index;
  for (size_t n = 1; n < p->count; n++) {
    bool found = false;
    mono best = p->monomial[n];
    for (size_t j = 0; j < p->monomial[n].overs && !found; j++) {
      mono other;
      if (!is_like(&p->monomial[0].over[k], &p->monomial[n].over[j]) ||
          !called(m, &p->monomial[n], j, index, &other))
        continue;
      for (size_t f = 0; f < other.factors && !found; f++)
        found = jac_term_has_index(other.factor[f].base, index) &&
                other.factor[f].power == 1 &&
                power_of(&p->monomial[0], other.factor[f].base) == 1;
      best = other;
    }
    if (!found)
      return false;
    p->monomial[n] = best;
  }
  *out = (mono){.coefficient = 1, .overs = 1};
  out->over[0] = p->monomial[0].over[k];
  const mono first = p->monomial[0];
  for (size_t f = 0; f < first.factors; f++) {
    bool all = jac_term_has_index(first.factor[f].base, index);
    for (size_t j = 0; j < first.overs; j++)
      all = all &&
            (j == k || !jac_term_has_index(first.factor[f].base, first.over[j].index));
    for (size_t n = 0; n < p->count; n++)
      all =
          all && power_of(&p->monomial[n], first.factor[f].base) == first.factor[f].power;
    if (!all)
      continue;
    out->factor[out->factors++] = first.factor[f];
    for (size_t n = 0; n < p->count; n++)
      take_out(&p->monomial[n], first.factor[f].base, first.factor[f].power);
  }
  return out->factors > 0;
}

/* sum_p a_p b_p - sum_p sum_q a_p c_q is sum_p a_p (b_p - sum_q c_q). NULL: they have no
 * sum in common. */
static term_t nested(struct jac_make *m, const poly *in) {
  size_t sums = in->count > 1 ? in->monomial[0].overs : 0;
  for (size_t k = 0; k < sums; k++) {
    poly p = {.count = 0};
    mono out;
    for (size_t n = 0; n < in->count; n++)
      if (!jac_expansion_add(m, &p, &in->monomial[n]))
        return NULL;
    if (!shared_factors(m, &p, k, &out))
      continue;
    for (size_t n = 0; n < p.count; n++)
      for (size_t j = 0; j < p.monomial[n].overs; j++)
        if (p.monomial[n].over[j].index == out.over[0].index)
          jac_monomial_drop_over(&p.monomial[n], j--);
    term_t inside = jac_expansion_term(m, &p);
    if (!inside || out.factors == JAC_FACTORS)
      return NULL;
    out.factor[out.factors++] = (struct jac_factor){inside, 1};
    return product(m, &out, 1);
  }
  return NULL;
}

term_t jac_expansion_term(struct jac_make *m, const poly *in) {
  if (!in->count)
    return jac_make_number(m, 0);
  poly p = {.count = 0};
  for (size_t k = 0; k < in->count; k++)
    if (!jac_expansion_add(m, &p, &in->monomial[k]))
      return NULL;
  mono common = {.coefficient = 1};
  if (p.count > 1)
    factor_out(&p, &common);
  /* What is added comes first. */
  size_t first = 0;
  while (first < p.count && p.monomial[first].coefficient < 0)
    first++;
  if (first == p.count)
    first = 0;
  term_t sum = nested(m, &p);
  for (size_t n = 0, most = sum ? 0 : p.count; n < most; n++) {
    size_t k = n == 0 ? first : n <= first ? n - 1 : n;
    term_t t = product(m, &p.monomial[k], p.monomial[k].coefficient);
    bool minus = p.monomial[k].coefficient < 0;
    sum = !sum    ? (minus ? jac_make_negate(m, t) : t)
          : minus ? jac_make_subtract(m, sum, t)
                  : jac_make_add(m, sum, t);
  }
  if (p.count > 1 && (common.factors || common.coefficient != 1)) {
    mono with = common;
    bool minus = with.coefficient < 0;
    double size = fabs(with.coefficient);
    if (with.factors == JAC_FACTORS)
      return NULL;
    with.factor[with.factors++] = (struct jac_factor){sum, 1};
    sum = product(m, &with, size);
    if (minus)
      sum = jac_make_negate(m, sum);
  }
  return sum;
}
