/* The points at which a module is held against its words: nobody is accused at the edges
 * of what numbers there are, and what goes another way at zeros is seen. */
#include "tests/slow.h"
#include "jacobian/values.h"
#include "layers/audit.h"
#include "layers/layer.h"

#include <check.h>
#include <string.h>

/* Numbers of a user's at which formulas overflow, cancel, or have no value, and at which
 * steps are larger than what the function does: nothing is wrong there. */
START_TEST(nobody_is_accused_at_the_edges) {
  static const char *const specs[] = {
      "softmax:3",      "log-softmax:3", "normalize:3", "cosine:3",
      "layer-norm:3",   "rms-norm:3",    "kl:3",        "bce:3",
      "gaussian-nll:3", "triplet:3",     "rotate",      "group-norm:4,groups=2",
      "distance:3",     "mish:3",        "poisson:3",   "rotate,by=axis"};
  static const double edges[] = {0.0,  1.0,  -1.0,  1e-12, 1e-7, -1e-12, 1e5,  1e8,
                                 1e12, 1e16, 1e150, -1000, 1000, 0.5,    9e307};
  struct jac_error err = {JAC_OK, ""};
  struct jac_spec read;
  struct jac_map *map;
  struct jac_module_place place = {.batch = 2};
  ck_assert_int_eq(jac_spec_read(specs[_i], &read, &err), JAC_OK);
  ck_assert_int_eq(jac_module_make(&read, &place, &map, &err), JAC_OK);
  for (size_t v = 0; v < map->nvar; v++)
    for (size_t k = 0; k < sizeof edges / sizeof edges[0]; k += every()) {
      struct jac_values values;
      struct jac_audit found;
      ck_assert_int_eq(jac_values_new(map, 1, &values, &err), JAC_OK);
      gsl_matrix_set_all(values.matrix[v], edges[k]);
      ck_assert_msg(jac_audit_module(map, jac_values_point(&values), NULL, 1, &found,
                                     &err) == JAC_OK,
                    "%s", err.message);
      ck_assert_msg(found.about == NULL, "%s, %s = %g: %s: %s", specs[_i],
                    map->var[v].name, edges[k], found.about, found.text.text);
      jac_buffer_free(&found.text);
      jac_values_free(&values);
    }
  jac_map_free(map);
}
END_TEST

/* So far from y and q the margin is below the last places of both distances: which side
 * of the kink the formula is on is a matter of rounding, at whatever y and q. */
START_TEST(a_side_that_rounding_decides_accuses_nobody) {
  struct jac_error err = {JAC_OK, ""};
  struct jac_spec read;
  struct jac_map *map;
  struct jac_module_place place = {.batch = 2};
  ck_assert_int_eq(jac_spec_read("triplet:2", &read, &err), JAC_OK);
  ck_assert_int_eq(jac_module_make(&read, &place, &map, &err), JAC_OK);
  for (unsigned long seed = 1; seed <= 6; seed++) {
    struct jac_values values;
    struct jac_audit found;
    ck_assert_int_eq(jac_values_new(map, seed, &values, &err), JAC_OK);
    const double far[] = {1e50, 3.0, -1e50, 1e50};
    memcpy(values.matrix[0]->data, far, sizeof far);
    ck_assert_msg(jac_audit_module(map, jac_values_point(&values), NULL, seed, &found,
                                   &err) == JAC_OK,
                  "%s", err.message);
    ck_assert_msg(found.about == NULL, "seed %lu: %s", seed, found.text.text);
    jac_buffer_free(&found.text);
    jac_values_free(&values);
  }
  jac_map_free(map);
}
END_TEST

/* rnn, whose explicit Jacobian by z has nothing for data of 0: where the weights are 0
 * too, nothing is right. */
static struct jac_map_type forgetting, remembering;
static enum jac_status nothing_at_zero(const struct jac_map *map, jac_point x, size_t wrt,
                                       struct jac_array3 *J) {
  enum jac_status status = remembering.jacobian(map, x, wrt, J);
  for (size_t n = 0; n < map->batch && wrt == 0; n++)
    for (size_t i = 0; i < x[0]->size2; i++)
      for (size_t o = 0; o < map->cols && gsl_matrix_get(x[0], n, i) == 0.0; o++)
        *jac_array3_at(J, n, o, i) = 0.0;
  return status;
}
static enum jac_status make_forgetful(const struct jac_module *module,
                                      const struct jac_spec *spec,
                                      const struct jac_module_place *place,
                                      struct jac_map **map, struct jac_error *err) {
  const struct jac_module *rnn = module->family;
  enum jac_status status = rnn->make(rnn, spec, place, map, err);
  if (status != JAC_OK)
    return status;
  forgetting = remembering = *(*map)->type;
  forgetting.jacobian = nothing_at_zero;
  (*map)->type = &forgetting;
  return JAC_OK;
}

START_TEST(zeros_beside_other_numbers_are_tried) {
  struct jac_error err = {JAC_OK, ""};
  struct jac_audit found;
  struct jac_map *map;
  const struct jac_module *rnn = jac_module_find("rnn", NULL, &err);
  struct jac_module forgetful = *rnn;
  const struct jac_module *const one[] = {&forgetful};
  const struct jac_module_library own = {one, 1};
  const struct jac_module_place place = {.batch = 2, .library = &own};
  struct jac_spec read;
  forgetful.name = "forgetful";
  forgetful.family = rnn;
  forgetful.make = make_forgetful;
  ck_assert_int_eq(jac_spec_read("forgetful:3x2", &read, &err), JAC_OK);
  ck_assert_int_eq(jac_module_make(&read, &place, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_audit_module(map, NULL, &own, 1, &found, &err), JAC_OK);
  ck_assert_msg(strstr(found.text.text, "at data of zeros") != NULL, "%s",
                found.text.text);
  jac_buffer_free(&found.text);
  jac_map_free(map);
}
END_TEST

Suite *audit_points_suite(void);
Suite *audit_points_suite(void) {
  Suite *suite = suite_create("audit_points");
  TCase *tc = tcase_create("points");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, nobody_is_accused_at_the_edges, 0, 16);
  tcase_add_test(tc, zeros_beside_other_numbers_are_tried);
  tcase_add_test(tc, a_side_that_rounding_decides_accuses_nobody);
  suite_add_tcase(suite, tc);
  return suite;
}
