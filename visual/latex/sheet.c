#include "visual/latex/sheet.h"

#include "visual/latex/dots.h"
#include "visual/latex/width.h"
#include "visual/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void jac_latex_number(double value, int digits, struct jac_buffer *out) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (isnan(value))
    jac_buffer_add(out, "\\mathrm{nan}");
  else if (isinf(value))
    jac_buffer_add(out, value < 0.0 ? "-\\infty" : "\\infty");
  else {
    jac_number_add(&text, value == 0.0 ? 0.0 : value, digits);
    char *e = strchr(text.text, 'e');
    if (e == NULL)
      jac_buffer_add(out, text.text);
    else {
      *e = '\0';
      const char *sign = e[1] == '-' ? "-" : "";
      const char *power = e + 2 + strspn(e + 2, "0");
      bool minus = text.text[0] == '-', one = strcmp(text.text + minus, "1") == 0;
      jac_buffer_printf(out, "%s%s10^{%s%s}", one ? minus ? "-" : "" : text.text,
                        one ? "" : " \\cdot ", sign, power);
    }
  }
  out->failed = out->failed || text.failed;
  jac_buffer_free(&text);
}

/* How the numbers of one sheet are written. */
struct format {
  int decimals; /* of all of them; -1: each as it is */
  int digits;   /* significant, for -1 */
};

bool jac_sheet_dots(const struct jac_sheet *sheet, size_t i, size_t j) {
  return sheet->row.at[i] == JAC_AXIS_DOTS || sheet->col.at[j] == JAC_AXIS_DOTS;
}

bool jac_sheet_zero(const struct jac_sheet *sheet, size_t i, size_t j) {
  const struct jac_sheet_source *s = sheet->source;
  return !jac_sheet_dots(sheet, i, j) &&
         s->zero(s->context, sheet->row.at[i], sheet->col.at[j]);
}

static double value_at(const struct jac_sheet *sheet, size_t i, size_t j) {
  const struct jac_sheet_source *s = sheet->source;
  return s->value(s->context, sheet->row.at[i], sheet->col.at[j]);
}

/* Decimals for all numbers: as many as they need, but no more than precision, or than
 * show the smallest one, unless that is long. */
static struct format choose_format(const struct jac_sheet *sheet, int precision) {
  int needed = 0;
  double most = 1.0, least = 1.0;
  for (size_t i = 0; i < sheet->row.count; i++)
    for (size_t j = 0; j < sheet->col.count; j++) {
      if (jac_sheet_dots(sheet, i, j) || jac_sheet_zero(sheet, i, j))
        continue;
      double value = value_at(sheet, i, j);
      struct jac_buffer text = JAC_BUFFER_INIT;
      jac_number_add(&text, value, precision);
      const char *point = strchr(text.text, '.');
      int decimals = point != NULL ? (int)strlen(point + 1) : 0;
      bool odd = !isfinite(value) || strchr(text.text, 'e') != NULL;
      jac_buffer_free(&text);
      if (odd)
        return (struct format){-1, precision};
      needed = decimals > needed ? decimals : needed;
      most = fmax(most, fabs(value));
      least = value != 0.0 ? fmin(least, fabs(value)) : least;
    }
  int small = (int)ceil(-log10(least));
  int decimals = small > precision ? small : precision;
  decimals = needed < decimals ? needed : decimals;
  bool much = decimals + (int)log10(most) + 1 > precision + 3;
  return (struct format){much ? -1 : decimals, precision};
}

/* How many digits stand before the point. */
static size_t whole_digits(const char *number) {
  return strspn(number + (*number == '-'), "0123456789");
}

/* Fills up a column of numbers of equal decimals so that the points stand under each
 * other. */
static void align_column(struct jac_sheet *sheet, size_t j) {
  size_t most = 0;
  bool minus = false;
  for (size_t i = 0; i < sheet->row.count; i++) {
    const char *text = jac_sheet_cell(sheet, i, j);
    if (jac_sheet_dots(sheet, i, j) || jac_sheet_zero(sheet, i, j))
      continue;
    most = whole_digits(text) > most ? whole_digits(text) : most;
    minus = minus || *text == '-';
  }
  for (size_t i = 0; i < sheet->row.count; i++) {
    char **cell = &sheet->cell[i * sheet->col.count + j];
    if (*cell == NULL || jac_sheet_dots(sheet, i, j) || jac_sheet_zero(sheet, i, j))
      continue;
    struct jac_buffer text = JAC_BUFFER_INIT;
    size_t missing = most - whole_digits(*cell);
    bool sign = minus && **cell != '-';
    if (missing > 0 || sign)
      jac_buffer_printf(&text, "\\phantom{%s%.*s}", sign ? "-" : "", (int)missing,
                        "00000000000000000000");
    jac_buffer_add(&text, *cell);
    char *aligned = jac_buffer_take(&text);
    if (aligned != NULL) {
      free(*cell);
      *cell = aligned;
    }
  }
}

/* Whether a reader sees a zero there. */
static bool reads_zero(void *context, size_t row, size_t col) {
  const struct jac_sheet *sheet = context;
  const struct jac_sheet_source *s = sheet->source;
  bool numbers = sheet->kind == JAC_SHEET_NUMBERS || sheet->kind == JAC_SHEET_CENTRED;
  return s->zero(s->context, row, col) ||
         (numbers && s->value(s->context, row, col) == 0.0);
}

static struct jac_dots dots_of(struct jac_sheet *sheet) {
  const struct jac_sheet_source *s = sheet->source;
  return (struct jac_dots){s->rows, s->cols, s->block_cols, sheet, reads_zero, 0};
}

static enum jac_status add_cell(struct jac_sheet *sheet, const struct format *format,
                                size_t i, size_t j, struct jac_buffer *out,
                                struct jac_error *err) {
  const struct jac_sheet_source *s = sheet->source;
  enum jac_sheet_kind kind = sheet->kind;
  struct jac_dots dots = dots_of(sheet);
  if (jac_sheet_dots(sheet, i, j))
    jac_buffer_add(out, jac_dots_cell(&dots, &sheet->row, &sheet->col, i, j));
  else if (jac_sheet_zero(sheet, i, j))
    jac_buffer_add(out, "0");
  else if (kind == JAC_SHEET_STRUCTURE)
    jac_buffer_add(out, value_at(sheet, i, j) != 0.0 ? "\\ast" : "\\circ");
  else if (kind == JAC_SHEET_SYMBOLS)
    return s->symbol(s->context, sheet->row.at[i], sheet->col.at[j], out, err);
  else if (value_at(sheet, i, j) == 0.0 && format->decimals <= 0)
    jac_buffer_add(out, JAC_ZERO_HERE);
  else if (format->decimals >= 0)
    jac_number_add_fixed(out, value_at(sheet, i, j) + 0.0, format->decimals);
  else
    jac_latex_number(value_at(sheet, i, j), format->digits, out);
  return JAC_OK;
}

/* Minus zero is a zero that was rounded. */
static void drop_minus(char *cell) {
  if (cell != NULL && cell[0] == '-' && strspn(cell + 1, "0.") == strlen(cell + 1))
    memmove(cell, cell + 1, strlen(cell));
}

static enum jac_status fill(struct jac_sheet *sheet, int precision,
                            struct jac_error *err) {
  enum jac_status status = JAC_OK;
  enum jac_sheet_kind kind = sheet->kind;
  struct format format = {-1, precision};
  if (kind == JAC_SHEET_NUMBERS || kind == JAC_SHEET_CENTRED)
    format = choose_format(sheet, precision);
  for (size_t j = 0; j < sheet->col.count; j++) {
    for (size_t i = 0; i < sheet->row.count && status == JAC_OK; i++) {
      struct jac_buffer text = JAC_BUFFER_INIT;
      status = add_cell(sheet, &format, i, j, &text, err);
      char *cell = jac_buffer_take(&text);
      jac_buffer_free(&text);
      if (status == JAC_OK && cell == NULL)
        status = jac_fail_memory(err);
      if (format.decimals >= 0)
        drop_minus(cell);
      sheet->cell[i * sheet->col.count + j] = cell;
    }
    if (status == JAC_OK && format.decimals >= 0 && kind == JAC_SHEET_NUMBERS)
      align_column(sheet, j);
    for (size_t i = 0; i < sheet->row.count && status == JAC_OK; i++) {
      const char *cell = jac_sheet_cell(sheet, i, j);
      sheet->width[j] = fmax(sheet->width[j], jac_latex_width(cell));
      sheet->tiny[j] = fmax(sheet->tiny[j], jac_latex_tiny_width(cell));
    }
  }
  return status;
}

/* How many blocks an axis has; without blocks each is its own. */
static size_t groups(size_t size, size_t block) {
  return block > 1 && block < size ? size / block : size;
}

/* Which rows and columns are written, blocks and their first and last entries. */
static enum jac_status plan(struct jac_sheet *sheet, size_t rows, size_t cols,
                            struct jac_error *err) {
  const struct jac_sheet_source *s = sheet->source;
  enum jac_status status =
      jac_axis_make(s->cols, s->block_cols, cols, 0, &sheet->col, err);
  /* A diagonal stays a diagonal: the same blocks are left out both ways. */
  bool square = groups(s->rows, s->block_rows) == groups(s->cols, s->block_cols);
  if (status == JAC_OK)
    status = jac_axis_make(s->rows, s->block_rows, rows, square ? sheet->col.head : 0,
                           &sheet->row, err);
  if (status == JAC_OK && square && sheet->row.head > 0 && sheet->col.head == 0) {
    jac_axis_free(&sheet->col);
    status =
        jac_axis_make(s->cols, s->block_cols, cols, sheet->row.head, &sheet->col, err);
  }
  return status;
}

static bool elided(const struct jac_axis *axis) {
  for (size_t k = 0; k < axis->count; k++)
    if (axis->at[k] == JAC_AXIS_DOTS)
      return true;
  return false;
}

/* The plan with as many rows as let their columns be written honestly; where not even
 * two rows do, the plan as it was, and dots that claim nothing. */
static enum jac_status choose_axes(struct jac_sheet *sheet, size_t rows, size_t cols,
                                   struct jac_error *err) {
  enum { LEAST = 3 };
  const struct jac_sheet_source *s = sheet->source;
  struct jac_dots dots = dots_of(sheet);
  enum jac_status status = JAC_OK;
  size_t high = rows < s->rows ? rows : s->rows;
  for (size_t most = high;; most--) {
    status = plan(sheet, most > LEAST || most == high ? most : LEAST, cols, err);
    if (status != JAC_OK)
      return status;
    struct jac_error full = {JAC_OK, ""};
    sheet->honest = !elided(&sheet->col) ||
                    jac_dots_columns(&dots, &sheet->row, cols, &sheet->col, &full);
    if (full.status != JAC_OK)
      return jac_fail_memory(err);
    if (sheet->honest || most <= LEAST)
      break;
    jac_axis_free(&sheet->row);
    jac_axis_free(&sheet->col);
  }
  if (sheet->honest)
    return JAC_OK;
  jac_axis_free(&sheet->row);
  jac_axis_free(&sheet->col);
  return plan(sheet, rows, cols, err);
}

/* Fills a sheet whose axes are chosen. */
static enum jac_status write_cells(struct jac_sheet *sheet, int precision,
                                   struct jac_error *err) {
  sheet->cell = calloc(sheet->row.count * sheet->col.count + 1, sizeof *sheet->cell);
  sheet->width = calloc(sheet->col.count + 1, sizeof *sheet->width);
  sheet->tiny = calloc(sheet->col.count + 1, sizeof *sheet->tiny);
  enum jac_status status =
      sheet->cell == NULL || sheet->width == NULL || sheet->tiny == NULL
          ? jac_fail_memory(err)
          : fill(sheet, precision, err);
  if (status != JAC_OK)
    jac_sheet_free(sheet);
  return status;
}

enum jac_status jac_sheet_make(const struct jac_sheet_source *source,
                               enum jac_sheet_kind kind, int precision, size_t rows,
                               size_t cols, struct jac_sheet *sheet,
                               struct jac_error *err) {
  *sheet = (struct jac_sheet){.source = source, .kind = kind};
  enum jac_status status = choose_axes(sheet, rows, cols, err);
  return status == JAC_OK ? write_cells(sheet, precision, err) : status;
}

enum jac_status jac_sheet_make_like(const struct jac_sheet *like,
                                    const struct jac_sheet_source *source,
                                    enum jac_sheet_kind kind, int precision,
                                    struct jac_sheet *sheet, struct jac_error *err) {
  *sheet = (struct jac_sheet){.source = source, .kind = kind, .honest = like->honest};
  enum jac_status status = jac_axis_copy(&like->row, &sheet->row, err);
  if (status == JAC_OK)
    status = jac_axis_copy(&like->col, &sheet->col, err);
  if (status == JAC_OK)
    return write_cells(sheet, precision, err);
  jac_sheet_free(sheet);
  return status;
}

bool jac_sheet_at_least(const struct jac_sheet *sheet, size_t rows, size_t cols) {
  const struct jac_sheet_source *s = sheet->source;
  struct jac_sheet less = {.source = s, .kind = sheet->kind};
  if (jac_axis_ruled(&sheet->col) &&
      !jac_axis_shows_blocks(s->cols, s->block_cols, cols - 1))
    return true;
  bool honest = choose_axes(&less, rows, cols - 1, NULL) == JAC_OK && less.honest;
  jac_sheet_free(&less);
  return sheet->honest && !honest;
}

void jac_sheet_free(struct jac_sheet *sheet) {
  for (size_t k = 0; sheet->cell != NULL && k < sheet->row.count * sheet->col.count; k++)
    free(sheet->cell[k]);
  free(sheet->cell);
  free(sheet->width);
  free(sheet->tiny);
  jac_axis_free(&sheet->row);
  jac_axis_free(&sheet->col);
  *sheet = (struct jac_sheet){.source = NULL};
}

const char *jac_sheet_cell(const struct jac_sheet *sheet, size_t i, size_t j) {
  return sheet->cell[i * sheet->col.count + j];
}

double jac_sheet_width(const struct jac_sheet *sheet, double sep, double scale) {
  double width = 16.0;
  for (size_t j = 0; j < sheet->col.count; j++)
    width += jac_latex_between(sheet->width[j], sheet->tiny[j], scale) + 2.0 * sep;
  return width;
}
