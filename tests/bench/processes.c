/* Whole processes against an empty program linked to the same libraries. */
#define _DEFAULT_SOURCE
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 12 };

struct process {
  char text[256];
  char *word[WORDS + 1];
  double peak; /* bytes, the most of all runs */
};

static void run(void *context) {
  struct process *p = context;
  extern char **environ;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child;
  int status;
  struct rusage usage;
  if (posix_spawn(&child, p->word[0], &files, NULL, p->word, environ) == 0 &&
      wait4(child, &status, 0, &usage) == child &&
      1024.0 * (double)usage.ru_maxrss > p->peak)
    p->peak = 1024.0 * (double)usage.ru_maxrss;
  posix_spawn_file_actions_destroy(&files);
}

static struct process process(const char *arguments) {
  struct process p = {.peak = 0.0};
  snprintf(p.text, sizeof p.text, "%s", arguments);
  return p;
}

/* The words point into the text: made where the struct has come to rest. */
static void split(struct process *p, const char *program) {
  size_t count = 0;
  p->word[count++] = (char *)program;
  for (char *word = strtok(p->text, " "); word != NULL && count < WORDS;
       word = strtok(NULL, " "))
    p->word[count++] = word;
  p->word[count] = NULL;
}

void bench_processes(const struct bench *b) {
  static const struct {
    const char *arguments;
    double target; /* seconds */
  } cases[] = {
      {"show linear:3x2 --wrt W", 0.005},
      {"show softmax:3 --entries both", 0.005},
      {"check linear:3x2 --wrt W", 0.005},
      {"check softmax:3", 0.005},
      {"chain linear:3x4,bias tanh linear:4x2 cross-entropy", 0.0},
      {"check linear:256x256 --batch 8 --wrt W", 3.0},
      {"check linear:256x256 --batch 8", 3.0},
  };
  fprintf(b->out, "| `jacobian ...` | ms | against an empty program | most memory, MiB "
                  "|\n|---|---|---|---|\n");
  struct process empty = process("");
  bench_count_waiting(true);
  split(&empty, b->empty);
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct process p = process(cases[k].arguments);
    struct figure time, ratio;
    split(&p, b->program);
    ratio = bench_ratio((struct work){run, &p}, (struct work){run, &empty},
                        2.0 * b->seconds, &time);
    fprintf(b->out, "| `%s` | ", cases[k].arguments);
    bench_cell(b->out, bench_scaled(time, 1e3), 1e3 * cases[k].target);
    fprintf(b->out, " | ");
    bench_cell(b->out, ratio, cases[k].target > 0.0 && cases[k].target < 1.0 ? 2.0 : 0.0);
    fprintf(b->out, " | %.1f |\n", p.peak / 0x1p20);
    fflush(b->out);
  }
  bench_count_waiting(false);
  fprintf(b->out, "| (the empty program) | | | %.1f |\n", empty.peak / 0x1p20);
}
