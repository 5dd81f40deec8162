/* Macros that are said in the settings of a course: MathJax's and KaTeX's `macros`, in
 * YAML (_config.yml of Jupyter Book, _quarto.yml, a page's front matter), JavaScript,
 * HTML and Python (conf.py of Sphinx), and MyST's `math`. */
#ifndef JACOBIAN_NOTES_SETTINGS_H
#define JACOBIAN_NOTES_SETTINGS_H

#include "jacobian/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds a \newcommand for each macro that the settings define, and such definitions as
 * stand in them as they are: what jac_notes_read_after takes. The text need not be right:
 * what is not read is passed over. Time is linear in the length. yaml: a string in single
 * quotes has no escapes. */
void jac_notes_settings(const char *text, size_t length, bool yaml,
                        struct jac_buffer *out);

#endif
