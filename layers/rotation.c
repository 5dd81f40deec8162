#include "layers/rotation.h"

#include <math.h>

static void angle_turn(const double *r, const double *u, double *out) {
  out[0] = cos(r[0]) * u[0] - sin(r[0]) * u[1];
  out[1] = sin(r[0]) * u[0] + cos(r[0]) * u[1];
}

static void angle_derivative(const double *r, const double *u, double *d) {
  d[0] = -sin(r[0]) * u[0] - cos(r[0]) * u[1];
  d[1] = cos(r[0]) * u[0] - sin(r[0]) * u[1];
}

/* A quarter turn of R u. */
static void angle_tangent(const double *r, const double *u, const double *dr,
                          double *out) {
  double y[2];
  angle_turn(r, u, y);
  out[0] = -y[1] * dr[0];
  out[1] = y[0] * dr[0];
}

static void cross(const double *a, const double *b, double *out) {
  for (size_t o = 0; o < 3; o++)
    out[o] = a[(o + 1) % 3] * b[(o + 2) % 3] - a[(o + 2) % 3] * b[(o + 1) % 3];
}

static double dot(const double *a, const double *b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* sin(t)/t, (1 - cos(t))/t^2, (t - sin(t))/t^3 for m = 1, 2, 3, as functions of t^2, and
 * their derivatives by t^2, times 2: below 1, by their series. */
struct pair {
  double value, slope;
};

static struct pair ratio(double square, int m) {
  double power = 1.0, term = m == 1 ? 1.0 : m == 2 ? 0.5 : 1.0 / 6.0;
  struct pair sum = {0.0, 0.0};
  for (int k = 0; k < 16; k++) {
    sum.value += term * power;
    term *= -1.0 / ((2 * k + m + 1) * (2 * k + m + 2));
    sum.slope += 2.0 * (k + 1) * term * power;
    power *= square;
  }
  return sum;
}

/* r as a multiple of a vector a whose square a double holds: a itself, or from t = 1 on
 * the unit axis. s, c and d are the ratios for m = 1, 2, 3, times as many lengths of r
 * over a as a stands behind them: s[2] for two. The slopes are those by t^2, times 2. */
struct axis {
  double a[3], s[2], c[3], d[3], s_slope[3], c_slope[4];
};

static struct axis axis_of(const double *r) {
  struct axis x = {.a = {r[0], r[1], r[2]}};
  double t = hypot(hypot(r[0], r[1]), r[2]);
  if (t < 1.0) {
    struct pair s = ratio(dot(r, r), 1), c = ratio(dot(r, r), 2);
    x.s[0] = x.s[1] = s.value;
    x.c[1] = x.c[2] = c.value;
    x.d[2] = ratio(dot(r, r), 3).value;
    x.s_slope[2] = s.slope;
    x.c_slope[3] = c.slope;
    return x;
  }
  for (size_t k = 0; k < 3; k++)
    x.a[k] /= t;
  x.s[0] = sin(t) / t;
  x.s[1] = sin(t);
  x.c[1] = (1.0 - cos(t)) / t;
  x.c[2] = 1.0 - cos(t);
  x.d[2] = 1.0 - sin(t) / t;
  x.s_slope[2] = cos(t) - sin(t) / t;
  x.c_slope[3] = sin(t) - 2.0 * (1.0 - cos(t)) / t;
  return x;
}

/* u + s r x u + c r x (r x u) */
static void axis_turn(const double *r, const double *u, double *out) {
  struct axis x = axis_of(r);
  double once[3], twice[3];
  cross(x.a, u, once);
  cross(x.a, once, twice);
  for (size_t o = 0; o < 3; o++)
    out[o] = u[o] + x.s[1] * once[o] + x.c[2] * twice[o];
}

/* -R [u]x J_r, column by column: J_r e = e - c r x e + d r x (r x e). */
static void axis_derivative(const double *r, const double *u, double *out) {
  struct axis x = axis_of(r);
  for (size_t i = 0; i < 3; i++) {
    double e[3] = {i == 0, i == 1, i == 2}, once[3], twice[3], turned[3], moved[3];
    cross(x.a, e, once);
    cross(x.a, once, twice);
    for (size_t o = 0; o < 3; o++)
      e[o] += x.d[2] * twice[o] - x.c[1] * once[o];
    cross(e, u, moved); /* -u x e */
    axis_turn(r, moved, turned);
    for (size_t o = 0; o < 3; o++)
      out[3 * o + i] = turned[o];
  }
}

/* The product rule on u + s r x u + c r x (r x u). */
static void axis_tangent(const double *r, const double *u, const double *dr,
                         double *out) {
  struct axis x = axis_of(r);
  double once[3], twice[3], moved[3], first[3], second[3], along = dot(x.a, dr);
  cross(x.a, u, once);
  cross(x.a, once, twice);
  cross(dr, u, moved);
  cross(dr, once, first);
  cross(x.a, moved, second);
  for (size_t o = 0; o < 3; o++)
    out[o] = x.s_slope[2] * along * once[o] + x.s[0] * moved[o] +
             x.c_slope[3] * along * twice[o] + x.c[1] * (first[o] + second[o]);
}

/* (w^2 - v.v) u + 2 v (v.u) + 2 w v x u */
static void quaternion_turn(const double *q, const double *u, double *out) {
  const double *v = q + 1;
  double across[3], square = q[0] * q[0] - dot(v, v), along = dot(v, u);
  cross(v, u, across);
  for (size_t o = 0; o < 3; o++)
    out[o] = square * u[o] + 2.0 * along * v[o] + 2.0 * q[0] * across[o];
}

static void quaternion_derivative(const double *q, const double *u, double *out) {
  const double *v = q + 1;
  double across[3], along = dot(v, u);
  cross(v, u, across);
  for (size_t o = 0; o < 3; o++)
    out[4 * o] = 2.0 * (q[0] * u[o] + across[o]);
  for (size_t i = 0; i < 3; i++) {
    double e[3] = {i == 0, i == 1, i == 2}, moved[3];
    cross(e, u, moved); /* column i of -[u]x */
    for (size_t o = 0; o < 3; o++)
      out[4 * o + i + 1] =
          2.0 * (along * e[o] + v[o] * u[i] - u[o] * v[i] + q[0] * moved[o]);
  }
}

/* out = a b, Hamilton's product. */
static void hamilton(const double *a, const double *b, double *out) {
  double across[3];
  cross(a + 1, b + 1, across);
  out[0] = a[0] * b[0] - dot(a + 1, b + 1);
  for (size_t o = 0; o < 3; o++)
    out[o + 1] = a[0] * b[o + 1] + b[0] * a[o + 1] + across[o];
}

/* dq u q* + q u dq* */
static void quaternion_tangent(const double *q, const double *u, const double *dq,
                               double *out) {
  double point[4] = {0.0, u[0], u[1], u[2]}, back[4] = {q[0], -q[1], -q[2], -q[3]};
  double moved[4] = {dq[0], -dq[1], -dq[2], -dq[3]}, a[4], b[4], first[4], second[4];
  hamilton(dq, point, a);
  hamilton(a, back, first);
  hamilton(q, point, b);
  hamilton(b, moved, second);
  for (size_t o = 0; o < 3; o++)
    out[o] = first[o + 1] + second[o + 1];
}

/* sin(u)/u and (1 - cos(u))/u^2 of u^2 = q, below 1 by their series (Horner's way). */
#define SIN_SERIES                                                                       \
  "1 - q[n]/6*(1 - q[n]/20*(1 - q[n]/42*(1 - q[n]/72*(1 - q[n]/110*(1 - q[n]/156*(1 - "  \
  "q[n]/210*(1 - q[n]/272*(1 - q[n]/342))))))))"
#define COS_SERIES                                                                       \
  "(1 - q[n]/12*(1 - q[n]/30*(1 - q[n]/56*(1 - q[n]/90*(1 - q[n]/132*(1 - q[n]/182*(1 "  \
  "- q[n]/240*(1 - q[n]/306*(1 - q[n]/380)))))))))/2"
#define ACROSS                                                                           \
  "w[n,o] = " JAC_CROSS("o", "r[n,1]", "r[n,2]", "r[n,3]", "z[n,1]", "z[n,2]",           \
                        "z[n,3]") "; d[n] = sum(k, r[n,k]*z[n,k]); "
#define BY_AXIS "y[n,o] = C[n]*z[n,o] + s[n]*w[n,o] + c[n]*d[n]*r[n,o]"
#define BY_QUATERNION "y[n,o] = g[n]*z[n,o] + 2*d[n]*q[n,o+1] + 2*q[n,1]*w[n,o]"
#define QUATERNION_WHERE                                                                 \
  "g[n] = q[n,1]^2 - q[n,2]^2 - q[n,3]^2 - q[n,4]^2; "                                   \
  "d[n] = q[n,2]*z[n,1] + q[n,3]*z[n,2] + q[n,4]*z[n,3]; "                               \
  "w[n,o] = " JAC_CROSS("o", "q[n,2]", "q[n,3]", "q[n,4]", "z[n,1]", "z[n,2]", "z[n,3]")

const struct jac_rotation jac_rotations[JAC_ROTATIONS] = {
    [JAC_BY_ANGLE] =
        {.name = "a",
         .symbol = "a",
         .word = "angle",
         .size = 1,
         .dim = 2,
         .turn = angle_turn,
         .derivative = angle_derivative,
         .tangent = angle_tangent,
         .definition = "y[n,o] = ind(o = 1)*(cos(a[n,1])*z[n,1] - sin(a[n,1])*z[n,2]) + "
                       "ind(o = 2)*(sin(a[n,1])*z[n,1] + cos(a[n,1])*z[n,2])",
         .entry = {"delta(o,i)*cos(a[n,1]) + (o - i)*sin(a[n,1])",
                   "-ind(o = 1)*(sin(a[n,1])*z[n,1] + cos(a[n,1])*z[n,2]) + ind(o = "
                   "2)*(cos(a[n,1])*z[n,1] - sin(a[n,1])*z[n,2])"}},
    [JAC_BY_AXIS] =
        {.name = "r",
         .steady_where =
             ACROSS "q[n] = sum(k, r[n,k]^2); "
                    "s[n] = cases(" SIN_SERIES ", q[n] < 1, sin(sqrt(q[n]))/sqrt(q[n])); "
                    "c[n] = cases(" COS_SERIES ", q[n] < 1, (1 - cos(sqrt(q[n])))/q[n]); "
                    "C[n] = 1 - q[n]*c[n]",
         .symbol = "r",
         .word = "axis",
         .size = 3,
         .dim = 3,
         .turn = axis_turn,
         .derivative = axis_derivative,
         .tangent = axis_tangent,
         .definition = BY_AXIS,
         .posed = BY_AXIS " + t[n,o]",
         .where = ACROSS "u[n] = sqrt(sum(k, r[n,k]^2)); "
                         "C[n] = cos(u[n]); s[n] = sin(u[n])/u[n]; c[n] = (1 - "
                         "cos(u[n]))/u[n]^2",
         .entry = {"delta(o,i)*C[n] + s[n]*" JAC_HAT("o", "i", "r[n,1]", "r[n,2]",
                                                     "r[n,3]") " + c[n]*r[n,o]*r[n,i]",
                   "r[n,i]*(-s[n]*z[n,o] + (C[n] - s[n])/u[n]^2*w[n,o] + (s[n] - "
                   "2*c[n])/u[n]^2*d[n]*r[n,o]) - s[n]*" JAC_HAT(
                       "o", "i", "z[n,1]", "z[n,2]",
                       "z[n,3]") " + c[n]*(z[n,i]*r[n,o] + d[n]*delta(o,i))"}},
    [JAC_BY_QUATERNION] =
        {.name = "q",
         .symbol = "q",
         .word = "quaternion",
         .size = 4,
         .dim = 3,
         .turn = quaternion_turn,
         .derivative = quaternion_derivative,
         .tangent = quaternion_tangent,
         .domain = JAC_UNIT_ROWS,
         .definition = BY_QUATERNION,
         .posed = BY_QUATERNION " + t[n,o]",
         .where = QUATERNION_WHERE,
         .entry = {"delta(o,i)*g[n] + 2*q[n,o+1]*q[n,i+1] + 2*q[n,1]*" JAC_HAT(
                       "o", "i", "q[n,2]", "q[n,3]", "q[n,4]"),
                   "cases(2*(q[n,1]*z[n,o] + w[n,o]), i = 1, 2*d[n], o = i - 1, "
                   "2*(q[n,o+1]*z[n,i-1] - z[n,o]*q[n,i] - q[n,1]*" JAC_HAT(
                       "o", "(i - 1)", "z[n,1]", "z[n,2]", "z[n,3]") "))"}},
};
