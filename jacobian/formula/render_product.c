/* Products, quotients, powers, transposes: where dots, brackets and fractions stand. */
#include "jacobian/formula/render_internal.h"

#include "jacobian/formula/function.h"

static bool starts_with_digit(const struct jac_node *n) {
  while (n->kind == JAC_MULTIPLY || n->kind == JAC_POWER)
    n = n->child[0];
  return n->kind == JAC_NUMBER;
}

/* Whether a name before a bracket would be read as a call. */
static bool calls(const struct jac_node *n) {
  while (n->kind == JAC_MULTIPLY)
    n = n->child[1];
  return n->kind == JAC_NAME &&
         (jac_function_known(n->name) || strcmp(n->name, "sigma") == 0);
}

static bool in_brackets(const struct jac_writer *w, const struct jac_node *b) {
  return b->kind == JAC_ADD || b->kind == JAC_NEGATE || b->kind == JAC_HADAMARD ||
         (b->kind == JAC_DIVIDE && !latex(w)) || b->kind == JAC_MULTIPLY;
}

/* 2 beside 1[z > 0], whose one would be read as a digit of the number. */
static bool digits_meet(const struct jac_writer *w, const struct jac_node *n) {
  const struct jac_node *a = n->child[0], *b = n->child[1];
  while (a->kind == JAC_MULTIPLY)
    a = a->child[1];
  while (b->kind == JAC_MULTIPLY || b->kind == JAC_POWER)
    b = b->child[0];
  return w->notation == JAC_NOTATION_UNICODE && a->kind == JAC_NUMBER &&
         b->kind == JAC_INDICATOR;
}

/* Whether a product needs a dot: before a number, between a function's name and a
 * bracket, and behind another dot, which binds less than factors side by side. */
static bool dotted(const struct jac_writer *w, const struct jac_node *n) {
  return n->kind == JAC_MULTIPLY &&
         (starts_with_digit(n->child[1]) || digits_meet(w, n) ||
          (in_brackets(w, n->child[1]) && calls(n->child[0])) || dotted(w, n->child[0]));
}

/* a b: a space, a dot between numbers, nothing before a bracket. */
void jac_write_product(struct jac_writer *w, const struct jac_node *n) {
  const struct jac_node *b = n->child[1];
  bool sum = (b->kind == JAC_SUM || b->kind == JAC_PRODUCT || b->kind == JAC_MAX) &&
             w->notation != JAC_NOTATION_ASCII;
  jac_write_left(w, n->child[0], PRODUCTS);
  if (w->notation == JAC_NOTATION_ASCII)
    add(w, "*");
  else if (dotted(w, n))
    pick(w, " \\cdot ", "·", "");
  else if (!in_brackets(w, b) && (latex(w) || n->child[0]->kind != JAC_NUMBER))
    add(w, " ");
  jac_write(w, b, sum ? PRODUCTS : POWERS);
}

void jac_write_division(struct jac_writer *w, const struct jac_node *n) {
  bool entries = n->name[0] == '.';
  if (latex(w) && !entries) {
    add(w, "\\frac{");
    jac_write(w, n->child[0], SUMS);
    add(w, "}{");
    jac_write(w, n->child[1], SUMS);
    add(w, "}");
    return;
  }
  jac_write_left(w, n->child[0], PRODUCTS);
  if (entries)
    pick(w, " \\oslash ", " ⊘ ", " ./ ");
  else
    add(w, w->notation == JAC_NOTATION_ASCII ? " / " : "/");
  jac_write(w, n->child[1],
            n->child[1]->kind == JAC_SUM && w->notation == JAC_NOTATION_UNICODE ? ATOM
                                                                                : POWERS);
}

static bool minus_one(const struct jac_node *n) {
  return jac_is_number(n, -1.0) ||
         (n->kind == JAC_NEGATE && jac_is_number(n->child[0], 1.0));
}

/* tanh^2(x): the power of a function stands at its name. */
static bool at_name(const struct jac_writer *w, const struct jac_node *n) {
  static const char *const names[] = {"tanh", "sin", "cos"};
  const struct jac_node *base = n->child[0];
  bool small = jac_is_number(n->child[1], 2.0) || jac_is_number(n->child[1], 3.0);
  bool one = base->kind == JAC_CALL && base->count == 1;
  if (w->notation == JAC_NOTATION_ASCII || !small || !one)
    return false;
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strcmp(base->name, names[k]) == 0)
      return true;
  return false;
}

/* Whether a name is written with a superscript of its own, as z^{k-1}_{1,2}: its powers
 * need a bracket. */
static bool raised(const struct jac_writer *w, const struct jac_node *n,
                   const char *written) {
  static const char *const signs[] = {"^", "ᵏ", "⁰", "¹"};
  if (n->kind != JAC_ENTRY && n->kind != JAC_NAME)
    return false;
  if (w->notation == JAC_NOTATION_ASCII)
    return w->naming != NULL && strchr(written, '^') != NULL;
  for (size_t k = 0; k < sizeof signs / sizeof signs[0]; k++)
    if (strstr(written, signs[k]) != NULL)
      return true;
  return false;
}

static void write_base(struct jac_writer *w, const struct jac_node *base) {
  struct jac_buffer inside = JAC_BUFFER_INIT;
  struct jac_writer inner = {w->notation, w->naming, &inside};
  jac_write(&inner, base, ATOM);
  bool bracket = inside.text != NULL && raised(w, base, inside.text);
  if (bracket)
    open(w);
  add(w, inside.text != NULL ? inside.text : "");
  if (bracket)
    close(w);
  jac_buffer_free(&inside);
}

static void write_latex_exponent(struct jac_writer *w, const struct jac_node *n,
                                 bool entries) {
  struct jac_buffer exponent = JAC_BUFFER_INIT;
  struct jac_writer above = {w->notation, w->naming, &exponent};
  jac_write(&above, n, SUMS);
  /* A bracket that comes first would be read as a part of the name: x^{(i)}. */
  bool shield = exponent.text[0] == '(' || strncmp(exponent.text, "\\left(", 6) == 0 ||
                strcmp(exponent.text, "T") == 0 || strcmp(exponent.text, "t") == 0;
  add(w, entries ? "^{\\odot " : "^{");
  add(w, shield ? "{" : "");
  add(w, exponent.text);
  add(w, shield ? "}}" : "}");
  jac_buffer_free(&exponent);
}

void jac_write_power(struct jac_writer *w, const struct jac_node *n) {
  const struct jac_node *base = n->child[0], *exponent = n->child[1];
  bool two = jac_is_number(exponent, 2.0), three = jac_is_number(exponent, 3.0);
  bool entries = n->name[0] == '.', unicode = w->notation == JAC_NOTATION_UNICODE;
  if (at_name(w, n)) {
    jac_write_function(w, base->name);
    pick(w, two ? "^2" : "^3", two ? "²" : "³", "");
    jac_write_arguments(w, base);
    return;
  }
  write_base(w, base);
  if (unicode && !entries && minus_one(exponent))
    add(w, "⁻¹");
  else if (latex(w))
    write_latex_exponent(w, exponent, entries);
  else if (unicode && !entries && (two || three))
    add(w, two ? "²" : "³");
  else {
    add(w, entries ? ".^" : "^");
    jac_write(w, exponent, ATOM);
  }
}

/* X^{-\top}; anything else as it stands. */
void jac_write_transpose(struct jac_writer *w, const struct jac_node *n) {
  const struct jac_node *a = n->child[0];
  bool inverse =
      latex(w) && a->kind == JAC_POWER && a->name[0] == '\0' && minus_one(a->child[1]);
  const struct jac_node *base = inverse ? a->child[0] : a;
  if (latex(w) && base->kind == JAC_NAME && w->naming == NULL &&
      strchr(base->name, '^') != NULL) {
    add(w, "{");
    jac_write(w, base, ATOM);
    add(w, "}");
  } else
    jac_write(w, base, ATOM);
  if (inverse)
    add(w, "^{-\\top}");
  else
    pick(w, "^\\top", "ᵀ", "'");
}
