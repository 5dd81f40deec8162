/* Definitions that derivations begin with, where the module's own has three indices, or
 * gates side by side, or names what comes back in the derivative. */
#include "visual/cli/derived_rows.h"

#include "jacobian/text.h"

#include <string.h>

#define LAYER_NORM                                                                       \
  "c = z - mean(z); s = sqrt(mean(c.^2) + epsilon); y = gamma .* c / s + beta"
#define ATTENTION "E = (Q*K')/sqrt(d); S = softmax(E); y = S*V"
#define MAX_POOL "y[l] = max(k, z[l,k])"
#define AVG_POOL "y[l] = sum(k, z[l,k])/K"
#define ONE_FEATURE                                                                      \
  "c = z - mean(z); s = sqrt(mean(c.^2) + epsilon); y = gamma * c / s + beta"
#define WINDOWS                                                                          \
  N_("One channel: row l of z is the window of output l, K entries. An entry that "      \
     "stands in several windows gets the sum of what comes back to its places.")
#define GATE(t, gate, f) t " = " f "(z*W_" gate " + h*U_" gate " + b_" gate ")"
#define GATE_SIZES(gate)                                                                 \
  "W_" gate "=inputxhidden,U_" gate "=hiddenxhidden,b_" gate "=1xhidden"

#define TURNED "y = (w^2 - v*v')*z + 2*(z*v')*v + 2*w*cross(v, z)"
#define QUATERNION                                                                       \
  N_("q = (w, v): w is its first entry, v the other three. Where q has the norm 1 it "   \
     "is "                                                                               \
     "a rotation.")

#define MASKED "E = (Q*K')/sqrt(d) + M; S = softmax(E); y = S*V"
#define MASKED_SIZES "Q=nxd,K=nxd,V=nxm,M=nxn"

/* Windows that need not lie in z. */
#define MOVED_WINDOWS                                                                    \
  {                                                                                      \
    "conv1d", "y[l] = sum(j, sum(k, ind(j = l + k - 1)*W[k]*z[j])) + b",                 \
        "y=Mx1,z=Nx1,W=Kx1,b=1x1", NULL,                                                 \
        N_("One channel in and out: W is its K taps, and what lies outside z counts as " \
           "0. "                                                                         \
           "Channels in are added up, each channel out has taps of its own.")            \
  }

/* Modules with options that change the function. */
static const struct {
  const char *option;
  struct jac_derived_row row;
} optional[] = {
    {"temperature=",
     {"softmax", "S = sum(exp(z/t)); y = exp(z/t)/S", "z=1xn,t=1x1", "t",
      N_("t is the temperature.")}},
    {"temperature=",
     {"softmin", "y = softmax(-z/t)", "z=1xn,t=1x1", "t", N_("t is the temperature.")}},
    {"mode=eval",
     {"batch-norm", "s = sqrt(v + epsilon); y = gamma .* (z - mu) ./ s + beta",
      "z=1xn,gamma=1xn,beta=1xn,mu=1xn,v=1xn,epsilon=1x1", "mu v epsilon",
      N_("mu and v are the running mean and variance, which are given: the samples do "
         "not "
         "meet.")}},
    {"temperature=",
     {"gumbel-softmax", "y = softmax((z + q)/t)", "z=1xn,q=1xn,t=1x1", "t",
      N_("q is Gumbel's noise, the module's g; t is the temperature.")}},
    {"weighted",
     {"nll", "L = -sum(w .* y .* z)", "z=1xn,y=1xn,w=1xn", "y w",
      N_("w has a weight for each class.")}},
    {"weighted",
     {"cross-entropy", "s = softmax(z); L = -sum(w .* y .* log(s))", "z=1xn,y=1xn,w=1xn",
      "y w", N_("w has a weight for each class.")}},
    {"mode=eval", {"dropout", "y = z", "z=1xn", NULL, NULL}},
    {"mask=",
     {"attention", MASKED, MASKED_SIZES, "d M",
      N_("A row is a token, softmax works row by row. M is 0 where a token may look and "
         "so "
         "far below 0 elsewhere that the weight there is 0.")}},
    {"mask=",
     {"multi-head", MASKED, MASKED_SIZES, "d M",
      N_("One head: Q, K and V are its columns; heads do not meet. M is 0 where a token "
         "may "
         "look and so far below 0 elsewhere that the weight there is 0.")}},
    {"padding=", MOVED_WINDOWS},
    {"stride=", MOVED_WINDOWS},
    {"dilation=", MOVED_WINDOWS},
    {"by=quaternion", {"rotate", TURNED, "z=1x3,w=1x1,v=1x3", NULL, QUATERNION}},
    {"by=quaternion",
     {"pose", TURNED " + t", "z=1x3,w=1x1,v=1x3,t=1x3", NULL, QUATERNION}},
    {"smoothing=",
     {"cross-entropy", "s = softmax(z); L = -sum(((1 - a)*y + a/n) .* log(s))",
      "z=1xn,y=1xn,a=1x1", "y a",
      N_("a is the smoothing; y is a distribution, and so is what stands in its "
         "place.")}},
};

static const struct jac_derived_row rows[] = {
    {"softmax", "S = sum(exp(z)); y = exp(z)/S", NULL, NULL, NULL},
    {"layer-norm", LAYER_NORM, NULL, NULL, NULL},
    {"rms-norm", "s = sqrt(mean(z.^2) + epsilon); y = gamma .* z / s", NULL, NULL, NULL},
    {"group-norm", LAYER_NORM, "z=1xn,gamma=1xn,beta=1xn,epsilon=1x1", "epsilon",
     N_("One group: z holds its entries, which have their mean and s in common; groups "
        "do "
        "not meet.")},
    {"cross-entropy", "s = softmax(z); L = -sum(y .* log(s))", NULL, NULL,
     N_("y is a distribution, sum(y) = 1: the gradient is s - y, what was said less what "
        "is.")},
    {"batch-norm", ONE_FEATURE, "z=batchx1,gamma=1x1,beta=1x1,epsilon=1x1", "epsilon",
     N_("One feature: z is its column over the batch, gamma and beta are its two "
        "numbers. "
        "The samples meet in the mean and in s; features do not meet.")},
    {"instance-norm", ONE_FEATURE, "z=lengthx1,gamma=1x1,beta=1x1,epsilon=1x1", "epsilon",
     N_("One channel of one sample: z is its column over the positions, gamma and beta "
        "are its two numbers. The positions meet in the mean and in s.")},
    {"attention", ATTENTION, "Q=nxd,K=nxd,V=nxm", "d",
     N_("A row is a token, softmax works row by row. The tokens meet in S, the weights "
        "of each over all.")},
    {"multi-head", ATTENTION, "Q=nxd,K=nxd,V=nxm", "d",
     N_("One head: Q, K and V are its columns; heads do not meet. The tokens meet in S, "
        "the weights of each over all.")},
    {"rnn", "y = tanh(z*W + h*U + b)",
     "z=1xinput,W=inputxhidden,h=1xhidden,U=hiddenxhidden,b=1xhidden", NULL,
     N_("One step; through time the last state is the next h.")},
    {"lstm",
     GATE("i", "i", "sigma") "; " GATE("f", "f", "sigma") "; " GATE(
         "k", "g", "tanh") "; " GATE("o", "o",
                                     "sigma") "; q = f .* c + i .* k; y = o .* tanh(q)",
     "z=1xinput,h=1xhidden,c=1xhidden," GATE_SIZES("i") "," GATE_SIZES(
         "f") "," GATE_SIZES("g") "," GATE_SIZES("o"),
     NULL,
     N_("One step: q is the new c, y the new h, k what g_t is in the module. W is W_i, "
        "W_f, W_g, W_o side by side, and so are U and b.")},
    {"gru",
     GATE("r", "r", "sigma") "; " GATE("u", "u",
                                       "sigma") "; n = tanh(z*W_n + b_n + r .* "
                                                "(h*U_n + c)); y = (1 - u) .* n + u .* h",
     "z=1xinput,h=1xhidden," GATE_SIZES("r") "," GATE_SIZES("u") "," GATE_SIZES(
         "n") ",c=1xhidden",
     NULL,
     N_("One step; W is W_r, W_u, W_n side by side, and so is U. Of the two gates the "
        "two biases are one, of n they are b_n and c, the "
        "module's d.")},
    {"conv1d", "y[l] = sum(k, W[k]*z[l + k - 1]) + b", "y=Mx1,z=M+K-1x1,W=Kx1,b=1x1",
     NULL,
     N_("One channel in and out, stride 1: W is its K taps, M windows of as many entries "
        "lie in z. Channels in are added up, each channel out has taps of its own. "
        "Padding puts zeros before and behind z; with a stride s, s (i - 1) + 1 stands "
        "for i.")},
    {"conv2d", "y[r,s] = sum(p, sum(q, W[p,q]*z[r + p - 1, s + q - 1])) + b",
     "y=RxS,z=R+P-1xS+Q-1,W=PxQ,b=1x1", NULL,
     N_("One channel in and out, stride 1: z is an image, W its taps, R x S windows of P "
        "x Q entries lie in z. Channels in are added up, each channel out has taps of "
        "its own.")},
    {"conv-transpose1d", "y[l] = sum(j, sum(k, ind(l = j + k - 1)*W[k]*z[j])) + b",
     "y=N+K-1x1,z=Nx1,W=Kx1,b=1x1", NULL,
     N_("One channel in and out, stride 1: entry j of z adds W_k z_j to place j + k - 1. "
        "Outputs and data have changed places with those of conv1d, so that the Jacobian "
        "with respect to z is the transpose of its.")},
    {"max-pool1d", MAX_POOL, "y=Mx1,z=MxK", NULL, WINDOWS},
    {"max-pool2d", MAX_POOL, "y=Mx1,z=MxK", NULL, WINDOWS},
    {"avg-pool1d", AVG_POOL, "y=Mx1,z=MxK", NULL, WINDOWS},
    {"avg-pool2d", AVG_POOL, "y=Mx1,z=MxK", NULL, WINDOWS},
    {"maxout", "y[o] = max(k, z[o,k])", "y=nx1,z=nxK", NULL,
     N_("Row o of z are the pieces of output o.")},
    {"embedding", "y = z*W", "z=1xV,W=VxD", "z",
     N_("z is the row with a 1 at the token's number and 0 elsewhere: z W is that row of "
        "W, and the gradient goes to that row alone.")},
    {"glu", "y[o] = z[1,o]*sigma(z[2,o])", "y=nx1,z=2xn", NULL,
     N_("z is its two halves, one above the other.")},
    {"swiglu", "y[o] = z[1,o]*z[2,o]*sigma(z[2,o])", "y=nx1,z=2xn", NULL,
     N_("z is its two halves, one above the other.")},
    {"gumbel-softmax", "y = softmax(z + q)", "z=1xn,q=1xn", NULL,
     N_("q is Gumbel's noise, the module's g.")},
    {"bilinear", "y = z*W*x' + b", "z=1xn,W=nxm,x=1xm,b=1x1", NULL,
     N_("One output, W its matrix; x is the module's second input.")},
    {"weight-norm", "r = norm(V); y = g*(z*V)/r + b", "z=1xinput,V=inputx1,g=1x1,b=1x1",
     NULL, N_("One output: V is its column, r the column's norm; outputs do not meet.")},
    {"positional", "y = z + P", "z=1xd,P=1xd", "P",
     N_("One position: P, its sines and cosines, is fixed.")},
    {"rotary", "y = z*R", "z=1xd,R=dxd", "R",
     N_("One token: R turns each pair of its entries by an angle of its own, R R^T = "
        "I.")},
    {"rotate", "y = z*[cos(a), sin(a); -sin(a), cos(a)]", "z=1x2,a=1x1", NULL, NULL},
    {"pose", "y = z*R + t", "z=1x3,R=3x3,t=1x3", "R",
     N_("R is the rotation that q gives, R R^T = I.")},
    {"cross", "y = [z[2]*x[3] - z[3]*x[2], z[3]*x[1] - z[1]*x[3], z[1]*x[2] - z[2]*x[1]]",
     "z=1x3,x=1x3", NULL, N_("x is the module's second input.")},
    {"skew", "y = [0, -z[3], z[2]; z[3], 0, -z[1]; -z[2], z[1], 0]", "z=1x3", NULL, NULL},
    {"huber", "L = sum((z - y).^2 - max(0, abs(z - y) - 1).^2)/2", NULL, NULL,
     N_("Beyond 1 what is taken off leaves |z - y| - 1/2.")},
    {"hinge", "L = sum(i, sum(j, y[i]*ind(i != j)*max(0, margin - z[i] + z[j])))", NULL,
     NULL, NULL},
    {"focal", "s = softmax(z); L = -sum(y .* (1 - s).^gamma .* log(s))",
     "z=1xn,y=1xn,gamma=1x1", "y gamma", NULL},
    {"gaussian-nll", "L = sum(log(v) + (z - y).^2 ./ v)/2", "z=1xn,y=1xn,v=1xn", "y",
     NULL},
    {"contrastive", "s = z*y'; L = logsumexp(s) - s*e'", "z=1xd,y=batchxd,e=1xbatch", "e",
     N_("One sample z; the rows of y are what it is told from, e has a 1 at its own. The "
        "temperature is 1.")},
};

const char *jac_derived_left_out(const char *module, const char *spec) {
  static const char *const left[][2] = {
      {"conv2d", "stride="},
      {"conv2d", "padding="},
      {"conv2d", "dilation="},
      {"conv-transpose1d", "stride="},
      {"conv-transpose1d", "padding="},
      {"conv-transpose1d", "dilation="},
      {"cosine-loss", "apart"},
      {"hinge", "binary"},
      {"contrastive", "temperature="},
      {"rnn", "steps="},
      {"lstm", "steps="},
      {"gru", "steps="},
      {"rotate", "by=axis"},
      {"rotate", "perturbation="},
      {"pose", "perturbation="},
  };
  for (size_t k = 0; k < sizeof left / sizeof *left; k++) {
    const char *at = strcmp(left[k][0], module) == 0 ? strstr(spec, left[k][1]) : NULL;
    if (at && at[-1] == ',' && strcmp(at, "steps=1") != 0)
      return left[k][1];
  }
  bool both = strstr(spec, ",weighted") && strstr(spec, ",smoothing=");
  return both ? "weighted" : NULL;
}

const char *jac_derived_names(const char *module, const char *variable) {
  static const char *const names[][3] = {
      {"gumbel-softmax", "g", "q"},
      {"bilinear", "y", "x"},
      {"cross", "y", "x"},
      {"rotate", "q", "w v"},
      {"pose", "q", "w v"},
      {"lstm", "W", "W_i W_f W_g W_o"},
      {"lstm", "U", "U_i U_f U_g U_o"},
      {"lstm", "b", "b_i b_f b_g b_o"},
      {"gru", "W", "W_r W_u W_n"},
      {"gru", "U", "U_r U_u U_n"},
      {"gru", "b", "b_r b_u b_n"},
      {"gru", "d", "c"}, /* d d would be two things */
  };
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (strcmp(names[k][0], module) == 0 && strcmp(names[k][1], variable) == 0)
      return names[k][2];
  return NULL;
}

const struct jac_derived_row *jac_derived_row(const char *module, const char *spec) {
  for (size_t k = 0; k < sizeof optional / sizeof *optional; k++)
    if (strcmp(optional[k].row.module, module) == 0 && strstr(spec, optional[k].option))
      return &optional[k].row;
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
    if (strcmp(rows[k].module, module) == 0)
      return &rows[k];
  return NULL;
}

bool jac_derived_row_is_optional(const struct jac_derived_row *row) {
  for (size_t k = 0; k < sizeof optional / sizeof *optional; k++)
    if (row == &optional[k].row)
      return true;
  return false;
}

#define STEP_SIZES                                                                       \
  "z=batchxinput,h=batchxhidden,W=inputxhidden,U=hiddenxhidden,b=1xhidden"
#define STEP "z=batchxinput,h=batchxhidden,"

/* Entry by entry, a batch is as one sample is; the others are here. */
static const struct jac_derived_batch batches[] = {
    {"softmax", "y = softmax(z)", NULL, NULL, false},
    {"log-softmax", NULL, NULL, NULL, false},
    {"softmin", NULL, NULL, NULL, false},
    {"layer-norm",
     "c = z - z*ones(n,1)*ones(1,n)/n; s = sqrt((c.^2)*ones(n,1)/n + epsilon); "
     "y = gamma .* (c/s) + beta",
     NULL, "z", false},
    {"rms-norm", "s = sqrt((z.^2)*ones(n,1)/n + epsilon); y = gamma .* (z/s)", NULL, "z",
     false},
    {"normalize", "s = sqrt((z.^2)*ones(n,1)); y = z/s", NULL, NULL, false},
    {"rnn", NULL, STEP_SIZES, NULL, false},
    {"lstm", NULL,
     STEP "c=batchxhidden," GATE_SIZES("i") "," GATE_SIZES("f") "," GATE_SIZES(
         "g") "," GATE_SIZES("o"),
     NULL, true},
    {"gru", NULL,
     STEP GATE_SIZES("r") "," GATE_SIZES("u") "," GATE_SIZES("n") ",c=1xhidden", NULL,
     false},
    {"cross-entropy", NULL, NULL, "z", false},
    {"mse", NULL, NULL, NULL, false},
    {"mae", NULL, NULL, NULL, false},
    {"huber", NULL, NULL, NULL, false},
    {"bce", NULL, NULL, NULL, false},
    {"bce-logits", NULL, NULL, NULL, false},
    {"nll", NULL, NULL, NULL, false},
    {"kl", NULL, NULL, NULL, false},
    {"poisson", NULL, NULL, NULL, false},
    {"tanh", NULL, NULL, NULL, false},
    {"sigmoid", NULL, NULL, NULL, false},
    {"relu", NULL, NULL, NULL, false},
    {"leaky-relu", NULL, NULL, NULL, false},
    {"elu", NULL, NULL, NULL, false},
    {"softplus", NULL, NULL, NULL, false},
    {"gelu", NULL, NULL, NULL, false},
    {"silu", NULL, NULL, NULL, false},
    {"mish", NULL, NULL, NULL, false},
    {"hardswish", NULL, NULL, NULL, false},
    {"hardtanh", NULL, NULL, NULL, false},
    {"selu", NULL, NULL, NULL, false},
    {"celu", NULL, NULL, NULL, false},
    {"softsign", NULL, NULL, NULL, false},
    {"logsigmoid", NULL, NULL, NULL, false},
    {"prelu", NULL, NULL, NULL, false},
    {"dropout", NULL, NULL, NULL, false},
    {"flatten", NULL, NULL, NULL, false},
    {"linear", NULL, NULL, NULL, false},
};

const struct jac_derived_batch *jac_derived_batch(const char *module) {
  for (size_t k = 0; k < sizeof batches / sizeof *batches; k++)
    if (strcmp(batches[k].module, module) == 0)
      return &batches[k];
  return NULL;
}
