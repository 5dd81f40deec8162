/* attention: Y = A V, A = softmax(S) row by row, S = Q K^T / sqrt(D). Rows are tokens,
 * and a token's output depends on all keys and values: the full Jacobian.
 *
 * d Y[n,o] / d S[n,m] = A[n,m] (V[m,o] - Y[n,o]), by softmax's A (delta - A); then
 * d S[n,m] / d Q[n,i] = K[m,i] / sqrt(D), d S[n,m] / d K[m,i] = Q[n,i] / sqrt(D).
 *
 * multi-head: the same in each of H parts of the features, side by side. With mask=causal
 * a token looks at itself and those before it alone; with mask=padding at those whose m
 * is 1: then A[n,m] = m[m] exp(S[n,m]) over the sum of these, and d Y[n,o] / d m[m] =
 * (V[m,o] - Y[n,o]) exp(S[n,m]) over that sum. */
#include "jacobian/text.h"
#include "layers/attention_formulas.h"
#include "layers/layer.h"
#include "layers/stable.h"

#include <gsl/gsl_blas.h>
#include <math.h>
#include <string.h>

enum { Q, K, V, M };

enum mask { FREE, CAUSAL, PADDING };

struct attention {
  struct jac_map map;
  size_t heads, width, values; /* D and DV, of a head */
  enum mask mask;
  struct jac_constant constant[3]; /* D, H, F */
};

static const struct attention *of(const struct jac_map *map) {
  return (const struct attention *)map;
}

static double scale(const struct jac_map *map) {
  return 1.0 / sqrt((double)of(map)->width);
}

/* The features of a head, in queries, keys or values. */
static _gsl_matrix_const_view part(const gsl_matrix *x, const struct jac_map *map,
                                   size_t head) {
  size_t width = x->size2 / of(map)->heads;
  return gsl_matrix_const_submatrix(x, 0, head * width, x->size1, width);
}

/* What token m counts for token n: 1, or 0 where it is masked. */
static double counts(const struct jac_map *map, jac_point x, size_t n, size_t m) {
  if (of(map)->mask == CAUSAL)
    return m <= n ? 1.0 : 0.0;
  return of(map)->mask == PADDING ? gsl_matrix_get(x[M], m, 0) : 1.0;
}

/* Row n of the scores becomes the weights; of unmasked ones, each over the sum of those
 * that count. */
static void weigh(const struct jac_map *map, jac_point x, size_t n, bool unmasked,
                  double *row) {
  double largest = -INFINITY, sum = 0.0;
  if (of(map)->mask == FREE) {
    jac_softmax_row(row, map->batch, row);
    return;
  }
  for (size_t m = 0; m < map->batch; m++)
    if (counts(map, x, n, m) != 0.0 && !(row[m] <= largest))
      largest = row[m];
  for (size_t m = 0; m < map->batch; m++) {
    double count = counts(map, x, n, m), e = exp(row[m] - largest);
    sum += count == 0.0 ? 0.0 : count * e;
    row[m] = unmasked ? e : count == 0.0 ? 0.0 : count * e;
  }
  for (size_t m = 0; m < map->batch; m++)
    row[m] /= sum;
}

/* A of a head; NULL when memory runs out. */
static gsl_matrix *weights(const struct jac_map *map, jac_point x, size_t head,
                           bool unmasked) {
  gsl_matrix *a = jac_matrix_alloc(map->batch, map->batch);
  if (a == NULL)
    return NULL;
  gsl_matrix_const_view q = part(x[Q], map, head), k = part(x[K], map, head);
  gsl_blas_dgemm(CblasNoTrans, CblasTrans, scale(map), &q.matrix, &k.matrix, 0.0, a);
  for (size_t n = 0; n < map->batch; n++)
    weigh(map, x, n, unmasked, gsl_matrix_ptr(a, n, 0));
  return a;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  for (size_t head = 0; head < of(map)->heads; head++) {
    gsl_matrix *a = weights(map, x, head, false);
    if (a == NULL)
      return JAC_ENOMEM;
    gsl_matrix_const_view v = part(x[V], map, head);
    gsl_matrix_const_view to = part(y, map, head);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, a, &v.matrix, 0.0,
                   (gsl_matrix *)&to.matrix);
    gsl_matrix_free(a);
  }
  return JAC_OK;
}

/* The token that has the largest weight for n: values and keys count as they differ from
 * its own, so that what is nearly equal, or weighs nearly all, keeps its digits. */
static size_t heaviest(const gsl_matrix *a, size_t n) {
  size_t most = 0;
  for (size_t m = 1; m < a->size2; m++)
    if (gsl_matrix_get(a, n, m) > gsl_matrix_get(a, n, most))
      most = m;
  return most;
}

static double apart(const gsl_matrix *x, size_t m, size_t from, size_t i) {
  return gsl_matrix_get(x, m, i) - gsl_matrix_get(x, from, i);
}

/* What the tokens' Jacobians are filled from, for one head. */
struct filling {
  const struct jac_map *map;
  gsl_matrix_const_view q, k, v;
  size_t head;
  gsl_matrix *a;
  gsl_matrix *slope; /* d Y[n,o] / d S[n,m] for one n, by o and m: they add up to 0 */
  gsl_matrix *keys;  /* for one n, as they differ from the heaviest token's */
  struct jac_array3 *J;
};

/* Row o of token n; column i of token m in a variable whose heads are d wide. */
static double *at(const struct filling *f, size_t n, size_t o, size_t m, size_t d,
                  size_t i) {
  const struct attention *w = of(f->map);
  return jac_array3_at(f->J, 0, n * f->map->cols + f->head * w->values + o,
                       m * d * w->heads + f->head * d + i);
}

/* The slopes by the scores, over sqrt(D); by the masks as they are. */
static void set_slopes(const struct filling *f, size_t n, size_t from, double by) {
  const gsl_matrix *v = &f->v.matrix;
  for (size_t o = 0; o < of(f->map)->values; o++) {
    double y = 0.0; /* from the heaviest token's value */
    for (size_t m = 0; m < f->map->batch; m++)
      y += gsl_matrix_get(f->a, n, m) * apart(v, m, from, o);
    for (size_t m = 0; m < f->map->batch; m++)
      gsl_matrix_set(f->slope, o, m,
                     by * gsl_matrix_get(f->a, n, m) * (apart(v, m, from, o) - y));
  }
}

/* The block of token n's rows and columns. */
static void fill_query(const struct filling *f, size_t n, size_t from) {
  size_t d = of(f->map)->width;
  gsl_matrix_view block = gsl_matrix_view_array_with_tda(
      at(f, n, 0, n, d, 0), of(f->map)->values, d, f->J->row_step);
  for (size_t m = 0; m < f->map->batch; m++)
    for (size_t i = 0; i < d; i++)
      gsl_matrix_set(f->keys, m, i, apart(&f->k.matrix, m, from, i));
  gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, f->slope, f->keys, 0.0, &block.matrix);
}

static void fill_token(const struct filling *f, size_t wrt, size_t n) {
  const struct attention *w = of(f->map);
  size_t from = heaviest(f->a, n);
  if (wrt != V)
    set_slopes(f, n, from, scale(f->map));
  if (wrt == Q)
    fill_query(f, n, from);
  for (size_t o = 0; o < w->values && wrt != Q; o++)
    for (size_t m = 0; m < f->map->batch; m++)
      if (wrt == V)
        *at(f, n, o, m, w->values, o) = gsl_matrix_get(f->a, n, m);
      else
        jac_array3_fill(f->J, at(f, n, o, m, w->width, 0),
                        gsl_matrix_const_ptr(&f->q.matrix, n, 0), w->width,
                        gsl_matrix_get(f->slope, o, m), 0.0);
}

/* By the masks: what a token would weigh, times how its value differs from Y. */
static void fill_mask(const struct filling *f, const gsl_matrix *weight, size_t n) {
  for (size_t o = 0; o < of(f->map)->values; o++) {
    double y = 0.0;
    for (size_t m = 0; m < f->map->batch; m++)
      y += gsl_matrix_get(weight, n, m) * gsl_matrix_get(&f->v.matrix, m, o);
    for (size_t m = 0; m < f->map->batch; m++)
      *jac_array3_at(f->J, 0, n * f->map->cols + f->head * of(f->map)->values + o, m) =
          gsl_matrix_get(f->a, n, m) * (gsl_matrix_get(&f->v.matrix, m, o) - y);
  }
}

static enum jac_status fill_head(const struct jac_map *map, jac_point x, size_t wrt,
                                 size_t head, struct jac_array3 *J) {
  struct filling f = {.map = map,
                      .q = part(x[Q], map, head),
                      .k = part(x[K], map, head),
                      .v = part(x[V], map, head),
                      .head = head,
                      .a = weights(map, x, head, wrt == M),
                      .slope = jac_matrix_alloc(of(map)->values, map->batch),
                      .keys = jac_matrix_alloc(map->batch, of(map)->width),
                      .J = J};
  gsl_matrix *masked = wrt == M ? weights(map, x, head, false) : NULL;
  bool there =
      f.a != NULL && f.slope != NULL && f.keys != NULL && (wrt != M || masked != NULL);
  for (size_t n = 0; n < map->batch && there; n++)
    if (wrt == M)
      fill_mask(&f, masked, n);
    else
      fill_token(&f, wrt, n);
  gsl_matrix_free(f.a);
  gsl_matrix_free(f.slope);
  gsl_matrix_free(f.keys);
  gsl_matrix_free(masked);
  return there ? JAC_OK : JAC_ENOMEM;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  enum jac_status status = JAC_OK;
  for (size_t head = 0; head < of(map)->heads && status == JAC_OK; head++)
    status = fill_head(map, x, wrt, head, J);
  return status;
}

/* s = a .* (s - rowsum(a .* s)): softmax's product, row by row, from either side. What s
 * has at the heaviest token changes nothing, and is taken off first. */
static void through_softmax(const gsl_matrix *a, gsl_matrix *s) {
  for (size_t n = 0; n < a->size1; n++) {
    gsl_vector_const_view weight = gsl_matrix_const_row(a, n);
    gsl_vector_view row = gsl_matrix_row(s, n);
    double mean;
    gsl_vector_add_constant(&row.vector, -gsl_matrix_get(s, n, heaviest(a, n)));
    gsl_blas_ddot(&weight.vector, &row.vector, &mean);
    gsl_vector_add_constant(&row.vector, -mean);
    gsl_vector_mul(&row.vector, &weight.vector);
  }
}

/* The mask's products: e is what tokens would weigh. A change dm of the masks changes the
 * weights by e .* dm - a (sum of e dm), and its values meet it from the other side. */
static void mask_vjp(const struct jac_map *map, const gsl_matrix *a, const gsl_matrix *e,
                     const gsl_matrix *s, gsl_matrix *gradient) {
  for (size_t n = 0; n < map->batch; n++) {
    double mean = 0.0;
    for (size_t m = 0; m < map->batch; m++)
      mean += gsl_matrix_get(a, n, m) * gsl_matrix_get(s, n, m);
    for (size_t m = 0; m < map->batch; m++)
      *gsl_matrix_ptr(gradient, m, 0) +=
          gsl_matrix_get(e, n, m) * (gsl_matrix_get(s, n, m) - mean);
  }
}

static void mask_jvp(const gsl_matrix *a, const gsl_matrix *e, const gsl_matrix *tangent,
                     gsl_matrix *s) {
  for (size_t n = 0; n < a->size1; n++) {
    double sum = 0.0;
    for (size_t m = 0; m < a->size2; m++)
      sum += gsl_matrix_get(e, n, m) * gsl_matrix_get(tangent, m, 0);
    for (size_t m = 0; m < a->size2; m++)
      gsl_matrix_set(s, n, m,
                     gsl_matrix_get(e, n, m) * gsl_matrix_get(tangent, m, 0) -
                         gsl_matrix_get(a, n, m) * sum);
  }
}

/* What a head's products work with. */
struct work {
  gsl_matrix *a, *s, *e;
};

static enum jac_status work_new(const struct jac_map *map, jac_point x, size_t wrt,
                                size_t head, struct work *w) {
  *w = (struct work){weights(map, x, head, false),
                     jac_matrix_alloc(map->batch, map->batch),
                     wrt == M ? weights(map, x, head, true) : NULL};
  return w->a != NULL && w->s != NULL && (wrt != M || w->e != NULL) ? JAC_OK : JAC_ENOMEM;
}

static void work_free(struct work *w) {
  gsl_matrix_free(w->a);
  gsl_matrix_free(w->s);
  gsl_matrix_free(w->e);
}

static enum jac_status head_vjp(const struct jac_map *map, jac_point x, size_t wrt,
                                size_t head, const gsl_matrix *cotangent,
                                gsl_matrix *gradient) {
  struct work w;
  gsl_matrix_const_view c = part(cotangent, map, head), v = part(x[V], map, head);
  gsl_matrix_const_view other = part(x[wrt == Q ? K : Q], map, head);
  enum jac_status status = work_new(map, x, wrt, head, &w);
  if (status == JAC_OK && wrt != V)
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0, &c.matrix, &v.matrix, 0.0, w.s);
  if (status == JAC_OK && wrt == M)
    mask_vjp(map, w.a, w.e, w.s, gradient);
  else if (status == JAC_OK) {
    gsl_matrix_const_view g = part(gradient, map, head);
    if (wrt == V)
      gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, w.a, &c.matrix, 0.0,
                     (gsl_matrix *)&g.matrix);
    else {
      through_softmax(w.a, w.s);
      gsl_blas_dgemm(wrt == Q ? CblasNoTrans : CblasTrans, CblasNoTrans, scale(map), w.s,
                     &other.matrix, 0.0, (gsl_matrix *)&g.matrix);
    }
  }
  work_free(&w);
  return status;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  enum jac_status status = JAC_OK;
  gsl_matrix_set_zero(gradient);
  for (size_t head = 0; head < of(map)->heads && status == JAC_OK; head++)
    status = head_vjp(map, x, wrt, head, cotangent, gradient);
  return status;
}

static enum jac_status head_jvp(const struct jac_map *map, jac_point x, size_t wrt,
                                size_t head, const gsl_matrix *tangent, gsl_matrix *out) {
  struct work w;
  gsl_matrix_const_view to = part(out, map, head),
                        v = part(wrt == V ? tangent : x[V], map, head);
  enum jac_status status = work_new(map, x, wrt, head, &w);
  if (status == JAC_OK && wrt == M)
    mask_jvp(w.a, w.e, tangent, w.s);
  else if (status == JAC_OK && wrt != V) {
    gsl_matrix_const_view q = part(wrt == Q ? tangent : x[Q], map, head);
    gsl_matrix_const_view k = part(wrt == K ? tangent : x[K], map, head);
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, scale(map), &q.matrix, &k.matrix, 0.0, w.s);
    through_softmax(w.a, w.s);
  }
  if (status == JAC_OK)
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, wrt == V ? w.a : w.s, &v.matrix, 0.0,
                   (gsl_matrix *)&to.matrix);
  work_free(&w);
  return status;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  enum jac_status status = JAC_OK;
  for (size_t head = 0; head < of(map)->heads && status == JAC_OK; head++)
    status = head_jvp(map, x, wrt, head, tangent, out);
  return status;
}

/* A token depends on its own query, on every key, and on the same feature of every value,
 * in its own head; of keys and values those alone that it looks at. */
static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  const struct attention *w = of(map);
  size_t d = map->var[wrt].dims[1], n = row / map->cols, o = row % map->cols, count = 0;
  size_t head = o / w->values, each = d / w->heads;
  for (size_t m = 0; m < map->batch; m++)
    for (size_t i = 0; i < d; i++) {
      bool same = wrt == M || i / each == head;
      bool seen = w->mask != CAUSAL || m <= n;
      if ((wrt == M || wrt == K || (wrt == Q && m == n) || (wrt == V && i == o)) &&
          same && seen)
        columns[count++] = m * d + i;
    }
  return count;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  bool all = wrt == K && of(map)->heads == 1 && of(map)->mask != CAUSAL;
  if (all)
    return (struct jac_structure){.written = true};
  return (struct jac_structure){.columns = columns_of};
}

static const struct jac_map_type type = {
    .name = "attention",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

static enum jac_status read_mask(const struct jac_spec *spec, enum mask *mask,
                                 struct jac_error *err) {
  const char *word = jac_spec_word(spec, "mask");
  *mask = word == NULL || strcmp(word, "none") == 0 ? FREE
          : strcmp(word, "causal") == 0             ? CAUSAL
                                                    : PADDING;
  if (*mask == PADDING && strcmp(word, "padding") != 0)
    return jac_fail(err, JAC_EINPUT, _("%s: mask=%s: none, causal or padding is needed"),
                    spec->name, word);
  return JAC_OK;
}

static void name_variables(struct attention *m, const struct jac_attention_formulas *f) {
  struct jac_map *map = &m->map;
  jac_layer_data(map, Q, "Q", "q", m->heads * m->width, f->entry[Q]);
  jac_layer_data(map, K, "K", "k", m->heads * m->width, f->entry[K]);
  jac_layer_data(map, V, "V", "v", m->heads * m->values, f->entry[V]);
  if (m->mask == PADDING) {
    struct jac_variable *mask = jac_layer_data(map, M, "mask", "m", 1, f->entry[M]);
    mask->secondary = true;
    mask->domain = JAC_PADDING;
  }
  m->constant[0] = (struct jac_constant){"D", (double)m->width};
  m->constant[1] = (struct jac_constant){"H", (double)m->heads};
  m->constant[2] = (struct jac_constant){"F", (double)m->width};
  map->constant = m->constant;
  map->nconstant = m->heads > 1 ? 3 : 1;
  map->definition = f->definition;
  map->where = f->where[m->mask];
  map->slip = f->slip;
  map->coupled = true;
  map->coupled_reason = N_("every token looks at all tokens");
}

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  size_t heads = 1, d = spec->size[0];
  enum mask mask;
  bool parts = module->family != NULL;
  enum jac_status status = read_mask(spec, &mask, err);
  if (status == JAC_OK && parts)
    status = jac_spec_count(spec, "heads", &heads, 1, err);
  if (status == JAC_OK && d % heads != 0)
    status = jac_fail(err, JAC_EINPUT, _("%s: %zu features do not fall into %zu heads"),
                      spec->name, d, heads);
  if (status != JAC_OK)
    return status;
  struct attention *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, parts ? d : spec->size[1],
                      mask == PADDING ? 4 : 3, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->heads = heads;
  m->width = d / heads;
  m->values = m->map.cols / heads;
  m->mask = mask;
  name_variables(m, heads > 1 ? &jac_attention_heads : &jac_attention_one);
  *map = &m->map;
  return JAC_OK;
}

#define MASK                                                                             \
  {                                                                                      \
    "mask", "none",                                                                      \
        N_("none, causal (a token sees those before it), padding (those whose mask is "  \
           "1)")                                                                         \
  }
static const struct jac_module_option options[] = {MASK, {NULL, NULL, NULL}};
static const struct jac_module_option head_options[] = {
    {"heads", "1", N_("parts of the features, each with an attention of its own")},
    MASK,
    {NULL, NULL, NULL}};

const struct jac_module jac_module_attention = {
    .name = "attention",
    .matrices = "softmax(Q*K'/sqrt(d_k))*V",
    .inputs = "Q queries depth K keys depth V keys width",
    .sizes = "DxDV",
    .nsize = 2,
    .fixed = true,
    .example = "attention:3x2",
    .definition = "y[n,o] = sum(m, A[n,m]*V[m,o])",
    .options = options,
    .make = make,
};

const struct jac_module jac_module_multi_head = {
    .name = "multi-head",
    .sizes = "D",
    .nsize = 1,
    .example = "multi-head:4,heads=2",
    .definition = "y[n,o] = sum(h, sum(l, A[n,h,l]*V[l,o]))",
    .options = head_options,
    .make = make,
    .family = "heads",
};
