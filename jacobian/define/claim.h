/* A claim about a map's Jacobian: the map's own formulas are the scope, the one judge
 * answers. */
#ifndef JACOBIAN_DEFINE_CLAIM_H
#define JACOBIAN_DEFINE_CLAIM_H

#include "jacobian/define/map_scope.h"

struct jac_map_claim {
  const struct jac_map *map;
  const struct jac_map_parts *parts; /* of a network, or NULL */
  size_t wrt;
  enum jac_order order; /* how parameters are numbered */
  const char *text;     /* plain notation or LaTeX */
  const char *added;    /* what is added to it, in either notation, or NULL */
  jac_point x;          /* the point; its values count where `set` says so */
  const bool *set;      /* of each variable, or NULL: none */
  bool certify;
};

/* What is said of it. */
struct jac_map_judgement {
  bool holds;
  bool shapes;         /* it is wrong by its shape */
  char words[400];     /* the convention under which it holds, or "" */
  char diagnosis[500]; /* of what does not hold */
  char correction[400];
  bool proved, refuted, untold; /* with certify: what intervals tell */
  size_t samples;
  double error, apart; /* the largest relative and absolute difference */
};

/* Judges the claim: of a module in its own names (z, W, y, z^{k-1}, s ...), rows being
 * samples, or with column vectors; of a definition in its author's; an entry by its free
 * indices, the module's n, o, i, j or one's own. words: under which convention it holds,
 * "" none. At the given values only: it does not hold, and the diagnosis says so.
 * Errors: JAC_EINPUT, with the place, for what is not understood; JAC_EREFUSED for what
 * cannot be judged, with the reason; JAC_ENOMEM. */
enum jac_status jac_map_claim_judge(const struct jac_map_claim *claim,
                                    struct jac_map_judgement *judged,
                                    struct jac_error *err);

#endif
