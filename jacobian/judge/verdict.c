/* The verdict: what the readings of a claim come to, and why. */
#include "jacobian/judge/judging.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SURE = 16, SURE_OF_GUESSES = 1 };

/* A reading that costs next to nothing is what was meant: with functions that nobody
 * defines in it, nothing at all. Where the left side is zero, something was not read. */
static bool plainly_read(const struct kept *first, const struct kept *valued) {
  unsigned price = first->price - first->run.coincidence;
  return valued->there && !valued->compared.nothing &&
         price <= (first->run.guessed ? SURE_OF_GUESSES : SURE);
}

int jac_digits_apart(double a, double b) {
  char one[40], other[40];
  for (int digits = 4; digits < 17; digits++) {
    snprintf(one, sizeof one, "%.*g", digits, a);
    snprintf(other, sizeof other, "%.*g", digits, b);
    if (strcmp(one, other) != 0)
      return digits;
  }
  return 17;
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

static void holds(struct jac_judgement_of *judged, const struct kept *kept) {
  join(judged->convention, sizeof judged->convention, &kept->run, judged);
  judged->verdict = kept->run.nwords ? JAC_HOLDS_CONVENTION : JAC_HOLDS;
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

static bool bounded(const struct jac_judging *s) {
  return s->runs == JAC_RUNS || s->tried > JAC_TRIED || s->readings.full ||
         s->pool.limit || !s->work;
}

/* Why a claim of which no reading holds is not refuted, in order: the first row that
 * applies. Without words the row has written them to `why`. */

static bool zero(struct jac_judging *s) {
  return s->vacuous && (s->first.compared.outcome == OUT_VACUOUS ||
                        (s->valued.there && s->valued.compared.zero));
}

static bool differential(struct jac_judging *s) {
  if (jac_form_identity(s->claim) && s->valued.there && s->valued.run.differentiates)
    return false;
  return s->small_d || jac_form_differential(s->claim->left) ||
         jac_form_separated(s->claim) || jac_form_of_unknown(s->claim) ||
         jac_form_total(s->claim);
}

static bool expectation(struct jac_judging *s) {
  return jac_form_expectation(s->claim);
}

static bool update(struct jac_judging *s) {
  return jac_form_update(s->claim);
}

static bool arrangement(struct jac_judging *s) {
  return jac_form_arrangement(s->claim);
}

static bool undifferentiated(struct jac_judging *s) {
  return (!s->first.run.differentiates || jac_form_product(s->claim->left) ||
          (jac_form_relation(s->claim) && !s->first.run.derives)) &&
         !jac_form_spelled_out(s->claim);
}

static bool constraint(struct jac_judging *s) {
  return jac_form_constraint(s->claim);
}

static bool again(struct jac_judging *s) {
  return jac_form_again(s->claim);
}

static bool unlinked(struct jac_judging *s) {
  const char *const *names = s->first.run.unlinked;
  if (names[0])
    snprintf(s->why, sizeof s->why, _("nothing says how %s depends on %s"), names[0],
             names[1]);
  return names[0] != NULL;
}

static bool of_itself(struct jac_judging *s) {
  const char *name = jac_form_of_itself(s->claim);
  if (name)
    snprintf(s->why, sizeof s->why, _("nothing says what %s is"), name);
  return name != NULL;
}

/* Whether a function is defined of it: f(\bx) = ... */
static bool parameter(const struct jac_evidence *all, const struct jac_syntax *name) {
  for (size_t k = 0; k < all->definitions; k++)
    for (size_t j = 0; j < all->definition[k].params; j++)
      if (jac_notation_equal(all->definition[k].param[j], name))
        return true;
  return false;
}

/* The name in n of a command that nothing explains, and that is used as no quantity; or
 * NULL: \ee may be e, \half a half. */
static const struct jac_syntax *macro(const struct jac_claim_written *claim,
                                      const struct jac_syntax *n) {
  if (n->macro) {
    const struct jac_usage *u =
        jac_usage_of(claim->evidence, jac_notation_key(claim->scope->pool, n));
    return !u || !(u->denominator || u->numerator || u->defined || u->below[1] ||
                   u->bold || parameter(claim->evidence, n))
               ? n
               : NULL;
  }
  const struct jac_syntax *found = NULL;
  for (size_t k = 0; k < n->count && !found; k++)
    found = n->child[k] ? macro(claim, n->child[k]) : NULL;
  return found;
}

static bool unexplained(struct jac_judging *s) {
  const struct jac_syntax *name = macro(s->claim, s->claim->left);
  if (!name)
    name = macro(s->claim, s->claim->right);
  if (name)
    snprintf(s->why, sizeof s->why, _("nothing says what \\%s is"), name->text);
  return name != NULL;
}

/* By n, which is an integer: what stands below is another n, the normal. */
static bool by_integer(struct jac_judging *s) {
  struct jac_step step;
  const struct jac_evidence *all = s->claim->evidence;
  if (!jac_formal_step(s->claim->left, &step) || step.below->form != JAC_S_NAME)
    return false;
  for (size_t k = 0; k < all->tolds; k++)
    if (all->told[k].fact->kind == JAC_FACT_PROPERTY &&
        (all->told[k].fact->properties & JAC_IS_INTEGER) &&
        jac_notation_equal(all->told[k].fact->left, step.below)) {
      snprintf(s->why, sizeof s->why, _("%s is said to be an integer"), step.below->text);
      return true;
    }
  return false;
}

static bool by_matrix(struct jac_judging *s) {
  return s->four;
}

static bool excused(struct jac_judging *s) {
  if (s->excuse)
    snprintf(s->why, sizeof s->why, "%s", _(s->excuse));
  return s->excuse != NULL;
}

static bool braced(struct jac_judging *s) {
  return s->braced;
}

static bool on_a_guess(struct jac_judging *s) {
  return s->guess_alone;
}

static bool on_unknown(struct jac_judging *s) {
  if (s->leans)
    snprintf(s->why, sizeof s->why, _("nothing says what %s is"), s->name);
  return s->leans;
}

static bool valueless(struct jac_judging *s) {
  return s->valueless;
}

static bool too_many(struct jac_judging *s) {
  return bounded(s) && !s->valued.there;
}

static bool labels_gone(struct jac_judging *s) {
  return s->valued.there && s->valued.run.one_hot;
}

/* f_1, where the definition says a number: other shapes are nobody's. */
static bool no_entry(struct jac_judging *s) {
  return s->no_entry;
}

static bool circular(struct jac_judging *s) {
  if (*s->circle)
    snprintf(s->why, sizeof s->why, _("%s is defined by itself"), s->circle);
  return *s->circle != '\0';
}

static const struct {
  bool (*applies)(struct jac_judging *s);
  enum jac_verdict verdict;
  const char *words;
} reasons[] = {
    {zero, JAC_NOT_JUDGED, N_("both sides are zero at every sample")},
    {differential, JAC_NOT_UNDERSTOOD,
     N_("a differential, or the derivative of a loss: write it as a derivative")},
    {expectation, JAC_NOT_UNDERSTOOD, N_("an expectation is not evaluated")},
    {update, JAC_NOT_JUDGED, N_("an update rule")},
    {arrangement, JAC_NOT_JUDGED, N_("it says how derivatives are arranged")},
    {undifferentiated, JAC_NOT_JUDGED,
     N_("nothing is differentiated in it, and it is not true as it is read")},
    {constraint, JAC_NOT_JUDGED, N_("a constraint, or an equation to solve")},
    {again, JAC_NOT_JUDGED, N_("another definition of it")},
    {unlinked, JAC_NOT_UNDERSTOOD, NULL},
    {of_itself, JAC_NOT_UNDERSTOOD, NULL},
    {unexplained, JAC_NOT_UNDERSTOOD, NULL},
    {by_integer, JAC_NOT_UNDERSTOOD, NULL},
    {by_matrix, JAC_NOT_UNDERSTOOD,
     N_("a matrix is differentiated by a matrix, which is laid out in many ways: write "
        "vec")},
    {excused, JAC_NOT_UNDERSTOOD, NULL},
    {braced, JAC_NOT_UNDERSTOOD,
     N_("braces behind a function hold a sum, of which it may take the first term "
        "alone")},
    {on_a_guess, JAC_NOT_UNDERSTOOD,
     N_("nothing says what stands on the left: define it")},
    {on_unknown, JAC_NOT_UNDERSTOOD, NULL},
    {no_entry, JAC_NOT_UNDERSTOOD, NULL},
    {circular, JAC_NOT_UNDERSTOOD, NULL},
    {valueless, JAC_NOT_UNDERSTOOD, N_("it has a value at too few samples")},
    {too_many, JAC_NOT_UNDERSTOOD,
     N_("it has more readings than can be tried: declare the shapes")},
    {labels_gone, JAC_NOT_JUDGED,
     N_("it holds at most where the labels are 1 for one class alone")},
};

static void say(struct jac_judgement_of *judged, enum jac_verdict verdict,
                const char *why) {
  judged->verdict = verdict;
  snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", why);
}

/* What the failing reading came to. */
static void fill(const struct jac_judging *s, const struct kept *best,
                 struct jac_judgement_of *judged) {
  judged->verdict = JAC_DOES_NOT_HOLD;
  judged->samples = best->compared.samples;
  judged->error = best->compared.error;
  judged->shapes = !s->valued.there;
  judged->row = best->compared.row;
  judged->col = best->compared.col;
  judged->rows = best->compared.rows;
  judged->cols = best->compared.cols;
  judged->left = best->compared.left;
  judged->right = best->compared.right;
  judged->gradient = best->gradient;
  judged->jacobian = best->jacobian;
  judged->vector = best->vector;
  if (judged->shapes)
    snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", s->first.shapes);
}

/* p_Y(y) = ..., perhaps a second definition, as J_f(x, y) = ... is not; d(P V) = ...,
 * whose letters may be numbers. */
static bool otherwise_meant(const struct jac_judging *s, const struct kept *best) {
  return (jac_form_call(s->claim->left) && !best->run.derives) ||
         jac_form_identity(s->claim);
}

/* dy/dx stands in it. */
static bool has_step(const struct jac_syntax *n) {
  struct jac_step step;
  bool has = jac_formal_step(n, &step);
  for (size_t k = 0; k < n->count && !has; k++)
    has = n->child[k] && has_step(n->child[k]);
  return has;
}

static bool wrong_formally(struct jac_judging *s, const struct kept *best) {
  return s->valued.there && jac_formal_chain(s->claim, true) == -1 &&
         (!best->compared.nothing || has_step(s->claim->right));
}

/* The mistake, looked for in the reading that fails and in others; whether the
 * refutation rests on what was said. */
static void refute(struct jac_judging *s, struct jac_judgement_of *judged) {
  const struct kept *best = s->valued.there ? &s->valued : &s->first;
  size_t own = JAC_EXPLAIN_WORK, others = JAC_EXPLAIN_WORK;
  fill(s, best, judged);
  jac_explain(s->claim, best->candidate.forced, best->candidate.count, &best->compared,
              &own, judged);
  for (size_t k = 0; k < s->others.count && !judged->correction[0]; k++) {
    struct jac_judgement_of other = *judged;
    jac_explain(s->claim, s->others.candidate[k].forced, s->others.candidate[k].count,
                &s->others.compared[k], &others, &other);
    if (other.correction[0])
      *judged = other;
  }
  bool plain =
      !bounded(s) && !otherwise_meant(s, best) && plainly_read(&s->first, &s->valued);
  bool mended = judged->correction[0] && !judged->weak;
  judged->sure = mended || nice_ratio(&best->compared, best->run.guessed) ||
                 wrong_formally(s, best) || (plain && !s->first.run.guessed);
  judged->likely = plain;
  if (!judged->correction[0] && jac_form_equation(s->claim))
    say(judged, JAC_NOT_JUDGED, _("an equation to solve"));
}

/* The chain rule without one of its ways. */
static bool left_out(const struct jac_judging *s, struct jac_judgement_of *judged) {
  const struct jac_syntax *by = jac_formal_left_out(s->claim);
  char why[200];
  if (!by)
    return false;
  snprintf(why, sizeof why, _("another way goes by %s, which the section has"),
           jac_notation_key(s->claim->scope->pool, by));
  say(judged, JAC_NOT_UNDERSTOOD, why);
  return true;
}

static void formally(struct jac_judgement_of *judged, const char *words) {
  judged->verdict = JAC_HOLDS_CONVENTION;
  snprintf(judged->convention, sizeof judged->convention, "%s", words);
}

/* No reading holds. */
static void conclude_without(struct jac_judging *s, struct jac_judgement_of *judged) {
  const struct run *valued = &s->valued.run;
  if (jac_formal_through_time(s->claim)) {
    formally(judged, _("the chain rule through time: in the sum, what each step alone "
                       "gives"));
    return;
  }
  if (((!s->valued.there || valued->guessed || valued->nwords) &&
       jac_formal_chain(s->claim, s->valued.there) == 1) ||
      jac_formal_edges(s->claim)) {
    if (left_out(s, judged))
      return;
    formally(judged, _("the chain rule, formally"));
    return;
  }
  for (size_t k = 0; s->first.there && k < sizeof reasons / sizeof *reasons; k++)
    if (reasons[k].applies(s)) {
      say(judged, reasons[k].verdict, reasons[k].words ? _(reasons[k].words) : s->why);
      return;
    }
  if (s->first.there) {
    refute(s, judged);
    return;
  }
  say(judged, JAC_NOT_UNDERSTOOD, *s->why ? s->why : _("it has no value at the samples"));
  judged->start = s->start;
  judged->end = s->end;
}

void jac_conclude(struct jac_judging *s, struct jac_judgement_of *judged) {
  const struct kept *found = &s->found;
  judged->runs = s->runs;
  judged->proof = found->proof;
  if ((found->there || s->first.there) && s->nothing_said && !s->claim->step)
    say(judged, JAC_NOT_JUDGED,
        _("no derivative stands in it, and nothing defines its left side"));
  else if (found->there && found->run.still)
    say(judged, JAC_NOT_JUDGED,
        _("nothing that is differentiated depends on what it is differentiated by"));
  else if (found->there && found->proof == JAC_PROOF_REFUTES) {
    judged->verdict = JAC_DOES_NOT_HOLD;
    judged->samples = found->compared.samples;
    judged->error = found->apart;
    snprintf(judged->diagnosis, sizeof judged->diagnosis,
             _("it is nearly right: off by %.2g of the entry, for certain"),
             found->apart);
  } else if (found->there && left_out(s, judged))
    return;
  else if (found->there)
    holds(judged, found);
  else
    conclude_without(s, judged);
}
