/* Runs every suite; `build/tests/runner NAME...` runs those of these names only. */
#include "jacobian/formula/number.h"

#include <check.h>
#include <gsl/gsl_errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SUITE(name) Suite *name(void);
#include "suites.h"
#undef SUITE

static const struct {
  const char *name;
  Suite *(*make)(void);
} suites[] = {
#define SUITE(name) {#name, name},
#include "suites.h"
#undef SUITE
};

static bool wanted(const char *name, int argc, char **argv) {
  size_t stem = strlen(name) - strlen("_suite");
  for (int k = 1; k < argc; k++)
    if (strlen(argv[k]) == stem && strncmp(argv[k], name, stem) == 0)
      return true;
  return argc < 2;
}

int main(int argc, char **argv) {
  gsl_set_error_handler_off();
  SRunner *runner = srunner_create(NULL);
  for (size_t k = 0; k < sizeof suites / sizeof suites[0]; k++)
    if (wanted(suites[k].name, argc, argv))
      srunner_add_suite(runner, suites[k].make());
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  int run = srunner_ntests_run(runner);
  srunner_free(runner);
  jac_ball_cleanup(); /* where tests do not fork, what the library keeps is ours */
  return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
