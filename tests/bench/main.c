/* The benchmark: `bench PROGRAM EMPTY [SECTION...]` writes its tables as Markdown;
 * `bench PROGRAM EMPTY --one SPEC WRT BATCH` the seconds of one Jacobian, for peers.py.
 *
 * BENCH_SECONDS is spent on each figure (default 0.2), BENCH_BYTES is the largest
 * Jacobian (default 1 GiB), BENCH_ALL measures every module instead of one of each kind,
 * BENCH_ONLY only the specs that begin so. */
#include "layers/network.h"
#include "tests/bench/bench.h"

#include <gsl/gsl_errno.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include <stdlib.h>
#include <string.h>

struct subject bench_map(const char *specs, size_t batch) {
  struct subject s = {0};
  struct jac_error err = {JAC_OK, ""};
  char text[256];
  const char *word[16];
  size_t count = 0;
  snprintf(text, sizeof text, "%s", specs);
  for (char *w = strtok(text, " "); w != NULL && count < 16; w = strtok(NULL, " "))
    word[count++] = w;
  if (jac_network_new(word, count, batch, NULL, &s.map, &err) != JAC_OK) {
    fprintf(stderr, "bench: %s: %s\n", specs, err.message);
    exit(EXIT_FAILURE);
  }
  return s;
}

struct subject bench_subject(const char *specs, size_t batch) {
  struct subject s = bench_map(specs, batch);
  if (jac_values_new(s.map, 1, &s.values, NULL) != JAC_OK)
    exit(EXIT_FAILURE);
  return s;
}

void bench_subject_free(struct subject *subject) {
  jac_map_free(subject->map);
  jac_values_free(&subject->values);
  *subject = (struct subject){0};
}

bool bench_wanted(const struct bench *b, const char *spec) {
  return b->only == NULL || strncmp(spec, b->only, strlen(b->only)) == 0;
}

struct figure bench_scaled(struct figure figure, double factor) {
  return (struct figure){figure.median * factor, figure.least * factor,
                         figure.most * factor};
}

void bench_cell(FILE *out, struct figure f, double target) {
  const char *mark = target > 0.0 && f.median > target ? "**" : "";
  fprintf(out, "%s%.3g%s (%.3g to %.3g)", mark, f.median, mark, f.least, f.most);
}

const char *bench_bytes(double bytes, char text[32]) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
  size_t unit = 0;
  for (; bytes >= 1023.5 && unit < 3; unit++)
    bytes /= 1024.0;
  snprintf(text, 32, "%.3g %s", bytes, units[unit]);
  return text;
}

static const struct {
  const char *name, *title;
  void (*run)(const struct bench *b);
} sections[] = {
    /* First: a child's peak of memory counts this program's own at its start. */
    {"processes", "Whole processes, against an empty program", bench_processes},
    {"products", "Fast products, against bare BLAS", bench_products},
    {"chain", "Networks, against the products needed", bench_chain},
    {"checks", "Checking, against the evaluations needed", bench_checks},
    {"threads", "Two threads", bench_threads},
    {"small", "Small Jacobians", bench_small},
    {"materialise", "Materialising, against `memset` of the same bytes",
     bench_materialise},
    {"others", "The other modules, at 1 MiB", bench_others},
    {"growth", "Growth: the exponent of time over bytes", bench_growth},
};

static bool chosen(const char *name, int argc, char **argv) {
  for (int k = 3; k < argc; k++)
    if (strcmp(argv[k], name) == 0)
      return true;
  return argc <= 3;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: bench PROGRAM EMPTY [SECTION...]\n");
    return EXIT_FAILURE;
  }
  gsl_set_error_handler_off();
#ifdef _OPENMP
  omp_set_num_threads(1);
#endif
  if (argc == 7 && strcmp(argv[3], "--one") == 0) {
    bench_one(stdout, argv[4], argv[5], strtoull(argv[6], NULL, 10));
    return EXIT_SUCCESS;
  }
  const char *seconds = getenv("BENCH_SECONDS"), *bytes = getenv("BENCH_BYTES");
  struct bench b = {.out = stdout,
                    .all = getenv("BENCH_ALL") != NULL || getenv("BENCH_ONLY") != NULL,
                    .only = getenv("BENCH_ONLY"),
                    .seconds = seconds != NULL ? strtod(seconds, NULL) : 0.2,
                    .largest = bytes != NULL ? strtoull(bytes, NULL, 10) : 1u << 30,
                    .program = argv[1],
                    .empty = argv[2]};
  for (size_t k = 0; k < sizeof sections / sizeof sections[0]; k++)
    if (chosen(sections[k].name, argc, argv)) {
      printf("## %s\n\n", sections[k].title);
      sections[k].run(&b);
      printf("\n");
    }
  return EXIT_SUCCESS;
}
