/* Notation into terms, form by form. */
#include "jacobian/elaborate/elaborate_internal.h"
#include "jacobian/elaborate/script_internal.h"

#include <stdio.h>
#include <string.h>

enum { MOST_DEPTH = 120 };

static term *number_of(elaboration *e, node *n) {
  return jac_term_number(e, n->number, n);
}

/* The sum k of terms over all that follows it. */
static term *over_rest(elaboration *e, node *n, size_t k) {
  struct jac_syntax *rest =
      jac_pool_take(e->pool, sizeof *rest + (n->count - k) * sizeof(node *));
  char signs[64];
  if (!rest || n->count - k >= sizeof signs)
    return NULL;
  *rest = *n;
  rest->count = n->count - k;
  rest->child[0] = n->child[k]->child[2];
  signs[0] = ' ';
  bool minus = n->text[k] == '-';
  for (size_t j = 1; j < rest->count; j++) {
    rest->child[j] = n->child[k + j];
    signs[j] = minus ? (n->text[k + j] == '-' ? '-' : '+') : n->text[k + j];
  }
  signs[rest->count] = '\0';
  rest->text = jac_pool_text(e->scope->pool, signs);
  return jac_elaborate_big(e, n->child[k], rest);
}

/* The reach of a sum among terms: its own term, or all that follows. */
static bool reaches_over(elaboration *e, node *n, size_t k) {
  if (n->child[k]->form != JAC_S_BIG || k + 1 >= n->count)
    return false;
  struct jac_choice reach = {
      .site = jac_pool_printf(e->scope->pool, "reach:%zu", n->child[k]->start),
      .count = 2,
      .price = {0, 6},
      .words = {NULL, "the sum reaches over all that follows it"}};
  return jac_choose(e, &reach) == 1;
}

/* d/dx u of what begins a product by a sign or a sum; where it is of all, that: d/dx (u
 * v), d/dx (u + v). NULL: it is not, or is of u alone. */
static node *operator_over(elaboration *e, node *n, unsigned price) {
  node *first = n->child[0];
  node *sign = first->form == JAC_S_SIDE ? first->child[0] : NULL;
  if (e->plain || !sign || sign->form != JAC_S_FRACTION || !jac_is_derivative(sign) ||
      !jac_is_differential(sign->child[0]))
    return NULL;
  const char *site = jac_pool_printf(e->scope->pool, "reach:%zu", sign->start);
  if (jac_choose2(e, site, 0, price, NULL, NULL, NULL) == 0)
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node **child = jac_pool_take(pool, n->count * sizeof(node *));
  if (!child)
    return NULL;
  memcpy(child, n->child, n->count * sizeof *child);
  child[0] = first->count == 2
                 ? first->child[1]
                 : jac_notation_node(pool, first, first->count - 1, first->child + 1);
  node *all = child[0] ? jac_notation_node(pool, n, n->count, child) : NULL;
  struct jac_syntax like = *n;
  like.form = JAC_S_GROUP;
  like.text = "()";
  node *pair[2] = {sign, all ? jac_notation_node(pool, &like, 1, &all) : NULL};
  return pair[1] ? jac_notation_node(pool, first, 2, pair) : NULL;
}

static term *terms(elaboration *e, node *n) {
  node *whole = n->text[0] != '-' && n->count > 1 ? operator_over(e, n, 7) : NULL;
  if (whole)
    return jac_elaborate(e, whole);
  term *sum = NULL;
  for (size_t k = 0; k < n->count; k++) {
    if (n->child[k]->form == JAC_S_DOTS)
      return jac_unknown(e, n->child[k], "dots between terms are not read");
    bool over = reaches_over(e, n, k), minus = n->text[k] == '-';
    term *value = over ? over_rest(e, n, k) : jac_elaborate(e, n->child[k]);
    if (!value)
      return NULL;
    term *pair[2] = {sum, value};
    if (sum)
      value = jac_term_op(e, minus ? JAC_C_SUBTRACT : JAC_C_ADD, n, 2, pair);
    else if (minus)
      value = jac_term_op(e, JAC_C_NEGATE, n, 1, &value);
    if (!value)
      return NULL;
    sum = value;
    if (over)
      break;
  }
  return sum;
}

static term *infix(elaboration *e, node *n) {
  if (jac_is_composition(e, n))
    return jac_elaborate_composition(e, n, 0, NULL);
  if (n->row->role == JAC_ROLE_CONDITION)
    return jac_elaborate_condition(e, n);
  if (n->row->role == JAC_ROLE_DIVIDE && jac_is_derivative(n))
    return jac_elaborate_derivative(e, n, 0, NULL, n);
  /* \frac{d}{dx} \cdot f: the sign's operand. */
  if (jac_is_derivative(n->child[0]) && n->row->role == JAC_ROLE_INFIX) {
    node *sign = n->child[0];
    node *above = sign->child[0];
    if (sign->form == JAC_S_FRACTION && jac_is_differential(above))
      return jac_elaborate_derivative(e, sign, 1, &n->child[1], n);
  }
  bool product = n->row->role == JAC_ROLE_INFIX || n->row->role == JAC_ROLE_DIVIDE;
  node *whole = jac_reach_of_quotient(e, n);
  if (!whole && product)
    whole = operator_over(e, n, 4);
  if (whole)
    return jac_elaborate(e, whole);
  term *pair[2];
  pair[0] = jac_elaborate(e, n->child[0]);
  pair[1] = pair[0] ? jac_elaborate(e, n->child[1]) : NULL;
  return pair[1] ? jac_term_op(e, n->row->id, n, 2, pair) : NULL;
}

static term *group(elaboration *e, node *n) {
  node *inside = n->child[0];
  if (strcmp(n->text, "||") == 0 && jac_axes_above(inside))
    return jac_axes_determinant(e, inside);
  if (strcmp(n->text, "||") == 0 || strcmp(n->text, "|||") == 0) {
    term *value = jac_elaborate(e, inside);
    if (!value)
      return NULL;
    if (n->text[2])
      return jac_term_op(e, JAC_C_NORM, n, 1, &value);
    if (jac_type_is_number(value->type))
      return jac_term_op(e, JAC_C_ABS, n, 1, &value);
    if (jac_dim_is_one(value->type.rows) || jac_dim_is_one(value->type.cols)) {
      struct jac_choice c = {
          .site = jac_pool_text(e->scope->pool, "bars of a vector"),
          .count = 2,
          .price = {0, 2},
          .words = {N_("bars are a norm"), N_("bars are taken entry by entry")}};
      return jac_term_op(e, jac_choose(e, &c) ? JAC_C_ABS : JAC_C_NORM, n, 1, &value);
    }
    term *det = jac_term_op(e, JAC_C_DET, n, 1, &value);
    bool sizes =
        det &&
        jac_choose2(e, jac_pool_text(e->scope->pool, "bars of a matrix"), 0, 3, NULL,
                    N_("bars are the determinant without its sign"), NULL) == 1;
    return sizes ? jac_term_op(e, JAC_C_ABS, n, 1, &det) : det;
  }
  if (strcmp(n->text, "<>") == 0) {
    if (inside->form != JAC_S_LIST || inside->count < 2)
      return jac_unknown(e, n, "angle brackets are read around two vectors");
    if (inside->count > 2)
      return jac_elaborate_matrix(e, n);
    term *pair[2];
    pair[0] = jac_elaborate(e, inside->child[0]);
    pair[1] = pair[0] ? jac_elaborate(e, inside->child[1]) : NULL;
    /* <2t, 3t> of numbers is a vector. */
    if (pair[1] && jac_type_is_number(pair[0]->type) && jac_type_is_number(pair[1]->type))
      return jac_elaborate_matrix(e, n);
    return pair[1] ? jac_term_op(e, JAC_C_INNER, n, 2, pair) : NULL;
  }
  if (inside->form == JAC_S_CHAIN && strcmp(n->text, "[]") == 0) {
    return jac_elaborate_condition(e, inside); /* [i = j] */
  }
  if (inside->form == JAC_S_LIST && strcmp(n->text, "\\{\\}") == 0)
    return jac_unknown(e, n, "braces around several are not read");
  if (inside->form == JAC_S_LIST)
    return jac_elaborate_matrix(e, n);
  return jac_elaborate(e, inside);
}

static term *root(elaboration *e, node *n) {
  term *value = jac_elaborate(e, n->child[0]);
  if (!value)
    return NULL;
  if (n->count == 1)
    return jac_term_op(e, JAC_C_SQRT, n, 1, &value);
  term *which = jac_elaborate(e, n->child[1]);
  if (!which)
    return NULL;
  term *pair[2] = {jac_term_number(e, 1, n), which};
  pair[1] = jac_term_op(e, JAC_C_DIVIDE, n, 2, pair);
  pair[0] = value;
  return jac_term_op(e, JAC_C_POWER, n, 2, pair);
}

static term *fraction(elaboration *e, node *n) {
  if (jac_is_derivative(n))
    return jac_elaborate_derivative(e, n, 0, NULL, n);
  term *pair[2];
  pair[0] = jac_elaborate(e, n->child[0]);
  pair[1] = pair[0] ? jac_elaborate(e, n->child[1]) : NULL;
  return pair[1] ? jac_term_op(e, JAC_C_DIVIDE, n, 2, pair) : NULL;
}

static bool is_equation(const node *n) {
  return n->form == JAC_S_CHAIN && n->count == 3 && n->child[1]->row->id == JAC_C_EQUAL;
}

/* The equations below a bar: x = 1, y = 2; (x, y) = (1, 2). 0: it is no point. */
static size_t point(node *where, node *name[4], node *value[4]) {
  size_t equations = where->form == JAC_S_LIST ? where->count : 1, count = 0;
  for (size_t k = 0; k < equations; k++) {
    node *one = where->form == JAC_S_LIST ? where->child[k] : where;
    if (!is_equation(one))
      return 0;
    node *names = jac_inside(one->child[0]), *values = jac_inside(one->child[2]);
    bool list = names->form == JAC_S_LIST;
    size_t n = list ? names->count : 1;
    if (count + n > 4 || (list && (values->form != JAC_S_LIST || values->count != n)))
      return 0;
    for (size_t j = 0; j < n; j++, count++) {
      name[count] = list ? names->child[j] : one->child[0];
      value[count] = list ? values->child[j] : one->child[2];
      if (!jac_name_like(name[count]))
        return 0;
    }
  }
  return count;
}

/* \partial p/\partial T |_{V, n}: of these as they are. */
static bool all_held(elaboration *e, node *n) {
  node *slope = jac_inside(n->child[0]), *where = n->child[1];
  size_t names = where->form == JAC_S_LIST ? where->count : 1;
  bool held = slope->form == JAC_S_FRACTION && jac_is_derivative(slope);
  for (size_t k = 0; held && k < names; k++) {
    node *one = where->form == JAC_S_LIST ? where->child[k] : where;
    held = one->form == JAC_S_NAME && jac_held_constant(e, slope, one);
  }
  return held;
}

/* f|_{x = a}: the value where the symbols have other values. */
static term *at_point(elaboration *e, node *n) {
  node *name[4], *value[4];
  size_t count = point(n->child[1], name, value);
  if (!count)
    return all_held(e, n) ? jac_elaborate(e, n->child[0])
                          : jac_unknown(e, n, "what stands below the bar is no point");
  const struct jac_symbol **symbols =
      jac_pool_take(e->pool, count * sizeof(const struct jac_symbol *));
  term *child[5];
  child[0] = jac_elaborate(e, n->child[0]);
  if (!child[0] || !symbols)
    return NULL;
  for (size_t k = 0; k < count; k++) {
    symbols[k] = jac_symbol_of(e, jac_key(e, name[k]), name[k]);
    child[k + 1] = jac_elaborate(e, value[k]);
    if (!symbols[k] || !child[k + 1])
      return NULL;
    if (!jac_dim_unify(&e->dims, symbols[k]->type.rows, child[k + 1]->type.rows, 0) ||
        !jac_dim_unify(&e->dims, symbols[k]->type.cols, child[k + 1]->type.cols, 0))
      return jac_clash(e, value[k], jac_type_because(child[k + 1]->type),
                       "the point is not of the variable's shape");
  }
  struct jac_term *t = jac_term_new(e, JAC_TERM_AT, child[0]->type, n, count + 1, child);
  if (t)
    t->at = symbols;
  return t;
}

static term *name(elaboration *e, node *n) {
  bool taken = false;
  term *t = jac_elaborate_jacobian(e, n, NULL, &taken);
  if (taken || e->unfit)
    return t;
  t = jac_elaborate_special(e, n, NULL, NULL, &taken);
  if (taken || e->unfit)
    return t;
  t = jac_dotted(e, n, &taken);
  if (taken || e->unfit)
    return t;
  const char *key = jac_key(e, n);
  struct jac_bound *b = jac_bound_find(e, key);
  if (b && b->value)
    return b->value;
  if (b && b->index)
    return jac_term_index(e, b->index, n);
  bool letter = n->row && n->row->id == JAC_C_DELTA; /* delta alone is a name */
  if (n->row && n->row->role != JAC_ROLE_ENTRYWISE && n->row->role != JAC_ROLE_FUNCTION &&
      !letter && !jac_declared(e, key) && !jac_definition_of(e, key))
    return jac_unknown(e, n, "%s: an argument in brackets is missing", n->text);
  struct name_entry *entry = jac_name_entry(e, key);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  /* B of R^{B x n} where dL/dB is meant elsewhere: a quantity, wherever it is met first.
   */
  bool moves = u && (u->denominator || u->numerator);
  if (entry && entry->dim && !moves && !jac_quantity_too(e, key))
    return jac_term_size(e, entry->dim, n);
  if (entry && entry->index)
    return jac_term_index(e, entry->index, n);
  bool known = jac_definition_of(e, key) || jac_declared(e, key);
  bool size = !jac_definition_of(e, key) && !jac_said_other(e, key);
  if (u && u->bounds && size && !moves)
    return jac_term_size(e, jac_named_size(e, key), n);
  if (jac_counts_ones(e, key) && size && !moves)
    return jac_term_size(e, jac_named_size(e, key), n);
  if (!known && jac_is_index(e, key)) {
    struct jac_index *index = jac_free_index(e, key);
    return index ? jac_term_index(e, index, n) : NULL;
  }
  if (strncmp(n->text, "bb_", 3) == 0 && !jac_definition_of(e, key))
    return jac_unknown(e, n,
                       strcmp(n->text, "bb_E") == 0 ? "an expectation is not read"
                                                    : "a set is not read here");
  return jac_term_symbol(e, jac_symbol_of(e, key, n), n);
}

term *jac_elaborate(elaboration *e, node *n) {
  if (e->unfit)
    return NULL;
  if (++e->depth > MOST_DEPTH) {
    e->unfit = JAC_BOUND;
    snprintf(e->message, sizeof e->message, "it is nested too deeply to be worked out");
    return NULL;
  }
  term *t = NULL;
  switch (n->form) {
  case JAC_S_NUMBER:
    t = number_of(e, n);
    break;
  case JAC_S_NAME:
    t = name(e, n);
    break;
  case JAC_S_GROUP:
    t = group(e, n);
    break;
  case JAC_S_SCRIPT:
    t = jac_elaborate_script(e, n);
    break;
  case JAC_S_SIDE:
    t = jac_elaborate_side(e, n);
    break;
  case JAC_S_INFIX:
    t = infix(e, n);
    break;
  case JAC_S_TERMS:
    t = terms(e, n);
    break;
  case JAC_S_APPLY:
    t = jac_elaborate_apply(e, n);
    break;
  case JAC_S_FRACTION:
    t = fraction(e, n);
    break;
  case JAC_S_ROOT:
    t = root(e, n);
    break;
  case JAC_S_BIG:
    t = jac_elaborate_big(e, n, n->child[2]);
    break;
  case JAC_S_INTEGRAL:
    t = jac_elaborate_integral(e, n);
    break;
  case JAC_S_MATRIX:
    t = jac_elaborate_matrix(e, n);
    break;
  case JAC_S_CASES:
    t = jac_elaborate_cases(e, n);
    break;
  case JAC_S_CHAIN:
    t = jac_elaborate_condition(e, n);
    break;
  case JAC_S_POINT:
    t = at_point(e, n);
    break;
  case JAC_S_LIST:
    t = jac_unknown(e, n, "a list is not read here");
    break;
  case JAC_S_ROW:
  case JAC_S_SIGN:
  case JAC_S_STRING:
  case JAC_S_DOTS:
  case JAC_S_BLANK:
    t = jac_unknown(e, n, "dots, blanks and signs alone are not read here");
    break;
  }
  e->depth--;
  if (!t && !e->unfit) {
    e->unfit = e->pool->failed ? JAC_SHORT : JAC_UNKNOWN;
    snprintf(e->message, sizeof e->message, "it is not read");
    e->start = n->start;
    e->end = n->end;
  }
  return t;
}
