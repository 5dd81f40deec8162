/* What an author says about the formulas that follow:
 *
 *   SUBJECT [; wrt=NAME] [; batch=N] [; vectors=rows|columns] [; let A = B, C = D]
 *           [; x in R^n, A in R^{m x n}] [; EXCEPTION]...        or      off
 *
 * The text is taken apart here; what SUBJECT, the names and the sizes mean is for others
 * to say. Semicolons may be left out before wrt=, batch= and vectors=. A semicolon inside
 * brackets, or written `\;`, parts nothing. */
#ifndef JACOBIAN_NOTES_DIRECTIVE_H
#define JACOBIAN_NOTES_DIRECTIVE_H

#include "jacobian/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
  JAC_DIRECTIVE_PARTS = 32,     /* of each kind, in one directive */
  JAC_DIRECTIVE_LONGEST = 8192, /* bytes */
  JAC_DIRECTIVE_BATCH = 1000000 /* the largest batch=N */
};

enum jac_vectors { JAC_VECTORS_UNSAID, JAC_VECTORS_ROWS, JAC_VECTORS_COLUMNS };

/* `let name = value`: what the notes call name is the subject's value. As written,
 * trimmed. */
struct jac_let {
  char *name, *value;
};

/* `A in R^{m x n}`. A vector has no columns (NULL), a scalar (`c in R`) no rows either.
 */
struct jac_shape {
  char *name, *rows, *columns;
};

enum jac_meaning {
  JAC_MEANS_ELEMENTWISE, /* * is elementwise: the Hadamard product */
  JAC_MEANS_OUTER,       /* ⊗ is outer: a b^T */
  JAC_MEANS_KRONECKER,   /* ⊗ is kronecker */
  JAC_MEANS_PRODUCT,     /* * is product: of matrices */
  JAC_MEANS_NUMBER,      /* T is a number: not the transpose */
  JAC_MEANS_TRANSPOSE,   /* ' is transpose */
  JAC_MEANS_DERIVATIVE,  /* ' is derivative */
  JAC_MEANS_ROW,         /* 1 is a row */
  JAC_MEANS_COLUMN       /* 1 is a column */
};

struct jac_exception {
  char *sign; /* as written: "*", "T", "\\otimes" */
  enum jac_meaning meaning;
};

/* All strings are owned. */
struct jac_directive {
  bool off;      /* `off`: nothing else is set */
  char *subject; /* a SPEC or a formula, as written; NULL when only other parts stand
                    there */
  char *wrt;     /* NULL when not said */
  size_t batch;  /* 0 when not said */
  enum jac_vectors vectors;
  struct jac_let let[JAC_DIRECTIVE_PARTS];
  size_t lets;
  struct jac_shape shape[JAC_DIRECTIVE_PARTS];
  size_t shapes;
  struct jac_exception exception[JAC_DIRECTIVE_PARTS];
  size_t exceptions;
};

/* Takes a directive apart (the text of a JAC_ITEM_DIRECTIVE). On error the directive is
 * empty and *position (unless NULL) is the byte of text where the part at fault begins.
 * Errors: JAC_EINPUT, in one line that says what would be understood; JAC_ELIMIT;
 * JAC_ENOMEM. */
enum jac_status jac_directive_read(const char *text, struct jac_directive *directive,
                                   size_t *position, struct jac_error *err);

/* Frees what it owns; it is empty afterwards. */
void jac_directive_free(struct jac_directive *directive);

#endif
