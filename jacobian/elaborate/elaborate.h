/* Elaboration: notation and a scope into terms, under one reading. It is run once for
 * each combination of choices that is tried; the cheapest alternative is taken where
 * nothing forces another. */
#ifndef JACOBIAN_ELABORATE_ELABORATE_H
#define JACOBIAN_ELABORATE_ELABORATE_H

#include "jacobian/elaborate/choice.h"
#include "jacobian/elaborate/dim.h"
#include "jacobian/elaborate/evidence.h"

enum jac_unfit {
  JAC_FITS,
  JAC_CLASH,   /* shapes do not fit under this reading: another may */
  JAC_UNKNOWN, /* something is not explained or not read: no reading will do, or none
                  with what was said */
  JAC_BOUND,   /* too large, or too deep */
  JAC_SHORT    /* memory */
};

struct jac_elaboration {
  /* Given. */
  struct jac_pool *pool; /* of terms; released between runs by the caller */
  const struct jac_scope *scope;
  struct jac_evidence *evidence;
  struct jac_evidence *own; /* of the claim and what it leads to alone; or NULL */
  const struct jac_syntax *left, *right; /* of the claim, as it is written; or NULL */
  size_t visible; /* facts of the scope that count: those before the claim */
  const struct jac_forced *forced;
  size_t nforced;
  /* Found. */
  struct jac_choice choice[JAC_CHOICES];
  size_t nchoice;
  unsigned price;
  struct jac_dims dims;
  enum jac_unfit unfit;
  char message[400];   /* why it does not fit, one line */
  uint64_t conflict;   /* the choices that the clash rests on */
  size_t start, end;   /* where, in the text of the formula at fault */
  const char *missing; /* a name that nothing explains, or NULL */
  /* Free indices met (each for all its values), in order. */
  struct jac_index *index[16];
  size_t nindex;
  /* Symbols met, in order. */
  struct jac_symbol *symbol[400];
  size_t nsymbol;
  const struct jac_fact *leaned[64]; /* definitions used */
  size_t nleaned;
  /* Its own. */
  struct jac_names *names;
  struct jac_bound *bound;
  struct jac_dim *pending;  /* what a sum beside a quotient ranges over */
  const char *defining[24]; /* keys whose definitions are being read */
  size_t ndefining;
  const struct jac_syntax *by[8]; /* what is differentiated by first */
  size_t bys;
  bool nabla;     /* what is differentiated is so by \nabla */
  size_t pairing; /* ndefining where the variables of an unknown loss are looked at */
  size_t terms, depth, work;
  bool four;   /* a matrix was differentiated by a matrix, laid out in many ways; or a
                  function that nobody defines is one of a matrix */
  bool braced; /* \cos{a + b}: the braces may mean nothing, and b stand outside */
  const char *excuse; /* it is read as it may be meant, by which nothing is refuted and
                         nothing holds: the words, or NULL */
  bool plain;         /* the formula is in plain notation */
  bool strict; /* it is a program: products and powers are those of matrices, and what
                  has a size of its own is a factor before a bracket */
  const char *circle;      /* a name that is defined by itself, through others; or NULL */
  struct jac_dim *dots[8]; /* sizes of what dots stand for, that nothing there says */
  size_t ndots;
  unsigned char stepwise; /* 1: the claim may be of steps that differ, 2: it is of one */
  unsigned char through;  /* 1: a loss hangs on what is asked by later steps; 2: not */
  bool no_entry;          /* an entry is taken of what a definition makes a number */
  bool exact; /* matrices are as general as their shapes: none is symmetric unless said */
};

/* Starts a run; what is given above is set, the pool is clean. */
bool jac_elaborate_start(struct jac_elaboration *e);

/* The term of an expression, NULL where unfit says why. */
const struct jac_term *jac_elaborate(struct jac_elaboration *e,
                                     const struct jac_syntax *notation);

/* A choice of this run: what is forced, else the cheapest alternative. */
size_t jac_choose(struct jac_elaboration *e, const struct jac_choice *choice);

/* What names a place in t, and what a matrix is raised to, is drawn from whole numbers.
 */
void jac_mark_places(struct jac_elaboration *e, const struct jac_term *t);

/* Both terms of one shape: resting on what both do. */
bool jac_elaborate_same(struct jac_elaboration *e, const struct jac_term *a,
                        const struct jac_term *b);

#endif
