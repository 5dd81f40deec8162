/* jacobian modules [NAME...]: the table of modules, or some of them in full. */
#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/cli/command.h"
#include "visual/cli/outside.h"
#include "visual/grid.h"
#include "visual/json.h"
#include "visual/latex/latex.h"
#include "visual/latex/modules.h"
#include "visual/markdown.h"
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
  while (out->length - start < wide && !out->failed)
    jac_buffer_add_char(out, ' ');
  for (size_t v = 0; v < map->nvar; v++)
    jac_buffer_printf(out, "%s ", map->var[v].name);
  while (out->length - start < wide + 13 && !out->failed)
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

/* What one run writes: into the array for JSON and CSV, else into the buffer. */
struct writing {
  const char *format;
  struct jac_style style;
  json_t *array; /* or NULL */
  struct jac_buffer text;
};

static bool is(const struct writing *w, const char *format) {
  return strcmp(w->format, format) == 0;
}

/* A module's lines in a table on paper. */
static enum jac_status add_paper(const struct jac_module *module, struct writing *w,
                                 struct jac_error *err) {
  struct jac_map *map;
  struct jac_buffer usage = JAC_BUFFER_INIT;
  enum jac_status status = make_example(module, 2, &map, err);
  if (status != JAC_OK)
    return status;
  add_usage(module, &usage);
  status = is(w, "latex") ? jac_module_latex(map, usage.text, &w->text, err)
                          : jac_module_markdown(map, usage.text, &w->text, err);
  jac_buffer_free(&usage);
  jac_map_free(map);
  return status;
}

static enum jac_status write_module(const struct jac_module *module, bool first,
                                    struct writing *w, struct jac_error *err) {
  if (w->array != NULL)
    return add_json(module, w->array, err);
  if (!is(w, "text"))
    return add_paper(module, w, err);
  jac_buffer_add(&w->text, first ? "" : "\n");
  return write_one(module, &w->style, &w->text, err);
}

/* All modules asked for, or all there are. */
static enum jac_status write_modules(const struct jac_options *options,
                                     const struct jac_module_library *library,
                                     struct writing *w, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  bool all = options->nspec == 0;
  if (all && is(w, "text"))
    return write_list(library, &w->style, &w->text, err);
  for (size_t k = 0; k < jac_module_count() && all && status == JAC_OK; k++)
    status = write_module(jac_module_at(k), k == 0, w, err);
  for (size_t k = 0; k < library->count && all && status == JAC_OK; k++)
    status = write_module(library->module[k], false, w, err);
  for (size_t k = 0; k < options->nspec && status == JAC_OK; k++) {
    char name[JAC_SPEC_WORD] = "";
    size_t length = strcspn(options->spec[k], ":,");
    memcpy(name, options->spec[k], length < sizeof name ? length : sizeof name - 1);
    const struct jac_module *module = jac_module_find(name, library, err);
    if (module == NULL)
      return JAC_EINPUT;
    status = write_module(module, k == 0, w, err);
  }
  return status;
}

static enum jac_status write_out(struct writing *w, bool document,
                                 const struct jac_options *options,
                                 struct jac_error *err) {
  static const char *const keys[] = {"name",       "spec",  "variables", "coupled",
                                     "definition", "where", "example",   NULL};
  struct jac_output output;
  enum jac_status status = jac_output_open(options->output, &output, err);
  if (status != JAC_OK)
    return status;
  if (document)
    jac_latex_begin(JAC_LATEX_BOOKTABS, output.file);
  if (is(w, "csv"))
    jac_json_table(w->array, keys, &w->text);
  if (is(w, "json")) {
    json_dumpf(w->array, output.file, JSON_INDENT(1));
    fputs("\n", output.file);
  } else
    fputs(w->text.text, output.file);
  if (document)
    jac_latex_end(output.file);
  return jac_output_close(&output, err);
}

static int run(const struct jac_options *options, struct jac_error *err) {
  static const char *const formats[] = {"text", "latex", "markdown", "json", "csv", NULL};
  struct writing w = {.style = jac_options_style(options), .text = JAC_BUFFER_INIT};
  struct jac_outside outside;
  if (jac_options_format(options, formats, &w.format, err) != JAC_OK)
    return JAC_EXIT_FAULT;
  w.array = is(&w, "json") || is(&w, "csv") ? json_array() : NULL;
  enum jac_status status = jac_outside_load(options, &outside, err);
  if (is(&w, "latex"))
    jac_modules_latex_head(&w.text);
  else if (is(&w, "markdown"))
    jac_modules_markdown_head(&w.text);
  if (status == JAC_OK)
    status = write_modules(options, &outside.library, &w, err);
  if (is(&w, "latex"))
    jac_modules_latex_end(&w.text);
  if (status == JAC_OK)
    status = write_out(&w, options->standalone && is(&w, "latex"), options, err);
  json_decref(w.array);
  jac_buffer_free(&w.text);
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
                "  jacobian modules --format latex --standalone -o modules.tex\n"
                "  jacobian modules --format json\n",
    .run = run,
};
