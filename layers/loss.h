/* Losses: one cost a sample, with its gradient; the batch summed or averaged on request.
 */
#ifndef LAYERS_LOSS_H
#define LAYERS_LOSS_H

#include "layers/layer.h"

enum { JAC_LOSS_Z, JAC_LOSS_Y };

/* A loss is these functions on one sample of n features; z and y are its rows. */
struct jac_loss {
  double (*cost)(const double *z, const double *y, size_t n);
  /* The sample's row of the explicit Jacobian with respect to z or to y. */
  void (*gradient)(const double *z, const double *y, size_t n, size_t wrt, double *row);
  /* The same numbers by another way, for the fast products. */
  void (*fast)(const double *z, const double *y, size_t n, size_t wrt, double *row);
  const char *cost_text; /* the cost of sample n in plain notation */
  const char *entry[2];  /* d cost[n] / d z[n,i], d cost[n] / d y[n,i] */
  const char *where;     /* a quantity that the entries name, or NULL */
  enum jac_domain domain[2];
};

/* For the table of modules: the make of every loss; module->family is a struct jac_loss.
 */
enum jac_status jac_loss_make(const struct jac_module *module,
                              const struct jac_spec *spec,
                              const struct jac_module_place *place, struct jac_map **map,
                              struct jac_error *err);

/* The options that every loss has. */
extern const struct jac_module_option jac_loss_options[];

#endif
