/* Second thoughts about a refutation: one letter may stand for several things. */
#include "jacobian/notes/judge_doubt.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"

#include <string.h>

/* How many arguments stand in brackets. */
static size_t arguments(node *bracket) {
  node *in = bracket->child[0];
  return in->form == JAC_S_LIST ? in->count : 1;
}

/* The arguments of f where it is called in n, 0: it is not. */
static size_t called(node *n, node *f, size_t but) {
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++) {
    node *bracket = n->child[k + 1];
    if (bracket->form == JAC_S_GROUP && bracket->text[0] == '(' &&
        jac_notation_equal(n->child[k], f) && arguments(bracket) != but)
      return arguments(bracket);
  }
  for (size_t k = 0; k < n->count; k++) {
    size_t found = n->child[k] ? called(n->child[k], f, but) : 0;
    if (found)
      return found;
  }
  return 0;
}

/* A name that nobody defines, and that is called with one number of arguments here and
 * with another there. */
static bool several(node *n, const void *of) {
  const struct jac_doubted *at = of;
  const struct jac_link *link = at->link;
  if (jac_name_like(n) && !n->row && !jac_doubt_definition(at->j, n)) {
    size_t few = called(link->right, n, 0);
    return few && (called(link->right, n, few) || called(link->left, n, few));
  }
  return false;
}

/* p(x) and p(x, z): densities, the one a sum of the other. */
bool jac_doubt_densities(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r) {
  (void)r;
  return jac_notation_any(link->right, several, &(struct jac_doubted){j, link});
}

/* r_T, where a sum runs to T. */
static bool last(node *n, const void *of) {
  const struct judging *j = of;
  node *below = n->form == JAC_S_SCRIPT ? n->child[1] : NULL;
  if (below && below->form == JAC_S_NAME && below->text[0] >= 'A' &&
      below->text[0] <= 'Z')
    for (const struct jac_link *one = j->section.link;
         one < j->section.link + j->section.links; one++)
      if (one->right && one->right->form == JAC_S_BIG && one->right->child[1] &&
          jac_notation_equal(one->right->child[1], below))
        return true;
  return false;
}

/* \partial L / \partial r_T of the last step, from which no other follows. */
bool jac_doubt_last_step(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r) {
  (void)r;
  return jac_notation_has_name(link->left, "partial") &&
         jac_notation_any(link->left, last, j);
}

static bool is_integral(node *n, const void *of) {
  (void)of;
  return n->form == JAC_S_INTEGRAL;
}

static bool has_integral(node *n) {
  return jac_notation_any(n, is_integral, NULL);
}

/* (g * f)(t), a product of functions at a place. */
static bool product_at(node *n, const void *of) {
  (void)of;
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++)
    if (n->child[k]->form == JAC_S_GROUP && n->child[k + 1]->form == JAC_S_GROUP &&
        n->child[k]->child[0]->form == JAC_S_INFIX)
      return true;
  return false;
}

/* (g * f)(t), where the text has integrals: a convolution. */
bool jac_doubt_convolution(const struct judging *j, const struct jac_link *link,
                           const struct jac_judgement_of *r) {
  (void)r;
  bool product = jac_notation_any(link->right, product_at, NULL);
  for (size_t k = 0; product && k < j->section.links; k++)
    if (j->section.link[k].right && has_integral(j->section.link[k].right))
      return true;
  return false;
}

/* An integral that is another: nothing is differentiated. */
bool jac_doubt_integrals(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r) {
  (void)j;
  (void)r;
  bool of_it = link->left->form == JAC_S_SIDE &&
               link->left->child[0]->form == JAC_S_FRACTION &&
               jac_mentions_derivative(link->left->child[0]);
  return !of_it && !jac_doubt_differentiated(link->left) &&
         (has_integral(link->left) || has_integral(link->right));
}

/* g(x), of a function that nobody defines. */
static bool new_call(node *n, const void *of) {
  const struct judging *j = of;
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++)
    if (jac_name_like(n->child[k]) && !n->child[k]->row &&
        n->child[k + 1]->form == JAC_S_GROUP && n->child[k + 1]->text[0] == '(' &&
        !jac_doubt_definition(j, n->child[k]))
      return true;
  return false;
}

/* f(x + h) = g(x + h) r(x + h) = ... = f(x) + ..., where f is defined otherwise: its
 * chain begins with what it is here. */
bool jac_doubt_chain_anew(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r) {
  const struct jac_link *head = link;
  (void)r;
  while (head > j->section.link && head[-1].item == link->item && head->link > 1)
    head--;
  node *left = head->left;
  bool call = head < link && left && head->right && left->form == JAC_S_SIDE &&
              left->count == 2 && left->child[1]->form == JAC_S_GROUP &&
              jac_name_like(left->child[0]);
  return call && jac_doubt_definition(j, left->child[0]) &&
         jac_notation_any(head->right, new_call, j) &&
         (jac_notation_has(link->left, left->child[0]) ||
          jac_notation_has(link->right, left->child[0]));
}

/* How many indices stand below a name, 0: none. */
static size_t indices(node *n) {
  node *item[4];
  return n->form == JAC_S_SCRIPT && n->child[1] ? jac_index_items(n->child[1], item) : 0;
}

/* v_{nk}, where what defines it says v_k = ... */
static bool more_indices(node *n, const void *of) {
  const struct judging *j = of;
  size_t own = indices(n);
  bool fewer = false;
  for (size_t k = 0; own > 1 && k < j->section.facts; k++) {
    const struct jac_fact *f = &j->section.fact[k];
    if (f->kind != JAC_FACT_DEFINITION || !f->right || f->left->form != JAC_S_SCRIPT ||
        !jac_notation_equal(f->left->child[0], n->child[0]))
      continue;
    if (indices(f->left) == own)
      return false;
    fewer = fewer || indices(f->left) > 0;
  }
  return fewer;
}

bool jac_doubt_more_indices(const struct judging *j, const struct jac_link *link,
                            const struct jac_judgement_of *r) {
  (void)r;
  return jac_notation_any(link->right, more_indices, j);
}
