#include "jacobian/algebra/product.h"

#include <string.h>

static bool reads(const struct jac_term *t, const char *type) {
  return strcmp(t->reading->type, type) == 0;
}

char jac_product_kind(const struct jac_term *t) {
  switch (t->construct) {
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_CROSS:
  case JAC_C_HADAMARD:
  case JAC_C_CIRC:
  case JAC_C_OTIMES:
  case JAC_C_OUTER:
  case JAC_C_INNER:
    break;
  default:
    return 0;
  }
  if (reads(t, "11->1") || reads(t, "1(r,c)->(r,c)") || reads(t, "(r,c)1->(r,c)"))
    return 's';
  if (reads(t, "(r,k)(k,c)->(r,c)"))
    return 'p';
  if (strstr(t->reading->type, "->1"))
    return 'd';
  if (strstr(t->reading->type, "->(n,m)"))
    return 'o';
  return strstr(t->reading->type, "->(r,c)") ? 'h' : 0;
}
