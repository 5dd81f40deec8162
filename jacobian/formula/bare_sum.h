/* sum_j, which plain notation reads as a name. */
#ifndef JACOBIAN_FORMULA_BARE_SUM_H
#define JACOBIAN_FORMULA_BARE_SUM_H

#include "jacobian/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Fails, with the place, where a sum or a product has its index below and no backslash,
 * unless something of that name is given. JAC_OK: there is none. */
enum jac_status jac_refuse_bare_sum(const char *text,
                                    bool (*given)(const char *name, const void *context),
                                    const void *context, struct jac_error *err);

#endif
