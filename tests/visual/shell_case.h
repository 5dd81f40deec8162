/* What the tests of typed commands share: a shell, a folder of their own. */
#ifndef JACOBIAN_TESTS_SHELL_CASE_H
#define JACOBIAN_TESTS_SHELL_CASE_H

#include <check.h>
#include <jansson.h>
#include <stddef.h>

/* A line as it is typed: J is the program and D the folder. */
struct shell_line {
  const char *line;
  int status;
  const char *says; /* somewhere in the output */
};

/* A test case whose tests share a new folder, one after the other. */
TCase *shell_case(void);

/* Runs a line, both outputs together; its exit status. */
int shell_run(const char *line, char *out, size_t size);

/* Runs a line and asserts what it says and its status; an error is one line. */
void shell_line_answers(const struct shell_line *l);

/* The JSON that a line writes; to be freed by json_decref. */
json_t *shell_json(const char *line);

#endif
