/* A growing string: the one string tool. */
#ifndef JACOBIAN_BUFFER_H
#define JACOBIAN_BUFFER_H

#include "jacobian/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Starts as JAC_BUFFER_INIT. text is always a valid string. When memory runs out, failed
 * is set and all later additions are ignored: check once, at the end. */
struct jac_buffer {
  char *text;
  size_t length;
  size_t capacity; /* 0 while text is the static empty string */
  bool failed;
};

extern char jac_buffer_empty[];
#define JAC_BUFFER_INIT                                                                  \
  { jac_buffer_empty, 0, 0, false }

void jac_buffer_free(struct jac_buffer *buffer);  /* back to JAC_BUFFER_INIT */
void jac_buffer_clear(struct jac_buffer *buffer); /* empty, memory kept */
void jac_buffer_add(struct jac_buffer *buffer, const char *text);
void jac_buffer_add_bytes(struct jac_buffer *buffer, const char *bytes, size_t count);
void jac_buffer_add_char(struct jac_buffer *buffer, char c);
void jac_buffer_printf(struct jac_buffer *buffer, const char *format, ...)
    JAC_PRINTF(2, 3);

/* JAC_OK, or JAC_ENOMEM with the message when an addition failed. */
enum jac_status jac_buffer_status(const struct jac_buffer *buffer, struct jac_error *err);

/* Hands the string over: the caller frees it with free(). NULL when an addition failed.
 * The buffer is empty afterwards. */
char *jac_buffer_take(struct jac_buffer *buffer);

#endif
