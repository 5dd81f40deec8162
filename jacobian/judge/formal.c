/* The chain rule between quantities that nobody defines: products of derivatives whose
 * names join up. It needs no shapes. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/buffer.h"

#include <string.h>

typedef const struct jac_syntax node;

enum { STEPS = 12 };

/* \nabla_X z, of the factors k and k + 1. */
static bool nabla(node *side, size_t k, struct jac_step *step) {
  node *sign = side->child[k];
  if (k + 1 >= side->count || sign->form != JAC_S_SCRIPT ||
      !jac_is_name(sign->child[0], "nabla") || !sign->child[1] || sign->child[2])
    return false;
  *step = (struct jac_step){side->child[k + 1], sign->child[1]};
  return true;
}

/* Long: what it is to be one derivative. */
bool jac_formal_step(node *n, struct jac_step *step) {
  n = jac_inside(n);
  if (n->form == JAC_S_SCRIPT && n->child[2] &&
      (jac_is_name(n->child[2], "T") || jac_is_name(n->child[2], "top")) && !n->child[1])
    n = jac_inside(n->child[0]);
  if (n->form == JAC_S_SIDE && n->count == 2)
    return nabla(n, 0, step);
  if (n->form != JAC_S_FRACTION &&
      !(n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE))
    return false;
  node *a = jac_inside(n->child[0]), *b = jac_inside(n->child[1]);
  bool call = a->form == JAC_S_SIDE && a->count == 3 &&
              a->child[2]->form == JAC_S_GROUP &&
              jac_all_names(a->child[2]); /* dL(u, y)/du */
  if (a->form != JAC_S_SIDE || b->form != JAC_S_SIDE || a->count != (call ? 3 : 2) ||
      b->count != 2 || !jac_is_differential(a->child[0]) ||
      !jac_is_differential(b->child[0]) || a->child[0]->form != JAC_S_NAME)
    return false;
  *step = (struct jac_step){a->child[1], b->child[1]};
  return true;
}

/* What a sum runs over, or NULL. */
static node *letter_of(node *sum) {
  node *below = sum->child[0];
  while (below && (below->form == JAC_S_CHAIN || below->form == JAC_S_LIST ||
                   below->form == JAC_S_GROUP))
    below = below->child[0];
  return below && below->form == JAC_S_NAME ? below : NULL;
}

/* A sum over k of what has no k is n times that. */
static bool sums_over(node *n) {
  node *letter = letter_of(n);
  return !letter || jac_notation_has_name(n->child[2], letter->text);
}

/* dy_i/dx_i: of components of the same index. */
static bool component(const struct jac_step *s) {
  return s->above->form == JAC_S_SCRIPT && s->below->form == JAC_S_SCRIPT &&
         s->above->child[1] && s->below->child[1] && !s->above->child[2] &&
         !s->below->child[2] && s->above->child[1]->form == JAC_S_NAME &&
         jac_notation_equal(s->above->child[1], s->below->child[1]);
}

static bool factors(node *n, struct jac_step *step, size_t *count) {
  n = jac_inside(n);
  if (n->form == JAC_S_BIG && n->row->id == JAC_C_SUM)
    return sums_over(n) && factors(n->child[2], step, count);
  if (n->form == JAC_S_SIDE ||
      (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_INFIX &&
       n->row->id != JAC_C_OTIMES)) {
    for (size_t k = 0; k < n->count; k++)
      if (*count < STEPS && n->form == JAC_S_SIDE && nabla(n, k, &step[*count])) {
        ++*count;
        k++;
      } else if (!factors(n->child[k], step, count))
        return false;
    return true;
  }
  if (*count == STEPS || !jac_formal_step(n, &step[*count]))
    return false;
  ++*count;
  return true;
}

/* A product of derivatives that leads from the left's numerator to its denominator. */
/* Whether a definition says how one hangs on the other. */
static bool told(const struct jac_claim_written *claim, const struct jac_step *s) {
  node *a = s->above->child[0], *b = s->below->child[0];
  const struct jac_evidence *e = claim->evidence;
  for (size_t k = 0; k < e->definitions; k++)
    if (a->form == JAC_S_NAME && b->form == JAC_S_NAME &&
        strcmp(e->definition[k].base, a->text) == 0 && e->definition[k].fact->right &&
        jac_notation_has_name(e->definition[k].fact->right, b->text))
      return true;
  return false;
}

/* L -> y -> h -> x, where y = U h + V x: there is a way past h. */
static bool way_past(const struct jac_claim_written *claim, const struct jac_step *step,
                     size_t count) {
  for (size_t k = 0; k < count; k++)
    for (size_t j = 0; j < count; j++)
      if (jac_notation_equal(step[k].below, step[j].above))
        for (size_t i = 0; i < count; i++)
          if (jac_notation_equal(step[i].below, step[k].above) &&
              jac_defined_by(claim->evidence, step[k].above, step[j].below))
            return true;
  return false;
}

/* Long: the names in both orders. */
static int product(node *n, const struct jac_step *whole,
                   const struct jac_claim_written *refuted) {
  struct jac_step step[STEPS];
  size_t count = 0;
  if (!factors(n, step, &count) || count < 2)
    return 0;
  for (size_t k = 0; k < count && refuted; k++)
    if (component(&step[k]) &&
        told(refuted, &step[k])) /* what is known of y says more than the names do */
      return 0;
  if (refuted && way_past(refuted, step, count))
    return -1;
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

static bool is_step(node *right, node *v) {
  struct jac_step step;
  if (jac_formal_step(right, &step) && jac_notation_equal(step.above, v))
    return true;
  for (size_t k = 0; k < right->count; k++)
    if (right->child[k] && is_step(right->child[k], v))
      return true;
  return false;
}

/* Whether the section differentiates a name by x. */
static bool moves_with(const struct jac_claim_written *claim, node *n, node *x) {
  return jac_differentiates(claim->evidence, jac_notation_key(claim->scope->pool, n), x);
}

/* A name in n that is made of x, and is no step of the claim; or NULL. */
static node *other_path(const struct jac_claim_written *claim, node *n, node *x) {
  if (jac_name_like(n))
    return (jac_defined_by(claim->evidence, n, x) || moves_with(claim, n, x)) &&
                   !is_step(claim->right, n)
               ? n
               : NULL;
  node *found = NULL;
  for (size_t k = 0; k < n->count && !found; k++)
    found = n->child[k] ? other_path(claim, n->child[k], x) : NULL;
  return found;
}

/* dz/dt by u alone, where z = f(u, v) and v is made of t too. */
static bool path_missing(const struct jac_claim_written *claim,
                         const struct jac_step *whole) {
  const struct jac_evidence *all = claim->evidence;
  for (size_t k = 0; k < all->definitions; k++) {
    const struct jac_fact *f = all->definition[k].fact;
    if (f->right && jac_notation_equal(f->left, whole->above) &&
        other_path(claim, f->right, whole->below))
      return true;
  }
  return false;
}

/* The claim goes by y and by m, of which y is made, each on its own: then by all that y
 * is made of. What is left out, or NULL. */
static node *edge_left_out(const struct jac_claim_written *claim, node *right, node *x) {
  const struct jac_evidence *all = claim->evidence;
  struct jac_step step[STEPS];
  for (size_t k = 0; k < right->count; k++) {
    size_t count = 0;
    if (!factors(right->child[k], step, &count) || count < 2)
      return NULL;
    node *y = step[0].below;
    for (size_t d = 0; d < all->definitions; d++) {
      const struct jac_fact *f = all->definition[d].fact;
      bool by_listed = false;
      if (!f->right || !jac_notation_equal(f->left, y))
        continue;
      for (size_t j = 0; j < right->count && !by_listed; j++) {
        size_t others = 0;
        by_listed = j != k && factors(right->child[j], step, &others) && others > 1 &&
                    jac_notation_has(f->right, step[0].below);
      }
      node *missing = by_listed ? other_path(claim, f->right, x) : NULL;
      if (missing && !jac_notation_equal(missing, x))
        return missing;
    }
  }
  return NULL;
}

/* Whether a name stands in n, y_i for any y_j. */
static bool stands_there(node *n, node *name) {
  node *item[4];
  bool member = name->form == JAC_S_SCRIPT && name->child[1] &&
                jac_index_items(name->child[1], item) > 0 && jac_index_letter(item[0]);
  return member ? jac_notation_has_name(n, name->child[0]->text)
                : jac_notation_has(n, name);
}

/* Whether f(a, b) is written somewhere. */
static bool called_with(const struct jac_usage *u, node *a, node *b) {
  node *call[2] = {u ? u->call : NULL, u ? u->again : NULL};
  for (size_t k = 0; k < 2; k++)
    if (call[k] && jac_notation_has(call[k], a) && jac_notation_has(call[k], b))
      return true;
  return false;
}

/* Of r(a, b), of which the claim goes by a: whether b moves with something that a moves
 * with, so likely with x as well. */
static bool moves_alike(const struct jac_claim_written *claim, const char *r, node *a,
                        node *b) {
  const struct jac_evidence *all = claim->evidence;
  const struct jac_pair *p = all->every ? all->every : all->pair;
  const char *key = jac_notation_key(claim->scope->pool, b);
  bool alike = false;
  for (size_t k = 0; k < (all->every ? all->everys : all->pairs); k++)
    alike = alike || (p[k].numerator == key && moves_with(claim, a, p[k].denominator));
  return alike && called_with(jac_usage_of((struct jac_evidence *)all, r), a, b);
}

/* Long: each pair of the section. */
node *jac_formal_left_out(const struct jac_claim_written *claim) {
  const struct jac_evidence *all = claim->evidence;
  const struct jac_pair *p = all->every ? all->every : all->pair;
  struct jac_step whole;
  node *right = jac_inside(claim->right);
  bool terms = right->form == JAC_S_TERMS;
  if (!jac_formal_step(claim->left, &whole) || !jac_name_like(whole.above))
    return NULL;
  for (size_t k = 0; k < (terms ? right->count : 1); k++)
    if (product(terms ? right->child[k] : right, &whole, NULL) != 1)
      return NULL;
  node *edge = terms ? edge_left_out(claim, right, whole.below) : NULL;
  if (edge)
    return edge;
  const char *key = jac_notation_key(claim->scope->pool, whole.above);
  struct jac_step step[STEPS];
  size_t count = 0;
  bool single = !terms && factors(right, step, &count) && count > 1;
  for (size_t k = 0; k < (all->every ? all->everys : all->pairs); k++)
    if (p[k].numerator == key && p[k].curly && jac_name_like(p[k].denominator) &&
        !jac_notation_equal(p[k].denominator, whole.below) &&
        (moves_with(claim, p[k].denominator, whole.below) ||
         (single && moves_alike(claim, key, step[0].below, p[k].denominator))) &&
        !stands_there(claim->right, p[k].denominator))
      return p[k].denominator;
  return NULL;
}

/* A sum over what stands on the left too: \sum_j ... of dL/dz_j. */
static bool binds_again(node *n, node *left) {
  node *letter = n->form == JAC_S_BIG ? letter_of(n) : NULL;
  if (letter && jac_notation_has_name(left, letter->text))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && binds_again(n->child[k], left))
      return true;
  return false;
}

/* dL/dc dc/di + dL/dh dh/dc dc/di: by all ways from L to i, where dL/dc is what goes by c
 * directly. */
bool jac_formal_edges(const struct jac_claim_written *claim) {
  struct jac_step whole, step[2][STEPS];
  node *right = jac_inside(claim->right);
  size_t count[2] = {0, 0};
  if (right->form != JAC_S_TERMS || right->count != 2 || right->text[0] == '-' ||
      right->text[1] == '-' || !jac_formal_step(claim->left, &whole))
    return false;
  for (size_t k = 0; k < 2; k++)
    if (product(right->child[k], &whole, NULL) != 1 ||
        !factors(right->child[k], step[k], &count[k]))
      return false;
  size_t direct = count[0] > count[1], around = 1 - direct;
  if (count[around] != count[direct] + 1)
    return false;
  /* The longer way goes on as the shorter does, but for its first two steps. */
  for (size_t k = 1; k < count[direct]; k++)
    if (!jac_notation_equal(step[direct][k].above, step[around][k + 1].above) ||
        !jac_notation_equal(step[direct][k].below, step[around][k + 1].below))
      return false;
  return count[direct] > 0 &&
         jac_notation_equal(step[direct][0].below, step[around][1].below);
}

int jac_formal_chain(const struct jac_claim_written *claim, bool refuted) {
  struct jac_step whole;
  if (!jac_formal_step(claim->left, &whole))
    return 0;
  node *right = jac_inside(claim->right);
  if (path_missing(claim, &whole))
    return refuted ? -1 : 0;
  if (binds_again(right, claim->left))
    return 0;
  if (right->form != JAC_S_TERMS)
    return product(right, &whole, refuted ? claim : NULL);
  for (size_t k = 0; k < right->count; k++) {
    if (right->text[k] == '-')
      return 0;
    int one = product(right->child[k], &whole, refuted ? claim : NULL);
    if (one != 1)
      return one;
  }
  return 1;
}
