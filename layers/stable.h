/* Exponentials and norms that neither overflow nor cancel, shared by softmax and its
 * relatives and by what has a length. */
#ifndef LAYERS_STABLE_H
#define LAYERS_STABLE_H

#include <stddef.h>

/* s = softmax(z), n numbers each, shifted by the largest of z; s may be z. n >= 1. */
void jac_softmax_row(const double *z, size_t n, double *s);

/* log(sum_j exp(z_j)) as the largest of z and the rest beside it: their sum is the value,
 * apart they keep the digits of z_i - log(sum). */
double jac_log_sum_exp(const double *z, size_t n, double *largest);

/* 1 - s_o for a softmax s of n numbers: near 1 the sum of the others, for the difference
 * would cancel. */
double jac_softmax_others(const double *s, size_t n, size_t o);

/* ||a - b||, n numbers each; of a alone where b is NULL. */
double jac_distance(const double *a, const double *b, size_t n);

#endif
