/* jacobian check SPEC: explicit Jacobians against their references, or a user's own. */
#include "jacobian/check.h"
#include "jacobian/define/map_scope.h"
#include "jacobian/text.h"
#include "layers/audit.h"
#include "layers/network.h"
#include "visual/cli/claim.h"
#include "visual/cli/command.h"
#include "visual/cli/foreign.h"
#include "visual/cli/gauss.h"
#include "visual/cli/language.h"
#include "visual/cli/subject.h"
#include "visual/cli/sweep.h"
#include "visual/grid.h"
#include "visual/json.h"
#include "visual/latex/latex.h"
#include "visual/latex/report.h"
#include "visual/markdown.h"
#include "visual/report.h"
#include "visual/text.h"
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
  bool failed;             /* a check failed */
  struct jac_buffer audit; /* what the modules say of themselves and are not */
  bool unsafe;             /* a module's structure is of no use */
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
  struct jac_buffer word = JAC_BUFFER_INIT, drawn = JAC_BUFFER_INIT;
  jac_buffer_printf(&word, "@%s", file);
  enum jac_status status = jac_buffer_status(&word, err);
  if (status == JAC_OK)
    status = jac_values_parse("--against", word.text, &table, err);
  if (status == JAC_OK)
    status = jac_foreign_judge(c->options, c->subject, wrt, J, &table, &verdict, err);
  if (status == JAC_OK)
    status = jac_foreign_drawn(c->options, c->subject, wrt, J, &drawn, err);
  if (status == JAC_OK) {
    struct jac_report r = jac_foreign_report(c->subject, wrt, file, &verdict);
    r.drawn = drawn.length > 0 ? drawn.text : NULL;
    status = report(c, &r, err);
  }
  jac_buffer_free(&verdict.diagnosis);
  jac_table_free(&table);
  jac_buffer_free(&word);
  jac_buffer_free(&drawn);
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

/* What a module of the network says of itself, where its code does something else. */
static enum jac_status report_audit(struct checking *c, const struct jac_map *module,
                                    const struct jac_audit *audit,
                                    struct jac_error *err) {
  const char *wrt = audit->wrt < module->nvar ? module->var[audit->wrt].name : "";
  c->failed = true;
  c->unsafe = c->unsafe || audit->unsafe;
  if (c->json == NULL) {
    struct jac_buffer line = JAC_BUFFER_INIT;
    jac_buffer_printf(&line, _("%s is not what it says: %s"), module->spec,
                      audit->text.text);
    jac_paint_add(&c->style, JAC_PAINT_WRONG, line.text, &c->audit);
    jac_buffer_add(&c->audit, "\n");
    jac_buffer_free(&line);
    return jac_buffer_status(&c->audit, err);
  }
  double off = fabs(audit->said - audit->done);
  json_t *object = json_pack(
      "{s:s, s:s, s:s, s:s, s:o, s:o, s:n, s:n, s:s}", "module", module->spec, "wrt", wrt,
      "against", audit->about, "verdict", jac_verdict_name(JAC_VERDICT_DIFFERS),
      "max_abs_error", isnan(off) ? json_null() : jac_json_number(off), "max_rel_error",
      isnan(off) ? json_null() : jac_json_number(off / fabs(audit->done)), "tolerance",
      "worst", "diagnosis", audit->text.text);
  return object != NULL && json_array_append_new(c->json, object) == 0
             ? JAC_OK
             : jac_fail_memory(err);
}

/* Modules up to so many entries a sample are audited, for their formulas are evaluated
 * one by one, and at many points: one's own, and those of the table, whose tests do the
 * same. */
enum { AUDIT_OWN = 4096, AUDIT_TABLE = 256 };

static bool is_own(const struct jac_subject *subject, const struct jac_map *module) {
  const struct jac_module_library *library = &subject->outside.library;
  bool own = false;
  for (size_t k = 0; k < library->count; k++) {
    size_t length = strlen(library->module[k]->name);
    own = own || (strncmp(library->module[k]->name, module->spec, length) == 0 &&
                  strchr(":,", module->spec[length]) != NULL);
  }
  return own;
}

static bool worth_audit(const struct jac_map *module, bool own) {
  double most = 0.0, batch = (double)module->batch;
  for (size_t v = 0; v < module->nvar; v++) {
    double size = (double)jac_variable_size(&module->var[v]);
    most = fmax(most, module->var[v].role == JAC_DATA ? size / batch : size);
  }
  double outputs = (double)(module->rows * module->cols);
  return most * outputs <= (own ? AUDIT_OWN * batch : AUDIT_TABLE);
}

/* A module of one's own that is too large is not believed in silence. */
static enum jac_status report_unaudited(struct checking *c,
                                        const struct jac_map *module) {
  if (c->json != NULL)
    return JAC_OK;
  jac_buffer_printf(&c->audit,
                    _("%s has more than %d entries a sample: what it says of itself was "
                      "not held against its code; check a smaller one too\n"),
                    module->spec, AUDIT_OWN);
  return JAC_OK;
}

/* Every module of one's own, and the others where they are small. */
static enum jac_status audit_modules(struct checking *c, struct jac_error *err) {
  const struct jac_subject *subject = c->subject;
  enum jac_status status = JAC_OK;
  if (subject->of != NULL || c->options->define != NULL || c->options->against != NULL ||
      c->options->claim != NULL)
    return JAC_OK;
  size_t count = jac_network_count(subject->map);
  if (c->json != NULL)
    jac_language_pause();
  for (size_t k = 0; k < count && status == JAC_OK; k++) {
    const struct jac_map *module = jac_network_module(subject->map, k);
    struct jac_audit audit;
    if (jac_map_is_formula(module))
      continue;
    bool own = is_own(subject, module);
    if (!worth_audit(module, own)) {
      if (own)
        status = report_unaudited(c, module);
      continue;
    }
    status =
        jac_audit_module(module, count == 1 ? jac_values_point(&subject->values) : NULL,
                         &subject->outside.library, c->options->seed, &audit, err);
    if (status == JAC_OK && audit.about != NULL)
      status = report_audit(c, module, &audit, err);
    jac_buffer_free(&audit.text);
  }
  if (c->json != NULL)
    jac_language_resume();
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
  jac_report_latex(c->json, &options->latex, &c->text);
  return write_text(c, options, file, err);
}

static enum jac_status write_markdown(void *what, const struct jac_options *options,
                                      FILE *file, struct jac_error *err) {
  struct checking *c = what;
  jac_report_markdown(c->json, &options->latex, &c->text);
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

/* Of second derivatives what needs a definition of the Jacobian is not there. */
static enum jac_status second_can_be_held(const struct jac_options *options,
                                          const struct jac_subject *subject,
                                          struct jac_error *err) {
  const struct jac_map *map = subject->map;
  if (map->of == NULL)
    return JAC_OK;
  if (options->claim != NULL || options->certify || options->against != NULL)
    return jac_fail(err, JAC_EREFUSED,
                    _("second derivatives are held against differences and products "
                      "alone: leave --claim, --against, --certify out"));
  return JAC_OK;
}

/* Long: what is said before, of each variable, and after. */
static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_subject subject = {0};
  struct checking c = {.options = options,
                       .subject = &subject,
                       .style = jac_options_style(options),
                       .text = JAC_BUFFER_INIT,
                       .audit = JAC_BUFFER_INIT};
  char *note = NULL;
  enum jac_status status = jac_subject_make_second(options, &subject, err);
  if (status == JAC_OK && options->against != NULL && subject.nwrt > 1)
    status = jac_fail(err, JAC_EINPUT,
                      _("--against holds one Jacobian: choose its variable with --wrt"));
  if (status == JAC_OK && options->claim != NULL && subject.nwrt > 1)
    status = jac_fail(err, JAC_EINPUT,
                      _("--claim is one Jacobian: choose its variable with --wrt"));
  if (status == JAC_OK)
    status = second_can_be_held(options, &subject, err);
  if (status == JAC_OK && options->certify)
    status = jac_certify_available(err);
  if (status == JAC_OK && options->format->write != write_text &&
      (c.json = json_array()) == NULL)
    status = jac_fail_memory(err);
  if (status == JAC_OK)
    status = audit_modules(&c, err);
  for (size_t k = 0; k < subject.nwrt && status == JAC_OK && !c.unsafe; k++)
    status = c.json != NULL ? check_untranslated(&c, subject.wrt[k], err)
                            : check_one(&c, subject.wrt[k], err);
  if (status == JAC_OK && options->gauss_newton && subject.nwrt > 0)
    status = jac_gauss_say(subject.map, jac_values_point(&subject.values), subject.wrt[0],
                           &note, err);
  if (note != NULL)
    jac_text_wrap(&c.style, note, &c.text);
  if (c.audit.length > 0) {
    jac_buffer_add(&c.text, c.text.length > 0 ? "\n" : "");
    jac_buffer_add(&c.text, c.audit.text);
  }
  if (status == JAC_OK)
    status = jac_format_write(options, JAC_LATEX_BOOKTABS, &c, err);
  json_decref(c.json);
  jac_buffer_free(&c.text);
  jac_buffer_free(&c.audit);
  jac_subject_free(&subject);
  free(note);
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
        "a file is judged instead, and what is wrong with it is named. What modules say\n"
        "of themselves (definition, entry formulas, structure, options) is held against\n"
        "their code, at random points and at zeros, equal, tiny and large numbers.\n"
        "Exit status: 0 all agree, 1 something differs, 2 a fault."),
    .examples = "  jacobian check linear:3x2,bias --batch 2\n"
                "  jacobian check softmax:4 --sweep\n"
                "  jacobian check relu:3 --set 'z=1 0 -1'\n"
                "  jacobian check linear:3x2 --wrt W --against J.npy\n"
                "  jacobian check layer-norm:4 --certify\n"
                "  jacobian check softmax:4 --claim 's[i]*(delta(i,j) - s[j])'\n",
    .formats = formats,
    .network = true,
    .run = run,
};
