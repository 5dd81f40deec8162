#include "jacobian/formula/spell.h"

#include <string.h>

bool jac_spell_greek(const char *word, size_t length) {
  static const char *const letters[] = {
      "alpha", "beta",  "gamma",   "delta",  "epsilon", "zeta",   "eta",
      "theta", "iota",  "kappa",   "lambda", "mu",      "nu",     "xi",
      "pi",    "rho",   "sigma",   "tau",    "upsilon", "phi",    "chi",
      "psi",   "omega", "Gamma",   "Delta",  "Theta",   "Lambda", "Xi",
      "Pi",    "Sigma", "Upsilon", "Phi",    "Psi",     "Omega"};
  for (size_t k = 0; k < sizeof letters / sizeof letters[0]; k++)
    if (strlen(letters[k]) == length && memcmp(letters[k], word, length) == 0)
      return true;
  return false;
}

static bool safe(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         strchr("+-()[]<>,'*=", c) != NULL;
}

static void plain(const char *text, size_t length, struct jac_buffer *out) {
  for (size_t k = 0; k < length && text[k] != '\0'; k++)
    if (safe(text[k]))
      jac_buffer_printf(out, "%c", text[k]);
}

/* A Greek letter, a letter, or a word in upright type. */
static void word(const char *text, size_t length, struct jac_buffer *out) {
  bool number = length > 0 && text[0] >= '0' && text[0] <= '9';
  if (jac_spell_greek(text, length))
    jac_buffer_printf(out, "\\%.*s", (int)length, text);
  else if (length <= 1 || number)
    plain(text, length, out);
  else {
    jac_buffer_add(out, "\\mathrm{");
    plain(text, length, out);
    jac_buffer_add(out, "}");
  }
}

static size_t accent(const char *name, const char **command) {
  static const char *const accents[] = {"hat",   "tilde", "bar", "dot",
                                        "check", "breve", "ddot"};
  for (size_t k = 0; k < sizeof accents / sizeof accents[0]; k++) {
    size_t length = strlen(accents[k]);
    if (strncmp(name, accents[k], length) == 0 && name[length] == '_' &&
        name[length + 1] != '\0') {
      *command = accents[k];
      return length + 1;
    }
  }
  return 0;
}

/* The part below: letters and numbers stay, words stand upright. */
static void below(const char *text, size_t length, struct jac_buffer *out) {
  bool letters = length > 1;
  for (size_t k = 0; k < length; k++)
    letters = letters &&
              ((text[k] >= 'a' && text[k] <= 'z') || (text[k] >= 'A' && text[k] <= 'Z'));
  if (letters && !(length == 2 && text[0] != text[1]))
    word(text, length, out);
  else
    plain(text, length, out);
}

void jac_spell_latex(const char *name, size_t count, const char *const *index,
                     struct jac_buffer *out) {
  const char *command = NULL;
  size_t skip = accent(name, &command);
  const char *base = name + skip;
  size_t length = strcspn(base, "_^");
  bool inner = base[length] == '_' && count > 0; /* {h_0}_{i}: two subscripts */
  jac_buffer_add(out, inner ? "{" : "");
  if (strcmp(name, "1") == 0)
    jac_buffer_add(out, "\\mathbf{1}");
  else {
    if (command != NULL)
      jac_buffer_printf(out, "\\%s{", command);
    word(base, length, out);
    if (command != NULL)
      jac_buffer_add(out, "}");
  }
  const char *rest = base + length, *above = strstr(rest, "^{");
  size_t low = *rest == '_' ? (above != NULL ? (size_t)(above - rest) : strlen(rest)) : 0;
  if (above != NULL) {
    jac_buffer_add(out, "^{");
    plain(above + 2, strcspn(above + 2, "}"), out);
    jac_buffer_add(out, "}");
  }
  if (low > 1) {
    jac_buffer_add(out, "_{");
    below(rest + 1, low - 1, out);
    jac_buffer_add(out, "}");
  }
  jac_buffer_add(out, inner ? "}" : "");
  if (count > 0) {
    jac_buffer_add(out, "_{");
    for (size_t k = 0; k < count; k++) {
      jac_buffer_add(out, k > 0 ? "," : "");
      jac_buffer_add(out, strcmp(index[k], ".") == 0 ? "\\bullet" : index[k]);
    }
    jac_buffer_add(out, "}");
  }
}
