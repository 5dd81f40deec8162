/* What a term depends on, found out once; and values, worked out once. */
#include "jacobian/value/value_internal.h"

#include <string.h>

/* What is known of a symbol with a body: the symbols in it, and its free indices. */
struct jac_known {
  const struct jac_symbol *symbol;
  struct jac_known *next;
  size_t count, room;
  const struct jac_symbol **direct; /* in the body, bodies not entered */
  size_t frees;
  const struct jac_index *free[JAC_KEYS_MOST];
  bool many;        /* more free indices than that */
  unsigned visited; /* by a search */
};

/* A growing account of one term. */
struct account {
  struct jac_eval *e;
  const struct jac_index *free[JAC_KEYS_MOST];
  size_t frees;
  bool many;
  struct jac_known *into;       /* collects the symbols of a body, or NULL: */
  uint64_t symbols;             /* the bits of all symbols that can be reached */
  const struct jac_bound *here; /* indices bound on the way down */
};

static uint64_t bit(const struct jac_symbol *symbol) {
  return (uint64_t)1 << symbol->id % 64;
}

static size_t bucket(const void *key) {
  return ((uintptr_t)key >> 4 ^ (uintptr_t)key >> 10) % 64;
}

static void add_free(struct account *a, const struct jac_index *index) {
  for (const struct jac_bound *b = a->here; b; b = b->outer)
    if (b->index == index)
      return;
  for (size_t k = 0; k < a->frees; k++)
    if (a->free[k] == index)
      return;
  if (a->frees < JAC_KEYS_MOST)
    a->free[a->frees++] = index;
  else
    a->many = true;
}

static struct jac_known *known(struct jac_eval *e, const struct jac_symbol *symbol);

static void add_direct(struct account *a, const struct jac_symbol *symbol) {
  struct jac_known *into = a->into;
  for (size_t k = 0; k < into->count; k++)
    if (into->direct[k] == symbol)
      return;
  if (into->count == into->room) {
    size_t room = into->room ? 2 * into->room : 8;
    const struct jac_symbol **direct =
        jac_pool_take(&a->e->sample->state->pool, room * sizeof *direct);
    if (!direct)
      return;
    if (into->count)
      memcpy(direct, into->direct, into->count * sizeof *direct);
    into->direct = direct;
    into->room = room;
  }
  into->direct[into->count++] = symbol;
}

/* Everything that can be reached from a symbol: its bit and those of its body's symbols,
 * their free indices (minus nothing: places of a body are no longer free there). */
static void reach(struct account *a, const struct jac_symbol *symbol, unsigned visit) {
  a->symbols |= bit(symbol);
  if (!symbol->body)
    return;
  struct jac_known *k = known(a->e, symbol);
  if (!k || k->visited == visit)
    return;
  k->visited = visit;
  for (size_t i = 0; i < k->frees; i++)
    add_free(a, k->free[i]);
  a->many = a->many || k->many;
  for (size_t i = 0; i < k->count; i++)
    reach(a, k->direct[i], visit);
}

static void see_symbol(struct account *a, const struct jac_symbol *symbol) {
  if (a->into)
    add_direct(a, symbol);
  else
    reach(a, symbol, ++a->e->visit);
}

static void walk(struct account *a, const struct jac_term *term);

static void walk_children(struct account *a, const struct jac_term *term, size_t from,
                          size_t to) {
  for (size_t k = from; k < to && k < term->count; k++)
    if (term->child[k])
      walk(a, term->child[k]);
}

/* child `from` and `also` (0: none) with the term's own indices bound. */
static void walk_under(struct account *a, const struct jac_term *term, size_t also) {
  struct jac_bound first = {term->index, 0, a->here}, second = {term->index2, 0, &first};
  a->here = &second;
  walk_children(a, term, 0, 1);
  if (also)
    walk_children(a, term, also, also + 1);
  a->here = first.outer;
}

static void walk_by(struct account *a, const struct jac_by *by) {
  see_symbol(a, by->symbol);
  for (size_t k = 0; k < JAC_PLACES_MOST; k++)
    if (by->place[k])
      walk(a, by->place[k]);
  if (by->row)
    walk(a, by->row);
  if (by->column)
    walk(a, by->column);
}

static void walk(struct account *a, const struct jac_term *term) {
  switch (term->kind) {
  case JAC_TERM_INDEX:
    add_free(a, term->index);
    return;
  case JAC_TERM_BIG:
    walk_under(a, term, 3);
    walk_children(a, term, 1, 3);
    return;
  case JAC_TERM_BUILD:
    walk_under(a, term, 0);
    return;
  case JAC_TERM_SYMBOL:
  case JAC_TERM_CALL:
    see_symbol(a, term->symbol);
    break;
  case JAC_TERM_DERIVATIVE:
    for (size_t k = 0; k < term->bys; k++)
      walk_by(a, &term->by[k]);
    break;
  case JAC_TERM_AT:
    for (size_t k = 1; k < term->count; k++)
      see_symbol(a, term->at[k - 1]);
    break;
  case JAC_TERM_INTEGRAL:
    see_symbol(a, term->at[0]);
    break;
  default:
    break;
  }
  walk_children(a, term, 0, term->count);
}

static struct jac_known *known(struct jac_eval *e, const struct jac_symbol *symbol) {
  struct jac_sample_state *state = e->sample->state;
  struct jac_known **at = &state->known[bucket(symbol)];
  for (struct jac_known *k = *at; k; k = k->next)
    if (k->symbol == symbol)
      return k;
  struct jac_known *k = jac_pool_take(&state->pool, sizeof *k);
  if (!k)
    return NULL;
  k->symbol = symbol;
  k->next = *at;
  *at = k;
  struct jac_bound place[JAC_PLACES_MOST];
  struct account a = {.e = e, .into = k};
  for (size_t i = 0; i < symbol->families; i++) {
    place[i] = (struct jac_bound){symbol->place[i], 0, a.here};
    a.here = &place[i];
  }
  walk(&a, symbol->body);
  memcpy(k->free, a.free, sizeof a.free);
  k->frees = a.frees;
  k->many = a.many;
  return k;
}

static const struct jac_info *about(struct jac_eval *e, const void *key,
                                    const struct jac_term *term,
                                    const struct jac_symbol *symbol) {
  struct jac_sample_state *state = e->sample->state;
  struct jac_info **at = &state->info[bucket(key)];
  for (struct jac_info *info = *at; info; info = info->next)
    if (info->key == key)
      return info;
  struct account a = {.e = e};
  if (term)
    walk(&a, term);
  else
    see_symbol(&a, symbol);
  struct jac_info *info = jac_pool_take(&state->pool, sizeof *info);
  if (!info) {
    jac_eval_failed(e);
    return NULL;
  }
  *info = (struct jac_info){key, a.symbols, a.frees, a.many, {NULL}, *at};
  memcpy(info->free, a.free, sizeof a.free);
  *at = info;
  return info;
}

const struct jac_info *jac_info(struct jac_eval *e, const struct jac_term *term) {
  return about(e, term, term, NULL);
}

const struct jac_info *jac_info_symbol(struct jac_eval *e,
                                       const struct jac_symbol *symbol) {
  return about(e, symbol, NULL, symbol);
}

bool jac_info_key(struct jac_eval *e, const struct jac_info *info, long *at,
                  size_t *count) {
  if (info->many || *count + info->frees > JAC_KEYS_MOST)
    return false;
  for (size_t k = 0; k < info->frees; k++) {
    const struct jac_bound *b = e->bounds;
    while (b && b->index != info->free[k])
      b = b->outer;
    at[(*count)++] = b ? b->at : 0;
  }
  return true;
}

/* By the places too: a sum over several indices keeps a value for each of them. */
static size_t hash(const void *key, const long *at, size_t count) {
  uint64_t h = (uintptr_t)key >> 4;
  for (size_t k = 0; k < count; k++)
    h = (h ^ (uint64_t)at[k]) * 0x9E3779B97F4A7C15u;
  return (size_t)(h ^ h >> 29);
}

/* Four times the chains, once they hold four values each; where there is no memory for
 * them they grow longer. */
static void grow(struct jac_frame *frame) {
  size_t chains = 4 * jac_frame_chains(frame);
  struct jac_kept **more = jac_pool_take(&frame->keep.pool, chains * sizeof(void *));
  if (!more)
    return;
  memset(more, 0, chains * sizeof(void *));
  for (size_t k = 0; k < jac_frame_chains(frame); k++)
    for (struct jac_kept *kept = jac_frame_chain(frame, k), *next; kept; kept = next) {
      size_t to = hash(kept->key, kept->at, kept->count) % chains;
      next = kept->next;
      kept->next = more[to];
      more[to] = kept;
    }
  frame->many = more;
  frame->chains = chains;
}

size_t jac_frame_chains(const struct jac_frame *frame) {
  return frame->many ? frame->chains : sizeof frame->few / sizeof frame->few[0];
}

struct jac_kept *jac_frame_chain(const struct jac_frame *frame, size_t k) {
  return frame->many ? frame->many[k] : frame->few[k];
}

struct jac_kept *jac_kept(struct jac_eval *e, struct jac_frame *frame, const void *key,
                          const long *at, size_t count) {
  size_t n = hash(key, at, count);
  struct jac_kept **first =
      &(frame->many ? frame->many : frame->few)[n % jac_frame_chains(frame)];
  for (struct jac_kept *kept = *first; kept; kept = kept->next)
    if (kept->key == key && kept->count == count &&
        memcmp(kept->at, at, count * sizeof *at) == 0)
      return kept;
  struct jac_kept *kept = jac_pool_take(&frame->keep.pool, sizeof *kept);
  if (!kept) {
    e->status = jac_pool_status(&frame->keep.pool, e->err);
    return NULL;
  }
  kept->key = key;
  kept->count = count;
  memcpy(kept->at, at, count * sizeof *at);
  kept->next = *first;
  *first = kept;
  if (++frame->held > 4 * jac_frame_chains(frame))
    grow(frame);
  return kept;
}
