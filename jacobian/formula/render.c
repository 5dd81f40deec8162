#include "jacobian/formula/render.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* How tightly a node binds; a child that binds less stands in brackets. */
enum binding { CONDITION, SUMS, NEGATED, PRODUCTS, POWERS, ATOM };

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
  snprintf(text, sizeof text, "%.17g", value);
  for (int digits = 1; digits < 17; digits++) {
    char shorter[40];
    snprintf(shorter, sizeof shorter, "%.*g", digits, value);
    double back;
    if (sscanf(shorter, "%lf", &back) == 1 && back == value) {
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

/* How functions are written; others by their own name, upright in LaTeX. */
static const struct {
  const char *name, *latex, *unicode;
} functions[] = {
    {"tanh", "\\tanh", "tanh"}, {"exp", "\\exp", "exp"},  {"log", "\\log", "log"},
    {"sin", "\\sin", "sin"},    {"cos", "\\cos", "cos"},  {"sigmoid", "\\sigma", "σ"},
    {"Phi", "\\Phi", "Φ"},      {"phi", "\\varphi", "φ"}, {"max", "\\max", "max"},
    {"min", "\\min", "min"},    {"det", "\\det", "det"},
};

static void write_function(struct writer *w, const char *name) {
  for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++)
    if (strcmp(functions[k].name, name) == 0) {
      pick(w, functions[k].latex, functions[k].unicode, name);
      return;
    }
  if (latex(w))
    jac_buffer_printf(w->out, "\\operatorname{%s}", name);
  else
    add(w, name);
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

static void write_call(struct writer *w, const struct jac_node *n) {
  bool one = n->count == 1 && w->notation != JAC_NOTATION_ASCII;
  if (one && strcmp(n->name, "sqrt") == 0) {
    add(w, latex(w) ? "\\sqrt{" : "√");
    write(w, n->child[0], latex(w) ? SUMS : ATOM);
    add(w, latex(w) ? "}" : "");
  } else if (one && strcmp(n->name, "abs") == 0) {
    add(w, latex(w) ? "\\left|" : "|");
    write(w, n->child[0], SUMS);
    add(w, latex(w) ? "\\right|" : "|");
  } else if (one && strcmp(n->name, "exp") == 0 && latex(w)) {
    add(w, "e^{");
    write(w, n->child[0], SUMS);
    add(w, "}");
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

/* A sign with an index below: sums, maxima. */
static void write_over(struct writer *w, const struct jac_node *n, const char *in_latex,
                       const char *unicode, const char *ascii) {
  if (w->notation == JAC_NOTATION_ASCII) {
    jac_buffer_printf(w->out, "%s(%s, ", ascii, n->name);
    write(w, n->child[0], SUMS);
    close(w);
    return;
  }
  const char *letter = n->name[1] == '\0' ? jac_subscript(n->name[0]) : NULL;
  if (latex(w))
    jac_buffer_printf(w->out, "%s_{%s} ", in_latex, n->name);
  else if (letter != NULL)
    jac_buffer_printf(w->out, "%s%s ", unicode, letter);
  else
    jac_buffer_printf(w->out, "%s_%s ", unicode, n->name);
  write(w, n->child[0], PRODUCTS);
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

/* Whether a sum's sign stands open at the end: what follows would seem to belong to it.
 */
static bool ends_open(const struct writer *w, const struct jac_node *n) {
  if (w->notation == JAC_NOTATION_ASCII)
    return false;
  while (n->kind == JAC_MULTIPLY || n->kind == JAC_HADAMARD)
    n = n->child[1];
  return n->kind == JAC_SUM || n->kind == JAC_MAX;
}

/* a b: a space, a dot between numbers, nothing before a bracket. */
static void write_product(struct writer *w, const struct jac_node *n) {
  const struct jac_node *b = n->child[1];
  bool sum = b->kind == JAC_SUM && w->notation != JAC_NOTATION_ASCII;
  write(w, n->child[0], ends_open(w, n->child[0]) ? ATOM : PRODUCTS);
  bool bracket = b->kind == JAC_ADD || b->kind == JAC_NEGATE ||
                 (b->kind == JAC_DIVIDE && !latex(w)) || b->kind == JAC_MULTIPLY;
  if (w->notation == JAC_NOTATION_ASCII)
    add(w, "*");
  else if (starts_with_digit(b))
    pick(w, " \\cdot ", "·", "");
  else if (!bracket && (latex(w) || n->child[0]->kind != JAC_NUMBER))
    add(w, " ");
  write(w, b, sum ? PRODUCTS : POWERS);
}

static void write_division(struct writer *w, const struct jac_node *n) {
  if (latex(w)) {
    add(w, "\\frac{");
    write(w, n->child[0], SUMS);
    add(w, "}{");
    write(w, n->child[1], SUMS);
    add(w, "}");
    return;
  }
  write(w, n->child[0], ends_open(w, n->child[0]) ? ATOM : PRODUCTS);
  add(w, w->notation == JAC_NOTATION_ASCII ? " / " : "/");
  write(w, n->child[1],
        n->child[1]->kind == JAC_SUM && w->notation == JAC_NOTATION_UNICODE ? ATOM
                                                                            : POWERS);
}

/* tanh^2(x): the power of a function stands at its name; otherwise at the base. */
static void write_power(struct writer *w, const struct jac_node *n) {
  const struct jac_node *base = n->child[0];
  bool square = jac_is_number(n->child[1], 2.0) || jac_is_number(n->child[1], 3.0);
  bool two = jac_is_number(n->child[1], 2.0);
  const char *raised = two ? "²" : "³";
  bool trigonometric = base->kind == JAC_CALL && base->count == 1 && square &&
                       (strcmp(base->name, "tanh") == 0 ||
                        strcmp(base->name, "sin") == 0 || strcmp(base->name, "cos") == 0);
  if (trigonometric && w->notation != JAC_NOTATION_ASCII) {
    write_function(w, base->name);
    add(w, !latex(w) ? raised : two ? "^2" : "^3");
    write_arguments(w, base);
    return;
  }
  /* z^{k-1}_{1,2} has a superscript of its own: its powers need a bracket. */
  bool bracket = w->naming != NULL && (base->kind == JAC_ENTRY || base->kind == JAC_NAME);
  if (bracket)
    open(w);
  write(w, base, ATOM);
  if (bracket)
    close(w);
  if (latex(w)) {
    add(w, "^{");
    write(w, n->child[1], SUMS);
    add(w, "}");
  } else if (square && w->notation == JAC_NOTATION_UNICODE)
    add(w, raised);
  else {
    add(w, "^");
    write(w, n->child[1], ATOM);
  }
}

static void write_sum(struct writer *w, const struct jac_node *n) {
  write(w, n->child[0], SUMS);
  const struct jac_node *b = n->child[1];
  if (b->kind == JAC_NEGATE) {
    pick(w, " - ", " − ", " - ");
    write(w, b->child[0], PRODUCTS);
  } else if (b->kind == JAC_NUMBER && b->number < 0.0) {
    pick(w, " - ", " − ", " - ");
    write_number(w, -b->number);
  } else {
    add(w, " + ");
    write(w, b, b->kind == JAC_ADD ? ATOM : PRODUCTS);
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
  case JAC_MAX:
    return w->notation == JAC_NOTATION_ASCII ? ATOM : PRODUCTS;
  case JAC_MULTIPLY:
  case JAC_HADAMARD:
    return PRODUCTS;
  case JAC_DIVIDE:
    return latex(w) ? POWERS : PRODUCTS;
  case JAC_POWER:
    return POWERS;
  default:
    return ATOM;
  }
}

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
    write(w, n->child[0], PRODUCTS);
    break;
  case JAC_MULTIPLY:
    write_product(w, n);
    break;
  case JAC_HADAMARD:
    write(w, n->child[0], PRODUCTS);
    pick(w, " \\odot ", " ⊙ ", " .* ");
    write(w, n->child[1], POWERS);
    break;
  case JAC_DIVIDE:
    write_division(w, n);
    break;
  case JAC_POWER:
    write_power(w, n);
    break;
  case JAC_TRANSPOSE:
    write(w, n->child[0], ATOM);
    pick(w, "^\\top", "ᵀ", "'");
    break;
  case JAC_KINDS:
    break;
  }
}

static void write(struct writer *w, const struct jac_node *n, enum binding least) {
  bool bracket = binding_of(w, n) < least;
  if (bracket)
    open(w);
  write_bare(w, n);
  if (bracket)
    close(w);
}

void jac_formula_render(const struct jac_node *tree, enum jac_notation notation,
                        const struct jac_naming *naming, struct jac_buffer *out) {
  struct writer w = {notation, naming, out};
  write(&w, tree, CONDITION);
}
