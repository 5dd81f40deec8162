/* sum_j, which plain notation reads as a name. */
#ifndef JACOBIAN_FORMULA_BARE_SUM_H
#define JACOBIAN_FORMULA_BARE_SUM_H

#include "jacobian/error.h"

#include <stddef.h>

/* Fails, with the place, where a sum or a product has its index below and no backslash,
 * unless something of that name is given: given is an array of count elements of so many
 * bytes, each of which begins with its name, a const char *. JAC_OK: there is none. */
enum jac_status jac_refuse_bare_sum(const char *text, const void *given, size_t bytes,
                                    size_t count, struct jac_error *err);

#endif
