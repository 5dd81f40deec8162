/* jacobian modules [NAME...]: the table of modules, or some of them in full. */
#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/cli/command.h"
#include "visual/formula_lines.h"
#include "visual/cli/outside.h"
#include "visual/grid.h"
#include "visual/json.h"
#include "visual/latex/latex.h"
#include "visual/latex/modules.h"
#include "visual/markdown.h"
#include "visual/symbol.h"
#include "visual/text.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The map of a module's own example: also of one that is not in the table. */
static enum jac_status make_example(const struct jac_module *module, size_t batch,
                                    struct jac_map **map, struct jac_error *err) {
  struct jac_spec spec;
  struct jac_module_library library = {&module, 1};
  struct jac_module_place place = {.batch = batch, .library = &library};
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

/* The definition as the map has it, or as the module says of itself. */
static enum jac_status add_definition(const struct jac_module *module,
                                      const struct jac_map *map,
                                      const struct jac_style *style,
                                      struct jac_buffer *out, struct jac_error *err) {
  if (jac_map_shown(map) == NULL)
    jac_buffer_add(out, module->definition);
  return jac_equation_add(map, jac_map_shown(map), jac_style_notation(style), out, err);
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
  status = add_definition(module, map, style, out, err);
  jac_buffer_add(out, "\n");
  jac_map_free(map);
  return status;
}

static enum jac_status write_list(const struct jac_module *const *module, size_t count,
                                  const struct jac_style *style, struct jac_buffer *out,
                                  struct jac_error *err) {
  enum jac_status status = JAC_OK;
  jac_paint_add(style, JAC_PAINT_TITLE, _("Modules: spec, variables, definition"), out);
  jac_buffer_add(out, "\n");
  for (size_t k = 0; k < count && status == JAC_OK; k++)
    status = add_row(module[k], style, out, err);
  jac_buffer_add(
      out, _("z is batch x features; n numbers the samples. `jacobian modules NAME` "
             "says more.\n"));
  return status;
}

/* A formula behind what stands before it, in the terminal's lines; frees it. */
static void add_lines(const char *before, struct jac_buffer *formula, size_t indent,
                      const struct jac_style *style, struct jac_buffer *out) {
  jac_formula_lines(before, formula->text != NULL ? formula->text : "", indent,
                    style->width, out);
  out->failed = out->failed || formula->failed;
  jac_buffer_free(formula);
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
  struct jac_buffer entry = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_expression_add(map, var->entry, jac_style_notation(style), &entry, err);
  add_lines(_("         entry: "), &entry, 11, style, out);
  return status;
}

static void add_option(const struct jac_module_option *option,
                       const struct jac_style *style, struct jac_buffer *out) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  jac_buffer_printf(&line, "%s%s%s: %s", option->name, option->value != NULL ? "=" : "",
                    option->value != NULL ? option->value : "", _(option->help));
  if (!line.failed)
    jac_text_wrap(style, line.text, out);
  out->failed = out->failed || line.failed;
  jac_buffer_free(&line);
}

static bool names(const char *text, const char *word) {
  size_t length = strlen(word);
  for (const char *at = text; at != NULL && (at = strstr(at, word)) != NULL; at++) {
    bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
    if (begins && !(isalnum((unsigned char)at[length]) || at[length] == '_'))
      return true;
  }
  return false;
}

/* What the letters are that stand for numbers in the formulas shown: N is not the N of
 * group-norm:N. */
static void add_numbers(const struct jac_map *map, struct jac_buffer *out) {
  size_t added = 0;
  for (size_t k = 0; k < map->nconstant; k++) {
    const char *name = map->constant[k].name;
    bool named = names(jac_map_shown(map), name) || names(map->where, name);
    for (size_t v = 0; v < map->nvar; v++)
      named = named || names(map->var[v].entry, name);
    if (!named)
      continue;
    if (added++ == 0)
      jac_buffer_printf(out, _("Numbers of %s, batch %zu\n"), map->spec, map->batch);
    jac_buffer_printf(out, "%s%s = %g", added == 1 ? "  " : ", ", name,
                      map->constant[k].value);
  }
  if (added > 0)
    jac_buffer_add_char(out, '\n');
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
  jac_buffer_add(out, "\n");
  struct jac_buffer definition = JAC_BUFFER_INIT;
  status = add_definition(module, map, style, &definition, err);
  add_lines("  ", &definition, 4, style, out);
  out->length -= out->length > 0; /* its newline comes with what follows */
  out->text[out->length] = '\0';
  if (status == JAC_OK && map->where != NULL) {
    struct jac_buffer where = JAC_BUFFER_INIT;
    status = jac_equation_add(map, map->where, jac_style_notation(style), &where, err);
    jac_buffer_add_char(out, '\n'); /* which the words begin with too */
    add_lines(_("\n  where ") + 1, &where, 4, style, out);
    out->length -= out->length > 0;
    out->text[out->length] = '\0';
  }
  if (map->note != NULL) {
    jac_buffer_add_char(out, '\n');
    jac_text_wrap(style, _(map->note), out);
    out->length -= out->length > 0; /* its newline comes with what follows */
    out->text[out->length] = '\0';
  }
  const struct jac_module_option *option = module->options;
  jac_buffer_add(out, option != NULL ? _("\nOptions\n") : "\n");
  for (; option != NULL && option->name != NULL; option++)
    add_option(option, style, out);
  add_numbers(map, out);
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

/* The modules that one run writes. */
struct listing {
  const struct jac_module **module;
  size_t count;
  bool all; /* all there are: none was named */
};

/* Of each format: how the modules are written. */
static enum jac_status write_text(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  const struct listing *l = what;
  struct jac_style style = jac_options_style(options);
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  if (l->all)
    status = write_list(l->module, l->count, &style, &text, err);
  for (size_t k = 0; k < l->count && !l->all && status == JAC_OK; k++) {
    jac_buffer_add(&text, k > 0 ? "\n" : "");
    status = write_one(l->module[k], &style, &text, err);
  }
  return jac_format_put(&text, status, file, err);
}

/* A module's lines in a table on paper. */
static enum jac_status
add_paper(const struct jac_module *module,
          enum jac_status (*add)(const struct jac_map *map, const char *usage,
                                 const struct jac_latex *options, struct jac_buffer *out,
                                 struct jac_error *err),
          const struct jac_latex *options, struct jac_buffer *out,
          struct jac_error *err) {
  struct jac_map *map;
  struct jac_buffer usage = JAC_BUFFER_INIT;
  enum jac_status status = make_example(module, 2, &map, err);
  if (status != JAC_OK)
    return status;
  add_usage(module, &usage);
  status = add(map, usage.text, options, out, err);
  jac_buffer_free(&usage);
  jac_map_free(map);
  return status;
}

static enum jac_status write_latex(void *what, const struct jac_options *options,
                                   FILE *file, struct jac_error *err) {
  const struct listing *l = what;
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  jac_modules_latex_head(&text);
  for (size_t k = 0; k < l->count && status == JAC_OK; k++)
    status = add_paper(l->module[k], jac_module_latex, &options->latex, &text, err);
  jac_modules_latex_end(&text);
  return jac_format_put(&text, status, file, err);
}

static enum jac_status write_markdown(void *what, const struct jac_options *options,
                                      FILE *file, struct jac_error *err) {
  const struct listing *l = what;
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < l->count && status == JAC_OK; k++)
    status = add_paper(l->module[k], jac_module_markdown, &options->latex, &text, err);
  return jac_format_put(&text, status, file, err);
}

/* All modules' objects; a new reference, or NULL with the error. */
static json_t *make_array(const struct listing *l, struct jac_error *err) {
  json_t *array = json_array();
  enum jac_status status = array != NULL ? JAC_OK : jac_fail_memory(err);
  for (size_t k = 0; k < l->count && status == JAC_OK; k++)
    status = add_json(l->module[k], array, err);
  if (status == JAC_OK)
    return array;
  json_decref(array);
  return NULL;
}

static enum jac_status write_json(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  json_t *array = make_array(what, err);
  (void)options;
  return array != NULL ? jac_format_json(array, file, err) : err->status;
}

static enum jac_status write_csv(void *what, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  static const char *const keys[] = {"name",       "spec",  "variables", "coupled",
                                     "definition", "where", "example",   NULL};
  struct jac_buffer text = JAC_BUFFER_INIT;
  json_t *array = make_array(what, err);
  (void)options;
  if (array == NULL)
    return err->status;
  jac_json_table(array, keys, &text);
  json_decref(array);
  return jac_format_put(&text, JAC_OK, file, err);
}

static const struct jac_format formats[] = {
    {.name = "text", .write = write_text},
    {.name = "latex", .write = write_latex},
    {.name = "markdown", .write = write_markdown},
    {.name = "json", .write = write_json},
    {.name = "csv", .write = write_csv},
    {.name = NULL},
};

/* All modules asked for, or all there are. */
static enum jac_status choose(const struct jac_options *options,
                              const struct jac_module_library *library, struct listing *l,
                              struct jac_error *err) {
  size_t own = jac_module_count();
  *l = (struct listing){.all = options->nspec == 0};
  l->module =
      malloc((own + library->count + options->nspec) * sizeof(const struct jac_module *));
  if (l->module == NULL)
    return jac_fail_memory(err);
  for (size_t k = 0; k < own && l->all; k++)
    l->module[l->count++] = jac_module_at(k);
  for (size_t k = 0; k < library->count && l->all; k++)
    l->module[l->count++] = library->module[k];
  for (size_t k = 0; k < options->nspec; k++) {
    char name[JAC_SPEC_WORD] = "";
    size_t length = strcspn(options->spec[k], ":,");
    memcpy(name, options->spec[k], length < sizeof name ? length : sizeof name - 1);
    const struct jac_module *module = jac_module_find(name, library, err);
    if (module == NULL)
      return JAC_EINPUT;
    l->module[l->count++] = module;
  }
  return JAC_OK;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_outside outside;
  struct listing listing = {0};
  enum jac_status status = jac_outside_load(options, &outside, err);
  if (status == JAC_OK)
    status = choose(options, &outside.library, &listing, err);
  if (status == JAC_OK)
    status = jac_format_write(options, JAC_LATEX_AMSMATH, &listing, err);
  free((void *)listing.module);
  jac_outside_free(&outside);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_modules = {
    .name = "modules",
    .usage = N_("[NAME...] [OPTIONS]"),
    .summary = N_("list the modules, their sizes, options, variables and definitions"),
    .examples = "  jacobian modules\n"
                "  jacobian modules softmax\n"
                "  jacobian modules --format latex --standalone -o modules.tex\n"
                "  jacobian modules --format json\n",
    .formats = formats,
    .run = run,
};
