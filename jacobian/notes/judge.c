#include "jacobian/notes/joined.h"
#include "jacobian/notes/judge_internal.h"

#include "jacobian/notes/naming.h"

#include "jacobian/buffer.h"
#include "jacobian/judge/judge.h"
#include "jacobian/notes/otherwise.h"
#include "jacobian/notes/section.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *jac_finding_name(enum jac_finding_verdict verdict) {
  static const char *const names[JAC_FINDINGS] = {
      N_("holds"), N_("holds with a convention"), N_("does not hold"),
      N_("not understood"), N_("not judged")};
  return names[verdict];
}

void jac_findings_free(struct jac_findings *findings) {
  for (size_t k = 0; k < findings->count; k++) {
    struct jac_finding *f = &findings->finding[k];
    free(f->formula);
    free(f->claim);
    free(f->subject);
    free(f->wrt);
    free(f->convention);
    free(f->diagnosis);
    free(f->correction);
    for (size_t j = 0; j < f->readings; j++)
      free(f->reading[j]);
  }
  free(findings->finding);
  *findings = (struct jac_findings){0};
}

static char *copy(struct judging *j, const char *text, size_t length) {
  char *made = malloc(length + 1);
  if (!made) {
    j->status = jac_fail_memory(j->err);
    return NULL;
  }
  memcpy(made, text, length);
  made[length] = '\0';
  return made;
}

static char *copy_text(struct judging *j, const char *text) {
  return text && *text ? copy(j, text, strlen(text)) : NULL;
}

/* The line of a link in its notebook's cell. */
static size_t line_in_cell(const struct jac_link *link) {
  size_t line = link->item->cell_line;
  for (size_t k = 0; k < link->start; k++)
    line += link->item->text[k] == '\n';
  return line;
}

static struct jac_finding *add(struct judging *j, const struct jac_link *link) {
  struct jac_finding *more = realloc(j->out->finding, (j->out->count + 1) * sizeof *more);
  if (!more) {
    j->status = jac_fail_memory(j->err);
    return NULL;
  }
  j->out->finding = more;
  struct jac_finding *f = &more[j->out->count++];
  struct jac_place place = jac_item_place(j->document, link->item, link->start);
  *f = (struct jac_finding){.line = place.line,
                            .column = place.column,
                            .cell = link->item->cell,
                            .cell_line = line_in_cell(link),
                            .link = link->link,
                            .verdict = JAC_FINDING_UNJUDGED};
  f->formula = copy(j, link->item->text, link->item->length);
  f->claim = copy(j, link->item->text + link->start, link->end - link->start);
  f->subject = copy_text(j, link->subject);
  return f;
}

/* dL/dy dy/dx: a chain of derivatives, which is right in a layout of its own. */
static bool derivatives_alone(const struct jac_syntax *n) {
  if (n->form == JAC_S_FRACTION)
    return jac_mentions_derivative(n);
  bool factors =
      n->form == JAC_S_SIDE || n->form == JAC_S_INFIX || n->form == JAC_S_GROUP;
  for (size_t k = 0; k < n->count && factors; k++)
    factors = derivatives_alone(n->child[k]);
  return factors && n->count > 0;
}

static void fill(struct judging *j, struct jac_finding *f,
                 const struct jac_judgement_of *r) {
  static const enum jac_finding_verdict verdicts[] = {
      [JAC_HOLDS] = JAC_FINDING_HOLDS,
      [JAC_HOLDS_CONVENTION] = JAC_FINDING_CONVENTION,
      [JAC_DOES_NOT_HOLD] = JAC_FINDING_WRONG,
      [JAC_NOT_UNDERSTOOD] = JAC_FINDING_UNREAD,
      [JAC_NOT_JUDGED] = JAC_FINDING_UNJUDGED};
  f->verdict = verdicts[r->verdict];
  f->convention = copy_text(j, r->convention);
  f->diagnosis = copy_text(j, r->diagnosis);
  f->correction = copy_text(j, r->correction);
  f->wrt = copy_text(j, r->wrt);
  f->samples = r->samples;
  f->max_rel_error = r->error;
  f->sure = r->sure;
  f->likely = r->likely;
  f->transposed = r->gradient == 2 || r->jacobian == 2;
  f->plain = r->gradient == 1 || r->jacobian == 1;
  f->layout = !r->gradient ? JAC_LAYOUT_OF_JACOBIAN
              : r->vector  ? JAC_LAYOUT_OF_VECTOR
                           : JAC_LAYOUT_OF_MATRIX;
  for (size_t k = 0; k < r->readings && k < JAC_FINDING_READINGS; k++)
    f->reading[f->readings++] = copy_text(j, _(r->reading[k]));
}

void jac_judging_link(struct judging *j, const struct jac_link *link,
                      struct jac_claim_written *claim, struct jac_judgement_of *r) {
  size_t facts = j->section.facts;
  if (jac_judging_said(j, claim, claim->evidence)) {
    jac_judging_claim(j, claim, r);
    j->section.facts = facts;
  } else if (link->guess[0])
    jac_judging_guesses(j, link, claim, r);
  else
    j->status = jac_judge_claim(claim, r, j->err);
  if (!j->status)
    jac_judging_again(j, link, claim, r);
  if (!j->status && !jac_judging_total(j, link, r) && !jac_judging_row(j, link, r) &&
      !jac_judging_field(j, link, claim, r) && !j->status)
    jac_judging_rule(j, link, claim, r);
}

static void judge_one(struct judging *j, const struct jac_scope *scope,
                      struct jac_evidence *evidence, const struct jac_link *link) {
  struct jac_finding *f = add(j, link);
  if (!f)
    return;
  size_t at = j->out->count - 1;
  if (link->problem) {
    f->verdict = JAC_FINDING_UNREAD;
    f->diagnosis = copy_text(j, link->problem);
    return;
  }
  if (link->reason) {
    f->diagnosis = copy_text(j, link->reason);
    return;
  }
  struct jac_claim_written claim = {.scope = scope,
                                    .evidence = evidence,
                                    .visible = link->visible,
                                    .left = link->left,
                                    .right = link->right,
                                    .condition = link->condition,
                                    .text = link->item->text,
                                    .correct = true};
  const struct jac_claim_written written = claim; /* what is tried changes it */
  struct jac_judgement_of r = {.verdict = JAC_NOT_UNDERSTOOD};
  /* What is made of a claim's notation ends with it: a file has thousands. */
  struct jac_pool_mark mark = jac_pool_mark(&j->pool);
  struct jac_section section = j->section;
  jac_judging_link(j, link, &claim, &r);
  if (!j->status)
    jac_judging_step(j, link, &claim, &r);
  if (!j->status)
    jac_judging_coefficient(j, link, &written, &r);
  if (!j->status)
    fill(j, &j->out->finding[at], &r);
  /* \nabla f \cdot dx is no gradient, whatever the layout of its factors. */
  j->out->finding[at].chain = written.right && (derivatives_alone(written.right) ||
                                                written.left->form == JAC_S_INFIX);
  section.failed = j->section.failed;
  j->section = section;
  jac_pool_release(&j->pool, mark);
}

/* How many of a section's findings lay theirs out in either way. */
struct layout_count {
  size_t plain, turned;
  bool plain_first;
};

static void count_layouts(const struct judging *j,
                          struct layout_count of[JAC_LAYOUTS_OF]) {
  for (size_t k = j->judged; k < j->out->count; k++) {
    const struct jac_finding *f = &j->out->finding[k];
    struct layout_count *c = &of[f->layout];
    if (f->verdict != JAC_FINDING_HOLDS && f->verdict != JAC_FINDING_CONVENTION)
      continue;
    c->plain_first = c->plain_first || (f->plain && !f->transposed && !c->turned);
    c->plain += f->plain && !f->transposed;
    c->turned += f->transposed;
  }
}

/* What deviates from what the rest of its section does is flagged; one against many is no
 * convention of its author's but a slip: gradients by a matrix are nearly always laid out
 * as the matrix is, those by a vector less so, Jacobians in either way. */
static void flag_deviations(struct judging *j) {
  static const size_t many[JAC_LAYOUTS_OF] = {2, 3, 0};
  struct layout_count of[JAC_LAYOUTS_OF] = {{0, 0, false}};
  count_layouts(j, of);
  for (size_t k = j->judged; k < j->out->count; k++) {
    struct jac_finding *f = &j->out->finding[k];
    const struct layout_count *c = &of[f->layout];
    f->deviates = f->verdict == JAC_FINDING_CONVENTION && f->transposed &&
                  (c->plain > c->turned || (c->plain == c->turned && c->plain_first));
    if (!f->deviates)
      continue;
    if (!f->chain && many[f->layout] && c->plain >= many[f->layout] * c->turned) {
      f->verdict = JAC_FINDING_WRONG;
      free(f->diagnosis);
      f->diagnosis = copy_text(
          j, _("it is the transpose: the rest of the section lays gradients out as what "
               "they are by"));
    } else if (!f->diagnosis)
      f->diagnosis = copy_text(j, _("the rest of the section has the other layout"));
  }
}

/* What is not true as it is read is refuted where the reading is trusted: by the claim
 * itself, by a directive, or, where only functions that nobody defines were guessed,
 * since others of the section hold. */
static void flag_doubts(struct judging *j) {
  bool hold = false;
  for (size_t k = j->judged; k < j->out->count; k++)
    hold = hold || j->out->finding[k].verdict == JAC_FINDING_HOLDS ||
           j->out->finding[k].verdict == JAC_FINDING_CONVENTION;
  for (size_t k = j->judged; k < j->out->count; k++) {
    struct jac_finding *f = &j->out->finding[k];
    if (f->verdict != JAC_FINDING_WRONG || f->sure || f->subject || (f->likely && hold))
      continue;
    f->verdict = JAC_FINDING_UNREAD;
    char words[600];
    snprintf(words, sizeof words, _("it is not true as it is read: %s"), f->diagnosis);
    free(f->diagnosis);
    f->diagnosis = copy_text(j, words);
  }
}

/* Long: what it is to be such a name. m = n, of which one bounds a sum: two names of one
 * size, and no quantity. */
static bool names_a_size(struct jac_evidence *evidence, struct jac_fact *fact) {
  const struct jac_syntax *a = fact->left, *b = fact->right;
  if (fact->kind != JAC_FACT_DEFINITION || fact->strong || !a || !b ||
      a->form != JAC_S_NAME || b->form != JAC_S_NAME || a->row || b->row)
    return false;
  const struct jac_usage *of[2] = {jac_usage_of(evidence, a->text),
                                   jac_usage_of(evidence, b->text)};
  for (size_t k = 0; k < 2; k++)
    if (!of[k] || of[k]->index || of[k]->numerator || of[k]->denominator)
      return false;
  if (!of[0]->bounds && !of[1]->bounds)
    return false;
  fact->kind = JAC_FACT_ALIAS;
  if (of[0]->bounds)
    fact->left = b, fact->right = a;
  return true;
}

/* "those with $i = k$": two indices, of which no one is the other for that. */
static bool names_an_index(struct jac_evidence *evidence, struct jac_fact *fact) {
  const struct jac_syntax *a = fact->left, *b = fact->right;
  if (fact->kind != JAC_FACT_DEFINITION || fact->strong || !fact->passing || !a || !b ||
      a->form != JAC_S_NAME || b->form != JAC_S_NAME || a->row || b->row)
    return false;
  const struct jac_usage *of[2] = {jac_usage_of(evidence, a->text),
                                   jac_usage_of(evidence, b->text)};
  for (size_t k = 0; k < 2; k++)
    if (!of[k] || !of[k]->index || of[k]->numerator || of[k]->denominator)
      return false;
  fact->kind = JAC_FACT_USE;
  return true;
}

/* The evidence of a section, once more where names turn out to be those of sizes. */
static bool see_section(struct jac_section *s, const struct jac_scope *scope,
                        struct jac_evidence *evidence) {
  if (!jac_evidence_make(evidence, scope))
    return false;
  bool again = false;
  for (size_t k = 0; k < s->facts; k++)
    again = names_a_size(evidence, &s->fact[k]) ||
            names_an_index(evidence, &s->fact[k]) || again;
  if (!again)
    return true;
  *evidence = (struct jac_evidence){.store = evidence->store};
  return jac_evidence_make(evidence, scope);
}

void jac_judging_say(struct jac_judgement_of *r, enum jac_verdict verdict,
                     const char *words) {
  *r = (struct jac_judgement_of){.verdict = verdict, .sure = true};
  bool holds = verdict == JAC_HOLDS_CONVENTION;
  snprintf(holds ? r->convention : r->diagnosis,
           holds ? sizeof r->convention : sizeof r->diagnosis, "%s", words);
}

/* Judges what the section has gathered, and forgets the claims. */
static void flush(struct judging *j) {
  struct jac_section *s = &j->section;
  if (j->quiet) {
    s->links = 0;
    return;
  }
  jac_section_namings(s, j->said, sizeof j->said / sizeof *j->said);
  struct jac_scope scope = {.pool = &j->pool, .fact = s->fact, .count = s->facts};
  struct jac_pool store = JAC_POOL_INIT;
  struct jac_evidence *evidence = jac_memory_take(1, sizeof *evidence);
  if (evidence)
    evidence->store = &store;
  j->judged = j->out->count;
  if (!evidence || (s->links && !see_section(s, &scope, evidence)))
    j->status = jac_fail_memory(j->err);
  for (size_t k = 0; k < s->links && !j->status; k++)
    judge_one(j, &scope, evidence, &s->link[k]);
  jac_pool_free(&store);
  free(evidence);
  s->links = 0;
  flag_doubts(j);
  flag_deviations(j);
}

static void keep_earlier(struct judging *j, const struct jac_fact *fact) {
  if (fact->strong || (fact->kind != JAC_FACT_DEFINITION && fact->kind != JAC_FACT_SHAPE))
    return;
  if (j->nearlier == EARLIER)
    memmove(j->earlier, j->earlier + 1, --j->nearlier * sizeof *j->earlier);
  j->earlier[j->nearlier++] = *fact;
}

static void heading(struct judging *j, int level) {
  struct jac_section *s = &j->section;
  flush(j);
  if (level < 1 || level > 6)
    level = 6;
  /* What was said under a heading of this level or a deeper one is over. */
  for (size_t k = j->said[level]; k < s->facts; k++)
    keep_earlier(j, &s->fact[k]);
  s->facts = j->said[level];
  for (int k = level + 1; k < 8; k++)
    j->said[k] = s->facts;
  size_t kept = 0;
  for (size_t k = 0; k < s->facts; k++)
    if (!s->fact[k].strong)
      s->fact[kept++] = s->fact[k];
  s->facts = kept;
  s->subject = NULL;
  s->above = s->beside = NULL;
  s->when = s->under = NULL;
  s->off = false;
}

void jac_judging_start(struct judging *j, const struct jac_document *document,
                       const struct jac_notes_modules *modules,
                       struct jac_findings *findings, struct jac_error *err) {
  *j = (struct judging){.document = document,
                        .modules = modules,
                        .out = findings,
                        .pool = JAC_POOL_INIT,
                        .err = err};
  *findings = (struct jac_findings){0};
  j->section.pool = &j->pool;
  jac_joined_see(document, &j->pool);
}

void jac_judging_stop(struct judging *j) {
  jac_pool_free(&j->pool);
}

enum jac_status jac_judging_walk(struct judging *j, size_t last) {
  const struct jac_document *document = j->document;
  int level = 7;
  for (size_t k = 0; k < document->count && !j->status; k++) {
    const struct jac_item *item = &document->item[k];
    if (item->kind == JAC_ITEM_DISPLAY)
      j->out->displays++;
    if (item->kind == JAC_ITEM_HEADING) {
      if (k > last)
        return j->status;
      heading(j, item->level);
      level = item->level;
      jac_section_item(&j->section, document, k, j->modules);
      continue;
    }
    if (item->kind == JAC_ITEM_DIRECTIVE)
      flush(j);
    jac_section_item(&j->section, document, k, j->modules);
    j->seen = k == last ? j->section.facts : j->seen;
    /* Deeper headings go on from what was said so far. */
    for (int l = level + 1; l < 8; l++)
      j->said[l] = j->section.facts;
    if (j->section.failed || (j->pool.failed && !j->pool.limit))
      j->status = jac_fail_memory(j->err);
  }
  if (!j->status)
    flush(j);
  return j->status;
}

enum jac_status jac_notes_judge(const struct jac_document *document,
                                const struct jac_notes_modules *modules,
                                struct jac_findings *findings, struct jac_error *err) {
  struct judging j;
  jac_judging_start(&j, document, modules, findings, err);
  enum jac_status status = jac_judging_walk(&j, document->count);
  jac_judging_stop(&j);
  if (status)
    jac_findings_free(findings);
  return status;
}
