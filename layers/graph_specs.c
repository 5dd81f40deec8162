/* Specs as equations: what is tied, skipped and added. */
#include "layers/graph_read_internal.h"

#include <stdio.h>

/* Whether the option is a variable of the module that it makes, tied to a name. */
static bool is_tie(const struct jac_spec *spec, const struct jac_module *module,
                   size_t k) {
  const struct jac_module_option *option = module->options;
  const char *name = spec->option[k].name;
  while (option != NULL && option->name != NULL && strcmp(option->name, name) != 0)
    option++;
  struct jac_error quiet;
  struct jac_map *m;
  if ((option != NULL && option->name != NULL) || !spec->option[k].given ||
      jac_module_new(module->example, 1, &m, &quiet) != JAC_OK)
    return false;
  bool has = jac_map_find(m, name) < m->nvar;
  jac_map_free(m);
  return has;
}

bool jac_graph_ties(const char *const *spec, size_t count,
                    const struct jac_module_library *library) {
  for (size_t s = 0; s < count; s++) {
    struct jac_spec read;
    if (strchr(spec[s], '=') == NULL || jac_spec_read(spec[s], &read, NULL) != JAC_OK)
      continue;
    const struct jac_module *module = jac_module_find(read.name, library, NULL);
    for (size_t k = 0; module != NULL && k < read.noption; k++)
      if (is_tie(&read, module, k))
        return true;
  }
  return false;
}

/* The specs as equations: z^{1} = linear:3x3,W=A(z); a block is a sum. */
static enum jac_status write_equations(const char *const *spec, size_t count,
                                       struct jac_buffer *text, struct jac_error *err) {
  size_t before[JAC_GRAPH_NODES], open = 0, value = 0; /* 0: z */
  char name[32] = "z";
  for (size_t s = 0; s < count; s++) {
    if (strcmp(spec[s], "skip") == 0) {
      if (open == JAC_GRAPH_NODES)
        return jac_fail(err, JAC_ELIMIT, _("a network has at most %d modules"),
                        JAC_GRAPH_NODES);
      before[open++] = value;
      continue;
    }
    bool add = strcmp(spec[s], "add") == 0;
    if (add && open == 0)
      return jac_fail(err, JAC_EINPUT, _("add without a skip before it"));
    if (add && before[open - 1] == 0)
      jac_buffer_printf(text, "z^{%zu} = z + %s; ", value + 1, name);
    else if (add)
      jac_buffer_printf(text, "z^{%zu} = z^{%zu} + %s; ", value + 1, before[open - 1],
                        name);
    else
      jac_buffer_printf(text, "z^{%zu} = %s(%s); ", value + 1, spec[s], name);
    open -= add;
    snprintf(name, sizeof name, "z^{%zu}", ++value);
  }
  return open == 0 ? jac_buffer_status(text, err)
                   : jac_fail(err, JAC_EINPUT, _("skip without an add after it"));
}

enum jac_status jac_graph_of_specs(const char *const *spec, size_t count, size_t batch,
                                   const struct jac_module_library *library,
                                   struct jac_map **map, struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT, words = JAC_BUFFER_INIT;
  struct jac_graph_reader r = {
      .batch = batch, .library = library, .specs = true, .err = err};
  enum jac_status status = write_equations(spec, count, &text, err);
  *map = NULL;
  for (size_t s = 0; s < count; s++)
    jac_buffer_printf(&words, "%s%s", s > 0 ? " " : "", spec[s]);
  if (status == JAC_OK)
    status = jac_buffer_status(&words, err);
  if (status == JAC_OK)
    status = jac_graph_read(&r, text.text, words.text, map);
  if (status == JAC_OK && strcmp((*map)->var[0].symbol, "z") == 0)
    snprintf((*map)->var[0].symbol, JAC_SYMBOL_SIZE, "z^{0}");
  jac_buffer_free(&text);
  jac_buffer_free(&words);
  return status;
}
