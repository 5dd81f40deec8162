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

/* Every row of y becomes the one row b; the one row sum becomes the sum of x's rows. */
void jac_layer_repeat(const gsl_matrix *b, gsl_matrix *y);
void jac_layer_sum(const gsl_matrix *x, gsl_matrix *sum);

/* The length of sequential data of so many channels: the option length, which must agree
 * with what the module before gives, or what that gives divided by the channels. */
enum jac_status jac_layer_length(const struct jac_spec *spec,
                                 const struct jac_module_place *place, size_t channels,
                                 size_t *length, struct jac_error *err);

/* The rows and columns of images of so many channels: the options height and width, or
 * what the module before gives; of a square one if it does not say. */
enum jac_status jac_layer_image(const struct jac_spec *spec,
                                const struct jac_module_place *place, size_t channels,
                                size_t *height, size_t *width, struct jac_error *err);

/* How many windows of kernel positions, stride apart, lie in length; at least one, and
 * what their sizes are multiplied to stays addressable. */
enum jac_status jac_layer_windows(const struct jac_spec *spec, size_t kernel,
                                  size_t length, size_t stride, size_t *windows,
                                  struct jac_error *err);

#endif
