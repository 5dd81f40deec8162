#include "tests/bench/measure.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { FEWEST = 5, MOST = 41 };

/* A turn shorter than this would measure the clock. */
static const double shortest = 1e-3;

static clockid_t watch = CLOCK_THREAD_CPUTIME_ID;

void bench_count_waiting(bool count) {
  watch = count ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
}

double bench_now(void) {
  struct timespec t;
  clock_gettime(watch, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double turn(struct work w, size_t loops) {
  double start = bench_now();
  for (size_t k = 0; k < loops; k++)
    w.run(w.context);
  return (bench_now() - start) / (double)loops;
}

/* How often the work must be done to last long enough; warms up as well. */
static size_t loops_for(struct work w) {
  size_t loops = 1;
  turn(w, 1);
  while (turn(w, loops) * (double)loops < shortest)
    loops *= 2;
  return loops;
}

double bench_time(struct work w) {
  return turn(w, loops_for(w));
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

struct figure bench_figure(double *value, size_t count) {
  qsort(value, count, sizeof *value, ascending);
  double middle = 0.5 * (value[(count - 1) / 2] + value[count / 2]);
  return (struct figure){middle, value[0], value[count - 1]};
}

struct figure bench_ratio(struct work a, struct work b, double seconds,
                          struct figure *time_a) {
  double ratio[MOST], own[MOST];
  size_t loops_a = loops_for(a), loops_b = loops_for(b), count = 0;
  double end = bench_now() + seconds;
  while (count < FEWEST || (count < MOST && bench_now() < end)) {
    own[count] = turn(a, loops_a);
    ratio[count] = own[count] / turn(b, loops_b);
    count++;
  }
  if (time_a != NULL)
    *time_a = bench_figure(own, count);
  return bench_figure(ratio, count);
}

double bench_exponent(const double *x, const double *y, size_t count) {
  double n = (double)count, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
  for (size_t k = 0; k < count; k++) {
    double u = log(x[k]), v = log(y[k]);
    sx += u;
    sy += v;
    sxx += u * u;
    sxy += u * v;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}
