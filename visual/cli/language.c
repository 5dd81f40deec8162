#include "visual/cli/language.h"

#include "jacobian/text.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* `catalogues`, pairs of a name and what msgfmt made of visual/po/NAME.po, English first
 * and without: written by .ci/catalogues. */
#include "catalogues.h"

enum { LANGUAGES = sizeof catalogues / sizeof catalogues[0] };

/* The language of the first `length` letters of a name such as fr_CA.UTF-8, or NULL. */
static const struct catalogue *find(const char *name, size_t length) {
  size_t letters = strcspn(name, "_.@-:");
  letters = letters < length ? letters : length;
  for (size_t k = 0; k < LANGUAGES; k++)
    if (strlen(catalogues[k].name) == letters &&
        strncmp(catalogues[k].name, name, letters) == 0)
      return &catalogues[k];
  return NULL;
}

static const struct catalogue *current = &catalogues[0];

static void use(const struct catalogue *language) {
  current = language;
  jac_text_use(language->texts);
  /* What the C library says, such as the reason why a file cannot be read. */
  if (language->texts == NULL || setlocale(LC_MESSAGES, "") == NULL)
    setlocale(LC_MESSAGES, "C");
}

static const char *environment(const char *name) {
  const char *value = getenv(name);
  return value != NULL && *value != '\0' ? value : NULL;
}

void jac_language_start(void) {
  const char *wanted = environment("LC_ALL"), *list = environment("LANGUAGE");
  if (wanted == NULL)
    wanted = environment("LC_MESSAGES");
  if (wanted == NULL)
    wanted = environment("LANG");
  if (setlocale(LC_CTYPE, "") == NULL)
    setlocale(LC_CTYPE, "C.UTF-8");
  /* As gettext: the C locale is English whatever LANGUAGE says. */
  if (wanted != NULL && (strcmp(wanted, "C") == 0 || strcmp(wanted, "POSIX") == 0))
    return;
  for (const char *at = list != NULL ? list : wanted; at != NULL && *at != '\0';) {
    size_t length = strcspn(at, ":");
    const struct catalogue *language = find(at, length);
    if (language != NULL) {
      use(language);
      return;
    }
    at += length + (at[length] == ':');
  }
}

const char *jac_language_now(void) {
  return current->name;
}

const char *jac_language_list(void) {
  return JAC_LANGUAGES;
}

enum jac_status jac_language_set(const char *name, struct jac_error *err) {
  const struct catalogue *language = find(name, strlen(name));
  if (language == NULL)
    return jac_fail(err, JAC_EINPUT, _("--lang %.40s: one of %s is needed"), name,
                    JAC_LANGUAGES);
  use(language);
  return JAC_OK;
}

void jac_language_pause(void) {
  jac_text_use(NULL);
}

void jac_language_resume(void) {
  jac_text_use(current->texts);
}
