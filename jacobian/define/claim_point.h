/* Points where a claim is held against a map beside those that are drawn: numbers of both
 * signs and of every usual size, so that each piece of a function with kinks is met. */
#ifndef JACOBIAN_DEFINE_CLAIM_POINT_H
#define JACOBIAN_DEFINE_CLAIM_POINT_H

#include "jacobian/values.h"

enum { JAC_CLAIM_POINTS = 10 };

struct jac_claim_point {
  struct jac_values values;
  bool *set; /* of each variable: it has values here; owned */
  bool any;
};

/* Point number k of a map; the variables that are drawn by laws of their own keep x's
 * values, without being set. None is set where the map has very many numbers: among those
 * that are drawn there is then every kind. Free with jac_claim_point_free, after an error
 * too. Errors: JAC_ENOMEM. */
enum jac_status jac_claim_point_make(const struct jac_map *map, jac_point x, size_t k,
                                     struct jac_claim_point *point,
                                     struct jac_error *err);
void jac_claim_point_free(struct jac_claim_point *point);

#endif
