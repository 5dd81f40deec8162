/* What the norms share: the numbers that a mean and a variance are taken over. */
#ifndef LAYERS_NORM_INTERNAL_H
#define LAYERS_NORM_INTERNAL_H

#include "layers/layer.h"

#define JAC_NORM_EPS 1e-5

/* What a group is: all of a sample; a channel in the batch; channels of a sample. */
enum extent { SAMPLE, BATCH, CHANNELS };

/* What tells them apart. */
struct norm_family {
  bool center; /* a mean is taken */
  enum extent extent;
  bool alone; /* of CHANNELS: each by itself */
  const char *where, *entry;
  const struct jac_slip *slip, *place_slip; /* of one position, of several */
  const struct jac_slip *lack;
};

struct norm {
  struct jac_map map;
  const struct norm_family *family;
  size_t channels, positions;      /* of a sample, channels fastest */
  size_t parts;                    /* of the channels, of CHANNELS */
  struct jac_constant constant[5]; /* N, eps, G, S, P */
};

static inline const struct norm *of(const struct jac_map *map) {
  return (const struct norm *)map;
}

/* How many groups there are, and their size. */
static inline size_t groups(const struct norm *m) {
  return m->family->extent == BATCH ? m->channels : m->map.batch * m->parts;
}

static inline size_t group_size(const struct norm *m) {
  return m->family->extent == BATCH ? m->map.batch * m->positions
                                    : m->channels / m->parts * m->positions;
}

/* The a-th number of group g: its sample, its channel, its place in the sample. */
struct member {
  size_t row, feature, col;
};

static inline struct member member(const struct norm *m, size_t g, size_t a) {
  if (m->family->extent == SAMPLE)
    return (struct member){g, a, a};
  if (m->family->extent == BATCH)
    return (struct member){a / m->positions, g, a % m->positions * m->channels + g};
  size_t each = m->channels / m->parts, channel = g % m->parts * each + a % each;
  return (struct member){g / m->parts, channel, a / each * m->channels + channel};
}

static inline size_t feature(const struct norm *m, size_t g, size_t a) {
  return member(m, g, a).feature;
}

static inline double get(const struct norm *m, const gsl_matrix *z, size_t g, size_t a) {
  struct member at = member(m, g, a);
  return gsl_matrix_get(z, at.row, at.col);
}

static inline void set(const struct norm *m, gsl_matrix *z, size_t g, size_t a,
                       double value) {
  struct member at = member(m, g, a);
  gsl_matrix_set(z, at.row, at.col, value);
}

/* A power of two that brings the largest of a group's numbers to where its square and
 * its parts are doubles. NaN is kept. */
double jac_norm_unit(const struct norm *m, const gsl_matrix *z, size_t g);

/* Takes their mean from n numbers: mean and remainder in two doubles, so that numbers
 * which are nearly equal, or near the mean, keep the digits in which they differ. */
void jac_take_mean(double *x, size_t n);

/* x of a group (room for its numbers); returns r. */
double jac_normalise(const struct norm *m, const gsl_matrix *z, size_t g, double *x);

extern const struct jac_slip jac_layer_norm_slips[], jac_rms_norm_slips[],
    jac_batch_norm_slips[], jac_group_norm_slips[], jac_batch_norm_place_slips[],
    jac_group_norm_place_slips[], jac_layer_norm_lacks[], jac_rms_norm_lacks[];

#endif
