/* A factor of a monomial as a node of the network. */
#include "jacobian/algebra/closed_internal.h"

static void note_index(index_t index, index_t *found, size_t *count) {
  for (size_t k = 0; k < *count; k++)
    if (found[k] == index)
      return;
  found[(*count)++] = index;
}

static bool sums_over_all(term_t t) {
  return t->kind == JAC_TERM_BIG && t->construct == JAC_C_SUM && !t->index2 &&
         !t->child[1] && !t->child[2] && !t->child[3];
}

/* prod(k, k != i, x[k]) */
static bool leaves_one_out(term_t t) {
  return t->kind == JAC_TERM_BIG && t->construct == JAC_C_PRODUCT && !t->child[1] &&
         !t->child[2] && t->child[3];
}

/* The indices of what binds some: the others. Of anything but a sum over all of one, or a
 * product over all but one, there must be none. */
static void note_others(term_t t, index_t *found, size_t *count) {
  index_t inside[4] = {NULL};
  size_t n = 0, others = 0;
  for (size_t k = 0; k < t->count; k++)
    if (t->child[k])
      jac_closed_indices(t->child[k], inside, &n);
  for (size_t k = 0; k < n && n < 4; k++)
    others += inside[k] != t->index && inside[k] != t->index2;
  if (n == 4 || (others && !sums_over_all(t) && !leaves_one_out(t))) {
    *count = 4;
    return;
  }
  for (size_t k = 0; k < n && *count < 4; k++)
    if (inside[k] != t->index && inside[k] != t->index2)
      note_index(inside[k], found, count);
}

void jac_closed_indices(term_t t, index_t *found, size_t *count) {
  if (*count == 4)
    return;
  if (t->kind == JAC_TERM_INDEX)
    note_index(t->index, found, count);
  else if (t->kind == JAC_TERM_BIG || t->kind == JAC_TERM_BUILD)
    note_others(t, found, count);
  else
    for (size_t k = 0; k < t->count; k++)
      if (t->child[k])
        jac_closed_indices(t->child[k], found, count);
}

static void add_node(struct network *w, const struct node *n) {
  if (w->count == NODES)
    w->failed = true;
  else
    w->node[w->count++] = *n;
}

static void drop_fixed(const struct network *w, index_t *legs, size_t *count) {
  size_t kept = 0;
  for (size_t k = 0; k < *count && *count <= 3; k++) {
    bool is_fixed = false;
    for (size_t n = 0; n < w->nfixed; n++)
      is_fixed = is_fixed || w->fixed[n] == legs[k];
    if (!is_fixed)
      legs[kept++] = legs[k];
  }
  if (*count <= 3) {
    for (size_t k = kept; k < 4; k++)
      legs[k] = NULL;
    *count = kept;
  }
}

bool jac_closed_place(term_t t) {
  return !t || t->kind == JAC_TERM_INDEX || t->kind == JAC_TERM_NUMBER ||
         (t->kind == JAC_TERM_SYMBOL && jac_type_is_number(t->type));
}

/* The factors of prod(k, k != i, x[k]) as an entry of a column; NULL: it is no such. */
static term_t all_of(struct network *w, term_t t, index_t row) {
  term_t apart = leaves_one_out(t) ? t->child[3] : NULL;
  if (!apart || apart->kind != JAC_TERM_COMPARE || apart->construct != JAC_C_UNEQUAL ||
      jac_term_has_index(t->child[0], row))
    return NULL;
  term_t a = apart->child[0], b = apart->child[1];
  if (a->kind != JAC_TERM_INDEX || b->kind != JAC_TERM_INDEX ||
      !((a->index == row && b->index == t->index) ||
        (b->index == row && a->index == t->index)))
    return NULL;
  return jac_lift(w->m,
                  jac_make_put(w->m, t->child[0], t->index, jac_make_index(w->m, row)),
                  row, NULL);
}

/* prod(x) over x_i, which has no value where x_i is 0. */
static bool add_all_but_one(struct network *w, term_t t, double power, struct node *n) {
  term_t all = n->col ? NULL : all_of(w, t, n->row);
  if (!all)
    return false;
  jac_network_weigh(w, jac_make_measure(w->m, JAC_C_PRODUCTALL, all), power);
  jac_node_push(w, n, jac_make_power(w->m, all, -power));
  add_node(w, n);
  return true;
}

void jac_network_add(struct network *w, const struct jac_factor *f) {
  index_t legs[4] = {NULL};
  size_t count = 0;
  term_t base = f->base;
  struct node n = {.count = 0};
  jac_closed_indices(base, legs, &count);
  drop_fixed(w, legs, &count);
  if (count == 0) {
    jac_network_weigh(w, jac_closed_number(w->m, base), f->power);
    return;
  }
  if (count > 2) {
    w->failed = true;
    return;
  }
  n.row = legs[0];
  n.col = legs[1];
  bool delta = base->kind == JAC_TERM_COMPARE && base->construct == JAC_C_EQUAL &&
               jac_closed_place(base->child[0]) && jac_closed_place(base->child[1]);
  if (delta && count == 1) { /* a unit vector */
    term_t eye = jac_make_sized(w->m, JAC_TERM_EYE, legs[0]->range, legs[0]->range);
    bool first =
        base->child[0]->kind == JAC_TERM_INDEX && base->child[0]->index == legs[0];
    jac_node_push(w, &n, jac_make_slice(w->m, eye, NULL, base->child[first ? 1 : 0]));
    add_node(w, &n);
    return;
  }
  if (delta) {
    jac_node_push(w, &n,
                  jac_make_sized(w->m, JAC_TERM_EYE, legs[0]->range, legs[0]->range));
    add_node(w, &n);
    return;
  }
  bool diagonal = count == 1 && base->kind == JAC_TERM_ENTRY && base->child[1] &&
                  base->child[2] && f->power == 1 &&
                  base->child[1]->kind == JAC_TERM_INDEX &&
                  base->child[2]->kind == JAC_TERM_INDEX &&
                  base->child[1]->index == base->child[2]->index &&
                  !jac_term_has_index(base->child[0], legs[0]);
  if (diagonal) {
    n.col = legs[0];
    jac_node_flatten(w, &n, base->child[0], false);
    add_node(w, &n);
    return;
  }
  if (add_all_but_one(w, base, f->power, &n))
    return;
  term_t t = jac_lift(w->m, base, n.row, n.col);
  if (!t || jac_type_is_number(t->type)) {
    w->failed = true;
    return;
  }
  if (f->power == 1)
    jac_node_flatten(w, &n, t, false);
  else
    jac_node_push(w, &n, jac_make_power(w->m, t, f->power));
  add_node(w, &n);
}
