#include "visual/cli/subject.h"

#include "jacobian/define/second.h"
#include "jacobian/text.h"
#include "layers/network.h"
#include "visual/cli/define.h"
#include "visual/cli/format.h"
#include "visual/cli/gauss.h"
#include "visual/cli/origin.h"
#include "visual/cli/repair.h"
#include "visual/cli/variable.h"
#include "visual/values.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REDRAWN = 60 };

static enum jac_status apply_set(const char *assignment,
                                 const struct jac_options *options,
                                 struct jac_subject *subject, struct jac_error *err) {
  char name[JAC_NAME_SIZE] = "";
  size_t length = strcspn(assignment, "=");
  if (length < sizeof name)
    memcpy(name, assignment, length);
  size_t v;
  enum jac_status status =
      jac_variable_find(options, &subject->outside.library, subject->map, name, &v, err);
  struct jac_table table = {0};
  if (status == JAC_OK)
    status = jac_values_parse(name, assignment + length + 1, &table, err);
  if (status == JAC_OK)
    status = jac_values_fit(&table, subject->map, v, options->order,
                            subject->values.matrix[v], err);
  jac_table_free(&table);
  return status;
}

/* A size of what the formula has not would be for nothing. */
static enum jac_status sizes_are_known(const struct jac_options *options,
                                       const struct jac_subject *subject,
                                       struct jac_error *err) {
  enum jac_status status = JAC_OK;
  if (options->of != NULL) /* what comes after it may have had them */
    return JAC_OK;
  for (size_t k = 0; k < options->nsize; k++)
    for (const char *at = options->size[k]; at != NULL && status == JAC_OK;) {
      char name[64];
      size_t v;
      snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "="), at);
      status = jac_variable_find(options, &subject->outside.library, subject->map, name,
                                 &v, err);
      at = strchr(at, ',');
      at = at != NULL ? at + 1 : NULL;
    }
  return status;
}

static enum jac_status choose_variables(const struct jac_options *options,
                                        struct jac_subject *subject,
                                        struct jac_error *err) {
  subject->wrt = malloc((subject->map->nvar + 1) * sizeof *subject->wrt);
  if (subject->wrt == NULL)
    return jac_fail_memory(err);
  if (options->wrt != NULL) {
    const char *comma = subject->of != NULL ? strchr(options->wrt, ',') : NULL;
    subject->nwrt = 1;
    return jac_variable_find(options, &subject->outside.library, subject->map,
                             comma != NULL ? comma + 1 : options->wrt, subject->wrt, err);
  }
  for (size_t v = 0; v < subject->map->nvar; v++)
    if (!subject->map->var[v].secondary)
      subject->wrt[subject->nwrt++] = v;
  return JAC_OK;
}

/* Bytes as a person reads them. */
static void human(double bytes, char text[32]) {
  static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  size_t unit = 0;
  for (; bytes >= 1024.0 && unit < 6; unit++)
    bytes /= 1024.0;
  snprintf(text, 32, "%.*f %s", bytes < 10.0 && unit > 0 ? 1 : 0, bytes, units[unit]);
}

/* The values of all variables are allocated: they must fit too. */
static enum jac_status values_fit(const struct jac_options *options,
                                  const struct jac_map *map, struct jac_error *err) {
  size_t total = map->rows * map->cols * sizeof(double);
  for (size_t v = 0; v < map->nvar; v++)
    if (__builtin_add_overflow(total, jac_variable_size(&map->var[v]) * sizeof(double),
                               &total))
      total = SIZE_MAX;
  char need[32];
  human((double)total, need);
  if (total > jac_options_memory(options))
    return jac_fail(err, JAC_ELIMIT,
                    _("the variables of %s need %s, more than is free or --max-memory "
                      "allows: take smaller sizes or a smaller --batch"),
                    map->spec, need);
  return JAC_OK;
}

/* Refuses, before anything is allocated, a Jacobian of more bytes than the options allow.
 */
static enum jac_status jacobian_fits(const struct jac_options *options,
                                     const struct jac_map *map, size_t wrt,
                                     struct jac_error *err) {
  size_t slices, rows, cols, limit = jac_options_memory(options);
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  double bytes = 8.0 * (double)slices * (double)rows * (double)cols;
  if (bytes <= (double)limit)
    return JAC_OK;
  char need[32], have[32], fits[64];
  human(bytes, need);
  human((double)limit, have);
  double most = (double)map->batch * (double)limit / bytes;
  if (!map->coupled && most >= 1.0)
    snprintf(fits, sizeof fits, _("--batch %zu would fit"), (size_t)most);
  else
    snprintf(fits, sizeof fits, _("take smaller sizes"));
  return jac_fail(
      err, JAC_ELIMIT,
      _("the Jacobian of %s with respect to %s (%zu x %zu x %zu) needs %s, and %s "
        "are free or allowed by --max-memory: %s"),
      map->spec, map->var[wrt].name, slices, rows, cols, need, have, fits);
}

/* All entries that may be any number, above 1. */
static void above_one(struct jac_subject *subject) {
  for (size_t v = 0; v < subject->map->nvar; v++) {
    gsl_matrix *m = subject->values.matrix[v];
    bool any = subject->map->var[v].domain == JAC_REAL;
    for (size_t i = 0; any && i < m->size1; i++)
      for (size_t j = 0; j < m->size2; j++)
        gsl_matrix_set(m, i, j, 1.0 + fabs(gsl_matrix_get(m, i, j)));
  }
}

static enum jac_status draw(const struct jac_options *options, unsigned long seed,
                            bool above, struct jac_subject *subject,
                            struct jac_error *err) {
  jac_values_free(&subject->values);
  enum jac_status status = jac_values_new(subject->map, seed, &subject->values, err);
  if (above && status == JAC_OK)
    above_one(subject);
  for (size_t k = 0; k < options->nset && status == JAC_OK; k++)
    status = apply_set(options->set[k], options, subject, err);
  return status;
}

static bool has_value(const struct jac_subject *subject) {
  gsl_matrix *y = jac_matrix_alloc(subject->map->rows, subject->map->cols);
  bool has = y == NULL ||
             jac_map_forward(subject->map, jac_values_point(&subject->values), y, NULL) !=
                 JAC_OK;
  for (size_t k = 0; y != NULL && !has && k < y->size1 * y->size2; k++)
    if (isnan(y->data[k])) {
      gsl_matrix_free(y);
      return false;
    }
  gsl_matrix_free(y);
  return true;
}

/* Values, drawn again where a typed function has none there: log of a negative number. */
static enum jac_status draw_values(const struct jac_options *options,
                                   struct jac_subject *subject, struct jac_error *err) {
  bool from_input = false;
  for (size_t k = 0; k < options->nset; k++)
    from_input = from_input || strstr(options->set[k], "=@-") != NULL;
  enum jac_status status = draw(options, options->seed, false, subject, err);
  if (options->define == NULL || from_input || status != JAC_OK || has_value(subject))
    return status;
  for (unsigned long k = 1; k <= REDRAWN && status == JAC_OK; k++) {
    status = draw(options, options->seed + 7919 * k, false, subject, err);
    if (status == JAC_OK && has_value(subject))
      return JAC_OK;
  }
  if (status == JAC_OK) /* of acosh, say */
    status = draw(options, options->seed, true, subject, err);
  return status == JAC_OK && !has_value(subject)
             ? draw(options, options->seed, false, subject, err)
             : status;
}

/* The parts of a network, by the network's names. */
static const char *part_name(const struct jac_map_parts *parts, size_t k, size_t v) {
  size_t own = jac_network_variable(parts->whole, k, v);
  return own < parts->whole->nvar ? parts->whole->var[own].name : NULL;
}

/* The map of second derivatives in place of the map, where --wrt names two variables. */
static enum jac_status make_second(const struct jac_options *options,
                                   struct jac_subject *subject, struct jac_error *err) {
  const char *comma = strchr(options->wrt, ',');
  char name[JAC_NAME_SIZE];
  const struct jac_map *part[JAC_NETWORK_MODULES];
  struct jac_map_parts parts = {.map = part, .name = part_name, .whole = subject->map};
  size_t first;
  snprintf(name, sizeof name, "%.*s", (int)(comma - options->wrt), options->wrt);
  enum jac_status status = jac_variable_find(options, &subject->outside.library,
                                             subject->map, name, &first, err);
  if (status != JAC_OK)
    return status;
  if (options->define == NULL)
    parts.count = jac_network_count(subject->map);
  for (size_t k = 0; k < parts.count; k++)
    part[k] = jac_network_module(subject->map, k);
  subject->of = subject->map;
  subject->map = NULL;
  status = jac_second_new(subject->of, parts.count > 1 ? &parts : NULL, first,
                          options->order, &subject->map, err);
  return status == JAC_OK && options->gauss_newton
             ? jac_gauss_make(options, &subject->outside.library, &subject->map, err)
             : status;
}

/* Long: one reading of the options after the other. */
static enum jac_status make_subject(const struct jac_options *options, bool second,
                                    struct jac_subject *subject, struct jac_error *err) {
  *subject = (struct jac_subject){0};
  if (options->nspec == 0 && options->define == NULL)
    return jac_fail(err, JAC_EINPUT,
                    _("no module is named: add one, as in linear:3x2 (`jacobian modules` "
                      "lists them)"));
  enum jac_status status = jac_outside_load(options, &subject->outside, err);
  if (status == JAC_OK && options->define != NULL &&
      jac_graph_calls(options->define, &subject->outside.library))
    status = jac_define_graph(options, &subject->outside.library, &subject->map, err);
  else if (status == JAC_OK && options->define != NULL)
    status = jac_define_repaired(options, &subject->map, err);
  else if (status == JAC_OK)
    status =
        jac_network_new((const char *const *)options->spec, options->nspec,
                        options->batch, &subject->outside.library, &subject->map, err);
  if (status == JAC_EINPUT || status == JAC_ELIMIT)
    jac_origin_say(options, &subject->outside.library, err);
  if (status == JAC_OK)
    status = sizes_are_known(options, subject, err);
  if (status == JAC_OK)
    status = values_fit(options, subject->map, err);
  if (status == JAC_OK && second && options->wrt != NULL && strchr(options->wrt, ','))
    status = make_second(options, subject, err);
  else if (status == JAC_OK && options->gauss_newton)
    status = jac_fail(
        err, JAC_EINPUT, _("--gauss-newton is of second derivatives: --wrt %.40s,%.40s"),
        options->wrt ? options->wrt : "W", options->wrt ? options->wrt : "W");
  if (status == JAC_OK)
    status = choose_variables(options, subject, err);
  if (status == JAC_OK && options->format != NULL && options->format->single &&
      subject->nwrt > 1)
    status = jac_fail(err, JAC_EINPUT,
                      _("a %s file holds one Jacobian: choose a variable with --wrt"),
                      options->format->name);
  bool whole = options->format == NULL || !options->format->parts;
  for (size_t k = 0; k < subject->nwrt && status == JAC_OK && whole; k++)
    status = jacobian_fits(options, subject->map, subject->wrt[k], err);
  return status == JAC_OK ? draw_values(options, subject, err) : status;
}

enum jac_status jac_subject_make(const struct jac_options *options,
                                 struct jac_subject *subject, struct jac_error *err) {
  if (options->wrt != NULL && strchr(options->wrt, ',') != NULL) {
    *subject = (struct jac_subject){0};
    return jac_fail(err, JAC_EINPUT,
                    _("--wrt %.60s: second derivatives are those of show and check"),
                    options->wrt);
  }
  return make_subject(options, false, subject, err);
}

enum jac_status jac_subject_make_second(const struct jac_options *options,
                                        struct jac_subject *subject,
                                        struct jac_error *err) {
  return make_subject(options, true, subject, err);
}

bool *jac_subject_given(const struct jac_options *options,
                        const struct jac_subject *subject) {
  bool *set = calloc(subject->map->nvar + 1, sizeof *set);
  for (size_t k = 0; set != NULL && k < options->nset; k++) {
    char name[JAC_NAME_SIZE] = "";
    size_t length = strcspn(options->set[k], "="), v;
    struct jac_error quiet;
    if (length < sizeof name)
      memcpy(name, options->set[k], length);
    if (jac_variable_find(options, &subject->outside.library, subject->map, name, &v,
                          &quiet) == JAC_OK)
      set[v] = true;
  }
  return set;
}

void jac_subject_free(struct jac_subject *subject) {
  jac_map_free(subject->map);
  jac_map_free(subject->of);
  jac_values_free(&subject->values);
  free(subject->wrt);
  jac_outside_free(&subject->outside);
  *subject = (struct jac_subject){0};
}
