/* One side of a link at all values of its free indices, and a link under trial at samples
 * of several sizes: what link.c judges with and explain.c explains with. */
#ifndef JACOBIAN_NOTES_TRIAL_INTERNAL_H
#define JACOBIAN_NOTES_TRIAL_INTERNAL_H

#include "jacobian/notes/judge.h"

enum { JAC_LINK_INDICES = 8, JAC_LAYOUTS = 6 };

/* Free indices of the claim, with their ranges. */
struct jac_indices {
  const char *name[JAC_LINK_INDICES];
  size_t range[JAC_LINK_INDICES], count;
  bool many; /* there are more */
};

/* Adds those of n that nothing binds; index: n stands where an index does. */
void jac_indices_find(const struct jac_environment *env, const struct jac_node *n,
                      struct jac_indices *f, bool index);

/* How far each runs, by an entry of a side that it indexes; 0: nothing says it. */
void jac_indices_range(const struct jac_environment *env, struct jac_arena *arena,
                       const struct jac_node *left, const struct jac_node *right,
                       struct jac_indices *f);

/* The values of a side, one after the other; value is freed by the caller. */
struct jac_side_values {
  size_t rows, cols, count; /* of one; count: numbers in all */
  double *value;
};

enum jac_status jac_side_evaluate(const struct jac_environment *env,
                                  const struct jac_node *n, const struct jac_indices *f,
                                  struct jac_side_values *out, struct jac_error *err);
bool jac_side_finite(const struct jac_side_values *side);

/* The largest difference over the largest magnitude (at least a thousandth: what is zero
 * is zero but for rounding); infinite where shapes differ. */
double jac_side_distance(const struct jac_side_values *a,
                         const struct jac_side_values *b);

/* A vector against the diagonal of a matrix: one that is zero elsewhere, or whatever
 * stands beside the diagonal. */
double jac_side_diagonal_distance(const struct jac_side_values *matrix,
                                  const struct jac_side_values *vector);
double jac_side_beside_diagonal(const struct jac_side_values *matrix,
                                const struct jac_side_values *vector);

/* A link under trial. */
struct jac_trial {
  const struct jac_setting *setting;
  struct jac_arena arena;
  struct jac_shaping shaping;
  const struct jac_node *left, *right;
  unsigned mask; /* layouts that have held so far */
  size_t samples;
  double error;
  struct jac_error fault; /* why the right side has no value */
  bool misfit;            /* it had none at some sample, or no layout has its shape */
  bool moves;             /* the left side is not zero */
  struct jac_error *err;
};

/* Makes derivatives come in layout k, up to JAC_LAYOUTS; the first is the project's own.
 * jac_layout_words: the convention's name, NULL for the first; jac_layout_diagonal: a
 * vector stands for the diagonal. */
void jac_trial_layout(struct jac_environment *env, size_t k);
const char *jac_layout_words(size_t k);
bool jac_layout_diagonal(size_t k);

/* At samples of several sizes; mask is what held at all of them. */
enum jac_status jac_trial_run(struct jac_trial *t);

/* Whether the sides, changed in some way (NULL: they cannot be), hold under a layout of
 * the mask. */
bool jac_trial_would_hold(struct jac_trial *t, const struct jac_node *left,
                          const struct jac_node *right, unsigned mask);

/* The derivative in a tree, or NULL. */
const struct jac_node *jac_derivative_in(const struct jac_node *n);

/* Whether the right side is the derivative for another variable: says for which. */
bool jac_explain_by_variable(struct jac_trial *t, struct jac_judgement *j, unsigned mask);

/* What is most likely wrong with a link that does not hold, under the layouts of mask:
 * the diagnosis, the corrected formula. */
enum jac_status jac_explain(struct jac_trial *t, struct jac_judgement *j, unsigned mask,
                            struct jac_error *err);

#endif
