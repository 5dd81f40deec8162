/* Names and entries: variables, quantities of `where`, constants, sizes. */
#include "jacobian/formula/evaluate_internal.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;

/* Names are looked up again and again, and most differ at once. */
static bool same(const char *a, const char *b) {
  return *a == *b && strcmp(a, b) == 0;
}

/* What might have a meaning elsewhere is not wrong. */
static value_t meaningless(struct jac_evaluation *e, node_t n) {
  value_t v = jac_evaluation_fail(
      e, n, _("%s: with these indices it has no meaning here"), n->name);
  if (e->status == JAC_EINPUT)
    e->status = JAC_EUNKNOWN;
  return v;
}

bool jac_evaluation_size(const struct jac_evaluation *e, const char *name,
                         size_t *value) {
  for (size_t k = e->count; k-- > e->base;)
    if (same(e->index[k].name, name)) {
      *value = e->index[k].value;
      return true;
    }
  for (size_t k = 0; k < e->env->nsize; k++)
    if (same(e->env->size[k].name, name)) {
      *value = e->env->size[k].value;
      return true;
    }
  return false;
}

bool jac_evaluation_named(const struct jac_evaluation *e, const char *name,
                          struct jac_named *named) {
  for (size_t k = 0; k < e->env->nnamed; k++)
    if (same(e->env->named[k].name, name)) {
      *named = e->env->named[k];
      return true;
    }
  const struct jac_map *map = e->env->map;
  size_t v = map == NULL ? 0 : jac_map_find(map, name);
  if (map == NULL || v == map->nvar)
    return false;
  const struct jac_variable *var = &map->var[v];
  const gsl_matrix *m = e->env->x[v];
  *named = (struct jac_named){
      var->name,    var->ndim, {var->dims[0], var->dims[1], var->dims[2]},
      m->data,      m->tda,    false,
      var->channels};
  return true;
}

bool jac_evaluation_constant(const struct jac_evaluation *e, const char *name) {
  const struct jac_map *map = e->env->map;
  for (size_t k = 0; map != NULL && k < map->nconstant; k++)
    if (same(map->constant[k].name, name))
      return true;
  return false;
}

size_t jac_evaluation_where(const struct jac_evaluation *e, const char *name) {
  size_t k = 0;
  while (k < e->env->nwhere && !same(e->env->where_left[k]->name, name))
    k++;
  return k;
}

/* Reads a number from where the values stand; the seed's slope is 1. */
static void load(struct jac_evaluation *e, void *to, const double *from) {
  const struct jac_environment *env = e->env;
  const struct jac_number_type *base = e->type->base;
  e->type->set_double(e->type, to, *from);
  if (base == NULL)
    return;
  if (env->seed != NULL)
    base->set_double(base, (char *)to + base->size, from == env->seed);
}

static value_t named_matrix(struct jac_evaluation *e, node_t n,
                            const struct jac_named *named) {
  if (named->ndim > 2)
    return jac_evaluation_fail(e, n, _("%s: it has three dimensions: give it indices"),
                               n->name);
  size_t rows = named->ndim == 2 ? named->dims[0] : 1;
  size_t cols = named->ndim == 2 ? named->dims[1] : named->dims[0];
  bool upright = named->ndim == 1 && named->column;
  value_t v = jac_value_new(e, upright ? cols : rows, upright ? rows : cols);
  for (size_t i = 0; i < rows && e->status == JAC_OK; i++)
    for (size_t j = 0; j < cols; j++)
      load(e, v.data + (i * cols + j) * e->type->size, named->data + i * named->tda + j);
  return v;
}

/* A quantity without indices is evaluated once. */
static value_t where_matrix(struct jac_evaluation *e, node_t n, size_t which) {
  if (e->has[which])
    return e->cached[which];
  if (e->nested == JAC_MOST_NESTED)
    return jac_evaluation_fail(e, n, _("%s: it is defined by itself"), n->name);
  size_t before = e->count, size = before * sizeof e->index[0], rows = e->beside_rows,
         cols = e->beside_cols;
  struct jac_index_value *saved = malloc(size + 1);
  if (saved == NULL) {
    e->status = jac_fail_memory(e->err);
    return jac_value_number(e, 0.0);
  }
  memcpy(saved, e->index, size);
  e->count = 0; /* its own indices and neighbours, not those of who asks */
  e->beside_rows = e->beside_cols = 0;
  e->nested++;
  value_t v = jac_evaluation_node(e, e->env->where_right[which]);
  e->nested--;
  e->count = before;
  e->beside_rows = rows;
  e->beside_cols = cols;
  memcpy(e->index, saved, size);
  free(saved);
  if (v.flexible != JAC_FIXED)
    return v;
  char *kept =
      e->status == JAC_OK ? jac_evaluation_take(e, &e->kept, v.rows * v.cols) : NULL;
  if (kept == NULL)
    return v;
  for (size_t k = 0; k < v.rows * v.cols; k++)
    e->type->set(e->type, kept + k * e->type->size, v.data + k * e->type->size);
  e->cached[which] = (value_t){v.rows, v.cols, kept, JAC_FIXED};
  e->has[which] = true;
  return e->cached[which];
}

static value_t where_entry(struct jac_evaluation *e, node_t n, size_t which);

/* A quantity of one or two indices, at all of them. */
static value_t where_all(struct jac_evaluation *e, node_t n, size_t which) {
  node_t left = e->env->where_left[which], right = e->env->where_right[which];
  size_t range[2] = {1, 1};
  if (left->count > 2)
    return jac_evaluation_fail(e, n, _("%s: it has three dimensions: give it indices"),
                               n->name);
  for (size_t k = 0; k < left->count; k++)
    if ((range[k] = jac_evaluation_range(e, left->child[k]->name, right)) == 0)
      return jac_evaluation_fail(e, n, _("%s: the range of its index %s is not known"),
                                 n->name, left->child[k]->name);
  bool row = left->count == 1;
  value_t v = jac_value_new(e, row ? 1 : range[0], row ? range[0] : range[1]);
  size_t place = e->count;
  struct jac_arena arena = JAC_ARENA_INIT;
  node_t index[2];
  for (size_t i = 0; i < range[0] && e->status == JAC_OK; i++)
    for (size_t j = 0; j < range[1] && e->status == JAC_OK; j++) {
      index[0] = jac_number(&arena, (double)i + 1.0);
      index[1] = jac_number(&arena, (double)j + 1.0);
      node_t at = jac_node_named(&arena, JAC_ENTRY, n->name, left->count, index);
      if (at == NULL) {
        e->status = jac_fail_memory(e->err);
        break;
      }
      value_t one = where_entry(e, at, which);
      if (e->status == JAC_OK)
        e->type->set(e->type, jac_value_at(e, v, row ? 0 : i, row ? i : j), one.data);
    }
  jac_arena_free(&arena);
  e->count = place;
  return v;
}

/* factor f(1), in the type's own numbers. */
static value_t constant(struct jac_evaluation *e, enum jac_function f, double factor) {
  value_t v = jac_value_number(e, 1.0), times = jac_value_number(e, factor);
  if (e->status == JAC_OK) {
    e->type->function(e->type, f, v.data, v.data);
    e->type->multiply(e->type, v.data, v.data, times.data);
  }
  return v;
}

/* A constant of the map, a size, pi, e, an identity or ones; false: nothing is called so.
 */
static bool constant_name(struct jac_evaluation *e, const char *name, value_t *v) {
  const struct jac_map *map = e->env->map;
  size_t number;
  for (size_t k = 0; map != NULL && k < map->nconstant; k++)
    if (same(map->constant[k].name, name)) {
      *v = jac_value_number(e, map->constant[k].value);
      return true;
    }
  if (jac_evaluation_size(e, name, &number))
    *v = jac_value_number(e, (double)number);
  else if (strcmp(name, "pi") == 0)
    *v = constant(e, JAC_F_ATAN, 4.0);
  else if (strcmp(name, "e") == 0)
    *v = constant(e, JAC_F_EXP, 1.0);
  else if (strcmp(name, "I") == 0)
    *v = jac_value_flexible(e, JAC_IDENTITY);
  else if (strcmp(name, "1") == 0)
    *v = jac_value_flexible(e, JAC_ONES_COLUMN);
  else
    return false;
  return true;
}

value_t jac_evaluation_name(struct jac_evaluation *e, node_t n) {
  struct jac_named named;
  value_t v;
  for (size_t k = e->count; k-- > e->base;)
    if (same(e->index[k].name, n->name))
      return jac_value_number(e, (double)e->index[k].value);
  if (jac_evaluation_named(e, n->name, &named))
    return named_matrix(e, n, &named);
  size_t which = jac_evaluation_where(e, n->name);
  if (which < e->env->nwhere)
    return e->env->where_left[which]->count == 0 ? where_matrix(e, n, which)
                                                 : where_all(e, n, which);
  if (constant_name(e, n->name, &v))
    return v;
  bool first = e->status == JAC_OK;
  value_t nothing = jac_evaluation_fail(e, n, _("%s: it has no meaning here"), n->name);
  if (first && e->status == JAC_EINPUT)
    e->status = e->err != NULL ? (e->err->status = JAC_EUNKNOWN) : JAC_EUNKNOWN;
  return nothing;
}

/* The place of a quantity among so many, its own or a free one; NULL: all near are taken.
 */
static struct jac_memo *place_in(struct jac_memo *memo, size_t places,
                                 const struct jac_memo *key) {
  size_t hash = key->which + 1;
  for (size_t k = 0; k < JAC_MEMO_INDICES && key->index[k] != 0; k++)
    hash = hash * 0x9e3779b97f4a7c15U + key->index[k];
  for (size_t probe = 0; probe < 8; probe++) {
    struct jac_memo *m = &memo[((hash >> 20 ^ hash) + probe) & (places - 1)];
    if (m->index[0] == 0 ||
        (m->which == key->which && memcmp(m->index, key->index, sizeof key->index) == 0))
      return m;
  }
  return NULL;
}

/* More places; what finds none there is evaluated again. False: there are no more. */
static bool grow_memo(struct jac_evaluation *e) {
  size_t places = e->memos == 0 ? JAC_MEMO_FIRST : 4 * e->memos;
  struct jac_memo *more = places <= JAC_MEMO ? calloc(places, sizeof *more) : NULL;
  if (more == NULL)
    return false;
  for (size_t k = 0; k < e->memos; k++) {
    struct jac_memo *m = e->memo[k].index[0] ? place_in(more, places, &e->memo[k]) : NULL;
    if (m != NULL)
      *m = e->memo[k];
  }
  free(e->memo);
  e->memo = more;
  e->memos = places;
  return true;
}

/* The place of a quantity at indices, its own or a free one; NULL: it is not kept. */
static struct jac_memo *find_memo(struct jac_evaluation *e, size_t which, size_t count,
                                  const struct jac_index_value *index) {
  struct jac_memo key = {.which = which}, *found = NULL;
  if (count == 0 || count > JAC_MEMO_INDICES)
    return NULL;
  for (size_t k = 0; k < count; k++)
    key.index[k] = index[k].value;
  do
    found = e->memo != NULL ? place_in(e->memo, e->memos, &key) : NULL;
  while (found == NULL && grow_memo(e));
  return found;
}

static void keep(struct jac_evaluation *e, struct jac_memo *m, size_t which, size_t count,
                 const struct jac_index_value *index, value_t value) {
  bool number = value.rows == 1 && value.cols == 1 && value.flexible == JAC_FIXED;
  char *kept = e->status == JAC_OK && number ? jac_evaluation_take(e, &e->kept, 1) : NULL;
  if (kept == NULL)
    return;
  e->type->set(e->type, kept, value.data);
  m->which = which;
  m->data = kept;
  for (size_t k = 0; k < count; k++)
    m->index[k] = index[k].value;
}

/* The quantity of `where` at indices that are evaluated first, then bound to its own; it
 * sees no others, so that it is evaluated once: a recursion through time would ask for
 * the same again and again. */
static value_t where_entry(struct jac_evaluation *e, node_t n, size_t which) {
  node_t left = e->env->where_left[which];
  size_t before = e->count, base = e->base;
  if (left->count != n->count || before + n->count > JAC_MOST_INDICES)
    return jac_evaluation_fail(e, n, _("%s: it has another number of indices"), n->name);
  if (e->nested == JAC_MOST_NESTED)
    return jac_evaluation_fail(e, n, _("%s: it is defined by itself"), n->name);
  for (size_t k = 0; k < n->count; k++) {
    double at = jac_evaluation_number(e, n->child[k]);
    if (!(at >= 1.0 && at <= 1e15))
      return jac_evaluation_fail(e, n, _("%s: an index is out of its range"), n->name);
    e->index[before + k] = (struct jac_index_value){left->child[k]->name, (size_t)at};
  }
  struct jac_memo *memo = find_memo(e, which, n->count, e->index + before);
  if (memo != NULL && memo->index[0] != 0)
    return (value_t){1, 1, memo->data, JAC_FIXED};
  e->base = before;
  e->count = before + n->count;
  e->nested++;
  value_t value = jac_evaluation_node(e, e->env->where_right[which]);
  e->nested--;
  e->base = base;
  e->count = before;
  memo =
      find_memo(e, which, n->count, e->index + before); /* others were kept meanwhile */
  if (memo != NULL && memo->index[0] == 0)
    keep(e, memo, which, n->count, e->index + before, value);
  return value;
}

static bool every(node_t index) {
  return index->kind == JAC_NAME && strcmp(index->name, ".") == 0;
}

/* An index's place from 0, or size for a point (every place); size + 1 after a failure.
 */
static size_t place_of(struct jac_evaluation *e, node_t n, node_t index, size_t size) {
  if (every(index))
    return size;
  double at = jac_evaluation_number(e, index);
  if (e->status == JAC_OK && at >= 1.0 && at <= (double)size && at == floor(at))
    return (size_t)at - 1;
  if (e->status == JAC_OK)
    jac_evaluation_fail(e, n, _("%s: an index is out of its range"), n->name);
  return size + 1;
}

/* An entry of a vector, or all of it. */
static value_t pick_one(struct jac_evaluation *e, node_t n, value_t m, node_t index) {
  size_t size = m.rows * m.cols, k = place_of(e, n, index, size);
  if (k == size || e->status != JAC_OK)
    return m;
  return (value_t){1, 1, m.data + k * e->type->size, JAC_FIXED};
}

/* An entry of an identity has no need of its size. */
static value_t pick_flexible(struct jac_evaluation *e, node_t n, value_t m, size_t count,
                             const node_t *index) {
  if (m.flexible != JAC_IDENTITY || count != 2 || every(index[0]) || every(index[1]))
    return jac_evaluation_sizeless(e, n);
  double i = jac_evaluation_number(e, index[0]);
  return jac_value_number(e, i == jac_evaluation_number(e, index[1]));
}

/* Entries of a matrix: one index of a vector, two of a matrix, points for all. */
value_t jac_evaluation_pick(struct jac_evaluation *e, node_t n, value_t m, size_t count,
                            const node_t *index) {
  if (m.flexible != JAC_FIXED)
    return pick_flexible(e, n, m, count, index);
  if (count == 1 && (m.rows == 1 || m.cols == 1))
    return pick_one(e, n, m, index[0]);
  if (count != 2)
    return meaningless(e, n);
  size_t i = place_of(e, n, index[0], m.rows), j = place_of(e, n, index[1], m.cols);
  if (e->status != JAC_OK)
    return m;
  bool rows = i == m.rows, cols = j == m.cols; /* all of them */
  value_t v = jac_value_new(e, rows ? m.rows : 1, cols ? m.cols : 1);
  for (size_t r = 0; r < v.rows && e->status == JAC_OK; r++)
    for (size_t c = 0; c < v.cols; c++)
      e->type->set(e->type, jac_value_at(e, v, r, c),
                   jac_value_at(e, m, rows ? r : i, cols ? c : j));
  return v;
}

/* An entry of values, an index for each of their dimensions. */
static value_t named_entry(struct jac_evaluation *e, node_t n, struct jac_named *named) {
  size_t at[3] = {0};
  if (named->channels > 0 && n->count == 3 && named->ndim == 2) {
    named->dims[2] = named->channels;
    named->dims[1] /= named->channels;
    named->ndim = 3;
  }
  if (named->ndim != n->count)
    return meaningless(e, n);
  for (size_t k = 0; k < n->count; k++)
    at[k] = place_of(e, n, n->child[k], named->dims[k]);
  value_t v = jac_value_new(e, 1, 1);
  if (e->status != JAC_OK)
    return v;
  size_t row = n->count == 1 ? 0 : n->count == 2 ? at[0] : at[0] * named->dims[1] + at[1];
  if (n->count == 3 && named->channels > 0) { /* a row holds all positions */
    row = at[0];
    at[2] += at[1] * named->channels;
  }
  load(e, v.data, named->data + row * named->tda + at[n->count - 1]);
  return v;
}

static bool has_point(node_t n) {
  for (size_t k = 0; k < n->count; k++)
    if (every(n->child[k]))
      return true;
  return false;
}

value_t jac_evaluation_entry(struct jac_evaluation *e, node_t n) {
  struct jac_named named;
  if (jac_evaluation_named(e, n->name, &named)) {
    bool vector = named.ndim == 2 && (named.dims[0] == 1 || named.dims[1] == 1);
    return has_point(n) || (n->count == 1 && vector)
               ? jac_evaluation_pick(e, n, named_matrix(e, n, &named), n->count, n->child)
               : named_entry(e, n, &named);
  }
  size_t which = jac_evaluation_where(e, n->name);
  if (which < e->env->nwhere) {
    size_t count = e->env->where_left[which]->count;
    if (count == n->count && !has_point(n))
      return where_entry(e, n, which);
    value_t all = count > 0 ? where_all(e, n, which) : where_matrix(e, n, which);
    return jac_evaluation_pick(e, n, all, n->count, n->child);
  }
  if (n->count == 2 && strcmp(n->name, "I") == 0)
    return jac_evaluation_pick(e, n, jac_value_flexible(e, JAC_IDENTITY), 2, n->child);
  return meaningless(e, n);
}
