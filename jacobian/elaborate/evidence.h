/* Evidence: how the names of a scope are used and defined, seen once on the notation,
 * before any reading. It sets prices; it decides nothing. */
#ifndef JACOBIAN_ELABORATE_EVIDENCE_H
#define JACOBIAN_ELABORATE_EVIDENCE_H

#include "jacobian/elaborate/scope.h"

/* A name, without what stands below, and with or without what stands above it. */
struct jac_usage {
  const char *key;
  struct jac_usage *next;
  size_t alone;        /* without an index */
  size_t below[4];     /* with 1, 2, 3 indices below (0: a word there) */
  size_t digits;       /* of those, with nothing but digits */
  size_t letters;      /* of those, with a letter */
  size_t bound;        /* of those, with a letter that a sum binds */
  size_t matched;      /* of those, with a letter of the left side of a definition */
  size_t above_letter; /* a letter or a sum above: z^l, z^{l-1} */
  size_t above_bound;  /* ... that a sum binds */
  size_t above_group;  /* z^{(i)}, z^{[l]} */
  size_t logged;       /* with a logarithm behind it: y log p */
  size_t turned;       /* transposed as a whole: x^T */
  size_t powered;      /* with a number above: x^2 */
  size_t exponents;    /* with a sum of quantities above: K^{\alpha - 1} */
  size_t named_powers; /* with a name of several letters above, no word: K^\alpha */
  size_t primed;       /* with a prime: f'(x) */
  size_t called;       /* a bracket directly behind it */
  size_t called_names; /* ... with names alone in it */
  size_t times;        /* in any other way */
  size_t numerator;    /* differentiated */
  size_t denominator;  /* differentiated by */
  size_t straight;     /* by a straight d */
  size_t acted;        /* a capital name stands directly before it: W x */
  size_t driven;       /* ... that has no two indices, before x_t: W x_t */
  size_t members;      /* with a letter below, it is a vector: x_i^T, W x_i */
  size_t raises;       /* it is a factor above e: e^{-rT}; or stands before such */
  size_t acts;         /* it stands before a name between double bars: ||W x|| */
  size_t under;        /* a quotient is by it alone: z / T */
  size_t divisor;      /* something is divided by it, a sum stands beside */
  size_t counts;       /* ones are divided by it: 1/n 1 1^T */
  size_t index;        /* it stands below another name, as an index */
  size_t placed;       /* ... with an index of its own: y of p_{y_i} */
  size_t running;      /* ... on the left of a definition: h_t = ... */
  size_t loose;        /* below another in a definition, not bound, not on its left */
  size_t summed;       /* a sum or product binds it */
  size_t raised;       /* it stands above another alone: K^\alpha */
  size_t stepped;      /* something is added to it above another: z^{t+1} */
  size_t by_prime;     /* it stands below a primed name: f'_x */
  size_t bounds;       /* it bounds a sum, or is a size in R^{n x m} */
  size_t squared;      /* a trace or determinant is of it alone: tr A */
  size_t normed;       /* it, or its value, is between double bars: ||x||, ||r(x)|| */
  size_t rooted;       /* a factor or a divisor under a root */
  size_t limits;       /* an absolute value or norm is held against it: |r| < d */
  size_t quadratic;    /* between a vector and itself: x^T Q x */
  size_t defined;      /* on the left of a definition */
  size_t plain;        /* an argument of f(x, y) = a formula of numbers */
  size_t constant;     /* it ends a side, alone: x^2 + C */
  size_t scaled;       /* a bare name stands directly before it: N D */
  const char *scale;   /* ... the last such name */
  size_t series;       /* x_1 + x_2 + x_3: 3, the last of numbered terms; else 0 */
  const struct jac_syntax *call;  /* the first bracket behind it, */
  const struct jac_syntax *again; /* the next with another name in it, or NULL */
  bool bold;
  const struct jac_fact *shape; /* where its shape is said, or NULL */
  unsigned properties;          /* all that are said */
};

enum jac_defines {
  JAC_DEFINES_VALUE,    /* y = ... */
  JAC_DEFINES_ENTRIES,  /* y_i = ..., Y_{ij} = ... */
  JAC_DEFINES_FUNCTION, /* f(x) = ... */
  JAC_DEFINES_POWER,    /* \sigma^2 = ... */
  JAC_DEFINES_NEXT      /* h_{t+1} = ..., by h_t = ..., where steps are read one by one */
};

struct jac_definition {
  enum jac_defines defines;
  const char *key;  /* of the whole name: "y", "y_i", "z^{(l)}" */
  const char *base; /* without what stands below; of y: itself */
  size_t indices;   /* of entries */
  const char *index[3];
  size_t params; /* of a function */
  const struct jac_syntax *param[8];
  const struct jac_syntax *name; /* the left side's name */
  const struct jac_fact *fact;
  bool step;    /* one step of a recurrence: h_t = ..., where h_{t-1} stands somewhere */
  size_t order; /* its number among the scope's facts */
  size_t after[2]; /* the next of its bucket, by key and by base: 1 more, or 0 */
};

/* What is differentiated by what: \partial L / \partial W. */
struct jac_pair {
  const char *numerator;
  const struct jac_syntax *denominator;
  bool straight, curly; /* the signs it is written with: d, \partial */
};

/* What is said of a name: a shape, a property; or another name for it. */
struct jac_told {
  const struct jac_fact *fact;
  const char *key; /* of the fact's left side; what is another name is seen through */
};

enum { JAC_USAGE_BUCKETS = 256, JAC_DEFINITION_BUCKETS = 256 };

struct jac_evidence {
  struct jac_pool *pool; /* of names and notation: the scope's */
  bool arrays;  /* something is of vectors or matrices: x^T, ||x||, a sum over members */
  bool divides; /* a formula with a capital letter divides by a name */
  const char *count;      /* the one name that ones are divided by; "": several do */
  struct jac_pool *store; /* of the evidence itself, set before; NULL: pool */
  struct jac_usage *bucket[JAC_USAGE_BUCKETS];
  struct jac_definition *definition;
  size_t definitions;
  size_t head[2][JAC_DEFINITION_BUCKETS]; /* by key, by base: 1 more, or 0 */
  const char *layer[8]; /* letters that stand above names on the left of definitions */
  size_t layers;
  const char *step[4]; /* letters of the steps of recurrences: t of h_t = f(h_{t-1}) */
  size_t steps;
  struct jac_pair pair[160];
  size_t pairs;
  const struct jac_pair *every; /* the section's, where pair has a claim's own; or NULL */
  size_t everys;
  struct jac_leads *leads; /* what every definition mentions, where it was looked for */
  struct jac_told *told;   /* shapes and properties, in order */
  size_t tolds;
  struct jac_told *meaning; /* of signs and conventions; key: NULL */
  size_t meanings;
  struct jac_told *alias; /* key: what the fact's left side stands for */
  size_t aliases;
};

/* The key of a name, through what the author says is another name for it. */
const char *jac_evidence_key(const struct jac_evidence *evidence, struct jac_pool *pool,
                             const struct jac_syntax *name);

/* Looks at every fact. False: memory ran out. */
bool jac_evidence_make(struct jac_evidence *evidence, const struct jac_scope *scope);

/* What the definitions give a name stands under it in others, where they are
 * differentiated by that name. */
void jac_evidence_within(struct jac_evidence *evidence);

/* One more formula: a claim's sides. */
void jac_evidence_see(struct jac_evidence *evidence, const struct jac_syntax *notation);

/* The definitions that may have a key (base: or a base) stand in one list: its first, and
 * the one behind another, in the order in which they were said; or NULL. */
const struct jac_definition *jac_definition_first(const struct jac_evidence *evidence,
                                                  const char *key, bool base);
const struct jac_definition *jac_definition_next(const struct jac_evidence *evidence,
                                                 const struct jac_definition *definition,
                                                 bool base);

/* The usage of a key (interned in the scope's pool); never NULL unless memory ran out. */
struct jac_usage *jac_usage_of(struct jac_evidence *evidence, const char *key);

/* Whether it was met before; nothing is made. */
bool jac_usage_met(const struct jac_evidence *evidence, const char *key);

/* What a left side would define, if anything. */
bool jac_definition_read(struct jac_pool *pool, const struct jac_syntax *left,
                         struct jac_definition *definition);

/* Whether both df/dx and \partial f / \partial x stand somewhere: the one is total, the
 * other may be partial. */
bool jac_total_and_partial(const struct jac_evidence *evidence, const char *numerator,
                           const struct jac_syntax *denominator);

/* Whether the section differentiates y by x somewhere: dy/dx. */
bool jac_differentiates(const struct jac_evidence *evidence, const char *y,
                        const struct jac_syntax *x);

/* The items of an index below: "i,j", "ij", "1,2", "i+1". 0: it is a word. */
size_t jac_index_items(const struct jac_syntax *below, const struct jac_syntax *item[4]);

/* Whether nothing but names stands in a bracket. */
bool jac_all_names(const struct jac_syntax *bracket);

/* The single letter of an index item (i, of i, i+1, i'), or NULL. */
const struct jac_syntax *jac_index_letter(const struct jac_syntax *item);

/* W^{(l)} of W^{(l)T}: without the transpose behind a layer. NULL: there is none. */
const struct jac_syntax *jac_upright(struct jac_pool *pool, const struct jac_syntax *n);

bool jac_is_name(const struct jac_syntax *n, const char *text);
/* Whether a notation is a differential sign: \partial, d, \mathrm d. */
bool jac_is_differential(const struct jac_syntax *n);
/* Whether f is a d that may be of what follows: dx, d(xy). */
bool jac_d_before(const struct jac_syntax *f, const struct jac_syntax *next);

#endif
