#include "jacobian/elaborate/evidence.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

bool jac_is_name(node *n, const char *text) {
  return n && n->form == JAC_S_NAME && strcmp(n->text, text) == 0;
}

bool jac_is_differential(node *n) {
  if (n && n->form == JAC_S_SCRIPT && !n->child[1] && n->child[2] && n->number == 0)
    n = n->child[0]; /* \partial^2 */
  return jac_is_name(n, "partial") || jac_is_name(n, "d");
}

struct jac_usage *jac_usage_of(struct jac_evidence *evidence, const char *key) {
  size_t k = ((uintptr_t)key >> 4) % 64;
  for (struct jac_usage *u = evidence->bucket[k]; u; u = u->next)
    if (u->key == key)
      return u;
  struct jac_usage *u = jac_pool_take(evidence->pool, sizeof *u);
  if (!u)
    return NULL;
  u->key = key;
  u->next = evidence->bucket[k];
  evidence->bucket[k] = u;
  return u;
}

node *jac_index_letter(node *item) {
  if (!item)
    return NULL;
  if (item->form == JAC_S_GROUP && strcmp(item->text, "()") == 0)
    return jac_index_letter(item->child[0]);
  if (item->form == JAC_S_NAME && strchr(item->text, ' '))
    return item; /* an index of a matrix with dots */
  if (item->form == JAC_S_NAME)
    return !item->text[1] && isalpha((unsigned char)item->text[0]) && !item->row ? item
                                                                                 : NULL;
  if (item->form == JAC_S_SCRIPT)
    return item->child[0]->form == JAC_S_NAME ? jac_index_letter(item->child[0]) : NULL;
  if (item->form == JAC_S_TERMS)
    for (size_t k = 0; k < item->count; k++)
      if (jac_index_letter(item->child[k]))
        return jac_index_letter(item->child[k]);
  return NULL;
}

static bool index_item(node *n) {
  switch (n->form) {
  case JAC_S_NUMBER:
    return true;
  case JAC_S_NAME:
    return (!n->text[1] && isalpha((unsigned char)n->text[0])) || strchr(n->text, ' ') ||
           strcmp(n->text, "bullet") == 0 || strcmp(n->text, "ell") == 0 ||
           (n->text[0] == 'h' && strncmp(n->text, "hat_", 4) == 0 && !n->text[5]);
  case JAC_S_SIGN:
    return n->row->id == JAC_C_STAR || n->row->id == JAC_C_CDOT;
  case JAC_S_SCRIPT:
    return !n->child[2] && index_item(n->child[0]) &&
           (!n->child[1] || index_item(n->child[1]));
  case JAC_S_TERMS: {
    for (size_t k = 0; k < n->count; k++)
      if (n->child[k]->form == JAC_S_SIDE || !index_item(n->child[k]))
        return false;
    return true;
  }
  case JAC_S_GROUP:
    return strcmp(n->text, "()") == 0 && index_item(n->child[0]);
  default:
    return false;
  }
}

size_t jac_index_items(node *below, node *item[4]) {
  if (!below)
    return 0;
  if (below->form == JAC_S_LIST || below->form == JAC_S_SIDE) {
    if (below->count > 4)
      return 0;
    for (size_t k = 0; k < below->count; k++) {
      if (!index_item(below->child[k]))
        return 0;
      item[k] = below->child[k];
    }
    return below->count;
  }
  if (below->form == JAC_S_INFIX) { /* i \cdot */
    if (below->row->id == JAC_C_CDOT && index_item(below->child[0]) &&
        index_item(below->child[1])) {
      item[0] = below->child[0];
      item[1] = below->child[1];
      return 2;
    }
    return 0;
  }
  if (!index_item(below))
    return 0;
  item[0] = below;
  return 1;
}

/* A name with what stands above it, as one thing: z^{(l)}, \sigma^2 not. */
static bool layered(node *above) {
  return above && (above->form == JAC_S_GROUP || above->form == JAC_S_TERMS ||
                   above->form == JAC_S_NAME || above->form == JAC_S_LIST ||
                   above->form == JAC_S_NUMBER || above->form == JAC_S_SIGN);
}

static node *without_below(struct jac_pool *pool, node *n) {
  node *child[3] = {n->child[0], NULL, n->child[2]};
  return jac_notation_node(pool, n, 3, child);
}

static bool named(node *n) {
  if (n->form == JAC_S_NAME)
    return true;
  if (n->form == JAC_S_SIDE && n->count == 2 && jac_is_name(n->child[0], "Delta"))
    return named(n->child[1]);
  return n->form == JAC_S_SCRIPT && named(n->child[0]) &&
         (!n->child[2] || layered(n->child[2]));
}

bool jac_definition_read(struct jac_pool *pool, node *left, struct jac_definition *d) {
  *d = (struct jac_definition){.defines = JAC_DEFINES_VALUE};
  while (left && left->form == JAC_S_GROUP && strcmp(left->text, "{}") == 0)
    left = left->child[0];
  if (!left)
    return false;
  node *name = left;
  node *index[4];
  if (left->form == JAC_S_SIDE && left->count == 2 &&
      left->child[1]->form == JAC_S_SCRIPT &&
      left->child[1]->child[0]->form == JAC_S_GROUP && !left->child[1]->child[2] &&
      left->child[1]->number == 0 &&
      jac_index_items(left->child[1]->child[1], index) == 1 &&
      index[0]->form == JAC_S_NAME && !index[0]->text[1]) {
    /* f(x)_i = ...: a function by its entries */
    d->indices = 1;
    d->index[0] = index[0]->text;
    node *pair[2] = {left->child[0], left->child[1]->child[0]};
    left = jac_notation_node(pool, left, 2, pair);
    if (!left)
      return false;
    name = left;
  }
  if (left->form == JAC_S_SIDE && left->count == 2 &&
      left->child[1]->form == JAC_S_GROUP && named(left->child[0]) &&
      strcmp(left->child[1]->text, "()") == 0) {
    node *inside = left->child[1]->child[0];
    d->defines = JAC_DEFINES_FUNCTION;
    name = left->child[0];
    size_t count = inside->form == JAC_S_LIST ? inside->count : 1;
    if (count > sizeof d->param / sizeof *d->param)
      return false;
    for (size_t k = 0; k < count; k++) {
      node *param = inside->form == JAC_S_LIST ? inside->child[k] : inside;
      if (!named(param))
        return false;
      d->param[k] = param;
    }
    d->params = count;
  } else if (left->form == JAC_S_APPLY && left->row->role == JAC_ROLE_ENTRYWISE &&
             left->row->id != JAC_C_LOG && left->row->id != JAC_C_EXP) {
    /* relu(x) = ..., Phi(t) = ...; an equation about a logarithm defines no logarithm */
    node *inside = left->child[1];
    while (inside->form == JAC_S_GROUP)
      inside = inside->child[0];
    if (!named(inside) || left->child[0]->form != JAC_S_NAME)
      return false;
    d->defines = JAC_DEFINES_FUNCTION;
    d->params = 1;
    d->param[0] = inside;
    name = left->child[0];
  }
  if (!named(name))
    return false;
  if (name->form == JAC_S_SCRIPT && name->number == 0 && !name->child[1] &&
      name->child[2] && name->child[2]->form == JAC_S_NUMBER &&
      d->defines == JAC_DEFINES_VALUE && name->child[2]->number == 2)
    d->defines = JAC_DEFINES_POWER;
  if (jac_is_name(name, "partial") || jac_is_name(name, "nabla"))
    return false;
  node *above = name->form == JAC_S_SCRIPT ? name->child[2] : NULL;
  if (above && above->form == JAC_S_TERMS && above->count == 1 &&
      d->defines == JAC_DEFINES_VALUE) /* A^{-1}: of A */
    return false;
  d->name = name;
  d->key = jac_notation_key(pool, name);
  d->base = d->key;
  if (name->form == JAC_S_SCRIPT && name->child[1]) {
    node *item[4];
    size_t items = jac_index_items(name->child[1], item);
    bool letters = items > 0 && items < 4;
    for (size_t k = 0; k < items && letters; k++) {
      letters = item[k]->form == JAC_S_NAME && strcmp(item[k]->text, "bullet") != 0;
      for (size_t j = 0; j < k && letters; j++)
        letters = strcmp(item[j]->text, item[k]->text) != 0;
    }
    d->base = jac_notation_key(pool, name->child[2] || name->number > 0
                                         ? without_below(pool, name)
                                         : name->child[0]);
    if (letters && d->defines == JAC_DEFINES_VALUE && !d->indices) {
      d->defines = JAC_DEFINES_ENTRIES;
      d->indices = items;
      for (size_t k = 0; k < items; k++)
        d->index[k] = item[k]->text;
    }
  }
  return true;
}

struct walk {
  struct jac_evidence *e;
  const char *bound[16];
  size_t nbound;
  bool operand;        /* what is seen has something to act on */
  const char *left[6]; /* the letters of a definition's left side */
  size_t nleft;
};

static bool among(const char *const *list, size_t count, const char *text) {
  for (size_t k = 0; k < count; k++)
    if (strcmp(list[k], text) == 0)
      return true;
  return false;
}

static void see(struct walk *w, node *n);

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
    if (index)
      index->index++;
    if (item[k]->form == JAC_S_SCRIPT)
      see(w, item[k]);
  }
  u->digits += digits;
  u->letters += letter;
  u->bound += bound;
  u->matched += matched;
}

static void see_above(struct walk *w, struct jac_usage *u, node *above) {
  if (above->form == JAC_S_NUMBER)
    return;
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
    see(w, above);
}

const struct jac_syntax *jac_upright(struct jac_pool *pool, node *n) {
  node *above = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (!above || above->form != JAC_S_SIDE || above->count < 2)
    return NULL;
  node *last = above->child[above->count - 1];
  if (!jac_is_name(last, "T") && !jac_is_name(last, "top"))
    return NULL;
  node *rest = above->count == 2
                   ? above->child[0]
                   : jac_notation_node(pool, above, above->count - 1, above->child);
  node *child[3] = {n->child[0], n->child[1], rest};
  return rest ? jac_notation_node(pool, n, 3, child) : NULL;
}

static void see_name(struct walk *w, node *n, node *behind) {
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
    see(w, base);
    if (above && above->form != JAC_S_NUMBER)
      see(w, above);
    return;
  }
  bool layer = layered(above) && !jac_is_name(above, "T") && !jac_is_name(above, "top");
  const char *keys[2];
  size_t nkeys = 0;
  keys[nkeys++] = jac_pool_text(w->e->pool, base->text);
  if (layer)
    keys[nkeys++] = jac_notation_key(w->e->pool, without_below(w->e->pool, n));
  for (size_t k = 0; k < nkeys; k++) {
    struct jac_usage *u = jac_usage_of(w->e, keys[k]);
    if (!u)
      return;
    u->bold = u->bold || base->bold;
    u->powered += above && !below && above->form == JAC_S_NUMBER;
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
    u->turned +=
        above && !below && (jac_is_name(above, "T") || jac_is_name(above, "top"));
    if (behind) {
      u->called++;
      node *inside = behind->child[0];
      bool names = named(inside);
      if (inside->form == JAC_S_LIST) {
        names = true;
        for (size_t j = 0; j < inside->count; j++)
          names = names && named(inside->child[j]);
      }
      u->called_names += names;
      if (!u->call)
        u->call = behind;
    } else
      u->times++;
  }
}

static bool parenthesis(node *n) {
  return n->form == JAC_S_GROUP && strcmp(n->text, "()") == 0;
}

/* Long: the ways to write it. W x, W x_t: a matrix before what it is applied to. */
static void see_acted(struct walk *w, node *f, node *next) {
  if (!next || !jac_name_like(f) || !jac_name_like(next))
    return;
  node *matrix = f->form == JAC_S_SCRIPT ? f->child[0] : f;
  node *base = next->form == JAC_S_SCRIPT ? next->child[0] : next;
  if (!isupper((unsigned char)matrix->text[0]) || matrix->text[1] ||
      isupper((unsigned char)base->text[0]))
    return;
  struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, base->text));
  if (!u)
    return;
  u->acted++;
  node *item[4];
  bool entries =
      f->form == JAC_S_SCRIPT && f->child[1] && jac_index_items(f->child[1], item) == 2;
  if (next->form != JAC_S_SCRIPT || !next->child[1] || entries ||
      jac_index_items(next->child[1], item) != 1)
    return;
  node *l = jac_index_letter(item[0]);
  u->driven += l && !among(w->bound, w->nbound, l->text);
}

/* Every name below n, counted as a numerator or a denominator. */
static void mark_differential(struct walk *w, node *n, bool above, bool straight) {
  if (!n || n->form == JAC_S_NUMBER)
    return;
  if (jac_name_like(n)) {
    node *base = n->form == JAC_S_SCRIPT ? n->child[0] : n;
    const char *keys[3];
    size_t nkeys = 0;
    keys[nkeys++] = jac_pool_text(w->e->pool, base->text);
    if (n->form == JAC_S_SCRIPT) {
      keys[nkeys++] = jac_notation_key(w->e->pool, n);
      if (n->child[1] && n->child[2])
        keys[nkeys++] = jac_notation_key(w->e->pool, without_below(w->e->pool, n));
    }
    for (size_t k = 0; k < nkeys; k++) {
      struct jac_usage *u = jac_usage_of(w->e, keys[k]);
      if (u) {
        *(above ? &u->numerator : &u->denominator) += 1;
        u->straight += straight && !above;
      }
    }
    return;
  }
  for (size_t k = 0; k < n->count; k++)
    mark_differential(w, n->child[k], above, straight);
}

static struct jac_pair *pair(struct walk *w, const char *numerator, node *denominator) {
  struct jac_evidence *e = w->e;
  for (size_t k = 0; k < e->pairs; k++)
    if (e->pair[k].numerator == numerator &&
        jac_notation_equal(e->pair[k].denominator, denominator))
      return &e->pair[k];
  if (e->pairs == sizeof e->pair / sizeof *e->pair)
    return NULL;
  e->pair[e->pairs] =
      (struct jac_pair){.numerator = numerator, .denominator = denominator};
  return &e->pair[e->pairs++];
}

bool jac_total_and_partial(const struct jac_evidence *e, const char *numerator,
                           node *denominator) {
  for (size_t k = 0; k < e->pairs; k++)
    if (e->pair[k].straight && e->pair[k].curly && e->pair[k].numerator == numerator &&
        jac_notation_equal(e->pair[k].denominator, denominator))
      return true;
  return false;
}

/* The names among the factors of a numerator and a denominator, in pairs. */
static void pairs(struct walk *w, node *above, size_t from, size_t to, node *below) {
  for (size_t k = from; k < to; k++)
    if (jac_name_like(above->child[k]))
      for (size_t j = 1; j < below->count; j++)
        if (!jac_is_differential(below->child[j])) {
          struct jac_pair *p =
              pair(w, jac_notation_key(w->e->pool, above->child[k]), below->child[j]);
          if (p && jac_is_name(below->child[0], "d"))
            p->straight = true;
          else if (p)
            p->curly = true;
        }
}

/* Whether what an operator stands before is a quantity: f, f(x), not x^T A x. */
static bool quantity_operand(node *side, size_t k) {
  node *next = k < side->count ? side->child[k] : NULL;
  if (!next || !jac_name_like(next) ||
      (next->form == JAC_S_SCRIPT && next->child[2] &&
       (!layered(next->child[2]) ||
        (next->child[2]->form == JAC_S_TERMS && !index_item(next->child[2])) ||
        jac_is_name(next->child[0], "e"))))
    return false;
  if (next->form == JAC_S_SCRIPT && next->child[2] &&
      (next->child[2]->form == JAC_S_NUMBER || jac_is_name(next->child[2], "T") ||
       jac_is_name(next->child[2], "top")))
    return false;
  return k + 1 == side->count ||
         (k + 2 == side->count && parenthesis(side->child[k + 1]));
}

static bool see_fraction(struct walk *w, node *above, node *below) {
  node *sign = above->form == JAC_S_SIDE ? above->child[0] : above;
  node *under = below->form == JAC_S_SIDE ? below->child[0] : below;
  if (!jac_is_differential(sign) || !jac_is_differential(under) || under == below)
    return false;
  bool straight = jac_is_name(under, "d");
  if (above != sign && jac_name_like(above->child[1]) &&
      (above->count == 2 || (above->count == 3 && parenthesis(above->child[2]))))
    pairs(w, above, 1, 2, below);
  /* d f, d f(x): a name is differentiated; d |x|, d (A x) are formulas. */
  if (above != sign && jac_name_like(above->child[1]) &&
      (above->count == 2 || (above->count == 3 && parenthesis(above->child[2]))))
    mark_differential(w, above->child[1], true, false);
  for (size_t k = 1; k < (above == sign ? 0 : above->count); k++)
    if (k + 1 < above->count && jac_name_like(above->child[k]) &&
        parenthesis(above->child[k + 1]))
      see_name(w, above->child[k], above->child[k + 1]);
    else
      see(w, above->child[k]);
  for (size_t k = 1; k < below->count; k++)
    if (!jac_is_differential(below->child[k])) {
      mark_differential(w, below->child[k], false, straight);
      see(w, below->child[k]);
    }
  return true;
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
    if (w->nbound < 16)
      w->bound[w->nbound++] = n->text;
  } else if (n->form == JAC_S_LIST || n->form == JAC_S_SIDE)
    for (size_t k = 0; k < n->count; k++)
      bind(w, n->child[k], true);
  else if (n->form == JAC_S_CHAIN ||
           (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_CONDITION))
    bind(w, n->child[0], true);
}

static void see_bounds(struct walk *w, node *n) {
  if (!n)
    return;
  if (n->form == JAC_S_NAME) {
    struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, n->text));
    if (u)
      u->bounds++;
  }
  for (size_t k = 0; k < n->count; k++)
    see_bounds(w, n->child[k]);
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

/* y log p: y may be labels. */
static void see_logged(struct walk *w, node *y, node *next) {
  node *base = y->form == JAC_S_SCRIPT ? y->child[0] : y;
  if (next->form != JAC_S_APPLY || base->form != JAC_S_NAME ||
      (next->row->id != JAC_C_LOG && next->row->id != JAC_C_LOGSOFTMAX))
    return;
  struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, base->text));
  if (u)
    u->logged++;
}

static void see(struct walk *w, node *n) {
  if (!n)
    return;
  switch (n->form) {
  case JAC_S_NAME:
  case JAC_S_SCRIPT:
    if (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], "bb_R"))
      see_bounds(w, n->child[2]);
    else if (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], "partial"))
      mark_differential(w, n->child[1], false, false);
    else if (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], "nabla")) {
      mark_differential(w, n->child[1], false, false);
      if (n->child[1] && !w->operand)
        pair(w, jac_pool_text(w->e->pool, "d"), n->child[1]);
    } else
      see_name(w, n, NULL);
    return;
  case JAC_S_SIDE:
    for (size_t k = 0; k < n->count; k++) {
      node *f = n->child[k], *next = k + 1 < n->count ? n->child[k + 1] : NULL;
      bool nabla = jac_is_name(f, "nabla") ||
                   (f->form == JAC_S_SCRIPT && jac_is_name(f->child[0], "nabla"));
      if (nabla && quantity_operand(n, k + 1)) {
        mark_differential(w, next, true, false);
        if (f->form == JAC_S_SCRIPT && f->child[1])
          pair(w, jac_notation_key(w->e->pool, next), f->child[1]);
      }
      if (jac_is_name(f, "d") && next && jac_name_like(next) && !next->spaced)
        pair(w, jac_pool_text(w->e->pool, "d"), next);
      if (f->form == JAC_S_FRACTION && jac_is_differential(f->child[0]) &&
          quantity_operand(n, k + 1) && f->child[1]->form == JAC_S_SIDE) {
        mark_differential(w, next, true, false);
        pairs(w, n, k + 1, k + 2, f->child[1]);
      }
      if (f->form == JAC_S_FRACTION && next && next->form == JAC_S_BIG)
        see_divisor(w, f->child[1]);
      for (size_t j = k + 1; j < n->count; j++)
        see_logged(w, f, n->child[j]);
      see_acted(w, f, next);
      w->operand = next != NULL;
      bool sign =
          nabla || (f->form == JAC_S_SCRIPT && jac_is_name(f->child[0], "partial"));
      node *bracket = next && next->form == JAC_S_SCRIPT ? next->child[0] : next;
      if (bracket && parenthesis(bracket) && jac_name_like(f) && !sign)
        see_name(w, f, bracket);
      else
        see(w, f);
      w->operand = false;
    }
    return;
  case JAC_S_FRACTION:
  case JAC_S_INFIX:
    if ((n->form == JAC_S_FRACTION || n->row->role == JAC_ROLE_DIVIDE) &&
        n->child[1]->form == JAC_S_NAME) {
      struct jac_usage *u =
          jac_usage_of(w->e, jac_pool_text(w->e->pool, n->child[1]->text));
      if (u)
        u->under++;
    }
    if ((n->form == JAC_S_FRACTION || n->row->role == JAC_ROLE_DIVIDE) &&
        see_fraction(w, n->child[0], n->child[1]))
      return;
    if (n->form == JAC_S_INFIX && n->row->role != JAC_ROLE_DIVIDE)
      see_logged(w, n->child[0], n->child[1]);
    if (n->form == JAC_S_INFIX && n->row->role != JAC_ROLE_DIVIDE &&
        n->child[0]->form == JAC_S_FRACTION && n->child[1]->form == JAC_S_BIG)
      see_divisor(w, n->child[0]->child[1]);
    if (n->child[0]->form == JAC_S_BIG)
      see_divisor(w, n->child[1]);
    break;
  case JAC_S_BIG: {
    size_t before = w->nbound;
    bind(w, n->child[0], true);
    see_bounds(w, n->child[1]);
    node *under = n->child[0];
    bool chain = under && under->form == JAC_S_CHAIN;
    for (size_t k = 2; chain && k < under->count; k++)
      if (under->child[1]->row->id == JAC_C_EQUAL)
        see(w, under->child[k]); /* from k + 1 on: k is no size */
      else
        see_bounds(w, under->child[k]);
    see(w, n->child[2]);
    w->nbound = before;
    return;
  }
  case JAC_S_TERMS:
    for (size_t k = 0; k < 2 && n->count > 1; k++)
      see_series(w, n, n->child[k]);
    break;
  case JAC_S_APPLY:
    see(w, n->child[1]);
    return;
  default:
    break;
  }
  for (size_t k = 0; k < n->count; k++)
    see(w, n->child[k]);
}

void jac_evidence_see(struct jac_evidence *evidence, node *n) {
  struct walk w = {.e = evidence};
  see(&w, n);
}

static void layer_letters(struct jac_evidence *e, node *name) {
  if (name->form != JAC_S_SCRIPT || !name->child[2])
    return;
  node *above = name->child[2];
  node *l = jac_index_letter(above->form == JAC_S_GROUP ? above->child[0] : above);
  if (l && strcmp(l->text, "T") != 0 && e->layers < 8 &&
      !among(e->layer, e->layers, l->text))
    e->layer[e->layers++] = l->text;
}

/* An index one layer on: l is l + 1, l - 1 is l. */
static node *one_on(struct jac_pool *pool, node *n, const char *letter) {
  struct jac_syntax like = *n;
  if (jac_is_name(n, letter)) {
    like.form = JAC_S_NUMBER;
    like.text = "1";
    like.number = 1;
    node *pair[2] = {n, jac_notation_node(pool, &like, 0, NULL)};
    like.form = JAC_S_TERMS;
    like.text = jac_pool_text(pool, " +");
    like.number = 0;
    return jac_notation_node(pool, &like, 2, pair);
  }
  if (n->form == JAC_S_GROUP) {
    node *inside = one_on(pool, n->child[0], letter);
    return jac_notation_node(pool, n, 1, &inside);
  }
  if (n->form == JAC_S_TERMS && n->count == 2 && jac_is_name(n->child[0], letter) &&
      n->child[1]->form == JAC_S_NUMBER && n->text[0] == ' ') {
    double by = (n->text[1] == '-' ? -n->child[1]->number : n->child[1]->number) + 1;
    if (by == 0)
      return n->child[0];
    char text[24];
    snprintf(text, sizeof text, "%g", by < 0 ? -by : by);
    like.form = JAC_S_NUMBER;
    like.text = jac_pool_text(pool, text);
    like.number = by < 0 ? -by : by;
    node *pair[2] = {n->child[0], jac_notation_node(pool, &like, 0, NULL)};
    like = *n;
    like.text = jac_pool_text(pool, by < 0 ? " -" : " +");
    return jac_notation_node(pool, &like, 2, pair);
  }
  return n;
}

/* A formula one layer on: what stands above its names. */
static node *layer_on(struct jac_pool *pool, node *n, const char *letter) {
  if (!n)
    return NULL;
  node *child[JAC_NOTATION_CHILDREN];
  if (n->count > JAC_NOTATION_CHILDREN)
    return n;
  for (size_t k = 0; k < n->count; k++)
    child[k] = layer_on(pool, n->child[k], letter);
  if (n->form == JAC_S_SCRIPT && n->child[2]) {
    node *above = n->child[2];
    if (above->form == JAC_S_SIDE && above->count == 2) {
      node *pair[2] = {one_on(pool, above->child[0], letter), above->child[1]};
      child[2] = jac_notation_node(pool, above, 2, pair);
    } else
      child[2] = one_on(pool, above, letter);
  }
  return jac_notation_node(pool, n, n->count, child);
}

/* z^{l} = ... says what z^{l+1} is. */
static void shift_layers(struct jac_evidence *e) {
  size_t count = e->definitions;
  for (size_t k = 0; k < count; k++) {
    const struct jac_definition *d = &e->definition[k];
    if (d->defines != JAC_DEFINES_VALUE || d->name->form != JAC_S_SCRIPT ||
        !d->name->child[2] || !d->fact->right)
      continue;
    node *above = d->name->child[2];
    node *l = jac_index_letter(above->form == JAC_S_GROUP ? above->child[0] : above);
    if (!l || strcmp(l->text, "T") == 0)
      continue;
    node *left = layer_on(e->pool, d->name, l->text);
    const char *key = jac_notation_key(e->pool, left);
    bool known = false;
    for (size_t j = 0; j < count; j++)
      known = known || e->definition[j].key == key;
    struct jac_fact *fact = jac_pool_take(e->pool, sizeof *fact);
    if (known || !fact)
      continue;
    *fact = *d->fact;
    fact->left = left;
    fact->right = layer_on(e->pool, d->fact->right, l->text);
    struct jac_definition *next = &e->definition[e->definitions++];
    *next = *d;
    next->fact = fact;
    next->name = left;
    next->key = key;
    next->base = key;
  }
}

bool jac_evidence_make(struct jac_evidence *e, const struct jac_scope *scope) {
  *e = (struct jac_evidence){.pool = scope->pool};
  e->definition =
      jac_pool_take(scope->pool, (2 * scope->count + 1) * sizeof *e->definition);
  if (!e->definition)
    return false;
  for (size_t k = 0; k < scope->count; k++) {
    const struct jac_fact *f = &scope->fact[k];
    struct walk w = {.e = e};
    if (f->kind == JAC_FACT_DEFINITION) {
      struct jac_definition d;
      if (jac_definition_read(scope->pool, f->left, &d)) {
        d.fact = f;
        d.order = k;
        e->definition[e->definitions++] = d;
        struct jac_usage *u = jac_usage_of(e, d.key);
        if (u)
          u->defined++;
        layer_letters(e, d.name);
        for (size_t j = 0; j < d.indices; j++) {
          w.left[w.nleft++] = d.index[j];
          u = jac_usage_of(e, jac_pool_text(e->pool, d.index[j]));
          if (u)
            u->running++;
        }
        see(&w, d.name);
        for (size_t j = 0; j < d.params; j++)
          see(&w, d.param[j]);
      } else
        see(&w, f->left);
      if (f->right)
        see(&w, f->right);
    } else if (f->kind == JAC_FACT_SHAPE) {
      see_bounds(&w, f->rows);
      see_bounds(&w, f->cols);
    } else if (f->kind == JAC_FACT_USE || f->kind == JAC_FACT_EQUATION) {
      see(&w, f->left);
      if (f->right)
        see(&w, f->right);
    }
  }
  shift_layers(e);
  return !scope->pool->failed;
}
