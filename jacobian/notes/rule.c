#include "jacobian/notes/rule_internal.h"
#include "jacobian/notes/section_internal.h"

#include <string.h>

static void add(struct letters *l, bool function, node *n) {
  node **list = function ? l->function : l->other;
  size_t *count = function ? &l->functions : &l->others;
  if (among(list, *count, n))
    return;
  if (*count == JAC_RULE_NAMES)
    l->failed = true;
  else
    list[(*count)++] = n;
}

static void by(struct letters *l, node *x) {
  l->failed = l->failed || (l->variable && !jac_notation_equal(l->variable, x));
  l->variable = x;
}

/* What is called: f of f(x), which x is. */
static void calls_of(struct letters *l, node *f, node *bracket) {
  bool whole = f->form == JAC_S_SCRIPT && f->number > 0 && in_brackets(f->child[0]);
  if (!bracket || !(is_plain(f) || primed(f) || whole))
    return;
  node *x = lone(bracket);
  if (is_plain(f) && (x || !l->lone))
    add(l, true, f);
  if (x && whole)
    by(l, x);
  else if (x && !among(l->function, l->functions, x))
    add(l, false, x);
}

/* u of du/dx, and x. */
static void differentiated_by(struct letters *l, node *n) {
  node *above = jac_inside(n->child[0]);
  by(l, by_of(n->child[1]));
  if (above->form == JAC_S_SIDE && above->count >= 2 && is_plain(above->child[1]) &&
      (above->count == 2 || lone(above->child[2])))
    add(l, true, above->child[1]);
}

void jac_rule_functions(struct letters *l, node *n) {
  if (primed(n))
    add(l, true, n->child[0]);
  if (is_derivative(n))
    differentiated_by(l, n);
  for (size_t k = 0; is_circle(n) && k < 2; k++)
    if (is_plain(n->child[k]))
      add(l, true, n->child[k]);
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++)
    calls_of(l, n->child[k], bracket_of(n->child[k + 1]));
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k])
      jac_rule_functions(l, n->child[k]);
}

void jac_rule_others(struct letters *l, node *n) {
  if (is_plain(n) && !among(l->function, l->functions, n))
    add(l, false, n);
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !(n->form == JAC_S_APPLY && k == 0))
      jac_rule_others(l, n->child[k]);
}

bool jac_rule_differentiated(node *n) {
  n = jac_inside(n);
  node *first = n->form == JAC_S_SIDE ? n->child[0] : n;
  if (first->form == JAC_S_SCRIPT && first->number == 1 && in_brackets(first->child[0]))
    return n == first || (n->count == 2 && lone(n->child[1]));
  if (!is_derivative(first))
    return false;
  node *above = jac_inside(first->child[0]);
  if (n == first)
    return above->form == JAC_S_SIDE && above->count == 2 && !is_plain(above->child[1]);
  return above->form != JAC_S_SIDE;
}

/* Whether a function stands in n that is not differentiated there: no transposes. */
static bool undifferentiated(const struct letters *l, node *n) {
  if (primed(n) || is_derivative(n))
    return false;
  if (is_plain(n))
    return among(l->function, l->functions, n);
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && undifferentiated(l, n->child[k]))
      return true;
  return false;
}

/* Whether f' stands in n; called: f'(x). */
static bool primes(node *n, node *f, bool called) {
  if (!n)
    return false;
  if (!called && primed(n) && jac_notation_equal(n->child[0], f))
    return true;
  for (size_t k = 0; called && n->form == JAC_S_SIDE && k + 1 < n->count; k++)
    if (primes(n->child[k], f, false) && primed(n->child[k]) && lone(n->child[k + 1]))
      return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && primes(n->child[k], f, called))
      return true;
  return false;
}

bool jac_rule_derives(node *n) {
  if (primed(n) || is_derivative(n))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && jac_rule_derives(n->child[k]))
      return true;
  return false;
}

/* A factor beside a function that is none itself: u of (u v)' = u v'. */
static node *constant_factor(const struct letters *l, node *x, node *n) {
  bool beside = false;
  for (size_t k = 0; n->form == JAC_S_SIDE && k < n->count; k++)
    beside = beside || among(l->function, l->functions, n->child[k]);
  for (size_t k = 0; beside && k < n->count; k++)
    if (among(l->other, l->others, n->child[k]) && !jac_notation_equal(n->child[k], x))
      return n->child[k];
  node *found = NULL;
  for (size_t k = 0; k < n->count && !found; k++)
    found = n->child[k] ? constant_factor(l, x, n->child[k]) : NULL;
  return found;
}

/* Whether the section says anywhere that a name moves, or what it is; lone: whatever it
 * is called with may be a factor of it. */
static bool moves(const struct jac_section *s, node *name, bool lone_calls) {
  struct letters l = {.lone = lone_calls};
  for (size_t k = 0; k < s->facts; k++) {
    const struct jac_fact *f = &s->fact[k];
    if (f->right && f->right->form == JAC_S_NUMBER && f->right->number == 0)
      continue; /* c' = 0 */
    if (f->left)
      jac_rule_functions(&l, f->left);
    if (f->right)
      jac_rule_functions(&l, f->right);
    if (among(l.function, l.functions, name))
      return true;
    l = (struct letters){.lone = lone_calls};
  }
  return false;
}

static void facts_of(struct jac_rule *rule, const struct letters *l, node *x) {
  for (size_t k = 0; k < l->functions; k++)
    rule->fact[rule->facts++] = (struct jac_fact){
        .kind = JAC_FACT_PROPERTY, .left = l->function[k], .properties = JAC_IS_FUNCTION};
  bool named = false;
  for (size_t k = 0; k < l->others; k++) {
    named = named || jac_notation_equal(l->other[k], x);
    if (!jac_is_name(l->other[k], "e") && !jac_is_name(l->other[k], "pi"))
      rule->fact[rule->facts++] =
          (struct jac_fact){.kind = JAC_FACT_SHAPE, .left = l->other[k]};
  }
  if (!named)
    rule->fact[rule->facts++] = (struct jac_fact){.kind = JAC_FACT_SHAPE, .left = x};
}

/* The k-th name that may be the variable: the claim's own, or each that is no function,
 * or one that stands nowhere. */
static node *variable_of(struct jac_section *s, const struct letters *l, size_t k,
                         node *like) {
  if (l->variable)
    return k == 0 ? l->variable : NULL;
  if (k < l->others)
    return l->other[k];
  struct jac_syntax as = *like;
  as.form = JAC_S_NAME;
  as.row = NULL;
  as.number = 0;
  as.text = jac_pool_text(s->pool, "argument");
  return k == l->others && l->functions ? jac_notation_node(s->pool, &as, 0, NULL) : NULL;
}

/* Two signs at once say two things. */
static bool two_signs(node *n) {
  return jac_notation_has_name(n, "pm") || jac_notation_has_name(n, "mp");
}

/* What is of vectors and matrices: x^T, tr(X), a bold name. */
static bool beyond_numbers(node *n) {
  node *above = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (n->bold || n->form == JAC_S_MATRIX ||
      (above && (jac_is_name(above, "T") || jac_is_name(above, "top"))) ||
      (n->form == JAC_S_APPLY && (!n->row || n->row->role != JAC_ROLE_ENTRYWISE)) ||
      (n->form == JAC_S_GROUP && n->text[0] == '|'))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && beyond_numbers(n->child[k]))
      return true;
  return false;
}

/* (C)' = 0: C is constant. */
static bool says_constant(const struct jac_link *link) {
  node *left = link->left;
  return left->form == JAC_S_SCRIPT && jac_name_like(jac_inside(left->child[0])) &&
         jac_inside(link->right)->form == JAC_S_NUMBER;
}

static bool is_rule(const struct jac_link *link) {
  return link->left && link->right && jac_rule_differentiated(link->left) &&
         !says_constant(link) && !two_signs(link->left) && !two_signs(link->right) &&
         !beyond_numbers(link->left) && !beyond_numbers(link->right);
}

/* f^{-1} where f' stands too: no power. */
static bool inverse(node *n, node *claim_left, node *claim_right) {
  if (n->form == JAC_S_SCRIPT && is_plain(n->child[0]) && n->child[2] &&
      n->child[2]->form == JAC_S_TERMS && n->child[2]->count == 1)
    return primes(claim_left, n->child[0], false) ||
           primes(claim_right, n->child[0], false);
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && inverse(n->child[k], claim_left, claim_right))
      return true;
  return false;
}

bool jac_rule_inverse(const struct jac_link *link) {
  node *left = link->left, *right = link->right;
  return left && right && jac_rule_differentiated(left) && inverse(left, left, right) &&
         (inverse(right, left, right) || jac_inside(left)->form == JAC_S_SIDE);
}

/* What a prime may mean but a derivative: (A x)' = x' A, where A is symmetric. */
static bool clear(const struct jac_section *s, const struct letters *l,
                  const struct jac_link *link) {
  node *left = jac_inside(link->left);
  if (l->variable || !l->functions)
    return true;
  if (left->form != JAC_S_SCRIPT || jac_rule_derives(left->child[0]))
    return false;
  node *inner = left->child[0]->child[0];
  if (inner->form == JAC_S_FRACTION || is_circle(inner))
    return true;
  for (size_t k = 0; k < l->functions; k++) {
    struct letters one = {.functions = 1, .function = {l->function[k]}};
    if (primes(link->right, l->function[k], false) && undifferentiated(&one, link->right))
      return true;
    for (size_t j = 0; j < s->facts; j++)
      if (primes(s->fact[j].left, l->function[k], true) ||
          primes(s->fact[j].right, l->function[k], true))
        return true;
  }
  return false;
}

/* Whether x stands in what is differentiated. */
static bool of_operand(node *n, node *x) {
  if (is_derivative(n))
    return of_operand(jac_inside(n->child[0]), x);
  if (jac_notation_equal(n, x))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && of_operand(n->child[k], x))
      return true;
  return false;
}

/* n of x^n, a of a^x: a constant, whatever it is called. */
static bool of_power(node *n, node *name, node *x) {
  if (n->form == JAC_S_SCRIPT && n->child[2] &&
      (jac_notation_has(n->child[2], name) ||
       (jac_notation_has(n->child[0], name) && jac_notation_has(n->child[2], x))))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && of_power(n->child[k], name, x))
      return true;
  return false;
}

/* Whether a claim says nothing but a rule, whatever its names are. */
static bool tells(struct jac_section *s, const struct letters *l,
                  const struct jac_link *link, node *x) {
  if (!clear(s, l, link) || (l->functions && !jac_rule_derives(link->right)))
    return false;
  for (size_t j = 0; j < l->functions; j++)
    if (jac_section_names(s, l->function[j]))
      return false;
  bool moving = l->functions > 0;
  for (size_t j = 0; j < l->others; j++) {
    node *name = l->other[j];
    bool own = jac_notation_equal(name, x);
    if (jac_section_names(s, name) || (!own && !of_power(link->left, name, x)))
      return false;
    moving = moving || (own && of_operand(link->left, x));
  }
  return moving;
}

/* dy/dx or f'(x) in n: what a prime means is clear. */
static bool differentiates(node *n) {
  if (!n)
    return false;
  if (is_derivative(n))
    return true;
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++)
    if (primed(n->child[k]) && lone(n->child[k + 1]))
      return true;
  for (size_t k = 0; k < n->count; k++)
    if (differentiates(n->child[k]))
      return true;
  return false;
}

bool jac_rule_matrix(struct jac_section *s, node *f, bool *defined) {
  bool said = false;
  *defined = false;
  for (size_t k = 0; k < s->facts; k++) {
    const struct jac_fact *fact = &s->fact[k];
    struct jac_definition d;
    bool shape = fact->kind == JAC_FACT_SHAPE && fact->rows && fact->cols,
         told = fact->kind == JAC_FACT_PROPERTY &&
                (fact->properties & (JAC_IS_MATRIX | JAC_OF_MATRICES)) != 0;
    said = said || ((shape || told) && jac_notation_equal(fact->left, f));
    *defined = *defined || (fact->kind == JAC_FACT_DEFINITION && fact->right &&
                            fact->right->form == JAC_S_MATRIX &&
                            jac_definition_read(s->pool, fact->left, &d) &&
                            jac_notation_equal(d.name, f));
  }
  return said || *defined;
}

/* Whether a function of the claim is a matrix, of which no rule for numbers speaks. */
static bool of_matrices(struct jac_section *s, const struct letters *l,
                        struct jac_rule *rule) {
  bool any = false;
  for (size_t k = 0; k < l->functions; k++) {
    bool defined;
    if (!jac_rule_matrix(s, l->function[k], &defined))
      continue;
    any = true;
    if (!defined)
      rule->matrix = l->function[k];
  }
  return any;
}

/* (A X)' = A X': of a constant and a function, where primes are no transposes. */
static bool may_hold(const struct jac_section *s, const struct letters *l,
                     const struct jac_link *link, const struct jac_rule *rule) {
  if (!rule->constant || clear(s, l, link))
    return true;
  for (size_t k = 0; k < s->facts; k++)
    if (differentiates(s->fact[k].left) || differentiates(s->fact[k].right))
      return true;
  return false;
}

static void drop(struct letters *l, size_t k) {
  l->other[k] = l->other[--l->others];
}

/* The names of a claim. True: the right side has none that the left has not. */
static bool letters_of(struct letters *l, const struct jac_link *link) {
  struct letters right = {.functions = 0};
  bool told = true;
  jac_rule_functions(l, link->left);
  jac_rule_functions(&right, link->right);
  for (size_t k = 0; k < right.functions; k++) {
    told = told && jac_notation_has_name(link->left, right.function[k]->text);
    add(l, true, right.function[k]);
  }
  if (right.variable)
    by(l, right.variable);
  l->failed = l->failed || right.failed;
  jac_rule_others(l, link->left);
  size_t others = l->others;
  jac_rule_others(l, link->right);
  told = told && l->others == others;
  for (size_t k = l->others; k-- > 0;)
    if (among(l->function, l->functions, l->other[k]))
      drop(l, k);
  return told;
}

/* A factor that moves is a function. False: it may be one, or no function at all. */
static bool moving_factor(struct jac_section *s, struct letters *l,
                          struct jac_rule *rule) {
  node *factor = rule->constant;
  if (!factor || !moves(s, factor, false))
    return true;
  add(l, true, factor);
  for (size_t j = l->others; j-- > 0;)
    if (jac_notation_equal(l->other[j], factor))
      drop(l, j);
  rule->constant = NULL;
  return moves(s, factor, true);
}

bool jac_rule_read(struct jac_section *s, const struct jac_link *link, size_t k,
                   struct jac_rule *rule) {
  struct letters l = {.functions = 0};
  *rule = (struct jac_rule){.facts = 0};
  if (!is_rule(link))
    return false;
  bool told = letters_of(&l, link), failed = false;
  node *x = l.failed ? NULL : variable_of(s, &l, k, link->left);
  if (!x)
    return false;
  rule->constant = constant_factor(&l, x, link->left);
  bool sure = moving_factor(s, &l, rule);
  rule->left = jac_rule_at(s->pool, &l, x, link->left, &failed);
  rule->right = jac_rule_at(s->pool, &l, x, link->right, &failed);
  facts_of(rule, &l, x);
  rule->tells = told && sure && tells(s, &l, link, x);
  rule->functions = l.functions;
  if (failed || of_matrices(s, &l, rule) || !may_hold(s, &l, link, rule))
    rule->left = NULL;
  return !s->failed && (l.functions > 0 || l.others > 0);
}

/* The parameter of f in f(x) = ..., the last that defines it; NULL: it is none. */
static node *parameter(struct jac_section *s, const struct jac_link *link, node *f) {
  struct jac_definition d;
  node *found = NULL;
  for (size_t k = 0; k < s->facts && k < link->visible; k++)
    if (s->fact[k].kind == JAC_FACT_DEFINITION && s->fact[k].right &&
        jac_definition_read(s->pool, s->fact[k].left, &d) &&
        jac_notation_equal(d.name, f))
      found = d.params == 1 && is_plain(d.param[0]) ? d.param[0] : NULL;
  return found;
}

bool jac_rule_own(struct jac_section *s, const struct jac_link *link,
                  struct jac_rule *rule) {
  struct letters l = {.functions = 0};
  node *x = NULL;
  *rule = (struct jac_rule){.facts = 0};
  if (!is_rule(link))
    return false;
  jac_rule_functions(&l, link->left);
  jac_rule_functions(&l, link->right);
  jac_rule_others(&l, link->left);
  jac_rule_others(&l, link->right);
  for (size_t k = 0; k < l.others; k++)
    if (parameter(s, link, l.other[k]))
      add(&l, true, l.other[k]);
  for (size_t k = 0; k < l.functions; k++) {
    node *own = parameter(s, link, l.function[k]);
    if (!own || (x && !jac_notation_equal(x, own)))
      return false;
    x = own;
  }
  if (!x || l.failed || (l.variable && !jac_notation_equal(l.variable, x)))
    return false;
  bool failed = false;
  rule->left = jac_rule_at(s->pool, &l, x, link->left, &failed);
  rule->right = jac_rule_at(s->pool, &l, x, link->right, &failed);
  return !failed;
}
