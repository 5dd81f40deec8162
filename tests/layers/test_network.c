/* Networks: names, sizes, seams, and Jacobians against independent references. */
#include "jacobian/check.h"
#include "jacobian/values.h"
#include "layers/network.h"

#include <check.h>
#include <gsl/gsl_blas.h>
#include <math.h>
#include <string.h>

/* Splits at blanks: a network as a person types it. */
static enum jac_status make(const char *text, size_t batch, struct jac_map **map,
                            struct jac_error *err) {
  static char words[4000];
  const char *spec[JAC_NETWORK_MODULES + 10];
  size_t count = 0;
  ck_assert_uint_lt(strlen(text), sizeof words);
  memcpy(words, text, strlen(text) + 1);
  for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
    spec[count++] = word;
  return jac_network_new(spec, count, batch, NULL, map, err);
}

static const char *const networks[] = {
    "linear:3x4,bias tanh linear:4x2 softmax",
    "linear:2x3 relu linear:2,bias log-softmax",
    "linear:3x4,bias tanh linear:2 cross-entropy",
    "linear:3x2 batch-norm tanh linear:2 mse,reduction=mean",
    "tanh skip linear:3x3 sigmoid add softmax",
    "skip tanh skip linear:2x2 add add linear:2x2",
    "conv1d:2x1x2,length=4 relu avg-pool1d:3,channels=2 flatten linear:2",
    "linear:3x2 attention:2x2 tanh",
    "tanh:2 rnn:2x3 linear:2",
    "linear:2x3 cosine",
    "layer-norm:4 linear:3 gelu rms-norm dropout,p=0.5 huber",
    "attention:2x3 linear:2",
    "conv2d:2x1x2,height=3,width=3 batch-norm relu max-pool2d:2,stride=1 linear:2",
    "conv1d:2x1x2,length=4 instance-norm group-norm,groups=2 layer-norm conv1d:1x2x1",
    "conv1d:2x1x2,length=3 flatten batch-norm softmax",
};
enum { NETWORKS = sizeof networks / sizeof networks[0] };

START_TEST(references_agree) {
  for (size_t batch = 1; batch <= 3; batch++)
    for (unsigned long seed = 1; seed <= 4; seed++) {
      struct jac_map *map;
      struct jac_values x;
      struct jac_error err;
      ck_assert_msg(make(networks[_i], batch, &map, &err) == JAC_OK, "%s", err.message);
      ck_assert_int_eq(jac_values_new(map, seed, &x, &err), JAC_OK);
      for (size_t v = 0; v < map->nvar; v++) {
        struct jac_array3 J;
        struct jac_check_result results[JAC_REFERENCES];
        struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, seed};
        ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), v, &J, &err),
                         JAC_OK);
        ck_assert_int_eq(
            jac_check(map, jac_values_point(&x), v, &J, &options, results, &err), JAC_OK);
        for (int r = 0; r < JAC_REFERENCES; r++)
          ck_assert_msg(results[r].verdict == JAC_VERDICT_AGREES,
                        "%s wrt %s, batch %zu, seed %lu, reference %d: %g against %g",
                        networks[_i], map->var[v].name, batch, seed, r,
                        results[r].worst.jacobian, results[r].worst.reference);
        jac_array3_free(&J);
      }
      jac_values_free(&x);
      jac_map_free(map);
    }
}
END_TEST

static const struct {
  const char *network, *names, *full;
} named[] = {
    {"linear:3x4,bias tanh linear:4x2 softmax", "z W1 b W2",
     "linear:3x4,bias tanh:4 linear:4x2 softmax:2"},
    {"linear:3x4,bias linear:2,bias", "z W1 b1 W2 b2", "linear:3x4,bias linear:4x2,bias"},
    {"linear:3x4 linear:2,bias linear:2,bias", "z W1 W2 b2 W3 b3",
     "linear:3x4 linear:4x2,bias linear:2x2,bias"},
    {"linear:3x4 batch-norm linear:2", "z W1 gamma beta W2",
     "linear:3x4 batch-norm:4 linear:4x2"},
    {"tanh linear:3x2", "z W", "tanh:3 linear:3x2"},
    {"dropout:3 linear:2 dropout mse", "z m1 W m2 y",
     "dropout:3 linear:3x2 dropout:2 mse:2"},
    {"linear:2x2 skip linear:2x2 add", "z W1 W2", "linear:2x2 skip linear:2x2 add"},
    {"skip linear:2x2 tanh add", "z W", "skip linear:2x2 tanh add"},
    /* Norms take the channels, and images stay images behind them; not behind flatten. */
    {"conv2d:2x1x3,height=4,width=3 batch-norm tanh layer-norm max-pool2d:2",
     "z W gamma1 beta1 gamma2 beta2",
     "conv2d:2x1x3,height=4,width=3 batch-norm:3 tanh:18 layer-norm:18 max-pool2d:2"},
    {"conv2d:2x1x2,height=3,width=3 instance-norm flatten batch-norm",
     "z W gamma1 beta1 gamma2 beta2",
     "conv2d:2x1x2,height=3,width=3 instance-norm:2 flatten:8 batch-norm:8"},
};

START_TEST(variables_are_named) {
  struct jac_map *map;
  struct jac_error err;
  char names[200] = "";
  ck_assert_msg(make(named[_i].network, 1, &map, &err) == JAC_OK, "%s", err.message);
  for (size_t v = 0; v < map->nvar; v++) {
    strcat(names, v > 0 ? " " : "");
    strcat(names, map->var[v].name);
  }
  ck_assert_str_eq(names, named[_i].names);
  ck_assert_str_eq(map->spec, named[_i].network);
  char full[400] = "";
  for (size_t k = 0; k < jac_network_count(map); k++) {
    strcat(full, k > 0 ? " " : "");
    strcat(full, jac_network_module(map, k)->spec);
  }
  ck_assert_str_eq(full, named[_i].full);
  ck_assert_str_eq(map->var[0].symbol, "z^{0}");
  jac_map_free(map);
}
END_TEST

static const struct {
  const char *network, *message;
} seams[] = {
    {"linear:3x4 linear:5x2", "linear:3x4 gives 4 features, linear:5x2 wants 5"},
    {"linear:3x4 conv1d:2x2x1,length=3",
     "the module before gives 4 features, conv1d wants 6 = 2 channels x 3"},
    {"mse:3,reduction=mean tanh:1", "mse:3,reduction=mean gives one number for the whole "
                                    "batch: nothing can come after it"},
    {"skip linear:3x4 add",
     "skip linear:3x4 add: it adds 4 features to 3: a block gives as "
     "many as it takes"},
    {"skip linear:3x3", "skip without an add after it"},
    {"linear:3x3 add", "add without a skip before it"},
    {"add", "add without a skip before it"},
    {"skip add", "nothing stands between skip and add"},
    {"tanh softmax", "tanh needs the size N: write tanh:N with numbers"},
    {"linear:3x2 sofmax", "no module is called 'sofmax': did you mean softmax?"},
};

START_TEST(seams_are_explained) {
  struct jac_map *map;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_eq(make(seams[_i].network, 2, &map, &err), JAC_EINPUT);
  ck_assert_str_eq(err.message, seams[_i].message);
  ck_assert_ptr_null(map);
}
END_TEST

START_TEST(too_many_modules_are_refused) {
  const char *spec[JAC_NETWORK_MODULES + 1];
  struct jac_map *map;
  struct jac_error err;
  for (size_t k = 0; k <= JAC_NETWORK_MODULES; k++)
    spec[k] = "tanh:2";
  ck_assert_int_eq(jac_network_new(spec, JAC_NETWORK_MODULES, 1, NULL, &map, &err),
                   JAC_OK);
  ck_assert_uint_eq(jac_network_count(map), JAC_NETWORK_MODULES);
  jac_map_free(map);
  ck_assert_int_eq(jac_network_new(spec, JAC_NETWORK_MODULES + 1, 1, NULL, &map, &err),
                   JAC_ELIMIT);
}
END_TEST

/* J = J_2 J_1 by hand, and I + J_f. */
START_TEST(products_by_hand) {
  struct jac_map *net, *block;
  struct jac_values x;
  struct jac_array3 J, K;
  struct jac_error err;
  ck_assert_int_eq(make("linear:3x2 linear:2x4", 1, &net, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(net, 1, &x, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(net, jac_values_point(&x), 0, &J, &err), JAC_OK);
  for (size_t o = 0; o < 4; o++)
    for (size_t i = 0; i < 3; i++) {
      double sum = 0.0;
      for (size_t k = 0; k < 2; k++)
        sum += gsl_matrix_get(x.matrix[1], i, k) * gsl_matrix_get(x.matrix[2], k, o);
      ck_assert_double_eq_tol(*jac_array3_at(&J, 0, o, i), sum, 1e-15);
    }
  jac_array3_free(&J);
  jac_values_free(&x);
  jac_map_free(net);
  ck_assert_int_eq(make("linear:3x3 tanh", 2, &net, &err), JAC_OK);
  ck_assert_int_eq(make("skip linear:3x3 tanh add", 2, &block, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(net, 1, &x, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(net, jac_values_point(&x), 0, &J, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(block, jac_values_point(&x), 0, &K, &err),
                   JAC_OK);
  for (size_t k = 0; k < 18; k++)
    ck_assert_double_eq_tol(K.data[k], J.data[k] + (k % 9 % 4 == 0), 1e-15);
  jac_array3_free(&J);
  jac_array3_free(&K);
  jac_values_free(&x);
  jac_map_free(net);
  jac_map_free(block);
}
END_TEST

Suite *network_suite(void);
Suite *network_suite(void) {
  Suite *suite = suite_create("network");
  TCase *tc = tcase_create("networks");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, references_agree, 0, NETWORKS);
  tcase_add_loop_test(tc, variables_are_named, 0, (int)(sizeof named / sizeof named[0]));
  tcase_add_loop_test(tc, seams_are_explained, 0, (int)(sizeof seams / sizeof seams[0]));
  tcase_add_test(tc, too_many_modules_are_refused);
  tcase_add_test(tc, products_by_hand);
  suite_add_tcase(suite, tc);
  return suite;
}
