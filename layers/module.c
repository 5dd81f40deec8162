#include "layers/module.h"

#include "jacobian/suggest.h"
#include "jacobian/text.h"
#include "layers/alias.h"

#include <stdio.h>
#include <string.h>

#define MODULE(name) extern const struct jac_module name;
#include "layers/table.h"
#undef MODULE

static const struct jac_module *const table[] = {
#define MODULE(name) &name,
#include "layers/table.h"
#undef MODULE
};

enum { COUNT = sizeof table / sizeof table[0] };

size_t jac_module_count(void) {
  return COUNT;
}

const struct jac_module *jac_module_at(size_t k) {
  return table[k];
}

static const struct jac_module *look_up(const char *name,
                                        const struct jac_module_library *library) {
  for (size_t k = 0; library != NULL && k < library->count; k++)
    if (jac_alias_same(name, library->module[k]->name))
      return library->module[k];
  for (size_t k = 0; k < COUNT; k++)
    if (jac_alias_same(name, table[k]->name))
      return table[k];
  return NULL;
}

const struct jac_module *jac_module_find(const char *name,
                                         const struct jac_module_library *library,
                                         struct jac_error *err) {
  const struct jac_module *module = look_up(name, library);
  if (module != NULL)
    return module;
  const char *names[COUNT];
  for (size_t k = 0; k < COUNT; k++)
    names[k] = table[k]->name;
  const char *alias = jac_alias_find(name);
  const char *near = alias != NULL && look_up(alias, library) != NULL
                         ? alias
                         : jac_suggest(name, names, COUNT);
  if (strchr(name, '=') != NULL)
    jac_fail(err, JAC_EINPUT,
             _("'%s' is no module: an option stands behind its module, as in "
               "softmax:3,temperature=2, a formula behind --define"),
             name);
  else if (near != NULL)
    jac_fail(err, JAC_EINPUT, _("no module is called '%s': did you mean %s?"), name,
             near);
  else
    jac_fail(err, JAC_EINPUT,
             _("no module is called '%s': `jacobian modules` lists what there is"), name);
  return NULL;
}

enum jac_status jac_module_options(const struct jac_module *module,
                                   const struct jac_spec *spec, struct jac_error *err) {
  for (size_t k = 0; k < spec->noption; k++) {
    const char *names[JAC_SPEC_OPTIONS];
    size_t count = 0;
    const struct jac_module_option *option = module->options;
    for (; option != NULL && option->name != NULL; option++) {
      if (strcmp(option->name, spec->option[k].name) == 0)
        break;
      if (count < JAC_SPEC_OPTIONS)
        names[count++] = option->name;
    }
    if (option == NULL || option->name == NULL) {
      const char *near = jac_alias_part(spec->option[k].name, names, count);
      if (near == NULL)
        near = jac_suggest(spec->option[k].name, names, count);
      return near != NULL
                 ? jac_fail(err, JAC_EINPUT, _("%s has no option '%s': did you mean %s?"),
                            module->name, spec->option[k].name, near)
                 : jac_fail(err, JAC_EINPUT,
                            _("%s has no option '%s': `jacobian modules %s` lists its "
                              "options"),
                            module->name, spec->option[k].name, module->name);
    }
    if (option->value == NULL && spec->option[k].given)
      return jac_fail(err, JAC_EINPUT, _("%s: the option %s takes no value"),
                      module->name, option->name);
    if (option->value != NULL && spec->option[k].value[0] == '\0')
      return jac_fail(err, JAC_EINPUT, _("%s: the option %s needs a value, as in %s=%s"),
                      module->name, option->name, option->name, option->value);
  }
  return JAC_OK;
}

/* Fills a first size that was left out from what the module before gives. */
static enum jac_status fill_sizes(const struct jac_module *module, struct jac_spec *spec,
                                  const struct jac_module_place *place,
                                  struct jac_error *err) {
  bool channels = module->channels && place->channels > 0;
  if (spec->nsize + 1 == module->nsize && place->features > 0 &&
      (channels || !module->fixed)) {
    memmove(spec->size + 1, spec->size, spec->nsize * sizeof spec->size[0]);
    spec->size[0] = channels ? place->channels : place->features;
    spec->nsize++;
  }
  if (spec->nsize != module->nsize) {
    if (module->nsize == 0)
      return jac_fail(err, JAC_EINPUT, _("%s takes no sizes"), module->name);
    return jac_fail(err, JAC_EINPUT, _("%s needs %s%s: write %s:%s with numbers"),
                    module->name, module->nsize == 1 ? _("the size ") : _("the sizes "),
                    module->sizes, module->name, module->sizes);
  }
  return JAC_OK;
}

/* Whether the sizes of the outputs and of every variable can be multiplied out. */
static bool addressable(const struct jac_map *map) {
  size_t bytes;
  bool all = jac_array3_bytes(1, map->rows, map->cols, &bytes);
  for (size_t v = 0; v < map->nvar; v++) {
    size_t dims[3] = {1, 1, 1};
    memcpy(dims, map->var[v].dims, map->var[v].ndim * sizeof dims[0]);
    all = all && jac_array3_bytes(dims[0], dims[1], dims[2], &bytes);
  }
  return all;
}

enum jac_status jac_module_make(const struct jac_spec *spec,
                                const struct jac_module_place *place,
                                struct jac_map **map, struct jac_error *err) {
  *map = NULL;
  struct jac_spec full = *spec;
  const struct jac_module *module = jac_module_find(spec->name, place->library, err);
  if (module == NULL)
    return JAC_EINPUT;
  snprintf(full.name, sizeof full.name, "%s", module->name);
  enum jac_status status = jac_module_options(module, &full, err);
  if (status == JAC_OK)
    status = fill_sizes(module, &full, place, err);
  if (status == JAC_OK)
    status = module->make(module, &full, place, map, err);
  if (status == JAC_OK && !addressable(*map)) {
    jac_map_free(*map);
    *map = NULL;
    status =
        jac_fail(err, JAC_ELIMIT, _("%s with a batch of %zu is too large to address"),
                 module->name, place->batch);
  }
  return status;
}

void jac_module_images(const struct jac_module *module, const struct jac_map *map,
                       const struct jac_module_place *place, size_t *channels,
                       size_t *width) {
  bool kept = module->positions == JAC_POSITIONS_KEPT ||
              (module->positions == JAC_POSITIONS_BY_STRUCTURE &&
               jac_map_structure(map, 0).width == 1);
  bool lost = module->positions == JAC_POSITIONS_LOST;
  *channels = map->channels > 0 || lost || !kept ? map->channels : place->channels;
  *width = map->width > 0 || lost || !kept ? map->width : place->width;
}

enum jac_status jac_module_new(const char *text, size_t batch, struct jac_map **map,
                               struct jac_error *err) {
  struct jac_spec spec;
  *map = NULL;
  enum jac_status status = jac_spec_read(text, &spec, err);
  struct jac_module_place place = {.batch = batch};
  return status == JAC_OK ? jac_module_make(&spec, &place, map, err) : status;
}
