/* The text view: a Jacobian on a terminal. */
#ifndef VISUAL_TEXT_H
#define VISUAL_TEXT_H

#include "visual/style.h"
#include "visual/view.h"

/* Adds the whole view: a heading (function, variable, shape, convention, values), then
 * the slices with labelled rows and columns, structural zeros as a dot. More than 40
 * rows or columns are not all shown, and the last line says so. Errors: those of
 * jac_view_symbol, JAC_ENOMEM. */
enum jac_status jac_view_text(struct jac_view *view, const struct jac_style *style,
                              struct jac_buffer *out, struct jac_error *err);

/* The heading alone, and one slice as a table (reduced form: a table of blocks;
 * structure: a picture). */
void jac_text_heading(const struct jac_view *view, const struct jac_style *style,
                      struct jac_buffer *out);
/* Adds a variable's values as --set takes them, "z = 1 2; 3 4"; of a large one its size
 * and the first few. */
void jac_text_values(const struct jac_view *view, const struct jac_style *style, size_t v,
                     struct jac_buffer *out);
enum jac_status jac_text_slice(struct jac_view *view, const struct jac_style *style,
                               size_t slice, struct jac_buffer *out,
                               struct jac_error *err);
enum jac_status jac_text_blocks(struct jac_view *view, const struct jac_style *style,
                                size_t slice, struct jac_buffer *out,
                                struct jac_error *err);
enum jac_status jac_text_structure(struct jac_view *view, const struct jac_style *style,
                                   struct jac_buffer *out, struct jac_error *err);

/* Adds a text cut into lines of the style's width, the first indented by two blanks and
 * the others by four. */
void jac_text_wrap(const struct jac_style *style, const char *text,
                   struct jac_buffer *out);

/* The most rows or columns that are shown. */
enum { JAC_TEXT_LIMIT = 40 };

static inline enum jac_notation jac_style_notation(const struct jac_style *style) {
  return style->unicode ? JAC_NOTATION_UNICODE : JAC_NOTATION_ASCII;
}

static inline size_t jac_text_shown(size_t count) {
  return count < JAC_TEXT_LIMIT ? count : JAC_TEXT_LIMIT;
}

#endif
