/* What has a sign of its own: sums over indices, deltas, cases, matrices, derivatives. */
#include "jacobian/formula/render_internal.h"

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
void jac_write_over(struct jac_writer *w, const struct jac_node *n, const char *in_latex,
                    const char *unicode, const char *ascii) {
  bool bounded = n->count == 3;
  const char *letter = n->name[1] == '\0' ? jac_subscript(n->name[0]) : NULL;
  if (w->notation == JAC_NOTATION_ASCII) {
    jac_buffer_printf(w->out, "%s(%s", ascii, n->name);
    if (bounded) {
      add(w, " = ");
      jac_write(w, n->child[1], SUMS);
      add(w, ":");
      jac_write(w, n->child[2], SUMS);
    }
    add(w, ", ");
    jac_write(w, n->child[0], SUMS);
    close(w);
    return;
  }
  if (latex(w)) {
    jac_buffer_printf(w->out, "%s_{%s", in_latex, n->name);
    if (bounded) {
      add(w, "=");
      jac_write(w, n->child[1], SUMS);
      add(w, "}^{");
      jac_write(w, n->child[2], SUMS);
    }
    add(w, "} ");
  } else if (bounded) {
    jac_buffer_printf(w->out, "%s(%s=", unicode, n->name);
    jac_write(w, n->child[1], SUMS);
    add(w, "…");
    jac_write(w, n->child[2], SUMS);
    add(w, ") ");
  } else
    jac_buffer_printf(w->out, letter != NULL ? "%s%s " : "%s_%s ", unicode,
                      letter != NULL ? letter : n->name);
  jac_write(w, n->child[0], SPREAD);
}

void jac_write_delta(struct jac_writer *w, const struct jac_node *n) {
  if (w->notation == JAC_NOTATION_ASCII) {
    add(w, "delta");
    jac_write_arguments(w, n);
    return;
  }
  struct jac_buffer a = JAC_BUFFER_INIT, b = JAC_BUFFER_INIT;
  struct jac_writer wa = {w->notation, NULL, &a}, wb = {w->notation, NULL, &b};
  jac_write(&wa, n->child[0], SUMS);
  jac_write(&wb, n->child[1], SUMS);
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

void jac_write_indicator(struct jac_writer *w, const struct jac_node *n) {
  if (latex(w))
    add(w, "\\mathbf{1}_{");
  else
    pick(w, "", "1[", "ind(");
  jac_write(w, n->child[0], CONDITION);
  pick(w, "}", "]", ")");
}

void jac_write_compare(struct jac_writer *w, const struct jac_node *n) {
  static const struct {
    const char *sign, *latex, *unicode;
  } signs[] = {{"!=", "\\neq", "≠"}, {"<=", "\\leq", "≤"}, {">=", "\\geq", "≥"}};
  const char *in_latex = n->name, *unicode = n->name;
  for (size_t k = 0; k < 3; k++)
    if (strcmp(signs[k].sign, n->name) == 0) {
      in_latex = signs[k].latex;
      unicode = signs[k].unicode;
    }
  jac_write(w, n->child[0], SUMS);
  add(w, " ");
  pick(w, in_latex, unicode, n->name);
  add(w, " ");
  jac_write(w, n->child[1], SUMS);
}

/* An entry of what is no name. */
void jac_write_at(struct jac_writer *w, const struct jac_node *n) {
  bool call = n->child[0]->kind == JAC_CALL && !is_call(n->child[0], "kron", 2);
  if (call && w->notation != JAC_NOTATION_ASCII) {
    open(w);
    jac_write(w, n->child[0], CONDITION);
    close(w);
  } else
    jac_write(w, n->child[0], ATOM);
  add(w, latex(w) ? "_{" : "[");
  for (size_t k = 1; k < n->count; k++) {
    add(w, k > 1 ? "," : "");
    if (latex(w) && n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, ".") == 0)
      add(w, "\\bullet");
    else
      jac_write(w, n->child[k], SUMS);
  }
  add(w, latex(w) ? "}" : "]");
}

void jac_write_cases(struct jac_writer *w, const struct jac_node *n) {
  pick(w, "\\begin{cases} ", "{", "cases(");
  for (size_t k = 0; k < n->count; k++) {
    bool condition = k % 2 == 1, otherwise = k % 2 == 0 && k + 1 == n->count;
    if (condition)
      pick(w, " & \\text{if } ", " if ", ", ");
    else if (k > 0)
      pick(w, " \\\\ ", otherwise ? "; otherwise " : "; ", ", ");
    jac_write(w, n->child[k], condition ? CONDITION : SUMS);
    if (otherwise)
      pick(w, " & \\text{otherwise}", "", "");
  }
  pick(w, " \\end{cases}", "}", ")");
}

void jac_write_cell(struct jac_writer *w, const struct jac_node *n) {
  if (n->kind == JAC_DOTS && w->notation == JAC_NOTATION_ASCII)
    add(w, "...");
  else if (n->kind == JAC_DOTS && n->name[0] == 'c')
    pick(w, "\\cdots", "⋯", "");
  else if (n->kind == JAC_DOTS && n->name[0] == 'v')
    pick(w, "\\vdots", "⋮", "");
  else if (n->kind == JAC_DOTS)
    pick(w, "\\ddots", "⋱", "");
  else if (n->kind != JAC_BLANK)
    jac_write(w, n, SUMS);
}

void jac_write_matrix(struct jac_writer *w, const struct jac_node *n) {
  add(w, latex(w) ? "\\begin{pmatrix} " : "[");
  for (size_t i = 0; i < n->count; i++) {
    if (i > 0)
      add(w, latex(w) ? " \\\\ " : "; ");
    for (size_t j = 0; j < n->child[i]->count; j++) {
      if (j > 0)
        add(w, latex(w) ? " & " : ", ");
      jac_write_cell(w, n->child[i]->child[j]);
    }
  }
  add(w, latex(w) ? " \\end{pmatrix}" : "]");
}

void jac_write_derivative(struct jac_writer *w, const struct jac_node *n) {
  if (w->notation == JAC_NOTATION_ASCII) {
    add(w, "deriv");
    jac_write_arguments(w, n);
  } else if (n->name[0] != '\0') {
    pick(w, "\\nabla_{", "∇", "");
    jac_write_cell(w, n->child[1]);
    add(w, latex(w) ? "} " : " ");
    jac_write(w, n->child[0], POWERS);
  } else {
    pick(w, "\\frac{\\partial ", "∂", "");
    jac_write(w, n->child[0], POWERS);
    pick(w, "}{\\partial ", "/∂", "");
    jac_write(w, n->child[1], POWERS);
    pick(w, "}", "", "");
  }
}
