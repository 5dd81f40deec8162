/* Derivatives as fractions of differentials, and \partial_x: what is differentiated, by
 * what, where. */
#include "jacobian/elaborate/derivative_internal.h"

#include "jacobian/elaborate/side_internal.h"

#include <string.h>

bool jac_is_derivative(node *n) {
  if (!n || (n->form != JAC_S_FRACTION &&
             !(n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE)))
    return false;
  node *above = jac_inside(n->child[0]), *below = jac_inside(n->child[1]);
  node *sign = above->form == JAC_S_SIDE ? above->child[0] : above;
  return jac_is_differential(sign) && below->form == JAC_S_SIDE &&
         jac_is_differential(below->child[0]);
}

/* A variable as written: x, W_{ij}, x^T, vec(X), (vec X)^T. */
struct variable {
  struct jac_by by;
  struct jac_type type;
  bool transposed;
  term *root; /* \sigma, \sigma_j where \sigma^2, \sigma_j^2 is the variable; or NULL */
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
      v->root = x->child[0];
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

/* x of \partial x^2 of a third derivative, which counts twice. */
static node *power_of(elaboration *e, node *n, size_t *times) {
  if (n->form != JAC_S_SCRIPT || !n->child[2] || n->child[2]->form != JAC_S_NUMBER ||
      n->child[2]->number < 2 || n->child[2]->number > 6)
    return n;
  *times = (size_t)n->child[2]->number;
  node *child[3] = {n->child[0], n->child[1], NULL};
  return n->child[1] ? jac_notation_node(e->scope->pool, n, 3, child) : n->child[0];
}

/* The variables below a fraction: \partial x \partial y^T, \partial x^2, \partial(a, b).
 */
static size_t read_variables(elaboration *e, node *below, size_t order,
                             node *out[JAC_VARIABLES], node **tuple) {
  size_t count = 0;
  *tuple = NULL;
  for (size_t k = 0; k < below->count;) {
    if (!jac_is_differential(below->child[k])) {
      jac_unknown(e, below, "what is differentiated by is not read");
      return 0;
    }
    size_t from = ++k, times = 1;
    if (k < below->count && jac_is_name(below->child[k - 1], "partial") &&
        jac_is_name(below->child[k], "d")) /* a variable that is called d */
      k++;
    while (k < below->count && !jac_is_differential(below->child[k]))
      k++;
    if (k == from || count == JAC_VARIABLES) {
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
    if (order > 2)
      one = power_of(e, one, &times);
    for (; times > 0 && count < JAC_VARIABLES; times--)
      out[count++] = one;
  }
  return count;
}

size_t jac_order_of(node *sign) {
  if (sign->form == JAC_S_SCRIPT && sign->child[2] &&
      sign->child[2]->form == JAC_S_NUMBER)
    return sign->child[2]->number >= 1 && sign->child[2]->number <= 9
               ? (size_t)sign->child[2]->number
               : 9;
  return sign->form == JAC_S_SCRIPT && sign->child[2] ? 9 : 1;
}

static term *by_square(elaboration *e, term *d, const struct variable *v, node *where) {
  /* d/d(s^2) = (d/ds) / (2 s) */
  if (!v->root || !d)
    return d;
  term *pair[2] = {jac_term_number(e, 2, where), v->root};
  term *twice = jac_term_op(e, JAC_C_SIDE, where, 2, pair);
  term *quotient[2] = {d, twice};
  return twice ? jac_term_op(e, JAC_C_DIVIDE, where, 2, quotient) : NULL;
}

static bool is_symbol(term *t, void *symbol) {
  return t->kind != JAC_TERM_SYMBOL || t->symbol != symbol;
}

/* Whether x stands in what y is, not only in what y's definition names. */
static bool directly(term *y, const struct jac_symbol *x) {
  for (int depth = 0; depth < 3 && y->kind == JAC_TERM_SYMBOL && y->symbol->body; depth++)
    y = y->symbol->body;
  return !jac_term_walk(y, is_symbol, (void *)x);
}

/* Whether the claim has a derivative of f. */
static bool derived_in_claim(elaboration *e, node *f) {
  const char *key = jac_key(e, f);
  for (size_t k = 0; e->own && k < e->own->pairs; k++)
    if (e->own->pair[k].numerator == key)
      return true;
  return false;
}

/* The right side of z = f(x, y), the last that defines z, or by which f is called; or
 * NULL. */
static node *call_told(elaboration *e, node *name) {
  for (size_t k = e->evidence->definitions; k-- > 0;) {
    const struct jac_definition *d = &e->evidence->definition[k];
    node *right = d->order < e->visible && !d->params ? d->fact->right : NULL;
    if (right && right->form == JAC_S_SIDE && right->count == 2 &&
        jac_name_like(right->child[0]) && right->child[1]->form == JAC_S_GROUP &&
        jac_all_names(right->child[1]) &&
        (jac_notation_equal(right->child[0], name) || jac_notation_equal(d->name, name)))
      return right;
  }
  return NULL;
}

/* Whether z is f(x, y), and the claim has derivatives of f: those of z are total. */
static bool told_by_another(elaboration *e, node *z) {
  node *call = z ? call_told(e, z) : NULL;
  return call && !jac_notation_equal(call->child[0], z) &&
         derived_in_claim(e, call->child[0]);
}

/* Whether the claim has derivatives of a z that is f(x, y): who writes f beside it means
 * what stands still. */
static bool tells_another(elaboration *e, node *f) {
  for (size_t k = 0; e->own && f && k < e->own->pairs; k++) {
    const struct jac_definition *z = e->own->pair[k].numerator
                                         ? jac_definition_of(e, e->own->pair[k].numerator)
                                         : NULL;
    node *right = z && !z->params ? z->fact->right : NULL;
    if (right && right->form == JAC_S_SIDE && right->count == 2 &&
        right->child[1]->form == JAC_S_GROUP && jac_notation_equal(right->child[0], f))
      return true;
  }
  return false;
}

/* What f is a function of, as it is defined or called: how many. */
static size_t arguments_of(elaboration *e, node *function, node *argument[8]) {
  const struct jac_definition *f = jac_function_of(e, jac_key(e, function));
  for (size_t k = 0; f && k < f->params; k++)
    argument[k] = f->param[k];
  if (f)
    return f->params;
  node *call = call_told(e, function);
  return call ? jac_arguments(call->child[1], argument) : 0;
}

/* Whether the claim has the derivative of f by this argument as well. */
static bool beside(elaboration *e, node *function, node *argument) {
  for (size_t k = 0; e->own && k < e->own->pairs; k++)
    if (e->own->pair[k].numerator == jac_key(e, function) &&
        jac_notation_equal(e->own->pair[k].denominator, argument))
      return true;
  return false;
}

/* Whether f(x, y, z) has x among what it is a function of, where one of these is
 * differentiated somewhere, dz/dx: the others stand still here. They do, no doubt
 * (*still), where one is defined, or so, and the claim has the derivative by it too. */
static bool an_argument(elaboration *e, node *function, node *variable, bool *still) {
  node *argument[8];
  size_t count = function ? arguments_of(e, function, argument) : 0;
  bool found = false, moves = false;
  for (size_t k = 0; count > 1 && count <= 8 && k < count; k++) {
    const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, argument[k]));
    if (jac_notation_equal(argument[k], variable)) {
      found = true;
    } else if ((u && u->numerator) || jac_definition_of(e, jac_key(e, argument[k]))) {
      bool too = beside(e, function, argument[k]);
      moves = moves || too || (u && u->numerator);
      *still = *still || too;
    }
  }
  return found && moves;
}

/* Whether a curly d is chosen to be total, where it may be along the direct edge alone.
 */
static bool chosen_total(elaboration *e, node *function, bool still) {
  bool meant = still || tells_another(e, function);
  const char *site = jac_pool_text(e->scope->pool, "partial");
  const char *words = N_("\xe2\x88\x82 is partial: what else depends on it stands still");
  if (jac_choose2(e, site, meant ? 3 : 0, meant ? 0 : 3, NULL, still ? NULL : words,
                  NULL) != 0)
    return false;
  if (meant)
    e->excuse = N_("it holds where \xe2\x88\x82 is total: what else depends on it moves");
  return true;
}

/* df/dt = \partial f / \partial t + ...: the curly one may be along the direct edge, and
 * is where the claim has the straight one too. called: f(x, h, w) names what stands
 * still. */
static term *maybe_partial(elaboration *e, term *d, node *function, bool called,
                           node *variable) {
  if (!d || d->kind != JAC_TERM_DERIVATIVE)
    return d;
  if (told_by_another(e, function))
    return d;
  term *y = d->child[0];
  bool still = false;
  bool told =
      an_argument(e, function, variable, &still) ||
      (y->kind == JAC_TERM_SYMBOL
           ? jac_total_and_partial(e->evidence, y->symbol->key, variable) || called
           : y->kind == JAC_TERM_CALL && y->count > 1);
  if (!told)
    return d;
  bool both = e->own && function && directly(y, d->by[0].symbol) &&
              jac_total_and_partial(e->own, jac_key(e, function), variable);
  if (!both && chosen_total(e, function, still))
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

/* A third derivative and beyond, of a number by numbers. */
static term *derive_often(elaboration *e, term *y, size_t count, const struct variable *v,
                          node *where) {
  for (size_t k = 0; k < count; k++)
    if (!jac_type_is_number(y->type) || !jac_type_is_number(v[k].type) || v[k].root)
      return jac_unknown(e, where, "a third derivative is read of a number by numbers");
  for (size_t k = 0; k < count && y; k++)
    y = jac_derivative(e, y, 1, &v[k].by, v[k].type, 0, where);
  return y;
}

term *jac_derive(elaboration *e, term *y, size_t count, node *const *variable,
                 bool hessian, node *where) {
  struct variable v[JAC_VARIABLES];
  for (size_t k = 0; k < count; k++)
    if (!read_variable(e, variable[k], &v[k]))
      return NULL;
  if (count == 1 && !hessian)
    return by_square(
        e, jac_derivative(e, y, 1, &v[0].by, v[0].type, v[0].transposed ? 1 : 0, where),
        &v[0], where);
  if (count > 2)
    return derive_often(e, y, count, v, where);
  /* \partial^2 f / \partial x \partial y^T: rows are those of x. */
  size_t first = 0, second = count - 1;
  if (!jac_type_is_number(y->type) &&
      !(jac_type_is_number(v[first].type) && jac_type_is_number(v[second].type)))
    return jac_unknown(e, where, "a second derivative is read of a number");
  term *d = by_square(e, jac_derivative(e, y, 1, &v[first].by, v[first].type, 3, where),
                      &v[first], where);
  return by_square(e, jac_derivative(e, d, 1, &v[second].by, v[second].type, 2, where),
                   &v[second], where);
}

term *jac_derive_by_all(elaboration *e, term *y, size_t count, node *const *variable,
                        int transposed, node *where) {
  struct jac_by by[JAC_VARIABLES];
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
  term *entry[4];
  bool one = f && derivative && count == 1 && !e->unfit &&
             jac_entries_of_one(e, f, inside, entry);
  if (!f || (f->params != count && !one) || !derivative)
    return NULL;
  *taken = true;
  count = f->params;
  const struct jac_symbol **symbols =
      jac_pool_take(e->pool, count * sizeof(const struct jac_symbol *));
  term *child[1 + JAC_VARIABLES] = {derivative};
  bool same = true;
  for (size_t k = 0; k < count && symbols; k++) {
    node *argument = inside->form == JAC_S_LIST ? inside->child[k] : inside;
    same = same && jac_notation_equal(argument, f->param[k]);
    symbols[k] = jac_symbol_of(e, jac_key(e, f->param[k]), f->param[k]);
    child[k + 1] = !symbols[k] ? NULL : one ? entry[k] : jac_elaborate(e, argument);
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

term *jac_elaborate_derivative(elaboration *e, node *sign, size_t count,
                               node *const *operand, node *where) {
  if (jac_name_like(sign) && jac_is_name(base_of(sign), "nabla"))
    return jac_nabla(e, sign, count, operand, where);
  if (sign->form == JAC_S_SCRIPT) { /* \partial_x y */
    term *y = jac_elaborate_factors(e, where, count, operand);
    node *by = y ? jac_numbered(e, sign->child[1], count, operand) : NULL;
    node *above = sign->child[2] ? jac_inside(sign->child[2]) : NULL;
    size_t times =
        !above ? 1 /* \partial_x^2 */
        : above->form == JAC_S_NUMBER && above->number >= 1 && above->number <= 3
            ? (size_t)above->number
            : 0;
    if (y && !times)
      return jac_unknown(e, sign, "the order of this derivative is not clear");
    node *all[3] = {by, by, by};
    return y ? jac_derive(e, y, times, all, false, where) : NULL;
  }
  node *above = jac_inside(sign->child[0]), *below = jac_inside(sign->child[1]);
  node *d = above->form == JAC_S_SIDE ? above->child[0] : above;
  size_t order = jac_order_of(d);
  if (order > 3)
    return jac_unknown(e, sign, "derivatives beyond the third are not read");
  node *variable[JAC_VARIABLES], *tuple;
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
    if (tuple->count > JAC_VARIABLES)
      return jac_unknown(e, sign, "so many variables are not read");
    term *all = jac_derive_by_all(e, y, tuple->count, tuple->child, 2, sign);
    node *outputs = above->form == JAC_S_SIDE && above->count == 2
                        ? jac_inside(above->child[1])
                        : NULL;
    if (all && outputs && outputs->form == JAC_S_LIST && outputs->count == tuple->count &&
        jac_choose2(e, jac_pool_text(e->scope->pool, "jacobian determinant"), 0, 2, NULL,
                    N_("the determinant of the Jacobian is meant"), NULL) == 1)
      return jac_term_op(e, JAC_C_DET, sign, 1, &all);
    return all;
  }
  jac_differentiated_by(e, variables, variable);
  term *all = jac_derive(e, y, variables, variable, order == 2, sign);
  node *function = above->form == JAC_S_SIDE && jac_name_like(above->child[1])
                       ? above->child[1]
                       : NULL;
  node *arguments =
      above->form == JAC_S_SIDE && above->count == 3 ? above->child[2] : NULL;
  bool called = arguments && arguments->form == JAC_S_GROUP &&
                arguments->child[0]->form == JAC_S_LIST;
  return order == 1 && jac_is_name(d, "partial")
             ? maybe_partial(e, all, function, called, variable[0])
             : all;
}
