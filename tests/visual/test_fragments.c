#include "tests/golden.h"
#include "tests/visual/view_case.h"
#include "visual/latex/break.h"
#include "visual/latex/latex.h"
#include "visual/latex/report.h"
#include "visual/latex/width.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *name, *spec;
  size_t batch;
  const char *wrt;
  enum jac_form form;
  enum jac_entries entries;
  struct jac_latex latex;
} cases[] = {
    {"linear-W", "linear:3x2", 1, "W", JAC_FORM_MATRIX, JAC_ENTRIES_SYMBOLS, {0}},
    {"linear-z", "linear:3x2", 1, "z", JAC_FORM_MATRIX, JAC_ENTRIES_BOTH, {0}},
    {"linear-W-reduced",
     "linear:3x4",
     1,
     "W",
     JAC_FORM_REDUCED,
     JAC_ENTRIES_SYMBOLS,
     {.elide = 0}},
    {"linear-W-batch", "linear:3x2", 2, "W", JAC_FORM_BATCH, JAC_ENTRIES_NUMBERS, {0}},
    {"linear-z-full", "linear:3x2", 2, "z", JAC_FORM_FULL, JAC_ENTRIES_SYMBOLS, {0}},
    {"linear-W-structure",
     "linear:3x2",
     1,
     "W",
     JAC_FORM_MATRIX,
     JAC_ENTRIES_STRUCTURE,
     {.elide = 0}},
    {"linear-W-large", "linear:30x20", 1, "W", JAC_FORM_MATRIX, JAC_ENTRIES_SYMBOLS, {0}},
    {"linear-W-elided",
     "linear:2x9",
     1,
     "W",
     JAC_FORM_MATRIX,
     JAC_ENTRIES_SYMBOLS,
     {.elide = 7}},
    {"tanh-whole",
     "tanh:14",
     1,
     "z",
     JAC_FORM_MATRIX,
     JAC_ENTRIES_STRUCTURE,
     {.elide = JAC_ELIDE_NEVER}},
    {"softmax", "softmax:3", 1, "z", JAC_FORM_MATRIX, JAC_ENTRIES_BOTH, {0}},
    {"batch-norm", "batch-norm:2", 2, "z", JAC_FORM_FULL, JAC_ENTRIES_SYMBOLS, {0}},
    {"linear-W-nice",
     "linear:3x2",
     1,
     "W",
     JAC_FORM_MATRIX,
     JAC_ENTRIES_SYMBOLS,
     {.style = JAC_LATEX_NICEMATRIX}},
    {"tanh-nice",
     "tanh:20",
     1,
     "z",
     JAC_FORM_MATRIX,
     JAC_ENTRIES_NUMBERS,
     {.style = JAC_LATEX_NICEMATRIX}},
    {"softmax-tikz",
     "softmax:2",
     1,
     "z",
     JAC_FORM_MATRIX,
     JAC_ENTRIES_BOTH,
     {.style = JAC_LATEX_TIKZ}},
    {"linear-W-booktabs",
     "linear:3x2",
     1,
     "W",
     JAC_FORM_MATRIX,
     JAC_ENTRIES_NUMBERS,
     {.style = JAC_LATEX_BOOKTABS}},
};

START_TEST(golden_fragments) {
  struct view_case c;
  struct jac_buffer out = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  char path[128];
  view_case_new(cases[_i].spec, cases[_i].batch, cases[_i].wrt, cases[_i].form,
                JAC_ORDER_F, cases[_i].entries, &c);
  ck_assert_msg(jac_view_latex(&c.view, &cases[_i].latex, &out, &err) == JAC_OK, "%s",
                err.message);
  snprintf(path, sizeof path, "tests/visual/golden/%s.tex", cases[_i].name);
  golden_check(path, out.text);
  jac_buffer_free(&out);
  view_case_free(&c);
}
END_TEST

/* An axis as a line: places from 0, dots, bars before blocks. */
static void check_axis(size_t size, size_t block, size_t most, const char *expected) {
  struct jac_axis axis;
  char text[400] = "";
  ck_assert_int_eq(jac_axis_make(size, block, most, 0, &axis, NULL), JAC_OK);
  for (size_t k = 0; k < axis.count; k++) {
    size_t used = strlen(text);
    if (axis.at[k] == JAC_AXIS_DOTS)
      snprintf(text + used, sizeof text - used, "%s..", axis.rule[k] ? "|" : " ");
    else
      snprintf(text + used, sizeof text - used, "%s%zu", axis.rule[k] ? "|" : " ",
               axis.at[k]);
  }
  ck_assert_str_eq(text, expected);
  jac_axis_free(&axis);
}

START_TEST(axes_leave_out_blocks) {
  check_axis(4, 0, 12, " 0 1 2 3");
  check_axis(1, 0, 3, " 0");
  check_axis(20, 0, 5, " 0 1 2 .. 19");
  check_axis(20, 0, 0, " 0 .. 19");
  check_axis(6, 3, 12, " 0 1 2|3 4 5");
  check_axis(20, 10, 8, " 0 1 .. 9|10 11 .. 19");
  check_axis(20, 2, 9, " 0 1|2 3|4 5|..|18 19");
  check_axis(600, 30, 10, " 0 .. 29|30 .. 59|..|570 .. 599");
  check_axis(600, 30, 7, " 0 .. 29|..|570 .. 599");
  check_axis(600, 30, 6, " 0 1 2 3 .. 599");
  check_axis(6, 3, 5, " 0 1 2 .. 5");
}
END_TEST

/* However large the matrix and small the room, the most is kept, the first and the last
 * stand there, and places ascend. */
START_TEST(axes_keep_their_size) {
  for (size_t blocks = 1; blocks < 9; blocks++)
    for (size_t block = 1; block < 9; block++)
      for (size_t most = 3; most < 20; most++) {
        struct jac_axis axis;
        size_t size = blocks * block, last = 0;
        ck_assert_int_eq(jac_axis_make(size, block, most, 0, &axis, NULL), JAC_OK);
        ck_assert_uint_le(axis.count, most > size ? size : most);
        ck_assert_uint_eq(axis.at[0], 0);
        ck_assert_uint_eq(axis.at[axis.count - 1], size - 1);
        for (size_t k = 1; k < axis.count; k++)
          if (axis.at[k] != JAC_AXIS_DOTS) {
            ck_assert_uint_gt(axis.at[k], last);
            last = axis.at[k];
          }
        jac_axis_free(&axis);
      }
}
END_TEST

/* Large ones of every structure: diagonal, blocks, bands, windows, several samples. */
static const struct {
  const char *spec, *wrt;
  size_t batch;
  enum jac_form form;
} large[] = {
    {"linear:30x20", "W", 1, JAC_FORM_MATRIX},
    {"linear:5x4", "z", 6, JAC_FORM_FULL},
    {"softmax:20", "z", 1, JAC_FORM_MATRIX},
    {"relu:20", "z", 1, JAC_FORM_MATRIX},
    {"batch-norm:3", "z", 6, JAC_FORM_FULL},
    {"attention:4x3", "V", 5, JAC_FORM_FULL},
    {"conv1d:3x1x2,length=24", "z", 1, JAC_FORM_MATRIX},
    {"conv1d:3x2x2,length=9", "W", 1, JAC_FORM_MATRIX},
    {"max-pool1d:2,channels=2,length=20", "z", 1, JAC_FORM_MATRIX},
    {"avg-pool1d:3,length=20,stride=1", "z", 1, JAC_FORM_MATRIX},
};

/* What is behind the dots at a place of row or column dots, as a reader would see it. */
static void behind(const struct jac_sheet *sheet, size_t i, size_t j, size_t *zeros,
                   size_t *others) {
  const struct jac_sheet_source *s = sheet->source;
  bool row = sheet->row.at[i] == JAC_AXIS_DOTS;
  const size_t *at = row ? sheet->row.at + i : sheet->col.at + j;
  *zeros = *others = 0;
  for (size_t k = at[-1] + 1; k < at[1]; k++) {
    size_t r = row ? k : sheet->row.at[i], c = row ? sheet->col.at[j] : k;
    bool zero = s->zero(s->context, r, c) ||
                (sheet->kind == JAC_SHEET_NUMBERS && s->value(s->context, r, c) == 0.0);
    (*zeros)++, *others += !zero;
  }
  *zeros -= *others;
}

static bool is_zero(const struct jac_sheet *sheet, size_t i, size_t j) {
  const char *cell = jac_sheet_cell(sheet, i, j);
  return strspn(cell, "0.") == strlen(cell) && *cell != '\0';
}

/* 0 ... 0 stands over zeros alone, a ... b over entries that are not zero: symbols,
 * numbers and structure, down and across, with so much room and so little. */
START_TEST(dots_do_not_lie) {
  size_t claims = 0;
  for (int entries = JAC_ENTRIES_SYMBOLS; entries <= JAC_ENTRIES_NUMBERS; entries++)
    for (size_t most = 3; most < 16; most++) {
      struct view_case c;
      struct jac_view_source source;
      struct jac_sheet sheet;
      view_case_new(large[_i].spec, large[_i].batch, large[_i].wrt, large[_i].form,
                    JAC_ORDER_F, (enum jac_entries)entries, &c);
      bool numbers = entries == JAC_ENTRIES_NUMBERS;
      jac_view_source(&c.view, 0, numbers, &source);
      ck_assert_int_eq(jac_sheet_make(&source.source, jac_view_kind(&c.view, numbers), 4,
                                      most, most, &sheet, NULL),
                       JAC_OK);
      for (size_t i = 0; i < sheet.row.count; i++)
        for (size_t j = 0; j < sheet.col.count; j++) {
          const char *cell = jac_sheet_cell(&sheet, i, j);
          bool across = strcmp(cell, "\\cdots") == 0, down = strcmp(cell, "\\vdots") == 0;
          size_t zeros, others;
          if (!across && !down)
            continue;
          bool zero = across ? is_zero(&sheet, i, j - 1) || is_zero(&sheet, i, j + 1)
                             : is_zero(&sheet, i - 1, j) || is_zero(&sheet, i + 1, j);
          behind(&sheet, i, j, &zeros, &others);
          ck_assert_msg(
              (zero ? others : zeros) == 0,
              "%s, at most %zu, place %zu %zu: dots over %zu zeros and %zu others",
              large[_i].spec, most, i, j, zeros, others);
          claims++;
        }
      jac_sheet_free(&sheet);
      view_case_free(&c);
    }
  if (strstr(large[_i].spec, "norm") == NULL &&
      strstr(large[_i].spec, "attention") == NULL)
    ck_assert_uint_gt(claims, 20); /* coupled samples repeat a pattern: no run to claim */
}
END_TEST

static void check_number(double value, int digits, const char *expected) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_latex_number(value, digits, &out);
  ck_assert_str_eq(out.text, expected);
  jac_buffer_free(&out);
}

START_TEST(numbers_are_set) {
  check_number(0.25, 4, "0.25");
  check_number(-0.0, 4, "0");
  check_number(1.25e-7, 3, "1.25 \\cdot 10^{-7}");
  check_number(-1e20, 3, "-10^{20}");
  check_number((double)INFINITY, 3, "\\infty");
  check_number(-(double)INFINITY, 3, "-\\infty");
  check_number((double)NAN, 3, "\\mathrm{nan}");
}
END_TEST

START_TEST(odd_numbers_are_set) {
  struct view_case c;
  struct jac_buffer out = JAC_BUFFER_INIT;
  view_case_new("linear:4x3", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_NUMBERS,
                &c);
  const double odd[12] = {1e-300, 1e300,   (double)NAN, (double)INFINITY,
                          0.0,    -2.5,    123456.0,    -(double)INFINITY,
                          -1e-5,  1.0 / 3, 1234567.0,   -0.0};
  memcpy(c.native.data, odd, sizeof odd);
  for (int style = JAC_LATEX_AMSMATH; style <= JAC_LATEX_BOOKTABS; style++) {
    struct jac_latex latex = {.style = (enum jac_latex_style)style};
    ck_assert_int_eq(jac_view_latex(&c.view, &latex, &out, NULL), JAC_OK);
  }
  golden_check("tests/visual/golden/odd-numbers.tex", out.text);
  jac_buffer_free(&out);
  view_case_free(&c);
}
END_TEST

START_TEST(texts_are_escaped) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_latex_text("a_b%c&d#e\\f{g}$h^i~j--k<l>\n\xc3\xa9\xe2\x88\x82", &out);
  ck_assert_str_eq(out.text, "a\\_b\\%c\\&d\\#e\\textbackslash{}f\\{g\\}\\$h\\^{}i\\~{}"
                             "j-{}-k\\ensuremath{<}l\\ensuremath{>} \xc3\xa9?");
  jac_buffer_clear(&out);
  jac_latex_comment("x\n\\end{document}\r%", &out);
  ck_assert_str_eq(out.text, "x \\end{document} %");
  jac_buffer_free(&out);
}
END_TEST

START_TEST(widths_are_near) {
  /* What LaTeX measured: \settowidth at 10 pt. */
  static const struct {
    const char *math;
    double width;
  } measured[] = {
      {"z^{k-1}_{1,2}", 20.2}, {"w_{3,1}", 18.0},          {"0.8130", 27.8},
      {"-0.0561", 35.6},       {"s_{1}(1 - s_{1})", 43.3}, {"\\frac{1 + x_{1}}{N}", 21.0},
      {"\\delta_{o,i}", 14.1}, {"\\tanh(z_{1})", 36.9},    {"1.25 \\cdot 10^{-7}", 45.7},
  };
  for (size_t k = 0; k < sizeof measured / sizeof measured[0]; k++) {
    double width = jac_latex_width(measured[k].math);
    ck_assert_msg(width > 0.8 * measured[k].width && width < 1.3 * measured[k].width,
                  "%s: %g, measured %g", measured[k].math, width, measured[k].width);
  }
  ck_assert(jac_latex_width("}}{") >= 0.0);
  ck_assert(jac_latex_width("\\") >= 0.0);
}
END_TEST

START_TEST(reports_are_tables) {
  json_t *array = json_pack(
      "[{s:s, s:s, s:s, s:s, s:s, s:f, s:{s:s, s:s}, s:n}, {s:s, s:s, s:s, s:s, s:s, "
      "s:n}]",
      "module", "linear:3x2", "wrt", "W1", "against", "finite differences", "verdict",
      "agrees", "max_abs_error", "inf", "max_rel_error", 1e-12, "worst", "row", "z_{1}",
      "column", "w_{1}", "diagnosis", "module", "linear:3x2", "wrt", "W1", "against",
      "a_b%.npy", "verdict", "differs", "diagnosis", "its sign: -1 & more", "worst");
  struct jac_buffer out = JAC_BUFFER_INIT;
  ck_assert_ptr_nonnull(array);
  jac_report_latex(array, &(struct jac_latex){.square = false}, &out);
  golden_check("tests/visual/golden/report.tex", out.text);
  jac_buffer_free(&out);
  json_decref(array);
}
END_TEST

/* What is too long for a line goes on on the next, wherever it is too long. */
static const struct {
  const char *right;
  double line;
  const char *lines;
} broken[] = {
    {"\\frac{a + b}{2}", 330.0, "L &= \\frac{a + b}{2}"},
    {"\\frac{xxxxxxxxxxxxxxx + yyyyyyyyyyyyyyy}{2}", 150.0,
     "L &= \\frac{1}{2} \\bigl(xxxxxxxxxxxxxxx \\\\\n  &\\quad + "
     "yyyyyyyyyyyyyyy\\bigr)"},
    {"c \\left(xxxxxxxxxxxxxxx + yyyyyyyyyyyyyyy\\right)", 150.0,
     "L &= c \\bigl(xxxxxxxxxxxxxxx \\\\\n  &\\quad + yyyyyyyyyyyyyyy\\bigr)"},
    {"\\frac{\\frac{a}{b}}{\\left(c\\right)}", 150.0,
     "L &= \\frac{\\frac{a}{b}}{\\left(c\\right)}"},
    /* Not after the a alone, though sums come before products. */
    {"a + xxxxxxxxxx \\odot yyyyyyyyyyyyyyy", 150.0,
     "L &= a + xxxxxxxxxx \\\\\n  &\\quad \\odot yyyyyyyyyyyyyyy"},
    /* A sum and a sign keep what is theirs: factors side by side get a point instead. */
    {"-\\sum_{j} \\sum_{k} (xxxxxxxxxx)_{j,k} (yyyyyyyyyyy)_{k,j}", 150.0,
     "L &= -\\sum_{j} \\sum_{k} (xxxxxxxxxx)_{j,k} \\\\\n  &\\quad \\cdot "
     "(yyyyyyyyyyy)_{k,j}"},
};

START_TEST(long_lines_are_broken) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_latex_broken("L", broken[_i].right, broken[_i].line, &out);
  ck_assert_str_eq(out.text, broken[_i].lines);
  jac_buffer_free(&out);
}
END_TEST

/* In the smallest letters scripts are as large as the rest. */
START_TEST(scripts_shrink_less) {
  double letter = jac_latex_tiny_width("a") / jac_latex_width("a");
  double script = jac_latex_tiny_width("a_{1,1,1,1}") / jac_latex_width("a_{1,1,1,1}");
  double fraction =
      jac_latex_tiny_width("\\frac{aaaa}{b}") / jac_latex_width("\\frac{aaaa}{b}");
  ck_assert(letter < 0.7 && script > 0.75 && fraction > 0.75);
  ck_assert(script < 1.0 && fraction < 1.0);
  struct jac_latex_extent extent = jac_latex_extent("\\frac{aaaaaaaaaa}{b}");
  ck_assert_str_eq(jac_latex_size_of(extent, extent.width), "");
  ck_assert_str_eq(jac_latex_size_of(extent, 0.5 * extent.width), "\\tiny");
  ck_assert(fabs(jac_latex_between(10.0, 5.0, 0.66) - 5.0) < 1e-9);
  ck_assert(fabs(jac_latex_between(10.0, 5.0, 1.0) - 10.0) < 1e-9);
}
END_TEST

/* Frames of beamer are broken between the lines of a display, pages of an article not. */
START_TEST(frames_are_lower_than_pages) {
  static const char math[] = "\\begin{aligned}\n&\\sum a \\\\[1ex]\n&\\sum b "
                             "\\\\[1ex]\n&\\sum c \\\\[1ex]\n&\\sum d "
                             "\\\\[1ex]\n&\\sum e \\\\[1ex]\n&\\sum f\n\\end{aligned}";
  struct jac_buffer out = JAC_BUFFER_INIT;
  struct jac_latex frame = {.paper = {268.0, 14.0}};
  jac_latex_enclose("", math, "", &(struct jac_latex){.square = false}, &out);
  ck_assert_ptr_nonnull(strstr(out.text, "\\[\n\\begin{aligned}"));
  ck_assert_ptr_null(strstr(out.text, "\\vspace"));
  jac_buffer_clear(&out);
  jac_latex_enclose("", math, "", &frame, &out);
  ck_assert_ptr_nonnull(strstr(out.text, "\\allowdisplaybreaks\n\\begin{align*}"));
  ck_assert_ptr_nonnull(strstr(out.text, "\\begin{frame}[allowframebreaks]"));
  /* With lengths set before it, too, which hold for all of its frames. */
  struct jac_buffer set = JAC_BUFFER_INIT;
  jac_buffer_printf(&set,
                    "\\setlength{\\arraycolsep}{3pt}\n"
                    "\\renewcommand{\\arraystretch}{1.2}\n%s",
                    math);
  jac_buffer_clear(&out);
  jac_latex_display(set.text, "", &frame, &out);
  ck_assert_ptr_nonnull(strstr(out.text, "\\allowdisplaybreaks\n"
                                         "\\setlength{\\arraycolsep}{3pt}\n"
                                         "\\renewcommand{\\arraystretch}{1.2}\n"
                                         "\\begin{align*}\n&\\sum a"));
  ck_assert_ptr_nonnull(strstr(out.text, "\\displaybreak"));
  ck_assert_int_eq(strncmp(out.text, "\\filbreak", 9), 0);
  jac_buffer_free(&set);
  jac_buffer_free(&out);
}
END_TEST

Suite *fragments_suite(void);
Suite *fragments_suite(void) {
  Suite *suite = suite_create("fragments");
  TCase *tc = tcase_create("LaTeX");
  tcase_add_loop_test(tc, golden_fragments, 0, (int)(sizeof cases / sizeof cases[0]));
  tcase_add_test(tc, axes_leave_out_blocks);
  tcase_add_test(tc, axes_keep_their_size);
  tcase_add_loop_test(tc, dots_do_not_lie, 0, (int)(sizeof large / sizeof large[0]));
  tcase_add_test(tc, numbers_are_set);
  tcase_add_test(tc, odd_numbers_are_set);
  tcase_add_test(tc, texts_are_escaped);
  tcase_add_test(tc, widths_are_near);
  tcase_add_test(tc, reports_are_tables);
  tcase_add_loop_test(tc, long_lines_are_broken, 0,
                      (int)(sizeof broken / sizeof broken[0]));
  tcase_add_test(tc, scripts_shrink_less);
  tcase_add_test(tc, frames_are_lower_than_pages);
  suite_add_tcase(suite, tc);
  return suite;
}
