/* What numbers were rounded to: as printf rounds them, and nothing where they are whole,
 * coarse or as computed. */
#include "jacobian/rounding.h"

#include <check.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 12 };

/* Random numbers of several scales, to so many decimals or digits and back. */
static void draw(gsl_rng *rng, bool digits, int places, double before[COUNT],
                 double after[COUNT]) {
  char text[60];
  for (size_t k = 0; k < COUNT; k++) {
    before[k] = (2.0 * gsl_rng_uniform(rng) - 1.0) *
                pow(10.0, (digits ? 6.0 : 0.3) * (gsl_rng_uniform(rng) - 0.5));
    if (digits)
      snprintf(text, sizeof text, "%.*e", places - 1, before[k]);
    else
      snprintf(text, sizeof text, "%.*f", places, before[k]);
    after[k] = strtod(text, NULL);
  }
}

START_TEST(decimals_and_digits) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  double before[COUNT], after[COUNT];
  for (int round = 0; round < 200; round++)
    for (int places = 3; places < 9; places++) {
      draw(rng, _i == 1, places, before, after);
      struct jac_rounding r = jac_rounding_find(after, COUNT);
      ck_assert_int_eq(_i ? r.digits : r.decimals, places);
      for (size_t k = 0; k < COUNT; k++) {
        ck_assert(fabs(before[k] - after[k]) <= jac_rounding_error(&r, after[k]));
        /* Twice as far is no rounding: the bound is not slack. */
        if (!_i && fabs(before[k]) > 0.0)
          ck_assert(jac_rounding_error(&r, after[k]) <= 0.51 * pow(10.0, -places) ||
                    r.digits > 0);
      }
    }
  gsl_rng_free(rng);
}
END_TEST

START_TEST(nothing_is_known) {
  static const double as_they_are[][3] = {
      {1.0 / 3.0, 0.7, 0.123}, {1.0, 0.0, -1.0},      {0.5, 0.25, 0.0},
      {0.0, 0.0, 0.0},         {0.05, 0.02, -0.01},   {123.0, 4567.0, 1e300},
      {NAN, 0.125, 1.0},       {INFINITY, 0.125, 1.0}};
  struct jac_rounding r = jac_rounding_find(as_they_are[_i], 3);
  ck_assert_int_eq(r.decimals, 0);
  ck_assert(jac_rounding_error(&r, 1.0) <= 0.0 || r.digits > 2);
}
END_TEST

Suite *rounding_suite(void);
Suite *rounding_suite(void) {
  Suite *suite = suite_create("rounding");
  TCase *tc = tcase_create("numbers");
  tcase_add_loop_test(tc, decimals_and_digits, 0, 2);
  tcase_add_loop_test(tc, nothing_is_known, 0, 8);
  suite_add_tcase(suite, tc);
  return suite;
}
