/* Where each instruction is dear (JAC_SLOW_MACHINE: under Valgrind, and where lines are
 * counted) a part of what is repeated is enough: `make check` has all. */
#ifndef JAC_TESTS_SLOW_H
#define JAC_TESTS_SLOW_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The stride over the cases: 1, all of them. */
static inline size_t every(void) {
  return getenv("JAC_SLOW_MACHINE") != NULL ? 5 : 1;
}

/* How many of so many repetitions are made. */
static inline size_t part_of(size_t repetitions) {
  return (repetitions + every() - 1) / every();
}

/* Whether case k is left to another run: under Valgrind (JAC_SLOW_MACHINE=valgrind) a
 * third of the many notes is judged, in `.ci/run` (JAC_THIRD: 0, 1 or 2) which one by the
 * commit. */
static inline bool is_left_out(size_t k) {
  const char *slow = getenv("JAC_SLOW_MACHINE"), *third = getenv("JAC_THIRD");
  return slow != NULL && strcmp(slow, "valgrind") == 0 &&
         k % 3 != (third != NULL ? (size_t)atoi(third) % 3 : 0);
}

#endif
