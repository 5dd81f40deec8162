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
#include "layers/rotation.h"
#include "layers/sample.h"

#include <math.h>
#include <string.h>

enum variable { Z, R, T, P, VARIABLES };
enum side { NONE, LEFT, RIGHT };

struct rotate {
  struct jac_sample_map base;
  const struct jac_rotation *by;
  enum side side;
  bool pose;
  size_t at[VARIABLES]; /* where each is in the map; nvar: it is not */
};

static const struct rotate *of(const struct jac_map *map) {
  return (const struct rotate *)map;
}

static const struct jac_rotation *const exponential = &jac_rotations[JAC_BY_AXIS];

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

/* Whether a variable turns in the second turn, or is a shift that is added behind it. */
static bool in_second(const struct rotate *m, enum variable v) {
  return (v == P && m->side == LEFT) || (v == R && m->side == RIGHT);
}

/* What numbers from 3 on of p move are turns; all others of p, and t, are the identity.
 */
static bool is_shift(const struct rotate *m, enum variable v, size_t i) {
  return v == T || (v == P && m->pose && i < 3);
}

/* The derivative of a turn by its own numbers, dim x size, at the point that it turns. */
static size_t own_derivative(const struct rotate *m, const struct way *w, enum variable v,
                             double d[12]) {
  double u[3];
  first_turn(m, w, u);
  const double *at = in_second(m, v) ? u : w->z;
  if (v == R)
    m->by->derivative(w->r, at, d);
  else if (v == P)
    exponential->derivative(w->phi, at, d);
  return v == R ? m->by->size : 3;
}

/* Column by column: what the variable moves before the second turn is turned by it. */
static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  const struct rotate *m = of(map);
  struct way w = way_of(map, x);
  enum variable v = variable_of(map, wrt);
  bool right = m->side == RIGHT;
  double d[12] = {0.0};
  size_t dim = m->by->dim, phi = m->pose ? 3 : 0, size = own_derivative(m, &w, v, d);
  for (size_t i = 0; i < J->cols; i++) {
    double column[3] = {0.0}, turned[3];
    bool shift = is_shift(m, v, i);
    if (v == Z) {
      double e[3] = {i == 0, i == 1, i == 2};
      (right ? exponential : m->by)->turn(right ? w.phi : w.r, e, column);
    } else if (shift)
      column[i] = 1.0;
    else
      for (size_t o = 0; o < dim; o++)
        column[o] = d[o * size + (v == P ? i - phi : i)];
    bool outside = shift ? (v == T) == right : in_second(m, v);
    if (outside)
      memcpy(turned, column, sizeof turned);
    else
      second_turn(m, &w, column, turned);
    for (size_t o = 0; o < dim; o++)
      *jac_array3_at(J, 0, o, i) = turned[o];
  }
}

/* What a tangent t of a variable moves: du, before the second turn, and dy behind it. */
static void moves(const struct rotate *m, const struct way *w, enum variable v,
                  const double *t, double *du, double *dy) {
  bool right = m->side == RIGHT, shifts = v == P && m->pose; /* p = (rho, phi) */
  const struct jac_rotation *turn = v == P ? exponential : m->by;
  const double *numbers = v == P ? w->phi : w->r;
  double u[3];
  first_turn(m, w, u);
  if (v == Z)
    (right ? exponential : m->by)->turn(right ? w->phi : w->r, t, du);
  else if (v == T)
    memcpy(right ? dy : du, t, 3 * sizeof *t);
  else if (in_second(m, v))
    turn->tangent(numbers, u, shifts ? t + 3 : t, dy);
  else
    turn->tangent(numbers, w->z, shifts ? t + 3 : t, du);
  for (size_t o = 0; o < 3 && shifts; o++)
    (right ? du : dy)[o] += t[o];
}

/* The tangent of y along a tangent of one variable, through both turns. */
static void tangent_of(const struct jac_map *map, jac_sample_point x, size_t wrt,
                       const double *t, double *dy) {
  const struct rotate *m = of(map);
  struct way w = way_of(map, x);
  double du[3] = {0.0}, own[3] = {0.0};
  moves(m, &w, variable_of(map, wrt), t, du, own);
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

static enum jac_status read_way(const struct jac_spec *spec, struct rotate *m,
                                struct jac_error *err) {
  const char *by = jac_spec_word(spec, "by");
  m->by = &jac_rotations[m->pose ? JAC_BY_AXIS : JAC_BY_ANGLE];
  for (size_t k = 0; k < JAC_ROTATIONS && by != NULL; k++)
    if (strcmp(by, jac_rotations[k].word) == 0)
      m->by = &jac_rotations[k];
  if (by != NULL && (strcmp(by, m->by->word) != 0 || (m->pose && m->by->dim == 2)))
    return jac_fail(err, JAC_EINPUT, _("%s: by=%s: %s is needed"), spec->name, by,
                    m->pose ? _("axis or quaternion") : _("angle, axis or quaternion"));
  return JAC_OK;
}

static enum jac_status read_side(const struct jac_spec *spec, struct rotate *m,
                                 struct jac_error *err) {
  const char *side = jac_spec_word(spec, "perturbation");
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
  if (m->by->steady_where != NULL) {
    map->steady = map->definition;
    map->steady_where = m->by->steady_where;
  }
  map->shown = plain ? NULL : shown[m->pose][m->side];
}

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct rotate options = {.pose = module->family != NULL};
  enum jac_status status = read_way(spec, &options, err);
  if (status == JAC_OK)
    status = read_side(spec, &options, err);
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
