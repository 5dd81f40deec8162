#include "layers/spec.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Copies bytes into a word that has room for JAC_SPEC_WORD. */
static bool copy_word(char *word, const char *bytes, size_t count) {
  if (count >= JAC_SPEC_WORD)
    return false;
  memcpy(word, bytes, count);
  word[count] = '\0';
  return true;
}

/* The longest text shown of an input that is at fault. */
#define SHOWN 60

static enum jac_status bad_size(const char *text, struct jac_error *err) {
  return jac_fail(
      err, JAC_EINPUT,
      _("'%.*s': sizes are whole numbers from 1 on joined by x, as in linear:3x2"), SHOWN,
      text);
}

/* One to three whole numbers joined by x. */
static enum jac_status read_sizes(const char *text, const char *from, const char *to,
                                  struct jac_spec *spec, struct jac_error *err) {
  while (true) {
    size_t value = 0;
    const char *start = from;
    for (; from < to && *from >= '0' && *from <= '9'; from++)
      if (__builtin_mul_overflow(value, (size_t)10, &value) ||
          __builtin_add_overflow(value, (size_t)(*from - '0'), &value))
        return jac_fail(err, JAC_ELIMIT, _("'%.*s': a size is too large"), SHOWN, text);
    if (from == start || value == 0 || spec->nsize == JAC_SPEC_SIZES)
      return bad_size(text, err);
    spec->size[spec->nsize++] = value;
    if (from == to)
      return JAC_OK;
    if (*from++ != 'x')
      return bad_size(text, err);
  }
}

static enum jac_status read_option(const char *text, const char *from, const char *to,
                                   struct jac_spec *spec, struct jac_error *err) {
  const char *equals = memchr(from, '=', (size_t)(to - from));
  const char *end = equals != NULL ? equals : to;
  if (end == from)
    return jac_fail(
        err, JAC_EINPUT,
        _("'%.*s': an option is missing after a comma, as in linear:3x2,bias"), SHOWN,
        text);
  if (spec->noption == JAC_SPEC_OPTIONS)
    return jac_fail(err, JAC_ELIMIT, _("'%.*s': more than %d options"), SHOWN, text,
                    JAC_SPEC_OPTIONS);
  size_t k = spec->noption++;
  spec->option[k].given = equals != NULL;
  const char *value = equals != NULL ? equals + 1 : to;
  if (!copy_word(spec->option[k].name, from, (size_t)(end - from)) ||
      !copy_word(spec->option[k].value, value, (size_t)(to - value)))
    return jac_fail(err, JAC_ELIMIT, _("'%.*s': an option is longer than %d letters"),
                    SHOWN, text, JAC_SPEC_WORD - 1);
  for (size_t other = 0; other < k; other++)
    if (strcmp(spec->option[other].name, spec->option[k].name) == 0)
      return jac_fail(err, JAC_EINPUT, _("'%.*s': the option '%s' stands there twice"),
                      SHOWN, text, spec->option[k].name);
  return JAC_OK;
}

enum jac_status jac_spec_read(const char *text, struct jac_spec *spec,
                              struct jac_error *err) {
  *spec = (struct jac_spec){.nsize = 0};
  size_t name = strcspn(text, ":,");
  if (name == 0 || !copy_word(spec->name, text, name))
    return jac_fail(
        err, JAC_EINPUT,
        _("'%.*s' is not a module: write NAME[:SIZES][,option[=value]], as in "
          "linear:3x2,bias"),
        SHOWN, text);
  const char *at = text + name;
  enum jac_status status = JAC_OK;
  if (*at == ':') {
    const char *end = at + strcspn(at, ",");
    status = read_sizes(text, at + 1, end, spec, err);
    at = end;
  }
  while (status == JAC_OK && *at == ',') {
    const char *end = at + 1 + strcspn(at + 1, ",");
    status = read_option(text, at + 1, end, spec, err);
    at = end;
  }
  return status;
}

/* The option's place, or noption. */
static size_t find(const struct jac_spec *spec, const char *name) {
  size_t k = 0;
  while (k < spec->noption && strcmp(spec->option[k].name, name) != 0)
    k++;
  return k;
}

bool jac_spec_flag(const struct jac_spec *spec, const char *name) {
  return find(spec, name) < spec->noption;
}

const char *jac_spec_word(const struct jac_spec *spec, const char *name) {
  size_t k = find(spec, name);
  return k < spec->noption ? spec->option[k].value : NULL;
}

enum jac_status jac_spec_count(const struct jac_spec *spec, const char *name,
                               size_t *value, size_t otherwise, struct jac_error *err) {
  *value = otherwise;
  const char *word = jac_spec_word(spec, name);
  if (word == NULL)
    return JAC_OK;
  char *end = NULL;
  unsigned long number = *word >= '1' && *word <= '9' ? strtoul(word, &end, 10) : 0;
  if (number == 0 || *end != '\0' || number > 1000000000UL)
    return jac_fail(err, JAC_EINPUT,
                    _("%s: %s=%s: a whole number from 1 to 1000000000 is needed"),
                    spec->name, name, word);
  *value = number;
  return JAC_OK;
}

enum jac_status jac_spec_whole(const struct jac_spec *spec, const char *name,
                               size_t *value, struct jac_error *err) {
  const char *word = jac_spec_word(spec, name);
  *value = 0;
  if (word == NULL || strcmp(word, "0") == 0)
    return JAC_OK;
  if (jac_spec_count(spec, name, value, 0, NULL) == JAC_OK)
    return JAC_OK;
  return jac_fail(err, JAC_EINPUT,
                  _("%s: %s=%s: a whole number from 0 to 1000000000 is needed"),
                  spec->name, name, word);
}

enum jac_status jac_spec_number(const struct jac_spec *spec, const char *name,
                                double *value, double otherwise, struct jac_error *err) {
  *value = otherwise;
  const char *word = jac_spec_word(spec, name);
  if (word == NULL)
    return JAC_OK;
  char *end;
  *value = strtod(word, &end);
  if (end == word || *end != '\0' || !isfinite(*value))
    return jac_fail(err, JAC_EINPUT, _("%s: %s=%s: a finite number is needed"),
                    spec->name, name, word);
  return JAC_OK;
}
