/* The closed form that stands beside a general Jacobian: what `derive` works out, in the
 * words of the spec and the names of the map. */
#include "jacobian/text.h"
#include "visual/cli/derived.h"
#include "visual/cli/derived_rows.h"
#include "visual/cli/general_internal.h"
#include "visual/label.h"
#include "visual/latex/latex.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool inside(char c) {
  return isalnum((unsigned char)c) || c == '_' || c == '\\';
}

/* Takes a text; whole names in it become others. */
static char *rename_whole(char *text, const char *name, const char *by) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  size_t length = strlen(name);
  for (const char *at = text; text != NULL && *at != '\0'; at++)
    if (length > 0 && strncmp(at, name, length) == 0 && (at == text || !inside(at[-1])) &&
        !isalnum((unsigned char)at[length])) {
      jac_buffer_add(&out, by);
      at += length - 1;
    } else
      jac_buffer_add_char(&out, *at);
  free(text);
  char *renamed = jac_buffer_take(&out);
  jac_buffer_free(&out);
  return renamed;
}

static char *in_own_words(const struct jac_general_subject *s, char *text,
                          enum jac_notation notation) {
  for (size_t k = 0; k < s->sizes; k++)
    if (strcmp(s->course[k], s->own[k]) != 0)
      text = rename_whole(text, s->course[k], s->own[k]);
  for (size_t k = 0; k < s->words.count; k++) {
    struct jac_buffer upright = JAC_BUFFER_INIT;
    jac_buffer_printf(&upright, "\\mathrm{%s}", s->words.word[k]);
    if (!upright.failed)
      text = rename_whole(text, upright.text, s->words.word[k]);
    jac_buffer_free(&upright);
  }
  for (size_t v = 0; v < s->map->nvar; v++) {
    struct jac_buffer symbol = JAC_BUFFER_INIT;
    jac_buffer_add_char(&symbol, '{');
    jac_latex_variable(&s->map->var[v], &symbol);
    jac_buffer_add_char(&symbol, '}');
    if (notation == JAC_NOTATION_LATEX && !symbol.failed && strchr(symbol.text, '^'))
      text = rename_whole(text, s->map->var[v].name, symbol.text);
    jac_buffer_free(&symbol);
  }
  if (!s->module->loss && jac_map_find(s->map, "y") == s->map->nvar) {
    struct jac_buffer output = JAC_BUFFER_INIT; /* which derive calls y */
    if (notation == JAC_NOTATION_LATEX)
      jac_buffer_printf(&output, "{%s}", s->map->output_symbol);
    else
      jac_label_symbol(s->map->output_symbol, notation, &output);
    if (!output.failed)
      text = rename_whole(text, "y", output.text);
    jac_buffer_free(&output);
  }
  return text;
}

/* One size's word of a derivation as the map has it, where both are words; a batch may be
 * a number, 1_3^T. */
static char *in_own_size(const struct jac_general_subject *s, const char *word,
                         size_t size, enum jac_notation notation, char *text) {
  struct jac_buffer own = JAC_BUFFER_INIT, written = JAC_BUFFER_INIT;
  jac_words_size(&s->words, size, " ", &own);
  jac_buffer_printf(&written, notation == JAC_NOTATION_LATEX ? "{%s}" : "%s",
                    own.failed ? "" : own.text);
  bool words = word != NULL && isalpha((unsigned char)word[0]) && !written.failed &&
               (isalpha((unsigned char)own.text[0]) || strcmp(word, "batch") == 0) &&
               strchr(own.text, ' ') == NULL;
  bool name = words && jac_map_find(s->map, word) < s->map->nvar;
  if (words && !name && strcmp(word, own.text) != 0 && strcmp(word, "input") != 0)
    text = rename_whole(text, word, written.text);
  jac_buffer_free(&own);
  jac_buffer_free(&written);
  return text;
}

/* The words of a derivation's sizes as the map has them: a token's n is a row of the
 * batch. */
static char *in_own_sizes(const struct jac_general_subject *s,
                          const struct jac_derived *derived, char *text,
                          enum jac_notation notation) {
  for (size_t k = 0; k < derived->sizes; k++) {
    const struct jac_derivation_size *size = &derived->size[k];
    size_t v = jac_map_find(s->map, size->name);
    if (v == s->map->nvar || s->map->var[v].ndim != 2)
      continue;
    text = in_own_size(s, size->rows, s->map->var[v].dims[0], notation, text);
    text = in_own_size(s, size->cols, s->map->var[v].dims[1], notation, text);
  }
  return text;
}

static bool mentions(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
    if ((at == text || !inside(at[-1])) && !isalnum((unsigned char)at[length]))
      return true;
  return false;
}

/* Whether step k's name is in the text, or in what one of the later names that are is. */
static bool is_needed(const struct jac_derivation *d, size_t k, size_t count,
                      const char *text) {
  if (mentions(text, d->step[k].left))
    return true;
  for (size_t n = k + 1; n < count; n++)
    if (mentions(d->step[n].right, d->step[k].left) && is_needed(d, n, count, text))
      return true;
  return false;
}

/* The quantities on the way that the text names; `text` is still in derive's words. */
static void take_names(const struct jac_general_subject *s,
                       const struct jac_derived *derived, const struct jac_derivation *d,
                       const char *text, enum jac_notation notation,
                       struct jac_general_closed *out) {
  size_t count = 0; /* the last of the definitions is the output's */
  while (count + 1 < d->count && d->step[count + 1].points == 0)
    count++;
  for (size_t k = 0; k < count && out->names < JAC_GENERAL_NAMES; k++) {
    if (!is_needed(d, k, count, text))
      continue;
    out->name[out->names] = strdup(d->step[k].left);
    out->value[out->names] = in_own_words(
        s, in_own_sizes(s, derived, strdup(d->step[k].right), notation), notation);
    out->names++;
  }
}

void jac_general_closed_free(struct jac_general_closed *closed) {
  free(closed->text);
  for (size_t k = 0; k < closed->names; k++) {
    free(closed->name[k]);
    free(closed->value[k]);
  }
  *closed = (struct jac_general_closed){0};
}

/* The step that is asked for: the closed form, or the gradient of any loss, which comes
 * behind it and behind the entries; a loss's own is its closed form. */
static const char *wanted(const struct jac_derivation *d, bool gradient,
                          const struct jac_derived *derived) {
  bool loss = derived->loss;
  size_t last = d->closed_step > d->entry_step ? d->closed_step : d->entry_step;
  if (!gradient || loss)
    return d->closed;
  return d->count > last && !derived->part ? d->step[d->count - 1].right : NULL;
}

/* The step that is asked for, what it names, and what is to be known of it. */
static void take_step(const struct jac_general_subject *s,
                      const struct jac_derived *derived, const struct jac_derivation *d,
                      bool gradient, bool batch, enum jac_notation notation,
                      struct jac_general_closed *out) {
  const char *step = wanted(d, gradient, derived);
  bool single = derived->single || (batch && jac_derived_batch(s->module->name) == NULL);
  if (step == NULL || (out->text = strdup(step)) == NULL)
    return;
  take_names(s, derived, d, out->text, notation, out);
  out->text = in_own_sizes(s, derived, out->text, notation);
  if (gradient && out->text != NULL)
    out->text =
        rename_whole(out->text, "g", notation == JAC_NOTATION_LATEX ? "\\delta" : "δ");
  if (out->text != NULL)
    out->text = in_own_words(s, out->text, notation);
  out->note = single ? _("of one sample, a row of z; a batch has one for each, and "
                         "adds those of parameters")
              : derived->apart && !batch ? derived->note
                                         : NULL;
}

void jac_general_closed(const struct jac_general_subject *s, const char *variable,
                        bool gradient, enum jac_notation notation,
                        struct jac_general_closed *out) {
  struct jac_options options = *s->options;
  struct jac_derived *derived = calloc(1, sizeof *derived);
  struct jac_derivation derivation = {0};
  struct jac_error quiet;
  *out = (struct jac_general_closed){0};
  options.wrt = variable;
  if (derived != NULL)
    derived->library = &s->outside.library;
  bool batch = gradient && s->map->batch > 1 && !s->map->coupled;
  options.batch = batch && jac_derived_batch(s->module->name) != NULL ? 2 : 1;
  if (derived != NULL && jac_derived_read(derived, &options, &quiet) == JAC_OK &&
      jac_derivation_new(derived->definition, options.wrt, derived->size, derived->sizes,
                         JAC_DERIVATION_INDEX, notation, &derivation, &quiet) == JAC_OK)
    take_step(s, derived, &derivation, gradient, batch, notation, out);
  jac_derivation_free(&derivation);
  free(derived);
}
