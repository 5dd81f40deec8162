/* The command as a person types it: exit statuses, messages, files. */
#include "jacobian/formula/number.h"

#include <check.h>
#include <jansson.h>
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

/* Runs a shell line in which J is the program and D the folder; both outputs together. */
static int run(const char *line, char *out, size_t size) {
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

static const struct {
  const char *line;
  int status;
  const char *says; /* somewhere in the output */
} lines[] = {
    {"$J", 2, "Usage: jacobian COMMAND"},
    {"$J show linear:2x2 --wrt z,W --format csv", 0,
     "\"\\partial z^{k}_{1,1}/\\partial z^{k-1}_{1,2}\",0.0,1,0.0,0.0"},
    {"$J show softmax:2 --wrt z,z --format latex", 0,
     "H_{\\text{softmax}}^{z^{k-1},z^{k-1}}\\big|_{z^{k}_{1,2}}"},
    {"$J show mse:2 --wrt z,y --format json", 0, "\"wrt\": \"z,y\""},
    {"$J show conv1d:2x1x1,length=3 --wrt z,W", 0, "by differences of the Jacobian"},
    {"$J check conv1d:2x1x1,length=3 --wrt z,W", 2, "nothing else holds them"},
    {"$J check linear:2x2 relu linear:2x2 cross-entropy --wrt W1,W2", 0,
     "3 of 3 references agree"},
    {"$J show softmax:3 --wrt z,q", 2, "softmax:3 has no variable 'q'"},
    {"$J chain softmax:3 mse --wrt z,z", 2, "are those of show and check"},
    {"$J check softmax:3 --wrt z,z,z", 2, "two variables at most, as in --wrt z,z"},
    {"$J derive softmax --wrt z,z,z", 2, "two variables at most"},
    {"$J check softmax:3 --wrt z,z --claim 1", 2, "leave --claim, --against"},
    {"cd $D && printf '<!-- jacobian-run: show linear:3x2 --wrt W --entries symbols "
     "--no-heading -->\\n<!-- jacobian-end -->\\n' >u.md && $J update --check u.md",
     1, "u.md:1: stale: jacobian show linear:3x2"},
    {"cd $D && $J update u.md && cat u.md", 0, "z^{k-1}_{1,1} & z^{k-1}_{1,2}"},
    {"cd $D && $J update --check u.md && $J update u.md", 0, "u.md: 1 block, 0 written"},
    {"cd $D && echo '--flavour github' >.jacobian && $J update u.md && cat u.md; rm "
     ".jacobian",
     0, "```math"},
    {"cd $D && printf '%% jacobian-run: chain linear:3x2 mse --wrt W --format text\\n%% "
     "jacobian-end\\n' >u.tex && $J update u.tex && cat u.tex",
     0, "\\begin{verbatim}\nThe chain rule"},
    {"cd $D && printf '<!-- jacobian-run: rm -rf x -->\\nold\\n<!-- jacobian-end -->\\n' "
     ">u.md && $J update u.md; s=$?; grep -qx old u.md && exit $s",
     2, "u.md:1: rm -rf x: rm: a block takes a command that answers"},
    {"cd $D && printf '<!-- jacobian-run: show linear:3x2 -o x -->\\n<!-- jacobian-end "
     "-->\\n' >u.md && $J update u.md",
     2, "u.md:1: show linear:3x2 -o x: -o: a block's command writes no file"},
    {"cd $D && printf '<!-- jacobian-run: show linear:3x2 -->\\nold\\n' >u.md && $J "
     "update "
     "u.md",
     2, "u.md: line 1: this block has no end"},
    {"$J show linear:3x2 --wrt W --format latex --env align --label eq:J --brackets b "
     "--notation 'z^{k-1}=x, W=\\Theta' --name '\\frac{\\partial z}{\\partial W}' "
     "--entries symbols",
     0,
     "\\frac{\\partial z}{\\partial \\Theta} = \\left[\\begin{array}{@{\\,}ccc|ccc@{\\,}}"
     "\n  x_{1,1}"},
    {"$J show linear:3x2 --wrt z --format latex --notation W=\\\\Theta --entries symbols",
     0, "\\theta_{1,1} & \\theta_{2,1}"},
    {"$J table shapes linear:3x4,bias tanh linear:2 cross-entropy --batch 2", 0,
     "W         2 × 4 × 12                24"},
    {"$J table shapes linear:3x4,bias tanh", 0, "total            1 × 4           16"},
    {"$J table compare softmax:2 --set 'z=1 2' --format markdown", 0,
     "| $z^{k}_{1,1}$ | $z^{k-1}_{1,1}$ | $0.1966$ | $0.1966$ |"},
    {"$J table activations", 0, "▁▁▁▂▃▄▅▆▇▇███"},
    {"$J table cheatsheet --format latex --lang fr", 0, "Les jacobiennes des modules"},
    {"$J table shape linear:3x2", 2, "table shape: one of shapes, activations"},
    {"$J table activations linear:3x2", 2, "takes no spec"},
    {"echo '[{\"t\":\"CodeBlock\",\"c\":[[\"\",[\"jacobian\"],[]],\"show linear:3x2 "
     "--wrt "
     "z --entries symbols --no-heading\"]}]' | $J filter",
     0, "[{\"t\":\"DisplayMath\"},\"J_{M_{W}}^{z^{k-1}} = "},
    {"echo '[{\"t\":\"CodeBlock\",\"c\":[[\"\",[\"jacobian\"],[]],\"show x\"]}]' | $J "
     "filter",
     2, "show x: "},
    {"cd $D && printf '\\\\jacobian[wrt=W,set={z=1 2 3}]{linear:3x2}\\n' >m.tex && $J "
     "update "
     "m.tex && cat m-jacobian.tex && $J update --check m.tex",
     0, "\\jacobianentry{wrt=W,set={z=1 2 3}}{linear:3x2}{%\n"},
    {"$J show linear:3x2 --wrt z --format latex --env bare", 0, "J_{M_{W}}^{z^{k-1}} = "},
    {"$J show linear:3x2 --wrt z --format latex --width 8", 2,
     "--width 8: a width such as 8cm"},
    {"$J show linear:3x2 --wrt z --format latex --notation x", 2,
     "--notation x: NAME=NAME"},
    {"$J check softmax:3 --batch 2 --claim 's[n,o]*(delta(o,i) - s[n,i])'", 0, "holds\n"},
    {"$J check softmax:3 --claim 'exp(z[i])/sum(k, exp(z[k]))*(delta(i,j) - s[j])'", 0,
     "holds\n"},
    {"$J check tanh:3 --claim 'diag(1 - z.^2)'", 1, "z stands where y was meant"},
    {"$J check softmax:3 --claim \"diag(z) - z'*z\"", 1, "z stands where y was meant"},
    {"$J check sigmoid:3 --claim 'diag(sigmoid(y) - sigmoid(y).^2)'", 1,
     "y stands where z was meant"},
    {"$J check linear:3x2 sigmoid --wrt W --claim 'kron(I, z)'", 1, "does not hold"},
    {"$J check linear:3x2 sigmoid --wrt W --claim 'kron(diag(y.*(1 - y)), z)'", 0,
     "the claim holds\n"},
    {"$J check mse:3,reduction=mean --batch 2 --wrt z --claim '2*(z[m,i] - y[m,i])'", 1,
     "there is a factor 2 too many"},
    {"$J check cross-entropy:3,reduction=mean --batch 3 --wrt y --claim "
     "'-log(s[m,i])/batch'",
     0, "holds\n"},
    {"$J check softmax:3 --claim 's[j]*(delta(i,j) - s[i])'", 0, "holds\n"},
    {"$J check linear:3x2 --wrt z --claim 'W[i,j]'", 0,
     "with j the output's index and i the variable's"},
    {"$J check linear:3x2 --wrt W --claim 'delta(i,k)*z[j]'", 0, "the claim holds"},
    {"$J check linear:3x2 --wrt W --claim 'z[i]'", 2, "free indices do not fit"},
    {"$J check linear:3x2 --wrt W --claim 'sum(a, b) + x[c]*x[d]*x[e]*x[f]*x[g]'", 2,
     "indices"},
    {"$J check tanh:3 --claim '1 - tanh(z[i])^2'", 0,
     "entry by entry: it is the diagonal"},
    {"$J check attention:2x2 --batch 3 --wrt V --claim 'delta(o,i)*A[n,m]'", 0,
     "holds\n"},
    {"$J check attention:2x2 --batch 3 --wrt V --claim 'kron(A, I)'", 0, "holds\n"},
    {"$J check conv1d:2x1x2,length=4 --wrt z --claim "
     "'sum(k, delta(q, stride*(l-1)+k)*W[k,i,o])'",
     0, "the claim holds"},
    {"$J check batch-norm:2 --batch 3 --wrt gamma --claim 'delta(o,i)*x[n,o]'", 0,
     "holds\n"},
    {"$J check mse:3 --wrt z --batch 2 --claim \"2*(z - y)\"", 0, "holds\n"},
    {"$J check relu:1 --claim 0", 1, "elsewhere it is 0 and should be 1"},
    {"$J check relu:2 --set 'z=-1 -2' --claim 0", 1, "at these values only"},
    {"$J check leaky-relu:2 --claim '0.01*I'", 1, "is 0.01 and should be 1"},
    {"$J check elu:1 --claim 'exp(z[n,o])'", 1, "elsewhere"},
    {"$J check hardswish:2 --claim 'delta(o,i)*(2*z[n,i] + 3)/6'", 1, "should be 1"},
    {"$J check softsign:1 --claim '1/(1 - z)^2'", 1, "elsewhere"},
    {"$J check relu:2 --claim 'delta(o,i)*ind(z[n,i] > 0.01)'", 1,
     "elsewhere it is 0 and should be 1"},
    {"$J check relu:2 --claim 'delta(o,i)*ind(z[n,i] > 0)'", 0, "the claim holds"},
    {"$J check embedding:3x2 --wrt W --set z=1 --claim 'delta(o,j)*ind(i = 1)'", 1,
     "at these values only"},
    {"$J check --define 'y = log(x)' --size x=3 --claim 'diag(1/x)'", 0, "the claim holds"},
    {"$J check normalize:1 --claim 0", 0, "the claim holds"},
    {"$J check mse:3 --wrt z --claim \"2*(z - y)'\"", 0, "the claim holds"},
    {"$J check --define 'f = x^T A x' --size x=3x1,A=3x3 --wrt A --claim \"x*x'\"", 0,
     "holds"},
    {"$J show --define 'y = W x' --size 'W=2x2,x=2x1' --entries symbols --wrt W", 0,
     "x₁"},
    {"$J show --define 'y = W x' --size 'W=2x2,x=2x1,hat_z=3' --wrt W", 2,
     "has no variable 'hat_z'"},
    {"$J show --define 'f = \\hat{y}_1 + \\lambda \\hat{y}_2^2' --size "
     "'hat_y=2,lambda=1' "
     "--entries symbols --wrt hat_y",
     0, "1"},
    {"printf '$$\\begin{pmatrix} 1 & \\cdots & 5 \\end{pmatrix} = x$$' | $J verify --all "
     "-",
     0, "not"},
    /* Names and notes that would act on what shows them. */
    {"printf '$$ s = 1 \\033[31m \\007 $$\n' >$D/e.txt; $J verify $D/e.txt --all | cat "
     "-v",
     0, "1 \\x1b[31m \\x07"},
    {"$J verify \"$(printf 'no\\033[31m.md')\" 2>&1 | cat -v", 0,
     "cannot read no\\x1b[31m.md"},
    {"mkdir -p $D/odd; cp docs/examples/notes.md \"$D/odd/=1+1.md\"; cd $D/odd; $J "
     "verify '=1+1.md' --format csv",
     1, "\n'=1+1.md,5,"},
    {"mkdir -p $D/odd; cp docs/examples/notes.md \"$D/odd/a b#.md\"; cd $D/odd; $J "
     "verify 'a b#.md' --format "
     "sarif",
     1, "\"a%20b%23.md\""},
    {"f=$(printf 'bad\\377.md'); mkdir -p $D/odd; cp docs/examples/notes.md "
     "\"$D/odd/$f\"; $J verify \"$D/odd/$f\" --format json",
     1, "bad\xEF\xBF\xBD.md"},
    {"mkdir -p $D/odd; cp docs/examples/notes.md \"$D/odd/<b>_x_.md\"; cd $D/odd; $J "
     "verify '<b>_x_.md' --format "
     "markdown",
     1, "| &lt;b&gt;\\_x\\_.md:"},
    {"$J verify", 2, "no file is named: add one, as in notes.md"},
    {"$J verify $D", 2, "is a directory"},
    {"$J verify docs/examples/notes.md --jobs 0", 2, "from 1 to 1000 is needed"},
    {"$J verify docs/examples/notes.md --format csv", 1, "md,5,2,0,2,0,1,0.500,\n"},
    {"printf 'nothing here\n' >$D/a,b.md; $J verify \"$D/a,b.md\" --format csv", 0,
     "/a,b.md\",0,0,0,0,0,0,,\n"},
    /* Six submissions, two of them broken: the others' marks are there, and say so. */
    {"for k in 1 2 3 4 5 6; do cp docs/examples/notes.md $D/$k.md; done; printf '\377' "
     ">$D/1.md; rm $D/3.md; mkdir $D/3.md; $J verify $D/*.md --jobs 3 -o $D/marks.csv "
     "2>$D/faults; test $? = 2; wc -l <$D/faults; grep -c 0.500 $D/marks.csv; "
     "sed -n 4p $D/marks.csv | sed \"s,$D/,,g\"",
     0, "2\n4\n3.md,,,,,,,,\"3.md is a directory, a file is needed\"\n"},
    {"cp docs/examples/notes.md $D/1.md; cp $D/1.md $D/3.md; $J verify $D/1.md $D/2.md "
     "$D/3.md 2>/dev/null; test $? = 2",
     0, "10 displayed formulas: 4 holds, 4 does not hold"},
    {"$J quiz --seed 1 </dev/null", 0, "0 of 0 right"},
    {"$J quiz --seed 1 --questions 2 <tests/visual/golden/quiz-answers.in", 0, "2 right"},
    {"$J quiz softmax tanh", 2, "name one at most"},
    {"$J quiz sofmax", 2, "did you mean softmax"},
    {"m() { printf 'Content-Length: %d\\r\\n\\r\\n%s' ${#1} \"$1\"; }; "
     "{ m '{\"id\":1,\"method\":\"initialize\",\"params\":{}}'; printf "
     "'noise\\r\\n\\r\\n'; "
     "m '{'; m '{\"id\":2,\"method\":\"shutdown\"}'; m '{\"method\":\"exit\"}'; } | "
     "$J lsp | grep -o 'Content-Length' | wc -l",
     0, "3\n"},
    {"$J lsp </dev/null", 1, ""},
    {"$J lsp notes.md", 2, "the server is given no files"},
    {"$J --complete ''", 0, "\nverify\tjudge"},
    {"$J --complete show conv1d:2x3x2,st", 0, "conv1d:2x3x2,stride\tpositions"},
    {"$J --complete show linear:3x4 tanh linear:2 --wrt W", 0, "W1\tparameter\nW2\t"},
    {"$J --complete show nonsense:3 --wrt ''; echo end", 0, "end"},
    {"$J --complete check --difference ''", 0, "compressed\t\nplain\t\n"},
    {"$J --complete show --order ''", 0, "F\t\nC\t\n"},
    {"$J --complete show --color ''", 0, "auto\t\nalways\t\nnever\t\n"},
    {"$J --complete verify notes", 0, "@files\n"},
    {"$J --complete nocommand ''; $J --complete; echo end", 0, "end"},
    {"$J --manual verify", 0, ".It Fl Fl jobs Ar N\n"},
    {"$J --manual nothing", 2, "no command is called"},
    {"$J help show", 0, "--entries KIND"},
    {"$J --lang en show --help", 0, "--entries KIND"},
    {"$J verify $D/none.md", 2, "none.md"},
    {"printf '\\377' | $J verify -", 2, "UTF-8"},
    {"printf '' | $J verify -", 2, "empty"},
    {"$J verify --strict docs/course/softmax.md", 0, "holds"},
    {"sed 's/s_o (1 - s_o)/s_o (1 + s_o)/' docs/course/softmax.md | $J verify -", 1,
     "does not hold"},
    {"sed 's/= W^.top/= W/' docs/course/linear.md | $J verify -", 1,
     "it is the transpose"},
    {"$J verify docs/examples/notes.md", 1, "notes.md:9:35: does not hold"},
    {"$J verify docs/examples/notes.md --format json", 1,
     "\"verdict\": \"does not hold\""},
    {"$J verify docs/examples/notes.md --format sarif", 1, "\"startLine\": 9"},
    {"$J verify docs/examples/notes.md --format markdown", 1, "| does not hold |"},
    {"$J check linear:3x2 --form batch", 2,
     "check has no option --form, it belongs to show, explore"},
    {"$J check linear:3x2 --forma csv", 0, "max_abs_error"},
    {"$J verify docs/examples/notes.md --format npy", 2,
     "verify writes text, json, markdown, sarif"},
    {"$J verify --fix docs/examples/notes.md", 2, "say where with -o FILE"},
    {"$J verify --fix docs/examples/notes.md -o $D/fixed.md; grep -A1 '^<!-- does' "
     "$D/fixed.md",
     0, "<!-- does not hold: s (1 - s) (it is the diagonal only"},
    {"printf '$$\\frac{dx}{dt} = \\int y$$' | $J verify -", 0, "1 not understood"},
    {"printf '$$\\frac{dx}{dt} = \\int y$$' | $J verify --strict -", 1,
     "1 not understood"},
    {"$J check skip tanh:3 linear:3x3 add --wrt z", 0, "agree"},
    {"$J check softmax:4 --claim \"diag(s) - s'*s\"", 0,
     "with respect to z: the claim holds\n"},
    {"$J check softmax:4 --claim \"diag(s) - s*s'\"", 0,
     "the claim holds, with column vectors"},
    {"$J check softmax:4 --claim 's[i]*(delta(i,j) - s[j])'", 0, "the claim holds\n"},
    {"$J check softmax:4 --claim 's*(1 - s)'", 1, "does not hold"},
    {"$J check softmax:4 --claim '\\operatorname{diag}(s) - s^\\top s'", 0,
     "the claim holds\n"},
    {"$J check linear:3x2 --wrt z --claim W^T", 0, "the claim holds\n"},
    {"$J check linear:3x2 --wrt z --claim 'W^\\top'", 0, "the claim holds\n"},
    {"$J check linear:3x2 --wrt z --claim W", 0, "the claim holds, with column vectors"},
    {"$J check linear:3x2 --wrt z --claim '-W^\\top'", 1, "it has the opposite sign"},
    {"$J check linear:3x2 --wrt W --claim 'I \\otimes z^{k-1}'", 0, "the claim holds\n"},
    {"$J check linear:3x2 --wrt W --claim 'z^{k-1} \\otimes I'", 0,
     "matrices are numbered row by row"},
    {"$J check linear:3x4 --wrt W --claim '\\begin{pmatrix} z^{k-1} & 0 & \\cdots & "
     "\\cdots & 0 "
     "\\\\ 0 & z^{k-1} & 0 & & 0 \\\\ \\vdots & 0 & \\ddots & \\ddots & \\vdots \\\\ "
     "\\vdots & & "
     "\\ddots & \\ddots & 0 \\\\ 0 & \\cdots & \\cdots & 0 & z^{k-1} \\end{pmatrix}'",
     0, "the claim holds\n"},
    {"$J check linear:3x4 --wrt z --claim '\\begin{pmatrix} w_{1,1} & w_{2,1} & \\cdots "
     "& "
     "w_{input,1} \\\\ \\vdots & \\vdots & \\ddots & \\vdots \\\\ w_{1,output} & "
     "w_{2,output} & "
     "\\cdots & w_{input,output} \\end{pmatrix}'",
     0, "the claim holds\n"},
    {"$J check linear:3x4 --wrt z --claim '\\begin{pmatrix} w_{1,1} & w_{1,2} & \\cdots "
     "& "
     "w_{1,output} \\\\ \\vdots & \\vdots & \\ddots & \\vdots \\\\ w_{input,1} & "
     "w_{input,2} & "
     "\\cdots & w_{input,output} \\end{pmatrix}'",
     0, "with column vectors"},
    {"$J check tanh:3 --claim '1 - y^2'", 0, "a vector stands for the diagonal"},
    {"$J check tanh:3 --claim '1 - y[i]^2'", 0, "entry by entry: it is the diagonal"},
    {"$J check softmax:3 --claim 's[i]*(1 - s[i])'", 1, "does not hold"},
    {"$J check tanh:3 --claim 'diag(1 - y)'", 1, "the claim does not hold"},
    {"$J check mse:3 --wrt z --claim 'z - y'", 1, "a factor 2 is missing"},
    {"$J check mse:3,reduction=mean --batch 4 --wrt z --claim '2*(z - y)'", 1,
     "does not hold"},
    {"$J check softmax:4 --claim 'diag(s'", 2, "diag(s\n        ^"},
    {"$J check softmax:4 --claim 's + W'", 2, "nothing says what W is"},
    {"$J check softmax:4 --claim s --against x", 2,
     "--claim does nothing beside --against"},
    {"$J check linear:3x2 --claim W", 2, "choose its variable with --wrt"},
    {"$J check softmax:4 --claim \"diag(s) - s*s'\" --format json", 0,
     "\"diagnosis\": \"holds, with column vectors\""},
    {"$J show --define 'y = softmax(z)' --size z=3 --entries symbols", 0, "y₁(1 − y₁)"},
    {"$J show --define 'y = prod(i, x[i])' --size x=3 --entries symbols", 0, "x₂ x₃"},
    {"$J show --define 'y = sum(t, x[t]*sum(i, M[t,i]*b[i]))' --size M=2x3,x=2,b=3 --wrt "
     "x --entries symbols",
     0, "Σⱼ M₁ⱼ bⱼ"},
    {"$J show --define 'g = max(i, x[i]); y = g*a' --size x=3,a=1 --wrt x --entries "
     "symbols",
     0, "1[x₁ = g] a"},
    {"$J show --define 'y = exp(x)^2' --size x=1 --entries symbols --format latex", 0,
     "2 (e^{x})^{2}"},
    {"$J check --define 'y = tanh(z*W) .* v' --size z=1x3,W=3x2,v=1x2", 0,
     "with respect to v: 3 of 3 references agree"},
    {"$J check --define 'f(x) = x^T A x' --size x=3x1,A=3x3 --wrt x --claim '2 x^T A'", 1,
     "does not hold"},
    {"$J check --define 'f(x) = x^T A x' --size x=3x1,A=3x3 --wrt x --claim 'x^T(A + "
     "A^T)'",
     0, "the claim holds\n"},
    /* A module or a definition is a scope; the one judge answers. */
    {"$J check --define 'F = A*U*B' --size A=2x3,U=3x4,B=4x2 --wrt U --claim \"kron(B', "
     "A)\"",
     0, "the claim holds\n"},
    {"$J check --define 'F = A*U*B' --size A=2x3,U=3x4,B=4x2 --wrt U --order C --claim "
     "\"kron(A, B')\"",
     0, "the claim holds\n"},
    {"$J check --define 'F = A*U*B' --size A=2x2,U=2x2,B=2x2 --wrt U --claim 'kron(B, "
     "A)'",
     1, "does not hold"},
    {"$J check --define \"c = u'*v\" --size u=3x1,v=3x1 --wrt u --claim \"v'\"", 0,
     "the claim holds\n"},
    {"$J check --define \"c = u'*v/norm(v)\" --size u=2x1,v=2x1 --wrt v --claim "
     "\"u/norm(v) - "
     "c*v/norm(v)^2\"",
     0, "a gradient has the shape of its variable"},
    {"$J check --define 'o = u*A' --size u=3,A=3x2 --wrt u --claim 'A[i,j]'", 0,
     "with j the output's index and i the variable's"},
    {"$J check --define 'y = u*A' --size u=3,A=3x2 --wrt u --claim 'A[i,o]'", 0,
     "the claim holds\n"},
    {"$J check --define 's = l; Y = sum(s)*x' --size l=3x1,x=2x1 --wrt x --claim "
     "'[sum(j,s[j]), "
     "0; 0, sum(j,s[j])]'",
     0, "the claim holds\n"},
    {"$J check batch-norm:3 --wrt gamma --claim '-7*delta(o,i)*x[n,o]'", 1,
     "does not hold"},
    {"$J check relu:3 --wrt z --claim '2*delta(o,i)*ind(z[n,o] > 0)'", 1,
     "factor 2 too many"},
    {"$J check softmax:2 --set 'z=0 0' --claim '[1/4, -1/4; -1/4, 1/4]'", 1,
     "it holds at these values only"},
    {"$J check relu:3 --set 'z=1 2 3' --claim I --format json", 1, "\"differs\""},
    {"$J check --define 'y = u/sqrt(c)' --size u=2,c=1 --wrt u --seed 2", 0,
     "3 of 3 references agree"},
    {"$J check --define 'y = sin(n)' --size n=1 --claim 'cos(n)'", 0,
     "the claim holds\n"},
    {"$J show --define \"g = u*y'\" --size u=2x1,y=2x1 --wrt u --entries numbers", 0,
     "g₁₁"},
    {"$J show --define 'f(x) = x .* x' --size x=2 --set 'x=1 3'", 0, "f₂"},
    {"$J check --define 'kron(A, B)' --size A=2x2,B=2x3", 0, "3 of 3 references agree"},
    {"$J show --define 'norm(x)' --set 'x=3 4'", 0, "0.6  0.8"},
    {"$J show --define 'W*z' --size W=3x2", 2, "z has no size: add --size z=3x2"},
    {"$J show --define 'W*z' --size W=3x2,z=3x1", 2,
     "W is 3 x 2 and z is 3 x 1: * does not fit\n  W*z\n  ^"},
    {"$J show --define 'W*z' --size W=3by2", 2, "a comma between sizes"},
    {"$J show --define 'W*z' --size W=0x2", 2, "NAME=SIZE with a size such as 3, 3x2"},
    {"$J show --define 'z' --size z=3 linear:3x2", 2, "a formula or modules, not both"},
    {"$J check layer-norm:3 --wrt z --claim 'gamma[o]*r[n]*delta(o,i)'", 1,
     "held constant"},
    {"$J check layer-norm:3 --wrt z --claim 'gamma[o]*r[n]*(delta(o,i) - 1/N)'", 1,
     "the path through the variance is missing"},
    {"$J check batch-norm:3 --wrt z --claim 'delta(o,i)*delta(n,m)*gamma[o]*r[o]'", 1,
     "held constant"},
    {"$J check attention:2x2,mask=causal --batch 3 --wrt V --claim "
     "'delta(o,i)*exp(S[n,m])/sum(l, exp(S[n,l]))'",
     1, "the mask is ignored"},
    {"$J check layer-norm:3 --wrt z --claim '3*gamma[o]'", 1, "at a sample it is"},
    {"$J check layer-norm:3 --wrt z --claim 'gamma[o]*r[n]*(delta(o,i) - (1 + "
     "x[n,o]*x[n,i])/N)'",
     0, "the claim holds"},
    {"$J show linear:2x2 --set 'W=-0 1; 2 -0' --wrt z | grep -c -e '-0 '", 1, "0"},
    {"$J show batch-norm:3", 0, "the output is beta, whatever z is"},
    {"$J show batch-norm:3 --batch 2 | grep -c whatever.z", 1, "0"},
    {"$J chain linear:2x2,W=A tanh linear:2x2,W=A --wrt A", 0,
     "  way 2 of 2 from A to the output: the Jacobian is the sum over them\n  J1\n"},
    {"$J chain linear:2x2,W=A linear:2x2,W=A --wrt A --format npy", 2,
     "A goes 2 ways to the output: show has"},
    {"$J chain --define 'a = linear:3x2(x); y = a .* linear:2x2(a)' --size x=batchx3 "
     "--wrt x | grep -A4 'The sum over all'",
     0, "equals the Jacobian that show prints"},
    {"$J chain --define 'a = x + linear:2x2(x); b = a + linear:2x2(a); c = b + "
     "linear:2x2(b); d = c + linear:2x2(c); e = d + linear:2x2(d); f = e + "
     "linear:2x2(e); y = f + linear:2x2(f)' --size x=batchx2 --wrt x",
     2, "more than the 100 that chain walks"},
    {"$J check docs/examples/shared.jac --of h_1 --wrt U --batch 2", 0,
     "b) with respect to U: 3 of 3 references agree"},
    {"$J show docs/examples/shared.jac --of q", 2, "the equations give h_1, h_2, y"},
    {"$J show tanh:2 --of y", 2, "it is for equations"},
    {"$J show --define 'a = x .* x; y = exp(a)' --size x=3 --of a", 0,
     "Jacobian of a = x .* x with respect to x"},
    {"$J chain docs/examples/shared.jac --of h_2 --wrt U | grep 'way.*from U'", 0,
     "way 2 of 2 from U"},
    /* Samples of very different scale, and points where all slopes are rounding. */
    {"$J check softmax:3 --batch 2 --set 'z=0 1e-8 20;1 1e300 1e16'", 0,
     "3 of 3 references agree"},
    {"$J check softmax:3,temperature=0.1 --seed 21", 0, "3 of 3 references agree"},
    {"$J check instance-norm:2,length=1 --batch 2", 0, "3 of 3 references agree"},
    /* A zero that was computed is not one whatever the values. */
    {"$J show relu:2 --set z='-1 2' --format latex", 0, "  0.0 & 0 \\\\\n  0 & 1\n"},
    {"$J show relu:2 --set z='-1 2' --format latex", 0, "% 0.0: zero at these values"},
    {"$J show relu:2 --set z='1 2' --format latex | grep -c 'zero at'", 1, "0"},
    {"$J show relu:2 --set z='-1 2' --format markdown", 0, ", at `z = -1 2` (0.0: zero"},
    {"$J show relu:2 --set z='-1 2' --format csv", 0,
     "\"output at z = -1 2\",\"z^{k-1}_{1,1}\",\"z^{k-1}_{1,2}\"\n"
     "\"z^{k}_{1,1}\",0.0,0\n\"z^{k}_{1,2}\",0,1\n"},
    {"$J show relu:2 --set z='-1 2' --format json", 0, "[[0.0, 0],\n  [0, 1.0]]"},
    {"$J show linear:2x2 --wrt W --form reduced --format latex --set 'z=0 1'", 0,
     "  \\begin{pmatrix} 0.0 & 1 \\end{pmatrix} & 0 "},
    {"$J show linear:2x2 --wrt W --set 'z=0 1; 2 3' --batch 2 --format csv >$D/a.csv; "
     "$J check linear:2x2 --wrt W --set 'z=0 1; 2 3' --batch 2 --against $D/a.csv",
     0, "agrees"},
    /* A file is what it holds. */
    {"printf '# two layers\\nlinear:3x4,bias # hidden\\n\\ntanh linear:2\\nsoftmax' "
     ">$D/net.jac; $J show $D/net.jac --wrt W1 >$D/a; "
     "$J show linear:3x4,bias tanh linear:2 softmax --wrt W1 | cmp - $D/a && echo same",
     0, "same"},
    {"printf 'linear:3x4,bias\\ntanh' >$D/net.jac; "
     "$J check linear:2x3 net mse --module $D/net.jac --batch 2 >$D/a; "
     "$J check linear:2x3 linear:3x4,bias tanh mse --batch 2 | cmp - $D/a && echo same",
     0, "same"},
    {"printf 'x, v: 3 x 1\\nA: 3x3 # a matrix\\nu = A v\\nf(x, v) = x^T u' >$D/f.jac; "
     "$J show $D/f.jac --wrt x >$D/a; $J show --define 'u = A v; f(x, v) = x^T u' "
     "--size A=3x3,x=3x1,v=3x1 --wrt x | cmp - $D/a && echo same",
     0, "same"},
    {"printf 'z: batch x 3\\nW: 3x2\\ny = tanh(z W)' >$D/f.jac; "
     "$J check $D/f.jac --batch 2",
     0, "3 of 3 references agree"},
    {"printf '# nothing' >$D/e.jac; $J show $D/e.jac", 2,
     "neither a module nor an equation"},
    {"printf 'y = x' >$D/f.jac; $J show f --module $D/f.jac", 2,
     "f.jac, line 1: x has no size"},
    {"printf 'linear:3x4\n\ntanh # n\nlinear:5x2' >$D/f.jac; $J show $D/f.jac", 2,
     "f.jac, line 4: tanh:4 gives 4 features, linear:5x2 wants 5"},
    {"printf 'linear:3x4\ntanhh' >$D/f.jac; $J show $D/f.jac", 2,
     "f.jac, line 2: no module is called 'tanhh'"},
    {"printf 'x: batch x 3\nW: 3 y 2\ny = x W' >$D/f.jac; $J show $D/f.jac", 2,
     "f.jac, line 2: --size 'W=3y2'"},
    {"printf 'x: batch x 3\nh = linear:3x2(x)\ny = h + g' >$D/f.jac; $J show $D/f.jac", 2,
     "f.jac, line 3: g has no size"},
    {"printf 'x: batch x 3\ny = f(x)' >$D/f.jac; $J show f --module $D/f.jac", 2,
     "f.jac calls itself"},
    /* Modules among equations, and a file of these as a module. */
    {"printf 'x: batch x 3\nh: batch x 2\ns = rnn(x, h)\nlinear:4 tanh:4' >$D/cell.jac; "
     "$J check $D/cell.jac --batch 2 --wrt h",
     0, "3 of 3 references agree"},
    {"$J show linear:2x3 cell --module $D/cell.jac --batch 2 --wrt z --entries numbers "
     "--set 'z=1 2; 3 4' | tail -n +2 | sed 's/z.*z/z/' >$D/a; test -s $D/a && "
     "$J check linear:2x3 cell softmax --module $D/cell.jac --batch 2 --wrt U",
     0, "3 of 3 references agree"},
    {"$J check --define 'y = cell(x, h) + cell(x, g)' --module $D/cell.jac --batch 2 "
     "--size x=batchx3,h=batchx2,g=batchx2 --wrt x",
     0, "3 of 3 references agree"},
    {"$J modules cell --module $D/cell.jac", 0, "y = cell(...)"},
    {"printf 'tanh:3' >$D/tanh.jac; $J show tanh --module $D/tanh.jac", 2,
     "has a module tanh itself"},
    {"$J show $D/none.jac", 2, "none.jac: No such file"},
    {"$J modules --module $D/net.jac", 0, "y = net(...)"},
    {"printf 'x: 2\\ny = x' >$D/f.jac; $J show $D/f.jac --define 'y = 2 x' --size x=2", 2,
     "one of them"},
    {"$J show cross-entropy:3 --batch 2 --set 'y=2 -100' | tail -1", 0,
     "0       0       0"},
    {"$J check cross-entropy:3 --batch 3 --set 'y=2 -100 1'", 0,
     "3 of 3 references agree"},
    {"$J show cross-entropy:3 --set y=4", 2, "classes are numbered from 1 to 3"},
    {"$J show nll:3 --set y=0", 2, "(PyTorch's from 0)"},
    {"$J show cross-entropy:3,smoothing=0.1 --set y=-100", 2, "smoothing gives a sample"},
    {"$J show cross-entropy:3,smoothing=0.1,ignore=-100 --set y=-100", 0, "0"},
    {"$J show rnn:1x1,steps=2 --wrt z --entries symbols", 0, "w₁ⱼ G_2₁ⱼ"},
    {"$J show rnn:1x1,steps=2 --wrt U --entries symbols", 0, "G_1₁₁ h₁₁ + G_2₁₁ h_1₁"},
    {"$J show cross-entropy:3,ignore=4", 2, "a class from 1 to 3, or -100"},
    {"$J show nll:3,ignore=1.5", 2, "a class from 1 to 3, or -100"},
    {"$J show softmax:3 --set 'z=1,5; 2,5; 3,5'", 2, "decimal commas? write points"},
    {"$J show --define 'z' --size z=3 --batch 2", 2, "say which variables are data"},
    /* The same function as a network is other code. */
    {"V=\"--set z=@$D/z.csv --set W=@$D/W.csv\"; printf '1,2\\n-.5,.3\\n' >$D/z.csv; "
     "printf '1,2,3\\n-.4,.5,.6\\n' >$D/W.csv; "
     "$J show --define 'Y = tanh(z W)' --size z=batchx2,W=2x3 --batch 2 --wrt z $V "
     "-o $D/d.npy; $J check linear:2x3 tanh --batch 2 --wrt z $V --against $D/d.npy",
     0, "read as: batch"},
    {"V=\"--set z=@$D/z.csv --set W=@$D/W.csv\"; printf '1,2\\n-.5,.3\\n' >$D/z.csv; "
     "printf '1,2,3\\n-.4,.5,.6\\n' >$D/W.csv; "
     "$J show --define 'Y = tanh(z W)' --size z=batchx2,W=2x3 --batch 2 --wrt W $V "
     "-o $D/d.npy; $J check linear:2x3 tanh --batch 2 --wrt W $V --against $D/d.npy",
     0, "read as: batch"},
    {"$J show --define 'L = sum((z W).^2)' --size z=batchx2,W=2x3 --batch 2 --wrt z", 0,
     "full form, 1 × 4"},
    {"$J show --define 'Y = z - ones(2,2) z/2' --size z=batchx3 --batch 2", 0,
     "full form, 6 × 6"},
    {"$J show --define 'Y = z - ones(2,2) z/2' --size z=batchx3 --batch 2 --form batch",
     2, "the data of another"},
    {"$J show --define 'Y = z^T W' --size z=batchx3,W=2x2 --batch 2", 2,
     "3 rows for 2 samples"},
    {"$J check --define 'Y = tanh(z W)' --size z=batchx3,W=3x2 --batch 2 --wrt W --claim "
     "'delta(o,j)*(1 - Y[n,o]^2)*z[n,i]'",
     0, "the claim holds"},
    {"$J check --define 'Y = softmax(z W)' --size z=batchx3,W=3x2 --batch 3", 0,
     "3 of 3 references agree"},
    {"$J show --define 'foo(z)' --size z=3", 2, "foo: no function is called so"},
    {"$J show --define '2 + 3'", 2, "no variable to differentiate by"},
    {"$J show --define 'z[9]' --size z=3", 2, "entry 9 of 3 does not exist"},
    {"$J show --define 'sum(i, z[i]' --size z=3", 2, "where ')' is expected"},
    {"$J --help", 0, "Commands:"},
    {"$J --version", 0, "jacobian 0."},
    {"$J shwo linear:3x2", 2,
     "jacobian: no command is called 'shwo': did you mean show?"},
    {"$J show", 2, "no module is named: add one, as in linear:3x2"},
    {"$J show sofmax:3", 2, "no module is called 'sofmax': did you mean softmax?"},
    {"$J show soft:3", 2, "did you mean softmax?"},
    {"$J show linear:3", 2, "linear needs the sizes INxOUT"},
    {"$J show linear --what gradient --wrt W --format latex", 0, "^\\top \\delta"},
    {"LC_ALL=C.UTF-8 $J show linear --batch 1 --wrt W --annotate", 0, "I_{output} ⊗ z"},
    {"$J show linear:nxp --batch N --wrt z --form full --annotate --format latex", 0,
     "I_{N} \\otimes W^\\top"},
    {"$J show linear:nxp --what forward --format markdown", 0, "\\sum_{i=1}^{n}"},
    {"$J show linear:n×p --wrt z", 0, "w[n,p]"},
    {"$J show linear --form full --wrt W --format latex", 0, "z^{k-1}_{batch,input}"},
    {"$J show linear:n", 2, "linear needs the sizes INxOUT"},
    {"$J show linear:n-1xp", 2, "'n-1' is no size"},
    {"$J show glu", 2, "n features have no two halves"},
    {"$J show conv1d --wrt z", 2, "no general form"},
    {"$J show bilinear --wrt W --batch 1", 2, "no general form"},
    {"$J show linear --entries numbers", 2, "symbols alone"},
    {"$J show linear --format json", 2, "not as json"},
    {"$J show linear --wrt z,W", 2, "no general form yet"},
    {"$J show linear --style tikz --format latex", 2, "--style amsmath alone"},
    {"$J show linear:nxp tanh", 2, "of one module"},
    {"$J check linear:3x2 --batch N", 2, "a whole number"},
    {"$J show linear:0x2", 2, "sizes are whole numbers from 1 on"},
    {"$J show linear:3y2", 2, "sizes are whole numbers from 1 on"},
    {"$J show linear:99999999999999999999x1", 2, "a size is too large"},
    {"$J show linear:3x2,bas", 2, "linear has no option 'bas': did you mean bias?"},
    {"$J show linear:3x2,bias,bias", 2, "the option 'bias' stands there twice"},
    {"$J show linear:3x2,bias=1", 2, "the option bias takes no value"},
    {"$J show mse:3,reduction", 2, "the option reduction needs a value"},
    {"$J show mse:3,reduction=avg", 2, "none, sum or mean is needed"},
    {"$J show linear:3x2,", 2, "an option is missing after a comma"},
    {"$J show ''", 2, "is not a module"},
    {"$J show linear:3x2 --wrt w", 2, "has no variable 'w': did you mean W? (z, W)"},
    {"$J show linear:3x2 --wrt weight", 2, "did you mean W? (z, W)"},
    {"$J show linear:3x2 --wrt b", 2,
     "has no variable 'b' (z, W): write linear:3x2,bias"},
    {"$J show linear:3x4 tanh linear:2 --wrt bias", 2, "write linear:3x4,bias"},
    {"$J show linear:3x2,bias --wrt b1", 0, "with respect to b"},
    {"$J show linear:3x4 tanh linear:2,bias --wrt b2", 0, "with respect to b"},
    {"$J show linear:3x4 tanh linear:2,bias --wrt b1", 2, "has no variable 'b1'"},
    /* A pool takes the channels of the convolution before it, through what is entrywise.
     */
    {"$J check conv1d:2x3x2,length=5 relu avg-pool1d:2 --wrt z", 0,
     "3 of 3 references agree"},
    {"$J show conv1d:2x3x2,length=5 relu avg-pool1d:2 --wrt z --entries structure", 0,
     "4 × 15"},
    {"$J show conv1d:2x3x2,length=5 avg-pool1d:2,channels=1 --wrt z --entries structure",
     0, "4 × 15"},
    {"$J show conv1d:2x3x2,length=5 relu avg-pool1d:2 --wrt z --format csv >$D/a && "
     "$J show conv1d:2x3x2,length=5 relu avg-pool1d:2,channels=2 --wrt z --format csv | "
     "cmp - $D/a",
     0, ""},
    {"$J check conv2d:2x1x3,height=4,width=4 max-pool2d:2 --wrt z", 0,
     "3 of 3 references agree"},
    {"$J show ReLU:3", 0, "Jacobian of relu:3"},
    {"$J show nn.LogSoftmax:3", 0, "Jacobian of log-softmax:3"},
    {"$J show bn:3", 2, "did you mean batch-norm?"},
    {"$J show LeakyReLU:3,negative_slope=0.1", 2, "did you mean slope?"},
    {"$J show linear:3x2 --set 'z=[[1/3, 2, -1/2]]' --wrt W", 0, "0.3333   2   -0.5"},
    {"printf '1;0,5;2\n' >$D/comma.csv; $J show linear:3x2 --set z=@$D/comma.csv --wrt W",
     0, "at z = 1 0.5 2"},
    {"$J show softmax:3 --batch 2 --format npy --wrt z -o $D/two.npy; "
     "$J show linear:3x2 --set 'z=1 2 3;4 5 6'",
     2, "needs 1x3 (add --batch 2)"},
    {"$J show --define 'x*x' --size x=3", 2, "did you mean 'x.*x', entry by entry?"},
    {"$J show --define 'x^2' --size x=3", 2, "did you mean 'x.^2', entry by entry?"},
    {"$J show --define 'x**2' --size x=3", 2, "did you mean 'x.^2', entry by entry?"},
    {"$J show --define 'X**2' --size X=3x3", 0, "y₁₁"},
    {"$J show --define 'y = W*x + b' --size W=3x2,x=2,b=3", 2,
     "did you mean --size x=2x1,b=3x1?"},
    {"$J show --define 'y = x*W' --size x=3x1,W=3x2", 2, "did you mean --size x=1x3?"},
    {"$J show --define 'tanh(x)' --size x=3,q=2", 2, "has no variable 'q': it has x"},
    {"$J show linear:3x2 --batch 0", 2, "--batch 0: a whole number from 1"},
    {"$J show linear:3x2 --bach 2", 2,
     "show has no option --bach: did you mean --batch?"},
    {"$J show linear:3x2 --wrt", 2, "the option --wrt needs a value"},
    {"$J show linear:3x2 -x", 2, "show has no option -x"},
    {"$J show linear:3x2 --form fulll", 2, "--form fulll: did you mean full?"},
    {"$J show linear:3x2 --batch 2 --form matrix", 2,
     "the matrix form is for one sample"},
    {"$J show mse:3,reduction=mean --batch 2 --form batch", 2, "samples are coupled"},
    {"$J show linear:3x2 --format cvs", 2, "did you mean csv?"},
    {"$J show linear:3x2 --format csv", 2, "choose a variable with --wrt"},
    {"$J show linear:3x2 --format svg", 2, "a svg file holds one Jacobian"},
    {"$J show linear:3x2 --wrt W -o $D/J.svg && cat $D/J.svg", 0, "</svg>"},
    {"$J show linear:3x2 --wrt W -o $D/J.PNG && head -c 4 $D/J.PNG | tail -c 3", 0,
     "PNG"},
    {"$J show linear:3x2 --wrt W --format png >/dev/full", 2, "cannot write"},
    {"$J show linear:3x2 --wrt W --format svg >/dev/full", 2, "cannot write"},
    {"$J show linear:3x2 --precision 99", 2, "a whole number from 1 to 17"},
    {"$J show linear:3x2 --seed x", 2, "a whole number from 0"},
    {"$J show linear:3x2 --max-memory 10", 2, "--max-memory"},
    {"$J show linear:3x2 --samples 1:1", 2, "npz, zarr"},
    {"$J show linear:3x2 --wrt W --samples 2:1 -o $D/x.npz", 2, "from 1 to 1"},
    {"$J show linear:3x2 --wrt W --batch 2 --form batch -o $D/x.npz", 2, "--form full"},
    {"$J show batch-norm:3 --wrt z --batch 2 --samples 1:1 -o $D/x.npz", 2, "coupled"},
    {"$J show linear:3x2 --wrt W --format zarr", 2, "name it with -o"},
    {"$J show linear:3x2 --wrt W -o $D/x.zarr && $J show linear:3x2 --wrt z -o $D/x.zarr",
     2, "is there already"},
    {"$J show linear:3x2 --wrt z --samples 1:1 -o $D/x.zarr", 2, "is another array"},
    {"$J show linear:4x3 --wrt W --batch 2 -o $D/y.zarr && ls -A $D/y.zarr | tr '\\n' ' "
     "'",
     0, ".zarray .zattrs 0.0.0 1.0.0"},
    {"$J show linear:30000x30000 --max-memory 8G", 2, "needs 196 TiB"},
    {"$J show linear:3000x3000 --wrt W --max-memory 1G", 2, "201 GiB"},
    {"$J show linear:512x512 --batch 64 --wrt W --max-memory 3G", 2,
     "--batch 3 would fit"},
    {"$J show linear:3x2 --set z=1,2", 2, "z"},
    {"$J show linear:3x2 --set z", 2, "NAME=VALUES"},
    {"$J show linear:3x2 --set q=1", 2, "has no variable 'q'"},
    {"$J show linear:3x2 --set 'z=1 2 x'", 2, "is not a number"},
    {"$J show linear:3x2 --set z=@$D/none.csv", 2, "none.csv"},
    {"$J show linear:3x2 --set z=@$D", 2, "directory"},
    {": >$D/empty.csv; $J show linear:3x2 --set z=@$D/empty.csv", 2, "empty"},
    {"printf '1,2\\n3\\n' >$D/r.csv; $J show linear:3x2 --set z=@$D/r.csv", 2, "r.csv:2"},
    {"$J show linear:3x2 -o $D/no/such.txt", 2, "such.txt"},
    {"$J show linear:3x2 >/dev/full", 2, "cannot write standard output"},
    {"$J check linear:3x2,bias --batch 2", 0, "3 of 3 references agree"},
    {"$J check softmax:4 --set 'z=1000 -1000 0 1'", 0, "3 of 3 references agree"},
    {"$J check relu:3 --set 'z=1 0 -1'", 0, "not differentiable here"},
    {"$J check linear:2x2 --set 'z=nan 1'", 0, "no value here"},
    {"$J check mse:1 --set z=1e200 --set y=0", 0, "no value here"},
    {"$J check --define 'y=1/u' --size u=1 --set u=1e-4", 0, "3 of 3 references agree"},
    {"$J check --define 'y=log(u)' --size u=1 --set u=1e-20", 0,
     "3 of 3 references agree"},
    {"$J check --define 'y=sqrt(u)' --size u=1 --set u=0", 0, "not differentiable here"},
    {"$J check --define 'y=norm(u)' --size u=2 --set 'u=0 0'", 0,
     "not differentiable here"},
    {"$J check --define 'y=exp(u)' --size u=1 --set u=800 --format json", 0,
     "\"verdict\": \"cannot be told\""},
    {"$J check mae:2 --set 'z=1 2' --set 'y=1 0'", 0, "not differentiable here"},
    {"$J check max-pool1d:2,length=4 --set 'z=1 1 2 0'", 0, "not differentiable here"},
    {"$J check huber:2 --set 'z=1 -1' --set 'y=0 0'", 0, "3 of 3 references agree"},
    {"$J check leaky-relu:2 --set 'z=0 1'", 0, "not differentiable here"},
    {"$J show bce:2 --set 'z=1 0' --set 'y=1 0' --format csv --wrt z", 0, ",-1,1"},
    {"$J check softmax:4 --sweep", 0, "falls as h^2"},
    {"$J check linear:3x2 --difference plain", 0, "3 of 3"},
    {"$J check linear:3x2 --against $D/x.npy", 2, "choose its variable with --wrt"},
    {"printf '1 2 3' | $J show linear:3x2 --set z=@- --wrt W", 0, "linear:3x2"},
    {"$J chain linear:3x4,bias tanh linear:4x2 cross-entropy --batch 3 --wrt W1", 0,
     "reverse mode   72"},
    {"$J chain linear:3x2 batch-norm --wrt W --batch 3", 0,
     "in full form: samples are coupled"},
    {"$J chain linear:3x2 softmax --wrt z --entries symbols", 0, "s₁(1 − s₁)"},
    {"$J chain linear:3x2 linear:5x2", 2,
     "linear:3x2 gives 2 features, linear:5x2 wants 5"},
    {"$J chain linear:3x4 tanh linear:2 mse --wrt W1 | "
     "grep -E 'from the left: ([0-9.]+e-1[4-9]|0)[.]$'",
     0, "The product from the right equals"},
    {"$J chain linear:3x4 tanh linear:2 mse --wrt W1 | "
     "grep -E 'largest difference ([0-9.]+e-1[4-9]|0)[.]$'",
     0, "largest difference"},
    {"$J chain softmax:3 --format json | grep -c delta", 0, "1"},
    {"$J chain linear:2x2 tanh --wrt W --format csv", 0,
     "J2 J1,1,\"z^{2}_{1,1}\",\"w_{1,1}\","},
    {"$J chain linear:2x2 tanh --format csv", 2, "choose a variable with --wrt"},
    {"$J chain linear:2x2 tanh --wrt W --format npy -o $D/C.npy; "
     "$J check linear:2x2 tanh --wrt W --against $D/C.npy",
     0, "agrees"},
    {"$J chain linear:2x2 tanh --wrt z --entries symbols", 0, "Evaluated"},
    {"$J show linear:2x2 tanh --entries symbols", 2, "factor by factor"},
    {"$J show mse:3,reduction=mean --batch 2 --form batch --format json", 2, "coupled"},
    {"$J chain tanh:4 avg-pool1d:2 --entries structure", 0, "J2"},
    {"$J check linear:3x4,bias tanh linear:2,bias softmax --batch 2", 0, "3 of 3"},
    {"$J show linear:3x4 tanh linear:2 --wrt W2 --batch 2 --form full", 0, "4 × 8"},
    {"$J show linear:3x4 tanh linear:2 --wrt W9", 2, "(z, W1, W2)"},
    {"$J modules", 0, "softmax:N"},
    {"$J modules softmax", 0, "entry"},
    {"$J modules linear --format csv", 0,
     "linear,\"linear:INxOUT[,bias]\",\"z W b\",false,"},
    {"$J modules linear --format npy", 2,
     "modules writes text, latex, markdown, json, csv"},
    {"$J check softmax:2 --format csv", 0, "softmax:2,z,\"finite differences\",agrees,"},
    {"$J modules sofmax", 2, "did you mean softmax?"},
    {"JACOBIAN_PAGE=/nowhere $J explore", 2, "/nowhere"},
    {"cp $J $D/alone && $D/alone explore -o $D/p.html", 2,
     "the page is not built: `make page` builds it"},
    {"echo 'a@START@b' >$D/p; JACOBIAN_PAGE=$D/p $J explore softmax:3 --set 'z=1 2 3'", 0,
     "aspec=softmax%3A3&batch=1&seed=1&set=z%3D1%202%203b"},
    {"echo 'a@START@b' >$D/p; echo 1,2 >$D/z.csv; JACOBIAN_PAGE=$D/p $J explore "
     "linear:2x1 "
     "tanh --set z=@$D/z.csv --wrt W --form full --order C --entries numbers --batch 1",
     0,
     "aspec=linear%3A2x1%20tanh&batch=1&seed=1&wrt=W&form=full&entries=numbers&order=C&"
     "set="
     "z%3D1%202b"},
    {"echo 'a@START@b' >$D/p; JACOBIAN_PAGE=$D/p $J explore --define 'y = z .* <z>'", 2,
     ""},
    {"echo 'a@START@b' >$D/p; JACOBIAN_PAGE=$D/p $J explore --define 'y = z .* z' --size "
     "z=2",
     0, "adefine=y%20%3D%20z%20.%2A%20z&size=z%3D2&"},
    {"echo 'a@START@b' >$D/p; JACOBIAN_PAGE=$D/p $J explore conv1d:2x1x2,length=3 --set "
     "'W=1 2 3 4'",
     0, "set=W%3D1%202%203%204b"},
    {"echo nothing >$D/p; JACOBIAN_PAGE=$D/p $J explore", 2, "is not the page"},
    {"$J explore linear:3 -o $D/q.html; ls $D", 0, "linear:INxOUT"},
    {"$J show --help", 0, "--wrt NAME"},
    {"$J check -h", 0, "--against FILE"},
};

START_TEST(lines_answer) {
  char out[20000];
  int status = run(lines[_i].line, out, sizeof out);
  ck_assert_msg(status == lines[_i].status, "%s: status %d, not %d: %s", lines[_i].line,
                status, lines[_i].status, out);
  ck_assert_msg(strstr(out, lines[_i].says) != NULL, "%s: said: %s", lines[_i].line, out);
  /* One line; a formula's has the formula and a caret below, set in. */
  const char *end = strchr(out, '\n');
  if (status == 2 && strcmp(lines[_i].line, "$J") != 0)
    ck_assert_msg(end == out + strlen(out) - 1 || strncmp(end, "\n  ", 3) == 0,
                  "one line: %s", out);
}
END_TEST

/* What code scanning shows: a result a line, of a rule that is listed. */
START_TEST(sarif_is_whole) {
  char out[20000];
  ck_assert_int_eq(
      run("$J verify docs/examples/notes.md --format sarif", out, sizeof out), 1);
  json_t *log = json_loads(out, JSON_REJECT_DUPLICATES, NULL), *rules, *results, *result;
  size_t index, count = 0;
  ck_assert_ptr_nonnull(log);
  ck_assert_str_eq(json_string_value(json_object_get(log, "version")), "2.1.0");
  ck_assert_int_eq(json_unpack(log, "{s[{s{s{so}}so}]}", "runs", "tool", "driver",
                               "rules", &rules, "results", &results),
                   0);
  json_array_foreach(results, index, result) {
    const char *rule, *level, *message, *file;
    int line;
    ck_assert_int_eq(json_unpack(result, "{sssss{ss}s[{s{s{ss}s{si}}}]}", "ruleId", &rule,
                                 "level", &level, "message", "text", &message,
                                 "locations", "physicalLocation", "artifactLocation",
                                 "uri", &file, "region", "startLine", &line),
                     0);
    bool listed = false;
    for (size_t k = 0; k < json_array_size(rules); k++)
      listed = listed || strcmp(rule, json_string_value(json_object_get(
                                          json_array_get(rules, k), "id"))) == 0;
    ck_assert_msg(listed, "%s", rule);
    count += line == 9 || line == 17;
  }
  ck_assert_uint_eq(count, 2);
  json_decref(log);
}
END_TEST

/* A user's matrix, made from our own in some way, is judged as it deserves. */
static const struct {
  const char *line;
  int status;
  const char *says;
} judged[] = {
    {"$J show linear:3x2 --wrt W --format npy -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --against $D/J.npy",
     0, "J.npy agrees"},
    {"$J show linear:3x2 --wrt W --format csv -o $D/J.csv; "
     "$J check linear:3x2 --wrt W --against $D/J.csv",
     0, "agrees"},
    {"$J show linear:3x2 --wrt W --batch 2 --form full -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --batch 2 --against $D/J.npy",
     0, "read as: full"},
    {"$J show linear:3x2 --wrt W --batch 2 -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --batch 2 --against $D/J.npy",
     0, "read as: batch"},
    {"$J show linear:3x2 --wrt W --order C -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --against $D/J.npy",
     1, "numbered in the other order"},
    {"$J show linear:3x2 --wrt W --order C -o $D/J.npy; "
     "$J check linear:3x2 --wrt W --order C --against $D/J.npy",
     0, "agrees"},
    {"$J check linear:2x3 --wrt z --set 'W=1 2 3; 4 5 6' --against $D/W.csv", 1,
     "transpose"},
    {"$J check linear:3x3 --wrt z --set 'W=1 2 3; 4 5 6; 7 8 0' --against $D/S.csv", 1,
     "most likely: it is the transpose"},
    {"$J check linear:4x2 --wrt z --against $D/W.csv", 1, "wrong shape: it is 2x3"},
    {"$J check linear:3x2 --wrt z --batch 4 --set 'W=1 4; 2 5; 3 6' --against $D/W.csv",
     0, "one matrix for every sample"},
    {"$J check linear:2x3 --wrt z --batch 4 --set 'W=1 2 3; 4 5 6' --against $D/W.csv", 1,
     "transpose"},
    {"printf '4,6,0,0\\n0,0,4,6\\n' >$D/sum.csv; $J check linear:2x2 --wrt W --batch 2 "
     "--set 'z=1 2; 3 4' --against $D/sum.csv",
     1, "it is summed over the samples"},
    {"printf '2,3,0,0\\n0,0,2,3\\n' >$D/sum.csv; $J check linear:2x2 --wrt W --batch 2 "
     "--set 'z=1 2; 3 4' --against $D/sum.csv",
     1, "it is averaged over the samples"},
    {"$J check linear:3x2 --wrt z --set 'W=-1 -4; -2 -5; -3 -6' --against $D/W.csv", 1,
     "opposite sign"},
    {"$J check linear:3x2 --wrt z --set 'W=.5 2; 1 2.5; 1.5 3' --against $D/W.csv", 1,
     "it is 2 times the Jacobian"},
    {"$J check linear:3x2 --wrt z --set 'W=1.0001 4; 2 5; 3 6' --against $D/W.csv", 1,
     "agrees to about 4 digits"},
    {"$J check linear:3x2 --wrt z --set 'W=1.0001 4; 2 5; 3 6' --against $D/W.csv "
     "--tolerance 1e-3",
     0, "agrees"},
    /* softmax at 1 2 3, to 4 decimals, and with one of them of the other sign */
    {"printf '.0819,-.0220,-.0599\\n-.0220,.1848,-.1628\\n-.0599,-.1628,.2227\\n' "
     ">$D/s4.csv; $J check softmax:3 --set 'z=1 2 3' --against $D/s4.csv",
     0, "read as: matrix, rounded to 4 decimals"},
    {"$J check softmax:3 --set 'z=1 2 3' --against $D/s4.csv --tolerance 1e-6", 1,
     "agrees to about"},
    {"sed 's/,-.1628$/,.1628/' $D/s4.csv >$D/s5.csv; "
     "$J check softmax:3 --set 'z=1 2 3' --against $D/s5.csv | grep -c '^  zᵏ'",
     0, "1"},
    {"$J check softmax:3 --against $D/s4.csv", 1, "drawn from the seed: z; --set"},
    {"$J check linear:3x2 --wrt z --batch 4 --against $D/W.csv", 1,
     "drawn from the seed: W; --set"},
    {"printf '0.419974341614026,0,0\\n0,0.0706508248531645,0\\n0,0,"
     "0.00986603716544019\\n' >$D/tanh.csv; "
     "$J check tanh:3 --set 'z=1 2 3' --against $D/tanh.csv | grep -c drawn",
     1, "0"},
    {"printf '1,0\\n0,1' >$D/I.csv; "
     "$J check relu:2 --set 'z=1 0' --against $D/I.csv --wrt z",
     0, "neither right nor wrong"},
    {"printf 'x' >$D/b.npy; $J check relu:2 --wrt z --against $D/b.npy", 2, "b.npy"},
};

/* With --certify; a build without Arb says so, each time. */
static const struct {
  const char *arguments;
  int status;
  const char *says;
} certified[] = {
    {"softmax:4 --batch 2", 0, "; all 32 entries proved: within "},
    {"relu:3 --set 'z=1 0 -1'", 0, "8 of 9 entries proved: within 0 ulp; 1 kink"},
    {"--define 'y=sqrt(x)' --set 'x=0'", 0, "1 pole or jump cannot be narrowed"},
    {"softmax:3 --format json", 0, "\"proved\": 9"},
    {"linear:3x2 tanh", 2, "certify its modules one by one"},
    {"linear:3x2 --against J.npy --wrt z", 2, "--certify does nothing beside --against"},
    {"softmax:4 --claim 's[i]*(delta(i,j) - s[j])'", 0, "holds; proved by certified"},
    {"softmax:4 --batch 2 --claim \"diag(s) - s'*s\"", 0, "holds; proved by certified"},
    {"softmax:4 --claim 's[i]*(delta(i,j) - s[j])*(1 + 1e-9)'", 1,
     "does not hold; refuted by certified"},
    {"softmax:4 --claim '(1 + 1e-15)*s[i]*(delta(i,j) - s[j])'", 1,
     "off by 1e-15 of the entry, for certain"},
    {"softmax:4 --claim '2*s[i]*(delta(i,j) - s[j])'", 1, "there is a factor 2 too many"},
    {"linear:3x2 --wrt z --claim 'W'", 0, "holds, with column vectors; proved"},
    {"linear:3x2 --wrt W --claim 'kron(eye(2), z)' --order C", 0, "proved by certified"},
    {"tanh:3 --claim '1 - y^2'", 0, "a vector stands for the diagonal; proved"},
    {"layer-norm:4 --batch 2 --wrt z --claim 'gamma[i]*r*(delta(i,j) - (1 + "
     "x[i]*x[j])/N)'",
     0, "holds; proved by certified"},
    {"layer-norm:4 --batch 2 --wrt z --claim 'gamma[o]*r[n]*(delta(o,i) - (1 + "
     "x[n,o]*x[n,i])/N)'",
     0, "holds; proved by certified"},
    {"attention:2x2 --batch 3 --wrt V --claim 'kron(A, I)'", 0, "holds; proved"},
    {"batch-norm:2 --batch 3 --wrt gamma --claim 'delta(o,i)*x[n,o]'", 0, "proved"},
    {"cross-entropy:3 --batch 2 --wrt z --claim 's - y'", 0, "proved by certified"},
    {"conv1d:2x1x2,length=4 --wrt z --claim "
     "'sum(k, delta(q, stride*(l-1)+k)*W[k,i,o])'",
     0, "proved by certified"},
    {"mse:3 --wrt z --claim '2*(z - y)' --format json", 0, "\"certified\": true"},
    {"--define 'y = tanh(z*W)' --size z=1x3,W=3x2 --wrt z --claim \"diag(1-y.^2)*W'\"", 0,
     "proved by certified"},
    {"--define 'y = tanh(W*z)' --size z=3x1,W=2x3 --wrt z --claim 'diag(1-y.^2)*W'", 0,
     "proved by certified"},
    {"linear:3x2 --claim 'W' --wrt z --batch 2", 0, "proved by certified"},
};

START_TEST(claims_and_entries_are_proved) {
  char line[600], out[20000];
  bool available = jac_ball_library() != NULL;
  snprintf(line, sizeof line, "$J check %s --certify", certified[_i].arguments);
  int status = run(line, out, sizeof out);
  ck_assert_msg(status == (available ? certified[_i].status : 2), "%s: status %d: %s",
                line, status, out);
  ck_assert_msg(strstr(out, available ? certified[_i].says : "without Arb") != NULL ||
                    (!available && strstr(out, "beside --against") != NULL),
                "%s: %s", line, out);
  ck_assert_int_eq(run("$J --version", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, available ? "by FLINT " : "without certified"));
}
END_TEST

START_TEST(matrices_are_judged) {
  char out[20000];
  ck_assert_int_eq(run("printf '1,2,3\\n4,5,6\\n' >$D/W.csv; "
                       "printf '1,2,3\\n4,5,6\\n7,8,0\\n' >$D/S.csv",
                       out, sizeof out),
                   0);
  int status = run(judged[_i].line, out, sizeof out);
  ck_assert_msg(status == judged[_i].status, "%s: status %d: %s", judged[_i].line, status,
                out);
  ck_assert_msg(strstr(out, judged[_i].says) != NULL, "%s: said: %s", judged[_i].line,
                out);
}
END_TEST

static json_t *load(const char *line) {
  static char out[200000];
  json_error_t error;
  int status = run(line, out, sizeof out);
  ck_assert_msg(status == 0 || status == 1, "%s", out);
  json_t *json = json_loads(out, 0, &error);
  ck_assert_msg(json != NULL, "%s: %s", error.text, out);
  return json;
}

START_TEST(show_json_is_the_design_s) {
  json_t *json = load("$J show linear:2x2 --wrt W --set 'z=3 4' --format json");
  static const char *const keys[] = {"module", "wrt",  "batch",   "form",   "order",
                                     "shape",  "rows", "columns", "values", "symbols"};
  for (size_t k = 0; k < 10; k++)
    ck_assert_msg(json_object_get(json, keys[k]) != NULL, "%s", keys[k]);
  ck_assert_uint_eq(json_object_size(json), 10);
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "rows"), 1)),
                   "z^{k}_{1,2}");
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "columns"), 1)),
                   "w_{2,1}");
  json_t *row = json_array_get(json_object_get(json, "values"), 0);
  static const double expected[] = {3, 4, 0, 0};
  for (size_t k = 0; k < 4; k++)
    ck_assert_double_eq(json_number_value(json_array_get(row, k)), expected[k]);
  json_t *symbols = json_array_get(json_object_get(json, "symbols"), 1);
  static const char *const texts[] = {"0", "0", "z^{k-1}_{1,1}", "z^{k-1}_{1,2}"};
  for (size_t k = 0; k < 4; k++)
    ck_assert_str_eq(json_string_value(json_array_get(symbols, k)), texts[k]);
  json_decref(json);
  json = load("$J show linear:2x2,bias --format json");
  ck_assert_uint_eq(json_array_size(json), 3);
  json_decref(json);
}
END_TEST

START_TEST(check_json_is_the_design_s) {
  json_t *json = load("$J check relu:2 --set 'z=0 1' --format json");
  ck_assert_uint_eq(json_array_size(json), 3);
  static const char *const keys[] = {"module",    "wrt",           "against",
                                     "verdict",   "max_abs_error", "max_rel_error",
                                     "tolerance", "worst",         "diagnosis"};
  json_t *first = json_array_get(json, 0);
  for (size_t k = 0; k < 9; k++)
    ck_assert_msg(json_object_get(first, keys[k]) != NULL, "%s", keys[k]);
  ck_assert_str_eq(json_string_value(json_object_get(first, "verdict")),
                   "not differentiable");
  ck_assert_str_eq(
      json_string_value(json_object_get(json_object_get(first, "worst"), "row")),
      "z^{k}_{1,1}");
  json_decref(json);
}
END_TEST

/* An output file is there whole or not at all: a failed run leaves the old one. */
START_TEST(files_are_whole_or_old) {
  char out[2000];
  ck_assert_int_eq(run("echo old >$D/f.npy; $J show linear:3x2 --set z=@none -o $D/f.npy "
                       "--wrt z; cat $D/f.npy; ls -A $D/f.npy*",
                       out, sizeof out),
                   0);
  ck_assert_ptr_nonnull(strstr(out, "\nold\n"));
  ck_assert_ptr_nonnull(strstr(out, "f.npy\n"));
  ck_assert_int_eq(run("$J show linear:3x2 -o $D/t.txt && cat $D/t.txt", out, sizeof out),
                   0);
  ck_assert_ptr_nonnull(strstr(out, "Jacobian of linear:3x2"));
}
END_TEST

START_TEST(the_same_command_prints_the_same) {
  char out[2000];
  ck_assert_int_eq(
      run("$J show linear:3x2 --batch 2 >$D/a; $J show linear:3x2 --batch 2 >$D/b; "
          "cmp $D/a $D/b && ! $J show linear:3x2 --batch 2 --seed 2 | cmp -s - $D/a",
          out, sizeof out),
      0);
}
END_TEST

START_TEST(colors_and_ascii) {
  char out[20000];
  ck_assert_int_eq(run("$J show linear:3x2 --wrt W --color always", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "\033["));
  ck_assert_int_eq(run("NO_COLOR=1 $J show linear:3x2 --wrt W", out, sizeof out), 0);
  ck_assert_ptr_null(strstr(out, "\033["));
  ck_assert_int_eq(
      run("LC_ALL=C $J show softmax:3 --entries both; LC_ALL=C $J check tanh:2; "
          "LC_ALL=C $J modules",
          out, sizeof out),
      0);
  for (const char *c = out; *c != '\0'; c++)
    ck_assert_msg((unsigned char)*c < 0x80, "%s", c);
}
END_TEST

Suite *cli_suite(void);
Suite *cli_suite(void) {
  Suite *suite = suite_create("cli");
  TCase *tc = tcase_create("command");
  tcase_set_timeout(tc, 60);
  tcase_add_unchecked_fixture(tc, make_folder, remove_folder);
  tcase_add_loop_test(tc, lines_answer, 0, (int)(sizeof lines / sizeof lines[0]));
  tcase_add_test(tc, sarif_is_whole);
  tcase_add_loop_test(tc, claims_and_entries_are_proved, 0,
                      (int)(sizeof certified / sizeof certified[0]));
  tcase_add_loop_test(tc, matrices_are_judged, 0,
                      (int)(sizeof judged / sizeof judged[0]));
  tcase_add_test(tc, show_json_is_the_design_s);
  tcase_add_test(tc, check_json_is_the_design_s);
  tcase_add_test(tc, files_are_whole_or_old);
  tcase_add_test(tc, the_same_command_prints_the_same);
  tcase_add_test(tc, colors_and_ascii);
  suite_add_tcase(suite, tc);
  return suite;
}
