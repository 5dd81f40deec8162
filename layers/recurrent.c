/* rnn, lstm, gru: s_t = f(s_{t-1}, z_t), with gates side by side in W, U and b. A unit j
 * of the new state depends on the numbers of its own gates alone,
 *
 *   p = z_t W + b,  q = h_{t-1} U (+ d),
 *
 * and on its own h and c before. A cell is that function of a few numbers and its slopes;
 * then d s / d z = (d s / d p) W^T, d s / d W[i,.] = z_i (d s / d p), and so on. The
 * path through time is in recurrent_path.c, its explicit Jacobian, the sum over all uses
 * of the shared weights, in recurrent_products.c; here are the fast products. */
#include "layers/recurrent_internal.h"

#include <stdlib.h>
#include <string.h>

static const struct jac_recurrent *of(const struct jac_map *map) {
  return jac_recurrent_of(map);
}

static size_t state(const struct jac_recurrent *m) {
  return jac_recurrent_state(m);
}

static size_t width(const struct jac_recurrent *m) {
  return jac_recurrent_width(m);
}

/* Entry (i, j) of a parameter that is there. */
static double get(const struct jac_recurrent *m, jac_point x, enum variable v, size_t i,
                  size_t j) {
  return gsl_matrix_get(x[m->at[v]], i, j);
}

typedef struct jac_recurrent_path path;

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct jac_recurrent *m = of(map);
  path w;
  if (jac_recurrent_path_new(m, x, 0, &w) != JAC_OK)
    return JAC_ENOMEM;
  for (size_t n = 0; n < map->batch; n++) {
    jac_recurrent_path_walk(&w, n);
    memcpy(gsl_matrix_ptr(y, n, 0), w.s + m->steps * state(m), state(m) * sizeof(double));
  }
  free(w.memory);
  return JAC_OK;
}

/* Backpropagation through time: cotangents of the gates, then of what they are made of.
 */
static void back(const path *w, size_t t, const double *c, double *gp, double *gq,
                 double *before) {
  const struct jac_recurrent *m = w->m;
  for (size_t j = 0; j < m->units; j++) {
    double p[GATES], q[GATES], s[STATES], own[STATES], a[GATES] = {0}, b[GATES] = {0},
                                                       gs[STATES] = {0};
    jac_recurrent_pick(w, w->p + t * width(m), m->cell->gates, j, p);
    jac_recurrent_pick(w, w->q + t * width(m), m->cell->gates, j, q);
    jac_recurrent_pick(w, w->s + t * state(m), m->cell->states, j, s);
    jac_recurrent_pick(w, c, m->cell->states, j, own);
    m->cell->reverse(p, q, s, own, a, b, gs);
    for (size_t g = 0; g < m->cell->gates; g++) {
      gp[g * m->units + j] = a[g];
      gq[g * m->units + j] = b[g];
    }
    for (size_t e = 0; e < m->cell->states; e++)
      before[e * m->units + j] = gs[e];
  }
  for (size_t k = 0; k < m->units; k++)
    for (size_t g = 0; g < width(m); g++)
      before[k] += gq[g] * get(m, w->x, U, k, g);
}

static void add_gradient(const path *w, size_t t, enum variable v, const double *gp,
                         const double *gq, gsl_matrix *gradient) {
  const struct jac_recurrent *m = w->m;
  const double *z = jac_recurrent_input(w, t), *h = w->s + t * state(m);
  for (size_t g = 0; g < width(m); g++) {
    for (size_t i = 0; i < m->in && v == W; i++)
      *gsl_matrix_ptr(gradient, i, g) += z[i] * gp[g];
    for (size_t i = 0; i < m->in && v == Z; i++)
      *gsl_matrix_ptr(gradient, w->n, t * m->in + i) += gp[g] * get(m, w->x, W, i, g);
    for (size_t k = 0; k < m->units && v == U; k++)
      *gsl_matrix_ptr(gradient, k, g) += h[k] * gq[g];
    if (v == B || v == D)
      *gsl_matrix_ptr(gradient, 0, g) += v == B ? gp[g] : gq[g];
  }
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct jac_recurrent *m = of(map);
  enum variable v = m->is[wrt];
  path w;
  if (jac_recurrent_path_new(m, x, 2 * width(m) + 2 * state(m), &w) != JAC_OK)
    return JAC_ENOMEM;
  double *gp = w.room, *gq = gp + width(m), *c = gq + width(m), *before = c + state(m);
  gsl_matrix_set_zero(gradient);
  for (size_t n = 0; n < map->batch; n++) {
    jac_recurrent_path_walk(&w, n);
    memcpy(c, gsl_matrix_const_ptr(cotangent, n, 0), state(m) * sizeof *c);
    for (size_t t = m->steps; t-- > 0;) {
      back(&w, t, c, gp, gq, before);
      add_gradient(&w, t, v, gp, gq, gradient);
      memcpy(c, before, state(m) * sizeof *c);
    }
    if (v == H || v == C)
      memcpy(gsl_matrix_ptr(gradient, n, 0), c + (v == C ? m->units : 0),
             m->units * sizeof *c);
  }
  free(w.memory);
  return JAC_OK;
}

/* The tangents of p and q in step t, where the state moves along ds. */
static void gate_tangents(const path *w, size_t t, enum variable v,
                          const gsl_matrix *tangent, const double *ds, double *dp,
                          double *dq) {
  const struct jac_recurrent *m = w->m;
  const double *z = jac_recurrent_input(w, t), *h = w->s + t * state(m);
  for (size_t g = 0; g < width(m); g++) {
    dp[g] = v == B ? gsl_matrix_get(tangent, 0, g) : 0.0;
    dq[g] = v == D ? gsl_matrix_get(tangent, 0, g) : 0.0;
    for (size_t i = 0; i < m->in && (v == W || v == Z); i++)
      dp[g] += v == W
                   ? z[i] * gsl_matrix_get(tangent, i, g)
                   : gsl_matrix_get(tangent, w->n, t * m->in + i) * get(m, w->x, W, i, g);
    for (size_t k = 0; k < m->units; k++)
      dq[g] += ds[k] * get(m, w->x, U, k, g) +
               (v == U ? h[k] * gsl_matrix_get(tangent, k, g) : 0.0);
  }
}

static void move(const path *w, size_t t, const double *dp, const double *dq,
                 double *ds) {
  const struct jac_recurrent *m = w->m;
  for (size_t j = 0; j < m->units; j++) {
    double p[GATES], q[GATES], s[STATES], a[GATES], b[GATES], own[STATES], out[STATES];
    jac_recurrent_pick(w, w->p + t * width(m), m->cell->gates, j, p);
    jac_recurrent_pick(w, w->q + t * width(m), m->cell->gates, j, q);
    jac_recurrent_pick(w, w->s + t * state(m), m->cell->states, j, s);
    jac_recurrent_pick(w, dp, m->cell->gates, j, a);
    jac_recurrent_pick(w, dq, m->cell->gates, j, b);
    jac_recurrent_pick(w, ds, m->cell->states, j, own);
    m->cell->tangent(p, q, s, a, b, own, out);
    for (size_t e = 0; e < m->cell->states; e++)
      ds[e * m->units + j] = out[e];
  }
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct jac_recurrent *m = of(map);
  enum variable v = m->is[wrt];
  path w;
  if (jac_recurrent_path_new(m, x, 2 * width(m) + state(m), &w) != JAC_OK)
    return JAC_ENOMEM;
  double *dp = w.room, *dq = dp + width(m), *ds = dq + width(m);
  for (size_t n = 0; n < map->batch; n++) {
    jac_recurrent_path_walk(&w, n);
    memset(ds, 0, state(m) * sizeof *ds);
    if (v == H || v == C)
      memcpy(ds + (v == C ? m->units : 0), gsl_matrix_const_ptr(tangent, n, 0),
             m->units * sizeof *ds);
    for (size_t t = 0; t < m->steps; t++) {
      gate_tangents(&w, t, v, tangent, ds, dp, dq);
      move(&w, t, dp, dq, ds);
    }
    memcpy(gsl_matrix_ptr(out, n, 0), ds, state(m) * sizeof *ds);
  }
  free(w.memory);
  return JAC_OK;
}

/* In one step a unit depends on its own gates' weights, and on its own c. */
static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  const struct jac_recurrent *m = of(map);
  enum variable v = m->is[wrt];
  size_t j = row % m->units, each = v == W ? m->in : v == U ? m->units : 1, count = 0;
  for (size_t g = 0; g < (v == C ? 1 : m->cell->gates); g++)
    for (size_t k = 0; k < each; k++)
      columns[count++] = (g * m->units + j) * each + k;
  return count;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  bool full = of(map)->steps > 1 || of(map)->is[wrt] == Z || of(map)->is[wrt] == H;
  return (struct jac_structure){.columns = full ? NULL : columns_of, .written = true};
}

static void free_recurrent(struct jac_map *map) {
  struct jac_recurrent *m = (struct jac_recurrent *)map;
  free(m->definition);
  free(m->where);
  free(m->back);
  for (size_t v = 0; v < VARIABLES; v++)
    free(m->entry[v]);
}

static const struct jac_map_type type = {
    .name = "recurrent",
    .forward = forward,
    .jacobian = jac_recurrent_jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
    .free = free_recurrent,
};

size_t jac_recurrent_steps(const struct jac_map *map) {
  return map->type == &type ? of(map)->steps : 0;
}

const struct jac_recurrent_equation *
jac_recurrent_factor_in_matrices(const struct jac_map *map) {
  return of(map)->cell->factor;
}

static void name_variables(struct jac_recurrent *m) {
  static const char *const names[] = {"z", "h", "c", "W", "U", "b", "d"};
  static const char *const symbols[] = {"z^{k-1}", "h", "c", "w", "u", "b", "d"};
  const size_t by_z[] = {m->in, width(m)}, by_h[] = {m->units, width(m)}, all = width(m);
  size_t v = 0;
  for (enum variable k = Z; k < VARIABLES; k++) {
    m->at[k] = m->map.nvar;
    if ((k == C && m->cell->states == 1) || (k == D && !m->cell->second_bias))
      continue;
    const char *entry = m->steps == 1 ? m->cell->entry[k] : NULL;
    m->is[v] = k;
    m->at[k] = v;
    if (k <= C)
      jac_layer_data(&m->map, v, names[k], symbols[k],
                     k == Z ? m->steps * m->in : m->units, entry);
    else if (k == W || k == U)
      jac_layer_parameter(&m->map, v, names[k], symbols[k], 2, k == W ? by_z : by_h,
                          entry);
    else
      jac_layer_parameter(&m->map, v, names[k], symbols[k], 1, &all, entry);
    v++;
  }
}

enum jac_status jac_recurrent_make(const struct jac_module *module,
                                   const struct jac_spec *spec,
                                   const struct jac_module_place *place,
                                   struct jac_map **map, struct jac_error *err) {
  const struct jac_recurrent_cell *cell = module->family;
  size_t steps;
  enum jac_status status = jac_spec_count(spec, "steps", &steps, 1, err);
  if (status == JAC_OK && steps > 10000)
    status = jac_fail(err, JAC_ELIMIT, _("%s: steps=%zu: at most 10000 steps"),
                      spec->name, steps);
  if (status != JAC_OK)
    return status;
  size_t nvar = cell->second_bias || cell->states > 1 ? 6 : 5;
  struct jac_recurrent *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch,
                                            cell->states * spec->size[1], nvar, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->cell = cell;
  m->in = spec->size[0];
  m->units = spec->size[1];
  m->steps = steps;
  name_variables(m);
  if (!jac_recurrent_set_formulas(m)) {
    jac_map_free(&m->map);
    return jac_fail_memory(err);
  }
  *map = &m->map;
  return JAC_OK;
}

const struct jac_module_option jac_recurrent_options[] = {
    {"steps", "1", N_("unrolled so many steps: z holds their inputs side by side")},
    {NULL, NULL, NULL}};
