#include "jacobian/notes/trace_internal.h"

#include <stdlib.h>
#include <string.h>

void jac_trace_free(struct jac_trace *trace) {
  free(trace->text);
  free(trace->at);
  *trace = (struct jac_trace){0};
}

/* Room for count more bytes and the end. */
static bool reserve(struct jac_trace *trace, size_t count) {
  if (trace->failed)
    return false;
  if (trace->capacity > trace->length && count < trace->capacity - trace->length)
    return true;
  size_t capacity = trace->capacity < 32 ? 32 : trace->capacity;
  while (capacity <= trace->length + count)
    capacity *= 2;
  char *text = realloc(trace->text, capacity);
  if (text != NULL)
    trace->text = text;
  uint32_t *at = realloc(trace->at, capacity * sizeof *at);
  if (at != NULL)
    trace->at = at;
  trace->failed = text == NULL || at == NULL;
  if (!trace->failed)
    trace->capacity = capacity;
  return !trace->failed;
}

void jac_trace_char(struct jac_trace *trace, char c, uint32_t at) {
  jac_trace_fixed(trace, &c, 1, at);
}

void jac_trace_fixed(struct jac_trace *trace, const char *bytes, size_t count,
                     uint32_t at) {
  if (!reserve(trace, count))
    return;
  memcpy(trace->text + trace->length, bytes, count);
  for (size_t k = 0; k < count; k++)
    trace->at[trace->length + k] = at;
  trace->length += count;
}

void jac_trace_bytes(struct jac_trace *trace, const char *bytes, const uint32_t *at,
                     size_t count) {
  if (count == 0 || !reserve(trace, count))
    return;
  memcpy(trace->text + trace->length, bytes, count);
  memcpy(trace->at + trace->length, at, count * sizeof *at);
  trace->length += count;
}

void jac_trace_end(struct jac_trace *trace, uint32_t at) {
  if (!reserve(trace, 0))
    return;
  trace->text[trace->length] = '\0';
  trace->at[trace->length] = at;
}
