#include "layers/pass_internal.h"

#include <stdlib.h>
#include <string.h>

/* Whether variable v of module k is what a module gives, and which one. */
static bool is_value(const struct jac_map *map, size_t k, size_t v, size_t *from) {
  size_t own = jac_network_variable(map, k, v);
  *from = own < map->nvar ? own : jac_network_before(map, k, v);
  return own >= map->nvar;
}

void jac_pass_free(struct jac_pass *p) {
  for (size_t k = 0; k < p->count; k++) {
    if (p->value != NULL)
      gsl_matrix_free(p->value[k]);
    if (p->point != NULL)
      free(p->point[k]);
  }
  free(p->value);
  free(p->point);
}

enum jac_status jac_pass_run(const struct jac_map *map, jac_point x, size_t modules,
                             struct jac_pass *p) {
  size_t count = jac_network_count(map);
  *p = (struct jac_pass){count, calloc(count, sizeof *p->value),
                         calloc(count, sizeof *p->point)};
  enum jac_status status = p->value != NULL && p->point != NULL ? JAC_OK : JAC_ENOMEM;
  for (size_t k = 0; k <= modules && k < count && status == JAC_OK; k++) {
    const struct jac_map *m = jac_network_module(map, k);
    p->point[k] = malloc((m->nvar + 1) * sizeof **p->point);
    if (k < modules)
      p->value[k] = jac_matrix_alloc(m->rows, m->cols);
    if (p->point[k] == NULL || (k < modules && p->value[k] == NULL))
      return JAC_ENOMEM;
    for (size_t v = 0; v < m->nvar; v++) {
      size_t from;
      bool value = is_value(map, k, v, &from);
      p->point[k][v] = value ? p->value[from] : x[from];
    }
    if (k < modules)
      status = m->type->forward(m, p->point[k], p->value[k]);
  }
  return status;
}

enum jac_status jac_pass_forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  size_t last = jac_network_count(map) - 1;
  const struct jac_map *m = jac_network_module(map, last);
  struct jac_pass p;
  enum jac_status status = jac_pass_run(map, x, last, &p);
  if (status == JAC_OK)
    status = m->type->forward(m, p.point[last], y);
  jac_pass_free(&p);
  return status;
}

/* Matrices of a pass, each there once something flows through it. */
static void flow_free(gsl_matrix **flow, size_t count) {
  for (size_t k = 0; k < count && flow != NULL; k++)
    gsl_matrix_free(flow[k]);
  free(flow);
}

/* sum += part; the first part is the sum. Takes part over. */
static void add_part(gsl_matrix **sum, gsl_matrix *part) {
  if (*sum == NULL) {
    *sum = part;
    return;
  }
  gsl_matrix_add(*sum, part);
  gsl_matrix_free(part);
}

enum jac_status jac_pass_jvp(const struct jac_map *map, jac_point x, size_t wrt,
                             const gsl_matrix *tangent, gsl_matrix *out) {
  size_t count = jac_network_count(map);
  gsl_matrix **flow = calloc(count, sizeof *flow);
  struct jac_pass p;
  enum jac_status status = jac_pass_run(map, x, count - 1, &p);
  if (flow == NULL)
    status = JAC_ENOMEM;
  for (size_t k = 0; k < count && status == JAC_OK; k++) {
    const struct jac_map *m = jac_network_module(map, k);
    for (size_t v = 0; v < m->nvar && status == JAC_OK; v++) {
      size_t from;
      bool value = is_value(map, k, v, &from);
      const gsl_matrix *along = value ? flow[from] : from == wrt ? tangent : NULL;
      gsl_matrix *part = along != NULL ? jac_matrix_alloc(m->rows, m->cols) : NULL;
      if (along == NULL)
        continue;
      status = part == NULL ? JAC_ENOMEM : m->type->jvp(m, p.point[k], v, along, part);
      if (part != NULL)
        add_part(&flow[k], part);
    }
  }
  gsl_matrix_set_zero(out);
  if (status == JAC_OK && flow[count - 1] != NULL)
    gsl_matrix_memcpy(out, flow[count - 1]);
  flow_free(flow, count);
  jac_pass_free(&p);
  return status;
}

/* Which modules' outputs depend on the variable; NULL: memory. */
static bool *leads_to(const struct jac_map *map, size_t wrt) {
  size_t count = jac_network_count(map);
  bool *leads = calloc(count, sizeof *leads);
  for (size_t k = 0; k < count && leads != NULL; k++)
    for (size_t v = 0; v < jac_network_module(map, k)->nvar; v++) {
      size_t from;
      bool value = is_value(map, k, v, &from);
      leads[k] = leads[k] || (value ? leads[from] : from == wrt);
    }
  return leads;
}

/* The cotangent of module k goes back to what it is made of, where that leads on. The
 * first part of the gradient is written, others are added. */
static enum jac_status back(const struct jac_map *map, const struct jac_pass *p, size_t k,
                            size_t wrt, const bool *leads, gsl_matrix **flow,
                            gsl_matrix *gradient, bool *any) {
  const struct jac_map *m = jac_network_module(map, k);
  enum jac_status status = JAC_OK;
  for (size_t v = 0; v < m->nvar && status == JAC_OK; v++) {
    size_t from;
    bool value = is_value(map, k, v, &from);
    if (value ? !leads[from] : from != wrt)
      continue;
    if (!value && !*any) {
      *any = true;
      status = m->type->vjp(m, p->point[k], v, flow[k], gradient);
      continue;
    }
    gsl_matrix *part = jac_matrix_alloc(p->point[k][v]->size1, p->point[k][v]->size2);
    status = part == NULL ? JAC_ENOMEM : m->type->vjp(m, p->point[k], v, flow[k], part);
    if (status == JAC_OK && !value)
      gsl_matrix_add(gradient, part);
    if (status == JAC_OK && value)
      add_part(&flow[from], part);
    else
      gsl_matrix_free(part);
  }
  return status;
}

enum jac_status jac_pass_vjp(const struct jac_map *map, jac_point x, size_t wrt,
                             const gsl_matrix *cotangent, gsl_matrix *gradient) {
  size_t count = jac_network_count(map);
  gsl_matrix **flow = calloc(count, sizeof *flow);
  bool *leads = leads_to(map, wrt), any = false;
  struct jac_pass p;
  enum jac_status status = jac_pass_run(map, x, count - 1, &p);
  gsl_matrix *first = jac_matrix_alloc(cotangent->size1, cotangent->size2);
  if (flow == NULL || leads == NULL || first == NULL)
    status = JAC_ENOMEM;
  if (status == JAC_OK) {
    gsl_matrix_memcpy(first, cotangent);
    flow[count - 1] = first;
  } else
    gsl_matrix_free(first);
  for (size_t k = count; k-- > 0 && status == JAC_OK;)
    if (flow[k] != NULL)
      status = back(map, &p, k, wrt, leads, flow, gradient, &any);
  if (!any)
    gsl_matrix_set_zero(gradient);
  flow_free(flow, count);
  free(leads);
  jac_pass_free(&p);
  return status;
}

/* The numbers of a module's output in the form of the whole. */
static size_t outputs(const struct jac_map *map, size_t k) {
  const struct jac_map *m = jac_network_module(map, k);
  return m->rows * m->cols / (map->coupled ? 1 : m->batch);
}

/* Marks what the marked outputs of module k can depend on, through its variable v; in the
 * form of the whole, where a module of uncoupled samples may be spread out. */
static void reach(const struct jac_map *map, size_t k, size_t v, const bool *from,
                  bool *to, size_t *columns) {
  const struct jac_map *m = jac_network_module(map, k);
  size_t slices, rows, cols;
  jac_map_jacobian_shape(m, v, &slices, &rows, &cols);
  size_t samples = map->coupled && !m->coupled ? m->batch : 1;
  bool shared = m->var[v].role == JAC_PARAMETER;
  for (size_t n = 0; n < samples; n++)
    for (size_t i = 0; i < rows; i++) {
      if (!from[n * rows + i])
        continue;
      size_t base = shared ? 0 : n * cols, count = jac_map_columns(m, v, i, columns);
      for (size_t c = 0; c < count; c++)
        to[base + columns[c]] = true;
    }
}

/* Where the marks of each module's output begin, those of the variable last; and the most
 * numbers that a variable of a module has. */
static size_t *places(const struct jac_map *map, size_t *all, size_t *most) {
  size_t count = jac_network_count(map), *at = calloc(count + 1, sizeof *at);
  *all = *most = 0;
  for (size_t k = 0; k < count && at != NULL; k++) {
    const struct jac_map *m = jac_network_module(map, k);
    at[k] = *all;
    *all += outputs(map, k);
    for (size_t v = 0; v < m->nvar; v++)
      if (jac_variable_size(&m->var[v]) > *most)
        *most = jac_variable_size(&m->var[v]);
  }
  return at;
}

/* Without memory every column is named: too many is safe. */
size_t jac_pass_columns(const struct jac_map *map, size_t wrt, size_t row,
                        size_t *columns) {
  size_t slices, rows, cols, named = 0, all, most, count = jac_network_count(map);
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  bool *leads = leads_to(map, wrt);
  size_t *at = places(map, &all, &most), *scratch = malloc((most + 1) * sizeof *scratch);
  bool *marks = calloc(all + cols, sizeof *marks);
  bool ready = at != NULL && marks != NULL && scratch != NULL && leads != NULL;
  if (ready)
    marks[at[count - 1] + row] = true;
  for (size_t k = count; k-- > 0 && ready;)
    for (size_t v = 0; v < jac_network_module(map, k)->nvar && leads[k]; v++) {
      size_t from;
      bool value = is_value(map, k, v, &from);
      if (value ? leads[from] : from == wrt)
        reach(map, k, v, marks + at[k], marks + (value ? at[from] : all), scratch);
    }
  for (size_t j = 0; j < cols; j++)
    if (!ready || marks[all + j])
      columns[named++] = j;
  free(leads);
  free(at);
  free(scratch);
  free(marks);
  return named;
}
