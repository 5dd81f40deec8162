/* Factors of a monomial that are one: e^u / (1 + e^u), sinh / cosh, |u| sign(u). */
#include "jacobian/algebra/expansion_internal.h"

#include <math.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;

static bool whole(double x) {
  return x == floor(x);
}

/* u of f(u), also where f(u) is an entry; NULL: it is none. */
static term_t argument(struct jac_make *m, term_t t, enum jac_construct_id f) {
  if (t->kind == JAC_TERM_OP && t->construct == f && t->count == 1)
    return t->child[0];
  if (t->kind == JAC_TERM_ENTRY && t->child[0]->kind == JAC_TERM_OP &&
      t->child[0]->construct == f && t->child[0]->count == 1)
    return jac_entry_like(m, t, t->child[0]->child[0]);
  return NULL;
}

static term_t exponent(struct jac_make *m, term_t t) {
  return argument(m, t, JAC_C_EXP);
}

/* sigma(u) (1 - sigma(u)), the same of -u. */
static bool times_slope(struct jac_make *m, mono *p, term_t u) {
  bool minus = u->kind == JAC_TERM_OP && u->construct == JAC_C_NEGATE;
  term_t y = jac_make_each(m, JAC_C_SIGMOID, minus ? u->child[0] : u);
  return jac_monomial_times(m, p, y, 1) &&
         jac_monomial_times(m, p, jac_make_subtract(m, jac_make_number(m, 1), y), 1);
}

/* Long: what may stand below. e^u / (1 + e^u) is sigma(u); over the square it is its
 * slope. */
static bool sigmoids(struct jac_make *m, mono *p) {
  for (size_t k = 0; k < p->factors; k++) {
    term_t e = p->factor[k].base, u = p->factor[k].power == 1 ? exponent(m, e) : NULL;
    for (size_t n = 0; u && n < p->factors; n++) {
      term_t below = p->factor[n].base;
      bool square = p->factor[n].power == -2;
      if ((p->factor[n].power != -1 && !square) || below->kind != JAC_TERM_OP ||
          below->construct != JAC_C_ADD ||
          !((jac_term_is_number(below->child[0], 1) &&
             jac_term_equal(below->child[1], e)) ||
            (jac_term_is_number(below->child[1], 1) &&
             jac_term_equal(below->child[0], e))))
        continue;
      jac_monomial_drop(p, k > n ? k : n);
      jac_monomial_drop(p, k > n ? n : k);
      return square ? times_slope(m, p, u)
                    : jac_monomial_times(m, p, jac_make_each(m, JAC_C_SIGMOID, u), 1);
    }
  }
  return true;
}

/* u of max(0, u) and of relu(u), also where it is an entry; NULL: it is none. */
static term_t above_zero(struct jac_make *m, term_t t) {
  term_t u = argument(m, t, JAC_C_RELU);
  bool entry = t->kind == JAC_TERM_ENTRY;
  term_t max = entry ? t->child[0] : t;
  if (u || max->kind != JAC_TERM_OP || max->construct != JAC_C_MAX || max->count != 2)
    return u;
  bool first = jac_term_is_number(max->child[0], 0);
  if (!first && !jac_term_is_number(max->child[1], 0))
    return NULL;
  return entry ? jac_entry_like(m, t, max->child[first]) : max->child[first];
}

/* sinh / cosh is tanh. */
static bool melts_quotient(struct jac_make *m, const struct jac_factor *f,
                           const struct jac_factor *g, term_t *into) {
  static const enum jac_construct_id quotient[][3] = {
      {JAC_C_SINH, JAC_C_COSH, JAC_C_TANH}, {JAC_C_SIN, JAC_C_COS, JAC_C_TAN}};
  for (size_t k = 0; k < sizeof quotient / sizeof *quotient; k++) {
    term_t u = argument(m, f->base, quotient[k][0]),
           v = u ? argument(m, g->base, quotient[k][1]) : NULL;
    if (v && f->power == -g->power && jac_term_equal(u, v)) {
      *into = jac_make_each(m, quotient[k][2], u);
      return true;
    }
  }
  return false;
}

/* max(0, u) 1[u > 0] is max(0, u). */
static bool melts_indicator(struct jac_make *m, const struct jac_factor *f,
                            const struct jac_factor *g) {
  term_t more = g->base;
  if (f->power < 1 || more->kind != JAC_TERM_COMPARE || more->construct != JAC_C_MORE ||
      !jac_term_is_number(more->child[1], 0))
    return false;
  term_t u = above_zero(m, f->base);
  return u && jac_term_equal(u, more->child[0]);
}

static term_t meaning(term_t t) {
  return t->kind == JAC_TERM_SYMBOL && t->symbol->body ? t->symbol->body : t;
}

/* u / sqrt(u) is sqrt(u). */
static bool melts_root(struct jac_make *m, const struct jac_factor *f,
                       const struct jac_factor *g, double *power) {
  term_t u = argument(m, meaning(f->base), JAC_C_SQRT);
  if (!u || f->power * g->power >= 0 || !whole(g->power) || !jac_term_equal(u, g->base))
    return false;
  *power += 2 * g->power;
  return true;
}

/* x^{n - 1} x is x^n, x^{n - 1} / x is x^{n - 2}. */
static bool melts_power(struct jac_make *m, const struct jac_factor *f,
                        const struct jac_factor *g, term_t *into) {
  term_t raised = meaning(f->base);
  if (raised->kind != JAC_TERM_OP || raised->construct != JAC_C_POWER || f->power != 1 ||
      !whole(g->power) || !jac_term_equal(raised->child[0], g->base))
    return false;
  term_t up = raised->child[1];
  if (up->kind != JAC_TERM_OP || up->construct != JAC_C_SUBTRACT ||
      up->child[1]->kind != JAC_TERM_NUMBER)
    return false;
  double less = up->child[1]->number - g->power;
  term_t n = less == 0 ? up->child[0]
                       : jac_make_subtract(m, up->child[0], jac_make_number(m, less));
  if (less < 0)
    n = jac_make_add(m, up->child[0], jac_make_number(m, -less));
  *into = jac_make_raised(m, raised->child[0], n);
  return true;
}

/* |u| sign(u) is u, sign(u) / |u| is 1 / u, sign(u) u is |u|. */
static bool melts_sign(struct jac_make *m, const struct jac_factor *f,
                       const struct jac_factor *g, term_t *into, double *power) {
  term_t u = g->power == 1 ? argument(m, g->base, JAC_C_SIGN) : NULL,
         size = u ? argument(m, f->base, JAC_C_ABS) : NULL;
  if (!u || fabs(f->power) != 1)
    return false;
  if (size && jac_term_equal(size, u)) {
    *into = u;
    *power = f->power;
    return true;
  }
  if (f->power != 1 || !jac_term_equal(f->base, u))
    return false;
  *into = jac_make_each(m, JAC_C_ABS, u);
  return true;
}

/* e^u e^{-u} is 1. */
static bool melts_exponential(struct jac_make *m, const struct jac_factor *f,
                              const struct jac_factor *g, double *power) {
  term_t u = exponent(m, f->base), v = u ? exponent(m, g->base) : NULL;
  bool opposite = v && v->kind == JAC_TERM_OP && v->construct == JAC_C_NEGATE &&
                  jac_term_equal(v->child[0], u);
  if (!opposite || f->power < g->power)
    return false;
  *power = f->power - g->power;
  return true;
}

/* Whether two factors are one: the second goes, the first becomes *into to the power
 * *power. */
static bool melts(struct jac_make *m, const struct jac_factor *f,
                  const struct jac_factor *g, term_t *into, double *power) {
  *power = f->power;
  *into = f->base;
  return melts_quotient(m, f, g, into) || melts_indicator(m, f, g) ||
         melts_root(m, f, g, power) || melts_power(m, f, g, into) ||
         melts_sign(m, f, g, into, power) || melts_exponential(m, f, g, power);
}

static bool melt(struct jac_make *m, mono *p) {
  for (size_t k = 0; k < p->factors; k++) {
    struct jac_factor f = p->factor[k];
    term_t u = fabs(f.power) >= 2 ? argument(m, f.base, JAC_C_SQRT) : NULL;
    if (u) { /* sqrt(u)^2 is u */
      double halves = trunc(f.power / 2);
      p->factor[k].power -= 2 * halves;
      if (p->factor[k].power == 0)
        jac_monomial_drop(p, k);
      if (!jac_monomial_times(m, p, u, halves))
        return false;
      k = (size_t)-1;
      continue;
    }
    for (size_t n = 0; n < p->factors; n++) {
      term_t into;
      double power;
      if (n == k || !melts(m, &f, &p->factor[n], &into, &power))
        continue;
      jac_monomial_drop(p, k > n ? k : n);
      jac_monomial_drop(p, k > n ? n : k);
      if (power != 0 && !jac_monomial_times(m, p, into, power))
        return false;
      k = (size_t)-1;
      break;
    }
  }
  return true;
}

bool jac_monomial_melt(struct jac_make *m, mono *p) {
  return sigmoids(m, p) && melt(m, p);
}
