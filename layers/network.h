/* Networks: several specs are one map.
 *
 * `linear:3x4,bias tanh linear:2 softmax` feeds each module with what the one before
 * gives; a first size that the neighbour fixes may be left out. Between the words `skip`
 * and `add` stands a residual block: `skip tanh linear:3x3 add` is z + f(z), its Jacobian
 * I + J_f; blocks nest.
 *
 * `linear:3x3,W=A tanh linear:3x3,W=A` ties: what has one name is one variable.
 *
 * Variables: the input of the first module (z, entries z^{0}_{n,i}), then every parameter
 * and every secondary variable (a loss's y, dropout's m) in order. A parameter whose name
 * occurs more than once is numbered by its module's place among the modules that have
 * parameters: W1, b1, W2; once, it stays W. */
#ifndef LAYERS_NETWORK_H
#define LAYERS_NETWORK_H

#include "layers/module.h"

enum { JAC_NETWORK_MODULES = 200 };

/* The map of count specs; of one module it is that module's own map. library holds
 * modules from outside, or is NULL; it must outlive the map. Errors name the specs:
 * JAC_EINPUT where two do not fit together, JAC_ELIMIT for more than JAC_NETWORK_MODULES.
 */
enum jac_status jac_network_new(const char *const *spec, size_t count, size_t batch,
                                const struct jac_module_library *library,
                                struct jac_map **map, struct jac_error *err);

/* The modules of a network, 1 for the map of a module; each is a map of its own,
 * borrowed. */
size_t jac_network_count(const struct jac_map *map);
const struct jac_map *jac_network_module(const struct jac_map *map, size_t k);

/* The network's variable that is variable v of module k, or map->nvar: what the module
 * before gives. */
size_t jac_network_variable(const struct jac_map *map, size_t k, size_t v);

/* Where it is what a module before gives: that module. */
size_t jac_network_before(const struct jac_map *map, size_t k, size_t v);

/* The variable of that name, which may have its module's number where the name alone
 * occurs once: b, or b1. map->nvar: there is none. */
size_t jac_network_find(const struct jac_map *map, const char *name);

#endif
