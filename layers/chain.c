#include "layers/chain.h"

#include "layers/network_internal.h"
#include "layers/pass_internal.h"
#include "layers/recurrent.h"

#include "jacobian/buffer.h"
#include "jacobian/order.h"
#include "jacobian/text.h"

#include <gsl/gsl_blas.h>
#include <math.h>
#include <stdlib.h>

/* Writes the brackets of the product from i to j. */
static void write_order(const size_t *split, size_t count, size_t i, size_t j,
                        struct jac_buffer *out) {
  if (i == j) {
    jac_buffer_printf(out, "J%zu", count - i);
    return;
  }
  size_t k = split[i * count + j];
  for (int side = 0; side < 2; side++) {
    size_t from = side == 0 ? i : k + 1, to = side == 0 ? k : j;
    jac_buffer_add(out, side == 1 ? " " : "");
    jac_buffer_add(out, from < to ? "(" : "");
    write_order(split, count, from, to, out);
    jac_buffer_add(out, from < to ? ")" : "");
  }
}

enum jac_status jac_chain_order(const size_t *size, size_t count, double *cost,
                                char **order, struct jac_error *err) {
  double *least = calloc(count * count, sizeof *least);
  size_t *split = calloc(count * count, sizeof *split);
  struct jac_buffer text = JAC_BUFFER_INIT;
  *order = NULL;
  for (size_t length = 1; length < count && least != NULL && split != NULL; length++)
    for (size_t i = 0; i + length < count; i++) {
      size_t j = i + length;
      least[i * count + j] = INFINITY;
      for (size_t k = i; k < j; k++) {
        double c = least[i * count + k] + least[(k + 1) * count + j] +
                   (double)size[i] * (double)size[k + 1] * (double)size[j + 1];
        if (c < least[i * count + j]) {
          least[i * count + j] = c;
          split[i * count + j] = k;
        }
      }
    }
  if (least != NULL && split != NULL) {
    *cost = least[count - 1];
    write_order(split, count, 0, count - 1, &text);
    *order = jac_buffer_take(&text);
  }
  free(least);
  free(split);
  return *order != NULL ? JAC_OK : jac_fail_memory(err);
}

/* C = A B, slice by slice, into a fresh array. */
static enum jac_status product(const struct jac_array3 *a, const struct jac_array3 *b,
                               struct jac_array3 *c) {
  enum jac_status status = jac_array3_alloc(a->slices, a->rows, b->cols, c, NULL);
  for (size_t s = 0; s < a->slices && status == JAC_OK; s++) {
    gsl_matrix_view x = jac_array3_slice(a, s), y = jac_array3_slice(b, s),
                    z = jac_array3_slice(c, s);
    c->clear = false;
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, &x.matrix, &y.matrix, 0.0, &z.matrix);
  }
  return status;
}

/* How many ways come from the variable to the variable v of module k; ways has those to
 * the modules before. */
static size_t ways_into(const struct jac_map *map, size_t wrt, const size_t *ways,
                        size_t k, size_t v) {
  size_t own = jac_network_variable(map, k, v);
  return own == wrt ? 1 : own < map->nvar ? 0 : ways[jac_network_before(map, k, v)];
}

/* How many ways lead from the variable to what each module gives; NULL: memory. */
static size_t *count_ways(const struct jac_map *map, size_t wrt) {
  size_t count = jac_network_count(map), *ways = calloc(count + 1, sizeof *ways);
  for (size_t k = 0; k < count && ways != NULL; k++)
    for (size_t v = 0; v < jac_network_module(map, k)->nvar; v++) {
      ways[k] += ways_into(map, wrt, ways, k, v);
      ways[k] = ways[k] < JAC_CHAIN_WAYS ? ways[k] : JAC_CHAIN_WAYS;
    }
  return ways;
}

enum jac_status jac_chain_ways(const struct jac_map *map, size_t wrt, size_t *ways) {
  size_t *to = count_ways(map, wrt);
  if (to == NULL)
    return JAC_ENOMEM;
  *ways = to[jac_network_count(map) - 1];
  free(to);
  return JAC_OK;
}

/* The factors of a way, which module and by which variable, from the output back. */
static enum jac_status find_way(struct jac_chain *chain, size_t way) {
  const struct jac_map *map = chain->map;
  size_t k = jac_network_count(map) - 1, *ways = count_ways(map, chain->wrt);
  chain->factor = calloc(k + 1, sizeof *chain->factor);
  if (ways == NULL || chain->factor == NULL) {
    free(ways);
    return JAC_ENOMEM;
  }
  for (bool more = ways[k] > 0; more;) {
    const struct jac_map *m = jac_network_module(map, k);
    size_t v = 0, here;
    while (way > (here = ways_into(map, chain->wrt, ways, k, v)) && v + 1 < m->nvar) {
      way -= here;
      v++;
    }
    chain->factor[chain->count++] =
        (struct jac_chain_factor){.module = m, .position = k + 1, .variable = v};
    more = jac_network_variable(map, k, v) != chain->wrt;
    k = more ? jac_network_before(map, k, v) : k;
  }
  free(ways);
  return JAC_OK;
}

static enum jac_status make_factor(const struct jac_map *map, const struct jac_pass *p,
                                   struct jac_chain *chain, size_t f) {
  struct jac_chain_factor *factor = &chain->factor[f];
  size_t k = factor->position - 1, variable = factor->variable;
  enum jac_status status =
      jac_pattern_new(factor->module, variable, &factor->pattern, NULL);
  if (status == JAC_OK)
    status = jac_map_jacobian_new(factor->module, p->point[k], variable, &factor->native,
                                  NULL);
  if (status == JAC_OK && map->coupled && !factor->module->coupled)
    status = jac_network_local(map, factor->module, p->point[k], variable, &factor->J);
  else
    factor->J = factor->native;
  if (status == JAC_OK && f == 0) {
    status = jac_array3_alloc(factor->J.slices, factor->J.rows, factor->J.cols,
                              &factor->left, NULL);
    for (size_t e = 0;
         e < factor->J.slices * factor->J.rows * factor->J.cols && status == JAC_OK; e++)
      factor->left.data[e] = factor->J.data[e];
    factor->left.clear = false;
  } else if (status == JAC_OK)
    status = product(&chain->factor[f - 1].left, &factor->J, &factor->left);
  return status;
}

/* The fast backward pass from a cotangent of ones, beside the products from the left. */
static enum jac_status backward(const struct jac_map *map, const struct jac_pass *p,
                                struct jac_chain *chain) {
  gsl_matrix *ones = jac_matrix_alloc(map->rows, map->cols);
  enum jac_status status = ones == NULL ? JAC_ENOMEM : JAC_OK;
  const gsl_matrix *cotangent = ones;
  if (ones != NULL)
    gsl_matrix_set_all(ones, 1.0);
  for (size_t f = 0; f < chain->count && status == JAC_OK; f++) {
    struct jac_chain_factor *factor = &chain->factor[f];
    const struct jac_map *m = factor->module;
    size_t k = factor->position - 1, rows, cols;
    jac_variable_storage(&m->var[factor->variable], &rows, &cols);
    factor->delta = jac_matrix_alloc(rows, cols);
    status = factor->delta == NULL ? JAC_ENOMEM
                                   : m->type->vjp(m, p->point[k], factor->variable,
                                                  cotangent, factor->delta);
    cotangent = factor->delta;
  }
  gsl_matrix_free(ones);
  return status;
}

/* delta against the rows of left, added up: over all slices for a parameter. */
static enum jac_status compare_delta(struct jac_chain_factor *factor) {
  const struct jac_variable *var = &factor->module->var[factor->variable];
  const struct jac_array3 *left = &factor->left;
  bool own = var->role == JAC_DATA;
  size_t size = jac_variable_size(var);
  double *sum = calloc(2 * size + 1, sizeof *sum);
  if (sum == NULL)
    return JAC_ENOMEM;
  double *fast = sum + size;
  jac_vec(var, JAC_ORDER_F, factor->delta, fast);
  for (size_t s = 0; s < left->slices; s++)
    for (size_t i = 0; i < left->rows; i++)
      for (size_t j = 0; j < left->cols; j++)
        sum[(own ? s * left->cols : 0) + j] += *jac_array3_at(left, s, i, j);
  for (size_t e = 0; e < size; e++)
    factor->delta_error = fmax(factor->delta_error, fabs(sum[e] - fast[e]));
  free(sum);
  return JAC_OK;
}

/* The product from the right, against the one from the left. */
static enum jac_status compare_right(struct jac_chain *chain) {
  const struct jac_array3 *whole = &chain->factor[chain->count - 1].left;
  struct jac_array3 right = {0}, next;
  enum jac_status status = JAC_OK;
  for (size_t f = chain->count - 1; f-- > 0 && status == JAC_OK;) {
    status = product(&chain->factor[f].J,
                     right.data != NULL ? &right : &chain->factor[f + 1].J, &next);
    jac_array3_free(&right);
    if (status == JAC_OK)
      right = next;
  }
  for (size_t e = 0; e < whole->slices * whole->rows * whole->cols && right.data != NULL;
       e++)
    chain->right_error = fmax(chain->right_error, fabs(right.data[e] - whole->data[e]));
  jac_array3_free(&right);
  return status;
}

static enum jac_status count_cost(struct jac_chain *chain, struct jac_error *err) {
  size_t n = chain->count;
  size_t *size = malloc((n + 1) * sizeof *size);
  if (size == NULL)
    return jac_fail_memory(err);
  size[0] = chain->factor[0].J.rows;
  for (size_t f = 0; f < n; f++)
    size[f + 1] = chain->factor[f].J.cols;
  for (size_t f = 1; f < n; f++)
    chain->cost.left += (double)size[0] * (double)size[f] * (double)size[f + 1];
  for (size_t f = n - 1; f-- > 0;)
    chain->cost.right += (double)size[f] * (double)size[f + 1] * (double)size[n];
  enum jac_status status =
      jac_chain_order(size, n, &chain->cost.best, &chain->cost.order, err);
  free(size);
  return status;
}

/* The largest difference of the sum over the uses to the Jacobian itself. */
static double compare_uses(const struct jac_chain_time *time,
                           const struct jac_array3 *J) {
  double worst = 0.0;
  for (size_t e = 0; e < J->slices * J->rows * J->cols; e++) {
    double sum = 0.0;
    for (size_t t = 0; t < time->steps; t++)
      sum += time->use[t].data[e];
    worst = fmax(worst, fabs(sum - J->data[e]));
  }
  return worst;
}

/* The steps of module k, and the uses of its variable where it owns it. */
static enum jac_status walk_time(const struct jac_map *m, const struct jac_pass *p,
                                 size_t k, const struct jac_chain_factor *owner,
                                 struct jac_chain_time *time) {
  size_t steps = jac_recurrent_steps(m);
  *time = (struct jac_chain_time){.module = m, .position = k + 1, .steps = steps};
  bool uses = owner != NULL && m->var[owner->variable].role == JAC_PARAMETER;
  time->factor = calloc(steps, sizeof *time->factor);
  time->use = uses ? calloc(steps, sizeof *time->use) : NULL;
  if (time->factor == NULL || (uses && time->use == NULL))
    return JAC_ENOMEM;
  enum jac_status status = JAC_OK;
  for (size_t t = 1; t <= steps && status == JAC_OK; t++) {
    status = jac_recurrent_factor(m, p->point[k], t, &time->factor[t - 1]);
    if (status == JAC_OK && uses)
      status = jac_recurrent_use(m, p->point[k], owner->variable, t, &time->use[t - 1]);
  }
  if (status == JAC_OK && uses)
    time->sum_error = compare_uses(time, &owner->native);
  return status;
}

static enum jac_status walk_times(struct jac_chain *chain, const struct jac_pass *p) {
  enum jac_status status = JAC_OK;
  chain->time = calloc(chain->count, sizeof *chain->time);
  if (chain->time == NULL)
    return JAC_ENOMEM;
  for (size_t f = 0; f < chain->count && status == JAC_OK; f++) {
    const struct jac_chain_factor *factor = &chain->factor[f];
    if (jac_recurrent_steps(factor->module) > 1)
      status =
          walk_time(factor->module, p, factor->position - 1,
                    f + 1 == chain->count ? factor : NULL, &chain->time[chain->ntime++]);
  }
  return status;
}

static void free_factor(struct jac_chain_factor *factor) {
  if (factor->J.data != factor->native.data)
    jac_array3_free(&factor->J);
  jac_array3_free(&factor->native);
  jac_array3_free(&factor->left);
  jac_pattern_free(&factor->pattern);
  gsl_matrix_free(factor->delta);
}

/* The factors along a way, and the products from the left. */
static enum jac_status walk(const struct jac_pass *p, size_t way,
                            struct jac_chain *chain) {
  enum jac_status status = find_way(chain, way);
  for (size_t f = 0; f < chain->count && status == JAC_OK; f++)
    status = make_factor(chain->map, p, chain, f);
  return status;
}

/* The sum over all ways, each walked anew, against the Jacobian itself. */
static enum jac_status add_ways(struct jac_chain *chain, const struct jac_pass *p,
                                jac_point x) {
  struct jac_array3 J;
  enum jac_status status = jac_map_jacobian_new(chain->map, x, chain->wrt, &J, NULL);
  if (status != JAC_OK)
    return status;
  status = jac_array3_alloc(J.slices, J.rows, J.cols, &chain->sum, NULL);
  size_t size = J.slices * J.rows * J.cols;
  for (size_t way = 1; way <= chain->ways && status == JAC_OK; way++) {
    struct jac_chain other = {.map = chain->map, .wrt = chain->wrt};
    status = walk(p, way, &other);
    for (size_t e = 0; e < size && status == JAC_OK; e++)
      chain->sum.data[e] += other.factor[other.count - 1].left.data[e];
    jac_chain_free(&other);
  }
  chain->sum.clear = false;
  for (size_t e = 0; e < size && status == JAC_OK; e++)
    chain->sum_error = fmax(chain->sum_error, fabs(chain->sum.data[e] - J.data[e]));
  jac_array3_free(&J);
  return status;
}

enum jac_status jac_chain_new(const struct jac_map *map, jac_point x, size_t wrt,
                              size_t way, struct jac_chain *chain,
                              struct jac_error *err) {
  struct jac_pass p = {0};
  *chain = (struct jac_chain){.map = map, .wrt = wrt, .way = way};
  enum jac_status status = jac_chain_ways(map, wrt, &chain->ways);
  if (status == JAC_OK)
    status = jac_pass_run(map, x, jac_network_count(map), &p);
  if (status == JAC_OK)
    status = walk(&p, way, chain);
  if (status == JAC_OK)
    status = backward(map, &p, chain);
  for (size_t f = 0; f < chain->count && status == JAC_OK; f++)
    status = compare_delta(&chain->factor[f]);
  if (status == JAC_OK)
    status = compare_right(chain);
  if (status == JAC_OK)
    status = walk_times(chain, &p);
  if (status == JAC_OK && way == chain->ways && way > 1)
    status = add_ways(chain, &p, x);
  jac_pass_free(&p);
  if (status == JAC_OK)
    status = count_cost(chain, err);
  if (status == JAC_OK)
    return JAC_OK;
  jac_chain_free(chain);
  return jac_map_fail(map, status == JAC_ELIMIT ? status : JAC_ENOMEM, err);
}

void jac_chain_free(struct jac_chain *chain) {
  for (size_t f = 0; f < chain->count; f++)
    free_factor(&chain->factor[f]);
  jac_array3_free(&chain->sum);
  for (size_t k = 0; k < chain->ntime; k++) {
    struct jac_chain_time *time = &chain->time[k];
    for (size_t t = 0; t < time->steps; t++) {
      if (time->factor != NULL)
        jac_array3_free(&time->factor[t]);
      if (time->use != NULL)
        jac_array3_free(&time->use[t]);
    }
    free(time->factor);
    free(time->use);
  }
  free(chain->time);
  free(chain->factor);
  free(chain->cost.order);
  *chain = (struct jac_chain){0};
}
