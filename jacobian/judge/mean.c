/* dW = 1/m dZ A^T: of the mean of the losses, where dZ is of each sample's own. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/elaborate/elaborate_internal.h"

/* 1/m among the factors. */
static node *one_over(node *n) {
  if ((n->form == JAC_S_FRACTION ||
       (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE)) &&
      n->child[0]->form == JAC_S_NUMBER && n->child[0]->number == 1 &&
      n->child[1]->form == JAC_S_NAME)
    return n;
  node *found = NULL;
  if (n->form == JAC_S_SIDE ||
      (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_INFIX) ||
      (n->form == JAC_S_TERMS && n->count == 1))
    for (size_t k = 0; k < n->count && !found; k++)
      found = one_over(n->child[k]);
  return found;
}

node *jac_mean_of(const struct jac_claim_written *claim) {
  node *l = claim->left;
  return l->form == JAC_S_SIDE && l->count == 2 && jac_is_name(l->child[0], "d")
             ? one_over(claim->right)
             : NULL;
}

term *jac_left_of_mean(elaboration *e, const struct jac_claim_written *claim,
                       term *left) {
  node *mean = jac_mean_of(claim);
  if (!mean || !left || left->kind != JAC_TERM_DERIVATIVE)
    return left;
  if (jac_choose2(e, jac_pool_text(claim->scope->pool, "of the mean"), 0, 4, NULL,
                  N_("it is of the mean of the losses, the derivatives on the right of "
                     "each sample's own"),
                  NULL) != 1)
    return left;
  term *pair[2] = {jac_elaborate(e, mean), left};
  return pair[0] ? jac_term_op(e, JAC_C_SIDE, claim->left, 2, pair) : NULL;
}
