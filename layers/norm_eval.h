/* batch-norm with running statistics. */
#ifndef LAYERS_NORM_EVAL_H
#define LAYERS_NORM_EVAL_H

#include "layers/layer.h"

/* The make of batch-norm with an option mode, which is train or eval. */
enum jac_status jac_norm_eval_make(const struct jac_module *module,
                                   const struct jac_spec *spec,
                                   const struct jac_module_place *place,
                                   struct jac_map **map, struct jac_error *err);

#endif
