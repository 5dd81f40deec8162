#include "visual/cli/language.h"

#include "jacobian/text.h"

#include <libintl.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef JAC_LOCALE_DIR
#define JAC_LOCALE_DIR "/usr/local/share/locale"
#endif
#ifndef JAC_LANGUAGES
#define JAC_LANGUAGES "en"
#endif

/* gettext looks nothing up in the C locale. This one is built into the C library, so that
 * LANGUAGE alone decides wherever the program runs. */
static const char neutral[] = "C.UTF-8";

/* The locale of messages outside jac_language_pause. */
static char messages[64] = "C";

static void use(const char *locale) {
  const char *set = setlocale(LC_MESSAGES, locale);
  snprintf(messages, sizeof messages, "%s", set != NULL ? set : "C");
}

/* Where the translations are: beside a program that is not installed, in the prefix of
 * one that is (wherever that was moved to), or where `make install` was to put them. */
static void bind(void) {
  static const char *const places[] = {"locale", "../share/locale"};
  char program[PATH_MAX], folder[PATH_MAX + 32], file[PATH_MAX + 80];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  const char *found = JAC_LOCALE_DIR;
  if (length > 0) {
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    *slash = '\0';
    for (size_t k = 0; k < 2 && found != folder; k++) {
      snprintf(folder, sizeof folder, "%s/%s", program, places[k]);
      snprintf(file, sizeof file, "%s/fr/LC_MESSAGES/jacobian.mo", folder);
      if (access(file, R_OK) == 0)
        found = folder;
    }
  }
  bindtextdomain("jacobian", found);
  /* Plain ASCII is what a bare machine says when nobody chose: its terminals are UTF-8.
   */
  if (strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0)
    bind_textdomain_codeset("jacobian", "UTF-8");
}

static const char *environment(const char *name) {
  const char *value = getenv(name);
  return value != NULL && *value != '\0' ? value : NULL;
}

void jac_language_start(void) {
  const char *wanted = environment("LC_ALL");
  if (wanted == NULL)
    wanted = environment("LC_MESSAGES");
  if (wanted == NULL)
    wanted = environment("LANG");
  if (setlocale(LC_CTYPE, "") == NULL)
    setlocale(LC_CTYPE, neutral);
  bool installed = setlocale(LC_MESSAGES, "") != NULL;
  if (!installed) {
    if (environment("LANGUAGE") == NULL && wanted != NULL)
      setenv("LANGUAGE", wanted, 1);
    use(neutral);
  } else
    use(wanted == NULL && environment("LANGUAGE") != NULL ? neutral : "");
  bind();
}

const char *jac_language_list(void) {
  return JAC_LANGUAGES;
}

/* Whether list, "en, fr", has a language of these letters. */
static bool known(const char *name, size_t length) {
  for (const char *at = JAC_LANGUAGES; at != NULL && *at != '\0';) {
    at += strspn(at, ", ");
    size_t here = strcspn(at, ",");
    if (here == length && strncmp(at, name, length) == 0)
      return true;
    at += here;
  }
  return false;
}

enum jac_status jac_language_set(const char *name, struct jac_error *err) {
  char language[16];
  size_t length = strcspn(name, "_.@-");
  if (!known(name, length))
    return jac_fail(err, JAC_EINPUT, _("--lang %.40s: one of %s is needed"), name,
                    JAC_LANGUAGES);
  snprintf(language, sizeof language, "%.*s", (int)length, name);
  setenv("LANGUAGE", language, 1);
  use(strcmp(language, "en") == 0 ? "C" : neutral);
  return JAC_OK;
}

void jac_language_pause(void) {
  setlocale(LC_MESSAGES, "C");
}

void jac_language_resume(void) {
  setlocale(LC_MESSAGES, messages);
}
