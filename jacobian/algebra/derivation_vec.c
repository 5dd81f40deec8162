/* Derivations of matrices as wholes: of products of Kronecker and exponentials. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/by_vec.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

/* vec(Y); of a vector or a number, itself. */
static void add_vec(struct work *k, const struct jac_symbol *symbol,
                    struct jac_buffer *out) {
  term_t t = jac_make_symbol(k->m, symbol);
  bool matrix = !jac_dim_is_one(symbol->type.rows) && !jac_dim_is_one(symbol->type.cols);
  t = matrix && t ? jac_make_vec(k->m, t) : t;
  if (t)
    jac_term_write(&k->w, t, out);
}

static char *vec_left(struct work *k) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  add_vec(k, k->d->output, &b);
  return jac_buffer_take(&b);
}

/* dvec(Y)/dvec(X). */
static char *derivative_left(struct work *k) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  bool latex = k->w.notation == JAC_NOTATION_LATEX;
  const char *sign = jac_work_said(k, "d", "∂", "\\partial ");
  jac_buffer_printf(&b, "%s%s", latex ? "\\frac{" : "", sign);
  add_vec(k, k->d->output, &b);
  jac_buffer_printf(&b, "%s%s", latex ? "}{" : "/", sign);
  add_vec(k, k->x, &b);
  jac_buffer_add(&b, latex ? "}" : "");
  return jac_buffer_take(&b);
}

static bool is_kron(term_t t) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, "(p,q)(r,s)->(p*r,q*s)") == 0;
}

/* vec(A (x) B) by vec(A) and vec(B). */
static void taken_apart(struct work *k, term_t body) {
  struct jac_make *m = k->m;
  term_t places = jac_kron_places(m, body->child[0], body->child[1]),
         columns = jac_make_kron(m, jac_make_vec(m, body->child[0]),
                                 jac_make_vec(m, body->child[1]));
  term_t right = places && places->kind == JAC_TERM_EYE
                     ? columns
                     : jac_make_times(m, places, columns);
  jac_work_step(
      k, vec_left(k), right, jac_make_vec(m, k->d->term), false,
      _("its columns: the same products as of the columns of both, which K sets "
        "in their places"));
}

/* In the order in which they are said. */
static const struct {
  unsigned rule;
  const char *words;
} said[] = {
    {JAC_VEC_PRODUCT,
     N_("of a product A X B: the product of Kronecker of B transposed and A")},
    {JAC_VEC_KRON, N_("a product of Kronecker is linear in each factor: the column of "
                      "the other stays")},
    {JAC_VEC_EXPM,
     N_("an exponential moves by an integral, over s from 0 to 1, of the product of "
        "Kronecker of the exponentials of (1 - s) times its argument transposed and s "
        "times it: that is the upper right block of one larger exponential")},
    {JAC_VEC_ENTRYWISE, N_("entry by entry: the slopes on a diagonal")},
    {JAC_VEC_INVERSE,
     N_("an inverse: from X X^-1 = I, its differential is -X^-1 dX X^-1")},
    {JAC_VEC_TRANSPOSE, N_("K changes the places of the entries as the transpose does")},
    {JAC_VEC_NUMBER, N_("a number of all entries: a row before their column")},
};

static char *reason(unsigned rules) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  for (size_t n = 0; n < sizeof said / sizeof *said; n++)
    if (rules & said[n].rule)
      jac_work_say(&b, _(said[n].words));
  jac_work_say(&b, _("a row for every output, a column for every entry of the variable, "
                     "matrices numbered column by column"));
  return jac_buffer_take(&b);
}

bool jac_work_by_vec(struct work *k) {
  unsigned rules;
  term_t closed = k->again ? NULL : jac_by_vec(k->m, k->d->term, k->x, &rules);
  if (!closed)
    return false;
  jac_writing_see(&k->w, k->d->term);
  jac_work_definitions(k);
  term_t body = k->d->output->body;
  if (k->status == JAC_OK && is_kron(body))
    taken_apart(k, body);
  char *why = reason(rules);
  jac_work_step(k, derivative_left(k), closed,
                jac_make_derivative(k->m, k->d->term, k->x, JAC_LAYOUT_JACOBIAN), false,
                why ? why : "");
  free(why);
  jac_work_closed(k);
  return true;
}
