/* Time measured as a ratio: two pieces of work in turns, so that what disturbs the
 * machine disturbs both. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

/* Of several repetitions. */
struct figure {
  double median, least, most;
};

/* A piece of work: done once by run; it prepares and cleans up outside the clock where
 * before and after are not NULL. */
struct work {
  void (*run)(void *context);
  void *context;
};

/* Seconds that this thread has worked: what else the machine does does not count. */
double bench_now(void);

/* Counts all time that passes instead: for what other processes do. */
void bench_count_waiting(bool count);

/* How long work takes, a over b, in turns for about `seconds` (at least 5 turns), each
 * long enough for the clock. time_a, unless NULL, gets a's own seconds. */
struct figure bench_ratio(struct work a, struct work b, double seconds,
                          struct figure *time_a);

/* How long work takes once, warmed up, from as many repetitions as the clock needs. */
double bench_time(struct work w);

/* Median, least and most of count numbers; sorts them. */
struct figure bench_figure(double *value, size_t count);

/* The exponent p of y = c x^p, by least squares over the logarithms. */
double bench_exponent(const double *x, const double *y, size_t count);

#endif
