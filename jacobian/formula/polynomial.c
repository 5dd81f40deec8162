#include "jacobian/formula/polynomial_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

struct jac_polynomial *jac_polynomial_new(void) {
  struct jac_polynomial *p = malloc(sizeof *p + JAC_TERMS * sizeof p->term[0]);
  if (p == NULL)
    jac_memory_short();
  else
    p->count = 0;
  return p;
}

bool jac_selects(node_t base) {
  return base->kind == JAC_DELTA || base->kind == JAC_INDICATOR;
}

bool jac_term_multiply(struct jac_term *term, node_t base, double power) {
  for (size_t k = 0; k < term->count; k++)
    if (jac_equal(term->factor[k].base, base)) {
      if (!jac_selects(base) || power < 0.0)
        term->factor[k].power += power;
      if (term->factor[k].power == 0.0) {
        memmove(&term->factor[k], &term->factor[k + 1],
                (term->count - k - 1) * sizeof term->factor[0]);
        term->count--;
      }
      return true;
    }
  if (term->count == JAC_FACTORS)
    return false;
  term->factor[term->count++] = (struct jac_factor){base, power};
  return true;
}

static double power_of(const struct jac_term *term, node_t base) {
  for (size_t k = 0; k < term->count; k++)
    if (jac_equal(term->factor[k].base, base))
      return term->factor[k].power;
  return 0.0;
}

bool jac_term_same(const struct jac_term *a, const struct jac_term *b) {
  if (a->count != b->count)
    return false;
  for (size_t k = 0; k < a->count; k++)
    if (power_of(b, a->factor[k].base) != a->factor[k].power)
      return false;
  return true;
}

bool jac_polynomial_add(struct jac_polynomial *p, const struct jac_term *term) {
  if (term->coefficient == 0.0)
    return true;
  for (size_t k = 0; k < p->count; k++)
    if (jac_term_same(&p->term[k], term)) {
      p->term[k].coefficient += term->coefficient;
      if (p->term[k].coefficient == 0.0) {
        memmove(&p->term[k], &p->term[k + 1], (p->count - k - 1) * sizeof p->term[0]);
        p->count--;
      }
      return true;
    }
  if (p->count == JAC_TERMS)
    return false;
  p->term[p->count++] = *term;
  return true;
}

static double common_divisor(double a, double b) {
  while (b >= 1.0) {
    double rest = fmod(a, b);
    a = b;
    b = rest;
  }
  return a;
}

/* Whole numbers share their divisor; other numbers what they all are. */
static double common_number(const struct jac_polynomial *p) {
  double all = 0.0;
  bool whole = true, same = true, negative = true;
  for (size_t k = 0; k < p->count; k++) {
    double c = fabs(p->term[k].coefficient);
    whole = whole && c == floor(c) && c < 1e9;
    same = same && c == fabs(p->term[0].coefficient);
    negative = negative && p->term[k].coefficient < 0.0;
    all = k == 0 ? c : whole ? common_divisor(all, c) : all;
  }
  double factor = same ? fabs(p->term[0].coefficient) : whole ? all : 1.0;
  return negative ? -factor : factor;
}

struct jac_term jac_polynomial_content(struct jac_polynomial *p) {
  struct jac_term common = {.coefficient = 1.0};
  if (p->count == 0)
    return common;
  common.coefficient = common_number(p);
  for (size_t k = 0; k < p->term[0].count; k++) {
    struct jac_factor f = p->term[0].factor[k];
    for (size_t t = 1; t < p->count; t++) {
      double power = power_of(&p->term[t], f.base);
      if (power * f.power <= 0.0)
        f.power = 0.0;
      else if (fabs(power) < fabs(f.power))
        f.power = power;
    }
    if (f.power != 0.0)
      common.factor[common.count++] = f;
  }
  for (size_t t = 0; t < p->count; t++) {
    p->term[t].coefficient /= common.coefficient;
    for (size_t k = 0; k < common.count; k++)
      jac_term_multiply(&p->term[t], common.factor[k].base, -common.factor[k].power);
  }
  return common;
}

static bool has_delta(const struct jac_term *t) {
  for (size_t k = 0; k < t->count; k++)
    if (t->factor[k].base->kind == JAC_DELTA)
      return true;
  return false;
}

static node_t times(struct jac_arena *a, node_t x, node_t y) {
  return x == NULL ? y : jac_binary(a, JAC_MULTIPLY, x, y);
}

static node_t raised(struct jac_arena *a, node_t base, double power) {
  if (power == 1.0)
    return base;
  if (power == 0.5)
    return jac_node_named(a, JAC_CALL, "sqrt", 1, &base);
  return jac_binary(a, JAC_POWER, base, jac_number(a, power));
}

/* Numbers, deltas, names, functions, sums, brackets: as people order factors. */
static int rank(node_t base) {
  switch (base->kind) {
  case JAC_ADD:
    return 5;
  case JAC_SUM:
  case JAC_MAX:
  case JAC_PRODUCT:
    return 6;
  case JAC_INDICATOR:
  case JAC_DELTA:
    return 0;
  default:
    return 1;
  }
}

static node_t opposite(struct jac_arena *a, node_t n) {
  if (n == NULL)
    return NULL;
  return n->kind == JAC_NEGATE ? n->child[0] : jac_unary(a, JAC_NEGATE, n);
}

/* -(y - z) is z - y: the parts of a sum with the other sign, the positive ones first.
 * NULL where that would not save a sign. */
static node_t turned(struct jac_arena *a, node_t sum) {
  node_t part[32], all = NULL;
  size_t count = 0;
  bool negative = false;
  for (; sum->kind == JAC_ADD && count < 30; sum = sum->child[0])
    part[count++] = sum->child[1];
  part[count++] = sum;
  for (size_t k = 0; k < count; k++)
    negative = negative || part[k]->kind == JAC_NEGATE;
  for (int pass = 0; pass < 2 && negative; pass++)
    for (size_t k = count; k-- > 0;) {
      if ((part[k]->kind == JAC_NEGATE) != (pass == 0))
        continue;
      node_t one = opposite(a, part[k]);
      all = all == NULL ? one : jac_binary(a, JAC_ADD, all, one);
    }
  return all;
}

static node_t product_tree(struct jac_arena *a, const struct jac_term *given,
                           node_t last) {
  node_t up = NULL, down = NULL;
  struct jac_term copy = *given, *t = &copy;
  if (t->coefficient < 0.0 && last != NULL && last->kind == JAC_ADD) {
    node_t other = turned(a, last);
    if (other != NULL) {
      last = other;
      t->coefficient = -t->coefficient;
    }
  }
  for (size_t k = 0; k < t->count && t->coefficient < 0.0; k++) {
    node_t other = t->factor[k].base->kind == JAC_ADD && t->factor[k].power == 1.0
                       ? turned(a, t->factor[k].base)
                       : NULL;
    if (other != NULL) {
      t->factor[k].base = other;
      t->coefficient = -t->coefficient;
    }
  }
  double number = fabs(t->coefficient), divisor = 1.0;
  for (int d = 2; d <= 64 && number != floor(number); d++)
    if (fabs(number * d - round(number * d)) < 1e-14) {
      number = round(number * d);
      divisor = d;
      break;
    }
  if (number != 1.0)
    up = jac_number(a, number);
  if (divisor != 1.0)
    down = jac_number(a, divisor);
  for (int r = 0; r <= 6; r++) {
    for (size_t k = 0; k < t->count; k++) {
      struct jac_factor f = t->factor[k];
      if (rank(f.base) != r)
        continue;
      if (f.power > 0.0)
        up = times(a, up, raised(a, f.base, f.power));
      else
        down = times(a, down, raised(a, f.base, -f.power));
    }
    if (r == 5 && last != NULL)
      up = times(a, up, last);
  }
  if (up == NULL)
    up = jac_number(a, 1.0);
  node_t all = down == NULL ? up : jac_binary(a, JAC_DIVIDE, up, down);
  return t->coefficient < 0.0 ? jac_unary(a, JAC_NEGATE, all) : all;
}

/* An order of trees, whatever it is. */
static int compare_trees(node_t a, node_t b) {
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  int name = a->kind == JAC_MULTIPLY ? 0 : strcmp(a->name, b->name);
  if (name != 0)
    return name;
  if (a->number != b->number)
    return a->number < b->number ? -1 : 1;
  if (a->count != b->count)
    return a->count < b->count ? -1 : 1;
  for (size_t k = 0; k < a->count; k++) {
    int child = compare_trees(a->child[k], b->child[k]);
    if (child != 0)
      return child;
  }
  return 0;
}

/* Deltas, then numbers, then any order that is always the same: equal sums are written
 * alike, whichever way they came about. */
static int compare_terms(const void *x, const void *y) {
  const struct jac_term *a = x, *b = y;
  int delta = (int)has_delta(b) - (int)has_delta(a);
  int number = (int)(b->count == 0) - (int)(a->count == 0);
  if (delta != 0 || number != 0)
    return delta != 0 ? delta : number;
  for (size_t k = 0; k < a->count && k < b->count; k++) {
    int base = compare_trees(a->factor[k].base, b->factor[k].base);
    if (base != 0)
      return base;
    if (a->factor[k].power != b->factor[k].power)
      return a->factor[k].power > b->factor[k].power ? -1 : 1;
  }
  return a->count < b->count ? -1 : a->count > b->count;
}

static int compare_factors(const void *x, const void *y) {
  const struct jac_factor *a = x, *b = y;
  return compare_trees(a->base, b->base);
}

double jac_polynomial_order(struct jac_polynomial *p) {
  for (size_t k = 0; k < p->count; k++)
    qsort(p->term[k].factor, p->term[k].count, sizeof p->term[k].factor[0],
          compare_factors);
  qsort(p->term, p->count, sizeof p->term[0], compare_terms);
  if (p->count == 0 || p->term[0].coefficient > 0.0)
    return 1.0;
  for (size_t k = 0; k < p->count; k++)
    p->term[k].coefficient = -p->term[k].coefficient;
  return -1.0;
}

static node_t sum_tree(struct jac_arena *a, const struct jac_polynomial *p) {
  node_t all = NULL;
  /* Positive terms first: b - a rather than -a + b. */
  for (int pass = 0; pass < 2; pass++)
    for (size_t k = 0; k < p->count; k++) {
      bool negative = p->term[k].coefficient < 0.0;
      if (negative != (pass == 1))
        continue;
      struct jac_term t = p->term[k];
      t.coefficient = fabs(t.coefficient);
      node_t one = product_tree(a, &t, NULL);
      if (negative)
        one = jac_unary(a, JAC_NEGATE, one);
      all = all == NULL ? one : jac_binary(a, JAC_ADD, all, one);
    }
  return all != NULL ? all : jac_number(a, 0.0);
}

/* Terms without a delta that share factors stand in one product beside those with one:
 * delta - (1 + x y)/N. */
static node_t grouped(struct jac_arena *a, struct jac_polynomial *p) {
  struct jac_polynomial *plain = jac_polynomial_new(), *with = jac_polynomial_new();
  node_t all = NULL;
  if (plain != NULL && with != NULL) {
    for (size_t k = 0; k < p->count; k++)
      jac_polynomial_add(has_delta(&p->term[k]) ? with : plain, &p->term[k]);
    if (plain->count >= 2 && with->count >= 1) {
      struct jac_term common = jac_polynomial_content(plain);
      struct jac_term sign = {.coefficient = common.coefficient < 0.0 ? -1.0 : 1.0};
      if (common.count > 0 || fabs(common.coefficient) != 1.0 || sign.coefficient < 0.0) {
        node_t rest = product_tree(a, &common, sum_tree(a, plain));
        all = jac_binary(a, JAC_ADD, sum_tree(a, with), rest);
      }
    }
  }
  if (all == NULL)
    all = sum_tree(a, p);
  free(plain);
  free(with);
  return all;
}

node_t jac_polynomial_tree(struct jac_arena *arena, struct jac_polynomial *p) {
  if (p->count == 0)
    return jac_number(arena, 0.0);
  if (p->count == 1)
    return product_tree(arena, &p->term[0], NULL);
  struct jac_term common = jac_polynomial_content(p);
  bool bare = common.count == 0 && common.coefficient == 1.0;
  node_t sum = grouped(arena, p);
  return bare ? sum : product_tree(arena, &common, sum);
}
