/* Statements of a display or of a formula in a sentence, as facts and links. */
#include "jacobian/notes/section_internal.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/text.h"

#include <string.h>

static size_t line_of(const struct statement_place *p, size_t offset) {
  return p->item && p->document ? jac_item_place(p->document, p->item, offset).line : 0;
}

void jac_statement_definition(struct statement_place *p, node *left, node *right,
                              const char *problem, size_t offset) {
  jac_section_fact(p->section, (struct jac_fact){.kind = JAC_FACT_DEFINITION,
                                                 .left = left,
                                                 .right = right,
                                                 .strong = p->strong,
                                                 .problem = problem,
                                                 .line = line_of(p, offset)});
}

static void use(struct statement_place *p, node *left, node *right) {
  jac_section_fact(p->section,
                   (struct jac_fact){.kind = JAC_FACT_USE, .left = left, .right = right});
}

static bool is_equality(const struct jac_construct *row) {
  return row->id == JAC_C_EQUAL;
}

static void unjudged(struct statement_place *p, const struct jac_written *side,
                     size_t link, const char *reason) {
  if (p->display)
    jac_section_link(p->section, (struct jac_link){.item = p->item,
                                                   .start = side->start,
                                                   .end = side->end,
                                                   .link = link,
                                                   .reason = reason});
}

static node *base_of(node *n) {
  n = jac_inside(n);
  return n->form == JAC_S_SCRIPT ? base_of(n->child[0]) : n;
}

/* Whether a name stands in n that has the base of another, delta^{l+1} of delta^l. */
static bool shares_base(node *n, node *name) {
  return jac_notation_has_name(n, base_of(name)->text);
}

/* A side of a chain that can be the left one of what follows. */
static void one_statement(struct statement_place *p,
                          const struct jac_statement_written *st, node **above) {
  struct jac_section *s = p->section;
  const struct jac_written *first = &st->side[0];
  if (st->count < 2) {
    if (!first->notation && first->problem && *first->problem && p->display) {
      struct jac_link link = {.item = p->item,
                              .start = first->start,
                              .end = first->end,
                              .reason = _("no equality")};
      jac_section_link(s, link);
    } else if (first->notation || p->display)
      unjudged(p, first, 0, _("no equality"));
    if (first->notation)
      use(p, first->notation, NULL);
    return;
  }
  /* Memberships and functions' types. */
  if (st->side[1].relation->id == JAC_C_MEMBER) {
    if (first->notation && st->side[1].notation) {
      if (st->count >= 3 && st->side[2].relation->id == JAC_C_ARROW) {
        struct jac_fact f = {.kind = JAC_FACT_PROPERTY,
                             .left = first->notation,
                             .properties = JAC_IS_FUNCTION};
        if (jac_name_like(first->notation))
          jac_section_fact(s, f);
      } else
        jac_section_member(s, first->notation, st->side[1].notation, p->strong,
                           line_of(p, first->start));
    }
    for (size_t k = 1; k < st->count; k++)
      unjudged(p, &st->side[k], k, _("it says a shape"));
    return;
  }
  node *left = first->notation;
  if (!left && first->start == first->end && *above)
    left = *above; /* "= ..." goes on from the display above */
  size_t k = 1;
  bool took = false;
  node *derivative = NULL; /* delta = dL/dz = ...: what follows is of the derivative */
  bool arrow = st->side[1].relation->id == JAC_C_ARROW;
  node *wrt = NULL;
  for (size_t j = 0; j < s->facts; j++)
    if (s->fact[j].kind == JAC_FACT_MEANING && s->fact[j].saying == JAC_SAYS_WRT)
      wrt = s->fact[j].left;
  if (arrow && left && wrt && !jac_mentions_derivative(left)) {
    /* f -> its derivative, by what the directive says */
    struct jac_syntax like = {.form = JAC_S_NAME,
                              .text = jac_pool_text(s->pool, "nabla"),
                              .start = left->start,
                              .end = left->end};
    node *sign = jac_notation_node(s->pool, &like, 0, NULL);
    node *script[3] = {sign, wrt, NULL};
    like.form = JAC_S_SCRIPT;
    like.text = "";
    node *nabla = sign ? jac_notation_node(s->pool, &like, 3, script) : NULL;
    like.form = JAC_S_GROUP;
    like.text = "()";
    node *group = jac_notation_node(s->pool, &like, 1, &left);
    like.form = JAC_S_SIDE;
    like.text = "";
    node *pair[2] = {nabla, group};
    if (nabla && group)
      left = jac_notation_node(s->pool, &like, 2, pair);
  }
  const struct jac_written *end = &st->side[st->count - 1];
  if (st->count == 3 && !p->display && left && jac_name_like(left) &&
      st->side[1].notation && jac_name_like(st->side[1].notation) && end->notation &&
      jac_number_alone(end->notation)) {
    use(p, left, end->notation); /* "at p = q = 0" */
    use(p, st->side[1].notation, end->notation);
    return;
  }
  if (is_equality(st->side[1].relation) && left && left == first->notation &&
      jac_section_defines(s, left, st->side[1].notation, p->display)) {
    bool number = st->side[1].notation && (jac_number_alone(st->side[1].notation) ||
                                           jac_worked_out(st->side[1].notation));
    if (number && !p->strong) {
      /* A worked number: kept for claims at a point alone. */
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_USE,
                                            .left = left,
                                            .right = st->side[1].notation,
                                            .guess = true,
                                            .passing = !p->display});
    } else
      jac_statement_definition(p, left, st->side[1].notation,
                               st->side[1].notation ? NULL : st->side[1].problem,
                               first->start);
    unjudged(p, &st->side[1], 1, number ? _("a value") : _("a definition"));
    took = true;
    k = 2;
    derivative = st->side[1].notation ? jac_inside(st->side[1].notation) : NULL;
    if (derivative &&
        (derivative->form != JAC_S_FRACTION || !jac_mentions_derivative(derivative)))
      derivative = NULL;
    /* z = W x \in R^n */
  }
  bool held_number = false;
  const struct jac_written *last = &st->side[st->count - 1];
  if (st->count > 2 && last->notation && jac_number_alone(last->notation) &&
      is_equality(last->relation) &&
      memchr(p->item ? p->item->text + last->start : "", '.',
             p->item ? last->end - last->start : 0))
    held_number = true; /* \ldots = 0.5: worked with numbers throughout */
  if (!took && left && left == first->notation && left->form == JAC_S_APPLY &&
      is_equality(st->side[1].relation) && st->side[1].notation &&
      !jac_mentions_derivative(left) && left->child[0]->form == JAC_S_NAME &&
      jac_inside(left->child[1])->form == JAC_S_SIDE &&
      jac_inside(left->child[1])->count == 2 &&
      jac_name_like(jac_inside(left->child[1])->child[0]) &&
      jac_inside(left->child[1])->child[1]->form == JAC_S_GROUP) { /* log p(x) = ... */
    jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_EQUATION,
                                          .left = left,
                                          .right = st->side[1].notation,
                                          .line = line_of(p, first->start)});
    unjudged(p, &st->side[1], 1, _("a definition"));
    k = 2;
  }
  for (; k < st->count; k++) {
    const struct jac_written *side = &st->side[k];
    const struct jac_construct *row = side->relation;
    if (row->id == JAC_C_MEMBER) {
      if (k == 1 + (size_t)took && left && took && side->notation)
        jac_section_member(s, left, side->notation, p->strong, line_of(p, first->start));
      unjudged(p, side, k, _("a set"));
      continue;
    }
    if (!is_equality(row) && !(row->id == JAC_C_ARROW && arrow)) {
      unjudged(p, side, k, _("no equality"));
      if (side->notation)
        use(p, side->notation, NULL);
      left = side->notation; /* what is equal to it follows */
      continue;
    }
    if (!p->display) {
      if (left && side->notation)
        use(p, left, side->notation);
      continue;
    }
    struct jac_link link = {.item = p->item,
                            .start = side->start,
                            .end = side->end,
                            .link = k,
                            .left = derivative && side->notation &&
                                            !shares_base(side->notation, left)
                                        ? derivative
                                        : left,
                            .right = side->notation,
                            .first = k == 1};
    if (!left) {
      link.problem = first->problem && *first->problem
                         ? first->problem
                         : _("nothing stands on the left of the equality");
      link.position = first->position;
    } else if (!side->notation) {
      link.problem = side->problem && *side->problem ? side->problem
                                                     : _("nothing stands on its right");
      link.position = side->position;
    } else {
      bool zero = side->notation->form == JAC_S_NUMBER && side->notation->number == 0;
      bool single = left->form == JAC_S_FRACTION || left->form == JAC_S_INFIX ||
                    left->form == JAC_S_SCRIPT || left->form == JAC_S_APPLY;
      node *lone = jac_inside(left);
      bool sum = lone->form == JAC_S_TERMS && lone->count > 1;
      bool product =
          lone->form == JAC_S_SIDE && jac_mentions_derivative(lone) && lone->count > 1;
      bool numbers = jac_number_alone(side->notation) || jac_worked_out(side->notation);
      bool point = jac_at_point(s, left, numbers);
      bool example = (jac_worked_out(side->notation) && jac_primed_call(left)) ||
                     (jac_has_worked_matrix(side->notation) &&
                      !jac_has_worked_matrix(left) && !jac_mentions_derivative(left));
      if (zero && (k > 1 || sum || (product && !single)))
        link.reason = _("an equation to solve");
      else if (point)
        link.reason = _("a value at a point");
      else if (example || (k > 1 && numbers && !zero) || held_number)
        link.reason = _("a worked number");
      if (example || (k > 1 && numbers))
        held_number = true;
    }
    node *a, *b;
    if (k == 1 && left && side->notation &&
        jac_operand_defined(s, left, side->notation, &a, &b)) {
      jac_statement_definition(p, a, b, NULL, side->start);
      link.reason = _("a definition");
    }
    if (left && side->notation && !link.reason && !link.problem)
      jac_guess_bases(s, &link, left, side->notation);
    jac_section_link(s, link);
    if (left && side->notation)
      use(p, left, side->notation);
  }
  if (left)
    *above = left;
}

void jac_statements(struct statement_place *p, const char *text, bool latex,
                    node **above) {
  struct jac_section *s = p->section;
  struct jac_display display;
  struct jac_error why = {.status = JAC_OK};
  size_t position = 0;
  enum jac_status status =
      jac_display_read(s->pool, text, latex, &display, &position, &why);
  if (status == JAC_ENOMEM) {
    s->failed = true;
    return;
  }
  if (status) {
    if (p->display)
      jac_section_link(s,
                       (struct jac_link){.item = p->item,
                                         .end = p->item->length,
                                         .problem = jac_pool_text(s->pool, why.message),
                                         .position = position});
    return;
  }
  if (!display.count && p->display)
    jac_section_link(s, (struct jac_link){.item = p->item,
                                          .end = p->item->length,
                                          .reason = _("an empty formula")});
  size_t links_before = s->links;
  for (size_t k = 0; k < display.count && !s->failed; k++) {
    const struct jac_statement_written *st = &display.statement[k];
    if (jac_condition_words(st) && k > 0 && s->links > links_before &&
        st->side[0].notation) {
      /* "if i != j", "for x > 0": a condition of the claims before it in this row. */
      node *side = st->side[0].notation, *chain = NULL;
      if (st->count >= 2 && st->side[1].notation &&
          st->side[1].relation->id != JAC_C_MEMBER) {
        struct jac_syntax sign = {
            .form = JAC_S_SIGN, .text = "", .row = st->side[1].relation};
        node *middle = jac_notation_node(s->pool, &sign, 0, NULL);
        node *child[3] = {side, middle, st->side[1].notation};
        struct jac_syntax like = *side;
        like.form = JAC_S_CHAIN;
        like.text = "";
        like.row = NULL;
        like.number = 0;
        chain = jac_notation_node(s->pool, &like, 3, child);
      }
      node *other = st->count >= 2 ? st->side[1].notation : NULL;
      if (other && other->form == JAC_S_SCRIPT &&
          jac_notation_equal(other->child[0], side) &&
          (jac_is_name(other->child[2], "T") || jac_is_name(other->child[2], "top"))) {
        /* if W = W^T */
        jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                              .left = side,
                                              .properties = JAC_IS_SYMMETRIC});
        unjudged(p, &st->side[0], 0, _("a condition"));
        continue;
      }
      if (chain) {
        bool range = st->side[1].relation->id == JAC_C_EQUAL &&
                     (jac_notation_has_name(st->side[1].notation, "dots") ||
                      st->side[1].notation->form == JAC_S_LIST);
        for (size_t j = links_before; j < s->links && !range; j++)
          if (!s->link[j].reason && !s->link[j].problem)
            s->link[j].condition = chain;
        unjudged(p, &st->side[0], 0, _("a condition"));
        continue;
      }
      unjudged(p, &st->side[0], 0, _("a condition"));
      continue;
    }
    node *bare = p->display && k > 0 && s->links > links_before
                     ? jac_bare_condition(s, st, false)
                     : NULL;
    if (bare) {
      jac_condition_of(s, links_before, bare);
      unjudged(p, &st->side[0], 0, _("a condition"));
      continue;
    }
    one_statement(p, st, above);
  }
  node *said = s->when ? s->when : s->under;
  if (p->display && said)
    jac_condition_of(s, links_before, said);
}
