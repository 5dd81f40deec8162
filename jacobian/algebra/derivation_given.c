/* What a derivation is given: of which shape, and what is known of it. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/text.h"

/* One side of a shape: m + k - 1 in brackets. */
static void side(struct work *k, struct jac_dim *dim, struct jac_buffer *out) {
  term_t size = jac_make_size(k->m, dim);
  enum jac_dim_kind kind = jac_dim_root(dim)->kind;
  bool sum = (kind == JAC_DIM_SUM || kind == JAC_DIM_LESS) && size &&
             size->kind == JAC_TERM_SIZE;
  jac_buffer_add(out, sum ? "(" : "");
  jac_term_write(&k->w, size, out);
  jac_buffer_add(out, sum ? ")" : "");
}

/* "z is 1 x n", "t is a number". */
static void shape(struct work *k, const struct jac_symbol *s, struct jac_buffer *out) {
  bool latex = k->w.notation == JAC_NOTATION_LATEX;
  jac_buffer_add(out, latex ? "$" : "");
  jac_symbol_write(&k->w, s, out);
  if (jac_type_is_number(s->type)) {
    jac_buffer_add(out, latex ? " \\in \\mathbf{R}$" : _(" is a number"));
    return;
  }
  jac_buffer_add(out, latex ? " \\in \\mathbf{R}^{" : _(" is "));
  side(k, s->type.rows, out);
  jac_buffer_add(out, jac_work_said(k, " x ", " × ", " \\times "));
  side(k, s->type.cols, out);
  jac_buffer_add(out, latex ? "}$" : "");
}

/* ", where z is 1 x n, W is n x m, t is a number": what is given. */
static void shapes(struct work *k, struct jac_buffer *out) {
  bool latex = k->w.notation == JAC_NOTATION_LATEX;
  const char *before = _(", where ");
  for (size_t n = k->by_entries ? 0 : 1; n <= k->d->variables; n++) {
    /* Of what is defined by its entries nothing else says how many there are. */
    const struct jac_symbol *s = n ? k->d->variable[n - 1] : k->d->output;
    bool number = jac_type_is_number(s->type);
    if (s->families || (number && (s->values == JAC_PLACES || s->function)))
      continue;
    jac_buffer_add(out, before);
    before = ", ";
    shape(k, s, out);
  }
  for (size_t n = 0; n < k->d->variables; n++) {
    const struct jac_symbol *s = k->d->variable[n];
    if (s->values != JAC_SIMPLEX)
      continue;
    jac_buffer_printf(out, "%s%s", before, latex ? "$" : "");
    jac_symbol_write(&k->w, s, out);
    jac_buffer_printf(out, "%s%s", latex ? "$" : "", _(" is a distribution"));
  }
}

static bool is_normal(term_t t, void *context) {
  bool *found = context;
  *found = *found || (t->kind == JAC_TERM_OP &&
                      (t->construct == JAC_C_GELU || t->construct == JAC_C_NORMAL));
  return !*found;
}

/* What Phi and phi are, where they will stand there. */
static void normal_law(struct work *k, struct jac_buffer *out) {
  bool found = false;
  jac_term_walk_through(k->d->term, is_normal, &found);
  if (found)
    jac_buffer_add(
        out,
        jac_work_said(k,
                      ", Phi(x) = (1 + erf(x/sqrt(2)))/2, phi(x) = "
                      "exp(-x^2/2)/sqrt(2*pi)",
                      ", Φ(x) = (1 + erf(x/√2))/2, φ(x) = exp(−x²/2)/√(2π)",
                      ", $\\Phi(x) = \\frac{1 + \\operatorname{erf}(x/\\sqrt{2})}{2}$, "
                      "$\\phi(x) = \\frac{e^{-x^2/2}}{\\sqrt{2\\pi}}$"));
}

void jac_work_given(struct work *k, struct jac_buffer *out) {
  shapes(k, out);
  normal_law(k, out);
}
