/* Sums that repeated indices imply: a_i b_i, A_{ik} B_{kj}. */
#include "jacobian/elaborate/names_internal.h"

void jac_meet_index(struct jac_indices *in, const struct jac_index *index) {
  for (size_t k = 0; k < in->count; k++)
    if (in->index[k] == index) {
      in->times[k]++;
      return;
    }
  if (in->count < 16) {
    in->index[in->count] = index;
    in->times[in->count++] = 1;
  }
}

bool jac_meet_indices(term *t, void *context) {
  if (t->kind == JAC_TERM_INDEX)
    jac_meet_index(context, t->index);
  return true;
}

bool jac_index_is_free(const elaboration *e, const struct jac_index *index) {
  for (size_t k = 0; k < e->nindex; k++)
    if (e->index[k] == index)
      return true;
  return false;
}

bool jac_index_among(const struct jac_indices *in, const struct jac_index *index) {
  for (size_t k = 0; k < in->count; k++)
    if (in->index[k] == index)
      return true;
  return false;
}

/* Repeated indices are summed, term by term. *summed: some were. */
term *jac_sum_repeated(elaboration *e, term *t, const struct jac_indices *keep,
                       bool *summed) {
  if (t->kind == JAC_TERM_OP &&
      (t->construct == JAC_C_ADD || t->construct == JAC_C_SUBTRACT ||
       t->construct == JAC_C_NEGATE)) {
    term *child[2];
    for (size_t k = 0; k < t->count && k < 2; k++)
      child[k] = jac_sum_repeated(e, t->child[k], keep, summed);
    struct jac_term *copy = jac_term_new(e, t->kind, t->type, NULL, t->count, child);
    if (!copy)
      return NULL;
    copy->reading = t->reading;
    copy->construct = t->construct;
    return copy;
  }
  struct jac_indices mine = {.count = 0};
  jac_term_walk(t, jac_meet_indices, &mine);
  size_t row;
  jac_readings_of(JAC_C_SUM, &row);
  for (size_t k = 0; k < mine.count && t; k++) {
    if (!jac_index_is_free(e, mine.index[k]) || jac_index_among(keep, mine.index[k]))
      continue;
    if (mine.times[k] < 2)
      continue;
    *summed = true;
    term *child[4] = {t, NULL, NULL, NULL};
    struct jac_term *sum = jac_term_new(e, JAC_TERM_BIG, t->type, NULL, 4, child);
    if (!sum)
      return NULL;
    sum->reading = jac_reading_at(row);
    sum->construct = JAC_C_SUM;
    sum->index = mine.index[k];
    t = sum;
  }
  return t;
}

/* Whether two factors have a free index in common. */
static bool in_two_factors(const elaboration *e, term *t) {
  if (t->kind != JAC_TERM_OP || t->count > 2 || t->construct == JAC_C_POWER)
    return false;
  bool found = false, terms = t->construct == JAC_C_ADD || t->construct == JAC_C_SUBTRACT;
  for (size_t k = 0; k < t->count && !found; k++)
    found = in_two_factors(e, t->child[k]);
  if (t->count < 2 || terms || found)
    return found;
  struct jac_indices a = {.count = 0}, b = {.count = 0};
  jac_term_walk(t->child[0], jac_meet_indices, &a);
  jac_term_walk(t->child[1], jac_meet_indices, &b);
  for (size_t k = 0; k < a.count && !found; k++)
    found = jac_index_is_free(e, a.index[k]) && jac_index_among(&b, a.index[k]);
  return found;
}

/* In a definition whose left side lacks them: s = a_i b_i, L = -y_j \log p_j. */
term *jac_summed_body(elaboration *e, const char *key, term *body) {
  struct jac_indices none = {.count = 0};
  bool summed = false;
  if (!in_two_factors(e, body))
    return body;
  term *sum = jac_sum_repeated(e, body, &none, &summed);
  if (!summed)
    return body;
  const char *site = jac_pool_printf(e->scope->pool, "repeated in:%s", key);
  return jac_choose2(e, site, 0, 6, NULL, N_("repeated indices are summed"), NULL) == 1
             ? sum
             : body;
}
