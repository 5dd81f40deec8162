#include "plant.h"

#include "jacobian/order.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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

const char *mistake_name(enum jac_mistake mistake) {
  static const char *const names[JAC_MISTAKES] = {
      [JAC_MISTAKE_TRANSPOSED] = "transposed",
      [JAC_MISTAKE_SIGN] = "sign",
      [JAC_MISTAKE_ORDER] = "other numbering",
      [JAC_MISTAKE_SUMMED] = "summed over samples",
      [JAC_MISTAKE_AVERAGED] = "averaged over samples",
      [JAC_MISTAKE_DIAGONAL] = "only the diagonal",
      [JAC_MISTAKE_NO_DIAGONAL] = "no diagonal",
      [JAC_MISTAKE_IDENTITY_ADDED] = "identity added",
      [JAC_MISTAKE_IDENTITY_MISSING] = "identity missing",
      [JAC_MISTAKE_TRANSPOSED_SIGN] = "transposed, sign",
      [JAC_MISTAKE_ROWS_SHIFTED] = "rows shifted",
      [JAC_MISTAKE_COLS_SHIFTED] = "columns shifted",
      [JAC_MISTAKE_ROWS_PERMUTED] = "rows permuted",
      [JAC_MISTAKE_COLS_PERMUTED] = "columns permuted",
      [JAC_MISTAKE_SAMPLES_PERMUTED] = "samples permuted",
      [JAC_MISTAKE_QUANTITY] = "a factor missing or too many",
      [JAC_MISTAKE_Z_FOR_Y] = "z for y",
      [JAC_MISTAKE_Y_FOR_Z] = "y for z",
      [JAC_MISTAKE_OTHER] = "another variable's",
      [JAC_MISTAKE_FACTOR] = "constant factor",
      [JAC_MISTAKE_ZERO] = "all zero",
      [JAC_MISTAKE_PATTERN] = "zeros misplaced",
  };
  return names[mistake];
}

/* What a planted matrix needs beside the truth. */
struct planting {
  const struct jac_suspects *s;
  const struct jac_array3 *t;
  double factor;
  const struct jac_quantity *q;
  bool missing;
  size_t shift;
  size_t *line; /* a permutation */
  const struct jac_array3 *other;
};

static size_t index_of(const struct planting *p, size_t j) {
  const struct jac_variable *var = &p->s->map->var[p->s->wrt];
  size_t index[3];
  jac_number_to_index(var, JAC_ORDER_C, j, index);
  return jac_index_to_number(var, JAC_ORDER_F, index);
}

static double wrong_entry(const struct planting *p, enum jac_mistake mistake, size_t s,
                          size_t i, size_t j) {
  const struct jac_array3 *t = p->t;
  double x = *jac_array3_at(t, s, i, j), sum = 0.0, q = 1.0;
  if (p->q != NULL)
    q = p->q->value[p->q->by_columns ? s * t->cols + j : s * t->rows + i];
  for (size_t k = 0; k < t->slices; k++)
    sum += *jac_array3_at(t, k, i, j);
  switch (mistake) {
  case JAC_MISTAKE_TRANSPOSED:
    return *jac_array3_at(t, s, j, i);
  case JAC_MISTAKE_TRANSPOSED_SIGN:
    return -*jac_array3_at(t, s, j, i);
  case JAC_MISTAKE_SIGN:
    return -x;
  case JAC_MISTAKE_FACTOR:
    return p->factor * x;
  case JAC_MISTAKE_ORDER:
    return *jac_array3_at(t, s, i, index_of(p, j));
  case JAC_MISTAKE_SUMMED:
    return sum;
  case JAC_MISTAKE_AVERAGED:
    return sum / (double)t->slices;
  case JAC_MISTAKE_DIAGONAL:
    return i == j ? x : 0.0;
  case JAC_MISTAKE_NO_DIAGONAL:
    return i == j ? 0.0 : x;
  case JAC_MISTAKE_IDENTITY_ADDED:
    return x + (i == j);
  case JAC_MISTAKE_IDENTITY_MISSING:
    return x - (i == j);
  case JAC_MISTAKE_ROWS_SHIFTED:
    return *jac_array3_at(t, s, (i + p->shift) % t->rows, j);
  case JAC_MISTAKE_COLS_SHIFTED:
    return *jac_array3_at(t, s, i, (j + p->shift) % t->cols);
  case JAC_MISTAKE_ROWS_PERMUTED:
    return *jac_array3_at(t, s, p->line[i], j);
  case JAC_MISTAKE_COLS_PERMUTED:
    return *jac_array3_at(t, s, i, p->line[j]);
  case JAC_MISTAKE_SAMPLES_PERMUTED:
    return *jac_array3_at(t, p->line[s], i, j);
  case JAC_MISTAKE_QUANTITY:
    return p->missing ? x / q : x * q;
  case JAC_MISTAKE_Z_FOR_Y:
  case JAC_MISTAKE_Y_FOR_Z:
  case JAC_MISTAKE_OTHER:
    return *jac_array3_at(p->other, s, i, j);
  default:
    return 0.0;
  }
}

/* A factor that people forget or add: never 1. */
static double some_factor(const struct jac_suspects *s, gsl_rng *rng) {
  double batch = (double)s->map->batch;
  const struct jac_variable *var = &s->map->var[s->wrt];
  double n = (double)var->dims[var->ndim - 1];
  const double factors[] = {2.0, 0.5, -2.0, batch, 1.0 / batch, n, 1.0 / n, 3.7, -0.1};
  double factor = 1.0;
  while (factor == 1.0)
    factor = factors[gsl_rng_uniform_int(rng, 9)];
  return factor;
}

static bool shuffle(struct planting *p, size_t count, gsl_rng *rng) {
  bool moved = false;
  p->line = malloc((count + 1) * sizeof *p->line);
  for (size_t k = 0; k < count; k++)
    p->line[k] = k;
  for (size_t k = count; k > 1; k--) {
    size_t with = gsl_rng_uniform_int(rng, k), kept = p->line[k - 1];
    p->line[k - 1] = p->line[with];
    p->line[with] = kept;
  }
  for (size_t k = 0; k < count; k++)
    moved = moved || p->line[k] != k;
  return moved;
}

/* A module's own quantity as a factor of its derivative. */
static bool own_factor(const struct jac_map *map, const char *name) {
  const char *spec =
      strrchr(map->spec, ' ') != NULL ? strrchr(map->spec, ' ') + 1 : map->spec;
  return (strncmp(spec, "sigmoid", 7) == 0 && strcmp(name, "y(1 - y)") == 0) ||
         (strncmp(spec, "tanh", 4) == 0 && strcmp(name, "1 - y^2") == 0) ||
         (strncmp(spec, "softmax", 7) == 0 && strcmp(name, "y") == 0);
}

/* Fills what the kind needs; false: it does not apply to this map. */
static bool prepare(struct planting *p, enum jac_mistake mistake, gsl_rng *rng,
                    struct jac_diagnosis *expected) {
  const struct jac_suspects *s = p->s;
  const struct jac_array3 *t = p->t;
  const struct jac_variable *var = &s->map->var[s->wrt];
  bool square = t->rows == t->cols && t->rows > 1;
  *expected = (struct jac_diagnosis){.mistake = mistake};
  switch (mistake) {
  case JAC_MISTAKE_TRANSPOSED:
  case JAC_MISTAKE_TRANSPOSED_SIGN:
  case JAC_MISTAKE_DIAGONAL:
  case JAC_MISTAKE_NO_DIAGONAL:
  case JAC_MISTAKE_IDENTITY_ADDED:
  case JAC_MISTAKE_IDENTITY_MISSING:
    return square;
  case JAC_MISTAKE_ORDER:
    return var->role == JAC_PARAMETER && var->ndim > 1;
  case JAC_MISTAKE_SUMMED:
  case JAC_MISTAKE_AVERAGED:
    return t->slices > 1;
  case JAC_MISTAKE_ROWS_SHIFTED:
    p->shift = gsl_rng_uniform_int(rng, 2) ? 1 : t->rows - 1;
    return t->rows > 1;
  case JAC_MISTAKE_COLS_SHIFTED:
    p->shift = gsl_rng_uniform_int(rng, 2) ? 1 : t->cols - 1;
    return t->cols > 1;
  case JAC_MISTAKE_ROWS_PERMUTED:
    return shuffle(p, t->rows, rng);
  case JAC_MISTAKE_COLS_PERMUTED:
    return shuffle(p, t->cols, rng);
  case JAC_MISTAKE_SAMPLES_PERMUTED:
    return shuffle(p, t->slices, rng);
  case JAC_MISTAKE_FACTOR:
    p->factor = expected->factor = some_factor(s, rng);
    return true;
  case JAC_MISTAKE_QUANTITY: {
    if (s->nquantity == 0)
      return false;
    p->q = &s->quantity[gsl_rng_uniform_int(rng, s->nquantity)];
    expected->name = p->q->name;
    p->missing = own_factor(s->map, p->q->name);
    expected->missing = p->missing;
    return true;
  }
  case JAC_MISTAKE_Z_FOR_Y:
    p->other = s->z_for_y;
    return p->other != NULL;
  case JAC_MISTAKE_Y_FOR_Z:
    p->other = s->y_for_z;
    return p->other != NULL;
  case JAC_MISTAKE_OTHER: {
    size_t k = s->nother > 0 ? gsl_rng_uniform_int(rng, s->nother) : 0;
    if (s->nother == 0 || s->other[k].rows != t->rows || s->other[k].cols != t->cols ||
        s->other[k].slices != t->slices)
      return false;
    p->other = &s->other[k];
    expected->name = s->other_name[k];
    return true;
  }
  default:
    return true;
  }
}

/* One to three entries, all zero or all not, become what they should not be. */
static void misplace(struct jac_array3 *wrong, gsl_rng *rng) {
  bool to_zero = gsl_rng_uniform_int(rng, 2);
  double scale = largest(wrong);
  size_t count = total(wrong), most = 1 + gsl_rng_uniform_int(rng, 3);
  for (int tries = 0; tries < 100 && most > 0; tries++) {
    double *at = &wrong->data[gsl_rng_uniform_int(rng, count)];
    if ((*at != 0.0) != to_zero)
      continue;
    *at = to_zero ? 0.0 : scale * (0.1 + gsl_rng_uniform(rng));
    most--;
  }
}

bool plant_matrix(const struct jac_suspects *s, enum jac_mistake mistake, gsl_rng *rng,
                  struct jac_array3 *wrong, struct jac_diagnosis *expected) {
  struct planting p = {.s = s, .t = s->truth};
  const struct jac_array3 *t = s->truth;
  bool planted = prepare(&p, mistake, rng, expected) &&
                 jac_array3_alloc(t->slices, t->rows, t->cols, wrong, NULL) == JAC_OK;
  for (size_t k = 0; planted && k < total(t); k++)
    wrong->data[k] = mistake == JAC_MISTAKE_PATTERN
                         ? t->data[k]
                         : wrong_entry(&p, mistake, k / t->cols / t->rows,
                                       k / t->cols % t->rows, k % t->cols);
  if (planted && mistake == JAC_MISTAKE_PATTERN)
    misplace(wrong, rng);
  free(p.line);
  if (planted && same_array(wrong, t, 1e-5)) {
    jac_array3_free(wrong);
    planted = false;
  }
  return planted;
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
  struct planting p = {.s = s, .t = s->truth};
  const struct jac_variable *var = &s->map->var[s->wrt];
  const char *entry = var->entry, *before = "", *after = "";
  bool diagonal = var->role == JAC_DATA && !s->map->coupled && s->map->channels == 0;
  if (gsl_rng_uniform_int(rng, 2) == 0 &&
      write_formula(s, mistake, rng, text, size, expected))
    return true;
  if (entry == NULL || !prepare(&p, mistake, rng, expected))
    return false;
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
    snprintf(text, size, "%.17g*(%s)", p.factor, entry);
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
