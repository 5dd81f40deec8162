/* softmax and its relatives, over the features of a sample: s_o = e^{z_o} / sum_j
 * e^{z_j}.
 *
 * softmax: J = diag(s) - s^T s with s a row: d s_o / d z_i = s_o (delta_{o,i} - s_i).
 * Of z times a factor it is that times the factor: 1/temperature, -1/temperature for
 * softmin; gumbel-softmax adds a drawn noise to z before.
 * log-softmax: y_o = z_o - log sum_j e^{z_j}: d y_o / d z_i = delta_{o,i} - s_i, every
 * row has the same -s. */
#include "jacobian/text.h"
#include "layers/layer.h"
#include "layers/stable.h"

#include <gsl/gsl_blas.h>

enum { Z, NOISE };

struct softmax {
  struct jac_map map;
  double factor; /* of z */
  struct jac_constant temperature;
};

static double factor(const struct jac_map *map) {
  return ((const struct softmax *)map)->factor;
}

/* s = softmax(factor (z + noise)) of sample n */
static void softmax_of(const struct jac_map *map, jac_point x, size_t n, double *s) {
  const double *z = gsl_matrix_const_ptr(x[Z], n, 0);
  const double *noise = map->nvar > NOISE ? gsl_matrix_const_ptr(x[NOISE], n, 0) : NULL;
  bool plain = noise == NULL && factor(map) == 1.0;
  for (size_t o = 0; o < map->cols && !plain; o++)
    s[o] = factor(map) * (noise != NULL ? z[o] + noise[o] : z[o]);
  jac_softmax_row(plain ? z : s, map->cols, s);
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  for (size_t n = 0; n < map->batch; n++)
    softmax_of(map, x, n, gsl_matrix_ptr(y, n, 0));
  return JAC_OK;
}

/* The last row holds s until it is its own turn. */
static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  (void)wrt;
  size_t m = map->cols;
  for (size_t n = 0; n < map->batch; n++) {
    double *s = jac_array3_at(J, n, m - 1, 0);
    softmax_of(map, x, n, s);
    for (size_t o = 0; o < m; o++) {
      double *row = jac_array3_at(J, n, o, 0), own = s[o] * factor(map);
      double diagonal = own * jac_softmax_others(s, m, o);
      jac_array3_fill_but(J, row, s, m, -own, 0.0, o, diagonal);
    }
  }
  return JAC_OK;
}

/* J is symmetric: both products are factor s .* (v - <s, v>). */
static enum jac_status product(const struct jac_map *map, jac_point x, size_t wrt,
                               const gsl_matrix *in, gsl_matrix *out) {
  (void)wrt;
  size_t m = map->cols;
  for (size_t n = 0; n < map->batch; n++) {
    double *s = gsl_matrix_ptr(out, n, 0);
    const double *v = gsl_matrix_const_ptr(in, n, 0);
    softmax_of(map, x, n, s);
    gsl_vector_const_view s_view = gsl_vector_const_view_array(s, m);
    gsl_vector_const_view v_view = gsl_vector_const_view_array(v, m);
    double mean;
    gsl_blas_ddot(&s_view.vector, &v_view.vector, &mean);
    for (size_t o = 0; o < m; o++)
      s[o] *= (v[o] - mean) * factor(map);
  }
  return JAC_OK;
}

static enum jac_status log_forward(const struct jac_map *map, jac_point x,
                                   gsl_matrix *y) {
  for (size_t n = 0; n < map->batch; n++) {
    double largest, rest;
    rest = jac_log_sum_exp(gsl_matrix_const_ptr(x[0], n, 0), map->cols, &largest);
    for (size_t o = 0; o < map->cols; o++)
      gsl_matrix_set(y, n, o, (gsl_matrix_get(x[0], n, o) - largest) - rest);
  }
  return JAC_OK;
}

/* The first row holds s until the last turn. */
static enum jac_status log_jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                    struct jac_array3 *J) {
  (void)wrt;
  size_t m = map->cols;
  for (size_t n = 0; n < map->batch; n++) {
    double *s = jac_array3_at(J, n, 0, 0);
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), m, s);
    for (size_t o = m; o-- > 0;) {
      double *row = jac_array3_at(J, n, o, 0), diagonal = jac_softmax_others(s, m, o);
      jac_array3_fill_but(J, row, s, m, -1.0, 0.0, o, diagonal);
    }
  }
  return JAC_OK;
}

/* v - s sum(v), from the left. */
static enum jac_status log_vjp(const struct jac_map *map, jac_point x, size_t wrt,
                               const gsl_matrix *cotangent, gsl_matrix *gradient) {
  (void)wrt;
  for (size_t n = 0; n < map->batch; n++) {
    double sum = 0.0;
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), map->cols,
                    gsl_matrix_ptr(gradient, n, 0));
    for (size_t o = 0; o < map->cols; o++)
      sum += gsl_matrix_get(cotangent, n, o);
    for (size_t i = 0; i < map->cols; i++)
      gsl_matrix_set(gradient, n, i,
                     gsl_matrix_get(cotangent, n, i) -
                         gsl_matrix_get(gradient, n, i) * sum);
  }
  return JAC_OK;
}

/* t - <s, t>, from the right. */
static enum jac_status log_jvp(const struct jac_map *map, jac_point x, size_t wrt,
                               const gsl_matrix *tangent, gsl_matrix *out) {
  (void)wrt;
  for (size_t n = 0; n < map->batch; n++) {
    double mean;
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), map->cols,
                    gsl_matrix_ptr(out, n, 0));
    gsl_vector_const_view s = gsl_matrix_const_row(out, n);
    gsl_vector_const_view t = gsl_matrix_const_row(tangent, n);
    gsl_blas_ddot(&s.vector, &t.vector, &mean);
    for (size_t o = 0; o < map->cols; o++)
      gsl_matrix_set(out, n, o, gsl_matrix_get(tangent, n, o) - mean);
  }
  return JAC_OK;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.written = true};
}

struct softmax_family {
  struct jac_map_type type;
  const char *where, *entry;
  /* What softmax is taken of, less its largest: U[n,o], and the same where it is warm. */
  const char *scaled, *warm_scaled;
  const char *steady; /* of U and its largest M; NULL: softmax */
  const struct jac_slip *slip, *warm_slip, *lack, *warm_lack;
  /* The same with a temperature that is not 1, and the definition then. */
  const char *warm_definition, *warm_where, *warm_entry;
  double sign;
  bool noise;
};

#define SUM_HELD N_("the sum below is held constant: it depends on every z")
#define ABOVE_HELD N_("the numerator is held constant: z stands above too")
#define WRONG_SIGN N_("the second term has the wrong sign")
#define COLD N_("the temperature is left out")
#define NO_TERM N_("the term z before the logarithm is left out")
#define LOG_HELD N_("the logarithm of the sum is held constant: it depends on every z")
#define EVERYWHERE                                                                       \
  N_("it is the diagonal's entry: off the diagonal the entry is -s_o s_i")
static const struct jac_slip softmax_slips[] = {
    {"z", N_("it is the Jacobian of log-softmax"), "delta(o,i) - s[n,i]"},
    {"z", SUM_HELD, "delta(o,i)*s[n,o]"},
    {"z", WRONG_SIGN, "s[n,o]*(delta(o,i) + s[n,i])"},
    {"z", ABOVE_HELD, "-s[n,o]*s[n,i]"},
    {"z", EVERYWHERE, "s[n,o]*(1 - s[n,o])"},
    {NULL, NULL, NULL}};
static const struct jac_slip log_softmax_slips[] = {
    {"z", N_("it is the Jacobian of softmax"), "s[n,o]*(delta(o,i) - s[n,i])"},
    {"z", NO_TERM, "-s[n,i]"},
    {"z", LOG_HELD, "delta(o,i)"},
    {NULL, NULL, NULL}};
static const struct jac_slip warm_slips[] = {
    {"z", COLD, "s[n,o]*(delta(o,i) - s[n,i])"},
    {"z", SUM_HELD, "delta(o,i)*s[n,o]/temperature"},
    {"z", ABOVE_HELD, "-s[n,o]*s[n,i]/temperature"},
    {NULL, NULL, NULL}};

/* The same of matrices. */
#define DIAGONAL "\\operatorname{diag}(s)"
#define T "\\mathrm{temperature}"
static const struct jac_slip softmax_lacks[] = {{"z", SUM_HELD, "-s s^\\top"},
                                                {"z", WRONG_SIGN, "-2 s s^\\top"},
                                                {"z", ABOVE_HELD, DIAGONAL},
                                                {NULL, NULL, NULL}};
static const struct jac_slip log_softmax_lacks[] = {
    {"z", NO_TERM, "I"}, {"z", LOG_HELD, "-\\mathbf{1} s^\\top"}, {NULL, NULL, NULL}};
static const struct jac_slip warm_lacks[] = {
    {"z", COLD, "(1/" T " - 1) (" DIAGONAL " - s s^\\top)"},
    {"z", SUM_HELD, "-s s^\\top/" T},
    {"z", ABOVE_HELD, DIAGONAL "/" T},
    {NULL, NULL, NULL}};

#define LARGEST "; M[n] = max(j, U[n,j])"
static const char *const steady =
    "y[n,o] = exp(U[n,o] - M[n])/sum(j, exp(U[n,j] - M[n]))";
static const char *const plain_where = "s[n,o] = exp(z[n,o]) / sum(j, exp(z[n,j]))";

static enum jac_status read_temperature(const struct jac_spec *spec, double *temperature,
                                        struct jac_error *err) {
  enum jac_status status = jac_spec_number(spec, "temperature", temperature, 1.0, err);
  if (status == JAC_OK && !(*temperature > 0.0))
    status =
        jac_fail(err, JAC_EINPUT, _("%s: temperature=%g: a number above 0 is needed"),
                 spec->name, *temperature);
  return status;
}

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  const struct softmax_family *family = module->family;
  double temperature;
  enum jac_status status = read_temperature(spec, &temperature, err);
  if (status != JAC_OK)
    return status;
  struct softmax *m = jac_layer_alloc(sizeof *m, &family->type, spec, place->batch,
                                      spec->size[0], family->noise ? 2 : 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  bool warm = temperature != 1.0;
  m->factor = family->sign / temperature;
  m->temperature = (struct jac_constant){"temperature", temperature};
  const char *entry = warm ? family->warm_entry : family->entry;
  jac_layer_data(&m->map, Z, "z", "z^{k-1}", spec->size[0], entry);
  if (family->noise) {
    struct jac_variable *noise =
        jac_layer_data(&m->map, NOISE, "g", "g", spec->size[0], entry);
    noise->secondary = true;
    noise->domain = JAC_GUMBEL;
  }
  m->map.definition = warm ? family->warm_definition : module->definition;
  m->map.where = warm ? family->warm_where : family->where;
  m->map.steady = family->steady != NULL ? family->steady : steady;
  m->map.steady_where = warm ? family->warm_scaled : family->scaled;
  m->map.slip = warm ? family->warm_slip : family->slip;
  m->map.lack = warm ? family->warm_lack : family->lack;
  m->map.constant = &m->temperature;
  m->map.nconstant = warm ? 1 : 0;
  *map = &m->map;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"temperature", "1", N_("what z is divided by: near 0 the largest takes all")},
    {NULL, NULL, NULL}};

static const struct softmax_family softmax_family = {
    .type = {.name = "softmax",
             .forward = forward,
             .jacobian = jacobian,
             .vjp = product,
             .jvp = product,
             .structure = structure},
    .where = plain_where,
    .slip = softmax_slips,
    .warm_slip = warm_slips,
    .lack = softmax_lacks,
    .warm_lack = warm_lacks,
    .entry = "s[n,o]*(delta(o,i) - s[n,i])",
    .warm_definition =
        "y[n,o] = exp(z[n,o]/temperature) / sum(j, exp(z[n,j]/temperature))",
    .warm_where = "s[n,o] = exp(z[n,o]/temperature) / sum(j, exp(z[n,j]/temperature))",
    .warm_entry = "s[n,o]*(delta(o,i) - s[n,i])/temperature",
    .scaled = "U[n,o] = z[n,o]" LARGEST,
    .warm_scaled = "U[n,o] = z[n,o]/temperature" LARGEST,
    .sign = 1.0,
};

const struct jac_module jac_module_softmax = {
    .name = "softmax",
    .matrices = "softmax(z)",
    .output_names = "s p sigma S hat_y",
    .sizes = "N",
    .nsize = 1,
    .example = "softmax:3",
    .definition = "y[n,o] = exp(z[n,o]) / sum(j, exp(z[n,j]))",
    .options = options,
    .make = make,
    .family = &softmax_family,
};

static const struct softmax_family softmin_family = {
    .type = {.name = "softmin",
             .forward = forward,
             .jacobian = jacobian,
             .vjp = product,
             .jvp = product,
             .structure = structure},
    .where = "s[n,o] = exp(-z[n,o]) / sum(j, exp(-z[n,j]))",
    .entry = "-s[n,o]*(delta(o,i) - s[n,i])",
    .warm_definition =
        "y[n,o] = exp(-z[n,o]/temperature) / sum(j, exp(-z[n,j]/temperature))",
    .warm_where = "s[n,o] = exp(-z[n,o]/temperature) / sum(j, exp(-z[n,j]/temperature))",
    .warm_entry = "-s[n,o]*(delta(o,i) - s[n,i])/temperature",
    .scaled = "U[n,o] = -z[n,o]" LARGEST,
    .warm_scaled = "U[n,o] = -z[n,o]/temperature" LARGEST,
    .sign = -1.0,
};

const struct jac_module jac_module_softmin = {
    .name = "softmin",
    .matrices = "softmax(-z)",
    .sizes = "N",
    .nsize = 1,
    .example = "softmin:3",
    .definition = "y[n,o] = exp(-z[n,o]) / sum(j, exp(-z[n,j]))",
    .options = options,
    .make = make,
    .family = &softmin_family,
};

/* The noise is drawn from the law of Gumbel, -log(-log u), so that the largest of z + g
 * is a draw from softmax(z) (Jang et al. 2017, Maddison et al. 2017). */
static const struct softmax_family gumbel_softmax_family = {
    .type = {.name = "gumbel-softmax",
             .forward = forward,
             .jacobian = jacobian,
             .vjp = product,
             .jvp = product,
             .structure = structure},
    .where = "s[n,o] = exp(z[n,o] + g[n,o]) / sum(j, exp(z[n,j] + g[n,j]))",
    .entry = "s[n,o]*(delta(o,i) - s[n,i])",
    .warm_definition = "y[n,o] = exp((z[n,o] + g[n,o])/temperature) / sum(j, exp((z[n,j] "
                       "+ g[n,j])/temperature))",
    .warm_where = "s[n,o] = exp((z[n,o] + g[n,o])/temperature) / sum(j, exp((z[n,j] + "
                  "g[n,j])/temperature))",
    .warm_entry = "s[n,o]*(delta(o,i) - s[n,i])/temperature",
    .scaled = "U[n,o] = z[n,o] + g[n,o]" LARGEST,
    .warm_scaled = "U[n,o] = (z[n,o] + g[n,o])/temperature" LARGEST,
    .sign = 1.0,
    .noise = true,
};

const struct jac_module jac_module_gumbel_softmax = {
    .name = "gumbel-softmax",
    .sizes = "N",
    .nsize = 1,
    .example = "gumbel-softmax:3",
    .definition = "y[n,o] = exp(z[n,o] + g[n,o]) / sum(j, exp(z[n,j] + g[n,j]))",
    .options = options,
    .make = make,
    .family = &gumbel_softmax_family,
};

static const struct softmax_family log_softmax_family = {
    .type = {.name = "log-softmax",
             .forward = log_forward,
             .jacobian = log_jacobian,
             .vjp = log_vjp,
             .jvp = log_jvp,
             .structure = structure},
    .where = plain_where,
    .slip = log_softmax_slips,
    .lack = log_softmax_lacks,
    .entry = "delta(o,i) - s[n,i]",
    .scaled = "U[n,o] = z[n,o]" LARGEST,
    .steady = "y[n,o] = U[n,o] - M[n] - log(sum(j, exp(U[n,j] - M[n])))",
    .sign = 1.0,
};

const struct jac_module jac_module_log_softmax = {
    .name = "log-softmax",
    .matrices = "logsoftmax(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "log-softmax:3",
    .definition = "y[n,o] = z[n,o] - log(sum(j, exp(z[n,j])))",
    .make = make,
    .family = &log_softmax_family,
};
