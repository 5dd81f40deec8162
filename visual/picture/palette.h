/* The colours of entries. Blue is negative, red is positive, dark is large: ColorBrewer's
 * RdBu, which colour-blind readers can tell apart. The palest shade of each sign is still
 * clearly no white, so that what is not zero is seen however small it is. */
#ifndef VISUAL_PICTURE_PALETTE_H
#define VISUAL_PICTURE_PALETTE_H

#include <stdbool.h>

enum {
  JAC_SHADE_ALWAYS_ZERO, /* whatever the values */
  JAC_SHADE_ZERO,        /* at these values */
  JAC_SHADE_MARK,        /* of structure: not zero */
  JAC_SHADE_MARK_ZERO,   /* of structure: zero at these values */
  JAC_SHADE_SYMBOL,      /* not zero for some values: behind its symbol */
  JAC_SHADE_NOT_FINITE,
  JAC_SHADE_SIGNED, /* the first of the shades of numbers: negative, then positive */
  JAC_SHADE_LEVELS = 16,
  JAC_SHADES = JAC_SHADE_SIGNED + 2 * JAC_SHADE_LEVELS
};

/* The shade of a finite number that is not zero, where largest is the largest magnitude.
 */
unsigned char jac_shade(double value, double largest);

/* Its colour, 0xRRGGBB, and whether letters on it are white. */
long jac_shade_color(unsigned char shade);
bool jac_shade_dark(unsigned char shade);

#endif
