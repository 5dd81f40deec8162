/* One link: whether it holds, under which convention, with which leave. */
#include "jacobian/notes/judge_internal.h"
#include "jacobian/notes/trial_internal.h"

#include "jacobian/formula/function.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

static bool has_derivative(node_t n) {
  bool has = n->kind == JAC_DERIVATIVE;
  for (size_t k = 0; k < n->count; k++)
    has = has || has_derivative(n->child[k]);
  return has;
}

static bool through_derivative(const struct jac_setting *s, node_t n, int depth) {
  if (has_derivative(n))
    return true;
  for (size_t q = 0; q < s->quantities && depth < 6; q++)
    if (jac_mentions(n, s->left[q]->name) &&
        through_derivative(s, s->right[q], depth + 1))
      return true;
  return false;
}

static bool has_name(node_t n) {
  bool has = n->kind == JAC_NAME || n->kind == JAC_ENTRY;
  for (size_t k = 0; k < n->count; k++)
    has = has || has_name(n->child[k]);
  return has;
}

node_t jac_derivative_in(node_t n) {
  if (n->kind == JAC_DERIVATIVE)
    return n;
  for (size_t k = 0; k < n->count; k++) {
    node_t found = jac_derivative_in(n->child[k]);
    if (found != NULL)
      return found;
  }
  return NULL;
}

/* How often a name stands as an index. */
static size_t occurrences(node_t n, const char *name) {
  size_t count = n->kind == JAC_NAME && strcmp(n->name, name) == 0;
  for (size_t k = 0; k < n->count; k++)
    count += occurrences(n->child[k], name);
  return count;
}

/* Names of the right side that nothing on the left, no definition and no declaration
 * mentions. */
static const char *stranger(const struct jac_setting *s, const struct jac_shaping *all,
                            node_t left) {
  struct jac_shaping known;
  struct jac_error quiet;
  if (jac_setting_shapes(s, &left, 1, &known, &quiet) != JAC_OK)
    return NULL;
  bool defined = has_derivative(left);
  for (size_t q = 0; q < s->quantities; q++)
    defined = defined || jac_mentions(left, s->left[q]->name);
  for (size_t v = 0; v < all->count; v++) {
    bool there = false;
    for (size_t k = 0; k < known.count; k++)
      there = there || strcmp(known.variable[k].name, all->variable[v].name) == 0;
    for (size_t k = 0; k < s->ndeclared; k++)
      there = there || strcmp(s->declared[k].name, all->variable[v].name) == 0;
    /* What definitions use counts where the left side leads to them. */
    for (size_t q = 0; q < s->quantities && defined; q++)
      there = there || jac_mentions(s->right[q], all->variable[v].name);
    if (!there)
      return all->variable[v].name;
  }
  return NULL;
}

/* An index of the right side alone that stands there twice is summed over, as physicists
 * write. */
static bool has_kind(node_t n, enum jac_kind kind) {
  bool has = n->kind == kind;
  for (size_t k = 0; k < n->count; k++)
    has = has || has_kind(n->child[k], kind);
  return has;
}

/* What is a size is no index. */
static bool is_size(const struct jac_setting *s, const char *name) {
  bool is = name[1] != '\0';
  for (size_t k = 0; k < s->ndeclared; k++)
    is = is || strcmp(s->declared[k].rows, name) == 0 ||
         strcmp(s->declared[k].cols, name) == 0;
  return is;
}

static node_t with_implied_sums(struct jac_trial *t) {
  struct jac_environment none = {0};
  struct jac_indices left = {.count = 0}, right = {.count = 0};
  node_t n = t->right;
  if (has_kind(n, JAC_MATRIX))
    return n;
  jac_indices_find(&none, t->left, &left, false);
  jac_indices_find(&none, t->right, &right, false);
  for (size_t k = 0; k < right.count; k++) {
    bool there = false;
    for (size_t l = 0; l < left.count; l++)
      there = there || strcmp(left.name[l], right.name[k]) == 0;
    if (!there && !is_size(t->setting, right.name[k]) &&
        occurrences(n, right.name[k]) >= 2)
      n = jac_node_named(&t->arena, JAC_SUM, right.name[k], 1, &n);
  }
  return n;
}

/* Leaves that authors take: what a claim needs to hold, in a layout of the mask. */
enum leave {
  LEAVE_SYMMETRIC, /* square matrices are symmetric */
  LEAVE_NUMBER,    /* what is differentiated is a number */
  LEAVE_NUMBERS,   /* small letters are numbers */
  LEAVE_SHARES     /* the entries of labels sum to 1 */
};

static bool has_matrix(const struct jac_shaping *shaping) {
  for (size_t v = 0; v < shaping->count; v++)
    if (shaping->variable[v].kind == 'm' &&
        shaping->variable[v].rows == shaping->variable[v].cols)
      return true;
  return false;
}

static bool holds_when(const struct jac_setting *setting, node_t left, node_t right,
                       enum leave leave, const char *shares, unsigned mask) {
  struct jac_setting *special = malloc(sizeof *special);
  struct jac_error quiet;
  if (special == NULL)
    return false;
  *special = *setting;
  special->number_of = leave == LEAVE_NUMBER;
  special->numbers = leave == LEAVE_NUMBERS;
  special->symmetric = leave == LEAVE_SYMMETRIC;
  snprintf(special->shares, sizeof special->shares, "%s", shares);
  struct jac_trial t = {.setting = special,
                        .arena = JAC_ARENA_INIT,
                        .left = left,
                        .right = right,
                        .mask = mask,
                        .err = &quiet};
  node_t tree[] = {left, right};
  bool holds = jac_setting_shapes(special, tree, 2, &t.shaping, &quiet) == JAC_OK;
  holds = holds && (leave != LEAVE_SYMMETRIC || has_matrix(&t.shaping)) &&
          jac_trial_run(&t) == JAC_OK && t.mask != 0 && t.samples >= 2 && t.moves;
  jac_arena_free(&t.arena);
  free(special);
  return holds;
}

/* A transposition, an index, a norm or a function of vectors: no number is meant. */
static bool speaks_of_vectors(node_t n) {
  bool does = n->kind == JAC_TRANSPOSE || n->kind == JAC_ENTRY ||
              n->kind == JAC_HADAMARD || n->kind == JAC_SUM || n->kind == JAC_MATRIX ||
              (n->kind == JAC_NAME && n->name[0] >= 'A' && n->name[0] <= 'Z') ||
              (n->kind == JAC_CALL && jac_function_of_matrices(n->name));
  for (size_t k = 0; k < n->count; k++)
    does = does || speaks_of_vectors(n->child[k]);
  return does;
}

/* Labels, by their letters. */
static const char *label(const struct jac_shaping *shaping, size_t number) {
  static const char *const names[] = {"y", "t", "p", "q", "Y", "T", "y^{*}", "y_true"};
  for (size_t v = 0; v < shaping->count; v++)
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
      if (strcmp(shaping->variable[v].name, names[k]) == 0 && number-- == 0)
        return names[k];
  return NULL;
}

/* The setting in which labels sum to 1, for what would be right with it; NULL: there are
 * none. */
static struct jac_setting *with_labels(const struct jac_trial *t) {
  const char *name = label(&t->shaping, 0);
  struct jac_setting *special = name != NULL ? malloc(sizeof *special) : NULL;
  if (special != NULL) {
    *special = *t->setting;
    snprintf(special->shares, sizeof special->shares, "%s", name);
  }
  return special;
}

/* Whether a wrong claim holds with one such leave; says which. */
static bool with_leave(const struct jac_trial *t, unsigned mask, bool vectors,
                       struct jac_judgement *j) {
  const char *name, *words = NULL;
  const struct jac_setting *s = t->setting;
  if (holds_when(s, t->left, t->right, LEAVE_SYMMETRIC, "", 1u) ||
      holds_when(s, t->left, t->right, LEAVE_SYMMETRIC, "", mask & 2u))
    words = N_("only for symmetric matrices");
  for (size_t k = 0; words == NULL && (name = label(&t->shaping, k)) != NULL; k++)
    for (unsigned layout = 1u; layout <= 2u && words == NULL; layout *= 2u)
      if (holds_when(s, t->left, t->right, LEAVE_SHARES, name, mask & layout)) {
        words = N_("where the labels sum to 1");
      }
  if (words == NULL && (mask & 1u) != 0 && t->misfit &&
      holds_when(s, t->left, t->right, LEAVE_NUMBER, "", 1u))
    words = N_("where what is differentiated is a number");
  if (words == NULL && (mask & 1u) != 0 && !vectors &&
      holds_when(s, t->left, t->right, LEAVE_NUMBERS, "", 1u))
    words = N_("where small letters are numbers");
  if (words == NULL)
    return false;
  j->verdict = JAC_FINDING_CONVENTION;
  j->special = true;
  j->convention = words;
  j->conventions = 1u;
  return true;
}

/* The same claim where small letters are numbers; false: it says nothing then. */
static bool judge_as_number(const struct jac_setting *setting, node_t left, node_t right,
                            unsigned allowed, struct jac_judgement *judgement) {
  struct jac_setting *special = malloc(sizeof *special);
  struct jac_judgement as_number;
  struct jac_error quiet;
  if (special == NULL)
    return false;
  *special = *setting;
  special->numbers = true;
  bool says =
      jac_judge_link(special, left, right, allowed & 1u, &as_number, &quiet) == JAC_OK &&
      as_number.scalar;
  if (says)
    *judgement = as_number;
  free(special);
  return says;
}

/* A loss that stands for any. */
static bool any_loss(node_t n) {
  return n->kind == JAC_NAME && n->name[0] == '#';
}

/* What stands for any loss or function has its first derivatives alone. */
static bool second_of_any(const struct jac_setting *s, node_t n) {
  if (n->kind == JAC_DERIVATIVE && jac_derivative_in(n->child[0]) != NULL &&
      (jac_setting_leads_to(s, n->child[0], any_loss, 0) ||
       jac_notes_generic(s, n->child[0])))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (second_of_any(s, n->child[k]))
      return true;
  return false;
}

/* Why a link cannot be judged at all, before and after its trial. */
static enum jac_status refuse_strangers(const struct jac_trial *t,
                                        struct jac_judgement *judgement) {
  if (second_of_any(t->setting, t->left) || second_of_any(t->setting, t->right))
    return jac_fail(t->err, JAC_EINPUT,
                    _("a second derivative needs the definition of the loss"));
  const char *unknown = stranger(t->setting, &t->shaping, t->left);
  if (unknown == NULL)
    return JAC_OK;
  snprintf(judgement->stranger, sizeof judgement->stranger, "%s", unknown);
  return jac_fail(t->err, JAC_EINPUT, _("nothing says what %s is"), unknown);
}

static enum jac_status refuse_trial(const struct jac_trial *t,
                                    const struct jac_judgement *judgement) {
  if (t->samples == 0)
    return jac_fail(t->err, JAC_EINPUT, _("it has no value at any sample"));
  /* That nothing is nothing says little, unless that is the claim. */
  if (t->left->kind == JAC_DERIVATIVE && !t->moves &&
      (t->mask == 0 || has_name(t->right)))
    return jac_fail(t->err, JAC_EINPUT,
                    _("nothing says how the left side depends on %s: add its definition"),
                    judgement->wrt);
  if (t->mask != 0 && t->samples < 2)
    return jac_fail(t->err, JAC_EINPUT, _("it has a value at one sample only"));
  return JAC_OK;
}

/* The verdict of a trial that went through; mask: the layouts that were tried. */
static enum jac_status conclude(struct jac_trial *t, unsigned mask, bool derivative,
                                struct jac_judgement *judgement, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  size_t first = 0;
  judgement->samples = t->samples;
  judgement->error = t->error;
  judgement->conventions = t->mask;
  while (first < JAC_LAYOUTS && (t->mask & 1u << first) == 0)
    first++;
  judgement->scalar = t->shaping.count == 1 && t->shaping.variable[0].rows == 0 &&
                      t->shaping.variable[0].cols == 0;
  judgement->verdict = first == 0             ? JAC_FINDING_HOLDS
                       : first == JAC_LAYOUTS ? JAC_FINDING_WRONG
                                              : JAC_FINDING_CONVENTION;
  judgement->convention = first < JAC_LAYOUTS ? jac_layout_words(first) : NULL;
  /* A claim about x alone, entry by entry or wrong, is one about a number x. */
  bool entrywise = first < JAC_LAYOUTS && jac_layout_diagonal(first);
  bool wrong = first == JAC_LAYOUTS && !speaks_of_vectors(t->right);
  if ((entrywise || wrong) && t->shaping.count == 1 && !t->setting->numbers &&
      judge_as_number(t->setting, t->left, t->right, mask, judgement))
    return JAC_OK;
  if (judgement->verdict == JAC_FINDING_WRONG && derivative)
    with_leave(t, mask, speaks_of_vectors(t->left) || speaks_of_vectors(t->right),
               judgement);
  if (judgement->verdict == JAC_FINDING_WRONG) {
    const struct jac_setting *setting = t->setting;
    struct jac_setting *labelled = with_labels(t);
    if (labelled != NULL)
      t->setting = labelled;
    status = jac_explain(t, judgement, mask, err);
    free(labelled);
    t->setting = setting;
  }
  return status;
}

enum jac_status jac_judge_link(const struct jac_setting *setting,
                               const struct jac_node *left, const struct jac_node *right,
                               unsigned allowed, struct jac_judgement *judgement,
                               struct jac_error *err) {
  struct jac_trial t = {.setting = setting,
                        .arena = JAC_ARENA_INIT,
                        .left = left,
                        .right = right,
                        .err = err};
  *judgement = (struct jac_judgement){.verdict = JAC_FINDING_UNREAD};
  bool derivative =
      through_derivative(setting, left, 0) || through_derivative(setting, right, 0);
  judgement->plain = !derivative;
  t.mask = (derivative ? (1u << JAC_LAYOUTS) - 1 : 1u) & allowed;
  unsigned mask = t.mask;
  node_t d = jac_derivative_in(left);
  if (d != NULL && d->child[1]->name[0] != '\0')
    snprintf(judgement->wrt, sizeof judgement->wrt, "%s", d->child[1]->name);
  t.right = with_implied_sums(&t);
  node_t tree[] = {left, t.right};
  enum jac_status status = jac_setting_shapes(setting, tree, 2, &t.shaping, err);
  if (status == JAC_OK)
    status = refuse_strangers(&t, judgement);
  if (status == JAC_OK)
    status = jac_trial_run(&t);
  /* Dots that make no matrix of this size may make one for another variable. */
  if (status == JAC_EREFUSED && jac_explain_by_variable(&t, judgement, mask)) {
    judgement->verdict = JAC_FINDING_WRONG;
    judgement->samples = 1;
    status = JAC_OK;
  } else if (status == JAC_OK && (status = refuse_trial(&t, judgement)) == JAC_OK)
    status = conclude(&t, mask, derivative, judgement, err);
  jac_arena_free(&t.arena);
  return status;
}
