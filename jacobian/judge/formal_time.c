/* Backpropagation through time, as it is written: dh_t/dW is the sum over s of
 * dh_t/dh_s dh_s/dW, where dh_s/dW is what step s alone gives, h_{s-1} held. */
#include "jacobian/judge/judge_internal.h"

#include <string.h>

typedef const struct jac_syntax node;

enum { FACTORS = 12 };

struct way {
  node *factor[FACTORS];
  size_t count;
};

static bool flatten(node *n, struct way *way) {
  n = jac_inside(n);
  if (n->form == JAC_S_SIDE ||
      (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_INFIX)) {
    for (size_t k = 0; k < n->count; k++)
      if (!flatten(n->child[k], way))
        return false;
    return true;
  }
  if (way->count == FACTORS)
    return false;
  way->factor[way->count++] = n;
  return true;
}

/* The one letter or number below a name, or NULL. */
static node *step_of(node *name) {
  node *item[4];
  return name->form == JAC_S_SCRIPT && name->child[0]->form == JAC_S_NAME &&
                 name->child[1] && !name->child[2] &&
                 jac_index_items(name->child[1], item) == 1
             ? item[0]
             : NULL;
}

static bool is_letter(node *n, const char *letter) {
  return n && n->form == JAC_S_NAME && strcmp(n->text, letter) == 0;
}

static bool of_one_name(node *a, node *b) {
  return step_of(a) && step_of(b) && jac_notation_equal(a->child[0], b->child[0]);
}

/* letter = from at the bottom of a sum or product. */
static bool bounds(node *big, const char **letter, node **from) {
  node *below = jac_inside(big->child[0]);
  if (!below)
    return false;
  bool chain = below->form == JAC_S_CHAIN && below->count == 3 &&
               below->child[1]->row->id == JAC_C_EQUAL;
  node *name = chain ? below->child[0] : below;
  *from = chain ? below->child[2] : NULL;
  *letter = name->form == JAC_S_NAME ? name->text : "";
  return **letter;
}

/* n + 1, or n - 1. */
static bool beside(node *n, const char *letter, char sign) {
  return n && n->form == JAC_S_TERMS && n->count == 2 && n->text[1] == sign &&
         is_letter(n->child[0], letter) && n->child[1]->form == JAC_S_NUMBER &&
         n->child[1]->number == 1;
}

/* \prod_{j=s+1}^t dh_j/dh_{j-1}: from t to s. */
static bool product_back(node *n, const char *s, node *last, node **name) {
  const char *j;
  node *from;
  struct jac_step one;
  if (n->form != JAC_S_BIG || n->row->id != JAC_C_PRODUCT || !bounds(n, &j, &from) ||
      !beside(from, s, '+') || !n->child[1] || !last ||
      !jac_notation_equal(jac_inside(n->child[1]), last) ||
      !jac_formal_step(n->child[2], &one) || !of_one_name(one.above, one.below))
    return false;
  *name = one.above->child[0];
  return is_letter(step_of(one.above), j) && beside(step_of(one.below), j, '-');
}

/* From the left's numerator to h_t by derivatives that join, then back to h_s. */
static bool leads(const struct way *way, const struct jac_step *whole, const char *s) {
  struct jac_step own, one;
  node *at = whole->above;
  size_t back = way->count - 2;
  if (!jac_formal_step(way->factor[way->count - 1], &own) || !step_of(own.above) ||
      !is_letter(step_of(own.above), s) || !jac_notation_equal(own.below, whole->below))
    return false;
  for (size_t k = 0; k < back; k++) {
    if (!jac_formal_step(way->factor[k], &one) || !jac_notation_equal(one.above, at))
      return false;
    at = one.below;
  }
  node *name, *last = step_of(at);
  if (!last || is_letter(last, s) ||
      !jac_notation_equal(at->child[0], own.above->child[0]))
    return false;
  if (product_back(way->factor[back], s, last, &name))
    return jac_notation_equal(name, at->child[0]);
  return jac_formal_step(way->factor[back], &one) && jac_notation_equal(one.above, at) &&
         jac_notation_equal(one.below, own.above);
}

/* Up to the last step itself. */
static bool to_the_last(node *sum, const struct way *way) {
  struct jac_step one;
  node *to = jac_inside(sum->child[1]);
  for (size_t k = 0; to && k < way->count; k++)
    if (jac_formal_step(way->factor[k], &one) &&
        ((step_of(one.above) && jac_notation_equal(step_of(one.above), to)) ||
         (step_of(one.below) && jac_notation_equal(step_of(one.below), to))))
      return true;
  return !to;
}

/* From the first step on, which is 0 or 1. */
static bool from_the_first(node *from) {
  return !from || (from->form == JAC_S_NUMBER && from->number <= 1);
}

bool jac_formal_through_time(const struct jac_claim_written *claim) {
  struct jac_step whole;
  struct way way = {.count = 0};
  node *sum = jac_inside(claim->right), *from;
  const char *s;
  return jac_formal_step(claim->left, &whole) && sum->form == JAC_S_BIG &&
         sum->row->id == JAC_C_SUM && bounds(sum, &s, &from) && from_the_first(from) &&
         flatten(sum->child[2], &way) && way.count >= 2 && leads(&way, &whole, s) &&
         to_the_last(sum, &way);
}
