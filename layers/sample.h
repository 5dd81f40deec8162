/* Modules that treat each sample by itself, written as functions of one sample: the walk
 * over the batch, and the sums over it that parameters need, are here. */
#ifndef LAYERS_SAMPLE_H
#define LAYERS_SAMPLE_H

#include "layers/layer.h"

/* x[v] is the sample's row of data, or the whole of a parameter, stored row by row
 * without gaps. */
typedef const double *const *jac_sample_point;

struct jac_sample {
  /* y = f(x); y has map->cols numbers. */
  void (*forward)(const struct jac_map *map, jac_sample_point x, double *y);
  /* The sample's explicit Jacobian: slice 0 of J, zero on entry unless the structure says
   * that all is written. */
  void (*jacobian)(const struct jac_map *map, jac_sample_point x, size_t wrt,
                   const struct jac_array3 *J);
  /* Adds the product of the cotangent c with the Jacobian to g. */
  void (*vjp)(const struct jac_map *map, jac_sample_point x, size_t wrt, const double *c,
              double *g);
  /* Adds the product of the Jacobian with the tangent t to out, which is zero on entry.
   */
  void (*jvp)(const struct jac_map *map, jac_sample_point x, size_t wrt, const double *t,
              double *out);
  struct jac_structure (*structure)(const struct jac_map *map, size_t wrt);
};

/* The first member of the map of such a module. */
struct jac_sample_map {
  struct jac_map map;
  const struct jac_sample *sample;
};

/* jac_layer_alloc for a map of size bytes whose first member is a struct jac_sample_map.
 */
void *jac_sample_alloc(size_t size, const struct jac_sample *sample,
                       const struct jac_spec *spec, size_t batch, size_t outputs,
                       size_t nvar, struct jac_error *err);

/* Structures that many modules have: every row has one column of its own; every entry is
 * written. */
struct jac_structure jac_structure_diagonal(const struct jac_map *map, size_t wrt);
struct jac_structure jac_structure_written(const struct jac_map *map, size_t wrt);

#endif
