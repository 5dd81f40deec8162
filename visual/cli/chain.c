/* jacobian chain SPEC...: the chain rule through a network. */
#include "jacobian/text.h"
#include "visual/chain.h"
#include "visual/cli/command.h"
#include "visual/cli/subject.h"
#include "visual/output.h"

#include <string.h>

/* The chains of all variables asked for, as text or into the array. */
static enum jac_status write_chains(const struct jac_options *options,
                                    const struct jac_subject *subject, json_t *array,
                                    struct jac_buffer *out, struct jac_error *err) {
  struct jac_style style = jac_options_style(options);
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < subject->nwrt && status == JAC_OK; k++) {
    struct jac_chain chain;
    status = jac_chain_new(subject->map, jac_values_point(&subject->values),
                           subject->wrt[k], &chain, err);
    if (status != JAC_OK)
      return status;
    jac_buffer_add(out, k > 0 ? "\n" : "");
    if (array == NULL)
      status =
          jac_chain_text(&chain, options->entries, options->precision, &style, out, err);
    else if (json_array_append_new(array, jac_chain_json(&chain)) != 0)
      status = jac_fail_memory(err);
    jac_chain_free(&chain);
  }
  return status;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  static const char *const formats[] = {"text", "json", NULL};
  const char *format;
  struct jac_subject subject = {0};
  struct jac_output output;
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (jac_options_format(options, formats, &format, err) != JAC_OK)
    return JAC_EXIT_FAULT;
  json_t *array = strcmp(format, "json") == 0 ? json_array() : NULL;
  enum jac_status status = jac_subject_make(options, &subject, err);
  if (status == JAC_OK)
    status = write_chains(options, &subject, array, &text, err);
  if (status == JAC_OK)
    status = jac_output_open(options->output, &output, err);
  if (status == JAC_OK) {
    if (array != NULL) {
      json_dumpf(options->wrt != NULL ? json_array_get(array, 0) : array, output.file,
                 JSON_INDENT(1) | JSON_REAL_PRECISION(17));
      fputs("\n", output.file);
    } else
      fputs(text.text, output.file);
    status = jac_output_close(&output, err);
  }
  json_decref(array);
  jac_buffer_free(&text);
  jac_subject_free(&subject);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_chain = {
    .name = "chain",
    .bit = JAC_CMD_CHAIN,
    .usage = "SPEC... [OPTIONS]",
    .summary = "walk the chain rule through a network, local Jacobian by local Jacobian",
    .details =
        "The factors with their shapes and structure, what it costs to multiply them\n"
        "from the left (backpropagation), from the right and in the best order, and\n"
        "the cotangents of the backward pass beside the products.",
    .examples =
        "  jacobian chain linear:3x4,bias tanh linear:4x2 cross-entropy --wrt W1\n"
        "  jacobian chain linear:3x4 tanh linear:2 mse --wrt z --batch 2\n"
        "  jacobian chain linear:3x2 batch-norm --wrt W --batch 3\n",
    .run = run,
};
