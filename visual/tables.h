/* Tables for notes: shapes of a network, activations, a cheat sheet, a comparison entry
 * by entry. Each is written with a pen, which is LaTeX, Markdown or text. */
#ifndef VISUAL_TABLES_H
#define VISUAL_TABLES_H

#include "jacobian/map.h"
#include "visual/prose.h"

/* A row a variable of each module: output shape, parameters, the Jacobian's shape and how
 * many of its entries can be non-zero; totals. Errors: JAC_ENOMEM. */
enum jac_status jac_table_shapes(const struct jac_map *map, struct jac_prose *prose,
                                 struct jac_error *err);

/* Every module that acts entry by entry: definition, derivative, a small graph. Errors:
 * JAC_ENOMEM, those of the modules. */
enum jac_status jac_table_activations(struct jac_prose *prose, struct jac_error *err);

/* Every module: its definition and the entries of its Jacobians. As LaTeX it is a
 * document, one page of A4 in two columns. */
enum jac_status jac_table_cheatsheet(struct jac_prose *prose, struct jac_error *err);

/* Each entry of a Jacobian that can be non-zero: the explicit one, its finite difference,
 * the error. Of more than elide (0: of more than 40, 20) the first ones and the last
 * stand there, and below it how many there are and the largest error of all. Errors:
 * JAC_ENOMEM. */
enum jac_status jac_table_compare(const struct jac_map *map, jac_point x, size_t wrt,
                                  int precision, size_t elide, struct jac_prose *prose,
                                  struct jac_error *err);

#endif
