#include "jacobian/define/formula_map_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/define/defined.h"
#include "jacobian/define/map_scope.h"
#include "jacobian/formula/spell.h"
#include "jacobian/order.h"
#include "jacobian/text.h"
#include "jacobian/value/value.h"
#include "jacobian/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  WORK = 400000000, /* operations of one evaluation */
  CHUNK = 48,       /* entries of a variable that move together */
  BEYOND = 1000000  /* the names of terms made after the reading begin here */
};

const char jac_formula_step[] = "the step", jac_formula_tangent[] = "the direction";
static const char cotangent_name[] = "the cotangent";

static void free_map(struct jac_map *map) {
  struct formula_map *f = (struct formula_map *)map;
  jac_printed_free(&f->printed);
  jac_pool_free(&f->pool);
  jac_pool_free(&f->terms);
}

bool jac_formula_give(struct jac_formula_point *p, const char *key, const gsl_matrix *m) {
  double *copy = malloc((m->size1 * m->size2 + 1) * sizeof *copy);
  if (copy == NULL)
    return false;
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      copy[i * m->size2 + j] = gsl_matrix_get(m, i, j);
  p->copy[p->count] = copy;
  p->given[p->count++] = (struct jac_given){key, copy};
  return true;
}

bool jac_formula_at(const struct formula_map *f, jac_point x,
                    struct jac_formula_point *p) {
  *p = (struct jac_formula_point){.sample = {.work_most = SIZE_MAX / 2}};
  bool good = true;
  for (size_t v = 0; v < f->map.nvar && good; v++)
    good = jac_formula_give(p, f->symbol[v]->key, x[v]);
  return good;
}

void jac_formula_leave(struct jac_formula_point *p) {
  jac_sample_clear(&p->sample);
  for (size_t k = 0; k < p->count; k++)
    free(p->copy[k]);
}

/* The value of a term there: NULL in out->x where it has none. */
static enum jac_status value(struct jac_formula_point *p, const struct jac_term *of,
                             struct jac_value *out) {
  p->sample.given = p->given;
  p->sample.givens = p->count;
  enum jac_status status = jac_value(of, &p->sample, NULL, NULL, 0, out, NULL);
  return status == JAC_ENOMEM || status == JAC_ELIMIT ? status : JAC_OK;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct formula_map *f = (const struct formula_map *)map;
  struct jac_formula_point p;
  struct jac_value out = {0};
  enum jac_status status =
      jac_formula_at(f, x, &p) ? value(&p, f->value, &out) : JAC_ENOMEM;
  for (size_t k = 0; k < map->rows * map->cols && status == JAC_OK; k++)
    gsl_matrix_set(y, k / map->cols, k % map->cols, out.x ? out.x[k] : NAN);
  jac_value_free(&out);
  jac_formula_leave(&p);
  return status;
}

/* The derivative of a term by the entries from .. from + count of a variable, in native
 * order; outputs are numbered row by row. In the pool; NULL: memory. */
const struct jac_term *jac_formula_by_entries(const struct formula_map *f,
                                              struct jac_pool *pool,
                                              const struct jac_term *of, size_t wrt,
                                              size_t from, size_t count) {
  const struct jac_variable *var = &f->map.var[wrt];
  struct jac_term *d = jac_pool_take(pool, sizeof *d + sizeof(struct jac_term *));
  struct jac_by *by = jac_pool_take(pool, count * sizeof *by);
  struct jac_term *place = jac_pool_take(pool, 2 * count * sizeof *place);
  if (!d || !by || !place)
    return NULL;
  size_t cols = var->ndim > 1 ? var->dims[1] : var->dims[0];
  for (size_t k = 0; k < count; k++) {
    size_t offset = jac_number_to_offset(var, JAC_ORDER_F, from + k);
    size_t down = offset / cols + 1, across = offset % cols + 1;
    struct jac_term *row = &place[2 * k], *column = &place[2 * k + 1];
    *row = (struct jac_term){.kind = JAC_TERM_NUMBER, .type = f->number};
    *column = *row;
    row->number = (double)down;
    column->number = (double)across;
    by[k] = (struct jac_by){.symbol = f->symbol[wrt], .row = row, .column = column};
  }
  d->kind = JAC_TERM_DERIVATIVE;
  d->type = f->number; /* its size follows from what moves */
  d->layout = JAC_LAYOUT_JACOBIAN;
  d->by_rows = true;
  d->by = by;
  d->bys = count;
  d->count = 1;
  d->child[0] = of;
  return d;
}

/* All derivatives of a term by a variable: the rows of out one after another, each of the
 * variable's entries in native order. */
enum jac_status jac_formula_slopes(const struct formula_map *f,
                                   struct jac_formula_point *p, const struct jac_term *of,
                                   size_t wrt, size_t rows, double *out) {
  size_t all = jac_variable_size(&f->map.var[wrt]);
  enum jac_status status = JAC_OK;
  for (size_t from = 0; from < all && status == JAC_OK; from += CHUNK) {
    size_t count = all - from < CHUNK ? all - from : CHUNK;
    struct jac_pool pool = JAC_POOL_INIT;
    struct jac_value d = {0};
    const struct jac_term *slope = jac_formula_by_entries(f, &pool, of, wrt, from, count);
    status = slope ? value(p, slope, &d) : JAC_ENOMEM;
    bool good = d.x != NULL && d.rows * d.cols == rows * count;
    for (size_t i = 0; i < rows && status == JAC_OK; i++)
      for (size_t j = 0; j < count; j++)
        out[i * all + from + j] = good ? d.x[i * count + j] : NAN;
    jac_value_free(&d);
    jac_sample_clear(&p->sample); /* it knows the term */
    jac_pool_free(&pool);
  }
  return status;
}

static enum jac_status explicit_jacobian(const struct jac_map *map, jac_point x,
                                         size_t wrt, struct jac_array3 *J) {
  const struct formula_map *f = (const struct formula_map *)map;
  size_t rows = map->rows * map->cols, all = jac_variable_size(&map->var[wrt]);
  double *out = malloc((rows * all + 1) * sizeof *out);
  struct jac_value y = {0};
  struct jac_formula_point p;
  bool good = jac_formula_at(f, x, &p) && out != NULL;
  enum jac_status status = good ? value(&p, f->value, &y) : JAC_ENOMEM;
  if (status == JAC_OK)
    status = jac_formula_slopes(f, &p, f->value, wrt, rows, out);
  /* Where samples are not coupled a slice has its own sample's columns alone. */
  bool own = J->slices > 1 && map->var[wrt].role == JAC_DATA;
  for (size_t k = 0; k < rows && status == JAC_OK; k++)
    for (size_t j = 0; j < J->cols; j++) {
      size_t slice = k / J->rows, at = own ? slice * J->cols + j : j;
      /* What has no value here has no derivative. */
      double slope = !y.x || isnan(y.x[k]) ? NAN : out[k * all + at];
      if (slope != 0.0)
        *jac_array3_at(J, slice, k % J->rows, j) = slope;
    }
  free(out);
  jac_value_free(&y);
  jac_formula_leave(&p);
  return status;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct formula_map *f = (const struct formula_map *)map;
  const struct jac_variable *var = &map->var[wrt];
  size_t all = jac_variable_size(var);
  double *out = malloc((all + 1) * sizeof *out);
  struct jac_formula_point p;
  bool good = jac_formula_at(f, x, &p) && out != NULL &&
              jac_formula_give(&p, cotangent_name, cotangent);
  enum jac_status status =
      good ? jac_formula_slopes(f, &p, f->paired, wrt, 1, out) : JAC_ENOMEM;
  for (size_t k = 0; k < all && status == JAC_OK; k++) {
    size_t offset = jac_number_to_offset(var, JAC_ORDER_F, k);
    gsl_matrix_set(gradient, offset / gradient->size2, offset % gradient->size2, out[k]);
  }
  free(out);
  jac_formula_leave(&p);
  return status;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct formula_map *f = (const struct formula_map *)map;
  static double zero[1];
  struct jac_value d = {0};
  struct jac_formula_point p;
  bool good =
      jac_formula_at(f, x, &p) && jac_formula_give(&p, jac_formula_tangent, tangent);
  if (good)
    p.given[p.count++] = (struct jac_given){jac_formula_step, zero};
  enum jac_status status = good ? value(&p, f->along[wrt], &d) : JAC_ENOMEM;
  for (size_t k = 0; k < map->rows * map->cols && status == JAC_OK; k++)
    gsl_matrix_set(out, k / map->cols, k % map->cols, d.x ? d.x[k] : NAN);
  jac_value_free(&d);
  jac_formula_leave(&p);
  return status;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map, (void)wrt;
  return (struct jac_structure){.columns = jac_printed_columns};
}

const struct jac_map_type jac_formula_type = {.name = "formula",
                                              .forward = forward,
                                              .jacobian = explicit_jacobian,
                                              .vjp = vjp,
                                              .jvp = jvp,
                                              .structure = structure,
                                              .free = free_map};

bool jac_map_is_formula(const struct jac_map *map) {
  return map->type == &jac_formula_type;
}

/* The terms of the products. */
bool jac_formula_products(struct formula_map *f, struct jac_elaboration *e) {
  struct jac_type number = jac_type_number(e);
  struct jac_symbol *step = jac_symbol_new(e, jac_formula_step, number);
  struct jac_symbol *cotangent = jac_symbol_new(e, cotangent_name, f->value->type);
  term *t = jac_term_symbol(e, step, NULL);
  term *pair[2] = {jac_term_symbol(e, cotangent, NULL), f->value};
  f->paired = pair[0] ? jac_term_op(e, JAC_C_INNER, NULL, 2, pair) : NULL;
  for (size_t v = 0; v < f->map.nvar && !e->unfit; v++) {
    const struct jac_symbol *s = f->symbol[v];
    struct jac_symbol *direction = jac_symbol_new(e, jac_formula_tangent, s->type);
    term *side[2] = {t, jac_term_symbol(e, direction, NULL)};
    term *way = side[1] ? jac_term_op(e, JAC_C_SIDE, NULL, 2, side) : NULL;
    term *sum[2] = {jac_term_symbol(e, (struct jac_symbol *)s, NULL), way};
    term *child[2] = {f->value,
                      way && sum[0] ? jac_term_op(e, JAC_C_ADD, NULL, 2, sum) : NULL};
    const struct jac_symbol **at = jac_pool_take(&f->terms, sizeof *at);
    struct jac_by *by = jac_pool_take(&f->terms, sizeof *by);
    struct jac_term *moved =
        child[1] ? jac_term_new(e, JAC_TERM_AT, f->value->type, NULL, 2, child) : NULL;
    if (!at || !by || !moved)
      return false;
    at[0] = s;
    moved->at = at;
    term *inside = moved;
    struct jac_term *d =
        jac_term_new(e, JAC_TERM_DERIVATIVE, f->value->type, NULL, 1, &inside);
    if (!d)
      return false;
    by->symbol = step;
    d->by = by;
    d->bys = 1;
    d->layout = JAC_LAYOUT_OUTPUT;
    f->along[v] = d;
  }
  return f->paired != NULL && !e->unfit;
}

/* The value at a drawn point, under the sizes of a turn. */
static enum jac_status at_turn(struct formula_map *f, struct jac_elaboration *e,
                               unsigned turn, jac_point x, struct jac_value *out,
                               struct jac_error *err) {
  struct jac_formula_point p;
  jac_dims_sizes(&e->dims, turn);
  enum jac_status status = jac_formula_at(f, x, &p) ? JAC_OK : jac_fail_memory(err);
  p.sample.given = p.given;
  p.sample.givens = p.count;
  p.sample.work_most = WORK;
  if (status == JAC_OK)
    status = jac_value(f->value, &p.sample, NULL, NULL, 0, out, err);
  jac_formula_leave(&p);
  return status;
}

/* How many samples the data have; 0: there are no data. */
static size_t samples_of(const struct jac_map *map) {
  for (size_t v = 0; v < map->nvar; v++)
    if (map->var[v].role == JAC_DATA)
      return map->var[v].dims[0];
  return 0;
}

/* Whether an output of one sample depends on the data of another, at drawn points: the
 * derivative of a term is 0 there where it does not occur. */
static enum jac_status find_coupling(struct formula_map *f, struct jac_error *err) {
  enum { DRAWS = 2 };
  struct jac_map *map = &f->map;
  bool coupled = map->rows != map->batch;
  if (samples_of(map) < 2)
    return JAC_OK;
  for (unsigned long k = 1; k <= DRAWS && !coupled; k++)
    for (size_t v = 0; v < map->nvar && !coupled; v++) {
      struct jac_values x;
      struct jac_array3 J = {0};
      if (map->var[v].role != JAC_DATA)
        continue;
      enum jac_status status = jac_values_new(map, k, &x, err);
      if (status == JAC_OK)
        status = jac_map_jacobian_new(map, jac_values_point(&x), v, &J, err);
      jac_values_free(&x);
      if (status != JAC_OK)
        return status;
      size_t features = map->var[v].dims[1];
      for (size_t e = 0; e < J.rows * J.cols; e++)
        coupled = coupled ||
                  (e / J.cols / map->cols != e % J.cols / features && J.data[e] != 0.0);
      jac_array3_free(&J);
    }
  map->coupled = coupled;
  return JAC_OK;
}

/* Until more is known samples are coupled. */
static void set_coupled(struct jac_map *map, size_t samples) {
  map->coupled = map->batch > 1;
  map->coupled_reason =
      samples == 0     ? _("a formula is one function of all its entries")
      : map->rows == 1 ? _("the output is one number of all samples")
                       : _("an output of one sample has to do with the data of another");
}

static bool same_numbers(const struct jac_value *a, const struct jac_value *b) {
  bool same = a->rows == b->rows && a->cols == b->cols;
  for (size_t k = 0; k < a->rows * a->cols && same; k++)
    same = a->x[k] == b->x[k] || (isnan(a->x[k]) && isnan(b->x[k]));
  return same;
}

/* Takes the shape of a value: its rows are the samples, where there are data. */
static enum jac_status take_shape(struct formula_map *f, const struct jac_value *a,
                                  struct jac_error *err) {
  size_t samples = samples_of(&f->map);
  if (samples > 0 && a->rows != samples && a->rows * a->cols > 1)
    return jac_fail(err, JAC_EINPUT,
                    _("the output has %zu rows for %zu samples: its first index should "
                      "be the sample, as that of the data"),
                    a->rows, samples);
  f->column = a->cols == 1 && (samples == 0 || a->rows == 1);
  f->map.column = f->column;
  f->map.rows = f->column ? 1 : a->rows;
  f->map.cols = f->column ? a->rows : a->cols;
  f->map.batch = samples > 0 ? samples : f->map.rows;
  set_coupled(&f->map, samples);
  return JAC_OK;
}

/* i of y[i] = x[1]; NULL: there is none. */
static const char *endless_index(const struct jac_elaboration *e) {
  for (size_t k = 0; k < e->nsymbol; k++) {
    const struct jac_term *body = e->symbol[k]->body;
    if (!body || body->kind != JAC_TERM_BUILD)
      continue;
    const struct jac_index *side[2] = {body->index, body->index2};
    for (size_t n = 0; n < 2; n++)
      if (side[n] && jac_dim_root(side[n]->range)->kind == JAC_DIM_FREE)
        return side[n]->name;
  }
  return NULL;
}

/* The value's shape. What has a size that nothing fixes must not matter. */
static enum jac_status find_shape(struct formula_map *f, struct jac_elaboration *e,
                                  struct jac_error *err) {
  struct jac_values x;
  struct jac_value a = {0}, b = {0};
  f->map.rows = f->map.cols = 1;
  enum jac_status status = jac_values_new(&f->map, 1, &x, err);
  if (status != JAC_OK)
    return status;
  status = at_turn(f, e, 1, jac_values_point(&x), &b, err);
  if (status == JAC_OK)
    status = at_turn(f, e, 0, jac_values_point(&x), &a, err);
  jac_values_free(&x);
  const char *endless = endless_index(e);
  if (status == JAC_OK && !same_numbers(&a, &b))
    status = endless
                 ? jac_fail(err, JAC_EINPUT,
                            _("how far %s runs is not known: it stands as an index of "
                              "nothing that has a size"),
                            endless)
                 : jac_fail(err, JAC_EINPUT,
                            _("the size of I or of the ones is not known here: write "
                              "I_n"));
  if (status == JAC_OK)
    status = take_shape(f, &a, err);
  jac_value_free(&a);
  jac_value_free(&b);
  return status;
}

/* Whether cells stand apart by spaces alone: [1 2; 3 4]. */
static bool cells_apart(const struct jac_syntax *n) {
  bool apart = (n->form == JAC_S_ROW || n->form == JAC_S_LIST) && n->spaced;
  for (size_t k = 0; k < n->count && !apart; k++)
    apart = n->child[k] != NULL && cells_apart(n->child[k]);
  return apart;
}

/* What is printed of the equations: as they were typed, or what LaTeX, functions of
 * one's own and cells without commas come to. */
static enum jac_status print_equations(struct formula_map *f, struct jac_elaboration *e,
                                       const struct jac_defined *d, const char *text,
                                       struct jac_error *err) {
  const struct jac_symbol *quantity[JAC_EQUATIONS_MOST];
  size_t count = 0;
  char *plain = NULL;
  bool typed = !d->latex;
  for (size_t k = 0; k + 1 < d->equations; k++)
    typed = typed && !d->function[k];
  for (size_t k = 0; k < d->count; k++)
    typed = typed && (d->fact[k].right == NULL || !cells_apart(d->fact[k].right));
  if (typed)
    return jac_printed_make(&f->map, text, d->key[d->equations - 1], &f->printed, err);
  for (size_t k = 0; k < d->equations; k++) {
    bool inside = d->function[k] && k + 1 < d->equations; /* of what calls it */
    const struct jac_symbol *s = inside ? NULL : jac_symbol_of(e, d->key[k], d->name[k]);
    if (s != NULL && s->body != NULL)
      quantity[count++] = s;
  }
  enum jac_status status = jac_printed_write(quantity, count, &plain, err);
  if (status == JAC_OK && strchr(plain, '?') == NULL)
    status = jac_printed_make(&f->map, plain, d->key[d->equations - 1], &f->printed, err);
  free(plain);
  return status;
}

static enum jac_status make(struct formula_map *f, const char *text,
                            const struct jac_formula_size *size, size_t count,
                            struct jac_elaboration *e, struct jac_error *err) {
  struct jac_defined d;
  struct jac_scope scope;
  enum jac_status status = jac_defined_read(&f->pool, text, size, count, &d, err);
  if (status)
    return status;
  /* Lent: e is done with here. */
  /* cppcheck-suppress autoVariables */
  status = jac_formula_map_read(f, e, &d, &scope, text, err);
  if (status == JAC_OK)
    status = jac_formula_map_variables(f, e, &d, size, count, text, err);
  if (status == JAC_OK && f->value->symbol->families)
    status = jac_fail(err, JAC_EINPUT, _("a function of three indices is not read here"));
  if (status == JAC_OK && !jac_formula_products(f, e))
    status = jac_fail_memory(err);
  f->number = jac_type_number(e);
  if (status == JAC_OK)
    status = find_shape(f, e, err);
  if (status == JAC_OK)
    status = find_coupling(f, err);
  if (status == JAC_OK) {
    struct jac_buffer latex = JAC_BUFFER_INIT;
    const char *name = d.key[d.equations - 1];
    jac_spell_latex(name, 0, NULL, &latex);
    snprintf(f->map.output_symbol, sizeof f->map.output_symbol, "%s", latex.text);
    jac_buffer_free(&latex);
    status = print_equations(f, e, &d, text, err);
  }
  if (status == JAC_OK) {
    f->make = (struct jac_make){&f->terms, &f->dims, BEYOND};
    f->dims = e->dims;
    status = jac_printed_derive(&f->map, &f->make, f->value, f->symbol, f->column,
                                &f->printed, err);
    jac_dims_sizes(&f->dims, 0);
  }
  return status;
}

enum jac_status jac_formula_map_new(const char *definition,
                                    const struct jac_formula_size *size, size_t count,
                                    struct jac_map **map, struct jac_error *err) {
  struct formula_map *f = jac_memory_take(1, sizeof *f);
  struct jac_elaboration *e = jac_memory_take(1, sizeof *e);
  *map = NULL;
  if (f == NULL || e == NULL) {
    free(f);
    free(e);
    return jac_fail_memory(err);
  }
  f->map.type = &jac_formula_type;
  f->map.batch = 1;
  f->map.var = jac_memory_take(JAC_VARIABLES_MOST, sizeof *f->map.var);
  f->map.spec = malloc(strlen(definition) + 1);
  enum jac_status status =
      f->map.var == NULL || f->map.spec == NULL ? jac_fail_memory(err) : JAC_OK;
  if (status == JAC_OK && f->map.spec != NULL) {
    strcpy(f->map.spec, definition);
    status = make(f, definition, size, count, e, err);
  }
  free(e);
  if (status == JAC_OK)
    *map = &f->map;
  else
    jac_map_free(&f->map);
  return status;
}
