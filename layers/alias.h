/* Modules under the names that other frameworks and books give them. */
#ifndef LAYERS_ALIAS_H
#define LAYERS_ALIAS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether two names are the same but for case, hyphens, underscores, and the nn. of
 * PyTorch's: LogSoftmax is log-softmax. */
bool jac_alias_same(const char *name, const char *other);

/* The name that the project has for what others call so, BatchNorm1d or bn, or NULL. What
 * it computes may differ in a convention (losses average elsewhere): it is suggested,
 * never taken. */
const char *jac_alias_find(const char *name);

/* Which of the variables or options that are there others call so: weight, bias,
 * negative_slope; or NULL. */
const char *jac_alias_part(const char *name, const char *const *there, size_t count);

#endif
