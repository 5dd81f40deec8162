/* The sizes of a convolution, read from its spec, and its formulas with these in them. */
#ifndef LAYERS_CONV_FORMULA_H
#define LAYERS_CONV_FORMULA_H

#include "layers/layer.h"

struct jac_conv_shape {
  bool image;      /* positions are height x width, else width alone */
  bool transposed; /* inputs see outputs as otherwise outputs see inputs */
  size_t kernel;   /* taps along an axis */
  size_t in, out;  /* channels */
  size_t height, width, out_height, out_width;
  size_t stride, padding, dilation, groups;
};

/* Fills in all but the two flags. */
enum jac_status jac_conv_shape_read(const struct jac_spec *spec,
                                    const struct jac_module_place *place,
                                    struct jac_conv_shape *shape, struct jac_error *err);

enum { JAC_CONV_CONSTANTS = 12, JAC_CONV_FORMULA = 768 };

struct jac_conv_formula {
  char definition[JAC_CONV_FORMULA];
  char shown[JAC_CONV_FORMULA];    /* the same where zeros stand around the data */
  char entry[2][JAC_CONV_FORMULA]; /* of z, of W */
  struct jac_constant constant[JAC_CONV_CONSTANTS];
  size_t nconstant;
};

void jac_conv_formula_write(const struct jac_conv_shape *shape, bool bias,
                            struct jac_conv_formula *formula);

#endif
