#include "jacobian/elaborate/extent.h"

#include <math.h>
#include <string.h>

typedef const struct jac_term *term_t;

enum { SEEN = 40, SUMS = 16 };

struct walk {
  struct jac_extent *out;
  size_t count;
  const struct jac_symbol *seen[SEEN];
  size_t symbols;
  term_t sum[SUMS]; /* that are around */
  size_t sums;
};

static bool is_condition(term_t t) {
  return t->kind == JAC_TERM_COMPARE || t->kind == JAC_TERM_LOGIC;
}

/* ind(i < n)*x[i+1]: what is not so counts as 0, whether the entry is there or not. */
static bool is_guarded(term_t t) {
  return t->kind == JAC_TERM_CASES ||
         (t->kind == JAC_TERM_OP && t->count == 2 && jac_type_is_number(t->type) &&
          (is_condition(t->child[0]) || is_condition(t->child[1])));
}

/* One end of what a sum's index runs over. */
static bool end_of(term_t sum, bool last, struct jac_affine *out) {
  term_t end = sum->child[last ? 2 : 1];
  *out = (struct jac_affine){.constant = last ? 0 : 1};
  if (end)
    return jac_affine_of(end, out);
  return !last || jac_affine_add_size(out, sum->index->range, 1);
}

/* The ends of the sums around instead of their indices. */
static bool at_ends(const struct walk *w, const struct jac_affine *at, bool high,
                    struct jac_affine *out) {
  *out = *at;
  for (size_t k = w->sums; k-- > 0;) {
    struct jac_affine end, index = {.count = 1, .part = {{w->sum[k]->index, NULL, 1}}};
    double times = jac_affine_times(out, w->sum[k]->index);
    if (times != 0 &&
        (!end_of(w->sum[k], (times > 0) == high, &end) ||
         !jac_affine_add(out, &index, -times) || !jac_affine_add(out, &end, times)))
      return false;
  }
  return true;
}

static void add_place(struct walk *w, term_t t, bool column) {
  struct jac_extent r = {.entry = t,
                         .base = t->child[0]->symbol,
                         .column = column,
                         .along =
                             column ? t->child[0]->type.cols : t->child[0]->type.rows};
  term_t place = t->child[column ? 2 : 1];
  if (place && w->count < JAC_EXTENTS && jac_affine_of(place, &r.at) && r.at.count > 0 &&
      at_ends(w, &r.at, false, &r.low) && at_ends(w, &r.at, true, &r.high))
    w->out[w->count++] = r;
}

static void visit(struct walk *w, term_t t);

static void visit_body(struct walk *w, const struct jac_symbol *s) {
  for (size_t k = 0; k < w->symbols; k++)
    if (w->seen[k] == s)
      return;
  if (w->symbols == SEEN)
    return;
  w->seen[w->symbols++] = s;
  size_t sums = w->sums;
  w->sums = 0;
  visit(w, s->body);
  w->sums = sums;
}

static void visit(struct walk *w, term_t t) {
  bool sum = t->kind == JAC_TERM_BIG && w->sums < SUMS;
  if (is_guarded(t) || (t->kind == JAC_TERM_BIG && (t->child[3] || !sum)))
    return;
  if (t->kind == JAC_TERM_ENTRY && t->child[0]->kind == JAC_TERM_SYMBOL) {
    add_place(w, t, false);
    add_place(w, t, true);
  }
  if (t->kind == JAC_TERM_SYMBOL && t->symbol->body && !t->symbol->families)
    visit_body(w, t->symbol);
  if (sum)
    w->sum[w->sums++] = t;
  for (size_t k = 0; k < t->count; k++)
    if (t->child[k])
      visit(w, t->child[k]);
  w->sums -= sum;
}

size_t jac_extent_find(term_t term, struct jac_extent out[JAC_EXTENTS]) {
  struct walk w = {.out = out};
  visit(&w, term);
  return w.count;
}

bool jac_extent_beyond(const struct jac_extent *reach) {
  struct jac_affine over = reach->high;
  for (size_t k = 0; k < reach->high.count; k++) {
    struct jac_affine_part p = reach->high.part[k];
    struct jac_affine index = {.count = 1, .part = {{p.index, NULL, 1}}};
    if (p.index && (p.times < 0 || !jac_affine_add(&over, &index, -p.times) ||
                    !jac_affine_add_size(&over, p.index->range, p.times)))
      return false;
  }
  return jac_affine_add_size(&over, reach->along, -1) && jac_affine_least(&over) > 0;
}

bool jac_extent_before(const struct jac_extent *reach) {
  double first = reach->low.constant;
  for (size_t k = 0; k < reach->low.count; k++) {
    if (!reach->low.part[k].index || reach->low.part[k].times < 0)
      return false;
    first += reach->low.part[k].times;
  }
  return first < 1;
}

size_t jac_extent_most(const struct jac_extent *reach, size_t count,
                       const struct jac_index *index) {
  double most = INFINITY;
  for (size_t k = 0; k < count; k++) {
    struct jac_affine rest = reach[k].high,
                      own = {.count = 1, .part = {{index, NULL, 1}}};
    double times = jac_affine_times(&rest, index);
    if (times <= 0 || !jac_affine_add(&rest, &own, -times) ||
        !jac_affine_add_size(&rest, reach[k].along, -1))
      continue;
    most = fmin(most, floor(-jac_affine_most(&rest) / times));
  }
  return most >= 1 && most <= 1e9 ? (size_t)most : 0;
}
