/* What `check` found, for a person and for programs. */
#ifndef VISUAL_REPORT_H
#define VISUAL_REPORT_H

#include "jacobian/certify.h"
#include "visual/label.h"
#include "visual/style.h"

#include <jansson.h>

/* The results for one variable, ready to be written. All borrowed. */
struct jac_report {
  const struct jac_map *map;
  size_t wrt;
  const struct jac_check_result *result;
  size_t count;
  const char *file;      /* --against: the file's name, else NULL */
  const char *reading;   /* --against: how its shape was read, else NULL */
  const char *diagnosis; /* what the mistake most likely is, or NULL */
  bool fact;             /* the diagnosis is known, not likely */
  const char *drawn; /* --against: the variables that were left to the seed, or NULL */
  const char *claim; /* --claim: the formula, else NULL */
  const char *how;   /* --claim: the convention under which it holds, or NULL */
  bool shape_wrong;  /* --against: no reading fits: there is no result */
  const struct jac_certificate *certificate; /* --certify, else NULL */
  bool certified; /* --certify --claim: it was proved, or refuted, by intervals */
};

/* Add the labels of an entry's output and of the variable's entry. */
void jac_report_row(const struct jac_report *report,
                    const struct jac_checked_entry *entry, enum jac_notation notation,
                    struct jac_buffer *out);
void jac_report_column(const struct jac_report *report,
                       const struct jac_checked_entry *entry, enum jac_notation notation,
                       struct jac_buffer *out);

/* Adds the report as text: one sentence, a line a reference, the wrong entries. */
void jac_report_text(const struct jac_report *report, const struct jac_style *style,
                     struct jac_buffer *out);

/* Appends one object a result to the array, as the design of `check --format json` says.
 * JAC_ENOMEM. */
enum jac_status jac_report_json(const struct jac_report *report, json_t *array,
                                struct jac_error *err);

#endif
