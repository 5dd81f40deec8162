#include "visual/cli/gauss.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"
#include "layers/gauss_newton.h"
#include "layers/network.h"

enum jac_status jac_gauss_make(const struct jac_options *options,
                               const struct jac_module_library *library,
                               struct jac_map **map, struct jac_error *err) {
  struct jac_map *inner = NULL, *second = *map;
  if (options->nspec < 2)
    return jac_fail(err, JAC_EINPUT,
                    _("--gauss-newton: a network that ends in a loss is needed, as in "
                      "linear:2x2 tanh linear:2x1 mse"));
  enum jac_status status =
      jac_network_new((const char *const *)options->spec, options->nspec - 1,
                      options->batch, library, &inner, err);
  if (status != JAC_OK)
    return status;
  *map = NULL;
  return jac_gauss_newton_new(second, inner, map, err);
}

enum jac_status jac_gauss_say(struct jac_map *map, jac_point at, size_t by, char **note,
                              struct jac_error *err) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  double apart;
  *note = NULL;
  const struct jac_map *net = map->of;
  enum jac_status status = jac_gauss_newton_apart(map, at, by, &apart, err);
  if (status != JAC_OK)
    return status;
  jac_buffer_printf(
      &out,
      _("the Gauss-Newton part J^T H J: H of %s, J of all before it; the whole second "
        "derivative, without --gauss-newton, is up to %.4g away"),
      jac_network_module(net, jac_network_count(net) - 1)->spec, apart);
  *note = jac_buffer_take(&out);
  map->note = *note;
  return *note != NULL ? JAC_OK : jac_fail_memory(err);
}
