#include "jacobian/algebra/entries.h"

#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/definition.h"
#include "jacobian/algebra/expand.h"
#include "jacobian/algebra/write.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

typedef const struct jac_term *term_t;

struct jac_entries_of {
  struct jac_make *make;
  term_t term;             /* what is differentiated */
  struct jac_defined *own; /* the definition, where it was read here; or NULL */
  struct jac_index_form form;
  term_t closed;
  enum jac_layout layout;
};

/* The derivative's general entry, as it is worked out by differentiation. */
static term_t entry_value(struct jac_entries_of *e) {
  struct jac_make *m = e->make;
  const struct jac_index_form *f = &e->form;
  term_t y =
      jac_make_entry(m, e->term, jac_make_index(m, f->row), jac_make_index(m, f->column));
  term_t g = y ? jac_make_derivative(m, y, f->variable, JAC_LAYOUT_GRADIENT) : NULL;
  return jac_make_entry(m, g, jac_make_index(m, f->variable_row),
                        jac_make_index(m, f->variable_column));
}

static enum jac_status judge(struct jac_entries_of *e, struct jac_error *err) {
  struct jac_make *m = e->make;
  const struct jac_index_form *f = &e->form;
  const struct jac_index *side[4] = {f->row, f->column, f->variable_row,
                                     f->variable_column},
                         *indices[4];
  size_t count = 0;
  for (size_t k = 0; k < 4; k++)
    if (side[k])
      indices[count++] = side[k];
  if (!jac_terms_agree(m, entry_value(e), jac_expansion_term(m, &f->simple), indices,
                       count, NULL, NULL))
    return jac_fail(err, JAC_EREFUSED,
                    _("the entries are not found equal to the derivative"));
  e->closed = jac_closed_form(f, e->term, &e->layout);
  if (e->closed &&
      !jac_terms_agree(m, jac_make_derivative(m, e->term, f->variable, e->layout),
                       e->closed, NULL, 0, NULL, NULL))
    e->closed = NULL;
  return JAC_OK;
}

enum jac_status jac_entries_of_term(struct jac_make *make, term_t term,
                                    const struct jac_symbol *variable,
                                    struct jac_entries_of **entries,
                                    struct jac_error *err) {
  struct jac_entries_of *e = calloc(1, sizeof *e);
  enum jac_status status = JAC_OK;
  *entries = NULL;
  if (!e)
    return jac_fail_memory(err);
  e->make = make;
  e->term = term;
  if (!jac_index_form(&e->form, make, term, variable))
    status = jac_fail(err, JAC_EREFUSED,
                      _("there is no derivation yet: no rule in indices for %.60s"),
                      e->form.refusal);
  if (status == JAC_OK)
    status = judge(e, err);
  if (status == JAC_OK)
    *entries = e;
  else
    jac_entries_of_free(e);
  return status;
}

enum jac_status jac_entries_of_new(const char *definition, const char *variable,
                                   const struct jac_derivation_size *size, size_t count,
                                   struct jac_entries_of **entries,
                                   struct jac_error *err) {
  struct jac_named_size named[32];
  struct jac_defined *d = calloc(1, sizeof *d);
  *entries = NULL;
  if (!d)
    return jac_fail_memory(err);
  for (size_t k = 0; k < count && k < 32; k++)
    named[k] = (struct jac_named_size){size[k].name, size[k].rows, size[k].cols};
  enum jac_status status = jac_define(d, definition, named, count < 32 ? count : 32, err);
  const struct jac_symbol *x =
      status == JAC_OK ? jac_defined_variable(d, variable) : NULL;
  if (status == JAC_OK && !x)
    status =
        jac_fail(err, JAC_EINPUT, _("%.40s has no variable %.40s"), definition, variable);
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
  const struct jac_index *own[4] = {e->form.row, e->form.column, e->form.variable_row,
                                    e->form.variable_column};
  struct jac_writing w = {.notation = notation};
  struct jac_buffer letters = JAC_BUFFER_INIT;
  if (!t)
    return;
  jac_writing_see(&w, e->term);
  for (size_t k = 0; k < 4; k++)
    if (own[k])
      jac_index_write(&w, own[k], &letters);
  jac_buffer_free(&letters);
  jac_term_write(&w, t, out);
}

enum jac_status jac_entries_of_add(struct jac_entries_of *e, size_t row, size_t column,
                                   size_t variable_row, size_t variable_column,
                                   enum jac_notation notation, struct jac_buffer *out,
                                   struct jac_error *err) {
  struct jac_make *m = e->make;
  const struct jac_index_form *f = &e->form;
  struct jac_pool_mark mark = jac_pool_mark(m->pool);
  struct jac_expansion p = f->simple, last;
  bool good = put_number(m, &p, f->row, row) && put_number(m, &p, f->column, column) &&
              put_number(m, &p, f->variable_row, variable_row) &&
              put_number(m, &p, f->variable_column, variable_column);
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
  term_t t = jac_expansion_term(m, &e->form.simple);
  write_named(e, t, notation, out);
  jac_pool_release(m->pool, mark);
  return t ? jac_buffer_status(out, err) : jac_fail_memory(err);
}

bool jac_entries_of_closed(struct jac_entries_of *e, enum jac_notation notation,
                           struct jac_buffer *out, char *layout) {
  struct jac_writing w = {.notation = notation};
  if (!e->closed)
    return false;
  jac_writing_see(&w, e->term);
  jac_term_write(&w, e->closed, out);
  *layout = e->layout == JAC_LAYOUT_GRADIENT ? 'g'
            : e->layout == JAC_LAYOUT_OUTPUT ? 'o'
                                             : 'j';
  return true;
}
