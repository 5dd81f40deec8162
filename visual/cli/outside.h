/* Modules from outside: shared objects and text files named by --module. */
#ifndef VISUAL_CLI_OUTSIDE_H
#define VISUAL_CLI_OUTSIDE_H

#include "layers/module.h"
#include "visual/cli/options.h"

struct jac_outside {
  struct jac_module_library library; /* module is owned */
  const struct jac_module **network; /* those that text files hold, owned */
  size_t networks;
  void **handle; /* of the objects, owned */
  size_t handles;
};

/* Loads every object and file that the options name. Errors say which file and what it
 * lacks. Free with jac_outside_free in any case, after the maps made of it. */
enum jac_status jac_outside_load(const struct jac_options *options,
                                 struct jac_outside *outside, struct jac_error *err);
void jac_outside_free(struct jac_outside *outside);

#endif
