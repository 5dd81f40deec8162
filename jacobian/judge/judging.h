/* What the search over a claim's readings has met, for the verdict. */
#ifndef JACOBIAN_JUDGE_JUDGING_H
#define JACOBIAN_JUDGE_JUDGING_H

#include "jacobian/elaborate/search.h"
#include "jacobian/judge/judge_internal.h"

/* How many readings are run, and how many are tried for them. */
enum { JAC_RUNS = 500, JAC_TRIED = 2000 };

/* Readings that failed by values, in which a correction is looked for. */
enum { OTHERS = 8 };
struct others {
  struct jac_candidate candidate[OTHERS];
  struct compared compared[OTHERS];
  size_t count;
};

/* What stays of a reading when its terms are gone. */
struct kept {
  bool there;
  unsigned price;
  struct jac_candidate candidate;
  struct run run; /* its words */
  struct compared compared;
  int gradient, jacobian;
  bool vector;
  char shapes[200];
  enum jac_proof proof;
  double apart;
};

/* The left side by itself, read as cheaply as it can be. */
struct left_alone {
  bool there;
  unsigned price, slip;
};

/* What failing readings came to. One that comes to the numbers of another says nothing
 * new: a row for a column in a claim about entries. */
enum { MET_VALUES = 256 };
struct met_values {
  double left[MET_VALUES], right[MET_VALUES];
  size_t rows[MET_VALUES], cols[MET_VALUES];
  size_t count;
};

/* The search over readings, and what it has met. */
struct jac_judging {
  const struct jac_claim_written *claim;
  struct jac_pool pool;
  struct jac_elaboration e;
  struct jac_search readings;
  struct kept first, /* the first reading that could be run, and does not hold */
      valued,        /* the first of them that has values on both sides */
      found;         /* the reading that holds */
  struct others others;
  struct met_values met;
  struct left_alone left;
  size_t runs, tried, work;
  bool vacuous;
  bool valueless; /* a reading before the first that fails has hardly a value */
  bool nothing_said, small_d, four, braced, guess_alone, leans; /* of the first */
  const char *excuse; /* how it would hold by a reading that may be meant, or NULL */
  char circle[64];    /* what is defined by itself in it, or "" */
  char name[64];      /* what it leans on */
  char why[400];      /* why the first that could not be run could not, */
  size_t start, end;  /* and where, */
  bool no_entry;      /* for an entry of a number */
  enum jac_status status;
};

/* What is to be said, when no more is to be met. */
void jac_conclude(struct jac_judging *judging, struct jac_judgement_of *judged);

#endif
