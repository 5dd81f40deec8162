/* What is asked of terms: whether they have an index, depend on a symbol, are equal. */
#include "jacobian/algebra/make_internal.h"

#include <string.h>

bool jac_term_has_index(term_t t, const struct jac_index *index) {
  if (t->kind == JAC_TERM_INDEX && t->index == index)
    return true;
  for (size_t k = 0; k < t->count; k++)
    if (t->child[k] && jac_term_has_index(t->child[k], index))
      return true;
  for (size_t k = 0; k < t->bys; k++) {
    const struct jac_by *by = &t->by[k];
    term_t places[5] = {by->place[0], by->place[1], by->place[2], by->row, by->column};
    for (size_t j = 0; j < 5; j++)
      if (places[j] && jac_term_has_index(places[j], index))
        return true;
  }
  return false;
}

static bool is_not(term_t t, void *context) {
  const struct jac_symbol *symbol = *(const struct jac_symbol *const *)context;
  if (t->kind == JAC_TERM_SYMBOL && t->symbol == symbol)
    return false;
  for (size_t k = 0; t->kind == JAC_TERM_DERIVATIVE && k < t->bys; k++)
    if (t->by[k].symbol == symbol)
      return false;
  return true;
}

bool jac_term_depends(term_t t, const struct jac_symbol *symbol) {
  return !jac_term_walk_through(t, is_not, &symbol);
}
void jac_term_key(term_t t, const struct jac_index *const *bound, size_t count,
                  bool blank, struct jac_buffer *out) {
  if (!t) {
    jac_buffer_add(out, "_");
    return;
  }
  jac_buffer_printf(out, "(%d", (int)t->kind);
  const struct jac_index *own[3] = {t->kind == JAC_TERM_INDEX ? t->index : NULL, NULL,
                                    NULL};
  for (size_t k = 0; k < 1 && own[k]; k++) {
    size_t at = 0;
    while (at < count && bound[at] != own[k])
      at++;
    if (at == count)
      jac_buffer_printf(out, "i%p", (const void *)own[k]);
    else if (!blank)
      jac_buffer_printf(out, "b%zu", at);
  }
  switch (t->kind) {
  case JAC_TERM_NUMBER:
    jac_buffer_printf(out, "%.17g", t->number);
    break;
  case JAC_TERM_SIZE:
    jac_buffer_printf(out, "%p", (const void *)jac_dim_root(t->dim));
    break;
  case JAC_TERM_SYMBOL:
  case JAC_TERM_CALL:
    jac_buffer_printf(out, "%p", (const void *)t->symbol);
    break;
  case JAC_TERM_OP: /* A B and A * B are one product */
    if (t->construct == JAC_C_SIDE || t->construct == JAC_C_STAR ||
        t->construct == JAC_C_CDOT)
      jac_buffer_add(out, t->reading->type);
    else
      jac_buffer_printf(out, "%zu", jac_reading_row(t->reading));
    break;
  case JAC_TERM_BIG:
  case JAC_TERM_BUILD: {
    /* What it binds is spelled by its depth, behind what is bound outside. */
    const struct jac_index *in[24];
    size_t n = count < 20 ? count : 20;
    for (size_t k = 0; k < n; k++)
      in[k] = bound[k];
    if (t->index)
      in[n++] = t->index;
    if (t->index2)
      in[n++] = t->index2;
    jac_buffer_printf(out, "%d", (int)t->construct);
    for (size_t k = 0; k < t->count; k++)
      jac_term_key(t->child[k], in, n, blank, out);
    jac_buffer_add(out, ")");
    return;
  }
  case JAC_TERM_EYE:
  case JAC_TERM_ONES:
  case JAC_TERM_ZEROS:
  case JAC_TERM_RESHAPE:
    jac_buffer_printf(out, "%p %p", (void *)jac_dim_root(t->type.rows),
                      (void *)jac_dim_root(t->type.cols));
    break;
  case JAC_TERM_MATRIX:
    jac_buffer_printf(out, "%zu", t->block_rows);
    break;
  case JAC_TERM_DERIVATIVE:
    if (t->bys == 1 && !t->by->symbol->families && !t->by->row && !t->by->column)
      jac_buffer_printf(out, "%p %d%d%d", (const void *)t->by->symbol, (int)t->layout,
                        t->direct, t->by_rows);
    else
      jac_buffer_printf(out, "%p", (const void *)t);
    break;
  case JAC_TERM_AT:
    jac_buffer_printf(out, "%p", (const void *)t);
    break;
  default:
    jac_buffer_printf(out, "%d", (int)t->construct);
    break;
  }
  for (size_t k = 0; k < t->count; k++)
    jac_term_key(t->child[k], bound, count, blank, out);
  jac_buffer_add(out, ")");
}

bool jac_term_equal(term_t a, term_t b) {
  if (a == b)
    return true;
  if (!a || !b || a->kind != b->kind || a->count != b->count)
    return false;
  struct jac_buffer x = JAC_BUFFER_INIT, y = JAC_BUFFER_INIT;
  jac_term_key(a, NULL, 0, false, &x);
  jac_term_key(b, NULL, 0, false, &y);
  bool same = !x.failed && !y.failed && strcmp(x.text, y.text) == 0;
  jac_buffer_free(&x);
  jac_buffer_free(&y);
  return same;
}
