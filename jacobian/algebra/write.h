/* Terms written out: plain, Unicode, LaTeX, with as few brackets as the reader needs.
 * Plain text is read back as the same term. */
#ifndef JACOBIAN_ALGEBRA_WRITE_H
#define JACOBIAN_ALGEBRA_WRITE_H

#include "jacobian/elaborate/term.h"
#include "jacobian/formula/notation.h"

#include "jacobian/buffer.h"

#include <stdint.h>

/* How names are written: of symbols and their entries by their keys, of indices by the
 * letters that they have, or get, in this writing: i j k l p q ..., none that a symbol is
 * called by. Start it zeroed; the same for all that stands together. */
struct jac_writing {
  enum jac_notation notation;
  const struct jac_index *index[60];
  char letter[60];
  size_t indices;
  uint64_t taken; /* letters of symbols, a bit each */
};

/* Keeps the letters of a term's symbols free of indices. */
void jac_writing_see(struct jac_writing *w, const struct jac_term *term);

void jac_term_write(struct jac_writing *w, const struct jac_term *term,
                    struct jac_buffer *out);

/* The name of an index. */
void jac_index_write(struct jac_writing *w, const struct jac_index *index,
                     struct jac_buffer *out);

/* A symbol's name. */
void jac_symbol_write(struct jac_writing *w, const struct jac_symbol *symbol,
                      struct jac_buffer *out);

#endif
