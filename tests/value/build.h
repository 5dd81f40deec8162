/* Terms for tests, built by hand: sizes are known, the reading of an operation is the
 * first of its construct that fits the arguments' sizes. */
#ifndef JACOBIAN_TESTS_VALUE_BUILD_H
#define JACOBIAN_TESTS_VALUE_BUILD_H

#include "jacobian/value/value.h"

typedef const struct jac_term *term_t;

/* What a test builds lives until this is called. */
void build_free(void);

struct jac_dim *dim_of(size_t size);
struct jac_symbol *symbol_of(const char *key, size_t rows, size_t cols);
struct jac_symbol *defined_as(const char *key, term_t body);
struct jac_symbol *family_of(const char *key, size_t members, size_t rows, size_t cols);
struct jac_index *index_of(const char *name, size_t range);

term_t number(double x);
term_t sym(const struct jac_symbol *symbol);
term_t member(const struct jac_symbol *symbol, term_t place);
term_t at_index(const struct jac_index *index);
term_t op1(enum jac_construct_id id, term_t a);
term_t op2(enum jac_construct_id id, term_t a, term_t b);
term_t eye_of(size_t n);
term_t big(enum jac_construct_id id, const struct jac_index *index, term_t body,
           term_t first, term_t last, term_t condition);
term_t entry_of(term_t base, term_t row, term_t column);
term_t build_of(const struct jac_index *row, const struct jac_index *column,
                term_t entry);
term_t compare_of(enum jac_construct_id id, term_t a, term_t b);
term_t cases_of(size_t count, const term_t *part, size_t rows, size_t cols);
term_t call_of(const struct jac_symbol *function, size_t rows, size_t cols, term_t a);
term_t blocks_of(size_t down, size_t across, size_t rows, size_t cols,
                 const term_t *block);
term_t reshape_of(term_t a, size_t rows, size_t cols);
term_t at_of(term_t body, const struct jac_symbol *symbol, term_t value);
/* From or to NULL: without end. */
term_t integral_of(term_t body, const struct jac_symbol *over, term_t from, term_t to);

/* A derivative by a whole symbol, a member of a family, an entry; rows x cols as the
 * layout says. */
struct jac_term *deriv(term_t what, const struct jac_symbol *by, enum jac_layout layout);
struct jac_term *deriv_by(term_t what, size_t bys, const struct jac_by *by,
                          enum jac_layout layout, size_t rows, size_t cols);

/* The value of a term, which must have one; two values are the same, up to tolerance
 * times the larger of 1 and the second; two terms have the same value, for a few seeds.
 */
struct jac_value value_in(term_t term, struct jac_sample *sample);
void same(const struct jac_value *a, const struct jac_value *b, double tolerance);
void equal(term_t a, term_t b);

#endif
