/* Networks made from their specs: sizes from the neighbours, names, seams. */
#include "layers/graph.h"
#include "layers/network_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is still to be read, and what was met so far. */
struct builder {
  const char *const *spec;
  size_t count, at, batch;
  const struct jac_module_library *library;
  size_t width;    /* of the images that were given last, or 0 */
  size_t channels; /* of the data that were given last, or 0 */
  size_t modules;  /* made so far, for the bound */
  /* Modules met so far, by the name of what they own first: W, gamma, m. */
  struct {
    char name[JAC_NAME_SIZE];
    size_t count;
  } family[8];
  struct jac_error *err;
};

static enum jac_status build(struct builder *b, size_t features, bool inside,
                             struct jac_map **map);

/* Whether the spec says nothing of its sizes. */
static bool sizeless(const char *text) {
  return strcmp(text, "skip") == 0 || strcmp(text, "add") == 0 ||
         strchr(text, ':') == NULL;
}

/* The features of a first module without sizes: the first size of the next spec that has
 * one, where what stands between leaves the number of features alone. */
static size_t look_ahead(const struct builder *b) {
  for (size_t k = b->at; k < b->count; k++) {
    struct jac_spec spec;
    if (sizeless(b->spec[k]))
      continue;
    if (jac_spec_read(b->spec[k], &spec, NULL) != JAC_OK)
      return 0;
    const struct jac_module *module = jac_module_find(spec.name, b->library, NULL);
    return module != NULL && !module->fixed && spec.nsize == module->nsize ? spec.size[0]
                                                                           : 0;
  }
  return 0;
}

/* One module, or a block between skip and add. */
static enum jac_status build_part(struct builder *b, size_t features,
                                  struct jac_map **map) {
  const char *text = b->spec[b->at++];
  struct jac_spec spec;
  if (++b->modules > JAC_NETWORK_MODULES)
    return jac_fail(b->err, JAC_ELIMIT, _("a network has at most %d modules"),
                    JAC_NETWORK_MODULES);
  if (strcmp(text, "skip") == 0) {
    struct jac_map *f;
    enum jac_status status = build(b, features, true, &f);
    return status == JAC_OK ? jac_residual_new(f, map, b->err) : status;
  }
  enum jac_status status = jac_spec_read(text, &spec, b->err);
  struct jac_module_place place = {b->batch, features, b->width, b->library, b->channels};
  if (features == 0 && sizeless(text)) {
    b->at--;
    place.features = look_ahead(b);
    b->at++;
  }
  if (status == JAC_OK)
    status = jac_module_make(&spec, &place, map, b->err);
  if (status == JAC_OK)
    jac_module_images(jac_module_find(spec.name, b->library, NULL), *map, &place,
                      &b->channels, &b->width);
  return status;
}

/* Whether the part takes what the one before gives. */
static enum jac_status check_seam(const struct builder *b, const struct jac_map *before,
                                  const struct jac_map *part) {
  if (before != NULL && before->rows != b->batch)
    return jac_fail(
        b->err, JAC_EINPUT,
        _("%s gives one number for the whole batch: nothing can come after it"),
        before->spec);
  if (before != NULL && before->cols != part->var[0].dims[1])
    return jac_fail(b->err, JAC_EINPUT, _("%.100s gives %zu features, %.100s wants %zu"),
                    before->spec, before->cols, part->spec, part->var[0].dims[1]);
  return JAC_OK;
}

/* The module's number among those of its family: the modules whose first parameter (or,
 * without one, first secondary variable) has the same name. */
static size_t family_number(struct builder *b, const struct jac_map *part) {
  const char *name = NULL;
  for (size_t v = part->nvar; v-- > 0;)
    if (part->var[v].secondary && name == NULL)
      name = part->var[v].name;
  for (size_t v = part->nvar; v-- > 0;)
    if (part->var[v].role == JAC_PARAMETER)
      name = part->var[v].name;
  for (size_t k = 0; k < sizeof b->family / sizeof b->family[0] && name != NULL; k++) {
    if (b->family[k].count == 0)
      memcpy(b->family[k].name, name, strlen(name) + 1);
    if (strcmp(b->family[k].name, name) == 0)
      return ++b->family[k].count;
  }
  return 0;
}

/* Adds a part: its variables become the network's, but for what the one before gives. */
/* Long: five arrays grow together. */
static enum jac_status add_part(struct builder *b, struct network *net,
                                struct jac_map *part) {
  size_t first = net->count > 0 ? 1 : 0, more = part->nvar - first, nvar = net->map.nvar;
  struct jac_map **module = realloc(net->module, (net->count + 1) * sizeof *net->module);
  if (module != NULL)
    net->module = module;
  size_t total = nvar + more + 1;
  struct jac_variable *var = realloc(net->map.var, total * sizeof *var);
  if (var != NULL)
    net->map.var = var;
  size_t *owner = realloc(net->owner, total * sizeof *owner);
  if (owner != NULL)
    net->owner = owner;
  size_t *inner = realloc(net->inner, total * sizeof *inner);
  if (inner != NULL)
    net->inner = inner;
  size_t *ordinal = realloc(net->ordinal, total * sizeof *ordinal);
  if (ordinal != NULL)
    net->ordinal = ordinal;
  if (module == NULL || var == NULL || owner == NULL || inner == NULL ||
      ordinal == NULL) {
    jac_map_free(part);
    return jac_fail_memory(b->err);
  }
  bool block = jac_is_residual(part);
  size_t number = block ? 0 : family_number(b, part);
  for (size_t v = first; v < part->nvar; v++, nvar++) {
    var[nvar] = part->var[v];
    var[nvar].entry = NULL;
    owner[nvar] = net->count;
    inner[nvar] = v;
    ordinal[nvar] = block ? jac_residual_ordinals(part)[v] : number;
  }
  net->map.nvar = nvar;
  module[net->count++] = part;
  net->map.placed = net->map.placed || part->placed;
  if (part->coupled && !net->map.coupled) {
    net->map.coupled = true;
    snprintf(net->reason, sizeof net->reason, "%.80s: %.70s", part->spec,
             part->coupled_reason);
    net->map.coupled_reason = net->reason;
  }
  net->map.rows = part->rows;
  net->map.cols = part->cols;
  return JAC_OK;
}

/* Names and symbols: numbered where a name occurs again. */
static enum jac_status name_variables(struct network *net, struct jac_error *err) {
  struct jac_map *map = &net->map;
  bool *again = calloc(map->nvar, sizeof *again);
  if (again == NULL)
    return jac_fail_memory(err);
  for (size_t v = 0; v < map->nvar; v++)
    for (size_t w = 0; w < map->nvar; w++)
      again[v] = again[v] || (w != v && strcmp(map->var[v].name, map->var[w].name) == 0);
  for (size_t v = 0; v < map->nvar; v++) {
    struct jac_variable *var = &map->var[v];
    size_t number = net->ordinal[v] > 0 ? net->ordinal[v] : 1;
    if (!again[v])
      continue;
    char name[JAC_NAME_SIZE + 24], symbol[JAC_SYMBOL_SIZE + 24];
    do /* a module of equations may have such a name of its own */
      snprintf(name, sizeof name, "%.8s%zu", var->name, number);
    while (jac_map_find(map, name) < map->nvar && ++number > 0);
    snprintf(symbol, sizeof symbol, "%.30s^{%zu}", var->symbol, number);
    memcpy(var->name, name, strlen(name) + 1);
    memcpy(var->symbol, symbol, strlen(symbol) + 1);
  }
  free(again);
  if (strcmp(map->var[0].symbol, "z^{k-1}") == 0)
    snprintf(map->var[0].symbol, sizeof map->var[0].symbol, "z^{0}");
  const struct jac_map *last = net->module[net->count - 1];
  if (strcmp(last->output_symbol, "z^{k}") == 0)
    snprintf(map->output_symbol, sizeof map->output_symbol, "z^{%zu}", net->count);
  else
    memcpy(map->output_symbol, last->output_symbol, sizeof map->output_symbol);
  return JAC_OK;
}

/* The modules of a network write its names too, so that their own Jacobians can be shown.
 */
static void name_modules(struct network *net) {
  for (size_t v = 0; v < net->map.nvar; v++)
    memcpy(net->module[net->owner[v]]->var[net->inner[v]].symbol, net->map.var[v].symbol,
           JAC_SYMBOL_SIZE);
  for (size_t k = 0; k < net->count; k++) {
    struct jac_map *m = net->module[k];
    if (k > 0)
      snprintf(m->var[0].symbol, JAC_SYMBOL_SIZE, "z^{%zu}", k);
    if (strcmp(m->output_symbol, "z^{k}") == 0)
      snprintf(m->output_symbol, JAC_SYMBOL_SIZE, "z^{%zu}", k + 1);
  }
}

/* The words of the network as they were given, from one place to another. */
static char *join_words(const struct builder *b, size_t from, size_t to) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (size_t k = from; k < to; k++)
    jac_buffer_printf(&text, "%s%s", k > from ? " " : "", b->spec[k]);
  return jac_buffer_take(&text);
}

/* The modules up to the end, or up to add inside a block. */
static enum jac_status build(struct builder *b, size_t features, bool inside,
                             struct jac_map **map) {
  struct network *net = calloc(1, sizeof *net);
  enum jac_status status = net == NULL ? jac_fail_memory(b->err) : JAC_OK;
  *map = NULL;
  if (net == NULL)
    return status;
  net->map.type = &jac_network_type;
  net->map.batch = b->batch;
  bool closed = !inside;
  size_t from = b->at;
  while (status == JAC_OK && b->at < b->count) {
    if (strcmp(b->spec[b->at], "add") == 0) {
      if (!inside)
        status = jac_fail(b->err, JAC_EINPUT, _("add without a skip before it"));
      closed = true;
      b->at += inside;
      break;
    }
    struct jac_map *before = net->count > 0 ? net->module[net->count - 1] : NULL, *part;
    status = build_part(b, before != NULL ? before->cols : features, &part);
    if (status == JAC_OK && (status = check_seam(b, before, part)) != JAC_OK)
      jac_map_free(part);
    else if (status == JAC_OK)
      status = add_part(b, net, part);
  }
  if (status == JAC_OK && !closed)
    status = jac_fail(b->err, JAC_EINPUT, _("skip without an add after it"));
  if (status == JAC_OK && net->count == 0)
    status = jac_fail(b->err, JAC_EINPUT, _("nothing stands between skip and add"));
  if (status == JAC_OK &&
      (net->map.spec = join_words(b, from, b->at - (inside ? 1 : 0))) == NULL)
    status = jac_fail_memory(b->err);
  if (status != JAC_OK) {
    jac_map_free(&net->map);
    return status;
  }
  *map = &net->map;
  return JAC_OK;
}

enum jac_status jac_network_new(const char *const *spec, size_t count, size_t batch,
                                const struct jac_module_library *library,
                                struct jac_map **map, struct jac_error *err) {
  struct builder b = {
      .spec = spec, .count = count, .batch = batch, .library = library, .err = err};
  *map = NULL;
  if (jac_graph_ties(spec, count, library))
    return jac_graph_of_specs(spec, count, batch, library, map, err);
  if (count == 1 && strcmp(spec[0], "skip") != 0 && strcmp(spec[0], "add") != 0)
    return build_part(&b, 0, map);
  enum jac_status status = build(&b, 0, false, map);
  if (status == JAC_OK)
    status = name_variables((struct network *)*map, err);
  if (status == JAC_OK)
    name_modules((struct network *)*map);
  else {
    jac_map_free(*map);
    *map = NULL;
  }
  return status;
}
