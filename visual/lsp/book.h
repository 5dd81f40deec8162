/* A notebook that an editor has open: its cells stand one behind the other in one text
 * (JAC_NOTES_CELLS), so that what an earlier cell says counts in later ones; places are
 * told by the cell that they are in. */
#ifndef VISUAL_LSP_BOOK_H
#define VISUAL_LSP_BOOK_H

#include "visual/lsp/state.h"

/* Takes a notebook's cells, and the texts of those that are notes: the messages' arrays
 * "cells" and "cellTextDocuments". False: memory ran out, and it is as before. */
bool jac_lsp_book_open(struct jac_lsp_notes *notes, const json_t *cells,
                       const json_t *texts);

/* Takes the "cells" of a change: what came, what went, and the edits of texts. The URIs
 * of the cells that went are added to a list. */
void jac_lsp_book_change(struct jac_lsp_notes *notes, const json_t *change, json_t *gone);

void jac_lsp_book_free(struct jac_lsp_notes *notes);

/* The cell of this URI, or NULL. */
struct jac_lsp_cell *jac_lsp_cell_of(const struct jac_lsp_notes *notes, const char *uri);

/* The cell around an offset; NULL: the notes are no notebook. */
const struct jac_lsp_cell *jac_lsp_cell_at(const struct jac_lsp_notes *notes,
                                           size_t offset);

/* As of jac_lsp_text, in the cell that is named or found; without cells in the notes. */
size_t jac_lsp_notes_offset(const struct jac_lsp_notes *notes,
                            const struct jac_lsp_cell *cell, struct jac_lsp_place place);
struct jac_lsp_place jac_lsp_notes_place(const struct jac_lsp_notes *notes,
                                         size_t offset);

/* Where what stands at an offset begins and ends: its cell, or the whole text. */
size_t jac_lsp_notes_begin(const struct jac_lsp_notes *notes, size_t offset);
size_t jac_lsp_notes_end(const struct jac_lsp_notes *notes, size_t offset);

/* The URI that an editor calls the text at an offset by. */
const char *jac_lsp_notes_uri(const struct jac_lsp_notes *notes, size_t offset);

#endif
