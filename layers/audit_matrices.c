/* The audit of a definition in vectors and matrices, by which notes and derivations know
 * a module: the formula as it stands against what the code gives for one sample. */
#include "layers/audit_internal.h"

#include "jacobian/define/formula_map.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

enum { POINTS = 3, NAMES = 16 };

/* What the formula's names are: the module's variables, then its options' numbers. */
struct names {
  struct jac_formula_size size[NAMES];
  gsl_matrix *number[NAMES]; /* of options, owned */
  size_t variables, count;
};

static void add_options(struct names *n, const struct jac_module *module,
                        const struct jac_spec *spec) {
  for (const struct jac_module_option *o = module->options;
       o != NULL && o->name != NULL && n->count < NAMES; o++) {
    const char *word = jac_spec_word(spec, o->name);
    char *end = NULL;
    if (word == NULL)
      word = o->value;
    double value = word != NULL ? strtod(word, &end) : 0.0;
    if (word == NULL || end == word || *end != '\0')
      continue;
    gsl_matrix *number = jac_matrix_alloc(1, 1);
    if (number == NULL)
      return;
    number->data[0] = value;
    n->number[n->count] = number;
    n->size[n->count++] = (struct jac_formula_size){o->name, 2, {1, 1}, false};
  }
}

static void name_all(struct names *n, const struct jac_map *one, jac_point x,
                     const struct jac_module *module, const struct jac_spec *spec) {
  *n = (struct names){.count = 0};
  for (size_t v = 0; v < one->nvar && n->count < NAMES; v++)
    n->size[n->count++] =
        (struct jac_formula_size){one->var[v].name, 2, {x[v]->size1, x[v]->size2}, false};
  n->variables = n->count;
  add_options(n, module, spec);
}

/* The formula's output at x; NULL: it has none that could be compared, as it names what
 * nobody gives, or is no formula of these shapes. */
static gsl_matrix *formula_output(const struct names *n, const char *formula,
                                  jac_point x) {
  struct jac_map *map = NULL;
  struct jac_error quiet;
  const gsl_matrix *point[NAMES];
  if (jac_formula_map_new(formula, n->size, n->count, &map, &quiet) != JAC_OK)
    return NULL;
  for (size_t v = 0; v < map->nvar; v++)
    for (size_t k = 0; k < n->count; k++)
      if (strcmp(map->var[v].name, n->size[k].name) == 0)
        point[v] = k < n->variables ? x[k] : n->number[k];
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols);
  if (y != NULL && jac_map_forward(map, point, y, &quiet) != JAC_OK) {
    gsl_matrix_free(y);
    y = NULL;
  }
  jac_map_free(map);
  return y;
}

/* The first output that is not what the formula says. */
static void compare(struct work *w, const char *formula, const gsl_matrix *said,
                    const gsl_matrix *done) {
  size_t count = done->size1 * done->size2;
  if (said->size1 * said->size2 != count) {
    jac_audit_found(w, "definition", w->map->nvar, NAN, NAN);
    jac_buffer_printf(&w->audit->text,
                      _("its outputs are %zu by its definition in matrices, %.100s, and "
                        "%zu in the code"),
                      said->size1 * said->size2, formula, count);
    return;
  }
  double scale = fmax(largest(done->data, count), largest(said->data, count));
  for (size_t k = 0; k < count && w->audit->about == NULL; k++) {
    double a = said->data[k], b = done->data[k];
    if (!isfinite(a) || fabs(a - b) <= 1e-9 * scale)
      continue;
    jac_audit_found(w, "definition", w->map->nvar, a, b);
    jac_buffer_printf(&w->audit->text,
                      _("its definition in matrices, %.100s, says %.*g for output %zu, "
                        "the code gives %.*g"),
                      formula, jac_audit_digits(a, b), as_printed(a), k + 1,
                      jac_audit_digits(a, b), as_printed(b));
  }
}

static enum jac_status audit_one(struct work *w, const struct jac_map *one,
                                 const struct jac_module *module,
                                 const struct jac_spec *spec, unsigned long seed) {
  struct jac_values values;
  struct names names;
  enum jac_status status = jac_values_new(one, seed, &values, w->err);
  if (status != JAC_OK)
    return status;
  jac_point x = jac_values_point(&values);
  gsl_matrix *done = jac_matrix_alloc(one->rows, one->cols);
  status = done == NULL ? jac_fail_memory(w->err) : jac_map_forward(one, x, done, w->err);
  if (status == JAC_OK) {
    name_all(&names, one, x, module, spec);
    gsl_matrix *said = formula_output(&names, module->matrices, x);
    if (said != NULL)
      compare(w, module->matrices, said, done);
    if (w->audit->about != NULL) {
      struct work at = *w;
      at.map = one;
      at.x = x;
      at.place = _("at random numbers");
      jac_audit_place(&at, &w->audit->text);
    }
    gsl_matrix_free(said);
    for (size_t k = names.variables; k < names.count; k++)
      gsl_matrix_free(names.number[k]);
  }
  gsl_matrix_free(done);
  jac_values_free(&values);
  return status;
}

/* Whether the formula names every option that the spec gives: else it is of defaults. */
static bool names_options(const char *formula, const struct jac_spec *spec) {
  bool all = true;
  for (size_t k = 0; k < spec->noption; k++)
    all = all && strstr(formula, spec->option[k].name) != NULL;
  return all;
}

enum jac_status jac_audit_matrices(struct work *w, const struct jac_spec *spec,
                                   const struct jac_module_place *place,
                                   unsigned long seed) {
  struct jac_module_place alone = *place;
  struct jac_map *one = NULL;
  const struct jac_module *module = jac_module_find(spec->name, place->library, w->err);
  alone.batch = 1;
  if (module == NULL || module->matrices == NULL || w->map->coupled ||
      !names_options(module->matrices, spec))
    return JAC_OK;
  enum jac_status status = jac_module_make(spec, &alone, &one, w->err);
  for (size_t k = 0; k < POINTS && status == JAC_OK && w->audit->about == NULL; k++)
    status = audit_one(w, one, module, spec, seed + 104729 * (k + 1));
  jac_map_free(one);
  return status;
}
