/* The audit of a module's options: the default that the help of each names, and whether
 * it is looked at. */
#include "layers/audit_internal.h"

#include "jacobian/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum jac_status jac_audit_defaults(struct work *w, const struct jac_spec *spec,
                                   const struct jac_module_place *place) {
  const struct jac_module *module = jac_module_find(spec->name, place->library, w->err);
  const struct jac_map *map = w->map;
  if (module == NULL || module->options == NULL || spec->noption >= JAC_SPEC_OPTIONS)
    return JAC_OK;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols),
             *other = jac_matrix_alloc(map->rows, map->cols);
  enum jac_status status = y != NULL && other != NULL ? JAC_OK : jac_fail_memory(w->err);
  for (const struct jac_module_option *o = module->options;
       o->name != NULL && status == JAC_OK && w->audit->about == NULL; o++) {
    struct jac_spec with = *spec;
    struct jac_map *told = NULL;
    struct jac_error quiet;
    struct jac_values values;
    if (o->value == NULL || jac_spec_word(spec, o->name) != NULL)
      continue;
    snprintf(with.option[with.noption].name, JAC_SPEC_WORD, "%s", o->name);
    snprintf(with.option[with.noption].value, JAC_SPEC_WORD, "%.*s",
             (int)strcspn(o->value, "|"), o->value);
    with.option[with.noption++].given = true;
    if (jac_module_make(&with, place, &told, &quiet) != JAC_OK)
      continue; /* an example of what it takes, not a default */
    status = jac_values_new(map, 4242, &values, w->err);
    bool shapes = told->rows == map->rows && told->cols == map->cols;
    if (status == JAC_OK && shapes && told->nvar == map->nvar) {
      status = jac_map_forward(map, jac_values_point(&values), y, w->err);
      if (status == JAC_OK)
        status = jac_map_forward(told, jac_values_point(&values), other, w->err);
      shapes = same(y->data, other->data, map->rows * map->cols);
    }
    if (status == JAC_OK && !shapes) {
      jac_audit_found(w, "options", map->nvar, NAN, NAN);
      jac_buffer_printf(
          &w->audit->text,
          _("its help gives %s=%s as the default, without it the code gives "
            "something else"),
          o->name, o->value);
    }
    jac_values_free(&values);
    jac_map_free(told);
  }
  gsl_matrix_free(y);
  gsl_matrix_free(other);
  return status;
}

static bool names(const char *text, const char *word) {
  size_t length = strlen(word);
  for (const char *at = text; at != NULL && (at = strstr(at, word)) != NULL; at += length)
    if ((at == text || !isalnum((unsigned char)at[-1])) &&
        !isalnum((unsigned char)at[length]))
      return true;
  return false;
}

bool jac_audit_named(const struct jac_map *map, const char *option) {
  bool named = names(map->definition, option) || names(map->where, option);
  for (size_t v = 0; v < map->nvar && !named; v++)
    named = names(map->var[v].entry, option);
  return named;
}

/* The number that the map's formulas have under that name, or NaN. */
static double constant(const struct jac_map *map, const char *name) {
  for (size_t k = 0; k < map->nconstant; k++)
    if (map->constant[k].name != NULL && strcmp(map->constant[k].name, name) == 0)
      return map->constant[k].value;
  return NAN;
}

/* Whether their outputs are the same at numbers that are drawn. */
static enum jac_status works_same(const struct jac_map *a, const struct jac_map *b,
                                  unsigned long seed, bool *alike,
                                  struct jac_error *err) {
  size_t count = a->rows * a->cols;
  gsl_matrix *y = jac_matrix_alloc(a->rows, a->cols),
             *other = jac_matrix_alloc(a->rows, a->cols);
  enum jac_status status = y != NULL && other != NULL ? JAC_OK : jac_fail_memory(err);
  for (size_t k = 0; k < JAC_AUDIT_DRAWN && status == JAC_OK && *alike; k++) {
    struct jac_values values;
    status = jac_values_new(a, seed + 7919 * (k + 1), &values, err);
    if (status == JAC_OK)
      status = jac_map_forward(a, jac_values_point(&values), y, err);
    if (status == JAC_OK)
      status = jac_map_forward(b, jac_values_point(&values), other, err);
    *alike = *alike && (status != JAC_OK || same(y->data, other->data, count));
    jac_values_free(&values);
  }
  gsl_matrix_free(y);
  gsl_matrix_free(other);
  return status;
}

/* The definition has that number in it, and code and formulas go on with the old one:
 * the option is read under another name, or not at all. */
enum jac_status jac_audit_ignored(struct work *w, const struct jac_module_option *option,
                                  const struct jac_map *with, const char *value,
                                  unsigned long seed) {
  const struct jac_map *map = w->map;
  bool alike = true;
  if (!jac_audit_named(map, option->name))
    return JAC_OK;
  if (constant(map, option->name) != constant(with, option->name) ||
      map->rows != with->rows || map->cols != with->cols || map->nvar != with->nvar)
    return JAC_OK;
  enum jac_status status = works_same(map, with, seed, &alike, w->err);
  if (status == JAC_OK && alike) {
    jac_audit_found(w, "options", map->nvar, NAN, NAN);
    jac_buffer_printf(&w->audit->text,
                      _("its option %s=%s is taken and changes nothing: its formulas "
                        "name %s, and they and the code go on with %g"),
                      option->name, value, option->name, constant(map, option->name));
  }
  return status;
}
