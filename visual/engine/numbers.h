/* Numbers that an answer hands over beside its JSON. */
#ifndef VISUAL_ENGINE_NUMBERS_H
#define VISUAL_ENGINE_NUMBERS_H

#include <stddef.h>

struct jac_engine_numbers {
  double *data;
  size_t count;
};

#endif
