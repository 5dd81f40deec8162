/* What stands above a name: a layer, which is part of the name, a power, a transpose. */
#include "jacobian/elaborate/script_internal.h"

#include <ctype.h>
#include <string.h>

static bool is_top(node *n) {
  return jac_is_name(n, "T") || jac_is_name(n, "top");
}

bool jac_number_is(node *n, double value) {
  if (n->form == JAC_S_NUMBER)
    return n->number == value;
  return n->form == JAC_S_TERMS && n->count == 1 && n->text[0] == '-' &&
         n->child[0]->form == JAC_S_NUMBER && n->child[0]->number == -value;
}

node *jac_scripted(elaboration *e, node *n, node *base, node *below, node *above,
                   double primes) {
  node *child[3] = {base, below, above};
  struct jac_syntax like = *n;
  like.number = primes;
  like.text = "";
  return jac_notation_node(e->scope->pool, &like, 3, child);
}

static bool layer_letter(const elaboration *e, node *above) {
  node *l = jac_index_letter(above->form == JAC_S_GROUP ? above->child[0] : above);
  if (!l)
    return false;
  for (size_t k = 0; k < e->evidence->layers; k++)
    if (strcmp(e->evidence->layer[k], l->text) == 0)
      return true;
  return false;
}

static bool numbered_layers(const elaboration *e) {
  for (size_t k = 0; k < e->evidence->definitions; k++) {
    node *name = e->evidence->definition[k].name;
    if (name->form == JAC_S_SCRIPT && name->child[2] &&
        name->child[2]->form == JAC_S_NUMBER && name->child[2]->number != 2)
      return true;
  }
  return false;
}

bool jac_explained(elaboration *e, const char *key) {
  return jac_definition_of(e, key) || jac_declared(e, key) || jac_bound_find(e, key);
}

/* x^t A x: whether t is no quantity, no step and no size. */
static bool transposes(elaboration *e) {
  const struct jac_usage *u =
      jac_usage_of(e->evidence, jac_pool_text(e->scope->pool, "t"));
  return u && !u->times && !u->called && !u->numerator && !u->denominator && !u->bounds &&
         !u->index && !u->stepped && !u->defined;
}

/* (k)T, [l] T, (i)2 */
static void read_several(elaboration *e, node *n, node *base, node *above,
                         struct above *out) {
  node *last = above->child[above->count - 1];
  if (above->count == 2 && (is_top(last) || last->form == JAC_S_NUMBER)) {
    jac_read_above(e, n, base, above->child[0], out);
    if (out->layer && !out->power && !out->top) {
      out->top = is_top(last);
      out->power = is_top(last) ? NULL : last;
      return;
    }
    *out = (struct above){0};
  }
  bool groups = true;
  for (size_t k = 0; k < above->count; k++)
    groups = groups && (above->child[k]->form == JAC_S_GROUP || is_top(above->child[k]));
  if (groups) {
    out->layer = above;
    out->top = is_top(last);
    if (out->top)
      out->layer =
          jac_notation_node(e->scope->pool, above, above->count - 1, above->child);
    return;
  }
  out->power = above;
}

/* Whether T is a transpose here, not a number. */
static bool top_transposes(elaboration *e, node *above) {
  const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, above));
  bool said = jac_says(e, JAC_SAYS_T_NUMBER, JAC_SAYS_NOTHING) == JAC_SAYS_T_NUMBER;
  bool steps = jac_is_name(above, "T") && u && (u->bounds || u->divisor);
  return !(said || steps) ||
         jac_choose2(e, jac_pool_text(e->scope->pool, "T"), said ? 16 : 0, said ? 0 : 12,
                     NULL, "T is a number", NULL) == 0;
}

/* Whether \alpha may be a letter for a quantity, and no word, index or part of a name. */
static bool may_be_exponent(elaboration *e, node *n, node *base, node *above) {
  return above->form == JAC_S_NAME && !above->word && !above->macro &&
         above->number == 0 && !jac_bound_find(e, jac_key(e, above)) &&
         !jac_explained(e, jac_key(e, jac_scripted(e, n, base, NULL, above, 0)));
}

/* K^\alpha: a power rather than a name, where something is differentiated by K and \alpha
 * is a factor somewhere, or where all is numbers; the other way it is read too. */
static bool raised_to_name(elaboration *e, node *n, node *base, node *above) {
  if (!may_be_exponent(e, n, base, above))
    return false;
  node *bare = n->child[1] ? jac_scripted(e, n, base, n->child[1], NULL, 0) : base;
  const struct jac_usage *to = jac_usage_of(e->evidence, jac_key(e, above));
  bool varies = false;
  for (size_t k = 0; bare && k < e->evidence->pairs; k++)
    varies = varies || jac_notation_equal(e->evidence->pair[k].denominator, bare);
  bool power = !e->evidence->arrays || (varies && to && to->times > to->raised);
  const char *site = jac_pool_printf(e->scope->pool, "above:%s", above->text);
  return jac_choose2(e, site, power ? 0 : 5, power ? 5 : 0, NULL, NULL, NULL) == 0;
}

/* Whether a letter or a number above a name is chosen to be a layer, not a power. */
static bool chosen_layer(elaboration *e, node *base, node *above) {
  bool letters = above->form == JAC_S_NAME || above->form == JAC_S_TERMS;
  bool negative = above->form == JAC_S_TERMS && above->count == 1;
  if (letters && !negative && base->form == JAC_S_NAME && jac_index_letter(above)) {
    bool layer = layer_letter(e, above);
    const char *site =
        jac_pool_printf(e->scope->pool, "above:%s", jac_index_letter(above)->text);
    return jac_choose2(e, site, layer ? 10 : 0, layer ? 0 : 5, NULL, NULL, NULL) == 1;
  }
  return above->form == JAC_S_NUMBER && numbered_layers(e) && base->form == JAC_S_NAME &&
         !base->row &&
         jac_choose2(e, jac_pool_text(e->scope->pool, "above:digits"), 6, 0, NULL, NULL,
                     NULL) == 1;
}

void jac_read_above(elaboration *e, node *n, node *base, node *above, struct above *out) {
  *out = (struct above){0};
  if (!above)
    return;
  if (above->form == JAC_S_SIDE) {
    read_several(e, n, base, above, out);
    return;
  }
  if (is_top(above)) {
    out->top = top_transposes(e, above);
    out->power = out->top ? NULL : above;
    return;
  }
  if (above->form == JAC_S_TERMS && above->count == 1 && above->text[0] == '-' &&
      is_top(above->child[0])) {
    out->top = out->inverse = true;
    return;
  }
  const char *key = jac_key(e, jac_scripted(e, n, base, NULL, above, 0));
  if (above->form == JAC_S_GROUP || above->form == JAC_S_SIGN ||
      above->form == JAC_S_LIST ||
      (above->form == JAC_S_NAME && (above->text[1] || above->number > 0) &&
       !isdigit((unsigned char)above->text[0]))) {
    /* x^{(i)} is a name; x^{(a+b)} a power. */
    node *inside = above->form == JAC_S_GROUP ? above->child[0] : above;
    bool sum = inside->form == JAC_S_SIDE || inside->form == JAC_S_INFIX ||
               inside->form == JAC_S_FRACTION || raised_to_name(e, n, base, above);
    *(sum ? &out->power : &out->layer) = above;
    return;
  }
  if (jac_explained(e, key)) {
    out->layer = above;
    return;
  }
  if (jac_is_name(above, "t") && transposes(e) &&
      jac_choose2(e, jac_pool_text(e->scope->pool, "t"), 0, 6, NULL, NULL, NULL) == 0) {
    out->top = true;
    return;
  }
  *(chosen_layer(e, base, above) ? &out->layer : &out->power) = above;
}

term *jac_raise(elaboration *e, term *base, const struct above *above, node *where) {
  if (!base)
    return NULL;
  if (above->power) {
    if (jac_number_is(above->power, -1) && !jac_type_is_number(base->type))
      base = jac_term_op(e, JAC_C_INVERSE, where, 1, &base);
    else {
      term *pair[2] = {base, jac_elaborate(e, above->power)};
      base = pair[1] ? jac_term_op(e, JAC_C_POWER, where, 2, pair) : NULL;
    }
  }
  if (base && above->inverse)
    base = jac_term_op(e, JAC_C_INVERSE, where, 1, &base);
  if (base && above->top && jac_type_is_number(base->type)) {
    struct jac_choice c = {.site = jac_pool_text(e->scope->pool, "transpose of a number"),
                           .count = 1,
                           .price = {16}};
    jac_choose(e, &c);
  }
  if (base && above->top)
    base = jac_term_op(e, JAC_C_TRANSPOSE, where, 1, &base);
  return base;
}
