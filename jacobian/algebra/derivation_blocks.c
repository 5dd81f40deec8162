/* Derivations by blocks, as a course has them: one output, one column of the variable. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/product.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

/* Row or column `at` of a term, written out as far as products are: z W's column i is z
 * times column i of W. */
static term_t strip(struct jac_make *m, term_t t, term_t at, bool row) {
  if (!t || !at || jac_dim_is_one(row ? t->type.rows : t->type.cols))
    return t;
  term_t place = row ? at : NULL, other = row ? NULL : at;
  if (t->kind != JAC_TERM_OP)
    return jac_make_slice(m, t, place, other);
  term_t a = t->child[0], b = t->count == 2 ? t->child[1] : NULL;
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE)
    return jac_make_each(m, t->construct, strip(m, a, at, row));
  switch (t->construct) {
  case JAC_C_TRANSPOSE:
    return jac_make_transpose(m, strip(m, a, at, !row));
  case JAC_C_NEGATE:
    return jac_make_negate(m, strip(m, a, at, row));
  case JAC_C_ADD:
    return jac_make_add(m, strip(m, a, at, row), strip(m, b, at, row));
  case JAC_C_SUBTRACT:
    return jac_make_subtract(m, strip(m, a, at, row), strip(m, b, at, row));
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE: /* what is divided by is a number, or of the same shape */
    return jac_make_divide(m, strip(m, a, at, row), strip(m, b, at, row));
  default:
    break;
  }
  switch (jac_product_kind(t)) {
  case 'p':
    return row ? jac_make_times(m, strip(m, a, at, true), b)
               : jac_make_times(m, a, strip(m, b, at, false));
  case 's':
    return jac_make_times(m, strip(m, a, at, row), strip(m, b, at, row));
  case 'h':
    return jac_make_hadamard(m, strip(m, a, at, row), strip(m, b, at, row));
  default:
    return jac_make_slice(m, t, place, other);
  }
}

/* dy_i / dW_{.,j} */
static char *block_left(struct work *k, term_t above, term_t below) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  const char *sign = jac_work_said(k, "d", "∂", "\\partial ");
  jac_buffer_printf(&b, "%s%s", jac_work_said(k, "", "", "\\frac{"), sign);
  jac_term_write(&k->w, above, &b);
  jac_buffer_printf(&b, "%s%s", jac_work_said(k, "/", "/", "}{"), sign);
  jac_term_write(&k->w, below, &b);
  jac_buffer_add(&b, jac_work_said(k, "", "", "}"));
  return jac_buffer_take(&b);
}

static char *term_left(struct work *k, term_t t) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  jac_term_write(&k->w, t, &b);
  return jac_buffer_take(&b);
}

/* Long: its index is called as that of the output. How a quantity on the way moves with a
 * variable of one row or column, as a row. */
static void block_on_the_way(struct work *k, const struct jac_symbol *s) {
  struct jac_make *m = k->m;
  struct jac_index_form f;
  term_t quantity = jac_make_symbol(m, s);
  if (!jac_index_form(&f, m, quantity, k->x) || f.of != quantity || (f.row && f.column))
    return;
  const struct jac_index *along = f.variable_row ? f.variable_row : f.variable_column,
                         *own = f.row ? f.row : f.column,
                         *called = k->form.row ? k->form.row : k->form.column;
  if (own && called && jac_dim_same(own->range, called->range)) {
    struct jac_expansion put;
    if (!jac_expansion_put(m, &f.simple, own, jac_make_index(m, called), &put))
      return;
    f.simple = put;
    own = called;
  }
  size_t nfree = k->nfree;
  if (own)
    k->free[k->nfree++] = own;
  term_t block = jac_closed_block(&f, along, k->free, k->nfree);
  term_t y = jac_work_entry_of(k, s, f.row ? own : NULL, f.column ? own : NULL),
         value = jac_make_derivative(m, y, k->x, JAC_LAYOUT_GRADIENT);
  if (!jac_dim_is_one(k->x->type.rows))
    value = jac_make_transpose(m, value);
  char *why =
      jac_work_rules_after(_("first how this moves with the variable"), &f, false);
  if (block && why)
    jac_work_step(k, block_left(k, y, jac_make_symbol(m, k->x)),
                  jac_make_turned(m, block), value, true, why);
  if (block && why)
    k->moving[k->nmoving++] = s;
  free(why);
  k->nfree = nfree;
}

/* Those of a few. */
static void blocks_on_the_way(struct work *k) {
  enum { FEW = 4 };
  const struct jac_symbol *moving[FEW + 1];
  size_t count = 0;
  if (k->form.variable_row && k->form.variable_column)
    return;
  for (size_t n = 0; n < k->d->elaboration.nsymbol && count <= FEW; n++) {
    const struct jac_symbol *s = k->d->elaboration.symbol[n];
    if (jac_work_is_step(k, s) && jac_term_depends(s->body, k->x))
      moving[count++] = s;
  }
  for (size_t n = 0; n < count && count <= FEW && k->status == JAC_OK; n++)
    block_on_the_way(k, moving[n]);
}

/* Why a row of the Jacobian, or a block of one, is what it is. */
static char *why_block(struct work *k, bool matrix) {
  if (matrix)
    return strdup(_("one output by one column of the variable, a row: the delta "
                    "says which column counts for it"));
  struct jac_index_form steps;
  bool put_in = k->nmoving && jac_index_form_by_steps(&steps, k->m, k->d->term, k->x,
                                                      k->moving, k->nmoving);
  return jac_work_rules_of_block(_("one output by the whole variable: a row of the "
                                   "Jacobian"),
                                 &k->form, put_in ? steps.rules : k->form.rules, put_in);
}

/* One output's derivative by one column of the variable: a row. */
static bool block_step(struct work *k, term_t row, term_t col) {
  struct jac_make *m = k->m;
  const struct jac_index_form *f = &k->form;
  struct jac_type x = k->x->type;
  bool matrix = f->variable_row && f->variable_column;
  const struct jac_index *along = f->variable_row ? f->variable_row : f->variable_column;
  term_t column = matrix ? jac_make_index(m, f->variable_column) : NULL;
  for (size_t n = 0; n < 2; n++) {
    const struct jac_index *side = n ? f->column : f->row;
    if (side)
      k->free[k->nfree++] = side;
  }
  if (matrix)
    k->free[k->nfree++] = f->variable_column;
  term_t block = along ? jac_closed_block(f, along, k->free, k->nfree) : NULL;
  if (!block)
    return false;
  term_t y = jac_make_entry(m, jac_make_symbol(m, k->d->output), row, col);
  term_t g = jac_make_derivative(m, y, k->x, JAC_LAYOUT_GRADIENT);
  term_t part = jac_make_symbol(m, k->x), value = g;
  if (matrix) {
    part = jac_make_slice(m, part, NULL, column);
    value = jac_make_slice(m, g, NULL, column);
  }
  if (!jac_dim_is_one(x.rows))
    value = jac_make_transpose(m, value);
  char *why = why_block(k, matrix);
  jac_work_step(k, block_left(k, y, part), jac_make_turned(m, block), value, true,
                why ? why : "");
  free(why);
  return k->status == JAC_OK;
}

void jac_work_blocks(struct work *k) {
  struct jac_make *m = k->m;
  const struct jac_index_form *f = &k->form;
  jac_writing_see(&k->w, k->d->term);
  jac_work_definitions(k);
  term_t row = jac_make_index(m, f->row), col = jac_make_index(m, f->column);
  term_t y = jac_make_entry(m, jac_make_symbol(m, k->d->output), row, col);
  term_t one = strip(m, strip(m, k->d->output->body, row, true), col, false);
  const struct jac_index *side[2] = {f->row, f->column};
  for (size_t n = 0; n < 2; n++)
    if (side[n])
      k->free[k->nfree++] = side[n];
  jac_work_step(k, term_left(k, y), one, y, true,
                _("one output: of each factor only its row or column counts"));
  k->nfree = 0;
  blocks_on_the_way(k);
  if (k->status == JAC_OK && !block_step(k, row, col) && k->status == JAC_OK)
    k->status =
        jac_fail(k->err, JAC_EREFUSED,
                 _("its rows are no product of matrices: --style index has them"));
  enum jac_layout layout;
  term_t closed = k->status == JAC_OK ? jac_closed_form(f, k->d->term, &layout) : NULL;
  if (closed) {
    bool matrix = f->variable_row && f->variable_column;
    jac_work_step(
        k, jac_work_whole_left(k, NULL), closed,
        jac_make_derivative(m, k->d->term, k->x, layout), false,
        matrix
            ? _("the rows of all outputs one under the other, the blocks of all columns "
                "side by side")
            : _("the rows of all outputs one under the other"));
    if (k->status == JAC_OK)
      k->out->closed = strdup(k->out->step[k->out->count - 1].right);
  }
  jac_work_gradient(k);
}
