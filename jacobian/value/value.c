/* The walk over terms. */
#include "jacobian/value/value_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct jac_grid grid_t;

enum { DEPTH_MOST = 1000 };

static const struct {
  jac_value_fn *value;                 /* NULL: entry by entry */
  const struct jac_function *function; /* of one number */
} operations[] = {
#define CONSTRUCT(id, role, binding, plain, latex, unicode)
#define READING(id, type, price, words, value) {jac_v_##value, NULL},
#define ENTRYWISE(id, plain, latex, unicode, function) {NULL, &function},
#include "jacobian/notation/constructs.def"
#undef CONSTRUCT
#undef READING
#undef ENTRYWISE
};

grid_t jac_eval_fail(struct jac_eval *e, enum jac_status status, const char *format,
                     ...) {
  char message[256];
  va_list list;
  if (e->status != JAC_OK)
    return (grid_t){0};
  va_start(list, format);
  vsnprintf(message, sizeof message, format, list);
  va_end(list);
  e->status = jac_fail(e->err, status, "%s", message);
  return (grid_t){0};
}

bool jac_eval_failed(struct jac_eval *e) {
  if (e->status == JAC_OK)
    e->status = jac_pool_status(&e->jets.store->pool, e->err);
  if (e->status == JAC_OK)
    e->status = jac_pool_status(&e->sample->state->pool, e->err);
  return e->status != JAC_OK;
}

bool jac_eval_spend(struct jac_eval *e, size_t work) {
  size_t most = e->sample->work_most ? e->sample->work_most : JAC_VALUE_WORK;
  if (e->status != JAC_OK)
    return false;
  if (work > most || e->sample->work > most - work) {
    jac_eval_fail(e, JAC_ELIMIT, "working it out takes more than %zu operations", most);
    return false;
  }
  e->sample->work += work;
  return true;
}

static const struct jac_bound *bound(const struct jac_eval *e,
                                     const struct jac_index *index) {
  const struct jac_bound *b = e->bounds;
  while (b && b->index != index)
    b = b->outer;
  return b;
}

static bool whole(struct jac_eval *e, double x, long *out) {
  double near = nearbyint(x);
  if (!(fabs(x - near) <= 1e-6) || fabs(near) > 1e15) {
    jac_eval_fail(e, JAC_EINPUT, "a place is %g, not a whole number", x);
    return false;
  }
  *out = (long)near;
  return true;
}

bool jac_eval_whole(struct jac_eval *e, const struct jac_term *term, long *out) {
  if (term->kind == JAC_TERM_NUMBER)
    return whole(e, term->number, out);
  if (term->kind == JAC_TERM_INDEX && bound(e, term->index)) {
    *out = bound(e, term->index)->at;
    return true;
  }
  grid_t a = jac_eval_term(e, term);
  if (e->status == JAC_OK && (a.rows != 1 || a.cols != 1))
    jac_eval_fail(e, JAC_EINPUT, "a place is %zux%zu, not a number", a.rows, a.cols);
  return e->status == JAC_OK && whole(e, jac_grid_get(e, a, 0, 0), out);
}

void jac_eval_places(struct jac_eval *e, const struct jac_term *const *place,
                     size_t count, long *out) {
  for (size_t k = 0; k < count && k < JAC_PLACES_MOST && e->status == JAC_OK; k++)
    if (place[k])
      jac_eval_whole(e, place[k], &out[k]);
    else
      jac_eval_fail(e, JAC_EINPUT, "a place is missing");
}

void jac_eval_member(struct jac_eval *e, const struct jac_term *symbol, long *out) {
  size_t families = symbol->symbol->families;
  if (symbol->count < families)
    jac_eval_fail(e, JAC_EINPUT, "%s has %zu indices", symbol->symbol->key, families);
  else
    jac_eval_places(e, symbol->child, families, out);
}

grid_t jac_eval_op(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                   size_t count) {
  size_t row = jac_reading_row(term->reading);
  grid_t out = operations[row].value ? operations[row].value(e, term, arg, count)
                                     : jac_grid_map(e, operations[row].function, arg[0]);
  if (e->status != JAC_OK)
    return out;
  size_t rows = jac_dim_size(term->type.rows), cols = jac_dim_size(term->type.cols);
  if (out.rows != rows || out.cols != cols)
    return jac_eval_fail(e, JAC_EINPUT, "sizes differ: %zux%zu where %zux%zu is meant",
                         out.rows, out.cols, rows, cols);
  out.scale = jac_grid_largest(e, out);
  for (size_t k = 0; k < count; k++)
    out.scale = fmax(out.scale, arg[k].scale);
  return out;
}

/* The children's values, for operations and calls. */
static grid_t with_children(struct jac_eval *e, const struct jac_term *term) {
  grid_t few[4], *arg = few, out = {0};
  if (term->count > sizeof few / sizeof few[0])
    arg = jac_pool_take(&e->jets.store->pool, term->count * sizeof *arg);
  if (!arg || jac_eval_failed(e))
    return out;
  for (size_t k = 0; k < term->count && e->status == JAC_OK; k++)
    arg[k] = jac_eval_term(e, term->child[k]);
  if (e->status != JAC_OK)
    return out;
  if (term->kind == JAC_TERM_OP)
    return jac_eval_op(e, term, arg, term->count);
  out = jac_random_call(e, term, arg);
  out.scale = e->status == JAC_OK ? jac_grid_largest(e, out) : 0.0;
  for (size_t k = 0; k < term->count; k++)
    out.scale = fmax(out.scale, arg[k].scale);
  return out;
}

static grid_t symbol(struct jac_eval *e, const struct jac_term *term) {
  long place[JAC_PLACES_MOST] = {0};
  jac_eval_member(e, term, place);
  return e->status == JAC_OK ? jac_eval_symbol(e, term->symbol, place, e->frame)
                             : (grid_t){0};
}

static grid_t index_value(struct jac_eval *e, const struct jac_term *term) {
  const struct jac_bound *b = bound(e, term->index);
  return b ? jac_grid_number(e, (double)b->at)
           : jac_eval_fail(e, JAC_EINPUT, "the index %s has no value", term->index->name);
}

static grid_t eye(struct jac_eval *e, const struct jac_term *term) {
  grid_t out =
      jac_grid_new(e, jac_dim_size(term->type.rows), jac_dim_size(term->type.cols), 0);
  for (size_t k = 0; k < out.rows && k < out.cols; k++)
    e->jets.field->set(e->jets.field, jac_grid_at(e, out, k, k), 1.0);
  out.scale = 1.0;
  return out;
}

/* K vec(A) = vec(A'): entry i, j of A comes from place i + m j to place j + n i. */
static grid_t commutation(struct jac_eval *e, const struct jac_term *term) {
  size_t size[2];
  for (size_t k = 0; k < 2; k++)
    size[k] = term->child[k]->kind == JAC_TERM_SIZE ? jac_dim_size(term->child[k]->dim)
                                                    : (size_t)term->child[k]->number;
  size_t m = size[0], n = size[1];
  grid_t out = jac_grid_new(e, m * n, m * n, 0);
  for (size_t i = 0; i < m && out.rows; i++)
    for (size_t j = 0; j < n; j++)
      e->jets.field->set(e->jets.field, jac_grid_at(e, out, j + n * i, i + m * j), 1.0);
  out.scale = 1.0;
  return out;
}

static grid_t filled(struct jac_eval *e, const struct jac_term *term, double x) {
  return jac_grid_filled(e, jac_dim_size(term->type.rows), jac_dim_size(term->type.cols),
                         x);
}

static grid_t fresh(struct jac_eval *e, const struct jac_term *term) {
  switch (term->kind) {
  case JAC_TERM_NUMBER:
    return jac_grid_number(e, term->number);
  case JAC_TERM_SIZE:
    return jac_grid_number(e, (double)jac_dim_size(term->dim));
  case JAC_TERM_INDEX:
    return index_value(e, term);
  case JAC_TERM_SYMBOL:
    return symbol(e, term);
  case JAC_TERM_OP:
    if (jac_eval_excluded(e, term))
      return jac_grid_number(e, 0.0);
    return with_children(e, term);
  case JAC_TERM_CALL:
    return with_children(e, term);
  case JAC_TERM_BIG:
    return jac_eval_big(e, term);
  case JAC_TERM_ENTRY:
    return jac_eval_entry(e, term);
  case JAC_TERM_BUILD:
    return jac_eval_build(e, term);
  case JAC_TERM_MATRIX:
    return jac_eval_matrix(e, term);
  case JAC_TERM_EYE:
    return eye(e, term);
  case JAC_TERM_ONES:
    return filled(e, term, 1.0);
  case JAC_TERM_ZEROS:
    return filled(e, term, 0.0);
  case JAC_TERM_COMMUTATION:
    return commutation(e, term);
  case JAC_TERM_COMPARE:
    return jac_eval_compare(e, term);
  case JAC_TERM_LOGIC:
    return jac_eval_logic(e, term);
  case JAC_TERM_CASES:
    return jac_eval_cases(e, term);
  case JAC_TERM_DERIVATIVE:
    return jac_eval_derivative(e, term);
  case JAC_TERM_AT:
    return jac_eval_at(e, term);
  case JAC_TERM_INTEGRAL:
    return jac_eval_integral(e, term);
  case JAC_TERM_RESHAPE:
    return jac_eval_reshape(e, term);
  }
  return jac_eval_fail(e, JAC_EINPUT, "an unknown kind of term");
}

static bool depends(const struct jac_info *info, const struct jac_index *index) {
  for (size_t k = 0; k < info->frees; k++)
    if (info->free[k] == index)
      return true;
  return false;
}

/* Whether an index that is bound further out is not in it, so that its value comes again
 * for each of that one's places: without it sums within sums are exponential. */
static bool comes_again(const struct jac_info *info, const struct jac_bound *bounds) {
  for (const struct jac_bound *b = bounds; b; b = b->outer)
    if (!depends(info, b->index))
      return true;
  return false;
}

/* Whether a value is worth keeping: a derivative always; else what is inside a loop and
 * does not depend on it. */
static bool worth_keeping(struct jac_eval *e, const struct jac_term *term,
                          const struct jac_info **info) {
  bool work = term->kind == JAC_TERM_OP || term->kind == JAC_TERM_CALL ||
              term->kind == JAC_TERM_BIG || term->kind == JAC_TERM_BUILD ||
              term->kind == JAC_TERM_AT;
  bool derivative = term->kind == JAC_TERM_DERIVATIVE;
  if (!derivative && !(work && e->bounds))
    return false;
  *info = jac_info(e, term);
  if (!*info || derivative)
    return *info != NULL;
  bool inside = depends(*info, e->bounds->index);
  return !inside || (term->kind == JAC_TERM_BIG && comes_again(*info, e->bounds));
}

/* The innermost frame that the term depends on: its value is the same in all within. */
static grid_t kept(struct jac_eval *e, const struct jac_term *term,
                   const struct jac_info *info) {
  struct jac_frame *here = e->frame, *frame = here;
  long key[JAC_KEYS_MOST] = {0};
  size_t count = 0;
  while (frame->outer && !(frame->symbols & info->symbols))
    frame = frame->outer;
  if (!jac_info_key(e, info, key, &count))
    return fresh(e, term);
  struct jac_kept *k = jac_kept(e, frame, term, key, count);
  if (!k || k->done)
    return k ? k->grid : (grid_t){0};
  struct jac_store_mark mark = jac_store_mark(e->jets.store);
  e->frame = frame;
  grid_t out = fresh(e, term);
  e->frame = here;
  out = jac_grid_copy(e, &frame->keep, out);
  if (e->status != JAC_OK)
    return out;
  k->grid = out;
  k->done = true;
  jac_store_release(e->jets.store, mark);
  return out;
}

grid_t jac_eval_term(struct jac_eval *e, const struct jac_term *term) {
  const struct jac_info *info = NULL;
  if (e->status != JAC_OK || !jac_eval_spend(e, JAC_WORK_STEP))
    return (grid_t){0};
  if (e->depth == DEPTH_MOST)
    return jac_eval_fail(e, JAC_ELIMIT, "it is nested more than %d deep", DEPTH_MOST);
  e->depth++;
  grid_t out = worth_keeping(e, term, &info) ? kept(e, term, info) : fresh(e, term);
  e->depth--;
  if (jac_eval_failed(e))
    return (grid_t){0};
  return out;
}

static enum jac_status start(struct jac_sample *sample, struct jac_error *err) {
  if (sample->state)
    return JAC_OK;
  struct jac_sample_state *state = jac_memory_take(1, sizeof *state);
  if (!state)
    return jac_fail_memory(err);
  state->field = sample->field ? sample->field : &jac_field_double;
  state->pool = (struct jac_pool)JAC_POOL_INIT;
  jac_store_start(&state->scratch, state->field);
  jac_store_start(&state->root.keep, state->field);
  sample->state = state;
  return JAC_OK;
}

void jac_sample_clear(struct jac_sample *sample) {
  struct jac_sample_state *state = sample->state;
  if (!state)
    return;
  jac_store_free(&state->scratch);
  jac_frame_free(&state->root);
  jac_pool_free(&state->pool);
  free(state);
  sample->state = NULL;
}

void jac_value_free(struct jac_value *value) {
  free(value->x);
  free(value->radius);
  *value = (struct jac_value){0};
}

/* The grid as the caller's value; derivatives have been taken out of it already. */
static enum jac_status give(struct jac_eval *e, grid_t a, struct jac_value *out) {
  const struct jac_field *f = e->jets.field;
  size_t count = a.rows * a.cols;
  out->x = malloc((count ? count : 1) * sizeof *out->x);
  out->radius = f->radius ? malloc((count ? count : 1) * sizeof *out->radius) : NULL;
  if (!out->x || (f->radius && !out->radius)) {
    jac_value_free(out);
    return jac_fail_memory(e->err);
  }
  out->rows = a.rows;
  out->cols = a.cols;
  out->scale = a.scale;
  for (size_t k = 0; k < count; k++) {
    const void *x = jac_base(&e->jets, a.x, k * jac_grid_width(e, &a));
    out->x[k] = f->get(f, x);
    if (out->radius)
      out->radius[k] = f->radius(f, x, out->x[k]);
  }
  return JAC_OK;
}

/* What was being worked out when an evaluation failed is no longer. */
static void settle(struct jac_frame *root) {
  jac_frames_free(root);
  for (size_t k = 0; k < jac_frame_chains(root); k++)
    for (struct jac_kept *kept = jac_frame_chain(root, k); kept; kept = kept->next)
      kept->busy = false;
}

enum jac_status jac_value(const struct jac_term *term, struct jac_sample *sample,
                          const struct jac_index *const *index, const size_t *at,
                          size_t nindex, struct jac_value *out, struct jac_error *err) {
  struct jac_bound bounds[JAC_KEYS_MOST];
  *out = (struct jac_value){0};
  if (nindex > JAC_KEYS_MOST)
    return jac_fail(err, JAC_ELIMIT, "more than %d free indices", JAC_KEYS_MOST);
  enum jac_status status = start(sample, err);
  if (status != JAC_OK)
    return status;
  struct jac_sample_state *state = sample->state;
  struct jac_eval e = {.jets = {state->field, &state->scratch, {0}},
                       .sample = sample,
                       .frame = &state->root,
                       .visit = state->visit,
                       .err = err};
  for (size_t k = 0; k < nindex; k++) {
    bounds[k] = (struct jac_bound){index[k], (long)at[k], e.bounds};
    e.bounds = &bounds[k];
  }
  struct jac_store_mark mark = jac_store_mark(&state->scratch);
  grid_t a = jac_eval_term(&e, term);
  if (e.status == JAC_OK)
    e.status = give(&e, a, out);
  else
    settle(&state->root);
  state->visit = e.visit;
  if (state->scratch.pool.failed || state->root.keep.pool.failed || state->pool.failed)
    jac_sample_clear(sample);
  else
    jac_store_release(&state->scratch, mark);
  return e.status;
}
