/* What every JSON output of the program shares. */
#ifndef VISUAL_JSON_H
#define VISUAL_JSON_H

#include "jacobian/buffer.h"

#include <jansson.h>

/* A number as JSON; what is not finite becomes "nan", "inf" or "-inf". A new reference,
 * or NULL when memory runs out. Dump with JSON_REAL_PRECISION(17). */
json_t *jac_json_number(double value);

/* A text as JSON, its bytes that are not UTF-8 as U+FFFD; null for NULL. A new reference,
 * or NULL when memory runs out. */
json_t *jac_json_text(const char *text);

/* Adds an array of objects as CSV: a line of the names in keys (ended by NULL), then a
 * line an object. Numbers stand as they are, texts as
 * jac_escape_csv has them, null is empty, a list of names is
 * joined by blanks. */
void jac_json_table(const json_t *array, const char *const *keys, struct jac_buffer *out);

#endif
