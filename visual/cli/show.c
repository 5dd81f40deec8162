/* jacobian show SPEC: prints Jacobians. */
#include "jacobian/text.h"
#include "visual/cli/closed.h"
#include "visual/cli/command.h"
#include "visual/cli/gauss.h"
#include "visual/cli/general.h"
#include "visual/cli/parts.h"
#include "visual/cli/subject.h"
#include "visual/export.h"
#include "visual/markdown.h"
#include "visual/picture/picture.h"
#include "visual/text.h"

#include <stdlib.h>

/* Of each format: how one view is written. */
static enum jac_status write_text(void *view, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  struct jac_style style = jac_options_style(options);
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = jac_view_text(view, &style, &text, err);
  return jac_format_put(&text, status, file, err);
}

static enum jac_status write_latex(void *view, const struct jac_options *options,
                                   FILE *file, struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = jac_view_latex(view, &options->latex, &text, err);
  return jac_format_put(&text, status, file, err);
}

static enum jac_status write_markdown(void *view, const struct jac_options *options,
                                      FILE *file, struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = jac_view_markdown(view, &options->latex, &text, err);
  return jac_format_put(&text, status, file, err);
}

static enum jac_status write_json(void *view, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  enum jac_status status = jac_view_json(view, file, err);
  if (options->wrt != NULL)
    fputs("\n", file);
  return status;
}

static enum jac_status write_csv(void *view, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  return jac_view_csv(view, file, err);
}

static enum jac_status write_npy(void *view, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  return jac_view_npy(view, file, err);
}

static enum jac_status write_npz(void *parts, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  return jac_npz_write(parts, file, err);
}

static enum jac_status write_zarr(void *parts, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  (void)file;
  return jac_zarr_write(parts, options->output, options->samples == NULL, err);
}

static enum jac_status draw(struct jac_view *view,
                            enum jac_status (*write)(const struct jac_picture *picture,
                                                     FILE *file, struct jac_error *err),
                            FILE *file, struct jac_error *err) {
  struct jac_picture picture;
  enum jac_status status = jac_view_picture(view, &picture, err);
  if (status == JAC_OK)
    status = write(&picture, file, err);
  jac_picture_free(&picture);
  return status;
}

static enum jac_status write_svg(void *view, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  return draw(view, jac_picture_svg, file, err);
}

static enum jac_status write_png(void *view, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  (void)options;
  return draw(view, jac_picture_png, file, err);
}

#define DRAWN "symbols numbers both structure"

static const struct jac_format formats[] = {
    {.name = "text", .write = write_text, .between = "\n"},
    {.name = "latex", .write = write_latex, .between = "\n"},
    {.name = "markdown", .write = write_markdown},
    {.name = "json",
     .write = write_json,
     .entries = "symbols numbers both closed",
     .before = "[\n",
     .between = ",\n",
     .after = "\n]\n"},
    {.name = "csv", .write = write_csv, .entries = "symbols numbers", .single = true},
    {.name = "npy", .write = write_npy, .entries = "numbers", .single = true},
    {.name = "npz",
     .write = write_npz,
     .entries = "numbers",
     .single = true,
     .parts = true},
    {.name = "zarr",
     .write = write_zarr,
     .entries = "numbers",
     .single = true,
     .parts = true,
     .folder = true},
    {.name = "svg", .write = write_svg, .entries = DRAWN, .single = true},
    {.name = "png", .write = write_png, .entries = DRAWN, .single = true},
    {.name = NULL},
};

/* What one run writes: a view for each variable, which has its numbers only while it is
 * written. */
struct showing {
  const struct jac_options *options;
  const struct jac_subject *subject;
  struct jac_view *view;
  size_t views; /* made so far */
};

/* The view of one Jacobian. JSON has symbols too where there are any and nothing else was
 * asked. */
static enum jac_status make_view(const struct showing *s, size_t wrt,
                                 struct jac_view *view, struct jac_error *err) {
  const struct jac_options *options = s->options;
  const struct jac_map *map = s->subject->map;
  struct jac_layout layout;
  enum jac_form form =
      options->form < 0 ? jac_form_default(map) : (enum jac_form)options->form;
  enum jac_entries entries = options->entries;
  if (!options->entries_given && options->format->write == write_json)
    entries =
        jac_variable_symbolic(&map->var[wrt]) ? JAC_ENTRIES_BOTH : JAC_ENTRIES_NUMBERS;
  enum jac_status status = jac_layout_make(map, wrt, form, options->order, &layout, err);
  if (status != JAC_OK)
    return status;
  return jac_view_new(&layout, jac_values_point(&s->subject->values), NULL, entries,
                      options->precision, view, err);
}

/* All views: what is refused is refused before the first byte is written. */
static enum jac_status make_views(struct showing *s, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  s->view = calloc(s->subject->nwrt + 1, sizeof *s->view);
  if (s->view == NULL)
    return jac_fail_memory(err);
  for (size_t k = 0; k < s->subject->nwrt && status == JAC_OK; k++) {
    status = make_view(s, s->subject->wrt[k], &s->view[k], err);
    s->views += status == JAC_OK;
  }
  return status;
}

/* One Jacobian: computed, then written. */
static enum jac_status show_one(void *context, size_t k, FILE *file,
                                struct jac_error *err) {
  const struct showing *s = context;
  struct jac_array3 J;
  enum jac_status status =
      jac_map_jacobian_new(s->subject->map, jac_values_point(&s->subject->values),
                           s->subject->wrt[k], &J, err);
  if (status != JAC_OK)
    return status;
  s->view[k].native = &J;
  status = s->options->format->write(&s->view[k], s->options, file, err);
  s->view[k].native = NULL;
  jac_array3_free(&J);
  return status;
}

static enum jac_status show_all(void *context, FILE *file, struct jac_error *err) {
  const struct showing *s = context;
  return jac_format_each(s->options, s->subject->nwrt, show_one, context, file, err);
}

static int run(const struct jac_options *options, struct jac_error *err) {
  if (options->entries == JAC_ENTRIES_CLOSED)
    return jac_closed_show(options, err) == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
  if (jac_general_asked(options))
    return jac_general_show(options, err) == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
  struct jac_subject subject = {0};
  struct showing showing = {.options = options, .subject = &subject};
  enum jac_status status = jac_subject_make_second(options, &subject, err);
  bool parts = options->format->parts;
  char *note = NULL;
  if (status == JAC_OK && options->gauss_newton && subject.nwrt > 0)
    status = jac_gauss_say(subject.map, jac_values_point(&subject.values), subject.wrt[0],
                           &note, err);
  if (status == JAC_OK && parts)
    status = jac_parts_show(options, &subject, err);
  else if (status == JAC_OK)
    status = make_views(&showing, err);
  if (status == JAC_OK && !parts)
    status = jac_format_run(options, options->latex.style, show_all, &showing, err);
  for (size_t k = 0; k < showing.views; k++)
    jac_view_free(&showing.view[k]);
  free(showing.view);
  jac_subject_free(&subject);
  free(note);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_show = {
    .name = "show",
    .usage = N_("SPEC [OPTIONS]"),
    .summary = N_("print a Jacobian: symbols, numbers, or structure"),
    .details = N_(
        "A row for every output, a column for every entry of the variable. Values not\n"
        "set with --set are drawn from the seed."),
    .examples = "  jacobian show linear:3x2 --wrt W --entries symbols\n"
                "  jacobian show linear:3x2 --wrt W --batch 2\n"
                "  jacobian show linear:nxp --wrt W --format latex\n"
                "  jacobian show linear:3x2 --wrt z --batch 2 --form full\n"
                "  jacobian show softmax:3 --set 'z=1 2 3' --entries both\n"
                "  jacobian show softmax --entries closed\n"
                "  jacobian show linear:3x2 --wrt W --format npy -o J.npy\n"
                "  jacobian show linear:6x8 --wrt W --entries structure -o J.svg\n"
                "  jacobian show linear:1024x1024 --wrt W --batch 32 -o J.zarr\n",
    .formats = formats,
    .network = true,
    .run = run,
};
