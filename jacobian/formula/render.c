#include "jacobian/formula/render.h"

#include "jacobian/formula/function.h"
#include "jacobian/formula/spell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How tightly a node binds; a child that binds less stands in brackets. SPREAD is the
 * elementwise and the Kronecker product, which bind less than factors side by side. */
enum binding { CONDITION, SUMS, NEGATED, SPREAD, PRODUCTS, POWERS, ATOM };

struct writer {
  enum jac_notation notation;
  const struct jac_naming *naming;
  struct jac_buffer *out;
};

static void write(struct writer *w, const struct jac_node *n, enum binding least);

static bool latex(const struct writer *w) {
  return w->notation == JAC_NOTATION_LATEX;
}

static void add(struct writer *w, const char *text) {
  jac_buffer_add(w->out, text);
}

/* One of three texts, as the notation asks. */
static void pick(struct writer *w, const char *in_latex, const char *unicode,
                 const char *ascii) {
  add(w, latex(w) ? in_latex : w->notation == JAC_NOTATION_UNICODE ? unicode : ascii);
}

static void open(struct writer *w) {
  add(w, "(");
}

static void close(struct writer *w) {
  add(w, ")");
}

static void write_number(struct writer *w, double value) {
  char text[40];
  bool whole = value < 1e15 && value == floor(value); /* 30, not 3e+01 */
  snprintf(text, sizeof text, whole ? "%.0f" : "%.17g", value);
  for (int digits = 1; digits < 17 && !whole; digits++) {
    char shorter[40];
    snprintf(shorter, sizeof shorter, "%.*g", digits, value);
    if (strtod(shorter, NULL) == value) {
      memcpy(text, shorter, sizeof text);
      break;
    }
  }
  add(w, text);
}

static void plain_name(const char *name, size_t count, const char *const *index,
                       struct jac_buffer *out) {
  jac_buffer_add(out, name);
  for (size_t k = 0; k < count; k++) {
    jac_buffer_add(out, k == 0 ? "[" : ",");
    jac_buffer_add(out, index[k]);
  }
  jac_buffer_add(out, count > 0 ? "]" : "");
}

static void write_name(struct writer *w, const char *name, size_t count,
                       const char *const *index) {
  if (w->naming != NULL)
    w->naming->add(w->naming->context, name, count, index, w->notation, w->out);
  else if (w->notation == JAC_NOTATION_LATEX)
    jac_spell_latex(name, count, index, w->out);
  else
    plain_name(name, count, index, w->out);
}

/* Indices are written first, each into a text of its own. */
static void write_entry(struct writer *w, const struct jac_node *n) {
  struct jac_buffer text[JAC_FORMULA_CHILDREN];
  const char *index[JAC_FORMULA_CHILDREN];
  for (size_t k = 0; k < n->count; k++) {
    text[k] = (struct jac_buffer)JAC_BUFFER_INIT;
    struct writer inner = {w->notation, NULL, &text[k]};
    write(&inner, n->child[k], SUMS);
    index[k] = text[k].text;
  }
  write_name(w, n->name, n->count, index);
  for (size_t k = 0; k < n->count; k++)
    jac_buffer_free(&text[k]);
}

/* The function's sign; a derivative's prime behind it; others by their own name, upright
 * in LaTeX. */
static void write_function(struct writer *w, const char *name) {
  char plain[JAC_FORMULA_NAME];
  size_t length = strcspn(name, "'");
  snprintf(plain, sizeof plain, "%.*s", (int)length, name);
  enum jac_function f = jac_function_find(plain);
  bool operator= strcmp(plain, "max") == 0 || strcmp(plain, "min") == 0 ||
      strcmp(plain, "det") == 0;
  if (w->notation == JAC_NOTATION_ASCII || (!latex(w) && f == JAC_FUNCTIONS))
    add(w, plain);
  else if (f != JAC_FUNCTIONS)
    pick(w, jac_function_text(f)->latex, jac_function_text(f)->unicode, plain);
  else if (operator)
    jac_buffer_printf(w->out, "\\%s", plain);
  else
    jac_buffer_printf(w->out, "\\operatorname{%s}", plain);
  add(w, name[length] == '\'' ? "'" : "");
}

static void write_arguments(struct writer *w, const struct jac_node *n) {
  open(w);
  for (size_t k = 0; k < n->count; k++) {
    if (k > 0)
      add(w, ", ");
    write(w, n->child[k], SUMS);
  }
  close(w);
}

/* Whether a sum's sign stands open at the end: what follows would seem to belong to it.
 */
static bool ends_open(const struct writer *w, const struct jac_node *n) {
  if (w->notation == JAC_NOTATION_ASCII)
    return false;
  while (n->kind == JAC_MULTIPLY || n->kind == JAC_HADAMARD ||
         (n->kind == JAC_CALL && strcmp(n->name, "kron") == 0 && n->count == 2))
    n = n->child[1];
  return n->kind == JAC_SUM || n->kind == JAC_MAX || n->kind == JAC_PRODUCT ||
         (n->kind == JAC_DERIVATIVE && n->name[0] != '\0');
}

/* The left one of two. */
static void write_left(struct writer *w, const struct jac_node *n, enum binding least) {
  write(w, n, ends_open(w, n) ? ATOM : least);
}

static bool capital(const struct jac_node *n) {
  while (n->kind == JAC_TRANSPOSE || n->kind == JAC_POWER)
    n = n->child[0];
  return n->kind == JAC_NAME && n->name[0] >= 'A' && n->name[0] <= 'Z';
}

static void write_between(struct writer *w, const struct jac_node *n,
                          const char *open_with, const char *close_with) {
  add(w, open_with);
  write(w, n->child[0], SUMS);
  add(w, close_with);
}

static bool is_call(const struct jac_node *n, const char *name, size_t count) {
  return n->kind == JAC_CALL && n->count == count && strcmp(n->name, name) == 0;
}

/* Calls that are written as signs around their argument. */
static const struct {
  const char *name, *latex[2], *unicode[2]; /* NULL: as any call */
} around[] = {
    {"abs", {"\\left|", "\\right|"}, {"|", "|"}},
    {"norm", {"\\left\\|", "\\right\\|"}, {"‖", "‖"}},
    {"sqrt", {"\\sqrt{", "}"}, {NULL, NULL}},
    {"exp", {"e^{", "}"}, {NULL, NULL}},
    {"eye", {"I_{", "}"}, {NULL, NULL}},
    {"ones", {"\\mathbf{1}_{", "}"}, {NULL, NULL}},
};

static const char *const *signs_around(const struct writer *w, const struct jac_node *n) {
  bool determinant = latex(w) && is_call(n, "abs", 1) && capital(n->child[0]);
  for (size_t k = 0; k < sizeof around / sizeof around[0] && !determinant; k++)
    if (w->notation != JAC_NOTATION_ASCII && is_call(n, around[k].name, 1)) {
      const char *const *signs = latex(w) ? around[k].latex : around[k].unicode;
      return signs[0] != NULL ? signs : NULL;
    }
  return NULL;
}

static void write_call(struct writer *w, const struct jac_node *n) {
  const char *const *signs = signs_around(w, n);
  if (signs != NULL)
    write_between(w, n, signs[0], signs[1]);
  else if (w->notation == JAC_NOTATION_UNICODE && is_call(n, "sqrt", 1)) {
    add(w, "√");
    write(w, n->child[0], ATOM);
  } else if (w->notation != JAC_NOTATION_ASCII && is_call(n, "kron", 2)) {
    write_left(w, n->child[0], SPREAD);
    pick(w, " \\otimes ", " ⊗ ", "");
    write(w, n->child[1], PRODUCTS);
  } else {
    write_function(w, n->name);
    write_arguments(w, n);
  }
}

const char *jac_subscript(char c) {
  static const struct {
    char letter;
    const char *text;
  } letters[] = {{'0', "₀"}, {'1', "₁"}, {'2', "₂"}, {'3', "₃"}, {'4', "₄"}, {'5', "₅"},
                 {'6', "₆"}, {'7', "₇"}, {'8', "₈"}, {'9', "₉"}, {'a', "ₐ"}, {'e', "ₑ"},
                 {'h', "ₕ"}, {'i', "ᵢ"}, {'j', "ⱼ"}, {'k', "ₖ"}, {'l', "ₗ"}, {'m', "ₘ"},
                 {'n', "ₙ"}, {'o', "ₒ"}, {'p', "ₚ"}, {'r', "ᵣ"}, {'s', "ₛ"}, {'t', "ₜ"},
                 {'u', "ᵤ"}, {'v', "ᵥ"}, {'x', "ₓ"}};
  for (size_t k = 0; k < sizeof letters / sizeof letters[0]; k++)
    if (letters[k].letter == c)
      return letters[k].text;
  return NULL;
}

/* A sign with an index below: sums, products, maxima; with bounds where they are given.
 */
static void write_over(struct writer *w, const struct jac_node *n, const char *in_latex,
                       const char *unicode, const char *ascii) {
  bool bounded = n->count == 3;
  const char *letter = n->name[1] == '\0' ? jac_subscript(n->name[0]) : NULL;
  if (w->notation == JAC_NOTATION_ASCII) {
    jac_buffer_printf(w->out, "%s(%s", ascii, n->name);
    if (bounded) {
      add(w, " = ");
      write(w, n->child[1], SUMS);
      add(w, ":");
      write(w, n->child[2], SUMS);
    }
    add(w, ", ");
    write(w, n->child[0], SUMS);
    close(w);
    return;
  }
  if (latex(w)) {
    jac_buffer_printf(w->out, "%s_{%s", in_latex, n->name);
    if (bounded) {
      add(w, "=");
      write(w, n->child[1], SUMS);
      add(w, "}^{");
      write(w, n->child[2], SUMS);
    }
    add(w, "} ");
  } else if (bounded) {
    jac_buffer_printf(w->out, "%s(%s=", unicode, n->name);
    write(w, n->child[1], SUMS);
    add(w, "…");
    write(w, n->child[2], SUMS);
    add(w, ") ");
  } else
    jac_buffer_printf(w->out, letter != NULL ? "%s%s " : "%s_%s ", unicode,
                      letter != NULL ? letter : n->name);
  write(w, n->child[0], SPREAD);
}

static void write_delta(struct writer *w, const struct jac_node *n) {
  if (w->notation == JAC_NOTATION_ASCII) {
    add(w, "delta");
    write_arguments(w, n);
    return;
  }
  struct jac_buffer a = JAC_BUFFER_INIT, b = JAC_BUFFER_INIT;
  struct writer wa = {w->notation, NULL, &a}, wb = {w->notation, NULL, &b};
  write(&wa, n->child[0], SUMS);
  write(&wb, n->child[1], SUMS);
  const char *first = a.length == 1 ? jac_subscript(a.text[0]) : NULL;
  const char *second = b.length == 1 ? jac_subscript(b.text[0]) : NULL;
  if (latex(w))
    jac_buffer_printf(w->out, "\\delta_{%s,%s}", a.text, b.text);
  else if (first != NULL && second != NULL)
    jac_buffer_printf(w->out, "δ%s%s", first, second);
  else
    jac_buffer_printf(w->out, "δ(%s,%s)", a.text, b.text);
  jac_buffer_free(&a);
  jac_buffer_free(&b);
}

static void write_indicator(struct writer *w, const struct jac_node *n) {
  if (latex(w))
    add(w, "\\mathbf{1}_{");
  else
    pick(w, "", "1[", "ind(");
  write(w, n->child[0], CONDITION);
  pick(w, "}", "]", ")");
}

static void write_compare(struct writer *w, const struct jac_node *n) {
  static const struct {
    const char *sign, *latex, *unicode;
  } signs[] = {{"!=", "\\neq", "≠"}, {"<=", "\\leq", "≤"}, {">=", "\\geq", "≥"}};
  const char *in_latex = n->name, *unicode = n->name;
  for (size_t k = 0; k < 3; k++)
    if (strcmp(signs[k].sign, n->name) == 0) {
      in_latex = signs[k].latex;
      unicode = signs[k].unicode;
    }
  write(w, n->child[0], SUMS);
  add(w, " ");
  pick(w, in_latex, unicode, n->name);
  add(w, " ");
  write(w, n->child[1], SUMS);
}

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

static bool in_brackets(const struct writer *w, const struct jac_node *b) {
  return b->kind == JAC_ADD || b->kind == JAC_NEGATE || b->kind == JAC_HADAMARD ||
         (b->kind == JAC_DIVIDE && !latex(w)) || b->kind == JAC_MULTIPLY;
}

/* Whether a product needs a dot: before a number, between a function's name and a
 * bracket, and behind another dot, which binds less than factors side by side. */
static bool dotted(const struct writer *w, const struct jac_node *n) {
  return n->kind == JAC_MULTIPLY &&
         (starts_with_digit(n->child[1]) ||
          (in_brackets(w, n->child[1]) && calls(n->child[0])) || dotted(w, n->child[0]));
}

/* a b: a space, a dot between numbers, nothing before a bracket. */
static void write_product(struct writer *w, const struct jac_node *n) {
  const struct jac_node *b = n->child[1];
  bool sum = (b->kind == JAC_SUM || b->kind == JAC_PRODUCT || b->kind == JAC_MAX) &&
             w->notation != JAC_NOTATION_ASCII;
  write_left(w, n->child[0], PRODUCTS);
  if (w->notation == JAC_NOTATION_ASCII)
    add(w, "*");
  else if (dotted(w, n))
    pick(w, " \\cdot ", "·", "");
  else if (!in_brackets(w, b) && (latex(w) || n->child[0]->kind != JAC_NUMBER))
    add(w, " ");
  write(w, b, sum ? PRODUCTS : POWERS);
}

static void write_division(struct writer *w, const struct jac_node *n) {
  bool entries = n->name[0] == '.';
  if (latex(w) && !entries) {
    add(w, "\\frac{");
    write(w, n->child[0], SUMS);
    add(w, "}{");
    write(w, n->child[1], SUMS);
    add(w, "}");
    return;
  }
  write_left(w, n->child[0], PRODUCTS);
  if (entries)
    pick(w, " \\oslash ", " ⊘ ", " ./ ");
  else
    add(w, w->notation == JAC_NOTATION_ASCII ? " / " : "/");
  write(w, n->child[1],
        n->child[1]->kind == JAC_SUM && w->notation == JAC_NOTATION_UNICODE ? ATOM
                                                                            : POWERS);
}

static bool minus_one(const struct jac_node *n) {
  return jac_is_number(n, -1.0) ||
         (n->kind == JAC_NEGATE && jac_is_number(n->child[0], 1.0));
}

/* tanh^2(x): the power of a function stands at its name. */
static bool at_name(const struct writer *w, const struct jac_node *n) {
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
static bool raised(const struct writer *w, const struct jac_node *n,
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

static void write_base(struct writer *w, const struct jac_node *base) {
  struct jac_buffer inside = JAC_BUFFER_INIT;
  struct writer inner = {w->notation, w->naming, &inside};
  write(&inner, base, ATOM);
  bool bracket = inside.text != NULL && raised(w, base, inside.text);
  if (bracket)
    open(w);
  add(w, inside.text != NULL ? inside.text : "");
  if (bracket)
    close(w);
  jac_buffer_free(&inside);
}

static void write_latex_exponent(struct writer *w, const struct jac_node *n,
                                 bool entries) {
  struct jac_buffer exponent = JAC_BUFFER_INIT;
  struct writer above = {w->notation, w->naming, &exponent};
  write(&above, n, SUMS);
  /* A bracket that comes first would be read as a part of the name: x^{(i)}. */
  bool shield = exponent.text[0] == '(' || strncmp(exponent.text, "\\left(", 6) == 0 ||
                strcmp(exponent.text, "T") == 0 || strcmp(exponent.text, "t") == 0;
  add(w, entries ? "^{\\odot " : "^{");
  add(w, shield ? "{" : "");
  add(w, exponent.text);
  add(w, shield ? "}}" : "}");
  jac_buffer_free(&exponent);
}

static void write_power(struct writer *w, const struct jac_node *n) {
  const struct jac_node *base = n->child[0], *exponent = n->child[1];
  bool two = jac_is_number(exponent, 2.0), three = jac_is_number(exponent, 3.0);
  bool entries = n->name[0] == '.', unicode = w->notation == JAC_NOTATION_UNICODE;
  if (at_name(w, n)) {
    write_function(w, base->name);
    pick(w, two ? "^2" : "^3", two ? "²" : "³", "");
    write_arguments(w, base);
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
    write(w, exponent, ATOM);
  }
}

/* X^{-\top}; anything else as it stands. */
static void write_transpose(struct writer *w, const struct jac_node *n) {
  const struct jac_node *a = n->child[0];
  bool inverse =
      latex(w) && a->kind == JAC_POWER && a->name[0] == '\0' && minus_one(a->child[1]);
  const struct jac_node *base = inverse ? a->child[0] : a;
  if (latex(w) && base->kind == JAC_NAME && w->naming == NULL &&
      strchr(base->name, '^') != NULL) {
    add(w, "{");
    write(w, base, ATOM);
    add(w, "}");
  } else
    write(w, base, ATOM);
  if (inverse)
    add(w, "^{-\\top}");
  else
    pick(w, "^\\top", "ᵀ", "'");
}

/* An entry of what is no name. */
static void write_at(struct writer *w, const struct jac_node *n) {
  bool call = n->child[0]->kind == JAC_CALL && !is_call(n->child[0], "kron", 2);
  if (call && w->notation != JAC_NOTATION_ASCII) {
    open(w);
    write(w, n->child[0], CONDITION);
    close(w);
  } else
    write(w, n->child[0], ATOM);
  add(w, latex(w) ? "_{" : "[");
  for (size_t k = 1; k < n->count; k++) {
    add(w, k > 1 ? "," : "");
    if (latex(w) && n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, ".") == 0)
      add(w, "\\bullet");
    else
      write(w, n->child[k], SUMS);
  }
  add(w, latex(w) ? "}" : "]");
}

static void write_cases(struct writer *w, const struct jac_node *n) {
  pick(w, "\\begin{cases} ", "{", "cases(");
  for (size_t k = 0; k < n->count; k++) {
    bool condition = k % 2 == 1, otherwise = k % 2 == 0 && k + 1 == n->count;
    if (condition)
      pick(w, " & \\text{if } ", " if ", ", ");
    else if (k > 0)
      pick(w, " \\\\ ", otherwise ? "; otherwise " : "; ", ", ");
    write(w, n->child[k], condition ? CONDITION : SUMS);
    if (otherwise)
      pick(w, " & \\text{otherwise}", "", "");
  }
  pick(w, " \\end{cases}", "}", ")");
}

static void write_cell(struct writer *w, const struct jac_node *n) {
  if (n->kind == JAC_DOTS && w->notation == JAC_NOTATION_ASCII)
    add(w, "...");
  else if (n->kind == JAC_DOTS && n->name[0] == 'c')
    pick(w, "\\cdots", "⋯", "");
  else if (n->kind == JAC_DOTS && n->name[0] == 'v')
    pick(w, "\\vdots", "⋮", "");
  else if (n->kind == JAC_DOTS)
    pick(w, "\\ddots", "⋱", "");
  else if (n->kind != JAC_BLANK)
    write(w, n, SUMS);
}

static void write_matrix(struct writer *w, const struct jac_node *n) {
  add(w, latex(w) ? "\\begin{pmatrix} " : "[");
  for (size_t i = 0; i < n->count; i++) {
    if (i > 0)
      add(w, latex(w) ? " \\\\ " : "; ");
    for (size_t j = 0; j < n->child[i]->count; j++) {
      if (j > 0)
        add(w, latex(w) ? " & " : ", ");
      write_cell(w, n->child[i]->child[j]);
    }
  }
  add(w, latex(w) ? " \\end{pmatrix}" : "]");
}

static void write_derivative(struct writer *w, const struct jac_node *n) {
  if (w->notation == JAC_NOTATION_ASCII) {
    add(w, "deriv");
    write_arguments(w, n);
  } else if (n->name[0] != '\0') {
    pick(w, "\\nabla_{", "∇", "");
    write_cell(w, n->child[1]);
    add(w, latex(w) ? "} " : " ");
    write(w, n->child[0], POWERS);
  } else {
    pick(w, "\\frac{\\partial ", "∂", "");
    write(w, n->child[0], POWERS);
    pick(w, "}{\\partial ", "/∂", "");
    write(w, n->child[1], POWERS);
    pick(w, "}", "", "");
  }
}

static void write_sum(struct writer *w, const struct jac_node *n) {
  write(w, n->child[0], SUMS);
  const struct jac_node *b = n->child[1];
  if (b->kind == JAC_NEGATE) {
    pick(w, " - ", " − ", " - ");
    write(w, b->child[0], SPREAD);
  } else if (b->kind == JAC_NUMBER && b->number < 0.0) {
    pick(w, " - ", " − ", " - ");
    write_number(w, -b->number);
  } else {
    add(w, " + ");
    write(w, b, b->kind == JAC_ADD ? ATOM : SPREAD);
  }
}

static enum binding binding_of(const struct writer *w, const struct jac_node *n) {
  switch (n->kind) {
  case JAC_COMPARE:
  case JAC_AND:
    return CONDITION;
  case JAC_ADD:
    return SUMS;
  case JAC_NEGATE:
    return NEGATED;
  case JAC_NUMBER:
    return n->number < 0.0 ? NEGATED : ATOM;
  case JAC_SUM:
  case JAC_PRODUCT:
  case JAC_MAX:
    return w->notation == JAC_NOTATION_ASCII ? ATOM : SPREAD;
  case JAC_CALL:
    return is_call(n, "kron", 2) && w->notation != JAC_NOTATION_ASCII ? SPREAD : ATOM;
  case JAC_HADAMARD:
    return w->notation == JAC_NOTATION_ASCII ? PRODUCTS : SPREAD;
  case JAC_MULTIPLY:
    return PRODUCTS;
  case JAC_DERIVATIVE:
    return n->name[0] != '\0' && w->notation != JAC_NOTATION_ASCII ? SPREAD : POWERS;
  case JAC_DIVIDE:
    return latex(w) && n->name[0] == '\0' ? POWERS : PRODUCTS;
  case JAC_POWER:
    return POWERS;
  case JAC_TRANSPOSE: /* two superscripts need a bracket between */
    return latex(w) ? POWERS : ATOM;
  default:
    return ATOM;
  }
}

/* Long: a case for every kind of node. */
static void write_bare(struct writer *w, const struct jac_node *n) {
  switch (n->kind) {
  case JAC_NUMBER:
    if (n->number < 0.0)
      pick(w, "-", "−", "-");
    write_number(w, fabs(n->number));
    break;
  case JAC_NAME:
    write_name(w, n->name, 0, NULL);
    break;
  case JAC_ENTRY:
    write_entry(w, n);
    break;
  case JAC_CALL:
    write_call(w, n);
    break;
  case JAC_SUM:
    write_over(w, n, "\\sum", "Σ", "sum");
    break;
  case JAC_PRODUCT:
    write_over(w, n, "\\prod", "Π", "prod");
    break;
  case JAC_MAX:
    write_over(w, n, "\\max", "max", "max");
    break;
  case JAC_DELTA:
    write_delta(w, n);
    break;
  case JAC_INDICATOR:
    write_indicator(w, n);
    break;
  case JAC_COMPARE:
    write_compare(w, n);
    break;
  case JAC_AND:
    write(w, n->child[0], CONDITION);
    pick(w, " \\text{ and } ", " and ", " and ");
    write(w, n->child[1], CONDITION);
    break;
  case JAC_ADD:
    write_sum(w, n);
    break;
  case JAC_NEGATE:
    pick(w, "-", "−", "-");
    write(w, n->child[0], w->notation == JAC_NOTATION_ASCII ? PRODUCTS : SPREAD);
    break;
  case JAC_MULTIPLY:
    write_product(w, n);
    break;
  case JAC_HADAMARD: {
    bool ascii = w->notation == JAC_NOTATION_ASCII;
    write_left(w, n->child[0], ascii ? PRODUCTS : SPREAD);
    pick(w, " \\odot ", " ⊙ ", " .* ");
    write(w, n->child[1], ascii ? POWERS : PRODUCTS);
    break;
  }
  case JAC_DIVIDE:
    write_division(w, n);
    break;
  case JAC_POWER:
    write_power(w, n);
    break;
  case JAC_TRANSPOSE:
    write_transpose(w, n);
    break;
  case JAC_CASES:
    write_cases(w, n);
    break;
  case JAC_AT:
    write_at(w, n);
    break;
  case JAC_DERIVATIVE:
    write_derivative(w, n);
    break;
  case JAC_MATRIX:
    write_matrix(w, n);
    break;
  case JAC_DOTS:
  case JAC_BLANK:
    write_cell(w, n);
    break;
  case JAC_ROW: /* its matrix wrote it */
  case JAC_KINDS:
    break;
  }
}

static void write(struct writer *w, const struct jac_node *n, enum binding least) {
  if (binding_of(w, n) >= least) {
    write_bare(w, n);
    return;
  }
  struct jac_buffer inside = JAC_BUFFER_INIT;
  struct writer inner = {w->notation, w->naming, &inside};
  write_bare(&inner, n);
  bool tall =
      latex(w) && inside.text != NULL &&
      (strstr(inside.text, "\\frac") != NULL || strstr(inside.text, "\\sum") != NULL ||
       strstr(inside.text, "\\begin") != NULL);
  add(w, tall ? "\\left(" : "(");
  add(w, inside.text != NULL ? inside.text : "");
  add(w, tall ? "\\right)" : ")");
  jac_buffer_free(&inside);
}

void jac_formula_render(const struct jac_node *tree, enum jac_notation notation,
                        const struct jac_naming *naming, struct jac_buffer *out) {
  struct writer w = {notation, naming, out};
  write(&w, tree, CONDITION);
}
