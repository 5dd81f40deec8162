/* Texts that others wrote (names of files, formulas of notes, messages that quote them),
 * made safe where they go. Each adds text to out. */
#ifndef VISUAL_ESCAPE_H
#define VISUAL_ESCAPE_H

#include "jacobian/buffer.h"

/* A terminal: control characters (ESC, BEL, C1, ...) and bytes that are not UTF-8 as
 * \x1b; newlines and tabs stay. */
void jac_escape_terminal(const char *text, struct jac_buffer *out);

/* JSON and what else must be UTF-8: bytes that are not become U+FFFD. */
void jac_escape_utf8(const char *text, struct jac_buffer *out);

/* A cell of CSV: in quotes where it needs them, and behind a ' where a spreadsheet would
 * take it for a formula (it begins with = + - @, a tab or a carriage return). */
void jac_escape_csv(const char *text, struct jac_buffer *out);

/* Markdown outside code, which is HTML too: what either would act on is escaped. */
void jac_escape_markdown(const char *text, struct jac_buffer *out);

/* A file's name as a URI reference (RFC 3986): file:// before a name that begins with a
 * slash, else relative. */
void jac_escape_uri(const char *name, struct jac_buffer *out);

#endif
