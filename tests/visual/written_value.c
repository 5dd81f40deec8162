#include "tests/visual/written_value.h"

#include "jacobian/formula/read.h"

#include <check.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static double quantity(const struct written_at *s, const char *name, size_t o) {
  const gsl_matrix *z = s->point[0];
  double sum = 0.0, mean = 0.0, square = 0.0;
  size_t n = z->size2;
  for (size_t k = 0; k < n; k++) {
    sum += exp(gsl_matrix_get(z, 0, k));
    mean += gsl_matrix_get(z, 0, k) / (double)n;
  }
  for (size_t k = 0; k < n; k++)
    square += pow(gsl_matrix_get(z, 0, k) - mean, 2.0) / (double)n;
  if (strcmp(name, "s") == 0)
    return exp(gsl_matrix_get(z, 0, o)) / sum;
  if (strcmp(name, "r") == 0)
    return 1.0 / sqrt(square + 1e-5);
  ck_assert_str_eq(name, "x");
  return (gsl_matrix_get(z, 0, o) - mean) / sqrt(square + 1e-5);
}

static double value_of(const struct written_at *s, const struct jac_node *t);

/* A sum with its bounds: 1 to a number. */
static double sum_of(const struct written_at *s, const struct jac_node *t) {
  double sum = 0.0;
  ck_assert_uint_eq(t->count, 3);
  ck_assert_int_eq(t->child[2]->kind, JAC_NUMBER);
  size_t first = (size_t)t->child[1]->number, last = (size_t)t->child[2]->number;
  for (size_t k = first; k <= last; k++) {
    struct jac_arena arena = JAC_ARENA_INIT;
    sum += value_of(
        s, jac_replace_name(&arena, t->child[0], t->name, jac_number(&arena, (double)k)));
    jac_arena_free(&arena);
  }
  return sum;
}

static double value_of(const struct written_at *s, const struct jac_node *t) {
  if (t->kind == JAC_SUM)
    return sum_of(s, t);
  double a = t->count > 0 && t->kind != JAC_ENTRY ? value_of(s, t->child[0]) : 0.0;
  double b = t->count > 1 && t->kind != JAC_ENTRY ? value_of(s, t->child[1]) : 0.0;
  switch (t->kind) {
  case JAC_NUMBER:
    return t->number;
  case JAC_NAME:
    if (strcmp(t->name, "N") == 0)
      return (double)s->point[0]->size2;
    return quantity(s, t->name, 0);
  case JAC_ENTRY: {
    char upper[JAC_NAME_SIZE];
    snprintf(upper, sizeof upper, "%.31s", t->name);
    size_t v = jac_map_find(s->map, upper);
    if (v == s->map->nvar) {
      upper[0] = (char)toupper((unsigned char)upper[0]);
      v = jac_map_find(s->map, upper);
    }
    size_t at = (size_t)t->child[t->count - 1]->number - 1;
    size_t row = t->count > 1 ? (size_t)t->child[0]->number - 1 : 0;
    return v < s->map->nvar ? gsl_matrix_get(s->point[v], row, at)
                            : quantity(s, t->name, at);
  }
  case JAC_CALL:
    ck_assert_str_eq(t->name, "tanh");
    return tanh(a);
  case JAC_ADD:
    return a + b;
  case JAC_NEGATE:
    return -a;
  case JAC_MULTIPLY:
    return a * b;
  case JAC_DIVIDE:
    return a / b;
  case JAC_POWER:
    return pow(a, b);
  default:
    ck_abort_msg("a construct that this test has no value for: %d", (int)t->kind);
  }
}

double written_value(const struct written_at *s, const char *text) {
  char plain[WRITTEN];
  size_t put = 0;
  for (const char *at = text; *at != '\0'; at++)
    if (strncmp(at, "^(k-1)", 6) == 0)
      at += 5;
    else
      plain[put++] = *at;
  plain[put] = '\0';
  struct jac_arena arena = JAC_ARENA_INIT;
  const struct jac_node *tree;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_formula_read(&arena, plain, &tree, NULL, &err) == JAC_OK, "%s: %s",
                plain, err.message);
  double result = value_of(s, tree);
  jac_arena_free(&arena);
  return result;
}
