#include "forward.h"

#include <math.h>
#include <string.h>

typedef double complex number;

static number entrywise(enum meaning_kind kind, number z) {
  switch (kind) {
  case TANH:
    return ctanh(z);
  case SIGMOID:
    return 1.0 / (1.0 + cexp(-z));
  case SOFTPLUS:
    return creal(z) > 0.0 ? z + clog(1.0 + cexp(-z)) : clog(1.0 + cexp(z));
  case SILU:
    return z / (1.0 + cexp(-z));
  case ELU:
    return creal(z) > 0.0 ? z : cexp(z) - 1.0;
  default: /* LEAKY */
    return creal(z) > 0.0 ? z : 0.01 * z;
  }
}

static void softmax(const number *z, size_t n, bool logarithm, number *out) {
  double most = creal(z[0]);
  number sum = 0.0;
  for (size_t i = 1; i < n; i++)
    most = fmax(most, creal(z[i]));
  for (size_t i = 0; i < n; i++)
    sum += cexp(z[i] - most);
  for (size_t i = 0; i < n; i++)
    out[i] = logarithm ? z[i] - most - clog(sum) : cexp(z[i] - most) / sum;
}

/* Over count numbers, step apart; rms: without the mean. */
static void normalize(const number *z, size_t count, size_t step, bool rms, number *out) {
  number mean = 0.0, square = 0.0;
  for (size_t k = 0; k < count && !rms; k++)
    mean += z[k * step] / (double)count;
  for (size_t k = 0; k < count; k++)
    square += (z[k * step] - mean) * (z[k * step] - mean) / (double)count;
  for (size_t k = 0; k < count; k++)
    out[k * step] = (z[k * step] - mean) / csqrt(square + 1e-5);
}

static number loss(enum meaning_kind kind, const number *z, const number *y, size_t n) {
  number s[MEANING_WIDE], sum = 0.0;
  if (kind == CROSS_ENTROPY)
    softmax(z, n, true, s);
  for (size_t i = 0; i < n; i++)
    if (kind == MSE)
      sum += (z[i] - y[i]) * (z[i] - y[i]);
    else if (kind == CROSS_ENTROPY)
      sum -= y[i] * s[i];
    else
      sum += entrywise(SOFTPLUS, z[i]) - z[i] * y[i];
  return sum;
}

static void one_sample(const struct meaning_module *m, const number *z, const number *y,
                       number *out) {
  switch (m->kind) {
  case LINEAR:
    for (size_t o = 0; o < m->out; o++) {
      out[o] = m->bias ? m->b[o] : 0.0;
      for (size_t i = 0; i < m->in; i++)
        out[o] += z[i] * m->W[i * m->out + o];
    }
    break;
  case SOFTMAX:
  case LOG_SOFTMAX:
    softmax(z, m->in, m->kind == LOG_SOFTMAX, out);
    break;
  case LAYER_NORM:
  case RMS_NORM:
    normalize(z, m->in, 1, m->kind == RMS_NORM, out);
    for (size_t i = 0; i < m->in; i++)
      out[i] = out[i] * m->gamma[i] + (m->kind == LAYER_NORM ? m->beta[i] : 0.0);
    break;
  case MSE:
  case CROSS_ENTROPY:
  case BCE_LOGITS:
    out[0] = loss(m->kind, z, y, m->in);
    break;
  default:
    for (size_t i = 0; i < m->in; i++)
      out[i] = entrywise(m->kind, z[i]);
  }
}

size_t meaning_forward(const struct meaning_network *n, number *out) {
  number now[MEANING_BATCH * MEANING_WIDE], next[MEANING_BATCH * MEANING_WIDE];
  memcpy(now, n->z, sizeof now);
  for (size_t k = 0; k < n->count; k++) {
    const struct meaning_module *m = &n->module[k];
    if (m->kind == BATCH_NORM)
      for (size_t i = 0; i < m->in; i++) {
        normalize(now + i, n->batch, m->in, false, next + i);
        for (size_t s = 0; s < n->batch; s++)
          next[s * m->in + i] = next[s * m->in + i] * m->gamma[i] + m->beta[i];
      }
    else
      for (size_t s = 0; s < n->batch; s++)
        one_sample(m, now + s * m->in, n->y + s * m->in, next + s * m->out);
    memcpy(now, next, sizeof now);
  }
  size_t count = n->batch * n->module[n->count - 1].out;
  memcpy(out, now, count * sizeof *out);
  return count;
}
