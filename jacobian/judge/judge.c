/* The search over readings, cheapest first, and the verdict. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/elaborate/search.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  RUNS = 500,
  TRIED = 2000,
  WORK = 20000000,
  LEFT_MARGIN = 8,
  SURE = 16,
  SURE_OF_GUESSES = 1
};

const char *jac_judge_verdict_name(enum jac_verdict verdict) {
  static const char *const names[] = {"holds", "holds with a convention", "does not hold",
                                      "not understood", "not judged"};
  return names[verdict];
}

/* Readings that failed by values, in which a correction is looked for. */
enum { OTHERS = 8 };
struct others {
  struct jac_candidate candidate[OTHERS];
  struct compared compared[OTHERS];
  size_t count;
};

struct search {
  struct jac_pool pool;
  struct jac_elaboration e;
  struct jac_search readings;
  struct others others;
};

static size_t pick_of(const struct jac_elaboration *e, const char *site) {
  for (size_t k = 0; k < e->nchoice; k++)
    if (strcmp(e->choice[k].site, site) == 0)
      return 1 + e->choice[k].pick;
  return 0;
}

/* What stays of a reading when its terms are gone. */
struct kept {
  bool there;
  unsigned price;
  struct jac_candidate candidate;
  struct run run; /* its words */
  struct compared compared;
  int gradient, jacobian;
  bool vector;
  char shapes[200];
  enum jac_proof proof;
  double apart;
};

/* A reading that costs next to nothing is what was meant: with functions that nobody
 * defines in it, nothing at all. Where the left side is zero, something was not read. */
static bool plainly_read(const struct kept *first, const struct kept *valued) {
  unsigned price = first->price - first->run.coincidence;
  return valued->there && !valued->compared.nothing &&
         price <= (first->run.guessed ? SURE_OF_GUESSES : SURE);
}

static void keep(struct kept *kept, const struct search *s, const struct jac_candidate *c,
                 const struct run *run, const struct compared *compared) {
  *kept = (struct kept){.there = true,
                        .price = run->price,
                        .candidate = *c,
                        .run = *run,
                        .compared = *compared};
  kept->gradient = (int)pick_of(&s->e, "gradient");
  int vector = (int)pick_of(&s->e, "gradient:vector");
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

static void join(char *out, size_t size, const struct run *run,
                 struct jac_judgement_of *judged) {
  size_t at = 0;
  out[0] = '\0';
  judged->readings = 0;
  for (size_t k = 0; k < run->nwords; k++) {
    judged->reading[judged->readings++] = run->words[k];
    int n = snprintf(out + at, size - at, "%s%s", at ? ", " : "", _(run->words[k]));
    at += n > 0 ? (size_t)n : 0;
    if (at >= size)
      break;
  }
}

/* The left side by itself, read as cheaply as it can be. */
struct left_alone {
  bool there;
  unsigned price, slip;
};

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

static void holds(struct jac_judgement_of *judged, const struct kept *kept,
                  bool cheapest) {
  join(judged->convention, sizeof judged->convention, &kept->run, judged);
  judged->verdict = kept->run.nwords ? JAC_HOLDS_CONVENTION : JAC_HOLDS;
  (void)cheapest;
  judged->special = strstr(judged->convention, "symmetric") != NULL;
  judged->gradient = kept->gradient;
  judged->jacobian = kept->jacobian;
  judged->vector = kept->vector;
  judged->samples = kept->compared.samples;
  judged->error = kept->compared.error;
  judged->price = kept->price;
}

/* A sign, a whole factor, a size: what is forgotten. Of a loss that nobody defines, a
 * size may be its mean. */
static bool nice_ratio(const struct compared *c, bool guessed) {
  double r = fabs(c->ratio), inverse = r > 0 ? 1 / r : 0;
  return r > 0 &&
         (c->opposite || (c->size_name[0] && !guessed) ||
          (r >= 1 && r < 100 && fabs(r - round(r)) < 1e-9) ||
          (inverse >= 1 && inverse < 100 && fabs(inverse - round(inverse)) < 1e-9));
}

static void not_understood(struct jac_judgement_of *judged, const char *why) {
  judged->verdict = JAC_NOT_UNDERSTOOD;
  snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", why);
}

/* What failing readings came to. One that comes to the numbers of another says nothing
 * new: a row for a column in a claim about entries. */
enum { MET_VALUES = 256 };
struct met_values {
  double left[MET_VALUES], right[MET_VALUES];
  size_t count;
};

static bool seen_before(struct met_values *m, const struct compared *c) {
  if (c->outcome != OUT_FAILS)
    return false;
  for (size_t k = 0; k < m->count; k++)
    if (m->left[k] == c->left && m->right[k] == c->right)
      return true;
  if (m->count < MET_VALUES) {
    m->left[m->count] = c->left;
    m->right[m->count++] = c->right;
  }
  return false;
}

typedef const struct jac_syntax node;

enum jac_status jac_judge_claim(const struct jac_claim_written *given,
                                struct jac_judgement_of *judged, struct jac_error *err) {
  *judged = (struct jac_judgement_of){.verdict = JAC_NOT_UNDERSTOOD};
  struct jac_claim_written with_own = *given, *claim = &with_own;
  struct search *s = calloc(1, sizeof *s);
  struct kept *first = calloc(1, sizeof *first), *found = calloc(1, sizeof *found),
              *valued = calloc(1, sizeof *valued);
  if (!s || !first || !found || !valued) {
    free(s);
    free(first);
    free(found);
    free(valued);
    return jac_fail_memory(err);
  }
  s->pool = (struct jac_pool)JAC_POOL_INIT;
  s->pool.most = (size_t)64 << 20;
  struct jac_evidence *own = malloc(sizeof *own);
  if (!own || !jac_own_pairs(claim, own)) {
    free(own);
    free(s);
    free(first);
    free(found);
    free(valued);
    return jac_fail_memory(err);
  }
  size_t pairs = claim->evidence->pairs;
  struct jac_pair pair[sizeof own->pair / sizeof *own->pair];
  memcpy(pair, claim->evidence->pair, sizeof pair);
  memcpy(claim->evidence->pair, own->pair, sizeof pair);
  claim->evidence->pairs = own->pairs;
  claim->own = own;
  char why[400] = "";
  bool unknown = false, vacuous = false, no_value = false, guess_alone = false,
       leans = false, nothing_said = false, small_d = false, four = false;
  size_t work = WORK;
  char name[64] = "";
  size_t start = 0, end = 0;
  enum jac_status status = JAC_OK;
  struct jac_candidate c;
  struct met_values met_values = {.count = 0};
  struct left_alone left = {.there = false};
  jac_search_start(&s->readings);
  size_t runs = 0;
  size_t tried = 0;
  while (runs < RUNS && tried++ < TRIED && !found->there && !status && work &&
         jac_search_next(&s->readings, &c)) {
    if (first->there &&
        c.price >= first->price - first->run.coincidence + JAC_PRICE_MARGIN)
      break;
    runs++;
    struct jac_pool_mark mark = jac_pool_mark(&s->pool);
    struct jac_elaboration *e = &s->e;
    e->pool = &s->pool;
    e->forced = c.forced;
    e->nforced = c.count;
    struct run run;
    jac_run(e, claim, &run);
    struct compared compared = {.outcome = OUT_SHAPE};
    see_left(&left, &run);
    if (run.unfit == JAC_SHORT) {
      status = jac_fail_memory(err);
    } else if (run.unfit && jac_search_same(&s->readings, e)) {
      runs--;
    } else if (run.unfit) {
      if (!*why || (unknown && run.unfit == JAC_CLASH && false)) {
        snprintf(why, sizeof why, "%s", e->message);
        start = e->start;
        end = e->end;
      }
      unknown = unknown || run.unfit == JAC_UNKNOWN;
      jac_search_branch(&s->readings, e, &c, run.unfit == JAC_CLASH ? e->conflict : 0,
                        e->price);
    } else {
      if (run.price > c.price) {
        /* Dearer than it seemed: cheaper ones come first. */
        jac_search_branch(&s->readings, e, &c, 0, run.price);
        if (s->readings.count && s->readings.waiting[0].price < run.price) {
          c.price = run.price;
          runs--;
          jac_search_again(&s->readings, &c);
          jac_pool_release(&s->pool, mark);
          continue;
        }
      }
      if (jac_search_same(&s->readings, e)) {
        jac_pool_release(&s->pool, mark);
        runs--;
        continue;
      }
      if (run.how >= 0)
        jac_compare(e, &run, false, &work, &compared);
      switch (compared.outcome) {
      case OUT_HOLDS:
        if (first->there &&
            (run.price >= first->price - first->run.coincidence + JAC_PRICE_MARGIN ||
             forced_left(&run, &left) ||
             (valued->there && !valued->run.nwords && run.transposes &&
              run.numbers > first->run.numbers)))
          break;
        nothing_said = nothing_said || run.nothing_said;
        keep(found, s, &c, &run, &compared);
        if (claim->certify)
          found->proof = jac_prove(e, &run, &found->apart);
        break;
      case OUT_VACUOUS:
        vacuous = true;
        if (!first->there)
          keep(first, s, &c, &run, &compared);
        break;
      case OUT_NO_VALUE:
        no_value = true;
        jac_search_branch(&s->readings, e, &c, 0, run.price);
        break;
      case OUT_FAILS:
      case OUT_SHAPE:
        nothing_said = nothing_said || (run.nothing_said && !first->there);
        small_d = small_d || (run.small_d && !first->there);
        four = four || (e->four && !first->there && !claim->spelled);
        guess_alone = guess_alone || (run.guess_alone && !first->there);
        if (run.leans_on_unknown && !first->there) {
          leans = true;
          snprintf(name, sizeof name, "%s", run.unknown);
        }
        if (!first->there)
          keep(first, s, &c, &run, &compared);
        if ((!valued->there || (compared.diagonal && !valued->compared.diagonal) ||
             (valued->compared.nothing && !compared.nothing)) &&
            compared.outcome == OUT_FAILS)
          keep(valued, s, &c, &run, &compared);
        else if (compared.outcome == OUT_FAILS && s->others.count < OTHERS &&
                 !forced_left(&run, &left) && !symmetric(e)) {
          s->others.candidate[s->others.count] = c;
          s->others.compared[s->others.count++] = compared;
        }
        if (!seen_before(&met_values, &compared))
          jac_search_branch(&s->readings, e, &c,
                            compared.outcome == OUT_SHAPE ? e->conflict : 0, run.price);
        break;
      }
    }
    jac_pool_release(&s->pool, mark);
    if (s->pool.failed && !s->pool.limit)
      status = jac_fail_memory(err);
  }
  judged->runs = runs;
  judged->proof = found->proof;
  bool bounded = !found->there && (runs == RUNS || tried > TRIED || s->readings.full ||
                                   s->pool.limit || !work);
  if (!status) {
    if ((found->there || first->there) && nothing_said) {
      judged->verdict = JAC_NOT_JUDGED;
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
               _("no derivative stands in it, and nothing defines its left side"));
    } else if (found->there && found->proof == JAC_PROOF_REFUTES) {
      judged->verdict = JAC_DOES_NOT_HOLD;
      judged->samples = found->compared.samples;
      judged->error = found->apart;
      snprintf(judged->diagnosis, sizeof judged->diagnosis,
               _("it is nearly right: off by %.2g of the entry, for certain"),
               found->apart);
    } else if (found->there)
      holds(judged, found, !first->there);
    else if ((!valued->there || valued->run.guessed || valued->run.nwords) &&
             jac_formal_chain(claim, valued->there) == 1) {
      judged->verdict = JAC_HOLDS_CONVENTION;
      snprintf(judged->convention, sizeof judged->convention, "%s",
               _("the chain rule, formally"));
    } else if (vacuous && first->compared.outcome == OUT_VACUOUS) {
      judged->verdict = JAC_NOT_JUDGED;
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
               _("both sides are zero at every sample"));
    } else if (first->there &&
               (small_d || jac_form_differential(claim->left) || jac_form_total(claim)))
      not_understood(
          judged,
          _("a differential, or the derivative of a loss: write it as a derivative"));
    else if (first->there && jac_form_expectation(claim))
      not_understood(judged, _("an expectation is not evaluated"));
    else if (first->there && jac_form_update(claim)) {
      judged->verdict = JAC_NOT_JUDGED;
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", _("an update rule"));
    } else if (first->there && jac_form_arrangement(claim)) {
      judged->verdict = JAC_NOT_JUDGED;
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
               _("it says how derivatives are arranged"));
    } else if (first->there && !first->run.differentiates &&
               !jac_form_spelled_out(claim)) {
      judged->verdict = JAC_NOT_JUDGED;
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
               _("nothing is differentiated in it, and it is not true as it is read"));
    } else if (first->there && jac_form_constraint(claim)) {
      judged->verdict = JAC_NOT_JUDGED;
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
               _("a constraint, or an equation to solve"));
    } else if (first->there && first->run.unlinked[0]) {
      snprintf(why, sizeof why, _("nothing says how %s depends on %s"),
               first->run.unlinked[0], first->run.unlinked[1]);
      not_understood(judged, why);
    } else if (first->there && jac_form_of_itself(claim)) {
      snprintf(why, sizeof why, _("nothing says what %s is"), jac_form_of_itself(claim));
      not_understood(judged, why);
    } else if (first->there && four)
      not_understood(judged,
                     _("a matrix is differentiated by a matrix, which is laid out in "
                       "many ways: write vec"));
    else if (first->there && guess_alone)
      not_understood(judged, _("nothing says what stands on the left: define it"));
    else if (first->there && leans) {
      snprintf(why, sizeof why, _("nothing says what %s is"), name);
      not_understood(judged, why);
    } else if (first->there && bounded && !valued->there)
      not_understood(judged,
                     _("it has more readings than can be tried: declare the shapes"));
    else if (first->there && valued->there && valued->run.one_hot) {
      judged->verdict = JAC_NOT_JUDGED;
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
               _("it holds at most where the labels are 1 for one class alone"));
    } else if (first->there) {
      judged->verdict = JAC_DOES_NOT_HOLD;
      const struct kept *best = valued->there ? valued : first;
      judged->samples = best->compared.samples;
      judged->error = best->compared.error;
      judged->shapes = !valued->there;
      judged->row = best->compared.row;
      judged->col = best->compared.col;
      judged->rows = best->compared.rows;
      judged->cols = best->compared.cols;
      judged->left = best->compared.left;
      judged->right = best->compared.right;
      judged->gradient = best->gradient;
      judged->jacobian = best->jacobian;
      judged->vector = best->vector;
      if (!valued->there)
        snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", first->shapes);
      jac_explain(claim, best->candidate.forced, best->candidate.count, &best->compared,
                  judged);
      for (size_t k = 0; k < s->others.count && !judged->correction[0]; k++) {
        struct jac_judgement_of other = *judged;
        jac_explain(claim, s->others.candidate[k].forced, s->others.candidate[k].count,
                    &s->others.compared[k], &other);
        if (other.correction[0])
          *judged = other;
      }
      judged->sure = (judged->correction[0] && !judged->weak) ||
                     nice_ratio(&best->compared, best->run.guessed) ||
                     (valued->there && jac_formal_chain(claim, true) == -1) ||
                     (!bounded && !first->run.guessed && !jac_form_call(claim->left) &&
                      plainly_read(first, valued));
      judged->likely =
          !bounded && !jac_form_call(claim->left) && plainly_read(first, valued);
      if (!judged->correction[0] && jac_form_equation(claim)) {
        judged->verdict = JAC_NOT_JUDGED;
        snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
                 _("an equation to solve"));
      }
    } else if (no_value && !*why)
      not_understood(judged, _("it has no value at the samples"));
    else {
      not_understood(judged, *why ? why : _("it has no value at the samples"));
      judged->start = start;
      judged->end = end;
    }
  }
  memcpy(claim->evidence->pair, pair, sizeof pair);
  claim->evidence->pairs = pairs;
  free(own);
  jac_pool_free(&s->pool);
  jac_search_free(&s->readings);
  free(s);
  free(first);
  free(found);
  free(valued);
  return status;
}
