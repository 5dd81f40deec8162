/* Nodes of the network: chains of matrices between two indices. */
#include "jacobian/algebra/closed_internal.h"

#include "jacobian/algebra/product.h"

#include <string.h>

static bool is_product(term_t t) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, "(r,k)(k,c)->(r,c)") == 0;
}

static bool inverse_of(struct jac_make *m, term_t a, term_t b) {
  bool turned = is_op(a, JAC_C_TRANSPOSE);
  term_t inside = turned ? a->child[0] : a;
  if (!is_op(inside, JAC_C_INVERSE))
    return false;
  return jac_term_equal(
      turned ? jac_make_transpose(m, inside->child[0]) : inside->child[0], b);
}

static bool are_inverse(struct jac_make *m, term_t a, term_t b) {
  return inverse_of(m, a, b) || inverse_of(m, b, a);
}

void jac_node_push(struct network *w, struct node *n, term_t t) {
  if (!t || n->count == CHAIN) {
    w->failed = true;
    return;
  }
  if (t->kind == JAC_TERM_EYE && n->count)
    return;
  if (n->count == 1 && n->chain[0]->kind == JAC_TERM_EYE)
    n->count = 0;
  /* A matrix beside its inverse. */
  if (n->count && are_inverse(w->m, n->chain[n->count - 1], t)) {
    if (--n->count == 0)
      n->chain[n->count++] =
          jac_make_sized(w->m, JAC_TERM_EYE, t->type.cols, t->type.cols);
    return;
  }
  n->chain[n->count++] = t;
}

static bool count_transpose(term_t t, void *context) {
  *(size_t *)context += is_op(t, JAC_C_TRANSPOSE);
  return true;
}

term_t jac_closed_turn(struct jac_make *m, term_t t) {
  term_t turned = jac_make_turned(m, t), around = jac_make_transpose(m, t);
  size_t inside = 0, outside = 0;
  if (!turned || !around || jac_term_equal(turned, t) || jac_term_equal(around, t))
    return turned ? t : NULL;
  jac_term_walk(turned, count_transpose, &inside);
  jac_term_walk(around, count_transpose, &outside);
  return inside < outside ? turned : around;
}

void jac_network_weigh(struct network *w, term_t number, double power) {
  if (!jac_monomial_times(w->m, &w->scalar, number, power))
    w->failed = true;
}

/* What a sign or a number, which becomes the network's, stands before; NULL: none does.
 */
static term_t unweighed(struct network *w, term_t t) {
  if (is_op(t, JAC_C_NEGATE)) {
    w->coefficient = -w->coefficient;
    return t->child[0];
  }
  if (t->kind != JAC_TERM_OP || jac_type_is_number(t->type))
    return NULL;
  if (jac_product_kind(t) == 's') {
    size_t scalar = jac_type_is_number(t->child[0]->type) ? 0 : 1;
    jac_network_weigh(w, t->child[scalar], 1);
    return t->child[1 - scalar];
  }
  if (t->construct == JAC_C_DIVIDE && jac_type_is_number(t->child[1]->type)) {
    jac_network_weigh(w, t->child[1], -1);
    return t->child[0];
  }
  return NULL;
}

void jac_node_flatten(struct network *w, struct node *n, term_t t, bool transposed) {
  if (!t) {
    w->failed = true;
    return;
  }
  if (is_op(t, JAC_C_TRANSPOSE)) {
    jac_node_flatten(w, n, t->child[0], !transposed);
    return;
  }
  term_t inside = unweighed(w, t);
  if (inside)
    jac_node_flatten(w, n, inside, transposed);
  else if (is_product(t)) {
    jac_node_flatten(w, n, t->child[transposed ? 1 : 0], transposed);
    jac_node_flatten(w, n, t->child[transposed ? 0 : 1], transposed);
  } else
    jac_node_push(w, n, transposed ? jac_closed_turn(w->m, t) : t);
}

/* The a of [a]_x; NULL: it is no such matrix. */
static term_t skewed(struct jac_make *m, term_t t) {
  if (t->kind != JAC_TERM_MATRIX || t->block_rows != 3 || t->block_cols != 3 ||
      !t->child[7] || t->child[7]->kind != JAC_TERM_ENTRY)
    return NULL;
  term_t a = t->child[7]->child[0], same = jac_make_skew(m, a);
  return same && jac_term_equal(t, same) ? a : NULL;
}

/* [a]_x v is a x v, and its transpose times v is v x a; NULL: it is none of them. */
static term_t crossed(struct jac_make *m, term_t t, term_t v) {
  bool turned = is_op(t, JAC_C_TRANSPOSE);
  term_t a = jac_dim_is_one(v->type.cols) ? skewed(m, turned ? t->child[0] : t) : NULL;
  return !a ? NULL : turned ? jac_make_cross(m, v, a) : jac_make_cross(m, a, v);
}

term_t jac_chain_product(struct jac_make *m, const term_t *chain, size_t count) {
  term_t last = count > 1 ? crossed(m, chain[count - 2], chain[count - 1]) : NULL;
  if (last) {
    term_t fewer[CHAIN];
    memcpy(fewer, chain, (count - 2) * sizeof *fewer);
    fewer[count - 2] = last;
    return jac_chain_product(m, fewer, count - 1);
  }
  term_t t = count ? chain[0] : NULL;
  for (size_t k = 1; k < count; k++)
    t = jac_make_times(m, t, chain[k]);
  return t;
}

void jac_node_reverse(struct network *w, struct node *n) {
  struct node out = {n->col, n->row, 0, {NULL}};
  for (size_t k = n->count; k-- > 0;)
    jac_node_push(w, &out, jac_closed_turn(w->m, n->chain[k]));
  *n = out;
}

term_t jac_node_plainer(struct network *w, const struct node *n) {
  struct node turned = *n;
  jac_node_reverse(w, &turned);
  term_t a = jac_chain_product(w->m, n->chain, n->count),
         b = jac_chain_product(w->m, turned.chain, turned.count);
  size_t in_a = 0, in_b = 0;
  if (!a || !b)
    return a;
  jac_term_walk(a, count_transpose, &in_a);
  jac_term_walk(b, count_transpose, &in_b);
  return in_b < in_a ? b : a;
}

void jac_network_remove(struct network *w, size_t k) {
  memmove(&w->node[k], &w->node[k + 1], (--w->count - k) * sizeof *w->node);
}
