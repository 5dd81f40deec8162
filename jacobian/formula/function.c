#include "jacobian/formula/function.h"

#include <ctype.h>
#include <string.h>

static const struct jac_function_text texts[JAC_FUNCTIONS] = {
    [JAC_F_EXP] = {"exp", "\\exp", "exp", "exp(x)"},
    [JAC_F_LOG] = {"log", "\\log", "log", "1/x"},
    [JAC_F_TANH] = {"tanh", "\\tanh", "tanh", "1 - tanh(x)^2"},
    [JAC_F_SIGMOID] = {"sigmoid", "\\sigma", "σ", "sigmoid(x)*(1 - sigmoid(x))"},
    [JAC_F_RELU] = {"relu", "\\operatorname{relu}", "relu", "ind(x > 0)"},
    [JAC_F_SQRT] = {"sqrt", "\\sqrt", "√", "1/(2*sqrt(x))"},
    [JAC_F_ABS] = {"abs", "\\operatorname{abs}", "abs", "sign(x)"},
    [JAC_F_SIGN] = {"sign", "\\operatorname{sign}", "sign", "0"},
    [JAC_F_ERF] = {"erf", "\\operatorname{erf}", "erf", "2/sqrt(pi)*exp(-x^2)"},
    [JAC_F_SIN] = {"sin", "\\sin", "sin", "cos(x)"},
    [JAC_F_COS] = {"cos", "\\cos", "cos", "-sin(x)"},
    [JAC_F_TAN] = {"tan", "\\tan", "tan", "1 + tan(x)^2"},
    [JAC_F_SINH] = {"sinh", "\\sinh", "sinh", "cosh(x)"},
    [JAC_F_COSH] = {"cosh", "\\cosh", "cosh", "sinh(x)"},
    [JAC_F_ATAN] = {"arctan", "\\arctan", "arctan", "1/(1 + x^2)"},
    [JAC_F_SEC] = {"sec", "\\sec", "sec", "sec(x)*tan(x)"},
    [JAC_F_CSC] = {"csc", "\\csc", "csc", "-csc(x)*cot(x)"},
    [JAC_F_COT] = {"cot", "\\cot", "cot", "-1 - cot(x)^2"},
    [JAC_F_SECH] = {"sech", "\\operatorname{sech}", "sech", "-sech(x)*tanh(x)"},
    [JAC_F_CSCH] = {"csch", "\\operatorname{csch}", "csch", "-csch(x)*coth(x)"},
    [JAC_F_COTH] = {"coth", "\\coth", "coth", "1 - coth(x)^2"},
    [JAC_F_ASIN] = {"arcsin", "\\arcsin", "arcsin", "1/sqrt(1 - x^2)"},
    [JAC_F_ACOS] = {"arccos", "\\arccos", "arccos", "-1/sqrt(1 - x^2)"},
    [JAC_F_ASINH] = {"arsinh", "\\operatorname{arsinh}", "arsinh", "1/sqrt(1 + x^2)"},
    [JAC_F_ACOSH] = {"arcosh", "\\operatorname{arcosh}", "arcosh",
                     "1/(sqrt(x - 1)*sqrt(x + 1))"},
    [JAC_F_ATANH] = {"artanh", "\\operatorname{artanh}", "artanh", "1/(1 - x^2)"},
    [JAC_F_STEP] = {"step", "\\operatorname{step}", "step", "0"},
    [JAC_F_SOFTPLUS] = {"softplus", "\\operatorname{softplus}", "softplus", "sigmoid(x)"},
    [JAC_F_NORMAL] = {"Phi", "\\Phi", "Φ", "phi(x)"},
    [JAC_F_DENSITY] = {"phi", "\\varphi", "φ", "-x*phi(x)"},
};

const struct jac_function_text *jac_function_text(enum jac_function function) {
  return &texts[function];
}

static const struct {
  const char *name;
  enum jac_function function;
} synonyms[] = {
    {"ln", JAC_F_LOG},        {"logistic", JAC_F_SIGMOID},  {"sigm", JAC_F_SIGMOID},
    {"expit", JAC_F_SIGMOID}, {"heaviside", JAC_F_STEP},    {"sgn", JAC_F_SIGN},
    {"ReLU", JAC_F_RELU},     {"atan", JAC_F_ATAN},         {"asin", JAC_F_ASIN},
    {"acos", JAC_F_ACOS},     {"asinh", JAC_F_ASINH},       {"acosh", JAC_F_ACOSH},
    {"atanh", JAC_F_ATANH},   {"Softplus", JAC_F_SOFTPLUS}, {"RELU", JAC_F_RELU},
    {"Relu", JAC_F_RELU},     {"sigmoïde", JAC_F_SIGMOID},
};

enum jac_function jac_function_find(const char *name) {
  for (size_t k = 0; k < JAC_FUNCTIONS; k++)
    if (strcmp(texts[k].name, name) == 0)
      return (enum jac_function)k;
  for (size_t k = 0; k < sizeof synonyms / sizeof synonyms[0]; k++)
    if (strcmp(synonyms[k].name, name) == 0)
      return synonyms[k].function;
  return JAC_FUNCTIONS;
}

bool jac_function_of_matrices(const char *name) {
  static const char *const names[] = {
      "max",     "min",     "diag",  "vec",  "tr",   "inv",     "det",       "norm",
      "kron",    "ones",    "eye",   "mean", "sum",  "softmax", "logsumexp", "logsoftmax",
      "normone", "norminf", "zeros", "silu", "gelu", "outer",   "dot"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strcmp(names[k], name) == 0)
      return true;
  return false;
}

bool jac_function_known(const char *name) {
  char plain[64];
  size_t length = strcspn(name, "'");
  if (length >= sizeof plain)
    return false;
  memcpy(plain, name, length);
  plain[length] = '\0';
  return jac_function_find(plain) != JAC_FUNCTIONS || jac_function_of_matrices(plain);
}

bool jac_function_unbracketed(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *at = text; jac_function_known(name) && length > 0; at += length) {
    at = strstr(at, name);
    if (at == NULL)
      return false;
    bool whole = at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '_');
    size_t blanks = strspn(at + length, " ");
    if (whole && blanks > 0 && isalnum((unsigned char)at[length + blanks]))
      return true;
  }
  return false;
}
