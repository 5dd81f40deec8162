/* Markdown with mathematics between dollars, as GitHub and others render it. */
#ifndef VISUAL_MARKDOWN_H
#define VISUAL_MARKDOWN_H

#include "layers/module.h"
#include "visual/latex/chain.h"
#include "visual/view.h"

#include <jansson.h>

/* Adds LaTeX mathematics in a spelling that a reader of Markdown leaves as it is, even
 * one that knows no mathematics: no underscore that could open emphasis, no backslash
 * before punctuation, no < or >. cell: it stands in a table, where | would end it. */
void jac_markdown_math(const char *latex, bool cell, struct jac_buffer *out);

/* Adds a text as code, whatever is in it. */
void jac_markdown_code(const char *text, bool cell, struct jac_buffer *out);

/* Adds a Jacobian: a line that says what it is, and a display. */
enum jac_status jac_view_markdown(struct jac_view *view, const struct jac_latex *options,
                                  struct jac_buffer *out, struct jac_error *err);

/* Adds a chain: its displays under a line that says what it is. */
enum jac_status jac_chain_markdown(const struct jac_chain *chain,
                                   const struct jac_chain_math *how,
                                   struct jac_buffer *out, struct jac_error *err);

/* Adds what `check --format json` gives as a table. */
void jac_report_markdown(const json_t *array, struct jac_buffer *out);

/* Adds the head of the table of modules, and a module's lines in it. */
void jac_modules_markdown_head(struct jac_buffer *out);
enum jac_status jac_module_markdown(const struct jac_map *map, const char *usage,
                                    struct jac_buffer *out, struct jac_error *err);

#endif
