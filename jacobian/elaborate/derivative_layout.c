/* The derivative of a term by variables: its shape and how it is laid out. */
#include "jacobian/elaborate/derivative_internal.h"

#include <string.h>

struct jac_type jac_by_type(elaboration *e, const struct jac_by *by) {
  struct jac_type type = by->symbol->type;
  bool row_one = jac_dim_is_one(type.rows), col_one = jac_dim_is_one(type.cols);
  if (by->row || by->column) {
    if ((by->row || row_one) && (by->column || col_one))
      return jac_type_number(e);
    if (by->row)
      type.rows = e->dims.one;
    if (by->column)
      type.cols = e->dims.one;
  }
  return type;
}

static struct jac_dim *length(elaboration *e, struct jac_type type) {
  if (jac_dim_is_one(type.rows))
    return type.cols;
  if (jac_dim_is_one(type.cols))
    return type.rows;
  return jac_dim_product(&e->dims, type.rows, type.cols);
}

static bool is_matrix(struct jac_type type) {
  return !jac_dim_is_one(type.rows) && !jac_dim_is_one(type.cols);
}

struct looked_for {
  const struct jac_symbol *symbol, *seen[200];
  size_t count;
  bool found;
};

static bool look(term *t, void *context) {
  struct looked_for *l = context;
  const struct jac_symbol *s = t->symbol;
  for (size_t k = 0; k < t->bys; k++)
    l->found = l->found || t->by[k].symbol == l->symbol;
  if (!s)
    return !l->found;
  l->found =
      l->found || s == l->symbol || (l->symbol->families && s->key == l->symbol->key);
  for (size_t k = 0; k < l->count; k++)
    if (l->seen[k] == s)
      return !l->found;
  if (l->count < sizeof l->seen / sizeof *l->seen)
    l->seen[l->count++] = s;
  if (s->body && !l->found)
    jac_term_walk(s->body, look, l);
  return !l->found;
}

bool jac_rests_on(term *t, const struct jac_symbol *symbol) {
  struct looked_for l = {.symbol = symbol};
  jac_term_walk(t, look, &l);
  return l.found;
}

/* How the entries of a matrix follow each other: as the author says, or column by column.
 */
static bool by_rows(elaboration *e, int transposed) {
  if (transposed == JAC_ROW_OF_COLUMNS)
    return false;
  bool said = jac_says(e, JAC_SAYS_BY_ROWS, JAC_SAYS_BY_ROWS) == JAC_SAYS_BY_ROWS;
  const char *site = jac_pool_text(e->scope->pool, "numbering");
  const char *rows = N_("matrices are numbered row by row"),
             *columns = N_("matrices are numbered column by column");
  return jac_choose2(e, site, said ? 6 : 0, said ? 0 : 6, said ? columns : NULL,
                     said ? NULL : rows, NULL) == 1;
}

/* A gradient where the author says that Jacobians have a row for every output: a row, the
 * variable's shape, or the transpose of the row: as in gradient_layout. */
static size_t numerator_gradient(elaboration *e, struct jac_type x) {
  struct jac_choice c = {.site = jac_pool_text(e->scope->pool, "gradient"),
                         .count = 3,
                         .price = {0, 1, 6},
                         .words = {NULL, N_("a gradient has the shape of its variable"),
                                   N_("the transpose layout: a row for every variable")}};
  if (jac_dim_is_one(x.rows))
    c.price[1] = JAC_PRICE_NEVER;
  static const size_t picks[] = {2, 0, 3};
  return picks[jac_choose(e, &c)];
}

/* How many numbers all variables are. */
static struct jac_dim *across_all(elaboration *e, size_t bys, const struct jac_by *by) {
  struct jac_dim *across = NULL;
  bool numbers = true;
  for (size_t k = 0; k < bys; k++) {
    struct jac_type type = jac_by_type(e, &by[k]);
    struct jac_dim *one = length(e, type);
    across = !across ? one : jac_dim_sum(&e->dims, across, one);
    numbers = numbers && jac_type_is_number(type);
  }
  return numbers ? jac_dim_fixed_new(&e->dims, bys) : across;
}

struct laid {
  struct jac_type type;
  enum jac_layout layout;
  bool by_rows;
};

/* Whether a Jacobian has a row for every variable, which the author may have said. */
static size_t by_variables(elaboration *e, const char *site) {
  bool said =
      jac_says(e, JAC_SAYS_DENOMINATOR, JAC_SAYS_NUMERATOR) == JAC_SAYS_DENOMINATOR;
  return jac_choose2(e, jac_pool_text(e->scope->pool, site), said ? 6 : 0, said ? 0 : 6,
                     said ? N_("a row for every output (numerator layout)") : NULL,
                     said ? NULL : N_("the transpose layout: a row for every variable"),
                     NULL);
}

/* Of a vector by a number. */
static struct laid tangent(elaboration *e, struct jac_type y, int transposed) {
  size_t pick = transposed ? 0 : by_variables(e, "tangent");
  if (pick)
    return (struct laid){jac_type_of(y.cols, y.rows), JAC_LAYOUT_OUTPUT_T, false};
  return (struct laid){y, JAC_LAYOUT_OUTPUT, false};
}

/* 0 the variable's shape, 1 its transpose, 2 a row, 3 a column. */
static size_t gradient_layout(elaboration *e, size_t bys, struct jac_type x,
                              int transposed) {
  if (transposed == 1 && bys == 1 && is_matrix(x))
    return 1;
  if (transposed)
    return transposed == 3 ? 3 : 2;
  if (jac_says(e, JAC_SAYS_NUMERATOR, JAC_SAYS_NUMERATOR))
    return numerator_gradient(e, bys == 1 ? x : jac_type_number(e));
  const char *site =
      jac_pool_printf(e->scope->pool, "%s%s", e->nabla ? "nabla" : "gradient",
                      is_matrix(x) ? "" : ":vector");
  return jac_choose2(e, site, 0, e->nabla ? 8 : 6, NULL,
                     N_("a gradient is a row (numerator layout)"), NULL);
}

/* Of a number. */
static struct laid gradient(elaboration *e, size_t bys, struct jac_type x,
                            struct jac_dim *across, int transposed) {
  bool matrix = bys == 1 && is_matrix(x);
  size_t pick = gradient_layout(e, bys, x, transposed);
  if (bys > 1 && pick < 2)
    pick = pick == 1 ? 2 : 3;
  switch (pick) {
  case 0:
    return (struct laid){x, JAC_LAYOUT_GRADIENT, false};
  case 1:
    return (struct laid){jac_type_of(x.cols, x.rows), JAC_LAYOUT_GRADIENT_T, false};
  case 2:
    return (struct laid){jac_type_of(e->dims.one, across), JAC_LAYOUT_JACOBIAN,
                         matrix && by_rows(e, transposed)};
  default:
    return (struct laid){jac_type_of(across, e->dims.one), JAC_LAYOUT_TRANSPOSED,
                         matrix && by_rows(e, transposed)};
  }
}

/* By vec X, of what is no vec itself: the author numbers the entries of X alone. */
static bool by_stacked(const term *y, const struct jac_by *by, struct jac_type x) {
  return by->symbol && !by->row && !by->column && is_matrix(by->symbol->type) &&
         !is_matrix(x) && !(y->kind == JAC_TERM_OP && y->construct == JAC_C_VEC);
}

/* Of a vector or a matrix by one: a row for every output, or its transpose. */
static struct laid jacobian(elaboration *e, const term *of, size_t bys,
                            const struct jac_by *by, struct jac_type x,
                            struct jac_dim *across, int transposed) {
  struct jac_type y = of->type;
  bool matrix = bys == 1 && is_matrix(x);
  bool stacked = bys == 1 && !matrix && by_stacked(of, by, x);
  size_t pick = transposed ? transposed == 3 : by_variables(e, "jacobian");
  bool rows = (is_matrix(y) || matrix || stacked) && by_rows(e, transposed);
  if (is_matrix(y) && matrix && !transposed)
    e->four = true;
  struct jac_dim *down = length(e, y);
  if (pick)
    return (struct laid){jac_type_of(across, down), JAC_LAYOUT_TRANSPOSED, rows};
  return (struct laid){jac_type_of(down, across), JAC_LAYOUT_JACOBIAN, rows};
}

/* dJ/dz^{(i)} with J a mean: of the sample's own loss, where that is chosen. */
static term *of_mean(elaboration *e, term *d, node *where) {
  const struct jac_symbol *y = d->child[0]->symbol;
  if (d->child[0]->kind != JAC_TERM_SYMBOL || !y->guessed || d->bys != 1 ||
      !d->by->place[0] || d->by->symbol->families != 1 ||
      jac_choose2(
          e, jac_pool_text(e->scope->pool, "mean of samples"), 0, 6, NULL,
          N_("a derivative by one sample is of that sample's loss, their mean is the "
             "loss"),
          NULL) == 0)
    return d;
  term *pair[2] = {jac_term_size(e, d->by->symbol->family[0], where), d};
  return pair[0] ? jac_term_op(e, JAC_C_SIDE, where, 2, pair) : NULL;
}

term *jac_derivative(elaboration *e, term *y, size_t bys, const struct jac_by *by,
                     struct jac_type x, int transposed, node *where) {
  if (!y || e->unfit)
    return NULL;
  const term *whole = y;
  while (whole->kind == JAC_TERM_ENTRY)
    whole = whole->child[0];
  if (bys == 1 && whole->kind == JAC_TERM_SYMBOL && !jac_rests_on(y, by->symbol)) {
    e->missing = by->symbol->key;
    return jac_unknown(e, where, "nothing says how %s depends on %s", whole->symbol->key,
                       by->symbol->key);
  }
  bool number = jac_type_is_number(y->type),
       by_number = jac_type_is_number(x) && bys == 1;
  struct jac_dim *across = bys > 1 ? across_all(e, bys, by) : length(e, x);
  struct laid laid = by_number && number
                         ? (struct laid){y->type, JAC_LAYOUT_OUTPUT, false}
                     : by_number ? tangent(e, y->type, transposed)
                     : number    ? gradient(e, bys, x, across, transposed)
                                 : jacobian(e, y, bys, by, x, across, transposed);
  struct jac_term *d = jac_term_new(e, JAC_TERM_DERIVATIVE, laid.type, where, 1, &y);
  struct jac_by *own = jac_pool_take(e->pool, bys * sizeof *own);
  if (!d || !own)
    return NULL;
  memcpy(own, by, bys * sizeof *own);
  d->by = own;
  d->bys = bys;
  d->layout = laid.layout;
  d->by_rows = laid.by_rows;
  return of_mean(e, d, where);
}
