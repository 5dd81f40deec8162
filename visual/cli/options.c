#include "visual/cli/options.h"

#include <stdlib.h>

void jac_options_free(struct jac_options *options) {
  free(options->set);
  free(options->size);
  free(options->module);
  options->set = options->module = options->size = NULL;
}
