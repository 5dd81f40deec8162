/* JSON as it is written: where a value stands in a text that is known to be valid. */
#ifndef JACOBIAN_JSON_TEXT_H
#define JACOBIAN_JSON_TEXT_H

/* Past blanks and line ends. */
const char *jac_json_space(const char *at);

/* Past the value that begins at at. */
const char *jac_json_past(const char *at);

/* The next element of the list or pair of the object, behind the value that begins at at:
 * past it, its comma and blanks; at the closing mark where there is none. */
const char *jac_json_next(const char *at);

/* The last value of this name in the object that opens at at, as jansson takes it, or
 * NULL. */
const char *jac_json_member(const char *at, const char *name);

#endif
