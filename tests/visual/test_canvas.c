/* What pictures are made of: covered areas, letters, lines of text. */
#include "visual/picture/canvas.h"
#include "visual/picture/font.h"
#include "visual/picture/script.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void polygon(struct jac_canvas *canvas, size_t count, const double *point) {
  for (size_t k = 0; k < count; k++) {
    size_t next = (k + 1) % count;
    jac_canvas_edge(canvas, point[2 * k], point[2 * k + 1], point[2 * next],
                    point[2 * next + 1]);
  }
  jac_canvas_fill(canvas, 0);
}

/* How much of the canvas is black, in pixels. */
static double black(const struct jac_canvas *canvas) {
  double sum = 0.0;
  for (size_t k = 0; k < canvas->width * canvas->height; k++)
    sum += (255.0 - canvas->rgb[3 * k]) / 255.0;
  return sum;
}

/* The shoelace formula. */
static double area(size_t count, const double *point) {
  double sum = 0.0;
  for (size_t k = 0; k < count; k++) {
    size_t next = (k + 1) % count;
    sum += point[2 * k] * point[2 * next + 1] - point[2 * next] * point[2 * k + 1];
  }
  return fabs(sum) / 2.0;
}

START_TEST(covers_as_much_as_the_area) {
  srand(1);
  for (int round = 0; round < 500; round++) {
    double point[6];
    struct jac_canvas canvas;
    for (int k = 0; k < 6; k++)
      point[k] = 1.0 + 38.0 * rand() / RAND_MAX;
    jac_canvas_init(&canvas, 40, 40);
    polygon(&canvas, 3, point);
    /* Each pixel of an edge is rounded to a 255th. */
    ck_assert_double_eq_tol(black(&canvas), area(3, point), 0.4);
    jac_canvas_free(&canvas);
  }
}
END_TEST

START_TEST(whole_pixels_are_exact) {
  static const double square[] = {3, 5, 3, 9, 8, 9, 8, 5};
  struct jac_canvas canvas;
  jac_canvas_init(&canvas, 12, 12);
  polygon(&canvas, 4, square);
  for (size_t y = 0; y < 12; y++)
    for (size_t x = 0; x < 12; x++)
      ck_assert_int_eq(canvas.rgb[3 * (12 * y + x)],
                       x >= 3 && x < 8 && y >= 5 && y < 9 ? 0 : 255);
  jac_canvas_free(&canvas);
}
END_TEST

START_TEST(what_lies_outside_is_cut) {
  static const double wide[] = {-50, -50, 100, -50, 100, 100, -50, 100};
  static const double beside[] = {20, 2, 30, 2, 30, 8}, left[] = {-9, 2, -1, 2, -4, 8};
  struct jac_canvas canvas;
  jac_canvas_init(&canvas, 10, 10);
  polygon(&canvas, 3, beside);
  polygon(&canvas, 3, left);
  ck_assert_double_eq(black(&canvas), 0.0);
  jac_canvas_block(&canvas, 9, 9, 50, 50, 0);
  ck_assert_double_eq(black(&canvas), 1.0);
  polygon(&canvas, 4, wide);
  ck_assert_double_eq(black(&canvas), 100.0);
  jac_canvas_free(&canvas);
}
END_TEST

START_TEST(reads_and_writes_utf8) {
  static const uint32_t letters[] = {'A', 0xE9, 0x3B1, 0x2082, 0xFFFD, 0x1F600};
  char text[5];
  for (size_t k = 0; k < sizeof letters / sizeof letters[0]; k++) {
    const char *at = text;
    jac_utf8_write(letters[k], text);
    ck_assert_uint_eq(jac_utf8_next(&at), letters[k]);
    ck_assert_uint_eq(jac_utf8_next(&at), 0);
  }
  static const char *const bad[] = {"\x01",
                                    "\x7f",
                                    "\xff",
                                    "\xc0\x80",
                                    "\xe2\x82",
                                    "\xed\xa0\x80",
                                    "\xf4\x90\x80\x80",
                                    "\xef\xbf\xbf",
                                    "\x80"};
  for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
    const char *at = bad[k];
    ck_assert_uint_eq(jac_utf8_next(&at), 0xFFFD);
  }
}
END_TEST

START_TEST(every_letter_is_drawn_in_order) {
  ck_assert_ptr_eq(jac_font_glyph(0x4E2D), jac_font_glyph(0xFFFD));
  for (uint32_t letter = 0x20; letter < 0x2600; letter++) {
    const struct jac_glyph *glyph = jac_font_glyph(letter);
    ck_assert(glyph->letter == letter || glyph->letter == 0xFFFD);
    ck_assert_int_gt(glyph->advance, 0);
    ck_assert_uint_eq(strspn(glyph->outline, "mlq -0123456789"), strlen(glyph->outline));
    if (letter > 0x20 && letter < 0x7F)
      ck_assert(glyph->letter == letter && glyph->outline[0] == 'm');
  }
}
END_TEST

/* The letters of a text that is laid out. */
struct line {
  struct jac_letter letter[32];
  size_t count;
};

static void keep(void *context, const struct jac_letter *letter) {
  struct line *line = context;
  ck_assert_uint_lt(line->count, 32);
  line->letter[line->count++] = *letter;
}

START_TEST(indices_stand_under_exponents) {
  struct line line = {.count = 0};
  double width = jac_script_lay("zᵏ⁻¹₁₂ = w•₃", 10.0, true, keep, &line);
  static const uint32_t expected[] = {'z', 'k', 0x2212, '1', '1',    '2',
                                      ' ', '=', ' ',    'w', 0x2022, '3'};
  ck_assert_uint_eq(line.count, 12);
  for (size_t k = 0; k < 12; k++)
    ck_assert_uint_eq(line.letter[k].letter, expected[k]);
  const struct jac_letter *l = line.letter;
  ck_assert(l[0].italic && l[1].italic && l[9].italic);
  ck_assert(!l[3].italic && !l[7].italic);
  ck_assert(l[1].y < 0 && l[4].y > 0 && l[0].y == 0 && l[7].y == 0 && l[10].y > 0);
  ck_assert_double_eq(l[1].x, l[4].x);
  ck_assert_double_lt(l[1].size, l[0].size);
  /* What follows begins after the longer of the two. */
  ck_assert_double_gt(l[6].x, l[3].x);
  ck_assert_double_gt(width, l[11].x);
  line.count = 0;
  jac_script_lay("exp x", 10.0, true, keep, &line);
  ck_assert(!line.letter[0].italic && !line.letter[2].italic && line.letter[4].italic);
}
END_TEST

START_TEST(lines_end_between_words) {
  const char *text = "one two three";
  double two = jac_script_lay("one two", 12.0, false, NULL, NULL);
  ck_assert_uint_eq(jac_script_fit(text, 12.0, two + 1.0), 7);
  ck_assert_uint_eq(jac_script_fit(text, 12.0, 1000.0), strlen(text));
  ck_assert_uint_eq(jac_script_fit(text, 12.0, 1.0), 1);
  ck_assert_uint_eq(jac_script_fit("", 12.0, 1.0), 0);
}
END_TEST

Suite *canvas_suite(void);
Suite *canvas_suite(void) {
  Suite *suite = suite_create("canvas");
  TCase *tc = tcase_create("canvas");
  tcase_add_test(tc, covers_as_much_as_the_area);
  tcase_add_test(tc, whole_pixels_are_exact);
  tcase_add_test(tc, what_lies_outside_is_cut);
  tcase_add_test(tc, reads_and_writes_utf8);
  tcase_add_test(tc, every_letter_is_drawn_in_order);
  tcase_add_test(tc, indices_stand_under_exponents);
  tcase_add_test(tc, lines_end_between_words);
  suite_add_tcase(suite, tc);
  return suite;
}
