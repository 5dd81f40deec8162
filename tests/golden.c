#include "tests/golden.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_golden(const char *path, const char *text) {
  FILE *file = fopen(path, "wb");
  ck_assert_msg(file != NULL, "%s cannot be written", path);
  ck_assert_msg(fputs(text, file) >= 0 && fclose(file) == 0, "%s: not written", path);
}

static char *read_golden(const char *path) {
  FILE *file = fopen(path, "rb");
  ck_assert_msg(file != NULL, "%s is missing: make golden writes it", path);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = calloc((size_t)size + 1, 1);
  ck_assert_ptr_nonnull(text);
  ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
  fclose(file);
  return text;
}

void golden_check(const char *path, const char *text) {
  const char *mode = getenv("JAC_GOLDEN");
  if (mode != NULL && strcmp(mode, "write") == 0) {
    write_golden(path, text);
    return;
  }
  char *golden = read_golden(path);
  const char *a = golden, *b = text;
  size_t line = 1;
  while (*a != '\0' || *b != '\0') {
    size_t m = strcspn(a, "\n"), n = strcspn(b, "\n");
    ck_assert_msg(m == n && memcmp(a, b, m) == 0 && a[m] == b[n],
                  "%s:%zu: expected\n%.*s\nfound\n%.*s", path, line, (int)m, a, (int)n,
                  b);
    a += m + (a[m] == '\n');
    b += n + (b[n] == '\n');
    line++;
  }
  free(golden);
}
