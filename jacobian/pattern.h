/* Structure: which entries of a native Jacobian slice can be non-zero, the same for every
 * sample, and what follows from it. */
#ifndef JACOBIAN_PATTERN_H
#define JACOBIAN_PATTERN_H

#include "jacobian/map.h"

enum jac_pattern_kind {
  JAC_PATTERN_ZERO,
  JAC_PATTERN_DENSE,
  JAC_PATTERN_DIAGONAL,       /* square, entry (i, i) alone */
  JAC_PATTERN_BLOCK_DIAGONAL, /* equal dense blocks down the diagonal */
  JAC_PATTERN_SPARSE
};

/* Rows in compressed form: row i has columns column[start[i]] to column[start[i+1] - 1],
 * ascending. A dense pattern has neither array. */
struct jac_pattern {
  size_t rows, cols;
  bool dense;
  size_t *start;  /* rows + 1 of them, owned; NULL when dense */
  size_t *column; /* owned; NULL when dense */
  enum jac_pattern_kind kind;
  size_t block_rows, block_cols; /* of a block-diagonal pattern */
};

/* The pattern that the map declares (its structure). Free with jac_pattern_free.
 */
enum jac_status jac_pattern_new(const struct jac_map *map, size_t wrt,
                                struct jac_pattern *pattern, struct jac_error *err);
void jac_pattern_free(struct jac_pattern *pattern);

/* Whether entry (row, col) can be non-zero. */
bool jac_pattern_has(const struct jac_pattern *pattern, size_t row, size_t col);

/* How many entries can be non-zero. */
size_t jac_pattern_count(const struct jac_pattern *pattern);

/* Groups of columns no two of which share a row, found greedily (Curtis, Powell and Reid
 * 1974): color[j] from 0 to *colors - 1 for each of pattern->cols columns. */
enum jac_status jac_pattern_color(const struct jac_pattern *pattern, size_t *color,
                                  size_t *colors, struct jac_error *err);

#endif
