/* The derivative of a formula with respect to a name, a quantity in between included: the
 * name is held at its value, and moved entry by entry. */
#include "jacobian/formula/evaluate_internal.h"

#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;

/* The entries of a name that a derivative is taken by: all, a row or column, or one. */
struct moved {
  size_t rows, cols; /* the name's shape */
  size_t first_row, nrow, first_col, ncol;
};

static bool is_point(node_t n) {
  return n->kind == JAC_NAME && strcmp(n->name, ".") == 0;
}

static bool find_moved(struct jac_evaluation *e, node_t by, value_t at, struct moved *m) {
  *m = (struct moved){at.rows, at.cols, 0, at.rows, 0, at.cols};
  if (by->kind != JAC_ENTRY)
    return true;
  node_t row = by->count == 2 || at.cols == 1 ? by->child[0] : NULL;
  node_t col = by->count == 2 ? by->child[1] : row == NULL ? by->child[0] : NULL;
  if (by->count > 2 || (by->count == 1 && at.rows != 1 && at.cols != 1)) {
    jac_evaluation_fail(e, by, _("%s: with these indices it has no meaning here"),
                        by->name);
    return false;
  }
  for (int side = 0; side < 2; side++) {
    node_t index = side == 0 ? row : col;
    size_t size = side == 0 ? at.rows : at.cols;
    if (index == NULL || is_point(index))
      continue;
    double place = jac_evaluation_number(e, index);
    if (e->status != JAC_OK)
      return false;
    if (!(place >= 1.0 && place <= (double)size)) {
      jac_evaluation_fail(e, by, _("%s: an index is out of its range"), by->name);
      return false;
    }
    *(side == 0 ? &m->first_row : &m->first_col) = (size_t)place - 1;
    *(side == 0 ? &m->nrow : &m->ncol) = 1;
  }
  return true;
}

/* The derivatives of all outputs by all moved entries, and where this is itself
 * differentiated their own slopes. */
struct slopes {
  size_t rows, cols; /* of the outputs */
  double *slope, *cross;
};

/* How they stand together. */
static value_t arrange(struct jac_evaluation *e, const struct moved *m,
                       const struct slopes *all, bool turned) {
  size_t rows = all->rows, cols = all->cols;
  size_t outputs = rows * cols, inputs = m->nrow * m->ncol;
  bool shape = outputs == 1;
  bool turn = shape && e->env->rows && m->ncol == 1; /* a column's gradient is a row */
  turn = turn || (shape && e->env->rows && m->nrow > 1);
  bool output_shape = inputs == 1;
  bool across = e->env->transposed && !shape && !output_shape;
  bool by_rows = e->env->row_order;
  value_t v = turn           ? jac_value_new(e, m->ncol, m->nrow)
              : shape        ? jac_value_new(e, m->nrow, m->ncol)
              : output_shape ? jac_value_new(e, rows, cols)
              : across       ? jac_value_new(e, inputs, outputs)
                             : jac_value_new(e, outputs, inputs);
  for (size_t x = 0; x < inputs && e->status == JAC_OK; x++)
    for (size_t y = 0; y < outputs; y++) {
      /* Matrices are numbered as vec does; slopes stand row by row. */
      size_t r = x / m->ncol, c = x % m->ncol, column = by_rows ? x : c * m->nrow + r;
      size_t i = y / cols, j = y % cols, row = by_rows ? y : j * rows + i;
      size_t place = turn           ? c * m->nrow + r
                     : shape        ? x
                     : output_shape ? y
                     : across       ? column * outputs + row
                                    : row * inputs + column;
      char *to = v.data + place * e->type->size;
      e->type->set_double(e->type, to, all->slope[x * outputs + y]);
      if (all->cross != NULL)
        e->type->base->set_double(e->type->base, to + e->type->base->size,
                                  all->cross[x * outputs + y]);
    }
  return turned && e->status == JAC_OK ? jac_value_transpose(e, v) : v;
}

/* Outputs at one moved entry, after those before it. */
static void keep(struct jac_evaluation *e, struct slopes *all, size_t x, size_t inputs,
                 const struct jac_result *result) {
  size_t count = result->rows * result->cols;
  if (x == 0) {
    all->rows = result->rows;
    all->cols = result->cols;
    all->slope = malloc((inputs * count + 1) * sizeof *all->slope);
    if (result->cross != NULL)
      all->cross = malloc((inputs * count + 1) * sizeof *all->cross);
    if (all->slope == NULL || (result->cross != NULL && all->cross == NULL)) {
      e->status = jac_fail_memory(e->err);
      return;
    }
  }
  if (result->rows != all->rows || result->cols != all->cols)
    return;
  memcpy(all->slope + x * count, result->slope, count * sizeof *all->slope);
  if (all->cross != NULL)
    memcpy(all->cross + x * count, result->cross, count * sizeof *all->cross);
}

/* Evaluates at each moved entry in turn; values and lifted have room for at. */
static enum jac_status move_all(struct jac_evaluation *e, node_t of, node_t by,
                                value_t at, const struct moved *m, double *values,
                                double *lifted, struct jac_named *named,
                                struct slopes *all) {
  const struct jac_number_type *base = e->type->base;
  struct jac_number_type dual = jac_dual_of(base != NULL ? e->type : &jac_double);
  struct jac_environment env = *e->env;
  size_t size = at.rows * at.cols, inputs = m->nrow * m->ncol;
  for (size_t k = 0; k < size; k++) {
    values[k] = jac_value_get(e, at, k / at.cols, k % at.cols);
    if (base != NULL)
      lifted[k] = base->get(base, at.data + k * e->type->size + base->size);
  }
  named[0] = (struct jac_named){.name = by->name,
                                .ndim = 2,
                                .dims = {at.rows, at.cols},
                                .data = values,
                                .tda = at.cols};
  if (e->env->nnamed > 0)
    memcpy(named + 1, e->env->named, e->env->nnamed * sizeof *named);
  env.named = named;
  env.nnamed = e->env->nnamed + 1;
  env.type = &dual;
  env.want_rows = env.want_cols = 0;
  env.tangent = NULL;
  if (base != NULL) {
    env.outer = e->env;
    env.lifted = values;
    env.lifted_slope = lifted;
    env.nlifted = size;
  }
  for (size_t x = 0; x < inputs && e->status == JAC_OK; x++) {
    struct jac_result result;
    env.seed =
        values + (m->first_row + x / m->ncol) * at.cols + m->first_col + x % m->ncol;
    e->status =
        jac_formula_value(of, &env, e->index, e->count, &result, &e->position, e->err);
    if (e->status == JAC_OK)
      keep(e, all, x, inputs, &result);
    e->liberties |= result.liberties;
    jac_result_free(&result);
  }
  return e->status;
}

static value_t differentiate(struct jac_evaluation *e, node_t of, node_t by, value_t at,
                             bool turned) {
  struct moved m;
  struct slopes all = {.rows = 0};
  if (!find_moved(e, by, at, &m))
    return at;
  size_t size = at.rows * at.cols;
  double *values = malloc(2 * (size + 1) * sizeof *values);
  struct jac_named *named = malloc((e->env->nnamed + 1) * sizeof *named);
  if (values == NULL || named == NULL)
    e->status = jac_fail_memory(e->err);
  else
    move_all(e, of, by, at, &m, values, values + size + 1, named, &all);
  value_t v = e->status == JAC_OK ? arrange(e, &m, &all, turned) : at;
  free(all.slope);
  free(all.cross);
  free(values);
  free(named);
  return v;
}

value_t jac_value_derivative(struct jac_evaluation *e, node_t n) {
  node_t by = n->child[1];
  bool turned = false;
  if (e->type->base != NULL && e->type->base->base != NULL)
    return jac_evaluation_fail(e, n, _("a third derivative is not evaluated"));
  if (e->type->enclose != NULL)
    return jac_evaluation_fail(e, n, _("a derivative inside a formula is not certified"));
  while (by->kind == JAC_TRANSPOSE ||
         (by->kind == JAC_CALL && strcmp(by->name, "vec") == 0 && by->count == 1)) {
    turned = by->kind == JAC_TRANSPOSE ? !turned : turned;
    by = by->child[0];
  }
  if (by->kind != JAC_NAME && by->kind != JAC_ENTRY)
    return jac_evaluation_fail(e, n, _("a derivative is taken with respect to a name"));
  struct jac_node *name = malloc(sizeof *name);
  if (name == NULL) {
    e->status = jac_fail_memory(e->err);
    return jac_value_new(e, 1, 1);
  }
  *name = *by;
  name->kind = JAC_NAME;
  name->count = 0;
  value_t at = jac_evaluation_node(e, name);
  free(name);
  if (e->status != JAC_OK)
    return at;
  if (at.flexible != JAC_FIXED)
    return jac_evaluation_fail(e, n, _("a derivative is taken with respect to a name"));
  return differentiate(e, n->child[0], by, at, turned);
}
