/* Whole commands: the first line is what stands behind `jacobian`, the rest is the file
 * f.md (or f.tex, f.jac, ... where a word names it), which is standard input too. Every
 * way through options, readers, judge and writers ends with a status of the manual; a
 * fault is told in a line; no escape sequence is written unless colours are asked for. */
int command_main(int argc, char **argv);
#define main command_main
#include "visual/cli/main.c"
#undef main
#include "tests/fuzz/notes.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

enum { WORDS = 40, NAME = 16 };

static FILE *told; /* where libFuzzer itself writes */
static int home, there;

static void require(int holds, const char *what, const char *text) {
  if (holds)
    return;
  fprintf(told, "does not hold: %s: %s\n", what, text);
  abort();
}

/* Words as a shell splits them, in place: blanks, and quotes of both kinds. */
static int split(char *line, char *word[WORDS]) {
  int count = 1;
  char quote = '\0', *out = line, *at = line;
  word[0] = "jacobian";
  while (*at != '\0' && count < WORDS - 3) {
    at += strspn(at, " \t\r");
    if (*at == '\0')
      break;
    word[count++] = out;
    for (; *at != '\0' && (quote != '\0' || strchr(" \t\r", *at) == NULL); at++)
      if (*at == quote)
        quote = '\0';
      else if (quote == '\0' && (*at == '\'' || *at == '"'))
        quote = *at;
      else
        *out++ = *at;
    at += *at != '\0';
    *out++ = '\0';
  }
  return count;
}

/* Files elsewhere are left alone, and work that is long by design is not asked for. */
static bool harmless(int count, char **word) {
  for (int k = 1; k < count; k++) {
    const char *at = word[k];
    if (strchr("/.~", *at) != NULL || strstr(at, "=/") || strstr(at, "=.") ||
        strstr(at, "@/") || strstr(at, "@.") ||
        (strncmp(at, "--mo", 4) == 0 &&
         (k + 1 == count || strcmp(word[k + 1], "f.jac") != 0)) ||
        strncmp(at, "--max", 5) == 0 || strncmp(at, "--wa", 4) == 0 ||
        (strchr(at, '/') != NULL && (*at == '-' || word[k - 1][0] == '-') &&
         strchr(at, '(') == NULL && strchr(at, '=') == NULL))
      return false;
    /* derive doubles its work with each factor of a product: 20 of them take seconds. */
    if (strncmp(word[1], "der", 3) == 0 && strlen(at) > 24 && strncmp(at, "--", 2) != 0)
      return false;
    for (size_t digits = 0; *at != '\0'; at++) {
      digits = isdigit((unsigned char)*at) ? digits + 1 : 0;
      if (digits > 2 && (at < word[k] + digits || at[-(long)digits] != '.'))
        return false;
    }
  }
  return true;
}

static bool has_option(const char *command, const char *option) {
  struct jac_options options;
  struct jac_error err;
  static char name[NAME];
  snprintf(name, sizeof name, "%s", option);
  char *words[] = {"", name, "1M", NULL};
  for (size_t k = 0; k < jac_command_count(); k++)
    if (strcmp(jac_command_at(k)->name, command) == 0) {
      bool has = jac_options_read(3, words, jac_command_at(k), &options, &err) == JAC_OK;
      if (has)
        jac_options_free(&options);
      return has;
    }
  return false;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
  char folder[] = "/tmp/fuzz-command-XXXXXX";
  (void)argc;
  (void)argv;
  told = fdopen(dup(2), "w");
  home = open(".", O_RDONLY);
  there = mkdtemp(folder) != NULL ? open(folder, O_RDONLY) : -1;
  if (told == NULL || home < 0 || there < 0)
    return 1;
  setvbuf(told, NULL, _IONBF, 0);
  return 0;
}

/* The rest of the input, as the files that the words name. */
static void put_files(const uint8_t *data, size_t size, int count, char **word) {
  static const char *const names[] = {"f.md",  "f.tex", "f.rst", "f.ipynb",
                                      "f.jac", "f.csv", "f.npy"};
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    bool named = n == 0;
    for (int k = 1; k < count; k++)
      named = named || strstr(word[k], names[n]) != NULL;
    FILE *file = named ? fopen(names[n], "wb") : NULL;
    if (file == NULL)
      continue;
    fwrite(data, 1, size, file);
    fclose(file);
  }
  int input = open("f.md", O_RDONLY);
  dup2(input, STDIN_FILENO);
  close(input);
}

/* What a command says, held against what is promised of every command. */
static void judge(int status, char **word, int count, const char *out,
                  const char *errors) {
  bool plain = true;
  for (int k = 1; k < count; k++)
    plain = plain && strncmp(word[k], "--col", 5) != 0 &&
            strstr(word[k], "npy") == NULL && strstr(word[k], "npz") == NULL &&
            strstr(word[k], "png") == NULL && strstr(word[k], "zarr") == NULL;
  require(status >= 0 && status <= 2, "the status is 0, 1 or 2", errors);
  require(status != 2 || count < 2 || errors[0] != '\0', "a fault is told", out);
  require(strchr(errors, '\033') == NULL, "no escape sequence is told", errors);
  require(!plain || strchr(out, '\033') == NULL, "no escape sequence is written", out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *line = malloc(size + 1), *word[WORDS], *out = NULL, *errors = NULL;
  size_t nout, nerrors, first = 0;
  if (line == NULL)
    return 0;
  while (first < size && data[first] != '\n')
    first++;
  memcpy(line, data, first);
  line[first] = '\0';
  int count = strlen(line) == first ? split(line, word) : 0;
  if (count < 2 || !harmless(count, word) || fchdir(there) != 0) {
    free(line);
    return 0;
  }
  put_files(data + first + (first < size), size - first - (first < size), count, word);
  if (has_option(word[1], "--max-memory")) {
    word[count++] = "--max-memory";
    word[count++] = "1M";
  }
  word[count] = NULL;
  FILE *old_out = stdout, *old_errors = stderr, *old_in = stdin;
  stdin = fopen("f.md", "rb");
  stdout = open_memstream(&out, &nout);
  stderr = open_memstream(&errors, &nerrors);
  int status = command_main(count, word);
  fclose(stdout);
  fclose(stderr);
  if (stdin != NULL)
    fclose(stdin);
  stdout = old_out;
  stderr = old_errors;
  stdin = old_in;
  require(fchdir(home) == 0, "the folder is there", "");
  judge(status, word, count, out, errors);
  free(out);
  free(errors);
  free(line);
  return 0;
}
