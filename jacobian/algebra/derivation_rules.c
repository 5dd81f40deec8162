/* The reasons of a step: which rules a form used. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/expansion_internal.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

void jac_work_say(struct jac_buffer *b, const char *words) {
  /* Translators: what stands between two reasons of a step. */
  jac_buffer_printf(b, "%s%s", b->length ? _("; ") : "", words);
}

/* In the order in which they are said. */
static const struct {
  unsigned rule;
  const char *words;
} said[] = {
    {JAC_RULE_PRODUCT, N_("both factors depend on the variable: the product rule")},
    {JAC_RULE_SUM, N_("a sum is differentiated term by term, constant factors stay")},
    {JAC_RULE_CHAIN,
     N_("the chain rule: the slope of the function times the derivative of "
        "its argument")},
    {JAC_RULE_QUOTIENT, N_("the denominator depends on the variable: the quotient rule")},
    {JAC_RULE_POWER, N_("a power: its exponent comes down")},
    {JAC_RULE_SOFTMAX,
     N_("of softmax: its own value comes back, once for the numerator and once, with a "
        "minus, for the sum below")},
    {JAC_RULE_LOGSOFTMAX,
     N_("the logarithm of a softmax is the argument less the log of the sum of all "
        "exponentials: a delta by itself, minus the softmax by all")},
    {JAC_RULE_MAX,
     N_("a maximum moves as the one that attains it: 1 there, 0 elsewhere")},
    {JAC_RULE_NORM, N_("a norm: its argument divided by it")},
    {JAC_RULE_INVERSE,
     N_("an inverse: from X X^-1 = I, its differential is -X^-1 dX X^-1")},
    {JAC_RULE_DET, N_("a determinant, where it is not zero: Jacobi's formula")},
};

char *jac_work_rules_after(const char *first, const struct jac_index_form *form,
                           bool deltas) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  unsigned used = form->rules;
  if (*first)
    jac_work_say(&b, first);
  if (used & JAC_RULE_PRODUCT) /* it says that of the sum as well */
    used &= ~(unsigned)JAC_RULE_SUM;
  for (size_t k = 0; k < sizeof said / sizeof *said; k++)
    if (used & said[k].rule)
      jac_work_say(&b, _(said[k].words));
  if (!form->raw.count)
    jac_work_say(&b, _("nothing there depends on the variable"));
  else if (deltas && (form->variable_row || form->variable_column))
    jac_work_say(&b,
                 _("an entry of the variable has the derivative 1 by itself and 0 by the "
                   "others: a delta"));
  if (!b.length)
    jac_work_say(&b, _("the variable stands there alone, or as a factor"));
  return jac_buffer_take(&b);
}

char *jac_work_rules(const struct jac_index_form *form) {
  return jac_work_rules_after("", form, true);
}

/* What products are called by. */
static void say_names(const struct jac_expansion *p, struct jac_buffer *b) {
  if (p->called)
    jac_work_say(b, _("what has a name is called by it"));
  if (p->softened)
    jac_work_say(b, _("an exponential over the sum of all of them is a softmax"));
}

char *jac_work_rules_of_block(const char *first, const struct jac_index_form *form,
                              unsigned rules, bool put_in) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  jac_work_say(&b, first);
  for (size_t k = 0; k < sizeof said / sizeof *said; k++)
    if (rules & said[k].rule & ~(unsigned)JAC_RULE_SUM)
      jac_work_say(&b, _(said[k].words));
  if (put_in)
    jac_work_say(&b, _("what was found above is put in"));
  if (form->simple.shared)
    jac_work_say(&b, _("the shares add up to 1"));
  say_names(&form->simple, &b);
  return jac_buffer_take(&b);
}

char *jac_work_put_in(const struct jac_index_form *f, bool centred) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  jac_work_say(&b, _("what was found above is put in"));
  if (centred && f->simple.centred)
    jac_work_say(&b, _("distances from a mean add up to zero"));
  if (f->simple.shared)
    jac_work_say(&b, _("the shares add up to 1"));
  say_names(&f->simple, &b);
  return jac_buffer_take(&b);
}

static size_t sums_in(const struct jac_expansion *p) {
  size_t n = 0;
  for (size_t k = 0; k < p->count; k++)
    n += p->monomial[k].overs;
  return n;
}

static bool has_conditions(const struct jac_expansion *p) {
  for (size_t k = 0; k < p->count; k++)
    for (size_t n = 0; n < p->monomial[k].factors; n++)
      if (jac_is_place_condition(p->monomial[k].factor[n].base))
        return true;
  return false;
}

char *jac_work_collapsed(const struct jac_index_form *f) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  bool fewer = f->raw.count > f->simple.count;
  if (f->simple.solved) {
    jac_work_say(&b, _("of the sum the indicator keeps the term that solves its "
                       "equation"));
    if (has_conditions(&f->simple))
      jac_work_say(&b, _("what is left in brackets says where there is one"));
  } else if (sums_in(&f->raw) > sums_in(&f->simple))
    jac_work_say(&b, fewer ? _("of each sum the delta keeps one term")
                           : _("of the sum the delta keeps one term"));
  if (f->simple.centred)
    jac_work_say(&b, _("distances from a mean add up to zero"));
  if (f->simple.shared)
    jac_work_say(&b, _("the shares add up to 1"));
  if (fewer)
    jac_work_say(&b, _("like terms are added"));
  say_names(&f->simple, &b);
  if (!b.length)
    jac_work_say(&b, _("the same, with less to write"));
  return jac_buffer_take(&b);
}

static bool no_product(term_t t, void *context) {
  (void)context;
  return t->kind != JAC_TERM_BIG || t->construct != JAC_C_PRODUCT;
}

char *jac_work_read_as(const struct work *k, enum jac_layout layout) {
  const struct jac_index_form *f = &k->form;
  struct jac_buffer b = JAC_BUFFER_INIT;
  bool matrices = layout == JAC_LAYOUT_JACOBIAN &&
                  (((f->row != NULL) + (f->column != NULL)) > 1 ||
                   ((f->variable_row != NULL) + (f->variable_column != NULL)) > 1);
  jac_buffer_add(
      &b,
      layout == JAC_LAYOUT_GRADIENT
          ? _("read as matrices, in the shape of the variable: the gradient")
      : layout == JAC_LAYOUT_OUTPUT && f->row && f->column
          ? _("read as matrices, in the shape of the output")
      : matrices
          ? _("read as matrices: a row for every output, a column for every entry of "
              "the variable, matrices numbered column by column")
          : _("read as matrices: a row for every output, a column for every variable"));
  term_t simple = jac_expansion_term(k->m, &f->simple);
  if (simple && !jac_term_walk(simple, no_product, NULL))
    jac_work_say(&b, _("the product of all but one is that of all over the one, where "
                       "it is not 0"));
  return jac_buffer_take(&b);
}

static bool find_call(term_t t, void *context) {
  const char **name = context;
  if (t->kind == JAC_TERM_CALL && !*name)
    *name = t->symbol->key;
  return !*name;
}

void jac_work_refuse(struct work *k, const char *definition) {
  const char *called = NULL;
  char name[80] = "";
  jac_term_walk_through(k->d->term, find_call, &called);
  if (called) /* its key is f(.) */
    snprintf(name, sizeof name, "%.*s", (int)strcspn(called, "("), called);
  k->status =
      called ? jac_fail(k->err, JAC_EINPUT, _("%s: no function is called so"), name)
             : jac_fail(k->err, JAC_EREFUSED,
                        _("%.60s has no derivation yet: no rule in indices for %.60s"),
                        definition, k->form.refusal);
}
