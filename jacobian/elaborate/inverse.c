/* \sin^{-1} x: the inverse of a function, or a power. */
#include "jacobian/elaborate/script_internal.h"
#include "jacobian/elaborate/side_internal.h"

/* A row for each function whose inverse is one; turned: that of the other function at the
 * reciprocal, as sec y = x where cos y = 1/x. */
static const struct {
  enum jac_construct_id of, inverse;
  bool turned;
} inverses[] = {{JAC_C_SIN, JAC_C_ASIN, false},   {JAC_C_COS, JAC_C_ACOS, false},
                {JAC_C_TAN, JAC_C_ATAN, false},   {JAC_C_CSC, JAC_C_ASIN, true},
                {JAC_C_SEC, JAC_C_ACOS, true},    {JAC_C_COT, JAC_C_ATAN, true},
                {JAC_C_SINH, JAC_C_ASINH, false}, {JAC_C_COSH, JAC_C_ACOSH, false},
                {JAC_C_TANH, JAC_C_ATANH, false}, {JAC_C_CSCH, JAC_C_ASINH, true},
                {JAC_C_SECH, JAC_C_ACOSH, true},  {JAC_C_COTH, JAC_C_ATANH, true},
                {JAC_C_EXP, JAC_C_LOG, false}};

enum { INVERSES = sizeof inverses / sizeof *inverses };

static size_t row_of(node *n) {
  size_t k = 0;
  while (k < INVERSES && !(n->form == JAC_S_APPLY && n->row->id == inverses[k].of))
    k++;
  return k;
}

bool jac_inverse_known(node *n) {
  return row_of(n) < INVERSES;
}

/* 1/n */
static node *reciprocal(struct jac_pool *pool, node *n) {
  struct jac_syntax one = *n, over = *n;
  one.form = JAC_S_NUMBER;
  one.number = 1;
  over.form = JAC_S_FRACTION;
  node *part[2] = {jac_notation_node(pool, &one, 0, NULL), n};
  return part[0] ? jac_notation_node(pool, &over, 2, part) : NULL;
}

node *jac_inverse_function(elaboration *e, node *n) {
  struct jac_pool *pool = e->scope->pool;
  node *name = n->child[0], *above = name->form == JAC_S_SCRIPT ? name->child[2] : NULL;
  size_t row = row_of(n);
  if (row == INVERSES || !above || name->number != 0 || name->child[1] ||
      !jac_number_is(above, -1) ||
      jac_choose2(e, jac_pool_text(pool, "inverse function"), 0, 8, NULL,
                  N_("the power -1 of a function is its reciprocal"), NULL) == 1)
    return NULL;
  struct jac_syntax like = *n;
  like.row = jac_construct(inverses[row].inverse);
  node *child[2] = {name->child[0],
                    inverses[row].turned ? reciprocal(pool, n->child[1]) : n->child[1]};
  return child[1] ? jac_notation_node(pool, &like, 2, child) : NULL;
}
