/* A term being written: shared by what writes names, operations, entries, shapes. */
#ifndef JACOBIAN_ALGEBRA_WRITE_INTERNAL_H
#define JACOBIAN_ALGEBRA_WRITE_INTERNAL_H

#include "jacobian/algebra/write.h"

typedef const struct jac_term *term_t;

/* How tightly what is written holds together. */
enum {
  SUM = 20,
  MINUS = 25,
  OVER = 35,
  ENTRIES = 38,
  PRODUCT = 40,
  TIGHT = 60,
  ATOM = 100
};

static inline bool latex(const struct jac_writing *w) {
  return w->notation == JAC_NOTATION_LATEX;
}

static inline bool plain(const struct jac_writing *w) {
  return w->notation == JAC_NOTATION_ASCII;
}

static inline const char *of(const struct jac_writing *w, const char *ascii,
                             const char *unicode, const char *tex) {
  return plain(w) ? ascii : latex(w) ? tex : unicode;
}

/* A term where what holds together less than the level has brackets. */
void jac_put_term(struct jac_writing *w, term_t t, int level, struct jac_buffer *out);
/* Brackets around what holds together as `mine` says, where the level asks for more. */
void jac_put_open(int level, int mine, struct jac_writing *w, struct jac_buffer *out);
void jac_put_close(int level, int mine, struct jac_writing *w, struct jac_buffer *out);

void jac_put_name(struct jac_writing *w, const char *key, struct jac_buffer *out);
void jac_put_size(struct jac_writing *w, const struct jac_dim *dim,
                  struct jac_buffer *out);
/* What stands below a name: 1, i, i+1. */
void jac_put_below(struct jac_writing *w, term_t const *place, size_t count,
                   struct jac_buffer *out);
/* i \ne j, without the bracket of an indicator. */
void jac_put_condition(struct jac_writing *w, term_t t, struct jac_buffer *out);

/* Terms of one kind each: operations, sums over an index, entries, matrices of blocks,
 * I, 1 and 0, indicators and deltas, cases. */
void jac_put_operation(struct jac_writing *w, term_t t, int level,
                       struct jac_buffer *out);
void jac_put_big(struct jac_writing *w, term_t t, int level, struct jac_buffer *out);
void jac_put_entry(struct jac_writing *w, term_t t, struct jac_buffer *out);
/* Whether a number is how an entry moves with one of a variable: dy_i/dx_j. */
bool jac_is_slope(term_t t);
void jac_put_slope(struct jac_writing *w, term_t t, int level, struct jac_buffer *out);
void jac_put_blocks(struct jac_writing *w, term_t t, struct jac_buffer *out);
void jac_put_sized(struct jac_writing *w, term_t t, struct jac_buffer *out);
void jac_put_compared(struct jac_writing *w, term_t t, struct jac_buffer *out);
void jac_put_cases(struct jac_writing *w, term_t t, struct jac_buffer *out);

#endif
