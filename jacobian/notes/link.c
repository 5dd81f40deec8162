/* One link: both sides are evaluated at samples of several sizes, under every convention
 * that people use for derivatives. */
#include "jacobian/notes/judge.h"

#include "jacobian/buffer.h"
#include "jacobian/diagnose.h"
#include "jacobian/formula/differentiate.h"
#include "jacobian/formula/function.h"
#include "jacobian/formula/render.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { SAMPLES = 4, TRIED = 7, INDICES = 8, VALUES = 4096 };

/* How derivatives are laid out. The first is the project's own: outputs in rows, a
 * number's gradient in its variable's shape. */
static const struct layout {
  bool rows, transposed, row_order, diagonal;
  const char *words;
} layouts[] = {
    {false, false, false, false, NULL},
    {true, false, false, false, N_("a gradient is a row (numerator layout)")},
    {false, true, false, false, N_("the transpose layout: a row for every variable")},
    {false, false, true, false, N_("matrices numbered row by row")},
    {false, true, true, false,
     N_("the transpose layout, with matrices numbered row by row")},
    {false, false, false, true, N_("entry by entry: it is the diagonal")},
};
enum { LAYOUTS = sizeof layouts / sizeof layouts[0] };

/* Free indices of the claim, with their ranges. */
struct indices {
  const char *name[INDICES];
  size_t range[INDICES], count;
  bool many;
};

static bool bound_name(const struct jac_environment *env, const char *name) {
  bool is = strcmp(name, "I") == 0 || strcmp(name, "1") == 0 || strcmp(name, ".") == 0 ||
            strcmp(name, "pi") == 0;
  for (size_t k = 0; k < env->nnamed; k++)
    is = is || strcmp(env->named[k].name, name) == 0;
  for (size_t k = 0; k < env->nwhere; k++)
    is = is || strcmp(env->where_left[k]->name, name) == 0;
  for (size_t k = 0; k < env->nsize; k++)
    is = is || strcmp(env->size[k].name, name) == 0;
  return is;
}

static void add_index(struct indices *f, const char *name) {
  for (size_t k = 0; k < f->count; k++)
    if (strcmp(f->name[k], name) == 0)
      return;
  f->many = f->many || f->count == INDICES;
  if (f->count < INDICES)
    f->name[f->count++] = name;
}

static void find_indices(const struct jac_environment *env, node_t n, struct indices *f,
                         bool index) {
  if (n->kind == JAC_NAME) {
    if (index && n->name[1] == '\0' && !bound_name(env, n->name))
      add_index(f, n->name); /* a longer name is a size */
    return;
  }
  bool binds = n->kind == JAC_SUM || n->kind == JAC_MAX || n->kind == JAC_PRODUCT;
  bool compared = n->kind == JAC_COMPARE && (n->name[0] == '=' || n->name[0] == '!');
  bool sized = n->kind == JAC_CALL &&
               (strcmp(n->name, "eye") == 0 || strcmp(n->name, "ones") == 0);
  for (size_t k = 0; k < n->count && !sized; k++) {
    struct indices inside = {.count = 0};
    bool at = index || n->kind == JAC_ENTRY || n->kind == JAC_DELTA || compared ||
              (n->kind == JAC_AT && k > 0);
    find_indices(env, n->child[k], &inside, at && !(binds && k > 0));
    f->many = f->many || inside.many;
    for (size_t j = 0; j < inside.count; j++)
      if (!binds || k > 0 || strcmp(inside.name[j], n->name) != 0)
        add_index(f, inside.name[j]);
  }
}

/* How far an index runs: by an entry that it indexes. */
static size_t range_of(const struct jac_environment *env, struct jac_arena *arena,
                       node_t n, const char *name) {
  if (n->kind == JAC_ENTRY || n->kind == JAC_AT) {
    node_t child[JAC_FORMULA_CHILDREN];
    bool mine = false;
    for (size_t k = 0; k < n->count; k++) {
      bool place = n->kind == JAC_ENTRY || k > 0;
      bool is =
          place && n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, name) == 0;
      mine = mine || is;
      child[k] = !place || is ? n->child[k] : jac_number(arena, 1.0);
    }
    if (mine) {
      node_t entry = jac_rebuild(arena, n, child);
      /* One for each place; the entry only says how many there are. */
      node_t one = jac_number(arena, 1.0), pair[] = {one, one};
      node_t always = jac_node_named(arena, JAC_COMPARE, "=", 2, pair);
      node_t body = jac_node(arena, JAC_CASES, 3, (node_t[]){one, always, entry});
      node_t sum = jac_node_named(arena, JAC_SUM, name, 1, &body);
      double value = 0.0;
      struct jac_error err;
      if (sum != NULL &&
          jac_formula_evaluate(sum, env, NULL, 0, &value, &err) == JAC_OK && value >= 1.0)
        return (size_t)value;
    }
  }
  for (size_t k = 0; k < n->count; k++) {
    size_t range = range_of(env, arena, n->child[k], name);
    if (range > 0)
      return range;
  }
  return 0;
}

/* How often a name stands as an index. */
static size_t occurrences(node_t n, const char *name) {
  size_t count = n->kind == JAC_NAME && strcmp(n->name, name) == 0;
  for (size_t k = 0; k < n->count; k++)
    count += occurrences(n->child[k], name);
  return count;
}

/* The values of a side at all values of the free indices, one after the other. */
struct values {
  size_t rows, cols, count; /* of one; count: numbers in all */
  double *value;
};

static enum jac_status evaluate(const struct jac_environment *env, node_t n,
                                const struct indices *f, struct values *out,
                                struct jac_error *err) {
  size_t total = 1, at[INDICES] = {0};
  *out = (struct values){0};
  for (size_t k = 0; k < f->count; k++)
    total *= f->range[k];
  if (total > VALUES)
    return jac_fail(err, JAC_ELIMIT, _("the claim has too many entries to be judged"));
  for (size_t t = 0; t < total; t++) {
    struct jac_index_value index[INDICES];
    struct jac_result result;
    for (size_t k = 0; k < f->count; k++)
      index[k] = (struct jac_index_value){f->name[k], at[k] + 1};
    enum jac_status status =
        jac_formula_value(n, env, index, f->count, &result, NULL, err);
    if (status == JAC_OK && t == 0) {
      out->rows = result.rows;
      out->cols = result.cols;
      out->value = malloc((total * result.rows * result.cols + 1) * sizeof(double));
      if (out->value == NULL)
        status = jac_fail_memory(err);
    }
    if (status == JAC_OK && (result.rows != out->rows || result.cols != out->cols))
      status =
          jac_fail(err, JAC_EINPUT, _("its value has another shape for other indices"));
    if (status == JAC_OK) {
      memcpy(out->value + out->count, result.value,
             result.rows * result.cols * sizeof(double));
      out->count += result.rows * result.cols;
    }
    jac_result_free(&result);
    if (status != JAC_OK) {
      free(out->value);
      *out = (struct values){0};
      return status;
    }
    for (size_t k = 0; k < f->count && ++at[k] == f->range[k]; k++)
      at[k] = 0;
  }
  return JAC_OK;
}

static void set_layout(struct jac_environment *env, const struct layout *l) {
  env->rows = l->rows;
  env->transposed = l->transposed;
  env->row_order = l->row_order;
}

static bool all_finite(const struct values *v) {
  for (size_t k = 0; k < v->count; k++)
    if (!isfinite(v->value[k]))
      return false;
  return true;
}

/* The largest difference over the largest magnitude (at least a thousandth: what is zero
 * is zero but for rounding); infinite where shapes differ. */
static double distance(const struct values *a, const struct values *b) {
  double most = 0.0, scale = 1e-3;
  if (a->rows != b->rows || a->cols != b->cols || a->count != b->count)
    return INFINITY;
  for (size_t k = 0; k < a->count; k++) {
    scale = fmax(scale, fmax(fabs(a->value[k]), fabs(b->value[k])));
    most = fmax(most, fabs(a->value[k] - b->value[k]));
    if (isnan(a->value[k] - b->value[k]))
      return INFINITY;
  }
  return most / scale;
}

/* A vector against the diagonal of a matrix that is zero elsewhere. */
static double diagonal_distance(const struct values *matrix,
                                const struct values *vector) {
  size_t n = matrix->rows;
  if (matrix->rows != matrix->cols || n < 2 || vector->count != n ||
      matrix->count != n * n || (vector->rows != 1 && vector->cols != 1))
    return INFINITY;
  double most = 0.0, scale = 0.0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double wanted = i == j ? vector->value[i] : 0.0, is = matrix->value[i * n + j];
      scale = fmax(scale, fabs(is));
      most = fmax(most, fabs(is - wanted));
    }
  return scale > 0.0 ? most / scale : INFINITY;
}

/* The same whatever stands beside the diagonal. */
static double diagonal_distance_to(const struct values *matrix,
                                   const struct values *vector) {
  double most = 0.0, scale = 0.0;
  if (matrix->rows != matrix->cols || matrix->rows < 2 || vector->count != matrix->rows ||
      matrix->count != matrix->rows * matrix->rows)
    return INFINITY;
  for (size_t i = 0; i < matrix->rows; i++) {
    double wanted = vector->value[i], is = matrix->value[i * matrix->rows + i];
    scale = fmax(scale, fabs(is));
    most = fmax(most, fabs(is - wanted));
  }
  return scale > 0.0 ? most / scale : INFINITY;
}

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

/* The derivative in the left side, or NULL. */
static node_t derivative_in(node_t n) {
  if (n->kind == JAC_DERIVATIVE)
    return n;
  for (size_t k = 0; k < n->count; k++) {
    node_t found = derivative_in(n->child[k]);
    if (found != NULL)
      return found;
  }
  return NULL;
}

struct trial {
  const struct jac_setting *setting;
  struct jac_arena arena;
  struct jac_shaping shaping;
  node_t left, right;
  unsigned mask; /* layouts that have held so far */
  size_t samples;
  double error;
  struct jac_error fault; /* why the right side has no value */
  bool misfit;            /* it had none at some sample, or no layout has its shape */
  bool moves;             /* the left side is not zero */
  struct jac_error *err;
};

/* At one sample: the layouts that hold. */
static enum jac_status try_sample(struct trial *t, const struct jac_noted *sample,
                                  unsigned *held, bool *counts) {
  struct jac_environment env = sample->env;
  struct indices f = {.count = 0};
  *held = 0;
  *counts = false;
  find_indices(&env, t->left, &f, false);
  find_indices(&env, t->right, &f, false);
  for (size_t k = 0; k < f.count; k++) {
    f.range[k] = range_of(&env, &t->arena, t->left, f.name[k]);
    if (f.range[k] == 0)
      f.range[k] = range_of(&env, &t->arena, t->right, f.name[k]);
    if (f.range[k] == 0)
      return jac_fail(t->err, JAC_EINPUT, _("nothing says how far the index %s runs"),
                      f.name[k]);
  }
  if (f.many)
    return jac_fail(t->err, JAC_EINPUT, _("more than %d indices"), INDICES);
  bool valued = false;
  for (size_t k = 0; k < LAYOUTS; k++) {
    struct values left, right;
    if ((t->mask & 1u << k) == 0)
      continue;
    set_layout(&env, &layouts[k]);
    env.want_rows = env.want_cols = 0;
    enum jac_status status = evaluate(&env, t->left, &f, &left, t->err);
    if (status != JAC_OK)
      return status;
    if (!all_finite(&left)) {
      free(left.value);
      return JAC_OK; /* no value here: this sample does not count */
    }
    for (size_t v = 0; v < left.count; v++)
      t->moves = t->moves || left.value[v] != 0.0;
    env.want_rows = left.rows;
    env.want_cols = left.cols;
    status = evaluate(&env, t->right, &f, &right, &t->fault);
    if ((status == JAC_EINPUT || status == JAC_EREFUSED) &&
        (env.want_rows != 1 || env.want_cols != 1)) {
      env.want_rows = env.want_cols = 0;
      status = evaluate(&env, t->right, &f, &right, &t->fault);
    }
    if (status == JAC_ENOMEM || status == JAC_EREFUSED || status == JAC_EUNKNOWN) {
      free(left.value);
      return jac_fail(t->err, status, "%s", t->fault.message);
    }
    if (status == JAC_OK && !all_finite(&right)) {
      free(left.value);
      free(right.value);
      *counts = false;
      return JAC_OK;
    }
    if (status == JAC_OK) {
      double d = layouts[k].diagonal ? diagonal_distance(&left, &right)
                                     : distance(&left, &right);
      if (d <= 1e-9) {
        *held |= 1u << k;
        t->error = fmax(t->error, d);
      }
      free(right.value);
      valued = true;
    }
    free(left.value);
    *counts = true;
  }
  t->misfit = t->misfit || !valued;
  return JAC_OK;
}

/* At samples of several sizes; t->mask is what held at all of them. */
static enum jac_status try_samples(struct trial *t) {
  for (size_t k = 0; k < TRIED && t->samples < SAMPLES; k++) {
    struct jac_noted sample;
    unsigned held;
    bool counts;
    enum jac_status status =
        jac_setting_sample(t->setting, &t->shaping, k, &sample, t->err);
    if (status != JAC_OK)
      return status;
    status = try_sample(t, &sample, &held, &counts);
    jac_setting_sample_free(&sample);
    if (status != JAC_OK)
      return status;
    if (!counts)
      continue;
    t->samples++;
    t->mask &= held;
    if (t->mask == 0)
      break;
  }
  return JAC_OK;
}

/* Whether the right side, changed in some way, holds under a layout. */
static bool would_hold(struct trial *t, node_t left, node_t right, unsigned mask) {
  struct trial other = {.setting = t->setting,
                        .arena = JAC_ARENA_INIT,
                        .left = left,
                        .right = right,
                        .mask = mask};
  struct jac_error quiet;
  node_t tree[] = {left, right};
  other.err = &quiet;
  bool holds =
      right != NULL && left != NULL &&
      jac_setting_shapes(t->setting, tree, 2, &other.shaping, &quiet) == JAC_OK &&
      try_samples(&other) == JAC_OK && other.mask != 0 && other.samples >= 2;
  jac_arena_free(&other.arena);
  return holds;
}

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
  if (n->kind == JAC_MULTIPLY)
    return jac_binary(a, JAC_MULTIPLY, transposed(a, n->child[1]),
                      transposed(a, n->child[0]));
  return n->kind == JAC_TRANSPOSE ? n->child[0] : jac_unary(a, JAC_TRANSPOSE, n);
}

/* The formula itself changed: transposed, other sign, other factor, factors swapped. */
static bool explain_by_change(struct trial *t, struct jac_judgement *j, unsigned mask) {
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
      if (changes[k].tree != NULL && would_hold(t, t->left, changes[k].tree, masks[m])) {
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

static bool explain_by_part(struct trial *t, struct jac_judgement *j, unsigned mask) {
  enum { EDITS = 24 };
  const unsigned masks[] = {mask & 1u, mask & ~1u};
  for (size_t m = 0; m < 2; m++)
    for (size_t k = 0; k < EDITS && masks[m] != 0; k++) {
      struct edit e = {.arena = &t->arena, .number = k};
      node_t other = edited(&e, t->right, false);
      if (e.at <= k)
        break;
      if (!would_hold(t, t->left, other, masks[m]))
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
static const char *name_at(const struct trial *t, size_t k) {
  if (k < t->shaping.count)
    return t->shaping.variable[k].name;
  k -= t->shaping.count;
  return k < t->setting->quantities ? t->setting->left[k]->name : NULL;
}

/* z stands where y was meant, or the reverse. */
static bool explain_by_name(struct trial *t, struct jac_judgement *j, unsigned mask) {
  const char *from, *to;
  for (size_t i = 0, tries = 0; (from = name_at(t, i)) != NULL; i++)
    for (size_t k = 0; (to = name_at(t, k)) != NULL && tries < 60; k++) {
      if (strcmp(from, to) == 0 || from[0] == '#' || to[0] == '#' ||
          !jac_mentions(t->right, from))
        continue;
      node_t other = renamed(&t->arena, t->right, from, to);
      tries++;
      if (!would_hold(t, t->left, other, mask))
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

/* The same formula for another variable. */
static bool explain_by_variable(struct trial *t, struct jac_judgement *j, unsigned mask) {
  node_t d = derivative_in(t->left);
  if (d == NULL || d != t->left)
    return false;
  for (size_t v = 0; v < t->shaping.count; v++) {
    const char *name = t->shaping.variable[v].name;
    node_t by = jac_node_named(&t->arena, JAC_NAME, name, 0, NULL);
    node_t child[] = {d->child[0], by};
    if (d->child[1]->kind != JAC_NAME || strcmp(d->child[1]->name, name) == 0 ||
        name[0] == '#' ||
        !would_hold(t, jac_rebuild(&t->arena, d, child), t->right, mask))
      continue;
    snprintf(j->diagnosis, sizeof j->diagnosis,
             _("it is the derivative with respect to %s, the left side says %s"), name,
             d->child[1]->name);
    j->other = true;
    return true;
  }
  return false;
}

/* What the numbers tell: a factor, the diagonal alone, an identity, the first difference.
 */
static enum jac_status explain_by_numbers(struct trial *t, struct jac_judgement *j,
                                          struct jac_error *err) {
  struct jac_noted sample;
  enum jac_status status = jac_setting_sample(t->setting, &t->shaping, 0, &sample, err);
  if (status != JAC_OK)
    return status;
  struct indices f = {.count = 0};
  struct jac_environment env = sample.env;
  struct values left = {0}, right = {0};
  bool fits = false, diagonal = false;
  find_indices(&env, t->left, &f, false);
  find_indices(&env, t->right, &f, false);
  for (size_t k = 0; k < f.count; k++) {
    f.range[k] = range_of(&env, &t->arena, t->left, f.name[k]);
    if (f.range[k] == 0)
      f.range[k] = range_of(&env, &t->arena, t->right, f.name[k]);
  }
  char shapes[160] = "";
  for (size_t k = 0; k < LAYOUTS && !fits && status == JAC_OK; k++) {
    struct jac_error quiet;
    set_layout(&env, &layouts[k]);
    env.want_rows = env.want_cols = 0;
    if (evaluate(&env, t->left, &f, &left, &quiet) != JAC_OK)
      break;
    env.want_rows = left.rows;
    env.want_cols = left.cols;
    if (evaluate(&env, t->right, &f, &right, &quiet) == JAC_OK) {
      fits = left.rows == right.rows && left.cols == right.cols;
      if (shapes[0] == '\0')
        snprintf(shapes, sizeof shapes, _("its shape is %zux%zu where %zux%zu is needed"),
                 right.rows, right.cols, left.rows, left.cols);
    } else
      right = (struct values){0};
    diagonal = diagonal || (!fits && diagonal_distance_to(&left, &right) <= 1e-9);
    if (!fits && diagonal)
      snprintf(shapes, sizeof shapes, "%s",
               _("it is the diagonal only: the other entries are not zero"));
    if (!fits) {
      free(left.value);
      free(right.value);
      left = right = (struct values){0};
    }
  }
  j->misfit = !fits && !diagonal;
  if (!fits)
    snprintf(j->diagnosis, sizeof j->diagnosis, "%.500s",
             shapes[0] != '\0' ? shapes : t->fault.message);
  else {
    size_t rows = f.count == 2 ? f.range[0] : f.count == 0 ? left.rows : 1;
    size_t cols = left.count / rows;
    struct jac_variable var = {.name = "x", .ndim = 1, .dims = {cols}};
    struct jac_map map = {.batch = 1, .rows = 1, .cols = rows, .nvar = 1, .var = &var};
    struct jac_array3 truth, candidate;
    struct jac_diagnosis found[JAC_DIAGNOSES];
    size_t count = 0;
    struct jac_suspects suspects = {.map = &map, .truth = &truth};
    status = jac_array3_alloc(1, rows, cols, &truth, err);
    if (status == JAC_OK) {
      status = jac_array3_alloc(1, rows, cols, &candidate, err);
      if (status == JAC_OK) {
        memcpy(truth.data, left.value, left.count * sizeof(double));
        memcpy(candidate.data, right.value, left.count * sizeof(double));
        status = jac_diagnose(&suspects, &candidate, found, &count, err);
        /* Of one number every other is some multiple. */
        if (status == JAC_OK && count > 0 && left.count > 1 &&
            found[0].mistake != JAC_MISTAKE_PATTERN) {
          struct jac_buffer text = JAC_BUFFER_INIT;
          jac_diagnosis_write(&suspects, &found[0], &text);
          snprintf(j->diagnosis, sizeof j->diagnosis, "%s; ", text.text);
          jac_buffer_free(&text);
        }
        jac_array3_free(&candidate);
      }
      jac_array3_free(&truth);
    }
    size_t used = strlen(j->diagnosis), k = 0;
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
static void correct_by_formula(struct trial *t, struct jac_judgement *j) {
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

static node_t with_implied_sums(struct trial *t) {
  struct jac_environment none = {0};
  struct indices left = {.count = 0}, right = {.count = 0};
  node_t n = t->right;
  if (has_kind(n, JAC_MATRIX))
    return n;
  find_indices(&none, t->left, &left, false);
  find_indices(&none, t->right, &right, false);
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
  struct trial t = {.setting = special,
                    .arena = JAC_ARENA_INIT,
                    .left = left,
                    .right = right,
                    .mask = mask,
                    .err = &quiet};
  node_t tree[] = {left, right};
  bool holds = jac_setting_shapes(special, tree, 2, &t.shaping, &quiet) == JAC_OK;
  holds = holds && (leave != LEAVE_SYMMETRIC || has_matrix(&t.shaping)) &&
          try_samples(&t) == JAC_OK && t.mask != 0 && t.samples >= 2 && t.moves;
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
static struct jac_setting *with_labels(const struct trial *t) {
  const char *name = label(&t->shaping, 0);
  struct jac_setting *special = name != NULL ? malloc(sizeof *special) : NULL;
  if (special != NULL) {
    *special = *t->setting;
    snprintf(special->shares, sizeof special->shares, "%s", name);
  }
  return special;
}

/* Whether a wrong claim holds with one such leave; says which. */
static bool with_leave(const struct trial *t, unsigned mask, bool vectors,
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

enum jac_status jac_judge_link(const struct jac_setting *setting,
                               const struct jac_node *left, const struct jac_node *right,
                               unsigned allowed, struct jac_judgement *judgement,
                               struct jac_error *err) {
  struct trial t = {.setting = setting,
                    .arena = JAC_ARENA_INIT,
                    .left = left,
                    .right = right,
                    .err = err};
  *judgement = (struct jac_judgement){.verdict = JAC_FINDING_UNREAD};
  bool derivative =
      through_derivative(setting, left, 0) || through_derivative(setting, right, 0);
  judgement->plain = !derivative;
  t.mask = (derivative ? (1u << LAYOUTS) - 1 : 1u) & allowed;
  unsigned mask = t.mask;
  node_t d = derivative_in(left);
  if (d != NULL && d->child[1]->name[0] != '\0')
    snprintf(judgement->wrt, sizeof judgement->wrt, "%s", d->child[1]->name);
  t.right = with_implied_sums(&t);
  node_t tree[] = {left, t.right};
  enum jac_status status = jac_setting_shapes(setting, tree, 2, &t.shaping, err);
  const char *unknown = status == JAC_OK ? stranger(setting, &t.shaping, left) : NULL;
  if (unknown != NULL) {
    snprintf(judgement->stranger, sizeof judgement->stranger, "%s", unknown);
    status = jac_fail(err, JAC_EINPUT, _("nothing says what %s is"), unknown);
  }
  if (status == JAC_OK)
    status = try_samples(&t);
  /* Dots that make no matrix of this size may make one for another variable. */
  if (status == JAC_EREFUSED && explain_by_variable(&t, judgement, mask)) {
    judgement->verdict = JAC_FINDING_WRONG;
    judgement->samples = 1;
    jac_arena_free(&t.arena);
    return JAC_OK;
  }
  if (status == JAC_OK && t.samples == 0)
    status = jac_fail(err, JAC_EINPUT, _("it has no value at any sample"));
  /* That nothing is nothing says little, unless that is the claim. */
  if (status == JAC_OK && d != NULL && d == left && !t.moves &&
      (t.mask == 0 || has_name(t.right)))
    status =
        jac_fail(err, JAC_EINPUT,
                 _("nothing says how the left side depends on %s: add its definition"),
                 judgement->wrt);
  if (status == JAC_OK && t.mask != 0 && t.samples < 2)
    status = jac_fail(err, JAC_EINPUT, _("it has a value at one sample only"));
  if (status == JAC_OK) {
    size_t first = 0;
    judgement->samples = t.samples;
    judgement->error = t.error;
    judgement->conventions = t.mask;
    while (first < LAYOUTS && (t.mask & 1u << first) == 0)
      first++;
    judgement->scalar = t.shaping.count == 1 && t.shaping.variable[0].rows == 0 &&
                        t.shaping.variable[0].cols == 0;
    judgement->verdict = first == 0         ? JAC_FINDING_HOLDS
                         : first == LAYOUTS ? JAC_FINDING_WRONG
                                            : JAC_FINDING_CONVENTION;
    judgement->convention = first < LAYOUTS ? layouts[first].words : NULL;
    /* A claim about x alone, entry by entry or wrong, is one about a number x. */
    bool entrywise = first < LAYOUTS && layouts[first].diagonal;
    bool wrong = first == LAYOUTS && !speaks_of_vectors(t.right);
    if ((entrywise || wrong) && t.shaping.count == 1 && !setting->numbers &&
        judge_as_number(setting, left, t.right, allowed, judgement)) {
      jac_arena_free(&t.arena);
      return JAC_OK;
    }
    if (judgement->verdict == JAC_FINDING_WRONG && derivative)
      with_leave(&t, mask, speaks_of_vectors(left) || speaks_of_vectors(t.right),
                 judgement);
    if (judgement->verdict == JAC_FINDING_WRONG) {
      struct jac_setting *labelled = with_labels(&t);
      if (labelled != NULL)
        t.setting = labelled;
      if (!explain_by_change(&t, judgement, mask) &&
          !explain_by_variable(&t, judgement, mask) &&
          !explain_by_part(&t, judgement, mask) && !explain_by_name(&t, judgement, mask))
        status = explain_by_numbers(&t, judgement, err);
      correct_by_formula(&t, judgement);
      free(labelled);
      t.setting = setting;
    }
  }
  jac_arena_free(&t.arena);
  return status;
}
