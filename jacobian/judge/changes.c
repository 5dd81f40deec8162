/* The small changes of a claim's text that might mend it. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

static void add(struct jac_changes *c, size_t start, size_t end, const char *with,
                const char *words) {
  if (c->count == sizeof c->list / sizeof *c->list || strlen(with) >= 120)
    return;
  struct jac_change *one = &c->list[c->count++];
  one->start = start;
  one->end = end;
  snprintf(one->with, sizeof one->with, "%s", with);
  snprintf(one->words, sizeof one->words, "%s", words);
}

void jac_spelled(const char *text, node *n, char *out, size_t size) {
  size_t length = n->end - n->start;
  if (length >= size)
    length = size - 1;
  memcpy(out, text + n->start, length);
  out[length] = '\0';
}

static bool top(node *n) {
  return n && (jac_is_name(n, "T") || jac_is_name(n, "top"));
}

/* A sign of differentiation, or a function's name: no quantity. */
static bool sign(node *n) {
  return n->row || jac_is_name(n, "partial") || jac_is_name(n, "d") ||
         jac_is_name(n, "nabla");
}

/* Names of the claim and of its left side, to stand for one another. */
static void gather(node *n, node *names[JAC_CLAIM_NAMES], size_t *count) {
  if (!n)
    return;
  if (n->form == JAC_S_NAME || (n->form == JAC_S_SCRIPT && jac_name_like(n))) {
    if (sign(n) || top(n))
      return;
    for (size_t k = 0; k < *count; k++)
      if (jac_notation_equal(names[k], n))
        return;
    if (*count < JAC_CLAIM_NAMES)
      names[(*count)++] = n;
    if (n->form == JAC_S_SCRIPT) {
      gather(n->child[0], names, count);
      gather(n->child[1], names, count);
    }
    return;
  }
  for (size_t k = 0; k < n->count; k++)
    gather(n->child[k], names, count);
}

/* Long: what may be transposed. */
static void transposes(struct jac_changes *c, node *n) {
  char what[60], words[200], with[120];
  if (n->form == JAC_S_SCRIPT && top(n->child[2]) && n->end > n->child[0]->end) {
    node *base = n->child[0];
    if (n->child[1])
      return;
    jac_spelled(c->text, base, what, sizeof what);
    snprintf(words, sizeof words, _("%s is transposed, and should not be"), what);
    add(c, base->end, n->end, "", words);
    return;
  }
  bool group = n->form == JAC_S_GROUP && n->text[0] == '(';
  bool fraction = n->form == JAC_S_FRACTION;
  bool raised = n->form == JAC_S_SCRIPT && n->child[2]; /* W^{(k)} */
  if ((raised && n->child[2]->form == JAC_S_NUMBER) || n->number > 0)
    return;
  if (!jac_name_like(n) && !group && !fraction)
    return;
  if (sign(n))
    return;
  if (jac_name_like(n) && c->text[n->end] == '(') /* f(x): a function */
    return;
  jac_spelled(c->text, n, what, sizeof what);
  if (strlen(what) + 20 >= sizeof with)
    return;
  if (fraction || raised)
    snprintf(with, sizeof with,
             c->plain   ? "(%s)'"
             : fraction ? "\\left(%s\\right)^\\top"
                        : "{%s}^\\top", /* no call of what stands before it */
             what);
  else
    snprintf(with, sizeof with, c->plain ? "%s'" : "%s^\\top", what);
  snprintf(words, sizeof words, _("%s should be transposed"), what);
  add(c, n->start, n->end, with, words);
}

/* The bracket of f(x), where f is called elsewhere, too, or is nothing else. */
static bool arguments(struct jac_changes *c, node *f, node *bracket) {
  if (bracket->form == JAC_S_SCRIPT)
    bracket = bracket->child[0]; /* f(x)^T */
  if (f->form != JAC_S_NAME || bracket->form != JAC_S_GROUP || bracket->text[0] != '(')
    return false;
  const struct jac_usage *u = jac_usage_of(c->evidence, f->text);
  return u && u->called && !u->denominator && !u->defined;
}

/* P_j and P_l: members of one kind, which are numbers. */
static bool alike(node *a, node *b) {
  return a->form == JAC_S_SCRIPT && b->form == JAC_S_SCRIPT && a->child[1] &&
         b->child[1] && jac_notation_equal(a->child[0], b->child[0]) && !a->child[2] &&
         !b->child[2];
}

/* Long: which factors are neighbours. */
static void swaps(struct jac_changes *c, node *n) {
  if (n->form != JAC_S_SIDE && n->form != JAC_S_INFIX)
    return;
  if (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_CONDITION)
    return;
  for (size_t k = 0; k + 1 < n->count; k++) {
    node *a = n->child[k], *b = n->child[k + 1];
    char first[60], second[60], between[40], with[180], words[200];
    if (jac_is_differential(a) || alike(a, b) || arguments(c, a, b) ||
        b->start < a->end || b->end - b->start >= 55 || a->end - a->start >= 55 ||
        b->start - a->end >= 30)
      continue;
    jac_spelled(c->text, a, first, sizeof first);
    jac_spelled(c->text, b, second, sizeof second);
    memcpy(between, c->text + a->end, b->start - a->end);
    between[b->start - a->end] = '\0';
    snprintf(with, sizeof with, "%s%s%s", second, *between ? between : " ", first);
    snprintf(words, sizeof words, _("%s and %s stand in the wrong order"), first, second);
    size_t before = c->count;
    if (strlen(with) < 118)
      add(c, a->start, b->end, with, words);
    if (c->count > before)
      c->list[before].reorders = true;
    if (strlen(with) >= 110 || n->count != 2 || c->plain ||
        (b->form == JAC_S_SCRIPT && b->child[2]) ||
        (a->form == JAC_S_SCRIPT && a->child[2]))
      continue;
    /* x dL/dy for dL/dy x^T: an outer product that was turned. */
    snprintf(with, sizeof with, "%s%s%s^\\top", second, *between ? between : " ", first);
    add(c, a->start, b->end, with, _("the outer product is the other way round"));
  }
}

static void signs(struct jac_changes *c, node *n) {
  if (n->form != JAC_S_TERMS)
    return;
  for (size_t k = 0; k < n->count; k++) {
    size_t from = k ? n->child[k - 1]->end : n->start, to = n->child[k]->start;
    char words[200], what[60], with[40];
    jac_spelled(c->text, n->child[k], what, sizeof what);
    snprintf(words, sizeof words, _("the sign before %s is wrong"), what);
    if (!k && n->text[0] == ' ')
      continue;
    if (to < from || to - from >= 30)
      continue;
    char between[40];
    memcpy(between, c->text + from, to - from);
    between[to - from] = '\0';
    char *sign = strchr(between, n->text[k]);
    if (!sign)
      continue;
    *sign = n->text[k] == '-' ? '+' : '-';
    snprintf(with, sizeof with, "%s", between);
    add(c, from, to, with, words);
  }
}

bool jac_no_quantity(struct jac_evidence *evidence, const char *name) {
  const struct jac_usage *u = jac_usage_of(evidence, name);
  bool quantity = u && (u->denominator || u->defined); /* the z of \delta_z, too */
  return !u || (!quantity && (u->index || u->numerator)) || u->called;
}

/* Whether a name counts, and does nothing else. */
static bool counts(struct jac_changes *c, const char *name) {
  const struct jac_usage *u = jac_usage_of(c->evidence, name);
  return u && (u->index || u->bounds) && !u->numerator && !u->denominator && !u->defined;
}

static void renames(struct jac_changes *c, node *n, node *const *names, size_t count) {
  if (n->form != JAC_S_NAME || sign(n) || top(n))
    return;
  char mine[40];
  jac_spelled(c->text, n, mine, sizeof mine);
  for (size_t k = 0; k < count; k++) {
    if (names[k]->form != JAC_S_NAME || jac_notation_equal(names[k], n) ||
        counts(c, names[k]->text) != counts(c, n->text))
      continue;
    char words[200], with[40];
    /* As it is written in the claim, else by its name. */
    const char *text = names[k]->text;
    if (strchr(text, '_') || (text[1] && c->plain == false))
      snprintf(with, sizeof with, "\\%s ", text);
    else
      snprintf(with, sizeof with, "%s", text);
    if (strchr(text, '_'))
      continue;
    snprintf(words, sizeof words, _("%s stands where %s was meant"), mine, text);
    size_t before = c->count;
    add(c, n->start, n->end, with, words);
    if (c->count == before)
      continue;
    c->list[before].renames = true;
    c->list[before].weak =
        jac_no_quantity(c->evidence, n->text) || jac_no_quantity(c->evidence, text);
  }
}

static void drops(struct jac_changes *c, node *n) {
  if (n->form != JAC_S_TERMS || n->count < 2)
    return;
  for (size_t k = 1; k < n->count; k++) {
    char words[200], what[60];
    jac_spelled(c->text, n->child[k], what, sizeof what);
    snprintf(words, sizeof words, _("the term %s is too many"), what);
    add(c, n->child[k - 1]->end, n->child[k]->end, "", words);
  }
}

static void powers(struct jac_changes *c, node *n) {
  if (n->form == JAC_S_NUMBER && n->end - n->start == 1 && n->number > 0) {
    char words[120];
    if (n->number == 1)
      return;
    snprintf(words, sizeof words, _("%s should be 1"), n->text);
    add(c, n->start, n->end, "1", words);
  }
}

static void squares(struct jac_changes *c, node *n) {
  if (!jac_name_like(n) || sign(n) ||
      (n->form == JAC_S_SCRIPT && n->child[2] && n->child[2]->form == JAC_S_NUMBER))
    return;
  char what[60], with[80], words[160];
  bool raised = n->form == JAC_S_SCRIPT && n->child[2]; /* H^{[1]} */
  jac_spelled(c->text, n, what, sizeof what);
  snprintf(with, sizeof with, c->plain ? "%s.^2" : raised ? "(%s)^2" : "%s^2", what);
  snprintf(words, sizeof words, _("%s should be squared"), what);
  add(c, n->start, n->end, with, words);
}

/* S_{jk} for S_{kj}. */
static void turned_indices(struct jac_changes *c, node *n) {
  node *item[4];
  if (n->form != JAC_S_SCRIPT || !n->child[1] ||
      jac_index_items(n->child[1], item) != 2 || item[1]->start < item[0]->end ||
      item[0]->end <= item[0]->start || jac_notation_equal(item[0], item[1]))
    return;
  char first[40], second[40], with[120], words[200], what[60];
  jac_spelled(c->text, item[0], first, sizeof first);
  jac_spelled(c->text, item[1], second, sizeof second);
  snprintf(with, sizeof with, "%s%.*s%s", second,
           (int)(item[1]->start - item[0]->end < 20 ? item[1]->start - item[0]->end : 0),
           c->text + item[0]->end, first);
  jac_spelled(c->text, n, what, sizeof what);
  snprintf(words, sizeof words, _("the indices of %s are in each other's place"), what);
  add(c, item[0]->start, item[1]->end, with, words);
}

/* a^{[l]} for a^{[l-1]}, h_t for h_{t-1}: the neighbouring layer or step. */
static void neighbours(struct jac_changes *c, node *n) {
  if (n->form != JAC_S_SCRIPT || c->plain || !jac_name_like(n))
    return;
  for (int side = 1; side <= 2; side++) {
    node *script = n->child[side], *index = script;
    char what[60], letter[24], with[60], words[200];
    while (index && index->form == JAC_S_GROUP)
      index = index->child[0];
    if (!index || index->form != JAC_S_NAME || index->end <= index->start || top(index))
      continue;
    jac_spelled(c->text, n, what, sizeof what);
    jac_spelled(c->text, index, letter, sizeof letter);
    for (int step = -1; step <= 1; step += 2) {
      bool bare = index == script;
      snprintf(with, sizeof with, bare ? "{%s%s}" : "%s%s", letter,
               step < 0 ? "-1" : "+1");
      snprintf(words, sizeof words, _("%s is of the wrong %s"), what,
               side == 2 ? _("layer") : _("step"));
      add(c, index->start, index->end, with, words);
    }
  }
}

/* A term that lacks a factor 2 or a half, or has a number too many. */
static void coefficients(struct jac_changes *c, node *n) {
  char words[200], what[60];
  if (n->form != JAC_S_TERMS || n->count < 2)
    return;
  for (size_t k = 0; k < n->count; k++) {
    node *t = n->child[k];
    jac_spelled(c->text, t, what, sizeof what);
    snprintf(words, sizeof words, _("a factor 2 is missing in %s"), what);
    add(c, t->start, t->start, c->plain ? "2*" : "2 ", words);
    snprintf(words, sizeof words, _("%s should be halved"), what);
    add(c, t->start, t->start, c->plain ? "1/2*" : "\\frac{1}{2} ", words);
    if (t->form != JAC_S_SIDE || t->child[0]->form != JAC_S_NUMBER)
      continue;
    jac_spelled(c->text, t->child[0], what, sizeof what);
    snprintf(words, sizeof words, _("the factor %s is too many"), what);
    add(c, t->start, t->child[1]->start, "", words);
    if (k == 0 && n->text[0] == '-') {
      snprintf(words, sizeof words, _("the factor -%s is too many"), what);
      add(c, n->start, t->child[1]->start, "", words);
    }
  }
}

typedef void generator(struct jac_changes *c, node *n);

static void everywhere(struct jac_changes *c, node *n, generator *fn, bool into_names) {
  if (!n)
    return;
  fn(c, n);
  if (n->form == JAC_S_SCRIPT && !into_names) {
    /* (A + B)^T: what is transposed as a whole is so no second time. */
    node *base = n->child[0];
    if (fn == transposes && top(n->child[2]) && base->form == JAC_S_GROUP)
      base = base->child[0];
    if (!jac_name_like(n) && !(base != n->child[0] && jac_name_like(base)))
      everywhere(c, base, fn, into_names);
    return;
  }
  if (n->form == JAC_S_FRACTION && fn == transposes) {
    node *a = n->child[0];
    if (a->form == JAC_S_SIDE && jac_is_differential(a->child[0]))
      return;
  }
  for (size_t k = 0; k < n->count; k++)
    everywhere(c, n->child[k], fn, into_names);
}

void jac_claim_names(const struct jac_claim_written *claim, node *names[JAC_CLAIM_NAMES],
                     size_t *count) {
  gather(claim->right, names, count);
  gather(claim->left, names, count);
  /* And those of the definitions that they lead to. */
  const struct jac_evidence *all = claim->evidence;
  for (size_t k = 0, own = *count; k < all->definitions; k++)
    for (size_t j = 0; j < own; j++)
      if (names[j]->form == JAC_S_NAME && all->definition[k].fact->right &&
          strncmp(all->definition[k].base, names[j]->text, strlen(names[j]->text)) == 0 &&
          strchr("^_", all->definition[k].base[strlen(names[j]->text)]) != NULL) {
        gather(all->definition[k].fact->right, names, count);
        break;
      }
}

void jac_changes_find(struct jac_changes *c, node *right, node *const *names,
                      size_t count) {
  everywhere(c, right, transposes, false);
  everywhere(c, right, swaps, false);
  everywhere(c, right, signs, false);
  everywhere(c, right, drops, false);
  everywhere(c, right, powers, true);
  everywhere(c, right, squares, false);
  everywhere(c, right, coefficients, false);
  everywhere(c, right, turned_indices, false);
  everywhere(c, right, neighbours, false);
  /* Renamings last, all pairs. */
  node *stack[64];
  size_t depth = 0;
  stack[depth++] = right;
  while (depth) {
    node *n = stack[--depth];
    if (!n)
      continue;
    renames(c, n, names, count);
    for (size_t k = 0; k < n->count && depth < 64; k++)
      stack[depth++] = n->child[k];
  }
}
