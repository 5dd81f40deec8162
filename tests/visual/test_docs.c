/* The documents are tests: every `$ jacobian` line in a console block of README.md and
 * docs/ is run, and what stands under it is what it prints. */
#include <check.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* The sum over every Markdown file of a folder. */
static int each_file(const char *folder, int (*count_in)(const char *path)) {
  DIR *docs = opendir(folder);
  ck_assert_msg(docs != NULL, "%s", folder);
  int count = 0;
  for (const struct dirent *entry; (entry = readdir(docs)) != NULL;) {
    size_t length = strlen(entry->d_name);
    char path[400];
    if (length < 3 || strcmp(entry->d_name + length - 3, ".md") != 0)
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    count += count_in(path);
  }
  closedir(docs);
  return count;
}

START_TEST(documents_are_true) {
  ck_assert_int_ge(try_file("README.md"), 6);
  ck_assert_int_ge(each_file("docs", try_file), 3);
  ck_assert_int_ge(each_file("docs/course", try_file), 15);
  language = "fr";
  ck_assert_int_ge(each_file("docs/course/fr", try_file), 10);
  ck_assert_int_ge(each_file("docs/fr", try_file), 10);
}
END_TEST

/* A code span of a document; the text between it and the one before; where the document
 * goes on. */
struct code {
  char text[200], between[8];
  size_t after;
};

static bool next_code(const char *text, struct code *code) {
  const char *from = strchr(text, '`'), *to = from ? strchr(from + 1, '`') : NULL;
  if (to == NULL)
    return false;
  snprintf(code->text, sizeof code->text, "%.*s", (int)(to - from - 1), from + 1);
  code->after = (size_t)(to - text) + 1;
  return true;
}

static bool is_place(const char *text) {
  return strchr(text, ' ') == NULL && strstr(text, "NAME") == NULL &&
         (strncmp(text, "jacobian/", 9) == 0 || strncmp(text, "layers/", 7) == 0 ||
          strncmp(text, "visual/", 7) == 0 || strncmp(text, "tests/", 6) == 0);
}

/* That a function is written in a file. */
static void check_function(const char *path, const char *file, const char *name) {
  char call[210];
  if (strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") < strlen(name))
    return;
  char *source = read_file(file);
  snprintf(call, sizeof call, "%s(", name);
  ck_assert_msg(strstr(source, call) != NULL, "%s: there is no %s in %s", path, name,
                file);
  free(source);
}

/* Files that a document names are there, and so are functions: those that stand behind
 * their file in a table, and `function` of `file`. Returns how many it names. */
static int check_places(const char *path) {
  char *text = read_file(path);
  struct code code, before = {.text = ""};
  struct stat file;
  int count = 0;
  for (const char *at = text; (at = strpbrk(at, "`\n")) != NULL;) {
    if (strncmp(at, "\n```", 4) == 0) { /* a block of code */
      at = strstr(at + 4, "\n```");
      ck_assert_ptr_nonnull(at);
      at += 4;
    } else if (*at == '\n') {
      at++;
    } else {
      const char *from = before.text[0] != '\0' ? text + before.after : at;
      ck_assert_msg(next_code(at, &code), "%s: a ` that does not end", path);
      snprintf(code.between, sizeof code.between, "%.*s", (int)(at - from), from);
      at += code.after;
      code.after = (size_t)(at - text);
      if (is_place(code.text)) {
        ck_assert_msg(stat(code.text, &file) == 0, "%s: there is no %s", path, code.text);
        count++;
        if (strcmp(code.between, " of ") == 0)
          check_function(path, code.text, before.text);
      } else if (strcmp(code.between, " | ") == 0 && is_place(before.text)) {
        check_function(path, before.text, code.text);
        count++;
      }
      before = code;
    }
  }
  free(text);
  return count;
}

/* Links to files lead to files. Returns how many a document has. */
static int check_links(const char *path) {
  char *text = read_file(path), link[400];
  const char *name = strrchr(path, '/');
  struct stat file;
  int count = 0;
  for (const char *at = text; (at = strstr(at, "](")) != NULL;) {
    size_t length = strcspn(at += 2, "#)\n "),
           folder = name ? (size_t)(name - path) + 1 : 0;
    if (length == 0 || at[length] == '\n' || strchr("#)", at[length]) == NULL ||
        memchr(at, ':', length) != NULL)
      continue; /* another place in the page, another site, or code */
    snprintf(link, sizeof link, "%.*s%.*s", (int)folder, path, (int)length, at);
    ck_assert_msg(stat(link, &file) == 0, "%s: %s leads nowhere", path, link);
    count++;
  }
  free(text);
  return count;
}

START_TEST(links_lead_somewhere) {
  ck_assert_int_ge(check_links("README.md"), 20);
  ck_assert_int_ge(each_file("docs", check_links), 30);
  ck_assert_int_ge(each_file("docs/fr", check_links), 10);
  ck_assert_int_ge(each_file("docs/course", check_links), 10);
}
END_TEST

START_TEST(named_places_are_there) {
  ck_assert_int_ge(check_places("docs/engine.md"), 40);
  ck_assert_int_ge(check_places("docs/CONTRIBUTING.md"), 10);
}
END_TEST

Suite *docs_suite(void);
Suite *docs_suite(void) {
  Suite *suite = suite_create("docs");
  TCase *tc = tcase_create("examples");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, documents_are_true);
  tcase_add_test(tc, named_places_are_there);
  tcase_add_test(tc, links_lead_somewhere);
  suite_add_tcase(suite, tc);
  return suite;
}
