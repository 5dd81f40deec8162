/* The macros that an author defines, and their expansion in formulas.
 *
 * Read: \newcommand, \renewcommand, \providecommand, \DeclareRobustCommand (starred too,
 * with arguments and an optional first one), \def and its kin with undelimited arguments,
 * \let, \DeclareMathOperator. Groups do not end a definition: one made in a formula holds
 * from there on. Expansion is bounded in depth, in bytes built for a formula and for a
 * file. */
#ifndef JACOBIAN_NOTES_MACROS_INTERNAL_H
#define JACOBIAN_NOTES_MACROS_INTERNAL_H

#include "jacobian/error.h"
#include "jacobian/notes/trace_internal.h"

enum {
  JAC_MACRO_ARGUMENTS = 9,
  JAC_MACRO_BODY = 4096,    /* bytes in one definition */
  JAC_MACRO_COUNT = 4096,   /* macros in a file */
  JAC_MACRO_DEPTH = 200,    /* macros within macros */
  JAC_MACRO_WORK = 1 << 18, /* bytes that macros may give in one formula */
  JAC_MACRO_TOTAL = 1 << 23 /* and in one file */
};

enum jac_macro_kind {
  JAC_MACRO_PLAIN,
  JAC_MACRO_ALIAS,    /* \let to what is no macro: the body is not expanded again */
  JAC_MACRO_DELIMITED /* \def\a#1.{}: known, and refused where it is used */
};

struct jac_macro {
  char *name; /* without the backslash, owned */
  char *body; /* owned */
  enum jac_macro_kind kind;
  size_t arguments;
  char *optional; /* the default of the first argument, owned, or NULL */
};

struct jac_macros {
  struct jac_macro *macro; /* count of them, sorted by name */
  size_t count, capacity;
  size_t work; /* bytes given so far */
};

struct jac_macros *jac_macros_new(void); /* NULL when memory ran out */
void jac_macros_free(struct jac_macros *macros);

/* The macro of this name, or NULL. */
const struct jac_macro *jac_macros_find(const struct jac_macros *macros, const char *name,
                                        size_t length);

/* The bytes of the control sequence at text[0] == '\\': its backslash and its letters, or
 * one character. */
size_t jac_control_length(const char *text, size_t length);

/* The offset after the group that opens at text[at] == '{', or 0 when it does not close
 * within this many bytes. */
size_t jac_group_end(const char *text, size_t length, size_t at, size_t most);

/* Takes in the definition that begins with the control sequence at text[at]: the offset
 * after it, or 0 when there is none there or it cannot be read. Memory that runs out
 * leaves the macro undefined. */
size_t jac_macros_define(struct jac_macros *macros, const char *text, size_t length,
                         size_t at);

/* Adds to out the text with its macros expanded and its definitions taken in. Errors, in
 * one line that names the macro: JAC_EINPUT for missing arguments, JAC_ELIMIT when a
 * bound is reached; JAC_ENOMEM. */
enum jac_status jac_macros_expand(struct jac_macros *macros, const struct jac_trace *in,
                                  struct jac_trace *out, struct jac_error *err);

#endif
