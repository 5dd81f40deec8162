#include "jacobian/define/second.h"

#include "jacobian/define/formula_map_internal.h"
#include "jacobian/define/second_differences.h"
#include "jacobian/elaborate/elaborate_internal.h"
#include "jacobian/text.h"
#include "jacobian/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  CHUNK = 24,
  TRIED = 3,
  BEYOND = 1000000 /* the names of terms made here begin so far behind the map's */
};

struct second {
  struct jac_map map;
  const struct formula_map *term; /* NULL: there is none */
  struct jac_map *made;           /* the term's map, where it is not the other map */
  struct jac_pool terms;          /* of the entries in symbols */
  struct jac_make make;
  struct jac_printed printed;
};

static void free_second(struct jac_map *map) {
  struct second *s = (struct second *)map;
  jac_map_free(s->made);
  jac_printed_free(&s->printed);
  jac_pool_free(&s->terms);
}

static size_t outputs_of(const struct jac_map *map) {
  return map->rows * map->cols;
}

/* The number in the native numbering of what is number k in the rows' numbering. */
static size_t native(const struct jac_map *map, size_t k) {
  const struct jac_variable *var = &map->of->var[map->of_wrt];
  size_t index[3];
  jac_number_to_index(var, map->of_order, k, index);
  return jac_index_to_number(var, JAC_ORDER_F, index);
}

/* The other map's Jacobian, an output a row: it has one slice or one sample. */
static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  struct jac_array3 J;
  enum jac_status status = jac_map_jacobian_new(map->of, x, map->of_wrt, &J, NULL);
  if (status != JAC_OK)
    return status;
  for (size_t k = 0; k < map->rows; k++)
    for (size_t j = 0; j < map->cols; j++)
      gsl_matrix_set(y, k, j, *jac_array3_at(&J, k / J.rows, k % J.rows, native(map, j)));
  jac_array3_free(&J);
  return JAC_OK;
}

/* The entries from .. from + count of the first variable: a row for each and each output.
 */
static enum jac_status some_rows(const struct jac_map *map, struct jac_formula_point *p,
                                 size_t wrt, size_t from, size_t count, double *out) {
  const struct formula_map *f = ((const struct second *)map)->term;
  struct jac_pool pool = JAC_POOL_INIT;
  const struct jac_term *slope =
      jac_formula_by_entries(f, &pool, f->value, map->of_wrt, from, count);
  enum jac_status status =
      slope ? jac_formula_slopes(f, p, slope, wrt, map->rows * count, out) : JAC_ENOMEM;
  jac_sample_clear(&p->sample); /* it knows the term */
  jac_pool_free(&pool);
  return status;
}

/* A point with a direction: what moves along it is a term of one number, the step. */
static bool along(const struct formula_map *f, jac_point x, const gsl_matrix *way,
                  struct jac_formula_point *p) {
  static double zero[1];
  if (!jac_formula_at(f, x, p) || !jac_formula_give(p, jac_formula_tangent, way))
    return false;
  p->given[p->count++] = (struct jac_given){jac_formula_step, zero};
  return true;
}

/* The entries of what moves along a direction of variable `of`, by variable `by`: an
 * output a row. */
static enum jac_status moved(const struct jac_map *map, jac_point x, size_t of,
                             const gsl_matrix *way, size_t by, double *out) {
  const struct formula_map *f = ((const struct second *)map)->term;
  struct jac_formula_point p;
  if (f == NULL)
    return jac_second_along(map, x, of, way, by, out);
  enum jac_status status =
      along(f, x, way, &p)
          ? jac_formula_slopes(f, &p, f->along[of], by, outputs_of(&f->map), out)
          : JAC_ENOMEM;
  p.count -= p.count > 0 && p.given[p.count - 1].key == jac_formula_step;
  jac_formula_leave(&p);
  return status;
}

/* Whether nothing moves: along a direction whose numbers have no relation, each entry of
 * a product is a sum that vanishes only with all of its terms. *zero is false where that
 * is not known. */
static enum jac_status vanishes(const struct jac_map *map, jac_point x, size_t wrt,
                                bool *zero) {
  const struct jac_variable *first = &map->of->var[map->of_wrt];
  size_t all = map->rows * jac_variable_size(&map->var[wrt]);
  double *out = malloc((all + 1) * sizeof *out);
  gsl_matrix *way = jac_matrix_alloc(x[map->of_wrt]->size1, x[map->of_wrt]->size2);
  double *row = malloc((map->cols + 1) * sizeof *row);
  bool good = out != NULL && way != NULL && row != NULL;
  enum jac_status status = good ? JAC_OK : JAC_ENOMEM;
  for (size_t i = 0; i < map->cols && good; i++)
    row[i] = 1.0 + fmod((double)(i + 1) * sqrt(2.0), 1.0);
  if (good) {
    jac_unvec(first, map->of_order, row, way);
    status = moved(map, x, map->of_wrt, way, wrt, out);
  }
  *zero = status == JAC_OK;
  for (size_t k = 0; k < all && *zero; k++)
    *zero = out[k] == 0.0;
  free(row);
  free(out);
  gsl_matrix_free(way);
  return status;
}

static enum jac_status explicit_jacobian(const struct jac_map *map, jac_point x,
                                         size_t wrt, struct jac_array3 *J) {
  const struct second *s = (const struct second *)map;
  size_t columns = jac_variable_size(&map->var[wrt]);
  if (s->term == NULL)
    return jac_second_by_rows(map, x, wrt, J);
  bool zero = false;
  enum jac_status status =
      map->cols > CHUNK ? vanishes(map, x, wrt, &zero) : JAC_OK; /* one turn is no cost */
  if (status != JAC_OK || zero)
    return status;
  struct jac_formula_point p;
  double *out = malloc((map->rows * CHUNK * columns + 1) * sizeof *out);
  size_t *place = malloc((map->cols + 1) * sizeof *place); /* of a native number */
  bool good = jac_formula_at(s->term, x, &p) && out != NULL && place != NULL;
  status = good ? JAC_OK : JAC_ENOMEM;
  for (size_t j = 0; j < map->cols && good; j++)
    place[native(map, j)] = j;
  for (size_t from = 0; from < map->cols && status == JAC_OK; from += CHUNK) {
    size_t count = map->cols - from < CHUNK ? map->cols - from : CHUNK;
    status = some_rows(map, &p, wrt, from, count, out);
    for (size_t r = 0; r < map->rows * count && status == JAC_OK; r++)
      for (size_t j = 0; j < columns; j++)
        if (out[r * columns + j] != 0.0)
          *jac_array3_at(J, r / count, place[from + r % count], j) = out[r * columns + j];
  }
  free(out);
  free(place);
  jac_formula_leave(&p);
  return status;
}

/* Output by output: the derivative of what moves along a row of the cotangent. */
static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct jac_variable *first = &map->of->var[map->of_wrt], *var = &map->var[wrt];
  size_t columns = jac_variable_size(var);
  double *sum = jac_memory_take(columns + 1, sizeof *sum);
  double *out = malloc((map->rows * columns + 1) * sizeof *out);
  double *row = malloc((map->cols + 1) * sizeof *row);
  gsl_matrix *way = jac_matrix_alloc(x[map->of_wrt]->size1, x[map->of_wrt]->size2);
  bool good = sum != NULL && out != NULL && row != NULL && way != NULL;
  enum jac_status status = good ? JAC_OK : JAC_ENOMEM;
  for (size_t k = 0; k < map->rows && status == JAC_OK; k++) {
    bool any = false;
    for (size_t i = 0; i < map->cols; i++) {
      row[i] = gsl_matrix_get(cotangent, k, i);
      any = any || row[i] != 0.0;
    }
    if (!any)
      continue;
    jac_unvec(first, map->of_order, row, way);
    status = moved(map, x, map->of_wrt, way, wrt, out);
    for (size_t j = 0; j < columns && status == JAC_OK; j++)
      sum[j] += out[k * columns + j];
  }
  if (status == JAC_OK)
    jac_unvec(var, JAC_ORDER_F, sum, gradient);
  gsl_matrix_free(way);
  free(row);
  free(out);
  free(sum);
  return status;
}

/* The derivative, by the first variable, of what moves along the tangent: H v, the other
 * way round. */
static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  double *slope = malloc((map->rows * map->cols + 1) * sizeof *slope);
  enum jac_status status = slope != NULL ? JAC_OK : JAC_ENOMEM;
  if (status == JAC_OK)
    status = moved(map, x, wrt, tangent, map->of_wrt, slope);
  for (size_t k = 0; k < map->rows && status == JAC_OK; k++)
    for (size_t i = 0; i < map->cols; i++)
      gsl_matrix_set(out, k, i, slope[k * map->cols + native(map, i)]);
  free(slope);
  return status;
}

static const struct jac_map_type second_type = {.name = "second derivatives",
                                                .forward = forward,
                                                .jacobian = explicit_jacobian,
                                                .vjp = vjp,
                                                .jvp = jvp,
                                                .free = free_second};

/* The symbols of the map's variables, in its order; false: a variable is not in the term,
 * or has three indices. */
static bool find_symbols(struct formula_map *f, struct jac_elaboration *e) {
  for (size_t v = 0; v < f->map.nvar; v++) {
    const struct jac_syntax *name;
    f->symbol[v] = NULL;
    if (jac_notation_read(&f->pool, f->map.var[v].name, false, &name, NULL, NULL) !=
        JAC_OK)
      return false;
    const char *key = jac_notation_key(&f->pool, name);
    for (size_t k = 0; k < e->nsymbol; k++)
      if (e->symbol[k]->key == key && !e->symbol[k]->body && !e->symbol[k]->families)
        f->symbol[v] = e->symbol[k];
    if (f->symbol[v] == NULL)
      return false;
  }
  return true;
}

/* The map with its steady formulas in the place of those for readers. */
static struct jac_map steady(const struct jac_map *map) {
  struct jac_map s = *map;
  if (map->steady != NULL) {
    s.definition = map->steady;
    s.where = map->steady_where;
  }
  return s;
}

/* The same of a map and its parts. */
static enum jac_status steady_scope(struct jac_pool *pool, const struct jac_map *map,
                                    const struct jac_map_parts *parts,
                                    struct jac_map_scope *scope, struct jac_error *err) {
  struct jac_map *whole = jac_pool_take(pool, sizeof *whole);
  struct jac_map_parts *all = parts ? jac_pool_take(pool, sizeof *all) : NULL;
  if (whole == NULL || (parts != NULL && all == NULL))
    return jac_fail_memory(err);
  *whole = steady(map);
  if (parts != NULL) {
    const struct jac_map **part = jac_pool_take(pool, parts->count * sizeof *part);
    struct jac_map *copy = jac_pool_take(pool, parts->count * sizeof *copy);
    if (part == NULL || copy == NULL)
      return jac_fail_memory(err);
    for (size_t k = 0; k < parts->count; k++) {
      copy[k] = steady(parts->map[k]);
      part[k] = &copy[k];
    }
    *all = *parts;
    all->map = part;
  }
  return jac_map_scope_make(pool, whole, all, JAC_MANNER_WHOLE, JAC_ORDER_C, scope, err);
}

static enum jac_status read_module(struct formula_map *f, const struct jac_map *map,
                                   const struct jac_map_parts *parts,
                                   struct jac_elaboration *e, struct jac_error *err) {
  struct jac_map_scope scope;
  struct jac_defined d = {.equations = 1};
  enum jac_status status = steady_scope(&f->pool, map, parts, &scope, err);
  if (status == JAC_OK)
    status = jac_notation_read(&f->pool, scope.output, false, &d.name[0], NULL, err);
  if (status != JAC_OK)
    return status;
  d.key[0] = jac_notation_key(&f->pool, d.name[0]);
  struct jac_evidence *evidence = jac_pool_take(&f->pool, sizeof *evidence);
  if (!evidence || !jac_evidence_make(evidence, &scope.scope))
    return jac_fail_memory(err);
  e->pool = &f->terms;
  /* Lent: e is done with here. */
  /* cppcheck-suppress autoVariables */
  e->scope = &scope.scope;
  e->evidence = evidence;
  e->visible = scope.scope.count;
  e->plain = true;
  status = jac_formula_map_terms(f, e, &d, scope.output, err);
  if (status == JAC_OK && (f->value->symbol->families || !find_symbols(f, e)))
    status = jac_fail(err, JAC_EREFUSED, "no term of matrices");
  if (status == JAC_OK && !jac_formula_products(f, e))
    status = jac_fail_memory(err);
  if (status != JAC_OK) /* its sizes are gone */
    return status;
  f->number = jac_type_number(e);
  jac_dims_sizes(&e->dims, 0);
  return JAC_OK;
}

/* The map of the term that a module's, or a network's, formulas are. */
static enum jac_status term_of(const struct jac_map *map,
                               const struct jac_map_parts *parts, struct jac_map **made,
                               struct jac_error *err) {
  struct formula_map *f = jac_memory_take(1, sizeof *f);
  struct jac_elaboration *e = jac_memory_take(1, sizeof *e);
  enum jac_status status = f != NULL && e != NULL ? JAC_OK : jac_fail_memory(err);
  if (status == JAC_OK) {
    f->map = *map;
    f->map.type = &jac_formula_type;
    f->map.coupled = true; /* one slice */
    f->map.spec = jac_memory_take(1, 1);
    f->map.var = jac_memory_take(map->nvar + 1, sizeof *f->map.var);
    if (f->map.spec == NULL || f->map.var == NULL)
      status = jac_fail_memory(err);
    else
      memcpy(f->map.var, map->var, map->nvar * sizeof *map->var);
    if (status == JAC_OK && map->nvar > JAC_VARIABLES_MOST)
      status = jac_fail(err, JAC_EREFUSED, "too many variables");
    if (status == JAC_OK)
      status = read_module(f, map, parts, e, err);
  }
  free(e);
  if (status == JAC_OK)
    *made = &f->map;
  else if (f != NULL)
    jac_map_free(&f->map);
  return status;
}

static bool close(double a, double b) {
  return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * (1.0 + fabs(a) + fabs(b));
}

/* Whether the term has the map's values and derivatives at drawn points: it may have been
 * read otherwise. */
static bool same(const struct jac_map *map, const struct jac_map *other, size_t first) {
  bool good = true;
  for (unsigned long k = 1; k <= TRIED && good; k++) {
    struct jac_values x;
    struct jac_array3 J = {0}, T = {0};
    gsl_matrix *y = jac_matrix_calloc(map->rows, map->cols),
               *t = jac_matrix_calloc(map->rows, map->cols);
    good = y != NULL && t != NULL && jac_values_new(map, k, &x, NULL) == JAC_OK;
    if (good) {
      jac_point at = jac_values_point(&x);
      good = jac_map_forward(map, at, y, NULL) == JAC_OK &&
             jac_map_forward(other, at, t, NULL) == JAC_OK &&
             jac_map_jacobian_new(map, at, first, &J, NULL) == JAC_OK &&
             jac_map_jacobian_new(other, at, first, &T, NULL) == JAC_OK;
      for (size_t i = 0; i < outputs_of(map) && good; i++)
        good = close(y->data[i], t->data[i]);
      for (size_t i = 0; i < T.rows * T.cols && good; i++)
        good = close(J.data[i], T.data[i]);
      jac_values_free(&x);
    }
    jac_array3_free(&J);
    jac_array3_free(&T);
    gsl_matrix_free(y);
    gsl_matrix_free(t);
  }
  return good;
}

/* Finds the term; only want of memory is an error. */
static enum jac_status find_term(struct second *s, const struct jac_map *map,
                                 const struct jac_map_parts *parts, size_t first,
                                 struct jac_error *err) {
  if (jac_map_is_formula(map)) {
    s->term = (const struct formula_map *)map;
    return JAC_OK;
  }
  struct jac_error why;
  enum jac_status status = term_of(map, parts, &s->made, &why);
  if (status == JAC_ENOMEM)
    return jac_fail_memory(err);
  if (status == JAC_OK && same(map, s->made, first))
    s->term = (const struct formula_map *)s->made;
  s->map.of_differences = s->term == NULL;
  return JAC_OK;
}

/* The entries in symbols, of a map that has its own term. */
static enum jac_status print_entries(struct second *s, struct jac_error *err) {
  const struct formula_map *f = s->term;
  if (f == NULL || s->made != NULL)
    return JAC_OK;
  s->make = (struct jac_make){&s->terms, f->make.dims, f->make.ids + BEYOND};
  enum jac_status status = jac_printed_again(&s->map, &s->make, f->value, f->symbol,
                                             f->column, &s->printed, err);
  jac_dims_sizes(s->make.dims, 0);
  return status;
}

enum jac_status jac_second_new(const struct jac_map *map,
                               const struct jac_map_parts *parts, size_t first,
                               enum jac_order order, struct jac_map **second,
                               struct jac_error *err) {
  *second = NULL;
  if (!map->coupled && map->batch > 1)
    return jac_fail(err, JAC_EREFUSED,
                    _("the samples of %s are not coupled, so that second derivatives are "
                      "those of one sample: leave --batch out"),
                    map->spec);
  struct second *s = jac_memory_take(1, sizeof *s);
  if (s == NULL)
    return jac_fail_memory(err);
  s->map = *map;
  s->map.type = &second_type;
  s->map.spec = malloc(strlen(map->spec) + 1);
  s->map.var = malloc((map->nvar + 1) * sizeof *s->map.var);
  if (s->map.spec == NULL || s->map.var == NULL) {
    jac_map_free(&s->map);
    return jac_fail_memory(err);
  }
  strcpy(s->map.spec, map->spec);
  memcpy(s->map.var, map->var, map->nvar * sizeof *map->var);
  for (size_t v = 0; v < map->nvar; v++) {
    s->map.var[v].role = map->var[v].role == JAC_DATA ? JAC_SHARED : map->var[v].role;
    s->map.var[v].entry = NULL;
    s->map.var[v].writer = NULL;
  }
  s->map.of = map;
  s->map.of_wrt = first;
  s->map.of_order = order;
  s->map.batch = s->map.rows = outputs_of(map);
  s->map.cols = jac_variable_size(&map->var[first]);
  s->map.column = false;
  s->map.coupled = false;
  s->map.placed = true;
  s->map.slip = s->map.lack = NULL;
  enum jac_status status = find_term(s, map, parts, first, err);
  if (status == JAC_OK)
    status = print_entries(s, err);
  if (status == JAC_OK)
    *second = &s->map;
  else
    jac_map_free(&s->map);
  return status;
}
