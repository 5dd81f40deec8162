/* What the readers of the formats share: where a formula ends, and how it becomes
 * an item. */
#ifndef JACOBIAN_NOTES_READER_INTERNAL_H
#define JACOBIAN_NOTES_READER_INTERNAL_H

#include "jacobian/notes/document_internal.h"
#include "jacobian/notes/macros_internal.h"

/* What closes a formula: a sign, or the \end of one of the environments. */
enum jac_closing {
  JAC_CLOSE_DOLLARS,       /* $$ */
  JAC_CLOSE_DOLLAR,        /* $ after a character that is no space */
  JAC_CLOSE_SPACED_DOLLAR, /* $ after a space, as `$ x = y $` */
  JAC_CLOSE_BACKTICK,      /* `$, of $`x`$ */
  JAC_CLOSE_BRACKET,       /* \] */
  JAC_CLOSE_PARENTHESIS,   /* \) */
  JAC_CLOSE_BRACKET_TWO,   /* \\] as Jekyll wants it */
  JAC_CLOSE_PARENTHESIS_TWO,
  JAC_CLOSE_VERBATIM,    /* \end{verbatim} and its kin */
  JAC_CLOSE_IFFALSE,     /* \fi */
  JAC_CLOSE_ENVIRONMENT, /* and the following: one for each environment */
  JAC_CLOSINGS = JAC_CLOSE_ENVIRONMENT + 24
};

struct jac_notes_reader {
  const char *text; /* length bytes and a zero: a file, or what a notebook's cell holds */
  size_t length;
  const uint32_t
      *at;      /* the offset in the file of each byte and of the end; NULL: itself */
  bool example; /* the last environment of its kind was an example */
  bool markdown;
  size_t cell;
  struct jac_macros *macros;
  struct jac_document *document;
  struct jac_error *err;
  /* So that a search that failed is not made again (time stays linear): no closing of
   * this kind stands before this offset. */
  size_t none[JAC_CLOSINGS];
  size_t counted, newlines; /* line ends before offset counted */
};

/* A formula found: offsets in the reader's text. */
struct jac_span {
  enum jac_item_kind kind;
  const char *environment;
  enum jac_closing closing;
  size_t start, begin, finish, end; /* with delimiters, and without */
  bool closed;
};

/* Bytes with the places they came from: at NULL says base, base + 1, ... */
struct jac_piece {
  const char *text;
  size_t length;
  const uint32_t *at;
  uint32_t base;
  size_t origin; /* about where in the reader's text it begins, to count lines */
};

/* Whether a formula opens at text[at], which is '$' or the backslash of a control
 * sequence; a display without its end is one too (closed is false), up to the next blank
 * line. */
bool jac_span_find(struct jac_notes_reader *reader, size_t at, struct jac_span *span);

/* Whether a formula's environment stands in this text, as in the body of a macro that
 * sets its argument as a display; begin and finish then count in it, up to its end where
 * the environment has none. */
bool jac_span_inside(const char *text, size_t length, struct jac_span *span);

/* Whether an environment of this name is skipped as a whole: verbatim and its kin. */
bool jac_environment_verbatim(const char *name, size_t length);

uint32_t jac_reader_place(const struct jac_notes_reader *reader, size_t offset);

/* An item of this kind from start to end; cell and its line are filled in. */
/* Whether a text begins as an example or an exercise does; whether an environment's name
 * says so: vkProblem. */
bool jac_begins_another(const char *text, size_t length);
bool jac_names_another(const char *name, size_t length);
/* Whether an environment's name is that of a remark, a theorem: an example is over. */
bool jac_names_other(const char *name, size_t length);

struct jac_item jac_reader_item(struct jac_notes_reader *reader, enum jac_item_kind kind,
                                size_t start, size_t end);

/* Adds the formula of a span. quotes: how many '>' its first line begins with, which are
 * taken off the others. */
enum jac_status jac_reader_formula(struct jac_notes_reader *reader,
                                   const struct jac_span *span, size_t quotes);

/* The same for a formula whose text was gathered from several pieces of the file. */
enum jac_status jac_reader_gathered(struct jac_notes_reader *reader,
                                    const struct jac_span *span,
                                    const struct jac_trace *text);

/* Adds the directive that a comment's inside is, if it begins with `jacobian:`. closed:
 * whether the comment ends at all. */
enum jac_status jac_reader_comment(struct jac_notes_reader *reader,
                                   const struct jac_piece *inside, bool closed);

enum jac_status jac_notes_read_markdown(struct jac_notes_reader *reader);
enum jac_status jac_notes_read_latex(struct jac_notes_reader *reader);
enum jac_status jac_notes_read_rst(struct jac_notes_reader *reader);
enum jac_status jac_notes_read_notebook(struct jac_notes_reader *reader);
enum jac_status jac_notes_read_cells(struct jac_notes_reader *reader);

#endif
