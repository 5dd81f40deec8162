/* What a module says of itself (definition, entry formulas, structure, coupled, the
 * defaults of its options), held against what its code does. */
#ifndef LAYERS_AUDIT_H
#define LAYERS_AUDIT_H

#include "jacobian/buffer.h"
#include "layers/module.h"

/* What was found: which of its words is wrong, and a sentence. */
struct jac_audit {
  const char *about; /* "definition", "entry formula", "structure", "coupled", "options",
                        "Jacobian"; NULL: all is as it says */
  size_t wrt;        /* the variable, where it is about one; or map->nvar */
  double said, done; /* numbers that differ, where there are some */
  bool unsafe; /* its structure names columns that are not there: nobody may use it */
  struct jac_buffer text;
};

/* Audits the module of that spec, with several samples: at random points, and at special
 * ones (zeros, equal, tiny and large numbers) where code often takes another way. It
 * stops at the first fault. x, unless NULL, is one more point of map, which is the
 * module's own. Errors: those of making it, JAC_ENOMEM. Free audit->text in any case. */
enum jac_status jac_audit_module(const struct jac_map *map, jac_point x,
                                 const struct jac_module_library *library,
                                 unsigned long seed, struct jac_audit *audit,
                                 struct jac_error *err);

#endif
