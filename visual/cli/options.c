#include "visual/cli/options.h"

#include <stdlib.h>

void jac_options_free(struct jac_options *options) {
  free(options->set);
  free(options->size);
  free(options->module);
  for (size_t k = 0; k < options->nowned; k++)
    free(options->owned[k]);
  free(options->owned);
  free((void *)options->spec_owned);
  free(options->origin);
  options->origin = NULL;
  options->norigin = 0;
  options->owned = NULL;
  options->spec_owned = NULL;
  options->set = options->module = options->size = NULL;
}
