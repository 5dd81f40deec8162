/* \delta and barred names that nothing defines: what they may be the adjoints of. */
#include "jacobian/notes/section_internal.h"

#include "jacobian/elaborate/evidence.h"

#include <string.h>

/* The node with another name in the place of `from`; the rest is shared. */
static node *renamed(struct jac_section *s, node *n, const char *from, const char *to) {
  if (!n)
    return NULL;
  if (n->form == JAC_S_NAME) {
    if (strcmp(n->text, from) != 0)
      return n;
    struct jac_syntax like = *n;
    like.text = jac_pool_text(s->pool, to);
    return jac_notation_node(s->pool, &like, 0, NULL);
  }
  node *child[JAC_NOTATION_CHILDREN];
  if (n->count > JAC_NOTATION_CHILDREN)
    return n;
  for (size_t k = 0; k < n->count; k++)
    child[k] = renamed(s, n->child[k], from, to);
  return jac_notation_node(s->pool, n, n->count, child);
}

static void named_nodes(node *n, const char *text, node *out[8], size_t *count) {
  if (!n)
    return;
  bool here =
      jac_is_name(n, text) || (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], text));
  if (here) {
    for (size_t k = 0; k < *count; k++)
      if (jac_notation_equal(out[k], n))
        return;
    if (*count < 8)
      out[(*count)++] = n;
    return;
  }
  for (size_t k = 0; k < n->count; k++)
    named_nodes(n->child[k], text, out, count);
}

/* A name without its transpose. */
static node *untransposed(struct jac_section *s, node *n) {
  if (n->form != JAC_S_SCRIPT || !n->child[2])
    return n;
  node *above = n->child[2];
  bool top = jac_is_name(above, "T") || jac_is_name(above, "top");
  bool tail = above->form == JAC_S_SIDE && above->count == 2 &&
              (jac_is_name(above->child[1], "T") || jac_is_name(above->child[1], "top"));
  if (!top && !tail)
    return n;
  node *child[3] = {n->child[0], n->child[1], tail ? above->child[0] : NULL};
  return !child[1] && !child[2] ? n->child[0] : jac_notation_node(s->pool, n, 3, child);
}

/* The loss that a claim differentiates, or any. */
static node *loss_of(struct jac_section *s, node *left) {
  node *n = jac_inside(left);
  node *above = n->form == JAC_S_FRACTION ? jac_inside(n->child[0]) : NULL;
  if (above && above->form == JAC_S_SIDE && above->count == 2 &&
      jac_is_differential(above->child[0]) && jac_name_like(above->child[1]))
    return above->child[1];
  struct jac_syntax like = {.form = JAC_S_NAME,
                            .text = jac_pool_text(s->pool, "any loss")};
  return jac_notation_node(s->pool, &like, 0, NULL);
}

static void adjoint_fact(struct jac_section *s, node *loss, node *name, node *of) {
  struct jac_syntax like = {.form = JAC_S_NAME,
                            .text = jac_pool_text(s->pool, "partial")};
  node *sign = jac_notation_node(s->pool, &like, 0, NULL);
  like.form = JAC_S_SIDE;
  like.text = "";
  node *above[2] = {sign, loss}, *below[2] = {sign, of};
  node *pair[2];
  pair[0] = jac_notation_node(s->pool, &like, 2, above);
  pair[1] = jac_notation_node(s->pool, &like, 2, below);
  like.form = JAC_S_FRACTION;
  node *right = pair[0] && pair[1] ? jac_notation_node(s->pool, &like, 2, pair) : NULL;
  if (right)
    jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_DEFINITION,
                                          .left = name,
                                          .right = right,
                                          .strong = true,
                                          .guess = true});
}

bool jac_section_adjoints(struct jac_section *s, const struct jac_link *link,
                          const char *base) {
  /* Every \delta^{s} of the claim is dL/d base^{s}; every \bar x is dL/dx. */
  node *names[8];
  size_t count = 0, before = s->facts;
  if (strcmp(base, "bar") == 0) {
    const struct jac_syntax *stack[128];
    size_t depth = 0;
    stack[depth++] = link->left;
    stack[depth++] = link->right;
    while (depth) {
      node *n = stack[--depth];
      if (!n)
        continue;
      node *name = n->form == JAC_S_SCRIPT ? n->child[0] : n;
      if (name->form == JAC_S_NAME && strncmp(name->text, "bar_", 4) == 0) {
        node *own = untransposed(s, n);
        adjoint_fact(s, loss_of(s, link->left), own,
                     renamed(s, own, name->text, name->text + 4));
        continue;
      }
      for (size_t k = 0; k < n->count && depth < 128; k++)
        stack[depth++] = n->child[k];
    }
    return s->facts > before;
  }
  named_nodes(link->left, "delta", names, &count);
  named_nodes(link->right, "delta", names, &count);
  for (size_t k = 0; k < count; k++) {
    node *own = untransposed(s, names[k]);
    adjoint_fact(s, loss_of(s, link->left), own, renamed(s, own, "delta", base));
  }
  return s->facts > before;
}

/* Long: the ways to write them. The base names that stand somewhere with the scripts that
 * \delta has. */
void jac_guess_bases(struct jac_section *s, struct jac_link *link, node *left,
                     node *right) {
  node *base = left->form == JAC_S_SCRIPT ? left->child[0] : left;
  if (base->form == JAC_S_NAME && strncmp(base->text, "bar_", 4) == 0) {
    link->guess[0] = "bar";
    return;
  }
  bool derivative;
  if (!jac_is_name(base, "delta") && right) {
    node *names[8];
    size_t n = 0;
    named_nodes(right, "delta", names, &n);
    for (size_t k = 0; k < n && !jac_is_name(base, "delta"); k++)
      if (names[k]->form == JAC_S_SCRIPT && names[k]->child[2] &&
          !jac_is_name(names[k]->child[2], "T")) {
        left = untransposed(s, names[k]);
        base = left->form == JAC_S_SCRIPT ? left->child[0] : left;
      }
  }
  if (!jac_is_name(base, "delta") || !right)
    return;
  if (jac_section_defined(s, jac_notation_key(s->pool, left), &derivative))
    return;
  size_t count = 0;
  for (size_t k = 0; k < s->facts && count < 3; k++) {
    node *n = s->fact[k].left;
    if (s->fact[k].kind != JAC_FACT_DEFINITION || n->form != JAC_S_SCRIPT ||
        left->form != JAC_S_SCRIPT || n->child[0]->form != JAC_S_NAME)
      continue;
    if (!n->child[2] != !left->child[2] || !n->child[1] != !left->child[1])
      continue;
    const char *name = n->child[0]->text;
    bool seen = false;
    for (size_t j = 0; j < count; j++)
      seen = seen || link->guess[j] == name;
    if (!seen)
      link->guess[count++] = name;
  }
}
