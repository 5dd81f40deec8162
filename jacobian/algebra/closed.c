#include "jacobian/algebra/closed.h"

#include "jacobian/algebra/product.h"

#include <math.h>
#include <string.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;
typedef const struct jac_index *index_t;

enum { CHAIN = 16, NODES = 40, PARTS = 40 };

/* A product of matrices with an index on each side; NULL: that side is 1. */
struct node {
  index_t row, col;
  size_t count;
  term_t chain[CHAIN];
};

/* A monomial being contracted. */
struct network {
  struct jac_make *m;
  double coefficient;
  struct node node[NODES];
  size_t count;
  mono scalar;          /* its factors are those without an index */
  const index_t *fixed; /* these are no indices here */
  size_t nfixed;
  bool failed;
};

/* A summand of the closed form. */
struct part {
  double coefficient;
  mono scalar;
  size_t count;
  term_t chain[CHAIN];
};

static bool is_product(term_t t) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, "(r,k)(k,c)->(r,c)") == 0;
}

static bool is_op(term_t t, enum jac_construct_id id) {
  return t->kind == JAC_TERM_OP && t->construct == id;
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

static void push(struct network *w, struct node *n, term_t t) {
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

/* The transpose; what is symmetric as it is written, X' X - I, is its own. It is moved
 * inwards where that takes some away. */
static term_t turn(struct jac_make *m, term_t t) {
  term_t turned = jac_make_turned(m, t), around = jac_make_transpose(m, t);
  size_t inside = 0, outside = 0;
  if (!turned || !around || jac_term_equal(turned, t))
    return turned ? t : NULL;
  jac_term_walk(turned, count_transpose, &inside);
  jac_term_walk(around, count_transpose, &outside);
  return inside < outside ? turned : around;
}

/* A number before the product of all, or below it. */
static void weigh(struct network *w, term_t number, double power) {
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
    weigh(w, t->child[scalar], 1);
    return t->child[1 - scalar];
  }
  if (t->construct == JAC_C_DIVIDE && jac_type_is_number(t->child[1]->type)) {
    weigh(w, t->child[1], -1);
    return t->child[0];
  }
  return NULL;
}

/* A matrix's factors, signs and numbers apart. */
static void flatten(struct network *w, struct node *n, term_t t, bool transposed) {
  if (!t) {
    w->failed = true;
    return;
  }
  if (is_op(t, JAC_C_TRANSPOSE)) {
    flatten(w, n, t->child[0], !transposed);
    return;
  }
  term_t inside = unweighed(w, t);
  if (inside)
    flatten(w, n, inside, transposed);
  else if (is_product(t)) {
    flatten(w, n, t->child[transposed ? 1 : 0], transposed);
    flatten(w, n, t->child[transposed ? 0 : 1], transposed);
  } else
    push(w, n, transposed ? turn(w->m, t) : t);
}

static term_t product(struct jac_make *m, const term_t *chain, size_t count) {
  term_t t = count ? chain[0] : NULL;
  for (size_t k = 1; k < count; k++)
    t = jac_make_times(m, t, chain[k]);
  return t;
}

static void reverse(struct network *w, struct node *n) {
  struct node out = {n->col, n->row, 0, {NULL}};
  for (size_t k = n->count; k-- > 0;)
    push(w, &out, turn(w->m, n->chain[k]));
  *n = out;
}

/* The product of a chain that is a number: the way round with fewer transposes. */
static term_t plainer(struct network *w, const struct node *n) {
  struct node turned = *n;
  reverse(w, &turned);
  term_t a = product(w->m, n->chain, n->count),
         b = product(w->m, turned.chain, turned.count);
  size_t in_a = 0, in_b = 0;
  if (!a || !b)
    return a;
  jac_term_walk(a, count_transpose, &in_a);
  jac_term_walk(b, count_transpose, &in_b);
  return in_b < in_a ? b : a;
}

term_t jac_lift(struct jac_make *m, term_t t, index_t row, index_t col) {
  bool r = row && jac_term_has_index(t, row), c = col && jac_term_has_index(t, col);
  if (!r && !c)
    return t;
  if (t->kind == JAC_TERM_ENTRY) {
    term_t base = t->child[0], i = t->child[1], j = t->child[2];
    if ((row && jac_term_has_index(base, row)) || (col && jac_term_has_index(base, col)))
      return NULL;
    bool places = (!i || i->kind == JAC_TERM_INDEX || i->kind == JAC_TERM_NUMBER) &&
                  (!j || j->kind == JAC_TERM_INDEX || j->kind == JAC_TERM_NUMBER);
    if (!places)
      return NULL;
    if (i && j && i->kind == JAC_TERM_INDEX && i->index == j->index)
      base = jac_make_diagonal(m, base);
    else if (i && j && !(r && c)) /* a row or a column of it: the other place is fixed */
      base = r && i->kind == JAC_TERM_INDEX && i->index == row
                 ? jac_make_slice(m, base, NULL, j)
                 : jac_make_transpose(m, jac_make_slice(m, base, i, NULL));
    else if (i && j)
      return r && c ? (i->index == row ? base : jac_make_transpose(m, base)) : NULL;
    else if (!i)
      base = jac_make_transpose(m, base);
    if (!col)
      return base;
    /* A vector among matrices: the same in every row or column. */
    if (r)
      return jac_make_times(m, base,
                            jac_make_sized(m, JAC_TERM_ONES, m->dims->one, col->range));
    return jac_make_times(m, jac_make_sized(m, JAC_TERM_ONES, row->range, m->dims->one),
                          jac_make_transpose(m, base));
  }
  if (t->kind == JAC_TERM_COMPARE) {
    term_t a = jac_lift(m, t->child[0], row, col), b = jac_lift(m, t->child[1], row, col);
    if (t->child[0]->kind == JAC_TERM_INDEX || t->child[1]->kind == JAC_TERM_INDEX)
      return NULL;
    return a && b ? jac_make_compare(m, t->construct, a, b) : NULL;
  }
  if (t->kind != JAC_TERM_OP)
    return NULL;
  term_t a = jac_lift(m, t->child[0], row, col);
  term_t b = t->count == 2 ? jac_lift(m, t->child[1], row, col) : NULL;
  if (!a || (t->count == 2 && !b))
    return NULL;
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE)
    return jac_make_each(m, t->construct, a);
  switch (t->construct) {
  case JAC_C_ADD:
    return jac_make_add(m, a, b);
  case JAC_C_SUBTRACT:
    return jac_make_subtract(m, a, b);
  case JAC_C_NEGATE:
    return jac_make_negate(m, a);
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_HADAMARD:
    return jac_make_hadamard(m, a, b);
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE:
    return jac_make_divide(m, a, b);
  case JAC_C_POWER:
  case JAC_C_DOTPOWER:
    return b->kind == JAC_TERM_NUMBER ? jac_make_power(m, a, b->number)
           : jac_type_is_number(b->type) && !jac_type_is_number(a->type)
               ? jac_make_raised(m, a, b)
               : NULL;
  default:
    return NULL;
  }
}

static void indices_in(term_t t, index_t *found, size_t *count);

/* Whether nothing but what it binds is an index there: it is a number. */
static bool binds_all(term_t t) {
  index_t inside[4] = {NULL};
  size_t n = 0, own = 0;
  for (size_t k = 0; k < t->count; k++)
    if (t->child[k])
      indices_in(t->child[k], inside, &n);
  for (size_t k = 0; k < n && n < 4; k++)
    own += inside[k] == t->index || inside[k] == t->index2;
  return own == n;
}

static void note_index(index_t index, index_t *found, size_t *count) {
  for (size_t k = 0; k < *count; k++)
    if (found[k] == index)
      return;
  found[(*count)++] = index;
}

/* The indices of a term, each once; four: it has no matrix's. */
static void indices_in(term_t t, index_t *found, size_t *count) {
  if (*count == 4)
    return;
  if (t->kind == JAC_TERM_INDEX)
    note_index(t->index, found, count);
  else if (t->kind == JAC_TERM_BIG || t->kind == JAC_TERM_BUILD)
    *count = binds_all(t) ? *count : 4;
  else
    for (size_t k = 0; k < t->count; k++)
      if (t->child[k])
        indices_in(t->child[k], found, count);
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

/* A sum over an index that nothing else has, in matrices where it has such a form. */
static term_t number_of(struct jac_make *m, term_t t);

static void add_factor(struct network *w, const struct jac_factor *f) {
  index_t legs[4] = {NULL};
  size_t count = 0;
  term_t base = f->base;
  struct node n = {.count = 0};
  indices_in(base, legs, &count);
  drop_fixed(w, legs, &count);
  if (count == 0) {
    weigh(w, number_of(w->m, base), f->power);
    return;
  }
  if (count > 2) {
    w->failed = true;
    return;
  }
  n.row = legs[0];
  n.col = legs[1];
  bool delta = base->kind == JAC_TERM_COMPARE && base->construct == JAC_C_EQUAL &&
               base->child[0]->kind == JAC_TERM_INDEX &&
               base->child[1]->kind == JAC_TERM_INDEX;
  if (delta && count == 1) { /* a unit vector */
    term_t eye = jac_make_sized(w->m, JAC_TERM_EYE, legs[0]->range, legs[0]->range);
    push(w, &n,
         jac_make_slice(w->m, eye, NULL,
                        base->child[base->child[0]->index == legs[0] ? 1 : 0]));
    add_node(w, &n);
    return;
  }
  if (delta) {
    push(w, &n, jac_make_sized(w->m, JAC_TERM_EYE, legs[0]->range, legs[0]->range));
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
    flatten(w, &n, base->child[0], false);
    add_node(w, &n);
    return;
  }
  term_t t = jac_lift(w->m, base, n.row, n.col);
  if (!t || jac_type_is_number(t->type)) {
    w->failed = true;
    return;
  }
  if (f->power == 1)
    flatten(w, &n, t, false);
  else
    push(w, &n, jac_make_power(w->m, t, f->power));
  add_node(w, &n);
}

static void remove_node(struct network *w, size_t k) {
  memmove(&w->node[k], &w->node[k + 1], (--w->count - k) * sizeof *w->node);
}

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

static bool is_vector(const struct node *n) {
  return !n->col;
}

static bool is_eye(const struct node *n) {
  return n->count == 1 && n->chain[0]->kind == JAC_TERM_EYE;
}

/* Whether two factors have the same indices: they are multiplied entry by entry. Two
 * columns that are summed over and nothing else has the index of are a scalar product. */
static bool alike(const struct network *w, const struct node *x, const struct node *y,
                  const index_t *bound, size_t nbound) {
  bool same = x->row == y->row && x->col == y->col;
  bool turned = x->col && x->row == y->col && x->col == y->row;
  if ((!same && !turned) || is_eye(x) || is_eye(y) || x->row == x->col)
    return false;
  size_t at[3];
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
        reverse(w, y);
      term_t t = jac_make_hadamard(w->m, product(w->m, x->chain, x->count),
                                   product(w->m, y->chain, y->count));
      x->count = 0;
      push(w, x, t);
      remove_node(w, b);
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
      weigh(w, plainer(w, n), 1);
      remove_node(w, k);
      return true;
    }
    if (n->row != n->col)
      continue;
    size_t at[3];
    bool is_free = false;
    for (size_t j = 0; j < nfree; j++)
      is_free = is_free || free[j] == n->row;
    term_t whole = product(w->m, n->chain, n->count);
    if (!is_free && degree(w, n->row, at) == 1) {
      weigh(w, jac_make_measure(w->m, JAC_C_TRACE, whole), 1);
      drop_bound(bound, nbound, n->row); /* the trace has summed over it */
      remove_node(w, k);
    } else {
      n->col = NULL;
      n->count = 0;
      push(w, n, is_free || whole ? jac_make_diagonal(w->m, whole) : NULL);
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
    reverse(w, &a); /* a column turns into a row */
  if (b.row != k)
    reverse(w, &b);
  struct node out = {a.row, b.col, 0, {NULL}};
  for (size_t n = 0; n < a.count; n++)
    push(w, &out, a.chain[n]);
  for (size_t n = 0; n < b.count; n++)
    push(w, &out, b.chain[n]);
  if (!out.row && out.col)
    reverse(w, &out);
  remove_node(w, x > y ? x : y);
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
    weigh(w, jac_make_size(w->m, k->range), 1);
  } else if (best_degree == 1) {
    struct node *n = &w->node[where[0]];
    if (is_vector(n)) {
      weigh(w, jac_make_measure(w->m, JAC_C_TOTAL, product(w->m, n->chain, n->count)), 1);
      remove_node(w, where[0]);
    } else {
      if (n->row == k)
        reverse(w, n);
      push(w, n, jac_make_sized(w->m, JAC_TERM_ONES, k->range, w->m->dims->one));
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
        w->m, product(w->m, w->node[where[v]].chain, w->node[where[v]].count));
    struct node *n = &w->node[left];
    if (n->col != k)
      reverse(w, n);
    push(w, n, diagonal);
    remove_node(w, where[v]);
    return true; /* the index is still there, with two */
  }
  memmove(&bound[best], &bound[best + 1], (--*nbound - best) * sizeof *bound);
  return true;
}

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
      reverse(w, out);
    remove_node(w, k);
    return true;
  }
  return false;
}

static term_t ones(struct network *w, struct jac_dim *range) {
  return jac_make_sized(w->m, JAC_TERM_ONES, range, w->m->dims->one);
}

/* The column or matrix that is left on free indices (row, col; NULL: a column). */
static void read_matrix(struct network *w, index_t row, index_t col, struct node *out) {
  struct node matrix, v, u;
  *out = (struct node){row, col, 0, {NULL}};
  bool has_v = take(w, row, NULL, &v);
  if (!col) {
    if (has_v)
      *out = v;
    else
      push(w, out, ones(w, row->range));
    return;
  }
  bool has_u = take(w, col, NULL, &u);
  bool has = take(w, row, col, &matrix);
  if (has && is_eye(&matrix) && (has_v || has_u)) {
    term_t on = has_v ? product(w->m, v.chain, v.count) : product(w->m, u.chain, u.count);
    if (has_v && has_u)
      on = jac_make_hadamard(w->m, on, product(w->m, u.chain, u.count));
    push(w, out, jac_make_diag(w->m, on));
    return;
  }
  if (has) {
    if (has_v)
      push(w, out, jac_make_diag(w->m, product(w->m, v.chain, v.count)));
    for (size_t k = 0; k < matrix.count; k++)
      push(w, out, matrix.chain[k]);
    if (has_u)
      push(w, out, jac_make_diag(w->m, product(w->m, u.chain, u.count)));
    return;
  }
  if (has_v)
    for (size_t k = 0; k < v.count; k++)
      push(w, out, v.chain[k]);
  else
    push(w, out, ones(w, row->range));
  if (has_u) {
    reverse(w, &u);
    for (size_t k = 0; k < u.count; k++)
      push(w, out, u.chain[k]);
  } else
    push(w, out, jac_make_transpose(w->m, ones(w, col->range)));
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
  return jac_make_diag(w->m, jac_make_vec(w->m, product(w->m, n->chain, n->count)));
}

/* What is left of them: one product of Kronecker. */
static void read_factors(struct network *w, index_t i, index_t j, index_t a, index_t b,
                         struct node *inner, struct node *outer) {
  if (j && b) {
    read_matrix(w, i, a, inner);
    read_matrix(w, j, b, outer);
    return;
  }
  bool second = b ? touches(w, i, b) : touches(w, j, a);
  struct node *both = second ? outer : inner, *alone = second ? inner : outer;
  if (b) { /* a vector by a matrix */
    read_matrix(w, i, second ? b : a, both);
    read_matrix(w, second ? a : b, NULL, alone);
    reverse(w, alone);
  } else { /* a matrix by a vector */
    read_matrix(w, second ? j : i, a, both);
    read_matrix(w, second ? i : j, NULL, alone);
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

/* Outputs i, j by variables a, b, matrices numbered column by column: a product of
 * Kronecker, between diagonals of what has both indices of a side; where nothing goes
 * across, a column times a row. */
static void read_kron(struct network *w, index_t i, index_t j, index_t a, index_t b,
                      struct node *out) {
  struct node left, right, inner, outer;
  *out = (struct node){i, a, 0, {NULL}};
  if (i && j && a && b) {
    route(w, j, b, a);
    route(w, i, a, b);
  }
  if (i && j && a && b && (touches(w, i, b) || touches(w, j, a))) {
    w->failed = true; /* outputs and variables change places */
    return;
  }
  bool above = i && j && take(w, i, j, &left), beside = a && b && take(w, a, b, &right);
  bool across = touches(w, i, a) || (b && touches(w, i, b)) || (j && touches(w, j, a)) ||
                (j && b && touches(w, j, b));
  if ((above || beside) && !across) {
    if (!above)
      read_matrix(w, i, j, &left);
    if (!beside)
      read_matrix(w, a, b, &right);
    push(w, out, jac_make_vec(w->m, product(w->m, left.chain, left.count)));
    push(w, out,
         jac_make_transpose(w->m,
                            jac_make_vec(w->m, product(w->m, right.chain, right.count))));
    return;
  }
  read_factors(w, i, j, a, b, &inner, &outer);
  if (above)
    push(w, out, spread(w, &left));
  if ((!above && !beside) || !is_eye(&inner) || !is_eye(&outer))
    push(w, out,
         jac_make_kron(w->m, product(w->m, outer.chain, outer.count),
                       product(w->m, inner.chain, inner.count)));
  if (beside)
    push(w, out, spread(w, &right));
}

static bool contract_all(struct jac_make *m, const mono *p, const index_t free[4],
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
    add_factor(w, &p->factor[k]);
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
    push(w, &result, jac_make_number(m, 1));
  else if (count <= 2)
    read_matrix(w, out[0], count == 2 ? out[1] : NULL, &result);
  else {
    index_t i = free[0], j = free[1], a = free[2], b = free[3];
    if (!i) /* a row is a column here */
      i = j, j = NULL;
    if (!a)
      a = b, b = NULL;
    read_kron(w, i, j, a, b, &result);
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

static bool same_scalar(const struct part *a, const struct part *b) {
  if (a->scalar.factors != b->scalar.factors)
    return false;
  for (size_t k = 0; k < a->scalar.factors; k++) {
    bool found = false;
    for (size_t j = 0; j < b->scalar.factors; j++)
      found =
          found || (a->scalar.factor[k].power == b->scalar.factor[j].power &&
                    jac_term_equal(a->scalar.factor[k].base, b->scalar.factor[j].base));
    if (!found)
      return false;
  }
  return true;
}

static size_t common(const struct part *a, const struct part *b, bool end) {
  size_t n = 0;
  while (n < a->count && n < b->count &&
         jac_term_equal(a->chain[end ? a->count - 1 - n : n],
                        b->chain[end ? b->count - 1 - n : n]))
    n++;
  return n;
}

/* What is left of a chain without its first and last factors: I where nothing is. */
static term_t rest(struct jac_make *m, const struct part *p, size_t first, size_t last) {
  if (p->count > first + last)
    return product(m, p->chain + first, p->count - first - last);
  struct jac_dim *size =
      last ? p->chain[p->count - last]->type.rows : p->chain[first - 1]->type.cols;
  return jac_make_sized(m, JAC_TERM_EYE, size, size);
}

static term_t scaled(struct jac_make *m, double c, term_t t) {
  return c == 1 ? t : jac_make_times(m, jac_make_number(m, c), t);
}

static bool is_diag(term_t t) {
  return is_op(t, JAC_C_DIAG) && !jac_dim_is_one(t->type.cols);
}

/* The two added, numbers before them: c times (p + q), p - q or q - p. */
static term_t added(struct jac_make *m, double cx, term_t p, double cy, term_t q,
                    double *c) {
  *c = fabs(cx) == fabs(cy) ? fabs(cx) : 1;
  if (is_diag(p) && is_diag(q)) { /* diag(u) + diag(v) is diag(u + v) */
    term_t u = p->child[0], v = q->child[0];
    bool across = jac_dim_is_one(u->type.rows), aside = jac_dim_is_one(v->type.rows);
    return jac_make_diag(m, added(m, cx, u, cy, across == aside ? v : turn(m, v), c));
  }
  cx /= *c;
  cy /= *c;
  if (cx < 0 && cy < 0) {
    *c = -*c;
    cx = -cx;
    cy = -cy;
  }
  return cx < 0   ? jac_make_subtract(m, scaled(m, cy, q), scaled(m, -cx, p))
         : cy < 0 ? jac_make_subtract(m, scaled(m, cx, p), scaled(m, -cy, q))
                  : jac_make_add(m, scaled(m, cx, p), scaled(m, cy, q));
}

static bool is_kron(term_t t) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, "(p,q)(r,s)->(p*r,q*s)") == 0;
}

/* I (x) A + I (x) B is I (x) (A + B). */
static bool gather_kron(struct jac_make *m, struct part *x, const struct part *y) {
  if (x->count != 1 || y->count != 1 || !is_kron(x->chain[0]) || !is_kron(y->chain[0]))
    return false;
  const term_t *a = x->chain[0]->child, *b = y->chain[0]->child;
  bool left = jac_term_equal(a[0], b[0]);
  if (!left && !jac_term_equal(a[1], b[1]))
    return false;
  double c;
  term_t s =
      added(m, x->coefficient, a[left ? 1 : 0], y->coefficient, b[left ? 1 : 0], &c);
  term_t whole = left ? jac_make_kron(m, a[0], s) : jac_make_kron(m, s, a[1]);
  if (!whole)
    return false;
  x->coefficient = c;
  x->chain[0] = whole;
  return true;
}

/* Two diagonal matrices are one. */
static bool gather_diag(struct jac_make *m, struct part *x, const struct part *y) {
  if (x->count != 1 || y->count != 1 || !is_diag(x->chain[0]) || !is_diag(y->chain[0]))
    return false;
  double c;
  term_t both = added(m, x->coefficient, x->chain[0], y->coefficient, y->chain[0], &c);
  if (!both)
    return false;
  x->coefficient = c;
  x->chain[0] = both;
  return true;
}

/* A x + B x is (A + B) x, into x: what they begin and end with is taken out. A number
 * alone is no matrix to be left. */
static bool take_out(struct jac_make *m, struct part *x, const struct part *y,
                     size_t first, size_t last) {
  term_t p = rest(m, x, first, last), q = rest(m, y, first, last);
  struct part out = {.scalar = x->scalar};
  if (!p || !q || jac_type_is_number(p->type) ||
      (x->count == first + last && jac_dim_is_one(p->type.rows)))
    return false;
  term_t s = added(m, x->coefficient, p, y->coefficient, q, &out.coefficient);
  if (!s)
    return false;
  for (size_t k = 0; k < first; k++)
    out.chain[out.count++] = x->chain[k];
  out.chain[out.count++] = s;
  for (size_t k = 0; k < last; k++)
    out.chain[out.count++] = x->chain[x->count - last + k];
  *x = out;
  return true;
}

static size_t least(size_t a, size_t b, size_t c) {
  size_t n = a < b ? a : b;
  return n < c ? n : c;
}

/* The longer of what they end and begin with, and of the other end what is left. */
static bool gather_ends(struct jac_make *m, struct part *x, const struct part *y) {
  size_t last = common(x, y, true), first = common(x, y, false);
  if (last == x->count && last == y->count) {
    x->coefficient += y->coefficient;
    return true;
  }
  bool end = last >= first;
  size_t most = end ? last : first;
  size_t other = least(end ? first : last, x->count - most, y->count - most);
  return (other > 0 && take_out(m, x, y, end ? other : most, end ? most : other)) ||
         (most > 0 && take_out(m, x, y, end ? 0 : most, end ? most : 0));
}

/* Two summands become one. */
static bool gather(struct jac_make *m, struct part *part, size_t *count) {
  for (size_t a = 0; a < *count; a++)
    for (size_t b = a + 1; b < *count; b++) {
      struct part *x = &part[a], *y = &part[b];
      if (!same_scalar(x, y) ||
          (!gather_ends(m, x, y) && !gather_diag(m, x, y) && !gather_kron(m, x, y)))
        continue;
      memmove(y, y + 1, (--*count - b) * sizeof *part);
      return true;
    }
  return false;
}

/* A summand as a term: its numbers, then its matrices. */
static term_t part_term(struct jac_make *m, const struct part *p, double coefficient) {
  mono scalar = p->scalar;
  scalar.coefficient = 1;
  term_t above = NULL, below = NULL;
  double size = fabs(coefficient), under = 1;
  if (size < 1 && size > 0 && fabs(1 / size - round(1 / size)) < 1e-12) {
    under = round(1 / size);
    size = 1;
  }
  if (size != 1)
    above = jac_make_number(m, size);
  if (under != 1)
    below = jac_make_number(m, under);
  for (size_t k = 0; k < scalar.factors; k++) {
    const struct jac_factor *f = &scalar.factor[k];
    term_t t = jac_make_power(m, f->base, fabs(f->power));
    term_t *side = f->power > 0 ? &above : &below;
    *side = *side ? jac_make_times(m, *side, t) : t;
  }
  term_t matrix = product(m, p->chain, p->count);
  if (above && !(matrix->kind == JAC_TERM_NUMBER && matrix->number == 1))
    matrix = jac_make_times(m, above, matrix);
  else if (above)
    matrix = above;
  if (below)
    matrix = jac_make_divide(m, matrix, below);
  return matrix;
}

static term_t number_of(struct jac_make *m, term_t t) {
  static const index_t none[4] = {NULL};
  mono p = {.coefficient = 1};
  struct part *part = jac_pool_take(m->pool, sizeof *part);
  if (t->kind != JAC_TERM_BIG || t->construct != JAC_C_SUM || !part ||
      !jac_monomial_times(m, &p, t, 1) || !contract_all(m, &p, none, NULL, 0, part))
    return t;
  return part_term(m, part, part->coefficient);
}

/* The power of a number in a summand; 0: it is not there. */
static double power_of(const struct part *p, term_t base) {
  for (size_t k = 0; k < p->scalar.factors; k++)
    if (jac_term_equal(p->scalar.factor[k].base, base))
      return p->scalar.factor[k].power;
  return 0;
}

static void lower(struct part *p, term_t base, double power) {
  mono *s = &p->scalar;
  for (size_t k = 0; k < s->factors; k++)
    if (jac_term_equal(s->factor[k].base, base)) {
      s->factor[k].power -= power;
      if (s->factor[k].power == 0)
        memmove(&s->factor[k], &s->factor[k + 1], (--s->factors - k) * sizeof *s->factor);
      return;
    }
}

/* Takes the numbers that all summands have out of them, into outer. */
static void take_common(struct part *part, size_t count, struct part *outer) {
  const mono first = part[0].scalar;
  for (size_t k = 0; k < first.factors; k++) {
    double least = first.factor[k].power;
    for (size_t n = 1; n < count; n++) {
      double power = power_of(&part[n], first.factor[k].base);
      least = power * least <= 0 ? 0 : fabs(power) < fabs(least) ? power : least;
    }
    if (least == 0)
      continue;
    outer->scalar.factor[outer->scalar.factors++] =
        (struct jac_factor){first.factor[k].base, least};
    for (size_t n = 0; n < count; n++)
      lower(&part[n], first.factor[k].base, least);
  }
  double size = fabs(part[0].coefficient);
  bool same = true, negative = true;
  for (size_t k = 0; k < count; k++) {
    same = same && fabs(part[k].coefficient) == size;
    negative = negative && part[k].coefficient < 0;
  }
  outer->coefficient = (same ? size : 1) * (negative ? -1 : 1);
}

/* The summands added; what is added comes first. Their coefficients are divided by that
 * of outer. */
static term_t summed(struct jac_make *m, const struct part *part, size_t count,
                     const struct part *outer) {
  term_t sum = NULL;
  size_t first = 0;
  while (first < count && part[first].coefficient / outer->coefficient < 0)
    first++;
  if (first == count)
    first = 0;
  for (size_t n = 0; n < count; n++) {
    size_t k = n == 0 ? first : n <= first ? n - 1 : n;
    double c = part[k].coefficient / outer->coefficient;
    term_t t = part_term(m, &part[k], c);
    sum = !sum    ? (c < 0 ? jac_make_negate(m, t) : t)
          : c < 0 ? jac_make_subtract(m, sum, t)
                  : jac_make_add(m, sum, t);
  }
  return sum;
}

static term_t total(struct jac_make *m, struct part *part, size_t count) {
  struct part outer = {.coefficient = 1, .scalar = {.coefficient = 1}};
  if (count > 1)
    take_common(part, count, &outer);
  term_t sum = summed(m, part, count, &outer);
  if (!sum || count == 1)
    return sum;
  outer.chain[outer.count++] = sum;
  term_t t = part_term(m, &outer, fabs(outer.coefficient));
  return outer.coefficient < 0 ? jac_make_negate(m, t) : t;
}

/* s A x - B x / t is (s A - B / t) x, into x: the numbers before them differ. */
static bool gather_scaled(struct jac_make *m, struct part *x, const struct part *y) {
  size_t last = common(x, y, true), first = common(x, y, false);
  bool end = last >= first;
  size_t most = end ? last : first;
  if (most == 0 || x->count == most || y->count == most)
    return false;
  struct part pair[2] = {*x, *y}, out = {.coefficient = 1, .scalar = {.coefficient = 1}};
  for (size_t k = 0; k < 2; k++) {
    pair[k].count -= most;
    if (!end)
      memmove(pair[k].chain, pair[k].chain + most, pair[k].count * sizeof(term_t));
  }
  take_common(pair, 2, &out);
  term_t sum = summed(m, pair, 2, &out);
  if (!sum)
    return false;
  const term_t *shared = end ? x->chain + x->count - most : x->chain;
  if (end)
    out.chain[out.count++] = sum;
  for (size_t k = 0; k < most; k++)
    out.chain[out.count++] = shared[k];
  if (!end)
    out.chain[out.count++] = sum;
  *x = out;
  return true;
}

/* The summands gathered. */
static term_t gathered(struct jac_make *m, struct part *part, size_t count) {
  while (gather(m, part, &count))
    ;
  size_t kept = 0;
  for (size_t k = 0; k < count; k++)
    if (part[k].coefficient != 0)
      part[kept++] = part[k];
  for (size_t a = 0; a < kept; a++)
    for (size_t b = a + 1; b < kept; b++)
      if (gather_scaled(m, &part[a], &part[b])) {
        memmove(&part[b], &part[b + 1], (--kept - b) * sizeof *part);
        b = a;
      }
  return kept ? total(m, part, kept) : NULL;
}

term_t jac_closed_block(const struct jac_index_form *form, index_t along,
                        const index_t *fixed, size_t count) {
  struct jac_make *m = form->make;
  const struct jac_expansion *p = &form->simple;
  struct part *part = jac_pool_take(m->pool, PARTS * sizeof *part);
  index_t free[4] = {along, NULL, NULL, NULL};
  if (!part || !p->count || p->count > PARTS)
    return NULL;
  for (size_t k = 0; k < p->count; k++)
    if (!contract_all(m, &p->monomial[k], free, fixed, count, &part[k]))
      return NULL;
  return gathered(m, part, p->count);
}

static bool is_place(term_t t) {
  return t->kind == JAC_TERM_ENTRY && t->child[0]->kind == JAC_TERM_SYMBOL;
}

/* Whether a factor is x_i - x_j: of one index each, and not of the same. */
static bool is_apart(const struct jac_factor *f) {
  index_t a[4] = {NULL}, b[4] = {NULL};
  size_t na = 0, nb = 0;
  if (f->power != 1 || f->base->kind != JAC_TERM_OP || f->base->count != 2 ||
      (f->base->construct != JAC_C_ADD && f->base->construct != JAC_C_SUBTRACT) ||
      !is_place(f->base->child[0]) || !is_place(f->base->child[1]))
    return false;
  indices_in(f->base->child[0], a, &na);
  indices_in(f->base->child[1], b, &nb);
  return na == 1 && nb == 1 && a[0] != b[0];
}

/* Multiplied out where a difference of entries of vectors would be a matrix, x 1^T - 1
 * x^T: n x - sum(x) 1 is read instead. */
static bool opened(struct jac_make *m, const struct jac_expansion *in,
                   struct jac_expansion *out) {
  struct jac_expansion all = {.count = 0};
  for (size_t k = 0; k < in->count; k++)
    if (!jac_expansion_add(m, &all, &in->monomial[k]))
      return false;
  for (size_t k = 0; k < all.count && all.count <= PARTS; k++)
    for (size_t n = 0; n < all.monomial[k].factors; n++) {
      struct jac_factor f = all.monomial[k].factor[n];
      if (!is_apart(&f))
        continue;
      mono half[2] = {all.monomial[k], all.monomial[k]};
      for (size_t side = 0; side < 2; side++) {
        mono *p = &half[side];
        p->factor[n] = p->factor[--p->factors];
        if (side && f.base->construct == JAC_C_SUBTRACT)
          p->coefficient = -p->coefficient;
        if (!jac_monomial_times(m, p, f.base->child[side], 1))
          return false;
      }
      all.monomial[k] = half[0];
      if (!jac_expansion_add(m, &all, &half[1]))
        return false;
      n = (size_t)-1;
    }
  if (all.count == in->count) {
    *out = *in;
    return true;
  }
  return jac_expansion_simplify(m, &all, out);
}

static term_t zeros_like(struct jac_make *m, term_t t) {
  if (!t)
    return NULL;
  return jac_type_is_number(t->type)
             ? jac_make_number(m, 0)
             : jac_make_sized(m, JAC_TERM_ZEROS, t->type.rows, t->type.cols);
}

term_t jac_closed_form(const struct jac_index_form *form, term_t output,
                       enum jac_layout *layout) {
  struct jac_make *m = form->make;
  const struct jac_expansion *p = &form->simple;
  index_t free[4] = {form->row, form->column, form->variable_row, form->variable_column};
  bool number = jac_type_is_number(output->type);
  struct jac_type x = form->variable->type;
  *layout = number                  ? JAC_LAYOUT_GRADIENT
            : jac_type_is_number(x) ? JAC_LAYOUT_OUTPUT
                                    : JAC_LAYOUT_JACOBIAN;
  struct jac_type type = number ? x : output->type;
  bool kron = *layout == JAC_LAYOUT_JACOBIAN;
  if (!p->count)
    return zeros_like(m, jac_make_derivative(m, output, form->variable, *layout));
  struct part *part = jac_pool_take(m->pool, PARTS * sizeof *part);
  size_t count = 0;
  struct jac_expansion open;
  if (!opened(m, p, &open))
    return NULL;
  p = &open;
  if (!part || p->count > PARTS)
    return NULL;
  for (size_t k = 0; k < p->count; k++)
    if (!contract_all(m, &p->monomial[k], free, NULL, 0, &part[count++]))
      return NULL;
  term_t t = gathered(m, part, count);
  /* A row is read as a column. */
  if (t && !kron && jac_dim_is_one(type.rows) && !jac_dim_is_one(type.cols))
    t = jac_make_turned(m, t);
  return t;
}
