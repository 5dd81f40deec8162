/* Texts that a person reads are marked with _() so that they can be translated. Machine
 * formats (JSON, CSV, symbols) are never marked. */
#ifndef JACOBIAN_TEXT_H
#define JACOBIAN_TEXT_H

#ifdef JAC_NLS
#include <libintl.h>
#define _(text) dgettext("jacobian", text)
#define JAC_PLURAL(one, many, n) dngettext("jacobian", one, many, n)
#elif defined JAC_CATALOGUES
/* The page's engine has no gettext; visual/engine/wasm/translate.c stands for it. */
__attribute__((format_arg(1))) const char *jac_text(const char *text);
__attribute__((format_arg(1))) const char *
jac_text_plural(const char *one, const char *many, unsigned long count);
#define _(text) jac_text(text)
#define JAC_PLURAL(one, many, n) jac_text_plural(one, many, n)
#else
#define _(text) (text)
#define JAC_PLURAL(one, many, n) ((n) == 1 ? (one) : (many))
#endif

/* Marks a text whose translation is looked up where it is printed. */
#define N_(text) text

#endif
