/* The command derive: what it prints for every module is held by verify --strict, which
 * reads the formulas and nothing else. Long: tables of what is derived, in every
 * style. */
#include "layers/module.h"
#include "tests/golden.h"
#include "tests/shell.h"
#include "tests/slow.h"
#include "visual/cli/derived_rows.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of modules with many variables alike, one of each kind: verify takes a second each. */
static const char *some(const char *name) {
  return strcmp(name, "lstm") == 0  ? " --wrt c"
         : strcmp(name, "gru") == 0 ? " --wrt z"
                                    : "";
}

/* Derives, and verifies what was printed: verify's status, or NO_DERIVATION. */
enum { NO_DERIVATION = 77 };
static int derived_and_verified(const char *arguments, char *out, size_t size) {
  char line[400];
  snprintf(line, sizeof line,
           "d=$($J derive %s --format markdown) || exit %d; "
           "printf '%%s\\n' \"$d\" | $J verify --strict --all -",
           arguments, NO_DERIVATION);
  return shell_run(line, out, size);
}

/* The differentials of what has kinks, norms, labels. */
START_TEST(verify_holds_differentials) {
  static const char *const names[] = {
      "leaky-relu",
      "celu",
      "cross-entropy",
      "triplet",
      "huber",
      "gru --wrt d",
      "conv2d",
      "glu",
      "avg-pool1d",
      "max-pool1d",
      "maxout",
      "focal",
      "contrastive",
      "rotate",
      "pose",
      "cross",
      "skew",
      "--define \"y = a'*kron(A,X)*b\" --wrt X",
      "--define 'L = sum(softmax(A*x) .* log(sum(exp(x))))' --wrt x",
      "--define 'y = sum(x.^p)' --wrt x --size p=1"};
  static char out[60000];
  char line[200];
  snprintf(line, sizeof line,
           "$J derive %s --style differential --format markdown | $J verify --strict "
           "--all -",
           names[_i]);
  ck_assert_msg(shell_run(line, out, sizeof out) == 0, "%s: %s", names[_i], out);
  ck_assert_ptr_nonnull(strstr(out, ": holds"));
}
END_TEST

/* In LaTeX the reasons stand between the rows of one display, and a heading before each
 * variable: what is said there is of that variable alone. */
START_TEST(verify_holds_latex) {
  static const char *const names[] = {"linear:nxm,bias", "softmax",
                                      "batch-norm",      "layer-norm --wrt z",
                                      "cross-entropy",   "weight-norm --wrt V"};
  static const char *const styles[] = {"index", "differential"};
  static char out[60000];
  char line[200];
  for (size_t k = 0; k < 2; k++) {
    snprintf(line, sizeof line,
             "d=$(mktemp -d); $J derive %s --style %s --format latex >$d/d.tex && "
             "$J verify --strict --all $d/d.tex; s=$?; rm -r $d; exit $s",
             names[_i], styles[k]);
    ck_assert_msg(shell_run(line, out, sizeof out) == 0, "%s: %s", names[_i], out);
    ck_assert_ptr_nonnull(strstr(out, ": holds"));
    ck_assert_ptr_null(strstr(out, "not understood"));
  }
}
END_TEST

START_TEST(verify_holds_what_derive_prints) {
  static const char *const styles[] = {"index", "matrix", "differential"};
  static const size_t least[] = {69, 53, 69};
  static char out[60000];
  size_t held = 0;
  for (size_t k = 0; k < jac_module_count(); k += every()) {
    const struct jac_module *module = jac_module_at(k);
    char arguments[200];
    snprintf(arguments, sizeof arguments, "%s%s --style %s", module->name,
             some(module->name), styles[_i]);
    int status = derived_and_verified(arguments, out, sizeof out);
    if (status == NO_DERIVATION)
      continue;
    ck_assert_msg(status == 0, "%s: %s", module->name, out);
    ck_assert_ptr_nonnull(strstr(out, ": holds"));
    held++;
  }
  ck_assert_uint_ge(held, every() > 1 ? 8 : least[_i]);
}
END_TEST

/* Outputs that are matrices, of any name; names that g and L are not there for; what
 * changes places with its transpose. */
START_TEST(verify_holds_derivations_of_ones_own) {
  static const char *const rows[] = {
      "'Y = X*W' --wrt X",
      "\"Y = X*X'\" --wrt X",
      "\"Y = X'*A*X\" --wrt X",
      "'Y = L*X' --wrt X",
      "'y = A*g' --wrt A",
      "\"Y = inv(X'*X)\" --wrt X",
      "\"Y = X'\" --wrt X",
      "'Y = g*L*X' --wrt X",
      "'Y = X*W' --wrt X --style differential",
      "\"L = norm(X*W - Y)^2\" --wrt W --style differential",
      "'Y = kron(A,X)' --wrt X",
      "'Y = kron(X,X)' --wrt X",
      "\"Y = kron(inv(X),A)\" --wrt X",
      "'y = kron(x,A)*b' --wrt x",
      "'Y = A*expm(X)*B' --wrt X",
      "'f = norm(x,3)' --wrt x",
      "'f = sum((A*x).^3)' --wrt x",
      "'f = norm(cross(a,x))^2' --wrt x",
      "'f = -sum(log(x .* y))' --wrt x",
      "'L = norm(W2*relu(W1*x) - y)^2' --wrt W1",
      "'Y = A0*A1*A2*A3*A4*A5' --wrt A3",
      "'Y = inv(X)*inv(X)' --wrt X",
      "'f = det(expm(X))' --wrt X",
      "'f = log(det(kron(X,X)))' --wrt X",
      "'Y = det(X)*inv(X)' --wrt X",
      "'f = log(det(diag(x)))' --wrt x",
      "'y[i] = x[i+1] - x[i]' --wrt x",
      "'y[i] = (x[i+2] - 2*x[i+1] + x[i])^2' --wrt x",
      "'y[i] = sum(k, w[k]*x[i+k-1])' --wrt x",
      "'y[i,j] = sum(p, sum(q, w[p,q]*x[i+p-1,j+q-1]))' --wrt w",
      "'y[i] = x[2*i-1]' --wrt x",
      "'L = sum(j = 1:n-1, (x[j+1] - x[j])^2)' --wrt x",
      "'L = \\sum_{j=2}^{n} (x_j - x_{j-1})^2' --wrt x",
  };
  static char out[20000];
  char line[200];
  snprintf(line, sizeof line,
           "$J derive --define %s --format markdown | $J verify --strict --all -",
           rows[_i]);
  ck_assert_msg(shell_run(line, out, sizeof out) == 0, "%s: %s", rows[_i], out);
  ck_assert_ptr_nonnull(strstr(out, ": holds"));
}
END_TEST

/* Second derivatives of modules; left out: of an image and its windows there are more
 * entries than verify has work for. */
START_TEST(verify_holds_second_derivatives) {
  static char out[60000];
  size_t held = 0, matrices = 0;
  for (size_t k = 0; k < jac_module_count(); k++) {
    const char *name = jac_module_at(k)->name;
    char line[200];
    snprintf(line, sizeof line, "$J derive %s --wrt z,z --format json", name);
    if (strcmp(name, "conv2d") == 0 || shell_run(line, out, sizeof out) != 0)
      continue;
    matrices += strstr(out, "\"closed\": null") == NULL;
    snprintf(line, sizeof line,
             "$J derive %s --wrt z,z --format markdown | $J verify --strict --all -",
             name);
    int status = shell_run(line, out, sizeof out);
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
  ck_assert_int_eq(
      shell_run("$J derive --define \"f = x'*A*x\" --wrt x,x", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "∂²f/∂xᵢ∂xⱼ = "));
  ck_assert_ptr_nonnull(strstr(out, "∂²f/∂x² = A + Aᵀ"));
  ck_assert_int_eq(shell_run("$J derive linear mse --wrt W,W", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "∂²L/∂W² = 2(I_{output} ⊗ zᵀ z)"));
  ck_assert_int_eq(
      shell_run("$J derive cross-entropy --wrt z,y --format latex", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "\\frac{\\partial^2 L}{\\partial z \\partial y} &="));
  ck_assert_int_eq(shell_run("$J derive softmax --wrt z,z", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "The second derivatives are no matrix here"));
  ck_assert_int_eq(shell_run("$J derive --define 'f = sum(i, x[i]*x[i+1])' --wrt x 2>&1",
                             out, sizeof out),
                   2);
  ck_assert_ptr_nonnull(strstr(out, "x[i + 1] does not exist where its index ends"));
  ck_assert_int_eq(shell_run("$J derive mse --wrt z,q", out, sizeof out), 2);
  ck_assert_int_eq(shell_run("$J derive mse --wrt z,z --style matrix", out, sizeof out),
                   2);
}
END_TEST

/* Options that change the function change its derivation; a batch has its own. */
START_TEST(options_and_batches_are_derived) {
  static const struct {
    const char *arguments, *has;
  } rows[] = {
      {"softmax:3,temperature=2", "∂y/∂z = (diag(y) − yᵀ y)/t"},
      {"attention:2x3,mask=causal --wrt V", "E = Q Kᵀ/√(d) + M"},
      {"batch-norm:3,mode=eval --wrt z", "∂y/∂z = diag(γ ⊘ s)"},
      {"dropout:3,mode=eval", "∂y/∂z = I_{n}"},
      {"cross-entropy:3,smoothing=0.1", "(1 − a) y + a/n"},
      {"mse:3,reduction=mean", "∂L/∂z = 2(z − y)/batch"},
      {"tanh --batch 2", "∂y/∂z = diag(vec(1 − y ⊙ y))"},
      {"nll:3,weighted", "∂L/∂z = −w ⊙ y"},
      {"cross-entropy,weighted", "∂L/∂z = (w yᵀ) s − w ⊙ y"},
      {"gumbel-softmax,temperature=2 --wrt g", "∂y/∂q = (diag(y) − yᵀ y)/t"},
      {"conv1d,stride=2 --wrt W", "∂yᵢ/∂Wⱼ = Σₖ Σₗ zₖ·1[k = 2(i − 1) + l]·δₗⱼ"},
      {"conv1d,padding=1,dilation=2 --wrt z", "1[k = i − 1 + 2(l − 1)]"},
      {"lstm --wrt W", "∂L/∂W_o = zᵀ (g ⊙ (1 − o) ⊙ y)"},
      {"lstm --wrt W", "i = σ(z W_i + h U_i + b_i)"},
      {"bilinear --wrt y", "∂y/∂x = z W"},
      {"cross --wrt y", "∂L/∂x = [g₂ z₃ − g₃ z₂, g₃ z₁ − g₁ z₃, g₁ z₂ − g₂ z₁]"},
      {"rnn --batch 2 --wrt b", "∂L/∂b = 1_{batch}ᵀ (g ⊙ (1 − y ⊙ y))"},
      {"layer-norm --batch 2 --wrt z", "this is one row, and every"},
      {"layer-norm --batch 2 --wrt gamma", "∂L/∂γ = 1_{batch}ᵀ (g ⊙ (c ⊘ s))"},
  };
  static char out[20000];
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    char command[200];
    snprintf(command, sizeof command, "$J derive %s", rows[k].arguments);
    ck_assert_int_eq(shell_run(command, out, sizeof out), 0);
    ck_assert_msg(strstr(out, rows[k].has) != NULL, "%s: %s", rows[k].arguments, out);
  }
  /* What no derivation takes is said, not left out. */
  static const char *const refused[] = {"conv2d,stride=2", "hinge,binary", "lstm,steps=3",
                                        "contrastive,temperature=2",
                                        "cross-entropy,weighted,smoothing=0.1"};
  for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
    char command[200];
    snprintf(command, sizeof command, "$J derive %s 2>&1", refused[k]);
    ck_assert_int_eq(shell_run(command, out, sizeof out), 2);
    ck_assert_ptr_nonnull(strstr(out, "has no derivation yet: leave it out"));
  }
}
END_TEST

/* show has them without the steps. */
START_TEST(closed_forms_are_shown) {
  static const struct {
    const char *arguments, *has;
  } rows[] = {
      {"softmax --entries closed", "∂y/∂z = diag(y) − yᵀ y"},
      {"linear --wrt W --entries closed", "∂y/∂W = I_{output} ⊗ z"},
      {"cross-entropy --wrt z,z --entries closed", "∂²L/∂z² = diag(s) − sᵀ s"},
      {"attention --wrt Q --entries closed", "it has no form as a matrix: its entries"},
      /* Sizes that nobody names are m, n, p; a number's letters are numbers. */
      {"--define 'L = norm(A*x - b)^2' --wrt x --entries closed",
       "A is m × n, x is n × 1, b is m × 1"},
      {"--define 'Y = X*W' --size W=nxm --wrt W --entries closed",
       "X is p × n, W is n × m"},
      {"--define 'f = (1 - x)^2 + 100*(y - x^2)^2' --wrt y --entries closed",
       "∂f/∂y = 200(y − x²)"},
      {"--define \"L = 1/2*w'*w + C*sum(max(0, 1 - y .* (X*w)))\" --wrt w --entries "
       "closed",
       "∂L/∂w = w − C Xᵀ"},
      /* Rows where columns do not fit; numbers below a stroke and beside a product. */
      {"--define 'y = z*W + b' --wrt z --entries closed",
       "z is 1 × n, W is n × m, b is 1 × m"},
      {"--define \"y = x'*W + b\" --wrt x --entries closed", "b is 1 × n"},
      {"--define \"y = w'*x + b\" --wrt w --entries closed", "∂y/∂w = x\n"},
      {"--define \"S = Q*K'/sqrt(d)\" --wrt Q --entries closed",
       "S = Q Kᵀ/√(d)\n  the definition, where Q is m × n, K is p × n, d is a number\n"},
      {"--define 'S = \\frac{Q K^\\top}{\\sqrt{d_k}}' --wrt Q --entries closed",
       "∂S/∂Q = (K ⊗ I_{m})/√(d_k)"},
      {"--define \"f = lambda'*(A*x - b) + c'*x\" --wrt x --entries closed",
       "∂f/∂x = Aᵀ λ + c"},
      {"--define 'f = norm(X*w)^2 + lambda*norm(w)^2' --wrt lambda --entries closed",
       "∂f/∂λ = ‖w‖²"},
      {"--define 'f = sum(p .* log(p/q))' --wrt q --entries closed", "∂f/∂q = −p ⊘ q"},
      {"--define 'f = logsumexp(A*x)' --wrt x,x --entries closed",
       "∂²f/∂x² = Aᵀ (diag(softmax(A x)) − softmax(A x) softmax(A x)ᵀ) A"},
      {"--define 'f = norm(A*x - b)' --wrt x --entries closed --format markdown",
       "$$\n\\frac{\\partial f}{\\partial x} = \\frac{A^\\top (A x - b)}{f}\n$$\n"},
      {"linear --wrt W --entries closed --format markdown --no-heading --label eq:W",
       "$$\ny = z W\n$$\n\n$$\n\\frac{\\partial y}{\\partial W} = I_{\\mathrm{output}} "
       "\\otimes "
       "z\n$$ {#eq:W}\n"},
      {"linear --wrt W --entries closed --format latex --env inline --notation "
       "W=\\\\Theta",
       "$\\frac{\\partial y}{\\partial \\Theta} = I_{\\mathrm{output}} \\otimes z$%\n"},
      /* What is too long for a line goes on on the next, sums first; one has the number.
       */
      {"focal --entries closed --format latex --label eq:f",
       "\\odot s) \\notag \\\\\n  &\\quad + (y ((1 - s)^{\\gamma})^\\top - \\gamma "
       "(\\log(s) "
       "\\odot y \\odot (1 - s)^{\\gamma - 1}) s^\\top) s \\notag \\\\\n  &\\quad - y "
       "\\odot (1 - "
       "s)^{\\gamma}\n\\label{eq:f}\n\\end{align}\n"},
      {"softmax --entries closed --format json", "\"right\": \"diag(y) - y'*y\""},
      /* A function's heading has its own. */
      {"--define \"f = x'*A*x\" --size x=3x1,A=3x3 --wrt x",
       "∂f/∂x = (A + Aᵀ) x (the gradient, in the variable's shape)"},
      {"--define \"f = x'*A*x\" --size x=3x1,A=3x3 --wrt x,x", "∂²f/∂x² = A + Aᵀ\n"},
      /* Entries of second derivatives in symbols, by hand. */
      {"--define \"f = x'*A*x\" --size x=2x1,A=2x2 --wrt x,x --entries symbols",
       "∂f/∂x₂  A₂₁ + A₁₂    2 A₂₂"},
      {"--define 'y = tanh(W*x)' --size W=2x2,x=2x1 --wrt W,x --order C --entries "
       "symbols",
       "∂y₁/∂W₁₂     −2 x₂ y₁(1 − y₁²) W₁₁     (1 − y₁²) (1 − 2 x₂ y₁ W₁₂)"},
      /* Magnus and Neudecker's Kronecker products; a size that is a number is one. */
      {"--define 'Y = kron(A, B)' --size A=2x3,B=3x2 --wrt A --entries closed",
       "∂vec(Y)/∂vec(A) = (I_{3} ⊗ K_{2,2} ⊗ I_{3}) (I_{6} ⊗ vec(B))\n"},
      {"--define 'Y = kron(A, B)' --size A=nxm,B=pxq --wrt A --entries closed",
       "(I_{n m} ⊗ vec(B))\n"},
      {"--define 'f = logsumexp(A*B)' --wrt A --entries closed",
       "∂f/∂A = exp(A B) Bᵀ/sum(exp(A B))\n"},
  };
  static char out[20000];
  char line[400];
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    snprintf(line, sizeof line, "$J show %s", rows[k].arguments);
    ck_assert_msg(shell_run(line, out, sizeof out) == 0 &&
                      strstr(out, rows[k].has) != NULL,
                  "%s: %s", rows[k].arguments, out);
  }
  ck_assert_int_eq(
      shell_run("$J show softmax --entries closed --format csv", out, sizeof out), 2);
  ck_assert_int_eq(shell_run("$J chain softmax:2 --entries closed", out, sizeof out), 2);
}
END_TEST

/* In a terminal formulas go on on the next line, before a sum's sign where there is one.
 */
START_TEST(lines_are_of_a_terminal) {
  static char out[20000];
  ck_assert_int_eq(
      shell_run("for m in lstm gru focal rotate skew swiglu hinge selu instance-norm; do "
                "$J derive $m; done | LC_ALL=C.UTF-8 wc -L",
                out, sizeof out),
      0);
  ck_assert_msg(atoi(out) <= 80, "a line of %s", out);
  ck_assert_int_eq(shell_run("$J derive skew", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "  4. ∂y/∂z = e₂ ⊗ (e₃ e₁ᵀ − e₁ e₃ᵀ) + e₃ ⊗ (e₁ e₂ᵀ "
                                    "− e₂ e₁ᵀ)\n       + e₁ ⊗ (e₂ e₃ᵀ − e₃ e₂ᵀ)\n"));
}
END_TEST

/* Six indices of an image's second derivatives, and a sum of four inside: places enough
 * are judged, and a wrong one is found. */
START_TEST(second_derivatives_of_images_hold) {
  static const char *const by[] = {"z,z", "z,W", "W,W"};
  static char out[20000];
  char line[200];
  for (size_t k = 0; k < 3; k++) {
    snprintf(line, sizeof line,
             "$J derive conv2d --wrt %s --format markdown | $J verify --strict -", by[k]);
    int status = shell_run(line, out, sizeof out);
    ck_assert_msg(status == 0, "%s: %d: %s", by[k], status, out);
  }
  int status = shell_run("$J derive conv2d --wrt z,W --format markdown | "
                         "sed '$s/k - i + 1/k - i/' | $J verify --strict -",
                         out, sizeof out);
  ck_assert_msg(status == 1 && strstr(out, "does not hold") != NULL, "%d: %s", status,
                out);
}
END_TEST

/* What a module takes first is derived first, whatever its definition begins with. */
START_TEST(variables_are_in_the_modules_order) {
  static const char *const orders[][4] = {
      {"batch-norm", "respect to z\n", "respect to gamma\n", "respect to beta\n"},
      {"conv1d,bias", "respect to z\n", "respect to W\n", "respect to b\n"},
      {"pose,by=quaternion", "respect to z\n", "respect to w\n", "respect to v\n"},
  };
  static char out[60000];
  char line[100];
  for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
    snprintf(line, sizeof line, "$J derive %s", orders[k][0]);
    ck_assert_int_eq(shell_run(line, out, sizeof out), 0);
    const char *at = out;
    for (size_t n = 1; n < 4; n++) {
      at = strstr(at, orders[k][n]);
      ck_assert_msg(at != NULL, "%s: %s", orders[k][0], orders[k][n]);
    }
  }
}
END_TEST

/* The rotation of a quaternion, as the module has it and as papers do: the derivative by
 * its vector is 2 (v z' - z v' + z'v I - w [z]_x), of rows the same transposed. */
START_TEST(quaternions_are_derived) {
  static char out[20000];
  ck_assert_int_eq(
      shell_run("$J show pose,by=quaternion --wrt q --entries closed", out, sizeof out),
      0);
  ck_assert_ptr_nonnull(strstr(out, "2(w z + v × z)"));
  ck_assert_ptr_nonnull(strstr(out, "2(vᵀ z − zᵀ v + (z vᵀ) I_{3} − w [0, −z₃, z₂;"));
  ck_assert_int_eq(shell_run("$J derive pose --wrt q", out, sizeof out), 2);
  ck_assert_ptr_nonnull(strstr(out, "pose has no derivation with respect to q yet"));
  ck_assert_int_eq(shell_run("$J show --define 'y = sqrtm(X)*b' --wrt X --entries closed",
                             out, sizeof out),
                   2);
  ck_assert_ptr_nonnull(strstr(out, "sqrtm: no function is called so"));
}
END_TEST

START_TEST(a_wrong_step_does_not_hold) {
  static char out[20000];
  int status = shell_run("$J derive linear --wrt W --format markdown | "
                         "sed 's/z^.top g/g z^\\\\top/' | $J verify --strict -",
                         out, sizeof out);
  ck_assert_msg(status == 1 && strstr(out, "does not hold") != NULL, "%d: %s", status,
                out);
}
END_TEST

START_TEST(gaps_and_hints) {
  static char out[20000];
  ck_assert_int_eq(shell_run("$J derive softmax --ask", out, sizeof out), 0);
  const char *answers = strstr(out, "Answers");
  ck_assert_ptr_nonnull(answers);
  const char *closed = strstr(out, "diag(y)");
  ck_assert_msg(closed > answers, "the answer stands before the answers: %s", out);
  ck_assert_int_eq(shell_run("$J derive softmax --until 3", out, sizeof out), 0);
  ck_assert_ptr_null(strstr(out, "diag(y)"));
  ck_assert_ptr_nonnull(strstr(out, "the other steps, 5 of them, are yours"));
  ck_assert_int_eq(shell_run("$J derive softmax --check", out, sizeof out), 0);
  size_t judged = 0;
  for (const char *at = out; (at = strstr(at, "compared with the derivative at")) != NULL;
       at++)
    judged++;
  ck_assert_uint_eq(judged, 6); /* eight steps, the first two definitions */
  ck_assert_int_eq(shell_run("$J derive softmax --ask --until 2", out, sizeof out), 2);
}
END_TEST

/* amsmath is all that the LaTeX asks for: no letters of amssymb. */
START_TEST(latex_needs_amsmath_alone) {
  static char out[20000];
  ck_assert_int_eq(shell_run("$J derive cross-entropy --format latex", out, sizeof out),
                   0);
  ck_assert_ptr_nonnull(strstr(out, "\\mathbf{R}^{1 \\times n}"));
  ck_assert_ptr_null(strstr(out, "\\mathbb"));
}
END_TEST

/* Whether a module's derivation is among the golden files. */
static bool printed(const char *name) {
  return jac_derived_row(name, "") || strcmp(name, "linear") == 0 ||
         strcmp(name, "softmax") == 0;
}

/* Every module has a derivation, by every variable that it is differentiated by. */
START_TEST(every_module_is_derived) {
  static char out[200000];
  char line[200];
  for (size_t k = 0; k < jac_module_count(); k++) {
    if (printed(jac_module_at(k)->name) && !*some(jac_module_at(k)->name))
      continue; /* the golden files have it */
    snprintf(line, sizeof line, "$J derive %s", jac_module_at(k)->name);
    ck_assert_msg(shell_run(line, out, sizeof out) == 0, "%s: %s", jac_module_at(k)->name,
                  out);
  }
  static const struct {
    const char *arguments, *has;
  } rows[] = {
      /* as textbooks have them */
      {"embedding", "∂L/∂W = zᵀ g"},
      {"conv1d --wrt z", "∂yᵢ/∂zⱼ = Σₖ Wₖ·1[i + k − 1 = j]"},
      {"conv1d --wrt z", "∂L/∂zⱼ = Σₖ g_{j−k+1} Wₖ·1[k ≤ j ≤ k + M − 1]"},
      {"conv2d --wrt z --style differential", "Σₚ Σ_{q} W_{pq} dz_{i+p−1,j+q−1}"},
      {"softmax --style matrix", "∂S/∂z = exp(z)"},
      {"batch-norm --wrt z --style matrix", "∂cᵢ/∂z = eᵢᵀ − 1_{batch}ᵀ/batch"},
      {"cross-entropy --style differential", "= −dz (diag(s) − sᵀ s) (y ⊘ s)ᵀ"},
      {"conv1d --wrt W", "= z_{i+j−1}\n"},
      {"conv1d --wrt z", "= W_{j−i+1}·1[i ≤ j ≤ i + K − 1]\n"},
      {"conv1d --wrt z,W", "= 1[j − i + 1 = k]\n"},
      {"conv1d,stride=2,padding=1 --wrt W", "= z_{2i+j−3}·1[4 ≤ 2 i + j ≤ N + 3]\n"},
      {"conv-transpose1d --wrt z", "∂L/∂zⱼ = Σₖ g_{j+k−1} Wₖ\n"},
      {"conv1d,bias --wrt b", "∂y/∂b = 1_{M}"},
      {"avg-pool1d", "∂L/∂z = g 1_{K}ᵀ/K"},
      {"max-pool1d", "= 1[zᵢₖ = maxₗ zᵢₗ]·δᵢⱼ"},
      {"gaussian-nll --wrt z", "∂L/∂z = (z − y) ⊘ v"},
      {"huber", "∂L/∂z = z − y − sign(z − y) ⊙ max(0, abs(z − y) − 1)"},
      {"contrastive --wrt z", "∂L/∂z = (softmax(s) − e) y"},
      {"rotary", "∂L/∂z = g Rᵀ"},
      {"maxout --style differential", "dyᵢ = Σₗ 1[zᵢₗ = maxₚ zᵢₚ] dzᵢₗ"},
      {"focal --style differential", "γ (1 − s)^(γ − 1) ⊙ (−ds)"},
      {"contrastive --style differential", "= dz yᵀ (softmax(s) − e)ᵀ"},
      {"rotate --wrt a --style differential",
       "dy = z [−sin(a) da, cos(a) da; −cos(a) da, −sin(a) da]"},
      {"cross --wrt z --style differential",
       "= dz [0, x₃, −x₂; −x₃, 0, x₁; x₂, −x₁, 0]ᵀ"},
      {"skew --style differential", "∂L/∂z = [g₃₂ − g₂₃, g₁₃ − g₃₁, g₂₁ − g₁₂]"},
      {"--define \"y = [A*x; B*x; c'*x]\" --wrt x", "∂y/∂x = [A; B; cᵀ]"},
      {"--define 'y = [A*x; r]' --wrt r --size r=1", "∂y/∂r = [0; 1]"},
      {"gru --wrt d", "∂L/∂c = g ⊙ (1 − u) ⊙ (1 − n ⊙ n) ⊙ r"},
      {"lstm --wrt c", "∂L/∂c = g ⊙ o ⊙ (1 − tanh²(q)) ⊙ f"}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    snprintf(line, sizeof line, "$J derive %s", rows[k].arguments);
    ck_assert_msg(shell_run(line, out, sizeof out) == 0 &&
                      strstr(out, rows[k].has) != NULL,
                  "%s: %s", rows[k].arguments, out);
  }
}
END_TEST

/* Pairs by the names that the definition has: W is W_r, W_u, W_n of gru, y is x of cross.
 */
START_TEST(pairs_have_the_definitions_names) {
  static const struct {
    const char *arguments;
    int status, pairs;
    const char *has;
  } rows[] = {
      {"cross --wrt z,y", 0, 1, "∂²yᵢ/∂zⱼ∂xₖ = δ₂ⱼ·δᵢ₁·δ₃ₖ"},
      {"gumbel-softmax --wrt z,g", 0, 1, "∂²yᵢ/∂zⱼ∂qₖ"},
      {"bilinear --wrt z,y", 0, 1, "∂²y/∂z∂x = W"},
      {"gru --wrt z,W", 0, 3, "Second derivatives of gru with respect to z,W_n"},
      {"lstm --wrt b,b", 0, 10, "Second derivatives of lstm with respect to b_f,b_o"},
      {"linear,bias --wrt z,b", 0, 1, "∂²yᵢ/∂zⱼ∂bₖ = 0"},
      {"linear --wrt z,b", 2, 0, "linear has no b: it is there with the option bias"},
  };
  static char out[400000];
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    char line[200];
    int pairs = 0;
    snprintf(line, sizeof line, "$J derive %s 2>&1", rows[k].arguments);
    ck_assert_int_eq(shell_run(line, out, sizeof out), rows[k].status);
    ck_assert_msg(strstr(out, rows[k].has) != NULL, "%s: %s", rows[k].arguments, out);
    for (const char *at = out; (at = strstr(at, "Second derivatives of")); at++)
      pairs++;
    ck_assert_int_eq(pairs, rows[k].pairs);
  }
}
END_TEST

/* What was exponential in the number of factors, or of names, takes a moment, and no two
 * indices have one letter. */
START_TEST(long_products_take_no_longer) {
  static char out[60000];
  ck_assert_int_eq(
      shell_run("timeout 20 $J derive --wrt A3 --define 'f = "
                "A0*A1*A2*A3*A4*A5*A6*A7*A8*A9*A10*A11*A12*A13*A14*A15' | tr -s "
                "'\\n ' ' '",
                out, sizeof out),
      0);
  ck_assert_ptr_nonnull(strstr(out, "A6ᵀ A5ᵀ A4ᵀ ⊗ A0 A1 A2"));
  ck_assert_ptr_null(strstr(out, "_{zz}"));
  ck_assert_int_eq(
      shell_run("timeout 20 $J derive --wrt a --define 'q = tanh(W1*a); r = tanh(W2*q); "
                "s = tanh(W3*r); t = tanh(W4*s); u = tanh(W5*t); v = tanh(W6*u); w = "
                "tanh(W7*v); x = tanh(W8*w); y = tanh(W9*x); z = tanh(W10*y); "
                "f = sum(z)'",
                out, sizeof out),
      0);
  ck_assert_ptr_nonnull(strstr(out, "∂f/∂a = W1ᵀ (W2ᵀ"));
}
END_TEST

START_TEST(networks_go_module_by_module) {
  static char out[20000];
  ck_assert_int_eq(
      shell_run("$J derive linear tanh linear mse --wrt W_1", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "dh_2 = (1 − h_2 ⊙ h_2) ⊙ dh_1"));
  ck_assert_ptr_nonnull(strstr(out, "∂L/∂W_1 = 2 zᵀ ((h_3 − y) W_2ᵀ ⊙ (1 − h_2 ⊙ h_2))"));
  /* Backwards, a module at a time; attention too, whose softmax works row by row. */
  ck_assert_ptr_nonnull(strstr(out, "= 2 dh_2 W_2(h_3 − y)ᵀ"));
  ck_assert_int_eq(
      shell_run("$J derive attention --wrt Q --style differential", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "= tr((g Vᵀ ⊙ S − diag((g ⊙ y) 1_{m}) S)ᵀ dE)"));
  ck_assert_int_eq(
      shell_run("$J derive linear,bias cross-entropy --wrt W", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "∂L/∂W = zᵀ (softmax(h_1) − y)"));
  ck_assert_int_eq(shell_run("$J derive linear conv1d", out, sizeof out), 2);
}
END_TEST

/* Read as a teacher would, line by line. */
/* What is not read says what, where and what to do, in one line and the place. */
START_TEST(indices_that_run_too_far_are_named) {
  static const struct {
    const char *definition, *says;
  } rows[] = {
      {"y[i] = x[i-1]", "x[i - 1] does not exist where its index begins: shift it"},
      {"L = sum(i, x[i+1]*x[i])",
       "does not exist where its index ends: say a sum's ends"},
      {"y = x[i+1]", "the index i stands on one side alone: y[i] = ..."},
      {"y_i = sum_j w_j x_{i+j-1}", "sum_j is a name: a sum over j is sum(j, ...)"},
      {"L = sum_j x[j]^2", "in LaTeX \\sum_j\n  L = sum_j x[j]^2\n      ^\n"},
      {"L = prod_{k} x_k", "prod_k is a name"},
  };
  static char out[4000];
  char line[200];
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    snprintf(line, sizeof line, "$J derive --define '%s' 2>&1 >/dev/null",
             rows[k].definition);
    ck_assert_int_eq(shell_run(line, out, sizeof out), 2);
    ck_assert_msg(strstr(out, rows[k].says) != NULL, "%s: %s", rows[k].definition, out);
  }
}
END_TEST

START_TEST(derivations_as_they_were_read) {
  static char out[60000];
  size_t count = 0;
  for (size_t k = 0; k < jac_module_count(); k++) {
    const char *name = jac_module_at(k)->name;
    char line[200], path[200];
    if (!printed(name))
      continue;
    snprintf(line, sizeof line, "$J derive %s%s", name, some(name));
    ck_assert_int_eq(shell_run(line, out, sizeof out), 0);
    snprintf(path, sizeof path, "tests/visual/golden/derive/%s.txt", name);
    golden_check(path, out);
    count++;
  }
  ck_assert_uint_ge(count, 37);
}
END_TEST

Suite *derive_suite(void);
Suite *derive_suite(void) {
  Suite *suite = suite_create("derive");
  TCase *tcase = tcase_create("derive");
  tcase_set_timeout(tcase, 60);
  tcase_add_loop_test(tcase, verify_holds_what_derive_prints, 0, 3);
  tcase_add_loop_test(tcase, verify_holds_differentials, 0, 20);
  tcase_add_loop_test(tcase, verify_holds_latex, 0, 6);
  tcase_add_loop_test(tcase, verify_holds_derivations_of_ones_own, 0, 33);
  tcase_add_test(tcase, verify_holds_second_derivatives);
  tcase_add_test(tcase, second_derivatives_are_read_as_matrices);
  tcase_add_test(tcase, pairs_have_the_definitions_names);
  tcase_add_test(tcase, long_products_take_no_longer);
  tcase_add_test(tcase, options_and_batches_are_derived);
  tcase_add_test(tcase, closed_forms_are_shown);
  tcase_add_test(tcase, lines_are_of_a_terminal);
  tcase_add_test(tcase, second_derivatives_of_images_hold);
  tcase_add_test(tcase, variables_are_in_the_modules_order);
  tcase_add_test(tcase, quaternions_are_derived);
  tcase_add_test(tcase, a_wrong_step_does_not_hold);
  tcase_add_test(tcase, gaps_and_hints);
  tcase_add_test(tcase, latex_needs_amsmath_alone);
  tcase_add_test(tcase, every_module_is_derived);
  tcase_add_test(tcase, networks_go_module_by_module);
  tcase_add_test(tcase, indices_that_run_too_far_are_named);
  tcase_add_test(tcase, derivations_as_they_were_read);
  suite_add_tcase(suite, tcase);
  return suite;
}
