/* Names that people bring along. */
#include "layers/alias.h"
#include "layers/module.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

START_TEST(case_and_hyphens_do_not_matter) {
  const struct jac_module *module = jac_module_at((size_t)_i);
  char loud[64], pytorch[64];
  size_t length = 0;
  snprintf(loud, sizeof loud, "%s", module->name);
  for (char *c = loud; *c != '\0'; c++)
    *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
  ck_assert_ptr_eq(jac_module_find(loud, NULL, NULL), module);
  length = (size_t)snprintf(pytorch, sizeof pytorch, "nn.");
  for (const char *c = module->name; *c != '\0'; c++)
    if (*c != '-')
      pytorch[length++] = *c;
  pytorch[length] = '\0';
  ck_assert_ptr_eq(jac_module_find(pytorch, NULL, NULL), module);
  /* A name of ours that another list takes for something else would never be reached. */
  ck_assert_ptr_null(jac_alias_find(module->name));
}
END_TEST

START_TEST(others_names_are_suggested) {
  static const char *const names[][2] = {
      {"BatchNorm1d", "batch-norm"},
      {"bn", "batch-norm"},
      {"nn.MSELoss", "mse"},
      {"CrossEntropyLoss", "cross-entropy"},
      {"BCEWithLogitsLoss", "bce-logits"},
      {"Dense", "linear"},
      {"fc", "linear"},
      {"swish", "silu"},
      {"L1Loss", "mae"},
      {"F.binary_cross_entropy", "bce"},
  };
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    struct jac_error err = {JAC_OK, ""};
    char says[80];
    ck_assert_ptr_null(jac_module_find(names[k][0], NULL, &err));
    snprintf(says, sizeof says, "did you mean %s?", names[k][1]);
    ck_assert_msg(strstr(err.message, says) != NULL, "%s", err.message);
  }
}
END_TEST

START_TEST(parts_are_those_that_are_there) {
  static const char *const linear[] = {"z", "W", "b"}, *const norm[] = {"z", "gamma"};
  ck_assert_str_eq(jac_alias_part("weight", linear, 3), "W");
  ck_assert_str_eq(jac_alias_part("Bias", linear, 3), "b");
  ck_assert_str_eq(jac_alias_part("weight", norm, 2), "gamma");
  ck_assert_ptr_null(jac_alias_part("bias", norm, 2));
  ck_assert_ptr_null(jac_alias_part("nothing", linear, 3));
}
END_TEST

START_TEST(different_names_differ) {
  ck_assert(jac_alias_same("LogSoftmax", "log-softmax"));
  ck_assert(jac_alias_same("torch.nn.log_softmax", "log-softmax"));
  ck_assert(!jac_alias_same("softmax", "log-softmax"));
  ck_assert(!jac_alias_same("relu6", "relu"));
  ck_assert(!jac_alias_same("", "relu"));
}
END_TEST

Suite *alias_suite(void);
Suite *alias_suite(void) {
  Suite *suite = suite_create("alias");
  TCase *tc = tcase_create("names");
  tcase_add_loop_test(tc, case_and_hyphens_do_not_matter, 0, (int)jac_module_count());
  tcase_add_test(tc, others_names_are_suggested);
  tcase_add_test(tc, parts_are_those_that_are_there);
  tcase_add_test(tc, different_names_differ);
  suite_add_tcase(suite, tc);
  return suite;
}
