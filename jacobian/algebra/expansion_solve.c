/* Indicators over places: which value of a summed index they leave, and what is true of
 * it then. */
#include "jacobian/algebra/expansion_internal.h"

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;

/* a - b, where both are sums of places. */
static bool apart(term_t a, term_t b, struct jac_affine *out) {
  struct jac_affine other;
  return jac_affine_of(a, out) && jac_affine_of(b, &other) &&
         jac_affine_add(out, &other, -1);
}

/* What is at least 0 as "low <= high", each side without minus signs but of numbers. */
static term_t at_least_zero(struct jac_make *m, const struct jac_affine *a) {
  struct jac_affine low = {.constant = 0}, high = {.constant = 0};
  for (size_t k = 0; k < a->count; k++) {
    struct jac_affine_part part = a->part[k];
    struct jac_affine *side = part.times < 0 ? &low : &high;
    part.times = part.times < 0 ? -part.times : part.times;
    side->part[side->count++] = part;
  }
  /* A number stands where it is added, or alone: i <= j + 2, 2 <= j, j <= n - 1. */
  bool alone = low.count == 0, below = high.count == 0 || low.count > 1;
  if (alone || (below && a->constant < 0))
    low.constant = -a->constant;
  else
    high.constant = a->constant;
  return jac_make_compare(m, JAC_C_ATMOST, jac_make_affine(m, &low),
                          jac_make_affine(m, &high));
}

bool jac_monomial_require(struct jac_make *m, mono *p, const struct jac_affine *a) {
  if (jac_affine_least(a) >= 0)
    return true;
  if (jac_affine_most(a) < 0) {
    p->coefficient = 0;
    return true;
  }
  return jac_monomial_times(m, p, at_least_zero(m, a), 1);
}

bool jac_monomial_between(struct jac_make *m, mono *p, term_t value, term_t first,
                          term_t last) {
  struct jac_affine above, below;
  if (first && apart(value, first, &above)) {
    if (!jac_monomial_require(m, p, &above))
      return false;
  } else if (first && !jac_monomial_times(
                          m, p, jac_make_compare(m, JAC_C_ATLEAST, value, first), 1))
    return false;
  if (last && apart(last, value, &below))
    return jac_monomial_require(m, p, &below);
  return !last ||
         jac_monomial_times(m, p, jac_make_compare(m, JAC_C_ATMOST, value, last), 1);
}

/* What is at least 0 where a comparison holds; false: it is no comparison of places. */
static bool as_affine(term_t t, struct jac_affine *a) {
  if (t->kind != JAC_TERM_COMPARE)
    return false;
  bool turned = t->construct == JAC_C_ATMOST || t->construct == JAC_C_LESS;
  if (!turned && t->construct != JAC_C_ATLEAST && t->construct != JAC_C_MORE)
    return false;
  if (!apart(t->child[turned], t->child[!turned], a))
    return false;
  a->constant -= t->construct == JAC_C_LESS || t->construct == JAC_C_MORE; /* whole */
  return true;
}

bool jac_is_place_condition(term_t t) {
  struct jac_affine a;
  return as_affine(t, &a);
}

/* Whether an equation beside it says that it holds: j - i + 1 = k that j - i is at least
 * 0. */
static bool is_implied(const mono *p, const struct jac_affine *a) {
  for (size_t k = 0; k < p->factors; k++) {
    term_t t = p->factor[k].base;
    struct jac_affine e, sum = *a, less = *a;
    if (t->kind == JAC_TERM_COMPARE && t->construct == JAC_C_EQUAL &&
        apart(t->child[0], t->child[1], &e) &&
        ((jac_affine_add(&sum, &e, 1) && jac_affine_least(&sum) >= 0) ||
         (jac_affine_add(&less, &e, -1) && jac_affine_least(&less) >= 0)))
      return true;
  }
  return false;
}

bool jac_monomial_settle(struct jac_make *m, mono *p) {
  for (size_t k = 0; k < p->factors && p->coefficient != 0; k++) {
    struct jac_affine a;
    if (!as_affine(p->factor[k].base, &a))
      continue;
    if (jac_affine_most(&a) < 0)
      p->coefficient = 0;
    else if (jac_affine_least(&a) >= 0 || is_implied(p, &a))
      jac_monomial_drop(p, k--);
    else
      p->factor[k].base = at_least_zero(m, &a);
    if (p->coefficient != 0 && k < p->factors && !p->factor[k].base)
      return false;
  }
  return true;
}

/* The place that an equation leaves for an index that is in it once. */
static bool place_for(term_t delta, const struct jac_index *index,
                      struct jac_affine *value) {
  struct jac_affine a, minus = {.count = 1, .part = {{index, NULL, 1}}};
  if (!apart(delta->child[0], delta->child[1], &a))
    return false;
  double times = jac_affine_times(&a, index);
  if (times != 1 && times != -1)
    return false;
  *value = (struct jac_affine){.constant = 0};
  return jac_affine_add(value, &a, -times) && jac_affine_add(value, &minus, 1);
}

/* Whether a place is one of the range, whatever the indices in it are. */
static bool is_inside(const struct jac_affine *value, const struct jac_index *index) {
  struct jac_affine left = {.constant = 0};
  return jac_affine_least(value) >= 1 && jac_affine_add_size(&left, index->range, 1) &&
         jac_affine_add(&left, value, -1) && jac_affine_least(&left) >= 0;
}

bool jac_monomial_solve(struct jac_make *m, const mono *p, struct jac_solved *out) {
  bool found = false;
  for (size_t k = 0; k < p->factors; k++) {
    term_t delta = p->factor[k].base;
    if (delta->kind != JAC_TERM_COMPARE || delta->construct != JAC_C_EQUAL)
      continue;
    for (size_t over = 0; over < p->overs; over++) {
      struct jac_affine value;
      if (!place_for(delta, p->over[over].index, &value))
        continue;
      bool inside = is_inside(&value, p->over[over].index);
      if (found && !inside)
        continue;
      *out = (struct jac_solved){k, over, jac_make_affine(m, &value), inside};
      found = true;
      if (inside)
        return true;
    }
  }
  return found;
}
