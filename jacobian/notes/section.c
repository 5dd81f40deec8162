/* Formulas into facts and claims: what defines, what declares, what is to be judged. */
#include "jacobian/notes/section.h"

#include "jacobian/buffer.h"
#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/directive.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef const struct jac_syntax node;

static void *grown(struct jac_section *s, void *list, size_t count, size_t *room,
                   size_t size) {
  if (count < *room)
    return list;
  size_t more = *room ? 2 * *room : 32;
  void *wider = jac_pool_take(s->pool, more * size);
  if (!wider) {
    s->failed = true;
    return NULL;
  }
  if (count)
    memcpy(wider, list, count * size);
  *room = more;
  return wider;
}

struct jac_fact *jac_section_fact(struct jac_section *s, struct jac_fact fact) {
  void *list = grown(s, s->fact, s->facts, &s->fact_room, sizeof fact);
  if (!list)
    return NULL;
  s->fact = list;
  s->fact[s->facts] = fact;
  return &s->fact[s->facts++];
}

static struct jac_link *add_link(struct jac_section *s, struct jac_link link) {
  void *list = grown(s, s->link, s->links, &s->link_room, sizeof link);
  if (!list)
    return NULL;
  s->link = list;
  link.visible = s->facts;
  link.subject = s->subject;
  s->link[s->links] = link;
  return &s->link[s->links++];
}

static node *read_text(struct jac_section *s, const char *text, bool latex) {
  node *n = NULL;
  if (jac_notation_read(s->pool, text, latex, &n, NULL, NULL))
    return NULL;
  return n;
}

static node *inside(node *n) {
  while (n && n->form == JAC_S_GROUP && (n->text[0] == '(' || n->text[0] == '{'))
    n = n->child[0];
  return n;
}

/* Sets: R^n, R^{n x m}, {0,1}, (0,1). */

static bool set_of(node *set, struct jac_fact *fact) {
  set = inside(set);
  node *base = set->form == JAC_S_SCRIPT ? set->child[0] : set;
  if (set->form == JAC_S_GROUP && set->child[0]->form == JAC_S_LIST &&
      set->child[0]->count == 2) {
    node *a = set->child[0]->child[0], *b = set->child[0]->child[1];
    if (a->form != JAC_S_NUMBER || b->form != JAC_S_NUMBER)
      return false;
    bool zero_one = a->number == 0 && b->number == 1;
    if (set->text[0] == '\\' && zero_one)
      fact->properties |= JAC_IS_BINARY | JAC_IS_NUMBER;
    else if (zero_one)
      fact->properties |= JAC_IS_UNIT | JAC_IS_NUMBER;
    else
      fact->properties |= JAC_IS_NUMBER;
    return true;
  }
  if (base->form == JAC_S_GROUP && set->form == JAC_S_SCRIPT && set->child[2]) {
    struct jac_fact inner = *fact; /* {0,1}^n */
    if (!set_of(base, &inner))
      return false;
    fact->properties |= inner.properties & ~(unsigned)JAC_IS_NUMBER;
    fact->rows = set->child[2];
    return true;
  }
  bool real = jac_is_name(base, "bb_R") || jac_is_name(base, "cal_R") ||
              jac_is_name(base, "R") || jac_is_name(base, "bb_C");
  bool whole = jac_is_name(base, "bb_N") || jac_is_name(base, "bb_Z");
  if (!real && !whole)
    return false;
  node *above = set->form == JAC_S_SCRIPT ? set->child[2] : NULL;
  node *below = set->form == JAC_S_SCRIPT ? set->child[1] : NULL;
  if (below &&
      (below->form == JAC_S_SIGN || jac_is_name(below, "+") || jac_is_name(below, "++")))
    fact->properties |= JAC_IS_POSITIVE;
  if (!above) {
    fact->properties |= JAC_IS_NUMBER;
    return true;
  }
  if (above->form == JAC_S_SIGN || jac_is_name(above, "+") || jac_is_name(above, "*")) {
    fact->properties |= JAC_IS_POSITIVE | JAC_IS_NUMBER;
    return true;
  }
  above = inside(above);
  if ((above->form == JAC_S_INFIX && above->row->id == JAC_C_CROSS) ||
      (above->form == JAC_S_LIST && above->count == 2)) {
    fact->rows = above->child[0];
    fact->cols = above->child[1];
    /* n x m x k: more than a matrix */
    return !(inside(fact->rows)->form == JAC_S_INFIX &&
             inside(fact->rows)->row->id == JAC_C_CROSS);
  }
  if (above->form == JAC_S_SIDE && above->count == 3 &&
      jac_is_name(above->child[1], "x")) { /* R^{m x n} typed with the letter */
    fact->rows = above->child[0];
    fact->cols = above->child[2];
    return true;
  }
  if (above->form == JAC_S_NUMBER && above->number == 1) {
    fact->properties |= JAC_IS_NUMBER;
    return true;
  }
  fact->rows = above;
  return true;
}

static bool name_like(node *n) {
  return n->form == JAC_S_NAME ||
         (n->form == JAC_S_SCRIPT && n->child[0]->form == JAC_S_NAME);
}

/* x, y in R^n; c(v) in R; f: R^n -> R^m. */
static bool member(struct jac_section *s, node *names, node *set, bool strong,
                   size_t line) {
  size_t count = names->form == JAC_S_LIST ? names->count : 1;
  bool any = false;
  for (size_t k = 0; k < count; k++) {
    node *name = names->form == JAC_S_LIST ? names->child[k] : names;
    struct jac_fact fact = {.kind = JAC_FACT_SHAPE, .line = line, .strong = strong};
    if (name->form == JAC_S_SIDE && name->count == 2 && name_like(name->child[0]) &&
        name->child[1]->form == JAC_S_GROUP) {
      fact.properties |= JAC_IS_FUNCTION;
      name = name->child[0];
    }
    if (!name_like(name) || !set_of(set, &fact))
      continue;
    fact.left = name;
    any = jac_section_fact(s, fact) != NULL || any;
  }
  return any;
}

/* Long: the ways to write one. */
bool jac_mentions_derivative(node *n) {
  if (!n)
    return false;
  if (n->form == JAC_S_NAME &&
      (strcmp(n->text, "partial") == 0 || strcmp(n->text, "nabla") == 0))
    return true;
  if ((n->form == JAC_S_FRACTION ||
       (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE)) &&
      inside(n->child[1])->form == JAC_S_SIDE &&
      jac_is_name(inside(n->child[1])->child[0], "d"))
    return true;
  if (n->form == JAC_S_SIDE && jac_is_name(n->child[0], "d") && n->count == 2 &&
      name_like(n->child[1]))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (jac_mentions_derivative(n->child[k]))
      return true;
  return false;
}

static bool jacobian_letter(const char *base) {
  static const char *const names[] = {"J", "cal_J", "Jac", "jac", "H", "Hess", "bb_J"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (strcmp(base, names[k]) == 0)
      return true;
  return false;
}

static const struct jac_fact *defined(const struct jac_section *s, const char *key,
                                      bool *derivative) {
  for (size_t k = s->facts; k-- > 0;) {
    const struct jac_fact *f = &s->fact[k];
    struct jac_definition d;
    if (f->kind == JAC_FACT_DEFINITION && jac_definition_read(s->pool, f->left, &d) &&
        (d.key == key || d.base == key)) {
      *derivative = f->right && jac_mentions_derivative(f->right);
      return f;
    }
  }
  return NULL;
}

/* Whether a left side defines what it names; else the equality is a claim. */
static bool defines(struct jac_section *s, node *left, node *right, bool display) {
  struct jac_definition d;
  if (jac_mentions_derivative(left) || !jac_definition_read(s->pool, left, &d))
    return false;
  if (right && d.defines == JAC_DEFINES_VALUE && jac_notation_stands(right, left))
    return false; /* w = w - \eta dL/dw: a step */
  node *name = d.name;
  node *base = name->form == JAC_S_SCRIPT ? name->child[0] : name;
  const char *letter = base->text;
  bool derivative = false;
  if (jacobian_letter(letter)) {
    /* J = W: the Jacobian, unless it is a cost. */
    bool function = d.defines == JAC_DEFINES_FUNCTION;
    bool other;
    bool below =
        name->form == JAC_S_SCRIPT &&
        ((name->child[1] &&
          (letter[0] == 'J' || letter[0] == 'j' ||
           defined(s, jac_notation_key(s->pool, name->child[1]), &other))) ||
         (name->child[2] && letter[0] != 'H' && name->child[2]->form == JAC_S_SCRIPT));
    bool matrix =
        right && (right->form == JAC_S_MATRIX ||
                  (right->form == JAC_S_GROUP && right->child[0]->form == JAC_S_MATRIX));
    if (below || matrix)
      return false;
    if (s->subject && !function)
      return false;
  }
  /* \sigma'(z), f'(x) */
  if (name->form == JAC_S_SCRIPT && name->number > 0) {
    if (d.defines == JAC_DEFINES_FUNCTION || base->row)
      return false;
    const char *key = jac_notation_key(s->pool, base);
    if (strcmp(letter, "sigma") == 0 && !defined(s, key, &derivative))
      return false;
  }
  if (d.defines == JAC_DEFINES_FUNCTION && left->form == JAC_S_APPLY &&
      name->form == JAC_S_SCRIPT)
    return false;
  const struct jac_fact *before = defined(s, d.key, &derivative);
  if (before && derivative)
    return false; /* delta was defined, and is claimed */
  if (before && before->strong)
    return false;
  if (strcmp(letter, "delta") == 0 && !before && right &&
      !jac_mentions_derivative(right) && jac_notation_has_name(right, "delta"))
    return false;
  if (strncmp(letter, "bar_", 4) == 0 && right) {
    char bar[8] = "bar_";
    bool other = false;
    (void)bar;
    /* \bar W = \bar a x^T: adjoints. */
    const struct jac_syntax *stack[64];
    size_t depth = 0;
    stack[depth++] = right;
    while (depth) {
      node *n = stack[--depth];
      if (!n)
        continue;
      if (n->form == JAC_S_NAME && strncmp(n->text, "bar_", 4) == 0 &&
          strcmp(n->text, letter) != 0)
        other = true;
      for (size_t k = 0; k < n->count && depth < 64; k++)
        stack[depth++] = n->child[k];
    }
    bool known;
    if (other && !defined(s, d.key, &known))
      return false;
  }
  (void)display;
  return true;
}

/* Nothing but numbers: (0.54)(1 - 0.54), 1/(1 + e^{-0.15}), a matrix of them. */
static bool numbers_only(node *n, size_t *numbers) {
  if (!n)
    return true;
  if (n->form == JAC_S_NUMBER)
    return ++*numbers > 0;
  if (n->form == JAC_S_NAME)
    return strcmp(n->text, "e") == 0 || (n->row && n->row->role == JAC_ROLE_ENTRYWISE);
  if (n->form == JAC_S_BIG || n->form == JAC_S_BLANK)
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (!numbers_only(n->child[k], numbers))
      return false;
  return n->count > 0 || n->form == JAC_S_SIGN;
}

static bool worked_out(node *n) {
  size_t numbers = 0;
  return n && numbers_only(n, &numbers) && numbers > 1;
}

/* f'(z). */
static bool primed_call(node *n) {
  node *f = (n->form == JAC_S_SIDE || n->form == JAC_S_APPLY) && n->count == 2
                ? n->child[0]
                : n;
  return f->form == JAC_S_SCRIPT && f->number > 0;
}

/* A matrix of numbers somewhere in it: an example. */
static bool has_worked_matrix(node *n) {
  if (!n)
    return false;
  if (n->form == JAC_S_MATRIX && worked_out(n))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (has_worked_matrix(n->child[k]))
      return true;
  return false;
}

/* Whether f, or the f of df/dx, is defined as a function of what the bracket has. */
static bool function_of(const struct jac_section *s, node *f, node *bracket) {
  node *above = f->form == JAC_S_FRACTION ? inside(f->child[0]) : NULL;
  node *of = inside(bracket);
  if (above && (above->form != JAC_S_SIDE || above->count != 2))
    return false;
  f = above ? above->child[1] : f;
  bool derivative;
  const struct jac_fact *fact = defined(s, jac_notation_key(s->pool, f), &derivative);
  struct jac_definition d;
  return fact && jac_definition_read(s->pool, fact->left, &d) &&
         d.defines == JAC_DEFINES_FUNCTION &&
         d.params == (of->form == JAC_S_LIST ? of->count : 1);
}

/* \nabla f(1, 1), df/dx (1, 1): the derivative there, of what nothing says. */
static bool at_point(const struct jac_section *s, node *n, bool worked) {
  if (n->form != JAC_S_SIDE || !jac_mentions_derivative(n))
    return false;
  node *last = n->child[n->count - 1], *of = n->child[n->count - 2];
  if (n->count < 2 || inside(last) == last ||
      (!name_like(of) && of->form != JAC_S_FRACTION))
    return false;
  size_t numbers = 0;
  return numbers_only(last, &numbers) && numbers > 0 &&
         !(worked && function_of(s, of, last));
}

static bool number_alone(node *n) {
  n = inside(n);
  if (n->form == JAC_S_NUMBER)
    return true;
  if (n->form == JAC_S_TERMS && n->count == 1)
    return number_alone(n->child[0]);
  if (n->form == JAC_S_FRACTION)
    return number_alone(n->child[0]) && number_alone(n->child[1]);
  return false;
}

struct statement_place {
  struct jac_section *section;
  const struct jac_document *document;
  const struct jac_item *item;
  bool display, strong;
};

static size_t line_of(const struct statement_place *p, size_t offset) {
  return p->item && p->document ? jac_item_place(p->document, p->item, offset).line : 0;
}

static void definition(struct statement_place *p, node *left, node *right,
                       const char *problem, size_t offset) {
  jac_section_fact(p->section, (struct jac_fact){.kind = JAC_FACT_DEFINITION,
                                                 .left = left,
                                                 .right = right,
                                                 .strong = p->strong,
                                                 .problem = problem,
                                                 .line = line_of(p, offset)});
}

static void use(struct statement_place *p, node *left, node *right) {
  jac_section_fact(p->section,
                   (struct jac_fact){.kind = JAC_FACT_USE, .left = left, .right = right});
}

static bool is_equality(const struct jac_construct *row) {
  return row->id == JAC_C_EQUAL;
}

static void unjudged(struct statement_place *p, const struct jac_written *side,
                     size_t link, const char *reason) {
  if (p->display)
    add_link(p->section, (struct jac_link){.item = p->item,
                                           .start = side->start,
                                           .end = side->end,
                                           .link = link,
                                           .reason = reason});
}

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
  node *n = inside(left);
  node *above = n->form == JAC_S_FRACTION ? inside(n->child[0]) : NULL;
  if (above && above->form == JAC_S_SIDE && above->count == 2 &&
      jac_is_differential(above->child[0]) && name_like(above->child[1]))
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

/* The base names that stand somewhere with the scripts that \delta has. */
static void guess_bases(struct jac_section *s, struct jac_link *link, node *left,
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
  if (defined(s, jac_notation_key(s->pool, left), &derivative))
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

/* What is differentiated by what: df/dx, d/dx (f), \nabla_x f. */
struct differentiation {
  node *of, *by;
};

static node *joined(struct jac_section *s, node *side, size_t from) {
  return side->count == from + 1
             ? side->child[from]
             : jac_notation_node(s->pool, side, side->count - from, side->child + from);
}

/* Long: the three ways to write it. */
static bool differentiation(struct jac_section *s, node *n, struct differentiation *out) {
  node *sign = n->form == JAC_S_SIDE ? n->child[0] : n;
  *out = (struct differentiation){NULL, NULL};
  if (sign->form == JAC_S_SCRIPT && jac_is_name(sign->child[0], "nabla") && sign != n &&
      sign->child[1] && !sign->child[2]) {
    out->by = sign->child[1];
    out->of = joined(s, n, 1);
    return out->of != NULL;
  }
  if (sign->form != JAC_S_FRACTION)
    return false;
  node *above = inside(sign->child[0]), *below = inside(sign->child[1]);
  if (below->form != JAC_S_SIDE || below->count != 2 ||
      !jac_is_differential(below->child[0]))
    return false;
  out->by = below->child[1];
  if (sign != n && jac_is_differential(above))
    out->of = joined(s, n, 1);
  else if (sign == n && above->form == JAC_S_SIDE && above->count >= 2 &&
           jac_is_differential(above->child[0]))
    out->of = joined(s, above, 1);
  return out->of != NULL;
}

/* d/dx of A = d/dx of B, where nothing says what A is: so is A. */
static bool operand_defined(struct jac_section *s, node *left, node *right, node **a,
                            node **b) {
  struct differentiation l, r;
  struct jac_definition d;
  bool derivative;
  if (!differentiation(s, left, &l) || !differentiation(s, right, &r) ||
      !jac_notation_equal(l.by, r.by) || !jac_definition_read(s->pool, l.of, &d) ||
      name_like(inside(r.of)) || defined(s, d.key, &derivative) ||
      defined(s, d.base, &derivative))
    return false;
  *a = l.of;
  *b = r.of;
  return true;
}

static node *base_of(node *n) {
  n = inside(n);
  return n->form == JAC_S_SCRIPT ? base_of(n->child[0]) : n;
}

/* Whether a name stands in n that has the base of another, delta^{l+1} of delta^l. */
static bool shares_base(node *n, node *name) {
  return jac_notation_has_name(n, base_of(name)->text);
}

/* A side of a chain that can be the left one of what follows. */
static void one_statement(struct statement_place *p,
                          const struct jac_statement_written *st, node **above) {
  struct jac_section *s = p->section;
  const struct jac_written *first = &st->side[0];
  if (st->count < 2) {
    if (!first->notation && first->problem && *first->problem && p->display) {
      struct jac_link link = {.item = p->item,
                              .start = first->start,
                              .end = first->end,
                              .reason = _("no equality")};
      add_link(s, link);
    } else if (first->notation || p->display)
      unjudged(p, first, 0, _("no equality"));
    if (first->notation)
      use(p, first->notation, NULL);
    return;
  }
  /* Memberships and functions' types. */
  if (st->side[1].relation->id == JAC_C_MEMBER) {
    if (first->notation && st->side[1].notation) {
      if (st->count >= 3 && st->side[2].relation->id == JAC_C_ARROW) {
        struct jac_fact f = {.kind = JAC_FACT_PROPERTY,
                             .left = first->notation,
                             .properties = JAC_IS_FUNCTION};
        if (name_like(first->notation))
          jac_section_fact(s, f);
      } else
        member(s, first->notation, st->side[1].notation, p->strong,
               line_of(p, first->start));
    }
    for (size_t k = 1; k < st->count; k++)
      unjudged(p, &st->side[k], k, _("it says a shape"));
    return;
  }
  node *left = first->notation;
  if (!left && first->start == first->end && *above)
    left = *above; /* "= ..." goes on from the display above */
  size_t k = 1;
  bool took = false;
  node *derivative = NULL; /* delta = dL/dz = ...: what follows is of the derivative */
  bool arrow = st->side[1].relation->id == JAC_C_ARROW;
  node *wrt = NULL;
  for (size_t j = 0; j < s->facts; j++)
    if (s->fact[j].kind == JAC_FACT_MEANING && s->fact[j].saying == JAC_SAYS_WRT)
      wrt = s->fact[j].left;
  if (arrow && left && wrt && !jac_mentions_derivative(left)) {
    /* f -> its derivative, by what the directive says */
    struct jac_syntax like = {.form = JAC_S_NAME,
                              .text = jac_pool_text(s->pool, "nabla"),
                              .start = left->start,
                              .end = left->end};
    node *sign = jac_notation_node(s->pool, &like, 0, NULL);
    node *script[3] = {sign, wrt, NULL};
    like.form = JAC_S_SCRIPT;
    like.text = "";
    node *nabla = sign ? jac_notation_node(s->pool, &like, 3, script) : NULL;
    like.form = JAC_S_GROUP;
    like.text = "()";
    node *group = jac_notation_node(s->pool, &like, 1, &left);
    like.form = JAC_S_SIDE;
    like.text = "";
    node *pair[2] = {nabla, group};
    if (nabla && group)
      left = jac_notation_node(s->pool, &like, 2, pair);
  }
  const struct jac_written *end = &st->side[st->count - 1];
  if (st->count == 3 && !p->display && left && name_like(left) && st->side[1].notation &&
      name_like(st->side[1].notation) && end->notation && number_alone(end->notation)) {
    use(p, left, end->notation); /* "at p = q = 0" */
    use(p, st->side[1].notation, end->notation);
    return;
  }
  if (is_equality(st->side[1].relation) && left && left == first->notation &&
      defines(s, left, st->side[1].notation, p->display)) {
    bool number = st->side[1].notation && (number_alone(st->side[1].notation) ||
                                           worked_out(st->side[1].notation));
    if (number && !p->strong) {
      /* A worked number: kept for claims at a point alone. */
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_USE,
                                            .left = left,
                                            .right = st->side[1].notation,
                                            .guess = true,
                                            .passing = !p->display});
    } else
      definition(p, left, st->side[1].notation,
                 st->side[1].notation ? NULL : st->side[1].problem, first->start);
    unjudged(p, &st->side[1], 1, number ? _("a value") : _("a definition"));
    took = true;
    k = 2;
    derivative = st->side[1].notation ? inside(st->side[1].notation) : NULL;
    if (derivative &&
        (derivative->form != JAC_S_FRACTION || !jac_mentions_derivative(derivative)))
      derivative = NULL;
    /* z = W x \in R^n */
  }
  bool held_number = false;
  const struct jac_written *last = &st->side[st->count - 1];
  if (st->count > 2 && last->notation && number_alone(last->notation) &&
      is_equality(last->relation) &&
      memchr(p->item ? p->item->text + last->start : "", '.',
             p->item ? last->end - last->start : 0))
    held_number = true; /* \ldots = 0.5: worked with numbers throughout */
  if (!took && left && left == first->notation && left->form == JAC_S_APPLY &&
      is_equality(st->side[1].relation) && st->side[1].notation &&
      !jac_mentions_derivative(left) && left->child[0]->form == JAC_S_NAME &&
      inside(left->child[1])->form == JAC_S_SIDE && inside(left->child[1])->count == 2 &&
      name_like(inside(left->child[1])->child[0]) &&
      inside(left->child[1])->child[1]->form == JAC_S_GROUP) { /* log p(x) = ... */
    jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_EQUATION,
                                          .left = left,
                                          .right = st->side[1].notation,
                                          .line = line_of(p, first->start)});
    unjudged(p, &st->side[1], 1, _("a definition"));
    k = 2;
  }
  for (; k < st->count; k++) {
    const struct jac_written *side = &st->side[k];
    const struct jac_construct *row = side->relation;
    if (row->id == JAC_C_MEMBER) {
      if (k == 1 + (size_t)took && left && took && side->notation)
        member(s, left, side->notation, p->strong, line_of(p, first->start));
      unjudged(p, side, k, _("a set"));
      continue;
    }
    if (!is_equality(row) && !(row->id == JAC_C_ARROW && arrow)) {
      unjudged(p, side, k, _("no equality"));
      if (side->notation)
        use(p, side->notation, NULL);
      left = side->notation; /* what is equal to it follows */
      continue;
    }
    if (!p->display) {
      if (left && side->notation)
        use(p, left, side->notation);
      continue;
    }
    struct jac_link link = {.item = p->item,
                            .start = side->start,
                            .end = side->end,
                            .link = k,
                            .left = derivative && side->notation &&
                                            !shares_base(side->notation, left)
                                        ? derivative
                                        : left,
                            .right = side->notation,
                            .first = k == 1};
    if (!left) {
      link.problem = first->problem && *first->problem
                         ? first->problem
                         : _("nothing stands on the left of the equality");
      link.position = first->position;
    } else if (!side->notation) {
      link.problem = side->problem && *side->problem ? side->problem
                                                     : _("nothing stands on its right");
      link.position = side->position;
    } else {
      bool zero = side->notation->form == JAC_S_NUMBER && side->notation->number == 0;
      bool single = left->form == JAC_S_FRACTION || left->form == JAC_S_INFIX ||
                    left->form == JAC_S_SCRIPT || left->form == JAC_S_APPLY;
      node *lone = inside(left);
      bool sum = lone->form == JAC_S_TERMS && lone->count > 1;
      bool product =
          lone->form == JAC_S_SIDE && jac_mentions_derivative(lone) && lone->count > 1;
      bool numbers = number_alone(side->notation) || worked_out(side->notation);
      bool point = at_point(s, left, numbers);
      bool example = (worked_out(side->notation) && primed_call(left)) ||
                     (has_worked_matrix(side->notation) && !has_worked_matrix(left) &&
                      !jac_mentions_derivative(left));
      if (zero && (k > 1 || sum || (product && !single)))
        link.reason = _("an equation to solve");
      else if (point)
        link.reason = _("a value at a point");
      else if (example || (k > 1 && numbers && !zero) || held_number)
        link.reason = _("a worked number");
      if (example || (k > 1 && numbers))
        held_number = true;
    }
    node *a, *b;
    if (k == 1 && left && side->notation &&
        operand_defined(s, left, side->notation, &a, &b)) {
      definition(p, a, b, NULL, side->start);
      link.reason = _("a definition");
    }
    if (left && side->notation && !link.reason && !link.problem)
      guess_bases(s, &link, left, side->notation);
    add_link(s, link);
    if (left && side->notation)
      use(p, left, side->notation);
  }
  if (left)
    *above = left;
}

static bool condition_words(const struct jac_statement_written *st) {
  return st->role == '?' && st->count >= 1;
}

/* Long: each way to write one. i \ne j, (x > 0) alone: a condition; NULL: it is none.
 * Equal only in brackets, or where words say so. */
static node *bare_condition(struct jac_section *s, const struct jac_statement_written *st,
                            bool equal) {
  node *side = st->side[0].notation;
  if (!side || st->role == '&')
    return NULL;
  if (st->count == 1) {
    node *in = inside(side);
    if (in->form != JAC_S_CHAIN || in->count != 3)
      return NULL;
    enum jac_construct_id id = in->child[1]->row->id;
    return id == JAC_C_EQUAL || (id >= JAC_C_UNEQUAL && id <= JAC_C_ATLEAST) ? in : NULL;
  }
  node *other = st->side[1].notation;
  const struct jac_construct *row = st->side[1].relation;
  if (st->count != 2 || !other || !row)
    return NULL;
  bool names = name_like(side) && (name_like(other) || other->form == JAC_S_NUMBER);
  if (!(row->id >= JAC_C_UNEQUAL && row->id <= JAC_C_ATLEAST) &&
      !(equal && names && row->id == JAC_C_EQUAL))
    return NULL;
  struct jac_syntax sign = {.form = JAC_S_SIGN, .text = "", .row = row};
  node *child[3] = {side, jac_notation_node(s->pool, &sign, 0, NULL), other};
  struct jac_syntax like = *side;
  like.form = JAC_S_CHAIN;
  like.text = "";
  like.row = NULL;
  like.number = 0;
  return child[1] ? jac_notation_node(s->pool, &like, 3, child) : NULL;
}

/* Whether a link speaks of what a condition is about. */
static bool about(const struct jac_link *link, node *condition) {
  for (size_t k = 0; condition->form == JAC_S_LIST && k < condition->count; k++)
    if (about(link, condition->child[k]))
      return true;
  if (condition->form == JAC_S_CHAIN && condition->child[1]->row->id == JAC_C_EQUAL &&
      condition->child[2]->form == JAC_S_NUMBER)
    return true; /* y = 1: of what it is made of, too */
  for (size_t k = 0; k < condition->count; k += 2) {
    node *n = condition->child[k];
    n = n->form == JAC_S_SCRIPT ? n->child[0] : n;
    if (n->form == JAC_S_NAME &&
        ((link->left && jac_notation_has_name(link->left, n->text)) ||
         (link->right && jac_notation_has_name(link->right, n->text))))
      return true;
  }
  return false;
}

static void condition_of(struct jac_section *s, size_t from, node *condition) {
  for (size_t j = from; j < s->links; j++)
    if (!s->link[j].reason && !s->link[j].problem && !s->link[j].condition &&
        about(&s->link[j], condition))
      s->link[j].condition = condition;
}

static void statements(struct statement_place *p, const char *text, bool latex,
                       node **above) {
  struct jac_section *s = p->section;
  struct jac_display display;
  struct jac_error why = {.status = JAC_OK};
  size_t position = 0;
  enum jac_status status =
      jac_display_read(s->pool, text, latex, &display, &position, &why);
  if (status == JAC_ENOMEM) {
    s->failed = true;
    return;
  }
  if (status) {
    if (p->display)
      add_link(s, (struct jac_link){.item = p->item,
                                    .end = p->item->length,
                                    .problem = jac_pool_text(s->pool, why.message),
                                    .position = position});
    return;
  }
  if (!display.count && p->display)
    add_link(s, (struct jac_link){.item = p->item,
                                  .end = p->item->length,
                                  .reason = _("an empty formula")});
  size_t links_before = s->links;
  for (size_t k = 0; k < display.count && !s->failed; k++) {
    const struct jac_statement_written *st = &display.statement[k];
    if (condition_words(st) && k > 0 && s->links > links_before && st->side[0].notation) {
      /* "if i != j", "for x > 0": a condition of the claims before it in this row. */
      node *side = st->side[0].notation, *chain = NULL;
      if (st->count >= 2 && st->side[1].notation &&
          st->side[1].relation->id != JAC_C_MEMBER) {
        struct jac_syntax sign = {
            .form = JAC_S_SIGN, .text = "", .row = st->side[1].relation};
        node *middle = jac_notation_node(s->pool, &sign, 0, NULL);
        node *child[3] = {side, middle, st->side[1].notation};
        struct jac_syntax like = *side;
        like.form = JAC_S_CHAIN;
        like.text = "";
        like.row = NULL;
        like.number = 0;
        chain = jac_notation_node(s->pool, &like, 3, child);
      }
      node *other = st->count >= 2 ? st->side[1].notation : NULL;
      if (other && other->form == JAC_S_SCRIPT &&
          jac_notation_equal(other->child[0], side) &&
          (jac_is_name(other->child[2], "T") || jac_is_name(other->child[2], "top"))) {
        /* if W = W^T */
        jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                              .left = side,
                                              .properties = JAC_IS_SYMMETRIC});
        unjudged(p, &st->side[0], 0, _("a condition"));
        continue;
      }
      if (chain) {
        bool range = st->side[1].relation->id == JAC_C_EQUAL &&
                     (jac_notation_has_name(st->side[1].notation, "dots") ||
                      st->side[1].notation->form == JAC_S_LIST);
        for (size_t j = links_before; j < s->links && !range; j++)
          if (!s->link[j].reason && !s->link[j].problem)
            s->link[j].condition = chain;
        unjudged(p, &st->side[0], 0, _("a condition"));
        continue;
      }
      unjudged(p, &st->side[0], 0, _("a condition"));
      continue;
    }
    node *bare = p->display && k > 0 && s->links > links_before
                     ? bare_condition(s, st, false)
                     : NULL;
    if (bare) {
      condition_of(s, links_before, bare);
      unjudged(p, &st->side[0], 0, _("a condition"));
      continue;
    }
    one_statement(p, st, above);
  }
  node *said = s->when ? s->when : s->under;
  if (p->display && said)
    condition_of(s, links_before, said);
}

/* Words before a formula in a sentence that make it a condition of what follows. */
static bool says_when(const struct jac_document *document, const struct jac_item *item) {
  static const char *const words[] = {"for",
                                      "when",
                                      "if",
                                      "case",
                                      "si",
                                      "pour",
                                      "quand",
                                      "lorsque",
                                      "cuando",
                                      "para",
                                      "wenn",
                                      "falls",
                                      "f\xc3\xbcr",
                                      "caso",
                                      "quando",
                                      "se",
                                      "\xe5\xbd\x93",
                                      "\xe8\x8b\xa5",
                                      "\xe5\xa6\x82\xe6\x9e\x9c",
                                      "\xe5\xaf\xb9\xe4\xba\x8e",
                                      "khi",
                                      "n\xe1\xba\xbfu"};
  size_t from = item->start, bytes = 0;
  while (from > 0 && bytes < 60 && !strchr(".;\n$", document->source[from - 1]))
    from--, bytes++;
  /* What is left of a bracket that opens before it: ($i \ne j$). */
  if (item->start > 0 && document->source[item->start - 1] == '(')
    return true;
  for (size_t k = from; k < item->start; k++)
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
      size_t n = strlen(words[w]);
      bool alpha = (unsigned char)words[w][0] < 0x80;
      if (k + n > item->start || strncasecmp(document->source + k, words[w], n) != 0)
        continue;
      if (!alpha || ((k == from || !isalpha((unsigned char)document->source[k - 1])) &&
                     !isalpha((unsigned char)document->source[k + n])))
        return true;
    }
  return false;
}

/* Whether the lead-in still stands directly before the item: no sentence between. */
static bool leads(const struct jac_section *s, const struct jac_document *document,
                  const struct jac_item *item) {
  size_t words = 0;
  for (size_t k = s->when_end; k < item->start && k < document->length; k++) {
    if (document->source[k] == '.' || document->source[k] == '#')
      return false;
    words += !isspace((unsigned char)document->source[k]);
  }
  return words < 120;
}

/* "If x > 0, for j != y": both. */
static node *both_of(struct jac_section *s, node *one, node *other) {
  struct jac_syntax like = *other;
  like.form = JAC_S_LIST;
  like.text = ",";
  node *pair[2] = {one, other};
  return jac_notation_node(s->pool, &like, 2, pair);
}

/* A condition in a sentence waits for the display that follows it, in a heading for all
 * below it. */
static void see_condition(struct jac_section *s, const struct jac_document *document,
                          const struct jac_item *item) {
  struct jac_display display;
  size_t line = item->start;
  while (line > 0 && document->source[line - 1] != '\n')
    line--;
  bool heading = document->source[line] == '#';
  if (jac_display_read(s->pool, item->text, true, &display, NULL, NULL) ||
      display.count != 1)
    return;
  bool when = heading || says_when(document, item);
  node *bare = when ? bare_condition(s, &display.statement[0], true) : NULL;
  if (!bare)
    return;
  if (heading)
    s->under = bare;
  else
    s->when = s->when && leads(s, document, item) ? both_of(s, s->when, bare) : bare;
  s->when_end = item->end;
}

/* Sentences: what words around a name say of it. */

static const struct {
  const char *word;
  unsigned properties;
} sayings[] = {
    {"symmetric", JAC_IS_SYMMETRIC},
    {"sym\xc3\xa9trique", JAC_IS_SYMMETRIC},
    {"symmetrisch", JAC_IS_SYMMETRIC},
    {"sim\xc3\xa9trica", JAC_IS_SYMMETRIC},
    {"orthogonal", JAC_IS_ORTHOGONAL},
    {"scalar", JAC_IS_NUMBER},
    {"scalars", JAC_IS_NUMBER},
    {"scalaire", JAC_IS_NUMBER},
    {"scalaires", JAC_IS_NUMBER},
    {"number", JAC_IS_NUMBER},
    {"numbers", JAC_IS_NUMBER},
    {"nombre", JAC_IS_NUMBER},
    {"nombres", JAC_IS_NUMBER},
    {"real", JAC_IS_NUMBER},
    {"column", JAC_IS_COLUMN},
    {"row", JAC_IS_ROW},
    {"vector", JAC_IS_VECTOR},
    {"vectors", JAC_IS_VECTOR},
    {"vecteur", JAC_IS_VECTOR},
    {"vecteurs", JAC_IS_VECTOR},
    {"matrix", JAC_IS_MATRIX},
    {"matrices", JAC_IS_MATRIX},
    {"matrice", JAC_IS_MATRIX},
    {"one-hot", JAC_SUMS_TO_ONE},
    {"distribution", JAC_SUMS_TO_ONE},
    {"antisymmetric", JAC_IS_SPECIAL},
    {"skew-symmetric", JAC_IS_SPECIAL},
    {"skew", JAC_IS_SPECIAL},
    {"antisym\xc3\xa9trique", JAC_IS_SPECIAL},
    {"diagonal", JAC_IS_SPECIAL},
    {"diagonale", JAC_IS_SPECIAL},
    {"triangular", JAC_IS_SPECIAL},
    {"triangulaire", JAC_IS_SPECIAL},
    {"idempotent", JAC_IS_SPECIAL},
    {"idempotente", JAC_IS_SPECIAL},
    {"unitary", JAC_IS_SPECIAL},
    {"nilpotent", JAC_IS_SPECIAL},
    {"projection", JAC_IS_SPECIAL},
    {"schiefsymmetrisch", JAC_IS_SPECIAL},
};

/* "not symmetric", "do not assume that": what follows is denied. */
static bool denies(const char *word, size_t length) {
  static const char *const words[] = {"not",     "no",    "non",  "nor", "never",
                                      "without", "pas",   "sans", "ni",  "nicht",
                                      "kein",    "keine", "sin",  "sem", "n\xc3\xa3o"};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (strlen(words[k]) == length && strncasecmp(words[k], word, length) == 0)
      return true;
  return false;
}

static unsigned said(const char *text, size_t length, bool *is, bool *denied) {
  unsigned properties = 0;
  *is = *denied = false;
  for (size_t k = 0; k < length;) {
    while (k < length && !isalpha((unsigned char)text[k]) &&
           (unsigned char)text[k] < 0x80)
      k++;
    size_t from = k;
    while (k < length && (isalpha((unsigned char)text[k]) || text[k] == '-' ||
                          (unsigned char)text[k] >= 0x80))
      k++;
    size_t n = k - from;
    if (n == 0)
      break;
    if ((n == 2 && (strncasecmp(text + from, "is", 2) == 0 ||
                    strncasecmp(text + from, "be", 2) == 0)) ||
        (n == 3 && (strncasecmp(text + from, "are", 3) == 0 ||
                    strncasecmp(text + from, "est", 3) == 0)) ||
        (n == 4 && strncasecmp(text + from, "sont", 4) == 0))
      *is = true;
    /* isn't, don't: the t stands alone behind the sign. */
    *denied = *denied || denies(text + from, n) ||
              (n == 1 && text[from] == 't' && from > 1 && text[from - 1] == '\'' &&
               text[from - 2] == 'n');
    for (size_t j = 0; j < sizeof sayings / sizeof *sayings; j++)
      if (strlen(sayings[j].word) == n &&
          strncasecmp(sayings[j].word, text + from, n) == 0)
        properties |= !*denied                                    ? sayings[j].properties
                      : sayings[j].properties == JAC_IS_SYMMETRIC ? JAC_NOT_SYMMETRIC
                                                                  : 0;
  }
  return properties;
}

/* The words after a name up to the end of the clause. */
static void sentence(struct jac_section *s, const struct jac_document *document,
                     size_t which, node *names) {
  const struct jac_item *item = &document->item[which];
  size_t from = item->end, to = from;
  while (to < document->length && to < from + 70 &&
         !strchr(".;\n$", document->source[to]))
    to++;
  /* "$x$ is a row vector and $y = x W$": the first clause is of x. */
  static const char *const joins[] = {" and ", " et ", " y ", " und ", " e ", " with "};
  for (size_t k = from; k < to; k++)
    for (size_t w = 0; w < sizeof joins / sizeof *joins; w++) {
      size_t n = strlen(joins[w]);
      if (k > from && k + n <= to && strncmp(document->source + k, joins[w], n) == 0)
        to = k;
    }
  bool is, denied, denied_before;
  unsigned properties = said(document->source + from, to - from, &is, &denied);
  static const char *const verbs[] = {"is ",  "are ",  "be ",  "est ", "sont ",
                                      "ist ", "sind ", "es ",  "son ", "a ",
                                      "an ",  "the ",  "une ", "un ",  "some "};
  size_t word = from;
  while (word < to && strchr(" ,", document->source[word]))
    word++;
  bool verb = false;
  for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
    verb =
        verb || (to - word >= strlen(verbs[k]) &&
                 strncasecmp(document->source + word, verbs[k], strlen(verbs[k])) == 0);
  if (!is || !verb)
    properties = 0;
  if (is && to < document->length && document->source[to] == '$')
    properties = 0; /* "is the derivative by a matrix $A$" */
  /* "$P$ an $n\\times n$ symmetric matrix": the words behind the size. */
  if (verb && document->source[to] == '$' && to - from < 16) {
    size_t close = to + 1;
    while (close < document->length && close < to + 30 &&
           !strchr("$\n", document->source[close]))
      close++;
    bool size = false;
    for (size_t k = to; k + 5 < close; k++)
      size = size || strncmp(document->source + k, "times", 5) == 0;
    size_t end = close + 1;
    while (end < document->length && end < close + 40 &&
           !strchr(".;,\n$", document->source[end]))
      end++;
    if (size && end > close)
      properties |=
          said(document->source + close + 1, end - close - 1, &is, &denied) &
          (JAC_IS_SYMMETRIC | JAC_IS_ORTHOGONAL | JAC_IS_SPECIAL | JAC_IS_MATRIX);
  }
  size_t back = item->start, begin = back;
  while (begin > 0 && begin + 28 > back && !strchr(".;,\n$", document->source[begin - 1]))
    begin--;
  /* "$q$ a vector and $r$ a scalar": what stands before "and" is not of r. */
  for (size_t k = begin; k < back; k++)
    for (size_t w = 0; w < sizeof joins / sizeof *joins; w++) {
      size_t n = strlen(joins[w]);
      if (k + n <= back && strncmp(document->source + k, joins[w], n) == 0)
        begin = k + n;
    }
  bool unused;
  unsigned before = said(document->source + begin, back - begin, &unused, &denied_before);
  if (denied_before)
    properties = properties & JAC_IS_SYMMETRIC ? JAC_NOT_SYMMETRIC : 0;
  /* "a symmetric matrix $A$": the words directly before it. */
  unsigned of_matrices = JAC_IS_SYMMETRIC | JAC_IS_ORTHOGONAL | JAC_IS_SPECIAL;
  properties |= before & of_matrices;
  unsigned shape =
      JAC_IS_NUMBER | JAC_IS_COLUMN | JAC_IS_ROW | JAC_IS_MATRIX | JAC_IS_VECTOR;
  if (!(properties & shape))
    properties |= before & shape;
  if (properties & (JAC_IS_COLUMN | JAC_IS_ROW))
    properties &= ~(unsigned)(JAC_IS_VECTOR | JAC_IS_NUMBER);
  if (properties & JAC_IS_SPECIAL) /* skew symmetric */
    properties &= ~(unsigned)JAC_IS_SYMMETRIC;
  if (properties & JAC_IS_VECTOR)
    properties &= ~(unsigned)(JAC_IS_NUMBER | JAC_IS_MATRIX);
  if (properties & JAC_IS_MATRIX)
    properties &= ~(unsigned)(JAC_IS_NUMBER | JAC_IS_COLUMN | JAC_IS_ROW);
  if (!properties)
    return;
  size_t count = names->form == JAC_S_LIST ? names->count : 1;
  for (size_t k = 0; k < count; k++) {
    node *name = names->form == JAC_S_LIST ? names->child[k] : names;
    if (name_like(name))
      jac_section_fact(
          s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                               .left = name,
                               .properties = properties,
                               .line = jac_document_place(document, item->start).line});
  }
}

/* Directives. */

static void meaning(struct jac_section *s, enum jac_saying saying, node *left) {
  jac_section_fact(
      s, (struct jac_fact){
             .kind = JAC_FACT_MEANING, .saying = saying, .left = left, .strong = true});
}

static node *name_text(struct jac_section *s, const char *text) {
  return read_text(s, text, jac_text_is_latex(text));
}

static void shape_text(struct jac_section *s, const char *name, const char *rows,
                       const char *cols, bool vector) {
  struct jac_fact f = {.kind = JAC_FACT_SHAPE, .strong = true};
  f.left = name_text(s, name);
  if (!f.left)
    return;
  if (rows)
    f.rows = name_text(s, rows);
  if (cols && !vector)
    f.cols = name_text(s, cols);
  if (!rows)
    f.properties = JAC_IS_NUMBER;
  if (rows && cols && strcmp(rows, "1") == 0 && strcmp(cols, "1") == 0)
    f = (struct jac_fact){.kind = JAC_FACT_SHAPE,
                          .strong = true,
                          .left = f.left,
                          .properties = JAC_IS_NUMBER};
  jac_section_fact(s, f);
}

/* The facts of a module, as layers write them. */
static void module_facts(struct jac_section *s, const char *text) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    char copy[600], a[80], b[80], c[80];
    snprintf(copy, sizeof copy, "%.*s", (int)(length < 590 ? length : 590), line);
    if (strncmp(copy, "define ", 7) == 0) {
      struct statement_place p = {.section = s, .strong = true};
      node *above = NULL;
      const char *equation = copy + 7;
      struct jac_display d;
      if (!jac_display_read(s->pool, equation,
                            jac_text_is_latex(equation) && strchr(equation, '\\'), &d,
                            NULL, NULL) &&
          d.count == 1 && d.statement[0].count == 2)
        definition(&p, d.statement[0].side[0].notation, d.statement[0].side[1].notation,
                   NULL, 0);
      (void)above;
    } else if (sscanf(copy, "shape %79s %79s %79s", a, b, c) == 3)
      shape_text(s, a, b, strcmp(c, "-") == 0 ? NULL : c, strcmp(c, "-") == 0);
    else if (sscanf(copy, "alias %79s %79s", a, b) == 2)
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_ALIAS,
                                            .strong = true,
                                            .left = name_text(s, a),
                                            .right = name_text(s, b)});
    else if (sscanf(copy, "positive %79s", a) == 1)
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                            .strong = true,
                                            .left = name_text(s, a),
                                            .properties = JAC_IS_POSITIVE});
    else if (sscanf(copy, "subject %79s", a) == 1)
      meaning(s, JAC_SAYS_SUBJECT, name_text(s, a));
    else if (sscanf(copy, "input %79s", a) == 1)
      meaning(s, JAC_SAYS_INPUT, name_text(s, a));
    else if (strcmp(copy, "rows") == 0)
      meaning(s, JAC_SAYS_ROWS, NULL);
    line += length + (line[length] == '\n');
  }
}

static bool subject_formula(struct jac_section *s, const char *subject) {
  struct jac_display d;
  if (jac_display_read(s->pool, subject, jac_text_is_latex(subject), &d, NULL, NULL))
    return false;
  bool any = false;
  struct statement_place p = {.section = s, .strong = true};
  node *last = NULL;
  for (size_t k = 0; k < d.count; k++) {
    const struct jac_statement_written *st = &d.statement[k];
    if (st->count < 2 || !st->side[0].notation || !st->side[1].notation)
      return false;
    if (st->side[1].relation->id == JAC_C_MEMBER) {
      member(s, st->side[0].notation, st->side[1].notation, true, 0);
      continue;
    }
    struct jac_definition def;
    if (!jac_definition_read(s->pool, st->side[0].notation, &def))
      return false;
    definition(&p, st->side[0].notation, st->side[1].notation, NULL, 0);
    last = def.defines == JAC_DEFINES_ENTRIES && def.name->form == JAC_S_SCRIPT
               ? def.name->child[0]
               : def.name;
    any = true;
  }
  if (last)
    meaning(s, JAC_SAYS_SUBJECT, last);
  return any;
}

static void drop_directive(struct jac_section *s) {
  size_t kept = 0;
  for (size_t k = 0; k < s->facts; k++)
    if (!s->fact[k].strong)
      s->fact[kept++] = s->fact[k];
  /* Links keep the counts that they had: facts only move down, and strong ones count
     wherever they stand. */
  s->facts = kept;
}

static void directive(struct jac_section *s, const struct jac_document *document,
                      const struct jac_item *item,
                      const struct jac_notes_modules *modules) {
  struct jac_directive d;
  struct jac_error err = {.status = JAC_OK};
  enum jac_status status = jac_directive_read(item->text, &d, NULL, &err);
  (void)document;
  if (!status && d.off) {
    s->off = true;
    jac_directive_free(&d);
    return;
  }
  s->off = false;
  if (!status && d.subject) {
    drop_directive(s);
    s->subject = jac_pool_text(s->pool, d.subject);
    bool formula = subject_formula(s, d.subject);
    if (!formula && modules) {
      struct jac_buffer text = JAC_BUFFER_INIT;
      if (modules->facts(modules->context, d.subject, d.vectors == JAC_VECTORS_COLUMNS,
                         &text, &err))
        module_facts(s, text.text);
      else
        status = JAC_EINPUT;
      jac_buffer_free(&text);
    } else if (!formula)
      status = jac_fail(&err, JAC_EINPUT,
                        _("'%.60s' is no module, and no formula such as y = W x + b"),
                        d.subject);
  }
  if (status) {
    add_link(s, (struct jac_link){.item = item,
                                  .end = item->length,
                                  .problem = jac_pool_text(s->pool, err.message)});
    jac_directive_free(&d);
    return;
  }
  for (size_t k = 0; k < d.lets; k++) {
    node *name = name_text(s, d.let[k].name), *value = name_text(s, d.let[k].value);
    struct statement_place p = {.section = s, .strong = true};
    if (name && value && name_like(value))
      jac_section_fact(
          s, (struct jac_fact){
                 .kind = JAC_FACT_ALIAS, .strong = true, .left = name, .right = value});
    else if (name && value)
      definition(&p, name, value, NULL, 0);
  }
  for (size_t k = 0; k < d.shapes; k++)
    shape_text(s, d.shape[k].name, d.shape[k].rows, d.shape[k].columns,
               d.shape[k].columns == NULL);
  static const enum jac_saying said_by[] = {
      [JAC_MEANS_ELEMENTWISE] = JAC_SAYS_STAR_HADAMARD,
      [JAC_MEANS_OUTER] = JAC_SAYS_OTIMES_OUTER,
      [JAC_MEANS_KRONECKER] = JAC_SAYS_OTIMES_KRON,
      [JAC_MEANS_PRODUCT] = JAC_SAYS_STAR_PRODUCT,
      [JAC_MEANS_NUMBER] = JAC_SAYS_T_NUMBER,
      [JAC_MEANS_TRANSPOSE] = JAC_SAYS_PRIME_TRANSPOSE,
      [JAC_MEANS_DERIVATIVE] = JAC_SAYS_PRIME_DERIVATIVE,
      [JAC_MEANS_ROW] = JAC_SAYS_ONE_ROW,
      [JAC_MEANS_COLUMN] = JAC_SAYS_ONE_COLUMN};
  for (size_t k = 0; k < d.exceptions; k++) {
    const char *sign = d.exception[k].sign;
    enum jac_meaning m = d.exception[k].meaning;
    if (m == JAC_MEANS_NUMBER && strcmp(sign, "T") != 0) {
      struct jac_fact f = {.kind = JAC_FACT_SHAPE,
                           .strong = true,
                           .left = name_text(s, sign),
                           .properties = JAC_IS_NUMBER};
      if (f.left)
        jac_section_fact(s, f);
      continue;
    }
    meaning(s, said_by[m], NULL);
  }
  if (d.vectors != JAC_VECTORS_UNSAID)
    meaning(s, d.vectors == JAC_VECTORS_ROWS ? JAC_SAYS_ROWS : JAC_SAYS_COLUMNS, NULL);
  if (d.wrt) {
    node *n = name_text(s, d.wrt);
    if (n)
      meaning(s, JAC_SAYS_WRT, n);
  }
  jac_directive_free(&d);
}

void jac_section_item(struct jac_section *s, const struct jac_document *document,
                      size_t which, const struct jac_notes_modules *modules) {
  const struct jac_item *item = &document->item[which];
  struct statement_place p = {.section = s, .document = document, .item = item};
  switch (item->kind) {
  case JAC_ITEM_HEADING:
    break;
  case JAC_ITEM_DIRECTIVE:
    directive(s, document, item, modules);
    break;
  case JAC_ITEM_DISPLAY:
    p.display = true;
    if (item->problem) {
      add_link(s, (struct jac_link){.item = item,
                                    .end = item->length,
                                    .problem = jac_pool_text(s->pool, item->problem)});
      break;
    }
    if (s->off) {
      add_link(s, (struct jac_link){
                      .item = item, .end = item->length, .reason = _("jacobian: off")});
      break;
    }
    if (s->when && !leads(s, document, item))
      s->when = NULL;
    statements(&p, item->text, true, &s->above);
    s->when = NULL;
    break;
  case JAC_ITEM_INLINE: {
    if (item->problem || s->off)
      break;
    node *none = NULL;
    size_t facts = s->facts;
    statements(&p, item->text, true, &none);
    if (s->facts == facts + 1 && s->fact[facts].kind == JAC_FACT_USE &&
        !s->fact[facts].right)
      sentence(s, document, which, s->fact[facts].left);
    see_condition(s, document, item);
    break;
  }
  }
}
