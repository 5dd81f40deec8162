#include "visual/chain.h"
#include "layers/recurrent.h"
#include "visual/chain_time.h"
#include "visual/json.h"

#include <stdlib.h>

static json_t *array_json(const struct jac_array3 *a) {
  json_t *slices = json_array();
  for (size_t s = 0; s < a->slices; s++) {
    json_t *rows = json_array();
    for (size_t i = 0; i < a->rows; i++) {
      json_t *row = json_array();
      for (size_t j = 0; j < a->cols; j++)
        json_array_append_new(row, jac_json_number(*jac_array3_at(a, s, i, j)));
      json_array_append_new(rows, row);
    }
    json_array_append_new(slices, rows);
  }
  return slices;
}

/* A text a row, a character an entry: 1 where the factor can be other than zero. In a
 * coupled network an uncoupled module's slices stand apart. */
static json_t *pattern_json(const struct jac_chain_factor *factor) {
  const struct jac_pattern *pattern = &factor->pattern;
  const struct jac_array3 *J = &factor->J;
  bool apart = J->cols != pattern->cols;
  json_t *rows = json_array();
  char *line = malloc(J->cols + 1);
  for (size_t i = 0; i < J->rows && line != NULL; i++) {
    size_t sample = i / pattern->rows, row = i % pattern->rows;
    for (size_t j = 0; j < J->cols; j++) {
      bool own = !apart || j / pattern->cols == sample;
      line[j] = own && jac_pattern_has(pattern, row, j % pattern->cols) ? '1' : '0';
    }
    json_array_append_new(rows, json_stringn(line, J->cols));
  }
  free(line);
  return rows;
}

/* The same of a step's factor. */
static json_t *step_pattern_json(const struct jac_chain_time *time, size_t t) {
  size_t size = time->factor[t].rows;
  json_t *rows = json_array();
  char *line = malloc(size + 1);
  for (size_t i = 0; i < size && line != NULL; i++) {
    for (size_t j = 0; j < size; j++)
      line[j] = jac_recurrent_zero(time->module, i, j) ? '0' : '1';
    json_array_append_new(rows, json_stringn(line, size));
  }
  free(line);
  return rows;
}

static json_t *matrix_json(const gsl_matrix *m) {
  json_t *rows = json_array();
  for (size_t i = 0; i < m->size1; i++) {
    json_t *row = json_array();
    for (size_t j = 0; j < m->size2; j++)
      json_array_append_new(row, jac_json_number(gsl_matrix_get(m, i, j)));
    json_array_append_new(rows, row);
  }
  return rows;
}

static json_t *factor_json(const struct jac_chain *chain, size_t f) {
  const struct jac_chain_factor *factor = &chain->factor[f];
  struct jac_buffer name = JAC_BUFFER_INIT, words = JAC_BUFFER_INIT;
  struct jac_style plain = {.unicode = false};
  jac_buffer_printf(&name, "J%zu", chain->count - f);
  jac_pattern_words(&factor->pattern, &plain, &words);
  json_t *json = json_pack(
      "{s:s, s:s, s:s, s:s, s:[I,I,I], s:s, s:o, s:o, s:o, s:o}", "name", name.text,
      "module", factor->module->spec, "of", factor->module->output_symbol, "wrt",
      factor->module->var[factor->variable].symbol, "shape", (json_int_t)factor->J.slices,
      (json_int_t)factor->J.rows, (json_int_t)factor->J.cols, "structure", words.text,
      "pattern", pattern_json(factor), "values", array_json(&factor->J), "product",
      array_json(&factor->left), "delta", matrix_json(factor->delta));
  jac_buffer_free(&name);
  jac_buffer_free(&words);
  return json;
}

/* A recurrent module's steps, from the first; NULL without memory. */
static json_t *time_json(const struct jac_chain *chain, const struct jac_chain_time *time,
                         size_t sample) {
  struct jac_chain_step *step = calloc(time->steps, sizeof *step);
  double end;
  if (step == NULL ||
      jac_chain_time_steps(chain, time, sample, step, &end, NULL) != JAC_OK) {
    free(step);
    return NULL;
  }
  json_t *steps = json_array();
  for (size_t t = 0; t < time->steps; t++) {
    json_t *one = json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o}", "step", (json_int_t)t + 1, "pattern",
        step_pattern_json(time, t), "values", array_json(&time->factor[t]), "norm",
        jac_json_number(step[t].norm), "product", jac_json_number(step[t].so_far),
        "derivative", jac_json_number(step[t].reaches));
    if (time->use != NULL) {
      json_object_set_new(one, "use", array_json(&time->use[t]));
      json_object_set_new(one, "adds",
                          jac_json_number(jac_chain_time_size(&time->use[t], sample)));
    }
    json_array_append_new(steps, one);
  }
  free(step);
  json_t *state = json_array();
  for (size_t v = 1; v < time->module->nvar && time->module->var[v].role == JAC_DATA; v++)
    json_array_append_new(state, json_string(time->module->var[v].name));
  return json_pack("{s:s, s:o, s:o, s:o}", "module", time->module->spec, "state", state,
                   "derivative", jac_json_number(end), "steps", steps);
}

json_t *jac_chain_json(const struct jac_chain *chain, size_t sample) {
  const struct jac_map *map = chain->map;
  json_t *factors = json_array();
  for (size_t f = 0; f < chain->count; f++)
    json_array_append_new(factors, factor_json(chain, f));
  json_t *json =
      json_pack("{s:s, s:s, s:I, s:s, s:s?, s:o, s:{s:f, s:f, s:f, s:s}}", "module",
                map->spec, "wrt", map->var[chain->wrt].name, "batch",
                (json_int_t)map->batch, "form", map->coupled ? "full" : "batch", "reason",
                map->coupled ? map->coupled_reason : NULL, "factors", factors, "cost",
                "left", chain->cost.left, "right", chain->cost.right, "best",
                chain->cost.best, "order", chain->cost.order);
  if (chain->ways > 1)
    json_object_set_new(
        json, "way",
        json_pack("[I, I]", (json_int_t)chain->way, (json_int_t)chain->ways));
  for (size_t k = 0; k < chain->ntime; k++) {
    if (k == 0)
      json_object_set_new(json, "time", json_array());
    json_array_append_new(json_object_get(json, "time"),
                          time_json(chain, &chain->time[k], sample));
  }
  return json;
}
