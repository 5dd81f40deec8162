/* A text that an editor has open: edits and places as the protocol counts them, lines
 * from 0 and in a line units of UTF-16. */
#ifndef VISUAL_LSP_TEXT_H
#define VISUAL_LSP_TEXT_H

#include "jacobian/error.h"

#include <stddef.h>

struct jac_lsp_text {
  char *bytes; /* UTF-8, ended by a zero; owned */
  size_t length;
  size_t *line; /* where each line starts; owned */
  size_t lines;
};

struct jac_lsp_place {
  size_t line, unit;
};

/* Makes a text of length bytes, or frees one. JAC_ENOMEM leaves it empty. */
enum jac_status jac_lsp_text_set(struct jac_lsp_text *text, const char *bytes,
                                 size_t length);
void jac_lsp_text_free(struct jac_lsp_text *text);

/* Puts other bytes in place of those from one offset to another. JAC_ENOMEM leaves the
 * text as it was. */
enum jac_status jac_lsp_text_edit(struct jac_lsp_text *text, size_t from, size_t to,
                                  const char *bytes, size_t length);

/* The offset of a place, and the place of an offset. What is past the end of a line or of
 * the text is its end; within a character, the character's start. */
size_t jac_lsp_offset(const struct jac_lsp_text *text, struct jac_lsp_place place);
struct jac_lsp_place jac_lsp_place(const struct jac_lsp_text *text, size_t offset);

#endif
