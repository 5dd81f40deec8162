/* Notes that are being written: what the judge says of them, kept section by section, so
 * that an edit has its own section judged again at once and the whole a little later. */
#ifndef VISUAL_LSP_NOTES_H
#define VISUAL_LSP_NOTES_H

#include "jacobian/notes/judge.h"
#include "jacobian/notes/read.h"

#include <stdbool.h>
#include <stdint.h>

/* One finding with its place in bytes from the section's start. */
struct jac_lsp_finding {
  const struct jac_finding *said; /* the section's */
  size_t start, end;              /* the claim */
  size_t from, to;                /* the whole formula, or the directive */
  bool directive;
};

/* From a heading to the next; the first is what stands before any heading. */
struct jac_lsp_section {
  uint64_t key; /* of all that it says, and of the section before, on which it may lean */
  size_t start; /* in the text */
  bool judged;
  struct jac_findings said; /* owned */
  struct jac_lsp_finding *finding;
  size_t count;
};

struct jac_lsp_sections {
  struct jac_lsp_section *section;
  size_t count;
  struct jac_error fault; /* why the text cannot be read, or JAC_OK */
  bool whole;             /* judged as a whole: nothing is a guess */
  double cost;            /* milliseconds an item took; 0: not known */
};

/* Judges a text as a whole; before: what jac_notes_read_after takes. */
void jac_lsp_judge(const char *before, const char *text, size_t length,
                   enum jac_notes_format format, const struct jac_notes_modules *modules,
                   struct jac_lsp_sections *sections);

/* Judges what changed since: sections that are as they were keep their findings (taken
 * from old, which is freed). Others are judged with the one before them, as long as the
 * budget of milliseconds lasts, unless one alone would take much more; what is left has
 * judged = false. */
void jac_lsp_judge_again(const char *before, const char *text, size_t length,
                         enum jac_notes_format format,
                         const struct jac_notes_modules *modules, unsigned budget,
                         struct jac_lsp_sections *old, struct jac_lsp_sections *sections);

void jac_lsp_sections_free(struct jac_lsp_sections *sections);

/* The first finding from *section and *k on whose claim, or whole formula, has the offset
 * in it, or NULL. Begin with 0, 0; go on behind the last. */
const struct jac_lsp_finding *jac_lsp_find(const struct jac_lsp_sections *sections,
                                           size_t offset, size_t *section, size_t *k);

#endif
