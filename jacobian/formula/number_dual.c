#include "jacobian/formula/number.h"

#include <stdalign.h>

typedef const struct jac_number_type *type_t;

/* Room for an element of any base on the stack. */
enum { ROOM = 128 };
struct scratch {
  alignas(16) unsigned char bytes[ROOM];
};

static void *second(type_t type, void *x) {
  return (char *)x + type->base->size;
}
static const void *slope(type_t type, const void *x) {
  return (const char *)x + type->base->size;
}

static void init(type_t type, void *x) {
  type->base->init(type->base, x);
  type->base->init(type->base, second(type, x));
}
static void clear(type_t type, void *x) {
  type->base->clear(type->base, x);
  type->base->clear(type->base, second(type, x));
}
static void set(type_t type, void *result, const void *x) {
  type->base->set(type->base, result, x);
  type->base->set(type->base, second(type, result), slope(type, x));
}
static void set_double(type_t type, void *result, double x) {
  type->base->set_double(type->base, result, x);
  type->base->set_double(type->base, second(type, result), 0.0);
}
static double get(type_t type, const void *x) {
  return type->base->get(type->base, x);
}
static void add(type_t type, void *result, const void *a, const void *b) {
  type->base->add(type->base, second(type, result), slope(type, a), slope(type, b));
  type->base->add(type->base, result, a, b);
}
static void subtract(type_t type, void *result, const void *a, const void *b) {
  type->base->subtract(type->base, second(type, result), slope(type, a), slope(type, b));
  type->base->subtract(type->base, result, a, b);
}

/* Zero, and its own slopes too. An interval around zero is not, and nothing hangs on
 * which side of it the number is. */
static bool none(type_t type, const void *x) {
  struct scratch zero;
  struct jac_certainty kept = {0};
  if (type->certainty != NULL)
    kept = *type->certainty;
  type->init(type, zero.bytes);
  bool is = type->compare(type, x, zero.bytes) == 0;
  if (type->certainty != NULL)
    *type->certainty = kept;
  type->clear(type, zero.bytes);
  return is && (type->base == NULL || none(type->base, slope(type, x)));
}

static bool flat(type_t type, const void *x) {
  return none(type->base, slope(type, x));
}

/* result' = d a' + e b'. A slope that is 0 adds 0, whatever stands beside it: what does
 * not depend on the variable has no derivative even where another part is infinite. */
static void combine(type_t type, void *result, const void *d, const void *a,
                    const void *e, const void *b) {
  type_t base = type->base;
  struct scratch left, right;
  base->init(base, left.bytes);
  base->init(base, right.bytes);
  if (!flat(type, a))
    base->multiply(base, left.bytes, d, slope(type, a));
  if (b != NULL && !flat(type, b))
    base->multiply(base, right.bytes, e, slope(type, b));
  base->add(base, second(type, result), left.bytes, right.bytes);
  base->clear(base, left.bytes);
  base->clear(base, right.bytes);
}

static void multiply(type_t type, void *result, const void *a, const void *b) {
  type_t base = type->base;
  struct scratch product;
  base->init(base, product.bytes);
  base->multiply(base, product.bytes, a, b);
  combine(type, result, b, a, a, b);
  base->set(base, result, product.bytes);
  base->clear(base, product.bytes);
}

/* (a/b)' = a'/b - (a/b)/b b'. */
static void divide(type_t type, void *result, const void *a, const void *b) {
  type_t base = type->base;
  struct scratch quotient, one, other;
  base->init(base, quotient.bytes);
  base->init(base, one.bytes);
  base->init(base, other.bytes);
  base->divide(base, quotient.bytes, a, b);
  base->set_double(base, one.bytes, 1.0);
  base->divide(base, one.bytes, one.bytes, b);
  base->divide(base, other.bytes, quotient.bytes, b);
  struct scratch zero;
  base->init(base, zero.bytes);
  base->subtract(base, other.bytes, zero.bytes, other.bytes);
  combine(type, result, one.bytes, a, other.bytes, b);
  base->set(base, result, quotient.bytes);
  base->clear(base, zero.bytes);
  base->clear(base, quotient.bytes);
  base->clear(base, one.bytes);
  base->clear(base, other.bytes);
}

/* (a^b)' = b a^(b-1) a' + a^b log(a) b'. */
static void power(type_t type, void *result, const void *a, const void *b) {
  type_t base = type->base;
  struct scratch value, d, e, one;
  base->init(base, value.bytes);
  base->init(base, d.bytes);
  base->init(base, e.bytes);
  base->init(base, one.bytes);
  base->set_double(base, one.bytes, 1.0);
  base->subtract(base, one.bytes, b, one.bytes);
  base->power(base, value.bytes, a, b);
  base->power(base, d.bytes, a, one.bytes);
  base->multiply(base, d.bytes, d.bytes, b);
  if (!flat(type, b)) {
    base->function(base, JAC_F_LOG, e.bytes, a);
    base->multiply(base, e.bytes, e.bytes, value.bytes);
  }
  combine(type, result, d.bytes, a, e.bytes, b);
  base->set(base, result, value.bytes);
  base->clear(base, value.bytes);
  base->clear(base, d.bytes);
  base->clear(base, e.bytes);
  base->clear(base, one.bytes);
}

/* d becomes -d. */
static void negate(type_t base, void *d) {
  struct scratch zero;
  base->init(base, zero.bytes);
  base->subtract(base, d, zero.bytes, d);
  base->clear(base, zero.bytes);
}

/* 1/sqrt(1 - x^2), 1/sqrt(1 + x^2), 1/(sqrt(x - 1) sqrt(x + 1)). */
static void of_area(type_t base, enum jac_function f, void *d, const void *x) {
  struct scratch one, below;
  base->init(base, one.bytes);
  base->init(base, below.bytes);
  base->set_double(base, one.bytes, 1.0);
  if (f == JAC_F_ASINH) {
    base->multiply(base, d, x, x);
    base->add(base, d, d, one.bytes);
    base->function(base, JAC_F_SQRT, d, d);
  } else {
    if (f == JAC_F_ACOSH)
      base->subtract(base, below.bytes, x, one.bytes);
    else
      base->subtract(base, below.bytes, one.bytes, x);
    base->add(base, d, x, one.bytes);
    base->function(base, JAC_F_SQRT, d, d);
    base->function(base, JAC_F_SQRT, below.bytes, below.bytes);
    base->multiply(base, d, d, below.bytes);
  }
  base->divide(base, d, one.bytes, d);
  base->clear(base, one.bytes);
  base->clear(base, below.bytes);
}

/* Long: a case for every function. Its derivative at x, where its value is y. */
static void derivative(type_t base, enum jac_function f, void *d, const void *x,
                       const void *y) {
  struct scratch one;
  base->init(base, one.bytes);
  base->set_double(base, one.bytes, 1.0);
  switch (f) {
  case JAC_F_EXP:
    base->set(base, d, y);
    break;
  case JAC_F_LOG:
    base->divide(base, d, one.bytes, x);
    break;
  case JAC_F_TANH:
    base->multiply(base, d, y, y);
    base->subtract(base, d, one.bytes, d);
    break;
  case JAC_F_SIGMOID:
    base->subtract(base, d, one.bytes, y);
    base->multiply(base, d, d, y);
    break;
  case JAC_F_RELU: { /* the code's choice at 0 is 0 */
    base->set_double(base, d, 0.0);
    int order = base->compare(base, x, d);
    base->set_double(base, d, order == 1 ? 1.0 : 0.0);
    if (order == 2) /* a ball across the kink: anything between, and more */
      base->divide(base, d, x, x);
    break;
  }
  case JAC_F_SQRT:
    base->add(base, d, y, y);
    base->divide(base, d, one.bytes, d);
    break;
  case JAC_F_ABS:
    base->function(base, JAC_F_SIGN, d, x);
    break;
  case JAC_F_SIGN:
  case JAC_F_STEP:
    base->set_double(base, d, 0.0);
    break;
  case JAC_F_ERF: /* 2/sqrt(pi) exp(-x^2), by the density at sqrt(2) x */
    base->set_double(base, d, 2.0);
    base->function(base, JAC_F_SQRT, one.bytes, d);
    base->multiply(base, d, one.bytes, x);
    base->function(base, JAC_F_DENSITY, d, d);
    base->multiply(base, d, d, one.bytes);
    base->add(base, d, d, d);
    break;
  case JAC_F_SIN:
    base->function(base, JAC_F_COS, d, x);
    break;
  case JAC_F_COS:
    base->function(base, JAC_F_SIN, d, x);
    negate(base, d);
    break;
  case JAC_F_TAN:
    base->multiply(base, d, y, y);
    base->add(base, d, d, one.bytes);
    break;
  case JAC_F_SINH:
    base->function(base, JAC_F_COSH, d, x);
    break;
  case JAC_F_COSH:
    base->function(base, JAC_F_SINH, d, x);
    break;
  case JAC_F_ATAN:
    base->multiply(base, d, x, x);
    base->add(base, d, d, one.bytes);
    base->divide(base, d, one.bytes, d);
    break;
  case JAC_F_SEC:
    base->function(base, JAC_F_TAN, d, x);
    base->multiply(base, d, d, y);
    break;
  case JAC_F_CSC:
    base->function(base, JAC_F_COT, d, x);
    base->multiply(base, d, d, y);
    negate(base, d);
    break;
  case JAC_F_COT:
    base->multiply(base, d, y, y);
    base->add(base, d, d, one.bytes);
    negate(base, d);
    break;
  case JAC_F_SECH:
    base->function(base, JAC_F_TANH, d, x);
    base->multiply(base, d, d, y);
    negate(base, d);
    break;
  case JAC_F_CSCH:
    base->function(base, JAC_F_COTH, d, x);
    base->multiply(base, d, d, y);
    negate(base, d);
    break;
  case JAC_F_COTH:
    base->multiply(base, d, y, y);
    base->subtract(base, d, one.bytes, d);
    break;
  case JAC_F_ASIN:
  case JAC_F_ACOS:
  case JAC_F_ASINH:
  case JAC_F_ACOSH:
    of_area(base, f, d, x);
    if (f == JAC_F_ACOS)
      negate(base, d);
    break;
  case JAC_F_ATANH:
    base->multiply(base, d, x, x);
    base->subtract(base, d, one.bytes, d);
    base->divide(base, d, one.bytes, d);
    break;
  case JAC_F_SOFTPLUS:
    base->function(base, JAC_F_SIGMOID, d, x);
    break;
  case JAC_F_NORMAL:
    base->function(base, JAC_F_DENSITY, d, x);
    break;
  case JAC_F_DENSITY:
    base->multiply(base, d, x, y);
    negate(base, d);
    break;
  case JAC_FUNCTIONS:
    break;
  }
  base->clear(base, one.bytes);
}

/* The sign of x - y a little to the side of a tie; 2 where it cannot be told. */
static int fallen(type_t type, const void *x, const void *y) {
  type_t base = type->base;
  struct scratch zero, slopes;
  if (type->certainty == NULL || type->certainty->side == 0)
    return 0;
  base->init(base, zero.bytes);
  base->init(base, slopes.bytes);
  base->set(base, slopes.bytes, slope(type, x));
  if (y != NULL)
    base->subtract(base, slopes.bytes, slopes.bytes, slope(type, y));
  int sign = base->compare(base, slopes.bytes, zero.bytes);
  base->clear(base, zero.bytes);
  base->clear(base, slopes.bytes);
  type->certainty->tied = type->certainty->tied || sign != 0;
  return sign == 2 ? 2 : sign * type->certainty->side;
}

/* At a kink, the side of the point tells the derivative, and a jump's value. */
static void at_kink(type_t type, enum jac_function f, const void *x, void *value,
                    void *d) {
  type_t base = type->base;
  if (f != JAC_F_RELU && f != JAC_F_ABS && f != JAC_F_SIGN && f != JAC_F_STEP)
    return;
  base->set_double(base, d, 0.0);
  int sign = base->compare(base, x, d) == 0 ? fallen(type, x, NULL) : 2;
  derivative(base, f, d, x, value);
  if (sign != 1 && sign != -1)
    return;
  if (f == JAC_F_SIGN || f == JAC_F_STEP)
    base->set_double(base, value, f == JAC_F_STEP ? sign == 1 : sign);
  else
    base->set_double(base, d, f == JAC_F_RELU ? sign == 1 : sign);
}

static void function(type_t type, enum jac_function f, void *result, const void *x) {
  type_t base = type->base;
  struct scratch value, d;
  base->init(base, value.bytes);
  base->init(base, d.bytes);
  base->function(base, f, value.bytes, x);
  derivative(base, f, d.bytes, x, value.bytes);
  if (type->certainty != NULL)
    at_kink(type, f, x, value.bytes, d.bytes);
  combine(type, result, d.bytes, x, NULL, NULL);
  base->set(base, result, value.bytes);
  base->clear(base, value.bytes);
  base->clear(base, d.bytes);
}

static int compare(type_t type, const void *a, const void *b) {
  int order = type->base->compare(type->base, a, b);
  return order == 0 ? fallen(type, a, b) : order;
}

static void enclose(type_t type, const void *x, struct jac_enclosure *enclosure) {
  type->base->enclose(type->base, slope(type, x), enclosure);
}

struct jac_number_type jac_dual_of(const struct jac_number_type *base) {
  return (struct jac_number_type){
      .name = "dual",
      .size = 2 * base->size,
      .base = base,
      .bits = base->bits,
      .certainty = base->certainty,
      .init = init,
      .clear = clear,
      .set = set,
      .set_double = set_double,
      .get = get,
      .add = add,
      .subtract = subtract,
      .multiply = multiply,
      .divide = divide,
      .power = power,
      .function = function,
      .compare = compare,
      .enclose = base->enclose != NULL ? enclose : NULL,
  };
}
