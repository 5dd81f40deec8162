#include "layers/loss.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMULA = 1400, COUNT = 100 };

/* reduction=none: batch x 1, a cost a sample. sum and mean: 1 x 1, and samples share it.
 */
struct loss_map {
  struct jac_map map;
  const struct jac_loss *loss;
  size_t features;
  double scale; /* of each sample's cost in the total: 1, or 1/batch */
  bool reduced;
  bool counted;   /* the mean is over the samples that count */
  size_t ignored; /* a class from 1, or beyond all; 0: there is no such option */
  char definition[FORMULA], steady[FORMULA];
  char entry[JAC_LOSS_VARIABLES][FORMULA];
  struct jac_constant constant[4]; /* batch, N, the option, ignore */
};

static const struct loss_map *of(const struct jac_map *map) {
  return (const struct loss_map *)map;
}

static struct jac_loss_sample sample(const struct jac_map *map, jac_point x, size_t n) {
  struct jac_loss_sample s = {.n = of(map)->features,
                              .c = of(map)->constant[2].value,
                              .ignore = of(map)->ignored};
  for (size_t v = 0; v < map->nvar; v++)
    s.x[v] = gsl_matrix_const_ptr(x[v], map->var[v].role == JAC_DATA ? n : 0, 0);
  return s;
}

/* What a class counts in a mean: its weight, where the loss has such. */
static double weight(const struct loss_map *m, const struct jac_loss_sample *s,
                     size_t i) {
  return m->loss->weighted ? s->x[JAC_LOSS_MORE][i] : 1.0;
}

/* By what the samples' costs are multiplied in the total, and that total, where it is a
 * mean over those that count; 0: it is not. */
struct share {
  double scale, mean;
};

static struct share share_of(const struct jac_map *map, jac_point x) {
  const struct loss_map *m = of(map);
  struct share share = {m->scale, 0.0};
  double count = 0.0, total = 0.0;
  for (size_t n = 0; n < map->batch && m->counted; n++) {
    struct jac_loss_sample s = sample(map, x, n);
    for (size_t i = 0; i < s.n; i++)
      count += weight(m, &s, i) * jac_loss_label(&s, i);
    total += m->loss->cost(&s);
  }
  if (m->counted)
    share = (struct share){1.0 / count, total / count};
  return share;
}

/* A sample's row in the total; y and the weights move the count too. */
static void share_row(const struct jac_map *map, const struct jac_loss_sample *s,
                      size_t wrt, struct share share, double *row) {
  const struct loss_map *m = of(map);
  for (size_t i = 0; i < s->n; i++) {
    double counts = 0.0; /* the derivative of the count */
    if (m->counted && wrt == JAC_LOSS_Y)
      counts = i + 1 != s->ignore ? weight(m, s, i) : 0.0;
    else if (m->counted && wrt == JAC_LOSS_MORE)
      counts = jac_loss_label(s, i);
    row[i] = share.scale * (row[i] - counts * share.mean);
  }
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct loss_map *m = of(map);
  double total = 0.0;
  for (size_t n = 0; n < map->batch; n++) {
    struct jac_loss_sample s = sample(map, x, n);
    double cost = m->loss->cost(&s);
    if (!m->reduced)
      gsl_matrix_set(y, n, 0, cost);
    total += cost;
  }
  if (m->reduced)
    gsl_matrix_set(y, 0, 0, share_of(map, x).scale * total);
  return JAC_OK;
}

/* One row for all samples of a parameter: their gradients add up in it. */
static enum jac_status shared_row(const struct jac_map *map, jac_point x, size_t wrt,
                                  double *total) {
  const struct loss_map *m = of(map);
  double *row = malloc(m->features * sizeof *row);
  if (row == NULL)
    return JAC_ENOMEM;
  struct share share = share_of(map, x);
  for (size_t i = 0; i < m->features; i++)
    total[i] = 0.0;
  for (size_t n = 0; n < map->batch; n++) {
    struct jac_loss_sample s = sample(map, x, n);
    m->loss->gradient(&s, wrt, row);
    share_row(map, &s, wrt, share, row);
    for (size_t i = 0; i < m->features; i++)
      total[i] += row[i];
  }
  free(row);
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct loss_map *m = of(map);
  if (m->reduced && map->var[wrt].role == JAC_PARAMETER)
    return shared_row(map, x, wrt, jac_array3_at(J, 0, 0, 0));
  struct share share = share_of(map, x);
  for (size_t n = 0; n < map->batch; n++) {
    struct jac_loss_sample s = sample(map, x, n);
    double *row =
        m->reduced ? jac_array3_at(J, 0, 0, n * m->features) : jac_array3_at(J, n, 0, 0);
    m->loss->gradient(&s, wrt, row);
    if (m->reduced)
      share_row(map, &s, wrt, share, row);
  }
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct loss_map *m = of(map);
  double *row = malloc(m->features * sizeof *row);
  if (row == NULL)
    return JAC_ENOMEM;
  struct share share = share_of(map, x);
  gsl_matrix_set_zero(gradient);
  for (size_t n = 0; n < map->batch; n++) {
    struct jac_loss_sample s = sample(map, x, n);
    double scale = gsl_matrix_get(cotangent, m->reduced ? 0 : n, 0);
    m->loss->fast(&s, wrt, row);
    share_row(map, &s, wrt, share, row);
    for (size_t i = 0; i < m->features; i++)
      *gsl_matrix_ptr(gradient, map->var[wrt].role == JAC_DATA ? n : 0, i) +=
          scale * row[i];
  }
  free(row);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct loss_map *m = of(map);
  double *row = malloc(m->features * sizeof *row);
  if (row == NULL)
    return JAC_ENOMEM;
  struct share share = share_of(map, x);
  double total = 0.0;
  for (size_t n = 0; n < map->batch; n++) {
    struct jac_loss_sample s = sample(map, x, n);
    m->loss->fast(&s, wrt, row);
    share_row(map, &s, wrt, share, row);
    double dot = 0.0;
    for (size_t i = 0; i < m->features; i++)
      dot += row[i] * gsl_matrix_get(tangent, map->var[wrt].role == JAC_DATA ? n : 0, i);
    if (!m->reduced)
      gsl_matrix_set(out, n, 0, dot);
    total += dot;
  }
  if (m->reduced)
    gsl_matrix_set(out, 0, 0, total);
  free(row);
  return JAC_OK;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.written = true};
}

static const struct jac_map_type type = {
    .name = "loss",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

/* What class i of sample n adds to the count of a mean that counts. */
static const char *counts(const struct loss_map *m, const char *factor, char *text) {
  snprintf(text, COUNT, "%s%s%s", m->ignored > 0 ? "ind(i != ignore)*" : "",
           m->loss->weighted ? factor : "", "y[n,i]");
  return text;
}

/* By what the total is divided. */
static const char *divisor(const struct loss_map *m, char *text) {
  char one[COUNT];
  snprintf(text, COUNT, m->counted ? "sum(n, sum(i, %s))" : "batch",
           counts(m, "w[i]*", one));
  return text;
}

/* A cost's derivative by an entry, with the reduction written into it: of a reduced loss
 * the entry belongs to sample m, or, of a parameter, is a sum over the samples. */
/* Long: each reduction, of each kind of variable. */
static void write_entry(struct loss_map *m, size_t v, bool mean) {
  const struct jac_loss *loss = m->loss;
  bool own = v >= JAC_LOSS_MORE, shared = own && loss->more[v - JAC_LOSS_MORE].shared;
  const char *text = own ? loss->more[v - JAC_LOSS_MORE].entry : loss->entry[v];
  char one[FORMULA / 4], *entry = m->entry[v];
  snprintf(one, sizeof one, "%s", text);
  for (char *at = one; m->reduced && !shared && (at = strstr(at, "[n")) != NULL; at++)
    at[1] = 'm';
  char count[COUNT], label[COUNT];
  const char *by = divisor(m, count);
  if (!m->reduced || (!mean && !shared))
    snprintf(entry, FORMULA, "%s", one);
  else if (!mean)
    snprintf(entry, FORMULA, "sum(n, %s)", one);
  else if (shared && m->counted)
    snprintf(entry, FORMULA, "(sum(n, %s) - sum(n, %s)*sum(n, %s)/%s)/%s", one,
             counts(m, "", label), loss->cost_text, by, by);
  else if (shared)
    snprintf(entry, FORMULA, "sum(n, %s)/%s", one, by);
  else if (m->counted && v == JAC_LOSS_Y)
    snprintf(entry, FORMULA, "(%s - %s%ssum(n, %s)/%s)/%s", one,
             m->ignored > 0 ? "ind(i != ignore)*" : "", loss->weighted ? "w[i]*" : "",
             loss->cost_text, by, by);
  else
    snprintf(entry, FORMULA, "(%s)/%s", one, by);
}

static void write_formulas(struct loss_map *m, enum jac_reduction reduction) {
  bool mean = reduction == JAC_REDUCE_MEAN;
  const char *costs[2] = {m->loss->cost_text, m->loss->steady};
  char *to[2] = {m->definition, m->steady}, count[COUNT];
  for (size_t k = 0; k < 2 && costs[k] != NULL; k++)
    snprintf(to[k], FORMULA,
             mean         ? "L = sum(n, %s)/%s"
             : m->reduced ? "L = sum(n, %s)"
                          : "L[n] = %s",
             costs[k], divisor(m, count));
  for (size_t v = 0; v < m->map.nvar; v++)
    write_entry(m, v, mean);
}

enum jac_status jac_loss_reduction(const struct jac_spec *spec,
                                   enum jac_reduction *reduction, struct jac_error *err) {
  static const char *const words[] = {"none", "sum", "mean"};
  const char *word = jac_spec_word(spec, "reduction");
  *reduction = JAC_REDUCE_NONE;
  if (word == NULL)
    return JAC_OK;
  for (size_t k = 0; k < 3; k++)
    if (strcmp(word, words[k]) == 0) {
      *reduction = (enum jac_reduction)k;
      return JAC_OK;
    }
  return jac_fail(err, JAC_EINPUT, _("%s: reduction=%s: none, sum or mean is needed"),
                  spec->name, word);
}

static void reduce(struct loss_map *m, enum jac_reduction reduction) {
  m->scale = 1.0;
  m->reduced = reduction != JAC_REDUCE_NONE;
  if (m->reduced) {
    m->map.rows = 1;
    m->map.coupled = true;
    m->map.coupled_reason = reduction == JAC_REDUCE_MEAN
                                ? N_("one mean is taken over the batch")
                                : N_("one sum is taken over the batch");
  }
  if (reduction == JAC_REDUCE_MEAN)
    m->scale = 1.0 / (double)m->map.batch;
  m->counted = reduction == JAC_REDUCE_MEAN && (m->ignored > 0 || m->loss->weighted);
  write_formulas(m, reduction);
}

/* ignore=C: a class, or none of them. */
static enum jac_status choose_ignored(const struct jac_spec *spec,
                                      const struct jac_loss **loss, double *ignore,
                                      struct jac_error *err) {
  *ignore = 0.0;
  if ((*loss)->ignoring == NULL || jac_spec_word(spec, "ignore") == NULL)
    return JAC_OK;
  enum jac_status status = jac_spec_number(spec, "ignore", ignore, 0.0, err);
  bool is_class = *ignore >= 1.0 && *ignore <= (double)spec->size[0];
  if (status == JAC_OK && *ignore != JAC_LOSS_NO_CLASS &&
      !(is_class && *ignore == floor(*ignore)))
    status = jac_fail(err, JAC_EINPUT,
                      _("%s: ignore=%s: a class from 1 to %zu, or -100 for samples of no "
                        "class"),
                      spec->name, jac_spec_word(spec, "ignore"), spec->size[0]);
  *loss = (*loss)->ignoring;
  return status;
}

/* The loss's own number. One that its flag alone has is refused without the flag. */
static enum jac_status read_constant(const struct jac_spec *spec,
                                     const struct jac_loss *l, bool flagged, double *c,
                                     struct jac_error *err) {
  bool of_flag = l->flag != NULL && l->constant_name == NULL;
  const struct jac_loss *owner = of_flag ? l->flagged : l;
  const char *name = owner->constant_name;
  if (name == NULL)
    return JAC_OK;
  if (of_flag && !flagged && jac_spec_word(spec, name) != NULL)
    return jac_fail(err, JAC_EINPUT, _("%s: %s does nothing without %s: %s:%zu,%s,%s=%s"),
                    spec->name, name, l->flag, spec->name, spec->size[0], l->flag, name,
                    jac_spec_word(spec, name));
  enum jac_status status = jac_spec_number(spec, name, c, owner->constant, err);
  if (status == JAC_OK && !(*c >= owner->least && *c <= owner->most))
    status = jac_fail(err, JAC_EINPUT, _("%s: %s=%g: a number from %g to %g is needed"),
                      spec->name, name, *c, owner->least, owner->most);
  return status;
}

/* The loss that the options ask for, and the values of its own. */
static enum jac_status choose(const struct jac_spec *spec, const struct jac_loss **loss,
                              double *c, double *ignore, struct jac_error *err) {
  const struct jac_loss *l = *loss;
  bool flagged = l->flag != NULL && jac_spec_flag(spec, l->flag);
  enum jac_status status = read_constant(spec, l, flagged, c, err);
  if (l->with != NULL && jac_spec_word(spec, l->constant_name) != NULL)
    *loss = l->with;
  if (flagged)
    *loss = l->flagged;
  return status == JAC_OK ? choose_ignored(spec, loss, ignore, err) : status;
}

static void name_variables(struct loss_map *m) {
  struct jac_map *map = &m->map;
  jac_layer_data(map, JAC_LOSS_Z, "z", "z^{k-1}", m->features, m->entry[JAC_LOSS_Z])
      ->domain = m->loss->domain[0];
  jac_layer_data(map, JAC_LOSS_Y, "y", "y", m->features, m->entry[JAC_LOSS_Y])->domain =
      m->loss->domain[1];
  for (size_t v = JAC_LOSS_MORE; v < map->nvar; v++) {
    const struct jac_loss_variable *more = &m->loss->more[v - JAC_LOSS_MORE];
    if (more->shared)
      jac_layer_parameter(map, v, more->name, more->symbol, 1, &m->features, m->entry[v]);
    else
      jac_layer_data(map, v, more->name, more->symbol, m->features, m->entry[v]);
    map->var[v].domain = more->domain;
  }
  for (size_t v = JAC_LOSS_Y; v < map->nvar; v++)
    map->var[v].secondary = true;
}

enum jac_status jac_loss_make(const struct jac_module *module,
                              const struct jac_spec *spec,
                              const struct jac_module_place *place, struct jac_map **map,
                              struct jac_error *err) {
  const struct jac_loss *loss = module->family;
  enum jac_reduction reduction;
  double c = 0.0, ignore;
  size_t nvar = JAC_LOSS_MORE;
  enum jac_status status = jac_loss_reduction(spec, &reduction, err);
  if (status == JAC_OK)
    status = choose(spec, &loss, &c, &ignore, err);
  if (status != JAC_OK)
    return status;
  while (nvar < JAC_LOSS_VARIABLES && loss->more[nvar - JAC_LOSS_MORE].name != NULL)
    nvar++;
  struct loss_map *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, 1, nvar, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->loss = loss;
  m->features = spec->size[0];
  m->ignored = ignore < 0.0 ? m->features + 1 : (size_t)ignore;
  m->map.note = loss->note;
  reduce(m, reduction);
  snprintf(m->map.output_symbol, sizeof m->map.output_symbol, "\\ell");
  name_variables(m);
  m->map.definition = m->definition;
  m->map.where = loss->where;
  m->map.steady = loss->steady != NULL ? m->steady : NULL;
  m->map.steady_where = loss->steady_where;
  m->map.slip = m->reduced ? NULL : loss->slip;
  m->constant[0] = (struct jac_constant){"batch", (double)place->batch};
  m->constant[1] = (struct jac_constant){"N", (double)m->features};
  m->constant[2] = (struct jac_constant){loss->constant_name, c};
  m->map.constant = m->constant;
  m->map.nconstant = loss->constant_name != NULL ? 3 : 2;
  if (ignore != 0.0)
    m->constant[m->map.nconstant++] = (struct jac_constant){"ignore", ignore};
  *map = &m->map;
  return JAC_OK;
}

const struct jac_module_option jac_loss_options[] = {JAC_LOSS_REDUCTION,
                                                     {NULL, NULL, NULL}};
