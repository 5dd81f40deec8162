/* Comparisons with references against the evaluations that these need. */
#include "jacobian/check.h"
#include "tests/bench/bench.h"

struct checked {
  struct subject subject;
  struct jac_array3 J;
  struct jac_pattern pattern;
  gsl_matrix *y;
  size_t wrt, evaluations, colors;
};

static void evaluate(void *context) {
  struct checked *c = context;
  for (size_t k = 0; k < c->evaluations; k++)
    jac_map_forward(c->subject.map, jac_values_point(&c->subject.values), c->y, NULL);
}

static enum jac_status ignore(void *context, const struct jac_difference_group *group) {
  (void)context;
  (void)group;
  return JAC_OK;
}

static void difference(void *context) {
  struct checked *c = context;
  jac_difference(c->subject.map, jac_values_point(&c->subject.values), c->wrt,
                 &c->pattern, JAC_DIFFERENCE_COMPRESSED, NULL, ignore, NULL, &c->evaluations,
                 NULL);
}

static void check(void *context) {
  struct checked *c = context;
  struct jac_check_result results[JAC_REFERENCES];
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  jac_check(c->subject.map, jac_values_point(&c->subject.values), c->wrt, &c->J, &options,
            results, NULL);
}

static void read_it(void *context) {
  struct checked *c = context;
  volatile double sink;
  double sum = 0.0;
  for (size_t k = 0; k < c->J.slices * c->J.rows * c->J.cols; k++)
    sum += c->J.data[k];
  sink = sum;
  (void)sink;
}

void bench_checks(const struct bench *b) {
  static const struct {
    const char *spec, *wrt;
    size_t batch;
  } cases[] = {
      {"linear:64x64", "W", 8},   {"linear:64x64", "z", 8},
      {"linear:256x256", "W", 8}, {"conv1d:3x8x8,length=64", "W", 4},
      {"tanh:256", "z", 8},       {"softmax:256", "z", 8},
      {"layer-norm:256", "z", 8}, {"linear:64x64 tanh linear:64x64 softmax", "z", 8},
  };
  fprintf(b->out, "| module | batch | variable | colours | evaluations | differences, "
                  "against that many evaluations | all of `check`, s | against reading "
                  "the Jacobian once |\n|---|---|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    if (!bench_wanted(b, cases[k].spec))
      continue;
    struct checked c = {.subject = bench_subject(cases[k].spec, cases[k].batch)};
    const struct jac_map *map = c.subject.map;
    c.wrt = jac_map_find(map, cases[k].wrt);
    c.y = gsl_matrix_alloc(map->rows, map->cols);
    static size_t color[65536 + 1];
    if (jac_pattern_new(map, c.wrt, &c.pattern, NULL) != JAC_OK ||
        jac_pattern_color(&c.pattern, color, &c.colors, NULL) != JAC_OK ||
        jac_map_jacobian_new(map, jac_values_point(&c.subject.values), c.wrt, &c.J,
                             NULL) != JAC_OK)
      continue;
    difference(&c);
    fprintf(b->out, "| `%s` | %zu | %s | %zu | %zu | ", cases[k].spec, cases[k].batch,
            cases[k].wrt, c.colors, c.evaluations);
    bench_cell(b->out,
               bench_ratio((struct work){difference, &c}, (struct work){evaluate, &c},
                           b->seconds, NULL),
               1.3);
    struct figure time,
        ratio = bench_ratio((struct work){check, &c}, (struct work){read_it, &c},
                            b->seconds, &time);
    fprintf(b->out, " | %.3g | ", time.median);
    bench_cell(b->out, ratio, 0.0);
    fprintf(b->out, " |\n");
    fflush(b->out);
    jac_array3_free(&c.J);
    jac_pattern_free(&c.pattern);
    gsl_matrix_free(c.y);
    bench_subject_free(&c.subject);
  }
}
