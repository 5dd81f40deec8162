/* A Jacobian of a module at seeded values, ready to be shown, for the tests of formats.
 */
#ifndef TESTS_VIEW_CASE_H
#define TESTS_VIEW_CASE_H

#include "jacobian/values.h"
#include "visual/view.h"

struct view_case {
  struct jac_map *map;
  struct jac_values values;
  struct jac_array3 native;
  struct jac_view view;
};

/* Fails the test where something cannot be made. */
void view_case_new(const char *spec, size_t batch, const char *wrt, enum jac_form form,
                   enum jac_order order, enum jac_entries entries, struct view_case *c);
void view_case_free(struct view_case *c);

#endif
