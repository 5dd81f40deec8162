/* Every formula in notes, judged. */
#ifndef JACOBIAN_NOTES_JUDGE_H
#define JACOBIAN_NOTES_JUDGE_H

#include "jacobian/notes/document.h"
#include "jacobian/notes/setting.h"

enum jac_finding_verdict {
  JAC_FINDING_HOLDS,
  JAC_FINDING_CONVENTION, /* it holds under another convention */
  JAC_FINDING_WRONG,
  JAC_FINDING_UNREAD, /* not understood */
  JAC_FINDING_UNJUDGED,
  JAC_FINDINGS
};

/* "holds", "holds with a convention", "does not hold", "not understood", "not judged". */
const char *jac_finding_name(enum jac_finding_verdict verdict);

/* One link of a formula, or a display that has none. Strings are owned; NULL: none. */
struct jac_finding {
  size_t line, column;
  char *formula, *claim;
  size_t link;
  char *subject, *wrt;
  enum jac_finding_verdict verdict;
  char *convention, *diagnosis, *correction;
  bool transposed; /* the convention is a transpose layout */
  bool deviates;   /* from the convention of the rest of the file */
  size_t samples;
  double max_rel_error;
};

struct jac_findings {
  struct jac_finding *finding;
  size_t count, displays; /* displayed formulas met */
};

/* Knows modules: fills a setting with the definitions of a SPEC (its words), for rows or
 * columns. False: it is none. */
struct jac_notes_modules {
  bool (*define)(void *context, const char *spec, bool columns,
                 struct jac_setting *setting, struct jac_error *err);
  void *context;
};

/* Judges all displayed formulas of a document, and reads inline ones for definitions and
 * shapes. Free with jac_findings_free. Errors: JAC_ENOMEM. */
enum jac_status jac_notes_judge(const struct jac_document *document,
                                const struct jac_notes_modules *modules,
                                struct jac_findings *findings, struct jac_error *err);
void jac_findings_free(struct jac_findings *findings);

/* One link against the truth: the left side, which the setting gives a value, and a right
 * side. */
struct jac_judgement {
  enum jac_finding_verdict verdict;
  unsigned conventions;   /* those that it holds under, as bits */
  const char *convention; /* words of the first, NULL for the project's own */
  char diagnosis[600];
  char correction[400];
  char wrt[JAC_SETTING_NAME];
  char stranger[JAC_SETTING_NAME]; /* not understood: the name that nothing explains */
  char meaning[600];               /* what unexplained names were taken for: "s = ..." */
  size_t samples;
  double error;
  bool misfit;  /* wrong, and not of the left side's shape */
  bool other;   /* wrong, and another variable's derivative */
  bool plain;   /* no derivative stands in it */
  bool special; /* holds for symmetric matrices alone, or where something is a number */
  bool renamed; /* changed, by a name in place of another */
  bool changed; /* wrong, and a small change of the formula makes it right */
  bool scalar;  /* its only variable was a number */
};
enum jac_status jac_judge_link(const struct jac_setting *setting,
                               const struct jac_node *left, const struct jac_node *right,
                               unsigned allowed, struct jac_judgement *judgement,
                               struct jac_error *err);

/* A left side that is the Jacobian's letter, as the derivative that it means; NULL: it is
 * none. */
const struct jac_node *jac_judge_symbol(struct jac_setting *setting, const char *latex,
                                        struct jac_error *err);

#endif
