/* conv1d, conv2d, conv-transpose1d: cross-correlation. Data are positions x channels,
 * channels fastest; the positions of an image are its rows one after the other.
 *
 * All that tells the three apart is a table: which input position an output position sees
 * through each tap of the kernel, if any. Then y[p,.] = sum over taps of z[q,.] W[tap], a
 * linear module at every position, and with respect to z the Jacobian has W[tap]^T in the
 * block of p and q: Toeplitz, for images doubly so. With respect to W, whose taps are
 * numbered first, the row of output o has in o's columns what the window sees (im2col).
 *
 * Along an axis output p sees through tap k the input stride p + dilation k - padding;
 * transposed it is the inputs that see the outputs so. With groups the channels fall into
 * as many parts that do not see each other. */
#include "jacobian/buffer.h"
#include "jacobian/text.h"
#include "layers/conv_formula.h"

#include <gsl/gsl_blas.h>
#include <stdlib.h>
#include <string.h>

enum { Z, W, B };

static const size_t NONE = (size_t)-1;

/* Positions that one tap joins, count of them, equally far apart on both sides: there the
 * convolution is a product of matrices. */
struct run {
  size_t tap, in, out, count, in_step, out_step;
};

struct conv {
  struct jac_map map;
  struct jac_conv_shape shape;
  size_t taps, positions, inputs; /* of the kernel, of the outputs, of the inputs */
  size_t *place;                  /* positions x taps: the input, or NONE; owned */
  struct run *run;                /* owned */
  size_t runs;
  struct jac_conv_formula formula;
};

static const struct conv *of(const struct jac_map *map) {
  return (const struct conv *)map;
}

/* The channels of a group. */
static size_t in_each(const struct conv *m) {
  return m->shape.in / m->shape.groups;
}

static size_t out_each(const struct conv *m) {
  return m->shape.out / m->shape.groups;
}

/* W at a tap, for group g: its input channels x its output channels. */
static _gsl_matrix_const_view kernel(const struct conv *m, const gsl_matrix *w,
                                     size_t tap, size_t g) {
  size_t in = in_each(m), out = out_each(m);
  return m->shape.transposed
             ? gsl_matrix_const_submatrix(w, tap * m->shape.in + g * in, 0, in, out)
             : gsl_matrix_const_submatrix(w, tap * in, g * out, in, out);
}

/* The number of W at a tap from input channel i to output channel o of group g. */
static size_t number(const struct conv *m, size_t tap, size_t g, size_t i, size_t o) {
  return m->shape.transposed ? tap + m->taps * (g * in_each(m) + i + m->shape.in * o)
                             : tap + m->taps * (i + in_each(m) * (g * out_each(m) + o));
}

/* What a run meets on either side in group g of a sample: count x channels. */
static _gsl_matrix_const_view inputs(const struct conv *m, const double *z,
                                     const struct run *r, size_t g) {
  return gsl_matrix_const_view_array_with_tda(z + r->in * m->shape.in + g * in_each(m),
                                              r->count, in_each(m),
                                              r->in_step * m->shape.in);
}

static _gsl_matrix_const_view outputs(const struct conv *m, const double *y,
                                      const struct run *r, size_t g) {
  return gsl_matrix_const_view_array_with_tda(y + r->out * m->shape.out + g * out_each(m),
                                              r->count, out_each(m),
                                              r->out_step * m->shape.out);
}

/* y += what the taps see times W, for every sample. */
static void correlate(const struct conv *m, const gsl_matrix *z, const gsl_matrix *w,
                      gsl_matrix *y) {
  for (size_t n = 0; n < m->map.batch; n++)
    for (size_t k = 0; k < m->runs; k++)
      for (size_t g = 0; g < m->shape.groups; g++) {
        const struct run *r = &m->run[k];
        gsl_matrix_const_view in = inputs(m, gsl_matrix_const_ptr(z, n, 0), r, g);
        gsl_matrix_const_view part = kernel(m, w, r->tap, g);
        gsl_matrix_const_view to = outputs(m, gsl_matrix_const_ptr(y, n, 0), r, g);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, &in.matrix, &part.matrix, 1.0,
                       (gsl_matrix *)&to.matrix);
      }
}

/* The row b at every position. */
static void repeat(const struct conv *m, const gsl_matrix *b, gsl_matrix *y) {
  for (size_t n = 0; n < y->size1; n++)
    for (size_t k = 0; k < y->size2; k++)
      gsl_matrix_set(y, n, k, gsl_matrix_get(b, 0, k % m->shape.out));
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  if (map->nvar > B)
    repeat(of(map), x[B], y);
  else
    gsl_matrix_set_zero(y);
  correlate(of(map), x[Z], x[W], y);
  return JAC_OK;
}

/* The part of the Jacobian that position p of a sample has through a tap, in group g. */
static void fill(const struct conv *m, const double *z, const gsl_matrix *w, size_t wrt,
                 const size_t at[3], size_t g, const struct jac_array3 *J, size_t n) {
  size_t tap = at[0], p = at[1], q = at[2], in = in_each(m), out = out_each(m);
  gsl_matrix_const_view part = kernel(m, w, tap, g);
  for (size_t o = 0; o < out; o++) {
    double *row = jac_array3_at(J, n, p * m->shape.out + g * out + o, 0);
    if (wrt == Z)
      for (size_t i = 0; i < in; i++)
        row[q * m->shape.in + g * in + i] = gsl_matrix_get(&part.matrix, i, o);
    else
      for (size_t i = 0; i < in; i++)
        row[number(m, tap, g, i, o)] = z[q * m->shape.in + g * in + i];
  }
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct conv *m = of(map);
  for (size_t n = 0; n < J->slices; n++)
    for (size_t p = 0; p < m->positions; p++) {
      for (size_t tap = 0; tap < m->taps && wrt != B; tap++) {
        const size_t at[3] = {tap, p, m->place[p * m->taps + tap]};
        for (size_t g = 0; g < m->shape.groups && at[2] != NONE; g++)
          fill(m, gsl_matrix_const_ptr(x[Z], n, 0), x[W], wrt, at, g, J, n);
      }
      for (size_t o = 0; o < m->shape.out && wrt == B; o++)
        *jac_array3_at(J, n, p * m->shape.out + o, o) = 1.0;
    }
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct conv *m = of(map);
  gsl_matrix_set_zero(gradient);
  for (size_t n = 0; n < map->batch && wrt != B; n++)
    for (size_t k = 0; k < m->runs; k++)
      for (size_t g = 0; g < m->shape.groups; g++) {
        const struct run *r = &m->run[k];
        gsl_matrix_const_view c = outputs(m, gsl_matrix_const_ptr(cotangent, n, 0), r, g);
        gsl_matrix_const_view in =
            inputs(m, gsl_matrix_const_ptr(wrt == Z ? gradient : x[Z], n, 0), r, g);
        gsl_matrix_const_view part = kernel(m, wrt == W ? gradient : x[W], r->tap, g);
        if (wrt == Z)
          gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0, &c.matrix, &part.matrix, 1.0,
                         (gsl_matrix *)&in.matrix);
        else
          gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, &in.matrix, &c.matrix, 1.0,
                         (gsl_matrix *)&part.matrix);
      }
  for (size_t n = 0; n < map->batch && wrt == B; n++)
    for (size_t k = 0; k < map->cols; k++)
      *gsl_matrix_ptr(gradient, 0, k % m->shape.out) += gsl_matrix_get(cotangent, n, k);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  gsl_matrix_set_zero(out);
  if (wrt == B)
    repeat(of(map), tangent, out);
  else
    correlate(of(map), wrt == Z ? tangent : x[Z], wrt == W ? tangent : x[W], out);
  return JAC_OK;
}

/* What an output sees through the taps, whose inputs ascend, or transposed descend; or
 * the numbers of W that it meets there. */
static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  const struct conv *m = of(map);
  size_t p = row / m->shape.out, o = row % m->shape.out, count = 0;
  size_t g = o / out_each(m);
  if (wrt == B) {
    columns[0] = o;
    return 1;
  }
  for (size_t k = 0; k < m->taps && wrt == Z; k++) {
    size_t tap = m->shape.transposed ? m->taps - 1 - k : k;
    size_t q = m->place[p * m->taps + tap];
    for (size_t i = 0; i < in_each(m) && q != NONE; i++)
      columns[count++] = q * m->shape.in + g * in_each(m) + i;
  }
  for (size_t i = 0; i < in_each(m) && wrt == W; i++)
    for (size_t tap = 0; tap < m->taps; tap++)
      if (m->place[p * m->taps + tap] != NONE)
        columns[count++] = number(m, tap, g, i, o % out_each(m));
  return count;
}

/* Only W decides about the Jacobian for z, and nothing about that for b. */
static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  return (struct jac_structure){.columns = columns_of, .alike = wrt != W};
}

static void free_conv(struct jac_map *map) {
  free(((struct conv *)map)->place);
  free(((struct conv *)map)->run);
}

static const struct jac_map_type type = {
    .name = "conv",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
    .free = free_conv,
};

/* The input that output p sees through tap k along an axis of so many inputs, or NONE. */
static size_t seen(const struct jac_conv_shape *s, size_t p, size_t k, size_t inputs) {
  size_t from = s->transposed ? p + s->padding : s->stride * p + s->dilation * k;
  size_t less = s->transposed ? s->dilation * k : s->padding;
  if (from < less || (s->transposed && (from - less) % s->stride != 0))
    return NONE;
  size_t q = s->transposed ? (from - less) / s->stride : from - less;
  return q < inputs ? q : NONE;
}

/* The table, an axis for the rows of an image and one along them. */
static void set_places(struct conv *m) {
  const struct jac_conv_shape *s = &m->shape;
  for (size_t p = 0; p < m->positions; p++)
    for (size_t tap = 0; tap < m->taps; tap++) {
      size_t r = s->image ? seen(s, p / s->out_width, tap / s->kernel, s->height) : 0;
      size_t c = seen(s, p % s->out_width, tap % s->kernel, s->width);
      m->place[p * m->taps + tap] = r == NONE || c == NONE ? NONE : r * s->width + c;
    }
}

/* Adds the positions from out on that a tap joins in equal steps to the run. */
static void extend(const struct conv *m, struct run *r) {
  size_t last_in = r->in, last_out = r->out;
  for (size_t p = r->out + 1; p < m->positions; p++) {
    size_t q = m->place[p * m->taps + r->tap];
    if (q == NONE)
      continue;
    if (r->count == 1) {
      r->in_step = q - last_in;
      r->out_step = p - last_out;
    }
    if (q - last_in != r->in_step || p - last_out != r->out_step)
      return;
    r->count++;
    last_in = q;
    last_out = p;
  }
}

/* The runs of the table: tap by tap, as long as the steps stay the same. */
static void set_runs(struct conv *m) {
  for (size_t tap = 0; tap < m->taps; tap++)
    for (size_t p = 0; p < m->positions; p++) {
      size_t q = m->place[p * m->taps + tap];
      if (q == NONE)
        continue;
      struct run *r = &m->run[m->runs++];
      *r = (struct run){tap, q, p, 1, 1, 1};
      extend(m, r);
      p += (r->count - 1) * r->out_step;
    }
}

static enum jac_status name_variables(struct conv *m, bool bias) {
  const struct jac_conv_shape *s = &m->shape;
  const size_t conv[3] = {m->taps, in_each(m), s->out};
  const size_t transposed[3] = {m->taps, s->in, out_each(m)};
  struct jac_variable *z =
      jac_layer_data(&m->map, Z, "z", "z^{k-1}", m->inputs * s->in, m->formula.entry[Z]);
  z->channels = s->in;
  z->width = s->image ? s->width : 0;
  jac_layer_parameter(&m->map, W, "W", "w", 3, s->transposed ? transposed : conv,
                      m->formula.entry[W]);
  if (bias)
    jac_layer_parameter(&m->map, B, "b", "b", 1, &s->out, "delta(o,i)");
  m->map.channels = s->out;
  m->map.width = s->image ? s->out_width : 0;
  m->map.definition = m->formula.definition;
  m->map.shown = m->formula.shown;
  m->map.constant = m->formula.constant;
  m->map.nconstant = m->formula.nconstant;
  return JAC_OK;
}

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct jac_conv_shape shape = *(const struct jac_conv_shape *)module->family;
  enum jac_status status = jac_conv_shape_read(spec, place, &shape, err);
  if (status != JAC_OK)
    return status;
  bool bias = jac_spec_flag(spec, "bias");
  size_t positions = (shape.image ? shape.out_height : 1) * shape.out_width;
  struct conv *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch,
                                   positions * shape.out, bias ? 3 : 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->shape = shape;
  m->taps = shape.image ? shape.kernel * shape.kernel : shape.kernel;
  m->positions = positions;
  m->inputs = (shape.image ? shape.height : 1) * shape.width;
  m->place = malloc(positions * m->taps * sizeof *m->place);
  m->run = malloc(positions * m->taps * sizeof *m->run);
  if (m->place == NULL || m->run == NULL) {
    jac_map_free(&m->map);
    return jac_fail_memory(err);
  }
  set_places(m);
  set_runs(m);
  jac_conv_formula_write(&shape, bias, &m->formula);
  name_variables(m, bias);
  *map = &m->map;
  return JAC_OK;
}

#define STRIDE                                                                           \
  { "stride", "1", N_("positions from one window to the next") }
#define LENGTH                                                                           \
  {                                                                                      \
    "length", "L",                                                                       \
        N_("positions of a sample's data (needed, unless a module stands before)")       \
  }
#define MORE                                                                             \
  {"padding", "0", N_("positions of zeros on either side")},                             \
      {"dilation", "1", N_("positions from one tap of the kernel to the next")},         \
      {"groups", "1", N_("parts of the channels that do not see each other")},           \
      {"bias", NULL, N_("adds b to every position")}, {                                  \
    NULL, NULL, NULL                                                                     \
  }

static const struct jac_module_option options_1d[] = {LENGTH, STRIDE, MORE};
static const struct jac_module_option options_2d[] = {
    {"height", "H", N_("rows of an image (needed, unless a module stands before)")},
    {"width", "W", N_("columns of an image (needed, unless a module stands before)")},
    STRIDE,
    MORE};

static const struct jac_conv_shape conv1d = {.image = false};
static const struct jac_conv_shape conv2d = {.image = true};
static const struct jac_conv_shape conv_transpose1d = {.transposed = true};

const struct jac_module jac_module_conv1d = {
    .name = "conv1d",
    .sizes = "KxINxOUT",
    .nsize = 3,
    .fixed = true,
    .example = "conv1d:2x3x2,length=4,bias",
    .definition = "y[n,l,o] = sum(k, sum(i, z[n,stride*(l-1)+k,i]*W[k,i,o])) + b[o]",
    .options = options_1d,
    .make = make,
    .family = &conv1d,
    .windows = true,
};

const struct jac_module jac_module_conv2d = {
    .name = "conv2d",
    .sizes = "KxINxOUT",
    .nsize = 3,
    .fixed = true,
    .example = "conv2d:2x1x2,height=3,width=3,bias",
    .definition = "y[n,r,s,o] = sum(a, sum(b, sum(i, "
                  "z[n,stride*(r-1)+a,stride*(s-1)+b,i]*W[K*(a-1)+b,i,o]))) + b[o]",
    .options = options_2d,
    .make = make,
    .family = &conv2d,
    .windows = true,
};

const struct jac_module jac_module_conv_transpose1d = {
    .name = "conv-transpose1d",
    .sizes = "KxINxOUT",
    .nsize = 3,
    .fixed = true,
    .example = "conv-transpose1d:2x2x1,length=3,stride=2,bias",
    .definition = "y[n,l,o] = sum(k, sum(q, ind(l = stride*(q - 1) + k)*sum(i, "
                  "z[n,q,i]*W[k,i,o]))) + b[o]",
    .options = options_1d,
    .make = make,
    .family = &conv_transpose1d,
    .windows = true,
};
