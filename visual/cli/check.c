/* jacobian check SPEC: explicit Jacobians against their references, or a user's own. */
#include "jacobian/check.h"
#include "jacobian/text.h"
#include "visual/cli/claim.h"
#include "visual/cli/command.h"
#include "visual/cli/foreign.h"
#include "visual/cli/language.h"
#include "visual/cli/subject.h"
#include "visual/cli/sweep.h"
#include "visual/json.h"
#include "visual/latex/latex.h"
#include "visual/latex/report.h"
#include "visual/markdown.h"
#include "visual/report.h"
#include "visual/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything that one run of the command collects. */
struct checking {
  const struct jac_options *options;
  const struct jac_subject *subject;
  struct jac_style style;
  json_t *json; /* the array, or NULL: text */
  struct jac_buffer text;
  bool failed; /* a check failed */
};

static enum jac_status report(struct checking *c, const struct jac_report *r,
                              struct jac_error *err) {
  for (size_t k = 0; k < r->count; k++)
    c->failed = c->failed || r->result[k].verdict == JAC_VERDICT_DIFFERS;
  c->failed = c->failed || r->shape_wrong;
  if (c->json != NULL)
    return jac_report_json(r, c->json, err);
  if (c->text.length > 0)
    jac_buffer_add(&c->text, "\n");
  jac_report_text(r, &c->style, &c->text);
  return jac_buffer_status(&c->text, err);
}

static enum jac_status check_against(struct checking *c, size_t wrt,
                                     const struct jac_array3 *J, struct jac_error *err) {
  const char *file = c->options->against;
  struct jac_table table = {0};
  struct jac_foreign_verdict verdict = {.fits = false};
  struct jac_buffer word = JAC_BUFFER_INIT;
  jac_buffer_printf(&word, "@%s", file);
  enum jac_status status = jac_buffer_status(&word, err);
  if (status == JAC_OK)
    status = jac_values_parse("--against", word.text, &table, err);
  if (status == JAC_OK)
    status = jac_foreign_judge(c->options, c->subject, wrt, J, &table, &verdict, err);
  if (status == JAC_OK) {
    struct jac_report r = jac_foreign_report(c->subject, wrt, file, &verdict);
    status = report(c, &r, err);
  }
  jac_buffer_free(&verdict.diagnosis);
  jac_table_free(&table);
  jac_buffer_free(&word);
  return status;
}

static enum jac_status check_claim(struct checking *c, size_t wrt,
                                   const struct jac_array3 *J, struct jac_error *err) {
  struct jac_claim_verdict verdict;
  enum jac_status status = jac_claim_judge(c->options, c->subject, wrt, J, &verdict, err);
  if (status == JAC_OK)
    status = report(
        c,
        &(struct jac_report){
            .map = c->subject->map,
            .wrt = wrt,
            .result = &verdict.result,
            .count = verdict.shape_wrong ? 0 : 1,
            .file = c->options->claim,
            .claim = c->options->claim,
            .how = verdict.how[0] != '\0' ? verdict.how : NULL,
            .diagnosis = verdict.diagnosis.length > 0 ? verdict.diagnosis.text : NULL,
            .shape_wrong = verdict.shape_wrong,
            .certified = verdict.certified},
        err);
  jac_buffer_free(&verdict.diagnosis);
  return status;
}

static enum jac_status check_one(struct checking *c, size_t wrt, struct jac_error *err) {
  const struct jac_map *map = c->subject->map;
  jac_point x = jac_values_point(&c->subject->values);
  struct jac_array3 J;
  struct jac_check_result results[JAC_REFERENCES + 1];
  struct jac_certificate certificate;
  struct jac_check_options options = {
      c->options->plain_differences ? JAC_DIFFERENCE_PLAIN : JAC_DIFFERENCE_COMPRESSED,
      c->options->seed};
  enum jac_status status = jac_map_jacobian_new(map, x, wrt, &J, err);
  if (status != JAC_OK)
    return status;
  if (c->options->against != NULL)
    status = check_against(c, wrt, &J, err);
  else if (c->options->claim != NULL)
    status = check_claim(c, wrt, &J, err);
  else {
    bool certify = c->options->certify;
    status = jac_check(map, x, wrt, &J, &options, results, err);
    if (status == JAC_OK && certify)
      status = jac_certify(map, x, wrt, &J, &certificate, &results[JAC_REFERENCES], err);
    if (status == JAC_OK)
      status = report(c,
                      &(struct jac_report){.map = map,
                                           .wrt = wrt,
                                           .result = results,
                                           .count = JAC_REFERENCES + (certify ? 1 : 0),
                                           .certificate = certify ? &certificate : NULL},
                      err);
    if (status == JAC_OK && c->options->sweep && c->json == NULL)
      status =
          jac_sweep_text(map, x, wrt, &J, c->options->seed, &c->style, &c->text, err);
  }
  jac_array3_free(&J);
  return status;
}

/* What goes into a machine format is English; what went wrong is said in the reader's own
 * language. */
static enum jac_status check_untranslated(struct checking *c, size_t wrt,
                                          struct jac_error *err) {
  jac_language_pause();
  enum jac_status status = check_one(c, wrt, err);
  jac_language_resume();
  return status == JAC_OK ? JAC_OK : check_one(c, wrt, err);
}

/* Of each format: how all results are written. */
static enum jac_status write_text(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  struct checking *c = what;
  (void)options;
  return jac_format_put(&c->text, JAC_OK, file, err);
}

static enum jac_status write_latex(void *what, const struct jac_options *options,
                                   FILE *file, struct jac_error *err) {
  struct checking *c = what;
  jac_report_latex(c->json, &c->text);
  return write_text(c, options, file, err);
}

static enum jac_status write_markdown(void *what, const struct jac_options *options,
                                      FILE *file, struct jac_error *err) {
  struct checking *c = what;
  jac_report_markdown(c->json, &c->text);
  return write_text(c, options, file, err);
}

static enum jac_status write_csv(void *what, const struct jac_options *options,
                                 FILE *file, struct jac_error *err) {
  static const char *const keys[] = {"module",    "wrt",           "against",
                                     "verdict",   "max_abs_error", "max_rel_error",
                                     "tolerance", "diagnosis",     NULL};
  struct checking *c = what;
  jac_json_table(c->json, keys, &c->text);
  return write_text(c, options, file, err);
}

static enum jac_status write_json(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  struct checking *c = what;
  (void)options;
  return jac_format_json(json_incref(c->json), file, err);
}

static const struct jac_format formats[] = {
    {.name = "text", .write = write_text},
    {.name = "latex", .write = write_latex},
    {.name = "markdown", .write = write_markdown},
    {.name = "json", .write = write_json},
    {.name = "csv", .write = write_csv},
    {.name = NULL},
};

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_subject subject = {0};
  struct checking c = {.options = options,
                       .subject = &subject,
                       .style = jac_options_style(options),
                       .text = JAC_BUFFER_INIT};
  enum jac_status status = jac_subject_make(options, &subject, err);
  if (status == JAC_OK && options->against != NULL && subject.nwrt > 1)
    status = jac_fail(err, JAC_EINPUT,
                      _("--against holds one Jacobian: choose its variable with --wrt"));
  if (status == JAC_OK && options->claim != NULL && subject.nwrt > 1)
    status = jac_fail(err, JAC_EINPUT,
                      _("--claim is one Jacobian: choose its variable with --wrt"));
  if (status == JAC_OK && options->certify)
    status = jac_certify_available(err);
  if (status == JAC_OK && options->format->write != write_text &&
      (c.json = json_array()) == NULL)
    status = jac_fail_memory(err);
  for (size_t k = 0; k < subject.nwrt && status == JAC_OK; k++)
    status = c.json != NULL ? check_untranslated(&c, subject.wrt[k], err)
                            : check_one(&c, subject.wrt[k], err);
  if (status == JAC_OK)
    status = jac_format_write(options, JAC_LATEX_BOOKTABS, &c, err);
  json_decref(c.json);
  jac_buffer_free(&c.text);
  jac_subject_free(&subject);
  if (status != JAC_OK)
    return JAC_EXIT_FAULT;
  return c.failed ? JAC_EXIT_FAILED : JAC_EXIT_OK;
}

const struct jac_command jac_command_check = {
    .name = "check",
    .usage = N_("SPEC [OPTIONS]"),
    .summary =
        N_("hold explicit Jacobians against independent references, or against your own"),
    .details = N_(
        "References: finite differences with their own error estimate, and the fast\n"
        "vector-Jacobian and Jacobian-vector products. With --against, a Jacobian from\n"
        "a file is judged instead, and what is wrong with it is named.\n"
        "Exit status: 0 all agree, 1 something differs, 2 a fault."),
    .examples = "  jacobian check linear:3x2,bias --batch 2\n"
                "  jacobian check softmax:4 --sweep\n"
                "  jacobian check relu:3 --set 'z=1 0 -1'\n"
                "  jacobian check linear:3x2 --wrt W --against J.npy\n"
                "  jacobian check layer-norm:4 --certify\n"
                "  jacobian check softmax:4 --claim 's[i]*(delta(i,j) - s[j])'\n",
    .formats = formats,
    .run = run,
};
