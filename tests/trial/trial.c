/* The comparator's own test: `trial [SEED [MISTAKES [RIGHT]]]` plants so many classic
 * mistakes in the Jacobians of every module and in claims about them, and puts so many
 * right Jacobians before the same judges. Prints docs/trial.md; exit status 1 when a
 * mistake was missed, fewer than 95 % were named rightly first, or a right one was called
 * wrong. */
#include "plant.h"

#include "jacobian/against.h"
#include "jacobian/check.h"
#include "jacobian/mistake.h"
#include "jacobian/values.h"
#include "layers/module.h"
#include "layers/network.h"
#include "visual/cli/claim.h"
#include "visual/cli/suspects.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const specs[][3] = {
    {"linear:3x2,bias"},
    {"linear:3x3"},
    {"linear:2x4,bias"},
    {"tanh:4"},
    {"sigmoid:4"},
    {"relu:5"},
    {"leaky-relu:4"},
    {"elu:4"},
    {"softplus:4"},
    {"gelu:4"},
    {"silu:4"},
    {"softmax:4"},
    {"log-softmax:4"},
    {"conv1d:2x2x3,length=4,bias"},
    {"conv1d:3x1x2,length=5,stride=2"},
    {"max-pool1d:2,channels=2,length=6"},
    {"avg-pool1d:2,channels=2,length=6"},
    {"flatten:4"},
    {"layer-norm:4"},
    {"rms-norm:4"},
    {"batch-norm:3"},
    {"dropout:6"},
    {"attention:2x3"},
    {"mse:4"},
    {"mse:3,reduction=mean"},
    {"mae:4"},
    {"huber:4"},
    {"cross-entropy:4"},
    {"cross-entropy:3,reduction=mean"},
    {"bce:4"},
    {"bce-logits:4"},
    {"linear:3x4", "tanh"},
    {"linear:3x3", "sigmoid"},
    {"linear:3x4,bias", "softmax"},
};
enum { SPECS = sizeof specs / sizeof specs[0] };

struct tally {
  size_t planted, detected, first;
  size_t instead[JAC_MISTAKES + 1]; /* what came first in its place; the last: nothing */
};

/* Both kinds of trial, by the kind of mistake. */
enum { MATRICES, CLAIMS, TRIALS };
static struct tally tally[TRIALS][JAC_MISTAKES];
static size_t none[TRIALS], ambiguous[TRIALS], unjudged;

struct scene {
  struct jac_map *map;
  struct jac_values values;
  size_t wrt;
  struct jac_array3 truth;
  struct jac_suspects suspects;
};

static void stop(const char *what, const struct jac_error *err) {
  fprintf(stderr, "trial: %s: %s\n", what, err->message);
  exit(2);
}

/* A module, a batch, values and a variable, all drawn. */
static void draw(gsl_rng *rng, struct scene *c) {
  struct jac_error err = {JAC_OK, ""};
  size_t which = gsl_rng_uniform_int(rng, SPECS), count = 0;
  size_t batch = 2 + gsl_rng_uniform_int(rng, 2);
  while (count < 3 && specs[which][count] != NULL)
    count++;
  if (jac_network_new(specs[which], count, batch, NULL, &c->map, &err) != JAC_OK ||
      jac_values_new(c->map, gsl_rng_get(rng) % 100000, &c->values, &err) != JAC_OK)
    stop(specs[which][0], &err);
  jac_point x = jac_values_point(&c->values);
  c->wrt = gsl_rng_uniform_int(rng, c->map->nvar);
  if (jac_map_jacobian_new(c->map, x, c->wrt, &c->truth, &err) != JAC_OK ||
      jac_suspects_make(c->map, x, c->wrt, &c->truth, &c->suspects, &err) != JAC_OK)
    stop(c->map->spec, &err);
}

static void drop(struct scene *c) {
  jac_suspects_free(&c->suspects);
  jac_array3_free(&c->truth);
  jac_values_free(&c->values);
  jac_map_free(c->map);
}

/* Whether a mistake of the kind that was found gives the same matrix: on this map the two
 * cannot be told apart. Kinds with a choice are tried often. */
static bool as_well(const struct scene *c, enum jac_mistake found,
                    const struct jac_array3 *wrong, gsl_rng *rng) {
  for (int tries = 0; tries < 60; tries++) {
    struct jac_array3 other;
    struct jac_diagnosis unused;
    if (!plant_matrix(&c->suspects, found, rng, &other, &unused))
      continue;
    bool same = same_array(&other, wrong, 1e-7);
    jac_array3_free(&other);
    if (same)
      return true;
  }
  return false;
}

static bool same_diagnosis(const struct jac_diagnosis *a, const struct jac_diagnosis *b) {
  if (a->mistake != b->mistake)
    return false;
  if (a->mistake == JAC_MISTAKE_FACTOR)
    return fabs(a->factor - b->factor) <= 1e-6 * fabs(b->factor);
  if (a->mistake == JAC_MISTAKE_QUANTITY)
    return a->missing == b->missing && strcmp(a->name, b->name) == 0;
  return a->mistake != JAC_MISTAKE_OTHER || strcmp(a->name, b->name) == 0;
}

static void count(int trial, const struct scene *c, const struct jac_diagnosis *expected,
                  const struct jac_array3 *wrong, bool detected,
                  const struct jac_diagnosis *found, size_t nfound, gsl_rng *rng) {
  struct tally *t = &tally[trial][expected->mistake];
  bool right = nfound > 0 && same_diagnosis(&found[0], expected);
  if (!right && nfound > 0 && detected && as_well(c, found[0].mistake, wrong, rng)) {
    ambiguous[trial]++;
    return;
  }
  t->planted++;
  t->detected += detected;
  t->first += right;
  if (!right)
    t->instead[nfound > 0 ? found[0].mistake : JAC_MISTAKES]++;
  if ((!right || !detected) && getenv("TRIAL_VERBOSE") != NULL)
    fprintf(stderr, "%s %s batch %zu: %s (%g %s) taken for %s%s\n", c->map->spec,
            c->map->var[c->wrt].name, c->map->batch,
            jac_mistake_kind(expected->mistake)->name, expected->factor,
            expected->name != NULL ? expected->name : "",
            nfound > 0 ? jac_mistake_kind(found[0].mistake)->name : "nothing",
            detected ? "" : ", NOT DETECTED");
}

static void try_matrix(const struct scene *c, gsl_rng *rng) {
  enum jac_mistake mistake = (enum jac_mistake)gsl_rng_uniform_int(rng, JAC_MISTAKES);
  struct jac_array3 wrong;
  struct jac_diagnosis expected, found[JAC_DIAGNOSES];
  struct jac_check_result result;
  struct jac_error err = {JAC_OK, ""};
  size_t nfound = 0;
  if (!plant_matrix(&c->suspects, mistake, rng, &wrong, &expected)) {
    none[MATRICES]++;
    return;
  }
  if (jac_check_against(c->map, jac_values_point(&c->values), c->wrt, &c->truth, &wrong,
                        1e-6, NULL, &result, &err) != JAC_OK ||
      jac_diagnose(&c->suspects, &wrong, found, &nfound, &err) != JAC_OK)
    stop(c->map->spec, &err);
  count(MATRICES, c, &expected, &wrong, result.verdict == JAC_VERDICT_DIFFERS, found,
        nfound, rng);
  jac_array3_free(&wrong);
}

/* The judge of claims, as the command has it. False: it is not judged. */
static bool judge(const struct scene *c, const char *text,
                  struct jac_claim_verdict *verdict) {
  struct jac_options options = {.claim = text, .order = JAC_ORDER_F, .seed = 1};
  struct jac_subject subject = {.map = c->map, .values = c->values};
  struct jac_error err = {JAC_OK, ""};
  enum jac_status status =
      jac_claim_judge(&options, &subject, c->wrt, &c->truth, verdict, &err);
  if (status == JAC_ENOMEM)
    stop(text, &err);
  if (status != JAC_OK && getenv("TRIAL_VERBOSE") != NULL)
    fprintf(stderr, "not judged: %s %s: %s: %s\n", c->map->spec, c->map->var[c->wrt].name,
            text, err.message);
  unjudged += status != JAC_OK;
  return status == JAC_OK;
}

/* A mistake in a formula: it is refused, and what is said names it. */
static void try_claim(const struct scene *c, gsl_rng *rng) {
  enum jac_mistake mistake = (enum jac_mistake)gsl_rng_uniform_int(rng, JAC_MISTAKES);
  char text[1000];
  struct jac_diagnosis expected;
  struct jac_claim_verdict verdict;
  if (!plant_formula(&c->suspects, mistake, rng, text, sizeof text, &expected)) {
    none[CLAIMS]++;
    return;
  }
  if (!judge(c, text, &verdict))
    return;
  bool refused = verdict.result.verdict == JAC_VERDICT_DIFFERS || verdict.how[0] != '\0';
  bool explained =
      verdict.how[0] != '\0' || strncmp(verdict.diagnosis.text, "at a sample", 11) != 0;
  struct tally *t = &tally[CLAIMS][mistake];
  t->planted++;
  t->detected += refused;
  t->first += refused && explained;
  t->instead[JAC_MISTAKES] += !explained;
  if ((!refused || !explained) && getenv("TRIAL_VERBOSE") != NULL)
    fprintf(stderr, "%s %s: %s: %s: %s\n", c->map->spec, c->map->var[c->wrt].name,
            jac_mistake_kind(mistake)->name, text,
            refused ? verdict.diagnosis.text : "NOT DETECTED");
  jac_buffer_free(&verdict.diagnosis);
}

/* A right Jacobian, made another way: by products, from the formula, in single precision,
 * or as a claim in other words. True: it was called wrong. */
static bool false_alarm(const struct scene *c, size_t way, gsl_rng *rng) {
  static const char *const words[][2] = {
      {"", ""}, {"(", ")*2/2"}, {"(", ") + 3 - 3"}, {"0 + (", ")"}, {"-(-(", "))"}};
  static const struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  struct jac_error err = {JAC_OK, ""};
  jac_point x = jac_values_point(&c->values);
  const char *entry = c->map->var[c->wrt].entry;
  bool wrong = false;
  if (way == 0) {
    struct jac_check_result results[JAC_REFERENCES];
    if (jac_check(c->map, x, c->wrt, &c->truth, &options, results, &err) != JAC_OK)
      stop(c->map->spec, &err);
    for (int k = 0; k < JAC_REFERENCES; k++)
      wrong = wrong || results[k].verdict == JAC_VERDICT_DIFFERS;
  } else if (way == 1 && entry != NULL) {
    char text[1000];
    struct jac_claim_verdict verdict;
    const char *const *around = words[gsl_rng_uniform_int(rng, 5)];
    snprintf(text, sizeof text, "%s%s%s", around[0], entry, around[1]);
    if (!judge(c, text, &verdict))
      return false;
    wrong = verdict.result.verdict == JAC_VERDICT_DIFFERS || verdict.how[0] != '\0';
    jac_buffer_free(&verdict.diagnosis);
  } else { /* rounded to single precision, or to ten digits */
    struct jac_array3 other;
    struct jac_check_result result;
    if (jac_map_jacobian_new(c->map, x, c->wrt, &other, &err) != JAC_OK)
      stop(c->map->spec, &err);
    for (size_t k = 0; k < other.slices * other.rows * other.cols; k++) {
      char digits[40];
      snprintf(digits, sizeof digits, "%.10g", other.data[k]);
      other.data[k] = way == 2 ? (double)(float)other.data[k] : strtod(digits, NULL);
    }
    if (jac_check_against(c->map, x, c->wrt, &c->truth, &other, 1e-6, NULL, &result, &err) !=
        JAC_OK)
      stop(c->map->spec, &err);
    wrong = result.verdict == JAC_VERDICT_DIFFERS;
    jac_array3_free(&other);
  }
  if (wrong && getenv("TRIAL_VERBOSE") != NULL)
    fprintf(stderr, "false alarm: %s %s batch %zu, way %zu\n", c->map->spec,
            c->map->var[c->wrt].name, c->map->batch, way);
  return wrong;
}

/* One table; the sums in all. */
static void print(int trial, struct tally *all) {
  printf("| planted | times | detected | named first | else taken for |\n"
         "|---|--:|--:|--:|---|\n");
  for (int k = 0; k < JAC_MISTAKES; k++) {
    const struct tally *t = &tally[trial][k];
    const char *comma = "";
    if (t->planted == 0)
      continue;
    printf("| %s | %zu | %zu | %zu |", jac_mistake_kind((enum jac_mistake)k)->name,
           t->planted, t->detected, t->first);
    for (int j = 0; j <= JAC_MISTAKES; j++)
      if (t->instead[j] > 0) {
        printf("%s %s %zu", comma,
               j < JAC_MISTAKES ? jac_mistake_kind((enum jac_mistake)j)->name : "nothing",
               t->instead[j]);
        comma = ",";
      }
    printf(" |\n");
    all->planted += t->planted;
    all->detected += t->detected;
    all->first += t->first;
  }
  printf("| **all** | %zu | %zu | %zu (%.1f %%) | |\n\n", all->planted, all->detected,
         all->first, 100.0 * (double)all->first / (double)all->planted);
  printf("%zu more cannot be told from another kind on their map (the matrices are the "
         "same), and\n%zu were no mistake there, or not to be had (the transpose of a "
         "symmetric Jacobian, a sum\nover parameters' samples that are alike).\n\n",
         ambiguous[trial], none[trial]);
}

int main(int argc, char **argv) {
  unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
  size_t mistakes = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
  size_t right = argc > 3 ? strtoul(argv[3], NULL, 10) : 100000, alarms = 0;
  struct tally all[TRIALS] = {0};
  struct scene c;
  gsl_set_error_handler_off();
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, seed);
  for (size_t k = 0; k < mistakes; k++) {
    draw(rng, &c);
    if (k % 4 == 0)
      try_claim(&c, rng);
    else
      try_matrix(&c, rng);
    drop(&c);
  }
  for (size_t k = 0; k < right;) { /* each scene is asked in four ways */
    draw(rng, &c);
    for (size_t way = 0; way < 4 && k < right; way++, k++)
      alarms += false_alarm(&c, way, rng);
    drop(&c);
  }
  printf("# The judge on trial\n\n"
         "Classic mistakes planted in the Jacobians of every module (seed %lu), and what "
         "`check` makes\nof them. `make trial` writes this page anew.\n\n"
         "## In matrices (`--against`)\n\n",
         seed);
  print(MATRICES, &all[MATRICES]);
  printf("## In formulas (`--claim`)\n\n"
         "Named is what is said to differ in more than a number.\n\n");
  print(CLAIMS, &all[CLAIMS]);
  printf("## Right ones\n\n%zu right Jacobians (held against differences and products, "
         "stated in other words,\nrounded to single precision or to ten digits): %zu "
         "called wrong.\n%zu formulas were not judged: the judge said why.\n",
         right, alarms, unjudged);
  gsl_rng_free(rng);
  static const double least[TRIALS] = {0.95, 0.8};
  bool good = alarms == 0;
  for (int k = 0; k < TRIALS; k++)
    good = good && all[k].detected == all[k].planted &&
           (double)all[k].first >= least[k] * (double)all[k].planted;
  return good ? 0 : 1;
}
