/* The map: a differentiable function of named matrices, the one interface that everything
 * shares. A layer is a map, a network is a map, a formula that a user typed is a map;
 * references, forms and renderers take maps only.
 *
 * Storage. Every variable is a gsl_matrix: data are batch x features; a parameter of
 * dimensions d1 x d2 x d3 is stored (d1 d2) x d3, a vector as one row. Outputs are
 * rows x cols, sample by sample.
 *
 * Numbering. Data and outputs are numbered row by row (C order). Parameters are numbered
 * with the first index fastest (Fortran order, column by column), so that the Jacobian of
 * z W with respect to W is block diagonal, I (x) z. jac_number_order() renumbers.
 *
 * GSL's error handler aborts by default: a program calls gsl_set_error_handler_off() once
 * at its start (the library leaves that global alone). Sizes are checked before GSL sees
 * them.
 *
 * The explicit Jacobian is a jac_array3. Where samples are not coupled it has one slice a
 * sample: (outputs of the sample) x (its own features, or all of a parameter). Where they
 * are coupled it has one slice: (all outputs) x (all of the variable).
 */
#ifndef JACOBIAN_MAP_H
#define JACOBIAN_MAP_H

#include "jacobian/array3.h"
#include "jacobian/error.h"
#include "jacobian/formula/notation.h"

#include <gsl/gsl_matrix.h>
#include <stdbool.h>
#include <stddef.h>

struct jac_buffer;

#define JAC_NAME_SIZE 32
#define JAC_SYMBOL_SIZE 64

/* How the entries of a variable are numbered (jacobian/order.h). */
enum jac_order {
  JAC_ORDER_F, /* first index fastest: column by column, as the course writes W */
  JAC_ORDER_C  /* last index fastest: row by row, as PyTorch flattens */
};

enum jac_role {
  JAC_DATA,      /* batch x features: each sample has its own row */
  JAC_PARAMETER, /* shared by all samples */
  JAC_SHARED     /* data, numbered as data are, that every output may depend on */
};

/* What random values a variable may be given. */
enum jac_domain {
  JAC_REAL,         /* any number */
  JAC_POSITIVE,     /* above 0 */
  JAC_PROBABILITY,  /* strictly between 0 and 1 */
  JAC_DISTRIBUTION, /* each row positive with sum 1 */
  JAC_MASK,         /* 0 with probability p, else 1 */
  JAC_GUMBEL,       /* from Gumbel's law, -log(-log u) */
  JAC_UNIT_ROWS,    /* each row of norm 1 */
  JAC_SIGN,         /* 1 or -1 */
  JAC_ZERO,         /* 0: a perturbation */
  JAC_CLASS,        /* a whole number from 1 to classes */
  JAC_PADDING       /* 1; of several rows the last is 0 */
};

/* Writes the entries of a Jacobian in symbols, one by one. */
struct jac_entry_writer {
  /* Adds output (n, o) by the variable's entry (i, j), from 1, in the names of the
   * variables. Errors: JAC_ENOMEM. */
  enum jac_status (*add)(struct jac_entry_writer *self, const size_t output[2],
                         const size_t entry[2], enum jac_notation notation,
                         struct jac_buffer *out, struct jac_error *err);
  /* Adds the formula of any entry, in indices. Errors: JAC_ENOMEM. */
  enum jac_status (*general)(struct jac_entry_writer *self, enum jac_notation notation,
                             struct jac_buffer *out, struct jac_error *err);
  /* Adds the whole as matrices, "df/dx = (A + A') x"; false: it has no such form. */
  bool (*closed)(struct jac_entry_writer *self, enum jac_notation notation,
                 struct jac_buffer *out);
};

struct jac_variable {
  char name[JAC_NAME_SIZE];     /* as the command line says it: z, W, b2, gamma */
  char symbol[JAC_SYMBOL_SIZE]; /* LaTeX of an entry before its indices: z^{k-1}, w,
                                   \gamma */
  enum jac_role role;
  size_t ndim;    /* 1 to 3 */
  size_t dims[3]; /* data: batch, features; linear's W: in, out; conv1d's: K, in, out */
  bool secondary; /* differentiated only when asked by name (a loss's y) */
  enum jac_domain domain;
  double p;       /* JAC_MASK: the probability of 0 */
  size_t classes; /* JAC_CLASS: the largest number */
  /* The Jacobian's entry as a formula in plain notation, or NULL. The row is output n,o
   * (sample, feature; a cost a sample has n alone); the column is entry n,i of uncoupled
   * data, m,i of coupled data, i or i,j or h,i,j of a parameter. Borrowed: static text.
   */
  const char *entry;
  struct jac_entry_writer *writer; /* who writes the entries where entry is NULL; or NULL.
                                      Borrowed */
  size_t channels; /* data that are positions x channels, channels fastest; 0: they are
                      not */
  size_t width;    /* positions that are images: their columns; 0: they are not */
};

/* A number that the formulas name: slope, alpha, eps, batch. */
struct jac_constant {
  const char *name;
  double value;
};

/* A wrong Jacobian that a derivation invites. */
struct jac_slip {
  const char *wrt;      /* the variable's name */
  const char *sentence; /* what was done, as a clause, to be translated */
  const char *entry;    /* what an entry is then, in the notation of jac_variable.entry */
};

struct jac_map;

/* The columns of a slice's row that can be non-zero, ascending, for whatever values, the
 * same for every sample; returns how many (columns has room for all). */
typedef size_t (*jac_columns)(const struct jac_map *map, size_t wrt, size_t row,
                              size_t *columns);

/* What is known of an explicit Jacobian before its values. Zeroed: nothing, so any entry
 * may be non-zero. */
struct jac_structure {
  size_t width;        /* row r has the columns from width r on; 0: no such rule */
  jac_columns columns; /* any other rule; NULL: all, unless there is a width */
  bool written;        /* jacobian writes every entry, whatever J held */
  bool alike; /* all slices are the same: jacobian may then be asked for one alone, by
                 a J of one slice */
};

/* The point where a map is evaluated: one matrix a variable, in the map's order and
 * storage. Borrowed. */
typedef const gsl_matrix *const *jac_point;

/* What a kind of map can do. Shapes are right when these are called (the jac_map_*
 * functions below check nothing more): a function fails only for want of memory, or with
 * JAC_ELIMIT. Missing functions are NULL and mean what stands beside them. */
struct jac_map_type {
  const char *name;

  /* y = f(x); y is rows x cols. Required. */
  enum jac_status (*forward)(const struct jac_map *map, jac_point x, gsl_matrix *y);

  /* Writes the entries of the explicit Jacobian that can be non-zero; J has the map's
   * shape (jac_map_jacobian_shape), its rows and slices may be apart (jac_array3_at), and
   * it is all zero on entry, unless structure says that every entry is written.
   * Required. */
  enum jac_status (*jacobian)(const struct jac_map *map, jac_point x, size_t wrt,
                              struct jac_array3 *J);

  /* Vector-Jacobian product: gradient = sum over outputs of cotangent times derivative;
   * cotangent is rows x cols, gradient has the variable's storage shape and is
   * overwritten. Required. */
  enum jac_status (*vjp)(const struct jac_map *map, jac_point x, size_t wrt,
                         const gsl_matrix *cotangent, gsl_matrix *gradient);

  /* Jacobian-vector product: out = derivative along tangent (the variable's storage
   * shape); out is rows x cols and is overwritten. Required. */
  enum jac_status (*jvp)(const struct jac_map *map, jac_point x, size_t wrt,
                         const gsl_matrix *tangent, gsl_matrix *out);

  /* The structure of the explicit Jacobian with respect to variable wrt. NULL: nothing
   * is known. */
  struct jac_structure (*structure)(const struct jac_map *map, size_t wrt);

  /* The same, a function each (the columns, written, alike), as files written for earlier
   * interfaces have it; looked at where structure is NULL. NULL: nothing is known. */
  jac_columns support;
  bool (*dense)(const struct jac_map *map, size_t wrt);
  bool (*alike)(const struct jac_map *map, size_t wrt);

  /* Frees what the map owns beyond itself and its variables. NULL: nothing. */
  void (*free)(struct jac_map *map);
};

/* A concrete map has this as its first member. Made by a function of its own (layers:
 * jac_module_new), freed by jac_map_free. Immutable afterwards, so threads may share it.
 */
struct jac_map {
  const struct jac_map_type *type;
  char *spec;                          /* "linear:3x2,bias": for headings; owned */
  char output_symbol[JAC_SYMBOL_SIZE]; /* LaTeX of an output before its indices: z^{k} */
  size_t batch;                        /* samples */
  size_t rows, cols;                   /* the output's shape */
  size_t channels; /* outputs that are positions x channels, channels fastest; or 0 */
  size_t width;    /* outputs that are images: their columns; or 0 */
  bool column;     /* the one row of outputs is a column where it is defined */
  bool coupled;    /* an output of one sample depends on another */
  bool placed;     /* a sample's function depends on its place in the batch */
  const char *coupled_reason; /* why, as a clause: "the mean is over the batch" */
  size_t nvar;
  struct jac_variable *var; /* nvar of them, owned */
  const char *definition;   /* in plain notation, "y[n,o] = ...", or NULL; borrowed */
  const char *shown;        /* the definition as a reader wants it, where it says the same
                               in more letters; or NULL: as it is */
  const char *shown_where; /* where as a reader wants it, beside what is shown; or NULL */
  /* The definition once more, and what it names, so written that neither overflows nor
   * cancels where the map's own code does not: second derivatives are made of it. NULL:
   * definition and where will do. */
  const char *steady, *steady_where;
  const char *where; /* a quantity that the entries name, "s[n,o] = ...", or NULL */
  const char *note; /* what a reader should know of the definition, translated where it is
                       shown; or NULL */
  const struct jac_slip *slip; /* ended by a NULL wrt, or NULL; borrowed */
  /* The same as matrices: `entry` is what a sample's Jacobian lacks of column vectors, in
   * LaTeX. */
  const struct jac_slip *lack;
  size_t nconstant;
  const struct jac_constant *constant; /* borrowed */
  /* Where the outputs are the entries of another map's Jacobian: that map, its variable
   * and how that is numbered; a "sample" is then an output of it. NULL: no such map. */
  const struct jac_map *of;
  size_t of_wrt;
  enum jac_order of_order;
  bool
      of_differences; /* no term is known: its Jacobian and products are by differences */
};

/* Frees a map and all it owns; NULL is fine. */
void jac_map_free(struct jac_map *map);

/* Whether the entries of its Jacobian have symbols. */
bool jac_variable_symbolic(const struct jac_variable *variable);

/* The index of the variable called name, or map->nvar. */
size_t jac_map_find(const struct jac_map *map, const char *name);

/* How many numbers variable v has, and its storage shape. */
size_t jac_variable_size(const struct jac_variable *variable);
void jac_variable_storage(const struct jac_variable *variable, size_t *rows,
                          size_t *cols);

/* Shape of the explicit Jacobian with respect to variable wrt. */
void jac_map_jacobian_shape(const struct jac_map *map, size_t wrt, size_t *slices,
                            size_t *rows, size_t *cols);

/* The point's matrices checked against the map: JAC_EINPUT names the first that does not
 * fit ("W is 3x2, linear:3x4 needs 3x4"). */
enum jac_status jac_map_check_point(const struct jac_map *map, jac_point x,
                                    struct jac_error *err);

/* What it is differentiated by, as --wrt says it: "z", "z,W" of second derivatives. */
#define JAC_WRT_SIZE ((size_t)2 * JAC_NAME_SIZE)
const char *jac_map_wrt(const struct jac_map *map, size_t wrt, char text[JAC_WRT_SIZE]);

/* The definition as it is shown, or NULL. */
const char *jac_map_shown(const struct jac_map *map);

/* What a function of the map's type returned, with its message: memory ran out, or what
 * somebody typed takes more than may be (JAC_ELIMIT). */
enum jac_status jac_map_fail(const struct jac_map *map, enum jac_status status,
                             struct jac_error *err);

/* The structure of the Jacobian with respect to wrt, and the columns of a row by it;
 * columns has room for all. */
struct jac_structure jac_map_structure(const struct jac_map *map, size_t wrt);
size_t jac_map_columns(const struct jac_map *map, size_t wrt, size_t row,
                       size_t *columns);

/* The explicit Jacobian into J, which has the right shape (else JAC_EINPUT) and may hold
 * anything: it is cleared first where it is not already clear. (A view that is not
 * contiguous must be clear, and marked so, or its map dense.) */
enum jac_status jac_map_jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                 struct jac_array3 *J, struct jac_error *err);

/* The same into a fresh array, which the caller frees with jac_array3_free. */
enum jac_status jac_map_jacobian_new(const struct jac_map *map, jac_point x, size_t wrt,
                                     struct jac_array3 *J, struct jac_error *err);

/* y = f(x), the products: as in jac_map_type, with a message when memory runs out. */
enum jac_status jac_map_forward(const struct jac_map *map, jac_point x, gsl_matrix *y,
                                struct jac_error *err);
enum jac_status jac_map_vjp(const struct jac_map *map, jac_point x, size_t wrt,
                            const gsl_matrix *cotangent, gsl_matrix *gradient,
                            struct jac_error *err);
enum jac_status jac_map_jvp(const struct jac_map *map, jac_point x, size_t wrt,
                            const gsl_matrix *tangent, gsl_matrix *out,
                            struct jac_error *err);

#endif
