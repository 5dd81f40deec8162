/* Statements of a display or of a formula in a sentence, as facts and links. */
#include "jacobian/notes/section_internal.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/respell.h"
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
                                                 .passing = !p->display,
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

/* One side alone: nothing to judge, a use of its names. */
static void lone_side(struct statement_place *p, const struct jac_written *side) {
  if (!side->notation && side->problem && *side->problem && p->display)
    jac_section_link(p->section, (struct jac_link){.item = p->item,
                                                   .start = side->start,
                                                   .end = side->end,
                                                   .reason = _("no equality")});
  else if (side->notation || p->display)
    unjudged(p, side, 0, _("no equality"));
  if (side->notation)
    use(p, side->notation, NULL);
  if (side->notation && !p->display && !jac_name_like(side->notation)) {
    p->section->beside = side->notation;
    p->section->beside_end = p->item->end;
  }
}

/* Memberships and functions' types: x \in R^n, f: R^n \to R. */
static void membership(struct statement_place *p,
                       const struct jac_statement_written *st) {
  const struct jac_written *first = &st->side[0];
  if (first->notation && st->side[1].notation) {
    bool type = st->count >= 3 && st->side[2].relation->id == JAC_C_ARROW;
    if (!type)
      jac_section_member(p->section, first->notation, st->side[1].notation, p->strong,
                         line_of(p, first->start));
    else if (jac_name_like(first->notation))
      jac_section_fact(p->section, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                                     .left = first->notation,
                                                     .right = st->side[1].notation,
                                                     .properties = JAC_IS_FUNCTION});
  }
  for (size_t k = 1; k < st->count; k++)
    unjudged(p, &st->side[k], k, _("it says a shape"));
}

/* p, f(a) */
static bool name_or_call(node *n) {
  return jac_name_like(n) ||
         (n->form == JAC_S_SIDE && n->count == 2 && jac_name_like(n->child[0]) &&
          n->child[1]->form == JAC_S_GROUP);
}

/* "at p = q = 0", "let f(a) = g(a) = 0" in a sentence. */
static bool at_values(struct statement_place *p, const struct jac_statement_written *st,
                      node *left) {
  node *middle = st->side[1].notation, *end = st->side[st->count - 1].notation;
  if (st->count != 3 || p->display || !left || !name_or_call(left) || !middle ||
      !name_or_call(middle) || !end || !jac_number_alone(end))
    return false;
  use(p, left, end);
  use(p, middle, end);
  return true;
}

/* h(x), where h: R^n \\to R^m was said: x is in R^n. */
static void argument_of_type(struct statement_place *p, node *left) {
  struct jac_section *s = p->section;
  struct jac_definition d;
  if (!jac_definition_read(s->pool, left, &d) || d.params != 1)
    return;
  for (size_t k = 0; k < s->facts; k++) {
    const struct jac_fact *f = &s->fact[k];
    if (f->kind == JAC_FACT_SHAPE && jac_notation_equal(f->left, d.param[0]))
      return;
  }
  for (size_t k = 0; k < s->facts; k++) {
    const struct jac_fact *f = &s->fact[k];
    if (f->kind == JAC_FACT_PROPERTY && f->right && jac_notation_equal(f->left, d.name)) {
      jac_section_member(s, d.param[0], f->right, false, f->line);
      return;
    }
  }
}

/* y = ..., taken as what y is; a worked number is kept for claims at a point alone. */
static void take_definition(struct statement_place *p, node *left,
                            const struct jac_written *first,
                            const struct jac_written *side) {
  bool number = side->notation &&
                (jac_number_alone(side->notation) || jac_worked_out(side->notation));
  if (number && !p->strong)
    jac_section_fact(p->section, (struct jac_fact){.kind = JAC_FACT_USE,
                                                   .left = left,
                                                   .right = side->notation,
                                                   .guess = true,
                                                   .passing = !p->display});
  else
    jac_statement_definition(p, left, side->notation,
                             side->notation ? NULL : side->problem, first->start);
  argument_of_type(p, left);
  unjudged(p, side, 1, number ? _("a value") : _("a definition"));
}

/* log p(x) = ..., log p = ...: said of the whole. */
static bool applied_to_call(node *left, node *right) {
  node *inner = left->form == JAC_S_APPLY ? jac_inside(left->child[1]) : NULL;
  if (inner && left->child[0]->row && left->child[0]->row->id == JAC_C_LOG &&
      jac_name_like(inner) && !jac_number_alone(right))
    return true;
  return inner && !jac_mentions_derivative(left) && left->child[0]->form == JAC_S_NAME &&
         inner->form == JAC_S_SIDE && inner->count == 2 &&
         jac_name_like(inner->child[0]) && inner->child[1]->form == JAC_S_GROUP;
}

/* \ldots = 0.5: worked with numbers throughout. */
static bool ends_in_decimal(const struct statement_place *p,
                            const struct jac_statement_written *st) {
  const struct jac_written *last = &st->side[st->count - 1];
  return st->count > 2 && p->item && last->notation && jac_number_alone(last->notation) &&
         is_equality(last->relation) &&
         memchr(p->item->text + last->start, '.', last->end - last->start);
}

/* x = x(t): x hangs on t. */
static node *of_itself(struct jac_section *s, node *left, node *right) {
  bool derivative;
  if (!jac_name_like(left) || right->form != JAC_S_SIDE || right->count != 2 ||
      jac_section_defined(s, jac_notation_key(s->pool, left), &derivative) ||
      !jac_notation_equal(right->child[0], left) || right->child[1]->form != JAC_S_GROUP)
    return NULL;
  struct jac_syntax like = *left;
  like.form = JAC_S_NAME;
  like.row = NULL;
  like.text = jac_pool_printf(s->pool, "%s()", jac_notation_key(s->pool, left));
  node *pair[2] = {jac_notation_node(s->pool, &like, 0, NULL), right->child[1]};
  return pair[0] ? jac_notation_node(s->pool, right, 2, pair) : NULL;
}

/* 3, 2 x 3, (4 1; 1 3): numbers alone. */
static bool numbers(node *n) {
  return jac_number_alone(n) || jac_worked_out(n) || jac_has_worked_matrix(n);
}

/* Long: what may be wrong with a side. The equality of left and the k-th side as a link.
 */
static void claim(struct statement_place *p, const struct jac_statement_written *st,
                  size_t k, node *left, node *derivative, bool *worked) {
  struct jac_section *s = p->section;
  const struct jac_written *side = &st->side[k], *first = &st->side[0];
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
  node *a, *b;
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
    link.reason = p->supposed ? _("a condition")
                  : p->denied ? _("said to be wrong")
                              : jac_no_claim(s, left, side->notation, k, worked);
    if (k == 1 && jac_operand_defined(s, left, side->notation, &a, &b)) {
      jac_statement_definition(p, a, b, NULL, side->start);
      if (s->facts)
        s->fact[s->facts - 1].implied = true;
      link.reason = _("a definition");
    }
    if (link.reason && k == 1 && jac_name_like(left) && numbers(side->notation))
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_USE, /* H = (4 1; 1 3) */
                                            .left = left,
                                            .right = side->notation,
                                            .guess = true});
    if (!link.reason)
      jac_guess_bases(s, &link, left, side->notation);
  }
  jac_section_link(s, link);
  if (left && side->notation)
    use(p, left, side->notation);
}

/* (x, y), or a column of x and y, which an arrow maps. */
static bool maps(node *left) {
  return left && ((left->form == JAC_S_GROUP && left->child[0]->form == JAC_S_LIST) ||
                  jac_inside(left)->form == JAC_S_MATRIX);
}

/* Whether a name has been spoken of. */
static bool spoken_of(const struct jac_section *s, node *left) {
  node *base = left->form == JAC_S_SCRIPT ? left->child[0] : left;
  if (base->form != JAC_S_NAME)
    return false;
  for (size_t k = 0; k < s->facts; k++)
    if ((s->fact[k].left && jac_notation_has_name(s->fact[k].left, base->text)) ||
        (s->fact[k].right && jac_notation_has_name(s->fact[k].right, base->text)))
      return true;
  return false;
}

/* f(x_0) = g(x_0): what is so at a point says nothing of f elsewhere. */
static bool at_one_point(node *left, node *right) {
  node *at =
      left->form == JAC_S_SIDE && name_or_call(left) ? jac_inside(left->child[1]) : NULL;
  return at && right && at->form == JAC_S_SCRIPT && at->child[1] &&
         at->child[1]->form == JAC_S_NUMBER && right->form == JAC_S_SIDE &&
         name_or_call(right) && jac_notation_equal(right->child[1], left->child[1]);
}

/* "an x with f(x) = x", where f has been spoken of: a point, and not what f is. */
static bool fixed_point(const struct jac_section *s, node *left, node *right) {
  return right && left->form == JAC_S_SIDE && name_or_call(left) &&
         jac_notation_equal(jac_inside(left->child[1]), right) &&
         spoken_of(s, left->child[0]);
}

/* z = W a + b = W s(z_0) + b in a sentence: what follows the first says what it is, too,
 * where the first does not serve. */
static void defined_further(struct statement_place *p,
                            const struct jac_statement_written *st, node *left) {
  for (size_t k = st->count; k-- > 2;) {
    const struct jac_written *side = &st->side[k];
    if (is_equality(side->relation) && side->notation && !numbers(side->notation) &&
        !jac_mentions_derivative(side->notation))
      jac_statement_definition(p, left, side->notation, NULL, side->start);
  }
}

/* Long: the relations of a chain. *above: the side that the next display may go on
 * from. */
static void one_statement(struct statement_place *p,
                          const struct jac_statement_written *st, node **above) {
  struct jac_section *s = p->section;
  const struct jac_written *first = &st->side[0], *second = &st->side[1];
  if (st->count < 2) {
    lone_side(p, first);
    return;
  }
  if (second->relation->id == JAC_C_MEMBER) {
    membership(p, st);
    return;
  }
  if (jac_shape_said(p, st))
    return;
  bool derived = first->notation && (jac_mentions_derivative(first->notation) ||
                                     jac_primed_call(first->notation));
  if (second->relation->id == JAC_C_UNEQUAL && !p->display && derived)
    return; /* (fg)' \ne f' g': how it is not */
  jac_signs_said(p, st);
  node *left = first->notation;
  if (!left && first->start == first->end && *above)
    left = *above; /* "= ..." goes on from the display above */
  bool arrow = second->relation->id == JAC_C_ARROW;
  if (arrow && left)
    left = jac_nabla_of(s, left);
  if (at_values(p, st, left))
    return;
  node *hangs = st->count == 2 && is_equality(second->relation) && left &&
                        second->notation && !jac_mentions_derivative(left)
                    ? of_itself(s, left, second->notation)
                    : NULL;
  if (hangs) {
    jac_statement_definition(p, left, hangs, NULL, first->start);
    unjudged(p, second, 1, _("a definition"));
    return;
  }
  bool supposed = p->supposed && !p->display; /* if A = A^T: of what follows alone */
  if (left == first->notation &&
      jac_itself_said(s, st, line_of(p, first->start), supposed)) {
    for (size_t k = 1; k < st->count; k++)
      unjudged(p, &st->side[k], k, _("it says a property"));
    return;
  }
  node *one = st->count == 2 && is_equality(second->relation) && left && second->notation
                  ? jac_of_length_one(left, second->notation)
                  : NULL;
  if (one)
    jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                          .left = one,
                                          .properties = JAC_IS_ORTHONORMAL,
                                          .line = line_of(p, first->start)});
  node *slope = left && second->notation && is_equality(second->relation)
                    ? jac_slope_by_time(s, left, second->notation)
                    : NULL;
  if (slope)
    left = slope;
  size_t k = 1;
  bool took = false;
  node *derivative = NULL; /* delta = dL/dz = ...: what follows is of the derivative */
  if (is_equality(second->relation) && left && left == first->notation &&
      !at_one_point(left, second->notation) &&
      (p->display ||
       !((p->follows && spoken_of(s, left)) || fixed_point(s, left, second->notation)))) {
    took = jac_section_defines(s, left, second->notation, p->display);
    if (took) {
      if (!p->display)
        defined_further(p, st, left);
      take_definition(p, left, first, second);
      derivative = second->notation ? jac_inside(second->notation) : NULL;
      if (derivative &&
          (derivative->form != JAC_S_FRACTION || !jac_mentions_derivative(derivative)))
        derivative = NULL;
      k = 2;
    } else if (second->notation && applied_to_call(left, second->notation)) {
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_EQUATION,
                                            .left = left,
                                            .right = second->notation,
                                            .line = line_of(p, first->start)});
      unjudged(p, second, 1, _("a definition"));
      k = 2;
    }
  }
  bool worked = ends_in_decimal(p, st);
  for (; k < st->count; k++) {
    const struct jac_written *side = &st->side[k];
    const struct jac_construct *row = side->relation;
    if (row->id == JAC_C_MEMBER) { /* z = W x \in R^n */
      if (k == 2 && took && side->notation)
        jac_section_member(s, left, side->notation, p->strong, line_of(p, first->start));
      unjudged(p, side, k, _("a set"));
    } else if (!is_equality(row) && !(row->id == JAC_C_ARROW && arrow && !maps(left))) {
      unjudged(p, side, k, _("no equality"));
      if (side->notation)
        use(p, side->notation, NULL);
      left = side->notation; /* what is equal to it follows */
      if (took && row->id == JAC_C_ARROW && left)
        left = jac_of_defined(s, left, first->notation);
    } else if (p->display) {
      if (took && k == 2)
        jac_components_said(p, second->notation, side);
      claim(p, st, k, left, derivative, &worked);
    } else if (left && side->notation)
      use(p, left, side->notation);
  }
  if (left)
    *above = left;
}

/* z of "(4) z = f(u, v), ..." in a sentence: the number is that of an item. */
static node *without_number(struct jac_section *s, node *n) {
  if (!n || n->form != JAC_S_SIDE || n->count < 2 || n->count > 3 ||
      n->child[0]->form != JAC_S_GROUP || n->child[0]->text[0] != '(' ||
      n->child[0]->child[0]->form != JAC_S_NUMBER || !jac_name_like(n->child[1]))
    return n;
  node *rest = n->count == 2 ? n->child[1]
                             : jac_notation_node(s->pool, n, n->count - 1, n->child + 1);
  return rest && name_or_call(rest) ? rest : n;
}

/* Long: conditions beside claims. */
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
  size_t links_before = s->links, conditions = 0; /* one directly behind the other */
  for (size_t k = 0; k < display.count && !s->failed; k++) {
    const struct jac_statement_written *st = &display.statement[k];
    for (size_t j = 0; j < st->count; j++)
      st->side[j].notation = jac_respell(s, st->side[j].notation);
    if (k == 0 && !p->display && st->count > 1)
      st->side[0].notation = without_number(s, st->side[0].notation);
    if (jac_condition_words(st) && k > 0 && s->links > links_before &&
        st->side[0].notation) {
      /* "if i != j", "for x > 0": a condition of the claims before it in this row. */
      node *side = st->side[0].notation,
           *chain = st->count == 3 ? jac_bare_condition(s, st, false) : NULL;
      if (!chain && st->count >= 2 && st->side[1].notation &&
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
      if (other && jac_own_transpose(side, other)) {
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
        if (!range && jac_condition_defines(st))
          jac_statement_definition(p, side, other, NULL, st->side[0].start);
        for (size_t j = links_before; j < s->links && !range; j++)
          if (!s->link[j].reason && !s->link[j].problem)
            s->link[j].condition = chain;
        conditions++;
      }
      unjudged(p, &st->side[0], 0, _("a condition"));
      continue;
    }
    node *bare =
        p->display && k > 0 && s->links > links_before
            ? jac_bare_condition(s, st, jac_condition_indices(s, links_before, st))
            : NULL;
    if (bare) {
      jac_condition_of(s, links_before, bare, conditions > 0);
      conditions++;
      unjudged(p, &st->side[0], 0, _("a condition"));
      continue;
    }
    if (conditions && jac_condition_goes_on(s, links_before, st)) {
      unjudged(p, &st->side[0], 0, _("a condition"));
      continue;
    }
    conditions = 0;
    one_statement(p, st, above);
  }
  node *said = s->when ? s->when : s->under;
  s->when_used = s->when_used || (p->display && said && said == s->when);
  if (p->display && said)
    jac_condition_of(s, links_before, said, false);
}
