/* nll: the negative log-likelihood of log-probabilities z, as log-softmax gives them,
 * against a distribution y: L[n] = -sum_i y[n,i] z[n,i]. Its gradient is -y for z. A
 * class that is ignored has 0 for y. */
#include "jacobian/text.h"
#include "layers/loss.h"

enum { WEIGHT = JAC_LOSS_MORE };

static double weight(const struct jac_loss_sample *s, size_t i) {
  return s->x[WEIGHT] != NULL ? s->x[WEIGHT][i] : 1.0;
}

static double cost(const struct jac_loss_sample *s) {
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum -= weight(s, i) * jac_loss_label(s, i) * s->x[JAC_LOSS_Z][i];
  return sum;
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z];
  for (size_t i = 0; i < s->n; i++) {
    double y = jac_loss_label(s, i), by_y = i + 1 == s->ignore ? 0.0 : z[i];
    row[i] = wrt == WEIGHT ? -y * z[i] : -weight(s, i) * (wrt == JAC_LOSS_Z ? y : by_y);
  }
}

/* Each term is a product of three: what is left of it without one of them. */
static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  for (size_t i = 0; i < s->n; i++) {
    row[i] = i + 1 == s->ignore ? 0.0 : -1.0;
    for (size_t v = 0; v <= WEIGHT; v++)
      row[i] *= v == wrt || s->x[v] == NULL ? 1.0 : s->x[v][i];
  }
}

#define COUNTS "ind(i != ignore)*"

static const struct jac_loss ignoring_weighted = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, " COUNTS "w[i]*y[n,i]*z[n,i])",
    .entry = {"-" COUNTS "w[i]*y[n,i]", "-" COUNTS "w[i]*z[n,i]"},
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .more = {{"w", "w", JAC_POSITIVE, "-" COUNTS "y[n,i]*z[n,i]", true}},
    .weighted = true,
};

static const struct jac_loss ignoring = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, " COUNTS "y[n,i]*z[n,i])",
    .entry = {"-" COUNTS "y[n,i]", "-" COUNTS "z[n,i]"},
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
};

static const struct jac_loss weighted = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, w[i]*y[n,i]*z[n,i])",
    .entry = {"-w[i]*y[n,i]", "-w[i]*z[n,i]"},
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .more = {{"w", "w", JAC_POSITIVE, "-y[n,i]*z[n,i]", true}},
    .weighted = true,
    .ignoring = &ignoring_weighted,
};

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, y[n,i]*z[n,i])",
    .entry = {"-y[n,i]", "-z[n,i]"},
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .flag = "weighted",
    .flagged = &weighted,
    .ignoring = &ignoring,
};

static const struct jac_module_option options[] = {
    JAC_LOSS_REDUCTION,
    {"weighted", NULL, N_("a weight w for each class; the mean is weighted too")},
    JAC_LOSS_IGNORE,
    {NULL, NULL, NULL}};

const struct jac_module jac_module_nll = {
    .name = "nll",
    .matrices = "-sum(y .* z)",
    .sizes = "N",
    .nsize = 1,
    .example = "nll:3",
    .definition = "L[n] = -sum(i, y[n,i]*z[n,i])",
    .options = options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
