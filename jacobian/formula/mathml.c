#include "jacobian/formula/mathml.h"

#include "jacobian/formula/function.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* As in render.c: what binds less than is asked for stands in brackets. */
enum binding { CONDITION, SUMS, SPREAD, PRODUCTS, ATOM };

static void write(struct jac_buffer *out, node_t n, enum binding least);

static void add(struct jac_buffer *out, const char *text) {
  jac_buffer_add(out, text);
}

static void escaped(struct jac_buffer *out, const char *text, size_t length) {
  for (size_t k = 0; k < length && text[k] != '\0'; k++)
    switch (text[k]) {
    case '<':
      add(out, "&lt;");
      break;
    case '>':
      add(out, "&gt;");
      break;
    case '&':
      add(out, "&amp;");
      break;
    case '"':
      add(out, "&quot;");
      break;
    default:
      jac_buffer_add_char(out, text[k]);
    }
}

static void operator(struct jac_buffer *out, const char *sign) {
  jac_buffer_printf(out, "<mo>%s</mo>", sign);
}

static void row(struct jac_buffer *out, node_t n, enum binding least) {
  add(out, "<mrow>");
  write(out, n, least);
  add(out, "</mrow>");
}

static void number(struct jac_buffer *out, double value) {
  char text[40];
  for (int digits = 1; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, fabs(value));
    if (strtod(text, NULL) == fabs(value))
      break;
  }
  if (value < 0.0)
    operator(out, "−");
  jac_buffer_printf(out, "<mn>%s</mn>", text);
}

/* Greek letters as they are in Unicode, in the order of spell.c's names. */
static const char *greek(const char *word, size_t length) {
  static const struct {
    const char *name, *letter;
  } letters[] = {{"alpha", "α"},   {"beta", "β"},  {"gamma", "γ"},   {"delta", "δ"},
                 {"epsilon", "ε"}, {"zeta", "ζ"},  {"eta", "η"},     {"theta", "θ"},
                 {"iota", "ι"},    {"kappa", "κ"}, {"lambda", "λ"},  {"mu", "μ"},
                 {"nu", "ν"},      {"xi", "ξ"},    {"pi", "π"},      {"rho", "ρ"},
                 {"sigma", "σ"},   {"tau", "τ"},   {"upsilon", "υ"}, {"phi", "φ"},
                 {"chi", "χ"},     {"psi", "ψ"},   {"omega", "ω"},   {"Gamma", "Γ"},
                 {"Delta", "Δ"},   {"Theta", "Θ"}, {"Lambda", "Λ"},  {"Xi", "Ξ"},
                 {"Pi", "Π"},      {"Sigma", "Σ"}, {"Upsilon", "Υ"}, {"Phi", "Φ"},
                 {"Psi", "Ψ"},     {"Omega", "Ω"}};
  for (size_t k = 0; k < sizeof letters / sizeof letters[0]; k++)
    if (strlen(letters[k].name) == length && memcmp(letters[k].name, word, length) == 0)
      return letters[k].letter;
  return NULL;
}

/* A name's letter or word, its accent over it. */
static void base_name(struct jac_buffer *out, const char *name, size_t length) {
  static const struct {
    const char *prefix, *sign;
  } accents[] = {{"hat_", "^"}, {"tilde_", "~"}, {"bar_", "¯"}, {"dot_", "˙"}};
  for (size_t k = 0; k < sizeof accents / sizeof accents[0]; k++) {
    size_t skip = strlen(accents[k].prefix);
    if (strncmp(name, accents[k].prefix, skip) == 0 && length > skip) {
      add(out, "<mover accent=\"true\">");
      base_name(out, name + skip, length - skip);
      jac_buffer_printf(out, "<mo>%s</mo></mover>", accents[k].sign);
      return;
    }
  }
  const char *letter = greek(name, length);
  add(out, "<mi>");
  if (letter != NULL)
    add(out, letter);
  else
    escaped(out, name, length);
  add(out, "</mi>");
}

/* A name with what is below and above it, and its indices. */
static void name(struct jac_buffer *out, const char *text, const node_t *index,
                 size_t count) {
  size_t skip = 0;
  static const char *const accents[] = {"hat_", "tilde_", "bar_", "dot_"};
  for (size_t k = 0; k < 4; k++)
    if (strncmp(text, accents[k], strlen(accents[k])) == 0)
      skip = strlen(accents[k]);
  size_t base = skip + strcspn(text + skip, "_^");
  const char *above = strstr(text, "^{");
  size_t end = above != NULL ? (size_t)(above - text) : strlen(text);
  bool below = text[base] == '_' && end > base + 1;
  bool low = below || count > 0;
  add(out, low && above != NULL ? "<msubsup>"
           : low                ? "<msub>"
           : above != NULL      ? "<msup>"
                                : "");
  base_name(out, text, base);
  if (low) {
    add(out, "<mrow>");
    if (below) {
      add(out, "<mi>");
      escaped(out, text + base + 1, end - base - 1);
      add(out, "</mi>");
    }
    for (size_t k = 0; k < count; k++) {
      if (k > 0 || below)
        operator(out, ",");
      if (index[k]->kind == JAC_NAME && strcmp(index[k]->name, ".") == 0)
        operator(out, "•");
      else
        write(out, index[k], SUMS);
    }
    add(out, "</mrow>");
  }
  if (above != NULL) {
    add(out, "<mi>");
    escaped(out, above + 2, strcspn(above + 2, "}"));
    add(out, "</mi>");
  }
  add(out, low && above != NULL ? "</msubsup>"
           : low                ? "</msub>"
           : above != NULL      ? "</msup>"
                                : "");
}

static void function(struct jac_buffer *out, const char *text) {
  size_t length = strcspn(text, "'");
  char plain[JAC_FORMULA_NAME];
  snprintf(plain, sizeof plain, "%.*s", (int)length, text);
  enum jac_function f = jac_function_find(plain);
  add(out, "<mi>");
  if (f != JAC_FUNCTIONS)
    add(out, jac_function_text(f)->unicode);
  else
    escaped(out, plain, strlen(plain));
  add(out, text[length] == '\'' ? "</mi><mo>′</mo>" : "</mi>");
}

static void fence(struct jac_buffer *out, const char *open, node_t n, const char *close) {
  add(out, "<mrow>");
  operator(out, open);
  write(out, n, SUMS);
  operator(out, close);
  add(out, "</mrow>");
}

static void call(struct jac_buffer *out, node_t n) {
  if (n->count == 1 && strcmp(n->name, "sqrt") == 0) {
    add(out, "<msqrt>");
    write(out, n->child[0], SUMS);
    add(out, "</msqrt>");
  } else if (n->count == 1 && strcmp(n->name, "exp") == 0) {
    add(out, "<msup><mi>e</mi>");
    row(out, n->child[0], SUMS);
    add(out, "</msup>");
  } else if (n->count == 1 && strcmp(n->name, "abs") == 0)
    fence(out, "|", n->child[0], "|");
  else if (n->count == 1 && strcmp(n->name, "norm") == 0)
    fence(out, "‖", n->child[0], "‖");
  else if (n->count == 2 && strcmp(n->name, "kron") == 0) {
    write(out, n->child[0], SPREAD);
    operator(out, "⊗");
    write(out, n->child[1], PRODUCTS);
  } else {
    function(out, n->name);
    operator(out, "(");
    for (size_t k = 0; k < n->count; k++) {
      if (k > 0)
        operator(out, ",");
      write(out, n->child[k], SUMS);
    }
    operator(out, ")");
  }
}

static void over(struct jac_buffer *out, node_t n) {
  const char *sign = n->kind == JAC_SUM ? "∑" : n->kind == JAC_PRODUCT ? "∏" : "max";
  add(out, n->count == 3 ? "<munderover>" : "<munder>");
  operator(out, sign);
  add(out, "<mrow>");
  base_name(out, n->name, strlen(n->name));
  if (n->count == 3) {
    operator(out, "=");
    write(out, n->child[1], SUMS);
  }
  add(out, "</mrow>");
  if (n->count == 3)
    row(out, n->child[2], SUMS);
  add(out, n->count == 3 ? "</munderover>" : "</munder>");
  write(out, n->child[0], SPREAD);
}

static void compare(struct jac_buffer *out, node_t n) {
  static const char *const signs[][2] = {{"!=", "≠"},   {"<=", "≤"},   {">=", "≥"},
                                         {"<", "&lt;"}, {">", "&gt;"}, {"=", "="}};
  write(out, n->child[0], SUMS);
  for (size_t k = 0; k < 6; k++)
    if (strcmp(signs[k][0], n->name) == 0)
      operator(out, signs[k][1]);
  write(out, n->child[1], SUMS);
}

static void table(struct jac_buffer *out, node_t n) {
  operator(out, "(");
  add(out, "<mtable>");
  for (size_t i = 0; i < n->count; i++) {
    add(out, "<mtr>");
    for (size_t j = 0; j < n->child[i]->count; j++) {
      node_t cell = n->child[i]->child[j];
      add(out, "<mtd>");
      if (cell->kind == JAC_DOTS)
        operator(out, cell->name[0] == 'v' ? "⋮" : cell->name[0] == 'd' ? "⋱" : "⋯");
      else if (cell->kind != JAC_BLANK)
        write(out, cell, SUMS);
      add(out, "</mtd>");
    }
    add(out, "</mtr>");
  }
  add(out, "</mtable>");
  operator(out, ")");
}

static void cases(struct jac_buffer *out, node_t n) {
  operator(out, "{");
  add(out, "<mtable columnalign=\"left\">");
  for (size_t k = 0; k < n->count; k += 2) {
    add(out, "<mtr><mtd>");
    write(out, n->child[k], SUMS);
    add(out, "</mtd><mtd>");
    if (k + 1 < n->count)
      write(out, n->child[k + 1], CONDITION);
    else
      add(out, "<mtext>otherwise</mtext>");
    add(out, "</mtd></mtr>");
  }
  add(out, "</mtable>");
}

static void fraction(struct jac_buffer *out, node_t above, node_t below,
                     bool derivative) {
  add(out, "<mfrac><mrow>");
  if (derivative)
    operator(out, "∂");
  write(out, above, derivative ? ATOM : SUMS);
  add(out, "</mrow><mrow>");
  if (derivative)
    operator(out, "∂");
  write(out, below, derivative ? ATOM : SUMS);
  add(out, "</mrow></mfrac>");
}

static enum binding binding_of(node_t n) {
  switch (n->kind) {
  case JAC_COMPARE:
  case JAC_AND:
    return CONDITION;
  case JAC_ADD:
  case JAC_NEGATE:
    return SUMS;
  case JAC_NUMBER:
    return n->number < 0.0 ? SUMS : ATOM;
  case JAC_SUM:
  case JAC_PRODUCT:
  case JAC_MAX:
  case JAC_HADAMARD:
    return SPREAD;
  case JAC_CALL:
    return strcmp(n->name, "kron") == 0 ? SPREAD : ATOM;
  case JAC_MULTIPLY:
    return PRODUCTS;
  case JAC_DERIVATIVE:
    return n->name[0] != '\0' ? SPREAD : ATOM;
  default:
    return ATOM;
  }
}

static void script(struct jac_buffer *out, const char *element, node_t base,
                   node_t other) {
  jac_buffer_printf(out, "<%s>", element);
  row(out, base, ATOM);
  if (other != NULL)
    row(out, other, SUMS);
  else
    operator(out, "⊤");
  jac_buffer_printf(out, "</%s>", element);
}

static void sum(struct jac_buffer *out, node_t n) {
  node_t b = n->child[1];
  write(out, n->child[0], SUMS);
  operator(out, b->kind == JAC_NEGATE ? "−" : "+");
  write(out, b->kind == JAC_NEGATE ? b->child[0] : b, b->kind == JAC_ADD ? ATOM : SPREAD);
}

static void bare(struct jac_buffer *out, node_t n) {
  switch (n->kind) {
  case JAC_NUMBER:
    number(out, n->number);
    break;
  case JAC_NAME:
    name(out, n->name, NULL, 0);
    break;
  case JAC_ENTRY:
    name(out, n->name, n->child, n->count);
    break;
  case JAC_CALL:
    call(out, n);
    break;
  case JAC_SUM:
  case JAC_PRODUCT:
  case JAC_MAX:
    over(out, n);
    break;
  case JAC_DELTA:
    name(out, "delta", n->child, n->count);
    break;
  case JAC_INDICATOR:
    add(out, "<msub><mn>1</mn>");
    row(out, n->child[0], CONDITION);
    add(out, "</msub>");
    break;
  case JAC_COMPARE:
    compare(out, n);
    break;
  case JAC_AND:
    write(out, n->child[0], CONDITION);
    operator(out, "∧");
    write(out, n->child[1], CONDITION);
    break;
  case JAC_CASES:
    cases(out, n);
    break;
  case JAC_ADD:
    sum(out, n);
    break;
  case JAC_NEGATE:
    operator(out, "−");
    write(out, n->child[0], SPREAD);
    break;
  case JAC_MULTIPLY:
    write(out, n->child[0], PRODUCTS);
    operator(out, n->child[1]->kind == JAC_NUMBER ? "·" : "&#x2062;");
    write(out, n->child[1], ATOM);
    break;
  case JAC_HADAMARD:
    write(out, n->child[0], SPREAD);
    operator(out, "⊙");
    write(out, n->child[1], PRODUCTS);
    break;
  case JAC_DIVIDE:
    fraction(out, n->child[0], n->child[1], false);
    break;
  case JAC_POWER:
    script(out, "msup", n->child[0], n->child[1]);
    break;
  case JAC_TRANSPOSE:
    script(out, "msup", n->child[0], NULL);
    break;
  case JAC_AT:
    add(out, "<msub>");
    row(out, n->child[0], ATOM);
    add(out, "<mrow>");
    for (size_t k = 1; k < n->count; k++) {
      if (k > 1)
        operator(out, ",");
      write(out, n->child[k], SUMS);
    }
    add(out, "</mrow></msub>");
    break;
  case JAC_DERIVATIVE:
    if (n->name[0] == '\0')
      fraction(out, n->child[0], n->child[1], true);
    else {
      add(out, "<msub><mo>∇</mo>");
      row(out, n->child[1], SUMS);
      add(out, "</msub>");
      write(out, n->child[0], PRODUCTS);
    }
    break;
  case JAC_MATRIX:
    table(out, n);
    break;
  case JAC_ROW:
  case JAC_DOTS:
  case JAC_BLANK:
  case JAC_KINDS:
    break;
  }
}

static void write(struct jac_buffer *out, node_t n, enum binding least) {
  bool bracket = binding_of(n) < least;
  if (bracket)
    operator(out, "(");
  bare(out, n);
  if (bracket)
    operator(out, ")");
}

void jac_formula_mathml(const struct jac_node *tree, struct jac_buffer *out) {
  row(out, tree, CONDITION);
}
