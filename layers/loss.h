/* Losses: one cost a sample, with its gradient; the batch summed or averaged on request.
 */
#ifndef LAYERS_LOSS_H
#define LAYERS_LOSS_H

#include "jacobian/text.h"
#include "layers/layer.h"

/* The variables: z, y, and up to two of the loss's own. */
enum { JAC_LOSS_Z, JAC_LOSS_Y, JAC_LOSS_MORE, JAC_LOSS_VARIABLES = 4 };

/* One sample: its row of each variable, n numbers each, the value of the option, and the
 * class that does not count, from 1, or beyond n where that is none of them; 0: every
 * sample counts. */
struct jac_loss_sample {
  const double *x[JAC_LOSS_VARIABLES];
  size_t n;
  double c;
  size_t ignore;
};

struct jac_loss_variable {
  const char *name, *symbol;
  enum jac_domain domain;
  const char *entry; /* d cost[n] / d of it [n,i]; [i] where all samples share it */
  bool shared;       /* a parameter */
};

/* A loss is these functions on one sample. */
struct jac_loss {
  double (*cost)(const struct jac_loss_sample *s);
  /* The sample's row of the explicit Jacobian with respect to variable wrt. */
  void (*gradient)(const struct jac_loss_sample *s, size_t wrt, double *row);
  /* The same numbers by another way, for the fast products. */
  void (*fast)(const struct jac_loss_sample *s, size_t wrt, double *row);
  const char *cost_text;             /* the cost of sample n in plain notation */
  const char *steady, *steady_where; /* of jac_map: the cost once more, or NULL */
  const char *entry[2];              /* d cost[n] / d z[n,i], d cost[n] / d y[n,i] */
  const char *where;                 /* a quantity that the entries name, or NULL */
  const struct jac_slip *slip;       /* of a cost a sample, or NULL */
  const char *note;                  /* what a reader should know of it, or NULL */
  enum jac_domain domain[2];
  struct jac_loss_variable more[2]; /* ended by a NULL name */
  const char *constant_name;        /* an option that is c, or NULL */
  double constant, least, most;     /* its default, and between what it may be */
  const struct jac_loss *with;      /* what it is when that option is given, or NULL */
  const char *flag;                 /* an option without value, or NULL */
  const struct jac_loss *flagged;   /* what it is then */
  /* What it is with ignore=C, a constant of its formulas; reduction=mean then divides by
   * how many samples have a class that counts, the sum of y without that class. NULL:
   * there is no such option. */
  const struct jac_loss *ignoring;
  bool weighted; /* its first own variable is w, a weight for each class: reduction=mean
                    divides by the weights of the classes that count, as PyTorch does */
};

/* y_i of a class that counts, else 0. */
static inline double jac_loss_label(const struct jac_loss_sample *s, size_t i) {
  return i + 1 == s->ignore ? 0.0 : s->x[JAC_LOSS_Y][i];
}

/* For the table of modules: the make of every loss; module->family is a struct jac_loss.
 */
enum jac_status jac_loss_make(const struct jac_module *module,
                              const struct jac_spec *spec,
                              const struct jac_module_place *place, struct jac_map **map,
                              struct jac_error *err);

/* The reduction over the batch that a spec asks for: none (0), sum or mean. */
enum jac_reduction { JAC_REDUCE_NONE, JAC_REDUCE_SUM, JAC_REDUCE_MEAN };
enum jac_status jac_loss_reduction(const struct jac_spec *spec,
                                   enum jac_reduction *reduction, struct jac_error *err);

/* The note of a loss that adds up what PyTorch averages. */
#define JAC_LOSS_SUMMED                                                                  \
  N_("the cost of a sample is summed over its features; PyTorch's loss of this name "    \
     "averages over all numbers of the batch, features too")

/* The option of a loss that leaves out a class, and what -100 stands for in it. */
enum { JAC_LOSS_NO_CLASS = -100 };
#define JAC_LOSS_IGNORE                                                                  \
  {                                                                                      \
    "ignore", "C",                                                                       \
        N_("samples of class C cost nothing and do not count in the mean, nor do those " \
           "of no class (-100)")                                                         \
  }

/* The option that every loss has, and a table of it alone. */
#define JAC_LOSS_REDUCTION                                                               \
  {                                                                                      \
    "reduction", "none|sum|mean",                                                        \
        N_("a cost a sample, or the batch's sum or mean of these")                       \
  }
extern const struct jac_module_option jac_loss_options[];

#endif
