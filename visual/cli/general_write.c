/* What show writes of a module of general sizes. */
#include "jacobian/text.h"
#include "visual/cli/derived_rows.h"
#include "visual/cli/format.h"
#include "visual/cli/general_internal.h"
#include "visual/grid.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_alike(const struct jac_map *map, size_t wrt) {
  return map->batch == 1 || jac_map_structure(map, wrt).alike;
}

/* What people write beside it: = W^T; of samples that are alike, I (x) W^T. Without a
 * text: there is none. */
static void beside(const struct jac_general_subject *s, const struct jac_view *view,
                   struct jac_general_closed *out) {
  size_t wrt = view->layout.wrt;
  const struct jac_map *map = s->map;
  *out = (struct jac_general_closed){0};
  if (!s->options->annotate || map->coupled || !is_alike(map, wrt))
    return;
  jac_general_closed(s, map->var[wrt].name, false, jac_general_signs(s), out);
  bool full = view->layout.form == JAC_FORM_FULL && map->batch > 1;
  if (out->text == NULL || !full)
    return;
  struct jac_buffer whole = JAC_BUFFER_INIT;
  bool many = strpbrk(out->text, " ") != NULL;
  jac_buffer_add(&whole, "I_{");
  jac_words_size(&s->words, map->batch, " ", &whole);
  jac_buffer_printf(&whole,
                    jac_general_paper(s)                           ? "} \\otimes %s%s%s"
                    : jac_general_signs(s) == JAC_NOTATION_UNICODE ? "} ⊗ %s%s%s"
                                                                   : "} (x) %s%s%s",
                    many ? "(" : "", out->text, many ? ")" : "");
  free(out->text);
  out->text = map->var[wrt].role == JAC_DATA ? jac_buffer_take(&whole) : NULL;
  jac_buffer_free(&whole);
}

/* What a closed form names, below it: c = z - mean(z). */
static void add_names(struct jac_general_subject *s, struct jac_general_display *d,
                      const struct jac_general_closed *closed) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  for (size_t k = 0; k < closed->names && closed->text != NULL; k++) {
    const char *name = closed->name[k], *value = closed->value[k];
    if (name == NULL || value == NULL)
      continue;
    if (d != NULL) {
      jac_buffer_clear(&line);
      if (k == 0)
        jac_buffer_printf(&line, "\\text{%s}\\quad ", _("where"));
      jac_buffer_printf(&line, "%s = %s", name, value);
      if (!line.failed)
        jac_general_add_formula(d, "", "", line.text);
    } else
      jac_buffer_printf(&line, "%s%s = %s", k == 0 ? _("where ") : "; ", name, value);
  }
  struct jac_style style = jac_general_style_of(s);
  if (d == NULL && !line.failed && line.length > 0)
    jac_text_wrap(&style, line.text, &s->text);
  s->text.failed = s->text.failed || line.failed;
  jac_buffer_free(&line);
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

/* Adds a slice's line, and what is written beside it where that fits, else below. */
static void add_equal(struct jac_general_display *d, const char *left,
                      struct jac_buffer *text, struct jac_latex_extent extent,
                      const char *closed) {
  double wide = closed != NULL ? jac_latex_width(closed) + 15.0 : 0.0;
  bool own = extent.width + wide + jac_latex_width(left) + 20.0 >
             jac_latex_line(&d->subject->options->latex);
  if (closed != NULL && !own)
    jac_buffer_printf(text, " = %s", closed);
  if (!text->failed)
    jac_general_add_line(d, left, "=", text->text,
                         own ? extent : jac_latex_extent_more(extent, wide));
  if (closed != NULL && own)
    jac_general_add_formula(d, "", "=", closed);
}

static enum jac_status add_slice(struct jac_general_display *d, struct jac_view *view,
                                 size_t slice, const char *closed,
                                 struct jac_error *err) {
  struct jac_general_subject *s = d->subject;
  struct jac_general g;
  struct jac_buffer left = JAC_BUFFER_INIT, at = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT,
                    behind = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_general_new(view, &s->words, slice, d->narrow, JAC_NOTATION_LATEX, &g, err);
  if (status != JAC_OK)
    return status;
  jac_latex_called(view, &s->options->latex, &left);
  if (view->layout.slices > 1)
    jac_latex_at_slice(s->map, slice, &at);
  jac_general_add_words(s, &at, &left);
  add_count(s, view, &text, &behind);
  jac_general_latex(&g, s->options->latex.square, &text);
  if (!behind.failed && behind.length > 0)
    jac_buffer_add(&text, behind.text);
  d->tight = d->tight || jac_general_apart(&g) < 5.0;
  if (!left.failed)
    add_equal(d, left.text, &text, jac_general_extent(&g), closed);
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
  struct jac_style style = jac_general_style_of(s);
  struct jac_buffer at = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_general_new(view, &s->words, slice, false, JAC_NOTATION_ASCII, &g, err);
  if (status != JAC_OK)
    return status;
  jac_buffer_add(&s->text, "\n");
  if (view->layout.slices > 1) {
    jac_label_slice(s->map, JAC_NOTATION_ASCII, slice, &at);
    jac_buffer_add(&at, "\n");
    jac_general_add_words(s, &at, &s->text);
  }
  status = jac_general_text(&g, &style, &s->text, err);
  jac_general_free(&g);
  return status;
}

static enum jac_status add_slices(struct jac_general_display *d, struct jac_view *view,
                                  const char *closed, struct jac_error *err) {
  struct jac_general_subject *s = d->subject;
  size_t slice[4], count = jac_general_slices(view, slice);
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < count && status == JAC_OK; k++)
    if (slice[k] == JAC_INDEX_ANY && jac_general_paper(s))
      jac_general_add_formula(d, "", "", "\\;\\;\\vdots");
    else if (slice[k] == JAC_INDEX_ANY)
      jac_buffer_add(&s->text, jac_general_style_of(s).unicode ? "\n  ⋮\n" : "\n  :\n");
    else
      status = jac_general_paper(s) ? add_slice(d, view, slice[k], closed, err)
                                    : add_text_slice(s, view, slice[k], err);
  return status;
}

/* Markdown has one size of letters: what its line does not hold is written with fewer
 * rows and columns, where dots can say that too, and at last below its left side. */
static void narrow_slices(struct jac_general_display *d, struct jac_view *view,
                          const char *closed) {
  struct jac_general_subject *s = d->subject;
  bool markdown = strcmp(s->options->format->name, "markdown") == 0;
  for (int k = 0; k < 2 && markdown; k++) {
    struct jac_general_display fewer = {
        .subject = s, .lines = JAC_BUFFER_INIT, .narrow = true, .stacked = k > 0};
    if (d->extent.width <= jac_latex_line(&s->options->latex))
      return;
    bool made = add_slices(&fewer, view, closed, NULL) == JAC_OK;
    jac_buffer_free(made ? &d->lines : &fewer.lines);
    if (made)
      *d = fewer;
  }
}

static enum jac_status write_slices(struct jac_general_subject *s, struct jac_view *view,
                                    struct jac_error *err) {
  struct jac_general_display d = {.subject = s, .lines = JAC_BUFFER_INIT};
  const char *entry = s->map->var[view->layout.wrt].entry;
  struct jac_general_closed closed;
  beside(s, view, &closed);
  enum jac_status status = add_slices(&d, view, closed.text, err);
  if (status == JAC_OK && jac_general_paper(s)) {
    narrow_slices(&d, view, closed.text);
    add_names(s, &d, &closed);
    status = jac_general_add_where(s, &d, entry, err);
    jac_general_end_display(&d);
  } else {
    jac_buffer_free(&d.lines);
    if (status == JAC_OK)
      status = jac_general_add_where(s, NULL, entry, err);
    if (status == JAC_OK && closed.text != NULL) {
      jac_buffer_printf(&s->text, "\n  = %s\n", closed.text);
      add_names(s, NULL, &closed);
    }
  }
  jac_general_closed_free(&closed);
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
  jac_general_add_shape(s, layout.ndim, layout.dims, &title);
  jac_general_add_title(s, title.failed ? "" : title.text);
  jac_buffer_free(&title);
  status = write_slices(s, &view, err);
  jac_view_free(&view);
  return status;
}

/* The gradient by one variable, called as it is there. False: it has none. */
static bool add_gradient(struct jac_general_subject *s, const char *name,
                         const char *symbol) {
  struct jac_general_closed closed;
  struct jac_buffer left = JAC_BUFFER_INIT, title = JAC_BUFFER_INIT;
  bool loss = s->module->loss, paper = jac_general_paper(s);
  jac_general_closed(s, name, true, jac_general_signs(s), &closed);
  bool found = closed.text != NULL;
  if (found) {
    jac_buffer_printf(&title, _("Gradient of %s with respect to %s"), s->map->spec, name);
    if (paper && closed.note != NULL)
      jac_buffer_printf(&title, " (%s)", closed.note);
    jac_general_add_title(s, title.failed ? "" : title.text);
  }
  if (found && paper) {
    struct jac_general_display d = {.subject = s, .lines = JAC_BUFFER_INIT};
    jac_buffer_printf(&left, "\\frac{\\partial L}{\\partial %s}", symbol);
    jac_general_add_formula(&d, left.text, "=", closed.text);
    jac_buffer_clear(&left);
    jac_buffer_printf(&left, "\\frac{\\partial L}{\\partial %s}", s->map->output_symbol);
    if (!loss)
      jac_general_add_formula(&d, "\\delta", "=", left.text);
    add_names(s, &d, &closed);
    jac_general_end_display(&d);
  } else if (found) {
    struct jac_style style = jac_general_style_of(s);
    if (closed.note != NULL)
      jac_text_wrap(&style, closed.note, &s->text);
    jac_buffer_printf(&s->text, "  dL/d%s = %s\n", name, closed.text);
    if (!loss)
      jac_buffer_printf(&s->text, "  δ = dL/d%s\n", s->map->output_symbol);
    add_names(s, NULL, &closed);
  }
  jac_buffer_free(&left);
  jac_buffer_free(&title);
  jac_general_closed_free(&closed);
  return found;
}

/* Of weights that are those of gates side by side, W_i and so on, each. */
static enum jac_status write_gradient(struct jac_general_subject *s, size_t wrt,
                                      struct jac_error *err) {
  const struct jac_variable *var = &s->map->var[wrt];
  struct jac_buffer symbol = JAC_BUFFER_INIT;
  jac_latex_variable(var, &symbol);
  bool found = !symbol.failed && add_gradient(s, var->name, symbol.text);
  jac_buffer_free(&symbol);
  const char *names = found ? NULL : jac_derived_names(s->module->name, var->name);
  for (bool first = true; names != NULL && *names != '\0'; first = false) {
    char name[JAC_NAME_SIZE];
    size_t length = strcspn(names, " "), before = s->text.length;
    snprintf(name, sizeof name, "%.*s", (int)length, names);
    names += length + strspn(names + length, " ");
    jac_buffer_add(&s->text, first ? "" : "\n");
    if (add_gradient(s, name, name))
      found = true;
    else if (!s->text.failed)
      s->text.text[s->text.length = before] = '\0';
  }
  return found ? JAC_OK
               : jac_fail(err, JAC_EREFUSED,
                          _("%s has no gradient in matrices with respect to %s: --what "
                            "jacobian shows its entries"),
                          s->map->spec, var->name);
}

enum jac_status jac_general_write(struct jac_general_subject *s, size_t wrt,
                                  struct jac_error *err) {
  struct jac_buffer title = JAC_BUFFER_INIT;
  if (s->options->what == JAC_WHAT_JACOBIAN)
    return write_jacobian(s, wrt, err);
  if (s->options->what == JAC_WHAT_GRADIENT)
    return write_gradient(s, wrt, err);
  jac_buffer_printf(&title,
                    s->options->what == JAC_WHAT_FORWARD ? _("Forward pass of %s")
                                                         : _("Definition of %s"),
                    s->map->spec);
  jac_general_add_title(s, title.failed ? "" : title.text);
  jac_buffer_free(&title);
  return s->options->what == JAC_WHAT_FORWARD ? jac_general_write_forward(s, err)
                                              : jac_general_write_definition(s, err);
}
