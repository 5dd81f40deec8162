/* Columns in groups that no output shares, and the rows of each. */
#include "jacobian/difference_internal.h"

#include <stdlib.h>

void jac_groups_free(struct groups *g) {
  free(g->color);
  free(g->order);
  free(g->first);
  free(g->row_first);
  free(g->row);
  free(g->slot);
}

static void sort_columns(struct groups *g, size_t cols) {
  for (size_t j = 0; j < cols; j++)
    g->first[g->color[j] + 2]++;
  for (size_t c = 0; c < g->colors; c++)
    g->first[c + 2] += g->first[c + 1];
  for (size_t j = 0; j < cols; j++)
    g->order[g->first[g->color[j] + 1]++] = j;
}

/* number has room for each column's number among its colour's. */
static void sort_rows(struct groups *g, const struct jac_pattern *p, size_t *number) {
  for (size_t c = 0; c < g->colors; c++)
    for (size_t k = g->first[c]; k < g->first[c + 1]; k++)
      number[g->order[k]] = k - g->first[c];
  for (size_t e = 0; e < p->start[p->rows]; e++)
    g->row_first[g->color[p->column[e]] + 2]++;
  for (size_t c = 0; c < g->colors; c++)
    g->row_first[c + 2] += g->row_first[c + 1];
  for (size_t i = 0; i < p->rows; i++)
    for (size_t e = p->start[i]; e < p->start[i + 1]; e++) {
      size_t at = g->row_first[g->color[p->column[e]] + 1]++;
      g->row[at] = i;
      g->slot[at] = number[p->column[e]];
    }
}

enum jac_status jac_groups_make(struct groups *g, const struct jac_pattern *p,
                                enum jac_difference_mode mode) {
  size_t entries = p->dense ? 0 : p->start[p->rows];
  *g = (struct groups){.color = malloc((p->cols + 1) * sizeof *g->color),
                       .order = malloc((p->cols + 1) * sizeof *g->order),
                       .first = calloc(p->cols + 2, sizeof *g->first),
                       .row_first = calloc(p->cols + 2, sizeof *g->row_first),
                       .row = malloc((entries + 1) * sizeof *g->row),
                       .slot = malloc((entries + 1) * sizeof *g->slot),
                       .colors = p->cols};
  size_t *number = malloc((p->cols + 1) * sizeof *number);
  enum jac_status status = JAC_ENOMEM;
  if (g->color != NULL && g->order != NULL && g->first != NULL && g->row_first != NULL &&
      g->row != NULL && g->slot != NULL && number != NULL) {
    for (size_t j = 0; j < p->cols; j++)
      g->color[j] = j;
    status = JAC_OK;
    if (mode == JAC_DIFFERENCE_COMPRESSED)
      status = jac_pattern_color(p, g->color, &g->colors, NULL);
  }
  if (status == JAC_OK) {
    sort_columns(g, p->cols);
    if (!p->dense)
      sort_rows(g, p, number);
  }
  free(number);
  return status;
}
