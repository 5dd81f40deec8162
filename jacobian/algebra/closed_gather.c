/* Long: the ways in which two summands are one; they share what counts as alike. The
 * summands of a closed form: gathered, common factors taken out, added. */
#include "jacobian/algebra/closed_internal.h"

#include <math.h>
#include <string.h>

static bool same_scalar(const struct part *a, const struct part *b) {
  if (a->scalar.factors != b->scalar.factors)
    return false;
  for (size_t k = 0; k < a->scalar.factors; k++) {
    bool found = false;
    for (size_t j = 0; j < b->scalar.factors; j++)
      found =
          found || (a->scalar.factor[k].power == b->scalar.factor[j].power &&
                    jac_term_equal(a->scalar.factor[k].base, b->scalar.factor[j].base));
    if (!found)
      return false;
  }
  return true;
}

static size_t common(const struct part *a, const struct part *b, bool end) {
  size_t n = 0;
  while (n < a->count && n < b->count &&
         jac_term_equal(a->chain[end ? a->count - 1 - n : n],
                        b->chain[end ? b->count - 1 - n : n]))
    n++;
  return n;
}

/* What is left of a chain without its first and last factors: I where nothing is. */
static term_t rest(struct jac_make *m, const struct part *p, size_t first, size_t last) {
  if (p->count > first + last)
    return jac_chain_product(m, p->chain + first, p->count - first - last);
  struct jac_dim *size =
      last ? p->chain[p->count - last]->type.rows : p->chain[first - 1]->type.cols;
  return jac_make_sized(m, JAC_TERM_EYE, size, size);
}

static term_t scaled(struct jac_make *m, double c, term_t t) {
  return c == 1 ? t : jac_make_times(m, jac_make_number(m, c), t);
}

static bool is_diag(term_t t) {
  return is_op(t, JAC_C_DIAG) && !jac_dim_is_one(t->type.cols);
}

enum { SHARED = 12 };

/* The factors of a product entry by entry. */
static void entry_factors(struct jac_make *m, term_t t, bool turned, term_t *factor,
                          size_t *count) {
  bool product =
      is_op(t, JAC_C_HADAMARD) && strcmp(t->reading->type, "(r,c)(r,c)->(r,c)") == 0;
  if (is_op(t, JAC_C_TRANSPOSE))
    entry_factors(m, t->child[0], !turned, factor, count);
  else if (product && *count + 2 <= SHARED) {
    entry_factors(m, t->child[0], turned, factor, count);
    entry_factors(m, t->child[1], turned, factor, count);
  } else if (*count < SHARED)
    factor[(*count)++] = turned ? jac_closed_turn(m, t) : t;
}

static term_t entry_product(struct jac_make *m, const term_t *factor, size_t count) {
  term_t t = NULL;
  for (size_t k = 0; k < count; k++)
    t = t ? jac_make_hadamard(m, t, factor[k]) : factor[k];
  return t ? t : jac_make_number(m, 1);
}

static term_t added(struct jac_make *m, double cx, term_t p, double cy, term_t q,
                    double *c);

/* w . u + w . v is w . (u + v), entry by entry; NULL: they have no factor in common. */
static term_t added_by_entries(struct jac_make *m, double cx, term_t p, double cy,
                               term_t q, double *c) {
  term_t x[SHARED], y[SHARED], both[SHARED];
  size_t nx = 0, ny = 0, shared = 0;
  entry_factors(m, p, false, x, &nx);
  entry_factors(m, q, false, y, &ny);
  for (size_t k = 0; k < nx; k++)
    for (size_t n = 0; n < ny; n++)
      if (jac_term_equal(x[k], y[n])) {
        both[shared++] = x[k];
        memmove(&x[k], &x[k + 1], (--nx - k) * sizeof *x);
        memmove(&y[n], &y[n + 1], (--ny - n) * sizeof *y);
        k--;
        break;
      }
  if (!shared || jac_type_is_number(p->type) || (!nx && !ny))
    return NULL;
  term_t sum = added(m, cx, entry_product(m, x, nx), cy, entry_product(m, y, ny), c);
  return sum ? jac_make_hadamard(m, entry_product(m, both, shared), sum) : NULL;
}

/* The two added, numbers before them: c times (p + q), p - q or q - p. */
static term_t added(struct jac_make *m, double cx, term_t p, double cy, term_t q,
                    double *c) {
  *c = fabs(cx) == fabs(cy) ? fabs(cx) : 1;
  if (is_diag(p) && is_diag(q)) { /* diag(u) + diag(v) is diag(u + v) */
    term_t u = p->child[0], v = q->child[0];
    bool across = jac_dim_is_one(u->type.rows), aside = jac_dim_is_one(v->type.rows);
    return jac_make_diag(
        m, added(m, cx, u, cy, across == aside ? v : jac_closed_turn(m, v), c));
  }
  term_t entries = added_by_entries(m, cx, p, cy, q, c);
  if (entries)
    return entries;
  cx /= *c;
  cy /= *c;
  if (cx < 0 && cy < 0) {
    *c = -*c;
    cx = -cx;
    cy = -cy;
  }
  return cx < 0   ? jac_make_subtract(m, scaled(m, cy, q), scaled(m, -cx, p))
         : cy < 0 ? jac_make_subtract(m, scaled(m, cx, p), scaled(m, -cy, q))
                  : jac_make_add(m, scaled(m, cx, p), scaled(m, cy, q));
}

static bool is_kron(term_t t) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, "(p,q)(r,s)->(p*r,q*s)") == 0;
}

/* I (x) A + I (x) B is I (x) (A + B). */
static bool gather_kron(struct jac_make *m, struct part *x, const struct part *y) {
  if (x->count != 1 || y->count != 1 || !is_kron(x->chain[0]) || !is_kron(y->chain[0]))
    return false;
  const term_t *a = x->chain[0]->child, *b = y->chain[0]->child;
  bool left = jac_term_equal(a[0], b[0]);
  if (!left && !jac_term_equal(a[1], b[1]))
    return false;
  double c;
  term_t s =
      added(m, x->coefficient, a[left ? 1 : 0], y->coefficient, b[left ? 1 : 0], &c);
  term_t whole = left ? jac_make_kron(m, a[0], s) : jac_make_kron(m, s, a[1]);
  if (!whole)
    return false;
  x->coefficient = c;
  x->chain[0] = whole;
  return true;
}

/* A (x) B + (B (x) A) K is (I + K) (A (x) B), into x: K (A (x) B) is (B (x) A) K. */
static bool gather_commuted(struct jac_make *m, struct part *x, const struct part *y) {
  const struct part *straight = x->count == 1 ? x : y, *crossed = straight == x ? y : x;
  if (straight->count != 1 || crossed->count != 2 || !is_kron(straight->chain[0]) ||
      !is_kron(crossed->chain[0]) || crossed->chain[1]->kind != JAC_TERM_COMMUTATION ||
      fabs(x->coefficient) != fabs(y->coefficient))
    return false;
  term_t whole = straight->chain[0];
  const term_t *a = whole->child, *b = crossed->chain[0]->child;
  if (!jac_term_equal(a[0], b[1]) || !jac_term_equal(a[1], b[0]))
    return false;
  term_t eye = jac_make_sized(m, JAC_TERM_EYE, whole->type.rows, whole->type.rows),
         k = jac_make_commutation(m, a[1]->type.rows, a[0]->type.rows);
  x->chain[0] = straight->coefficient == crossed->coefficient
                    ? jac_make_add(m, eye, k)
                    : jac_make_subtract(m, eye, k);
  x->chain[1] = whole;
  x->coefficient = straight->coefficient;
  x->count = 2;
  return true;
}

/* Two diagonal matrices are one. */
static bool gather_diag(struct jac_make *m, struct part *x, const struct part *y) {
  if (x->count != 1 || y->count != 1 || !is_diag(x->chain[0]) || !is_diag(y->chain[0]))
    return false;
  double c;
  term_t both = added(m, x->coefficient, x->chain[0], y->coefficient, y->chain[0], &c);
  if (!both)
    return false;
  x->coefficient = c;
  x->chain[0] = both;
  return true;
}

/* Two products entry by entry with a factor in common. */
static bool gather_entries(struct jac_make *m, struct part *x, const struct part *y) {
  double c;
  if (x->count != 1 || y->count != 1)
    return false;
  term_t both =
      added_by_entries(m, x->coefficient, x->chain[0], y->coefficient, y->chain[0], &c);
  if (!both)
    return false;
  x->coefficient = c;
  x->chain[0] = both;
  return true;
}

/* A x + B x is (A + B) x, into x: what they begin and end with is taken out. A number
 * alone is no matrix to be left. */
static bool take_out(struct jac_make *m, struct part *x, const struct part *y,
                     size_t first, size_t last) {
  term_t p = rest(m, x, first, last), q = rest(m, y, first, last);
  struct part out = {.scalar = x->scalar};
  if (!p || !q || jac_type_is_number(p->type) ||
      (x->count == first + last && jac_dim_is_one(p->type.rows)))
    return false;
  term_t s = added(m, x->coefficient, p, y->coefficient, q, &out.coefficient);
  if (!s)
    return false;
  for (size_t k = 0; k < first; k++)
    out.chain[out.count++] = x->chain[k];
  out.chain[out.count++] = s;
  for (size_t k = 0; k < last; k++)
    out.chain[out.count++] = x->chain[x->count - last + k];
  *x = out;
  return true;
}

static size_t least(size_t a, size_t b, size_t c) {
  size_t n = a < b ? a : b;
  return n < c ? n : c;
}

/* The longer of what they end and begin with, and of the other end what is left. */
static bool gather_ends(struct jac_make *m, struct part *x, const struct part *y) {
  size_t last = common(x, y, true), first = common(x, y, false);
  if (last == x->count && last == y->count) {
    x->coefficient += y->coefficient;
    return true;
  }
  bool end = last >= first;
  size_t most = end ? last : first;
  size_t other = least(end ? first : last, x->count - most, y->count - most);
  return (other > 0 && take_out(m, x, y, end ? other : most, end ? most : other)) ||
         (most > 0 && take_out(m, x, y, end ? 0 : most, end ? most : 0));
}

/* Two summands become one. */
static bool gather(struct jac_make *m, struct part *part, size_t *count) {
  for (size_t a = 0; a < *count; a++)
    for (size_t b = a + 1; b < *count; b++) {
      struct part *x = &part[a], *y = &part[b];
      if (!same_scalar(x, y) ||
          (!gather_ends(m, x, y) && !gather_diag(m, x, y) && !gather_kron(m, x, y) &&
           !gather_commuted(m, x, y) && !gather_entries(m, x, y)))
        continue;
      memmove(y, y + 1, (--*count - b) * sizeof *part);
      return true;
    }
  return false;
}

/* Long: what stands above and below the line, each with its sign. */
term_t jac_part_term(struct jac_make *m, const struct part *p, double coefficient) {
  mono scalar = p->scalar;
  scalar.coefficient = 1;
  term_t above = NULL, below = NULL;
  jac_make_size_of(m, coefficient, &above, &below);
  for (size_t k = 0; k < scalar.factors; k++) {
    const struct jac_factor *f = &scalar.factor[k];
    term_t t = jac_make_power(m, f->base, fabs(f->power));
    term_t *side = f->power > 0 ? &above : &below;
    *side = *side ? jac_make_times(m, *side, t) : t;
  }
  term_t matrix = jac_chain_product(m, p->chain, p->count);
  if (!matrix)
    return NULL;
  bool over = is_op(matrix, JAC_C_DOTDIVIDE) && jac_term_is_number(matrix->child[0], 1);
  if (above && over) /* prod(x) ./ x */
    matrix = jac_make_divide(m, above, matrix->child[1]);
  else if (above && !(matrix->kind == JAC_TERM_NUMBER && matrix->number == 1))
    matrix = jac_make_times(m, above, matrix);
  else if (above)
    matrix = above;
  if (below)
    matrix = jac_make_divide(m, matrix, below);
  return matrix;
}

/* The power of a number in a summand; 0: it is not there. */
static double power_of(const struct part *p, term_t base) {
  for (size_t k = 0; k < p->scalar.factors; k++)
    if (jac_term_equal(p->scalar.factor[k].base, base))
      return p->scalar.factor[k].power;
  return 0;
}

static void lower(struct part *p, term_t base, double power) {
  mono *s = &p->scalar;
  for (size_t k = 0; k < s->factors; k++)
    if (jac_term_equal(s->factor[k].base, base)) {
      s->factor[k].power -= power;
      if (s->factor[k].power == 0)
        memmove(&s->factor[k], &s->factor[k + 1], (--s->factors - k) * sizeof *s->factor);
      return;
    }
}

/* Takes the numbers that all summands have out of them, into outer. */
static void take_common(struct part *part, size_t count, struct part *outer) {
  const mono first = part[0].scalar;
  for (size_t k = 0; k < first.factors; k++) {
    double least = first.factor[k].power;
    for (size_t n = 1; n < count; n++) {
      double power = power_of(&part[n], first.factor[k].base);
      least = power * least <= 0 ? 0 : fabs(power) < fabs(least) ? power : least;
    }
    if (least == 0)
      continue;
    outer->scalar.factor[outer->scalar.factors++] =
        (struct jac_factor){first.factor[k].base, least};
    for (size_t n = 0; n < count; n++)
      lower(&part[n], first.factor[k].base, least);
  }
  double size = fabs(part[0].coefficient);
  bool same = true, negative = true;
  for (size_t k = 0; k < count; k++) {
    same = same && fabs(part[k].coefficient) == size;
    negative = negative && part[k].coefficient < 0;
  }
  outer->coefficient = (same ? size : 1) * (negative ? -1 : 1);
}

/* The summands added; what is added comes first. Their coefficients are divided by that
 * of outer. */
static term_t summed(struct jac_make *m, const struct part *part, size_t count,
                     const struct part *outer) {
  term_t sum = NULL;
  size_t first = 0;
  while (first < count && part[first].coefficient / outer->coefficient < 0)
    first++;
  if (first == count)
    first = 0;
  for (size_t n = 0; n < count; n++) {
    size_t k = n == 0 ? first : n <= first ? n - 1 : n;
    double c = part[k].coefficient / outer->coefficient;
    term_t t = jac_part_term(m, &part[k], c);
    sum = !sum    ? (c < 0 ? jac_make_negate(m, t) : t)
          : c < 0 ? jac_make_subtract(m, sum, t)
                  : jac_make_add(m, sum, t);
  }
  return sum;
}

static term_t total(struct jac_make *m, struct part *part, size_t count) {
  struct part outer = {.coefficient = 1, .scalar = {.coefficient = 1}};
  if (count > 1)
    take_common(part, count, &outer);
  term_t sum = summed(m, part, count, &outer);
  if (!sum || count == 1)
    return sum;
  outer.chain[outer.count++] = sum;
  term_t t = jac_part_term(m, &outer, fabs(outer.coefficient));
  return outer.coefficient < 0 ? jac_make_negate(m, t) : t;
}

/* s A x - B x / t is (s A - B / t) x, into x: the numbers before them differ. */
static bool gather_scaled(struct jac_make *m, struct part *x, const struct part *y) {
  size_t last = common(x, y, true), first = common(x, y, false);
  bool end = last >= first;
  size_t most = end ? last : first;
  if (most == 0 || x->count == most || y->count == most)
    return false;
  struct part pair[2] = {*x, *y}, out = {.coefficient = 1, .scalar = {.coefficient = 1}};
  for (size_t k = 0; k < 2; k++) {
    pair[k].count -= most;
    if (!end)
      memmove(pair[k].chain, pair[k].chain + most, pair[k].count * sizeof(term_t));
  }
  take_common(pair, 2, &out);
  term_t sum = summed(m, pair, 2, &out);
  if (!sum)
    return false;
  const term_t *shared = end ? x->chain + x->count - most : x->chain;
  if (end)
    out.chain[out.count++] = sum;
  for (size_t k = 0; k < most; k++)
    out.chain[out.count++] = shared[k];
  if (!end)
    out.chain[out.count++] = sum;
  *x = out;
  return true;
}

/* diag(u) v at the end of a chain is u . v. */
static struct part by_entries(struct jac_make *m, const struct part *p) {
  struct part out = *p;
  size_t n = p->count;
  bool ends = n > 1 && is_diag(p->chain[n - 2]) &&
              jac_dim_is_one(p->chain[n - 1]->type.cols) &&
              jac_dim_is_one(p->chain[n - 2]->child[0]->type.cols);
  if (!ends)
    return out;
  term_t u = p->chain[n - 2]->child[0], v = p->chain[n - 1];
  out.chain[n - 2] =
      jac_term_equal(u, v) ? jac_make_power(m, u, 2) : jac_make_hadamard(m, u, v);
  out.count = n - 1;
  return out.chain[n - 2] ? out : *p;
}

static bool same_chain(const struct part *a, const struct part *b) {
  return a->count == b->count && common(a, b, false) == a->count;
}

/* Summands that are one but for their numbers become one. */
static void add_like(struct jac_make *m, struct part *part, size_t *count) {
  for (size_t a = 0; a < *count; a++)
    for (size_t b = a + 1; b < *count; b++) {
      struct part *x = &part[a], *y = &part[b], u = by_entries(m, x),
                  v = by_entries(m, y);
      if (!same_scalar(x, y) || (!same_chain(x, y) && !same_chain(&u, &v)))
        continue;
      *x = same_chain(x, y) ? *x : u;
      x->coefficient += y->coefficient;
      memmove(y, y + 1, (--*count - b) * sizeof *part);
      b--;
    }
  size_t kept = 0;
  for (size_t k = 0; k < *count; k++)
    if (part[k].coefficient != 0)
      part[kept++] = part[k];
  *count = kept;
}

/* The numbers of a sum of numbers, each once. */
struct addends {
  double coefficient[PARTS];
  term_t term[PARTS];
  size_t count;
};

static bool add_number(struct addends *s, term_t t, double sign) {
  bool minus = is_op(t, JAC_C_SUBTRACT);
  if (minus || is_op(t, JAC_C_ADD))
    return add_number(s, t->child[0], sign) &&
           add_number(s, t->child[1], minus ? -sign : sign);
  if (is_op(t, JAC_C_NEGATE))
    return add_number(s, t->child[0], -sign);
  bool number = t->kind == JAC_TERM_NUMBER;
  for (size_t k = 0; k < s->count; k++)
    if (number ? s->term[k]->kind == JAC_TERM_NUMBER : jac_term_equal(s->term[k], t)) {
      s->coefficient[k] += number ? sign * t->number : sign;
      return true;
    }
  if (s->count == PARTS)
    return false;
  s->coefficient[s->count] = number ? sign * t->number : sign;
  s->term[s->count++] = t;
  return true;
}

/* 1 - f - f is 1 - 2 f; what is added comes first. */
static term_t number_sum(struct jac_make *m, term_t t) {
  struct addends s = {.count = 0};
  term_t sum = NULL;
  if (!t || !add_number(&s, t, 1))
    return t;
  for (int pass = 0; pass < 2; pass++)
    for (size_t k = 0; k < s.count; k++) {
      double c = s.coefficient[k], size = fabs(c);
      if (c == 0 || (c < 0) != (pass == 1))
        continue;
      term_t one = s.term[k]->kind == JAC_TERM_NUMBER ? jac_make_number(m, size)
                   : size == 1                        ? s.term[k]
                               : jac_make_times(m, jac_make_number(m, size), s.term[k]);
      sum = !sum    ? (c < 0 ? jac_make_negate(m, one) : one)
            : c < 0 ? jac_make_subtract(m, sum, one)
                    : jac_make_add(m, sum, one);
    }
  return sum ? sum : jac_make_number(m, 0);
}

/* (1 - f) x x' - f x x' is (1 - 2 f) x x', into x: the matrices are the same, the numbers
 * before them are not. */
static bool gather_numbers(struct jac_make *m, struct part *x, const struct part *y) {
  if (!same_chain(x, y) || x->count == 0 || jac_type_is_number(x->chain[0]->type))
    return false;
  struct part pair[2] = {*x, *y}, out = {.coefficient = 1, .scalar = {.coefficient = 1}};
  take_common(pair, 2, &out);
  for (size_t k = 0; k < 2; k++) {
    pair[k].chain[0] = jac_make_number(m, 1);
    pair[k].count = 1;
  }
  term_t sum = number_sum(m, summed(m, pair, 2, &out));
  if (!sum || !jac_monomial_times(m, &out.scalar, sum, 1))
    return false;
  out.coefficient *= out.scalar.coefficient;
  out.scalar.coefficient = 1;
  memcpy(out.chain, x->chain, sizeof out.chain);
  out.count = x->count;
  *x = out;
  return true;
}

/* A matrix into a summand's product: its factors, its numbers before all. */
static bool put_factors(struct jac_make *m, struct part *p, term_t t) {
  bool side = is_op(t, JAC_C_SIDE) || is_op(t, JAC_C_STAR);
  bool scaled = side && strcmp(t->reading->type, "1(r,c)->(r,c)") == 0,
       product = side && strcmp(t->reading->type, "(r,k)(k,c)->(r,c)") == 0;
  if (is_op(t, JAC_C_NEGATE)) {
    p->coefficient = -p->coefficient;
    return put_factors(m, p, t->child[0]);
  }
  if (is_op(t, JAC_C_DIVIDE) && jac_type_is_number(t->child[1]->type))
    return jac_monomial_times(m, &p->scalar, t->child[1], -1) &&
           put_factors(m, p, t->child[0]);
  if (scaled)
    return jac_monomial_times(m, &p->scalar, t->child[0], 1) &&
           put_factors(m, p, t->child[1]);
  if (product)
    return put_factors(m, p, t->child[0]) && put_factors(m, p, t->child[1]);
  if (p->count == CHAIN)
    return false;
  p->chain[p->count++] = t;
  return true;
}

/* A summand with one of the two sides of a sum at place k. */
static bool opened_side(struct jac_make *m, const struct part *p, size_t k, size_t side,
                        struct part *out) {
  term_t sum = p->chain[k];
  *out = *p;
  out->count = k;
  if (side == 1 && is_op(sum, JAC_C_SUBTRACT))
    out->coefficient = -out->coefficient;
  if (!put_factors(m, out, sum->child[side]))
    return false;
  for (size_t n = k + 1; n < p->count; n++) {
    if (out->count == CHAIN)
      return false;
    out->chain[out->count++] = p->chain[n];
  }
  out->coefficient *= out->scalar.coefficient;
  out->scalar.coefficient = 1;
  return true;
}

static bool is_sum_of_matrices(term_t t) {
  return (is_op(t, JAC_C_ADD) || is_op(t, JAC_C_SUBTRACT)) &&
         strcmp(t->reading->type, "(r,c)(r,c)->(r,c)") == 0;
}

/* (x - y) - (x - z) is z - y, f x y' - (z - f x) y' is 2 f x y' - z y': sums that are
 * `which` are opened where that leaves no more summands; ALL: those that are alone. */
enum { ALL = -1 };

static bool open_sums(struct jac_make *m, struct part *part, size_t *count, int which) {
  struct part *open = jac_pool_take(m->pool, PARTS * sizeof *open);
  size_t n = 0;
  bool opened = false;
  for (size_t k = 0; k < *count && open; k++) {
    size_t at = 0;
    while (at < part[k].count && !is_sum_of_matrices(part[k].chain[at]))
      at++;
    bool sum =
        at < part[k].count && (which == ALL ? part[k].count == 1 : which == (int)k);
    if (n + 2 > PARTS)
      return false;
    open[n++] = part[k];
    if (!sum)
      continue;
    if (!opened_side(m, &part[k], at, 0, &open[n - 1]) ||
        !opened_side(m, &part[k], at, 1, &open[n]))
      return false;
    n++;
    opened = true;
  }
  if (!open || !opened)
    return false;
  add_like(m, open, &n);
  if (n > *count)
    return false;
  memcpy(part, open, n * sizeof *part);
  *count = n;
  return true;
}

term_t jac_parts_gather(struct jac_make *m, struct part *part, size_t *parts) {
  size_t count = *parts;
  add_like(m, part, &count);
  open_sums(m, part, &count, ALL);
  for (int k = 0; k < (int)count; k++)
    open_sums(m, part, &count, k);
  while (gather(m, part, &count))
    ;
  size_t kept = 0;
  for (size_t k = 0; k < count; k++)
    if (part[k].coefficient != 0)
      part[kept++] = part[k];
  for (size_t a = 0; a < kept; a++)
    for (size_t b = a + 1; b < kept; b++)
      if (gather_numbers(m, &part[a], &part[b]) || gather_scaled(m, &part[a], &part[b])) {
        memmove(&part[b], &part[b + 1], (--kept - b) * sizeof *part);
        b = a;
      }
  *parts = kept;
  return kept ? total(m, part, kept) : NULL;
}
