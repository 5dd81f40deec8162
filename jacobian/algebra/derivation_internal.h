/* A derivation being made: shared by its styles. */
#ifndef JACOBIAN_ALGEBRA_DERIVATION_INTERNAL_H
#define JACOBIAN_ALGEBRA_DERIVATION_INTERNAL_H

#include "jacobian/algebra/definition.h"
#include "jacobian/algebra/derivation.h"
#include "jacobian/algebra/index.h"
#include "jacobian/algebra/write.h"

typedef const struct jac_term *term_t;

struct work {
  struct jac_defined *d;
  struct jac_make *m;
  struct jac_derivation *out;
  struct jac_writing w;
  const struct jac_symbol *x;
  const struct jac_symbol *again; /* a second variable to differentiate by, or NULL */
  struct jac_index_form form;
  const struct jac_symbol *moving[8]; /* quantities on the way that were worked out */
  size_t nmoving;
  char *way;          /* why the last of them moves so */
  bool by_entries;    /* the output is defined by its entries: y_i = ... */
  bool centred;       /* that distances from a mean add up to zero was used */
  bool entries_first; /* the gradient has its entry before its matrix */
  const struct jac_index *free[8];
  size_t nfree;
  enum jac_status status;
  struct jac_error *err;
};

/* The words in the notation of the derivation. */
const char *jac_work_said(const struct work *k, const char *ascii, const char *unicode,
                          const char *latex);

/* One more step: left is taken over; judged against the value that it must have (NULL: a
 * definition), entries with k->free. */
void jac_work_step(struct work *k, char *left, term_t right, term_t value, bool entries,
                   const char *reason);
/* ... judged: what of it is compared. */
void jac_work_step_as(struct work *k, char *left, term_t right, term_t judged,
                      term_t value, bool entries, const char *reason);

/* dy/dx, or of what stands above. */
char *jac_work_whole_left(struct work *k, const char *above);
/* One more reason. */
void jac_work_say(struct jac_buffer *b, const char *words);
/* What any loss and its derivative by the output are called, L and g, or what else the
 * definition does not have; and g = dL/dy. */
const char *jac_work_loss(const struct work *k);
const char *jac_work_upstream(const struct work *k);
const char *jac_work_with_g(struct work *k);
/* Whether a symbol is a name for what comes back: a quantity on the way. */
bool jac_work_is_step(const struct work *k, const struct jac_symbol *s);
/* No style has a rule for it: f(x) where nothing says what f is, or what else it is. */
void jac_work_refuse(struct work *k, const char *definition);
/* The reasons of the rules that a form used; to be freed. */
char *jac_work_rules(const struct jac_index_form *form);
/* ... behind what is said first; deltas: what they are is said too. */
char *jac_work_rules_after(const char *first, const struct jac_index_form *form,
                           bool deltas);
/* ... of a whole row: no deltas, sums are not worth saying, names are; put_in: so are the
 * derivatives of quantities on the way. To be freed. */
char *jac_work_rules_of_block(const char *first, const struct jac_index_form *form,
                              unsigned rules, bool put_in);
/* Why a form with fewer sums is the same; to be freed. */
char *jac_work_collapsed(const struct jac_index_form *form);
/* Why one is the same where the derivatives of quantities on the way are put in; centred:
 * that distances from a mean add up to zero is used there. To be freed. */
char *jac_work_put_in(const struct jac_index_form *form, bool centred);
/* Why the closed form is the same as the entries; to be freed. */
char *jac_work_read_as(const struct work *k, enum jac_layout layout);
/* The indices of a form's variable get the next letters and stand for each of their
 * values. */
void jac_work_free(struct work *k, const struct jac_index *index);
/* y_i, or f for a number. */
term_t jac_work_entry_of(struct work *k, const struct jac_symbol *s,
                         const struct jac_index *row, const struct jac_index *col);
/* A form's expansion with other indices in place of its own four. */
term_t jac_work_with_indices(struct work *k, const struct jac_index_form *form,
                             const struct jac_expansion *in,
                             const struct jac_index *const to[4]);
/* A form by steps with those of the quantities on the way put in, and nothing else done.
 * NULL: it is too long. */
term_t jac_work_steps_put_in(struct work *k, const struct jac_index_form *steps,
                             const struct jac_index *const to[4]);
/* Whether a derivative of a quantity on the way is called in it. */
bool jac_work_calls_steps(term_t t);
/* How each of a few quantities on the way moves, as steps; of many each has a derivation
 * of its own. */
void jac_work_on_the_way(struct work *k);
/* ", where z is 1 x n, t is a number": what is given, and what Phi is. */
void jac_work_given(struct work *k, struct jac_buffer *out);
/* The definitions, as steps. */
void jac_work_definitions(struct work *k);

/* The last step is the closed form. */
void jac_work_closed(struct work *k);
/* The step dy_i/dx_j = ..., the entry with fewest sums. */
void jac_work_entries_of(struct work *k, const char *reason);
/* The step to the gradient of any loss, where it has a closed form. */
void jac_work_gradient(struct work *k);

/* From the entries of the first derivative to the second. */
void jac_work_second(struct work *k);

/* Whether the output is a stack of columns and numbers; its derivation. */
bool jac_work_is_stack(const struct work *k);
void jac_work_stack(struct work *k);

/* The derivation of matrices as wholes, by vec, where there is no index form; false: it
 * has none either. */
bool jac_work_by_vec(struct work *k);

/* The whole derivation by blocks; by differentials. */
void jac_work_blocks(struct work *k);
void jac_work_differentials(struct work *k);

#endif
