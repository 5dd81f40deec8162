#include "tests/visual/shell_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static void make_folder(void) {
  snprintf(folder, sizeof folder, "/tmp/jacobian-test-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void) {
  char command[128];
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  ck_assert_int_eq(system(command), 0);
}

TCase *shell_case(void) {
  TCase *tc = tcase_create("command");
  tcase_set_timeout(tc, 60);
  tcase_add_unchecked_fixture(tc, make_folder, remove_folder);
  return tc;
}

int shell_run(const char *line, char *out, size_t size) {
  const char *program = getenv("JACOBIAN");
  char command[2000], root[512];
  ck_assert_ptr_nonnull(program);
  ck_assert_ptr_nonnull(getcwd(root, sizeof root));
  snprintf(
      command, sizeof command,
      "export LC_ALL=C.UTF-8 LANGUAGE=en COLUMNS=100 D='%s'; J='%s%s%s'; { %s; } 2>&1",
      folder, program[0] == '/' ? "" : root, program[0] == '/' ? "" : "/", program, line);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  size_t length = fread(out, 1, size - 1, pipe);
  out[length] = '\0';
  char rest[4096];
  while (fread(rest, 1, sizeof rest, pipe) > 0)
    continue;
  int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void shell_line_answers(const struct shell_line *l) {
  char out[20000];
  int status = shell_run(l->line, out, sizeof out);
  ck_assert_msg(status == l->status, "%s: status %d, not %d: %s", l->line, status,
                l->status, out);
  ck_assert_msg(strstr(out, l->says) != NULL, "%s: said: %s", l->line, out);
  /* One line; a formula's has the formula and a caret below, set in. */
  const char *end = strchr(out, '\n');
  if (status == 2 && strcmp(l->line, "$J") != 0)
    ck_assert_msg(end == out + strlen(out) - 1 || strncmp(end, "\n  ", 3) == 0,
                  "one line: %s", out);
}

json_t *shell_json(const char *line) {
  static char out[200000];
  json_error_t error;
  int status = shell_run(line, out, sizeof out);
  ck_assert_msg(status == 0 || status == 1, "%s", out);
  json_t *json = json_loads(out, 0, &error);
  ck_assert_msg(json != NULL, "%s: %s", error.text, out);
  return json;
}
