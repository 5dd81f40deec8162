/* What a formula in a sentence says of a name by a relation: a > 0, \sum_i w_i = 1. */
#include "jacobian/notes/section_internal.h"

#include <string.h>

static size_t place_of(const struct statement_place *p,
                       const struct jac_statement_written *st) {
  return p->item && p->document
             ? jac_item_place(p->document, p->item, st->side[0].start).line
             : 0;
}

static bool is_number(node *n, double number) {
  return n->form == JAC_S_NUMBER && n->number == number;
}

/* Long: each way to write it. a > 0, \sigma \ge 0, 0 < p < 1 in a sentence, which is no
 * condition of a display. */
static void sign_said(struct statement_place *p, const struct jac_statement_written *st) {
  node *first = st->side[0].notation, *last = st->side[st->count - 1].notation;
  if (p->display || st->count > 3 || !first || !last ||
      p->section->when_end == p->item->end)
    return;
  enum jac_construct_id id = st->side[1].relation->id;
  bool below = id == JAC_C_LESS || id == JAC_C_ATMOST,
       above = id == JAC_C_MORE || id == JAC_C_ATLEAST;
  bool zero_last = is_number(last, 0), zero_first = is_number(first, 0),
       between = st->count == 3 && below && zero_first;
  node *names = between          ? st->side[1].notation
                : st->count == 3 ? NULL
                : zero_last      ? first
                : zero_first     ? last
                                 : NULL;
  if (!names || (!below && !above))
    return;
  unsigned properties = between && is_number(last, 1)   ? JAC_IS_UNIT
                        : between || above == zero_last ? JAC_IS_POSITIVE
                                                        : JAC_IS_NEGATIVE;
  size_t count = names->form == JAC_S_LIST ? names->count : 1;
  for (size_t k = 0; k < count; k++) {
    node *name = names->form == JAC_S_LIST ? names->child[k] : names;
    if (jac_name_like(name))
      jac_section_fact(p->section, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                                     .left = name,
                                                     .properties = properties,
                                                     .line = place_of(p, st)});
  }
}

/* \sum_i w_i = 1 in a sentence: of w. */
static void sum_said(struct statement_place *p, const struct jac_statement_written *st) {
  node *sum = st->side[0].notation, *one = st->side[1].notation;
  node *entry = sum && sum->form == JAC_S_BIG ? sum->child[2] : NULL;
  if (p->display || st->count != 2 || st->side[1].relation->id != JAC_C_EQUAL || !one ||
      !is_number(one, 1) || !entry || sum->row->id != JAC_C_SUM ||
      entry->form != JAC_S_SCRIPT || !entry->child[1] || entry->child[2] ||
      !jac_name_like(entry->child[0]))
    return;
  jac_section_fact(p->section, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                                 .left = entry->child[0],
                                                 .properties = JAC_SUMS_TO_ONE,
                                                 .line = place_of(p, st)});
}

static bool below_another(const struct jac_section *s, node *name) {
  for (size_t k = 0; k < s->facts; k++) {
    const struct jac_fact *f = &s->fact[k];
    if ((f->left && jac_stands_below(f->left, name)) ||
        (f->right && jac_stands_below(f->right, name)))
      return true;
  }
  return false;
}

void jac_bounds_said(struct jac_section *s, node *a, enum jac_construct_id id, node *b,
                     size_t line) {
  if (!a || !b || id <= JAC_C_UNEQUAL || id > JAC_C_ATLEAST)
    return;
  node *side[2] = {a, b};
  for (size_t k = 0; k < 2; k++) {
    node *name = side[k], *other = side[1 - k];
    bool zero = is_number(other, 0), number = other->form == JAC_S_NUMBER;
    bool larger = (id >= JAC_C_MORE) == (k == 0);
    if (name->form == JAC_S_NAME && (number || other->form == JAC_S_NAME) &&
        !below_another(s, name))
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                            .left = name,
                                            .properties = !zero    ? JAC_IS_SPECIAL
                                                          : larger ? JAC_IS_POSITIVE
                                                                   : JAC_IS_NEGATIVE,
                                            .line = line});
  }
}

/* x > 3, x < y in a sentence: said, and not made use of. */
static void bound_said(struct statement_place *p,
                       const struct jac_statement_written *st) {
  node *a = st->side[0].notation, *b = st->side[1].notation;
  bool zero = (a && is_number(a, 0)) || (b && is_number(b, 0));
  if (!p->display && st->count == 2 && !zero && p->section->when_end != p->item->end)
    jac_bounds_said(p->section, a, st->side[1].relation->id, b, place_of(p, st));
}

void jac_signs_said(struct statement_place *p, const struct jac_statement_written *st) {
  sign_said(p, st);
  sum_said(p, st);
  bound_said(p, st);
}

bool jac_sum_said(struct jac_section *s, const struct jac_document *document,
                  size_t which, node *sum) {
  enum { NEAR = 40 };
  if (sum->form != JAC_S_BIG || which == 0)
    return false;
  const struct jac_item *item = &document->item[which], *before = item - 1;
  if (before->kind != JAC_ITEM_INLINE || before->problem || item->start < before->end ||
      item->start - before->end > NEAR ||
      memchr(document->source + before->end, '.', item->start - before->end) ||
      memchr(document->source + before->end, '\n', item->start - before->end))
    return false;
  node *name = jac_read_text(s, before->text, true);
  return name && name->form == JAC_S_NAME && !name->row &&
         jac_section_fact(s, (struct jac_fact){
                                 .kind = JAC_FACT_DEFINITION,
                                 .left = name,
                                 .right = sum,
                                 .passing = true,
                                 .line = jac_document_place(document, item->start).line});
}
