/* What a left side is: whether an equality defines, is worked with numbers, holds at a
 * point, or is a claim. */
#include "jacobian/notes/respell_internal.h"
#include "jacobian/notes/section_internal.h"

#include "jacobian/elaborate/evidence.h"

#include <string.h>

/* Long: the ways to write one. */
bool jac_mentions_derivative(node *n) {
  if (!n)
    return false;
  if (n->form == JAC_S_NAME &&
      (strcmp(n->text, "partial") == 0 || strcmp(n->text, "nabla") == 0))
    return true;
  if ((n->form == JAC_S_FRACTION ||
       (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE)) &&
      jac_inside(n->child[1])->form == JAC_S_SIDE &&
      jac_is_name(jac_inside(n->child[1])->child[0], "d"))
    return true;
  if (n->form == JAC_S_SIDE && jac_is_name(n->child[0], "d") && n->count == 2 &&
      jac_name_like(n->child[1]))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (jac_mentions_derivative(n->child[k]))
      return true;
  return false;
}

static bool jacobian_letter(const char *base) {
  static const char *const names[] = {"J", "cal_J", "Jac", "jac", "H", "Hess", "bb_J"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (strcmp(base, names[k]) == 0)
      return true;
  return false;
}

bool jac_section_names(const struct jac_section *s, node *name) {
  for (size_t k = 0; k < s->facts; k++)
    if (s->fact[k].kind == JAC_FACT_DEFINITION && s->fact[k].left &&
        jac_notation_has_name(s->fact[k].left, name->text))
      return true;
  return false;
}

const struct jac_fact *jac_section_defined(const struct jac_section *s, const char *key,
                                           bool *derivative) {
  for (size_t k = s->facts; k-- > 0;) {
    const struct jac_fact *f = &s->fact[k];
    struct jac_definition d;
    if (f->kind == JAC_FACT_DEFINITION && jac_definition_read(s->pool, f->left, &d) &&
        (d.key == key || d.base == key)) {
      *derivative = f->right && jac_mentions_derivative(f->right);
      return f;
    }
  }
  return NULL;
}

/* dL/dz, -d/dq F(q, Q): what a name may be given again, for another F. */
static bool bare_derivative(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_TERMS && n->count == 1)
    return bare_derivative(n->child[0]);
  node *sign = n->form == JAC_S_SIDE ? n->child[0] : n;
  return sign->form == JAC_S_FRACTION && jac_mentions_derivative(sign) &&
         (sign == n || (n->count <= 3 && jac_name_like(n->child[1]) &&
                        jac_is_differential(jac_inside(sign->child[0]))));
}

static bool of_parameters(const struct jac_definition *d, node *name) {
  for (size_t k = 0; k < d->params; k++)
    if (jac_notation_equal(d->param[k], name))
      return true;
  return false;
}

/* Whether one of them stands in a formula. */
static bool of_its_arguments(const struct jac_definition *d, node *right) {
  for (size_t k = 0; k < d->params; k++)
    if (jac_notation_stands(right, d->param[k]))
      return true;
  return false;
}

/* Whether all names of n stand in another, constants and itself aside. */
static bool names_within(node *n, node *other, node *itself) {
  if (n->form == JAC_S_NAME)
    return n->row || jac_is_name(n, "e") || jac_is_name(n, "pi") ||
           jac_notation_equal(n, itself) || jac_notation_has(other, n);
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !names_within(n->child[k], other, itself))
      return false;
  return true;
}

/* Long: what may not stand in it. The one name that stands in n as a number, functions
 * and constants aside; false: there are several, or it is not of numbers. */
static bool only_variable(node *n, node **x) {
  if (n->form == JAC_S_NAME) {
    if (n->row || jac_is_name(n, "e") || jac_is_name(n, "pi"))
      return true;
    if (*x && !jac_notation_equal(*x, n))
      return false;
    *x = n;
    return !n->bold;
  }
  if (n->form == JAC_S_SCRIPT &&
      (n->child[1] || n->number > 0 || (n->child[2] && jac_is_name(n->child[2], "T"))))
    return false;
  if (n->form == JAC_S_BIG || n->form == JAC_S_MATRIX || n->form == JAC_S_LIST)
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !only_variable(n->child[k], x))
      return false;
  return true;
}

node *jac_slope_by_time(struct jac_section *s, node *left, node *right) {
  node *dotted =
      left->form == JAC_S_SIDE && left->count == 2 && left->child[1]->form == JAC_S_GROUP
          ? left->child[0]
          : left;
  const char *text = dotted->form == JAC_S_NAME ? dotted->text : "";
  size_t order = strncmp(text, "dot_", 4) == 0    ? 1
                 : strncmp(text, "ddot_", 5) == 0 ? 2
                                                  : 0;
  const char *x = order ? strchr(text, '_') + 1 : NULL;
  bool derivative;
  struct jac_definition d;
  const struct jac_fact *f =
      x ? jac_section_defined(s, jac_pool_text(s->pool, x), &derivative) : NULL;
  if (!f || derivative || !f->right || !jac_definition_read(s->pool, f->left, &d) ||
      d.params != 1 || !names_within(right, f->right, d.name))
    return NULL;
  struct respelling r = {.section = s, .facts = s->facts};
  node *by[2] = {d.param[0], d.param[0]};
  return jac_respell_derivative(&r, left, d.name, order, by);
}

/* Long: each kind of left side that defines nothing. Whether a left side defines what it
 * names; else the equality is a claim. */
bool jac_section_defines(struct jac_section *s, node *left, node *right, bool display) {
  struct jac_definition d;
  if (jac_mentions_derivative(left) || !jac_definition_read(s->pool, left, &d))
    return false;
  bool whole = d.defines == JAC_DEFINES_VALUE || d.defines == JAC_DEFINES_FUNCTION;
  if (right && whole && jac_notation_stands(right, left))
    return false; /* w = w - \eta dL/dw: a step; f(x) = |f(x)| */
  if (right && d.params > 1 && right->form == JAC_S_NAME && !right->row &&
      !of_parameters(&d, right))
    return false; /* f(x, y, z) = c: a surface */
  bool at = d.params == 1 && d.param[0]->form == JAC_S_SCRIPT && d.param[0]->child[1] &&
            d.param[0]->child[1]->form == JAC_S_NUMBER;
  if (right && at && !jac_notation_has(right, d.param[0]))
    return false; /* P(t_1) = M: a value at a point */
  if (right && d.params == 1 && jac_is_name(d.name, "d") &&
      jac_notation_has_name(right, "d"))
    return false; /* d(z) = d(x + y): a differential */
  node *name = d.name;
  node *base = name->form == JAC_S_SCRIPT ? name->child[0] : name;
  const char *letter = base->text;
  bool derivative = false;
  if (jacobian_letter(letter)) {
    /* J = W: the Jacobian, unless it is a cost. */
    bool function = d.defines == JAC_DEFINES_FUNCTION;
    bool other;
    bool below =
        name->form == JAC_S_SCRIPT &&
        ((name->child[1] &&
          (letter[0] == 'J' || letter[0] == 'j' ||
           jac_section_defined(s, jac_notation_key(s->pool, name->child[1]), &other))) ||
         (name->child[2] && letter[0] != 'H' && name->child[2]->form == JAC_S_SCRIPT));
    bool matrix =
        right && (right->form == JAC_S_MATRIX ||
                  (right->form == JAC_S_GROUP && right->child[0]->form == JAC_S_MATRIX));
    if (below || matrix)
      return false;
    if (s->subject && !function)
      return false;
  }
  /* \sigma'(z), f'(x) */
  if (name->form == JAC_S_SCRIPT && name->number > 0) {
    if (d.defines == JAC_DEFINES_FUNCTION || base->row)
      return false;
    const char *key = jac_notation_key(s->pool, base);
    const struct jac_fact *of = jac_section_defined(s, key, &derivative);
    if (strcmp(letter, "sigma") == 0 && !of)
      return false;
    node *x = NULL;
    if (of && !derivative && of->right && right && base == name->child[0] &&
        base->form == JAC_S_NAME && only_variable(of->right, &x) && x &&
        names_within(right, x, base))
      return false; /* y' = 3 x^2 of y = x^3: its slope */
  }
  if (d.defines == JAC_DEFINES_FUNCTION && left->form == JAC_S_APPLY &&
      (name->form == JAC_S_SCRIPT || (right && !of_its_arguments(&d, right))))
    return false; /* arctan(y) = 3 x^2 + c: of y */
  const struct jac_fact *before = jac_section_defined(s, d.key, &derivative);
  if (before && derivative && !(right && bare_derivative(right)))
    return false; /* delta was defined, and is claimed */
  if (before && before->strong)
    return false;
  if (strcmp(letter, "delta") == 0 && !before && right &&
      !jac_mentions_derivative(right) && jac_notation_has_name(right, "delta"))
    return false;
  if (strncmp(letter, "bar_", 4) == 0 && right) {
    char bar[8] = "bar_";
    bool other = false;
    (void)bar;
    /* \bar W = \bar a x^T: adjoints. */
    const struct jac_syntax *stack[64];
    size_t depth = 0;
    stack[depth++] = right;
    while (depth) {
      node *n = stack[--depth];
      if (!n)
        continue;
      if (n->form == JAC_S_NAME && strncmp(n->text, "bar_", 4) == 0 &&
          strcmp(n->text, letter) != 0)
        other = true;
      for (size_t k = 0; k < n->count && depth < 64; k++)
        stack[depth++] = n->child[k];
    }
    bool known;
    if (other && !jac_section_defined(s, d.key, &known))
      return false;
  }
  (void)display;
  return true;
}

/* Nothing but numbers: (0.54)(1 - 0.54), 1/(1 + e^{-0.15}), a matrix of them. */
static bool numbers_only(node *n, size_t *numbers) {
  if (!n)
    return true;
  if (n->form == JAC_S_NUMBER)
    return ++*numbers > 0;
  if (n->form == JAC_S_NAME)
    return strcmp(n->text, "e") == 0 || (n->row && n->row->role == JAC_ROLE_ENTRYWISE);
  if (n->form == JAC_S_BIG || n->form == JAC_S_BLANK)
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (!numbers_only(n->child[k], numbers))
      return false;
  return n->count > 0 || n->form == JAC_S_SIGN || n->form == JAC_S_DOTS;
}

static bool has_dots(node *n) {
  bool dots = n && n->form == JAC_S_DOTS;
  for (size_t k = 0; n && k < n->count && !dots; k++)
    dots = has_dots(n->child[k]);
  return dots;
}

/* Long: what may stand in it. f(1)/f'(1), \lim_{h \to 0} (f(2 + h) - f(2))/h: a known
 * function's values at numbers; h: what the limit binds. */
static bool values_only(node *n, node *h, size_t *calls) {
  if (!n || n->form == JAC_S_NUMBER || (h && jac_notation_equal(n, h)))
    return true;
  if (n->form == JAC_S_NAME)
    return (n->row && n->row->role == JAC_ROLE_ENTRYWISE) || jac_is_name(n, "step'");
  if (n->form == JAC_S_POINT) /* a limit, read as a slope there */
    return ++*calls > 0;
  if (n->form == JAC_S_SIDE && n->count == 2 && n->child[1]->form == JAC_S_GROUP &&
      (jac_name_like(n->child[0]) ||
       (n->child[0]->form == JAC_S_SCRIPT && n->child[0]->number > 0))) {
    size_t inner = 0;
    node *at = n->child[1]->child[0];
    ++*calls;
    return at->form != JAC_S_LIST && values_only(at, h, &inner) && !inner;
  }
  if (n->form == JAC_S_BIG)
    return n->row->id == JAC_C_LIMIT && n->child[0] && n->child[0]->form == JAC_S_CHAIN &&
           values_only(n->child[2], n->child[0]->child[0], calls);
  if (n->form == JAC_S_BLANK || n->form == JAC_S_DOTS)
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (!values_only(n->child[k], h, calls))
      return false;
  return n->count > 0 || n->form == JAC_S_SIGN;
}

bool jac_worked_values(node *n) {
  size_t calls = 0;
  return n && values_only(n, NULL, &calls) && calls > 0;
}

bool jac_worked_out(node *n) {
  size_t numbers = 0;
  return n && numbers_only(n, &numbers) && numbers > 1 && !has_dots(n);
}

/* f'(z). */
bool jac_primed_call(node *n) {
  node *f = (n->form == JAC_S_SIDE || n->form == JAC_S_APPLY) && n->count == 2
                ? n->child[0]
                : n;
  return f->form == JAC_S_SCRIPT && f->number > 0;
}

/* A matrix of numbers somewhere in it: an example. */
bool jac_has_worked_matrix(node *n) {
  if (!n)
    return false;
  size_t numbers = 0;
  if (n->form == JAC_S_MATRIX && numbers_only(n, &numbers) && numbers > 1)
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (jac_has_worked_matrix(n->child[k]))
      return true;
  return false;
}

/* dt, by one letter. */
static bool by_letter(node *below) {
  return below->form == JAC_S_SIDE && below->count == 2 &&
         jac_is_name(below->child[0], "d") && below->child[1]->form == JAC_S_NAME;
}

/* Whether f, or the f of df/dx, is defined as a function of what the bracket has; dP/dt,
 * where P is. */
static bool function_of(const struct jac_section *s, node *f, node *bracket) {
  node *of_fraction = f->form == JAC_S_FRACTION ? f : NULL;
  node *above = of_fraction ? jac_inside(f->child[0]) : NULL;
  node *of = jac_inside(bracket);
  if (above && (above->form != JAC_S_SIDE || above->count != 2))
    return false;
  f = above ? above->child[1] : f;
  bool derivative;
  const struct jac_fact *fact =
      jac_section_defined(s, jac_notation_key(s->pool, f), &derivative);
  struct jac_definition d;
  bool list = of->form == JAC_S_LIST;
  bool one = above && !list && fact && by_letter(jac_inside(of_fraction->child[1]));
  return fact && jac_definition_read(s->pool, fact->left, &d) &&
         (one ||
          (d.defines == JAC_DEFINES_FUNCTION && d.params == (list ? of->count : 1)));
}

/* \nabla f(1, 1), df/dx (1, 1): the derivative there, of what nothing says. */
bool jac_at_point(const struct jac_section *s, node *n, bool worked) {
  if (n->form != JAC_S_SIDE || !jac_mentions_derivative(n))
    return false;
  node *last = n->child[n->count - 1], *of = n->child[n->count - 2];
  if (n->count < 2 || jac_inside(last) == last ||
      (!jac_name_like(of) && of->form != JAC_S_FRACTION))
    return false;
  size_t numbers = 0;
  return numbers_only(last, &numbers) && numbers > 0 &&
         !(worked && function_of(s, of, last));
}

bool jac_number_alone(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_NUMBER)
    return true;
  if (n->form == JAC_S_TERMS && n->count == 1)
    return jac_number_alone(n->child[0]);
  if (n->form == JAC_S_FRACTION)
    return jac_number_alone(n->child[0]) && jac_number_alone(n->child[1]);
  return false;
}

/* What is differentiated by what: df/dx, d/dx (f), \nabla_x f, \nabla f. */
struct differentiation {
  node *of, *by;
};

static node *joined(struct jac_section *s, node *side, size_t from) {
  return side->count == from + 1
             ? side->child[from]
             : jac_notation_node(s->pool, side, side->count - from, side->child + from);
}

/* Long: the ways to write it. */
static bool differentiation(struct jac_section *s, node *n, struct differentiation *out) {
  node *sign = n->form == JAC_S_SIDE ? n->child[0] : n;
  *out = (struct differentiation){NULL, NULL};
  if (jac_is_name(sign, "nabla") && sign != n) {
    out->by = sign;
    out->of = joined(s, n, 1);
    return out->of != NULL;
  }
  if (sign->form == JAC_S_SCRIPT && jac_is_name(sign->child[0], "nabla") && sign != n &&
      sign->child[1] && !sign->child[2]) {
    out->by = sign->child[1];
    out->of = joined(s, n, 1);
    return out->of != NULL;
  }
  if (sign->form != JAC_S_FRACTION)
    return false;
  node *above = jac_inside(sign->child[0]), *below = jac_inside(sign->child[1]);
  if (below->form != JAC_S_SIDE || below->count != 2 ||
      !jac_is_differential(below->child[0]))
    return false;
  out->by = below->child[1];
  if (sign != n && jac_is_differential(above))
    out->of = joined(s, n, 1);
  else if (sign == n && above->form == JAC_S_SIDE && above->count >= 2 &&
           jac_is_differential(above->child[0]))
    out->of = joined(s, above, 1);
  return out->of != NULL;
}

/* d/dx of A = d/dx of B, where nothing says what A is: so is A. */
bool jac_operand_defined(struct jac_section *s, node *left, node *right, node **a,
                         node **b) {
  struct differentiation l, r;
  struct jac_definition d;
  bool derivative;
  if (!differentiation(s, left, &l) || !differentiation(s, right, &r) ||
      !jac_notation_equal(l.by, r.by) || !jac_definition_read(s->pool, l.of, &d) ||
      (jac_is_name(l.by, "nabla") && (d.params == 0 || r.of->form != JAC_S_GROUP)) ||
      jac_name_like(jac_inside(r.of)) || jac_section_defined(s, d.key, &derivative) ||
      jac_section_defined(s, d.base, &derivative))
    return false;
  *a = l.of;
  *b = r.of;
  return true;
}

node *jac_of_defined(struct jac_section *s, node *derivative, node *defined) {
  struct jac_definition d;
  node *above = derivative->form == JAC_S_FRACTION ? derivative->child[0] : NULL;
  if (!above || above->form != JAC_S_SIDE || above->count != 2 ||
      !jac_is_differential(above->child[0]) ||
      !jac_definition_read(s->pool, defined, &d) || d.name->form != JAC_S_SCRIPT ||
      !jac_notation_equal(above->child[1], d.name->child[0]))
    return derivative;
  node *pair[2] = {above->child[0], d.name};
  node *child[2] = {jac_notation_node(s->pool, above, 2, pair), derivative->child[1]};
  return child[0] ? jac_notation_node(s->pool, derivative, 2, child) : derivative;
}

node *jac_nabla_of(struct jac_section *s, node *f) {
  node *wrt = NULL;
  for (size_t j = 0; j < s->facts; j++)
    if (s->fact[j].kind == JAC_FACT_MEANING && s->fact[j].saying == JAC_SAYS_WRT)
      wrt = s->fact[j].left;
  if (!wrt || jac_mentions_derivative(f))
    return f;
  struct jac_syntax like = {.form = JAC_S_NAME,
                            .text = jac_pool_text(s->pool, "nabla"),
                            .start = f->start,
                            .end = f->end};
  node *script[3] = {jac_notation_node(s->pool, &like, 0, NULL), wrt, NULL};
  like.form = JAC_S_SCRIPT;
  like.text = "";
  node *pair[2] = {script[0] ? jac_notation_node(s->pool, &like, 3, script) : NULL, NULL};
  like.form = JAC_S_GROUP;
  like.text = "()";
  pair[1] = jac_notation_node(s->pool, &like, 1, &f);
  like.form = JAC_S_SIDE;
  like.text = "";
  return pair[0] && pair[1] ? jac_notation_node(s->pool, &like, 2, pair) : f;
}
