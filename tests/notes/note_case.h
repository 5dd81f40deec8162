/* Short ways to read notes in tests and to compare what was found. */
#ifndef TESTS_NOTES_NOTE_CASE_H
#define TESTS_NOTES_NOTE_CASE_H

#include "jacobian/buffer.h"
#include "jacobian/notes/read.h"

/* The document of a text that must be readable. The caller frees it. */
struct jac_document note_read(const char *text, enum jac_notes_format format);

/* Reads, and compares what was found with lines `LINE:COLUMN KIND TEXT`, one an item:
 * KIND is h1 to h6, directive, or a formula's environment; " !" and the problem follow
 * where there is one; line ends in texts are written as spaces. LINE:COLUMN is where the
 * item starts. */
void note_expect(const char *text, enum jac_notes_format format, const char *expected);

#endif
