/* The same work on many things, several at a time. */
#ifndef VISUAL_CLI_JOBS_H
#define VISUAL_CLI_JOBS_H

#include <stddef.h>

/* Calls work(context, k) once for each k below count, in up to jobs threads (0: as many
 * as there are processors), and returns when all have returned. Calls may overlap and
 * come in any order. Where it takes long and standard error is a terminal, says there how
 * far it is. Without threads to be had it works in this one. */
void jac_jobs_run(size_t count, size_t jobs, void (*work)(void *context, size_t k),
                  void *context);

#endif
