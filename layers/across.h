/* What of one vector is orthogonal to another, to its own last places. */
#ifndef LAYERS_ACROSS_H
#define LAYERS_ACROSS_H

#include <stddef.h>

/* Of v and w: <w, w> and <w, v> with w scaled, and v taken in part, each as the sum of
 * two numbers; all of them, and without the largest entry of w. */
struct jac_across {
  size_t largest;
  double scale, part, square[2], inner[2], other_square[2], other_inner[2];
};

/* Reads v and w, n numbers, those of w stride apart. */
struct jac_across jac_across_of(size_t n, const double *v, const double *w,
                                size_t stride);

/* v_i - <v, u> u_i with u = w/||w||, as (v_i <w, w> - w_i <w, v>)/<w, w>: where v and w
 * are nearly parallel the difference keeps its places, for the inner products have twice
 * as many. */
double jac_across_entry(const struct jac_across *a, size_t i, double v, double w);

#endif
