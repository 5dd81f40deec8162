/* r and \mathbf r, where r = |\mathbf r| is written: two names. */
#include "jacobian/notes/section_internal.h"

#include "jacobian/elaborate/evidence.h"

#include <string.h>

/* |\mathbf r| of a side, \sqrt{\mathbf r \cdot \mathbf r} not: the bold name, or NULL. */
static node *length_of(node *side) {
  node *inside = side && side->form == JAC_S_GROUP && side->text[0] == '|'
                     ? jac_inside(side->child[0])
                     : NULL;
  return inside && inside->form == JAC_S_NAME && inside->bold ? inside : NULL;
}

/* r = |\mathbf r|, one way or the other. */
static void look_at(struct jac_section *s, node *a, node *b) {
  node *bold = length_of(b);
  if (bold && a && a->form == JAC_S_NAME && !a->bold &&
      strcmp(a->text, bold->text) == 0 &&
      s->parteds < sizeof s->parted / sizeof *s->parted)
    s->parted[s->parteds++] = bold->text;
}

static void look(struct jac_section *s, const struct jac_item *item) {
  struct jac_display display;
  bool bars = item->text && (strchr(item->text, '|') || strstr(item->text, "ert"));
  if (!bars || item->problem || !strchr(item->text, '=') ||
      jac_display_read(s->pool, item->text, true, &display, NULL, NULL))
    return;
  for (size_t k = 0; k < display.count; k++) {
    const struct jac_statement_written *st = &display.statement[k];
    for (size_t j = 0; j + 1 < st->count; j++) {
      look_at(s, st->side[j].notation, st->side[j + 1].notation);
      look_at(s, st->side[j + 1].notation, st->side[j].notation);
    }
  }
}

void jac_section_part(struct jac_section *s, const struct jac_document *document) {
  s->looked = true;
  for (size_t k = 0; k < document->count; k++)
    if (document->item[k].kind == JAC_ITEM_DISPLAY ||
        document->item[k].kind == JAC_ITEM_INLINE)
      look(s, &document->item[k]);
}

node *jac_parted(const struct jac_section *s, node *n) {
  if (n->form != JAC_S_NAME || !n->bold)
    return n;
  for (size_t k = 0; k < s->parteds; k++)
    if (strcmp(s->parted[k], n->text) == 0) {
      struct jac_syntax as = *n;
      as.text = jac_pool_printf(s->pool, "bold_%s", n->text);
      node *name = jac_notation_node(s->pool, &as, 0, NULL);
      return name ? name : n;
    }
  return n;
}
