/* The slips of modules are what they say: a function in which the forgotten path is held
 * fast, differentiated by differences, is the Jacobian that the slip makes; and a
 * Jacobian of that kind is diagnosed by its name. */
#include "jacobian/diagnose.h"
#include "jacobian/mistake.h"
#include "jacobian/values.h"
#include "layers/module.h"
#include "visual/cli/suspects.h"

#include <check.h>
#include <math.h>
#include <string.h>

enum held { MEAN = 1, DEVIATION = 2, GAMMA = 4, UNBIASED = 8, CENTER = 16, EVERY = 32 };
enum forgotten {
  SCALE = 1,
  OTHERS = 2,
  SUM = 4,
  MASK = 8,
  HEAD = 16,
  SECOND = 32,    /* the second head alone */
  RAW = 64,       /* scores that are not scaled */
  WHOLE = 128,    /* heads that are one */
  ALL = 512,      /* a head's scores by the root of all features */
  ABOVE = 256,    /* what stands above the bar, or before the logarithm */
  SQUARED = 1024, /* the variance for the deviation */
  KEPT = 2048,    /* what evaluation holds before any training: 0 and 1 */
  ONCE = 4096     /* and after one batch */
};

/* A number of the output with everything at x, but what is held at the values at x0. */
typedef double (*function)(const struct jac_values *x, const struct jac_values *x0,
                           unsigned what, size_t n, size_t o);

static double get(const struct jac_values *x, size_t v, size_t n, size_t i) {
  return gsl_matrix_get(x->matrix[v], n, i);
}

/* Mean and inverse deviation of row n, or of column o (by batch), by N or N - 1. */
static void statistics(const struct jac_values *x, bool by_batch, bool center,
                       bool unbiased, size_t n, size_t o, double *mean, double *r) {
  size_t count = by_batch ? x->matrix[0]->size1 : x->matrix[0]->size2;
  double sum = 0.0, squares = 0.0;
  for (size_t k = 0; k < count; k++)
    sum += by_batch ? get(x, 0, k, o) : get(x, 0, n, k);
  *mean = center ? sum / (double)count : 0.0;
  for (size_t k = 0; k < count; k++)
    squares += pow((by_batch ? get(x, 0, k, o) : get(x, 0, n, k)) - *mean, 2.0);
  *r = 1.0 / sqrt(squares / (double)(unbiased ? count - 1 : count) + 1e-5);
}

static double norm(const struct jac_values *x, const struct jac_values *x0, unsigned what,
                   size_t n, size_t o, bool by_batch, bool center) {
  double mean, r, unused, unused_too;
  statistics(x, by_batch, center, what & UNBIASED, n, o, &mean, &r);
  if (what & MEAN)
    statistics(x0, by_batch, center, what & UNBIASED, n, o, &mean, &unused);
  if (what & DEVIATION)
    statistics(x0, by_batch, center, what & UNBIASED, n, o, &unused, &r);
  if (what & SQUARED) {
    statistics(x0, by_batch, center, false, n, o, &unused, &unused_too);
    r *= unused_too;
  }
  if (what & KEPT)
    mean = 0.0, r = 1.0 / sqrt(1.0 + 1e-5);
  if (what & ONCE) {
    statistics(x0, by_batch, center, true, n, o, &unused, &r);
    r = 1.0 / sqrt(0.9 + 0.1 * (1.0 / (r * r) - 1e-5) + 1e-5);
  }
  return (what & GAMMA ? 1.0 : get(x, 1, 0, o)) * (get(x, 0, n, o) - mean) * r;
}

static double layer_norm(const struct jac_values *x, const struct jac_values *x0,
                         unsigned what, size_t n, size_t o) {
  return norm(x, x0, what, n, o, false, true);
}
static double rms_norm(const struct jac_values *x, const struct jac_values *x0,
                       unsigned what, size_t n, size_t o) {
  return norm(x, x0, what, n, o, false, what & CENTER);
}
static double batch_norm(const struct jac_values *x, const struct jac_values *x0,
                         unsigned what, size_t n, size_t o) {
  return norm(x, x0, what, n, o, true, true);
}

/* With statistics that are kept: mu and v are variables. */
static double kept_norm(const struct jac_values *x, const struct jac_values *x0,
                        unsigned what, size_t n, size_t o) {
  double root = sqrt(get(x, 4, 0, o) + 1e-5), off = get(x, 0, n, o) - get(x, 3, 0, o);
  return (what & GAMMA ? 1.0 : get(x, 1, 0, o)) * off / root /
         (what & SQUARED ? sqrt(get(x0, 4, 0, o) + 1e-5) : 1.0);
}

/* Numbers that share their statistics: whether (m, c) is in the group of (n, o). */
typedef bool (*together)(size_t n, size_t o, size_t m, size_t c);
static bool two_channels(size_t n, size_t o, size_t m, size_t c) {
  (void)n, (void)m;
  return o % 2 == c % 2;
}
static bool channel_alone(size_t n, size_t o, size_t m, size_t c) {
  return n == m && o % 2 == c % 2;
}
static bool half_of_four(size_t n, size_t o, size_t m, size_t c) {
  return n == m && o % 4 / 2 == c % 4 / 2;
}

static bool same_sample(size_t n, size_t o, size_t m, size_t c) {
  (void)o, (void)c;
  return n == m;
}

static void of_group(const struct jac_values *x, together in, bool unbiased, size_t n,
                     size_t o, double *mean, double *r) {
  double sum = 0.0, squares = 0.0, count = 0.0;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t m = 0; m < x->matrix[0]->size1; m++)
      for (size_t c = 0; c < x->matrix[0]->size2; c++) {
        if (!in(n, o, m, c))
          continue;
        count += pass == 0 ? 1.0 : 0.0;
        sum += pass == 0 ? get(x, 0, m, c) : 0.0;
        squares += pass == 1 ? pow(get(x, 0, m, c) - sum / count, 2.0) : 0.0;
      }
  }
  *mean = sum / count;
  *r = 1.0 / sqrt(squares / (unbiased ? count - 1.0 : count) + 1e-5);
}

static double in_group(const struct jac_values *x, const struct jac_values *x0,
                       unsigned what, size_t n, size_t o, size_t channels, together in) {
  double mean, r, unused, unused_too;
  of_group(x, in, what & UNBIASED, n, o, &mean, &r);
  if (what & MEAN)
    of_group(x0, in, what & UNBIASED, n, o, &mean, &unused);
  if (what & DEVIATION)
    of_group(x0, in, what & UNBIASED, n, o, &unused, &r);
  if (what & SQUARED) {
    of_group(x0, in, false, n, o, &unused, &unused_too);
    r *= unused_too;
  }
  return (what & GAMMA ? 1.0 : get(x, 1, 0, o % channels)) * (get(x, 0, n, o) - mean) * r;
}
static double batch_places(const struct jac_values *x, const struct jac_values *x0,
                           unsigned what, size_t n, size_t o) {
  return in_group(x, x0, what, n, o, 2, two_channels);
}
static double instance_norm(const struct jac_values *x, const struct jac_values *x0,
                            unsigned what, size_t n, size_t o) {
  return in_group(x, x0, what, n, o, 2, what & EVERY ? same_sample : channel_alone);
}
static double group_norm(const struct jac_values *x, const struct jac_values *x0,
                         unsigned what, size_t n, size_t o) {
  return in_group(x, x0, what, n, o, 4, what & EVERY ? same_sample : half_of_four);
}

/* One of two heads of 2 features, or the only one; causal. */
static double score(const struct jac_values *x, size_t n, size_t k, size_t from,
                    double width, size_t features) {
  double sum = 0.0;
  for (size_t e = 0; e < features; e++)
    sum += get(x, 0, n, from + e) * get(x, 1, k, from + e);
  return sum / sqrt(width);
}

static double attend(const struct jac_values *x, const struct jac_values *x0,
                     unsigned what, size_t n, size_t o, size_t from) {
  size_t tokens = x->matrix[0]->size1, last = what & MASK ? tokens - 1 : n;
  size_t features = what & WHOLE ? 4 : 2;
  double y = 0.0, below = 0.0, below0 = 0.0, width = what & WHOLE ? 4.0 : 2.0;
  width = what & RAW ? 1.0 : what & ALL ? 4.0 : width;
  from = what & WHOLE ? 0 : from;
  for (size_t k = 0; k <= last; k++) {
    below += exp(score(x, n, k, from, width, features));
    below0 += exp(score(x0, n, k, from, width, features));
  }
  for (size_t k = 0; k <= last; k++) {
    double own = exp(score(x, n, k, from, width, features)),
           own0 = exp(score(x0, n, k, from, width, features));
    double sum = what & SUM ? below0 : what & OTHERS ? below0 - own0 + own : below;
    y += own / sum * get(x, 2, k, o);
  }
  return (what & SCALE ? sqrt(2.0) : 1.0) * y;
}

static double attention(const struct jac_values *x, const struct jac_values *x0,
                        unsigned what, size_t n, size_t o) {
  return attend(x, x0, what, n, o, 0);
}
static double two_heads(const struct jac_values *x, const struct jac_values *x0,
                        unsigned what, size_t n, size_t o) {
  bool none = o >= 2 ? what & HEAD : what & SECOND;
  return none ? 0.0 : attend(x, x0, what, n, o, o / 2 * 2);
}
static double unmasked(const struct jac_values *x, const struct jac_values *x0,
                       unsigned what, size_t n, size_t o) {
  return attention(x, x0, what | MASK, n, o);
}
static double unmasked_heads(const struct jac_values *x, const struct jac_values *x0,
                             unsigned what, size_t n, size_t o) {
  return two_heads(x, x0, what | MASK, n, o);
}

/* The sum below held fast. */
static double softmax(const struct jac_values *x, const struct jac_values *x0,
                      unsigned what, size_t n, size_t o) {
  double sum = 0.0;
  for (size_t k = 0; k < x->matrix[0]->size2; k++)
    sum += exp(get(what & SUM ? x0 : x, 0, n, k));
  return exp(get(what & ABOVE ? x0 : x, 0, n, o)) / sum;
}
static double log_softmax(const struct jac_values *x, const struct jac_values *x0,
                          unsigned what, size_t n, size_t o) {
  double below = softmax(x, x0, what | ABOVE, n, o) / exp(get(x0, 0, n, o));
  return get(what & ABOVE ? x0 : x, 0, n, o) + log(below);
}
/* With a temperature of 2. */
static double warm_softmax(const struct jac_values *x, const struct jac_values *x0,
                           unsigned what, size_t n, size_t o) {
  double sum = 0.0;
  for (size_t k = 0; k < x->matrix[0]->size2; k++)
    sum += exp(get(what & SUM ? x0 : x, 0, n, k) / 2.0);
  return exp(get(what & ABOVE ? x0 : x, 0, n, o) / 2.0) / sum;
}

/* Columns of V over their norms, which are held fast; without g. */
static double weight_norm(const struct jac_values *x, const struct jac_values *x0,
                          unsigned what, size_t n, size_t o) {
  double sum = 0.0, squares = 0.0;
  for (size_t i = 0; i < x->matrix[0]->size2; i++) {
    sum += get(x, 0, n, i) * get(x, 1, i, o);
    squares += pow(get(what & DEVIATION ? x0 : x, 1, i, o), 2.0);
  }
  return (what & GAMMA ? 1.0 : get(x, 2, 0, o)) * sum / sqrt(squares);
}

/* Every slip of a norm over such groups. */
#define PLACES(spec, f)                                                                  \
  {spec, "z", f, MEAN | DEVIATION, "held constant"},                                     \
      {spec, "z", f, MEAN, "through the mean"},                                          \
      {spec, "z", f, DEVIATION, "through the variance"},                                 \
      {spec, "z", f, SQUARED, "the variance divides"},                                   \
      {spec, "z", f, SQUARED | MEAN | DEVIATION, "constant, and the variance divides"},  \
      {spec, "gamma", f, SQUARED, "the variance divides"},                               \
      {spec, "z", f, GAMMA, "gamma is left out"}, {spec, "z", f, UNBIASED, "N - 1"}, {   \
    spec, "gamma", f, UNBIASED, "N - 1"                                                  \
  }

static const struct {
  const char *spec, *wrt;
  function f;
  unsigned what;
  const char *says;
} cases[] = {
    {"layer-norm:4", "z", layer_norm, MEAN | DEVIATION, "held constant"},
    {"layer-norm:4", "z", layer_norm, MEAN, "through the mean"},
    {"layer-norm:4", "z", layer_norm, DEVIATION, "through the variance"},
    {"layer-norm:4", "z", layer_norm, GAMMA, "gamma is left out"},
    {"layer-norm:4", "z", layer_norm, MEAN | DEVIATION | GAMMA, "constant, and gamma"},
    {"layer-norm:4", "z", layer_norm, UNBIASED, "N - 1"},
    {"layer-norm:4", "gamma", layer_norm, UNBIASED, "N - 1"},
    {"layer-norm:4", "z", layer_norm, SQUARED, "the variance divides"},
    {"layer-norm:4", "z", layer_norm, SQUARED | MEAN | DEVIATION,
     "constant, and the variance divides"},
    {"layer-norm:4", "gamma", layer_norm, SQUARED, "the variance divides"},
    {"rms-norm:4", "z", rms_norm, SQUARED, "the mean square divides"},
    {"rms-norm:4", "gamma", rms_norm, SQUARED, "the mean square divides"},
    {"rms-norm:4", "z", rms_norm, DEVIATION, "held constant"},
    {"rms-norm:4", "z", rms_norm, GAMMA, "gamma is left out"},
    {"rms-norm:4", "z", rms_norm, DEVIATION | GAMMA, "constant, and gamma"},
    {"batch-norm:2", "z", batch_norm, MEAN | DEVIATION, "held constant"},
    {"batch-norm:2", "z", batch_norm, MEAN, "through the mean"},
    {"batch-norm:2", "z", batch_norm, DEVIATION, "through the variance"},
    {"batch-norm:2", "z", batch_norm, GAMMA, "gamma is left out"},
    {"batch-norm:2", "z", batch_norm, MEAN | DEVIATION | GAMMA, "constant, and gamma"},
    {"batch-norm:2", "z", batch_norm, UNBIASED, "B - 1"},
    {"batch-norm:2", "gamma", batch_norm, UNBIASED, "B - 1"},
    {"batch-norm:2", "z", batch_norm, SQUARED, "the variance divides"},
    {"batch-norm:2", "z", batch_norm, SQUARED | MEAN | DEVIATION,
     "constant, and the variance divides"},
    {"batch-norm:2", "gamma", batch_norm, SQUARED, "the variance divides"},
    {"batch-norm:2", "z", batch_norm, KEPT, "kept for evaluation"},
    {"batch-norm:2", "z", batch_norm, ONCE | MEAN, "kept for evaluation"},
    {"batch-norm:2", "gamma", batch_norm, KEPT, "kept for evaluation"},
    {"batch-norm:2,mode=eval", "z", kept_norm, SQUARED, "the variance divides"},
    {"batch-norm:2,mode=eval", "z", kept_norm, GAMMA, "gamma is left out"},
    {"batch-norm:2,mode=eval", "gamma", kept_norm, SQUARED, "the variance divides"},
    PLACES("batch-norm:2,length=2", batch_places),
    PLACES("instance-norm:2,length=3", instance_norm),
    PLACES("group-norm:4,groups=2,length=2", group_norm),
    PLACES("group-norm:4,groups=2,length=1", group_norm),
    {"group-norm:4,groups=2,length=2", "z", group_norm, EVERY, "not of each group"},
    {"group-norm:4,groups=2,length=2", "gamma", group_norm, EVERY, "not of each group"},
    {"group-norm:4,groups=2,length=1", "z", group_norm, EVERY, "not of each group"},
    {"group-norm:4,groups=2,length=1", "gamma", group_norm, EVERY, "not of each group"},
    {"instance-norm:2,length=3", "z", instance_norm, EVERY, "not of each group"},
    {"attention:2x3,mask=causal", "Q", attention, RAW, "not divided by sqrt(D)"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, RAW, "not divided by sqrt(D)"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, RAW, "not divided by sqrt(D)"},
    {"multi-head:4,heads=2,mask=causal", "V", two_heads, RAW, "not divided by sqrt(D)"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, ALL, "the root of all features"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, ALL, "the root of all features"},
    {"multi-head:4,heads=2,mask=causal", "V", two_heads, ALL, "the root of all features"},
    {"multi-head:4,heads=2", "Q", unmasked_heads, ALL, "the root of all features"},
    {"attention:2x3,mask=causal", "Q", attention, SCALE, "sqrt(D) is left out"},
    {"attention:2x3,mask=causal", "Q", attention, OTHERS, "diagonal only"},
    {"attention:2x3,mask=causal", "Q", attention, SUM, "sum below softmax"},
    {"attention:2x3,mask=causal", "Q", attention, MASK, "mask is ignored"},
    {"attention:2x3,mask=causal", "K", attention, SCALE, "sqrt(D) is left out"},
    {"attention:2x3,mask=causal", "K", attention, OTHERS, "diagonal only"},
    {"attention:2x3,mask=causal", "K", attention, SUM, "sum below softmax"},
    {"attention:2x3,mask=causal", "K", attention, MASK, "mask is ignored"},
    {"attention:2x3,mask=causal", "V", attention, MASK, "mask is ignored"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, HEAD, "one head"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, SCALE, "sqrt(D) is left out"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, OTHERS, "diagonal only"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, SUM, "sum below softmax"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, MASK, "mask is ignored"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, HEAD, "one head"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, SCALE, "sqrt(D) is left out"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, OTHERS, "diagonal only"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, SUM, "sum below softmax"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, MASK, "mask is ignored"},
    {"multi-head:4,heads=2,mask=causal", "V", two_heads, HEAD, "one head"},
    {"multi-head:4,heads=2,mask=causal", "V", two_heads, MASK, "mask is ignored"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, SECOND, "one head"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, SECOND, "one head"},
    {"multi-head:4,heads=2,mask=causal", "V", two_heads, SECOND, "one head"},
    {"multi-head:4,heads=2", "Q", unmasked_heads, WHOLE, "not split into heads"},
    {"multi-head:4,heads=2", "K", unmasked_heads, WHOLE, "not split into heads"},
    {"multi-head:4,heads=2", "V", unmasked_heads, WHOLE, "not split into heads"},
    {"multi-head:4,heads=2,mask=causal", "Q", two_heads, WHOLE, "not split into heads"},
    {"multi-head:4,heads=2,mask=causal", "K", two_heads, WHOLE, "not split into heads"},
    {"multi-head:4,heads=2,mask=causal", "V", two_heads, WHOLE, "not split into heads"},
    {"attention:2x3", "Q", unmasked, RAW, "not divided by sqrt(D)"},
    {"attention:2x3", "K", unmasked, RAW, "not divided by sqrt(D)"},
    {"attention:2x3", "V", unmasked, RAW, "not divided by sqrt(D)"},
    {"weight-norm:3x2", "z", weight_norm, GAMMA, "g is left out"},
    {"softmax:3", "z", softmax, SUM, "the sum below is held constant"},
    {"softmax:3", "z", softmax, ABOVE, "the numerator is held constant"},
    {"softmax:3,temperature=2", "z", warm_softmax, SUM, "the sum below is held constant"},
    {"softmax:3,temperature=2", "z", warm_softmax, ABOVE,
     "the numerator is held constant"},
    {"log-softmax:3", "z", log_softmax, SUM, "the logarithm of the sum"},
    {"log-softmax:3", "z", log_softmax, ABOVE, "the term z before the logarithm"},
};
enum { CASES = sizeof cases / sizeof cases[0], TOKENS = 3 };

/* The derivative of output (n, o) by number k of the variable, by differences. */
static double slope(function f, struct jac_values *x, const struct jac_values *x0,
                    unsigned what, size_t v, size_t k, size_t n, size_t o) {
  double *at = &x->matrix[v]->data[k], kept = *at, h = 1e-4;
  double value[4];
  for (int p = 0; p < 4; p++) {
    *at = kept + (p % 2 == 0 ? h : -h) * (p < 2 ? 1.0 : 0.5);
    value[p] = f(x, x0, what, n, o);
  }
  *at = kept;
  double wide = (value[0] - value[1]) / (2.0 * h), narrow = (value[2] - value[3]) / h;
  return narrow + (narrow - wide) / 3.0;
}

START_TEST(a_forgotten_path_is_named) {
  struct jac_error err = {JAC_OK, ""};
  struct jac_map *map;
  struct jac_values x, x0;
  struct jac_array3 truth, wrong;
  struct jac_suspects suspects;
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count;
  struct jac_buffer text = JAC_BUFFER_INIT;
  ck_assert_int_eq(jac_module_new(cases[_i].spec, TOKENS, &map, &err), JAC_OK);
  size_t wrt = jac_map_find(map, cases[_i].wrt);
  ck_assert_int_eq(jac_values_new(map, 3, &x, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 3, &x0, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x0), wrt, &truth, &err),
                   JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x0), wrt, &wrong, &err),
                   JAC_OK);
  bool own = truth.slices > 1; /* a slice has its own sample's numbers only */
  bool data = map->var[wrt].role == JAC_DATA;
  double off = 0.0;
  for (int what = 0; what < 2; what++) /* all right, then with the path forgotten */
    for (size_t r = 0; r < truth.slices * truth.rows; r++)
      for (size_t j = 0; j < truth.cols; j++) {
        size_t n = r / map->cols, o = r % map->cols;
        double d = slope(cases[_i].f, &x, &x0, what ? cases[_i].what : 0, wrt,
                         own && data ? n * truth.cols + j : j, n, o);
        if (!what)
          off = fmax(off, fabs(d - truth.data[r * truth.cols + j]));
        wrong.data[r * truth.cols + j] = d;
      }
  ck_assert_msg(off < 1e-8, "the function of the test is another: %g", off);
  ck_assert_int_eq(
      jac_suspects_make(map, jac_values_point(&x0), wrt, &truth, &suspects, &err),
      JAC_OK);
  suspects.tolerance = 1e-6;
  ck_assert_int_eq(jac_diagnose(&suspects, &wrong, found, &count, &err), JAC_OK);
  ck_assert_msg(count > 0, "%s %s: nothing is found for '%s'", cases[_i].spec,
                cases[_i].wrt, cases[_i].says);
  jac_diagnosis_write(&suspects, &found[0], &text);
  ck_assert_msg(found[0].mistake == JAC_MISTAKE_PATH &&
                    strstr(text.text, cases[_i].says) != NULL,
                "%s: %s", cases[_i].says, text.text);
  jac_buffer_free(&text);
  jac_suspects_free(&suspects);
  jac_array3_free(&truth);
  jac_array3_free(&wrong);
  jac_values_free(&x);
  jac_values_free(&x0);
  jac_map_free(map);
}
END_TEST

Suite *slips_suite(void);
Suite *slips_suite(void) {
  Suite *suite = suite_create("slips");
  TCase *tc = tcase_create("paths");
  tcase_add_loop_test(tc, a_forgotten_path_is_named, 0, CASES);
  suite_add_tcase(suite, tc);
  return suite;
}
