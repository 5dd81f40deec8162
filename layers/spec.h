/* A module as the command line writes it: NAME[:SIZES][,option[=value]]... */
#ifndef LAYERS_SPEC_H
#define LAYERS_SPEC_H

#include "jacobian/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { JAC_SPEC_SIZES = 3, JAC_SPEC_OPTIONS = 8, JAC_SPEC_WORD = 32 };

struct jac_spec {
  char name[JAC_SPEC_WORD];
  size_t nsize;
  size_t size[JAC_SPEC_SIZES]; /* as in 3x2; each at least 1 */
  size_t noption;
  struct {
    char name[JAC_SPEC_WORD];
    char value[JAC_SPEC_WORD]; /* empty when only the name stands there */
    bool given;                /* "=" was there */
  } option[JAC_SPEC_OPTIONS];
};

/* Reads one; JAC_EINPUT says what is wrong and how a spec looks. */
enum jac_status jac_spec_read(const char *text, struct jac_spec *spec,
                              struct jac_error *err);

/* Whether the flag (an option without value) is there. */
bool jac_spec_flag(const struct jac_spec *spec, const char *name);

/* The option's value as a whole number from 1 on, or the default when it is absent. */
enum jac_status jac_spec_count(const struct jac_spec *spec, const char *name,
                               size_t *value, size_t otherwise, struct jac_error *err);

/* The option's value as a whole number from 0 on, or 0. */
enum jac_status jac_spec_whole(const struct jac_spec *spec, const char *name,
                               size_t *value, struct jac_error *err);

/* The option's value as a finite number, or the default. */
enum jac_status jac_spec_number(const struct jac_spec *spec, const char *name,
                                double *value, double otherwise, struct jac_error *err);

/* The option's value as a word, or NULL when it is absent. Borrowed. */
const char *jac_spec_word(const struct jac_spec *spec, const char *name);

#endif
