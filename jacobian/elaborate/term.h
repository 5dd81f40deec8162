/* Terms: what a formula means under one reading. Every term has a type, every ambiguity
 * is decided; only terms are evaluated, differentiated and compared. */
#ifndef JACOBIAN_ELABORATE_TERM_H
#define JACOBIAN_ELABORATE_TERM_H

#include "jacobian/notation/construct.h"
#include "jacobian/notation/pool.h"

#include <stdint.h>

/* A size: of rows, columns, of the range of an index. Sizes are unified: jac_dim_root()
 * is what counts. A size that nothing fixes is generic: larger than 1. */
enum jac_dim_kind {
  JAC_DIM_FREE,    /* nothing is known but that it is not 1 */
  JAC_DIM_ONE,     /* 1 */
  JAC_DIM_FIXED,   /* fixed: 3 */
  JAC_DIM_PRODUCT, /* a times b */
  JAC_DIM_SUM,     /* a plus b (b may be a FIXED one) */
  JAC_DIM_LESS     /* a less b, a FIXED one */
};

struct jac_dim {
  struct jac_dim *parent; /* NULL: it is a root */
  enum jac_dim_kind kind;
  size_t fixed;
  struct jac_dim *a, *b;
  const char *name; /* what the author calls it ("n", "batch"), or NULL; interned */
  uint64_t because; /* the choices of the reading that it rests on, a bit each */
  size_t size;      /* of a root, once sizes are given out (jac_sizes); else 0 */
  size_t id;        /* in order of making */
  size_t seen;      /* the largest number that stands for an index along it */
  bool counted;     /* ... and there are no more: w_1 x_1 + w_2 x_2 */
};

/* Everything with a value is a matrix; a number is 1 x 1, a column n x 1. */
struct jac_type {
  struct jac_dim *rows, *cols;
};

/* One reading of a construct: a READING row of constructs.def. */
struct jac_reading {
  enum jac_construct_id construct;
  const char *type; /* "(r,k)(k,c)->(r,c)" */
  unsigned price;
  const char *words; /* of the convention, marked for translation; NULL: none */
};

/* All rows, in the table's order: 0 to jac_reading_count() - 1. ENTRYWISE rows are
 * readings too: "(r,c)->(r,c)". */
const struct jac_reading *jac_reading_at(size_t row);
size_t jac_reading_count(void);
/* Its number in the table, for a pass's own column. */
size_t jac_reading_row(const struct jac_reading *reading);
/* The readings of a construct: the first, and how many. */
size_t jac_readings_of(enum jac_construct_id id, size_t *first);

/* An index: bound by a sum, by a definition by entries, or free in a claim (which is then
 * meant for all its values). Indices count from 1. */
struct jac_index {
  const char *name;
  struct jac_dim *range;
  size_t id;
};

/* What random values a symbol may have. */
enum jac_values_of {
  JAC_ANY,          /* every sign and size */
  JAC_NOT_NEGATIVE, /* larger than 0 */
  JAC_NEGATIVE,     /* less than 0 */
  JAC_UNIT,         /* strictly between 0 and 1 */
  JAC_SIMPLEX,      /* positive, they sum to 1; a matrix's rows do */
  JAC_SIMPLEX_COLUMNS,
  JAC_BINARY, /* 0 or 1 */
  JAC_SIGNS,  /* 1 or -1 */
  JAC_ONES,   /* 1 */
  JAC_PLACES  /* whole numbers from 1 to places */
};

struct jac_term;

/* A named quantity. */
struct jac_symbol {
  const char *key; /* as the author writes it, canonically: "W", "z^{k-1}", "hat_y" */
  struct jac_type type;
  /* A family: one matrix of that type for each value of its indices (x^{(i)}, T_ijk). */
  size_t families;
  struct jac_dim *family[3];
  /* Its definition, or NULL: then it is given (a random value). In a family's body its
   * own indices stand for the places. */
  const struct jac_term *body;
  struct jac_index *place[3];
  enum jac_values_of values;
  struct jac_dim *places; /* with JAC_PLACES */
  bool symmetric;         /* a given square matrix that equals its transpose */
  bool orthogonal;        /* ... whose inverse is its transpose */
  bool diagonal;          /* ... that is zero beside its diagonal */
  bool skew;              /* ... that is the negative of its transpose */
  bool idempotent;        /* ... that is its own square */
  bool orthonormal;       /* a vector of length 1, a matrix of such columns, orthogonal */
  bool function;          /* a function that nobody defines: any smooth one */
  bool entrywise;         /* ... of one number, entry by entry */
  bool of_loss;           /* the function behind any loss */
  bool guessed;           /* it stands for what nobody said (any loss) */
  size_t id;
};

enum jac_term_kind {
  JAC_TERM_NUMBER, /* number; 1 x 1 */
  JAC_TERM_SIZE,   /* dim, as a number; 1 x 1 */
  JAC_TERM_INDEX,  /* index, as a number (from 1); 1 x 1 */
  JAC_TERM_SYMBOL, /* symbol; children: a place for each family index */
  JAC_TERM_OP,     /* reading; children: the arguments. kron, tanh, a product */
  JAC_TERM_BIG,    /* reading (SUM, PRODUCT, BIGMAX, BIGMIN); index; children: body,
                      first, last (NULL: 1, the range), condition (NULL: none) */
  JAC_TERM_INTEGRAL, /* children: what is integrated, from, to (NULL: without end); over
                        the symbol at[0], a number */
  JAC_TERM_ENTRY,  /* children: base, row, column (numbers from 1; NULL: all of them,
                      the row or column is then what is left) */
  JAC_TERM_BUILD,  /* a matrix by its entries: index is that of rows, index2 of
                      columns (NULL where that side is 1); child: the entry, a number */
  JAC_TERM_MATRIX, /* explicit blocks: block_rows x block_cols children, row by row; a
                      child NULL is zeros of the size that its row and column have */
  JAC_TERM_EYE,    /* of its type */
  JAC_TERM_ONES,
  JAC_TERM_ZEROS,
  JAC_TERM_COMMUTATION, /* children m, n, numbers: K with K vec(A) = vec(A') for every A
                           of m x n, by columns */
  JAC_TERM_COMPARE,     /* construct (EQUAL, LESS ...): two children of one type, or one a
                           number; 1 where it is so, entry by entry, else 0 */
  JAC_TERM_LOGIC,       /* construct AND or OR of two such */
  JAC_TERM_CASES,       /* value, condition, value, condition, ..., otherwise (an odd last
                           one; missing: no value there); entry by entry where conditions
                           are matrices; values may be numbers */
  JAC_TERM_CALL,       /* symbol, a function that nobody defines; children: arguments. Its
                          type is the result's: any smooth function of all entries of all
                          arguments (entrywise: of the one argument's entry) */
  JAC_TERM_DERIVATIVE, /* child: what is differentiated; by the variables */
  JAC_TERM_AT,         /* child 0 with the symbols of `at` having the values of children
                          1 ... instead of their own */
  JAC_TERM_RESHAPE     /* child's entries, column by column, as its type */
};

/* How a derivative is laid out. "Long" is the number of entries; matrices are numbered
 * column by column (by_rows: row by row). */
enum jac_layout {
  JAC_LAYOUT_JACOBIAN,   /* a row for every output, a column for every variable entry */
  JAC_LAYOUT_TRANSPOSED, /* its transpose */
  JAC_LAYOUT_GRADIENT,   /* of a number: the variable's shape */
  JAC_LAYOUT_GRADIENT_T, /* ... transposed */
  JAC_LAYOUT_OUTPUT,     /* by a number: the output's shape */
  JAC_LAYOUT_OUTPUT_T
};

/* One variable: a symbol (one member of a family by its places; or every member of it,
 * where places are NULL), or an entry of it. */
struct jac_by {
  const struct jac_symbol *symbol;
  const struct jac_term *place[3];     /* of a family */
  const struct jac_term *row, *column; /* of an entry, numbers from 1; NULL: all */
};

struct jac_term {
  enum jac_term_kind kind;
  struct jac_type type;
  double number;
  const struct jac_reading *reading;
  enum jac_construct_id construct;
  const struct jac_symbol *symbol;
  const struct jac_dim *dim;
  const struct jac_index *index, *index2;
  size_t block_rows, block_cols;
  enum jac_layout layout;
  bool by_rows;
  bool descending; /* of a BIG: the last factor stands first */
  bool direct;     /* of a derivative: along direct edges only; quantities that have a
                      definition of their own in what is differentiated (other than the
                      outermost) stand still */
  size_t bys;
  const struct jac_by *by; /* more than one: the columns stand side by side */
  const struct jac_symbol *const *at;
  size_t start, end; /* bytes of the text it was read from */
  size_t id;         /* in order of making: a key for caches */
  size_t count;
  const struct jac_term *child[];
};

/* Roots, and whether two sizes are the same already. */
struct jac_dim *jac_dim_root(const struct jac_dim *dim);
bool jac_dim_same(const struct jac_dim *a, const struct jac_dim *b);
bool jac_dim_is_one(const struct jac_dim *dim);
static inline bool jac_type_is_number(struct jac_type t) {
  return jac_dim_is_one(t.rows) && jac_dim_is_one(t.cols);
}

/* The size of a dim whose roots have sizes: products multiply, sums add. */
size_t jac_dim_size(const struct jac_dim *dim);

/* One walk for everyone: fn for the term and all below it (bodies of symbols are not
 * entered), parents first; false stops the walk, and is returned. */
bool jac_term_walk(const struct jac_term *term,
                   bool (*fn)(const struct jac_term *term, void *context), void *context);
/* The same, through what names stand for: the body of each symbol once, though it may
 * mention itself (h_t of h_{t-1}). */
bool jac_term_walk_through(const struct jac_term *term,
                           bool (*fn)(const struct jac_term *term, void *context),
                           void *context);

#endif
