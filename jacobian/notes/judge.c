#include "jacobian/notes/judge.h"

#include "jacobian/formula/latex.h"
#include "jacobian/formula/read.h"
#include "jacobian/notes/directive.h"
#include "jacobian/notes/split.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* The layouts of link.c by their bits. */
enum { NUMERATOR_ONLY = 1u | 2u | 8u | 32u };

struct judging {
  const struct jac_document *document;
  const struct jac_notes_modules *modules;
  struct jac_findings *out;
  /* The same subject for row vectors and for columns, where it is a module. */
  struct jac_setting *setting, *columns;
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

/* Reading a side. */

static enum jac_status read_part(struct jac_setting *s, const char *text, size_t start,
                                 size_t length, node_t *tree, struct jac_error *err) {
  char *part = malloc(length + 1);
  struct jac_vocabulary v = jac_setting_vocabulary(s);
  size_t position = 0;
  if (part == NULL)
    return jac_fail_memory(err);
  memcpy(part, text + start, length);
  part[length] = '\0';
  enum jac_status status = jac_latex_read(&s->arena, part, &v, tree, &position, err);
  free(part);
  return status;
}

/* Whether a name is one that definitions know. */
static bool known_name(const struct jac_setting *s, const char *name) {
  if (jac_setting_quantity(s, name) < s->quantities)
    return true;
  for (size_t q = 0; q < s->quantities; q++)
    if (jac_mentions(s->right[q], name))
      return true;
  return false;
}

static bool is_d(const struct jac_setting *s, node_t n) {
  return n->kind == JAC_NAME && strcmp(n->name, "d") == 0 && !known_name(s, "d");
}

static node_t gradient_of(struct jac_setting *s, node_t by) {
  node_t child[] = {jac_node_named(&s->arena, JAC_NAME, "L", 0, NULL), by};
  return jac_node_named(&s->arena, JAC_DERIVATIVE, "", 2, child);
}

/* dW is the loss's derivative by W, dy/dx that of y by x, where d is nothing else. */
static node_t with_differentials(struct jac_setting *s, node_t n) {
  node_t child[JAC_FORMULA_CHILDREN];
  if (n == NULL)
    return NULL;
  for (size_t k = 0; k < n->count; k++)
    if ((child[k] = with_differentials(s, n->child[k])) == NULL)
      return NULL;
  if (n->kind == JAC_DERIVATIVE && n->child[1]->kind == JAC_BLANK &&
      (s->wrt[0] != '\0' || s->input[0] != '\0')) {
    child[1] = jac_node_named(&s->arena, JAC_NAME, s->wrt[0] != '\0' ? s->wrt : s->input,
                              0, NULL);
    return jac_rebuild(&s->arena, n, child);
  }
  if (n->kind == JAC_MULTIPLY && n->child[0]->kind == JAC_DIVIDE &&
      is_d(s, n->child[0]->child[1]) && n->child[0]->child[0]->kind == JAC_MULTIPLY &&
      is_d(s, n->child[0]->child[0]->child[0])) {
    node_t pair[] = {n->child[0]->child[0]->child[1], n->child[1]};
    return jac_node_named(&s->arena, JAC_DERIVATIVE, "", 2, pair);
  }
  if (n->kind == JAC_MULTIPLY && n->name[0] == '\0' && is_d(s, n->child[0]) &&
      n->child[1]->kind == JAC_NAME && known_name(s, n->child[1]->name))
    return gradient_of(s, n->child[1]);
  /* X^T d Y is read from the left. */
  if (n->kind == JAC_MULTIPLY && n->name[0] == '\0' &&
      n->child[0]->kind == JAC_MULTIPLY && is_d(s, n->child[0]->child[1]) &&
      n->child[1]->kind == JAC_NAME && known_name(s, n->child[1]->name))
    return jac_binary(&s->arena, JAC_MULTIPLY, n->child[0]->child[0],
                      gradient_of(s, n->child[1]));
  if (n->kind == JAC_NAME && n->name[0] == 'd' && n->name[1] != '\0' &&
      !known_name(s, n->name) && known_name(s, n->name + 1))
    return gradient_of(s, jac_node_named(&s->arena, JAC_NAME, n->name + 1, 0, NULL));
  return jac_rebuild(&s->arena, n, child);
}

/* A derivative that is named: the whole Jacobian by its letter. */
static node_t read_left(struct jac_setting *s, const char *text, size_t start,
                        size_t length, bool *symbol, struct jac_error *err) {
  char *part = malloc(length + 1);
  node_t tree = NULL;
  *symbol = false;
  if (part == NULL) {
    jac_fail_memory(err);
    return NULL;
  }
  memcpy(part, text + start, length);
  part[length] = '\0';
  if (err != NULL)
    err->status = JAC_OK;
  tree = jac_judge_symbol(s, part, err);
  *symbol = tree != NULL;
  if (tree == NULL && (err == NULL || err->status == JAC_OK))
    if (read_part(s, text, start, length, &tree, err) != JAC_OK)
      tree = NULL;
  free(part);
  return tree;
}

/* Whether no definition says what a name is, nor uses it other than in a derivative. */
static bool used_plainly(node_t n, const char *name) {
  if (n->kind == JAC_DERIVATIVE)
    return false;
  if ((n->kind == JAC_NAME || n->kind == JAC_ENTRY) && strcmp(n->name, name) == 0)
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (used_plainly(n->child[k], name))
      return true;
  return false;
}

static bool unknown_name(const struct jac_setting *s, node_t n) {
  if (jac_setting_quantity(s, n->name) < s->quantities)
    return false;
  for (size_t q = 0; q < s->quantities; q++)
    if (used_plainly(s->right[q], n->name))
      return false;
  return true;
}

/* The output of which a loss that nobody defines is a function: what no definition uses;
 * Y where the formula speaks of the batch. */
static const char *last_quantity(const struct jac_setting *s, node_t n) {
  bool batch = jac_mentions(n, "X") || jac_mentions(n, "Y") || jac_mentions(n, "Z");
  if (batch && s->output[0] != '\0' && jac_setting_quantity(s, "Y") < s->quantities)
    return "Y";
  if (s->output[0] != '\0')
    return s->output;
  for (size_t q = s->quantities; q-- > 0;) {
    bool used = s->left[q]->count > 0 || s->left[q]->name[0] == '#';
    for (size_t k = 0; k < s->quantities; k++)
      used = used || (k != q && jac_mentions(s->right[k], s->left[q]->name));
    if (!used)
      return s->left[q]->name;
  }
  return NULL;
}

static bool loss_name(const char *name) {
  static const char *const names[] = {"L",    "J",    "E",   "C", "l", "loss",
                                      "cost", "Loss", "ell", "R", "Q"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strcmp(names[k], name) == 0)
      return true;
  return false;
}

/* A loss in a derivative that nothing defines: any number made of the output. */
static void define_losses(struct jac_setting *s, node_t n, node_t whole) {
  if (n->kind == JAC_DERIVATIVE && n->child[0]->kind == JAC_NAME &&
      loss_name(n->child[0]->name) && unknown_name(s, n->child[0])) {
    const char *output = last_quantity(s, whole);
    if (output != NULL) {
      node_t y = jac_node_named(&s->arena, JAC_NAME, output, 0, NULL);
      node_t g = jac_node_named(&s->arena, JAC_NAME, "#G", 0, NULL);
      node_t product = jac_binary(&s->arena, JAC_HADAMARD, g, y);
      node_t sum = jac_node_named(&s->arena, JAC_CALL, "sum", 1, &product);
      jac_setting_define(s, n->child[0], sum, false);
    }
  }
  for (size_t k = 0; k < n->count; k++)
    define_losses(s, n->child[k], whole);
}

/* Definitions met in the text. */

static bool mentions_itself(const struct jac_setting *s, node_t n, const char *name,
                            int depth) {
  if (jac_mentions(n, name))
    return true;
  for (size_t q = 0; q < s->quantities && depth < 12; q++)
    if (strcmp(s->left[q]->name, name) != 0 && jac_mentions(n, s->left[q]->name) &&
        mentions_itself(s, s->right[q], name, depth + 1))
      return true;
  return false;
}

static bool numbers_only(node_t n) {
  if (n->kind == JAC_NAME || n->kind == JAC_ENTRY)
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (!numbers_only(n->child[k]))
      return false;
  return true;
}

/* f(x) = ..., f = ..., z_i = ...: a definition when its name is new. */
static bool definition_left(node_t n, node_t *name, bool *function) {
  *function = false;
  if (n->kind == JAC_MULTIPLY && n->name[0] == '\0' && n->child[0]->kind == JAC_NAME &&
      n->child[1]->kind == JAC_NAME) { /* f(x), read as a product */
    *function = true;
    *name = n->child[0];
    return true;
  }
  if (n->kind == JAC_CALL && n->count == 1 && n->child[0]->kind == JAC_NAME &&
      strchr(n->name, '\'') == NULL)
    return false;
  bool entry = n->kind == JAC_ENTRY;
  for (size_t k = 0; entry && k < n->count; k++)
    entry = n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, ".") != 0;
  *name = n;
  return n->kind == JAC_NAME || entry;
}

/* Takes in a definition; false: it is none. The product f x is taken for f(x) only where
 * brackets stand there. */
static bool take_definition(struct jac_setting *s, node_t left, node_t right,
                            const char *latex, size_t length, bool own) {
  node_t name;
  bool function, brackets = memchr(latex, '(', length) != NULL;
  if (!definition_left(left, &name, &function) || (function && !brackets) ||
      numbers_only(right) || mentions_itself(s, right, name->name, 0))
    return false;
  size_t q = jac_setting_quantity(s, name->name);
  if (q < s->quantities)
    return false;
  for (size_t k = 0; k < s->quantities; k++) /* a variable of what stands already */
    if (jac_mentions(s->right[k], name->name))
      return false;
  if (!jac_setting_define(s, name, right, own))
    return false;
  jac_setting_word(s, name->name, NULL, false, true);
  return true;
}

/* x \in R^n, W \in \mathbb{R}^{m \times n}: declares. */
static bool declare_member(struct jac_setting *s, const char *text,
                           const struct jac_side *left, const struct jac_side *set) {
  char sizes[2][24] = {"", "1"};
  node_t tree;
  struct jac_error quiet;
  const char *at = text + set->start, *end = at + set->length;
  const char *power = memchr(at, '^', set->length);
  bool real = set->length > 0 && (strstr(at, "R") != NULL && strstr(at, "R") < end);
  if (!real || read_part(s, text, left->start, left->length, &tree, &quiet) != JAC_OK ||
      tree->kind != JAC_NAME)
    return false;
  size_t which = 0, used = 0;
  if (power == NULL)
    return false;
  for (at = power + 1; at < end && which < 2; at++) {
    bool times = strncmp(at, "\\times", 6) == 0;
    if (times || *at == ',') {
      sizes[which++][used] = '\0';
      used = 0;
      at += times ? 5 : 0;
    } else if (*at == '\\') { /* \text{batch}, \mathrm{in} */
      while (at + 1 < end && ((at[1] >= 'a' && at[1] <= 'z') || at[1] == '\\'))
        at++;
    } else if (*at != '{' && *at != '}' && *at != ' ' && used < 22)
      sizes[which][used++] = *at;
  }
  if (which < 2)
    sizes[which][used] = '\0';
  if (sizes[0][0] == '\0' || sizes[1][0] == '\0')
    return false;
  jac_setting_declare(s, tree->name, sizes[0], sizes[1]);
  jac_setting_word(s, sizes[0], NULL, false, false);
  if (strcmp(sizes[1], "1") != 0)
    jac_setting_word(s, sizes[1], NULL, false, false);
  return true;
}

/* Judging. */

struct chain {
  unsigned allowed; /* conventions that the links so far share */
  enum { EITHER, AS_SAID, OTHER_WAY } vectors; /* how vectors stood in them */
};

/* Gradients as rows or in the variable's shape, transpose layouts: the bits of link.c. */
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

static bool has_batch(const struct jac_setting *s) {
  bool has = false;
  for (size_t k = 0; k < s->ndeclared; k++)
    has = has || strcmp(s->declared[k].rows, "batch") == 0 ||
          strcmp(s->declared[k].rows, "B") == 0 || strcmp(s->declared[k].rows, "N") == 0;
  return has;
}

/* The link in one setting. Trees are read in the setting's own words. */
static enum jac_status judge_in(struct jac_setting *s, const char *text,
                                const struct jac_side *left, const struct jac_side *right,
                                unsigned allowed, struct jac_judgement *out,
                                struct jac_error *err) {
  bool symbol;
  node_t x = read_left(s, text, left->start, left->length, &symbol, err), y = NULL;
  if (x == NULL)
    return err->status != JAC_OK ? err->status : JAC_EINPUT;
  enum jac_status status = read_part(s, text, right->start, right->length, &y, err);
  if (status != JAC_OK)
    return status;
  size_t before = s->quantities;
  x = with_differentials(s, x);
  y = with_differentials(s, y);
  node_t claim = jac_binary(&s->arena, JAC_ADD, x, y);
  for (size_t q = 0; q < before && claim != NULL; q++)
    if (jac_mentions(claim, s->left[q]->name))
      define_losses(s, s->right[q], claim);
  if (claim != NULL)
    define_losses(s, claim, claim);
  if (symbol)
    allowed &= NUMERATOR_ONLY;
  status = jac_judge_link(s, x, y, allowed, out, err);
  bool settled = status == JAC_OK && out->verdict == JAC_FINDING_HOLDS;
  if (status != JAC_ENOMEM && !settled && has_batch(s)) {
    /* Several samples and one are tried; one says more when both are wrong. */
    struct jac_judgement one;
    struct jac_error quiet;
    s->one_sample = true;
    if (jac_judge_link(s, x, y, allowed, &one, &quiet) == JAC_OK &&
        (status != JAC_OK || out->verdict == JAC_FINDING_WRONG ||
         one.verdict == JAC_FINDING_HOLDS)) {
      *out = one;
      status = JAC_OK;
    }
    s->one_sample = false;
  }
  s->quantities = before;
  return status;
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
    status = judge_in(j->setting, text, left, right, chain->allowed, best, err);
    if (!j->module || chain->vectors == AS_SAID || status == JAC_ENOMEM ||
        (status == JAC_OK && best->verdict == JAC_FINDING_HOLDS))
      return status;
  }
  enum jac_status again =
      judge_in(j->columns, text, left, right, chain->allowed, &second, &other);
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
  if ((alone.conventions & GRADIENTS) != 0 && (chain->allowed & GRADIENTS) != 0) {
    *best = alone;
    best->verdict = JAC_FINDING_CONVENTION;
    snprintf(convention, size, "%s", _("the layout changes inside the chain"));
  } else
    snprintf(best->diagnosis, sizeof best->diagnosis, "%s",
             _("it is the transpose of what stands before it in the chain"));
  return JAC_OK;
}

static void judge_link(struct judging *j, const struct jac_statement *statement,
                       size_t link, struct chain *chain) {
  const struct jac_side *left = &statement->side[0], *right = &statement->side[link];
  struct jac_judgement r;
  struct jac_error err = {.status = JAC_OK};
  char convention[240] = "";
  bool other_way;
  enum jac_status status = judge_either(j, left, right, chain, &r, &other_way, &err);
  if (status == JAC_OK)
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
  if (other_way) {
    r.verdict = JAC_FINDING_CONVENTION;
    snprintf(convention, sizeof convention, "%s",
             j->columns->rows ? _("row vectors") : _("column vectors"));
  }
  if (r.convention != NULL && r.verdict == JAC_FINDING_CONVENTION) {
    size_t used = strlen(convention);
    snprintf(convention + used, sizeof convention - used, "%s%s", used > 0 ? ", " : "",
             _(r.convention));
  }
  fill(j, f, &r, convention);
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
static bool defines(struct judging *j, const struct jac_statement *s) {
  bool symbol, taken = false;
  struct jac_error quiet;
  struct jac_setting *settings[] = {j->setting, j->module ? j->columns : NULL};
  for (size_t k = 0; k < 2 && settings[k] != NULL; k++) {
    node_t left = read_left(settings[k], j->item->text, s->side[0].start,
                            s->side[0].length, &symbol, &quiet);
    node_t right;
    if (left == NULL || symbol || left->kind == JAC_DERIVATIVE ||
        read_part(settings[k], j->item->text, s->side[1].start, s->side[1].length, &right,
                  &quiet) != JAC_OK)
      return false;
    taken = take_definition(settings[k], left, right, j->item->text + s->side[0].start,
                            s->side[0].length, false);
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
  if (read_part(j->setting, text, side->start, side->length, &matrix, &quiet) != JAC_OK ||
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
  if (read_part(j->setting, j->item->text, s->side[link].start, s->side[link].length,
                &matrix, &quiet) != JAC_OK ||
      !of_partials(matrix))
    return false;
  add_with(j, s->side[link].start, s->side[link].length, link, JAC_FINDING_UNJUDGED,
           _("the definition of the Jacobian"));
  return true;
}

static void judge_member(struct judging *j, const struct jac_statement *s, size_t link) {
  struct jac_side *before = &s->side[link - 1];
  if (link == 1 && declare_member(j->setting, j->item->text, before, &s->side[link])) {
    if (j->module)
      declare_member(j->columns, j->item->text, before, &s->side[link]);
    add_with(j, s->side[link].start, s->side[link].length, link, JAC_FINDING_UNJUDGED,
             _("it says a shape"));
    return;
  }
  if (judge_size(j, s, link))
    return;
  add_with(j, s->side[link].start, s->side[link].length, link, JAC_FINDING_UNJUDGED,
           _("a set"));
}

static void judge_statement(struct judging *j, const struct jac_statement *s) {
  struct chain chain = {.allowed = ~0u};
  size_t first = 1;
  if (s->count < 2) {
    add_with(j, s->side[0].start, s->side[0].length, 0, JAC_FINDING_UNJUDGED,
             _("no equality"));
    return;
  }
  if (s->side[1].before == JAC_RELATION_EQUAL && defines(j, s)) {
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
    else if (!says_jacobian(j, s, k))
      judge_link(j, s, k, &chain);
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
      declare_member(j->setting, j->item->text, &s->side[0], &s->side[1]);
      if (j->module)
        declare_member(j->columns, j->item->text, &s->side[0], &s->side[1]);
    } else if (s->count == 2 && s->side[1].before == JAC_RELATION_EQUAL)
      defines(j, s);
  }
  jac_statements_free(&statements);
}

static void start_setting(struct jac_setting *s, bool rows) {
  jac_setting_free(s);
  s->rows = rows;
}

static void lets(struct jac_setting *s, const struct jac_directive *d) {
  struct jac_vocabulary none = jac_setting_vocabulary(s);
  for (size_t k = 0; k < d->lets; k++) {
    node_t name, value;
    struct jac_error quiet;
    jac_setting_guess_words(s, d->let[k].name);
    if (jac_latex_read(&s->arena, d->let[k].name, &none, &name, NULL, &quiet) != JAC_OK)
      continue;
    char spelled[JAC_SETTING_NAME];
    snprintf(spelled, sizeof spelled, "%s", name->name);
    none = jac_setting_vocabulary(s);
    size_t length = strlen(d->let[k].value);
    if (length > 1 &&
        strspn(d->let[k].value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                                "WXYZ0123456789_") == length) {
      jac_setting_word(s, spelled, d->let[k].value, false, false); /* a word: slope */
      continue;
    }
    if (jac_latex_read(&s->arena, d->let[k].value, &none, &value, NULL, &quiet) != JAC_OK)
      continue;
    bool function = value->kind == JAC_NAME && jac_function_known(value->name);
    if (value->kind == JAC_NAME)
      jac_setting_word(s, spelled, value->name, function, false);
    else
      jac_setting_define(s, jac_node_named(&s->arena, JAC_NAME, spelled, 0, NULL), value,
                         true);
  }
  for (size_t k = 0; k < d->shapes; k++)
    jac_setting_declare(s, d->shape[k].name,
                        d->shape[k].rows != NULL ? d->shape[k].rows : "1",
                        d->shape[k].columns != NULL ? d->shape[k].columns : "1");
  for (size_t k = 0; k < d->exceptions; k++) {
    enum jac_meaning m = d->exception[k].meaning;
    const char *sign = d->exception[k].sign;
    if (m == JAC_MEANS_ELEMENTWISE)
      s->manners |=
          strcmp(sign, "*") == 0 ? JAC_STAR_ELEMENTWISE : JAC_OTIMES_ELEMENTWISE;
    if (m == JAC_MEANS_OUTER)
      s->manners |= JAC_OTIMES_OUTER;
    if (m == JAC_MEANS_NUMBER)
      s->manners |= JAC_T_NUMBER;
  }
  if (d->wrt != NULL)
    snprintf(s->wrt, sizeof s->wrt, "%.*s", JAC_SETTING_NAME - 1, d->wrt);
}

/* A subject that is a formula: its own definition. */
static enum jac_status formula_subject(struct jac_setting *s, const char *text,
                                       struct jac_error *err) {
  struct jac_statements statements;
  jac_setting_guess_words(s, text);
  enum jac_status status = jac_notes_split(text, &statements, err);
  for (size_t k = 0; k < statements.count && status == JAC_OK; k++) {
    const struct jac_statement *one = &statements.statement[k];
    node_t left, right;
    if (one->count < 2) {
      status =
          jac_fail(err, JAC_EINPUT,
                   _("'%.60s' is no module, and no formula such as y = W x + b"), text);
      break;
    }
    status = read_part(s, text, one->side[0].start, one->side[0].length, &left, err);
    if (status == JAC_OK)
      status = read_part(s, text, one->side[1].start, one->side[1].length, &right, err);
    if (status == JAC_OK && !take_definition(s, left, right, text + one->side[0].start,
                                             one->side[0].length, true))
      status = jac_fail(err, JAC_EINPUT, _("'%.60s' defines nothing"), text);
    if (status == JAC_OK)
      snprintf(s->output, sizeof s->output, "%s", s->left[s->quantities - 1]->name);
  }
  jac_statements_free(&statements);
  return status;
}

static bool looks_like_formula(const char *subject) {
  return strchr(subject, '=') != NULL && strstr(subject, ",") == NULL
             ? true
             : strchr(subject, '=') != NULL && strchr(subject, '(') != NULL;
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
    if (!looks_like_formula(d.subject) && j->modules != NULL) {
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
      status = formula_subject(j->setting, d.subject, &err);
    for (size_t k = 0; k < 2; k++)
      snprintf(both[k]->subject, sizeof both[k]->subject, "%s", d.subject);
  }
  if (status == JAC_OK && !d.off)
    for (size_t k = 0; k < 2; k++)
      lets(both[k], &d);
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
  if (j.setting == NULL || j.columns == NULL)
    j.status = jac_fail_memory(err);
  else {
    jac_setting_init(j.setting);
    jac_setting_init(j.columns);
  }
  for (size_t k = 0; k < document->count && j.status == JAC_OK; k++) {
    j.item = &document->item[k];
    switch (j.item->kind) {
    case JAC_ITEM_HEADING:
      start_setting(j.setting, false);
      start_setting(j.columns, false);
      j.module = j.off = false;
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
  if (j.setting != NULL && j.columns != NULL) {
    jac_setting_free(j.setting);
    jac_setting_free(j.columns);
  }
  free(j.setting);
  free(j.columns);
  flag_deviations(findings);
  if (j.status != JAC_OK)
    jac_findings_free(findings);
  return j.status;
}
