/* The ways to give a rotation: by an angle, by an axis times an angle, by a quaternion.
 */
#ifndef LAYERS_ROTATION_H
#define LAYERS_ROTATION_H

#include "layers/module.h"

/* Formulas of entry (o,i) of [v]x, v = (a, b, c), and of entry o of (a, b, c) x (d, e,
 * f).
 */
#define JAC_HAT(o, i, a, b, c)                                                           \
  "cases(-" c ", " o " = 1 and " i " = 2, " b ", " o " = 1 and " i " = 3, " c ", " o     \
  " = 2 and " i " = 1, -" a ", " o " = 2 and " i " = 3, -" b ", " o " = 3 and " i        \
  " = 1, " a ", " o " = 3 and " i " = 2, 0)"
#define JAC_CROSS(o, a, b, c, d, e, f)                                                   \
  "cases(" b "*" f " - " c "*" e ", " o " = 1, " c "*" d " - " a "*" f ", " o " = 2, " a \
  "*" e " - " b "*" d ")"

/* A way to give a rotation, by `size` numbers, of points of `dim` coordinates. */
struct jac_rotation {
  const char *name, *symbol, *word;
  size_t size, dim;
  void (*turn)(const double *r, const double *u, double *out);
  /* d(R u)/dr, dim x size, row by row. */
  void (*derivative)(const double *r, const double *u, double *d);
  /* Its product with a tangent dr, by another way. */
  void (*tangent)(const double *r, const double *u, const double *dr, double *out);
  enum jac_domain domain;
  const char *definition, *posed; /* without and with + t */
  const char *where, *entry[2];
  const char
      *steady_where; /* of jac_map, for definition and posed as they are; or NULL */
};

enum { JAC_BY_ANGLE, JAC_BY_AXIS, JAC_BY_QUATERNION, JAC_ROTATIONS };
extern const struct jac_rotation jac_rotations[JAC_ROTATIONS];

#endif
