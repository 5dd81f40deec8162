/* The notes that are open: found, judged, and said to the editor. What an edit changed is
 * judged at once, the whole as a job. */
#ifndef VISUAL_LSP_OPEN_H
#define VISUAL_LSP_OPEN_H

#include "visual/lsp/state.h"

/* The notes of this URI, or NULL. */
struct jac_lsp_notes *jac_lsp_notes_find(const struct jac_lsp *server, const char *uri);

/* The same, or the notebook that has a cell of this URI, and that cell; else it is NULL.
 */
const struct jac_lsp_notes *jac_lsp_notes_part(const struct jac_lsp *server,
                                               const char *uri,
                                               const struct jac_lsp_cell **cell);

/* The notes of this URI, or new ones without a text; NULL: memory ran out. */
struct jac_lsp_notes *jac_lsp_notes_make(struct jac_lsp *server, const char *uri);

/* Frees what notes own. */
void jac_lsp_notes_free(struct jac_lsp_notes *notes);

/* The editor closed them: it is to forget what it was told, and they go. */
void jac_lsp_notes_forget(struct jac_lsp *server, struct jac_lsp_notes *notes);

/* Judges what changed. What is not judged yet waits for the whole, and is not said to be
 * without faults: the editor keeps what it has. */
void jac_lsp_notes_judge(struct jac_lsp *server, struct jac_lsp_notes *notes);

/* Sends the diagnostics that the editor has not, of a notebook cell by cell; or that
 * there are none of a text. */
void jac_lsp_publish(struct jac_lsp *server, struct jac_lsp_notes *notes);
void jac_lsp_publish_none(struct jac_lsp *server, const char *uri);

/* A text to be judged as a whole, by any thread. */
struct jac_lsp_job {
  char *uri, *text, *before; /* owned; before may be NULL */
  size_t length;
  json_int_t version;
  enum jac_notes_format format;
  struct jac_notes_modules modules;
  struct jac_lsp_sections sections;
};

/* Looks, for notes that are opened, at what stands around their file. */
void jac_lsp_look_around(struct jac_lsp_notes *notes);

/* Whether there is a job. */
bool jac_lsp_waiting(const struct jac_lsp *server);

/* The next job, false: there is none. It is run, and handed back: what it found is sent
 * unless the text has changed meanwhile. */
bool jac_lsp_job_take(struct jac_lsp *server, struct jac_lsp_job *job);
void jac_lsp_job_run(struct jac_lsp_job *job);
void jac_lsp_job_done(struct jac_lsp *server, struct jac_lsp_job *job);

#endif
