/* The chain rule between quantities that nobody defines: products of derivatives whose
 * names join up. It needs no shapes. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/buffer.h"

#include <string.h>

typedef const struct jac_syntax node;

struct step {
  node *above, *below;
};

enum { STEPS = 12 };

static node *inside(node *n) {
  while (n->form == JAC_S_GROUP && (n->text[0] == '(' || n->text[0] == '{'))
    n = n->child[0];
  return n;
}

/* One derivative of one name by one name. */
static bool fraction(node *n, struct step *step) {
  n = inside(n);
  if (n->form == JAC_S_SCRIPT && n->child[2] &&
      (jac_is_name(n->child[2], "T") || jac_is_name(n->child[2], "top")) && !n->child[1])
    n = inside(n->child[0]);
  if (n->form != JAC_S_FRACTION &&
      !(n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE))
    return false;
  node *a = inside(n->child[0]), *b = inside(n->child[1]);
  if (a->form != JAC_S_SIDE || b->form != JAC_S_SIDE || a->count != 2 || b->count != 2 ||
      !jac_is_differential(a->child[0]) || !jac_is_differential(b->child[0]) ||
      a->child[0]->form != JAC_S_NAME)
    return false;
  *step = (struct step){a->child[1], b->child[1]};
  return true;
}

static bool factors(node *n, struct step *step, size_t *count) {
  n = inside(n);
  if (n->form == JAC_S_BIG && n->row->id == JAC_C_SUM)
    return factors(n->child[2], step, count);
  if (n->form == JAC_S_SIDE ||
      (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_INFIX &&
       n->row->id != JAC_C_OTIMES)) {
    for (size_t k = 0; k < n->count; k++)
      if (!factors(n->child[k], step, count))
        return false;
    return true;
  }
  if (*count == STEPS || !fraction(n, &step[*count]))
    return false;
  ++*count;
  return true;
}

/* A product of derivatives that leads from the left's numerator to its denominator. */
static int product(node *n, const struct step *whole) {
  struct step step[STEPS];
  size_t count = 0;
  if (!factors(n, step, &count) || count < 2)
    return 0;
  bool forward = jac_notation_equal(step[0].above, whole->above) &&
                 jac_notation_equal(step[count - 1].below, whole->below);
  bool backward = jac_notation_equal(step[0].below, whole->below) &&
                  jac_notation_equal(step[count - 1].above, whole->above);
  for (size_t k = 0; k + 1 < count; k++) {
    forward = forward && jac_notation_equal(step[k].below, step[k + 1].above);
    backward = backward && jac_notation_equal(step[k].above, step[k + 1].below);
  }
  return forward || backward ? 1 : -1;
}

int jac_formal_chain(const struct jac_claim_written *claim) {
  struct step whole;
  if (!fraction(claim->left, &whole))
    return 0;
  node *right = inside(claim->right);
  if (right->form != JAC_S_TERMS)
    return product(right, &whole);
  for (size_t k = 0; k < right->count; k++) {
    if (right->text[k] == '-')
      return 0;
    int one = product(right->child[k], &whole);
    if (one != 1)
      return one;
  }
  return 1;
}
