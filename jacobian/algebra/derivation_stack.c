/* Derivations of what stands one under the other, y = [A x; B x]: block by block. */
#include "jacobian/algebra/derivation_internal.h"

#include "jacobian/algebra/closed.h"
#include "jacobian/text.h"

#include <stdlib.h>

enum { BLOCKS = 8 };

static bool is_vector(struct jac_type t) {
  return jac_dim_is_one(t.rows) || jac_dim_is_one(t.cols);
}

bool jac_work_is_stack(const struct work *k) {
  const struct jac_symbol *y = k->d->output;
  term_t body = y ? y->body : NULL;
  if (!body || body->kind != JAC_TERM_MATRIX || body->block_cols != 1 ||
      body->block_rows > BLOCKS || !is_vector(k->x->type) || k->again)
    return false;
  for (size_t n = 0; n < body->count; n++)
    if (!body->child[n] || !jac_dim_is_one(body->child[n]->type.cols))
      return false;
  return true;
}

/* The Jacobian of a block: a number's is a row. NULL: it has no closed form. */
static term_t of_block(struct work *k, term_t block) {
  struct jac_index_form form;
  enum jac_layout layout;
  if (!jac_index_form(&form, k->m, block, k->x))
    return NULL;
  term_t closed = jac_closed_form(&form, block, &layout);
  return closed && layout == JAC_LAYOUT_GRADIENT && jac_dim_is_one(closed->type.cols)
             ? jac_make_turned(k->m, closed)
             : closed;
}

/* d(A x)/dx. */
static char *block_left(struct work *k, term_t block) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  jac_buffer_add(&b, "(");
  jac_term_write(&k->w, block, &b);
  jac_buffer_add(&b, ")");
  char *above = jac_buffer_take(&b), *left = above ? jac_work_whole_left(k, above) : NULL;
  free(above);
  return left;
}

void jac_work_stack(struct work *k) {
  struct jac_make *m = k->m;
  term_t body = k->d->output->body, cell[BLOCKS];
  enum jac_layout layout =
      jac_type_is_number(k->x->type) ? JAC_LAYOUT_OUTPUT : JAC_LAYOUT_JACOBIAN;
  jac_writing_see(&k->w, k->d->term);
  jac_work_definitions(k);
  for (size_t n = 0; n < body->count && k->status == JAC_OK; n++) {
    cell[n] = of_block(k, body->child[n]);
    if (!cell[n]) {
      k->status = jac_fail(k->err, JAC_EREFUSED,
                           _("block %zu has no closed form in matrices"), n + 1);
      return;
    }
    jac_work_step(k, block_left(k, body->child[n]), cell[n],
                  jac_make_derivative(m, body->child[n], k->x, layout), false,
                  n ? _("the next block") : _("each block by itself: the first"));
  }
  if (k->status != JAC_OK)
    return;
  term_t whole = jac_make_derivative(m, k->d->term, k->x, layout);
  struct jac_type type = {body->type.rows, whole ? whole->type.cols : NULL};
  term_t all = whole ? jac_make_blocks(m, type, body->count, 1, cell) : NULL;
  jac_work_step(k, jac_work_whole_left(k, NULL), all, whole, false,
                _("the blocks stand one under the other, as those of y do"));
  jac_work_closed(k);
}
