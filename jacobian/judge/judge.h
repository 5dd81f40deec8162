/* The one judge: a claim in a scope, and what is to be said of it. */
#ifndef JACOBIAN_JUDGE_JUDGE_H
#define JACOBIAN_JUDGE_JUDGE_H

#include "jacobian/elaborate/evidence.h"
#include "jacobian/error.h"
#include "jacobian/value/value.h"

enum jac_verdict {
  JAC_HOLDS,
  JAC_HOLDS_CONVENTION,
  JAC_DOES_NOT_HOLD,
  JAC_NOT_UNDERSTOOD,
  JAC_NOT_JUDGED,
  JAC_VERDICTS
};

/* "holds", "holds with a convention" ... */
const char *jac_judge_verdict_name(enum jac_verdict verdict);

/* An equality: left = right, in the scope of the facts before it. */
struct jac_claim_written {
  const struct jac_scope *scope;
  struct jac_evidence *evidence; /* of the scope, the claim seen too */
  struct jac_evidence *own;      /* the judge's: NULL */
  size_t visible;                /* facts that count; strong ones always do */
  const struct jac_syntax *left, *right;
  const struct jac_syntax *condition; /* it is meant only there, or NULL */
  const char *text; /* the text that right was read from; right->start is in it */
  bool plain;
  bool correct; /* look for the mistake, and the correction */
  bool step;    /* from one side of a chain to the next: no derivative need stand in it */
  bool spelled; /* every index is meant as it stands: none is summed over silently */
  const struct jac_given *given; /* values of symbols, the others are drawn */
  size_t givens;
  bool certify; /* what holds is proved by intervals, or refuted */
};

/* What intervals tell of a claim that holds in doubles. */
enum jac_proof {
  JAC_PROOF_NONE, /* not asked for */
  JAC_PROOF_HOLDS,
  JAC_PROOF_REFUTES, /* then it does not hold */
  JAC_PROOF_UNTOLD
};

enum { JAC_WORDS_MOST = 12 };

/* What is said of it. */
struct jac_judgement_of {
  enum jac_verdict verdict;
  char convention[300];                /* words, or "" */
  char diagnosis[500];                 /* of what does not hold, or is not understood */
  char correction[400];                /* a right side that the judge accepts, or "" */
  char wrt[64];                        /* the variable, or "" */
  const char *reading[JAC_WORDS_MOST]; /* the words of all choices that have some */
  size_t readings;
  unsigned price;
  int gradient; /* the layout: 0 plays no part, 1 the usual, 2 the other */
  int jacobian;
  bool vector;  /* the gradient's is by a vector */
  bool special; /* it holds for symmetric matrices only */
  bool sure; /* of what does not hold: a small change mends it, or nothing was guessed */
  bool
      weak; /* the correction is of an index, a loss, a function: no evidence by itself */
  bool likely; /* ... or only functions that nobody defines */
  bool shapes; /* wrong by its shape */
  size_t samples;
  double error;      /* the largest relative difference met */
  size_t start, end; /* of what is not understood, in text; 0, 0: nowhere there */
  size_t runs;       /* readings that were tried */
  enum jac_proof proof;
  size_t row, col, rows, cols; /* the entry that differs most, from 0; the left's shape */
  double left, right;          /* there */
};

/* Judges a claim. Errors: JAC_ENOMEM. */
enum jac_status jac_judge_claim(const struct jac_claim_written *claim,
                                struct jac_judgement_of *judged, struct jac_error *err);

/* As many significant digits, from four on, as tell two numbers apart; 17 at most. */
int jac_digits_apart(double a, double b);

#endif
