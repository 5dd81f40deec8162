#include "visual/engine/engine.h"

#include "jacobian/text.h"
#include "visual/engine/ask.h"
#include "visual/json.h"

#include <stdlib.h>
#include <string.h>

#define ASK(name) extern const struct jac_ask_type name;
#include "visual/engine/asks.h"
#undef ASK

static const struct jac_ask_type *const asks[] = {
#define ASK(name) &name,
#include "visual/engine/asks.h"
#undef ASK
};

enum { ASKS = sizeof asks / sizeof asks[0] };

/* A list of texts as the words that options are; a text alone is a list of one. */
static enum jac_status read_words(const json_t *question, const char *name,
                                  const char ***words, size_t *count,
                                  struct jac_error *err) {
  const json_t *list = json_object_get(question, name);
  *words = calloc(json_array_size(list) + 1, sizeof **words);
  *count = 0;
  if (*words == NULL)
    return jac_fail_memory(err);
  if (json_is_string(list))
    (*words)[(*count)++] = json_string_value(list);
  for (size_t k = 0; k < json_array_size(list); k++)
    if (json_is_string(json_array_get(list, k)))
      (*words)[(*count)++] = json_string_value(json_array_get(list, k));
  for (size_t k = 0; strcmp(name, "set") == 0 && k < *count; k++)
    if (strchr((*words)[k], '=') == NULL || strchr((*words)[k], '@') != NULL)
      return jac_fail(err, JAC_EINPUT, _("set: NAME=VALUES is needed"));
  return JAC_OK;
}

/* The place of a member's text among words (ended by NULL), or -1 where it is absent. */
static enum jac_status read_choice(const json_t *question, const char *name,
                                   const char *const *words, int *choice,
                                   struct jac_error *err) {
  const char *text = json_string_value(json_object_get(question, name));
  *choice = -1;
  if (text == NULL)
    return JAC_OK;
  for (int k = 0; words[k] != NULL; k++)
    if (strcmp(words[k], text) == 0) {
      *choice = k;
      return JAC_OK;
    }
  return jac_fail(err, JAC_EINPUT, _("%s has no choice '%.40s'"), name, text);
}

size_t jac_ask_count(const struct jac_ask *ask, const char *name, size_t otherwise) {
  const json_t *value = json_object_get(ask->question, name);
  return json_is_integer(value) && json_integer_value(value) >= 0
             ? (size_t)json_integer_value(value)
             : otherwise;
}

static enum jac_status read_options(struct jac_ask *ask, struct jac_error *err) {
  static const char *const forms[] = {"reduced", "matrix", "batch", "full", NULL};
  static const char *const orders[] = {"F", "C", NULL};
  const json_t *q = ask->question;
  struct jac_options *o = &ask->options;
  const char **spec = NULL;
  int order = -1;
  *o = (struct jac_options){.form = -1,
                            .entries = JAC_ENTRIES_BOTH,
                            .precision = 4,
                            .tolerance = 1e-6,
                            .batch = jac_ask_count(ask, "batch", 1),
                            .seed = jac_ask_count(ask, "seed", 1),
                            .wrt = json_string_value(json_object_get(q, "wrt")),
                            .define = json_string_value(json_object_get(q, "define")),
                            .claim = json_string_value(json_object_get(q, "claim"))};
  enum jac_status status = read_words(q, "spec", &spec, &o->nspec, err);
  o->spec = (char *const *)spec;
  if (status == JAC_OK)
    status = read_words(q, "set", &o->set, &o->nset, err);
  if (status == JAC_OK)
    status = read_words(q, "size", &o->size, &o->nsize, err);
  if (status == JAC_OK)
    status = read_choice(q, "form", forms, &o->form, err);
  if (status == JAC_OK)
    status = read_choice(q, "order", orders, &order, err);
  o->order = order == 1 ? JAC_ORDER_C : JAC_ORDER_F;
  if (status == JAC_OK && o->batch == 0)
    status = jac_fail(err, JAC_EINPUT, _("a batch has one sample at least"));
  return status;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  const char *name = json_string_value(json_object_get(ask->question, "ask"));
  const struct jac_ask_type *type = NULL;
  for (size_t k = 0; k < ASKS && name != NULL; k++)
    if (strcmp(asks[k]->name, name) == 0)
      type = asks[k];
  if (type == NULL)
    return jac_fail(err, JAC_EINPUT, _("no such question"));
  enum jac_status status = read_options(ask, err);
  if (status == JAC_OK && !type->without_subject)
    status = jac_subject_make(&ask->options, &ask->subject, err);
  if (status == JAC_OK)
    status = type->answer(ask, json, err);
  if (!type->without_subject)
    jac_subject_free(&ask->subject);
  free((void *)ask->options.spec);
  jac_options_free(&ask->options);
  return status;
}

char *jac_engine_answer_apart(const char *question, struct jac_engine_numbers *numbers) {
  struct jac_error err = {JAC_OK, ""};
  json_error_t where;
  json_t *json = json_object(), *root = json_loads(question, 0, &where);
  struct jac_ask ask = {.question = root};
  enum jac_status status =
      json_is_object(root)
          ? answer(&ask, json, &err)
          : jac_fail(&err, JAC_EINPUT, _("the question is no JSON object"));
  if (status != JAC_OK) {
    json_object_clear(json);
    json_object_set_new(json, "error", json_string(err.message));
  }
  *numbers = ask.numbers;
  char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(17));
  json_decref(json);
  json_decref(root);
  return text;
}

enum jac_status jac_ask_jacobian(const struct jac_ask *ask, struct jac_asked *asked,
                                 struct jac_error *err) {
  const struct jac_map *map = ask->subject.map;
  if (ask->subject.nwrt == 0)
    return jac_fail(err, JAC_EINPUT, _("%s has no variable to differentiate by"),
                    map->spec);
  asked->wrt = ask->subject.wrt[0];
  enum jac_form form =
      ask->options.form < 0 ? jac_form_default(map) : (enum jac_form)ask->options.form;
  enum jac_status status =
      jac_layout_make(map, asked->wrt, form, ask->options.order, &asked->layout, err);
  return status == JAC_OK
             ? jac_map_jacobian_new(map, jac_values_point(&ask->subject.values),
                                    asked->wrt, &asked->native, err)
             : status;
}

json_t *jac_rows_json(size_t rows, size_t cols, const double *data) {
  json_t *list = json_array();
  for (size_t i = 0; i < rows; i++) {
    json_t *row = json_array();
    for (size_t j = 0; j < cols; j++)
      json_array_append_new(row, jac_json_number(data[i * cols + j]));
    json_array_append_new(list, row);
  }
  return list;
}

enum jac_status jac_layout_json(const struct jac_layout *layout,
                                const struct jac_array3 *native, json_t **json,
                                struct jac_error *err) {
  struct jac_array3 shown;
  enum jac_status status = jac_layout_from_native(layout, native, &shown, err);
  *json = NULL;
  if (status != JAC_OK)
    return status;
  *json = json_array();
  for (size_t s = 0; s < shown.slices; s++)
    json_array_append_new(
        *json, jac_rows_json(shown.rows, shown.cols, jac_array3_at(&shown, s, 0, 0)));
  jac_array3_free(&shown);
  return JAC_OK;
}

json_t *jac_text_json(struct jac_buffer *text) {
  json_t *json = text->failed ? NULL : json_string(text->text);
  jac_buffer_free(text);
  return json;
}
