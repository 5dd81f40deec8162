/* rotate and pose: a point z of the plane or of space turned, y = R z (+ t).
 *
 * R is given by an angle a (plane), by r, an axis times an angle (R = Exp(r), Rodrigues'
 * formula), or by a quaternion q = (w, x, y, z) (Hamilton's, R z = q z q*, of norm 1).
 * With respect to r, d(Exp(r) z)/dr = -R [z]x J_r(r), with the right Jacobian
 * J_r = I - (1 - cos)/theta^2 [r]x + (theta - sin)/theta^3 [r]x^2; with respect to q,
 * 2 [w z + v x z | v.z I + v z^T - z v^T - w [z]x] (Sola 2017, equation 174).
 *
 * perturbation=left puts Exp(p) before R, y = Exp(p) R z, perturbation=right behind it,
 * y = R Exp(p) z; at p = 0, its value unless set, the Jacobians with respect to p are
 * -[R z]x and -R [z]x. Of a pose p is (rho, phi): y = Exp(phi) (R z + t) + rho, or
 * R (Exp(phi) z + rho) + t, to first order the exponential of se(3). */
#include "jacobian/text.h"
#include "layers/sample.h"

#include <math.h>
#include <string.h>

enum variable { Z, R, T, P, VARIABLES };
enum side { NONE, LEFT, RIGHT };

/* A way to give a rotation, by `size` numbers, of points of `dim` coordinates. */
struct rotation {
  const char *name, *symbol, *word;
  size_t size, dim;
  void (*turn)(const double *r, const double *u, double *out);
  /* d(R u)/dr, dim x size, row by row. */
  void (*derivative)(const double *r, const double *u, double *d);
  /* Its product with a tangent dr, by another way. */
  void (*tangent)(const double *r, const double *u, const double *dr, double *out);
  enum jac_domain domain;
  const char *definition, *posed; /* without and with + t */
  const char *where, *entry[2];
};

struct rotate {
  struct jac_sample_map base;
  const struct rotation *by;
  enum side side;
  bool pose;
  size_t at[VARIABLES]; /* where each is in the map; nvar: it is not */
};

static const struct rotate *of(const struct jac_map *map) {
  return (const struct rotate *)map;
}

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
 * their derivatives by t^2, times 2: below 1 by their series. */
struct pair {
  double value, slope;
};

static struct pair ratio(const double *r, int m) {
  double square = dot(r, r), t = sqrt(square), power = 1.0,
         term = m == 1   ? 1.0
                : m == 2 ? 0.5
                         : 1.0 / 6.0;
  struct pair sum = {0.0, 0.0};
  for (int k = 0; k < 16 && t < 1.0; k++) {
    sum.value += term * power;
    term *= -1.0 / ((2 * k + m + 1) * (2 * k + m + 2));
    sum.slope += 2.0 * (k + 1) * term * power;
    power *= square;
  }
  if (t < 1.0)
    return sum;
  if (m == 1)
    return (struct pair){sin(t) / t, (cos(t) - sin(t) / t) / square};
  if (m == 2)
    return (struct pair){(1.0 - cos(t)) / square,
                         (sin(t) / t - 2.0 * (1.0 - cos(t)) / square) / square};
  return (struct pair){(1.0 - sin(t) / t) / square, 0.0};
}

/* u + s r x u + c r x (r x u) */
static void axis_turn(const double *r, const double *u, double *out) {
  double once[3], twice[3], s = ratio(r, 1).value, c = ratio(r, 2).value;
  cross(r, u, once);
  cross(r, once, twice);
  for (size_t o = 0; o < 3; o++)
    out[o] = u[o] + s * once[o] + c * twice[o];
}

/* -R [u]x J_r, column by column: J_r e = e - c r x e + d r x (r x e). */
static void axis_derivative(const double *r, const double *u, double *out) {
  double c = ratio(r, 2).value, d = ratio(r, 3).value;
  for (size_t i = 0; i < 3; i++) {
    double e[3] = {i == 0, i == 1, i == 2}, once[3], twice[3], turned[3], moved[3];
    cross(r, e, once);
    cross(r, once, twice);
    for (size_t o = 0; o < 3; o++)
      e[o] += d * twice[o] - c * once[o];
    cross(e, u, moved); /* -u x e */
    axis_turn(r, moved, turned);
    for (size_t o = 0; o < 3; o++)
      out[3 * o + i] = turned[o];
  }
}

/* The product rule on u + s r x u + c r x (r x u). */
static void axis_tangent(const double *r, const double *u, const double *dr,
                         double *out) {
  struct pair s = ratio(r, 1), c = ratio(r, 2);
  double once[3], twice[3], moved[3], first[3], second[3], along = dot(r, dr);
  cross(r, u, once);
  cross(r, once, twice);
  cross(dr, u, moved);
  cross(dr, once, first);
  cross(r, moved, second);
  for (size_t o = 0; o < 3; o++)
    out[o] = s.slope * along * once[o] + s.value * moved[o] + c.slope * along * twice[o] +
             c.value * (first[o] + second[o]);
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

#define SIGN(o, i, j) "(" i " - " o ")*(" j " - " o ")*(" j " - " i ")/2"
#define V2 "sum(k = 1:3, q[n,k+1]^2)"
#define VZ "sum(k = 1:3, q[n,k+1]*z[n,k])"

#define BY_AXIS "y[n,o] = C[n]*z[n,o] + s[n]*w[n,o] + c[n]*d[n]*r[n,o]"
#define BY_QUATERNION                                                                    \
  "y[n,o] = (q[n,1]^2 - " V2 ")*z[n,o] + 2*q[n,o+1]*" VZ                                 \
  " + 2*q[n,1]*sum(j = 1:3, sum(k = 1:3, " SIGN("o", "j", "k") "*q[n,j+1]*z[n,k]))"

static const struct rotation rotations[] = {
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
    {.name = "r",
     .symbol = "r",
     .word = "axis",
     .size = 3,
     .dim = 3,
     .turn = axis_turn,
     .derivative = axis_derivative,
     .tangent = axis_tangent,
     .definition = BY_AXIS,
     .posed = BY_AXIS " + t[n,o]",
     .where = "w[n,o] = sum(j = 1:3, sum(k = 1:3, " SIGN(
         "o", "j",
         "k") "*r[n,j]*z[n,k])); "
              "d[n] = sum(k, r[n,k]*z[n,k]); u[n] = sqrt(sum(k, r[n,k]^2)); "
              "C[n] = cos(u[n]); s[n] = sin(u[n])/u[n]; c[n] = (1 - cos(u[n]))/u[n]^2",
     .entry = {"delta(o,i)*C[n] + s[n]*sum(k = 1:3, " SIGN(
                   "o", "k", "i") "*r[n,k]) + c[n]*r[n,o]*r[n,i]",
               "r[n,i]*(-s[n]*z[n,o] + (C[n] - s[n])/u[n]^2*w[n,o] + (s[n] - "
               "2*c[n])/u[n]^2*d[n]*r[n,o]) + s[n]*sum(k = 1:3, " SIGN(
                   "o", "i", "k") "*z[n,k]) + c[n]*(z[n,i]*r[n,o] + d[n]*delta(o,i))"}},
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
     .entry =
         {"delta(o,i)*(q[n,1]^2 - " V2 ") + 2*q[n,o+1]*q[n,i+1] + 2*q[n,1]*sum(j = "
          "1:3, " SIGN("o", "j", "i") "*q[n,j+1])",
          "2*ind(i = 1)*(q[n,1]*z[n,o] + sum(j = 1:3, sum(k = 1:3, " SIGN(
              "o", "j",
              "k") "*q[n,j+1]*z[n,k]))) + ind(i > 1)*(2*(delta(o,i - 1)*" VZ
                   " + q[n,o+1]*z[n,i - 1] - z[n,o]*q[n,i] + q[n,1]*sum(k = 1:3, " SIGN(
                       "o", "(i - 1)", "k") "*z[n,k])))"}},
};

static const struct rotation *const exponential = &rotations[1];

/* Where a point is on its way: after the first turn, and before the second. */
struct way {
  const double *z, *r, *t, *rho, *phi;
};

static struct way way_of(const struct jac_map *map, jac_sample_point x) {
  static const double zero[3] = {0.0, 0.0, 0.0};
  const struct rotate *m = of(map);
  struct way w = {x[Z], x[R], zero, zero, zero};
  if (m->pose)
    w.t = x[m->at[T]];
  if (m->side != NONE) {
    w.rho = m->pose ? x[m->at[P]] : zero;
    w.phi = x[m->at[P]] + (m->pose ? 3 : 0);
  }
  return w;
}

/* The first turn and its shift, out = R z + t, or Exp(phi) z + rho. */
static void first_turn(const struct rotate *m, const struct way *w, double *out) {
  if (m->side == RIGHT)
    exponential->turn(w->phi, w->z, out);
  else
    m->by->turn(w->r, w->z, out);
  for (size_t o = 0; o < 3 && m->by->dim == 3; o++)
    out[o] += m->side == RIGHT ? w->rho[o] : w->t[o];
}

/* The second, of u: Exp(phi) u, or R u; without a perturbation u itself. */
static void second_turn(const struct rotate *m, const struct way *w, const double *u,
                        double *out) {
  if (m->side == LEFT)
    exponential->turn(w->phi, u, out);
  else if (m->side == RIGHT)
    m->by->turn(w->r, u, out);
  else
    memcpy(out, u, m->by->dim * sizeof *out);
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  const struct rotate *m = of(map);
  struct way w = way_of(map, x);
  double u[3];
  first_turn(m, &w, u);
  second_turn(m, &w, u, y);
  for (size_t o = 0; o < map->cols && m->side != NONE; o++)
    y[o] += m->side == LEFT ? w.rho[o] : w.t[o];
}

static enum variable variable_of(const struct jac_map *map, size_t wrt) {
  enum variable v = Z;
  while (of(map)->at[v] != wrt)
    v++;
  return v;
}

/* Column by column: what the variable moves before the second turn is turned by it. */
static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  const struct rotate *m = of(map);
  struct way w = way_of(map, x);
  enum variable v = variable_of(map, wrt);
  bool left = m->side == LEFT, right = m->side == RIGHT;
  size_t dim = m->by->dim, phi = m->pose ? 3 : 0;
  double u[3], d[12] = {0.0};
  first_turn(m, &w, u);
  /* Turned in the second turn alone: its own derivative at u. */
  bool second = (v == P && left) || (v == R && right);
  size_t size = v == R ? m->by->size : 3;
  if (second)
    (v == P ? exponential : m->by)->derivative(v == P ? w.phi : w.r, u, d);
  else if (v == R || v == P)
    (v == P ? exponential : m->by)->derivative(v == P ? w.phi : w.r, w.z, d);
  for (size_t i = 0; i < J->cols; i++) {
    double column[3] = {0.0}, turned[3];
    bool shift = v == T || (v == P && i < phi); /* the identity */
    if (v == Z) {
      double e[3] = {i == 0, i == 1, i == 2};
      (right ? exponential : m->by)->turn(right ? w.phi : w.r, e, column);
    } else if (shift)
      column[i] = 1.0;
    else
      for (size_t o = 0; o < dim; o++)
        column[o] = d[o * size + (v == P ? i - phi : i)];
    bool outside = shift ? (v == T ? right : left) : second;
    if (outside)
      memcpy(turned, column, sizeof turned);
    else
      second_turn(m, &w, column, turned);
    for (size_t o = 0; o < dim; o++)
      *jac_array3_at(J, 0, o, i) = turned[o];
  }
}

/* The tangent of y along a tangent of one variable, through both turns. */
static void tangent_of(const struct jac_map *map, jac_sample_point x, size_t wrt,
                       const double *t, double *dy) {
  const struct rotate *m = of(map);
  struct way w = way_of(map, x);
  enum variable v = variable_of(map, wrt);
  const double *rho = t, *phi = m->pose ? t + 3 : t;
  double u[3], du[3] = {0.0}, own[3] = {0.0};
  first_turn(m, &w, u);
  if (v == Z && m->side == RIGHT)
    exponential->turn(w.phi, t, du);
  else if (v == Z)
    m->by->turn(w.r, t, du);
  else if (v == R && m->side != RIGHT)
    m->by->tangent(w.r, w.z, t, du);
  else if (v == R)
    m->by->tangent(w.r, u, t, own);
  else if (v == T)
    memcpy(m->side == RIGHT ? own : du, t, sizeof own);
  else if (m->side == RIGHT)
    exponential->tangent(w.phi, w.z, phi, du);
  else
    exponential->tangent(w.phi, u, phi, own);
  for (size_t o = 0; o < 3 && v == P && m->pose; o++)
    *(m->side == RIGHT ? &du[o] : &own[o]) += rho[o];
  second_turn(m, &w, du, dy);
  for (size_t o = 0; o < map->cols; o++)
    dy[o] += own[o];
}

static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  double dy[3];
  tangent_of(map, x, wrt, t, dy);
  for (size_t o = 0; o < map->cols; o++)
    out[o] += dy[o];
}

/* So few numbers: along each by itself. */
static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  for (size_t i = 0; i < map->var[wrt].dims[1]; i++) {
    double unit[6] = {0.0}, dy[3];
    unit[i] = 1.0;
    tangent_of(map, x, wrt, unit, dy);
    for (size_t o = 0; o < map->cols; o++)
      g[i] += c[o] * dy[o];
  }
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp,
                                         jac_structure_written};

static enum jac_status read_options(const struct jac_spec *spec, struct rotate *m,
                                    struct jac_error *err) {
  const char *by = jac_spec_word(spec, "by"), *side = jac_spec_word(spec, "perturbation");
  m->by = m->pose ? &rotations[1] : &rotations[0];
  for (size_t k = 0; k < 3 && by != NULL; k++)
    if (strcmp(by, rotations[k].word) == 0)
      m->by = &rotations[k];
  if (by != NULL && (strcmp(by, m->by->word) != 0 || (m->pose && m->by->dim == 2)))
    return jac_fail(err, JAC_EINPUT, _("%s: by=%s: %s is needed"), spec->name, by,
                    m->pose ? _("axis or quaternion") : _("angle, axis or quaternion"));
  m->side = side == NULL || strcmp(side, "none") == 0 ? NONE
            : strcmp(side, "left") == 0               ? LEFT
                                                      : RIGHT;
  if (m->side == RIGHT && strcmp(side, "right") != 0)
    return jac_fail(err, JAC_EINPUT,
                    _("%s: perturbation=%s: none, left or right is needed"), spec->name,
                    side);
  if (m->side != NONE && m->by->dim == 2)
    return jac_fail(err, JAC_EINPUT,
                    _("%s: in the plane left and right are the same: take by=axis or "
                      "by=quaternion"),
                    spec->name);
  return JAC_OK;
}

/* For people: what the definition says in coordinates, or cannot. */
static const char *const shown[2][3] = {{NULL, "y = Exp(p)*R*z", "y = R*Exp(p)*z"},
                                        {NULL,
                                         "y = Exp(phi)*(R*z + t) + rho; p = [rho, phi]",
                                         "y = R*(Exp(phi)*z + rho) + t; p = [rho, phi]"}};

static void name_variables(struct rotate *m) {
  struct jac_map *map = &m->base.map;
  bool plain = m->side == NONE;
  size_t v = 2;
  m->at[Z] = Z;
  m->at[R] = R;
  jac_layer_data(map, Z, "z", "z^{k-1}", m->by->dim, plain ? m->by->entry[0] : NULL);
  jac_layer_data(map, R, m->by->name, m->by->symbol, m->by->size,
                 plain ? m->by->entry[1] : NULL)
      ->domain = m->by->domain;
  m->at[T] = m->pose ? v : map->nvar;
  if (m->pose)
    jac_layer_data(map, v++, "t", "t", 3, m->side == NONE ? "delta(o,i)" : NULL);
  m->at[P] = m->side != NONE ? v : map->nvar;
  if (m->side != NONE)
    jac_layer_data(map, v, "p", "p", m->pose ? 6 : 3, NULL)->domain = JAC_ZERO;
  map->definition = !plain ? NULL : m->pose ? m->by->posed : m->by->definition;
  map->where = plain ? m->by->where : NULL;
  map->shown = plain ? NULL : shown[m->pose][m->side];
}

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct rotate options = {.pose = module->family != NULL};
  enum jac_status status = read_options(spec, &options, err);
  if (status != JAC_OK)
    return status;
  size_t nvar = 2 + (options.pose ? 1u : 0u) + (options.side != NONE ? 1u : 0u);
  struct rotate *m = jac_sample_alloc(sizeof *m, &sample, spec, place->batch,
                                      options.by->dim, nvar, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->by = options.by;
  m->side = options.side;
  m->pose = options.pose;
  name_variables(m);
  *map = &m->base.map;
  return JAC_OK;
}

#define SIDE                                                                             \
  {                                                                                      \
    "perturbation", "none",                                                              \
        N_("a small turn p, 0 unless set: left (before R) or right (behind it)")         \
  }
static const struct jac_module_option options[] = {
    {"by", "angle", N_("what gives the rotation: angle, axis (times angle), quaternion")},
    SIDE,
    {NULL, NULL, NULL}};
static const struct jac_module_option pose_options[] = {
    {"by", "axis", N_("what gives the rotation: axis (times angle), quaternion")},
    SIDE,
    {NULL, NULL, NULL}};

const struct jac_module jac_module_rotate = {
    .name = "rotate",
    .sizes = "",
    .example = "rotate",
    .definition = "y[n,o] = sum(i, R[o,i]*z[n,i])",
    .options = options,
    .make = make,
};

const struct jac_module jac_module_pose = {
    .name = "pose",
    .sizes = "",
    .example = "pose,by=quaternion",
    .definition = "y[n,o] = sum(i, R[o,i]*z[n,i]) + t[n,o]",
    .options = pose_options,
    .make = make,
    .family = "pose",
};
