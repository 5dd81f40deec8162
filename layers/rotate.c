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
#include <stdio.h>
#include <string.h>

enum variable { Z, R, T, P, VARIABLES };
enum side { NONE, LEFT, RIGHT };

enum { FORMULA = 1200, WHERE = 6000 };

struct rotate {
  struct jac_sample_map base;
  const struct jac_rotation *by;
  enum side side;
  bool pose;
  size_t at[VARIABLES];                   /* where each is in the map; nvar: it is not */
  char definition[FORMULA], where[WHERE]; /* with a perturbation */
  char entry[VARIABLES][FORMULA], quantities[FORMULA];
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
  const double *at = w->z;
  if (in_second(m, v)) {
    first_turn(m, w, u);
    at = u;
  }
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

/* Exp(p) = I + A [p]x + B (p p^T - a^2 I), and L = J_l(p), the same with B and H for A
 * and B, for which d(Exp(p) u)/dp = -[Exp(p) u]x L; both are I at p = 0. */
#define EXPONENTIAL(p1, p2, p3, po, pi)                                                  \
  "E[n,o,i] = delta(o,i)*(1 - B[n]*a[n]^2) + A[n]*" JAC_HAT(                             \
      "o", "i", p1, p2,                                                                  \
      p3) " + B[n]*" po "*" pi "; "                                                      \
          "L[n,o,i] = delta(o,i)*(1 - H[n]*a[n]^2) + B[n]*" JAC_HAT(                     \
              "o", "i", p1, p2,                                                          \
              p3) " + H[n]*" po "*" pi "; "                                              \
                  "a[n] = sqrt(" p1 "^2 + " p2 "^2 + " p3 "^2); "                        \
                  "A[n] = cases(1, a[n] = 0, sin(a[n])/a[n]); "                          \
                  "B[n] = cases(1/2, a[n] = 0, 2*(sin(a[n]/2)/a[n])^2); "                \
                  "H[n] = cases(1/6, a[n] = 0, (1 - sin(a[n])/a[n])/a[n]^2); "
static const char *const exponentials[2] = {
    EXPONENTIAL("p[n,1]", "p[n,2]", "p[n,3]", "p[n,o]", "p[n,i]"),
    EXPONENTIAL("p[n,4]", "p[n,5]", "p[n,6]", "p[n,o+3]", "p[n,i+3]")};

/* -[u]x L: column i of L, times u. */
#define TURNED(u, i)                                                                     \
  JAC_CROSS("o", "L[n,1," i "]", "L[n,2," i "]", "L[n,3," i "]", u "[n,1]", u "[n,2]",   \
            u "[n,3]")

/* The text with x for z: a rotation behind the perturbation turns what that gives. */
static void add_of(char *out, size_t size, const char *text, bool behind) {
  size_t used = strlen(out);
  for (; *text != '\0' && used + 1 < size; text++)
    out[used++] = behind && strncmp(text, "z[n", 3) == 0 ? 'x' : *text;
  out[used] = '\0';
}

/* R[n,o,i] and D, the derivative of R z by the numbers that give R, are the entries
 * without a perturbation; f = R z + t, v = Exp(p) f, or h = Exp(p) z, x = h + rho. */
static void write_formulas(struct rotate *m) {
  bool right = m->side == RIGHT;
  const char *own = strchr(m->by->definition, '=') + 1;
  char *where = m->where;
  snprintf(where, WHERE, "%s", exponentials[m->pose]);
  add_of(where, WHERE, "R[n,o,i] = ", false);
  add_of(where, WHERE, m->by->entry[0], right);
  add_of(where, WHERE, "; D[n,o,i] = ", false);
  add_of(where, WHERE, m->by->entry[1], right);
  add_of(where, WHERE, "; ", false);
  add_of(where, WHERE, m->by->where, right);
  if (right) {
    add_of(where, WHERE, "; h[n,o] = sum(j = 1:3, E[n,o,j]*z[n,j]); x[n,o] = h[n,o]",
           false);
    add_of(where, WHERE, m->pose ? " + p[n,o]" : "", false);
    add_of(where, WHERE, "; G[n,o,i] = " TURNED("h", "i"), false);
    snprintf(m->definition, FORMULA, "y[n,o] =");
    add_of(m->definition, FORMULA, own, true);
    add_of(m->definition, FORMULA, m->pose ? " + t[n,o]" : "", false);
  } else {
    add_of(where, WHERE, "; f[n,o] =", false);
    add_of(where, WHERE, own, false);
    add_of(where, WHERE, m->pose ? " + t[n,o]" : "", false);
    add_of(where, WHERE, "; v[n,o] = sum(j = 1:3, E[n,o,j]*f[n,j])", false);
    snprintf(m->definition, FORMULA, "y[n,o] = v[n,o]%s", m->pose ? " + p[n,o]" : "");
  }
  static const char *const entries[2][VARIABLES] = {
      {"sum(j = 1:3, E[n,o,j]*R[n,j,i])", "sum(j = 1:3, E[n,o,j]*D[n,j,i])", "E[n,o,i]",
       TURNED("v", "i")},
      {"sum(j = 1:3, R[n,o,j]*E[n,j,i])", "D[n,o,i]", "delta(o,i)",
       "sum(j = 1:3, R[n,o,j]*G[n,j,i])"}};
  static const char *const posed[2] = {
      "cases(delta(o,i), i <= 3, " TURNED("v", "i - 3") ")",
      "cases(R[n,o,i], i <= 3, sum(j = 1:3, R[n,o,j]*G[n,j,i-3]))"};
  for (size_t v = 0; v < VARIABLES; v++)
    snprintf(m->entry[v], FORMULA, "%s",
             v == P && m->pose ? posed[right] : entries[right][v]);
}

/* For people: what the definition says in coordinates, or cannot. */
static const char *const shown[2][3] = {{NULL, "y = Exp(p)*R*z", "y = R*Exp(p)*z"},
                                        {NULL,
                                         "y = Exp(phi)*(R*z + t) + rho; p = [rho, phi]",
                                         "y = R*(Exp(phi)*z + rho) + t; p = [rho, phi]"}};

/* What stands in the entries, up to the name of what D is by, and behind it. */
static const char *const quantities[2][3][2] = {
    {{NULL},
     {"v = E*R*z; E = Exp(p); L = J_l(p); D = deriv(R*z, ", ")"},
     {"G = -skew(E*z)*L; E = Exp(p); L = J_l(p); D = deriv(R*x, ", "); x = E*z"}},
    {{NULL},
     {"v = E*(R*z + t); E = Exp(phi); L = J_l(phi); D = deriv(R*z, ", ")"},
     {"G = -skew(E*z)*L; E = Exp(phi); L = J_l(phi); D = deriv(R*x, ",
      "); x = E*z + rho"}}};

/* What is shown of a perturbation. */
static void show_perturbed(struct rotate *m) {
  struct jac_map *map = &m->base.map;
  for (int part = 0; part < 2; part++) {
    add_of(m->quantities, FORMULA, part == 0 ? "" : m->by->name, false);
    add_of(m->quantities, FORMULA, quantities[m->pose][m->side][part], false);
  }
  map->definition = m->definition;
  map->where = m->where;
  map->shown = shown[m->pose][m->side];
  map->shown_where = m->quantities;
  map->note = N_("at p = 0 Exp(p) and J_l, the left Jacobian of SO(3), are the identity");
}

static const char *entry_of(const struct rotate *m, enum variable v, const char *plain) {
  return m->side == NONE ? plain : m->entry[v];
}

static void name_variables(struct rotate *m) {
  struct jac_map *map = &m->base.map;
  const struct jac_rotation *by = m->by;
  size_t v = 2;
  m->at[Z] = Z;
  m->at[R] = R;
  jac_layer_data(map, Z, "z", "z^{k-1}", by->dim, entry_of(m, Z, by->entry[0]));
  jac_layer_data(map, R, by->name, by->symbol, by->size, entry_of(m, R, by->entry[1]))
      ->domain = by->domain;
  m->at[T] = m->pose ? v : map->nvar;
  if (m->pose)
    jac_layer_data(map, v++, "t", "t", 3, entry_of(m, T, "delta(o,i)"));
  m->at[P] = m->side != NONE ? v : map->nvar;
  if (m->side != NONE) {
    jac_layer_data(map, v, "p", "p", m->pose ? 6 : 3, m->entry[P])->domain = JAC_ZERO;
    write_formulas(m);
    show_perturbed(m);
    return;
  }
  map->definition = m->pose ? by->posed : by->definition;
  map->where = by->where;
  if (by->steady_where != NULL) {
    map->steady = map->definition;
    map->steady_where = by->steady_where;
  }
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
