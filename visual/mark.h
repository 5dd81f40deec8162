/* How Markdown spells mathematics and code, as its renderers want it. */
#ifndef VISUAL_MARK_H
#define VISUAL_MARK_H

#include "jacobian/buffer.h"
#include "visual/latex/latex.h"

/* Adds LaTeX mathematics within a line: $..$, of GitHub $`..`$, which it leaves as it is.
 * cell: it stands in a table, where | would end it. */
void jac_markdown_inline(const char *latex, enum jac_flavour flavour, bool cell,
                         struct jac_buffer *out);

/* Adds a display, with a blank line behind: $$..$$, of GitHub a fenced block; with the
 * options' label where the flavour has labels. */
void jac_markdown_display(const char *latex, const struct jac_latex *options,
                          struct jac_buffer *out);

/* Adds a text as code, whatever is in it. */
void jac_markdown_code(const char *text, bool cell, struct jac_buffer *out);

#endif
