#include "jacobian/algebra/flat.h"

#include "jacobian/algebra/product.h"

#include <string.h>

typedef const struct jac_term *term_t;

static bool is_matrix(term_t t) {
  return !jac_dim_is_one(t->type.rows) && !jac_dim_is_one(t->type.cols);
}

static bool is_kron(term_t t) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, "(p,q)(r,s)->(p*r,q*s)") == 0;
}

static bool is_transpose(term_t t) {
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_TRANSPOSE;
}

/* (B (x) A) vec(X) is vec(A X B^T), and (B (x) A)^T vec(X) is vec(A^T X B). */
static term_t of_kron(struct jac_make *m, term_t kron, term_t x) {
  bool turned = is_transpose(kron);
  term_t whole = turned ? kron->child[0] : kron, inside = jac_unflattened(m, x),
         b = whole->child[0], a = whole->child[1];
  if (turned) {
    b = jac_make_transpose(m, b);
    a = jac_make_transpose(m, a);
  }
  if (!inside || !jac_dim_same(a->type.cols, inside->type.rows) ||
      !jac_dim_same(b->type.cols, inside->type.cols))
    return NULL;
  return jac_make_times(m, jac_make_times(m, a, inside), jac_make_transpose(m, b));
}

static term_t of_product(struct jac_make *m, term_t t) {
  term_t a = t->child[0], b = t->child[1];
  char kind = jac_product_kind(t);
  if (kind == 'p')
    return is_kron(a) || (is_transpose(a) && is_kron(a->child[0])) ? of_kron(m, a, b)
                                                                   : NULL;
  if (kind == 's')
    return jac_type_is_number(a->type) ? jac_make_times(m, a, jac_unflattened(m, b))
                                       : jac_make_times(m, b, jac_unflattened(m, a));
  return kind == 'h' ? jac_make_hadamard(m, jac_unflattened(m, a), jac_unflattened(m, b))
                     : NULL;
}

/* Long: each operation that a flat vector goes through. */
term_t jac_unflattened(struct jac_make *m, term_t t) {
  if (t->kind == JAC_TERM_SYMBOL && t->symbol->body && !t->symbol->families)
    return jac_unflattened(m, t->symbol->body);
  if (t->kind != JAC_TERM_OP || !jac_dim_is_one(t->type.cols) ||
      jac_type_is_number(t->type))
    return NULL;
  term_t a = t->child[0], b = t->count > 1 ? t->child[1] : NULL;
  if (t->construct == JAC_C_VEC)
    return is_matrix(a) ? a : NULL;
  /* a (x) b of two columns is vec(b a^T). */
  if (is_kron(t) && jac_dim_is_one(a->type.cols) && jac_dim_is_one(b->type.cols) &&
      !jac_dim_is_one(a->type.rows) && !jac_dim_is_one(b->type.rows))
    return jac_make_times(m, b, jac_make_transpose(m, a));
  if (jac_product_kind(t))
    return of_product(m, t);
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE)
    return jac_make_each(m, t->construct, jac_unflattened(m, a));
  switch (t->construct) {
  case JAC_C_ADD:
    return jac_make_add(m, jac_unflattened(m, a), jac_unflattened(m, b));
  case JAC_C_SUBTRACT:
    return jac_make_subtract(m, jac_unflattened(m, a), jac_unflattened(m, b));
  case JAC_C_NEGATE:
    return jac_make_negate(m, jac_unflattened(m, a));
  case JAC_C_DOTPOWER:
    return b->kind == JAC_TERM_NUMBER
               ? jac_make_power(m, jac_unflattened(m, a), b->number)
               : NULL;
  default:
    return NULL;
  }
}
