/* What a module says of its own entries the judge accepts, and what is twice that it does
 * not: the two know nothing of each other. */
#include "tests/slow.h"
#include "jacobian/define/claim.h"
#include "jacobian/values.h"
#include "layers/network.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Gates are quarters of one row: no size is told of what stands between. */
static bool unjudged(const char *module) {
  return strcmp(module, "lstm") == 0 || strcmp(module, "gru") == 0;
}

static enum jac_status judge(const struct jac_map *map, jac_point x, size_t wrt,
                             const char *text, struct jac_map_judgement *judged,
                             struct jac_error *err) {
  struct jac_map_claim claim = {.map = map, .wrt = wrt, .text = text, .x = x};
  return jac_map_claim_judge(&claim, judged, err);
}

/* Whether some number of the Jacobian is not zero there. */
static bool any(const struct jac_map *map, jac_point x, size_t wrt) {
  struct jac_array3 J;
  struct jac_error err = {JAC_OK, ""};
  bool found = false;
  ck_assert_int_eq(jac_map_jacobian_new(map, x, wrt, &J, &err), JAC_OK);
  for (size_t k = 0; k < J.slices * J.rows * J.cols; k++)
    found = found || fabs(J.data[k]) > 1e-6;
  jac_array3_free(&J);
  return found;
}

/* A slow machine is spared those with windows and heads, which have the most places. */
START_TEST(entries_are_accepted) {
  if ((size_t)_i % every() != 3 % every())
    return;
  const struct jac_module *module = jac_module_at((size_t)_i);
  struct jac_map *map;
  struct jac_values x;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_eq(jac_network_new(&module->example, 1, 2, NULL, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 3, &x, &err), JAC_OK);
  for (size_t v = 0; v < map->nvar; v++) {
    const char *entry = map->var[v].entry;
    struct jac_map_judgement judged;
    char twice[2000];
    if (entry == NULL)
      continue;
    enum jac_status status = judge(map, jac_values_point(&x), v, entry, &judged, &err);
    if (unjudged(module->name)) {
      ck_assert_msg(status != JAC_OK || judged.holds, "%s", judged.diagnosis);
      continue;
    }
    ck_assert_msg(status == JAC_OK, "%s %s: %s: %s", map->spec, map->var[v].name, entry,
                  err.message);
    ck_assert_msg(judged.holds, "%s %s: %s: %s", map->spec, map->var[v].name, entry,
                  judged.diagnosis);
    ck_assert_str_eq(judged.words, "");
    snprintf(twice, sizeof twice, "2*(%s)", entry);
    ck_assert_int_eq(judge(map, jac_values_point(&x), v, twice, &judged, &err), JAC_OK);
    ck_assert_msg(!judged.holds || !any(map, jac_values_point(&x), v),
                  "%s %s: %s is called right", map->spec, map->var[v].name, twice);
  }
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

Suite *own_claims_suite(void);
Suite *own_claims_suite(void) {
  Suite *suite = suite_create("own claims");
  TCase *tests = tcase_create("entries");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, entries_are_accepted, 0, (int)jac_module_count());
  suite_add_tcase(suite, tests);
  return suite;
}
