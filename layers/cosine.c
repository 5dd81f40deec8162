/* cosine: c = <z, y>/(||z|| ||y||), one number a sample.
 *
 * With u = z/||z||: d c / d z_i = (y_i - <y, u> u_i)/(||z|| ||y||), what of y is
 * orthogonal to z, and for y the same with the two exchanged. */
#include "layers/across.h"
#include "layers/sample.h"

#include <gsl/gsl_blas.h>

enum { Z, Y };

struct cosine {
  struct jac_sample_map base;
  size_t features;
};

static size_t features(const struct jac_map *map) {
  return ((const struct cosine *)map)->features;
}

static double norm(const double *z, size_t n) {
  gsl_vector_const_view view = gsl_vector_const_view_array(z, n);
  return gsl_blas_dnrm2(&view.vector);
}

static double cosine(const double *z, const double *y, size_t n) {
  double sum = 0.0, a = norm(z, n), b = norm(y, n);
  for (size_t i = 0; i < n; i++)
    sum += z[i] / a * (y[i] / b);
  return sum;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  y[0] = cosine(x[Z], x[Y], features(map));
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  size_t n = features(map);
  const double *own = x[wrt], *other = x[wrt == Z ? Y : Z];
  double a = norm(own, n), b = norm(other, n);
  struct jac_across across = jac_across_of(n, other, own, 1);
  for (size_t i = 0; i < n; i++)
    *jac_array3_at(J, 0, 0, i) = jac_across_entry(&across, i, other[i], own[i]) / b / a;
}

/* By the quotient rule on <z, y> and the two norms: t goes to
 * <t, y>/(||z|| ||y||) - <z, y> <t, z>/(||z||^3 ||y||). */
static void gradient(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     double scale, double *g) {
  size_t n = features(map);
  const double *own = x[wrt], *other = x[wrt == Z ? Y : Z];
  double inner = 0.0, a = norm(own, n), b = norm(other, n);
  for (size_t i = 0; i < n; i++)
    inner += own[i] / a * (other[i] / b);
  for (size_t i = 0; i < n; i++)
    g[i] += scale / a * (other[i] / b) - scale / a * (inner * (own[i] / a));
}

static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  gradient(map, x, wrt, c[0], g);
}

static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  size_t n = features(map);
  const double *own = x[wrt], *other = x[wrt == Z ? Y : Z];
  double inner = 0.0, across = 0.0, along = 0.0, a = norm(own, n), b = norm(other, n);
  for (size_t i = 0; i < n; i++) {
    inner += own[i] / a * (other[i] / b);
    across += t[i] / a * (other[i] / b);
    along += t[i] / a * (own[i] / a);
  }
  out[0] += across - inner * along;
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp,
                                         jac_structure_written};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct cosine *m = jac_sample_alloc(sizeof *m, &sample, spec, place->batch, 1, 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  struct jac_map *base = &m->base.map;
  m->features = spec->size[0];
  jac_layer_data(base, Z, "z", "z^{k-1}", m->features,
                 "(y[n,i]/b[n] - c[n]*z[n,i]/a[n])/a[n]");
  jac_layer_data(base, Y, "y", "y", m->features, "(z[n,i]/a[n] - c[n]*y[n,i]/b[n])/b[n]");
  base->definition = module->definition;
  base->where = "c[n] = sum(i, z[n,i]*y[n,i])/(a[n]*b[n]); "
                "a[n] = sqrt(sum(i, z[n,i]^2)); b[n] = sqrt(sum(i, y[n,i]^2))";
  *map = base;
  return JAC_OK;
}

const struct jac_module jac_module_cosine = {
    .name = "cosine",
    .matrices = "sum(z .* y)/(norm(z)*norm(y))",
    .sizes = "N",
    .nsize = 1,
    .example = "cosine:3",
    .definition =
        "c[n] = sum(i, z[n,i]*y[n,i])/(sqrt(sum(i, z[n,i]^2))*sqrt(sum(i, y[n,i]^2)))",
    .make = make,
};
