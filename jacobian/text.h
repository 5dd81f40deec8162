/* Texts that a person reads are marked with _() so that they can be translated. Machine
 * formats (JSON, CSV, symbols) are never marked. */
#ifndef JACOBIAN_TEXT_H
#define JACOBIAN_TEXT_H

/* The language of all texts from now on, in every thread: a catalogue as msgfmt writes it
 * (`--endianness=little`), which stays the caller's and must outlive its use, or NULL for
 * English. Made for a program's start; the library itself begins in English. */
void jac_text_use(const unsigned char *catalogue);

/* A text in that language, or the text itself where it has no translation. */
__attribute__((format_arg(1))) const char *jac_text(const char *text);
/* One of two texts, as the language wants it for a count. */
__attribute__((format_arg(1), format_arg(2))) const char *
jac_text_plural(const char *one, const char *many, unsigned long count);

#define _(text) jac_text(text)
#define JAC_PLURAL(one, many, n) jac_text_plural(one, many, n)

/* Marks a text whose translation is looked up where it is printed. */
#define N_(text) text

#endif
