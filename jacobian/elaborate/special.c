/* Names with a meaning of their own where nothing gives them another: I, ones, pi, e,
 * deltas, indicators, unit vectors; and constructs whose arguments are no values. */
#include "jacobian/elaborate/elaborate_internal.h"
#include "jacobian/elaborate/script_internal.h"

#include <math.h>
#include <string.h>

static bool free_name(elaboration *e, node *base) {
  const char *key = jac_key(e, base);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  /* "the number e", "the constant \pi": these still. */
  bool constant = jac_is_name(base, "e") || jac_is_name(base, "pi");
  bool said = constant ? jac_said_other(e, key) : jac_declared(e, key);
  return !jac_definition_of(e, key) && !jac_entries_of(e, key, 0) && !said &&
         !jac_bound_find(e, key) && !(u && (u->denominator || u->numerator));
}

/* \delta^l, which something defines: no Kronecker's. */
static bool layer_said(elaboration *e, node *base, node *above) {
  struct jac_syntax like = *base;
  like.form = JAC_S_SCRIPT;
  node *child[3] = {base, NULL, above};
  node *layer = jac_notation_node(e->scope->pool, &like, 3, child);
  const char *key = layer ? jac_key(e, layer) : NULL;
  return key &&
         (jac_definition_of(e, key) || jac_entries_of(e, key, 0) || jac_declared(e, key));
}

static term *condition_as_number(elaboration *e, node *condition) {
  return jac_elaborate_condition(e, condition);
}

static node *inside_group(node *n) {
  while (n && n->form == JAC_S_GROUP && n->text[0] != '|')
    n = n->child[0];
  return n;
}

static bool is_condition(node *n) {
  n = inside_group(n);
  return n && (n->form == JAC_S_CHAIN ||
               (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_CONDITION));
}

static term *sized(elaboration *e, enum jac_term_kind kind, struct jac_type type,
                   node *where) {
  return jac_term_new(e, kind, type, where, 0, NULL);
}

/* The size of I_n, 1_{n x m}, I(2): rows and columns. */
static bool sizes(elaboration *e, node *below, struct jac_dim **rows,
                  struct jac_dim **cols) {
  *rows = *cols = NULL;
  below = inside_group(below);
  if (!below)
    return true;
  if (below->form == JAC_S_LIST && below->count == 2) {
    *rows = jac_size_of(e, below->child[0]);
    *cols = jac_size_of(e, below->child[1]);
    return *rows && *cols;
  }
  if (below->form == JAC_S_INFIX && below->row->id == JAC_C_CROSS) {
    *rows = jac_size_of(e, below->child[0]);
    *cols = jac_size_of(e, below->child[1]);
    return *rows && *cols;
  }
  *rows = jac_size_of(e, below);
  return *rows != NULL;
}

static term *identity(elaboration *e, node *base, node *below) {
  struct jac_dim *rows, *cols;
  if (!sizes(e, below, &rows, &cols))
    return jac_unknown(e, base, "the size of I is not read");
  if (!rows)
    rows = jac_dim_free_new(&e->dims, NULL);
  if (!below && !cols) {
    /* Where everything is a number, 1 (I as a number) is never meant; a free size. */
  }
  return sized(e, JAC_TERM_EYE, jac_type_of(rows, rows), base);
}

bool jac_counts_ones(elaboration *e, const char *key) {
  return key && key == e->evidence->count &&
         jac_choose2(e, jac_pool_printf(e->scope->pool, "count:%s", key), 0, 4, NULL,
                     NULL, key) == 0;
}

static term *ones(elaboration *e, node *base, node *below) {
  struct jac_dim *rows, *cols;
  if (!sizes(e, below, &rows, &cols))
    return jac_unknown(e, base, "the size of the ones is not read");
  bool row = jac_says(e, JAC_SAYS_ONE_ROW, JAC_SAYS_ONE_COLUMN) == JAC_SAYS_ONE_ROW;
  if (cols)
    return sized(e, JAC_TERM_ONES, jac_type_of(rows, cols), base);
  struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "ones:%s%zu",
                                                 below ? jac_key(e, below) : "",
                                                 base->start % 1000),
                         .count = 3,
                         .price = {row ? 5 : 0, row ? 0 : 3, 6}};
  c.site = jac_pool_printf(e->scope->pool, "ones:%s", below ? jac_key(e, below) : "");
  size_t pick = jac_choose(e, &c);
  if (!rows)
    rows = jac_counts_ones(e, e->evidence->count) ? jac_named_size(e, e->evidence->count)
                                                  : jac_dim_free_new(&e->dims, NULL);
  rows->because |= jac_choice_bit(e, c.site);
  if (pick == 2)
    return sized(e, JAC_TERM_ONES, jac_type_of(rows, jac_dim_free_new(&e->dims, NULL)),
                 base);
  return sized(e, JAC_TERM_ONES,
               pick ? jac_type_of(e->dims.one, rows) : jac_type_of(rows, e->dims.one),
               base);
}

static term *kronecker(elaboration *e, node *where, node *a, node *b) {
  term *pair[2];
  pair[0] = jac_index_value(e, a, NULL);
  pair[1] = pair[0] ? jac_index_value(e, b, NULL) : NULL;
  if (!pair[1])
    return NULL;
  bool both = pair[0]->kind == JAC_TERM_INDEX && pair[1]->kind == JAC_TERM_INDEX;
  if (both && !jac_dim_is_summand(pair[0]->index->range, pair[1]->index->range) &&
      !jac_dim_is_summand(pair[1]->index->range, pair[0]->index->range) &&
      !jac_dim_unify(&e->dims, pair[0]->index->range, pair[1]->index->range, 0) &&
      !e->exact)
    return jac_clash(e, where, e->dims.conflict,
                     "a delta of two indices of different ranges");
  struct jac_term *t =
      jac_term_new(e, JAC_TERM_COMPARE, jac_type_number(e), where, 2, pair);
  if (t)
    t->construct = JAC_C_EQUAL;
  return t;
}

term *jac_unit_vector(elaboration *e, node *where, node *item, struct jac_dim *n) {
  term *k = jac_index_value(e, item, n);
  struct jac_index *row = jac_index_new(e, "r", n);
  if (!k || !row)
    return NULL;
  term *pair[2] = {jac_term_index(e, row, where), k};
  struct jac_term *same =
      jac_term_new(e, JAC_TERM_COMPARE, jac_type_number(e), where, 2, pair);
  if (!same)
    return NULL;
  same->construct = JAC_C_EQUAL;
  term *child = same;
  struct jac_term *build =
      jac_term_new(e, JAC_TERM_BUILD, jac_type_of(n, e->dims.one), where, 1, &child);
  if (build)
    build->index = row;
  return build;
}

/* einsum('ij,jk->ik', A, B). */
static term *einsum(elaboration *e, node *where, node *bracket) {
  node *list = bracket->child[0];
  if (list->form != JAC_S_LIST || list->count < 2 || list->count > 5 ||
      (list->child[0]->form != JAC_S_STRING))
    return jac_unknown(e, where, "einsum is read as einsum('ij,jk->ik', A, B)");
  const char *text = list->child[0]->text;
  struct jac_index *index[26] = {NULL};
  term *product = NULL;
  const char *at = text;
  for (size_t k = 1; k < list->count; k++) {
    term *value = jac_elaborate(e, list->child[k]);
    if (!value)
      return NULL;
    char letters[3];
    size_t n = 0;
    while (*at == ' ')
      at++;
    while (*at && *at != ',' && *at != '-') {
      if (*at >= 'a' && *at <= 'z' && n < 3)
        letters[n++] = *at;
      at++;
    }
    if (*at == ',')
      at++;
    struct jac_dim *dims[2] = {value->type.rows, value->type.cols};
    size_t from = 0;
    if (n == 1)
      from = jac_dim_is_one(dims[0]) ? 1 : 0;
    if (n > 2 || (n == 1 && !jac_dim_is_one(dims[1 - from])))
      return jac_clash(e, where, jac_type_because(value->type),
                       "einsum's indices are not those of its argument");
    term *child[3] = {value, NULL, NULL};
    for (size_t j = 0; j < n; j++) {
      struct jac_index **i = &index[letters[j] - 'a'];
      char name[2] = {letters[j], '\0'};
      if (!*i)
        *i = jac_index_new(e, jac_pool_text(e->scope->pool, name), dims[from + j]);
      if (!*i || !jac_dim_unify(&e->dims, (*i)->range, dims[from + j], 0))
        return jac_clash(e, where, e->dims.conflict, "einsum's index %s has two sizes",
                         name);
      child[1 + from + j] = jac_term_index(e, *i, where);
    }
    term *entry =
        n ? jac_term_new(e, JAC_TERM_ENTRY, jac_type_number(e), where, 3, child) : value;
    term *pair[2] = {product, entry};
    product = product ? jac_term_op(e, JAC_C_SIDE, where, 2, pair) : entry;
    if (!product)
      return NULL;
  }
  while (*at == '-' || *at == '>' || *at == ' ')
    at++;
  struct jac_index *out[2] = {NULL, NULL};
  size_t outs = 0;
  for (; *at; at++)
    if (*at >= 'a' && *at <= 'z') {
      if (outs == 2 || !index[*at - 'a'])
        return jac_unknown(e, where, "einsum gives at most a matrix");
      out[outs++] = index[*at - 'a'];
    }
  size_t row;
  jac_readings_of(JAC_C_SUM, &row);
  for (size_t k = 0; k < 26 && product; k++) {
    if (!index[k] || index[k] == out[0] || index[k] == out[1])
      continue;
    term *child[4] = {product, NULL, NULL, NULL};
    struct jac_term *sum =
        jac_term_new(e, JAC_TERM_BIG, jac_type_number(e), where, 4, child);
    if (sum) {
      sum->reading = jac_reading_at(row);
      sum->construct = JAC_C_SUM;
      sum->index = index[k];
    }
    product = sum;
  }
  if (!outs || !product)
    return product;
  struct jac_type type =
      jac_type_of(out[0]->range, outs == 2 ? out[1]->range : e->dims.one);
  struct jac_term *build = jac_term_new(e, JAC_TERM_BUILD, type, where, 1, &product);
  if (build) {
    build->index = out[0];
    build->index2 = out[1];
  }
  return build;
}

/* cases(1, i = j, 0), deriv(y, x), delta(i, j), ind(i > j), eye(n). */
static term *called(elaboration *e, node *base, node *bracket) {
  node *list = bracket->form == JAC_S_GROUP ? bracket->child[0] : bracket;
  size_t count = list->form == JAC_S_LIST ? list->count : 1;
  node *const *item = list->form == JAC_S_LIST ? list->child : &list;
  switch (base->row->id) {
  case JAC_C_DELTA:
    if (count == 2)
      return kronecker(e, base, item[0], item[1]);
    break;
  case JAC_C_INDICATOR:
    return condition_as_number(e, list);
  case JAC_C_EINSUM:
    return einsum(e, base, bracket);
  case JAC_C_CASES: {
    struct jac_syntax like = *list;
    like.form = JAC_S_CASES;
    node *cases = jac_notation_node(e->scope->pool, &like, count, item);
    return cases ? jac_elaborate_cases(e, cases) : NULL;
  }
  case JAC_C_DERIV: {
    if (count != 2)
      break;
    term *y = jac_elaborate(e, item[0]);
    term *x = y ? jac_elaborate(e, item[1]) : NULL;
    if (!x)
      return NULL;
    struct jac_by by = {.symbol = NULL};
    if (x->kind == JAC_TERM_SYMBOL) {
      by.symbol = x->symbol;
      for (size_t k = 0; k < x->count; k++)
        by.place[k] = x->child[k];
    } else if (x->kind == JAC_TERM_ENTRY && x->child[0]->kind == JAC_TERM_SYMBOL) {
      by.symbol = x->child[0]->symbol;
      by.row = x->child[1];
      by.column = x->child[2];
    } else
      return jac_unknown(e, base, "a derivative is by a name");
    return jac_derivative(e, y, 1, &by, x->type, 0, base);
  }
  case JAC_C_EYE:
  case JAC_C_ONES:
  case JAC_C_ZEROS: {
    struct jac_dim *rows = count >= 1 ? jac_size_of(e, item[0]) : NULL;
    struct jac_dim *cols = count == 2 ? jac_size_of(e, item[1]) : NULL;
    if (!rows || count > 2)
      return jac_unknown(e, base, "the size is not read");
    bool eye = base->row->id == JAC_C_EYE;
    if (!cols)
      cols = eye ? rows : e->dims.one;
    return sized(e,
                 eye                           ? JAC_TERM_EYE
                 : base->row->id == JAC_C_ONES ? JAC_TERM_ONES
                                               : JAC_TERM_ZEROS,
                 jac_type_of(rows, cols), base);
  }
  case JAC_C_COMMUTATION: {
    struct jac_dim *rows = count == 2 ? jac_size_of(e, item[0]) : NULL;
    struct jac_dim *cols = rows ? jac_size_of(e, item[1]) : NULL;
    struct jac_dim *side = cols ? jac_dim_product(&e->dims, rows, cols) : NULL;
    if (!side)
      return jac_unknown(e, base, "the size is not read");
    term *size[2] = {jac_term_size(e, rows, base), jac_term_size(e, cols, base)};
    return size[0] && size[1] ? jac_term_new(e, JAC_TERM_COMMUTATION,
                                             jac_type_of(side, side), base, 2, size)
                              : NULL;
  }
  default:
    break;
  }
  return jac_unknown(e, base, "%s: these arguments are not read", base->text);
}

term *jac_indicator(elaboration *e, node *sign, node *bracket, bool *taken) {
  static const char *const signs[] = {"bold_1", "bb_1", "bb_I"};
  bool one = sign->form == JAC_S_NUMBER && sign->number == 1;
  for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
    one = one || jac_is_name(sign, signs[k]);
  one = one || (jac_is_name(sign, "I") && free_name(e, sign));
  *taken = one && bracket->form == JAC_S_GROUP && is_condition(bracket);
  return *taken ? condition_as_number(e, inside_group(bracket)) : NULL;
}

static bool turned_by(node *above) {
  return above && (jac_is_name(above, "T") || jac_is_name(above, "top"));
}

/* 1^T, 1_n, 1_n^T, and 11^T: numbers are not transposed. */
static term *plain_ones(elaboration *e, node *base, node *below, node *above,
                        bool *taken) {
  bool turned = turned_by(above), pair = base->number == 11 && turned && !below,
       sized_one = base->number == 1 && below && jac_index_letter(below);
  if (!pair && !sized_one && !(base->number == 1 && turned))
    return NULL;
  if (above && !turned)
    return NULL;
  *taken = true;
  term *one = ones(e, base, below);
  term *row = one && turned ? jac_term_op(e, JAC_C_TRANSPOSE, base, 1, &one) : one;
  term *both[2] = {one, row};
  return pair && row ? jac_term_op(e, JAC_C_SIDE, base, 2, both) : row;
}

/* 1 before 1^T. */
term *jac_ones_before(elaboration *e, node *f, node *next) {
  bool one = f->form == JAC_S_NUMBER && f->number == 1 && next->form == JAC_S_SCRIPT &&
             next->child[0]->form == JAC_S_NUMBER && next->child[0]->number == 1 &&
             turned_by(next->child[2]);
  return one ? ones(e, f, next->child[1]) : NULL;
}

term *jac_elaborate_special(elaboration *e, node *base, node *below, node *above,
                            bool *taken) {
  *taken = false;
  if (base->form == JAC_S_NUMBER) {
    if (base->number == 1 && below && is_condition(below)) {
      *taken = true;
      return condition_as_number(e, inside_group(below));
    }
    return plain_ones(e, base, below, above, taken);
  }
  if (base->form != JAC_S_NAME)
    return NULL;
  if (base->row &&
      (base->row->role == JAC_ROLE_SPECIAL || base->row->role == JAC_ROLE_SIZED) &&
      below) {
    *taken = true;
    return called(e, base, below);
  }
  bool one = strcmp(base->text, "bold_1") == 0 || strcmp(base->text, "bb_1") == 0;
  if (one || jac_is_name(base, "bb_I")) {
    *taken = true;
    if (below && is_condition(below))
      return condition_as_number(e, inside_group(below));
    if (above && !jac_is_name(above, "T") && !jac_is_name(above, "top"))
      return jac_unknown(e, base, "what stands above the ones is not read");
    term *t = one ? ones(e, base, below) : identity(e, base, below);
    return t && above ? jac_term_op(e, JAC_C_TRANSPOSE, base, 1, &t) : t;
  }
  if (!free_name(e, base))
    return NULL;
  term *unit = below || above ? NULL : jac_axis(e, base);
  if (unit || e->unfit) {
    *taken = true;
    return unit;
  }
  if (jac_is_name(base, "I")) {
    bool power = above && (above->form == JAC_S_NUMBER || above->form == JAC_S_TERMS);
    if (above && !power && !jac_is_name(above, "T") && !jac_is_name(above, "top"))
      return NULL; /* any power of I is I */
    if (below && is_condition(below)) {
      *taken = true;
      return condition_as_number(e, inside_group(below));
    }
    const char *site = jac_pool_text(e->scope->pool, "I");
    if (jac_choose2(e, site, 0, 12, NULL, NULL, NULL) == 1)
      return NULL;
    *taken = true;
    return identity(e, base, below);
  }
  if (jac_is_name(base, "delta")) {
    node *item[4];
    size_t items = below && below->form != JAC_S_GROUP ? jac_index_items(below, item) : 0;
    node *upper[4];
    if (items == 1 && above && jac_index_items(above, upper) == 1 &&
        jac_index_letter(upper[0]) && !jac_is_name(above, "T") &&
        !layer_said(e, base, above)) {
      item[1] = upper[0];
      items = 2;
      above = NULL;
    }
    if (items == 2 && !above) {
      *taken = true;
      return kronecker(e, base, item[0], item[1]);
    }
    return NULL;
  }
  if (jac_is_name(base, "pi") && !below) {
    struct above power = {.power = above};
    /* \pi^{(i)}, \pi^* are names */
    *taken = !above || above->form == JAC_S_NUMBER || above->form == JAC_S_FRACTION ||
             above->form == JAC_S_INFIX || above->form == JAC_S_TERMS;
    return *taken ? jac_raise(e, jac_term_number(e, 3.14159265358979323846, base), &power,
                              base)
                  : NULL;
  }
  if (jac_is_name(base, "e")) {
    if (!below && above) {
      if (above->form == JAC_S_GROUP && above->text[0] == '(' &&
          jac_index_letter(above->child[0]))
        return NULL;
      if (jac_is_name(above, "T") || jac_is_name(above, "top"))
        return NULL;
      *taken = true;
      term *value = jac_elaborate(e, above);
      if (!value)
        return NULL;
      bool matrix =
          !jac_dim_is_one(value->type.rows) && !jac_dim_is_one(value->type.cols);
      bool series =
          matrix &&
          jac_choose2(e, jac_pool_text(e->scope->pool, "exponential"), 0, 3, NULL,
                      N_("the exponential of a matrix is its series"), NULL) == 1;
      return jac_term_op(e, series ? JAC_C_EXPM : JAC_C_EXP, base, 1, &value);
    }
    if (!below && !above) {
      const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, base));
      if (u && (u->below[1] || u->called))
        return NULL;
      *taken = true;
      return jac_term_number(e, exp(1), base);
    }
    node *item[4];
    if (below && jac_index_items(below, item) == 1 &&
        (!above || jac_is_name(above, "T") || jac_is_name(above, "top"))) {
      const char *site = jac_pool_text(e->scope->pool, "e is a unit vector");
      if (jac_choose2(e, site, 0, 5, NULL, NULL, NULL) == 1)
        return NULL;
      *taken = true;
      term *t = jac_unit_vector(e, base, item[0], jac_dim_free_new(&e->dims, NULL));
      return t && above ? jac_term_op(e, JAC_C_TRANSPOSE, base, 1, &t) : t;
    }
  }
  if (jac_is_name(base, "infty")) {
    *taken = true;
    return jac_unknown(e, base, "infinity is not read");
  }
  return NULL;
}
