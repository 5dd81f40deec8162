/* rnn, lstm, gru: s_t = f(s_{t-1}, z_t), with gates side by side in W, U and b. A unit j
 * of the new state depends on the numbers of its own gates alone,
 *
 *   p = z_t W + b,  q = h_{t-1} U (+ d),
 *
 * and on its own h and c before. A cell is that function of a few numbers and its slopes;
 * then d s / d z = (d s / d p) W^T, d s / d W[i,.] = z_i (d s / d p), and so on. Through
 * time, with A_t = d s_t / d s_{t-1}, the Jacobian with respect to shared weights is the
 * sum over their uses: D_t = A_t D_{t-1} + (d s_t / d W with s_{t-1} held). */
#include "layers/recurrent_internal.h"

#include <stdlib.h>
#include <string.h>

static const struct jac_recurrent *of(const struct jac_map *map) {
  return (const struct jac_recurrent *)map;
}

static size_t state(const struct jac_recurrent *m) {
  return m->cell->states * m->units;
}

static size_t width(const struct jac_recurrent *m) {
  return m->cell->gates * m->units;
}

/* Entry (i, j) of a parameter, 0 for one that is not there. */
static double get(const struct jac_recurrent *m, jac_point x, enum variable v, size_t i,
                  size_t j) {
  return m->at[v] < m->map.nvar ? gsl_matrix_get(x[m->at[v]], i, j) : 0.0;
}

/* A sample's way through time. */
struct path {
  const struct jac_recurrent *m;
  jac_point x;
  size_t n;
  double *s;      /* the states 0 to T */
  double *p, *q;  /* of all gates, of the steps 1 to T */
  double *memory; /* owned: all of these, and room for more */
  double *room;
  double *columns; /* U's, one after the other; in the room, of those who want factors */
};

static const double *input(const struct path *w, size_t t) {
  return gsl_matrix_const_ptr(w->x[w->m->at[Z]], w->n, t * w->m->in);
}

/* The numbers that unit j meets: its own gate's of a row of all gates, its own of a
 * state. */
static void pick(const struct path *w, const double *row, size_t count, size_t j,
                 double *own) {
  for (size_t k = 0; k < count; k++)
    own[k] = row[k * w->m->units + j];
}

/* out = z W + b and h U + d, of any inputs, weights and biases. */
static void gates(const struct path *w, const double *z, const double *h, double *p,
                  double *q) {
  const struct jac_recurrent *m = w->m;
  for (size_t g = 0; g < width(m); g++) {
    p[g] = get(m, w->x, B, 0, g);
    q[g] = get(m, w->x, D, 0, g);
  }
  for (size_t i = 0; i < m->in; i++)
    for (size_t g = 0; g < width(m); g++)
      p[g] += z[i] * get(m, w->x, W, i, g);
  for (size_t k = 0; k < m->units; k++)
    for (size_t g = 0; g < width(m); g++)
      q[g] += h[k] * get(m, w->x, U, k, g);
}

static void unit_at(const struct path *w, size_t t, size_t j,
                    struct jac_recurrent_unit *u) {
  double p[GATES], q[GATES], s[STATES];
  *u = (struct jac_recurrent_unit){{0}, {{0}}, {{0}}, {{0}}};
  pick(w, w->p + t * width(w->m), w->m->cell->gates, j, p);
  pick(w, w->q + t * width(w->m), w->m->cell->gates, j, q);
  pick(w, w->s + t * state(w->m), w->m->cell->states, j, s);
  w->m->cell->unit(p, q, s, u);
}

/* Room for a path and so many numbers more. */
static enum jac_status path_new(const struct jac_recurrent *m, jac_point x, size_t more,
                                struct path *w) {
  size_t states = (m->steps + 1) * state(m), all = m->steps * width(m);
  *w = (struct path){.m = m, .x = x};
  w->memory = malloc((states + 2 * all + more) * sizeof(double));
  w->s = w->memory;
  w->p = w->s + states;
  w->q = w->p + all;
  w->room = w->q + all;
  return w->memory != NULL ? JAC_OK : JAC_ENOMEM;
}

/* Takes the columns of U into the end of the room. */
static void take_columns(struct path *w, double *room) {
  const struct jac_recurrent *m = w->m;
  w->columns = room;
  for (size_t k = 0; k < m->units; k++)
    for (size_t g = 0; g < width(m); g++)
      room[g * m->units + k] = get(m, w->x, U, k, g);
}

static void path_walk(struct path *w, size_t n) {
  const struct jac_recurrent *m = w->m;
  struct jac_recurrent_unit u;
  w->n = n;
  for (size_t e = 0; e < m->cell->states; e++)
    memcpy(w->s + e * m->units, gsl_matrix_const_ptr(w->x[m->at[e == 0 ? H : C]], n, 0),
           m->units * sizeof(double));
  for (size_t t = 0; t < m->steps; t++) {
    const double *s = w->s + t * state(m);
    gates(w, input(w, t), s, w->p + t * width(m), w->q + t * width(m));
    for (size_t j = 0; j < m->units; j++) {
      unit_at(w, t, j, &u);
      for (size_t e = 0; e < m->cell->states; e++)
        w->s[(t + 1) * state(m) + e * m->units + j] = u.value[e];
    }
  }
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct jac_recurrent *m = of(map);
  struct path w;
  if (path_new(m, x, 0, &w) != JAC_OK)
    return JAC_ENOMEM;
  for (size_t n = 0; n < map->batch; n++) {
    path_walk(&w, n);
    memcpy(gsl_matrix_ptr(y, n, 0), w.s + m->steps * state(m), state(m) * sizeof(double));
  }
  free(w.memory);
  return JAC_OK;
}

/* Row e,j of A_t = d s_t / d s_{t-1}. */
static void factor_row(const struct path *w, const struct jac_recurrent_unit *u, size_t e,
                       size_t j, double *row) {
  const struct jac_recurrent *m = w->m;
  for (size_t k = 0; k < state(m); k++)
    row[k] = 0.0;
  for (size_t g = 0; g < m->cell->gates; g++) {
    const double *column = w->columns + (g * m->units + j) * m->units;
    for (size_t k = 0; k < m->units; k++)
      row[k] += u->q[e][g] * column[k];
  }
  for (size_t f = 0; f < m->cell->states; f++)
    row[f * m->units + j] += u->own[e][f];
}

/* Adds what variable v gives to row e,j of the Jacobian in step t alone; parameters are
 * numbered first index fastest. */
static void direct_row(const struct path *w, const struct jac_recurrent_unit *u, size_t t,
                       size_t e, size_t j, enum variable v, double *row) {
  const struct jac_recurrent *m = w->m;
  const double *z = input(w, t), *h = w->s + t * state(m);
  for (size_t g = 0; g < m->cell->gates; g++) {
    size_t at = g * m->units + j;
    for (size_t i = 0; i < m->in && v == W; i++)
      row[at * m->in + i] += u->p[e][g] * z[i];
    for (size_t i = 0; i < m->in && v == Z; i++)
      row[t * m->in + i] += u->p[e][g] * get(m, w->x, W, i, at);
    for (size_t k = 0; k < m->units && v == U; k++)
      row[at * m->units + k] += u->q[e][g] * h[k];
    if (v == B)
      row[at] += u->p[e][g];
    else if (v == D)
      row[at] += u->q[e][g];
  }
}

/* next = A_t now, and what step t gives itself, of a path's Jacobian with respect to v,
 * state x cols; factor has room for a row. Before the first step now is 0, but for a
 * given state, of which it picks columns. */
static void advance(const struct path *w, size_t t, enum variable v, bool uses,
                    size_t cols, const double *now, double *next, double *factor) {
  const struct jac_recurrent *m = w->m;
  struct jac_recurrent_unit u;
  memset(next, 0, state(m) * cols * sizeof *next);
  for (size_t j = 0; j < m->units; j++) {
    unit_at(w, t, j, &u);
    for (size_t e = 0; e < m->cell->states; e++) {
      double *row = next + (e * m->units + j) * cols;
      if (t > 0 || v == H || v == C)
        factor_row(w, &u, e, j, factor);
      if (t == 0 && (v == H || v == C))
        memcpy(row, factor + (v == C ? m->units : 0), cols * sizeof *row);
      for (size_t k = 0; k < state(m) && t > 0; k++)
        for (size_t c = 0; c < cols && factor[k] != 0.0; c++)
          row[c] += factor[k] * now[k * cols + c];
      if (uses)
        direct_row(w, &u, t, e, j, v, row);
    }
  }
}

/* The Jacobian of every sample, of the uses in step `only` alone or, at steps, in all. */
static enum jac_status accumulate(const struct jac_map *map, jac_point x, size_t wrt,
                                  size_t only, const struct jac_array3 *J) {
  const struct jac_recurrent *m = of(map);
  enum variable v = m->is[wrt];
  struct path w;
  size_t size = state(m) * J->cols;
  if (path_new(m, x, 2 * size + state(m) + m->units * width(m), &w) != JAC_OK)
    return JAC_ENOMEM;
  take_columns(&w, w.room + 2 * size + state(m));
  for (size_t n = 0; n < map->batch; n++) {
    double *now = w.room, *next = now + size, *factor = next + size;
    path_walk(&w, n);
    for (size_t t = 0; t < m->steps; t++) {
      advance(&w, t, v, only == m->steps || t == only, J->cols, now, next, factor);
      double *swap = now;
      now = next;
      next = swap;
    }
    for (size_t k = 0; k < state(m); k++)
      memcpy(jac_array3_at(J, n, k, 0), now + k * J->cols, J->cols * sizeof *now);
  }
  free(w.memory);
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  return accumulate(map, x, wrt, of(map)->steps, J);
}

/* Backpropagation through time: cotangents of the gates, then of what they are made of.
 */
static void back(const struct path *w, size_t t, const double *c, double *gp, double *gq,
                 double *before) {
  const struct jac_recurrent *m = w->m;
  for (size_t j = 0; j < m->units; j++) {
    double p[GATES], q[GATES], s[STATES], own[STATES], a[GATES] = {0}, b[GATES] = {0},
                                                       gs[STATES] = {0};
    pick(w, w->p + t * width(m), m->cell->gates, j, p);
    pick(w, w->q + t * width(m), m->cell->gates, j, q);
    pick(w, w->s + t * state(m), m->cell->states, j, s);
    pick(w, c, m->cell->states, j, own);
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

static void add_gradient(const struct path *w, size_t t, enum variable v,
                         const double *gp, const double *gq, gsl_matrix *gradient) {
  const struct jac_recurrent *m = w->m;
  const double *z = input(w, t), *h = w->s + t * state(m);
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
  struct path w;
  if (path_new(m, x, 2 * width(m) + 2 * state(m), &w) != JAC_OK)
    return JAC_ENOMEM;
  double *gp = w.room, *gq = gp + width(m), *c = gq + width(m), *before = c + state(m);
  gsl_matrix_set_zero(gradient);
  for (size_t n = 0; n < map->batch; n++) {
    path_walk(&w, n);
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
static void gate_tangents(const struct path *w, size_t t, enum variable v,
                          const gsl_matrix *tangent, const double *ds, double *dp,
                          double *dq) {
  const struct jac_recurrent *m = w->m;
  const double *z = input(w, t), *h = w->s + t * state(m);
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

static void move(const struct path *w, size_t t, const double *dp, const double *dq,
                 double *ds) {
  const struct jac_recurrent *m = w->m;
  for (size_t j = 0; j < m->units; j++) {
    double p[GATES], q[GATES], s[STATES], a[GATES], b[GATES], own[STATES], out[STATES];
    pick(w, w->p + t * width(m), m->cell->gates, j, p);
    pick(w, w->q + t * width(m), m->cell->gates, j, q);
    pick(w, w->s + t * state(m), m->cell->states, j, s);
    pick(w, dp, m->cell->gates, j, a);
    pick(w, dq, m->cell->gates, j, b);
    pick(w, ds, m->cell->states, j, own);
    m->cell->tangent(p, q, s, a, b, own, out);
    for (size_t e = 0; e < m->cell->states; e++)
      ds[e * m->units + j] = out[e];
  }
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct jac_recurrent *m = of(map);
  enum variable v = m->is[wrt];
  struct path w;
  if (path_new(m, x, 2 * width(m) + state(m), &w) != JAC_OK)
    return JAC_ENOMEM;
  double *dp = w.room, *dq = dp + width(m), *ds = dq + width(m);
  for (size_t n = 0; n < map->batch; n++) {
    path_walk(&w, n);
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
  for (size_t v = 0; v < VARIABLES; v++)
    free(m->entry[v]);
}

static const struct jac_map_type type = {
    .name = "recurrent",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
    .free = free_recurrent,
};

size_t jac_recurrent_steps(const struct jac_map *map) {
  return map->type == &type ? of(map)->steps : 0;
}

enum jac_status jac_recurrent_factor(const struct jac_map *map, jac_point x, size_t t,
                                     struct jac_array3 *J) {
  const struct jac_recurrent *m = of(map);
  struct path w;
  struct jac_recurrent_unit u;
  enum jac_status status = jac_array3_alloc(map->batch, state(m), state(m), J, NULL);
  if (status != JAC_OK)
    return status;
  J->clear = false;
  if (path_new(m, x, m->units * width(m), &w) != JAC_OK) {
    jac_array3_free(J);
    return JAC_ENOMEM;
  }
  take_columns(&w, w.room);
  for (size_t n = 0; n < map->batch; n++) {
    path_walk(&w, n);
    for (size_t j = 0; j < m->units; j++) {
      unit_at(&w, t - 1, j, &u);
      for (size_t e = 0; e < m->cell->states; e++)
        factor_row(&w, &u, e, j, jac_array3_at(J, n, e * m->units + j, 0));
    }
  }
  free(w.memory);
  return JAC_OK;
}

bool jac_recurrent_zero(const struct jac_map *map, size_t row, size_t col) {
  size_t units = of(map)->units;
  return col >= units && row % units != col % units;
}

enum jac_status jac_recurrent_use(const struct jac_map *map, jac_point x, size_t wrt,
                                  size_t t, struct jac_array3 *J) {
  size_t slices, rows, cols;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  enum jac_status status = jac_array3_alloc(slices, rows, cols, J, NULL);
  if (status != JAC_OK)
    return status;
  J->clear = false;
  status = accumulate(map, x, wrt, t - 1, J);
  if (status != JAC_OK)
    jac_array3_free(J);
  return status;
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
