#include "visual/csv.h"

#include "jacobian/text.h"
#include "visual/number.h"

#include <ctype.h>
#include <csv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A number, or a word: what cannot be read as one. */
struct cell {
  double value;
  size_t word; /* 0: a number; else 1 + where the word stands in reader.words */
};

struct row {
  size_t line, first, count; /* its cells: first to first + count - 1 */
};

struct reader {
  const char *name;
  struct jac_error *err;
  enum jac_status status;
  bool blanks; /* blanks separate: several of them are one */
  bool commas; /* no comma separates: one in a number is its decimal point */
  size_t line; /* the one being read, from 1 */
  struct cell *cells;
  size_t ncell, cell_room;
  struct row *rows;
  size_t nrow, row_room;
  struct jac_buffer words; /* each ended by a zero */
};

/* Room for one more element of the array; false when memory runs out. */
static bool grow(void *array, size_t count, size_t *room, size_t width) {
  if (count < *room)
    return true;
  void *old, *bigger;
  size_t wanted = *room < 64 ? 64 : *room * 2, bytes;
  memcpy(&old, array, sizeof old);
  if (__builtin_mul_overflow(wanted, width, &bytes) ||
      (bigger = realloc(old, bytes)) == NULL)
    return false;
  memcpy(array, &bigger, sizeof bigger);
  *room = wanted;
  return true;
}

static void add_word(struct reader *r, struct cell *cell, const char *text, size_t size) {
  cell->word = 1 + r->words.length;
  jac_buffer_add_bytes(&r->words, text, size);
  jac_buffer_add_char(&r->words, '\0');
  if (r->words.failed)
    r->status = jac_fail_memory(r->err);
}

static enum jac_number read_number(const struct reader *r, const char *text,
                                   double *value) {
  char point[64];
  const char *comma = strchr(text, ',');
  if (!r->commas || comma == NULL || strchr(text, '.') != NULL ||
      strlen(text) >= sizeof point)
    return jac_number_read(text, value);
  snprintf(point, sizeof point, "%s", text);
  point[comma - text] = '.';
  return jac_number_read(point, value);
}

/* libcsv hands over a field: NULL when it is empty and not quoted. */
static void on_field(void *field, size_t size, void *data) {
  struct reader *r = data;
  if (r->status != JAC_OK || (field == NULL && r->blanks))
    return;
  struct row *row = &r->rows[r->nrow];
  if (row->count == 0)
    *row = (struct row){r->line, r->ncell, 0};
  if (!grow(&r->cells, r->ncell, &r->cell_room, sizeof *r->cells)) {
    r->status = jac_fail_memory(r->err);
    return;
  }
  struct cell *cell = &r->cells[r->ncell++];
  const char *text = field == NULL ? "" : field;
  *cell = (struct cell){0.0, 0};
  row->count++;
  enum jac_number result = JAC_NUMBER_BAD;
  if (strlen(text) == size)
    result = read_number(r, text, &cell->value);
  if (result == JAC_NUMBER_HUGE)
    r->status =
        jac_fail(r->err, JAC_EINPUT, _("%s:%zu:%zu: %.40s is too large for a double"),
                 r->name, r->line, row->count, text);
  else if (result == JAC_NUMBER_BAD)
    add_word(r, cell, text, size);
}

static const char *word(const struct reader *r, const struct cell *cell) {
  return r->words.text + cell->word - 1;
}

/* The end of a row: it counts unless it is empty or a comment. */
static void on_row(int terminator, void *data) {
  struct reader *r = data;
  (void)terminator;
  if (r->status != JAC_OK)
    return;
  struct row *row = &r->rows[r->nrow];
  const struct cell *first = row->count > 0 ? &r->cells[row->first] : NULL;
  if (first != NULL && first->word > 0 && *word(r, first) == '#')
    r->ncell = row->first;
  else if (row->count > 0)
    r->nrow++;
  if (!grow(&r->rows, r->nrow, &r->row_room, sizeof *r->rows))
    r->status = jac_fail_memory(r->err);
  else
    r->rows[r->nrow].count = 0;
}

/* What separates: of the first line that is neither blank nor a comment. */
static char separator(const char *bytes, size_t size) {
  const char *end = bytes + size;
  while (bytes < end) {
    const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
    stop = stop == NULL ? end : stop;
    bool found[128] = {false}, quoted = false, text = false;
    for (const char *at = bytes; at < stop; at++) {
      quoted ^= *at == '"';
      text |= strchr(" \t\r", *at) == NULL;
      if (!quoted && *at > 0)
        found[(unsigned char)*at] = true;
    }
    if (text && *bytes != '#')
      return found[';']    ? ';'
             : found['\t'] ? '\t'
             : found[',']  ? ','
             : found[' ']  ? ' '
                           : ',';
    bytes = stop + 1;
  }
  return ',';
}

/* Feeds libcsv line by line, so that a cell knows its line. */
static enum jac_status read_cells(struct reader *r, const char *bytes, size_t size) {
  struct csv_parser parser;
  if (csv_init(&parser,
               CSV_APPEND_NULL | CSV_EMPTY_IS_NULL | CSV_STRICT | CSV_STRICT_FINI) != 0 ||
      !grow(&r->rows, 0, &r->row_room, sizeof *r->rows))
    return jac_fail_memory(r->err);
  r->rows[0].count = 0;
  char delimiter = separator(bytes, size);
  r->blanks = delimiter == ' ';
  r->commas = delimiter == ';' || delimiter == '\t';
  csv_set_delim(&parser, (unsigned char)delimiter);
  const char *end = bytes + size;
  bool fine = true;
  for (; fine && bytes < end && r->status == JAC_OK; r->line++) {
    const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
    size_t length = stop == NULL ? (size_t)(end - bytes) : (size_t)(stop - bytes) + 1;
    fine = csv_parse(&parser, bytes, length, on_field, on_row, r) == length;
    bytes += length;
  }
  r->line--;
  fine = fine && csv_fini(&parser, on_field, on_row, r) == 0;
  int error = csv_error(&parser);
  csv_free(&parser);
  if (r->status != JAC_OK || fine)
    return r->status;
  if (error == CSV_EPARSE)
    return jac_fail(r->err, JAC_EINPUT, _("%s:%zu: a quotation mark is out of place"),
                    r->name, r->line);
  return jac_fail_memory(r->err);
}

static const struct cell *at(const struct reader *r, size_t row, size_t col) {
  return &r->cells[r->rows[row].first + col];
}

static bool blank(const struct reader *r, const struct cell *cell) {
  return cell->word > 0 && *word(r, cell) == '\0';
}

/* Whether the cells of a row (or a column) from 1 on count 0, 1, 2 or 1, 2, 3. */
static bool counted(const struct reader *r, bool column, size_t count) {
  for (size_t k = 1; k < count; k++) {
    const struct cell *cell = column ? at(r, k, 0) : at(r, 0, k);
    double first = (column ? at(r, 1, 0) : at(r, 0, 1))->value;
    if (cell->word > 0 || (first != 0.0 && first != 1.0) ||
        cell->value != first + (double)(k - 1))
      return false;
  }
  return count > 1;
}

/* A number of a country with decimal commas that is written otherwise, 1.000,5: no label.
 */
static bool grouped(const struct reader *r, const struct cell *cell) {
  const char *text = word(r, cell);
  return r->commas && strpbrk(text, "0123456789") != NULL &&
         strspn(text, "0123456789.,+-") == strlen(text);
}

static bool words(const struct reader *r, bool column, size_t from, size_t count) {
  for (size_t k = from; k < count; k++) {
    const struct cell *cell = column ? at(r, k, 0) : at(r, 0, k);
    if (cell->word == 0 || blank(r, cell) || grouped(r, cell))
      return false;
  }
  return count > from;
}

/* How many rows and columns of labels stand before the numbers. */
static void labels(const struct reader *r, size_t *rows, size_t *cols) {
  size_t width = r->rows[0].count;
  const struct cell *corner = at(r, 0, 0);
  bool empty = blank(r, corner);
  *rows = corner->word > 0 &&
          (words(r, false, width > 1, width) || (empty && counted(r, false, width)));
  *cols = width > 1 && (words(r, true, *rows, r->nrow) ||
                        (empty && *rows == 1 && counted(r, true, r->nrow)));
}

static enum jac_status fail_cell(const struct reader *r, size_t row, size_t col) {
  size_t line = r->rows[row].line;
  const char *text = word(r, at(r, row, col));
  if (*text == '\0')
    return jac_fail(r->err, JAC_EINPUT,
                    _("%s:%zu:%zu: the cell is empty, a number is needed"), r->name, line,
                    col + 1);
  if (strchr(text, ',') != NULL && strspn(text, "0123456789,+-eE") == strlen(text))
    return jac_fail(r->err, JAC_EINPUT,
                    _("%s:%zu:%zu: '%.40s' is not a number: write a decimal point"),
                    r->name, line, col + 1, text);
  char shown[41]; /* a quoted cell may have line breaks, a message has none */
  size_t length = 0;
  for (; text[length] != '\0' && length + 1 < sizeof shown; length++)
    shown[length] = iscntrl((unsigned char)text[length]) ? '?' : text[length];
  shown[length] = '\0';
  return jac_fail(r->err, JAC_EINPUT, _("%s:%zu:%zu: '%s' is not a number"), r->name,
                  line, col + 1, shown);
}

static enum jac_status check_rows(const struct reader *r) {
  for (size_t k = 1; k < r->nrow; k++)
    if (r->rows[k].count != r->rows[0].count)
      return jac_fail(r->err, JAC_EINPUT,
                      _("%s:%zu:%zu: this row has %zu cells, the first row has %zu"),
                      r->name, r->rows[k].line, r->rows[k].count, r->rows[k].count,
                      r->rows[0].count);
  return JAC_OK;
}

/* How many slices the column of samples tells: 1, 2, 3.. with as many rows each. */
static enum jac_status count_slices(const struct reader *r, size_t *slices) {
  size_t last = r->nrow - 1;
  double count = at(r, last, 0)->value;
  *slices = count >= 1.0 && count <= (double)last ? (size_t)count : 1;
  size_t height = last / *slices;
  for (size_t k = 0; k < last; k++) {
    const struct cell *cell = at(r, k + 1, 0);
    size_t sample = k / height + 1;
    if (cell->word > 0 || last % *slices != 0 || cell->value != (double)sample)
      return jac_fail(r->err, JAC_EINPUT,
                      _("%s:%zu:1: samples must be 1, 2, 3, ... with as many rows each"),
                      r->name, r->rows[k + 1].line);
  }
  return JAC_OK;
}

/* The column of samples is followed by the rows' labels. */
static bool sampled(const struct reader *r) {
  if (r->rows[0].count < 3 || r->nrow < 2 || at(r, 0, 0)->word == 0 ||
      strcmp(word(r, at(r, 0, 0)), "sample") != 0)
    return false;
  return at(r, 1, 0)->word == 0 && at(r, 1, 1)->word > 0;
}

static enum jac_status make_table(const struct reader *r, struct jac_table *table) {
  if (r->nrow == 0)
    return jac_fail(r->err, JAC_EINPUT, _("%s holds no numbers"), r->name);
  enum jac_status status = check_rows(r);
  if (status != JAC_OK)
    return status;
  size_t top, left, slices = 0;
  labels(r, &top, &left);
  if (sampled(r)) {
    top = 1;
    left = 2;
    if ((status = count_slices(r, &slices)) != JAC_OK)
      return status;
  }
  size_t rows = r->nrow - top, cols = r->rows[0].count - left;
  if (rows == 0)
    return jac_fail(r->err, JAC_EINPUT, _("%s holds labels but no numbers"), r->name);
  const size_t dims[3] = {slices, slices > 0 ? rows / slices : 0, cols};
  const size_t flat[2] = {rows, cols};
  status = slices > 0 ? jac_table_alloc(3, dims, table, r->err)
                      : jac_table_alloc(2, flat, table, r->err);
  for (size_t k = 0; status == JAC_OK && k < rows; k++)
    for (size_t j = 0; status == JAC_OK && j < cols; j++) {
      const struct cell *cell = at(r, k + top, j + left);
      table->data[k * cols + j] = cell->value;
      if (cell->word > 0)
        status = fail_cell(r, k + top, j + left);
    }
  return status;
}

enum jac_status jac_csv_parse(const char *name, const char *bytes, size_t size,
                              struct jac_table *table, struct jac_error *err) {
  struct reader r = {.name = name, .err = err, .line = 1, .words = JAC_BUFFER_INIT};
  *table = (struct jac_table){.ndim = 0};
  if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
    bytes += 3;
    size -= 3;
  }
  if (size >= 2 &&
      (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
    return jac_fail(err, JAC_EINPUT, _("%s is in UTF-16: save it in UTF-8"), name);
  enum jac_status status = read_cells(&r, bytes, size);
  if (status == JAC_OK)
    status = make_table(&r, table);
  if (status != JAC_OK)
    jac_table_free(table);
  jac_buffer_free(&r.words);
  free(r.cells);
  free(r.rows);
  return status;
}
