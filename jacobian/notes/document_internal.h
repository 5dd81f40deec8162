/* What the readers share to fill a document. */
#ifndef JACOBIAN_NOTES_DOCUMENT_INTERNAL_H
#define JACOBIAN_NOTES_DOCUMENT_INTERNAL_H

#include "jacobian/notes/document.h"
#include "jacobian/notes/trace_internal.h"

/* Copies the file and finds its lines. Errors: JAC_ENOMEM. */
enum jac_status jac_document_start(struct jac_document *document, const char *text,
                                   size_t length, struct jac_error *err);

/* Adds an item and takes over item->problem, whatever the outcome, and the text of the
 * trace (NULL: no text), which is empty afterwards. Errors: JAC_ELIMIT for too many
 * items, JAC_ENOMEM. */
enum jac_status jac_document_add(struct jac_document *document,
                                 const struct jac_item *item, struct jac_trace *text,
                                 struct jac_error *err);

#endif
