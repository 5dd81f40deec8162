/* Markdown with mathematics between dollars, as GitHub and others render it. */
#ifndef VISUAL_MARKDOWN_H
#define VISUAL_MARKDOWN_H

#include "jacobian/map.h"
#include "visual/latex/latex.h"
#include "visual/view.h"

#include <jansson.h>

/* Adds a Jacobian: a line that says what it is, and a display. */
enum jac_status jac_view_markdown(struct jac_view *view, const struct jac_latex *options,
                                  struct jac_buffer *out, struct jac_error *err);

/* Adds what `check --format json` gives as a table. */
void jac_report_markdown(const json_t *array, const struct jac_latex *options,
                         struct jac_buffer *out);

/* Adds a module as an item of a list, its variables as items below it: entries are wider
 * than columns of a table. */
enum jac_status jac_module_markdown(const struct jac_map *map, const char *usage,
                                    const struct jac_latex *options,
                                    struct jac_buffer *out, struct jac_error *err);

#endif
