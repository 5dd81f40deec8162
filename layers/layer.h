/* What the files of layers share: making a map with its variables. */
#ifndef LAYERS_LAYER_H
#define LAYERS_LAYER_H

#include "layers/module.h"

/* A map of size bytes (a struct whose first member is a struct jac_map), zeroed, with
 * room for nvar variables, output batch x outputs, the spec's canonical text. NULL with
 * the message when memory runs out. */
void *jac_layer_alloc(size_t size, const struct jac_map_type *type,
                      const struct jac_spec *spec, size_t batch, size_t outputs,
                      size_t nvar, struct jac_error *err);

/* Variable v becomes data of batch x features. The texts are borrowed (static). */
struct jac_variable *jac_layer_data(struct jac_map *map, size_t v, const char *name,
                                    const char *symbol, size_t features,
                                    const char *entry);

/* Variable v becomes a parameter; dims has ndim sizes. */
struct jac_variable *jac_layer_parameter(struct jac_map *map, size_t v, const char *name,
                                         const char *symbol, size_t ndim,
                                         const size_t *dims, const char *entry);

#endif
