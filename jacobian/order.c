#include "jacobian/order.h"

static bool fortran(const struct jac_variable *variable, enum jac_order order) {
  return variable->role == JAC_PARAMETER && order == JAC_ORDER_F;
}

void jac_number_to_index(const struct jac_variable *variable, enum jac_order order,
                         size_t number, size_t index[3]) {
  size_t n = variable->ndim;
  bool first = fortran(variable, order);
  for (size_t k = 0; k < n; k++) {
    size_t d = first ? k : n - 1 - k;
    index[d] = number % variable->dims[d];
    number /= variable->dims[d];
  }
}

size_t jac_index_to_number(const struct jac_variable *variable, enum jac_order order,
                           const size_t index[3]) {
  size_t n = variable->ndim;
  bool first = fortran(variable, order);
  size_t number = 0;
  for (size_t k = 0; k < n; k++) {
    size_t d = first ? n - 1 - k : k;
    number = number * variable->dims[d] + index[d];
  }
  return number;
}

size_t jac_number_to_offset(const struct jac_variable *variable, enum jac_order order,
                            size_t number) {
  size_t index[3];
  if (!fortran(variable, order))
    return number;
  jac_number_to_index(variable, order, number, index);
  return jac_index_to_number(variable, JAC_ORDER_C, index);
}

/* A variable of d1 x d2 x d3 whose storage is (d1 d2) x d3; fewer dimensions are 1. */
static void three(const struct jac_variable *variable, size_t d[3]) {
  size_t missing = 3 - variable->ndim;
  for (size_t k = 0; k < 3; k++)
    d[k] = k < missing ? 1 : variable->dims[k - missing];
}

void jac_vec(const struct jac_variable *variable, enum jac_order order,
             const gsl_matrix *storage, double *vector) {
  size_t d[3];
  three(variable, d);
  if (!fortran(variable, order))
    for (size_t i = 0; i < storage->size1; i++)
      for (size_t j = 0; j < storage->size2; j++)
        *vector++ = gsl_matrix_get(storage, i, j);
  else
    for (size_t k = 0; k < d[2]; k++)
      for (size_t j = 0; j < d[1]; j++)
        for (size_t i = 0; i < d[0]; i++)
          *vector++ = gsl_matrix_get(storage, i * d[1] + j, k);
}

void jac_unvec(const struct jac_variable *variable, enum jac_order order,
               const double *vector, gsl_matrix *storage) {
  size_t d[3];
  three(variable, d);
  if (!fortran(variable, order))
    for (size_t i = 0; i < storage->size1; i++)
      for (size_t j = 0; j < storage->size2; j++)
        gsl_matrix_set(storage, i, j, *vector++);
  else
    for (size_t k = 0; k < d[2]; k++)
      for (size_t j = 0; j < d[1]; j++)
        for (size_t i = 0; i < d[0]; i++)
          gsl_matrix_set(storage, i * d[1] + j, k, *vector++);
}
