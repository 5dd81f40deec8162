/* Terms or factors with dots among them, w_1 x_1 + w_2 x_2 + ... + w_n x_n, x_1 x_2 ...
 * x_n: the sum or product that they abbreviate. What stands before the dots and what
 * stands behind them is the same but for what counts: 1, 2 or i in one, n, n - 1 or 5 in
 * the other. What stands further before is part of the sum where it fits, and a term of
 * its own where it is written otherwise. */
#include "jacobian/notation/parse_internal.h"

#include <stdio.h>
#include <string.h>

struct series {
  struct jac_pool *pool;
  node *letter;       /* what runs */
  node *first, *last; /* what it runs from and to, once they are found */
};

static node *number_like(struct jac_pool *pool, node *like, const char *text,
                         double value) {
  struct jac_syntax one = {.form = JAC_S_NUMBER,
                           .text = jac_pool_text(pool, text),
                           .number = value,
                           .start = like->start,
                           .end = like->end};
  return jac_notation_node(pool, &one, 0, NULL);
}

/* n + 2, n - 1 and n as n and what is added. */
static bool shifted(node *n, node **name, double *by) {
  bool terms = n->form == JAC_S_TERMS && n->count == 2;
  *name = terms ? n->child[0] : n;
  *by = !terms ? 0 : n->text[1] == '-' ? -n->child[1]->number : n->child[1]->number;
  return jac_name_like(*name);
}

/* What stands for the count where one term has `first` and the other `last`: the letter,
 * or i - 1 where they are behind what was met before by 1; NULL: they do not go with it.
 */
static node *counted(struct series *s, node *first, node *last) {
  if (!s->first) {
    s->first = first;
    s->last = last;
    return s->letter;
  }
  if (jac_notation_equal(s->first, first) && jac_notation_equal(s->last, last))
    return s->letter;
  node *name, *end;
  double by, own;
  if (first->form != JAC_S_NUMBER || s->first->form != JAC_S_NUMBER ||
      !shifted(last, &name, &by) || !shifted(s->last, &end, &own) ||
      !jac_notation_equal(name, end) || first->number - s->first->number != by - own)
    return NULL;
  char digits[16];
  snprintf(digits, sizeof digits, "%.0f", by < own ? own - by : by - own);
  struct jac_syntax like = {.form = JAC_S_TERMS,
                            .text = jac_pool_text(s->pool, by < own ? " -" : " +"),
                            .start = last->start,
                            .end = last->end};
  node *pair[2] = {s->letter,
                   number_like(s->pool, last, digits, by < own ? own - by : by - own)};
  return pair[1] ? jac_notation_node(s->pool, &like, 2, pair) : NULL;
}

/* The digits of 12 as two indices, where the other side has two. */
static node *digits(struct jac_pool *pool, node *below, node *other) {
  if (!below || !other || below->form != JAC_S_NUMBER ||
      (other->form != JAC_S_SIDE && other->form != JAC_S_LIST) ||
      other->count != strlen(below->text) || other->count > 4 ||
      strspn(below->text, "0123456789") != other->count)
    return below;
  node *item[4];
  for (size_t k = 0; k < other->count; k++) {
    char digit[2] = {below->text[k], '\0'};
    item[k] = number_like(pool, below, digit, digit[0] - '0');
    if (!item[k])
      return NULL;
  }
  struct jac_syntax like = *other;
  like.start = below->start;
  like.end = below->end;
  return jac_notation_node(pool, &like, other->count, item);
}

/* What may stand for the last place: n, 5, n_x, n - 1. */
static bool ends(node *n) {
  return n->form == JAC_S_NUMBER || jac_name_like(n) ||
         (n->form == JAC_S_TERMS && n->count == 2 && jac_name_like(n->child[0]) &&
          n->child[1]->form == JAC_S_NUMBER);
}

/* x and x^n: x is x^1. */
static node *power(struct series *s, node *a, node *b) {
  node *one = ends(b->child[2]) ? number_like(s->pool, a, "1", 1) : NULL;
  node *child[3] = {b->child[0], NULL, one ? counted(s, one, b->child[2]) : NULL};
  return child[2] ? jac_notation_node(s->pool, b, 3, child) : NULL;
}

/* Long: each form. The general term of a and b, or NULL: they differ otherwise. */
static node *general(struct series *s, node *a, node *b) {
  if (jac_notation_equal(a, b))
    return a;
  if (b->form == JAC_S_SCRIPT && !b->child[1] && b->child[2] && b->number == 0 &&
      jac_notation_equal(a, b->child[0]))
    return power(s, a, b);
  if ((a->form == JAC_S_NUMBER || a->form == JAC_S_NAME) && ends(b) &&
      !(a->form == JAC_S_NAME && b->form == JAC_S_NUMBER))
    return counted(s, a, b);
  if (a->form != b->form || a->count != b->count || a->row != b->row ||
      a->number != b->number || strcmp(a->text, b->text) != 0 || !a->count)
    return NULL;
  node **child = jac_pool_take(s->pool, a->count * sizeof *child);
  if (!child)
    return NULL;
  for (size_t k = 0; k < a->count; k++) {
    node *x = a->child[k], *y = b->child[k];
    child[k] = NULL;
    if (!x && !y)
      continue;
    if (!x || !y)
      return NULL;
    if (a->form == JAC_S_SCRIPT) {
      node *before = x;
      x = digits(s->pool, x, y);
      y = digits(s->pool, y, before);
    }
    child[k] = x && y ? general(s, x, y) : NULL;
    if (!child[k])
      return NULL;
  }
  return jac_notation_node(s->pool, b, a->count, child);
}

/* Long: each form. Whether n is the general term at some place: *place, or 0 where it
 * names none. */
static bool fits(struct series *s, node *term, node *n, double *at) {
  if (term == s->letter) {
    if (n->form != JAC_S_NUMBER || (*at != 0 && *at != n->number))
      return false;
    *at = n->number;
    return true;
  }
  if (jac_notation_equal(term, n))
    return true;
  if (term->form != n->form || term->count != n->count || term->row != n->row ||
      term->number != n->number || strcmp(term->text, n->text) != 0 || !n->count)
    return false;
  for (size_t k = 0; k < n->count; k++) {
    node *x = term->child[k], *y = n->child[k];
    if (term->form == JAC_S_SCRIPT && y)
      y = digits(s->pool, y, x);
    if ((x || y) && (!x || !y || !fits(s, x, y, at)))
      return false;
  }
  return true;
}

/* A letter that stands nowhere in n. */
static node *letter_for(struct jac_pool *pool, node *n) {
  static const char *const letters[] = {"i", "j", "k", "l", "m", "p", "q"};
  for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
    if (!jac_notation_has_name(n, letters[k])) {
      struct jac_syntax name = {.form = JAC_S_NAME,
                                .text = jac_pool_text(pool, letters[k]),
                                .start = n->start,
                                .end = n->end};
      return jac_notation_node(pool, &name, 0, NULL);
    }
  return NULL;
}

/* { sum over the letter of the term }: in braces, so that it ends there. */
static node *over(struct series *s, enum jac_construct_id sign, node *from, node *to,
                  node *term) {
  struct jac_syntax like = {.form = JAC_S_SIGN,
                            .text = "",
                            .row = jac_construct(JAC_C_EQUAL),
                            .start = from->start,
                            .end = to->end};
  node *range[3] = {s->letter, jac_notation_node(s->pool, &like, 0, NULL), s->first};
  like.form = JAC_S_CHAIN;
  like.row = NULL;
  node *part[3] = {range[1] ? jac_notation_node(s->pool, &like, 3, range) : NULL, s->last,
                   term};
  like.form = JAC_S_BIG;
  like.row = jac_construct(sign);
  node *sum = part[0] ? jac_notation_node(s->pool, &like, 3, part) : NULL;
  like.form = JAC_S_GROUP;
  like.row = NULL;
  like.text = jac_pool_text(s->pool, "{}");
  return sum ? jac_notation_node(s->pool, &like, 1, &sum) : NULL;
}

/* The sign of a term; factors have none. */
static bool minus(node *terms, size_t k) {
  return terms->form == JAC_S_TERMS && terms->text[k] == '-';
}

/* From which part on the general term says what stands before the dots at `at`; s->first
 * goes back with it. False: they count otherwise, x_1 + x_3 + ... */
static bool reach_back(struct series *s, node *term, node *terms, size_t at,
                       size_t *begin) {
  *begin = at - 1;
  while (*begin > 0 && s->first->form == JAC_S_NUMBER &&
         minus(terms, *begin - 1) == minus(terms, at)) {
    double place = 0;
    if (!fits(s, term, terms->child[*begin - 1], &place))
      return true;
    char digits[16];
    snprintf(digits, sizeof digits, "%.0f", place);
    if (place != s->first->number - 1)
      return false;
    s->first = number_like(s->pool, s->first, digits, place);
    if (!s->first)
      return false;
    --*begin;
  }
  return true;
}

/* The parts of n with those from begin to end as one. */
static node *joined(struct jac_pool *pool, node *n, size_t begin, size_t end, node *one) {
  size_t left = n->count - (end - begin), count = 0;
  node **child = jac_pool_take(pool, left * sizeof *child);
  char *signs = jac_pool_take(pool, left + 1);
  if (!one || !child || !signs)
    return NULL;
  for (size_t k = 0; k < n->count; k++) {
    if (k > begin && k <= end)
      continue;
    child[count] = k == begin ? one : n->child[k];
    signs[count++] = n->form == JAC_S_TERMS ? n->text[k] : ' ';
  }
  signs[count] = '\0';
  if (count == 1 && signs[0] == ' ')
    return one;
  struct jac_syntax like = *n;
  if (n->form == JAC_S_TERMS)
    like.text = jac_pool_text(pool, signs);
  return jac_notation_node(pool, &like, count, child);
}

/* The terms or factors with those around the dots at `at` as one, or NULL. */
static node *gathered(struct jac_pool *pool, node *n, size_t at) {
  if (at == 0 || at + 1 >= n->count || minus(n, at) != minus(n, at + 1) ||
      minus(n, at - 1) != minus(n, at))
    return NULL;
  struct series s = {.pool = pool, .letter = letter_for(pool, n)};
  node *term = s.letter ? general(&s, n->child[at - 1], n->child[at + 1]) : NULL;
  size_t begin;
  if (!term || !s.first || !reach_back(&s, term, n, at, &begin))
    return NULL;
  enum jac_construct_id sign = n->form == JAC_S_TERMS ? JAC_C_SUM : JAC_C_PRODUCT;
  return joined(pool, n, begin, at + 1,
                over(&s, sign, n->child[begin], n->child[at + 1], term));
}

node *jac_parse_series(struct jac_pool *pool, node *n) {
  for (size_t k = 0;
       n && (n->form == JAC_S_TERMS || n->form == JAC_S_SIDE) && k < n->count; k++) {
    node *one = n->child[k]->form == JAC_S_DOTS ? gathered(pool, n, k) : NULL;
    if (one) {
      n = one;
      k = 0;
    }
  }
  return n;
}
