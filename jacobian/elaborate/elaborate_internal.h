/* What the files of elaboration share. */
#ifndef JACOBIAN_ELABORATE_INTERNAL_H
#define JACOBIAN_ELABORATE_INTERNAL_H

#include "jacobian/elaborate/elaborate.h"
#include "jacobian/text.h"

#include <stdarg.h>

typedef const struct jac_syntax node;
typedef const struct jac_term term;
typedef struct jac_elaboration elaboration;

/* A name that stands for something inside a bracket, a sum or a definition. */
struct jac_bound {
  const char *key;
  struct jac_index *index; /* an index, or */
  term *value;             /* what a parameter stands for */
  struct jac_symbol *symbol;
  struct jac_bound *next;
};

/* What a script stands at; a node without one itself. */
static inline node *base_of(node *n) {
  return n->form == JAC_S_SCRIPT ? n->child[0] : n;
}

enum kind { KIND_NUMBER, KIND_COLUMN, KIND_ROW, KIND_MATRIX, KINDS };

enum { JAC_NAME_BUCKETS = 128 };

/* What keys mean in this run. */
struct jac_names {
  struct name_entry {
    const char *key;
    struct jac_symbol *symbol;
    struct jac_index *index;
    struct jac_dim *dim; /* a size */
    /* Its last definitions: of each kind, and by 1 to 4 indices behind these. */
    const struct jac_definition *last[JAC_DEFINES_NEXT + 5];
    bool looked[JAC_DEFINES_NEXT + 5];
    struct name_entry *next;
  } * bucket[JAC_NAME_BUCKETS];
};

/* Refusals; they return NULL. where: the notation at fault. */
term *jac_clash(elaboration *e, node *where, uint64_t because, const char *format, ...)
    JAC_PRINTF(4, 5);
term *jac_unknown(elaboration *e, node *where, const char *format, ...) JAC_PRINTF(3, 4);

struct jac_term *jac_term_new(elaboration *e, enum jac_term_kind kind,
                              struct jac_type type, node *where, size_t count,
                              term *const *child);
term *jac_term_number(elaboration *e, double number, node *where);
term *jac_term_index(elaboration *e, const struct jac_index *index, node *where);
term *jac_term_size(elaboration *e, const struct jac_dim *dim, node *where);
term *jac_term_symbol(elaboration *e, struct jac_symbol *symbol, node *where);
struct jac_type jac_type_number(elaboration *e);
/* A number's type that rests on choices. */
struct jac_type jac_number_because(elaboration *e, uint64_t because);
struct jac_type jac_type_of(struct jac_dim *rows, struct jac_dim *cols);
uint64_t jac_type_because(struct jac_type type);

/* An operation: the reading of a construct that fits. */
term *jac_term_op(elaboration *e, enum jac_construct_id id, node *where, size_t count,
                  term *const *child);

/* Names. */
struct name_entry *jac_name_entry(elaboration *e, const char *key);
const char *jac_key(elaboration *e, node *n);
struct jac_bound *jac_bound_find(elaboration *e, const char *key);
const struct jac_definition *jac_definition_of(elaboration *e, const char *key);
const struct jac_definition *jac_entries_of(elaboration *e, const char *base,
                                            size_t indices);
const struct jac_definition *jac_function_of(elaboration *e, const char *key);
struct jac_symbol *jac_symbol_new(elaboration *e, const char *key, struct jac_type type);
/* The symbol of a name: defined, declared, or given; NULL where it does not fit. */
struct jac_symbol *jac_symbol_of(elaboration *e, const char *key, node *where);
bool jac_declared(elaboration *e, const char *key);
/* Whether the steps of recurrences are read one by one: h_t and h_{t-1} are two names,
 * and no members of a family. */
bool jac_step_by_step(elaboration *e);
/* Whether a name is of such a step: x_t, h_{t-1}. */
bool jac_of_step(elaboration *e, node *name);
/* Whether h_t, of which it may be said what it is, is a member of the steps that a
 * recurrence defines. */
bool jac_counts_steps(elaboration *e, const char *base, size_t items, node *const *item);
/* Whether the name of a size is that of a quantity too: h of h = tanh(z), W in R^{h x d}.
 */
bool jac_quantity_too(elaboration *e, const char *key);
/* Whether a name is said to be what is no number: a column, a matrix, of a size. */
bool jac_said_other(elaboration *e, const char *key);
unsigned jac_properties(elaboration *e, const char *key);
enum jac_saying jac_says(elaboration *e, enum jac_saying a, enum jac_saying b);
enum { JAC_SIZE_MOST = 1000000 }; /* of a side that is a number */
struct jac_dim *jac_size_of(elaboration *e, node *n);
struct jac_dim *jac_named_size(elaboration *e, const char *key);
struct jac_index *jac_index_new(elaboration *e, const char *name, struct jac_dim *range);
/* The free index of a letter: one for the whole run. */
struct jac_index *jac_free_index(elaboration *e, const char *key);

/* Indices, and how often each stands. */
struct jac_indices {
  const struct jac_index *index[16];
  size_t times[16];
  size_t count;
};
void jac_meet_index(struct jac_indices *in, const struct jac_index *index);
/* For jac_term_walk; context: the jac_indices. */
bool jac_meet_indices(term *t, void *context);
bool jac_index_among(const struct jac_indices *in, const struct jac_index *index);
/* Whether it is the claim's, bound by nothing. */
bool jac_index_is_free(const elaboration *e, const struct jac_index *index);
/* t with the free indices that stand twice in a term of it summed, but for those kept. */
term *jac_sum_repeated(elaboration *e, term *t, const struct jac_indices *keep,
                       bool *summed);
/* A definition's right side, of which such sums may be implied. */
term *jac_summed_body(elaboration *e, const char *key, term *body);

/* The right side of a function's definition; f(x)_i = ... as a column. */
term *jac_function_body(elaboration *e, const struct jac_definition *d, node *where);

/* Scripts, entries. */
struct jac_symbol *jac_family_of_itself(elaboration *e, const char *base, size_t items);
/* f'_x, f''_{xy} as \partial f / \partial x, where f is made of x; else NULL. */
node *jac_prime_by(elaboration *e, node *n);
term *jac_elaborate_script(elaboration *e, node *n);
/* The norm that a node says: 1, 2, infty, F; of a matrix F alone. */
term *jac_norm_of(elaboration *e, node *n, term *value, node *which);
/* Z^{[l]} of Z^{[l](i)}, where it is known and the whole is not: the sample i is its
 * column i. Else NULL. */
node *jac_batch_of(elaboration *e, node *n);
/* The key with the capital letter of a name, where that is used: A of a_{ij}. Or NULL. */
const char *jac_capital_of(elaboration *e, const char *base);
/* A value with the index and the power of a script. */
term *jac_script_of(elaboration *e, term *value, node *script);
/* An entry of a term: items are notation. */
term *jac_term_entry(elaboration *e, term *base, size_t items, node *const *item,
                     node *where);
term *jac_index_value(elaboration *e, node *item, struct jac_dim *range);
/* The symbol (with the places of an entry or a member) that a name with scripts means. */
bool jac_variable_of(elaboration *e, node *n, struct jac_by *by, bool *transposed,
                     bool *vec);

/* Calls and constructs that are called. */
term *jac_elaborate_side(elaboration *e, node *n);
term *jac_elaborate_factors(elaboration *e, node *where, size_t count,
                            node *const *factor);
term *jac_elaborate_apply(elaboration *e, node *n);
/* How far a quotient, a product that begins with one, a function, a power reach where
 * they may reach otherwise than they are written: so; NULL: as they are written. */
node *jac_reach_of_quotient(elaboration *e, node *n);
node *jac_reach_of_first_quotient(elaboration *e, node *n);
node *jac_reach_of_function(elaboration *e, node *n);
node *jac_reach_of_power(elaboration *e, node *n);
/* g \circ f of functions, f its innermost (n itself where it is none); what it is at (x),
 * with primes before it. bracket NULL: at the inner function's own arguments. */
bool jac_is_composition(elaboration *e, node *n);
node *jac_innermost(node *n);
term *jac_elaborate_composition(elaboration *e, node *n, double primes, node *bracket);
term *jac_elaborate_call(elaboration *e, node *name, node *bracket, bool *called);
term *jac_elaborate_big(elaboration *e, node *n, node *body);
term *jac_elaborate_integral(elaboration *e, node *n);
term *jac_elaborate_condition(elaboration *e, node *n);
term *jac_elaborate_matrix(elaboration *e, node *n);
bool jac_has_dots(node *m);
term *jac_elaborate_dots(elaboration *e, node *m);
node *jac_rename_places(elaboration *e, node *n, node *last, const char *at_last,
                        const char *at_one);
term *jac_elaborate_cases(elaboration *e, node *n);

/* Derivatives: whether a node is the sign of one, and the derivative with its operand. */
bool jac_is_derivative(node *n);
term *jac_derivative_at(elaboration *e, node *function, node *bracket, term *derivative,
                        bool *taken);
/* Whether f's arguments are the entries of one vector: f(gamma(t)) of f(x, y). */
bool jac_entries_of_one(elaboration *e, const struct jac_definition *f, node *argument,
                        term *value[4]);
term *jac_elaborate_derivative(elaboration *e, node *sign, size_t count,
                               node *const *operand, node *where);
/* The derivative of y by variables, x: the type of a single one. transposed: 0 not, 1 by
 * x^T (the layout is said), 2 the letter J (likewise), 3 as a column whatever (a
 * Hessian's gradient), 4 as 2 with the entries of matrices column by column whatever (it
 * is multiplied by vec dX). */
enum { JAC_ROW_OF_COLUMNS = 4 };
term *jac_derivative(elaboration *e, term *y, size_t bys, const struct jac_by *by,
                     struct jac_type x, int transposed, node *where);
/* theta of p_theta(x), where something is differentiated by theta: it hangs on it too; or
 * NULL. */
node *jac_below_function(elaboration *e, node *name);
/* The gradient of a function of that name, which nobody defines, at an argument; twice:
 * its Hessian. */
term *jac_gradient_there(elaboration *e, node *name, node *argument, bool twice,
                         node *where);
/* J, \nabla and H alone. *taken is set where the name was one of them. */
term *jac_elaborate_jacobian(elaboration *e, node *name, node *bracket, bool *taken);
/* D_u f of the operands, f or f(a, b): the derivative along u; not taken: it is none. */
term *jac_along(elaboration *e, node *sign, size_t count, node *const *operand,
                bool *taken);
/* Whether a term rests on a symbol, its definitions looked through. */
bool jac_rests_on(term *t, const struct jac_symbol *symbol);
struct jac_type jac_by_type(elaboration *e, const struct jac_by *by);
/* The quantity that nobody defines: any loss, any function of what it depends on. */
struct jac_symbol *jac_any_loss(elaboration *e, const char *key, node *where);

/* The k-th of n unit vectors. */
term *jac_unit_vector(elaboration *e, node *where, node *item, struct jac_dim *n);

/* \mathbf{i}, \hat{\jmath}, \vec k, where i and j stand so: an axis' unit vector; NULL:
 * it is none. */
term *jac_axis(elaboration *e, node *base);
/* \cos t \mathbf{i}: the function n of all before the unit vector, times it; NULL: none
 * stands behind it. */
node *jac_before_axis(elaboration *e, node *n);
/* Whether the first of a matrix' three rows is i, j, k; its determinant, the product
 * across of the others. */
bool jac_axes_above(node *matrix);
term *jac_axes_determinant(elaboration *e, node *matrix);

/* n of 1/n 1 1^T, where it is taken as how many ones there are. */
bool jac_counts_ones(elaboration *e, const char *key);
/* The column of ones that a 1 before 1^T is; NULL: it is none. */
term *jac_ones_before(elaboration *e, const struct jac_syntax *f,
                      const struct jac_syntax *next);
/* I, ones, pi, e, delta: names with a meaning of their own where nothing gives them
 * another. NULL with unfit unset: it is none. */
term *jac_elaborate_special(elaboration *e, node *base, node *below, node *above,
                            bool *taken);
/* 1{x > 0}, I(y = k): an indicator and its bracket; not taken: it is none. */
term *jac_indicator(elaboration *e, node *sign, node *bracket, bool *taken);

/* Where is chosen whether a matrix is symmetric. */
const char *jac_symmetric_site(elaboration *e, const char *key);

uint64_t jac_choice_bit(const elaboration *e, const char *site);
/* A choice of two by a formatted site. */
size_t jac_choose2(elaboration *e, const char *site, unsigned price0, unsigned price1,
                   const char *words0, const char *words1, const char *about);
/* Whether a letter is an index where it stands alone. */
bool jac_is_index(elaboration *e, const char *key);

#endif
