/* The page's questions: an object in, an object out, whatever is asked. */
#include "tests/fuzz/notes.h"
#include "visual/engine/engine.h"

#include <gsl/gsl_errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Work that is long by design is not asked for. */
static int small(const char *text) {
  size_t digits = 0;
  for (; *text != '\0'; text++) {
    digits = *text >= '0' && *text <= '9' ? digits + 1 : 0;
    if (digits > 1 && text[-(long)digits] != '.')
      return 0;
  }
  return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 2);
  if (text == NULL)
    return 0;
  text[0] = ' ';
  memcpy(text + 1, data, size);
  text[size + 1] = '\0';
  gsl_set_error_handler_off();
  if (small(text)) {
    struct jac_engine_numbers numbers = {0};
    char *answer = jac_engine_answer_apart(text, &numbers);
    json_t *object = answer != NULL ? json_loads(answer, 0, NULL) : NULL;
    if (answer != NULL && !json_is_object(object)) {
      fprintf(stderr, "does not hold: the answer is an object: %s\n", answer);
      abort();
    }
    json_decref(object);
    free(numbers.data);
    free(answer);
  }
  free(text);
  return 0;
}
