/* A forward pass of its own, in complex numbers: nothing of the project is in it. */
#ifndef TESTS_MEANING_FORWARD_H
#define TESTS_MEANING_FORWARD_H

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

enum { MEANING_MODULES = 5, MEANING_WIDE = 6, MEANING_BATCH = 4 };

enum meaning_kind {
  LINEAR,
  TANH,
  SIGMOID,
  SOFTPLUS,
  SILU,
  ELU,
  LEAKY,
  SOFTMAX,
  LOG_SOFTMAX,
  LAYER_NORM,
  RMS_NORM,
  BATCH_NORM,
  MSE,
  CROSS_ENTROPY,
  BCE_LOGITS,
  MEANING_KINDS
};

/* A module: its sizes, its parameters (W is in x out, row by row). */
struct meaning_module {
  enum meaning_kind kind;
  size_t in, out;
  bool bias;
  double complex W[MEANING_WIDE * MEANING_WIDE], b[MEANING_WIDE], gamma[MEANING_WIDE],
      beta[MEANING_WIDE];
};

struct meaning_network {
  size_t count, batch;
  struct meaning_module module[MEANING_MODULES];
  double complex z[MEANING_BATCH * MEANING_WIDE], y[MEANING_BATCH * MEANING_WIDE];
};

/* The outputs, sample by sample; returns how many. */
size_t meaning_forward(const struct meaning_network *n, double complex *out);

#endif
