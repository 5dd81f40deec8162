/* The judge: the search over the readings of a claim, cheapest first. */
#include "jacobian/judge/judging.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORK = 20000000, LEFT_MARGIN = 8 };

const char *jac_judge_verdict_name(enum jac_verdict verdict) {
  static const char *const names[] = {"holds", "holds with a convention", "does not hold",
                                      "not understood", "not judged"};
  return names[verdict];
}

static size_t pick_of(const struct jac_elaboration *e, const char *site) {
  for (size_t k = 0; k < e->nchoice; k++)
    if (strcmp(e->choice[k].site, site) == 0)
      return 1 + e->choice[k].pick;
  return 0;
}

/* The pick at a site, or at another where the first was not met. */
static int layout_of(const struct jac_judging *s, const char *site, const char *other) {
  size_t pick = pick_of(&s->e, site);
  return (int)(pick ? pick : pick_of(&s->e, other));
}

static void keep(struct kept *kept, const struct jac_judging *s,
                 const struct jac_candidate *c, const struct run *run,
                 const struct compared *compared) {
  *kept = (struct kept){.there = true,
                        .price = run->price,
                        .candidate = *c,
                        .run = *run,
                        .compared = *compared};
  kept->gradient = layout_of(s, "gradient", "nabla");
  int vector = layout_of(s, "gradient:vector", "nabla:vector");
  kept->vector = vector > kept->gradient;
  if (kept->vector)
    kept->gradient = vector;
  kept->jacobian = (int)pick_of(&s->e, "jacobian");
  if (run->left && run->right) {
    char l[80], r[80];
    jac_type_words(run->left->type, l, sizeof l);
    jac_type_words(run->right->type, r, sizeof r);
    if (run->collapsed)
      snprintf(kept->shapes, sizeof kept->shapes,
               _("it fits only where a side of %.40s has one entry"), run->collapsed);
    else
      snprintf(kept->shapes, sizeof kept->shapes, _("its shape is %s where %s is needed"),
               r, l);
  }
}

static void see_left(struct left_alone *left, const struct run *run) {
  if (run->left && (!left->there || run->left_price < left->price))
    *left = (struct left_alone){true, run->left_price, run->left_slip};
}

/* A reading for symmetric matrices alone. */
static bool symmetric(const struct jac_elaboration *e) {
  for (size_t k = 0; k < e->nchoice; k++)
    if (e->choice[k].pick == 1 && strncmp(e->choice[k].site, "symmetric:", 10) == 0)
      return true;
  return false;
}

/* It is read otherwise, its names or its products, for the sake of the right one. */
static bool forced_left(const struct run *run, const struct left_alone *left) {
  unsigned most = run->left_slip > left->slip ? LEFT_MARGIN : JAC_PRICE_MARGIN;
  return run->left_price >= left->price + most;
}

static bool seen_before(struct met_values *m, const struct compared *c) {
  if (c->outcome != OUT_FAILS)
    return false;
  for (size_t k = 0; k < m->count; k++)
    if (m->left[k] == c->left && m->right[k] == c->right && m->rows[k] == c->rows &&
        m->cols[k] == c->cols)
      return true;
  if (m->count < MET_VALUES) {
    m->left[m->count] = c->left;
    m->rows[m->count] = c->rows;
    m->cols[m->count] = c->cols;
    m->right[m->count++] = c->right;
  }
  return false;
}

/* A reading that cannot be run: what it clashes on is read otherwise. */
static void met_unfit(struct jac_judging *s, const struct jac_candidate *c,
                      const struct run *run) {
  const struct jac_elaboration *e = &s->e;
  if (!*s->why) {
    snprintf(s->why, sizeof s->why, "%s", e->message);
    s->start = e->start;
    s->end = e->end;
    s->no_entry = e->no_entry && !s->first.there;
  }
  jac_search_branch(&s->readings, e, c, run->unfit == JAC_CLASH ? e->conflict : 0,
                    e->price);
}

static unsigned bound_of(const struct jac_judging *s) {
  return s->first.price - s->first.run.coincidence + JAC_PRICE_MARGIN;
}

/* A reading that holds counts where it is no far-fetched one beside the first. */
static void met_holding(struct jac_judging *s, const struct jac_candidate *c,
                        const struct run *run, const struct compared *compared) {
  bool numbers_for_transposes = s->valued.there && !s->valued.run.nwords &&
                                run->transposes && !run->arrays &&
                                run->numbers > s->first.run.numbers;
  if (s->first.there &&
      (run->price >= bound_of(s) || forced_left(run, &s->left) || numbers_for_transposes))
    return;
  if (s->e.excuse) {
    s->excuse = s->e.excuse;
    jac_search_branch(&s->readings, &s->e, c, 0, run->price);
    return;
  }
  s->nothing_said = s->nothing_said || run->nothing_said;
  keep(&s->found, s, c, run, compared);
  if (s->claim->certify)
    s->found.proof = jac_prove(&s->e, run, &s->found.apart);
}

static void met_first(struct jac_judging *s, const struct jac_candidate *c,
                      const struct run *run, const struct compared *compared) {
  s->nothing_said = s->nothing_said || run->nothing_said;
  s->small_d = run->small_d;
  s->braced = s->e.braced;
  s->four = s->e.four && !s->claim->spelled;
  s->guess_alone = run->guess_alone;
  snprintf(s->circle, sizeof s->circle, "%s", s->e.circle ? s->e.circle : "");
  s->leans = run->leans_on_unknown;
  snprintf(s->name, sizeof s->name, "%s", run->unknown);
  keep(&s->first, s, c, run, compared);
}

static void met_failing(struct jac_judging *s, const struct jac_candidate *c,
                        const struct run *run, const struct compared *compared) {
  if (!s->first.there)
    met_first(s, c, run, compared);
  bool by_values = compared->outcome == OUT_FAILS;
  if (by_values &&
      (!s->valued.there || (compared->diagonal && !s->valued.compared.diagonal) ||
       (s->valued.compared.nothing && !compared->nothing)))
    keep(&s->valued, s, c, run, compared);
  else if (by_values && s->others.count < OTHERS && !forced_left(run, &s->left) &&
           !symmetric(&s->e)) {
    s->others.candidate[s->others.count] = *c;
    s->others.compared[s->others.count++] = *compared;
  }
  /* What was forced on the way may have cost less than it seemed. */
  struct jac_candidate here = *c;
  if (run->price < here.price)
    here.price = run->price;
  if (!seen_before(&s->met, compared))
    jac_search_branch(&s->readings, &s->e, &here,
                      compared->outcome == OUT_SHAPE ? s->e.conflict : 0, run->price);
}

static void met_run(struct jac_judging *s, const struct jac_candidate *c,
                    const struct run *run) {
  struct compared compared = {.outcome = OUT_SHAPE};
  if (run->how >= 0)
    jac_compare(&s->e, run, false, &s->work, &compared);
  switch (compared.outcome) {
  case OUT_HOLDS:
    met_holding(s, c, run, &compared);
    break;
  case OUT_VACUOUS:
    s->vacuous = true;
    if (!s->first.there)
      keep(&s->first, s, c, run, &compared);
    break;
  case OUT_NO_VALUE:
    s->valueless = s->valueless || (!s->first.there && compared.samples > 0);
    jac_search_branch(&s->readings, &s->e, c, 0, run->price);
    break;
  case OUT_FAILS:
  case OUT_SHAPE:
    met_failing(s, c, run, &compared);
    break;
  }
}

/* Dearer than it seemed: true where cheaper ones come first. */
static bool put_back(struct jac_judging *s, struct jac_candidate *c,
                     const struct run *run) {
  if (run->price <= c->price)
    return false;
  jac_search_branch(&s->readings, &s->e, c, 0, run->price);
  if (!s->readings.count || s->readings.waiting[0].price >= run->price)
    return false;
  c->price = run->price;
  jac_search_again(&s->readings, c);
  return true;
}

/* One candidate; one that comes to a reading that was run is not counted. */
static void try_one(struct jac_judging *s, struct jac_candidate *c) {
  struct jac_pool_mark mark = jac_pool_mark(&s->pool);
  struct run run;
  s->runs++;
  s->e.pool = &s->pool;
  s->e.forced = c->forced;
  s->e.nforced = c->count;
  jac_run(&s->e, s->claim, &run);
  see_left(&s->left, &run);
  if (run.unfit == JAC_SHORT)
    s->status = JAC_ENOMEM;
  else if ((!run.unfit && put_back(s, c, &run)) || jac_search_same(&s->readings, &s->e))
    s->runs--;
  else if (run.unfit)
    met_unfit(s, c, &run);
  else
    met_run(s, c, &run);
  jac_pool_release(&s->pool, mark);
  if (s->pool.failed && !s->pool.limit)
    s->status = JAC_ENOMEM;
}

static void search_readings(struct jac_judging *s) {
  struct jac_candidate c;
  while (s->runs < JAC_RUNS && s->tried++ < JAC_TRIED && !s->found.there && !s->status &&
         s->work && jac_search_next(&s->readings, &c)) {
    if (s->first.there && c.price >= bound_of(s))
      break;
    try_one(s, &c);
  }
}

enum jac_status jac_judge_claim(const struct jac_claim_written *given,
                                struct jac_judgement_of *judged, struct jac_error *err) {
  *judged = (struct jac_judgement_of){.verdict = JAC_NOT_UNDERSTOOD};
  struct jac_claim_written claim = *given;
  struct jac_judging *s = jac_memory_take(1, sizeof *s);
  struct jac_evidence *own = jac_memory_take(1, sizeof *own);
  /* What readings write beside the notation goes with them, where the evidence is kept
     elsewhere. */
  struct jac_pool *written = claim.scope->pool;
  struct jac_pool_mark mark = jac_pool_mark(written);
  bool apart = claim.evidence->store && claim.evidence->store != written;
  if (!s || !own || !jac_own_pairs(&claim, own)) {
    free(own);
    free(s);
    return jac_fail_memory(err);
  }
  /* What a loss hangs on is what this claim and what it leads to say. */
  struct jac_evidence *evidence = claim.evidence;
  size_t pairs = evidence->pairs;
  struct jac_pair pair[sizeof own->pair / sizeof *own->pair];
  memcpy(pair, evidence->pair, sizeof pair);
  memcpy(evidence->pair, own->pair, sizeof pair);
  evidence->pairs = own->pairs;
  evidence->every = pair;
  evidence->everys = pairs;
  claim.own = own;
  s->claim = &claim;
  s->work = WORK;
  s->pool = (struct jac_pool)JAC_POOL_INIT;
  s->pool.most = (size_t)64 << 20;
  jac_search_start(&s->readings);
  search_readings(s);
  if (s->readings.failed)
    s->status = JAC_ENOMEM;
  if (!s->status)
    jac_conclude(s, judged);
  enum jac_status status = s->status ? jac_fail_memory(err) : JAC_OK;
  memcpy(evidence->pair, pair, sizeof pair);
  evidence->pairs = pairs;
  evidence->every = NULL;
  if (apart)
    jac_pool_release(written, mark);
  free(own);
  jac_pool_free(&s->pool);
  jac_search_free(&s->readings);
  free(s);
  return status;
}
