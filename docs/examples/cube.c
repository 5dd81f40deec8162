/* A module from outside: y = z + c z^3, entry by entry. */
#include <layers/entrywise.h>

static double f(double z, double c) {
  return z + c * z * z * z;
}

static double slope(double z, double c) {
  return 1.0 + 3.0 * c * z * z;
}

static double fast(double z, double c) {
  return 1.0 + c * z * (z + z + z);
}

static const struct jac_entrywise family = {
    .f = f,
    .slope = slope, /* fills the explicit Jacobian */
    .fast = fast,   /* serves the vector-Jacobian and Jacobian-vector products */
    .entry = "delta(o,i)*(1 + 3*c*z[n,o]^2)",
    .constant_name = "c",
    .constant = 0.5,
};

static const struct jac_module_option options[] = {{"c", "0.5", "the weight of the cube"},
                                                   {NULL, NULL, NULL}};

static const struct jac_module cube = {
    .name = "cube",
    .sizes = "N",
    .nsize = 1,
    .example = "cube:3",
    .definition = "y[n,o] = z[n,o] + c*z[n,o]^3",
    .options = options,
    .make = jac_entrywise_make,
    .family = &family,
};

const unsigned jac_module_interface = JAC_MODULE_INTERFACE;
const struct jac_module *const jac_modules[] = {&cube, NULL};
