/* Rows of functions and of matrices, with dots among them or not: f = f_L \circ ... \circ
 * f_1 and J_f = J_{f_L} ... J_{f_1}, f(x) = W_L ... W_1 x and its derivative. */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <stdio.h>

typedef const struct jac_syntax node;

enum { ITEMS = 16 };

/* What stands side by side; dots: where, 0: nowhere. */
struct row {
  node *item[ITEMS];
  size_t count, dots;
  size_t transposed; /* how many items are */
  bool functions, failed;
};

static bool is_plain(node *n) {
  return n->form == JAC_S_NAME && !n->row && !jac_is_differential(n);
}

static bool is_transpose(node *above) {
  return above && (jac_is_name(above, "T") || jac_is_name(above, "top"));
}

static void push(struct row *r, node *n) {
  if (r->count == ITEMS || (n->form == JAC_S_DOTS && (r->dots || !r->count)))
    r->failed = true;
  else {
    if (n->form == JAC_S_DOTS)
      r->dots = r->count;
    r->item[r->count++] = n;
  }
}

/* n with a name in another's place. */
static node *with(struct jac_pool *pool, node *n, node *name, node *by) {
  node *child[4];
  if (jac_notation_equal(n, name))
    return by;
  if (n->count > 4 || !n->count)
    return n;
  for (size_t k = 0; k < n->count; k++)
    child[k] = n->child[k] ? with(pool, n->child[k], name, by) : NULL;
  return jac_notation_node(pool, n, n->count, child);
}

static void push_factor(struct jac_pool *pool, struct row *r, node *n, bool jacobians);

/* W_1 ... W_n, as it is read: the product over i of W_i. */
static void push_product(struct jac_pool *pool, struct row *r, node *big,
                         bool jacobians) {
  node *from = big->child[0], *to = big->child[1];
  if (big->row->id != JAC_C_PRODUCT || !from || from->form != JAC_S_CHAIN ||
      from->count != 3 || !to || !big->child[2]) {
    r->failed = true;
    return;
  }
  struct jac_syntax like = {.form = JAC_S_DOTS, .text = "c"};
  node *end[2] = {with(pool, big->child[2], from->child[0], from->child[2]),
                  with(pool, big->child[2], from->child[0], to)};
  node *dots = jac_notation_node(pool, &like, 0, NULL);
  r->failed = r->failed || !end[0] || !end[1] || !dots;
  if (r->failed)
    return;
  push_factor(pool, r, end[0], jacobians);
  push(r, dots);
  push_factor(pool, r, end[1], jacobians);
}

/* Long: each form of a factor. W, W^T, of J_f its f. */
static void push_factor(struct jac_pool *pool, struct row *r, node *n, bool jacobians) {
  if (n->form == JAC_S_DOTS) {
    push(r, n);
    return;
  }
  if (n->form == JAC_S_GROUP && n->text[0] == '{' && n->child[0]->form == JAC_S_BIG) {
    push_product(pool, r, n->child[0], jacobians);
    return;
  }
  bool script = n->form == JAC_S_SCRIPT && is_plain(n->child[0]) && n->number == 0;
  bool turned = script && is_transpose(n->child[2]);
  if (jacobians) {
    bool of = script && jac_is_name(n->child[0], "J") && n->child[1] &&
              (turned || !n->child[2]);
    r->failed = r->failed || !of;
    n = of ? n->child[1] : n;
  } else if (turned) {
    node *child[3] = {n->child[0], n->child[1], NULL};
    n = n->child[1] ? jac_notation_node(pool, n, 3, child) : n->child[0];
  } else
    r->failed = r->failed || !(script || is_plain(n));
  r->transposed += turned;
  if (n)
    push(r, n);
}

static void push_circles(struct row *r, node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_INFIX && n->row && n->row->id == JAC_C_CIRC) {
    push_circles(r, n->child[0]);
    push_circles(r, n->child[1]);
  } else {
    r->failed = r->failed || !(jac_name_like(n) || n->form == JAC_S_DOTS);
    push(r, n);
  }
}

/* f_2(f_1(x)) */
static bool push_calls(struct row *r, node *n, node *x) {
  if (n->form != JAC_S_SIDE || n->count != 2 || !jac_name_like(n->child[0]) ||
      n->child[1]->form != JAC_S_GROUP || n->child[1]->text[0] != '(')
    return false;
  push(r, n->child[0]);
  node *inside = n->child[1]->child[0];
  return jac_notation_equal(inside, x) || push_calls(r, inside, x);
}

/* What a definition's right side is a row of; x: its argument, or NULL. */
static struct row defined_as(struct jac_pool *pool, node *right, node *x) {
  struct row r = {.functions = true};
  if (right->form == JAC_S_INFIX && right->row && right->row->id == JAC_C_CIRC)
    push_circles(&r, right);
  else if (x && push_calls(&r, right, x))
    return r;
  else if (x && right->form == JAC_S_SIDE &&
           jac_notation_equal(right->child[right->count - 1], x)) {
    r = (struct row){.functions = false};
    for (size_t k = 0; k + 1 < right->count; k++)
      push_factor(pool, &r, right->child[k], false);
    r.failed = r.failed || r.transposed;
  } else
    r.failed = true;
  return r;
}

/* L and -1 of f_{L-1}, W^{(L-1)}; 2 of W_2. False: it is not counted. */
static bool place(node *n, node **name, double *number) {
  node *at = n->form == JAC_S_SCRIPT ? n->child[1] : NULL;
  if (n->form == JAC_S_SCRIPT && !at)
    at = jac_inside(n->child[2]);
  *name = NULL;
  *number = 0;
  if (!at)
    return false;
  if (at->form == JAC_S_TERMS && at->count == 2 && at->child[1]->form == JAC_S_NUMBER) {
    *number = at->text[1] == '-' ? -at->child[1]->number : at->child[1]->number;
    at = at->child[0];
  }
  if (at->form == JAC_S_NUMBER)
    *number += at->number;
  else
    *name = at;
  return is_plain(at) || at->form == JAC_S_NUMBER;
}

/* Whether the items between two places count by one, all in one direction. */
static bool counts(const struct row *r, size_t begin, size_t end, double *step) {
  for (size_t k = begin; k + 1 < end; k++) {
    node *name, *next;
    double here, there;
    if (!place(r->item[k], &name, &here) || !place(r->item[k + 1], &next, &there) ||
        !jac_notation_equal(r->item[k]->child[0], r->item[k + 1]->child[0]) ||
        (name == NULL) != (next == NULL) || (name && !jac_notation_equal(name, next)) ||
        (*step != 0 && there - here != *step) ||
        (there - here != 1 && there - here != -1))
      return false;
    *step = there - here;
  }
  return true;
}

/* Without what the dots stand for too: f_L ... f_1. False: it is not clear. */
static bool shorten(struct row *r) {
  double step = 0;
  if (r->failed || r->count < 2)
    return false;
  if (!r->dots)
    return true;
  if (r->dots + 1 == r->count || !counts(r, 0, r->dots, &step) ||
      !counts(r, r->dots + 1, r->count, &step))
    return false;
  r->item[1] = r->item[r->dots];
  r->item[2] = r->item[r->count - 1];
  r->dots = 1;
  r->count = 3;
  return true;
}

static bool alike(const struct row *a, const struct row *b, bool turned) {
  for (size_t k = 0; k < a->count && a->count == b->count; k++) {
    node *other = b->item[turned ? b->count - 1 - k : k];
    bool dots = a->item[k]->form == JAC_S_DOTS;
    if (dots != (other->form == JAC_S_DOTS) ||
        (!dots && !jac_notation_equal(a->item[k], other)))
      return false;
  }
  return a->count == b->count;
}

/* Long: the forms of a derivative. f of J_f, J_f(x), \partial f / \partial x; *x: that,
 * or NULL. */
static node *subject_of(node *left, node **x, bool *turned) {
  bool called = left->form == JAC_S_SIDE && left->count == 2 &&
                left->child[1]->form == JAC_S_GROUP && is_plain(left->child[1]->child[0]);
  node *j = called ? left->child[0] : left;
  *x = called ? left->child[1]->child[0] : NULL;
  *turned = j->form == JAC_S_SCRIPT && is_transpose(j->child[2]);
  if (j->form == JAC_S_SCRIPT && jac_is_name(j->child[0], "J") && j->child[1] &&
      j->number == 0 && (*turned || !j->child[2]))
    return j->child[1];
  node *above = left->form == JAC_S_FRACTION ? jac_inside(left->child[0]) : NULL;
  node *below = left->form == JAC_S_FRACTION ? jac_inside(left->child[1]) : NULL;
  if (!above || above->form != JAC_S_SIDE || above->count != 2 ||
      below->form != JAC_S_SIDE || below->count != 2 ||
      !jac_is_name(above->child[0],
                   jac_is_name(below->child[0], "d") ? "d" : "partial") ||
      !jac_is_differential(below->child[0]))
    return NULL;
  *x = below->child[1];
  return above->child[1];
}

/* The definition of f before the claim that counts. */
static struct row definition_of(const struct jac_section *s, const struct jac_link *link,
                                node *f, node *x) {
  struct row r = {.failed = true};
  struct jac_definition d;
  for (size_t k = 0; k < s->facts && k < link->visible; k++)
    if (s->fact[k].kind == JAC_FACT_DEFINITION && s->fact[k].right &&
        jac_definition_read(s->pool, s->fact[k].left, &d) &&
        jac_notation_equal(d.name, f)) {
      node *own = d.params == 1 ? d.param[0] : d.params ? NULL : x;
      r = defined_as(s->pool, s->fact[k].right, own);
      r.failed = r.failed || (x && own && !jac_notation_equal(x, own));
    }
  return r;
}

/* Whether an order of the factors says something: of matrices, of Jacobians. */
static bool matrices(const struct row *r) {
  for (size_t k = 0; k < r->count && !r->functions; k++) {
    node *base = r->item[k]->form == JAC_S_SCRIPT ? r->item[k]->child[0] : r->item[k];
    if (base->form != JAC_S_DOTS && !base->bold && !isupper((unsigned char)*base->text))
      return false;
  }
  return true;
}

/* Long: what it is to be such a claim. */
bool jac_judging_row(struct judging *j, const struct jac_link *link,
                     struct jac_judgement_of *r) {
  node *x, *f;
  bool turned;
  if (!link->left || !link->right || link->condition || link->subject ||
      !(f = subject_of(link->left, &x, &turned)))
    return false;
  struct row own = definition_of(&j->section, link, f, x), claim = {.functions = false};
  if (own.failed || (!own.functions && !own.dots))
    return false; /* read as any other */
  node *right = link->right;
  if (right->form == JAC_S_SIDE)
    for (size_t k = 0; k < right->count; k++)
      push_factor(&j->pool, &claim, right->child[k], own.functions);
  else
    push_factor(&j->pool, &claim, right, own.functions);
  bool other = claim.transposed > 0;
  if (other && claim.transposed != claim.count - (claim.dots > 0))
    return false;
  if (!shorten(&own) || !shorten(&claim))
    return false;
  if (other != turned && (own.functions || link->left->form != JAC_S_FRACTION))
    return false;
  if (alike(&own, &claim, other)) {
    jac_judging_say(r, JAC_HOLDS_CONVENTION, _("the chain rule, formally"));
    if (other != turned) {
      snprintf(r->convention, sizeof r->convention, "%s",
               _("the transpose layout: a row for every variable"));
      r->jacobian = 2;
    }
    return true;
  }
  if (!alike(&own, &claim, !other) || !matrices(&own))
    return false;
  jac_judging_say(r, JAC_DOES_NOT_HOLD, _("its factors stand in the other order"));
  return true;
}
