/* Integrals. Between bounds, of what is smooth up to both, by the rule of Kronrod; else
 * by the double exponential rules (Takahasi and Mori, 1974): t = g(s), s in equal steps,
 * where g flattens every end so fast that the sum converges exponentially; without end by
 * the one for what falls like an exponential, and where that fails by the one for powers.
 * A second value comes from some of the steps; where the two differ by more than a little
 * the integral has no value here (a pole, a kink, an oscillation without end). */
#include "jacobian/value/value_internal.h"

#include <math.h>

typedef struct jac_grid grid_t;

/* The rule of Kronrod with 21 points (Piessens et al., QUADPACK, 1983): places from the
 * middle, its weights, those of Gauss's rule with 10 points within it (0: no place of
 * that). */
static const struct {
  double at, weight, gauss;
} kronrod[] = {
    {0.0, 0.149445554002916905664936468389821, 0.0},
    {0.148874338981631210884826001129720, 0.147739104901338491374841515972068,
     0.295524224714752870173815619188769},
    {0.294392862701460198131126603103866, 0.142775938577060080797094273138717, 0.0},
    {0.433395394129247190799265943165784, 0.134709217311473325928054001771707,
     0.269266719309996355091226921569469},
    {0.562757134668604683339000099272694, 0.123491976262065851077958109585166, 0.0},
    {0.679409568299024406234327365114874, 0.109387158802297641899210590325805,
     0.219086362515982043995534934228163},
    {0.780817726586416897063717578345042, 0.093125454583697605535065465083366, 0.0},
    {0.865063366688984510732096688423493, 0.075039674810919952767043140916190,
     0.149451349150580593145863396957658},
    {0.930157491355708226001207180059508, 0.054755896574351996031381300244580, 0.0},
    {0.973906528517171720077964012084452, 0.032558162307964727478818972459390,
     0.066671344308688137593568809893332},
    {0.995657163025808080735527280689003, 0.011694638867371874278064396062192, 0.0}};

/* The finest step, and how many of them to the left and to the right: at the last ones
 * 1e-38 of an interval is left; without end they are 4e18, or 700, far. The first sum
 * goes by four of them, the next by two. */
static const double STEP = 1.0 / 32.0, HALF_PI = 1.57079632679489661923;
enum { WORK_FRAME = 200 }; /* what a frame costs, in operations */
enum { LEFT = 128, RIGHT = 128, MILD_RIGHT = 208, FIRST = 4, WITHIN_MOST = 2 };
/* Beyond FAR exponentials overflow, nearer than NEAR to an end it may be the end itself:
 * what has no value there is counted as nothing, if what stood before was next to nothing
 * too. */
static const double FAR = 700.0, NEAR = 1e-14;
static const double LITTLE = 1e-8, NEXT_TO_NOTHING = 1e-14, NOTHING = 1e-19,
                    ROUNDING = 1e-16;

/* An integral while it is summed. */
struct sum {
  struct jac_eval *e;
  const struct jac_term *term;
  grid_t from, to, span; /* with one mask */
  bool below, above;     /* whether it has a bound there */
  bool mild;             /* without end, as for what falls like an exponential */
  grid_t all;            /* of the steps so far, not times the step; x NULL: none yet */
  grid_t gauss;          /* the same by Gauss's rule */
  double size;           /* of what was added, together */
  double last;           /* of what was added last on this side */
  bool none;             /* it has no value */
};

/* A step: how far from its end, or from 0 where there is none, and dt/ds. */
static double place(const struct sum *u, double s, double *weight) {
  double swing = HALF_PI * sinh(s), speed = HALF_PI * cosh(s), c;
  if (u->below && u->above) {
    c = 1.0 / (1.0 + exp(2.0 * fabs(swing)));
    *weight = 2.0 * speed * c * (1.0 - c);
  } else if (u->mild) {
    c = exp(s - exp(-s));
    *weight = (1.0 + exp(-s)) * c;
  } else {
    c = exp(swing);
    *weight = speed * c;
  }
  return c;
}

/* base + c way, of one mask. */
static grid_t along(struct jac_eval *e, grid_t base, double c, grid_t way) {
  const struct jac_field *f = e->jets.field;
  grid_t out = jac_grid_copy(e, e->jets.store, base), factor = jac_grid_number(e, c);
  if (e->status == JAC_OK)
    f->accumulate(f, jac_grid_width(e, &out), out.x, factor.x, way.x);
  return out;
}

/* The variable there; up: of the two ways from 0. */
static grid_t variable(const struct sum *u, double s, double c, bool up) {
  struct jac_eval *e = u->e;
  if (u->below && u->above)
    return s < 0.0 ? along(e, u->from, c, u->span) : along(e, u->to, -c, u->span);
  grid_t one = jac_grid_widen(e, jac_grid_number(e, 1.0), u->from.mask);
  return up ? along(e, u->from, c, one) : along(e, u->to, -c, one);
}

static bool finite_all(const struct jac_eval *e, grid_t a) {
  const struct jac_field *f = e->jets.field;
  for (size_t k = 0; k < a.rows * a.cols * jac_grid_width(e, &a); k++)
    if (!isfinite(f->get(f, jac_base_of(&e->jets, a.x, k))))
      return false;
  return true;
}

/* sum += weight x, with the masks of both; true: in place. */
static bool add(struct jac_eval *e, grid_t *sum, double weight, grid_t x) {
  const struct jac_field *f = e->jets.field;
  grid_t factor = jac_grid_number(e, weight);
  bool widens = !sum->x || (sum->mask | x.mask) != sum->mask;
  if (!sum->x)
    *sum = jac_grid_new(e, x.rows, x.cols, x.mask);
  *sum = jac_grid_widen(e, *sum, x.mask);
  x = jac_grid_widen(e, x, sum->mask);
  if (e->status == JAC_OK)
    f->accumulate(f, x.rows * x.cols * jac_grid_width(e, &x), sum->x, factor.x, x.x);
  return !widens && e->status == JAC_OK;
}

/* What stands at t. */
static grid_t value_at(struct sum *u, grid_t t) {
  struct jac_eval *e = u->e;
  struct jac_frame frame = {.outer = e->frame,
                            .term = u->term,
                            .level = e->frame->level,
                            .symbols = (uint64_t)1 << u->term->at[0]->id % 64,
                            .grid = &t};
  if (jac_eval_failed(e) || !jac_eval_spend(e, WORK_FRAME))
    return (grid_t){0};
  return jac_eval_bound(e, &frame, u->term->child[0]);
}

/* Adds what stands at t; false: this side ends here. */
static bool add_at(struct sum *u, grid_t t, double c, double weight) {
  struct jac_eval *e = u->e;
  struct jac_store_mark mark = jac_store_mark(e->jets.store);
  grid_t x = value_at(u, t);
  if (e->status != JAC_OK)
    return false;
  double size = weight * jac_grid_largest(e, x);
  bool good = finite_all(e, x) && isfinite(size);
  u->none = !good && !((c > FAR || c < NEAR) && u->last <= NEXT_TO_NOTHING * u->size);
  if (!good)
    return false;
  if (add(e, &u->all, weight, x))
    jac_store_release(e->jets.store, mark);
  u->last = size;
  u->size += size;
  return e->status == JAC_OK && (weight > NOTHING || size > NOTHING * u->size);
}

/* The step k, without bounds either way; false: this side ends here. */
static bool step(struct sum *u, int k) {
  struct jac_store_mark mark = jac_store_mark(u->e->jets.store);
  const void *sum = u->all.x;
  double s = k * STEP, weight, c = place(u, s, &weight);
  bool up = u->below || !u->above, down = !u->below;
  bool on = (!up || add_at(u, variable(u, s, c, true), c, weight)) &&
            (!down || add_at(u, variable(u, s, c, false), c, weight));
  if (sum && sum == u->all.x)
    jac_store_release(u->e->jets.store, mark);
  return on;
}

/* What has no value, and no slope, of the sum's shape. */
static grid_t without_value(const struct sum *u) {
  struct jac_eval *e = u->e;
  grid_t out =
      jac_grid_new(e, jac_dim_size(u->term->type.rows), jac_dim_size(u->term->type.cols),
                   (1u << e->frame->level) - 1);
  size_t width = e->status == JAC_OK ? jac_grid_width(e, &out) : 0;
  for (size_t k = 0; k < out.rows * out.cols * width; k++)
    e->jets.field->set(e->jets.field, jac_base(&e->jets, out.x, k), NAN);
  return out;
}

/* Whether it is no smaller at the last step than at the first, as what never falls is:
 * then it need not be summed. */
static bool never_falls(struct sum *u) {
  struct jac_eval *e = u->e;
  double size[2] = {0.0, 0.0};
  for (int k = 0; k < 2; k++) {
    double weight, s = k * STEP * (u->mild ? MILD_RIGHT : RIGHT),
                   c = place(u, s, &weight);
    grid_t x = value_at(u, variable(u, s, c, u->below || !u->above));
    size[k] =
        e->status == JAC_OK && finite_all(e, x) ? weight * jac_grid_largest(e, x) : 0.0;
  }
  return size[0] > 0.0 && size[1] >= size[0];
}

/* Adds every so many steps from the first to both sides; false: the integral has no
 * value, or more stands behind the last step than can be left out. */
static bool add_steps(struct sum *u, int first, int every) {
  struct jac_eval *e = u->e;
  int k = first, right = u->mild ? MILD_RIGHT : RIGHT;
  while (k <= right && step(u, k))
    k += every;
  if (e->status != JAC_OK || u->none || u->last > NEXT_TO_NOTHING * u->size)
    return false;
  for (k = first - every; k >= -LEFT && step(u, k);)
    k -= every;
  return e->status == JAC_OK && !u->none && u->last <= NEXT_TO_NOTHING * u->size;
}

/* Whether the sum and another are the same but for a little: then it is taken times h,
 * and is as uncertain as they differ. */
static bool agrees(struct sum *u, grid_t other, double h) {
  struct jac_eval *e = u->e;
  grid_t pair[2] = {u->all, other}, apart = jac_v_subtract(e, u->term, pair, 2);
  double off = e->status == JAC_OK ? jac_grid_largest(e, apart) : 0.0;
  if (e->status != JAC_OK || !finite_all(e, apart) || off > LITTLE * u->size)
    return false;
  grid_t times[2] = {jac_grid_number(e, h), u->all};
  u->all = jac_v_hadamard(e, u->term, times, 2);
  u->all.scale = h * fmax(u->size, off / ROUNDING);
  return e->status == JAC_OK;
}

/* Between bounds, of what is smooth up to both: 21 places. */
static bool smooth(struct sum *u) {
  struct jac_eval *e = u->e;
  for (size_t k = 0; k < 2 * sizeof kronrod / sizeof kronrod[0]; k++) {
    size_t n = k / 2;
    double at = k % 2 ? -kronrod[n].at : kronrod[n].at;
    if (k == 1)
      continue; /* the middle, once */
    struct jac_store_mark mark = jac_store_mark(e->jets.store);
    grid_t x = value_at(u, along(e, u->from, 0.5 + 0.5 * at, u->span));
    if (e->status != JAC_OK || !finite_all(e, x))
      return false;
    u->size += kronrod[n].weight * jac_grid_largest(e, x);
    bool kept = add(e, &u->all, kronrod[n].weight, x);
    if (kronrod[n].gauss > 0.0)
      kept = add(e, &u->gauss, kronrod[n].gauss, x) && kept;
    if (kept)
      jac_store_release(e->jets.store, mark);
  }
  return agrees(u, u->gauss, 0.5);
}

/* Sums by ever smaller steps until two sums agree, to what rounding makes of that; false:
 * none do. */
static bool settles(struct sum *u, bool mild) {
  struct jac_eval *e = u->e;
  u->mild = mild;
  u->none = false;
  u->all = (grid_t){0};
  u->size = u->last = 0.0;
  bool endless = !u->below || !u->above;
  if ((endless && never_falls(u)) || !add_steps(u, 0, FIRST))
    return false;
  for (int every = FIRST; every > 1; every /= 2) {
    grid_t before = jac_grid_copy(e, e->jets.store, u->all);
    if (!add_steps(u, every / 2, every))
      return false;
    grid_t twice[2] = {before, before};
    if (agrees(u, jac_v_add(e, u->term, twice, 2), STEP * every / 2))
      return true;
  }
  return false;
}

static bool too_deep(const struct jac_eval *e) {
  size_t within = 0;
  for (const struct jac_frame *f = e->frame; f->outer; f = f->outer)
    within += f->term->kind == JAC_TERM_INTEGRAL;
  return within >= WITHIN_MOST;
}

static grid_t bound(struct sum *u, const struct jac_term *term) {
  return term ? jac_eval_term(u->e, term) : jac_grid_number(u->e, 0.0);
}

grid_t jac_eval_integral(struct jac_eval *e, const struct jac_term *term) {
  struct sum u = {.e = e,
                  .term = term,
                  .below = term->child[1] != NULL,
                  .above = term->child[2] != NULL};
  if (e->jets.field != &jac_field_double)
    return jac_eval_fail(e, JAC_EINPUT, "an integral is worked out in doubles alone");
  if (too_deep(e))
    return jac_eval_fail(e, JAC_ELIMIT,
                         "integrals within each other are worked out to %d", WITHIN_MOST);
  grid_t end[2];
  end[1] = bound(&u, term->child[1]);
  end[0] = bound(&u, term->child[2]);
  if (e->status != JAC_OK)
    return (grid_t){0};
  if (!finite_all(e, end[0]) || !finite_all(e, end[1]))
    return without_value(&u);
  unsigned mask = end[0].mask | end[1].mask;
  u.span = jac_grid_widen(e, jac_v_subtract(e, term, end, 2), mask);
  u.from = jac_grid_widen(e, end[1], mask);
  u.to = jac_grid_widen(e, end[0], mask);
  bool endless = !u.below || !u.above;
  bool settled =
      (!endless && smooth(&u)) || settles(&u, endless) || (endless && settles(&u, false));
  if (e->status != JAC_OK)
    return (grid_t){0};
  if (!settled)
    return without_value(&u);
  if (endless)
    return u.all;
  grid_t times[2] = {u.span, u.all};
  grid_t whole = jac_v_hadamard(e, term, times, 2);
  whole.scale = u.all.scale * fmax(1.0, jac_grid_largest(e, u.span));
  return whole;
}
