/* The closed form that stands beside a general Jacobian: what `derive` works out, in the
 * words of the spec and the names of the map. */
#include "visual/cli/derived.h"
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

/* Long: what derive is asked for, then which of its steps is wanted. */
char *jac_general_closed(const struct jac_general_subject *s, size_t wrt, bool gradient,
                         enum jac_notation notation) {
  struct jac_options options = *s->options;
  struct jac_derived *derived = calloc(1, sizeof *derived);
  struct jac_derivation derivation = {0};
  struct jac_error quiet;
  char *text = NULL;
  options.wrt = s->map->var[wrt].name;
  options.batch = gradient && s->map->batch > 1 && !s->map->coupled &&
                          strcmp(s->module->name, "linear") == 0
                      ? 2
                      : 1;
  if (derived != NULL && jac_derived_read(derived, &options, &quiet) == JAC_OK &&
      jac_derivation_new(derived->definition, options.wrt, derived->size, derived->sizes,
                         JAC_DERIVATION_INDEX, notation, &derivation, &quiet) == JAC_OK) {
    const struct jac_derivation_step *last =
        derivation.count > 0 ? &derivation.step[derivation.count - 1] : NULL;
    if (!gradient && derivation.closed != NULL)
      text = strdup(derivation.closed);
    else if (gradient && last != NULL && derivation.closed != NULL)
      text = strdup(last->right);
  }
  jac_derivation_free(&derivation);
  free(derived);
  if (gradient && text != NULL)
    text = rename_whole(text, "g", notation == JAC_NOTATION_LATEX ? "\\delta" : "δ");
  return text == NULL ? NULL : in_own_words(s, text, notation);
}
