/* Derivatives by letters: nabla, J and H, where what they are of and by is often left
 * out. */
#include "jacobian/elaborate/derivative_internal.h"

#include <string.h>

/* The variables of a function, all its arguments; or what was said. */
static size_t default_variables(elaboration *e, node *function,
                                node *out[JAC_VARIABLES]) {
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
    node *inside = jac_deep_inside(u->call);
    size_t count = inside->form == JAC_S_LIST ? inside->count : 1;
    if (count <= JAC_VARIABLES) {
      for (size_t k = 0; k < count; k++)
        out[k] = inside->form == JAC_S_LIST ? inside->child[k] : inside;
      return count;
    }
  }
  return 0;
}

/* The names in a definition's right side that nothing defines, in order. */
static void inputs(elaboration *e, node *n, node *out[JAC_VARIABLES], size_t *count,
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
    if (*count < JAC_VARIABLES)
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
  if (same || (count != f->params && count > 1))
    return NULL;
  *taken = count == f->params;
  term *d = jac_elaborate_derivative(e, sign, 1, operand, where);
  return d ? jac_derivative_at(e, operand[0], operand[1], d, taken) : NULL;
}

/* \nabla g(x_k), where nothing says what g is: by x_k; \nabla g_w(x): by w. */
static size_t at_names(elaboration *e, node *function, node *bracket,
                       node *out[JAC_VARIABLES]) {
  const char *key = function ? jac_key(e, function) : NULL;
  if (!key || !bracket || bracket->form != JAC_S_GROUP || jac_function_of(e, key) ||
      jac_definition_of(e, key))
    return 0;
  node *inside = bracket->child[0];
  size_t count = inside->form == JAC_S_LIST ? inside->count : 1;
  if ((out[0] = jac_below_function(e, function)))
    return 1;
  for (size_t k = 0; k < count && k < JAC_VARIABLES; k++) {
    out[k] = inside->form == JAC_S_LIST ? inside->child[k] : inside;
    if (!jac_name_like(out[k]) || jac_definition_of(e, jac_key(e, out[k])))
      return 0;
  }
  return count <= JAC_VARIABLES ? count : 0;
}

/* By what nabla is: what stands below it, at what f is taken, what f is a function of. */
static size_t nabla_variables(elaboration *e, node *below, node *function, node *bracket,
                              node *out[JAC_VARIABLES]) {
  size_t count = 0;
  if (below && below->form == JAC_S_LIST)
    for (; count < below->count && count < JAC_VARIABLES; count++)
      out[count] = below->child[count];
  else if (below)
    out[count++] = below;
  else
    count = at_names(e, function, bracket, out);
  return below || count ? count : default_variables(e, function, out);
}

/* The one name that a definition hangs on, where it is one. */
static size_t only_input(elaboration *e, node *function, node *out[JAC_VARIABLES]) {
  const struct jac_definition *d = jac_definition_of(e, jac_key(e, function));
  node *all[JAC_VARIABLES];
  size_t count = 0;
  if (d && d->fact->right)
    inputs(e, d->fact->right, all, &count, 0);
  if (count != 1)
    return 0;
  out[0] = all[0];
  return 1;
}

/* \nabla^2: the Hessian, or the sum of its diagonal. alone: by one name, which it does
 * not say. */
static term *nabla_twice(elaboration *e, term *y, size_t variables, node *const *variable,
                         bool alone, node *where) {
  node *twice[2] = {variable[0], variable[0]};
  term *hessian;
  if (variables > 1) {
    hessian = jac_derive_by_all(e, y, variables, variable, 3, where);
    hessian =
        hessian ? jac_derive_by_all(e, hessian, variables, variable, 2, where) : NULL;
  } else
    hessian = jac_derive(e, y, 2, twice, true, where);
  if (hessian && alone && jac_type_is_number(hessian->type))
    return jac_unknown(e, where,
                       "\\nabla^2 of one number: of what it is made is not said");
  bool said = jac_says(e, JAC_SAYS_LAPLACIAN, JAC_SAYS_LAPLACIAN) == JAC_SAYS_LAPLACIAN;
  const char *words = N_("\xe2\x88\x87\xc2\xb2 is the sum of second derivatives");
  if (!hessian || jac_type_is_number(hessian->type) ||
      jac_choose2(e, jac_pool_text(e->scope->pool, "laplacian"), 0, 5, NULL, words,
                  NULL) == 0)
    return hessian;
  if (variables == 1 && !said) /* by a vector, it is hardly meant unsaid */
    e->excuse =
        N_("it holds where \xe2\x88\x87\xc2\xb2 is the sum of second derivatives");
  return jac_term_op(e, JAC_C_TRACE, where, 1, &hessian);
}

/* \nabla f(r), r^2 = x^2 + y^2: by x and y. f(y) = ..., where y = A x: by y, or by x. */
static size_t by_what_it_is(elaboration *e, node *function, size_t count,
                            node **variable) {
  const char *key = count == 1 ? jac_key(e, variable[0]) : NULL;
  const struct jac_definition *d = key ? jac_definition_of(e, key) : NULL;
  const char *site = jac_pool_printf(e->scope->pool, "nabla by:%s", key ? key : "");
  if (d && function && jac_function_of(e, jac_key(e, function)) &&
      jac_choose2(e, site, 0, 3, NULL, NULL, NULL) == 0)
    return count;
  if (key && !d)
    d = jac_definition_of(e, jac_pool_printf(e->scope->pool, "%s^2", key));
  if (!d || !d->fact->right)
    return count;
  node *all[JAC_VARIABLES];
  size_t n = 0;
  inputs(e, d->fact->right, all, &n, 0);
  if (!n)
    return count;
  memcpy(variable, all, n * sizeof *all);
  return n;
}

/* By what the claim has differentiated already, where nothing else says by what. */
static size_t as_before(const elaboration *e, size_t bys, node *out[JAC_VARIABLES]) {
  if (bys)
    memcpy(out, e->by, bys * sizeof *out);
  return bys;
}

/* The braces of \nabla{f(x)} enclose nothing. */
static void without_braces(size_t *count, node *const **operand) {
  node *group = *count == 1 ? (*operand)[0] : NULL;
  if (!group || group->form != JAC_S_GROUP || strcmp(group->text, "{}") != 0 ||
      group->child[0]->form != JAC_S_SIDE)
    return;
  *count = group->child[0]->count;
  *operand = group->child[0]->child;
}

term *jac_nabla(elaboration *e, node *sign, size_t count, node *const *operand,
                node *where) {
  bool taken = false;
  without_braces(&count, &operand);
  term *there = operand && count == 2 ? nabla_at(e, sign, operand, where, &taken) : NULL;
  if (taken)
    return there;
  node *below = sign->form == JAC_S_SCRIPT ? sign->child[1] : NULL;
  node *above = sign->form == JAC_S_SCRIPT ? sign->child[2] : NULL;
  bool top = jac_is_name(above, "T") || jac_is_name(above, "top");
  size_t order = above && !top ? jac_order_of(sign) : 1;
  if (order > 2)
    return jac_unknown(e, sign, "third derivatives are not read");
  if (operand && count == 2)
    there = jac_nabla_of_any(e, sign, order, operand, where, &taken);
  if (taken)
    return there && top ? jac_term_op(e, JAC_C_TRANSPOSE, where, 1, &there) : there;
  node *function =
      count && (jac_name_like(operand[0]) || jac_is_composition(e, operand[0]))
          ? jac_innermost(operand[0])
          : NULL;
  node *variable[JAC_VARIABLES];
  size_t variables =
      nabla_variables(e, below, function, count == 2 ? operand[1] : NULL, variable);
  if (!below)
    variables = by_what_it_is(e, function, variables, variable);
  size_t bys = e->bys;
  term *y;
  if (count)
    y = jac_elaborate_factors(e, where, count, operand);
  else {
    struct jac_symbol *loss = jac_any_loss(e, jac_pool_text(e->scope->pool, "d"), sign);
    y = loss ? jac_term_symbol(e, loss, sign) : NULL;
  }
  if (!y)
    return NULL;
  if (!variables && function)
    variables = only_input(e, function, variable);
  if (!variables)
    variables = as_before(e, bys, variable);
  if (!variables)
    return jac_unknown(e, sign, "nothing says by what is differentiated: \\nabla_x");
  jac_differentiated_by(e, variables, variable);
  if (order == 2)
    return nabla_twice(e, y, variables, variable, !below && variables == 1, where);
  if (!jac_type_is_number(y->type)) { /* nabla is of numbers */
    struct jac_choice c = {.site = jac_pool_text(e->scope->pool, "nabla of a vector"),
                           .count = 1,
                           .price = {6}};
    jac_choose(e, &c);
  }
  e->nabla = true;
  term *d = jac_derive_by_all(e, y, variables, variable, 0, where);
  e->nabla = false;
  return d && top ? jac_term_op(e, JAC_C_TRANSPOSE, where, 1, &d) : d;
}

void jac_differentiated_by(elaboration *e, size_t count, node *const *variable) {
  if (e->bys || count > sizeof e->by / sizeof *e->by)
    return;
  for (size_t k = 0; k < count; k++)
    if (variable[k]->form != JAC_S_NAME) /* an entry, perhaps */
      return;
  memcpy(e->by, variable, count * sizeof *variable);
  e->bys = count;
}

/* H of a recurrence H_t = f(H_{t-1}): a state. */
static bool has_steps(const struct jac_evidence *v, const char *key) {
  const struct jac_definition *d = v->steps ? jac_definition_first(v, key, true) : NULL;
  while (d && !(d->step && d->base == key))
    d = jac_definition_next(v, d, true);
  return d != NULL;
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
         !has_steps(e->evidence, key) && !(u && (u->numerator || u->denominator));
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

/* What a J or an H is of and by, as far as it says; items: the entry below it. */
struct asked {
  node *subject, *variable, *item[4];
  size_t items;
};

/* What stands below: a quantity is what it is of, else what it is by, or an entry. */
static void read_below(elaboration *e, node *below, bool hessian, struct asked *a) {
  if (quantity(e, below) || jac_is_composition(e, below)) {
    a->subject = below;
    return;
  }
  if (below->form == JAC_S_LIST && below->count == 2 && quantity(e, below->child[0])) {
    a->subject = below->child[0];
    a->variable = below->child[1];
    return;
  }
  size_t n = jac_index_items(below, a->item);
  const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, below));
  if (n == 2 || (n == 1 && a->item[0]->form == JAC_S_NUMBER))
    a->items = n;
  else if (a->subject && !hessian && (u == NULL || !u->called))
    a->variable = below;
  else
    a->subject = below;
}

/* J(x), J_f(x) where f is no function, J_a(z): of z, by a. */
static void read_bracket(elaboration *e, node *bracket, node *below, struct asked *a) {
  node *inside = bracket->child[0];
  if (inside->form == JAC_S_LIST || !jac_name_like(inside) || a->variable ||
      !a->subject || jac_function_of(e, jac_key(e, a->subject)))
    return;
  if (quantity(e, inside) && (!below || !quantity(e, below))) {
    a->variable = a->subject == below ? below : NULL;
    a->subject = inside;
  } else
    a->variable = inside;
}

/* All the names of a column of numbers, (r cos phi; r sin phi); 0: it is none. */
static size_t all_numbers(elaboration *e, node *subject, node *out[JAC_VARIABLES]) {
  const struct jac_definition *d = jac_definition_of(e, jac_key(e, subject));
  size_t n = 0;
  if (d && d->fact->right)
    inputs(e, d->fact->right, out, &n, 0);
  for (size_t k = 0; k < n; k++) {
    const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, out[k]));
    if (!u || !u->plain)
      return 0;
  }
  return n > 1 ? n : 0;
}

/* One of the names in the subject's definition, where nothing says by what. */
static node *guessed_variable(elaboration *e, node *subject, const char *key) {
  const struct jac_definition *d = jac_definition_of(e, jac_key(e, subject));
  node *names[JAC_VARIABLES] = {NULL};
  size_t n = 0;
  if (d && d->fact->right)
    inputs(e, d->fact->right, names, &n, 0);
  struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "wrt:%s", key),
                         .guess = true};
  for (size_t k = 0; k < n && k < JAC_ALTERNATIVES; k++) {
    bool capital = names[k]->text[0] >= 'A' && names[k]->text[0] <= 'Z';
    c.price[c.count++] = (unsigned)k * 2 + (capital ? 6 : 0);
  }
  return !c.count ? NULL : names[c.count > 1 ? jac_choose(e, &c) : 0];
}

/* A side that is J alone as its determinant, which is a factor of volumes and known up to
 * the order of its variables; d where it is the matrix. */
static term *as_determinant(elaboration *e, term *d, node *name) {
  struct jac_choice c = {
      .site = jac_pool_text(e->scope->pool, "jacobian determinant"),
      .count = 3,
      .price = {0, 6, 8},
      .words = {NULL, N_("the determinant of the Jacobian is meant"),
                N_("the determinant of the Jacobian is meant, its sign aside")}};
  size_t pick = e->depth > 1 || jac_type_is_number(d->type) ? 0 : jac_choose(e, &c);
  term *det = pick ? jac_term_op(e, JAC_C_DET, name, 1, &d) : d;
  return pick < 2 || !det ? det : jac_term_op(e, JAC_C_NEGATE, name, 1, &det);
}

/* Long: what may stand below, above and behind. J, J_f, J_f(x), J_f^x, J_{ij}, H_f. */
term *jac_elaborate_jacobian(elaboration *e, node *name, node *bracket, bool *taken) {
  *taken = false;
  node *base = base_of(name);
  if (jac_is_name(base, "nabla")) {
    *taken = true;
    return jac_nabla(e, name, 0, NULL, name);
  }
  bool hessian;
  if (base->form != JAC_S_NAME || !letter_of_jacobian(e, base, &hessian))
    return NULL;
  node *below = name->form == JAC_S_SCRIPT ? name->child[1] : NULL;
  node *above = name->form == JAC_S_SCRIPT ? name->child[2] : NULL;
  bool top = jac_is_name(above, "T") || jac_is_name(above, "top");
  struct asked a = {.subject = said_of(e, JAC_SAYS_SUBJECT)};
  if (below) {
    below = jac_inside(below);
    read_below(e, below, hessian, &a);
  }
  if (hessian && !(below && !a.items))
    return NULL;
  if (hessian && !above && jac_hessian_there(e, below, bracket)) {
    *taken = true;
    return jac_gradient_there(e, below, bracket->child[0], true, name);
  }
  if (above && !top)
    a.variable = above;
  if (bracket)
    read_bracket(e, bracket, below, &a);
  if (!a.subject && !below && (!above || top))
    return NULL; /* a name like others */
  *taken = true;
  if (!a.subject)
    return jac_unknown(e, name,
                       "which function this is the Jacobian of is not said: add "
                       "`jacobian: FORMULA wrt=NAME` above");
  bool composed = jac_is_composition(e, a.subject);
  struct jac_symbol *s =
      composed ? NULL : jac_symbol_of(e, jac_key(e, a.subject), a.subject);
  term *y = composed ? jac_elaborate_composition(e, a.subject, 0, NULL)
            : s      ? jac_term_symbol(e, s, name)
                     : NULL;
  if (!y)
    return NULL;
  node *all[JAC_VARIABLES] = {a.variable};
  a.subject = jac_innermost(a.subject);
  size_t count = a.variable ? 1 : default_variables(e, a.subject, all);
  if (!count)
    count = all_numbers(e, a.subject, all);
  if (!count) {
    all[count++] = guessed_variable(e, a.subject, jac_key(e, a.subject));
    if (!all[0])
      return jac_unknown(e, name, "by what this Jacobian is taken is not said: wrt=NAME");
  }
  term *d = jac_derive_by_all(e, y, count, all, hessian ? 3 : 2, name);
  if (hessian)
    d = jac_derive_by_all(e, d, count, all, 2, name);
  bool point = false;
  term *there = d && bracket && !composed && jac_name_like(a.subject)
                    ? jac_derivative_at(e, a.subject, bracket, d, &point)
                    : NULL;
  if (point)
    d = there; /* J_g(f(x, y)) */
  if (d && a.items)
    d = jac_term_entry(e, d, a.items, a.item, name);
  else if (d && !hessian && !top)
    d = as_determinant(e, d, name);
  if (d && top)
    d = jac_term_op(e, JAC_C_TRANSPOSE, name, 1, &d);
  return d;
}
