#include "visual/chain_overview.h"

#include "jacobian/order.h"
#include "visual/chain_time.h"

#include <math.h>
#include <stdlib.h>

static double array_size(const struct jac_array3 *J) {
  double size = 0.0;
  for (size_t e = 0; e < J->slices * J->rows * J->cols; e++)
    size = hypot(size, J->data[e]);
  return size;
}

static double matrix_size(const gsl_matrix *a) {
  double size = 0.0;
  for (size_t i = 0; i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++)
      size = hypot(size, gsl_matrix_get(a, i, j));
  return size;
}

/* What the use in each step adds to the output's derivative, module by module. */
static enum jac_status keep_uses(const struct jac_chain *chain,
                                 struct jac_chain_brief *brief) {
  brief->use = calloc(chain->ntime + 1, sizeof *brief->use);
  if (brief->use == NULL)
    return JAC_ENOMEM;
  brief->nuse = chain->ntime;
  for (size_t k = 0; k < chain->ntime; k++) {
    const struct jac_chain_time *time = &chain->time[k];
    if (time->use == NULL)
      continue;
    brief->use[k] = calloc(time->steps, sizeof **brief->use);
    if (brief->use[k] == NULL)
      return JAC_ENOMEM;
    for (size_t t = 1; t <= time->steps; t++)
      brief->use[k][t - 1] = jac_chain_time_added(chain, time, t);
  }
  return JAC_OK;
}

static enum jac_status keep(const struct jac_chain *chain,
                            struct jac_chain_brief *brief) {
  const struct jac_chain_factor *last = &chain->factor[chain->count - 1];
  const struct jac_array3 *whole = chain->sum.data != NULL ? &chain->sum : &last->left;
  bool gradient = whole->rows == 1 && chain->sum.data == NULL;
  *brief = (struct jac_chain_brief){.wrt = chain->wrt,
                                    .ways = chain->ways,
                                    .module = last->module,
                                    .variable = last->variable,
                                    .before = chain->count - 1,
                                    .rows = whole->rows,
                                    .cols = whole->cols,
                                    .right = chain->cost.right,
                                    .worst = fmax(chain->right_error, chain->sum_error)};
  brief->size = gradient ? matrix_size(last->delta) : array_size(whole);
  for (size_t f = 0; f < chain->count; f++)
    brief->worst = fmax(brief->worst, chain->factor[f].delta_error);
  for (size_t k = 0; k < chain->ntime; k++)
    brief->worst = fmax(brief->worst, chain->time[k].sum_error);
  return keep_uses(chain, brief);
}

/* Whether the modules before the variable's own are the first of the path. */
static bool is_part(const struct jac_chain *path, const struct jac_chain *chain) {
  bool same = chain->ways == 1 && chain->count <= path->count;
  for (size_t f = 0; f + 1 < chain->count && same; f++)
    same = chain->factor[f].position == path->factor[f].position &&
           chain->factor[f].variable == path->factor[f].variable;
  return same && chain->factor[chain->count - 1].position ==
                     path->factor[chain->count - 1].position;
}

/* The chain by one variable: the path, or what is kept of it. */
static enum jac_status add_variable(struct jac_chain_overview *o, jac_point x, size_t wrt,
                                    struct jac_error *err) {
  struct jac_chain chain = {0};
  size_t ways;
  enum jac_status status = jac_chain_ways(o->map, wrt, &ways);
  if (status != JAC_OK)
    return jac_fail_memory(err);
  if (ways == 0)
    return JAC_OK;
  status = jac_chain_new(o->map, x, wrt, ways, &chain, err);
  if (status != JAC_OK)
    return status;
  status = keep(&chain, &o->brief[o->count++]);
  if (o->path.count > 0)
    o->shared = o->shared && (chain.count > o->path.count ? is_part(&chain, &o->path)
                                                          : is_part(&o->path, &chain));
  if (chain.ways == 1 && chain.count > o->path.count) {
    jac_chain_free(&o->path);
    o->path = chain;
  } else {
    o->shared = o->shared && chain.ways == 1;
    jac_chain_free(&chain);
  }
  return status == JAC_OK ? status : jac_fail_memory(err);
}

enum jac_status jac_chain_overview_new(const struct jac_map *map, jac_point x,
                                       const size_t *wrt, size_t nwrt,
                                       struct jac_chain_overview *o,
                                       struct jac_error *err) {
  *o = (struct jac_chain_overview){.map = map, .shared = true};
  o->brief = calloc(nwrt + 1, sizeof *o->brief);
  enum jac_status status = o->brief == NULL ? jac_fail_memory(err) : JAC_OK;
  for (size_t v = 0; v < nwrt && status == JAC_OK; v++)
    status = add_variable(o, x, wrt[v], err);
  return status;
}

void jac_chain_overview_free(struct jac_chain_overview *o) {
  for (size_t v = 0; v < o->count; v++) {
    for (size_t k = 0; k < o->brief[v].nuse; k++)
      free(o->brief[v].use[k]);
    free(o->brief[v].use);
  }
  free(o->brief);
  jac_chain_free(&o->path);
  *o = (struct jac_chain_overview){0};
}
