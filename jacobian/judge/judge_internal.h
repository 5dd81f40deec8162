/* What the files of the judge share. */
#ifndef JACOBIAN_JUDGE_INTERNAL_H
#define JACOBIAN_JUDGE_INTERNAL_H

#include "jacobian/elaborate/elaborate.h"
#include "jacobian/judge/judge.h"
#include "jacobian/value/value.h"

enum outcome {
  OUT_HOLDS,
  OUT_FAILS,   /* by values */
  OUT_SHAPE,   /* two shapes that differ */
  OUT_VACUOUS, /* it would hold with another right side too */
  OUT_NO_VALUE /* no sample has values */
};

/* A comparison of two terms at samples. */
struct compared {
  enum outcome outcome;
  size_t samples;
  double error;       /* the largest relative difference */
  double ratio;       /* right / left where it is the same for all entries; else 0 */
  bool opposite;      /* the ratio is -1 */
  bool transposed;    /* right is left's transpose */
  size_t row, col;    /* the worst entry, from 0 */
  size_t rows, cols;  /* of the left */
  double left, right; /* there */
  double size_ratio;  /* the ratio over one of the sizes, where it is one of them */
  char size_name[40];
  bool diagonal; /* the right is the left's diagonal, whose other entries are not zero */
  bool zero;     /* the right side is zero, the left is not */
  bool nothing;  /* the left side is zero, as if it hung on nothing */
};

/* A reading that was run. */
struct run {
  enum jac_unfit unfit;
  const struct jac_term *left, *right, *condition;
  unsigned price;
  unsigned left_price;  /* what the left side alone comes to */
  unsigned left_slip;   /* the part of it for products that are none */
  unsigned coincidence; /* the part of it for matrices that only the claim makes square */
  size_t numbers;       /* names that nothing explains, taken for numbers */
  size_t arrays;        /* ... for vectors and matrices */
  const char *words[JAC_WORDS_MOST];
  size_t nwords;
  const char *unlinked[2]; /* dL/da is stated by dL/db of an unknown L: nothing says how
                              the first depends on the second; or NULL */
  bool guessed;            /* a function that nobody defines stands in it */
  bool compares; /* values are compared, or it has kinks: more samples, and wider ones */
  bool binary;   /* something is zero or one: more samples are drawn */
  bool derives;  /* the left side is a derivative, an entry of one, at a point */
  bool differentiates; /* a derivative stands in it, or in what its names stand for */
  bool one_hot;        /* labels stand on the left alone, and nothing is differentiated */
  const char *collapsed; /* what the right side makes smaller, or NULL */
  int how; /* the comparison: 0 entry by entry, 1 right is the diagonal, 2 a multiple of I
            */
  bool leans_on_unknown; /* right has a name that left and the definitions have not */
  char unknown[64];
  bool transposes;   /* something is transposed: then letters are hardly all numbers */
  bool still;        /* nothing that is differentiated moves */
  bool nothing_said; /* no derivative on the left, and no definition behind it */
  bool small_d;      /* differentials of numbers: dx = c du */
  const struct jac_given *given; /* the claim's */
  size_t givens;
  bool guess_alone; /* left rests on a guess that right does not mention */
};

/* What a side leans on, the bodies of its names included (for jac_term_walk). */
struct seen {
  const struct jac_symbol *symbol[400];
  size_t count;
  bool derivative, transpose;
  bool moves, still; /* what is differentiated hangs on what it is differentiated by */
  bool compares;     /* values are compared, z > 0, or it has kinks */
  bool binary;       /* a name is zero or one */
  const struct jac_symbol *derived[40]; /* guesses that are differentiated */
  size_t nderived;
};
bool jac_seen_collect(const struct jac_term *t, void *seen);
bool jac_seen_has(const struct seen *seen, const struct jac_symbol *s);

/* The 1/m of dW = 1/m dZ A^T, or NULL. */
const struct jac_syntax *jac_mean_of(const struct jac_claim_written *claim);
/* Its left side as 1/m times the sum's, where it is read so. */
const struct jac_term *jac_left_of_mean(struct jac_elaboration *e,
                                        const struct jac_claim_written *claim,
                                        const struct jac_term *left);

/* Sets run's `unlinked`. */
void jac_find_unlinked(struct run *run);
/* Sets run's `guessed`, `guess_alone`, `leans_on_unknown` and `unknown`. */
void jac_find_leaning(struct jac_elaboration *e, const struct jac_claim_written *claim,
                      struct run *run, const struct seen *left, const struct seen *right);
/* The words of a name that rests where others move, or NULL. */
const char *jac_find_resting(struct jac_elaboration *e, const struct run *run,
                             const struct seen *right);

/* work: what may be spent, and what is left. */
void jac_compare(struct jac_elaboration *e, const struct run *run, bool quick,
                 size_t *work, struct compared *out);

/* What intervals tell of a reading that holds; *apart: by how much of an entry it does
 * not. */
enum jac_proof jac_prove(struct jac_elaboration *e, const struct run *run, double *apart);

/* One reading of the claim, in e (pool clean). */
void jac_run(struct jac_elaboration *e, const struct jac_claim_written *claim,
             struct run *run);

/* A change: the text with bytes [start, end) replaced. */
struct jac_change {
  size_t start, end;
  char with[120];
  char words[200];
  bool renames;  /* one name in another's place */
  bool weak;     /* of indices, losses, functions: it may well be another formula */
  bool reorders; /* factors: nothing, where they are numbers */
};

struct jac_changes {
  struct jac_change list[400];
  size_t count;
  const char *text;
  bool plain;
  struct jac_evidence *evidence; /* how names are used */
};

/* The names of both sides, each once, the right side's first. */
enum { JAC_CLAIM_NAMES = 24 };
void jac_claim_names(const struct jac_claim_written *claim,
                     const struct jac_syntax *names[JAC_CLAIM_NAMES], size_t *count);

/* Factors transposed, signs, terms, numbers, squares, then names in each other's place.
 */
void jac_changes_find(struct jac_changes *changes, const struct jac_syntax *right,
                      const struct jac_syntax *const *names, size_t count);

/* Whether a name is an index, a loss, a function: none that a quantity stands for. */
bool jac_no_quantity(struct jac_evidence *evidence, const char *name);

/* The bytes of a node in the text. */
void jac_spelled(const char *text, const struct jac_syntax *n, char *out, size_t size);

/* What is wrong, and the smallest change that mends it. *work bounds what is tried, in
 * numbers computed; what is used is taken off. */
enum { JAC_EXPLAIN_WORK = 12000000 };
void jac_explain(const struct jac_claim_written *claim, const struct jac_forced *forced,
                 size_t nforced, const struct compared *compared, size_t *work,
                 struct jac_judgement_of *judged);

/* By its form (form.c): differentials; what can be told though nothing is differentiated;
 * what is asked of something; an expectation in it; a step of a descent; df = f' dx;
 * derivatives arranged as a matrix; a function at its argument; a
 * product of names; a differential equation; an equation between
 * quantities; the name of what it defines by itself, or NULL. */
bool jac_form_differential(const struct jac_syntax *left);
bool jac_form_relation(const struct jac_claim_written *claim);
bool jac_form_identity(const struct jac_claim_written *claim);
bool jac_form_separated(const struct jac_claim_written *claim);
bool jac_form_of_numbers(const struct jac_claim_written *claim);
bool jac_form_of_unknown(const struct jac_claim_written *claim);
bool jac_form_spelled_out(const struct jac_claim_written *claim);
bool jac_form_constraint(const struct jac_claim_written *claim);
bool jac_form_expectation(const struct jac_claim_written *claim);
bool jac_form_update(const struct jac_claim_written *claim);
bool jac_form_total(const struct jac_claim_written *claim);
bool jac_form_product(const struct jac_syntax *left);
bool jac_form_again(const struct jac_claim_written *claim);
bool jac_form_equation(const struct jac_claim_written *claim);
bool jac_form_call(const struct jac_syntax *left);
bool jac_form_arrangement(const struct jac_claim_written *claim);
const char *jac_form_of_itself(const struct jac_claim_written *claim);

/* What is differentiated by what, in the claim and in what it leads to; false: no memory.
 */
bool jac_own_pairs(const struct jac_claim_written *claim, struct jac_evidence *own);

/* Whether a quantity is defined by what mentions another, both as they are written. */
bool jac_defined_by(const struct jac_evidence *all, const struct jac_syntax *a,
                    const struct jac_syntax *b);

struct jac_step {
  const struct jac_syntax *above, *below;
};
/* One derivative of one name by one name, transposed or not. */
bool jac_formal_step(const struct jac_syntax *n, struct jac_step *step);

/* The chain rule between quantities that nobody defines (refuted: what is known of them
 * does not agree, which counts for components): 1 it holds formally, -1 it does not, 0 it
 * is no such claim. */
int jac_formal_chain(const struct jac_claim_written *claim, bool refuted);
/* Whether it is the chain rule along edges: one way goes by c directly, the other by what
 * is made of c. */
bool jac_formal_edges(const struct jac_claim_written *claim);
/* Whether it is backpropagation through time: a sum over the steps s, where dh_s/dW is
 * what step s alone gives. */
bool jac_formal_through_time(const struct jac_claim_written *claim);
/* What another way from the left's numerator to its denominator goes by, which the
 * section has and a chain of derivatives does not; or NULL. */
const struct jac_syntax *jac_formal_left_out(const struct jac_claim_written *claim);

#endif
