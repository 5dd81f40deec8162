/* The value of a symbol: where it is bound, where it moves, what its body says, or what
 * is given. */
#include "jacobian/value/value_internal.h"

#include <string.h>

typedef struct jac_grid grid_t;

static bool same_place(const struct jac_symbol *symbol, const long *a, const long *b) {
  return symbol->families == 0 || memcmp(a, b, symbol->families * sizeof *a) == 0;
}

/* The first direction of a member among those of a family that moves as a whole. */
static size_t member_first(const struct jac_term *term, const struct jac_variable *v,
                           const long *place) {
  size_t at = 0, n = v->symbol->families;
  for (size_t k = 0; k < n; k++) {
    size_t i = term->by_rows ? k : n - 1 - k;
    at = at * jac_dim_size(v->symbol->family[i]) + (size_t)place[i] - 1;
  }
  return v->first + at * v->rows * v->cols;
}

/* Lets the variable's entries of x move: 1 in the direction of each. */
static void seed(struct jac_eval *e, const struct jac_frame *frame,
                 const struct jac_variable *v, const long *place, grid_t x) {
  size_t first = v->member ? v->first : member_first(frame->term, v, place);
  unsigned below = x.mask & ((1u << (frame->level - 1)) - 1u);
  size_t width = jac_jet_width(&e->jets, below);
  for (size_t r = 0; r < x.rows; r++)
    for (size_t c = 0; c < x.cols; c++) {
      if ((v->row && v->row != r + 1) || (v->column && v->column != c + 1))
        continue;
      size_t i = v->row                 ? (v->column ? 0 : c)
                 : v->column            ? r
                 : frame->term->by_rows ? r * x.cols + c
                                        : c * x.rows + r;
      e->jets.field->set(
          e->jets.field,
          jac_base(&e->jets, jac_grid_at(e, x, r, c), (1 + first + i) * width), 1.0);
    }
}

/* Whether a place is beyond an end of the family: h_0 of h_t = f(h_{t-1}) is given. */
static bool beyond(const struct jac_symbol *symbol, const long *place) {
  for (size_t k = 0; k < symbol->families; k++)
    if (place[k] < 1 || place[k] > (long)jac_dim_size(symbol->family[k]))
      return true;
  return false;
}

/* A whole family does not hold what is beyond its ends: of x_1, ..., x_n no x_0 moves. */
static bool is_variable(const struct jac_variable *v, const struct jac_symbol *symbol,
                        const long *place) {
  return v->symbol == symbol &&
         (v->member ? same_place(symbol, place, v->place) : !beyond(symbol, place));
}

/* The value with the frame's variables moving, where the symbol is one; else false. */
static bool moving(struct jac_eval *e, const struct jac_symbol *symbol, const long *place,
                   struct jac_frame *frame, grid_t *out) {
  bool found = false;
  if (frame->term->kind != JAC_TERM_DERIVATIVE)
    return false;
  for (size_t k = 0; k < frame->term->bys && e->status == JAC_OK; k++) {
    const struct jac_variable *v = &frame->variable[k];
    if (!is_variable(v, symbol, place))
      continue;
    if (!found) {
      grid_t still = jac_eval_symbol(e, symbol, place, frame->outer);
      *out = jac_grid_widen(e, still, 1u << (frame->level - 1));
      found = true;
    }
    if (e->status == JAC_OK)
      seed(e, frame, v, place, *out);
  }
  return found;
}

static bool bound_here(const struct jac_symbol *symbol, const struct jac_frame *frame,
                       grid_t *out) {
  enum jac_term_kind kind = frame->term->kind;
  size_t bound = kind == JAC_TERM_AT         ? frame->term->count - 1
                 : kind == JAC_TERM_INTEGRAL ? 1
                                             : 0;
  for (size_t k = 0; k < bound; k++)
    if (frame->term->at[k] == symbol) {
      *out = frame->grid[k];
      return true;
    }
  return false;
}

/* Whether what is differentiated is but another name of the symbol: z = f, f = f(x, y).
 */
static bool another_name(const struct jac_symbol *whole,
                         const struct jac_symbol *symbol) {
  const struct jac_term *t = whole && !symbol->families ? whole->body : NULL;
  for (size_t depth = 0; depth < 8 && t && t->kind == JAC_TERM_SYMBOL; depth++) {
    if (t->symbol == symbol)
      return true;
    t = t->symbol->body;
  }
  return false;
}

/* Along direct edges only: what has a definition of its own stands still. */
static bool stands_still(const struct jac_symbol *symbol, const long *place,
                         const struct jac_frame *frame) {
  return frame->term->kind == JAC_TERM_DERIVATIVE && frame->term->direct &&
         symbol->body && !another_name(frame->whole, symbol) &&
         (symbol != frame->whole || !same_place(symbol, place, frame->whole_place));
}

static bool inside_body(const struct jac_eval *e, const struct jac_symbol *symbol) {
  const struct jac_bound *b = e->bounds;
  while (b && b->index != symbol->place[0])
    b = b->outer;
  return b != NULL;
}

/* What is beyond the start of a definition, or the end to which one leads, is given; any
 * other place must exist. */
static bool check_place(struct jac_eval *e, const struct jac_symbol *symbol,
                        const long *place) {
  for (size_t k = 0; k < symbol->families; k++) {
    size_t most = jac_dim_size(symbol->family[k]);
    bool open = symbol->body && (place[k] < 1 || inside_body(e, symbol));
    if (!open && (place[k] < 1 || place[k] > (long)most)) {
      jac_eval_fail(e, JAC_EINPUT, "%s has no member %ld, they are 1 to %zu", symbol->key,
                    place[k], most);
      return false;
    }
  }
  return true;
}

static bool overridden(const struct jac_eval *e, const struct jac_symbol *symbol) {
  for (size_t k = 0; k < e->sample->givens; k++)
    if (strcmp(e->sample->given[k].key, symbol->key) == 0)
      return true;
  return false;
}

static grid_t body(struct jac_eval *e, const struct jac_symbol *symbol, const long *place,
                   struct jac_frame *frame) {
  struct jac_frame *here = e->frame;
  const struct jac_bound *bounds = e->bounds;
  struct jac_bound bound[JAC_PLACES_MOST];
  for (size_t k = 0; k < symbol->families; k++) {
    bound[k] = (struct jac_bound){symbol->place[k], place[k], e->bounds};
    e->bounds = &bound[k];
  }
  e->frame = frame;
  grid_t out = jac_eval_term(e, symbol->body);
  e->frame = here;
  e->bounds = bounds;
  return out;
}

static grid_t work_out(struct jac_eval *e, const struct jac_symbol *symbol,
                       const long *place, struct jac_frame *frame) {
  bool given = !symbol->body || (!frame->outer && overridden(e, symbol));
  if (given || beyond(symbol, place))
    return jac_random_value(e, symbol, place);
  return body(e, symbol, place, frame);
}

/* From the frame's cache, or worked out and kept there. */
static grid_t kept(struct jac_eval *e, const struct jac_symbol *symbol, const long *place,
                   const struct jac_info *info, struct jac_frame *frame) {
  long key[JAC_KEYS_MOST] = {0};
  size_t count = symbol->families;
  memcpy(key, place, count * sizeof *key);
  if (!jac_info_key(e, info, key, &count))
    return work_out(e, symbol, place, frame);
  struct jac_kept *k = jac_kept(e, frame, symbol, key, count);
  if (!k || k->done)
    return k ? k->grid : (grid_t){0};
  if (k->busy)
    return jac_eval_fail(e, JAC_EINPUT, "%s is defined by itself", symbol->key);
  struct jac_store_mark mark = jac_store_mark(e->jets.store);
  k->busy = true;
  grid_t out = work_out(e, symbol, place, frame);
  k->busy = false;
  out = jac_grid_copy(e, &frame->keep, out);
  if (e->status != JAC_OK)
    return out;
  k->grid = out;
  k->done = true;
  jac_store_release(e->jets.store, mark);
  return out;
}

grid_t jac_eval_symbol(struct jac_eval *e, const struct jac_symbol *symbol,
                       const long *place, struct jac_frame *frame) {
  const struct jac_info *info = jac_info_symbol(e, symbol);
  grid_t out = {0};
  if (!info || e->status != JAC_OK || !check_place(e, symbol, place))
    return out;
  for (; frame->outer; frame = frame->outer) {
    if (!(frame->symbols & info->symbols))
      continue;
    if (bound_here(symbol, frame, &out) || moving(e, symbol, place, frame, &out))
      return out;
    if (stands_still(symbol, place, frame) || !symbol->body || beyond(symbol, place))
      continue;
    break;
  }
  return e->status == JAC_OK ? kept(e, symbol, place, info, frame) : out;
}
