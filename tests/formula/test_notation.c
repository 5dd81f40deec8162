/* LaTeX as notes write it, read into notation, and spelled as one would type it; what
 * cannot be read is said with its place. */
#include "jacobian/buffer.h"
#include "jacobian/formula/caret.h"
#include "jacobian/notation/notation.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The constructs that real notes use most, and the traps met in them. */
static const struct {
  const char *latex, *plain;
} readings[] = {
    {"W^T", "W^T"},
    {"W^\\top x", "W^{top} x"},
    {"{W}^{\\mathsf{T}}", "W^T"},
    {"X^{-T}", "X^{-T}"},
    {"\\mathbf{W}^{(2)}", "W^{(2)}"},
    {"W^{[l]}", "W^{[l]}"},
    {"W^{(k)T}", "W^{(k) T}"},
    {"z^{k-1}", "z^{k-1}"},
    {"z^{k-1}_{1,2}", "z_{1,2}^{k-1}"},
    {"a^{k-1}", "a^{k-1}"},
    {"w_{ij}", "w_ij"},
    {"w_{i,j}", "w_{i,j}"},
    {"w_{k\\,l}", "w_kl"},
    {"w_{\\bullet,1}", "w_{bullet,1}"},
    {"w_{1,output}", "w_{1,output}"},
    {"W_{hh}", "W_hh"},
    {"y_{\\text{true}}", "y_true"},
    {"x_{i+1}", "x_{i+1}"},
    {"h_t", "h_t"},
    {"\\hat{y}_i", "hat_y_i"},
    {"\\tilde c", "tilde_c"},
    {"\\widehat{y_i}", "hat_y_i"},
    {"X'_i", "X_i'"},
    {"X'X", "X' X"},
    {"A'_{ij}", "A_ij'"},
    {"W^T_{ij}", "W_ij^T"},
    {"\\sigma'(z)", "sigma'(z)"},
    {"f'(x)", "f'(x)"},
    {"\\sigma(z)(1-\\sigma(z))", "sigma(z)(1-sigma(z))"},
    {"\\sigma_i(1-\\sigma_i)", "sigma_i(1-sigma_i)"},
    {"p_k(\\delta_{kj}-p_j)", "p_k(delta_kj-p_j)"},
    {"\\delta_j^i", "delta_j^i"},
    {"\\hat{y}(x) - 1", "hat_y(x)-1"},
    {"1/\\sigma (I - rr^\\top)", "1/sigma(I-r r^{top})"},
    {"\\frac{1}{2}x", "(1)/(2) x"},
    {"\\frac12 x", "(1)/(2) x"},
    {"x/2m", "x/(2m)"},
    {"-\\sum_j a_j + b", "-sum_j a_j+b"},
    {"\\sum_{i=1}^{n} x_i y_i", "sum_{i = 1}^n x_i y_i"},
    {"\\sum_{j \\neq i} x_j", "sum_{j != i} x_j"},
    {"\\sum_{m,n} w_{m,n}", "sum_{m,n} w_{m,n}"},
    {"\\prod_{k} x_k", "prod_k x_k"},
    {"\\max_k x_k", "max_k x_k"},
    {"\\max(0, x)", "max(0,x)"},
    {"\\delta_1 U^T \\circ f'(z)", "delta_1 U^T \xE2\x88\x98 f'(z)"},
    {"a \\odot b c", "a .* bc"},
    {"I \\otimes x^T", "I \xE2\x8A\x97 x^T"},
    {"\\mathrm{diag}(s) - s s^\\top", "diag(s)-s s^{top}"},
    {"\\operatorname{softmax}(z)", "softmax(z)"},
    {"softmax(z)_i", "softmax(z)_i"},
    {"diag(s)", "diag(s)"},
    {"\\text{tr}(A X)", "tr(AX)"},
    {"vec(W)", "vec(W)"},
    {"e^{-x}", "e^{-x}"},
    {"\\exp(-x^2)", "exp(-x^2)"},
    {"\\tanh^2(x)", "tanh^2(x)"},
    {"\\log x_i", "log x_i"},
    {"\\sqrt{x}", "sqrt(x)"},
    {"\\|x\\|_2^2", "||x||_2^2"},
    {"\\lVert X \\rVert_F", "||X||_F"},
    {"|X|", "|X|"},
    {"|x_i|", "|x_i|"},
    {"\\ln|X|", "ln|X|"},
    {"\\mathbf{1}_{i=j}", "bold_1_{i = j}"},
    {"1_{i=j}", "1_{i = j}"},
    {"\\mathbb{1}[x > 0]", "bb_1[x > 0]"},
    {"[i = j] x", "[i = j] x"},
    {"\\frac{\\partial L}{\\partial W}", "(partial L)/(partial W)"},
    {"\\dfrac{\\partial y_i}{\\partial x_j}", "(partial y_i)/(partial x_j)"},
    {"\\frac{d\\sigma(x)}{dx}", "(d sigma(x))/(dx)"},
    {"\\frac{\\partial}{\\partial X} tr(AX)", "(partial)/(partial X) tr(AX)"},
    {"\\nabla_x (x^T A x)", "nabla_x(x^T Ax)"},
    {"\\nabla_x^2 (x^T A x)", "nabla_x^2(x^T Ax)"},
    {"\\nabla^2_x L", "nabla_x^2 L"},
    {"\\frac{\\partial^2 L}{\\partial x_i \\partial y_j}",
     "(partial^2 L)/(partial x_i partial y_j)"},
    {"\\frac{\\partial^2}{\\partial x \\partial x^\\top} L",
     "(partial^2)/(partial x partial x^{top}) L"},
    {"\\frac{d^2 L}{dx^2}", "(d^2 L)/(d x^2)"},
    {"\\partial L / \\partial x", "partial L/partial x"},
    {"\\left(\\frac{\\partial L}{\\partial S}\\right)^\\top Q",
     "((partial L)/(partial S))^{top} Q"},
    {"\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}", "[a, b; c, d]"},
    {"\\begin{bmatrix} x_1 \\\\ \\vdots \\\\ x_n \\end{bmatrix}", "[x_1; ...; x_n]"},
    {"\\begin{cases} 1 & \\text{si } i = j \\\\ 0 & \\text{sinon} \\end{cases}",
     "cases(1, i = j, 0, )"},
    {"\\begin{cases} x, & x > 0, \\\\ 0 & \\text{otherwise.} \\end{cases}",
     "cases(x, x > 0, 0, )"},
    {"(x\xE2\x88\x92y)\xE2\x8A\x99z", "(x-y) .* z"},
    {"\\bm{x}\\,\\boldsymbol{y}~z", "xyz"},
    {"\\boxed{x}", "x"},
    {"||x||_2", "||x||_2"},
    {"\\|x\\|_1", "||x||_1"},
    {"\\lvert x \\rvert", "|x|"},
    {"\\sum_{i \\in S} x_i", "sum_{i in S} x_i"},
    {"\\sum_{i}^{n} x_i", "sum_i^n x_i"},
    {"\\sum_{ij} x_{ij}", "sum_ij x_ij"},
    {"\\mathbf{1}_n x^T", "bold_1_n x^T"},
    {"\\mathbf 1^T x", "bold_1^T x"},
    {"\\mathbf{1}(x > 0)", "bold_1(x > 0)"},
    {"\\mathbf{1}\\{x \\geq 0\\}", "bold_1{x >= 0}"},
    {"1_{i \\not= j}", "1_{i != j}"},
    {"1_{i \\le j \\land i > 1}", "1_{i <= j and i > 1}"},
    {"I_n", "I_n"},
    {"I_{output}", "I_output"},
    {"I_{ij}", "I_ij"},
    {"\\begin{vmatrix} a & b \\\\ c & d \\end{vmatrix}", "|[a, b; c, d]|"},
    {"\\begin{array}{cc} a & b \\end{array}", "[a, b]"},
    {"\\begin{pmatrix} {\\dots} & a, \\end{pmatrix}", "[(...), a]"},
    {"w{1,2}", "w(1,2)"},
    {"z^{k-1}{1, input}", "z^{k-1}(1,input)"},
    {"(A B)^{-1}", "(AB)^{-1}"},
    {"(A B)^{2}_{ij}", "(AB)_ij^2"},
    {"(A')'", "(A')'"},
    {"x^*", "x^*"},
    {"x^{\\odot 2}", "x .^ 2"},
    {"x \\oslash y", "x ./ y"},
    {"x^\\prime y", "x' y"},
    {"{\\sigma}'(z)", "sigma'(z)"},
    {"2^{(n)}", "2^{(n)}"},
    {"e^{(x+y)z}", "e^{(x+y) z}"},
    {"\\sin 2x", "sin 2x"},
    {"\\tanh \\frac{x}{2}", "tanh (x)/(2)"},
    {"\\ln \\det X", "ln det X"},
    {"\\exp{x}", "exp x"},
    {"\\nabla f", "nabla f"},
    {"\\nabla_{W} L", "nabla_W L"},
    {"\\partial_x y", "partial_x y"},
    {"\\partial (x y) / \\partial x", "partial(xy)/partial x"},
    {"\\frac{dy}{d}", "(dy)/(d)"},
    {"\xE2\x88\x82L/\xE2\x88\x82x", "partial L/partial x"},
    {"x\xC2\xB2", "x^2"},
    {"\\{x\\}", "{x}"},
    {"[x + 1] y", "[x+1] y"},
    {"x \\div y \\ast z", "x/y * z"},
    {"\\max(x, y, z)", "max(x,y,z)"},
    {"x \\tag{1} \\label{e} \\nonumber", "x"},
    {"\\operatorname{log-softmax}(z)", "logsoftmax(z)"},
    {"\\text{ReLU}(z)", "ReLU(z)"},
    {"\\ell", "ell"},
    {"\\varepsilon + \\vartheta", "epsilon+theta"},
    {"h_{t-1}", "h_{t-1}"},
    {"W_{xh}", "W_xh"},
    {"\\left. x \\right.", "x"},
    {"\\hat{h}_t", "hat_h_t"},
    {"\\bar{\\hat{x}}", "bar_hat_x"},
    {"{\\bf x}", "x"},
    {"x.", "x"},
};

START_TEST(notes_are_read) {
  struct jac_pool pool = JAC_POOL_INIT;
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_error err;
  const struct jac_syntax *notation;
  enum jac_status status =
      jac_notation_read(&pool, readings[_i].latex, true, &notation, NULL, &err);
  if (readings[_i].plain == NULL)
    ck_assert_int_eq(status, JAC_EINPUT);
  else {
    ck_assert_msg(status == JAC_OK, "%s: %s", readings[_i].latex, err.message);
    jac_notation_spell(notation, &text);
    ck_assert_str_eq(text.text, readings[_i].plain);
  }
  jac_buffer_free(&text);
  jac_pool_free(&pool);
}
END_TEST

static const struct {
  const char *latex, *message;
} mistakes[] = {
    {"", "the end where a number, a name or a bracket is expected\n  \n  ^"},
    {"W^T (x", "the end where ')' is expected\n  W^T (x\n        ^"},
    {"\\frac{1}{", "the end where a number, a name or a bracket is expected\n"
                   "  \\frac{1}{\n           ^"},
    {"W^{", "'}' is missing\n  W^{\n    ^"},
    {"\\frac{1}", "the end where an argument is expected\n  \\frac{1}\n          ^"},
    {"(x))", "')' where the end is expected\n  (x))\n     ^"},
};

START_TEST(mistakes_have_a_place) {
  struct jac_pool pool = JAC_POOL_INIT;
  struct jac_error err;
  const struct jac_syntax *notation;
  size_t position;
  ck_assert_int_eq(
      jac_notation_read(&pool, mistakes[_i].latex, true, &notation, &position, &err),
      JAC_EINPUT);
  jac_caret(&err, mistakes[_i].latex, position);
  ck_assert_str_eq(err.message, mistakes[_i].message);
  jac_pool_free(&pool);
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
  struct jac_pool pool = JAC_POOL_INIT;
  struct jac_error err;
  const struct jac_syntax *notation;
  ck_assert_ptr_nonnull(text);
  for (size_t k = 0; k < copies; k++)
    memcpy(text + k * length, parts[_i], length);
  text[copies * length] = '\0';
  enum jac_status status = jac_notation_read(&pool, text, true, &notation, NULL, &err);
  ck_assert(status == JAC_EINPUT || status == JAC_ELIMIT);
  jac_pool_free(&pool);
  free(text);
}
END_TEST

Suite *notation_suite(void);
Suite *notation_suite(void) {
  Suite *suite = suite_create("notation");
  TCase *tc = tcase_create("latex");
  tcase_add_loop_test(tc, notes_are_read, 0, sizeof readings / sizeof readings[0]);
  tcase_add_loop_test(tc, mistakes_have_a_place, 0, sizeof mistakes / sizeof mistakes[0]);
  tcase_add_loop_test(tc, bounds_hold, 0, 15);
  suite_add_tcase(suite, tc);
  return suite;
}
