/* Equations with modules, read: each call is a node, and so is what formulas and lists
 * make of them. */
#include "layers/graph_read_internal.h"

#include "jacobian/define/formula_map.h"

#include <ctype.h>
#include <stdlib.h>
#include <stdio.h>

/* The newest node, a formula: where it has values of its own size alone, relu(h) or
 * h + g, images stay what they are. */
static void keep_images(struct jac_graph_reader *r) {
  struct jac_node *node = &r->g->node[r->g->count - 1];
  size_t channels = 0, width = 0;
  for (size_t v = 0; v < node->map->nvar; v++) {
    struct jac_source s = node->source[v];
    struct jac_variable var = jac_graph_source_variable(r, s);
    if (var.role != JAC_DATA || var.dims[1] != node->map->cols)
      return;
    if (channels == 0 && s.node) {
      channels = r->g->node[s.at].channels;
      width = r->g->node[s.at].width;
    }
  }
  node->channels = channels;
  node->width = width;
}

/* A formula: every name that it has is a value or has a size. */
static enum jac_status evaluate_formula(struct jac_graph_reader *r, const char *text) {
  size_t count = r->names + r->sizes;
  struct jac_formula_size *size = calloc(count + 1, sizeof *size);
  struct jac_map *m = NULL;
  if (size == NULL)
    return jac_fail_memory(r->err);
  for (size_t k = 0; k < r->names; k++) {
    struct jac_variable var = jac_graph_source_variable(r, r->named[k].source);
    size[k] = (struct jac_formula_size){.name = r->named[k].name,
                                        .ndim = var.ndim > 2 ? 2 : var.ndim,
                                        .dims = {var.dims[0], var.dims[1]},
                                        .data = var.role == JAC_DATA};
  }
  if (r->sizes > 0)
    memcpy(size + r->names, r->size, r->sizes * sizeof *size);
  enum jac_status status = jac_formula_map_new(text, size, count, &m, r->err);
  free(size);
  if (status == JAC_OK)
    status = jac_graph_add_node(r, m);
  for (size_t v = 0; status == JAC_OK && v < m->nvar; v++) {
    struct jac_graph_span name = jac_graph_whole_of(m->var[v].name);
    struct jac_graph_argument argument = {.known = false};
    status = jac_graph_look_up(r, name, &argument);
    if (status == JAC_OK)
      status = jac_graph_join(r, m, v, argument.source, m->var[v].name);
    r->g->node[r->g->count - 1].source[v] = argument.source;
  }
  if (status == JAC_OK)
    keep_images(r);
  return status;
}

/* Whether the text is [a, b, ...]: values side by side. */
static bool is_list(struct jac_graph_span text, struct jac_graph_span *inside) {
  if (text.end - text.at < 2 || *text.at != '[')
    return false;
  *inside = (struct jac_graph_span){text.at + 1, text.end};
  const char *close = jac_graph_find_outside(*inside, "]");
  inside->end = close;
  return close + 1 == text.end && jac_graph_find_outside(*inside, ";") == close &&
         jac_graph_find_outside(*inside, ",") < close;
}

/* Whether a part of a list can be data: a name that is, or any formula with a name. */
static bool can_be_data(const struct jac_graph_reader *r, struct jac_graph_span text) {
  text = jac_graph_trim(text);
  if (text.at == text.end)
    return true; /* said to be missing where it is evaluated */
  if (!jac_graph_is_name(text)) {
    while (text.at < text.end && !isalpha((unsigned char)*text.at))
      text.at++;
    return text.at < text.end;
  }
  const struct jac_graph_named *found = jac_graph_find_named(r, text);
  const struct jac_formula_size *size = jac_graph_find_size(r, text);
  return found != NULL ? jac_graph_source_variable(r, found->source).role == JAC_DATA
                       : size != NULL && size->data;
}

/* Whether all parts of a list can be; else it is a matrix, for a formula. */
static bool is_data_list(const struct jac_graph_reader *r, struct jac_graph_span inside) {
  bool data = true;
  for (const char *at = inside.at; at < inside.end && data;) {
    struct jac_graph_span rest = {at, inside.end},
                          one = {at, jac_graph_find_outside(rest, ",")};
    data = can_be_data(r, one);
    at = one.end + (one.end < inside.end);
  }
  return data;
}

/* The next list of data in the text, from a bracket that is no entry's. */
static bool next_list(const struct jac_graph_reader *r, struct jac_graph_span text,
                      struct jac_graph_span *list) {
  for (const char *at = text.at; at < text.end; at++) {
    struct jac_graph_span rest = {at + 1, text.end}, inside;
    if (*at != '[' ||
        (at > text.at && (jac_graph_is_letter(at[-1]) || strchr(")]}'", at[-1]))))
      continue;
    *list = (struct jac_graph_span){at, jac_graph_find_outside(rest, "]")};
    list->end += list->end < text.end;
    if (is_list(*list, &inside) && is_data_list(r, inside))
      return true;
  }
  return false;
}

/* Values side by side. */
static enum jac_status evaluate_list(struct jac_graph_reader *r,
                                     struct jac_graph_span inside) {
  struct jac_graph_arguments all = {.count = 0};
  size_t features[JAC_GRAPH_ARGUMENTS];
  struct jac_map *m = NULL;
  enum jac_status status = jac_graph_read_arguments(r, inside, &all);
  for (size_t k = 0; k < all.count && status == JAC_OK; k++) {
    struct jac_variable var = jac_graph_source_variable(r, all.one[k].source);
    if (var.role != JAC_DATA)
      status = jac_fail(r->err, JAC_EINPUT, _("[%.*s]: %.*s has no row for each sample"),
                        jac_graph_shown(inside), inside.at,
                        jac_graph_shown(all.one[k].name), all.one[k].name.at);
    features[k] = var.dims[1];
  }
  if (status == JAC_OK)
    status = jac_concat_new(r->batch, features, all.count, &m, r->err);
  if (status == JAC_OK)
    status = jac_graph_add_node(r, m);
  for (size_t k = 0; k < all.count && status == JAC_OK; k++)
    r->g->node[r->g->count - 1].source[k] = all.one[k].source;
  return status;
}

/* The formula with a name in place of each call and each list. */
static enum jac_status replace_calls(struct jac_graph_reader *r,
                                     struct jac_graph_span text,
                                     struct jac_buffer *formula) {
  enum jac_status status = JAC_OK;
  while (status == JAC_OK) {
    char name[JAC_NAME_SIZE];
    struct jac_graph_call call;
    struct jac_graph_span list, inside, whole;
    bool calls = jac_graph_next_call(text, r->library, r->specs, &call);
    bool lists = next_list(r, text, &list) && (!calls || list.at < call.whole.at);
    if (!calls && !lists)
      break;
    whole = lists ? list : call.whole;
    if (lists && is_list(list, &inside))
      status = evaluate_list(r, inside);
    else
      status = jac_graph_evaluate_call(r, &call);
    jac_graph_hidden_name(r, name);
    jac_buffer_add_bytes(formula, text.at, (size_t)(whole.at - text.at));
    jac_buffer_add(formula, name);
    text.at = whole.end;
    struct jac_source source = {true, r->g->count - 1};
    if (status == JAC_OK)
      status = jac_graph_add_named(r, jac_graph_whole_of(name), source);
    if (status == JAC_OK)
      jac_graph_name_node(r, source.at, name);
  }
  jac_buffer_add_bytes(formula, text.at, (size_t)(text.end - text.at));
  return status;
}

/* What the text gives; name is that of the equation, or empty. */
enum jac_status jac_graph_evaluate(struct jac_graph_reader *r, struct jac_graph_span text,
                                   struct jac_graph_span name,
                                   struct jac_source *source) {
  struct jac_graph_call call;
  struct jac_graph_span inside;
  enum jac_status status;
  text = jac_graph_trim(text);
  if (++r->depth > JAC_GRAPH_DEPTH)
    return jac_fail(r->err, JAC_ELIMIT, _("'%.*s': nested too deep"),
                    jac_graph_shown(text), text.at);
  if (jac_graph_find_call(text, r->library, r->specs, &call) &&
      call.whole.end == text.end)
    status = jac_graph_evaluate_call(r, &call);
  else if (is_list(text, &inside) && is_data_list(r, inside))
    status = evaluate_list(r, inside);
  else {
    struct jac_buffer formula = JAC_BUFFER_INIT;
    if (name.at < name.end)
      jac_buffer_printf(&formula, "%.*s = ", (int)(name.end - name.at), name.at);
    status = replace_calls(r, text, &formula);
    if (status == JAC_OK)
      status = jac_buffer_status(&formula, r->err);
    if (status == JAC_OK)
      status = evaluate_formula(r, formula.text);
    jac_buffer_free(&formula);
  }
  r->depth--;
  if (status == JAC_OK)
    *source = (struct jac_source){true, r->g->count - 1};
  return status;
}

static enum jac_status read_equation(struct jac_graph_reader *r,
                                     struct jac_graph_span text) {
  const char *equals = jac_graph_find_outside(text, "=");
  struct jac_graph_span left = jac_graph_trim((struct jac_graph_span){text.at, equals}),
                        right = {equals, text.end};
  struct jac_source source;
  if (equals == text.end || !jac_graph_is_name(left))
    return jac_fail(r->err, JAC_EINPUT,
                    _("'%.*s': an equation with modules is NAME = ..., as in h = rnn(x, "
                      "h_0)"),
                    jac_graph_shown(text), text.at);
  right.at++;
  if (jac_graph_find_named(r, left) != NULL || jac_graph_find_size(r, left) != NULL)
    return jac_fail(r->err, JAC_EINPUT, _("'%.*s': %.*s has a meaning already"),
                    jac_graph_shown(text), text.at, jac_graph_shown(left), left.at);
  enum jac_status status = jac_graph_evaluate(r, right, left, &source);
  if (status != JAC_OK)
    return status;
  char name[JAC_NAME_SIZE];
  snprintf(name, sizeof name, "%.*s", (int)(left.end - left.at), left.at);
  jac_graph_name_node(r, source.at, name);
  return jac_graph_add_named(r, left, source);
}

/* spec is how the whole is called. */
enum jac_status jac_graph_read(struct jac_graph_reader *r, const char *text,
                               const char *spec, struct jac_map **map) {
  struct jac_graph *g = calloc(1, sizeof *g);
  char *called = malloc(strlen(spec) + 1);
  *map = NULL;
  if (g == NULL || called == NULL) {
    free(g);
    free(called);
    return jac_fail_memory(r->err);
  }
  strcpy(called, spec);
  r->g = g;
  r->text = text;
  g->map.type = &jac_graph_type;
  g->map.batch = r->batch;
  g->map.spec = called;
  enum jac_status status = JAC_OK;
  struct jac_graph_span rest = jac_graph_whole_of(text);
  while (status == JAC_OK && rest.at < rest.end) {
    struct jac_graph_span one = {rest.at, jac_graph_find_outside(rest, ";\n")};
    rest.at = one.end + (one.end < rest.end);
    one = jac_graph_trim(one);
    if (one.at < one.end)
      status = read_equation(r, one);
  }
  if (status == JAC_OK)
    status = jac_graph_finish(r);
  free(r->named);
  free(r->number);
  if (status == JAC_OK)
    *map = &g->map;
  else
    jac_map_free(&g->map);
  return status;
}

enum jac_status jac_graph_new(const char *text, size_t batch,
                              const struct jac_formula_size *size, size_t count,
                              const struct jac_module_library *library,
                              struct jac_map **map, struct jac_error *err) {
  struct jac_graph_reader r = {
      .batch = batch, .size = size, .sizes = count, .library = library, .err = err};
  return jac_graph_read(&r, text, text, map);
}
