#include "visual/latex/report.h"

#include "jacobian/formula/spell.h"
#include "jacobian/text.h"
#include "visual/latex/width.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text != NULL ? text : "";
}

static void add_error(const json_t *value, struct jac_buffer *out) {
  const char *odd = json_string_value(value);
  if (odd != NULL)
    jac_latex_number(strcmp(odd, "inf") == 0 ? (double)INFINITY : (double)NAN, 2, out);
  else if (json_is_number(value))
    jac_latex_number(json_number_value(value), 2, out);
}

/* W1 of a network is W^{1}. */
static void add_variable(const char *name, struct jac_buffer *out) {
  size_t digits = name[0] != '\0' ? strspn(name + 1, "0123456789") : 0;
  if (digits > 0 && name[1 + digits] == '\0' && isalpha((unsigned char)name[0]))
    jac_buffer_printf(out, "%c^{%s}", name[0], name + 1);
  else
    jac_spell_latex(name, 0, NULL, out);
}

void jac_report_line_read(const json_t *object, struct jac_report_line *line) {
  static const char *const references[] = {
      N_("finite differences"), N_("vector-Jacobian products"),
      N_("Jacobian-vector products"), N_("certified intervals")};
  *line = (struct jac_report_line){.module = text_of(object, "module"),
                                   .against = text_of(object, "against"),
                                   .verdict = _(text_of(object, "verdict")),
                                   .file = true,
                                   .variable = JAC_BUFFER_INIT,
                                   .error = JAC_BUFFER_INIT,
                                   .worst = JAC_BUFFER_INIT};
  line->diagnosis = json_string_value(json_object_get(object, "diagnosis"));
  for (size_t k = 0; k < sizeof references / sizeof references[0]; k++)
    if (strcmp(line->against, references[k]) == 0) {
      line->against = _(references[k]);
      line->file = false;
      break;
    }
  add_variable(text_of(object, "wrt"), &line->variable);
  const json_t *worst = json_object_get(object, "worst");
  add_error(json_object_get(object, "max_abs_error"), &line->error);
  if (json_is_object(worst) && strcmp(line->error.text, "0") != 0)
    jac_buffer_printf(&line->worst, "%s,\\ %s", text_of(worst, "row"),
                      text_of(worst, "column"));
}

void jac_report_line_free(struct jac_report_line *line) {
  jac_buffer_free(&line->variable);
  jac_buffer_free(&line->error);
  jac_buffer_free(&line->worst);
}

static void add_math(const char *math, struct jac_buffer *out) {
  jac_buffer_printf(out, *math != '\0' ? " & $%s$" : " & %s", math);
}

/* The module above its first line, the variable on the first line of each. */
static void add_line(const struct jac_report_line *line, bool first, bool again,
                     struct jac_buffer *out) {
  if (first) {
    jac_buffer_add(out, "\\multicolumn{5}{@{}l}{\\texttt{");
    jac_latex_text(line->module, out);
    jac_buffer_add(out, "}} \\\\\n\\midrule\n");
  } else if (!again)
    jac_buffer_add(out, "\\addlinespace\n");
  if (again && !first)
    jac_buffer_add(out, " ");
  else
    jac_buffer_printf(out, "$%s$", line->variable.text);
  jac_buffer_add(out, line->file ? " & \\texttt{" : " & ");
  jac_latex_text(line->against, out);
  jac_buffer_add(out, line->file ? "} & " : " & ");
  jac_latex_text(line->verdict, out);
  add_math(line->error.text, out);
  add_math(line->worst.text, out);
  jac_buffer_add(out, " \\\\\n");
  if (line->diagnosis != NULL) {
    jac_buffer_add(
        out, " & \\multicolumn{4}{l@{}}{\\parbox[t]{0.8\\linewidth}{\\raggedright ");
    jac_latex_text(line->diagnosis, out);
    jac_buffer_add(out, "}} \\\\\n");
  }
}

void jac_report_latex(const json_t *array, const struct jac_latex *options,
                      struct jac_buffer *out) {
  const double whole = 345.0; /* about what its columns take */
  const char *size = jac_latex_size(whole, jac_latex_line(options));
  bool narrow = strcmp(size, "\\tiny") == 0;
  struct jac_report_line line, before = {0};
  jac_latex_packages(JAC_LATEX_BOOKTABS, out);
  jac_buffer_printf(out,
                    "\\begin{center}%s\\setlength{\\tabcolsep}{%s}%%\n"
                    "\\begin{tabular}{@{}lllll@{}}\n\\toprule\n"
                    "%s & %s & %s & %s & %s \\\\\n\\midrule\n",
                    narrow ? size : "\\small", narrow ? "1.5pt" : "6pt", _("variable"),
                    _("reference"), _("verdict"), _("largest error"), _("at"));
  for (size_t k = 0; k < json_array_size(array); k++) {
    jac_report_line_read(json_array_get(array, k), &line);
    add_line(&line, k == 0,
             k > 0 && strcmp(line.variable.text, before.variable.text) == 0, out);
    if (k > 0)
      jac_report_line_free(&before);
    before = line;
  }
  jac_report_line_free(&before);
  jac_buffer_add(out, "\\bottomrule\n\\end{tabular}\n\\end{center}%\n");
}
