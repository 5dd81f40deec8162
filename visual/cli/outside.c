#include "visual/cli/outside.h"

#include "jacobian/text.h"
#include "layers/alias.h"
#include "visual/cli/netmodule.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* What a module must have before it is used at all. */
static enum jac_status check_module(const char *file, const struct jac_module *module,
                                    struct jac_error *err) {
  const char *missing = module->name == NULL         ? "name"
                        : module->sizes == NULL      ? "sizes"
                        : module->example == NULL    ? "example"
                        : module->definition == NULL ? "definition"
                        : module->make == NULL       ? "make"
                                                     : NULL;
  if (missing != NULL)
    return jac_fail(err, JAC_EINPUT, _("--module %.100s: module %.30s has no %s"), file,
                    module->name != NULL ? module->name : "?", missing);
  const struct jac_module *own = jac_module_find(module->name, NULL, NULL);
  if (own != NULL)
    return jac_fail(err, JAC_EINPUT,
                    _("--module %.100s: the program has a module %.30s itself: give "
                      "yours another name"),
                    file, own->name);
  if (module->nsize > JAC_SPEC_SIZES)
    return jac_fail(err, JAC_EINPUT, _("--module %.100s: %.30s has more than %d sizes"),
                    file, module->name, JAC_SPEC_SIZES);
  return JAC_OK;
}

static enum jac_status add_modules(const char *file,
                                   const struct jac_module *const *module,
                                   struct jac_outside *o, struct jac_error *err) {
  for (; *module != NULL; module++) {
    enum jac_status status = check_module(file, *module, err);
    if (status != JAC_OK)
      return status;
    for (size_t k = 0; k < o->library.count; k++)
      if (jac_alias_same(o->library.module[k]->name, (*module)->name))
        return jac_fail(err, JAC_EINPUT, _("--module %.100s: a module %.30s was there"),
                        file, (*module)->name);
    const struct jac_module **more =
        realloc((void *)o->library.module, (o->library.count + 1) * sizeof *more);
    if (more == NULL)
      return jac_fail_memory(err);
    more[o->library.count++] = *module;
    o->library.module = more;
  }
  return JAC_OK;
}

static enum jac_status load_network(const char *file, struct jac_outside *o,
                                    struct jac_error *err) {
  const struct jac_module **network =
      realloc((void *)o->network, (o->networks + 1) * sizeof *network);
  if (network == NULL)
    return jac_fail_memory(err);
  o->network = network;
  enum jac_status status = jac_netmodule_new(file, &network[o->networks], err);
  if (status != JAC_OK)
    return status;
  const struct jac_module *const one[] = {network[o->networks++], NULL};
  return add_modules(file, one, o, err);
}

static enum jac_status load(const char *file, struct jac_outside *o,
                            struct jac_error *err) {
  size_t length = strlen(file);
  if (length > 4 && strcmp(file + length - 4, ".jac") == 0)
    return load_network(file, o, err);
  void **handle = realloc(o->handle, (o->handles + 1) * sizeof *handle);
  if (handle == NULL)
    return jac_fail_memory(err);
  o->handle = handle;
  void *object = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (object == NULL) {
    char why[200];
    snprintf(why, sizeof why, "%s", dlerror());
    why[strcspn(why, "\n")] = '\0';
    return jac_fail(
        err, JAC_EIO,
        _("--module %.100s: it cannot be loaded (%s); a file in this folder is "
          "./NAME.so"),
        file, why);
  }
  o->handle[o->handles++] = object;
  const unsigned *interface = dlsym(object, "jac_module_interface");
  const struct jac_module *const *modules = dlsym(object, "jac_modules");
  if (interface == NULL || modules == NULL)
    return jac_fail(err, JAC_EINPUT,
                    _("--module %.100s: it does not define jac_module_interface and "
                      "jac_modules: see docs/own-module.md"),
                    file);
  if (*interface != JAC_MODULE_INTERFACE)
    return jac_fail(
        err, JAC_EINPUT,
        _("--module %.100s: it was built for interface %u, this program has %u: "
          "compile it again"),
        file, *interface, JAC_MODULE_INTERFACE);
  return add_modules(file, modules, o, err);
}

enum jac_status jac_outside_load(const struct jac_options *options,
                                 struct jac_outside *outside, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  *outside = (struct jac_outside){0};
  for (size_t k = 0; k < options->nmodule && status == JAC_OK; k++)
    status = load(options->module[k], outside, err);
  return status;
}

void jac_outside_free(struct jac_outside *outside) {
  for (size_t k = 0; k < outside->handles; k++)
    dlclose(outside->handle[k]);
  free(outside->handle);
  for (size_t k = 0; k < outside->networks; k++)
    jac_netmodule_free(outside->network[k]);
  free((void *)outside->network);
  free((void *)outside->library.module);
  *outside = (struct jac_outside){0};
}
