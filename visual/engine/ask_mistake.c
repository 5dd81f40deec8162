/* {"ask": "mistake"}: "mistakes", the names of the kinds that can be planted here and
 * told.
 * {"ask": "mistake", "mistake": NAME, "draw": N}: also the Jacobian with that mistake
 * ("values"), what the diagnosis says ("diagnosis"), where it comes from ("why") and the
 * "choices", the true one first: none of the others is true of these values. */
#include "jacobian/lesson.h"
#include "jacobian/text.h"
#include "visual/cli/suspects.h"
#include "visual/engine/ask.h"

#include <string.h>

static json_t *choice_json(const struct jac_suspects *s,
                           const struct jac_lesson_choice *choice) {
  const struct jac_mistake_kind *kind = jac_mistake_kind(choice->diagnosis.mistake);
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_diagnosis_write(s, &choice->diagnosis, &text);
  json_t *json = json_pack("{s:s, s:s}", "name", kind->name, "text", text.text);
  jac_buffer_free(&text);
  return json;
}

static enum jac_status add_lesson(const struct jac_suspects *s,
                                  const struct jac_asked *asked,
                                  const struct jac_lesson *lesson, json_t *json,
                                  struct jac_error *err) {
  json_t *values, *choices = json_array();
  enum jac_status status = jac_layout_json(&asked->layout, &lesson->wrong, &values, err);
  if (status == JAC_OK)
    json_object_set_new(json, "values", values);
  for (size_t k = 0; k < lesson->choices; k++)
    json_array_append_new(choices, choice_json(s, &lesson->choice[k]));
  json_object_set(json, "diagnosis", json_object_get(json_array_get(choices, 0), "text"));
  json_object_set_new(json, "choices", choices);
  json_object_set_new(
      json, "why",
      json_string(_(jac_mistake_kind(lesson->choice[0].diagnosis.mistake)->why)));
  return status;
}

static enum jac_status plant_all(const struct jac_suspects *s,
                                 const struct jac_asked *asked, const char *wanted,
                                 unsigned long draw, json_t *json,
                                 struct jac_error *err) {
  json_t *list = json_array();
  enum jac_status status = JAC_OK;
  json_object_set_new(json, "mistakes", list);
  for (int k = 0; k < JAC_MISTAKES && status == JAC_OK; k++) {
    enum jac_mistake mistake = (enum jac_mistake)k;
    const char *name = jac_mistake_kind(mistake)->name;
    struct jac_lesson lesson;
    bool made;
    status = jac_lesson_make(s, mistake, JAC_MISTAKE_LEVELS, draw, &lesson, &made, err);
    if (status != JAC_OK || !made)
      continue;
    json_array_append_new(list, json_string(name));
    if (wanted != NULL && strcmp(wanted, name) == 0)
      status = add_lesson(s, asked, &lesson, json, err);
    jac_lesson_free(&lesson);
  }
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
    status = plant_all(&suspects, &asked,
                       json_string_value(json_object_get(ask->question, "mistake")),
                       jac_ask_count(ask, "draw", 1), json, err);
    jac_suspects_free(&suspects);
  }
  jac_array3_free(&asked.native);
  return status;
}

const struct jac_ask_type jac_ask_mistake = {.name = "mistake", .answer = answer};
