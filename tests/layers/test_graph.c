/* Networks in equations, against networks in a row, modules through time and the
 * references. */
#include "jacobian/check.h"
#include "jacobian/values.h"
#include "layers/chain.h"
#include "layers/graph.h"
#include "layers/network.h"

#include <check.h>
#include <math.h>
#include <string.h>

enum { BATCH = 2 };

/* Splits at blanks: a network as a person types it. */
static struct jac_map *network(const char *text) {
  char words[400];
  const char *spec[40];
  size_t count = 0;
  struct jac_map *map;
  struct jac_error err;
  ck_assert_uint_lt(strlen(text), sizeof words);
  memcpy(words, text, strlen(text) + 1);
  for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
    spec[count++] = word;
  ck_assert_msg(jac_network_new(spec, count, BATCH, NULL, &map, &err) == JAC_OK, "%s: %s",
                text, err.message);
  return map;
}

static const struct jac_formula_size sizes[] = {
    {"x", 2, {BATCH, 3}, true},   {"x_1", 2, {BATCH, 3}, true},
    {"x_2", 2, {BATCH, 3}, true}, {"h_0", 2, {BATCH, 2}, true},
    {"s", 1, {1}, false},         {"V", 2, {3, 2}, false},
};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static enum jac_status make(const char *text, struct jac_map **map,
                            struct jac_error *err) {
  return jac_graph_new(text, BATCH, sizes, SIZES, NULL, map, err);
}

static struct jac_map *equations(const char *text) {
  struct jac_map *map;
  struct jac_error err;
  ck_assert_msg(make(text, &map, &err) == JAC_OK, "%s: %s", text, err.message);
  return map;
}

static const char *const graphs[] = {
    "h = rnn(x, h_0)",
    ("h_1 = rnn(x_1, h_0, W, U, b); h_2 = rnn(x_2, h_1, W, U, b);"
     "y = linear:4([h_1, h_2])"),
    "a = tanh(linear:3x2(x)); b = sigmoid(linear:3x2(x)); y = a .* b + h_0",
    "a = linear:3x2(x, V); y = a + linear:2x2(relu(a)); L = cross-entropy(y, t)",
    "a = linear(x, V); L = mse:2,reduction=mean(a, t) + s*sum(V .* V)",
    "y = attention(linear:3x2(x, W=A), linear:3x2(x, W=A), linear:3x2(x))",
    "y = batch-norm(x) + 2 x; z = cosine(y, x_1)",
    "y = gru(x, gru(x, h_0))",
    /* relu leaves the two channels: the pool gives as many numbers as h_0 has. */
    "y = max-pool1d:2(relu(conv1d:1x1x2,length=3(x))) + h_0",
    "v_2 = linear:3x2(x) + tanh(linear:3x2(x)); v_1 = v_2 + h_0",
    "a = linear:3x1(x); p = [a, a, h_0]; y = [linear:4x1(p), p] .* [p, a]",
    "y = linear:3x2(x) .* tanh([linear:3x1(x), linear:2x1(h_0)])",
};
enum { GRAPHS = sizeof graphs / sizeof graphs[0] };

static void references_agree_for(const struct jac_map *map, const char *text,
                                 unsigned long seed) {
  struct jac_values x;
  struct jac_error err;
  ck_assert_int_eq(jac_values_new(map, seed, &x, &err), JAC_OK);
  for (size_t v = 0; v < map->nvar; v++) {
    struct jac_array3 J;
    struct jac_check_result results[JAC_REFERENCES];
    struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, seed};
    ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), v, &J, &err),
                     JAC_OK);
    ck_assert_int_eq(jac_check(map, jac_values_point(&x), v, &J, &options, results, &err),
                     JAC_OK);
    for (int r = 0; r < JAC_REFERENCES; r++)
      ck_assert_msg(results[r].verdict == JAC_VERDICT_AGREES,
                    "%s wrt %s, reference %d: %g against %g", text, map->var[v].name, r,
                    results[r].worst.jacobian, results[r].worst.reference);
    jac_array3_free(&J);
  }
  jac_values_free(&x);
}

START_TEST(references_agree) {
  struct jac_map *map = equations(graphs[_i]);
  for (unsigned long seed = 1; seed <= 3; seed++)
    references_agree_for(map, graphs[_i], seed);
  jac_map_free(map);
}
END_TEST

/* The values of what has the same name become the other's; A is every W. */
static void same_values(const struct jac_map *from, const struct jac_values *x,
                        const struct jac_map *to, struct jac_values *y) {
  for (size_t v = 0; v < to->nvar; v++) {
    size_t own = jac_map_find(from, to->var[v].name);
    if (own == from->nvar && to->var[v].name[0] == 'W')
      own = jac_map_find(from, "A");
    ck_assert_msg(own < from->nvar, "%s", to->var[v].name);
    gsl_matrix_memcpy(y->matrix[v], x->matrix[own]);
  }
}

static const struct {
  const char *tied, *untied;
} ties[] = {
    {"linear:3x3,W=A tanh linear:3x3,W=A softmax", "linear:3x3 tanh linear:3x3 softmax"},
    {"skip linear:3x3,W=A tanh add linear:3x3,W=A,bias",
     "skip linear:3x3 tanh add linear:3x3,bias"},
    {"linear:2x2,W=A batch-norm:2 linear:2x2,W=A linear:2x2,W=A",
     "linear:2x2 batch-norm:2 linear:2x2 linear:2x2"},
};

/* The Jacobian by what is tied is the sum over its uses, of a network that has each. */
START_TEST(tied_is_the_sum_over_uses) {
  struct jac_map *tied = network(ties[_i].tied), *untied = network(ties[_i].untied);
  struct jac_values x, y;
  struct jac_error err;
  struct jac_array3 J;
  size_t a = jac_map_find(tied, "A");
  ck_assert_int_eq(jac_values_new(tied, 7, &x, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(untied, 1, &y, &err), JAC_OK);
  same_values(tied, &x, untied, &y);
  ck_assert_uint_lt(a, tied->nvar);
  ck_assert_int_eq(jac_map_jacobian_new(tied, jac_values_point(&x), a, &J, &err), JAC_OK);
  size_t count = J.slices * J.rows * J.cols, uses = 0;
  double sum[2000] = {0};
  ck_assert_uint_le(count, 2000);
  for (size_t v = 0; v < untied->nvar; v++) {
    struct jac_array3 use;
    if (untied->var[v].name[0] != 'W')
      continue;
    ck_assert_int_eq(jac_map_jacobian_new(untied, jac_values_point(&y), v, &use, &err),
                     JAC_OK);
    ck_assert_uint_eq(use.slices * use.rows * use.cols, count);
    for (size_t k = 0; k < count; k++)
      sum[k] += use.data[k];
    jac_array3_free(&use);
    uses++;
  }
  ck_assert_uint_ge(uses, 2);
  for (size_t k = 0; k < count; k++)
    ck_assert_msg(fabs(sum[k] - J.data[k]) < 1e-13 * (1.0 + fabs(sum[k])), "%g is not %g",
                  sum[k], J.data[k]);
  jac_array3_free(&J);
  jac_values_free(&x);
  jac_values_free(&y);
  jac_map_free(tied);
  jac_map_free(untied);
}
END_TEST

/* Two steps in equations are the module's steps=2, by every weight. */
START_TEST(equations_are_the_unrolled_module) {
  static const char *const names[][2] = {
      {"rnn", "h_1 = rnn(x_1, h_0, W, U, b); h_2 = rnn(x_2, h_1, W, U, b)"},
      {"gru", "h_1 = gru(x_1, h_0, W, U, b, d); h_2 = gru(x_2, h_1, W, U, b, d)"}};
  char spec[40];
  struct jac_map *map = equations(names[_i][1]), *module;
  struct jac_values x, y;
  struct jac_error err;
  snprintf(spec, sizeof spec, "%s:3x2,steps=2", names[_i][0]);
  ck_assert_int_eq(jac_module_new(spec, BATCH, &module, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 3, &x, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(module, 1, &y, &err), JAC_OK);
  for (size_t v = 0; v < module->nvar; v++)
    for (size_t n = 0; n < BATCH && v < 2; n++)
      for (size_t i = 0; i < y.matrix[v]->size2; i++)
        gsl_matrix_set(y.matrix[v], n, i,
                       gsl_matrix_get(x.matrix[jac_map_find(map, v == 1  ? "h_0"
                                                                 : i < 3 ? "x_1"
                                                                         : "x_2")],
                                      n, i % 3));
  for (size_t v = 2; v < module->nvar; v++) {
    size_t own = jac_map_find(map, module->var[v].name);
    ck_assert_uint_lt(own, map->nvar);
    gsl_matrix_memcpy(y.matrix[v], x.matrix[own]);
  }
  for (size_t v = 2; v < module->nvar; v++) {
    struct jac_array3 J, K;
    size_t own = jac_map_find(map, module->var[v].name);
    ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), own, &J, &err),
                     JAC_OK);
    ck_assert_int_eq(jac_map_jacobian_new(module, jac_values_point(&y), v, &K, &err),
                     JAC_OK);
    ck_assert_uint_eq(J.slices * J.rows * J.cols, K.slices * K.rows * K.cols);
    for (size_t k = 0; k < J.slices * J.rows * J.cols; k++)
      ck_assert_msg(fabs(J.data[k] - K.data[k]) < 1e-14, "%s: %g is not %g",
                    module->var[v].name, J.data[k], K.data[k]);
    jac_array3_free(&J);
    jac_array3_free(&K);
  }
  jac_values_free(&x);
  jac_values_free(&y);
  jac_map_free(map);
  jac_map_free(module);
}
END_TEST

/* What no path reaches is zero, whatever the values. */
START_TEST(structure_says_what_is_zero) {
  struct jac_map *map =
      equations("a = linear:3x2(x, V); c = linear:3x2(x_1); y = relu:2(a)");
  size_t columns[20], v = jac_map_find(map, "V");
  ck_assert_uint_eq(jac_map_columns(map, v, 0, columns), 3); /* of its own output */
  ck_assert_uint_eq(columns[2], 2);
  ck_assert_uint_eq(jac_map_columns(map, v, 1, columns), 3);
  ck_assert_uint_eq(columns[0], 3);
  ck_assert_uint_eq(jac_map_columns(map, jac_map_find(map, "x"), 1, columns), 3);
  ck_assert_uint_eq(jac_map_columns(map, jac_map_find(map, "x_1"), 1, columns), 0);
  jac_map_free(map);
  map = equations("y = [relu:3(x), linear:2x2(h_0)]"); /* each its own rows */
  ck_assert_uint_eq(map->cols, 5);
  ck_assert_uint_eq(jac_map_columns(map, jac_map_find(map, "x"), 1, columns), 1);
  ck_assert_uint_eq(columns[0], 1);
  ck_assert_uint_eq(jac_map_columns(map, jac_map_find(map, "x"), 3, columns), 0);
  ck_assert_uint_eq(jac_map_columns(map, jac_map_find(map, "h_0"), 2, columns), 0);
  ck_assert_uint_eq(jac_map_columns(map, jac_map_find(map, "h_0"), 4, columns), 2);
  jac_map_free(map);
}
END_TEST

static const struct {
  const char *text, *names;
} named[] = {
    {"h = rnn(x, h_0)", "x h_0 W U b"},
    {"y = linear:2x2(linear:3x2(x))", "x W1 W2"},
    {"y = linear:2x2(linear:3x2(x, V))", "x V W"},
    {"a = linear:3x2(x, W); y = linear:2x2(a) + h_0", "x h_0 W W2"},
    {"L = mse(linear:3x2(x), t)", "x W t"},
    {"L = mse(linear:3x2(x), h_0)", "x h_0 W"},
    {"L = mse(linear:3x2(x))", "x W y"},
    {"y = linear:3x2(x) - tanh(h_0)", "x h_0 W"},
};

START_TEST(names) {
  struct jac_map *map = equations(named[_i].text);
  char all[200] = "";
  for (size_t v = 0; v < map->nvar; v++)
    snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", v > 0 ? " " : "",
             map->var[v].name);
  ck_assert_str_eq(all, named[_i].names);
  jac_map_free(map);
}
END_TEST

static const struct {
  const char *text, *message;
} bad[] = {
    {"y = linear(x)", "'linear(x)': the sizes do not follow from the arguments: write "
                      "linear:INxOUT(...) with numbers"},
    {"y = linear:4x2(x)", "linear:4x2: z takes 4 features a sample, x has 3 features a "
                          "sample"},
    {"y = linear:3x2(x, W=A, W=B)", "'linear:3x2(x, W=A, W=B)': W is given twice"},
    {"y = linear:3x2(x, A, B)", "'linear:3x2(x, A, B)': linear:3x2 takes z, W"},
    {"y = linear:3x2(x, G=A)", "'linear:3x2(x, G=A)': linear:3x2 takes z, W"},
    {"linear:3x2(x)",
     "'linear:3x2(x)': an equation with modules is NAME = ..., as in h = "
     "rnn(x, h_0)"},
    {"x = linear:3x2(x)", "'x = linear:3x2(x)': x has a meaning already"},
    {"y = linear:3x2(x, )", NULL},
    {"y = linear:3x2(x", NULL},
    {"y = linear:3x2(q r)", NULL},
    {"= linear:3x2(x)", NULL},
    {"", "there is no equation"},
};

START_TEST(errors) {
  struct jac_map *map;
  struct jac_error err = {.message = ""};
  ck_assert_int_eq(make(bad[_i].text, &map, &err), JAC_EINPUT);
  ck_assert_ptr_null(map);
  ck_assert_str_ne(err.message, "");
  if (bad[_i].message != NULL)
    ck_assert_str_eq(err.message, bad[_i].message);
}
END_TEST

START_TEST(calls) {
  ck_assert(jac_graph_calls("h = rnn(x, h_0)", NULL));
  ck_assert(jac_graph_calls("y = x + linear:3x2(x)", NULL));
  ck_assert(jac_graph_calls("y = x-batch-norm(x)", NULL));
  ck_assert(!jac_graph_calls("y = tanh(x W)", NULL));
  ck_assert(!jac_graph_calls("y = softmax(z); s = my_rnn + 1", NULL));
  const char *const tie[] = {"linear:3x3,W=A"}, *const none[] = {
                                                    "softmax:3,temperature=2"};
  ck_assert(jac_graph_ties(tie, 1, NULL));
  ck_assert(!jac_graph_ties(none, 1, NULL));
}
END_TEST

/* The chains of all ways of a variable add up to its Jacobian. */
static void chains_add_up(const struct jac_map *map, const char *name, size_t ways) {
  struct jac_values x;
  struct jac_array3 J;
  struct jac_error err;
  size_t v = jac_map_find(map, name);
  double sum[200] = {0};
  size_t counted;
  ck_assert_int_eq(jac_chain_ways(map, v, &counted), JAC_OK);
  ck_assert_uint_eq(counted, ways);
  ck_assert_int_eq(jac_values_new(map, 7, &x, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), v, &J, &err), JAC_OK);
  size_t count = J.slices * J.rows * J.cols;
  ck_assert_uint_le(count, 200);
  for (size_t way = 1; way <= ways; way++) {
    struct jac_chain chain;
    ck_assert_msg(jac_chain_new(map, jac_values_point(&x), v, way, &chain, &err) ==
                      JAC_OK,
                  "%s", err.message);
    for (size_t k = 0; k < count; k++)
      sum[k] += chain.factor[chain.count - 1].left.data[k];
    for (size_t k = 0; k < count && way == ways && ways > 1; k++)
      ck_assert_double_eq_tol(chain.sum.data[k], sum[k], 1e-14);
    jac_chain_free(&chain);
  }
  for (size_t k = 0; k < count; k++)
    ck_assert_double_eq_tol(sum[k], J.data[k], 1e-14);
  jac_array3_free(&J);
  jac_values_free(&x);
}

START_TEST(chain_walks_each_way) {
  struct jac_map *map = network("linear:3x3,W=A tanh linear:3x3,W=A");
  chains_add_up(map, "z", 1);
  chains_add_up(map, "A", 2);
  jac_map_free(map);
  map = equations("h_1 = rnn(x_1, h_0, W, U, b); h_2 = rnn(h_1, h_0, Q); y = tanh(h_2)");
  chains_add_up(map, "W", 1);
  jac_map_free(map);
  map = equations("h_1 = rnn(x_1, h_0, W, U, b); y = rnn(x_2, h_1, W, U, b)");
  chains_add_up(map, "x_1", 1); /* by way of h */
  chains_add_up(map, "U", 2);
  jac_map_free(map);
  map = equations("a = linear:3x2(x); y = a .* linear:2x2(a)");
  chains_add_up(map, "x", 2);
  jac_map_free(map);
  map = equations("a = tanh(x); b = sigmoid(x); c = [a, b]; d = linear:6x2(c) + "
                  "linear:3x2(a); y = softmax(d)");
  chains_add_up(map, "x", 3); /* a to c, b to c, a past c */
  jac_map_free(map);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *graph_suite(void);
Suite *graph_suite(void) {
  Suite *suite = suite_create("graph");
  TCase *tc = tcase_create("equations");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, references_agree, 0, GRAPHS);
  tcase_add_loop_test(tc, tied_is_the_sum_over_uses, 0, COUNT(ties));
  tcase_add_loop_test(tc, equations_are_the_unrolled_module, 0, 2);
  tcase_add_test(tc, structure_says_what_is_zero);
  tcase_add_loop_test(tc, names, 0, COUNT(named));
  tcase_add_loop_test(tc, errors, 0, COUNT(bad));
  tcase_add_test(tc, calls);
  tcase_add_test(tc, chain_walks_each_way);
  suite_add_tcase(suite, tc);
  return suite;
}
