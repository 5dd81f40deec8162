/* What a file of notes holds, in file order: its headings, its directives and its
 * formulas. Every reader (Markdown, LaTeX, notebooks) fills this same type. */
#ifndef JACOBIAN_NOTES_DOCUMENT_H
#define JACOBIAN_NOTES_DOCUMENT_H

#include "jacobian/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
  JAC_NOTES_LONGEST = 1 << 24,          /* bytes in one file */
  JAC_NOTES_NOTEBOOK_LONGEST = 1 << 26, /* and in a notebook, which may hold pictures */
  JAC_NOTES_ITEMS = 100000,             /* items in one file */
  JAC_NOTES_FORMULA = 1 << 16,          /* bytes in one formula */
  JAC_NOTES_BLOCK = 1024
};

enum jac_item_kind {
  JAC_ITEM_HEADING,   /* level; text is empty */
  JAC_ITEM_DIRECTIVE, /* text: what follows `jacobian:`, trimmed, for jac_directive_read
                       */
  JAC_ITEM_DISPLAY,   /* text: the LaTeX of a displayed formula */
  JAC_ITEM_INLINE     /* text: the LaTeX of a formula in a sentence */
};

/* One item. A formula's text is what stands between its delimiters, with comments taken
 * out (their line ends stay), the author's macros expanded, the Unicode minus written
 * '-',
 * `\newline` written `\\`, and in Markdown the escapes that only served the transport
 * undone
 * (`\_`, `\\\\`, `{% raw %}`, `&lt;`). Definitions of macros are taken out too, and what
 * held nothing else is no item. A directive in a comment inside a formula is an item
 * before that formula. */
struct jac_item {
  enum jac_item_kind kind;
  int level; /* of a heading, 1 (# or \part) to 6 */
  const char
      *environment;  /* of a formula: "align*", "$$", "\\[", "math" (the fence), "$",
                        "\\("; a static string, "" for other kinds */
  char *text;        /* UTF-8, owned */
  size_t length;     /* bytes in text */
  uint32_t *at;      /* for each byte of text, and for its end, the offset in the file
                        that it came from; length + 1 of them, owned. All that a
                        macro's body gave came from the macro's name */
  size_t start, end; /* offsets in the file: from the opening delimiter up to after the
                        closing one; for a directive its text, for a heading its line */
  char *problem;     /* why the item cannot be read (no closing delimiter, a macro
                        without end, a comment that is not closed), one line, owned;
                        text is then as written. NULL when all is well */
  size_t cell, cell_line; /* in a notebook the number of the cell (from 1, all kinds of
                             cells counted) and the line in it; else 0 */
};

struct jac_document {
  struct jac_item *item;
  size_t count, capacity;
  char *source; /* a copy of the file, for places */
  size_t length;
  size_t *line; /* where each line starts, nlines of them */
  size_t nlines;
  size_t *characters; /* how many characters stand before each JAC_NOTES_BLOCK bytes */
};

/* A place as editors count: from 1; columns are characters, not bytes. */
struct jac_place {
  size_t line, column;
};

/* The place of an offset in the file; past the end is the end. Logarithmic in the number
 * of lines, and linear in the length of the line up to there. */
struct jac_place jac_document_place(const struct jac_document *document, size_t offset);

/* The place of a byte of an item's text; past the end is the end. */
struct jac_place jac_item_place(const struct jac_document *document,
                                const struct jac_item *item, size_t offset);

/* Frees what a document owns; it is empty afterwards. A document of zeros is fine. */
void jac_document_free(struct jac_document *document);

#endif
