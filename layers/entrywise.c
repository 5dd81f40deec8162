/* Entrywise modules: y[n,o] = f(z[n,o]); each sample's Jacobian is diag(f'(z)). One
 * mechanism for all; a module is the few lines of its function, its derivative written
 * twice in different ways (for the explicit Jacobian, and for the fast products), and its
 * texts at the end. */
#include "layers/layer.h"

#include <math.h>

struct entrywise {
  double (*f)(double z, double c);
  double (*slope)(double z, double c); /* f', for the explicit Jacobian */
  double (*fast)(double z, double c);  /* f', for the products */
  const char *entry;                   /* the Jacobian's entry */
  const char *constant_name;           /* an option that is c, or NULL */
  double constant;                     /* its default */
};

struct entrywise_map {
  struct jac_map map;
  const struct entrywise *kind;
  struct jac_constant constant; /* the option's value: slope, alpha */
};

static double tanh_f(double z, double c) {
  (void)c;
  return tanh(z);
}
/* 4 e^{-2|z|} / (1 + e^{-2|z|})^2 keeps all digits where 1 - tanh(z)^2 cancels. */
static double tanh_slope(double z, double c) {
  (void)c;
  double e = exp(-2.0 * fabs(z));
  return 4.0 * e / ((1.0 + e) * (1.0 + e));
}
static double tanh_fast(double z, double c) {
  (void)c;
  double sech = 1.0 / cosh(z);
  return sech * sech;
}

/* Only exponentials of negative numbers: +-1000 is as good as any. */
static double sigmoid_f(double z, double c) {
  (void)c;
  double e = exp(-fabs(z));
  return z >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}
static double sigmoid_slope(double z, double c) {
  (void)c;
  double e = exp(-fabs(z));
  return e / ((1.0 + e) * (1.0 + e));
}
static double sigmoid_fast(double z, double c) {
  return sigmoid_f(z, c) * sigmoid_f(-z, c);
}

static double relu_f(double z, double c) {
  (void)c;
  return z < 0.0 ? 0.0 : z;
}
/* At 0 the derivative is taken from the left, as frameworks do. NaN stays NaN. */
static double relu_slope(double z, double c) {
  (void)c;
  return isnan(z) ? z : z > 0.0 ? 1.0 : 0.0;
}

static const struct entrywise *kind(const struct jac_map *map) {
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

static size_t support(const struct jac_map *map, size_t wrt, size_t row,
                      size_t *columns) {
  (void)map;
  (void)wrt;
  columns[0] = row;
  return 1;
}

static const struct jac_map_type type = {
    .name = "entrywise",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = product,
    .jvp = product,
    .support = support,
};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  const struct entrywise *family = module->family;
  struct entrywise_map *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, spec->size[0], 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->kind = family;
  jac_layer_data(&m->map, 0, "z", "z^{k-1}", spec->size[0], family->entry);
  m->map.definition = module->definition;
  enum jac_status status = JAC_OK;
  if (family->constant_name != NULL) {
    m->constant.name = family->constant_name;
    status = jac_spec_number(spec, family->constant_name, &m->constant.value,
                             family->constant, err);
    m->map.constant = &m->constant;
    m->map.nconstant = 1;
  }
  if (status == JAC_OK)
    *map = &m->map;
  else
    jac_map_free(&m->map);
  return status;
}

static const struct entrywise tanh_family = {
    .f = tanh_f,
    .slope = tanh_slope,
    .fast = tanh_fast,
    .entry = "delta(o,i)*(1 - tanh(z[n,o])^2)",
};
const struct jac_module jac_module_tanh = {
    .name = "tanh",
    .sizes = "N",
    .nsize = 1,
    .example = "tanh:3",
    .definition = "y[n,o] = tanh(z[n,o])",
    .make = make,
    .family = &tanh_family,
};

static const struct entrywise sigmoid_family = {
    .f = sigmoid_f,
    .slope = sigmoid_slope,
    .fast = sigmoid_fast,
    .entry = "delta(o,i)*sigmoid(z[n,o])*(1 - sigmoid(z[n,o]))",
};
const struct jac_module jac_module_sigmoid = {
    .name = "sigmoid",
    .sizes = "N",
    .nsize = 1,
    .example = "sigmoid:3",
    .definition = "y[n,o] = sigmoid(z[n,o])",
    .make = make,
    .family = &sigmoid_family,
};

static const struct entrywise relu_family = {
    .f = relu_f,
    .slope = relu_slope,
    .fast = relu_slope,
    .entry = "delta(o,i)*ind(z[n,o] > 0)",
};
const struct jac_module jac_module_relu = {
    .name = "relu",
    .sizes = "N",
    .nsize = 1,
    .example = "relu:3",
    .definition = "y[n,o] = relu(z[n,o])",
    .make = make,
    .family = &relu_family,
};
