/* What the files of general sizes share. */
#ifndef VISUAL_CLI_GENERAL_INTERNAL_H
#define VISUAL_CLI_GENERAL_INTERNAL_H

#include "visual/cli/outside.h"
#include "visual/general.h"

struct jac_general_subject {
  const struct jac_options *options;
  struct jac_outside outside;
  const struct jac_module *module;
  struct jac_map *map; /* at sizes that stand for words */
  struct jac_words words;
  size_t sizes; /* of the spec: the course's words, and what stands there */
  char course[JAC_WORDS][JAC_WORD_SIZE], own[JAC_WORDS][JAC_WORD_SIZE];
  size_t *wrt, nwrt;      /* owned */
  struct jac_buffer text; /* what is written, owned */
};

/* One display: its lines, the widest of them. */
struct jac_general_display {
  struct jac_general_subject *subject;
  struct jac_buffer lines;
  struct jac_latex_extent extent;
  bool tight;   /* a matrix has many columns */
  bool narrow;  /* with fewer rows and columns */
  bool stacked; /* what stands left is on a line of its own */
  size_t count;
};

/* Whether it is written for paper, LaTeX or Markdown; how entries are, and closed forms,
 * which have signs where the terminal has them. */
bool jac_general_paper(const struct jac_general_subject *s);
enum jac_notation jac_general_notation(const struct jac_general_subject *s);
enum jac_notation jac_general_signs(const struct jac_general_subject *s);
struct jac_style jac_general_style_of(const struct jac_general_subject *s);

/* Adds a text made at the sizes that stand for words, with the words; frees the text. */
void jac_general_add_words(const struct jac_general_subject *s, struct jac_buffer *text,
                           struct jac_buffer *out);

/* Adds sizes as a space, R^{m x n}, or as a shape, m x n. */
void jac_general_add_space(const struct jac_general_subject *s, size_t count,
                           const size_t *dims, struct jac_buffer *out);
void jac_general_add_shape(const struct jac_general_subject *s, size_t count,
                           const size_t *dims, struct jac_buffer *out);

/* Adds a line: what stands left of its sign, the sign, what stands right and its
 * width; a formula, which goes on on the next line where it is too long for one. */
void jac_general_add_line(struct jac_general_display *d, const char *left,
                          const char *sign, const char *right,
                          struct jac_latex_extent extent);
void jac_general_add_formula(struct jac_general_display *d, const char *left,
                             const char *sign, const char *formula);

/* Adds what it is, in words; what a formula names (NULL: all that entries name), to a
 * display or (NULL) as text; a display that is complete, which is freed. */
void jac_general_add_title(struct jac_general_subject *s, const char *title);
enum jac_status jac_general_add_where(struct jac_general_subject *s,
                                      struct jac_general_display *d, const char *formula,
                                      struct jac_error *err);
void jac_general_end_display(struct jac_general_display *d);

/* Add the definition and the forward pass to the subject's text. */
enum jac_status jac_general_write_definition(struct jac_general_subject *s,
                                             struct jac_error *err);
enum jac_status jac_general_write_forward(struct jac_general_subject *s,
                                          struct jac_error *err);

/* Adds what the options ask for, by one variable, to the subject's text. */
enum jac_status jac_general_write(struct jac_general_subject *subject, size_t wrt,
                                  struct jac_error *err);

/* A closed form and what it names: c = z - mean(z). */
enum { JAC_GENERAL_NAMES = 10 };
struct jac_general_closed {
  char *text; /* NULL: there is none */
  char *name[JAC_GENERAL_NAMES], *value[JAC_GENERAL_NAMES];
  size_t names;
  const char *note; /* what is to be known of it, translated, or NULL */
};

/* The closed form of the Jacobian of one sample, or the gradient of any loss, by a
 * variable of the map or of the derivation, in the subject's words. To be freed. */
void jac_general_closed(const struct jac_general_subject *subject, const char *variable,
                        bool gradient, enum jac_notation notation,
                        struct jac_general_closed *closed);
void jac_general_closed_free(struct jac_general_closed *closed);

#endif
