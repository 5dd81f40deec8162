/* The gallery: its commands give its pictures. And, when JAC_RENDER is set (make
 * pictures), a renderer of SVG gives what our PNG shows. */
#include "tests/visual/picture_case.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COMMAND = 600, SQUARE = 16 };

/* One picture of docs/gallery/README.md. */
struct entry {
  char arguments[COMMAND]; /* after `jacobian`, without -o */
  char file[100];
};

/* The next line `$ jacobian ... -o FILE`, or false. */
static bool next_entry(const char **at, struct entry *entry) {
  static const char prompt[] = "\n$ jacobian ";
  const char *start = strstr(*at, prompt);
  if (start == NULL)
    return false;
  start += strlen(prompt);
  size_t length = strcspn(start, "\n");
  ck_assert_uint_lt(length, COMMAND);
  memcpy(entry->arguments, start, length);
  entry->arguments[length] = '\0';
  char *output = strstr(entry->arguments, " -o ");
  ck_assert_msg(output != NULL, "%s writes no file", entry->arguments);
  snprintf(entry->file, sizeof entry->file, "%s", output + strlen(" -o "));
  *output = '\0';
  *at = start;
  return true;
}

/* What a shell line prints. */
static char *output_of(const char *line, size_t *size) {
  FILE *file = tmpfile(), *pipe = popen(line, "r");
  char part[4096];
  ck_assert(file != NULL && pipe != NULL);
  for (size_t n; (n = fread(part, 1, sizeof part, pipe)) > 0;)
    fwrite(part, 1, n, file);
  ck_assert_msg(pclose(pipe) == 0, "%s", line);
  return file_contents(file, size);
}

static char *picture_of(const struct entry *entry, const char *format, size_t *size) {
  char line[COMMAND + 200];
  snprintf(line, sizeof line, "LC_ALL=C.UTF-8 LANGUAGE=en %s %s --format %s",
           getenv("JACOBIAN"), entry->arguments, format);
  return output_of(line, size);
}

static char *file_of(const char *name, size_t *size) {
  char path[200];
  snprintf(path, sizeof path, "docs/gallery/%s", name);
  FILE *file = fopen(path, "rb");
  ck_assert_msg(file != NULL, "%s is missing: make gallery writes it", path);
  return file_contents(file, size);
}

START_TEST(commands_give_the_pictures) {
  size_t size, count = 0;
  char *page = file_of("README.md", &size);
  struct entry entry;
  for (const char *at = page; next_entry(&at, &entry); count++) {
    char image[120];
    snprintf(image, sizeof image, "](%s)", entry.file);
    ck_assert_msg(strstr(page, image) != NULL, "%s is not shown", entry.file);
    char *committed = file_of(entry.file, &size);
    if (strstr(entry.file, ".svg") != NULL) {
      char *svg = picture_of(&entry, "svg", &size);
      xml_check(svg);
      ck_assert_msg(strcmp(svg, committed) == 0,
                    "%s is not what its command gives: make gallery", entry.file);
      free(svg);
    } else {
      struct pixels a, b;
      pixels_read(committed, size, &a);
      char *png = picture_of(&entry, "png", &size);
      pixels_read(png, size, &b);
      ck_assert(a.width == b.width && a.height == b.height);
      ck_assert_int_eq(memcmp(a.rgb, b.rgb, 3 * a.width * a.height), 0);
      free(png);
      free(a.rgb);
      free(b.rgb);
    }
    free(committed);
  }
  ck_assert_uint_ge(count, 8);
  free(page);
}
END_TEST

/* The mean colour of a square. */
static void mean(const struct pixels *p, size_t left, size_t top, double out[3]) {
  double count = 0.0;
  out[0] = out[1] = out[2] = 0.0;
  for (size_t y = top; y < top + SQUARE && y < p->height; y++)
    for (size_t x = left; x < left + SQUARE && x < p->width; x++, count++)
      for (int d = 0; d < 3; d++)
        out[d] += p->rgb[3 * (y * p->width + x) + (size_t)d];
  for (int d = 0; d < 3; d++)
    out[d] /= count;
}

/* Square by square: the other renderer kerns and hints its letters, which moves them by a
 * few pixels, but what is missing or has another colour is seen. */
static void compare(const char *name, const struct pixels *a, const struct pixels *b) {
  double sum = 0.0, most = 0.0, squares = 0.0;
  ck_assert_msg(a->width == b->width && a->height == b->height,
                "%s: %zu x %zu, rendered %zu x %zu", name, a->width, a->height, b->width,
                b->height);
  for (size_t y = 0; y < a->height; y += SQUARE)
    for (size_t x = 0; x < a->width; x += SQUARE, squares++) {
      double ours[3], theirs[3], difference = 0.0;
      mean(a, x, y, ours);
      mean(b, x, y, theirs);
      for (int d = 0; d < 3; d++)
        difference = fmax(difference, fabs(ours[d] - theirs[d]));
      sum += difference;
      most = fmax(most, difference);
    }
  ck_assert_msg(sum / squares < 1.0 && most < 30.0,
                "%s: squares differ by %.2f, one by %.0f", name, sum / squares, most);
}

START_TEST(a_renderer_sees_the_same) {
  size_t size;
  char *page = file_of("README.md", &size);
  struct entry entry;
  for (const char *at = page; next_entry(&at, &entry);) {
    char line[COMMAND + 200];
    struct pixels ours, rendered;
    snprintf(line, sizeof line,
             "LC_ALL=C.UTF-8 LANGUAGE=en %s %s --format svg | rsvg-convert --zoom 2",
             getenv("JACOBIAN"), entry.arguments);
    char *png = output_of(line, &size);
    pixels_read(png, size, &rendered);
    free(png);
    png = picture_of(&entry, "png", &size);
    pixels_read(png, size, &ours);
    free(png);
    compare(entry.arguments, &ours, &rendered);
    free(ours.rgb);
    free(rendered.rgb);
  }
  free(page);
}
END_TEST

Suite *gallery_suite(void);
Suite *gallery_suite(void) {
  Suite *suite = suite_create("gallery");
  TCase *tc = tcase_create("gallery");
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, commands_give_the_pictures);
  if (getenv("JAC_RENDER") != NULL)
    tcase_add_test(tc, a_renderer_sees_the_same);
  suite_add_tcase(suite, tc);
  return suite;
}
