/* Networks in equations: modules and formulas that name what they take and give.
 *
 *   h_1 = rnn(x_1, h_0, W, U, b)
 *   h_2 = rnn(x_2, h_1, W, U, b)
 *   y = linear:2([h_1, h_2]) + skip
 *
 * A module stands like a function: its arguments are its variables in their order, or
 * by name (W=A); its sizes and options stand after its name, and sizes may be left out
 * where only one choice fits the arguments. What is named twice is one variable: weights
 * are tied so, and the Jacobian is the sum over its uses. A variable that no argument
 * names is the call's own, under the module's name for it, numbered where that occurs
 * again (W1, W2); but one that has a size of its own is that variable. Variables with
 * sizes come first, in the order of these. The output is the last equation; any other text is a formula (jacobian/define/formula_map.h). */
#ifndef LAYERS_GRAPH_H
#define LAYERS_GRAPH_H

#include "jacobian/define/size.h"
#include "layers/module.h"

enum { JAC_GRAPH_NODES = 200, JAC_GRAPH_VARIABLES = 200 };

/* Whether the equations call a module that is no function of formulas: rnn(x, h), or any
 * with sizes or options, softmax:3(x). */
bool jac_graph_calls(const char *text, const struct jac_module_library *library);

/* The map of equations, a semicolon between; size has the sizes of variables that are not
 * known from their module. library is as in jac_network_new. Errors name the equation's
 * part at fault: JAC_EINPUT; JAC_ELIMIT beyond JAC_GRAPH_NODES or JAC_GRAPH_VARIABLES. */
enum jac_status jac_graph_new(const char *text, size_t batch,
                              const struct jac_formula_size *size, size_t count,
                              const struct jac_module_library *library,
                              struct jac_map **map, struct jac_error *err);

/* Whether a spec ties a variable to a name: linear:3x3,W=A. */
bool jac_graph_ties(const char *const *spec, size_t count,
                    const struct jac_module_library *library);

/* The network of such specs: as jac_network_new, but what has one name is one variable.
 */
enum jac_status jac_graph_of_specs(const char *const *spec, size_t count, size_t batch,
                                   const struct jac_module_library *library,
                                   struct jac_map **map, struct jac_error *err);

#endif
