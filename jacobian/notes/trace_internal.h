/* Text that knows, byte by byte, where in the file it came from. */
#ifndef JACOBIAN_NOTES_TRACE_INTERNAL_H
#define JACOBIAN_NOTES_TRACE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts as zeros. When memory runs out, failed is set and later additions are ignored.
 */
struct jac_trace {
  char *text;   /* length bytes, then a zero; NULL while nothing was added */
  uint32_t *at; /* the offset in the file of each byte; at[length] is that of the end */
  size_t length, capacity;
  bool failed;
};

void jac_trace_free(struct jac_trace *trace);
void jac_trace_char(struct jac_trace *trace, char c, uint32_t at);

/* Bytes that all came from one place. */
void jac_trace_fixed(struct jac_trace *trace, const char *bytes, size_t count,
                     uint32_t at);

/* Bytes with their places. */
void jac_trace_bytes(struct jac_trace *trace, const char *bytes, const uint32_t *at,
                     size_t count);

/* Sets where the end came from, and makes text and at valid when nothing was added. */
void jac_trace_end(struct jac_trace *trace, uint32_t at);

#endif
