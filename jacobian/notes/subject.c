#include "jacobian/notes/subject_internal.h"

#include "jacobian/formula/function.h"
#include "jacobian/formula/latex.h"
#include "jacobian/notes/judge_internal.h"
#include "jacobian/notes/split.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;

void jac_subject_lets(struct jac_setting *s, const struct jac_directive *d) {
  struct jac_vocabulary none = jac_setting_vocabulary(s);
  for (size_t k = 0; k < d->lets; k++) {
    node_t name, value;
    struct jac_error quiet;
    jac_setting_guess_words(s, d->let[k].name);
    if (jac_latex_read(&s->arena, d->let[k].name, &none, &name, NULL, &quiet) != JAC_OK)
      continue;
    char spelled[JAC_SETTING_NAME];
    snprintf(spelled, sizeof spelled, "%s", name->name);
    none = jac_setting_vocabulary(s);
    size_t length = strlen(d->let[k].value);
    if (length > 1 &&
        strspn(d->let[k].value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                                "WXYZ0123456789_") == length) {
      jac_setting_word(s, spelled, d->let[k].value, false, false); /* a word: slope */
      continue;
    }
    if (jac_latex_read(&s->arena, d->let[k].value, &none, &value, NULL, &quiet) != JAC_OK)
      continue;
    bool function = value->kind == JAC_NAME && jac_function_known(value->name);
    if (value->kind == JAC_NAME)
      jac_setting_word(s, spelled, value->name, function, false);
    else
      jac_setting_define(s, jac_node_named(&s->arena, JAC_NAME, spelled, 0, NULL), value,
                         true);
  }
  for (size_t k = 0; k < d->shapes; k++)
    jac_setting_declare(s, d->shape[k].name,
                        d->shape[k].rows != NULL ? d->shape[k].rows : "1",
                        d->shape[k].columns != NULL ? d->shape[k].columns : "1");
  for (size_t k = 0; k < d->exceptions; k++) {
    enum jac_meaning m = d->exception[k].meaning;
    const char *sign = d->exception[k].sign;
    if (m == JAC_MEANS_ELEMENTWISE)
      s->manners |=
          strcmp(sign, "*") == 0 ? JAC_STAR_ELEMENTWISE : JAC_OTIMES_ELEMENTWISE;
    if (m == JAC_MEANS_OUTER)
      s->manners |= JAC_OTIMES_OUTER;
    if (m == JAC_MEANS_NUMBER)
      s->manners |= JAC_T_NUMBER;
  }
  if (d->wrt != NULL)
    snprintf(s->wrt, sizeof s->wrt, "%.*s", JAC_SETTING_NAME - 1, d->wrt);
}

enum jac_status jac_subject_formula(struct jac_setting *s, const char *text,
                                    struct jac_error *err) {
  struct jac_statements statements;
  jac_setting_guess_words(s, text);
  enum jac_status status = jac_notes_split(text, &statements, err);
  for (size_t k = 0; k < statements.count && status == JAC_OK; k++) {
    const struct jac_statement *one = &statements.statement[k];
    node_t left, right;
    if (one->count < 2) {
      status =
          jac_fail(err, JAC_EINPUT,
                   _("'%.60s' is no module, and no formula such as y = W x + b"), text);
      break;
    }
    status = jac_notes_side(s, text, one->side[0].start, one->side[0].length, &left, err);
    if (status == JAC_OK)
      status =
          jac_notes_side(s, text, one->side[1].start, one->side[1].length, &right, err);
    if (status == JAC_OK && !jac_notes_define(s, left, right, text + one->side[0].start,
                                              one->side[0].length, true, false))
      status = jac_fail(err, JAC_EINPUT, _("'%.60s' defines nothing"), text);
    if (status == JAC_OK)
      snprintf(s->output, sizeof s->output, "%s", s->left[s->quantities - 1]->name);
  }
  jac_statements_free(&statements);
  return status;
}

bool jac_subject_is_formula(const char *subject) {
  return strchr(subject, '=') != NULL && strstr(subject, ",") == NULL
             ? true
             : strchr(subject, '=') != NULL && strchr(subject, '(') != NULL;
}
