/* What every JSON output of the program shares. */
#ifndef VISUAL_JSON_H
#define VISUAL_JSON_H

#include <jansson.h>

/* A number as JSON; what is not finite becomes "nan", "inf" or "-inf". A new reference,
 * or NULL when memory runs out. Dump with JSON_REAL_PRECISION(17). */
json_t *jac_json_number(double value);

#endif
