/* Primes: a transpose, a derivative, a name. */
#include "jacobian/elaborate/script_internal.h"

#include <string.h>

term *jac_primed(elaboration *e, node *n, node *name, const struct above *above,
                 node *below) {
  /* X'_i defined so; X' a transpose; f' a derivative at its own variable. */
  node *whole_name = jac_scripted(e, n, name, NULL, above->layer, n->number);
  const char *key = jac_key(e, whole_name);
  if (jac_explained(e, key) || jac_entries_of(e, key, 0)) {
    term *value = jac_with_below(e, n, name, key, whole_name, below, NULL);
    return jac_raise(e, value, above, n);
  }
  node *plain_name = jac_scripted(e, n, name, below, above->layer, 0);
  if (!below && !above->layer)
    plain_name = name;
  const char *function = jac_key(e, name);
  const struct jac_definition *f = jac_function_of(e, function);
  bool derivative = f && f->params == 1;
  bool said = e->plain || jac_says(e, JAC_SAYS_PRIME_TRANSPOSE,
                                   JAC_SAYS_PRIME_DERIVATIVE) == JAC_SAYS_PRIME_TRANSPOSE;
  const char *site =
      jac_pool_text(e->scope->pool, derivative ? "prime of function" : "prime");
  size_t pick =
      derivative ? 1 : jac_choose2(e, site, said ? 0 : 2, said ? 9 : 4, NULL, NULL, NULL);
  if (pick == 0) {
    term *value = jac_elaborate(e, plain_name);
    bool moves = value && !e->plain && jac_type_is_number(value->type) &&
                 value->kind == JAC_TERM_SYMBOL && value->symbol->body;
    for (long k = 0; value && k < (long)n->number; k++)
      value = moves ? jac_slope_of(e, value, n) /* v' of v = x - 1 */
                    : jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &value);
    return jac_raise(e, value, above, n);
  }
  if (derivative) {
    struct jac_symbol *x = jac_symbol_of(e, jac_key(e, f->param[0]), f->param[0]);
    term *y = jac_term_symbol(e, jac_symbol_of(e, function, name), name);
    if (!x || !y)
      return NULL;
    for (long k = 0; y && k < (long)n->number; k++) {
      struct jac_by by = {.symbol = x};
      y = jac_derivative(e, y, 1, &by, x->type, 0, n);
    }
    return jac_raise(e, y, above, n);
  }
  term *value = jac_term_symbol(e, jac_symbol_of(e, key, n), n);
  return jac_raise(e, value, above, n);
}

term *jac_dotted(elaboration *e, node *n, bool *taken) {
  long order = strncmp(n->text, "dot_", 4) == 0    ? 1
               : strncmp(n->text, "ddot_", 5) == 0 ? 2
                                                   : 0;
  *taken = false;
  if (!order || e->plain || jac_explained(e, jac_key(e, n)))
    return NULL;
  const char *key = jac_pool_text(e->scope->pool, strchr(n->text, '_') + 1);
  const struct jac_definition *f = jac_function_of(e, key);
  if (!f || f->params != 1)
    return NULL;
  *taken = true;
  struct jac_symbol *t = jac_symbol_of(e, jac_key(e, f->param[0]), f->param[0]);
  term *y = t ? jac_term_symbol(e, jac_symbol_of(e, key, f->name), n) : NULL;
  for (long k = 0; y && k < order; k++) {
    struct jac_by by = {.symbol = t};
    y = jac_derivative(e, y, 1, &by, t->type, 0, n);
  }
  return y;
}

/* What a term depends on. */
struct variables {
  const struct jac_symbol *symbol[4];
  size_t count;
};

static bool variable_of(term *t, void *context) {
  struct variables *v = context;
  if (t->kind != JAC_TERM_SYMBOL || t->symbol->body)
    return true;
  for (size_t k = 0; k < v->count && k < 4; k++)
    if (v->symbol[k] == t->symbol)
      return true;
  if (v->count++ < 4)
    v->symbol[v->count - 1] = t->symbol;
  return true;
}

/* u' of (log u)', where it stands somewhere: by what u is differentiated is not said, and
 * (log u)' is its slope at u times u'. */
static term *inner_slope(elaboration *e, const struct jac_symbol *u, node *where) {
  const struct jac_usage *usage = jac_usage_of(e->evidence, u->key);
  struct jac_syntax like = *where;
  like.form = JAC_S_NAME;
  like.text = u->key;
  like.number = 0;
  node *name =
      usage && usage->primed ? jac_notation_node(e->scope->pool, &like, 0, NULL) : NULL;
  if (!name)
    return NULL;
  node *primed = jac_scripted(e, where, name, NULL, NULL, 1);
  return jac_term_symbol(e, jac_symbol_of(e, jac_key(e, primed), primed), where);
}

term *jac_slope_of(elaboration *e, term *value, node *n) {
  struct variables of = {.count = 0};
  term *sum = NULL;
  jac_term_walk_through(value, variable_of, &of);
  for (size_t k = 0; k < of.count && of.count <= 4; k++) {
    struct jac_by by = {.symbol = of.symbol[k]};
    if (!jac_type_is_number(of.symbol[k]->type))
      return jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &value);
    term *pair[2] = {inner_slope(e, of.symbol[k], n), NULL};
    if (!pair[0] && of.count > 1)
      return jac_unknown(e, n, "a prime does not say by what it differentiates here");
    term *slope = jac_derivative(e, value, 1, &by, of.symbol[k]->type, 0, n);
    pair[1] = slope;
    if (pair[0] && slope)
      slope = jac_term_op(e, JAC_C_SIDE, n, 2, pair);
    term *both[2] = {sum, slope};
    sum = sum && slope ? jac_term_op(e, JAC_C_ADD, n, 2, both) : slope;
    if (!sum)
      return NULL;
  }
  return sum ? sum : jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &value);
}

/* Whether what defines a name has another in it. */
static bool made_of(elaboration *e, const char *key, node *name) {
  const struct jac_definition *f = jac_function_of(e, key);
  const struct jac_definition *d = f ? f : jac_definition_of(e, key);
  for (size_t k = 0; f && k < f->params; k++)
    if (jac_notation_equal(f->param[k], name))
      return true;
  return d && d->fact->right && jac_notation_stands(d->fact->right, name);
}

node *jac_prime_by(elaboration *e, node *n) {
  if (n->form != JAC_S_SCRIPT || (n->number != 1 && n->number != 2) || !n->child[1] ||
      n->child[2] || n->child[0]->form != JAC_S_NAME)
    return NULL;
  node *item[4];
  size_t items = jac_index_items(n->child[1], item), order = (size_t)n->number;
  if (items != order)
    return NULL;
  for (size_t k = 0; k < items; k++)
    if (!made_of(e, jac_key(e, n->child[0]), item[k]))
      return NULL;
  struct jac_pool *pool = e->scope->pool;
  struct jac_syntax like = {
      .form = JAC_S_NAME, .text = "partial", .start = n->start, .end = n->end};
  node *sign = jac_notation_node(pool, &like, 0, NULL), *above[2], *below[4], *both[2];
  if (!sign)
    return NULL;
  below[0] = below[2] = sign;
  below[1] = item[0];
  below[3] = item[items - 1];
  like.text = "";
  like.form = JAC_S_NUMBER;
  like.number = 2;
  node *raised[3] = {sign, NULL, jac_notation_node(pool, &like, 0, NULL)};
  like.number = 0;
  like.form = JAC_S_SCRIPT;
  above[0] = order == 1 ? sign : jac_notation_node(pool, &like, 3, raised);
  above[1] = n->child[0];
  like.form = JAC_S_SIDE;
  both[0] = above[0] ? jac_notation_node(pool, &like, 2, above) : NULL;
  both[1] = jac_notation_node(pool, &like, 2 * items, below);
  like.form = JAC_S_FRACTION;
  return both[0] && both[1] ? jac_notation_node(pool, &like, 2, both) : NULL;
}
