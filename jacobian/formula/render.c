#include "jacobian/formula/render_internal.h"

#include "jacobian/formula/function.h"
#include "jacobian/formula/spell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void write_number(struct jac_writer *w, double value) {
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

static void write_name(struct jac_writer *w, const char *name, size_t count,
                       const char *const *index) {
  if (w->naming != NULL)
    w->naming->add(w->naming->context, name, count, index, w->notation, w->out);
  else if (w->notation == JAC_NOTATION_LATEX)
    jac_spell_latex(name, count, index, w->out);
  else
    plain_name(name, count, index, w->out);
}

/* Indices are written first, each into a text of its own. */
static void write_entry(struct jac_writer *w, const struct jac_node *n) {
  struct jac_buffer text[JAC_FORMULA_CHILDREN];
  const char *index[JAC_FORMULA_CHILDREN];
  for (size_t k = 0; k < n->count; k++) {
    text[k] = (struct jac_buffer)JAC_BUFFER_INIT;
    struct jac_writer inner = {w->notation, NULL, &text[k]};
    jac_write(&inner, n->child[k], SUMS);
    index[k] = text[k].text;
  }
  write_name(w, n->name, n->count, index);
  for (size_t k = 0; k < n->count; k++)
    jac_buffer_free(&text[k]);
}

/* The function's sign; a derivative's prime behind it; others by their own name, upright
 * in LaTeX. */
void jac_write_function(struct jac_writer *w, const char *name) {
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

void jac_write_arguments(struct jac_writer *w, const struct jac_node *n) {
  open(w);
  for (size_t k = 0; k < n->count; k++) {
    if (k > 0)
      add(w, ", ");
    jac_write(w, n->child[k], SUMS);
  }
  close(w);
}

/* Whether a sum's sign stands open at the end: what follows would seem to belong to it.
 */
static bool ends_open(const struct jac_writer *w, const struct jac_node *n) {
  if (w->notation == JAC_NOTATION_ASCII)
    return false;
  while (n->kind == JAC_MULTIPLY || n->kind == JAC_HADAMARD ||
         (n->kind == JAC_CALL && strcmp(n->name, "kron") == 0 && n->count == 2))
    n = n->child[1];
  return n->kind == JAC_SUM || n->kind == JAC_MAX || n->kind == JAC_PRODUCT ||
         (n->kind == JAC_DERIVATIVE && n->name[0] != '\0');
}

/* The left one of two. */
void jac_write_left(struct jac_writer *w, const struct jac_node *n,
                    enum jac_binding least) {
  jac_write(w, n, ends_open(w, n) ? ATOM : least);
}

static bool capital(const struct jac_node *n) {
  while (n->kind == JAC_TRANSPOSE || n->kind == JAC_POWER)
    n = n->child[0];
  return n->kind == JAC_NAME && n->name[0] >= 'A' && n->name[0] <= 'Z';
}

static void write_between(struct jac_writer *w, const struct jac_node *n,
                          const char *open_with, const char *close_with) {
  add(w, open_with);
  jac_write(w, n->child[0], SUMS);
  add(w, close_with);
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

static const char *const *signs_around(const struct jac_writer *w,
                                       const struct jac_node *n) {
  bool determinant = latex(w) && is_call(n, "abs", 1) && capital(n->child[0]);
  for (size_t k = 0; k < sizeof around / sizeof around[0] && !determinant; k++)
    if (w->notation != JAC_NOTATION_ASCII && is_call(n, around[k].name, 1)) {
      const char *const *signs = latex(w) ? around[k].latex : around[k].unicode;
      return signs[0] != NULL ? signs : NULL;
    }
  return NULL;
}

static void write_call(struct jac_writer *w, const struct jac_node *n) {
  const char *const *signs = signs_around(w, n);
  if (signs != NULL)
    write_between(w, n, signs[0], signs[1]);
  else if (w->notation == JAC_NOTATION_UNICODE && is_call(n, "sqrt", 1)) {
    add(w, "√");
    jac_write(w, n->child[0], ATOM);
  } else if (w->notation != JAC_NOTATION_ASCII && is_call(n, "kron", 2)) {
    jac_write_left(w, n->child[0], SPREAD);
    pick(w, " \\otimes ", " ⊗ ", "");
    jac_write(w, n->child[1], PRODUCTS);
  } else {
    jac_write_function(w, n->name);
    jac_write_arguments(w, n);
  }
}

static void write_sum(struct jac_writer *w, const struct jac_node *n) {
  jac_write(w, n->child[0], SUMS);
  const struct jac_node *b = n->child[1];
  if (b->kind == JAC_NEGATE) {
    pick(w, " - ", " − ", " - ");
    jac_write(w, b->child[0], SPREAD);
  } else if (b->kind == JAC_NUMBER && b->number < 0.0) {
    pick(w, " - ", " − ", " - ");
    write_number(w, -b->number);
  } else {
    add(w, " + ");
    jac_write(w, b, b->kind == JAC_ADD ? ATOM : SPREAD);
  }
}

static enum jac_binding binding_of(const struct jac_writer *w, const struct jac_node *n) {
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
static void write_bare(struct jac_writer *w, const struct jac_node *n) {
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
    jac_write_over(w, n, "\\sum", "Σ", "sum");
    break;
  case JAC_PRODUCT:
    jac_write_over(w, n, "\\prod", "Π", "prod");
    break;
  case JAC_MAX:
    jac_write_over(w, n, "\\max", "max", "max");
    break;
  case JAC_DELTA:
    jac_write_delta(w, n);
    break;
  case JAC_INDICATOR:
    jac_write_indicator(w, n);
    break;
  case JAC_COMPARE:
    jac_write_compare(w, n);
    break;
  case JAC_AND:
    jac_write(w, n->child[0], CONDITION);
    pick(w, " \\text{ and } ", " and ", " and ");
    jac_write(w, n->child[1], CONDITION);
    break;
  case JAC_ADD:
    write_sum(w, n);
    break;
  case JAC_NEGATE:
    pick(w, "-", "−", "-");
    jac_write(w, n->child[0], w->notation == JAC_NOTATION_ASCII ? PRODUCTS : SPREAD);
    break;
  case JAC_MULTIPLY:
    jac_write_product(w, n);
    break;
  case JAC_HADAMARD: {
    bool ascii = w->notation == JAC_NOTATION_ASCII;
    jac_write_left(w, n->child[0], ascii ? PRODUCTS : SPREAD);
    pick(w, " \\odot ", " ⊙ ", " .* ");
    jac_write(w, n->child[1], ascii ? POWERS : PRODUCTS);
    break;
  }
  case JAC_DIVIDE:
    jac_write_division(w, n);
    break;
  case JAC_POWER:
    jac_write_power(w, n);
    break;
  case JAC_TRANSPOSE:
    jac_write_transpose(w, n);
    break;
  case JAC_CASES:
    jac_write_cases(w, n);
    break;
  case JAC_AT:
    jac_write_at(w, n);
    break;
  case JAC_DERIVATIVE:
    jac_write_derivative(w, n);
    break;
  case JAC_MATRIX:
    jac_write_matrix(w, n);
    break;
  case JAC_DOTS:
  case JAC_BLANK:
    jac_write_cell(w, n);
    break;
  case JAC_ROW: /* its matrix wrote it */
  case JAC_KINDS:
    break;
  }
}

void jac_write(struct jac_writer *w, const struct jac_node *n, enum jac_binding least) {
  if (binding_of(w, n) >= least) {
    write_bare(w, n);
    return;
  }
  struct jac_buffer inside = JAC_BUFFER_INIT;
  struct jac_writer inner = {w->notation, w->naming, &inside};
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
  struct jac_writer w = {notation, naming, out};
  jac_write(&w, tree, CONDITION);
}
