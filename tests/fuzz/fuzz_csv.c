/* CSV, and values as --set takes them. */
#include "tests/fuzz/table.h"
#include "visual/csv.h"
#include "visual/values.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct jac_table table = {0};
  struct jac_error err = {JAC_OK, ""};
  char *text = malloc(size + 1);
  if (text == NULL)
    return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  fuzz_table(jac_csv_parse("f.csv", text, size, &table, &err), &table, &err);
  table = (struct jac_table){0};
  size_t blank = strspn(text, " \t\r\n");
  if (text[blank] != '@') /* a file's name */
    fuzz_table(jac_values_parse("z", text, &table, &err), &table, &err);
  free(text);
  return 0;
}
