/* --define and --size: a function that is typed. */
#ifndef VISUAL_CLI_DEFINE_H
#define VISUAL_CLI_DEFINE_H

#include "layers/graph.h"
#include "visual/cli/options.h"

/* The map of the options' formula; a variable's size is --size's, or that of its values
 * in
 * --set. */
enum jac_status jac_define_make(const struct jac_options *options, struct jac_map **map,
                                struct jac_error *err);

/* The same of equations that call modules (layers/graph.h), of --batch samples; --set
 * gives no sizes here, for modules know theirs. */
enum jac_status jac_define_graph(const struct jac_options *options,
                                 const struct jac_module_library *library,
                                 struct jac_map **map, struct jac_error *err);

#endif
