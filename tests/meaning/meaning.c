/* Semantic fuzzing: `meaning [SECONDS [SEED]]` draws networks, batches and values, and
 * holds every explicit Jacobian against the complex step of a forward pass that shares
 * nothing with the project. It plants errors of 1e-7 that check must find and of 1e-9
 * that certify must, permutes samples, and compares the orders and what the formats
 * carry. Prints figures; exit status 1 at the first thing that is not so, with what
 * repeats it. */
#include "forward.h"

#include "jacobian/certify.h"
#include "jacobian/check.h"
#include "jacobian/order.h"
#include "jacobian/values.h"
#include "layers/network.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_rng.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
  const char *name;
  bool norm, beta, loss;
} kinds[MEANING_KINDS] = {
    [LINEAR] = {"linear"},
    [TANH] = {"tanh"},
    [SIGMOID] = {"sigmoid"},
    [SOFTPLUS] = {"softplus"},
    [SILU] = {"silu"},
    [ELU] = {"elu"},
    [LEAKY] = {"leaky-relu"},
    [SOFTMAX] = {"softmax"},
    [LOG_SOFTMAX] = {"log-softmax"},
    [LAYER_NORM] = {"layer-norm", true, true, false},
    [RMS_NORM] = {"rms-norm", true, false, false},
    [BATCH_NORM] = {"batch-norm", true, true, false},
    [MSE] = {"mse", false, false, true},
    [CROSS_ENTROPY] = {"cross-entropy", false, false, true},
    [BCE_LOGITS] = {"bce-logits", false, false, true},
};

struct trial {
  gsl_rng *rng;
  struct meaning_network net;
  char spec[MEANING_MODULES][40];
  struct jac_map *map;
  struct jac_values values;
  unsigned long seed;
};

static struct { size_t cases, entries, planted, certified, permuted, formats; } done;

static size_t below(struct trial *t, size_t count) {
  return gsl_rng_uniform_int(t->rng, count);
}

static void stop(const struct trial *t, const char *what, const char *variable) {
  fprintf(stderr, "meaning: %s, with respect to %s:", what, variable);
  for (size_t k = 0; k < t->net.count; k++)
    fprintf(stderr, " %s", t->spec[k]);
  fprintf(stderr, " --batch %zu --seed %lu\n", t->net.batch, t->seed);
  exit(1);
}

static void draw_network(struct trial *t) {
  size_t width = 1 + below(t, MEANING_WIDE - 2);
  struct meaning_network *n = &t->net;
  *n = (struct meaning_network){.count = 1 + below(t, MEANING_MODULES - 1),
                                .batch = 1 + below(t, MEANING_BATCH)};
  for (size_t k = 0; k < n->count; k++) {
    struct meaning_module *m = &n->module[k];
    do
      m->kind = (enum meaning_kind)below(t, MEANING_KINDS);
    while (kinds[m->kind].loss && k + 1 < n->count);
    m->in = width;
    m->out = m->kind == LINEAR     ? 1 + below(t, MEANING_WIDE - 2)
             : kinds[m->kind].loss ? 1
                                   : width;
    m->bias = m->kind == LINEAR && below(t, 2) == 0;
    if (m->kind == LINEAR)
      snprintf(t->spec[k], sizeof t->spec[k], "linear:%zux%zu%s", m->in, m->out,
               m->bias ? ",bias" : "");
    else
      snprintf(t->spec[k], sizeof t->spec[k], "%s:%zu", kinds[m->kind].name, m->in);
    width = m->out;
  }
}

/* Where the network keeps the map's variable v: the input, then the modules' own in
 * order. */
static double complex *find(struct trial *t, size_t v) {
  static const char *const names[] = {"W", "b", "gamma", "beta", "y"};
  const char *name = t->map->var[v].name;
  if (v == 0)
    return t->net.z;
  for (size_t k = 0; k < t->net.count; k++) {
    struct meaning_module *m = &t->net.module[k];
    const bool has[] = {m->kind == LINEAR, m->bias, kinds[m->kind].norm,
                        kinds[m->kind].beta, kinds[m->kind].loss};
    double complex *const where[] = {m->W, m->b, m->gamma, m->beta, t->net.y};
    for (size_t p = 0; p < 5; p++)
      if (has[p] && --v == 0) {
        if (strncmp(name, names[p], strlen(names[p])) != 0)
          stop(t, "a variable where another is expected", name);
        return where[p];
      }
  }
  stop(t, "a variable that nobody has", name);
  return NULL;
}

static void make(struct trial *t) {
  const char *words[MEANING_MODULES];
  struct jac_error err = {JAC_OK, ""};
  draw_network(t);
  for (size_t k = 0; k < t->net.count; k++)
    words[k] = t->spec[k];
  t->seed = gsl_rng_get(t->rng) % 100000;
  if (jac_network_new(words, t->net.count, t->net.batch, NULL, &t->map, &err) != JAC_OK ||
      jac_values_new(t->map, t->seed, &t->values, &err) != JAC_OK)
    stop(t, err.message, "nothing");
  for (size_t v = 0; v < t->map->nvar; v++) {
    double complex *to = find(t, v);
    const gsl_matrix *m = t->values.matrix[v];
    for (size_t k = 0; k < m->size1 * m->size2; k++)
      to[k] = m->data[k];
  }
}

/* The number of a place (row by row in its matrix) among the columns: parameters are
 * numbered with the first index fastest, data as they stand. */
static size_t column_of(const struct jac_variable *var, const gsl_matrix *m,
                        size_t place) {
  bool turned = var->role == JAC_PARAMETER && var->ndim > 1;
  return turned ? place / m->size2 + place % m->size2 * m->size1 : place;
}

/* The entry of J for an output and a column of all; zero between uncoupled samples. */
static double entry(const struct jac_map *map, size_t v, const struct jac_array3 *J,
                    size_t output, size_t column) {
  size_t slice = output / J->rows;
  bool own = map->var[v].role == JAC_DATA && !map->coupled;
  if (own && column / J->cols != slice)
    return 0.0;
  return *jac_array3_at(J, slice, output % J->rows, own ? column % J->cols : column);
}

static void against_complex_step(struct trial *t, size_t v, const struct jac_array3 *J) {
  enum { OUTPUTS = MEANING_BATCH * MEANING_WIDE };
  const struct jac_variable *var = &t->map->var[v];
  const gsl_matrix *m = t->values.matrix[v];
  double complex *x = find(t, v), out[OUTPUTS];
  static double truth[OUTPUTS][OUTPUTS * MEANING_WIDE];
  size_t outputs = 0, count = m->size1 * m->size2;
  const double h = 1e-30;
  for (size_t k = 0; k < count; k++) {
    double complex kept = x[k];
    x[k] = kept + h * I;
    outputs = meaning_forward(&t->net, out);
    x[k] = kept;
    for (size_t o = 0; o < outputs; o++)
      truth[o][column_of(var, m, k)] = cimag(out[o]) / h;
  }
  if (outputs != t->map->rows * t->map->cols)
    stop(t, "another number of outputs", var->name);
  for (size_t o = 0; o < outputs; o++) {
    double scale = 0.0;
    for (size_t k = 0; k < count; k++)
      scale = fmax(scale, fabs(truth[o][k]));
    for (size_t k = 0; k < count; k++) {
      double off = fabs(truth[o][k] - entry(t->map, v, J, o, k));
      if (!(off <= 1e-8 * scale + 1e-10)) {
        fprintf(stderr, "output %zu, column %zu: %.17g, by complex step %.17g\n", o, k,
                entry(t->map, v, J, o, k), truth[o][k]);
        stop(t, "the Jacobian is not the complex step's", var->name);
      }
    }
  }
  done.entries += outputs * count;
}

static double largest(const gsl_matrix *m) {
  double most = 0.0;
  for (size_t k = 0; k < m->size1 * m->size2; k++)
    most = fmax(most, fabs(m->data[k]));
  return most;
}

/* The outputs' size over the variable's. */
static double usual_slope(struct trial *t, size_t v) {
  gsl_matrix *y = jac_matrix_alloc(t->map->rows, t->map->cols);
  if (y == NULL ||
      jac_map_forward(t->map, jac_values_point(&t->values), y, NULL) != JAC_OK)
    stop(t, "no memory", t->map->var[v].name);
  double slope = largest(y) / fmax(largest(t->values.matrix[v]), 1e-3);
  gsl_matrix_free(y);
  return slope;
}

static void right_and_planted(struct trial *t, size_t v, struct jac_array3 *J) {
  static const struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  struct jac_check_result r[JAC_REFERENCES];
  jac_point x = jac_values_point(&t->values);
  const char *name = t->map->var[v].name;
  size_t count = J->slices * J->rows * J->cols, at = below(t, count);
  bool found = false;
  if (jac_check(t->map, x, v, J, &options, r, NULL) != JAC_OK)
    stop(t, "no memory", name);
  for (size_t k = 0; k < JAC_REFERENCES; k++)
    if (r[k].verdict == JAC_VERDICT_DIFFERS)
      stop(t, "a right Jacobian is called wrong", name);
  double kept = J->data[at], scale = 0.0;
  for (size_t j = 0; j < J->cols; j++)
    scale = fmax(scale, fabs(J->data[at / J->cols * J->cols + j]));
  /* What is left of terms that cancel is known no better than these. */
  if (!(fabs(kept) > fmax(0.05 * scale, 0.01 * usual_slope(t, v))))
    return;
  J->data[at] = kept * (1.0 + 1e-7);
  jac_check(t->map, x, v, J, &options, r, NULL);
  for (size_t k = 0; k < JAC_REFERENCES; k++)
    found = found || r[k].verdict == JAC_VERDICT_DIFFERS;
  if (!found)
    stop(t, "an error of 1e-7 is not found", name);
  done.planted++;
  struct jac_certificate certificate;
  J->data[at] = kept * (1.0 + 1e-9);
  if (t->net.count == 1 && jac_certify_available(NULL) == JAC_OK &&
      jac_certify(t->map, x, v, J, &certificate, r, NULL) == JAC_OK) {
    if (r[0].verdict != JAC_VERDICT_DIFFERS)
      stop(t, "an error of 1e-9 is not found by intervals", name);
    done.certified++;
  }
  J->data[at] = kept;
}

/* Samples in another order: the slices in that order. */
static void permuted(struct trial *t, size_t v, const struct jac_array3 *J) {
  struct jac_values other;
  struct jac_array3 turned;
  if (t->map->coupled || t->net.batch < 2 ||
      jac_values_new(t->map, t->seed, &other, NULL) != JAC_OK)
    return;
  for (size_t w = 0; w < t->map->nvar; w++)
    if (t->map->var[w].role == JAC_DATA)
      for (size_t s = 0; s < t->net.batch; s++)
        for (size_t j = 0; j < other.matrix[w]->size2; j++)
          gsl_matrix_set(other.matrix[w], s, j,
                         gsl_matrix_get(t->values.matrix[w], t->net.batch - 1 - s, j));
  if (jac_map_jacobian_new(t->map, jac_values_point(&other), v, &turned, NULL) ==
      JAC_OK) {
    size_t size = J->rows * J->cols;
    for (size_t s = 0; s < J->slices; s++)
      for (size_t k = 0; k < size; k++) {
        double a = J->data[s * size + k], b = turned.data[(J->slices - 1 - s) * size + k];
        if (!(fabs(a - b) <= 1e-12 * fmax(1.0, fabs(a))))
          stop(t, "samples in another order have other slices", t->map->var[v].name);
      }
    jac_array3_free(&turned);
    done.permuted++;
  }
  jac_values_free(&other);
}

/* The numbers of nested lists; of a line of CSV without its label. */
static size_t json_numbers(const json_t *json, double *to) {
  size_t count = 0;
  if (!json_is_array(json)) {
    *to = json_number_value(json);
    return 1;
  }
  for (size_t k = 0; k < json_array_size(json); k++)
    count += json_numbers(json_array_get(json, k), to + count);
  return count;
}

/* full form in an order, as JSON and as CSV: the same numbers, in the places that the
 * order says. */
static void formats(struct trial *t, size_t v, const struct jac_array3 *J) {
  enum { MOST = 24 * 150 };
  const char *program = getenv("JACOBIAN");
  const struct jac_variable *var = &t->map->var[v];
  const gsl_matrix *m = t->values.matrix[v];
  static double a[MOST], b[MOST];
  char line[600] = "";
  bool rows = below(t, 2) == 0;
  size_t outputs = t->map->rows * t->map->cols, cols = m->size1 * m->size2, count = 0;
  if (program == NULL)
    return;
  snprintf(line, sizeof line, "%s show", program);
  for (size_t k = 0; k < t->net.count; k++)
    snprintf(line + strlen(line), sizeof line - strlen(line), " %s", t->spec[k]);
  snprintf(line + strlen(line), sizeof line - strlen(line),
           " --batch %zu --seed %lu --wrt %s --form full --order %s", t->net.batch,
           t->seed, var->name, rows ? "C" : "F");
  size_t length = strlen(line);
  strcat(line, " --format json");
  FILE *pipe = popen(line, "r");
  json_t *json = json_loadf(pipe, 0, NULL);
  if (pclose(pipe) != 0 || json == NULL ||
      json_numbers(json_object_get(json, "values"), a) != outputs * cols)
    stop(t, "JSON is not what it should be", var->name);
  json_decref(json);
  strcpy(line + length, " --format csv");
  pipe = popen(line, "r");
  char text[20000];
  for (bool head = true; fgets(text, sizeof text, pipe) != NULL; head = false) {
    char *at = text;
    if (head)
      continue;
    at += *at == '"' ? strcspn(at + 1, "\"") + 2 : strcspn(at, ",");
    while (*at == ',' && count < MOST)
      b[count++] = strtod(at + 1, &at);
  }
  if (pclose(pipe) != 0 || count != outputs * cols)
    stop(t, "CSV is not what it should be", var->name);
  for (size_t o = 0; o < outputs; o++)
    for (size_t place = 0; place < cols; place++) {
      size_t at = rows ? place : column_of(var, m, place);
      double truth = entry(t->map, v, J, o, column_of(var, m, place));
      if (a[o * cols + at] != truth || b[o * cols + at] != truth)
        stop(t, "a format carries another number", var->name);
    }
  done.formats++;
}

static void one(struct trial *t) {
  make(t);
  for (size_t v = 0; v < t->map->nvar; v++) {
    struct jac_array3 J;
    if (jac_map_jacobian_new(t->map, jac_values_point(&t->values), v, &J, NULL) != JAC_OK)
      stop(t, "no memory", t->map->var[v].name);
    against_complex_step(t, v, &J);
    right_and_planted(t, v, &J);
    permuted(t, v, &J);
    if (done.cases % 20 == 0)
      formats(t, v, &J);
    jac_array3_free(&J);
  }
  jac_values_free(&t->values);
  jac_map_free(t->map);
  done.cases++;
}

int main(int argc, char **argv) {
  double seconds = argc > 1 ? strtod(argv[1], NULL) : 10.0;
  unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : (unsigned long)time(NULL);
  struct trial t = {.rng = gsl_rng_alloc(gsl_rng_mt19937)};
  time_t end = time(NULL) + (time_t)seconds;
  gsl_set_error_handler_off();
  gsl_rng_set(t.rng, seed);
  while (time(NULL) < end)
    one(&t);
  gsl_rng_free(t.rng);
  printf(
      "seed %lu: %zu networks, %zu entries against the complex step, %zu errors of 1e-7 "
      "found, %zu of 1e-9\nby intervals, %zu permuted batches, %zu Jacobians as JSON and "
      "CSV in both orders\n",
      seed, done.cases, done.entries, done.planted, done.certified, done.permuted,
      done.formats);
  return 0;
}
