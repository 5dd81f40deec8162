/* The displays of general sizes: lines of formulas, or of text, in the words of the spec.
 */
#include "jacobian/text.h"
#include "visual/cli/format.h"
#include "visual/cli/general_internal.h"
#include "visual/grid.h"
#include "visual/latex/break.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/mark.h"
#include "visual/symbol.h"
#include "visual/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool jac_general_paper(const struct jac_general_subject *s) {
  return strcmp(s->options->format->name, "text") != 0;
}

/* Closed forms have signs where the terminal has them. */
enum jac_notation jac_general_signs(const struct jac_general_subject *s) {
  return jac_general_paper(s)                    ? JAC_NOTATION_LATEX
         : jac_options_style(s->options).unicode ? JAC_NOTATION_UNICODE
                                                 : JAC_NOTATION_ASCII;
}

enum jac_notation jac_general_notation(const struct jac_general_subject *s) {
  return jac_general_paper(s) ? JAC_NOTATION_LATEX : JAC_NOTATION_ASCII;
}

/* Adds a text made at the sizes that stand for words, with the words; takes the text. */
void jac_general_add_words(const struct jac_general_subject *s, struct jac_buffer *text,
                           struct jac_buffer *out) {
  if (!text->failed)
    jac_words_add(&s->words, text->text, out);
  out->failed = out->failed || text->failed;
  jac_buffer_free(text);
}

/* A size m x n as a space: \mathbb{R}^{m \times n}. */
void jac_general_add_space(const struct jac_general_subject *s, size_t count,
                           const size_t *dims, struct jac_buffer *out) {
  jac_buffer_add(out, "\\mathbb{R}^{");
  for (size_t k = 0; k < count; k++) {
    jac_buffer_add(out, k > 0 ? " \\times " : "");
    jac_words_size(&s->words, dims[k], " \\cdot ", out);
  }
  jac_buffer_add(out, "}");
}

void jac_general_add_shape(const struct jac_general_subject *s, size_t count,
                           const size_t *dims, struct jac_buffer *out) {
  for (size_t k = 0; k < count; k++) {
    jac_buffer_add(out, k > 0 ? " x " : "");
    jac_words_size(&s->words, dims[k], " ", out);
  }
}

/* A line of the display: what stands left of its sign, the sign, what stands right; in a
 * stacked one under what stands left. */
void jac_general_add_line(struct jac_general_display *d, const char *left,
                          const char *sign, const char *right,
                          struct jac_latex_extent extent) {
  bool below = d->stacked && *left != '\0' && *sign != '\0';
  struct jac_latex_extent before =
      jac_latex_extent_more(jac_latex_extent(below ? "" : left), 20.0);
  jac_buffer_add(&d->lines, d->count > 0 ? " \\\\[1ex]\n" : "");
  if (below)
    jac_buffer_printf(&d->lines, " &%s %s \\\\\n &\\quad %s", left, sign, right);
  else
    jac_buffer_printf(&d->lines, "%s &%s%s%s", left, sign, *sign != '\0' ? " " : "",
                      right);
  d->extent.width = fmax(d->extent.width, before.width + extent.width);
  d->extent.tiny = fmax(d->extent.tiny, before.tiny + extent.tiny);
  d->extent.least = fmax(d->extent.least, before.least + extent.least);
  d->count++;
}

void jac_general_add_formula(struct jac_general_display *d, const char *left,
                             const char *sign, const char *formula) {
  static const char equals[] = " &= ";
  struct jac_buffer lines = JAC_BUFFER_INIT;
  double line = jac_latex_line(&d->subject->options->latex);
  jac_latex_broken("", formula, line - jac_latex_display_width(left), &lines);
  if (!lines.failed)
    jac_general_add_line(d, left, sign, lines.text + strlen(equals),
                         jac_latex_extent(lines.text + strlen(equals)));
  d->lines.failed = d->lines.failed || lines.failed;
  jac_buffer_free(&lines);
}

struct jac_style jac_general_style_of(const struct jac_general_subject *s) {
  return jac_options_style(s->options);
}

/* What it is, in words: a comment of LaTeX, a line of Markdown or of text. */
void jac_general_add_title(struct jac_general_subject *s, const char *title) {
  const char *format = s->options->format->name;
  struct jac_style style = jac_general_style_of(s);
  if (strcmp(format, "text") == 0) {
    jac_paint_add(&style, JAC_PAINT_TITLE, title, &s->text);
    jac_buffer_add(&s->text, "\n");
  } else if (s->options->latex.bare)
    return;
  else if (strcmp(format, "markdown") == 0)
    jac_buffer_printf(&s->text, "%s:\n\n", title);
  else {
    jac_buffer_add(&s->text, "% ");
    jac_latex_comment(title, &s->text);
    jac_buffer_add(&s->text, "\n");
    jac_latex_packages(JAC_LATEX_AMSMATH, &s->text);
  }
}

/* What no letters are small enough for is shrunk as a whole. */
static void add_paper(struct jac_general_subject *s, const struct jac_general_display *d,
                      const char *size, const char *math) {
  const struct jac_latex *options = &s->options->latex;
  bool smallest = strcmp(size, "\\tiny") == 0;
  const double surely = 1.04; /* lines hold that much more than what is counted on */
  bool shrunk = smallest && d->extent.least > surely * jac_latex_line(options) &&
                (options->env == JAC_ENV_DISPLAY || options->env == JAC_ENV_EQUATION);
  struct jac_buffer whole = JAC_BUFFER_INIT;
  if (shrunk) {
    jac_buffer_printf(&whole, "\\resizebox{\\linewidth}{!}{$\\displaystyle %s$}", math);
    jac_buffer_add(&s->text, options->bare ? "" : "% packages: graphicx\n");
  }
  jac_latex_enclose(smallest   ? "\\renewcommand{\\arraystretch}{1.2}\n"
                                 "\\setlength{\\arraycolsep}{1.5pt}\n"
                    : d->tight ? "\\renewcommand{\\arraystretch}{1.2}\n"
                                 "\\setlength{\\arraycolsep}{3pt}\n"
                               : "\\renewcommand{\\arraystretch}{1.2}\n",
                    shrunk ? whole.text : math, shrunk ? "" : size, options, &s->text);
  s->text.failed = s->text.failed || whole.failed;
  jac_buffer_free(&whole);
}

void jac_general_end_display(struct jac_general_display *d) {
  struct jac_general_subject *s = d->subject;
  struct jac_buffer math = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  jac_buffer_printf(&math, "\\begin{aligned}\n%s\n\\end{aligned}",
                    d->lines.failed ? "" : d->lines.text);
  jac_latex_rename(math.failed ? "" : math.text, s->options->latex.notation, &named);
  const char *size = jac_latex_size_of(d->extent, jac_latex_line(&s->options->latex));
  if (strcmp(s->options->format->name, "markdown") == 0) {
    jac_markdown_display(named.failed ? "" : named.text, &s->options->latex, &s->text);
    if (!s->text.failed) /* one line end: what follows has its own */
      s->text.text[--s->text.length] = '\0';
  } else
    add_paper(s, d, size, named.failed ? "" : named.text);
  s->text.failed = s->text.failed || math.failed || named.failed || d->lines.failed;
  jac_buffer_free(&math);
  jac_buffer_free(&named);
  jac_buffer_free(&d->lines);
}

/* What the entries name, under the matrix. */
enum jac_status jac_general_add_where(struct jac_general_subject *s,
                                      struct jac_general_display *d, const char *formula,
                                      struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  if (s->map->where == NULL && s->map->shown_where == NULL)
    return JAC_OK;
  enum jac_status status =
      jac_where_add(s->map, formula, jac_general_notation(s), &text, err);
  if (status == JAC_OK && (text.failed || text.length == 0)) {
    status = jac_buffer_status(&text, err);
    jac_buffer_free(&text);
    return status;
  }
  if (status == JAC_OK)
    jac_general_add_words(s, &text, &named);
  if (status == JAC_OK && d != NULL) {
    jac_buffer_add(&text, "");
    for (char *at = named.text, *end; !named.failed && at != NULL; at = end) {
      end = strstr(at, "; ");
      if (end != NULL) {
        *end = '\0';
        end += 2;
      }
      struct jac_buffer line = JAC_BUFFER_INIT;
      if (at == named.text)
        jac_buffer_printf(&line, "\\text{%s}\\quad ", _("where"));
      jac_buffer_add(&line, at);
      jac_general_add_formula(d, "", "", line.failed ? "" : line.text);
      jac_buffer_free(&line);
    }
  } else if (status == JAC_OK) {
    struct jac_style style = jac_general_style_of(s);
    struct jac_buffer line = JAC_BUFFER_INIT;
    jac_buffer_printf(&line, "%s%s", _("where "), named.text);
    jac_text_wrap(&style, line.text, &s->text);
    jac_buffer_free(&line);
  }
  jac_buffer_free(&text);
  jac_buffer_free(&named);
  return status;
}
