/* Sentences, formulas and tables through one pen: as LaTeX, as Markdown, as text. What is
 * written says what it is (words, code, mathematics), and the pen knows how. */
#ifndef VISUAL_PROSE_H
#define VISUAL_PROSE_H

#include "jacobian/buffer.h"
#include "visual/latex/latex.h"
#include "visual/style.h"

enum jac_prose_kind { JAC_PROSE_TEXT, JAC_PROSE_LATEX, JAC_PROSE_MARKDOWN };

struct jac_prose_cell {
  struct jac_buffer text;
  double width; /* in points, or in characters */
  bool words;   /* may be broken over lines */
};

/* Starts with kind, options and buffer set and the rest zero. */
struct jac_prose {
  enum jac_prose_kind kind;
  const struct jac_latex *latex; /* of LaTeX and Markdown; borrowed */
  struct jac_style style;        /* of text */
  struct jac_buffer *out;        /* borrowed */
  struct jac_prose_cell *cell;   /* of the table that is open; owned */
  size_t cells, capacity;
  const char *align; /* of its columns, l, r or c; NULL: no table is open */
};

/* Add words, code, or mathematics: latex, and plain for text (NULL: none is written). */
void jac_prose_words(struct jac_prose *prose, const char *words);
void jac_prose_code(struct jac_prose *prose, const char *code);
void jac_prose_math(struct jac_prose *prose, const char *latex, const char *plain);

/* Add words that stand out, and what is LaTeX already, so many points wide. */
void jac_prose_strong(struct jac_prose *prose, const char *words);
void jac_prose_raw(struct jac_prose *prose, const char *latex, double points);

/* Adds a sentence in which {w}, {c}, {m} stand for the arguments in order: words, code,
 * mathematics (two arguments, as above). A blank stands before it where a sentence does.
 */
void jac_prose_say(struct jac_prose *prose, const char *sentence, ...);

/* Ends a paragraph. */
void jac_prose_end(struct jac_prose *prose);

/* Adds a display (nothing as text) in letters of a size, "" or a command. */
void jac_prose_display(struct jac_prose *prose, const char *latex, const char *size);

/* Opens a table, an align letter a column; begins its next cell, row by row, the first
 * row is its heading (titles: all of it at once); closes it. What is added in between
 * goes to the cell. */
void jac_prose_table(struct jac_prose *prose, const char *align);
void jac_prose_cell(struct jac_prose *prose);
void jac_prose_titles(struct jac_prose *prose, const char *const *title, size_t count);
void jac_prose_table_end(struct jac_prose *prose);

#endif
