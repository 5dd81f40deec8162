/* Names of several letters that an author sets without a font: RSS(\beta) = ... */
#ifndef JACOBIAN_NOTES_JOINED_H
#define JACOBIAN_NOTES_JOINED_H

#include "jacobian/notation/pool.h"
#include "jacobian/notes/document.h"

/* Lets what is read into the pool have the names of several capitals that stand alone on
 * the left of an equality of the document, where they are hardly a product. The pool
 * keeps them; none, where memory runs out. */
void jac_joined_see(const struct jac_document *document, struct jac_pool *pool);

#endif
