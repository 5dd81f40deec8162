#include "visual/picture/palette.h"

#include <math.h>

enum { STOPS = 5 };

static const long negative[STOPS] = {0xD1E5F0, 0x92C5DE, 0x4393C3, 0x2166AC, 0x053061};
static const long positive[STOPS] = {0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B, 0x67001F};

unsigned char jac_shade(double value, double largest) {
  int level = (int)(fabs(value) / largest * JAC_SHADE_LEVELS);
  level = level < JAC_SHADE_LEVELS ? level : JAC_SHADE_LEVELS - 1;
  return (unsigned char)(JAC_SHADE_SIGNED + level + (value > 0.0 ? JAC_SHADE_LEVELS : 0));
}

static long mix(long a, long b, double part) {
  long color = 0;
  for (int bits = 16; bits >= 0; bits -= 8) {
    double from = (double)(a >> bits & 0xFF), to = (double)(b >> bits & 0xFF);
    color |= lround(from + part * (to - from)) << bits;
  }
  return color;
}

long jac_shade_color(unsigned char shade) {
  static const long plain[] = {0xEFEFEF, 0xFFFFFF, 0x2F4B7C,
                               0xA9B8D0, 0xDCE7F5, 0xF0E442};
  if (shade < JAC_SHADE_SIGNED)
    return plain[shade];
  int level = (shade - JAC_SHADE_SIGNED) % JAC_SHADE_LEVELS;
  const long *stop = shade - JAC_SHADE_SIGNED < JAC_SHADE_LEVELS ? negative : positive;
  double place = (double)level * (STOPS - 1) / (JAC_SHADE_LEVELS - 1);
  int below = (int)place < STOPS - 1 ? (int)place : STOPS - 2;
  return mix(stop[below], stop[below + 1], place - below);
}

bool jac_shade_dark(unsigned char shade) {
  long color = jac_shade_color(shade);
  double light = 0.2126 * (double)(color >> 16) + 0.7152 * (double)(color >> 8 & 0xFF) +
                 0.0722 * (double)(color & 0xFF);
  return light < 120.0;
}
