/* Which mistake is in this Jacobian? */
#include "jacobian/lesson.h"
#include "jacobian/text.h"
#include "visual/cli/question_internal.h"
#include "visual/cli/suspects.h"
#include "visual/grid.h"
#include "visual/text.h"

#include <stdio.h>

/* A number as the table has it. */
struct digits {
  char text[32];
};

static struct digits digits(double value) {
  struct digits d;
  snprintf(d.text, sizeof d.text, "%.4g", value + 0.0);
  return d;
}

/* The numbers with the labels of the truth. */
static enum jac_status add_slice(struct jac_making *m, const struct jac_array3 *a,
                                 size_t s) {
  struct jac_grid grid;
  struct jac_buffer cell = JAC_BUFFER_INIT;
  enum jac_notation notation = jac_style_notation(m->style);
  enum jac_status status =
      jac_grid_alloc(a->rows, a->cols, JAC_ALIGN_POINT, &grid, m->err);
  if (status != JAC_OK)
    return status;
  for (size_t i = 0; i < a->rows; i++) {
    jac_buffer_clear(&cell);
    jac_view_row_label(&m->view, notation, s, i, &cell);
    jac_grid_set(&grid, i + 1, 0, cell.text, 0, JAC_PAINT_TITLE);
    for (size_t j = 0; j < a->cols; j++) {
      struct digits d = digits(*jac_array3_at(a, s, i, j));
      jac_grid_set(&grid, i + 1, j + 1, d.text, jac_grid_point(d.text), JAC_PAINT_PLAIN);
    }
  }
  for (size_t j = 0; j < a->cols; j++) {
    jac_buffer_clear(&cell);
    jac_view_col_label(&m->view, notation, s, j, &cell);
    jac_grid_set(&grid, 0, j + 1, cell.text, jac_label_width(cell.text), JAC_PAINT_TITLE);
  }
  jac_buffer_add(&m->q->text, "\n");
  jac_grid_print(&grid, m->style, &m->q->text);
  jac_grid_free(&grid);
  jac_buffer_free(&cell);
  return JAC_OK;
}

static enum jac_status add_choices(struct jac_making *m, const struct jac_suspects *s,
                                   const struct jac_lesson *lesson) {
  struct jac_choice choice[JAC_QUESTION_CHOICES] = {{NULL, NULL}};
  struct jac_buffer text = JAC_BUFFER_INIT, place = JAC_BUFFER_INIT;
  for (size_t k = 0; k < lesson->choices; k++) {
    const struct jac_lesson_choice *c = &lesson->choice[k];
    jac_diagnosis_write(s, &c->diagnosis, &text);
    choice[k].text = jac_buffer_take(&text);
    jac_buffer_clear(&place);
    jac_making_place(m, c->slice, c->row, c->col, &place);
    struct digits would = digits(c->would), shown = digits(c->shown);
    if (k > 0)
      choice[k].why = jac_making_text(_("Then %s would be %s; the table says %s."),
                                      place.text, would.text, shown.text);
    else
      jac_buffer_printf(&m->q->hint, _("%s is %s in truth; the table says %s."),
                        place.text, would.text, shown.text);
  }
  jac_buffer_free(&place);
  jac_buffer_add(&m->q->text, _("\nOne mistake is in it. Which?\n"));
  return jac_making_choices(m, choice, lesson->choices);
}

static enum jac_status ask(struct jac_making *m, bool *asked) {
  struct jac_suspects suspects;
  struct jac_lesson lesson;
  enum jac_status status = jac_suspects_make(m->map, jac_values_point(&m->values), m->wrt,
                                             &m->J, &suspects, m->err);
  if (status != JAC_OK)
    return status;
  unsigned long draw = gsl_rng_get(m->draw);
  status = jac_lesson_make(&suspects, m->wish->mistake, m->wish->level, draw, &lesson,
                           asked, m->err);
  /* A mistake that this module has not may be another; a level may have none. */
  if (status == JAC_OK && !*asked)
    status = jac_lesson_make(&suspects, JAC_MISTAKES, JAC_MISTAKE_LEVELS, draw, &lesson,
                             asked, m->err);
  if (status == JAC_OK && *asked) {
    m->q->mistake = lesson.choice[0].diagnosis.mistake;
    status = jac_making_view(m, JAC_ENTRIES_NUMBERS);
    if (status == JAC_OK)
      jac_text_heading(&m->view, m->style, &m->q->text);
    for (size_t s = 0; s < lesson.wrong.slices && status == JAC_OK; s++)
      status = add_slice(m, &lesson.wrong, s);
    if (status == JAC_OK)
      status = add_choices(m, &suspects, &lesson);
    jac_text_wrap(m->style, _(jac_mistake_kind(m->q->mistake)->why), &m->q->because);
    if (status == JAC_OK)
      status = jac_making_truth(m);
    jac_lesson_free(&lesson);
  }
  jac_suspects_free(&suspects);
  return status;
}

static const char *const specs[] = {
    "linear:3x2",   "linear:2x3",    "linear:3x3", "softmax:3",
    "tanh:3",       "sigmoid:3",     "mse:3",      "cross-entropy:3",
    "layer-norm:3", "log-softmax:3", NULL};

const struct jac_question_type jac_question_mistake = {
    .specs = specs, .batch = 1, .batches = 2, .level = 1, .ask = ask};
