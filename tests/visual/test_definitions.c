/* The definition that a derivation begins with is the module: both at the same numbers.
 */
#include "tests/shell.h"
#include "visual/cli/derived_rows.h"

#include <check.h>
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

Suite *definitions_suite(void);
Suite *definitions_suite(void) {
  Suite *suite = suite_create("definitions");
  TCase *tcase = tcase_create("definitions");
  tcase_set_timeout(tcase, 60);
  tcase_add_loop_test(tcase, definitions_are_the_modules, 0,
                      sizeof numbers / sizeof *numbers);
  suite_add_tcase(suite, tcase);
  return suite;
}
