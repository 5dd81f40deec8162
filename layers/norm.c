/* layer-norm, rms-norm, batch-norm, group-norm, instance-norm: x = (z - mean) r with
 * r = 1/sqrt(variance + eps), then y = gamma x + beta. The mean and the (biased) variance
 * are taken over a group of N numbers: the features of a sample; a feature's values in
 * the whole batch; some channels of a sample, or one, at all its positions. rms-norm
 * takes no mean.
 *
 * Within a group, d x_a / d z_b = r (delta_ab - 1/N - x_a x_b / N), without 1/N where no
 * mean is taken (Ioffe and Szegedy 2015, the chain rule in closed form). */
#include "jacobian/text.h"
#include "layers/layer.h"

#include "layers/norm_eval.h"
#include "layers/norm_internal.h"

#include <math.h>
#include <stdlib.h>

enum { Z, GAMMA, BETA };

/* Room for n numbers, twice. */
static double *room(const struct norm *m) {
  return malloc(2 * group_size(m) * sizeof(double));
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct norm *m = of(map);
  double *unit = room(m);
  if (unit == NULL)
    return JAC_ENOMEM;
  for (size_t g = 0; g < groups(m); g++) {
    jac_normalise(m, x[Z], g, unit);
    for (size_t a = 0; a < group_size(m); a++) {
      size_t o = feature(m, g, a);
      double beta = map->nvar > BETA ? gsl_matrix_get(x[BETA], 0, o) : 0.0;
      set(m, y, g, a, gsl_matrix_get(x[GAMMA], 0, o) * unit[a] + beta);
    }
  }
  free(unit);
  return JAC_OK;
}

/* Where the a-th output of group g has its row, and the b-th number of z its column. */
static double *entry_z(const struct norm *m, struct jac_array3 *J, size_t g, size_t a,
                       size_t b) {
  struct member row = member(m, g, a), col = member(m, g, b);
  size_t n = m->map.cols;
  return m->family->extent == BATCH
             ? jac_array3_at(J, 0, row.row * n + row.col, col.row * n + col.col)
             : jac_array3_at(J, row.row, row.col, col.col);
}

static double *entry_parameter(const struct norm *m, struct jac_array3 *J, size_t g,
                               size_t a) {
  struct member at = member(m, g, a);
  return m->family->extent == BATCH
             ? jac_array3_at(J, 0, at.row * m->map.cols + at.col, at.feature)
             : jac_array3_at(J, at.row, at.col, at.feature);
}

/* A group while its part of the Jacobian is filled. */
struct group {
  const struct norm *m;
  const gsl_matrix *z, *gamma;
  size_t g, n;
  const double *x;
  double r;
  double *others; /* n numbers */
};

/* The other x about their own mean (about 0 where none is taken), in others by their
 * place, the a-th being 0; returns the root of the sum of their squares. */
static double without(const struct group *w, size_t a) {
  size_t first = a == 0 ? 1 : 0, count = 0;
  bool center = w->m->family->center;
  double unit = jac_norm_unit(w->m, w->z, w->g), largest = 0.0, squares = 0.0;
  for (size_t c = 0; c < w->n; c++)
    if (c != a)
      w->others[count++] =
          center ? get(w->m, w->z, w->g, c) * unit - get(w->m, w->z, w->g, first) * unit
                 : w->x[c];
  if (center)
    jac_take_mean(w->others, count);
  for (size_t c = count; c > a; c--)
    w->others[c] = w->others[c - 1];
  w->others[a] = 0.0;
  for (size_t c = 0; c < w->n; c++) {
    w->others[c] *= center ? w->r / unit : 1.0;
    largest = fmax(largest, fabs(w->others[c]));
  }
  for (size_t c = 0; c < w->n && largest > 0.0; c++)
    squares += w->others[c] / largest * (w->others[c] / largest);
  return largest * sqrt(squares);
}

/* Row and column a, but for the columns and rows of larger x. The plain formula cancels
 * where x_a stands alone: there x_a^2 is near N - 1, and x_a x_b near -1. By the sum of
 * squares, N (1 - eps r^2), and with V the squares and u_b the places of the others about
 * their own mean,
 *   1 - (1 + x_a^2)/N = (N-1)/N (eps r^2 + V/N),  1 + x_a x_b = eps r^2 + V/N + x_a u_b;
 * without a mean, 1 - x_a^2/N = eps r^2 + V/N. */
static void fill_cross(const struct group *w, size_t a, struct jac_array3 *J) {
  double root = without(w, a), size = (double)w->n, x = w->x[a];
  bool center = w->m->family->center;
  for (size_t b = 0; b < w->n; b++)
    for (int turn = 0; turn < 2; turn++) { /* the row, then the column */
      size_t row = turn == 0 ? a : b, col = turn == 0 ? b : a;
      double scale = gsl_matrix_get(w->gamma, 0, feature(w->m, w->g, row)) * w->r;
      double part = scale * w->r * JAC_NORM_EPS * w->r + scale * root * root / size;
      double *to = entry_z(w->m, J, w->g, row, col);
      if (b == a)
        *to = center ? (size - 1.0) / size * part : part;
      else if (!center)
        *to = -scale * x * w->x[b] / size;
      else if (!(fabs(w->x[b]) > fabs(x)))
        *to = -(part + scale * x * w->others[b]) / size;
    }
}

/* By the plain formula, gamma_a r (delta_ab - (1 + x_a x_b)/N), without 1 where no mean
 * is taken. */
static void fill_row(const struct group *w, size_t a, struct jac_array3 *J) {
  const struct norm *m = w->m;
  double center = m->family->center ? 1.0 : 0.0, size = (double)w->n;
  double scale = gsl_matrix_get(w->gamma, 0, feature(m, w->g, a)) * w->r;
  double part = -scale / size, along = part * w->x[a];
  double own = scale * (1.0 - (center + w->x[a] * w->x[a]) / size);
  if (m->family->extent == SAMPLE)
    jac_array3_fill_but(J, entry_z(m, J, w->g, a, 0), w->x, w->n, along, part * center, a,
                        own);
  if (m->family->extent == SAMPLE)
    return;
  /* A group's numbers stand in runs, a position's channels, or one channel of it. */
  size_t each = m->family->extent == BATCH ? 1 : m->channels / m->parts;
  double *run = entry_z(m, J, w->g, a, 0);
  for (size_t b = 0; b < w->n; run += m->channels)
    for (size_t k = 0; k < each; k++, b++)
      run[k] = along * w->x[b] + part * center;
  *entry_z(m, J, w->g, a, a) = own;
}

/* Whether x_a has half of all squares, or nearly: of many, one or two have. */
static bool cancels(const struct group *w, size_t a) {
  return 2.0 * w->x[a] * w->x[a] + 2.0 > (double)w->n;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct norm *m = of(map);
  size_t n = group_size(m);
  double *unit = room(m);
  if (unit == NULL)
    return JAC_ENOMEM;
  for (size_t g = 0; g < groups(m); g++) {
    double r = wrt == BETA ? 0.0 : jac_normalise(m, x[Z], g, unit);
    struct group w = {m, x[Z], x[GAMMA], g, n, unit, r, unit + n};
    for (size_t a = 0; a < n; a++)
      if (wrt == Z)
        fill_row(&w, a, J);
      else
        *entry_parameter(m, J, g, a) = wrt == GAMMA ? unit[a] : 1.0;
    for (size_t a = 0; a < n && wrt == Z; a++)
      if (cancels(&w, a))
        fill_cross(&w, a, J);
  }
  free(unit);
  return JAC_OK;
}

/* out = r (v - mean(v) - x mean(v x)): the Jacobian of x is symmetric in its group. */
static void project(const struct norm *m, const double *unit, double r, const double *v,
                    double *out) {
  size_t n = group_size(m);
  double mean = 0.0, along = 0.0;
  for (size_t a = 0; a < n; a++) {
    mean += m->family->center ? v[a] / (double)n : 0.0;
    along += v[a] * unit[a] / (double)n;
  }
  for (size_t a = 0; a < n; a++)
    out[a] = r * (v[a] - mean - unit[a] * along);
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct norm *m = of(map);
  double *unit = room(m);
  if (unit == NULL)
    return JAC_ENOMEM;
  double *v = unit + group_size(m);
  gsl_matrix_set_zero(gradient);
  for (size_t g = 0; g < groups(m); g++) {
    double r = jac_normalise(m, x[Z], g, unit);
    for (size_t a = 0; a < group_size(m); a++) {
      size_t o = feature(m, g, a);
      v[a] = get(m, cotangent, g, a);
      if (wrt == Z)
        v[a] *= gsl_matrix_get(x[GAMMA], 0, o);
      else
        *gsl_matrix_ptr(gradient, 0, o) += wrt == GAMMA ? v[a] * unit[a] : v[a];
    }
    if (wrt == Z) {
      project(m, unit, r, v, v);
      for (size_t a = 0; a < group_size(m); a++)
        set(m, gradient, g, a, v[a]);
    }
  }
  free(unit);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct norm *m = of(map);
  double *unit = room(m);
  if (unit == NULL)
    return JAC_ENOMEM;
  double *v = unit + group_size(m);
  for (size_t g = 0; g < groups(m); g++) {
    double r = jac_normalise(m, x[Z], g, unit);
    for (size_t a = 0; a < group_size(m) && wrt == Z; a++)
      v[a] = get(m, tangent, g, a);
    if (wrt == Z)
      project(m, unit, r, v, v);
    for (size_t a = 0; a < group_size(m); a++) {
      size_t o = feature(m, g, a);
      double factor =
          wrt == Z ? gsl_matrix_get(x[GAMMA], 0, o) : gsl_matrix_get(tangent, 0, o);
      set(m, out, g, a, factor * (wrt == Z ? v[a] : wrt == GAMMA ? unit[a] : 1.0));
    }
  }
  free(unit);
  return JAC_OK;
}

static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  const struct norm *m = of(map);
  size_t col = row % map->cols, channel = col % m->channels, count = group_size(m);
  bool batch = m->family->extent == BATCH;
  if (wrt != Z) {
    columns[0] = channel;
    return 1;
  }
  size_t g = batch ? channel : channel / (m->channels / m->parts);
  for (size_t k = 0; k < count; k++) {
    struct member at = member(m, g, k);
    columns[k] = at.row * map->cols + at.col;
  }
  return count;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  if (of(map)->family->extent != SAMPLE)
    return (struct jac_structure){.columns = columns_of};
  if (wrt == Z)
    return (struct jac_structure){.written = true};
  return (struct jac_structure){.width = 1};
}

static const struct jac_map_type type = {
    .name = "norm",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

/* The positions of a sample: the option length, or what the module before gives; and into
 * how many parts the channels fall. */
static enum jac_status read_sizes(const struct norm_family *family,
                                  const struct jac_spec *spec,
                                  const struct jac_module_place *place, size_t *positions,
                                  size_t *parts, struct jac_error *err) {
  size_t n = spec->size[0];
  bool given = jac_spec_word(spec, "length") != NULL;
  enum jac_status status = JAC_OK;
  *positions = *parts = 1;
  if (family->extent != SAMPLE && (given || family->alone || place->features > n))
    status = jac_layer_length(spec, place, n, positions, err);
  if (status == JAC_OK && family->extent == CHANNELS)
    status = jac_spec_count(spec, "groups", parts, family->alone ? n : 1, err);
  if (status == JAC_OK && n % *parts != 0)
    status = jac_fail(err, JAC_EINPUT, _("%s: %zu channels do not fall into %zu groups"),
                      spec->name, n, *parts);
  return status;
}

/* The formulas of data with positions, where they can be said. */
static void set_places(struct norm *m) {
  if (m->positions == 1)
    return;
  if (m->family->extent == BATCH) {
    m->map.where =
        "x[n,l,o] = (z[n,l,o] - u[o])*r[o]; u[o] = sum(m, sum(p = 1:P, z[m,p,o]))/N; "
        "r[o] = 1/sqrt(sum(m, sum(p = 1:P, (z[m,p,o] - u[o])^2))/N + eps)";
    m->map.var[Z].entry = "delta(o,i)*gamma[o]*r[o]*(delta(n,m)*delta(l,q) - (1 + "
                          "x[n,l,o]*x[m,q,i])/N)";
  } else {
    m->map.where = "x[n,l,o] = sum(g = 1:G, ind(o > S*(g - 1) and o <= S*g)*(z[n,l,o] - "
                   "u[n,g])*r[n,g]); "
                   "u[n,g] = sum(p = 1:P, sum(k = 1:S, z[n,p,S*(g - 1) + k]))/N; "
                   "r[n,g] = 1/sqrt(sum(p = 1:P, sum(k = 1:S, (z[n,p,S*(g - 1) + k] - "
                   "u[n,g])^2))/N + eps)";
    m->map.var[Z].entry =
        "sum(g = 1:G, ind(o > S*(g - 1) and o <= S*g and i > S*(g - 1) and i <= "
        "S*g)*(gamma[o]*r[n,g]*(delta(o,i)*delta(l,q) - (1 + x[n,l,o]*x[n,q,i])/N)))";
  }
}

/* Long: with places and without, alone or in groups. */
static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  const struct norm_family *family = module->family;
  size_t n = spec->size[0], positions, parts;
  enum jac_status status = read_sizes(family, spec, place, &positions, &parts, err);
  if (status != JAC_OK)
    return status;
  if (family->extent == BATCH && jac_spec_word(spec, "mode") != NULL)
    return jac_norm_eval_make(module, spec, place, map, err);
  struct norm *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch, n * positions,
                                   family->center ? 3 : 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->family = family;
  m->channels = n;
  m->positions = positions;
  m->parts = parts;
  bool places = positions > 1;
  const char *entry = family->extent == BATCH && places ? NULL : family->entry;
  struct jac_variable *z =
      jac_layer_data(&m->map, Z, "z", "z^{k-1}", n * positions, entry);
  z->channels = m->map.channels = places ? n : 0;
  z->width = m->map.width = places ? place->width : 0;
  jac_layer_parameter(&m->map, GAMMA, "gamma", "\\gamma", 1, &n,
                      places ? "delta(o,i)*x[n,l,o]" : "delta(o,i)*x[n,o]");
  if (family->center)
    jac_layer_parameter(&m->map, BETA, "beta", "\\beta", 1, &n, "delta(o,i)");
  m->constant[0] = (struct jac_constant){"N", (double)group_size(m)};
  m->constant[1] = (struct jac_constant){"eps", JAC_NORM_EPS};
  m->map.constant = m->constant;
  m->constant[2] = (struct jac_constant){"G", (double)parts};
  size_t part = n / parts;
  m->constant[3] = (struct jac_constant){"S", (double)part};
  m->constant[4] = (struct jac_constant){"P", (double)positions};
  m->map.nconstant = family->extent == SAMPLE ? 2 : 5;
  m->map.definition = places ? "y[n,l,o] = gamma[o]*x[n,l,o] + beta[o]"
                      : family->alone
                          ? "y[n,o] = gamma[o]*x[n,o] + beta[o]" /* of one position */
                          : module->definition;
  m->map.where = family->where;
  m->map.slip = places ? family->place_slip : family->slip;
  m->map.lack = family->lack;
  set_places(m);
  bool single = family->extent == BATCH ? place->batch * positions == 1
                                        : family->alone && positions == 1;
  if (single)
    m->map.note = N_("of a single number the mean is the number itself: the output is "
                     "beta, whatever z is; PyTorch refuses this in training");
  m->map.coupled = family->extent == BATCH;
  m->map.coupled_reason = N_("mean and variance are taken over the batch");
  *map = &m->map;
  return JAC_OK;
}

static const struct norm_family layer_norm = {
    .slip = jac_layer_norm_slips,
    .lack = jac_layer_norm_lacks,
    .center = true,
    .where = "x[n,o] = (z[n,o] - sum(i, z[n,i])/N)*r[n]; "
             "r[n] = 1/sqrt(sum(i, (z[n,i] - sum(j, z[n,j])/N)^2)/N + eps)",
    .entry = "gamma[o]*r[n]*(delta(o,i) - (1 + x[n,o]*x[n,i])/N)",
};

const struct jac_module jac_module_layer_norm = {
    .name = "layer-norm",
    .matrices = "gamma .* (z - mean(z)) / sqrt(mean((z - mean(z)).^2) + epsilon) + beta",
    .sizes = "N",
    .nsize = 1,
    .example = "layer-norm:3",
    .definition = "y[n,o] = gamma[o]*x[n,o] + beta[o]",
    .make = make,
    .family = &layer_norm,
    .positions = JAC_POSITIONS_KEPT,
};

static const struct norm_family rms_norm = {
    .slip = jac_rms_norm_slips,
    .lack = jac_rms_norm_lacks,
    .where = "x[n,o] = z[n,o]*r[n]; r[n] = 1/sqrt(sum(i, z[n,i]^2)/N + eps)",
    .entry = "gamma[o]*r[n]*(delta(o,i) - x[n,o]*x[n,i]/N)",
};

const struct jac_module jac_module_rms_norm = {
    .name = "rms-norm",
    .matrices = "gamma .* z / sqrt(mean(z.^2) + epsilon)",
    .sizes = "N",
    .nsize = 1,
    .example = "rms-norm:3",
    .definition = "y[n,o] = gamma[o]*x[n,o]",
    .make = make,
    .family = &rms_norm,
    .positions = JAC_POSITIONS_KEPT,
};

static const struct norm_family batch_norm = {
    .slip = jac_batch_norm_slips,
    .place_slip = jac_batch_norm_place_slips,
    .center = true,
    .extent = BATCH,
    .where = "x[n,o] = (z[n,o] - sum(m, z[m,o])/N)*r[o]; "
             "r[o] = 1/sqrt(sum(m, (z[m,o] - sum(l, z[l,o])/N)^2)/N + eps)",
    .entry = "delta(o,i)*gamma[o]*r[o]*(delta(n,m) - (1 + x[n,o]*x[m,o])/N)",
};

static const struct jac_module_option batch_options[] = {
    {"length", "1", N_("positions of a sample, each of N channels")},
    {"mode", "train",
     N_("train, or eval: with running statistics mu and v that are set")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_batch_norm = {
    .name = "batch-norm",
    .sizes = "N",
    .nsize = 1,
    .example = "batch-norm:3",
    .definition = "y[n,o] = gamma[o]*x[n,o] + beta[o]",
    .options = batch_options,
    .make = make,
    .family = &batch_norm,
    .channels = true,
    .positions = JAC_POSITIONS_KEPT,
};

/* Of one position; those of more are in set_places. */
#define GROUP_WHERE                                                                      \
  "x[n,o] = sum(g = 1:G, ind(o > S*(g - 1) and o <= S*g)*(z[n,o] - u[n,g])*r[n,g]); "    \
  "u[n,g] = sum(k = 1:S, z[n,S*(g - 1) + k])/N; "                                        \
  "r[n,g] = 1/sqrt(sum(k = 1:S, (z[n,S*(g - 1) + k] - u[n,g])^2)/N + eps)"
#define GROUP_ENTRY                                                                      \
  "sum(g = 1:G, ind(o > S*(g - 1) and o <= S*g and i > S*(g - 1) and i <= "              \
  "S*g)*(gamma[o]*r[n,g]*(delta(o,i) - (1 + x[n,o]*x[n,i])/N)))"

static const struct norm_family group_norm = {
    .slip = jac_group_norm_slips,
    .place_slip = jac_group_norm_place_slips,
    .center = true,
    .extent = CHANNELS,
    .where = GROUP_WHERE,
    .entry = GROUP_ENTRY,
};

static const struct jac_module_option group_options[] = {
    {"groups", "1",
     N_("parts of the channels, each with a mean and variance of its own")},
    {"length", "1", N_("positions of a sample, each of N channels")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_group_norm = {
    .name = "group-norm",
    .sizes = "N",
    .nsize = 1,
    .fixed = true,
    .example = "group-norm:4,groups=2",
    .definition = "y[n,o] = gamma[o]*x[n,o] + beta[o]",
    .options = group_options,
    .make = make,
    .family = &group_norm,
    .channels = true,
    .positions = JAC_POSITIONS_KEPT,
};

static const struct norm_family instance_norm = {
    .place_slip = jac_group_norm_place_slips,
    .center = true,
    .extent = CHANNELS,
    .alone = true,
    .where = GROUP_WHERE,
    .entry = GROUP_ENTRY,
};

static const struct jac_module_option instance_options[] = {
    {"length", "L",
     N_("positions of a sample's data (needed, unless a module stands before)")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_instance_norm = {
    .name = "instance-norm",
    .sizes = "N",
    .nsize = 1,
    .fixed = true,
    .example = "instance-norm:2,length=3",
    .definition = "y[n,l,o] = gamma[o]*x[n,l,o] + beta[o]",
    .options = instance_options,
    .make = make,
    .family = &instance_norm,
    .channels = true,
    .positions = JAC_POSITIONS_KEPT,
};
