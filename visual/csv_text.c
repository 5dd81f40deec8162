#include "visual/csv.h"

#include <string.h>

void jac_csv_add_text(struct jac_buffer *out, const char *text) {
  size_t length = strlen(text);
  if (strpbrk(text, ",;\"\r\n\t ") == NULL) {
    jac_buffer_add_bytes(out, text, length);
    return;
  }
  jac_buffer_add_char(out, '"');
  for (; *text != '\0'; text++) {
    if (*text == '"')
      jac_buffer_add_char(out, '"');
    jac_buffer_add_char(out, *text);
  }
  jac_buffer_add_char(out, '"');
}
