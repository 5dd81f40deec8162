/* Formulas into facts and claims: what defines, what declares, what is to be judged. */
#include "jacobian/notes/section_internal.h"

#include "jacobian/text.h"

#include <string.h>

static void *grown(struct jac_section *s, void *list, size_t count, size_t *room,
                   size_t size) {
  if (count < *room)
    return list;
  size_t more = *room ? 2 * *room : 32;
  void *wider = jac_pool_take(s->pool, more * size);
  if (!wider) {
    s->failed = true;
    return NULL;
  }
  if (count)
    memcpy(wider, list, count * size);
  *room = more;
  return wider;
}

struct jac_fact *jac_section_fact(struct jac_section *s, struct jac_fact fact) {
  void *list = grown(s, s->fact, s->facts, &s->fact_room, sizeof fact);
  if (!list)
    return NULL;
  s->fact = list;
  s->fact[s->facts] = fact;
  return &s->fact[s->facts++];
}

struct jac_link *jac_section_link(struct jac_section *s, struct jac_link link) {
  void *list = grown(s, s->link, s->links, &s->link_room, sizeof link);
  if (!list)
    return NULL;
  s->link = list;
  link.visible = s->facts;
  link.subject = s->subject;
  s->link[s->links] = link;
  return &s->link[s->links++];
}

node *jac_read_text(struct jac_section *s, const char *text, bool latex) {
  node *n = NULL;
  if (jac_notation_read(s->pool, text, latex, &n, NULL, NULL))
    return NULL;
  return n;
}

/* Whether an item of a list begins between two offsets. */
static bool another_item(const struct jac_document *document, size_t from, size_t to) {
  return jac_item_among(document, jac_document_place(document, from).line + 1,
                        jac_document_place(document, to).line);
}

/* Whether nothing but blanks and signs stands between two places. */
static bool directly_behind(const struct jac_document *document, size_t from, size_t to) {
  for (size_t k = from; k < to; k++)
    if (!strchr(" \t\r\n$:,.)\\][", document->source[k]))
      return false;
  return true;
}

/* Long: each kind of item. */
void jac_section_item(struct jac_section *s, const struct jac_document *document,
                      size_t which, const struct jac_notes_modules *modules) {
  const struct jac_item *item = &document->item[which];
  struct statement_place p = {.section = s, .document = document, .item = item};
  if (!s->looked)
    jac_section_part(s, document);
  if (item->kind != JAC_ITEM_DIRECTIVE)
    jac_wording(s, document, which);
  size_t links = s->links, facts = s->facts;
  bool explains = jac_explains(s, document, item);
  switch (item->kind) {
  case JAC_ITEM_HEADING:
    break;
  case JAC_ITEM_DIRECTIVE:
    jac_section_directive(s, item, modules);
    break;
  case JAC_ITEM_DISPLAY:
    p.display = true;
    if (item->problem) {
      jac_section_link(
          s, (struct jac_link){.item = item,
                               .end = item->length,
                               .problem = jac_pool_text(s->pool, item->problem)});
      break;
    }
    if (s->off) {
      jac_section_link(s, (struct jac_link){.item = item,
                                            .end = item->length,
                                            .reason = _("jacobian: off")});
      break;
    }
    if (s->when && !jac_condition_leads(s, document, item)) {
      node *when = s->when;
      if (!s->when_used && when->form == JAC_S_CHAIN && when->count == 3)
        jac_bounds_said(s, when->child[0], when->child[1]->row->id, when->child[2], 0);
      s->when = NULL;
    }
    if (s->beside && !another_item(document, s->beside_end, item->start) &&
        (jac_mentions_derivative(s->beside) ||
         directly_behind(document, s->beside_end, item->start)))
      s->above = s->beside;
    s->beside = NULL;
    p.supposed = jac_supposes(document, item);
    p.denied = jac_denies(document, item);
    jac_statements(&p, item->text, true, &s->above);
    for (size_t k = facts; k < s->facts; k++)
      s->fact[k].explains = explains;
    s->display_end = item->end;
    /* "For i = j", a definition, then what is claimed of it. */
    for (size_t k = links; k < s->links; k++)
      if (!s->link[k].reason)
        s->when = NULL;
    break;
  case JAC_ITEM_INLINE: {
    if (item->problem || s->off || jac_asks(document, item))
      break;
    node *none = NULL;
    if (jac_either_sign(s, document, item) || jac_see_condition(s, document, item))
      break;
    p.follows = jac_follows(document, item);
    p.supposed = jac_supposes(document, item);
    jac_statements(&p, item->text, true, &none);
    for (size_t k = facts; k < s->facts; k++)
      s->fact[k].explains = explains;
    if (s->facts == facts + 1 && s->fact[facts].kind == JAC_FACT_USE &&
        !s->fact[facts].right && jac_sum_said(s, document, which, s->fact[facts].left))
      break;
    if (s->facts == facts + 1 && s->fact[facts].kind == JAC_FACT_USE &&
        !s->fact[facts].right)
      jac_sentence(s, document, which, s->fact[facts].left, ~0U);
    for (size_t k = facts, end = s->facts; k < end; k++)
      if (s->fact[k].kind == JAC_FACT_SHAPE &&
          s->fact[k].rows) /* a symmetric matrix $A \in \dots$, a unit vector */
        jac_sentence(s, document, which, s->fact[k].left,
                     JAC_IS_ORTHONORMAL | JAC_IS_ONES |
                         (s->fact[k].cols ? JAC_OF_MATRICES | JAC_NOT_SYMMETRIC : 0));
    break;
  }
  }
}
