#include "visual/markdown.h"

#include "jacobian/text.h"
#include "visual/latex/latex.h"
#include "visual/latex/modules.h"
#include "visual/latex/report.h"

#include <ctype.h>
#include <string.h>

/* Commands that Markdown or a renderer would spoil, and what says the same. */
static const struct {
  const char *from, *to;
} spellings[] = {
    {"@{\\,}", ""},
    {"\\operatorname{", "\\mathrm{"},
    {"\\,", " "},
    {"\\;", "\\enspace"},
    {"\\!", ""},
    {"\\{", "\\lbrace"},
    {"\\}", "\\rbrace"},
    {"\\|", "\\Vert"},
    {"\\big|", "\\big\\vert"},
    {"\\left|", "\\left\\vert"},
    {"\\right|", "\\right\\vert"},
    {"<", "\\lt"},
    {">", "\\gt"},
};

static const char *respell(const char *at, const char **to) {
  for (size_t k = 0; k < sizeof spellings / sizeof spellings[0]; k++)
    if (strncmp(at, spellings[k].from, strlen(spellings[k].from)) == 0) {
      *to = spellings[k].to;
      return at + strlen(spellings[k].from);
    }
  return NULL;
}

/* A backslash twice, with [1ex] behind it or not, ends a line: \cr does too. */
static const char *line_end(const char *at) {
  if (strncmp(at, "\\\\", 2) != 0)
    return NULL;
  at += 2;
  return *at == '[' ? at + strcspn(at, "]") + 1 : at;
}

/* The end of a group {..}; at is its brace. */
static const char *group_end(const char *at) {
  int depth = 0;
  do {
    depth += *at == '{';
    depth -= *at == '}';
    at++;
  } while (depth > 0 && *at != '\0');
  return at;
}

/* A command's name ends before a letter. */
static void add_command(const char *command, const char *next, struct jac_buffer *out) {
  size_t length = strlen(command);
  jac_buffer_add(out, command);
  if (length > 0 && isalpha((unsigned char)command[length - 1]) &&
      isalpha((unsigned char)*next))
    jac_buffer_add_char(out, ' ');
}

static void add_range(const char *from, const char *to, bool cell,
                      struct jac_buffer *out);

/* ^{a}_{b} as _{b}^{a}: an underscore behind a letter opens no emphasis. */
static const char *swap_scripts(const char *at, const char *to, bool cell,
                                struct jac_buffer *out) {
  if (at[0] != '^' || at[1] != '{')
    return NULL;
  const char *middle = group_end(at + 1);
  if (middle[0] != '_' || middle[1] != '{')
    return NULL;
  const char *end = group_end(middle + 1);
  if (end > to)
    return NULL;
  add_range(middle, end, cell, out);
  add_range(at, middle, cell, out);
  return end;
}

static void add_range(const char *from, const char *to, bool cell,
                      struct jac_buffer *out) {
  const char *next, *text;
  while (from < to) {
    char last = out->length > 0 ? out->text[out->length - 1] : ' ';
    if ((next = line_end(from)) != NULL)
      add_command("\\cr", next, out);
    else if ((next = respell(from, &text)) != NULL)
      add_command(text, next, out);
    else if ((next = swap_scripts(from, to, cell, out)) == NULL) {
      /* Any other underscore behind a bracket gets a letter before it. */
      if (*from == '_' && !isalnum((unsigned char)last))
        jac_buffer_add(out, "\\mathstrut");
      if (*from == '|' && cell)
        add_command("\\vert", from + 1, out);
      else
        jac_buffer_add_char(out, *from);
      next = from + 1;
    }
    from = next;
  }
}

void jac_markdown_math(const char *latex, bool cell, struct jac_buffer *out) {
  add_range(latex, latex + strlen(latex), cell, out);
}

void jac_markdown_code(const char *text, bool cell, struct jac_buffer *out) {
  size_t longest = 0, run = 0;
  for (const char *at = text; *at != '\0'; at++) {
    run = *at == '`' ? run + 1 : 0;
    longest = run > longest ? run : longest;
  }
  for (size_t k = 0; k <= longest; k++)
    jac_buffer_add_char(out, '`');
  jac_buffer_add(out, longest > 0 ? " " : "");
  for (; *text != '\0'; text++) {
    jac_buffer_add(out, cell && *text == '|' ? "\\" : "");
    jac_buffer_add_char(out, iscntrl((unsigned char)*text) ? ' ' : *text);
  }
  jac_buffer_add(out, longest > 0 ? " " : "");
  for (size_t k = 0; k <= longest; k++)
    jac_buffer_add_char(out, '`');
}

static void add_display(void *context, const char *math, const char *size) {
  (void)size;
  jac_buffer_add(context, "$$\n");
  jac_markdown_math(math, false, context);
  jac_buffer_add(context, "\n$$\n\n");
}

enum jac_status jac_view_markdown(struct jac_view *view, const struct jac_latex *options,
                                  struct jac_buffer *out, struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  const struct jac_variable *var = &layout->map->var[layout->wrt];
  struct jac_buffer math = JAC_BUFFER_INIT;
  jac_buffer_printf(out, "%s ", _("Jacobian of"));
  jac_markdown_code(layout->map->spec, false, out);
  jac_buffer_printf(out, " %s ", _("with respect to"));
  jac_markdown_code(var->name, false, out);
  jac_buffer_printf(out, _(", %s form, "), _(jac_form_name(layout->form)));
  for (size_t k = 0; k < layout->ndim; k++)
    jac_buffer_printf(out, "%s%zu", k > 0 ? " × " : "", layout->dims[k]);
  if (var->role == JAC_PARAMETER && var->ndim > 1)
    jac_buffer_printf(out, _(", order %s"), layout->order == JAC_ORDER_F ? "F" : "C");
  jac_buffer_add(out, ":\n\n");
  enum jac_status status = jac_latex_math(view, options, &math, err);
  if (status == JAC_OK)
    add_display(out, math.text, "");
  out->failed = out->failed || math.failed;
  jac_buffer_free(&math);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

enum jac_status jac_chain_markdown(const struct jac_chain *chain,
                                   const struct jac_chain_math *how,
                                   struct jac_buffer *out, struct jac_error *err) {
  jac_buffer_printf(out, "%s ", _("The chain rule:"));
  jac_markdown_code(chain->map->spec, false, out);
  jac_buffer_printf(out, " %s ", _("with respect to"));
  jac_markdown_code(chain->map->var[chain->wrt].name, false, out);
  jac_buffer_add(out, ":\n\n");
  enum jac_status status = jac_chain_displays(chain, how, add_display, out, err);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

/* Mathematics in a cell of a table. */
static void add_cell(const char *latex, struct jac_buffer *out) {
  jac_buffer_add(out, " | $");
  jac_markdown_math(latex, true, out);
  jac_buffer_add(out, "$");
}

void jac_report_markdown(const json_t *array, struct jac_buffer *out) {
  struct jac_report_line line;
  jac_buffer_printf(out, "| %s | %s | %s | %s | %s | %s |\n", _("module"), _("variable"),
                    _("reference"), _("verdict"), _("largest error"), _("at"));
  jac_buffer_add(out, "|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < json_array_size(array); k++) {
    jac_report_line_read(json_array_get(array, k), &line);
    jac_buffer_add(out, "| ");
    jac_markdown_code(line.module, true, out);
    add_cell(line.variable.text, out);
    jac_buffer_add(out, " | ");
    if (line.file)
      jac_markdown_code(line.against, true, out);
    else
      jac_buffer_add(out, line.against);
    jac_buffer_printf(out, " | %s", line.verdict);
    if (line.error.length > 0)
      add_cell(line.error.text, out);
    else
      jac_buffer_add(out, " | ");
    if (line.worst.length > 0)
      add_cell(line.worst.text, out);
    else
      jac_buffer_add(out, " | ");
    jac_buffer_add(out, " |\n");
    jac_report_line_free(&line);
  }
}

void jac_modules_markdown_head(struct jac_buffer *out) {
  jac_buffer_printf(out, "| %s | %s | %s | %s | %s |\n", _("module"), _("definition"),
                    _("Jacobian, entry by entry"), _("shape"), _("structure"));
  jac_buffer_add(out, "|---|---|---|---|---|\n");
}

enum jac_status jac_module_markdown(const struct jac_map *map, const char *usage,
                                    struct jac_buffer *out, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++) {
    struct jac_module_line line;
    status = jac_module_line_make(map, v, &line, err);
    if (status == JAC_OK) {
      jac_buffer_add(out, "| ");
      if (v == 0)
        jac_markdown_code(usage, true, out);
      if (v == 0)
        add_cell(line.definition.text, out);
      else
        jac_buffer_add(out, " |");
      if (v == 0 && line.where.length > 0) {
        jac_buffer_printf(out, ", %s $", _("where"));
        jac_markdown_math(line.where.text, true, out);
        jac_buffer_add(out, "$");
      }
      add_cell(line.entry.text, out);
      add_cell(line.shape.text, out);
      jac_buffer_printf(out, " | %s |\n", line.structure.text);
    }
    jac_module_line_free(&line);
  }
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}
