/* NPY: the header is data, and never more than the file. */
#include "tests/fuzz/table.h"
#include "visual/npy.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct jac_table table = {0};
  struct jac_error err = {JAC_OK, ""};
  char *bytes = malloc(size + 1);
  if (bytes == NULL)
    return 0;
  memcpy(bytes, data, size);
  bytes[size] = '\0'; /* as jac_input_read leaves it */
  if (jac_npy_is(bytes, size))
    fuzz_table(jac_npy_parse("f.npy", bytes, size, &table, &err), &table, &err);
  free(bytes);
  return 0;
}
