/* weight-norm: a linear module whose weights have a length of their own (Salimans and
 * Kingma 2016), y = z W (+ b) with W[i,o] = g[o] V[i,o]/r[o], r[o] the norm of column o
 * of V.
 *
 * With respect to z each sample's Jacobian is W^T. With d the unit column V[.,o]/r[o] and
 * u[o] = <z, d>, output o's derivative by g[o] is u[o] and by V[i,o] it is
 * g[o] (z[i] - u[o] d[i])/r[o]: of z only what is orthogonal to V's column. */
#include "jacobian/text.h"
#include "layers/across.h"
#include "layers/sample.h"

#include <gsl/gsl_blas.h>
#include <math.h>

enum { Z, V, G, B };

struct weight_norm {
  struct jac_sample_map base;
  size_t in, out;
};

static const struct weight_norm *of(const struct jac_map *map) {
  return (const struct weight_norm *)map;
}

static bool has_bias(const struct jac_map *map) {
  return map->nvar > B;
}

/* The norm of column o of a matrix like V. */
static double norm(const struct weight_norm *m, const double *v, size_t o) {
  gsl_vector_const_view column =
      gsl_vector_const_view_array_with_stride(v + o, m->out, m->in);
  return gsl_blas_dnrm2(&column.vector);
}

/* <z, V[.,o]>/r, and the same of any row of numbers. */
static double along(const struct weight_norm *m, const double *z, const double *v,
                    size_t o, double r) {
  double sum = 0.0;
  for (size_t i = 0; i < m->in; i++)
    sum += z[i] * (v[i * m->out + o] / r);
  return sum;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  const struct weight_norm *m = of(map);
  for (size_t o = 0; o < m->out; o++)
    y[o] = x[G][o] * along(m, x[Z], x[V], o, norm(m, x[V], o)) +
           (has_bias(map) ? x[B][o] : 0.0);
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  const struct weight_norm *m = of(map);
  for (size_t o = 0; o < m->out; o++) {
    double *row = jac_array3_at(J, 0, o, 0);
    if (wrt == B) {
      row[o] = 1.0;
      continue;
    }
    double r = norm(m, x[V], o);
    struct jac_across across = {0};
    if (wrt == G)
      row[o] = along(m, x[Z], x[V], o, r);
    else if (wrt == V)
      across = jac_across_of(m->in, x[Z], x[V] + o, m->out);
    for (size_t i = 0; i < m->in && wrt <= V; i++) {
      double v = x[V][i * m->out + o];
      if (wrt == Z)
        row[i] = x[G][o] * (v / r);
      else
        row[o * m->in + i] = x[G][o] * (jac_across_entry(&across, i, x[Z][i], v) / r);
    }
  }
}

/* With d the unit column V[.,o]/r, in parts: <a, d>, and <a, d> and <d, d> without the
 * largest entry of d, which has no places to spare for what it gives to itself. */
struct parts {
  size_t largest;
  double r, inner, other_inner, other_square;
};

static struct parts parts_of(const struct weight_norm *m, const double *a,
                             const double *v, size_t o) {
  struct parts p = {.r = norm(m, v, o)};
  for (size_t i = 1; i < m->in; i++)
    if (fabs(v[i * m->out + o]) > fabs(v[p.largest * m->out + o]))
      p.largest = i;
  for (size_t i = 0; i < m->in; i++) {
    double d = v[i * m->out + o] / p.r;
    p.inner += a[i] * d;
    p.other_inner += i == p.largest ? 0.0 : a[i] * d;
    p.other_square += i == p.largest ? 0.0 : d * d;
  }
  return p;
}

/* a - d <a, d>, its entry i: not much more than |a|, however large or small V is. */
static double orthogonal(const struct parts *p, size_t i, double a, double v) {
  double d = v / p->r;
  return i == p->largest ? a * p->other_square - d * p->other_inner : a - d * p->inner;
}

static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  const struct weight_norm *m = of(map);
  for (size_t o = 0; o < m->out; o++) {
    if (c[o] == 0.0)
      continue; /* nothing of this output, though its derivative be infinite */
    struct parts p = parts_of(m, x[Z], x[V], o);
    if (wrt == G || wrt == B)
      g[o] += wrt == G ? c[o] * p.inner : c[o];
    for (size_t i = 0; i < m->in && wrt <= V; i++) {
      double v = x[V][i * m->out + o];
      if (wrt == Z)
        g[i] += c[o] * (x[G][o] * (v / p.r));
      else
        g[i * m->out + o] += c[o] * (x[G][o] * (orthogonal(&p, i, x[Z][i], v) / p.r));
    }
  }
}

/* t goes to <what of z is orthogonal to V[.,o], t>/r. */
static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  const struct weight_norm *m = of(map);
  for (size_t o = 0; o < m->out; o++) {
    struct parts p = parts_of(m, x[Z], x[V], o);
    double sum = 0.0;
    for (size_t i = 0; i < m->in && wrt == V; i++)
      sum += t[i * m->out + o] * orthogonal(&p, i, x[Z][i], x[V][i * m->out + o]);
    out[o] += wrt == Z   ? x[G][o] * along(m, t, x[V], o, p.r)
              : wrt == V ? x[G][o] * (sum / p.r)
              : wrt == G ? t[o] * p.inner
                         : t[o];
  }
}

/* Output o depends on all of z, on column o of V, and on entry o of g and b. */
static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  if (wrt == Z)
    return (struct jac_structure){.written = true, .alike = true};
  return (struct jac_structure){.width = wrt == V ? of(map)->in : 1};
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp, structure};

static const struct jac_slip slips[] = {
    {"V", N_("the norm is held constant: it depends on V too"),
     "delta(o,j)*g[o]*z[n,i]/r[o]"},
    {"V", N_("g is left out"), "delta(o,j)*(z[n,i] - u[n,o]*V[i,o]/r[o])/r[o]"},
    {"z", N_("g is left out"), "V[i,o]/r[o]"},
    {"z", N_("V is not divided by its norm"), "g[o]*V[i,o]"},
    {NULL, NULL, NULL}};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  bool bias = jac_spec_flag(spec, "bias");
  struct weight_norm *m = jac_sample_alloc(sizeof *m, &sample, spec, place->batch,
                                           spec->size[1], bias ? 4 : 3, err);
  if (m == NULL)
    return JAC_ENOMEM;
  struct jac_map *base = &m->base.map;
  m->in = spec->size[0];
  m->out = spec->size[1];
  jac_layer_data(base, Z, "z", "z^{k-1}", m->in, "g[o]*V[i,o]/r[o]");
  jac_layer_parameter(base, V, "V", "v", 2, spec->size,
                      "delta(o,j)*g[o]*(z[n,i] - u[n,o]*V[i,o]/r[o])/r[o]");
  jac_layer_parameter(base, G, "g", "g", 1, &m->out, "delta(o,i)*u[n,o]");
  if (bias)
    jac_layer_parameter(base, B, "b", "b", 1, &m->out, "delta(o,i)");
  base->definition =
      bias ? "y[n,o] = g[o]*sum(i, z[n,i]*V[i,o])/sqrt(sum(i, V[i,o]^2)) + b[o]"
           : module->definition;
  base->where = "r[o] = sqrt(sum(i, V[i,o]^2)); u[n,o] = sum(i, z[n,i]*V[i,o])/r[o]";
  base->slip = slips;
  *map = base;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"bias", NULL, N_("adds a row b to every sample")}, {NULL, NULL, NULL}};

const struct jac_module jac_module_weight_norm = {
    .name = "weight-norm",
    .sizes = "INxOUT",
    .nsize = 2,
    .example = "weight-norm:3x2,bias",
    .definition = "y[n,o] = g[o]*sum(i, z[n,i]*V[i,o])/sqrt(sum(i, V[i,o]^2))",
    .options = options,
    .make = make,
};
