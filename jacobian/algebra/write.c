#include "jacobian/algebra/write_internal.h"

#include "jacobian/algebra/brackets.h"

#include <math.h>

void jac_put_open(int level, int mine, struct jac_writing *w, struct jac_buffer *out) {
  if (level > mine)
    jac_buffer_add(out, latex(w) ? "\\left(" : "(");
}

void jac_put_close(int level, int mine, struct jac_writing *w, struct jac_buffer *out) {
  if (level > mine)
    jac_buffer_add(out, latex(w) ? "\\right)" : ")");
}

/* Long: each of them. A multiple of pi, 1/pi, sqrt(pi), 1/sqrt(pi). False: it is none. */
static bool number_of_pi(struct jac_writing *w, double x, struct jac_buffer *out) {
  const double pi = acos(-1.0), of_pi[] = {pi, 1 / pi, sqrt(pi), 1 / sqrt(pi)};
  for (size_t k = 0; k < 4; k++)
    for (int under = 1; under <= 12; under++) {
      double above = x / of_pi[k] * under;
      if (above < 0.5 || above > 1e3 || fabs(above - round(above)) > 1e-13 * above)
        continue;
      const char *sign =
          k < 2 ? of(w, "pi", "π", "\\pi") : of(w, "sqrt(pi)", "√π", "\\sqrt{\\pi}");
      bool over = k % 2 == 0, one = round(above) == 1;
      if (latex(w) && (under > 1 || !over))
        jac_buffer_add(out, "\\frac{");
      if (!over || !one)
        jac_buffer_printf(out, "%.0f%s", above, over ? of(w, "*", " ", " ") : "");
      jac_buffer_add(out, over ? sign : "");
      if (under > 1 || !over)
        jac_buffer_add(out, latex(w) ? "}{" : "/");
      if (under > 1 && !over && !latex(w))
        jac_buffer_add(out, "(");
      if (under > 1)
        jac_buffer_printf(out, "%d%s", under, over ? "" : of(w, "*", " ", " "));
      jac_buffer_add(out, over ? "" : sign);
      if (under > 1 && !over && !latex(w))
        jac_buffer_add(out, ")");
      if (latex(w) && (under > 1 || !over))
        jac_buffer_add(out, "}");
      return true;
    }
  return false;
}

static void number(struct jac_writing *w, double x, struct jac_buffer *out) {
  for (int under = 1; under <= 60; under++) {
    double above = x * under;
    if (fabs(above - round(above)) > 1e-12 * fabs(above) || fabs(above) > 1e9)
      continue;
    if (under == 1)
      jac_buffer_printf(out, "%.0f", above);
    else if (latex(w))
      jac_buffer_printf(out, "\\frac{%.0f}{%d}", above, under);
    else
      jac_buffer_printf(out, "%.0f/%d", above, under);
    return;
  }
  if (!number_of_pi(w, x, out))
    jac_buffer_printf(out, "%.15g", x);
}

static int number_level(double x) {
  return x < 0 ? MINUS : x == floor(x) ? ATOM : PRODUCT;
}

void jac_put_term(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  switch (t->kind) {
  case JAC_TERM_NUMBER:
    jac_put_open(level, number_level(t->number), w, out);
    number(w, t->number, out);
    jac_put_close(level, number_level(t->number), w, out);
    break;
  case JAC_TERM_SIZE:
    jac_put_size(w, t->dim, out);
    break;
  case JAC_TERM_INDEX:
    jac_index_write(w, t->index, out);
    break;
  case JAC_TERM_SYMBOL:
    jac_put_name(w, t->symbol->key, out);
    if (t->count)
      jac_put_below(w, t->child, t->count, out);
    break;
  case JAC_TERM_OP:
    jac_put_operation(w, t, level, out);
    break;
  case JAC_TERM_BIG:
    jac_put_big(w, t, level, out);
    break;
  case JAC_TERM_ENTRY:
    if (jac_is_slope(t))
      jac_put_slope(w, t, level, out);
    else
      jac_put_entry(w, t, out);
    break;
  case JAC_TERM_DERIVATIVE:
    if (jac_is_slope(t))
      jac_put_slope(w, t, level, out);
    else
      jac_buffer_add(out, "?");
    break;
  case JAC_TERM_MATRIX:
    jac_put_blocks(w, t, out);
    break;
  case JAC_TERM_EYE:
  case JAC_TERM_ONES:
  case JAC_TERM_ZEROS:
    jac_put_sized(w, t, out);
    break;
  case JAC_TERM_COMMUTATION:
    jac_buffer_add(out, of(w, "comm(", "K_{", "\\operatorname{K}_{"));
    jac_put_term(w, t->child[0], 0, out);
    jac_buffer_add(out, ",");
    jac_put_term(w, t->child[1], 0, out);
    jac_buffer_add(out, of(w, ")", "}", "}"));
    break;
  case JAC_TERM_COMPARE:
    jac_put_compared(w, t, out);
    break;
  case JAC_TERM_CASES:
    jac_put_cases(w, t, out);
    break;
  case JAC_TERM_BUILD:
    jac_put_term(w, t->child[0], level, out);
    break;
  case JAC_TERM_CALL:
    jac_put_name(w, t->symbol->key, out);
    jac_buffer_add(out, "(");
    for (size_t k = 0; k < t->count; k++) {
      jac_buffer_add(out, k ? ", " : "");
      jac_put_term(w, t->child[k], 0, out);
    }
    jac_buffer_add(out, ")");
    break;
  case JAC_TERM_LOGIC:
    jac_buffer_add(out, of(w, "ind(", "1[", "\\mathbf{1}\\left["));
    jac_put_condition(w, t, out);
    jac_buffer_add(out, of(w, ")", "]", "\\right]"));
    break;
  default:
    jac_buffer_add(out, "?");
    break;
  }
}

void jac_term_write(struct jac_writing *w, term_t term, struct jac_buffer *out) {
  size_t from = out->length;
  jac_put_term(w, term, 0, out);
  if (latex(w) && !out->failed)
    jac_brackets_settle(out, from);
  if (w->notation == JAC_NOTATION_UNICODE && !out->failed)
    jac_brackets_draw_near(out, from);
}
