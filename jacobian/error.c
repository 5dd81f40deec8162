#include "jacobian/error.h"

#include "jacobian/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum jac_status jac_fail(struct jac_error *err, enum jac_status status,
                         const char *format, ...) {
  if (err == NULL)
    return status;
  err->status = status;
  va_list args;
  va_start(args, format);
  int length = vsnprintf(err->message, sizeof err->message, format, args);
  va_end(args);
  if (length < 0)
    err->message[0] = '\0';
  if (length >= (int)sizeof err->message) {
    size_t end = sizeof err->message - 1;
    while (end > 0 && ((unsigned char)err->message[end - 1] & 0xC0) == 0x80)
      end--;
    if (end > 0 && (unsigned char)err->message[end - 1] >= 0xC0)
      end--;
    err->message[end] = '\0';
  }
  return status;
}

static _Thread_local size_t shortages;

size_t jac_memory_shortages(void) {
  return shortages;
}

void jac_memory_short(void) {
  shortages++;
}

void *jac_memory_take(size_t count, size_t size) {
  void *block = calloc(count, size);
  if (block == NULL)
    jac_memory_short();
  return block;
}

void jac_memory_forget(void) {
  shortages = 0;
}

enum jac_status jac_fail_memory(struct jac_error *err) {
  jac_memory_short();
  return jac_fail(err, JAC_ENOMEM, _("out of memory"));
}
