/* Which definition of a name counts where something is read. */
#include "jacobian/elaborate/names_internal.h"

#include <string.h>

/* Whether only one step and those beside it stand in n: no sum over steps, no h_k. */
static bool of_one_step(const struct jac_evidence *v, node *n) {
  node *item[4];
  if (!n)
    return true;
  if (n->form == JAC_S_BIG)
    return false;
  if (n->form == JAC_S_SCRIPT && n->child[1] && jac_index_items(n->child[1], item) == 1) {
    const char *key = jac_notation_key(v->pool, n->child[0]);
    node *letter = jac_index_letter(item[0]);
    bool counts = false;
    for (size_t k = 0; letter && k < v->steps; k++)
      counts = counts || strcmp(v->step[k], letter->text) == 0;
    for (const struct jac_definition *d = jac_definition_first(v, key, true); d;
         d = jac_definition_next(v, d, true))
      if (d->step && d->base == key && !counts)
        return false;
  }
  for (size_t k = 0; k < n->count; k++)
    if (!of_one_step(v, n->child[k]))
      return false;
  return true;
}

static bool has_definition(const struct jac_evidence *v, const char *key) {
  const struct jac_definition *d = jac_definition_first(v, key, false);
  while (d && d->key != key)
    d = jac_definition_next(v, d, false);
  return d != NULL;
}

/* dL/dh_t of a loss that nobody defines, where h_{t+1} is made of h_t and stands in no
 * other derivative: L hangs on h_t through all later steps. */
static bool through_later_steps(const elaboration *e) {
  const struct jac_evidence *v = e->evidence;
  bool carried = false;
  for (size_t k = 0; e->own && e->left && k < e->own->pairs; k++) {
    const struct jac_pair *p = &e->own->pair[k];
    for (size_t j = 0; j < v->definitions; j++) {
      const struct jac_definition *next = &v->definition[j];
      if (next->defines != JAC_DEFINES_NEXT)
        continue;
      if (jac_notation_equal(p->denominator, next->name))
        return false;
      carried = carried || (jac_notation_has(e->left, p->denominator) &&
                            jac_notation_has(next->fact->right, p->denominator) &&
                            !has_definition(v, p->numerator));
    }
  }
  return carried;
}

bool jac_step_by_step(elaboration *e) {
  const struct jac_evidence *v = e->evidence;
  if (!v->steps)
    return false;
  if (!e->through)
    e->through = through_later_steps(e) ? 1 : 2;
  if (e->through == 1)
    return false;
  if (!e->stepwise)
    e->stepwise = e->left && of_one_step(v, e->left) && of_one_step(v, e->right) ? 2 : 1;
  unsigned one = e->stepwise == 2 ? 0 : 1;
  const char *site = jac_pool_text(e->scope->pool, "steps");
  return jac_choose2(e, site, 1 - one, one, NULL, NULL, NULL) == 1;
}

bool jac_of_step(elaboration *e, node *name) {
  node *item[4];
  if (!e->evidence->steps || name->form != JAC_S_SCRIPT || !name->child[1] ||
      jac_index_items(name->child[1], item) != 1)
    return false;
  node *letter = jac_index_letter(item[0]);
  struct jac_bound *b =
      letter ? jac_bound_find(e, jac_pool_text(e->scope->pool, letter->text)) : NULL;
  bool counts = false;
  for (size_t k = 0; letter && !b && k < e->evidence->steps; k++)
    counts = counts || strcmp(e->evidence->step[k], letter->text) == 0;
  return counts && jac_step_by_step(e);
}

bool jac_counts_steps(elaboration *e, const char *base, size_t items, node *const *item) {
  node *letter = items == 1 ? jac_index_letter(item[0]) : NULL;
  const struct jac_definition *d = letter ? jac_entries_of(e, base, 1) : NULL;
  return d && d->step && !jac_step_by_step(e);
}

static enum jac_defines defines_of(elaboration *e, const struct jac_definition *d) {
  return d->step && jac_step_by_step(e) ? JAC_DEFINES_VALUE : d->defines;
}

bool jac_being_defined(const elaboration *e, const char *key) {
  for (size_t k = 0; k < e->ndefining; k++)
    if (e->defining[k] == key)
      return true;
  return false;
}

/* Whether all names of n are among a function's parameters. */
static bool of_parameters(node *n, const struct jac_definition *f) {
  if (!n)
    return true;
  if (n->form == JAC_S_NAME || (n->form == JAC_S_SCRIPT && !n->child[2])) {
    for (size_t k = 0; k < f->params; k++)
      if (jac_notation_equal(f->param[k], n))
        return true;
    return n->form == JAC_S_NAME && n->row != NULL;
  }
  for (size_t k = 0; k < n->count; k++)
    if (!of_parameters(n->child[k], f))
      return false;
  return true;
}

/* t = -2 s behind g(s, t): where the derivative is zero, and no definition of t. */
static bool solved_for(elaboration *e, const struct jac_definition *d) {
  for (size_t k = 0; k < e->evidence->definitions; k++) {
    const struct jac_definition *f = &e->evidence->definition[k];
    if (f->defines != JAC_DEFINES_FUNCTION || f->order >= e->visible || !d->fact->right)
      continue;
    for (size_t j = 0; j < f->params; j++)
      if (jac_notation_equal(f->param[j], d->name) && of_parameters(d->fact->right, f))
        return true;
  }
  return false;
}

/* What a later line gives a variable of this derivative is its solution; what the right
 * side alone is differentiated by is a quantity between, "where u = x^2". */
static bool solution(elaboration *e, const char *key, const struct jac_definition *d) {
  const struct jac_usage *u = e->own ? jac_usage_of(e->own, key) : NULL;
  return u && u->denominator && (!e->left || jac_notation_has(e->left, d->name));
}

/* Whether a name of n stands in the claim, and not in what a function is: the claim
 * speaks of what n says. */
static bool spoken_of(node *n, node *function, node *claim) {
  if (n->form == JAC_S_NAME)
    return !n->row && !jac_is_name(n, "top") && !jac_is_name(n, "T") &&
           !jac_notation_has_name(function, n->text) &&
           jac_notation_has_name(claim, n->text);
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && spoken_of(n->child[k], function, claim))
      return true;
  return false;
}

/* w = (X^T X)^{-1} X^T y before L(w), which is differentiated by w alone: what it was at
 * another loss, and no value of it here; z = W x before L(z), where the claim is of W. */
static bool of_another(elaboration *e, const struct jac_definition *d) {
  if (!e->own || !e->own->pairs || !e->right)
    return false;
  for (size_t k = 0; k < e->own->pairs; k++)
    if (!jac_notation_equal(e->own->pair[k].denominator, d->name))
      return false;
  for (size_t k = 0; k < e->evidence->definitions; k++) {
    const struct jac_definition *f = &e->evidence->definition[k];
    if (f->defines == JAC_DEFINES_FUNCTION && f->order > d->order &&
        f->order < e->visible && f->fact->right && d->fact->right &&
        !spoken_of(d->fact->right, f->fact->right, e->right))
      for (size_t j = 0; j < f->params; j++)
        if (jac_notation_equal(f->param[j], d->name))
          return true;
  }
  return false;
}

/* Long: what does not count. */
static const struct jac_definition *find_last(elaboration *e, const char *key, bool base,
                                              enum jac_defines defines, size_t indices) {
  const struct jac_definition *found = NULL, *later = NULL;
  for (const struct jac_definition *d = jac_definition_first(e->evidence, key, base); d;
       d = jac_definition_next(e->evidence, d, base)) {
    if ((base ? d->base : d->key) != key || defines_of(e, d) != defines)
      continue;
    if (base && d->indices != indices)
      continue;
    if (d->order >= e->visible && !d->fact->strong) {
      if (!later && !solution(e, key, d) && !solved_for(e, d))
        later = d;
    } else if ((!found || d->fact->strong >= found->fact->strong) && !of_another(e, d))
      found = d;
  }
  return found ? found : later;
}

/* It is asked for again and again, and is the same through a run; where choices have no
 * room left, one that was met is met anew. */
const struct jac_definition *jac_last_definition(elaboration *e, const char *key,
                                                 bool base, enum jac_defines defines,
                                                 size_t indices) {
  struct name_entry *entry = e->nchoice < JAC_CHOICES ? jac_name_entry(e, key) : NULL;
  size_t k = base ? JAC_DEFINES_NEXT + indices : (size_t)defines;
  if (entry && entry->looked[k])
    return entry->last[k];
  const struct jac_definition *last = find_last(e, key, base, defines, indices);
  if (entry) {
    entry->looked[k] = true;
    entry->last[k] = last;
  }
  return last;
}

const struct jac_definition *jac_definition_of(elaboration *e, const char *key) {
  const struct jac_definition *value =
      jac_last_definition(e, key, false, JAC_DEFINES_VALUE, 0);
  const struct jac_definition *entries =
      jac_last_definition(e, key, false, JAC_DEFINES_ENTRIES, 0);
  const struct jac_definition *function =
      jac_last_definition(e, key, false, JAC_DEFINES_FUNCTION, 0);
  const struct jac_definition *power =
      jac_last_definition(e, key, false, JAC_DEFINES_POWER, 0);
  const struct jac_definition *all[] = {value, entries, function, power};
  const struct jac_definition *found = NULL;
  for (size_t k = 0; k < 4; k++)
    if (all[k] && (!found || all[k]->order > found->order))
      found = all[k];
  return found;
}

bool jac_quantity_too(elaboration *e, const char *key) {
  const struct jac_definition *d = jac_definition_of(e, key);
  return d && d->defines == JAC_DEFINES_VALUE && d->fact->right &&
         d->fact->right->form != JAC_S_NUMBER && d->fact->right->form != JAC_S_NAME;
}

const struct jac_definition *jac_entries_of(elaboration *e, const char *base,
                                            size_t indices) {
  if (indices)
    return jac_last_definition(e, base, true, JAC_DEFINES_ENTRIES, indices);
  const struct jac_definition *found = NULL;
  for (size_t k = 1; k <= 3 && !found; k++)
    found = jac_last_definition(e, base, true, JAC_DEFINES_ENTRIES, k);
  return found;
}

const struct jac_definition *jac_function_of(elaboration *e, const char *key) {
  const struct jac_definition *f =
      jac_last_definition(e, key, false, JAC_DEFINES_FUNCTION, 0);
  const struct jac_definition *value =
      jac_last_definition(e, key, false, JAC_DEFINES_VALUE, 0);
  return f && (!value || value->order < f->order) ? f : NULL;
}
