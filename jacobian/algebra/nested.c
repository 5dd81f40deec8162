#include "jacobian/algebra/nested.h"

#include "jacobian/algebra/product.h"

typedef const struct jac_term *term_t;

enum { FACTORS = 64, WORTH = 4 /* sums, one within the other */ };

struct factors {
  term_t of[FACTORS];
  size_t count;
  bool failed;
};

static bool is_product(term_t t) {
  return t->kind == JAC_TERM_OP && jac_product_kind(t) == 's' &&
         jac_type_is_number(t->type);
}

static bool is_sum(term_t t) {
  return t->kind == JAC_TERM_BIG && t->construct == JAC_C_SUM && !t->index2 &&
         !t->child[1] && !t->child[2] && !t->child[3] && jac_type_is_number(t->type);
}

static void gather(struct jac_make *m, term_t t, struct factors *f) {
  if (t && is_product(t)) {
    gather(m, t->child[0], f);
    gather(m, t->child[1], f);
    return;
  }
  bool quotient = t && t->kind == JAC_TERM_OP && t->construct == JAC_C_DIVIDE &&
                  jac_type_is_number(t->type) && jac_type_is_number(t->child[1]->type);
  if (quotient && !jac_term_is_number(t->child[0], 1)) {
    gather(m, t->child[0], f);
    t = jac_make_divide(m, jac_make_number(m, 1), t->child[1]);
  }
  f->failed = f->failed || !t || f->count == FACTORS;
  if (!f->failed)
    f->of[f->count++] = t;
}

/* The product of those that have the index, or of those that have not; NULL: none. */
static term_t product(struct jac_make *m, const struct factors *f,
                      const struct jac_index *index, bool with) {
  term_t out = NULL;
  for (size_t k = 0; k < f->count; k++)
    if (jac_term_has_index(f->of[k], index) == with)
      out = out ? jac_make_times(m, out, f->of[k]) : f->of[k];
  return out;
}

static term_t of_sum(struct jac_make *m, term_t t) {
  struct factors f = {.count = 0};
  term_t body = is_sum(t->child[0]) ? of_sum(m, t->child[0]) : t->child[0];
  gather(m, body, &f);
  if (f.failed)
    return t;
  term_t within = product(m, &f, t->index, true),
         before = product(m, &f, t->index, false);
  if (!within)
    within = jac_make_number(m, 1);
  term_t sum = jac_make_over(m, JAC_C_SUM, t->index, within, NULL, NULL, NULL),
         out = sum && before ? jac_make_times(m, before, sum) : sum;
  return out ? out : t;
}

static size_t depth(term_t t) {
  size_t n = 0;
  for (; is_sum(t); t = t->child[0])
    n++;
  return n;
}

term_t jac_nested(struct jac_make *m, term_t t) {
  if (!t || !jac_type_is_number(t->type))
    return t;
  if (is_sum(t))
    return depth(t) >= WORTH ? of_sum(m, t) : t;
  if (t->kind != JAC_TERM_OP)
    return t;
  if (t->construct == JAC_C_NEGATE)
    return jac_make_negate(m, jac_nested(m, t->child[0]));
  if (t->count != 2)
    return t;
  term_t a = jac_nested(m, t->child[0]), b = jac_nested(m, t->child[1]), out = NULL;
  if (a == t->child[0] && b == t->child[1])
    return t;
  if (is_product(t))
    out = jac_make_times(m, a, b);
  else if (t->construct == JAC_C_ADD)
    out = jac_make_add(m, a, b);
  else if (t->construct == JAC_C_SUBTRACT)
    out = jac_make_subtract(m, a, b);
  else if (t->construct == JAC_C_DIVIDE)
    out = jac_make_divide(m, a, b);
  return out ? out : t;
}
