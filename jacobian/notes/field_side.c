/* The sides of a rule of vectors: factors, signs between them, \nabla and d/dt before. */
#include "jacobian/notes/field_internal.h"

enum { FACTORS = 24 };

/* Factors, and the sign before each: ' ', '.', 'x'. */
struct factors {
  node *factor[FACTORS];
  char sign[FACTORS];
  size_t count, at;
  bool failed;
};

static bool is_product(node *n) {
  return n->form == JAC_S_INFIX && n->row &&
         (n->row->id == JAC_C_CDOT || n->row->id == JAC_C_CROSS);
}

/* (t), (x, y, z) behind a function. */
static bool is_call(const struct reading *r, node *f, node *bracket) {
  const struct jac_field_rule *rule = r->rule;
  node *base = f->form == JAC_S_SCRIPT && f->number > 0 ? f->child[0] : f;
  if (base->form != JAC_S_NAME || is_nabla(base) || bracket->form != JAC_S_GROUP ||
      bracket->text[0] != '(')
    return false;
  node *inside = bracket->child[0];
  if (rule->curve)
    return jac_notation_equal(inside, rule->variable[0]);
  if (rule->point && jac_notation_equal(inside, rule->point))
    return true;
  for (size_t k = 0; inside->form == JAC_S_LIST && k < 3; k++)
    if (inside->count != 3 || !jac_notation_equal(inside->child[k], rule->variable[k]))
      return false;
  return inside->form == JAC_S_LIST;
}

static void flatten(const struct reading *r, node *n, char sign, struct factors *out) {
  if (n->form == JAC_S_SIDE) {
    for (size_t k = 0; k < n->count; k++) {
      flatten(r, n->child[k], k ? ' ' : sign, out);
      k += k + 1 < n->count && is_call(r, n->child[k], n->child[k + 1]);
    }
  } else if (is_product(n)) {
    flatten(r, n->child[0], sign, out);
    flatten(r, n->child[1], n->row->id == JAC_C_CDOT ? '.' : 'x', out);
  } else if (out->count < FACTORS) {
    out->factor[out->count] = n;
    out->sign[out->count++] = sign;
  } else
    out->failed = true;
}

/* Long: the forms of its notation. x of d/dx, of dy/dx; above: what stands above without
 * the d, NULL: nothing. */
static node *derivative_of(node *n, double *order, node **above) {
  node *top = n->form == JAC_S_FRACTION ? jac_inside(n->child[0]) : NULL;
  node *below = n->form == JAC_S_FRACTION ? jac_inside(n->child[1]) : NULL;
  if (!top || below->form != JAC_S_SIDE || below->count != 2 ||
      !jac_is_differential(below->child[0]) ||
      (top->form == JAC_S_SIDE && top->count != 2))
    return NULL;
  node *sign = top->form == JAC_S_SIDE ? top->child[0] : top;
  *above = top->form == JAC_S_SIDE ? top->child[1] : NULL;
  node *x = below->child[1];
  *order = 1;
  if (sign->form == JAC_S_SCRIPT) {
    if (sign->child[1] || !sign->child[2] || sign->child[2]->form != JAC_S_NUMBER ||
        x->form != JAC_S_SCRIPT || !jac_notation_equal(sign->child[2], x->child[2]))
      return NULL;
    *order = sign->child[2]->number;
    sign = sign->child[0];
    x = x->child[0];
  }
  return jac_is_differential(sign) && *order >= 1 && *order <= 3 ? x : NULL;
}

static struct value repeated(struct reading *r, struct value a, node *by, double order) {
  bool known = false;
  for (size_t k = 0; k < (r->rule->curve ? 1 : 3); k++)
    known = known || jac_notation_equal(by, r->rule->variable[k]);
  for (long k = 0; known && k < (long)order; k++)
    a = jac_field_slope(r, a, by);
  return known ? a : nothing;
}

static bool is_laplacian(node *n) {
  return jac_is_name(n, "Delta") ||
         (n->form == JAC_S_SCRIPT && is_nabla(n->child[0]) && !n->child[1] &&
          n->child[2] && n->child[2]->form == JAC_S_NUMBER && n->child[2]->number == 2 &&
          n->number == 0);
}

static struct value unit(struct reading *r, struct factors *f);

/* \nabla f, \nabla \cdot A, \nabla \times A: of one factor. */
static struct value behind_nabla(struct reading *r, struct factors *f) {
  char sign = f->at < f->count ? f->sign[f->at] : '\0';
  if (r->rule->curve)
    return nothing;
  if (!sign)
    return (struct value){.kind = NABLA};
  struct value a = unit(r, f);
  if (f->at < f->count && f->sign[f->at] == ' ')
    return nothing; /* \nabla f g */
  if (sign == '.')
    return jac_field_divergence(r, a);
  if (sign == 'x')
    return jac_field_curl(r, a);
  if (a.kind == VECTOR)
    a.kind = SLOPES;
  return a.kind == SLOPES ? a : jac_field_gradient(r, a);
}

/* \nabla^2 f, d/dt (...): of the next factor, where nothing else may be meant. */
static struct value next_alone(struct reading *r, struct factors *f) {
  bool brackets = f->at < f->count && f->factor[f->at]->form == JAC_S_GROUP;
  if (f->at == f->count || f->sign[f->at] != ' ')
    return nothing;
  struct value a = unit(r, f);
  bool more = f->at < f->count && (!brackets || f->sign[f->at] == ' ');
  return more ? nothing : a;
}

/* The next factor, with the signs of derivatives before it. */
static struct value unit(struct reading *r, struct factors *f) {
  double order;
  node *n = f->factor[f->at++], *above, *by = derivative_of(n, &order, &above);
  if (is_nabla(n))
    return behind_nabla(r, f);
  if (is_laplacian(n)) {
    bool plain = !r->rule->curve && f->at < f->count && f->sign[f->at] == ' ';
    struct value a = plain ? unit(r, f) : nothing;
    return f->at < f->count && f->sign[f->at] == ' ' ? nothing
                                                     : jac_field_laplacian(r, a);
  }
  if (by && !above)
    return repeated(r, next_alone(r, f), by, order);
  return jac_field_side(r, n);
}

/* Side by side. */
static struct value joined(struct reading *r, struct factors *f) {
  struct value a = unit(r, f);
  while (a.kind != NOTHING && f->at < f->count && f->sign[f->at] == ' ') {
    struct value b = unit(r, f);
    a = a.kind == ALONG ? jac_field_along(r, a, b) : jac_field_scaled(r, a, b);
  }
  return a;
}

/* \cdot of two: of numbers and vectors. */
static struct value dotted(struct reading *r, struct value a, struct value b) {
  if (a.kind == VECTOR && b.kind == NABLA) {
    a.kind = ALONG;
    return a;
  }
  if (a.kind == VECTOR && b.kind == SLOPES) {
    b.kind = VECTOR;
    a.kind = VECTOR;
    return jac_field_along(r, a, b);
  }
  if (a.kind == NUMBER || b.kind == NUMBER)
    return jac_field_scaled(r, a, b);
  return jac_field_dot(r, a, b);
}

/* \times before \cdot; of three vectors in a row neither. */
static struct value factors_of(struct reading *r, node *n) {
  struct factors f = {.count = 0};
  struct value whole = nothing;
  size_t dots = 0;
  flatten(r, n, '\0', &f);
  while (!f.failed && f.at < f.count) {
    char sign = f.sign[f.at];
    struct value a = joined(r, &f);
    size_t crosses = 0;
    for (; f.at < f.count && f.sign[f.at] == 'x'; crosses++) {
      struct value b = joined(r, &f);
      a = a.kind == NUMBER && b.kind == NUMBER ? jac_field_scaled(r, a, b)
          : crosses                            ? nothing
                                               : jac_field_cross(r, a, b);
    }
    bool vectors = whole.kind == VECTOR && a.kind == VECTOR;
    dots += sign == '.' && vectors;
    whole = !sign ? a : dots > 1 ? nothing : dotted(r, whole, a);
    if (whole.kind == NOTHING)
      return nothing;
  }
  return f.failed ? nothing : whole;
}

static struct value scripted(struct reading *r, node *n) {
  struct value a = jac_field_side(r, n->child[0]);
  if (n->child[1])
    return nothing;
  if (n->number > 0)
    a = r->rule->curve ? repeated(r, a, r->rule->variable[0], n->number) : nothing;
  return n->child[2] ? jac_field_power(r, a, n->child[2]) : a;
}

/* u, and \dot u. */
static struct value named(struct reading *r, node *n) {
  const struct jac_field_rule *rule = r->rule;
  bool dot = rule->curve && strncmp(n->text, "dot_", 4) == 0;
  bool two = rule->curve && strncmp(n->text, "ddot_", 5) == 0;
  const char *bare = rule->curve ? jac_field_bare(n->text) : n->text;
  for (size_t k = 0; k < rule->names; k++)
    if (strcmp(jac_field_bare(rule->name[k].name->text), bare) == 0) {
      struct value a = jac_field_function(r, &rule->name[k]);
      return repeated(r, a, rule->variable[0], dot ? 1 : two ? 2 : 0);
    }
  return nothing;
}

static struct value terms_of(struct reading *r, node *n) {
  struct value term[JAC_RESPELL_CHILDREN];
  if (n->count > JAC_RESPELL_CHILDREN)
    return nothing;
  for (size_t k = 0; k < n->count; k++)
    term[k] = jac_field_side(r, n->child[k]);
  return jac_field_sum(r, n->text, n->count, term);
}

struct value jac_field_side(struct reading *r, node *n) {
  double order;
  node *above, *by = derivative_of(n, &order, &above);
  switch (n->form) {
  case JAC_S_NUMBER:
    return (struct value){.kind = NUMBER, .part = {n}};
  case JAC_S_NAME:
    return n->row ? nothing : named(r, n);
  case JAC_S_GROUP:
    return strchr("([{", n->text[0]) ? jac_field_side(r, n->child[0]) : nothing;
  case JAC_S_SCRIPT:
    return scripted(r, n);
  case JAC_S_TERMS:
    return terms_of(r, n);
  case JAC_S_FRACTION:
    if (by)
      return above ? repeated(r, jac_field_side(r, above), by, order) : nothing;
    return jac_field_over(r, jac_field_side(r, n->child[0]),
                          jac_field_side(r, n->child[1]));
  case JAC_S_SIDE:
  case JAC_S_INFIX:
    return n->form == JAC_S_SIDE || is_product(n) ? factors_of(r, n) : nothing;
  default:
    return nothing;
  }
}
