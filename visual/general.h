/* A module of general sizes as notes write it: with dots, and words for its sizes. */
#ifndef VISUAL_GENERAL_H
#define VISUAL_GENERAL_H

#include "visual/latex/width.h"
#include "visual/style.h"
#include "visual/view.h"
#include "visual/words.h"

/* A matrix of which some rows and columns are written. */
struct jac_general {
  size_t rows, cols;
  char **cell;                 /* texts, owned */
  char **row_name, **col_name; /* labels, or "" where dots are; owned */
  bool *row_rule, *col_rule;   /* a block begins there; owned */
};

/* An empty matrix: cells, names and rules are to be filled. */
enum jac_status jac_general_alloc(struct jac_general *general, size_t rows, size_t cols,
                                  struct jac_error *err);

/* One slice of a view made at sizes that stand for words: the first, the second and the
 * last of each size, of each block. Dots stand only over what goes on like its
 * neighbours. narrow: of each the first and the last alone, as a line that holds no more
 * wants. dots: in that notation, LaTeX's or signs. Free with jac_general_free.
 * Errors: JAC_EREFUSED where no such dots say what the entries are; JAC_ENOMEM. */
enum jac_status jac_general_new(struct jac_view *view, const struct jac_words *words,
                                size_t slice, bool narrow, enum jac_notation notation,
                                struct jac_general *general, struct jac_error *err);

/* The map's outputs, a row a sample, each as the definition says it, or (named) as its
 * label alone; a variable's entries as they are stored. */
enum jac_status jac_general_forward(const struct jac_map *map,
                                    const struct jac_words *words, bool named,
                                    enum jac_notation notation,
                                    struct jac_general *general, struct jac_error *err);
enum jac_status jac_general_variable(const struct jac_map *map, size_t v,
                                     const struct jac_words *words,
                                     enum jac_notation notation,
                                     struct jac_general *general, struct jac_error *err);
void jac_general_free(struct jac_general *general);

#define JAC_GENERAL_TIGHT 1.5

/* Adds the matrix as LaTeX in round (or square) brackets; its width, and half of
 * what is between its columns (LaTeX's \arraycolsep), which in the smallest letters is
 * JAC_GENERAL_TIGHT. */
void jac_general_latex(const struct jac_general *general, bool square,
                       struct jac_buffer *out);
struct jac_latex_extent jac_general_extent(const struct jac_general *general);
double jac_general_apart(const struct jac_general *general);

/* Adds it as a table with labelled rows and columns. */
enum jac_status jac_general_text(const struct jac_general *general,
                                 const struct jac_style *style, struct jac_buffer *out,
                                 struct jac_error *err);

/* Which slices are written: the first and the last, and dots (JAC_INDEX_ANY) between. */
size_t jac_general_slices(const struct jac_view *view, size_t slice[4]);

#endif
