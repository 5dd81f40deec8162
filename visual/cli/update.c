/* jacobian update FILE...: the generated blocks of notes, written anew. */
#include "jacobian/notes/read.h"
#include "jacobian/text.h"
#include "visual/cli/block.h"
#include "visual/cli/command.h"
#include "visual/input.h"
#include "visual/macros.h"
#include "visual/output.h"
#include "visual/refresh.h"

#include <stdlib.h>
#include <string.h>

/* One file. */
struct updating {
  const struct jac_options *options;
  const char *path;
  struct jac_block_place place;
  const struct jac_refresh *refresh;
  struct jac_error *failure; /* of the last block whose command failed */
};

static enum jac_status run_block(void *context, const char *command,
                                 struct jac_buffer *out, struct jac_error *err) {
  const struct updating *u = context;
  return jac_block_run(&u->place, command, out, err);
}

static void tell(void *context, size_t line, const char *command, const char *error) {
  const struct updating *u = context;
  char place[48];
  if (u->refresh->cell > 0)
    snprintf(place, sizeof place, _("cell %zu, line %zu"), u->refresh->cell, line);
  else
    snprintf(place, sizeof place, "%zu", line);
  if (error != NULL) {
    if (u->failure->status != JAC_OK)
      fprintf(stderr, "jacobian: %s\n", u->failure->message);
    jac_fail(u->failure, JAC_EINPUT, "%s:%s: %.200s: %s", u->path, place, command, error);
  } else if (u->options->only_check)
    printf(_("%s:%s: stale: jacobian %s\n"), u->path, place, command);
}

static enum jac_status write_file(const char *path, const struct jac_buffer *text,
                                  struct jac_error *err) {
  struct jac_output output;
  enum jac_status status = jac_output_open(path, &output, err);
  if (status != JAC_OK)
    return status;
  fwrite(text->text, 1, text->length, output.file);
  return jac_output_close(&output, err);
}

/* Whether a file says just that. */
static bool says(const char *path, const struct jac_buffer *text) {
  struct jac_input input = {0};
  bool same = jac_input_read(path, &input, NULL) == JAC_OK &&
              input.size == text->length &&
              memcmp(input.bytes, text->text, text->length) == 0;
  jac_input_free(&input);
  return same;
}

/* The macros of a LaTeX file: NAME-jacobian.tex beside NAME.tex. */
static enum jac_status update_macros(struct updating *u, struct jac_refresh *refresh,
                                     const char *text, struct jac_error *err) {
  struct jac_buffer made = JAC_BUFFER_INIT, path = JAC_BUFFER_INIT;
  size_t length = strlen(u->path), failed = refresh->failed;
  bool ending = length > 4 && strcmp(u->path + length - 4, ".tex") == 0;
  jac_buffer_add_bytes(&path, u->path, ending ? length - 4 : length);
  jac_buffer_add(&path, "-jacobian.tex");
  enum jac_status status = jac_macros_write(refresh, text, &made, err);
  if (status == JAC_OK && made.length > 0 && refresh->failed == failed &&
      !says(path.text, &made)) {
    refresh->stale++;
    if (u->options->only_check)
      printf(_("%s: stale: what \\jacobian reads\n"), path.text);
    else
      status = write_file(path.text, &made, err);
  }
  jac_buffer_free(&made);
  jac_buffer_free(&path);
  return status;
}

/* Counts into failed and stale; a file of which nothing changes is not written. */
static enum jac_status update_file(struct updating *u, size_t *failed, size_t *stale,
                                   struct jac_error *err) {
  enum jac_notes_format format = jac_notes_format_of(u->path);
  struct jac_refresh refresh = {
      .latex = format == JAC_NOTES_LATEX, .run = run_block, .tell = tell, .context = u};
  /* cppcheck-suppress autoVariables */
  u->refresh = &refresh; /* until this file is done */
  struct jac_input input = {0};
  struct jac_buffer out = JAC_BUFFER_INIT;
  struct jac_error inside = {JAC_OK, ""};
  char *defaults = jac_block_defaults(u->path);
  u->place =
      (struct jac_block_place){refresh.latex ? "latex" : "markdown", defaults, false};
  enum jac_status status = jac_input_read(u->path, &input, err);
  if (status == JAC_OK && format == JAC_NOTES_RST)
    status = jac_fail(err, JAC_EREFUSED,
                      _("%s: blocks are written in Markdown, LaTeX and notebooks, not in "
                        "reStructuredText"),
                      u->path);
  if (status == JAC_OK && strlen(input.bytes) != input.size)
    status = jac_fail(err, JAC_EINPUT, _("%s: this is no text"), u->path);
  if (status == JAC_OK) {
    status = format == JAC_NOTES_NOTEBOOK
                 ? jac_refresh_notebook(&refresh, input.bytes, &out, &inside)
                 : jac_refresh_text(&refresh, input.bytes, &out, &inside);
    if (status != JAC_OK)
      jac_fail(err, status, "%s: %s", u->path, inside.message);
  }
  if (status == JAC_OK && refresh.stale > 0 && !u->options->only_check)
    status = write_file(u->path, &out, err);
  if (status == JAC_OK && refresh.latex)
    status = update_macros(u, &refresh, out.text, err);
  if (status == JAC_OK && !u->options->only_check && refresh.failed == 0)
    printf(JAC_PLURAL("%s: %zu block, %zu written anew\n",
                      "%s: %zu blocks, %zu written anew\n", refresh.blocks),
           u->path, refresh.blocks, refresh.stale);
  u->refresh = NULL;
  *failed += refresh.failed;
  *stale += refresh.stale;
  jac_input_free(&input);
  jac_buffer_free(&out);
  free(defaults);
  return status;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  size_t failed = 0, stale = 0;
  struct jac_error failure = {JAC_OK, ""};
  if (options->nspec == 0) {
    jac_fail(err, JAC_EINPUT, _("update needs files: jacobian update notes.md"));
    return JAC_EXIT_FAULT;
  }
  for (size_t k = 0; k < options->nspec; k++) {
    struct updating u = {
        .options = options, .path = options->spec[k], .failure = &failure};
    if (update_file(&u, &failed, &stale, err) != JAC_OK)
      return JAC_EXIT_FAULT;
  }
  if (failed > 0) {
    *err = failure;
    return JAC_EXIT_FAULT;
  }
  return options->only_check && stale > 0 ? JAC_EXIT_FAILED : JAC_EXIT_OK;
}

const struct jac_command jac_command_update = {
    .name = "update",
    .usage = N_("FILE... [OPTIONS]"),
    .summary = N_("write the generated blocks of notes anew"),
    .details = N_(
        "A block stands between two comments, <!-- jacobian-run: show linear:3x2 -->\n"
        "and <!-- jacobian-end -->; in LaTeX % jacobian-run: ... and % jacobian-end.\n"
        "Markdown (Quarto, MyST), LaTeX and notebooks; a file is replaced whole or not\n"
        "at all, and where a command fails its block stays. A file .jacobian beside the\n"
        "notes holds options, one a line, that every block takes where they apply."),
    .examples = "  jacobian update notes.md chapter.tex\n"
                "  jacobian update --check notes.md\n",
    .run = run,
};
