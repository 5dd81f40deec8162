/* What letters mean that nobody explains: the s of diag(s) - s s^T is the softmax that is
 * differentiated, delta is the loss's gradient, g in a = g(z) is any function of numbers.
 * A claim that holds with such a meaning says so; none is wrong because of one. */
#include "jacobian/notes/judge_internal.h"
#include "jacobian/notes/trial_internal.h"

#include "jacobian/formula/function.h"
#include "jacobian/formula/latex.h"
#include "jacobian/formula/render.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* The layouts of link.c by their bits. */
enum { NUMERATOR_ONLY = 1u | 2u | 8u | 32u };

enum { MEANINGS = 16, DEPTH = 2 };

struct meanings {
  node_t tree[MEANINGS];
  size_t count;
};

static void suggest(struct meanings *m, node_t tree) {
  for (size_t k = 0; k < m->count; k++)
    if (jac_equal(m->tree[k], tree))
      return;
  if (tree != NULL && m->count < MEANINGS)
    m->tree[m->count++] = tree;
}

/* Functions that are applied in a tree and in the definitions that it leads to. */
static void suggest_calls(const struct jac_setting *s, struct jac_arena *arena,
                          struct meanings *m, node_t n, size_t depth) {
  if (n->kind == JAC_CALL && n->count == 1 && strchr(n->name, '\'') == NULL &&
      (jac_function_find(n->name) != JAC_FUNCTIONS || strcmp(n->name, "softmax") == 0))
    suggest(m, n);
  if (n->kind == JAC_CALL && n->count == 1 &&
      (strcmp(n->name, "logsoftmax") == 0 || strcmp(n->name, "logsumexp") == 0))
    suggest(m, jac_node_named(arena, JAC_CALL, "softmax", 1, n->child));
  size_t q = n->kind == JAC_NAME || n->kind == JAC_ENTRY
                 ? jac_setting_quantity(s, n->name)
                 : s->quantities;
  if (q < s->quantities && depth < 8)
    suggest_calls(s, arena, m, s->right[q], depth + 1);
  for (size_t k = 0; k < n->count; k++)
    suggest_calls(s, arena, m, n->child[k], depth);
}

static bool error_name(const char *name) {
  static const char *const names[] = {"delta", "Delta", "epsilon", "varepsilon",
                                      "g",     "e",     "G",       "E"};
  size_t length = strcspn(name, "_^");
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strlen(names[k]) == length && strncmp(names[k], name, length) == 0)
      return true;
  return false;
}

static const char *other_error(node_t n, const char *name) {
  if (n->kind == JAC_NAME && error_name(n->name) && strcmp(n->name, name) != 0 &&
      strncmp(n->name, name, strcspn(name, "^")) == 0)
    return n->name;
  for (size_t k = 0; k < n->count; k++) {
    const char *found = other_error(n->child[k], name);
    if (found != NULL)
      return found;
  }
  return NULL;
}

bool jac_notes_recursion(struct jac_setting *s, node_t left, node_t right) {
  return left->kind == JAC_NAME && error_name(left->name) &&
         strchr(left->name, '^') != NULL &&
         jac_setting_quantity(s, left->name) == s->quantities &&
         other_error(right, left->name) != NULL;
}

static bool only_entries(node_t n, const char *name) {
  if (n->kind == JAC_NAME && strcmp(n->name, name) == 0)
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (!only_entries(n->child[k], name))
      return false;
  return true;
}

/* What an unexplained name of the right side may be. */
static struct meanings of_stranger(struct jac_setting *s, node_t left, node_t right,
                                   const char *name) {
  struct meanings m = {.count = 0};
  node_t d = jac_derivative_in(left);
  if (d == NULL)
    return m;
  node_t of = d->child[0];
  if (of->kind == JAC_AT)
    suggest(&m, of->child[0]);
  /* w_{ij} are the entries of W. */
  if (name[0] >= 'a' && name[0] <= 'z' && (name[1] == '\0' || name[1] == '^') &&
      only_entries(right, name)) {
    char capital[JAC_SETTING_NAME];
    snprintf(capital, sizeof capital, "%c%s", name[0] - 'a' + 'A', name + 1);
    bool known =
        jac_mentions(left, capital) || jac_setting_quantity(s, capital) < s->quantities;
    for (size_t q = 0; q < s->quantities; q++)
      known = known || jac_mentions(s->right[q], capital);
    if (known)
      suggest(&m, jac_node_named(&s->arena, JAC_NAME, capital, 0, NULL));
  }
  bool loss = of->kind == JAC_NAME && jac_notes_loss_name(of->name);
  for (size_t q = s->quantities; q-- > 0 && loss && error_name(name);)
    if (s->left[q]->count == 0 && !jac_notes_loss_name(s->left[q]->name)) {
      node_t by = jac_node_named(&s->arena, JAC_NAME, s->left[q]->name, 0, NULL);
      suggest(&m, jac_binary(&s->arena, JAC_DERIVATIVE, of, by));
    }
  if ((of->kind == JAC_NAME || of->kind == JAC_ENTRY) && !loss &&
      jac_setting_quantity(s, of->name) < s->quantities)
    suggest(&m, jac_node_named(&s->arena, JAC_NAME, of->name, 0, NULL));
  suggest_calls(s, &s->arena, &m, left, 0);
  return m;
}

/* What the left side may be a function of, where nothing defines it: the output of a
 * well-known function of the variable. */
static struct meanings of_output(struct jac_setting *s, node_t left, const char **name) {
  static const char *const functions[] = {"softmax", "sigmoid", "tanh", "exp"};
  struct meanings m = {.count = 0};
  node_t d = jac_derivative_in(left);
  if (d == NULL || d != left ||
      (d->child[0]->kind != JAC_NAME && d->child[0]->kind != JAC_ENTRY) ||
      (d->child[1]->kind != JAC_NAME && d->child[1]->kind != JAC_ENTRY))
    return m;
  *name = d->child[0]->name;
  if (jac_setting_quantity(s, *name) < s->quantities || jac_notes_loss_name(*name) ||
      strcmp(*name, d->child[1]->name) == 0)
    return m;
  node_t by = jac_node_named(&s->arena, JAC_NAME, d->child[1]->name, 0, NULL);
  for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++)
    suggest(&m, jac_node_named(&s->arena, JAC_CALL, functions[k], 1, &by));
  return m;
}

static void say(struct jac_judgement *j, const char *name, node_t meaning) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  char before[sizeof j->meaning];
  snprintf(before, sizeof before, "%s", j->meaning);
  jac_formula_render(meaning, JAC_NOTATION_UNICODE, NULL, &text);
  snprintf(j->meaning, sizeof j->meaning, "%.80s = %.200s%s%.300s", name, text.text,
           before[0] != '\0' ? ", " : "", before);
  jac_buffer_free(&text);
}

static enum jac_status judge_meant(struct jac_setting *s, node_t left, node_t right,
                                   unsigned allowed, size_t depth,
                                   struct jac_judgement *out, struct jac_error *err) {
  enum jac_status status = jac_judge_link(s, left, right, allowed, out, err);
  if (status == JAC_OK || status == JAC_ENOMEM || depth == DEPTH)
    return status;
  char stranger[JAC_SETTING_NAME];
  snprintf(stranger, sizeof stranger, "%s", out->stranger);
  const char *name = stranger;
  struct meanings m = stranger[0] != '\0' ? of_stranger(s, left, right, stranger)
                                          : of_output(s, left, &name);
  struct jac_judgement near = {.verdict = JAC_FINDING_UNREAD};
  for (size_t k = 0; k < m.count; k++) {
    struct jac_judgement trial;
    struct jac_error quiet;
    size_t before = s->quantities;
    if (jac_mentions(m.tree[k], name) ||
        !jac_setting_define(s, jac_node_named(&s->arena, JAC_NAME, name, 0, NULL),
                            m.tree[k], false))
      continue;
    enum jac_status meant =
        judge_meant(s, left, right, allowed, depth + 1, &trial, &quiet);
    s->quantities = before;
    if (meant == JAC_OK &&
        (trial.verdict == JAC_FINDING_HOLDS || trial.verdict == JAC_FINDING_CONVENTION)) {
      *out = trial;
      out->verdict = JAC_FINDING_CONVENTION;
      say(out, name, m.tree[k]);
      return JAC_OK;
    }
    /* What a small change makes right was meant so. */
    if (meant == JAC_OK && near.verdict == JAC_FINDING_UNREAD && stranger[0] != '\0' &&
        trial.verdict == JAC_FINDING_WRONG && trial.changed && !trial.renamed) {
      near = trial;
      say(&near, name, m.tree[k]);
    }
  }
  if (near.verdict == JAC_FINDING_UNREAD)
    return status;
  *out = near;
  return JAC_OK;
}

static node_t gradient(struct jac_setting *s, const char *by) {
  return jac_binary(&s->arena, JAC_DERIVATIVE,
                    jac_node_named(&s->arena, JAC_NAME, "L", 0, NULL),
                    jac_node_named(&s->arena, JAC_NAME, by, 0, NULL));
}

/* The errors of two layers are the loss's gradients with respect to one quantity in each:
 * its inputs z, or another. */
static enum jac_status judge_recursion(struct jac_setting *s, node_t left, node_t right,
                                       unsigned allowed, struct jac_judgement *out,
                                       struct jac_error *err) {
  enum jac_status status =
      jac_fail(err, JAC_EINPUT, _("nothing says what %s is"), left->name);
  const char *next = other_error(right, left->name);
  char named[JAC_SETTING_NAME];
  size_t count = s->quantities;
  struct jac_judgement near = {.verdict = JAC_FINDING_UNREAD};
  for (size_t q = 0; q < count; q++) {
    const char *by = s->left[q]->name;
    struct jac_judgement trial;
    struct jac_error quiet;
    size_t before = s->quantities;
    if (s->left[q]->count > 0 || !jac_notes_same_layer(by, left->name) ||
        !jac_notes_at_layer(by, next, named) ||
        jac_setting_quantity(s, named) == s->quantities)
      continue;
    node_t truth = gradient(s, by), over = gradient(s, named);
    node_t name = jac_node_named(&s->arena, JAC_NAME, next, 0, NULL);
    if (truth == NULL || over == NULL || !jac_setting_define(s, name, over, false))
      return jac_fail_memory(err);
    jac_notes_losses(s, truth, truth);
    enum jac_status one = jac_judge_link(s, truth, right, allowed, &trial, &quiet);
    s->quantities = before;
    if (one != JAC_OK)
      continue;
    say(&trial, left->name, truth);
    bool holds =
        trial.verdict == JAC_FINDING_HOLDS || trial.verdict == JAC_FINDING_CONVENTION;
    if (holds || (near.verdict != JAC_FINDING_WRONG && trial.changed))
      near = trial;
    if (holds) {
      near.verdict = JAC_FINDING_CONVENTION;
      break;
    }
  }
  if (near.verdict == JAC_FINDING_UNREAD)
    return status;
  *out = near;
  return JAC_OK;
}

static bool has_batch(const struct jac_setting *s) {
  bool has = false;
  for (size_t k = 0; k < s->ndeclared; k++)
    has = has || strcmp(s->declared[k].rows, "batch") == 0 ||
          strcmp(s->declared[k].rows, "B") == 0 || strcmp(s->declared[k].rows, "N") == 0;
  return has;
}

/* A function that any function may stand for. */
static bool stands_for_function(node_t n) {
  return n->kind == JAC_CALL &&
         strncmp(n->name, JAC_SETTING_ANY, strlen(JAC_SETTING_ANY)) == 0;
}

bool jac_notes_generic(const struct jac_setting *s, node_t n) {
  return s->anyone && jac_setting_leads_to(s, n, stands_for_function, 0);
}

struct spelled {
  char name[JAC_SETTING_NAME]; /* as the reader calls it */
  size_t argument, length;     /* the bracket, within the text */
  bool whole;                  /* the text is this call and no more */
  bool primed;
};

static bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t blanks(const char *text, size_t at, size_t end) {
  static const char *const skipped[] = {" ",      "\n",     "\t",      "\\left",
                                        "\\big",  "\\Big",  "\\!",     "\\,",
                                        "\\bigl", "\\Bigl", "\\right", "\\bigr"};
  bool more = true;
  while (more && at < end) {
    more = false;
    for (size_t k = 0; k < sizeof skipped / sizeof skipped[0]; k++) {
      size_t length = strlen(skipped[k]);
      if (strncmp(text + at, skipped[k], length) == 0 &&
          (length == 1 || length == 2 || !letter(text[at + length]))) {
        at += length;
        more = true;
        break;
      }
    }
  }
  return at;
}

static size_t past_group(const char *text, size_t at, size_t end) {
  size_t depth = 0;
  for (; at < end; at++) {
    depth += text[at] == '{' || text[at] == '(';
    if (text[at] == '}' || text[at] == ')')
      depth--;
    if (depth == 0)
      return at + 1;
  }
  return end;
}

/* A letter, with an upper script perhaps, and a bracket behind it. */
static bool applied(struct jac_setting *s, const char *text, size_t start, size_t end,
                    struct spelled *f) {
  size_t at = blanks(text, start, end), first = at;
  static const char *const fonts[] = {"\\mathcal{", "\\mathbf{", "\\boldsymbol{",
                                      "\\mathrm{"};
  for (size_t k = 0; k < sizeof fonts / sizeof fonts[0]; k++)
    if (strncmp(text + at, fonts[k], strlen(fonts[k])) == 0 &&
        letter(text[at + strlen(fonts[k])]) && text[at + strlen(fonts[k]) + 1] == '}') {
      f->argument = blanks(text, at + strlen(fonts[k]) + 2, end);
      snprintf(f->name, sizeof f->name, "%c", text[at + strlen(fonts[k])]);
      f->primed = false;
      f->length = past_group(text, f->argument, end) - f->argument;
      f->whole = blanks(text, f->argument + f->length, end) == end;
      return f->argument < end && text[f->argument] == '(';
    }
  at += at < end && text[at] == '\\';
  if (at == end || !letter(text[at]))
    return false;
  at++;
  while (text[first] == '\\' && at < end && letter(text[at]))
    at++;
  f->primed = false;
  if (at < end && text[at] == '\'') {
    f->primed = true;
    at++;
  }
  size_t bare = at - f->primed, scripts = at;
  if (at < end && text[at] == '^' && at + 1 < end && text[at + 1] == '{')
    at = past_group(text, at + 1, end);
  f->argument = blanks(text, at, end);
  if (f->argument >= end || text[f->argument] != '(')
    return false;
  size_t after = past_group(text, f->argument, end);
  f->length = after - f->argument;
  f->whole =
      blanks(text, after, end) == end ||
      (text[after] == '_' && past_group(text, after + 1, end) == end) ||
      (blanks(text, after, end) + 1 == end && strchr(".,;", text[end - 1]) != NULL);
  char flat[2 * JAC_SETTING_NAME];
  snprintf(flat, sizeof flat, "%.*s%.*s", (int)(bare - first), text + first,
           (int)(at - scripts), text + scripts);
  const char *spelled = flat[0] == '\\' ? flat + 1 : flat;
  snprintf(f->name, sizeof f->name, "%.*s", JAC_SETTING_NAME - 1, spelled);
  (void)s;
  return strlen(spelled) < JAC_SETTING_NAME;
}

static bool function_letter(const char *name) {
  static const char *const names[] = {"f",   "g",   "h",     "phi",     "varphi",
                                      "psi", "rho", "sigma", "act",     "s",
                                      "a",   "S",   "F",     "varsigma"};
  size_t length = strcspn(name, "^_");
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strlen(names[k]) == length && strncmp(names[k], name, length) == 0)
      return true;
  return false;
}

static bool has_word(const struct jac_setting *s, const char *name) {
  struct jac_vocabulary v = jac_setting_vocabulary(s);
  return jac_vocabulary_find(&v, name) != NULL;
}

/* The next function that nobody defines, f(X), from *at on: it would be read as a factor.
 */
static bool unknown_call(struct jac_setting *s, const char *text, size_t *at, size_t end,
                         struct spelled *f) {
  size_t start = *at;
  for (; *at < end; ++*at) {
    bool inside = *at > start && (letter(text[*at - 1]) || text[*at - 1] == '\\' ||
                                  text[*at - 1] == '{');
    if (!inside && applied(s, text, *at, end, f) && function_letter(f->name) &&
        text[f->argument + f->length] != '_' &&
        (f->whole || strchr("sa", f->name[0]) == NULL) && !has_word(s, f->name) &&
        strcmp(f->name, "sigma") != 0 &&
        jac_setting_quantity(s, f->name) == s->quantities) {
      ++*at;
      return true;
    }
  }
  return false;
}

static bool sums_to_number(node_t n) {
  if (n->kind == JAC_SUM && n->count == 3 && n->child[2]->kind == JAC_NUMBER &&
      n->child[2]->number > 1.0)
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (sums_to_number(n->child[k]))
      return true;
  return false;
}

/* Whether another variable or name was found to be meant. */
static bool explained(const struct jac_judgement *j) {
  return j->correction[0] != '\0' || j->other;
}

/* Whether a small letter's shape is only guessed. */
static bool guessed(const struct jac_setting *s, node_t n) {
  if (n->kind == JAC_NAME || n->kind == JAC_ENTRY) {
    bool said = jac_setting_quantity(s, n->name) < s->quantities ||
                (n->name[0] >= 'A' && n->name[0] <= 'Z' &&
                 (n->name[1] == '\0' || n->name[1] == '_' || n->name[1] == '^'));
    for (size_t k = 0; k < s->ndeclared; k++)
      said = said || strcmp(s->declared[k].name, n->name) == 0;
    return !said && strcmp(n->name, "1") != 0;
  }
  for (size_t k = 0; k < n->count; k++)
    if (guessed(s, n->child[k]))
      return true;
  return false;
}

/* The same in the definitions that a tree leads to. */
static bool guessed_within(const struct jac_setting *s, node_t n, int depth) {
  size_t q = n->kind == JAC_NAME || n->kind == JAC_ENTRY
                 ? jac_setting_quantity(s, n->name)
                 : s->quantities;
  if (q < s->quantities && depth < 6 &&
      (guessed(s, s->right[q]) || guessed_within(s, s->right[q], depth + 1)))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (guessed_within(s, n->child[k], depth))
      return true;
  return false;
}

/* Bold letters with the index of a sum are vectors, of which there are several. */
static bool sums_vectors(const char *text) {
  static const char *const fonts[] = {"\\mathbf{", "\\boldsymbol{", "\\bm{", "\\mathbf "};
  if (strstr(text, "\\sum") == NULL)
    return false;
  for (size_t k = 0; k < sizeof fonts / sizeof fonts[0]; k++)
    for (const char *at = text; (at = strstr(at, fonts[k])) != NULL; at++) {
      const char *end = at + strlen(fonts[k]) + 1;
      end += strspn(end, "} ");
      if (*end == '_')
        return true;
    }
  return false;
}

/* What does not hold and yet is not wrong. */
static enum jac_status excused(struct jac_setting *s, const char *text,
                               const struct jac_side *const side[2], node_t left,
                               node_t right, struct jac_judgement *out,
                               struct jac_error *err) {
  if (out->verdict != JAC_FINDING_WRONG)
    return JAC_OK;
  node_t d = jac_derivative_in(left);
  bool entry = d != NULL && d->child[0]->kind == JAC_ENTRY;
  if (d != NULL && d == left && !entry && jac_is_number(right, 0.0)) {
    out->verdict = JAC_FINDING_UNJUDGED;
    snprintf(out->diagnosis, sizeof out->diagnosis, "%s", _("an equation to solve"));
    return JAC_OK;
  }
  bool second = left->kind == JAC_DERIVATIVE && left->child[0]->kind == JAC_DERIVATIVE;
  if (out->misfit && second && strcmp(left->name, "nabla") == 0)
    return jac_fail(
        err, JAC_EINPUT,
        _("\\nabla^2 is read as the matrix of second derivatives, not as their "
          "sum"));
  if (second && s->subject[0] == '\0' && guessed_within(s, left, 0))
    return jac_fail(err, JAC_EINPUT,
                    _("its shapes are not clear: declare them, as in `x in R^n`"));
  if (out->misfit && !out->changed && s->subject[0] == '\0' && !explained(out) &&
      guessed(s, right))
    return jac_fail(err, JAC_EINPUT, _("%s; declare the shapes, as in `x in R^n`"),
                    out->diagnosis);
  if (!out->changed && s->subject[0] == '\0' && sums_vectors(text))
    return jac_fail(err, JAC_EINPUT, _("a sum over vectors x_i is not read"));
  bool unknown = jac_notes_generic(s, left) || jac_notes_generic(s, right);
  for (size_t k = 0; k < 2 && !unknown; k++) {
    struct spelled f;
    size_t at = side[k]->start;
    unknown = unknown_call(s, text, &at, at + side[k]->length, &f);
  }
  if (unknown)
    return jac_fail(err, JAC_EINPUT,
                    _("nothing says which function is meant: define it, as in g(z) = "
                      "\\tanh(z)"));
  if (sums_to_number(right) && !sums_to_number(left))
    return jac_fail(err, JAC_EINPUT, _("it speaks of one size alone"));
  return JAC_OK;
}

enum jac_status jac_notes_pair(struct jac_setting *s, const char *text,
                               const struct jac_side *left, const struct jac_side *right,
                               unsigned allowed, struct jac_judgement *out,
                               struct jac_error *err) {
  bool symbol;
  node_t x = jac_notes_left(s, text, left->start, left->length, &symbol, err), y = NULL;
  *out = (struct jac_judgement){.verdict = JAC_FINDING_UNREAD};
  if (x == NULL)
    return err->status != JAC_OK ? err->status : JAC_EINPUT;
  enum jac_status status = jac_notes_side(s, text, right->start, right->length, &y, err);
  if (status != JAC_OK)
    return status;
  size_t before = s->quantities;
  if (!symbol && jac_notes_differential(s, x, y))
    return jac_fail(err, JAC_EINPUT,
                    _("differentials such as dx are not read: write derivatives"));
  x = jac_notes_differentials(s, x);
  y = jac_notes_differentials(s, y);
  node_t claim = jac_binary(&s->arena, JAC_ADD, x, y);
  if (claim == NULL)
    return jac_fail_memory(err);
  for (size_t q = 0; q < before; q++)
    if (jac_mentions(claim, s->left[q]->name))
      jac_notes_losses(s, s->right[q], claim);
  jac_notes_losses(s, claim, claim);
  if (symbol)
    allowed &= NUMERATOR_ONLY;
  bool recursion = jac_notes_recursion(s, x, y);
  if (recursion)
    jac_notes_shift(s);
  status = recursion ? judge_recursion(s, x, y, allowed, out, err)
                     : judge_meant(s, x, y, allowed, 0, out, err);
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
  if (status == JAC_OK)
    status = excused(s, text, (const struct jac_side *[]){left, right}, x, y, out, err);
  s->quantities = before;
  return status;
}

static bool any_function(const struct jac_setting *s, const char *name) {
  struct jac_vocabulary v = jac_setting_vocabulary(s);
  const struct jac_word *word = jac_vocabulary_find(&v, name);
  return word != NULL && word->function && word->means != NULL &&
         strcmp(word->means, JAC_SETTING_ANY) == 0;
}

/* Which function a statement "F(z) = ..." defines; NULL: none that is known. */
static const char *known_function(struct jac_setting *s, const char *text,
                                  const struct jac_side *left,
                                  const struct jac_side *right, const char *name) {
  static const char *const known[] = {"sigmoid",  "softmax",    "tanh", "relu",
                                      "softplus", "logsoftmax", "exp"};
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
    struct jac_judgement trial;
    struct jac_error quiet = {.status = JAC_OK};
    size_t quantities = s->quantities;
    jac_setting_word(s, name, known[k], true, false);
    enum jac_status status = jac_notes_pair(s, text, left, right, 1u, &trial, &quiet);
    jac_setting_unword(s, name);
    s->quantities = quantities;
    if (status == JAC_OK && trial.verdict == JAC_FINDING_HOLDS)
      return known[k];
  }
  return NULL;
}

bool jac_notes_functions(struct jac_setting *s, const char *text,
                         const struct jac_statement *statement) {
  struct spelled f;
  const struct jac_side *left = &statement->side[0];
  bool call = applied(s, text, left->start, left->start + left->length, &f);
  if (call && f.whole && !f.primed && any_function(s, f.name))
    jac_setting_unword(s, f.name);
  if (statement->count >= 2 && statement->side[1].before == JAC_RELATION_EQUAL && call &&
      f.whole && !f.primed && function_letter(f.name) && !has_word(s, f.name) &&
      jac_setting_quantity(s, f.name) == s->quantities) {
    const char *known = known_function(s, text, left, &statement->side[1], f.name);
    bool already =
        strcmp(f.name, "sigma") == 0 && known != NULL && strcmp(known, "sigmoid") == 0;
    if (known != NULL && !already)
      jac_setting_word(s, f.name, known, true, false);
    return known != NULL && !already;
  }
  /* a = g(z): any function of numbers. */
  for (size_t k = 1; k < statement->count; k++) {
    const struct jac_side *side = &statement->side[k];
    for (size_t at = side->start;
         unknown_call(s, text, &at, side->start + side->length, &f);) {
      jac_setting_word(s, f.name, JAC_SETTING_ANY, true, false);
      s->anyone = true;
    }
  }
  return false;
}
