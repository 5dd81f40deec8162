/* rnn: h' = tanh(p + q). */
#include "layers/recurrent_internal.h"

static void rnn_unit(const double *p, const double *q, const double *s,
                     struct jac_recurrent_unit *u) {
  (void)s;
  u->value[0] = tanh(p[0] + q[0]);
  u->p[0][0] = u->q[0][0] = tanh_slope(p[0] + q[0]);
}

static void rnn_tangent(const double *p, const double *q, const double *s,
                        const double *dp, const double *dq, const double *ds,
                        double *out) {
  (void)s;
  (void)ds;
  out[0] = times_tanh_slope(dp[0] + dq[0], p[0] + q[0]);
}

static void rnn_reverse(const double *p, const double *q, const double *s,
                        const double *c, double *gp, double *gq, double *gs) {
  (void)s;
  (void)gs;
  gp[0] = gq[0] = times_tanh_slope(c[0], p[0] + q[0]);
}

#define RNN(before, at)                                                                  \
  "tanh(sum(i, W[i,o]*z[n," at "i]) + sum(j, h" before "[n,j]*U[j,o]) + b[o])"

static const struct jac_recurrent_cell rnn = {
    .gates = 1,
    .states = 1,
    .unit = rnn_unit,
    .tangent = rnn_tangent,
    .reverse = rnn_reverse,
    .definition = "y[n,o] = " RNN("", ""),
    .where = "t[n,o] = " RNN("", ""),
    .entry = {[Z] = "(1 - t[n,o]^2)*W[i,o]",
              [H] = "(1 - t[n,o]^2)*U[i,o]",
              [W] = "delta(o,j)*(1 - t[n,o]^2)*z[n,i]",
              [U] = "delta(o,j)*(1 - t[n,o]^2)*h[n,i]",
              [B] = "delta(o,i)*(1 - t[n,o]^2)"},
    .through_time = "h^{t} = tanh(z^{t}*W + h^{t-1}*U + b)",
    .output = "y[n,o] = h@[n,o]",
    .step = "h%t[n,o] = " RNN("%b", "%z"),
    .equations = 3,
    .last = "E%t[n,o,k] = delta(o,k)",
    .back = "G%t[n,o,j] = E%t[n,o,j]*(1 - h%t[n,j]^2); "
            "E%p[n,o,k] = sum(j, U[k,j]*G%t[n,o,j])",
    .by_q = "G",
    .back_through_time =
        "G^{t} = E^{t}*diag(1 - h^{t} .* h^{t}); E^{t-1} = G^{t}*U'; E^{T} = I",
    .factor = {{"A_t", "diag(1 - h^{t} .* h^{t})*U'"}, {NULL, NULL}},
};

const struct jac_module jac_module_rnn = {
    .name = "rnn",
    .sizes = "INxH",
    .nsize = 2,
    .example = "rnn:3x2",
    .definition = "y[n,o] = " RNN("", ""),
    .options = jac_recurrent_options,
    .make = jac_recurrent_make,
    .family = &rnn,
};
