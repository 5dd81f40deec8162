#include "layers/norm_internal.h"

#include "jacobian/text.h"

/* What is forgotten on the way through the statistics. a ... b: what stands around an
 * entry; r: the inverse deviation; d: whether it is the same number; xx: the product of
 * both normalised numbers. PLAIN: the variance by N - 1, and eps. */
#define PLAIN(r) "((1/" r "^2 - eps)*N/(N - 1) + eps)"
#define FEATURES N_("the variance is divided by N - 1, not by N")
#define SAMPLES N_("the variance is divided by B - 1, not by the batch B")
#define SLIPS(a, r, d, xx, b, minus_one)                                                 \
  {"z", N_("the mean and the variance are held constant: they depend on z too"),         \
   a "gamma[o]*" r "*" d b},                                                             \
      {"z", N_("the path through the mean is missing"),                                  \
       a "gamma[o]*" r "*(" d " - " xx "/N)" b},                                         \
      {"z", N_("the path through the variance is missing"),                              \
       a "gamma[o]*" r "*(" d " - 1/N)" b},                                              \
      {"z", N_("gamma is left out"), a r "*(" d " - (1 + " xx ")/N)" b},                 \
      {"z", minus_one,                                                                   \
       a "gamma[o]/sqrt(" PLAIN(r) ")*(" d " - 1/N - " xx "/(" r                         \
                                   "^2*" PLAIN(r) "*(N - 1)))" b},                       \
  {                                                                                      \
    "gamma", N_("z stands where the normalised x is meant"), "delta(o,i)*z[n,o]"         \
  }

const struct jac_slip jac_layer_norm_slips[] = {
    SLIPS("", "r[n]", "delta(o,i)", "x[n,o]*x[n,i]", "", FEATURES),
    {"gamma", FEATURES, "delta(o,i)*x[n,o]/(r[n]*sqrt(" PLAIN("r[n]") "))"},
    {NULL, NULL, NULL}};
const struct jac_slip jac_rms_norm_slips[] = {
    {"z", N_("the root mean square is held constant: it depends on z too"),
     "gamma[o]*r[n]*delta(o,i)"},
    {"z", N_("gamma is left out"), "r[n]*(delta(o,i) - x[n,o]*x[n,i]/N)"},
    {"z", N_("a mean is taken, as layer norm does"),
     "gamma[o]*r[n]*(delta(o,i) - (1 + x[n,o]*x[n,i])/N)"},
    {"gamma", N_("z stands where the normalised x is meant"), "delta(o,i)*z[n,o]"},
    {NULL, NULL, NULL}};
const struct jac_slip jac_batch_norm_slips[] = {
    SLIPS("delta(o,i)*", "r[o]", "delta(n,m)", "x[n,o]*x[m,o]", "", SAMPLES),
    {"gamma", SAMPLES, "delta(o,i)*x[n,o]/(r[o]*sqrt(" PLAIN("r[o]") "))"},
    {NULL, NULL, NULL}};
#define GROUP                                                                            \
  "sum(g = 1:G, ind(o > S*(g - 1) and o <= S*g and i > S*(g - 1) and i <= S*g)*("
const struct jac_slip jac_group_norm_slips[] = {
    SLIPS(GROUP, "r[n,g]", "delta(o,i)", "x[n,o]*x[n,i]", "))", FEATURES),
    {NULL, NULL, NULL}};
