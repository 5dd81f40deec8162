#include "visual/latex/latex.h"

#include "jacobian/text.h"
#include "visual/latex/width.h"
#include "visual/text.h"

double jac_latex_line(const struct jac_latex *options) {
  return options->paper.line > 0.0 ? options->paper.line : JAC_LATEX_LINE;
}

/* Where the numbers are taken: a comment, for a matrix has no room for it. */
static void add_point(const struct jac_view *view, struct jac_buffer *out) {
  static const struct jac_style ascii = {.unicode = false};
  for (size_t v = 0; v < view->layout.map->nvar; v++) {
    struct jac_buffer line = JAC_BUFFER_INIT;
    jac_text_values(view, &ascii, v, &line);
    jac_buffer_printf(out, "%% %s", v == 0 ? _("at ") : _("and "));
    jac_latex_comment(line.text, out);
    jac_buffer_add_char(out, '\n');
    out->failed = out->failed || line.failed;
    jac_buffer_free(&line);
  }
}

/* What it is, in comments. */
static void add_comments(const struct jac_view *view, const struct jac_latex *options,
                         struct jac_buffer *out) {
  const struct jac_layout *layout = &view->layout;
  char wrt[JAC_WRT_SIZE];
  jac_buffer_add(out, "% ");
  jac_latex_comment(
      layout->map->of == NULL ? _("Jacobian of") : _("Second derivatives of"), out);
  jac_buffer_add_char(out, ' ');
  jac_latex_comment(layout->map->spec, out);
  jac_buffer_printf(out, _(" with respect to %s, %s form, "),
                    jac_map_wrt(layout->map, layout->wrt, wrt),
                    _(jac_form_name(layout->form)));
  for (size_t k = 0; k < layout->ndim; k++)
    jac_buffer_printf(out, "%s%zu", k > 0 ? " x " : "", layout->dims[k]);
  const struct jac_variable *var = &layout->map->var[layout->wrt];
  if (var->role == JAC_PARAMETER && var->ndim > 1)
    jac_buffer_printf(out, _(", order %s"), layout->order == JAC_ORDER_F ? "F" : "C");
  jac_buffer_add_char(out, '\n');
  if (view->point != NULL && view->entries != JAC_ENTRIES_SYMBOLS)
    add_point(view, out);
  if (view->entries == JAC_ENTRIES_STRUCTURE)
    jac_buffer_printf(out, "%% %s\n",
                      _("\\ast: not zero; \\circ: zero at these values; 0: always zero"));
  if (view->entries == JAC_ENTRIES_NUMBERS && jac_view_zero_here(view))
    jac_buffer_printf(out, "%% %s\n", _("0.0: zero at these values; 0: always zero"));
  jac_latex_packages(options->style, out);
}

enum jac_status jac_view_latex(struct jac_view *view, const struct jac_latex *options,
                               struct jac_buffer *out, struct jac_error *err) {
  static enum jac_status (*const styles[])(struct jac_view *, const struct jac_latex *,
                                           struct jac_buffer *, struct jac_error *) = {
      [JAC_LATEX_AMSMATH] = jac_latex_fragment,
      [JAC_LATEX_NICEMATRIX] = jac_latex_nice,
      [JAC_LATEX_TIKZ] = jac_latex_tikz,
      [JAC_LATEX_BOOKTABS] = jac_latex_table,
  };
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (!options->bare && options->env != JAC_ENV_BARE)
    add_comments(view, options, out);
  enum jac_status status = styles[options->style](view, options, &text, err);
  jac_latex_rename(text.text, options->notation, out);
  out->failed = out->failed || text.failed;
  jac_buffer_free(&text);
  return status;
}
