/* LaTeX: what pastes into notes and compiles. A fragment starts with comments that say
 * what it is and which packages it needs. */
#ifndef VISUAL_LATEX_LATEX_H
#define VISUAL_LATEX_LATEX_H

#include "visual/latex/sheet.h"
#include "visual/view.h"

#include <stdio.h>

enum jac_latex_style {
  JAC_LATEX_AMSMATH,    /* matrices: amsmath alone */
  JAC_LATEX_NICEMATRIX, /* matrices with labelled borders and coloured blocks */
  JAC_LATEX_TIKZ,       /* heat maps */
  JAC_LATEX_BOOKTABS,   /* tables */
  JAC_LATEX_GRAPHS      /* tables with graphs: no style of a Jacobian */
};

/* What a display stands in. */
enum jac_latex_env {
  JAC_ENV_DISPLAY, /* \[ \], with a label an equation */
  JAC_ENV_INLINE,
  JAC_ENV_EQUATION,
  JAC_ENV_ALIGN,
  JAC_ENV_BARE /* nothing: the mathematics alone */
};

/* Whose Markdown. */
enum jac_flavour {
  JAC_FLAVOUR_PANDOC, /* pandoc, Quarto, and all who leave $$ alone */
  JAC_FLAVOUR_GITHUB,
  JAC_FLAVOUR_JUPYTER,
  JAC_FLAVOUR_MYST
};

#define JAC_ELIDE_FIT 0              /* what fits on a line, 12 at most */
#define JAC_ELIDE_NEVER ((size_t)-1) /* every row and column */

/* What a line holds, in points of letters of 10 points, and how many lines a page does
 * before a display may end it. Zero: article's. */
struct jac_latex_paper {
  double line, lines;
};

/* All zero: the defaults. */
struct jac_latex {
  enum jac_latex_style style;
  size_t elide; /* the most rows and columns that are written, or one of the above */
  struct jac_latex_paper paper;
  bool square;            /* brackets are square */
  bool bare;              /* nothing before it says what it is */
  enum jac_latex_env env; /* of the first style */
  const char *label;      /* of the display, or NULL */
  const char *name;       /* in place of the left side, or NULL */
  const char *notation;   /* other names for its own, "W=\\Theta, z^{k-1}=x", or NULL */
  enum jac_flavour flavour;
};

/* What a line holds. */
double jac_latex_line(const struct jac_latex *options);

/* Adds a whole Jacobian in the style. Errors: JAC_ENOMEM, those of jac_view_symbol. */
enum jac_status jac_view_latex(struct jac_view *view, const struct jac_latex *options,
                               struct jac_buffer *out, struct jac_error *err);

/* Add the Jacobian alone, as each style sets it. */
enum jac_status jac_latex_fragment(struct jac_view *view, const struct jac_latex *options,
                                   struct jac_buffer *out, struct jac_error *err);
enum jac_status jac_latex_nice(struct jac_view *view, const struct jac_latex *options,
                               struct jac_buffer *out, struct jac_error *err);
enum jac_status jac_latex_tikz(struct jac_view *view, const struct jac_latex *options,
                               struct jac_buffer *out, struct jac_error *err);
enum jac_status jac_latex_table(struct jac_view *view, const struct jac_latex *options,
                                struct jac_buffer *out, struct jac_error *err);

/* Adds the mathematics of the fragment without \[ and \], at its full size. */
enum jac_status jac_latex_math(struct jac_view *view, const struct jac_latex *options,
                               struct jac_buffer *out, struct jac_error *err);

/* Adds the first slice's mathematics behind another left side, and the size of letters in
 * which it fits. paper: LaTeX, which is told how far apart rows and columns stand. */
enum jac_status jac_latex_first(struct jac_view *view, const char *left,
                                const struct jac_latex *options, bool paper,
                                struct jac_buffer *out, const char **size,
                                struct jac_error *err);

/* Write what stands before and after fragments in a document of its own. */
void jac_latex_begin(enum jac_latex_style style, FILE *file);
void jac_latex_end(FILE *file);

/* Adds the comment that names the packages of a style. */
void jac_latex_packages(enum jac_latex_style style, struct jac_buffer *out);

/* Adds a text as a comment's words: nothing in it can end the comment. */
void jac_latex_comment(const char *text, struct jac_buffer *out);

/* Adds a text as text: what LaTeX would read as commands is escaped. */
void jac_latex_text(const char *text, struct jac_buffer *out);

/* The same of code: a line may end before a comma or a bracket of it. */
void jac_latex_code(const char *code, struct jac_buffer *out);

/* Adds the map's name, M_W, a variable as a whole, W or z^{k-1}, and the left side:
 * J_{M_W}^{W}. */
void jac_latex_function(const struct jac_map *map, struct jac_buffer *out);
void jac_latex_variable(const struct jac_variable *variable, struct jac_buffer *out);
void jac_latex_left(const struct jac_map *map, size_t wrt, struct jac_buffer *out);

/* Which slice it is, behind the left side: \big|_{n=1}. */
void jac_latex_at_slice(const struct jac_map *map, size_t slice, struct jac_buffer *out);

/* The left side, or the name that the options give it. */
void jac_latex_called(const struct jac_view *view, const struct jac_latex *options,
                      struct jac_buffer *out);

/* A slice of a view as the source of a sheet: entries, or in reduced form blocks. */
struct jac_view_source {
  struct jac_view *view;
  size_t slice;
  bool numbers; /* what blocks of the reduced form hold */
  bool named;   /* symbols are J_{1,2} */
  size_t shown; /* how many entries of a block of the reduced form at most */
  struct jac_sheet_source source;
};
void jac_view_source(struct jac_view *view, size_t slice, bool numbers,
                     struct jac_view_source *source);

/* How many of size rows or columns are written at most: by itself a matrix of up to 12 is
 * shown whole, of more 8. */
size_t jac_latex_most(size_t size, size_t elide);

/* One of the ways in which a style may set a slice: letters, their width beside those of
 * the document, points between columns. */
struct jac_latex_step {
  const char *size; /* "" or a size command; NULL ends a list */
  double scale, apart;
};

/* What a style needs beside the cells of a labelled slice. */
struct jac_latex_room {
  double beside; /* of a line, next to the left side: brackets, a scale */
  bool above;    /* the left side stands above, not beside */
  double least;  /* a column's least width */
  double rule;   /* more where a block begins, as a part of what is between columns */
  bool stacked;  /* where there are both, numbers go below symbols */
  const struct jac_latex_step *step; /* from the loosest to the tightest */
};

/* A slice with the labels of what is written of it. Cells hold symbols, numbers, or both.
 */
struct jac_labelled {
  struct jac_view_source source, other_source;
  struct jac_sheet sheet, other; /* other: the numbers, where cells hold both */
  bool both, stacked; /* stacked: numbers do not stand behind symbols but below */
  const struct jac_latex_room *room; /* borrowed */
  const struct jac_latex_step *step; /* of room, with which it fits */
  struct jac_buffer names; /* lines for entries that are too long for a cell; owned */
  char **row, **col;       /* labels, "" where dots are; owned */
};

/* How a style sets one labelled slice, under the name that stands left of it. */
typedef void jac_latex_slice(const struct jac_view *view,
                             const struct jac_labelled *slice, const char *left,
                             struct jac_buffer *out);

/* Adds every slice, each with so many columns that a line holds it, where the options do
 * not say otherwise. Then what the entries name. Errors: JAC_ENOMEM, those of
 * jac_view_symbol. */
enum jac_status jac_latex_slices(struct jac_view *view, const struct jac_latex *options,
                                 const struct jac_latex_room *room, jac_latex_slice *add,
                                 struct jac_buffer *out, struct jac_error *err);

/* The width that a column takes, what is between columns included. */
double jac_labelled_width(const struct jac_labelled *labelled, size_t col);

/* Adds a cell's text, between for "symbol = number". */
void jac_labelled_cell(const struct jac_labelled *labelled, size_t i, size_t j,
                       const char *between, struct jac_buffer *out);

/* Whether a notation is pairs NAME=NAME with commas between. */
bool jac_latex_notation(const char *notation);

/* Adds LaTeX with the names of a notation (NULL: as it is); words and comments stay. */
void jac_latex_rename(const char *latex, const char *notation, struct jac_buffer *out);

/* Adds mathematics, with what sets it before it, in the environment of the options. */
void jac_latex_enclose(const char *setting, const char *math, const char *size,
                       const struct jac_latex *options, struct jac_buffer *out);

/* Adds a display in letters of a size, "" or a command, for the paper of the options. */
void jac_latex_display(const char *math, const char *size,
                       const struct jac_latex *options, struct jac_buffer *out);

/* Adds lines of formulas, each after "&" and apart by "\\", as a display that fits. */
void jac_latex_lines(const char *lines, const struct jac_latex *options,
                     struct jac_buffer *out);

/* Adds " \\" and a line for each entry of a sheet whose source names its entries. */
enum jac_status jac_latex_names(const struct jac_sheet *sheet,
                                struct jac_view_source *source, double line,
                                struct jac_buffer *out, struct jac_error *err);

/* Adds what the entries name, a line each, where symbols are shown: first stands before
 * the first line. */
enum jac_status jac_latex_where(const struct jac_view *view, const char *first,
                                double line, struct jac_buffer *out,
                                struct jac_error *err);

/* The kind of sheet that entries are: those of both are symbols first. */
enum jac_sheet_kind jac_view_kind(const struct jac_view *view, bool numbers);

#endif
