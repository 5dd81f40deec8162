/* What a diagnosis may suspect of a map at a point: its quantities and its other
 * Jacobians. */
#ifndef VISUAL_CLI_SUSPECTS_H
#define VISUAL_CLI_SUSPECTS_H

#include "jacobian/diagnose.h"

/* Fills suspects for the truth J with respect to wrt; truth, map and point are borrowed
 * and must outlive it. Free with jac_suspects_free. */
enum jac_status jac_suspects_make(const struct jac_map *map, jac_point x, size_t wrt,
                                  const struct jac_array3 *J,
                                  struct jac_suspects *suspects, struct jac_error *err);
void jac_suspects_free(struct jac_suspects *suspects);

#endif
