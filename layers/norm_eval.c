/* batch-norm, mode=eval: y = gamma (z - mu)/sqrt(v + eps) + beta, with a mean mu and a
 * variance v of each feature that were kept from training. Samples are not coupled, and
 * every Jacobian is diagonal. */
#include "layers/norm_eval.h"

#include "layers/sample.h"

#include "jacobian/text.h"

#include <math.h>
#include <string.h>

enum { Z, GAMMA, BETA, MU, V };

static const double eps = 1e-5;

struct norm_eval {
  struct jac_sample_map base;
  size_t channels;
  struct jac_constant eps;
};

static size_t channels(const struct jac_map *map) {
  return ((const struct norm_eval *)map)->channels;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  for (size_t k = 0; k < map->cols; k++) {
    size_t o = k % channels(map);
    y[k] = x[GAMMA][o] * ((x[Z][k] - x[MU][o]) / sqrt(x[V][o] + eps)) + x[BETA][o];
  }
}

/* The derivative of output k by its own entry of a variable. */
static double slope(const struct jac_map *map, jac_sample_point x, size_t wrt, size_t k) {
  size_t o = k % channels(map);
  double r = 1.0 / sqrt(x[V][o] + eps), off = (x[Z][k] - x[MU][o]) * r;
  switch (wrt) {
  case Z:
    return x[GAMMA][o] * r;
  case GAMMA:
    return off;
  case MU:
    return -x[GAMMA][o] * r;
  case V:
    return -0.5 * x[GAMMA][o] * off * r * r;
  default:
    return 1.0;
  }
}

/* Which entry that is. */
static size_t entry(const struct jac_map *map, size_t wrt, size_t k) {
  return wrt == Z ? k : k % channels(map);
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  for (size_t k = 0; k < map->cols; k++)
    *jac_array3_at(J, 0, k, entry(map, wrt, k)) = slope(map, x, wrt, k);
}

/* By the quotient rule instead: with root = sqrt(v + eps), the derivative of 1/root is
 * -1/(2 root (v + eps)). */
static double fast(const struct jac_map *map, jac_sample_point x, size_t wrt, size_t k) {
  size_t o = k % channels(map);
  double root = sqrt(x[V][o] + eps), off = x[Z][k] - x[MU][o];
  double by_v = -off / (2.0 * root * (x[V][o] + eps));
  return wrt == GAMMA ? off / root
         : wrt == BETA
             ? 1.0
             : x[GAMMA][o] * (wrt == V ? by_v : (wrt == MU ? -1.0 : 1.0) / root);
}

static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  for (size_t k = 0; k < map->cols; k++)
    g[entry(map, wrt, k)] += c[k] * fast(map, x, wrt, k);
}

static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  for (size_t k = 0; k < map->cols; k++)
    out[k] += t[entry(map, wrt, k)] * fast(map, x, wrt, k);
}

static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  columns[0] = entry(map, wrt, row);
  return 1;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  if (wrt == Z || map->cols == channels(map))
    return (struct jac_structure){.width = 1};
  return (struct jac_structure){.columns = columns_of};
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp, structure};

#define OFF "(z[n,o] - mu[o])"
#define ROOT "sqrt(v[o] + eps)"

static const char definition[] = "y[n,o] = gamma[o]*" OFF "/" ROOT " + beta[o]";
static const char placed[] = "y[n,l,o] = gamma[o]*(z[n,l,o] - mu[o])/" ROOT " + beta[o]";
static const char *const entries[2][5] = {
    {"delta(o,i)*gamma[o]/" ROOT, "delta(o,i)*" OFF "/" ROOT, "delta(o,i)",
     "-delta(o,i)*gamma[o]/" ROOT, "-delta(o,i)*gamma[o]*" OFF "/(2*(v[o] + eps)^1.5)"},
    {"delta(o,i)*delta(l,q)*gamma[o]/" ROOT, "delta(o,i)*(z[n,l,o] - mu[o])/" ROOT,
     "delta(o,i)", "-delta(o,i)*gamma[o]/" ROOT,
     "-delta(o,i)*gamma[o]*(z[n,l,o] - mu[o])/(2*(v[o] + eps)^1.5)"}};

#define NO_ROOT N_("the variance divides where its root should")
#define SLIPS(z, d)                                                                      \
  {                                                                                      \
    {"z", NO_ROOT, d "*gamma[o]/(v[o] + eps)"},                                          \
        {"z", N_("gamma is left out"), d "/" ROOT},                                      \
        {"gamma", NO_ROOT, "delta(o,i)*(" z " - mu[o])/(v[o] + eps)"},                   \
        {"gamma", N_("z stands where the normalised x is meant"), "delta(o,i)*" z}, {    \
      NULL, NULL, NULL                                                                   \
    }                                                                                    \
  }
static const struct jac_slip slips[2][5] = {SLIPS("z[n,o]", "delta(o,i)"),
                                            SLIPS("z[n,l,o]", "delta(o,i)*delta(l,q)")};

static void name_variables(struct norm_eval *m, size_t n, size_t positions) {
  const char *const *own = entries[positions > 1 ? 1 : 0];
  struct jac_map *map = &m->base.map;
  jac_layer_data(map, Z, "z", "z^{k-1}", n * positions, own[Z])->channels =
      positions > 1 ? n : 0;
  map->channels = map->var[Z].channels;
  jac_layer_parameter(map, GAMMA, "gamma", "\\gamma", 1, &n, own[GAMMA]);
  jac_layer_parameter(map, BETA, "beta", "\\beta", 1, &n, own[BETA]);
  jac_layer_parameter(map, MU, "mu", "\\mu", 1, &n, own[MU])->secondary = true;
  struct jac_variable *v = jac_layer_parameter(map, V, "v", "v", 1, &n, own[V]);
  v->secondary = true;
  v->domain = JAC_POSITIVE;
}

enum jac_status jac_norm_eval_make(const struct jac_module *module,
                                   const struct jac_spec *spec,
                                   const struct jac_module_place *place,
                                   struct jac_map **map, struct jac_error *err) {
  const char *mode = jac_spec_word(spec, "mode");
  size_t n = spec->size[0], positions = 1;
  struct jac_spec training = *spec;
  enum jac_status status = JAC_OK;
  if (strcmp(mode, "train") == 0) { /* as without the option */
    for (size_t k = 0; k < training.noption; k++)
      if (strcmp(training.option[k].name, "mode") == 0)
        training.option[k] = training.option[--training.noption];
    return module->make(module, &training, place, map, err);
  }
  if (strcmp(mode, "eval") != 0)
    return jac_fail(err, JAC_EINPUT, _("%s: mode=%s: train or eval is needed"),
                    spec->name, mode);
  if (jac_spec_word(spec, "length") != NULL || place->features > n)
    status = jac_layer_length(spec, place, n, &positions, err);
  if (status != JAC_OK)
    return status;
  struct norm_eval *m =
      jac_sample_alloc(sizeof *m, &sample, spec, place->batch, n * positions, 5, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->channels = n;
  name_variables(m, n, positions);
  m->eps = (struct jac_constant){"eps", eps};
  m->base.map.constant = &m->eps;
  m->base.map.nconstant = 1;
  m->base.map.definition = positions > 1 ? placed : definition;
  m->base.map.slip = slips[positions > 1];
  *map = &m->base.map;
  return JAC_OK;
}
