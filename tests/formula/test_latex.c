/* LaTeX as notes write it, read into trees; what cannot be read is said with its place.
 */
#include "jacobian/formula/caret.h"
#include "jacobian/formula/latex.h"
#include "jacobian/formula/render.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct jac_word words[] = {
    {"W", NULL, false, false},    {"z^{k-1}", NULL, false, false},
    {"hat_y", NULL, false, true}, {"h_t", NULL, false, false},
    {"f", "tanh", true, false},   {"softmax", "softmax", true, false},
    {"z^{k}", NULL, false, true}, {"X'", NULL, false, false},
    {"p", NULL, false, false},    {"input", NULL, false, false},
};
static const struct jac_vocabulary vocabulary = {words, sizeof words / sizeof words[0],
                                                 0};

/* The constructs that real notes use most, and the traps met in them. */
static const struct {
  const char *latex, *plain;
} readings[] = {
    {"W^T", "W'"},
    {"W^\\top x", "W'*x"},
    {"{W}^{\\mathsf{T}}", "W'"},
    {"X^{-T}", "(X^(-1))'"},
    {"\\mathbf{W}^{(2)}", "W^{(2)}"},
    {"W^{[l]}", "W^{[l]}"},
    {"W^{(k)T}", "W^{(k)}'"},
    {"z^{k-1}", "z^{k-1}"},
    {"z^{k-1}_{1,2}", "z^{k-1}[1,2]"},
    {"a^{k-1}", "a^(k - 1)"},
    {"w_{ij}", "w[i,j]"},
    {"w_{i,j}", "w[i,j]"},
    {"w_{k\\,l}", "w[k,l]"},
    {"w_{\\bullet,1}", "w[.,1]"},
    {"w_{1,output}", "w[1,output]"},
    {"W_{hh}", "W_hh"},
    {"y_{\\text{true}}", "y_true"},
    {"x_{i+1}", "x[i + 1]"},
    {"h_t", "h_t"},
    {"\\hat{y}_i", "hat_y[i]"},
    {"\\tilde c", "tilde_c"},
    {"\\widehat{y_i}", "hat_y[i]"},
    {"X'_i", "X'[i]"},
    {"X'X", "X'*X"},
    {"A'_{ij}", "A'[i,j]"},
    {"W^T_{ij}", "W'[i,j]"},
    {"\\sigma'(z)", "sigmoid'(z)"},
    {"f'(x)", "tanh'(x)"},
    {"\\sigma(z)(1-\\sigma(z))", "sigmoid(z)*(1 - sigmoid(z))"},
    {"\\sigma_i(1-\\sigma_i)", "sigma[i]*(1 - sigma[i])"},
    {"p_k(\\delta_{kj}-p_j)", "p[k]*(delta(k, j) - p[j])"},
    {"\\delta_j^i", "delta(j, i)"},
    {"\\hat{y}(x) - 1", "hat_y - 1"},
    {"1/\\sigma (I - rr^\\top)", "1 / sigma*(I - r*r')"},
    {"\\frac{1}{2}x", "1 / 2*x"},
    {"\\frac12 x", "1 / 2*x"},
    {"x/2m", "x / (2*m)"},
    {"-\\sum_j a_j + b", "-sum(j, a[j]) + b"},
    {"\\sum_{i=1}^{n} x_i y_i", "sum(i = 1:n, x[i]*y[i])"},
    {"\\sum_{j \\neq i} x_j", "sum(j, ind(j != i)*x[j])"},
    {"\\sum_{m,n} w_{m,n}", "sum(m, sum(n, w[m,n]))"},
    {"\\prod_{k} x_k", "prod(k, x[k])"},
    {"\\max_k x_k", "max(k, x[k])"},
    {"\\max(0, x)", "max(0, x)"},
    {"\\delta_1 U^T \\circ f'(z)", "delta[1]*U' .* tanh'(z)"},
    {"a \\odot b c", "a .* (b*c)"},
    {"I \\otimes x^T", "kron(I, x')"},
    {"\\mathrm{diag}(s) - s s^\\top", "diag(s) - s*s'"},
    {"\\operatorname{softmax}(z)", "softmax(z)"},
    {"softmax(z)_i", "softmax(z)[i]"},
    {"diag(s)", "diag(s)"},
    {"\\text{tr}(A X)", "tr(A*X)"},
    {"vec(W)", "vec(W)"},
    {"e^{-x}", "exp(-x)"},
    {"\\exp(-x^2)", "exp(-x^2)"},
    {"\\tanh^2(x)", "tanh(x)^2"},
    {"\\log x_i", "log(x[i])"},
    {"\\sqrt{x}", "sqrt(x)"},
    {"\\|x\\|_2^2", "norm(x)^2"},
    {"\\lVert X \\rVert_F", "norm(X)"},
    {"|X|", "det(X)"},
    {"|x_i|", "abs(x[i])"},
    {"\\ln|X|", "log(det(X))"},
    {"\\mathbf{1}_{i=j}", "ind(i = j)"},
    {"1_{i=j}", "ind(i = j)"},
    {"\\mathbb{1}[x > 0]", "ind(x > 0)"},
    {"[i = j] x", "ind(i = j)*x"},
    {"\\frac{\\partial L}{\\partial W}", "deriv(L, W)"},
    {"\\dfrac{\\partial y_i}{\\partial x_j}", "deriv(y[i], x[j])"},
    {"\\frac{d\\sigma(x)}{dx}", "deriv(sigmoid(x), x)"},
    {"\\frac{\\partial}{\\partial X} tr(AX)", "deriv(tr(A*X), X)"},
    {"\\nabla_x (x^T A x)", "deriv(x'*A*x, x)"},
    {"\\nabla_x^2 (x^T A x)", "deriv(deriv(x'*A*x, x), x)"},
    {"\\nabla^2_x L", "deriv(deriv(L, x), x)"},
    {"\\frac{\\partial^2 L}{\\partial x_i \\partial y_j}", "deriv(deriv(L, x[i]), y[j])"},
    {"\\frac{\\partial^2}{\\partial x \\partial x^\\top} L", "deriv(deriv(L, x), x)"},
    {"\\frac{d^2 L}{dx^2}", "deriv(deriv(L, x), x)"},
    {"\\partial L / \\partial x", "deriv(L, x)"},
    {"\\left(\\frac{\\partial L}{\\partial S}\\right)^\\top Q", "(deriv(L, S))'*Q"},
    {"\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}", "[a, b; c, d]"},
    {"\\begin{bmatrix} x_1 \\\\ \\vdots \\\\ x_n \\end{bmatrix}", "[x[1]; ...; x[n]]"},
    {"\\begin{cases} 1 & \\text{si } i = j \\\\ 0 & \\text{sinon} \\end{cases}",
     "cases(1, i = j, 0)"},
    {"\\begin{cases} x, & x > 0, \\\\ 0 & \\text{otherwise.} \\end{cases}",
     "cases(x, x > 0, 0)"},
    {"(x\xE2\x88\x92y)\xE2\x8A\x99z", "(x - y) .* z"},
    {"\\bm{x}\\,\\boldsymbol{y}~z", "x*y*z"},
    {"\\boxed{x}", "x"},
    {"||x||_2", "norm(x)"},
    {"\\|x\\|_1", "normone(x)"},
    {"\\|x\\|_\\infty", NULL},
    {"\\lvert x \\rvert", "abs(x)"},
    {"\\sqrt[3]{x}", "x^(1 / 3)"},
    {"\\sqrt(x)", "sqrt(x)"},
    {"\\sum_{i \\in S} x_i", "sum(i, x[i])"},
    {"\\sum_{i}^{n} x_i", "sum(i = 1:n, x[i])"},
    {"\\sum_{ij} x_{ij}", "sum(i, sum(j, x[i,j]))"},
    {"\\sum x", NULL},
    {"\\mathbf{1}_n x^T", "ones(n)*x'"},
    {"\\mathbf 1^T x", "1'*x"},
    {"\\mathbf{1}(x > 0)", "ind(x > 0)"},
    {"\\mathbf{1}\\{x \\geq 0\\}", "ind(x >= 0)"},
    {"1_{i \\not= j}", "ind(i != j)"},
    {"1_{i \\le j \\land i > 1}", "ind(i <= j and i > 1)"},
    {"I_n", "eye(n)"},
    {"I_{output}", "eye(output)"},
    {"I_{ij}", "I[i,j]"},
    {"\\begin{vmatrix} a & b \\\\ c & d \\end{vmatrix}", "det([a, b; c, d])"},
    {"\\begin{array}{cc} a & b \\end{array}", "[a, b]"},
    {"\\begin{bmatrix} a & ... & b \\\\ \\hline c \\\\ \\end{bmatrix}",
     "[a, ..., b; c, , ]"},
    {"\\begin{pmatrix} {\\dots} & a, \\end{pmatrix}", "[..., a]"},
    {"\\begin{pmatrix} a & b \\ c & d \\ \\end{pmatrix}", "[a, b; c, d]"},
    {"w{1,2}", "w[1,2]"},
    {"z^{k-1}{1, input}", "z^{k-1}[1,input]"},
    {"(A B)^{-1}", "(A*B)^(-1)"},
    {"(A B)^{2}_{ij}", "((A*B)^2)[i,j]"},
    {"(A')'", "A''"},
    {"x^*", "x^{*}"},
    {"x^{\\odot 2}", "x.^2"},
    {"x \\oslash y", "x ./ y"},
    {"x^\\prime y", "x'*y"},
    {"{\\sigma}'(z)", "sigma'*z"},
    {"2^{(n)}", "2^n"},
    {"e^{(x+y)z}", "exp((x + y)*z)"},
    {"\\sin 2x", "sin(2*x)"},
    {"\\tanh \\frac{x}{2}", "tanh(x / 2)"},
    {"\\ln \\det X", "log(det(X))"},
    {"\\exp{x}", "exp(x)"},
    {"\\nabla f", "deriv(f, )"},
    {"\\nabla_{W} L", "deriv(L, W)"},
    {"\\partial_x y", "deriv(y, x)"},
    {"\\partial (x y) / \\partial x", "deriv(x*y, x)"},
    {"\\frac{\\partial^3 y}{\\partial x^3}", NULL},
    {"\\frac{dy}{d}", "d*y / d"},
    {"x\xCB\x87", NULL},
    {"\xE2\x88\x82L/\xE2\x88\x82x", "deriv(L, x)"},
    {"x\xC2\xB2", "x^2"},
    {"W\xE1\xB5\x80", "W'"},
    {"\\{x\\}", "x"},
    {"[x + 1] y", "(x + 1)*y"},
    {"x \\div y \\ast z", "x / y*z"},
    {"\\max(x, y, z)", "max(x, y, z)"},
    {"x \\tag{1} \\label{e} \\nonumber", "x"},
    {"\\operatorname{log-softmax}(z)", "logsoftmax(z)"},
    {"\\text{ReLU}(z)", "relu(z)"},
    {"\\text{hello} x", NULL},
    {"\\ell", "l"},
    {"\\varepsilon + \\vartheta", "epsilon + theta"},
    {"h_{t-1}", "h[t - 1]"},
    {"W_{xh}", "W_xh"},
    {"\\left. x \\right.", "x"},
    {"\\hat{h}_t", "hat_h[t]"},
    {"\\bar{\\hat{x}}", "bar_hat_x"},
    {"x_{\\_}", NULL},
    {"{\\bf x}", "x"},
    {"x.", "x"},
};

START_TEST(notes_are_read) {
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_error err;
  const struct jac_node *tree;
  enum jac_status status =
      jac_latex_read(&a, readings[_i].latex, &vocabulary, &tree, NULL, &err);
  if (readings[_i].plain == NULL)
    ck_assert_int_eq(status, JAC_EINPUT);
  else {
    ck_assert_msg(status == JAC_OK, "%s: %s", readings[_i].latex, err.message);
    jac_formula_render(tree, JAC_NOTATION_ASCII, NULL, &text);
    ck_assert_str_eq(text.text, readings[_i].plain);
  }
  jac_buffer_free(&text);
  jac_arena_free(&a);
}
END_TEST

static const struct {
  const char *latex, *message;
} mistakes[] = {
    {"", "the formula ends where a number, a name or a bracket is expected\n  \n  ^"},
    {"W^T (x", "the formula ends where ) is expected\n  W^T (x\n        ^"},
    {"\\frac{1}{", "the formula ends where a number, a name or a bracket is expected\n"
                   "  \\frac{1}{\n           ^"},
    {"x + \\pdiv y", "'\\pdiv' where a number, a name or a bracket is expected\n"
                     "  x + \\pdiv y\n      ^"},
    {"x \\in R", "'\\in' where an operator or the end is expected\n  x \\in R\n    ^"},
    {"\\begin{align} x \\end{align}",
     "'\\begin align' where a matrix or cases is expected\n"
     "  \\begin{align} x \\end{align}\n  ^"},
};

START_TEST(mistakes_have_a_place) {
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_error err;
  const struct jac_node *tree;
  size_t position;
  ck_assert_int_eq(
      jac_latex_read(&a, mistakes[_i].latex, &vocabulary, &tree, &position, &err),
      JAC_EINPUT);
  jac_caret(&err, mistakes[_i].latex, position);
  ck_assert_str_eq(err.message, mistakes[_i].message);
  jac_arena_free(&a);
}
END_TEST

/* A text of length copies of a part: nothing crashes, what is too much is refused. */
START_TEST(bounds_hold) {
  static const char *const parts[] = {
      "{",   "(",        "\\frac{", "x^{",    "\\begin{pmatrix}",
      "x_",  "\\sum_i ", "-",       "\\sqrt", "|",
      "x^T", "\\left(",  "\\hat",   "e^{",    "\\tanh "};
  size_t length = strlen(parts[_i]), copies = 90000 / length;
  char *text = malloc(copies * length + 1);
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_error err;
  const struct jac_node *tree;
  ck_assert_ptr_nonnull(text);
  for (size_t k = 0; k < copies; k++)
    memcpy(text + k * length, parts[_i], length);
  text[copies * length] = '\0';
  enum jac_status status = jac_latex_read(&a, text, &vocabulary, &tree, NULL, &err);
  ck_assert(status == JAC_EINPUT || status == JAC_ELIMIT);
  jac_arena_free(&a);
  free(text);
}
END_TEST

Suite *latex_suite(void);
Suite *latex_suite(void) {
  Suite *suite = suite_create("latex");
  TCase *tc = tcase_create("latex");
  tcase_add_loop_test(tc, notes_are_read, 0, sizeof readings / sizeof readings[0]);
  tcase_add_loop_test(tc, mistakes_have_a_place, 0, sizeof mistakes / sizeof mistakes[0]);
  tcase_add_loop_test(tc, bounds_hold, 0, 15);
  suite_add_tcase(suite, tc);
  return suite;
}
