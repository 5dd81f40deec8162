/* Notes read as they are written: what jacobian/notes/document.h describes is found in
 * Markdown, LaTeX, reStructuredText and Jupyter notebooks. */
#ifndef JACOBIAN_NOTES_READ_H
#define JACOBIAN_NOTES_READ_H

#include "jacobian/notes/document.h"

enum jac_notes_format {
  JAC_NOTES_MARKDOWN,
  JAC_NOTES_LATEX,
  JAC_NOTES_NOTEBOOK,
  JAC_NOTES_RST,  /* reStructuredText, of Sphinx */
  JAC_NOTES_CELLS /* a notebook's cells as an editor has them: each is Markdown, and
                     JAC_NOTES_CELL_END, which belongs to none, stands behind it */
};

/* The form feed ends the cell, the empty line its last paragraph. */
#define JAC_NOTES_CELL_END "\f\n\n"

/* The format that a file's name says: LaTeX for .tex, .ltx and .latex, a notebook for
 * .ipynb, reStructuredText for .rst and .rest, else Markdown. */
enum jac_notes_format jac_notes_format_of(const char *filename);

/* What a comment that is a line of its own begins and ends with. */
struct jac_notes_comment {
  const char *open, *close;
};

struct jac_notes_comment jac_notes_comment_of(enum jac_notes_format format);

/* Reads the whole text of a file (length bytes; it need not end in a zero) into a
 * document, which the caller frees with jac_document_free; on error it is empty. Formulas
 * that cannot be read are items with a problem, not errors. Errors: JAC_EINPUT, with the
 * line, for what is not UTF-8, holds a zero byte, or is no notebook; JAC_ELIMIT for a
 * file too long or with too many formulas; JAC_ENOMEM. Time and memory are linear in the
 * length. */
enum jac_status jac_notes_read(const char *text, size_t length,
                               enum jac_notes_format format,
                               struct jac_document *document, struct jac_error *err);

/* The same where before, LaTeX of other files, counts too for the macros that it defines:
 * a preamble, or what jac_notes_settings made of a course's settings. NULL: there is
 * none.
 */
enum jac_status jac_notes_read_after(const char *before, const char *text, size_t length,
                                     enum jac_notes_format format,
                                     struct jac_document *document,
                                     struct jac_error *err);

#endif
