/* verify as a person types it: notes, submissions, reports. */
#include "tests/visual/shell_case.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

static const struct shell_line lines[] = {
    {"printf '$$\\begin{pmatrix} 1 & \\cdots & 5 \\end{pmatrix} = x$$' | $J verify --all "
     "-",
     0, "not"},
    /* Names and notes that would act on what shows them. */
    {"printf '$$ s = 1 \\033[31m \\007 $$\n' >$D/e.txt; $J verify $D/e.txt --all | cat "
     "-v",
     0, "1 \\x1b[31m \\x07"},
    {"$J verify \"$(printf 'no\\033[31m.md')\" 2>&1 | cat -v", 0,
     "cannot read no\\x1b[31m.md"},
    /* What is too many goes, not a half of it comes; what is missing is multiplied in. */
    {"printf 'Let $y = x W$.\n\n$$\\\\frac{\\\\partial y}{\\\\partial x} = 2 "
     "W^\\\\top$$\n' >$D/f.md; $J verify $D/f.md",
     1, "    2 W^\\top\n    instead: W^\\top\n"},
    {"printf 'Let $y = x W$.\n\n$$\\\\frac{\\\\partial y}{\\\\partial x} = 0.5 "
     "W^\\\\top$$\n' >$D/f.md; $J verify $D/f.md",
     1, "    instead: W^\\top\n"},
    {"printf 'Let $y = x W$.\n\n$$\\\\frac{\\\\partial y}{\\\\partial x} = "
     "-\\\\frac{2}{3} W^\\\\top$$\n' >$D/f.md; $J verify $D/f.md",
     1, "    instead: W^\\top\n"},
    {"$J verify \"$(printf 'a\\nb.md')\"", 2, "cannot read a\\x0ab.md: "},
    {"mkdir -p $D/book; cd $D/book; printf 'a: 1\\nb: [c\\n' >_quarto.yml; echo '# A' "
     ">a.md; cp "
     "a.md b.md; $J verify a.md b.md 2>&1 | grep -c 'note: ./_quarto.yml:2: nothing "
     "closes \\['",
     0, "1\n"},
    {"cd $D/book; $J verify a.md", 0, "nothing to judge"},
    {"$J verify ''", 2, "cannot read \"\": "},
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
    /* reStructuredText: what is said in a sentence counts, places are the file's. */
    {"printf 'Let :math:`y = W x`.\n\n.. math::\n\n   \\\\frac{\\partial y}{\\partial x} "
     "= 2 W\n' >$D/s.rst; cd $D; $J verify s.rst",
     1, "s.rst:5:36: does not hold: "},
    {"printf '.. jacobian: softmax\n\n.. math:: J = s (1 - s)\n' >$D/s.rst; cd $D; $J "
     "verify s.rst",
     1, "s.rst:3:15: does not hold"},
    {"printf 'x\n' >$D/s.rst; $J verify $D/s.rst --fix -o $D/t.rst", 2,
     "--fix knows Markdown and LaTeX only"},
    {"printf '{\"nbformat\": 3, \"worksheets\": [{\"cells\": []}]}' >$D/3.ipynb; $J "
     "update "
     "--check $D/3.ipynb",
     2, "no notebook of format 4"},
    {"printf '{\"nbformat\": 3, \"worksheets\": [{\"cells\": []}]}' >$D/3.ipynb; $J "
     "verify "
     "$D/3.ipynb",
     2, "no notebook of format 4"},
    {"printf 'x\n' >$D/s.rst; $J update $D/s.rst", 2, "not in reStructuredText"},
    /* Macros of other files: a chapter's, of its document, of what that brings in. */
    {"mkdir -p $D/b/pre; cd $D/b; printf "
     "'\\\\documentclass{article}\n\\\\usepackage{amsmath,mine}\n\\\\input{pre/defs}\n"
     "\\\\begin{document}\n\\\\input{ch}\n' >main.tex; printf "
     "'\\\\newcommand{\\\\pd}[2]{\\\\frac{\\\\partial #1}{\\\\partial #2}}' "
     ">pre/defs.tex; "
     "printf '\\\\def\\\\W{W}' >mine.sty; printf '%% jacobian: y = x W\n"
     "\\\\[ \\\\pd{y}{x} = \\\\W^\\\\top \\\\]\n' >ch.tex; $J verify ch.tex; cp ch.tex "
     "pre/deep.tex; $J verify pre/deep.tex",
     0, "1 link: 1 holds\n1 displayed formula, 1 link: 1 holds"},
    {"mkdir -p $D/c/.git $D/c/d; cd $D/c; printf 'tex:\n  macros:\n    pd: "
     "[\"\\\\\\\\frac{\\\\\\\\partial #1}{\\\\\\\\partial #2}\", 2]\n' >_config.yml; "
     "printf "
     "'<!-- jacobian: y = x W -->\n\n$$\\\\pd{y}{x} = W^\\\\top$$\n' >d/a.md; $J verify "
     "d/a.md; rm _config.yml; $J verify d/a.md",
     0, "1 link: 1 holds\nd/a.md:3:15: not understood: \\pd is not read here"},
    /* The page's own word is the last; a file without end, or of itself, ends. */
    {"mkdir -p $D/e; cd $D/e; printf '\\\\input{a}\\\\input{/etc/passwd}' >a.tex; printf "
     "'%% jacobian: y = x W\n\\\\input{a}\n\\\\[ \\\\frac{\\\\partial y}{\\\\partial x} "
     "= "
     "W^\\\\top \\\\]\n' >b.tex; $J verify b.tex",
     0, "1 link: 1 holds"},
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
     0, "10 displayed formulas, 10 links: 4 hold, 4 do not hold"},
    {"$J verify $D/none.md", 2, "none.md"},
    {"printf '\\377' | $J verify -", 2, "UTF-8"},
    {"printf '' | $J verify -", 2, "empty"},
    {"$J verify --strict docs/course/softmax.md", 0, " links: "},
    {"sed 's/s_o (1 - s_o)/s_o (1 + s_o)/' docs/course/softmax.md | $J verify -", 1,
     "does not hold"},
    {"sed 's/= W^.top/= W/' docs/course/linear.md | $J verify -", 1,
     "it is the transpose"},
    {"$J verify docs/examples/notes.md", 1, "notes.md:9:35: does not hold"},
    {"$J verify docs/examples/notes.md --format json", 1,
     "\"verdict\": \"does not hold\""},
    {"$J verify docs/examples/notes.md --format sarif", 1, "\"startLine\": 9"},
    {"$J verify docs/examples/notes.md --format markdown", 1, "| does not hold |"},
    {"$J verify docs/examples/notes.md --format npy", 2,
     "verify writes text, json, markdown, sarif"},
    /* One definition that is missing blocks many: they stand together, what blocks most
     * first; all the counts add up. */
    {"(echo '$$a = W x$$'; for k in p q q q q q q q q; do printf "
     "'\\n$$\\\\frac{\\\\partial %s}{\\\\partial x} = r$$\\n' $k; done) >$D/q.md; $J "
     "verify "
     "$D/q.md | sed \"s,$D/,,\"",
     0,
     "not understood, 8 links: nothing says what stands on the left: define it (q)\n"
     "    q.md:5:35: r\n    q.md:7:35: r\n    q.md:9:35: r\n"
     "    q.md:11:35: r\n    q.md:13:35: r\n"
     "    ... and 3 more (--all lists them)\n"
     "q.md:3:35: not understood: nothing says what stands on the left: define it\n"
     "    r\n10 displayed formulas, 10 links: 9 not understood, 1 not judged\n"},
    {"(echo '<!-- jacobian: linear -->'; for k in 1 2 3; do printf "
     "'\\n$$\\\\frac{\\\\partial y}{\\\\partial z} = W$$\\n'; done) >$D/w.md; $J verify "
     "$D/w.md | "
     "sed \"s,$D/,,\"",
     0,
     "holds with a convention, 3 links: the transpose layout: a row for every variable\n "
     "   w.md:3:35: W\n    w.md:5:35: "
     "W\n    w.md:7:35: W\n3 displayed formulas, 3 links: 3 hold with a convention\n"},
    {"$J verify $D/w.md --format markdown", 0,
     "| holds with a convention | links | first at |\n|---|--:|---|\n| the transpose "
     "layout: a row for every variable | 3 | "},
    {"$J verify $D/q.md --all | grep -c 'md:[0-9]*:35: not understood'", 0, "9\n"},
    {"$J verify $D/q.md docs/examples/notes.md --format markdown | sed \"s,$D/,,\"", 0,
     "| q.md | 10 | 10 | 0 | 0 | 0 | 9 | 1 |\n"
     "| docs/examples/notes.md | 5 | 5 | 2 | 0 | 2 | 0 | 1 |\n"
     "| total | 15 | 15 | 2 | 0 | 2 | 9 | 2 |\n"},
    /* What has no formulas is no row of its own. */
    {"echo a >$D/a.md; $J verify $D/a.md docs/examples/notes.md $D/a.md --format "
     "markdown "
     "| sed -n '3,5p'",
     0,
     "| docs/examples/notes.md | 5 | 5 | 2 | 0 | 2 | 0 | 1 |\n"
     "| files without formulas: 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |\n"
     "| total | 5 | 5 | 2 | 0 | 2 | 0 | 1 |\n"},
    {"printf '$$a$$\n\n$$b$$\n' | $J verify -", 0,
     "displayed formulas: nothing to judge"},
    {"printf '{\"cells\":[{\"cell_type\":\"code\",\"source\":[]},{\"cell_type\":"
     "\"markdown\",\"source\":[\"# A\\\\n\",\"$$x = \\\\\\\\frac{\\\\\\\\partial q}{"
     "\\\\\\\\partial z}$$\"]}],\"nbformat\":4}' >$D/n.ipynb; $J verify $D/n.ipynb --all",
     0, "n.ipynb: cell 2, line 2: not"},
    /* The action: the summary of the job, what code scanning reads, stale blocks. */
    {"JACOBIAN=$J FILES='docs/examples/*.md' SARIF=$D/a.sarif "
     "GITHUB_STEP_SUMMARY=$D/sum sh .ci/action/run >$D/log; test $? = 1; grep -c "
     "'does not hold:' $D/log; grep '^| docs/examples/notes' $D/sum; grep -c 2.1.0 "
     "$D/a.sarif",
     0, "2\n| docs/examples/notes.md | 5 | 5 | 2 | 0 | 2 | 0 | 1 |\n"},
    {"printf 'x\n<!-- jacobian-run: show tanh:2 -->\n<!-- jacobian-end -->\n' >$D/s.md; "
     "JACOBIAN=$J FILES=$D/s.md sh .ci/action/run",
     1, "s.md:2: stale: jacobian show tanh:2"},
    {"JACOBIAN=$J FILES=$D/s.md BLOCKS=false sh .ci/action/run", 0, "nothing to judge"},
    {"$J verify --fix docs/examples/notes.md", 2, "say where with -o FILE"},
    {"$J verify --fix docs/examples/notes.md -o $D/fixed.md; grep -A1 '^<!-- does' "
     "$D/fixed.md",
     0, "<!-- does not hold: s (1 - s) (it is the diagonal only"},
    {"printf '$$\\frac{dx}{dt} = \\int y$$' | $J verify -", 0, "1 not understood"},
    {"printf '$$\\frac{dx}{dt} = \\int y$$' | $J verify --strict -", 1,
     "1 not understood"},
};

START_TEST(lines_answer) {
  shell_line_answers(&lines[_i]);
}
END_TEST

/* What code scanning shows: a result a line, of a rule that is listed. */
START_TEST(sarif_is_whole) {
  char out[20000];
  ck_assert_int_eq(
      shell_run("$J verify docs/examples/notes.md --format sarif", out, sizeof out), 1);
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
    /* What code scanning asks of a rule. */
    for (size_t k = 0; k < json_array_size(rules); k++)
      ck_assert_ptr_nonnull(json_object_get(
          json_object_get(json_array_get(rules, k), "shortDescription"), "text"));
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

Suite *cli_verify_suite(void);
Suite *cli_verify_suite(void) {
  Suite *suite = suite_create("cli_verify");
  TCase *tc = shell_case();
  tcase_add_loop_test(tc, lines_answer, 0, (int)(sizeof lines / sizeof lines[0]));
  tcase_add_test(tc, sarif_is_whole);
  suite_add_tcase(suite, tc);
  return suite;
}
