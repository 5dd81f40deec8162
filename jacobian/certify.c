#include "jacobian/certify.h"

#include "jacobian/check_internal.h"
#include "jacobian/formula/evaluate.h"
#include "jacobian/order.h"
#include "jacobian/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BITS = 128 };

struct jac_certifier {
  const struct jac_map *map;
  jac_point x;
  struct jac_arena arena;
  struct jac_environment env;
  const struct jac_node *left, *right; /* the definition */
};

double jac_enclosure_farthest(const struct jac_enclosure *truth, double x) {
  if (x == truth->middle) /* infinite ones too */
    return fabs(truth->rest) + truth->radius;
  return (fabs((x - truth->middle) - truth->rest) + truth->radius) *
         (1.0 + 4.0 * DBL_EPSILON);
}

double jac_enclosure_nearest(const struct jac_enclosure *truth, double x) {
  if (x == truth->middle)
    return 0.0;
  return fmax(0.0, (fabs((x - truth->middle) - truth->rest) - truth->radius) *
                       (1.0 - 4.0 * DBL_EPSILON));
}

enum jac_status jac_certify_available(struct jac_error *err) {
  if (jac_ball_library() != NULL)
    return JAC_OK;
  return jac_fail(err, JAC_EREFUSED,
                  _("nothing can be proved: this build was made without Arb (install "
                    "libflint-arb-dev, or FLINT 3, and build again), or the program was "
                    "moved away from its other files"));
}

enum jac_status jac_certifier_new(const struct jac_map *map, jac_point x,
                                  struct jac_certifier **certifier,
                                  struct jac_error *err) {
  *certifier = NULL;
  enum jac_status status = jac_certify_available(err);
  if (status != JAC_OK)
    return status;
  if (map->definition == NULL)
    return jac_fail(err, JAC_EREFUSED,
                    _("%s has no formula that intervals can follow: certify its modules "
                      "or parts one by one"),
                    map->spec);
  struct jac_certifier *c = calloc(1, sizeof *c);
  if (c == NULL)
    return jac_fail_memory(err);
  *c = (struct jac_certifier){.map = map, .x = x, .arena = JAC_ARENA_INIT};
  c->env = (struct jac_environment){.map = map, .x = x, .broadcast = true};
  status = jac_formula_read_equation(&c->arena, map->definition, &c->left, &c->right,
                                     NULL, err);
  if (status == JAC_OK && map->where != NULL)
    status = jac_formula_read_equations(&c->arena, map->where, c->env.where_left,
                                        c->env.where_right, &c->env.nwhere, err);
  if (status == JAC_OK)
    *certifier = c;
  else
    jac_certifier_free(c);
  return status;
}

void jac_certifier_free(struct jac_certifier *certifier) {
  if (certifier == NULL)
    return;
  jac_arena_free(&certifier->arena);
  free(certifier);
  jac_ball_cleanup();
}

/* The number that a native column stands for. */
static const double *number_at(const struct jac_certifier *c, size_t wrt, size_t slice,
                               size_t col) {
  const struct jac_variable *var = &c->map->var[wrt];
  const gsl_matrix *m = c->x[wrt];
  size_t at = var->role != JAC_DATA ? jac_number_to_offset(var, JAC_ORDER_F, col)
              : c->map->coupled     ? col
                                    : slice * m->size2 + col;
  return gsl_matrix_const_ptr(m, at / m->size2, at % m->size2);
}

/* The indices of the definition's left side at a native row. */
static size_t output_index(const struct jac_map *map, size_t slice, size_t row,
                           struct jac_index_value index[3]) {
  size_t n = map->coupled ? row / map->cols : slice;
  size_t o = map->coupled ? row % map->cols : row, count = 0;
  index[count++] = (struct jac_index_value){"n", n + 1};
  index[count++] =
      (struct jac_index_value){"o", (map->channels > 0 ? o % map->channels : o) + 1};
  if (map->channels > 0)
    index[count++] = (struct jac_index_value){"l", o / map->channels + 1};
  return count;
}

/* The derivative and the value on one side of the point, with so many bits. */
static enum jac_status on_side(const struct jac_certifier *c, const double *number,
                               size_t slice, size_t row, long bits,
                               struct jac_certainty *certainty,
                               struct jac_enclosure *truth, double *value,
                               struct jac_error *err) {
  struct jac_number_type ball = jac_ball_of(bits, certainty), dual = jac_dual_of(&ball);
  struct jac_environment env = c->env;
  struct jac_index_value index[3];
  struct jac_result result;
  env.type = &dual;
  env.seed = number;
  size_t count = c->left->count > 0 ? output_index(c->map, slice, row, index) : 0;
  enum jac_status status =
      jac_formula_value(c->right, &env, index, count, &result, NULL, err);
  if (status != JAC_OK)
    return status;
  /* A definition without indices gives all outputs. */
  size_t at = result.rows * result.cols > 1 ? slice * c->map->cols + row : 0;
  *truth = result.enclosure[at];
  *value = result.value[at];
  jac_result_free(&result);
  return JAC_OK;
}

static double last_place(double x) {
  x = fabs(x);
  return isinf(x) ? DBL_MAX * DBL_EPSILON : nextafter(x, INFINITY) - x;
}

static bool narrow(const struct jac_enclosure *truth, double jacobian) {
  double off = fabs((jacobian - truth->middle) - truth->rest);
  double enough = fmax(last_place(truth->middle), isfinite(off) ? off : 0.0) * 1e-3;
  return truth->radius <= enough || truth->radius == 0.0 ||
         (last_place(truth->middle) < 1e-320 && truth->radius <= DBL_TRUE_MIN);
}

/* Whether two intervals meet; then a is widened to hold both. */
static bool join(struct jac_enclosure *a, const struct jac_enclosure *b) {
  if (a->middle == b->middle && a->rest == b->rest) {
    a->radius = fmax(a->radius, b->radius);
    return true;
  }
  double apart = fabs((a->middle - b->middle) + (a->rest - b->rest));
  if (!(apart <= (a->radius + b->radius) * (1.0 + 8.0 * DBL_EPSILON)))
    return false;
  a->radius = (a->radius + apart + b->radius) * (1.0 + 8.0 * DBL_EPSILON);
  return true;
}

/* Both sides of a tie: one derivative, or a kink. */
static enum jac_certified compare_sides(struct jac_certified_entry *entry,
                                        const double value[2]) {
  bool finite = isfinite(entry->left.radius) && isfinite(entry->right.radius);
  double scale = fmax(fabs(value[0]), fabs(value[1]));
  if (!finite || isnan(value[0]) || isnan(value[1]))
    return JAC_CERTIFIED_POLE;
  if (fabs(value[0] - value[1]) > 4.0 * DBL_EPSILON * scale)
    return JAC_CERTIFIED_POLE; /* the function jumps */
  entry->truth = entry->left;
  return join(&entry->truth, &entry->right) ? JAC_CERTIFIED_PROVED : JAC_CERTIFIED_KINK;
}

/* One precision. *again: more bits may help. */
static enum jac_status with_bits(const struct jac_certifier *c, const double *number,
                                 size_t slice, size_t row, double jacobian, long bits,
                                 struct jac_certified_entry *entry, bool *again,
                                 struct jac_error *err) {
  struct jac_certainty up = {.side = 1}, down = {.side = -1};
  double value[2];
  enum jac_status status =
      on_side(c, number, slice, row, bits, &up, &entry->right, &value[1], err);
  entry->left = entry->right;
  value[0] = value[1];
  if (status == JAC_OK && up.tied)
    status = on_side(c, number, slice, row, bits, &down, &entry->left, &value[0], err);
  if (status != JAC_OK)
    return status;
  bool undecided = up.undecided || down.undecided;
  entry->bits = bits;
  entry->truth = entry->right;
  entry->kind = undecided ? JAC_CERTIFIED_UNDECIDED : compare_sides(entry, value);
  /* Intervals that are one by their width alone may part. */
  *again = undecided || entry->kind == JAC_CERTIFIED_POLE ||
           (entry->kind == JAC_CERTIFIED_PROVED && !narrow(&entry->truth, jacobian));
  return JAC_OK;
}

enum jac_status jac_certify_entry(struct jac_certifier *c, size_t wrt, size_t slice,
                                  size_t row, size_t col, double jacobian,
                                  struct jac_certified_entry *entry,
                                  struct jac_error *err) {
  const double *number = number_at(c, wrt, slice, col);
  bool again = true;
  *entry = (struct jac_certified_entry){.kind = JAC_CERTIFIED_UNDECIDED};
  for (long bits = FIRST_BITS; bits <= JAC_CERTIFY_BITS && again; bits *= 2) {
    enum jac_status status =
        with_bits(c, number, slice, row, jacobian, bits, entry, &again, err);
    if (status != JAC_OK)
      return status;
    /* A pole does not go away; what overflowed might. */
    if (entry->kind == JAC_CERTIFIED_POLE && bits >= 1024)
      break;
  }
  if (entry->kind == JAC_CERTIFIED_PROVED && again)
    entry->kind = JAC_CERTIFIED_UNDECIDED;
  entry->ulps =
      jac_enclosure_farthest(&entry->truth, jacobian) / last_place(entry->truth.middle);
  return JAC_OK;
}

/* The definition is right, so what fails is for want of a function among intervals. */
static enum jac_status unknown(const struct jac_map *map, enum jac_status status,
                               struct jac_error *err) {
  char why[sizeof err->message];
  if (status != JAC_EINPUT || err == NULL)
    return status;
  snprintf(why, sizeof why, "%s", err->message);
  return jac_fail(err, JAC_EREFUSED,
                  _("%s cannot be certified: not known to intervals: %s"), map->spec,
                  why);
}

static void count(struct jac_certificate *cert, const struct jac_certified_entry *entry,
                  size_t s, size_t i, size_t j) {
  cert->entries++;
  cert->proved += entry->kind == JAC_CERTIFIED_PROVED;
  cert->kinks += entry->kind == JAC_CERTIFIED_KINK;
  cert->poles += entry->kind == JAC_CERTIFIED_POLE;
  cert->undecided += entry->kind == JAC_CERTIFIED_UNDECIDED;
  if (entry->kind != JAC_CERTIFIED_PROVED)
    return;
  if (entry->bits > cert->bits)
    cert->bits = entry->bits;
  if (entry->ulps >= cert->ulps) {
    cert->ulps = entry->ulps;
    cert->worst_slice = s;
    cert->worst_row = i;
    cert->worst_col = j;
  }
}

/* A certified entry as one that was compared. */
static void compare(struct jac_checking *c, const struct jac_certified_entry *entry,
                    size_t s, size_t i, size_t j) {
  double jacobian = *jac_array3_at(c->J, s, i, j);
  struct jac_checked_entry e = {.slice = s, .row = i, .col = j, .jacobian = jacobian};
  if (entry->kind == JAC_CERTIFIED_UNDECIDED) {
    c->result->unreliable++;
    return;
  }
  e.reference = entry->truth.middle;
  e.tolerance = jac_checking_rounding(c, s, i);
  if (entry->kind != JAC_CERTIFIED_PROVED) {
    e.kink = true;
    e.left = entry->left.middle;
    e.right = entry->right.middle;
    e.reference = isfinite(e.reference) ? e.reference : jacobian;
    e.jacobian = isfinite(jacobian) ? jacobian : e.reference;
    if (!isfinite(e.jacobian)) { /* a pole that both know */
      c->result->compared++;
      c->result->kinks++;
      return;
    }
  } else if (jacobian == e.reference)
    e.jacobian = e.reference;
  jac_checking_entry(c, &e);
}

enum jac_status jac_certify(const struct jac_map *map, jac_point x, size_t wrt,
                            const struct jac_array3 *J,
                            struct jac_certificate *certificate,
                            struct jac_check_result *result, struct jac_error *err) {
  struct jac_certifier *certifier;
  double *scales = NULL;
  *certificate = (struct jac_certificate){0};
  *result = (struct jac_check_result){.reference = JAC_REFERENCE_CERTIFIED};
  struct jac_checking c = {.map = map, .x = x, .wrt = wrt, .J = J, .result = result};
  enum jac_status status = jac_certifier_new(map, x, &certifier, err);
  if (status == JAC_OK && J->slices * J->rows * J->cols > JAC_CERTIFY_ENTRIES)
    status = jac_fail(err, JAC_ELIMIT,
                      _("%s with respect to %s: more than %d entries to certify: take "
                        "smaller sizes"),
                      map->spec, map->var[wrt].name, JAC_CERTIFY_ENTRIES);
  if (status == JAC_OK)
    status = jac_checking_start(&c, &scales, err);
  for (size_t s = 0; s < J->slices && status == JAC_OK; s++)
    for (size_t i = 0; i < J->rows && status == JAC_OK; i++)
      for (size_t j = 0; j < J->cols && status == JAC_OK; j++) {
        struct jac_certified_entry entry;
        status = jac_certify_entry(certifier, wrt, s, i, j, *jac_array3_at(J, s, i, j),
                                   &entry, err);
        if (status != JAC_OK) {
          status = unknown(map, status, err);
          break;
        }
        count(certificate, &entry, s, i, j);
        compare(&c, &entry, s, i, j);
        result->evaluations++;
      }
  jac_checking_judge(result);
  free(scales);
  jac_certifier_free(certifier);
  return status;
}
