/* lstm: gates i f g o; c' = f c + i g, h' = o tanh(c') (Hochreiter and Schmidhuber 1997,
 * with the forget gate of Gers et al. 2000). */
#include "layers/recurrent_internal.h"

#include <string.h>

struct lstm {
  double i, f, g, o, c;
};

static struct lstm lstm(const double *p, const double *q, const double *s) {
  struct lstm v = {sigmoid(p[0] + q[0]), sigmoid(p[1] + q[1]), tanh(p[2] + q[2]),
                   sigmoid(p[3] + q[3]), 0.0};
  v.c = v.f * s[1] + v.i * v.g;
  return v;
}

static void lstm_unit(const double *p, const double *q, const double *s,
                      struct jac_recurrent_unit *u) {
  struct lstm v = lstm(p, q, s);
  double through = v.o * tanh_slope(v.c); /* d h' / d c' */
  u->value[0] = v.o * tanh(v.c);
  u->value[1] = v.c;
  u->p[1][0] = v.g * sigmoid_slope(p[0] + q[0]);
  u->p[1][1] = s[1] * sigmoid_slope(p[1] + q[1]);
  u->p[1][2] = v.i * tanh_slope(p[2] + q[2]);
  for (size_t gate = 0; gate < 3; gate++)
    u->p[0][gate] = through * u->p[1][gate];
  u->p[0][3] = tanh(v.c) * sigmoid_slope(p[3] + q[3]);
  memcpy(u->q, u->p, sizeof u->q);
  u->own[1][1] = v.f;
  u->own[0][1] = through * v.f;
}

static void lstm_tangent(const double *p, const double *q, const double *s,
                         const double *dp, const double *dq, const double *ds,
                         double *out) {
  struct lstm v = lstm(p, q, s);
  double di = v.i * sigmoid(-p[0] - q[0]) * (dp[0] + dq[0]);
  double df = v.f * sigmoid(-p[1] - q[1]) * (dp[1] + dq[1]);
  double dg = times_tanh_slope(dp[2] + dq[2], p[2] + q[2]);
  double d_o = v.o * sigmoid(-p[3] - q[3]) * (dp[3] + dq[3]);
  out[1] = df * s[1] + v.f * ds[1] + di * v.g + v.i * dg;
  out[0] = d_o * tanh(v.c) + times_tanh_slope(v.o, v.c) * out[1];
}

static void lstm_reverse(const double *p, const double *q, const double *s,
                         const double *c, double *gp, double *gq, double *gs) {
  struct lstm v = lstm(p, q, s);
  double cell = c[1] + times_tanh_slope(c[0] * v.o, v.c);
  gp[0] = cell * v.g * v.i * sigmoid(-p[0] - q[0]);
  gp[1] = cell * s[1] * v.f * sigmoid(-p[1] - q[1]);
  gp[2] = times_tanh_slope(cell * v.i, p[2] + q[2]);
  gp[3] = c[0] * tanh(v.c) * v.o * sigmoid(-p[3] - q[3]);
  memcpy(gq, gp, GATES * sizeof *gq);
  gs[1] = cell * v.f;
}

#define LSTM(t, b, at)                                                                   \
  "h_t" t "[n,j] = o_t" t "[n,j]*tanh(c_t" t "[n,j]); "                                  \
  "c_t" t "[n,j] = f_t" t "[n,j]*c" b "[n,j] + i_t" t "[n,j]*g_t" t "[n,j]; "            \
  "i_t" t "[n,j] = sigmoid(a" t "[n,j]); f_t" t "[n,j] = sigmoid(a" t "[n,H+j]); "       \
  "g_t" t "[n,j] = tanh(a" t "[n,2*H+j]); o_t" t "[n,j] = sigmoid(a" t "[n,3*H+j]); "    \
  "a" t "[n,j] = sum(k, z[n," at "k]*W[k,j]) + sum(k, h" b "[n,k]*U[k,j]) + b[j]"

/* Output o, h' of a unit and then c' of one, by what goes into gate k; and by row i of
 * the weights of all four. */
#define BY_GATE(k)                                                                       \
  "cases(e[n,o]*(delta(" k ",o)*s_i[n,o] + delta(" k ",H+o)*s_f[n,o] + delta(" k         \
  ",2*H+o)*s_g[n,o]) + delta(" k ",3*H+o)*s_o[n,o], o <= H, delta(" k                    \
  ",o-H)*s_i[n,o-H] + delta(" k ",o)*s_f[n,o-H] + delta(" k ",o+H)*s_g[n,o-H])"
#define OF_STATE(w)                                                                      \
  "cases(e[n,o]*(s_i[n,o]*" w "[i,o] + s_f[n,o]*" w "[i,H+o] + s_g[n,o]*" w              \
  "[i,2*H+o]) + s_o[n,o]*" w "[i,3*H+o], o <= H, s_i[n,o-H]*" w "[i,o-H] + "             \
  "s_f[n,o-H]*" w "[i,o] + s_g[n,o-H]*" w "[i,o+H])"

static const struct jac_recurrent_cell lstm_cell = {
    .gates = 4,
    .states = 2,
    .unit = lstm_unit,
    .tangent = lstm_tangent,
    .reverse = lstm_reverse,
    .definition = "y[n,o] = cases(h_t[n,o], o <= H, c_t[n,o-H])",
    .where = LSTM("", "", "") "; "
                              "e[n,j] = o_t[n,j]*(1 - tanh(c_t[n,j])^2); "
                              "s_i[n,j] = g_t[n,j]*i_t[n,j]*(1 - i_t[n,j]); "
                              "s_f[n,j] = c[n,j]*f_t[n,j]*(1 - f_t[n,j]); "
                              "s_g[n,j] = i_t[n,j]*(1 - g_t[n,j]^2); "
                              "s_o[n,j] = tanh(c_t[n,j])*o_t[n,j]*(1 - o_t[n,j])",
    .entry = {[Z] = OF_STATE("W"),
              [H] = OF_STATE("U"),
              [C] = "cases(delta(o,i)*e[n,o]*f_t[n,o], o <= H, delta(o-H,i)*f_t[n,o-H])",
              [W] = "(" BY_GATE("j") ")*z[n,i]",
              [U] = "(" BY_GATE("j") ")*h[n,i]",
              [B] = BY_GATE("i")},
    .through_time =
        "h^{t} = o^{t} .* tanh(c^{t}); c^{t} = f^{t} .* c^{t-1} + i^{t} .* g^{t}; "
        "i^{t} = sigmoid(a_i); f^{t} = sigmoid(a_f); g^{t} = tanh(a_g); o^{t} = "
        "sigmoid(a_o); [a_i, a_f, a_g, a_o] = z^{t}*W + h^{t-1}*U + b",
    .output = "y[n,o] = cases(h@[n,o], o <= H, c@[n,o-H])",
    .step = "h%t[n,j] = o_t%t[n,j]*tanh(c%t[n,j]); "
            "c%t[n,j] = f_t%t[n,j]*c%b[n,j] + i_t%t[n,j]*g_t%t[n,j]; "
            "i_t%t[n,j] = sigmoid(a%t[n,j]); f_t%t[n,j] = sigmoid(a%t[n,H+j]); "
            "g_t%t[n,j] = tanh(a%t[n,2*H+j]); o_t%t[n,j] = sigmoid(a%t[n,3*H+j]); "
            "a%t[n,j] = sum(k, W[k,j]*z[n,%zk]) + sum(k, U[k,j]*h%b[n,k]) + b[j]",
    .equations = 11,
    .last = "E%t[n,o,k] = delta(o,k); C%t[n,o,k] = delta(o,H+k)",
    .back = "F%t[n,o,k] = C%t[n,o,k] + E%t[n,o,k]*o_t%t[n,k]*(1 - tanh(c%t[n,k])^2); "
            "G%t[n,o,j] = cases(F%t[n,o,j]*g_t%t[n,j]*i_t%t[n,j]*(1 - i_t%t[n,j]), "
            "j <= H, F%t[n,o,j-H]*c%b[n,j-H]*f_t%t[n,j-H]*(1 - f_t%t[n,j-H]), j <= 2*H, "
            "F%t[n,o,j-2*H]*i_t%t[n,j-2*H]*(1 - g_t%t[n,j-2*H]^2), j <= 3*H, "
            "E%t[n,o,j-3*H]*tanh(c%t[n,j-3*H])*o_t%t[n,j-3*H]*(1 - o_t%t[n,j-3*H])); "
            "E%p[n,o,k] = sum(j, U[k,j]*G%t[n,o,j]); "
            "C%p[n,o,k] = F%t[n,o,k]*f_t%t[n,k]",
    .by_q = "G",
    .back_through_time =
        "F^{t} = C^{t} + E^{t}*diag(o^{t} .* (1 - tanh(c^{t}).^2)); "
        "G_i = F^{t}*diag(g^{t} .* i^{t} .* (1 - i^{t})); "
        "G_f = F^{t}*diag(c^{t-1} .* f^{t} .* (1 - f^{t})); "
        "G_g = F^{t}*diag(i^{t} .* (1 - g^{t} .* g^{t})); "
        "G_o = E^{t}*diag(tanh(c^{t}) .* o^{t} .* (1 - o^{t})); "
        "G^{t} = [G_i, G_f, G_g, G_o]; E^{t-1} = G^{t}*U'; C^{t-1} = F^{t}*diag(f^{t}); "
        "E^{T} = [I; 0]; C^{T} = [0; I]",
    .factor = {{"A_t", "[diag(q_c)*D_t + diag(q_o)*U_o', diag(q_c .* f^{t}); D_t, "
                       "diag(f^{t})]"},
               {"D_t", "diag(q_i)*U_i' + diag(q_f)*U_f' + diag(q_g)*U_g'"},
               {"q_i", "g^{t} .* i^{t} .* (1 - i^{t})"},
               {"q_f", "c^{t-1} .* f^{t} .* (1 - f^{t})"},
               {"q_g", "i^{t} .* (1 - g^{t} .* g^{t})"},
               {"q_o", "tanh(c^{t}) .* o^{t} .* (1 - o^{t})"},
               {"q_c", "o^{t} .* (1 - tanh(c^{t}).^2)"},
               {NULL, NULL}},
};

const struct jac_module jac_module_lstm = {
    .name = "lstm",
    .sizes = "INxH",
    .nsize = 2,
    .example = "lstm:3x2",
    .definition = "y[n,o] = cases(h_t[n,o], o <= H, c_t[n,o-H])",
    .options = jac_recurrent_options,
    .make = jac_recurrent_make,
    .family = &lstm_cell,
};
