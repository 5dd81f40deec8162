/* Second derivatives: the entries of the first, differentiated once more. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/partial.h"
#include "jacobian/algebra/second.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

static term_t entry_at(struct work *k, term_t t, const struct jac_index *row,
                       const struct jac_index *column) {
  return jac_make_entry(k->m, t, jac_make_index(k->m, row), jac_make_index(k->m, column));
}

/* d^2 f/dx dy, or d^2 f/dx_i dy_j. */
static char *left_of(struct work *k, const struct jac_second_form *f, bool entries) {
  const struct jac_index_form *form[2] = {&f->first, &f->second};
  struct jac_buffer b = JAC_BUFFER_INIT;
  term_t above = jac_make_symbol(k->m, k->d->output), below[2];
  if (entries)
    above = entry_at(k, above, f->first.row, f->first.column);
  for (size_t n = 0; n < 2; n++) {
    below[n] = jac_make_symbol(k->m, form[n]->variable);
    if (entries)
      below[n] = entry_at(k, below[n], form[n]->variable_row, form[n]->variable_column);
  }
  if (!entries && f->first.variable == f->second.variable)
    below[1] = below[0];
  if (above && below[0] && below[1])
    jac_partial_write(&k->w, above, below, 2, &b);
  return jac_buffer_take(&b);
}

/* The entry of an entry's derivative, evaluated by differentiation. */
static term_t entry_of(struct work *k, term_t what, const struct jac_index_form *by) {
  term_t g =
      what ? jac_make_derivative(k->m, what, by->variable, JAC_LAYOUT_GRADIENT) : NULL;
  return g ? entry_at(k, g, by->variable_row, by->variable_column) : NULL;
}

static const char *reason_of(const struct jac_second_form *f) {
  struct jac_type x = f->first.variable->type, y = f->second.variable->type;
  bool matrices = (f->first.variable_row && f->first.variable_column) ||
                  (f->second.variable_row && f->second.variable_column);
  if (jac_type_is_number(x) && jac_type_is_number(y))
    return _("a number");
  if (jac_type_is_number(x) || jac_type_is_number(y))
    return _("read as matrices, in the shape of the variable that is no number");
  return matrices ? _("read as matrices: a row for every entry of the first variable, a "
                      "column for every entry of the second, matrices numbered column by "
                      "column")
                  : _("read as matrices: a row for every entry of the first variable, a "
                      "column for every entry of the second");
}

void jac_work_second(struct work *k) {
  struct jac_second_form f;
  if (k->status != JAC_OK)
    return;
  if (!jac_second_form_of(&f, &k->form, k->d->term, k->again)) {
    k->status = jac_fail(k->err, JAC_EREFUSED,
                         _("there is no derivation yet: no rule in indices for %.60s"),
                         f.second.refusal);
    return;
  }
  term_t y = entry_at(k, k->d->term, f.first.row, f.first.column);
  term_t value = entry_of(k, entry_of(k, y, &f.first), &f.second);
  jac_work_free(k, f.second.variable_row);
  jac_work_free(k, f.second.variable_column);
  term_t raw = jac_expansion_term(k->m, &f.second.raw),
         simple = jac_expansion_term(k->m, &f.second.simple);
  char *why = jac_work_rules(&f.second);
  struct jac_buffer reason = JAC_BUFFER_INIT;
  jac_buffer_printf(&reason, _("differentiated once more: %s"), why ? why : "");
  jac_work_step(k, left_of(k, &f, true), raw, value, true, reason.text);
  jac_buffer_free(&reason);
  free(why);
  if (raw && simple && !jac_term_equal(raw, simple)) {
    why = jac_work_collapsed(&f.second);
    jac_work_step(k, strdup(""), simple, raw, true, why ? why : "");
    free(why);
  }
  k->out->entry_step = k->out->count;
  if (!f.closed || k->status != JAC_OK)
    return;
  jac_work_step(k, left_of(k, &f, false), f.closed, jac_second_value(&f, k->d->term),
                false, reason_of(&f));
  jac_work_closed(k);
}
