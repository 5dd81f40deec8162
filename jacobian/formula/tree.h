/* A formula as a tree. One kind of node for every construct; which children it has stands
 * beside it. Trees are immutable once built: to change one is to build another. */
#ifndef JACOBIAN_FORMULA_TREE_H
#define JACOBIAN_FORMULA_TREE_H

#include "jacobian/error.h"

#include <stdbool.h>
#include <stddef.h>

enum jac_kind {
  JAC_NUMBER,  /* number */
  JAC_NAME,    /* name: a variable, a constant, an index */
  JAC_ENTRY,   /* name[children...]: z[n,i] */
  JAC_CALL,    /* name(children...): tanh(x), diag(s) */
  JAC_SUM,     /* sum(name, child): over an index; with bounds, children body, from, to */
  JAC_PRODUCT, /* prod(name, child): likewise */
  JAC_MAX,     /* max(name, child): likewise */
  JAC_DELTA,   /* delta(a, b): 1 where the indices are equal */
  JAC_INDICATOR, /* ind(condition) */
  JAC_COMPARE,   /* name is the sign: = != < <= > >= */
  JAC_AND,       /* both conditions */
  JAC_CASES, /* value, condition, value, condition, ...; an odd last one is 'otherwise' */
  JAC_ADD,   /* a + b */
  JAC_NEGATE,     /* -a */
  JAC_MULTIPLY,   /* a * b, the product of mathematics */
  JAC_HADAMARD,   /* a .* b */
  JAC_DIVIDE,     /* a / b */
  JAC_POWER,      /* a ^ b */
  JAC_TRANSPOSE,  /* a' */
  JAC_AT,         /* an expression's entry: (A B)[i,j]; children expression, indices */
  JAC_DERIVATIVE, /* children y, x: the derivative of y with respect to x */
  JAC_MATRIX,     /* explicit, its children are rows */
  JAC_ROW,        /* of cells */
  JAC_DOTS,  /* a cell that stands for what its neighbours continue; name c, v or d */
  JAC_BLANK, /* an empty cell */
  JAC_KINDS
};

enum { JAC_FORMULA_NAME = 48, JAC_FORMULA_DEPTH = 200, JAC_FORMULA_CHILDREN = 24 };

/* Longest text read and most nodes built, unless a caller lowers them. */
#define JAC_FORMULA_TEXT 100000
#define JAC_FORMULA_NODES 200000

struct jac_node {
  enum jac_kind kind;
  double number;
  char name[JAC_FORMULA_NAME];
  size_t position; /* in the text it was read from, in bytes */
  size_t depth;    /* 1 for a leaf */
  size_t count;    /* children */
  const struct jac_node *child[];
};

/* Owns the nodes of any number of trees that share parts. */
struct jac_arena {
  void *blocks;
  size_t nodes;
  bool failed; /* out of memory, or over JAC_FORMULA_NODES or JAC_FORMULA_DEPTH: from then
                  on building gives NULL, and NULL children give NULL */
  bool limit;  /* it was a bound, not memory */
};

#define JAC_ARENA_INIT                                                                   \
  { NULL, 0, false, false }

void jac_arena_free(struct jac_arena *arena);

/* The status of what was built: JAC_OK, JAC_ENOMEM, or JAC_ELIMIT with the bound. */
enum jac_status jac_arena_status(const struct jac_arena *arena, struct jac_error *err);

/* Builders; none simplifies. name is cut at JAC_FORMULA_NAME - 1 (readers refuse longer).
 */
const struct jac_node *jac_node(struct jac_arena *arena, enum jac_kind kind, size_t count,
                                const struct jac_node *const *child);
const struct jac_node *jac_node_named(struct jac_arena *arena, enum jac_kind kind,
                                      const char *name, size_t count,
                                      const struct jac_node *const *child);
const struct jac_node *jac_number(struct jac_arena *arena, double value);
const struct jac_node *jac_unary(struct jac_arena *arena, enum jac_kind kind,
                                 const struct jac_node *a);
const struct jac_node *jac_binary(struct jac_arena *arena, enum jac_kind kind,
                                  const struct jac_node *a, const struct jac_node *b);

/* The same node with other children (count of them), or the node itself when they are its
 * own. */
const struct jac_node *jac_rebuild(struct jac_arena *arena, const struct jac_node *node,
                                   const struct jac_node *const *child);

/* A place in the text, in bytes, given to a node just built; NULL stays NULL. */
const struct jac_node *jac_placed(const struct jac_node *node, size_t position);

/* Whether a name occurs in the tree, as a name, an index or an entry's. */
bool jac_mentions(const struct jac_node *node, const char *name);

/* The tree with a name (no entry, no index bound inside) replaced by another tree. */
const struct jac_node *jac_replace_name(struct jac_arena *arena,
                                        const struct jac_node *node, const char *name,
                                        const struct jac_node *by);

/* Whether two trees are the same formula, positions aside, and the signs with which
 * products are written. */
bool jac_equal(const struct jac_node *a, const struct jac_node *b);

/* Whether node is the number value. */
bool jac_is_number(const struct jac_node *node, double value);

#endif
