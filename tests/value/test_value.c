/* Terms' values: definitions, families, indices, cases, random values, bounds. */
#include "build.h"
#include "jacobian/value/field.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

START_TEST(bodies_and_paths) {
  struct jac_symbol *x = symbol_of("x", 3, 1), *W = symbol_of("W", 2, 3);
  struct jac_symbol *z = defined_as("z", op2(JAC_C_SIDE, sym(W), sym(x)));
  struct jac_symbol *a = defined_as("a", op1(JAC_C_TANH, sym(z)));
  struct jac_symbol *L = defined_as("L", op2(JAC_C_INNER, sym(a), sym(z)));
  term_t wt = op1(JAC_C_TRANSPOSE, sym(W));
  term_t dz = deriv(sym(L), z, JAC_LAYOUT_GRADIENT);
  /* the chain rule through definitions; a definition is cut where it is the variable */
  equal(deriv(sym(L), x, JAC_LAYOUT_GRADIENT), op2(JAC_C_SIDE, wt, dz));
  equal(deriv(sym(L), W, JAC_LAYOUT_GRADIENT),
        op2(JAC_C_SIDE, dz, op1(JAC_C_TRANSPOSE, sym(x))));
  equal(deriv(sym(L), a, JAC_LAYOUT_GRADIENT), sym(z));
  /* along direct edges L moves with z by its own z alone: a stands still */
  struct jac_term *direct = deriv(sym(L), z, JAC_LAYOUT_GRADIENT);
  direct->direct = true;
  equal(direct, sym(a));
  term_t slope = deriv(sym(a), z, JAC_LAYOUT_JACOBIAN);
  equal(dz, op2(JAC_C_ADD, direct, op2(JAC_C_SIDE, op1(JAC_C_TRANSPOSE, slope), sym(z))));
  /* L at z = 2 z is tanh(2z)^T 2z; its slope along the outer z */
  term_t twice = op2(JAC_C_SIDE, number(2), sym(z));
  equal(at_of(sym(L), z, twice), op2(JAC_C_INNER, op1(JAC_C_TANH, twice), twice));
  equal(at_of(dz, z, twice), op2(JAC_C_SIDE, number(0.5),
                                 deriv(at_of(sym(L), z, twice), z, JAC_LAYOUT_GRADIENT)));
  /* a symbol that needs itself */
  struct jac_symbol *loop = symbol_of("loop", 1, 1);
  loop->body = op2(JAC_C_ADD, number(1), sym(loop));
  struct jac_sample sample = {.seed = 1};
  struct jac_value v;
  struct jac_error err;
  for (int k = 0; k < 2; k++)
    ck_assert_int_eq(jac_value(sym(loop), &sample, NULL, NULL, 0, &v, &err), JAC_EINPUT);
  ck_assert_str_eq(err.message, "loop is defined by itself");
  jac_sample_clear(&sample);
}
END_TEST

START_TEST(families_and_recursion) {
  /* h_t = tanh(w h_{t-1} + x_t), h_0 given: dh_4/dw by hand, unrolled */
  struct jac_symbol *w = symbol_of("w", 1, 1), *x = family_of("x", 4, 1, 1);
  struct jac_symbol *h = family_of("h", 4, 1, 1);
  term_t t = at_index(h->place[0]);
  term_t before = member(h, op2(JAC_C_SUBTRACT, t, number(1)));
  h->body =
      op1(JAC_C_TANH, op2(JAC_C_ADD, op2(JAC_C_SIDE, sym(w), before), member(x, t)));
  struct jac_symbol *h0 = defined_as("start", member(h, number(0)));
  term_t step = sym(h0);
  for (int k = 1; k <= 4; k++)
    step = op1(JAC_C_TANH,
               op2(JAC_C_ADD, op2(JAC_C_SIDE, sym(w), step), member(x, number(k))));
  equal(member(h, number(4)), step);
  equal(deriv(member(h, number(4)), w, JAC_LAYOUT_GRADIENT),
        deriv(step, w, JAC_LAYOUT_GRADIENT));
  /* by one member: dh_4/dh_2 = prod_{t=3,4} (1 - h_t^2) w; directly it is 0 */
  struct jac_by by = {.symbol = h, .place = {number(2)}};
  struct jac_index *i = index_of("i", 4);
  term_t square = op2(JAC_C_POWER, member(h, at_index(i)), number(2));
  term_t factor = op2(JAC_C_SIDE, op2(JAC_C_SUBTRACT, number(1), square), sym(w));
  struct jac_term *total =
      deriv_by(member(h, number(4)), 1, &by, JAC_LAYOUT_GRADIENT, 1, 1);
  equal(total, big(JAC_C_PRODUCT, i, factor, number(3), number(4), NULL));
  struct jac_term *direct =
      deriv_by(member(h, number(4)), 1, &by, JAC_LAYOUT_GRADIENT, 1, 1);
  direct->direct = true;
  equal(direct, number(0));
  /* by all members of x at once: the columns are the members */
  struct jac_by all = {.symbol = x};
  term_t row = deriv_by(member(h, number(4)), 1, &all, JAC_LAYOUT_JACOBIAN, 1, 4);
  struct jac_by last = {.symbol = x, .place = {number(4)}};
  equal(entry_of(row, number(1), number(4)),
        deriv_by(member(h, number(4)), 1, &last, JAC_LAYOUT_GRADIENT, 1, 1));
  /* h_0, which is given, is no member that moves: d(h_0 h_2)/dh = (0, h_0, 0, 0) */
  struct jac_by whole = {.symbol = h};
  term_t start = member(h, number(0));
  row = deriv_by(op2(JAC_C_SIDE, start, member(h, number(2))), 1, &whole,
                 JAC_LAYOUT_JACOBIAN, 1, 4);
  equal(entry_of(row, number(1), number(2)), start);
  equal(entry_of(row, number(1), number(1)), number(0));
  /* a member that is not there */
  struct jac_sample sample = {.seed = 1};
  struct jac_value v;
  struct jac_error err;
  ck_assert_int_eq(jac_value(member(x, number(5)), &sample, NULL, NULL, 0, &v, &err),
                   JAC_EINPUT);
  jac_sample_clear(&sample);
}
END_TEST

START_TEST(entries_and_indices) {
  struct jac_symbol *x = symbol_of("x", 3, 1), *A = symbol_of("A", 2, 3);
  struct jac_index *i = index_of("i", 2), *j = index_of("j", 3), *k = index_of("k", 3);
  term_t aij = entry_of(sym(A), at_index(i), at_index(j));
  /* sum_j A_ij x_j, entry by entry, is A x */
  term_t xj = entry_of(sym(x), at_index(j), NULL);
  term_t sum = big(JAC_C_SUM, j, op2(JAC_C_SIDE, aij, xj), NULL, NULL, NULL);
  equal(build_of(i, NULL, sum), op2(JAC_C_SIDE, sym(A), sym(x)));
  /* d/dx_j of it, an entry at a time, is A */
  struct jac_by by = {.symbol = x, .row = at_index(k)};
  term_t one = deriv_by(sum, 1, &by, JAC_LAYOUT_GRADIENT, 1, 1);
  equal(build_of(i, k, one), sym(A));
  /* with a condition: sum over j != 2 */
  term_t but = big(JAC_C_SUM, j, xj, NULL, NULL,
                   compare_of(JAC_C_UNEQUAL, at_index(j), number(2)));
  equal(but,
        op2(JAC_C_SUBTRACT, op1(JAC_C_TOTAL, sym(x)), entry_of(sym(x), number(2), NULL)));
  /* max over an index, empty ranges */
  equal(big(JAC_C_BIGMAX, j, xj, NULL, NULL, NULL), op1(JAC_C_MAX, sym(x)));
  equal(big(JAC_C_SUM, j, xj, number(3), number(2), NULL), number(0));
  equal(big(JAC_C_PRODUCT, j, xj, number(3), number(2), NULL), number(1));
  /* free indices */
  struct jac_sample sample = {.seed = 2};
  struct jac_value v, whole = value_in(sym(A), &sample);
  struct jac_error err;
  const struct jac_index *const free[2] = {i, j};
  for (size_t r = 1; r <= 2; r++)
    for (size_t c = 1; c <= 3; c++) {
      ck_assert_int_eq(jac_value(aij, &sample, free, (size_t[]){r, c}, 2, &v, &err),
                       JAC_OK);
      ck_assert_double_eq(v.x[0], whole.x[(r - 1) * 3 + c - 1]);
      jac_value_free(&v);
    }
  ck_assert_int_eq(jac_value(aij, &sample, free, (size_t[]){3, 1}, 2, &v, &err),
                   JAC_EINPUT);
  ck_assert_ptr_eq(strstr(err.message, "row 3 of 2 of A does not exist"), err.message);
  ck_assert_int_eq(jac_value(aij, &sample, NULL, NULL, 0, &v, &err), JAC_EINPUT);
  jac_value_free(&whole);
  jac_sample_clear(&sample);
}
END_TEST

START_TEST(cases_and_blocks) {
  struct jac_symbol *x = symbol_of("x", 3, 1), *A = symbol_of("A", 2, 3);
  term_t positive = compare_of(JAC_C_MORE, sym(x), number(0));
  term_t leaky[3] = {sym(x), positive, op2(JAC_C_SIDE, number(0.1), sym(x))};
  term_t f = cases_of(3, leaky, 3, 1);
  equal(f, op2(JAC_C_SUBTRACT, op1(JAC_C_RELU, sym(x)),
               op2(JAC_C_SIDE, number(0.1), op1(JAC_C_RELU, op1(JAC_C_NEGATE, sym(x))))));
  term_t slope[3] = {number(1), positive, number(0.1)};
  equal(deriv(f, x, JAC_LAYOUT_JACOBIAN), op1(JAC_C_DIAG, cases_of(3, slope, 3, 1)));
  /* no case: an error; a case that is not taken need not exist */
  struct jac_sample sample = {.seed = 2};
  struct jac_value v;
  struct jac_error err;
  ck_assert_int_eq(jac_value(cases_of(2, leaky, 3, 1), &sample, NULL, NULL, 0, &v, &err),
                   JAC_EINPUT);
  jac_sample_clear(&sample);
  term_t missing = entry_of(sym(x), number(9), NULL);
  term_t part[3] = {missing, compare_of(JAC_C_EQUAL, number(1), number(2)), number(7)};
  equal(cases_of(3, part, 1, 1), number(7));
  /* [A 0; 0 x] with zeros of the right size */
  term_t block[4] = {sym(A), NULL, NULL, sym(x)};
  term_t m = blocks_of(2, 2, 5, 4, block);
  equal(op2(JAC_C_SIDE, op1(JAC_C_TRANSPOSE, m), m),
        blocks_of(2, 2, 4, 4,
                  (term_t[]){op2(JAC_C_SIDE, op1(JAC_C_TRANSPOSE, sym(A)), sym(A)), NULL,
                             NULL, op2(JAC_C_INNER, sym(x), sym(x))}));
  equal(reshape_of(op1(JAC_C_VEC, sym(A)), 2, 3), sym(A));
}
END_TEST

/* exp(t [0 -1; 1 0]) is a rotation by t; its slope by t, and exp(A)^{-1} = exp(-A). */
START_TEST(exponential_of_a_matrix) {
  struct jac_symbol *u = symbol_of("u", 1, 1), *A = symbol_of("A", 4, 4);
  term_t turn[4] = {number(0), number(-1), number(1), number(0)};
  term_t by = op2(JAC_C_SIDE, sym(u), blocks_of(2, 2, 2, 2, turn));
  term_t cosine = op1(JAC_C_COS, sym(u)), sine = op1(JAC_C_SIN, sym(u));
  term_t rotation[4] = {cosine, op1(JAC_C_NEGATE, sine), sine, cosine};
  equal(op1(JAC_C_EXPM, by), blocks_of(2, 2, 2, 2, rotation));
  equal(deriv(op1(JAC_C_TRACE, op1(JAC_C_EXPM, by)), u, JAC_LAYOUT_OUTPUT),
        op2(JAC_C_SIDE, number(-2), sine));
  equal(op2(JAC_C_SIDE, op1(JAC_C_EXPM, sym(A)),
            op1(JAC_C_EXPM, op1(JAC_C_NEGATE, sym(A)))),
        eye_of(4));
  term_t big = op2(JAC_C_SIDE, number(40), sym(u)); /* many halvings */
  term_t one[1] = {big};
  equal(op1(JAC_C_EXPM, blocks_of(1, 1, 1, 1, one)), op1(JAC_C_EXP, big));
}
END_TEST

/* Rows of labels sum to 1, and columns. */
START_TEST(labels_of_many_samples) {
  struct jac_symbol *Y = symbol_of("Y", 3, 5), *C = symbol_of("C", 3, 5);
  Y->values = JAC_SIMPLEX;
  C->values = JAC_SIMPLEX_COLUMNS;
  term_t one[5] = {number(1), number(1), number(1), number(1), number(1)};
  term_t across = blocks_of(5, 1, 5, 1, one), down = blocks_of(1, 3, 1, 3, one);
  equal(op2(JAC_C_SIDE, sym(Y), across), blocks_of(3, 1, 3, 1, one));
  equal(op2(JAC_C_SIDE, down, sym(C)), blocks_of(1, 5, 1, 5, one));
}
END_TEST

START_TEST(random_values) {
  struct jac_symbol *S = symbol_of("S", 4, 4), *Q = symbol_of("Q", 4, 4),
                    *H = symbol_of("H", 4, 4), *y = symbol_of("y", 5, 1),
                    *x = symbol_of("x", 30, 1);
  S->symmetric = Q->orthogonal = H->symmetric = H->orthogonal = true;
  y->values = JAC_SIMPLEX;
  equal(op1(JAC_C_TRANSPOSE, sym(S)), sym(S));
  equal(op2(JAC_C_SIDE, sym(Q), op1(JAC_C_TRANSPOSE, sym(Q))), eye_of(4));
  equal(op2(JAC_C_SIDE, sym(H), sym(H)), eye_of(4));
  equal(op1(JAC_C_TRANSPOSE, sym(H)), sym(H));
  equal(op1(JAC_C_TOTAL, sym(y)), number(1));
  struct jac_sample sample = {.seed = 3}, again = {.seed = 3}, other = {.seed = 4},
                    nudged = {.seed = 3, .nudge = 1e-10};
  struct jac_value a = value_in(sym(x), &sample), b = value_in(sym(x), &again),
                   c = value_in(sym(x), &other), d = value_in(sym(x), &nudged);
  size_t negative = 0, same_as_other = 0, moved_by_nudge = 0;
  for (size_t k = 0; k < 30; k++) {
    ck_assert_double_eq(a.x[k], b.x[k]);
    ck_assert_double_ge(fabs(a.x[k]), 0.3);
    ck_assert_double_le(fabs(a.x[k]), 2.0);
    ck_assert_double_le(fabs(a.x[k] - d.x[k]), 1e-10 * fabs(a.x[k]));
    negative += a.x[k] < 0;
    same_as_other += a.x[k] == c.x[k];
    moved_by_nudge += a.x[k] != d.x[k];
    for (size_t i = 0; i < k; i++)
      ck_assert_double_ne(a.x[i], a.x[k]);
  }
  ck_assert_uint_eq(same_as_other, 0);
  ck_assert_uint_eq(moved_by_nudge, 30);
  ck_assert(negative > 5 && negative < 25);
  jac_value_free(&a);
  jac_value_free(&b);
  jac_value_free(&c);
  jac_value_free(&d);
  jac_sample_clear(&sample);
  jac_sample_clear(&again);
  jac_sample_clear(&other);
  jac_sample_clear(&nudged);
}
END_TEST

START_TEST(bounded_work) {
  struct jac_symbol *x = symbol_of("x", 1, 1);
  struct jac_index *i = index_of("i", 1000000), *j = index_of("j", 1000000);
  term_t inner =
      big(JAC_C_SUM, j, op2(JAC_C_SIDE, at_index(j), at_index(i)), NULL, NULL, NULL);
  term_t huge = big(JAC_C_SUM, i, op2(JAC_C_SIDE, inner, sym(x)), NULL, NULL, NULL);
  struct jac_sample sample = {.seed = 1, .work_most = 100000};
  struct jac_value v;
  struct jac_error err;
  ck_assert_int_eq(jac_value(huge, &sample, NULL, NULL, 0, &v, &err), JAC_ELIMIT);
  ck_assert_uint_le(sample.work, 100000);
  ck_assert_ptr_null(v.x);
  sample.work = 0;
  v = value_in(sym(x), &sample); /* it can be used again */
  jac_value_free(&v);
  jac_sample_clear(&sample);
  /* memory */
  struct jac_symbol *W = symbol_of("W", 3000, 3000);
  struct jac_sample small = {.seed = 1};
  ck_assert_int_eq(
      jac_value(deriv(op2(JAC_C_SIDE, sym(W), sym(W)), W, JAC_LAYOUT_JACOBIAN), &small,
                NULL, NULL, 0, &v, &err),
      JAC_ELIMIT);
  jac_sample_clear(&small);
  /* depth */
  term_t deep = sym(x);
  for (int k = 0; k < 5000; k++)
    deep = op1(JAC_C_NEGATE, deep);
  struct jac_sample third = {.seed = 1};
  ck_assert_int_eq(jac_value(deep, &third, NULL, NULL, 0, &v, &err), JAC_ELIMIT);
  jac_sample_clear(&third);
}
END_TEST

START_TEST(shared_work_is_done_once) {
  /* sum_i (dL/dx)_i, ten thousand times: the derivative is worked out once */
  struct jac_symbol *x = symbol_of("x", 4, 1);
  struct jac_index *i = index_of("i", 10000);
  struct jac_symbol *L = defined_as("L", op1(JAC_C_LOGSUMEXP, sym(x)));
  term_t gradient = deriv(sym(L), x, JAC_LAYOUT_GRADIENT);
  term_t once = op1(JAC_C_TOTAL, gradient);
  struct jac_sample sample = {.seed = 1};
  struct jac_value v = value_in(once, &sample);
  size_t work = sample.work;
  jac_value_free(&v);
  jac_sample_clear(&sample);
  sample.work = 0;
  v = value_in(big(JAC_C_SUM, i, once, NULL, NULL, NULL), &sample);
  ck_assert_double_eq_tol(v.x[0], 10000.0, 1e-8);
  ck_assert_uint_le(sample.work, 10000 * 64 + work);
  jac_value_free(&v);
  jac_sample_clear(&sample);
}
END_TEST

START_TEST(entries_share_what_moves) {
  /* dy_i/dx_j one by one: the long sum is worked out for each j, not for each i too */
  struct jac_symbol *x = symbol_of("x", 5, 1), *A = symbol_of("A", 5, 5);
  struct jac_index *i = index_of("i", 5), *j = index_of("j", 5), *k = index_of("k", 300);
  term_t long_sum =
      big(JAC_C_SUM, k, op2(JAC_C_SIDE, at_index(k), sym(x)), NULL, NULL, NULL);
  struct jac_symbol *y =
      defined_as("y", op2(JAC_C_SIDE, sym(A),
                          op1(JAC_C_TANH, op2(JAC_C_DIVIDE, long_sum, number(45150)))));
  term_t yi = entry_of(sym(y), at_index(i), NULL);
  struct jac_by by = {.symbol = x, .row = at_index(j)};
  struct jac_by first = {.symbol = x, .row = number(1)};
  term_t slope = deriv_by(yi, 1, &by, JAC_LAYOUT_OUTPUT, 1, 1);
  equal(build_of(i, j, slope), deriv(sym(y), x, JAC_LAYOUT_JACOBIAN));
  /* and within another derivative: d2y_i/dx_j dx_1 is 0 for j != 1 */
  term_t second = deriv_by(slope, 1, &first, JAC_LAYOUT_OUTPUT, 1, 1);
  term_t column = deriv_by(deriv_by(sym(y), 1, &first, JAC_LAYOUT_OUTPUT, 5, 1), 1,
                           &first, JAC_LAYOUT_OUTPUT, 5, 1);
  term_t part[3] = {entry_of(column, at_index(i), NULL),
                    compare_of(JAC_C_EQUAL, at_index(j), number(1)), number(0)};
  equal(build_of(i, j, second), build_of(i, j, cases_of(3, part, 1, 1)));
  struct jac_sample one = {.seed = 1}, all = {.seed = 1};
  struct jac_value v = value_in(
      deriv_by(entry_of(sym(y), number(1), NULL), 1, &first, JAC_LAYOUT_OUTPUT, 1, 1),
      &one);
  jac_value_free(&v);
  v = value_in(build_of(i, j, slope), &all);
  jac_value_free(&v);
  ck_assert_uint_le(all.work, 6 * one.work);
  jac_sample_clear(&one);
  jac_sample_clear(&all);
}
END_TEST

/* A battery that meets every kind of term. */
static size_t battery(term_t *all) {
  struct jac_symbol *x = symbol_of("x", 3, 1), *A = symbol_of("A", 3, 3),
                    *f = symbol_of("f", 2, 1), *Q = symbol_of("Q", 3, 3);
  struct jac_index *i = index_of("i", 3);
  f->function = Q->orthogonal = true;
  struct jac_symbol *z =
      defined_as("z", op2(JAC_C_SIDE, sym(A), op1(JAC_C_TANH, sym(x))));
  term_t xi = entry_of(sym(x), at_index(i), NULL);
  term_t part[3] = {xi, compare_of(JAC_C_MORE, xi, number(0)), number(1)};
  term_t g = op1(JAC_C_LOGSUMEXP, sym(z)), at = number(1);
  size_t n = 0;
  all[n++] = deriv(g, x, JAC_LAYOUT_GRADIENT);
  all[n++] = deriv(deriv(g, x, JAC_LAYOUT_GRADIENT), A, JAC_LAYOUT_JACOBIAN);
  all[n++] = deriv(op1(JAC_C_DET, sym(A)), A, JAC_LAYOUT_GRADIENT);
  all[n++] = deriv(op1(JAC_C_INVERSE, sym(A)), A, JAC_LAYOUT_TRANSPOSED);
  all[n++] = deriv(op1(JAC_C_SOFTMAX, sym(A)), A, JAC_LAYOUT_JACOBIAN);
  all[n++] = deriv(op1(JAC_C_NORM, sym(x)), x, JAC_LAYOUT_GRADIENT_T);
  all[n++] =
      deriv(op2(JAC_C_DIVIDE, sym(z), op1(JAC_C_EXP, sym(x))), x, JAC_LAYOUT_JACOBIAN);
  all[n++] = build_of(i, NULL, cases_of(3, part, 1, 1));
  all[n++] = deriv(big(JAC_C_PRODUCT, i, xi, NULL, NULL, NULL), x, JAC_LAYOUT_GRADIENT);
  all[n++] = deriv(call_of(f, 2, 1, sym(z)), x, JAC_LAYOUT_JACOBIAN);
  all[n++] = at_of(deriv(g, x, JAC_LAYOUT_GRADIENT), x, op1(JAC_C_SIN, sym(x)));
  all[n++] = op2(JAC_C_SIDE, sym(Q), reshape_of(sym(A), 3, 3));
  all[n++] = op2(JAC_C_POWER, sym(A), number(5));
  all[n++] = blocks_of(1, 1, 1, 1, &at);
  all[n++] = deriv(op2(JAC_C_POWER, op1(JAC_C_EXP, sym(x)), entry_of(sym(x), at, NULL)),
                   x, JAC_LAYOUT_JACOBIAN);
  struct jac_by one = {.symbol = x, .row = at_index(i)};
  all[n++] = build_of(
      i, NULL, deriv_by(entry_of(sym(z), at, NULL), 1, &one, JAC_LAYOUT_OUTPUT, 1, 1));
  return n;
}

START_TEST(any_budget) {
  /* however little work is allowed: the value or JAC_ELIMIT, and the sample can go on */
  term_t all[20];
  size_t n = battery(all);
  for (size_t k = 0; k < n; k++) {
    struct jac_sample whole = {.seed = 1};
    struct jac_value v, full = value_in(all[k], &whole);
    size_t step = whole.work / 97 + 1;
    ck_assert_uint_gt(whole.work, 0);
    for (size_t most = 1; most < whole.work; most += step) {
      struct jac_sample sample = {.seed = 1, .work_most = most};
      ck_assert_int_eq(jac_value(all[k], &sample, NULL, NULL, 0, &v, NULL), JAC_ELIMIT);
      ck_assert_ptr_null(v.x);
      sample.work = 0;
      sample.work_most = 0;
      v = value_in(all[k], &sample);
      same(&v, &full, 0.0);
      jac_value_free(&v);
      jac_sample_clear(&sample);
    }
    jac_value_free(&full);
    jac_sample_clear(&whole);
  }
}
END_TEST

START_TEST(balls_hold_the_doubles) {
  /* each term in balls of 128 bits: narrow, and the doubles are as near as they can be */
  term_t all[20];
  size_t n = battery(all);
  struct jac_undecided undecided = {false};
  struct jac_field ball = jac_field_ball(128, &undecided);
  for (size_t k = 0; jac_field_balls() && k < n; k++) {
    struct jac_sample sample = {.seed = 3}, certain = {.seed = 3, .field = &ball};
    struct jac_value a = value_in(all[k], &sample), b = value_in(all[k], &certain);
    same(&a, &b, 1e-11);
    for (size_t i = 0; i < b.rows * b.cols; i++)
      ck_assert_double_le(b.radius[i], 2e-16 * fmax(fabs(b.x[i]), 1e-20));
    jac_value_free(&a);
    jac_value_free(&b);
    jac_sample_clear(&sample);
    jac_sample_clear(&certain);
  }
  ck_assert(!undecided.order);
}
END_TEST

START_TEST(balls_of_every_function) {
  static const struct jac_function *const all[] = {
#define CONSTRUCT(id, role, binding, plain, latex, unicode)
#define READING(id, type, price, words, value)
#define ENTRYWISE(id, plain, latex, unicode, function) &function,
#include "jacobian/notation/constructs.def"
#undef CONSTRUCT
#undef READING
#undef ENTRYWISE
  };
  static const double points[] = {-30.0, -3.0, -0.7, -0.01, 0.02, 0.5, 0.99, 4.0, 25.0};
  struct jac_field ball = jac_field_ball(256, NULL);
  struct jac_symbol *x = symbol_of("x", 1, 1);
  for (size_t k = 0; jac_field_balls() && k < sizeof all / sizeof all[0]; k++)
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
      struct jac_given given = {"x", &points[i]};
      term_t f = op1(all[k]->id, sym(x));
      for (size_t order = 0; order <= 3; order++) {
        struct jac_sample sample = {.given = &given, .givens = 1, .field = &ball};
        struct jac_value v = value_in(f, &sample);
        double d[4];
        all[k]->real(points[i], 3, d);
        ck_assert_msg(isnan(d[order])
                          ? !isfinite(v.x[0]) || !isfinite(v.radius[0])
                          : fabs(d[order] - v.x[0]) <= 1e-13 * fabs(v.x[0]) + v.radius[0],
                      "function %d, order %zu at %g: %.17g, not %.17g", (int)all[k]->id,
                      order, points[i], d[order], v.x[0]);
        jac_value_free(&v);
        jac_sample_clear(&sample);
        f = deriv(f, x, JAC_LAYOUT_GRADIENT);
      }
    }
}
END_TEST

START_TEST(what_is_kept_is_told_apart) {
  /* a definition with a free index, under a loop over it */
  struct jac_symbol *x = symbol_of("x", 3, 1), *y = symbol_of("y", 2, 1);
  struct jac_index *i = index_of("i", 3);
  struct jac_symbol *q =
      defined_as("q", op1(JAC_C_EXP, entry_of(sym(x), at_index(i), NULL)));
  term_t twice = op2(JAC_C_SIDE, sym(q), sym(q));
  term_t squares = op1(JAC_C_EXP, op2(JAC_C_SIDE, number(2), sym(x)));
  equal(big(JAC_C_SUM, i, twice, NULL, NULL, NULL), op1(JAC_C_TOTAL, squares));
  /* a derivative inside another that does not depend on it, with other directions */
  term_t inner = op1(JAC_C_TOTAL, deriv(op1(JAC_C_EXP, sym(y)), y, JAC_LAYOUT_JACOBIAN));
  term_t outer = op2(JAC_C_SIDE, inner, op2(JAC_C_INNER, sym(x), sym(x)));
  term_t sum = op1(JAC_C_TOTAL, op1(JAC_C_EXP, sym(y)));
  equal(deriv(outer, x, JAC_LAYOUT_GRADIENT),
        op2(JAC_C_SIDE, op2(JAC_C_SIDE, number(2), sum), sym(x)));
}
END_TEST

START_TEST(long_loops_take_no_memory) {
  struct jac_symbol *A = symbol_of("A", 20, 20);
  struct jac_index *i = index_of("i", 30000);
  term_t sum = big(JAC_C_SUM, i, op2(JAC_C_SIDE, at_index(i), sym(A)), NULL, NULL, NULL);
  struct jac_sample sample = {.seed = 1, .work_most = 200000000};
  struct jac_value v = value_in(sum, &sample), a = value_in(sym(A), &sample);
  ck_assert_double_eq_tol(v.x[7] / a.x[7], 30000.0 * 30001.0 / 2.0, 1e-3);
  jac_value_free(&v);
  jac_value_free(&a);
  jac_sample_clear(&sample);
}
END_TEST

Suite *value_suite(void);
Suite *value_suite(void) {
  Suite *suite = suite_create("value");
  TCase *tests = tcase_create("value");
  tcase_add_checked_fixture(tests, NULL, build_free);
  tcase_add_test(tests, bodies_and_paths);
  tcase_add_test(tests, families_and_recursion);
  tcase_add_test(tests, entries_and_indices);
  tcase_add_test(tests, cases_and_blocks);
  tcase_add_test(tests, exponential_of_a_matrix);
  tcase_add_test(tests, labels_of_many_samples);
  tcase_add_test(tests, random_values);
  tcase_add_test(tests, bounded_work);
  tcase_add_test(tests, shared_work_is_done_once);
  tcase_add_test(tests, entries_share_what_moves);
  tcase_add_test(tests, any_budget);
  tcase_add_test(tests, balls_hold_the_doubles);
  tcase_add_test(tests, balls_of_every_function);
  tcase_add_test(tests, what_is_kept_is_told_apart);
  tcase_add_test(tests, long_loops_take_no_memory);
  suite_add_tcase(suite, tests);
  return suite;
}
