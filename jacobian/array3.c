#include "jacobian/array3.h"

#include "jacobian/text.h"

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
  double *data = calloc(bytes > 0 ? bytes : 1, 1);
  if (data == NULL)
    return jac_fail_memory(err);
  *array = (struct jac_array3){slices, rows, cols, data, true};
  return JAC_OK;
}

void jac_array3_free(struct jac_array3 *array) {
  free(array->data);
  *array = (struct jac_array3){0, 0, 0, NULL, false};
}

void jac_array3_clear(struct jac_array3 *array) {
  if (!array->clear)
    memset(array->data, 0, array->slices * array->rows * array->cols * sizeof(double));
  array->clear = true;
}

/* Arrays larger than this leave no use for what the cache would keep of them. */
static const size_t beyond_cache = (size_t)1 << 26;

/* A loop compiled for wider vectors too; the sums are rounded alike in all of them. */
#if defined(__x86_64__) && defined(__linux__)
#include <emmintrin.h>
#define WIDE __attribute__((target_clones("avx2", "default")))

static size_t stream(double *row, const double *x, size_t count, double a, double b) {
  const __m128d slope = _mm_set1_pd(a), offset = _mm_set1_pd(b);
  size_t k = 0;
  for (; k < count && (uintptr_t)(row + k) % 16 != 0; k++)
    row[k] = a * x[k] + b;
  for (; k + 2 <= count; k += 2)
    _mm_stream_pd(row + k, _mm_add_pd(_mm_mul_pd(slope, _mm_loadu_pd(x + k)), offset));
  _mm_sfence();
  return k;
}
#else
#define WIDE
static size_t stream(double *row, const double *x, size_t count, double a, double b) {
  (void)row, (void)x, (void)count, (void)a, (void)b;
  return 0;
}
#endif

WIDE static void plain(double *row, const double *x, size_t count, double a, double b) {
  for (size_t k = 0; k < count; k++)
    row[k] = a * x[k] + b;
}

void jac_array3_fill(const struct jac_array3 *array, double *row, const double *x,
                     size_t count, double a, double b) {
  size_t bytes = array->slices * array->rows * array->cols * sizeof *row, done = 0;
  if (bytes > beyond_cache && count >= 64)
    done = stream(row, x, count, a, b);
  plain(row + done, x + done, count - done, a, b);
}

gsl_matrix_view jac_array3_slice(const struct jac_array3 *array, size_t k) {
  return gsl_matrix_view_array(jac_array3_at(array, k, 0, 0), array->rows, array->cols);
}

gsl_matrix_view jac_array3_stacked(const struct jac_array3 *array) {
  return gsl_matrix_view_array(array->data, array->slices * array->rows, array->cols);
}
