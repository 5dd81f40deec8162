/* The program when the machine fails: `faults PROGRAM PRELOAD [RUNS]` runs command
 * lines, lets every allocation in turn fail (or RUNS of them, evenly), alone and with all
 * that follow, and asks for no crash, no leak and one clear line; then full disks, closed
 * pipes, folders that cannot be written, interrupts and homes that are not there. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *program, *preload;
static char folder[64];
static size_t faults, runs;

static const char *const commands[] = {
    "show linear:3x2,bias --batch 2",
    "show softmax:3 --entries both",
    "show linear:3x2 --wrt W --entries structure --form full --batch 2",
    "show tanh:3 --entries symbols --format json",
    "show linear:3x2 --wrt W --format csv",
    "show linear:3x2 --wrt W --format npy",
    "show softmax:4 --format svg",
    "show softmax:4 --format png",
    "show conv1d:2x1x2,length=4,bias --entries symbols",
    "show batch-norm:2 --batch 3",
    "show attention:2x2 --batch 2 --wrt Q",
    "show --define 's=softmax(z);L=-sum(y.*log(s))' --size z=3,y=3 --entries symbols",
    "show --define 'y=\\tanh(zW)\\odot{v}' --size z=1x3,W=3x2,v=1x2 --wrt W",
    "show linear:3x2 --set 'z=1 2 3' --set 'W=1 2;3 4;5 6'",
    "check linear:3x2,bias --batch 2",
    "check relu:3 --set 'z=1 0 -1'",
    "check softmax:3 --format json",
    "check softmax:3 --sweep",
    "check softmax:3 --claim 's[i]*(delta(i,j)-s[j])'",
    "check softmax:3 --claim '\\operatorname{diag}(s)-s s^\\top'",
    "check tanh:3 --claim 'diag(1-z.^2)'",
    "check linear:3x3 --wrt W --claim 'kron(z,eye(3))'",
    "check linear:2x2 --wrt z --against @F/J.csv",
    "chain linear:3x4,bias tanh linear:4x2 softmax --batch 2",
    "chain linear:3x2 mse --format json",
    "modules",
    "modules --format json",
    "verify @F/notes.md",
    "verify @F/notes.md --format json --all",
    "verify @F/notes.md --format sarif",
    "verify @F/notes.tex",
    "verify @F/notes.ipynb --all",
    "verify @F/notes.md --fix -o @F/fixed.md",
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void complain(const char *command, unsigned long at, const char *what) {
  fprintf(stderr, "faults: %s: allocation %lu: %s\n", command, at, what);
  faults++;
}

static void write_file(const char *name, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  if (file == NULL || fputs(text, file) == EOF || fclose(file) != 0) {
    perror(path);
    exit(2);
  }
}

static char *read_file(const char *name) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "r");
  size_t size = 1 << 20;
  char *text = calloc(1, size);
  if (file == NULL || text == NULL) {
    perror(path);
    exit(2);
  }
  text[fread(text, 1, size - 1, file)] = '\0';
  fclose(file);
  return text;
}

/* The words of a line, single quotes taken off, @F the folder. */
static size_t split(const char *line, char words[24][400]) {
  size_t count = 0, length = 0;
  bool quoted = false, any = false;
  for (;; line++) {
    if (*line == '\0' || (*line == ' ' && !quoted)) {
      words[count][length] = '\0';
      count += any;
      length = 0;
      any = false;
      if (*line == '\0')
        return count;
    } else if (*line == '\'')
      quoted = !quoted;
    else if (strncmp(line, "@F", 2) == 0) {
      length += (size_t)sprintf(words[count] + length, "%s", folder);
      line++;
      any = true;
    } else {
      words[count][length++] = *line;
      any = true;
    }
  }
}

/* Runs it; -signal when it was killed. Both outputs go to files in the folder. */
static int run(const char *line, unsigned long at, bool on) {
  static char words[24][400];
  char *argv[26], number[24], path[128];
  size_t count = split(line, words);
  int status;
  pid_t child = fork();
  if (child == 0) {
    argv[0] = (char *)program;
    for (size_t k = 0; k < count; k++)
      argv[k + 1] = words[k];
    argv[count + 1] = NULL;
    snprintf(path, sizeof path, "%s/out", folder);
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    snprintf(path, sizeof path, "%s/err", folder);
    int err = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    snprintf(path, sizeof path, "%s/report", folder);
    snprintf(number, sizeof number, "%lu", at);
    setenv("JAC_FAULT_REPORT", path, 1);
    setenv("JAC_FAIL_AT", number, 1);
    if (on)
      setenv("JAC_FAIL_ON", "1", 1);
    setenv("LC_ALL", "C", 1);
    setenv("LD_PRELOAD", preload, 1);
    alarm(120); /* what never ends is killed, and said */
    execv(program, argv);
    _exit(127);
  }
  if (child < 0 || waitpid(child, &status, 0) != child) {
    perror("faults");
    exit(2);
  }
  runs++;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

struct outcome {
  int status;
  unsigned long total, failed;
  long live;
  char *out, *err;
};

static struct outcome outcome_of(const char *line, unsigned long at, bool on) {
  struct outcome o = {.status = run(line, at, on)};
  char *report = o.status >= 0 ? read_file("report") : NULL;
  if (report != NULL && sscanf(report, "%lu %lu %ld", &o.total, &o.failed, &o.live) != 3)
    o.status = -1;
  free(report);
  o.out = read_file("out");
  o.err = read_file("err");
  return o;
}

static void drop(struct outcome *o) {
  free(o->out);
  free(o->err);
}

static bool one_line(const char *text) {
  const char *end = strchr(text, '\n');
  return strncmp(text, "jacobian: ", 10) == 0 && text[10] > ' ' && end != NULL &&
         end[1] == '\0';
}

static void try_allocations(const char *line, unsigned long most) {
  struct outcome right = outcome_of(line, 0, false);
  if (right.status < 0 || right.status > 1)
    complain(line, 0, right.err);
  unsigned long stride = most > 0 ? right.total / most + 1 : 1;
  for (int on = 0; on < 2; on++)
    for (unsigned long at = 1 + (unsigned long)on; at <= right.total; at += stride) {
      struct outcome o = outcome_of(line, at, on);
      char text[100];
      if (o.status < 0) {
        snprintf(text, sizeof text, "killed by signal %d", -o.status);
        complain(line, at, text);
      } else if (o.status == 2 ? !one_line(o.err) : o.err[0] != '\0')
        complain(line, at, o.err[0] == '\0' ? "no message" : o.err);
      else if (o.status != 2 &&
               (o.status != right.status || strcmp(o.out, right.out) != 0))
        complain(line, at, "another result, and no error");
      if (o.status >= 0 && o.live > right.live) {
        snprintf(text, sizeof text, "%ld blocks leaked", o.live - right.live);
        complain(line, at, text);
      }
      drop(&o);
    }
  printf("%5lu allocations, %ld kept to the end: %s\n", right.total, right.live, line);
  fflush(stdout);
  drop(&right);
}

/* A shell line with J the program, F the folder and P the preload: its status and, on
 * both outputs together, a text; "" asks for silence. */
static const struct {
  const char *line;
  int status;
  const char *says;
} machines[] = {
    {"$J show linear:3x2 >/dev/full", 2, "cannot write standard output"},
    {"$J modules >/dev/full", 2, "standard output"},
    {"$J --version >/dev/full", 2, "standard output"},
    {"$J show --help >/dev/full", 2, "standard output"},
    {"$J check softmax:3 --format json >/dev/full", 2, "standard output"},
    {"$J chain linear:3x2 tanh >/dev/full", 2, "standard output"},
    {"$J verify $F/notes.md >/dev/full", 2, "standard output"},
    {"$J show linear:3x2 --wrt W --format svg -o /dev/full", 2, "cannot write /dev/full"},
    {"$J show linear:40x40 --wrt W --batch 3 | head -1", 0, "Jacobian of linear:40x40"},
    {"$J modules --format json | head -1", 0, "["},
    {"{ $J show linear:40x40 --wrt W; } 2>&1 >/dev/null | cat", 0, ""},
    {"$J show linear:3x2 --wrt W -o $F/none/J.csv", 2, "cannot write"},
    {"$J show linear:3x2 --wrt W -o $F", 2, "cannot write"},
    {"$U $J show linear:3x2 --wrt W -o $F/locked/J.csv", 2, "Permission denied"},
    {"$U $J show linear:3x2 --wrt W -o $F/kept.csv; cat $F/kept.csv", 0, "kept"},
    {"$J show linear:2x2 --wrt W -o $F/old.csv; LD_PRELOAD=$P JAC_INTERRUPT=1 $J show "
     "linear:3x2 --wrt W -o $F/old.csv; ls -A $F | grep -c '^.jacobian'; wc -l "
     "<$F/old.csv",
     0, "0\n3"},
    {"LD_PRELOAD=$P JAC_INTERRUPT=1 $J show linear:3x2 --wrt W -o $F/new.csv; ls -A $F | "
     "grep -c 'jacobian-\\|new.csv'",
     1, "0"},
    {"LD_PRELOAD=$P JAC_INTERRUPT=1 $J verify $F/notes.md --fix -o $F/fixed.md; ls -A $F "
     "| grep -c 'jacobian-\\|fixed.md'",
     1, "0"},
    {"HOME=/nowhere XDG_CONFIG_HOME=/nowhere $J check tanh:3", 0, "3 of 3"},
    {"env -i $J check tanh:3", 0, "3 of 3"},
    {"cd $F/locked && $U $J check tanh:3", 0, "3 of 3"},
    {"$J check linear:3x2 --wrt z --against $F/locked/none.csv", 2, "none.csv"},
    {"$U $J verify $F/secret.md", 2, "secret.md"},
    {"$J show linear:3x2 --set z=@- <&-", 2, "cannot read standard input"},
    {"$J show linear:3x2 >&-", 2, "standard output"},
};

static void try_machines(void) {
  char line[1500];
  for (size_t k = 0; k < sizeof machines / sizeof machines[0]; k++) {
    snprintf(line, sizeof line,
             "export LC_ALL=C J='%s' F='%s' P='%s'; "
             "if [ $(id -u) = 0 ]; then U='setpriv --reuid=65534 --clear-groups'; fi; "
             "{ %s; } >$F/both 2>&1",
             program, folder, preload, machines[k].line);
    int status = system(line);
    char *both = read_file("both");
    bool silent = machines[k].says[0] == '\0' && both[0] != '\0';
    if (!WIFEXITED(status) || WEXITSTATUS(status) != machines[k].status || silent ||
        strstr(both, machines[k].says) == NULL) {
      fprintf(stderr, "faults: %s: status %d: %s\n", machines[k].line,
              WEXITSTATUS(status), both);
      faults++;
    }
    runs++;
    free(both);
  }
}

static void prepare(void) {
  char path[128];
  snprintf(folder, sizeof folder, "/tmp/jacobian-faults-XXXXXX");
  if (mkdtemp(folder) == NULL) {
    perror(folder);
    exit(2);
  }
  chmod(folder, 0755);
  write_file("J.csv", "1,0\n0,1\n");
  write_file("notes.md", "# Softmax\n\n<!-- jacobian: softmax -->\n\n$$J = "
                         "\\operatorname{diag}(s) - s^\\top s$$\n\n$$\\frac{\\partial "
                         "s_i}{\\partial z_j} = s_i(1 - s_j)$$\n");
  write_file("notes.tex", "\\section{Tanh}\n% jacobian: tanh\n\\begin{align}\nJ &= "
                          "\\operatorname{diag}(1 - y^2)\n\\end{align}\n");
  write_file("notes.ipynb",
             "{\"cells\": [{\"cell_type\": \"markdown\", \"metadata\": {}, \"source\": "
             "[\"<!-- jacobian: linear -->\\n\", \"$$J^z = W^\\\\top$$\\n\"]}], "
             "\"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}\n");
  write_file("kept.csv", "kept\n");
  write_file("secret.md", "secret\n");
  snprintf(path, sizeof path, "%s/secret.md", folder);
  chmod(path, 0);
  snprintf(path, sizeof path, "%s/locked", folder);
  mkdir(path, 0555);
}

int main(int argc, char **argv) {
  char line[128];
  if (argc < 3) {
    fprintf(stderr, "faults PROGRAM PRELOAD [RUNS]\n");
    return 2;
  }
  program = argv[1];
  preload = argv[2];
  signal(SIGINT, SIG_DFL); /* a shell in the background ignores it for its children */
  prepare();
  try_machines();
  for (size_t k = 0; k < COMMANDS; k++)
    try_allocations(commands[k], argc > 3 ? strtoul(argv[3], NULL, 10) : 0);
  printf("%zu runs, %zu faults\n", runs, faults);
  snprintf(line, sizeof line, "rm -rf '%s'", folder);
  return system(line) == 0 && faults == 0 ? 0 : 1;
}
