/* Rules of differentiation of matrices: d/dt A^{-1} = -A^{-1} dA/dt A^{-1}. Each function
 * is A_0 + t A_1 + t^2 A_2 of any matrices: its value and its first two derivatives at a
 * point are any. */
#include "jacobian/notes/rule_internal.h"
#include "jacobian/notes/section_internal.h"

#include <ctype.h>
#include <string.h>

/* A, X, \Sigma. */
static bool capital(node *f) {
  if (!is_plain(f) || !isupper((unsigned char)f->text[0]) || f->word)
    return false;
  for (const char *c = f->text + 1; *c; c++)
    if (!islower((unsigned char)*c))
      return false;
  return true;
}

/* What a fact says of f that is none of a matrix. */
static bool says_none(const struct jac_fact *fact) {
  return (fact->kind == JAC_FACT_SHAPE && !fact->cols) ||
         (fact->kind == JAC_FACT_PROPERTY &&
          (fact->properties &
           (JAC_IS_NUMBER | JAC_IS_VECTOR | JAC_IS_COLUMN | JAC_IS_ROW)) != 0);
}

/* R^T R = I: an equation, which f alone need not satisfy. */
static bool constrains(const struct jac_fact *fact, node *f) {
  return fact->left && fact->right && fact->kind != JAC_FACT_SHAPE &&
         !jac_name_like(fact->left) && jac_notation_has(fact->left, f) &&
         !jac_rule_derives(fact->left) && !jac_rule_derives(fact->right);
}

/* Whether the section says more of f than that it is a matrix; *number: that it is none.
 */
static bool said_more(struct jac_section *s, node *f, bool *number) {
  bool more = false;
  for (size_t k = 0; k < s->facts; k++) {
    const struct jac_fact *fact = &s->fact[k];
    struct jac_definition d;
    bool mine = fact->left && jac_notation_equal(fact->left, f);
    *number = *number || (mine && says_none(fact));
    more = more || constrains(fact, f) ||
           (mine && (fact->properties & JAC_OF_MATRICES) != 0);
    if (fact->kind == JAC_FACT_DEFINITION && fact->right)
      more = more || (jac_definition_read(s->pool, fact->left, &d) &&
                      jac_notation_equal(d.name, f));
  }
  return more;
}

static bool turned(node *n, bool maybe) {
  node *above = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (!above || !(is_plain(n->child[0]) || in_brackets(n->child[0])))
    return false;
  return (maybe && above->form == JAC_S_TERMS && above->count == 1) ||
         jac_is_name(above, "T") || jac_is_name(above, "top");
}

/* What a matrix has: X^T, tr X, \det X, which a number has not; X^{-1} (maybe). */
static bool of_matrix(node *n, bool maybe) {
  if (turned(n, maybe) || (n->form == JAC_S_APPLY && n->row &&
                           (n->row->id == JAC_C_TRACE || n->row->id == JAC_C_DET ||
                            n->row->id == JAC_C_INVERSE)))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && of_matrix(n->child[k], maybe))
      return true;
  return false;
}

/* A prime may be a transpose, a dot is a derivative by a time that is not named. */
static bool unclear(node *n) {
  if ((n->form == JAC_S_SCRIPT && n->number > 0) ||
      (n->form == JAC_S_NAME && strncmp(n->text, "dot_", 4) == 0))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && unclear(n->child[k]))
      return true;
  return false;
}

/* Whether all names are matrices but the variable; *said: a sentence says so of one;
 * *any: no more is said of any. */
static bool all_matrices(struct jac_section *s, const struct letters *l, bool *said,
                         bool *any) {
  bool number = false;
  *said = false;
  *any = true;
  for (size_t k = 0; k < l->functions; k++) {
    bool defined, matrix = jac_rule_matrix(s, l->function[k], &defined);
    if (defined || !(matrix || capital(l->function[k])))
      return false;
    *said = *said || matrix;
    *any = !said_more(s, l->function[k], &number) && *any;
  }
  for (size_t k = 0; k < l->others; k++)
    *any = !(capital(l->other[k]) && said_more(s, l->other[k], &number)) && *any;
  if (number)
    return false;
  for (size_t k = 0; k < l->others; k++)
    if (!capital(l->other[k]) && !jac_notation_equal(l->other[k], l->variable) &&
        !jac_is_name(l->other[k], "e"))
      return false;
  return l->functions > 0;
}

static node *read(struct jac_section *s, const char *text) {
  node *n = NULL;
  struct jac_error ignored;
  return jac_notation_read(s->pool, text, false, &n, NULL, &ignored) == JAC_OK ? n : NULL;
}

static bool square(struct jac_section *s, struct jac_rule *rule, node *name) {
  node *size = read(s, "n");
  rule->fact[rule->facts++] =
      (struct jac_fact){.kind = JAC_FACT_SHAPE, .left = name, .rows = size, .cols = size};
  return name && size;
}

#define GENERIC(letter) JAC_RULE_GENERIC letter "%zu"

/* f(t) = f_0 + t f_1 + t^2 f_2. */
static bool define(struct jac_section *s, const struct letters *l, size_t k,
                   struct jac_rule *rule) {
  const char *t = jac_notation_key(s->pool, l->variable);
  bool failed = false, good = true;
  node *left = jac_rule_at(s->pool, l, l->variable, l->function[k], &failed);
  for (int n = 0; n < 3; n++)
    good = good && square(s, rule,
                          read(s, jac_pool_printf(s->pool, JAC_RULE_GENERIC "%c%zu",
                                                  (char)('a' + n), k)));
  node *right =
      read(s, jac_pool_printf(s->pool,
                              GENERIC("a") " + %s*" GENERIC("b") " + %s^2*" GENERIC("c"),
                              k, t, k, t, k));
  rule->fact[rule->facts++] =
      (struct jac_fact){.kind = JAC_FACT_DEFINITION, .left = left, .right = right};
  return good && right && !failed;
}

/* \theta_j of \partial / \partial \theta_j, or NULL. */
static node *indexed_variable(node *n) {
  if (is_derivative(n)) {
    node *x = jac_inside(n->child[1])->child[1];
    if (x->form == JAC_S_SCRIPT && x->child[1] && !x->child[2] && x->number == 0)
      return x;
  }
  node *found = NULL;
  for (size_t k = 0; k < n->count && !found; k++)
    found = n->child[k] ? indexed_variable(n->child[k]) : NULL;
  return found;
}

/* n with a name for x; NULL: memory ran out, or n is too wide. */
static node *renamed(struct jac_section *s, node *n, node *x, node *name) {
  node *child[JAC_RULE_NAMES * 4];
  if (jac_notation_equal(n, x))
    return name;
  if (!n->count || n->count > sizeof child / sizeof *child)
    return n->count ? NULL : n;
  for (size_t k = 0; k < n->count; k++) {
    child[k] = n->child[k] ? renamed(s, n->child[k], x, name) : NULL;
    if (n->child[k] && !child[k])
      return NULL;
  }
  return jac_notation_node(s->pool, n, n->count, child);
}

/* A claim with a plain name for its variable, \theta_j. */
static struct jac_link with_plain_variable(struct jac_section *s,
                                           const struct jac_link *link) {
  struct jac_link out = *link;
  node *x = link->left ? indexed_variable(link->left) : NULL;
  if (x && link->right) {
    struct jac_syntax like = *x;
    like.form = JAC_S_NAME;
    like.text = jac_pool_text(s->pool, "argument");
    node *name = jac_notation_node(s->pool, &like, 0, NULL);
    out.left = name ? renamed(s, link->left, x, name) : NULL;
    out.right = name ? renamed(s, link->right, x, name) : NULL;
  }
  return out;
}

/* The names of a claim: false, where they are no matrices that hang on a number. */
static bool letters_of(struct jac_section *s, const struct jac_link *link,
                       struct letters *l, bool *said, bool *any) {
  if (!link->left || !link->right || !jac_rule_differentiated(link->left) ||
      unclear(link->left) || unclear(link->right))
    return false;
  jac_rule_functions(l, link->left);
  jac_rule_functions(l, link->right);
  jac_rule_others(l, link->left);
  jac_rule_others(l, link->right);
  return !l->failed && l->variable && !capital(l->variable) && !l->variable->bold &&
         all_matrices(s, l, said, any);
}

/* The facts of all names. */
static bool facts_of(struct jac_section *s, const struct letters *l,
                     struct jac_rule *rule) {
  bool good = true;
  for (size_t k = 0; k < l->functions; k++)
    good = good && define(s, l, k, rule);
  for (size_t k = 0; k < l->others && good; k++)
    if (!among(l->function, l->functions, l->other[k]) && capital(l->other[k]) &&
        !jac_is_name(l->other[k], "I"))
      good = rule->facts < (size_t)4 * JAC_RULE_NAMES && square(s, rule, l->other[k]);
  rule->fact[rule->facts++] =
      (struct jac_fact){.kind = JAC_FACT_SHAPE, .left = l->variable};
  return good;
}

bool jac_rule_of_matrices(struct jac_section *s, const struct jac_link *written,
                          struct jac_rule *rule) {
  const struct jac_link plain = with_plain_variable(s, written), *link = &plain;
  struct letters l = {.matrices = true};
  bool said = false, failed = false, any = true;
  *rule = (struct jac_rule){.facts = 0};
  if (!letters_of(s, link, &l, &said, &any))
    return false;
  rule->sure = said || of_matrix(link->left, false) || of_matrix(link->right, false);
  rule->any = any;
  rule->tells = any && jac_rule_derives(link->right);
  rule->functions = l.functions;
  if (!rule->sure && !of_matrix(link->left, true) && !of_matrix(link->right, true))
    return false;
  bool good = facts_of(s, &l, rule);
  rule->left = jac_rule_at(s->pool, &l, l.variable, link->left, &failed);
  rule->right = jac_rule_at(s->pool, &l, l.variable, link->right, &failed);
  return good && !failed && !s->failed;
}
