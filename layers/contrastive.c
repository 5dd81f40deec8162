/* contrastive: InfoNCE (van den Oord et al. 2018). Sample n's own partner y[n] is to be
 * found among those of the whole batch, by the scores S[n,m] = <z[n], y[m]>/temperature:
 * L[n] = -log A[n,n], A = softmax(S) row by row.
 *
 * d L[n] / d S[n,m] = A[n,m] - delta(n,m); then d S[n,m] / d z[n,i] = y[m,i]/temperature,
 * d S[n,m] / d y[m,i] = z[n,i]/temperature. For cosines a `normalize` stands before. */
#include "jacobian/text.h"
#include "layers/loss.h"
#include "layers/stable.h"

#include <gsl/gsl_blas.h>
#include <stdio.h>

enum { Z, Y };

struct contrastive {
  struct jac_map map;
  enum jac_reduction reduction;
  struct jac_constant constant[2]; /* temperature, batch */
};

static double temperature(const struct jac_map *map) {
  return ((const struct contrastive *)map)->constant[0].value;
}

/* What a sample's cost counts for in the outputs: one of its own, the sum, the mean. */
static bool reduced(const struct jac_map *map) {
  return ((const struct contrastive *)map)->reduction != JAC_REDUCE_NONE;
}

static double share(const struct jac_map *map) {
  bool mean = ((const struct contrastive *)map)->reduction == JAC_REDUCE_MEAN;
  return mean ? 1.0 / (double)map->batch : 1.0;
}

static gsl_matrix *scores(const struct jac_map *map, jac_point x) {
  gsl_matrix *s = jac_matrix_alloc(map->batch, map->batch);
  if (s != NULL)
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0 / temperature(map), x[Z], x[Y], 0.0, s);
  return s;
}

/* -log softmax(s)[n] of a row of scores. */
static double cost(const double *s, size_t count, size_t n) {
  double largest, rest = jac_log_sum_exp(s, count, &largest);
  return rest - (s[n] - largest);
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  gsl_matrix *s = scores(map, x);
  if (s == NULL)
    return JAC_ENOMEM;
  gsl_matrix_set_zero(y);
  for (size_t n = 0; n < map->batch; n++)
    *gsl_matrix_ptr(y, reduced(map) ? 0 : n, 0) +=
        share(map) * cost(gsl_matrix_const_ptr(s, n, 0), map->batch, n);
  gsl_matrix_free(s);
  return JAC_OK;
}

/* d L[n] / d S[n,m] over the temperature, in place of the scores: A - I, where
 * 1 - A[n,n] is the sum of the others. */
static void slopes(const struct jac_map *map, gsl_matrix *s) {
  for (size_t n = 0; n < map->batch; n++) {
    double *row = gsl_matrix_ptr(s, n, 0);
    jac_softmax_row(row, map->batch, row);
    row[n] = -jac_softmax_others(row, map->batch, n);
    gsl_vector_view view = gsl_matrix_row(s, n);
    gsl_vector_scale(&view.vector, share(map) / temperature(map));
  }
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  size_t d = x[wrt]->size2;
  gsl_matrix *s = scores(map, x);
  if (s == NULL)
    return JAC_ENOMEM;
  slopes(map, s);
  for (size_t n = 0; n < map->batch; n++)
    for (size_t m = 0; m < map->batch; m++)
      for (size_t i = 0; i < d; i++) {
        size_t owner = wrt == Z ? n : m, other = wrt == Z ? m : n;
        *jac_array3_at(J, 0, reduced(map) ? 0 : n, owner * d + i) +=
            gsl_matrix_get(s, n, m) * gsl_matrix_get(x[wrt == Z ? Y : Z], other, i);
      }
  gsl_matrix_free(s);
  return JAC_OK;
}

/* s[n,m] becomes its cotangent, c[n] (A[n,m] - delta(n,m)) over the temperature. */
static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  gsl_matrix *s = scores(map, x);
  if (s == NULL)
    return JAC_ENOMEM;
  for (size_t n = 0; n < map->batch; n++) {
    double *row = gsl_matrix_ptr(s, n, 0);
    double c = gsl_matrix_get(cotangent, reduced(map) ? 0 : n, 0) * share(map);
    jac_softmax_row(row, map->batch, row);
    row[n] = 0.0; /* A[n,n] - 1 is what the others are, without cancelling */
    for (size_t m = 0; m < map->batch; m++)
      if (m != n) {
        row[m] *= c / temperature(map);
        row[n] -= row[m];
      }
  }
  gsl_blas_dgemm(wrt == Z ? CblasNoTrans : CblasTrans, CblasNoTrans, 1.0, s,
                 x[wrt == Z ? Y : Z], 0.0, gradient);
  gsl_matrix_free(s);
  return JAC_OK;
}

/* The scores' tangents t, then sum_m A[n,m] t[n,m] - t[n,n] as the sum over the others
 * of A[n,m] (t[n,m] - t[n,n]), which does not cancel where A[n,n] is nearly 1. */
static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  gsl_matrix *s = scores(map, x), *t = jac_matrix_alloc(map->batch, map->batch);
  if (s == NULL || t == NULL) {
    gsl_matrix_free(s);
    gsl_matrix_free(t);
    return JAC_ENOMEM;
  }
  gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0 / temperature(map),
                 wrt == Z ? tangent : x[Z], wrt == Z ? x[Y] : tangent, 0.0, t);
  gsl_matrix_set_zero(out);
  for (size_t n = 0; n < map->batch; n++) {
    double *row = gsl_matrix_ptr(s, n, 0), along = 0.0;
    jac_softmax_row(row, map->batch, row);
    for (size_t m = 0; m < map->batch; m++)
      along +=
          m == n ? 0.0 : row[m] * (gsl_matrix_get(t, n, m) - gsl_matrix_get(t, n, n));
    *gsl_matrix_ptr(out, reduced(map) ? 0 : n, 0) += share(map) * along;
  }
  gsl_matrix_free(s);
  gsl_matrix_free(t);
  return JAC_OK;
}

/* A cost depends on its own sample's z, and on all y. */
static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  size_t d = map->var[wrt].dims[1], all = wrt == Y || reduced(map);
  size_t first = all ? 0 : row * d, count = all ? d * map->batch : d;
  for (size_t k = 0; k < count; k++)
    columns[k] = first + k;
  return count;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.columns = columns_of};
}

static const struct jac_map_type type = {
    .name = "contrastive",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

#define COST "log(sum(l, exp(S[n,l]))) - S[n,n]"
#define WHERE                                                                            \
  "A[n,m] = exp(S[n,m]) / sum(l, exp(S[n,l])); "                                         \
  "S[n,m] = sum(i, z[n,i]*y[m,i])/temperature"

static const char *const definitions[] = {"L[n] = " COST, "L = sum(n, " COST ")",
                                          "L = sum(n, " COST ")/batch"};
static const char *const by_z[] = {
    "delta(n,m)*(sum(l, A[n,l]*y[l,i]) - y[n,i])/temperature",
    "(sum(l, A[m,l]*y[l,i]) - y[m,i])/temperature",
    "(sum(l, A[m,l]*y[l,i]) - y[m,i])/(temperature*batch)"};
static const char *const by_y[] = {
    "(A[n,m] - delta(n,m))*z[n,i]/temperature",
    "(sum(n, A[n,m]*z[n,i]) - z[m,i])/temperature",
    "(sum(n, A[n,m]*z[n,i]) - z[m,i])/(temperature*batch)"};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  enum jac_reduction reduction;
  double temperature;
  (void)module;
  enum jac_status status = jac_loss_reduction(spec, &reduction, err);
  if (status == JAC_OK)
    status = jac_spec_number(spec, "temperature", &temperature, 1.0, err);
  if (status == JAC_OK && !(temperature > 0.0))
    status =
        jac_fail(err, JAC_EINPUT, _("%s: temperature=%g: a number above 0 is needed"),
                 spec->name, temperature);
  if (status != JAC_OK)
    return status;
  struct contrastive *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, 1, 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->reduction = reduction;
  m->map.rows = reduction == JAC_REDUCE_NONE ? place->batch : 1;
  jac_layer_data(&m->map, Z, "z", "z^{k-1}", spec->size[0], by_z[reduction]);
  jac_layer_data(&m->map, Y, "y", "y", spec->size[0], by_y[reduction])->secondary = true;
  m->constant[0] = (struct jac_constant){"temperature", temperature};
  m->constant[1] = (struct jac_constant){"batch", (double)place->batch};
  m->map.constant = m->constant;
  m->map.nconstant = 2;
  m->map.definition = definitions[reduction];
  m->map.where = WHERE;
  m->map.coupled = true;
  m->map.coupled_reason = N_("each sample is told from the others of the batch");
  snprintf(m->map.output_symbol, sizeof m->map.output_symbol, "\\ell");
  *map = &m->map;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    JAC_LOSS_REDUCTION,
    {"temperature", "1", N_("what the scores are divided by")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_contrastive = {
    .name = "contrastive",
    .sizes = "N",
    .nsize = 1,
    .example = "contrastive:3",
    .definition = "L[n] = log(sum(l, exp(S[n,l]))) - S[n,n]",
    .options = options,
    .make = make,
    .loss = true,
};
