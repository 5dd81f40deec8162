/* jacobian table KIND [SPEC...]: tables for notes. */
#include "visual/tables.h"

#include "jacobian/text.h"
#include "visual/cli/command.h"
#include "visual/cli/subject.h"

#include <string.h>

/* A table is a row here. */
struct kind {
  const char *name;
  bool subject; /* it is about specs */
  enum jac_latex_style packages;
  enum jac_status (*write)(const struct jac_options *options,
                           const struct jac_subject *subject, struct jac_prose *prose,
                           struct jac_error *err);
};

static enum jac_status shapes(const struct jac_options *options,
                              const struct jac_subject *subject, struct jac_prose *prose,
                              struct jac_error *err) {
  (void)options;
  return jac_table_shapes(subject->map, prose, err);
}

static enum jac_status activations(const struct jac_options *options,
                                   const struct jac_subject *subject,
                                   struct jac_prose *prose, struct jac_error *err) {
  (void)options;
  (void)subject;
  return jac_table_activations(prose, err);
}

static enum jac_status cheatsheet(const struct jac_options *options,
                                  const struct jac_subject *subject,
                                  struct jac_prose *prose, struct jac_error *err) {
  (void)options;
  (void)subject;
  return jac_table_cheatsheet(prose, err);
}

static enum jac_status compare(const struct jac_options *options,
                               const struct jac_subject *subject, struct jac_prose *prose,
                               struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < subject->nwrt && status == JAC_OK; k++)
    status = jac_table_compare(subject->map, jac_values_point(&subject->values),
                               subject->wrt[k], options->precision, options->latex.elide,
                               prose, err);
  return status;
}

static const struct kind kinds[] = {
    {"shapes", true, JAC_LATEX_BOOKTABS, shapes},
    {"activations", false, JAC_LATEX_GRAPHS, activations},
    {"cheatsheet", false, JAC_LATEX_AMSMATH, cheatsheet},
    {"compare", true, JAC_LATEX_BOOKTABS, compare},
};

/* What one run writes. */
struct tabling {
  const struct kind *kind;
  const struct jac_subject *subject;
};

static enum jac_status write_with(enum jac_prose_kind pen, void *what,
                                  const struct jac_options *options, FILE *file,
                                  struct jac_error *err) {
  const struct tabling *t = what;
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_prose prose = {.kind = pen,
                            .latex = &options->latex,
                            .style = jac_options_style(options),
                            .out = &text};
  if (pen == JAC_PROSE_LATEX && t->kind->write != cheatsheet && !options->latex.bare)
    jac_latex_packages(t->kind->packages, &text);
  return jac_format_put(&text, t->kind->write(options, t->subject, &prose, err), file,
                        err);
}

static enum jac_status write_text(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  return write_with(JAC_PROSE_TEXT, what, options, file, err);
}

static enum jac_status write_latex(void *what, const struct jac_options *options,
                                   FILE *file, struct jac_error *err) {
  return write_with(JAC_PROSE_LATEX, what, options, file, err);
}

static enum jac_status write_markdown(void *what, const struct jac_options *options,
                                      FILE *file, struct jac_error *err) {
  return write_with(JAC_PROSE_MARKDOWN, what, options, file, err);
}

static const struct jac_format formats[] = {
    {.name = "text", .write = write_text},
    {.name = "latex", .write = write_latex},
    {.name = "markdown", .write = write_markdown},
    {.name = NULL},
};

/* The kind that the first word names. */
static enum jac_status choose(const struct jac_options *options, const struct kind **kind,
                              struct jac_error *err) {
  const char *word = options->nspec > 0 ? options->spec[0] : "";
  *kind = NULL;
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
    if (strcmp(kinds[k].name, word) == 0)
      *kind = &kinds[k];
  if (*kind == NULL)
    return jac_fail(
        err, JAC_EINPUT,
        options->nspec == 0
            ? _("table of what? One of shapes, activations, cheatsheet, "
                "compare is needed")
            : _("table %.40s: one of shapes, activations, cheatsheet, compare is "
                "needed"),
        word);
  if (!(*kind)->subject && options->nspec > 1)
    return jac_fail(err, JAC_EINPUT, _("table %s takes no spec: leave %.60s out"), word,
                    options->spec[1]);
  return JAC_OK;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_subject subject = {0};
  struct jac_options rest = *options;
  struct tabling tabling = {.subject = &subject};
  enum jac_status status = choose(options, &tabling.kind, err);
  if (status == JAC_OK && tabling.kind->subject) {
    rest.spec++;
    rest.nspec--;
    status = jac_subject_make(&rest, &subject, err);
  }
  if (status == JAC_OK && options->standalone && tabling.kind->write == cheatsheet)
    status =
        jac_fail(err, JAC_EINPUT,
                 _("--standalone: the cheat sheet is a document of its own already"));
  if (status == JAC_OK)
    status = jac_format_write(options, tabling.kind->packages, &tabling, err);
  jac_subject_free(&subject);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

/* What needs no values, and what is about all modules. */
static const struct jac_idle idle[] = {
    {"shapes", "wrt set seed order precision elide"},
    {"activations",
     "wrt batch set define size module of seed order precision elide max-memory"},
    {"cheatsheet",
     "wrt batch set define size module of seed order precision elide max-memory"},
    {"compare", "order"},
    {NULL, NULL},
};

const struct jac_command jac_command_table = {
    .idle = idle,
    .name = "table",
    .usage = N_("shapes|activations|cheatsheet|compare [SPEC...] [OPTIONS]"),
    .summary = N_("tables for notes: shapes, activations, a cheat sheet, a comparison"),
    .details = N_(
        "shapes: of each module of a network the output, the parameters, and of each\n"
        "variable the Jacobian's shape and entries that can be non-zero. activations:\n"
        "definition, derivative, graph. cheatsheet: every module (as LaTeX a document "
        "of\n"
        "one page). compare: explicit entries, finite differences, errors."),
    .examples = "  jacobian table shapes linear:3x4,bias tanh linear:2 cross-entropy\n"
                "  jacobian table activations --format markdown\n"
                "  jacobian table cheatsheet -o cheatsheet.tex\n"
                "  jacobian table compare softmax:2 --set 'z=1 2'\n",
    .formats = formats,
    .run = run,
};
