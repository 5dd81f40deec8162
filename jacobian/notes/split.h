/* A displayed formula taken apart: statements, and the links of their chains. */
#ifndef JACOBIAN_NOTES_SPLIT_H
#define JACOBIAN_NOTES_SPLIT_H

#include "jacobian/error.h"

#include <stdbool.h>
#include <stddef.h>

enum jac_relation {
  JAC_RELATION_EQUAL,  /* =, \equiv, :=, \approx */
  JAC_RELATION_MEMBER, /* \in: what follows is a set */
  JAC_RELATION_OTHER   /* <, \leftarrow, \propto: nothing that is judged */
};

/* One side: a stretch of the display's text. */
struct jac_side {
  size_t start, length;
  enum jac_relation before; /* of the second and later sides */
};

struct jac_statement {
  struct jac_side *side; /* count of them, at least 1 */
  size_t count;
};

struct jac_statements {
  struct jac_statement *statement;
  size_t count;
};

/* Takes a display apart: rows and what `&=` continues, several claims beside each other
 * (\quad, \implies, a comma before one), sides. Only what stands outside all brackets
 * parts. Nothing is copied: sides are offsets. Free with jac_statements_free. */
enum jac_status jac_notes_split(const char *text, struct jac_statements *statements,
                                struct jac_error *err);
void jac_statements_free(struct jac_statements *statements);

#endif
