/* How far a quotient or a power reaches, where no brackets say it: another reading of
 * notation, as it would be with them; NULL where it is read as it stands. */
#include "jacobian/elaborate/side_internal.h"

static bool reaches(elaboration *e, const char *site, unsigned price, const char *words) {
  return jac_choose2(e, jac_pool_text(e->scope->pool, site), 0, price, NULL, words,
                     NULL) != 0;
}

static bool is_quotient(node *n) {
  return n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE &&
         !jac_is_derivative(n);
}

static bool entrywise(node *n) {
  return n->form == JAC_S_APPLY && n->row && n->row->role == JAC_ROLE_ENTRYWISE;
}

/* A product whose factor at is another. */
static node *with_factor(elaboration *e, node *side, size_t at, node *factor) {
  node **all = jac_pool_take(e->scope->pool, side->count * sizeof(node *));
  if (!all || !factor)
    return NULL;
  memcpy(all, side->child, side->count * sizeof *all);
  all[at] = factor;
  return jac_notation_node(e->scope->pool, side, side->count, all);
}

/* \sin x/2 as \sin(x/2), of what is written without brackets. */
static node *quotient_inside(elaboration *e, node *n) {
  node *left = n->child[0];
  bool side = left->form == JAC_S_SIDE;
  node *f = side ? left->child[left->count - 1] : left;
  if (!entrywise(f) || f->child[1]->form == JAC_S_GROUP ||
      !reaches(e, "quotient inside", 3, NULL))
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node *pair[2] = {f->child[1], n->child[1]};
  node *call[2] = {f->child[0], jac_notation_node(pool, n, 2, pair)};
  node *whole = call[1] ? jac_notation_node(pool, f, 2, call) : NULL;
  return whole && side ? with_factor(e, left, left->count - 1, whole) : whole;
}

/* (b - a)/10 x, which is by all that follows, as ((b - a)/10) x. */
static node *quotient_by_number(elaboration *e, node *n) {
  node *below = n->child[1];
  if (below->form != JAC_S_SIDE || below->child[0]->form != JAC_S_NUMBER ||
      !reaches(e, "quotient by a number", below->child[1]->spaced ? 2 : 6,
               N_("a quotient is by the number alone")))
    return NULL;
  node *pair[2] = {n->child[0], below->child[0]};
  return with_factor(e, below, 0, jac_notation_node(e->scope->pool, n, 2, pair));
}

node *jac_reach_of_quotient(elaboration *e, node *n) {
  if (e->plain || !is_quotient(n))
    return NULL;
  node *whole = quotient_inside(e, n);
  return whole ? whole : quotient_by_number(e, n);
}

/* How many factors from the second on are names directly behind each other; the first of
 * them may stand behind a space. */
static size_t names_behind(node *n, bool space) {
  size_t k = 1;
  while (k < n->count && (!n->child[k]->spaced || (space && k == 1)) &&
         jac_name_like(n->child[k]) &&
         !(k + 1 < n->count && n->child[k + 1]->form == JAC_S_GROUP))
    k++;
  return k;
}

node *jac_reach_of_first_quotient(elaboration *e, node *n) {
  node *q = n->child[0];
  bool number = is_quotient(q) && q->child[1]->form == JAC_S_NUMBER;
  bool quotient = number || (is_quotient(q) && jac_name_like(q->child[1]));
  size_t k = quotient && !e->plain ? names_behind(n, number) : 1;
  if (k == 1 ||
      !reaches(e, number ? "quotient by a number and all" : "quotient by all",
               number ? 6 : 2,
               number ? N_("a quotient is by all that follows the number") : NULL))
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node **factor = jac_pool_take(pool, n->count * sizeof(node *));
  if (!factor)
    return NULL;
  memcpy(factor, n->child, n->count * sizeof *factor);
  factor[0] = q->child[1];
  node *below = jac_notation_node(pool, n, k, factor), *pair[2] = {q->child[0], below};
  node *whole = below ? jac_notation_node(pool, q, 2, pair) : NULL;
  if (!whole || k == n->count)
    return whole;
  factor[k - 1] = whole;
  return jac_notation_node(pool, n, n->count - k + 1, factor + k - 1);
}

static node *without_braces(node *n) {
  while (n->form == JAC_S_GROUP && n->text[0] == '{')
    n = n->child[0];
  return n;
}

/* A power by a number alone. */
static bool is_power(node *n) {
  return n->form == JAC_S_SCRIPT && !n->child[1] && n->number == 0 && n->child[2] &&
         jac_inside(n->child[2])->form == JAC_S_NUMBER;
}

/* \cos {(x)^2}, whose braces are not seen, as (\cos x)^2. */
node *jac_reach_of_function(elaboration *e, node *n) {
  node *power = entrywise(n) ? without_braces(n->child[1]) : NULL;
  if (e->plain || !power || !is_power(power) ||
      !brackets(without_braces(power->child[0]), "()") ||
      !reaches(e, "power of an argument in braces", 4,
               N_("a power is of the function before it")))
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node *call[2] = {n->child[0], power->child[0]};
  node *script[3] = {jac_notation_node(pool, n, 2, call), NULL, power->child[2]};
  return script[0] ? jac_notation_node(pool, power, 3, script) : NULL;
}

/* \ln(x + 1)^2 as \ln((x + 1)^2); brackets around a name alone are the call's. */
node *jac_reach_of_power(elaboration *e, node *n) {
  node *f = n->child[0];
  if (e->plain || !is_power(n) || !entrywise(f) || f->child[0]->form != JAC_S_NAME ||
      !brackets(f->child[1], "()") || jac_name_like(jac_inside(f->child[1])) ||
      jac_inside(f->child[1])->form == JAC_S_LIST ||
      !reaches(e, "power of a bracket", 6, N_("a power is of the bracket before it")))
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node *script[3] = {f->child[1], NULL, n->child[2]};
  node *inside = jac_notation_node(pool, n, 3, script);
  node *call[2] = {f->child[0],
                   inside ? jac_notation_node(pool, f->child[1], 1, &inside) : NULL};
  return call[1] ? jac_notation_node(pool, f, 2, call) : NULL;
}
