#include "layers/norm_internal.h"

#include "jacobian/text.h"

/* What is forgotten on the way through the statistics. a ... b: what stands around an
 * entry; r: the inverse deviation; d: whether it is the same number; xx: the product of
 * both normalised numbers; z: the number itself. PLAIN: the variance by N - 1, and eps;
 * it may stand in both places, below the root alone, or in the derivative alone. */
#define PLAIN(r) "((1/" r "^2 - eps)*N/(N - 1) + eps)"
#define FEATURES N_("the variance is divided by N - 1, not by N")
#define SAMPLES N_("the variance is divided by B - 1, not by the batch B")
#define HELD N_("the mean and the variance are held constant: they depend on z too")
#define NO_MEAN N_("the path through the mean is missing")
#define NO_VARIANCE N_("the path through the variance is missing")
#define NO_GAMMA N_("gamma is left out")
#define HELD_NO_GAMMA                                                                    \
  N_("the mean and the variance are held constant, and gamma is left out")
#define HELD_NO_ROOT                                                                     \
  N_("the mean and the variance are held constant, and the variance divides where its "  \
     "root should")
#define HELD_ROOT N_("the root mean square is held constant: it depends on z too")
#define NO_ROOT N_("the variance divides where its root should")
#define SLIPS(z, a, r, d, xx, b, minus_one)                                              \
  {"z", HELD, a "gamma[o]*" r "*" d b},                                                  \
      {"z", NO_ROOT, a "gamma[o]*" r "^2*(" d " - (1 + " xx ")/N)" b},                   \
      {"z", HELD_NO_ROOT, a "gamma[o]*" r "^2*" d b},                                    \
      {"z", NO_MEAN, a "gamma[o]*" r "*(" d " - " xx "/N)" b},                           \
      {"z", NO_VARIANCE, a "gamma[o]*" r "*(" d " - 1/N)" b},                            \
      {"z", NO_GAMMA, a r "*(" d " - (1 + " xx ")/N)" b},                                \
      {"z", minus_one,                                                                   \
       a "gamma[o]/sqrt(" PLAIN(r) ")*(" d " - 1/N - " xx "/(" r                         \
                                   "^2*" PLAIN(r) "*(N - 1)))" b},                       \
      {"z", minus_one,                                                                   \
       a "gamma[o]/sqrt(" PLAIN(r) ")*(" d " - 1/N - " xx "/(" r                         \
                                   "^2*" PLAIN(r) "*N))" b},                             \
      {"z", minus_one, a "gamma[o]*" r "*(" d " - 1/N - " xx "/(N - 1))" b},             \
      {"z", minus_one, a "gamma[o]*" r "*(" d " - (1 + " xx ")/(N - 1))" b},             \
      {"z", HELD_NO_GAMMA, a r "*" d b}, {                                               \
    "gamma", N_("z stands where the normalised x is meant"), "delta(o,i)*" z             \
  }

const struct jac_slip jac_layer_norm_slips[] = {
    SLIPS("z[n,o]", "", "r[n]", "delta(o,i)", "x[n,o]*x[n,i]", "", FEATURES),
    {"gamma", FEATURES, "delta(o,i)*x[n,o]/(r[n]*sqrt(" PLAIN("r[n]") "))"},
    {"gamma", NO_ROOT, "delta(o,i)*x[n,o]*r[n]"},
    {NULL, NULL, NULL}};
#define SQUARE_DIVIDES N_("the mean square divides where its root should")
const struct jac_slip jac_rms_norm_slips[] = {
    {"z", HELD_ROOT, "gamma[o]*r[n]*delta(o,i)"},
    {"z", NO_GAMMA, "r[n]*(delta(o,i) - x[n,o]*x[n,i]/N)"},
    {"z", SQUARE_DIVIDES, "gamma[o]*r[n]^2*(delta(o,i) - x[n,o]*x[n,i]/N)"},
    {"gamma", SQUARE_DIVIDES, "delta(o,i)*x[n,o]*r[n]"},
    {"z", N_("the root mean square is held constant, and gamma is left out"),
     "r[n]*delta(o,i)"},
    {"z", N_("a mean is taken, as layer norm does"),
     "gamma[o]*r[n]*(delta(o,i) - (1 + x[n,o]*x[n,i])/N)"},
    {"gamma", N_("z stands where the normalised x is meant"), "delta(o,i)*z[n,o]"},
    {NULL, NULL, NULL}};
/* What evaluation divides by where nothing has been learnt yet: a mean 0, a variance 1;
 * and after this batch, a tenth of the way to its own (the variance by N - 1). */
#define KEPT N_("the statistics are those kept for evaluation, not the batch's")
#define TENTH_ROOT "sqrt(9/10 + (1/r[o]^2 - eps)*N/(10*(N - 1)) + eps)"
#define EVALUATED(d)                                                                     \
  {"z", KEPT, "delta(o,i)*gamma[o]*" d "/sqrt(1 + eps)"}, {                              \
    "z", KEPT, "delta(o,i)*gamma[o]*" d "/" TENTH_ROOT                                   \
  }
const struct jac_slip jac_batch_norm_slips[] = {
    SLIPS("z[n,o]", "delta(o,i)*", "r[o]", "delta(n,m)", "x[n,o]*x[m,o]", "", SAMPLES),
    {"gamma", SAMPLES, "delta(o,i)*x[n,o]/(r[o]*sqrt(" PLAIN("r[o]") "))"},
    {"gamma", NO_ROOT, "delta(o,i)*x[n,o]*r[o]"},
    EVALUATED("delta(n,m)"),
    {"gamma", KEPT, "delta(o,i)*z[n,o]/sqrt(1 + eps)"},
    {NULL, NULL, NULL}};
#define GROUP                                                                            \
  "sum(g = 1:G, ind(o > S*(g - 1) and o <= S*g and i > S*(g - 1) and i <= S*g)*("
/* By how much x of a channel is less where its group's variance is divided by N - 1. */
#define ITS_OWN                                                                          \
  "sum(g = 1:G, ind(o > S*(g - 1) and o <= S*g)/(r[n,g]*sqrt(" PLAIN("r[n,g]") ")))"
#define ITS_ROOT "sum(g = 1:G, ind(o > S*(g - 1) and o <= S*g)*r[n,g])"
/* Of all the channels at once: from the groups' means and variances, u and r. */
#define ALL_MEAN "sum(h = 1:G, u[n,h])/G"
#define ALL_ROOT                                                                         \
  "sqrt(eps + sum(h = 1:G, 1/r[n,h]^2 - eps + (u[n,h] - " ALL_MEAN_TOO ")^2)/G)"
#define ALL_MEAN_TOO "sum(e = 1:G, u[n,e])/G"
#define ALL_AT_ONCE                                                                      \
  N_("the mean and the variance are those of all features, not of each group")
#define UNGROUPED(z, other, d)                                                           \
  {"z", ALL_AT_ONCE,                                                                     \
   "gamma[o]/" ALL_ROOT "*(" d " - (1 + (" z " - " ALL_MEAN ")*(" other " - " ALL_MEAN   \
   ")/" ALL_ROOT "^2)/(N*G))"},                                                          \
  {                                                                                      \
    "gamma", ALL_AT_ONCE, "delta(o,i)*(" z " - " ALL_MEAN ")/" ALL_ROOT                  \
  }
const struct jac_slip jac_group_norm_slips[] = {
    UNGROUPED("z[n,o]", "z[n,i]", "delta(o,i)"),
    SLIPS("z[n,o]", GROUP, "r[n,g]", "delta(o,i)", "x[n,o]*x[n,i]", "))", FEATURES),
    {"gamma", FEATURES, "delta(o,i)*x[n,o]*" ITS_OWN},
    {"gamma", NO_ROOT, "delta(o,i)*x[n,o]*" ITS_ROOT},
    {NULL, NULL, NULL}};
/* The same of data with positions l and q. */
const struct jac_slip jac_batch_norm_place_slips[] = {
    SLIPS("z[n,l,o]", "delta(o,i)*", "r[o]", "delta(n,m)*delta(l,q)", "x[n,l,o]*x[m,q,o]",
          "", FEATURES),
    {"gamma", FEATURES, "delta(o,i)*x[n,l,o]/(r[o]*sqrt(" PLAIN("r[o]") "))"},
    {"gamma", NO_ROOT, "delta(o,i)*x[n,l,o]*r[o]"},
    EVALUATED("delta(n,m)*delta(l,q)"),
    {"gamma", KEPT, "delta(o,i)*z[n,l,o]/sqrt(1 + eps)"},
    {NULL, NULL, NULL}};
const struct jac_slip jac_group_norm_place_slips[] = {
    UNGROUPED("z[n,l,o]", "z[n,q,i]", "delta(o,i)*delta(l,q)"),
    SLIPS("z[n,l,o]", GROUP, "r[n,g]", "delta(o,i)*delta(l,q)", "x[n,l,o]*x[n,q,i]", "))",
          FEATURES),
    {"gamma", FEATURES, "delta(o,i)*x[n,l,o]*" ITS_OWN},
    {"gamma", NO_ROOT, "delta(o,i)*x[n,l,o]*" ITS_ROOT},
    {NULL, NULL, NULL}};

/* What a sample's matrix lacks then, where all of it is one group. */
#define ONES "\\mathbf{1}\\mathbf{1}^\\top"
#define SQUARE "x x^\\top"
#define GAMMA "\\operatorname{diag}(\\gamma)"
const struct jac_slip jac_layer_norm_lacks[] = {
    {"z", HELD, "-r " GAMMA " (" ONES " + " SQUARE ")/N"},
    {"z", NO_MEAN, "-r " GAMMA ONES "/N"},
    {"z", NO_VARIANCE, "-r " GAMMA SQUARE "/N"},
    {"z", NO_GAMMA, "r (" GAMMA " - I) (I - (" ONES " + " SQUARE ")/N)"},
    {"z", HELD_NO_GAMMA, "r (" GAMMA " - I) - r " GAMMA " (" ONES " + " SQUARE ")/N"},
    {NULL, NULL, NULL}};
const struct jac_slip jac_rms_norm_lacks[] = {
    {"z", HELD_ROOT, "-r " GAMMA SQUARE "/N"},
    {"z", NO_GAMMA, "r (" GAMMA " - I) (I - " SQUARE "/N)"},
    {NULL, NULL, NULL}};
