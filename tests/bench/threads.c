/* The same work on one thread and on two: by the clock on the wall. */
#include "jacobian/check.h"
#include "tests/bench/bench.h"

#ifdef _OPENMP
#include <omp.h>

struct shared_work {
  const struct subject *subject;
  const struct jac_array3 *J;
  size_t wrt;
  int threads;
};

static void check(void *context) {
  const struct shared_work *w = context;
  struct jac_check_result results[JAC_REFERENCES];
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  omp_set_num_threads(w->threads);
  jac_check(w->subject->map, jac_values_point(&w->subject->values), w->wrt, w->J,
            &options, results, NULL);
  omp_set_num_threads(1);
}

static void difference(void *context) {
  const struct shared_work *w = context;
  struct jac_array3 value;
  omp_set_num_threads(w->threads);
  if (jac_difference_new(w->subject->map, jac_values_point(&w->subject->values), w->wrt,
                         JAC_DIFFERENCE_COMPRESSED, &value, NULL, NULL, NULL) == JAC_OK)
    jac_array3_free(&value);
  omp_set_num_threads(1);
}

void bench_threads(const struct bench *b) {
  static const struct {
    const char *spec, *wrt;
    size_t batch;
  } cases[] = {
      {"softmax:512", "z", 16},
      {"layer-norm:512", "z", 16},
      {"attention:64x64", "Q", 64},
      {"linear:128x128 tanh linear:128x128 softmax", "z", 16},
      {"linear:256x256", "W", 8},
  };
  bench_count_waiting(true);
  fprintf(b->out, "| module | batch | variable | differences, one thread against two | "
                  "all of `check` |\n|---|---|---|---|---|\n");
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    if (!bench_wanted(b, cases[k].spec))
      continue;
    struct subject s = bench_subject(cases[k].spec, cases[k].batch);
    struct jac_array3 J;
    struct shared_work one = {&s, &J, jac_map_find(s.map, cases[k].wrt), 1}, two = one;
    two.threads = 2;
    if (jac_map_jacobian_new(s.map, jac_values_point(&s.values), one.wrt, &J, NULL) ==
        JAC_OK) {
      fprintf(b->out, "| `%s` | %zu | %s | ", cases[k].spec, cases[k].batch,
              cases[k].wrt);
      bench_cell(b->out,
                 bench_ratio((struct work){difference, &one},
                             (struct work){difference, &two}, b->seconds, NULL),
                 0.0);
      fprintf(b->out, " | ");
      bench_cell(b->out,
                 bench_ratio((struct work){check, &one}, (struct work){check, &two},
                             b->seconds, NULL),
                 0.0);
      fprintf(b->out, " |\n");
      fflush(b->out);
      jac_array3_free(&J);
    }
    bench_subject_free(&s);
  }
  bench_count_waiting(false);
}
#else
void bench_threads(const struct bench *b) {
  fprintf(b->out, "(built without OpenMP: `make bench OPENMP=1 BUILD=build/openmp`)\n");
}
#endif
