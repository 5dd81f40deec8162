/* Our Markdown as blocks of pandoc's own format, for its filters. */
#ifndef VISUAL_PANDOC_H
#define VISUAL_PANDOC_H

#include <jansson.h>
#include <stdbool.h>

/* The blocks (an array, a new reference) that a text of ours is: paragraphs with code and
 * mathematics between $, displays between $$, headings, lists, tables, fenced code. NULL:
 * out of memory.
 */
json_t *jac_pandoc_blocks(const char *markdown);

/* Replaces each code block of the class jacobian in a document, wherever it stands, by
 * the blocks that make gives for its text. Stops at the first NULL: false. */
bool jac_pandoc_walk(json_t *document, json_t *(*make)(void *context, const char *code),
                     void *context);

#endif
