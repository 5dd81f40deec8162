/* The audit of a module's options: the default that the help of each names. */
#include "layers/audit_internal.h"

#include "jacobian/text.h"

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
