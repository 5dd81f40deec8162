/* The wire of a language server: messages behind a header that says how long they are. */
#ifndef VISUAL_LSP_WIRE_H
#define VISUAL_LSP_WIRE_H

#include "jacobian/buffer.h"

#include <jansson.h>

enum { JAC_WIRE_LONGEST = 1 << 26 }; /* bytes of one message: longer ones are skipped */

/* What came in and is not yet taken. Starts as all zero with in = JAC_BUFFER_INIT. */
struct jac_wire {
  struct jac_buffer in;
  size_t taken; /* bytes of in that were handed out */
  size_t skip;  /* bytes still to come that nobody wants */
};

void jac_wire_feed(struct jac_wire *wire, const char *bytes, size_t count);

/* The next whole message, which stays until the next call; false: more bytes are needed.
 * What is no header is skipped: a wrong message never ends the conversation. */
bool jac_wire_next(struct jac_wire *wire, const char **body, size_t *length);
void jac_wire_free(struct jac_wire *wire);

/* Adds a message with its header; takes the JSON. */
void jac_wire_send(json_t *message, struct jac_buffer *out);

#endif
