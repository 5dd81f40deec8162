/* A Jacobian beside its differences, entry by entry. */
#include "jacobian/difference.h"
#include "jacobian/form.h"
#include "jacobian/text.h"
#include "visual/latex/latex.h"
#include "visual/number.h"
#include "visual/symbol.h"
#include "visual/tables.h"
#include "visual/text.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void add_number(double value, int precision, struct jac_prose *p) {
  struct jac_buffer latex = JAC_BUFFER_INIT, plain = JAC_BUFFER_INIT;
  jac_latex_number(value, precision, &latex);
  jac_number_add(&plain, value, precision);
  jac_prose_cell(p);
  jac_prose_math(p, latex.text, plain.text);
  jac_buffer_free(&latex);
  jac_buffer_free(&plain);
}

/* The label of a place's row or column, as LaTeX and plain. */
static void put_labels(const struct jac_layout *layout, const size_t at[3], bool output,
                       const struct jac_style *style, struct jac_buffer label[2]) {
  const enum jac_notation notation[2] = {JAC_NOTATION_LATEX, jac_style_notation(style)};
  size_t sample_row, feature, index[3];
  jac_layout_output(layout, at[0], at[1], &sample_row, &feature);
  jac_layout_variable(layout, at[0], at[2], index);
  for (int k = 0; k < 2; k++)
    if (output)
      jac_label_output(layout->map, notation[k], sample_row, feature, &label[k]);
    else
      jac_label_entry(&layout->map->var[layout->wrt], notation[k], index, &label[k]);
}

static void add_label(const struct jac_layout *layout, const size_t at[3], bool output,
                      struct jac_prose *p) {
  struct jac_buffer label[2] = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  put_labels(layout, at, output, &p->style, label);
  jac_prose_cell(p);
  jac_prose_math(p, label[0].text, label[1].text);
  jac_buffer_free(&label[0]);
  jac_buffer_free(&label[1]);
}

/* What a difference is worth. */
enum known { KNOWN, KINK, VALUELESS, UNTOLD };

/* What is compared, and of which entry the two differ most. */
struct comparison {
  const struct jac_map *map;
  struct jac_layout layout;
  struct jac_array3 J, differences;
  struct jac_array3 known; /* of each difference: enum known */
  struct jac_pattern pattern;
  size_t count, shown; /* entries that can be non-zero; rows of the table */
  double worst;
  size_t worst_at[3];
};

static enum jac_status collect(void *context, const struct jac_difference_group *group) {
  struct comparison *c = context;
  for (size_t s = 0; s < c->J.slices; s++)
    for (size_t i = 0; i < c->J.rows; i++) {
      const struct jac_difference_entry *e = &group->entry[s * c->J.rows + i];
      if (group->column[i] == SIZE_MAX)
        continue;
      *jac_array3_at(&c->differences, s, i, group->column[i]) = e->value;
      *jac_array3_at(&c->known, s, i, group->column[i]) =
          e->state == JAC_ENTRY_KINK        ? KINK
          : e->state == JAC_ENTRY_NONFINITE ? VALUELESS
          : isfinite(e->error)              ? KNOWN
                                            : UNTOLD;
    }
  return JAC_OK;
}

/* The differences, each with what it is worth. */
static enum jac_status difference(struct comparison *c, jac_point x, size_t wrt,
                                  struct jac_error *err) {
  const struct jac_array3 *J = &c->J;
  enum jac_status status =
      jac_array3_alloc(J->slices, J->rows, J->cols, &c->differences, err);
  if (status == JAC_OK)
    status = jac_array3_alloc(J->slices, J->rows, J->cols, &c->known, err);
  if (status != JAC_OK)
    return status;
  c->differences.clear = c->known.clear = false;
  return jac_difference(c->map, x, wrt, &c->pattern, JAC_DIFFERENCE_COMPRESSED, NULL,
                        collect, c, NULL, err);
}

/* The entry of the layout's place, where it can be non-zero. */
static bool compared(const struct comparison *c, const size_t at[3], double value[2],
                     enum known *known) {
  size_t native[3];
  if (!jac_layout_native(&c->layout, at[0], at[1], at[2], native) ||
      !jac_pattern_has(&c->pattern, native[1], native[2]))
    return false;
  value[0] = *jac_array3_at(&c->J, native[0], native[1], native[2]);
  value[1] = *jac_array3_at(&c->differences, native[0], native[1], native[2]);
  *known = (enum known)(int)*jac_array3_at(&c->known, native[0], native[1], native[2]);
  return true;
}

/* The next place of the layout; false: there is none. */
static bool next_place(const struct jac_layout *layout, size_t at[3]) {
  if (++at[2] == layout->cols) {
    at[2] = 0;
    if (++at[1] == layout->rows) {
      at[1] = 0;
      at[0]++;
    }
  }
  return at[0] < layout->slices;
}

/* A difference that is none is a word, and has no error. */
static void add_row(const struct comparison *c, const size_t at[3], const double value[2],
                    enum known known, int precision, struct jac_prose *p) {
  const char *const words[] = {"", _("kink"), _("no value here"), _("cannot be told")};
  add_label(&c->layout, at, true, p);
  add_label(&c->layout, at, false, p);
  add_number(value[0], precision, p);
  if (known == KNOWN) {
    add_number(value[1], precision, p);
    add_number(fabs(value[0] - value[1]), 2, p);
    return;
  }
  jac_prose_cell(p);
  jac_prose_words(p, words[known]);
  jac_prose_cell(p);
}

/* The rows: the first ones, dots for what is not shown, and the last. */
static void add_rows(struct comparison *c, int precision, struct jac_prose *p) {
  enum { COLUMNS = 5 };
  size_t at[3] = {0, 0, 0}, k = 0;
  double value[2];
  enum known known;
  bool any = false;
  do {
    if (!compared(c, at, value, &known))
      continue;
    double error = fabs(value[0] - value[1]);
    if (known == KNOWN && (!any || !(error <= c->worst))) {
      any = true;
      c->worst = error;
      memcpy(c->worst_at, at, sizeof at);
    }
    k++;
    if (k < c->shown || k == c->count)
      add_row(c, at, value, known, precision, p);
    for (size_t col = 0; k == c->shown && k < c->count && col < COLUMNS; col++) {
      jac_prose_cell(p);
      jac_prose_math(p, "\\vdots", p->style.unicode ? "⋮" : ":");
    }
  } while (next_place(&c->layout, at));
}

static void add_sentence(const char *text, struct jac_prose *p) {
  if (p->kind == JAC_PROSE_TEXT)
    jac_text_wrap(&p->style, text, p->out);
  else
    jac_buffer_printf(p->out, "%s\n\n", text);
}

/* How many are not shown, and how far the two are apart in all. */
static void say_elided(const struct comparison *c, struct jac_prose *p) {
  struct jac_buffer label[4] = {JAC_BUFFER_INIT, JAC_BUFFER_INIT, JAC_BUFFER_INIT,
                                JAC_BUFFER_INIT},
                    number[2] = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  char shown[32], count[32];
  snprintf(shown, sizeof shown, "%zu", c->shown);
  snprintf(count, sizeof count, "%zu", c->count);
  jac_latex_number(c->worst, 2, &number[0]);
  jac_number_add(&number[1], c->worst, 2);
  put_labels(&c->layout, c->worst_at, true, &p->style, label);
  put_labels(&c->layout, c->worst_at, false, &p->style, label + 2);
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_prose own = {
      .kind = p->kind, .latex = p->latex, .style = p->style, .out = &text};
  jac_prose_say(&own,
                _("{w} of {w} entries are shown; the largest error of all is {m}, of {m} "
                  "by {m}."),
                shown, count, number[0].text, number[1].text, label[0].text,
                label[1].text, label[2].text, label[3].text);
  if (p->kind == JAC_PROSE_TEXT) /* what stands in notes is not about the tool */
    jac_prose_say(&own, _("--elide never shows all."));
  if (!text.failed)
    add_sentence(text.text, p);
  p->out->failed = p->out->failed || text.failed;
  jac_buffer_free(&text);
  for (size_t k = 0; k < 4; k++)
    jac_buffer_free(&label[k]);
  jac_buffer_free(&number[0]);
  jac_buffer_free(&number[1]);
}

enum jac_status jac_table_compare(const struct jac_map *map, jac_point x, size_t wrt,
                                  int precision, size_t elide, struct jac_prose *p,
                                  struct jac_error *err) {
  const char *const titles[] = {_("output"), _("variable"), _("explicit"),
                                _("difference"), _("error")};
  struct comparison c = {.map = map};
  enum jac_status status =
      jac_layout_make(map, wrt, map->coupled ? JAC_FORM_FULL : JAC_FORM_BATCH,
                      JAC_ORDER_F, &c.layout, err);
  if (status == JAC_OK)
    status = jac_pattern_new(map, wrt, &c.pattern, err);
  if (status == JAC_OK)
    status = jac_map_jacobian_new(map, x, wrt, &c.J, err);
  if (status == JAC_OK)
    status = difference(&c, x, wrt, err);
  if (status == JAC_OK) {
    c.count = c.J.slices * jac_pattern_count(&c.pattern);
    c.shown = elide == 0 && c.count > JAC_TEXT_LIMIT ? JAC_TEXT_BOTH
              : elide == 0 || elide > c.count        ? c.count
                                                     : elide;
    jac_prose_table(p, "llrrr");
    jac_prose_titles(p, titles, sizeof titles / sizeof titles[0]);
    add_rows(&c, precision, p);
    jac_prose_table_end(p);
    if (c.count == 0)
      add_sentence(_("By its structure every entry is 0: there is nothing to compare."),
                   p);
    if (c.shown < c.count)
      say_elided(&c, p);
  }
  jac_array3_free(&c.J);
  jac_array3_free(&c.differences);
  jac_array3_free(&c.known);
  jac_pattern_free(&c.pattern);
  return status == JAC_OK ? jac_buffer_status(p->out, err) : status;
}
