/* What stands in other files and counts for one of notes: macros of a preamble that is
 * \input, of the document that a chapter belongs to, of a course's settings. */
#ifndef VISUAL_AROUND_H
#define VISUAL_AROUND_H

#include "jacobian/buffer.h"
#include "jacobian/notes/read.h"

/* A file of settings that cannot be YAML: at which line it begins, and the character, as
 * jac_notes_yaml_fault says. line 0: none. */
struct jac_around_fault {
  char file[200];
  size_t line;
  char sign;
};

/* Adds LaTeX with the definitions that count for the notes at path, whose text this is:
 * what jac_notes_read_after takes. Looked at, for LaTeX: the files that it brings in
 * (\input, \include, \usepackage and their like, where they are beside it), and the
 * preamble of the document that it is a part of; else _config.yml, _quarto.yml, myst.yml,
 * conf.py, MathJax's settings, macros.tex and preamble.tex, of its folder and of those
 * above, up to that of the repository, and what the front matter includes. A file that
 * cannot be read is passed over. Bounded in files and bytes. "-" has nothing around it.
 * *fault, unless NULL: the first settings that cannot be YAML, of which some may not have
 * been read. */
void jac_around(const char *path, enum jac_notes_format format, const char *text,
                struct jac_buffer *out, struct jac_around_fault *fault);

/* One line that says it, without an end. */
void jac_around_fault_write(const struct jac_around_fault *fault, struct jac_buffer *out);

#endif
