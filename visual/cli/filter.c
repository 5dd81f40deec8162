/* jacobian filter [FORMAT]: code blocks of the class jacobian in pandoc's JSON. */
#include "jacobian/text.h"
#include "visual/cli/block.h"
#include "visual/cli/command.h"
#include "visual/input.h"
#include "visual/pandoc.h"

#include <stdlib.h>
#include <string.h>

/* One run; the first error stops it. */
struct filtering {
  bool latex; /* what is written in the end is LaTeX: it is ours to write */
  char *defaults;
  json_t *packages; /* names that what was written needs; owned */
  struct jac_error *err;
};

/* Takes down the packages that a fragment of LaTeX says it needs. */
static void need(const char *text, json_t *packages) {
  static const char says[] = "% packages: ";
  for (const char *at = text; (at = strstr(at, says)) != NULL;) {
    at += strlen(says);
    while (*at != '\n' && *at != '\0') {
      size_t length = strcspn(at, ", (\n");
      char *name = strndup(at, length);
      if (name != NULL && length > 0)
        json_object_set_new(packages, name, json_true());
      free(name);
      at += length + strspn(at + length, ", ");
      if (*at == '(')
        break;
    }
  }
}

/* pandoc's own preamble has them where the document has tables of its own: they go into
 * the header-includes. */
static void add_packages(json_t *document, json_t *packages) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  json_t *meta = json_object_get(document, "meta"), *value;
  const char *name;
  json_object_foreach(packages, name, value) {
    jac_buffer_printf(&text, "\\usepackage{%s}\n", name);
  }
  if (text.length > 0 && json_is_object(meta)) {
    json_t *own = json_pack("{s:s, s:[{s:s, s:[s, s]}]}", "t", "MetaBlocks", "c", "t",
                            "RawBlock", "c", "latex", text.text);
    json_t *list = json_pack("[o]", own), *old = json_object_get(meta, "header-includes");
    if (old != NULL)
      json_array_insert(list, 0, old);
    json_object_set_new(meta, "header-includes",
                        json_pack("{s:s, s:o}", "t", "MetaList", "c", list));
  }
  jac_buffer_free(&text);
}

/* Whether a line is a command: not empty, and no comment (Quarto has its options in them,
 * #| label: x). */
static bool is_command(const char *line) {
  line += strspn(line, " \t\r");
  return *line != '\0' && *line != '#';
}

/* LaTeX as it is; code as pandoc's own, for which it makes a frame of beamer fragile. */
static json_t *latex_blocks(const char *text) {
  static const char begin[] = "\\begin{verbatim}\n", end[] = "\\end{verbatim}\n";
  json_t *blocks = json_array();
  while (*text != '\0') {
    const char *code = strstr(text, begin);
    const char *close = code != NULL ? strstr(code, end) : NULL;
    size_t length = close != NULL ? (size_t)(code - text) : strlen(text);
    if (strspn(text, "\n") < length)
      json_array_append_new(blocks, json_pack("{s:s, s:[s, s%]}", "t", "RawBlock", "c",
                                              "latex", text, length));
    text += length;
    if (close == NULL)
      continue;
    code += strlen(begin);
    json_array_append_new(blocks,
                          json_pack("{s:s, s:[[s, [], []], s%]}", "t", "CodeBlock", "c",
                                    "", code, (size_t)(close - code)));
    text = close + strlen(end);
  }
  return blocks;
}

/* Each line of a block is a command. */
static json_t *make_blocks(void *context, const char *code) {
  struct filtering *f = context;
  const struct jac_block_place place = {f->latex ? "latex" : "markdown", f->defaults,
                                        false};
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  while (*code != '\0' && status == JAC_OK) {
    size_t length = strcspn(code, "\n");
    char *line = strndup(code, length);
    struct jac_error inside = {JAC_OK, ""};
    if (line == NULL)
      status = jac_fail_memory(f->err);
    else if (is_command(line)) {
      status = jac_block_run(&place, line, &text, &inside);
      if (status != JAC_OK)
        jac_fail(f->err, status, "%.200s: %s", line, inside.message);
      jac_buffer_add_char(&text, '\n');
    }
    free(line);
    code += length + (code[length] == '\n');
  }
  json_t *blocks = NULL;
  if (status == JAC_OK && f->latex)
    need(text.text, f->packages);
  if (status == JAC_OK)
    blocks = f->latex ? latex_blocks(text.text) : jac_pandoc_blocks(text.text);
  if (status == JAC_OK && blocks == NULL)
    jac_fail_memory(f->err);
  jac_buffer_free(&text);
  return blocks;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  const char *format = options->nspec > 0 ? options->spec[0] : "";
  struct filtering f = {.err = err, .packages = json_object()};
  struct jac_input input = {0};
  json_error_t fault;
  json_t *document = NULL;
  f.latex = strcmp(format, "latex") == 0 || strcmp(format, "beamer") == 0;
  f.defaults = jac_block_defaults("");
  enum jac_status status = jac_input_read("-", &input, err);
  if (status == JAC_OK) {
    document = json_loads(input.bytes, 0, &fault);
    if (document == NULL)
      status = jac_fail(err, JAC_EINPUT,
                        _("standard input, line %d: this is no JSON of pandoc: %s"),
                        fault.line, fault.text);
  }
  if (status == JAC_OK && !jac_pandoc_walk(document, make_blocks, &f))
    status = err->status;
  if (status == JAC_OK)
    add_packages(document, f.packages);
  if (status == JAC_OK) {
    json_dumpf(document, stdout, JSON_COMPACT);
    fputs("\n", stdout);
  }
  json_decref(document);
  json_decref(f.packages);
  jac_input_free(&input);
  free(f.defaults);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_filter = {
    .name = "filter",
    .usage = N_("[FORMAT]"),
    .summary = N_("a filter of pandoc: code blocks of the class jacobian"),
    .details = N_(
        "Reads a document in pandoc's JSON and writes it with what the commands in code\n"
        "blocks of the class jacobian give, a command a line. FORMAT is what pandoc\n"
        "writes in the end; pandoc --filter jacobian-filter says it."),
    .examples =
        "  pandoc -t json notes.md | jacobian filter | pandoc -f json -o notes.html\n",
    .run = run,
};
