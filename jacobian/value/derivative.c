/* Derivatives: a level of jets is pushed with a direction for each entry of the
 * variables, the term is worked out with those moving, and its slopes are laid out. And
 * values with some symbols bound to others. */
#include "jacobian/value/value_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct jac_grid grid_t;

static size_t place_in(struct jac_eval *e, const struct jac_term *term, size_t most) {
  long at = 0;
  if (!term || !jac_eval_whole(e, term, &at))
    return 0;
  if (at < 1 || (size_t)at > most)
    jac_eval_fail(e, JAC_EINPUT, "entry %ld of %zu does not exist", at, most);
  return (size_t)at;
}

/* What moves, and the number of its entries; first: the directions before it. */
static void variable(struct jac_eval *e, const struct jac_by *by, size_t first,
                     struct jac_variable *v) {
  const struct jac_symbol *s = by->symbol;
  *v = (struct jac_variable){.symbol = s, .first = first};
  v->rows = jac_dim_size(s->type.rows);
  v->cols = jac_dim_size(s->type.cols);
  v->member = s->families == 0 || by->place[0] != NULL;
  v->row = place_in(e, by->row, v->rows);
  v->column = place_in(e, by->column, v->cols);
  if (s->families > 0 && v->member)
    jac_eval_places(e, by->place, s->families, v->place);
  v->count = (v->row ? 1 : v->rows) * (v->column ? 1 : v->cols);
  for (size_t k = 0; !v->member && k < s->families; k++)
    v->count *= jac_dim_size(s->family[k]);
}

/* The symbol whose definition a direct derivative opens: the term itself, or the one
 * whose entry it is. */
static void find_whole(struct jac_eval *e, struct jac_frame *frame) {
  const struct jac_term *t = frame->term->child[0];
  while (t->kind == JAC_TERM_ENTRY)
    t = t->child[0];
  if (t->kind != JAC_TERM_SYMBOL)
    return;
  frame->whole = t->symbol;
  jac_eval_member(e, t, frame->whole_place);
}

static size_t find_variables(struct jac_eval *e, struct jac_frame *frame) {
  const struct jac_term *term = frame->term;
  size_t directions = 0;
  frame->variable =
      jac_pool_take(&frame->keep.pool, (term->bys + 1) * sizeof *frame->variable);
  for (size_t k = 0; frame->variable && k < term->bys && e->status == JAC_OK; k++) {
    variable(e, &term->by[k], directions, &frame->variable[k]);
    frame->symbols |= (uint64_t)1 << term->by[k].symbol->id % 64;
    directions += frame->variable[k].count;
  }
  if (term->direct && e->status == JAC_OK)
    find_whole(e, frame);
  if (e->status == JAC_OK)
    e->status = jac_pool_status(&frame->keep.pool, e->err);
  return jac_eval_failed(e) ? 0 : directions;
}

/* out[r, c] = the slope of entry `from` (numbered row by row) of a along direction i. */
static void put_slope(struct jac_eval *e, grid_t out, size_t r, size_t c, grid_t a,
                      size_t level, size_t from, size_t i) {
  size_t width = jac_grid_width(e, &out);
  const void *x = jac_base(&e->jets, a.x, from * jac_grid_width(e, &a));
  if (a.mask >> (level - 1) & 1u)
    e->jets.field->copy(e->jets.field, width, jac_grid_at(e, out, r, c),
                        jac_base_of(&e->jets, x, (1 + i) * width));
}

/* The k-th entry of a matrix in the derivative's numbering, as it is stored. */
static size_t stored(bool by_rows, size_t rows, size_t cols, size_t k) {
  return by_rows ? k : k % rows * cols + k / rows;
}

static grid_t jacobian(struct jac_eval *e, const struct jac_term *term, grid_t a,
                       size_t level, size_t directions) {
  bool across = term->layout == JAC_LAYOUT_TRANSPOSED;
  size_t outputs = a.rows * a.cols;
  unsigned below = a.mask & ((1u << (level - 1)) - 1u);
  grid_t out = jac_grid_new(e, across ? directions : outputs,
                            across ? outputs : directions, below);
  for (size_t k = 0; k < outputs && e->status == JAC_OK; k++)
    for (size_t i = 0; i < directions; i++)
      put_slope(e, out, across ? i : k, across ? k : i, a, level,
                stored(term->by_rows, a.rows, a.cols, k), i);
  return out;
}

/* In the variable's shape, or its transpose's. */
static grid_t gradient(struct jac_eval *e, const struct jac_term *term, grid_t a,
                       size_t level, size_t directions) {
  bool turned = term->layout == JAC_LAYOUT_GRADIENT_T;
  size_t rows = jac_dim_size(turned ? term->type.cols : term->type.rows);
  unsigned below = a.mask & ((1u << (level - 1)) - 1u);
  if (a.rows != 1 || a.cols != 1)
    return jac_eval_fail(e, JAC_EINPUT, "a gradient is of a number, not of %zux%zu",
                         a.rows, a.cols);
  if (rows == 0 || directions % rows)
    return jac_eval_fail(e, JAC_EINPUT, "%zu slopes do not make up %zu rows", directions,
                         rows);
  size_t cols = directions / rows;
  grid_t out = jac_grid_new(e, turned ? cols : rows, turned ? rows : cols, below);
  for (size_t i = 0; i < directions && e->status == JAC_OK; i++) {
    size_t at = stored(term->by_rows, rows, cols, i), r = at / cols, c = at % cols;
    put_slope(e, out, turned ? c : r, turned ? r : c, a, level, 0, i);
  }
  return out;
}

/* In the output's shape, or its transpose's. */
static grid_t output(struct jac_eval *e, const struct jac_term *term, grid_t a,
                     size_t level, size_t directions) {
  bool turned = term->layout == JAC_LAYOUT_OUTPUT_T;
  unsigned below = a.mask & ((1u << (level - 1)) - 1u);
  if (directions != 1)
    return jac_eval_fail(e, JAC_EINPUT, "it is by a number, not by %zu", directions);
  grid_t out = jac_grid_new(e, turned ? a.cols : a.rows, turned ? a.rows : a.cols, below);
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++)
    put_slope(e, out, turned ? k % a.cols : k / a.cols, turned ? k / a.cols : k % a.cols,
              a, level, k, 0);
  return out;
}

static grid_t lay_out(struct jac_eval *e, const struct jac_term *term, grid_t a,
                      size_t level, size_t directions) {
  switch (term->layout) {
  case JAC_LAYOUT_GRADIENT:
  case JAC_LAYOUT_GRADIENT_T:
    return gradient(e, term, a, level, directions);
  case JAC_LAYOUT_OUTPUT:
  case JAC_LAYOUT_OUTPUT_T:
    return output(e, term, a, level, directions);
  case JAC_LAYOUT_JACOBIAN:
  case JAC_LAYOUT_TRANSPOSED:
    break;
  }
  return jacobian(e, term, a, level, directions);
}

/* Works out a term inside a frame. */
static grid_t inside(struct jac_eval *e, struct jac_frame *frame,
                     const struct jac_term *term) {
  e->frame = frame;
  grid_t a = jac_eval_term(e, term);
  e->frame = frame->outer;
  return a;
}

void jac_frames_free(struct jac_frame *frame) {
  for (struct jac_frame *within = frame->within, *next; within; within = next) {
    next = within->next;
    jac_frame_free(within);
    free(within);
  }
  frame->within = NULL;
  frame->inner = frame->bytes = 0;
}

void jac_frame_free(struct jac_frame *frame) {
  jac_frames_free(frame);
  jac_store_free(&frame->keep);
}

/* How many frames are kept within one, and how many bytes. */
enum { WITHIN_MOST = 64, WITHIN_BYTES = 1 << 24 };

static size_t bytes(const struct jac_frame *frame) {
  return frame->keep.pool.used + frame->bytes;
}

static bool same_variables(const struct jac_frame *a, const struct jac_frame *b) {
  for (size_t k = 0; k < a->term->bys; k++) {
    const struct jac_variable *v = &a->variable[k], *w = &b->variable[k];
    if (v->row != w->row || v->column != w->column ||
        memcmp(v->place, w->place, sizeof v->place) != 0)
      return false;
  }
  return a->whole == b->whole &&
         memcmp(a->whole_place, b->whole_place, sizeof a->whole_place) == 0;
}

/* The frame in which the term was worked out with the same entries moving, if it is kept:
 * of dy_i/dx_j for every i and j the whole y is worked out but once for every j. */
static struct jac_frame *met(const struct jac_frame *frame) {
  struct jac_frame *k = frame->outer->within;
  while (k && (k->busy || k->term != frame->term || !same_variables(k, frame)))
    k = k->next;
  return k;
}

/* Keeps a frame within the one outside it, where there is room; else it is freed. */
static void keep(struct jac_frame *frame) {
  struct jac_frame *outer = frame->outer, *kept = NULL;
  if (outer->inner < WITHIN_MOST && outer->bytes + bytes(frame) <= WITHIN_BYTES)
    kept = jac_memory_take(1, sizeof *kept);
  if (!kept) {
    jac_frame_free(frame);
    return;
  }
  *kept = *frame;
  kept->next = outer->within;
  outer->within = kept;
  outer->inner++;
  outer->bytes += bytes(kept);
}

/* The term's child with its variables moving, laid out. */
static grid_t moved(struct jac_eval *e, struct jac_frame *frame, size_t directions) {
  const struct jac_term *term = frame->term;
  size_t *n = &e->jets.n[frame->level - 1], was = *n;
  *n = directions;
  frame->busy = true;
  grid_t a = inside(e, frame, term->child[0]), out = {0};
  frame->busy = false;
  if (e->status == JAC_OK)
    out = lay_out(e, term, a, frame->level, directions);
  out.scale = e->status == JAC_OK ? fmax(a.scale, jac_grid_largest(e, out)) : 0.0;
  *n = was;
  return out;
}

grid_t jac_eval_derivative(struct jac_eval *e, const struct jac_term *term) {
  struct jac_frame frame = {.outer = e->frame, .term = term}, *old;
  grid_t out = {0};
  frame.level = frame.outer->level + 1;
  if (frame.level > JAC_LEVELS)
    return jac_eval_fail(e, JAC_ELIMIT, "derivatives of each other go to %d at most",
                         JAC_LEVELS);
  jac_store_start(&frame.keep, e->jets.field);
  size_t directions = find_variables(e, &frame);
  if (e->status != JAC_OK) {
    jac_frame_free(&frame);
  } else if ((old = met(&frame)) != NULL) {
    jac_frame_free(&frame);
    size_t had = bytes(old);
    old->outer = e->frame;
    out = moved(e, old, directions);
    old->outer->bytes += bytes(old) - had;
  } else {
    out = moved(e, &frame, directions);
    if (e->status == JAC_OK)
      keep(&frame);
    else
      jac_frame_free(&frame);
  }
  return out;
}

grid_t jac_eval_at(struct jac_eval *e, const struct jac_term *term) {
  struct jac_frame frame = {.outer = e->frame, .term = term, .level = e->frame->level};
  frame.grid = jac_pool_take(&e->jets.store->pool, term->count * sizeof *frame.grid);
  for (size_t k = 1; frame.grid && k < term->count && e->status == JAC_OK; k++) {
    frame.grid[k - 1] = jac_eval_term(e, term->child[k]);
    frame.symbols |= (uint64_t)1 << term->at[k - 1]->id % 64;
  }
  if (jac_eval_failed(e))
    return (grid_t){0};
  return jac_eval_bound(e, &frame, term->child[0]);
}

grid_t jac_eval_bound(struct jac_eval *e, struct jac_frame *frame,
                      const struct jac_term *term) {
  jac_store_start(&frame->keep, e->jets.field);
  grid_t out = inside(e, frame, term);
  if (e->status == JAC_OK) /* what the frame keeps goes with it */
    out = jac_grid_copy(e, e->jets.store, out);
  jac_frame_free(frame);
  return out;
}
