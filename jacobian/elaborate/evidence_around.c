/* What the signs around a name tell of it: bars, a trace, what is held against it. */
#include "jacobian/elaborate/evidence_internal.h"

#include <ctype.h>
#include <string.h>

static struct jac_usage *usage_of_name(struct walk *w, node *n) {
  return n && jac_name_like(n) ? jac_usage_of(w->e, jac_notation_key(w->e->pool, n))
                               : NULL;
}

/* Long: what may stand there. ||x||, ||r(x)||, ||x - y||: a norm is of vectors. */
static void see_normed(struct walk *w, node *n) {
  if (strcmp(n->text, "|||") != 0)
    return;
  node *inside = n->child[0];
  bool terms = inside->form == JAC_S_TERMS;
  for (size_t k = 0; k < (terms ? inside->count : 1); k++) {
    node *t = terms ? inside->child[k] : inside;
    bool side = t->form == JAC_S_SIDE && t->count == 2,
         call = side && parenthesis(t->child[1]),
         member = t->form == JAC_S_SCRIPT && t->child[1] && !t->child[2] &&
                  jac_index_letter(t->child[1]);
    struct jac_usage *u = usage_of_name(w, side || member ? t->child[0] : t);
    if (u && member)
      u->members++;
    else if (u && side && !call)
      u->acts += jac_name_like(t->child[1]);
    else if (u)
      u->normed++;
  }
}

/* tr A, det A: A is a matrix. */
static void see_squared(struct walk *w, node *n) {
  bool of_matrix = n->row && (n->row->id == JAC_C_TRACE || n->row->id == JAC_C_DET);
  struct jac_usage *u = of_matrix ? usage_of_name(w, jac_inside(n->child[1])) : NULL;
  if (u)
    u->squared++;
}

/* |r| \le d, -d \le r \le d: d is no negative number. */
static void see_limits(struct walk *w, node *chain) {
  node *side[2] = {chain->child[0], chain->child[chain->count - 1]};
  enum jac_construct_id id = chain->child[1]->row->id;
  if (chain->count < 3 || id <= JAC_C_UNEQUAL || id > JAC_C_ATLEAST)
    return;
  for (size_t k = 0; k < 2; k++) {
    node *limit = side[k], *other = side[1 - k];
    bool size = other->form == JAC_S_GROUP && other->text[0] == '|';
    bool both = chain->count == 5 && other->form == JAC_S_TERMS && other->count == 1 &&
                jac_notation_equal(other->child[0], limit);
    struct jac_usage *u = size || both ? usage_of_name(w, limit) : NULL;
    if (u)
      u->limits++;
  }
}

/* e^{...}, \exp(...), \sin(...): what is taken entry by entry, or of a number. */
static node *wave(node *n) {
  if (n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], "e") && n->child[2])
    return n->child[2];
  bool known =
      n->form == JAC_S_APPLY && n->row &&
      (n->row->id == JAC_C_EXP || n->row->id == JAC_C_SIN || n->row->id == JAC_C_COS);
  return known ? n->child[1] : NULL;
}

static void see_factors(struct walk *w, node *n) {
  struct jac_usage *u = n->form == JAC_S_NAME ? usage_of_name(w, n) : NULL;
  bool inside = n->form == JAC_S_SIDE || n->form == JAC_S_TERMS ||
                n->form == JAC_S_FRACTION || n->form == JAC_S_GROUP;
  if (u)
    u->raises++;
  for (size_t k = 0; inside && k < n->count; k++)
    if (n->child[k])
      see_factors(w, n->child[k]);
}

/* T of e^{-rT}, and F of F e^{-rT}: likely numbers. */
static void see_waves(struct walk *w, node *n) {
  node *inside = wave(n);
  if (inside)
    see_factors(w, inside);
  for (size_t k = 1; n->form == JAC_S_SIDE && k < n->count; k++) {
    struct jac_usage *u = wave(n->child[k]) ? usage_of_name(w, n->child[k - 1]) : NULL;
    if (u)
      u->raises++;
  }
}

/* l and g of \sqrt{l/g}, E of \sqrt{2 E/m}: lengths, masses, which are not negative. */
static void see_rooted(struct walk *w, node *n) {
  bool factors = n->form == JAC_S_SIDE || n->form == JAC_S_FRACTION ||
                 n->form == JAC_S_GROUP ||
                 (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_DIVIDE);
  struct jac_usage *u = usage_of_name(w, n);
  if (u && n->form != JAC_S_NUMBER)
    u->rooted++;
  for (size_t k = 0; factors && !u && k < n->count; k++)
    if (n->child[k])
      see_rooted(w, n->child[k]);
}

/* Long: what is turned. (x_i - \mu)^T: of vectors. */
static void see_turned(struct walk *w, node *n) {
  bool turned = n->form == JAC_S_SCRIPT && n->child[0]->form == JAC_S_GROUP &&
                n->child[2] && !n->child[1] &&
                (jac_is_name(n->child[2], "T") || jac_is_name(n->child[2], "top"));
  node *terms = turned ? jac_inside(n->child[0]) : n;
  for (size_t k = 0; turned && terms->form == JAC_S_TERMS && k < terms->count; k++) {
    node *t = terms->child[k], *base = t->form == JAC_S_SCRIPT ? t->child[0] : t;
    struct jac_usage *u = usage_of_name(w, base);
    if (u && base != t && t->child[1] && jac_index_letter(t->child[1]))
      u->members++;
    else if (u)
      u->turned++;
  }
}

/* What stands above x^T. */
static bool is_transpose(node *above) {
  return above && (jac_is_name(above, "T") || jac_is_name(above, "top"));
}

void jac_see_paired(struct walk *w, node *f, node *next) {
  node *above = f->form == JAC_S_SCRIPT ? f->child[2] : NULL;
  if (!is_transpose(above) || f->number > 0 || next->form != JAC_S_NAME ||
      isupper((unsigned char)next->text[0]))
    return;
  struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, next->text));
  if (u)
    u->acted++;
}

/* softmax(\rho): of a vector, for of a number it is 1. */
static void see_spread(struct walk *w, node *n) {
  node *of = jac_inside(n->child[1]);
  bool spread = n->row->id == JAC_C_SOFTMAX || n->row->id == JAC_C_LOGSOFTMAX;
  struct jac_usage *u = spread && of->form == JAC_S_NAME
                            ? jac_usage_of(w->e, jac_pool_text(w->e->pool, of->text))
                            : NULL;
  if (u)
    u->acted++;
}

/* w^T x, of small letters: a number. */
static bool inner_product(node *n) {
  node *a = n->form == JAC_S_SIDE && n->count == 2 ? n->child[0] : NULL;
  node *above = a && a->form == JAC_S_SCRIPT ? a->child[2] : NULL;
  if (!is_transpose(above) || a->child[0]->form != JAC_S_NAME ||
      !jac_name_like(n->child[1]))
    return false;
  node *b = n->child[1]->form == JAC_S_SCRIPT ? n->child[1]->child[0] : n->child[1];
  return !isupper((unsigned char)a->child[0]->text[0]) &&
         !isupper((unsigned char)b->text[0]);
}

/* w^T x + b: what is added to a number is one. */
static void see_offset(struct walk *w, node *sum) {
  bool number = false;
  for (size_t k = 0; k < sum->count; k++)
    number = number || inner_product(sum->child[k]);
  for (size_t k = 0; number && k < sum->count; k++) {
    node *n = sum->child[k];
    struct jac_usage *u = n->form == JAC_S_NAME
                              ? jac_usage_of(w->e, jac_pool_text(w->e->pool, n->text))
                              : NULL;
    if (u)
      u->plain++;
  }
}

void jac_see_around(struct walk *w, node *n) {
  see_waves(w, n);
  see_turned(w, n);
  if (n->form == JAC_S_ROOT && n->count == 1)
    see_rooted(w, n->child[0]);
  if (n->form == JAC_S_CHAIN)
    see_limits(w, n);
  else if (n->form == JAC_S_TERMS)
    see_offset(w, n);
  else if (n->form == JAC_S_GROUP)
    see_normed(w, n);
  else if (n->form == JAC_S_APPLY) {
    see_squared(w, n);
    see_spread(w, n);
  }
}

/* Names that stand for numbers. */
static void see_numbers(struct walk *w, node *n) {
  struct jac_usage *u = n->form == JAC_S_NAME && !n->row
                            ? jac_usage_of(w->e, jac_pool_text(w->e->pool, n->text))
                            : NULL;
  if (u)
    u->plain++;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !(n->form == JAC_S_SCRIPT && k == 1))
      see_numbers(w, n->child[k]);
}

/* An integral runs over a number, between numbers; what it is of is of numbers too, where
 * nothing speaks of arrays. */
void jac_see_integral(struct walk *w, node *n) {
  for (size_t k = 0; k < (jac_of_numbers(n->child[3]) ? 4u : 3u); k++)
    see_numbers(w, n->child[k]);
}
