/* Explicit Jacobians against memset of the same bytes: on memory used before, and on
 * memory fresh from the system. */
#include "jacobian/form.h"
#include "layers/network.h"
#include "tests/bench/bench.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A module at any size: N stands for the size that grows, M for twice that; without
 * either it is the batch that grows. Those of the first lines show each kind of
 * structure; the others are measured when all are asked for. */
static const char *const modules[] = {
    "linear:NxN,bias",
    "tanh:N",
    "softmax:N",
    "conv1d:3x8x8,length=N,bias",
    "max-pool1d:2,channels=4,length=N",
    "layer-norm:N",
    "batch-norm:N",
    "attention:NxN",
    "mse:N",
    "linear:NxN tanh linear:NxN softmax",
    /* the others */
    "sigmoid:N",
    "relu:N",
    "leaky-relu:N",
    "elu:N",
    "softplus:N",
    "gelu:N",
    "silu:N",
    "log-softmax:N",
    "avg-pool1d:2,channels=4,length=N",
    "flatten:N",
    "rms-norm:N",
    "dropout:N",
    "mae:N",
    "huber:N",
    "cross-entropy:N",
    "bce:N",
    "bce-logits:N",
    "cross-entropy:N,reduction=mean",
    "mish:N",
    "logsigmoid:N",
    "selu:N",
    "celu:N",
    "hardtanh:N",
    "hardswish:N",
    "softsign:N",
    "prelu:N",
    "glu:M",
    "swiglu:M",
    "softmin:N",
    "gumbel-softmax:N",
    "maxout:M",
    "normalize:N",
    "cosine:N",
    "distance:N",
    "bilinear:NxNxN,bias",
    "weight-norm:NxN,bias",
    "embedding:NxN",
    "conv2d:3x4x4,height=N,width=4,bias",
    "conv-transpose1d:3x8x8,length=N,bias",
    "max-pool2d:2,channels=4,height=N,width=4",
    "avg-pool2d:2,channels=4,height=N,width=4",
    "group-norm:M,groups=2",
    "instance-norm:4,length=N",
    "multi-head:M,heads=2",
    "positional:M",
    "rotary:M",
    "rotate",
    "rotate,by=quaternion",
    "pose",
    "cross",
    "skew",
    "rnn:NxN",
    "lstm:NxN",
    "gru:NxN",
    "lstm:4xN,steps=4",
    "nll:N",
    "kl:N",
    "hinge:N,binary",
    "focal:N",
    "poisson:N",
    "gaussian-nll:N",
    "cosine-loss:N",
    "triplet:N",
    "contrastive:N",
};

enum { MODULES = sizeof modules / sizeof modules[0], SHOWN = 10, BATCH = 8, FORMS = 3 };

/* What is measured: a Jacobian in a form. */
struct case_ {
  const struct subject *subject;
  struct jac_layout layout;
  struct jac_array3 J; /* used before */
  size_t bytes;
};

static void *(*volatile clear)(void *, int, size_t) = memset;

static void on_reused(void *context) {
  struct case_ *c = context;
  jac_layout_jacobian(&c->layout, jac_values_point(&c->subject->values), &c->J, NULL);
}

static void on_fresh(void *context) {
  struct case_ *c = context;
  struct jac_array3 J;
  if (jac_layout_jacobian_new(&c->layout, jac_values_point(&c->subject->values), &J,
                              NULL) == JAC_OK)
    jac_array3_free(&J);
}

static void memset_reused(void *context) {
  struct case_ *c = context;
  clear(c->J.data, 0, c->bytes);
}

static void memset_fresh(void *context) {
  struct case_ *c = context;
  void *data = malloc(c->bytes);
  if (data != NULL)
    clear(data, 0, c->bytes);
  free(data);
}

/* From here on large blocks come from the system each time: fresh memory is fresh. */
static void always_fresh(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 18);
}

/* The spec with n for each N, 2 n for each M. */
static void spec_at(const char *pattern, size_t n, char text[256]) {
  size_t length = 0;
  for (; *pattern != '\0' && length < 200; pattern++)
    if (*pattern == 'N' || *pattern == 'M')
      length += (size_t)snprintf(text + length, 256 - length, "%zu",
                                 *pattern == 'M' ? 2 * n : n);
    else
      text[length++] = *pattern;
  text[length] = '\0';
}

static bool layout_of(const struct jac_map *map, size_t wrt, int form,
                      struct jac_layout *layout) {
  enum jac_form forms[FORMS] = {jac_form_default(map), JAC_FORM_FULL,
                                jac_form_default(map)};
  enum jac_order order = form == 2 ? JAC_ORDER_C : JAC_ORDER_F;
  return jac_layout_make(map, wrt, forms[form], order, layout, NULL) == JAC_OK;
}

static size_t batch_at(const char *pattern, size_t n) {
  return strpbrk(pattern, "NM") != NULL ? BATCH : n;
}

/* The bytes that the Jacobian has at size n. */
static double bytes_at(const char *pattern, size_t n, size_t wrt, int form) {
  char spec[256];
  struct jac_layout layout;
  spec_at(pattern, n, spec);
  struct subject s = bench_map(spec, batch_at(pattern, n));
  bool ok = layout_of(s.map, wrt, form, &layout);
  double bytes = 8.0 * (double)layout.slices * (double)layout.rows * (double)layout.cols;
  bench_subject_free(&s);
  return ok ? bytes : INFINITY;
}

/* The largest size whose Jacobian has at most so many bytes. */
static size_t size_for(const char *pattern, size_t wrt, int form, double bytes) {
  size_t low = 3, high = 4;
  while (bytes_at(pattern, high, wrt, form) <= bytes)
    high *= 2;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (bytes_at(pattern, middle, wrt, form) <= bytes)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* Losses read as many numbers as they write, and a network multiplies: beyond the cache
 * something else would be measured. */
static bool too_large(const struct jac_map *map, size_t bytes) {
  bool other = map->cols == 1 || jac_network_count(map) > 1;
  return other && bytes > ((size_t)64 << 20);
}

static void measure(const struct bench *b, const char *pattern, size_t wrt, int form,
                    double bytes) {
  char spec[256], human[32];
  size_t n = size_for(pattern, wrt, form, bytes), batch = batch_at(pattern, n);
  spec_at(pattern, n, spec);
  struct subject s = bench_subject(spec, batch);
  struct case_ c = {.subject = &s};
  layout_of(s.map, wrt, form, &c.layout);
  jac_array3_bytes(c.layout.slices, c.layout.rows, c.layout.cols, &c.bytes);
  if (!too_large(s.map, c.bytes) &&
      jac_layout_jacobian_new(&c.layout, jac_values_point(&s.values), &c.J, NULL) ==
          JAC_OK) {
    clear(c.J.data, 0, c.bytes);
    fprintf(b->out, "| `%s`", s.map->spec);
    if (batch != BATCH)
      fprintf(b->out, ", batch %zu", batch);
    fprintf(b->out, " | %s | %s%s | %s | ", s.map->var[wrt].name,
            jac_form_name(c.layout.form), form == 2 ? ", order C" : "",
            bench_bytes((double)c.bytes, human));
    bench_cell(b->out,
               bench_ratio((struct work){on_reused, &c}, (struct work){memset_reused, &c},
                           b->seconds, NULL),
               1.2);
    jac_array3_free(&c.J);
    fprintf(b->out, " | ");
    bench_cell(b->out,
               bench_ratio((struct work){on_fresh, &c}, (struct work){memset_fresh, &c},
                           b->seconds, NULL),
               0.0);
    fprintf(b->out, " |\n");
    fflush(b->out);
  }
  bench_subject_free(&s);
}

/* Full form where it is not the slices one under the other; order C where it differs. */
static bool another(const struct jac_map *map, size_t wrt, int form) {
  struct jac_layout layout;
  return form == 0 ||
         (layout_of(map, wrt, form, &layout) && !jac_layout_is_native(&layout));
}

static void begin(const struct bench *b) {
  always_fresh();
  fprintf(b->out,
          "| module, batch %d | variable | form | size | reused memory | fresh "
          "memory |\n|---|---|---|---|---|---|\n",
          BATCH);
}

/* What the sections before leave out, in its own form and of one size. */
void bench_others(const struct bench *b) {
  begin(b);
  for (size_t k = SHOWN; k < MODULES; k++) {
    char spec[256];
    spec_at(modules[k], 3, spec);
    struct subject s = bench_map(spec, BATCH);
    for (size_t wrt = 0; wrt < s.map->nvar && bench_wanted(b, spec); wrt++)
      measure(b, modules[k], wrt, 0, 0x1p20);
    bench_subject_free(&s);
  }
}

void bench_materialise(const struct bench *b) {
  begin(b);
  for (size_t bytes = (size_t)1 << 20; bytes <= b->largest; bytes <<= 5)
    for (size_t k = 0; k < (b->all ? MODULES : SHOWN); k++) {
      char spec[256];
      spec_at(modules[k], 3, spec);
      struct subject s = bench_map(spec, BATCH);
      for (size_t wrt = 0; wrt < s.map->nvar; wrt++)
        for (int form = 0; form < FORMS; form++)
          if (another(s.map, wrt, form) && bench_wanted(b, spec))
            measure(b, modules[k], wrt, form, (double)bytes);
      bench_subject_free(&s);
    }
}

/* One Jacobian at 2x3, and one with a result allocated, against an allocation alone. */
static void allocate(void *context) {
  struct case_ *c = context;
  void *data = calloc(c->bytes, 1);
  *(void *volatile *)&c->J.data = data;
  free(data);
}

void bench_small(const struct bench *b) {
  fprintf(b->out, "| module | variable | into an array, ns | into a new one, ns | new, "
                  "against `calloc` and `free` |\n|---|---|---|---|---|\n");
  for (size_t k = 0; k < (b->all ? MODULES : SHOWN); k++) {
    char spec[256];
    spec_at(modules[k], 3, spec);
    if (strcmp(modules[k], "linear:NxN,bias") == 0)
      strcpy(spec, "linear:3x2,bias");
    struct subject s = bench_subject(spec, 1);
    for (size_t wrt = 0; wrt < s.map->nvar && bench_wanted(b, spec); wrt++) {
      struct case_ c = {.subject = &s}, used = {.subject = &s};
      struct figure into, fresh, ratio;
      layout_of(s.map, wrt, 0, &c.layout);
      jac_array3_bytes(c.layout.slices, c.layout.rows, c.layout.cols, &c.bytes);
      used = c;
      if (jac_layout_jacobian_new(&c.layout, jac_values_point(&s.values), &used.J,
                                  NULL) != JAC_OK)
        continue;
      bench_ratio((struct work){on_reused, &used}, (struct work){allocate, &c},
                  b->seconds / 8.0, &into);
      ratio = bench_ratio((struct work){on_fresh, &c}, (struct work){allocate, &c},
                          b->seconds / 8.0, &fresh);
      fprintf(b->out, "| `%s` | %s | ", s.map->spec, s.map->var[wrt].name);
      bench_cell(b->out, bench_scaled(into, 1e9), 1000.0);
      fprintf(b->out, " | ");
      bench_cell(b->out, bench_scaled(fresh, 1e9), 1000.0);
      fprintf(b->out, " | ");
      bench_cell(b->out, ratio, 0.0);
      fprintf(b->out, " |\n");
      jac_array3_free(&used.J);
    }
    bench_subject_free(&s);
  }
}

static void print_times(FILE *out, struct work w) {
  for (int k = 0; k < 7; k++)
    fprintf(out, "%.9g ", bench_time(w));
  fprintf(out, "\n");
}

void bench_one(FILE *out, const char *spec, const char *wrt, size_t batch) {
  struct subject s = bench_subject(spec, batch);
  struct case_ c = {.subject = &s};
  if (layout_of(s.map, jac_map_find(s.map, wrt), 0, &c.layout) &&
      jac_layout_jacobian_new(&c.layout, jac_values_point(&s.values), &c.J, NULL) ==
          JAC_OK) {
    jac_array3_bytes(c.layout.slices, c.layout.rows, c.layout.cols, &c.bytes);
    clear(c.J.data, 0, c.bytes);
    print_times(out, (struct work){on_reused, &c});
    print_times(out, (struct work){on_fresh, &c});
    jac_array3_free(&c.J);
  }
  bench_subject_free(&s);
}

/* How time grows with the Jacobian's bytes: 1 is the speed of memory. */
void bench_growth(const struct bench *b) {
  static const struct {
    const char *pattern;
    size_t wrt;
  } cases[] = {{"linear:NxN", 1}, {"linear:NxN", 0}, {"tanh:N", 0}, {"softmax:N", 0}};
  always_fresh();
  fprintf(b->out, "| module | variable | exponent on reused memory | on fresh memory | "
                  "`memset` on fresh memory |\n|---|---|---|---|---|\n");
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    double x[8], reused[8], fresh[8], base[8];
    size_t count = 0;
    for (size_t bytes = (size_t)1 << 22; bytes <= b->largest && count < 8; bytes <<= 2) {
      char spec[256];
      struct figure time;
      spec_at(cases[k].pattern,
              size_for(cases[k].pattern, cases[k].wrt, 0, (double)bytes), spec);
      struct subject s = bench_subject(spec, BATCH);
      struct case_ c = {.subject = &s};
      layout_of(s.map, cases[k].wrt, 0, &c.layout);
      jac_array3_bytes(c.layout.slices, c.layout.rows, c.layout.cols, &c.bytes);
      x[count] = (double)c.bytes;
      bench_ratio((struct work){on_fresh, &c}, (struct work){memset_fresh, &c},
                  b->seconds / 2.0, &time);
      fresh[count] = time.least;
      bench_ratio((struct work){memset_fresh, &c}, (struct work){memset_fresh, &c}, 0.0,
                  &time);
      base[count] = time.least;
      if (jac_layout_jacobian_new(&c.layout, jac_values_point(&s.values), &c.J, NULL) ==
          JAC_OK) {
        clear(c.J.data, 0, c.bytes);
        bench_ratio((struct work){on_reused, &c}, (struct work){memset_reused, &c},
                    b->seconds / 2.0, &time);
        jac_array3_free(&c.J);
      }
      reused[count++] = time.least;
      bench_subject_free(&s);
    }
    fprintf(b->out, "| `%s` | %s | %.2f | %.2f | %.2f |\n", cases[k].pattern,
            cases[k].wrt == 0 ? "z" : "W", bench_exponent(x, reused, count),
            bench_exponent(x, fresh, count), bench_exponent(x, base, count));
  }
}
