#include "visual/parts.h"

#include <stdlib.h>

enum jac_status jac_walk_new(const struct jac_parts *parts, struct jac_walk *walk,
                             struct jac_error *err) {
  size_t nvar = parts->one->nvar;
  *walk = (struct jac_walk){.parts = parts,
                            .view = calloc(nvar + 1, sizeof *walk->view),
                            .point = calloc(nvar + 1, sizeof *walk->point)};
  enum jac_status status =
      walk->view != NULL && walk->point != NULL
          ? jac_rows_new(parts->one, parts->layout.wrt, parts->layout.order,
                         parts->memory, &walk->rows, err)
          : jac_fail_memory(err);
  if (status != JAC_OK)
    jac_walk_free(walk);
  return status;
}

void jac_walk_free(struct jac_walk *walk) {
  jac_rows_free(&walk->rows);
  free(walk->view);
  free(walk->point);
  *walk = (struct jac_walk){.parts = NULL};
}

enum jac_status jac_walk_to(struct jac_walk *walk, size_t sample, struct jac_error *err) {
  const struct jac_parts *parts = walk->parts;
  const struct jac_map *map = parts->layout.map;
  bool alone = parts->one != map;
  for (size_t v = 0; v < map->nvar; v++) {
    const gsl_matrix *x = parts->x[v];
    walk->point[v] = x;
    if (!alone || map->var[v].role != JAC_DATA)
      continue;
    walk->view[v] = gsl_matrix_const_submatrix(x, sample, 0, 1, x->size2).matrix;
    walk->point[v] = &walk->view[v];
  }
  walk->rows.slice = alone || map->coupled ? 0 : sample;
  bool spreads = parts->layout.form == JAC_FORM_FULL && !map->coupled &&
                 map->var[parts->layout.wrt].role == JAC_DATA;
  walk->shift = spreads ? sample * walk->rows.cols : 0;
  return jac_rows_at(&walk->rows, walk->point, err);
}
