/* Documents of their own, and which packages the styles need. */
#include "jacobian/text.h"
#include "visual/latex/latex.h"

static const struct {
  const char *names;    /* for the comment */
  const char *preamble; /* what loads them */
  const char *remark;   /* or NULL */
} packages[] = {
    [JAC_LATEX_AMSMATH] = {"amsmath", "\\usepackage{amsmath}\n", NULL},
    [JAC_LATEX_NICEMATRIX] = {"amsmath, nicematrix, xcolor",
                              "\\usepackage{amsmath,xcolor,nicematrix}\n",
                              "nicematrix: run LaTeX three times (latexmk does); remove "
                              "the .aux file after a change of size"},
    [JAC_LATEX_TIKZ] = {"amsmath, tikz", "\\usepackage{amsmath,tikz}\n", NULL},
    [JAC_LATEX_BOOKTABS] = {"amsmath, booktabs, array",
                            "\\usepackage{amsmath,booktabs,array}\n", NULL},
    [JAC_LATEX_GRAPHS] = {"amsmath, booktabs, array, tikz",
                          "\\usepackage{amsmath,booktabs,array,tikz}\n", NULL},
};

void jac_latex_packages(enum jac_latex_style style, struct jac_buffer *out) {
  jac_buffer_printf(out, _("%% packages: %s\n"), packages[style].names);
  if (packages[style].remark != NULL)
    jac_buffer_printf(out, "%% %s\n", packages[style].remark);
}

void jac_latex_begin(enum jac_latex_style style, FILE *file) {
  fprintf(file,
          "\\documentclass{article}\n\\usepackage[a4paper,margin=25mm]{geometry}\n%s"
          "\\pagestyle{empty}\n\\begin{document}\n",
          packages[style].preamble);
}

void jac_latex_end(FILE *file) {
  fputs("\\end{document}\n", file);
}
