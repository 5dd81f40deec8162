/* The page that `make page` built: found, and written with what it opens on. */
#ifndef VISUAL_PAGE_H
#define VISUAL_PAGE_H

#include "jacobian/buffer.h"
#include "jacobian/error.h"
#include "visual/input.h"

#include <stdio.h>

struct jac_page {
  struct jac_input input; /* the whole file */
  const char *start;      /* where the words that it opens on belong; in input */
};

/* Reads page.html from where JACOBIAN_PAGE says, else from beside the program, else from
 * ../share/jacobian. JAC_EIO, with what is missing and how it is made, when there is
 * none. Free with jac_page_free in any case. */
enum jac_status jac_page_read(struct jac_page *page, struct jac_error *err);
void jac_page_free(struct jac_page *page);

/* Writes the page with the words, which jac_page_encode made. For writing errors see
 * ferror(file). */
void jac_page_write(const struct jac_page *page, const char *words, FILE *file);

/* Adds a text as an address has it: letters, digits and -._~, all else as %XX. */
void jac_page_encode(const char *text, struct jac_buffer *out);

#endif
