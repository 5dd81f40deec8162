/* Passes over the modules of a network, in a row or in equations (jac_network_variable
 * says where each takes its numbers): values and tangents forwards, cotangents backwards.
 */
#ifndef LAYERS_PASS_INTERNAL_H
#define LAYERS_PASS_INTERNAL_H

#include "layers/network.h"

/* The values between the modules: value[k] is what module k gives at point[k]. */
struct jac_pass {
  size_t count;
  gsl_matrix **value;
  const gsl_matrix ***point;
};

/* Runs the modules before `modules`, and readies the point of that one too. To be freed
 * even where it fails. Errors: JAC_ENOMEM. */
enum jac_status jac_pass_run(const struct jac_map *map, jac_point x, size_t modules,
                             struct jac_pass *p);
void jac_pass_free(struct jac_pass *p);

/* The functions of a map's type. */
enum jac_status jac_pass_forward(const struct jac_map *map, jac_point x, gsl_matrix *y);
enum jac_status jac_pass_jvp(const struct jac_map *map, jac_point x, size_t wrt,
                             const gsl_matrix *tangent, gsl_matrix *out);
enum jac_status jac_pass_vjp(const struct jac_map *map, jac_point x, size_t wrt,
                             const gsl_matrix *cotangent, gsl_matrix *gradient);
size_t jac_pass_columns(const struct jac_map *map, size_t wrt, size_t row,
                        size_t *columns);

#endif
