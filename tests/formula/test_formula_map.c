/* Functions that somebody typed: the derivative as a formula (the explicit Jacobian)
 * against dual numbers (the products) and finite differences (of the values alone). */
#include "jacobian/check.h"
#include "jacobian/define/formula_map.h"
#include "jacobian/values.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct jac_formula_size sizes[] = {
    {"x", 2, {3, 1}, false}, {"y", 2, {3, 1}, false}, {"z", 2, {1, 3}, false},
    {"W", 2, {3, 2}, false}, {"v", 2, {1, 2}, false}, {"A", 2, {3, 3}, false},
    {"X", 2, {3, 3}, false}, {"B", 2, {3, 3}, false}, {"b", 2, {3, 1}, false},
    {"r", 1, {3}, false},    {"c", 1, {1}, false},    {"C", 2, {2, 2}, false},
    {"D", 2, {2, 3}, false}};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static const char *const definitions[] = {
    "y1 = tanh(z*W) .* v",
    "softmax(A*x)",
    "softmax(A)",
    "logsoftmax(z)",
    "logsumexp(x)",
    "x'*A*x",
    "tr(A*X*B)",
    "tr(X'*X) + c*sum(X)",
    "det(X)",
    "log(abs(det(X)))",
    "inv(X)*b",
    "b'*inv(X)*x",
    "X^2",
    "X^3*b",
    "norm(x) + norm(X)",
    "normone(x)",
    "mean(x)*x",
    "sum(x .* y)",
    "dot(x, y)*x",
    "outer(x, y)",
    "kron(C, D)",
    "vec(A*X)",
    "diag(x)*A",
    "diag(X)",
    "diag(x) - x*x'",
    "silu(x) + gelu(x)",
    "max(x, 0) + min(x, 1/2)",
    "max(x, y)",
    "prod(i, x[i])",
    "prod(i = 1:2, x[i])",
    "max(i, x[i])",
    "sum(i, x[i]^2)",
    "sum(i = 1:2, x[i]*y[i+1])",
    "sum(i, cases(x[i]^2, i = 1, x[i]))",
    "ind(x > 0) .* x",
    "x ./ (1 + y.^2)",
    "x.^3",
    "2^c + c^2^2",
    "(1 + c^2)^(c/2)",
    "X^(-1)*b + (1 + c^2)^(1 + 1)*x",
    "exp(x) + log(1 + x.^2) + sqrt(1 + x.^2) + erf(x)",
    "sin(x) .* cos(x) + tan(x/4) + sinh(x) - cosh(x/2)",
    "arctan(x) + softplus(x) + abs(x) + relu(x) + sigmoid(x)",
    "Phi(x) .* phi(x) + sign(x)",
    "tanh'(x) + sigmoid'(x)",
    "A*x + b",
    "X + r",
    "(A - 2*I)*x",
    "ones(3)'*x + x'*1",
    "(eye(3) + A)*x",
    "zeros(3) + x",
    "[x, y; y, x]",
    "[A, 0; 0, c]*[x; c]",
    "A[1,2]*x",
    "A[.,1] + A[2,.]'",
    "(A*x)[2]",
    "(A*X)[1,.]",
    "sum(i, sum(j, A[i,j]*x[j]))",
    "W'*W",
    "s = softmax(x); -sum(y .* log(s))",
    "h = tanh(A*x); o = B*h + b; norm(o)",
    "s[i] = x[i]^2; sum(i, s[i]*y[i])",
    "delta(1, 1)*x + 0*y",
    "(I*2 - I)*x",
    "(-I)*x + I/2*x",
    "A .* I",
    "I + A",
    "inv(I)*A",
    "(1*1')*x",
    "x + 1",
    "A*1",
    "1'*A",
    "x ./ y + 1 ./ (2 + y.^2)",
    "A .* x",
    "A/c",
    "A .* r",
    "(A + B)[1,2]*x",
    "I[1,1]*x",
    "A[1,.]*x",
    "max(x, c)",
    "hat_x = x .* x; hat_x + x",
    "\\hat{h} = W^\\top x; \\hat{h} \\odot v^\\top",
    "\\mathbf{1}^\\top I x + \\mathbf{1}^\\top x",
    "(I + I) x",
    "(\\mathbf{1}_3 \\mathbf{1}_3^\\top) x",
    "A (\\mathbf{1} \\mathbf{1}_3^\\top)",
    "x + I",
    "I + \\mathbf{1} + c A",
    "\\mathbf{1}^\\top \\odot I + x",
    "u[o] = sum(i, x[i]*W[i,o])",
    "Y[i,j] = A[j,i]*x[i]",
    "n = sum(x); o = n*x; i = sum(o); i*o",
    "gamma = A*x; e = gamma .* gamma; e*c",
    "g(t) = t .* tanh(t); g(x) + g(A*x)",
    "einsum('ij,jk->ik', A, X)",
    "sum(t, x[t]*sum(i, A[t,i]*b[i]))",
    "det(C.^2)",
    "t = gelu(x) + c; sum(t)*b",
    "softmax(2)*x",
    "x \\cdot y",
    "s = x; sum(s)*y",
    "\\mathbf{1}^\\top A",
    "A \\mathbf{1}",
    "(\\mathbf{1} + \\mathbf{1})^\\top x",
    "(I c I) x - I^{-1} x + \\frac{I}{2} x",
    "x \\odot \\mathbf{1} + (I A) \\mathbf{1}",
    "\\mathbf{1}_{x > 0} \\odot x + \\mathbf{1}^\\top x \\, x",
    "-(-x) + x/2 - (x - y)*3",
    "f(x) = \\frac{1}{2} x^T (A + A^T) x",
    "\\sigma(A x + b) \\odot x",
    "\\sum_{i} x_i \\sum_{j \\neq i} y_j",
};

/* What the formulas call zero is, in numbers that come from elsewhere. */
static void check_zeros(const char *definition, const struct jac_map *map, size_t v,
                        const struct jac_array3 *J) {
  size_t *columns = malloc((J->cols + 1) * sizeof *columns);
  ck_assert_ptr_nonnull(columns);
  for (size_t row = 0; row < J->rows; row++) {
    size_t count = jac_map_columns(map, v, row, columns), k = 0;
    for (size_t col = 0; col < J->cols; col++) {
      bool may = k < count && columns[k] == col;
      k += may;
      ck_assert_msg(may || *jac_array3_at(J, 0, row, col) == 0.0,
                    "%s by %s: %zu, %zu is not zero", definition, map->var[v].name, row,
                    col);
    }
    ck_assert_uint_eq(k, count);
  }
  free(columns);
}

START_TEST(derivatives_agree) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_formula_map_new(definitions[_i], sizes, SIZES, &map, &err) == JAC_OK,
                "%s: %s", definitions[_i], err.message);
  ck_assert_int_eq(jac_values_new(map, 3, &x, &err), JAC_OK);
  for (size_t v = 0; v < map->nvar; v++) {
    struct jac_array3 J;
    struct jac_check_result result[JAC_REFERENCES];
    struct jac_check_options options = {JAC_DIFFERENCE_PLAIN, 1};
    ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), v, &J, &err),
                     JAC_OK);
    ck_assert_int_eq(jac_check(map, jac_values_point(&x), v, &J, &options, result, &err),
                     JAC_OK);
    for (int k = 0; k < JAC_REFERENCES; k++)
      ck_assert_msg(result[k].verdict == JAC_VERDICT_AGREES, "%s by %s: reference %d: %g",
                    definitions[_i], map->var[v].name, k, result[k].max_abs_error);
    check_zeros(definitions[_i], map, v, &J);
    jac_array3_free(&J);
  }
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

/* What is printed of a definition, typed again, is the same function. */
START_TEST(what_is_printed_can_be_typed) {
  struct jac_map *map, *again;
  struct jac_values x;
  struct jac_error err = {JAC_OK, ""};
  char text[1000];
  ck_assert_int_eq(jac_formula_map_new(definitions[_i], sizes, SIZES, &map, &err),
                   JAC_OK);
  if (map->definition != NULL) {
    snprintf(text, sizeof text, "%s%s%s", map->where ? map->where : "",
             map->where ? "; " : "", map->definition);
    ck_assert_msg(jac_formula_map_new(text, sizes, SIZES, &again, &err) == JAC_OK,
                  "%s: %s: %s", definitions[_i], text, err.message);
    ck_assert_int_eq(jac_values_new(map, 3, &x, &err), JAC_OK);
    const gsl_matrix *point[SIZES];
    for (size_t v = 0; v < again->nvar; v++)
      point[v] = jac_values_point(&x)[jac_map_find(map, again->var[v].name)];
    gsl_matrix *y = gsl_matrix_calloc(map->rows, map->cols),
               *other = gsl_matrix_calloc(again->rows, again->cols);
    ck_assert_int_eq(map->type->forward(map, jac_values_point(&x), y), JAC_OK);
    ck_assert_int_eq(again->type->forward(again, point, other), JAC_OK);
    ck_assert_uint_eq(y->size1 * y->size2, other->size1 * other->size2);
    gsl_matrix_sub(y, other);
    ck_assert_msg(gsl_matrix_max(y) < 1e-12 && gsl_matrix_min(y) > -1e-12, "%s: %s",
                  definitions[_i], text);
    gsl_matrix_free(y);
    gsl_matrix_free(other);
    jac_values_free(&x);
    jac_map_free(again);
  }
  jac_map_free(map);
}
END_TEST

static const struct {
  const char *latex, *definition;
} printed[] = {
    {"y = a \\cdot x", NULL}, /* of no shape */
    {"f = x \\cdot y", "f = sum(x .* y)"},
    {"f = \\mathbf{1}^\\top x", "f = ones(3, 1)'*x"},
    {"s_i = \\frac{e^{x_i}}{\\sum_{j=1}^3 e^{x_j}}",
     "s[i] = exp(x[i]) / sum(j = 1:3, exp(x[j]))"},
    {"g(t) = t^2; f = g(x[1])", "f = x[1]^2"},
    {"f = \\begin{cases} c & c > 0 \\\\ 0 & \\text{otherwise} \\end{cases}",
     "f = cases(c, c > 0, 0)"},
    {"f = \\hat{c}; ", NULL},
};

START_TEST(latex_is_printed_plainly) {
  struct jac_map *map;
  struct jac_error err = {JAC_OK, ""};
  enum jac_status status =
      jac_formula_map_new(printed[_i].latex, sizes, SIZES, &map, &err);
  if (printed[_i].definition == NULL) {
    ck_assert_int_eq(status, JAC_EINPUT);
    return;
  }
  ck_assert_msg(status == JAC_OK, "%s: %s", printed[_i].latex, err.message);
  ck_assert_str_eq(map->definition, printed[_i].definition);
  jac_map_free(map);
}
END_TEST

static const struct {
  const char *definition, *message;
} faults[] = {
    {"sigma(x).^2",
     "sigma is read as a factor before the bracket: a function's power entry by entry is "
     "(sigma(x)).^2\n  sigma(x).^2\n  ^"},
    {"q + 1", "q has no size: add --size q=3x2, or 1 for a number\n  q + 1\n  ^"},
    {"y1 = W*x", "W is 3 x 2 and x is 3 x 1: * does not fit\n  y1 = W*x\n       ^"},
    {"2*3", "the formula has no variable to differentiate by"},
    {"x + 1 = y", "the left side of a definition is a name, as in y = tanh(z*W)"},
    {"a = ; b",
     "the formula ends where a number, a name or a bracket is expected\n  a = ; b\n"
     "      ^"},
    {"tr(W)", "W is 3 x 2: tr does not fit\n  tr(W)\n  ^"},
    {"x^y", "3 x 1 and 3 x 1 does not fit\n  x^y\n"},
    {"dot(x, v)", "x is 3 x 1 and v is 1 x 2: inner does not fit\n  dot(x, v)\n  ^"},
    {"[x; W]", "the blocks of the matrix do not fit beside each other"},
    {"[1, 2, 3; 4, 5]*x", "rows of different lengths, 3 and 2"},
    {"max(x, W)", "x is 3 x 1 and W is 3 x 2: max does not fit"},
    {"ones(0) + c", "the size is not read"},
    {"kron(I, x)", "the size of I or of the ones is not known here: write I_n"},
    {"sum(i, I)*c", "the size of I or of the ones is not known here: write I_n"},
    {"\\mathbf{1}^\\top \\mathbf{1} c", "the size of I or of the ones is not known here"},
    {"x \\mathbf{1}^\\top", "the size of I or of the ones is not known here"},
    {"(\\mathbf{1} \\mathbf{1}^\\top) x", "the size of I or of the ones is not known"},
    {"W^0.5 + W^x", "3 x 2 and 1 x 1 does not fit"},
    {"x/W", "x is 3 x 1 and W is 3 x 2: / does not fit"},
    {"deriv(A*x, A[9,1])", "entry 9 of 3 does not exist"},
    {"deriv(x, A[1,1,1])", "a matrix has two indices"},
    {"deriv(x, I)", "a derivative is by a name"},
    {"x > 1", "an equation is expected here"},
    {"ind(W > x)*c", "two shapes are compared"},
    {"x = A*x", "x is defined by itself"},
    {"x*x", "x is 3 x 1 and x is 3 x 1: * does not fit"},
    {"foo(x)", "foo: no function is called so\n  foo(x)\n  ^"},
    {"sum(i = 5:1000000000000, c)", "working it out takes more than"},
};

START_TEST(faults_have_a_place) {
  struct jac_map *map;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_ne(jac_formula_map_new(faults[_i].definition, sizes, SIZES, &map, &err),
                   JAC_OK);
  ck_assert_ptr_null(map);
  ck_assert_msg(strncmp(err.message, faults[_i].message, strlen(faults[_i].message)) ==
                        0 ||
                    strstr(err.message, faults[_i].message) != NULL,
                "%s: %s", faults[_i].definition, err.message);
}
END_TEST

Suite *formula_map_suite(void);
Suite *formula_map_suite(void) {
  Suite *suite = suite_create("formula_map");
  TCase *tc = tcase_create("formula_map");
  tcase_set_timeout(tc, 30);
  tcase_add_loop_test(tc, derivatives_agree, 0,
                      sizeof definitions / sizeof definitions[0]);
  tcase_add_loop_test(tc, what_is_printed_can_be_typed, 0,
                      sizeof definitions / sizeof definitions[0]);
  tcase_add_loop_test(tc, latex_is_printed_plainly, 0,
                      sizeof printed / sizeof printed[0]);
  tcase_add_loop_test(tc, faults_have_a_place, 0, sizeof faults / sizeof faults[0]);
  suite_add_tcase(suite, tc);
  return suite;
}
