/* Total differentials of what nobody defines: df = \partial f / \partial x dx + ... */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/text.h"

#include <stdio.h>

typedef const struct jac_syntax node;

enum { PARTS = 8 };

/* c \partial of / \partial by d step; held: what is below (...)_V, or NULL. */
struct part {
  node *of, *by, *step, *held;
  double factor;
};

/* What f hangs on: f(x, y), wherever it is called so. */
struct arguments {
  node *f, *list;
  bool differ;
};

static bool is_plain(node *n) {
  return n->form == JAC_S_NAME && !n->row && !jac_is_differential(n);
}

/* x, x_i. */
static bool is_quantity(node *n) {
  return is_plain(n) || (n->form == JAC_S_SCRIPT && is_plain(n->child[0]) &&
                         !n->child[2] && n->number == 0);
}

/* Long: the forms of its notation. \partial f / \partial x, the same held at y, f_x. */
static bool slope_of(node *n, node *f, struct part *p) {
  if (n->form == JAC_S_SCRIPT && n->child[1] && !n->child[2] && n->number == 0) {
    if (jac_notation_equal(n->child[0], f) && is_plain(n->child[1])) {
      p->of = f;
      p->by = n->child[1];
      return true;
    }
    p->held = n->child[1];
    n = jac_inside(n->child[0]);
  }
  node *above = n->form == JAC_S_FRACTION ? jac_inside(n->child[0]) : NULL;
  node *below = n->form == JAC_S_FRACTION ? jac_inside(n->child[1]) : NULL;
  if (!above || above->form != JAC_S_SIDE || below->form != JAC_S_SIDE ||
      below->count != 2 || !jac_is_differential(above->child[0]) ||
      !jac_is_differential(below->child[0]) || above->child[0]->form != JAC_S_NAME ||
      !is_quantity(below->child[1]) ||
      !(above->count == 2 || (above->count == 3 && above->child[2]->form == JAC_S_GROUP)))
    return false;
  p->of = above->child[1];
  p->by = below->child[1];
  return true;
}

/* Long: each form. Factors: numbers, a derivative, a step. */
static bool read_factors(node *n, node *f, struct part *p) {
  if (n->form == JAC_S_INFIX && n->row && n->row->id == JAC_C_CDOT)
    return read_factors(n->child[0], f, p) && read_factors(n->child[1], f, p);
  if (n->form != JAC_S_SIDE) {
    if (n->form == JAC_S_NUMBER)
      p->factor *= n->number;
    return n->form == JAC_S_NUMBER || (!p->of && slope_of(n, f, p));
  }
  for (size_t k = 0; k < n->count; k++) {
    node *next = k + 1 < n->count ? n->child[k + 1] : NULL;
    if (jac_is_name(n->child[k], "d") && next && is_quantity(next) && !p->step) {
      p->step = next;
      k++;
    } else if (n->child[k]->form == JAC_S_SIDE || !read_factors(n->child[k], f, p))
      return false;
  }
  return true;
}

static bool has_bold(node *n) {
  return n->bold || (n->form == JAC_S_SCRIPT && n->child[0]->bold);
}

/* One term, of numbers. */
static bool read_part(node *n, node *f, struct part *p) {
  *p = (struct part){.factor = 1};
  return read_factors(n, f, p) && p->of && p->step && jac_notation_equal(p->of, f) &&
         !has_bold(p->of) && !has_bold(p->by) && !has_bold(p->step);
}

/* The terms; 0: it is none. *sum: they are a sum over an index. */
static size_t parts_of(node *right, node *f, struct part part[PARTS], bool *sum) {
  node *n = jac_inside(right);
  *sum = n->form == JAC_S_BIG && n->row->id == JAC_C_SUM;
  if (*sum) {
    node *index = n->child[0] && n->child[0]->form == JAC_S_CHAIN ? n->child[0]->child[0]
                                                                  : n->child[0];
    return n->child[2] && index && read_part(n->child[2], f, &part[0]) &&
           part[0].by->form == JAC_S_SCRIPT && jac_notation_has(part[0].by, index);
  }
  if (n->form != JAC_S_TERMS)
    return read_part(n, f, &part[0]);
  if (n->count > PARTS)
    return 0;
  for (size_t k = 0; k < n->count; k++) {
    if (!read_part(n->child[k], f, &part[k]))
      return 0;
    if (n->text[k] == '-')
      part[k].factor = -part[k].factor;
  }
  return n->count;
}

static void find_calls(struct arguments *a, node *n) {
  for (size_t k = 0; n && n->form == JAC_S_SIDE && k + 1 < n->count; k++) {
    node *next = n->child[k + 1];
    if (!jac_notation_equal(n->child[k], a->f) || next->form != JAC_S_GROUP ||
        next->text[0] != '(')
      continue;
    node *list = next->child[0];
    a->differ = a->differ || (a->list && !jac_notation_equal(a->list, list)) ||
                (list->form != JAC_S_LIST && !is_plain(list));
    a->list = list;
  }
  for (size_t k = 0; n && k < n->count; k++)
    find_calls(a, n->child[k]);
}

/* (x, y) of f(x, y), the same wherever f is called; NULL: it is not said. */
static node *arguments_of(const struct jac_section *s, node *left, node *f) {
  struct arguments a = {.f = f};
  find_calls(&a, left);
  for (size_t k = 0; k < s->facts; k++) {
    find_calls(&a, s->fact[k].left);
    find_calls(&a, s->fact[k].right);
  }
  for (size_t k = 0; k < s->links; k++) {
    find_calls(&a, s->link[k].left);
    find_calls(&a, s->link[k].right);
  }
  return a.list && !a.differ && a.list->form == JAC_S_LIST ? a.list : NULL;
}

/* f of df, df(x, y). */
static node *of_differential(node *left) {
  bool called =
      left->form == JAC_S_SIDE && left->count == 3 && left->child[2]->form == JAC_S_GROUP;
  return left->form == JAC_S_SIDE && (left->count == 2 || called) &&
                 jac_is_name(left->child[0], "d") && is_plain(left->child[1])
             ? left->child[1]
             : NULL;
}

static bool defined(const struct jac_section *s, node *f) {
  struct jac_definition d;
  for (size_t k = 0; k < s->facts; k++)
    if (s->fact[k].kind == JAC_FACT_DEFINITION && s->fact[k].left &&
        jac_definition_read(s->pool, s->fact[k].left, &d) &&
        jac_notation_equal(d.name, f))
      return true;
  return false;
}

static bool among(node *const *list, size_t count, node *n) {
  for (size_t k = 0; k < count; k++)
    if (jac_notation_equal(list[k], n))
      return true;
  return false;
}

/* Whether all that a derivative holds fixed moves in the other terms. */
static bool held_move(node *held, const struct part *part, size_t count, size_t own) {
  bool move = !is_plain(held);
  for (size_t k = 0; k < count; k++)
    move = move || (k != own && jac_notation_equal(part[k].by, held));
  for (size_t k = 0; k < held->count && move; k++)
    move = !held->child[k] || held_move(held->child[k], part, count, own);
  return move;
}

/* The words of what is wrong with the terms themselves; "": nothing. */
static void slips(struct jac_pool *pool, const struct part *part, size_t count,
                  char *words, size_t size) {
  words[0] = '\0';
  for (size_t k = 0; k < count && !*words; k++) {
    if (!jac_notation_equal(part[k].by, part[k].step)) {
      const char *by = jac_notation_key(pool, part[k].by);
      snprintf(words, size, _("the derivative by %s is multiplied by d%s"), by,
               jac_notation_key(pool, part[k].step));
    } else if (part[k].factor < 0)
      snprintf(words, size, _("the term of d%s has the other sign"),
               jac_notation_key(pool, part[k].step));
    else if (part[k].factor != 1)
      snprintf(words, size, _("the term of d%s has another factor"),
               jac_notation_key(pool, part[k].step));
    for (size_t j = 0; j < k && !*words; j++)
      if (jac_notation_equal(part[j].by, part[k].by))
        snprintf(words, size, _("the term of d%s stands twice"),
                 jac_notation_key(pool, part[k].step));
  }
}

/* "For fixed $y$": a name that is spoken of by itself may rest. */
static bool spoken_of(const struct jac_section *s, node *name) {
  for (size_t k = 0; k < s->facts; k++)
    if (s->fact[k].kind == JAC_FACT_USE && jac_notation_equal(s->fact[k].left, name))
      return true;
  return false;
}

/* Long: what it is to be such a claim. */
bool jac_judging_total(struct judging *j, const struct jac_link *link,
                       struct jac_judgement_of *r) {
  struct part part[PARTS];
  bool sum;
  node *f = link->left && link->right ? of_differential(link->left) : NULL;
  if (!f || link->condition || link->subject || defined(&j->section, f))
    return false;
  size_t count = parts_of(link->right, f, part, &sum);
  for (size_t k = 0; k < count; k++)
    if (part[k].held && !held_move(part[k].held, part, count, k))
      return false;
  if (!count)
    return false;
  char words[200];
  slips(&j->pool, part, count, words, sizeof words);
  if (*words && sum)
    return false;
  node *list = sum ? NULL : arguments_of(&j->section, link->left, f), *by[PARTS];
  for (size_t k = 0; k < count; k++)
    by[k] = part[k].by;
  for (size_t k = 0; list && k < count; k++)
    if (!among(list->child, list->count, by[k]))
      return false;                                  /* of other variables */
  bool rests = count == 1 && link->left->count == 2; /* f may move by x alone */
  for (size_t k = 0; list && k < list->count && !*words; k++)
    if (!among(by, count, list->child[k])) {
      const char *missing = jac_notation_key(&j->pool, list->child[k]);
      if (rests || spoken_of(&j->section, list->child[k])) {
        jac_judging_say(r, JAC_NOT_UNDERSTOOD, "");
        snprintf(r->diagnosis, sizeof r->diagnosis,
                 _("the term of d%s is missing, which is right where %s rests"), missing,
                 missing);
        return true;
      }
      snprintf(words, sizeof words, _("the term of d%s is missing"), missing);
    }
  if (*words)
    jac_judging_say(r, JAC_DOES_NOT_HOLD, words);
  else
    jac_judging_say(r, JAC_HOLDS_CONVENTION, _("the total differential, formally"));
  return true;
}
