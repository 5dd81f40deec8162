/* Formulas: reading, writing, specialising, evaluating; every module's formulas against
 * its C code. */
#include "tests/slow.h"
#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/read.h"
#include "jacobian/formula/render.h"
#include "jacobian/formula/simplify.h"
#include "jacobian/notation/notation.h"
#include "jacobian/order.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

static node_t random_tree(struct jac_arena *a, gsl_rng *rng, int depth) {
  static const char *const names[] = {"x", "W", "gamma", "z_0"};
  static const char *const calls[] = {"tanh", "exp", "log", "sigmoid", "diag"};
  unsigned long kind = gsl_rng_uniform_int(rng, depth > 0 ? 21 : 3);
#define SUB random_tree(a, rng, depth - 1)
  if (kind == 0)
    return jac_number(a, (double)gsl_rng_uniform_int(rng, 20) / 4.0);
  const char *name = names[gsl_rng_uniform_int(rng, 4)];
  if (kind == 1)
    return jac_node_named(a, JAC_NAME, name, 0, NULL);
  node_t i = jac_node_named(a, JAC_NAME, "i", 0, NULL), two = jac_number(a, 2.0);
  if (kind == 2) {
    node_t child[] = {i,
                      gsl_rng_uniform_int(rng, 2) ? two : jac_binary(a, JAC_ADD, i, two)};
    return jac_node_named(a, JAC_ENTRY, name, 2, child);
  }
  static const enum jac_kind binary[] = {JAC_ADD, JAC_MULTIPLY, JAC_HADAMARD, JAC_DIVIDE,
                                         JAC_POWER};
  if (kind < 8) {
    node_t x = SUB;
    return jac_binary(a, binary[kind - 3], x, SUB);
  }
  node_t x = SUB;
  switch (kind) {
  case 8:
    return jac_unary(a, JAC_NEGATE, x);
  case 9:
    return jac_unary(a, JAC_TRANSPOSE, x);
  case 10:
    return jac_node_named(a, JAC_SUM, "i", 1, &x);
  case 11: /* what does not mention the index reads as the larger of two */
    x = jac_binary(a, JAC_MULTIPLY, jac_node_named(a, JAC_NAME, "j", 0, NULL), x);
    return jac_node_named(a, JAC_MAX, "j", 1, &x);
  case 12:
    return jac_binary(a, JAC_DELTA, i, two);
  case 13: {
    node_t child[] = {x, two};
    return jac_unary(a, JAC_INDICATOR, jac_node_named(a, JAC_COMPARE, "<=", 2, child));
  }
  case 14: {
    node_t child[] = {x, jac_node_named(a, JAC_COMPARE, "=", 2, (node_t[]){i, two}), two};
    return jac_node(a, JAC_CASES, gsl_rng_uniform_int(rng, 2) ? 3 : 2, child);
  }
  case 15:
    return jac_node(a, JAC_AT, 3, (node_t[]){jac_binary(a, JAC_MULTIPLY, x, x), i, two});
  case 16:
    return jac_node_named(a, JAC_PRODUCT, "k", 3, (node_t[]){x, two, i});
  case 17:
    return jac_node_named(a, JAC_CALL, "kron", 2, (node_t[]){x, SUB});
  case 18: {
    node_t dots = jac_node_named(a, JAC_DOTS, "c", 0, NULL);
    node_t row = jac_node(a, JAC_ROW, 3, (node_t[]){x, dots, two});
    return jac_node(a, JAC_MATRIX, 2, (node_t[]){row, row});
  }
  case 19:
    return jac_binary(a, JAC_DERIVATIVE, x, jac_node_named(a, JAC_NAME, "x", 0, NULL));
  default:
    return jac_node_named(a, JAC_CALL, calls[gsl_rng_uniform_int(rng, 5)], 1, &x);
  }
#undef SUB
}

/* What is written as ASCII is read as what it was, and LaTeX is notation. */
START_TEST(what_is_written_reads_back) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  for (size_t k = 0; k < part_of(20000); k++) {
    struct jac_arena a = JAC_ARENA_INIT;
    struct jac_buffer text = JAC_BUFFER_INIT;
    struct jac_error err = {JAC_OK, ""};
    node_t tree = random_tree(&a, rng, 4), back;
    jac_formula_render(tree, JAC_NOTATION_ASCII, NULL, &text);
    enum jac_status status = jac_formula_read(&a, text.text, &back, NULL, &err);
    ck_assert_msg(status == JAC_OK, "%s: %s", text.text, err.message);
    ck_assert_msg(jac_equal(tree, back), "%s", text.text);
    jac_buffer_clear(&text);
    jac_formula_render(tree, JAC_NOTATION_LATEX, NULL, &text);
    struct jac_pool pool = JAC_POOL_INIT;
    const struct jac_syntax *notation;
    status = jac_notation_read(&pool, text.text, true, &notation, NULL, &err);
    ck_assert_msg(status == JAC_OK, "%s: %s", text.text, err.message);
    jac_pool_free(&pool);
    jac_buffer_free(&text);
    jac_arena_free(&a);
  }
  gsl_rng_free(rng);
}
END_TEST

static const struct {
  const char *formula, *specialised, *unicode, *latex;
} examples[] = {
    {"delta(o,j)*z[n,i]", "0", "0", "0"},
    {"delta(o,o)*z[n,i]", "z[1,3]", "z[1,3]", "z_{1,3}"},
    {"s[n]*(delta(o,o) - s[i])", "s[1]*(1 - s[3])", "s[1](1 − s[3])", "s_{1}(1 - s_{3})"},
    {"s[n]*(delta(o,j) - s[i])", "-s[1]*s[3]", "−s[1] s[3]", "-s_{1} s_{3}"},
    {"2*(x - y)/batch", "2*(x - y) / batch", "2(x − y)/batch",
     "\\frac{2(x - y)}{\\mathrm{batch}}"},
    {"1 - tanh(x)^2", "1 - tanh(x)^2", "1 − tanh²(x)", "1 - \\tanh^2(x)"},
    {"sum(j, exp(z[j]))", "sum(j, exp(z[j]))", "Σⱼ exp(z[j])", "\\sum_{j} e^{z_{j}}"},
    {"0*x + 1*y^1 + 0", "y", "y", "y"},
    {"g*r*(delta(o,j) - (1 + s[n]*s[n])/N)", "-g*r*(1 + s[1]^2) / N", "−g r(1 + s[1]²)/N",
     "-\\frac{g r(1 + s_{1}^{2})}{N}"},
    {"-(-x)", "x", "x", "x"},
    {"--x", "x", "x", "x"},
    {"2 + k - 3 + 4", "k + 3", "k + 3", "k + 3"},
    {"k - 3", "k - 3", "k − 3", "k - 3"},
    {"(-x)*y*(-z)", "x*y*z", "x y z", "x y z"},
    {"cases(x, i <= o, y)", "y", "y", "y"},
    {"cases(x, i = o, y, i > o, z)", "y", "y", "y"},
    {"prod(i, x[i])", "prod(i, x[i])", "Πᵢ x[i]", "\\prod_{i} x_{i}"},
    {"ind(n <= i)*x", "x", "x", "x"},
    {"ind(n > i)*x", "0", "0", "0"},
    {"sum(i, delta(i,o)*x)", "sum(i, delta(i, 2)*x)", "Σᵢ δᵢ₂ x",
     "\\sum_{i} \\delta_{i,2} x"},
};

START_TEST(specialised_and_written) {
  static const struct jac_binding bind[] = {{"n", 1}, {"o", 2}, {"i", 3}, {"j", 4}};
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_buffer text = JAC_BUFFER_INIT;
  node_t tree;
  ck_assert_int_eq(jac_formula_read(&a, examples[_i].formula, &tree, NULL, NULL), JAC_OK);
  tree = jac_specialise(&a, tree, bind, 4);
  jac_formula_render(tree, JAC_NOTATION_ASCII, NULL, &text);
  ck_assert_str_eq(text.text, examples[_i].specialised);
  jac_buffer_clear(&text);
  jac_formula_render(tree, JAC_NOTATION_UNICODE, NULL, &text);
  ck_assert_str_eq(text.text, examples[_i].unicode);
  jac_buffer_clear(&text);
  jac_formula_render(tree, JAC_NOTATION_LATEX, NULL, &text);
  ck_assert_str_eq(text.text, examples[_i].latex);
  jac_buffer_free(&text);
  jac_arena_free(&a);
}
END_TEST

static const struct {
  const char *formula, *message;
  size_t position;
} mistakes[] = {
    {"", "the formula ends where a number, a name or a bracket is expected", 0},
    {"1 +", "the formula ends where a number, a name or a bracket is expected", 3},
    {"z[n,", "the formula ends where a number, a name or a bracket is expected", 4},
    {"(x", "the formula ends where the closing bracket is expected", 2},
    {"x ) y", "')' where an operator or the end is expected", 2},
    {"sum(1, x)", "'1' where a name is expected", 4},
    {"ind(x)", "')' where a comparison such as z[n,i] > 0 is expected", 5},
    {"x \xE2\x8A\x99 y", "'\xE2\x8A\x99' where an operator or the end is expected", 2},
    {"1e999", "'1' where a smaller number is expected", 0},
    {"0x10 y]", "']' where an operator or the end is expected", 6},
    {"f(1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7)",
     "'7' where fewer arguments is expected", 50},
};

START_TEST(mistakes_are_explained) {
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_error err;
  node_t tree;
  size_t position = 99;
  ck_assert_int_eq(jac_formula_read(&a, mistakes[_i].formula, &tree, &position, &err),
                   JAC_EINPUT);
  ck_assert_str_eq(err.message, mistakes[_i].message);
  ck_assert_uint_eq(position, mistakes[_i].position);
  jac_arena_free(&a);
}
END_TEST

/* Deep, long and broken inputs end at a bound, quickly. */
START_TEST(bounds_hold) {
  static const char *const parts[] = {"(",  "-",  "f(",     "x^", "z[",
                                      "x'", "1+", "sum(i,", "2 "};
  size_t size = 100000;
  char *text = malloc(size + 1);
  size_t length = strlen(parts[_i]);
  for (size_t k = 0; k + length <= size; k += length)
    memcpy(text + k, parts[_i], length);
  text[size / length * length] = '\0';
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_error err = {JAC_OK, ""};
  node_t tree;
  enum jac_status status = jac_formula_read(&a, text, &tree, NULL, &err);
  ck_assert(status == JAC_ELIMIT || status == JAC_EINPUT);
  ck_assert_str_ne(err.message, "");
  jac_arena_free(&a);
  free(text);
}
END_TEST

START_TEST(too_long_is_refused) {
  char *text = malloc(JAC_FORMULA_TEXT + 2);
  memset(text, 'x', JAC_FORMULA_TEXT + 1);
  text[JAC_FORMULA_TEXT + 1] = '\0';
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_error err;
  node_t tree, right;
  ck_assert_int_eq(jac_formula_read(&a, text, &tree, NULL, &err), JAC_ELIMIT);
  ck_assert_int_eq(jac_formula_read_equation(&a, text, &tree, &right, NULL, &err),
                   JAC_ELIMIT);
  ck_assert_int_eq(jac_formula_read_equation(&a, "x + 1", &tree, &right, NULL, &err),
                   JAC_EINPUT);
  ck_assert_str_eq(err.message, "the formula ends where the sign = is expected");
  jac_arena_free(&a);
  free(text);
}
END_TEST

struct formulas {
  struct jac_arena arena;
  struct jac_environment env;
  node_t left, right; /* the definition */
};

static void read_formulas(const struct jac_map *map, jac_point x, struct formulas *f) {
  struct jac_error err = {JAC_OK, ""};
  *f = (struct formulas){.arena = JAC_ARENA_INIT, .env = {.map = map, .x = x}};
  ck_assert_msg(jac_formula_read_equation(&f->arena, map->definition, &f->left, &f->right,
                                          NULL, &err) == JAC_OK,
                "%s: %s", map->definition, err.message);
  if (map->where != NULL)
    ck_assert_msg(jac_formula_read_equations(&f->arena, map->where, f->env.where_left,
                                             f->env.where_right, &f->env.nwhere,
                                             &err) == JAC_OK,
                  "%s: %s", map->where, err.message);
}

/* The definition of a module, evaluated, is what its C code computes. */
static void check_definition(const struct jac_map *map, jac_point x) {
  struct formulas f;
  read_formulas(map, x, &f);
  size_t channels = map->channels > 0 ? map->channels : 1;
  gsl_matrix *y = gsl_matrix_alloc(map->rows, map->cols);
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_eq(jac_map_forward(map, x, y, &err), JAC_OK);
  for (size_t n = 0; n < map->rows; n++)
    for (size_t o = 0; o < map->cols; o++) {
      struct jac_index_value index[] = {
          {"n", n + 1},
          {"o", o % (map->channels > 0 ? channels : map->cols) + 1},
          {"l", o / channels + 1}};
      double value;
      ck_assert_msg(jac_formula_evaluate(f.right, &f.env, index, f.left->count, &value,
                                         &err) == JAC_OK,
                    "%s: %s", map->spec, err.message);
      ck_assert_msg(fabs(value - gsl_matrix_get(y, n, o)) <=
                        1e-12 * fmax(1.0, fabs(value)),
                    "%s: %s: %g, code %g", map->spec, map->definition, value,
                    gsl_matrix_get(y, n, o));
    }
  gsl_matrix_free(y);
  jac_arena_free(&f.arena);
}

/* The indices of a native place, by the names that entry formulas use. */
static size_t place(const struct jac_map *map, size_t v, size_t s, size_t i, size_t j,
                    struct jac_index_value index[8]) {
  static const char *const parameter[3][3] = {{"i"}, {"i", "j"}, {"h", "i", "j"}};
  const struct jac_variable *var = &map->var[v];
  size_t n = map->coupled ? i / map->cols : s, o = map->coupled ? i % map->cols : i,
         count = 0;
  index[count++] = (struct jac_index_value){"n", n + 1};
  if (map->channels > 0)
    index[count++] = (struct jac_index_value){"l", o / map->channels + 1};
  index[count++] =
      (struct jac_index_value){"o", (map->channels > 0 ? o % map->channels : o) + 1};
  if (var->role == JAC_DATA) {
    size_t features = var->dims[1], feature = j % features;
    size_t channels = var->channels > 0 ? var->channels : features;
    index[count++] = (struct jac_index_value){"m", (map->coupled ? j / features : s) + 1};
    if (var->channels > 0)
      index[count++] = (struct jac_index_value){"q", feature / channels + 1};
    index[count++] = (struct jac_index_value){"i", feature % channels + 1};
    return count;
  }
  for (size_t d = 0, rest = j; d < var->ndim; rest /= var->dims[d++])
    index[count++] =
        (struct jac_index_value){parameter[var->ndim - 1][d], rest % var->dims[d] + 1};
  return count;
}

/* A variable's entry formula, and the definition over dual numbers: both are the explicit
 * Jacobian. */
static void check_entries(const struct jac_map *map, jac_point x, size_t v) {
  struct formulas f;
  struct jac_array3 J;
  struct jac_error err = {JAC_OK, ""};
  node_t entry;
  read_formulas(map, x, &f);
  ck_assert_msg(jac_formula_read(&f.arena, map->var[v].entry, &entry, NULL, &err) ==
                    JAC_OK,
                "%s: %s", map->var[v].entry, err.message);
  struct jac_number_type dual = jac_dual_of(&jac_double);
  bool tied = strncmp(map->spec, "max", 3) == 0;
  ck_assert_int_eq(jac_map_jacobian_new(map, x, v, &J, &err), JAC_OK);
  for (size_t s = 0; s < J.slices; s++)
    for (size_t i = 0; i < J.rows; i++)
      for (size_t j = 0; j < J.cols; j++) {
        struct jac_index_value index[8];
        size_t count = place(map, v, s, i, j, index);
        double value, exact = *jac_array3_at(&J, s, i, j);
        ck_assert_msg(jac_formula_evaluate(entry, &f.env, index, count, &value, &err) ==
                          JAC_OK,
                      "%s wrt %s: %s", map->spec, map->var[v].name, err.message);
        ck_assert_msg(fabs(value - exact) <= 1e-12 * fmax(1.0, fabs(exact)),
                      "%s wrt %s: %g, code %g", map->spec, map->var[v].name, value,
                      exact);
        struct jac_result result;
        f.env.type = &dual;
        size_t at = !map->coupled && map->var[v].role == JAC_DATA ? s * J.cols + j : j;
        if (map->var[v].role == JAC_PARAMETER && map->var[v].ndim > 1)
          at = jac_number_to_offset(&map->var[v], JAC_ORDER_F, j);
        f.env.seed = x[v]->data + at;
        ck_assert_int_eq(
            jac_formula_value(f.right, &f.env, index, count, &result, NULL, &err),
            JAC_OK);
        ck_assert_msg(tied ||
                          fabs(result.slope[0] - exact) <= 1e-12 * fmax(1.0, fabs(exact)),
                      "%s wrt %s: dual numbers %g, code %g", map->spec, map->var[v].name,
                      result.slope[0], exact);
        jac_result_free(&result);
        f.env.type = NULL;
      }
  jac_array3_free(&J);
  jac_arena_free(&f.arena);
}

START_TEST(formulas_of_modules_are_their_code) {
  const struct jac_module *module = jac_module_at((size_t)_i);
  for (unsigned long seed = 1; seed <= part_of(5); seed++)
    for (size_t batch = 1; batch <= 3; batch++) {
      struct jac_map *map;
      struct jac_values values;
      struct jac_error err;
      ck_assert_msg(jac_module_new(module->example, batch, &map, &err) == JAC_OK, "%s",
                    err.message);
      ck_assert_int_eq(jac_values_new(map, seed, &values, &err), JAC_OK);
      if (map->definition != NULL)
        check_definition(map, jac_values_point(&values));
      for (size_t v = 0; v < map->nvar; v++)
        if (map->var[v].entry != NULL)
          check_entries(map, jac_values_point(&values), v);
      jac_values_free(&values);
      jac_map_free(map);
    }
}
END_TEST

enum { OPTIONS = 62 };

START_TEST(options_have_formulas_too) {
  static const char *const specs[OPTIONS] = {
      "mse:3,reduction=mean",
      "mse:2,reduction=sum",
      "cross-entropy:3,reduction=mean",
      "linear:4x3",
      "conv1d:3x2x2,length=7,stride=2,bias",
      "max-pool1d:3,channels=2,length=7,stride=2",
      "avg-pool1d:3,channels=2,length=7,stride=1",
      "conv1d:2x2x1,length=4,padding=1",
      "conv1d:2x2x4,length=5,padding=1,dilation=2,groups=2,bias",
      "conv1d:2x2x2,length=5,stride=2,groups=2",
      "conv2d:2x2x2,height=3,width=3,groups=2,padding=1,stride=2",
      "conv2d:2x1x1,height=4,width=4,dilation=2,bias",
      "conv-transpose1d:3x2x2,length=3,stride=2,padding=1,dilation=2",
      "conv-transpose1d:2x2x4,length=3,groups=2,bias",
      "max-pool2d:2,channels=2,height=4,width=4",
      "avg-pool2d:2,channels=2,height=3,width=4,stride=1",
      "rnn:2x2,steps=3",
      "lstm:2x1,steps=3",
      "gru:1x2,steps=4",
      "batch-norm:2,mode=eval",
      "batch-norm:2,mode=eval,length=2",
      "batch-norm:2,length=2",
      "group-norm:4,groups=2,length=2",
      "group-norm:3,groups=3,length=2",
      "dropout:3,mode=eval",
      "attention:2x2,mask=causal",
      "attention:2x2,mask=padding",
      "multi-head:4,heads=2,mask=causal",
      "multi-head:4,heads=2,mask=padding",
      "multi-head:2",
      "positional:4,halves",
      "rotary:4,halves",
      "rotate,by=axis",
      "rotate,by=quaternion",
      "pose",
      "rotate,by=axis,perturbation=left",
      "rotate,by=axis,perturbation=right",
      "rotate,by=quaternion,perturbation=right",
      "pose,perturbation=right",
      "pose,by=quaternion,perturbation=left",
      "pose,by=quaternion,perturbation=right",
      "softmax:3,temperature=0.4",
      "softmin:3,temperature=0.4",
      "gumbel-softmax:3,temperature=0.4",
      "celu:3,alpha=0.6",
      "bilinear:2x3x2",
      "cross-entropy:3,smoothing=0.2",
      "cross-entropy:3,weighted,smoothing=0.2",
      "cross-entropy:3,ignore=2,reduction=mean",
      "cross-entropy:3,ignore=1,smoothing=0.2,weighted,reduction=mean",
      "nll:3,ignore=3,weighted,reduction=mean",
      "cross-entropy:3,weighted,reduction=mean",
      "nll:3,weighted,reduction=sum",
      "hinge:3,margin=0.3,reduction=mean",
      "hinge:3,binary",
      "focal:3,gamma=1.5,reduction=sum",
      "gaussian-nll:3,reduction=mean",
      "cosine-loss:3,apart,margin=-0.5",
      "triplet:3,margin=0.2,reduction=mean",
      "contrastive:2,temperature=0.3",
      "contrastive:2,reduction=sum",
      "contrastive:2,temperature=2,reduction=mean"};
  struct jac_map *map;
  struct jac_values values;
  struct jac_error err;
  ck_assert_int_eq(jac_module_new(specs[_i], 3, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 2, &values, &err), JAC_OK);
  size_t p = jac_map_find(map, "p"); /* a perturbation is 0, and then it is not */
  for (int moved = 0; moved < (p < map->nvar ? 2 : 1); moved++) {
    for (size_t k = 0; moved && k < 3 * map->var[p].dims[1]; k++)
      values.matrix[p]->data[k] = 0.3 * cos((double)(3 * k + 1));
    check_definition(map, jac_values_point(&values));
    for (size_t v = 0; v < map->nvar; v++)
      if (map->var[v].entry != NULL)
        check_entries(map, jac_values_point(&values), v);
  }
  jac_values_free(&values);
  jac_map_free(map);
}
END_TEST

Suite *formula_suite(void);
Suite *formula_suite(void) {
  Suite *suite = suite_create("formula");
  TCase *tc = tcase_create("formulas");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, what_is_written_reads_back);
  tcase_add_loop_test(tc, specialised_and_written, 0,
                      (int)(sizeof examples / sizeof examples[0]));
  tcase_add_loop_test(tc, mistakes_are_explained, 0,
                      (int)(sizeof mistakes / sizeof mistakes[0]));
  tcase_add_loop_test(tc, bounds_hold, 0, 9);
  tcase_add_test(tc, too_long_is_refused);
  tcase_add_loop_test(tc, formulas_of_modules_are_their_code, 0, (int)jac_module_count());
  tcase_add_loop_test(tc, options_have_formulas_too, 0, OPTIONS);
  suite_add_tcase(suite, tc);
  return suite;
}
