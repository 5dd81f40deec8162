/* Whether a text can be YAML: no more than what breaks it for certain. */
#ifndef JACOBIAN_NOTES_YAML_H
#define JACOBIAN_NOTES_YAML_H

#include <stddef.h>

/* The first line, from 1, at which a bracket, a brace or a quotation begins that nothing
 * closes, or which a tab indents; *sign is that character. 0: none of these. What is not
 * told apart for certain is no fault. Time is linear in the length. */
size_t jac_notes_yaml_fault(const char *text, size_t length, char *sign);

#endif
