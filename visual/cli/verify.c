/* jacobian verify FILE...: every formula in notes, judged. */
#include "jacobian/notes/judge.h"
#include "jacobian/notes/read.h"
#include "jacobian/text.h"
#include "layers/subject.h"
#include "visual/around.h"
#include "visual/cli/command.h"
#include "visual/cli/jobs.h"
#include "visual/cli/language.h"
#include "visual/cli/outside.h"
#include "visual/input.h"
#include "visual/output.h"
#include "visual/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All files of one run. */
struct verifying {
  const struct jac_options *options;
  struct jac_outside outside; /* modules that the notes may name too */
  struct jac_verified *files;
  struct jac_buffer fixed; /* of the only file */
};

static enum jac_status judge_file(const char *path, struct jac_verified *file,
                                  struct verifying *v, struct jac_error *err) {
  const struct jac_notes_modules modules = {jac_subject_facts,
                                            (void *)&v->outside.library};
  struct jac_input input = {0};
  struct jac_document document = {0};
  file->file = strcmp(path, "-") == 0 ? "-" : path;
  enum jac_notes_format format = jac_notes_format_of(path);
  enum jac_status status = jac_input_read(path, &input, err);
  struct jac_error inside = {JAC_OK, ""};
  if (status == JAC_OK) {
    struct jac_buffer before = JAC_BUFFER_INIT;
    jac_around(path, format, input.bytes, &before, &file->settings);
    status = jac_notes_read_after(before.text, input.bytes, input.size, format, &document,
                                  &inside);
    jac_buffer_free(&before);
    if (status != JAC_OK)
      jac_fail(err, status, "%s: %s", input.name, inside.message);
  }
  if (status == JAC_OK)
    status = jac_notes_judge(&document, &modules, &file->findings, err);
  if (status == JAC_OK && v->options->fix)
    status = format == JAC_NOTES_NOTEBOOK || format == JAC_NOTES_RST
                 ? jac_fail(err, JAC_EREFUSED,
                            _("%s: --fix knows Markdown and LaTeX only"), input.name)
                 : jac_verify_fix(file, input.bytes, input.size,
                                  format == JAC_NOTES_LATEX, &v->fixed, err);
  jac_document_free(&document);
  jac_input_free(&input);
  return status;
}

/* What is written: every file's findings. */
struct judged {
  const struct jac_verified *files;
  size_t count;
};

/* Of each format: how they are written. */
static enum jac_status write_text(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  const struct judged *j = what;
  struct jac_style style = jac_options_style(options);
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_verify_text(j->files, j->count, options->all, &style, &text);
  return jac_format_put(&text, JAC_OK, file, err);
}

static enum jac_status write_markdown(void *what, const struct jac_options *options,
                                      FILE *file, struct jac_error *err) {
  const struct judged *j = what;
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_verify_markdown(j->files, j->count, options->all, &text);
  return jac_format_put(&text, JAC_OK, file, err);
}

static enum jac_status write_csv(void *what, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  const struct judged *j = what;
  struct jac_buffer text = JAC_BUFFER_INIT;
  (void)options;
  jac_verify_csv(j->files, j->count, &text);
  return jac_format_put(&text, JAC_OK, file, err);
}

static enum jac_status put_json(const struct judged *j,
                                json_t *(*make)(const struct jac_verified *files,
                                                size_t count),
                                FILE *file, struct jac_error *err) {
  jac_language_pause();
  json_t *json = make(j->files, j->count);
  jac_language_resume();
  return jac_format_json(json, file, err);
}

static enum jac_status write_json(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  (void)options;
  return put_json(what, jac_verify_json, file, err);
}

static enum jac_status write_sarif(void *what, const struct jac_options *options,
                                   FILE *file, struct jac_error *err) {
  (void)options;
  return put_json(what, jac_verify_sarif, file, err);
}

static const struct jac_format formats[] = {
    {.name = "text", .write = write_text},
    {.name = "json", .write = write_json},
    {.name = "markdown", .write = write_markdown},
    {.name = "sarif", .write = write_sarif},
    {.name = "csv", .write = write_csv},
    {.name = NULL},
};

static void judge_one(void *context, size_t k) {
  struct verifying *v = context;
  struct jac_verified *file = &v->files[k];
  file->fault.status = JAC_OK;
  if (judge_file(v->options->spec[k], file, v, &file->fault) != JAC_OK)
    jac_findings_free(&file->findings);
}

/* Says which settings were read in part, those of several files once. */
static void tell_settings(const struct verifying *v) {
  for (size_t k = 0; k < v->options->nspec; k++) {
    const struct jac_around_fault *fault = &v->files[k].settings;
    struct jac_buffer text = JAC_BUFFER_INIT;
    bool told = fault->line == 0;
    for (size_t j = 0; j < k && !told; j++)
      told = strcmp(v->files[j].settings.file, fault->file) == 0;
    if (told)
      continue;
    jac_around_fault_write(fault, &text);
    if (!text.failed)
      jac_output_tell(text.text);
    jac_buffer_free(&text);
  }
}

/* Says which files are at fault, the last of them by err; returns how many are. What was
 * judged for a machine format was judged in English: it is said in the reader's own
 * language. */
static size_t tell_faults(struct verifying *v, bool machine, struct jac_error *err) {
  size_t faults = 0;
  for (size_t k = 0; k < v->options->nspec; k++) {
    if (v->files[k].fault.status == JAC_OK)
      continue;
    if (machine)
      judge_one(v, k);
    if (faults++ > 0)
      jac_output_tell(err->message);
    *err = v->files[k].fault;
  }
  return faults;
}

static bool any_wrong(const struct jac_verified *file, bool strict) {
  for (size_t i = 0; i < file->findings.count; i++) {
    enum jac_finding_verdict v = file->findings.finding[i].verdict;
    if (v == JAC_FINDING_WRONG || (strict && v == JAC_FINDING_UNREAD))
      return true;
  }
  return false;
}

static enum jac_status write_fixed(void *fixed, FILE *file, struct jac_error *err) {
  return jac_format_put(fixed, JAC_OK, file, err);
}

/* Judges, writes, and tells. A file that cannot be judged is a fault, and never stops the
 * others. */
static int verify(struct verifying *v, struct jac_error *err) {
  const struct jac_options *options = v->options;
  bool machine = jac_format_machine(options->format);
  bool wrong = false, any = false;
  struct jac_error own = {JAC_OK, ""};
  struct judged judged = {v->files, options->nspec};
  /* jansson's own start is not made for threads. */
  json_object_seed(0);
  if (machine)
    jac_language_pause();
  jac_jobs_run(options->nspec, options->jobs, judge_one, v);
  jac_language_resume();
  for (size_t k = 0; k < options->nspec; k++) {
    any = any || v->files[k].fault.status == JAC_OK;
    wrong = wrong || any_wrong(&v->files[k], options->strict);
  }
  enum jac_status status = JAC_OK;
  if (any)
    status = options->fix ? jac_format_run(options, JAC_LATEX_AMSMATH, write_fixed,
                                           &v->fixed, &own)
                          : jac_format_write(options, JAC_LATEX_AMSMATH, &judged, &own);
  tell_settings(v);
  size_t faults = tell_faults(v, machine, err);
  if (status != JAC_OK) {
    if (faults > 0)
      jac_output_tell(err->message);
    *err = own;
  }
  return faults > 0 || status != JAC_OK ? JAC_EXIT_FAULT
         : wrong                        ? JAC_EXIT_FAILED
                                        : JAC_EXIT_OK;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  if (options->nspec == 0) {
    jac_fail(err, JAC_EINPUT,
             _("no file is named: add one, as in notes.md, or - for standard input"));
    return JAC_EXIT_FAULT;
  }
  if (options->fix && (options->nspec > 1 || options->output == NULL)) {
    jac_fail(err, JAC_EINPUT,
             _("--fix writes a copy of one file: say where with -o FILE"));
    return JAC_EXIT_FAULT;
  }
  struct verifying v = {.options = options, .fixed = JAC_BUFFER_INIT};
  int status = JAC_EXIT_FAULT;
  v.files = calloc(options->nspec, sizeof *v.files);
  if (v.files == NULL)
    jac_fail_memory(err);
  else if (jac_outside_load(options, &v.outside, err) == JAC_OK)
    status = verify(&v, err);
  for (size_t k = 0; k < options->nspec && v.files != NULL; k++)
    jac_findings_free(&v.files[k].findings);
  free(v.files);
  jac_buffer_free(&v.fixed);
  jac_outside_free(&v.outside);
  return status;
}

const struct jac_command jac_command_verify = {
    .name = "verify",
    .usage = N_("FILE... [OPTIONS]"),
    .summary = N_("judge the formulas in notes (Markdown, LaTeX, RST, notebooks)"),
    .details =
        N_("What a formula is about is said by a comment above it, which holds up to "
           "the next\n"
           "heading: <!-- jacobian: linear --> in Markdown, % jacobian: linear in "
           "LaTeX,\n"
           ".. jacobian: linear in reStructuredText; or by the definition in the text.\n"
           "docs/verify.md tells all.\n"
           "Exit status: 0 nothing is wrong, 1 a claim does not hold, 2 a fault."),
    .examples = "  jacobian verify notes.md\n"
                "  jacobian verify --strict course/*.tex\n"
                "  jacobian verify notes.md --format sarif -o notes.sarif\n"
                "  jacobian verify submissions/*.md --format csv -o marks.csv\n"
                "  jacobian verify notes.md --fix -o corrected.md\n",
    .formats = formats,
    .run = run,
};
