#include "visual/cli/format.h"

#include "jacobian/suggest.h"
#include "jacobian/text.h"
#include "visual/output.h"

#include <string.h>
#include <strings.h>

/* The formats that there are: each with the ending of its files, which is understood as
 * its name too. */
static const struct {
  const char *name, *ending;
  bool machine;
} known[] = {
    {"text", "txt", false},   {"latex", "tex", false}, {"markdown", "md", false},
    {"json", "json", true},   {"csv", "csv", true},    {"npy", "npy", true},
    {"sarif", "sarif", true}, {"svg", "svg", false},   {"png", "png", false},
    {"html", "html", false},  {"npz", "npz", true},    {"zarr", "zarr", true},
};

enum { KNOWN = sizeof known / sizeof known[0] };

static size_t find(const char *name) {
  size_t k = 0;
  while (k < KNOWN && strcmp(known[k].name, name) != 0)
    k++;
  return k;
}

bool jac_format_machine(const struct jac_format *format) {
  size_t k = find(format->name);
  return k < KNOWN && known[k].machine;
}

void jac_format_names(const struct jac_format *formats, struct jac_buffer *out) {
  for (const struct jac_format *f = formats; f->name != NULL; f++)
    jac_buffer_printf(out, "%s%s", f > formats ? ", " : "", f->name);
}

/* The command's format of that name or with that ending, or NULL. */
static const struct jac_format *named(const struct jac_format *formats,
                                      const char *word) {
  for (const struct jac_format *f = formats; f->name != NULL; f++) {
    size_t k = find(f->name);
    if (strcasecmp(f->name, word) == 0 ||
        (k < KNOWN && strcasecmp(known[k].ending, word) == 0))
      return f;
  }
  return NULL;
}

/* "text (.txt), latex (.tex)" */
static void add_endings(const struct jac_format *formats, struct jac_buffer *out) {
  for (const struct jac_format *f = formats; f->name != NULL; f++)
    jac_buffer_printf(out, "%s%s (.%s)", f > formats ? ", " : "", f->name,
                      find(f->name) < KNOWN ? known[find(f->name)].ending : f->name);
}

static enum jac_status refuse(const char *command, const struct jac_format *formats,
                              const char *word, struct jac_error *err) {
  enum { MOST = 2 * KNOWN };
  const char *names[MOST];
  size_t count = 0;
  struct jac_buffer list = JAC_BUFFER_INIT;
  jac_format_names(formats, &list);
  for (const struct jac_format *f = formats; f->name != NULL && count < MOST; f++)
    names[count++] = f->name;
  /* Another command's format is no slip of the pen. */
  const char *near = find(word) < KNOWN ? NULL : jac_suggest(word, names, count);
  enum jac_status status =
      near != NULL ? jac_fail(err, JAC_EINPUT, _("--format %.60s: did you mean %s? (%s)"),
                              word, near, list.text)
                   : jac_fail(err, JAC_EINPUT, _("--format %.60s: %s writes %s"), word,
                              command, list.text);
  jac_buffer_free(&list);
  return status;
}

enum jac_status jac_format_choose(const char *command, const struct jac_format *formats,
                                  const char *word, const char *output,
                                  const struct jac_format **format,
                                  struct jac_error *err) {
  *format = NULL;
  if (formats == NULL)
    return JAC_OK;
  if (word != NULL) {
    *format = named(formats, word + (*word == '.'));
    return *format != NULL ? JAC_OK : refuse(command, formats, word, err);
  }
  const char *slash = output != NULL ? strrchr(output, '/') : NULL;
  const char *name = slash != NULL ? slash + 1 : output;
  const char *dot = name != NULL ? strrchr(name, '.') : NULL;
  *format = named(formats, dot != NULL && dot > name ? dot + 1 : "text");
  if (*format != NULL)
    return JAC_OK;
  struct jac_buffer list = JAC_BUFFER_INIT;
  add_endings(formats, &list);
  jac_fail(
      err, JAC_EINPUT,
      _("-o %.100s: %s writes no file of this ending: it writes %s; or say --format"),
      output, command, list.text);
  jac_buffer_free(&list);
  return JAC_EINPUT;
}

enum jac_status
jac_format_run(const struct jac_options *options, enum jac_latex_style style,
               enum jac_status (*body)(void *context, FILE *file, struct jac_error *err),
               void *context, struct jac_error *err) {
  struct jac_output output;
  enum jac_status status = jac_output_open(options->output, &output, err);
  if (status != JAC_OK)
    return status;
  if (options->standalone)
    jac_latex_begin(style, output.file);
  status = body(context, output.file, err);
  if (status != JAC_OK) {
    jac_output_abandon(&output);
    return status;
  }
  if (options->standalone)
    jac_latex_end(output.file);
  return jac_output_close(&output, err);
}

static void put(const char *text, FILE *file) {
  if (text != NULL)
    fputs(text, file);
}

enum jac_status jac_format_each(const struct jac_options *options, size_t count,
                                enum jac_status (*one)(void *context, size_t k,
                                                       FILE *file, struct jac_error *err),
                                void *context, FILE *file, struct jac_error *err) {
  const struct jac_format *format = options->format;
  bool several = options->wrt == NULL;
  enum jac_status status = JAC_OK;
  put(several ? format->before : NULL, file);
  for (size_t k = 0; k < count && status == JAC_OK; k++) {
    put(k > 0 ? format->between : NULL, file);
    status = one(context, k, file, err);
  }
  put(several ? format->after : NULL, file);
  return status;
}

struct piece {
  const struct jac_options *options;
  void *what;
};

static enum jac_status write_piece(void *context, FILE *file, struct jac_error *err) {
  struct piece *piece = context;
  return piece->options->format->write(piece->what, piece->options, file, err);
}

enum jac_status jac_format_write(const struct jac_options *options,
                                 enum jac_latex_style style, void *what,
                                 struct jac_error *err) {
  return jac_format_run(options, style, write_piece, &(struct piece){options, what}, err);
}

enum jac_status jac_format_put(struct jac_buffer *text, enum jac_status status,
                               FILE *file, struct jac_error *err) {
  if (status == JAC_OK)
    status = jac_buffer_status(text, err);
  if (status == JAC_OK)
    fwrite(text->text, 1, text->length, file);
  jac_buffer_free(text);
  return status;
}

enum jac_status jac_format_json(json_t *json, FILE *file, struct jac_error *err) {
  if (json == NULL)
    return jac_fail_memory(err);
  json_dumpf(json, file, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
  fputs("\n", file);
  json_decref(json);
  return JAC_OK;
}
