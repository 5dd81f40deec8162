/* The value of an entry as it is written; what it names beside variables (the outputs of
 * softmax and of norms) is worked out here. */
#ifndef JAC_TESTS_WRITTEN_VALUE_H
#define JAC_TESTS_WRITTEN_VALUE_H

#include "jacobian/map.h"

enum { WRITTEN = 240 }; /* bytes that a written entry may have */

struct written_at {
  const struct jac_map *map;
  jac_point point;
};

double written_value(const struct written_at *s, const char *text);

#endif
