/* MathML: known trees, and whatever the tree, elements that are closed and names that are
 * no markup. */
#include "jacobian/formula/latex.h"
#include "jacobian/formula/mathml.h"

#include <check.h>
#include <string.h>

static const struct {
  const char *latex, *mathml;
} known[] = {
    {"x + 1", "<mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow>"},
    {"s_i(1 - s_j)",
     "<mrow><msub><mi>s</mi><mrow><mi>i</mi></mrow></msub><mo>&#x2062;</mo>"
     "<mo>(</mo><mn>1</mn><mo>−</mo><msub><mi>s</mi><mrow><mi>j</mi></mrow>"
     "</msub><mo>)</mo></mrow>"},
    {"\\frac{\\gamma}{2}",
     "<mrow><mfrac><mrow><mi>γ</mi></mrow><mrow><mn>2</mn></mrow></mfrac>"
     "</mrow>"},
    {"W^T", "<mrow><msup><mrow><mi>W</mi></mrow><mo>⊤</mo></msup></mrow>"},
    {"z^{(k)}_{1,2}",
     "<mrow><msubsup><mi>z</mi><mrow><mn>1</mn><mo>,</mo><mn>2</mn></mrow>"
     "<mi>(k)</mi></msubsup></mrow>"},
    {"c^{<t>}", "<mrow><msup><mi>c</mi><mi>&lt;t&gt;</mi></msup></mrow>"},
    {"\\hat{y}", "<mrow><mover accent=\"true\"><mi>y</mi><mo>^</mo></mover></mrow>"},
};

START_TEST(known_trees) {
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_buffer out = JAC_BUFFER_INIT;
  const struct jac_node *tree;
  ck_assert_int_eq(jac_latex_read(&a, known[_i].latex, NULL, &tree, NULL, NULL), JAC_OK);
  jac_formula_mathml(tree, &out);
  ck_assert_str_eq(out.text, known[_i].mathml);
  jac_buffer_free(&out);
  jac_arena_free(&a);
}
END_TEST

/* Elements close in the order in which they opened. */
static void closes(const char *text) {
  char open[200][16];
  size_t depth = 0;
  for (const char *at = text; (at = strchr(at, '<')) != NULL; at++) {
    bool end = at[1] == '/';
    const char *from = at + 1 + end;
    size_t length = strcspn(from, " >");
    ck_assert_uint_lt(length, 16);
    if (!end) {
      ck_assert_uint_lt(depth, 200);
      memcpy(open[depth], from, length);
      open[depth++][length] = '\0';
    } else {
      ck_assert_uint_gt(depth, 0);
      depth--;
      ck_assert_msg(strlen(open[depth]) == length &&
                        memcmp(open[depth], from, length) == 0,
                    "%s", text);
    }
  }
  ck_assert_uint_eq(depth, 0);
}

START_TEST(elements_close) {
  static const char *const formulas[] = {
      "\\begin{pmatrix} z & \\cdots & 0 \\\\ \\vdots & \\ddots & \\\\ 0 & & z "
      "\\end{pmatrix}",
      "\\begin{cases} 1 & \\text{if } i = j \\\\ 0 & \\text{otherwise} \\end{cases}",
      "\\sum_{i=1}^{n} \\prod_k \\max_j x_{i,k,j} \\odot (y \\otimes I)",
      "\\frac{\\partial L}{\\partial W} + \\nabla_x (x^T A x) - \\mathbf{1}_{x \\leq 0}",
      "\\max(x, -2, 0.25) + \\|x y\\| + |x_i| + (x + y) \\otimes (a \\odot b) - "
      "\\sigma'(z)",
      "1_{i < j \\land x \\geq 2 \\land y \\neq 0 \\land z > 1} x \\cdot 2 - (a - b)",
      "\\mathrm{foo} + x^{-2} + \\tilde{c}_t + \\bar{x}^{(l)} + \\dot{y} + "
      "\\Omega_{\\mathrm{in}}",
      "\\operatorname{kron}(A, B) + \\operatorname{norm}(x) + \\operatorname{abs}(X)",
      "(A B)_{i,j}^2 \\sqrt{|x|} \\|y\\| e^{-x} \\delta_{ij} f'(x) w_{\\bullet,1} "
      "X^{-T}"};
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_buffer out = JAC_BUFFER_INIT;
  const struct jac_node *tree;
  ck_assert_int_eq(jac_latex_read(&a, formulas[_i], NULL, &tree, NULL, NULL), JAC_OK);
  jac_formula_mathml(tree, &out);
  closes(out.text);
  jac_buffer_free(&out);
  jac_arena_free(&a);
}
END_TEST

START_TEST(names_are_no_markup) {
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_formula_mathml(jac_node_named(&a, JAC_NAME, "<b>&\"x", 0, NULL), &out);
  ck_assert_str_eq(out.text, "<mrow><mi>&lt;b&gt;&amp;&quot;x</mi></mrow>");
  jac_buffer_clear(&out);
  jac_formula_mathml(jac_number(&a, -0.5), &out);
  ck_assert_str_eq(out.text, "<mrow><mo>−</mo><mn>0.5</mn></mrow>");
  jac_buffer_free(&out);
  jac_arena_free(&a);
}
END_TEST

Suite *mathml_suite(void);
Suite *mathml_suite(void) {
  Suite *suite = suite_create("mathml");
  TCase *tc = tcase_create("mathml");
  tcase_add_loop_test(tc, known_trees, 0, sizeof known / sizeof known[0]);
  tcase_add_loop_test(tc, elements_close, 0, 9);
  tcase_add_test(tc, names_are_no_markup);
  suite_add_tcase(suite, tc);
  return suite;
}
