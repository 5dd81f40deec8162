/* cross and skew, of vectors of space.
 *
 * cross: u = z x y; with [v]x the matrix for which [v]x w = v x w, its Jacobian is -[y]x
 * with respect to z and [z]x with respect to y. skew: [z]x row by row, linear in z. */
#include "layers/rotation.h"
#include "layers/sample.h"

enum { Z, Y };

/* Entry (o, j) of [v]x, and which entry of v it has: v x w has at o the terms
 * v[o+1] w[o+2] - v[o+2] w[o+1], counted round. */
static double skew_entry(const double *v, size_t o, size_t j) {
  if (j == o)
    return 0.0;
  return j == (o + 2) % 3 ? v[(o + 1) % 3] : -v[(o + 2) % 3];
}

static void add_cross(const double *a, const double *b, double *out) {
  for (size_t o = 0; o < 3; o++)
    out[o] += a[(o + 1) % 3] * b[(o + 2) % 3] - a[(o + 2) % 3] * b[(o + 1) % 3];
}

static void cross_forward(const struct jac_map *map, jac_sample_point x, double *u) {
  (void)map;
  u[0] = u[1] = u[2] = 0.0;
  add_cross(x[Z], x[Y], u);
}

static void cross_jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                           const struct jac_array3 *J) {
  (void)map;
  for (size_t o = 0; o < 3; o++)
    for (size_t i = 0; i < 3; i++)
      *jac_array3_at(J, 0, o, i) =
          wrt == Y ? skew_entry(x[Z], o, i) : -skew_entry(x[Y], o, i);
}

/* c . (t x y) = t . (y x c), and c . (z x t) = t . (c x z). */
static void cross_vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                      const double *c, double *g) {
  (void)map;
  if (wrt == Z)
    add_cross(x[Y], c, g);
  else
    add_cross(c, x[Z], g);
}

static void cross_jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                      const double *t, double *out) {
  (void)map;
  add_cross(wrt == Z ? t : x[Z], wrt == Z ? x[Y] : t, out);
}

static const struct jac_sample cross_sample = {cross_forward, cross_jacobian, cross_vjp,
                                               cross_jvp, jac_structure_written};

static enum jac_status cross_make(const struct jac_module *module,
                                  const struct jac_spec *spec,
                                  const struct jac_module_place *place,
                                  struct jac_map **map, struct jac_error *err) {
  struct jac_sample_map *m =
      jac_sample_alloc(sizeof *m, &cross_sample, spec, place->batch, 3, 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  jac_layer_data(&m->map, Z, "z", "z^{k-1}", 3,
                 "-" JAC_HAT("o", "i", "y[n,1]", "y[n,2]", "y[n,3]"));
  jac_layer_data(&m->map, Y, "y", "y", 3,
                 JAC_HAT("o", "i", "z[n,1]", "z[n,2]", "z[n,3]"));
  m->map.definition = module->definition;
  *map = &m->map;
  return JAC_OK;
}

const struct jac_module jac_module_cross = {
    .name = "cross",
    .sizes = "",
    .example = "cross",
    .definition = "u[n,o] = " JAC_CROSS("o", "z[n,1]", "z[n,2]", "z[n,3]", "y[n,1]",
                                        "y[n,2]", "y[n,3]"),
    .make = cross_make,
};

/* Entry 3 o + j of [z]x: the entry of z that it has, and its sign; 3: it is 0. */
static size_t skew_source(size_t k, double *sign) {
  size_t o = k / 3, j = k % 3;
  *sign = j == (o + 2) % 3 ? 1.0 : -1.0;
  return o == j ? 3 : 3 - o - j;
}

static void skew_forward(const struct jac_map *map, jac_sample_point x, double *y) {
  (void)map;
  for (size_t k = 0; k < 9; k++)
    y[k] = skew_entry(x[Z], k / 3, k % 3);
}

static void skew_jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                          const struct jac_array3 *J) {
  (void)map;
  (void)x;
  (void)wrt;
  for (size_t k = 0; k < 9; k++) {
    double sign;
    size_t source = skew_source(k, &sign);
    if (source < 3)
      *jac_array3_at(J, 0, k, source) = sign;
  }
}

/* <C, [t]x> = sum_o t_o (C[o+2,o+1] - C[o+1,o+2]). */
static void skew_vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const double *c, double *g) {
  (void)map;
  (void)x;
  (void)wrt;
  for (size_t o = 0; o < 3; o++) {
    size_t a = (o + 1) % 3, b = (o + 2) % 3;
    g[o] += c[3 * b + a] - c[3 * a + b];
  }
}

static void skew_jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const double *t, double *out) {
  (void)map;
  (void)x;
  (void)wrt;
  for (size_t k = 0; k < 9; k++)
    out[k] += skew_entry(t, k / 3, k % 3);
}

static size_t skew_columns(const struct jac_map *map, size_t wrt, size_t row,
                           size_t *columns) {
  double sign;
  (void)map;
  (void)wrt;
  columns[0] = skew_source(row, &sign);
  return columns[0] < 3;
}

static struct jac_structure skew_structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.columns = skew_columns, .alike = true};
}

static const struct jac_sample skew_sample = {skew_forward, skew_jacobian, skew_vjp,
                                              skew_jvp, skew_structure};

static enum jac_status skew_make(const struct jac_module *module,
                                 const struct jac_spec *spec,
                                 const struct jac_module_place *place,
                                 struct jac_map **map, struct jac_error *err) {
  struct jac_sample_map *m =
      jac_sample_alloc(sizeof *m, &skew_sample, spec, place->batch, 9, 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  jac_layer_data(
      &m->map, Z, "z", "z^{k-1}", 3,
      "cases(-1, o = 2 and i = 3, 1, o = 3 and i = 2, 1, o = 4 and i = 3, -1, o = 6 "
      "and i = 1, -1, o = 7 and i = 2, 1, o = 8 and i = 1, 0)");
  m->map.definition = module->definition;
  *map = &m->map;
  return JAC_OK;
}

const struct jac_module jac_module_skew = {
    .name = "skew",
    .sizes = "",
    .example = "skew",
    .definition =
        "y[n,o] = cases(-z[n,3], o = 2, z[n,2], o = 3, z[n,3], o = 4, -z[n,1], o = 6, "
        "-z[n,2], o = 7, z[n,1], o = 8, 0)",
    .make = skew_make,
};
