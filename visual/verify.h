/* What `verify` found in files of notes, for people and for programs. */
#ifndef VISUAL_VERIFY_H
#define VISUAL_VERIFY_H

#include "jacobian/buffer.h"
#include "jacobian/notes/judge.h"
#include "visual/around.h"
#include "visual/style.h"

#include <jansson.h>

struct jac_verified {
  const char *file;
  struct jac_findings findings;
  struct jac_error fault;           /* status JAC_OK, or why the file was not judged */
  struct jac_around_fault settings; /* of those around it, line 0: none */
};

/* Compiler-style lines and a summary that counts every displayed formula and its links;
 * what is not understood for one reason stands together. all: everything is listed, each
 * by itself. */
void jac_verify_text(const struct jac_verified *files, size_t count, bool all,
                     const struct jac_style *style, struct jac_buffer *out);
/* A table of counts, a file a row, as a summary of a job shows it; what is wrong or
 * holds in a convention; causes of what is not understood. */
void jac_verify_markdown(const struct jac_verified *files, size_t count, bool all,
                         struct jac_buffer *out);
/* Arrays and objects as the design of the command says; SARIF 2.1.0. NULL: no memory. */
json_t *jac_verify_json(const struct jac_verified *files, size_t count);
json_t *jac_verify_sarif(const struct jac_verified *files, size_t count);

/* A line a file, as a table of marks: how many formulas of each verdict, and the share of
 * the judged ones that hold (empty where none was judged). */
void jac_verify_csv(const struct jac_verified *files, size_t count,
                    struct jac_buffer *out);

/* A copy of the notes in which a comment follows every formula that does not hold. */
enum jac_status jac_verify_fix(const struct jac_verified *file, const char *text,
                               size_t length, bool latex, struct jac_buffer *out,
                               struct jac_error *err);

#endif
