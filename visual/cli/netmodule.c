#include "visual/cli/netmodule.h"

#include "jacobian/text.h"
#include "visual/cli/define.h"
#include "visual/cli/netfile.h"
#include "visual/cli/origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 32 };

struct netmodule {
  struct jac_module module;
  char name[LONGEST], definition[LONGEST + 16];
  struct jac_options options; /* what the file holds: specs, or define and sizes */
  bool making;
};

/* A module may call others of the library, but not itself. */
static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct netmodule *n = (struct netmodule *)module->family;
  struct jac_options options = n->options;
  enum jac_status status;
  (void)spec;
  *map = NULL;
  if (n->making)
    return jac_fail(err, JAC_EINPUT, _("%s.jac calls itself"), n->name);
  n->making = true;
  options.batch = place->batch;
  if (options.define != NULL)
    status = jac_define_graph(&options, place->library, map, err);
  else
    status = jac_origin_make(&options, place->library, map, err);
  if (status != JAC_OK)
    jac_origin_say(&options, place->library, err);
  n->making = false;
  if (status != JAC_OK)
    return status;
  char *name = malloc(sizeof n->name);
  if (name == NULL) {
    jac_map_free(*map);
    *map = NULL;
    return jac_fail_memory(err);
  }
  memcpy(name, n->name, sizeof n->name);
  free((*map)->spec);
  (*map)->spec = name;
  return JAC_OK;
}

enum jac_status jac_netmodule_new(const char *file, const struct jac_module **module,
                                  struct jac_error *err) {
  const char *base = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
  size_t length = strlen(base) - strlen(".jac");
  *module = NULL;
  if (length == 0 || length >= LONGEST)
    return jac_fail(err, JAC_EINPUT, _("--module %.100s: a name of 1 to %d letters"),
                    file, LONGEST - 1);
  struct netmodule *n = calloc(1, sizeof *n);
  char *word = malloc(strlen(file) + 1);
  if (n == NULL || word == NULL) {
    free(n);
    free(word);
    return jac_fail_memory(err);
  }
  strcpy(word, file);
  char *const words[] = {word};
  snprintf(n->name, sizeof n->name, "%.*s", (int)length, base);
  snprintf(n->definition, sizeof n->definition, "y = %s(...)", n->name);
  n->options.spec = words;
  n->options.nspec = 1;
  n->module = (struct jac_module){.name = n->name,
                                  .sizes = "",
                                  .definition = n->definition,
                                  .example = n->name,
                                  .make = make,
                                  .family = n};
  enum jac_status status = jac_netfile_expand(&n->options, err);
  free(word);
  if (status == JAC_OK)
    *module = &n->module;
  else
    jac_netmodule_free(&n->module);
  return status;
}

void jac_netmodule_free(const struct jac_module *module) {
  struct netmodule *n = (struct netmodule *)module->family;
  jac_options_free(&n->options);
  free(n);
}
