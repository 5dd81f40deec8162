/* The functions that formulas know. */
#ifndef JACOBIAN_FORMULA_FUNCTION_H
#define JACOBIAN_FORMULA_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>

/* Of one number; of a matrix, entry by entry. */
enum jac_function {
  JAC_F_EXP,
  JAC_F_LOG,
  JAC_F_TANH,
  JAC_F_SIGMOID,
  JAC_F_RELU,
  JAC_F_SQRT,
  JAC_F_ABS,
  JAC_F_SIGN,
  JAC_F_ERF,
  JAC_F_SIN,
  JAC_F_COS,
  JAC_F_TAN,
  JAC_F_SINH,
  JAC_F_COSH,
  JAC_F_ATAN,
  JAC_F_SEC,
  JAC_F_CSC,
  JAC_F_COT,
  JAC_F_SECH,
  JAC_F_CSCH,
  JAC_F_COTH,
  JAC_F_ASIN,
  JAC_F_ACOS,
  JAC_F_ASINH,
  JAC_F_ACOSH,
  JAC_F_ATANH,
  JAC_F_STEP,
  JAC_F_SOFTPLUS,
  JAC_F_NORMAL,  /* Phi, the normal distribution */
  JAC_F_DENSITY, /* phi, its density */
  JAC_FUNCTIONS
};

struct jac_function_text {
  const char *name, *latex, *unicode;
  const char *derivative; /* in x, plain notation */
};

/* The texts of a function of one number. */
const struct jac_function_text *jac_function_text(enum jac_function function);

/* The function of that name, synonyms (ln, logistic, arctan) among them;
 * JAC_FUNCTIONS: there is none. */
enum jac_function jac_function_find(const char *name);

/* Whether the name is a function of matrices or of several arguments: diag, inv, kron,
 * softmax, max of two ... */
bool jac_function_of_matrices(const char *name);

/* Either. "tanh'" is the derivative of tanh, and a function too. */
bool jac_function_known(const char *name);

/* Whether the name is a function that the text has a name or a number behind, without a
 * bracket: log x. */
bool jac_function_unbracketed(const char *text, const char *name);

#endif
