/* {"ask": "export", "format": "latex"|"markdown"|"csv"|"npy"|"svg", "entries": ...}: the
 * Jacobian as `show --format` writes it, as text; NPY, which is none, as hexadecimal
 * digits. */
#include "jacobian/text.h"
#include "visual/engine/ask.h"
#include "visual/export.h"
#include "visual/latex/latex.h"
#include "visual/markdown.h"
#include "visual/picture/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum jac_status write_latex(struct jac_view *view, FILE *file,
                                   struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_view_latex(view, &(struct jac_latex){.elide = 0}, &text, err);
  fputs(text.text, file);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status write_markdown(struct jac_view *view, FILE *file,
                                      struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_view_markdown(view, &(struct jac_latex){.elide = 0}, &text, err);
  fputs(text.text, file);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status write_npy(struct jac_view *view, FILE *file,
                                 struct jac_error *err) {
  return jac_view_npy(view, file, err);
}

static enum jac_status write_svg(struct jac_view *view, FILE *file,
                                 struct jac_error *err) {
  struct jac_picture picture;
  enum jac_status status = jac_view_picture(view, &picture, err);
  if (status == JAC_OK)
    status = jac_picture_svg(&picture, file, err);
  jac_picture_free(&picture);
  return status;
}

static const struct {
  const char *name;
  enum jac_status (*write)(struct jac_view *view, FILE *file, struct jac_error *err);
  bool binary;
} formats[] = {
    {"latex", write_latex, false}, {"markdown", write_markdown, false},
    {"csv", jac_view_csv, false},  {"npy", write_npy, true},
    {"svg", write_svg, false},
};

enum { FORMATS = sizeof formats / sizeof formats[0] };

static enum jac_entries read_entries(const struct jac_ask *ask, bool symbols) {
  static const char *const names[] = {"symbols", "numbers", "both", "structure"};
  const char *word = json_string_value(json_object_get(ask->question, "entries"));
  for (size_t k = 0; word != NULL && k < sizeof names / sizeof names[0]; k++)
    if (strcmp(names[k], word) == 0 && (symbols || strcmp(word, "structure") == 0))
      return (enum jac_entries)k;
  return JAC_ENTRIES_NUMBERS;
}

static enum jac_status write(struct jac_view *view, size_t format, json_t *json,
                             struct jac_error *err) {
  char *bytes = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&bytes, &size);
  if (file == NULL)
    return jac_fail_memory(err);
  enum jac_status status = formats[format].write(view, file, err);
  fclose(file);
  if (status == JAC_OK && formats[format].binary) {
    struct jac_buffer hex = JAC_BUFFER_INIT;
    for (size_t k = 0; k < size; k++)
      jac_buffer_printf(&hex, "%02x", (unsigned)(unsigned char)bytes[k]);
    json_object_set_new(json, "hex", jac_text_json(&hex));
  } else if (status == JAC_OK)
    json_object_set_new(json, "text", json_stringn(bytes, size));
  free(bytes);
  return status;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  const char *word = json_string_value(json_object_get(ask->question, "format"));
  struct jac_asked asked;
  struct jac_view view;
  size_t format = 0;
  while (format < FORMATS && (word == NULL || strcmp(formats[format].name, word) != 0))
    format++;
  if (format == FORMATS)
    return jac_fail(err, JAC_EINPUT, _("%s has no choice '%.40s'"), "format",
                    word != NULL ? word : "");
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  bool symbols = jac_variable_symbolic(&ask->subject.map->var[asked.wrt]);
  status = jac_view_new(&asked.layout, jac_values_point(&ask->subject.values),
                        &asked.native, read_entries(ask, symbols), 4, &view, err);
  if (status == JAC_OK) {
    status = write(&view, format, json, err);
    jac_view_free(&view);
  }
  jac_array3_free(&asked.native);
  return status;
}

const struct jac_ask_type jac_ask_export = {.name = "export", .answer = answer};
