#include "jacobian/array3.h"

#include "jacobian/text.h"
#include "jacobian/wide_internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool jac_array3_bytes(size_t slices, size_t rows, size_t cols, size_t *bytes) {
  size_t count;
  return !__builtin_mul_overflow(slices, rows, &count) &&
         !__builtin_mul_overflow(count, cols, &count) &&
         !__builtin_mul_overflow(count, sizeof(double), bytes) && *bytes <= PTRDIFF_MAX;
}

enum jac_status jac_array3_alloc(size_t slices, size_t rows, size_t cols,
                                 struct jac_array3 *array, struct jac_error *err) {
  size_t bytes;
  if (!jac_array3_bytes(slices, rows, cols, &bytes))
    return jac_fail(err, JAC_ELIMIT,
                    _("an array of %zu x %zu x %zu is too large to address"), slices,
                    rows, cols);
  *array = (struct jac_array3){0};
  double *data = calloc(bytes > 0 ? bytes : 1, 1);
  if (data == NULL)
    return jac_fail_memory(err);
  *array = jac_array3_over(data, slices, rows, cols);
  array->clear = true;
  return JAC_OK;
}

struct jac_array3 jac_array3_over(double *data, size_t slices, size_t rows, size_t cols) {
  return (struct jac_array3){.slices = slices,
                             .rows = rows,
                             .cols = cols,
                             .data = data,
                             .slice_step = rows * cols,
                             .row_step = cols};
}

void jac_array3_free(struct jac_array3 *array) {
  free(array->data);
  *array = (struct jac_array3){0};
}

void jac_array3_clear(struct jac_array3 *array) {
  if (!array->clear)
    memset(array->data, 0, array->slices * array->rows * array->cols * sizeof(double));
  array->clear = true;
}

/* Rows shorter than this are not worth writing past the cache, nor are arrays smaller: of
 * larger ones nothing would still be there when it is read. */
static const size_t long_row = 64, beyond_cache = (size_t)1 << 22;

enum { LINE = 8 }; /* numbers in a line of the cache */

JAC_WIDE static void plain(double *row, const double *x, size_t count, double a,
                           double b) {
  for (size_t k = 0; k < count; k++)
    row[k] = a == 0.0 ? b : a * x[k] + b;
}

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

static bool can_stream(void) {
  return __builtin_cpu_supports("avx2");
}

/* Whole lines, past the cache. */
__attribute__((target("avx2"))) static void stream(double *row, const double *x,
                                                   size_t lines, double a, double b) {
  const __m256d slope = _mm256_set1_pd(a), offset = _mm256_set1_pd(b);
  for (size_t k = 0; k < lines * LINE; k += 4) {
    __m256d value = offset;
    if (a != 0.0)
      value = _mm256_add_pd(_mm256_mul_pd(slope, _mm256_loadu_pd(x + k)), offset);
    _mm256_stream_pd(row + k, value);
  }
}

void jac_array3_written(void) {
  _mm_sfence();
}
#else
static bool can_stream(void) {
  return false;
}

static void stream(double *row, const double *x, size_t lines, double a, double b) {
  plain(row, x, lines * LINE, a, b);
}

void jac_array3_written(void) {
}
#endif

static bool past_cache(const struct jac_array3 *array, size_t count) {
  return count >= long_row && can_stream() &&
         array->slices * array->slice_step > beyond_cache / sizeof *array->data;
}

void jac_array3_fill(const struct jac_array3 *array, double *row, const double *x,
                     size_t count, double a, double b) {
  if (past_cache(array, count)) {
    size_t first = (LINE - (uintptr_t)row / sizeof *row % LINE) % LINE;
    size_t lines = (count - first) / LINE, last = first + lines * LINE;
    plain(row, x, first, a, b);
    stream(row + first, x + first, lines, a, b);
    plain(row + last, x + last, count - last, a, b);
  } else if (a == 1.0 && b == 0.0 && row != x)
    memcpy(row, x, count * sizeof *row);
  else
    plain(row, x, count, a, b);
}

/* A line written past the cache must not be touched again: the one with `at` is made
 * apart. */
void jac_array3_fill_but(const struct jac_array3 *array, double *row, const double *x,
                         size_t count, double a, double b, size_t at, double value) {
  size_t offset = (uintptr_t)(row + at) / sizeof *row % LINE, from = at - offset;
  if (!past_cache(array, count) || row == x || offset > at || from + LINE > count) {
    jac_array3_fill(array, row, x, count, a, b);
    row[at] = value;
    return;
  }
  double line[LINE];
  plain(line, x + from, LINE, a, b);
  line[offset] = value;
  jac_array3_fill(array, row, x, from, a, b);
  stream(row + from, line, 1, 1.0, 0.0);
  jac_array3_fill(array, row + from + LINE, x + from + LINE, count - from - LINE, a, b);
}

gsl_matrix_view jac_array3_slice(const struct jac_array3 *array, size_t k) {
  return gsl_matrix_view_array_with_tda(jac_array3_at(array, k, 0, 0), array->rows,
                                        array->cols, array->row_step);
}

gsl_matrix *jac_matrix_alloc(size_t rows, size_t cols) {
  gsl_block *block = gsl_block_alloc(rows * cols);
  gsl_matrix *m =
      block != NULL ? gsl_matrix_alloc_from_block(block, 0, rows, cols, cols) : NULL;
  if (m != NULL)
    m->owner = 1;
  else if (block != NULL)
    gsl_block_free(block);
  return m;
}

gsl_matrix *jac_matrix_calloc(size_t rows, size_t cols) {
  gsl_matrix *m = jac_matrix_alloc(rows, cols);
  if (m != NULL)
    gsl_matrix_set_zero(m);
  return m;
}

/* rows rows of W^T from the first on, in tiles of a line of the cache each way. */
static void transpose(const gsl_matrix *w, size_t first, size_t rows,
                      const struct jac_array3 *J) {
  enum { TILE = 8 };
  double *to = jac_array3_at(J, 0, first, 0);
  for (size_t i = 0; i < w->size1; i += TILE)
    for (size_t r = 0; r < rows; r += TILE) {
      size_t high = w->size1 - i < TILE ? w->size1 - i : TILE;
      size_t wide = rows - r < TILE ? rows - r : TILE;
      const double *from = gsl_matrix_const_ptr(w, i, first + r);
      for (size_t b = 0; b < wide; b++)
        for (size_t a = 0; a < high; a++)
          to[(r + b) * J->row_step + i + a] = from[a * w->tda + b];
    }
}

/* W^T into every slice, some rows at a time: while those of the first sample are in the
 * cache, they are copied to the others. */
void jac_array3_transposes(const struct jac_array3 *J, const gsl_matrix *w) {
  enum { ROWS = 16 };
  for (size_t first = 0; first < w->size2; first += ROWS) {
    size_t rows = w->size2 - first < ROWS ? w->size2 - first : ROWS;
    transpose(w, first, rows, J);
    for (size_t n = 1; n < J->slices; n++)
      for (size_t r = first; r < first + rows; r++)
        jac_array3_fill(J, jac_array3_at(J, n, r, 0), jac_array3_at(J, 0, r, 0), w->size1,
                        1.0, 0.0);
  }
}
