/* What `show` writes as it is computed: formats whose files may be larger than memory. */
#ifndef VISUAL_CLI_PARTS_H
#define VISUAL_CLI_PARTS_H

#include "visual/cli/subject.h"
#include "visual/parts.h"

/* Writes the subject's one Jacobian in the options' format, of --samples alone. Errors:
 * as the format's, and what --samples cannot mean. */
enum jac_status jac_parts_show(const struct jac_options *options,
                               const struct jac_subject *subject, struct jac_error *err);

#endif
