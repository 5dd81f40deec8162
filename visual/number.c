#include "visual/number.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* glibc hands out the C locale without making anything; the switch is the thread's own.
 */
static locale_t enter(locale_t *c) {
  *c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  return uselocale(*c);
}

static void leave(locale_t c, locale_t old) {
  uselocale(old);
  if (c != (locale_t)0)
    freelocale(c);
}

/* A minus as it stands in typeset text. */
#define MINUS "\xe2\x88\x92"

enum jac_number jac_number_read(const char *text, double *value) {
  if (strncmp(text, MINUS, sizeof MINUS - 1) == 0) {
    const char *rest = text + sizeof MINUS - 1;
    enum jac_number result =
        *rest == '+' || *rest == '-' ? JAC_NUMBER_BAD : jac_number_read(rest, value);
    *value = -*value;
    return result;
  }
  const char *digits = text + (*text == '+' || *text == '-');
  if (strcasecmp(digits, "nan") == 0 || strcasecmp(digits, "inf") == 0 ||
      strcasecmp(digits, "infinity") == 0) {
    double size = tolower((unsigned char)*digits) == 'n' ? (double)NAN : (double)INFINITY;
    *value = *text == '-' ? -size : size;
    return JAC_NUMBER_OK;
  }
  /* strtod alone would take hexadecimal, leading blanks and nan(...) too. */
  if (*text == '\0' || strspn(text, "0123456789.+-eE") != strlen(text))
    return JAC_NUMBER_BAD;
  char *end;
  locale_t c, old = enter(&c);
  int before = errno;
  *value = strtod(text, &end);
  errno = before;
  leave(c, old);
  if (end == text || *end != '\0')
    return JAC_NUMBER_BAD;
  return isinf(*value) ? JAC_NUMBER_HUGE : JAC_NUMBER_OK;
}

static bool add_special(struct jac_buffer *out, double value) {
  if (isnan(value))
    jac_buffer_add(out, "nan");
  else if (isinf(value))
    jac_buffer_add(out, value < 0 ? "-inf" : "inf");
  return !isfinite(value);
}

void jac_number_add(struct jac_buffer *out, double value, int digits) {
  if (add_special(out, value))
    return;
  locale_t c, old = enter(&c);
  jac_buffer_printf(out, "%.*g", digits, value);
  leave(c, old);
}

void jac_number_add_fixed(struct jac_buffer *out, double value, int decimals) {
  if (add_special(out, value))
    return;
  locale_t c, old = enter(&c);
  jac_buffer_printf(out, "%.*f", decimals, value);
  leave(c, old);
}
