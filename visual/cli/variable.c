#include "visual/cli/variable.h"

#include "jacobian/suggest.h"
#include "jacobian/text.h"
#include "layers/alias.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The names of all variables; free them. NULL: out of memory. */
static const char **names_of(const struct jac_map *map) {
  const char **names = malloc((map->nvar + 1) * sizeof *names);
  for (size_t v = 0; v < map->nvar && names != NULL; v++)
    names[v] = map->var[v].name;
  return names;
}

/* Whether the map has the variable, under its own or another framework's name. */
static bool has(const struct jac_map *map, const char *name) {
  const char **names = names_of(map);
  bool found = jac_network_find(map, name) < map->nvar ||
               (names != NULL && jac_alias_part(name, names, map->nvar) != NULL);
  free(names);
  return found;
}

/* Whether the k-th spec would have the variable with one more word: ",bias". */
static bool would_have(const struct jac_options *o,
                       const struct jac_module_library *library, size_t k,
                       const char *name, const char *word, char *spec, size_t size) {
  const char **specs = malloc((o->nspec + 1) * sizeof *specs);
  struct jac_map *map;
  struct jac_error quiet;
  snprintf(spec, size, "%s,%s", o->spec[k], word);
  for (size_t i = 0; i < o->nspec && specs != NULL; i++)
    specs[i] = i == k ? spec : o->spec[i];
  bool made = specs != NULL &&
              jac_network_new(specs, o->nspec, o->batch, library, &map, &quiet) == JAC_OK;
  bool found = made && has(map, name);
  if (made)
    jac_map_free(map);
  free(specs);
  return found;
}

/* The spec with the flag that adds the variable, in room of that size; false: none does.
 */
static bool find_flag(const struct jac_options *o,
                      const struct jac_module_library *library, const char *name,
                      char *spec, size_t size) {
  for (size_t k = 0; k < o->nspec; k++) {
    struct jac_spec read;
    if (jac_spec_read(o->spec[k], &read, NULL) != JAC_OK)
      continue;
    const struct jac_module *module = jac_module_find(read.name, library, NULL);
    const struct jac_module_option *option = module != NULL ? module->options : NULL;
    for (; option != NULL && option->name != NULL; option++)
      if (option->value == NULL && !jac_spec_flag(&read, option->name) &&
          would_have(o, library, k, name, option->name, spec, size))
        return true;
  }
  return false;
}

enum jac_status jac_variable_find(const struct jac_options *options,
                                  const struct jac_module_library *library,
                                  const struct jac_map *map, const char *name,
                                  size_t *found, struct jac_error *err) {
  *found = jac_network_find(map, name);
  if (*found < map->nvar)
    return JAC_OK;
  const char **names = names_of(map);
  if (names == NULL)
    return jac_fail_memory(err);
  struct jac_buffer list = JAC_BUFFER_INIT;
  for (size_t v = 0; v < map->nvar; v++)
    jac_buffer_printf(&list, "%s%s", v > 0 ? ", " : "", names[v]);
  char spec[160];
  const char *near = jac_alias_part(name, names, map->nvar);
  bool flag = near == NULL && find_flag(options, library, name, spec, sizeof spec);
  if (near == NULL)
    near = jac_suggest(name, names, map->nvar);
  if (flag)
    jac_fail(err, JAC_EINPUT, _("%.100s has no variable '%.40s' (%.60s): write %s"),
             map->spec, name, list.text, spec);
  else if (near != NULL)
    jac_fail(err, JAC_EINPUT,
             _("%.100s has no variable '%.40s': did you mean %s? (%.160s)"), map->spec,
             name, near, list.text);
  else
    jac_fail(err, JAC_EINPUT, _("%.100s has no variable '%.40s': it has %.160s"),
             map->spec, name, list.text);
  jac_buffer_free(&list);
  free(names);
  return JAC_EINPUT;
}
