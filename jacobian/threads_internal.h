/* Threads where the build has OpenMP (`make OPENMP=1`), one elsewhere. Loops are
 * `ordered`, so that results are the same bit for bit, however many there are. */
#ifndef JACOBIAN_THREADS_INTERNAL_H
#define JACOBIAN_THREADS_INTERNAL_H

#include <stddef.h>

enum { JAC_MOST_THREADS = 64 };

#ifdef _OPENMP
#include <omp.h>
#define JAC_OMP(directive) _Pragma(#directive)

static inline size_t jac_threads(void) {
  int threads = omp_in_parallel() ? 1 : omp_get_max_threads();
  return threads < JAC_MOST_THREADS ? (size_t)threads : (size_t)JAC_MOST_THREADS;
}

static inline size_t jac_thread(void) {
  return (size_t)omp_get_thread_num();
}
#else
#define JAC_OMP(directive)

static inline size_t jac_threads(void) {
  return 1;
}

static inline size_t jac_thread(void) {
  return 0;
}
#endif

#endif
