/* Where each instruction is dear (JAC_SLOW_MACHINE: under Valgrind, and where lines are
 * counted) a part of what is repeated is enough: `make check` has all. */
#ifndef JAC_TESTS_SLOW_H
#define JAC_TESTS_SLOW_H

#include <stdlib.h>

/* The stride over the cases: 1, all of them. */
static inline size_t every(void) {
  return getenv("JAC_SLOW_MACHINE") != NULL ? 5 : 1;
}

/* How many of so many repetitions are made. */
static inline size_t part_of(size_t repetitions) {
  return (repetitions + every() - 1) / every();
}

#endif
