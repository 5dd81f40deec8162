/* What holds for every table of numbers that was read. */
#ifndef TESTS_FUZZ_TABLE_H
#define TESTS_FUZZ_TABLE_H

#include "visual/table.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts unless a table's numbers are all there, or its error is one line; frees it. */
void fuzz_table(enum jac_status status, struct jac_table *table,
                const struct jac_error *err);

#endif
