/* Derivations by differentials: dL = tr(G' dX), with whole matrices. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/differential.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rules of differentials that were used. */
static char *differential_rules(const struct jac_differential *d) {
  static const struct {
    unsigned rule;
    const char *words;
  } row[] = {
      {JAC_RULE_PRODUCT, N_("both factors move: d(A B) = dA B + A dB")},
      {JAC_RULE_SUM, N_("what is linear lets d through: sums, products with constants, "
                        "transposes, traces")},
      {JAC_RULE_CHAIN, N_("entry by entry, df(u) = f'(u) du")},
      {JAC_RULE_POWER, N_("a power: its exponent comes down")},
      {JAC_RULE_QUOTIENT,
       N_("both parts of the quotient move: d(a/b) = da/b - a db/b^2")},
      {JAC_RULE_NORM,
       N_("of a squared norm: the scalar product with its argument, twice; "
          "of a norm: divided by it")},
      {JAC_RULE_INVERSE, N_("an inverse: from X X^-1 = I, its differential is -X^-1 dX "
                            "X^-1")},
      {JAC_RULE_DET, N_("a determinant, where it is not zero: Jacobi's formula")},
      {JAC_RULE_SOFTMAX,
       N_("the Jacobian of softmax: its values on a diagonal, less their outer product")},
      {JAC_RULE_LOGSUMEXP,
       N_("the logarithm of a sum of exponentials moves by the mean of its arguments' "
          "differentials, with the weights of softmax")},
      {JAC_RULE_MAX,
       N_("a maximum moves as the one that attains it: 1 there, 0 elsewhere")},
      {JAC_RULE_ENTRIES, N_("a matrix by its entries: each moves by itself")},
  };
  struct jac_buffer b = JAC_BUFFER_INIT;
  for (size_t k = 0; k < sizeof row / sizeof *row; k++)
    if (d->rules & row[k].rule)
      jac_work_say(&b, _(row[k].words));
  if (!b.length)
    jac_work_say(&b, _("the variable stands there alone, or as a factor"));
  return jac_buffer_take(&b);
}

/* An entry of the differential of a term, by differentiation and without its rules. */
static term_t moved(struct work *k, term_t y, term_t dx) {
  term_t g = jac_make_derivative(k->m, y, k->x, JAC_LAYOUT_GRADIENT);
  return g ? jac_make_measure(k->m, JAC_C_TOTAL, jac_make_hadamard(k->m, g, dx)) : NULL;
}

static char *d_left(struct work *k, const char *name) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  struct jac_symbol s = {.key = name};
  jac_symbol_write(&k->w, &s, &b);
  return jac_buffer_take(&b);
}

/* dy_i */
static char *d_entry_left(struct work *k, const char *name, struct jac_type type,
                          term_t place[2]) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  struct jac_symbol s = {.key = name, .type = type};
  jac_term_write(&k->w,
                 jac_make_entry(k->m, jac_make_symbol(k->m, &s), place[0], place[1]), &b);
  return jac_buffer_take(&b);
}

/* The step "dy = ...", judged entry by entry; its term, or NULL. */
static term_t differential_step(struct work *k, struct jac_differential *d,
                                const struct jac_symbol *s, term_t dx) {
  struct jac_make *m = k->m;
  d->rules = 0;
  term_t t = jac_differential_of(d, s->body);
  if (!t || d->refusal) {
    if (k->status == JAC_OK)
      k->status = d->refusal ? jac_fail(k->err, JAC_EREFUSED,
                                        _("no rule in differentials for %.60s: --style "
                                          "index has one"),
                                        d->refusal)
                             : jac_fail_memory(k->err);
    return NULL;
  }
  term_t place[2] = {NULL, NULL};
  struct jac_dim *range[2] = {s->type.rows, s->type.cols};
  const struct jac_index *named[2] = {k->form.row, k->form.column};
  k->nfree = 0;
  for (size_t n = 0; n < 2; n++)
    if (!jac_dim_is_one(range[n])) {
      k->free[k->nfree] = k->by_entries ? named[n] : jac_make_new_index(m, "", range[n]);
      place[n] = jac_make_index(m, k->free[k->nfree++]);
    }
  char *why = differential_rules(d);
  struct jac_buffer left = JAC_BUFFER_INIT;
  jac_buffer_printf(&left, "d %s", s->key);
  char *name = jac_buffer_take(&left);
  term_t entry = jac_make_entry(m, t, place[0], place[1]);
  jac_work_step_as(
      k,
      k->by_entries ? d_entry_left(k, name ? name : "", s->type, place)
                    : d_left(k, name ? name : ""),
      k->by_entries ? entry : t, entry,
      moved(k, jac_make_entry(m, jac_make_symbol(m, s), place[0], place[1]), dx), true,
      why ? why : "");
  free(name);
  free(why);
  return k->status == JAC_OK ? t : NULL;
}

/* A number's differential by those of the quantities on the way, from the last back to
 * the first: of each that all of it passes through. */
static void backwards(struct work *k, const struct jac_differential *d, term_t number,
                      term_t value) {
  struct jac_make *m = k->m;
  for (size_t n = d->count; n-- > 1 && k->status == JAC_OK;) {
    struct jac_index_form form;
    enum jac_layout layout;
    if (d->symbol[n] == k->d->output || !jac_index_form(&form, m, number, d->symbol[n]))
      continue;
    term_t closed = jac_closed_form(&form, number, &layout);
    term_t t =
        closed ? jac_differential_pair(m, closed, jac_make_symbol(m, d->differential[n]))
               : NULL;
    if (t && jac_terms_agree(m, value, t, NULL, 0, NULL, NULL))
      jac_work_step(k, strdup(""), t, value, false,
                    _("one quantity further back, its differential at the end"));
    /* The first of them has the variable's differential alone in its own. */
    term_t own = t && n == 1 ? d->differential[n]->body : NULL,
           put = own ? jac_differential_pair(m, closed, own) : NULL;
    if (put && jac_terms_agree(m, value, put, NULL, 0, NULL, NULL))
      jac_work_step(k, strdup(""), put, value, false,
                    _("what was found above is put in"));
  }
}

/* The gradient of any loss, by its differential: dL = tr(delta' dY). */
static void loss_by_differentials(struct work *k, const struct jac_differential *d,
                                  term_t dy, term_t dx) {
  struct jac_make *m = k->m;
  struct jac_symbol *delta = jac_pool_take(m->pool, sizeof *delta);
  if (!delta || k->status != JAC_OK)
    return;
  *delta = (struct jac_symbol){
      .key = jac_work_upstream(k), .type = k->d->term->type, .id = ++m->ids};
  term_t with = jac_make_symbol(m, delta);
  term_t L = jac_make_measure(m, JAC_C_TOTAL, jac_make_hadamard(m, with, k->d->term));
  struct jac_index_form form;
  enum jac_layout layout;
  term_t closed =
      L && jac_index_form(&form, m, L, k->x) ? jac_closed_form(&form, L, &layout) : NULL;
  term_t value = L ? moved(k, L, dx) : NULL;
  if (!closed || !value)
    return;
  char reason[200], left[8];
  snprintf(reason, sizeof reason, _("the differential of any loss %s, with %s"),
           jac_work_loss(k), jac_work_with_g(k));
  snprintf(left, sizeof left, "d %s", jac_work_loss(k));
  term_t first = jac_differential_pair(m, with, dy),
         last = jac_differential_pair(m, closed, dx);
  jac_work_step(k, d_left(k, left), first, value, false, reason);
  backwards(k, d, L, value);
  if (first && last && !jac_term_equal(first, last))
    jac_work_step(k, strdup(""), last, value, false,
                  _("the same number with the variable's differential at the end"));
  jac_work_step(
      k, jac_work_whole_left(k, jac_work_loss(k)), closed,
      jac_make_derivative(m, L, k->x, JAC_LAYOUT_GRADIENT), false,
      _("what the variable's differential is multiplied by is the gradient, in the "
        "variable's shape"));
}

static const char *vec_reason(struct work *k, term_t closed, char *text, size_t room) {
  if (closed->kind != JAC_TERM_OP || closed->construct != JAC_C_OTIMES)
    return _("read as matrices: a row for every output, a column for every entry of "
             "the variable, matrices numbered column by column");
  snprintf(text, room, _("matrices are numbered column by column: %s"),
           jac_work_said(
               k, "vec(A dX B) = kron(B', A) vec(dX)", "vec(A dX B) = (Bᵀ ⊗ A) vec(dX)",
               "$\\operatorname{vec}(A\\,\\mathrm{d}X\\,B) = (B^\\top \\otimes A)"
               "\\operatorname{vec}(\\mathrm{d}X)$"));
  return text;
}

/* What has dX at its end: J dx, dz J', tr(G' dX). NULL: it has none. */
static term_t at_the_end(struct work *k, term_t closed, term_t dx,
                         enum jac_layout layout) {
  struct jac_type y = k->d->term->type, x = k->x->type;
  if (jac_type_is_number(y))
    return jac_differential_pair(k->m, closed, dx);
  if (layout == JAC_LAYOUT_OUTPUT || (jac_dim_is_one(y.cols) && jac_dim_is_one(x.cols)))
    return jac_make_times(k->m, closed, dx);
  if (jac_dim_is_one(y.rows) && jac_dim_is_one(x.rows))
    return jac_differential_pair(k->m, closed, dx);
  return NULL;
}

/* From dy to the closed form, and to the gradient of any loss. */
static void read_off(struct work *k, const struct jac_differential *d, term_t dy,
                     term_t dx) {
  struct jac_make *m = k->m;
  enum jac_layout layout;
  term_t closed = jac_closed_form(&k->form, k->d->term, &layout);
  bool number = jac_type_is_number(k->d->term->type);
  if (!closed && k->by_entries) {
    jac_work_entries_of(k, _("what the entry of the variable's differential is "
                             "multiplied by"));
    jac_work_gradient(k);
    return;
  }
  if (!closed) {
    if (!number)
      loss_by_differentials(k, d, dy, dx);
    return;
  }
  if (number)
    backwards(k, d, k->d->term, dy);
  char reason[200];
  term_t last = at_the_end(k, closed, dx, layout);
  if (last && !jac_term_equal(last, dy)) {
    struct jac_buffer why = JAC_BUFFER_INIT;
    jac_work_say(&why, _("the same with the variable's differential at the end"));
    if (k->form.simple.shared)
      jac_work_say(&why, _("the shares add up to 1"));
    char *words = jac_buffer_take(&why);
    jac_work_step(k, strdup(""), last, dy, false, words ? words : "");
    free(words);
  }
  jac_work_step(
      k, jac_work_whole_left(k, NULL), closed,
      jac_make_derivative(m, k->d->term, k->x, layout), false,
      number
          ? _("what the variable's differential is multiplied by is the gradient, in the "
              "variable's shape")
      : !last ? vec_reason(k, closed, reason, sizeof reason)
              : _("what the variable's differential is multiplied by is the Jacobian"));
  if (k->status == JAC_OK)
    k->out->closed = strdup(k->out->step[k->out->count - 1].right);
  if (!number)
    loss_by_differentials(k, d, dy, dx);
}

/* The differentials of the quantities on the way; those of s in its own are called ds. */
static void on_the_way(struct work *k, struct jac_differential *d, term_t dx) {
  for (size_t n = 0; n < k->d->elaboration.nsymbol && k->status == JAC_OK; n++) {
    const struct jac_symbol *s = k->d->elaboration.symbol[n];
    if (!jac_work_is_step(k, s) || !jac_term_depends(s->body, k->x))
      continue;
    struct jac_differential own = *d;
    term_t t =
        jac_differential_add(&own, s, NULL) ? differential_step(k, &own, s, dx) : NULL;
    if (k->status == JAC_OK && (!t || !jac_differential_add(d, s, t)))
      k->status = jac_fail_memory(k->err);
  }
}

void jac_work_differentials(struct work *k) {
  struct jac_make *m = k->m;
  struct jac_differential *d = jac_pool_take(m->pool, sizeof *d);
  const struct jac_symbol *s = NULL;
  if (d) {
    d->make = m;
    s = jac_differential_add(d, k->x, NULL);
  }
  if (!s) {
    k->status = jac_fail_memory(k->err);
    return;
  }
  term_t dx = jac_make_symbol(m, s);
  jac_writing_see(&k->w, k->d->term);
  k->by_entries = k->d->output->body->kind == JAC_TERM_BUILD && k->form.of == k->d->term;
  const struct jac_index *side[4] = {k->form.row, k->form.column, k->form.variable_row,
                                     k->form.variable_column};
  for (size_t n = 0; n < 4 && k->by_entries; n++)
    jac_work_free(k, side[n]); /* the first letters are theirs */
  k->nfree = 0;
  jac_work_definitions(k);
  on_the_way(k, d, dx);
  if (k->status == JAC_OK && !jac_term_depends(k->d->output->body, k->x))
    k->status = jac_fail(k->err, JAC_EREFUSED, _("it does not depend on the variable"));
  term_t dy = NULL;
  if (k->status == JAC_OK && jac_differential_add(d, k->d->output, NULL))
    dy = differential_step(k, d, k->d->output, dx);
  if (dy && k->by_entries && jac_differential_add(d, k->d->output, dy))
    dy = jac_make_symbol(m, d->differential[d->count - 1]);
  if (dy)
    read_off(k, d, dy, dx);
}
