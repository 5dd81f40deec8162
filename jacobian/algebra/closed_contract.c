/* A monomial contracted: one index after the other. */
#include "jacobian/algebra/closed_internal.h"

#include <string.h>

static size_t degree(const struct network *w, index_t k, size_t at[3]) {
  size_t count = 0;
  for (size_t n = 0; n < w->count; n++)
    if (w->node[n].row == k || w->node[n].col == k) {
      if (count < 3)
        at[count] = n;
      count++;
    }
  return count;
}

/* Long: what their indices may be. Whether two factors have the same indices: they are
 * multiplied entry by entry. Two columns that are summed over and nothing else has the
 * index of are a scalar product. */
static bool alike(const struct network *w, const struct node *x, const struct node *y,
                  const index_t *bound, size_t nbound) {
  bool same = x->row == y->row && x->col == y->col;
  bool turned = x->col && x->row == y->col && x->col == y->row;
  if ((!same && !turned) || is_eye(x) || is_eye(y) || x->row == x->col)
    return false;
  size_t at[3];
  if (turned ||
      (same && x->col &&
       (x->count > 1 ||
        y->count > 1))) { /* a[k,l] b[l,k], summed over both, is the trace of a product */
    size_t alone = 0;
    for (size_t k = 0; k < nbound; k++)
      alone += (bound[k] == x->row || bound[k] == x->col) && degree(w, bound[k], at) == 2;
    if (alone == 2)
      return false;
  }
  for (size_t k = 0; k < nbound; k++)
    if (!x->col && bound[k] == x->row && degree(w, x->row, at) == 2)
      return false;
  return true;
}

static bool merge(struct network *w, const index_t *bound, size_t nbound) {
  for (size_t a = 0; a < w->count; a++)
    for (size_t b = a + 1; b < w->count; b++) {
      struct node *x = &w->node[a], *y = &w->node[b];
      if (!alike(w, x, y, bound, nbound))
        continue;
      if (x->row != y->row)
        jac_node_reverse(w, y);
      term_t u = jac_chain_product(w->m, x->chain, x->count),
             v = jac_chain_product(w->m, y->chain, y->count),
             t = u && jac_term_equal(u, v) ? jac_make_power(w->m, u, 2)
                                           : jac_make_hadamard(w->m, u, v);
      x->count = 0;
      jac_node_push(w, x, t);
      jac_network_remove(w, b);
      return true;
    }
  return false;
}

static void drop_bound(index_t *bound, size_t *nbound, index_t k) {
  for (size_t n = 0; n < *nbound; n++)
    if (bound[n] == k) {
      memmove(&bound[n], &bound[n + 1], (--*nbound - n) * sizeof *bound);
      return;
    }
}

/* Nodes without indices are numbers; with one index twice, a trace or a diagonal. */
static bool settle(struct network *w, const index_t *free, size_t nfree, index_t *bound,
                   size_t *nbound) {
  for (size_t k = 0; k < w->count; k++) {
    struct node *n = &w->node[k];
    if (!n->row && !n->col) {
      jac_network_weigh(w, jac_node_plainer(w, n), 1);
      jac_network_remove(w, k);
      return true;
    }
    if (n->row != n->col)
      continue;
    size_t at[3];
    bool is_free = false;
    for (size_t j = 0; j < nfree; j++)
      is_free = is_free || free[j] == n->row;
    term_t whole = jac_chain_product(w->m, n->chain, n->count);
    if (!is_free && degree(w, n->row, at) == 1) {
      jac_network_weigh(w, jac_make_measure(w->m, JAC_C_TRACE, whole), 1);
      drop_bound(bound, nbound, n->row); /* the trace has summed over it */
      jac_network_remove(w, k);
    } else {
      n->col = NULL;
      n->count = 0;
      jac_node_push(w, n, is_free || whole ? jac_make_diagonal(w->m, whole) : NULL);
    }
    return true;
  }
  return false;
}

/* Joins a[., k] and b[k, .]: the product of matrices. */
static void join(struct network *w, size_t x, size_t y, index_t k) {
  struct node a = w->node[x], b = w->node[y];
  if (is_vector(&a) && !is_vector(&b)) {
    struct node other = a;
    a = b;
    b = other;
  }
  if (a.col != k)
    jac_node_reverse(w, &a); /* a column turns into a row */
  if (b.row != k)
    jac_node_reverse(w, &b);
  struct node out = {a.row, b.col, 0, {NULL}};
  for (size_t n = 0; n < a.count; n++)
    jac_node_push(w, &out, a.chain[n]);
  for (size_t n = 0; n < b.count; n++)
    jac_node_push(w, &out, b.chain[n]);
  if (!out.row && out.col)
    jac_node_reverse(w, &out);
  jac_network_remove(w, x > y ? x : y);
  w->node[x > y ? y : x] = out;
}

/* One bound index goes; which, by how plainly it reads. */
static bool contract(struct network *w, index_t *bound, size_t *nbound) {
  size_t best = *nbound, best_cost = 9, at[3], where[3] = {0}, best_degree = 0;
  for (size_t k = 0; k < *nbound; k++) {
    size_t n = degree(w, bound[k], at), vectors = 0, cost = 9;
    for (size_t j = 0; j < n && j < 3; j++)
      vectors += is_vector(&w->node[at[j]]);
    if (n == 0)
      cost = 0;
    else if (n == 2)
      cost = vectors ? 1 : 3;
    else if (n == 1)
      cost = 2;
    else if (n == 3 && vectors == 1)
      cost = 4;
    if (cost < best_cost) {
      best = k;
      best_cost = cost;
      best_degree = n;
      memcpy(where, at, sizeof where);
    }
  }
  if (best == *nbound) {
    w->failed = true;
    return false;
  }
  index_t k = bound[best];
  if (best_degree == 0) {
    jac_network_weigh(w, jac_make_size(w->m, k->range), 1);
  } else if (best_degree == 1) {
    struct node *n = &w->node[where[0]];
    index_t other = n->row == k ? n->col : n->row;
    bool all = false; /* of a product entry by entry all entries are added up */
    for (size_t j = 0; j < *nbound; j++)
      all = all || (bound[j] == other && degree(w, other, at) == 1 && n->count == 1 &&
                    is_op(n->chain[0], JAC_C_HADAMARD));
    if (all) {
      jac_network_weigh(w, jac_make_measure(w->m, JAC_C_TOTAL, n->chain[0]), 1);
      jac_network_remove(w, where[0]);
      drop_bound(bound, nbound, other);
      drop_bound(bound, nbound, k);
      return true;
    }
    if (is_vector(n)) {
      jac_network_weigh(w,
                        jac_make_measure(w->m, JAC_C_TOTAL,
                                         jac_chain_product(w->m, n->chain, n->count)),
                        1);
      jac_network_remove(w, where[0]);
    } else {
      if (n->row == k)
        jac_node_reverse(w, n);
      jac_node_push(w, n, jac_make_sized(w->m, JAC_TERM_ONES, k->range, w->m->dims->one));
      n->col = NULL;
    }
  } else if (best_degree == 2)
    join(w, where[0], where[1], k);
  else {
    /* A diagonal between two matrices. */
    size_t v = 0;
    while (!is_vector(&w->node[where[v]]))
      v++;
    size_t left = where[v == 0 ? 1 : 0];
    term_t diagonal = jac_make_diag(
        w->m, jac_chain_product(w->m, w->node[where[v]].chain, w->node[where[v]].count));
    struct node *n = &w->node[left];
    if (n->col != k)
      jac_node_reverse(w, n);
    jac_node_push(w, n, diagonal);
    jac_network_remove(w, where[v]);
    return true; /* the index is still there, with two */
  }
  memmove(&bound[best], &bound[best + 1], (--*nbound - best) * sizeof *bound);
  return true;
}

bool jac_closed_contract(struct jac_make *m, const mono *p, const index_t free[4],
                         const index_t *fixed, size_t nfixed, struct part *part) {
  struct network *w = jac_pool_take(m->pool, sizeof *w);
  index_t bound[JAC_OVERS];
  size_t nbound = p->overs;
  if (!w)
    return false;
  w->m = m;
  w->fixed = fixed;
  w->nfixed = nfixed;
  w->coefficient = p->coefficient;
  w->scalar.coefficient = 1;
  for (size_t k = 0; k < p->overs; k++) {
    if (p->over[k].first || p->over[k].last || p->over[k].condition)
      return false;
    bound[k] = p->over[k].index;
  }
  for (size_t k = 0; k < p->factors && !w->failed; k++)
    jac_network_add(w, &p->factor[k]);
  while (!w->failed) {
    if (settle(w, free, 4, bound, &nbound) || merge(w, bound, nbound))
      continue;
    if (!nbound || !contract(w, bound, &nbound))
      break;
  }
  if (w->failed)
    return false;
  index_t out[4];
  size_t count = 0;
  for (size_t k = 0; k < 4; k++)
    if (free[k])
      out[count++] = free[k];
  struct node result = {.count = 0};
  if (count == 0)
    jac_node_push(w, &result, jac_make_number(m, 1));
  else if (count <= 2)
    jac_network_read_matrix(w, out[0], count == 2 ? out[1] : NULL, &result);
  else {
    index_t i = free[0], j = free[1], a = free[2], b = free[3];
    if (!i) /* a row is a column here */
      i = j, j = NULL;
    if (!a)
      a = b, b = NULL;
    jac_network_read_kron(w, i, j, a, b, &result);
  }
  if (w->failed || w->count)
    return false;
  part->coefficient = w->coefficient * w->scalar.coefficient;
  part->scalar = w->scalar;
  part->scalar.coefficient = 1;
  part->count = result.count;
  memcpy(part->chain, result.chain, sizeof part->chain);
  return true;
}
