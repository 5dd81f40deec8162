#include "jacobian/formula/evaluate.h"

#include "jacobian/order.h"
#include "jacobian/text.h"

#include <math.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { MOST_INDICES = 32, MOST_NESTED = 16 };

struct evaluation {
  const struct jac_environment *env;
  struct jac_index_value index[MOST_INDICES];
  size_t count;
  size_t nested; /* quantities of `where` inside one another */
  struct jac_error *err;
  enum jac_status status;
};

static double evaluate(struct evaluation *e, node_t n);

static double fail(struct evaluation *e, const char *what, const char *name) {
  if (e->status == JAC_OK)
    e->status = jac_fail(e->err, JAC_EINPUT, "%s: %s", name, what);
  return NAN;
}

static double sigmoid(double x) {
  double t = exp(-fabs(x));
  return x >= 0.0 ? 1.0 / (1.0 + t) : t / (1.0 + t);
}
static double relu(double x) {
  return x > 0.0 ? x : 0.0;
}
static double sign(double x) {
  return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
}
/* The normal distribution and its density. */
static double normal(double x) {
  return 0.5 * erfc(-x / sqrt(2.0));
}
static double density(double x) {
  return exp(-0.5 * x * x) / sqrt(8.0 * atan(1.0));
}

static const struct {
  const char *name;
  double (*f)(double);
} functions[] = {
    {"exp", exp},     {"log", log},   {"tanh", tanh}, {"sigmoid", sigmoid},
    {"relu", relu},   {"sqrt", sqrt}, {"abs", fabs},  {"sign", sign},
    {"erf", erf},     {"sin", sin},   {"cos", cos},   {"Phi", normal},
    {"phi", density},
};

static double call(struct evaluation *e, node_t n) {
  if (n->count == 1) {
    for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++)
      if (strcmp(functions[k].name, n->name) == 0)
        return functions[k].f(evaluate(e, n->child[0]));
  }
  if (n->count == 2 && strcmp(n->name, "max") == 0)
    return fmax(evaluate(e, n->child[0]), evaluate(e, n->child[1]));
  if (n->count == 2 && strcmp(n->name, "min") == 0)
    return fmin(evaluate(e, n->child[0]), evaluate(e, n->child[1]));
  return fail(e, _("no function of entries is called so"), n->name);
}

static bool find_index(const struct evaluation *e, const char *name, size_t *value) {
  for (size_t k = e->count; k-- > 0;)
    if (strcmp(e->index[k].name, name) == 0) {
      *value = e->index[k].value;
      return true;
    }
  return false;
}

static double name_value(struct evaluation *e, const char *name) {
  const struct jac_map *map = e->env->map;
  size_t index;
  if (find_index(e, name, &index))
    return (double)index;
  for (size_t k = 0; k < map->nconstant; k++)
    if (strcmp(map->constant[k].name, name) == 0)
      return map->constant[k].value;
  return strcmp(name, "pi") == 0 ? 4.0 * atan(1.0)
                                 : fail(e, _("it has no meaning here"), name);
}

/* The place of a quantity in the environment, or nwhere. */
static size_t find_where(const struct evaluation *e, const char *name) {
  size_t k = 0;
  while (k < e->env->nwhere && strcmp(e->env->where_left[k]->name, name) != 0)
    k++;
  return k;
}

/* The quantity of `where` at indices that are evaluated first, then bound to its own. */
static double where_value(struct evaluation *e, node_t n, size_t which) {
  node_t left = e->env->where_left[which];
  size_t before = e->count;
  if (left->count != n->count || before + n->count > MOST_INDICES)
    return fail(e, _("it has another number of indices"), n->name);
  if (e->nested == MOST_NESTED)
    return fail(e, _("it is defined by itself"), n->name);
  for (size_t k = 0; k < n->count; k++) {
    double at = evaluate(e, n->child[k]);
    if (!(at >= 1.0 && at <= 1e15))
      return fail(e, _("an index is out of its range"), n->name);
    e->index[before + k] = (struct jac_index_value){left->child[k]->name, (size_t)at};
  }
  e->count = before + n->count;
  e->nested++;
  double value = evaluate(e, e->env->where_right[which]);
  e->nested--;
  e->count = before;
  return value;
}

static double entry(struct evaluation *e, node_t n) {
  const struct jac_map *map = e->env->map;
  size_t v = jac_map_find(map, n->name), index[3] = {0};
  size_t which = find_where(e, n->name);
  if (v == map->nvar && which < e->env->nwhere)
    return where_value(e, n, which);
  if (v == map->nvar || map->var[v].ndim != n->count)
    return fail(e, _("with these indices it has no meaning here"), n->name);
  for (size_t k = 0; k < n->count; k++) {
    double at = evaluate(e, n->child[k]);
    if (!(at >= 1.0 && at <= (double)map->var[v].dims[k]))
      return fail(e, _("an index is out of its range"), n->name);
    index[k] = (size_t)at - 1;
  }
  size_t offset = jac_index_to_number(&map->var[v], JAC_ORDER_C, index);
  const gsl_matrix *m = e->env->x[v];
  return gsl_matrix_get(m, offset / m->size2, offset % m->size2);
}

/* The range of an index: the size of what it indexes somewhere in the body. 0: none. */
static size_t range_of(const struct evaluation *e, const char *index, node_t n,
                       size_t nested) {
  const struct jac_map *map = e->env->map;
  if (n->kind == JAC_ENTRY)
    for (size_t k = 0; k < n->count; k++) {
      if (n->child[k]->kind != JAC_NAME || strcmp(n->child[k]->name, index) != 0)
        continue;
      size_t v = jac_map_find(map, n->name);
      if (v < map->nvar && k < map->var[v].ndim)
        return map->var[v].dims[k];
      size_t which = find_where(e, n->name);
      if (v == map->nvar && which < e->env->nwhere && nested < MOST_NESTED &&
          k < e->env->where_left[which]->count)
        return range_of(e, e->env->where_left[which]->child[k]->name,
                        e->env->where_right[which], nested + 1);
    }
  for (size_t k = 0; k < n->count; k++) {
    size_t range = range_of(e, index, n->child[k], nested);
    if (range > 0)
      return range;
  }
  return 0;
}

/* An index that stands in no place of its own runs to the constant of its capital: k to
 * K. */
static size_t range_by_name(const struct evaluation *e, const char *index) {
  const struct jac_map *map = e->env->map;
  for (size_t k = 0; k < map->nconstant && index[1] == '\0'; k++)
    if (map->constant[k].name[0] == index[0] - 'a' + 'A' &&
        map->constant[k].name[1] == '\0')
      return (size_t)map->constant[k].value;
  return 0;
}

static double over_index(struct evaluation *e, node_t n) {
  size_t range = range_of(e, n->name, n->child[0], 0), place = e->count;
  if (range == 0)
    range = range_by_name(e, n->name);
  double result = n->kind == JAC_SUM ? 0.0 : -INFINITY;
  if (range == 0 || place == MOST_INDICES)
    return fail(e, _("the range of this index is not known"), n->name);
  e->index[e->count++] = (struct jac_index_value){n->name, 0};
  for (size_t k = 1; k <= range && e->status == JAC_OK; k++) {
    e->index[place].value = k;
    double value = evaluate(e, n->child[0]);
    result = n->kind == JAC_SUM ? result + value : fmax(result, value);
  }
  e->count = place;
  return result;
}

static double truth(struct evaluation *e, node_t n) {
  if (n->kind == JAC_AND)
    return truth(e, n->child[0]) != 0.0 && truth(e, n->child[1]) != 0.0;
  if (n->kind == JAC_NUMBER)
    return n->number;
  double a = evaluate(e, n->child[0]), b = evaluate(e, n->child[1]);
  switch (n->name[0]) {
  case '=':
    return a == b;
  case '!':
    return a != b;
  case '<':
    return n->name[1] == '=' ? a <= b : a < b;
  default:
    return n->name[1] == '=' ? a >= b : a > b;
  }
}

/* Products with an indicator or a delta that is 0 are 0, whatever stands beside it. */
static double product(struct evaluation *e, node_t n) {
  double a = evaluate(e, n->child[0]);
  bool selects = n->child[0]->kind == JAC_DELTA || n->child[0]->kind == JAC_INDICATOR;
  return selects && a == 0.0 ? 0.0 : a * evaluate(e, n->child[1]);
}

static double evaluate(struct evaluation *e, node_t n) {
  if (e->status != JAC_OK)
    return NAN;
  switch (n->kind) {
  case JAC_NUMBER:
    return n->number;
  case JAC_NAME:
    return name_value(e, n->name);
  case JAC_ENTRY:
    return entry(e, n);
  case JAC_CALL:
    return call(e, n);
  case JAC_SUM:
  case JAC_MAX:
    return over_index(e, n);
  case JAC_DELTA:
    return evaluate(e, n->child[0]) == evaluate(e, n->child[1]);
  case JAC_INDICATOR:
    return truth(e, n->child[0]);
  case JAC_ADD:
    return evaluate(e, n->child[0]) + evaluate(e, n->child[1]);
  case JAC_NEGATE:
    return -evaluate(e, n->child[0]);
  case JAC_MULTIPLY:
  case JAC_HADAMARD:
    return product(e, n);
  case JAC_DIVIDE:
    return evaluate(e, n->child[0]) / evaluate(e, n->child[1]);
  case JAC_POWER:
    return pow(evaluate(e, n->child[0]), evaluate(e, n->child[1]));
  case JAC_COMPARE:
  case JAC_AND:
    return truth(e, n);
  default:
    return fail(e, _("it has no value as an entry"), "'");
  }
}

enum jac_status jac_formula_evaluate(const struct jac_node *tree,
                                     const struct jac_environment *environment,
                                     const struct jac_index_value *index, size_t count,
                                     double *value, struct jac_error *err) {
  struct evaluation e = {.env = environment, .count = count, .err = err};
  if (count > MOST_INDICES)
    return jac_fail(err, JAC_ELIMIT, _("more than %d indices"), MOST_INDICES);
  if (count > 0)
    memcpy(e.index, index, count * sizeof *index);
  *value = evaluate(&e, tree);
  return e.status;
}
