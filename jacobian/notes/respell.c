#include "jacobian/notes/respell_internal.h"
#include "jacobian/notes/section_internal.h"

#include <string.h>

enum { ORDERS = 4, CHILDREN = JAC_RESPELL_CHILDREN };

static bool is_plain(node *n) {
  return n->form == JAC_S_NAME && !n->row && !jac_is_differential(n);
}

node *jac_respell_name(struct respelling *r, node *like, const char *text) {
  struct jac_syntax as = {.form = JAC_S_NAME,
                          .text = jac_pool_text(r->section->pool, text),
                          .start = like->start,
                          .end = like->end};
  return jac_notation_node(r->section->pool, &as, 0, NULL);
}

node *jac_respell_number(struct respelling *r, node *like, double value) {
  struct jac_syntax as = {.form = JAC_S_NUMBER,
                          .text = jac_pool_printf(r->section->pool, "%g", value),
                          .number = value,
                          .start = like->start,
                          .end = like->end};
  return jac_notation_node(r->section->pool, &as, 0, NULL);
}

node *jac_respell_made(struct respelling *r, enum jac_syntax_form form, const char *text,
                       node *like, size_t count, node *const *child) {
  struct jac_syntax as = {
      .form = form, .text = text, .start = like->start, .end = like->end};
  for (size_t k = 0; k < count; k++)
    if (!child[k] && form != JAC_S_SCRIPT)
      return NULL;
  return jac_notation_node(r->section->pool, &as, count, child);
}

/* \partial^n f / \partial x \partial y ..., or the sign alone where f is NULL. */
node *jac_respell_derivative(struct respelling *r, node *like, node *f, size_t order,
                             node *const *x) {
  node *d = jac_respell_name(r, like, "partial"), *below[2 * ORDERS],
       *script[3] = {d, NULL, NULL};
  if (!d)
    return NULL;
  if (order > 1)
    script[2] = jac_respell_number(r, like, (double)order);
  node *above[2] = {
      order > 1 ? jac_respell_made(r, JAC_S_SCRIPT, "", like, 3, script) : d, f};
  for (size_t k = 0; k < order; k++) {
    below[2 * k] = d;
    below[2 * k + 1] = x[k];
  }
  node *both[2] = {f ? jac_respell_made(r, JAC_S_SIDE, "", like, 2, above) : above[0],
                   jac_respell_made(r, JAC_S_SIDE, "", like, 2 * order, below)};
  return jac_respell_made(r, JAC_S_FRACTION, "", like, 2, both);
}

/* x stands in n as a quantity, not as an index. */
static bool quantity_in(node *n, node *x) {
  if (jac_notation_equal(n, x))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !(n->form == JAC_S_SCRIPT && k == 1) &&
        !(n->form == JAC_S_BIG && k < 2) && quantity_in(n->child[k], x))
      return true;
  return false;
}

/* x counts something in n. */
static bool index_in(node *n, node *x) {
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] &&
        (((n->form == JAC_S_SCRIPT && k == 1) || (n->form == JAC_S_BIG && k < 2)) &&
                 jac_notation_has(n->child[k], x)
             ? true
             : index_in(n->child[k], x)))
      return true;
  return false;
}

/* (P, Q, R), of a definition's right side; NULL: it is a number. */
static node *components(node *right) {
  node *inside = right->form == JAC_S_GROUP ? right->child[0] : right;
  return inside->form == JAC_S_LIST || inside->form == JAC_S_MATRIX ? inside : NULL;
}

/* What defines f last: f(x, y) = ..., or f = ...; false: nothing does. */
static bool definition_of(struct respelling *r, node *f, struct jac_definition *d,
                          node **right) {
  for (size_t k = r->facts; k-- > 0;) {
    const struct jac_fact *fact = &r->section->fact[k];
    if (fact->kind != JAC_FACT_DEFINITION || !fact->left ||
        !jac_definition_read(r->section->pool, fact->left, d) ||
        !jac_notation_equal(d->name, f))
      continue;
    *right = fact->right;
    return fact->right != NULL && !fact->problem;
  }
  return false;
}

/* Whether f is a number that is made of x: by its own word, or as it is defined. */
static bool made_of(const struct jac_definition *d, node *right, node *x) {
  for (size_t k = 0; k < d->params; k++)
    if (jac_notation_equal(d->param[k], x))
      return true;
  return !d->params && quantity_in(right, x) && !index_in(right, x);
}

/* The names that stand below: x, \theta, x and y of xy. Any letter may be an argument. */
static size_t names_below(node *below, node *item[ORDERS]) {
  bool several = below->form == JAC_S_LIST || below->form == JAC_S_SIDE;
  size_t count = several ? below->count : 1;
  for (size_t k = 0; k < count && count <= ORDERS; k++) {
    item[k] = several ? below->child[k] : below;
    if (!jac_name_like(item[k]))
      return 0;
  }
  return count <= ORDERS ? count : 0;
}

/* x and y of f_{xy}, by which f is differentiated; 0: it is a name of its own. */
static size_t partials(struct respelling *r, node *f, node *below, node *x[ORDERS]) {
  struct jac_definition d;
  node *right, *item[ORDERS];
  size_t count = names_below(below, item);
  if (!is_plain(f) || f->bold || !count || !definition_of(r, f, &d, &right) ||
      components(right) || d.params == 1)
    return 0;
  struct jac_syntax like = {.form = JAC_S_SCRIPT, .text = ""};
  node *child[3] = {f, below, NULL};
  node *whole = jac_notation_node(r->section->pool, &like, 3, child);
  if (!whole || jac_notation_has(right, whole))
    return 0; /* f = f_x + f_y */
  for (size_t k = 0; k < count; k++) {
    if (!made_of(&d, right, item[k]))
      return 0;
    x[k] = item[k];
  }
  struct jac_definition other;
  node *ignored;
  return definition_of(r, whole, &other, &ignored) ? 0 : count;
}

/* (x^2 y)'_x: x by which all that stands in the bracket is differentiated. */
static node *primed_bracket(struct respelling *r, node *n) {
  node *x[ORDERS];
  if (n->child[0]->form != JAC_S_GROUP || n->child[0]->text[0] != '(' || n->child[2])
    return NULL;
  size_t count = names_below(n->child[1], x);
  if (!count || (double)count != n->number)
    return NULL;
  for (size_t k = 0; k < count; k++)
    if (!quantity_in(n->child[0], x[k]))
      return NULL;
  node *pair[2] = {jac_respell_derivative(r, n, NULL, count, x), n->child[0]};
  return jac_respell_made(r, JAC_S_SIDE, "", n, 2, pair);
}

/* f_x, f_{xy}^2, and with as many primes f'_x, f''_{xy}. */
static node *subscripted(struct respelling *r, node *n) {
  node *x[ORDERS], *item[ORDERS];
  if (n->form != JAC_S_SCRIPT || !n->child[1])
    return NULL;
  if (n->number > 0) {
    node *whole = primed_bracket(r, n);
    if (whole || (double)names_below(n->child[1], item) != n->number)
      return whole;
  }
  size_t order = partials(r, n->child[0], n->child[1], x);
  node *d = order ? jac_respell_derivative(r, n, n->child[0], order, x) : NULL;
  if (!d || !n->child[2])
    return d;
  if (n->child[2]->form != JAC_S_NUMBER)
    return NULL;
  node *child[3] = {jac_respell_made(r, JAC_S_GROUP, "()", n, 1, &d), NULL, n->child[2]};
  return jac_respell_made(r, JAC_S_SCRIPT, "", n, 3, child);
}

/* f^{(3)} of f(x): f'''. */
static node *counted_primes(struct respelling *r, node *n) {
  struct jac_definition d;
  node *right, *above = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (!above || n->child[1] || n->number != 0 || above->form != JAC_S_GROUP ||
      above->text[0] != '(' || above->child[0]->form != JAC_S_NUMBER ||
      !is_plain(n->child[0]) || !definition_of(r, n->child[0], &d, &right) ||
      d.params != 1)
    return NULL;
  double order = above->child[0]->number;
  if (order < 1 || order > 3)
    return NULL;
  struct jac_syntax as = *n;
  as.number = order;
  node *child[3] = {n->child[0], NULL, NULL};
  return jac_notation_node(r->section->pool, &as, 3, child);
}

/* \partial_{xy} f, D_x f, where f is such a function: factors k and k + 1. */
static node *signed_before(struct respelling *r, node *sign, node *f) {
  node *x[ORDERS];
  if (sign->form != JAC_S_SCRIPT || !sign->child[1] || sign->number != 0 ||
      !(jac_is_name(sign->child[0], "partial") || jac_is_name(sign->child[0], "D")))
    return NULL;
  size_t order = partials(r, f, sign->child[1], x);
  if (order == 1 && sign->child[2] && sign->child[2]->form == JAC_S_NUMBER &&
      sign->child[2]->number == 2)
    x[order++] = x[0];
  else if (sign->child[2])
    return NULL;
  return order ? jac_respell_derivative(r, sign, f, order, x) : NULL;
}

static bool is_delta(node *n) {
  return jac_is_name(n, "Delta");
}

/* \Delta u of u(x, y): the sum of second derivatives. */
static node *laplacian(struct respelling *r, node *u) {
  struct jac_definition d;
  node *right, *term[ORDERS];
  if (!is_plain(u) || u->bold || !definition_of(r, u, &d, &right) || d.params < 2 ||
      d.params > 3 || components(right) || jac_notation_has_name(right, "Delta"))
    return NULL;
  for (size_t k = 0; k < d.params; k++) {
    node *twice[2] = {d.param[k], d.param[k]};
    term[k] = jac_respell_derivative(r, u, u, 2, twice);
  }
  node *sum =
      jac_respell_made(r, JAC_S_TERMS, d.params == 2 ? " +" : " ++", u, d.params, term);
  return sum ? jac_respell_made(r, JAC_S_GROUP, "()", u, 1, &sum) : NULL;
}

/* Which unit vector a factor is: i, j, k in bold or with a hat; 3: none. */
static size_t unit(node *n) {
  static const char *const names[] = {"hat_i", "hat_j", "hat_k", "i", "j", "k"};
  for (size_t k = 0; k < 6 && n->form == JAC_S_NAME; k++)
    if ((k < 3 || n->bold) && strcmp(n->text, names[k]) == 0)
      return k % 3;
  return 3;
}

/* P of P i, and which; NULL: it is no such product. */
static node *along(struct respelling *r, node *n, size_t *which) {
  node *rest[CHILDREN];
  size_t count = 0;
  *which = unit(n);
  if (*which < 3)
    return jac_respell_number(r, n, 1);
  if (n->form != JAC_S_SIDE || n->count > CHILDREN)
    return NULL;
  for (size_t k = 0; k < n->count; k++) {
    size_t u = unit(n->child[k]);
    if (u < 3 && *which < 3)
      return NULL;
    if (u < 3)
      *which = u;
    else
      rest[count++] = n->child[k];
  }
  if (*which == 3 || count == 0)
    return NULL;
  return count == 1 ? rest[0] : jac_respell_made(r, JAC_S_SIDE, "", n, count, rest);
}

/* P i + Q j + R k as (P, Q, R); NULL: it is none. */
static node *by_units(struct respelling *r, node *right, size_t count) {
  node *part[3] = {NULL, NULL, NULL};
  bool terms = right->form == JAC_S_TERMS;
  if (count > 3)
    return NULL;
  for (size_t k = 0; k < (terms ? right->count : 1); k++) {
    size_t which;
    node *one = along(r, terms ? right->child[k] : right, &which);
    if (!one || which >= count || part[which])
      return NULL;
    if (terms && right->text[k] == '-')
      one = jac_respell_made(r, JAC_S_TERMS, "-", one, 1, &one);
    part[which] = one;
  }
  for (size_t k = 0; k < count; k++)
    if (!part[k])
      part[k] = jac_respell_number(r, right, 0);
  return jac_respell_made(r, JAC_S_LIST, "", right, count, part);
}

/* The k-th of (P, Q, R) by the j-th argument: d/dx (P); 1 or 0 of the arguments alone. */
static node *component_by(struct respelling *r, node *all, size_t k,
                          const struct jac_definition *d, size_t j) {
  node *one = all->child[k];
  if (all->form == JAC_S_MATRIX)
    one = all->count == 1 ? all->child[0]->child[k] : one->child[0];
  bool negative = one->form == JAC_S_TERMS && one->count == 1 && one->text[0] == '-';
  node *lone = jac_inside(negative ? one->child[0] : one);
  for (size_t i = 0; i < d->params; i++)
    if (jac_notation_equal(lone, d->param[i])) {
      node *slope = jac_respell_number(r, one, i == j);
      return negative ? jac_respell_made(r, JAC_S_TERMS, "-", one, 1, &slope) : slope;
    }
  node *pair[2] = {jac_respell_derivative(r, one, NULL, 1, &d->param[j]),
                   jac_respell_made(r, JAC_S_GROUP, "()", one, 1, &one)};
  return jac_respell_made(r, JAC_S_SIDE, "", one, 2, pair);
}

static size_t components_in(node *all) {
  if (all->form == JAC_S_LIST)
    return all->count;
  return all->count == 1             ? all->child[0]->count
         : all->child[0]->count == 1 ? all->count
                                     : 0;
}

/* \nabla \cdot F, \nabla \times F of F(x, y, z) = (P, Q, R). */
static node *of_field(struct respelling *r, node *f, bool curl) {
  struct jac_definition d;
  node *right, *part[3], *pair[2];
  f = jac_inside(f);
  if (!is_plain(f) || !definition_of(r, f, &d, &right))
    return NULL;
  node *all = components(right);
  if (!all)
    all = by_units(r, right, d.params);
  if (!all || d.params < (curl ? 3 : 2) || d.params > 3 || components_in(all) != d.params)
    return NULL;
  for (size_t k = 0; k < d.params; k++) {
    size_t a = (k + 1) % 3, b = (k + 2) % 3;
    if (!curl) {
      part[k] = component_by(r, all, k, &d, k);
      continue;
    }
    pair[0] = component_by(r, all, b, &d, a);
    pair[1] = component_by(r, all, a, &d, b);
    part[k] = jac_respell_made(r, JAC_S_TERMS, " -", f, 2, pair);
  }
  node *whole = curl ? jac_respell_made(r, JAC_S_LIST, "", f, 3, part)
                     : jac_respell_made(r, JAC_S_TERMS, d.params == 2 ? " +" : " ++", f,
                                        d.params, part);
  return whole ? jac_respell_made(r, JAC_S_GROUP, "()", f, 1, &whole) : NULL;
}

static node *field_sign(struct respelling *r, node *n) {
  if (n->form == JAC_S_INFIX && n->row && jac_is_name(n->child[0], "nabla") &&
      (n->row->id == JAC_C_CDOT || n->row->id == JAC_C_CROSS))
    return of_field(r, n->child[1], n->row->id == JAC_C_CROSS);
  return NULL;
}

static node *respell(struct respelling *r, node *n);

/* (x, y, z), (x) behind what it is a function of: names alone. */
static bool any_point(node *n) {
  node *inside = n && n->form == JAC_S_GROUP && n->text[0] == '(' ? n->child[0] : NULL;
  if (!inside || inside->form != JAC_S_LIST)
    return inside && is_plain(inside);
  for (size_t k = 0; k < inside->count; k++)
    if (!is_plain(inside->child[k]))
      return false;
  return true;
}

/* What begins at factor k, of which two or three are one; *used: how many. NULL: none. */
static node *joined(struct respelling *r, node *n, size_t k, size_t *used) {
  node *f = n->child[k], *next = k + 1 < n->count ? n->child[k + 1] : NULL;
  node *both = next ? signed_before(r, f, next) : NULL;
  if (!both && next && is_delta(f))
    both = laplacian(r, next);
  *used = 2;
  if (!both && next && jac_is_name(f, "div") && (both = of_field(r, next, false)))
    *used += k + 2 < n->count && any_point(n->child[k + 2]);
  return both;
}

/* Factors, of which some may be one. */
static node *factors(struct respelling *r, node *n) {
  node *out[CHILDREN];
  size_t count = 0;
  bool changed = false;
  if (n->count > CHILDREN)
    return n;
  for (size_t k = 0, used; k < n->count; k += used) {
    node *one = joined(r, n, k, &used);
    if (!one) {
      one = respell(r, n->child[k]);
      used = 1;
    }
    changed = changed || one != n->child[k];
    out[count++] = one;
  }
  if (!changed)
    return n;
  return count == 1 ? out[0] : jac_respell_made(r, JAC_S_SIDE, n->text, n, count, out);
}

/* n as a whole; NULL: it is none of them. */
static node *respelled(struct respelling *r, node *n) {
  node *parted = jac_parted(r->section, n);
  if (parted != n)
    return parted;
  node *whole = subscripted(r, n);
  if (!whole)
    whole = counted_primes(r, n);
  if (!whole)
    whole = field_sign(r, n);
  if (n->form == JAC_S_BIG)
    whole = n->row->id == JAC_C_LIMIT ? jac_limit(r, n) : jac_zero_based(r, n);
  return whole;
}

static node *respell(struct respelling *r, node *n) {
  node *whole = respelled(r, n), *child[CHILDREN];
  bool changed = false;
  if (!whole && n->form == JAC_S_SIDE)
    whole = factors(r, n);
  if (whole)
    return whole;
  if (n->count > CHILDREN || n->form == JAC_S_BIG)
    return n;
  for (size_t k = 0; k < n->count; k++) {
    bool below = n->form == JAC_S_SCRIPT && k == 1;
    child[k] = n->child[k] && !below ? respell(r, n->child[k]) : n->child[k];
    changed = changed || child[k] != n->child[k];
  }
  if (!changed)
    return n;
  whole = jac_notation_node(r->section->pool, n, n->count, child);
  return whole ? whole : n;
}

const struct jac_syntax *jac_respell(struct jac_section *section,
                                     const struct jac_syntax *n) {
  struct respelling r = {.section = section, .facts = section->facts};
  return n ? respell(&r, n) : NULL;
}
