/* The audit of a module: each thing that it says of itself is held against the others at
 * the same points. audit_formula.c, audit_structure.c and audit_option.c check them. */
#include "layers/audit_internal.h"

#include "layers/network_internal.h"

#include "jacobian/check.h"
#include "jacobian/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEARNT_POINTS = 10 };

int jac_audit_digits(double a, double b) {
  double places = -log10(fabs(a - b) / fmax(fabs(a), fabs(b)));
  return places > 4.0 ? (places < 15.0 ? (int)places + 2 : 17) : 6;
}

void jac_audit_place(const struct work *w, struct jac_buffer *out) {
  const struct jac_map *map = w->map;
  jac_buffer_printf(out, " (%s", w->place);
  for (size_t v = 0; v < map->nvar; v++) {
    size_t size = w->x[v]->size1 * w->x[v]->size2;
    if (size > 12)
      continue;
    jac_buffer_printf(out, v == 0 ? ": %s =" : "; %s =", map->var[v].name);
    for (size_t k = 0; k < size; k++)
      jac_buffer_printf(out, "%s %.4g", k > 0 && k % w->x[v]->size2 == 0 ? ";" : "",
                        as_printed(w->x[v]->data[k]));
  }
  jac_buffer_add(out, ")");
}

void jac_audit_found(struct work *w, const char *about, size_t wrt, double said,
                     double done) {
  w->audit->about = about;
  w->audit->wrt = wrt;
  w->audit->said = said;
  w->audit->done = done;
}

/* The code against itself at this point: differences and products. */
static enum jac_status check_code(struct work *w, size_t wrt, const struct jac_array3 *J,
                                  bool *kinks) {
  static const struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  static const char *const names[JAC_REFERENCES] = {
      N_("finite differences give"), N_("the vector-Jacobian product gives"),
      N_("the Jacobian-vector product gives")};
  struct jac_check_result r[JAC_REFERENCES];
  enum jac_status status = jac_check(w->map, w->x, wrt, J, &options, r, w->err);
  *kinks = false;
  for (size_t k = 0; k < JAC_REFERENCES && status == JAC_OK; k++) {
    *kinks = *kinks || r[k].kinks > 0 || r[k].valueless > 0;
    if (r[k].verdict != JAC_VERDICT_DIFFERS || w->audit->about != NULL)
      continue;
    const struct jac_checked_entry *e =
        r[k].wrong > 0 ? &r[k].list[0] : &r[k].first_nonfinite;
    for (size_t j = 0; j < r[k].listed && r[k].wrong > 0; j++)
      if (!r[k].list[j].kink) {
        e = &r[k].list[j];
        break;
      }
    jac_audit_found(w, "Jacobian", wrt, e->reference, e->jacobian);
    jac_buffer_printf(&w->audit->text,
                      _("its Jacobian for %s has %.*g in row %zu, column %zu of sample "
                        "%zu, %s %.*g"),
                      w->map->var[wrt].name, jac_audit_digits(e->jacobian, e->reference),
                      as_printed(e->jacobian), e->row + 1, e->col + 1, e->slice + 1,
                      _(names[k]), jac_audit_digits(e->jacobian, e->reference),
                      as_printed(e->reference));
    jac_audit_place(w, &w->audit->text);
  }
  return status;
}

/* The usual size of outputs and derivatives, of many points: at one of them a softmax may
 * be saturated, and all its slopes rounding. */
static enum jac_status learn(struct work *w, unsigned long seed) {
  const struct jac_map *map = w->map;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols);
  enum jac_status status = y == NULL ? jac_fail_memory(w->err) : JAC_OK;
  for (size_t k = 0; k < LEARNT_POINTS && status == JAC_OK; k++) {
    struct jac_values values;
    status = jac_values_new(map, seed + 7919 * (k + 1), &values, w->err);
    jac_point x = jac_values_point(&values);
    if (status == JAC_OK)
      status = jac_map_forward(map, x, y, w->err);
    if (status == JAC_OK)
      w->outputs = fmax(w->outputs, largest(y->data, map->rows * map->cols));
    for (size_t v = 0; v < map->nvar && status == JAC_OK; v++) {
      struct jac_array3 J;
      status = jac_map_jacobian_new(map, x, v, &J, w->err);
      if (status == JAC_OK)
        w->slopes = fmax(w->slopes, largest(J.data, J.slices * J.rows * J.cols));
      jac_array3_free(&J);
    }
    jac_values_free(&values);
  }
  gsl_matrix_free(y);
  return status;
}

/* One variable at one point. */
static enum jac_status audit_variable(struct work *w, size_t wrt) {
  struct jac_array3 J;
  bool kinks = false;
  enum jac_status status = jac_map_jacobian_new(w->map, w->x, wrt, &J, w->err);
  if (status != JAC_OK)
    return status;
  status = jac_audit_columns(w, wrt, &J);
  if (status == JAC_OK && w->audit->about == NULL)
    status = jac_audit_promises(w, wrt, &J);
  if (status == JAC_OK && w->audit->about == NULL)
    status = check_code(w, wrt, &J, &kinks);
  if (status == JAC_OK && w->audit->about == NULL && !kinks && !w->wordless)
    status = jac_audit_entries(w, wrt, &J);
  jac_array3_free(&J);
  return status;
}

static enum jac_status audit_point(struct work *w, jac_point x, const char *place) {
  const struct jac_map *map = w->map;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols);
  if (y == NULL)
    return jac_fail_memory(w->err);
  w->x = x;
  w->place = place;
  enum jac_status status = jac_map_forward(map, x, y, w->err);
  w->valueless = false;
  for (size_t k = 0; k < map->rows * map->cols && status == JAC_OK; k++)
    w->valueless = w->valueless || !isfinite(y->data[k]);
  if (status == JAC_OK && !w->wordless)
    status = jac_audit_definition(w, y);
  gsl_matrix_free(y);
  for (size_t v = 0; v < map->nvar && status == JAC_OK && w->audit->about == NULL; v++)
    status = audit_variable(w, v);
  return status;
}

/* Numbers at which code often goes another way; any number may stand there. */
static double zeros(size_t k) {
  (void)k;
  return 0.0;
}
/* Here and there; elsewhere what was drawn. */
static double scattered(size_t k) {
  return k * 7 % 5 < 2 ? 0.0 : NAN;
}
static double equal(size_t k) {
  (void)k;
  return 1.0;
}
static double tiny(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * 1e-5 * (1.0 + 0.37 * (double)(k % 17));
}
static double large(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * (3.0 + 0.73 * (double)(k % 11));
}
static double negative(size_t k) {
  return -0.5 - 0.61 * (double)(k % 7);
}
static double whole(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * (1.0 + (double)(k / 2 % 3));
}
static double half(size_t k) {
  return (k % 2 == 0 ? 0.5 : -0.5) * (1.0 + (double)(k / 2 % 3));
}
static double hundreds(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * (21.0 + 61.7 * (double)(k * 7 % 11));
}
static double tens(size_t k) {
  static const double round[] = {10.0, 5.0, 100.0, 20.0, 4.0, 1000.0, 50.0, 8.0};
  return (k % 2 == 0 ? 1.0 : -1.0) * round[k / 2 % 8];
}
static double thousands(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * (1.7e4 + 9.1e5 * (double)(k * 3 % 11));
}
static double minute(size_t k) {
  return 1e-5 * tiny(k);
}

/* Where all is 0, weights of 0 hide what the code makes of data of 0. */
struct special {
  const char *words;
  double (*value)(size_t k); /* NAN: what was drawn */
  bool data_alone;           /* parameters are as they were drawn */
};
static const struct special special[] = {
    {N_("at zeros"), zeros, false},
    {N_("at data of zeros"), zeros, true},
    {N_("at zeros among other numbers"), scattered, false},
    {N_("at equal numbers"), equal, false},
    {N_("at tiny numbers"), tiny, false},
    {N_("at large numbers"), large, false},
    {N_("at negative numbers"), negative, false},
    {N_("at whole numbers"), whole, false},
    {N_("at halves"), half, false},
    {N_("at hundreds"), hundreds, false},
    {N_("at tens"), tens, false},
    {N_("at thousands"), thousands, false},
    {N_("at numbers near 0"), minute, false},
};

static void set_special(const struct jac_map *map, struct jac_values *values,
                        const struct special *one) {
  size_t count = 0;
  for (size_t v = 0; v < map->nvar; v++) {
    if (map->var[v].domain != JAC_REAL ||
        (one->data_alone && map->var[v].role != JAC_DATA))
      continue;
    for (size_t k = 0; k < jac_variable_size(&map->var[v]); k++) {
      double value = one->value(count++);
      if (!isnan(value))
        values->matrix[v]->data[k] = value;
    }
  }
}

jac_point jac_audit_nudged(struct work *w, size_t k) {
  double most = 0.0; /* a formula may add that to the smallest of them */
  for (size_t v = 0; v < w->map->nvar; v++)
    most = fmax(most, largest(w->x[v]->data, w->x[v]->size1 * w->x[v]->size2));
  gsl_rng_set(w->rng, k + 1);
  for (size_t v = 0; v < w->map->nvar; v++)
    for (size_t e = 0; e < w->x[v]->size1 * w->x[v]->size2; e++) {
      double by = 4.0 * DBL_EPSILON * (2.0 * gsl_rng_uniform(w->rng) - 1.0);
      double of = k % 2 == 0 ? w->x[v]->data[e] : most;
      w->moved.matrix[v]->data[e] = w->x[v]->data[e] + by * of;
    }
  return jac_values_point(&w->moved);
}

/* At numbers that were not drawn, which may be of any size, and cancel. */
static enum jac_status audit_chosen(struct work *w, jac_point x, const char *words,
                                    unsigned long seed) {
  enum jac_status status = jac_values_new(w->map, seed, &w->moved, w->err);
  if (status != JAC_OK)
    return status;
  w->rng = gsl_rng_alloc(gsl_rng_mt19937);
  w->chosen = true;
  status = w->rng == NULL ? jac_fail_memory(w->err) : audit_point(w, x, words);
  w->chosen = false;
  gsl_rng_free(w->rng);
  jac_values_free(&w->moved);
  return status;
}

static enum jac_status audit_points(struct work *w, unsigned long seed) {
  enum { SPECIAL = sizeof special / sizeof special[0] };
  enum jac_status status = learn(w, seed);
  for (size_t k = 0;
       k < JAC_AUDIT_DRAWN + SPECIAL && status == JAC_OK && w->audit->about == NULL;
       k++) {
    struct jac_values values;
    bool drawn = k < JAC_AUDIT_DRAWN;
    status = jac_values_new(w->map, seed + 7919 * (k + 1), &values, w->err);
    if (status != JAC_OK)
      return status;
    if (!drawn)
      set_special(w->map, &values, &special[k - JAC_AUDIT_DRAWN]);
    jac_point x = jac_values_point(&values);
    status = drawn ? audit_point(w, x, _("at random numbers"))
                   : audit_chosen(w, x, _(special[k - JAC_AUDIT_DRAWN].words), seed);
    jac_values_free(&values);
  }
  return status;
}

/* A number that an option takes beside its default: a fraction, or where that is refused
 * a whole one more. NULL in *map: there is none. */
static enum jac_status with_other(const struct jac_spec *spec,
                                  const struct jac_module_option *option,
                                  const struct jac_module_place *place,
                                  struct jac_spec *with, struct jac_map **map,
                                  struct jac_error *err) {
  char *end;
  double usual = strtod(option->value, &end);
  *map = NULL;
  if (end == option->value || *end != '\0')
    return JAC_OK;
  for (size_t k = 0; k < 2; k++) {
    struct jac_error quiet;
    *with = *spec;
    snprintf(with->option[with->noption].name, JAC_SPEC_WORD, "%s", option->name);
    snprintf(with->option[with->noption].value, JAC_SPEC_WORD, "%g",
             k == 0 ? 0.7 * usual + 0.1 : usual + 1.0);
    with->option[with->noption++].given = true;
    enum jac_status status = jac_module_make(with, place, map, &quiet);
    if (status == JAC_ENOMEM)
      return jac_fail_memory(err);
    if (status == JAC_OK)
      return JAC_OK;
  }
  return JAC_OK;
}

/* What holds at the default need not hold at another number: code may have forgotten the
 * option. Formulas that do not name it are of its default, as written by hand. */
static enum jac_status audit_options(struct work *w, const struct jac_spec *spec,
                                     const struct jac_module_place *place,
                                     unsigned long seed) {
  const struct jac_module *module = jac_module_find(spec->name, place->library, w->err);
  enum jac_status status = JAC_OK;
  if (module == NULL || module->options == NULL || spec->noption >= JAC_SPEC_OPTIONS)
    return JAC_OK;
  for (const struct jac_module_option *o = module->options;
       o->name != NULL && status == JAC_OK && w->audit->about == NULL; o++) {
    struct jac_spec with;
    struct work other = {.audit = w->audit, .err = w->err};
    struct jac_map *map = NULL;
    char words[2 * JAC_SPEC_WORD + 40];
    if (o->value == NULL || jac_spec_word(spec, o->name) != NULL)
      continue;
    status = with_other(spec, o, place, &with, &map, w->err);
    if (map == NULL)
      continue;
    snprintf(words, sizeof words, _("with %s=%s"), o->name,
             with.option[with.noption - 1].value);
    other.map = map;
    other.wordless = !jac_audit_named(map, o->name);
    status = jac_audit_ignored(w, o, map, with.option[with.noption - 1].value, seed);
    if (status == JAC_OK)
      status = learn(&other, seed);
    for (size_t k = 0; k < JAC_AUDIT_DRAWN && status == JAC_OK && w->audit->about == NULL;
         k++) {
      struct jac_values values;
      status = jac_values_new(map, seed + 7919 * (k + 1), &values, w->err);
      if (status == JAC_OK)
        status = audit_point(&other, jac_values_point(&values), words);
      jac_values_free(&values);
    }
    if (w->audit->about != NULL && w->audit->wrt >= map->nvar)
      w->audit->wrt = w->map->nvar;
    jac_map_free(map);
  }
  return status;
}

static enum jac_status audit_copy(struct work *w, const struct jac_spec *spec,
                                  const struct jac_module_place *place,
                                  unsigned long seed) {
  enum jac_status status = JAC_OK;
  for (size_t v = 0; v < w->map->nvar && status == JAC_OK && w->audit->about == NULL; v++)
    status = jac_audit_addresses(w, v);
  if (status == JAC_OK && w->audit->about == NULL)
    status = jac_audit_coupled(w, seed);
  if (status == JAC_OK && w->audit->about == NULL)
    status = jac_audit_defaults(w, spec, place);
  if (status == JAC_OK && w->audit->about == NULL)
    status = audit_points(w, seed);
  if (status == JAC_OK && w->audit->about == NULL)
    status = jac_audit_matrices(w, spec, place, seed);
  if (status == JAC_OK && w->audit->about == NULL)
    status = audit_options(w, spec, place, seed);
  return status;
}

enum jac_status jac_audit_module(const struct jac_map *map, jac_point x,
                                 const struct jac_module_library *library,
                                 unsigned long seed, struct jac_audit *audit,
                                 struct jac_error *err) {
  struct jac_spec spec;
  struct jac_map *copy;
  struct jac_module_place place = {.batch = 3, .library = library};
  if (map->nvar > 0 && map->var[0].role == JAC_DATA) { /* its place in a network */
    place.features = map->var[0].dims[1];
    place.width = map->var[0].width;
    place.channels = map->var[0].channels;
  }
  *audit = (struct jac_audit){.wrt = map->nvar, .text = JAC_BUFFER_INIT};
  if (jac_is_residual(
          map)) /* a network of its own: its modules are what says something */
    return JAC_OK;
  enum jac_status status = jac_spec_read(map->spec, &spec, err);
  if (status == JAC_OK)
    status = jac_module_make(&spec, &place, &copy, err);
  if (status != JAC_OK)
    return status;
  struct work w = {.map = copy, .audit = audit, .err = err};
  status = audit_copy(&w, &spec, &place, seed);
  if (status == JAC_OK && audit->about == NULL && x != NULL) {
    w.map = map;
    status = audit_chosen(&w, x, _("at the numbers given"), seed);
  }
  jac_map_free(copy);
  return status == JAC_OK ? jac_buffer_status(&audit->text, err) : status;
}
