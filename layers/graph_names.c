/* Names of what equations leave without one, and the order of the variables. */
#include "layers/graph_read_internal.h"

#include "jacobian/formula/spell.h"

#include <stdio.h>
#include <stdlib.h>

/* A name that stands nowhere in the equations. */
void jac_graph_hidden_name(struct jac_graph_reader *r, char name[JAC_NAME_SIZE]) {
  do
    snprintf(name, JAC_NAME_SIZE, "v_%zu", ++r->hidden);
  while (strstr(r->text, name) != NULL ||
         jac_graph_find_size(r, jac_graph_whole_of(name)) != NULL);
}

/* What node k gives is written by that name. */
void jac_graph_name_node(struct jac_graph_reader *r, size_t k, const char *name) {
  struct jac_map *m = r->g->node[k].map;
  struct jac_buffer latex = JAC_BUFFER_INIT;
  jac_spell_latex(name, 0, NULL, &latex);
  snprintf(m->output_symbol, sizeof m->output_symbol, "%s", latex.text);
  jac_buffer_free(&latex);
  r->g->node[k].named = true;
}

static bool has_name(const struct jac_map *map, const char *name) {
  return jac_map_find(map, name) < map->nvar;
}

/* Names that modules gave are numbered where they occur again; one that was given stays.
 */
static enum jac_status number_names(struct jac_graph_reader *r) {
  struct jac_map *map = &r->g->map;
  bool *again = calloc(map->nvar + 1, sizeof *again);
  if (again == NULL)
    return jac_fail_memory(r->err);
  for (size_t v = 0; v < map->nvar; v++)
    for (size_t w = 0; w < map->nvar && r->number[v] > 0; w++)
      again[v] = again[v] || (w != v && strcmp(map->var[w].name, map->var[v].name) == 0);
  for (size_t v = 0; v < map->nvar; v++) {
    char name[JAC_NAME_SIZE + 24], symbol[JAC_SYMBOL_SIZE + 24];
    size_t number = r->number[v];
    if (!again[v])
      continue;
    do
      snprintf(name, sizeof name, "%.8s%zu", map->var[v].name, number);
    while (has_name(map, name) && ++number > 0);
    snprintf(symbol, sizeof symbol, "%.30s^{%zu}", map->var[v].symbol, number);
    memcpy(map->var[v].name, name, strlen(name) + 1);
    memcpy(map->var[v].symbol, symbol, strlen(symbol) + 1);
  }
  free(again);
  return JAC_OK;
}

/* How the variables are ordered: those with a size as these are given, then the others as
 * they are used. */
static size_t rank(const struct jac_graph_reader *r, size_t v) {
  size_t k = 0;
  while (k < r->sizes && strcmp(r->size[k].name, r->g->map.var[v].name) != 0)
    k++;
  return k;
}

static enum jac_status order_variables(struct jac_graph_reader *r) {
  struct jac_map *map = &r->g->map;
  size_t count = 0, *to = malloc((map->nvar + 1) * sizeof *to);
  struct jac_variable *var = malloc((map->nvar + 1) * sizeof *var);
  if (to == NULL || var == NULL) {
    free(to);
    free(var);
    return jac_fail_memory(r->err);
  }
  for (size_t k = 0; k <= r->sizes; k++)
    for (size_t v = 0; v < map->nvar; v++)
      if (rank(r, v) == k) {
        to[v] = count;
        var[count++] = map->var[v];
      }
  for (size_t k = 0; k < r->g->count; k++)
    for (size_t v = 0; v < r->g->node[k].map->nvar; v++) {
      struct jac_source *s = &r->g->node[k].source[v];
      s->at = s->node ? s->at : to[s->at];
    }
  free(map->var);
  map->var = var;
  free(to);
  return JAC_OK;
}

/* The modules write the names of the whole too, so that their own Jacobians can be shown.
 */
static void name_modules(struct jac_graph_reader *r) {
  struct jac_graph *g = r->g;
  for (size_t k = 0; k < g->count && !r->specs; k++) {
    char name[JAC_NAME_SIZE];
    if (g->node[k].named)
      continue;
    jac_graph_hidden_name(r, name);
    jac_graph_name_node(r, k, name);
  }
  for (size_t k = 0; k < g->count; k++)
    for (size_t v = 0; v < g->node[k].map->nvar; v++) {
      struct jac_source s = g->node[k].source[v];
      memcpy(g->node[k].map->var[v].symbol,
             s.node ? g->node[s.at].map->output_symbol : g->map.var[s.at].symbol,
             JAC_SYMBOL_SIZE);
    }
}

/* The whole takes its shape from its last node. */
enum jac_status jac_graph_finish(struct jac_graph_reader *r) {
  struct jac_map *map = &r->g->map;
  if (r->g->count == 0)
    return jac_fail(r->err, JAC_EINPUT, _("there is no equation"));
  const struct jac_map *last = r->g->node[r->g->count - 1].map;
  map->rows = last->rows;
  map->cols = last->cols;
  map->channels = last->channels;
  map->width = last->width;
  memcpy(map->output_symbol, last->output_symbol, sizeof map->output_symbol);
  enum jac_status status = number_names(r);
  if (status == JAC_OK)
    status = order_variables(r);
  if (status == JAC_OK)
    name_modules(r);
  return status;
}
