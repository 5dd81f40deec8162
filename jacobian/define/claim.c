#include "jacobian/define/attempt_internal.h"
#include "jacobian/define/claim_point.h"
#include "jacobian/formula/caret.h"
#include "jacobian/judge/judge.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_syntax node;

/* The values that count, in the shapes of a manner. */
struct givens {
  struct jac_given given[32];
  double *copy[32];
  size_t count;
};

static bool drawn_otherwise(const struct jac_variable *var, enum jac_manner manner) {
  switch (var->domain) {
  case JAC_CLASS:
  case JAC_GUMBEL:
  case JAC_SIGN:
  case JAC_UNIT_ROWS:
  case JAC_ZERO:
    return true;
  case JAC_DISTRIBUTION:
    return manner == JAC_MANNER_WHOLE && var->dims[0] > 1;
  default:
    return false;
  }
}

/* Where a claim is judged: some variables' values, the others are drawn. */
struct place {
  jac_point x;
  const bool *set; /* of each variable, whether it has x's values; NULL: none */
};

static bool give(struct jac_asking *a, enum jac_manner manner, struct place here,
                 struct givens *g) {
  const struct jac_map *map = a->claim->map;
  *g = (struct givens){.count = 0};
  for (size_t v = 0; v < map->nvar && g->count < 32; v++) {
    const struct jac_variable *var = &map->var[v];
    bool sample = manner == JAC_MANNER_ROWS || manner == JAC_MANNER_COLUMNS;
    bool is_set = here.set && here.set[v];
    if ((!is_set && !drawn_otherwise(var, manner)) || !here.x)
      continue;
    const gsl_matrix *m = here.x[v];
    size_t rows = sample && var->role == JAC_DATA ? 1 : m->size1;
    double *copy = malloc((m->size1 * m->size2 + 1) * sizeof *copy);
    if (!copy)
      return false;
    bool turned =
        manner == JAC_MANNER_COLUMNS && var->role == JAC_PARAMETER && var->ndim == 2;
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < m->size2; j++)
        copy[turned ? j * rows + i : i * m->size2 + j] = gsl_matrix_get(m, i, j);
    node *name;
    const char *key = jac_notation_read(&a->pool, var->name, false, &name, NULL, NULL)
                          ? var->name
                          : jac_notation_key(&a->pool, name);
    g->copy[g->count] = copy;
    g->given[g->count++] = (struct jac_given){key, copy};
  }
  return true;
}

static enum jac_status judge(struct jac_asking *a, const struct jac_attempt *attempt,
                             struct place here, struct jac_judgement_of *judged,
                             struct jac_error *err) {
  bool set = here.set != NULL;
  struct jac_map_scope scope;
  struct jac_evidence *evidence = jac_pool_take(&a->pool, sizeof *evidence);
  struct givens g;
  enum jac_status status =
      jac_map_scope_make(&a->pool, a->claim->map, a->claim->parts, attempt->manner,
                         a->claim->order, &scope, err);
  node *left = NULL, *right = a->right;
  if (status)
    return status;
  if (attempt->diagonal) { /* delta(i,j) times the claim */
    node *delta;
    const char *bracket = strrchr(attempt->left, '[');
    const char *text =
        jac_pool_printf(&a->pool, "delta(%c,%c)*x", a->letter[0], bracket[1]);
    if (jac_notation_read(&a->pool, text, false, &delta, NULL, NULL))
      return jac_fail_memory(err);
    node *pair[2] = {delta->child[0], a->right};
    right = jac_notation_node(&a->pool, delta, 2, pair);
  }
  if (jac_notation_read(&a->pool, attempt->left, false, &left, NULL, err))
    return JAC_EINPUT;
  if (!evidence || !jac_evidence_make(evidence, &scope.scope) || !right)
    return jac_fail_memory(err);
  jac_evidence_see(evidence, left);
  jac_evidence_see(evidence, right);
  if (!give(a, attempt->manner, here, &g))
    status = jac_fail_memory(err);
  struct jac_claim_written claim = {.scope = &scope.scope,
                                    .evidence = evidence,
                                    .visible = scope.scope.count,
                                    .left = left,
                                    .right = right,
                                    .text = a->claim->text,
                                    .plain = !a->latex,
                                    .correct =
                                        !attempt->diagonal && !set && !a->claim->added,
                                    .spelled = true,
                                    .given = g.given,
                                    .givens = g.count,
                                    .certify = a->claim->certify && !set};
  if (!status)
    status = jac_judge_claim(&claim, judged, err);
  for (size_t k = 0; k < g.count; k++)
    free(g.copy[k]);
  return status;
}

static void say(const struct jac_attempt *attempt, const struct jac_judgement_of *judged,
                char words[400]) {
  snprintf(words, 400, "%s%s%s", attempt->words,
           *attempt->words && *judged->convention ? ", " : "", judged->convention);
}

static bool holds(const struct jac_judgement_of *j) {
  return j->verdict == JAC_HOLDS || j->verdict == JAC_HOLDS_CONVENTION;
}

/* Where an attempt holds it is judged at chosen points too: four samples that are drawn
 * may all lie on one side of a kink. */
static enum jac_status judge_wide(struct jac_asking *a, const struct jac_attempt *attempt,
                                  struct jac_judgement_of *judged,
                                  struct jac_error *err) {
  const struct jac_map *map = a->claim->map;
  struct jac_judgement_of here;
  enum jac_status status =
      judge(a, attempt, (struct place){a->claim->x, NULL}, judged, err);
  for (size_t k = 0; !status && holds(judged) && k < JAC_CLAIM_POINTS; k++) {
    struct jac_claim_point point;
    status = jac_claim_point_make(map, a->claim->x, k, &point, err);
    if (!status && point.any)
      status =
          judge(a, attempt, (struct place){jac_values_point(&point.values), point.set},
                &here, err);
    if (!status && point.any && here.verdict == JAC_DOES_NOT_HOLD) {
      int digits = jac_digits_apart(here.right, here.left);
      *judged = here;
      if (!here.shapes) /* what is true at this point need not be true at others */
        snprintf(judged->diagnosis, sizeof judged->diagnosis,
                 _("elsewhere it is %.*g and should be %.*g"), digits, here.right, digits,
                 here.left);
    }
    jac_claim_point_free(&point);
  }
  return status;
}

/* How much a verdict that is none of holding says. */
static int weight(const struct jac_judgement_of *j) {
  switch (j->verdict) {
  case JAC_DOES_NOT_HOLD:
    return j->shapes ? 2 : 3;
  case JAC_NOT_JUDGED:
    return 1;
  default:
    return 0;
  }
}

/* Whether a judgement says more for the claim than the best so far does. */
static bool better(const struct jac_attempt *attempt,
                   const struct jac_judgement_of *judged,
                   const struct jac_judgement_of *best, unsigned price) {
  if (holds(judged))
    return !holds(best) || judged->price + attempt->price < price;
  return !attempt->diagonal && !holds(best) && weight(judged) > weight(best);
}

static enum jac_status try_all(struct jac_asking *a, struct jac_judgement_of *best,
                               size_t *which, struct jac_error *err) {
  bool any = false;
  unsigned price = 0;
  for (size_t k = 0; k < a->attempts; k++) {
    const struct jac_attempt *attempt = &a->attempt[k];
    struct jac_judgement_of judged;
    if (any && holds(best) && attempt->price >= price)
      continue;
    enum jac_status status = judge_wide(a, attempt, &judged, err);
    if (status)
      return status;
    if (any && !better(attempt, &judged, best, price))
      continue;
    any = true;
    *best = judged;
    *which = k;
    price = judged.price + attempt->price;
    if (judged.verdict == JAC_HOLDS && attempt->price == 0)
      break;
  }
  return JAC_OK;
}

/* The right side and what is added to it. */
static enum jac_status add_to_right(struct jac_asking *a, struct jac_error *err) {
  node *sum = NULL, *added = NULL;
  const char *text = a->claim->added;
  bool latex = jac_text_is_latex(text);
  enum jac_status status = jac_notation_read(&a->pool, "x + x", false, &sum, NULL, err);
  if (!status)
    status = jac_notation_read(&a->pool, text, latex, &added, NULL, err);
  if (status)
    return status;
  if (!latex && a->latex) /* else it is done with the whole */
    added = jac_map_scope_bound(&a->pool, a->claim->map, added);
  node *terms[2] = {a->right, added};
  a->right = added ? jac_notation_node(&a->pool, sum, 2, terms) : NULL;
  return a->right ? JAC_OK : jac_pool_status(&a->pool, err);
}

/* The claim's notation, the scope of its names, the ways in which it can be meant. */
static enum jac_status prepare(struct jac_asking *a, struct jac_map_scope *scope,
                               struct jac_error *err) {
  const char *text = a->claim->text;
  size_t position = 0;
  bool formula = jac_map_is_formula(a->claim->map);
  a->latex = jac_text_is_latex(text);
  enum jac_status status =
      jac_notation_read(&a->pool, text, a->latex, &a->right, &position, err);
  if (status == JAC_EINPUT)
    return jac_caret(err, text, position);
  if (!status && a->claim->added)
    status = add_to_right(a, err);
  if (!status)
    status = jac_map_scope_make(&a->pool, a->claim->map, a->claim->parts,
                                formula ? JAC_MANNER_AUTHOR : JAC_MANNER_WHOLE,
                                a->claim->order, scope, err);
  if (status)
    return status;
  a->scope = &scope->scope;
  if (!a->latex && !formula && !a->claim->parts)
    a->right = jac_map_scope_bound(&a->pool, a->claim->map, a->right);
  if (!a->right)
    return jac_pool_status(&a->pool, err);
  jac_attempts_find(a, scope->output, scope->definition);
  if (!a->attempts)
    return jac_fail(err, JAC_EINPUT,
                    _("the claim's free indices do not fit: an entry has one for the "
                      "output and one for each dimension of the variable"));
  return JAC_OK;
}

static bool any_set(const struct jac_map_claim *claim) {
  for (size_t v = 0; v < claim->map->nvar && claim->set; v++)
    if (claim->set[v])
      return true;
  return false;
}

/* Whether what is not understood is the module's own definition, whose places and
 * channels are no matrix: not even 0 is understood then. */
static bool definition_is_dark(const struct jac_map_claim *claim) {
  static const char nothing[] = "0";
  struct jac_map_claim plain = *claim;
  struct jac_map_judgement judged;
  struct jac_error quiet = {JAC_OK, ""};
  if (jac_map_is_formula(claim->map) || claim->parts != NULL)
    return false;
  if (claim->text == nothing) /* asked below */
    return false;
  plain.text = nothing;
  plain.added = NULL;
  plain.certify = false;
  return jac_map_claim_judge(&plain, &judged, &quiet) == JAC_EINPUT;
}

static enum jac_status ask(struct jac_asking *a, struct jac_judgement_of *judged,
                           char words[400], struct jac_error *err) {
  struct jac_map_scope scope;
  size_t which = 0;
  enum jac_status status = prepare(a, &scope, err);
  if (!status)
    status = try_all(a, judged, &which, err);
  if (status)
    return status;
  if (judged->verdict == JAC_NOT_UNDERSTOOD) {
    const char *spec = a->claim->map->spec;
    jac_fail(err, JAC_EINPUT, "%s", judged->diagnosis);
    if (definition_is_dark(a->claim))
      return jac_fail(
          err, JAC_EREFUSED,
          _("a claim about %.60s is a formula of one entry: `jacobian modules "
            "%.*s` shows in which letters"),
          spec, (int)strcspn(spec, ":,"), spec);
    return judged->end > judged->start ? jac_caret(err, a->claim->text, judged->start)
                                       : JAC_EINPUT;
  }
  if (judged->verdict == JAC_NOT_JUDGED)
    return jac_fail(err, JAC_EREFUSED, _("the claim is not judged: %s"),
                    judged->diagnosis);
  if (judged->verdict == JAC_DOES_NOT_HOLD && any_set(a->claim)) {
    struct jac_judgement_of here;
    status = judge(a, &a->attempt[which], (struct place){a->claim->x, a->claim->set},
                   &here, err);
    if (!status && holds(&here))
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
               _("it holds at these values only"));
  }
  say(&a->attempt[which], judged, words);
  return status;
}

enum jac_status jac_map_claim_judge(const struct jac_map_claim *claim,
                                    struct jac_map_judgement *out,
                                    struct jac_error *err) {
  struct jac_asking *a = jac_memory_take(1, sizeof *a);
  struct jac_judgement_of judged = {.verdict = JAC_NOT_UNDERSTOOD};
  *out = (struct jac_map_judgement){.holds = false};
  if (!a)
    return jac_fail_memory(err);
  a->claim = claim;
  a->pool = (struct jac_pool)JAC_POOL_INIT;
  enum jac_status status = ask(a, &judged, out->words, err);
  jac_pool_free(&a->pool);
  free(a);
  out->holds = holds(&judged);
  out->shapes = judged.shapes;
  snprintf(out->diagnosis, sizeof out->diagnosis, "%s", judged.diagnosis);
  snprintf(out->correction, sizeof out->correction, "%s", judged.correction);
  out->proved = judged.proof == JAC_PROOF_HOLDS;
  out->refuted = judged.proof == JAC_PROOF_REFUTES;
  out->untold = judged.proof == JAC_PROOF_UNTOLD;
  out->samples = judged.samples;
  out->error = judged.error;
  out->apart = fabs(judged.left - judged.right);
  return status;
}
