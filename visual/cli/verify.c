/* jacobian verify FILE...: every formula in notes, judged. */
#include "jacobian/notes/judge.h"
#include "jacobian/notes/read.h"
#include "jacobian/text.h"
#include "layers/subject.h"
#include "visual/cli/command.h"
#include "visual/cli/jobs.h"
#include "visual/cli/language.h"
#include "visual/input.h"
#include "visual/output.h"
#include "visual/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum jac_status judge_file(const char *path, struct jac_verified *file,
                                  const struct jac_options *options,
                                  struct jac_buffer *fixed, struct jac_error *err) {
  static const struct jac_notes_modules modules = {jac_subject_define, NULL};
  struct jac_input input = {0};
  struct jac_document document = {0};
  file->file = strcmp(path, "-") == 0 ? "-" : path;
  enum jac_notes_format format = jac_notes_format_of(path);
  enum jac_status status = jac_input_read(path, &input, err);
  struct jac_error inside = {JAC_OK, ""};
  if (status == JAC_OK) {
    status = jac_notes_read(input.bytes, input.size, format, &document, &inside);
    if (status != JAC_OK)
      jac_fail(err, status, "%s: %s", input.name, inside.message);
  }
  if (status == JAC_OK)
    status = jac_notes_judge(&document, &modules, &file->findings, err);
  if (status == JAC_OK && options->fix)
    status = format == JAC_NOTES_NOTEBOOK
                 ? jac_fail(err, JAC_EREFUSED,
                            _("%s: --fix knows Markdown and LaTeX only"), input.name)
                 : jac_verify_fix(file, input.bytes, input.size,
                                  format == JAC_NOTES_LATEX, fixed, err);
  jac_document_free(&document);
  jac_input_free(&input);
  return status;
}

static enum jac_status write_all(const struct jac_options *options, const char *format,
                                 const struct jac_verified *files, size_t count,
                                 const struct jac_buffer *fixed, struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_output output;
  struct jac_style style = jac_options_style(options);
  json_t *json = NULL;
  enum jac_status status = JAC_OK;
  bool is_json = strcmp(format, "json") == 0, is_sarif = strcmp(format, "sarif") == 0;
  if (options->fix)
    jac_buffer_add_bytes(&text, fixed->text, fixed->length);
  else if (is_json || is_sarif) {
    jac_language_pause();
    json = is_json ? jac_verify_json(files, count) : jac_verify_sarif(files, count);
    jac_language_resume();
    status = json == NULL ? jac_fail_memory(err) : JAC_OK;
  } else if (strcmp(format, "markdown") == 0)
    jac_verify_markdown(files, count, &text);
  else if (strcmp(format, "csv") == 0)
    jac_verify_csv(files, count, &text);
  else
    jac_verify_text(files, count, options->all, &style, &text);
  if (status == JAC_OK)
    status = jac_buffer_status(&text, err);
  if (status == JAC_OK)
    status = jac_output_open(options->output, &output, err);
  if (status == JAC_OK) {
    if (json != NULL) {
      json_dumpf(json, output.file, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
      fputs("\n", output.file);
    } else
      fwrite(text.text, 1, text.length, output.file);
    status = jac_output_close(&output, err);
  }
  json_decref(json);
  jac_buffer_free(&text);
  return status;
}

/* All files of one run. */
struct verifying {
  const struct jac_options *options;
  struct jac_verified *files;
  struct jac_buffer *fixed; /* of the only file */
};

static void judge_one(void *context, size_t k) {
  struct verifying *v = context;
  struct jac_verified *file = &v->files[k];
  file->fault.status = JAC_OK;
  if (judge_file(v->options->spec[k], file, v->options, v->fixed, &file->fault) != JAC_OK)
    jac_findings_free(&file->findings);
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
      fprintf(stderr, "jacobian: %s\n", err->message);
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

/* Judges, writes, and tells. A file that cannot be judged is a fault, and never stops the
 * others. */
static int verify(struct verifying *v, const char *format, struct jac_error *err) {
  const struct jac_options *options = v->options;
  bool machine = strcmp(format, "json") == 0 || strcmp(format, "sarif") == 0 ||
                 strcmp(format, "csv") == 0;
  bool wrong = false, any = false;
  struct jac_error own = {JAC_OK, ""};
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
    status = write_all(options, options->fix ? "text" : format, v->files, options->nspec,
                       v->fixed, &own);
  size_t faults = tell_faults(v, machine, err);
  if (status != JAC_OK) {
    if (faults > 0)
      fprintf(stderr, "jacobian: %s\n", err->message);
    *err = own;
  }
  return faults > 0 || status != JAC_OK ? JAC_EXIT_FAULT
         : wrong                        ? JAC_EXIT_FAILED
                                        : JAC_EXIT_OK;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  static const char *const formats[] = {"text", "json", "markdown", "sarif", "csv", NULL};
  const char *format = "text";
  if (!options->fix && jac_options_format(options, formats, &format, err) != JAC_OK)
    return JAC_EXIT_FAULT;
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
  struct jac_buffer fixed = JAC_BUFFER_INIT;
  struct verifying v = {.options = options, .fixed = &fixed};
  v.files = calloc(options->nspec, sizeof *v.files);
  if (v.files == NULL) {
    jac_fail_memory(err);
    return JAC_EXIT_FAULT;
  }
  int status = verify(&v, format, err);
  for (size_t k = 0; k < options->nspec; k++)
    jac_findings_free(&v.files[k].findings);
  free(v.files);
  jac_buffer_free(&fixed);
  return status;
}

const struct jac_command jac_command_verify = {
    .name = "verify",
    .bit = JAC_CMD_VERIFY,
    .usage = N_("FILE... [OPTIONS]"),
    .summary = N_("judge the formulas in notes (Markdown, LaTeX, notebooks)"),
    .details =
        N_("What a formula is about is said by a comment above it, which holds up to "
           "the next\n"
           "heading: <!-- jacobian: linear --> in Markdown, % jacobian: linear in "
           "LaTeX; or by\n"
           "the definition in the text. docs/verify.md tells all.\n"
           "Exit status: 0 nothing is wrong, 1 a claim does not hold, 2 a fault."),
    .examples = "  jacobian verify notes.md\n"
                "  jacobian verify --strict course/*.tex\n"
                "  jacobian verify notes.md --format sarif -o notes.sarif\n"
                "  jacobian verify submissions/*.md --format csv -o marks.csv\n"
                "  jacobian verify notes.md --fix -o corrected.md\n",
    .run = run,
};
