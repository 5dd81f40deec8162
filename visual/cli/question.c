#include "visual/cli/question.h"

#include "jacobian/diagnose.h"
#include "jacobian/text.h"
#include "jacobian/values.h"
#include "layers/module.h"
#include "visual/grid.h"
#include "visual/symbol.h"
#include "visual/text.h"

#include <ctype.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a question is made from. */
struct making {
  struct jac_question *q;
  const struct jac_style *style;
  gsl_rng *draw;
  struct jac_map *map;
  struct jac_values values;
  size_t wrt;
  struct jac_array3 J; /* the truth */
  struct jac_view view;
  bool has_view;
  struct jac_error *err;
};

static const char *const drawn[] = {"linear:3x2", "linear:2x3",      "softmax:3",
                                    "tanh:3",     "sigmoid:3",       "log-softmax:3",
                                    "mse:3",      "cross-entropy:3", "layer-norm:3"};
static const char *const drawn_for_blocks[] = {"linear:3x2", "softmax:3", "batch-norm:2",
                                               "attention:2x2"};

static size_t pick(struct making *m, size_t count) {
  return (size_t)gsl_rng_uniform_int(m->draw, (unsigned long)count);
}

/* A module by its name alone is its own example. */
static enum jac_status make_map(struct making *m, const char *spec, size_t batch) {
  const struct jac_module *module =
      strpbrk(spec, ":, ") == NULL ? jac_module_find(spec, NULL, m->err) : NULL;
  if (strpbrk(spec, ":, ") == NULL && module == NULL)
    return JAC_EINPUT;
  enum jac_status status =
      jac_module_new(module != NULL ? module->example : spec, batch, &m->map, m->err);
  if (status != JAC_OK)
    return status;
  size_t count = 0, first[16] = {0};
  for (size_t v = 0; v < m->map->nvar && count < 16; v++)
    if (!m->map->var[v].secondary)
      first[count++] = v;
  m->wrt = first[pick(m, count)];
  status = jac_values_new(m->map, gsl_rng_get(m->draw), &m->values, m->err);
  if (status == JAC_OK)
    status =
        jac_map_jacobian_new(m->map, jac_values_point(&m->values), m->wrt, &m->J, m->err);
  return status;
}

static enum jac_status make_view(struct making *m, enum jac_entries entries) {
  struct jac_layout layout;
  enum jac_status status = jac_layout_make(m->map, m->wrt, jac_form_default(m->map),
                                           JAC_ORDER_F, &layout, m->err);
  if (status == JAC_OK)
    status = jac_view_new(&layout, jac_values_point(&m->values), &m->J, entries, 4,
                          &m->view, m->err);
  m->has_view = status == JAC_OK;
  return status;
}

static void free_making(struct making *m) {
  if (m->has_view)
    jac_view_free(&m->view);
  jac_array3_free(&m->J);
  jac_values_free(&m->values);
  jac_map_free(m->map);
  gsl_rng_free(m->draw);
}

/* The choices in an order that is drawn; text[0] is the right one. */
static void add_choices(struct making *m, char *const *text, size_t count) {
  size_t order[JAC_QUESTION_CHOICES] = {0, 1, 2, 3};
  for (size_t k = count; k > 1; k--) {
    size_t with = pick(m, k), swap = order[k - 1];
    order[k - 1] = order[with];
    order[with] = swap;
  }
  m->q->choices = count;
  for (size_t k = 0; k < count; k++) {
    jac_buffer_printf(&m->q->text, "  %c) %s\n", (int)('a' + k), text[order[k]]);
    if (order[k] == 0) {
      m->q->right = k;
      jac_buffer_printf(&m->q->because, "%c) %s\n", (int)('a' + k), text[0]);
    }
  }
}

/* Mistakes. Each is planted by a function of the truth, and only where the diagnosis
 * finds it and none of the other choices. */

static void plant(enum jac_mistake mistake, const struct jac_array3 *t,
                  struct jac_array3 *c) {
  for (size_t s = 0; s < t->slices; s++)
    for (size_t i = 0; i < t->rows; i++)
      for (size_t j = 0; j < t->cols; j++) {
        double v = *jac_array3_at(t, s, i, j), *to = jac_array3_at(c, s, i, j);
        *to = v;
        if (mistake == JAC_MISTAKE_TRANSPOSED && t->rows == t->cols)
          *to = *jac_array3_at(t, s, j, i);
        else if (mistake == JAC_MISTAKE_SIGN)
          *to = -v;
        else if (mistake == JAC_MISTAKE_FACTOR)
          *to = 2.0 * v;
        else if (mistake == JAC_MISTAKE_DIAGONAL)
          *to = i == j ? v : 0.0;
        else if (mistake == JAC_MISTAKE_NO_DIAGONAL)
          *to = i == j ? 0.0 : v;
        else if (mistake == JAC_MISTAKE_IDENTITY_ADDED)
          *to = i == j ? v + 1.0 : v;
        else if (mistake == JAC_MISTAKE_ROWS_SHIFTED)
          *to = *jac_array3_at(t, s, (i + 1) % t->rows, j);
        else if (mistake == JAC_MISTAKE_SUMMED)
          for (size_t k = 0; k < t->slices; k++)
            *to += k == s ? 0.0 : *jac_array3_at(t, k, i, j);
      }
}

static const struct {
  enum jac_mistake mistake;
  const char *why;
} mistakes[] = {
    {JAC_MISTAKE_TRANSPOSED,
     N_("Rows are outputs and columns are variables: the entry in "
        "row i and column j is d y_i / d x_j.")},
    {JAC_MISTAKE_SIGN, N_("One entry is enough to see it: let the variable grow a little "
                          "and see which way the output goes.")},
    {JAC_MISTAKE_FACTOR,
     N_("A factor that is constant everywhere is a loss or a mean that "
        "was counted twice, or not at all.")},
    {JAC_MISTAKE_DIAGONAL,
     N_("An output depends on the other inputs too: nothing off the "
        "diagonal may be left out.")},
    {JAC_MISTAKE_NO_DIAGONAL, N_("An output depends on its own input first of all.")},
    {JAC_MISTAKE_IDENTITY_ADDED, N_("The identity is the Jacobian of y = x: it belongs "
                                    "there only where x is added.")},
    {JAC_MISTAKE_ROWS_SHIFTED, N_("The rows are the right ones, each one place away from "
                                  "its output.")},
    {JAC_MISTAKE_SUMMED, N_("Each sample has a Jacobian of its own; what is summed over "
                            "the batch is the gradient of a loss.")},
};
enum { MISTAKES = sizeof mistakes / sizeof mistakes[0] };

static bool found_among(const struct jac_diagnosis *found, size_t count,
                        enum jac_mistake mistake) {
  for (size_t k = 0; k < count; k++)
    if (found[k].mistake == mistake)
      return true;
  return false;
}

/* Plants the mistake, and says what the diagnosis makes of it. */
static enum jac_status try_mistake(struct making *m, enum jac_mistake mistake,
                                   struct jac_array3 *wrong,
                                   struct jac_diagnosis found[JAC_DIAGNOSES],
                                   size_t *count) {
  struct jac_suspects suspects = {.map = m->map, .wrt = m->wrt, .truth = &m->J};
  plant(mistake, &m->J, wrong);
  return jac_diagnose(&suspects, wrong, found, count, m->err);
}

/* The sample's numbers with the labels of the truth. */
static enum jac_status add_numbers(struct making *m, const struct jac_array3 *a) {
  enum jac_status status = JAC_OK;
  for (size_t s = 0; s < a->slices && status == JAC_OK; s++) {
    struct jac_grid grid;
    struct jac_buffer cell = JAC_BUFFER_INIT;
    status = jac_grid_alloc(a->rows, a->cols, JAC_ALIGN_POINT, &grid, m->err);
    if (status != JAC_OK)
      break;
    for (size_t i = 0; i < a->rows; i++) {
      jac_buffer_clear(&cell);
      jac_view_row_label(&m->view, jac_style_notation(m->style), s, i, &cell);
      jac_grid_set(&grid, i + 1, 0, cell.text, 0, JAC_PAINT_TITLE);
      for (size_t j = 0; j < a->cols; j++) {
        jac_buffer_clear(&cell);
        jac_buffer_printf(&cell, "%.4g", *jac_array3_at(a, s, i, j) + 0.0);
        jac_grid_set(&grid, i + 1, j + 1, cell.text, jac_grid_point(cell.text),
                     JAC_PAINT_PLAIN);
      }
    }
    for (size_t j = 0; j < a->cols; j++) {
      jac_buffer_clear(&cell);
      jac_view_col_label(&m->view, jac_style_notation(m->style), s, j, &cell);
      jac_grid_set(&grid, 0, j + 1, cell.text, jac_label_width(cell.text),
                   JAC_PAINT_TITLE);
    }
    jac_buffer_add(&m->q->text, "\n");
    jac_grid_print(&grid, m->style, &m->q->text);
    jac_grid_free(&grid);
    jac_buffer_free(&cell);
  }
  return status;
}

/* The right one with its heading, for the explanation. */
static enum jac_status add_truth(struct making *m) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_add(&m->q->because, "\n");
  enum jac_status status = jac_view_text(&m->view, m->style, &text, m->err);
  jac_buffer_add(&m->q->because, text.text);
  jac_buffer_free(&text);
  return status;
}

static const char *why_of(enum jac_mistake mistake) {
  for (size_t k = 0; k < MISTAKES; k++)
    if (mistakes[k].mistake == mistake)
      return _(mistakes[k].why);
  return "";
}

/* Up to four choices: the mistake, and others that the diagnosis does not find. */
static enum jac_status ask_which(struct making *m, enum jac_mistake mistake,
                                 const struct jac_diagnosis *found, size_t count) {
  struct jac_suspects suspects = {.map = m->map, .wrt = m->wrt, .truth = &m->J};
  char *choice[JAC_QUESTION_CHOICES] = {NULL};
  size_t choices = 0, at = pick(m, MISTAKES);
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (size_t k = 0; k <= MISTAKES && choices < JAC_QUESTION_CHOICES; k++) {
    enum jac_mistake other = mistakes[(at + k) % MISTAKES].mistake;
    if (choices > 0 && (other == mistake || found_among(found, count, other) ||
                        (other == JAC_MISTAKE_SUMMED && m->J.slices == 1)))
      continue;
    struct jac_diagnosis d = {.mistake = choices == 0 ? mistake : other, .factor = 2.0};
    jac_diagnosis_write(&suspects, &d, &text);
    choice[choices++] = jac_buffer_take(&text);
    k -= choices == 1;
  }
  jac_buffer_add(&m->q->text, _("\nOne mistake is in it. Which?\n"));
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < choices; k++)
    status = choice[k] == NULL ? jac_fail_memory(m->err) : status;
  if (status == JAC_OK)
    add_choices(m, choice, choices);
  for (size_t k = 0; k < choices; k++)
    free(choice[k]);
  return status;
}

static enum jac_status ask_mistake(struct making *m, bool *asked) {
  struct jac_array3 wrong;
  enum jac_status status =
      jac_array3_alloc(m->J.slices, m->J.rows, m->J.cols, &wrong, m->err);
  if (status != JAC_OK)
    return status;
  size_t start = pick(m, MISTAKES), count = 0;
  struct jac_diagnosis found[JAC_DIAGNOSES];
  enum jac_mistake mistake = JAC_MISTAKES;
  for (size_t k = 0; k < MISTAKES && status == JAC_OK; k++) {
    enum jac_mistake this = mistakes[(start + k) % MISTAKES].mistake;
    if (this == JAC_MISTAKE_SUMMED && m->J.slices == 1)
      continue;
    status = try_mistake(m, this, &wrong, found, &count);
    if (status == JAC_OK && count > 0 && found[0].mistake == this) {
      mistake = this;
      break;
    }
  }
  *asked = status == JAC_OK && mistake != JAC_MISTAKES;
  if (*asked) {
    struct jac_view *v = &m->view;
    status = make_view(m, JAC_ENTRIES_NUMBERS);
    if (status == JAC_OK)
      jac_text_heading(v, m->style, &m->q->text);
    if (status == JAC_OK)
      status = add_numbers(m, &wrong);
    if (status == JAC_OK)
      status = ask_which(m, mistake, found, count);
    jac_text_wrap(m->style, why_of(mistake), &m->q->because);
    if (status == JAC_OK)
      status = add_truth(m);
  }
  jac_array3_free(&wrong);
  return status;
}

/* Shapes. */

static enum jac_status ask_shape(struct making *m) {
  const struct jac_variable *var = &m->map->var[m->wrt];
  struct jac_layout layout;
  static const enum jac_form forms[] = {JAC_FORM_BATCH, JAC_FORM_FULL};
  enum jac_form form = m->map->batch == 1 ? JAC_FORM_MATRIX
                       : m->map->coupled  ? JAC_FORM_FULL
                                          : forms[pick(m, 2)];
  enum jac_status status =
      jac_layout_make(m->map, m->wrt, form, JAC_ORDER_F, &layout, m->err);
  if (status != JAC_OK)
    return status;
  m->q->ndim = layout.ndim;
  memcpy(m->q->shape, layout.dims, layout.ndim * sizeof layout.dims[0]);
  jac_buffer_printf(
      &m->q->text,
      _("What is the shape of the Jacobian of %s with respect to %s, for a batch of "
        "%zu,\nin %s form (--form %s)? Write it as 2x6.\n"),
      m->map->spec, var->name, m->map->batch, jac_form_name(form), jac_form_name(form));
  for (size_t k = 0; k < layout.ndim; k++)
    jac_buffer_printf(&m->q->because, "%s%zu", k > 0 ? " x " : "", layout.dims[k]);
  size_t outputs = m->map->rows * m->map->cols;
  if (form == JAC_FORM_BATCH)
    jac_buffer_printf(&m->q->because,
                      _(": a slice a sample (%zu), a row an output of the sample (%zu), "
                        "a column\nan entry of %s that it has to do with (%zu).\n"),
                      layout.dims[0], layout.dims[1], var->name, layout.dims[2]);
  else
    jac_buffer_printf(&m->q->because,
                      _(": a row an output (%zu), a column an entry of %s (%zu).\n"),
                      outputs, var->name, jac_variable_size(var));
  return JAC_OK;
}

/* Entries. */

/* The symbols of up to four entries that are written differently; the first is asked for.
 */
static enum jac_status collect_symbols(struct making *m, char **symbol, size_t *count,
                                       size_t *row, size_t *col) {
  size_t rows = m->view.layout.rows, cols = m->view.layout.cols, all = rows * cols;
  size_t start = pick(m, all), step = 1 + pick(m, all);
  enum jac_status status = JAC_OK;
  while (all % 2 == 0 && step % 2 == 0)
    step++;
  for (size_t k = 0; k < 4 * all && *count < JAC_QUESTION_CHOICES && status == JAC_OK;
       k++) {
    size_t at = (start + k * step) % all;
    struct jac_buffer text = JAC_BUFFER_INIT;
    status = jac_view_symbol(&m->view, 0, at / cols, at % cols,
                             jac_style_notation(m->style), &text, m->err);
    bool known = status != JAC_OK;
    for (size_t c = 0; c < *count; c++)
      known = known || strcmp(symbol[c], text.text) == 0;
    if (!known && *count == 0) {
      *row = at / cols;
      *col = at % cols;
    }
    if (!known && (symbol[*count] = jac_buffer_take(&text)) != NULL)
      ++*count;
    jac_buffer_free(&text);
  }
  return status;
}

static enum jac_status ask_entry(struct making *m, bool *asked) {
  char *symbol[JAC_QUESTION_CHOICES] = {NULL};
  size_t count = 0, row = 0, col = 0;
  *asked = false;
  if (m->map->var[m->wrt].entry == NULL)
    return JAC_OK;
  enum jac_status status = make_view(m, JAC_ENTRIES_SYMBOLS);
  if (status == JAC_OK)
    status = collect_symbols(m, symbol, &count, &row, &col);
  *asked = status == JAC_OK && count >= 2;
  if (*asked) {
    enum jac_notation notation = jac_style_notation(m->style);
    struct jac_buffer label = JAC_BUFFER_INIT;
    jac_text_heading(&m->view, m->style, &m->q->text);
    jac_view_row_label(&m->view, notation, 0, row, &label);
    jac_buffer_printf(&m->q->text, _("\nWhat stands in row %s, "), label.text);
    jac_buffer_clear(&label);
    jac_view_col_label(&m->view, notation, 0, col, &label);
    jac_buffer_printf(&m->q->text, _("column %s?\n"), label.text);
    jac_buffer_free(&label);
    add_choices(m, symbol, count);
    status = add_truth(m);
  }
  for (size_t k = 0; k < count; k++)
    free(symbol[k]);
  return status;
}

/* Blocks. */

static enum jac_status ask_block(struct making *m) {
  const struct jac_variable *var = &m->map->var[m->wrt];
  bool data = var->role == JAC_DATA;
  bool zero = data && !m->map->coupled;
  char *choice[2] = {NULL, NULL};
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_printf(
      &m->q->text,
      data ? _("%s, a batch of 2, full form with respect to %s: what is the block of the "
               "outputs\nof sample 1 and the entries of sample 2?\n")
           : _("%s, a batch of 2, full form with respect to %s: what do the rows of "
               "sample "
               "1 and\nthose of sample 2 have to do with each other?\n"),
      m->map->spec, var->name);
  for (size_t k = 0; k < 2; k++) {
    if (data)
      jac_buffer_add(&text, (k == 0) == zero ? _("zero") : _("not zero in general"));
    else
      jac_buffer_add(&text, k == 0 ? _("they stand one under the other: both samples use "
                                       "the same parameters")
                                   : _("they stand in columns of their own: each sample "
                                       "has its own parameters"));
    choice[k] = jac_buffer_take(&text);
  }
  enum jac_status status =
      choice[0] == NULL || choice[1] == NULL ? jac_fail_memory(m->err) : JAC_OK;
  if (status == JAC_OK)
    add_choices(m, choice, 2);
  free(choice[0]);
  free(choice[1]);
  if (data && zero)
    jac_buffer_add(&m->q->because, _("No output of one sample depends on the entries of "
                                     "another: full is block diagonal.\n"));
  else if (data)
    jac_buffer_printf(&m->q->because, _("The samples are coupled: %s.\n"),
                      _(m->map->coupled_reason));
  if (status == JAC_OK)
    status = make_view(m, JAC_ENTRIES_NUMBERS);
  return status;
}

static enum jac_status make(struct making *m, const char *module) {
  enum jac_question_kind kind = m->q->kind;
  bool asked = true;
  size_t batch = kind == JAC_QUESTION_BLOCK   ? 2
                 : kind == JAC_QUESTION_SHAPE ? 2 + pick(m, 2)
                                              : 1 + (pick(m, 4) == 0);
  if (kind == JAC_QUESTION_ENTRY)
    batch = 1;
  const char *spec = module;
  if (module == NULL && kind == JAC_QUESTION_BLOCK)
    spec = drawn_for_blocks[pick(m, sizeof drawn_for_blocks / sizeof drawn[0])];
  else if (module == NULL)
    spec = drawn[pick(m, sizeof drawn / sizeof drawn[0])];
  enum jac_status status = make_map(m, spec, batch);
  if (status != JAC_OK)
    return status;
  if (kind == JAC_QUESTION_MISTAKE)
    status = ask_mistake(m, &asked);
  else if (kind == JAC_QUESTION_ENTRY)
    status = ask_entry(m, &asked);
  else if (kind == JAC_QUESTION_BLOCK)
    status = ask_block(m);
  else
    status = ask_shape(m);
  /* Where the module has no such question, a shape can always be asked for. */
  if (status == JAC_OK && !asked) {
    m->q->kind = JAC_QUESTION_SHAPE;
    status = ask_shape(m);
  }
  return status;
}

enum jac_status jac_question_new(const char *module, unsigned long seed, size_t number,
                                 const struct jac_style *style, struct jac_question *q,
                                 struct jac_error *err) {
  static const enum jac_question_kind turn[] = {JAC_QUESTION_MISTAKE, JAC_QUESTION_SHAPE,
                                                JAC_QUESTION_ENTRY, JAC_QUESTION_MISTAKE,
                                                JAC_QUESTION_BLOCK};
  *q = (struct jac_question){.kind = turn[number % (sizeof turn / sizeof turn[0])],
                             .text = JAC_BUFFER_INIT,
                             .because = JAC_BUFFER_INIT};
  struct making m = {.q = q, .style = style, .err = err};
  m.draw = gsl_rng_alloc(gsl_rng_mt19937);
  if (m.draw == NULL)
    return jac_fail_memory(err);
  gsl_rng_set(m.draw, seed * 1009UL + number + 1UL);
  enum jac_status status = make(&m, module);
  if (status == JAC_OK)
    status = jac_buffer_status(&q->text, err);
  if (status == JAC_OK)
    status = jac_buffer_status(&q->because, err);
  free_making(&m);
  return status;
}

void jac_question_free(struct jac_question *q) {
  jac_buffer_free(&q->text);
  jac_buffer_free(&q->because);
}

/* A letter or a number of a choice. */
static enum jac_answer judge_choice(const struct jac_question *q, const char *word) {
  size_t length = strspn(word, "abcdABCD1234"), rest = strspn(word + length, ") .\r\n");
  if (length != 1 || word[length + rest] != '\0')
    return JAC_ANSWER_UNREAD;
  size_t chosen = word[0] <= '9' ? (size_t)(word[0] - '1')
                                 : (size_t)(tolower((unsigned char)word[0]) - 'a');
  if (chosen >= q->choices)
    return JAC_ANSWER_UNREAD;
  return chosen == q->right ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG;
}

enum jac_answer jac_question_judge(const struct jac_question *q, const char *word) {
  word += strspn(word, " \t([");
  if (q->choices > 0)
    return judge_choice(q, word);
  size_t count = 0;
  bool right = true;
  while (isdigit((unsigned char)*word) && count < 8) {
    char *end;
    unsigned long value = strtoul(word, &end, 10);
    right = right && count < q->ndim && value == q->shape[count];
    count++;
    word = end + strspn(end, " xX*,;\t)]\r\n");
    if (strncmp(word, "\xC3\x97", 2) == 0)
      word += 2 + strspn(word + 2, " ");
  }
  if (count == 0 || *word != '\0')
    return JAC_ANSWER_UNREAD;
  return right && count == q->ndim ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG;
}
