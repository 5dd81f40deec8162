/* h = f(g(x)) and u = g(x): where dh/du stands somewhere, h is f(u). */
#include "jacobian/elaborate/evidence_internal.h"

#include <ctype.h>
#include <string.h>

/* u = g(x), u_k = g(x_k): what is inside, its name, and the index of its entries. */
struct inner {
  node *part, *name;
  const char *letter; /* or NULL: it is no entry */
};

/* An index in the letter's place, the same as before; *at: that index. */
static bool same_index(node *n, node **at) {
  if (*at)
    return jac_notation_equal(n, *at);
  *at = n;
  return n->form == JAC_S_NAME || n->form == JAC_S_NUMBER;
}

static bool alike(node *n, node *part) {
  return n->form == part->form && n->count == part->count && n->row == part->row &&
         n->number == part->number && strcmp(n->text, part->text) == 0;
}

/* Whether n is the part, with one index in the letter's places. */
static bool same(node *n, node *part, const char *letter, node **at) {
  if (!n || !part)
    return n == part;
  if (!letter)
    return jac_notation_equal(n, part);
  if (jac_is_name(part, letter))
    return same_index(n, at);
  bool good = alike(n, part);
  for (size_t k = 0; k < part->count && good; k++)
    good = same(n->child[k], part->child[k], letter, at);
  return good;
}

/* The name of the entry with that index: s_j of s_k. */
static node *at_index(struct jac_pool *pool, node *name, const char *letter, node *at) {
  if (!at || !name)
    return name;
  if (jac_is_name(name, letter))
    return at;
  node *child[JAC_NOTATION_CHILDREN];
  for (size_t k = 0; k < name->count; k++)
    child[k] = at_index(pool, name->child[k], letter, at);
  return name->count ? jac_notation_node(pool, name, name->count, child) : name;
}

/* The factors from k on are those of a product. */
static bool run_at(node *n, size_t k, const struct inner *u, node **at) {
  node *part = u->part;
  *at = NULL;
  if (n->form != JAC_S_SIDE || part->form != JAC_S_SIDE || k + part->count > n->count)
    return false;
  for (size_t j = 0; j < part->count; j++)
    if (!same(n->child[k + j], part->child[j], u->letter, at))
      return false;
  return true;
}

/* n with the name where the part stands; *found: whether it did. */
static node *renamed(struct jac_pool *pool, node *n, const struct inner *u, bool *found) {
  if (!n || n->count > JAC_NOTATION_CHILDREN)
    return n;
  node *at = NULL;
  if (n->form == u->part->form && same(n, u->part, u->letter, &at)) {
    *found = true;
    return at_index(pool, u->name, u->letter, at);
  }
  node *child[JAC_NOTATION_CHILDREN];
  size_t count = 0;
  bool here = false;
  for (size_t k = 0; k < n->count; k++)
    if (run_at(n, k, u, &at)) {
      here = true;
      child[count++] = at_index(pool, u->name, u->letter, at);
      k += u->part->count - 1;
    } else
      child[count++] = renamed(pool, n->child[k], u, &here);
  *found = *found || here;
  if (!here)
    return n;
  if (n->form == JAC_S_GROUP && strcmp(n->text, "[]") == 0) { /* f[u, v]: a call */
    struct jac_syntax round = *n;
    round.text = jac_pool_text(pool, "()");
    return jac_notation_node(pool, &round, count, child);
  }
  return count == 1 && n->form == JAC_S_SIDE ? child[0]
                                             : jac_notation_node(pool, n, count, child);
}

static bool compound(node *n) {
  return n &&
         (n->form == JAC_S_SIDE || n->form == JAC_S_TERMS || n->form == JAC_S_INFIX ||
          n->form == JAC_S_FRACTION || n->form == JAC_S_APPLY || n->form == JAC_S_ROOT);
}

/* Whether a quantity stands in n, as a whole or by an entry with a letter: y, y_k. */
static bool mentions(node *n, node *name) {
  if (jac_notation_stands(n, name))
    return true;
  if (n->form == JAC_S_SCRIPT && n->child[1] && jac_index_letter(n->child[1]) &&
      jac_notation_equal(n->child[0], name))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && mentions(n->child[k], name))
      return true;
  return false;
}

/* Through definitions, each once. */
static bool reaches(const struct jac_evidence *e, const char *key, node *name,
                    bool *seen) {
  for (size_t k = 0; k < e->definitions; k++) {
    const struct jac_definition *d = &e->definition[k];
    if (d->key != key || !d->fact->right || seen[k])
      continue;
    seen[k] = true;
    for (size_t j = 0; j < d->params; j++)
      if (jac_notation_equal(d->param[j], name))
        return true;
    if (mentions(d->fact->right, name))
      return true;
    for (size_t j = 0; j < e->definitions; j++)
      if (!seen[j] && mentions(d->fact->right, e->definition[j].name) &&
          reaches(e, e->definition[j].key, name, seen))
        return true;
  }
  return false;
}

/* Whether what is called key is made of a name. */
static bool made_of(struct jac_evidence *e, const char *key, node *name) {
  bool *seen = jac_evidence_take(e, e->definitions + 1);
  if (!seen)
    return false;
  memset(seen, 0, e->definitions + 1);
  return reaches(e, key, name, seen);
}

/* Whether d(outer)/d(inner) stands somewhere, for the definition, for what it is applied
 * by, or for what is made of it, and nothing else says how it depends on inner. */
static bool asked(struct jac_evidence *e, const struct jac_definition *outer,
                  const struct inner *u) {
  for (size_t k = 0; k < e->pairs; k++) {
    const char *top = e->pair[k].numerator;
    node *at = NULL;
    if (!same(e->pair[k].denominator, u->name, u->letter, &at) ||
        made_of(e, top, u->name))
      continue;
    if (top == outer->key || made_of(e, top, outer->name) ||
        jac_notation_has_name(outer->fact->right, top))
      return true;
  }
  return false;
}

/* What was called f(g(x)) is called f(u). */
static void calls(struct jac_evidence *e, const struct inner *u) {
  for (size_t k = 0; k < sizeof e->bucket / sizeof *e->bucket; k++)
    for (struct jac_usage *f = e->bucket[k]; f; f = f->next) {
      bool found = false;
      f->call = renamed(e->pool, f->call, u, &found);
      f->called_names += found;
    }
}

/* Whether another argument may stand where the function's own does. */
static bool called_by_others(struct jac_evidence *e, const struct jac_definition *f) {
  struct jac_usage *usage = f->params ? jac_usage_of(e, f->key) : NULL;
  return usage && usage->called;
}

/* ... + C */
static bool constant(node *sum, node *term) {
  return sum->form == JAC_S_TERMS && term->form == JAC_S_NAME && !term->bold &&
         isupper((unsigned char)term->text[0]) && !term->text[1];
}

/* Long: the forms. Whether a formula is one of numbers as calculus writes it: products,
 * powers, quotients and functions of small letters. */
static bool of_numbers(node *n) {
  switch (n->form) {
  case JAC_S_NUMBER:
    return true;
  case JAC_S_NAME:
    return !n->bold && !isupper((unsigned char)n->text[0]) &&
           strchr(n->text, '_') == NULL;
  case JAC_S_SCRIPT:
    return !n->child[1] && n->child[2] && n->number == 0 && of_numbers(n->child[0]) &&
           (n->child[2]->form == JAC_S_NUMBER || n->child[2]->form == JAC_S_FRACTION ||
            (jac_is_name(n->child[0], "e") && of_numbers(n->child[2])));
  case JAC_S_APPLY:
    return n->row->role == JAC_ROLE_ENTRYWISE && n->child[0]->form == JAC_S_NAME &&
           of_numbers(n->child[1]);
  case JAC_S_GROUP:
    if (strcmp(n->text, "()") != 0 && strcmp(n->text, "[]") != 0)
      return false;
    break;
  case JAC_S_SIDE:
  case JAC_S_TERMS:
  case JAC_S_FRACTION:
  case JAC_S_ROOT:
    break;
  default:
    return false;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !constant(n, n->child[k]) && !of_numbers(n->child[k]))
      return false;
  return n->count > 0;
}

static void plain(struct jac_evidence *e, node *name) {
  struct jac_usage *u = jac_usage_of(e, jac_notation_key(e->pool, name));
  if (u)
    u->plain++;
}

/* x - 3: of a vector a number is hardly taken, but 1 - a is written of gates. */
static bool shifted(node *n, node *x) {
  if (n->form == JAC_S_TERMS) {
    bool name = false, number = false;
    for (size_t k = 0; k < n->count; k++) {
      name = name || jac_notation_equal(n->child[k], x);
      number = number || (n->child[k]->form == JAC_S_NUMBER && n->child[k]->number != 1);
    }
    if (name && number)
      return true;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && shifted(n->child[k], x))
      return true;
  return false;
}

/* Whether a function of calculus stands in it. */
static bool calculus(node *n) {
  if (n->form == JAC_S_ROOT ||
      (n->form == JAC_S_APPLY && n->row->role == JAC_ROLE_ENTRYWISE))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && calculus(n->child[k]))
      return true;
  return false;
}

static void all_plain(struct jac_evidence *e, node *n) {
  if (n->form == JAC_S_NAME && !n->row)
    plain(e, n);
  for (size_t k = n->form == JAC_S_APPLY; k < n->count; k++) /* no name of a function */
    if (n->child[k])
      all_plain(e, n->child[k]);
}

/* (r cos phi; r sin phi): a column of numbers. */
static void columns_of_numbers(struct jac_evidence *e, node *n) {
  while (n->form == JAC_S_GROUP && n->count == 1)
    n = n->child[0];
  if ((n->form != JAC_S_MATRIX && n->form != JAC_S_LIST) || !calculus(n))
    return;
  for (size_t k = 0; k < n->count; k++) {
    node *one = n->child[k];
    for (size_t j = 0; j < (one->form == JAC_S_ROW ? one->count : 1); j++)
      if (!of_numbers(one->form == JAC_S_ROW ? one->child[j] : one))
        return;
  }
  all_plain(e, n);
}

/* A function of angles. */
static bool of_angle(node *n) {
  static const enum jac_construct_id of[] = {JAC_C_SIN, JAC_C_COS, JAC_C_TAN,
                                             JAC_C_SEC, JAC_C_CSC, JAC_C_COT};
  for (size_t k = 0; n->form == JAC_S_APPLY && k < sizeof of / sizeof *of; k++)
    if (n->row->id == of[k])
      return true;
  return false;
}

/* \cos Q, without brackets: an angle. */
static void angles(struct jac_evidence *e, node *n) {
  if (of_angle(n) && n->child[1]->form == JAC_S_NAME)
    plain(e, n->child[1]);
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k])
      angles(e, n->child[k]);
}

/* Roots, sines: of calculus, hardly of a layer. */
static bool of_calculus(node *n) {
  if (n->form == JAC_S_ROOT || of_angle(n))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && of_calculus(n->child[k]))
      return true;
  return false;
}

/* f(x, y) = x^2 y: x and y are numbers. */
static void plain_arguments(struct jac_evidence *e) {
  for (size_t k = 0; k < e->definitions; k++) {
    const struct jac_definition *f = &e->definition[k];
    if (f->fact->right)
      angles(e, f->fact->right);
    if (f->fact->right)
      columns_of_numbers(e, f->fact->right);
    if (!f->params || !f->fact->right || !of_numbers(f->fact->right) ||
        (f->params == 1 && !shifted(f->fact->right, f->param[0]) &&
         !of_calculus(f->fact->right)))
      continue;
    node *right = f->fact->right;
    for (size_t j = 0; j < f->params; j++)
      if (of_numbers(f->param[j]))
        plain(e, f->param[j]);
    for (size_t j = 0; j < right->count; j++)
      if (right->child[j] && constant(right, right->child[j]))
        plain(e, right->child[j]);
  }
}

/* What is inside others and differentiated by. */
static bool inner_of(struct jac_evidence *e, const struct jac_definition *d,
                     struct inner *u) {
  bool entry = d->defines == JAC_DEFINES_ENTRIES && d->indices == 1;
  struct jac_usage *usage = jac_usage_of(e, entry ? d->base : d->key);
  *u = (struct inner){d->fact->right, d->name, entry ? d->index[0] : NULL};
  return (entry || d->defines == JAC_DEFINES_VALUE) && usage && usage->denominator &&
         compound(u->part);
}

void jac_evidence_within(struct jac_evidence *e) {
  plain_arguments(e);
  for (size_t k = 0; k < e->definitions; k++) {
    struct inner u;
    if (!inner_of(e, &e->definition[k], &u))
      continue;
    for (size_t j = 0; j < e->definitions; j++) {
      struct jac_definition *d = &e->definition[j];
      bool found = false;
      if (j == k || d->key == e->definition[k].key || !d->fact->right ||
          called_by_others(e, d))
        continue;
      node *right = renamed(e->pool, d->fact->right, &u, &found);
      if (!found || made_of(e, d->key, u.name))
        continue;
      struct jac_fact *fact = asked(e, d, &u) ? jac_evidence_take(e, sizeof *fact) : NULL;
      if (!fact)
        continue;
      *fact = *d->fact;
      fact->right = right;
      d->fact = fact;
      calls(e, &u);
    }
  }
}
