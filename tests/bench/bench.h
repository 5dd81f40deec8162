/* The sections of the table, each a function that writes Markdown. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "jacobian/values.h"
#include "tests/bench/measure.h"

#include <stdio.h>

/* What all sections are given. */
struct bench {
  FILE *out;
  bool all;            /* every module, not one of each kind */
  const char *only;    /* measure the specs that begin so, or NULL */
  double seconds;      /* for one figure */
  size_t largest;      /* bytes of the largest Jacobian */
  const char *program; /* the command, and the empty program linked as it is */
  const char *empty;
};

/* A map with values drawn for its variables; ends the program where it can't be had. */
struct subject {
  struct jac_map *map;
  struct jac_values values;
};
struct subject bench_map(const char *specs, size_t batch); /* without values */
struct subject bench_subject(const char *specs, size_t batch);
void bench_subject_free(struct subject *subject);

/* "1.07 (1.02 to 1.15)", and a mark where the median is over the target; 0: none. */
bool bench_wanted(const struct bench *b, const char *spec);
struct figure bench_scaled(struct figure figure, double factor);
void bench_cell(FILE *out, struct figure figure, double target);

/* A size as a person reads it: 1 MiB. */
const char *bench_bytes(double bytes, char text[32]);

/* Seconds of seven runs into an array, and on the next line into a new one. */
void bench_one(FILE *out, const char *spec, const char *wrt, size_t batch);

void bench_small(const struct bench *b);
void bench_materialise(const struct bench *b);
void bench_others(const struct bench *b);
void bench_growth(const struct bench *b);
void bench_products(const struct bench *b);
void bench_chain(const struct bench *b);
void bench_checks(const struct bench *b);
void bench_processes(const struct bench *b);
void bench_threads(const struct bench *b);

#endif
