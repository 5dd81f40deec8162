/* The Jacobian of a network with respect to its first weights, and whether it is right.
 */
#include <jacobian/check.h>
#include <jacobian/values.h>
#include <layers/network.h>

#include <gsl/gsl_errno.h>
#include <stdio.h>

int main(void) {
  static const char *const specs[] = {"linear:3x4,bias", "tanh", "linear:2", "softmax"};
  struct jac_map *map = NULL;
  struct jac_values x = {0};
  struct jac_array3 J = {0};
  struct jac_check_result result[JAC_REFERENCES];
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  struct jac_error err = {JAC_OK, ""};
  size_t wrt = 0;

  gsl_set_error_handler_off();
  enum jac_status status = jac_network_new(specs, 4, 2, NULL, &map, &err);
  if (status == JAC_OK)
    status = jac_values_new(map, 1, &x, &err);
  if (status == JAC_OK) {
    wrt = jac_map_find(map, "W1");
    status = jac_map_jacobian_new(map, jac_values_point(&x), wrt, &J, &err);
  }
  if (status == JAC_OK)
    status = jac_check(map, jac_values_point(&x), wrt, &J, &options, result, &err);
  if (status == JAC_OK) {
    printf("%s: %zu samples, each %zu x %zu\n", map->spec, J.slices, J.rows, J.cols);
    for (size_t k = 0; k < JAC_REFERENCES; k++)
      printf("reference %zu %s\n", k + 1, jac_verdict_name(result[k].verdict));
  } else
    fprintf(stderr, "%s\n", err.message);
  jac_array3_free(&J);
  jac_values_free(&x);
  jac_map_free(map);
  return status == JAC_OK ? 0 : 2;
}
