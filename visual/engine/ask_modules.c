/* {"ask": "modules"}: the table of modules, for a list to choose from. */
#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/engine/ask.h"
#include "visual/symbol.h"

static json_t *options_json(const struct jac_module *module) {
  json_t *list = json_array();
  const struct jac_module_option *option = module->options;
  for (; option != NULL && option->name != NULL; option++)
    json_array_append_new(list, json_pack("{s:s, s:s?, s:s}", "name", option->name,
                                          "value", option->value, "help", _(option->help)));
  return list;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  json_t *list = json_array();
  enum jac_status status = JAC_OK;
  (void)ask;
  json_object_set_new(json, "modules", list);
  for (size_t k = 0; k < jac_module_count() && status == JAC_OK; k++) {
    const struct jac_module *module = jac_module_at(k);
    struct jac_buffer definition = JAC_BUFFER_INIT;
    struct jac_map *map;
    status = jac_module_new(module->example, 1, &map, err);
    if (status != JAC_OK)
      break;
    status =
        jac_equation_add(map, jac_map_shown(map), JAC_NOTATION_LATEX, &definition, err);
    json_array_append_new(
        list,
        json_pack("{s:s, s:s, s:i, s:b, s:s, s:o, s:o}", "name", module->name, "sizes",
                  module->sizes != NULL ? module->sizes : "", "nsize", (int)module->nsize,
                  "fixed", module->fixed, "example", module->example, "options",
                  options_json(module), "definition", jac_text_json(&definition)));
    jac_map_free(map);
  }
  return status;
}

const struct jac_ask_type jac_ask_modules = {
    .name = "modules", .without_subject = true, .answer = answer};
