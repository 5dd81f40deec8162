/* A formula's names are seen once, each as it is used. */
#include "jacobian/elaborate/evidence_internal.h"

#include <ctype.h>
#include <string.h>

static void see_below(struct walk *w, struct jac_usage *u, node *below) {
  node *item[4];
  size_t items = jac_index_items(below, item);
  if (items > 3)
    items = 3;
  u->below[items]++;
  if (!items)
    return;
  bool digits = true, bound = false, matched = false, letter = false;
  for (size_t k = 0; k < items; k++) {
    digits = digits && item[k]->form == JAC_S_NUMBER;
    node *l = jac_index_letter(item[k]);
    if (!l)
      continue;
    letter = true;
    bound = bound || among(w->bound, w->nbound, l->text);
    matched = matched || among(w->left, w->nleft, l->text);
    struct jac_usage *index = jac_usage_of(w->e, jac_pool_text(w->e->pool, l->text));
    if (index) {
      index->index++;
      index->placed += item[k]->form == JAC_S_SCRIPT;
      index->loose += w->defines && !among(w->bound, w->nbound, l->text) &&
                      !among(w->left, w->nleft, l->text);
    }
    if (item[k]->form == JAC_S_SCRIPT)
      jac_see(w, item[k]);
  }
  u->digits += digits;
  u->letters += letter;
  u->bound += bound;
  u->matched += matched;
}

static void see_above(struct walk *w, struct jac_usage *u, node *above) {
  if (above->form == JAC_S_NUMBER)
    return;
  struct jac_usage *power =
      above->form == JAC_S_NAME
          ? jac_usage_of(w->e, jac_pool_text(w->e->pool, above->text))
          : NULL;
  if (power)
    power->raised++;
  node *l = jac_index_letter(above);
  if (above->form == JAC_S_GROUP) {
    u->above_group++;
    l = jac_index_letter(above->child[0]);
  } else if (l && strcmp(l->text, "T") != 0)
    u->above_letter++;
  if (l && above->form == JAC_S_TERMS && above->count > 1) {
    struct jac_usage *step = jac_usage_of(w->e, jac_pool_text(w->e->pool, l->text));
    if (step)
      step->stepped++;
  }
  if (l && among(w->bound, w->nbound, l->text))
    u->above_bound++;
  if (!l)
    jac_see(w, above);
}

/* What stands behind a name: a bracket, or nothing of the kind. */
static void see_behind(struct jac_usage *u, node *behind) {
  if (!behind) {
    u->times++;
    return;
  }
  u->called++;
  node *inside = behind->child[0];
  bool names = jac_named(inside);
  if (inside->form == JAC_S_LIST) {
    names = true;
    for (size_t j = 0; j < inside->count; j++)
      names = names && jac_named(inside->child[j]);
  }
  u->called_names += names;
  if (!u->call || (names && u->called_names == 1)) /* f(x), rather than f(0) */
    u->call = behind;
  else if (names && !u->again && !jac_notation_equal(u->call, behind))
    u->again = behind;
}

/* x_1(a): how a name with a number below is called is known of the whole. */
static void see_numbered(struct walk *w, node *n, node *below, node *behind) {
  node *item[4];
  size_t items = jac_index_items(below, item);
  if (!items || items > 3)
    return;
  for (size_t k = 0; k < items; k++)
    if (item[k]->form != JAC_S_NUMBER)
      return;
  struct jac_syntax like = *n;
  like.number = 0;
  node *child[3] = {n->child[0], below, NULL};
  node *whole = jac_notation_node(w->e->pool, &like, 3, child);
  struct jac_usage *u =
      whole ? jac_usage_of(w->e, jac_notation_key(w->e->pool, whole)) : NULL;
  if (!u)
    return;
  u->primed += n->number > 0;
  u->powered += n->child[2] && n->child[2]->form == JAC_S_NUMBER;
  see_behind(u, behind);
}

void jac_see_name(struct walk *w, node *n, node *behind) {
  node *upright = jac_upright(w->e->pool, n);
  if (upright)
    n = upright;
  node *base = n, *below = NULL, *above = NULL;
  if (n->form == JAC_S_SCRIPT) {
    base = n->child[0];
    below = n->child[1];
    above = n->child[2];
  }
  if (base->form != JAC_S_NAME) {
    jac_see(w, base);
    if (above && above->form != JAC_S_NUMBER)
      jac_see(w, above);
    return;
  }
  bool layer =
      jac_layered(above) && !jac_is_name(above, "T") && !jac_is_name(above, "top");
  const char *keys[2];
  size_t nkeys = 0;
  keys[nkeys++] = jac_pool_text(w->e->pool, base->text);
  struct jac_syntax like = *n;
  like.number = 0; /* its primes are no part of its name */
  node *child[3] = {base, NULL, above};
  node *whole = layer ? jac_notation_node(w->e->pool, &like, 3, child) : NULL;
  if (whole)
    keys[nkeys++] = jac_notation_key(w->e->pool, whole);
  for (size_t k = 0; k < nkeys; k++) {
    struct jac_usage *u = jac_usage_of(w->e, keys[k]);
    if (!u)
      return;
    u->bold = u->bold || base->bold;
    u->powered += above && !below && above->form == JAC_S_NUMBER;
    u->named_powers += above && above->form == JAC_S_NAME && above->text[1] &&
                       !above->word && !above->macro && !jac_is_name(above, "top");
    u->exponents += above && above->form == JAC_S_TERMS && above->count > 1 &&
                    !jac_index_letter(above);
    u->primed += n->form == JAC_S_SCRIPT && n->number > 0;
    if (below)
      see_below(w, u, below);
    else
      u->alone++;
    node *letter = below && !k && n->number > 0 ? jac_index_letter(below) : NULL;
    struct jac_usage *by =
        letter ? jac_usage_of(w->e, jac_pool_text(w->e->pool, letter->text)) : NULL;
    if (by)
      by->by_prime++;
    if (above)
      see_above(w, u, above);
    bool turned = above && (jac_is_name(above, "T") || jac_is_name(above, "top"));
    u->turned += turned && !below;
    u->members += turned && below && jac_index_letter(below) != NULL;
    see_behind(u, behind);
  }
  if (below)
    see_numbered(w, n, below, behind);
}

/* Long: the ways to write it. W x, W x_t: a matrix before what it is applied to. */
static void see_acted(struct walk *w, node *f, node *next) {
  if (!next || !jac_name_like(f) || !jac_name_like(next))
    return;
  node *matrix = f->form == JAC_S_SCRIPT ? f->child[0] : f;
  node *base = next->form == JAC_S_SCRIPT ? next->child[0] : next;
  if (!isupper((unsigned char)matrix->text[0]))
    jac_see_paired(w, f, next);
  if (!isupper((unsigned char)matrix->text[0]) || matrix->text[1] ||
      isupper((unsigned char)base->text[0]))
    return;
  struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, base->text));
  if (!u)
    return;
  u->acted++;
  /* a^{(l-1)}, a_0, which are names of their own; not x_i. */
  bool own = next != base &&
             (next->child[2] || !next->child[1] || !jac_index_letter(next->child[1]));
  struct jac_usage *whole =
      own ? jac_usage_of(w->e, jac_notation_key(w->e->pool, next)) : NULL;
  if (whole && whole != u)
    whole->acted++;
  node *item[4];
  bool entries =
      f->form == JAC_S_SCRIPT && f->child[1] && jac_index_items(f->child[1], item) == 2;
  if (next->form != JAC_S_SCRIPT || !next->child[1] || entries ||
      jac_index_items(next->child[1], item) != 1)
    return;
  node *l = jac_index_letter(item[0]);
  u->driven += l && !among(w->bound, w->nbound, l->text);
  u->members += l != NULL;
}

static void see_divisor(struct walk *w, node *below) {
  if (below->form == JAC_S_NAME) {
    struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, below->text));
    if (u)
      u->divisor++;
  } else if (below->form == JAC_S_SIDE)
    for (size_t k = 0; k < below->count; k++)
      see_divisor(w, below->child[k]);
}

static void bind(struct walk *w, node *n, bool big) {
  if (!n)
    return;
  if (n->form == JAC_S_NAME && big) {
    struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, n->text));
    if (u)
      u->summed++;
    if (w->nbound < 16)
      w->bound[w->nbound++] = n->text;
  } else if (n->form == JAC_S_LIST || n->form == JAC_S_SIDE)
    for (size_t k = 0; k < n->count; k++)
      bind(w, n->child[k], true);
  else if (n->form == JAC_S_CHAIN ||
           (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_CONDITION))
    bind(w, n->child[0], true);
}

void jac_see_bounds(struct walk *w, node *n) {
  if (!n)
    return;
  if (n->form == JAC_S_NAME) {
    struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, n->text));
    if (u)
      u->bounds++;
  }
  for (size_t k = 0; k < n->count; k++)
    jac_see_bounds(w, n->child[k]);
}

/* The number that stands as the one index of a name in n, or 0. */
static double number_of(node *n, const char *name) {
  node *item[4];
  if (!n || n->form == JAC_S_DOTS)
    return 0;
  if (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], name))
    return n->child[1] && jac_index_items(n->child[1], item) == 1 &&
                   item[0]->form == JAC_S_NUMBER
               ? item[0]->number
               : 0;
  double found = 0;
  for (size_t k = 0; k < n->count && found == 0; k++)
    found = number_of(n->child[k], name);
  return found;
}

/* Names numbered from 1 through the terms of a sum that has no dots: w_1 x_1 + w_2 x_2.
 */
static void see_series(struct walk *w, node *sum, node *n) {
  if (!n)
    return;
  if (n->form == JAC_S_SCRIPT && n->child[0]->form == JAC_S_NAME) {
    const char *name = n->child[0]->text;
    double last = 0;
    for (size_t k = 0; k < sum->count; k++) {
      if (sum->child[k]->form == JAC_S_DOTS)
        return;
      if (number_of(sum->child[k], name) == last + 1)
        last++;
    }
    struct jac_usage *u =
        last > 1 ? jac_usage_of(w->e, jac_pool_text(w->e->pool, name)) : NULL;
    if (u && (size_t)last > u->series)
      u->series = (size_t)last;
    return;
  }
  for (size_t k = 0; k < n->count; k++)
    see_series(w, sum, n->child[k]);
}

void jac_see_constant(struct walk *w, node *sum) {
  node *last =
      sum->form == JAC_S_TERMS && sum->count > 1 ? sum->child[sum->count - 1] : NULL;
  struct jac_usage *u = last && last->form == JAC_S_NAME
                            ? jac_usage_of(w->e, jac_pool_text(w->e->pool, last->text))
                            : NULL;
  if (u)
    u->constant++;
}

/* y log p: y may be labels. */
static void see_logged(struct walk *w, node *y, node *next) {
  if (next->form != JAC_S_APPLY || !jac_name_like(y) ||
      (next->row->id != JAC_C_LOG && next->row->id != JAC_C_LOGSOFTMAX))
    return;
  node *name = y->form != JAC_S_SCRIPT ? y
               : y->child[2]           ? jac_without_below(w->e->pool, y) /* y^*_j */
                                       : y->child[0];
  struct jac_usage *u =
      name ? jac_usage_of(w->e, jac_notation_key(w->e->pool, name)) : NULL;
  if (u)
    u->logged++;
}

/* A name, or the sign of a derivative with what it is by. */
static void see_script(struct walk *w, node *n) {
  if (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], "bb_R"))
    jac_see_bounds(w, n->child[2]);
  else if (jac_sized_ones(n))
    jac_see_bounds(w, n->child[1]);
  else if (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], "partial"))
    jac_see_differential(w, n->child[1], false, false);
  else if (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], "nabla")) {
    jac_see_differential(w, n->child[1], false, false);
    if (n->child[1] && !w->operand)
      jac_see_pair(w, jac_pool_text(w->e->pool, "d"), n->child[1]);
  } else
    jac_see_name(w, n, NULL);
}

/* dx, d vec X: x and X move. */
static void see_moving(struct walk *w, node *n) {
  if (n->form == JAC_S_APPLY && n->row->id == JAC_C_VEC)
    n = jac_inside(n->child[1]);
  if (jac_name_like(n))
    jac_see_pair(w, jac_pool_text(w->e->pool, "d"), n);
}

/* 1/n */
static bool is_inverse(node *f) {
  return f->form == JAC_S_FRACTION && f->child[0]->form == JAC_S_NUMBER &&
         f->child[0]->number == 1;
}

/* Long: each of them. What the factor k stands before: \nabla f, dx, df/dx, 1/N \sum. */
static void see_before(struct walk *w, node *side, size_t k, bool nabla) {
  node *f = side->child[k], *next = side->child[k + 1];
  bool fraction = f->form == JAC_S_FRACTION && jac_is_differential(f->child[0]) &&
                  f->child[1]->form == JAC_S_SIDE;
  if (jac_d_before(f, next))
    see_moving(w, next);
  if (f->form == JAC_S_FRACTION && next->form == JAC_S_BIG)
    see_divisor(w, f->child[1]);
  if (is_inverse(f) && jac_begins_with_ones(w, side->child + k + 1, side->count - k - 1))
    jac_see_count(w, f->child[1]);
  if (!(nabla || fraction) || !jac_quantity_operand(side, k + 1) ||
      (fraction && jac_by_itself(f->child[1], next)))
    return;
  jac_see_differential(w, next, true, false);
  if (fraction)
    jac_see_pairs(w, side, k + 1, k + 2, f->child[1]);
  else if (f->form == JAC_S_SCRIPT && f->child[1])
    jac_see_pair(w, jac_notation_key(w->e->pool, next), f->child[1]);
}

/* N D: what stands before it, by itself. */
static void see_scaled(struct walk *w, node *f, node *next) {
  if (!next || f->form != JAC_S_NAME || next->form != JAC_S_NAME ||
      jac_is_differential(f)) /* dS */
    return;
  struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, next->text));
  if (u) {
    u->scaled++;
    u->scale = jac_pool_text(w->e->pool, f->text);
  }
}

void jac_see_factor(struct walk *w, node *side, size_t k) {
  node *f = side->child[k], *next = k + 1 < side->count ? side->child[k + 1] : NULL;
  node *sign = f->form == JAC_S_SCRIPT ? f->child[0] : f;
  bool nabla = jac_is_name(sign, "nabla");
  if (next)
    see_before(w, side, k, nabla);
  for (size_t j = k + 1; j < side->count; j++)
    see_logged(w, f, side->child[j]);
  see_acted(w, f, next);
  see_scaled(w, f, next);
  if (k > 0 && next)
    jac_see_quadratic(w, side->child[k - 1], f, next);
  w->operand = next != NULL;
  bool derives = nabla || (f->form == JAC_S_SCRIPT && jac_is_name(sign, "partial"));
  node *bracket = next && next->form == JAC_S_SCRIPT ? next->child[0] : next;
  if (bracket && parenthesis(bracket) && jac_name_like(f) && !derives)
    jac_see_name(w, f, bracket);
  else
    jac_see(w, f);
  w->operand = false;
}

/* T and R of z / (R T): who divides by a matrix? */
static void see_under(struct walk *w, node *below) {
  below = jac_inside(below);
  struct jac_usage *u = below->form == JAC_S_NAME
                            ? jac_usage_of(w->e, jac_pool_text(w->e->pool, below->text))
                            : NULL;
  if (u)
    u->under++;
  bool factors = below->form == JAC_S_SIDE && !jac_is_differential(below->child[0]);
  for (size_t k = 0; factors && k < below->count; k++)
    if (below->child[k]->form == JAC_S_NAME)
      see_under(w, below->child[k]);
}

/* A quotient or a product by a sign; true: it was a derivative, and is seen whole. */
static bool see_infix(struct walk *w, node *n) {
  node *left = n->child[0], *right = n->child[1];
  if (n->form == JAC_S_FRACTION || n->row->role == JAC_ROLE_DIVIDE) {
    see_under(w, right);
    node *above = jac_inside(left);
    if (above->form == JAC_S_SIDE && jac_begins_with_ones(w, above->child, above->count))
      jac_see_count(w, right);
    if (jac_see_fraction(w, left, right))
      return true;
  } else {
    see_logged(w, left, right);
    if (left->form == JAC_S_FRACTION && right->form == JAC_S_BIG)
      see_divisor(w, left->child[1]);
  }
  if (left->form == JAC_S_BIG)
    see_divisor(w, right);
  return false;
}

/* A sum: its bounds, and what it is over, where its letters are bound. */
static void see_big(struct walk *w, node *n) {
  size_t before = w->nbound;
  bind(w, n->child[0], true);
  jac_see_bounds(w, n->child[1]);
  node *under = n->child[0];
  bool chain = under && under->form == JAC_S_CHAIN;
  for (size_t k = 2; chain && k < under->count; k++)
    if (under->child[1]->row->id == JAC_C_EQUAL ||
        under->child[1]->row->id == JAC_C_UNEQUAL)
      jac_see(w, under->child[k]); /* from k + 1 on, but k: it is no size */
    else
      jac_see_bounds(w, under->child[k]);
  jac_see(w, n->child[2]);
  w->nbound = before;
}

/* \log_a: the base is a number. */
static void see_base(struct walk *w, node *f) {
  node *base = f->form == JAC_S_SCRIPT ? f->child[1] : NULL;
  struct jac_usage *u = base && base->form == JAC_S_NAME
                            ? jac_usage_of(w->e, jac_pool_text(w->e->pool, base->text))
                            : NULL;
  if (u)
    u->plain++;
}

/* n - 1 of sum(i = 1:n-1, ...). */
static void see_last(struct walk *w, node *n) {
  node *list = jac_inside(n->child[1]);
  if (list->form == JAC_S_LIST && list->count == 3 && list->child[0]->form == JAC_S_CHAIN)
    jac_see_bounds(w, list->child[1]);
}

void jac_see(struct walk *w, node *n) {
  if (!n)
    return;
  jac_see_around(w, n);
  switch (n->form) {
  case JAC_S_NAME:
  case JAC_S_SCRIPT:
    see_script(w, n);
    return;
  case JAC_S_SIDE:
    for (size_t k = 0; k < n->count; k++)
      jac_see_factor(w, n, k);
    return;
  case JAC_S_FRACTION:
  case JAC_S_INFIX:
    if (see_infix(w, n))
      return;
    break;
  case JAC_S_BIG:
    see_big(w, n);
    return;
  case JAC_S_INTEGRAL:
    jac_see_integral(w, n);
    break;
  case JAC_S_TERMS:
    for (size_t k = 0; k < 2 && n->count > 1; k++)
      see_series(w, n, n->child[k]);
    break;
  case JAC_S_APPLY:
    see_base(w, n->child[0]);
    see_last(w, n);
    jac_see(w, n->child[1]);
    return;
  default:
    break;
  }
  for (size_t k = 0; k < n->count; k++)
    jac_see(w, n->child[k]);
}

void jac_evidence_see(struct jac_evidence *evidence, node *n) {
  struct walk w = {.e = evidence};
  jac_see(&w, n);
  jac_see_world(evidence, n, NULL);
}
