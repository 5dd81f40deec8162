/* What the files about finite differences share. */
#ifndef JACOBIAN_DIFFERENCE_INTERNAL_H
#define JACOBIAN_DIFFERENCE_INTERNAL_H

#include "jacobian/difference.h"
#include "jacobian/stencil_internal.h"

#include <stdint.h>

/* An entry of the variable that is moved: one for each column of the group in each sample
 * that has columns of its own, and one at 0 for the rows that have no column. */
struct mover {
  double *place; /* in the variable; NULL: nothing moves */
  double x, unit;
  double near;             /* the unit of the last levels, parts of a small number */
  double h[JAC_POINTS];    /* the steps as they were really made */
  double steps[JAC_STEPS]; /* as in jac_stencil */
};

/* What is known of an output beside its entry. */
struct track {
  bool both;       /* values on both sides were seen */
  bool doubted;    /* a level contradicted what was kept, and none has confirmed it */
  unsigned grown;  /* levels in a row at which the slope has grown */
  double last;     /* the slope at the level before */
  double rounding; /* of the estimate that is kept */
  double sides;    /* at a kink: how well its two sides are known */
  double previous; /* the error before this level */
};

struct work {
  const struct jac_map *map;
  jac_point x;
  size_t wrt;
  const gsl_matrix **moved; /* the point with the variable replaced by variable */
  gsl_matrix *variable;
  size_t rows, outputs;   /* native rows of a slice; all outputs */
  size_t copies;          /* how often a column exists: once in each sample, or once */
  double *values, *steps; /* of the stencil */
  bool shared;            /* one place for each copy, else copies * rows */
  struct mover *mover;
  size_t movers;  /* for each copy, and one more at the end */
  size_t *column; /* by native row */
  size_t *slot;   /* by native row: which column of the group that is */
  struct jac_difference_entry *entry;
  struct track *track;  /* by output */
  bool *agreed;         /* by output: the sides met at some level */
  double size;          /* the largest output at the point */
  const double *noise;  /* by output: what rounding makes of it; or NULL */
  unsigned first_level; /* where the steps start */
  size_t evaluations;
};

/* The point's own matrix of the variable. */
static inline const gsl_matrix *original(const struct work *w) {
  return w->x[w->wrt];
}

/* difference_level.c: the entries of a group of columns, level by level. */
enum jac_status jac_difference_search(struct work *w, const size_t *columns,
                                      size_t count);

/* difference_groups.c */

/* The columns in order of their colours, order[first[c]] being the first of colour c; and
 * for each colour the rows that have one of its columns, with the column's number among
 * its colour's. */
struct groups {
  size_t *color, *order, *first;
  size_t *row_first, *row, *slot;
  size_t colors;
};

/* Groups by the colours of a pattern, or each column alone. Free it in any case. */
enum jac_status jac_groups_make(struct groups *g, const struct jac_pattern *p,
                                enum jac_difference_mode mode);
void jac_groups_free(struct groups *g);

#endif
