/* What the files of recurrent modules share: the mechanism (recurrent.c), the equations
 * of all steps (recurrent_formulas.c), and a file for each cell. */
#ifndef LAYERS_RECURRENT_INTERNAL_H
#define LAYERS_RECURRENT_INTERNAL_H

#include "layers/recurrent.h"

#include "jacobian/text.h"

#include <math.h>

enum { GATES = 4, STATES = 2 };
enum variable { Z, H, C, W, U, B, D, VARIABLES };

/* One unit of a new state: its values, and their slopes by p and q of each gate and by
 * the unit's own h and c before. */
struct jac_recurrent_unit {
  double value[STATES];
  double p[STATES][GATES], q[STATES][GATES], own[STATES][STATES];
};

enum { FACTOR_EQUATIONS = 8 }; /* of A_t, ended by NULL */

struct jac_recurrent_cell {
  size_t gates, states;
  bool second_bias; /* d, added to h U */
  void (*unit)(const double *p, const double *q, const double *s,
               struct jac_recurrent_unit *u);
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
  struct jac_recurrent_equation factor[FACTOR_EQUATIONS];
};

struct jac_recurrent {
  struct jac_map map;
  const struct jac_recurrent_cell *cell;
  size_t in, units, steps;
  enum variable is[VARIABLES]; /* what variable v is */
  size_t at[VARIABLES];        /* where it is in the map; nvar: it is not */
  struct jac_constant constant[2];
  char *definition, *where, *back, *entry[VARIABLES]; /* of steps=T; owned */
};

static inline const struct jac_recurrent *jac_recurrent_of(const struct jac_map *map) {
  return (const struct jac_recurrent *)map;
}

/* The size of a state, and of all gates. */
static inline size_t jac_recurrent_state(const struct jac_recurrent *m) {
  return m->cell->states * m->units;
}

static inline size_t jac_recurrent_width(const struct jac_recurrent *m) {
  return m->cell->gates * m->units;
}

/* A sample's way through time. */
struct jac_recurrent_path {
  const struct jac_recurrent *m;
  jac_point x;
  size_t n;
  double *s;      /* the states 0 to T */
  double *p, *q;  /* of all gates, of the steps 1 to T */
  double *memory; /* owned: all of these, and room for more */
  double *room;
};

/* Room for a path and so many numbers more; free its memory. JAC_ENOMEM. */
enum jac_status jac_recurrent_path_new(const struct jac_recurrent *m, jac_point x,
                                       size_t more, struct jac_recurrent_path *w);
void jac_recurrent_path_walk(struct jac_recurrent_path *w, size_t n);

/* The inputs of step t, from 0 on. */
const double *jac_recurrent_input(const struct jac_recurrent_path *w, size_t t);

/* The numbers that unit j meets: its own gate's of a row of all gates, its own of a
 * state. */
void jac_recurrent_pick(const struct jac_recurrent_path *w, const double *row,
                        size_t count, size_t j, double *own);

/* Unit j in step t. */
void jac_recurrent_unit_at(const struct jac_recurrent_path *w, size_t t, size_t j,
                           struct jac_recurrent_unit *u);

/* The explicit Jacobian (recurrent_products.c), as jac_map_type has it. */
enum jac_status jac_recurrent_jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                       struct jac_array3 *J);

extern const struct jac_module_option jac_recurrent_options[];

/* A module whose family is a cell. */
enum jac_status jac_recurrent_make(const struct jac_module *module,
                                   const struct jac_spec *spec,
                                   const struct jac_module_place *place,
                                   struct jac_map **map, struct jac_error *err);

/* The formulas of a map whose variables are named; false without memory. */
bool jac_recurrent_set_formulas(struct jac_recurrent *m);

/* Without overflow, and with all digits where they are near 0 or 1. */
static inline double sigmoid(double a) {
  double e = exp(-fabs(a));
  return a >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

/* A slope times what it is of: a gate that is shut lets nothing through, though that be
 * larger than a double. */
static inline double jac_held(double slope, double of) {
  return slope == 0.0 ? 0.0 : slope * of;
}

static inline double sigmoid_slope(double a) {
  double e = exp(-fabs(a));
  return e / ((1.0 + e) * (1.0 + e));
}

/* by times the slope of tanh at a, another way: 1 - tanh(a)^2 would cancel. */
static inline double times_tanh_slope(double by, double a) {
  double cosine = cosh(a);
  return isinf(cosine) ? 0.0 : by / cosine / cosine;
}

static inline double tanh_slope(double a) {
  double e = exp(-2.0 * fabs(a));
  return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

#endif
