/* A language server for notes: what the editors' protocol asks, answered. It knows
 * nothing of pipes and threads: visual/cli/lsp.c does. */
#ifndef VISUAL_LSP_SERVER_H
#define VISUAL_LSP_SERVER_H

#include "visual/lsp/state.h"

/* library: modules from outside, or NULL; borrowed. */
void jac_lsp_start(struct jac_lsp *server, const struct jac_module_library *library);
void jac_lsp_stop(struct jac_lsp *server);

/* Takes one message, whatever it is. A request that is taken back before it is answered
 * is not worked on. */
void jac_lsp_take(struct jac_lsp *server, const char *body, size_t length);
/* Works on what was taken; what there is to answer is added to out. */
void jac_lsp_work(struct jac_lsp *server);

/* A text to be judged as a whole, by any thread. */
struct jac_lsp_job {
  char *uri, *text; /* owned */
  size_t length;
  json_int_t version;
  enum jac_notes_format format;
  struct jac_notes_modules modules;
  struct jac_lsp_sections sections;
};

/* Whether there is a job. */
bool jac_lsp_waiting(const struct jac_lsp *server);

/* The next job, false: there is none. It is run, and handed back: what it found is sent
 * unless the text has changed meanwhile. */
bool jac_lsp_job_take(struct jac_lsp *server, struct jac_lsp_job *job);
void jac_lsp_job_run(struct jac_lsp_job *job);
void jac_lsp_job_done(struct jac_lsp *server, struct jac_lsp_job *job);

#endif
