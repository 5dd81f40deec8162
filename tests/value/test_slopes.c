/* Derivatives of terms: against differences, to the third order, and against published
 * identities, at ordinary points and at special ones. */
#include "build.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The value of a term with one entry of x moved by h. */
static struct jac_value moved(term_t term, const struct jac_symbol *x,
                              const struct jac_value *at, size_t entry, double h,
                              uint64_t seed) {
  double *values = malloc(at->rows * at->cols * sizeof *values);
  memcpy(values, at->x, at->rows * at->cols * sizeof *values);
  values[entry] += h;
  struct jac_given given = {x->key, values};
  struct jac_sample sample = {.seed = seed, .given = &given, .givens = 1};
  struct jac_value v = value_in(term, &sample);
  jac_sample_clear(&sample);
  free(values);
  return v;
}

/* One column of the Jacobian: (f(-2h) - 8 f(-h) + 8 f(h) - f(2h)) / 12 h, numbered column
 * by column. */
static void against_difference(term_t f, const struct jac_symbol *x, uint64_t seed) {
  static const double step[4] = {-2.0, -1.0, 1.0, 2.0}, weight[4] = {1, -8, 8, -1};
  struct jac_sample sample = {.seed = seed};
  struct jac_value at = value_in(sym(x), &sample);
  struct jac_value j = value_in(deriv(f, x, JAC_LAYOUT_JACOBIAN), &sample);
  double h = 2e-4;
  for (size_t col = 0; col < j.cols; col++) {
    size_t entry = col % at.rows * at.cols + col / at.rows;
    double slope[600] = {0};
    for (size_t k = 0; k < 4; k++) {
      struct jac_value y = moved(f, x, &at, entry, step[k] * h, seed);
      ck_assert_uint_le(y.rows * y.cols, 600);
      ck_assert_uint_eq(y.rows * y.cols, j.rows);
      for (size_t i = 0; i < j.rows; i++)
        slope[i] += weight[k] * y.x[i % y.rows * y.cols + i / y.rows] / (12.0 * h);
      jac_value_free(&y);
    }
    for (size_t i = 0; i < j.rows; i++)
      ck_assert_msg(fabs(slope[i] - j.x[i * j.cols + col]) <=
                        1e-8 * fmax(1.0, fabs(slope[i])),
                    "seed %u, (%zu, %zu): %.12g by differences, %.12g", (unsigned)seed, i,
                    col, slope[i], j.x[i * j.cols + col]);
  }
  jac_value_free(&at);
  jac_value_free(&j);
  jac_sample_clear(&sample);
}

/* f and its first two derivatives. */
static void three_orders(term_t f, const struct jac_symbol *x) {
  for (uint64_t seed = 1; seed <= 2; seed++) {
    against_difference(f, x, seed);
    against_difference(deriv(f, x, JAC_LAYOUT_JACOBIAN), x, seed);
    against_difference(deriv(deriv(f, x, JAC_LAYOUT_JACOBIAN), x, JAC_LAYOUT_JACOBIAN), x,
                       seed);
  }
}

START_TEST(every_function_of_one_number) {
#define CONSTRUCT(id, role, binding, plain, latex, unicode)
#define READING(id, type, price, words, value)
#define ENTRYWISE(id, plain, latex, unicode, function) JAC_C_##id,
  static const enum jac_construct_id all[] = {
#include "jacobian/notation/constructs.def"
  };
#undef CONSTRUCT
#undef READING
#undef ENTRYWISE
  struct jac_symbol *x = symbol_of("x", 1, 1);
  x->values = JAC_UNIT; /* in the domain of all but one */
  for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
    if (all[k] != JAC_C_ACOSH)
      three_orders(op1(all[k], sym(x)), x);
  three_orders(op1(JAC_C_ACOSH, op1(JAC_C_EXP, sym(x))), x);
  /* those that are defined everywhere, on the other side too */
  for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
    if (all[k] != JAC_C_LOG && all[k] != JAC_C_SQRT && all[k] != JAC_C_ACOSH)
      three_orders(op1(all[k], op1(JAC_C_NEGATE, sym(x))), x);
}
END_TEST

START_TEST(every_operation) {
  struct jac_symbol *x = symbol_of("x", 3, 1), *A = symbol_of("A", 2, 2);
  struct jac_symbol *b = symbol_of("b", 3, 1), *p = symbol_of("p", 1, 1);
  static const enum jac_construct_id of_x[] = {
      JAC_C_NORM,     JAC_C_NORM1,      JAC_C_NORMMAX, JAC_C_TOTAL,      JAC_C_MEAN,
      JAC_C_VARIANCE, JAC_C_PRODUCTALL, JAC_C_SOFTMAX, JAC_C_LOGSOFTMAX, JAC_C_LOGSUMEXP,
      JAC_C_MAX,      JAC_C_MIN,        JAC_C_SKEW,    JAC_C_TRANSPOSE,  JAC_C_DIAG,
      JAC_C_VEC,      JAC_C_NEGATE};
  for (size_t k = 0; k < sizeof of_x / sizeof of_x[0]; k++)
    three_orders(op1(of_x[k], sym(x)), x);
  static const enum jac_construct_id of_a[] = {JAC_C_INVERSE, JAC_C_DET, JAC_C_TRACE,
                                               JAC_C_DIAG,    JAC_C_VEC, JAC_C_SYM,
                                               JAC_C_SOFTMAX, JAC_C_NORM};
  for (size_t k = 0; k < sizeof of_a / sizeof of_a[0]; k++)
    three_orders(op1(of_a[k], sym(A)), A);
  static const enum jac_construct_id of_two[] = {
      JAC_C_ADD,   JAC_C_SUBTRACT, JAC_C_HADAMARD, JAC_C_DIVIDE, JAC_C_OUTER,
      JAC_C_INNER, JAC_C_CROSS,    JAC_C_STACK,    JAC_C_MAX,    JAC_C_MIN};
  for (size_t k = 0; k < sizeof of_two / sizeof of_two[0]; k++) {
    three_orders(op2(of_two[k], sym(x), op1(JAC_C_TANH, sym(b))), x);
    three_orders(op2(of_two[k], op1(JAC_C_EXP, sym(b)), op1(JAC_C_EXP, sym(b))), b);
  }
  three_orders(op2(JAC_C_KRON, sym(A), op2(JAC_C_SIDE, sym(A), sym(A))), A);
  three_orders(op2(JAC_C_POWER, sym(A), number(3.0)), A);
  three_orders(op2(JAC_C_POWER, sym(A), number(-2.0)), A);
  three_orders(op2(JAC_C_POWER, sym(x), number(3.0)), x);
  three_orders(op2(JAC_C_POWER, op1(JAC_C_EXP, sym(x)), number(0.7)), x);
  three_orders(op2(JAC_C_POWER, op1(JAC_C_EXP, sym(p)), op1(JAC_C_SIN, sym(p))), p);
}
END_TEST

/* det(e^X) = e^{tr X}, whose slope is e^{tr X} I: small beside the products of entries
 * that sums and products alone would make it from. */
START_TEST(determinant_of_an_exponential) {
  struct jac_symbol *X = symbol_of("X", 5, 5);
  static double entries[25];
  for (size_t k = 0; k < 25; k++)
    entries[k] = (double)((7 * k + 3) % 11) / 2.0 - 2.5;
  struct jac_given given = {"X", entries};
  struct jac_sample sample = {.given = &given, .givens = 1};
  term_t det = op1(JAC_C_DET, op1(JAC_C_EXPM, sym(X))),
         trace = op1(JAC_C_EXP, op1(JAC_C_TRACE, sym(X)));
  struct jac_value v = value_in(det, &sample), w = value_in(trace, &sample),
                   g = value_in(deriv(det, X, JAC_LAYOUT_GRADIENT), &sample);
  ck_assert_double_eq_tol(v.x[0] / w.x[0], 1.0, 1e-9);
  for (size_t k = 0; k < 25; k++)
    ck_assert_double_eq_tol(g.x[k] / w.x[0], k % 6 == 0, 1e-9);
  jac_value_free(&v);
  jac_value_free(&w);
  jac_value_free(&g);
  jac_sample_clear(&sample);
}
END_TEST

START_TEST(derivative_of_a_determinant) {
  struct jac_symbol *A = symbol_of("A", 3, 3);
  term_t det = op1(JAC_C_DET, sym(A));
  /* Jacobi's formula: d det(A) = det(A) A^-T. */
  equal(deriv(det, A, JAC_LAYOUT_GRADIENT),
        op2(JAC_C_SIDE, det, op1(JAC_C_TRANSPOSE, op1(JAC_C_INVERSE, sym(A)))));
  /* At a matrix of rank 2 it is the matrix of cofactors, finite. */
  static const double singular[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  static const double cofactors[9] = {-3, 6, -3, 6, -12, 6, -3, 6, -3};
  struct jac_given given = {"A", singular};
  struct jac_sample sample = {.given = &given, .givens = 1};
  struct jac_value v = value_in(det, &sample);
  struct jac_value g = value_in(deriv(det, A, JAC_LAYOUT_GRADIENT), &sample);
  ck_assert_double_eq(v.x[0], 0.0);
  for (size_t k = 0; k < 9; k++)
    ck_assert_double_eq_tol(g.x[k], cofactors[k], 1e-12);
  jac_value_free(&v);
  jac_value_free(&g);
  jac_sample_clear(&sample);
}
END_TEST

START_TEST(identities_of_matrices) {
  struct jac_symbol *A = symbol_of("A", 3, 3), *B = symbol_of("B", 2, 4),
                    *X = symbol_of("X", 3, 2);
  term_t inverse = op1(JAC_C_INVERSE, sym(A));
  term_t minus = op1(JAC_C_NEGATE, op1(JAC_C_TRANSPOSE, inverse));
  /* d vec(A^-1) = -(A^-T kron A^-1) d vec(A) */
  equal(deriv(inverse, A, JAC_LAYOUT_JACOBIAN), op2(JAC_C_KRON, minus, inverse));
  /* vec(A X B) = (B^T kron A) vec(X) */
  term_t axb = op2(JAC_C_SIDE, op2(JAC_C_SIDE, sym(A), sym(X)), sym(B));
  term_t kron = op2(JAC_C_KRON, op1(JAC_C_TRANSPOSE, sym(B)), sym(A));
  equal(op1(JAC_C_VEC, axb), op2(JAC_C_SIDE, kron, op1(JAC_C_VEC, sym(X))));
  equal(deriv(axb, X, JAC_LAYOUT_JACOBIAN), kron);
  equal(deriv(axb, X, JAC_LAYOUT_TRANSPOSED), op1(JAC_C_TRANSPOSE, kron));
  /* numbered row by row: A kron B^T */
  struct jac_term *by_rows = deriv(axb, X, JAC_LAYOUT_JACOBIAN);
  by_rows->by_rows = true;
  equal(by_rows, op2(JAC_C_KRON, sym(A), op1(JAC_C_TRANSPOSE, sym(B))));
  /* d tr(X^T X) = 2 X */
  term_t trace = op1(JAC_C_TRACE, op2(JAC_C_SIDE, op1(JAC_C_TRANSPOSE, sym(X)), sym(X)));
  equal(deriv(trace, X, JAC_LAYOUT_GRADIENT), op2(JAC_C_SIDE, number(2.0), sym(X)));
  equal(deriv(trace, X, JAC_LAYOUT_GRADIENT_T),
        op2(JAC_C_SIDE, number(2.0), op1(JAC_C_TRANSPOSE, sym(X))));
}
END_TEST

START_TEST(softmax_and_its_kin) {
  struct jac_symbol *z = symbol_of("z", 4, 1);
  term_t s = op1(JAC_C_SOFTMAX, sym(z)), st = op1(JAC_C_TRANSPOSE, s);
  term_t jacobian = op2(JAC_C_SUBTRACT, op1(JAC_C_DIAG, s), op2(JAC_C_SIDE, s, st));
  equal(deriv(s, z, JAC_LAYOUT_JACOBIAN), jacobian);
  term_t lse = op1(JAC_C_LOGSUMEXP, sym(z));
  equal(deriv(lse, z, JAC_LAYOUT_GRADIENT), s);
  equal(deriv(deriv(lse, z, JAC_LAYOUT_GRADIENT), z, JAC_LAYOUT_JACOBIAN), jacobian);
  static const double far[4] = {1000.0, 999.0, -1000.0, 0.0};
  struct jac_given given = {"z", far};
  struct jac_sample sample = {.given = &given, .givens = 1};
  struct jac_value v = value_in(s, &sample), l = value_in(lse, &sample);
  struct jac_value j = value_in(deriv(s, z, JAC_LAYOUT_JACOBIAN), &sample);
  ck_assert_double_eq_tol(l.x[0], 1000.0 + log1p(exp(-1.0)), 1e-12);
  ck_assert_double_eq_tol(v.x[0], 1.0 / (1.0 + exp(-1.0)), 1e-15);
  ck_assert_double_eq(v.x[2], 0.0);
  ck_assert_double_eq_tol(j.x[1], -v.x[0] * v.x[1], 1e-15);
  jac_value_free(&v);
  jac_value_free(&l);
  jac_value_free(&j);
  jac_sample_clear(&sample);
}
END_TEST

START_TEST(hessians) {
  struct jac_symbol *x = symbol_of("x", 3, 1), *W = symbol_of("W", 3, 3);
  term_t wx = op2(JAC_C_SIDE, sym(W), sym(x));
  term_t form = op2(JAC_C_SIDE, op1(JAC_C_TRANSPOSE, sym(x)), wx);
  term_t hessian = deriv(deriv(form, x, JAC_LAYOUT_GRADIENT), x, JAC_LAYOUT_JACOBIAN);
  equal(hessian, op2(JAC_C_ADD, sym(W), op1(JAC_C_TRANSPOSE, sym(W))));
  term_t f = op1(JAC_C_TOTAL, op1(JAC_C_TANH, op1(JAC_C_EXP, wx)));
  hessian = deriv(deriv(f, W, JAC_LAYOUT_GRADIENT), W, JAC_LAYOUT_JACOBIAN);
  equal(hessian, op1(JAC_C_TRANSPOSE, hessian));
  /* mixed: both orders of derivation, transposed */
  term_t xw = deriv(deriv(f, x, JAC_LAYOUT_GRADIENT), W, JAC_LAYOUT_JACOBIAN);
  term_t wx2 = deriv(deriv(f, W, JAC_LAYOUT_GRADIENT), x, JAC_LAYOUT_JACOBIAN);
  equal(xw, op1(JAC_C_TRANSPOSE, wx2));
  /* third derivatives of sum x^3 / 6: ones on the diagonal of the diagonal */
  term_t cubes = op1(JAC_C_TOTAL, op2(JAC_C_POWER, sym(x), number(3.0)));
  term_t third =
      deriv(deriv(deriv(cubes, x, JAC_LAYOUT_GRADIENT), x, JAC_LAYOUT_JACOBIAN), x,
            JAC_LAYOUT_JACOBIAN);
  struct jac_sample sample = {.seed = 5};
  struct jac_value v = value_in(third, &sample);
  for (size_t k = 0; k < 27; k++)
    ck_assert_double_eq_tol(v.x[k], k == 0 || k == 13 || k == 26 ? 6.0 : 0.0, 1e-12);
  jac_value_free(&v);
  struct jac_error err;
  ck_assert_int_eq(
      jac_value(deriv(third, x, JAC_LAYOUT_JACOBIAN), &sample, NULL, NULL, 0, &v, &err),
      JAC_ELIMIT);
  jac_sample_clear(&sample);
}
END_TEST

/* Values at a point that is given, as numbers. */
static void at_point(term_t term, const struct jac_symbol *x, const double *at,
                     const double *expected, size_t count) {
  struct jac_given given = {x->key, at};
  struct jac_sample sample = {.given = &given, .givens = 1};
  struct jac_value v = value_in(term, &sample);
  ck_assert_uint_eq(v.rows * v.cols, count);
  for (size_t k = 0; k < count; k++)
    if (isnan(expected[k]))
      ck_assert_double_nan(v.x[k]);
    else
      ck_assert_msg(v.x[k] == expected[k] ||
                        fabs(v.x[k] - expected[k]) <= 1e-14 * fabs(expected[k]),
                    "entry %zu is %.17g, not %.17g", k, v.x[k], expected[k]);
  jac_value_free(&v);
  jac_sample_clear(&sample);
}

START_TEST(special_points) {
  struct jac_symbol *x = symbol_of("x", 3, 1), *y = symbol_of("y", 1, 1);
  const double zeros[3] = {0}, one_zero[3] = {2, 0, 5};
  enum jac_layout gradient = JAC_LAYOUT_GRADIENT;
  /* products with a zero, never by a quotient */
  term_t product = op1(JAC_C_PRODUCTALL, sym(x));
  at_point(deriv(product, x, gradient), x, one_zero, (double[]){0, 10, 0}, 3);
  at_point(deriv(product, x, gradient), x, zeros, zeros, 3);
  struct jac_index *i = index_of("i", 3);
  term_t entry = entry_of(sym(x), at_index(i), NULL);
  term_t big_product = big(JAC_C_PRODUCT, i, entry, NULL, NULL, NULL);
  at_point(deriv(big_product, x, gradient), x, one_zero, (double[]){0, 10, 0}, 3);
  /* u u^T at a zero */
  term_t outer = op2(JAC_C_SIDE, sym(x), op1(JAC_C_TRANSPOSE, sym(x)));
  at_point(deriv(entry_of(outer, number(1), number(2)), x, gradient), x, zeros, zeros, 3);
  /* powers at zero: 0^0 = 1, x^2 has slope 0, x^1 has slope 1 */
  for (int p = 0; p < 4; p++) {
    term_t power = op2(JAC_C_POWER, sym(y), number(p));
    at_point(power, y, zeros, &(double){p == 0}, 1);
    at_point(deriv(power, y, gradient), y, zeros, &(double){p == 1}, 1);
    at_point(deriv(deriv(power, y, gradient), y, gradient), y, zeros,
             &(double){p == 2 ? 2.0 : 0.0}, 1);
  }
  at_point(op2(JAC_C_POWER, sym(y), number(3)), y, &(double){-2}, &(double){-8}, 1);
  at_point(op1(JAC_C_SQRT, sym(y)), y, &(double){-2}, &(double){NAN}, 1);
  at_point(op1(JAC_C_LOG, sym(y)), y, &(double){-2}, &(double){NAN}, 1);
  at_point(deriv(op1(JAC_C_LOG, sym(y)), y, gradient), y, &(double){-2}, &(double){NAN},
           1);
  at_point(deriv(op1(JAC_C_NORM, sym(x)), x, gradient), x, zeros,
           (double[]){NAN, NAN, NAN}, 3);
  /* max(0, x) is relu, at its corner too */
  at_point(deriv(op2(JAC_C_MAX, number(0), sym(y)), y, gradient), y, zeros, zeros, 1);
  at_point(deriv(op2(JAC_C_MAX, sym(y), number(0)), y, gradient), y, zeros, zeros, 1);
  /* a quotient by small numbers: no square of them is taken */
  const double small = 1e-200;
  at_point(deriv(op2(JAC_C_DIVIDE, number(1e-200), sym(y)), y, gradient), y, &small,
           &(double){-1e200}, 1);
}
END_TEST

START_TEST(norms_of_large_and_small) {
  struct jac_symbol *x = symbol_of("x", 2, 1);
  term_t norm = op1(JAC_C_NORM, sym(x));
  static const double sizes[] = {1e200, 1e-200, 1e308, 1e-308, 1.0};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    const double at[2] = {0.6 * sizes[k], -0.8 * sizes[k]};
    at_point(norm, x, at, &sizes[k], 1);
    at_point(deriv(norm, x, JAC_LAYOUT_GRADIENT), x, at, (double[]){0.6, -0.8}, 2);
  }
}
END_TEST

START_TEST(functions_nobody_defines) {
  struct jac_symbol *x = symbol_of("x", 3, 1), *f = symbol_of("f", 2, 2);
  f->function = true;
  three_orders(call_of(f, 2, 2, sym(x)), x);
  struct jac_symbol *g = symbol_of("g", 3, 1);
  g->function = g->entrywise = true;
  term_t y = call_of(g, 3, 1, sym(x));
  three_orders(y, x);
  term_t first = entry_of(sym(x), number(2), NULL);
  equal(entry_of(y, number(2), NULL), call_of(g, 1, 1, first));
}
END_TEST

Suite *slopes_suite(void);
Suite *slopes_suite(void) {
  Suite *suite = suite_create("slopes");
  TCase *tests = tcase_create("slopes");
  tcase_add_checked_fixture(tests, NULL, build_free);
  tcase_add_test(tests, every_function_of_one_number);
  tcase_add_test(tests, every_operation);
  tcase_add_test(tests, derivative_of_a_determinant);
  tcase_add_test(tests, determinant_of_an_exponential);
  tcase_add_test(tests, identities_of_matrices);
  tcase_add_test(tests, softmax_and_its_kin);
  tcase_add_test(tests, hessians);
  tcase_add_test(tests, special_points);
  tcase_add_test(tests, norms_of_large_and_small);
  tcase_add_test(tests, functions_nobody_defines);
  suite_add_tcase(suite, tests);
  return suite;
}
