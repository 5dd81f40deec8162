/* The table of modules on paper. */
#ifndef VISUAL_LATEX_MODULES_H
#define VISUAL_LATEX_MODULES_H

#include "jacobian/buffer.h"
#include "jacobian/map.h"
#include "visual/latex/latex.h"

/* What there is to say of one variable of a module: mathematics in LaTeX, and words. */
struct jac_module_line {
  struct jac_buffer definition, where; /* of the module; where may be empty */
  struct jac_buffer entry;             /* the derivative, and what it is if known */
  struct jac_buffer shape, structure;  /* of its Jacobian in the map's own form */
};

/* Makes it; free in any case. Errors: JAC_ENOMEM, JAC_EINPUT. */
enum jac_status jac_module_line_make(const struct jac_map *map, size_t wrt,
                                     struct jac_module_line *line, struct jac_error *err);
void jac_module_line_free(struct jac_module_line *line);

/* Add the beginning of the list, a module's lines, the end: paragraphs, which stand in a
 * column and on a slide too. */
void jac_modules_latex_head(struct jac_buffer *out);
enum jac_status jac_module_latex(const struct jac_map *map, const char *usage,
                                 const struct jac_latex *options, struct jac_buffer *out,
                                 struct jac_error *err);
void jac_modules_latex_end(struct jac_buffer *out);

#endif
