/* The size that a variable of a definition is given. */
#ifndef JACOBIAN_DEFINE_SIZE_H
#define JACOBIAN_DEFINE_SIZE_H

#include <stdbool.h>
#include <stddef.h>

/* A variable's size: 3x2, 3 (a row), 3x1 (a column). */
struct jac_formula_size {
  const char *name;
  size_t ndim, dims[2];
  bool data; /* its rows are samples; all such variables have as many */
};

#endif
