#include "jacobian/formula/differentiate.h"

#include "jacobian/formula/polynomial_internal.h"
#include "jacobian/formula/read.h"
#include "jacobian/formula/simplify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;
typedef struct jac_polynomial poly_t;

/* A definition as a product of powers: x = c * product. */
struct pattern {
  node_t name;
  struct jac_term term;
};

enum { PATTERNS = JAC_EQUATIONS + 4 };

struct textbook {
  struct jac_arena *arena;
  const struct jac_environment *env;
  struct pattern pattern[PATTERNS];
  size_t npattern;
  node_t whole; /* its free names are no sum's */
  bool overflow;
};

static poly_t *expand(struct textbook *t, node_t n);
static node_t simple(struct textbook *t, node_t n);

static poly_t *failed(struct textbook *t, poly_t *p) {
  t->overflow = true;
  free(p);
  return NULL;
}

static poly_t *single(struct textbook *t, double coefficient, node_t base, double power) {
  poly_t *p = jac_polynomial_new();
  struct jac_term term = {.coefficient = coefficient};
  if (p == NULL || (base != NULL && !jac_term_multiply(&term, base, power)))
    return failed(t, p);
  jac_polynomial_add(p, &term);
  return p;
}

/* Brackets that stand alone in a sum are parts of it. */
static bool open_brackets(struct textbook *t, poly_t *p) {
  for (size_t k = 0; k < p->count; k++) {
    struct jac_term term = p->term[k];
    if (term.count != 1 || term.factor[0].power != 1.0 ||
        term.factor[0].base->kind != JAC_ADD)
      continue;
    poly_t *inner = expand(t, term.factor[0].base);
    bool fits = inner != NULL;
    memmove(&p->term[k], &p->term[k + 1], (p->count - k - 1) * sizeof p->term[0]);
    p->count--;
    for (size_t j = 0; fits && j < inner->count; j++) {
      inner->term[j].coefficient *= term.coefficient;
      fits = jac_polynomial_add(p, &inner->term[j]);
    }
    free(inner);
    if (!fits)
      return false;
    k = (size_t)-1;
  }
  return true;
}

/* The polynomial as one term: its content times what is left as one factor. */
static bool as_term(struct textbook *t, poly_t *p, struct jac_term *term) {
  if (p->count == 0) {
    *term = (struct jac_term){.coefficient = 0.0};
    return true;
  }
  if (p->count == 1) {
    *term = p->term[0];
    return true;
  }
  *term = jac_polynomial_content(p);
  if (!open_brackets(t, p))
    return false;
  if (p->count <= 1) {
    if (p->count == 0)
      *term = (struct jac_term){.coefficient = 0.0};
    else {
      term->coefficient *= p->term[0].coefficient;
      for (size_t k = 0; k < p->term[0].count; k++)
        if (!jac_term_multiply(term, p->term[0].factor[k].base,
                               p->term[0].factor[k].power))
          return false;
    }
    return true;
  }
  struct jac_term more = jac_polynomial_content(p);
  term->coefficient *= more.coefficient;
  for (size_t k = 0; k < more.count; k++)
    if (!jac_term_multiply(term, more.factor[k].base, more.factor[k].power))
      return false;
  /* a - b and b - a are one factor, with a sign. */
  term->coefficient *= jac_polynomial_order(p);
  return jac_term_multiply(term, jac_polynomial_tree(t->arena, p), 1.0);
}

/* Recognising a definition inside a term. */

struct binding_set {
  const char *name[8];
  node_t value[8];
  size_t count;
};

static bool variable_of(node_t pattern_name, const char *name) {
  for (size_t k = 0; k < pattern_name->count; k++)
    if (strcmp(pattern_name->child[k]->name, name) == 0)
      return true;
  return false;
}

static bool match(node_t name, node_t p, node_t n, struct binding_set *b, int depth);

static size_t flatten(node_t n, enum jac_kind kind, node_t *out, size_t count) {
  if (n->kind == kind && count < 16) {
    count = flatten(n->child[0], kind, out, count);
    return flatten(n->child[1], kind, out, count);
  }
  if (count < 16)
    out[count++] = n;
  return count;
}

/* Sums and products match in any order. */
static bool match_all(node_t name, const node_t *p, size_t count, node_t *n,
                      struct binding_set *b, int depth) {
  if (count == 0)
    return true;
  for (size_t k = 0; k < count; k++) {
    struct binding_set trial = *b;
    if (!match(name, p[0], n[k], &trial, depth + 1))
      continue;
    node_t rest[16];
    size_t used = 0;
    for (size_t j = 0; j < count; j++)
      if (j != k)
        rest[used++] = n[j];
    if (match_all(name, p + 1, count - 1, rest, &trial, depth + 1)) {
      *b = trial;
      return true;
    }
  }
  return false;
}

static bool match(node_t name, node_t p, node_t n, struct binding_set *b, int depth) {
  if (depth > 60)
    return false;
  if (p->kind == JAC_NAME && variable_of(name, p->name)) {
    for (size_t k = 0; k < b->count; k++)
      if (strcmp(b->name[k], p->name) == 0)
        return jac_equal(b->value[k], n);
    if (b->count == 8)
      return false;
    b->name[b->count] = p->name;
    b->value[b->count++] = n;
    return true;
  }
  if (p->kind != n->kind)
    return false;
  if (p->kind == JAC_ADD || p->kind == JAC_MULTIPLY) {
    node_t left[16], right[16];
    size_t count = flatten(p, p->kind, left, 0);
    return flatten(n, p->kind, right, 0) == count && count < 16 &&
           match_all(name, left, count, right, b, depth);
  }
  if (p->count != n->count || p->number != n->number || strcmp(p->name, n->name) != 0)
    return false;
  struct binding_set trial = *b;
  for (size_t k = 0; k < p->count; k++)
    if (!match(name, p->child[k], n->child[k], &trial, depth + 1))
      return false;
  *b = trial;
  return true;
}

/* Matches the pattern's factors from k on with the term's which[k]; times is how often
 * all of them are there. */
static bool match_factors(const struct pattern *p, size_t k, const struct jac_term *term,
                          struct binding_set *b, node_t which[JAC_FACTORS],
                          double *times) {
  if (k == p->term.count)
    return true;
  for (size_t f = 0; f < term->count; f++) {
    double ratio = term->factor[f].power / p->term.factor[k].power;
    struct binding_set trial = *b;
    double most = *times;
    if (ratio < 1.0 ||
        !match(p->name, p->term.factor[k].base, term->factor[f].base, &trial, 0))
      continue;
    most = fmin(most, floor(ratio));
    which[k] = term->factor[f].base;
    if (match_factors(p, k + 1, term, &trial, which, &most)) {
      *b = trial;
      *times = most;
      return true;
    }
  }
  return false;
}

static node_t instance(struct textbook *t, node_t pattern, const struct binding_set *b) {
  char name[JAC_FORMULA_NAME];
  for (size_t k = 0; k < 2 * b->count; k++) { /* through names that nothing else has */
    size_t which = k % b->count;
    snprintf(name, sizeof name, "#%zu", which);
    pattern = k < b->count
                  ? jac_replace_name(t->arena, pattern, b->name[which],
                                     jac_node_named(t->arena, JAC_NAME, name, 0, NULL))
                  : jac_replace_name(t->arena, pattern, name, b->value[which]);
  }
  return pattern;
}

/* Calls by its name what has one, as often as there is some. */
static bool recognise(struct textbook *t, struct jac_term *term) {
  for (size_t k = 0; k < t->npattern; k++) {
    const struct pattern *p = &t->pattern[k];
    struct binding_set b = {.count = 0};
    double times = 64.0;
    node_t which[JAC_FACTORS];
    if (p->term.count == 0 || !match_factors(p, 0, term, &b, which, &times) ||
        b.count < p->name->count)
      continue;
    for (size_t f = 0; f < p->term.count; f++)
      if (!jac_term_multiply(term, which[f], -times * p->term.factor[f].power))
        return false;
    term->coefficient /= pow(p->term.coefficient, times);
    node_t name = instance(t, p->name, &b);
    if (name == NULL || !jac_term_multiply(term, name, times))
      return false;
    k = (size_t)-1; /* a name may make another */
  }
  return true;
}

static bool multiply_terms(struct jac_term *a, const struct jac_term *b) {
  a->coefficient *= b->coefficient;
  for (size_t k = 0; k < b->count; k++)
    if (!jac_term_multiply(a, b->factor[k].base, b->factor[k].power))
      return false;
  return true;
}

/* In a term with delta(a,b) the second index is written as the first. */
static poly_t *use_deltas(struct textbook *t, struct jac_term *term) {
  for (size_t k = 0; k < term->count; k++) {
    node_t d = term->factor[k].base;
    if (d->kind != JAC_DELTA || d->child[1]->kind != JAC_NAME ||
        jac_equal(d->child[0], d->child[1]))
      continue;
    for (size_t f = 0; f < term->count; f++)
      if (f != k && jac_mentions(term->factor[f].base, d->child[1]->name)) {
        node_t all = NULL;
        for (size_t j = 0; j < term->count; j++) {
          node_t base = term->factor[j].base;
          if (j != k)
            base = jac_replace_name(t->arena, base, d->child[1]->name, d->child[0]);
          node_t one = term->factor[j].power == 1.0
                           ? base
                           : jac_binary(t->arena, JAC_POWER, base,
                                        jac_number(t->arena, term->factor[j].power));
          all = all == NULL ? one : jac_binary(t->arena, JAC_MULTIPLY, all, one);
        }
        all = jac_binary(t->arena, JAC_MULTIPLY, jac_number(t->arena, term->coefficient),
                         all);
        return all == NULL ? failed(t, NULL) : expand(t, all);
      }
  }
  return NULL;
}

static poly_t *product(struct textbook *t, node_t x, double px, node_t y, double py) {
  poly_t *a = expand(t, x), *b = a != NULL ? expand(t, y) : NULL, *p = NULL;
  struct jac_term left, right, total = {.coefficient = 1.0};
  if (b != NULL && as_term(t, a, &left) && as_term(t, b, &right)) {
    bool fits = true;
    for (int side = 0; side < 2 && fits; side++) {
      struct jac_term *one = side == 0 ? &left : &right;
      double power = side == 0 ? px : py;
      one->coefficient = power == 1.0 ? one->coefficient : pow(one->coefficient, power);
      for (size_t k = 0; k < one->count; k++)
        one->factor[k].power *= power;
      fits = multiply_terms(&total, one);
    }
    if (total.coefficient == 0.0)
      total.count = 0;
    if (fits && recognise(t, &total)) {
      p = use_deltas(t, &total);
      /* One bracket alone, with a number, is a sum again. */
      if (p == NULL && !t->overflow && total.count == 1 && total.factor[0].power == 1.0 &&
          total.factor[0].base->kind == JAC_ADD && total.coefficient != 1.0) {
        p = expand(t, total.factor[0].base);
        for (size_t k = 0; p != NULL && k < p->count; k++)
          p->term[k].coefficient *= total.coefficient;
      }
      if (p == NULL && !t->overflow && (p = jac_polynomial_new()) != NULL)
        jac_polynomial_add(p, &total);
    }
  }
  free(a);
  free(b);
  return p != NULL ? p : failed(t, NULL);
}

static poly_t *add(struct textbook *t, node_t x, node_t y) {
  poly_t *a = expand(t, x), *b = a != NULL ? expand(t, y) : NULL;
  bool fits = b != NULL;
  for (size_t k = 0; fits && k < b->count; k++)
    fits = jac_polynomial_add(a, &b->term[k]);
  free(b);
  return fits ? a : failed(t, a);
}

/* What is in a sum over an index. */

static node_t term_tree(struct textbook *t, const struct jac_term *term) {
  poly_t *p = jac_polynomial_new();
  if (p == NULL)
    return NULL;
  jac_polynomial_add(p, term);
  node_t tree = jac_polynomial_tree(t->arena, p);
  free(p);
  return tree;
}

static bool delta_on(node_t n, const char *index) {
  if (n->kind == JAC_DELTA && n->count == 2)
    for (size_t k = 0; k < 2; k++)
      if (n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, index) == 0 &&
          !jac_mentions(n->child[1 - k], index))
        return true;
  if (n->kind == JAC_ADD || n->kind == JAC_MULTIPLY || n->kind == JAC_NEGATE ||
      n->kind == JAC_DIVIDE)
    for (size_t k = 0; k < n->count; k++)
      if (delta_on(n->child[k], index))
        return true;
  return false;
}

static bool bound(const struct jac_environment *env, const char *name) {
  const struct jac_map *map = env->map;
  bool known = strcmp(name, "I") == 0 || strcmp(name, "1") == 0 || strcmp(name, ".") == 0;
  for (size_t k = 0; k < env->nnamed; k++)
    known = known || strcmp(env->named[k].name, name) == 0;
  for (size_t k = 0; k < env->nwhere; k++)
    known = known || strcmp(env->where_left[k]->name, name) == 0;
  for (size_t k = 0; k < env->nsize; k++)
    known = known || strcmp(env->size[k].name, name) == 0;
  for (size_t k = 0; map != NULL && k < map->nconstant; k++)
    known = known || strcmp(map->constant[k].name, name) == 0;
  return known || (map != NULL && jac_map_find(map, name) < map->nvar);
}

/* Names that nothing gives a value are indices: at 1, their first. */
static size_t free_indices(const struct jac_environment *env, node_t n,
                           struct jac_index_value index[24], size_t count) {
  bool known = n->kind != JAC_NAME || bound(env, n->name);
  for (size_t k = 0; k < count; k++)
    known = known || strcmp(index[k].name, n->name) == 0;
  if (!known && count < 24)
    index[count++] = (struct jac_index_value){n->name, 1};
  for (size_t k = 0; k < n->count; k++)
    count = free_indices(env, n->child[k], index, count);
  return count;
}

/* How often an index runs: the constant of that value that the map names, or the number.
 */
static node_t size_of(struct textbook *t, node_t sum) {
  struct jac_result result;
  struct jac_error err;
  /* sum(k, 1) with a body beside it that only says how far k runs. */
  node_t one = jac_number(t->arena, 1.0), pair[] = {one, one};
  node_t always = jac_node_named(t->arena, JAC_COMPARE, "=", 2, pair);
  node_t body = jac_node(t->arena, JAC_CASES, 3, (node_t[]){one, always, sum->child[0]});
  struct jac_index_value index[24];
  size_t count = free_indices(t->env, sum->child[0], index, 0);
  node_t counted = jac_node_named(t->arena, JAC_SUM, sum->name, 1, &body);
  struct jac_environment env = *t->env;
  env.type = NULL;
  if (counted == NULL ||
      jac_formula_value(counted, &env, index, count, &result, NULL, &err) != JAC_OK)
    return NULL;
  double size = result.value[0];
  jac_result_free(&result);
  const struct jac_map *map = t->env->map;
  for (size_t k = 0; map != NULL && k < map->nconstant; k++)
    if (map->constant[k].value == size && map->constant[k].name[1] == '\0')
      return jac_node_named(t->arena, JAC_NAME, map->constant[k].name, 0, NULL);
  for (size_t k = 0; k < t->env->nsize; k++)
    if ((double)t->env->size[k].value == size)
      return jac_node_named(t->arena, JAC_NAME, t->env->size[k].name, 0, NULL);
  return jac_number(t->arena, size);
}

/* Whether a name is used at all, be it as another sum's index. */
static bool occurs(node_t n, const char *name) {
  if (strcmp(n->name, name) == 0)
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (occurs(n->child[k], name))
      return true;
  return false;
}

/* The name that a bound index gets: the first that nothing else uses, so that equal sums
 * are written alike. */
static node_t with_plain_index(struct textbook *t, node_t sum) {
  static const char *const names[] = {"j", "k", "l", "m", "p", "q", "r", "t", "u", "v"};
  const struct jac_map *map = t->env->map;
  bool plain = strpbrk(sum->name, "_#") == NULL;
  if (plain && sum->count == 3)
    return sum;
  /* k that runs to K keeps its letter. */
  for (size_t k = 0; map != NULL && k < map->nconstant; k++)
    if (plain && map->constant[k].name[0] == sum->name[0] - 'a' + 'A' &&
        map->constant[k].name[1] == '\0')
      return sum;
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    bool own = strcmp(names[k], sum->name) == 0;
    bool taken =
        (!own && occurs(sum->child[0], names[k])) || jac_mentions(t->whole, names[k]);
    for (size_t v = 0; v < t->env->nnamed; v++)
      taken = taken || strcmp(t->env->named[v].name, names[k]) == 0;
    for (size_t s = 0; s < t->env->nsize; s++)
      taken = taken || strcmp(t->env->size[s].name, names[k]) == 0;
    if (taken)
      continue;
    node_t body = jac_replace_name(t->arena, sum->child[0], sum->name,
                                   jac_node_named(t->arena, JAC_NAME, names[k], 0, NULL));
    node_t all[] = {body, sum->count == 3 ? sum->child[1] : NULL,
                    sum->count == 3 ? sum->child[2] : NULL};
    return jac_node_named(t->arena, sum->kind, names[k], sum->count, all);
  }
  return sum;
}

static poly_t *over(struct textbook *t, node_t sum, poly_t *body);

/* A term of which a factor is a sum with what the index selects: each part on its own. */
static poly_t *distribute(struct textbook *t, node_t sum, const struct jac_term *term,
                          size_t which) {
  struct jac_term rest = *term;
  rest.factor[which] = rest.factor[--rest.count];
  poly_t *parts = expand(t, term->factor[which].base), *all = jac_polynomial_new();
  bool fits = parts != NULL && all != NULL;
  node_t beside = term_tree(t, &rest);
  for (size_t k = 0; fits && k < parts->count; k++) {
    node_t one = term_tree(t, &parts->term[k]);
    poly_t *p = one != NULL && beside != NULL ? product(t, beside, 1.0, one, 1.0) : NULL;
    poly_t *q = p != NULL ? over(t, sum, p) : NULL;
    fits = q != NULL;
    for (size_t j = 0; fits && j < q->count; j++)
      fits = jac_polynomial_add(all, &q->term[j]);
    free(q);
  }
  free(parts);
  return fits ? all : failed(t, all);
}

static poly_t *over_term(struct textbook *t, node_t sum, const struct jac_term *term) {
  const char *index = sum->name;
  for (size_t k = 0; k < term->count && sum->count == 1; k++) { /* a delta collapses it */
    node_t d = term->factor[k].base;
    if (d->kind != JAC_DELTA || !delta_on(d, index))
      continue;
    bool first = d->child[0]->kind == JAC_NAME && strcmp(d->child[0]->name, index) == 0;
    struct jac_term rest = *term;
    rest.factor[k] = rest.factor[--rest.count];
    node_t tree = term_tree(t, &rest);
    tree = tree == NULL
               ? NULL
               : jac_replace_name(t->arena, tree, index, d->child[first ? 1 : 0]);
    return tree == NULL ? failed(t, NULL) : expand(t, tree);
  }
  for (size_t k = 0; k < term->count && sum->count == 1; k++)
    if (term->factor[k].power == 1.0 && delta_on(term->factor[k].base, index))
      return distribute(t, sum, term, k);
  struct jac_term outside = {.coefficient = term->coefficient};
  struct jac_term inside = {.coefficient = 1.0};
  for (size_t k = 0; k < term->count; k++) {
    struct jac_term *to = jac_mentions(term->factor[k].base, index) ? &inside : &outside;
    to->factor[to->count++] = term->factor[k];
  }
  node_t body = term_tree(t, &inside), all;
  if (inside.count == 0) {
    node_t size = size_of(t, sum);
    if (size == NULL || sum->count == 3)
      all = jac_rebuild(t->arena, sum,
                        (node_t[]){jac_number(t->arena, 1.0),
                                   sum->count == 3 ? sum->child[1] : NULL,
                                   sum->count == 3 ? sum->child[2] : NULL});
    else
      return product(t, term_tree(t, &outside), 1.0, size, 1.0);
  } else {
    /* A bare bracket of which a part does not depend on the index. */
    if (inside.count == 1 && inside.factor[0].power == 1.0 && sum->count == 1 &&
        inside.factor[0].base->kind == JAC_ADD) {
      node_t part[16];
      size_t parts = flatten(inside.factor[0].base, JAC_ADD, part, 0);
      bool apart = false;
      for (size_t k = 0; k < parts; k++)
        apart = apart || !jac_mentions(part[k], index);
      size_t which = 0;
      while (!jac_equal(term->factor[which].base, inside.factor[0].base))
        which++;
      if (apart)
        return distribute(t, sum, term, which);
    }
    node_t child[] = {body, sum->count == 3 ? sum->child[1] : NULL,
                      sum->count == 3 ? sum->child[2] : NULL};
    all = jac_rebuild(t->arena, sum, child);
    all = all == NULL ? NULL : with_plain_index(t, all);
  }
  if (all == NULL || !jac_term_multiply(&outside, all, 1.0) || !recognise(t, &outside))
    return failed(t, NULL);
  poly_t *p = jac_polynomial_new();
  if (p != NULL)
    jac_polynomial_add(p, &outside);
  return p != NULL ? p : failed(t, NULL);
}

/* The sum of each term; frees body. */
static poly_t *over(struct textbook *t, node_t sum, poly_t *body) {
  poly_t *all = jac_polynomial_new();
  bool fits = all != NULL;
  for (size_t k = 0; fits && k < body->count; k++) {
    poly_t *one = over_term(t, sum, &body->term[k]);
    fits = one != NULL;
    for (size_t j = 0; fits && j < one->count; j++)
      fits = jac_polynomial_add(all, &one->term[j]);
    free(one);
  }
  free(body);
  return fits ? all : failed(t, all);
}

/* A sum keeps its brackets unless something collapses in them. */
static poly_t *sum(struct textbook *t, node_t n) {
  poly_t *body = expand(t, n->child[0]);
  if (body == NULL)
    return NULL;
  bool apart = body->count <= 1;
  for (size_t k = 0; k < body->count; k++) {
    bool mentions = false, selects = false;
    for (size_t f = 0; f < body->term[k].count; f++) {
      mentions = mentions || jac_mentions(body->term[k].factor[f].base, n->name);
      selects = selects || delta_on(body->term[k].factor[f].base, n->name);
    }
    apart = apart || !mentions || selects;
  }
  if (apart)
    return over(t, n, body);
  struct jac_term whole;
  if (!as_term(t, body, &whole))
    return failed(t, body);
  body->count = 0;
  jac_polynomial_add(body, &whole);
  return over(t, n, body);
}

static node_t simple(struct textbook *t, node_t n) {
  poly_t *p = expand(t, n);
  struct jac_term term;
  node_t tree = NULL;
  /* As one product, and that as a sum where it is only one in brackets. */
  if (p != NULL && as_term(t, p, &term)) {
    p->count = 0;
    jac_polynomial_add(p, &term);
    if (open_brackets(t, p))
      tree = jac_polynomial_tree(t->arena, p);
  }
  free(p);
  return tree;
}

/* A node that stays as it is, over simpler children. */
static poly_t *atom(struct textbook *t, node_t n) {
  node_t child[JAC_FORMULA_CHILDREN];
  for (size_t k = 0; k < n->count; k++) {
    bool plain = n->child[k]->kind == JAC_COMPARE || n->child[k]->kind == JAC_AND ||
                 n->child[k]->kind == JAC_ROW || n->kind == JAC_DELTA ||
                 n->kind == JAC_ENTRY;
    child[k] = plain ? n->child[k] : simple(t, n->child[k]);
    if (child[k] == NULL)
      return failed(t, NULL);
  }
  node_t all = jac_rebuild(t->arena, n, child);
  if (all != NULL && (all->kind == JAC_DELTA || all->kind == JAC_INDICATOR))
    all = jac_specialise(t->arena, all, NULL, 0);
  if (all == NULL)
    return failed(t, NULL);
  if (all->kind == JAC_NUMBER)
    return single(t, all->number, NULL, 1.0);
  struct jac_term term = {.coefficient = 1.0};
  poly_t *p = jac_polynomial_new();
  if (p == NULL || !jac_term_multiply(&term, all, 1.0) || !recognise(t, &term))
    return failed(t, p);
  jac_polynomial_add(p, &term);
  return p;
}

static node_t one(struct textbook *t) {
  return jac_number(t->arena, 1.0);
}

static poly_t *expand(struct textbook *t, node_t n) {
  if (n == NULL || t->overflow)
    return failed(t, NULL);
  switch (n->kind) {
  case JAC_NUMBER:
    return single(t, n->number, NULL, 1.0);
  case JAC_ADD:
    return add(t, n->child[0], n->child[1]);
  case JAC_NEGATE: {
    poly_t *p = expand(t, n->child[0]);
    for (size_t k = 0; p != NULL && k < p->count; k++)
      p->term[k].coefficient = -p->term[k].coefficient;
    return p;
  }
  case JAC_MULTIPLY:
  case JAC_HADAMARD:
    return product(t, n->child[0], 1.0, n->child[1], 1.0);
  case JAC_DIVIDE:
    return product(t, n->child[0], 1.0, n->child[1], -1.0);
  case JAC_POWER: {
    node_t exponent = simple(t, n->child[1]);
    if (exponent != NULL && exponent->kind == JAC_NEGATE &&
        exponent->child[0]->kind == JAC_NUMBER)
      return product(t, one(t), 1.0, n->child[0], -exponent->child[0]->number);
    if (exponent != NULL && exponent->kind == JAC_NUMBER)
      return product(t, one(t), 1.0, n->child[0], exponent->number);
    return atom(t, n);
  }
  case JAC_CALL:
    if (n->count == 1 && strcmp(n->name, "sqrt") == 0)
      return product(t, one(t), 1.0, n->child[0], 0.5);
    return atom(t, n);
  case JAC_SUM:
    return sum(t, n);
  case JAC_AT: /* what a matrix is made of is left alone */
    return single(t, 1.0, n, 1.0);
  default:
    return atom(t, n);
  }
}

/* A definition as a pattern: its right side as one product. */
static void learn(struct textbook *t, node_t left, node_t right) {
  poly_t *p = left->count <= 6 ? expand(t, right) : NULL;
  struct jac_term term;
  if (p != NULL && as_term(t, p, &term) && term.count > 0 && t->npattern < PATTERNS) {
    /* A name for a mere entry is no shorter. */
    bool bare =
        term.count == 1 && term.factor[0].power == 1.0 &&
        (term.factor[0].base->kind == JAC_ENTRY || term.factor[0].base->kind == JAC_NAME);
    if (!bare)
      t->pattern[t->npattern++] = (struct pattern){left, term};
  }
  free(p);
  t->overflow = false;
}

/* A quantity of matrices, by its entry. */
static void learn_matrix(struct textbook *t, node_t left, node_t right) {
  struct jac_environment env = *t->env;
  struct jac_result result;
  struct jac_error err;
  node_t index[2], entry = NULL;
  size_t count = 0;
  env.type = NULL;
  if (jac_formula_value(right, &env, NULL, 0, &result, NULL, &err) != JAC_OK)
    return;
  bool rows = result.rows > 1, cols = result.cols > 1;
  jac_result_free(&result);
  node_t row = rows ? jac_node_named(t->arena, JAC_NAME, "#row", 0, NULL) : NULL;
  node_t col = cols ? jac_node_named(t->arena, JAC_NAME, "#col", 0, NULL) : NULL;
  if (rows)
    index[count++] = row;
  if (cols)
    index[count++] = col;
  if (jac_formula_entry(t->arena, right, &env, row, col, &entry, &err) != JAC_OK)
    return;
  node_t name =
      count > 0 ? jac_node_named(t->arena, JAC_ENTRY, left->name, count, index) : left;
  if (name != NULL && count > 0)
    learn(t, name, entry);
}

static void learn_text(struct textbook *t, const char *text) {
  node_t left, right;
  struct jac_error err;
  if (jac_formula_read_equation(t->arena, text, &left, &right, NULL, &err) == JAC_OK)
    learn(t, left, right);
}

node_t jac_formula_textbook(struct jac_arena *arena, node_t tree,
                            const struct jac_environment *environment) {
  struct textbook t = {.arena = arena, .env = environment, .whole = tree};
  for (size_t k = 0; k < environment->nwhere; k++)
    if (environment->where_left[k]->count > 0)
      learn(&t, environment->where_left[k], environment->where_right[k]);
    else
      learn_matrix(&t, environment->where_left[k], environment->where_right[k]);
  learn_text(&t, "sigmoid(x) = exp(x)/(1 + exp(x))");
  learn_text(&t, "sigmoid(x) = 1/(1 + exp(-x))");
  node_t result = simple(&t, tree);
  if (arena->failed)
    return NULL;
  return result != NULL && !t.overflow ? result : jac_specialise(arena, tree, NULL, 0);
}
