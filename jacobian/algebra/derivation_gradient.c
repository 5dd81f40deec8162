/* The last step of a derivation: the gradient of any loss. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/partial.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

static bool is_called(const struct jac_term *t, void *context) {
  return t->kind != JAC_TERM_SYMBOL || strcmp(t->symbol->key, context) != 0;
}

/* The first of these names that the definition does not have. */
static const char *free_of(const struct work *k, const char *const *name) {
  while (name[1] && (strcmp(k->d->output->key, *name) == 0 ||
                     !jac_term_walk_through(k->d->term, is_called, (void *)*name)))
    name++;
  return *name;
}

const char *jac_work_loss(const struct work *k) {
  static const char *const names[] = {"L", "E", "J", "C", NULL};
  return free_of(k, names);
}

const char *jac_work_upstream(const struct work *k) {
  static const char *const names[] = {"g", "G", "u", "v", NULL};
  return free_of(k, names);
}

const char *jac_work_with_g(struct work *k) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  bool latex = k->w.notation == JAC_NOTATION_LATEX;
  const char *sign = jac_work_said(k, "d", "∂", "\\partial ");
  jac_buffer_printf(&b, "%s%s = %s%s%s%s", latex ? "$" : "", jac_work_upstream(k), sign,
                    jac_work_loss(k), latex ? " / " : "/", sign);
  jac_symbol_write(&k->w, k->d->output, &b);
  jac_buffer_add(&b, latex ? "$" : "");
  const char *text = b.failed ? "" : jac_pool_text(k->m->pool, b.text);
  jac_buffer_free(&b);
  return text ? text : "";
}

/* It has no form in matrices: an entry of it. */
static void gradient_by_entries(struct work *k, const struct jac_index_form *f,
                                term_t value) {
  struct jac_make *m = k->m;
  struct jac_symbol *loss = jac_pool_take(m->pool, sizeof *loss);
  const struct jac_index *to[4] = {NULL, NULL, k->form.variable_row,
                                   k->form.variable_column};
  term_t simple = jac_work_with_indices(k, f, &f->simple, to),
         x = jac_work_entry_of(k, k->x, to[2], to[3]);
  if (!loss || !simple || !x)
    return;
  *loss = (struct jac_symbol){
      .key = jac_work_loss(k), .type = {m->dims->one, m->dims->one}, .id = ++m->ids};
  struct jac_buffer left = JAC_BUFFER_INIT;
  char reason[300];
  snprintf(
      reason, sizeof reason,
      _("the gradient of any loss %s: the chain rule sums over the outputs, with %s"),
      jac_work_loss(k), jac_work_with_g(k));
  k->nfree = 0;
  for (size_t n = 2; n < 4; n++)
    if (to[n])
      k->free[k->nfree++] = to[n];
  jac_partial_write(&k->w, jac_make_symbol(m, loss), &x, 1, &left);
  jac_work_step(
      k, jac_buffer_take(&left), simple,
      jac_make_entry(m, value, jac_make_index(m, to[2]), jac_make_index(m, to[3])), true,
      reason);
}

/* The gradient of any loss: g (a delta is another thing here) stands for its derivative
 * by the output. */
void jac_work_gradient(struct work *k) {
  struct jac_symbol *delta = jac_pool_take(k->m->pool, sizeof *delta);
  if (!delta || k->status != JAC_OK)
    return;
  *delta = (struct jac_symbol){
      .key = jac_work_upstream(k), .type = k->d->term->type, .id = ++k->m->ids};
  term_t L =
      jac_make_measure(k->m, JAC_C_TOTAL,
                       jac_make_hadamard(k->m, jac_make_symbol(k->m, delta), k->d->term));
  struct jac_index_form form;
  enum jac_layout layout;
  if (!L || !jac_index_form(&form, k->m, L, k->x))
    return;
  term_t closed = jac_closed_form(&form, L, &layout);
  term_t value = jac_make_derivative(k->m, L, k->x, JAC_LAYOUT_GRADIENT);
  if (!closed && value)
    gradient_by_entries(k, &form, value);
  if (!closed || !value || !jac_terms_agree(k->m, value, closed, NULL, 0, NULL, NULL))
    return;
  /* Where the Jacobian had no matrix to read the gradient off, an entry comes first. */
  size_t before = k->out->count;
  if (!k->out->closed && k->entries_first)
    gradient_by_entries(k, &form, value);
  if (k->out->count > before) {
    jac_work_step(k, jac_work_whole_left(k, jac_work_loss(k)), closed, value, false,
                  _("read as matrices, in the shape of the variable: the gradient"));
    return;
  }
  char reason[300];
  snprintf(
      reason, sizeof reason,
      _("the gradient of any loss %s: the chain rule sums over the outputs, with %s"),
      jac_work_loss(k), jac_work_with_g(k));
  jac_work_step(k, jac_work_whole_left(k, jac_work_loss(k)), closed, value, false,
                reason);
}
