#include "tests/fuzz/notes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_notes(data, size, JAC_NOTES_RST);
  return 0;
}
