/* What the server keeps between two messages. */
#ifndef VISUAL_LSP_STATE_H
#define VISUAL_LSP_STATE_H

#include "visual/lsp/notes.h"
#include "visual/lsp/text.h"
#include "visual/lsp/wire.h"

/* A cell of a notebook: where its text stands in that of the notes. */
struct jac_lsp_cell {
  char *uri; /* owned */
  json_int_t version;
  size_t start, length;
  bool code;  /* what it holds is no notes: it is not kept */
  char *sent; /* the diagnostics that the editor has; owned, NULL: none */
};

/* Notes that the editor has open. */
struct jac_lsp_notes {
  char *uri;                 /* owned */
  struct jac_lsp_cell *cell; /* of a notebook, in its order; owned */
  size_t cells;
  json_int_t version;
  enum jac_notes_format format;
  struct jac_lsp_text text;
  char *before; /* macros of the files around it, when it was opened; owned, or NULL */
  struct jac_lsp_sections sections;
  bool edited;  /* what changed is still to be judged */
  bool waiting; /* the whole is still to be judged */
  char *sent;   /* the diagnostics that the editor has; owned, NULL: none */
};

/* Adds what a command answers, as update would write it (text: as in a terminal). False:
 * it is refused. */
typedef bool jac_lsp_run(void *context, const char *command, enum jac_notes_format format,
                         bool text, struct jac_buffer *out);

/* Adds what may stand at the end of a command line, a candidate a line, with a tab before
 * what it is. */
typedef void jac_lsp_complete(void *context, const char *line, struct jac_buffer *out);

struct jac_lsp {
  struct jac_notes_modules modules; /* for the judge */
  const struct jac_module_library *library;
  jac_lsp_run *run;           /* NULL: no commands are run */
  jac_lsp_complete *complete; /* NULL: none */
  void *context;              /* of both */
  struct jac_lsp_notes *notes;
  size_t count;
  json_t *queue; /* messages that have come and are not answered; owned */
  bool started, stopping, over;
  bool not_understood, marks; /* settings */
  unsigned budget;            /* milliseconds for what an edit changed */
  struct jac_buffer out;      /* what is to be sent */
};

#endif
