/* A format of a command's output is a row of the command's table. */
#ifndef VISUAL_CLI_FORMAT_H
#define VISUAL_CLI_FORMAT_H

#include "visual/cli/options.h"

#include <jansson.h>

/* How one format is written. Rows end with one without a name. */
struct jac_format {
  const char *name; /* as --format calls it: a row of visual/cli/format.c too */
  /* Writes what the command has: a view, a chain, all files' findings. Errors of writing
   * are found when the output is closed. */
  enum jac_status (*write)(void *what, const struct jac_options *options, FILE *file,
                           struct jac_error *err);
  const char *entries; /* the kinds of --entries that it can hold; NULL: all */
  bool single;         /* its files hold one Jacobian: a variable must be chosen */
  bool parts;          /* what is a struct jac_parts: never whole in memory */
  bool folder;         /* it is a folder that --output names: file is NULL */
  const char *before, *between, *after; /* around several; NULL: nothing */
};

/* Whether programs read it: then it is never translated. */
bool jac_format_machine(const struct jac_format *format);

/* Chooses among the formats of the command of that name: the one that --format names
 * (word, or NULL), or that the output's ending says, or text. The error says what the
 * command does write. */
enum jac_status jac_format_choose(const char *command, const struct jac_format *formats,
                                  const char *word, const char *output,
                                  const struct jac_format **format,
                                  struct jac_error *err);

/* Adds "text, latex, csv". */
void jac_format_names(const struct jac_format *formats, struct jac_buffer *out);

/* Opens what --output names, puts around LaTeX what --standalone asks for, has the body
 * write, and closes; after an error nothing is left of a file. */
enum jac_status
jac_format_run(const struct jac_options *options, enum jac_latex_style style,
               enum jac_status (*body)(void *context, FILE *file, struct jac_error *err),
               void *context, struct jac_error *err);

/* For a body that has one thing a variable: writes count of them, and around them what
 * the format has for several, where --wrt names none. */
enum jac_status jac_format_each(const struct jac_options *options, size_t count,
                                enum jac_status (*one)(void *context, size_t k,
                                                       FILE *file, struct jac_error *err),
                                void *context, FILE *file, struct jac_error *err);

/* For a body that has all in one piece: the format's own writer with what. */
enum jac_status jac_format_write(const struct jac_options *options,
                                 enum jac_latex_style style, void *what,
                                 struct jac_error *err);

/* Writes a text that was made with that status, and frees it. */
enum jac_status jac_format_put(struct jac_buffer *text, enum jac_status status,
                               FILE *file, struct jac_error *err);

/* Writes JSON over several lines, 17 digits, and a newline; takes it. NULL: JAC_ENOMEM.
 */
enum jac_status jac_format_json(json_t *json, FILE *file, struct jac_error *err);

#endif
