/* What the files of doubts share: judge_doubt.c has their table and what a formula itself
 * may mean, judge_doubt_text.c what the text around it says, judge_doubt_bound.c
 * which names are not free, judge_doubt_other.c what else a letter may stand for. */
#ifndef JACOBIAN_NOTES_JUDGE_DOUBT_H
#define JACOBIAN_NOTES_JUDGE_DOUBT_H

#include "jacobian/notes/judge_internal.h"

typedef const struct jac_syntax node;

/* What defines a name, or a call of it; NULL: nothing. */
const struct jac_fact *jac_doubt_definition(const struct judging *j, node *name);

/* The name that a derivative is of: f of f'(x), df/dx, d/dx f(x), \nabla f; or NULL. */
node *jac_doubt_differentiated(node *n);

/* What a doubt is about, for jac_notation_any. */
struct jac_doubted {
  const struct judging *j;
  const struct jac_link *link;
};

/* Whether a formula in a sentence before an item says a point: x = 0, (0, 2). */
bool jac_doubt_point_said(const struct judging *j, const struct jac_item *item);

/* Doubts: whether the claim may mean something else, in this way. */
bool jac_doubt_several(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r);
bool jac_doubt_level(const struct judging *j, const struct jac_link *link,
                     const struct jac_judgement_of *r);
bool jac_doubt_implies(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r);
bool jac_doubt_struck_out(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r);
bool jac_doubt_read_off(const struct judging *j, const struct jac_link *link,
                        const struct jac_judgement_of *r);
bool jac_doubt_modular(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r);
bool jac_doubt_asked(const struct judging *j, const struct jac_link *link,
                     const struct jac_judgement_of *r);
bool jac_doubt_behind(const struct judging *j, const struct jac_link *link,
                      const struct jac_judgement_of *r);
bool jac_doubt_exists(const struct judging *j, const struct jac_link *link,
                      const struct jac_judgement_of *r);
bool jac_doubt_set_to_zero(const struct judging *j, const struct jac_link *link,
                           const struct jac_judgement_of *r);
bool jac_doubt_other_item(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r);
bool jac_doubt_conserved(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r);
bool jac_doubt_moves(const struct judging *j, const struct jac_link *link,
                     const struct jac_judgement_of *r);
bool jac_doubt_numbered(const struct judging *j, const struct jac_link *link,
                        const struct jac_judgement_of *r);
bool jac_doubt_of_itself(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r);
bool jac_doubt_at_once(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r);
bool jac_doubt_by_itself(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r);
bool jac_doubt_two_sides(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r);
bool jac_doubt_of_processes(const struct judging *j, const struct jac_link *link,
                            const struct jac_judgement_of *r);
bool jac_doubt_given_anew(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r);
bool jac_doubt_convolution(const struct judging *j, const struct jac_link *link,
                           const struct jac_judgement_of *r);
bool jac_doubt_integrals(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r);
bool jac_doubt_densities(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r);
bool jac_doubt_chain_anew(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r);
bool jac_doubt_more_indices(const struct judging *j, const struct jac_link *link,
                            const struct jac_judgement_of *r);
bool jac_doubt_last_step(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r);

#endif
