/* The table of `check --sweep`. */
#ifndef VISUAL_CLI_SWEEP_H
#define VISUAL_CLI_SWEEP_H

#include "jacobian/buffer.h"
#include "jacobian/sweep.h"
#include "visual/style.h"

/* Sweeps and adds the table: a line a step, with bars over the decades. */
enum jac_status jac_sweep_text(const struct jac_map *map, jac_point x, size_t wrt,
                               const struct jac_array3 *J, unsigned long seed,
                               const struct jac_style *style, struct jac_buffer *out,
                               struct jac_error *err);

#endif
