/* rnn, lstm, gru: s_t = f(s_{t-1}, z_t), with gates side by side in W, U and b. A unit j
 * of the new state depends on the numbers of its own gates alone,
 *
 *   p = z_t W + b,  q = h_{t-1} U (+ d),
 *
 * and on its own h and c before. A cell is that function of a few numbers and its slopes;
 * then d s / d z = (d s / d p) W^T, d s / d W[i,.] = z_i (d s / d p), and so on. Through
 * time, with A_t = d s_t / d s_{t-1}, the Jacobian with respect to shared weights is the
 * sum over their uses: D_t = A_t D_{t-1} + (d s_t / d W with s_{t-1} held).
 *
 * Long: three cells are one mechanism, through one step and through time. */
#include "layers/recurrent.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GATES = 4, STATES = 2 };
enum variable { Z, H, C, W, U, B, D, VARIABLES };

/* One unit of a new state: its values, and their slopes by p and q of each gate and by
 * the unit's own h and c before. */
struct unit {
  double value[STATES];
  double p[STATES][GATES], q[STATES][GATES], own[STATES][STATES];
};

struct cell {
  size_t gates, states;
  bool second_bias; /* d, added to h U */
  void (*unit)(const double *p, const double *q, const double *s, struct unit *u);
  /* The same derivative by other ways: the tangent of the values along dp, dq, ds; and
   * what cotangents c of the values give to p, q and s. */
  void (*tangent)(const double *p, const double *q, const double *s, const double *dp,
                  const double *dq, const double *ds, double *out);
  void (*reverse)(const double *p, const double *q, const double *s, const double *c,
                  double *gp, double *gq, double *gs);
  const char *definition, *where;
  const char *entry[VARIABLES];
  const char *through_time; /* of steps=T, for people */
  /* The same written out: the equations of a step, where %t and %b are its number and
   * that before, %z where its inputs begin; @ in the output is the last number. */
  const char *output, *step;
  size_t equations; /* of a step, there and back */
  /* Backpropagation through time, of the output by h after step t (E_t), by c (C_t), by p
   * (G_t) and by q: what the last step begins with, and a step, where %p is the number
   * before, from 0. */
  const char *last, *back, *by_q;
  const char *back_through_time; /* for people */
};

struct recurrent {
  struct jac_map map;
  const struct cell *cell;
  size_t in, units, steps;
  enum variable is[VARIABLES]; /* what variable v is */
  size_t at[VARIABLES];        /* where it is in the map; nvar: it is not */
  struct jac_constant constant[2];
  char *definition, *where, *entry[VARIABLES]; /* of steps=T; owned */
};

static const struct recurrent *of(const struct jac_map *map) {
  return (const struct recurrent *)map;
}

static size_t state(const struct recurrent *m) {
  return m->cell->states * m->units;
}

static size_t width(const struct recurrent *m) {
  return m->cell->gates * m->units;
}

/* Entry (i, j) of a parameter, 0 for one that is not there. */
static double get(const struct recurrent *m, jac_point x, enum variable v, size_t i,
                  size_t j) {
  return m->at[v] < m->map.nvar ? gsl_matrix_get(x[m->at[v]], i, j) : 0.0;
}

/* A sample's way through time. */
struct path {
  const struct recurrent *m;
  jac_point x;
  size_t n;
  double *s;      /* the states 0 to T */
  double *p, *q;  /* of all gates, of the steps 1 to T */
  double *memory; /* owned: all of these, and room for more */
  double *room;
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
  const struct recurrent *m = w->m;
  for (size_t g = 0; g < width(m); g++) {
    p[g] = get(m, w->x, B, 0, g);
    q[g] = get(m, w->x, D, 0, g);
    for (size_t i = 0; i < m->in; i++)
      p[g] += z[i] * get(m, w->x, W, i, g);
    for (size_t k = 0; k < m->units; k++)
      q[g] += h[k] * get(m, w->x, U, k, g);
  }
}

static void unit_at(const struct path *w, size_t t, size_t j, struct unit *u) {
  double p[GATES], q[GATES], s[STATES];
  *u = (struct unit){{0}, {{0}}, {{0}}, {{0}}};
  pick(w, w->p + t * width(w->m), w->m->cell->gates, j, p);
  pick(w, w->q + t * width(w->m), w->m->cell->gates, j, q);
  pick(w, w->s + t * state(w->m), w->m->cell->states, j, s);
  w->m->cell->unit(p, q, s, u);
}

/* Room for a path and so many numbers more. */
static enum jac_status path_new(const struct recurrent *m, jac_point x, size_t more,
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

static void path_walk(struct path *w, size_t n) {
  const struct recurrent *m = w->m;
  struct unit u;
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
  const struct recurrent *m = of(map);
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
static void factor_row(const struct path *w, const struct unit *u, size_t e, size_t j,
                       double *row) {
  const struct recurrent *m = w->m;
  for (size_t k = 0; k < state(m); k++)
    row[k] = 0.0;
  for (size_t g = 0; g < m->cell->gates; g++)
    for (size_t k = 0; k < m->units; k++)
      row[k] += u->q[e][g] * get(m, w->x, U, k, g * m->units + j);
  for (size_t f = 0; f < m->cell->states; f++)
    row[f * m->units + j] += u->own[e][f];
}

/* Adds what variable v gives to row e,j of the Jacobian in step t alone; parameters are
 * numbered first index fastest. */
static void direct_row(const struct path *w, const struct unit *u, size_t t, size_t e,
                       size_t j, enum variable v, double *row) {
  const struct recurrent *m = w->m;
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
 * state x cols; factor has room for a row. */
static void advance(const struct path *w, size_t t, enum variable v, bool uses,
                    size_t cols, const double *now, double *next, double *factor) {
  const struct recurrent *m = w->m;
  struct unit u;
  memset(next, 0, state(m) * cols * sizeof *next);
  for (size_t j = 0; j < m->units; j++) {
    unit_at(w, t, j, &u);
    for (size_t e = 0; e < m->cell->states; e++) {
      double *row = next + (e * m->units + j) * cols;
      factor_row(w, &u, e, j, factor);
      for (size_t k = 0; k < state(m); k++)
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
  const struct recurrent *m = of(map);
  enum variable v = m->is[wrt];
  struct path w;
  size_t size = state(m) * J->cols;
  if (path_new(m, x, 2 * size + state(m), &w) != JAC_OK)
    return JAC_ENOMEM;
  for (size_t n = 0; n < map->batch; n++) {
    double *now = w.room, *next = now + size, *factor = next + size;
    path_walk(&w, n);
    memset(now, 0, size * sizeof *now);
    for (size_t j = 0; j < m->units && (v == H || v == C); j++)
      now[((v == C ? m->units : 0) + j) * J->cols + j] = 1.0;
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
  const struct recurrent *m = w->m;
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
  const struct recurrent *m = w->m;
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
  const struct recurrent *m = of(map);
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
  const struct recurrent *m = w->m;
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
  const struct recurrent *m = w->m;
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
  const struct recurrent *m = of(map);
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
  const struct recurrent *m = of(map);
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
  struct recurrent *m = (struct recurrent *)map;
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
  const struct recurrent *m = of(map);
  struct path w;
  struct unit u;
  enum jac_status status = jac_array3_alloc(map->batch, state(m), state(m), J, NULL);
  if (status != JAC_OK)
    return status;
  J->clear = false;
  if (path_new(m, x, 0, &w) != JAC_OK) {
    jac_array3_free(J);
    return JAC_ENOMEM;
  }
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

/* Adds a template of step t. */
static void add_step(const struct recurrent *m, const char *text, size_t t,
                     struct jac_buffer *out) {
  for (const char *at = text; *at != '\0'; at++)
    if (at[0] != '%')
      jac_buffer_add_char(out, *at);
    else if (*++at == 't')
      jac_buffer_printf(out, "_%zu", t);
    else if (*at == 'p' || (*at == 'b' && t > 1))
      jac_buffer_printf(out, "_%zu", t - 1);
    else if (*at == 'z' && t > 1)
      jac_buffer_printf(out, "%zu + ", (t - 1) * m->in);
}

/* The equations of all steps, and backwards those of the derivatives. */
static char *unrolled(const struct recurrent *m) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (size_t t = 1; t <= m->steps; t++) {
    jac_buffer_add(&text, t > 1 ? "; " : "");
    add_step(m, m->cell->step, t, &text);
  }
  jac_buffer_add(&text, "; ");
  add_step(m, m->cell->last, m->steps, &text);
  for (size_t t = m->steps; t > 0; t--) {
    jac_buffer_add(&text, "; ");
    add_step(m, m->cell->back, t, &text);
  }
  return jac_buffer_take(&text);
}

/* The entry of a variable that every step uses: the sum over its uses. */
static void add_uses(const struct recurrent *m, const char *by, const char *use,
                     struct jac_buffer *out) {
  for (size_t t = 1; t <= m->steps; t++) {
    jac_buffer_add(out, t > 1 ? " + " : "");
    jac_buffer_add(out, by);
    add_step(m, use, t, out);
  }
}

/* The entry of an input is that of its own step. */
static void add_inputs(const struct recurrent *m, struct jac_buffer *out) {
  jac_buffer_add(out, "cases(");
  for (size_t t = 1; t <= m->steps; t++) {
    jac_buffer_add(out, "sum(j, W[i");
    if (t > 1)
      jac_buffer_printf(out, "-%zu", (t - 1) * m->in);
    jac_buffer_printf(out, ",j]*G_%zu[n,o,j])", t);
    if (t < m->steps)
      jac_buffer_printf(out, ", i <= %zu, ", t * m->in);
  }
  jac_buffer_add(out, ")");
}

static char *unrolled_entry(const struct recurrent *m, enum variable v) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  switch (v) {
  case Z:
    add_inputs(m, &text);
    break;
  case H:
    jac_buffer_add(&text, "E_0[n,o,i]");
    break;
  case C:
    jac_buffer_add(&text, "C_0[n,o,i]");
    break;
  case W:
    add_uses(m, "G", "%t[n,o,j]*z[n,%zi]", &text);
    break;
  case U:
    add_uses(m, m->cell->by_q, "%t[n,o,j]*h%b[n,i]", &text);
    break;
  case B:
    add_uses(m, "G", "%t[n,o,i]", &text);
    break;
  default:
    add_uses(m, m->cell->by_q, "%t[n,o,i]", &text);
  }
  return jac_buffer_take(&text);
}

/* Formulas of many steps are only written out where they can be read. */
enum { EQUATIONS = 60, READABLE = 12 };

static bool set_formulas(struct recurrent *m) {
  m->constant[0] = (struct jac_constant){"H", (double)m->units};
  m->map.constant = m->constant;
  m->map.nconstant = 1;
  m->map.definition = m->cell->definition;
  m->map.where = m->cell->where;
  if (m->steps == 1)
    return true;
  m->map.shown = m->cell->through_time;
  m->map.definition = m->map.where = NULL;
  if (m->steps > READABLE || m->steps * m->cell->equations > EQUATIONS)
    return true;
  m->map.shown_where = m->cell->back_through_time;
  struct jac_buffer last = JAC_BUFFER_INIT;
  for (const char *at = m->cell->output; *at != '\0'; at++)
    if (*at == '@')
      jac_buffer_printf(&last, "_%zu", m->steps);
    else
      jac_buffer_add_char(&last, *at);
  m->definition = jac_buffer_take(&last);
  m->where = unrolled(m);
  m->map.definition = m->definition;
  m->map.where = m->where;
  bool all = m->definition != NULL && m->where != NULL;
  for (size_t v = 0; v < m->map.nvar; v++) {
    enum variable is = m->is[v];
    m->entry[is] = unrolled_entry(m, is);
    m->map.var[v].entry = m->entry[is];
    all = all && m->entry[is] != NULL;
  }
  return all;
}

static void name_variables(struct recurrent *m) {
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

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  const struct cell *cell = module->family;
  size_t steps;
  enum jac_status status = jac_spec_count(spec, "steps", &steps, 1, err);
  if (status == JAC_OK && steps > 10000)
    status = jac_fail(err, JAC_ELIMIT, _("%s: steps=%zu: at most 10000 steps"),
                      spec->name, steps);
  if (status != JAC_OK)
    return status;
  size_t nvar = cell->second_bias || cell->states > 1 ? 6 : 5;
  struct recurrent *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch,
                                        cell->states * spec->size[1], nvar, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->cell = cell;
  m->in = spec->size[0];
  m->units = spec->size[1];
  m->steps = steps;
  name_variables(m);
  if (!set_formulas(m)) {
    jac_map_free(&m->map);
    return jac_fail_memory(err);
  }
  *map = &m->map;
  return JAC_OK;
}

/* Without overflow, and with all digits where they are near 0 or 1. */
static double sigmoid(double a) {
  double e = exp(-fabs(a));
  return a >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

static double sigmoid_slope(double a) {
  double e = exp(-fabs(a));
  return e / ((1.0 + e) * (1.0 + e));
}

static double tanh_slope(double a) {
  double e = exp(-2.0 * fabs(a));
  return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

/* rnn: h' = tanh(p + q). */
static void rnn_unit(const double *p, const double *q, const double *s, struct unit *u) {
  (void)s;
  u->value[0] = tanh(p[0] + q[0]);
  u->p[0][0] = u->q[0][0] = tanh_slope(p[0] + q[0]);
}

static void rnn_tangent(const double *p, const double *q, const double *s,
                        const double *dp, const double *dq, const double *ds,
                        double *out) {
  double cosine = cosh(p[0] + q[0]);
  (void)s;
  (void)ds;
  out[0] = (dp[0] + dq[0]) / cosine / cosine;
}

static void rnn_reverse(const double *p, const double *q, const double *s,
                        const double *c, double *gp, double *gq, double *gs) {
  double cosine = cosh(p[0] + q[0]);
  (void)s;
  (void)gs;
  gp[0] = gq[0] = c[0] / cosine / cosine;
}

#define RNN(before, at)                                                                  \
  "tanh(sum(i, W[i,o]*z[n," at "i]) + sum(j, h" before "[n,j]*U[j,o]) + b[o])"

static const struct cell rnn = {
    .gates = 1,
    .states = 1,
    .unit = rnn_unit,
    .tangent = rnn_tangent,
    .reverse = rnn_reverse,
    .definition = "y[n,o] = " RNN("", ""),
    .where = "t[n,o] = " RNN("", ""),
    .entry = {[Z] = "(1 - t[n,o]^2)*W[i,o]",
              [H] = "(1 - t[n,o]^2)*U[i,o]",
              [W] = "delta(o,j)*(1 - t[n,o]^2)*z[n,i]",
              [U] = "delta(o,j)*(1 - t[n,o]^2)*h[n,i]",
              [B] = "delta(o,i)*(1 - t[n,o]^2)"},
    .through_time = "h^{t} = tanh(z^{t}*W + h^{t-1}*U + b)",
    .output = "y[n,o] = h@[n,o]",
    .step = "h%t[n,o] = " RNN("%b", "%z"),
    .equations = 3,
    .last = "E%t[n,o,k] = delta(o,k)",
    .back = "G%t[n,o,j] = E%t[n,o,j]*(1 - h%t[n,j]^2); "
            "E%p[n,o,k] = sum(j, U[k,j]*G%t[n,o,j])",
    .by_q = "G",
    .back_through_time =
        "G^{t} = E^{t}*diag(1 - h^{t}.^2); E^{t-1} = G^{t}*U'; E^{T} = I",
};

static const struct jac_module_option options[] = {
    {"steps", "1", N_("unrolled so many steps: z holds their inputs side by side")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_rnn = {
    .name = "rnn",
    .sizes = "INxH",
    .nsize = 2,
    .example = "rnn:3x2",
    .definition = "y[n,o] = " RNN("", ""),
    .options = options,
    .make = make,
    .family = &rnn,
};

/* lstm: gates i f g o; c' = f c + i g, h' = o tanh(c') (Hochreiter and Schmidhuber 1997,
 * with the forget gate of Gers et al. 2000). */
struct lstm {
  double i, f, g, o, c;
};

static struct lstm lstm(const double *p, const double *q, const double *s) {
  struct lstm v = {sigmoid(p[0] + q[0]), sigmoid(p[1] + q[1]), tanh(p[2] + q[2]),
                   sigmoid(p[3] + q[3]), 0.0};
  v.c = v.f * s[1] + v.i * v.g;
  return v;
}

static void lstm_unit(const double *p, const double *q, const double *s, struct unit *u) {
  struct lstm v = lstm(p, q, s);
  double through = v.o * tanh_slope(v.c); /* d h' / d c' */
  u->value[0] = v.o * tanh(v.c);
  u->value[1] = v.c;
  u->p[1][0] = v.g * sigmoid_slope(p[0] + q[0]);
  u->p[1][1] = s[1] * sigmoid_slope(p[1] + q[1]);
  u->p[1][2] = v.i * tanh_slope(p[2] + q[2]);
  for (size_t gate = 0; gate < 3; gate++)
    u->p[0][gate] = through * u->p[1][gate];
  u->p[0][3] = tanh(v.c) * sigmoid_slope(p[3] + q[3]);
  memcpy(u->q, u->p, sizeof u->q);
  u->own[1][1] = v.f;
  u->own[0][1] = through * v.f;
}

static void lstm_tangent(const double *p, const double *q, const double *s,
                         const double *dp, const double *dq, const double *ds,
                         double *out) {
  struct lstm v = lstm(p, q, s);
  double di = v.i * sigmoid(-p[0] - q[0]) * (dp[0] + dq[0]);
  double df = v.f * sigmoid(-p[1] - q[1]) * (dp[1] + dq[1]);
  double dg = (1.0 - v.g * v.g) * (dp[2] + dq[2]);
  double d_o = v.o * sigmoid(-p[3] - q[3]) * (dp[3] + dq[3]);
  out[1] = df * s[1] + v.f * ds[1] + di * v.g + v.i * dg;
  out[0] = d_o * tanh(v.c) + v.o * (1.0 - tanh(v.c) * tanh(v.c)) * out[1];
}

static void lstm_reverse(const double *p, const double *q, const double *s,
                         const double *c, double *gp, double *gq, double *gs) {
  struct lstm v = lstm(p, q, s);
  double cell = c[1] + c[0] * v.o * (1.0 - tanh(v.c) * tanh(v.c));
  gp[0] = cell * v.g * v.i * sigmoid(-p[0] - q[0]);
  gp[1] = cell * s[1] * v.f * sigmoid(-p[1] - q[1]);
  gp[2] = cell * v.i * (1.0 - v.g * v.g);
  gp[3] = c[0] * tanh(v.c) * v.o * sigmoid(-p[3] - q[3]);
  memcpy(gq, gp, GATES * sizeof *gq);
  gs[1] = cell * v.f;
}

#define LSTM(t, b, at)                                                                   \
  "h_t" t "[n,j] = o_t" t "[n,j]*tanh(c_t" t "[n,j]); "                                  \
  "c_t" t "[n,j] = f_t" t "[n,j]*c" b "[n,j] + i_t" t "[n,j]*g_t" t "[n,j]; "            \
  "i_t" t "[n,j] = sigmoid(a" t "[n,j]); f_t" t "[n,j] = sigmoid(a" t "[n,H+j]); "       \
  "g_t" t "[n,j] = tanh(a" t "[n,2*H+j]); o_t" t "[n,j] = sigmoid(a" t "[n,3*H+j]); "    \
  "a" t "[n,j] = sum(k, z[n," at "k]*W[k,j]) + sum(k, h" b "[n,k]*U[k,j]) + b[j]"

static const struct cell lstm_cell = {
    .gates = 4,
    .states = 2,
    .unit = lstm_unit,
    .tangent = lstm_tangent,
    .reverse = lstm_reverse,
    .definition = "y[n,o] = cases(h_t[n,o], o <= H, c_t[n,o-H])",
    .where = LSTM(
        "", "",
        "") "; "
            "e[n,j] = o_t[n,j]*(1 - tanh(c_t[n,j])^2); "
            "s_i[n,j] = g_t[n,j]*i_t[n,j]*(1 - i_t[n,j]); "
            "s_f[n,j] = c[n,j]*f_t[n,j]*(1 - f_t[n,j]); "
            "s_g[n,j] = i_t[n,j]*(1 - g_t[n,j]^2); "
            "s_o[n,j] = tanh(c_t[n,j])*o_t[n,j]*(1 - o_t[n,j]); "
            "G[n,o,j] = cases(e[n,o]*(delta(j,o)*s_i[n,o] + delta(j,H+o)*s_f[n,o] + "
            "delta(j,2*H+o)*s_g[n,o]) + delta(j,3*H+o)*s_o[n,o], o <= H, "
            "delta(j,o-H)*s_i[n,o-H] + delta(j,o)*s_f[n,o-H] + delta(j,o+H)*s_g[n,o-H])",
    .entry = {[Z] = "sum(j, G[n,o,j]*W[i,j])",
              [H] = "sum(j, G[n,o,j]*U[i,j])",
              [C] = "cases(delta(o,i)*e[n,o]*f_t[n,o], o <= H, delta(o-H,i)*f_t[n,o-H])",
              [W] = "G[n,o,j]*z[n,i]",
              [U] = "G[n,o,j]*h[n,i]",
              [B] = "G[n,o,i]"},
    .through_time =
        "h^{t} = o^{t} .* tanh(c^{t}); c^{t} = f^{t} .* c^{t-1} + i^{t} .* g^{t}; "
        "a^{t} = z^{t}*W + h^{t-1}*U + b",
    .output = "y[n,o] = cases(h@[n,o], o <= H, c@[n,o-H])",
    .step = "h%t[n,j] = o_t%t[n,j]*tanh(c%t[n,j]); "
            "c%t[n,j] = f_t%t[n,j]*c%b[n,j] + i_t%t[n,j]*g_t%t[n,j]; "
            "i_t%t[n,j] = sigmoid(a%t[n,j]); f_t%t[n,j] = sigmoid(a%t[n,H+j]); "
            "g_t%t[n,j] = tanh(a%t[n,2*H+j]); o_t%t[n,j] = sigmoid(a%t[n,3*H+j]); "
            "a%t[n,j] = sum(k, W[k,j]*z[n,%zk]) + sum(k, U[k,j]*h%b[n,k]) + b[j]",
    .equations = 11,
    .last = "E%t[n,o,k] = delta(o,k); C%t[n,o,k] = delta(o,H+k)",
    .back = "F%t[n,o,k] = C%t[n,o,k] + E%t[n,o,k]*o_t%t[n,k]*(1 - tanh(c%t[n,k])^2); "
            "G%t[n,o,j] = cases(F%t[n,o,j]*g_t%t[n,j]*i_t%t[n,j]*(1 - i_t%t[n,j]), "
            "j <= H, F%t[n,o,j-H]*c%b[n,j-H]*f_t%t[n,j-H]*(1 - f_t%t[n,j-H]), j <= 2*H, "
            "F%t[n,o,j-2*H]*i_t%t[n,j-2*H]*(1 - g_t%t[n,j-2*H]^2), j <= 3*H, "
            "E%t[n,o,j-3*H]*tanh(c%t[n,j-3*H])*o_t%t[n,j-3*H]*(1 - o_t%t[n,j-3*H])); "
            "E%p[n,o,k] = sum(j, U[k,j]*G%t[n,o,j]); "
            "C%p[n,o,k] = F%t[n,o,k]*f_t%t[n,k]",
    .by_q = "G",
    .back_through_time =
        "F^{t} = C^{t} + E^{t}*diag(o^{t} .* (1 - tanh(c^{t}).^2)); "
        "G^{t} = [F^{t}*diag(g^{t} .* i^{t} .* (1 - i^{t})), F^{t}*diag(c^{t-1} .* f^{t} "
        ".* (1 - f^{t})), F^{t}*diag(i^{t} .* (1 - g^{t}.^2)), E^{t}*diag(tanh(c^{t}) .* "
        "o^{t} .* (1 - o^{t}))]; E^{t-1} = G^{t}*U'; C^{t-1} = F^{t}*diag(f^{t}); "
        "E^{T} = [I; 0]; C^{T} = [0; I]",
};

const struct jac_module jac_module_lstm = {
    .name = "lstm",
    .sizes = "INxH",
    .nsize = 2,
    .example = "lstm:3x2",
    .definition = "y[n,o] = cases(h_t[n,o], o <= H, c_t[n,o-H])",
    .options = options,
    .make = make,
    .family = &lstm_cell,
};

/* gru: gates r u n; n = tanh(p + r q), h' = (1 - u) n + u h (Cho et al. 2014, as PyTorch
 * has it: r is taken after the product with U, and d stays inside). */
struct gru {
  double r, u, n;
};

static struct gru gru(const double *p, const double *q) {
  struct gru v = {sigmoid(p[0] + q[0]), sigmoid(p[1] + q[1]), 0.0};
  v.n = tanh(p[2] + v.r * q[2]);
  return v;
}

static void gru_unit(const double *p, const double *q, const double *s, struct unit *u) {
  struct gru v = gru(p, q);
  double n =
      sigmoid(-p[1] - q[1]) * tanh_slope(p[2] + v.r * q[2]); /* d h' / d (p + r q) */
  u->value[0] = sigmoid(-p[1] - q[1]) * v.n + v.u * s[0];
  u->p[0][0] = u->q[0][0] = n * q[2] * sigmoid_slope(p[0] + q[0]);
  u->p[0][1] = u->q[0][1] = (s[0] - v.n) * sigmoid_slope(p[1] + q[1]);
  u->p[0][2] = n;
  u->q[0][2] = n * v.r;
  u->own[0][0] = v.u;
}

static void gru_tangent(const double *p, const double *q, const double *s,
                        const double *dp, const double *dq, const double *ds,
                        double *out) {
  struct gru v = gru(p, q);
  double dr = v.r * sigmoid(-p[0] - q[0]) * (dp[0] + dq[0]);
  double du = v.u * sigmoid(-p[1] - q[1]) * (dp[1] + dq[1]);
  double dn = (1.0 - v.n * v.n) * (dp[2] + dr * q[2] + v.r * dq[2]);
  out[0] = (1.0 - v.u) * dn - du * v.n + du * s[0] + v.u * ds[0];
}

static void gru_reverse(const double *p, const double *q, const double *s,
                        const double *c, double *gp, double *gq, double *gs) {
  struct gru v = gru(p, q);
  double n = c[0] * (1.0 - v.u) * (1.0 - v.n * v.n);
  gp[2] = n;
  gq[2] = n * v.r;
  gp[0] = gq[0] = n * q[2] * v.r * sigmoid(-p[0] - q[0]);
  gp[1] = gq[1] = c[0] * (s[0] - v.n) * v.u * sigmoid(-p[1] - q[1]);
  gs[0] = c[0] * v.u;
}

static const struct cell gru_cell = {
    .gates = 3,
    .states = 1,
    .second_bias = true,
    .unit = gru_unit,
    .tangent = gru_tangent,
    .reverse = gru_reverse,
    .definition = "y[n,o] = (1 - u_t[n,o])*n_t[n,o] + u_t[n,o]*h[n,o]",
    .where =
        "r_t[n,j] = sigmoid(a[n,j] + v[n,j]); u_t[n,j] = sigmoid(a[n,H+j] + v[n,H+j]); "
        "n_t[n,j] = tanh(a[n,2*H+j] + r_t[n,j]*v[n,2*H+j]); "
        "a[n,j] = sum(k, z[n,k]*W[k,j]) + b[j]; "
        "v[n,j] = sum(k, h[n,k]*U[k,j]) + d[j]; "
        "s_n[n,j] = (1 - u_t[n,j])*(1 - n_t[n,j]^2); "
        "s_r[n,j] = s_n[n,j]*v[n,2*H+j]*r_t[n,j]*(1 - r_t[n,j]); "
        "s_u[n,j] = (h[n,j] - n_t[n,j])*u_t[n,j]*(1 - u_t[n,j]); "
        "G[n,o,j] = delta(j,o)*s_r[n,o] + delta(j,H+o)*s_u[n,o] + "
        "delta(j,2*H+o)*s_n[n,o]; "
        "P[n,o,j] = delta(j,o)*s_r[n,o] + delta(j,H+o)*s_u[n,o] + "
        "delta(j,2*H+o)*s_n[n,o]*r_t[n,o]",
    .entry = {[Z] = "sum(j, G[n,o,j]*W[i,j])",
              [H] = "sum(j, P[n,o,j]*U[i,j]) + delta(o,i)*u_t[n,o]",
              [W] = "G[n,o,j]*z[n,i]",
              [U] = "P[n,o,j]*h[n,i]",
              [B] = "G[n,o,i]",
              [D] = "P[n,o,i]"},
    .through_time = "h^{t} = (1 - u^{t}) .* n^{t} + u^{t} .* h^{t-1}; "
                    "a^{t} = z^{t}*W + b; v^{t} = h^{t-1}*U + d",
    .output = "y[n,o] = h@[n,o]",
    .step = "h%t[n,j] = (1 - u_t%t[n,j])*n_t%t[n,j] + u_t%t[n,j]*h%b[n,j]; "
            "r_t%t[n,j] = sigmoid(a%t[n,j] + v%t[n,j]); "
            "u_t%t[n,j] = sigmoid(a%t[n,H+j] + v%t[n,H+j]); "
            "n_t%t[n,j] = tanh(a%t[n,2*H+j] + r_t%t[n,j]*v%t[n,2*H+j]); "
            "a%t[n,j] = sum(k, W[k,j]*z[n,%zk]) + b[j]; "
            "v%t[n,j] = sum(k, U[k,j]*h%b[n,k]) + d[j]",
    .equations = 10,
    .last = "E%t[n,o,k] = delta(o,k)",
    .back = "S%t[n,o,k] = E%t[n,o,k]*(1 - u_t%t[n,k])*(1 - n_t%t[n,k]^2); "
            "G%t[n,o,j] = cases(S%t[n,o,j]*v%t[n,2*H+j]*r_t%t[n,j]*(1 - r_t%t[n,j]), "
            "j <= H, E%t[n,o,j-H]*(h%b[n,j-H] - n_t%t[n,j-H])*u_t%t[n,j-H]*(1 - "
            "u_t%t[n,j-H]), j <= 2*H, S%t[n,o,j-2*H]); "
            "P%t[n,o,j] = cases(G%t[n,o,j], j <= 2*H, G%t[n,o,j]*r_t%t[n,j-2*H]); "
            "E%p[n,o,k] = sum(j, U[k,j]*P%t[n,o,j]) + E%t[n,o,k]*u_t%t[n,k]",
    .by_q = "P",
    .back_through_time =
        "S^{t} = E^{t}*diag((1 - u^{t}) .* (1 - n^{t}.^2)); "
        "G^{t} = [S^{t}*diag(v_n .* r^{t} .* (1 - r^{t})), E^{t}*diag((h^{t-1} - n^{t}) "
        ".* u^{t} .* (1 - u^{t})), S^{t}]; P^{t} = [G_r, G_u, S^{t}*diag(r^{t})]; "
        "E^{t-1} = P^{t}*U' + E^{t}*diag(u^{t}); E^{T} = I",
};

const struct jac_module jac_module_gru = {
    .name = "gru",
    .sizes = "INxH",
    .nsize = 2,
    .example = "gru:3x2",
    .definition = "y[n,o] = (1 - u_t[n,o])*n_t[n,o] + u_t[n,o]*h[n,o]",
    .options = options,
    .make = make,
    .family = &gru_cell,
};
