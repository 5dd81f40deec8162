/* Magnus and Neudecker, Matrix Differential Calculus: vec(A X B) = (B' (x) A) vec(X),
 * vec(A (x) B) = (I (x) K (x) I)(vec(A) (x) vec(B)). */
#include "jacobian/algebra/by_vec.h"

#include "jacobian/algebra/index.h"
#include "jacobian/algebra/make_internal.h"
#include "jacobian/algebra/product.h"

#include <string.h>

struct vec {
  struct jac_make *m;
  const struct jac_symbol *x;
  unsigned rules;
  size_t depth;
};

static term_t of(struct vec *v, term_t t);

static bool moves(const struct vec *v, term_t t) {
  return jac_term_depends(t, v->x);
}

static term_t eye(struct vec *v, struct jac_dim *side) {
  return jac_make_sized(v->m, JAC_TERM_EYE, side, side);
}

static bool is_kron(term_t t) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, "(p,q)(r,s)->(p*r,q*s)") == 0;
}

static bool is_product(term_t t) {
  return t->kind == JAC_TERM_OP && jac_product_kind(t) == 'p';
}

/* (P (x) Q)(R (x) S) is P R (x) Q S, where an identity makes one of the products short;
 * NULL: they are not so. */
static term_t mixed(struct vec *v, term_t a, term_t b) {
  if (!is_kron(a) || !is_kron(b) ||
      !jac_dim_same(a->child[0]->type.cols, b->child[0]->type.rows) ||
      !jac_dim_same(a->child[1]->type.cols, b->child[1]->type.rows))
    return NULL;
  bool shorter = false;
  for (size_t k = 0; k < 2; k++)
    shorter =
        shorter || a->child[k]->kind == JAC_TERM_EYE || b->child[k]->kind == JAC_TERM_EYE;
  return shorter ? jac_make_kron(v->m, jac_make_times(v->m, a->child[0], b->child[0]),
                                 jac_make_times(v->m, a->child[1], b->child[1]))
                 : NULL;
}

/* A product in which a number 1 or an identity is not written. */
static term_t times(struct vec *v, term_t a, term_t b) {
  if (!a || !b)
    return NULL;
  if (a->kind == JAC_TERM_EYE || jac_term_is_number(a, 1))
    return b;
  if (b->kind == JAC_TERM_EYE)
    return a;
  term_t head = is_product(b) ? b->child[0] : b, one = mixed(v, a, head);
  if (one)
    return head == b ? one : jac_make_times(v->m, one, b->child[1]);
  return jac_make_times(v->m, a, b);
}

/* Each of two arguments that moves, with the matrix before it, added or taken away; NULL:
 * one has no rule. */
static term_t sides(struct vec *v, term_t t, term_t first, term_t second) {
  bool minus = t->construct == JAC_C_SUBTRACT;
  term_t part[2] = {NULL, NULL}, before[2] = {first, second};
  for (size_t k = 0; k < 2; k++)
    if (moves(v, t->child[k])) {
      part[k] = times(v, before[k], of(v, t->child[k]));
      if (!part[k])
        return NULL;
    }
  if (!part[0])
    return minus ? jac_make_negate(v->m, part[1]) : part[1];
  if (part[1] && is_product(part[0]) && is_product(part[1]) &&
      jac_term_equal(part[0]->child[0], part[1]->child[0])) { /* x' A + x' B */
    term_t a = part[0]->child[1], b = part[1]->child[1];
    return jac_make_times(v->m, part[0]->child[0],
                          minus ? jac_make_subtract(v->m, a, b)
                                : jac_make_add(v->m, a, b));
  }
  return !part[1] ? part[0]
         : minus  ? jac_make_subtract(v->m, part[0], part[1])
                  : jac_make_add(v->m, part[0], part[1]);
}

term_t jac_kron_places(struct jac_make *m, term_t a, term_t b) {
  term_t before = jac_make_sized(m, JAC_TERM_EYE, a->type.cols, a->type.cols),
         behind = jac_make_sized(m, JAC_TERM_EYE, b->type.rows, b->type.rows);
  return jac_make_kron(
      m, jac_make_kron(m, before, jac_make_commutation(m, b->type.cols, a->type.rows)),
      behind);
}

static struct jac_dim *entries(struct vec *v, term_t t) {
  return jac_make_times_dim(v->m, t->type.rows, t->type.cols);
}

static term_t of_kron(struct vec *v, term_t t) {
  struct jac_make *m = v->m;
  term_t a = t->child[0], b = t->child[1];
  v->rules |= JAC_VEC_KRON;
  term_t inside = sides(v, t, jac_make_kron(m, eye(v, entries(v, a)), jac_make_vec(m, b)),
                        jac_make_kron(m, jac_make_vec(m, a), eye(v, entries(v, b))));
  return times(v, jac_kron_places(m, a, b), inside);
}

/* vec(A B): (B' (x) I) before A's, (I (x) A) before B's. */
static term_t of_product(struct vec *v, term_t t) {
  struct jac_make *m = v->m;
  term_t a = t->child[0], b = t->child[1];
  v->rules |= JAC_VEC_PRODUCT;
  return sides(v, t, jac_make_kron(m, jac_make_transpose(m, b), eye(v, a->type.rows)),
               jac_make_kron(m, eye(v, b->type.cols), a));
}

/* A number times a matrix: the matrix's column before the number's. */
static term_t of_scaled(struct vec *v, term_t t) {
  term_t before[2];
  for (size_t k = 0; k < 2; k++) {
    term_t other = t->child[1 - k];
    before[k] = jac_type_is_number(other->type) ? other : jac_make_vec(v->m, other);
  }
  return sides(v, t, before[0], before[1]);
}

/* Entry by entry: a diagonal of the other. */
static term_t of_hadamard(struct vec *v, term_t t) {
  term_t before[2];
  v->rules |= JAC_VEC_ENTRYWISE;
  for (size_t k = 0; k < 2; k++)
    before[k] = jac_make_diag(v->m, jac_make_vec(v->m, t->child[1 - k]));
  return sides(v, t, before[0], before[1]);
}

static term_t of_entrywise(struct vec *v, term_t t) {
  struct jac_make *m = v->m;
  term_t x = t->child[0], slope = jac_index_slope(m, t->construct, x, t);
  if (!slope)
    return NULL;
  v->rules |= JAC_VEC_ENTRYWISE;
  term_t on =
      jac_type_is_number(slope->type) ? slope : jac_make_diag(m, jac_make_vec(m, slope));
  return times(v, on, of(v, x));
}

static term_t of_inverse(struct vec *v, term_t t) {
  v->rules |= JAC_VEC_INVERSE;
  return jac_make_negate(
      v->m,
      times(v, jac_make_kron(v->m, jac_make_transpose(v->m, t), t), of(v, t->child[0])));
}

/* A row or column of two numbers, 1 at a place and 0 at the other. */
static term_t unit(struct vec *v, size_t rows, size_t cols, size_t at) {
  term_t cell[2] = {jac_make_number(v->m, at == 0), jac_make_number(v->m, at == 1)};
  return cell[0] && cell[1] ? jac_make_matrix(v->m, rows, cols, cell) : NULL;
}

/* The integral of e^{(1 - s) M'} (x) e^{s M} over s from 0 to 1 is the upper right block
 * of an exponential (Van Loan, 1978), [I (x) M, I; 0, M' (x) I]. */
static term_t of_expm(struct vec *v, term_t t) {
  struct jac_make *m = v->m;
  term_t x = t->child[0];
  struct jac_dim *n = x->type.rows, *all = entries(v, x),
                 *twice = jac_dim_sum(m->dims, all, all);
  term_t one = eye(v, all), none = jac_make_sized(m, JAC_TERM_ZEROS, all, all);
  term_t cell[4] = {jac_make_kron(m, eye(v, n), x), one, none,
                    jac_make_kron(m, jac_make_transpose(m, x), eye(v, n))};
  if (!twice || !one || !none || !cell[0] || !cell[3])
    return NULL;
  v->rules |= JAC_VEC_EXPM;
  term_t whole = jac_make_blocks(m, (struct jac_type){twice, twice}, 2, 2, cell),
         left = jac_make_kron(m, unit(v, 1, 2, 0), one),
         right = jac_make_kron(m, unit(v, 2, 1, 1), one);
  term_t block = times(v, left, times(v, jac_make_each(m, JAC_C_EXPM, whole), right));
  return times(v, block, of(v, x));
}

/* Numbers of all entries: a row before vec. */
static term_t of_measure(struct vec *v, term_t t) {
  struct jac_make *m = v->m;
  term_t x = t->child[0], row = NULL;
  v->rules |= JAC_VEC_NUMBER;
  if (t->construct == JAC_C_TRACE)
    row = jac_make_vec(m, eye(v, x->type.rows));
  else if (t->construct == JAC_C_TOTAL)
    row = jac_make_sized(m, JAC_TERM_ONES, entries(v, x), m->dims->one);
  else
    return times(v, jac_make_divide(m, jac_make_transpose(m, jac_make_vec(m, x)), t),
                 of(v, x));
  return times(v, jac_make_transpose(m, row), of(v, x));
}

/* A number to a constant power; of the square of a norm no norm is divided by. */
static term_t of_power(struct vec *v, term_t t) {
  struct jac_make *m = v->m;
  term_t a = t->child[0], n = t->child[1];
  if (!jac_type_is_number(t->type) || n->kind != JAC_TERM_NUMBER)
    return NULL;
  v->rules |= JAC_VEC_NUMBER;
  term_t before = jac_make_times(m, n, jac_make_power(m, a, n->number - 1)), x = a;
  if (a->kind == JAC_TERM_OP && a->construct == JAC_C_NORM && n->number == 2) {
    x = a->child[0];
    before = jac_make_times(m, n, jac_make_transpose(m, jac_make_vec(m, x)));
  }
  return times(v, before, of(v, x));
}

/* Long: each operation that has a rule. */
static term_t of_operation(struct vec *v, term_t t) {
  struct jac_make *m = v->m;
  term_t a = t->child[0], b = t->count > 1 ? t->child[1] : NULL;
  bool same = !b || (jac_dim_same(a->type.rows, b->type.rows) &&
                     jac_dim_same(a->type.cols, b->type.cols));
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE)
    return of_entrywise(v, t);
  if (is_kron(t))
    return of_kron(v, t);
  switch (jac_product_kind(t)) {
  case 'p':
    return of_product(v, t);
  case 's':
    return of_scaled(v, t);
  case 'h':
    return same ? of_hadamard(v, t) : NULL;
  default:
    break;
  }
  switch (t->construct) {
  case JAC_C_ADD:
  case JAC_C_SUBTRACT:
    if (!same)
      break;
    return sides(v, t, jac_make_number(m, 1), jac_make_number(m, 1));
  case JAC_C_NEGATE:
    return jac_make_negate(m, of(v, a));
  case JAC_C_DIVIDE:
    if (moves(v, b) || !jac_type_is_number(b->type))
      break;
    return jac_make_divide(m, of(v, a), b);
  case JAC_C_POWER:
  case JAC_C_DOTPOWER:
    return of_power(v, t);
  case JAC_C_TRANSPOSE:
    v->rules |= JAC_VEC_TRANSPOSE;
    return times(v, jac_make_commutation(m, a->type.rows, a->type.cols), of(v, a));
  case JAC_C_VEC:
    return of(v, a);
  case JAC_C_INVERSE:
    return jac_type_is_number(t->type) ? NULL : of_inverse(v, t);
  case JAC_C_EXPM:
    return of_expm(v, t);
  case JAC_C_TRACE:
  case JAC_C_TOTAL:
  case JAC_C_NORM:
    return of_measure(v, t);
  default:
    break;
  }
  return NULL;
}

static term_t of(struct vec *v, term_t t) {
  if (!t || ++v->depth > 400)
    return NULL;
  if (t->kind == JAC_TERM_SYMBOL && t->symbol == v->x)
    return eye(v, entries(v, t));
  if (t->kind == JAC_TERM_SYMBOL && t->symbol->body && !t->symbol->families)
    return of(v, t->symbol->body);
  return t->kind == JAC_TERM_OP ? of_operation(v, t) : NULL;
}

term_t jac_by_vec(struct jac_make *make, term_t term, const struct jac_symbol *variable,
                  unsigned *rules) {
  struct vec v = {.m = make, .x = variable};
  term_t out =
      variable->families || !jac_term_depends(term, variable) ? NULL : of(&v, term);
  *rules = v.rules;
  return out;
}
