#include "jacobian/formula/evaluate.h"

#include "jacobian/formula/evaluate_internal.h"
#include "jacobian/formula/render.h"
#include "jacobian/order.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;

/* At most this many elements and steps in one evaluation. */
enum { MOST_ELEMENTS = 1 << 24, MOST_STEPS = 1 << 28, CHUNK = 256 };

struct jac_chunk {
  struct jac_chunk *before;
  size_t size;
  _Alignas(max_align_t) char bytes[];
};

static void *take(struct jac_evaluation *e, struct jac_pool *pool, size_t count) {
  const struct jac_number_type *type = e->type;
  if (pool->chunk == NULL || count > pool->chunk->size - pool->used) {
    size_t size = count > CHUNK ? count : CHUNK;
    struct jac_chunk *chunk = NULL;
    if (count <=
        MOST_ELEMENTS - (pool->total < MOST_ELEMENTS ? pool->total : MOST_ELEMENTS))
      chunk = malloc(sizeof *chunk + size * type->size);
    else if (e->status == JAC_OK)
      e->status =
          jac_fail(e->err, JAC_ELIMIT,
                   _("evaluating the formula takes more than %d numbers"), MOST_ELEMENTS);
    if (chunk == NULL) {
      if (e->status == JAC_OK)
        e->status = jac_fail_memory(e->err);
      return NULL;
    }
    *chunk = (struct jac_chunk){pool->chunk, size};
    for (size_t k = 0; k < size; k++)
      type->init(type, chunk->bytes + k * type->size);
    pool->chunk = chunk;
    pool->used = 0;
    pool->total += size;
  }
  char *place = pool->chunk->bytes + pool->used * type->size;
  pool->used += count;
  for (size_t k = 0; k < count; k++)
    type->set_double(type, place + k * type->size, 0.0);
  return place;
}

/* Frees the chunks newer than one. */
static void release(const struct jac_number_type *type, struct jac_pool *pool,
                    struct jac_chunk *to, size_t used) {
  while (pool->chunk != to) {
    struct jac_chunk *chunk = pool->chunk;
    pool->chunk = chunk->before;
    pool->total -= chunk->size;
    for (size_t k = 0; k < chunk->size; k++)
      type->clear(type, chunk->bytes + k * type->size);
    free(chunk);
  }
  pool->used = used;
}

value_t jac_value_new(struct jac_evaluation *e, size_t rows, size_t cols) {
  static _Thread_local _Alignas(max_align_t) char nothing[256];
  size_t count;
  if (__builtin_mul_overflow(rows, cols, &count))
    count = (size_t)MOST_ELEMENTS * 2;
  char *data = e->status == JAC_OK ? take(e, &e->pool, count) : NULL;
  return data != NULL ? (value_t){rows, cols, data, JAC_FIXED}
                      : (value_t){1, 1, nothing, JAC_FIXED};
}

void *jac_value_at(const struct jac_evaluation *e, value_t v, size_t row, size_t col) {
  return v.data + (row * v.cols + col) * e->type->size;
}

double jac_value_get(const struct jac_evaluation *e, value_t v, size_t row, size_t col) {
  return e->type->get(e->type, jac_value_at(e, v, row, col));
}

value_t jac_value_number(struct jac_evaluation *e, double x) {
  value_t v = jac_value_new(e, 1, 1);
  if (e->status == JAC_OK)
    e->type->set_double(e->type, v.data, x);
  return v;
}

value_t jac_evaluation_fail(struct jac_evaluation *e, node_t node, const char *format,
                            ...) {
  char text[400];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (e->status == JAC_OK) {
    e->status = jac_fail(e->err, JAC_EINPUT, "%s", text);
    e->position = node->position;
  }
  return jac_value_new(e, 1, 1);
}

value_t jac_evaluation_sizeless(struct jac_evaluation *e, node_t n) {
  value_t v =
      jac_evaluation_fail(e, n, _("the size of I or of the ones is not known here"));
  if (e->status == JAC_EINPUT)
    e->status = JAC_EUNKNOWN;
  return v;
}

/* What might have a meaning elsewhere is not wrong. */
static value_t meaningless(struct jac_evaluation *e, node_t n) {
  value_t v = jac_evaluation_fail(
      e, n, _("%s: with these indices it has no meaning here"), n->name);
  if (e->status == JAC_EINPUT)
    e->status = JAC_EUNKNOWN;
  return v;
}

double jac_evaluation_number(struct jac_evaluation *e, node_t node) {
  value_t v = jac_evaluation_node(e, node);
  if (e->status == JAC_OK && v.flexible != JAC_FIXED)
    v = jac_value_settle(e, node, v, 1, 1);
  if (e->status != JAC_OK)
    return NAN;
  if (v.rows == 1 && v.cols == 1)
    return jac_value_get(e, v, 0, 0);
  jac_evaluation_fail(e, node, _("a matrix of %zux%zu stands where one number is needed"),
                      v.rows, v.cols);
  return NAN;
}

bool jac_evaluation_size(const struct jac_evaluation *e, const char *name,
                         size_t *value) {
  for (size_t k = e->count; k-- > e->base;)
    if (strcmp(e->index[k].name, name) == 0) {
      *value = e->index[k].value;
      return true;
    }
  for (size_t k = 0; k < e->env->nsize; k++)
    if (strcmp(e->env->size[k].name, name) == 0) {
      *value = e->env->size[k].value;
      return true;
    }
  return false;
}

bool jac_evaluation_named(const struct jac_evaluation *e, const char *name,
                          struct jac_named *named) {
  for (size_t k = 0; k < e->env->nnamed; k++)
    if (strcmp(e->env->named[k].name, name) == 0) {
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
    if (strcmp(map->constant[k].name, name) == 0)
      return true;
  return false;
}

size_t jac_evaluation_where(const struct jac_evaluation *e, const char *name) {
  size_t k = 0;
  while (k < e->env->nwhere && strcmp(e->env->where_left[k]->name, name) != 0)
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
  char *kept = e->status == JAC_OK ? take(e, &e->kept, v.rows * v.cols) : NULL;
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

static value_t name_value(struct jac_evaluation *e, node_t n) {
  const struct jac_map *map = e->env->map;
  struct jac_named named;
  size_t number, which;
  for (size_t k = e->count; k-- > e->base;)
    if (strcmp(e->index[k].name, n->name) == 0)
      return jac_value_number(e, (double)e->index[k].value);
  if (jac_evaluation_named(e, n->name, &named))
    return named_matrix(e, n, &named);
  which = jac_evaluation_where(e, n->name);
  if (which < e->env->nwhere)
    return e->env->where_left[which]->count == 0 ? where_matrix(e, n, which)
                                                 : where_all(e, n, which);
  for (size_t k = 0; map != NULL && k < map->nconstant; k++)
    if (strcmp(map->constant[k].name, n->name) == 0)
      return jac_value_number(e, map->constant[k].value);
  if (jac_evaluation_size(e, n->name, &number))
    return jac_value_number(e, (double)number);
  if (strcmp(n->name, "pi") == 0)
    return constant(e, JAC_F_ATAN, 4.0);
  if (strcmp(n->name, "e") == 0)
    return constant(e, JAC_F_EXP, 1.0);
  if (strcmp(n->name, "I") == 0)
    return jac_value_flexible(e, JAC_IDENTITY);
  if (strcmp(n->name, "1") == 0)
    return jac_value_flexible(e, JAC_ONES_COLUMN);
  bool first = e->status == JAC_OK;
  value_t nothing = jac_evaluation_fail(e, n, _("%s: it has no meaning here"), n->name);
  if (first && e->status == JAC_EINPUT)
    e->status = e->err != NULL ? (e->err->status = JAC_EUNKNOWN) : JAC_EUNKNOWN;
  return nothing;
}

/* The place of a quantity at indices, its own or a free one; NULL: it is not kept. */
static struct jac_memo *find_memo(struct jac_evaluation *e, size_t which, size_t count,
                                  const struct jac_index_value *index) {
  if (count == 0 || count > JAC_MEMO_INDICES)
    return NULL;
  if (e->memo == NULL && (e->memo = calloc(JAC_MEMO, sizeof *e->memo)) == NULL)
    return NULL;
  size_t hash = which + 1;
  for (size_t k = 0; k < count; k++)
    hash = hash * 0x9e3779b97f4a7c15U + index[k].value;
  for (size_t probe = 0; probe < 8; probe++) {
    struct jac_memo *m = &e->memo[((hash >> 20 ^ hash) + probe) & (JAC_MEMO - 1)];
    bool same = m->which == which && m->index[0] != 0;
    for (size_t k = 0; k < count && same; k++)
      same = m->index[k] == index[k].value;
    if (same || m->index[0] == 0)
      return m;
  }
  return NULL;
}

static void keep(struct jac_evaluation *e, struct jac_memo *m, size_t which, size_t count,
                 const struct jac_index_value *index, value_t value) {
  bool number = value.rows == 1 && value.cols == 1 && value.flexible == JAC_FIXED;
  char *kept = e->status == JAC_OK && number ? take(e, &e->kept, 1) : NULL;
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

/* Entries of a matrix: one index of a vector, two of a matrix, points for all. */
static value_t pick(struct jac_evaluation *e, node_t n, value_t m, size_t count,
                    const node_t *index) {
  if (m.flexible == JAC_IDENTITY && count == 2 && !every(index[0]) && !every(index[1])) {
    double i = jac_evaluation_number(e, index[0]);
    return jac_value_number(e, i == jac_evaluation_number(e, index[1]));
  }
  if (m.flexible != JAC_FIXED)
    return jac_evaluation_sizeless(e, n);
  if (count == 1 && m.rows == 1) {
    size_t j = place_of(e, n, index[0], m.cols);
    if (j == m.cols || e->status != JAC_OK)
      return m;
    return (value_t){1, 1, jac_value_at(e, m, 0, j), JAC_FIXED};
  }
  if (count == 1 && m.cols == 1) {
    size_t i = place_of(e, n, index[0], m.rows);
    if (i == m.rows || e->status != JAC_OK)
      return m;
    return (value_t){1, 1, jac_value_at(e, m, i, 0), JAC_FIXED};
  }
  if (count != 2)
    return meaningless(e, n);
  size_t i = place_of(e, n, index[0], m.rows), j = place_of(e, n, index[1], m.cols);
  if (e->status != JAC_OK)
    return m;
  size_t rows = i == m.rows ? m.rows : 1, cols = j == m.cols ? m.cols : 1;
  value_t v = jac_value_new(e, rows, cols);
  for (size_t r = 0; r < rows && e->status == JAC_OK; r++)
    for (size_t c = 0; c < cols; c++)
      e->type->set(e->type, jac_value_at(e, v, r, c),
                   jac_value_at(e, m, i == m.rows ? r : i, j == m.cols ? c : j));
  return v;
}

static value_t entry(struct jac_evaluation *e, node_t n) {
  struct jac_named named;
  size_t which = jac_evaluation_where(e, n->name), at[3] = {0};
  bool bound = jac_evaluation_named(e, n->name, &named), point = false;
  for (size_t k = 0; k < n->count; k++)
    point = point || every(n->child[k]);
  if (!bound && which < e->env->nwhere) {
    size_t count = e->env->where_left[which]->count;
    return count == n->count && !point ? where_entry(e, n, which)
           : count > 0 ? pick(e, n, where_all(e, n, which), n->count, n->child)
                       : pick(e, n, where_matrix(e, n, which), n->count, n->child);
  }
  if (bound && (point || (n->count == 1 && named.ndim == 2 &&
                          (named.dims[0] == 1 || named.dims[1] == 1))))
    return pick(e, n, named_matrix(e, n, &named), n->count, n->child);
  if (!bound && n->count == 2 && strcmp(n->name, "I") == 0)
    return pick(e, n, jac_value_flexible(e, JAC_IDENTITY), 2, n->child);
  if (bound && named.channels > 0 && n->count == 3 && named.ndim == 2) {
    named.dims[2] = named.channels;
    named.dims[1] /= named.channels;
    named.ndim = 3;
  }
  if (!bound || named.ndim != n->count)
    return meaningless(e, n);
  for (size_t k = 0; k < n->count; k++)
    at[k] = place_of(e, n, n->child[k], named.dims[k]);
  value_t v = jac_value_new(e, 1, 1);
  if (e->status != JAC_OK)
    return v;
  size_t row = n->count == 1 ? 0 : n->count == 2 ? at[0] : at[0] * named.dims[1] + at[1];
  if (n->count == 3 && named.channels > 0) { /* a row holds all positions */
    row = at[0];
    at[2] += at[1] * named.channels;
  }
  load(e, v.data, named.data + row * named.tda + at[n->count - 1]);
  return v;
}

/* The first and last number of an index. */
static bool bounds(struct jac_evaluation *e, node_t n, size_t *from, size_t *to) {
  size_t range = jac_evaluation_range(e, n->name, n->child[0]), number;
  *from = 1;
  *to = range;
  if (n->count == 3) {
    double low = jac_evaluation_number(e, n->child[1]);
    node_t last = n->child[2];
    struct jac_named named;
    /* A size that nobody named is the range of what is indexed. */
    bool unnamed = last->kind == JAC_NAME && range > 0 &&
                   !jac_evaluation_size(e, last->name, &number) &&
                   !jac_evaluation_named(e, last->name, &named);
    unnamed = unnamed && !jac_evaluation_constant(e, last->name);
    double high = unnamed ? (double)range : jac_evaluation_number(e, last);
    if (e->status != JAC_OK)
      return false;
    if (!(low >= 0.0 && low < 1e9 && high >= 0.0 && high < 1e9)) {
      jac_evaluation_fail(e, n, _("%s: it runs from %g to %g"), n->name, low, high);
      return false;
    }
    *from = (size_t)low;
    *to = (size_t)high;
    return true;
  }
  if (range > 0)
    return true;
  jac_evaluation_fail(e, n, _("%s: the range of this index is not known"), n->name);
  return false;
}

static void accumulate(struct jac_evaluation *e, enum jac_kind kind, void *sum,
                       const void *term) {
  const struct jac_number_type *type = e->type;
  if (kind == JAC_SUM)
    type->add(type, sum, sum, term);
  else if (kind == JAC_PRODUCT)
    type->multiply(type, sum, sum, term);
  else if (type->compare(type, term, sum) == 1)
    type->set(type, sum, term);
}

static value_t over_index(struct jac_evaluation *e, node_t n) {
  size_t from, to, place = e->count;
  if (place == JAC_MOST_INDICES)
    return jac_evaluation_fail(e, n, _("more than %d indices"), JAC_MOST_INDICES);
  if (!bounds(e, n, &from, &to))
    return jac_value_new(e, 1, 1);
  e->index[e->count++] = (struct jac_index_value){n->name, from};
  value_t sum = {0};
  for (size_t k = from; k <= to && e->status == JAC_OK; k++) {
    e->index[place].value = k;
    struct jac_chunk *chunk = e->pool.chunk;
    size_t used = e->pool.used;
    value_t term = jac_evaluation_node(e, n->child[0]);
    if (e->status != JAC_OK)
      break;
    if (term.flexible != JAC_FIXED) {
      jac_evaluation_sizeless(e, n);
      break;
    }
    if (k == from) {
      sum = jac_value_new(e, term.rows, term.cols);
      for (size_t j = 0; j < sum.rows * sum.cols && e->status == JAC_OK; j++)
        e->type->set(e->type, sum.data + j * e->type->size,
                     term.data + j * e->type->size);
      continue;
    }
    if (term.rows != sum.rows || term.cols != sum.cols) {
      jac_evaluation_fail(e, n, _("the terms of a sum have several shapes"));
      break;
    }
    for (size_t j = 0; j < sum.rows * sum.cols; j++)
      accumulate(e, n->kind, sum.data + j * e->type->size, term.data + j * e->type->size);
    release(e->type, &e->pool, chunk, used);
  }
  e->count = place;
  if (from > to)
    return jac_value_number(e, n->kind == JAC_PRODUCT ? 1.0 : 0.0);
  return e->status == JAC_OK ? sum : jac_value_new(e, 1, 1);
}

static bool truth(struct jac_evaluation *e, node_t n) {
  if (n->kind == JAC_AND)
    return truth(e, n->child[0]) && truth(e, n->child[1]);
  if (n->kind != JAC_COMPARE)
    return jac_evaluation_number(e, n) != 0.0;
  value_t a = jac_evaluation_node(e, n->child[0]),
          b = jac_evaluation_node(e, n->child[1]);
  if (e->status == JAC_OK && a.flexible + b.flexible != 0)
    jac_evaluation_fail(e, n, _("a comparison is between numbers, not matrices"));
  if (e->status == JAC_OK && a.rows * a.cols * b.rows * b.cols != 1)
    jac_evaluation_fail(e, n, _("a comparison is between numbers, not matrices"));
  if (e->status != JAC_OK)
    return false;
  int order = e->type->compare(e->type, a.data, b.data);
  switch (n->name[0]) {
  case '=':
    return order == 0;
  case '!':
    return order != 0;
  case '<':
    return order == -1 || (n->name[1] == '=' && order == 0);
  default:
    return order == 1 || (n->name[1] == '=' && order == 0);
  }
}

/* Of matrices, a comparison holds entry by entry: ind(X > 0). */
static value_t indicator(struct jac_evaluation *e, node_t n) {
  node_t condition = n->child[0];
  if (condition->kind != JAC_COMPARE)
    return jac_value_number(e, truth(e, condition));
  value_t a = jac_evaluation_node(e, condition->child[0]);
  value_t b = jac_evaluation_node(e, condition->child[1]);
  if (e->status == JAC_OK && (a.flexible != JAC_FIXED || b.flexible != JAC_FIXED))
    return jac_evaluation_fail(e, n, _("a comparison is between numbers, not matrices"));
  if (e->status != JAC_OK || a.rows * a.cols == 1 || b.rows * b.cols != 1)
    return jac_value_number(e, e->status == JAC_OK && truth(e, condition));
  value_t v = jac_value_new(e, a.rows, a.cols);
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++) {
    int order = e->type->compare(e->type, a.data + k * e->type->size, b.data);
    bool equal = condition->name[0] == '=' || condition->name[1] == '=';
    bool holds = (condition->name[0] == '<' && order == -1) ||
                 (condition->name[0] == '>' && order == 1) ||
                 (condition->name[0] == '!' ? order != 0 : equal && order == 0);
    e->type->set_double(e->type, v.data + k * e->type->size, holds);
  }
  return v;
}

static value_t cases(struct jac_evaluation *e, node_t n) {
  for (size_t k = 0; k + 1 < n->count && e->status == JAC_OK; k += 2)
    if (truth(e, n->child[k + 1]))
      return jac_evaluation_node(e, n->child[k]);
  return n->count % 2 == 1 ? jac_evaluation_node(e, n->child[n->count - 1])
                           : jac_value_number(e, 0.0);
}

/* Products with an indicator or a delta that is 0 are 0, whatever stands beside it. */
static value_t product(struct jac_evaluation *e, node_t n) {
  value_t a = jac_evaluation_node(e, n->child[0]);
  bool selects = n->child[0]->kind == JAC_DELTA || n->child[0]->kind == JAC_INDICATOR;
  if (selects && e->status == JAC_OK && a.rows * a.cols == 1 &&
      jac_value_get(e, a, 0, 0) == 0.0)
    return a;
  value_t b = jac_evaluation_node(e, n->child[1]);
  if (e->status != JAC_OK)
    return a;
  return n->kind == JAC_HADAMARD ? jac_value_hadamard(e, n, a, b)
                                 : jac_value_multiply(e, n, a, b);
}

/* 1 b or c 1^T, a row or a column repeated as often as the term beside it needs. */
static bool repeats_ones(node_t n) {
  while (n->kind == JAC_NEGATE)
    n = n->child[0];
  if (n->kind != JAC_MULTIPLY)
    return false;
  node_t last = n->child[1];
  while (n->kind == JAC_MULTIPLY)
    n = n->child[0];
  if (last->kind == JAC_TRANSPOSE)
    last = last->child[0];
  else
    last = NULL;
  return strcmp(n->name, "1") == 0 || strcmp(n->name, "ones") == 0 ||
         (last != NULL &&
          (strcmp(last->name, "1") == 0 || strcmp(last->name, "ones") == 0));
}

static value_t sum_of_two(struct jac_evaluation *e, node_t n) {
  value_t term[2] = {{.rows = 0}};
  size_t first = repeats_ones(n->child[0]) ? 1 : 0, second = 1 - first;
  size_t rows = e->beside_rows, cols = e->beside_cols;
  term[first] = jac_evaluation_node(e, n->child[first]);
  if (e->status == JAC_OK && repeats_ones(n->child[second])) {
    e->beside_rows = term[first].rows;
    e->beside_cols = term[first].cols;
  }
  if (e->status == JAC_OK)
    term[second] = jac_evaluation_node(e, n->child[second]);
  e->beside_rows = rows;
  e->beside_cols = cols;
  return e->status == JAC_OK ? jac_value_add(e, n, term[0], term[1]) : term[first];
}

static value_t binary(struct jac_evaluation *e, node_t n) {
  value_t a = jac_evaluation_node(e, n->child[0]);
  value_t b = e->status == JAC_OK ? jac_evaluation_node(e, n->child[1]) : a;
  if (e->status != JAC_OK)
    return a;
  return n->kind == JAC_DIVIDE ? jac_value_divide(e, n, a, b)
                               : jac_value_power(e, n, a, b);
}

value_t jac_evaluation_node(struct jac_evaluation *e, node_t n) {
  if (e->status == JAC_OK && ++e->steps > MOST_STEPS)
    e->status = jac_fail(e->err, JAC_ELIMIT, _("evaluating the formula takes too long"));
  if (e->status != JAC_OK)
    return jac_value_new(e, 1, 1);
  switch (n->kind) {
  case JAC_NUMBER:
    return jac_value_number(e, n->number);
  case JAC_NAME:
    return name_value(e, n);
  case JAC_ENTRY:
    return entry(e, n);
  case JAC_CALL:
    return jac_value_call(e, n);
  case JAC_SUM:
  case JAC_PRODUCT:
  case JAC_MAX:
    return over_index(e, n);
  case JAC_DELTA: {
    double a = jac_evaluation_number(e, n->child[0]);
    return jac_value_number(e, a == jac_evaluation_number(e, n->child[1]));
  }
  case JAC_INDICATOR:
    return indicator(e, n);
  case JAC_CASES:
    return cases(e, n);
  case JAC_NEGATE:
    return jac_value_negate(e, jac_evaluation_node(e, n->child[0]));
  case JAC_MULTIPLY:
  case JAC_HADAMARD:
    return product(e, n);
  case JAC_ADD:
    return sum_of_two(e, n);
  case JAC_DIVIDE:
  case JAC_POWER:
    return binary(e, n);
  case JAC_COMPARE:
  case JAC_AND:
    return jac_value_number(e, truth(e, n));
  case JAC_TRANSPOSE:
    return jac_value_transpose(e, jac_evaluation_node(e, n->child[0]));
  case JAC_AT:
    return pick(e, n, jac_evaluation_node(e, n->child[0]), n->count - 1, n->child + 1);
  case JAC_MATRIX:
    return jac_value_matrix(e, n);
  default:
    return jac_evaluation_fail(e, n, _("it has no value"));
  }
}

void jac_result_free(struct jac_result *result) {
  free(result->value);
  free(result->slope);
  free(result->enclosure);
  *result = (struct jac_result){0};
}

static void copy_out(struct jac_evaluation *e, value_t v, struct jac_result *result) {
  size_t count = v.rows * v.cols;
  const struct jac_number_type *base = e->type->base;
  result->value = malloc((count + 1) * sizeof(double));
  result->slope = base != NULL ? malloc((count + 1) * sizeof(double)) : NULL;
  if (e->type->enclose != NULL)
    result->enclosure = malloc((count + 1) * sizeof *result->enclosure);
  if (result->value == NULL || (base != NULL && result->slope == NULL) ||
      (e->type->enclose != NULL && result->enclosure == NULL)) {
    e->status = jac_fail_memory(e->err);
    return;
  }
  for (size_t k = 0; k < count; k++) {
    const char *at = v.data + k * e->type->size;
    result->value[k] = e->type->get(e->type, at);
    if (base != NULL)
      result->slope[k] = base->get(base, at + base->size);
    if (result->enclosure != NULL)
      e->type->enclose(e->type, at, &result->enclosure[k]);
  }
  result->rows = v.rows;
  result->cols = v.cols;
}

enum jac_status jac_formula_value(const struct jac_node *tree,
                                  const struct jac_environment *environment,
                                  const struct jac_index_value *index, size_t count,
                                  struct jac_result *result, size_t *position,
                                  struct jac_error *err) {
  *result = (struct jac_result){0};
  struct jac_evaluation e = {.env = environment,
                             .type = environment->type != NULL ? environment->type
                                                               : &jac_double,
                             .count = count,
                             .err = err};
  if (count > JAC_MOST_INDICES)
    return jac_fail(err, JAC_ELIMIT, _("more than %d indices"), JAC_MOST_INDICES);
  if (count > 0)
    memcpy(e.index, index, count * sizeof *index);
  value_t v = jac_evaluation_node(&e, tree);
  if (e.status == JAC_OK && v.flexible != JAC_FIXED)
    jac_evaluation_sizeless(&e, tree);
  if (e.status == JAC_OK)
    copy_out(&e, v, result);
  if (e.status != JAC_OK)
    jac_result_free(result);
  release(e.type, &e.pool, NULL, 0);
  release(e.type, &e.kept, NULL, 0);
  free(e.memo);
  if (position != NULL)
    *position = e.position;
  return e.status;
}

enum jac_status jac_formula_evaluate(const struct jac_node *tree,
                                     const struct jac_environment *environment,
                                     const struct jac_index_value *index, size_t count,
                                     double *value, struct jac_error *err) {
  struct jac_result result;
  enum jac_status status =
      jac_formula_value(tree, environment, index, count, &result, NULL, err);
  if (status == JAC_OK && result.rows * result.cols != 1)
    status =
        jac_fail(err, JAC_EINPUT, _("the value is a matrix of %zux%zu, not a number"),
                 result.rows, result.cols);
  if (status == JAC_OK)
    *value = result.value[0];
  jac_result_free(&result);
  return status;
}
