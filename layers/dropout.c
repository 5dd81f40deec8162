/* dropout: y = z .* m / (1 - p). The mask m is a variable of its own, 0 with probability
 * p, drawn from the seed or set; the Jacobian with respect to z is diag(m) / (1 - p).
 * mode=eval is the identity. */
#include "layers/layer.h"

#include "jacobian/text.h"

#include <string.h>

enum { Z, M };

struct dropout {
  struct jac_map map;
  struct jac_constant p;
};

static double keep(const struct jac_map *map) {
  return 1.0 - ((const struct dropout *)map)->p.value;
}

/* a .* b / (1 - p); in evaluation a. */
static void product(const struct jac_map *map, const gsl_matrix *a, const gsl_matrix *b,
                    gsl_matrix *out) {
  if (map->nvar == 1) {
    gsl_matrix_memcpy(out, a);
    return;
  }
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      gsl_matrix_set(out, n, o,
                     gsl_matrix_get(a, n, o) * gsl_matrix_get(b, n, o) / keep(map));
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  product(map, x[Z], map->nvar > M ? x[M] : NULL, y);
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  bool eval = map->nvar == 1;
  const gsl_matrix *other = x[wrt == Z && !eval ? M : Z];
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      *jac_array3_at(J, n, o, o) = eval ? 1.0 : gsl_matrix_get(other, n, o) / keep(map);
  return JAC_OK;
}

static enum jac_status both_products(const struct jac_map *map, jac_point x, size_t wrt,
                                     const gsl_matrix *in, gsl_matrix *out) {
  product(map, in, x[wrt == Z && map->nvar > M ? M : Z], out);
  return JAC_OK;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.width = 1};
}

static const struct jac_map_type type = {
    .name = "dropout",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = both_products,
    .jvp = both_products,
    .structure = structure,
};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  double p;
  enum jac_status status = jac_spec_number(spec, "p", &p, 0.5, err);
  if (status == JAC_OK && !(p >= 0.0 && p < 1.0))
    status = jac_fail(err, JAC_EINPUT,
                      _("dropout: p=%g: a probability from 0 to below 1 is "
                        "needed"),
                      p);
  const char *mode = jac_spec_word(spec, "mode");
  bool eval = mode != NULL && strcmp(mode, "eval") == 0;
  if (status == JAC_OK && mode != NULL && !eval && strcmp(mode, "train") != 0)
    status = jac_fail(err, JAC_EINPUT, _("%s: mode=%s: train or eval is needed"),
                      spec->name, mode);
  if (status != JAC_OK)
    return status;
  struct dropout *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch, spec->size[0],
                                      eval ? 1 : 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  jac_layer_data(&m->map, Z, "z", "z^{k-1}", spec->size[0], "delta(o,i)*m[n,o]/(1 - p)");
  *map = &m->map;
  if (eval) {
    m->map.var[Z].entry = "delta(o,i)";
    m->map.definition = "y[n,o] = z[n,o]";
    return JAC_OK;
  }
  struct jac_variable *mask =
      jac_layer_data(&m->map, M, "m", "m", spec->size[0], "delta(o,i)*z[n,o]/(1 - p)");
  mask->secondary = true;
  mask->domain = JAC_MASK;
  mask->p = p;
  m->p = (struct jac_constant){"p", p};
  m->map.constant = &m->p;
  m->map.nconstant = 1;
  m->map.definition = module->definition;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"p", "0.5", N_("the probability that an entry is dropped")},
    {"mode", "train", N_("train, or eval: nothing is dropped")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_dropout = {
    .name = "dropout",
    .matrices = "m .* z / (1 - p)",
    .sizes = "N",
    .nsize = 1,
    .example = "dropout:3,p=0.4",
    .definition = "y[n,o] = z[n,o]*m[n,o]/(1 - p)",
    .options = options,
    .make = make,
};
