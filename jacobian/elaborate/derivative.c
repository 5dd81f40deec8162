/* Derivatives: fractions of differentials, nabla, J and H; what is differentiated, by
 * what, and how the result is laid out. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <stdio.h>
#include <string.h>

static node *base_of(node *n) {
  return n->form == JAC_S_SCRIPT ? n->child[0] : n;
}

bool jac_is_derivative(node *n) {
  if (!n || (n->form != JAC_S_FRACTION &&
             !(n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE)))
    return false;
  node *above = jac_inside(n->child[0]), *below = jac_inside(n->child[1]);
  node *sign = above->form == JAC_S_SIDE ? above->child[0] : above;
  return jac_is_differential(sign) && below->form == JAC_S_SIDE &&
         jac_is_differential(below->child[0]);
}

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

static bool numbered_by_rows(elaboration *e) {
  bool said = jac_says(e, JAC_SAYS_BY_ROWS, JAC_SAYS_BY_ROWS) == JAC_SAYS_BY_ROWS;
  const char *site = jac_pool_text(e->scope->pool, "numbering");
  const char *rows = N_("matrices are numbered row by row"),
             *columns = N_("matrices are numbered column by column");
  return jac_choose2(e, site, said ? 6 : 0, said ? 0 : 6, said ? columns : NULL,
                     said ? NULL : rows, NULL) == 1;
}

/* A gradient where the author says that Jacobians have a row for every output: a row, the
 * variable's shape, or the transpose of the row. 0 ... 3: as in jac_derivative. */
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

/* transposed: 0 not, 1 by x^T (the layout is said), 2 the letter J (likewise), 3 as a
 * column whatever (a Hessian's gradient). */
term *jac_derivative(elaboration *e, term *y, size_t bys, const struct jac_by *by,
                     struct jac_type x, int transposed, node *where) {
  if (!y || e->unfit)
    return NULL;
  if (bys == 1 && y->kind == JAC_TERM_SYMBOL && !jac_rests_on(y, by->symbol)) {
    e->missing = by->symbol->key;
    return jac_unknown(e, where, "nothing says how %s depends on %s", y->symbol->key,
                       by->symbol->key);
  }
  bool y1 = jac_type_is_number(y->type), x1 = jac_type_is_number(x) && bys == 1;
  struct jac_type type;
  enum jac_layout layout;
  bool by_rows = false;
  struct jac_dim *across = NULL;
  if (bys > 1) {
    for (size_t k = 0; k < bys; k++) {
      struct jac_dim *one = length(e, jac_by_type(e, &by[k]));
      across = !across ? one : jac_dim_sum(&e->dims, across, one);
    }
    bool all_numbers = true;
    for (size_t k = 0; k < bys; k++)
      all_numbers = all_numbers && jac_type_is_number(jac_by_type(e, &by[k]));
    if (all_numbers)
      across = jac_dim_fixed_new(&e->dims, bys);
  } else
    across = length(e, x);
  if (x1 && y1) {
    layout = JAC_LAYOUT_OUTPUT;
    type = y->type;
  } else if (x1) {
    size_t pick =
        transposed
            ? 0
            : jac_choose2(e, jac_pool_text(e->scope->pool, "tangent"), 0, 6, NULL,
                          N_("the transpose layout: a row for every variable"), NULL);
    layout = pick ? JAC_LAYOUT_OUTPUT_T : JAC_LAYOUT_OUTPUT;
    type = pick ? jac_type_of(y->type.cols, y->type.rows) : y->type;
  } else if (y1) {
    size_t pick;
    if (transposed == 1 && bys == 1 && is_matrix(x))
      pick = 1;
    else if (transposed == 1 || transposed == 2)
      pick = 2;
    else if (transposed == 3)
      pick = 3;
    else if (jac_says(e, JAC_SAYS_NUMERATOR, JAC_SAYS_NUMERATOR))
      pick = numerator_gradient(e, bys == 1 ? x : jac_type_number(e));
    else
      pick = jac_choose2(e,
                         jac_pool_printf(e->scope->pool, "%s%s",
                                         e->nabla ? "nabla" : "gradient",
                                         is_matrix(x) ? "" : ":vector"),
                         0, e->nabla ? 8 : 6, NULL,
                         N_("a gradient is a row (numerator layout)"), NULL);
    if (bys > 1 && pick < 2)
      pick = pick == 1 ? 2 : 3;
    layout = pick == 0   ? JAC_LAYOUT_GRADIENT
             : pick == 1 ? JAC_LAYOUT_GRADIENT_T
             : pick == 2 ? JAC_LAYOUT_JACOBIAN
                         : JAC_LAYOUT_TRANSPOSED;
    if (pick >= 2 && bys == 1 && is_matrix(x))
      by_rows = numbered_by_rows(e);
    type = pick == 0   ? x
           : pick == 1 ? jac_type_of(x.cols, x.rows)
           : pick == 2 ? jac_type_of(e->dims.one, across)
                       : jac_type_of(across, e->dims.one);
  } else {
    size_t pick =
        transposed
            ? transposed == 3
            : jac_choose2(e, jac_pool_text(e->scope->pool, "jacobian"), 0, 6, NULL,
                          N_("the transpose layout: a row for every variable"), NULL);
    if (is_matrix(y->type) || (bys == 1 && is_matrix(x)))
      by_rows = numbered_by_rows(e);
    if (is_matrix(y->type) && bys == 1 && is_matrix(x) && !transposed)
      e->four = true;
    struct jac_dim *down = length(e, y->type);
    layout = pick ? JAC_LAYOUT_TRANSPOSED : JAC_LAYOUT_JACOBIAN;
    type = pick ? jac_type_of(across, down) : jac_type_of(down, across);
  }
  struct jac_term *d = jac_term_new(e, JAC_TERM_DERIVATIVE, type, where, 1, &y);
  struct jac_by *own = jac_pool_take(e->pool, bys * sizeof *own);
  if (!d || !own)
    return NULL;
  memcpy(own, by, bys * sizeof *own);
  d->by = own;
  d->bys = bys;
  d->layout = layout;
  d->by_rows = by_rows;
  /* dJ/dz^{(i)} with J a mean: of the sample's own loss. */
  if (y->kind == JAC_TERM_SYMBOL && y->symbol->guessed && bys == 1 && by->place[0] &&
      by->symbol->families == 1 &&
      jac_choose2(
          e, jac_pool_text(e->scope->pool, "mean of samples"), 0, 6, NULL,
          N_("a derivative by one sample is of that sample's loss, their mean is the "
             "loss"),
          NULL) == 1) {
    term *pair[2] = {jac_term_size(e, by->symbol->family[0], where), d};
    return pair[0] ? jac_term_op(e, JAC_C_SIDE, where, 2, pair) : NULL;
  }
  return d;
}

/* A variable as written: x, W_{ij}, x^T, vec(X), (vec X)^T. */
struct variable {
  struct jac_by by;
  struct jac_type type;
  bool transposed;
  bool squared; /* \sigma^2, where sigma is the symbol */
};

static bool variable_term(elaboration *e, term *x, struct variable *v, node *where) {
  switch (x->kind) {
  case JAC_TERM_SYMBOL:
    v->by = (struct jac_by){.symbol = x->symbol};
    for (size_t k = 0; k < x->count; k++)
      v->by.place[k] = x->child[k];
    v->type = x->type;
    return true;
  case JAC_TERM_ENTRY:
    if (!variable_term(e, x->child[0], v, where))
      return false;
    v->by.row = x->child[1];
    v->by.column = x->child[2];
    v->type = x->type;
    return true;
  case JAC_TERM_OP:
    if (x->construct == JAC_C_TRANSPOSE) {
      v->transposed = !v->transposed;
      return variable_term(e, x->child[0], v, where);
    }
    if (x->construct == JAC_C_VEC) {
      bool good = variable_term(e, x->child[0], v, where);
      v->type = jac_type_of(x->type.rows, e->dims.one);
      return good;
    }
    if (x->construct == JAC_C_POWER && x->child[1]->kind == JAC_TERM_NUMBER &&
        x->child[1]->number == 2 && jac_type_is_number(x->type)) {
      v->squared = true;
      return variable_term(e, x->child[0], v, where);
    }
    break;
  default:
    break;
  }
  jac_unknown(e, where, "a derivative is taken with respect to a name");
  return false;
}

static bool read_variable(elaboration *e, node *n, struct variable *v) {
  *v = (struct variable){.transposed = false};
  struct jac_bound *outer = e->bound;
  term *x = jac_elaborate(e, n);
  e->bound = outer;
  return x && variable_term(e, x, v, n);
}

enum { VARIABLES = 8 };

/* The variables below a fraction: \partial x \partial y^T, \partial x^2, \partial(a, b).
 */
static size_t read_variables(elaboration *e, node *below, size_t order,
                             node *out[VARIABLES], node **tuple) {
  size_t count = 0;
  *tuple = NULL;
  for (size_t k = 0; k < below->count;) {
    if (!jac_is_differential(below->child[k])) {
      jac_unknown(e, below, "what is differentiated by is not read");
      return 0;
    }
    size_t from = ++k;
    if (k < below->count && jac_is_name(below->child[k - 1], "partial") &&
        jac_is_name(below->child[k], "d")) /* a variable that is called d */
      k++;
    while (k < below->count && !jac_is_differential(below->child[k]))
      k++;
    if (k == from || count == VARIABLES) {
      jac_unknown(e, below, "what is differentiated by is not read");
      return 0;
    }
    node *one = k - from == 1 ? below->child[from]
                              : jac_notation_node(e->scope->pool, below, k - from,
                                                  below->child + from);
    node *inside = jac_inside(one);
    if (inside->form == JAC_S_LIST) {
      *tuple = inside;
      return 1;
    }
    if (inside->form != JAC_S_SIDE || one->form == JAC_S_GROUP)
      one = inside->form == JAC_S_SIDE ? one : inside;
    /* \partial x^2 of a second derivative: x twice. */
    if (order == 2 && one->form == JAC_S_SCRIPT && one->child[2] &&
        one->child[2]->form == JAC_S_NUMBER && one->child[2]->number == 2 &&
        below->child[0] == below->child[from - 1] && k == below->count && !count) {
      node *child[3] = {one->child[0], one->child[1], NULL};
      node *x = one->child[1] ? jac_notation_node(e->scope->pool, one, 3, child)
                              : one->child[0];
      out[0] = out[1] = x;
      return 2;
    }
    out[count++] = one;
  }
  return count;
}

static size_t order_of(node *sign) {
  if (sign->form == JAC_S_SCRIPT && sign->child[2] &&
      sign->child[2]->form == JAC_S_NUMBER)
    return sign->child[2]->number >= 1 && sign->child[2]->number <= 9
               ? (size_t)sign->child[2]->number
               : 9;
  return sign->form == JAC_S_SCRIPT && sign->child[2] ? 9 : 1;
}

static term *by_square(elaboration *e, term *d, const struct variable *v, node *where) {
  /* d/d(s^2) = (d/ds) / (2 s) */
  if (!v->squared || !d)
    return d;
  struct jac_term *s =
      jac_term_new(e, JAC_TERM_SYMBOL, v->by.symbol->type, where, 0, NULL);
  if (!s)
    return NULL;
  s->symbol = v->by.symbol;
  term *pair[2] = {jac_term_number(e, 2, where), s};
  term *twice = jac_term_op(e, JAC_C_SIDE, where, 2, pair);
  term *quotient[2] = {d, twice};
  return twice ? jac_term_op(e, JAC_C_DIVIDE, where, 2, quotient) : NULL;
}

/* df/dt = \partial f / \partial t + ...: the curly one may be along the direct edge. */
static term *maybe_partial(elaboration *e, term *d, node *variable) {
  if (!d || d->kind != JAC_TERM_DERIVATIVE)
    return d;
  term *y = d->child[0]; /* f(x, h, w) names what stands still */
  bool told = y->kind == JAC_TERM_SYMBOL
                  ? jac_total_and_partial(e->evidence, y->symbol->key, variable)
                  : y->kind == JAC_TERM_CALL && y->count > 1;
  if (!told ||
      jac_choose2(e, jac_pool_text(e->scope->pool, "partial"), 0, 3, NULL,
                  N_("\xe2\x88\x82 is partial: what else depends on it stands still"),
                  NULL) == 0)
    return d;
  struct jac_term *direct = jac_term_new(e, d->kind, d->type, NULL, d->count, d->child);
  if (!direct)
    return NULL;
  size_t id = direct->id;
  memcpy(direct, d, sizeof *d);
  direct->id = id;
  direct->direct = true;
  return direct;
}

static term *derive(elaboration *e, term *y, size_t count, node *const *variable,
                    bool hessian, node *where) {
  struct variable v[VARIABLES];
  for (size_t k = 0; k < count; k++)
    if (!read_variable(e, variable[k], &v[k]))
      return NULL;
  if (count == 1 && !hessian)
    return by_square(
        e, jac_derivative(e, y, 1, &v[0].by, v[0].type, v[0].transposed ? 1 : 0, where),
        &v[0], where);
  if (count > 2)
    return jac_unknown(e, where, "third derivatives are not read");
  /* \partial^2 f / \partial x \partial y^T: rows are those of x. */
  size_t first = 0, second = count - 1;
  if (!jac_type_is_number(y->type) &&
      !(jac_type_is_number(v[first].type) && jac_type_is_number(v[second].type)))
    return jac_unknown(e, where, "a second derivative is read of a number");
  term *d = jac_derivative(e, y, 1, &v[first].by, v[first].type, 3, where);
  return jac_derivative(e, d, 1, &v[second].by, v[second].type, 2, where);
}

/* The variables of a function, all its arguments; or what was said. */
static size_t default_variables(elaboration *e, node *function, node *out[VARIABLES]) {
  const char *key = function ? jac_key(e, function) : NULL;
  const struct jac_definition *f = key ? jac_function_of(e, key) : NULL;
  if (f) {
    for (size_t k = 0; k < f->params; k++)
      out[k] = f->param[k];
    return f->params;
  }
  for (size_t k = e->scope->count; k-- > 0;) {
    const struct jac_fact *fact = &e->scope->fact[k];
    if (fact->kind == JAC_FACT_MEANING &&
        (fact->saying == JAC_SAYS_WRT || fact->saying == JAC_SAYS_INPUT)) {
      out[0] = fact->left;
      return 1;
    }
  }
  const struct jac_usage *u = key ? jac_usage_of(e->evidence, key) : NULL;
  if (u && u->call && !jac_definition_of(e, key)) {
    node *inside = u->call->child[0];
    size_t count = inside->form == JAC_S_LIST ? inside->count : 1;
    if (count <= VARIABLES) {
      for (size_t k = 0; k < count; k++)
        out[k] = inside->form == JAC_S_LIST ? inside->child[k] : inside;
      return count;
    }
  }
  return 0;
}

/* The names in a definition's right side that nothing defines, in order. */
static void inputs(elaboration *e, node *n, node *out[VARIABLES], size_t *count,
                   int depth) {
  if (!n || depth > 12)
    return;
  if (jac_name_like(n)) {
    const char *key = jac_key(e, n);
    const struct jac_definition *d = jac_definition_of(e, key);
    if (jac_is_name(n, "partial") || jac_is_name(n, "d") || jac_is_name(n, "T") ||
        jac_is_name(n, "top") || (base_of(n)->row != NULL))
      return;
    if (d && d->fact->right && depth < 8) {
      inputs(e, d->fact->right, out, count, depth + 4);
      return;
    }
    if (n->form == JAC_S_SCRIPT && n->child[2] &&
        (jac_is_name(n->child[2], "T") || jac_is_name(n->child[2], "top") ||
         n->child[2]->form == JAC_S_NUMBER)) {
      inputs(e, n->child[0], out, count, depth + 1);
      return;
    }
    if (n->form == JAC_S_SCRIPT && n->child[1]) {
      node *item[4];
      if (jac_index_items(n->child[1], item) && !n->child[2])
        n = n->child[0];
    }
    for (size_t k = 0; k < *count; k++)
      if (jac_notation_equal(out[k], n))
        return;
    if (*count < VARIABLES)
      out[(*count)++] = n;
    return;
  }
  if (n->form == JAC_S_BIG) {
    inputs(e, n->child[2], out, count, depth + 1);
    return;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->form != JAC_S_APPLY || k)
      inputs(e, n->child[k], out, count, depth + 1);
}

static term *by_all(elaboration *e, term *y, size_t count, node *const *variable,
                    int transposed, node *where) {
  struct jac_by by[VARIABLES];
  struct jac_type type = jac_type_number(e);
  bool turned = false; /* by A^T */
  for (size_t k = 0; k < count; k++) {
    struct variable v;
    if (!read_variable(e, variable[k], &v))
      return NULL;
    by[k] = v.by;
    type = v.type;
    turned = count == 1 && v.transposed;
  }
  return jac_derivative(e, y, count, by, type, turned && !transposed ? 1 : transposed,
                        where);
}

/* Long: each argument is read and fitted. What is differentiated, at f's arguments where
 * f says others: df/dx (a, b). NULL, and not taken: f is no function of so many. */
term *jac_derivative_at(elaboration *e, node *function, node *bracket, term *derivative,
                        bool *taken) {
  const struct jac_definition *f = jac_function_of(e, jac_key(e, function));
  node *inside = bracket->child[0];
  size_t count = inside->form == JAC_S_LIST ? inside->count : 1;
  if (!f || f->params != count || !derivative)
    return NULL;
  *taken = true;
  const struct jac_symbol **symbols =
      jac_pool_take(e->pool, count * sizeof(const struct jac_symbol *));
  term *child[1 + VARIABLES] = {derivative};
  bool same = true;
  for (size_t k = 0; k < count && symbols; k++) {
    node *argument = inside->form == JAC_S_LIST ? inside->child[k] : inside;
    same = same && jac_notation_equal(argument, f->param[k]);
    symbols[k] = jac_symbol_of(e, jac_key(e, f->param[k]), f->param[k]);
    child[k + 1] = symbols[k] ? jac_elaborate(e, argument) : NULL;
    if (!child[k + 1])
      return NULL;
    if (!jac_dim_unify(&e->dims, symbols[k]->type.rows, child[k + 1]->type.rows, 0) ||
        !jac_dim_unify(&e->dims, symbols[k]->type.cols, child[k + 1]->type.cols, 0))
      return jac_clash(e, argument, jac_type_because(child[k + 1]->type),
                       "the point is not of the variable's shape");
  }
  if (same || !symbols)
    return derivative;
  struct jac_term *at =
      jac_term_new(e, JAC_TERM_AT, derivative->type, bracket, count + 1, child);
  if (at)
    at->at = symbols;
  return at;
}

/* \nabla f(a, b): the gradient there, where f is a function of others. */
static term *nabla_at(elaboration *e, node *sign, node *const *operand, node *where,
                      bool *taken) {
  const struct jac_definition *f =
      jac_name_like(operand[0]) ? jac_function_of(e, jac_key(e, operand[0])) : NULL;
  node *inside = operand[1]->form == JAC_S_GROUP ? operand[1]->child[0] : NULL;
  if (!f || !inside || strcmp(operand[1]->text, "()") != 0)
    return NULL;
  size_t count = inside->form == JAC_S_LIST ? inside->count : 1;
  bool same = count == f->params;
  for (size_t k = 0; k < count && same; k++)
    same = jac_notation_equal(inside->form == JAC_S_LIST ? inside->child[k] : inside,
                              f->param[k]);
  if (same || count != f->params)
    return NULL;
  *taken = true;
  term *d = jac_elaborate_derivative(e, sign, 1, operand, where);
  bool at = false;
  return d ? jac_derivative_at(e, operand[0], operand[1], d, &at) : NULL;
}

/* \nabla g(x_k), where nothing says what g is: by x_k. */
static size_t at_names(elaboration *e, node *function, node *bracket,
                       node *out[VARIABLES]) {
  const char *key = function ? jac_key(e, function) : NULL;
  if (!key || !bracket || bracket->form != JAC_S_GROUP || jac_function_of(e, key) ||
      jac_definition_of(e, key))
    return 0;
  node *inside = bracket->child[0];
  size_t count = inside->form == JAC_S_LIST ? inside->count : 1;
  for (size_t k = 0; k < count && k < VARIABLES; k++) {
    out[k] = inside->form == JAC_S_LIST ? inside->child[k] : inside;
    if (!jac_name_like(out[k]) || jac_definition_of(e, jac_key(e, out[k])))
      return 0;
  }
  return count <= VARIABLES ? count : 0;
}

static term *nabla(elaboration *e, node *sign, size_t count, node *const *operand,
                   node *where) {
  bool taken = false;
  term *there = operand && count == 2 ? nabla_at(e, sign, operand, where, &taken) : NULL;
  if (taken)
    return there;
  node *below = sign->form == JAC_S_SCRIPT ? sign->child[1] : NULL;
  node *above = sign->form == JAC_S_SCRIPT ? sign->child[2] : NULL;
  bool top = jac_is_name(above, "T") || jac_is_name(above, "top");
  size_t order = above && !top ? order_of(sign) : 1;
  if (order > 2)
    return jac_unknown(e, sign, "third derivatives are not read");
  node *variable[VARIABLES];
  size_t variables = 0;
  node *function = count && jac_name_like(operand[0]) ? operand[0] : NULL;
  if (below && below->form == JAC_S_LIST) {
    for (; variables < below->count && variables < VARIABLES; variables++)
      variable[variables] = below->child[variables];
  } else if (below) {
    variable[variables++] = below;
  } else
    variables = at_names(e, function, count == 2 ? operand[1] : NULL, variable);
  if (!below && !variables)
    variables = default_variables(e, function, variable);
  term *y;
  if (count)
    y = jac_elaborate_factors(e, where, count, operand);
  else {
    struct jac_symbol *loss = jac_any_loss(e, jac_pool_text(e->scope->pool, "d"), sign);
    y = loss ? jac_term_symbol(e, loss, sign) : NULL;
  }
  if (!y)
    return NULL;
  if (!variables && function) {
    const struct jac_definition *d = jac_definition_of(e, jac_key(e, function));
    if (d && d->fact->right) {
      node *all[VARIABLES];
      size_t n = 0;
      inputs(e, d->fact->right, all, &n, 0);
      if (n == 1)
        variable[variables++] = all[0];
    }
  }
  if (!variables)
    return jac_unknown(e, sign, "nothing says by what is differentiated: \\nabla_x");
  if (order == 2) {
    if (variables == 1) {
      node *twice[2] = {variable[0], variable[0]};
      term *hessian = derive(e, y, 2, twice, true, where);
      if (hessian && !jac_type_is_number(hessian->type) &&
          jac_choose2(e, jac_pool_text(e->scope->pool, "laplacian"), 0, 5, NULL,
                      N_("\xe2\x88\x87\xc2\xb2 is the sum of second derivatives"),
                      NULL) == 1)
        return jac_term_op(e, JAC_C_TRACE, where, 1, &hessian);
      return hessian;
    }
    term *d = by_all(e, y, variables, variable, 3, where);
    return by_all(e, d, variables, variable, 2, where);
  }
  if (!jac_type_is_number(y->type)) { /* nabla is of numbers */
    struct jac_choice c = {.site = jac_pool_text(e->scope->pool, "nabla of a vector"),
                           .count = 1,
                           .price = {6}};
    jac_choose(e, &c);
  }
  e->nabla = true;
  term *d = by_all(e, y, variables, variable, 0, where);
  e->nabla = false;
  return d && top ? jac_term_op(e, JAC_C_TRANSPOSE, where, 1, &d) : d;
}

term *jac_elaborate_derivative(elaboration *e, node *sign, size_t count,
                               node *const *operand, node *where) {
  if (jac_name_like(sign) && jac_is_name(base_of(sign), "nabla"))
    return nabla(e, sign, count, operand, where);
  if (sign->form == JAC_S_SCRIPT) { /* \partial_x y */
    term *y = jac_elaborate_factors(e, where, count, operand);
    return y ? derive(e, y, 1, &sign->child[1], false, where) : NULL;
  }
  node *above = jac_inside(sign->child[0]), *below = jac_inside(sign->child[1]);
  node *d = above->form == JAC_S_SIDE ? above->child[0] : above;
  size_t order = order_of(d);
  if (order > 2)
    return jac_unknown(e, sign, "third derivatives are not read");
  node *variable[VARIABLES], *tuple;
  size_t variables = read_variables(e, below, order, variable, &tuple);
  if (!variables)
    return NULL;
  if (!tuple && variables != order && !(order == 2 && variables == 1))
    return jac_unknown(e, sign, "the order of this derivative is not clear");
  term *y;
  if (above->form == JAC_S_SIDE) {
    node *inside = above->count == 2 ? jac_inside(above->child[1]) : NULL;
    if (inside && inside->form == JAC_S_LIST) { /* \partial(x, y) */
      struct jac_syntax like = *inside;
      like.form = JAC_S_ROW;
      node *rows[8];
      if (inside->count > 8)
        return jac_unknown(e, sign, "so many outputs are not read");
      for (size_t k = 0; k < inside->count; k++)
        rows[k] = jac_notation_node(e->scope->pool, &like, 1, &inside->child[k]);
      like.form = JAC_S_MATRIX;
      node *matrix = jac_notation_node(e->scope->pool, &like, inside->count, rows);
      y = matrix ? jac_elaborate(e, matrix) : NULL;
    } else
      y = jac_elaborate_factors(e, sign, above->count - 1, above->child + 1);
  } else if (count)
    y = jac_elaborate_factors(e, where, count, operand);
  else
    return jac_unknown(e, sign, "nothing says what is differentiated");
  if (!y)
    return NULL;
  if (tuple) {
    if (tuple->count > VARIABLES)
      return jac_unknown(e, sign, "so many variables are not read");
    term *all = by_all(e, y, tuple->count, tuple->child, 2, sign);
    node *outputs = above->form == JAC_S_SIDE && above->count == 2
                        ? jac_inside(above->child[1])
                        : NULL;
    if (all && outputs && outputs->form == JAC_S_LIST && outputs->count == tuple->count &&
        jac_choose2(e, jac_pool_text(e->scope->pool, "jacobian determinant"), 0, 2, NULL,
                    N_("the determinant of the Jacobian is meant"), NULL) == 1)
      return jac_term_op(e, JAC_C_DET, sign, 1, &all);
    return all;
  }
  term *all = derive(e, y, variables, variable, order == 2, sign);
  return order == 1 && jac_is_name(d, "partial") ? maybe_partial(e, all, variable[0])
                                                 : all;
}

static bool letter_of_jacobian(elaboration *e, node *base, bool *hessian) {
  static const char *const names[] = {"J", "cal_J", "Jac", "jac", "bb_J"};
  *hessian =
      jac_is_name(base, "H") || jac_is_name(base, "Hess") || jac_is_name(base, "cal_H");
  bool jacobian = false;
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    jacobian = jacobian || jac_is_name(base, names[k]);
  if (!jacobian && !*hessian)
    return false;
  const char *key = jac_key(e, base);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return !jac_definition_of(e, key) && !jac_declared(e, key) && !jac_bound_find(e, key) &&
         !(u && (u->numerator || u->denominator));
}

static node *said_of(elaboration *e, enum jac_saying saying) {
  for (size_t k = e->scope->count; k-- > 0;)
    if (e->scope->fact[k].kind == JAC_FACT_MEANING && e->scope->fact[k].saying == saying)
      return e->scope->fact[k].left;
  return NULL;
}

static bool quantity(elaboration *e, node *n) {
  const char *key = jac_key(e, n);
  return jac_definition_of(e, key) || jac_entries_of(e, key, 0);
}

/* J, J_f, J_f(x), J_f^x, J_{ij}, H_f. */
term *jac_elaborate_jacobian(elaboration *e, node *name, node *bracket, bool *taken) {
  *taken = false;
  node *base = base_of(name);
  if (jac_is_name(base, "nabla")) {
    *taken = true;
    return nabla(e, name, 0, NULL, name);
  }
  bool hessian;
  if (base->form != JAC_S_NAME || !letter_of_jacobian(e, base, &hessian))
    return NULL;
  node *below = name->form == JAC_S_SCRIPT ? name->child[1] : NULL;
  node *above = name->form == JAC_S_SCRIPT ? name->child[2] : NULL;
  bool top = jac_is_name(above, "T") || jac_is_name(above, "top");
  node *subject = said_of(e, JAC_SAYS_SUBJECT), *variable = NULL;
  node *item[4];
  size_t items = 0;
  if (below) {
    below = jac_inside(below);
    if (quantity(e, below))
      subject = below;
    else if (below->form == JAC_S_LIST && below->count == 2 &&
             quantity(e, below->child[0])) {
      subject = below->child[0];
      variable = below->child[1];
    } else {
      size_t n = jac_index_items(below, item);
      const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, below));
      if (n == 2 || (n == 1 && item[0]->form == JAC_S_NUMBER))
        items = n;
      else if (subject && !hessian && (u == NULL || !u->called))
        variable = below;
      else
        subject = below;
    }
  }
  if (hessian && !(below && !items))
    return NULL;
  if (above && !top)
    variable = above;
  if (bracket) {
    node *inside = bracket->child[0];
    if (inside->form != JAC_S_LIST && jac_name_like(inside) && !variable && subject &&
        !jac_function_of(e, jac_key(e, subject))) {
      if (quantity(e, inside) && (!below || !quantity(e, below))) {
        variable = subject == below ? below : variable; /* J_a(z): of z, by a */
        subject = inside;
      } else
        variable = inside;
    }
  }
  if (!subject && !below && (!above || top))
    return NULL; /* a name like others */
  if (!subject) {
    *taken = true;
    return jac_unknown(e, name,
                       "which function this is the Jacobian of is not said: add "
                       "`jacobian: FORMULA wrt=NAME` above");
  }
  *taken = true;
  struct jac_symbol *s = jac_symbol_of(e, jac_key(e, subject), subject);
  term *y = s ? jac_term_symbol(e, s, name) : NULL;
  if (!y)
    return NULL;
  node *all[VARIABLES];
  size_t count = 0;
  if (variable)
    all[count++] = variable;
  else {
    count = default_variables(e, subject, all);
    if (!count) {
      const struct jac_definition *d = jac_definition_of(e, jac_key(e, subject));
      node *names[VARIABLES];
      size_t n = 0;
      if (d && d->fact->right)
        inputs(e, d->fact->right, names, &n, 0);
      struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "wrt:%s", s->key),
                             .guess = true};
      for (size_t k = 0; k < n && k < VARIABLES && k < JAC_ALTERNATIVES; k++) {
        const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, names[k]));
        bool capital = names[k]->text[0] >= 'A' && names[k]->text[0] <= 'Z';
        (void)u;
        c.price[c.count++] = (unsigned)k * 2 + (capital ? 6 : 0);
      }
      if (!c.count)
        return jac_unknown(e, name,
                           "by what this Jacobian is taken is not said: wrt=NAME");
      all[count++] = names[c.count > 1 ? jac_choose(e, &c) : 0];
    }
  }
  term *d;
  if (hessian) {
    d = by_all(e, y, count, all, 3, name);
    d = by_all(e, d, count, all, 2, name);
  } else
    d = by_all(e, y, count, all, 2, name);
  if (d && items)
    d = jac_term_entry(e, d, items, item, name);
  if (d && top)
    d = jac_term_op(e, JAC_C_TRANSPOSE, name, 1, &d);
  return d;
}

/* The key without what stands below (0), above (1): made once. */
static const char *bare_key(elaboration *e, node *n, int which) {
  if (n->bare[which] && n->home == e->scope->pool)
    return n->bare[which];
  node *child[3] = {n->child[0], which ? n->child[1] : NULL, which ? NULL : n->child[2]};
  node *part = jac_notation_node(e->scope->pool, n, 3, child);
  const char *key = part ? jac_key(e, part) : "";
  if (n->home == e->scope->pool)
    ((struct jac_syntax *)n)->bare[which] = key;
  return key;
}

/* Long: the ways to spell it. Whether a formula mentions a name, by its key or by its key
 * without an index. */
static bool mentions(elaboration *e, node *n, const char *key) {
  if (!n)
    return false;
  if (jac_name_like(n)) {
    if (jac_key(e, n) == key)
      return true;
    if (n->form == JAC_S_SCRIPT) {
      if (jac_key(e, n->child[0]) == key)
        return true;
      if (n->child[1] && n->child[2] &&
          (bare_key(e, n, 0) == key || bare_key(e, n, 1) == key))
        return true;
      if (n->child[2] && mentions(e, n->child[2], key))
        return true;
      node *plain = jac_upright(e->scope->pool, n);
      if (plain && mentions(e, plain, key))
        return true;
    }
    return false;
  }
  for (size_t k = 0; k < n->count; k++)
    if (mentions(e, n->child[k], key))
      return true;
  return false;
}

/* Whether definition d mentions definition k, by its key or (base) without its indices:
 * looked for once in a section. */
static bool leads_to(elaboration *e, const struct jac_definition *d, size_t k,
                     bool base) {
  struct jac_evidence *v = e->evidence;
  const struct jac_definition *other = &v->definition[k];
  size_t n = v->definitions, at = 2 * ((size_t)(d - v->definition) * n + k) + base;
  if (!v->leads && n < 400)
    v->leads = jac_pool_take(v->pool, 2 * n * n);
  if (!v->leads || n != v->led)
    return mentions(e, d->fact->right, base ? other->base : other->key);
  if (!v->leads[at])
    v->leads[at] = mentions(e, d->fact->right, base ? other->base : other->key) ? 1 : 2;
  return v->leads[at] == 1;
}

/* Whether what is called a is defined by b, at last. seen: the definitions that were
 * asked. */
static bool reaches(elaboration *e, const char *a, const char *b, unsigned char *seen) {
  const struct jac_evidence *v = e->evidence;
  const struct jac_definition *d = jac_definition_of(e, a);
  if (!d)
    d = jac_entries_of(e, a, 0);
  if (!d || !d->fact->right || seen[d - v->definition])
    return false;
  seen[d - v->definition] = 1;
  if (mentions(e, d->fact->right, b))
    return true;
  for (size_t k = 0; k < v->definitions; k++) {
    const struct jac_definition *other = &v->definition[k];
    if (other == d)
      continue;
    if (other->key != a && leads_to(e, d, k, false) && reaches(e, other->key, b, seen))
      return true;
    if (other->base != other->key && other->base != a && leads_to(e, d, k, true) &&
        reaches(e, other->base, b, seen))
      return true;
  }
  return false;
}

static bool depends(elaboration *e, const char *a, const char *b) {
  struct jac_evidence *v = e->evidence;
  unsigned char *seen = jac_pool_take(e->pool, v->definitions + 1);
  if (!v->led)
    v->led = v->definitions;
  return seen && reaches(e, a, b, seen);
}

static node *bare_variable(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_APPLY && n->row->id == JAC_C_VEC)
    return bare_variable(n->child[1]);
  if (n->form == JAC_S_SCRIPT && n->child[2] &&
      (jac_is_name(n->child[2], "T") || jac_is_name(n->child[2], "top")) && !n->child[1])
    return bare_variable(n->child[0]);
  return n;
}

/* The keys under which a variable may be defined: with its index, and without. */
static const char *base_key(elaboration *e, node *n) {
  node *batch = jac_batch_of(e, n), *item[4];
  if (batch)
    return jac_key(e, batch);
  if (n->form == JAC_S_SCRIPT && n->child[1] && jac_index_items(n->child[1], item) == 2) {
    node *child[3] = {n->child[0], NULL, n->child[2]};
    node *whole =
        n->child[2] ? jac_notation_node(e->scope->pool, n, 3, child) : n->child[0];
    const char *capital = whole ? jac_capital_of(e, jac_key(e, whole)) : NULL;
    if (capital)
      return capital;
  }
  if (n->form != JAC_S_SCRIPT || !n->child[1])
    return jac_key(e, n);
  if (!n->child[2])
    return jac_key(e, n->child[0]);
  node *child[3] = {n->child[0], NULL, n->child[2]};
  node *part = jac_notation_node(e->scope->pool, n, 3, child);
  return part ? jac_key(e, part) : "";
}

/* dW and \nabla_W alone are of the loss that the rest speaks of, where there is one. */
static const char *the_loss(elaboration *e, const char *key) {
  const char *d = jac_pool_text(e->scope->pool, "d");
  if (key != d)
    return key;
  for (size_t k = 0; k < e->evidence->pairs; k++) {
    const char *other = e->evidence->pair[k].numerator;
    const struct jac_usage *u = jac_usage_of(e->evidence, other);
    if (other != d && !jac_definition_of(e, other) && !jac_entries_of(e, other, 0) &&
        !(u && u->denominator))
      return other;
  }
  return key;
}

/* \partial y / \partial x says that y hangs on x, and L on x by y; not where L hangs on
 * x otherwise too. */
static bool leads_by_pair(elaboration *e, const char *loss, const char *y, node *x) {
  if (jac_definition_of(e, y) || jac_total_and_partial(e->evidence, loss, x))
    return false;
  const struct jac_evidence *v = e->evidence;
  bool curly = false; /* dx/dt beside \partial L / \partial t: that one is partial */
  for (size_t k = 0; k < v->pairs; k++)
    curly = curly || (v->pair[k].curly && v->pair[k].numerator == loss &&
                      jac_notation_equal(bare_variable(v->pair[k].denominator), x));
  const struct jac_pair *p = v->every ? v->every : v->pair;
  for (size_t k = 0; k < (v->every ? v->everys : v->pairs); k++)
    if (p[k].numerator == y && !(curly && p[k].straight) &&
        jac_notation_equal(bare_variable(p[k].denominator), x))
      return true;
  return false;
}

struct jac_symbol *jac_any_loss(elaboration *e, const char *key, node *where) {
  key = the_loss(e, key);
  const char *own = jac_pool_printf(e->scope->pool, "%s of everything", key);
  struct name_entry *entry = jac_name_entry(e, own);
  if (!entry || e->unfit)
    return NULL;
  if (entry->symbol)
    return entry->symbol;
  if (e->ndefining == sizeof e->defining / sizeof *e->defining) {
    jac_unknown(e, where, "its definitions are nested too deeply");
    return NULL;
  }
  node *variable[24];
  size_t variables = 0;
  for (size_t k = 0; k < e->evidence->pairs && variables < 24; k++)
    if (the_loss(e, e->evidence->pair[k].numerator) == key) {
      node *v = bare_variable(e->evidence->pair[k].denominator);
      if (jac_name_like(v) && jac_key(e, v) != key)
        variable[variables++] = v;
    }
  term *argument[24], *families[24];
  size_t arguments = 0, nfamilies = 0;
  e->defining[e->ndefining++] = key;
  struct jac_bound *outer = e->bound;
  for (size_t k = 0; k < variables && !e->unfit; k++) {
    bool upstream = false;
    const char *mine = base_key(e, variable[k]), *full = jac_key(e, variable[k]);
    for (size_t j = 0; j < variables && !upstream; j++) {
      const char *other = base_key(e, variable[j]);
      const char *whole = jac_key(e, variable[j]);
      if (other == mine)
        continue;
      upstream =
          depends(e, whole, mine) || depends(e, whole, full) ||
          (other != whole && (depends(e, other, mine) || depends(e, other, full))) ||
          leads_by_pair(e, key, whole, variable[k]);
    }
    if (upstream)
      continue;
    e->bound = NULL;
    size_t pairing = e->pairing;
    e->pairing = e->ndefining;
    term *x = jac_elaborate(e, variable[k]);
    e->pairing = pairing;
    e->bound = outer;
    while (x && (x->kind == JAC_TERM_ENTRY ||
                 (x->kind == JAC_TERM_OP && x->construct == JAC_C_POWER)))
      x = x->child[0];
    if (!x)
      break;
    if (x->kind != JAC_TERM_SYMBOL)
      continue;
    bool seen = false;
    for (size_t j = 0; j < arguments; j++)
      seen = seen || argument[j]->symbol == x->symbol;
    for (size_t j = 0; j < nfamilies; j++)
      seen = seen || families[j]->symbol == x->symbol;
    if (seen)
      continue;
    if (x->symbol->families)
      families[nfamilies++] = x;
    else
      argument[arguments++] = x;
  }
  e->ndefining--;
  if (e->unfit)
    return NULL;
  if (!arguments && !nfamilies) {
    jac_unknown(e, where, "nothing says what %s is", key);
    e->missing = key;
    return NULL;
  }
  struct jac_type type = jac_type_number(e);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (u && u->denominator && !nfamilies) { /* a quantity between others */
    struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "kind:%s", key),
                           .count = 2,
                           .price = {u->bold ? 6 : 0, u->bold ? 0 : 3}};
    bool capital = key[0] >= 'A' && key[0] <= 'Z';
    if (capital)
      c.price[1] += 3;
    if (jac_choose(e, &c) == 1) {
      type.rows = jac_dim_free_new(&e->dims, NULL);
      type.rows->because |= jac_choice_bit(e, c.site);
    }
  }
  struct jac_symbol *f =
      jac_symbol_new(e, jac_pool_printf(e->scope->pool, "%s()", key), type);
  if (!f)
    return NULL;
  f->function = true;
  f->guessed = true;
  f->of_loss = true;
  term *body = NULL;
  if (arguments) {
    struct jac_term *call =
        jac_term_new(e, JAC_TERM_CALL, type, where, arguments, argument);
    if (!call)
      return NULL;
    call->symbol = f;
    body = call;
  }
  for (size_t k = 0; k < nfamilies; k++) { /* a sum of any function of each member */
    const struct jac_symbol *s = families[k]->symbol;
    struct jac_index *index[3];
    term *place[3];
    for (size_t j = 0; j < s->families; j++) {
      index[j] = jac_index_new(e, "i", s->family[j]);
      place[j] = index[j] ? jac_term_index(e, index[j], where) : NULL;
      if (!place[j])
        return NULL;
    }
    struct jac_term *member =
        jac_term_new(e, JAC_TERM_SYMBOL, s->type, where, s->families, place);
    if (!member)
      return NULL;
    member->symbol = s;
    term *both[4] = {member, place[0], s->families > 1 ? place[1] : NULL,
                     s->families > 2 ? place[2] : NULL};
    struct jac_term *call =
        jac_term_new(e, JAC_TERM_CALL, jac_type_number(e), where, 1 + s->families, both);
    if (!call)
      return NULL;
    call->symbol = f;
    term *sum = call;
    size_t row;
    jac_readings_of(JAC_C_SUM, &row);
    for (size_t j = s->families; j-- > 0;) {
      term *child[4] = {sum, NULL, NULL, NULL};
      struct jac_term *big =
          jac_term_new(e, JAC_TERM_BIG, jac_type_number(e), where, 4, child);
      if (!big)
        return NULL;
      big->reading = jac_reading_at(row);
      big->construct = JAC_C_SUM;
      big->index = index[j];
      sum = big;
    }
    term *pair[2] = {body, sum};
    body = body ? jac_term_op(e, JAC_C_ADD, where, 2, pair) : sum;
    if (!body)
      return NULL;
  }
  struct jac_symbol *s = jac_symbol_new(e, key, type);
  if (!s)
    return NULL;
  s->body = body;
  s->guessed = true;
  entry = jac_name_entry(e, own);
  if (entry)
    entry->symbol = s;
  return s;
}
