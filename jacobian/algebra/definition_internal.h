/* A definition read as it is said, before anything is guessed: shared by its files. */
#ifndef JACOBIAN_ALGEBRA_DEFINITION_INTERNAL_H
#define JACOBIAN_ALGEBRA_DEFINITION_INTERNAL_H

#include "jacobian/algebra/definition.h"

/* jac_define with these sizes and no others. */
enum jac_status jac_define_as(struct jac_defined *d, const char *definition,
                              const struct jac_named_size *size, size_t count,
                              struct jac_error *err);

#endif
