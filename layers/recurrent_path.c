/* A sample's way through time: the states, and what goes into the gates. */
#include "layers/recurrent_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct jac_recurrent_path path;

const double *jac_recurrent_input(const path *w, size_t t) {
  return gsl_matrix_const_ptr(w->x[w->m->at[Z]], w->n, t * w->m->in);
}

void jac_recurrent_pick(const path *w, const double *row, size_t count, size_t j,
                        double *own) {
  for (size_t k = 0; k < count; k++)
    own[k] = row[k * w->m->units + j];
}

/* out = the bias (0: there is none), then out += in, times a matrix of weights. */
static void gate_row(const path *w, const double *in, size_t count, enum variable weights,
                     enum variable bias, double *restrict out) {
  const struct jac_recurrent *m = w->m;
  size_t width = jac_recurrent_width(m);
  for (size_t g = 0; g < width; g++)
    out[g] = m->at[bias] < m->map.nvar ? gsl_matrix_get(w->x[m->at[bias]], 0, g) : 0.0;
  for (size_t i = 0; i < count; i++) {
    const double *row = gsl_matrix_const_ptr(w->x[m->at[weights]], i, 0);
    double by = in[i];
    for (size_t g = 0; g < width; g++)
      out[g] += by * row[g];
  }
}

void jac_recurrent_unit_at(const path *w, size_t t, size_t j,
                           struct jac_recurrent_unit *u) {
  const struct jac_recurrent *m = w->m;
  double p[GATES], q[GATES], s[STATES];
  *u = (struct jac_recurrent_unit){{0}, {{0}}, {{0}}, {{0}}};
  jac_recurrent_pick(w, w->p + t * jac_recurrent_width(m), m->cell->gates, j, p);
  jac_recurrent_pick(w, w->q + t * jac_recurrent_width(m), m->cell->gates, j, q);
  jac_recurrent_pick(w, w->s + t * jac_recurrent_state(m), m->cell->states, j, s);
  m->cell->unit(p, q, s, u);
}

enum jac_status jac_recurrent_path_new(const struct jac_recurrent *m, jac_point x,
                                       size_t more, path *w) {
  size_t states = (m->steps + 1) * jac_recurrent_state(m);
  size_t all = m->steps * jac_recurrent_width(m);
  *w = (path){.m = m, .x = x};
  w->memory = malloc((states + 2 * all + more) * sizeof(double));
  w->s = w->memory;
  w->p = w->s + states;
  w->q = w->p + all;
  w->room = w->q + all;
  return w->memory != NULL ? JAC_OK : JAC_ENOMEM;
}

void jac_recurrent_path_walk(path *w, size_t n) {
  const struct jac_recurrent *m = w->m;
  size_t state = jac_recurrent_state(m), width = jac_recurrent_width(m);
  struct jac_recurrent_unit u;
  w->n = n;
  for (size_t e = 0; e < m->cell->states; e++)
    memcpy(w->s + e * m->units, gsl_matrix_const_ptr(w->x[m->at[e == 0 ? H : C]], n, 0),
           m->units * sizeof(double));
  for (size_t t = 0; t < m->steps; t++) {
    const double *s = w->s + t * state;
    gate_row(w, jac_recurrent_input(w, t), m->in, W, B, w->p + t * width);
    gate_row(w, s, m->units, U, D, w->q + t * width);
    for (size_t j = 0; j < m->units; j++) {
      jac_recurrent_unit_at(w, t, j, &u);
      for (size_t e = 0; e < m->cell->states; e++)
        w->s[(t + 1) * state + e * m->units + j] = u.value[e];
    }
  }
}
