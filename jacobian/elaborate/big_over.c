/* What sums and products run over. */
#include "jacobian/elaborate/big_internal.h"
#include "jacobian/elaborate/script_internal.h"

#include <string.h>

static bool read_over(elaboration *e, node *below, struct over over[3], size_t *count);

static bool one_more(struct over over[3], size_t *count, struct over next) {
  if (*count == 3)
    return false;
  over[(*count)++] = next;
  return true;
}

/* s \in S: an element of what has a name. */
static bool of_set(elaboration *e, node *n, struct over over[3], size_t *count) {
  node *letter = n->child[0], *set = n->child[2];
  if (n->count == 3 && jac_name_like(letter) && jac_name_like(set) &&
      one_more(over, count, (struct over){.letter = letter, .set = set}))
    return true;
  jac_unknown(e, n, "a sum over a set is not read");
  return false;
}

/* Whether a condition is on an index that is there: itself, or an entry by it. */
static bool on_one_of(node *n, const struct over *over, size_t count) {
  for (size_t j = 0; j < count; j++) {
    for (size_t k = 0; k < n->count; k += 2)
      if (jac_notation_equal(n->child[k], over[j].letter))
        return true;
    if (jac_is_below(n, over[j].letter))
      return true;
  }
  return false;
}

/* i \ne j, i < j, 1 \le i \le n, y_i < 1: a condition on the sum's own or a new index. */
static bool on_condition(elaboration *e, node *n, struct over over[3], size_t *count) {
  bool own = on_one_of(n, over, *count);
  node *letter = NULL;
  for (size_t k = 0; k < n->count && !letter && !own; k += 2)
    if (n->child[k]->form == JAC_S_NAME && !jac_bound_find(e, jac_key(e, n->child[k])))
      letter = n->child[k];
  if (!own && !(letter && one_more(over, count, (struct over){.letter = letter})))
    return false;
  struct over *last = &over[*count - 1];
  if (last->conditions == 4)
    return false;
  last->condition[last->conditions++] = n;
  return true;
}

bool jac_one_over(elaboration *e, node *n, struct over over[3], size_t *count) {
  n = jac_inside(n);
  if (n->form == JAC_S_CHAIN) {
    enum jac_construct_id id = n->child[1]->row->id;
    node *left = n->child[0];
    if (id == JAC_C_EQUAL && n->count == 3 &&
        (left->form == JAC_S_NAME || left->form == JAC_S_SCRIPT))
      return one_more(over, count, (struct over){.letter = left, .first = n->child[2]});
    if (id == JAC_C_EQUAL && n->count == 5 && n->child[3]->row->id == JAC_C_EQUAL)
      return false; /* i = j = 1 */
    return id == JAC_C_MEMBER ? of_set(e, n, over, count)
                              : on_condition(e, n, over, count);
  }
  if (n->form == JAC_S_NAME || n->form == JAC_S_SCRIPT)
    return one_more(over, count, (struct over){.letter = n});
  if (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_CONDITION)
    return jac_one_over(e, n->child[0], over, count) &&
           jac_one_over(e, n->child[1], over, count);
  return read_over(e, n, over, count);
}

static bool read_over(elaboration *e, node *below, struct over over[3], size_t *count) {
  if (below->form != JAC_S_LIST && below->form != JAC_S_SIDE)
    return false;
  for (size_t k = 0; k < below->count; k++)
    if (!jac_one_over(e, below->child[k], over, count))
      return false;
  return true;
}

/* Whether a letter of a condition is an index of its own, too, by how it is written: i <
 * j runs over both, i \ne j may. */
static bool runs_too(elaboration *e, node *chain, node *letter, node *body) {
  if (letter->form != JAC_S_NAME || jac_bound_find(e, jac_key(e, letter)) ||
      !jac_is_below(body, letter) || (!e->ndefining && jac_is_below(e->left, letter)))
    return false;
  bool unequal = chain->child[1]->row->id == JAC_C_UNEQUAL;
  return jac_choose2(e, jac_pool_printf(e->scope->pool, "pairs:%s", letter->text),
                     unequal ? 0 : 6, unequal ? 3 : 0, NULL,
                     unequal ? N_("a sum over unequal indices is over both") : NULL,
                     NULL) == 1;
}

void jac_over_pairs(elaboration *e, node *body, struct over over[3], size_t *count) {
  size_t k = *count - 1, at = 0;
  for (; *count < 3 && at < over[k].conditions; at++) {
    node *chain = over[k].condition[at], *letter = NULL;
    for (size_t j = 0; j < chain->count && !letter; j += 2)
      if (!jac_notation_equal(chain->child[j], over[k].letter) &&
          runs_too(e, chain, chain->child[j], body))
        letter = chain->child[j];
    if (!letter)
      continue;
    over[*count] = (struct over){.letter = letter}; /* the inner one has the conditions */
    memcpy(over[*count].condition, over[k].condition, sizeof over[k].condition);
    over[*count].conditions = over[k].conditions;
    over[k].conditions = 0;
    ++*count;
    return;
  }
}

/* n of a chain of relations that ends with \le n, n being a size, and has the letter. */
static node *last_of(elaboration *e, node *chain, node *letter) {
  node *n = chain->child[chain->count - 1], *first = chain->child[0];
  bool has = false;
  for (size_t k = 0; k + 2 < chain->count; k += 2)
    has = has || jac_notation_equal(chain->child[k], letter);
  bool from_one = jac_number_is(first, 1) || jac_notation_equal(first, letter);
  return has && from_one && chain->child[chain->count - 2]->row->id == JAC_C_ATMOST &&
                 n->form == JAC_S_NAME && !jac_bound_find(e, jac_key(e, n)) &&
                 !jac_definition_of(e, jac_key(e, n)) && !jac_is_index(e, jac_key(e, n))
             ? n
             : NULL;
}

bool jac_up_to(elaboration *e, const struct over *o, struct jac_index *index,
               const struct over *all, size_t count) {
  for (size_t k = 0; k < count; k++)
    for (size_t j = 0; j < all[k].conditions; j++) {
      node *chain = all[k].condition[j];
      node *n = chain->form == JAC_S_CHAIN ? last_of(e, chain, o->letter) : NULL;
      if (!n ||
          jac_dim_unify(&e->dims, index->range, jac_named_size(e, jac_key(e, n)), 0))
        continue;
      jac_clash(e, n, e->dims.conflict, "the sum runs over another size");
      return false;
    }
  return true;
}

void jac_end_there(elaboration *e, const struct jac_index *index, term *last) {
  const struct jac_dim *range = jac_dim_root(index->range);
  if (last && last->kind == JAC_TERM_SIZE && range->kind == JAC_DIM_FREE && !range->name)
    jac_dim_unify(&e->dims, index->range, (struct jac_dim *)last->dim, 0);
}

bool jac_is_below(node *n, node *name) {
  if (n->form == JAC_S_SCRIPT && n->child[1] && jac_notation_has(n->child[1], name))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && jac_is_below(n->child[k], name))
      return true;
  return false;
}

void jac_same_range(elaboration *e, const struct over *o, node *above,
                    struct jac_index *index) {
  if (above || o->first)
    return;
  const char *key = jac_pool_printf(e->scope->pool, o->set ? "in:%s" : "over:%s",
                                    jac_key(e, o->set ? o->set : o->letter));
  struct name_entry *entry = key ? jac_name_entry(e, key) : NULL;
  const struct jac_dim *range = jac_dim_root(index->range);
  if (!entry)
    return;
  if (!entry->dim)
    entry->dim = index->range;
  else if (range->kind == JAC_DIM_FREE && !range->name)
    jac_dim_unify(&e->dims, index->range, entry->dim, 0);
}
