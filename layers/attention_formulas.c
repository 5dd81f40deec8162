#include "layers/attention_formulas.h"

#include "jacobian/text.h"

#define SCORE "S[n,m] = sum(i, Q[n,i]*K[m,i])/sqrt(D); Y[n,o] = sum(m, A[n,m]*V[m,o])"
#define SCALE_SLIP N_("1/sqrt(D) is left out: the scores are scaled")
#define DIAGONAL_SLIP                                                                    \
  N_("softmax has its diagonal only: every weight depends on every score")
#define SUM_SLIP N_("the sum below softmax is held constant: it depends on every score")
#define MASK_SLIP N_("the mask is ignored")
#define HEAD_SLIP N_("it is one head's only: each head has its own features")
/* The weight of token k without a mask, and the output that it gives. */
#define FREE_WEIGHT(k) "exp(S[n," k "])/sum(t, exp(S[n,t]))"
#define FREE_OUTPUT "sum(t, exp(S[n,t])*V[t,o])/sum(t, exp(S[n,t]))"
/* The same where the scores are times a power; by the weights, so that a mask stays. */
#define RAW_SLIP N_("the scores are not divided by sqrt(D)")
#define RAW(k) "A[n," k "]^sqrt(D)"
#define RAW_WEIGHT(k) RAW(k) "/sum(t, " RAW("t") ")"
#define RAW_OUTPUT "sum(t, " RAW("t") "*V[t,o])/sum(t, " RAW("t") ")"
static const struct jac_slip one_slips[] = {
    {"Q", RAW_SLIP,
     "delta(n,m)*sum(l, " RAW_WEIGHT("l") "*(V[l,o] - " RAW_OUTPUT ")*K[l,i])"},
    {"K", RAW_SLIP, RAW_WEIGHT("m") "*(V[m,o] - " RAW_OUTPUT ")*Q[n,i]"},
    {"V", RAW_SLIP, "delta(o,i)*" RAW_WEIGHT("m")},
    {"Q", SCALE_SLIP, "delta(n,m)*sum(l, A[n,l]*(V[l,o] - Y[n,o])*K[l,i])"},
    {"Q", DIAGONAL_SLIP, "delta(n,m)*sum(l, A[n,l]*(1 - A[n,l])*V[l,o]*K[l,i])/sqrt(D)"},
    {"Q", SUM_SLIP, "delta(n,m)*sum(l, A[n,l]*V[l,o]*K[l,i])/sqrt(D)"},
    {"Q", MASK_SLIP,
     "delta(n,m)*sum(l, " FREE_WEIGHT("l") "*(V[l,o] - " FREE_OUTPUT ")*K[l,i])/sqrt(D)"},
    {"K", SCALE_SLIP, "A[n,m]*(V[m,o] - Y[n,o])*Q[n,i]"},
    {"K", DIAGONAL_SLIP, "A[n,m]*(1 - A[n,m])*V[m,o]*Q[n,i]/sqrt(D)"},
    {"K", SUM_SLIP, "A[n,m]*V[m,o]*Q[n,i]/sqrt(D)"},
    {"K", MASK_SLIP, FREE_WEIGHT("m") "*(V[m,o] - " FREE_OUTPUT ")*Q[n,i]/sqrt(D)"},
    {"V", MASK_SLIP, "delta(o,i)*" FREE_WEIGHT("m")},
    {NULL, NULL, NULL}};
const struct jac_attention_formulas jac_attention_one = {
    .slip = one_slips,
    .definition = "y[n,o] = sum(m, A[n,m]*V[m,o])",
    .where =
        {"A[n,m] = exp(S[n,m]) / sum(l, exp(S[n,l])); " SCORE,
         "A[n,m] = ind(m <= n)*exp(S[n,m]) / sum(l, ind(l <= n)*exp(S[n,l])); " SCORE,
         "A[n,k] = mask[k,1]*E[n,k]; E[n,k] = exp(S[n,k]) / sum(l, "
         "mask[l,1]*exp(S[n,l])); "
         "S[n,k] = sum(i, Q[n,i]*K[k,i])/sqrt(D); Y[n,o] = sum(l, A[n,l]*V[l,o])"},
    .entry = {"delta(n,m)*sum(l, A[n,l]*(V[l,o] - Y[n,o])*K[l,i])/sqrt(D)",
              "A[n,m]*(V[m,o] - Y[n,o])*Q[n,i]/sqrt(D)", "delta(o,i)*A[n,m]",
              "E[n,m]*(V[m,o] - Y[n,o])"}};

#define IN(h) "sum(h = 1:H, ind(o > F*(h - 1) and o <= F*h)*" h ")"
#define BOTH(h)                                                                          \
  "sum(h = 1:H, ind(o > F*(h - 1) and o <= F*h and i > F*(h - 1) and i <= F*h)*" h ")"
#define SCORES                                                                           \
  "S[n,h,k] = sum(e = 1:F, Q[n,F*(h - 1) + e]*K[k,F*(h - 1) + e])/sqrt(F); "             \
  "Y[n,o] = " IN("sum(l, A[n,h,l]*V[l,o])")
#define FREE_IN_HEAD(k) "exp(S[n,h," k "])/sum(t, exp(S[n,h,t]))"
#define OUTPUT_IN_HEAD "sum(t, exp(S[n,h,t])*V[t,o])/sum(t, exp(S[n,h,t]))"
/* Head k's part; and one head over all features, as if they were not split. */
#define OF_HEAD(k) "ind(h = " k ")*"
#define ONE_HEAD(k)                                                                      \
  {"Q", HEAD_SLIP,                                                                       \
   "delta(n,m)*" BOTH(                                                                   \
       OF_HEAD(k) "sum(l, A[n,h,l]*(V[l,o] - Y[n,o])*K[l,i])") "/sqrt(D)"},              \
      {"K", HEAD_SLIP, BOTH(OF_HEAD(k) "A[n,h,m]") "*(V[m,o] - Y[n,o])*Q[n,i]/sqrt(D)"}, \
  {                                                                                      \
    "V", HEAD_SLIP, "delta(o,i)*" IN(OF_HEAD(k) "A[n,h,m]")                              \
  }
/* A head's D is the number of its own features. */
#define ALL_SLIP N_("the scores are divided by the root of all features, not of a head's")
#define SCALED(k, by) "A[n,h," k "]^(" by ")"
#define SCALED_WEIGHT(k, by) SCALED(k, by) "/sum(t, " SCALED("t", by) ")"
#define SCALED_OUTPUT(by) "sum(t, " SCALED("t", by) "*V[t,o])/sum(t, " SCALED("t", by) ")"
#define SCALED_SLIPS(sentence, by, below)                                                \
  {"Q", sentence,                                                                        \
   "delta(n,m)*" BOTH("sum(l, " SCALED_WEIGHT("l", by) "*(V[l,o] - " SCALED_OUTPUT(      \
       by) ")*K[l,i])") below},                                                          \
      {"K", sentence,                                                                    \
       BOTH(                                                                             \
           SCALED_WEIGHT("m", by) "*(V[m,o] - " SCALED_OUTPUT(by) ")") "*Q[n,i]" below}, \
  {                                                                                      \
    "V", sentence, "delta(o,i)*" IN(SCALED_WEIGHT("m", by))                              \
  }
#define WHOLE_SLIP N_("the features are not split into heads")
/* The scores of all heads make that of all features. A of the first head over its score
 * is what a token counts, 0 where it is masked, and a number that the row shares. */
#define WHOLE_SCORE(k)                                                                   \
  "A[n,1," k "]*exp(sum(e = 1:H, S[n,e," k "])/sqrt(H) - S[n,1," k "])"
#define WHOLE_WEIGHT(k) WHOLE_SCORE(k) "/sum(t, " WHOLE_SCORE("t") ")"
#define WHOLE_OUTPUT "sum(t, " WHOLE_SCORE("t") "*V[t,o])/sum(t, " WHOLE_SCORE("t") ")"
static const struct jac_slip several_slips[] = {
    ONE_HEAD("1"),
    ONE_HEAD("2"),
    ONE_HEAD("3"),
    ONE_HEAD("H"),
    {"V", N_("one head's weights stand for those of all heads"), "delta(o,i)*A[n,1,m]"},
    {"Q", WHOLE_SLIP,
     "delta(n,m)*sum(l, " WHOLE_WEIGHT("l") "*(V[l,o] - " WHOLE_OUTPUT
                                            ")*K[l,i])/sqrt(D*H)"},
    {"K", WHOLE_SLIP, WHOLE_WEIGHT("m") "*(V[m,o] - " WHOLE_OUTPUT ")*Q[n,i]/sqrt(D*H)"},
    {"V", WHOLE_SLIP, "delta(o,i)*" WHOLE_WEIGHT("m")},
    SCALED_SLIPS(RAW_SLIP, "sqrt(D)", ""),
    SCALED_SLIPS(ALL_SLIP, "1/sqrt(H)", "/sqrt(D*H)"),
    {"Q", ALL_SLIP,
     "delta(n,m)*" BOTH("sum(l, A[n,h,l]*(V[l,o] - Y[n,o])*K[l,i])") "/sqrt(D*H)"},
    {"K", ALL_SLIP, BOTH("A[n,h,m]") "*(V[m,o] - Y[n,o])*Q[n,i]/sqrt(D*H)"},
    {"Q", SCALE_SLIP, "delta(n,m)*" BOTH("sum(l, A[n,h,l]*(V[l,o] - Y[n,o])*K[l,i])")},
    {"Q", DIAGONAL_SLIP,
     "delta(n,m)*" BOTH("sum(l, A[n,h,l]*(1 - A[n,h,l])*V[l,o]*K[l,i])") "/sqrt(D)"},
    {"Q", SUM_SLIP, "delta(n,m)*" BOTH("sum(l, A[n,h,l]*V[l,o]*K[l,i])") "/sqrt(D)"},
    {"Q", MASK_SLIP,
     "delta(n,m)*" BOTH("sum(l, " FREE_IN_HEAD("l") "*(V[l,o] - " OUTPUT_IN_HEAD
                                                    ")*K[l,i])") "/sqrt(D)"},
    {"K", SCALE_SLIP, BOTH("A[n,h,m]") "*(V[m,o] - Y[n,o])*Q[n,i]"},
    {"K", DIAGONAL_SLIP, BOTH("A[n,h,m]*(1 - A[n,h,m])") "*V[m,o]*Q[n,i]/sqrt(D)"},
    {"K", SUM_SLIP, BOTH("A[n,h,m]") "*V[m,o]*Q[n,i]/sqrt(D)"},
    {"K", MASK_SLIP,
     BOTH(FREE_IN_HEAD("m") "*(V[m,o] - " OUTPUT_IN_HEAD ")") "*Q[n,i]/sqrt(D)"},
    {"V", MASK_SLIP, "delta(o,i)*" IN(FREE_IN_HEAD("m"))},
    {NULL, NULL, NULL}};
const struct jac_attention_formulas jac_attention_heads = {
    .slip = several_slips,
    .definition = "y[n,o] = " IN("sum(l, A[n,h,l]*V[l,o])"),
    .where = {"A[n,h,k] = exp(S[n,h,k]) / sum(l, exp(S[n,h,l])); " SCORES,
              "A[n,h,k] = ind(k <= n)*exp(S[n,h,k]) / sum(l, ind(l <= "
              "n)*exp(S[n,h,l])); " SCORES,
              "A[n,h,k] = mask[k,1]*E[n,h,k]; "
              "E[n,h,k] = exp(S[n,h,k]) / sum(l, mask[l,1]*exp(S[n,h,l])); " SCORES},
    .entry = {"delta(n,m)*" BOTH("sum(l, A[n,h,l]*(V[l,o] - Y[n,o])*K[l,i])") "/sqrt(F)",
              BOTH("A[n,h,m]") "*(V[m,o] - Y[n,o])*Q[n,i]/sqrt(F)",
              "delta(o,i)*" IN("A[n,h,m]"), IN("E[n,h,m]") "*(V[m,o] - Y[n,o])"}};
