/* jacobian modules [NAME...]: the table of modules, or some of them in full. */
#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/cli/command.h"
#include "visual/cli/outside.h"
#include "visual/grid.h"
#include "visual/json.h"
#include "visual/output.h"
#include "visual/symbol.h"
#include "visual/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The map of a module's own example: also of one that is not in the table. */
static enum jac_status make_example(const struct jac_module *module, size_t batch,
                                    struct jac_map **map, struct jac_error *err) {
  struct jac_spec spec;
  struct jac_module_library library = {&module, 1};
  struct jac_module_place place = {batch, 0, &library};
  enum jac_status status = jac_spec_read(module->example, &spec, err);
  *map = NULL;
  return status == JAC_OK ? jac_module_make(&spec, &place, map, err) : status;
}

/* "linear:INxOUT[,bias]" */
static void add_usage(const struct jac_module *module, struct jac_buffer *out) {
  jac_buffer_add(out, module->name);
  if (module->nsize > 0)
    jac_buffer_printf(out, ":%s", module->sizes);
  const struct jac_module_option *option = module->options;
  for (; option != NULL && option->name != NULL; option++)
    jac_buffer_printf(out, "[,%s%s%s]", option->name, option->value != NULL ? "=" : "",
                      option->value != NULL ? option->value : "");
}

static enum jac_status add_row(const struct jac_module *module,
                               const struct jac_style *style, struct jac_buffer *out,
                               struct jac_error *err) {
  struct jac_map *map;
  enum jac_status status = make_example(module, 2, &map, err);
  if (status != JAC_OK)
    return status;
  size_t start = out->length, wide = 36;
  jac_buffer_add(out, "  ");
  add_usage(module, out);
  if (out->length - start >= wide) {
    jac_buffer_add(out, "\n");
    start = out->length;
  }
  while (out->length - start < wide)
    jac_buffer_add_char(out, ' ');
  for (size_t v = 0; v < map->nvar; v++)
    jac_buffer_printf(out, "%s ", map->var[v].name);
  while (out->length - start < wide + 13)
    jac_buffer_add_char(out, ' ');
  status = jac_equation_add(map, map->definition, jac_style_notation(style), out, err);
  jac_buffer_add(out, "\n");
  jac_map_free(map);
  return status;
}

static enum jac_status write_list(const struct jac_module_library *library,
                                  const struct jac_style *style, struct jac_buffer *out,
                                  struct jac_error *err) {
  enum jac_status status = JAC_OK;
  jac_paint_add(style, JAC_PAINT_TITLE, _("Modules: spec, variables, definition"), out);
  jac_buffer_add(out, "\n");
  for (size_t k = 0; k < jac_module_count() && status == JAC_OK; k++)
    status = add_row(jac_module_at(k), style, out, err);
  for (size_t k = 0; k < library->count && status == JAC_OK; k++)
    status = add_row(library->module[k], style, out, err);
  jac_buffer_add(
      out, _("z is batch x features; n numbers the samples. `jacobian modules NAME` "
             "says more.\n"));
  return status;
}

/* A variable: its shape, and the formula of its Jacobian's entries. */
static enum jac_status add_variable(const struct jac_map *map,
                                    const struct jac_variable *var,
                                    const struct jac_style *style, struct jac_buffer *out,
                                    struct jac_error *err) {
  jac_buffer_printf(out, "  %-6s ", var->name);
  for (size_t d = 0; d < var->ndim; d++) {
    jac_buffer_add(out, d > 0 ? " x " : "");
    if (d == 0 && var->role == JAC_DATA)
      jac_buffer_add(out, _("batch"));
    else
      jac_buffer_printf(out, "%zu", var->dims[d]);
  }
  jac_buffer_add(out, var->secondary ? _("  (differentiated with --wrt only)\n") : "\n");
  if (var->entry == NULL)
    return JAC_OK;
  jac_buffer_add(out, _("         entry: "));
  enum jac_status status =
      jac_expression_add(map, var->entry, jac_style_notation(style), out, err);
  jac_buffer_add(out, "\n");
  return status;
}

static enum jac_status write_one(const struct jac_module *module,
                                 const struct jac_style *style, struct jac_buffer *out,
                                 struct jac_error *err) {
  struct jac_map *map;
  struct jac_buffer title = JAC_BUFFER_INIT;
  enum jac_status status = make_example(module, 2, &map, err);
  if (status != JAC_OK)
    return status;
  add_usage(module, &title);
  jac_paint_add(style, JAC_PAINT_TITLE, title.text, out);
  jac_buffer_free(&title);
  jac_buffer_add(out, "\n  ");
  status = jac_equation_add(map, map->definition, jac_style_notation(style), out, err);
  if (status == JAC_OK && map->where != NULL) {
    jac_buffer_add(out, _("\n  where "));
    status = jac_equation_add(map, map->where, jac_style_notation(style), out, err);
  }
  const struct jac_module_option *option = module->options;
  jac_buffer_add(out, option != NULL ? _("\nOptions\n") : "\n");
  for (; option != NULL && option->name != NULL; option++)
    jac_buffer_printf(out, "  %s%s%s: %s\n", option->name,
                      option->value != NULL ? "=" : "",
                      option->value != NULL ? option->value : "", _(option->help));
  jac_buffer_printf(out, _("Variables of %s\n"), map->spec);
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++)
    status = add_variable(map, &map->var[v], style, out, err);
  if (map->coupled)
    jac_buffer_printf(out, _("  Samples are coupled: %s.\n"), _(map->coupled_reason));
  jac_buffer_printf(out, _("Try\n  jacobian show %s\n"), module->example);
  jac_map_free(map);
  return status;
}

static json_t *variable_json(const struct jac_variable *var) {
  json_t *dims = json_array();
  for (size_t d = 0; d < var->ndim; d++)
    json_array_append_new(dims, d == 0 && var->role == JAC_DATA
                                    ? json_string("batch")
                                    : json_integer((json_int_t)var->dims[d]));
  return json_pack("{s:s, s:s, s:o, s:s?}", "name", var->name, "role",
                   var->role == JAC_DATA ? "data" : "parameter", "shape", dims, "entry",
                   var->entry);
}

/* {"name", "spec", "options", "definition", "where", "example", "variables"} */
static enum jac_status add_json(const struct jac_module *module, json_t *array,
                                struct jac_error *err) {
  struct jac_map *map;
  struct jac_buffer usage = JAC_BUFFER_INIT;
  enum jac_status status = make_example(module, 2, &map, err);
  if (status != JAC_OK)
    return status;
  json_t *options = json_array(), *variables = json_array();
  const struct jac_module_option *option = module->options;
  for (; option != NULL && option->name != NULL; option++)
    json_array_append_new(options,
                          json_pack("{s:s, s:s?, s:s}", "name", option->name, "value",
                                    option->value, "help", option->help));
  for (size_t v = 0; v < map->nvar; v++)
    json_array_append_new(variables, variable_json(&map->var[v]));
  add_usage(module, &usage);
  json_array_append_new(
      array, json_pack("{s:s, s:s, s:o, s:s?, s:s?, s:b, s:s, s:o}", "name", module->name,
                       "spec", usage.text, "options", options, "definition",
                       map->definition, "where", map->where, "coupled", map->coupled,
                       "example", module->example, "variables", variables));
  jac_buffer_free(&usage);
  jac_map_free(map);
  return JAC_OK;
}

/* All modules asked for, as text or into the array. */
static enum jac_status write_modules(const struct jac_options *options,
                                     const struct jac_module_library *library,
                                     json_t *array, struct jac_buffer *out,
                                     struct jac_error *err) {
  struct jac_style style = jac_options_style(options);
  enum jac_status status = JAC_OK;
  if (options->nspec == 0 && array == NULL)
    return write_list(library, &style, out, err);
  for (size_t k = 0; k < jac_module_count() && options->nspec == 0 && status == JAC_OK;
       k++)
    status = add_json(jac_module_at(k), array, err);
  for (size_t k = 0; k < library->count && options->nspec == 0 && status == JAC_OK; k++)
    status = add_json(library->module[k], array, err);
  for (size_t k = 0; k < options->nspec && status == JAC_OK; k++) {
    char name[JAC_SPEC_WORD] = "";
    size_t length = strcspn(options->spec[k], ":,");
    memcpy(name, options->spec[k], length < sizeof name ? length : sizeof name - 1);
    const struct jac_module *module = jac_module_find(name, library, err);
    if (module == NULL)
      return JAC_EINPUT;
    jac_buffer_add(out, k > 0 ? "\n" : "");
    status = array != NULL ? add_json(module, array, err)
                           : write_one(module, &style, out, err);
  }
  return status;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  static const char *const formats[] = {"text", "json", "csv", NULL};
  const char *format;
  struct jac_output output;
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (jac_options_format(options, formats, &format, err) != JAC_OK)
    return JAC_EXIT_FAULT;
  static const char *const keys[] = {"name",       "spec",  "variables", "coupled",
                                     "definition", "where", "example",   NULL};
  bool csv = strcmp(format, "csv") == 0;
  json_t *array = strcmp(format, "text") != 0 ? json_array() : NULL;
  struct jac_outside outside;
  enum jac_status status = jac_outside_load(options, &outside, err);
  if (status == JAC_OK)
    status = write_modules(options, &outside.library, array, &text, err);
  if (status == JAC_OK)
    status = jac_output_open(options->output, &output, err);
  if (status == JAC_OK) {
    if (csv)
      jac_json_table(array, keys, &text);
    if (array != NULL && !csv) {
      json_dumpf(array, output.file, JSON_INDENT(1));
      fputs("\n", output.file);
    } else
      fputs(text.text, output.file);
    status = jac_output_close(&output, err);
  }
  json_decref(array);
  jac_buffer_free(&text);
  jac_outside_free(&outside);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_modules = {
    .name = "modules",
    .bit = JAC_CMD_MODULES,
    .usage = N_("[NAME...] [OPTIONS]"),
    .summary = N_("list the modules, their sizes, options, variables and definitions"),
    .examples = "  jacobian modules\n"
                "  jacobian modules softmax\n"
                "  jacobian modules --format json\n",
    .run = run,
};
