/* Which rows or columns of a large matrix are written, and where dots stand for others.
 */
#ifndef VISUAL_LATEX_AXIS_H
#define VISUAL_LATEX_AXIS_H

#include "jacobian/error.h"

#include <stdbool.h>
#include <stddef.h>

#define JAC_AXIS_DOTS ((size_t)-1)

struct jac_axis {
  size_t count; /* places, dots included */
  size_t *at;   /* which row or column stands there, or JAC_AXIS_DOTS; owned */
  bool *rule;   /* a block begins there; owned */
  size_t head;  /* blocks before the dots; 0: every block is there */
};

/* The axis of size rows or columns in blocks of so many (0 or 1: none), of which at most
 * most are written, if that is at least 3. Dots stand for whole blocks before the last
 * one, and for the middle of blocks that are long themselves. head above 0 asks for so
 * many blocks before the dots. Free with jac_axis_free. Errors: JAC_ENOMEM. */
enum jac_status jac_axis_make(size_t size, size_t block, size_t most, size_t head,
                              struct jac_axis *axis, struct jac_error *err);
void jac_axis_free(struct jac_axis *axis);

/* A copy, to be freed as well. Errors: JAC_ENOMEM. */
enum jac_status jac_axis_copy(const struct jac_axis *axis, struct jac_axis *copy,
                              struct jac_error *err);

/* Whether there are several blocks. */
bool jac_axis_ruled(const struct jac_axis *axis);

/* Whether the axis of jac_axis_make would show several blocks. */
bool jac_axis_shows_blocks(size_t size, size_t block, size_t most);

#endif
