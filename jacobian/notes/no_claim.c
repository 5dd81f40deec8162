/* Equalities that are no claims: equations to solve, values at a point, worked numbers.
 */
#include "jacobian/notes/section_internal.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/respell.h"
#include "jacobian/text.h"

#include <string.h>

/* Whether a name but the parameters stands in n. */
static bool constants(const struct jac_definition *d, node *n) {
  if (n->form == JAC_S_NAME && !n->row) {
    for (size_t k = 0; k < d->params; k++)
      if (jac_notation_equal(d->param[k], n))
        return false;
    return true;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && constants(d, n->child[k]))
      return true;
  return false;
}

/* f of f'(2), where f(x) = ... is defined by x alone. */
static bool slope_of_defined(struct jac_section *s, node *f) {
  bool derivative;
  struct jac_definition d;
  if (f->form != JAC_S_SCRIPT || f->number == 0 || f->child[1] || f->child[2])
    return false;
  const struct jac_fact *fact =
      jac_section_defined(s, jac_notation_key(s->pool, f->child[0]), &derivative);
  return fact && fact->right && !derivative &&
         jac_definition_read(s->pool, fact->left, &d) && d.params == 1 &&
         !constants(&d, fact->right);
}

/* u(0) = ..., before anything says what u is, or where its constants are to be found. */
static bool initial_value(struct jac_section *s, node *left) {
  if (left->form != JAC_S_SIDE || left->count != 2 || !jac_name_like(left->child[0]) ||
      left->child[1]->form != JAC_S_GROUP ||
      left->child[1]->child[0]->form != JAC_S_NUMBER)
    return false;
  if (slope_of_defined(s, left->child[0]))
    return false;
  bool derivative;
  struct jac_definition d;
  const struct jac_fact *f =
      jac_section_defined(s, jac_notation_key(s->pool, left->child[0]), &derivative);
  return !f || !f->right || !jac_definition_read(s->pool, f->left, &d) ||
         constants(&d, f->right);
}

/* Long: the forms of an equality that is none. */
const char *jac_no_claim(struct jac_section *s, node *left, node *right, size_t k,
                         bool *worked) {
  bool zero = right->form == JAC_S_NUMBER && right->number == 0;
  bool single = left->form == JAC_S_FRACTION || left->form == JAC_S_INFIX ||
                left->form == JAC_S_SCRIPT || left->form == JAC_S_APPLY;
  node *lone = jac_inside(left);
  bool sum = lone->form == JAC_S_TERMS && lone->count > 1;
  bool product =
      lone->form == JAC_S_SIDE && jac_mentions_derivative(lone) && lone->count > 1;
  bool numbers = jac_number_alone(right) || jac_worked_out(right);
  bool slope =
      left->form == JAC_S_SIDE && left->count == 2 && slope_of_defined(s, left->child[0]);
  bool example = (jac_worked_out(right) && jac_primed_call(left) && !slope) ||
                 (jac_has_worked_matrix(right) && !jac_has_worked_matrix(left) &&
                  !jac_mentions_derivative(left));
  /* x_1 = 1 - f(1)/f'(1), m = \lim_{h \to 0} (f(2 + h) - f(2))/h */
  example = example ||
            (jac_worked_values(right) && jac_name_like(left) && !jac_primed_call(left));
  bool before = *worked;
  *worked = *worked || example || (k > 1 && numbers);
  if (zero && (k > 1 || sum || (product && !single)))
    return _("an equation to solve");
  if (jac_at_point(s, left, numbers) || initial_value(s, left))
    return _("a value at a point");
  if (example || (k > 1 && numbers && !zero) || before)
    return _("a worked number");
  return NULL;
}
