/* What the files of networks in equations share. */
#ifndef LAYERS_GRAPH_INTERNAL_H
#define LAYERS_GRAPH_INTERNAL_H

#include "layers/graph.h"

/* Where a module's variable comes from: a variable of the whole, or what a node gives. */
struct jac_source {
  bool node;
  size_t at;
};

struct jac_node {
  struct jac_map *map;
  struct jac_source *source; /* of each of its variables */
  bool named;                /* what it gives has a name */
  size_t channels, width;    /* of the images that it gives, or 0 */
};

/* The output is the last node's. */
struct jac_graph {
  struct jac_map map;
  size_t count;
  struct jac_node *node;
  char reason[160];
};

/* [a, b, ...]: data of so many features each, side by side (layers/concat.c). */
enum jac_status jac_concat_new(size_t batch, const size_t *features, size_t count,
                               struct jac_map **map, struct jac_error *err);

extern const struct jac_map_type jac_graph_type;

#endif
