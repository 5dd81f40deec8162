/* The definition that a derivation begins with is the module: both at the same numbers.
 */
#include "tests/shell.h"
#include "jacobian/buffer.h"
#include "jacobian/values.h"
#include "layers/network.h"
#include "layers/recurrent.h"
#include "visual/cli/derived_rows.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Definitions of derivations that are not the module's own, against the module, in
 * numbers: what --set gives both, what else it gives the module and the definition. Those
 * of convolutions say how long their output is with no variable: show has no size for it.
 */
static const struct {
  const char *name, *module, *sizes, *both, *of_module, *of_definition, *wrt, *own;
} numbers[] = {
    {"layer-norm", "layer-norm:3", "z=3,gamma=3,beta=3,epsilon=1",
     "--set 'z=1 2 4' --set 'gamma=2 1 3' --set 'beta=0 1 2'", "", "--set epsilon=1e-5",
     "z", "z"},
    {"rms-norm", "rms-norm:3", "z=3,gamma=3,epsilon=1",
     "--set 'z=1 2 4' --set 'gamma=2 1 3'", "", "--set epsilon=1e-5", "z", "z"},
    {"group-norm", "group-norm:3,groups=1", "z=3,gamma=3,beta=3,epsilon=1",
     "--set 'z=1 2 4' --set 'gamma=2 1 3' --set 'beta=0 1 2'", "", "--set epsilon=1e-5",
     "z", "z"},
    {"batch-norm", "batch-norm:1", "z=4x1,gamma=1,beta=1,epsilon=1",
     "--set 'z=1; 2; 4; 3' --set gamma=2 --set beta=1", "--batch 4", "--set epsilon=1e-5",
     "z", "z"},
    {"cross-entropy", "cross-entropy:3", "z=3,y=3",
     "--set 'z=1 2 4' --set 'y=0.2 0.5 0.3'", "", "", "z", "z"},
    {"attention", "attention:2x2", "Q=3x2,K=3x2,V=3x2,d=1",
     "--set 'Q=1 2; 0 1; -1 1' --set 'K=1 0; 2 1; 1 1' --set 'V=1 2; 3 4; 5 7'",
     "--batch 3", "--set d=2 --order C", "Q", "Q"},
    {"attention", "attention:2x2", "Q=3x2,K=3x2,V=3x2,d=1",
     "--set 'Q=1 2; 0 1; -1 1' --set 'K=1 0; 2 1; 1 1' --set 'V=1 2; 3 4; 5 7'",
     "--batch 3", "--set d=2 --order C", "K", "K"},
    {"softmax", "softmax:3,temperature=2", "z=3,t=1", "--set 'z=1 2 4'", "", "--set t=2",
     "z", "z"},
    {"softmin", "softmin:3,temperature=2", "z=3,t=1", "--set 'z=1 2 4'", "", "--set t=2",
     "z", "z"},
    {"batch-norm", "batch-norm:2,mode=eval", "z=2,gamma=2,beta=2,mu=2,v=2,epsilon=1",
     "--set 'z=1 2' --set 'gamma=2 1' --set 'beta=0 1' --set 'mu=1 3' --set 'v=2 5'", "",
     "--set epsilon=1e-5", "z", "z"},
    {"cross-entropy", "cross-entropy:3,smoothing=0.1", "z=3,y=3,a=1,n=1",
     "--set 'z=1 2 4' --set 'y=0.2 0.5 0.3'", "", "--set a=0.1 --set n=3", "z", "z"},
    {"attention", "attention:2x2,mask=causal", "Q=3x2,K=3x2,V=3x2,M=3x3,d=1",
     "--set 'Q=1 2; 0 1; -1 1' --set 'K=1 0; 2 1; 1 1' --set 'V=1 2; 3 4; 5 7'",
     "--batch 3", "--set d=2 --set 'M=0 -99 -99; 0 0 -99; 0 0 0' --order C", "Q", "Q"},
    {"multi-head", "multi-head:2,heads=1", "Q=3x2,K=3x2,V=3x2,d=1",
     "--set 'Q=1 2; 0 1; -1 1' --set 'K=1 0; 2 1; 1 1' --set 'V=1 2; 3 4; 5 7'",
     "--batch 3", "--set d=2 --order C", "V", "V"},
    {"rnn", "rnn:2x2", "z=2,W=2x2,h=2,U=2x2,b=2",
     "--set 'z=1 2' --set 'W=1 2; 3 -1' --set 'h=1 0' --set 'U=1 1; 0 2' --set 'b=-1 0'",
     "", "", "W", "W"},
    {"gru", "gru:1x1",
     "z=1,h=1,W_r=1,W_u=1,W_n=1,U_r=1,U_u=1,U_n=1,b_r=1,b_u=1,b_n=1,c=1",
     "--set z=1 --set h=0.5",
     "--set 'W=1 -1 2' --set 'U=0.5 1 -1' --set 'b=0 1 2' --set 'd=0 0 3'",
     "--set W_r=1 --set W_u=-1 --set W_n=2 --set U_r=0.5 --set U_u=1 --set U_n=-1 "
     "--set b_r=0 --set b_u=1 --set b_n=2 --set c=3",
     "h", "h"},
    {"max-pool1d", "max-pool1d:2,channels=1,length=6", "z=3x2", "",
     "--set 'z=1 2 4 3 5 6'", "--set 'z=1 2; 4 3; 5 6' --order C", "z", "z"},
    {"avg-pool1d", "avg-pool1d:2,channels=1,length=6", "z=3x2,K=1", "",
     "--set 'z=1 2 4 3 5 6'", "--set K=2 --set 'z=1 2; 4 3; 5 6' --order C", "z", "z"},
    {"glu", "glu:6", "z=2x3", "", "--set 'z=1 2 4 3 5 6'",
     "--set 'z=1 2 4; 3 5 6' --order C", "z", "z"},
    {"swiglu", "swiglu:6", "z=2x3", "", "--set 'z=1 2 4 3 5 6'",
     "--set 'z=1 2 4; 3 5 6' --order C", "z", "z"},
    {"bilinear", "bilinear:2x3x1", "z=2,W=2x3,x=3,b=1", "--set 'z=1 2'",
     "--set 'W=1 0 2 -1 3 1' --set 'y=1 0 2'",
     "--set 'W=1 2 3; 0 -1 1' --set 'x=1 0 2' --set b=1", "z", "z"},
    {"rotate", "rotate", "z=2,a=1", "--set 'z=1 2' --set a=0.5", "", "", "a", "a"},
    {"cross", "cross", "z=3,x=3", "--set 'z=1 2 4'", "--set 'y=0 1 3'", "--set 'x=0 1 3'",
     "z", "z"},
    {"skew", "skew", "z=3", "--set 'z=1 2 4'", "", "--order C", "z", "z"},
    {"huber", "huber:3", "z=3,y=3", "--set 'z=1 2 4' --set 'y=0 1.5 -2'", "", "", "z",
     "z"},
    {"hinge", "hinge:3", "z=3,y=3,margin=1", "--set 'z=1 2 1.5' --set 'y=0 1 0'", "",
     "--set margin=1", "z", "z"},
    {"focal", "focal:3", "z=3,y=3,gamma=1", "--set 'z=1 2 4' --set 'y=0 1 0'", "",
     "--set gamma=2", "z", "z"},
    {"nll", "nll:3,weighted", "z=3,y=3,w=3", "--set 'z=-1 -2 -3' --set 'w=1 2 3'",
     "--set y=2", "--set 'y=0 1 0'", "z", "z"},
    {"cross-entropy", "cross-entropy:3,weighted", "z=3,y=3,w=3",
     "--set 'z=1 2 4' --set 'w=1 2 3'", "--set y=2", "--set 'y=0 1 0'", "z", "z"},
    {"gaussian-nll", "gaussian-nll:3", "z=3,y=3,v=3",
     "--set 'z=1 2 4' --set 'y=0 1 0' --set 'v=1 2 3'", "", "", "v", "v"},
};

START_TEST(definitions_are_the_modules) {
  static char out[20000];
  char line[900], file[] = "/tmp/jac-derive-XXXXXX";
  int handle = mkstemp(file);
  ck_assert_int_ge(handle, 0);
  close(handle);
  const struct jac_derived_row *row =
      jac_derived_row(numbers[_i].name, numbers[_i].module);
  ck_assert_ptr_nonnull(row);
  snprintf(line, sizeof line,
           "$J show --define \"%s\" --size '%s' %s %s --wrt %s --format csv > %s && "
           "$J check %s %s %s --wrt %s --against %s",
           row->definition, numbers[_i].sizes, numbers[_i].both,
           numbers[_i].of_definition, numbers[_i].own, file, numbers[_i].module,
           numbers[_i].both, numbers[_i].of_module, numbers[_i].wrt, file);
  int status = shell_run(line, out, sizeof out);
  remove(file);
  ck_assert_msg(status == 0, "%s: %s", numbers[_i].module, out);
  ck_assert_ptr_nonnull(strstr(out, "agrees"));
}
END_TEST

/* One step's equations; what stands above a letter is put behind it, h^{t} is ht, as is
 * what stands below, U_i is Ui: --define reads U_i' as U of i'. */
static const struct {
  const char *spec, *gates, *step;
  size_t states;
} cells[] = {
    {"rnn:1x2", "", "ht = tanh(z*W + h*U + b)", 1},
    {"lstm:1x2", "ifgo",
     "it = sigmoid(z*Wi + h*Ui + bi); ft = sigmoid(z*Wf + h*Uf + bf); gt = "
     "tanh(z*Wg + h*Ug + bg); ot = sigmoid(z*Wo + h*Uo + bo); ct = ft .* c + it .* "
     "gt",
     2},
    {"gru:1x2", "run",
     "rt = sigmoid(z*Wr + br + h*Ur + dr); ut = sigmoid(z*Wu + bu + h*Uu + du); "
     "nt = tanh(z*Wn + bn + rt .* (h*Un + dn))",
     1},
};
enum { UNITS = 2 };

static void put_behind(const char *text, struct jac_buffer *out) {
  for (const char *at = text; *at != '\0';)
    if (strncmp(at, "^{t-1}", 6) == 0)
      at += 6;
    else if (*at == '_')
      at++;
    else if (strncmp(at, "^{t}", 4) == 0) {
      jac_buffer_add_char(out, 't');
      at += 4;
    } else
      jac_buffer_add_char(out, *at++);
}

/* Columns of a variable as --size and --set take them. */
static void give(const char *name, const gsl_matrix *m, size_t from, size_t cols,
                 struct jac_buffer *sizes, struct jac_buffer *sets) {
  jac_buffer_printf(sizes, "%s%s=%zux%zu", sizes->length > 0 ? "," : "", name, m->size1,
                    cols);
  jac_buffer_printf(sets, " --set '%s=", name);
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < cols; j++)
      jac_buffer_printf(sets, "%s%.17g",
                        j > 0   ? " "
                        : i > 0 ? ";"
                                : "",
                        gsl_matrix_get(m, i, from + j));
  jac_buffer_add_char(sets, '\'');
}

/* What chain says of a step's factor, A_t = diag(1 - h^t .* h^t) U' and so on, are the
 * numbers that it shows: y = x A_t' differentiated by x. */
START_TEST(factors_in_matrices_are_the_steps) {
  static char out[20000];
  struct jac_error err = {JAC_OK, ""};
  struct jac_map *map;
  struct jac_values x;
  struct jac_array3 A;
  struct jac_buffer line = JAC_BUFFER_INIT, sizes = JAC_BUFFER_INIT,
                    sets = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT;
  ck_assert_int_eq(jac_module_new(cells[_i].spec, 1, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 5, &x, &err), JAC_OK);
  for (size_t v = 0; v < map->nvar; v++) {
    for (size_t k = 0; k < x.matrix[v]->size1 * x.matrix[v]->size2; k++)
      x.matrix[v]->data[k] = round(10.0 * x.matrix[v]->data[k]) / 10.0;
    size_t gates = map->var[v].role == JAC_PARAMETER ? strlen(cells[_i].gates) : 0;
    char name[JAC_NAME_SIZE + 2];
    if (gates == 0)
      give(map->var[v].name, x.matrix[v], 0, x.matrix[v]->size2, &sizes, &sets);
    for (size_t g = 0; g < gates; g++) {
      snprintf(name, sizeof name, "%s%c", map->var[v].name, cells[_i].gates[g]);
      give(name, x.matrix[v], g * UNITS, UNITS, &sizes, &sets);
    }
  }
  ck_assert_int_eq(jac_recurrent_factor(map, jac_values_point(&x), 1, &A), JAC_OK);
  const struct jac_recurrent_equation *e = jac_recurrent_factor_in_matrices(map);
  size_t count = 0, n = cells[_i].states * UNITS;
  while (e[count].left != NULL)
    count++;
  ck_assert_str_eq(e[0].left, "A_t");
  jac_buffer_add(&text, cells[_i].step);
  for (size_t k = count; k > 0; k--) { /* what is named stands behind its use */
    jac_buffer_add(&text, "; ");
    put_behind(e[k - 1].left, &text);
    jac_buffer_add(&text, " = ");
    put_behind(e[k - 1].right, &text);
  }
  jac_buffer_printf(&line,
                    "$J show --define \"%s; y = x*At'\" --size x=1x%zu,%s%s --wrt x "
                    "--format csv | tail -n +2 | cut -d, -f2-",
                    text.text, n, sizes.text, sets.text);
  ck_assert_msg(shell_run(line.text, out, sizeof out) == 0, "%s", out);
  char *at = out;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double said = strtod(at, &at);
      at += strspn(at, ",\n");
      ck_assert_msg(fabs(said - *jac_array3_at(&A, 0, i, j)) < 1e-12,
                    "%s, row %zu, column %zu: %g, not %g: %s", map->spec, i, j, said,
                    *jac_array3_at(&A, 0, i, j), text.text);
    }
  ck_assert_msg(*at == '\0', "%s", at);
  jac_buffer_free(&line);
  jac_buffer_free(&sizes);
  jac_buffer_free(&sets);
  jac_buffer_free(&text);
  jac_array3_free(&A);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

Suite *definitions_suite(void);
Suite *definitions_suite(void) {
  Suite *suite = suite_create("definitions");
  TCase *tcase = tcase_create("definitions");
  tcase_set_timeout(tcase, 60);
  tcase_add_loop_test(tcase, definitions_are_the_modules, 0,
                      sizeof numbers / sizeof *numbers);
  tcase_add_loop_test(tcase, factors_in_matrices_are_the_steps, 0,
                      sizeof cells / sizeof *cells);
  suite_add_tcase(suite, tcase);
  return suite;
}
