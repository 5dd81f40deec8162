/* Words that begin an example or an exercise: what another one says is not of it. */
#include "jacobian/notes/reader_internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Beginnings of words: English, French, Spanish, Portuguese, Italian, German, Russian,
 * Chinese and Japanese, Korean. */
static const char *const words[] = {"exampl",
                                    "exmp",
                                    "exercis",
                                    "problem",
                                    "exempl",
                                    "exerci",
                                    "beispiel",
                                    "aufgabe",
                                    "ejemplo",
                                    "ejerci",
                                    "esempi",
                                    "eserci",
                                    "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80",
                                    "\xd0\x97\xd0\xb0\xd0\xb4\xd0\xb0\xd1\x87",
                                    "\xe4\xbe\x8b",
                                    "\xec\x98\x88\xec\xa0\x9c"};

static bool begins(const char *text, size_t length) {
  for (size_t w = 0; w < sizeof words / sizeof *words; w++)
    if (strlen(words[w]) <= length && strncasecmp(text, words[w], strlen(words[w])) == 0)
      return true;
  return false;
}

/* Of what stands beside examples, and ends one: a remark, a theorem. */
static const char *const others[] = {"remark", "theorem", "lemma", "propos",
                                     "corol",  "defin",   "satz",  "bemerk",
                                     "remarq", "teorem",  "observ"};

bool jac_names_other(const char *name, size_t length) {
  for (size_t k = 0; k < length; k++)
    for (size_t w = 0; w < sizeof others / sizeof *others; w++)
      if (strlen(others[w]) <= length - k &&
          strncasecmp(name + k, others[w], strlen(others[w])) == 0)
        return true;
  return false;
}

bool jac_begins_another(const char *text, size_t length) {
  return begins(text, length);
}

bool jac_names_another(const char *name, size_t length) {
  bool found = length == 2 && strncmp(name, "eg", 2) == 0;
  for (size_t k = 0; k < length && !found; k++)
    found = begins(name + k, length - k);
  return found;
}
