/* What shape has this Jacobian; what is the block between two samples? */
#include "jacobian/text.h"
#include "visual/cli/question_internal.h"

#include <string.h>

static enum jac_status ask_shape(struct jac_making *m, bool *asked) {
  const struct jac_variable *var = &m->map->var[m->wrt];
  struct jac_layout layout;
  static const enum jac_form forms[] = {JAC_FORM_BATCH, JAC_FORM_FULL};
  enum jac_form form = m->map->batch == 1 ? JAC_FORM_MATRIX
                       : m->map->coupled  ? JAC_FORM_FULL
                                          : forms[jac_making_pick(m, 2)];
  enum jac_status status =
      jac_layout_make(m->map, m->wrt, form, JAC_ORDER_F, &layout, m->err);
  if (status != JAC_OK)
    return status;
  *asked = true;
  m->q->ndim = layout.ndim;
  memcpy(m->q->shape, layout.dims, layout.ndim * sizeof layout.dims[0]);
  jac_buffer_printf(
      &m->q->text,
      _("What is the shape of the Jacobian of %s with respect to %s, for a batch of "
        "%zu,\nin %s form (--form %s)? Write it as 2x6.\n"),
      m->map->spec, var->name, m->map->batch, jac_form_name(form), jac_form_name(form));
  for (size_t k = 0; k < layout.ndim; k++)
    jac_buffer_printf(&m->q->because, "%s%zu", k > 0 ? " x " : "", layout.dims[k]);
  size_t outputs = m->map->rows * m->map->cols;
  if (form == JAC_FORM_BATCH)
    jac_buffer_printf(&m->q->because,
                      _(": a slice a sample (%zu), a row an output of the sample (%zu), "
                        "a column\nan entry of %s that it has to do with (%zu).\n"),
                      layout.dims[0], layout.dims[1], var->name, layout.dims[2]);
  else
    jac_buffer_printf(&m->q->because,
                      _(": a row an output (%zu), a column an entry of %s (%zu).\n"),
                      outputs, var->name, jac_variable_size(var));
  jac_buffer_printf(&m->q->hint,
                    form == JAC_FORM_BATCH
                        ? _("Samples first, then the outputs of one sample, then the "
                            "entries of %s that these depend on.")
                        : _("All outputs of all samples, then all entries of %s."),
                    var->name);
  return JAC_OK;
}

static enum jac_status ask_block(struct jac_making *m, bool *asked) {
  const struct jac_variable *var = &m->map->var[m->wrt];
  bool data = var->role == JAC_DATA;
  bool zero = data && !m->map->coupled;
  *asked = m->map->batch > 1;
  if (!*asked)
    return JAC_OK;
  jac_buffer_printf(
      &m->q->text,
      data ? _("%s, a batch of 2, full form with respect to %s: what is the block of the "
               "outputs\nof sample 1 and the entries of sample 2?\n")
           : _("%s, a batch of 2, full form with respect to %s: what do the rows of "
               "sample "
               "1 and\nthose of sample 2 have to do with each other?\n"),
      m->map->spec, var->name);
  struct jac_buffer why = JAC_BUFFER_INIT;
  if (zero)
    jac_buffer_add(&why, _("No output of one sample depends on the entries of another: "
                           "full is block diagonal."));
  else if (data)
    jac_buffer_printf(&why, _("The samples are coupled: %s."), _(m->map->coupled_reason));
  else
    jac_buffer_printf(&why,
                      _("There is one %s for all samples: one column for each of its "
                        "entries."),
                      var->name);
  const char *under = _("they stand one under the other: both samples use the same "
                        "parameters"),
             *own = _("they stand in columns of their own: each sample has its own "
                      "parameters"),
             *never = _("zero"), *always = _("not zero in general");
  struct jac_choice choice[2] = {{jac_making_text("%s", !data  ? under
                                                        : zero ? never
                                                               : always),
                                  NULL},
                                 {jac_making_text("%s", !data  ? own
                                                        : zero ? always
                                                               : never),
                                  jac_making_text("%s", why.text)}};
  enum jac_status status = jac_making_choices(m, choice, 2);
  jac_buffer_printf(&m->q->because, "%s\n", why.text);
  jac_buffer_add(&m->q->hint,
                 data ? _("Does an output of sample 1 move when a number of sample 2 "
                          "does? The definition says what is summed over.")
                      : _("How many parameters are there: one set, or one a sample?"));
  jac_buffer_free(&why);
  return status;
}

static const char *const shapes[] = {"linear:3x2",
                                     "linear:2x3",
                                     "softmax:3",
                                     "tanh:3",
                                     "mse:3",
                                     "layer-norm:3",
                                     "conv1d:2x2x1,length=4",
                                     NULL};
static const char *const blocks[] = {"linear:3x2",   "softmax:3",     "layer-norm:3",
                                     "batch-norm:2", "attention:2x2", NULL};

const struct jac_question_type jac_question_shape = {
    .specs = shapes, .batch = 2, .batches = 2, .level = 1, .ask = ask_shape};
const struct jac_question_type jac_question_block = {
    .specs = blocks, .batch = 2, .batches = 1, .level = 2, .ask = ask_block};
