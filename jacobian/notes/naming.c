#include "jacobian/notes/naming.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"
#include "jacobian/text.h"

#include <string.h>

/* Whether a name stands in n, in a derivative. */
static bool differentiated(node *n, node *name, bool within) {
  within =
      within || (n->form == JAC_S_FRACTION && jac_mentions_derivative(n)) ||
      (n->form == JAC_S_SCRIPT && (n->number > 0 || jac_is_name(n->child[0], "nabla")));
  if (jac_notation_equal(n, name))
    return within;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && differentiated(n->child[k], name, within))
      return true;
  return false;
}

static const char *base(node *name) {
  return name->form == JAC_S_SCRIPT ? name->child[0]->text : name->text;
}

/* \delta_1 = dL/dz, a naming itself. */
static bool naming(const struct jac_fact *f) {
  return f->kind == JAC_FACT_DEFINITION && f->left && f->right &&
         jac_name_like(f->left) && f->right->form == JAC_S_FRACTION;
}

/* Whether a fact says anything with the name's letter in it: W_{ji} is known of W. */
static bool explained(const struct jac_section *s, node *name) {
  for (size_t k = 0; k < s->facts; k++) {
    const struct jac_fact *f = &s->fact[k];
    if (f->kind == JAC_FACT_USE || naming(f))
      continue;
    if ((f->left && jac_notation_has_name(f->left, base(name))) ||
        (f->right && jac_notation_has_name(f->right, base(name))))
      return true;
  }
  return false;
}

/* w_{ij}: an entry of what a capital may name. */
static bool two_indices(node *name) {
  node *item[4];
  return name->form == JAC_S_SCRIPT && name->child[1] &&
         jac_index_items(name->child[1], item) > 1;
}

/* Whether the name is new with the k-th link, and is nowhere differentiated. */
static bool is_new(const struct jac_section *s, size_t k, node *name) {
  for (size_t j = 0; j < s->links; j++) {
    const struct jac_link *l = &s->link[j];
    node *side[2] = {l->left, l->right};
    for (size_t i = 0; i < 2; i++)
      if (side[i] && ((j < k && jac_notation_has(side[i], name)) ||
                      differentiated(side[i], name, false)))
        return false;
  }
  return !jac_notation_has(s->link[k].left, name) && !explained(s, name);
}

/* dy/dx, \nabla f, f'(x). */
static bool derivative(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_SIDE)
    n = n->child[0];
  return (n->form == JAC_S_FRACTION || n->form == JAC_S_SCRIPT) &&
         jac_mentions_derivative(n);
}

static bool lone_name(node *n) {
  return jac_name_like(n) && !n->row && !two_indices(n) &&
         (n->form == JAC_S_NAME ||
          (n->number == 0 && !(n->child[2] && n->child[2]->form == JAC_S_NUMBER)));
}

static bool define(struct jac_section *s, struct jac_link *link, node *name) {
  struct jac_fact fact = {.kind = JAC_FACT_DEFINITION, .left = name, .right = link->left};
  if (!jac_section_fact(s, fact))
    return false;
  memmove(s->fact + link->visible + 1, s->fact + link->visible,
          (s->facts - 1 - link->visible) * sizeof fact);
  s->fact[link->visible] = fact;
  return true;
}

/* The name that the k-th link gives the derivative on its left, or NULL. */
static node *given_name(const struct jac_section *s, size_t k) {
  const struct jac_link *link = &s->link[k], *next = link + 1;
  bool last = k + 1 == s->links || next->item != link->item || next->first ||
              next->link <= link->link;
  if (link->link < 2 || !last || link->reason || link->problem || link->subject ||
      !link->left || !link->right)
    return NULL;
  node *name = jac_inside(link->right);
  return lone_name(name) && derivative(link->left) && is_new(s, k, name) ? name : NULL;
}

static bool mentions(const struct jac_link *link, node *name) {
  return (link->left && jac_notation_has(link->left, name)) ||
         (link->right && jac_notation_has(link->right, name));
}

void jac_section_namings(struct jac_section *s, size_t *said, size_t levels) {
  for (size_t k = 0; k < s->links; k++) {
    struct jac_link *link = &s->link[k];
    node *name = given_name(s, k);
    if (!name || !define(s, link, name))
      continue;
    link->reason = _("a definition");
    for (size_t l = 0; l < levels; l++)
      said[l] += said[l] > link->visible;
    for (size_t j = k + 1; j < s->links; j++) {
      s->link[j].visible++;
      if (mentions(&s->link[j], name))
        s->link[j].guess[0] = NULL;
    }
  }
}
