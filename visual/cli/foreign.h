/* check --against: a Jacobian that somebody else made, judged. */
#ifndef VISUAL_CLI_FOREIGN_H
#define VISUAL_CLI_FOREIGN_H

#include "jacobian/check.h"
#include "visual/cli/subject.h"
#include "visual/report.h"
#include "visual/table.h"

/* What became of it. */
struct jac_foreign_verdict {
  bool fits; /* its shape is that of a form; else there is no result */
  struct jac_check_result result; /* against the explicit Jacobian */
  char how[160];                  /* as what it was read */
  bool fact; /* the diagnosis is one, not what the mistake most likely is */
  struct jac_buffer diagnosis; /* where it differs; freed by the caller, always */
};

/* Judges the table as the Jacobian with respect to wrt, whose explicit one is J (native),
 * in the options' order, within their tolerance. */
enum jac_status
jac_foreign_judge(const struct jac_options *options, const struct jac_subject *subject,
                  size_t wrt, const struct jac_array3 *J, const struct jac_table *table,
                  struct jac_foreign_verdict *verdict, struct jac_error *err);

/* Adds the names of the variables that were left to the seed and that the Jacobian with
 * respect to wrt depends on: where they are others than the file was made with, it is
 * another Jacobian. Errors: JAC_ENOMEM, those of the map. */
enum jac_status jac_foreign_drawn(const struct jac_options *options,
                                  const struct jac_subject *subject, size_t wrt,
                                  const struct jac_array3 *J, struct jac_buffer *names,
                                  struct jac_error *err);

/* The verdict as a report of the file; all borrowed. */
struct jac_report jac_foreign_report(const struct jac_subject *subject, size_t wrt,
                                     const char *file,
                                     const struct jac_foreign_verdict *verdict);

#endif
