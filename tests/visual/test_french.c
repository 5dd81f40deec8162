/* The program in French, as it stands uninstalled in the build folder: texts that a
 * person has read, machine formats without a French word, and every way to ask for
 * French. */
#include "tests/golden.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { SIZE = 65536 };

/* Both outputs of `ENVIRONMENT jacobian ARGUMENTS`, nothing else being in the
 * environment; returns the exit status. */
static int run(const char *environment, const char *arguments, char *out) {
  char command[1000];
  snprintf(command, sizeof command, "env -i COLUMNS=80 %s %s %s 2>&1", environment,
           getenv("JACOBIAN"), arguments);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  out[fread(out, 1, SIZE - 1, pipe)] = '\0';
  int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Errors that are rounding, and where they are, are another machine's: `~`. */
static void blur(char *text) {
  for (char *at = text; *at != '\0'; at++) {
    char *end = at, *place;
    size_t digits = strspn(at, "0123456789.");
    double error = digits > 0 ? strtod(at, &end) : 0;
    if (end == at)
      continue;
    place = strncmp(end, " en ", 4) == 0 ? strstr(end, " ;") : NULL;
    if ((strncmp(at + digits, "e-1", 3) == 0 && error < 1e-11) ||
        (error == 0.0 && at - text > 7 && strncmp(at - 7, "erreur ", 7) == 0)) {
      *at = '~';
      end = place != NULL ? place : end;
      memmove(at + 1, end, strlen(end) + 1);
    } else
      at = end - 1;
  }
}

static const struct {
  const char *name, *arguments;
} golden[] = {
    {"help", "--help"},
    {"help-check", "check --help"},
    {"show", "show linear:3x2 --wrt W --batch 2"},
    {"symbols", "show linear:3x2,bias --entries symbols"},
    {"structure", "show softmax:3 --batch 2 --form full --entries structure"},
    {"check", "check linear:3x2,bias --batch 2"},
    {"kink", "check relu:3 --set 'z=1 0 -1'"},
    {"claim", "check softmax:3 --claim 's[i]*delta(i,j)'"},
    {"chain", "chain linear:3x2 tanh cross-entropy --wrt W"},
    {"modules", "modules linear conv1d"},
    {"quiz", "quiz --seed 1 <tests/visual/golden/quiz-answers.in"},
    {"verify", "verify --all docs/examples/notes.md"},
};

START_TEST(golden_french) {
  char out[SIZE], path[200], arguments[400];
  snprintf(arguments, sizeof arguments, "--lang fr %s", golden[_i].arguments);
  ck_assert_int_ne(run("LC_ALL=C.UTF-8", arguments, out), 2);
  blur(out);
  snprintf(path, sizeof path, "tests/visual/golden/fr-%s.txt", golden[_i].name);
  golden_check(path, out);
}
END_TEST

static const char english[] = "no command is called 'shwo'";
static const char french[] = "aucune commande ne s'appelle 'shwo'";

/* Where no French locale is installed, as on a bare machine, these must do. */
static const struct {
  const char *environment, *arguments, *says;
} ways[] = {
    {"", "--lang fr shwo", french},
    {"", "shwo --lang=fr", french},
    {"", "--lang fr_FR.UTF-8 shwo", french},
    {"LC_ALL=C", "--lang fr shwo", french},
    {"LANGUAGE=fr", "shwo", french},
    {"LANGUAGE=de:fr LANG=C.UTF-8", "shwo", french},
    {"LANG=fr_FR.UTF-8", "shwo", french},
    {"LC_ALL=fr_CA.UTF-8", "shwo", french},
    {"LANG=en_US.UTF-8 LC_MESSAGES=fr_FR.UTF-8", "shwo", french},
    {"LC_ALL=C LANGUAGE=fr", "shwo", english},
    {"LANG=fr_FR.UTF-8", "--lang en shwo", english},
    {"LANG=de_DE.UTF-8", "shwo", english},
    {"", "shwo", english},
    {"", "--lang de shwo", "--lang de: one of en, fr is needed"},
    {"LANGUAGE=fr", "show --lang", "l'option --lang demande une valeur"},
};

START_TEST(every_way_to_ask) {
  char out[SIZE];
  ck_assert_int_eq(run(ways[_i].environment, ways[_i].arguments, out), 2);
  ck_assert_msg(strstr(out, ways[_i].says) != NULL, "%s jacobian %s: %s",
                ways[_i].environment, ways[_i].arguments, out);
}
END_TEST

/* The same bytes in both languages. */
static const char *const machine[] = {
    "show linear:3x2 --batch 2 --format json",
    "show linear:3x2 --wrt W --format csv",
    "show softmax:3 --batch 2 --form full --format npy",
    "check linear:3x2 --format json",
    "check softmax:3 --claim 's[i]*delta(i,j)' --format json",
    "check softmax:3 --claim 's[i]*delta(i,j)' --format csv",
    "chain linear:3x2 tanh mse --wrt W --format json",
    "modules --format json",
    "modules --format csv",
    "verify docs/examples/notes.md --format json",
    "verify docs/examples/notes.md --format sarif",
};

START_TEST(machine_formats_are_not_translated) {
  char out[2][SIZE], arguments[400];
  for (int k = 0; k < 2; k++) {
    snprintf(arguments, sizeof arguments, "--lang %s %s", k == 0 ? "en" : "fr",
             machine[_i]);
    ck_assert_int_ne(run("", arguments, out[k]), 2);
  }
  ck_assert_str_eq(out[0], out[1]);
}
END_TEST

/* A fault with a machine format is still said in French, and numbers keep their point
 * where a locale would set a comma. */
START_TEST(faults_and_points) {
  char out[SIZE];
  ck_assert_int_eq(run("", "--lang fr check softmax:3 --claim 's[i' --format json", out),
                   2);
  ck_assert_msg(strstr(out, "attend") != NULL, "%s", out);
  ck_assert_int_eq(run("LC_ALL=fr_FR.UTF-8", "show tanh:1 --set z=0.5", out), 0);
  ck_assert_msg(strstr(out, "0.5") != NULL && strstr(out, "0,") == NULL, "%s", out);
}
END_TEST

Suite *french_suite(void);
Suite *french_suite(void) {
  Suite *suite = suite_create("french");
  TCase *tc = tcase_create("command");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, golden_french, 0, (int)(sizeof golden / sizeof golden[0]));
  tcase_add_loop_test(tc, every_way_to_ask, 0, (int)(sizeof ways / sizeof ways[0]));
  tcase_add_loop_test(tc, machine_formats_are_not_translated, 0,
                      (int)(sizeof machine / sizeof machine[0]));
  tcase_add_test(tc, faults_and_points);
  suite_add_tcase(suite, tc);
  return suite;
}
