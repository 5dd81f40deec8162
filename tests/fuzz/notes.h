/* What holds for every file of notes, however odd. */
#ifndef TESTS_FUZZ_NOTES_H
#define TESTS_FUZZ_NOTES_H

#include "jacobian/notes/read.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads the bytes, and aborts unless every item's places are within the file, its text is
 * a string of the length said, and an error has one line. Directives are taken apart. */
void fuzz_notes(const uint8_t *data, size_t size, enum jac_notes_format format);

#endif
