/* The command as a person types it: help, the commands that answer by themselves, files
 * that are whole. */
#include "tests/visual/shell_case.h"

#include <string.h>

static const struct shell_line lines[] = {
    {"$J", 2, "Usage: jacobian COMMAND"},
    {"cd $D && printf '<!-- jacobian-run: show linear:3x2 --wrt W --entries symbols "
     "--no-heading -->\\n<!-- jacobian-end -->\\n' >u.md && $J update --check u.md",
     1, "u.md:1: stale: jacobian show linear:3x2"},
    {"cd $D && $J update u.md && cat u.md", 0, "z^{k-1}_{1,1} & z^{k-1}_{1,2}"},
    {"cd $D && $J update --check u.md && $J update u.md", 0, "u.md: 1 block, 0 written"},
    {"cd $D && echo '--flavour github' >.jacobian && $J update u.md && cat u.md; rm "
     ".jacobian",
     0, "```math"},
    /* A block's language is its own. */
    {"cd $D && printf '<!-- jacobian-run: derive tanh --lang fr -->\\n<!-- jacobian-end "
     "-->\\n<!-- jacobian-run: derive tanh -->\\n<!-- jacobian-end -->\\n' >u.md && $J "
     "update u.md && grep -c 'the definition, where' u.md && grep -c 'la d.*finition, "
     "o' u.md",
     0, "1\n1\n"},
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
    {"cd $D && echo '--brakets b' >.jacobian; printf '<!-- jacobian-run: show tanh:2 "
     "-->\n<!-- jacobian-end -->\n' >u.md && $J update u.md; s=$?; rm .jacobian; exit $s",
     2, "u.md:1: show tanh:2: .jacobian: --brakets: no command has this option"},
    {"echo '[{\"t\":\"CodeBlock\",\"c\":[[\"\",[\"jacobian\"],[]],\"show linear:3x2 "
     "--wrt "
     "z --entries symbols --no-heading\"]}]' | $J filter",
     0, "[{\"t\":\"DisplayMath\"},\"J_{M_{W}}^{z^{k-1}} = "},
    /* Lists, headings and displays of a derivation; comments; packages of what is LaTeX.
     */
    {"echo '[{\"t\":\"CodeBlock\",\"c\":[[\"\",[\"jacobian\"],[]],\"#| x: y\\\\nderive "
     "linear --wrt z\"]}]' | $J filter | grep -o "
     "'OrderedList\",\"c\":..1,{\"t\":\"Decimal\"\\|DisplayMath"
     "\"},\"y = [^\"]*' | tr '\\n' ' '",
     0,
     "OrderedList\",\"c\":[[1,{\"t\":\"Decimal\" DisplayMath\"},\"y = "
     "z W "},
    {"echo '[{\"t\":\"CodeBlock\",\"c\":[[\"\",[\"jacobian\"],[]],\"derive "
     "linear\"]}]' | $J filter | grep -o 'Header\",\"c\":.3' | tr '\\n' ' '",
     0, "Header\",\"c\":[3 Header\",\"c\":[3 "},
    {"echo "
     "'{\"meta\":{},\"blocks\":[{\"t\":\"CodeBlock\",\"c\":[[\"\",[\"jacobian\"],[]],"
     "\"table shapes tanh:2\"]}]}' | $J filter latex",
     0,
     "\\\\usepackage{amsmath}\\n\\\\usepackage{booktabs}\\n\\\\usepackage{array}\\n\"]"},
    /* pdflatex has no superscripts of Unicode in verbatim. */
    {"cd $D && printf '%% jacobian-run: show tanh:2 --format text\\n%% "
     "jacobian-end\\n' >u.tex && $J update u.tex && cat u.tex",
     0, "  y[n,o] = tanh(z[n,o])\n"},
    {"echo '[{\"t\":\"CodeBlock\",\"c\":[[\"\",[\"jacobian\"],[]],\"show x\"]}]' | $J "
     "filter",
     2, "show x: "},
    {"cd $D && printf '\\\\jacobian[wrt=W,set={z=1 2 3}]{linear:3x2}\\n' >m.tex && $J "
     "update "
     "m.tex && cat m-jacobian.tex && $J update --check m.tex",
     0, "\\jacobianentry{wrt=W,set={z=1 2 3}}{linear:3x2}{%\n"},
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
    {"$J --complete table ''", 0, "shapes\t\nactivations\t\ncheatsheet\t\ncompare\t\n"},
    {"$J --complete table com", 0, "compare\t\n"},
    {"$J --complete table shapes lin", 0, "linear\t"},
    {"$J --complete nocommand ''; $J --complete; echo end", 0, "end"},
    {"$J --manual verify", 0, ".It Fl Fl jobs Ar N\n"},
    {"$J --manual nothing", 2, "no command is called"},
    {"$J help show", 0, "--entries KIND"},
    {"$J --lang en show --help", 0, "--entries KIND"},
    {"$J --help", 0, "Commands:"},
    {"$J --version", 0, "jacobian 0."},
    {"$J shwo linear:3x2", 2,
     "jacobian: no command is called 'shwo': did you mean show?"},
    {"$J modules", 0, "softmax:N"},
    {"$J modules softmax", 0, "entry"},
    {"$J modules linear --format csv", 0,
     "linear,\"linear:INxOUT[,bias]\",\"z W b\",false,"},
    {"$J modules linear --format npy", 2,
     "modules writes text, latex, markdown, json, csv"},
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
  shell_line_answers(&lines[_i]);
}
END_TEST

/* An output file is there whole or not at all: a failed run leaves the old one. */
START_TEST(files_are_whole_or_old) {
  char out[2000];
  ck_assert_int_eq(
      shell_run("echo old >$D/f.npy; $J show linear:3x2 --set z=@none -o $D/f.npy "
                "--wrt z; cat $D/f.npy; ls -A $D/f.npy*",
                out, sizeof out),
      0);
  ck_assert_ptr_nonnull(strstr(out, "\nold\n"));
  ck_assert_ptr_nonnull(strstr(out, "f.npy\n"));
  ck_assert_int_eq(
      shell_run("$J show linear:3x2 -o $D/t.txt && cat $D/t.txt", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "Jacobian of linear:3x2"));
}
END_TEST

START_TEST(the_same_command_prints_the_same) {
  char out[2000];
  ck_assert_int_eq(
      shell_run(
          "$J show linear:3x2 --batch 2 >$D/a; $J show linear:3x2 --batch 2 >$D/b; "
          "cmp $D/a $D/b && ! $J show linear:3x2 --batch 2 --seed 2 | cmp -s - $D/a",
          out, sizeof out),
      0);
}
END_TEST

START_TEST(colors_and_ascii) {
  char out[20000];
  ck_assert_int_eq(
      shell_run("$J show linear:3x2 --wrt W --color always", out, sizeof out), 0);
  ck_assert_ptr_nonnull(strstr(out, "\033["));
  ck_assert_int_eq(shell_run("NO_COLOR=1 $J show linear:3x2 --wrt W", out, sizeof out),
                   0);
  ck_assert_ptr_null(strstr(out, "\033["));
  ck_assert_int_eq(
      shell_run("LC_ALL=C $J show softmax:3 --entries both; LC_ALL=C $J check tanh:2; "
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
  TCase *tc = shell_case();
  tcase_add_loop_test(tc, lines_answer, 0, (int)(sizeof lines / sizeof lines[0]));
  tcase_add_test(tc, files_are_whole_or_old);
  tcase_add_test(tc, the_same_command_prints_the_same);
  tcase_add_test(tc, colors_and_ascii);
  suite_add_tcase(suite, tc);
  return suite;
}
