#include "jacobian/formula/tree.h"

#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nodes stand in blocks, each linked to the one before. */
struct block {
  struct block *before;
  size_t used;
  _Alignas(max_align_t) char bytes[32768];
};

void jac_arena_free(struct jac_arena *arena) {
  struct block *block = arena->blocks;
  while (block != NULL) {
    struct block *before = block->before;
    free(block);
    block = before;
  }
  *arena = (struct jac_arena)JAC_ARENA_INIT;
}

enum jac_status jac_arena_status(const struct jac_arena *arena, struct jac_error *err) {
  if (!arena->failed)
    return JAC_OK;
  if (arena->limit)
    return jac_fail(err, JAC_ELIMIT,
                    _("the formula has more than %d nodes or is nested deeper than %d"),
                    JAC_FORMULA_NODES, JAC_FORMULA_DEPTH);
  return jac_fail_memory(err);
}

static void *take(struct jac_arena *arena, size_t bytes) {
  struct block *block = arena->blocks;
  bytes = (bytes + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
  if (block == NULL || bytes > sizeof block->bytes - block->used) {
    block = malloc(sizeof *block);
    if (block == NULL)
      return NULL;
    block->before = arena->blocks;
    block->used = 0;
    arena->blocks = block;
  }
  void *place = block->bytes + block->used;
  block->used += bytes;
  return place;
}

const struct jac_node *jac_node_named(struct jac_arena *arena, enum jac_kind kind,
                                      const char *name, size_t count,
                                      const struct jac_node *const *child) {
  size_t depth = 0;
  for (size_t k = 0; k < count; k++) {
    if (child[k] == NULL)
      return NULL;
    depth = child[k]->depth > depth ? child[k]->depth : depth;
  }
  if (arena->nodes >= JAC_FORMULA_NODES || depth >= JAC_FORMULA_DEPTH ||
      count > JAC_FORMULA_CHILDREN) {
    arena->failed = arena->limit = true;
    return NULL;
  }
  struct jac_node *node =
      arena->failed ? NULL : take(arena, sizeof *node + count * sizeof node->child[0]);
  if (node == NULL) {
    arena->failed = true;
    return NULL;
  }
  *node = (struct jac_node){.kind = kind, .depth = depth + 1, .count = count};
  snprintf(node->name, sizeof node->name, "%s", name);
  for (size_t k = 0; k < count; k++)
    node->child[k] = child[k];
  arena->nodes++;
  return node;
}

const struct jac_node *jac_node(struct jac_arena *arena, enum jac_kind kind, size_t count,
                                const struct jac_node *const *child) {
  return jac_node_named(arena, kind, "", count, child);
}

const struct jac_node *jac_number(struct jac_arena *arena, double value) {
  const struct jac_node *node = jac_node(arena, JAC_NUMBER, 0, NULL);
  if (node != NULL)
    ((struct jac_node *)node)->number = value;
  return node;
}

const struct jac_node *jac_unary(struct jac_arena *arena, enum jac_kind kind,
                                 const struct jac_node *a) {
  return jac_node(arena, kind, 1, &a);
}

const struct jac_node *jac_binary(struct jac_arena *arena, enum jac_kind kind,
                                  const struct jac_node *a, const struct jac_node *b) {
  const struct jac_node *child[] = {a, b};
  return jac_node(arena, kind, 2, child);
}

const struct jac_node *jac_rebuild(struct jac_arena *arena, const struct jac_node *node,
                                   const struct jac_node *const *child) {
  bool same = true;
  for (size_t k = 0; k < node->count; k++)
    same = same && child[k] == node->child[k];
  if (same)
    return node;
  return jac_placed(jac_node_named(arena, node->kind, node->name, node->count, child),
                    node->position);
}

const struct jac_node *jac_placed(const struct jac_node *node, size_t position) {
  if (node != NULL)
    ((struct jac_node *)node)->position = position;
  return node;
}

static bool binds(const struct jac_node *node, const char *name) {
  return (node->kind == JAC_SUM || node->kind == JAC_PRODUCT || node->kind == JAC_MAX) &&
         strcmp(node->name, name) == 0;
}

bool jac_mentions(const struct jac_node *node, const char *name) {
  if ((node->kind == JAC_NAME || node->kind == JAC_ENTRY) &&
      strcmp(node->name, name) == 0)
    return true;
  for (size_t k = binds(node, name) ? 1 : 0; k < node->count; k++)
    if (jac_mentions(node->child[k], name))
      return true;
  return false;
}

const struct jac_node *jac_replace_name(struct jac_arena *arena,
                                        const struct jac_node *node, const char *name,
                                        const struct jac_node *by) {
  const struct jac_node *child[JAC_FORMULA_CHILDREN];
  if (node == NULL || (node->kind == JAC_NAME && strcmp(node->name, name) == 0))
    return node == NULL ? NULL : by;
  for (size_t k = 0; k < node->count; k++)
    child[k] = k == 0 && binds(node, name)
                   ? node->child[0]
                   : jac_replace_name(arena, node->child[k], name, by);
  return jac_rebuild(arena, node, child);
}

bool jac_equal(const struct jac_node *a, const struct jac_node *b) {
  if (a == b)
    return true;
  if (a == NULL || b == NULL || a->kind != b->kind || a->count != b->count ||
      a->number != b->number ||
      (a->kind != JAC_MULTIPLY && strcmp(a->name, b->name) != 0))
    return false;
  for (size_t k = 0; k < a->count; k++)
    if (!jac_equal(a->child[k], b->child[k]))
      return false;
  return true;
}

bool jac_is_number(const struct jac_node *node, double value) {
  return node != NULL && node->kind == JAC_NUMBER && node->number == value;
}
