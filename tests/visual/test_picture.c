/* Pictures: every one is well-formed, both formats agree, nothing that is not zero
 * disappears. */
#include "tests/slow.h"
#include "tests/golden.h"
#include "tests/visual/picture_case.h"
#include "visual/picture/palette.h"
#include "visual/picture/sample.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *spec;
  size_t batch;
  const char *wrt;
} modules[] = {{"linear:3x2,bias", 1, "W"},
               {"linear:3x2,bias", 3, "W"},
               {"linear:3x2", 9, "z"},
               {"linear:1x1,bias", 1, "b"},
               {"linear:30x20", 3, "W"},
               {"softmax:4", 3, "z"},
               {"tanh:70", 8, "z"},
               {"mse:3,reduction=mean", 2, "z"},
               {"conv1d:3x2x3,length=8", 2, "W"},
               {"batch-norm:4", 3, "z"}};

/* Two pixels of the PNG to one of the SVG. */
static void check_size(struct jac_view *view, const char *svg) {
  unsigned width = 0, height = 0;
  struct pixels pixels;
  picture_png(view, &pixels);
  ck_assert_int_eq(
      sscanf(strstr(svg, "viewBox"), "viewBox=\"0 0 %u %u\"", &width, &height), 2);
  ck_assert_uint_eq(pixels.width, 2 * width);
  ck_assert_uint_eq(pixels.height, 2 * height);
  free(pixels.rgb);
}

START_TEST(every_picture_is_well_formed) {
  for (size_t k = 0; k < sizeof modules / sizeof modules[0]; k += every())
    for (int form = 0; form < JAC_FORMS; form++)
      for (int entries = 0; entries <= JAC_ENTRIES_STRUCTURE; entries++) {
        bool coupled = strstr(modules[k].spec, "mean") != NULL ||
                       strstr(modules[k].spec, "norm") != NULL;
        if ((form == JAC_FORM_MATRIX && modules[k].batch > 1) ||
            (coupled && form != JAC_FORM_FULL))
          continue;
        struct view_case c;
        view_case_new(modules[k].spec, modules[k].batch, modules[k].wrt,
                      (enum jac_form)form, JAC_ORDER_F, (enum jac_entries)entries, &c);
        char *svg = picture_svg(&c.view);
        xml_check(svg);
        ck_assert_ptr_nonnull(strstr(svg, "<title>Jacobian of "));
        ck_assert_ptr_nonnull(strstr(svg, "<desc>"));
        if (entries == JAC_ENTRIES_NUMBERS && (every() == 1 || k == 0))
          check_size(&c.view, svg);
        free(svg);
        view_case_free(&c);
      }
}
END_TEST

static const struct {
  const char *name, *spec;
  size_t batch;
  const char *wrt;
  enum jac_form form;
  enum jac_order order;
  enum jac_entries entries;
} goldens[] = {
    {"linear-W", "linear:3x2", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_NUMBERS},
    {"linear-W-batch", "linear:3x2", 2, "W", JAC_FORM_BATCH, JAC_ORDER_F,
     JAC_ENTRIES_SYMBOLS},
    {"linear-W-reduced", "linear:3x2", 1, "W", JAC_FORM_REDUCED, JAC_ORDER_F,
     JAC_ENTRIES_BOTH},
    {"linear-W-structure", "linear:5x4", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F,
     JAC_ENTRIES_STRUCTURE},
    {"linear-W-sheets", "linear:30x8", 7, "W", JAC_FORM_BATCH, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS},
    {"linear-z-full", "linear:20x10", 4, "z", JAC_FORM_FULL, JAC_ORDER_F,
     JAC_ENTRIES_STRUCTURE},
    {"linear-W-C", "linear:3x2", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_C,
     JAC_ENTRIES_NUMBERS},
};

START_TEST(pictures_are_as_looked_at) {
  for (size_t k = 0; k < sizeof goldens / sizeof goldens[0]; k++) {
    struct view_case c;
    char path[200];
    view_case_new(goldens[k].spec, goldens[k].batch, goldens[k].wrt, goldens[k].form,
                  goldens[k].order, goldens[k].entries, &c);
    char *svg = picture_svg(&c.view);
    snprintf(path, sizeof path, "tests/visual/golden/%s.svg", goldens[k].name);
    golden_check(path, svg);
    free(svg);
    view_case_free(&c);
  }
}
END_TEST

/* The pixels of a colour, and where they are. */
struct found {
  size_t count, left, right, top, bottom;
};

static struct found find(const struct pixels *pixels, long color) {
  struct found f = {0, pixels->width, 0, pixels->height, 0};
  for (size_t y = 0; y < pixels->height; y++)
    for (size_t x = 0; x < pixels->width; x++)
      if (pixel(pixels, x, y) == color) {
        f.count++;
        f.left = x < f.left ? x : f.left;
        f.right = x > f.right ? x : f.right;
        f.top = y < f.top ? y : f.top;
        f.bottom = y > f.bottom ? y : f.bottom;
      }
  return f;
}

/* A large Jacobian, zero but for a few entries. */
static void large_case(enum jac_entries entries, struct view_case *c) {
  struct jac_error err;
  struct jac_layout layout;
  memset(c, 0, sizeof *c);
  view_map_new("linear:5000x2000", 1, &c->map);
  ck_assert_int_eq(jac_array3_alloc(1, 2000, 5000, &c->native, &err), JAC_OK);
  ck_assert_int_eq(
      jac_layout_make(c->map, 0, JAC_FORM_MATRIX, JAC_ORDER_F, &layout, &err), JAC_OK);
  ck_assert_int_eq(jac_view_new(&layout, NULL, &c->native, entries, 4, &c->view, &err),
                   JAC_OK);
}

/* The pixels that one more entry changes. */
static struct found changed(enum jac_entries entries, size_t row, size_t col) {
  struct view_case c;
  struct pixels before, after;
  large_case(entries, &c);
  *jac_array3_at(&c.native, 0, 500, 500) = -1e6;
  picture_png(&c.view, &before);
  *jac_array3_at(&c.native, 0, row, col) = 1e-9;
  picture_png(&c.view, &after);
  ck_assert_uint_eq(before.width, after.width);
  for (size_t k = 0; k < 3 * after.width * after.height; k += 3) {
    bool same = memcmp(before.rgb + k, after.rgb + k, 3) == 0;
    memset(after.rgb + k, same ? 0xFF : 0, 3);
  }
  struct found f = find(&after, 0);
  free(before.rgb);
  free(after.rgb);
  view_case_free(&c);
  return f;
}

START_TEST(no_entry_of_a_large_one_disappears) {
  static const size_t places[][2] = {{1999, 4999}, {1003, 2501}};
  static const enum jac_entries kinds[] = {JAC_ENTRIES_NUMBERS, JAC_ENTRIES_STRUCTURE};
  for (size_t e = 0; e < 2; e++) {
    struct found first = changed(kinds[e], 0, 0);
    ck_assert_uint_eq(first.count, 4);
    for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
      struct found f = changed(kinds[e], places[k][0], places[k][1]);
      ck_assert_uint_eq(f.count, 4);
      ck_assert_uint_eq(f.top - first.top, places[k][0] / 8 * 2);
      ck_assert_uint_eq(f.left - first.left, places[k][1] / 8 * 2);
    }
  }
}
END_TEST

/* The shade of a dot, entry by entry. */
static unsigned char expected_shade(const struct jac_view *view, size_t row, size_t col,
                                    size_t per_row, size_t per_col, double largest) {
  double most = 0.0;
  bool finite = true;
  for (size_t i = row * per_row; i < (row + 1) * per_row && i < view->layout.rows; i++)
    for (size_t j = col * per_col; j < (col + 1) * per_col && j < view->layout.cols;
         j++) {
      double value = jac_view_value(view, 0, i, j);
      finite = finite && isfinite(value);
      if (isfinite(value) && fabs(value) > fabs(most))
        most = value;
    }
  return !finite       ? JAC_SHADE_NOT_FINITE
         : most == 0.0 ? JAC_SHADE_ZERO
                       : jac_shade(most, largest);
}

START_TEST(a_dot_has_the_largest_of_its_entries) {
  struct view_case c;
  struct jac_sample sample;
  view_case_new("linear:47x60", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_NUMBERS,
                &c);
  srand(1);
  for (size_t k = 0; k < 47 * 60; k++)
    c.native.data[k] = rand() % 20 > 0 ? 0.0 : (double)(rand() % 2001 - 1000);
  c.native.data[1000] = NAN;
  c.native.data[2000] = -INFINITY;
  c.native.data[2001] = 1500.0;
  for (size_t per_row = 1; per_row < 8; per_row += 3)
    for (size_t per_col = 1; per_col < 8; per_col += 2) {
      ck_assert_int_eq(jac_sample_new(&c.view, per_row, per_col, &sample, NULL), JAC_OK);
      ck_assert_double_eq(sample.largest, 1500.0);
      for (size_t row = 0; row < sample.rows; row++)
        for (size_t col = 0; col < sample.cols; col++)
          ck_assert_int_eq(
              jac_sample_sheet(&sample, 0)[row * sample.cols + col],
              expected_shade(&c.view, row, col, per_row, per_col, sample.largest));
      jac_sample_free(&sample);
    }
  view_case_free(&c);
}
END_TEST

START_TEST(what_is_left_out_is_said) {
  struct view_case c;
  large_case(JAC_ENTRIES_NUMBERS, &c);
  *jac_array3_at(&c.native, 0, 1003, 2501) = 1.0;
  char *svg = picture_svg(&c.view);
  xml_check(svg);
  ck_assert_ptr_nonnull(strstr(svg, "A dot stands for 8 × 8 entries and shows the one of "
                                    "the largest magnitude."));
  ck_assert_ptr_nonnull(strstr(svg, "Of the 10000000 entries drawn 1 are not zero"));
  free(svg);
  view_case_free(&c);
  view_case_new("linear:2x2", 9, "z", JAC_FORM_BATCH, JAC_ORDER_F, JAC_ENTRIES_NUMBERS,
                &c);
  svg = picture_svg(&c.view);
  ck_assert_ptr_nonnull(strstr(svg, "Drawn are samples 1 to 4 and the last of 9."));
  free(svg);
  view_case_free(&c);
}
END_TEST

START_TEST(large_noise_is_small) {
  struct view_case c;
  struct pixels pixels;
  large_case(JAC_ENTRIES_NUMBERS, &c);
  unsigned state = 1;
  for (size_t k = 0; k < 2000 * 5000; k++) {
    state = state * 1664525u + 1013904223u;
    c.native.data[k] = (double)state / 4294967296.0 - 0.5;
  }
  char *svg = picture_svg(&c.view);
  ck_assert_uint_lt(strlen(svg), 2 << 20);
  free(svg);
  ck_assert_uint_lt(picture_png(&c.view, &pixels), 2 << 20);
  free(pixels.rgb);
  view_case_free(&c);
}
END_TEST

START_TEST(the_signs_have_their_colours) {
  struct view_case c;
  struct pixels pixels;
  view_case_new("linear:3x2", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_NUMBERS,
                &c);
  static const double values[6] = {-2, 2, 0, NAN, 1e-30, -1};
  memcpy(c.native.data, values, sizeof values);
  picture_png(&c.view, &pixels);
  for (size_t k = 0; k < 6; k++) {
    long color = jac_shade_color(isnan(values[k])   ? JAC_SHADE_NOT_FINITE
                                 : values[k] == 0.0 ? JAC_SHADE_ZERO
                                                    : jac_shade(values[k], 2.0));
    ck_assert_uint_gt(find(&pixels, color).count, 1000);
  }
  long most = jac_shade_color(jac_shade(2, 2)), least = jac_shade_color(jac_shade(-2, 2));
  ck_assert_int_gt(most >> 16, most & 0xFF);
  ck_assert_int_lt(least >> 16, least & 0xFF);
  free(pixels.rgb);
  char *svg = picture_svg(&c.view);
  ck_assert_ptr_nonnull(strstr(svg, "not finite"));
  ck_assert_ptr_nonnull(strstr(svg, "zero at these values"));
  free(svg);
  view_case_free(&c);
}
END_TEST

/* How a colour looks to who lacks the cones for red or green: Viénot, Brettel and Mollon
 * 1999, in linear light. */
static void seen(long color, int kind, double out[3]) {
  static const double matrix[3][9] = {
      {1, 0, 0, 0, 1, 0, 0, 0, 1},
      {0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1},
      {0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1}};
  double linear[3];
  for (int d = 0; d < 3; d++)
    linear[d] = pow((double)(color >> (16 - 8 * d) & 0xFF) / 255.0, 2.2);
  for (int d = 0; d < 3; d++) {
    out[d] = 0.0;
    for (int e = 0; e < 3; e++)
      out[d] += matrix[kind][3 * d + e] * linear[e];
    out[d] = pow(fmax(out[d], 0.0), 1.0 / 2.2) * 255.0;
  }
}

static double apart(long a, long b, int kind) {
  double x[3], y[3];
  seen(a, kind, x);
  seen(b, kind, y);
  return sqrt(pow(x[0] - y[0], 2) + pow(x[1] - y[1], 2) + pow(x[2] - y[2], 2));
}

START_TEST(colours_can_be_told_apart) {
  for (int kind = 0; kind < 3; kind++)
    for (int level = 0; level < JAC_SHADE_LEVELS; level++) {
      double size = (level + 0.5) / JAC_SHADE_LEVELS;
      long minus = jac_shade_color(jac_shade(-size, 1.0));
      long plus = jac_shade_color(jac_shade(size, 1.0));
      ck_assert_double_gt(apart(minus, plus, kind), 30.0);
      ck_assert_double_gt(apart(minus, 0xFFFFFF, kind), 30.0);
      ck_assert_double_gt(apart(plus, 0xFFFFFF, kind), 30.0);
      long grey = jac_shade_color(JAC_SHADE_ALWAYS_ZERO);
      ck_assert_double_gt(apart(minus, grey, kind), 15.0);
      ck_assert_double_gt(apart(plus, grey, kind), 15.0);
    }
}
END_TEST

START_TEST(darker_is_larger) {
  for (int level = 1; level < JAC_SHADE_LEVELS; level++)
    for (int sign = -1; sign <= 1; sign += 2) {
      double size = (level + 0.5) / JAC_SHADE_LEVELS;
      double step = 1.0 / JAC_SHADE_LEVELS;
      long color = jac_shade_color(jac_shade(sign * size, 1.0));
      long paler = jac_shade_color(jac_shade(sign * (size - step), 1.0));
      ck_assert_double_lt(apart(color, 0, 0), apart(paler, 0, 0));
    }
}
END_TEST

START_TEST(names_cannot_break_out) {
  struct view_case c;
  view_case_new("linear:3x2", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_SYMBOLS,
                &c);
  free(c.map->spec);
  c.map->spec = strdup("a</title><script>x()</script>&amp;\"'\x01\x1b[2J\xff\xc3 ]]>");
  strcpy(c.map->var[jac_map_find(c.map, "W")].symbol, "<b>&\"_%#\\");
  strcpy(c.map->output_symbol, "\"/><z\xf0\x9f");
  char *svg = picture_svg(&c.view);
  xml_check(svg);
  ck_assert_ptr_null(strstr(svg, "<script"));
  ck_assert_ptr_null(strstr(svg, "<b>"));
  ck_assert_ptr_null(strstr(svg, "<z"));
  ck_assert_ptr_nonnull(strstr(svg, "a&lt;/title&gt;&lt;script&gt;"));
  free(svg);
  struct pixels pixels;
  picture_png(&c.view, &pixels);
  free(pixels.rgb);
  view_case_free(&c);
}
END_TEST

Suite *picture_suite(void);
Suite *picture_suite(void) {
  Suite *suite = suite_create("picture");
  TCase *tc = tcase_create("picture");
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, every_picture_is_well_formed);
  tcase_add_test(tc, pictures_are_as_looked_at);
  tcase_add_test(tc, a_dot_has_the_largest_of_its_entries);
  if (every() == 1) {
    tcase_add_test(tc, what_is_left_out_is_said);
    tcase_add_test(tc, no_entry_of_a_large_one_disappears);
    tcase_add_test(tc, large_noise_is_small);
  }
  tcase_add_test(tc, the_signs_have_their_colours);
  tcase_add_test(tc, colours_can_be_told_apart);
  tcase_add_test(tc, darker_is_larger);
  tcase_add_test(tc, names_cannot_break_out);
  suite_add_tcase(suite, tc);
  return suite;
}
