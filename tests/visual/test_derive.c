/* The command derive: what it prints for every module is held by verify --strict, which
 * reads the formulas and nothing else. */
#include "layers/module.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int run(const char *line, char *out, size_t size) {
  char command[600];
  snprintf(command, sizeof command,
           "export LC_ALL=C.UTF-8 LANGUAGE=en J='%s'; { %s; } 2>&1", getenv("JACOBIAN"),
           line);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  out[fread(out, 1, size - 1, pipe)] = '\0';
  int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Left out: verify does not read the normal density in LaTeX, takes a row for a column in
 * one gradient of celu, has sizes for an image and its windows at which their sums have
 * no value, and no K beside a matrix of K columns. */
static bool unread(const char *name, const char *style) {
  static const char *const left[] = {"gelu", "celu", "conv2d"};
  bool found = strncmp(name, "avg-pool", 8) == 0 && strcmp(style, "matrix") == 0;
  for (size_t k = 0; k < sizeof left / sizeof *left; k++)
    found = found || strcmp(name, left[k]) == 0;
  return found;
}

/* Of modules with many variables alike, one of each kind: verify takes a second each. */
static const char *some(const char *name) {
  return strcmp(name, "lstm") == 0  ? " --wrt c"
         : strcmp(name, "gru") == 0 ? " --wrt z"
                                    : "";
}

START_TEST(verify_holds_what_derive_prints) {
  static const char *const styles[] = {"index", "matrix"};
  static char out[60000];
  size_t held = 0;
  for (size_t k = 0; k < jac_module_count(); k++) {
    const struct jac_module *module = jac_module_at(k);
    char line[200];
    snprintf(line, sizeof line, "$J derive %s%s --style %s --format markdown",
             module->name, some(module->name), styles[_i]);
    if (unread(module->name, styles[_i]) || run(line, out, sizeof out) != 0)
      continue;
    snprintf(line, sizeof line,
             "$J derive %s%s --style %s --format markdown | $J verify --strict --all -",
             module->name, some(module->name), styles[_i]);
    int status = run(line, out, sizeof out);
    ck_assert_msg(status == 0, "%s: %s", module->name, out);
    ck_assert_ptr_nonnull(strstr(out, ": holds"));
    held++;
  }
  ck_assert_uint_ge(held, _i == 0 ? 66 : 50);
}
END_TEST

/* Second derivatives of modules; left out: verify takes a row for a column in the entry
 * of softsign and those above. */
START_TEST(verify_holds_second_derivatives) {
  static char out[60000];
  size_t held = 0, matrices = 0;
  for (size_t k = 0; k < jac_module_count(); k++) {
    const char *name = jac_module_at(k)->name;
    char line[200];
    snprintf(line, sizeof line, "$J derive %s --wrt z,z --format json", name);
    if (unread(name, "index") || run(line, out, sizeof out) != 0)
      continue;
    matrices += strstr(out, "\"closed\": null") == NULL;
    snprintf(line, sizeof line,
             "$J derive %s --wrt z,z --format markdown | $J verify --strict --all -",
             name);
    int status = run(line, out, sizeof out);
    ck_assert_msg(status == 0, "%s: %s", name, out);
    ck_assert_ptr_nonnull(strstr(out, ": holds"));
    held++;
  }
  ck_assert_uint_ge(held, 30);
  ck_assert_uint_ge(matrices, 12);
}
END_TEST

START_TEST(second_derivatives_are_read_as_matrices) {
  static char out[20000];
  ck_assert_int_eq(run("$J derive --define \"f = x'*A*x\" --wrt x,x", out, sizeof out),
                   0);
  ck_assert_ptr_nonnull(strstr(out, "∂²f/∂xᵢ∂xⱼ = "));
  ck_assert_ptr_nonnull(strstr(out, "∂²f/∂x² = A + Aᵀ"));
  ck_assert_int_eq(run("$J derive linear mse --wrt W,W", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "∂²L/∂W² = 2(I_{output} ⊗ zᵀ z)"));
  ck_assert_int_eq(
      run("$J derive cross-entropy --wrt z,y --format latex", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "\\frac{\\partial^2 L}{\\partial z \\partial y} &="));
  ck_assert_int_eq(run("$J derive softmax --wrt z,z", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "The second derivatives are no matrix here"));
  ck_assert_int_eq(run("$J derive mse --wrt z,q", out, sizeof out), 2);
  ck_assert_int_eq(run("$J derive mse --wrt z,z --style matrix", out, sizeof out), 2);
}
END_TEST

/* show has them without the steps. */
START_TEST(closed_forms_are_shown) {
  static const struct {
    const char *arguments, *has;
  } rows[] = {
      {"softmax --entries closed", "∂y/∂z = diag(y) − yᵀ y"},
      {"linear --wrt W --entries closed", "∂y/∂W = I_{output} ⊗ z"},
      {"cross-entropy --wrt z,z --entries closed", "∂²L/∂z² = sum(y) (diag(s) − sᵀ s)"},
      {"attention --wrt Q --entries closed", "it has no form as a matrix: its entries"},
      {"--define 'f = logsumexp(A*x)' --wrt x,x --entries closed",
       "∂²f/∂x² = Aᵀ (diag(softmax(A x)) − softmax(A x) softmax(A x)ᵀ) A"},
      {"--define 'f = norm(A*x - b)' --wrt x --entries closed --format markdown",
       "$$\\frac{\\partial f}{\\partial x} = \\frac{A^\\top (A x - b)}{f}$$"},
      {"softmax --entries closed --format json", "\"right\": \"diag(y) - y'*y\""},
      /* A function's heading has its own. */
      {"--define \"f = x'*A*x\" --size x=3x1,A=3x3 --wrt x",
       "∂f/∂x = (A + Aᵀ) x (the gradient, in the variable's shape)"},
      {"--define \"f = x'*A*x\" --size x=3x1,A=3x3 --wrt x,x", "∂²f/∂x² = A + Aᵀ\n"},
      /* Entries of second derivatives in symbols, by hand. */
      {"--define \"f = x'*A*x\" --size x=2x1,A=2x2 --wrt x,x --entries symbols",
       "∂f/∂x₂₁  A₂₁ + A₁₂    2 A₂₂"},
      {"--define 'y = tanh(W*x)' --size W=2x2,x=2x1 --wrt W,x --order C --entries "
       "symbols",
       "∂y₁/∂W₁₂     −2 x₂ y₁(1 − y₁²) W₁₁     (1 − y₁²) (1 − 2 x₂ y₁ W₁₂)"},
  };
  static char out[20000];
  char line[400];
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    snprintf(line, sizeof line, "$J show %s", rows[k].arguments);
    ck_assert_msg(run(line, out, sizeof out) == 0 && strstr(out, rows[k].has) != NULL,
                  "%s: %s", rows[k].arguments, out);
  }
  ck_assert_int_eq(run("$J show softmax --entries closed --format csv", out, sizeof out),
                   2);
  ck_assert_int_eq(run("$J chain softmax:2 --entries closed", out, sizeof out), 2);
}
END_TEST

START_TEST(a_wrong_step_does_not_hold) {
  static char out[20000];
  int status = run("$J derive linear --wrt W --format markdown | "
                   "sed 's/z^.top g/g z^\\\\top/' | $J verify --strict -",
                   out, sizeof out);
  ck_assert_msg(status == 1 && strstr(out, "does not hold") != NULL, "%d: %s", status,
                out);
}
END_TEST

START_TEST(gaps_and_hints) {
  static char out[20000];
  ck_assert_int_eq(run("$J derive softmax --ask", out, sizeof out), 0);
  const char *answers = strstr(out, "Answers");
  ck_assert_ptr_nonnull(answers);
  const char *closed = strstr(out, "diag(y)");
  ck_assert_msg(closed > answers, "the answer stands before the answers: %s", out);
  ck_assert_int_eq(run("$J derive softmax --until 3", out, sizeof out), 0);
  ck_assert_ptr_null(strstr(out, "diag(y)"));
  ck_assert_ptr_nonnull(strstr(out, "the other steps, 3 of them, are yours"));
  ck_assert_int_eq(run("$J derive softmax --check", out, sizeof out), 0);
  size_t judged = 0;
  for (const char *at = out; (at = strstr(at, "compared with the derivative at")) != NULL;
       at++)
    judged++;
  ck_assert_uint_eq(judged, 5); /* six steps, the first a definition */
  ck_assert_int_eq(run("$J derive softmax --ask --until 2", out, sizeof out), 2);
}
END_TEST

/* amsmath is all that the LaTeX asks for: no letters of amssymb. */
START_TEST(latex_needs_amsmath_alone) {
  static char out[20000];
  ck_assert_int_eq(run("$J derive cross-entropy --format latex", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "\\mathbf{R}^{1 \\times n}"));
  ck_assert_ptr_null(strstr(out, "\\mathbb"));
}
END_TEST

/* Every module has a derivation, by every variable that it is differentiated by. */
START_TEST(every_module_is_derived) {
  static char out[200000];
  char line[200];
  for (size_t k = 0; k < jac_module_count(); k++) {
    snprintf(line, sizeof line, "$J derive %s", jac_module_at(k)->name);
    ck_assert_msg(run(line, out, sizeof out) == 0, "%s: %s", jac_module_at(k)->name, out);
  }
  static const struct {
    const char *arguments, *has;
  } rows[] = {/* as textbooks have them */
              {"embedding", "∂L/∂W = zᵀ g"},
              {"conv1d --wrt z", "∂yᵢ/∂zⱼ = Σₖ Σₚ 1[k = i + p − 1] Wₚ·δₖⱼ"},
              {"conv1d --wrt W", "= Σₖ zₖ·1[k = i + j − 1]"},
              {"conv1d,bias --wrt b", "∂y/∂b = 1_{M}"},
              {"avg-pool1d", "∂L/∂z = g 1_{K}ᵀ/K"},
              {"max-pool1d", "= 1[zᵢₖ = maxₚ zᵢₚ]·δᵢⱼ"},
              {"gaussian-nll --wrt z", "∂L/∂z = (z − y) ⊘ v"},
              {"huber", "∂L/∂z = z − y − sign(z − y) ⊙ max(0, abs(z − y) − 1)"},
              {"contrastive --wrt z", "∂L/∂z = (softmax(s) − e) y"},
              {"rotary", "∂L/∂z = g Rᵀ"},
              {"gru --wrt d", "∂L/∂d = g ⊙ (1 − u) ⊙ (1 − n ⊙ n) ⊙ r"},
              {"lstm --wrt c", "∂L/∂c = g ⊙ o ⊙ (1 − tanh²(q)) ⊙ f"}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    snprintf(line, sizeof line, "$J derive %s", rows[k].arguments);
    ck_assert_msg(run(line, out, sizeof out) == 0 && strstr(out, rows[k].has) != NULL,
                  "%s: %s", rows[k].arguments, out);
  }
}
END_TEST

START_TEST(networks_go_module_by_module) {
  static char out[20000];
  ck_assert_int_eq(run("$J derive linear tanh linear mse --wrt W_1", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "dh_2 = (1 − h_2 ⊙ h_2) ⊙ dh_1"));
  ck_assert_ptr_nonnull(strstr(out, "∂L/∂W_1 = 2 zᵀ ((h_3 − y) W_2ᵀ ⊙ (1 − h_2 ⊙ h_2))"));
  ck_assert_int_eq(run("$J derive linear,bias cross-entropy --wrt W", out, sizeof out),
                   0);
  ck_assert_ptr_nonnull(strstr(out, "∂L/∂W = zᵀ (sum(y) softmax(h_1) − y)"));
  ck_assert_int_eq(run("$J derive linear conv1d", out, sizeof out), 2);
}
END_TEST

Suite *derive_suite(void);
Suite *derive_suite(void) {
  Suite *suite = suite_create("derive");
  TCase *tcase = tcase_create("derive");
  tcase_set_timeout(tcase, 60);
  tcase_add_loop_test(tcase, verify_holds_what_derive_prints, 0, 2);
  tcase_add_test(tcase, verify_holds_second_derivatives);
  tcase_add_test(tcase, second_derivatives_are_read_as_matrices);
  tcase_add_test(tcase, closed_forms_are_shown);
  tcase_add_test(tcase, a_wrong_step_does_not_hold);
  tcase_add_test(tcase, gaps_and_hints);
  tcase_add_test(tcase, latex_needs_amsmath_alone);
  tcase_add_test(tcase, every_module_is_derived);
  tcase_add_test(tcase, networks_go_module_by_module);
  suite_add_tcase(suite, tcase);
  return suite;
}
