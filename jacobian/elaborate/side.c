/* Factors side by side: products, calls, operators with their operands. */
#include "jacobian/elaborate/side_internal.h"

#include <string.h>

/* A name that may be a function's: no power, no transpose. */
static bool callable(node *n) {
  if (!jac_name_like(n))
    return false;
  node *above = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (!above)
    return true;
  node *last = above->form == JAC_S_SIDE ? above->child[above->count - 1] : above;
  return !jac_is_name(last, "T") && !jac_is_name(last, "top") &&
         last->form != JAC_S_NUMBER && last->form != JAC_S_TERMS;
}

static bool operator_sign(node *n) {
  if (n->form == JAC_S_FRACTION)
    return jac_is_derivative(n) && jac_is_differential(n->child[0]);
  node *base = base_of(n);
  if (jac_is_name(base, "nabla"))
    return true;
  return jac_is_name(base, "partial") && n->form == JAC_S_SCRIPT && n->child[1] != NULL;
}

/* The name above in dg/dx, or NULL. */
static node *numerator(node *n) {
  if (n->form != JAC_S_FRACTION || !jac_is_derivative(n))
    return NULL;
  node *above = jac_inside(n->child[0]);
  return above->form == JAC_S_SIDE && above->count == 2 && jac_name_like(above->child[1])
             ? above->child[1]
             : NULL;
}

/* (R(t)) before what is in no bracket: it would need none, were all meant. */
static bool alone_in_brackets(size_t count, node *const *factor) {
  node *inside = brackets(factor[0], "()") ? factor[0]->child[0] : NULL;
  bool call = inside && inside->form == JAC_S_SIDE && inside->count == 2 &&
              jac_name_like(inside->child[0]) && brackets(inside->child[1], "()");
  return count > 1 && (call || (inside && jac_name_like(inside))) &&
         !brackets(factor[1], "()");
}

/* \nabla L of a quantity that is defined, or differentiated elsewhere: of it alone. */
static bool is_quantity(elaboration *e, node *factor) {
  const struct jac_usage *u =
      jac_name_like(factor) ? jac_usage_of(e->evidence, jac_key(e, factor)) : NULL;
  return u && (jac_definition_of(e, u->key) || u->numerator);
}

/* How many factors behind an operator it acts on. */
static size_t operand(elaboration *e, node *sign, size_t count, node *const *factor) {
  size_t one = count > 1 && jac_name_like(factor[0]) && brackets(factor[1], "()") ? 2 : 1;
  if (one >= count)
    return count;
  bool nabla = sign->form != JAC_S_FRACTION;
  bool alone = !nabla && alone_in_brackets(count, factor);
  const char *site = jac_pool_printf(e->scope->pool, "operand:%zu", sign->start);
  unsigned all = 0, rest = 16;
  if (alone || (nabla && is_quantity(e, factor[0])))
    all = 5, rest = 0;
  else if (!nabla && (brackets(factor[0], "()") || jac_is_derivative(factor[0])))
    rest = 3; /* d/dx (u) v, d/dx dy/dz v: hardly of v */
  if (jac_choose2(e, site, all, rest, NULL, NULL, NULL) == 1)
    return one;
  if (alone)
    e->excuse = N_("it holds where a derivative is of all that stands behind it: write "
                   "brackets around it");
  return count;
}

static term *times(elaboration *e, term *left, term *right, node *where) {
  if (!left || !right)
    return left ? NULL : right;
  term *pair[2] = {left, right};
  return jac_term_op(e, JAC_C_SIDE, where, 2, pair);
}

/* 1/n beside a sum without bounds: n is what it runs over. */
static void name_ranges(elaboration *e, size_t count, node *const *factor) {
  for (size_t k = 0; k + 1 < count; k++) {
    if (factor[k]->form != JAC_S_FRACTION)
      continue;
    node *below = jac_inside(factor[k]->child[1]);
    if (below->form == JAC_S_SIDE && below->count == 2 &&
        below->child[0]->form == JAC_S_NUMBER)
      below = below->child[1];
    node *big = NULL;
    for (size_t j = k + 1; j < count && !big; j++) {
      node *inside = jac_inside(factor[j]);
      if (inside->form == JAC_S_BIG && !inside->child[1] && inside->child[0])
        big = inside;
    }
    if (!big || below->form != JAC_S_NAME)
      continue;
    const char *key = jac_key(e, below);
    if (jac_definition_of(e, key) || jac_said_other(e, key) || jac_bound_find(e, key))
      continue;
    const char *site = jac_pool_printf(e->scope->pool, "size:%s", key);
    if (jac_choose2(e, site, 0, 10, NULL, NULL, NULL) == 0)
      e->pending = jac_named_size(e, key);
  }
}

/* f[a(x), b(x)], f[g(x)]: a call, since its arguments are. */
static bool calls_in_square(node *n) {
  if (!brackets(n, "[]"))
    return false;
  bool list = n->child[0]->form == JAC_S_LIST;
  for (size_t k = 0; k < (list ? n->child[0]->count : 1); k++) {
    node *one = list ? n->child[0]->child[k] : n->child[0];
    if (one->form != JAC_S_SIDE || one->count != 2 || !brackets(one->child[1], "()"))
      return false;
  }
  return true;
}

static bool is_transpose(node *above) {
  return jac_is_name(above, "T") || jac_is_name(above, "top");
}

/* Factors that are read together: what they are, and how many; NULL where it fails. */
struct read {
  term *value;
  size_t used;
};

/* An operator and what it acts on; \nabla g(x)^T is turned: of the gradient there. */
static struct read operated(elaboration *e, node *f, size_t count, node *const *factor,
                            node *where) {
  size_t n = operand(e, f, count - 1, factor + 1);
  node *at = n >= 2 && jac_name_like(factor[1]) ? factor[2] : NULL;
  bool turned = at && at->form == JAC_S_SCRIPT && brackets(at->child[0], "()") &&
                !at->child[1] && at->child[2] && is_transpose(at->child[2]);
  if (!turned)
    return (struct read){jac_elaborate_derivative(e, f, n, factor + 1, where), n + 1};
  node *operands[2] = {factor[1], at->child[0]};
  term *one = jac_elaborate_derivative(e, f, 2, operands, where);
  return (struct read){one ? jac_term_op(e, JAC_C_TRANSPOSE, where, 1, &one) : NULL, 3};
}

/* (g(x)) behind df/dg. */
static bool value_of_variable(node *f, node *bracket) {
  node *below = jac_inside(f->child[1]), *inside = jac_inside(bracket);
  return below->form == JAC_S_SIDE && below->count == 2 && inside->form == JAC_S_SIDE &&
         inside->count == 2 && jac_notation_equal(below->child[1], inside->child[0]) &&
         jac_all_names(inside->child[1]);
}

/* 2, \pi/4, \sqrt 3: nothing that could vary. */
static bool constant(node *n) {
  if (n->form == JAC_S_NAME)
    return jac_is_name(n, "pi");
  for (size_t k = 0; k < n->count; k++)
    if (!n->child[k] || !constant(n->child[k]))
      return false;
  return n->form != JAC_S_LIST && n->form != JAC_S_MATRIX;
}

/* t, where f is dP/dt of one letter, and the bracket holds a number: (\pi/4). */
static node *at_number(elaboration *e, node *f, node *bracket) {
  node *below = jac_inside(f->child[1]);
  bool one = below->form == JAC_S_SIDE && below->count == 2 &&
             below->child[1]->form == JAC_S_NAME;
  return one && constant(bracket->child[0]) &&
                 jac_choose2(e, jac_pool_text(e->scope->pool, "value of a derivative"), 0,
                             4, NULL, NULL, NULL) == 0
             ? below->child[1]
             : NULL;
}

/* dg/dx and the bracket behind it: at a point, of all variables, or a factor. */
static struct read derivative_bracket(elaboration *e, node *f, node *bracket) {
  bool taken = false;
  node *below = jac_inside(f->child[1]);
  bool by_one = below->form == JAC_S_SIDE && below->count == 2;
  term *slope =
      by_one ? jac_slope_by_place(e, numerator(f), below->child[1], bracket, f, &taken)
             : NULL;
  if (taken || e->unfit)
    return (struct read){slope, 2};
  term *one = jac_elaborate(e, f);
  term *there = one ? jac_derivative_at(e, numerator(f), bracket, one, &taken) : NULL;
  if (taken)
    return (struct read){there, 2};
  node *x = one ? at_number(e, f, bracket) : NULL;
  if (x) {
    struct jac_symbol *symbol = jac_symbol_of(e, jac_key(e, x), x);
    term *value = symbol ? jac_elaborate(e, bracket->child[0]) : NULL;
    return (struct read){
        value ? jac_at_argument(e, one, symbol, value, one->type, bracket) : NULL, 2};
  }
  /* dg/dx_1 (x), where x is all of them; df/dg (g(x)). */
  bool all = one && (jac_all_names(bracket) || value_of_variable(f, bracket)) &&
             jac_choose2(e, jac_pool_text(e->scope->pool, "point of a derivative"), 0, 4,
                         NULL, NULL, NULL) == 0;
  return (struct read){one, all ? 2 : 1};
}

/* \Delta x: a quantity of its own. */
static term *delta_of(elaboration *e, node *x) {
  struct jac_syntax like = *x;
  like.form = JAC_S_NAME;
  like.text = jac_pool_printf(e->scope->pool, "Delta %s", jac_key(e, jac_unprimed(e, x)));
  like.row = NULL;
  node *renamed = jac_notation_node(e->scope->pool, &like, 0, NULL);
  if (x->form == JAC_S_SCRIPT) {
    like = *x->child[0];
    like.text = jac_pool_printf(e->scope->pool, "Delta %s", x->child[0]->text);
    renamed = jac_notation_node(e->scope->pool, &like, 0, NULL);
    node *child[3] = {renamed, x->child[1], x->child[2]};
    renamed = jac_notation_node(e->scope->pool, x, 3, child);
  }
  return renamed ? jac_elaborate(e, renamed) : NULL;
}

/* f(x)^2, f(x)_i: what a call gives, then its script; else a factor with one. */
static struct read scripted_call(elaboration *e, node *f, node *script) {
  bool called = false;
  term *one = jac_elaborate_call(e, f, script->child[0], &called);
  if (called)
    return (struct read){jac_script_of(e, one, script), 2};
  return (struct read){e->unfit ? one : jac_elaborate(e, f), 1};
}

/* A name and its bracket: a meaning of its own, an entry, a call, or a factor. */
static struct read bracketed(elaboration *e, node *f, node *bracket) {
  bool special = false, called = false;
  term *one = NULL;
  if (base_of(f)->form == JAC_S_NAME)
    one = jac_elaborate_special(e, base_of(f), bracket, NULL, &special);
  if (e->unfit)
    return (struct read){one, 1};
  if (special && one)
    return (struct read){one, 2};
  node *item[4];
  size_t items = brackets(bracket, "[]") && !calls_in_square(bracket)
                     ? jac_index_items(bracket->child[0], item)
                     : 0;
  if (items && jac_index_letter(item[0])) { /* W[i], where W has entries */
    one = jac_elaborate(e, f);
    if (!one || jac_type_is_number(one->type))
      return (struct read){one, 1};
    return (struct read){jac_term_entry(e, one, items, item, f), 2};
  }
  one = jac_elaborate_call(e, f, bracket, &called);
  if (called)
    return (struct read){one, 2};
  return (struct read){e->unfit ? one : jac_elaborate(e, f), 1};
}

/* Whether the bracket behind a name may hold arguments or an index. */
static bool bracket_of_name(node *bracket) {
  return brackets(bracket, "()") || calls_in_square(bracket) ||
         (brackets(bracket, "[]") && !bracket->spaced &&
          bracket->child[0]->form != JAC_S_LIST);
}

/* Whether f is a Delta that nothing gives another meaning, before a name. */
static bool is_delta(elaboration *e, node *f, node *next) {
  return jac_is_name(f, "Delta") && jac_name_like(next) &&
         !jac_definition_of(e, jac_key(e, f)) && !jac_declared(e, jac_key(e, f));
}

/* (g \circ f), with primes or without. */
static bool composition(elaboration *e, node *f) {
  bool scripted = f->form == JAC_S_SCRIPT && (f->child[1] || f->child[2]);
  return !scripted && brackets(base_of(f), "()") && jac_is_composition(e, base_of(f));
}

/* Whether a function that is called elsewhere is applied without a bracket: a = g z. */
static bool applied_bare(elaboration *e, node *f, node *next) {
  if (!callable(f) || !jac_name_like(next))
    return false;
  const char *key = jac_key(e, jac_unprimed(e, f));
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  const struct jac_usage *of =
      jac_usage_of(e->evidence, jac_key(e, jac_unprimed(e, next)));
  if (!u || !u->called_names || !u->primed || u->numerator || u->denominator || !of ||
      of->called || of->primed)
    return false;
  return jac_choose2(e, jac_pool_printf(e->scope->pool, "bare:%s", key), 0, 4, NULL,
                     N_("a function is applied without brackets"), NULL) == 1;
}

static struct read call_bare(elaboration *e, node *f, node *next) {
  struct jac_syntax like = *next;
  like.form = JAC_S_GROUP;
  like.text = "()";
  bool called = false;
  node *bracket = jac_notation_node(e->scope->pool, &like, 1, &next);
  term *one = bracket ? jac_elaborate_call(e, f, bracket, &called) : NULL;
  return (struct read){called || e->unfit ? one : jac_elaborate(e, f), called ? 2 : 1};
}

/* Long: a line for each way to go on. The first of the factors (f, in its place) with
 * those behind it that belong to it. */
static struct read next_of(elaboration *e, node *f, size_t count, node *const *factor,
                           node *where) {
  node *next = count > 1 ? factor[1] : NULL;
  if (f->form == JAC_S_DOTS)
    return (struct read){jac_unknown(e, f, "dots between factors are not read"), 1};
  if (!next)
    return (struct read){jac_elaborate(e, f), 1};
  if (f->form == JAC_S_SCRIPT && f->number > 0 && f->child[0]->form == JAC_S_GROUP &&
      brackets(next, "[]"))
    return (struct read){jac_unknown(e, f, "a derivative along a direction is not read"),
                         1};
  f = jac_partial_word(e, f, next);
  term *ones = jac_ones_before(e, f, next);
  if (ones || e->unfit)
    return (struct read){ones, 1};
  if (operator_sign(f))
    return operated(e, f, count, factor, where);
  if (brackets(next, "()") && composition(e, f))
    return (struct read){
        jac_elaborate_composition(e, base_of(f), f->form == JAC_S_SCRIPT ? f->number : 0,
                                  next),
        2};
  if (brackets(next, "()") && numerator(f))
    return derivative_bracket(e, f, next);
  if (count > 2 && numerator(f) && jac_notation_equal(numerator(f), next) &&
      brackets(factor[2], "()") &&
      jac_choose2(e, jac_pool_text(e->scope->pool, "said twice"), 0, 4, NULL,
                  N_("df/dx f(x) is the derivative at x, and no product"), NULL) == 1) {
    struct read at = derivative_bracket(e, f, factor[2]);
    return (struct read){at.value, at.used + 1};
  }
  bool taken = false;
  term *indicator = jac_indicator(e, f, next, &taken);
  if (taken)
    return (struct read){indicator, 2};
  bool along = false, there = count > 2 && brackets(factor[2], "()");
  term *slope = jac_along(e, f, there ? 2 : 1, factor + 1, &along);
  if (along)
    return (struct read){slope, there ? 3 : 2};
  node *jacobian = jac_derivative_word(e, f, next);
  if (jacobian) {
    bool called = false;
    term *one = there ? jac_elaborate_call(e, jacobian, factor[2], &called)
                      : jac_elaborate(e, jacobian);
    return (struct read){one, there ? 3 : 2};
  }
  if (jac_is_name(f, "d") && count > 3 && jac_function_of(e, jac_key(e, next)) &&
      brackets(factor[2], "()") && brackets(factor[3], "()")) /* dF(x, y)(h, k) */
    return (struct read){jac_unknown(e, f, "a differential at a point is not read"), 1};
  if (jac_d_of_expression(e, f, next))
    return (struct read){jac_adjoint_of(e, next, false), 2};
  if (jac_small_d(e, f, next)) {
    bool at = count > 2 && brackets(factor[2], "()") && jac_all_names(factor[2]);
    term *one = jac_adjoint_of(e, next, at);
    return (struct read){one, at ? 3 : 2}; /* df(x) */
  }
  if (is_delta(e, f, next))
    return (struct read){delta_of(e, next), 2};
  bool name =
      (callable(f) || jac_raised_call(e, f)) && !jac_is_name(base_of(f), "partial");
  if (name && next->form == JAC_S_SCRIPT && brackets(next->child[0], "()"))
    return scripted_call(e, f, next);
  if (name && bracket_of_name(next))
    return bracketed(e, f, next);
  if (name && applied_bare(e, f, next))
    return call_bare(e, f, next);
  /* A derivative and its point. */
  bool point = brackets(next, "()") && jac_is_derivative(f) && jac_all_names(next);
  return (struct read){jac_elaborate(e, f), point ? 2 : 1};
}

static bool is_unit(const char *word) {
  static const char *const units[] = {"mm",  "cm",  "dm",  "km",  "ms",  "min", "kg",
                                      "mg",  "Pa",  "kPa", "hPa", "atm", "bar", "Hz",
                                      "kHz", "mol", "rad", "deg", "kJ",  "kN",  "kW",
                                      "mV",  "kV",  "Nm",  "eV"};
  for (size_t k = 0; k < sizeof units / sizeof *units; k++)
    if (strcmp(units[k], word) == 0)
      return true;
  return false;
}

/* 3 t \text{ cm}: the last factor, which is nothing else, is a unit; another word there
 * may be one. */
static bool ends_in_unit(elaboration *e, size_t count, node *const *factor) {
  node *last = factor[count - 1];
  if (e->plain || count < 2 || last->form != JAC_S_NAME || !last->word || !last->spaced)
    return false;
  const char *key = jac_key(e, last);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (jac_definition_of(e, key) || jac_declared(e, key) || !u || u->numerator ||
      u->denominator || u->index || jac_bound_find(e, key) ||
      jac_choose2(e, jac_pool_printf(e->scope->pool, "unit:%s", key), 0, 2, NULL, NULL,
                  NULL) == 0)
    return false;
  if (!is_unit(last->text))
    e->excuse = N_("it holds where a word behind a formula is a unit");
  return true;
}

term *jac_elaborate_factors(elaboration *e, node *where, size_t count,
                            node *const *factor) {
  term *value = NULL;
  count -= ends_in_unit(e, count, factor);
  name_ranges(e, count, factor);
  for (size_t k = 0; k < count && !e->unfit;) {
    node *partial = jac_prime_by(e, factor[k]); /* f'_x(x, y) */
    struct read one =
        next_of(e, partial ? partial : factor[k], count - k, factor + k, where);
    if (!one.value)
      return NULL;
    value = value ? times(e, value, one.value, where) : one.value;
    k += one.used;
  }
  return value;
}

term *jac_elaborate_side(elaboration *e, node *n) {
  node *quotient = jac_reach_of_first_quotient(e, n);
  if (quotient)
    return jac_elaborate(e, quotient);
  return jac_elaborate_factors(e, n, n->count, n->child);
}
