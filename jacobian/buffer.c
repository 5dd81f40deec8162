#include "jacobian/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char jac_buffer_empty[1] = "";

void jac_buffer_free(struct jac_buffer *buffer) {
  if (buffer->capacity > 0)
    free(buffer->text);
  *buffer = (struct jac_buffer)JAC_BUFFER_INIT;
}

void jac_buffer_clear(struct jac_buffer *buffer) {
  buffer->length = 0;
  buffer->failed = false;
  if (buffer->capacity > 0)
    buffer->text[0] = '\0';
}

/* Room for count more bytes and the final zero. */
static bool reserve(struct jac_buffer *buffer, size_t count) {
  if (buffer->failed)
    return false;
  if (count < buffer->capacity && buffer->length < buffer->capacity - count)
    return true;
  if (count > SIZE_MAX / 4 || buffer->length > SIZE_MAX / 4) {
    buffer->failed = true;
    return false;
  }
  size_t wanted = buffer->length + count + 1;
  size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
  while (capacity < wanted)
    capacity *= 2;
  char *text = realloc(buffer->capacity > 0 ? buffer->text : NULL, capacity);
  if (text == NULL) {
    jac_memory_short();
    buffer->failed = true;
    return false;
  }
  buffer->text = text;
  buffer->capacity = capacity;
  text[buffer->length] = '\0';
  return true;
}

void jac_buffer_add_bytes(struct jac_buffer *buffer, const char *bytes, size_t count) {
  if (!reserve(buffer, count))
    return;
  memcpy(buffer->text + buffer->length, bytes, count);
  buffer->length += count;
  buffer->text[buffer->length] = '\0';
}

void jac_buffer_add(struct jac_buffer *buffer, const char *text) {
  jac_buffer_add_bytes(buffer, text, strlen(text));
}

void jac_buffer_add_char(struct jac_buffer *buffer, char c) {
  jac_buffer_add_bytes(buffer, &c, 1);
}

void jac_buffer_printf(struct jac_buffer *buffer, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int count = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (count < 0)
    buffer->failed = true;
  else if (reserve(buffer, (size_t)count)) {
    vsnprintf(buffer->text + buffer->length, (size_t)count + 1, format, again);
    buffer->length += (size_t)count;
  }
  va_end(again);
}

enum jac_status jac_buffer_status(const struct jac_buffer *buffer,
                                  struct jac_error *err) {
  return buffer->failed ? jac_fail_memory(err) : JAC_OK;
}

char *jac_buffer_take(struct jac_buffer *buffer) {
  char *text = NULL;
  if (!buffer->failed && (buffer->capacity > 0 || reserve(buffer, 0)))
    text = buffer->text;
  else
    jac_buffer_free(buffer);
  *buffer = (struct jac_buffer)JAC_BUFFER_INIT;
  return text;
}
