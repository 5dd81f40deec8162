/* A line for the shell, where $J is the program. */
#ifndef JAC_TESTS_SHELL_H
#define JAC_TESTS_SHELL_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

/* What it prints, and the status that it ends with. */
static inline int shell_run(const char *line, char *out, size_t size) {
  char command[3000];
  snprintf(command, sizeof command,
           "export LC_ALL=C.UTF-8 LANGUAGE=en J='%s'; { %s; } 2>&1", getenv("JACOBIAN"),
           line);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  out[fread(out, 1, size - 1, pipe)] = '\0';
  int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
