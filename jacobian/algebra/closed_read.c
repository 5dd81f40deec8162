/* What is left of a network on its free indices. */
#include "jacobian/algebra/closed_internal.h"

/* Takes the node with exactly these indices out, turned to row, col. */
static bool take(struct network *w, index_t row, index_t col, struct node *out) {
  for (size_t k = 0; k < w->count; k++) {
    struct node *n = &w->node[k];
    bool same = n->row == row && n->col == col;
    bool turned = col && n->row == col && n->col == row;
    if (!same && !turned)
      continue;
    *out = *n;
    if (!same)
      jac_node_reverse(w, out);
    jac_network_remove(w, k);
    return true;
  }
  return false;
}

static term_t ones(struct network *w, struct jac_dim *range) {
  return jac_make_sized(w->m, JAC_TERM_ONES, range, w->m->dims->one);
}

void jac_network_read_matrix(struct network *w, index_t row, index_t col,
                             struct node *out) {
  struct node matrix, v, u;
  *out = (struct node){row, col, 0, {NULL}};
  bool has_v = take(w, row, NULL, &v);
  if (!col) {
    if (has_v)
      *out = v;
    else
      jac_node_push(w, out, ones(w, row->range));
    return;
  }
  bool has_u = take(w, col, NULL, &u);
  bool has = take(w, row, col, &matrix);
  if (has && is_eye(&matrix) && (has_v || has_u)) {
    term_t on = has_v ? jac_chain_product(w->m, v.chain, v.count)
                      : jac_chain_product(w->m, u.chain, u.count);
    if (has_v && has_u)
      on = jac_make_hadamard(w->m, on, jac_chain_product(w->m, u.chain, u.count));
    jac_node_push(w, out, jac_make_diag(w->m, on));
    return;
  }
  if (has) {
    if (has_v)
      jac_node_push(w, out,
                    jac_make_diag(w->m, jac_chain_product(w->m, v.chain, v.count)));
    for (size_t k = 0; k < matrix.count; k++)
      jac_node_push(w, out, matrix.chain[k]);
    if (has_u)
      jac_node_push(w, out,
                    jac_make_diag(w->m, jac_chain_product(w->m, u.chain, u.count)));
    return;
  }
  if (has_v)
    for (size_t k = 0; k < v.count; k++)
      jac_node_push(w, out, v.chain[k]);
  else
    jac_node_push(w, out, ones(w, row->range));
  if (has_u) {
    jac_node_reverse(w, &u);
    for (size_t k = 0; k < u.count; k++)
      jac_node_push(w, out, u.chain[k]);
  } else
    jac_node_push(w, out, jac_make_transpose(w->m, ones(w, col->range)));
}

static bool touches_node(const struct node *n, index_t a, index_t b) {
  return (n->row == a && n->col == b) || (n->row == b && n->col == a);
}

static bool touches(const struct network *w, index_t a, index_t b) {
  for (size_t k = 0; k < w->count; k++)
    if (touches_node(&w->node[k], a, b))
      return true;
  return false;
}

/* The diagonal matrix of the entries of a node, column by column. */
static term_t spread(struct network *w, const struct node *n) {
  return jac_make_diag(w->m,
                       jac_make_vec(w->m, jac_chain_product(w->m, n->chain, n->count)));
}

/* What is left of them: one product of Kronecker. */
static void read_factors(struct network *w, index_t i, index_t j, index_t a, index_t b,
                         struct node *inner, struct node *outer) {
  if (j && b) {
    jac_network_read_matrix(w, i, a, inner);
    jac_network_read_matrix(w, j, b, outer);
    return;
  }
  bool second = b ? touches(w, i, b) : touches(w, j, a);
  struct node *both = second ? outer : inner, *alone = second ? inner : outer;
  if (b) { /* a vector by a matrix */
    jac_network_read_matrix(w, i, second ? b : a, both);
    jac_network_read_matrix(w, second ? a : b, NULL, alone);
    jac_node_reverse(w, alone);
  } else { /* a matrix by a vector */
    jac_network_read_matrix(w, second ? j : i, a, both);
    jac_network_read_matrix(w, second ? i : j, NULL, alone);
  }
}

/* Where j is b, what has the indices a, j has a, b: it goes across no more. */
static void route(struct network *w, index_t j, index_t b, index_t a) {
  bool same = false;
  for (size_t k = 0; k < w->count; k++)
    same = same || (is_eye(&w->node[k]) && touches_node(&w->node[k], j, b));
  for (size_t k = 0; k < w->count && same; k++) {
    struct node *n = &w->node[k];
    if (touches_node(n, j, a))
      *(n->row == j ? &n->row : &n->col) = b;
  }
}

/* An index of the variable that two of the output's share, or the other way round, Y =
 * A diag(x) B, y = diag(X): the columns of one times those of the other, kept together
 * (Khatri and Rao). The same as a product entry by entry, each with what the other lacks
 * beside it. */
static bool read_shared(struct network *w, index_t i, index_t j, index_t a, index_t b,
                        struct node *out) {
  struct node one, other;
  struct jac_make *m = w->m;
  if (b && !j && touches(w, i, a) && touches(w, i, b)) {
    jac_network_read_matrix(w, i, a, &one);
    jac_network_read_matrix(w, i, b, &other);
  } else if (j && !b && touches(w, i, a) && touches(w, j, a)) {
    jac_network_read_matrix(w, i, a, &one);
    jac_network_read_matrix(w, j, a, &other);
  } else
    return false;
  term_t inner = jac_chain_product(m, one.chain, one.count),
         outer = jac_chain_product(m, other.chain, other.count);
  bool row = b != NULL;
  term_t beside = ones(w, row ? b->range : j->range),
         along = ones(w, row ? a->range : i->range);
  if (row) {
    beside = jac_make_transpose(m, beside);
    along = jac_make_transpose(m, along);
  }
  jac_node_push(w, out,
                jac_make_hadamard(m, jac_make_kron(m, outer, along),
                                  jac_make_kron(m, beside, inner)));
  return true;
}

void jac_network_read_kron(struct network *w, index_t i, index_t j, index_t a, index_t b,
                           struct node *out) {
  struct node left, right, inner, outer;
  *out = (struct node){i, a, 0, {NULL}};
  if (i && j && a && b) {
    route(w, j, b, a);
    route(w, i, a, b);
  }
  /* Outputs and variables change places: read for the variable's transpose, behind that
     the commutation matrix. */
  bool crosses = i && j && a && b && (touches(w, i, b) || touches(w, j, a));
  if (crosses) {
    if (touches(w, i, a) || touches(w, j, b)) {
      w->failed = true;
      return;
    }
    index_t other = a;
    a = b;
    b = other;
  }
  if (!j && b) { /* y = (A . X) x: where i is a, A has the variable's indices */
    route(w, i, a, b);
    route(w, i, b, a);
  }
  if (j && !b) {
    route(w, a, i, j);
    route(w, a, j, i);
  }
  if (read_shared(w, i, j, a, b, out))
    return;
  bool above = i && j && take(w, i, j, &left), beside = a && b && take(w, a, b, &right);
  bool across = touches(w, i, a) || (b && touches(w, i, b)) || (j && touches(w, j, a)) ||
                (j && b && touches(w, j, b));
  if ((above || beside) && !across) {
    if (!above)
      jac_network_read_matrix(w, i, j, &left);
    if (!beside)
      jac_network_read_matrix(w, a, b, &right);
    jac_node_push(w, out,
                  jac_make_vec(w->m, jac_chain_product(w->m, left.chain, left.count)));
    jac_node_push(
        w, out,
        jac_make_transpose(
            w->m, jac_make_vec(w->m, jac_chain_product(w->m, right.chain, right.count))));
    return;
  }
  read_factors(w, i, j, a, b, &inner, &outer);
  if (above)
    jac_node_push(w, out, spread(w, &left));
  if ((!above && !beside) || !is_eye(&inner) || !is_eye(&outer))
    jac_node_push(w, out,
                  jac_make_kron(w->m, jac_chain_product(w->m, outer.chain, outer.count),
                                jac_chain_product(w->m, inner.chain, inner.count)));
  if (crosses)
    jac_node_push(w, out, jac_make_commutation(w->m, b->range, a->range));
  if (beside) {
    if (crosses)
      jac_node_reverse(w, &right);
    jac_node_push(w, out, spread(w, &right));
  }
}
