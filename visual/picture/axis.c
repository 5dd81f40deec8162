/* Labels of rows and columns: all of them where there is room, else so many that they can
 * be read. */
#include "visual/picture/plan.h"
#include "visual/picture/script.h"

#include <math.h>

double jac_axis_place(const struct jac_axis *axis, size_t entry) {
  size_t cells = entry / axis->per, gaps = axis->gap > 0.0 ? entry / axis->block : 0;
  return (double)cells * axis->cell + (double)gaps * axis->gap;
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
  if (!axis->by_block && axis->step >= 5 && k > 0)
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

/* Indices in which the entries of the block differ are bullets. */
void jac_plan_block_label(const struct jac_plan *plan, bool row, size_t sheet,
                          size_t entry, struct jac_buffer *out) {
  const struct jac_layout *layout = &plan->view->layout;
  size_t slice = plan->sample.slice[sheet], first[3], last[3];
  jac_buffer_clear(out);
  if (row) {
    jac_layout_output(layout, slice, entry, &first[0], &first[1]);
    jac_label_output(layout->map, JAC_NOTATION_UNICODE, first[0], JAC_INDEX_ALL, out);
    return;
  }
  const struct jac_variable *var = &layout->map->var[layout->wrt];
  jac_layout_variable(layout, slice, entry, first);
  jac_layout_variable(layout, slice, entry + plan->cols.block - 1, last);
  for (size_t d = 0; d < var->ndim; d++)
    if (first[d] != last[d])
      first[d] = JAC_INDEX_ALL;
  jac_label_entry(var, JAC_NOTATION_UNICODE, first, out);
}

static double widest_label(const struct jac_plan *plan, bool row,
                           const struct jac_axis *axis) {
  struct jac_buffer label = JAC_BUFFER_INIT;
  double widest = 0.0;
  size_t entry;
  for (size_t sheet = 0; sheet < plan->sample.sheets; sheet++)
    for (size_t k = 0; jac_axis_tick(axis, k, &entry); k++) {
      if (axis->by_block)
        jac_plan_block_label(plan, row, sheet, entry, &label);
      else
        jac_plan_label(plan, row, sheet, entry, &label);
      widest = fmax(widest, jac_script_lay(label.text, JAC_LABEL_SIZE, true, NULL, NULL));
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

/* Blocks by their names where they are wide enough, else entries at round numbers. */
static void choose_step(struct jac_axis *axis, double room) {
  double entry = axis->cell / (double)axis->per;
  double blocks = axis->block > 1 ? ceil(room / (entry * (double)axis->block)) : 0.0;
  axis->by_block = blocks > 0.0 && blocks * (double)axis->block <= (double)axis->entries;
  axis->step = axis->by_block ? (size_t)blocks * axis->block : round_up(room / entry);
}

/* Each entry has a label where there is room for it, on its side if need be. */
void jac_plan_axis(const struct jac_plan *plan, bool row, struct jac_axis *axis) {
  enum { BETWEEN = 14, LEAST = 22 };
  bool every =
      axis->per == 1 && axis->cell >= (row ? 1.4 * JAC_LABEL_SIZE : JAC_LABEL_SIZE + 2);
  axis->step = 1;
  axis->by_block = axis->turned = false;
  if (!every)
    choose_step(axis, LEAST);
  double widest = widest_label(plan, row, axis);
  if (!row && every)
    axis->turned = widest > axis->cell - 4.0;
  else if (!row)
    choose_step(axis, widest + BETWEEN);
  /* The first label begins at its entry, so that it stays above the sheet. */
  if (!row && !every && !axis->by_block)
    choose_step(axis, 2.0 * widest + BETWEEN);
  axis->extent = (row || axis->turned ? widest : JAC_LABEL_SIZE + 2.0) + 8.0;
}
