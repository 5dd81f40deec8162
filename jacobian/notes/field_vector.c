/* Vectors of three components, as notation. */
#include "jacobian/notes/field_internal.h"

static node *group(struct reading *r, node *n) {
  return jac_respell_made(&r->of, JAC_S_GROUP, "()", r->like, 1, &n);
}

static node *product(struct reading *r, node *a, node *b) {
  node *pair[2] = {a ? group(r, a) : NULL, b ? group(r, b) : NULL};
  return jac_respell_made(&r->of, JAC_S_SIDE, "", r->like, 2, pair);
}

static node *terms(struct reading *r, const char *signs, size_t count,
                   node *const *child) {
  node *in[JAC_RESPELL_CHILDREN] = {NULL};
  for (size_t k = 0; k < count; k++)
    in[k] = child[k] ? group(r, child[k]) : NULL;
  return jac_respell_made(&r->of, JAC_S_TERMS, signs, r->like, count, in);
}

/* Marks the names that stand in what is differentiated. */
static void mark(struct reading *r, node *n, unsigned *bits) {
  for (size_t k = 0; n && k < r->rule->names; k++)
    for (size_t part = 0; part < 4; part++) {
      node *f = jac_field_part(r, &r->rule->name[k], part);
      if (f && jac_notation_has(n, f))
        *bits |= 1u << k;
    }
}

static node *slope(struct reading *r, node *n, node *by) {
  mark(r, n, &r->derived);
  for (size_t k = 0; n && k < 3; k++) /* of a position */
    if (r->rule->variable[k] && jac_notation_equal(n, r->rule->variable[k]))
      return jac_respell_number(&r->of, r->like, jac_notation_equal(n, by));
  node *d = jac_respell_name(&r->of, r->like, "partial"), *below[2] = {d, by};
  node *parts[2] = {d, jac_respell_made(&r->of, JAC_S_SIDE, "", r->like, 2, below)};
  node *pair[2] = {jac_respell_made(&r->of, JAC_S_FRACTION, "", r->like, 2, parts),
                   n ? group(r, n) : NULL};
  return jac_respell_made(&r->of, JAC_S_SIDE, "", r->like, 2, pair);
}

static size_t parts_of(struct value a) {
  return a.kind == NUMBER ? 1 : a.kind == VECTOR ? 3 : 0;
}

struct value jac_field_sum(struct reading *r, const char *signs, size_t count,
                           const struct value *of) {
  struct value sum = {.kind = of[0].kind};
  node *child[JAC_RESPELL_CHILDREN];
  if (count > JAC_RESPELL_CHILDREN)
    return nothing;
  for (size_t k = 0; k < count; k++)
    if (of[k].kind != sum.kind || !parts_of(of[k]))
      return nothing;
  for (size_t i = 0; i < parts_of(sum); i++) {
    for (size_t k = 0; k < count; k++)
      child[k] = of[k].part[i];
    sum.part[i] = terms(r, signs, count, child);
  }
  return sum;
}

struct value jac_field_scaled(struct reading *r, struct value a, struct value b) {
  if (a.kind == VECTOR) {
    struct value other = a;
    a = b;
    b = other;
  }
  struct value out = {.kind = b.kind};
  if (a.kind != NUMBER || !parts_of(b))
    return nothing;
  for (size_t i = 0; i < parts_of(b); i++)
    out.part[i] = product(r, a.part[0], b.part[i]);
  return out;
}

struct value jac_field_over(struct reading *r, struct value a, struct value b) {
  struct value out = {.kind = a.kind};
  if (!parts_of(a) || b.kind != NUMBER)
    return nothing;
  for (size_t i = 0; i < parts_of(a); i++) {
    node *pair[2] = {a.part[i], b.part[0]};
    out.part[i] = jac_respell_made(&r->of, JAC_S_FRACTION, "", r->like, 2, pair);
  }
  return out;
}

struct value jac_field_dot(struct reading *r, struct value a, struct value b) {
  if (a.kind != VECTOR || b.kind != VECTOR)
    return nothing;
  node *term[3];
  for (size_t i = 0; i < 3; i++)
    term[i] = product(r, a.part[i], b.part[i]);
  return (struct value){.kind = NUMBER, .part = {terms(r, " ++", 3, term)}};
}

struct value jac_field_cross(struct reading *r, struct value a, struct value b) {
  struct value out = {.kind = VECTOR};
  if (a.kind != VECTOR || b.kind != VECTOR)
    return nothing;
  for (size_t i = 0; i < 3; i++) {
    size_t j = (i + 1) % 3, k = (i + 2) % 3;
    node *term[2] = {product(r, a.part[j], b.part[k]), product(r, a.part[k], b.part[j])};
    out.part[i] = terms(r, " -", 2, term);
  }
  return out;
}

struct value jac_field_power(struct reading *r, struct value a, node *exponent) {
  if (exponent->form != JAC_S_NUMBER)
    return nothing;
  if (a.kind == VECTOR)
    return exponent->number == 2 ? jac_field_dot(r, a, a) : nothing;
  if (a.kind != NUMBER || !a.part[0])
    return nothing;
  node *child[3] = {group(r, a.part[0]), NULL, exponent};
  if (!child[0])
    return nothing;
  a.part[0] = jac_respell_made(&r->of, JAC_S_SCRIPT, "", r->like, 3, child);
  return a;
}

struct value jac_field_slope(struct reading *r, struct value a, node *by) {
  if (!parts_of(a))
    return nothing;
  for (size_t i = 0; i < parts_of(a); i++)
    a.part[i] = slope(r, a.part[i], by);
  return a;
}

struct value jac_field_gradient(struct reading *r, struct value a) {
  struct value out = {.kind = VECTOR};
  if (a.kind != NUMBER)
    return nothing;
  for (size_t i = 0; i < 3; i++)
    out.part[i] = slope(r, a.part[0], r->rule->variable[i]);
  return out;
}

struct value jac_field_divergence(struct reading *r, struct value a) {
  node *term[3];
  if (a.kind != VECTOR)
    return nothing;
  mark(r, a.part[0], &r->diverged);
  for (size_t i = 0; i < 3; i++)
    term[i] = slope(r, a.part[i], r->rule->variable[i]);
  return (struct value){.kind = NUMBER, .part = {terms(r, " ++", 3, term)}};
}

struct value jac_field_curl(struct reading *r, struct value a) {
  struct value out = {.kind = VECTOR};
  if (a.kind != VECTOR)
    return nothing;
  mark(r, a.part[0], &r->curled);
  for (size_t i = 0; i < 3; i++) {
    size_t j = (i + 1) % 3, k = (i + 2) % 3;
    node *term[2] = {slope(r, a.part[k], r->rule->variable[j]),
                     slope(r, a.part[j], r->rule->variable[k])};
    out.part[i] = terms(r, " -", 2, term);
  }
  return out;
}

struct value jac_field_laplacian(struct reading *r, struct value a) {
  for (size_t i = 0; i < parts_of(a); i++) {
    struct value one = {.kind = NUMBER, .part = {a.part[i]}};
    a.part[i] = jac_field_divergence(r, jac_field_gradient(r, one)).part[0];
  }
  return parts_of(a) ? a : nothing;
}

struct value jac_field_along(struct reading *r, struct value a, struct value of) {
  a.kind = VECTOR;
  for (size_t i = 0; i < parts_of(of); i++) {
    struct value one = {.kind = NUMBER, .part = {of.part[i]}};
    of.part[i] = jac_field_dot(r, a, jac_field_gradient(r, one)).part[0];
  }
  return parts_of(of) ? of : nothing;
}

node *jac_field_part(struct reading *r, const struct jac_field_name *name, size_t part) {
  static const char *const prefix[] = {"of_", "first_", "second_", "third_"};
  bool whole = !name->vector || name->as == JAC_FIELD_GRADIENT;
  if (whole != (part == 0) || name->as == JAC_FIELD_POSITION)
    return NULL;
  const char *text = jac_pool_printf(r->of.section->pool, "%s%s", prefix[part],
                                     jac_field_bare(name->name->text));
  return jac_respell_name(&r->of, r->like, text);
}

/* f(x, y, z), f(t); the name alone where it is constant. */
static node *called(struct reading *r, const struct jac_field_name *name, size_t part) {
  node *f = jac_field_part(r, name, part);
  if (!f || name->as == JAC_FIELD_CONSTANT || !name->moves)
    return f;
  node *all = r->rule->curve ? r->rule->variable[0]
                             : jac_respell_made(&r->of, JAC_S_LIST, "", r->like, 3,
                                                r->rule->variable);
  node *pair[2] = {f, all ? group(r, all) : NULL};
  return jac_respell_made(&r->of, JAC_S_SIDE, "", r->like, 2, pair);
}

struct value jac_field_function(struct reading *r, const struct jac_field_name *name) {
  struct value out = {.kind = name->vector ? VECTOR : NUMBER};
  if (!name->vector || name->as == JAC_FIELD_GRADIENT) {
    out.kind = NUMBER;
    out.part[0] = called(r, name, 0);
    return name->vector ? jac_field_gradient(r, out) : out;
  }
  for (size_t i = 0; i < 3; i++)
    out.part[i] =
        name->as == JAC_FIELD_POSITION ? r->rule->variable[i] : called(r, name, i + 1);
  return name->as == JAC_FIELD_CURL ? jac_field_curl(r, out) : out;
}
