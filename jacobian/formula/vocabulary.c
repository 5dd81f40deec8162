#include "jacobian/formula/vocabulary.h"

#include <string.h>

const struct jac_word *jac_vocabulary_find(const struct jac_vocabulary *vocabulary,
                                           const char *name) {
  for (size_t k = 0; vocabulary != NULL && k < vocabulary->count; k++)
    if (strcmp(vocabulary->word[k].name, name) == 0)
      return &vocabulary->word[k];
  return NULL;
}
