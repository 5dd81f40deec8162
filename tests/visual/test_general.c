/* Matrices of general sizes: what their dots stand for is read as a person reads them,
 * worked out at several sizes, and held against the module's own Jacobian there. */
#include "visual/general.h"

#include "jacobian/values.h"
#include "layers/network.h"
#include "tests/visual/written_value.h"

#include <check.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 240, SIDE = 40 };

typedef char cell[TEXT];

/* A text without its numbers: what must be the same for two entries to go on. */
static void shape_of(const char *text, cell shape) {
  size_t put = 0;
  for (const char *at = text; *at != '\0'; at++)
    if (isdigit((unsigned char)*at) && at != text && (at[-1] == '[' || at[-1] == ',')) {
      at += strspn(at, "0123456789") - 1;
      shape[put++] = '#';
    } else
      shape[put++] = *at;
  shape[put] = '\0';
}

/* The entry at place c, of a row in which a stands at place p and b at q: indices that
 * differ there go on by one a place. False: the two are not alike. */
static bool go_on(const char *a, size_t p, const char *b, size_t q, size_t c, cell out) {
  cell one, other;
  shape_of(a, one);
  shape_of(b, other);
  if (strcmp(one, other) != 0)
    return false;
  size_t put = 0;
  for (; *a != '\0' && *b != '\0'; a++, b++) {
    bool index = isdigit((unsigned char)*b) && put > 0 &&
                 (out[put - 1] == '[' || out[put - 1] == ',');
    if (!index) {
      out[put++] = *b;
      continue;
    }
    unsigned long x = strtoul(a, NULL, 10), y = strtoul(b, NULL, 10);
    if (x != y) {
      ck_assert_uint_eq(y - x, q - p); /* as many as there are places */
      y = y - q + c;
    }
    put += (size_t)sprintf(out + put, "%lu", y);
    a += strspn(a, "0123456789") - 1;
    b += strspn(b, "0123456789") - 1;
  }
  out[put] = '\0';
  return true;
}

/* The numbers of a line of which the places at[0 .. count) are written, by two of those
 * that are alike: the last pair is tried first. */
static void fill_between(cell *text, const size_t *at, size_t count, size_t c, cell out) {
  for (size_t k = 0; k < count; k++)
    if (at[k] == c) {
      strcpy(out, text[k]);
      return;
    }
  for (size_t k = count; k-- > 1;)
    for (size_t j = k; j-- > 0;)
      if (go_on(text[j], at[j], text[k], at[k], c, out))
        return;
  ck_abort_msg("what stands between %s and %s?", text[0], text[count - 1]);
}

/* One way of writing an axis: places in blocks of so many (0: none). */
static size_t axis(size_t size, size_t block, size_t place[SIDE]) {
  size_t count = 0;
  bool ruled = block > 1 && block < size;
  size_t blocks = ruled ? size / block : 1, width = ruled ? block : size;
  for (size_t b = 0; b < blocks; b++) {
    if (blocks > 4 && b >= 2 && b + 1 < blocks)
      continue;
    for (size_t k = 0; k < width; k++)
      if (width <= 4 || k < (ruled ? 1 : 2) || k + 1 == width)
        place[count++] = b * width + k;
  }
  return count;
}

static void words_to_numbers(const char *text, const struct jac_words *words,
                             const size_t *size, cell out) {
  size_t put = 0;
  for (const char *at = text; *at != '\0';) {
    size_t length = 0;
    while (isalpha((unsigned char)at[length]))
      length++;
    bool found = false;
    for (size_t k = 0; k < words->count && length > 0; k++)
      if (strlen(words->word[k]) == length && strncmp(words->word[k], at, length) == 0) {
        put += (size_t)sprintf(out + put, "%zu", size[k]);
        found = true;
      }
    length += length == 0;
    if (!found) {
      memcpy(out + put, at, length);
      put += length;
    }
    at += length;
  }
  out[put] = '\0';
}

/* The written cells, dots left out, at concrete sizes; their count a row. */
static size_t written(const struct jac_general *g, const struct jac_words *words,
                      const size_t *size, cell *text, size_t *cols) {
  size_t rows = 0;
  for (size_t i = 0; i < g->rows; i++) {
    const char *first = g->cell[i * g->cols];
    if (strcmp(first, ":") == 0 || *first == '\0')
      continue;
    size_t put = 0;
    for (size_t j = 0; j < g->cols; j++) {
      const char *one = g->cell[i * g->cols + j];
      if (strcmp(one, "...") != 0)
        words_to_numbers(one, words, size, text[rows * SIDE + put++]);
    }
    *cols = put;
    rows++;
  }
  return rows;
}

/* Whether a person would see the diagonal apart from the rest. */
static bool diagonal_apart(cell *text) {
  cell on, off;
  shape_of(text[SIDE + 1], on);
  shape_of(text[1], off);
  return strcmp(on, off) != 0;
}

static void entry_at(cell *text, const size_t *row, size_t rows, const size_t *col,
                     size_t cols, size_t r, size_t c, bool square, cell out) {
  cell line[SIDE], column[SIDE];
  if (square && r == c && diagonal_apart(text)) {
    cell diagonal[SIDE];
    for (size_t k = 0; k < rows; k++)
      strcpy(diagonal[k], text[k * SIDE + k]);
    fill_between(diagonal, row, rows, r, out);
    return;
  }
  for (size_t j = 0; j < cols; j++) {
    for (size_t i = 0; i < rows; i++)
      strcpy(column[i], text[i * SIDE + j]);
    fill_between(column, row, rows, r, line[j]);
  }
  /* of what is off the diagonal, what is on it says nothing */
  size_t at[SIDE], count = 0;
  for (size_t j = 0; j < cols; j++)
    if (!square || !diagonal_apart(text) || col[j] != r || c == r) {
      memmove(line[count], line[j], sizeof(cell));
      at[count++] = col[j];
    }
  fill_between(line, at, count, c, out);
}

static struct jac_map *make(const char *name, size_t count, const size_t *size,
                            const char *options, size_t batch) {
  char spec[80];
  const char *specs[] = {spec};
  struct jac_map *map;
  struct jac_error err = {JAC_OK, ""};
  size_t put = (size_t)snprintf(spec, sizeof spec, "%s:%zu", name, size[0]);
  if (count > 1)
    put += (size_t)snprintf(spec + put, sizeof spec - put, "x%zu", size[1]);
  snprintf(spec + put, sizeof spec - put, "%s", options);
  ck_assert_msg(jac_network_new(specs, 1, batch, NULL, &map, &err) == JAC_OK, "%s",
                err.message);
  return map;
}

/* The Jacobian of one sample of a module, general and at these sizes. Returns how many
 * entries that dots hide were compared. */
static size_t compare(const char *name, size_t count_of, const char *options,
                      const char *wrt, const size_t *size) {
  struct jac_words words = {0};
  struct jac_error err = {JAC_OK, ""};
  size_t stand_in[2] = {jac_words_stand_in(&words, "input"), 0}, hidden = 0,
         written_cols = 0;
  if (count_of > 1)
    stand_in[1] = jac_words_stand_in(&words, "output");
  struct jac_map *general_map = make(name, count_of, stand_in, options, 1),
                 *map = make(name, count_of, size, options, 1);
  struct jac_layout layout;
  struct jac_view view;
  struct jac_general g;
  size_t v = jac_map_find(map, wrt);
  ck_assert(jac_layout_make(general_map, v, JAC_FORM_MATRIX, JAC_ORDER_F, &layout,
                            &err) == JAC_OK);
  ck_assert(jac_view_new(&layout, NULL, NULL, JAC_ENTRIES_SYMBOLS, 4, &view, &err) ==
            JAC_OK);
  ck_assert_msg(jac_general_new(&view, &words, 0, false, JAC_NOTATION_ASCII, &g, &err) ==
                    JAC_OK,
                "%s", err.message);

  struct jac_layout own;
  struct jac_array3 J;
  struct jac_values values;
  ck_assert(jac_layout_make(map, v, JAC_FORM_MATRIX, JAC_ORDER_F, &own, &err) == JAC_OK);
  ck_assert(jac_values_new(map, 3, &values, &err) == JAC_OK);
  ck_assert(jac_map_jacobian_new(map, jac_values_point(&values), v, &J, &err) == JAC_OK);
  struct written_at scene = {map, jac_values_point(&values)};

  cell *text = calloc((size_t)SIDE * SIDE, sizeof *text);
  size_t rows = written(&g, &words, size, text, &written_cols), row[SIDE], col[SIDE];
  size_t row_count = axis(own.rows, own.block_rows, row);
  size_t col_count = axis(own.cols, own.block_cols, col);
  ck_assert_uint_eq(rows, row_count);
  ck_assert_uint_eq(written_cols, col_count);
  size_t block = own.block_cols > 1 && own.block_cols < own.cols ? own.block_cols : 0;
  for (size_t c = 0; c < own.cols; c++) {
    /* Within blocks first: the place inside each of the written blocks. */
    cell *narrow = calloc((size_t)SIDE * SIDE, sizeof *narrow);
    size_t at[SIDE], count = 0;
    for (size_t first = 0; block > 0 && first < col_count; count++) {
      size_t b = col[first] / block, end = first, place[SIDE];
      for (; end < col_count && col[end] / block == b; end++)
        place[end - first] = col[end] - b * block;
      for (size_t i = 0; i < rows; i++)
        fill_between(text + i * SIDE + first, place, end - first, c % block,
                     narrow[i * SIDE + count]);
      at[count] = b;
      first = end;
    }
    for (size_t r = 0; r < own.rows; r++) {
      cell entry;
      if (block > 0)
        entry_at(narrow, row, rows, at, count, r, c / block, own.rows == own.cols / block,
                 entry);
      else
        entry_at(text, row, rows, col, col_count, r, c, own.rows == own.cols, entry);
      double expected = *jac_array3_at(&J, 0, r, c), got = written_value(&scene, entry);
      ck_assert_msg(fabs(got - expected) <= 1e-9 * (1.0 + fabs(expected)),
                    "%s by %s, row %zu column %zu: %s is %g, not %g", map->spec, wrt, r,
                    c, entry, got, expected);
      hidden++;
    }
    free(narrow);
  }
  free(text);
  jac_array3_free(&J);
  jac_values_free(&values);
  jac_general_free(&g);
  jac_view_free(&view);
  jac_map_free(general_map);
  jac_map_free(map);
  return hidden;
}

static const size_t sizes[][2] = {{5, 7}, {6, 6}, {9, 5}, {7, 8}};

static void compare_all(const char *name, size_t words, const char *options,
                        const char *wrt) {
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++)
    ck_assert_uint_gt(compare(name, words, options, wrt, sizes[k]), 0);
}

START_TEST(the_dots_of_linear) {
  compare_all("linear", 2, "", "z");
  compare_all("linear", 2, "", "W");
  compare_all("linear", 2, ",bias", "b");
}
END_TEST

START_TEST(the_dots_of_others) {
  compare_all("tanh", 1, "", "z");
  compare_all("softmax", 1, "", "z");
  compare_all("log-softmax", 1, "", "z");
  compare_all("layer-norm", 1, "", "z");
  compare_all("layer-norm", 1, "", "gamma");
  compare_all("mse", 1, "", "z");
}
END_TEST

/* The forward pass of samples whose number is a word too. */
START_TEST(the_dots_of_what_comes_out) {
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    struct jac_words words = {0};
    struct jac_error err = {JAC_OK, ""};
    size_t size[3] = {sizes[k][0], sizes[k][1], 6}, stand_in[3], cols = 0, row[SIDE],
           col[SIDE];
    static const char *const names[] = {"input", "output", "batch"};
    for (size_t j = 0; j < 3; j++)
      stand_in[j] = jac_words_stand_in(&words, names[j]);
    struct jac_map *general = make("linear", 2, stand_in, ",bias", stand_in[2]);
    struct jac_map *map = make("linear", 2, size, ",bias", size[2]);
    struct jac_general g;
    struct jac_values values;
    ck_assert(jac_general_forward(general, &words, false, JAC_NOTATION_ASCII, &g, &err) ==
              JAC_OK);
    ck_assert(jac_values_new(map, 5, &values, &err) == JAC_OK);
    struct written_at scene = {map, jac_values_point(&values)};
    gsl_matrix *y = gsl_matrix_alloc(map->rows, map->cols);
    ck_assert(jac_map_forward(map, scene.point, y, &err) == JAC_OK);
    cell *text = calloc((size_t)SIDE * SIDE, sizeof *text);
    size_t rows = written(&g, &words, size, text, &cols);
    ck_assert_uint_eq(rows, axis(map->rows, 0, row));
    ck_assert_uint_eq(cols, axis(map->cols, 0, col));
    for (size_t n = 0; n < map->rows; n++)
      for (size_t o = 0; o < map->cols; o++) {
        cell entry;
        entry_at(text, row, rows, col, cols, n, o, false, entry);
        ck_assert_double_eq_tol(written_value(&scene, entry), gsl_matrix_get(y, n, o),
                                1e-9);
      }
    free(text);
    gsl_matrix_free(y);
    jac_values_free(&values);
    jac_general_free(&g);
    jac_map_free(general);
    jac_map_free(map);
  }
}
END_TEST

START_TEST(numbers_that_are_words) {
  struct jac_words words = {0};
  struct jac_buffer out = JAC_BUFFER_INIT;
  char text[80];
  size_t n = jac_words_stand_in(&words, "n"), p = jac_words_stand_in(&words, "p");
  ck_assert_uint_eq(jac_words_stand_in(&words, "n"), n);
  snprintf(text, sizeof text, "w_{%zu,%zu} + 0.%zu + %zu x %zu", n, p - 1, n, n * p,
           2 * n);
  ck_assert(jac_words_add(&words, text, &out));
  char expected[80];
  snprintf(expected, sizeof expected, "w_{n,p-1} + 0.%zu + p n x 2 n", n);
  ck_assert_str_eq(out.text, expected);
  jac_buffer_clear(&out);
  ck_assert(!jac_words_add(&words, "z_{83}", &out));
  jac_buffer_free(&out);
}
END_TEST

/* Windows that overlap have no such dots. */
START_TEST(what_has_no_dots_is_refused) {
  struct jac_words words = {0};
  struct jac_error err = {JAC_OK, ""};
  char spec[80];
  const char *specs[] = {spec};
  struct jac_map *map;
  struct jac_layout layout;
  struct jac_view view;
  struct jac_general g;
  snprintf(spec, sizeof spec, "conv1d:2x1x1,length=%zu", jac_words_stand_in(&words, "L"));
  ck_assert(jac_network_new(specs, 1, 1, NULL, &map, &err) == JAC_OK);
  ck_assert(jac_layout_make(map, 0, JAC_FORM_MATRIX, JAC_ORDER_F, &layout, &err) ==
            JAC_OK);
  ck_assert(jac_view_new(&layout, NULL, NULL, JAC_ENTRIES_SYMBOLS, 4, &view, &err) ==
            JAC_OK);
  ck_assert_int_eq(jac_general_new(&view, &words, 0, false, JAC_NOTATION_LATEX, &g, &err),
                   JAC_EREFUSED);
  ck_assert_ptr_nonnull(strstr(err.message, "dots"));
  jac_view_free(&view);
  jac_map_free(map);
}
END_TEST

/* A size in a text at numbers: K, L-K+2. */
static size_t at_sizes(const char *text, size_t kernel, size_t length) {
  long value = 0, sign = 1;
  for (const char *at = text; *at != '\0' && *at != ']'; at++) {
    if (*at == '+' || *at == '-') {
      sign = *at == '-' ? -1 : 1;
      continue;
    }
    char *end = (char *)at + 1;
    value += sign * (*at == 'K'   ? (long)kernel
                     : *at == 'L' ? (long)length
                                  : strtol(at, &end, 10));
    at = end - 1;
  }
  return (size_t)value;
}

/* A row as a person reads it: entries that go on, then (or before) as many zeros as there
 * is room for. The numbers of the entries, 0 for a zero. */
static size_t read_row(char *row, size_t kernel, size_t length, size_t room,
                       size_t number[SIDE]) {
  char *token[SIDE];
  size_t tokens = 0, count = 0, zeros = 0, given = 0;
  for (char *t = strtok(row, " \n"); t != NULL; t = strtok(NULL, " \n"))
    token[tokens++] = t;
  for (size_t pass = 0; pass < 2; pass++) {
    count = 0;
    for (size_t k = 0; k < tokens; k++) {
      const char *open = strchr(token[k], '[');
      size_t from = count > 0 ? number[count - 1] : 0;
      if (strcmp(token[k], "...") == 0 && strcmp(token[k + 1], "0") == 0)
        for (size_t n = 0; n < zeros; n++)
          number[count++] = 0;
      else if (strcmp(token[k], "...") == 0)
        for (size_t n = from + 1;
             n < at_sizes(strchr(token[k + 1], '[') + 1, kernel, length); n++)
          number[count++] = n;
      else
        number[count++] = open == NULL ? 0 : at_sizes(open + 1, kernel, length);
    }
    given = count;
    zeros = room - given;
  }
  return count;
}

/* The first and the last row of a convolution's Jacobian, at sizes, against the module's
 * own: entry w[k] or z[j] there. */
START_TEST(the_dots_of_windows) {
  static const size_t windows[][2] = {{3, 6}, {5, 8}, {4, 9}};
  for (size_t n = 0; n < 6; n++) {
    size_t kernel = windows[n / 2][0], length = windows[n / 2][1],
           rows = length - kernel + 1;
    bool data = n % 2 == 0;
    char command[200], line[2][400] = {"", ""}, text[400], spec[80];
    snprintf(command, sizeof command, "LC_ALL=C %s show conv1d --wrt %s",
             getenv("JACOBIAN"), data ? "z" : "W");
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    for (size_t seen = 0; fgets(text, sizeof text, pipe) != NULL;)
      if (strchr(text, '[') != NULL && strchr(text, '=') == NULL)
        strcpy(line[seen++ > 0], text);
    ck_assert_int_eq(pclose(pipe), 0);
    struct jac_error err = {JAC_OK, ""};
    const char *specs[] = {spec};
    struct jac_map *map;
    struct jac_array3 J;
    snprintf(spec, sizeof spec, "conv1d:%zux1x1,length=%zu", kernel, length);
    ck_assert(jac_network_new(specs, 1, 1, NULL, &map, &err) == JAC_OK);
    gsl_matrix **x = calloc(map->nvar, sizeof *x);
    for (size_t v = 0; v < map->nvar; v++) {
      size_t r, c;
      jac_variable_storage(&map->var[v], &r, &c);
      x[v] = gsl_matrix_alloc(r, c);
      for (size_t k = 0; k < r * c; k++)
        x[v]->data[k] = (double)(k + 1); /* which entry it is */
    }
    size_t slices, height, width, number[SIDE];
    jac_map_jacobian_shape(map, data ? 0 : 1, &slices, &height, &width);
    ck_assert(jac_map_jacobian_new(map, (jac_point)x, data ? 0 : 1, &J, &err) == JAC_OK);
    for (size_t side = 0; side < 2; side++) {
      ck_assert_uint_eq(read_row(line[side], kernel, length, width, number), width);
      for (size_t j = 0; j < width; j++)
        ck_assert_double_eq(*jac_array3_at(&J, 0, side * (rows - 1), j),
                            (double)number[j]);
    }
    jac_array3_free(&J);
    for (size_t v = 0; v < map->nvar; v++)
      gsl_matrix_free(x[v]);
    free(x);
    jac_map_free(map);
  }
}
END_TEST

Suite *general_suite(void);
Suite *general_suite(void) {
  Suite *suite = suite_create("general");
  TCase *tc = tcase_create("sizes that are words");
  tcase_add_test(tc, the_dots_of_linear);
  tcase_add_test(tc, the_dots_of_others);
  tcase_add_test(tc, the_dots_of_what_comes_out);
  tcase_add_test(tc, numbers_that_are_words);
  tcase_add_test(tc, what_has_no_dots_is_refused);
  tcase_add_test(tc, the_dots_of_windows);
  suite_add_tcase(suite, tc);
  return suite;
}
