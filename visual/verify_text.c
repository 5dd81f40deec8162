/* Judgements for people: lines for editors, and tables of Markdown for a review. */
#include "jacobian/text.h"
#include "visual/escape.h"
#include "visual/grid.h"
#include "visual/mark.h"
#include "visual/verify_internal.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN = 5 }; /* places of one cause */

/* "2 hold": in other languages the verdict has a number and a gender too. */
static void add_total(enum jac_finding_verdict verdict, size_t n,
                      struct jac_buffer *out) {
  switch (verdict) {
  case JAC_FINDING_HOLDS:
    jac_buffer_printf(out, JAC_PLURAL("%zu holds", "%zu hold", n), n);
    break;
  case JAC_FINDING_CONVENTION:
    jac_buffer_printf(
        out, JAC_PLURAL("%zu holds with a convention", "%zu hold with a convention", n),
        n);
    break;
  case JAC_FINDING_WRONG:
    jac_buffer_printf(out, JAC_PLURAL("%zu does not hold", "%zu do not hold", n), n);
    break;
  case JAC_FINDING_UNREAD:
    jac_buffer_printf(out, JAC_PLURAL("%zu not understood", "%zu not understood", n), n);
    break;
  case JAC_FINDING_UNJUDGED:
  default:
    jac_buffer_printf(out, JAC_PLURAL("%zu not judged", "%zu not judged", n), n);
  }
}

static void add_totals(struct jac_verify_totals t, struct jac_buffer *out) {
  jac_buffer_printf(
      out, JAC_PLURAL("%zu displayed formula", "%zu displayed formulas", t.displays),
      t.displays);
  if (t.links > 0)
    jac_buffer_printf(out, JAC_PLURAL(", %zu link: ", ", %zu links: ", t.links), t.links);
  else
    jac_buffer_add(out, _(": nothing to judge"));
  bool first = true;
  for (size_t v = 0; v < JAC_FINDINGS; v++)
    if (t.verdict[v] > 0) {
      jac_buffer_add(out, first ? "" : ", ");
      add_total((enum jac_finding_verdict)v, t.verdict[v], out);
      first = false;
    }
  if (t.alone > 0 && t.links > 0)
    jac_buffer_printf(out,
                      JAC_PLURAL("; %zu formula without an equality",
                                 "; %zu formulas without an equality", t.alone),
                      t.alone);
  jac_buffer_add(out, "\n");
}

/* file:line:column, as editors jump to; of a notebook the cell and its line. */
static void add_place(const struct jac_verify_place *p, struct jac_buffer *out) {
  const struct jac_finding *f = p->finding;
  if (f->cell > 0)
    jac_buffer_printf(out, _(": cell %zu, line %zu"), f->cell, f->cell_line);
  else
    jac_buffer_printf(out, ":%zu:%zu", f->line, f->column);
}

static void add_line(const struct jac_verify_place *p, const struct jac_style *style,
                     struct jac_buffer *out) {
  const struct jac_finding *f = p->finding;
  jac_escape_terminal(p->file, out);
  add_place(p, out);
  jac_buffer_add(out, ": ");
  jac_paint_add(style,
                f->verdict == JAC_FINDING_WRONG ? JAC_PAINT_WRONG : JAC_PAINT_TITLE,
                _(jac_finding_name(f->verdict)), out);
  jac_buffer_add(out, ": ");
  jac_verify_message(f, out);
  jac_buffer_add(out, "\n    ");
  jac_verify_claim(f->claim, 90, out);
  jac_buffer_add(out, "\n");
  if (f->correction != NULL) {
    struct jac_buffer plain = JAC_BUFFER_INIT;
    jac_escape_terminal(f->correction, &plain);
    jac_buffer_printf(out, _("    instead: %s\n"), plain.text);
    jac_buffer_free(&plain);
  }
}

/* Whether it is told of by itself. */
static bool listed(const struct jac_finding *f, bool all) {
  return all || f->verdict == JAC_FINDING_WRONG ||
         (f->verdict == JAC_FINDING_CONVENTION && !jac_verify_grouped(f));
}

static void add_cause(const struct jac_verify_cause *c, const struct jac_style *style,
                      struct jac_buffer *out) {
  if (c->count == 1) {
    add_line(&c->place[0], style, out);
    return;
  }
  jac_paint_add(style, JAC_PAINT_TITLE, _(jac_finding_name(c->place->finding->verdict)),
                out);
  jac_buffer_printf(out, _(", %zu links: "), c->count);
  jac_verify_claim(c->why, 400, out);
  jac_buffer_add(out, "\n");
  for (size_t k = 0; k < c->count && (k < SHOWN || c->count == SHOWN + 1); k++) {
    jac_buffer_add(out, "    ");
    jac_escape_terminal(c->place[k].file, out);
    add_place(&c->place[k], out);
    jac_buffer_add(out, ": ");
    jac_verify_claim(c->place[k].finding->claim, 60, out);
    jac_buffer_add(out, "\n");
  }
  if (c->count > SHOWN + 1)
    jac_buffer_printf(out, _("    ... and %zu more (--all lists them)\n"),
                      c->count - SHOWN);
}

static void add_causes(const struct jac_verified *files, size_t count,
                       enum jac_finding_verdict verdict, const struct jac_style *style,
                       struct jac_buffer *out) {
  struct jac_verify_causes causes;
  out->failed = !jac_verify_group(files, count, verdict, &causes) || out->failed;
  for (size_t k = 0; k < causes.count; k++)
    add_cause(&causes.cause[k], style, out);
  jac_verify_causes_free(&causes);
}

void jac_verify_text(const struct jac_verified *files, size_t count, bool all,
                     const struct jac_style *style, struct jac_buffer *out) {
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < files[k].findings.count; i++) {
      const struct jac_verify_place p = {files[k].file, &files[k].findings.finding[i]};
      if (listed(p.finding, all))
        add_line(&p, style, out);
    }
  if (!all) {
    add_causes(files, count, JAC_FINDING_CONVENTION, style, out);
    add_causes(files, count, JAC_FINDING_UNREAD, style, out);
  }
  add_totals(jac_verify_count(files, count), out);
}

/* A formula as code in a cell. */
static void add_code(const char *text, struct jac_buffer *out) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  jac_verify_claim(text, 300, &line);
  jac_markdown_code(line.text, true, out);
  out->failed = out->failed || line.failed;
  jac_buffer_free(&line);
}

/* A row of the table of findings. */
static void add_row(const struct jac_verify_place *p, struct jac_buffer *out) {
  const struct jac_finding *f = p->finding;
  struct jac_buffer why = JAC_BUFFER_INIT;
  jac_verify_message(f, &why);
  jac_buffer_add(out, "| ");
  jac_escape_markdown(p->file, out);
  add_place(p, out);
  jac_buffer_printf(out, " | %s | ", _(jac_finding_name(f->verdict)));
  add_code(f->claim, out);
  jac_buffer_add(out, " | ");
  jac_escape_markdown(why.text, out);
  if (f->correction != NULL) {
    jac_buffer_add(out, _("; instead "));
    add_code(f->correction, out);
  }
  jac_buffer_add(out, " |\n");
  jac_buffer_free(&why);
}

/* A row of counts. */
static void add_counts(const char *name, struct jac_verify_totals t,
                       struct jac_buffer *out) {
  jac_buffer_printf(out, "| %s | %zu | %zu |", name, t.displays, t.links);
  for (size_t v = 0; v < JAC_FINDINGS; v++)
    jac_buffer_printf(out, " %zu |", t.verdict[v]);
  jac_buffer_add(out, "\n");
}

/* A file a row, those without formulas together in one, and the whole. */
static void add_summary(const struct jac_verified *files, size_t count,
                        struct jac_buffer *out) {
  size_t empty = 0;
  jac_buffer_add(out, _("| file | formulas | links |"));
  for (size_t v = 0; v < JAC_FINDINGS; v++)
    jac_buffer_printf(out, " %s |", _(jac_finding_name((enum jac_finding_verdict)v)));
  jac_buffer_add(out, "\n|---|--:|--:|--:|--:|--:|--:|--:|\n");
  for (size_t k = 0; k < count; k++) {
    struct jac_buffer name = JAC_BUFFER_INIT;
    jac_escape_markdown(files[k].file, &name);
    struct jac_verify_totals totals = jac_verify_count(&files[k], 1);
    if (files[k].fault.status != JAC_OK)
      jac_buffer_printf(out, _("| %s | not read | | | | | | |\n"), name.text);
    else if (count > 1 && totals.displays == 0 && totals.links == 0)
      empty++;
    else
      add_counts(name.text, totals, out);
    jac_buffer_free(&name);
  }
  if (empty > 0) {
    struct jac_buffer name = JAC_BUFFER_INIT;
    jac_buffer_printf(&name, _("files without formulas: %zu"), empty);
    add_counts(name.text, (struct jac_verify_totals){0}, out);
    jac_buffer_free(&name);
  }
  if (count > 1)
    add_counts(_("total"), jac_verify_count(files, count), out);
}

/* What has a verdict for one reason, a reason a row. */
static void add_cause_rows(const struct jac_verified *files, size_t count,
                           enum jac_finding_verdict verdict, struct jac_buffer *out) {
  struct jac_verify_causes causes;
  out->failed = !jac_verify_group(files, count, verdict, &causes) || out->failed;
  if (causes.count > 0)
    jac_buffer_printf(out, "\n| %s%s\n|---|--:|---|\n", _(jac_finding_name(verdict)),
                      _(" | links | first at |"));
  for (size_t k = 0; k < causes.count; k++) {
    const struct jac_verify_cause *c = &causes.cause[k];
    jac_buffer_add(out, "| ");
    jac_escape_markdown(c->why, out);
    jac_buffer_printf(out, " | %zu | ", c->count);
    jac_escape_markdown(c->place->file, out);
    add_place(c->place, out);
    jac_buffer_add(out, " |\n");
  }
  jac_verify_causes_free(&causes);
}

void jac_verify_markdown(const struct jac_verified *files, size_t count, bool all,
                         struct jac_buffer *out) {
  bool any = false;
  add_summary(files, count, out);
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < files[k].findings.count; i++) {
      const struct jac_verify_place p = {files[k].file, &files[k].findings.finding[i]};
      if (!listed(p.finding, all) || p.finding->verdict == JAC_FINDING_UNJUDGED)
        continue;
      if (!any)
        jac_buffer_printf(out, "\n%s|---|---|---|---|\n",
                          _("| place | verdict | claim | why |\n"));
      any = true;
      add_row(&p, out);
    }
  if (!all) {
    add_cause_rows(files, count, JAC_FINDING_CONVENTION, out);
    add_cause_rows(files, count, JAC_FINDING_UNREAD, out);
  }
}
