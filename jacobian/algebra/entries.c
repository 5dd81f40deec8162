#include "jacobian/algebra/entries.h"

#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/definition.h"
#include "jacobian/algebra/expand.h"
#include "jacobian/algebra/partial.h"
#include "jacobian/algebra/second.h"
#include "jacobian/algebra/write.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

typedef const struct jac_term *term_t;

struct jac_entries_of {
  struct jac_make *make;
  term_t term;                     /* what is differentiated */
  struct jac_defined *own;         /* the definition, where it was read here; or NULL */
  struct jac_second_form form;     /* without a second variable: first */
  const struct jac_index *side[6]; /* rows and columns: output, variable, second one */
  size_t sides;
  term_t closed, whole; /* the closed form; the value that it has */
  enum jac_layout layout;
};

static const struct jac_index_form *last_form(const struct jac_entries_of *e) {
  return e->sides == 6 ? &e->form.second : &e->form.first;
}

static term_t entry_at(const struct jac_entries_of *e, term_t t, size_t side) {
  return jac_make_entry(e->make, t, jac_make_index(e->make, e->side[side]),
                        jac_make_index(e->make, e->side[side + 1]));
}

static const struct jac_symbol *variable_of(const struct jac_entries_of *e, size_t k) {
  return (k == 0 ? &e->form.first : &e->form.second)->variable;
}

/* The derivative's general entry, as it is worked out by differentiation. */
static term_t entry_value(const struct jac_entries_of *e) {
  term_t t = entry_at(e, e->term, 0);
  for (size_t k = 0; 2 * k + 2 < e->sides && t; k++)
    t = entry_at(e,
                 jac_make_derivative(e->make, t, variable_of(e, k), JAC_LAYOUT_GRADIENT),
                 2 * k + 2);
  return t;
}

static enum jac_status judge(struct jac_entries_of *e, struct jac_error *err) {
  struct jac_make *m = e->make;
  const struct jac_index *indices[6];
  size_t count = 0;
  for (size_t k = 0; k < e->sides; k++)
    if (e->side[k])
      indices[count++] = e->side[k];
  if (!jac_terms_agree(m, entry_value(e), jac_expansion_term(m, &last_form(e)->simple),
                       indices, count, NULL, NULL))
    return jac_fail(err, JAC_EREFUSED,
                    _("the entries are not found equal to the derivative"));
  if (e->closed && !jac_terms_agree(m, e->whole, e->closed, NULL, 0, NULL, NULL))
    e->closed = NULL;
  return JAC_OK;
}

static void take_sides(struct jac_entries_of *e, bool second) {
  const struct jac_index_form *f = &e->form.first, *again = &e->form.second;
  const struct jac_index *side[] = {f->row,
                                    f->column,
                                    f->variable_row,
                                    f->variable_column,
                                    second ? again->variable_row : NULL,
                                    second ? again->variable_column : NULL};
  memcpy(e->side, side, sizeof side);
  e->sides = second ? 6 : 4;
}

/* Makes them; second: or NULL. */
static enum jac_status make_entries(struct jac_make *make, term_t term,
                                    const struct jac_symbol *first,
                                    const struct jac_symbol *second,
                                    struct jac_entries_of **entries,
                                    struct jac_error *err) {
  struct jac_entries_of *e = jac_memory_take(1, sizeof *e);
  *entries = NULL;
  if (!e)
    return jac_fail_memory(err);
  e->make = make;
  e->term = term;
  bool good = second ? jac_second_form(&e->form, make, term, first, second)
                     : jac_index_form(&e->form.first, make, term, first);
  take_sides(e, second != NULL);
  if (good && second) {
    e->closed = e->form.closed;
    e->layout = e->form.layout;
    e->whole = e->closed ? jac_second_value(&e->form, term) : NULL;
  } else if (good) {
    e->closed = jac_closed_form(&e->form.first, term, &e->layout);
    e->whole = jac_make_derivative(make, term, first, e->layout);
  }
  enum jac_status status =
      good ? judge(e, err)
           : jac_fail(err, JAC_EREFUSED,
                      _("there is no derivation yet: no rule in indices for %.60s"),
                      last_form(e)->refusal);
  if (status == JAC_OK)
    *entries = e;
  else
    jac_entries_of_free(e);
  return status;
}

enum jac_status jac_entries_of_term(struct jac_make *make, term_t term,
                                    const struct jac_symbol *variable,
                                    struct jac_entries_of **entries,
                                    struct jac_error *err) {
  return make_entries(make, term, variable, NULL, entries, err);
}

enum jac_status jac_entries_of_second(struct jac_make *make, term_t term,
                                      const struct jac_symbol *first,
                                      const struct jac_symbol *second,
                                      struct jac_entries_of **entries,
                                      struct jac_error *err) {
  return make_entries(make, term, first, second, entries, err);
}

enum jac_status jac_entries_of_new(const char *definition, const char *variable,
                                   const struct jac_derivation_size *size, size_t count,
                                   struct jac_entries_of **entries,
                                   struct jac_error *err) {
  struct jac_named_size named[32];
  struct jac_defined *d = jac_memory_take(1, sizeof *d);
  *entries = NULL;
  if (!d)
    return jac_fail_memory(err);
  for (size_t k = 0; k < count && k < 32; k++)
    named[k] = (struct jac_named_size){size[k].name, size[k].rows, size[k].cols};
  enum jac_status status = jac_define(d, definition, named, count < 32 ? count : 32, err);
  const struct jac_symbol *x =
      status == JAC_OK ? jac_defined_needs(d, variable, err) : NULL;
  if (status == JAC_OK && !x)
    status = JAC_EINPUT;
  if (status == JAC_OK)
    status = jac_entries_of_term(&d->make, d->term, x, entries, err);
  if (status == JAC_OK) {
    (*entries)->own = d;
    return JAC_OK;
  }
  jac_defined_free(d);
  free(d);
  return status;
}

void jac_entries_of_free(struct jac_entries_of *entries) {
  if (!entries)
    return;
  if (entries->own)
    jac_defined_free(entries->own);
  free(entries->own);
  free(entries);
}

/* Products over few members are written out, x_2 x_3, and entries of products of matrices
 * as sums. */
static term_t written_out(struct jac_make *m, term_t t) {
  enum { FEW = 5 };
  if (t->kind == JAC_TERM_ENTRY && t->child[0]->kind == JAC_TERM_OP &&
      strcmp(t->child[0]->reading->type, "(r,k)(k,c)->(r,c)") == 0) {
    term_t sum = jac_expand(m, t->child[0], t->child[1], t->child[2]);
    return sum ? sum : t;
  }
  const struct jac_dim *range =
      t->kind == JAC_TERM_BIG ? jac_dim_root(t->index->range) : NULL;
  if (!range || t->construct != JAC_C_PRODUCT || t->child[1] || t->child[2] ||
      range->kind != JAC_DIM_FIXED || range->fixed > FEW)
    return t;
  term_t product = jac_make_number(m, 1);
  for (size_t k = 1; k <= range->fixed && product; k++) {
    term_t at = jac_make_number(m, (double)k);
    term_t meant = t->child[3] ? jac_make_put(m, t->child[3], t->index, at) : NULL;
    if (jac_term_is_number(meant, 0.0))
      continue;
    if (meant && !jac_term_is_number(meant, 1.0))
      return t; /* it depends on more */
    product = jac_make_times(m, product, jac_make_put(m, t->child[0], t->index, at));
  }
  return product ? product : t;
}

static bool put_number(struct jac_make *m, struct jac_expansion *p,
                       const struct jac_index *index, size_t at) {
  struct jac_expansion next;
  if (!index)
    return true;
  if (!jac_expansion_put(m, p, index, jac_make_number(m, (double)at), &next))
    return false;
  *p = next;
  return true;
}

/* An entry's bound indices have the letters that they have in the general one. */
static void write_named(struct jac_entries_of *e, term_t t, enum jac_notation notation,
                        struct jac_buffer *out) {
  struct jac_writing w = {.notation = notation};
  struct jac_buffer letters = JAC_BUFFER_INIT;
  if (!t)
    return;
  jac_writing_see(&w, e->term);
  for (size_t k = 0; k < e->sides; k++)
    if (e->side[k])
      jac_index_write(&w, e->side[k], &letters);
  jac_buffer_free(&letters);
  jac_term_write(&w, t, out);
}

enum jac_status jac_entries_of_add(struct jac_entries_of *e, const size_t *place,
                                   enum jac_notation notation, struct jac_buffer *out,
                                   struct jac_error *err) {
  struct jac_make *m = e->make;
  struct jac_pool_mark mark = jac_pool_mark(m->pool);
  struct jac_expansion p = last_form(e)->simple, last;
  bool good = true;
  for (size_t k = 0; k < e->sides && good; k++)
    good = put_number(m, &p, e->side[k], place[k]);
  struct jac_expansion open = {.count = 0};
  for (size_t k = 0; good && k < p.count; k++) {
    struct jac_monomial mono = p.monomial[k];
    const struct jac_monomial was = mono;
    mono.factors = 0;
    for (size_t j = 0; good && j < was.factors; j++)
      good = jac_monomial_times(m, &mono, written_out(m, was.factor[j].base),
                                was.factor[j].power);
    good = good && jac_expansion_add(m, &open, &mono);
  }
  good = good && jac_expansion_simplify(m, &open, &last);
  term_t t = good ? jac_expansion_term(m, &last) : NULL;
  write_named(e, t, notation, out);
  jac_pool_release(m->pool, mark);
  return t ? jac_buffer_status(out, err) : jac_fail_memory(err);
}

enum jac_status jac_entries_of_general(struct jac_entries_of *e,
                                       enum jac_notation notation, struct jac_buffer *out,
                                       struct jac_error *err) {
  struct jac_make *m = e->make;
  struct jac_pool_mark mark = jac_pool_mark(m->pool);
  term_t t = jac_expansion_term(m, &last_form(e)->simple);
  write_named(e, t, notation, out);
  jac_pool_release(m->pool, mark);
  return t ? jac_buffer_status(out, err) : jac_fail_memory(err);
}

/* What the reader has to know of the closed form's shape. */
static const char *shape_of(const struct jac_entries_of *e) {
  bool matrix = false;
  for (size_t k = 0; k + 1 < e->sides; k += 2)
    matrix = matrix || (e->side[k] && e->side[k + 1]);
  return e->layout == JAC_LAYOUT_GRADIENT && e->sides == 4
             ? _("the gradient, in the variable's shape")
         : e->layout == JAC_LAYOUT_JACOBIAN && matrix ? _("matrices column by column")
                                                      : NULL;
}

bool jac_entries_of_closed(struct jac_entries_of *e, enum jac_notation notation,
                           struct jac_buffer *out) {
  struct jac_writing w = {.notation = notation};
  if (!e->closed || e->term->kind != JAC_TERM_SYMBOL)
    return false;
  struct jac_pool_mark mark = jac_pool_mark(e->make->pool);
  size_t count = e->sides == 6 ? 2 : 1;
  term_t below[2] = {NULL, NULL};
  for (size_t k = 0; k < count; k++)
    below[k] = k > 0 && variable_of(e, k) == variable_of(e, 0)
                   ? below[0]
                   : jac_make_symbol(e->make, variable_of(e, k));
  bool good = below[0] && below[count - 1];
  jac_writing_see(&w, e->term);
  if (good) {
    jac_partial_write(&w, e->term, below, count, out);
    jac_buffer_add(out, " = ");
    jac_term_write(&w, e->closed, out);
  }
  const char *shape = shape_of(e);
  if (good && shape && notation != JAC_NOTATION_LATEX)
    jac_buffer_printf(out, " (%s)", shape);
  jac_pool_release(e->make->pool, mark);
  return good;
}
