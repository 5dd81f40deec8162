#include "tests/visual/view_case.h"

#include "layers/module.h"

#include <check.h>

void view_case_new(const char *spec, size_t batch, const char *wrt, enum jac_form form,
                   enum jac_order order, enum jac_entries entries, struct view_case *c) {
  struct jac_error err = {JAC_OK, ""};
  struct jac_layout layout;
  ck_assert_msg(jac_module_new(spec, batch, &c->map, &err) == JAC_OK, "%s", err.message);
  ck_assert_int_eq(jac_values_new(c->map, 1, &c->values, &err), JAC_OK);
  /* Small whole numbers and halves: goldens that one can check by eye. */
  for (size_t v = 0; v < c->values.count; v++) {
    gsl_matrix *m = c->values.matrix[v];
    for (size_t k = 0; k < m->size1 * m->size2; k++)
      m->data[k] = ((double)k + 1.0) / (v == 0 ? 2.0 : 1.0);
  }
  size_t v = jac_map_find(c->map, wrt);
  ck_assert_uint_lt(v, c->map->nvar);
  jac_point point = jac_values_point(&c->values);
  ck_assert_int_eq(jac_map_jacobian_new(c->map, point, v, &c->native, &err), JAC_OK);
  ck_assert_msg(jac_layout_make(c->map, v, form, order, &layout, &err) == JAC_OK, "%s",
                err.message);
  ck_assert_msg(jac_view_new(&layout, point, &c->native, entries, 4, &c->view, &err) ==
                    JAC_OK,
                "%s", err.message);
}

void view_case_free(struct view_case *c) {
  jac_view_free(&c->view);
  jac_array3_free(&c->native);
  jac_values_free(&c->values);
  jac_map_free(c->map);
}
