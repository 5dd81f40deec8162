#include "jacobian/stencil_internal.h"

#include "jacobian/wide_internal.h"

#include <float.h>
#include <math.h>

/* Everything as numbers and without branches, so that the loop over outputs can take
 * several at once. */
struct numbers {
  double value, error, right, left, right_error, left_error, rounding;
  long meet, part, finite;
};

static inline double larger(double a, double b) {
  return a > b ? a : b;
}

/* A one-sided derivative extrapolated from three steps, given by their inverses. */
static inline double one_sided(double f0, double f1, double f2, double f3, double i1,
                               double i2, double i3, double noise, double *error) {
  double d0 = (f1 - f0) * i1, d1 = (f2 - f0) * i2, d2 = (f3 - f0) * i3;
  double largest = larger(larger(fabs(f0), fabs(f1)), larger(fabs(f2), fabs(f3)));
  double a = d1 + (d1 - d0), b = d2 + (d2 - d1), value = b + (b - a) / 3.0;
  *error = fabs(value - b) + (16.0 * DBL_EPSILON * largest + 8.0 * noise) * fabs(i3);
  return value;
}

/* f points to the output's first value, step to its place's first step. */
static inline struct numbers estimate(const double *f, size_t n, const double *step,
                                      size_t m, double jump, double noise) {
  double f0 = f[6 * n], a1 = f[0], b1 = f[n], a2 = f[2 * n], b2 = f[3 * n], a3 = f[4 * n],
         b3 = f[5 * n], x = step[0];
  struct numbers e;
  double d0 = (a1 - b1) * step[7 * m], d1 = (a2 - b2) * step[8 * m],
         d2 = (a3 - b3) * step[9 * m];
  double largest = larger(larger(larger(fabs(a1), fabs(b1)), larger(fabs(a2), fabs(b2))),
                          larger(fabs(a3), fabs(b3)));
  /* d + (d - ...) / 3, not (4 d - ...) / 3: the largest numbers do not overflow. */
  double a = d1 + (d1 - d0) / 3.0, b = d2 + (d2 - d1) / 3.0;
  e.value = b + (b - a) / 15.0;
  const double bits = 2.0 * DBL_EPSILON;
  e.rounding =
      (bits * largest + noise + bits * fabs(x) * fabs(e.value)) * fabs(step[5 * m]);
  /* Halving the step divides the error of a smooth function by 4. Where it does not (a
   * seam of the second derivative), extrapolation is not to be believed. */
  double last = fabs(d1 - d2);
  long seam = (last > 4.0 * e.rounding) & (fabs(d0 - d1) < 3.0 * last);
  /* The even part, f(x + h) + f(x - h) - 2 f(x), is c h^2 + d h^4 of a smooth function:
   * what it leaves beside that is noise, or a step that is too large. */
  double e1 = (a3 - f0) + (b3 - f0), e2 = (a2 - f0) + (b2 - f0),
         e3 = (a1 - f0) + (b1 - f0);
  double odd = fabs(e3 - 20.0 * e2 + 64.0 * e1) * fabs(step[5 * m]) / 95.0;
  e.error = 2.0 * fabs(e.value - b) + 4.0 * odd + e.rounding + (seam ? last : 0.0);
  e.right =
      one_sided(f0, a1, a2, a3, step[m], step[3 * m], step[5 * m], noise, &e.right_error);
  e.left = one_sided(f0, b1, b2, b3, step[2 * m], step[4 * m], step[6 * m], noise,
                     &e.left_error);
  double apart = fabs(e.right - e.left), size = larger(fabs(e.right), fabs(e.left));
  double sides = e.left_error + e.right_error, doubt = 4.0 * sides + 1e-6 * size;
  long known = sides <= 0.05 * larger(size, jump);
  long lost = (jump == 0.0) & (size <= 16.0 * e.error);
  e.meet = (apart <= doubt) & (known | lost);
  e.part = (apart > doubt) & (sides <= 0.05 * size);
  e.finite = (e.value - e.value) + (e.error - e.error) + (f0 - f0) == 0.0;
  return e;
}

struct jac_estimate jac_stencil_estimate(const struct jac_stencil *s, size_t k, size_t t,
                                         double jump) {
  struct numbers e = estimate(s->values + k, s->outputs, s->steps + t, s->places, jump,
                              s->noise != NULL ? s->noise[k] : 0.0);
  const double *f = s->values + k;
  bool flat = true;
  for (size_t p = 0; p < JAC_POINTS; p++)
    flat = flat && f[p * s->outputs] == f[JAC_POINTS * s->outputs];
  return (struct jac_estimate){.value = e.value,
                               .error = e.error,
                               .right = e.right,
                               .left = e.left,
                               .right_error = e.right_error,
                               .left_error = e.left_error,
                               .rounding = e.rounding,
                               .flat = flat,
                               .meet = e.meet != 0,
                               .part = e.part != 0,
                               .finite = e.finite != 0};
}

static inline void widen(double most[4], const double *x, size_t count) {
  double own[4] = {most[0], most[1], most[2], most[3]};
  size_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (size_t l = 0; l < 4; l++)
      own[l] = larger(fabs(x[i + l]), own[l]);
  for (; i < count; i++)
    own[0] = larger(fabs(x[i]), own[0]);
  for (size_t l = 0; l < 4; l++)
    most[l] = own[l];
}

/* The most outputs that are estimated at once: the loop writes into places of its own, so
 * that nothing stands between it and wider vectors. */
enum { CHUNK = 64 };

struct chunk {
  double value[CHUNK], error[CHUNK], right[CHUNK], left[CHUNK], meet[CHUNK], bad[CHUNK];
};

/* stride: from one output's steps to the next; 0 or 1. */
static inline __attribute__((always_inline)) void fill(struct chunk *c,
                                                       const struct jac_stencil *s,
                                                       size_t k, size_t t, size_t stride,
                                                       size_t count) {
  const double *f = s->values + k, *steps = s->steps + t;
  size_t n = s->outputs, m = s->places;
  for (size_t i = 0; i < count; i++) {
    struct numbers e = estimate(f + i, n, steps + i * stride, m, 0.0, 0.0);
    c->value[i] = e.value;
    c->error[i] = e.error;
    c->right[i] = e.right;
    c->left[i] = e.left;
    c->meet[i] = e.meet ? 1.0 : 0.0;
    c->bad[i] = (e.part | !e.finite) ? 1.0 : 0.0;
  }
}

JAC_WIDE static size_t some(const struct jac_stencil *s, size_t k, size_t t, size_t count,
                            struct jac_difference_entry *entry, bool *agreed,
                            double values[4], double errors[4]) {
  struct chunk c;
  size_t bad = 0;
  if (s->shared)
    fill(&c, s, k, t, 0, count);
  else
    fill(&c, s, k, t, 1, count);
  for (size_t i = 0; i < count; i++) {
    entry[i] = (struct jac_difference_entry){c.value[i], c.error[i], c.left[i],
                                             c.right[i], JAC_ENTRY_SMOOTH};
    agreed[i] = c.meet[i] != 0.0;
    bad += c.bad[i] != 0.0;
  }
  widen(values, c.value, count);
  widen(errors, c.error, count);
  return bad;
}

size_t jac_stencil_smooth(const struct jac_stencil *s, size_t k, size_t t, size_t count,
                          struct jac_difference_entry *entry, bool *agreed, double *value,
                          double *error) {
  size_t bad = 0;
  double values[4] = {0.0}, errors[4] = {0.0};
  for (size_t done = 0; done < count; done += CHUNK) {
    size_t size = count - done < CHUNK ? count - done : CHUNK;
    bad += some(s, k + done, s->shared ? t : t + done, size, entry + done, agreed + done,
                values, errors);
  }
  for (size_t l = 0; l < 4; l++) {
    *value = larger(values[l], *value);
    *error = larger(errors[l], *error);
  }
  return bad;
}
