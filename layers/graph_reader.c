/* What equations with modules have made so far: names, variables of the whole, nodes. */
#include "layers/graph_read_internal.h"

#include "jacobian/formula/spell.h"

#include <stdio.h>
#include <stdlib.h>

const struct jac_graph_named *jac_graph_find_named(const struct jac_graph_reader *r,
                                                   struct jac_graph_span name) {
  for (size_t k = r->names; k-- > 0;)
    if (strlen(r->named[k].name) == (size_t)(name.end - name.at) &&
        memcmp(r->named[k].name, name.at, (size_t)(name.end - name.at)) == 0)
      return &r->named[k];
  return NULL;
}

const struct jac_formula_size *jac_graph_find_size(const struct jac_graph_reader *r,
                                                   struct jac_graph_span name) {
  for (size_t k = 0; k < r->sizes; k++)
    if (strlen(r->size[k].name) == (size_t)(name.end - name.at) &&
        memcmp(r->size[k].name, name.at, (size_t)(name.end - name.at)) == 0)
      return &r->size[k];
  return NULL;
}

enum jac_status jac_graph_add_named(struct jac_graph_reader *r,
                                    struct jac_graph_span name,
                                    struct jac_source source) {
  struct jac_graph_named *more = realloc(r->named, (r->names + 1) * sizeof *more);
  if (more == NULL)
    return jac_fail_memory(r->err);
  r->named = more;
  more[r->names].source = source;
  snprintf(more[r->names].name, sizeof more->name, "%.*s", (int)(name.end - name.at),
           name.at);
  r->names++;
  return JAC_OK;
}

/* A variable of the whole: the one of a module or a formula, under a name of its own
 * (empty: its module's). */
enum jac_status jac_graph_add_variable(struct jac_graph_reader *r,
                                       const struct jac_variable *var,
                                       struct jac_graph_span name, size_t *at) {
  struct jac_map *map = &r->g->map;
  struct jac_variable *more = realloc(map->var, (map->nvar + 1) * sizeof *more);
  if (more != NULL)
    map->var = more;
  size_t *number = realloc(r->number, (map->nvar + 1) * sizeof *number);
  if (number != NULL)
    r->number = number;
  if (more == NULL || number == NULL)
    return jac_fail_memory(r->err);
  if (map->nvar == JAC_GRAPH_VARIABLES)
    return jac_fail(r->err, JAC_ELIMIT, _("equations of more than %d variables"),
                    JAC_GRAPH_VARIABLES);
  struct jac_variable *own = &map->var[map->nvar];
  *own = *var;
  own->entry = NULL;
  own->writer = NULL;
  bool given = name.at < name.end;
  if (given)
    snprintf(own->name, sizeof own->name, "%.*s", (int)(name.end - name.at), name.at);
  if ((given && strcmp(own->name, var->name) != 0) || strstr(own->symbol, "k-1")) {
    struct jac_buffer latex = JAC_BUFFER_INIT;
    jac_spell_latex(own->name, 0, NULL, &latex);
    snprintf(own->symbol, sizeof own->symbol, "%s", latex.text);
    jac_buffer_free(&latex);
  }
  number[map->nvar] = 0;
  for (size_t v = 0; v <= map->nvar && !given; v++)
    number[map->nvar] += strcmp(map->var[v].name, own->name) == 0;
  *at = map->nvar++;
  struct jac_source source = {false, *at};
  return given ? jac_graph_add_named(r, name, source) : JAC_OK;
}

/* Whether values of the variable are numbers of another in the same places. */
bool jac_graph_same_shape(const struct jac_variable *a, const struct jac_variable *b) {
  size_t rows, cols, other_rows, other_cols;
  jac_variable_storage(a, &rows, &cols);
  jac_variable_storage(b, &other_rows, &other_cols);
  return rows == other_rows && cols == other_cols &&
         (rows == 1 || (a->role == b->role && (a->ndim == 3) == (b->ndim == 3)));
}

/* What a source gives, as a variable. */
struct jac_variable jac_graph_source_variable(const struct jac_graph_reader *r,
                                              struct jac_source s) {
  if (!s.node)
    return r->g->map.var[s.at];
  const struct jac_map *m = r->g->node[s.at].map;
  struct jac_variable var = {.role = m->rows == r->batch ? JAC_DATA : JAC_PARAMETER,
                             .ndim = 2,
                             .dims = {m->rows, m->cols}};
  return var;
}

static void describe(const struct jac_variable *var, char text[64]) {
  size_t rows, cols;
  jac_variable_storage(var, &rows, &cols);
  if (var->role == JAC_DATA)
    snprintf(text, 64, _("%zu features a sample"), cols);
  else
    snprintf(text, 64, "%zu x %zu", rows, cols);
}

/* What a module's variable takes is joined to it: sizes must be the same. */
enum jac_status jac_graph_join(struct jac_graph_reader *r, const struct jac_map *m,
                               size_t v, struct jac_source source, const char *name) {
  struct jac_variable given = jac_graph_source_variable(r, source);
  if (!jac_graph_same_shape(&m->var[v], &given)) {
    char wanted[64], is[64];
    describe(&m->var[v], wanted);
    describe(&given, is);
    return jac_fail(r->err, JAC_EINPUT, _("%.100s: %s takes %s, %.40s has %s"), m->spec,
                    m->var[v].name, wanted, name, is);
  }
  if (source.node)
    return JAC_OK;
  struct jac_variable *own = &r->g->map.var[source.at];
  if (m->var[v].role == JAC_DATA && own->role != JAC_DATA) {
    own->role = JAC_DATA; /* one row: a sample */
    own->dims[1] = jac_variable_size(own);
    own->dims[0] = 1;
    own->ndim = 2;
  }
  if (own->domain == JAC_REAL) {
    own->domain = m->var[v].domain;
    own->classes = m->var[v].classes;
    own->p = m->var[v].p;
  }
  own->secondary = own->secondary && m->var[v].secondary;
  return JAC_OK;
}

/* Takes m over. */
enum jac_status jac_graph_add_node(struct jac_graph_reader *r, struct jac_map *m) {
  struct jac_graph *g = r->g;
  struct jac_node *more = realloc(g->node, (g->count + 1) * sizeof *more);
  struct jac_source *source = calloc(m->nvar + 1, sizeof *source);
  if (more != NULL)
    g->node = more;
  enum jac_status status =
      more == NULL || source == NULL ? jac_fail_memory(r->err) : JAC_OK;
  if (status == JAC_OK && g->count == JAC_GRAPH_NODES)
    status = jac_fail(r->err, JAC_ELIMIT, _("a network has at most %d modules"),
                      JAC_GRAPH_NODES);
  if (status != JAC_OK) {
    jac_map_free(m);
    free(source);
    return status;
  }
  g->node[g->count++] = (struct jac_node){.map = m, .source = source};
  bool alone = m->batch != r->batch;
  if ((m->coupled || alone) && !g->map.coupled) {
    g->map.coupled = true;
    snprintf(g->reason, sizeof g->reason, "%.80s: %.70s", m->spec,
             alone ? _("it is one for all samples") : m->coupled_reason);
    g->map.coupled_reason = g->reason;
  }
  g->map.placed = g->map.placed || m->placed;
  return JAC_OK;
}
