#include "visual/lsp/wire.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEADER = 4096 }; /* the longest header */

void jac_wire_feed(struct jac_wire *w, const char *bytes, size_t count) {
  size_t skipped = count < w->skip ? count : w->skip;
  w->skip -= skipped;
  if (w->taken > 0) {
    struct jac_buffer rest = JAC_BUFFER_INIT;
    jac_buffer_add_bytes(&rest, w->in.text + w->taken, w->in.length - w->taken);
    jac_buffer_free(&w->in);
    w->in = rest;
    w->taken = 0;
  }
  jac_buffer_add_bytes(&w->in, bytes + skipped, count - skipped);
}

void jac_wire_free(struct jac_wire *w) {
  jac_buffer_free(&w->in);
}

/* Where the header ends, behind its empty line; 0: it does not yet. */
static size_t header_end(const char *text, size_t length) {
  for (size_t k = 0; k + 1 < length; k++) {
    if (text[k] == '\n' && text[k + 1] == '\n')
      return k + 2;
    if (k + 3 < length && memcmp(text + k, "\r\n\r\n", 4) == 0)
      return k + 4;
  }
  return 0;
}

/* The length that a header says, or -1. Of several the last counts: what stands before it
 * may be the rest of something else. */
static long long content_length(const char *text, size_t length) {
  static const char name[] = "content-length:";
  long long value = -1;
  for (size_t k = 0; k + sizeof name < length; k++)
    if (strncasecmp(text + k, name, sizeof name - 1) == 0) {
      char *end;
      const char *from = text + k + sizeof name - 1;
      long long found = strtoll(from, &end, 10);
      if (end != from && found >= 0)
        value = found;
    }
  return value;
}

bool jac_wire_next(struct jac_wire *w, const char **body, size_t *length) {
  for (;;) {
    const char *text = w->in.text + w->taken;
    size_t left = w->in.length - w->taken;
    size_t end = header_end(text, left < HEADER ? left : HEADER);
    if (end == 0 && left < HEADER)
      return false;
    if (end == 0) { /* no header at all */
      w->taken += left - 16;
      continue;
    }
    long long wanted = content_length(text, end);
    if (wanted < 0) {
      w->taken += end;
      continue;
    }
    if (wanted > JAC_WIRE_LONGEST) {
      size_t there = left - end;
      size_t skip = (size_t)wanted < there ? (size_t)wanted : there;
      w->taken += end + skip;
      w->skip = (size_t)wanted - skip;
      continue;
    }
    if (left - end < (size_t)wanted)
      return false;
    *body = text + end;
    *length = (size_t)wanted;
    w->taken += end + (size_t)wanted;
    return true;
  }
}

void jac_wire_send(json_t *message, struct jac_buffer *out) {
  char *text = message != NULL ? json_dumps(message, JSON_COMPACT) : NULL;
  if (text != NULL)
    jac_buffer_printf(out, "Content-Length: %zu\r\n\r\n%s", strlen(text), text);
  free(text);
  json_decref(message);
}
