#include "jacobian/mistake.h"

#include "jacobian/order.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_mistake_case *case_t;
typedef const struct jac_suspects *suspects_t;

/* Where a kind applies. */

static bool square(suspects_t s) {
  return s->truth->rows == s->truth->cols && s->truth->rows > 1;
}

static bool several_samples(suspects_t s) {
  return s->truth->slices > 1;
}

/* The samples of a parameter's Jacobian where they are coupled: one under the other. */
static bool stacked(suspects_t s) {
  const struct jac_map *m = s->map;
  return m->coupled && m->batch > 1 && m->var[s->wrt].role == JAC_PARAMETER &&
         s->truth->slices == 1 && s->truth->rows == m->batch * m->cols;
}

static bool sums_samples(suspects_t s) {
  return several_samples(s) || stacked(s);
}

static bool several_rows(suspects_t s) {
  return s->truth->rows > 1;
}

static bool several_cols(suspects_t s) {
  return s->truth->cols > 1;
}

static bool numbered_twice(suspects_t s) {
  const struct jac_variable *var = &s->map->var[s->wrt];
  return var->role == JAC_PARAMETER && var->ndim > 1;
}

static bool has_z_for_y(suspects_t s) {
  return s->z_for_y != NULL;
}

static bool has_y_for_z(suspects_t s) {
  return s->y_for_z != NULL;
}

static bool same_shape(suspects_t s, const struct jac_array3 *a) {
  const struct jac_array3 *t = s->truth;
  return a->slices == t->slices && a->rows == t->rows && a->cols == t->cols;
}

/* How many ways there are. */

static size_t one_or_two_rows(suspects_t s) {
  return s->truth->rows > 2 ? 2 : 1;
}

static size_t one_or_two_cols(suspects_t s) {
  return s->truth->cols > 2 ? 2 : 1;
}

static size_t paths(suspects_t s) {
  return jac_slips_count(s->slips);
}

/* Missing, then too many, of each quantity. */
static size_t quantities(suspects_t s) {
  return 2 * s->nquantity;
}

static size_t others(suspects_t s) {
  size_t count = 0;
  for (size_t k = 0; k < s->nother; k++)
    count += same_shape(s, &s->other[k]);
  return count;
}

/* The way-th other Jacobian of the truth's shape. */
static size_t other_at(suspects_t s, size_t way) {
  size_t k = 0;
  for (; k < s->nother; k++)
    if (same_shape(s, &s->other[k]) && way-- == 0)
      break;
  return k;
}

/* Factors that people forget or add; never 1. */
static size_t factors(suspects_t s, double factor[6]) {
  const struct jac_variable *var = &s->map->var[s->wrt];
  double batch = (double)s->map->batch, n = (double)var->dims[var->ndim - 1];
  const double all[] = {2.0, 0.5, batch, 1.0 / batch, n, 1.0 / n};
  size_t count = 0;
  for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
    bool known = all[k] == 1.0;
    for (size_t j = 0; j < count; j++)
      known = known || factor[j] == all[k];
    if (!known)
      factor[count++] = all[k];
  }
  return count;
}

static size_t count_factors(suspects_t s) {
  double factor[6] = {0.0};
  return factors(s, factor);
}

/* The wrong entries. */

static double at(case_t c, size_t s, size_t i, size_t j) {
  return *jac_array3_at(c->t, s, i, j);
}

static double transposed(case_t c, size_t s, size_t i, size_t j) {
  return at(c, s, j, i);
}

static double opposite(case_t c, size_t s, size_t i, size_t j) {
  return -at(c, s, i, j);
}

static double transposed_opposite(case_t c, size_t s, size_t i, size_t j) {
  return -at(c, s, j, i);
}

static double renumbered(case_t c, size_t s, size_t i, size_t j) {
  const struct jac_variable *var = &c->s->map->var[c->s->wrt];
  size_t index[3];
  jac_number_to_index(var, JAC_ORDER_C, j, index);
  return at(c, s, i, jac_index_to_number(var, JAC_ORDER_F, index));
}

static double summed(case_t c, size_t s, size_t i, size_t j) {
  double sum = 0.0;
  size_t each = c->s->map->cols;
  (void)s;
  for (size_t k = 0; k < c->t->slices && !stacked(c->s); k++)
    sum += at(c, k, i, j);
  for (size_t k = i % each; k < c->t->rows && stacked(c->s); k += each)
    sum += at(c, 0, k, j);
  return sum;
}

static double averaged(case_t c, size_t s, size_t i, size_t j) {
  return summed(c, s, i, j) / (double)c->t->slices;
}

static double diagonal(case_t c, size_t s, size_t i, size_t j) {
  return i == j ? at(c, s, i, j) : 0.0;
}

static double no_diagonal(case_t c, size_t s, size_t i, size_t j) {
  return i == j ? 0.0 : at(c, s, i, j);
}

static double identity_added(case_t c, size_t s, size_t i, size_t j) {
  return at(c, s, i, j) + (i == j ? 1.0 : 0.0);
}

static double identity_missing(case_t c, size_t s, size_t i, size_t j) {
  return at(c, s, i, j) - (i == j ? 1.0 : 0.0);
}

static double other_row(case_t c, size_t s, size_t i, size_t j) {
  size_t rows = c->t->rows;
  return at(c, s, (i + (c->way == 0 ? 1 : rows - 1)) % rows, j);
}

static double other_col(case_t c, size_t s, size_t i, size_t j) {
  size_t cols = c->t->cols;
  return at(c, s, i, (j + (c->way == 0 ? 1 : cols - 1)) % cols);
}

static double permuted_row(case_t c, size_t s, size_t i, size_t j) {
  return at(c, s, c->line[i], j);
}

static double permuted_col(case_t c, size_t s, size_t i, size_t j) {
  return at(c, s, i, c->line[j]);
}

static double permuted_sample(case_t c, size_t s, size_t i, size_t j) {
  return at(c, c->line[s], i, j);
}

static double with_quantity(case_t c, size_t s, size_t i, size_t j) {
  const struct jac_quantity *q = &c->s->quantity[c->way / 2];
  double v = q->by_columns ? q->value[s * c->t->cols + j] : q->value[s * c->t->rows + i];
  return c->way % 2 == 0 ? at(c, s, i, j) / v : at(c, s, i, j) * v;
}

static double path(case_t c, size_t s, size_t i, size_t j) {
  return jac_slips_value(c->s->slips, c->way, s, i, j);
}

static double z_for_y(case_t c, size_t s, size_t i, size_t j) {
  return *jac_array3_at(c->s->z_for_y, s, i, j);
}

static double y_for_z(case_t c, size_t s, size_t i, size_t j) {
  return *jac_array3_at(c->s->y_for_z, s, i, j);
}

static double other_variable(case_t c, size_t s, size_t i, size_t j) {
  return *jac_array3_at(&c->s->other[other_at(c->s, c->way)], s, i, j);
}

static double scaled(case_t c, size_t s, size_t i, size_t j) {
  return c->factor * at(c, s, i, j);
}

static double zero(case_t c, size_t s, size_t i, size_t j) {
  (void)c, (void)s, (void)i, (void)j;
  return 0.0;
}

static const struct jac_mistake_kind kinds[JAC_MISTAKES] = {
    [JAC_MISTAKE_ORDER] =
        {"order", N_("its parameters are numbered in the other order (--order)"),
         N_("W was laid out row by row, as PyTorch flattens, but the columns are "
            "numbered "
            "column by column: the numbers are right, their places are not."),
         2, numbered_twice, NULL, renumbered},
    [JAC_MISTAKE_TRANSPOSED] =
        {"transposed", N_("it is the transpose: a row for every output is needed"),
         N_("Rows are outputs and columns are variables: the entry in row i and column j "
            "is d y_i / d x_j. For z W the Jacobian with respect to z is W^T, not W."),
         1, square, NULL, transposed},
    [JAC_MISTAKE_SIGN] =
        {"sign", N_("it has the opposite sign"),
         N_("One entry is enough to see it: let the variable grow a little and see which "
            "way the output goes. Often a minus of a loss was lost."),
         1, NULL, NULL, opposite},
    [JAC_MISTAKE_PATH] =
        {"path", NULL,
         N_("The chain rule has a term for every way from the input to the output: "
            "through a mean, through a variance, through every number of a softmax. Draw "
            "the ways, and count the terms."),
         2, NULL, paths, path},
    [JAC_MISTAKE_SUMMED] =
        {"summed", N_("it is summed over the samples: each sample has its own slice"),
         N_("Each sample has a Jacobian of its own; what is summed over the batch is the "
            "gradient of a total loss. Here all slices are equal."),
         2, sums_samples, NULL, summed},
    [JAC_MISTAKE_AVERAGED] =
        {"averaged", N_("it is averaged over the samples: each sample has its own slice"),
         N_("A mean over the batch belongs to a loss that averages; a Jacobian has a "
            "slice for every sample, and here all slices are equal."),
         2, several_samples, NULL, averaged},
    [JAC_MISTAKE_DIAGONAL] =
        {"diagonal", N_("it has the diagonal only: the other entries are not zero"),
         N_("An output depends on the other inputs too: s(1 - s) is only the diagonal of "
            "softmax, nothing off it may be left out."),
         1, square, NULL, diagonal},
    [JAC_MISTAKE_NO_DIAGONAL] =
        {"no diagonal", N_("its diagonal is missing"),
         N_("An output depends on its own input first of all: the delta_ij of the "
            "formula was forgotten."),
         2, square, NULL, no_diagonal},
    [JAC_MISTAKE_IDENTITY_ADDED] =
        {"identity", N_("it is the Jacobian plus the identity"),
         N_("The identity is the Jacobian of y = x: it belongs there only where x is "
            "added, as in a residual block x + f(x)."),
         2, square, NULL, identity_added},
    [JAC_MISTAKE_IDENTITY_MISSING] =
        {"identity missing", N_("it is the Jacobian minus the identity"),
         N_("Where x itself is a term of the output, its derivative is the identity: it "
            "was forgotten."),
         2, square, NULL, identity_missing},
    [JAC_MISTAKE_TRANSPOSED_SIGN] =
        {"transposed sign", N_("it is the transpose with the opposite sign"),
         N_("Two mistakes at once: rows and columns changed places and a minus was "
            "lost. Look at the diagonal for the sign, at a corner for the transpose."),
         3, square, NULL, transposed_opposite},
    [JAC_MISTAKE_ROWS_SHIFTED] =
        {"rows", N_("its rows are shifted by one"),
         N_("The rows are the right ones, each one place away from its output: an index "
            "starts at 0 where another starts at 1."),
         3, several_rows, one_or_two_rows, other_row},
    [JAC_MISTAKE_COLS_SHIFTED] =
        {"columns", N_("its columns are shifted by one"),
         N_("The columns are the right ones, each one place away from its variable: an "
            "index starts at 0 where another starts at 1."),
         3, several_cols, one_or_two_cols, other_col},
    [JAC_MISTAKE_FACTOR] =
        {"factor", NULL,
         N_("A factor that is the same everywhere is a square whose 2 was forgotten or "
            "counted twice, or a mean: check one entry by hand."),
         1, NULL, count_factors, scaled},
    [JAC_MISTAKE_ZERO] = {"zero", N_("it is zero"),
                          N_("Nothing is left: a graph that was detached, or a gradient "
                             "that was reset before it was read."),
                          0, NULL, NULL, zero},
    [JAC_MISTAKE_QUANTITY] =
        {"quantity", NULL,
         N_("A factor of each output or input, the derivative of an activation, was "
            "forgotten or applied twice: y(1 - y) belongs to a sigmoid, 1 - y^2 to a "
            "tanh."),
         3, NULL, quantities, with_quantity},
    [JAC_MISTAKE_Z_FOR_Y] = {"z for y", N_("z stands where y is meant"),
                             N_("y(1 - y) and 1 - y^2 are written with the output: with "
                                "the input in its place they are other numbers."),
                             3, has_z_for_y, NULL, z_for_y},
    [JAC_MISTAKE_Y_FOR_Z] = {"y for z", N_("y stands where z is meant"),
                             N_("The derivative is taken at the input; here it was taken "
                                "at the output, as if the function were applied twice."),
                             3, has_y_for_z, NULL, y_for_z},
    [JAC_MISTAKE_OTHER] =
        {"other variable", NULL,
         N_("It is right, but of another variable: say first what is held fast."), 3,
         NULL, others, other_variable},
    [JAC_MISTAKE_SAMPLES_PERMUTED] =
        {"samples permuted", N_("its samples are in another order"),
         N_("The batch was shuffled between the forward pass and the Jacobian."), 3,
         several_samples, NULL, permuted_sample},
    [JAC_MISTAKE_ROWS_PERMUTED] =
        {"rows permuted", N_("its rows are the right ones in another order"),
         N_("The outputs were put in another order, as by a set or a dictionary."), 0,
         several_rows, NULL, permuted_row},
    [JAC_MISTAKE_COLS_PERMUTED] =
        {"columns permuted", N_("its columns are the right ones in another order"),
         N_("The variables were put in another order, as by a set or a dictionary."), 0,
         several_cols, NULL, permuted_col},
    [JAC_MISTAKE_PATTERN] =
        {"zeros", N_("entries are zero that should not be, or the reverse"),
         N_("A dependence was overlooked, or one was seen where there is none."), 0, NULL,
         NULL, NULL},
};

const struct jac_mistake_kind *jac_mistake_kind(enum jac_mistake mistake) {
  return &kinds[mistake];
}

bool jac_mistake_applies(const struct jac_suspects *s, enum jac_mistake mistake) {
  return (kinds[mistake].applies == NULL || kinds[mistake].applies(s)) &&
         jac_mistake_ways(s, mistake) > 0;
}

size_t jac_mistake_ways(const struct jac_suspects *s, enum jac_mistake mistake) {
  return kinds[mistake].ways == NULL ? 1 : kinds[mistake].ways(s);
}

struct jac_diagnosis jac_mistake_diagnosis(const struct jac_mistake_case *c,
                                           enum jac_mistake mistake) {
  struct jac_diagnosis d = {.mistake = mistake, .factor = c->factor};
  if (mistake == JAC_MISTAKE_QUANTITY) {
    d.name = c->s->quantity[c->way / 2].name;
    d.missing = c->way % 2 == 0;
  } else if (mistake == JAC_MISTAKE_PATH)
    d.name = jac_slips_sentence(c->s->slips, c->way);
  else if (mistake == JAC_MISTAKE_OTHER)
    d.name = c->s->other_name[other_at(c->s, c->way)];
  return d;
}

/* Draws below count; the state moves on (Knuth's MMIX generator). */
static size_t below(uint64_t *state, size_t count) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (size_t)((*state >> 33) % count);
}

static void shuffle(size_t *line, size_t count, uint64_t *state) {
  for (size_t k = 0; k < count; k++)
    line[k] = k;
  for (size_t k = count; k > 1; k--) {
    size_t with = below(state, k), kept = line[k - 1];
    line[k - 1] = line[with];
    line[with] = kept;
  }
}

static double largest(const struct jac_array3 *a) {
  double most = 0.0;
  for (size_t k = 0; k < a->slices * a->rows * a->cols; k++)
    most = isfinite(a->data[k]) ? fmax(most, fabs(a->data[k])) : INFINITY;
  return most;
}

/* One to three entries, all zero or all not, become what they should not be. */
static void misplace(struct jac_array3 *wrong, uint64_t *state) {
  bool to_zero = below(state, 2) == 0;
  double scale = largest(wrong);
  size_t count = wrong->slices * wrong->rows * wrong->cols, most = 1 + below(state, 3);
  for (int tries = 0; tries < 100 && most > 0; tries++) {
    double *entry = &wrong->data[below(state, count)];
    if ((*entry != 0.0) != to_zero)
      continue;
    *entry = to_zero ? 0.0 : scale * (0.1 + 0.01 * (double)below(state, 100));
    most--;
  }
}

/* A missing factor is one that the module's derivative has. */
static bool sensible(const struct jac_mistake_case *c, enum jac_mistake mistake) {
  return mistake != JAC_MISTAKE_QUANTITY || c->way % 2 == 1 ||
         c->s->quantity[c->way / 2].own;
}

/* Whether the eye sees a difference, and every number is one. */
static bool differs(const struct jac_array3 *wrong, const struct jac_array3 *truth) {
  double apart = 0.0, scale = fmax(largest(wrong), largest(truth));
  for (size_t k = 0; k < truth->slices * truth->rows * truth->cols; k++)
    apart = fmax(apart, fabs(wrong->data[k] - truth->data[k]));
  return isfinite(scale) && apart > 0.02 * scale;
}

/* Long: what is drawn, in the order that a seed keeps. */
enum jac_status jac_mistake_plant(const struct jac_suspects *s, enum jac_mistake mistake,
                                  unsigned long draw, struct jac_array3 *wrong,
                                  struct jac_diagnosis *expected, bool *planted,
                                  struct jac_error *err) {
  const struct jac_array3 *t = s->truth;
  const struct jac_mistake_kind *kind = &kinds[mistake];
  uint64_t state = 2 * (uint64_t)draw + 1;
  *planted = false;
  if (t->slices * t->rows * t->cols == 0 || !jac_mistake_applies(s, mistake))
    return JAC_OK;
  below(&state, 2);
  struct jac_mistake_case c = {
      .s = s, .t = t, .way = below(&state, jac_mistake_ways(s, mistake))};
  if (!sensible(&c, mistake))
    return JAC_OK;
  if (mistake == JAC_MISTAKE_FACTOR) {
    double factor[6] = {0.0};
    factors(s, factor);
    c.factor = factor[c.way];
  }
  size_t lines = t->slices > t->rows ? t->slices : t->rows;
  lines = lines > t->cols ? lines : t->cols;
  size_t *line = malloc(lines * sizeof *line);
  c.line = line;
  if (line == NULL)
    return jac_fail_memory(err);
  shuffle(line,
          mistake == JAC_MISTAKE_SAMPLES_PERMUTED ? t->slices
          : mistake == JAC_MISTAKE_ROWS_PERMUTED  ? t->rows
                                                  : t->cols,
          &state);
  enum jac_status status = jac_array3_alloc(t->slices, t->rows, t->cols, wrong, err);
  if (status == JAC_OK) {
    wrong->clear = false;
    for (size_t n = 0; n < t->slices; n++)
      for (size_t i = 0; i < t->rows; i++)
        for (size_t j = 0; j < t->cols; j++)
          *jac_array3_at(wrong, n, i, j) =
              kind->entry != NULL ? kind->entry(&c, n, i, j) : at(&c, n, i, j);
    if (kind->entry == NULL)
      misplace(wrong, &state);
    *expected = jac_mistake_diagnosis(&c, mistake);
    *planted = differs(wrong, t);
    if (!*planted)
      jac_array3_free(wrong);
  }
  free(line);
  return status;
}
