/* What the files that write formulas share. */
#ifndef JACOBIAN_FORMULA_RENDER_INTERNAL_H
#define JACOBIAN_FORMULA_RENDER_INTERNAL_H

#include "jacobian/formula/render.h"

#include <string.h>

/* How tightly a node binds; a child that binds less stands in brackets. SPREAD is the
 * elementwise and the Kronecker product, which bind less than factors side by side. */
enum jac_binding { CONDITION, SUMS, NEGATED, SPREAD, PRODUCTS, POWERS, ATOM };

struct jac_writer {
  enum jac_notation notation;
  const struct jac_naming *naming;
  struct jac_buffer *out;
};

static inline bool latex(const struct jac_writer *w) {
  return w->notation == JAC_NOTATION_LATEX;
}

static inline void add(struct jac_writer *w, const char *text) {
  jac_buffer_add(w->out, text);
}

/* One of three texts, as the notation asks. */
static inline void pick(struct jac_writer *w, const char *in_latex, const char *unicode,
                        const char *ascii) {
  add(w, latex(w) ? in_latex : w->notation == JAC_NOTATION_UNICODE ? unicode : ascii);
}

static inline void open(struct jac_writer *w) {
  add(w, "(");
}

static inline void close(struct jac_writer *w) {
  add(w, ")");
}

static inline bool is_call(const struct jac_node *n, const char *name, size_t count) {
  return n->kind == JAC_CALL && n->count == count && strcmp(n->name, name) == 0;
}

/* The function's sign; a derivative's prime behind it; others by their own name, upright
 * in LaTeX. */
void jac_write_function(struct jac_writer *w, const char *name);
void jac_write_arguments(struct jac_writer *w, const struct jac_node *n);

/* The left one of two. */
void jac_write_left(struct jac_writer *w, const struct jac_node *n,
                    enum jac_binding least);
void jac_write(struct jac_writer *w, const struct jac_node *n, enum jac_binding least);

/* a b: a space, a dot between numbers, nothing before a bracket. */
void jac_write_product(struct jac_writer *w, const struct jac_node *n);
void jac_write_division(struct jac_writer *w, const struct jac_node *n);
void jac_write_power(struct jac_writer *w, const struct jac_node *n);

/* X^{-\top}; anything else as it stands. */
void jac_write_transpose(struct jac_writer *w, const struct jac_node *n);

/* A sign with an index below: sums, products, maxima; with bounds where they are given.
 */
void jac_write_over(struct jac_writer *w, const struct jac_node *n, const char *in_latex,
                    const char *unicode, const char *ascii);
void jac_write_delta(struct jac_writer *w, const struct jac_node *n);
void jac_write_indicator(struct jac_writer *w, const struct jac_node *n);
void jac_write_compare(struct jac_writer *w, const struct jac_node *n);

/* An entry of what is no name. */
void jac_write_at(struct jac_writer *w, const struct jac_node *n);
void jac_write_cases(struct jac_writer *w, const struct jac_node *n);
void jac_write_cell(struct jac_writer *w, const struct jac_node *n);
void jac_write_matrix(struct jac_writer *w, const struct jac_node *n);
void jac_write_derivative(struct jac_writer *w, const struct jac_node *n);

#endif
