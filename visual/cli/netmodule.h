/* --module NAME.jac: a text file as a module of the library, for equations and networks.
 */
#ifndef VISUAL_CLI_NETMODULE_H
#define VISUAL_CLI_NETMODULE_H

#include "layers/module.h"

/* The module NAME that the file NAME.jac holds: its equations (layers/graph.h), or its
 * modules in a row. Errors: JAC_EIO, JAC_EINPUT with the line; JAC_ENOMEM. Free it after
 * the maps made of it. */
enum jac_status jac_netmodule_new(const char *file, const struct jac_module **module,
                                  struct jac_error *err);
void jac_netmodule_free(const struct jac_module *module);

#endif
