/* Modules: what the table of modules says of each, and maps made from specs. */
#ifndef LAYERS_MODULE_H
#define LAYERS_MODULE_H

#include "jacobian/map.h"
#include "layers/spec.h"

/* One option of a module, for checking and for `jacobian modules`. */
struct jac_module_option {
  const char *name;
  const char
      *value;       /* what it takes: the default, "0.01"; words of which the first is the
                       default, "none|mean"; what is needed in capitals, "L"; NULL: a flag */
  const char *help; /* one clause, marked for translation where it is shown */
};

/* Modules from outside the table, searched before it. */
struct jac_module_library {
  const struct jac_module *const *module; /* borrowed */
  size_t count;
};

/* What a module must know to be made. */
struct jac_module_place {
  size_t batch;    /* samples */
  size_t features; /* what the module before gives, or 0: not known */
  size_t width;    /* columns of the images that it gives, or 0: it gives none */
  const struct jac_module_library *library; /* or NULL */
  size_t channels; /* of the data that it gives, or 0: they are one row of numbers */
};

/* Data of positions x channels, an image say, are the same behind a module that treats
 * each number by itself, as its structure says; or they are whatever it says: kept by a
 * norm, one row of numbers behind flatten. */
enum jac_positions { JAC_POSITIONS_BY_STRUCTURE, JAC_POSITIONS_KEPT, JAC_POSITIONS_LOST };

/* A row of the table of modules. A new module is one file that defines one of these and
 * one line in layers/table.h. */
struct jac_module {
  const char *name;
  const char *sizes;      /* "INxOUT", "N": what stands after the colon */
  size_t nsize;           /* how many sizes a full spec has */
  bool fixed;             /* its first size is not what the module before gives */
  const char *definition; /* plain notation, per sample: for the list of modules */
  const char *example;    /* a spec that can be typed as it is, with every variable */
  const struct jac_module_option *options; /* ended by a NULL name; NULL: none */
  const void *family; /* what tells apart the modules that share a make; its own affair */
  /* Makes the map. The spec's option names are known to be right, and it has nsize sizes:
   * those left out were filled from the place. */
  enum jac_status (*make)(const struct jac_module *module, const struct jac_spec *spec,
                          const struct jac_module_place *place, struct jac_map **map,
                          struct jac_error *err);
  /* The definition as one sample's vectors and matrices, for notes: "z*W + b", z a row;
   * columns is the same for columns where it differs. NULL: notes cannot name it. */
  const char *matrices, *columns;
  bool loss;                /* its output is a cost, which notes call L */
  const char *output_names; /* what notes call its output besides: "s p"; or NULL */
  const char *functions;    /* names that are functions in notes about it: "Phi phi" */
  const char *quantity;     /* what notes about it alone call s and p: "softmax(z)" */
  const char *inputs;       /* its inputs with their sizes, by names, where it is not z of
                               features: "Q queries depth"; or NULL */
  bool channels; /* its first size, where it is left out, is the channels of what the
                    module before gives, if that has positions */
  enum jac_positions positions;
  bool windows; /* outputs see windows of the data: sizes that are words, rows and columns
                   with dots, cannot say which */
};

/* The table: modules 0 to jac_module_count() - 1, in the order of the course. */
size_t jac_module_count(void);
const struct jac_module *jac_module_at(size_t k);

/* Whether every option that the spec names is one of the module's, with a value where it
 * takes one. Errors: JAC_EINPUT, with a message that suggests one. */
enum jac_status jac_module_options(const struct jac_module *module,
                                   const struct jac_spec *spec, struct jac_error *err);

/* The module of that name, of the library (unless NULL) or the table; case and hyphens
 * do not matter: LogSoftmax. Or NULL with a message that suggests one. */
const struct jac_module *jac_module_find(const char *name,
                                         const struct jac_module_library *library,
                                         struct jac_error *err);

/* The map of one spec, such as "linear:3x2,bias"; free it with jac_map_free. Errors:
 * JAC_EINPUT for what the spec says, JAC_ENOMEM. */
enum jac_status jac_module_new(const char *spec, size_t batch, struct jac_map **map,
                               struct jac_error *err);

/* The same for a module whose place in a network is known. */
enum jac_status jac_module_make(const struct jac_spec *spec,
                                const struct jac_module_place *place,
                                struct jac_map **map, struct jac_error *err);

/* The channels and the width of the images that a map of the module gives at its place:
 * its own, or those before it that it leaves as they are; 0: none. */
void jac_module_images(const struct jac_module *module, const struct jac_map *map,
                       const struct jac_module_place *place, size_t *channels,
                       size_t *width);

/* A module of one's own, in a C file outside the project: docs/own-module.md. The shared
 * object defines `const unsigned jac_module_interface = JAC_MODULE_INTERFACE;` and
 * `const struct jac_module *const jac_modules[]`, ended by NULL. */
#define JAC_MODULE_INTERFACE 9u

#endif
