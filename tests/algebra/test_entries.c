/* Entries of defined functions in symbols: nothing divided, no index captured. */
#include "jacobian/algebra/brackets.h"
#include "jacobian/algebra/entries.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct entry {
  const char *definition, *wrt;
  struct jac_derivation_size size[3];
  size_t sizes, at[4];
  const char *unicode;
};

static const struct entry entries[] = {
    {"y = prod(i, x[i])", "x", {{"x", "1", "3", false}}, 1, {1, 1, 1, 2}, "x₁ x₃"},
    {"y = prod(j, x[j,j] + 1)",
     "x",
     {{"x", "2", "2", false}},
     1,
     {1, 1, 1, 1},
     "x₂₂ + 1"},
    {"y = prod(j, x[j,j] + 1)", "x", {{"x", "2", "2", false}}, 1, {1, 1, 1, 2}, "0"},
    {"y = x*x'", "x", {{"x", "1", "2", false}}, 1, {1, 1, 1, 2}, "2 x₂"},
    {"y = A*x",
     "A",
     {{"A", "2", "3", false}, {"x", "3", "1", false}},
     2,
     {2, 1, 2, 3},
     "x₃"},
    {"y = A*x",
     "A",
     {{"A", "2", "3", false}, {"x", "3", "1", false}},
     2,
     {2, 1, 1, 3},
     "0"},
    {"y = x'*A*x",
     "x",
     {{"A", "3", "3", false}, {"x", "3", "1", false}},
     2,
     {1, 1, 2, 1},
     "Σⱼ xⱼ (A₂ⱼ + Aⱼ₂)"},
    {"s = softmax(x)", "x", {{"x", "1", "3", false}}, 1, {1, 2, 1, 2}, "s₂(1 − s₂)"},
    {"s = softmax(x)", "x", {{"x", "1", "3", false}}, 1, {1, 2, 1, 3}, "−s₂ s₃"},
    {"y = exp(x)^2", "x", {{"x", "1", "1", false}}, 1, {1, 1, 1, 1}, "2 exp(x)²"},
    {"y = tanh(u).*v",
     "u",
     {{"u", "3", "1", false}, {"v", "3", "1", false}},
     2,
     {2, 1, 2, 1},
     "v₂(1 − tanh(u₂)²)"},
    {"y = x .* h_i_j",
     "x",
     {{"x", "3", "1", false}, {"h_i_j", "3", "1", false}},
     2,
     {2, 1, 2, 1},
     "h_i_j₂"},
};

START_TEST(entry) {
  const struct entry *e = &entries[_i];
  struct jac_entries_of *of;
  struct jac_error err = {.message = ""};
  struct jac_buffer out = JAC_BUFFER_INIT;
  ck_assert_msg(jac_entries_of_new(e->definition, e->wrt, e->size, e->sizes, &of, &err) ==
                    JAC_OK,
                "%s: %s", e->definition, err.message);
  ck_assert_int_eq(jac_entries_of_add(of, e->at, JAC_NOTATION_UNICODE, &out, &err),
                   JAC_OK);
  ck_assert_str_eq(out.text, e->unicode);
  jac_buffer_free(&out);
  jac_entries_of_free(of);
}
END_TEST

START_TEST(brackets) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_add(&text, "\\left(a\\right)");
  size_t from = text.length;
  jac_buffer_add(&text,
                 "\\left(\\left(x + 1\\right) \\leftarrow \\left\\|b\\right\\|\\right) "
                 "\\left[\\frac{1}{2} (c)\\right]");
  jac_brackets_settle(&text, from);
  ck_assert_str_eq(text.text, "\\left(a\\right)((x + 1) \\leftarrow \\|b\\|) "
                              "\\left[\\frac{1}{2} (c)\\right]");
  jac_buffer_clear(&text);
  jac_buffer_add(&text, "2 (x) y₁₂ (z) x² (z) a (b)");
  jac_brackets_draw_near(&text, 0);
  ck_assert_str_eq(text.text, "2(x) y₁₂(z) x² (z) a (b)");
  jac_buffer_free(&text);
}
END_TEST

START_TEST(refused) {
  struct jac_entries_of *of;
  struct jac_error err = {.message = ""};
  ck_assert_int_eq(jac_entries_of_new("y = A*x", "q", NULL, 0, &of, &err), JAC_EINPUT);
  ck_assert_ptr_null(of);
  ck_assert_str_eq(err.message, "there is no variable q: there is A, x");
}
END_TEST

static char *derive(const char *definition, const char *wrt, enum jac_notation notation,
                    enum jac_derivation_style style, size_t *steps) {
  struct jac_derivation d;
  struct jac_error err = {.message = ""};
  ck_assert_msg(jac_derivation_new(definition, wrt, NULL, 0, style, notation, &d, &err) ==
                    JAC_OK,
                "%s", err.message);
  *steps = d.count;
  size_t defined = 1;
  for (const char *c = definition; *c; c++)
    defined += *c == ';';
  for (size_t k = defined; k < d.count; k++) /* all but definitions were compared */
    ck_assert_uint_gt(d.step[k].points, 0);
  char *last = strdup(d.step[d.count - 1].right);
  jac_derivation_free(&d);
  return last;
}

START_TEST(derivations) {
  static const struct {
    const char *definition, *wrt, *last;
    size_t steps;
  } rows[] = {
      {"Y = X*W", "W", "Xᵀ g", 6},
      {"Y = X*W", "X", "g Wᵀ", 6},
      {"L = norm(A*x - b)^2", "x", "2 Aᵀ (A x − b)", 5},
      {"y = inv(A)*x", "A", "−A⁻ᵀ g yᵀ", 6},
      /* Batch normalisation as its authors' appendix has it, and attention's weights. */
      {"c = z - mean(z); s = sqrt(mean(c.^2) + 1); y = gamma*c/s", "z",
       "γ (g − sum(g) 1_{n}/n − (gᵀ c) c/(s²·n))/s", 11},
      /* Sums that share their names. */
      {"f = tr((X'*X)^2)", "X", "4 X Xᵀ X", 5},
      {"Y = softmax(X*W)", "X", "(g ⊙ Y − diag((g ⊙ Y) 1_{p}) Y) Wᵀ", 6},
  };
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    size_t steps;
    char *last = derive(rows[k].definition, rows[k].wrt, JAC_NOTATION_UNICODE,
                        JAC_DERIVATION_INDEX, &steps);
    ck_assert_str_eq(last, rows[k].last);
    ck_assert_uint_eq(steps, rows[k].steps);
    free(last);
  }
}
END_TEST

/* Both ways lead to one gradient; each step of both was compared with the derivative. */
START_TEST(differentials) {
  static const struct {
    const char *definition, *wrt, *last;
  } rows[] = {
      {"Y = X*W", "W", "Xᵀ g"},
      {"Y = A*X*B", "X", "Aᵀ g Bᵀ"},
      {"L = norm(A*x - b)^2", "x", "2 Aᵀ (A x − b)"},
      {"L = norm(X*W - Y)^2", "W", "2 Xᵀ (X W − Y)"},
      {"f = a'*inv(X)*b", "X", "−X⁻ᵀ a bᵀ X⁻ᵀ"},
      {"f = log(det(X))", "X", "X⁻ᵀ"},
      {"L = sum(tanh(W*x + b))", "W", "(1 − tanh²(W x + b)) xᵀ"},
      {"s = softmax(x)", "x", "g ⊙ s − (gᵀ s) s"},
      {"f = (x'*A*x)/(x'*x)", "x", "((A + Aᵀ) x − 2 f x)/(xᵀ x)"},
      {"y = max(0, min(6, A*x))", "x", NULL},
      {"c = z - mean(z); s = sqrt(mean(c.^2) + 1); y = c/s", "z", NULL},
  };
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    size_t steps;
    char *last = derive(rows[k].definition, rows[k].wrt, JAC_NOTATION_UNICODE,
                        JAC_DERIVATION_DIFFERENTIAL, &steps);
    char *other = derive(rows[k].definition, rows[k].wrt, JAC_NOTATION_UNICODE,
                         JAC_DERIVATION_INDEX, &steps);
    ck_assert_str_eq(last, other);
    if (rows[k].last)
      ck_assert_str_eq(last, rows[k].last);
    free(last);
    free(other);
  }
  struct jac_derivation d;
  struct jac_error err = {.message = ""};
  ck_assert_int_eq(jac_derivation_new("y = prod(i, x[i])", "x", NULL, 0,
                                      JAC_DERIVATION_DIFFERENTIAL, JAC_NOTATION_ASCII, &d,
                                      &err),
                   JAC_EREFUSED);
  ck_assert_ptr_nonnull(strstr(err.message, "--style index"));
  jac_derivation_free(&d);
}
END_TEST

/* One output by one column, as a course has it. */
START_TEST(by_blocks) {
  static const struct {
    const char *definition, *wrt, *block;
  } rows[] = {
      {"Y = X*W", "W", "δⱼₖ X_{i,•}"},
      {"y = A*x", "x", "A_{i,•}"},
      {"y = tanh(x)", "x", "(1 − yᵢ²) eᵢᵀ"},
  };
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    struct jac_derivation d;
    struct jac_error err = {.message = ""};
    ck_assert_msg(jac_derivation_new(rows[k].definition, rows[k].wrt, NULL, 0,
                                     JAC_DERIVATION_MATRIX, JAC_NOTATION_UNICODE, &d,
                                     &err) == JAC_OK,
                  "%s", err.message);
    ck_assert_uint_gt(d.count, 3);
    ck_assert_str_eq(d.step[2].right, rows[k].block);
    ck_assert_uint_gt(d.step[2].points, 0);
    jac_derivation_free(&d);
  }
}
END_TEST

Suite *entries_suite(void);
Suite *entries_suite(void) {
  Suite *suite = suite_create("entries");
  TCase *tcase = tcase_create("entries");
  tcase_add_loop_test(tcase, entry, 0, sizeof entries / sizeof *entries);
  tcase_add_test(tcase, brackets);
  tcase_add_test(tcase, refused);
  tcase_add_test(tcase, derivations);
  tcase_add_test(tcase, differentials);
  tcase_add_test(tcase, by_blocks);
  suite_add_tcase(suite, tcase);
  return suite;
}
