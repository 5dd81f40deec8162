#include "visual/latex/axis.h"

#include <stdlib.h>
#include <string.h>

void jac_axis_free(struct jac_axis *axis) {
  free(axis->at);
  free(axis->rule);
  *axis = (struct jac_axis){0};
}

enum jac_status jac_axis_copy(const struct jac_axis *axis, struct jac_axis *copy,
                              struct jac_error *err) {
  *copy = (struct jac_axis){.count = axis->count,
                            .at = malloc((axis->count + 1) * sizeof *copy->at),
                            .rule = malloc((axis->count + 1) * sizeof *copy->rule),
                            .head = axis->head};
  if (copy->at == NULL || copy->rule == NULL) {
    jac_axis_free(copy);
    return jac_fail_memory(err);
  }
  memcpy(copy->at, axis->at, axis->count * sizeof *copy->at);
  memcpy(copy->rule, axis->rule, axis->count * sizeof *copy->rule);
  return JAC_OK;
}

static void put(struct jac_axis *axis, size_t at, bool rule) {
  axis->rule[axis->count] = rule && axis->count > 0;
  axis->at[axis->count++] = at;
}

/* A block of size from first on, with dots in its middle where inner is fewer. */
static void put_block(struct jac_axis *axis, size_t first, size_t size, size_t inner,
                      bool rule) {
  for (size_t k = 0; k < size; k++)
    if (inner >= size || k + 2 < inner || k + 1 == size)
      put(axis, first + k, rule && k == 0);
    else if (k + 2 == inner)
      put(axis, JAC_AXIS_DOTS, false);
}

/* How many of a block are written, and how many blocks come before the dots (0: all of
 * them do). */
struct plan {
  size_t inner, head;
};

static struct plan choose(size_t blocks, size_t block, size_t most) {
  enum { LEAST = 3 }; /* a first one, dots, a last one */
  size_t fewest = block < LEAST ? block : LEAST;
  if (blocks * block <= most)
    return (struct plan){block, 0};
  if (block > LEAST && most / blocks >= LEAST)
    return (struct plan){most / blocks, 0};
  for (size_t head = blocks > 3 ? 2 : 1; head > 0 && blocks > 2; head--) {
    if ((head + 1) * block + 1 <= most) {
      size_t room = (most - 1) / block - 1;
      return (struct plan){block, room < blocks - 2 ? room : blocks - 2};
    }
    if ((head + 1) * fewest + 1 <= most)
      return (struct plan){(most - 1) / (head + 1), head};
  }
  return (struct plan){fewest, blocks > 2 ? 1 : 0};
}

/* How many places a plan takes. */
static size_t places(struct plan plan, size_t blocks, size_t block) {
  size_t inner = plan.inner < block ? plan.inner : block;
  return plan.head > 0 ? (plan.head + 1) * inner + 1 : blocks * inner;
}

/* Long: blocks, then without them; then what is put. */
enum jac_status jac_axis_make(size_t size, size_t block, size_t most, size_t head,
                              struct jac_axis *axis, struct jac_error *err) {
  bool ruled = block > 1 && block < size;
  size_t blocks = ruled ? size / block : size, width = ruled ? block : 1;
  most = most < 3 ? 3 : most;
  struct plan plan = choose(blocks, width, most);
  if (ruled && places(plan, blocks, width) > most) { /* no room for blocks */
    ruled = false;
    blocks = size;
    width = 1;
    head = 0;
    plan = choose(blocks, width, most);
  }
  if (head > 0 && head + 2 <= blocks)
    plan.head = head;
  size_t room = places(plan, blocks, width) + 1;
  *axis = (struct jac_axis){.at = malloc(room * sizeof *axis->at),
                            .rule = malloc(room * sizeof *axis->rule),
                            .head = plan.head};
  if (axis->at == NULL || axis->rule == NULL) {
    jac_axis_free(axis);
    return jac_fail_memory(err);
  }
  for (size_t k = 0; k < blocks; k++)
    if (plan.head == 0 || k < plan.head || k + 1 == blocks)
      put_block(axis, k * width, width, plan.inner, ruled);
    else if (k == plan.head)
      put(axis, JAC_AXIS_DOTS, ruled);
  return JAC_OK;
}

bool jac_axis_ruled(const struct jac_axis *axis) {
  for (size_t k = 0; k < axis->count; k++)
    if (axis->rule[k])
      return true;
  return false;
}

bool jac_axis_shows_blocks(size_t size, size_t block, size_t most) {
  struct jac_axis axis;
  bool shows =
      jac_axis_make(size, block, most, 0, &axis, NULL) == JAC_OK && jac_axis_ruled(&axis);
  jac_axis_free(&axis);
  return shows;
}
