/* bilinear: u[n,o] = sum_a sum_b z[n,a] W[a,b,o] y[n,b] (+ c[o]), W of A x B x C.
 *
 * In each variable it is linear: with respect to z the matrix sum_b W[i,b,o] y[n,b], with
 * respect to W, whose first index is fastest, y (x) z in the columns of output o. */
#include "jacobian/text.h"
#include "layers/sample.h"

enum { Z, Y, W, BIAS };

struct bilinear {
  struct jac_sample_map base;
  size_t a, b, c;
};

static const struct bilinear *of(const struct jac_map *map) {
  return (const struct bilinear *)map;
}

/* sum_a sum_b z[a] W[a,b,o] y[b] */
static double form(const struct bilinear *m, const double *z, const double *w,
                   const double *y, size_t o) {
  double sum = 0.0;
  for (size_t a = 0; a < m->a; a++)
    for (size_t b = 0; b < m->b; b++)
      sum += z[a] * w[(a * m->b + b) * m->c + o] * y[b];
  return sum;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *out) {
  for (size_t o = 0; o < map->cols; o++)
    out[o] = form(of(map), x[Z], x[W], x[Y], o) + (map->nvar > BIAS ? x[BIAS][o] : 0.0);
}

/* Column k of J is W[k,.,.]^T y with respect to z, W[.,k,.]^T z with respect to y; a few
 * outputs at a time, for they stand side by side in W. */
static void fill_column(const struct bilinear *m, jac_sample_point x, size_t wrt,
                        size_t k, const struct jac_array3 *J) {
  enum { FEW = 8 };
  const double *other = x[wrt == Z ? Y : Z];
  size_t n = wrt == Z ? m->b : m->a, next = wrt == Z ? m->c : m->b * m->c;
  for (size_t o = 0; o < m->c; o += FEW) {
    const double *w = x[W] + k * (wrt == Z ? m->b * m->c : m->c) + o;
    size_t few = m->c - o < FEW ? m->c - o : FEW;
    double sum[FEW] = {0};
    for (size_t i = 0; i < n; i++)
      for (size_t e = 0; e < few; e++)
        sum[e] += w[i * next + e] * other[i];
    for (size_t e = 0; e < few; e++)
      *jac_array3_at(J, 0, o + e, k) = sum[e];
  }
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  const struct bilinear *m = of(map);
  for (size_t k = 0; wrt <= Y && k < (wrt == Z ? m->a : m->b); k++)
    fill_column(m, x, wrt, k, J);
  for (size_t o = 0; wrt > Y && o < m->c; o++) {
    double *row = jac_array3_at(J, 0, o, 0);
    if (wrt == BIAS)
      row[o] = 1.0;
    for (size_t b = 0; wrt == W && b < m->b; b++)
      for (size_t a = 0; a < m->a; a++)
        row[(o * m->b + b) * m->a + a] = x[Z][a] * x[Y][b];
  }
}

/* Outputs first: the matrix sum_o c[o] W[.,.,o] is met once for z and for y. */
static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  const struct bilinear *m = of(map);
  for (size_t o = 0; o < m->c && wrt == BIAS; o++)
    g[o] += c[o];
  for (size_t a = 0; a < m->a && wrt != BIAS; a++)
    for (size_t b = 0; b < m->b; b++) {
      size_t at = (a * m->b + b) * m->c;
      double sum = 0.0;
      for (size_t o = 0; o < m->c; o++)
        if (wrt == W)
          g[at + o] += c[o] * x[Z][a] * x[Y][b];
        else
          sum += c[o] * x[W][at + o];
      if (wrt == Z)
        g[a] += sum * x[Y][b];
      else if (wrt == Y)
        g[b] += sum * x[Z][a];
    }
}

static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  for (size_t o = 0; o < map->cols; o++)
    out[o] += wrt == BIAS ? t[o]
                          : form(of(map), wrt == Z ? t : x[Z], wrt == W ? t : x[W],
                                 wrt == Y ? t : x[Y], o);
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  if (wrt == BIAS)
    return (struct jac_structure){.width = 1};
  return (struct jac_structure){.width = wrt == W ? of(map)->a * of(map)->b : 0};
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp, structure};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  bool bias = jac_spec_flag(spec, "bias");
  struct bilinear *m = jac_sample_alloc(sizeof *m, &sample, spec, place->batch,
                                        spec->size[2], bias ? 4 : 3, err);
  if (m == NULL)
    return JAC_ENOMEM;
  struct jac_map *base = &m->base.map;
  m->a = spec->size[0];
  m->b = spec->size[1];
  m->c = spec->size[2];
  jac_layer_data(base, Z, "z", "z^{k-1}", m->a, "sum(j, W[i,j,o]*y[n,j])");
  jac_layer_data(base, Y, "y", "y", m->b, "sum(a, z[n,a]*W[a,i,o])");
  jac_layer_parameter(base, W, "W", "w", 3, spec->size, "delta(o,j)*z[n,h]*y[n,i]");
  if (bias)
    jac_layer_parameter(base, BIAS, "b", "b", 1, &m->c, "delta(o,i)");
  base->definition =
      bias ? module->definition : "u[n,o] = sum(a, sum(j, z[n,a]*W[a,j,o]*y[n,j]))";
  *map = base;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"bias", NULL, N_("adds a row b to every sample")}, {NULL, NULL, NULL}};

const struct jac_module jac_module_bilinear = {
    .name = "bilinear",
    .sizes = "AxBxC",
    .nsize = 3,
    .example = "bilinear:2x3x2,bias",
    .definition = "u[n,o] = sum(a, sum(j, z[n,a]*W[a,j,o]*y[n,j])) + b[o]",
    .options = options,
    .make = make,
};
