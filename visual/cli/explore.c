/* jacobian explore [SPEC...]: writes the page in which a Jacobian is played with. */
#include "jacobian/text.h"
#include "visual/cli/command.h"
#include "visual/cli/subject.h"
#include "visual/number.h"
#include "visual/output.h"
#include "visual/page/page.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The variable's numbers as --set takes them; a variable of three dimensions is one row
 * in the numbering of the order. */
static enum jac_status add_values(const struct jac_options *o,
                                  const struct jac_variable *var, const gsl_matrix *value,
                                  struct jac_buffer *text, struct jac_error *err) {
  size_t size = jac_variable_size(var);
  double *vector = malloc((size + 1) * sizeof *vector);
  if (vector == NULL)
    return jac_fail_memory(err);
  jac_vec(var, var->ndim > 2 ? o->order : JAC_ORDER_C, value, vector);
  for (size_t k = 0; k < size; k++) {
    bool next = var->ndim == 2 && k > 0 && k % var->dims[1] == 0;
    jac_buffer_add(text, k == 0 ? "" : next ? "; " : " ");
    jac_number_add(text, vector[k], 17);
  }
  free(vector);
  return jac_buffer_status(text, err);
}

/* Adds a pair of the fragment. */
static void add_pair(const char *name, const char *value, struct jac_buffer *out) {
  jac_buffer_printf(out, "%s%s=", out->length > 0 ? "&" : "", name);
  jac_page_encode(value, out);
}

static void add_words(const struct jac_options *o, struct jac_buffer *out) {
  static const char *const entries[] = {"symbols", "numbers", "both", "structure"};
  struct jac_buffer spec = JAC_BUFFER_INIT;
  char number[32];
  for (size_t k = 0; k < o->nspec; k++)
    jac_buffer_printf(&spec, "%s%s", k > 0 ? " " : "", o->spec[k]);
  if (o->define != NULL)
    add_pair("define", o->define, out);
  else
    add_pair("spec", spec.text, out);
  for (size_t k = 0; k < o->nsize; k++)
    add_pair("size", o->size[k], out);
  snprintf(number, sizeof number, "%zu", o->batch);
  add_pair("batch", number, out);
  snprintf(number, sizeof number, "%zu", o->seed);
  add_pair("seed", number, out);
  if (o->wrt != NULL)
    add_pair("wrt", o->wrt, out);
  if (o->form >= 0)
    add_pair("form", jac_form_name((enum jac_form)o->form), out);
  if (o->entries_given)
    add_pair("entries", entries[o->entries], out);
  if (o->order == JAC_ORDER_C)
    add_pair("order", "C", out);
  out->failed = out->failed || spec.failed;
  jac_buffer_free(&spec);
}

/* The subject in the words of the page's address; what --set read from a file becomes
 * numbers. */
static enum jac_status make_start(const struct jac_options *o,
                                  const struct jac_subject *subject,
                                  struct jac_buffer *out, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  add_words(o, out);
  for (size_t k = 0; k < o->nset && status == JAC_OK; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    size_t length = strcspn(o->set[k], "=");
    jac_buffer_add_bytes(&text, o->set[k], length + 1);
    for (size_t v = 0; v < subject->map->nvar; v++)
      if (strncmp(subject->map->var[v].name, o->set[k], length) == 0 &&
          subject->map->var[v].name[length] == '\0')
        status =
            add_values(o, &subject->map->var[v], subject->values.matrix[v], &text, err);
    add_pair("set", text.text, out);
    jac_buffer_free(&text);
  }
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

static enum jac_status write_page(const struct jac_options *options,
                                  const struct jac_buffer *start, struct jac_error *err) {
  struct jac_page page;
  struct jac_output output;
  enum jac_status status = jac_page_read(&page, err);
  if (status == JAC_OK)
    status = jac_output_open(options->output, &output, err);
  if (status == JAC_OK) {
    jac_page_write(&page, start->text, output.file);
    status = jac_output_close(&output, err);
  }
  jac_page_free(&page);
  return status;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  static char linear_spec[] = "linear:3x2";
  static char *const linear[] = {linear_spec};
  struct jac_options with = *options;
  struct jac_subject subject = {0};
  struct jac_buffer start = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  if (with.nspec == 0 && with.define == NULL) {
    with.spec = linear;
    with.nspec = 1;
  }
  if (with.output == NULL && isatty(STDOUT_FILENO))
    status = jac_fail(err, JAC_EINPUT,
                      _("a page is no text for a terminal: add -o page.html"));
  if (status == JAC_OK)
    status = jac_subject_make(&with, &subject, err);
  if (status == JAC_OK)
    status = make_start(&with, &subject, &start, err);
  if (status == JAC_OK)
    status = write_page(&with, &start, err);
  jac_subject_free(&subject);
  jac_buffer_free(&start);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_explore = {
    .name = "explore",
    .usage = N_("[SPEC...] [OPTIONS]"),
    .summary = N_("write the page in which a Jacobian is played with"),
    .details =
        N_("One file for a browser, without server or network: values can be changed,\n"
           "entries pointed at, the chain rule walked, mistakes looked for. Without\n"
           "SPEC it opens on linear:3x2."),
    .examples =
        "  jacobian explore -o page.html\n"
        "  jacobian explore softmax:3 --set 'z=1 2 3' -o softmax.html\n"
        "  jacobian explore linear:3x4,bias tanh linear:2 mse --wrt W1 -o net.html\n",
    .network = true,
    .run = run,
};
