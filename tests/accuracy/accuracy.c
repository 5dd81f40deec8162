/* The largest error, in last places, of every module's explicit Jacobian against
 * certified intervals, over ordinary and extreme inputs: prints the table of
 * docs/accuracy.md. `accuracy [SEED [POINTS]]`. Exit status 1 when an error is over its
 * bound and no reason is given here. */
#include "jacobian/certify.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const specs[] = {
    "linear:4x3,bias",
    "tanh:4",
    "sigmoid:4",
    "relu:4",
    "leaky-relu:4",
    "elu:4",
    "softplus:4",
    "gelu:4",
    "silu:4",
    "softmax:4",
    "log-softmax:4",
    "conv1d:2x2x2,length=3,bias",
    "max-pool1d:2,channels=2,length=4",
    "avg-pool1d:2,channels=2,length=4",
    "flatten:4",
    "layer-norm:4",
    "rms-norm:4",
    "batch-norm:2",
    "dropout:4",
    "attention:2x2",
    "mse:4",
    "mae:4",
    "huber:4",
    "cross-entropy:4",
    "bce:4",
    "bce-logits:4",
    "logsigmoid:4",
    "selu:4",
    "celu:4",
    "hardtanh:4",
    "hardswish:4",
    "softsign:4",
    "prelu:4",
    "softmin:4",
    "maxout:4",
    "normalize:4",
    "distance:4",
    "bilinear:2x2x2,bias",
    "embedding:3x2",
    "conv2d:2x1x2,height=3,width=3,bias",
    "conv-transpose1d:2x2x1,length=3,stride=2,bias",
    "max-pool2d:2,height=3,width=3,stride=1",
    "avg-pool2d:2,height=3,width=3,stride=1",
    "group-norm:4,groups=2",
    "positional:4",
    "rotary:4",
    "rnn:2x2",
    "nll:4",
    "kl:4",
    "poisson:4",
    "cross",
    "skew",
    "mish:4",
    "glu:4",
    "swiglu:4",
    "gumbel-softmax:4",
    "cosine:4",
    "weight-norm:2x2,bias",
    "instance-norm:2,length=2",
    "multi-head:4,heads=2",
    "lstm:2x2",
    "gru:2x2",
    "hinge:4",
    "focal:4",
    "gaussian-nll:4",
    "cosine-loss:4",
    "triplet:4",
    "contrastive:4",
    "rotate",
    "pose",
};
enum { SPECS = sizeof specs / sizeof specs[0] };

/* What the inputs are like. */
enum inputs { ORDINARY, WIDE, EXTREME, NEAR, SEAM, INPUTS };
static const char *const inputs_name[INPUTS] = {"ordinary", "to ±1000", "1e-300 to 1e300",
                                                "nearly equal", "at seams"};

/* Why an error over the bound is as it should be; what then is the bound of the error
 * measured in last places of the row's largest entry. */
#define PARTS "parts lie below the smallest double, or beyond the largest, on the way"
#define SCORES "scores of up to 1e6 are rounded before their exponentials are taken"
#define PLACES "an entry near 0 is a difference: it has the places of its row's largest"
#define SUM "terms of a sum cancel"
static const struct reason {
  const char *module, *variable; /* NULL: each */
  int inputs;                    /* or -1: all */
  double row_bound;
  const char *why;
} reasons[] = {
    {"gelu", "z", -1, INFINITY, "near its zero at -0.75 two terms cancel"},
    {"silu", "z", -1, INFINITY, "near its zero at -1.28 two terms cancel"},
    {"layer-norm", "z", EXTREME, INFINITY, PARTS},
    {"layer-norm", "z", -1, 32.0, PLACES},
    {"rms-norm", "z", EXTREME, INFINITY, PARTS},
    {"attention", NULL, EXTREME, INFINITY, PARTS},
    {"attention", NULL, -1, INFINITY, SCORES},
    {"cross-entropy", "z", -1, INFINITY,
     "near 0, where s is y: s has its own rounding, in s's places"},
    {"bilinear", NULL, -1, INFINITY, SUM},
    {"group-norm", "z", EXTREME, INFINITY, PARTS},
    {"group-norm", "z", -1, 32.0, PLACES},
    {"rnn", NULL, -1, INFINITY, "a sum of products is rounded before its tanh is taken"},
    {"lstm", NULL, -1, INFINITY, "sums of products are rounded before they are gates"},
    {"gru", NULL, -1, INFINITY, "sums of products are rounded before they are gates"},
    {"kl", "y", -1, INFINITY, "near its zero two terms cancel"},
    {"poisson", "z", -1, INFINITY, "near its zero, where exp(z) is y, two terms cancel"},
    {"bce-logits", "z", -1, INFINITY,
     "near 0, where sigmoid(z) is y: it has its own rounding, in its places"},
    {"mish", "z", WIDE, INFINITY, PARTS},
    {"mish", "z", -1, INFINITY, "near its zero at -1.19 two terms cancel"},
    {"glu", "z", WIDE, INFINITY, PARTS},
    {"swiglu", "z", WIDE, INFINITY, PARTS},
    {"swiglu", "z", -1, INFINITY, "near its zero at -1.28 two terms cancel"},
    {"gumbel-softmax", NULL, -1, INFINITY,
     "z + g is rounded before its exponential is taken"},
    {"cosine", NULL, EXTREME, INFINITY, PARTS},
    {"cosine", NULL, SEAM, INFINITY, PARTS},
    {"cosine-loss", NULL, EXTREME, INFINITY, PARTS},
    {"cosine-loss", NULL, SEAM, INFINITY, PARTS},
    {"weight-norm", NULL, EXTREME, INFINITY, PARTS},
    {"weight-norm", NULL, SEAM, INFINITY, PARTS},
    {"weight-norm", "g", -1, INFINITY, SUM},
    {"instance-norm", "z", EXTREME, INFINITY, PARTS},
    {"instance-norm", "z", -1, 32.0, PLACES},
    {"multi-head", NULL, EXTREME, INFINITY, PARTS},
    {"multi-head", NULL, -1, INFINITY, SCORES},
    {"hinge", NULL, -1, INFINITY, SUM},
    {"focal", NULL, -1, INFINITY, SUM},
    {"gaussian-nll", "v", -1, INFINITY,
     "near its zero, where v is (z - y)^2, two terms cancel"},
    {"triplet", NULL, -1, INFINITY,
     "distances are rounded before they are compared, and unit vectors cancel"},
    {"contrastive", NULL, -1, INFINITY, SCORES},
    {"rotate", "a", -1, INFINITY, SUM},
    {"pose", NULL, -1, INFINITY, "the angle is rounded before its sine is taken"},
};
enum { REASONS = sizeof reasons / sizeof reasons[0] };

static double sign(gsl_rng *r) {
  return gsl_rng_uniform_int(r, 2) ? 1.0 : -1.0;
}

static double some_steps(gsl_rng *r, double x) {
  for (unsigned long k = gsl_rng_uniform_int(r, 4); k > 0; k--)
    x = nextafter(x, sign(r) * INFINITY);
  return x;
}

/* One number; base is shared by the numbers of a point. */
static double draw(gsl_rng *r, enum inputs kind, double base) {
  static const double seams[] = {0.0, 1.0, -1.0, 0.5, 2.0};
  switch (kind) {
  case WIDE:
    return 1000.0 * (2.0 * gsl_rng_uniform(r) - 1.0);
  case EXTREME:
    return sign(r) * pow(10.0, 600.0 * gsl_rng_uniform(r) - 300.0);
  case NEAR:
    return base *
           (1.0 + pow(10.0, -14.0 * gsl_rng_uniform(r)) * gsl_ran_gaussian(r, 1.0));
  case SEAM:
    return some_steps(r, seams[gsl_rng_uniform_int(r, 5)]);
  default:
    return gsl_ran_gaussian(r, 1.0);
  }
}

/* A probability strictly between 0 and 1. */
static double probability(gsl_rng *r, enum inputs kind) {
  double p = kind == EXTREME ? pow(10.0, -300.0 * gsl_rng_uniform(r))
             : kind == WIDE  ? pow(10.0, -16.0 * gsl_rng_uniform(r))
             : kind == NEAR  ? 0.5 + 0.01 * gsl_ran_gaussian(r, 0.1)
                             : gsl_rng_uniform_pos(r);
  if (kind == SEAM)
    p = some_steps(r, 0.5);
  double other = gsl_rng_uniform_int(r, 2) ? 1.0 - p : p;
  return other > 0.0 && other < 1.0 ? other : p;
}

static void fill(gsl_rng *r, const struct jac_map *map, enum inputs kind,
                 struct jac_values *x) {
  double base = gsl_ran_gaussian(r, 1.0) * pow(10.0, 6.0 * gsl_rng_uniform(r) - 3.0);
  for (size_t v = 0; v < map->nvar; v++)
    for (size_t i = 0; i < x->matrix[v]->size1; i++) {
      double total = 0.0;
      for (size_t j = 0; j < x->matrix[v]->size2; j++) {
        double *to = gsl_matrix_ptr(x->matrix[v], i, j);
        enum jac_domain domain = map->var[v].domain;
        if (domain == JAC_MASK || domain >= JAC_GUMBEL)
          continue;
        *to = domain == JAC_REAL       ? draw(r, kind, base)
              : domain == JAC_POSITIVE ? fabs(draw(r, kind, base))
                                       : probability(r, kind);
        total += *to;
      }
      for (size_t j = 0;
           j < x->matrix[v]->size2 && map->var[v].domain == JAC_DISTRIBUTION; j++)
        *gsl_matrix_ptr(x->matrix[v], i, j) /= total;
    }
}

struct tally {
  double ulps, row_ulps; /* the largest; of the entry, of its row's largest entry */
  size_t proved, kinks, beyond, lost;
};

static double last_place(double x) {
  return isinf(x) ? INFINITY : nextafter(fabs(x), INFINITY) - fabs(x);
}

static enum jac_status measure(const struct jac_map *map, jac_point x, size_t wrt,
                               struct tally *t, struct jac_error *err) {
  struct jac_array3 J;
  struct jac_certifier *certifier;
  enum jac_status status = jac_map_jacobian_new(map, x, wrt, &J, err);
  if (status != JAC_OK)
    return status;
  status = jac_certifier_new(map, x, &certifier, err);
  for (size_t k = 0; k < J.slices * J.rows && status == JAC_OK; k++) {
    double largest = 0.0;
    for (size_t j = 0; j < J.cols; j++)
      if (isfinite(J.data[k * J.cols + j]))
        largest = fmax(largest, fabs(J.data[k * J.cols + j]));
    for (size_t j = 0; j < J.cols && status == JAC_OK; j++) {
      struct jac_certified_entry e;
      double jacobian = J.data[k * J.cols + j];
      status =
          jac_certify_entry(certifier, wrt, k / J.rows, k % J.rows, j, jacobian, &e, err);
      if (status != JAC_OK)
        break;
      t->kinks += e.kind == JAC_CERTIFIED_KINK;
      t->beyond += e.kind == JAC_CERTIFIED_POLE || e.kind == JAC_CERTIFIED_UNDECIDED;
      if (e.kind != JAC_CERTIFIED_PROVED)
        continue;
      t->proved++;
      if (!isfinite(jacobian) && jacobian != e.truth.middle) {
        t->lost++; /* it overflowed on its way */
        continue;
      }
      t->ulps = fmax(t->ulps, e.ulps);
      t->row_ulps = fmax(t->row_ulps, jac_enclosure_farthest(&e.truth, jacobian) /
                                          last_place(largest));
    }
  }
  jac_certifier_free(certifier);
  jac_array3_free(&J);
  return status;
}

static bool entrywise(const char *spec) {
  static const char *const names[] = {"tanh",  "sigmoid",    "relu",     "leaky-relu",
                                      "elu",   "softplus",   "gelu",     "silu",
                                      "selu",  "celu",       "hardtanh", "softsign",
                                      "prelu", "logsigmoid", "hardswish"};
  size_t length = strcspn(spec, ":");
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strlen(names[k]) == length && strncmp(names[k], spec, length) == 0)
      return true;
  return false;
}

static const struct reason *reason(const char *spec, const char *variable, int inputs) {
  size_t length = strcspn(spec, ":");
  for (size_t k = 0; k < REASONS; k++)
    if (strlen(reasons[k].module) == length &&
        strncmp(reasons[k].module, spec, length) == 0 &&
        (reasons[k].variable == NULL || strcmp(reasons[k].variable, variable) == 0) &&
        (reasons[k].inputs < 0 || reasons[k].inputs == inputs))
      return &reasons[k];
  return NULL;
}

/* The number of a reason's text, from 1, in the order in which they are first used. */
static size_t note_of(const char *why, const char *used[REASONS], size_t *count) {
  for (size_t k = 0; k < *count; k++)
    if (strcmp(used[k], why) == 0)
      return k + 1;
  used[(*count)++] = why;
  return *count;
}

static void print_ulps(double ulps) {
  printf(ulps == 0.0    ? "0"
         : ulps < 100.0 ? "%.1f"
                        : "%.0e",
         ulps < 100.0 ? ceil(ulps * 10.0) / 10.0 : ulps);
}

/* One cell of the table; false: over its bound without a reason. */
static bool cell(const char *spec, const char *variable, int inputs,
                 const struct tally *t, const char *used[REASONS], size_t *count) {
  double bound = entrywise(spec) ? 4.0 : 32.0;
  const struct reason *r = reason(spec, variable, inputs);
  bool over = t->ulps > bound || t->lost > 0;
  bool good = !over || (r != NULL && t->row_ulps <= r->row_bound);
  printf(good ? " " : " **");
  print_ulps(t->ulps);
  if (over && isfinite(t->row_ulps) && t->row_ulps < 0.9 * t->ulps) {
    printf(" (");
    print_ulps(t->row_ulps);
    printf(")");
  }
  if (over && r != NULL)
    printf(" [%zu]", note_of(r->why, used, count));
  printf(good ? " |" : "** |");
  return good;
}

static const char title[] =
    "# Accuracy\n\n"
    "How far each module's explicit Jacobian is from the truth, in units in the last\n"
    "place of the truth (ulp): the largest error over %lu points of two samples for "
    "each\n"
    "kind of inputs, seed %lu. The truth is the derivative of the module's definition "
    "in\n"
    "interval arithmetic (%s), as `jacobian check SPEC --certify` proves it.\n"
    "`make accuracy` writes this page anew.\n\n"
    "The bound is 4 ulp for entrywise modules and 32 for the others. Where an entry is\n"
    "over it, the number in brackets counts in last places of the largest entry of its\n"
    "row, and the note says why.\n\n";

/* A module of the table that nothing here measures, or NULL. */
static const char *forgotten(void) {
  for (size_t k = 0; k < jac_module_count(); k++) {
    const char *name = jac_module_at(k)->name;
    size_t m = 0, length = strlen(name);
    while (m < SPECS &&
           (strncmp(specs[m], name, length) != 0 || strcspn(specs[m], ":,") != length))
      m++;
    if (m == SPECS)
      return name;
  }
  return NULL;
}

int main(int argc, char **argv) {
  unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
  unsigned long points = argc > 2 ? strtoul(argv[2], NULL, 10) : 200;
  const char *only = argc > 3 ? argv[3] : "", *used[REASONS];
  struct jac_error err = {JAC_OK, ""};
  size_t count = 0, proved = 0, kinks = 0, beyond = 0, lost = 0;
  bool good = true;
  gsl_set_error_handler_off();
  if (jac_certify_available(&err) != JAC_OK) {
    fprintf(stderr, "accuracy: %s\n", err.message);
    return 2;
  }
  if (forgotten() != NULL) {
    fprintf(stderr, "accuracy: %s is not among the specs\n", forgotten());
    return 2;
  }
  gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(r, seed);
  printf(title, points, seed, jac_ball_library());
  printf("| module | by |");
  for (int kind = 0; kind < INPUTS; kind++)
    printf(" %s |", inputs_name[kind]);
  printf("\n|---|---|--:|--:|--:|--:|--:|\n");
  for (size_t m = 0; m < SPECS; m++) {
    struct jac_map *map;
    if (strncmp(specs[m], only, strlen(only)) != 0)
      continue;
    if (jac_module_new(specs[m], 2, &map, &err) != JAC_OK) {
      fprintf(stderr, "accuracy: %s\n", err.message);
      return 2;
    }
    for (size_t v = 0; v < map->nvar; v++) {
      printf("| %.*s | %s |", (int)strcspn(specs[m], ":"), specs[m], map->var[v].name);
      for (int kind = 0; kind < INPUTS; kind++) {
        struct tally t = {0};
        for (unsigned long k = 0; k < points; k++) {
          struct jac_values x;
          enum jac_status status = jac_values_new(map, seed + k, &x, &err);
          if (status == JAC_OK) {
            fill(r, map, (enum inputs)kind, &x);
            status = measure(map, jac_values_point(&x), v, &t, &err);
            jac_values_free(&x);
          }
          if (status != JAC_OK) {
            fprintf(stderr, "accuracy: %s: %s\n", specs[m], err.message);
            return 2;
          }
        }
        good = cell(specs[m], map->var[v].name, kind, &t, used, &count) && good;
        proved += t.proved;
        kinks += t.kinks;
        beyond += t.beyond;
        lost += t.lost;
      }
      printf("\n");
      fflush(stdout);
    }
    jac_map_free(map);
  }
  printf("\n");
  for (size_t k = 0; k < count; k++)
    printf("- [%zu] %s.\n", k + 1, used[k]);
  printf("\n%zu entries were proved. %zu stood at kinks, where there is no derivative; "
         "%zu were beyond\nthe reach of the definition (exponentials of 1e300); %zu were "
         "not finite in doubles, their\nscores having overflowed.\n",
         proved, kinks, beyond, lost);
  gsl_rng_free(r);
  return good ? 0 : 1;
}
