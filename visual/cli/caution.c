#include "visual/cli/caution.h"

#include "jacobian/text.h"
#include "layers/module.h"
#include "layers/spec.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *before, *loss, *words;
} twice[] = {
    {"softmax", "cross-entropy",
     N_("cross-entropy takes logits and applies softmax itself, so that here it is "
        "applied twice: leave softmax out, or write log-softmax nll")},
    {"softmax", "focal",
     N_("focal takes logits and applies softmax itself, so that here it is applied "
        "twice: "
        "leave softmax out")},
    {"softmax", "nll",
     N_("nll takes log-probabilities, and softmax gives probabilities: write "
        "log-softmax")},
    {"softmax", "kl",
     N_("kl takes log-probabilities, and softmax gives probabilities: write "
        "log-softmax")},
    {"sigmoid", "bce-logits",
     N_("bce-logits takes logits and applies sigmoid itself, so that here it is applied "
        "twice: leave sigmoid out, or write bce")},
};

/* The module of a spec by the name in the table; NULL: it is none of these. */
static const char *name_of(const char *text) {
  struct jac_spec spec;
  char bare[JAC_NAME_SIZE];
  snprintf(bare, sizeof bare, "%.*s", (int)strcspn(text, ":,"), text);
  const struct jac_module *module = jac_spec_read(bare, &spec, NULL) == JAC_OK
                                        ? jac_module_find(spec.name, NULL, NULL)
                                        : NULL;
  return module != NULL ? module->name : NULL;
}

void jac_caution(const struct jac_options *options) {
  for (size_t k = 0; k + 1 < options->nspec; k++) {
    const char *before = name_of(options->spec[k]), *loss = name_of(options->spec[k + 1]);
    for (size_t n = 0; before && loss && n < sizeof twice / sizeof *twice; n++)
      if (strcmp(twice[n].before, before) == 0 && strcmp(twice[n].loss, loss) == 0)
        fprintf(stderr, _("jacobian: note: %s\n"), _(twice[n].words));
  }
}
