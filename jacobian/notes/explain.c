/* What is most likely wrong with a link that does not hold. */
#include "jacobian/notes/trial_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/diagnose.h"
#include "jacobian/formula/differentiate.h"
#include "jacobian/formula/render.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

static node_t scaled(struct jac_arena *a, double factor, node_t n) {
  return jac_binary(a, JAC_MULTIPLY, jac_number(a, factor), n);
}

static void correct(struct jac_judgement *j, node_t n) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (n != NULL) {
    jac_formula_render(n, JAC_NOTATION_LATEX, NULL, &text);
    if (text.length < sizeof j->correction)
      snprintf(j->correction, sizeof j->correction, "%s", text.text);
  }
  jac_buffer_free(&text);
}

/* (A B)^T as B^T A^T. */
static node_t transposed(struct jac_arena *a, node_t n) {
  if (n == NULL || n->kind == JAC_NUMBER)
    return n;
  if (n->kind == JAC_NEGATE)
    return jac_unary(a, JAC_NEGATE, transposed(a, n->child[0]));
  if (n->kind == JAC_MULTIPLY && n->child[0]->kind == JAC_NUMBER)
    return jac_binary(a, JAC_MULTIPLY, n->child[0], transposed(a, n->child[1]));
  if (n->kind == JAC_MULTIPLY)
    return jac_binary(a, JAC_MULTIPLY, transposed(a, n->child[1]),
                      transposed(a, n->child[0]));
  return n->kind == JAC_TRANSPOSE ? n->child[0] : jac_unary(a, JAC_TRANSPOSE, n);
}

/* The formula itself changed: transposed, other sign, other factor, factors swapped. */
static bool explain_by_change(struct jac_trial *t, struct jac_judgement *j,
                              unsigned mask) {
  struct jac_arena *a = &t->arena;
  node_t r = t->right, minus = jac_unary(a, JAC_NEGATE, r);
  node_t turned = transposed(a, r);
  node_t swapped = NULL;
  if (r->kind == JAC_MULTIPLY)
    swapped = jac_binary(a, JAC_MULTIPLY, r->child[1], r->child[0]);
  node_t outer = NULL, outer_back = NULL, first = NULL;
  if (r->kind == JAC_MULTIPLY) {
    outer = jac_binary(a, JAC_MULTIPLY, transposed(a, r->child[1]),
                       transposed(a, r->child[0]));
    first = jac_binary(a, JAC_MULTIPLY, transposed(a, r->child[0]), r->child[1]);
    outer_back = jac_binary(a, JAC_MULTIPLY, r->child[0], transposed(a, r->child[1]));
  }
  const struct {
    node_t tree;
    const char *words;
  } changes[] = {
      {minus, _("it has the opposite sign")},
      {turned, _("it is the transpose")},
      {swapped, _("the factors stand in the wrong order")},
      {scaled(a, 2.0, r), _("a factor 2 is missing")},
      {scaled(a, 0.5, r), _("there is a factor 2 too many")},
      {outer, _("the factors stand in the wrong order, transposed")},
      {first, _("the first factor is not transposed")},
      {outer_back, _("the second factor is not transposed")},
      {jac_unary(a, JAC_NEGATE, turned), _("it is the transpose with the opposite sign")},
      {r->kind == JAC_NAME || r->kind == JAC_CALL || r->kind == JAC_HADAMARD
           ? jac_node_named(a, JAC_CALL, "diag", 1, &r)
           : NULL,
       _("a diag is missing: it is the diagonal")},
  };
  /* What would hold in the project's own layout is likelier than what would in another.
   */
  const unsigned masks[] = {mask & 1u, mask & ~1u};
  for (size_t m = 0; m < 2; m++)
    for (size_t k = 0; k < sizeof changes / sizeof changes[0] && masks[m] != 0; k++)
      if (changes[k].tree != NULL &&
          jac_trial_would_hold(t, t->left, changes[k].tree, masks[m])) {
        snprintf(j->diagnosis, sizeof j->diagnosis, "%s", changes[k].words);
        correct(j, changes[k].tree);
        j->changed = true;
        return true;
      }
  return false;
}

/* One place in the formula changed: a sign, a transposition, an order. */
struct edit {
  struct jac_arena *arena;
  size_t number, at; /* which edit; how many places were passed */
  char words[200];
};

static void describe(struct edit *e, const char *words, node_t n) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_formula_render(n, JAC_NOTATION_UNICODE, NULL, &text);
  snprintf(e->words, sizeof e->words, "%s: %s", words,
           text.length < 100 ? text.text : "...");
  jac_buffer_free(&text);
}

static node_t edited(struct edit *e, node_t n, bool term) {
  node_t child[JAC_FORMULA_CHILDREN];
  bool name = n->kind == JAC_NAME && strcmp(n->name, "I") != 0;
  bool upright = name || (n->kind == JAC_TRANSPOSE && n->child[0]->kind == JAC_NAME);
  if (term && e->at++ == e->number) {
    node_t plain = n->kind == JAC_NEGATE ? n->child[0] : n;
    describe(e, _("a term has the wrong sign"), plain);
    return n->kind == JAC_NEGATE ? plain : jac_unary(e->arena, JAC_NEGATE, n);
  }
  if (upright && e->at++ == e->number) {
    describe(e,
             name ? _("this should be transposed") : _("this should not be transposed"),
             name ? n : n->child[0]);
    return transposed(e->arena, n);
  }
  if (n->kind == JAC_ENTRY && n->count == 2 && !jac_equal(n->child[0], n->child[1]) &&
      e->at++ == e->number) {
    describe(e, _("its indices stand in the wrong order"), n);
    return jac_node_named(e->arena, JAC_ENTRY, n->name, 2,
                          (node_t[]){n->child[1], n->child[0]});
  }
  if (n->kind == JAC_MULTIPLY && e->at++ == e->number) {
    describe(e, _("these factors stand in the wrong order"), n);
    return jac_binary(e->arena, JAC_MULTIPLY, n->child[1], n->child[0]);
  }
  if (n->kind == JAC_ENTRY || n->kind == JAC_NAME || n->kind == JAC_MATRIX ||
      (n->kind == JAC_TRANSPOSE && upright) || n->kind == JAC_DERIVATIVE)
    return n;
  bool sum = n->kind == JAC_ADD;
  for (size_t k = 0; k < n->count; k++)
    if ((child[k] = edited(e, n->child[k], sum && n->child[k]->kind != JAC_ADD)) == NULL)
      return NULL;
  return jac_rebuild(e->arena, n, child);
}

static bool explain_by_part(struct jac_trial *t, struct jac_judgement *j, unsigned mask) {
  enum { EDITS = 24 };
  const unsigned masks[] = {mask & 1u, mask & ~1u};
  for (size_t m = 0; m < 2; m++)
    for (size_t k = 0; k < EDITS && masks[m] != 0; k++) {
      struct edit e = {.arena = &t->arena, .number = k};
      node_t other = edited(&e, t->right, false);
      if (e.at <= k)
        break;
      if (!jac_trial_would_hold(t, t->left, other, masks[m]))
        continue;
      snprintf(j->diagnosis, sizeof j->diagnosis, "%s", e.words);
      correct(j, other);
      j->changed = true;
      return true;
    }
  return false;
}

/* A name in place of another, entries too. */
static node_t renamed(struct jac_arena *a, node_t n, const char *from, const char *to) {
  node_t child[JAC_FORMULA_CHILDREN];
  for (size_t k = 0; n != NULL && k < n->count; k++)
    if ((child[k] = renamed(a, n->child[k], from, to)) == NULL)
      return NULL;
  if (n == NULL)
    return NULL;
  bool is = (n->kind == JAC_NAME || n->kind == JAC_ENTRY) && strcmp(n->name, from) == 0;
  return is ? jac_node_named(a, n->kind, to, n->count, child) : jac_rebuild(a, n, child);
}

/* The k-th name that a formula of this setting may use, or NULL. */
static const char *name_at(const struct jac_trial *t, size_t k) {
  if (k < t->shaping.count)
    return t->shaping.variable[k].name;
  k -= t->shaping.count;
  return k < t->setting->quantities ? t->setting->left[k]->name : NULL;
}

/* z stands where y was meant, or the reverse. */
static bool explain_by_name(struct jac_trial *t, struct jac_judgement *j, unsigned mask) {
  const char *from, *to;
  for (size_t i = 0, tries = 0; (from = name_at(t, i)) != NULL; i++)
    for (size_t k = 0; (to = name_at(t, k)) != NULL && tries < 60; k++) {
      if (strcmp(from, to) == 0 || from[0] == '#' || to[0] == '#' ||
          !jac_mentions(t->right, from))
        continue;
      node_t other = renamed(&t->arena, t->right, from, to);
      tries++;
      if (!jac_trial_would_hold(t, t->left, other, mask))
        continue;
      snprintf(j->diagnosis, sizeof j->diagnosis, _("%s stands where %s was meant"), from,
               to);
      correct(j, other);
      j->changed = true;
      j->renamed = strcspn(from, "_^") != strcspn(to, "_^") ||
                   strncmp(from, to, strcspn(from, "_^")) != 0;
      return true;
    }
  return false;
}

bool jac_explain_by_variable(struct jac_trial *t, struct jac_judgement *j,
                             unsigned mask) {
  node_t d = jac_derivative_in(t->left);
  if (d == NULL || d != t->left)
    return false;
  for (size_t v = 0; v < t->shaping.count; v++) {
    const char *name = t->shaping.variable[v].name;
    node_t by = jac_node_named(&t->arena, JAC_NAME, name, 0, NULL);
    node_t child[] = {d->child[0], by};
    if (d->child[1]->kind != JAC_NAME || strcmp(d->child[1]->name, name) == 0 ||
        name[0] == '#' ||
        !jac_trial_would_hold(t, jac_rebuild(&t->arena, d, child), t->right, mask))
      continue;
    snprintf(j->diagnosis, sizeof j->diagnosis,
             _("it is the derivative with respect to %s, the left side says %s"), name,
             d->child[1]->name);
    j->other = true;
    return true;
  }
  return false;
}

/* Both sides at the first sample, in the first layout in which their shapes fit; false:
 * in none, and the diagnosis says so. */
static bool fitting_sides(struct jac_trial *t, const struct jac_noted *sample,
                          const struct jac_indices *f, struct jac_side_values *left,
                          struct jac_side_values *right, struct jac_judgement *j) {
  struct jac_environment env = sample->env;
  bool diagonal = false;
  char shapes[160] = "";
  for (size_t k = 0; k < JAC_LAYOUTS; k++) {
    struct jac_error quiet;
    jac_trial_layout(&env, k);
    env.want_rows = env.want_cols = 0;
    if (jac_side_evaluate(&env, t->left, f, left, &quiet) != JAC_OK)
      break;
    env.want_rows = left->rows;
    env.want_cols = left->cols;
    if (jac_side_evaluate(&env, t->right, f, right, &quiet) == JAC_OK) {
      if (left->rows == right->rows && left->cols == right->cols)
        return true;
      if (shapes[0] == '\0')
        snprintf(shapes, sizeof shapes, _("its shape is %zux%zu where %zux%zu is needed"),
                 right->rows, right->cols, left->rows, left->cols);
    } else
      *right = (struct jac_side_values){0};
    diagonal = diagonal || jac_side_beside_diagonal(left, right) <= 1e-9;
    if (diagonal)
      snprintf(shapes, sizeof shapes, "%s",
               _("it is the diagonal only: the other entries are not zero"));
    free(left->value);
    free(right->value);
    *left = *right = (struct jac_side_values){0};
  }
  j->misfit = !diagonal;
  snprintf(j->diagnosis, sizeof j->diagnosis, "%.500s",
           shapes[0] != '\0' ? shapes : t->fault.message);
  return false;
}

/* A kind of mistake that the numbers show, as for a Jacobian of rows times cols. */
static enum jac_status diagnose(const struct jac_side_values *left,
                                const struct jac_side_values *right, size_t rows,
                                size_t cols, struct jac_judgement *j,
                                struct jac_error *err) {
  struct jac_variable var = {.name = "x", .ndim = 1, .dims = {cols}};
  struct jac_map map = {.batch = 1, .rows = 1, .cols = rows, .nvar = 1, .var = &var};
  struct jac_array3 truth = jac_array3_over(left->value, 1, rows, cols);
  struct jac_array3 candidate = jac_array3_over(right->value, 1, rows, cols);
  struct jac_suspects suspects = {.map = &map, .truth = &truth};
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count = 0;
  enum jac_status status = jac_diagnose(&suspects, &candidate, found, &count, err);
  /* Of one number every other is some multiple. */
  if (status == JAC_OK && count > 0 && left->count > 1 &&
      found[0].mistake != JAC_MISTAKE_PATTERN) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    jac_diagnosis_write(&suspects, &found[0], &text);
    snprintf(j->diagnosis, sizeof j->diagnosis, "%s; ", text.text);
    jac_buffer_free(&text);
  }
  return status;
}

/* What the numbers tell: a factor, the diagonal alone, an identity, the first difference.
 */
static enum jac_status explain_by_numbers(struct jac_trial *t, struct jac_judgement *j,
                                          struct jac_error *err) {
  struct jac_noted sample;
  enum jac_status status = jac_setting_sample(t->setting, &t->shaping, 0, &sample, err);
  if (status != JAC_OK)
    return status;
  struct jac_indices f = {.count = 0};
  struct jac_side_values left = {0}, right = {0};
  jac_indices_find(&sample.env, t->left, &f, false);
  jac_indices_find(&sample.env, t->right, &f, false);
  jac_indices_range(&sample.env, &t->arena, t->left, t->right, &f);
  if (fitting_sides(t, &sample, &f, &left, &right, j)) {
    size_t rows = f.count == 2 ? f.range[0] : f.count == 0 ? left.rows : 1;
    size_t cols = left.count / rows, k = 0;
    status = diagnose(&left, &right, rows, cols, j, err);
    size_t used = strlen(j->diagnosis);
    while (k + 1 < left.count &&
           fabs(left.value[k] - right.value[k]) <= 1e-9 * fmax(1.0, fabs(left.value[k])))
      k++;
    snprintf(j->diagnosis + used, sizeof j->diagnosis - used,
             _("the first entry that differs, (%zu,%zu), is %.4g and should be %.4g"),
             k / cols + 1, k % cols + 1, right.value[k], left.value[k]);
  }
  free(left.value);
  free(right.value);
  jac_setting_sample_free(&sample);
  return status;
}

/* The derivative's own formula, where the claim is for an entry. */
static void correct_by_formula(struct jac_trial *t, struct jac_judgement *j) {
  node_t d = t->left, entry, raw;
  struct jac_noted sample;
  struct jac_error quiet;
  if (j->correction[0] != '\0' || d->kind != JAC_DERIVATIVE ||
      d->child[1]->kind != JAC_ENTRY || d->child[0]->kind != JAC_ENTRY ||
      jac_setting_sample(t->setting, &t->shaping, 0, &sample, &quiet) != JAC_OK)
    return;
  node_t of = d->child[0], by = d->child[1];
  if (jac_formula_entry(&t->arena, of, &sample.env, NULL, NULL, &entry, &quiet) ==
          JAC_OK &&
      jac_formula_derivative(&t->arena, entry, &sample.env, by->name, by->child,
                             by->count, &raw, &quiet) == JAC_OK)
    correct(j, jac_formula_textbook(&t->arena, raw, &sample.env));
  jac_setting_sample_free(&sample);
}

enum jac_status jac_explain(struct jac_trial *t, struct jac_judgement *j, unsigned mask,
                            struct jac_error *err) {
  enum jac_status status = JAC_OK;
  if (!explain_by_change(t, j, mask) && !jac_explain_by_variable(t, j, mask) &&
      !explain_by_part(t, j, mask) && !explain_by_name(t, j, mask))
    status = explain_by_numbers(t, j, err);
  correct_by_formula(t, j);
  return status;
}
