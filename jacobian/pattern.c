#include "jacobian/pattern.h"

#include <stdlib.h>
#include <string.h>

/* Room for count more column numbers after used. */
static bool grow(size_t **column, size_t used, size_t count, size_t *capacity) {
  if (used + count <= *capacity)
    return true;
  size_t wanted = 2 * (used + count), bytes;
  if (__builtin_mul_overflow(wanted, sizeof **column, &bytes))
    return false;
  size_t *larger = realloc(*column, bytes);
  if (larger == NULL)
    return false;
  *column = larger;
  *capacity = wanted;
  return true;
}

/* Block-diagonal: each row's columns are one run; runs repeat for a number of rows and
 * then move on by their own length, from the first column to the last. */
/* Long: the kinds in order, each with what excludes it. */
static void find_kind(struct jac_pattern *p) {
  p->kind = JAC_PATTERN_SPARSE;
  if (p->dense) {
    p->kind = JAC_PATTERN_DENSE;
    return;
  }
  if (p->start[p->rows] == 0) {
    p->kind = JAC_PATTERN_ZERO;
    return;
  }
  size_t width = p->start[1], height = 0;
  while (height < p->rows && p->start[height + 1] > p->start[height] &&
         p->column[p->start[height]] == 0)
    height++;
  if (width == 0 || height == 0 || p->cols % width != 0 || p->rows % height != 0 ||
      p->cols / width != p->rows / height)
    return;
  for (size_t i = 0; i < p->rows; i++) {
    size_t first = i / height * width, *column = p->column + p->start[i];
    if (p->start[i + 1] - p->start[i] != width || column[0] != first ||
        column[width - 1] != first + width - 1)
      return;
  }
  p->block_rows = height;
  p->block_cols = width;
  p->kind = height == 1 && width == 1 ? JAC_PATTERN_DIAGONAL : JAC_PATTERN_BLOCK_DIAGONAL;
}

/* While all rows so far are full nothing is stored: a dense Jacobian of a gigabyte must
 * not get a pattern of the same size. */
/* Long: one walk over the rows, dense until a row is not. */
enum jac_status jac_pattern_new(const struct jac_map *map, size_t wrt,
                                struct jac_pattern *p, struct jac_error *err) {
  size_t slices;
  *p = (struct jac_pattern){.dense = true};
  jac_map_jacobian_shape(map, wrt, &slices, &p->rows, &p->cols);
  struct jac_structure structure = jac_map_structure(map, wrt);
  if (structure.columns == NULL && structure.width == 0) {
    find_kind(p);
    return JAC_OK;
  }
  size_t *row = malloc((p->cols + 1) * sizeof *row);
  p->start = calloc(p->rows + 1, sizeof *p->start);
  size_t capacity = 0, used = 0;
  bool failed = row == NULL || p->start == NULL;
  for (size_t i = 0; i < p->rows && !failed; i++) {
    size_t count = jac_map_columns(map, wrt, i, row);
    if (p->dense && count < p->cols) {
      p->dense = false;
      failed = !grow(&p->column, 0, i * p->cols + count, &capacity);
      for (size_t k = 0; k < i && !failed; k++) {
        for (size_t j = 0; j < p->cols; j++)
          p->column[used++] = j;
        p->start[k + 1] = used;
      }
    }
    failed = failed || (!p->dense && !grow(&p->column, used, count, &capacity));
    if (p->dense || failed)
      continue;
    if (count > 0) /* else there may be no room at all yet */
      memcpy(p->column + used, row, count * sizeof *row);
    used += count;
    p->start[i + 1] = used;
  }
  free(row);
  if (failed) {
    jac_pattern_free(p);
    return jac_fail_memory(err);
  }
  if (p->dense) {
    free(p->start);
    p->start = NULL;
  }
  find_kind(p);
  return JAC_OK;
}

void jac_pattern_free(struct jac_pattern *pattern) {
  free(pattern->start);
  free(pattern->column);
  *pattern = (struct jac_pattern){.dense = true};
}

bool jac_pattern_has(const struct jac_pattern *p, size_t row, size_t col) {
  if (p->dense)
    return true;
  size_t from = p->start[row], to = p->start[row + 1];
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    if (p->column[middle] == col)
      return true;
    if (p->column[middle] < col)
      from = middle + 1;
    else
      to = middle;
  }
  return false;
}

size_t jac_pattern_count(const struct jac_pattern *p) {
  return p->dense ? p->rows * p->cols : p->start[p->rows];
}

/* The rows of each column: the pattern transposed. */
static bool transpose(const struct jac_pattern *p, size_t **start, size_t **row) {
  *start = calloc(p->cols + 2, sizeof **start);
  *row = malloc((p->start[p->rows] + 1) * sizeof **row);
  if (*start == NULL || *row == NULL)
    return false;
  for (size_t k = 0; k < p->start[p->rows]; k++)
    (*start)[p->column[k] + 2]++;
  for (size_t j = 0; j < p->cols; j++)
    (*start)[j + 2] += (*start)[j + 1];
  for (size_t i = 0; i < p->rows; i++)
    for (size_t k = p->start[i]; k < p->start[i + 1]; k++)
      (*row)[(*start)[p->column[k] + 1]++] = i;
  return true;
}

/* Each column takes the first colour that no earlier column of its rows has. */
enum jac_status jac_pattern_color(const struct jac_pattern *p, size_t *color,
                                  size_t *colors, struct jac_error *err) {
  if (p->dense) {
    for (size_t j = 0; j < p->cols; j++)
      color[j] = j;
    *colors = p->cols;
    return JAC_OK;
  }
  if (p->kind == JAC_PATTERN_DIAGONAL || p->kind == JAC_PATTERN_BLOCK_DIAGONAL) {
    for (size_t j = 0; j < p->cols; j++)
      color[j] = j % p->block_cols;
    *colors = p->block_cols;
    return JAC_OK;
  }
  size_t *start = NULL, *row = NULL;
  size_t *taken = calloc(p->cols + 1, sizeof *taken);
  *colors = 0;
  if (taken == NULL || !transpose(p, &start, &row)) {
    free(taken);
    free(start);
    free(row);
    return jac_fail_memory(err);
  }
  for (size_t j = 0; j < p->cols; j++) {
    for (size_t k = start[j]; k < start[j + 1]; k++)
      for (size_t e = p->start[row[k]]; e < p->start[row[k] + 1] && p->column[e] < j; e++)
        taken[color[p->column[e]]] = j + 1;
    size_t free_color = 0;
    while (taken[free_color] == j + 1)
      free_color++;
    color[j] = free_color;
    if (free_color + 1 > *colors)
      *colors = free_color + 1;
  }
  free(taken);
  free(start);
  free(row);
  return JAC_OK;
}
