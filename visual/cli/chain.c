/* jacobian chain SPEC...: the chain rule through a network. */
#include "jacobian/text.h"
#include "layers/network.h"
#include "visual/chain.h"
#include "visual/chain_overview.h"
#include "visual/cli/command.h"
#include "visual/cli/language.h"
#include "visual/cli/subject.h"
#include "visual/export.h"
#include "visual/latex/latex.h"
#include "visual/markdown.h"

#include <stdlib.h>
#include <string.h>

/* Of each format: how one chain is written. */
static enum jac_status write_text(void *chain, const struct jac_options *o, FILE *file,
                                  struct jac_error *err) {
  struct jac_style style = jac_options_style(o);
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_chain_text(chain, o->entries, o->precision, &style, &text, err);
  return jac_format_put(&text, status, file, err);
}

static enum jac_status write_latex(void *chain, const struct jac_options *o, FILE *file,
                                   struct jac_error *err) {
  struct jac_chain_math how = {o->entries, o->precision, o->latex};
  struct jac_buffer text = JAC_BUFFER_INIT;
  return jac_format_put(&text, jac_chain_latex(chain, &how, &text, err), file, err);
}

static enum jac_status write_markdown(void *chain, const struct jac_options *o,
                                      FILE *file, struct jac_error *err) {
  struct jac_chain_math how = {o->entries, o->precision, o->latex};
  struct jac_buffer text = JAC_BUFFER_INIT;
  return jac_format_put(&text, jac_chain_markdown(chain, &how, &text, err), file, err);
}

static enum jac_status write_json(void *chain, const struct jac_options *o, FILE *file,
                                  struct jac_error *err) {
  (void)o;
  jac_language_pause();
  json_t *object = jac_chain_json(chain, 0);
  jac_language_resume();
  return jac_format_json(object, file, err);
}

static enum jac_status write_csv(void *chain, const struct jac_options *o, FILE *file,
                                 struct jac_error *err) {
  (void)o;
  return jac_chain_csv(chain, file, err);
}

/* The whole product, in the layout that show would give it. */
static enum jac_status write_npy(void *what, const struct jac_options *o, FILE *file,
                                 struct jac_error *err) {
  const struct jac_chain *chain = what;
  struct jac_layout layout;
  struct jac_view view;
  enum jac_status status = jac_layout_make(
      chain->map, chain->wrt, jac_form_default(chain->map), o->order, &layout, err);
  if (status == JAC_OK)
    status = jac_view_new(&layout, NULL, &chain->factor[chain->count - 1].left,
                          JAC_ENTRIES_NUMBERS, o->precision, &view, err);
  if (status != JAC_OK)
    return status;
  status = jac_view_npy(&view, file, err);
  jac_view_free(&view);
  return status;
}

static const struct jac_format formats[] = {
    {.name = "text", .write = write_text, .between = "\n"},
    {.name = "latex", .write = write_latex, .between = "\n"},
    {.name = "markdown", .write = write_markdown, .between = "\n"},
    {.name = "json",
     .write = write_json,
     .entries = "numbers",
     .before = "[\n",
     .between = ",\n",
     .after = "]\n"},
    {.name = "csv", .write = write_csv, .entries = "numbers", .single = true},
    {.name = "npy", .write = write_npy, .entries = "numbers", .single = true},
    {.name = NULL},
};

enum { MOST_CHAINS = 100 };

/* What one run writes. */
struct chaining {
  const struct jac_options *options;
  const struct jac_subject *subject;
  size_t *ways;                                      /* from each variable */
  size_t chains;                                     /* all of them */
  const struct jac_map *walked[JAC_NETWORK_MODULES]; /* through time, in a chain before */
};

/* Marks the modules whose steps a chain before has shown, and takes note of the others.
 */
static void mark_shown(struct chaining *c, struct jac_chain *chain) {
  for (size_t k = 0; k < chain->ntime; k++) {
    size_t at = 0;
    while (at < JAC_NETWORK_MODULES && c->walked[at] != NULL &&
           c->walked[at] != chain->time[k].module)
      at++;
    chain->time[k].shown = at < JAC_NETWORK_MODULES && c->walked[at] != NULL;
    if (at < JAC_NETWORK_MODULES)
      c->walked[at] = chain->time[k].module;
  }
}

/* The variable and the way that chain k is about. */
static size_t variable_of(const struct chaining *c, size_t k, size_t *way) {
  size_t v = 0;
  while (k >= c->ways[v])
    k -= c->ways[v++];
  *way = k + 1;
  return c->subject->wrt[v];
}

static enum jac_status write_one(void *context, size_t k, FILE *file,
                                 struct jac_error *err) {
  struct chaining *c = context;
  struct jac_chain chain;
  size_t way, wrt = variable_of(c, k, &way);
  enum jac_status status = jac_chain_new(
      c->subject->map, jac_values_point(&c->subject->values), wrt, way, &chain, err);
  if (status != JAC_OK)
    return status;
  mark_shown(c, &chain);
  status = c->options->format->write(&chain, c->options, file, err);
  jac_chain_free(&chain);
  return status;
}

static enum jac_status write_all(void *context, FILE *file, struct jac_error *err) {
  const struct chaining *c = context;
  return jac_format_each(c->options, c->chains, write_one, context, file, err);
}

/* Whether the whole would be more than a page, and nobody asked for it: by several
 * variables, for people. */
static bool wants_overview(const struct chaining *c) {
  const struct jac_options *o = c->options;
  return o->wrt == NULL && !o->all && !o->entries_given && c->subject->nwrt > 1 &&
         !jac_format_machine(o->format) && !o->format->single;
}

static enum jac_status write_overview(void *context, FILE *file, struct jac_error *err) {
  const struct chaining *c = context;
  const struct jac_options *o = c->options;
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_prose pen = {.kind = strcmp(o->format->name, "latex") == 0 ? JAC_PROSE_LATEX
                                  : strcmp(o->format->name, "markdown") == 0
                                      ? JAC_PROSE_MARKDOWN
                                      : JAC_PROSE_TEXT,
                          .latex = &o->latex,
                          .style = jac_options_style(o),
                          .out = &text};
  struct jac_chain_overview overview;
  enum jac_status status =
      jac_chain_overview_new(c->subject->map, jac_values_point(&c->subject->values),
                             c->subject->wrt, c->subject->nwrt, &overview, err);
  if (pen.kind == JAC_PROSE_LATEX && !o->latex.bare)
    jac_latex_packages(JAC_LATEX_BOOKTABS, &text);
  if (status == JAC_OK)
    status = jac_chain_overview_write(&overview, o->precision, &pen, err);
  jac_chain_overview_free(&overview);
  return jac_format_put(&text, status, file, err);
}

static enum jac_status count_chains(struct chaining *c, struct jac_error *err) {
  const struct jac_subject *subject = c->subject;
  c->ways = calloc(subject->nwrt + 1, sizeof *c->ways);
  enum jac_status status = c->ways == NULL ? JAC_ENOMEM : JAC_OK;
  for (size_t v = 0; v < subject->nwrt && status == JAC_OK; v++) {
    status = jac_chain_ways(subject->map, subject->wrt[v], &c->ways[v]);
    c->chains += c->ways[v];
  }
  return status == JAC_OK ? JAC_OK : jac_fail_memory(err);
}

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_subject subject = {0};
  struct chaining chaining = {.options = options, .subject = &subject};
  enum jac_status status = jac_subject_make(options, &subject, err);
  if (status == JAC_OK)
    status = count_chains(&chaining, err);
  if (status == JAC_OK && chaining.chains == 0 && subject.nwrt > 0)
    status = jac_fail(err, JAC_EINPUT, _("the output does not depend on %s"),
                      subject.map->var[subject.wrt[0]].name);
  if (status == JAC_OK && chaining.chains > MOST_CHAINS)
    status = jac_fail(err, JAC_EINPUT,
                      _("%zu ways lead to the output, more than the %d that chain walks: "
                        "show and check have the sum over them"),
                      chaining.chains, MOST_CHAINS);
  if (status == JAC_OK && chaining.chains > 1 && options->format->single)
    status = jac_fail(
        err, JAC_EINPUT,
        _("a %s file holds one chain, and %s goes %zu ways to the output: show has "
          "the sum over them"),
        options->format->name, subject.map->var[subject.wrt[0]].name, chaining.chains);
  if (status == JAC_OK)
    status = jac_format_run(options, JAC_LATEX_BOOKTABS,
                            wants_overview(&chaining) ? write_overview : write_all,
                            &chaining, err);
  free(chaining.ways);
  jac_subject_free(&subject);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_chain = {
    .name = "chain",
    .usage = N_("SPEC... [OPTIONS]"),
    .summary =
        N_("walk the chain rule through a network, local Jacobian by local Jacobian"),
    .details = N_(
        "By several variables an overview: the way back, its products, what each\n"
        "variable adds to it, and through time the steps. By one (--wrt), or with\n"
        "--all: the factors with their shapes and structure, what it costs to multiply\n"
        "them from the left (backpropagation), from the right and in the best order,\n"
        "and the cotangents of the backward pass beside the products."),
    .examples =
        "  jacobian chain lstm:3x4,steps=3 linear:2 cross-entropy\n"
        "  jacobian chain linear:3x4,bias tanh linear:4x2 cross-entropy --wrt W1\n"
        "  jacobian chain linear:3x4 tanh linear:2 mse --wrt z --batch 2\n"
        "  jacobian chain linear:3x2 batch-norm --wrt W --batch 3\n",
    .formats = formats,
    .network = true,
    .run = run,
};
