/* What the server keeps between two messages. */
#ifndef VISUAL_LSP_STATE_H
#define VISUAL_LSP_STATE_H

#include "visual/lsp/notes.h"
#include "visual/lsp/text.h"
#include "visual/lsp/wire.h"

/* Notes that the editor has open. */
struct jac_lsp_notes {
  char *uri; /* owned */
  json_int_t version;
  enum jac_notes_format format;
  struct jac_lsp_text text;
  struct jac_lsp_sections sections;
  bool waiting; /* the whole is still to be judged */
  char *sent;   /* the diagnostics that the editor has; owned, NULL: none */
};

struct jac_lsp {
  struct jac_notes_modules modules; /* for the judge */
  const struct jac_module_library *library;
  struct jac_lsp_notes *notes;
  size_t count;
  bool started, stopping, over;
  bool not_understood, marks; /* settings */
  unsigned budget;            /* milliseconds for what an edit changed */
  struct jac_buffer out;      /* what is to be sent */
};

#endif
