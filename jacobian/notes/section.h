/* A section of notes as a scope: every formula of it taken apart, facts in order, claims
 * at their places. */
#ifndef JACOBIAN_NOTES_SECTION_H
#define JACOBIAN_NOTES_SECTION_H

#include "jacobian/elaborate/scope.h"
#include "jacobian/notes/document.h"

/* What stands between two relations, or is nothing to judge. */
struct jac_link {
  const struct jac_item *item;
  size_t start, end; /* of the right side, bytes of the item's text */
  size_t link;       /* 1 ...; 0: the display has none */
  size_t visible;    /* facts before it */
  const struct jac_syntax *left, *right;
  const struct jac_syntax *condition; /* it holds only there, or NULL */
  const char *reason;                 /* why it is not judged, or NULL: it is a claim */
  const char *problem;                /* why it is not understood, or NULL */
  size_t position;                    /* of the problem, in the item's text */
  const char *subject;                /* the directive's, or NULL */
  const char *guess[3]; /* what \delta^{s} or a barred name may be the adjoint of: the
                           base names, to be tried in turn; NULL: none */
  bool first;           /* of its statement: its right side may define what is new */
};

struct jac_section {
  struct jac_pool *pool;
  struct jac_fact *fact;
  size_t facts, fact_room;
  struct jac_link *link;
  size_t links, link_room;
  const char *subject;
  const struct jac_syntax *above; /* the left side of the display before */
  /* A formula in a sentence, and where it ends: a display that begins with = goes on from
   * it, directly behind it or where it is a derivative. */
  const struct jac_syntax *beside;
  size_t beside_end;
  /* "For $i \ne j$:" is a condition of the display that follows, in a heading of all. */
  const struct jac_syntax *when, *under;
  size_t when_end;    /* where it ends in the file */
  bool when_used;     /* a display has followed it */
  size_t display_end; /* where the last display ends; 0: there is none */
  bool off;
  bool failed;
  bool looked;           /* for names that are two, bold and not, through the document: */
  const char *parted[8]; /* r, where r = |\mathbf r| */
  size_t parteds;
};

/* Knows modules: adds the facts of a SPEC, a line each, to text:
 *   define LEFT = RIGHT      a definition, plain notation
 *   shape NAME ROWS COLS     "1 1" a number, COLS "-" a vector either way
 *   alias NAME MEANING       another name
 *   subject NAME, input NAME, rows, positive NAME
 * columns: the author's vectors are columns. False: it is none, err says why. */
struct jac_buffer;
struct jac_notes_modules {
  bool (*facts)(void *context, const char *spec, bool columns, struct jac_buffer *text,
                struct jac_error *err);
  void *context;
};

/* Takes over one item (not a heading). sentence: the words after it up to the next item,
 * and before: those before it. */
void jac_section_item(struct jac_section *section, const struct jac_document *document,
                      size_t item, const struct jac_notes_modules *modules);

/* Whether a derivative stands in a formula. */
bool jac_mentions_derivative(const struct jac_syntax *n);

/* Adds the guess that the names \delta^{s} of a link are adjoints of base^{s} ("bar":
 * that barred names are those of the names below the bars). The caller takes the facts
 * back. */
bool jac_section_adjoints(struct jac_section *section, const struct jac_link *link,
                          const char *base);

/* Facts said at this or a deeper level of headings are dropped by the caller, who keeps
 * the counts. */
struct jac_fact *jac_section_fact(struct jac_section *section, struct jac_fact fact);

#endif
