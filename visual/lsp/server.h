/* A language server for notes: what the editors' protocol asks, answered. It knows
 * nothing of pipes and threads: visual/cli/lsp.c does. */
#ifndef VISUAL_LSP_SERVER_H
#define VISUAL_LSP_SERVER_H

#include "visual/lsp/open.h"

/* library: modules from outside, or NULL; borrowed. */
void jac_lsp_start(struct jac_lsp *server, const struct jac_module_library *library);
void jac_lsp_stop(struct jac_lsp *server);

/* Takes one message, whatever it is. A request that is taken back before it is answered
 * is not worked on. */
void jac_lsp_take(struct jac_lsp *server, const char *body, size_t length);
/* Works on what was taken; what there is to answer is added to out. */
void jac_lsp_work(struct jac_lsp *server);

#endif
