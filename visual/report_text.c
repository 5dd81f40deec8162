#include "jacobian/text.h"
#include "visual/escape.h"
#include "visual/grid.h"
#include "visual/report.h"
#include "visual/text.h"

#include <math.h>
#include <stdio.h>

static const char *reference_name(const struct jac_report *r,
                                  enum jac_reference reference) {
  switch (reference) {
  case JAC_REFERENCE_DIFFERENCE:
    return _("finite differences");
  case JAC_REFERENCE_VJP:
    return _("vector-Jacobian products");
  case JAC_REFERENCE_JVP:
    return _("Jacobian-vector products");
  case JAC_REFERENCE_CERTIFIED:
    return _("certified intervals");
  case JAC_REFERENCE_OTHER:
  default:
    return r->file;
  }
}

static void pad(struct jac_buffer *out, size_t width, size_t to) {
  for (; width < to; width++)
    jac_buffer_add_char(out, ' ');
}

/* 'all 24 entries proved: within 3 ulp' */
static void add_proved(const struct jac_report *r, struct jac_buffer *out) {
  const struct jac_certificate *c = r->certificate;
  if (c->proved == c->entries)
    jac_buffer_printf(
        out, JAC_PLURAL("; its %zu entry proved", "; all %zu entries proved", c->entries),
        c->entries);
  else
    jac_buffer_printf(out, _("; %zu of %zu entries proved"), c->proved, c->entries);
  if (c->proved > 0)
    jac_buffer_printf(out, _(": within %.2g ulp"),
                      c->ulps < 100.0 ? ceil(c->ulps * 10.0) / 10.0 : c->ulps);
  if (c->kinks > 0)
    jac_buffer_printf(out,
                      JAC_PLURAL("; %zu kink cannot be narrowed",
                                 "; %zu kinks cannot be narrowed", c->kinks),
                      c->kinks);
  if (c->poles > 0)
    jac_buffer_printf(out,
                      JAC_PLURAL("; %zu pole or jump cannot be narrowed",
                                 "; %zu poles or jumps cannot be narrowed", c->poles),
                      c->poles);
}

/* 'finite differences        agrees   largest error 2e-12 at (z, w), 19 evaluations' */
static void add_line(const struct jac_report *r, const struct jac_check_result *result,
                     size_t wide, const struct jac_style *style, struct jac_buffer *out) {
  const char *name = reference_name(r, result->reference);
  const char *verdict = result->verdict == JAC_VERDICT_AGREES    ? _("agrees")
                        : result->verdict == JAC_VERDICT_DIFFERS ? _("differs")
                        : result->verdict == JAC_VERDICT_UNTOLD
                            ? _("cannot be told here")
                            : _("not differentiable here");
  jac_buffer_add(out, "  ");
  jac_buffer_add(out, name);
  pad(out, jac_label_width(name), wide);
  jac_paint_add(
      style, result->verdict == JAC_VERDICT_DIFFERS ? JAC_PAINT_WRONG : JAC_PAINT_PLAIN,
      verdict, out);
  if (result->any) {
    pad(out, jac_label_width(verdict), 8);
    jac_buffer_printf(out, _("  largest error %.2g"), result->max_abs_error);
    if (result->max_abs_error > 0.0 && !(result->probed && result->wrong == 0)) {
      jac_buffer_add(out, _(" at "));
      jac_report_row(r, &result->worst, jac_style_notation(style), out);
      jac_buffer_add(out, ", ");
      jac_report_column(r, &result->worst, jac_style_notation(style), out);
    }
  }
  if (result->reference == JAC_REFERENCE_DIFFERENCE)
    jac_buffer_printf(
        out, JAC_PLURAL("; %zu evaluation", "; %zu evaluations", result->evaluations),
        result->evaluations);
  else if (result->reference == JAC_REFERENCE_CERTIFIED)
    add_proved(r, out);
  else if (result->reference != JAC_REFERENCE_OTHER)
    jac_buffer_printf(
        out,
        result->probed
            ? JAC_PLURAL("; %zu random product", "; %zu random products",
                         result->evaluations)
            : JAC_PLURAL("; %zu product", "; %zu products", result->evaluations),
        result->evaluations);
  if (result->unreliable > 0)
    jac_buffer_printf(out,
                      JAC_PLURAL("; %zu entry cannot be told",
                                 "; %zu entries cannot be told", result->unreliable),
                      result->unreliable);
  if (result->valueless > 0)
    jac_buffer_printf(out,
                      JAC_PLURAL("; %zu entry has no value here",
                                 "; %zu entries have no value here", result->valueless),
                      result->valueless);
  jac_buffer_add(out, "\n");
}

/* The sentence that comes first. */
/* Long: a verdict is a sentence. */
static void add_sentence(const struct jac_report *r, const struct jac_style *style,
                         struct jac_buffer *out) {
  size_t agree = 0, kinks = 0, untold = 0, valueless = 0;
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (size_t k = 0; k < r->count; k++) {
    agree += r->result[k].verdict == JAC_VERDICT_AGREES;
    kinks += r->result[k].verdict == JAC_VERDICT_NOT_DIFFERENTIABLE;
    untold += r->result[k].verdict == JAC_VERDICT_UNTOLD;
    valueless += r->result[k].valueless;
  }
  size_t slices, rows, cols;
  char wrt[JAC_WRT_SIZE];
  jac_map_jacobian_shape(r->map, r->wrt, &slices, &rows, &cols);
  jac_buffer_printf(&text, _("%s with respect to %s: "), r->map->spec,
                    jac_map_wrt(r->map, r->wrt, wrt));
  bool wrong = false;
  if (r->claim != NULL) {
    wrong = r->shape_wrong || agree + kinks < r->count;
    jac_buffer_add(&text, wrong ? _("the claim does not hold") : _("the claim holds"));
    if (!wrong && r->how != NULL)
      jac_buffer_printf(&text, ", %s", r->how);
    if (r->certified)
      jac_buffer_add(&text,
                     wrong ? _("; refuted by certified evaluation at generic points")
                           : _("; proved by certified evaluation at generic points"));
  } else if (r->shape_wrong) {
    jac_buffer_printf(&text, _("%s has the wrong shape"), r->file);
    wrong = true;
  } else if (r->file != NULL) {
    wrong = agree + kinks + untold < r->count;
    jac_buffer_printf(&text,
                      agree == r->count ? _("%s agrees")
                      : untold > 0      ? _("%s cannot be told here")
                      : wrong           ? _("%s differs")
                              : _("not differentiable here, %s is neither right nor "
                                  "wrong"),
                      r->file);
  } else if (agree == r->count)
    jac_buffer_printf(&text, _("%zu of %zu references agree"), agree, r->count);
  else if (agree + kinks + untold == r->count)
    jac_buffer_add(&text, kinks > 0       ? _("not differentiable here")
                          : valueless > 0 ? _("no value here")
                                          : _("it cannot be told here"));
  else {
    jac_buffer_printf(&text, _("%zu of %zu references differ"),
                      r->count - agree - kinks - untold, r->count);
    wrong = true;
  }
  jac_paint_add(style, wrong ? JAC_PAINT_WRONG : JAC_PAINT_TITLE, text.text, out);
  jac_buffer_add(out, "\n");
  jac_buffer_free(&text);
}

/* As many digits as show the difference. */
static int value_digits(const struct jac_check_result *result) {
  int digits = 6;
  for (size_t k = 0; k < result->listed; k++) {
    const struct jac_checked_entry *e = &result->list[k];
    double scale = fmax(fabs(e->jacobian), fabs(e->reference));
    double places = -log10(fabs(e->jacobian - e->reference) / scale);
    if (!e->kink && places > digits - 1)
      digits = places < 15.0 ? (int)places + 2 : 17;
  }
  return digits;
}

static void set_number(struct jac_grid *grid, size_t row, size_t col, int digits,
                       double value) {
  char text[40];
  snprintf(text, sizeof text, "%.*g", digits, value + 0.0); /* -0 is 0 */
  jac_grid_set(grid, row, col, text, jac_grid_point(text), JAC_PAINT_PLAIN);
}

/* The wrong entries alone: where, both values, both errors; at a kink, both sides. */
static void add_table(const struct jac_report *r, const struct jac_check_result *result,
                      const struct jac_style *style, struct jac_buffer *out) {
  struct jac_grid grid;
  if (result->listed == 0 ||
      jac_grid_alloc(result->listed, 5, JAC_ALIGN_POINT, &grid, NULL) != JAC_OK)
    return;
  bool kinks = result->wrong == 0;
  int digits = value_digits(result);
  const char *const wrong_heads[] = {_("with respect to"), _("Jacobian"),
                                     r->claim != NULL ? _("claim")
                                     : result->reference == JAC_REFERENCE_OTHER
                                         ? r->file
                                         : _("reference"),
                                     _("error"), _("relative")};
  const char *const kink_heads[] = {_("with respect to"), _("Jacobian"),
                                    _("from the left"), _("from the right"), ""};
  for (size_t k = 0; k < 5; k++)
    jac_grid_set(&grid, 0, k + 1, kinks ? kink_heads[k] : wrong_heads[k], 0,
                 JAC_PAINT_TITLE);
  for (size_t k = 0; k < result->listed; k++) {
    const struct jac_checked_entry *e = &result->list[k];
    struct jac_buffer text = JAC_BUFFER_INIT;
    jac_report_row(r, e, jac_style_notation(style), &text);
    jac_grid_set(&grid, k + 1, 0, text.text, 0, JAC_PAINT_PLAIN);
    jac_buffer_clear(&text);
    jac_report_column(r, e, jac_style_notation(style), &text);
    jac_grid_set(&grid, k + 1, 1, text.text, jac_label_width(text.text), JAC_PAINT_PLAIN);
    jac_buffer_free(&text);
    double error = fabs(e->jacobian - e->reference);
    double scale = fmax(fabs(e->jacobian), fabs(e->reference));
    set_number(&grid, k + 1, 2, digits, e->jacobian);
    if (e->kink && kinks) {
      set_number(&grid, k + 1, 3, digits, e->left);
      set_number(&grid, k + 1, 4, digits, e->right);
      continue;
    }
    if (e->kink) { /* beside wrong ones, whose columns these are */
      if (result->reference == JAC_REFERENCE_OTHER)
        set_number(&grid, k + 1, 3, digits, e->reference);
      jac_grid_set(&grid, k + 1, 5, _("kink"), 0, JAC_PAINT_FAINT);
      continue;
    }
    set_number(&grid, k + 1, 3, digits, e->reference);
    set_number(&grid, k + 1, 4, 2, error);
    set_number(&grid, k + 1, 5, 2, error / scale);
  }
  jac_buffer_add(out, "\n");
  jac_grid_print(&grid, style, out);
  size_t all = result->wrong + result->kinks;
  if (all > result->listed)
    jac_buffer_printf(out, _("  the first %zu of %zu\n"), result->listed, all);
  jac_grid_free(&grid);
}

/* The two numbers of an entry that is not finite: NaN has no sign. */
static void add_pair(const struct jac_checked_entry *e, struct jac_buffer *out) {
  double jacobian = isnan(e->jacobian) ? (double)NAN : e->jacobian;
  double reference = isnan(e->reference) ? (double)NAN : e->reference;
  jac_buffer_printf(out, _(" (Jacobian %g, reference %g)\n"), jacobian, reference);
}

/* Long: what a report may hold, part by part. */
static void write_report(const struct jac_report *report, const struct jac_style *style,
                         struct jac_buffer *out) {
  add_sentence(report, style, out);
  if (report->reading != NULL && !report->shape_wrong)
    jac_buffer_printf(out, _("  read as: %s\n"), report->reading);
  if (report->claim != NULL)
    jac_buffer_printf(out, "  %s\n", report->claim);
  size_t wide = 26;
  for (size_t k = 0; k < report->count; k++) {
    size_t width = jac_label_width(reference_name(report, report->result[k].reference));
    wide = width + 2 > wide && width < 40 ? width + 2 : wide;
  }
  for (size_t k = 0; k < report->count && report->claim == NULL; k++)
    add_line(report, &report->result[k], wide, style, out);
  if (report->drawn != NULL)
    jac_buffer_printf(out,
                      _("  drawn from the seed: %s; --set gives the numbers that %s "
                        "was made with\n"),
                      report->drawn, report->file);
  if (report->diagnosis != NULL)
    jac_buffer_printf(
        out, report->claim != NULL || report->fact ? "  %s\n" : _("  most likely: %s\n"),
        report->diagnosis);
  const struct jac_check_result *shown = NULL;
  bool said = false;
  for (size_t k = 0; k < report->count; k++) {
    const struct jac_check_result *r = &report->result[k];
    if (r->nonfinite > 0 && shown == NULL) {
      jac_buffer_add(out, _("  not finite: "));
      jac_report_row(report, &r->first_nonfinite, jac_style_notation(style), out);
      jac_buffer_add(out, _(" with respect to "));
      jac_report_column(report, &r->first_nonfinite, jac_style_notation(style), out);
      add_pair(&r->first_nonfinite, out);
    } else if (r->valueless > 0 && shown == NULL && !said) {
      said = true;
      jac_buffer_add(out, _("  no value: "));
      jac_report_row(report, &r->first_nonfinite, jac_style_notation(style), out);
      jac_buffer_add(out, _(" with respect to "));
      jac_report_column(report, &r->first_nonfinite, jac_style_notation(style), out);
      if (isfinite(r->first_nonfinite.reference))
        add_pair(&r->first_nonfinite, out);
      else
        jac_buffer_add(out, "\n");
    }
    if (r->listed > 0 && (shown == NULL || r->wrong > shown->wrong))
      shown = r;
  }
  if (shown != NULL)
    add_table(report, shown, style, out);
}

void jac_report_text(const struct jac_report *report, const struct jac_style *style,
                     struct jac_buffer *out) {
  struct jac_report plain = *report;
  const char **const texts[] = {&plain.file, &plain.claim, &plain.diagnosis};
  enum { TEXTS = sizeof texts / sizeof texts[0] };
  struct jac_buffer safe[TEXTS];
  for (size_t k = 0; k < TEXTS; k++) {
    safe[k] = (struct jac_buffer)JAC_BUFFER_INIT;
    if (*texts[k] == NULL)
      continue;
    jac_escape_terminal(*texts[k], &safe[k]);
    out->failed = out->failed || safe[k].failed;
    *texts[k] = safe[k].text;
  }
  write_report(&plain, style, out);
  for (size_t k = 0; k < TEXTS; k++)
    jac_buffer_free(&safe[k]);
}
