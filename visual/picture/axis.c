/* Labels of rows and columns: all of them where there is room, else so many that they can
 * be read. */
#include "visual/picture/plan.h"
#include "visual/picture/script.h"

#include <math.h>

double jac_axis_place(const struct jac_axis *axis, size_t entry) {
  double place = (double)(entry / axis->per) * axis->cell;
  return axis->gap > 0.0 ? place + (double)(entry / axis->block) * axis->gap : place;
}

double jac_axis_middle(const struct jac_axis *axis, size_t entry) {
  double part = ((double)(entry % axis->per) + 0.5) / (double)axis->per;
  return jac_axis_place(axis, entry) + part * axis->cell;
}

double jac_axis_length(const struct jac_axis *axis) {
  return jac_axis_place(axis, axis->entries - 1) + axis->cell;
}

bool jac_axis_tick(const struct jac_axis *axis, size_t k, size_t *entry) {
  *entry = k * axis->step;
  if (axis->from_end && k > 0)
    *entry -= 1;
  return *entry < axis->entries;
}

void jac_plan_label(const struct jac_plan *plan, bool row, size_t sheet, size_t entry,
                    struct jac_buffer *out) {
  const struct jac_view *view = plan->view;
  size_t slice = plan->sample.slice[sheet];
  jac_buffer_clear(out);
  if (row)
    jac_view_row_label(view, JAC_NOTATION_UNICODE, slice, entry, out);
  else
    jac_view_col_label(view, JAC_NOTATION_UNICODE, slice, entry, out);
}

static double widest_label(const struct jac_plan *plan, bool row,
                           const struct jac_axis *axis) {
  struct jac_buffer label = JAC_BUFFER_INIT;
  double widest = 0.0;
  size_t entry;
  for (size_t sheet = 0; sheet < plan->sample.sheets; sheet++)
    for (size_t k = 0; jac_axis_tick(axis, k, &entry); k++) {
      jac_plan_label(plan, row, sheet, entry, &label);
      widest =
          fmax(widest, jac_script_lay(label.text, JAC_LABEL_SIZE, true, NULL, NULL));
    }
  jac_buffer_free(&label);
  return widest;
}

/* The least of 1, 2, 5, 10, 20, 50, ... that is at least so much. */
static size_t round_up(double least) {
  size_t power = 1;
  while ((double)power * 10.0 <= least)
    power *= 10;
  return (double)power >= least         ? power
         : (double)power * 2.0 >= least ? power * 2
         : (double)power * 5.0 >= least ? power * 5
                                        : power * 10;
}

/* Labels at the beginnings of blocks where blocks are wide enough, else at round numbers. */
static void choose_step(struct jac_axis *axis, double room) {
  double entry = axis->cell / (double)axis->per;
  double blocks = axis->block > 1 ? ceil(room / (entry * (double)axis->block)) : 0.0;
  if (blocks > 0.0 && blocks * (double)axis->block * 2.0 <= (double)axis->entries) {
    axis->step = (size_t)blocks * axis->block;
    axis->from_end = false;
  } else {
    axis->step = round_up(room / entry);
    axis->from_end = axis->step > 1;
  }
}

void jac_plan_axis(const struct jac_plan *plan, bool row, struct jac_axis *axis) {
  enum { BETWEEN = 14 };
  axis->step = 1;
  axis->from_end = axis->turned = false;
  bool every = axis->per == 1 && axis->cell >= JAC_LABEL_SIZE + 2;
  if (!every)
    choose_step(axis, row ? 32.0 : 80.0);
  double widest = widest_label(plan, row, axis);
  if (!row && every)
    axis->turned = widest > axis->cell - 4.0;
  else if (!row && widest + BETWEEN > 80.0)
    choose_step(axis, widest + BETWEEN);
  axis->extent = (row || axis->turned ? widest : JAC_LABEL_SIZE + 2.0) + 8.0;
}
