/* Every formula in notes, judged. */
#ifndef JACOBIAN_NOTES_JUDGE_H
#define JACOBIAN_NOTES_JUDGE_H

#include "jacobian/notes/document.h"
#include "jacobian/notes/section.h"

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

enum { JAC_FINDING_READINGS = 12 };

/* What a layout is of: a convention for one says nothing of the others. */
enum jac_finding_layout {
  JAC_LAYOUT_OF_MATRIX, /* the gradient by a matrix */
  JAC_LAYOUT_OF_VECTOR,
  JAC_LAYOUT_OF_JACOBIAN,
  JAC_LAYOUTS_OF
};

/* One link of a formula, or a display that has none. Strings are owned; NULL: none. */
struct jac_finding {
  size_t line, column;
  size_t cell,
      cell_line; /* of a notebook: the cell, and the line in it, from 1; else 0 */
  char *formula, *claim;
  size_t link;
  char *subject, *wrt;
  enum jac_finding_verdict verdict;
  char *convention, *diagnosis, *correction;
  bool transposed; /* the convention is a transpose layout */
  bool plain;      /* the layout matters, and is the usual one */
  enum jac_finding_layout layout;
  bool likely;   /* sure where other claims of the section hold */
  bool sure;     /* of JAC_FINDING_WRONG: the claim itself says that it is read rightly */
  bool deviates; /* from the convention of the rest of its section */
  bool chain;    /* its right side is made of derivatives alone, or its left
                    is a product */
  char *reading[JAC_FINDING_READINGS]; /* the choices that were made, in words; owned */
  size_t readings;
  size_t samples;
  double max_rel_error;
};

struct jac_findings {
  struct jac_finding *finding;
  size_t count, displays; /* displayed formulas met */
};

/* Judges all displayed formulas of a document, and reads inline ones for definitions and
 * shapes. Free with jac_findings_free. Errors: JAC_ENOMEM. */
enum jac_status jac_notes_judge(const struct jac_document *document,
                                const struct jac_notes_modules *modules,
                                struct jac_findings *findings, struct jac_error *err);
void jac_findings_free(struct jac_findings *findings);

#endif
