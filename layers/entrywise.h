/* Entrywise modules: y[n,o] = f(z[n,o]); each sample's Jacobian is diag(f'(z)). A module
 * is the few lines of its function, its derivative written twice in different ways, its
 * entry formula, and a row of texts. */
#ifndef LAYERS_ENTRYWISE_H
#define LAYERS_ENTRYWISE_H

#include "layers/module.h"

struct jac_entrywise {
  double (*f)(double z, double c);
  double (*slope)(double z, double c); /* f', for the explicit Jacobian */
  double (*fast)(double z, double c);  /* f', for the products */
  const char *entry;                   /* the Jacobian's entry */
  const char *constant_name;           /* an option that is c, or NULL */
  double constant;                     /* its default */
  const char *steady;                  /* of jac_map, or NULL */
  bool divides;                        /* c must not be 0 */
};

/* The make of all of them; module->family is a struct jac_entrywise. */
enum jac_status jac_entrywise_make(const struct jac_module *module,
                                   const struct jac_spec *spec,
                                   const struct jac_module_place *place,
                                   struct jac_map **map, struct jac_error *err);

#endif
