/* Many maps on many threads, for ThreadSanitizer: `threads [TURNS]`. Every thread makes
 * maps, evaluates, checks, judges claims and certifies on its own; all share one map and
 * must find what the first thread found. */
#include "jacobian/certify.h"
#include "jacobian/diagnose.h"
#include "jacobian/define/claim.h"
#include "jacobian/define/formula_map.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <gsl/gsl_errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8 };

static const struct jac_map *shared;
static jac_point shared_point;
static const struct jac_array3 *shared_jacobian;
static atomic_size_t wrong;
static size_t turns = 2;

static void expect(bool right, const char *what) {
  if (right)
    return;
  wrong++;
  fprintf(stderr, "threads: %s\n", what);
}

/* A module from first to last: what the command `check` does. */
static void whole_check(size_t which, unsigned long seed) {
  static const struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  struct jac_map *map;
  struct jac_values x;
  struct jac_array3 J;
  struct jac_error err;
  if (jac_module_new(jac_module_at(which)->example, 2, &map, &err) != JAC_OK ||
      jac_values_new(map, seed, &x, &err) != JAC_OK) {
    expect(false, err.message);
    return;
  }
  for (size_t v = 0; v < map->nvar; v++) {
    struct jac_check_result results[JAC_REFERENCES], certified;
    struct jac_certificate certificate;
    jac_point point = jac_values_point(&x);
    expect(jac_map_jacobian_new(map, point, v, &J, &err) == JAC_OK, "a Jacobian");
    expect(jac_check(map, point, v, &J, &options, results, &err) == JAC_OK &&
               results[0].verdict != JAC_VERDICT_DIFFERS,
           map->spec);
    if (jac_certify_available(NULL) == JAC_OK)
      expect(jac_certify(map, point, v, &J, &certificate, &certified, &err) == JAC_OK &&
                 certificate.proved == certificate.entries,
             map->spec);
    jac_array3_free(&J);
  }
  jac_values_free(&x);
  jac_map_free(map);
}

static void own_formula(void) {
  static const struct jac_formula_size sizes[] = {{"z", 2, {1, 3}, false},
                                                  {"W", 2, {3, 2}, false}};
  struct jac_map *map;
  struct jac_error err;
  expect(jac_formula_map_new("y = softmax(z*W)", sizes, 2, &map, &err) == JAC_OK,
         "a formula");
  jac_map_free(map);
}

/* The map that all share: its Jacobian, a claim about it, a mistake in it. */
static void shared_map(void) {
  const struct jac_map_claim claim = {
      .map = shared, .text = "\\operatorname{diag}(s) - s^\\top s", .x = shared_point};
  struct jac_map_judgement judged;
  struct jac_array3 J;
  struct jac_error err;
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count = 0,
         size = shared_jacobian->slices * shared_jacobian->rows * shared_jacobian->cols;
  expect(jac_map_jacobian_new(shared, shared_point, 0, &J, &err) == JAC_OK &&
             memcmp(J.data, shared_jacobian->data, size * sizeof *J.data) == 0,
         "the shared map's Jacobian");
  expect(jac_map_claim_judge(&claim, &judged, &err) == JAC_OK && judged.holds, "a claim");
  for (size_t k = 0; k < size; k++)
    J.data[k] *= 2.0;
  struct jac_suspects suspects = {.map = shared, .truth = shared_jacobian};
  expect(jac_diagnose(&suspects, &J, found, &count, &err) == JAC_OK && count > 0 &&
             found[0].mistake == JAC_MISTAKE_FACTOR,
         "a diagnosis");
  jac_array3_free(&J);
}

static void *work(void *argument) {
  size_t number = *(size_t *)argument;
  for (size_t turn = 0; turn < turns; turn++) {
    for (size_t k = 0; k < jac_module_count(); k++)
      whole_check((k + number * 3) % jac_module_count(), turn + 1);
    own_formula();
    shared_map();
  }
  jac_ball_cleanup();
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t thread[THREADS];
  size_t number[THREADS];
  struct jac_map *map;
  struct jac_values x;
  struct jac_array3 J;
  struct jac_error err;
  turns = argc > 1 ? strtoul(argv[1], NULL, 10) : turns;
  gsl_set_error_handler_off();
  if (jac_module_new("softmax:4", 3, &map, &err) != JAC_OK ||
      jac_values_new(map, 1, &x, &err) != JAC_OK ||
      jac_map_jacobian_new(map, jac_values_point(&x), 0, &J, &err) != JAC_OK) {
    fprintf(stderr, "threads: %s\n", err.message);
    return 2;
  }
  shared = map;
  shared_point = jac_values_point(&x);
  shared_jacobian = &J;
  for (size_t k = 0; k < THREADS; k++) {
    number[k] = k;
    if (pthread_create(&thread[k], NULL, work, &number[k]) != 0)
      return 2;
  }
  for (size_t k = 0; k < THREADS; k++)
    pthread_join(thread[k], NULL);
  jac_array3_free(&J);
  jac_values_free(&x);
  jac_map_free(map);
  printf("%d threads, %zu turns: %zu wrong\n", (int)THREADS, turns, (size_t)wrong);
  return wrong == 0 ? 0 : 1;
}
