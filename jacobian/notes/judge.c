#include "jacobian/notes/judge_internal.h"

#include "jacobian/formula/latex.h"
#include "jacobian/formula/read.h"
#include "jacobian/notes/directive.h"
#include "jacobian/notes/split.h"
#include "jacobian/notes/subject_internal.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* The layouts of trial.c by their bits. */
enum { NUMERATOR_ONLY = 1u | 2u | 8u | 32u };

struct judging {
  const struct jac_document *document;
  const struct jac_notes_modules *modules;
  struct jac_findings *out;
  /* The same subject for row vectors and for columns, where it is a module. */
  struct jac_setting *setting, *columns;
  /* What the section before said: it may explain what this one does not. */
  struct jac_setting *before;
  int level; /* of the heading that the section before stands under */
  bool module, off;
  const struct jac_item *item;
  struct jac_error *err;
  enum jac_status status;
};

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
  }
  free(findings->finding);
  *findings = (struct jac_findings){0};
}

static char *copy(struct judging *j, const char *text, size_t length) {
  if (text == NULL || (length == 0 && text[0] == '\0'))
    return NULL;
  char *made = malloc(length + 1);
  if (made == NULL) {
    j->status = jac_fail_memory(j->err);
    return NULL;
  }
  memcpy(made, text, length);
  made[length] = '\0';
  return made;
}

static char *copy_text(struct judging *j, const char *text) {
  return text == NULL || text[0] == '\0' ? NULL : copy(j, text, strlen(text));
}

static struct jac_finding *add(struct judging *j, size_t offset, size_t length,
                               size_t link, enum jac_finding_verdict verdict) {
  struct jac_finding *more = realloc(j->out->finding, (j->out->count + 1) * sizeof *more);
  if (more == NULL) {
    j->status = jac_fail_memory(j->err);
    return NULL;
  }
  j->out->finding = more;
  struct jac_finding *f = &more[j->out->count++];
  struct jac_place place = jac_item_place(j->document, j->item, offset);
  *f = (struct jac_finding){
      .line = place.line, .column = place.column, .link = link, .verdict = verdict};
  f->formula = copy(j, j->item->text, j->item->length);
  f->claim = copy(j, j->item->text + offset, length);
  f->subject = copy_text(j, j->setting->subject);
  return f;
}

static void add_with(struct judging *j, size_t offset, size_t length, size_t link,
                     enum jac_finding_verdict verdict, const char *diagnosis) {
  struct jac_finding *f = add(j, offset, length, link, verdict);
  if (f != NULL)
    f->diagnosis = copy_text(j, diagnosis);
}

/* Judging. */

struct chain {
  unsigned allowed; /* conventions that the links so far share */
  enum { EITHER, AS_SAID, OTHER_WAY } vectors; /* how vectors stood in them */
};

/* Gradients as rows or in the variable's shape, transpose layouts: the bits of trial.c.
 */
enum { GRADIENTS = 1u | 2u, TRANSPOSES = 4u | 16u };

static void fill(struct judging *j, struct jac_finding *f, const struct jac_judgement *r,
                 const char *convention) {
  unsigned first = r->conventions & (~r->conventions + 1u);
  f->verdict = r->verdict;
  f->transposed = r->convention != NULL && (first & TRANSPOSES) != 0;
  f->convention = copy_text(j, convention);
  f->diagnosis = copy_text(j, r->diagnosis);
  f->correction = copy_text(j, r->correction);
  f->wrt = copy_text(j, r->wrt);
  f->samples = r->samples;
  f->max_rel_error = r->error;
}

/* The link as the subject says it, else with vectors the other way. */
static enum jac_status judge_either(struct judging *j, const struct jac_side *left,
                                    const struct jac_side *right, struct chain *chain,
                                    struct jac_judgement *best, bool *other_way,
                                    struct jac_error *err) {
  const char *text = j->item->text;
  struct jac_judgement second;
  struct jac_error other = {.status = JAC_OK};
  enum jac_status status = JAC_EINPUT;
  *other_way = false;
  if (chain->vectors != OTHER_WAY) {
    status = jac_notes_pair(j->setting, text, left, right, chain->allowed, best, err);
    if (!j->module || chain->vectors == AS_SAID || status == JAC_ENOMEM ||
        (status == JAC_OK && best->verdict == JAC_FINDING_HOLDS))
      return status;
  }
  enum jac_status again =
      jac_notes_pair(j->columns, text, left, right, chain->allowed, &second, &other);
  bool better =
      again == JAC_OK &&
      (status != JAC_OK ||
       (best->verdict == JAC_FINDING_WRONG && second.verdict != JAC_FINDING_WRONG) ||
       (best->verdict == JAC_FINDING_CONVENTION && second.verdict == JAC_FINDING_HOLDS));
  if (!better)
    return status;
  *best = second;
  *other_way = second.verdict != JAC_FINDING_WRONG;
  return again;
}

/* A link that holds, but not as those before it do. */
static enum jac_status judge_beside_chain(struct judging *j, const struct jac_side *left,
                                          const struct jac_side *right,
                                          struct chain *chain, struct jac_judgement *best,
                                          char *convention, size_t size,
                                          struct jac_error *err) {
  struct chain free_chain = {.allowed = ~0u, .vectors = chain->vectors};
  struct jac_judgement alone;
  bool other_way;
  if (chain->allowed == ~0u || best->verdict != JAC_FINDING_WRONG)
    return JAC_OK;
  enum jac_status status =
      judge_either(j, left, right, &free_chain, &alone, &other_way, err);
  if (status != JAC_OK || alone.verdict == JAC_FINDING_WRONG)
    return status == JAC_ENOMEM ? status : JAC_OK;
  /* Where nothing is transposed, numbers may be meant. */
  bool transposes = strstr(j->item->text, "^T") != NULL ||
                    strstr(j->item->text, "^{T}") != NULL ||
                    strstr(j->item->text, "top") != NULL || j->module;
  if (!transposes ||
      ((alone.conventions & GRADIENTS) != 0 && (chain->allowed & GRADIENTS) != 0)) {
    *best = alone;
    best->verdict = JAC_FINDING_CONVENTION;
    snprintf(convention, size, "%s", _("the layout changes inside the chain"));
  } else
    snprintf(best->diagnosis, sizeof best->diagnosis, "%s",
             _("it is the transpose of what stands before it in the chain"));
  return JAC_OK;
}

/* What is not understood may hold with the definitions of the section before. */
static bool holds_by_section_before(struct judging *j, const struct jac_side *left,
                                    const struct jac_side *right, struct chain *chain,
                                    struct jac_judgement *r) {
  struct jac_judgement trial;
  struct jac_error quiet = {.status = JAC_OK};
  if (j->module || j->before->quantities == 0 || j->setting->subject[0] != '\0')
    return false;
  jac_setting_guess_words(j->before, j->item->text);
  if (jac_notes_pair(j->before, j->item->text, left, right, chain->allowed, &trial,
                     &quiet) != JAC_OK ||
      (trial.verdict != JAC_FINDING_HOLDS && trial.verdict != JAC_FINDING_CONVENTION &&
       !trial.changed))
    return false;
  *r = trial;
  return true;
}

static void judge_link(struct judging *j, const struct jac_statement *statement,
                       size_t link, struct chain *chain) {
  const struct jac_side *left = &statement->side[0], *right = &statement->side[link];
  struct jac_judgement r;
  struct jac_error err = {.status = JAC_OK};
  char convention[900] = "";
  bool other_way;
  enum jac_status status = judge_either(j, left, right, chain, &r, &other_way, &err);
  if (status != JAC_OK && status != JAC_ENOMEM &&
      holds_by_section_before(j, left, right, chain, &r))
    status = JAC_OK;
  else if (status == JAC_OK)
    status = judge_beside_chain(j, left, right, chain, &r, convention, sizeof convention,
                                &err);
  if (status == JAC_ENOMEM) {
    j->status = jac_fail_memory(j->err);
    return;
  }
  struct jac_finding *f = add(j, right->start, right->length, link, JAC_FINDING_UNREAD);
  if (f == NULL)
    return;
  if (status != JAC_OK) {
    f->diagnosis = copy_text(j, err.message);
    return;
  }
  /* Letters get other values as notes go on; only what is differentiated is a claim. */
  if (r.verdict == JAC_FINDING_WRONG && r.plain && j->setting->subject[0] == '\0') {
    r.verdict = JAC_FINDING_UNJUDGED;
    snprintf(r.diagnosis, sizeof r.diagnosis, "%s",
             _("no derivative stands in it, and it is not what stands above"));
    r.correction[0] = '\0';
  }
  if (other_way) {
    r.verdict = JAC_FINDING_CONVENTION;
    snprintf(convention, sizeof convention, "%s",
             j->columns->rows ? _("row vectors") : _("column vectors"));
  }
  if (r.meaning[0] != '\0') {
    size_t used = strlen(convention);
    snprintf(convention + used, sizeof convention - used, "%s%s", used > 0 ? ", " : "",
             r.meaning);
  }
  if (r.convention != NULL && r.verdict == JAC_FINDING_CONVENTION) {
    size_t used = strlen(convention);
    snprintf(convention + used, sizeof convention - used, "%s%s", used > 0 ? ", " : "",
             _(r.convention));
  }
  fill(j, f, &r, convention);
  if (r.verdict == JAC_FINDING_WRONG && r.meaning[0] != '\0' && f->diagnosis != NULL) {
    char text[1300];
    snprintf(text, sizeof text, _("%s (%s)"), f->diagnosis, r.meaning);
    free(f->diagnosis);
    f->diagnosis = copy_text(j, text);
  }
  if (f->verdict == JAC_FINDING_HOLDS || f->verdict == JAC_FINDING_CONVENTION) {
    chain->allowed = r.conventions;
    chain->vectors = other_way ? OTHER_WAY : AS_SAID;
  }
}

/* Statements that are no claims about values. */
static bool only_relations(const struct jac_statement *s) {
  for (size_t k = 1; k < s->count; k++)
    if (s->side[k].before == JAC_RELATION_EQUAL)
      return false;
  return true;
}

/* The first equality of a statement may define; what is left is judged. */
static bool defines(struct judging *j, const struct jac_statement *s, bool again) {
  bool symbol, taken = false;
  struct jac_error quiet;
  struct jac_setting *settings[] = {j->setting, j->module ? j->columns : NULL};
  for (size_t k = 0; k < 2 && settings[k] != NULL; k++) {
    node_t left = jac_notes_left(settings[k], j->item->text, s->side[0].start,
                                 s->side[0].length, &symbol, &quiet);
    node_t right;
    if (left == NULL || symbol ||
        jac_notes_side(settings[k], j->item->text, s->side[1].start, s->side[1].length,
                       &right, &quiet) != JAC_OK)
      return false;
    if (jac_notes_recursion(settings[k], left, right))
      return false;
    if (left->kind == JAC_DERIVATIVE) { /* d/dx of y = d/dx of ...: so is y */
      if (right->kind != JAC_DERIVATIVE || !jac_equal(left->child[1], right->child[1]) ||
          left->child[0]->kind == JAC_DERIVATIVE)
        return false;
      left = left->child[0];
      right = right->child[0];
      size_t q = jac_setting_quantity(settings[k], left->name);
      bool known = q < settings[k]->quantities || jac_notes_loss_name(left->name);
      if (left->kind == JAC_CALL || (known && !again))
        return false;
      if (again && known && q < settings[k]->quantities && !settings[k]->own[q] &&
          !jac_mentions(right, left->name)) {
        taken = jac_setting_define(settings[k], left, right, false);
        continue;
      }
    }
    taken = jac_notes_define(settings[k], left, right, j->item->text + s->side[0].start,
                             s->side[0].length, false, again);
  }
  return taken;
}

/* Whether a matrix is one of partial derivatives and dots alone: what a Jacobian is. */
static bool of_partials(node_t n) {
  bool any = false;
  if (n->kind != JAC_MATRIX)
    return false;
  for (size_t i = 0; i < n->count; i++)
    for (size_t k = 0; k < n->child[i]->count; k++) {
      node_t cell = n->child[i]->child[k];
      if (cell->kind != JAC_DERIVATIVE && cell->kind != JAC_DOTS &&
          cell->kind != JAC_BLANK)
        return false;
      any = any || cell->kind == JAC_DERIVATIVE;
    }
  return any;
}

/* The name that stands in one tree where the other has a number: the last index. */
static const char *last_index(node_t first, node_t last) {
  if (first->kind == JAC_NUMBER && last->kind == JAC_NAME)
    return last->name;
  for (size_t k = 0; k < first->count && k < last->count; k++) {
    const char *found = last_index(first->child[k], last->child[k]);
    if (found != NULL)
      return found;
  }
  return NULL;
}

/* A matrix with m rows and n columns is in R^{m x n}: its corners tell m and n. */
static bool judge_size(struct judging *j, const struct jac_statement *s, size_t link) {
  struct jac_error quiet;
  node_t matrix;
  const char *text = j->item->text;
  const struct jac_side *side = &s->side[link - 1], *set = &s->side[link];
  if (jac_notes_side(j->setting, text, side->start, side->length, &matrix, &quiet) !=
          JAC_OK ||
      matrix->kind != JAC_MATRIX)
    return false;
  node_t top = matrix->child[0], bottom = matrix->child[matrix->count - 1];
  const char *rows = last_index(top->child[0], bottom->child[0]);
  const char *cols = last_index(top->child[0], top->child[top->count - 1]);
  char right[120], wrong[120], written[160] = "";
  if (rows == NULL || cols == NULL || strcmp(rows, cols) == 0)
    return false;
  for (size_t k = set->start, used = 0; k < set->start + set->length && used < 150; k++)
    if (strchr(" {}~", text[k]) == NULL) {
      written[used++] = text[k];
      written[used] = '\0';
    }
  snprintf(right, sizeof right, "^%s\\times%s", rows, cols);
  snprintf(wrong, sizeof wrong, "^%s\\times%s", cols, rows);
  bool holds = strstr(written, right) != NULL;
  if (!holds && strstr(written, wrong) == NULL)
    return false;
  struct jac_finding *f = add(j, set->start, set->length, link,
                              holds ? JAC_FINDING_HOLDS : JAC_FINDING_WRONG);
  if (f != NULL && !holds) {
    char message[200];
    snprintf(message, sizeof message,
             _("wrong shape: the matrix has %s rows and %s columns"), rows, cols);
    f->diagnosis = copy_text(j, message);
    snprintf(message, sizeof message, "\\mathbb{R}^{%s \\times %s}", rows, cols);
    f->correction = copy_text(j, message);
  }
  return true;
}

/* J = (partial derivatives): says what a Jacobian is. */
static bool says_jacobian(struct judging *j, const struct jac_statement *s, size_t link) {
  struct jac_error quiet;
  node_t matrix;
  if (jac_notes_side(j->setting, j->item->text, s->side[link].start, s->side[link].length,
                     &matrix, &quiet) != JAC_OK ||
      !of_partials(matrix))
    return false;
  add_with(j, s->side[link].start, s->side[link].length, link, JAC_FINDING_UNJUDGED,
           _("the definition of the Jacobian"));
  return true;
}

static void judge_member(struct judging *j, const struct jac_statement *s, size_t link) {
  struct jac_side *before = &s->side[link - 1];
  if (link == 1 && jac_notes_member(j->setting, j->item->text, before, &s->side[link])) {
    if (j->module)
      jac_notes_member(j->columns, j->item->text, before, &s->side[link]);
    add_with(j, s->side[link].start, s->side[link].length, link, JAC_FINDING_UNJUDGED,
             _("it says a shape"));
    return;
  }
  if (judge_size(j, s, link))
    return;
  add_with(j, s->side[link].start, s->side[link].length, link, JAC_FINDING_UNJUDGED,
           _("a set"));
}

static bool both_derive(struct judging *j, const struct jac_statement *s) {
  const char *text = j->item->text;
  struct jac_error quiet;
  node_t left, right;
  return jac_notes_side(j->setting, text, s->side[0].start, s->side[0].length, &left,
                        &quiet) == JAC_OK &&
         jac_notes_side(j->setting, text, s->side[1].start, s->side[1].length, &right,
                        &quiet) == JAC_OK &&
         left->kind == JAC_DERIVATIVE && right->kind == JAC_DERIVATIVE &&
         jac_equal(left->child[1], right->child[1]) &&
         (left->child[0]->kind == JAC_NAME || left->child[0]->kind == JAC_ENTRY);
}

/* f(x) = ... that makes no sense with the f before is another f; d/dx f = d/dx (...) says
 * what f is now. */
static void define_again(struct judging *j, const struct jac_statement *s) {
  struct jac_finding *f = &j->out->finding[j->out->count - 1];
  bool unread = f->verdict == JAC_FINDING_UNREAD, wrong = f->verdict == JAC_FINDING_WRONG;
  if ((!unread && !(wrong && j->setting->subject[0] == '\0' && both_derive(j, s))) ||
      !defines(j, s, true))
    return;
  f->verdict = JAC_FINDING_UNJUDGED;
  free(f->diagnosis);
  free(f->correction);
  f->correction = NULL;
  f->diagnosis = copy_text(j, _("a definition"));
}

static bool says_functions(struct judging *j, const struct jac_statement *s) {
  bool says = jac_notes_functions(j->setting, j->item->text, s);
  if (j->module)
    jac_notes_functions(j->columns, j->item->text, s);
  return says;
}

static void judge_statement(struct judging *j, const struct jac_statement *s) {
  struct chain chain = {.allowed = ~0u};
  size_t first = 1;
  if (s->count < 2) {
    add_with(j, s->side[0].start, s->side[0].length, 0, JAC_FINDING_UNJUDGED,
             _("no equality"));
    return;
  }
  if (says_functions(j, s) ||
      (s->side[1].before == JAC_RELATION_EQUAL && defines(j, s, false))) {
    add_with(j, s->side[1].start, s->side[1].length, 1, JAC_FINDING_UNJUDGED,
             _("a definition"));
    first = 2;
  }
  for (size_t k = first; k < s->count && j->status == JAC_OK; k++) {
    if (s->side[k].before == JAC_RELATION_MEMBER)
      judge_member(j, s, k);
    else if (s->side[k].before == JAC_RELATION_OTHER)
      add_with(j, s->side[k].start, s->side[k].length, k, JAC_FINDING_UNJUDGED,
               _("no equality"));
    else if (!says_jacobian(j, s, k)) {
      judge_link(j, s, k, &chain);
      if (k == 1 && j->status == JAC_OK)
        define_again(j, s);
    }
  }
}

static void guess_words(struct judging *j, const char *text) {
  jac_setting_guess_words(j->setting, text);
  if (j->module)
    jac_setting_guess_words(j->columns, text);
}

static void judge_display(struct judging *j) {
  struct jac_statements statements;
  j->out->displays++;
  if (j->item->problem != NULL) {
    add_with(j, 0, j->item->length, 0, JAC_FINDING_UNREAD, j->item->problem);
    return;
  }
  if (j->off) {
    add_with(j, 0, j->item->length, 0, JAC_FINDING_UNJUDGED, _("jacobian: off"));
    return;
  }
  guess_words(j, j->item->text);
  j->status = jac_notes_split(j->item->text, &statements, j->err);
  if (j->status != JAC_OK)
    return;
  if (statements.count == 0)
    add_with(j, 0, j->item->length, 0, JAC_FINDING_UNJUDGED, _("an empty formula"));
  for (size_t k = 0; k < statements.count && j->status == JAC_OK; k++) {
    if (only_relations(&statements.statement[k]) && statements.statement[k].count > 1 &&
        statements.statement[k].side[1].before == JAC_RELATION_OTHER)
      add_with(j, statements.statement[k].side[0].start,
               statements.statement[k].side[0].length, 0, JAC_FINDING_UNJUDGED,
               _("no equality"));
    else
      judge_statement(j, &statements.statement[k]);
  }
  jac_statements_free(&statements);
}

/* Formulas in sentences define and declare; nothing else is made of them. */
static void read_inline(struct judging *j) {
  struct jac_statements statements;
  if (j->item->problem != NULL || j->off)
    return;
  guess_words(j, j->item->text);
  if (jac_notes_split(j->item->text, &statements, NULL) != JAC_OK)
    return;
  for (size_t k = 0; k < statements.count; k++) {
    const struct jac_statement *s = &statements.statement[k];
    if (s->count == 2 && s->side[1].before == JAC_RELATION_MEMBER) {
      jac_notes_member(j->setting, j->item->text, &s->side[0], &s->side[1]);
      if (j->module)
        jac_notes_member(j->columns, j->item->text, &s->side[0], &s->side[1]);
    } else if (s->count >= 2 && s->side[1].before == JAC_RELATION_EQUAL &&
               !says_functions(j, s))
      defines(j, s, true);
  }
  jac_statements_free(&statements);
}

static void start_setting(struct jac_setting *s, bool rows) {
  jac_setting_free(s);
  s->rows = rows;
}

/* A heading ends what was said; a section of the same chapter may lean on it. */
static void start_section(struct judging *j) {
  int level = j->item->level;
  bool said = j->setting->quantities > 0 && !j->module && j->setting->subject[0] == '\0';
  if (said) {
    struct jac_setting *older = j->before;
    j->before = j->setting;
    j->setting = older;
  }
  if (level <= 1 || (!said && level < j->level))
    start_setting(j->before, false);
  j->level = level;
  start_setting(j->setting, false);
  start_setting(j->columns, false);
  j->module = j->off = false;
}

static void read_directive(struct judging *j) {
  struct jac_directive d;
  struct jac_error err;
  enum jac_status status = jac_directive_read(j->item->text, &d, NULL, &err);
  struct jac_setting *both[] = {j->setting, j->columns};
  j->off = status == JAC_OK && d.off;
  j->module = false;
  if (status == JAC_OK && !d.off && d.subject != NULL) {
    start_setting(j->setting, d.vectors == JAC_VECTORS_ROWS);
    start_setting(j->columns, false);
    if (!jac_subject_is_formula(d.subject) && j->modules != NULL) {
      j->module = true;
      for (size_t k = 0; k < 2 && j->module; k++) {
        bool columns = (k == 1) != (d.vectors == JAC_VECTORS_COLUMNS);
        both[k]->rows = !columns;
        j->module =
            j->modules->define(j->modules->context, d.subject, columns, both[k], &err);
      }
      if (!j->module)
        status = JAC_EINPUT;
    } else
      status = jac_subject_formula(j->setting, d.subject, &err);
    for (size_t k = 0; k < 2; k++)
      snprintf(both[k]->subject, sizeof both[k]->subject, "%s", d.subject);
  }
  if (status == JAC_OK && !d.off)
    for (size_t k = 0; k < 2; k++)
      jac_subject_lets(both[k], &d);
  if (status == JAC_ENOMEM)
    j->status = jac_fail_memory(j->err);
  else if (status != JAC_OK)
    add_with(j, 0, j->item->length, 0, JAC_FINDING_UNREAD, err.message);
  jac_directive_free(&d);
}

/* What deviates from what most of the file does is flagged. */
static void flag_deviations(struct jac_findings *out) {
  size_t plain = 0, turned = 0;
  for (size_t k = 0; k < out->count; k++) {
    const struct jac_finding *f = &out->finding[k];
    plain += f->verdict == JAC_FINDING_HOLDS;
    turned += f->verdict == JAC_FINDING_CONVENTION && f->transposed;
  }
  for (size_t k = 0; k < out->count; k++) {
    struct jac_finding *f = &out->finding[k];
    f->deviates = f->verdict == JAC_FINDING_CONVENTION && f->transposed && plain > turned;
  }
}

enum jac_status jac_notes_judge(const struct jac_document *document,
                                const struct jac_notes_modules *modules,
                                struct jac_findings *findings, struct jac_error *err) {
  struct judging j = {
      .document = document, .modules = modules, .out = findings, .err = err};
  *findings = (struct jac_findings){0};
  j.setting = malloc(sizeof *j.setting);
  j.columns = malloc(sizeof *j.columns);
  j.before = malloc(sizeof *j.before);
  if (j.setting == NULL || j.columns == NULL || j.before == NULL)
    j.status = jac_fail_memory(err);
  else {
    jac_setting_init(j.setting);
    jac_setting_init(j.before);
    jac_setting_init(j.columns);
  }
  for (size_t k = 0; k < document->count && j.status == JAC_OK; k++) {
    j.item = &document->item[k];
    switch (j.item->kind) {
    case JAC_ITEM_HEADING:
      start_section(&j);
      break;
    case JAC_ITEM_DIRECTIVE:
      read_directive(&j);
      break;
    case JAC_ITEM_DISPLAY:
      judge_display(&j);
      break;
    case JAC_ITEM_INLINE:
      read_inline(&j);
      break;
    }
  }
  if (j.setting != NULL && j.columns != NULL && j.before != NULL) {
    jac_setting_free(j.setting);
    jac_setting_free(j.before);
    jac_setting_free(j.columns);
  }
  free(j.setting);
  free(j.columns);
  free(j.before);
  flag_deviations(findings);
  if (j.status != JAC_OK)
    jac_findings_free(findings);
  return j.status;
}
