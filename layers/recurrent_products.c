/* The explicit Jacobian of rnn, lstm and gru through time, as products of blocks. With
 * A_t = d s_t / d s_{t-1} and D_t what step t gives itself (s_{t-1} held),
 *
 *   J = D_T + A_T D_{T-1} + A_T A_{T-1} D_{T-2} + ...
 *
 * Data have few columns: their products are taken from the right, now = A_t now + D_t,
 * and the block of z_t begins in step t. Parameters have many: from the left, where
 * L = A_T ... A_{t+1} has a row for each output, and L D_t is (L times the slopes of the
 * gates) times z_t or h_{t-1}, entry by entry.
 *
 * A_t is dense by h, of whom each gate takes all; by c it is diagonal, unit by unit:
 *
 *   A_t = [ sum_g diag(slope of gate g) U_g^T,  0 ] + own */
#include "layers/recurrent_internal.h"

#include "jacobian/wide_internal.h"

#include <stdlib.h>
#include <string.h>

/* A matrix in rows. */
struct rows {
  double *data;
  size_t rows, cols, step;
};

/* c = a b, four rows of b at a time: sums stay in order. */
JAC_WIDE static void multiply(const struct rows *a, const struct rows *b,
                              const struct rows *c) {
  for (size_t i = 0; i < a->rows; i++) {
    const double *row = a->data + i * a->step;
    double *restrict out = c->data + i * c->step;
    memset(out, 0, b->cols * sizeof *out);
    size_t k = 0;
    for (; k + 4 <= a->cols; k += 4) {
      const double *p = b->data + k * b->step, *q = p + b->step, *r = q + b->step,
                   *s = r + b->step;
      double kp = row[k], kq = row[k + 1], kr = row[k + 2], ks = row[k + 3];
      for (size_t j = 0; j < b->cols; j++)
        out[j] = out[j] + kp * p[j] + kq * q[j] + kr * r[j] + ks * s[j];
    }
    for (; k < a->cols; k++)
      for (size_t j = 0; j < b->cols; j++)
        out[j] += row[k] * b->data[k * b->step + j];
  }
}

/* What every sample needs, and one of them. */
struct work {
  struct jac_recurrent_path path;
  const struct jac_recurrent *m;
  enum variable v;
  size_t state, units, width, cols;
  struct jac_recurrent_unit *unit; /* of the step at hand; owned */
  double *U, *W;                   /* columns of U, one after the other, and of W */
  double *by_h;                    /* A_t by h: state x units */
  double *a, *b; /* two matrices: what a product is of, and what it gives */
  double *gate;  /* a row of all gates */
};

static void take_columns(const struct jac_recurrent *m, jac_point x, enum variable v,
                         size_t rows, double *columns) {
  for (size_t k = 0; k < rows; k++) {
    const double *row = gsl_matrix_const_ptr(x[m->at[v]], k, 0);
    for (size_t g = 0; g < jac_recurrent_width(m); g++)
      columns[g * rows + k] = row[g];
  }
}

static enum jac_status work_new(const struct jac_map *map, jac_point x, enum variable v,
                                size_t cols, struct work *w) {
  const struct jac_recurrent *m = jac_recurrent_of(map);
  size_t state = jac_recurrent_state(m), width = jac_recurrent_width(m);
  size_t side = v <= C ? cols : state;
  *w = (struct work){
      .m = m, .v = v, .state = state, .units = m->units, .width = width, .cols = cols};
  enum jac_status status = jac_recurrent_path_new(
      m, x, width * (m->units + m->in + 1) + state * m->units + 2 * state * side,
      &w->path);
  w->unit = status == JAC_OK ? malloc(m->units * sizeof *w->unit) : NULL;
  if (w->unit == NULL) {
    free(w->path.memory);
    return JAC_ENOMEM;
  }
  w->U = w->path.room;
  w->W = w->U + width * m->units;
  w->gate = w->W + width * m->in;
  w->by_h = w->gate + width;
  w->a = w->by_h + state * m->units;
  w->b = w->a + state * side;
  if (v == H || m->steps > 1)
    take_columns(m, x, U, m->units, w->U);
  if (v == Z)
    take_columns(m, x, W, m->in, w->W);
  return JAC_OK;
}

static void work_free(struct work *w) {
  free(w->unit);
  free(w->path.memory);
}

static void swap(struct work *w) {
  double *a = w->a;
  w->a = w->b;
  w->b = a;
}

static void at_step(struct work *w, size_t t) {
  for (size_t j = 0; j < w->units; j++)
    jac_recurrent_unit_at(&w->path, t, j, &w->unit[j]);
}

/* out = the columns of a unit's own gates, each times its slope; `count` numbers each. */
JAC_WIDE static void mix(const struct work *w, const double *slope, const double *columns,
                         size_t count, size_t j, double *restrict out) {
  for (size_t g = 0; g < w->m->cell->gates; g++) {
    const double *column = columns + (g * w->units + j) * count;
    double by = slope[g];
    for (size_t k = 0; k < count; k++)
      out[k] = (g > 0 ? out[k] : 0.0) + by * column[k];
  }
}

static void make_by_h(struct work *w) {
  for (size_t e = 0; e < w->m->cell->states; e++)
    for (size_t j = 0; j < w->units; j++)
      mix(w, w->unit[j].q[e], w->U, w->units, j, w->by_h + (e * w->units + j) * w->units);
}

/* A_t into rows of `cols` numbers, from column `first` of A_t on. */
static void write_factor(struct work *w, size_t first, size_t cols, double *to) {
  size_t units = w->units;
  for (size_t e = 0; e < w->m->cell->states; e++)
    for (size_t j = 0; j < units; j++, to += cols) {
      memset(to, 0, cols * sizeof *to);
      if (first == 0)
        memcpy(to, w->by_h + (e * units + j) * units, units * sizeof *to);
      for (size_t f = 0; f < w->m->cell->states; f++)
        if (f * units + j >= first && f * units + j < first + cols)
          to[f * units + j - first] += w->unit[j].own[e][f];
    }
}

/* b = A_t a, of the first `cols` columns. */
static void from_the_right(struct work *w, size_t cols) {
  size_t units = w->units;
  struct rows A = {w->by_h, w->state, units, units}, h = {w->a, units, cols, w->cols},
              to = {w->b, w->state, cols, w->cols};
  multiply(&A, &h, &to);
  for (size_t e = 0; e < w->m->cell->states; e++)
    for (size_t f = 0; f < w->m->cell->states; f++)
      for (size_t j = 0; j < units; j++) {
        double own = w->unit[j].own[e][f], *row = w->b + (e * units + j) * w->cols;
        const double *before = w->a + (f * units + j) * w->cols;
        for (size_t c = 0; c < cols && own != 0.0; c++)
          row[c] += own * before[c];
      }
}

/* The Jacobian by z, h or c of the sample that was walked, into J. */
static void by_data(struct work *w, double *J) {
  size_t in = w->m->in, T = w->m->steps;
  double *last = w->a;
  for (size_t t = 0; t < T; t++) {
    at_step(w, t);
    if (t > 0 || w->v == H)
      make_by_h(w);
    if (t > 0)
      from_the_right(w, w->v == Z ? t * in : w->cols);
    else if (w->v != Z)
      write_factor(w, w->v == C ? w->units : 0, w->cols, w->b);
    for (size_t e = 0; e < w->m->cell->states && w->v == Z; e++)
      for (size_t j = 0; j < w->units; j++)
        mix(w, w->unit[j].p[e], w->W, in, j,
            w->b + (e * w->units + j) * w->cols + t * in);
    last = w->b;
    swap(w);
  }
  memcpy(J, last, w->state * w->cols * sizeof *J);
}

/* L = L A_t. */
static void from_the_left(struct work *w) {
  size_t units = w->units, state = w->state;
  struct rows L = {w->a, state, state, state}, A = {w->by_h, state, units, units},
              to = {w->b, state, units, state};
  multiply(&L, &A, &to);
  for (size_t r = 0; r < state; r++) {
    const double *row = w->a + r * state;
    double *out = w->b + r * state;
    memset(out + units, 0, (state - units) * sizeof *out);
    for (size_t e = 0; e < w->m->cell->states; e++)
      for (size_t f = 0; f < w->m->cell->states; f++)
        for (size_t j = 0; j < units; j++)
          out[f * units + j] += row[e * units + j] * w->unit[j].own[e][f];
  }
  swap(w);
}

/* What a use of the parameter multiplies a gate's slope by: z_t, h_{t-1}, or 1. */
static const double *factors(const struct work *w, size_t t, size_t *count) {
  static const double one = 1.0;
  *count = w->v == W ? w->m->in : w->v == U ? w->units : 1;
  return w->v == W   ? jac_recurrent_input(&w->path, t)
         : w->v == U ? w->path.s + t * w->state
                     : &one;
}

static const double *slopes(const struct work *w, size_t j, size_t e) {
  return w->v == U || w->v == D ? w->unit[j].q[e] : w->unit[j].p[e];
}

/* J = D_t: a unit's own gates alone. */
static void write_own(const struct work *w, size_t t, double *J) {
  size_t count;
  const double *by = factors(w, t, &count);
  for (size_t e = 0; e < w->m->cell->states; e++)
    for (size_t j = 0; j < w->units; j++)
      for (size_t g = 0; g < w->m->cell->gates; g++) {
        double *row = J + (e * w->units + j) * w->cols, slope = slopes(w, j, e)[g];
        for (size_t i = 0; i < count; i++)
          row[(g * w->units + j) * count + i] = slope * by[i];
      }
}

/* J += L D_t. */
JAC_WIDE static void add_use(struct work *w, size_t t, double *J) {
  size_t count;
  const double *by = factors(w, t, &count);
  for (size_t r = 0; r < w->state; r++, J += w->cols) {
    const double *L = w->a + r * w->state;
    memset(w->gate, 0, w->width * sizeof *w->gate);
    for (size_t e = 0; e < w->m->cell->states; e++)
      for (size_t j = 0; j < w->units; j++)
        for (size_t g = 0; g < w->m->cell->gates; g++)
          w->gate[g * w->units + j] += L[e * w->units + j] * slopes(w, j, e)[g];
    for (size_t g = 0; g < w->width; g++)
      for (size_t i = 0; i < count; i++)
        J[g * count + i] += w->gate[g] * by[i];
  }
}

/* The Jacobian by a parameter, of its uses in step `only` or, at steps, in all. */
static void by_parameter(struct work *w, size_t only, double *J) {
  size_t T = w->m->steps;
  memset(J, 0, w->state * w->cols * sizeof *J);
  for (size_t t = T; t-- > 0;) {
    bool counts = only == T || only == t;
    at_step(w, t);
    if (counts && t == T - 1)
      write_own(w, t, J);
    else if (counts)
      add_use(w, t, J);
    if (t == 0 || only == t)
      break;
    make_by_h(w);
    if (t == T - 1)
      write_factor(w, 0, w->state, w->a);
    else
      from_the_left(w);
  }
}

static enum jac_status accumulate(const struct jac_map *map, jac_point x, size_t wrt,
                                  size_t only, const struct jac_array3 *J) {
  enum variable v = jac_recurrent_of(map)->is[wrt];
  struct work w;
  if (work_new(map, x, v, J->cols, &w) != JAC_OK)
    return JAC_ENOMEM;
  for (size_t n = 0; n < map->batch; n++) {
    jac_recurrent_path_walk(&w.path, n);
    if (v <= C)
      by_data(&w, jac_array3_at(J, n, 0, 0));
    else
      by_parameter(&w, only, jac_array3_at(J, n, 0, 0));
  }
  work_free(&w);
  return JAC_OK;
}

enum jac_status jac_recurrent_jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                       struct jac_array3 *J) {
  return accumulate(map, x, wrt, jac_recurrent_of(map)->steps, J);
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

enum jac_status jac_recurrent_factor(const struct jac_map *map, jac_point x, size_t t,
                                     struct jac_array3 *J) {
  struct work w;
  size_t state = jac_recurrent_state(jac_recurrent_of(map));
  enum jac_status status = jac_array3_alloc(map->batch, state, state, J, NULL);
  if (status != JAC_OK)
    return status;
  J->clear = false;
  if (work_new(map, x, H, state, &w) != JAC_OK) {
    jac_array3_free(J);
    return JAC_ENOMEM;
  }
  for (size_t n = 0; n < map->batch; n++) {
    jac_recurrent_path_walk(&w.path, n);
    at_step(&w, t - 1);
    make_by_h(&w);
    write_factor(&w, 0, state, jac_array3_at(J, n, 0, 0));
  }
  work_free(&w);
  return JAC_OK;
}

bool jac_recurrent_zero(const struct jac_map *map, size_t row, size_t col) {
  size_t units = jac_recurrent_of(map)->units;
  return col >= units && row % units != col % units;
}
