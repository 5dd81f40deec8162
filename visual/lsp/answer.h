/* What the server says about a text: diagnostics, hovers, corrections, completions. All
 * return new references, or NULL where there is nothing to say. */
#ifndef VISUAL_LSP_ANSWER_H
#define VISUAL_LSP_ANSWER_H

#include "visual/lsp/state.h"

/* A range of the protocol: {"start": {"line", "character"}, "end": ...}; of a notebook in
 * the cell of its start. */
json_t *jac_lsp_range(const struct jac_lsp_notes *notes, size_t start, size_t end);

/* All diagnostics of the notes, or of a cell of theirs; hints of what is not understood
 * where that is asked. */
json_t *jac_lsp_diagnostics(const struct jac_lsp *server,
                            const struct jac_lsp_notes *notes,
                            const struct jac_lsp_cell *cell);

/* The verdicts of the formula at the offset; of a directive, what its module is. */
json_t *jac_lsp_hover(const struct jac_lsp *server, const struct jac_lsp_notes *notes,
                      size_t offset);

/* The corrections of what stands between two offsets, and directives that are missing. */
json_t *jac_lsp_actions(const struct jac_lsp *server, const struct jac_lsp_notes *notes,
                        size_t from, size_t to);

/* Corrects a range of bytes: a quick fix. */
json_t *jac_lsp_edit(const struct jac_lsp_notes *notes, const char *title, size_t from,
                     size_t to, const char *text);

/* What is written by commands: a block that is not fresh, the derivation of a formula.
 * They are added to a list. */
void jac_lsp_written(const struct jac_lsp *server, const struct jac_lsp_notes *notes,
                     size_t offset, json_t *list);

/* Adds the closed forms of a SPEC's Jacobians. */
void jac_lsp_closed(const struct jac_lsp *server, const struct jac_lsp_notes *notes,
                    const char *spec, struct jac_buffer *out);

/* Adds what a directive would have to say of the formula at an offset: its quantity with
 * a right side to fill in, or a module's name. */
void jac_lsp_undefined(const struct jac_lsp *server, const struct jac_lsp_notes *notes,
                       size_t offset, struct jac_buffer *out);

/* The name at an offset, what is said of it, and the closed form of the Jacobian that its
 * formula begins with. They are added; the range is of the name, or NULL. */
json_t *jac_lsp_hover_name(const struct jac_lsp *server,
                           const struct jac_lsp_notes *notes, size_t offset,
                           struct jac_buffer *out);

/* What may stand in a directive at the offset: modules, their options, its own words. */
json_t *jac_lsp_completions(const struct jac_lsp *server,
                            const struct jac_lsp_notes *notes, size_t offset);

/* Marks behind the formulas that hold. */
json_t *jac_lsp_marks(const struct jac_lsp_notes *notes, size_t from, size_t to);

#endif
