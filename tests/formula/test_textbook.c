/* What the textbook's simplifications do to random entry formulas: the value stays. */
#include "jacobian/formula/differentiate.h"
#include "jacobian/formula/render.h"

#include <check.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

typedef const struct jac_node *node_t;

static node_t name(struct jac_arena *a, const char *text) {
  return jac_node_named(a, JAC_NAME, text, 0, NULL);
}

static node_t entry(struct jac_arena *a, gsl_rng *rng, const char *at) {
  static const char *const names[] = {"x", "y", "s"};
  node_t index = name(a, at);
  return jac_node_named(a, JAC_ENTRY, names[gsl_rng_uniform_int(rng, 3)], 1, &index);
}

static node_t random_tree(struct jac_arena *a, gsl_rng *rng, int depth) {
  static const char *const calls[] = {"exp", "tanh", "sigmoid"};
  static const enum jac_kind binary[] = {JAC_ADD, JAC_ADD, JAC_MULTIPLY, JAC_MULTIPLY};
  const char *index = gsl_rng_uniform_int(rng, 2) ? "i" : "j";
  unsigned long kind = gsl_rng_uniform_int(rng, depth > 0 ? 15 : 4);
  if (kind == 0)
    return jac_number(a, (double)gsl_rng_uniform_int(rng, 4));
  if (kind == 1)
    return jac_binary(a, JAC_DELTA, name(a, "i"), name(a, "j"));
  if (kind < 4)
    return entry(a, rng, index);
  node_t x = random_tree(a, rng, depth - 1);
  if (kind < 8)
    return jac_binary(a, binary[kind - 4], x, random_tree(a, rng, depth - 1));
  switch (kind) {
  case 8: /* never by a delta */
    return jac_binary(a, JAC_DIVIDE, x, entry(a, rng, index));
  case 9:
    return jac_unary(a, JAC_NEGATE, x);
  case 10:
    return jac_binary(a, JAC_POWER, x,
                      jac_number(a, (double)gsl_rng_uniform_int(rng, 4)));
  case 11:
    x = jac_binary(a, JAC_MULTIPLY, x, entry(a, rng, index)); /* which tells the range */
    return jac_node_named(a, JAC_SUM, index, 1, &x);
  case 12: /* of what is not negative */
    x = jac_binary(a, JAC_POWER, x, jac_number(a, 2.0));
    return jac_node_named(a, JAC_CALL, "sqrt", 1, &x);
  default:
    return jac_node_named(a, JAC_CALL, calls[gsl_rng_uniform_int(rng, 3)], 1, &x);
  }
}

/* A sum's range comes from what its index indexes: a formula without has no value. */
static bool value_of(node_t tree, const struct jac_environment *env, double *value) {
  static const struct jac_index_value index[] = {{"i", 2}, {"j", 3}};
  struct jac_error err;
  return jac_formula_evaluate(tree, env, index, 2, value, &err) == JAC_OK &&
         fabs(*value) < 1e6;
}

START_TEST(values_stay) {
  static const double x[] = {0.3, -1.1, 0.7}, y[] = {1.9, 0.4, -0.6};
  const struct jac_named named[] = {{.name = "x", .ndim = 1, .dims = {3}, .data = x},
                                    {.name = "y", .ndim = 1, .dims = {3}, .data = y}};
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, (unsigned long)_i + 1);
  int compared = 0;
  for (int k = 0; k < 2000; k++) {
    struct jac_arena a = JAC_ARENA_INIT;
    struct jac_environment env = {.named = named, .nnamed = 2};
    struct jac_error err;
    ck_assert_int_eq(jac_formula_read_equations(&a, "s[i] = exp(x[i])/sum(k, exp(x[k]))",
                                                env.where_left, env.where_right,
                                                &env.nwhere, &err),
                     JAC_OK);
    node_t tree = random_tree(&a, rng, 4), simple = jac_formula_textbook(&a, tree, &env);
    double before, after = NAN;
    struct jac_buffer text = JAC_BUFFER_INIT;
    ck_assert_ptr_nonnull(simple);
    jac_formula_render(tree, JAC_NOTATION_ASCII, NULL, &text);
    jac_buffer_printf(&text, " -> ");
    jac_formula_render(simple, JAC_NOTATION_ASCII, NULL, &text);
    if (value_of(tree, &env, &before)) {
      compared++;
      ck_assert_msg(value_of(simple, &env, &after), "%s", text.text);
      ck_assert_msg(fabs(before - after) <= 1e-9 * fmax(1.0, fabs(before)), "%s: %g, %g",
                    text.text, before, after);
    }
    jac_buffer_free(&text);
    jac_arena_free(&a);
  }
  gsl_rng_free(rng);
  ck_assert_int_gt(compared, 500);
}
END_TEST

/* By hand. */
static const struct {
  const char *formula, *simple;
} known[] = {
    {"(x[i] + y[i])*x[j] - y[i]*x[j]", "x[j]*x[i]"},
    {"x[i]*x[j]/(x[j]*x[i])", "1"},
    {"sum(i, delta(i,j)*x[i])", "x[j]"},
    {"sum(i, x[i]*y[j])", "y[j]*sum(k, x[k])"},
    {"exp(x[i])/sum(k, exp(x[k]))", "s[i]"},
    {"exp(x[i])^2/sum(k, exp(x[k]))^2", "s[i]^2"},
    {"delta(i,j)*x[i] - delta(i,j)*x[j]", "0"},
    {"1/(1 + exp(-x[i]))", "sigmoid(x[i])"},
    {"sqrt(x[i]^2)", "sqrt(x[i]^2)"},
    {"sqrt(y[i] - x[i])^2", "y[i] - x[i]"},
    {"4*sqrt(x[i])/sqrt(4*x[i])", "2"},
    {"x[i]^(1/2)", "sqrt(x[i])"},
    {"x[i]^(-1)*x[i]^(3/2)", "sqrt(x[i])"},
    {"x[i]^0 + 1", "2"},
    {"sum(i, exp(delta(i,j))*x[i]/x[i])", "sum(i = 1:3, exp(delta(i, j)))"},
    {"0*x[i] + 1*y[i]", "y[i]"},
};

START_TEST(known_forms) {
  static const double x[] = {0.3, -1.1, 0.7};
  const struct jac_named named[] = {{.name = "x", .ndim = 1, .dims = {3}, .data = x},
                                    {.name = "y", .ndim = 1, .dims = {3}, .data = x}};
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_environment env = {.named = named, .nnamed = 2};
  struct jac_error err;
  node_t tree;
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_formula_read_equations(&a, "s[i] = exp(x[i])/sum(k, exp(x[k]))", env.where_left,
                             env.where_right, &env.nwhere, &err);
  ck_assert_int_eq(jac_formula_read(&a, known[_i].formula, &tree, NULL, &err), JAC_OK);
  jac_formula_render(jac_formula_textbook(&a, tree, &env), JAC_NOTATION_ASCII, NULL,
                     &text);
  ck_assert_str_eq(text.text, known[_i].simple);
  jac_buffer_free(&text);
  jac_arena_free(&a);
}
END_TEST

Suite *textbook_suite(void);
Suite *textbook_suite(void) {
  Suite *s = suite_create("textbook");
  TCase *tc = tcase_create("core");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, values_stay, 0, 5);
  tcase_add_loop_test(tc, known_forms, 0, sizeof known / sizeof known[0]);
  suite_add_tcase(s, tc);
  return s;
}
