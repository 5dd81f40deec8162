/* A map from a formula that somebody typed: y = tanh(z*W) .* v. */
#ifndef JACOBIAN_DEFINE_FORMULA_MAP_H
#define JACOBIAN_DEFINE_FORMULA_MAP_H

#include "jacobian/define/size.h"
#include "jacobian/map.h"

/* The map of a definition, plain notation or LaTeX: "y = f(x)", "f(x) = ...", a formula
 * alone, or several equations with semicolons between, of which the last is the output
 * and the others quantities that it names. Every other name is a variable, a parameter in
 * the map's sense, and needs a size; those whose rows are samples are data, and the rows
 * of the output are samples then, or it is one number of all. The explicit Jacobian is
 * the term's derivative; the products are derivatives of other terms: along one
 * direction, and of the scalar product with the cotangent. Errors show the place in the
 * formula; JAC_EINPUT names a variable without a size. */
enum jac_status jac_formula_map_new(const char *definition,
                                    const struct jac_formula_size *size, size_t count,
                                    struct jac_map **map, struct jac_error *err);

#endif
