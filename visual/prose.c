#include "visual/prose.h"

#include "visual/label.h"
#include "visual/latex/width.h"
#include "visual/mark.h"
#include "visual/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const double LETTER = 4.9; /* its width in points, on the average */

static struct jac_prose_cell *open_cell(struct jac_prose *p) {
  return p->align != NULL && p->cells > 0 ? &p->cell[p->cells - 1] : NULL;
}

static struct jac_buffer *pen(struct jac_prose *p) {
  struct jac_prose_cell *cell = open_cell(p);
  return cell != NULL ? &cell->text : p->out;
}

/* text NULL: as many characters as those points hold. */
static void widen(struct jac_prose *p, double points, const char *text, bool words) {
  struct jac_prose_cell *cell = open_cell(p);
  if (cell == NULL)
    return;
  cell->width += p->kind == JAC_PROSE_LATEX ? points
                 : text != NULL             ? (double)jac_label_width(text)
                                            : ceil(points / LETTER);
  cell->words = cell->words || words;
}

/* Words for LaTeX: 2 x 3 with a cross. */
static void add_latex_words(const char *words, struct jac_buffer *out) {
  for (const char *x; (x = strstr(words, " x ")) != NULL; words = x + 3) {
    struct jac_buffer before = JAC_BUFFER_INIT;
    jac_buffer_add_bytes(&before, words, (size_t)(x - words));
    jac_latex_text(before.text, out);
    jac_buffer_add(out, " $\\times$ ");
    out->failed = out->failed || before.failed;
    jac_buffer_free(&before);
  }
  jac_latex_text(words, out);
}

void jac_prose_words(struct jac_prose *p, const char *words) {
  widen(p, LETTER * (double)jac_label_width(words), words, true);
  if (p->kind == JAC_PROSE_LATEX)
    add_latex_words(words, pen(p));
  else
    jac_buffer_add(pen(p), words);
}

void jac_prose_code(struct jac_prose *p, const char *code) {
  widen(p, 5.3 * (double)jac_label_width(code), code, strchr(code, ' ') != NULL);
  if (p->kind == JAC_PROSE_LATEX) {
    jac_buffer_add(pen(p), "\\texttt{");
    (p->align != NULL ? jac_latex_text : jac_latex_code)(code, pen(p));
    jac_buffer_add_char(pen(p), '}');
  } else if (p->kind == JAC_PROSE_MARKDOWN)
    jac_markdown_code(code, p->align != NULL, pen(p));
  else
    jac_buffer_add(pen(p), code);
}

void jac_prose_math(struct jac_prose *p, const char *latex, const char *plain) {
  widen(p, jac_latex_width(latex), plain, false);
  if (p->kind == JAC_PROSE_LATEX)
    jac_buffer_printf(pen(p), "$%s$", latex);
  else if (p->kind == JAC_PROSE_MARKDOWN)
    jac_markdown_inline(latex, p->latex->flavour, p->align != NULL, pen(p));
  else
    jac_buffer_add(pen(p), plain);
}

void jac_prose_strong(struct jac_prose *p, const char *words) {
  static const char *const marks[][2] = {[JAC_PROSE_TEXT] = {"", ""},
                                         [JAC_PROSE_LATEX] = {"\\textbf{", "}"},
                                         [JAC_PROSE_MARKDOWN] = {"**", "**"}};
  jac_buffer_add(pen(p), marks[p->kind][0]);
  jac_prose_words(p, words);
  jac_buffer_add(pen(p), marks[p->kind][1]);
}

void jac_prose_raw(struct jac_prose *p, const char *latex, double points) {
  widen(p, points, "", false);
  jac_buffer_add(pen(p), latex);
}

void jac_prose_say(struct jac_prose *p, const char *sentence, ...) {
  va_list list;
  struct jac_buffer part = JAC_BUFFER_INIT, *out = pen(p);
  if (out->length > 0 && out->text[out->length - 1] != '\n') {
    jac_buffer_add_char(out, ' ');
    widen(p, 2.5, " ", false);
  }
  va_start(list, sentence);
  for (const char *at = sentence; *at != '\0';) {
    size_t length = strcspn(at, "{");
    jac_buffer_clear(&part);
    jac_buffer_add_bytes(&part, at, length);
    if (length > 0)
      jac_prose_words(p, part.text);
    at += length;
    if (*at == '\0')
      break;
    const char *argument = va_arg(list, const char *);
    if (at[1] == 'm')
      jac_prose_math(p, argument, va_arg(list, const char *));
    else if (at[1] == 'c')
      jac_prose_code(p, argument);
    else
      jac_prose_words(p, argument);
    at += strcspn(at, "}") + 1;
  }
  va_end(list);
  jac_buffer_free(&part);
}

void jac_prose_end(struct jac_prose *p) {
  jac_buffer_add(p->out, "\n\n");
}

void jac_prose_display(struct jac_prose *p, const char *latex, const char *size) {
  if (p->kind == JAC_PROSE_LATEX)
    jac_latex_display(latex, size, p->latex, p->out);
  else if (p->kind == JAC_PROSE_MARKDOWN)
    jac_markdown_display(latex, p->latex, p->out);
}

void jac_prose_table(struct jac_prose *p, const char *align) {
  p->align = align;
  p->cells = 0;
}

void jac_prose_cell(struct jac_prose *p) {
  if (p->cells == p->capacity) {
    size_t more = 2 * p->capacity + 16;
    struct jac_prose_cell *cell = realloc(p->cell, more * sizeof *cell);
    if (cell == NULL) {
      p->out->failed = true;
      return;
    }
    p->cell = cell;
    p->capacity = more;
  }
  p->cell[p->cells++] = (struct jac_prose_cell){.text = JAC_BUFFER_INIT};
}

void jac_prose_titles(struct jac_prose *p, const char *const *title, size_t count) {
  for (size_t k = 0; k < count; k++) {
    jac_prose_cell(p);
    jac_prose_words(p, title[k]);
  }
}

static double widest(const struct jac_prose *p, size_t col, size_t columns) {
  double width = 0.0;
  for (size_t k = col; k < p->cells; k += columns)
    width = fmax(width, p->cell[k].width);
  return width;
}

/* The widest word of a column in footnotesize, its heading too. */
static double longest_word(const struct jac_prose *p, size_t col, size_t columns) {
  size_t longest = 0;
  for (size_t k = col; k < p->cells; k += columns)
    for (const char *at = p->cell[k].text.text; at != NULL && *at != '\0';) {
      size_t word = strcspn(at, " ");
      longest = word > longest && strchr(at, '$') == NULL ? word : longest;
      at += word + (at[word] == ' ');
    }
  return LETTER * (double)longest;
}

/* Long: measures, chooses, writes. Columns as their letters say; where a line does not
 * hold them, smaller letters, and the widest column of words is broken over lines. */
static void latex_table(struct jac_prose *p, size_t columns) {
  const double apart = 8.0, smallest = 0.68;
  double line = jac_latex_line(p->latex), sum = 0.0, most = 0.0;
  size_t broken = columns;
  for (size_t col = 0; col < columns; col++) {
    double width = widest(p, col, columns);
    bool words = false;
    for (size_t k = col + columns; k < p->cells; k += columns)
      words = words || p->cell[k].words;
    if (words && width > most) {
      most = width;
      broken = col;
    }
    sum += width;
  }
  double room = line - apart * (double)(columns - 1);
  const char *size = jac_latex_size(sum, room);
  bool tight = *size != '\0', over = tight && 0.9 * sum > room && broken < columns;
  double left = room - 0.9 * (sum - most);
  /* Mathematics is not broken, nor is a word; where no letters are small enough, the
   * whole is shrunk. */
  bool shrunk =
      over ? left < longest_word(p, broken, columns) : smallest * sum > 0.9 * room;
  over = over && !shrunk;
  if (over)
    size = "\\footnotesize";
  if (shrunk)
    jac_buffer_add(p->out, "% packages: graphicx\n"
                           "\\begin{center}\\resizebox{\\linewidth}{!}{%\n");
  else
    jac_buffer_printf(p->out, "\\begin{center}%s\\setlength{\\tabcolsep}{%gpt}%%\n", size,
                      apart / 2.0);
  jac_buffer_add(p->out, "\\begin{tabular}{@{}");
  for (size_t col = 0; col < columns; col++)
    if (over && col == broken)
      jac_buffer_printf(p->out, "p{%.0fpt}", left);
    else
      jac_buffer_add_char(p->out, p->align[col]);
  jac_buffer_add(p->out, "@{}}\n\\toprule\n");
  for (size_t k = 0; k < p->cells; k++) {
    bool ragged = over && k % columns == broken;
    jac_buffer_printf(p->out, "%s%s%s", k % columns > 0 ? " & " : "",
                      ragged ? "\\raggedright\\arraybackslash " : "",
                      p->cell[k].text.text);
    if (k % columns == columns - 1)
      jac_buffer_printf(p->out, " \\\\\n%s", k < columns ? "\\midrule\n" : "");
  }
  jac_buffer_printf(p->out, "\\bottomrule\n\\end{tabular}%s\n\\end{center}%%\n",
                    shrunk ? "}" : "");
}

/* pandoc shares a line among the columns by their dashes where a row is longer than this:
 * they are as many as a column is wide. */
enum { LONG_ROW = 72 };

static bool has_long_row(const struct jac_prose *p, size_t columns) {
  size_t length = 0;
  for (size_t k = 0; k < p->cells; k++) {
    length = (k % columns > 0 ? length : 1) + p->cell[k].text.length + 3;
    if (k % columns == columns - 1 && length > LONG_ROW)
      return true;
  }
  return false;
}

/* The letters of the longest word of a cell; of mathematics and code, which are not
 * broken, all of them. Typewriter letters are wider. */
static double least_width(const struct jac_prose_cell *cell) {
  size_t longest = 0;
  bool code = cell->text.length > 0 && cell->text.text[0] == '`';
  if (!cell->words)
    return cell->width * (code ? 1.3 : 1.1);
  for (const char *at = cell->text.text; *at != '\0';) {
    size_t word = strcspn(at, " ");
    longest = word > longest ? word : longest;
    at += word + (at[word] == ' ');
  }
  return fmin((double)longest, cell->width) * (code ? 1.3 : 1.0);
}

/* As many dashes as a column needs, with what is between columns, and some of what it
 * would have beyond that. */
static size_t dashes_of(const struct jac_prose *p, size_t col, size_t columns) {
  const double between = 4.0, share = 0.3;
  double least = 0.0;
  for (size_t k = col; k < p->cells; k += columns)
    least = fmax(least, least_width(&p->cell[k]));
  return (size_t)ceil(between + least +
                      share * fmax(0.0, widest(p, col, columns) - least));
}

/* A column of code, which nothing breaks. */
static bool is_code(const struct jac_prose *p, size_t col, size_t columns) {
  bool code = p->cells > columns;
  for (size_t k = col + columns; k < p->cells; k += columns)
    code = code && p->cell[k].text.length > 0 && p->cell[k].text.text[0] == '`';
  return code;
}

/* How many dashes the line has room for, of an article 78. Beyond them a column of code
 * has what it needs, and the others, whose words and formulas may be broken, share what
 * is left. */
static size_t line_of(const struct jac_prose *p) {
  return (size_t)(jac_latex_line(p->latex) / 4.42);
}

struct dashes {
  size_t code, others; /* in all columns of code, in all others */
  size_t line;
  bool shared, crowded;
};

static size_t dashes_at(const struct jac_prose *p, const struct dashes *d, size_t col,
                        size_t columns) {
  size_t dashes = dashes_of(p, col, columns);
  if (!d->crowded)
    return dashes;
  return is_code(p, col, columns) ? dashes - 4
                                  : dashes * (d->line - d->code) / d->others + 1;
}

static void add_dashes(const struct jac_prose *p, size_t columns,
                       struct jac_buffer *out) {
  struct dashes d = {.line = line_of(p), .shared = has_long_row(p, columns)};
  for (size_t col = 0; col < columns; col++) {
    bool code = is_code(p, col, columns);
    d.code += code ? dashes_of(p, col, columns) - 4 : 0;
    d.others += code ? 0 : dashes_of(p, col, columns);
  }
  d.crowded = d.code > 0 && d.code + d.others > d.line && 3 * d.code < 2 * d.line;
  for (size_t col = 0; col < columns; col++) {
    size_t dashes = d.shared ? dashes_at(p, &d, col, columns) : 3;
    bool right = p->align[col] == 'r';
    jac_buffer_add_char(out, '|');
    for (size_t k = right; k < dashes || k < 3; k++)
      jac_buffer_add_char(out, '-');
    jac_buffer_add(out, right ? ":" : "");
  }
  jac_buffer_add(out, "|\n");
}

static void markdown_table(struct jac_prose *p, size_t columns) {
  for (size_t k = 0; k < p->cells; k++) {
    jac_buffer_printf(p->out, "%s%s", k % columns > 0 ? " | " : "| ",
                      p->cell[k].text.text);
    if (k % columns == columns - 1)
      jac_buffer_add(p->out, " |\n");
    if (k == columns - 1)
      add_dashes(p, columns, p->out);
  }
  jac_buffer_add_char(p->out, '\n');
}

static void text_table(struct jac_prose *p, size_t columns) {
  for (size_t k = 0; k < p->cells; k++) {
    size_t col = k % columns;
    size_t blanks = (size_t)(widest(p, col, columns) - p->cell[k].width);
    bool right = p->align[col] == 'r', last = col == columns - 1;
    jac_buffer_add(p->out, "  ");
    for (size_t b = 0; b < blanks && right; b++)
      jac_buffer_add_char(p->out, ' ');
    jac_buffer_add(p->out, p->cell[k].text.text);
    for (size_t b = 0; b < blanks && !right && !last; b++)
      jac_buffer_add_char(p->out, ' ');
    jac_buffer_add(p->out, last ? "\n" : "");
  }
}

void jac_prose_table_end(struct jac_prose *p) {
  static void (*const tables[])(struct jac_prose *,
                                size_t) = {[JAC_PROSE_TEXT] = text_table,
                                           [JAC_PROSE_LATEX] = latex_table,
                                           [JAC_PROSE_MARKDOWN] = markdown_table};
  tables[p->kind](p, strlen(p->align));
  for (size_t k = 0; k < p->cells; k++) {
    p->out->failed = p->out->failed || p->cell[k].text.failed;
    jac_buffer_free(&p->cell[k].text);
  }
  free(p->cell);
  p->cell = NULL;
  p->cells = p->capacity = 0;
  p->align = NULL;
}
