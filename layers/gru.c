/* gru: gates r u n; n = tanh(p + r q), h' = (1 - u) n + u h (Cho et al. 2014, as PyTorch
 * has it: r is taken after the product with U, and d stays inside). */
#include "layers/recurrent_internal.h"

struct gru {
  double r, u, n;
};

static struct gru gru(const double *p, const double *q) {
  struct gru v = {sigmoid(p[0] + q[0]), sigmoid(p[1] + q[1]), 0.0};
  v.n = tanh(p[2] + v.r * q[2]);
  return v;
}

static void gru_unit(const double *p, const double *q, const double *s,
                     struct jac_recurrent_unit *u) {
  struct gru v = gru(p, q);
  double n =
      sigmoid(-p[1] - q[1]) * tanh_slope(p[2] + v.r * q[2]); /* d h' / d (p + r q) */
  u->value[0] = sigmoid(-p[1] - q[1]) * v.n + v.u * s[0];
  u->p[0][0] = u->q[0][0] = jac_held(n * sigmoid_slope(p[0] + q[0]), q[2]);
  u->p[0][1] = u->q[0][1] = jac_held(sigmoid_slope(p[1] + q[1]), s[0] - v.n);
  u->p[0][2] = n;
  u->q[0][2] = n * v.r;
  u->own[0][0] = v.u;
}

static void gru_tangent(const double *p, const double *q, const double *s,
                        const double *dp, const double *dq, const double *ds,
                        double *out) {
  struct gru v = gru(p, q);
  double dr = jac_held(v.r * sigmoid(-p[0] - q[0]), dp[0] + dq[0]);
  double du = jac_held(v.u * sigmoid(-p[1] - q[1]), dp[1] + dq[1]);
  double dn = times_tanh_slope(dp[2] + jac_held(dr, q[2]) + jac_held(v.r, dq[2]),
                               p[2] + v.r * q[2]);
  out[0] = sigmoid(-p[1] - q[1]) * dn - du * v.n + du * s[0] + v.u * ds[0];
}

static void gru_reverse(const double *p, const double *q, const double *s,
                        const double *c, double *gp, double *gq, double *gs) {
  struct gru v = gru(p, q);
  double n = times_tanh_slope(c[0] * sigmoid(-p[1] - q[1]), p[2] + v.r * q[2]);
  gp[2] = n;
  gq[2] = n * v.r;
  gp[0] = gq[0] = jac_held(n * v.r * sigmoid(-p[0] - q[0]), q[2]);
  gp[1] = gq[1] = jac_held(c[0] * v.u * sigmoid(-p[1] - q[1]), s[0] - v.n);
  gs[0] = c[0] * v.u;
}

/* The state goes into every gate, and past them. */
static const char h_entry[] =
    "s_r[n,o]*U[i,o] + s_u[n,o]*U[i,H+o] + s_n[n,o]*r_t[n,o]*U[i,2*H+o] "
    "+ delta(o,i)*u_t[n,o]";

/* Output o by what goes into gate k; r stands before what n takes of the state. */
#define BY_GATE(k, r)                                                                    \
  "delta(" k ",o)*s_r[n,o] + delta(" k ",H+o)*s_u[n,o] + delta(" k ",2*H+o)*s_n[n,o]" r

static const struct jac_recurrent_cell gru_cell = {
    .gates = 3,
    .states = 1,
    .second_bias = true,
    .unit = gru_unit,
    .tangent = gru_tangent,
    .reverse = gru_reverse,
    .definition = "y[n,o] = (1 - u_t[n,o])*n_t[n,o] + u_t[n,o]*h[n,o]",
    .where =
        "r_t[n,j] = sigmoid(a[n,j] + v[n,j]); u_t[n,j] = sigmoid(a[n,H+j] + v[n,H+j]); "
        "n_t[n,j] = tanh(a[n,2*H+j] + r_t[n,j]*v[n,2*H+j]); "
        "a[n,j] = sum(k, z[n,k]*W[k,j]) + b[j]; "
        "v[n,j] = sum(k, h[n,k]*U[k,j]) + d[j]; "
        "s_n[n,j] = (1 - u_t[n,j])*(1 - n_t[n,j]^2); "
        "s_r[n,j] = s_n[n,j]*v[n,2*H+j]*r_t[n,j]*(1 - r_t[n,j]); "
        "s_u[n,j] = (h[n,j] - n_t[n,j])*u_t[n,j]*(1 - u_t[n,j])",
    .entry = {[Z] = "s_r[n,o]*W[i,o] + s_u[n,o]*W[i,H+o] + s_n[n,o]*W[i,2*H+o]",
              [H] = h_entry,
              [W] = "(" BY_GATE("j", "") ")*z[n,i]",
              [U] = "(" BY_GATE("j", "*r_t[n,o]") ")*h[n,i]",
              [B] = BY_GATE("i", ""),
              [D] = BY_GATE("i", "*r_t[n,o]")},
    .through_time = "h^{t} = (1 - u^{t}) .* n^{t} + u^{t} .* h^{t-1}; "
                    "r^{t} = sigmoid(a_r + v_r); u^{t} = sigmoid(a_u + v_u); "
                    "n^{t} = tanh(a_n + r^{t} .* v_n); [a_r, a_u, a_n] = z^{t}*W + b; "
                    "[v_r, v_u, v_n] = h^{t-1}*U + d",
    .output = "y[n,o] = h@[n,o]",
    .step = "h%t[n,j] = (1 - u_t%t[n,j])*n_t%t[n,j] + u_t%t[n,j]*h%b[n,j]; "
            "r_t%t[n,j] = sigmoid(a%t[n,j] + v%t[n,j]); "
            "u_t%t[n,j] = sigmoid(a%t[n,H+j] + v%t[n,H+j]); "
            "n_t%t[n,j] = tanh(a%t[n,2*H+j] + r_t%t[n,j]*v%t[n,2*H+j]); "
            "a%t[n,j] = sum(k, W[k,j]*z[n,%zk]) + b[j]; "
            "v%t[n,j] = sum(k, U[k,j]*h%b[n,k]) + d[j]",
    .equations = 10,
    .last = "E%t[n,o,k] = delta(o,k)",
    .back = "S%t[n,o,k] = E%t[n,o,k]*(1 - u_t%t[n,k])*(1 - n_t%t[n,k]^2); "
            "G%t[n,o,j] = cases(S%t[n,o,j]*v%t[n,2*H+j]*r_t%t[n,j]*(1 - r_t%t[n,j]), "
            "j <= H, E%t[n,o,j-H]*(h%b[n,j-H] - n_t%t[n,j-H])*u_t%t[n,j-H]*(1 - "
            "u_t%t[n,j-H]), j <= 2*H, S%t[n,o,j-2*H]); "
            "P%t[n,o,j] = cases(G%t[n,o,j], j <= 2*H, G%t[n,o,j]*r_t%t[n,j-2*H]); "
            "E%p[n,o,k] = sum(j, U[k,j]*P%t[n,o,j]) + E%t[n,o,k]*u_t%t[n,k]",
    .by_q = "P",
    .back_through_time =
        "S^{t} = E^{t}*diag((1 - u^{t}) .* (1 - n^{t} .* n^{t})); "
        "G_r = S^{t}*diag(v_n .* r^{t} .* (1 - r^{t})); "
        "G_u = E^{t}*diag((h^{t-1} - n^{t}) .* u^{t} .* (1 - u^{t})); "
        "G^{t} = [G_r, G_u, S^{t}]; P^{t} = [G_r, G_u, S^{t}*diag(r^{t})]; "
        "E^{t-1} = P^{t}*U' + E^{t}*diag(u^{t}); E^{T} = I",
    .factor = {{"A_t", "diag(u^{t}) + diag(q_u)*U_u' + diag(q_r)*U_r' + diag(q_n .* "
                       "r^{t})*U_n'"},
               {"q_u", "(h^{t-1} - n^{t}) .* u^{t} .* (1 - u^{t})"},
               {"q_r", "q_n .* v_n .* r^{t} .* (1 - r^{t})"},
               {"q_n", "(1 - u^{t}) .* (1 - n^{t} .* n^{t})"},
               {"v_n", "h^{t-1}*U_n + d_n"},
               {NULL, NULL}},
};

const struct jac_module jac_module_gru = {
    .name = "gru",
    .sizes = "INxH",
    .nsize = 2,
    .example = "gru:3x2",
    .definition = "y[n,o] = (1 - u_t[n,o])*n_t[n,o] + u_t[n,o]*h[n,o]",
    .options = jac_recurrent_options,
    .make = jac_recurrent_make,
    .family = &gru_cell,
};
