#include "jacobian/algebra/derivation.h"

#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/expand.h"
#include "jacobian/algebra/partial.h"
#include "jacobian/elaborate/extent.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 24 };

const char *jac_work_said(const struct work *k, const char *ascii, const char *unicode,
                          const char *latex) {
  return k->w.notation == JAC_NOTATION_LATEX     ? latex
         : k->w.notation == JAC_NOTATION_UNICODE ? unicode
                                                 : ascii;
}

static char *text_of(struct work *k, term_t t) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  jac_term_write(&k->w, t, &b);
  return jac_buffer_take(&b);
}

/* An index that runs beyond its range: says which. */
static bool runs_beyond(struct work *k) {
  struct jac_extent reach[JAC_EXTENTS];
  size_t count = jac_extent_find(k->d->term, reach), n = 0;
  while (n < count && !jac_extent_before(&reach[n]) && !jac_extent_beyond(&reach[n]))
    n++;
  if (n == count && k->d->elaboration.nindex) { /* y = x[i+1] */
    const char *index = k->d->elaboration.index[0]->name;
    k->status = jac_fail(k->err, JAC_EINPUT,
                         _("the index %s stands on one side alone: %s[%s] = ... defines "
                           "entries, sum(%s, ...) adds"),
                         index, k->d->output->key, index, index);
    return true;
  }
  if (n == count)
    return false;
  struct jac_writing plain = {.notation = JAC_NOTATION_ASCII};
  struct jac_buffer b = JAC_BUFFER_INIT;
  jac_term_write(&plain, reach[n].entry, &b);
  k->status = jac_fail(
      k->err, JAC_EINPUT,
      jac_extent_before(&reach[n])
          ? _("%s does not exist where its index begins: shift it, x[i+1] for x[i-1], or "
              "say a sum's ends, sum(i = 2:n, ...)")
          : _("%s does not exist where its index ends: say a sum's ends, sum(i = 1:n-1, "
              "...), or sizes, --size y=m,x=m+1"),
      b.failed ? "" : b.text);
  jac_buffer_free(&b);
  return true;
}

static void not_equal(struct work *k, term_t right, size_t points) {
  if (!points && runs_beyond(k))
    return;
  char *shown = text_of(k, right);
  k->status = jac_fail(
      k->err, JAC_EREFUSED,
      points ? _("the step %s is not found equal to the one before: please report it")
             : _("the step %s has no value where it is compared: an index that runs "
                 "beyond its range, x[i+1] at the last i?"),
      shown ? shown : "");
  free(shown);
}

/* Whether it continues the line before, and reads the same. */
static bool repeats(const struct work *k, const struct jac_derivation_step *s) {
  return s->points && !*s->left && s->right && k->out->count &&
         strcmp(s->right, k->out->step[k->out->count - 1].right) == 0;
}

static void forget(struct jac_derivation_step *s) {
  free(s->left);
  free(s->right);
  free(s->reason);
}

/* One more step: judged against the value that it must have (NULL: a definition); judged:
 * what of it is compared, entries with k->free. */
void jac_work_step_as(struct work *k, char *left, term_t right, term_t judged,
                      term_t value, bool entries, const char *reason) {
  struct jac_derivation_step s = {.left = left};
  if (k->status != JAC_OK || !right || !judged) {
    free(left);
    if (k->status == JAC_OK)
      k->status = jac_fail_memory(k->err);
    return;
  }
  if (value && !jac_terms_agree(k->m, value, judged, entries ? k->free : NULL,
                                entries ? k->nfree : 0, &s.error, &s.points)) {
    not_equal(k, right, s.points);
    free(left);
    return;
  }
  s.right = text_of(k, right);
  s.reason = strdup(reason);
  if (!s.left || !s.right || !s.reason)
    k->status = jac_fail_memory(k->err);
  else if (!repeats(k, &s) && k->out->count == STEPS)
    k->status = jac_fail(k->err, JAC_ELIMIT, _("it takes more than %d steps"), STEPS);
  else if (!repeats(k, &s)) {
    k->out->step[k->out->count++] = s;
    return;
  }
  forget(&s);
}

void jac_work_step(struct work *k, char *left, term_t right, term_t value, bool entries,
                   const char *reason) {
  jac_work_step_as(k, left, right, right, value, entries, reason);
}

term_t jac_work_entry_of(struct work *k, const struct jac_symbol *s,
                         const struct jac_index *row, const struct jac_index *col) {
  return jac_make_entry(k->m, jac_make_symbol(k->m, s), jac_make_index(k->m, row),
                        jac_make_index(k->m, col));
}

static char *entry_left(struct work *k, bool derivative) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  const struct jac_index_form *f = &k->form;
  bool flat = f->of != k->d->term; /* entries of M, where y is vec(M) */
  term_t y = flat ? jac_make_entry(k->m, f->of, jac_make_index(k->m, f->row),
                                   jac_make_index(k->m, f->column))
                  : jac_work_entry_of(k, k->d->output, f->row, f->column),
         x = jac_work_entry_of(k, k->x, f->variable_row, f->variable_column);
  if (y && x && derivative)
    jac_partial_write(&k->w, y, &x, 1, &b);
  else if (y)
    jac_term_write(&k->w, y, &b);
  return jac_buffer_take(&b);
}

char *jac_work_whole_left(struct work *k, const char *above) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  bool latex = k->w.notation == JAC_NOTATION_LATEX;
  const char *sign = jac_work_said(k, "d", "∂", "\\partial ");
  jac_buffer_printf(&b, "%s%s", latex ? "\\frac{" : "", sign);
  if (above)
    jac_buffer_add(&b, above);
  else
    jac_symbol_write(&k->w, k->d->output, &b);
  jac_buffer_printf(&b, "%s%s", latex ? "}{" : "/", sign);
  jac_symbol_write(&k->w, k->x, &b);
  jac_buffer_add(&b, latex ? "}" : "");
  return jac_buffer_take(&b);
}

/* What a definition defines: y, or y_i where its entries are given. */
static char *defined_left(struct work *k, const struct jac_symbol *s) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  const struct jac_term *body = s->body;
  bool entries = body->kind == JAC_TERM_BUILD;
  term_t left = entries ? jac_work_entry_of(k, s, body->index, body->index2) : NULL;
  if (left && left->kind == JAC_TERM_ENTRY)
    jac_term_write(&k->w, left, &b);
  else
    jac_symbol_write(&k->w, s, &b);
  return jac_buffer_take(&b);
}

/* The derivative's entry, as a term that is evaluated by differentiation. */
static term_t entry_value(struct work *k) {
  const struct jac_index_form *f = &k->form;
  term_t y = jac_make_entry(k->m, f->of, jac_make_index(k->m, f->row),
                            jac_make_index(k->m, f->column));
  term_t g = y ? jac_make_derivative(k->m, y, k->x, JAC_LAYOUT_GRADIENT) : NULL;
  return g ? jac_make_entry(k->m, g, jac_make_index(k->m, f->variable_row),
                            jac_make_index(k->m, f->variable_column))
           : NULL;
}

static bool no_sum(term_t t, void *context) {
  (void)context;
  return t->kind != JAC_TERM_BIG || t->construct != JAC_C_SUM;
}

/* Whether a symbol is a name for what comes back: a quantity on the way. */
bool jac_work_is_step(const struct work *k, const struct jac_symbol *s) {
  return s->body && s != k->d->output && !s->families;
}

/* The output's entry at the derivation's own indices. */
static term_t defined_entry(struct work *k) {
  return jac_expand(k->m, k->d->output->body, jac_make_index(k->m, k->form.row),
                    jac_make_index(k->m, k->form.column));
}

void jac_work_definitions(struct work *k) {
  for (size_t n = 0; n < k->d->elaboration.nsymbol; n++) {
    const struct jac_symbol *s = k->d->elaboration.symbol[n];
    if (!jac_work_is_step(k, s))
      continue;
    jac_work_step(k, defined_left(k, s), s->body, NULL, false,
                  _("a name for what comes back below"));
  }
  struct jac_buffer why = JAC_BUFFER_INIT;
  jac_buffer_add(&why, _("the definition"));
  jac_work_given(k, &why);
  char *reason = jac_buffer_take(&why);
  term_t entry = k->by_entries ? defined_entry(k) : NULL;
  if (entry)
    jac_work_step(k, entry_left(k, false), entry, NULL, false, reason ? reason : "");
  else
    jac_work_step(k, defined_left(k, k->d->output), k->d->output->body, NULL, false,
                  reason ? reason : "");
  free(reason);
}

void jac_work_free(struct work *k, const struct jac_index *index) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  if (!index)
    return;
  k->free[k->nfree++] = index;
  jac_index_write(&k->w, index, &b);
  jac_buffer_free(&b);
}

void jac_work_closed(struct work *k) {
  if (k->status != JAC_OK)
    return;
  k->out->closed_step = k->out->count;
  k->out->closed = strdup(k->out->step[k->out->count - 1].right);
  if (!k->out->closed)
    k->status = jac_fail_memory(k->err);
}

void jac_work_entries_of(struct work *k, const char *reason) {
  const struct jac_index *side[4] = {k->form.row, k->form.column, k->form.variable_row,
                                     k->form.variable_column};
  k->nfree = 0;
  for (size_t n = 0; n < 4; n++)
    if (side[n])
      k->free[k->nfree++] = side[n];
  jac_work_step(k, entry_left(k, true), jac_expansion_term(k->m, &k->form.simple),
                entry_value(k), true, reason);
}

/* The simple form before shares are added up, in the derivation's own letters; NULL: none
 * were. */
static term_t before_shares(struct work *k, const struct jac_index *const to[4]) {
  struct jac_symbol *share[8];
  struct jac_index_form plain;
  size_t shares = 0;
  for (size_t n = 0; n < k->d->elaboration.nsymbol && shares < 8; n++) {
    struct jac_symbol *s = k->d->elaboration.symbol[n];
    if (s->values == JAC_SIMPLEX)
      share[shares++] = s;
  }
  for (size_t n = 0; n < shares; n++)
    share[n]->values = JAC_NOT_NEGATIVE;
  bool found = k->form.simple.shared && jac_index_form(&plain, k->m, k->d->term, k->x) &&
               plain.of == k->form.of;
  term_t out = found ? jac_work_with_indices(k, &plain, &plain.simple, to) : NULL;
  for (size_t n = 0; n < shares; n++)
    share[n]->values = JAC_SIMPLEX;
  return out;
}

/* A sum in what is put in is called by the name that it has: y_ij for sum_p S_ip V_pj. */
static bool names_a_sum(const struct work *k, term_t put) {
  return put && k->form.simple.called && !jac_term_walk(put, no_sum, NULL);
}

/* first, and what it comes to: unshared, where shares add up in between; then simple. */
static void differentiated_steps(struct work *k, term_t first, term_t unshared,
                                 term_t simple, const char *why, const char *then) {
  term_t value = entry_value(k);
  jac_work_step(k, entry_left(k, true), first, value, true, why);
  if (unshared)
    jac_work_step(k, strdup(""), unshared, value, true, then);
  if (simple)
    jac_work_step(k, strdup(""), simple, value, true,
                  unshared ? _("the shares add up to 1") : then);
}

/* The same where a sum of what is put in gets its name: put, and only then multiplied. */
static void named_sum_steps(struct work *k, term_t first, term_t put, term_t simple,
                            const char *why) {
  term_t value = entry_value(k);
  jac_work_step(k, entry_left(k, true), first, value, true, why);
  jac_work_step(k, strdup(""), put, value, true, _("what was found above is put in"));
  jac_work_step(k, strdup(""), simple, value, true,
                _("multiplied out: a sum that has a name is called by it; the letter "
                  "that a sum runs over is free"));
}

/* The entry's derivative in the derivatives of the quantities on the way; or NULL. */
static term_t called_steps(struct work *k, struct jac_index_form *steps,
                           const struct jac_index *const to[4]) {
  if (!k->nmoving ||
      !jac_index_form_by_steps(steps, k->m, k->d->term, k->x, k->moving, k->nmoving) ||
      steps->of != k->form.of)
    return NULL;
  return jac_work_with_indices(k, steps, &steps->raw, to);
}

/* Long: one way or the other. The entry's derivative: by the rules, then with fewer
 * sums; or by the derivatives of
 * the quantities on the way, then those put in. */
static void differentiated(struct work *k) {
  struct jac_make *m = k->m;
  struct jac_index_form *f = &k->form, steps;
  const struct jac_index *to[4] = {f->row, f->column, f->variable_row,
                                   f->variable_column};
  term_t raw = jac_expansion_term(m, &f->raw), simple = jac_expansion_term(m, &f->simple),
         called = called_steps(k, &steps, to);
  bool by_steps = jac_work_calls_steps(called);
  char *why = by_steps ? jac_work_rules_after("", &steps, false) : jac_work_rules(f);
  bool changes = by_steps || (raw && simple && !jac_term_equal(raw, simple));
  term_t unshared = by_steps ? before_shares(k, to) : NULL;
  char *then = unshared   ? strdup(_("what was found above is put in"))
               : by_steps ? jac_work_put_in(f, !k->centred)
                          : jac_work_collapsed(f);
  term_t put = by_steps && !unshared ? jac_work_steps_put_in(k, &steps, to) : NULL;
  if (why && then && names_a_sum(k, put))
    named_sum_steps(k, called, put, simple, why);
  else if (why && then)
    differentiated_steps(k, by_steps ? called : raw, unshared, changes ? simple : NULL,
                         why, then);
  else if (k->status == JAC_OK)
    k->status = jac_fail_memory(k->err);
  free(then);
  free(why);
}

/* Long: the steps in order. */
static void work_out(struct work *k) {
  struct jac_make *m = k->m;
  struct jac_index_form *f = &k->form;
  term_t body = f->of == k->d->term ? k->d->output->body : f->of;
  bool number = jac_type_is_number(k->d->term->type);
  jac_writing_see(&k->w, k->d->term);
  const struct jac_index *side[4] = {f->row, f->column, f->variable_row,
                                     f->variable_column};
  for (size_t n = 0; n < 4; n++)
    jac_work_free(k, side[n]); /* the first letters are theirs */
  k->by_entries = body == k->d->output->body && body->kind == JAC_TERM_BUILD;
  jac_work_definitions(k);
  term_t row = jac_make_index(m, f->row), col = jac_make_index(m, f->column);
  term_t entry = jac_make_entry(m, f->of, row, col),
         expanded = k->by_entries ? NULL : jac_expand(m, body, row, col);
  if (expanded && !jac_term_equal(expanded, body))
    jac_work_step(k, entry_left(k, false), expanded, entry, true,
                  number ? _("written out over the entries")
                  : !jac_term_walk(expanded, no_sum, NULL)
                      ? _("one entry of it, written out as a sum")
                      : _("one entry of it"));
  jac_work_on_the_way(k);
  differentiated(k);
  k->out->entry_step = k->out->count;
  enum jac_layout layout;
  term_t closed = k->status == JAC_OK ? jac_closed_form(f, k->d->term, &layout) : NULL;
  if (!closed) {
    k->entries_first = true;
    if (!number && !k->again)
      jac_work_gradient(k);
    return;
  }
  term_t whole = jac_make_derivative(m, k->d->term, k->x, layout);
  char *why = jac_work_read_as(k, layout);
  jac_work_step(k, jac_work_whole_left(k, NULL), closed, whole, false, why ? why : "");
  free(why);
  if (k->again)
    return;
  jac_work_closed(k);
  if (!number)
    jac_work_gradient(k);
}

static void in_style(struct work *k, enum jac_derivation_style style) {
  /* Of a number, or by one, or defined by entries, there are no blocks: it goes entry by
   * entry. */
  bool blocks = !jac_type_is_number(k->d->term->type) &&
                !jac_type_is_number(k->x->type) &&
                k->d->output->body->kind != JAC_TERM_BUILD &&
                k->d->output->body->kind != JAC_TERM_MATRIX;
  if (k->again) {
    work_out(k);
    jac_work_second(k);
  } else if (style == JAC_DERIVATION_DIFFERENTIAL)
    jac_work_differentials(k);
  else if (style == JAC_DERIVATION_MATRIX && blocks)
    jac_work_blocks(k);
  else
    work_out(k);
}

static enum jac_status define(struct jac_defined *d, const char *definition,
                              const struct jac_derivation_size *size, size_t count,
                              struct jac_error *err) {
  struct jac_named_size named[32] = {{NULL, NULL, NULL}};
  for (size_t k = 0; k < count && k < 32; k++)
    named[k] = (struct jac_named_size){size[k].name, size[k].rows, size[k].cols};
  return jac_define(d, definition, named, count < 32 ? count : 32, err);
}

/* The variables to differentiate by, "x" or "x,y"; NULL: the first. */
static void find_variables(struct work *k, const char *variable) {
  const struct jac_defined *d = k->d;
  char name[2][80];
  const char *comma = variable ? strchr(variable, ',') : NULL;
  if (!variable) {
    k->x = d->variables ? d->variable[0] : NULL;
    if (!k->x)
      k->status = jac_fail(k->err, JAC_EINPUT, _("the definition has no variable"));
    return;
  }
  snprintf(name[0], sizeof name[0], "%.*s",
           comma ? (int)(comma - variable) : (int)strlen(variable), variable);
  snprintf(name[1], sizeof name[1], "%s", comma ? comma + 1 : "");
  for (size_t n = 0; n < (comma ? 2 : 1) && k->status == JAC_OK; n++) {
    const struct jac_symbol *s = jac_defined_needs(d, name[n], k->err);
    if (!s)
      k->status = JAC_EINPUT;
    *(n ? &k->again : &k->x) = s;
  }
}

/* What is a row of shares keeps to it; its own derivative is that of any row. */
static void find_shares(struct work *k, const struct jac_derivation_size *size,
                        size_t count) {
  for (size_t n = 0; n < count && k->status == JAC_OK; n++)
    for (size_t j = 0; j < k->d->elaboration.nsymbol && size[n].shares; j++) {
      struct jac_symbol *s = k->d->elaboration.symbol[j];
      if (strcmp(s->key, size[n].name) == 0 && s != k->x && s != k->again)
        s->values = JAC_SIMPLEX;
    }
}

enum jac_status jac_derivation_new(const char *definition, const char *variable,
                                   const struct jac_derivation_size *size, size_t count,
                                   enum jac_derivation_style style,
                                   enum jac_notation notation,
                                   struct jac_derivation *derivation,
                                   struct jac_error *err) {
  *derivation = (struct jac_derivation){.count = 0};
  struct jac_defined *d = malloc(sizeof *d);
  derivation->step = jac_memory_take(STEPS, sizeof *derivation->step);
  if (!d || !derivation->step) {
    free(d);
    return jac_fail_memory(err);
  }
  struct work k = {.d = d, .m = &d->make, .out = derivation, .err = err};
  k.w.notation = notation;
  k.status = define(d, definition, size, count, err);
  if (k.status == JAC_OK && !d->output)
    k.status = jac_fail(err, JAC_EINPUT, _("'%.60s' defines no quantity"), definition);
  if (k.status == JAC_OK)
    find_variables(&k, variable);
  find_shares(&k, size, count);
  bool form = k.status == JAC_OK && jac_index_form(&k.form, &d->make, d->term, k.x);
  if (k.status == JAC_OK && !form && jac_work_is_stack(&k))
    jac_work_stack(&k);
  else if (k.status == JAC_OK && !form && !jac_work_by_vec(&k))
    jac_work_refuse(&k, definition);
  if (k.status == JAC_OK && form)
    in_style(&k, style);
  jac_defined_free(d);
  free(d);
  return k.status;
}

void jac_derivation_free(struct jac_derivation *derivation) {
  for (size_t k = 0; k < derivation->count; k++)
    forget(&derivation->step[k]);
  free(derivation->step);
  free(derivation->closed);
  *derivation = (struct jac_derivation){.count = 0};
}

bool jac_derivation_variable(const char *definition,
                             const struct jac_derivation_size *size, size_t count,
                             size_t k, char *name, size_t room, struct jac_error *err) {
  struct jac_defined *d = malloc(sizeof *d);
  bool found = d && define(d, definition, size, count, err) == JAC_OK && k < d->variables;
  if (found)
    snprintf(name, room, "%s", d->variable[k]->key);
  if (d)
    jac_defined_free(d);
  free(d);
  return found;
}
