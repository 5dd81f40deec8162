/* The documents are tests: every `$ jacobian` line in a console block of README.md and
 * docs/ is run, and what stands under it is what it prints. */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { SIZE = 65536 };

static char *read_file(const char *path) {
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "%s", path);
  char *text = calloc(1, 4 * SIZE);
  ck_assert_ptr_nonnull(text);
  size_t length = fread(text, 1, 4 * SIZE - 1, file);
  ck_assert_uint_lt(length, 4 * SIZE - 1);
  fclose(file);
  return text;
}

static const char *language = "en";

/* What the arguments after `jacobian` print, in the document's language, with the width
 * that documents are set for. */
static int print(const char *arguments, char *out) {
  char command[1000];
  snprintf(command, sizeof command, "LC_ALL=C.UTF-8 LANGUAGE=%s COLUMNS=80 %s %s 2>&1",
           language, getenv("JACOBIAN"), arguments);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  out[fread(out, 1, SIZE - 1, pipe)] = '\0';
  int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One command and the lines under it, up to the next command or the end of the block. */
static const char *try_command(const char *path, const char *at) {
  static const char prompt[] = "$ jacobian ";
  char line[900], expected[SIZE], out[SIZE];
  size_t length = strcspn(at, "\n"), count = 0;
  ck_assert_uint_lt(length, sizeof line);
  memcpy(line, at + strlen(prompt), length - strlen(prompt));
  line[length - strlen(prompt)] = '\0';
  at += length + 1;
  while (strncmp(at, "```", 3) != 0 && strncmp(at, "$ ", 2) != 0) {
    length = strcspn(at, "\n") + 1;
    ck_assert_uint_lt(count + length, sizeof expected);
    memcpy(expected + count, at, length);
    count += length;
    at += length;
  }
  expected[count] = '\0';
  if (strstr(line, ".npy") != NULL || strstr(line, "submissions/") != NULL ||
      strstr(line, ".csv") != NULL || strstr(line, ".so") != NULL ||
      strstr(line, ".svg") != NULL || strstr(line, ".png") != NULL)
    return at;
  int status = print(line, out);
  ck_assert_msg(status == 0 || status == 1, "%s: jacobian %s: status %d: %s", path, line,
                status, out);
  if (count > 0)
    ck_assert_msg(strcmp(out, expected) == 0, "%s: jacobian %s prints\n%s", path, line,
                  out);
  return at;
}

static int try_file(const char *path) {
  char *text = read_file(path);
  int count = 0;
  for (const char *at = text; (at = strstr(at, "```console\n")) != NULL;) {
    at += strlen("```console\n");
    while (strncmp(at, "```", 3) != 0) {
      if (strncmp(at, "$ jacobian ", 11) == 0) {
        at = try_command(path, at);
        count++;
      } else
        at += strcspn(at, "\n") + 1;
    }
  }
  free(text);
  return count;
}

/* Every Markdown file of a folder; returns how many commands they hold. */
static int try_folder(const char *folder) {
  DIR *docs = opendir(folder);
  ck_assert_msg(docs != NULL, "%s", folder);
  int count = 0;
  for (const struct dirent *entry; (entry = readdir(docs)) != NULL;) {
    size_t length = strlen(entry->d_name);
    char path[400];
    if (length < 3 || strcmp(entry->d_name + length - 3, ".md") != 0)
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    count += try_file(path);
  }
  closedir(docs);
  return count;
}

START_TEST(documents_are_true) {
  ck_assert_int_ge(try_file("README.md"), 6);
  ck_assert_int_ge(try_folder("docs"), 3);
  ck_assert_int_ge(try_folder("docs/course"), 15);
  language = "fr";
  ck_assert_int_ge(try_folder("docs/course/fr"), 10);
  ck_assert_int_ge(try_folder("docs/fr"), 10);
}
END_TEST

Suite *docs_suite(void);
Suite *docs_suite(void) {
  Suite *suite = suite_create("docs");
  TCase *tc = tcase_create("examples");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, documents_are_true);
  suite_add_tcase(suite, tc);
  return suite;
}
