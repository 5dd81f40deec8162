#include "jacobian/elaborate/search.h"

#include <stdlib.h>
#include <string.h>

enum { WAITING = 4000, HIGHEST = 60 };

static uint64_t mixed(const char *site, size_t pick) {
  uint64_t x =
      (uint64_t)(uintptr_t)site * 1099511628211u + pick * 0x9e3779b97f4a7c15u + 1;
  x ^= x >> 29;
  return x * 0xbf58476d1ce4e5b9u;
}

static uint64_t hash(const struct jac_candidate *c) {
  uint64_t h = 0;
  for (size_t k = 0; k < c->count; k++)
    h += mixed(c->forced[k].site, c->forced[k].pick);
  return h | 1;
}

/* Whether it is the first time. */
static bool visit(uint64_t visited[4096], uint64_t h) {
  size_t k = h % 4096;
  for (size_t n = 0; n < 64; n++, k = (k + 1) % 4096) {
    if (visited[k] == h)
      return false;
    if (!visited[k]) {
      visited[k] = h;
      return true;
    }
  }
  return true;
}

bool jac_search_same(struct jac_search *s, const struct jac_elaboration *e) {
  uint64_t h = 0;
  for (size_t k = 0; k < e->nchoice; k++)
    h += mixed(e->choice[k].site, e->choice[k].pick);
  return !visit(s->readings, h | 1);
}

static void push(struct jac_search *s, const struct jac_candidate *c) {
  if (s->count == WAITING) {
    s->full = true;
    return;
  }
  if (s->count == s->most) {
    size_t most = s->most ? 2 * s->most : 64;
    struct jac_candidate *grown = realloc(s->waiting, most * sizeof *grown);
    if (!grown) {
      s->failed = true;
      return;
    }
    s->waiting = grown;
    s->most = most;
  }
  size_t k = s->count++;
  while (k && s->waiting[(k - 1) / 2].price > c->price) {
    s->waiting[k] = s->waiting[(k - 1) / 2];
    k = (k - 1) / 2;
  }
  s->waiting[k] = *c;
}

bool jac_search_next(struct jac_search *s, struct jac_candidate *candidate) {
  if (!s->count)
    return false;
  *candidate = s->waiting[0];
  struct jac_candidate last = s->waiting[--s->count];
  size_t k = 0;
  for (;;) {
    size_t child = 2 * k + 1;
    if (child >= s->count)
      break;
    if (child + 1 < s->count && s->waiting[child + 1].price < s->waiting[child].price)
      child++;
    if (last.price <= s->waiting[child].price)
      break;
    s->waiting[k] = s->waiting[child];
    k = child;
  }
  s->waiting[k] = last;
  return true;
}

void jac_search_start(struct jac_search *s) {
  struct jac_candidate root = {.price = 0};
  visit(s->visited, hash(&root));
  push(s, &root);
}

void jac_search_again(struct jac_search *s, const struct jac_candidate *candidate) {
  push(s, candidate);
}

void jac_search_free(struct jac_search *s) {
  free(s->waiting);
  s->waiting = NULL;
}

/* Whether shapes remember that they rest on the choice: those of names. Of others
 * (layouts, calls, reaches) any clash may come. */
static bool traced(const char *site) {
  static const char *const kinds[] = {
      "kind:", "symmetric:", "labels:", "a product:", "^:",
      "+:",    "-:",         ".*:",     "*:",         "/:"};
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
    if (strncmp(site, kinds[k], strlen(kinds[k])) == 0)
      return true;
  return false;
}

void jac_search_branch(struct jac_search *s, const struct jac_elaboration *e,
                       const struct jac_candidate *from, uint64_t conflict,
                       unsigned price) {
  for (size_t k = 0; k < e->nchoice; k++) {
    const struct jac_choice *c = &e->choice[k];
    if (k < 63 && !(conflict >> k & 1) && conflict && traced(c->site))
      continue;
    for (size_t pick = 0; pick < c->count; pick++) {
      if (pick == c->pick || c->price[pick] >= JAC_PRICE_NEVER)
        continue;
      struct jac_candidate next = *from;
      size_t at = 0;
      while (at < next.count && next.forced[at].site != c->site)
        at++;
      if (at == JAC_FORCED)
        continue;
      next.forced[at] = (struct jac_forced){c->site, pick};
      next.count = at == next.count ? at + 1 : next.count;
      unsigned was = c->price[c->pick];
      next.price = price - (was < price ? was : price) + c->price[pick];
      if (next.price < from->price)
        next.price = from->price;
      if (next.price <= HIGHEST && visit(s->visited, hash(&next)))
        push(s, &next);
    }
  }
}
