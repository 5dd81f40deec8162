#include "visual/label.h"

#include <check.h>

static void check_symbol(const char *latex, const char *unicode, const char *ascii) {
  const char *const expected[] = {latex, unicode, ascii};
  for (int k = 0; k < 3; k++) {
    struct jac_buffer out = JAC_BUFFER_INIT;
    jac_label_symbol(latex, (enum jac_notation)k, &out);
    ck_assert_str_eq(out.text, expected[k]);
    jac_buffer_free(&out);
  }
}

START_TEST(symbols) {
  check_symbol("z^{k-1}", "zᵏ⁻¹", "z^(k-1)");
  check_symbol("z^{k}", "zᵏ", "z^k");
  check_symbol("z^k", "zᵏ", "z^k");
  check_symbol("w^{(12)}", "w⁽¹²⁾", "w^(12)");
  check_symbol("\\gamma", "γ", "gamma");
  check_symbol("\\ell", "ℓ", "L");
  check_symbol("\\unheard of", "unheardof", "unheardof");
  check_symbol("a^{Q-1}", "a^(Q-1)", "a^(Q-1)");
  check_symbol("a^{", "a", "a^");
}
END_TEST

static void check_entry(const struct jac_variable *variable, const size_t *index,
                        const char *latex, const char *unicode, const char *ascii) {
  const char *const expected[] = {latex, unicode, ascii};
  for (int k = 0; k < 3; k++) {
    struct jac_buffer out = JAC_BUFFER_INIT;
    jac_label_entry(variable, (enum jac_notation)k, index, &out);
    ck_assert_str_eq(out.text, expected[k]);
    jac_buffer_free(&out);
  }
}

START_TEST(entries) {
  const struct jac_variable z = {.symbol = "z^{k-1}", .ndim = 2, .dims = {2, 3}};
  const struct jac_variable w = {.symbol = "w", .ndim = 2, .dims = {12, 2}};
  const struct jac_variable c = {.symbol = "w", .ndim = 3, .dims = {2, 3, 4}};
  const struct jac_variable g = {.symbol = "\\gamma", .ndim = 1, .dims = {11}};
  const size_t index[3] = {1, 2, 3}, far[2] = {9, 1};
  check_entry(&z, index, "z^{k-1}_{2,3}", "zᵏ⁻¹₂₃", "z^(k-1)[2,3]");
  check_entry(&w, far, "w_{10,2}", "w₁₀‚₂", "w[10,2]");
  check_entry(&w, index, "w_{2,3}", "w₂‚₃", "w[2,3]");
  check_entry(&c, index, "w_{2,3,4}", "w₂₃₄", "w[2,3,4]");
  check_entry(&g, far, "\\gamma_{10}", "γ₁₀", "gamma[10]");
}
END_TEST

START_TEST(outputs) {
  struct jac_map map = {.output_symbol = "z^{k}", .batch = 2, .rows = 2, .cols = 3};
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_label_output(&map, JAC_NOTATION_LATEX, 1, 2, &out);
  map.definition = "L[n] = z[n,1]";
  jac_label_output(&map, JAC_NOTATION_LATEX, 1, 0, &out);
  map.definition = "L = sum(n, z[n,1])";
  jac_label_output(&map, JAC_NOTATION_UNICODE, 0, 0, &out);
  ck_assert_str_eq(out.text, "z^{k}_{2,3}z^{k}_{2}zᵏ₁₁");
  ck_assert_uint_eq(jac_label_width("zᵏ⁻¹₁‚₂"), 7);
  jac_buffer_free(&out);
}
END_TEST

Suite *label_suite(void);
Suite *label_suite(void) {
  Suite *suite = suite_create("label");
  TCase *tc = tcase_create("labels");
  tcase_add_test(tc, symbols);
  tcase_add_test(tc, entries);
  tcase_add_test(tc, outputs);
  suite_add_tcase(suite, tc);
  return suite;
}
