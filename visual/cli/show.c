/* jacobian show SPEC: prints Jacobians. */
#include "jacobian/text.h"
#include "visual/cli/command.h"
#include "visual/cli/subject.h"
#include "visual/export.h"
#include "visual/markdown.h"
#include "visual/output.h"
#include "visual/picture/picture.h"
#include "visual/text.h"

#include <string.h>

/* A format of this command: how one view is written. */
struct show_format {
  const char *name;
  enum jac_status (*write)(struct jac_view *view, const struct jac_options *options,
                           FILE *file, struct jac_error *err);
  bool single; /* its files hold one Jacobian: a variable must be chosen */
  const char *before, *between, *after; /* around several Jacobians */
};

static enum jac_status write_text(struct jac_view *view,
                                  const struct jac_options *options, FILE *file,
                                  struct jac_error *err) {
  struct jac_style style = jac_options_style(options);
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = jac_view_text(view, &style, &text, err);
  fputs(text.text, file);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status write_latex(struct jac_view *view,
                                   const struct jac_options *options, FILE *file,
                                   struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = jac_view_latex(view, &options->latex, &text, err);
  fputs(text.text, file);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status write_markdown(struct jac_view *view,
                                      const struct jac_options *options, FILE *file,
                                      struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = jac_view_markdown(view, options->latex.elide, &text, err);
  fputs(text.text, file);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status write_json(struct jac_view *view,
                                  const struct jac_options *options, FILE *file,
                                  struct jac_error *err) {
  (void)options;
  return jac_view_json(view, file, err);
}

static enum jac_status write_csv(struct jac_view *view, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  return jac_view_csv(view, file, err);
}

static enum jac_status write_npy(struct jac_view *view, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  return jac_view_npy(view, file, err);
}

static enum jac_status write_svg(struct jac_view *view, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  struct jac_picture picture;
  enum jac_status status = jac_view_picture(view, &picture, err);
  if (status == JAC_OK)
    status = jac_picture_svg(&picture, file, err);
  jac_picture_free(&picture);
  return status;
}

static enum jac_status write_png(struct jac_view *view, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  struct jac_picture picture;
  enum jac_status status = jac_view_picture(view, &picture, err);
  if (status == JAC_OK)
    status = jac_picture_png(&picture, file, err);
  jac_picture_free(&picture);
  return status;
}

static const struct show_format formats[] = {
    {"text", write_text, false, "", "\n", ""},
    {"latex", write_latex, false, "", "\n", ""},
    {"markdown", write_markdown, false, "", "", ""},
    {"json", write_json, false, "[\n", ",\n", "\n]"},
    {"csv", write_csv, true, "", "", ""},
    {"npy", write_npy, true, "", "", ""},
    {"svg", write_svg, true, "", "", ""},
    {"png", write_png, true, "", "", ""},
};

enum { FORMATS = sizeof formats / sizeof formats[0] };

static enum jac_status choose_format(const struct jac_options *options,
                                     const struct show_format **format,
                                     struct jac_error *err) {
  const char *names[FORMATS + 1] = {NULL}, *name;
  for (size_t k = 0; k < FORMATS; k++)
    names[k] = formats[k].name;
  enum jac_status status = jac_options_format(options, names, &name, err);
  for (size_t k = 0; k < FORMATS && status == JAC_OK; k++)
    if (strcmp(formats[k].name, name) == 0)
      *format = &formats[k];
  return status;
}

/* The view of one Jacobian; native may be missing when only its refusal is of interest.
 * JSON has symbols too where there are any and nothing else was asked. */
static enum jac_status make_view(const struct jac_options *options,
                                 const struct jac_subject *subject, size_t wrt,
                                 const struct show_format *format,
                                 const struct jac_array3 *native, struct jac_view *view,
                                 struct jac_error *err) {
  const struct jac_map *map = subject->map;
  struct jac_layout layout;
  enum jac_form form =
      options->form < 0 ? jac_form_default(map) : (enum jac_form)options->form;
  enum jac_entries entries = options->entries;
  if (!options->entries_given && strcmp(format->name, "json") == 0)
    entries = map->var[wrt].entry != NULL ? JAC_ENTRIES_BOTH : JAC_ENTRIES_NUMBERS;
  enum jac_status status = jac_layout_make(map, wrt, form, options->order, &layout, err);
  if (status != JAC_OK)
    return status;
  return jac_view_new(&layout, jac_values_point(&subject->values), native, entries,
                      options->precision, view, err);
}

/* What is refused is refused before the first byte is written. */
static enum jac_status refuse_early(const struct jac_options *options,
                                    const struct jac_subject *subject,
                                    const struct show_format *format,
                                    struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < subject->nwrt && status == JAC_OK; k++) {
    struct jac_view view;
    status = make_view(options, subject, subject->wrt[k], format, NULL, &view, err);
    if (status == JAC_OK)
      jac_view_free(&view);
  }
  return status;
}

/* One Jacobian: computed, then written. */
static enum jac_status show_one(const struct jac_options *options,
                                const struct jac_subject *subject, size_t wrt,
                                const struct show_format *format, FILE *file,
                                struct jac_error *err) {
  struct jac_array3 J;
  struct jac_view view;
  enum jac_status status = jac_map_jacobian_new(
      subject->map, jac_values_point(&subject->values), wrt, &J, err);
  if (status != JAC_OK)
    return status;
  status = make_view(options, subject, wrt, format, &J, &view, err);
  if (status == JAC_OK) {
    status = format->write(&view, options, file, err);
    jac_view_free(&view);
  }
  jac_array3_free(&J);
  return status;
}

static enum jac_status show_all(const struct jac_options *options,
                                const struct jac_subject *subject,
                                const struct show_format *format, FILE *file,
                                struct jac_error *err) {
  bool several = options->wrt == NULL;
  bool document = options->standalone && strcmp(format->name, "latex") == 0;
  enum jac_status status = JAC_OK;
  if (document)
    jac_latex_begin(options->latex.style, file);
  if (several)
    fputs(format->before, file);
  for (size_t k = 0; k < subject->nwrt && status == JAC_OK; k++) {
    if (k > 0)
      fputs(format->between, file);
    status = show_one(options, subject, subject->wrt[k], format, file, err);
  }
  if (several)
    fputs(format->after, file);
  if (document)
    jac_latex_end(file);
  if (strcmp(format->name, "json") == 0)
    fputs("\n", file);
  return status;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_subject subject = {0};
  struct jac_output output;
  const struct show_format *format = NULL;
  enum jac_status status = choose_format(options, &format, err);
  if (status != JAC_OK)
    return JAC_EXIT_FAULT;
  status = jac_subject_make(options, &subject, err);
  if (status == JAC_OK && format->single && subject.nwrt > 1)
    status = jac_fail(err, JAC_EINPUT,
                      _("a %s file holds one Jacobian: choose a variable with --wrt"),
                      format->name);
  if (status == JAC_OK)
    status = refuse_early(options, &subject, format, err);
  if (status == JAC_OK)
    status = jac_output_open(options->output, &output, err);
  if (status == JAC_OK) {
    status = show_all(options, &subject, format, output.file, err);
    if (status == JAC_OK)
      status = jac_output_close(&output, err);
    else
      jac_output_abandon(&output);
  }
  jac_subject_free(&subject);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_show = {
    .name = "show",
    .bit = JAC_CMD_SHOW,
    .usage = N_("SPEC [OPTIONS]"),
    .summary = N_("print a Jacobian: symbols, numbers, or structure"),
    .details = N_(
        "A row for every output, a column for every entry of the variable. Values not\n"
        "set with --set are drawn from the seed."),
    .examples = "  jacobian show linear:3x2 --wrt W --entries symbols\n"
                "  jacobian show linear:3x2 --wrt W --batch 2\n"
                "  jacobian show linear:3x2 --wrt z --batch 2 --form full\n"
                "  jacobian show softmax:3 --set 'z=1 2 3' --entries both\n"
                "  jacobian show linear:3x2 --wrt W --format npy -o J.npy\n"
                "  jacobian show linear:6x8 --wrt W --entries structure -o J.svg\n",
    .run = run,
};
