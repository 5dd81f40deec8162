/* Modules from outside: the example of the documents, a wrong one, and files that are
 * none. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static int run(const char *line, char *out, size_t size) {
  char command[1500];
  snprintf(
      command, sizeof command,
      "export LC_ALL=C.UTF-8 LANGUAGE=en D='%s' J=\"$(realpath '%s')\"; { %s; } 2>&1",
      folder, getenv("JACOBIAN"), line);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  out[fread(out, 1, size - 1, pipe)] = '\0';
  int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void build(void) {
  static char out[60000];
  snprintf(folder, sizeof folder, "/tmp/jacobian-outside-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  int status =
      run("C='gcc -std=c11 -shared -fPIC -I. -x c - -o'; S=docs/examples/cube.c; "
          "$C $D/cube.so <$S && "
          "sed 's/1.0 + 3.0 \\* c/1.0 + 2.0 * c/' $S | $C $D/wrong.so && "
          "sed 's/= JAC_MODULE_INTERFACE/= 99/' $S | $C $D/other.so && "
          "sed '/jac_module_interface/d' $S | $C $D/none.so && "
          "sed '/\\.example/d' $S | $C $D/half.so && "
          "sed 's/\"cube\"/\"Tanh\"/' $S | $C $D/tanh.so && "
          "sed 's/\\.example/.matrices = \"z + 0.5*(z.*z.*z)\", .example/' $S | "
          "$C $D/notes.so && "
          "sed 's/\\.example/.matrices = \"z + 0.5*(z.*z)\", .example/' $S | "
          "$C $D/square.so && "
          "sed 's/1 + 3\\*c/1 + 2*c/' $S | $C $D/entry.so && "
          "sed 's|return z + c|return 0.0 / 0.0 + c|' $S | $C $D/nan.so && "
          "sed 's/\\.example/.matrices = \"sum(z)\", .example/' $S | $C $D/sum.so",
          out, sizeof out);
  ck_assert_msg(status == 0, "%s", out);
}

static void clean(void) {
  char out[100];
  ck_assert_int_eq(run("rm -rf $D", out, sizeof out), 0);
}

static const struct {
  const char *line;
  int status;
  const char *says;
} lines[] = {
    {"$J modules cube --module $D/cube.so", 0, "cube:N[,c=0.5]"},
    {"$J modules --module $D/cube.so", 0, "cube:N[,c=0.5]"},
    {"$J check cube:3,c=2 --module $D/cube.so --batch 2", 0, "3 of 3 references agree"},
    {"$J show cube:2 --module $D/cube.so --entries symbols", 0, "1 + 3c (zᵏ⁻¹₁₁)²"},
    {"$J chain linear:2x3 cube softmax --module $D/cube.so --wrt W", 0, "cube:3"},
    {"$J check cube:3 --module $D/wrong.so", 1, "3 of 3 references differ"},
    {"$J check cube:3", 2, "no module is called 'cube'"},
    {"$J check cube:3 --module $D/absent.so", 2, "it cannot be loaded"},
    {"$J derive softmax --module $D/absent.so", 2, "it cannot be loaded"},
    {"$J show softmax --entries closed --module $D/absent.so", 2, "it cannot be loaded"},
    {"$J derive cube --module $D/cube.so", 2, "cube has no definition in vectors"},
    {"$J derive cube --module $D/notes.so", 0, "y = z + 1/2(z ⊙ z ⊙ z)"},
    {"$J check cube:40 --batch 3 --module $D/entry.so", 1, "the entry formula of z says"},
    {"$J check cube:70 --module $D/entry.so", 0,
     "cube:70 has more than 4096 entries a sample: what it says of itself was not held"},
    /* What notes and derivations begin with is not believed either. */
    {"$J check cube:3,c=2 --module $D/notes.so", 0, "references agree"}, /* of c=0.5 */
    {"$J check cube:3 --module $D/notes.so", 0, "references agree"},
    {"$J check cube:3 --module $D/square.so", 1,
     "cube:3 is not what it says: its definition in matrices, z + 0.5*(z.*z), says"},
    {"$J check cube:3 --module $D/sum.so", 1, "its outputs are 1 by its definition"},
    {"$J check cube:3 --module $D/nan.so", 1, "the code gives nan"},
    {"$J check cube:3 --module $D/none.so", 2, "it does not define jac_module_interface"},
    {"$J check cube:3 --module $D/other.so", 2, "it was built for interface 99"},
    {"$J check cube:3 --module $D/half.so", 2, "module cube has no example"},
    {"$J show tanh:3 --module $D/tanh.so", 2, "the program has a module tanh itself"},
    {"$J show cube:3 --module $D/cube.so --module $D/notes.so", 2,
     "a module cube was there"},
    {"printf '<!-- jacobian: cube -->\n\n$$\\\\frac{\\\\partial y}{\\\\partial z} = "
     "\\\\operatorname{diag}(1 + 1.5 z \\\\odot z)$$\n' >$D/cube.md; "
     "$J verify $D/cube.md --module $D/notes.so",
     0, "1 displayed formula, 1 link: 1 holds"},
    {"sed 's/1.5/3/' $D/cube.md | $J verify - --module $D/notes.so", 1, "does not hold"},
    {"$J verify $D/cube.md", 0, "no module is called 'cube'"},
    {"$J verify $D/cube.md --module $D/absent.so", 2, "it cannot be loaded"},
    {"echo x >$D/text.so; $J modules --module $D/text.so", 2, "it cannot be loaded"},
};

START_TEST(modules_from_outside) {
  static char out[60000];
  int status = run(lines[_i].line, out, sizeof out);
  ck_assert_msg(status == lines[_i].status, "%s: status %d: %.1000s", lines[_i].line,
                status, out);
  ck_assert_msg(strstr(out, lines[_i].says) != NULL, "%s: %.1000s", lines[_i].line, out);
}
END_TEST

Suite *outside_suite(void);
Suite *outside_suite(void) {
  Suite *suite = suite_create("outside");
  TCase *tc = tcase_create("modules from outside");
  tcase_set_timeout(tc, 60);
  tcase_add_unchecked_fixture(tc, build, clean);
  tcase_add_loop_test(tc, modules_from_outside, 0, (int)(sizeof lines / sizeof lines[0]));
  suite_add_tcase(suite, tc);
  return suite;
}
