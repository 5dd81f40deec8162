/* Whether a name that nobody explains is a number, a column, a row or a matrix. */
#include "jacobian/elaborate/names_internal.h"

#include <ctype.h>
#include <string.h>

/* The letter of a key, accents and fonts aside. */
static const char *bare(const char *key) {
  static const char *const fronts[] = {"hat_",   "tilde_", "bar_",  "dot_", "ddot_",
                                       "check_", "breve_", "ring_", "cal_", "bb_"};
  for (size_t k = 0; k < sizeof fronts / sizeof *fronts; k++)
    if (strncmp(key, fronts[k], strlen(fronts[k])) == 0)
      return bare(key + strlen(fronts[k]));
  return key;
}

static bool greek(const char *key) {
  static const char *const names[] = {
      "alpha",   "beta",   "gamma", "delta", "epsilon", "zeta", "eta",    "theta", "iota",
      "kappa",   "lambda", "mu",    "nu",    "xi",      "pi",   "rho",    "sigma", "tau",
      "upsilon", "phi",    "chi",   "psi",   "omega",   "ell",  "epsilon"};
  size_t n = strcspn(key, "_^'[(");
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (strlen(names[k]) == n && strncmp(names[k], key, n) == 0)
      return true;
  return false;
}

/* P V / (R T): where capitals divide and nothing is of arrays, all is numbers. */
static bool numbers_alone(elaboration *e) {
  const struct jac_evidence *all = e->evidence, *own = e->own;
  if (!all->divides || all->arrays || (own && own->arrays) ||
      jac_says(e, JAC_SAYS_ARRAYS, JAC_SAYS_NOTHING) == JAC_SAYS_ARRAYS)
    return false;
  for (size_t k = 0; own && k < own->pairs; k++) /* any loss is of layers */
    if (strcmp(own->pair[k].numerator, "d") != 0 &&
        !jac_definition_of(e, own->pair[k].numerator))
      return false;
  return true;
}

/* Whether a function that is defined has an argument called so. */
static bool argument(elaboration *e, const char *key) {
  for (size_t k = 0; k < e->evidence->definitions; k++) {
    const struct jac_definition *d = &e->evidence->definition[k];
    for (size_t n = 0; d->defines == JAC_DEFINES_FUNCTION && n < d->params; n++)
      if (jac_key(e, d->param[n]) == key)
        return true;
  }
  return false;
}

void jac_kind_prices(elaboration *e, const char *key, unsigned price[KINDS]) {
  static const unsigned lower[] = {3, 0, 4, 9}, upper[] = {12, 10, 11, 0},
                        small_greek[] = {0, 3, 6, 9}, bold[] = {9, 0, 3, 9},
                        number[] = {0, 8, 12, 9};
  const char *letter = bare(key);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  bool capital = isupper((unsigned char)*letter) != 0;
  const struct jac_usage *own = e->own ? jac_usage_of(e->own, key) : NULL;
  bool turned = (u && u->turned) || (own && own->turned);
  bool acted = (u && u->acted) || (own && own->acted); /* W \xi, a^T \beta */
  const unsigned *from = strncmp(key, "cal_", 4) == 0         ? small_greek
                         : capital                            ? upper
                         : u && u->bold                       ? bold
                         : greek(letter) && !turned && !acted ? small_greek
                                                              : lower;
  memcpy(price, from, KINDS * sizeof *price);
  if (!u)
    return;
  if (numbers_alone(e)) {
    memcpy(price, number, sizeof number);
    return;
  }
  bool entries = u->below[1] && (u->letters || u->digits);
  if ((own && own->straight) || u->bounds || u->divisor) {
    price[KIND_NUMBER] = 0;
    price[KIND_COLUMN] += 3;
    price[KIND_ROW] += 3;
  }
  if (entries && u->alone && u->letters) {
    /* f(x) = x e^{-x}, the law of each x_i: one of them may be meant. */
    price[KIND_NUMBER] = argument(e, key) ? 6 : price[KIND_NUMBER] + 9;
    if (!capital)
      price[KIND_COLUMN] = 0;
  }
  if (capital && (u->under || u->plain)) { /* z / T: who divides by a matrix? */
    price[KIND_NUMBER] = 0;
    price[KIND_MATRIX] += 6;
  }
  if (capital && u->constant && u->constant == u->times && !u->bold) {
    price[KIND_NUMBER] = 0; /* x^3 + C, of which W X + B is told by its shape */
    price[KIND_MATRIX] += 2;
  }
  if (capital && u->raises && !u->turned &&
      !u->bold) { /* F e^{-rT}: numbers, or e^{At} */
    price[KIND_NUMBER] = 1;
    price[KIND_COLUMN] = price[KIND_ROW] = 12;
  }
  if (u->exponents ||
      (u->named_powers && u->denominator)) { /* K^{\alpha - 1}: no matrix */
    price[KIND_NUMBER] = 0;
    price[KIND_COLUMN] += 3;
    price[KIND_ROW] += 3;
    price[KIND_MATRIX] += 9;
  }
  const struct jac_usage *scale = u->scale ? jac_usage_of(e->evidence, u->scale) : NULL;
  if (capital && scale && scale->bounds && u->scaled == u->times && !u->bold) {
    price[KIND_NUMBER] = 0; /* N D / 2, where a sum runs to N: two sizes */
    price[KIND_MATRIX] += 2;
  }
  if (acted)
    price[KIND_NUMBER] += 6;
  bool square = u->powered && !entries, plain = u->plain > 0;
  if ((square || plain) && !u->turned && !u->acted && !u->bold && !capital) {
    price[KIND_NUMBER] = 0; /* x^2: of a vector it is no square */
    price[KIND_COLUMN] += 3;
    price[KIND_ROW] += 3;
  }
  if (turned) /* who transposes a number? */
    price[KIND_NUMBER] += 9;
  if (u->below[2] && u->letters) {
    price[KIND_NUMBER] += 9;
    price[KIND_COLUMN] += 9;
    price[KIND_ROW] += 9;
    price[KIND_MATRIX] = 0;
  }
  if (capital && u->acts)
    price[KIND_NUMBER] += 20;
  if (u->normed) /* who takes the norm of a number? */
    price[KIND_NUMBER] += 20;
  if (u->squared && (capital || !u->turned)) { /* but x of x'x = tr(x'x) */
    price[KIND_NUMBER] = price[KIND_COLUMN] = price[KIND_ROW] = JAC_PRICE_NEVER;
    price[KIND_MATRIX] = 0;
  }
  enum jac_saying vectors = jac_says(e, JAC_SAYS_ROWS, JAC_SAYS_COLUMNS);
  if (vectors == JAC_SAYS_ROWS) {
    unsigned column = price[KIND_COLUMN];
    price[KIND_COLUMN] = price[KIND_ROW];
    price[KIND_ROW] = column;
  } else if (vectors == JAC_SAYS_COLUMNS)
    price[KIND_ROW] += 9;
}

static struct jac_dim *chosen(elaboration *e, struct jac_dim *dim, uint64_t because) {
  if (dim == e->dims.one) {
    struct jac_dim *one = jac_dim_free_new(&e->dims, NULL);
    if (one != e->dims.one)
      one->kind = JAC_DIM_ONE;
    dim = one;
  }
  if (dim != e->dims.one)
    dim->because |= because;
  return dim;
}

static struct jac_type type_of_kind(elaboration *e, enum kind kind, uint64_t because) {
  struct jac_dim *one = e->dims.one;
  struct jac_dim *rows =
      kind == KIND_COLUMN || kind == KIND_MATRIX ? jac_dim_free_new(&e->dims, NULL) : one;
  struct jac_dim *cols =
      kind == KIND_ROW || kind == KIND_MATRIX ? jac_dim_free_new(&e->dims, NULL) : one;
  return jac_type_of(chosen(e, rows, because), chosen(e, cols, because));
}

/* Whether W is hardly a vector or a number: W^T, or x W where vectors are rows. */
static bool hardly(elaboration *e, const char *key, enum kind kind) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (!u || u->bold || !isupper((unsigned char)*key) || jac_declared(e, key))
    return false;
  return (u->turned && kind != KIND_NUMBER) ||
         (u->scaled && jac_says(e, JAC_SAYS_ROWS, JAC_SAYS_COLUMNS) == JAC_SAYS_ROWS);
}

struct jac_type jac_choose_kind(elaboration *e, const char *key,
                                const unsigned price[KINDS]) {
  struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "kind:%s", key),
                         .about = key};
  enum kind kind[KINDS] = {KIND_NUMBER};
  bool rows = jac_says(e, JAC_SAYS_ROWS, JAC_SAYS_COLUMNS) == JAC_SAYS_ROWS;
  for (enum kind k = 0; k < KINDS; k++)
    if (price[k] < JAC_PRICE_NEVER) {
      if (rows && k == KIND_COLUMN && price[KIND_MATRIX] >= JAC_PRICE_NEVER)
        c.words[c.count] = N_("column vectors");
      kind[c.count] = k;
      c.price[c.count++] = price[k];
    }
  size_t pick = jac_choose(e, &c);
  if (kind[pick] != KIND_MATRIX && hardly(e, key, kind[pick]))
    e->excuse = N_("it holds where a capital letter is no matrix: declare the shapes");
  return type_of_kind(e, kind[pick], c.count > 1 ? jac_choice_bit(e, c.site) : 0);
}
