/* The chain rule: products from both sides, the backward pass, and what they cost. */
#include "jacobian/values.h"
#include "layers/chain.h"
#include "visual/chain_time.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *spec[6];
  size_t count, batch;
} networks[] = {
    {{"linear:3x4,bias", "tanh", "linear:2", "cross-entropy"}, 4, 3},
    {{"linear:3x4", "relu", "linear:2", "softmax"}, 4, 1},
    {{"linear:3x2", "batch-norm", "tanh", "mse,reduction=mean"}, 4, 3},
    {{"attention:2x3", "linear:2", "log-softmax"}, 3, 2},
    {{"softmax:3"}, 1, 2},
    {{"linear:2x2", "skip", "tanh", "add", "mse"}, 5, 2},
};
enum { NETWORKS = sizeof networks / sizeof networks[0] };

START_TEST(all_sides_agree) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_error err;
  ck_assert_msg(jac_network_new(networks[_i].spec, networks[_i].count, networks[_i].batch,
                                NULL, &map, &err) == JAC_OK,
                "%s", err.message);
  ck_assert_int_eq(jac_values_new(map, 4, &x, &err), JAC_OK);
  for (size_t v = 0; v < map->nvar; v++) {
    struct jac_chain chain;
    struct jac_array3 J;
    ck_assert_int_eq(jac_chain_new(map, jac_values_point(&x), v, 1, &chain, &err),
                     JAC_OK);
    ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), v, &J, &err),
                     JAC_OK);
    const struct jac_array3 *left = &chain.factor[chain.count - 1].left;
    ck_assert_uint_eq(left->slices, J.slices);
    ck_assert_uint_eq(left->rows, J.rows);
    ck_assert_uint_eq(left->cols, J.cols);
    for (size_t k = 0; k < J.slices * J.rows * J.cols; k++)
      ck_assert_double_eq_tol(left->data[k], J.data[k], 1e-13);
    ck_assert_double_le(chain.right_error, 1e-13);
    for (size_t f = 0; f < chain.count; f++) {
      ck_assert_double_le(chain.factor[f].delta_error, 1e-13);
      ck_assert_uint_eq(chain.factor[f].position, jac_network_count(map) - f);
      if (f > 0)
        ck_assert_uint_eq(chain.factor[f - 1].J.cols, chain.factor[f].J.rows);
    }
    ck_assert_double_le(chain.cost.best, fmin(chain.cost.left, chain.cost.right));
    jac_array3_free(&J);
    jac_chain_free(&chain);
  }
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

/* Cormen et al.: 30x35 35x15 15x5 5x10 10x20 20x25 cost 15125 in ((A1 (A2 A3)) ((A4 A5)
 * A6)). */
START_TEST(the_best_order_is_the_textbook_s) {
  static const size_t size[] = {30, 35, 15, 5, 10, 20, 25}, small[] = {10, 30, 5, 60};
  double cost;
  char *order;
  ck_assert_int_eq(jac_chain_order(size, 6, &cost, &order, NULL), JAC_OK);
  ck_assert_double_eq(cost, 15125.0);
  ck_assert_str_eq(order, "(J6 (J5 J4)) ((J3 J2) J1)");
  free(order);
  ck_assert_int_eq(jac_chain_order(small, 3, &cost, &order, NULL), JAC_OK);
  ck_assert_double_eq(cost, 4500.0);
  ck_assert_str_eq(order, "(J3 J2) J1");
  free(order);
  ck_assert_int_eq(jac_chain_order(small, 1, &cost, &order, NULL), JAC_OK);
  ck_assert_double_eq(cost, 0.0);
  ck_assert_str_eq(order, "J1");
  free(order);
}
END_TEST

/* A loss after linear 3x4, tanh, linear 4x2: 1x2, 2x4, 4x4, 4x12 by hand. */
START_TEST(costs_by_hand) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_chain chain;
  ck_assert_int_eq(jac_network_new(networks[0].spec, 4, 1, NULL, &map, NULL), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, NULL), JAC_OK);
  ck_assert_int_eq(
      jac_chain_new(map, jac_values_point(&x), jac_map_find(map, "W1"), 1, &chain, NULL),
      JAC_OK);
  ck_assert_double_eq(chain.cost.left, 1 * 2 * 4 + 1 * 4 * 4 + 1 * 4 * 12);
  ck_assert_double_eq(chain.cost.right, 4 * 4 * 12 + 2 * 4 * 12 + 1 * 2 * 12);
  ck_assert_int_eq(chain.factor[2].pattern.kind, JAC_PATTERN_DIAGONAL);
  ck_assert_int_eq(chain.factor[3].pattern.kind, JAC_PATTERN_BLOCK_DIAGONAL);
  ck_assert_uint_eq(chain.factor[3].pattern.block_cols, 3);
  jac_chain_free(&chain);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

/* Backpropagation through time: the factors multiply to the Jacobian by the first state,
 * and the uses of a shared parameter add up to the Jacobian by it. */
START_TEST(steps_multiply_and_uses_add_up) {
  static const char *const specs[] = {"rnn:2x3,steps=4", "gru:2x2,steps=3",
                                      "lstm:3x2,steps=3"};
  static const char *const after[] = {"linear:2", "softmax"};
  const char *words[] = {specs[_i], after[0], after[1]};
  struct jac_map *map;
  struct jac_values x;
  struct jac_chain chain;
  ck_assert_int_eq(jac_network_new(words, 3, 2, NULL, &map, NULL), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 4, &x, NULL), JAC_OK);
  size_t u = jac_map_find(map, "U");
  ck_assert_int_eq(jac_chain_new(map, jac_values_point(&x), u, 1, &chain, NULL), JAC_OK);
  ck_assert_uint_eq(chain.ntime, 1);
  struct jac_chain_time *time = &chain.time[0];
  ck_assert(time->use != NULL && time->sum_error < 1e-14);
  /* d s_T / d h is the first columns of A_T ... A_1. */
  struct jac_array3 J;
  const struct jac_map *cell = chain.time[0].module;
  size_t h = jac_map_find(cell, "h"), n = time->factor[0].rows;
  ck_assert_int_eq(jac_map_jacobian_new(cell, jac_values_point(&x), h, &J, NULL), JAC_OK);
  for (size_t i = 0; i < n; i++) {
    double row[8] = {0}, next[8];
    row[i] = 1.0;
    for (size_t t = time->steps; t > 0; t--) {
      for (size_t j = 0; j < n; j++) {
        next[j] = 0.0;
        for (size_t k = 0; k < n; k++)
          next[j] += row[k] * *jac_array3_at(&time->factor[t - 1], 0, k, j);
      }
      memcpy(row, next, sizeof row);
    }
    for (size_t j = 0; j < J.cols; j++)
      ck_assert_double_eq_tol(row[j], *jac_array3_at(&J, 0, i, j), 1e-15);
  }
  jac_array3_free(&J);
  jac_chain_free(&chain);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

/* What comes back to the given state is the network's derivative by it, of whose rows
 * and columns the norm is; and what reaches the last state is that of the layers behind.
 */
START_TEST(the_way_back_ends_at_the_given_state) {
  static const char *const specs[][3] = {{"rnn:2x3,steps=4", "linear:2", "cross-entropy"},
                                         {"gru:2x2,steps=3", "linear:3", "softmax"}};
  struct jac_map *map;
  struct jac_values x;
  struct jac_chain chain;
  struct jac_array3 J;
  struct jac_error err;
  struct jac_chain_step step[4];
  double end;
  ck_assert_int_eq(jac_network_new(specs[_i], 3, 2, NULL, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 5, &x, &err), JAC_OK);
  size_t h = jac_map_find(map, "h");
  ck_assert_int_eq(jac_chain_new(map, jac_values_point(&x), h, 1, &chain, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), h, &J, &err), JAC_OK);
  ck_assert_uint_eq(chain.ntime, 1);
  for (size_t n = 0; n < 2; n++) {
    ck_assert_int_eq(jac_chain_time_steps(&chain, &chain.time[0], n, step, &end, &err),
                     JAC_OK);
    ck_assert_double_eq_tol(step[0].reaches, jac_chain_time_size(&J, n), 1e-14);
    ck_assert_double_eq_tol(end, jac_chain_time_size(&chain.factor[1].left, n), 1e-14);
    size_t last = chain.time[0].steps - 1;
    ck_assert_double_eq(step[last].so_far, step[last].norm);
    for (size_t t = 0; t <= last; t++) /* no vector grows by more than the norm says */
      ck_assert_double_le(step[t].reaches, step[t].so_far * end * (1.0 + 1e-12));
  }
  ck_assert_double_ne(jac_chain_time_size(&J, 0), jac_chain_time_size(&J, 1));
  jac_array3_free(&J);
  jac_chain_free(&chain);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

Suite *chain_suite(void);
Suite *chain_suite(void) {
  Suite *suite = suite_create("chain");
  TCase *tc = tcase_create("chain");
  tcase_add_loop_test(tc, all_sides_agree, 0, NETWORKS);
  tcase_add_test(tc, the_best_order_is_the_textbook_s);
  tcase_add_test(tc, costs_by_hand);
  tcase_add_loop_test(tc, steps_multiply_and_uses_add_up, 0, 3);
  tcase_add_loop_test(tc, the_way_back_ends_at_the_given_state, 0, 2);
  suite_add_tcase(suite, tc);
  return suite;
}
