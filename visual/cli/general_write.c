/* What show writes of a module of general sizes. */
#include "jacobian/formula/read.h"
#include "jacobian/text.h"
#include "visual/cli/format.h"
#include "visual/cli/general_internal.h"
#include "visual/grid.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/symbol.h"
#include "visual/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One display: its lines, the widest of them. */
struct display {
  struct jac_general_subject *subject;
  struct jac_buffer lines;
  double width;
  bool tight; /* a matrix has many columns */
  size_t count;
};

static bool paper(const struct jac_general_subject *s) {
  return strcmp(s->options->format->name, "text") != 0;
}

/* Closed forms have signs where the terminal has them. */
static enum jac_notation signs(const struct jac_general_subject *s) {
  return paper(s)                                ? JAC_NOTATION_LATEX
         : jac_options_style(s->options).unicode ? JAC_NOTATION_UNICODE
                                                 : JAC_NOTATION_ASCII;
}

static enum jac_notation notation(const struct jac_general_subject *s) {
  return paper(s) ? JAC_NOTATION_LATEX : JAC_NOTATION_ASCII;
}

/* Adds a text made at the sizes that stand for words, with the words; takes the text. */
static void add_words(const struct jac_general_subject *s, struct jac_buffer *text,
                      struct jac_buffer *out) {
  if (!text->failed)
    jac_words_add(&s->words, text->text, out);
  out->failed = out->failed || text->failed;
  jac_buffer_free(text);
}

/* A size m x n as a space: \mathbb{R}^{m \times n}. */
static void add_space(const struct jac_general_subject *s, size_t count,
                      const size_t *dims, struct jac_buffer *out) {
  jac_buffer_add(out, "\\mathbb{R}^{");
  for (size_t k = 0; k < count; k++) {
    jac_buffer_add(out, k > 0 ? " \\times " : "");
    jac_words_size(&s->words, dims[k], " \\cdot ", out);
  }
  jac_buffer_add(out, "}");
}

static void add_shape(const struct jac_general_subject *s, size_t count,
                      const size_t *dims, struct jac_buffer *out) {
  for (size_t k = 0; k < count; k++) {
    jac_buffer_add(out, k > 0 ? " x " : "");
    jac_words_size(&s->words, dims[k], " ", out);
  }
}

/* A line of the display: what stands left of its sign, the sign, what stands right. */
static void add_line(struct display *d, const char *left, const char *sign,
                     const char *right, double width) {
  jac_buffer_printf(&d->lines, "%s%s &%s%s%s", d->count > 0 ? " \\\\[1ex]\n" : "", left,
                    sign, *sign != '\0' ? " " : "", right);
  width += jac_latex_width(left) + 20.0;
  d->width = width > d->width ? width : d->width;
  d->count++;
}

static void add_matrix(struct display *d, const char *left, const struct jac_general *g,
                       const char *behind) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_general_latex(g, d->subject->options->latex.square, &text);
  jac_buffer_add(&text, behind);
  if (!text.failed)
    add_line(d, left, "=", text.text, jac_general_width(g) + jac_latex_width(behind));
  jac_buffer_free(&text);
}

static struct jac_style style_of(const struct jac_general_subject *s) {
  return jac_options_style(s->options);
}

/* What it is, in words: a comment of LaTeX, a line of Markdown or of text. */
static void add_title(struct jac_general_subject *s, const char *title) {
  const char *format = s->options->format->name;
  struct jac_style style = style_of(s);
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

static void end_display(struct display *d) {
  struct jac_general_subject *s = d->subject;
  struct jac_buffer math = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  jac_buffer_printf(&math, "\\begin{aligned}\n%s\n\\end{aligned}",
                    d->lines.failed ? "" : d->lines.text);
  jac_latex_rename(math.failed ? "" : math.text, s->options->latex.notation, &named);
  if (strcmp(s->options->format->name, "markdown") == 0)
    jac_buffer_printf(&s->text, "$$\n%s\n$$\n", named.failed ? "" : named.text);
  else
    jac_latex_enclose(d->tight ? "\\renewcommand{\\arraystretch}{1.2}\n"
                                 "\\setlength{\\arraycolsep}{3pt}\n"
                               : "\\renewcommand{\\arraystretch}{1.2}\n",
                      named.failed ? "" : named.text,
                      jac_latex_size(d->width, jac_latex_line(&s->options->latex)),
                      &s->options->latex, &s->text);
  s->text.failed = s->text.failed || math.failed || named.failed || d->lines.failed;
  jac_buffer_free(&math);
  jac_buffer_free(&named);
  jac_buffer_free(&d->lines);
}

/* What the entries name, under the matrix. */
static enum jac_status add_where(struct jac_general_subject *s, struct display *d,
                                 struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  if (s->map->where == NULL && s->map->shown_where == NULL)
    return JAC_OK;
  enum jac_status status = jac_where_add(s->map, notation(s), &text, err);
  if (status == JAC_OK)
    add_words(s, &text, &named);
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
      add_line(d, "", "", line.failed ? "" : line.text, jac_latex_width(at));
      jac_buffer_free(&line);
    }
  } else if (status == JAC_OK) {
    struct jac_style style = style_of(s);
    struct jac_buffer line = JAC_BUFFER_INIT;
    jac_buffer_printf(&line, "%s%s", _("where "), named.text);
    jac_text_wrap(&style, line.text, &s->text);
    jac_buffer_free(&line);
  }
  jac_buffer_free(&text);
  jac_buffer_free(&named);
  return status;
}

static bool is_alike(const struct jac_map *map, size_t wrt) {
  return map->batch == 1 || jac_map_structure(map, wrt).alike;
}

/* What people write beside it: = W^T; of samples that are alike, I (x) W^T. NULL: there
 * is none. To be freed. */
static char *beside(const struct jac_general_subject *s, const struct jac_view *view) {
  size_t wrt = view->layout.wrt;
  const struct jac_map *map = s->map;
  if (!s->options->annotate || map->coupled || !is_alike(map, wrt))
    return NULL;
  char *closed = jac_general_closed(s, wrt, false, signs(s));
  bool full = view->layout.form == JAC_FORM_FULL && map->batch > 1;
  if (closed == NULL || !full)
    return closed;
  struct jac_buffer whole = JAC_BUFFER_INIT;
  bool many = strpbrk(closed, " ") != NULL;
  jac_buffer_add(&whole, "I_{");
  jac_words_size(&s->words, map->batch, " ", &whole);
  jac_buffer_printf(&whole,
                    paper(s)                           ? "} \\otimes %s%s%s"
                    : signs(s) == JAC_NOTATION_UNICODE ? "} ⊗ %s%s%s"
                                                       : "} (x) %s%s%s",
                    many ? "(" : "", closed, many ? ")" : "");
  free(closed);
  char *text = map->var[wrt].role == JAC_DATA ? jac_buffer_take(&whole) : NULL;
  jac_buffer_free(&whole);
  return text;
}

/* Behind a block diagonal of one block: how often it stands there. */
static void add_count(const struct jac_general_subject *s, const struct jac_view *view,
                      struct jac_buffer *before, struct jac_buffer *behind) {
  const struct jac_layout *layout = &view->layout;
  if (!s->options->annotate || layout->form != JAC_FORM_REDUCED ||
      layout->block_cols < 2 || view->pattern.kind != JAC_PATTERN_BLOCK_DIAGONAL)
    return;
  jac_buffer_add(before, "\\underbrace{");
  jac_buffer_add(behind, "}_{");
  jac_words_size(&s->words, layout->rows, " ", behind);
  jac_buffer_printf(behind, "\\ \\text{%s}}", _("blocks on the diagonal"));
}

static enum jac_status add_slice(struct display *d, struct jac_view *view, size_t slice,
                                 const char *closed, struct jac_error *err) {
  struct jac_general_subject *s = d->subject;
  struct jac_general g;
  struct jac_buffer left = JAC_BUFFER_INIT, at = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT,
                    behind = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_general_new(view, &s->words, slice, JAC_NOTATION_LATEX, &g, err);
  if (status != JAC_OK)
    return status;
  jac_latex_called(view, &s->options->latex, &left);
  if (view->layout.slices > 1)
    jac_latex_at_slice(s->map, slice, &at);
  add_words(s, &at, &left);
  add_count(s, view, &text, &behind);
  jac_general_latex(&g, s->options->latex.square, &text);
  if (!behind.failed && behind.length > 0)
    jac_buffer_add(&text, behind.text);
  double wide = closed != NULL ? jac_latex_width(closed) + 15.0 : 0.0;
  double width = jac_general_width(&g);
  d->tight = d->tight || jac_general_apart(&g) < 5.0;
  bool own = !left.failed && width + wide + jac_latex_width(left.text) + 20.0 >
                                 jac_latex_line(&s->options->latex);
  if (closed != NULL && !own)
    jac_buffer_printf(&text, " = %s", closed);
  if (!left.failed && !text.failed)
    add_line(d, left.text, "=", text.text, own ? width : width + wide);
  if (closed != NULL && own)
    add_line(d, "", "=", closed, wide);
  status = left.failed || text.failed ? jac_fail_memory(err) : JAC_OK;
  jac_buffer_free(&left);
  jac_buffer_free(&text);
  jac_buffer_free(&behind);
  jac_general_free(&g);
  return status;
}

static enum jac_status add_text_slice(struct jac_general_subject *s,
                                      struct jac_view *view, size_t slice,
                                      struct jac_error *err) {
  struct jac_general g;
  struct jac_style style = style_of(s);
  struct jac_buffer at = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_general_new(view, &s->words, slice, JAC_NOTATION_ASCII, &g, err);
  if (status != JAC_OK)
    return status;
  jac_buffer_add(&s->text, "\n");
  if (view->layout.slices > 1) {
    jac_label_slice(s->map, JAC_NOTATION_ASCII, slice, &at);
    jac_buffer_add(&at, "\n");
    add_words(s, &at, &s->text);
  }
  status = jac_general_text(&g, &style, &s->text, err);
  jac_general_free(&g);
  return status;
}

static enum jac_status write_slices(struct jac_general_subject *s, struct jac_view *view,
                                    struct jac_error *err) {
  struct display d = {.subject = s, .lines = JAC_BUFFER_INIT};
  size_t slice[4], count = jac_general_slices(view, slice);
  char *closed = beside(s, view);
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < count && status == JAC_OK; k++)
    if (slice[k] == JAC_INDEX_ANY && paper(s))
      add_line(&d, "", "", "\\;\\;\\vdots", 10.0);
    else if (slice[k] == JAC_INDEX_ANY)
      jac_buffer_add(&s->text, style_of(s).unicode ? "\n  ⋮\n" : "\n  :\n");
    else
      status = paper(s) ? add_slice(&d, view, slice[k], closed, err)
                        : add_text_slice(s, view, slice[k], err);
  if (status == JAC_OK && paper(s)) {
    status = add_where(s, &d, err);
    end_display(&d);
  } else {
    jac_buffer_free(&d.lines);
    if (status == JAC_OK)
      status = add_where(s, NULL, err);
    if (status == JAC_OK && closed != NULL)
      jac_buffer_printf(&s->text, "\n  = %s\n", closed);
  }
  free(closed);
  return status;
}

static enum jac_status write_jacobian(struct jac_general_subject *s, size_t wrt,
                                      struct jac_error *err) {
  const struct jac_options *options = s->options;
  struct jac_layout layout;
  struct jac_view view;
  struct jac_buffer title = JAC_BUFFER_INIT;
  enum jac_form form =
      options->form < 0 ? jac_form_default(s->map) : (enum jac_form)options->form;
  enum jac_status status =
      jac_layout_make(s->map, wrt, form, options->order, &layout, err);
  if (status == JAC_OK)
    status = jac_view_new(&layout, NULL, NULL, JAC_ENTRIES_SYMBOLS, 4, &view, err);
  if (status != JAC_OK)
    return status;
  jac_buffer_printf(&title, _("Jacobian of %s with respect to %s"), s->map->spec,
                    s->map->var[wrt].name);
  jac_buffer_printf(&title, _(", %s form, "), jac_form_name(form));
  add_shape(s, layout.ndim, layout.dims, &title);
  add_title(s, title.failed ? "" : title.text);
  jac_buffer_free(&title);
  status = write_slices(s, &view, err);
  jac_view_free(&view);
  return status;
}

/* Where everything lives: z in R^{batch x input}, W in ...; M: R -> R. */
static void add_spaces(struct display *d) {
  struct jac_general_subject *s = d->subject;
  const struct jac_map *map = s->map;
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (size_t v = 0; v < map->nvar; v++) {
    jac_buffer_add(&text, v > 0 ? ",\\quad " : "");
    jac_latex_variable(&map->var[v], &text);
    jac_buffer_add(&text, " \\in ");
    add_space(s, map->var[v].ndim, map->var[v].dims, &text);
  }
  if (!text.failed)
    add_line(d, "", "", text.text, jac_latex_width(text.text));
  jac_buffer_clear(&text);
  jac_latex_function(map, &text);
  jac_buffer_add(&text, " : ");
  add_space(s, map->var[0].ndim, map->var[0].dims, &text);
  jac_buffer_add(&text, " \\to ");
  add_space(s, 2, (size_t[]){map->rows, map->cols}, &text);
  if (!text.failed)
    add_line(d, "", "", text.text, jac_latex_width(text.text));
  d->lines.failed = d->lines.failed || text.failed;
  jac_buffer_free(&text);
}

static enum jac_status write_definition(struct jac_general_subject *s,
                                        struct jac_error *err) {
  struct display d = {.subject = s, .lines = JAC_BUFFER_INIT};
  struct jac_buffer text = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  enum jac_status status = jac_definition_add(s->map, notation(s), &text, err);
  if (status == JAC_OK)
    add_words(s, &text, &named);
  if (status == JAC_OK && paper(s)) {
    add_spaces(&d);
    add_line(&d, "", "", named.text, jac_latex_width(named.text));
    status = add_where(s, &d, err);
    end_display(&d);
  } else if (status == JAC_OK) {
    for (size_t v = 0; v < s->map->nvar; v++) {
      jac_buffer_printf(&s->text, "  %s: ", s->map->var[v].name);
      add_shape(s, s->map->var[v].ndim, s->map->var[v].dims, &s->text);
      jac_buffer_add(&s->text, "\n");
    }
    jac_buffer_printf(&s->text, "  %s\n", named.text);
    status = add_where(s, NULL, err);
  }
  jac_buffer_free(&text);
  jac_buffer_free(&named);
  return status;
}

/* The two variables whose product the module is, where it is one: z*W. */
static bool factors(const struct jac_general_subject *s, size_t factor[2]) {
  struct jac_arena arena = JAC_ARENA_INIT;
  const struct jac_node *tree;
  struct jac_error quiet;
  bool found =
      s->module->matrices != NULL &&
      jac_formula_read(&arena, s->module->matrices, &tree, NULL, &quiet) == JAC_OK;
  if (found && tree->kind == JAC_ADD && tree->child[1]->kind == JAC_NAME &&
      jac_map_find(s->map, tree->child[1]->name) == s->map->nvar)
    tree = tree->child[0]; /* a bias that it has not */
  found = found && tree->kind == JAC_MULTIPLY;
  for (size_t k = 0; k < 2 && found; k++) {
    const struct jac_node *name = tree->child[k];
    factor[k] = name->kind == JAC_NAME ? jac_map_find(s->map, name->name) : s->map->nvar;
    found = factor[k] < s->map->nvar;
  }
  jac_arena_free(&arena);
  return found;
}

/* z W, and both written out. */
static enum jac_status add_product(struct display *d, const char *left,
                                   struct jac_error *err) {
  struct jac_general_subject *s = d->subject;
  struct jac_buffer names = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT;
  size_t factor[2];
  double width = 0.0;
  enum jac_status status = JAC_OK;
  if (!factors(s, factor))
    return JAC_OK;
  for (size_t k = 0; k < 2 && status == JAC_OK; k++) {
    struct jac_general g;
    jac_buffer_add(&names, k > 0 ? " \\times " : "");
    jac_latex_variable(&s->map->var[factor[k]], &names);
    status =
        jac_general_variable(s->map, factor[k], &s->words, JAC_NOTATION_LATEX, &g, err);
    if (status != JAC_OK)
      break;
    jac_buffer_add(&text, k > 0 ? "\n\\times " : "");
    jac_general_latex(&g, s->options->latex.square, &text);
    width += jac_general_width(&g) + 10.0;
    jac_general_free(&g);
  }
  if (status == JAC_OK && !names.failed && !text.failed) {
    add_line(d, left, "=", names.text, 40.0);
    add_line(d, "", "=", text.text, width);
  }
  jac_buffer_free(&names);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status write_forward(struct jac_general_subject *s,
                                     struct jac_error *err) {
  struct display d = {.subject = s, .lines = JAC_BUFFER_INIT};
  struct jac_general sums = {0}, named = {0};
  struct jac_buffer left = JAC_BUFFER_INIT, space = JAC_BUFFER_INIT;
  struct jac_style style = style_of(s);
  enum jac_status status =
      jac_general_forward(s->map, &s->words, false, notation(s), &sums, err);
  if (status == JAC_OK)
    status = jac_general_forward(s->map, &s->words, true, notation(s), &named, err);
  if (status == JAC_OK && paper(s)) {
    jac_latex_function(s->map, &left);
    jac_buffer_add(&left, "(");
    jac_latex_variable(&s->map->var[0], &left);
    jac_buffer_add(&left, ")");
    status = add_product(&d, left.text, err);
    add_matrix(&d, d.count == 0 ? left.text : "", &sums, "");
    jac_buffer_printf(&space, " = %s \\in ", s->map->output_symbol);
    add_space(s, 2, (size_t[]){s->map->rows, s->map->cols}, &space);
    add_matrix(&d, "", &named, space.failed ? "" : space.text);
    if (status == JAC_OK)
      status = add_where(s, &d, err);
    end_display(&d);
  } else if (status == JAC_OK) {
    status = jac_general_text(&named, &style, &s->text, err);
    jac_buffer_add(&s->text, "\n  =\n");
    if (status == JAC_OK)
      status = jac_general_text(&sums, &style, &s->text, err);
    if (status == JAC_OK)
      status = add_where(s, NULL, err);
  }
  jac_buffer_free(&left);
  jac_buffer_free(&space);
  jac_general_free(&sums);
  jac_general_free(&named);
  return status;
}

static enum jac_status write_gradient(struct jac_general_subject *s, size_t wrt,
                                      struct jac_error *err) {
  char *closed = jac_general_closed(s, wrt, true, signs(s));
  if (closed == NULL)
    return jac_fail(err, JAC_EREFUSED,
                    _("%s has no gradient in matrices with respect to %s: --what "
                      "jacobian shows its entries"),
                    s->map->spec, s->map->var[wrt].name);
  struct jac_buffer left = JAC_BUFFER_INIT;
  bool loss = s->module->loss;
  if (paper(s)) {
    struct display d = {.subject = s, .lines = JAC_BUFFER_INIT};
    jac_buffer_add(&left, "\\frac{\\partial L}{\\partial ");
    jac_latex_variable(&s->map->var[wrt], &left);
    jac_buffer_add(&left, "}");
    add_line(&d, left.text, "=", closed, jac_latex_width(closed));
    jac_buffer_clear(&left);
    jac_buffer_printf(&left, "\\frac{\\partial L}{\\partial %s}", s->map->output_symbol);
    if (!loss)
      add_line(&d, "\\delta", "=", left.text, 40.0);
    end_display(&d);
  } else {
    jac_buffer_printf(&s->text, "  dL/d%s = %s\n", s->map->var[wrt].name, closed);
    if (!loss)
      jac_buffer_printf(&s->text, "  δ = dL/d%s\n", s->map->output_symbol);
  }
  jac_buffer_free(&left);
  free(closed);
  return JAC_OK;
}

enum jac_status jac_general_write(struct jac_general_subject *s, size_t wrt,
                                  struct jac_error *err) {
  struct jac_buffer title = JAC_BUFFER_INIT;
  if (s->options->what == JAC_WHAT_JACOBIAN)
    return write_jacobian(s, wrt, err);
  if (s->options->what == JAC_WHAT_GRADIENT)
    jac_buffer_printf(&title, _("Gradient of %s with respect to %s"), s->map->spec,
                      s->map->var[wrt].name);
  else
    jac_buffer_printf(&title,
                      s->options->what == JAC_WHAT_FORWARD ? _("Forward pass of %s")
                                                           : _("Definition of %s"),
                      s->map->spec);
  add_title(s, title.failed ? "" : title.text);
  jac_buffer_free(&title);
  return s->options->what == JAC_WHAT_GRADIENT  ? write_gradient(s, wrt, err)
         : s->options->what == JAC_WHAT_FORWARD ? write_forward(s, err)
                                                : write_definition(s, err);
}
