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

void jac_vec(const struct jac_variable *variable, enum jac_order order,
             const gsl_matrix *storage, double *vector) {
  size_t size = jac_variable_size(variable);
  for (size_t k = 0; k < size; k++) {
    size_t offset = jac_number_to_offset(variable, order, k);
    vector[k] = gsl_matrix_get(storage, offset / storage->size2, offset % storage->size2);
  }
}

void jac_unvec(const struct jac_variable *variable, enum jac_order order,
               const double *vector, gsl_matrix *storage) {
  size_t size = jac_variable_size(variable);
  for (size_t k = 0; k < size; k++) {
    size_t offset = jac_number_to_offset(variable, order, k);
    gsl_matrix_set(storage, offset / storage->size2, offset % storage->size2, vector[k]);
  }
}
