#include "visual/values.h"

#include "jacobian/text.h"
#include "visual/input.h"
#include "visual/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The numbers of an inline text as they come. */
struct inlined {
  const char *variable;
  struct jac_error *err;
  struct jac_buffer numbers; /* of double, as bytes */
  size_t rows, cols, in_row;
  size_t depth; /* brackets that are open */
  bool missing; /* a comma stands there, and no number after it */
  bool after;   /* a number, or a row in brackets: a comma may follow */
};

static enum jac_status end_row(struct inlined *in) {
  if (in->missing)
    return jac_fail(in->err, JAC_EINPUT, _("%s: row %zu: a number is missing at a comma"),
                    in->variable, in->rows + 1);
  in->after = false;
  if (in->in_row == 0)
    return JAC_OK;
  in->rows++;
  if (in->cols == 0)
    in->cols = in->in_row;
  if (in->in_row != in->cols)
    return jac_fail(in->err, JAC_EINPUT,
                    _("%s: row %zu has %zu numbers, the first row has %zu"), in->variable,
                    in->rows, in->in_row, in->cols);
  in->in_row = 0;
  return JAC_OK;
}

/* A number, or a fraction of two, as in 1/3. */
static enum jac_number read_number(const char *text, size_t length, double *value) {
  char number[512];
  double below = 1.0;
  if (length >= sizeof number)
    return JAC_NUMBER_BAD;
  memcpy(number, text, length);
  number[length] = '\0';
  char *slash = strchr(number, '/');
  if (slash != NULL)
    *slash = '\0';
  enum jac_number result = jac_number_read(number, value);
  if (result == JAC_NUMBER_OK && slash != NULL)
    result = jac_number_read(slash + 1, &below);
  if (result == JAC_NUMBER_OK && below == 0.0)
    return JAC_NUMBER_BAD;
  *value /= below;
  return result;
}

static enum jac_status add_number(struct inlined *in, const char *text, size_t length) {
  double value = 0.0;
  enum jac_number result = read_number(text, length, &value);
  if (result != JAC_NUMBER_OK)
    return jac_fail(in->err, JAC_EINPUT,
                    result == JAC_NUMBER_HUGE
                        ? _("%s: '%.*s' (row %zu, number %zu) is too large for a double")
                        : _("%s: '%.*s' (row %zu, number %zu) is not a number"),
                    in->variable, length < 40 ? (int)length : 40, text, in->rows + 1,
                    in->in_row + 1);
  jac_buffer_add_bytes(&in->numbers, (const char *)&value, sizeof value);
  in->in_row++;
  in->missing = false;
  in->after = true;
  return JAC_OK;
}

/* Brackets around all, around every row, or both, as NumPy and PyTorch write them. */
static enum jac_status bracket(struct inlined *in, char c) {
  bool open = c == '[';
  if (open ? in->in_row > 0 || in->depth == 2 : in->depth == 0)
    return jac_fail(in->err, JAC_EINPUT,
                    _("%s: row %zu: a bracket is out of place: write '1 2; 3 4' or "
                      "[[1,2],[3,4]]"),
                    in->variable, in->rows + 1);
  in->depth += open ? 1 : (size_t)-1;
  if (open) {
    in->missing = in->after = false;
    return JAC_OK;
  }
  enum jac_status status = end_row(in);
  in->after = true;
  return status;
}

/* What is no number: it ends rows, or asks for more. */
static enum jac_status separator(struct inlined *in, char c) {
  if (c == '[' || c == ']')
    return bracket(in, c);
  if (c == ';' || (c == '\n' && !(in->depth > 0 && in->missing)))
    return end_row(in);
  if (c != ',')
    return JAC_OK;
  if (!in->after)
    in->missing = true;
  if (in->missing)
    return end_row(in);
  in->missing = true;
  in->after = false;
  return JAC_OK;
}

static enum jac_status parse_inline(struct inlined *in, const char *text,
                                    struct jac_table *table) {
  static const char ends[] = " \t\r\n,;[]";
  enum jac_status status = JAC_OK;
  while (*text != '\0' && status == JAC_OK) {
    size_t length = strcspn(text, ends);
    status = length > 0 ? add_number(in, text, length) : separator(in, *text);
    text += length > 0 ? length : 1;
  }
  if (status == JAC_OK)
    status = end_row(in);
  if (status == JAC_OK && in->depth > 0)
    status = jac_fail(in->err, JAC_EINPUT, _("%s: a closing bracket is missing"),
                      in->variable);
  if (status == JAC_OK && in->rows == 0)
    status = jac_fail(in->err, JAC_EINPUT, _("%s: no numbers are given"), in->variable);
  if (status == JAC_OK)
    status = jac_buffer_status(&in->numbers, in->err);
  const size_t dims[2] = {in->rows, in->cols};
  if (status == JAC_OK)
    status = jac_table_alloc(2, dims, table, in->err);
  if (status == JAC_OK)
    memcpy(table->data, in->numbers.text, in->numbers.length);
  return status;
}

/* Whether a word is one number with a comma for its point, or a whole one. */
static bool is_decimal(const char *word, size_t length, size_t *commas) {
  size_t at = word[0] == '-' || word[0] == '+';
  size_t whole = strspn(word + at, "0123456789");
  at += whole;
  if (at < length && word[at] == ',') {
    size_t digits = strspn(word + at + 1, "0123456789");
    at += 1 + digits;
    whole = digits > 0 ? whole : 0;
    ++*commas;
  }
  return whole > 0 && at == length;
}

/* Long: words and the ends of rows, in one pass.
 * The numbers of a text whose every comma is within a number; their count, or 0: it is no
 * such text. into may be NULL. */
static size_t read_decimals(const char *text, double *into, size_t dims[2]) {
  static const char ends[] = " \t\r\n;";
  size_t count = 0, commas = 0, row = 0;
  dims[0] = dims[1] = 0;
  for (;; text++) {
    size_t length = strcspn(text, ends);
    char word[64];
    if (length >= sizeof word || (length > 0 && !is_decimal(text, length, &commas)))
      return 0;
    if (length > 0) {
      memcpy(word, text, length);
      word[length] = '\0';
      char *comma = strchr(word, ',');
      if (comma != NULL)
        *comma = '.';
      double value = 0.0;
      if (jac_number_read(word, &value) != JAC_NUMBER_OK)
        return 0;
      if (into != NULL)
        into[count] = value;
      count++;
      row++;
    }
    text += length;
    if (row > 0 && (*text == ';' || *text == '\n' || *text == '\0')) {
      if (dims[0]++ > 0 && row != dims[1])
        return 0;
      dims[1] = row;
      row = 0;
    }
    if (*text == '\0')
      return commas > 0 ? count : 0;
  }
}

/* Beside what the table holds, what it would with decimal commas. */
static enum jac_status add_decimals(const char *text, struct jac_table *table,
                                    struct jac_error *err) {
  size_t dims[2], count = read_decimals(text, NULL, dims);
  if (count == 0)
    return JAC_OK;
  table->decimal = malloc(count * sizeof *table->decimal);
  if (table->decimal == NULL)
    return jac_fail_memory(err);
  read_decimals(text, table->decimal, table->decimal_dims);
  return JAC_OK;
}

/* What is no matrix where commas stand between numbers, and one number a row where they
 * are points: 1,5; 2 has rows of two and of one, or is 1.5 and 2. */
static enum jac_status take_decimals(const char *text, struct jac_table *table,
                                     enum jac_status status, struct jac_error *err) {
  size_t dims[2], count = read_decimals(text, NULL, dims);
  if (status != JAC_EINPUT || count < 2 || dims[1] > 1)
    return status;
  const size_t vector[1] = {count};
  status = jac_table_alloc(1, vector, table, err);
  if (status == JAC_OK)
    read_decimals(text, table->data, dims);
  return status;
}

/* Of what NumPy and PyTorch print, array([1, 2]) or tensor([1., 2.], dtype=...), the
 * numbers with their brackets, to be freed; NULL: it is none, or there is no memory. */
static char *inside(const char *text) {
  size_t word = strcspn(text, "("), length = strlen(text);
  bool named = (word >= 5 && strncmp(text + word - 5, "array", 5) == 0) ||
               (word >= 6 && strncmp(text + word - 6, "tensor", 6) == 0);
  if (!named || text[word] != '(' || text[length - 1] != ')')
    return NULL;
  const char *from = text + word + 1, *close = strrchr(from, ']');
  size_t count = close != NULL ? (size_t)(close - from) + 1 : strcspn(from, ",)");
  char *own = malloc(count + 1);
  if (own == NULL) {
    jac_memory_short();
    return NULL;
  }
  memcpy(own, from, count);
  own[count] = '\0';
  return own;
}

enum jac_status jac_values_parse(const char *variable, const char *text,
                                 struct jac_table *table, struct jac_error *err) {
  *table = (struct jac_table){.ndim = 0};
  if (*text == '@' && text[1] == '\0')
    return jac_fail(err, JAC_EINPUT, _("%s: a file's name is missing after @"), variable);
  if (*text == '@')
    return jac_input_table(text + 1, table, err);
  struct inlined in = {.variable = variable, .err = err, .numbers = JAC_BUFFER_INIT};
  char *printed = inside(text);
  text = printed != NULL ? printed : text;
  enum jac_status status = parse_inline(&in, text, table);
  jac_buffer_free(&in.numbers);
  status = status == JAC_OK ? add_decimals(text, table, err)
                            : take_decimals(text, table, status, err);
  free(printed);
  if (status != JAC_OK)
    jac_table_free(table);
  return status;
}

enum jac_status jac_values_sized(const char *variable, const struct jac_table *table,
                                 struct jac_error *err) {
  const size_t *d = table->decimal_dims;
  if (table->decimal == NULL || d[0] * d[1] < 2)
    return JAC_OK;
  return jac_fail(err, JAC_EINPUT,
                  _("%s: are these decimal commas (%zux%zu) or commas between numbers "
                    "(%zux%zu)? write 1.5 for the one, a blank after the comma for the "
                    "other, or say the size"),
                  variable, d[0], d[1], table->dims[0], table->dims[1]);
}

static bool same(size_t n, const size_t *a, const size_t *b) {
  for (size_t k = 0; k < n; k++)
    if (a[k] != b[k])
      return false;
  return true;
}

/* What else the user may have meant, as a clause, or NULL. */
static const char *hint(const struct jac_table *table, const struct jac_map *map,
                        const struct jac_variable *var, const size_t *dims,
                        char batch[64]) {
  size_t count = jac_table_size(table), size = jac_variable_size(var);
  const size_t *has = table->ndim == 2 ? table->dims : (const size_t[2]){0, 0};
  if (var->role == JAC_DATA && dims[0] == map->batch && has[1] == dims[1]) {
    snprintf(batch, 64, map->batch == 1 ? _("add --batch %zu") : _("or --batch %zu"),
             has[0]);
    return batch;
  }
  if (var->ndim == 2 && has[0] == dims[1] && has[1] == dims[0])
    return _("its transpose would fit");
  if (table->decimal == NULL && has[1] == 2 && has[0] == size)
    return _("decimal commas? write points, as in 1.5");
  if (count == 1)
    return _("one number is not repeated");
  return var->ndim == 3 && count == size ? _("write it as one row") : NULL;
}

static enum jac_status refuse(const struct jac_table *table, const struct jac_map *map,
                              size_t v, struct jac_error *err) {
  const struct jac_variable *var = &map->var[v];
  size_t row[2] = {1, var->dims[0]};
  const size_t *dims = var->ndim == 1 ? row : var->dims;
  struct jac_buffer has = JAC_BUFFER_INIT, needs = JAC_BUFFER_INIT;
  jac_dims_text(table->ndim, table->dims, &has);
  jac_dims_text(var->ndim == 1 ? 2 : var->ndim, dims, &needs);
  char batch[64];
  const char *clause = hint(table, map, var, dims, batch);
  enum jac_status status =
      jac_fail(err, JAC_EINPUT, _("%s is %s, %s needs %s%s%s%s"), var->name, has.text,
               map->spec, needs.text, clause == NULL ? "" : " (",
               clause == NULL ? "" : clause, clause == NULL ? "" : ")");
  jac_buffer_free(&has);
  jac_buffer_free(&needs);
  return status;
}

/* A table with at most one size above 1. */
static bool is_vector(const struct jac_table *table) {
  size_t wide = 0;
  for (size_t k = 0; k < table->ndim; k++)
    wide += table->dims[k] > 1;
  return wide <= 1;
}

/* PyTorch's label of a sample that does not count. */
static const double ignored = -100.0;

/* Whole numbers, one a sample, where distributions are needed: classes. */
static bool is_classes(const struct jac_table *table, const struct jac_variable *var) {
  if (var->domain != JAC_DISTRIBUTION || !is_vector(table) ||
      jac_table_size(table) != var->dims[0])
    return false;
  for (size_t n = 0; n < var->dims[0]; n++)
    if (table->data[n] != floor(table->data[n]))
      return false;
  return true;
}

/* Whether a sample without a class would have its part in the cost: by smoothing, or as
 * one of those that the mean divides by. PyTorch leaves such samples out. */
static bool counts_all(const struct jac_map *map) {
  return strstr(map->spec, "ignore=") == NULL &&
         (strstr(map->spec, "smoothing=") != NULL ||
          strstr(map->spec, "reduction=mean") != NULL);
}

/* A class number is the distribution that is 1 there; a sample that does not count has
 * none. */
static enum jac_status set_classes(const struct jac_table *table,
                                   const struct jac_map *map, size_t v,
                                   gsl_matrix *storage, struct jac_error *err) {
  const struct jac_variable *var = &map->var[v];
  gsl_matrix_set_zero(storage);
  for (size_t n = 0; n < storage->size1; n++) {
    double label = table->data[n];
    if (label == ignored && counts_all(map))
      return jac_fail(
          err, JAC_EINPUT,
          _("%s: smoothing and a mean over the batch count a sample of no class "
            "(-100) too: say ignore=-100, or leave it out"),
          var->name);
    if (label != ignored && !(label >= 1.0 && label <= (double)var->dims[1]))
      return jac_fail(err, JAC_EINPUT,
                      _("%s: class %g of sample %zu: classes are numbered from 1 to %zu "
                        "(PyTorch's from 0), and -100 is a sample that does not count"),
                      var->name, label, n + 1, var->dims[1]);
    if (label != ignored)
      gsl_matrix_set(storage, n, (size_t)label - 1, 1.0);
  }
  return JAC_OK;
}

/* Of a variable that counts, every number is one of those it may be. */
static enum jac_status check_counts(const struct jac_map *map, size_t v,
                                    const gsl_matrix *storage, struct jac_error *err) {
  const struct jac_variable *var = &map->var[v];
  for (size_t k = 0; k < storage->size1 * storage->size2; k++) {
    double number = gsl_matrix_get(storage, k / storage->size2, k % storage->size2);
    if (!(number >= 1.0 && number <= (double)var->classes && number == floor(number)))
      return jac_fail(err, JAC_EINPUT,
                      _("%s has %g, %s needs whole numbers from 1 to %zu"), var->name,
                      number, map->spec, var->classes);
  }
  return JAC_OK;
}

/* Long: the shapes that a variable can be given in. */
static enum jac_status fit(const struct jac_table *table, const struct jac_map *map,
                           size_t v, enum jac_order order, gsl_matrix *storage,
                           struct jac_error *err) {
  const struct jac_variable *var = &map->var[v];
  size_t count = jac_variable_size(var);
  bool counts = jac_table_size(table) == count;
  bool row = counts && is_vector(table);
  /* One sample, or one feature, given as a NumPy vector. */
  bool flat = row && table->ndim == 1 && var->ndim == 2 &&
              (var->dims[0] == 1 || var->dims[1] == 1);
  bool exact = table->ndim == var->ndim && same(var->ndim, table->dims, var->dims);
  if (!exact && !flat && is_classes(table, var))
    return set_classes(table, map, v, storage, err);
  if (!exact && !flat && !(row && var->ndim != 2))
    return refuse(table, map, v, err);
  if (!exact && var->ndim == 3) {
    jac_unvec(var, order, table->data, storage);
    return JAC_OK;
  }
  for (size_t k = 0; k < count; k++)
    gsl_matrix_set(storage, k / storage->size2, k % storage->size2, table->data[k]);
  return var->domain == JAC_CLASS ? check_counts(map, v, storage, err) : JAC_OK;
}

/* With decimal commas, where the numbers fit only so. */
enum jac_status jac_values_fit(const struct jac_table *table, const struct jac_map *map,
                               size_t v, enum jac_order order, gsl_matrix *storage,
                               struct jac_error *err) {
  struct jac_error quiet = {JAC_OK, ""};
  enum jac_status status = fit(table, map, v, order, storage, err);
  if (status != JAC_EINPUT || table->decimal == NULL)
    return status;
  const size_t *d = table->decimal_dims;
  bool vector = d[0] == 1 || d[1] == 1;
  struct jac_table decimals = {.ndim = vector ? 1 : 2,
                               .dims = {vector ? d[0] * d[1] : d[0], d[1]},
                               .data = table->decimal};
  return fit(&decimals, map, v, order, storage, &quiet) == JAC_OK ? JAC_OK : status;
}
