/* Second thoughts about a refutation: what the text may mean that is not read. A row for
 * each. Long: the doubts, one beside the other. */
#include "jacobian/notes/judge_doubt.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <string.h>

/* A derivative of f. */
static bool slope_of(node *n, const void *f) {
  bool form =
      n->form == JAC_S_SIDE || n->form == JAC_S_SCRIPT || n->form == JAC_S_FRACTION;
  node *of =
      form && !jac_notation_has_name(n, "partial") && !jac_notation_has_name(n, "nabla")
          ? jac_doubt_differentiated(n)
          : NULL;
  return of && jac_notation_equal(of, f);
}

/* f'(x) = 1/x + f'(x - 1), y''' = -2 x y y' + x^2: asked of f. */
static bool functional(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r) {
  (void)r;
  (void)j;
  node *f = jac_doubt_differentiated(link->left);
  node *right = jac_inside(link->right);
  bool terms = right->form == JAC_S_TERMS;
  bool curly = jac_notation_has_name(link->left, "partial") ||
               jac_notation_has_name(link->left, "nabla");
  return f && terms && !curly && f->form == JAC_S_NAME &&
         jac_notation_any(right, slope_of, f);
}

/* Whether the left side is written as a derivative: \eta_x may be a name. */
static bool by_its_signs(const struct jac_link *link) {
  static const char *const signs[] = {"frac", "partial", "nabla", "'", "prime", "/"};
  char text[120];
  size_t n = link->left->end - link->left->start;
  if (!jac_mentions_derivative(link->left))
    return false;
  if (n >= sizeof text || link->left->end > link->item->length)
    return true;
  memcpy(text, link->item->text + link->left->start, n);
  text[n] = '\0';
  for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
    if (strstr(text, signs[k]))
      return true;
  return false;
}

/* \eta_x = D_x(-u) = -2 u_x: what the side between says is not understood, and the left
 * side is no derivative by its signs. */
static bool between(const struct judging *j, const struct jac_link *link,
                    const struct jac_judgement_of *r) {
  (void)r;
  /* The last finding is of the link itself. */
  const struct jac_finding *before =
      j->out->count > 1 ? &j->out->finding[j->out->count - 2] : NULL;
  const struct jac_link *one = link > j->section.link ? link - 1 : NULL;
  return before && one && one->item == link->item && one->left == link->left &&
         !by_its_signs(link) && before->verdict == JAC_FINDING_UNREAD &&
         before->link + 1 == link->link;
}

/* A name of n that stands in the claim, not in what is defined, and that nobody defines.
 */
static bool new_name(const struct judging *j, const struct jac_link *link, node *n,
                     node *defined) {
  if (jac_name_like(n) && !n->row)
    return !jac_notation_has(defined, n) && !jac_doubt_definition(j, n) &&
           (jac_notation_has(link->left, n) || jac_notation_has(link->right, n));
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && new_name(j, link, n->child[k], defined))
      return true;
  return false;
}

/* r = (a \cos t, a \sin t) = a e_r, and a claim with e_r: its equation says what it is.
 */
static bool equated(const struct judging *j, const struct jac_link *link,
                    const struct jac_judgement_of *r) {
  (void)r;
  for (const struct jac_link *one = j->section.link; one < link; one++) {
    const struct jac_fact *d =
        one->link > 1 && one->left && one->right && one->item != link->item
            ? jac_doubt_definition(j, one->left)
            : NULL;
    if (d && d->right && new_name(j, link, one->right, d->right))
      return true;
  }
  return false;
}

/* dX dY, two differentials beside each other: (dB)^2 = dt. */
static bool two_differentials(node *n) {
  size_t count = 0;
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++)
    count += jac_d_before(n->child[k], n->child[k + 1]);
  if (count > 1)
    return true;
  for (size_t k = 0; n->form == JAC_S_TERMS && k < n->count; k++)
    if (two_differentials(n->child[k]))
      return true;
  return false;
}

static bool stochastic(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r) {
  (void)r;
  (void)j;
  return two_differentials(link->right);
}

static bool barred(node *n) {
  n = n ? jac_inside(n) : NULL;
  return n && n->form == JAC_S_GROUP && n->text[0] == '|';
}

/* |u| = r, |f(t) i + g(t) j| = r: r may be negative as it is drawn, i and j any. */
static bool bars(const struct judging *j, const struct jac_link *link,
                 const struct jac_judgement_of *r) {
  const struct jac_fact *d = jac_doubt_definition(j, link->left);
  return !r->correction[0] && (barred(link->left) || (d && barred(d->right))) &&
         !barred(link->right);
}

/* dh / d(x^2): the variable is no name. */
static bool by_expression(node *n, const void *other) {
  (void)other;
  node *below = n->form == JAC_S_FRACTION ? jac_inside(n->child[1]) : NULL;
  return below && below->form == JAC_S_SIDE && below->count == 2 &&
         jac_is_differential(below->child[0]) && below->child[1]->form == JAC_S_GROUP &&
         (!jac_name_like(jac_inside(below->child[1])) ||
          (jac_inside(below->child[1])->form == JAC_S_SCRIPT &&
           jac_inside(below->child[1])->child[2])) &&
         jac_inside(below->child[1])->form != JAC_S_LIST;
}

static bool expression_below(const struct judging *j, const struct jac_link *link,
                             const struct jac_judgement_of *r) {
  (void)r;
  (void)j;
  return jac_notation_any(link->right, by_expression, NULL) ||
         jac_notation_any(link->left, by_expression, NULL);
}

/* y of C = (\hat y - y)^2 beside y = m x + b: the one that is fitted is \hat y. */
static bool fitted(const struct judging *j, const struct jac_link *link,
                   const struct jac_judgement_of *r) {
  (void)r;
  node *f = jac_doubt_differentiated(link->left);
  const struct jac_fact *d = f ? jac_doubt_definition(j, f) : NULL;
  for (size_t k = 0; d && d->right && k < j->section.facts; k++) {
    const struct jac_fact *fact = &j->section.fact[k];
    node *y = fact->kind == JAC_FACT_DEFINITION ? fact->left : NULL;
    if (!y || y->form != JAC_S_NAME || !jac_notation_has(d->right, y))
      continue;
    const char *hat = jac_pool_printf(j->section.pool, "hat_%s", y->text);
    if (jac_notation_has_name(d->right, hat) &&
        !jac_section_defined(&j->section, hat, &(bool){false}))
      return true;
  }
  return false;
}

/* 2 \cdot \pi \cdot 3 \cdot dr/dt: numbers side by side that nobody has multiplied out.
 */
static size_t numbers_in(node *n) {
  size_t count = n->form == JAC_S_NUMBER;
  bool product =
      n->form == JAC_S_SIDE || (n->form == JAC_S_INFIX && n->row->role != JAC_ROLE_POWER);
  for (size_t k = 0; product && k < n->count; k++)
    count += n->child[k] ? numbers_in(n->child[k]) : 0;
  return count;
}

/* 2 + 1200 - 400, (3 - 5): numbers that nobody has added up. */
static bool arithmetic(node *n, const void *other) {
  (void)other;
  size_t numbers = 0, minus = 0;
  for (size_t k = 0; n->form == JAC_S_TERMS && k < n->count; k++) {
    numbers += n->child[k]->form == JAC_S_NUMBER;
    minus += n->child[k]->form == JAC_S_NUMBER && n->text[k] == '-';
  }
  return numbers > 2 || (numbers > 1 && minus > 0);
}

/* -\sin(0): functions of numbers, and no name. */
static bool of_numbers(node *n, bool *applied) {
  if (n->form == JAC_S_NAME && !n->row && !jac_is_name(n, "pi") && !jac_is_name(n, "e"))
    return false;
  *applied = *applied || n->form == JAC_S_APPLY;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !of_numbers(n->child[k], applied))
      return false;
  return true;
}

static bool put_in(const struct judging *j, const struct jac_link *link,
                   const struct jac_judgement_of *r) {
  bool applied = false;
  if (of_numbers(link->right, &applied) &&
      (applied || jac_doubt_point_said(j, link->item)))
    return true;
  return !r->correction[0] && (numbers_in(jac_inside(link->right)) > 1 ||
                               jac_notation_any(link->right, arithmetic, NULL));
}

/* It comes out as zero, and has a derivative of what nothing says. */
static bool nothing_moves(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r) {
  (void)j;
  return strcmp(r->diagnosis, _("it is zero, and the left side is not")) == 0 &&
         jac_mentions_derivative(link->right);
}

/* d^2 f / dx dy of -d^2 f / dx dy; or NULL. */
static node *mixed_of(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_TERMS && n->count == 1)
    n = jac_inside(n->child[0]);
  node *below = n->form == JAC_S_FRACTION ? jac_inside(n->child[1]) : NULL;
  return below && below->form == JAC_S_SIDE && below->count == 4 &&
                 jac_is_differential(below->child[0]) &&
                 jac_is_differential(below->child[2])
             ? n
             : NULL;
}

/* \partial^2 S/\partial q \partial t = \partial^2 S/\partial t \partial q. */
static bool mixed(const struct judging *j, const struct jac_link *link,
                  const struct jac_judgement_of *r) {
  const struct jac_link *one = link > j->section.link ? link - 1 : NULL;
  bool chained = one && one->item == link->item && one->left == link->left && one->right;
  const struct jac_fact *d = jac_doubt_definition(j, link->left);
  node *before = chained ? one->right : d && d->right ? d->right : link->left;
  node *a = mixed_of(before), *b = mixed_of(link->right);
  (void)r;
  if (!a || !b || !jac_notation_equal(a->child[0], b->child[0]))
    return false;
  node *x = jac_inside(a->child[1]), *y = jac_inside(b->child[1]);
  return jac_notation_equal(x->child[1], y->child[3]) &&
         jac_notation_equal(x->child[3], y->child[1]);
}

/* A sum from t on, \sum_{k=t}^T. */
static bool sum_from_letter(node *n, const void *other) {
  (void)other;
  node *under = n->form == JAC_S_BIG ? n->child[0] : NULL;
  return under && under->form == JAC_S_CHAIN && under->count == 3 &&
         under->child[1]->row->id == JAC_C_EQUAL && under->child[2]->form == JAC_S_NAME;
}

/* dG_t/dr_j of G_t = \sum_{k=t}^T: meant of a j that it runs over. */
static bool within_range(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r) {
  node *f = jac_doubt_differentiated(link->left);
  if (f && f->form == JAC_S_SCRIPT && f->child[1] && !f->child[2] && f->number == 0) {
    bool derivative;
    const struct jac_fact *d = jac_section_defined(
        &j->section, jac_notation_key(j->section.pool, f), &derivative);
    return !r->correction[0] && d && d->right &&
           jac_notation_any(d->right, sum_from_letter, NULL);
  }
  return false;
}

/* \sum_{k=0}^\infty: no sum of so many is worked out. */
static bool endless(node *n, const void *other) {
  (void)other;
  node *above = n->form == JAC_S_BIG ? n->child[1] : NULL;
  return above && jac_notation_has_name(above, "infty");
}

static bool infinite(const struct judging *j, const struct jac_link *link,
                     const struct jac_judgement_of *r) {
  node *f = jac_doubt_differentiated(link->left);
  const struct jac_fact *d = jac_doubt_definition(j, f ? f : link->left);
  (void)r;
  return jac_notation_any(link->left, endless, NULL) ||
         jac_notation_any(link->right, endless, NULL) ||
         (d && d->right && jac_notation_any(d->right, endless, NULL));
}

/* i, j, \mathrm i as a factor. */
static bool imaginary_factor(node *n) {
  if (n->form == JAC_S_NAME)
    return jac_is_name(n, "i") || jac_is_name(n, "j");
  bool through = n->form == JAC_S_SIDE || n->form == JAC_S_TERMS ||
                 n->form == JAC_S_FRACTION || n->form == JAC_S_GROUP ||
                 (n->form == JAC_S_INFIX && n->row->role != JAC_ROLE_POWER);
  for (size_t k = 0; through && k < n->count; k++)
    if (n->child[k] && imaginary_factor(n->child[k]))
      return true;
  return false;
}

/* \pi i, 2 i \pi. */
static bool pi_times_i(node *n) {
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++) {
    node *a = n->child[k], *b = n->child[k + 1];
    if ((jac_is_name(a, "pi") && jac_is_name(b, "i")) ||
        (jac_is_name(a, "i") && jac_is_name(b, "pi")))
      return true;
  }
  return false;
}

/* e^{i \omega t}, \exp(-i k x), \pi i. */
static bool phase(node *n, const void *other) {
  (void)other;
  if (pi_times_i(n))
    return true;
  node *above = n->form == JAC_S_SCRIPT && jac_is_name(n->child[0], "e") ? n->child[2]
                : n->form == JAC_S_APPLY && n->row && n->row->id == JAC_C_EXP
                    ? n->child[1]
                    : NULL;
  return above && imaginary_factor(above);
}

static bool imaginary(const struct judging *j, const struct jac_link *link,
                      const struct jac_judgement_of *r) {
  node *f = jac_doubt_differentiated(link->left);
  const struct jac_fact *d = f ? jac_doubt_definition(j, f) : NULL;
  (void)r;
  return jac_notation_any(link->left, phase, NULL) ||
         jac_notation_any(link->right, phase, NULL) ||
         (d && d->right && jac_notation_any(d->right, phase, NULL));
}

/* a b, b a: the same factors, below the same sign. */
static bool same_factors(node *a, node *b) {
  if (a->form != b->form || a->count != b->count)
    return false;
  if (a->form == JAC_S_BIG)
    return jac_notation_equal(a->child[0], b->child[0]) && a->child[2] && b->child[2] &&
           same_factors(a->child[2], b->child[2]);
  for (size_t k = 0; a->form == JAC_S_SIDE && k < a->count; k++) {
    bool there = false;
    for (size_t i = 0; i < b->count; i++)
      there = there || jac_notation_equal(a->child[k], b->child[i]);
    if (!there)
      return false;
  }
  return a->form == JAC_S_SIDE || jac_notation_equal(a, b);
}

/* What would be right is the left side again: of what nothing is said, that is none. */
static bool trivial(const struct judging *j, const struct jac_link *link,
                    const struct jac_judgement_of *r) {
  node *right = NULL;
  size_t position;
  struct jac_error quiet;
  bool read = r->correction[0] && jac_notation_read(j->section.pool, r->correction, true,
                                                    &right, &position, &quiet) == JAC_OK;
  return read && same_factors(jac_inside(right), jac_inside(link->left));
}

/* e_1 of (x, y, z), which nothing defines: x/r e_1 + y/r e_2. */
static bool axis(const struct judging *j, node *n, node *left) {
  node *base =
      n->form == JAC_S_SCRIPT && n->child[1] && !n->child[2] ? n->child[0] : NULL;
  if (base && base->form == JAC_S_NAME)
    return !jac_notation_has(left, n) && !jac_doubt_definition(j, n) &&
           !jac_doubt_definition(j, base) && base->text[strlen(base->text) - 1] == 'e' &&
           (base->text[1] == '\0' || strchr(base->text, '_'));
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && axis(j, n->child[k], left))
      return true;
  return false;
}

static bool along_axes(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r) {
  (void)r;
  return jac_mentions_derivative(link->left) && axis(j, link->right, link->left);
}

/* x_1 or \dot x, and not e^x. */
static bool name_alone(node *n) {
  return jac_name_like(n) && !n->row && !(n->form == JAC_S_SCRIPT && n->child[2]);
}

/* y = (x_1, x_2, \dot x_1, \dot x_2)^T: its entries by their names. */
static bool listed(const struct judging *j, const struct jac_link *link,
                   const struct jac_judgement_of *r) {
  node *right = jac_inside(link->right);
  bool names = right->form == JAC_S_MATRIX && right->count > 1;
  (void)j;
  (void)r;
  for (size_t k = 0; names && k < right->count; k++)
    for (size_t i = 0; names && i < right->child[k]->count; i++)
      names = name_alone(jac_inside(right->child[k]->child[i]));
  return names && !jac_mentions_derivative(link->left);
}

/* MU_x = dU/dx, MC(q) = C'(q), ED'(p): marginal utility, cost. DF is a Jacobian. */
static bool joined(const struct judging *j, const struct jac_link *link,
                   const struct jac_judgement_of *r) {
  node *left = jac_inside(link->left);
  node *first = left->form == JAC_S_SIDE ? left->child[0] : left;
  const char *text = link->item->text + left->start;
  (void)r;
  return left->form == JAC_S_SIDE && left->start + 1 < link->item->length &&
         first->form == JAC_S_NAME && !first->row && !jac_doubt_definition(j, first) &&
         isupper((unsigned char)text[0]) && isupper((unsigned char)text[1]) &&
         !strchr("DHJ", text[0]) && !jac_notation_has(link->right, first);
}

/* x of \partial/\partial x before a bracket that has it; NULL: it is none. */
static node *partial_by(node *f, node *of) {
  node *below = f->form == JAC_S_FRACTION && jac_notation_has_name(f, "partial")
                    ? jac_inside(f->child[1])
                    : NULL;
  bool one = below && below->form == JAC_S_SIDE && below->count == 2;
  return one && of->form == JAC_S_GROUP && jac_notation_has(of, below->child[1])
             ? below->child[1]
             : NULL;
}

/* Whether a name in n is defined by x. */
static bool moved_by(const struct judging *j, node *n, node *x) {
  for (size_t k = 0; k < j->section.facts; k++) {
    const struct jac_fact *fact = &j->section.fact[k];
    if (fact->kind == JAC_FACT_DEFINITION && fact->right && jac_name_like(fact->left) &&
        jac_notation_has(n, fact->left) && jac_notation_has(fact->right, x))
      return true;
  }
  return false;
}

/* \partial/\partial x (x^2 + y^4), y = \sin x somewhere: y rests. */
static bool rests_below(const struct judging *j, node *n) {
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++) {
    node *x = partial_by(n->child[k], n->child[k + 1]);
    if (x && moved_by(j, n->child[k + 1], x))
      return true;
  }
  return false;
}

static bool held(const struct judging *j, const struct jac_link *link,
                 const struct jac_judgement_of *r) {
  const struct jac_link *one = link > j->section.link ? link - 1 : NULL;
  (void)r;
  return rests_below(j, link->left) ||
         (one && one->item == link->item && one->right && rests_below(j, one->right));
}

/* \arccos, of which other branches are. */
static bool inverse(node *n, const void *other) {
  static const enum jac_construct_id ids[] = {JAC_C_ASIN, JAC_C_ACOS, JAC_C_ATAN};
  (void)other;
  for (size_t k = 0; n->form == JAC_S_APPLY && n->row && k < 3; k++)
    if (n->row->id == ids[k])
      return true;
  return false;
}

/* d/dy of y = \cos x: on another branch the sign is the other. */
static bool branch(const struct judging *j, const struct jac_link *link,
                   const struct jac_judgement_of *r) {
  node *left = jac_inside(link->left);
  node *sign = left->form == JAC_S_SIDE ? left->child[0] : left;
  node *below = sign->form == JAC_S_FRACTION ? jac_inside(sign->child[1]) : NULL;
  node *y =
      below && below->form == JAC_S_SIDE && below->count == 2 ? below->child[1] : NULL;
  const struct jac_fact *d = y ? jac_doubt_definition(j, y) : NULL;
  bool opposite = strcmp(r->diagnosis, _("it has the opposite sign")) == 0;
  return (opposite || jac_notation_any(left, inverse, NULL)) && d && d->right &&
         d->right->form == JAC_S_APPLY && !jac_notation_has(link->right, y);
}

/* Whether all names of n are new: nowhere defined, nor in another, nor its entries; *any:
 * there is one. */
static bool all_new(const struct judging *j, node *n, node *other, bool *any) {
  node *base = n->form == JAC_S_SCRIPT ? n->child[0] : n;
  bool constant = jac_is_name(base, "e") || jac_is_name(base, "pi");
  if (jac_name_like(n) && !n->row && !constant) {
    bool entry = base != n && n->child[1] && n->child[1]->form == JAC_S_NUMBER;
    *any = true;
    return !jac_notation_has(other, n) && !jac_doubt_definition(j, n) &&
           !(entry && (jac_notation_has(other, base) || jac_doubt_definition(j, base)));
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !all_new(j, n->child[k], other, any))
      return false;
  return true;
}

/* c_g = d\omega/dk = g/(2 \omega) = c_p/2: it says what c_p is. */
static bool names_it(const struct judging *j, const struct jac_link *link,
                     const struct jac_judgement_of *r) {
  const struct jac_fact *d = jac_doubt_definition(j, link->left);
  bool any = false;
  (void)r;
  return link->link > 1 && all_new(j, link->right, link->left, &any) && any &&
         !(d && d->right && !all_new(j, link->right, d->right, &any));
}

static const struct {
  bool (*may_be)(const struct judging *j, const struct jac_link *link,
                 const struct jac_judgement_of *r);
  const char *words;
} doubts[] = {
    {functional, N_("an equation that its function satisfies, perhaps")},
    {jac_doubt_several, N_("its function is said to be several things here")},
    {between, N_("what stands before it in the chain is not understood")},
    {equated, N_("what an equation says of a name in it is not made use of")},
    {stochastic, N_("a product of differentials is not read")},
    {branch, N_("on another branch its sign is the other")},
    {names_it, N_("what an equation says of a name in it is not made use of")},
    {imaginary, N_("i or j may be the imaginary unit, which is not read")},
    {jac_doubt_struck_out, N_("something in it is struck out")},
    {infinite, N_("an infinite sum is not read")},
    {listed, N_("its entries are named, which is no claim")},
    {jac_doubt_exists, N_("it may be of one value that there is, not of any")},
    {joined, N_("capitals side by side may be one name")},
    {held, N_("what a partial derivative holds is not said")},
    {jac_doubt_other_item, N_("its function may be that of another item of the list")},
    {jac_doubt_read_off, N_("values are read off a plot or a table")},
    {jac_doubt_modular, N_("numbers are counted modulo one, which is not read")},
    {jac_doubt_asked, N_("an equation that its function satisfies, perhaps")},
    {jac_doubt_behind, N_("its function is said to be several things here")},
    {trivial, N_("it says that both are the same, which nothing here explains")},
    {along_axes, N_("unit vectors that nothing explains stand in it")},
    {jac_doubt_set_to_zero, N_("an equation to solve")},
    {jac_doubt_of_itself, N_("what it is made of bears its own name")},
    {jac_doubt_at_once, N_("the derivative through one step alone may be meant")},
    {jac_doubt_by_itself, N_("an equation that its function satisfies, perhaps")},
    {jac_doubt_two_sides, N_("its function is said to be several things here")},
    {jac_doubt_conserved, N_("it may be of what stays constant, which is not said")},
    {jac_doubt_moves, N_("what an equation says of a name in it is not made use of")},
    {jac_doubt_numbered, N_("a name with a number may be another than without")},
    {jac_doubt_of_processes, N_("differentials of processes are not read")},
    {within_range, N_("it is meant of what the sum runs over, perhaps")},
    {mixed, N_("the order of derivatives does not matter where both are free")},
    {jac_doubt_implies, N_("an equation that its function satisfies, perhaps")},
    {jac_doubt_level, N_("it is constant somewhere, which is not what it is")},
    {put_in, N_("a value seems to be put in")},
    {nothing_moves, N_("nothing says what it hangs on")},
    {bars, N_("a length may rest on signs and on unit vectors that nobody says")},
    {expression_below, N_("a derivative by an expression is not read")},
    {jac_doubt_given_anew, N_("its function is said to be several things here")},
    {jac_doubt_chain_anew, N_("its function is said to be several things here")},
    {jac_doubt_more_indices,
     N_("a name in it has more indices than where it is defined")},
    {jac_doubt_convolution, N_("it may be a convolution")},
    {jac_doubt_integrals, N_("nothing is differentiated in it")},
    {jac_doubt_densities, N_("one letter may stand for several functions in it")},
    {jac_doubt_last_step, N_("it may be of the last step, from which none follows")},
    {fitted,
     N_("a name with a hat may be what is fitted, and the one without is given")}};

const char *jac_judging_doubt(const struct judging *j, const struct jac_link *link,
                              const struct jac_judgement_of *r) {
  for (size_t k = 0; link->left && link->right && k < sizeof doubts / sizeof *doubts; k++)
    if (doubts[k].may_be(j, link, r))
      return _(doubts[k].words);
  return NULL;
}
