/* A call in equations: its arguments, the module with sizes that take them, and which
 * variable is which. */
#include "layers/graph_read_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* A declared name becomes a variable where it is first used. */
static enum jac_status declare(struct jac_graph_reader *r, struct jac_graph_span name,
                               const struct jac_formula_size *size,
                               struct jac_source *source) {
  struct jac_variable var = {.role = size->data ? JAC_DATA : JAC_PARAMETER,
                             .ndim = size->ndim,
                             .dims = {size->dims[0], size->dims[1]},
                             .secondary = true};
  *source = (struct jac_source){false, 0};
  return jac_graph_add_variable(r, &var, name, &source->at);
}

/* A name alone: a value, a variable, one that has a size; or not yet known. */
enum jac_status jac_graph_look_up(struct jac_graph_reader *r, struct jac_graph_span name,
                                  struct jac_graph_argument *argument) {
  const struct jac_graph_named *found = jac_graph_find_named(r, name);
  const struct jac_formula_size *size = jac_graph_find_size(r, name);
  argument->name = name;
  argument->known = found != NULL || size != NULL;
  if (found != NULL)
    argument->source = found->source;
  else if (size != NULL)
    return declare(r, name, size, &argument->source);
  return JAC_OK;
}

static enum jac_status add_argument(struct jac_graph_reader *r,
                                    struct jac_graph_span list,
                                    struct jac_graph_arguments *all,
                                    struct jac_graph_span by,
                                    struct jac_graph_span text) {
  if (all->count == JAC_GRAPH_ARGUMENTS)
    return jac_fail(r->err, JAC_ELIMIT, _("'%.*s': more than %d arguments"),
                    jac_graph_shown(text), text.at, JAC_GRAPH_ARGUMENTS);
  struct jac_graph_argument *argument = &all->one[all->count++];
  *argument = (struct jac_graph_argument){.by = jac_graph_trim(by)};
  text = jac_graph_trim(text);
  if (text.at == text.end)
    return jac_fail(r->err, JAC_EINPUT, _("(%.*s): an argument is missing"),
                    jac_graph_shown(list), list.at);
  if (jac_graph_is_name(text))
    return jac_graph_look_up(r, text, argument);
  argument->known = true;
  argument->name = text;
  struct jac_graph_span none = {text.at, text.at};
  return jac_graph_evaluate(r, text, none, &argument->source);
}

enum jac_status jac_graph_read_arguments(struct jac_graph_reader *r,
                                         struct jac_graph_span list,
                                         struct jac_graph_arguments *all) {
  enum jac_status status = JAC_OK;
  list = jac_graph_trim(list);
  for (const char *at = list.at; at < list.end && status == JAC_OK;) {
    struct jac_graph_span rest = {at, list.end};
    struct jac_graph_span one = {at, jac_graph_find_outside(rest, ",")};
    const char *equals = jac_graph_find_outside(one, "=");
    struct jac_graph_span by = {at, equals < one.end ? equals : at};
    struct jac_graph_span text = {equals < one.end ? equals + 1 : at, one.end};
    status = add_argument(r, list, all, by, text);
    at = one.end + (one.end < list.end);
  }
  if (status == JAC_OK && list.at < list.end && list.end[-1] == ',')
    status = jac_fail(r->err, JAC_EINPUT, _("(%.*s): an argument is missing"),
                      jac_graph_shown(list), list.at);
  return status;
}

/* The module's variable that argument k is for; nvar: there is none. */
static size_t variable_of(const struct jac_map *m, const struct jac_graph_arguments *all,
                          size_t k) {
  char name[JAC_NAME_SIZE];
  struct jac_graph_span by = all->one[k].by;
  if (by.at == by.end)
    return k < m->nvar ? k : m->nvar;
  snprintf(name, sizeof name, "%.*s", (int)(by.end - by.at), by.at);
  return jac_map_find(m, name);
}

static bool fits(const struct jac_graph_reader *r, const struct jac_map *m,
                 const struct jac_graph_arguments *all) {
  bool fit = true;
  for (size_t k = 0; k < all->count && fit; k++) {
    size_t v = variable_of(m, all, k);
    struct jac_variable given = {.ndim = 0};
    if (all->one[k].known)
      given = jac_graph_source_variable(r, all->one[k].source);
    fit = v < m->nvar && (!all->one[k].known || jac_graph_same_shape(&m->var[v], &given));
  }
  return fit;
}

/* What the module must know: the first argument's features, and its images. */
static struct jac_module_place place_of(const struct jac_graph_reader *r,
                                        const struct jac_graph_arguments *all) {
  struct jac_module_place place = {.batch = r->batch, .library = r->library};
  if (all->count == 0 || !all->one[0].known || all->one[0].by.at < all->one[0].by.end)
    return place;
  struct jac_source s = all->one[0].source;
  struct jac_variable var = jac_graph_source_variable(r, s);
  place.features = var.ndim > 1 ? var.dims[1] : var.dims[0];
  if (s.node) {
    place.width = r->g->node[s.at].width;
    place.channels = r->g->node[s.at].channels;
  }
  return place;
}

/* The numbers that sizes can be: those of the arguments, and one that none has. */
static size_t candidates(const struct jac_graph_reader *r,
                         const struct jac_graph_arguments *all,
                         size_t out[3 * JAC_GRAPH_ARGUMENTS + 1]) {
  size_t count = 0, most = 0;
  for (size_t k = 0; k < all->count; k++) {
    if (!all->one[k].known)
      continue;
    struct jac_variable var = jac_graph_source_variable(r, all->one[k].source);
    for (size_t d = var.role == JAC_DATA ? 1 : 0; d < var.ndim; d++) {
      bool seen = false;
      for (size_t c = 0; c < count; c++)
        seen = seen || out[c] == var.dims[d];
      if (!seen)
        out[count++] = var.dims[d];
      most = var.dims[d] > most ? var.dims[d] : most;
    }
  }
  out[count] = most + 1;
  return most > 0 ? count + 1 : 0;
}

/* Sizes with which the module takes its arguments, where only one choice does. */
static bool infer_sizes(const struct jac_graph_reader *r,
                        const struct jac_graph_arguments *all,
                        const struct jac_module *module, struct jac_spec *spec,
                        const struct jac_module_place *place) {
  size_t number[3 * JAC_GRAPH_ARGUMENTS + 1], count = candidates(r, all, number),
                                              fitting = 0;
  size_t tries = module->nsize > 0 && spec->nsize == 0 ? 1 : 0;
  for (size_t k = 0; k < module->nsize; k++)
    tries *= count;
  struct jac_spec found = *spec;
  for (size_t t = 0; t < tries && fitting < 2; t++) {
    struct jac_spec full = *spec;
    struct jac_error quiet;
    struct jac_map *m;
    full.nsize = module->nsize;
    for (size_t k = 0, rest = t; k < module->nsize; k++, rest /= count)
      full.size[k] = number[rest % count];
    if (jac_module_make(&full, place, &m, &quiet) != JAC_OK)
      continue;
    if (fits(r, m, all)) {
      fitting++;
      found = full;
    }
    jac_map_free(m);
  }
  *spec = found;
  return fitting == 1;
}

static enum jac_status make_module(const struct jac_graph_reader *r,
                                   struct jac_graph_span text,
                                   const struct jac_graph_arguments *all,
                                   struct jac_spec *spec, struct jac_map **m) {
  const struct jac_module *module = jac_module_find(spec->name, r->library, r->err);
  struct jac_module_place place = place_of(r, all);
  struct jac_error first;
  if (module == NULL)
    return JAC_EINPUT;
  enum jac_status status = jac_module_make(spec, &place, m, &first);
  if (status == JAC_OK && (spec->nsize == module->nsize || fits(r, *m, all)))
    return JAC_OK;
  if (status == JAC_OK)
    jac_map_free(*m);
  if (spec->nsize == 0 && module->nsize > 0 && status != JAC_ENOMEM) {
    if (infer_sizes(r, all, module, spec, &place))
      return jac_module_make(spec, &place, m, r->err);
    return jac_fail(r->err, JAC_EINPUT,
                    _("'%.*s': the sizes do not follow from the arguments: write "
                      "%s:%s(...) with numbers"),
                    jac_graph_shown(text), text.at, module->name, module->sizes);
  }
  if (status == JAC_OK)
    return jac_module_make(spec, &place, m, r->err); /* join says what does not fit */
  return jac_fail(r->err, first.status, "%s", first.message);
}

/* Options that are no options but variables tie them: linear:3x3,W=A. */
static enum jac_status split_ties(struct jac_graph_reader *r,
                                  const struct jac_spec *given, struct jac_spec *spec,
                                  struct jac_graph_arguments *all) {
  const struct jac_module *module = jac_module_find(given->name, r->library, r->err);
  size_t kept = 0;
  if (module == NULL)
    return JAC_EINPUT;
  *spec = *given;
  for (size_t k = 0; k < given->noption; k++) {
    const struct jac_module_option *option = module->options;
    while (option != NULL && option->name != NULL &&
           strcmp(option->name, given->option[k].name) != 0)
      option++;
    struct jac_graph_span by = jac_graph_whole_of(given->option[k].name),
                          to = jac_graph_whole_of(given->option[k].value);
    bool known = option != NULL && option->name != NULL;
    if (known || !jac_graph_is_name(to))
      spec->option[kept++] = given->option[k];
    else if (all->count < JAC_GRAPH_ARGUMENTS) {
      struct jac_graph_argument *argument = &all->one[all->count++];
      *argument = (struct jac_graph_argument){.by = by};
      enum jac_status status = jac_graph_look_up(r, to, argument);
      if (status != JAC_OK)
        return status;
    }
  }
  spec->noption = kept;
  return JAC_OK;
}

/* Joins every variable of the newest node to its argument; the others are its own. */
static enum jac_status bind(struct jac_graph_reader *r,
                            const struct jac_graph_arguments *all,
                            struct jac_graph_span text) {
  struct jac_node *node = &r->g->node[r->g->count - 1];
  const struct jac_map *m = node->map;
  bool *bound = calloc(m->nvar + 1, sizeof *bound);
  enum jac_status status = bound == NULL ? jac_fail_memory(r->err) : JAC_OK;
  for (size_t k = 0; k < all->count && status == JAC_OK; k++) {
    size_t v = variable_of(m, all, k);
    struct jac_graph_argument one = all->one[k];
    char name[JAC_NAME_SIZE];
    if (v == m->nvar) {
      struct jac_buffer names = JAC_BUFFER_INIT;
      for (size_t n = 0; n < m->nvar; n++)
        jac_buffer_printf(&names, "%s%s", n > 0 ? ", " : "", m->var[n].name);
      status = jac_fail(r->err, JAC_EINPUT, _("'%.*s': %.60s takes %.100s"),
                        jac_graph_shown(text), text.at, m->spec, names.text);
      jac_buffer_free(&names);
      break;
    }
    if (bound[v]) {
      status = jac_fail(r->err, JAC_EINPUT, _("'%.*s': %s is given twice"),
                        jac_graph_shown(text), text.at, m->var[v].name);
      break;
    }
    snprintf(name, sizeof name, "%.*s", (int)(one.name.end - one.name.at), one.name.at);
    if (!one.known) { /* it may have become known by an argument before */
      const struct jac_graph_named *found = jac_graph_find_named(r, one.name);
      if (found == NULL)
        status = jac_graph_add_variable(r, &m->var[v], one.name, &one.source.at);
      else
        one.source = found->source;
    }
    if (status == JAC_OK)
      status = jac_graph_join(r, m, v, one.source, name);
    node->source[v] = one.source;
    bound[v] = true;
  }
  for (size_t v = 0; v < m->nvar && status == JAC_OK; v++) {
    struct jac_graph_span name = jac_graph_whole_of(m->var[v].name);
    struct jac_graph_argument same = {
        .known = false}; /* a name that has a size is one variable */
    struct jac_graph_span none = {name.at, name.at};
    if (bound[v])
      continue;
    if (jac_graph_find_size(r, name) != NULL)
      status = jac_graph_look_up(r, name, &same);
    node->source[v] = same.source;
    if (status == JAC_OK && same.known)
      status = jac_graph_join(r, m, v, same.source, m->var[v].name);
    else if (status == JAC_OK)
      status = jac_graph_add_variable(r, &m->var[v], none, &node->source[v].at);
  }
  free(bound);
  return status;
}

enum jac_status jac_graph_evaluate_call(struct jac_graph_reader *r,
                                        const struct jac_graph_call *call) {
  char text[256];
  struct jac_spec given, spec;
  struct jac_map *m = NULL;
  struct jac_graph_arguments all = {.count = 0};
  if (call->spec.end - call->spec.at >= (long)sizeof text)
    return jac_fail(r->err, JAC_ELIMIT, _("'%.*s': too long"),
                    jac_graph_shown(call->spec), call->spec.at);
  snprintf(text, sizeof text, "%.*s", (int)(call->spec.end - call->spec.at),
           call->spec.at);
  enum jac_status status = jac_spec_read(text, &given, r->err);
  if (status == JAC_OK)
    status = jac_graph_read_arguments(r, call->arguments, &all);
  if (status == JAC_OK)
    status = split_ties(r, &given, &spec, &all);
  if (status == JAC_OK)
    status = make_module(r, call->whole, &all, &spec, &m);
  if (status == JAC_OK)
    status = jac_graph_add_node(r, m);
  if (status != JAC_OK)
    return status;
  struct jac_module_place place = place_of(r, &all);
  struct jac_node *node = &r->g->node[r->g->count - 1];
  jac_module_images(jac_module_find(spec.name, r->library, r->err), m, &place,
                    &node->channels, &node->width);
  return bind(r, &all, call->whole);
}
