/* What the server says about a text: diagnostics, hovers, corrections, completions. All
 * return new references, or NULL where there is nothing to say. */
#ifndef VISUAL_LSP_ANSWER_H
#define VISUAL_LSP_ANSWER_H

#include "visual/lsp/state.h"

/* A range of the protocol: {"start": {"line", "character"}, "end": ...}. */
json_t *jac_lsp_range(const struct jac_lsp_text *text, size_t start, size_t end);

/* All diagnostics of the notes; hints of what is not understood where that is asked. */
json_t *jac_lsp_diagnostics(const struct jac_lsp *server,
                            const struct jac_lsp_notes *notes);

/* The verdicts of the formula at the offset; of a directive, what its module is. */
json_t *jac_lsp_hover(const struct jac_lsp *server, const struct jac_lsp_notes *notes,
                      size_t offset);

/* The corrections of what stands between two offsets, and directives that are missing. */
json_t *jac_lsp_actions(const struct jac_lsp_notes *notes, size_t from, size_t to);

/* What may stand in a directive at the offset: modules, their options, its own words. */
json_t *jac_lsp_completions(const struct jac_lsp *server,
                            const struct jac_lsp_notes *notes, size_t offset);

/* Marks behind the formulas that hold. */
json_t *jac_lsp_marks(const struct jac_lsp_notes *notes, size_t from, size_t to);

#endif
