/* What the terminal can do. */
#ifndef VISUAL_STYLE_H
#define VISUAL_STYLE_H

#include <stdbool.h>
#include <stddef.h>

struct jac_style {
  bool color;   /* ANSI colours */
  bool unicode; /* UTF-8, else plain ASCII */
  size_t width; /* columns of the terminal; 0: no limit */
  size_t parts; /* of a wide table; a part more is shown too, of more none; 0: all */
};

#endif
