/* A real LaTeX reads what we write: only where JAC_LATEX names a folder to work in (make
 * latex-test). Many fragments make one document, so that it stays quick. */
#include "layers/module.h"
#include "tests/visual/picture_case.h"
#include "visual/latex/latex.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 400, LINE = 1000 };

static FILE *open_document(const char *name) {
  char path[PATH];
  snprintf(path, sizeof path, "%s/%s.tex", getenv("JAC_LATEX"), name);
  FILE *file = fopen(path, "w");
  ck_assert_msg(file != NULL, "%s", path);
  return file;
}

/* The log after so many runs as it asks for: no error, nothing asked for any more, no
 * box that is too wide by more than 10 points. */
static void check_log(const char *name, const char *path, bool *again) {
  char line[LINE];
  FILE *log = fopen(path, "r");
  ck_assert_msg(log != NULL, "%s is missing", path);
  *again = false;
  while (fgets(line, sizeof line, log) != NULL) {
    double points = 0.0;
    ck_assert_msg(line[0] != '!', "%s: %s", name, line);
    ck_assert_msg(sscanf(line, "Overfull \\hbox (%lfpt", &points) != 1 || points <= 10.0,
                  "%s: %s", name, line);
    ck_assert_msg(sscanf(line, "Overfull \\vbox (%lfpt", &points) != 1 ||
                      points <= 10.0 ||
                      strcmp(name, "beamer") != 0, /* whose frames are low */
                  "%s: %s", name, line);
    *again =
        *again || (strncmp(line, "Package: ", 9) != 0 && strstr(line, "Rerun") != NULL);
  }
  fclose(log);
}

static void compile(const char *name) {
  enum { RUNS = 5 };
  char command[3 * PATH], path[PATH];
  bool again = true;
  snprintf(path, sizeof path, "%s/%s.aux", getenv("JAC_LATEX"), name);
  remove(path); /* of another run, whose places are of other matrices */
  snprintf(path, sizeof path, "%s/%s.log", getenv("JAC_LATEX"), name);
  snprintf(command, sizeof command,
           "cd '%s' && pdflatex -interaction=nonstopmode -halt-on-error %s.tex "
           ">/dev/null 2>&1",
           getenv("JAC_LATEX"), name);
  for (int run = 0; run < RUNS && again; run++) {
    int status = system(command);
    check_log(name, path, &again);
    ck_assert_msg(status == 0, "%s: LaTeX fails", name);
  }
  ck_assert_msg(!again, "%s: LaTeX wants to run for ever", name);
}

/* nicematrix and TikZ take minutes for what amsmath and booktabs write in seconds: with
 * JAC_THIRD (0, 1 or 2) each module and variable is written in a third of the forms and
 * entries there, another third for each of its neighbours, so that every module, every
 * form and every kind of entry meets each style; the three thirds are all there is. */
static bool is_left_out(enum jac_latex_style style, size_t one) {
  const char *third = getenv("JAC_THIRD");
  bool slow = style == JAC_LATEX_NICEMATRIX || style == JAC_LATEX_TIKZ;
  return third != NULL && slow && one % 3 != (size_t)atoi(third) % 3;
}

/* Every form and kind of entry of one variable of module k; returns how many there are.
 */
static size_t add_variable(size_t k, size_t batch, size_t v,
                           const struct jac_latex *latex, FILE *file) {
  const struct jac_module *module = jac_module_at(k);
  size_t count = 0;
  for (int form = 0; form < JAC_FORMS; form++)
    for (int entries = JAC_ENTRIES_SYMBOLS; entries <= JAC_ENTRIES_STRUCTURE; entries++) {
      struct jac_map *map;
      struct jac_layout layout;
      struct view_case c;
      struct jac_buffer out = JAC_BUFFER_INIT;
      if (is_left_out(latex->style, k + v + (size_t)form + (size_t)entries))
        continue;
      view_map_new(module->example, batch, &map);
      bool symbols = entries == JAC_ENTRIES_SYMBOLS || entries == JAC_ENTRIES_BOTH;
      bool there = (map->var[v].entry != NULL || !symbols) &&
                   jac_layout_make(map, v, (enum jac_form)form, JAC_ORDER_F, &layout,
                                   NULL) == JAC_OK;
      if (there) {
        view_case_new(module->example, batch, map->var[v].name, (enum jac_form)form,
                      JAC_ORDER_F, (enum jac_entries)entries, &c);
        ck_assert_int_eq(jac_view_latex(&c.view, latex, &out, NULL), JAC_OK);
        fputs(out.text, file);
        jac_buffer_free(&out);
        view_case_free(&c);
        count++;
      }
      jac_map_free(map);
    }
  return count;
}

static const char *const styles[] = {"amsmath", "nicematrix", "tikz", "booktabs"};

/* All modules in one style, some to a document (nicematrix fills TeX's memory with the
 * places of its cells): batches of one apart from those of two. */
enum { PARTS = 8 };

START_TEST(everything_compiles) {
  size_t style = (size_t)_i / (2 * PARTS), batch = (size_t)_i / PARTS % 2 + 1;
  size_t part = (size_t)_i % PARTS, count = 0;
  struct jac_latex latex = {.style = (enum jac_latex_style)style};
  char name[40];
  snprintf(name, sizeof name, "%s-%zu-%zu", styles[style], batch, part);
  FILE *file = open_document(name);
  jac_latex_begin(latex.style, file);
  fputs("\\setlength{\\textwidth}{345pt}\n", file); /* of article, at 10 pt */
  for (size_t k = part; k < jac_module_count(); k += PARTS) {
    struct jac_map *map;
    view_map_new(jac_module_at(k)->example, batch, &map);
    for (size_t v = 0; v < map->nvar; v++)
      count += add_variable(k, batch, v, &latex, file);
    fputs("\\clearpage\n", file);
    jac_map_free(map);
  }
  jac_latex_end(file);
  fclose(file);
  ck_assert_uint_ge(count, 15);
  compile(name);
}
END_TEST

/* What a command prints, appended. */
static void add_command(const char *arguments, const char *width, FILE *file) {
  char command[LINE], part[4096];
  snprintf(command, sizeof command, "LC_ALL=C.UTF-8 %s %s --format latex %s",
           getenv("JACOBIAN"), arguments, width);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  for (size_t n; (n = fread(part, 1, sizeof part, pipe)) > 0;)
    fwrite(part, 1, n, file);
  int status = pclose(pipe);
  ck_assert_msg(status == 0 || status == 256, "jacobian %s: %d", arguments, status);
}

static const char *const samples[] = {
    "show linear:3x2 --wrt W --entries symbols",
    "show linear:3x2 --wrt W --batch 2",
    "show linear:3x2 --wrt z --batch 2 --form full --entries symbols",
    "show linear:30x20 --wrt W --entries symbols",
    "show softmax:3 --entries both",
    "show layer-norm:3 --wrt z --entries symbols",
    "show linear:3x2 --wrt W --style nicematrix --entries symbols",
    "show tanh:20 --style nicematrix",
    "show softmax:4 --style tikz --entries both",
    "show linear:3x2 --wrt W --style booktabs",
    "check linear:3x2,bias --batch 2",
    "check relu:3 --set 'z=1 0 -1'",
    "check softmax:3 --claim 's[i]*(1-s[i])'",
    "chain linear:2x2,bias tanh linear:2 mse --wrt W1",
    "chain linear:2x3 softmax cross-entropy --wrt W --batch 2 --entries symbols",
    "chain linear:3x2 batch-norm --wrt W --batch 3",
    "chain lstm:2x2,steps=6 mse --wrt W",
    "chain linear:3x4,bias tanh linear:2 softmax cross-entropy --wrt z",
    "chain lstm:3x4,steps=3 linear:2 cross-entropy",
    "show huber:3 --wrt z --entries closed",
    "show hardswish --what gradient",
    "show attention:4x4 --wrt Q --entries symbols",
    "show multi-head:4,heads=2 --wrt K --entries both",
    "show cross-entropy:3 --wrt z --batch 2 --entries symbols",
    "show linear:30x20 --wrt z --entries both",
    "show prelu --wrt z",
    "show gumbel-softmax --what forward",
    "derive hinge:3",
    "show --define 'y = [cos(t) -t; t 1] x' --size t=1,x=2x1 --entries symbols",
    "modules lstm conv2d max-pool2d group-norm rotary triplet",
    "modules cross",
    "chain attention:2x2 --batch 3",
    "table shapes linear:3x4,bias tanh linear:4x2 softmax cross-entropy",
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

/* Each with the width that it asks for. */
static const struct {
  const char *name, *width, *class, *before, *between, *after;
} documents[] = {
    {"article", "", "\\documentclass{article}\n", "\\begin{document}\n", "",
     "\\end{document}\n"},
    {"beamer", "--width beamer", "\\documentclass{beamer}\n",
     "\\begin{document}\n\\begin{frame}[allowframebreaks]\n",
     "\\end{frame}\n\\begin{frame}[allowframebreaks]\n",
     "\\end{frame}\n\\end{document}\n"},
    {"twocolumn", "--width column", "\\documentclass[twocolumn]{article}\n",
     "\\begin{document}\n", "", "\\end{document}\n"},
    {"memoir", "", "\\documentclass{memoir}\n", "\\begin{document}\n", "",
     "\\end{document}\n"},
    {"french", "", "\\documentclass{scrartcl}\\usepackage[french]{babel}\n",
     "\\begin{document}\n", "", "\\end{document}\n"},
    {"standalone", "", "\\documentclass[multi=sample,varwidth]{standalone}\n",
     "\\newenvironment{sample}{}{}\n\\begin{document}\n\\begin{sample}\n",
     "\\end{sample}\n\\begin{sample}\n", "\\end{sample}\n\\end{document}\n"},
};

START_TEST(fragments_paste_into_documents) {
  static const char packages[] =
      "\\usepackage{amsmath,amssymb,xcolor,nicematrix,tikz,booktabs,array,graphicx}\n";
  FILE *file = open_document(documents[_i].name);
  fprintf(file, "%s%s%s", documents[_i].class, packages, documents[_i].before);
  for (size_t k = 0; k < SAMPLES; k++) {
    if (k > 0)
      fputs(documents[_i].between, file);
    add_command(samples[k], documents[_i].width, file);
  }
  fputs(documents[_i].after, file);
  fclose(file);
  compile(documents[_i].name);
}
END_TEST

/* Names that LaTeX would act on. */
static const char *const hostile[] = {
    "show --define 'a_b_c = tanh(W*x + b_1)' --size W=2x2,x=2x1,b_1=2x1",
    "show --define 'y = x_1_2 .* h_i_j' --size x_1_2=3,h_i_j=3 --entries symbols",
    "show --define '\\hat{y} = \\sigma(W x)' --size W=2x2,x=2x1 --entries both",
    "show --define 'y = x^2 % \\end{document}' --size x=3",
    "show --define 'y = x\n\n\\end{document}' --size x=3",
    "show --define 'y = a#1 & b' --size a=1",
    "show --define 'y = \\input{/etc/passwd}' --size x=1",
    "show --define 'y = x % \n + x' --size x=3 --style nicematrix",
    "show --define 'y = $x$ + x' --size x=3 --style tikz",
    "check --define 'a_b = x_#% & y' --size x=1",
    "check --define 'y = x^2 - x_{a%b}' --size x=3",
    "check --define 'y = tanh(u_v) .* \\tilde{u}' --size u_v=3,tilde_u=3",
    "check softmax:3 --claim '\\operatorname{diag}(s) - s s^\\top'",
    "check softmax:3 --claim 's[i]*(delta(i,j) - s[j])' # & % \\end{document}",
};

/* Each is refused, or what it gives compiles. */
START_TEST(names_cannot_inject) {
  char command[LINE], part[4096];
  FILE *file = open_document("hostile");
  size_t given = 0;
  fputs("\\documentclass{article}\n"
        "\\usepackage{amsmath,xcolor,nicematrix,tikz,booktabs,array}\n"
        "\\begin{document}\n",
        file);
  for (size_t k = 0; k < sizeof hostile / sizeof hostile[0]; k++) {
    size_t name = strcspn(hostile[k], " ");
    snprintf(command, sizeof command, "LC_ALL=C.UTF-8 %s %.*s --format latex %s 2>&1",
             getenv("JACOBIAN"), (int)name, hostile[k], hostile[k] + name);
    FILE *pipe = popen(command, "r");
    size_t n = fread(part, 1, sizeof part, pipe);
    int status = pclose(pipe);
    ck_assert_msg(status == 0 || status == 256 || status == 512, "%s", hostile[k]);
    if (status != 512) {
      given++;
      fwrite(part, 1, n, file);
    }
  }
  fputs("\nThe end.\n\\end{document}\n", file);
  fclose(file);
  ck_assert_uint_ge(given, 5);
  compile("hostile");
  snprintf(command, sizeof command, "pdftotext '%s/hostile.pdf' - | grep -q 'The end'",
           getenv("JAC_LATEX"));
  ck_assert_msg(system(command) == 0, "a fragment ended the document");
}
END_TEST

static const struct {
  const char *name, *arguments;
} pictures[] = {
    {"paper-amsmath", "show linear:3x2 --batch 2"},
    {"paper-nicematrix",
     "show linear:20x30 --wrt W --entries symbols --style nicematrix"},
    {"paper-tikz", "show softmax:4 --style tikz --entries both --set 'z=1 2 3 0'"},
    {"paper-booktabs", "show linear:3x2 --wrt W --batch 2 --style booktabs"},
    {"paper-modules", "modules"},
    {"paper-check", "check linear:3x2,bias"},
    {"paper-chain", "chain linear:2x2,bias tanh linear:2 mse --wrt W1"},
};

/* The mean grey of a square. */
static double grey(const struct pixels *p, size_t left, size_t top, size_t size) {
  double sum = 0.0, count = 0.0;
  for (size_t y = top; y < top + size && y < p->height; y++)
    for (size_t x = left; x < left + size && x < p->width; x++, count++)
      sum += p->rgb[3 * (y * p->width + x)];
  return sum / count;
}

static void read_picture(const char *path, struct pixels *pixels) {
  size_t size;
  FILE *file = fopen(path, "rb");
  ck_assert_msg(file != NULL, "%s is missing", path);
  char *bytes = file_contents(file, &size);
  pixels_read(bytes, size, pixels);
  free(bytes);
}

/* The first page looks as it did when a person looked at it: tests/visual/paper/NAME.png.
 * Letters may move a little from one release of a package to the next. */
START_TEST(pages_look_as_they_did) {
  enum { SQUARE = 20 };
  const char *name = pictures[_i].name, *mode = getenv("JAC_GOLDEN");
  const char *folder = getenv("JAC_LATEX");
  bool write = mode != NULL && strcmp(mode, "write") == 0;
  char arguments[PATH], command[3 * PATH], path[PATH], golden[PATH];
  FILE *file = open_document(name);
  snprintf(arguments, sizeof arguments, "%s --standalone", pictures[_i].arguments);
  add_command(arguments, "", file);
  fclose(file);
  compile(name);
  snprintf(golden, sizeof golden, "tests/visual/paper/%s", name);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  snprintf(command, sizeof command,
           "pdftoppm -singlefile -r 72 -W 595 -H 400 -gray -png '%s.pdf' '%s'", path,
           write ? golden : path);
  ck_assert_int_eq(system(command), 0);
  if (write)
    return;
  struct pixels now, then;
  strcat(path, ".png");
  strcat(golden, ".png");
  read_picture(path, &now);
  read_picture(golden, &then);
  ck_assert(now.width == then.width && now.height == then.height);
  double sum = 0.0, squares = 0.0, most = 0.0;
  for (size_t y = 0; y < now.height; y += SQUARE)
    for (size_t x = 0; x < now.width; x += SQUARE, squares++) {
      double difference = fabs(grey(&now, x, y, SQUARE) - grey(&then, x, y, SQUARE));
      sum += difference;
      most = fmax(most, difference);
    }
  ck_assert_msg(sum / squares < 1.0 && most < 60.0,
                "%s: squares differ by %.2f, one by %.0f", name, sum / squares, most);
  free(now.rgb);
  free(then.rgb);
}
END_TEST

Suite *paper_suite(void);
Suite *paper_suite(void) {
  Suite *suite = suite_create("paper");
  enum { ALL = 2 * PARTS * (JAC_LATEX_BOOKTABS + 1), LONG = 3 * PARTS };
  /* Two cases that last as long as each other, for two processors. */
  TCase *tc = tcase_create("LaTeX"), *labelled = tcase_create("labelled");
  tcase_set_timeout(tc, 240);
  tcase_set_timeout(labelled, 240);
  if (getenv("JAC_LATEX") != NULL) {
    tcase_add_loop_test(tc, everything_compiles, 0, LONG);
    tcase_add_loop_test(labelled, everything_compiles, LONG, LONG + PARTS);
    tcase_add_loop_test(tc, everything_compiles, LONG + PARTS, ALL);
    tcase_add_loop_test(tc, fragments_paste_into_documents, 0,
                        (int)(sizeof documents / sizeof documents[0]));
    tcase_add_test(tc, names_cannot_inject);
    tcase_add_loop_test(tc, pages_look_as_they_did, 0,
                        (int)(sizeof pictures / sizeof pictures[0]));
  }
  suite_add_tcase(suite, tc);
  suite_add_tcase(suite, labelled);
  return suite;
}
