/* Numbers as text, the same in every locale: always a decimal point. */
#ifndef VISUAL_NUMBER_H
#define VISUAL_NUMBER_H

#include "jacobian/buffer.h"

#include <stdbool.h>
#include <stddef.h>

enum jac_number { JAC_NUMBER_OK, JAC_NUMBER_BAD, JAC_NUMBER_HUGE };

/* Reads one number that fills the whole text (zero-terminated): decimal, with an exponent
 * if need be, or nan, inf, infinity in any case. HUGE: no double is that large. */
enum jac_number jac_number_read(const char *text, double *value);

/* Adds the number with so many significant digits (1 to 17) as %g does, trailing zeros
 * dropped; nan, inf, -inf. With 17, reading gives the same bits. */
void jac_number_add(struct jac_buffer *out, double value, int digits);

/* A zero that was computed, where 0 alone is a zero whatever the values. */
#define JAC_ZERO_HERE "0.0"

/* Adds the number with so many digits after the point (%f). */
void jac_number_add_fixed(struct jac_buffer *out, double value, int decimals);

#endif
