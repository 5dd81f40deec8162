/* Derivatives along a vector: D_u f, D_v f(a, b). */
#include "jacobian/elaborate/derivative_internal.h"

/* u of D_u, which is no variable of f; NULL: it is no derivative along a vector. */
static node *direction(elaboration *e, node *sign, const struct jac_definition *f) {
  node *base = sign->form == JAC_S_SCRIPT ? sign->child[0] : NULL;
  if (!jac_is_name(base, "D") || !sign->child[1] || sign->child[2] || sign->number != 0 ||
      jac_definition_of(e, jac_key(e, base)) || jac_declared(e, jac_key(e, base)))
    return NULL;
  node *u = jac_inside(sign->child[1]);
  for (size_t k = 0; k < f->params; k++)
    if (jac_notation_equal(f->param[k], u))
      return NULL;
  return jac_name_like(u) || u->form == JAC_S_LIST ? u : NULL;
}

/* A row as the column of the same numbers. */
static term *upright(elaboration *e, term *t, node *where) {
  bool row = t && jac_dim_is_one(t->type.rows) && !jac_dim_is_one(t->type.cols);
  return row ? jac_term_op(e, JAC_C_TRANSPOSE, where, 1, &t) : t;
}

term *jac_along(elaboration *e, node *sign, size_t count, node *const *operand,
                bool *taken) {
  const struct jac_definition *f =
      jac_name_like(operand[0]) ? jac_function_of(e, jac_key(e, operand[0])) : NULL;
  node *u = f ? direction(e, sign, f) : NULL;
  *taken = u != NULL;
  if (!u)
    return NULL;
  struct jac_syntax like = *sign;
  like.form = JAC_S_NAME;
  like.text = "nabla";
  like.row = NULL;
  node *nabla = jac_notation_node(e->scope->pool, &like, 0, NULL);
  term *slope = nabla ? jac_nabla(e, nabla, count, operand, sign) : NULL;
  term *pair[2] = {upright(e, slope, sign), upright(e, jac_elaborate(e, u), sign)};
  term *along = pair[0] && pair[1] ? jac_term_op(e, JAC_C_CDOT, sign, 2, pair) : NULL;
  const char *site = jac_pool_text(e->scope->pool, "along");
  if (!along || jac_choose2(e, site, 0, 2, NULL,
                            N_("a derivative along a vector is along its direction, of "
                               "length 1"),
                            NULL) == 0)
    return along;
  term *length = jac_term_op(e, JAC_C_NORM, sign, 1, &pair[1]);
  term *quotient[2] = {along, length};
  return length ? jac_term_op(e, JAC_C_DIVIDE, sign, 2, quotient) : NULL;
}
