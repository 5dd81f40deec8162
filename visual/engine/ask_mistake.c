/* {"ask": "mistake", "mistake": NAME}: the Jacobian with a classic mistake planted, and
 * what the diagnosis says of it. "mistakes" lists those that can be told apart here:
 * planted, they change the Jacobian and the diagnosis names them first. */
#include "jacobian/diagnose.h"
#include "jacobian/text.h"
#include "visual/cli/suspects.h"
#include "visual/engine/ask.h"

#include <string.h>

/* What a mistake is planted into. */
struct garden {
  const struct jac_suspects *suspects;
  const struct jac_array3 *truth;
};

/* The wrong entry (s, i, j), made of the right ones. */
typedef double plant_fn(const struct garden *g, size_t s, size_t i, size_t j);

static double truth(const struct garden *g, size_t s, size_t i, size_t j) {
  return *jac_array3_at(g->truth, s, i, j);
}

static bool square(const struct garden *g) {
  return g->truth->rows == g->truth->cols && g->truth->rows > 1;
}

static bool several_samples(const struct garden *g) {
  return g->truth->slices > 1;
}

static bool numbered_twice(const struct garden *g) {
  const struct jac_variable *var = &g->suspects->map->var[g->suspects->wrt];
  return var->role == JAC_PARAMETER && var->ndim > 1;
}

static bool has_quantity(const struct garden *g) {
  return g->suspects->nquantity > 0;
}

static double transposed(const struct garden *g, size_t s, size_t i, size_t j) {
  return truth(g, s, j, i);
}

static double opposite(const struct garden *g, size_t s, size_t i, size_t j) {
  return -truth(g, s, i, j);
}

static double doubled(const struct garden *g, size_t s, size_t i, size_t j) {
  return 2.0 * truth(g, s, i, j);
}

static double summed(const struct garden *g, size_t s, size_t i, size_t j) {
  double sum = 0.0;
  (void)s;
  for (size_t k = 0; k < g->truth->slices; k++)
    sum += truth(g, k, i, j);
  return sum;
}

static double diagonal(const struct garden *g, size_t s, size_t i, size_t j) {
  return i == j ? truth(g, s, i, j) : 0.0;
}

static double no_diagonal(const struct garden *g, size_t s, size_t i, size_t j) {
  return i == j ? 0.0 : truth(g, s, i, j);
}

static double identity(const struct garden *g, size_t s, size_t i, size_t j) {
  return truth(g, s, i, j) + (i == j ? 1.0 : 0.0);
}

static double next_row(const struct garden *g, size_t s, size_t i, size_t j) {
  return truth(g, s, (i + 1) % g->truth->rows, j);
}

static double renumbered(const struct garden *g, size_t s, size_t i, size_t j) {
  const struct jac_variable *var = &g->suspects->map->var[g->suspects->wrt];
  size_t index[3];
  jac_number_to_index(var, JAC_ORDER_C, j, index);
  return truth(g, s, i, jac_index_to_number(var, JAC_ORDER_F, index));
}

/* The first quantity, the output's own factor y(1 - y), once too often. */
static double factor(const struct garden *g, size_t s, size_t i, size_t j) {
  return truth(g, s, i, j) * g->suspects->quantity[0].value[s * g->truth->rows + i];
}

static const struct {
  const char *name;
  enum jac_mistake mistake;
  bool (*applies)(const struct garden *g);
  plant_fn *plant;
} mistakes[] = {
    {"transposed", JAC_MISTAKE_TRANSPOSED, square, transposed},
    {"sign", JAC_MISTAKE_SIGN, NULL, opposite},
    {"order", JAC_MISTAKE_ORDER, numbered_twice, renumbered},
    {"summed", JAC_MISTAKE_SUMMED, several_samples, summed},
    {"diagonal", JAC_MISTAKE_DIAGONAL, square, diagonal},
    {"no diagonal", JAC_MISTAKE_NO_DIAGONAL, square, no_diagonal},
    {"identity", JAC_MISTAKE_IDENTITY_ADDED, square, identity},
    {"factor", JAC_MISTAKE_FACTOR, NULL, doubled},
    {"rows", JAC_MISTAKE_ROWS_SHIFTED, NULL, next_row},
    {"quantity", JAC_MISTAKE_QUANTITY, has_quantity, factor},
};

enum { MISTAKES = sizeof mistakes / sizeof mistakes[0] };

static void plant(const struct garden *g, size_t k, struct jac_array3 *out) {
  out->clear = false;
  for (size_t s = 0; s < out->slices; s++)
    for (size_t i = 0; i < out->rows; i++)
      for (size_t j = 0; j < out->cols; j++)
        *jac_array3_at(out, s, i, j) = mistakes[k].plant(g, s, i, j);
}

/* Whether the planted mistake is the first that the diagnosis names. */
static enum jac_status told_apart(const struct garden *g, size_t k,
                                  const struct jac_array3 *candidate, bool *told,
                                  struct jac_buffer *words, struct jac_error *err) {
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count;
  enum jac_status status = jac_diagnose(g->suspects, candidate, found, &count, err);
  *told = status == JAC_OK && count > 0 && found[0].mistake == mistakes[k].mistake;
  if (*told)
    jac_diagnosis_write(g->suspects, &found[0], words);
  return status;
}

static enum jac_status plant_all(const struct garden *g, const struct jac_asked *asked,
                                 const char *wanted, json_t *json,
                                 struct jac_error *err) {
  struct jac_array3 candidate;
  json_t *list = json_array();
  enum jac_status status =
      jac_array3_alloc(g->truth->slices, g->truth->rows, g->truth->cols, &candidate, err);
  json_object_set_new(json, "mistakes", list);
  if (status != JAC_OK)
    return status;
  for (size_t k = 0; k < MISTAKES && status == JAC_OK; k++) {
    struct jac_buffer words = JAC_BUFFER_INIT;
    bool told = false;
    if (mistakes[k].applies == NULL || mistakes[k].applies(g)) {
      plant(g, k, &candidate);
      status = told_apart(g, k, &candidate, &told, &words, err);
    }
    if (told)
      json_array_append_new(list, json_string(mistakes[k].name));
    if (told && wanted != NULL && strcmp(wanted, mistakes[k].name) == 0) {
      json_t *values;
      status = jac_layout_json(&asked->layout, &candidate, &values, err);
      json_object_set_new(json, "values", values);
      json_object_set_new(json, "diagnosis", json_string(words.text));
    }
    jac_buffer_free(&words);
  }
  jac_array3_free(&candidate);
  return status;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  struct jac_asked asked;
  struct jac_suspects suspects;
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  status = jac_suspects_make(ask->subject.map, jac_values_point(&ask->subject.values),
                             asked.wrt, &asked.native, &suspects, err);
  if (status == JAC_OK) {
    struct garden garden = {&suspects, &asked.native};
    status = plant_all(&garden, &asked,
                       json_string_value(json_object_get(ask->question, "mistake")), json,
                       err);
    jac_suspects_free(&suspects);
  }
  jac_array3_free(&asked.native);
  return status;
}

const struct jac_ask_type jac_ask_mistake = {.name = "mistake", .answer = answer};
