/* A factor put to a monomial: products, quotients and powers of entries in their parts.
 */
#include "jacobian/algebra/expansion_internal.h"

#include <math.h>
#include <string.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;
typedef struct jac_expansion poly;

static bool op_is(term_t t, const char *type) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, type) == 0;
}

/* Products with a number, whichever way they are written. */
static bool is_scaling(term_t t) {
  if (t->kind != JAC_TERM_OP)
    return false;
  switch (t->construct) {
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_CROSS:
  case JAC_C_HADAMARD:
  case JAC_C_CIRC:
  case JAC_C_INNER:
    return op_is(t, "11->1") || op_is(t, "1(r,c)->(r,c)") || op_is(t, "(r,c)1->(r,c)");
  default:
    return false;
  }
}

static bool is_division(term_t t) {
  return t->kind == JAC_TERM_OP &&
         (t->construct == JAC_C_DIVIDE || t->construct == JAC_C_DOTDIVIDE);
}

static bool whole(double x) {
  return x == floor(x);
}

term_t jac_entry_like(struct jac_make *m, term_t of, term_t base) {
  return jac_make_entry(m, base, jac_dim_is_one(base->type.rows) ? NULL : of->child[1],
                        jac_dim_is_one(base->type.cols) ? NULL : of->child[2]);
}

void jac_monomial_drop(mono *p, size_t k) {
  memmove(&p->factor[k], &p->factor[k + 1], (--p->factors - k) * sizeof *p->factor);
}

bool jac_monomial_factor(mono *p, term_t base, double power) {
  for (size_t k = 0; k < p->factors; k++) {
    struct jac_factor *f = &p->factor[k];
    if (!jac_term_equal(f->base, base))
      continue;
    if (base->kind != JAC_TERM_COMPARE)
      f->power += power;
    if (f->power == 0)
      jac_monomial_drop(p, k);
    return true;
  }
  if (p->factors == JAC_FACTORS)
    return false;
  p->factor[p->factors++] = (struct jac_factor){base, power};
  return true;
}

/* Whether a quotient's entry, to a power, is a quotient of entries. */
static bool divides(term_t t, double power) {
  return is_division(t) && (jac_type_is_number(t->child[1]->type) ||
                            (op_is(t, "(r,c)(r,c)->(r,c)") && whole(power)));
}

/* A number added to every entry. */
static bool is_shift(term_t t) {
  return t->kind == JAC_TERM_OP &&
         (t->construct == JAC_C_ADD || t->construct == JAC_C_SUBTRACT) &&
         jac_type_is_number(t->child[0]->type) != jac_type_is_number(t->child[1]->type);
}

/* (1 - v)_i is 1 - v_i. */
static term_t shifted(struct jac_make *m, term_t of, term_t base) {
  term_t a = jac_entry_like(m, of, base->child[0]),
         b = jac_entry_like(m, of, base->child[1]);
  return base->construct == JAC_C_ADD ? jac_make_add(m, a, b)
                                      : jac_make_subtract(m, a, b);
}

/* A product whose entries are products of entries or numbers. */
static bool is_entrywise(term_t t) {
  return is_scaling(t) ||
         (op_is(t, "(r,c)(r,c)->(r,c)") && t->construct == JAC_C_HADAMARD);
}

/* Every entry to the same whole power. */
static bool is_whole_power(term_t t) {
  return op_is(t, "(r,c)1->(r,c)") && t->construct == JAC_C_DOTPOWER &&
         t->child[1]->kind == JAC_TERM_NUMBER && whole(t->child[1]->number);
}

bool jac_entry_is_number(term_t t) {
  struct jac_type type = t->child[0]->type;
  return (t->child[1] || jac_dim_is_one(type.rows)) &&
         (t->child[2] || jac_dim_is_one(type.cols));
}

static bool times_entry(struct jac_make *m, mono *p, term_t t, double power, bool *done) {
  term_t base = t->child[0];
  *done = true;
  if (!jac_entry_is_number(t))
    return *done = false, true;
  if (is_entrywise(base))
    return jac_monomial_times(m, p, jac_entry_like(m, t, base->child[0]), power) &&
           jac_monomial_times(m, p, jac_entry_like(m, t, base->child[1]), power);
  if (divides(base, power))
    return jac_monomial_times(m, p, jac_entry_like(m, t, base->child[0]), power) &&
           jac_monomial_times(m, p, jac_entry_like(m, t, base->child[1]), -power);
  if (is_shift(base))
    return jac_monomial_factor(p, shifted(m, t, base), power);
  if (is_whole_power(base) && whole(power))
    return jac_monomial_times(m, p, jac_entry_like(m, t, base->child[0]),
                              power * base->child[1]->number);
  *done = false;
  return true;
}

/* A product that sums over an index is opened: its sum is one of the monomial's. */
static bool times_sum(struct jac_make *m, mono *p, term_t t, double power) {
  struct jac_index *k = jac_make_new_index(m, "", t->index->range);
  term_t at = k ? jac_make_index(m, k) : NULL, part[4];
  if (!at || p->overs == JAC_OVERS)
    return false;
  for (size_t c = 0; c < 4; c++)
    part[c] = t->child[c] ? jac_make_put(m, t->child[c], t->index, at) : NULL;
  p->over[p->overs++] = (struct jac_over){k, part[1], part[2], part[3]};
  return jac_monomial_times(m, p, part[0], power);
}

bool jac_monomial_times(struct jac_make *m, mono *p, term_t t, double power) {
  if (!t)
    return false;
  switch (t->kind) {
  case JAC_TERM_NUMBER:
    if (t->number == 0 && power < 0)
      break;
    p->coefficient *= power == 1 ? t->number : pow(t->number, power);
    return true;
  case JAC_TERM_ENTRY: {
    bool done, good = times_entry(m, p, t, power, &done);
    if (done || !good)
      return good;
    break;
  }
  case JAC_TERM_BIG:
    if (t->construct == JAC_C_SUM && power == 1)
      return times_sum(m, p, t, power);
    break;
  case JAC_TERM_LOGIC:
    if (t->construct == JAC_C_AND && jac_type_is_number(t->type) && power > 0)
      return jac_monomial_times(m, p, t->child[0], 1) &&
             jac_monomial_times(m, p, t->child[1], 1);
    break;
  case JAC_TERM_OP:
    if (t->construct == JAC_C_NEGATE && whole(power)) {
      p->coefficient *= fmod(power, 2) != 0 ? -1 : 1;
      return jac_monomial_times(m, p, t->child[0], power);
    }
    if (is_scaling(t) && whole(power))
      return jac_monomial_times(m, p, t->child[0], power) &&
             jac_monomial_times(m, p, t->child[1], power);
    if (is_division(t) && jac_type_is_number(t->type) && whole(power))
      return jac_monomial_times(m, p, t->child[0], power) &&
             jac_monomial_times(m, p, t->child[1], -power);
    if ((t->construct == JAC_C_POWER || t->construct == JAC_C_DOTPOWER) &&
        t->child[1]->kind == JAC_TERM_NUMBER && whole(power) &&
        whole(t->child[1]->number) && t->child[1]->number * power != 0)
      return jac_monomial_times(m, p, t->child[0], power * t->child[1]->number);
    break;
  default:
    break;
  }
  return jac_monomial_factor(p, t, power);
}
