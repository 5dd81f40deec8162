/* Fast products against the bare BLAS calls that they consist of, and explicit Jacobians
 * of networks against the products that they need. */
#include "tests/bench/bench.h"

#include <gsl/gsl_cblas.h>
#include <malloc.h>
#include <stdlib.h>

/* Products of a module, and of the bare calls the sizes. */
struct product {
  struct subject subject;
  size_t wrt;
  gsl_matrix *output, *variable; /* cotangent and gradient */
  gsl_matrix *out, *tangent;
  size_t m, k, n, calls; /* forward: m x k times k x n, so many times */
  double *a, *b, *c;
};

static void vjp(void *context) {
  struct product *p = context;
  jac_map_vjp(p->subject.map, jac_values_point(&p->subject.values), p->wrt, p->output,
              p->variable, NULL);
}

static void jvp(void *context) {
  struct product *p = context;
  jac_map_jvp(p->subject.map, jac_values_point(&p->subject.values), p->wrt, p->tangent,
              p->out, NULL);
}

static void forward(void *context) {
  struct product *p = context;
  jac_map_forward(p->subject.map, jac_values_point(&p->subject.values), p->out, NULL);
}

/* The calls themselves, one for each place of a convolution's kernel and each sample. */
static void bare(struct product *p, CBLAS_TRANSPOSE_t left, CBLAS_TRANSPOSE_t right) {
  int m = (int)p->m, n = (int)p->n, k = (int)p->k;
  for (size_t call = 0; call < p->calls; call++)
    cblas_dgemm(CblasRowMajor, left, right, m, n, k, 1.0, p->a,
                left == CblasNoTrans ? k : m, p->b, right == CblasNoTrans ? n : k,
                p->calls > 1 ? 1.0 : 0.0, p->c, n);
}

/* The products' operands: z W forward, c W^T and z^T c backward. */
static void bare_forward(void *context) {
  bare(context, CblasNoTrans, CblasNoTrans);
}

static void bare_backward(void *context) {
  struct product *p = context;
  bool data = p->subject.map->var[p->wrt].role == JAC_DATA;
  struct product q = *p;
  if (data) {
    q.n = p->k;
    q.k = p->n;
  } else {
    q.m = p->k;
    q.k = p->m;
  }
  bare(&q, data ? CblasNoTrans : CblasTrans, data ? CblasTrans : CblasNoTrans);
}

static double *numbers(size_t count) {
  double *value = malloc(count * sizeof *value);
  for (size_t k = 0; value != NULL && k < count; k++)
    value[k] = (double)(k % 17) - 8.0;
  return value;
}

static gsl_matrix *matrix(size_t rows, size_t cols) {
  gsl_matrix *m = gsl_matrix_alloc(rows, cols);
  for (size_t k = 0; m != NULL && k < rows * cols; k++)
    m->data[k] = (double)(k % 13) - 6.0;
  return m;
}

static void measure(const struct bench *b, const char *spec, size_t batch,
                    const char *name, size_t m, size_t k, size_t n, size_t calls) {
  if (!bench_wanted(b, spec))
    return;
  struct product p = {
      .subject = bench_subject(spec, batch), .m = m, .k = k, .n = n, .calls = calls};
  const struct jac_map *map = p.subject.map;
  size_t rows, cols;
  p.wrt = jac_map_find(map, name);
  jac_variable_storage(&map->var[p.wrt], &rows, &cols);
  p.output = matrix(map->rows, map->cols);
  p.out = matrix(map->rows, map->cols);
  p.variable = matrix(rows, cols);
  p.tangent = matrix(rows, cols);
  size_t most = (m > k ? m : k) * (n > k ? n : k);
  p.a = numbers(most);
  p.b = numbers(most);
  p.c = numbers(most);
  fprintf(b->out, "| `%s` | %zu | %s | %zu of %zu x %zu x %zu | ", spec, batch, name,
          calls, m, k, n);
  struct work ahead = {bare_forward, &p}, back = {bare_backward, &p},
              works[] = {{vjp, &p}, {jvp, &p}, {forward, &p}};
  for (size_t w = 0; w < 3; w++) {
    struct figure f = bench_ratio(works[w], w == 0 ? back : ahead, b->seconds, NULL);
    bench_cell(b->out, f, 1.1);
    fprintf(b->out, w < 2 ? " | " : " |\n");
  }
  fflush(b->out);
  gsl_matrix_free(p.output);
  gsl_matrix_free(p.out);
  gsl_matrix_free(p.variable);
  gsl_matrix_free(p.tangent);
  free(p.a);
  free(p.b);
  free(p.c);
  bench_subject_free(&p.subject);
}

void bench_products(const struct bench *b) {
  fprintf(b->out, "| module | batch | variable | bare `dgemm` | vector-Jacobian | "
                  "Jacobian-vector | forward |\n|---|---|---|---|---|---|---|\n");
  for (int parameter = 0; parameter < 2; parameter++) {
    const char *name = parameter ? "W" : "z";
    measure(b, "linear:64x64", 8, name, 8, 64, 64, 1);
    measure(b, "linear:256x256", 64, name, 64, 256, 256, 1);
    measure(b, "linear:1024x1024", 64, name, 64, 1024, 1024, 1);
    measure(b, "conv1d:3x32x32,length=258", 4, name, 256, 32, 32, 3 * 4);
    measure(b, "conv1d:3x128x128,length=130", 2, name, 128, 128, 128, 3 * 2);
  }
}

/* A chain, and the products that are really needed: softmax's dense Jacobian times W^T
 * with its columns scaled, and so on to the left. */
struct chain {
  struct subject subject;
  struct jac_array3 J;
  size_t wrt, batch;
  const size_t *size; /* products: m, n, k each, ended by a 0 */
  double *a, *b, *c;
};

static void chain_jacobian(void *context) {
  struct chain *c = context;
  jac_map_jacobian(c->subject.map, jac_values_point(&c->subject.values), c->wrt, &c->J,
                   NULL);
}

static void needed(void *context) {
  struct chain *c = context;
  for (size_t n = 0; n < c->batch; n++)
    for (const size_t *s = c->size; s[0] > 0; s += 3)
      cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)s[0], (int)s[1],
                  (int)s[2], 1.0, c->a, (int)s[2], c->b, (int)s[1], 0.0, c->c, (int)s[1]);
}

void bench_chain(const struct bench *b) {
  static const struct {
    const char *spec, *wrt;
    size_t batch, size[10];
  } cases[] = {
      {"linear:256x256 tanh linear:256x256", "z", 8, {256, 256, 256, 0}},
      {"linear:256x256 tanh linear:256x256 softmax",
       "z",
       8,
       {256, 256, 256, 256, 256, 256, 0}},
      {"linear:16x512 linear:512x512 linear:512x512",
       "z",
       4,
       {512, 16, 512, 512, 16, 512, 0}},
      {"linear:512x512 linear:512x512 linear:512x16",
       "z",
       4,
       {16, 512, 512, 16, 512, 512, 0}},
      {"linear:512x512 tanh linear:512x512 batch-norm", "z", 2, {512, 512, 512, 0}},
      {"linear:64x64 tanh linear:64x64 softmax", "W1", 8, {64, 64, 64, 64, 4096, 1, 0}},
  };
  /* What malloc gave back to the system it would get again page by page. */
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 1 << 25);
  fprintf(b->out, "| network | batch | variable | Jacobian, against the `dgemm` calls "
                  "that are needed |\n|---|---|---|---|\n");
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    if (!bench_wanted(b, cases[k].spec))
      continue;
    struct chain c = {.subject = bench_subject(cases[k].spec, cases[k].batch),
                      .batch = cases[k].batch,
                      .size = cases[k].size};
    c.wrt = jac_map_find(c.subject.map, cases[k].wrt);
    c.a = numbers(512 * 512);
    c.b = numbers(512 * 512);
    c.c = numbers(512 * 512);
    if (jac_map_jacobian_new(c.subject.map, jac_values_point(&c.subject.values), c.wrt,
                             &c.J, NULL) == JAC_OK) {
      fprintf(b->out, "| `%s` | %zu | %s | ", cases[k].spec, c.batch, cases[k].wrt);
      bench_cell(b->out,
                 bench_ratio((struct work){chain_jacobian, &c}, (struct work){needed, &c},
                             b->seconds, NULL),
                 1.2);
      fprintf(b->out, " |\n");
      jac_array3_free(&c.J);
    }
    free(c.a);
    free(c.b);
    free(c.c);
    bench_subject_free(&c.subject);
  }
}
