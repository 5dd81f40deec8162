/* The quantities on the way of a derivation: how each moves with the variable. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/partial.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

/* The index of the derivation that stands where one of a quantity on the way stands. */
static const struct jac_index *instead(struct work *k, const struct jac_index *own,
                                       const struct jac_index *first,
                                       const struct jac_index *second) {
  if (own && first && jac_dim_same(own->range, first->range))
    return first;
  if (own && second && jac_dim_same(own->range, second->range))
    return second;
  jac_work_free(k, own);
  return own;
}

term_t jac_work_with_indices(struct work *k, const struct jac_index_form *form,
                             const struct jac_expansion *in,
                             const struct jac_index *const to[4]) {
  const struct jac_index *from[4] = {form->row, form->column, form->variable_row,
                                     form->variable_column};
  struct jac_expansion put[2] = {*in};
  for (size_t n = 0; n < 4; n++) {
    if (!from[n] || from[n] == to[n])
      continue;
    if (!jac_expansion_put(k->m, &put[0], from[n], jac_make_index(k->m, to[n]), &put[1]))
      return NULL;
    put[0] = put[1];
  }
  return jac_expansion_term(k->m, &put[0]);
}

static bool no_slope(term_t t, void *context) {
  (void)context;
  return t->kind != JAC_TERM_DERIVATIVE;
}

/* How a quantity on the way moves, which a derivative in indices says; NULL: it is none.
 */
static term_t found_above(struct work *k, term_t slope,
                          const struct jac_index *const to[4]) {
  struct jac_make *m = k->m;
  term_t d = slope->kind == JAC_TERM_ENTRY ? slope->child[0] : slope;
  term_t of = d->kind == JAC_TERM_DERIVATIVE ? d->child[0] : NULL;
  term_t quantity = of && of->kind == JAC_TERM_ENTRY ? of->child[0] : of;
  struct jac_index_form whole;
  struct jac_expansion put[2];
  if (!quantity || quantity->kind != JAC_TERM_SYMBOL ||
      !jac_index_form(&whole, m, quantity, k->x) || whole.of != quantity)
    return NULL;
  const struct jac_index *from[4] = {whole.row, whole.column, whole.variable_row,
                                     whole.variable_column};
  term_t at[4] = {of->count > 1 ? of->child[1] : NULL,
                  of->count > 2 ? of->child[2] : NULL, jac_make_index(m, to[2]),
                  jac_make_index(m, to[3])};
  put[0] = whole.simple;
  for (size_t n = 0; n < 4; n++) {
    if (!from[n])
      continue;
    if (!at[n] || !jac_expansion_put(m, &put[0], from[n], at[n], &put[1]))
      return NULL;
    put[0] = put[1];
  }
  return jac_expansion_term(m, &put[0]);
}

term_t jac_work_steps_put_in(struct work *k, const struct jac_index_form *steps,
                             const struct jac_index *const to[4]) {
  struct jac_expansion all = {.count = 0}, simple;
  const struct jac_index *own[4] = {to[0], to[1], steps->variable_row,
                                    steps->variable_column};
  for (size_t n = 0; n < steps->raw.count; n++) {
    const struct jac_monomial *in = &steps->raw.monomial[n];
    struct jac_monomial out = *in;
    out.factors = 0;
    for (size_t j = 0; j < in->factors; j++) {
      term_t found = found_above(k, in->factor[j].base, own);
      if (!jac_monomial_times(k->m, &out, found ? found : in->factor[j].base,
                              in->factor[j].power))
        return NULL;
    }
    if (!jac_expansion_add(k->m, &all, &out))
      return NULL;
  }
  return jac_expansion_simplify(k->m, &all, &simple)
             ? jac_work_with_indices(k, steps, &simple, to)
             : NULL;
}

bool jac_work_calls_steps(term_t t) {
  return t && !jac_term_walk(t, no_slope, NULL);
}

/* Long: a step for each thing that is put in. How a quantity on the way moves with the
 * variable: by the derivatives of those before it, then those put in. */
static void on_the_way(struct work *k, const struct jac_symbol *s) {
  struct jac_make *m = k->m;
  const struct jac_index_form *f = &k->form;
  struct jac_index_form whole, steps;
  size_t nfree = k->nfree, letters = k->w.indices;
  term_t quantity = jac_make_symbol(m, s);
  if (!jac_index_form(&whole, m, quantity, k->x) || whole.of != quantity ||
      !jac_index_form_by_steps(&steps, m, quantity, k->x, k->moving, k->nmoving))
    return;
  const struct jac_index *row = instead(k, whole.row, f->row, f->column),
                         *col = instead(k, whole.column, f->column,
                                        row == f->row ? NULL : f->row);
  const struct jac_index *to[4] = {row, col, f->variable_row, f->variable_column};
  term_t entry = jac_work_entry_of(k, s, row, col),
         x = jac_work_entry_of(k, k->x, f->variable_row, f->variable_column);
  term_t g = entry ? jac_make_derivative(m, entry, k->x, JAC_LAYOUT_GRADIENT) : NULL;
  term_t value = g ? jac_make_entry(m, g, jac_make_index(m, f->variable_row),
                                    jac_make_index(m, f->variable_column))
                   : NULL;
  term_t called = jac_work_with_indices(k, &steps, &steps.raw, to),
         simple = jac_work_with_indices(k, &whole, &whole.simple, to);
  bool before = jac_work_calls_steps(called);
  char *why =
      jac_work_rules_after(_("first how this moves with the variable"), &steps, false);
  char *put_in = jac_work_put_in(&whole, !k->centred);
  struct jac_buffer left = JAC_BUFFER_INIT;
  if (x && value && simple && why && put_in) {
    bool same = k->way && strcmp(k->way, why) == 0;
    jac_partial_write(&k->w, entry, &x, 1, &left);
    jac_work_step(k, jac_buffer_take(&left), before ? called : simple, value, true,
                  same ? _("in the same way") : why);
    if (before)
      jac_work_step(k, strdup(""), simple, value, true, put_in);
    k->moving[k->nmoving++] = s;
    k->centred = k->centred || (before && whole.simple.centred);
    free(k->way);
    k->way = why;
    why = NULL;
  }
  free(put_in);
  free(why);
  k->nfree = nfree;
  k->w.indices = letters;
}

void jac_work_on_the_way(struct work *k) {
  enum { FEW = 5 };
  const struct jac_symbol *moving[FEW + 1];
  size_t count = 0;
  for (size_t n = 0; n < k->d->elaboration.nsymbol && count <= FEW; n++) {
    const struct jac_symbol *s = k->d->elaboration.symbol[n];
    if (jac_work_is_step(k, s) && jac_term_depends(s->body, k->x))
      moving[count++] = s;
  }
  for (size_t n = 0; n < count && count <= FEW; n++)
    on_the_way(k, moving[n]);
  free(k->way);
  k->way = NULL;
}
