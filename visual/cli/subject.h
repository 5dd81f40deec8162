/* What a command is about: the map that its specs name, at a point. */
#ifndef VISUAL_CLI_SUBJECT_H
#define VISUAL_CLI_SUBJECT_H

#include "jacobian/values.h"
#include "visual/cli/options.h"
#include "visual/cli/outside.h"

struct jac_subject {
  struct jac_outside outside;
  struct jac_map *map;
  struct jac_map *of;       /* whose second derivatives it is, or NULL */
  struct jac_values values; /* drawn from the seed, replaced by what --set gives */
  size_t *wrt;              /* the variables asked for, nwrt of them */
  size_t nwrt;
};

/* Makes all of it from the options; jac_subject_free in any case. Errors name the spec,
 * the variable or the value at fault, or say that the format holds one variable only. */
enum jac_status jac_subject_make(const struct jac_options *options,
                                 struct jac_subject *subject, struct jac_error *err);

/* The same, but --wrt A,B makes the map that of the second derivatives by A, and by B. */
enum jac_status jac_subject_make_second(const struct jac_options *options,
                                        struct jac_subject *subject,
                                        struct jac_error *err);
void jac_subject_free(struct jac_subject *subject);

/* Which of the map's variables --set gives: nvar truths, to be freed; NULL: no memory. */
bool *jac_subject_given(const struct jac_options *options,
                        const struct jac_subject *subject);

#endif
