#include "jacobian/algebra/second.h"

#include "jacobian/algebra/closed.h"

bool jac_second_form_of(struct jac_second_form *form, const struct jac_index_form *first,
                        const struct jac_term *term, const struct jac_symbol *second) {
  *form = (struct jac_second_form){.first = *first};
  if (!jac_index_form_again(&form->second, first, second))
    return false;
  if (jac_type_is_number(term->type)) {
    const struct jac_term *gradient =
        jac_make_derivative(first->make, term, first->variable, JAC_LAYOUT_GRADIENT);
    if (gradient)
      form->closed = jac_closed_form(&form->second, gradient, &form->layout);
  }
  return true;
}

bool jac_second_form(struct jac_second_form *form, struct jac_make *make,
                     const struct jac_term *term, const struct jac_symbol *first,
                     const struct jac_symbol *second) {
  struct jac_index_form once;
  if (jac_index_form(&once, make, term, first))
    return jac_second_form_of(form, &once, term, second);
  *form = (struct jac_second_form){.first = once, .second = once};
  return false;
}

const struct jac_term *jac_second_value(const struct jac_second_form *form,
                                        const struct jac_term *term) {
  struct jac_make *make = form->first.make;
  const struct jac_term *gradient =
      jac_make_derivative(make, term, form->first.variable, JAC_LAYOUT_GRADIENT);
  return gradient
             ? jac_make_derivative(make, gradient, form->second.variable, form->layout)
             : NULL;
}
