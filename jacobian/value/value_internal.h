/* What the evaluator's files share: grids of jets, frames, caches. */
#ifndef JACOBIAN_VALUE_VALUE_INTERNAL_H
#define JACOBIAN_VALUE_VALUE_INTERNAL_H

#include "jacobian/value/jet.h"
#include "jacobian/value/value.h"

/* A matrix of jets of one mask, row by row. */
struct jac_grid {
  size_t rows, cols;
  unsigned mask;
  double scale; /* the largest size of anything that entered it */
  void *x;
};

/* The value of an index, innermost first. */
struct jac_bound {
  const struct jac_index *index;
  long at;
  const struct jac_bound *outer;
};

/* What a step of the walk, a function of a number, a random number cost, in operations on
 * base numbers: measured. */
enum { JAC_WORK_STEP = 16 };

enum { JAC_PLACES_MOST = 3, JAC_KEYS_MOST = 8 };

/* A variable of a derivative: where its entries are among the directions. */
struct jac_variable {
  const struct jac_symbol *symbol;
  bool member; /* one member of a family, at place; else all */
  long place[JAC_PLACES_MOST];
  size_t row, column; /* the one entry, from 1; 0: all of them */
  size_t rows, cols;  /* of the symbol */
  size_t first, count;
};

/* Where a value is looked up: the root (what is given and defined), a derivative (some
 * symbols move), or bindings (some symbols have other values). Values that do not depend
 * on a frame are worked out and kept in the one outside it. */
struct jac_frame {
  struct jac_frame *outer;        /* NULL: the root */
  const struct jac_term *term;    /* DERIVATIVE, AT or INTEGRAL */
  const struct jac_bound *bounds; /* where it was pushed */
  uint64_t symbols;               /* a bit (id mod 64) for each symbol it is about */
  size_t level;                   /* of the innermost derivative; 0: none */
  struct jac_variable *variable;  /* of a derivative: term->bys */
  const struct jac_symbol *whole; /* of a direct one: what is differentiated */
  long whole_place[JAC_PLACES_MOST];
  struct jac_grid *grid; /* what the symbols of AT and INTEGRAL are */
  struct jac_store keep;
  struct jac_kept *few[32]; /* the values kept, in chains by what they are of */
  struct jac_kept **many;   /* where there are more: so many chains instead */
  size_t chains, held;
  /* Frames of derivatives that were worked out in this one, with what they keep. */
  struct jac_frame *within, *next;
  size_t inner, bytes; /* so many, so large */
  bool busy;           /* being worked out in */
};

/* Frees the frames within one; what it keeps too. */
void jac_frames_free(struct jac_frame *frame);
void jac_frame_free(struct jac_frame *frame);

/* How many chains of values a frame has, and the first value of one. */
size_t jac_frame_chains(const struct jac_frame *frame);
struct jac_kept *jac_frame_chain(const struct jac_frame *frame, size_t k);

struct jac_eval {
  struct jac_jets jets;
  struct jac_sample *sample;
  struct jac_frame *frame;
  const struct jac_bound *bounds;
  size_t depth;
  unsigned visit; /* numbers searches */
  enum jac_status status;
  struct jac_error *err;
};

struct jac_sample_state {
  const struct jac_field *field;
  struct jac_frame root;
  struct jac_store scratch;
  struct jac_pool pool; /* of what is known about terms */
  unsigned visit;       /* numbers searches among symbols */
  struct jac_info *info[64];
  struct jac_known *known[64];
};

/* The operation of a reading: args are as the type says; what it returns is new or an
 * argument. */
typedef struct jac_grid jac_value_fn(struct jac_eval *e, const struct jac_term *term,
                                     const struct jac_grid *arg, size_t count);

/* value.c: the walk. */
struct jac_grid jac_eval_term(struct jac_eval *e, const struct jac_term *term);
struct jac_grid jac_eval_op(struct jac_eval *e, const struct jac_term *term,
                            const struct jac_grid *arg, size_t count);
/* A term that must be a whole number. */
bool jac_eval_whole(struct jac_eval *e, const struct jac_term *term, long *whole);
void jac_eval_places(struct jac_eval *e, const struct jac_term *const *place,
                     size_t count, long *out);
/* The places of a symbol of a family; it fails where they are not said. */
void jac_eval_member(struct jac_eval *e, const struct jac_term *symbol, long *out);
bool jac_eval_true(struct jac_eval *e, const struct jac_term *term);
/* Whether a product of numbers is 0 as a condition on places in it is not so: its other
 * factors need not exist then, 1[i < n] x_{i+1}. */
bool jac_eval_excluded(struct jac_eval *e, const struct jac_term *term);

/* Fails the evaluation (once); returns an empty grid. */
struct jac_grid jac_eval_fail(struct jac_eval *e, enum jac_status status,
                              const char *format, ...) JAC_PRINTF(3, 4);
bool jac_eval_spend(struct jac_eval *e, size_t work);
bool jac_eval_failed(struct jac_eval *e); /* memory included */

/* grid.c */
struct jac_grid jac_grid_new(struct jac_eval *e, size_t rows, size_t cols, unsigned mask);
struct jac_grid jac_grid_number(struct jac_eval *e, double x);
struct jac_grid jac_grid_filled(struct jac_eval *e, size_t rows, size_t cols, double x);
/* The same values with a wider mask; the grid itself where it has it. */
struct jac_grid jac_grid_widen(struct jac_eval *e, struct jac_grid a, unsigned mask);
struct jac_grid jac_grid_copy(struct jac_eval *e, struct jac_store *store,
                              struct jac_grid a);
size_t jac_grid_width(const struct jac_eval *e, const struct jac_grid *a);
void *jac_grid_at(const struct jac_eval *e, struct jac_grid a, size_t r, size_t c);
/* out[r, c] = a[i, j]; masks may differ, the one of out is wider. */
void jac_grid_put(const struct jac_eval *e, struct jac_grid out, size_t r, size_t c,
                  struct jac_grid a, size_t i, size_t j);
double jac_grid_get(const struct jac_eval *e, struct jac_grid a, size_t r, size_t c);
double jac_grid_largest(const struct jac_eval *e, struct jac_grid a);
int jac_grid_compare(const struct jac_eval *e, struct jac_grid a, size_t i,
                     struct jac_grid b, size_t j);

/* random.c: a number in [0, 1) that follows from the sample's seed, a key and a place. */
double jac_random(const struct jac_sample *sample, const char *key, const long *place,
                  size_t places);
struct jac_grid jac_random_value(struct jac_eval *e, const struct jac_symbol *symbol,
                                 const long *place);
struct jac_grid jac_random_call(struct jac_eval *e, const struct jac_term *term,
                                const struct jac_grid *arg);

/* cache.c: what a term depends on, and values that were worked out. */
struct jac_info {
  const void *key;  /* the term, or the symbol */
  uint64_t symbols; /* a bit for each symbol its value may depend on, bodies entered */
  size_t frees;     /* the indices that occur free in it */
  bool many;        /* more of them than that: it is not kept */
  const struct jac_index *free[JAC_KEYS_MOST];
  struct jac_info *next;
};
const struct jac_info *jac_info(struct jac_eval *e, const struct jac_term *term);
const struct jac_info *jac_info_symbol(struct jac_eval *e,
                                       const struct jac_symbol *symbol);
/* Appends the values of the free indices to a key; false: there are too many. */
bool jac_info_key(struct jac_eval *e, const struct jac_info *info, long *at,
                  size_t *count);

/* A place for a value in a frame: found, or new with done false. NULL: memory. */
struct jac_kept {
  struct jac_kept *next;
  const void *key;
  size_t count;
  long at[JAC_KEYS_MOST];
  bool busy, done; /* being worked out; worked out */
  struct jac_grid grid;
};
struct jac_kept *jac_kept(struct jac_eval *e, struct jac_frame *frame, const void *key,
                          const long *at, size_t count);

/* symbol.c */
struct jac_grid jac_eval_symbol(struct jac_eval *e, const struct jac_symbol *symbol,
                                const long *place, struct jac_frame *frame);
/* derivative.c */
struct jac_grid jac_eval_derivative(struct jac_eval *e, const struct jac_term *term);
struct jac_grid jac_eval_at(struct jac_eval *e, const struct jac_term *term);
/* A term of a frame, the symbols of which are set; what it keeps is freed. */
struct jac_grid jac_eval_bound(struct jac_eval *e, struct jac_frame *frame,
                               const struct jac_term *term);
/* integral.c */
struct jac_grid jac_eval_integral(struct jac_eval *e, const struct jac_term *term);
/* big.c */
struct jac_grid jac_eval_big(struct jac_eval *e, const struct jac_term *term);
struct jac_grid jac_eval_build(struct jac_eval *e, const struct jac_term *term);
/* build.c */
struct jac_grid jac_eval_matrix(struct jac_eval *e, const struct jac_term *term);
struct jac_grid jac_eval_entry(struct jac_eval *e, const struct jac_term *term);
struct jac_grid jac_eval_reshape(struct jac_eval *e, const struct jac_term *term);
/* logic.c */
struct jac_grid jac_eval_compare(struct jac_eval *e, const struct jac_term *term);
struct jac_grid jac_eval_logic(struct jac_eval *e, const struct jac_term *term);
struct jac_grid jac_eval_cases(struct jac_eval *e, const struct jac_term *term);

/* A function of one number on every entry. */
struct jac_grid jac_grid_map(struct jac_eval *e, const struct jac_function *f,
                             struct jac_grid a);

/* The operations, as constructs.def names them. */
#define CONSTRUCT(id, role, binding, plain, latex, unicode)
#define READING(id, type, price, words, value) jac_value_fn jac_v_##value;
#define ENTRYWISE(id, plain, latex, unicode, function)
#include "jacobian/notation/constructs.def"
#undef CONSTRUCT
#undef READING
#undef ENTRYWISE

#endif
