#include "plant.h"

#include "jacobian/mistake.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static size_t total(const struct jac_array3 *a) {
  return a->slices * a->rows * a->cols;
}

static double largest(const struct jac_array3 *a) {
  double most = 0.0;
  for (size_t k = 0; k < total(a); k++)
    most = fmax(most, fabs(a->data[k]));
  return most;
}

bool same_array(const struct jac_array3 *a, const struct jac_array3 *b,
                double tolerance) {
  if (a->slices != b->slices || a->rows != b->rows || a->cols != b->cols)
    return false;
  double scale = largest(b);
  for (size_t k = 0; k < total(a); k++)
    if (!(fabs(a->data[k] - b->data[k]) <= tolerance * scale))
      return false;
  return true;
}

bool plant_matrix(const struct jac_suspects *s, enum jac_mistake mistake, gsl_rng *rng,
                  struct jac_array3 *wrong, struct jac_diagnosis *expected) {
  bool planted;
  return jac_mistake_plant(s, mistake, gsl_rng_get(rng), wrong, expected, &planted,
                           NULL) == JAC_OK &&
         planted;
}

/* Mistakes of whole formulas, as people write them. */
static const struct {
  const char *spec, *variable;
  struct jac_diagnosis expected;
  const char *text;
} written[] = {
    {"tanh:4", "z", {.mistake = JAC_MISTAKE_Z_FOR_Y}, "delta(o,i)*(1 - z[n,o]^2)"},
    {"sigmoid:4",
     "z",
     {.mistake = JAC_MISTAKE_Z_FOR_Y},
     "delta(o,i)*z[n,o]*(1 - z[n,o])"},
    {"softmax:4", "z", {.mistake = JAC_MISTAKE_Z_FOR_Y}, "diag(z) - z'*z"},
    {"tanh:4", "z", {.mistake = JAC_MISTAKE_Y_FOR_Z}, "diag(1 - tanh(y).^2)"},
    {"sigmoid:4",
     "z",
     {.mistake = JAC_MISTAKE_Y_FOR_Z},
     "diag(sigmoid(y).*(1 - sigmoid(y)))"},
    {"silu:4",
     "z",
     {.mistake = JAC_MISTAKE_Y_FOR_Z},
     "diag(sigmoid(y).*(1 + y.*(1 - sigmoid(y))))"},
    {"tanh:4",
     "z",
     {.mistake = JAC_MISTAKE_QUANTITY, .name = "1 - y^2", .missing = true},
     "delta(i,j)"},
    {"sigmoid:4",
     "z",
     {.mistake = JAC_MISTAKE_QUANTITY, .name = "y(1 - y)", .missing = true},
     "delta(i,j)"},
    {"softmax:4",
     "z",
     {.mistake = JAC_MISTAKE_QUANTITY, .name = "y", .missing = true},
     "delta(i,j) - s[j]"},
    {"softmax:4",
     "z",
     {.mistake = JAC_MISTAKE_QUANTITY, .name = "1 - y"},
     "s[i]*(1 - s[i])*(delta(i,j) - s[j])"},
    {"softmax:4", "z", {.mistake = JAC_MISTAKE_DIAGONAL}, "diag(s.*(1 - s))"},
    {"softmax:4", "z", {.mistake = JAC_MISTAKE_SIGN}, "s'*s - diag(s)"},
    {"log-softmax:4", "z", {.mistake = JAC_MISTAKE_TRANSPOSED}, "delta(o,i) - s[n,o]"},
    {"log-softmax:4", "z", {.mistake = JAC_MISTAKE_IDENTITY_MISSING}, "-s[n,i]"},
    {"layer-norm:4",
     "z",
     {.mistake = JAC_MISTAKE_TRANSPOSED},
     "gamma[i]*r[n]*(delta(o,i) - (1 + x[n,o]*x[n,i])/N)"},
    {"linear:3x3", "z", {.mistake = JAC_MISTAKE_TRANSPOSED}, "W[o,i]"},
    {"linear:3x3", "W", {.mistake = JAC_MISTAKE_ORDER}, "delta(o,i)*z[n,j]"},
    {"linear:3x2,bias", "W", {.mistake = JAC_MISTAKE_ORDER}, "kron(z, eye(2))"},
    {"mse:4", "z", {.mistake = JAC_MISTAKE_FACTOR, .factor = 0.5}, "z - y"},
    {"mse:4", "z", {.mistake = JAC_MISTAKE_SIGN}, "2*(y - z)"},
    {"mse:3,reduction=mean",
     "z",
     {.mistake = JAC_MISTAKE_FACTOR, .factor = 0.0},
     "2*(z[m,i] - y[m,i])"},
    {"cross-entropy:4", "z", {.mistake = JAC_MISTAKE_SIGN}, "y - s"},
};

/* One of them for this map and kind; false: there is none. */
static bool write_formula(const struct jac_suspects *s, enum jac_mistake mistake,
                          gsl_rng *rng, char *text, size_t size,
                          struct jac_diagnosis *expected) {
  size_t count = sizeof written / sizeof written[0],
         from = gsl_rng_uniform_int(rng, count);
  for (size_t j = 0; j < count; j++) {
    size_t k = (from + j) % count;
    if (strcmp(written[k].spec, s->map->spec) != 0 ||
        strcmp(written[k].variable, s->map->var[s->wrt].name) != 0 ||
        written[k].expected.mistake != mistake)
      continue;
    *expected = written[k].expected;
    if (mistake == JAC_MISTAKE_FACTOR && expected->factor == 0.0)
      expected->factor = (double)s->map->batch;
    snprintf(text, size, "%s", written[k].text);
    return true;
  }
  return false;
}

bool plant_formula(const struct jac_suspects *s, enum jac_mistake mistake, gsl_rng *rng,
                   char *text, size_t size, struct jac_diagnosis *expected) {
  struct jac_array3 wrong;
  const struct jac_variable *var = &s->map->var[s->wrt];
  const char *entry = var->entry, *before = "", *after = "";
  bool diagonal = var->role == JAC_DATA && !s->map->coupled && s->map->channels == 0;
  if (gsl_rng_uniform_int(rng, 2) == 0 &&
      write_formula(s, mistake, rng, text, size, expected))
    return true;
  if (entry == NULL || !plant_matrix(s, mistake, rng, &wrong, expected))
    return false;
  jac_array3_free(&wrong);
  switch (mistake) {
  case JAC_MISTAKE_SIGN:
    before = "-(";
    after = ")";
    break;
  case JAC_MISTAKE_ZERO:
    before = "0*(";
    after = ")";
    break;
  case JAC_MISTAKE_DIAGONAL:
    before = "delta(o,i)*(";
    after = ")";
    break;
  case JAC_MISTAKE_NO_DIAGONAL:
    before = "(1 - delta(o,i))*(";
    after = ")";
    break;
  case JAC_MISTAKE_IDENTITY_ADDED:
    before = "";
    after = " + delta(o,i)";
    break;
  case JAC_MISTAKE_IDENTITY_MISSING:
    before = "(";
    after = ") - delta(o,i)";
    break;
  case JAC_MISTAKE_OTHER: {
    const char *other = s->map->var[jac_map_find(s->map, expected->name)].entry;
    if (other == NULL)
      return false;
    snprintf(text, size, "%s", other);
    return true;
  }
  case JAC_MISTAKE_FACTOR:
    snprintf(text, size, "%.17g*(%s)", expected->factor, entry);
    return true;
  default:
    return false;
  }
  bool index = strstr(before, "delta") != NULL || strstr(after, "delta") != NULL;
  if (index && !diagonal)
    return false;
  snprintf(text, size, "%s%s%s", before, entry, after);
  return true;
}
