#include "layers/entrywise.h"

#include "jacobian/text.h"
#include "layers/layer.h"

struct entrywise_map {
  struct jac_map map;
  const struct jac_entrywise *kind;
  struct jac_constant constant; /* the option's value: slope, alpha */
};

static const struct jac_entrywise *kind(const struct jac_map *map) {
  return ((const struct entrywise_map *)map)->kind;
}

static double constant(const struct jac_map *map) {
  return ((const struct entrywise_map *)map)->constant.value;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  double (*f)(double, double) = kind(map)->f;
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      gsl_matrix_set(y, n, o, f(gsl_matrix_get(x[0], n, o), constant(map)));
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  (void)wrt;
  double (*slope)(double, double) = kind(map)->slope;
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      *jac_array3_at(J, n, o, o) = slope(gsl_matrix_get(x[0], n, o), constant(map));
  return JAC_OK;
}

/* The Jacobian is diagonal, hence symmetric: both products are this one. */
static enum jac_status product(const struct jac_map *map, jac_point x, size_t wrt,
                               const gsl_matrix *in, gsl_matrix *out) {
  (void)wrt;
  double (*fast)(double, double) = kind(map)->fast;
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      gsl_matrix_set(out, n, o,
                     gsl_matrix_get(in, n, o) *
                         fast(gsl_matrix_get(x[0], n, o), constant(map)));
  return JAC_OK;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.width = 1};
}

static const struct jac_map_type type = {
    .name = "entrywise",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = product,
    .jvp = product,
    .structure = structure,
};

enum jac_status jac_entrywise_make(const struct jac_module *module,
                                   const struct jac_spec *spec,
                                   const struct jac_module_place *place,
                                   struct jac_map **map, struct jac_error *err) {
  const struct jac_entrywise *family = module->family;
  struct entrywise_map *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, spec->size[0], 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->kind = family;
  jac_layer_data(&m->map, 0, "z", "z^{k-1}", spec->size[0], family->entry);
  m->map.definition = module->definition;
  m->map.steady = family->steady;
  enum jac_status status = JAC_OK;
  if (family->constant_name != NULL) {
    m->constant.name = family->constant_name;
    status = jac_spec_number(spec, family->constant_name, &m->constant.value,
                             family->constant, err);
    if (status == JAC_OK && family->divides && m->constant.value == 0.0)
      status = jac_fail(err, JAC_EINPUT, _("%s: %s=%s: a number other than 0 is needed"),
                        spec->name, family->constant_name,
                        jac_spec_word(spec, family->constant_name));
    m->map.constant = &m->constant;
    m->map.nconstant = 1;
  }
  if (status == JAC_OK)
    *map = &m->map;
  else
    jac_map_free(&m->map);
  return status;
}
