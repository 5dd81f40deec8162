/* Both sides are evaluated at samples of several sizes, under every convention that
 * people use for derivatives. */
#include "jacobian/notes/trial_internal.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { SAMPLES = 4, TRIED = 7 };

/* How derivatives are laid out. The first is the project's own: outputs in rows, a
 * number's gradient in its variable's shape. */
static const struct layout {
  bool rows, transposed, row_order, diagonal;
  const char *words;
} layouts[JAC_LAYOUTS] = {
    {false, false, false, false, NULL},
    {true, false, false, false, N_("a gradient is a row (numerator layout)")},
    {false, true, false, false, N_("the transpose layout: a row for every variable")},
    {false, false, true, false, N_("matrices numbered row by row")},
    {false, true, true, false,
     N_("the transpose layout, with matrices numbered row by row")},
    {false, false, false, true, N_("entry by entry: it is the diagonal")},
};

void jac_trial_layout(struct jac_environment *env, size_t k) {
  env->rows = layouts[k].rows;
  env->transposed = layouts[k].transposed;
  env->row_order = layouts[k].row_order;
}

const char *jac_layout_words(size_t k) {
  return layouts[k].words;
}

bool jac_layout_diagonal(size_t k) {
  return layouts[k].diagonal;
}

/* At one sample: the layouts that hold. */
static enum jac_status try_sample(struct jac_trial *t, const struct jac_noted *sample,
                                  unsigned *held, bool *counts) {
  struct jac_environment env = sample->env;
  struct jac_indices f = {.count = 0};
  *held = 0;
  *counts = false;
  jac_indices_find(&env, t->left, &f, false);
  jac_indices_find(&env, t->right, &f, false);
  jac_indices_range(&env, &t->arena, t->left, t->right, &f);
  for (size_t k = 0; k < f.count; k++)
    if (f.range[k] == 0)
      return jac_fail(t->err, JAC_EINPUT, _("nothing says how far the index %s runs"),
                      f.name[k]);
  if (f.many)
    return jac_fail(t->err, JAC_EINPUT, _("more than %d indices"), JAC_LINK_INDICES);
  bool valued = false;
  for (size_t k = 0; k < JAC_LAYOUTS; k++) {
    struct jac_side_values left, right;
    if ((t->mask & 1u << k) == 0)
      continue;
    jac_trial_layout(&env, k);
    env.want_rows = env.want_cols = 0;
    enum jac_status status = jac_side_evaluate(&env, t->left, &f, &left, t->err);
    if (status != JAC_OK)
      return status;
    if (!jac_side_finite(&left)) {
      free(left.value);
      return JAC_OK; /* no value here: this sample does not count */
    }
    for (size_t v = 0; v < left.count; v++)
      t->moves = t->moves || left.value[v] != 0.0;
    env.want_rows = left.rows;
    env.want_cols = left.cols;
    status = jac_side_evaluate(&env, t->right, &f, &right, &t->fault);
    if ((status == JAC_EINPUT || status == JAC_EREFUSED) &&
        (env.want_rows != 1 || env.want_cols != 1)) {
      env.want_rows = env.want_cols = 0;
      status = jac_side_evaluate(&env, t->right, &f, &right, &t->fault);
    }
    if (status == JAC_ENOMEM || status == JAC_EREFUSED || status == JAC_EUNKNOWN) {
      free(left.value);
      return jac_fail(t->err, status, "%s", t->fault.message);
    }
    if (status == JAC_OK && !jac_side_finite(&right)) {
      free(left.value);
      free(right.value);
      *counts = false;
      return JAC_OK;
    }
    if (status == JAC_OK) {
      double d = layouts[k].diagonal ? jac_side_diagonal_distance(&left, &right)
                                     : jac_side_distance(&left, &right);
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

enum jac_status jac_trial_run(struct jac_trial *t) {
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

bool jac_trial_would_hold(struct jac_trial *t, node_t left, node_t right, unsigned mask) {
  struct jac_trial other = {.setting = t->setting,
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
      jac_trial_run(&other) == JAC_OK && other.mask != 0 && other.samples >= 2;
  jac_arena_free(&other.arena);
  return holds;
}
