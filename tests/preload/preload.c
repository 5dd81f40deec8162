/* Put before the C library by LD_PRELOAD: makes one allocation fail (JAC_FAIL_AT=N, with
 * JAC_FAIL_ON=1 all that follow too), or sends SIGINT when a file is made to last
 * (JAC_INTERRUPT=1). At the end, JAC_FAULT_REPORT gets the number of allocations, of
 * those that failed, and of blocks that were not freed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static unsigned long total, failed, at;
static long live;
static bool on;

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("JAC_FAIL_AT");
  at = text != NULL ? strtoul(text, NULL, 10) : 0;
  on = getenv("JAC_FAIL_ON") != NULL;
  total = failed = 0;
  live = 0;
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("JAC_FAULT_REPORT");
  char text[80];
  int file = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
  if (file < 0)
    return;
  int length = snprintf(text, sizeof text, "%lu %lu %ld\n", total, failed, live);
  if (write(file, text, (size_t)length) != length)
    abort();
  close(file);
}

static bool fails(void) {
  total++;
  bool now = at > 0 && (total == at || (on && total > at));
  failed += now;
  if (now)
    errno = ENOMEM;
  return now;
}

void *malloc(size_t size) {
  void *block = fails() ? NULL : __libc_malloc(size);
  live += block != NULL;
  return block;
}

void *calloc(size_t count, size_t size) {
  void *block = fails() ? NULL : __libc_calloc(count, size);
  live += block != NULL;
  return block;
}

void *realloc(void *old, size_t size) {
  if (fails())
    return NULL;
  void *block = __libc_realloc(old, size);
  live += (block != NULL && old == NULL) - (block == NULL && old != NULL && size == 0);
  return block;
}

void free(void *block) {
  live -= block != NULL;
  __libc_free(block);
}

int fsync(int file) {
  (void)file;
  if (getenv("JAC_INTERRUPT") != NULL)
    raise(SIGINT);
  return 0;
}
