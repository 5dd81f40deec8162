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
/* What the entries name, "where s = ...", where the whole heading does not stand above. */
void jac_text_where(const struct jac_view *view, const struct jac_style *style,
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

/* Of more rows or columns than this, so many are shown as make about a page or two. */
enum { JAC_TEXT_LIMIT = 40, JAC_TEXT_CELLS = 400, JAC_TEXT_BOTH = 20 };

/* Where fewer rows or columns of a table are shown than there are: a line that says so,
 * and which format has all. */
void jac_text_elided(const struct jac_style *style, size_t rows, size_t all_rows,
                     size_t cols, size_t all_cols, struct jac_buffer *out);

static inline enum jac_notation jac_style_notation(const struct jac_style *style) {
  return style->unicode ? JAC_NOTATION_UNICODE : JAC_NOTATION_ASCII;
}

/* How many of the rows (or columns) are shown beside so many columns (or rows). */
static inline size_t jac_text_shown(size_t count, size_t other) {
  if (count <= JAC_TEXT_LIMIT)
    return count;
  size_t beside = other > JAC_TEXT_LIMIT ? JAC_TEXT_BOTH : other;
  size_t most = JAC_TEXT_CELLS / (beside > 0 ? beside : 1);
  return most < JAC_TEXT_LIMIT ? most : JAC_TEXT_LIMIT;
}

#endif
