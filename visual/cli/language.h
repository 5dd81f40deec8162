/* The language of messages: --lang, LANGUAGE or the locale. Numbers keep the point. */
#ifndef VISUAL_CLI_LANGUAGE_H
#define VISUAL_CLI_LANGUAGE_H

#include "jacobian/error.h"

/* Takes the language from the environment: what LANGUAGE or the locale say is honoured
 * even where the system has not that locale installed; LC_ALL=C is English. */
void jac_language_start(void);

/* The language that --lang names, such as fr or fr_FR.UTF-8. Errors: JAC_EINPUT. */
enum jac_status jac_language_set(const char *name, struct jac_error *err);

/* The language of texts now. */
const char *jac_language_now(void);

/* The languages there are, separated by commas. */
const char *jac_language_list(void);

/* Machine formats are never translated: between these two, texts are English. */
void jac_language_pause(void);
void jac_language_resume(void);

#endif
