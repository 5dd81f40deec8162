/* A definition read as it is said, before anything is guessed: shared by its files. */
#ifndef JACOBIAN_ALGEBRA_DEFINITION_INTERNAL_H
#define JACOBIAN_ALGEBRA_DEFINITION_INTERNAL_H

#include "jacobian/algebra/definition.h"

/* jac_define with these sizes and no others. */
enum jac_status jac_define_as(struct jac_defined *d, const char *definition,
                              const struct jac_named_size *size, size_t count,
                              struct jac_error *err);

/* Whether a definition, or the sizes given to it, have a word. */
bool jac_definition_has_word(const char *text, const struct jac_named_size *size,
                             size_t count, const char *word);

enum { JAC_REACHED_MOST = 16 };
struct jac_reached {
  char name[40], rows[64], cols[64];
};
/* The sizes of all that nobody has said, where entries stand at sums of indices. How
 * many; 0: there are no such entries, or nothing says it. */
size_t jac_definition_reach(const struct jac_defined *d, const char *definition,
                            const struct jac_named_size *size, size_t count,
                            struct jac_reached *out);

#endif
