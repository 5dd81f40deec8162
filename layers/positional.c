/* positional and rotary: where a token stands, told by angles. Rows are tokens, n from 0;
 * feature pair k turns by n / 10000^(2k/D).
 *
 * positional (Vaswani et al. 2017) adds the sine and the cosine of the angle to the pair:
 * its Jacobian is the identity. rotary (Su et al. 2021) turns the pair by the angle: the
 * Jacobian has a rotation of the plane for each pair. A pair is two neighbours, or, with
 * halves, the same place in the two halves of the features. */
#include "jacobian/text.h"
#include "layers/layer.h"

#include <math.h>

struct positional {
  struct jac_map map;
  bool turn, halves;
  struct jac_constant constant[2]; /* H, D */
};

static const struct positional *of(const struct jac_map *map) {
  return (const struct positional *)map;
}

/* The features of pair k. */
static size_t first(const struct jac_map *map, size_t k) {
  return of(map)->halves ? k : 2 * k;
}

static size_t second(const struct jac_map *map, size_t k) {
  return of(map)->halves ? map->cols / 2 + k : 2 * k + 1;
}

static double angle(const struct jac_map *map, size_t n, size_t k) {
  return (double)n / pow(10000.0, 2.0 * (double)k / (double)map->cols);
}

/* out = in turned, forth (1) or back (-1). */
static void turn(const struct jac_map *map, const gsl_matrix *in, double way,
                 gsl_matrix *out) {
  for (size_t n = 0; n < map->batch; n++)
    for (size_t k = 0; k < map->cols / 2; k++) {
      double c = cos(angle(map, n, k)), s = way * sin(angle(map, n, k));
      double a = gsl_matrix_get(in, n, first(map, k));
      double b = gsl_matrix_get(in, n, second(map, k));
      gsl_matrix_set(out, n, first(map, k), c * a - s * b);
      gsl_matrix_set(out, n, second(map, k), s * a + c * b);
    }
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  if (of(map)->turn) {
    turn(map, x[0], 1.0, y);
    return JAC_OK;
  }
  gsl_matrix_memcpy(y, x[0]);
  for (size_t n = 0; n < map->batch; n++)
    for (size_t k = 0; k < map->cols / 2; k++) {
      *gsl_matrix_ptr(y, n, first(map, k)) += sin(angle(map, n, k));
      *gsl_matrix_ptr(y, n, second(map, k)) += cos(angle(map, n, k));
    }
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  (void)x;
  (void)wrt;
  for (size_t n = 0; n < map->batch; n++)
    for (size_t k = 0; k < map->cols / 2; k++) {
      size_t a = first(map, k), b = second(map, k);
      double c = of(map)->turn ? cos(angle(map, n, k)) : 1.0;
      *jac_array3_at(J, n, a, a) = c;
      *jac_array3_at(J, n, b, b) = c;
      if (of(map)->turn) {
        *jac_array3_at(J, n, a, b) = -sin(angle(map, n, k));
        *jac_array3_at(J, n, b, a) = sin(angle(map, n, k));
      }
    }
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  (void)x;
  (void)wrt;
  if (of(map)->turn)
    turn(map, cotangent, -1.0, gradient);
  else
    gsl_matrix_memcpy(gradient, cotangent);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  (void)x;
  (void)wrt;
  if (of(map)->turn)
    turn(map, tangent, 1.0, out);
  else
    gsl_matrix_memcpy(out, tangent);
  return JAC_OK;
}

static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  size_t k = of(map)->halves ? row % (map->cols / 2) : row / 2;
  (void)wrt;
  columns[0] = first(map, k);
  columns[1] = second(map, k);
  return 2;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)wrt;
  if (of(map)->turn)
    return (struct jac_structure){.columns = columns_of};
  return (struct jac_structure){.width = 1};
}

static const struct jac_map_type type = {
    .name = "positional",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

#define ANGLE "((n - 1)/10000^(2*(k - 1)/D))"
#define ADDED(a, b) "ind(o = " a ")*sin" ANGLE " + ind(o = " b ")*cos" ANGLE
#define TURNED(a, b)                                                                     \
  "ind(o = " a ")*(cos" ANGLE "*z[n," a "] - sin" ANGLE "*z[n," b "]) + ind(o = " b      \
  ")*(sin" ANGLE "*z[n," a "] + cos" ANGLE "*z[n," b "])"
#define ENTRY(a, b)                                                                      \
  "sum(k = 1:H, (ind(o = " a " and i = " a ") + ind(o = " b " and i = " b "))*cos" ANGLE \
  " + (ind(o = " b " and i = " a ") - ind(o = " a " and i = " b "))*sin" ANGLE ")"

static const char *const definitions[2][2] = {
    {"y[n,o] = z[n,o] + sum(k = 1:H, " ADDED("2*k - 1", "2*k") ")",
     "y[n,o] = z[n,o] + sum(k = 1:H, " ADDED("k", "H + k") ")"},
    {"y[n,o] = sum(k = 1:H, " TURNED("2*k - 1", "2*k") ")",
     "y[n,o] = sum(k = 1:H, " TURNED("k", "H + k") ")"}};
static const char *const entries[2] = {ENTRY("2*k - 1", "2*k"), ENTRY("k", "H + k")};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  size_t d = spec->size[0];
  if (d % 2 != 0)
    return jac_fail(
        err, JAC_EINPUT,
        _("%s: %zu features do not fall into pairs: an even number is needed"),
        spec->name, d);
  struct positional *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch, d, 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->turn = module->family != NULL;
  m->halves = jac_spec_flag(spec, "halves");
  size_t half = d / 2;
  m->constant[0] = (struct jac_constant){"H", (double)half};
  m->constant[1] = (struct jac_constant){"D", (double)d};
  m->map.constant = m->constant;
  m->map.nconstant = 2;
  m->map.placed = true;
  jac_layer_data(&m->map, 0, "z", "z^{k-1}", d,
                 m->turn ? entries[m->halves] : "delta(o,i)");
  m->map.definition = definitions[m->turn][m->halves];
  *map = &m->map;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"halves", NULL, N_("pairs are of the two halves, not neighbours")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_positional = {
    .name = "positional",
    .sizes = "D",
    .nsize = 1,
    .example = "positional:4",
    .definition = "y[n,o] = z[n,o] + sum(k, " ADDED("2*k - 1", "2*k") ")",
    .options = options,
    .make = make,
};

const struct jac_module jac_module_rotary = {
    .name = "rotary",
    .sizes = "D",
    .nsize = 1,
    .example = "rotary:4",
    .definition = "y[n,o] = sum(k, " TURNED("2*k - 1", "2*k") ")",
    .options = options,
    .make = make,
    .family = "turn",
};
