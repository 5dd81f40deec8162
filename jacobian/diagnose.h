/* What a mistake most likely is: the transformations of the truth that a wrong Jacobian
 * matches, most likely first. */
#ifndef JACOBIAN_DIAGNOSE_H
#define JACOBIAN_DIAGNOSE_H

#include "jacobian/buffer.h"
#include "jacobian/suspects.h"

/* Fills found with what candidate (of the truth's shape) matches, most likely first;
 * *count of them, 0 when nothing does, or when it is the truth within the tolerance. */
enum jac_status jac_diagnose(const struct jac_suspects *suspects,
                             const struct jac_array3 *candidate,
                             struct jac_diagnosis found[JAC_DIAGNOSES], size_t *count,
                             struct jac_error *err);

/* Whether the candidate is what that mistake makes, in any of its ways; *found says it.
 */
enum jac_status jac_diagnose_as(const struct jac_suspects *suspects,
                                const struct jac_array3 *candidate,
                                enum jac_mistake mistake, bool *matches,
                                struct jac_diagnosis *found, struct jac_error *err);

/* One clause for a person: "it is the transpose", "it is 2 times the Jacobian". */
void jac_diagnosis_write(const struct jac_suspects *suspects,
                         const struct jac_diagnosis *diagnosis, struct jac_buffer *out);

/* What cannot be seen at this truth, as a sentence, or nothing: a symmetric Jacobian
 * hides a transpose. */
void jac_diagnosis_hidden(const struct jac_suspects *suspects, struct jac_buffer *out);

#endif
