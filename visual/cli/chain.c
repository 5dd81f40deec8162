/* jacobian chain SPEC...: the chain rule through a network. */
#include "jacobian/text.h"
#include "visual/chain.h"
#include "visual/cli/command.h"
#include "visual/cli/language.h"
#include "visual/cli/subject.h"
#include "visual/export.h"
#include "visual/latex/chain.h"
#include "visual/latex/latex.h"
#include "visual/markdown.h"
#include "visual/output.h"

#include <string.h>

/* What one run writes to. */
struct writing {
  const struct jac_options *options;
  const char *format;
  json_t *array; /* JSON: all chains, written at the end */
  FILE *file;
};

/* The whole product, in the layout that show would give it. */
static enum jac_status write_npy(const struct jac_chain *chain,
                                 const struct jac_options *o, FILE *file,
                                 struct jac_error *err) {
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

static enum jac_status write_chain(const struct jac_chain *chain, struct writing *w,
                                   bool first, struct jac_error *err) {
  const struct jac_options *o = w->options;
  if (strcmp(w->format, "csv") == 0)
    return jac_chain_csv(chain, w->file, err);
  if (strcmp(w->format, "npy") == 0)
    return write_npy(chain, o, w->file, err);
  if (w->array != NULL) {
    jac_language_pause();
    json_t *object = jac_chain_json(chain);
    jac_language_resume();
    return json_array_append_new(w->array, object) == 0 ? JAC_OK : jac_fail_memory(err);
  }
  struct jac_style style = jac_options_style(o);
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_chain_math how = {o->entries, o->precision, o->latex.elide};
  jac_buffer_add(&text, first ? "" : "\n");
  enum jac_status status =
      strcmp(w->format, "latex") == 0 ? jac_chain_latex(chain, &how, &text, err)
      : strcmp(w->format, "markdown") == 0
          ? jac_chain_markdown(chain, &how, &text, err)
          : jac_chain_text(chain, o->entries, o->precision, &style, &text, err);
  fputs(text.text, w->file);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status write_all(const struct jac_subject *subject, struct writing *w,
                                 struct jac_error *err) {
  enum jac_status status = JAC_OK;
  bool document = w->options->standalone && strcmp(w->format, "latex") == 0;
  if (document)
    jac_latex_begin(JAC_LATEX_AMSMATH, w->file);
  for (size_t k = 0; k < subject->nwrt && status == JAC_OK; k++) {
    struct jac_chain chain;
    status = jac_chain_new(subject->map, jac_values_point(&subject->values),
                           subject->wrt[k], &chain, err);
    if (status != JAC_OK)
      return status;
    status = write_chain(&chain, w, k == 0, err);
    jac_chain_free(&chain);
  }
  if (document)
    jac_latex_end(w->file);
  if (status == JAC_OK && w->array != NULL) {
    json_dumpf(w->options->wrt != NULL ? json_array_get(w->array, 0) : w->array, w->file,
               JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    fputs("\n", w->file);
  }
  return status;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  static const char *const formats[] = {"text", "latex", "markdown", "json",
                                        "csv",  "npy",   NULL};
  struct writing w = {.options = options};
  struct jac_subject subject = {0};
  struct jac_output output;
  if (jac_options_format(options, formats, &w.format, err) != JAC_OK)
    return JAC_EXIT_FAULT;
  bool single = strcmp(w.format, "csv") == 0 || strcmp(w.format, "npy") == 0;
  w.array = strcmp(w.format, "json") == 0 ? json_array() : NULL;
  enum jac_status status = jac_subject_make(options, &subject, err);
  if (status == JAC_OK && single && subject.nwrt > 1)
    status =
        jac_fail(err, JAC_EINPUT,
                 _("a %s file holds one chain: choose a variable with --wrt"), w.format);
  if (status == JAC_OK)
    status = jac_output_open(options->output, &output, err);
  if (status == JAC_OK) {
    w.file = output.file;
    status = write_all(&subject, &w, err);
    if (status == JAC_OK)
      status = jac_output_close(&output, err);
    else
      jac_output_abandon(&output);
  }
  json_decref(w.array);
  jac_subject_free(&subject);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_chain = {
    .name = "chain",
    .bit = JAC_CMD_CHAIN,
    .usage = N_("SPEC... [OPTIONS]"),
    .summary =
        N_("walk the chain rule through a network, local Jacobian by local Jacobian"),
    .details =
        N_("The factors with their shapes and structure, what it costs to multiply them\n"
           "from the left (backpropagation), from the right and in the best order, and\n"
           "the cotangents of the backward pass beside the products."),
    .examples =
        "  jacobian chain linear:3x4,bias tanh linear:4x2 cross-entropy --wrt W1\n"
        "  jacobian chain linear:3x4 tanh linear:2 mse --wrt z --batch 2\n"
        "  jacobian chain linear:3x2 batch-norm --wrt W --batch 3\n",
    .run = run,
};
