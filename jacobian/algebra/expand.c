#include "jacobian/algebra/expand.h"

#include <string.h>

typedef const struct jac_term *term_t;

static term_t part(struct jac_make *m, term_t t, term_t row, term_t col) {
  return jac_expand(m, t, jac_dim_is_one(t->type.rows) ? NULL : row,
                    jac_dim_is_one(t->type.cols) ? NULL : col);
}

static const struct jac_index *over(struct jac_make *m, struct jac_dim *range) {
  return jac_dim_is_one(range) ? NULL : jac_make_new_index(m, "", range);
}

static term_t sum(struct jac_make *m, const struct jac_index *k, term_t body) {
  return k ? jac_make_over(m, JAC_C_SUM, k, body, NULL, NULL, NULL) : body;
}

/* Over all entries of a matrix, or of two together. */
static term_t all(struct jac_make *m, term_t a, term_t b) {
  const struct jac_index *k = over(m, a->type.rows), *l = over(m, a->type.cols);
  term_t row = jac_make_index(m, k), col = jac_make_index(m, l);
  term_t body = part(m, a, row, col);
  if (b) {
    bool turned = !jac_dim_same(a->type.rows, b->type.rows);
    body = jac_make_times(m, body, part(m, b, turned ? col : row, turned ? row : col));
  }
  return sum(m, k, sum(m, l, body));
}

static term_t operation(struct jac_make *m, term_t t, term_t row, term_t col) {
  term_t a = t->child[0], b = t->count > 1 ? t->child[1] : NULL;
  const char *type = t->reading->type;
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE)
    return jac_make_each(m, t->construct, part(m, a, row, col));
  switch (t->construct) {
  case JAC_C_ADD:
    return jac_make_add(m, part(m, a, row, col), part(m, b, row, col));
  case JAC_C_SUBTRACT:
    return jac_make_subtract(m, part(m, a, row, col), part(m, b, row, col));
  case JAC_C_NEGATE:
    return jac_make_negate(m, part(m, a, row, col));
  case JAC_C_TRANSPOSE:
    return jac_expand(m, a, col, row);
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE:
    return jac_make_divide(m, part(m, a, row, col), part(m, b, row, col));
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_HADAMARD:
  case JAC_C_CIRC:
  case JAC_C_INNER:
    if (strcmp(type, "(r,k)(k,c)->(r,c)") == 0) {
      const struct jac_index *k = over(m, a->type.cols);
      term_t at = jac_make_index(m, k);
      return sum(m, k, jac_make_times(m, part(m, a, row, at), part(m, b, at, col)));
    }
    if (strstr(type, "->1") && strcmp(type, "11->1") != 0)
      return all(m, a, b);
    return jac_make_times(m, part(m, a, row, col), part(m, b, row, col));
  case JAC_C_POWER:
  case JAC_C_DOTPOWER:
    if (strcmp(type, "(n,n)1->(n,n)") == 0 || b->kind != JAC_TERM_NUMBER)
      break;
    if (a->kind == JAC_TERM_OP && a->construct == JAC_C_NORM && b->number == 2) {
      term_t x = a->child[0];
      const struct jac_index *k = over(m, x->type.rows), *l = over(m, x->type.cols);
      term_t body =
          jac_make_power(m, part(m, x, jac_make_index(m, k), jac_make_index(m, l)), 2);
      return sum(m, k, sum(m, l, body));
    }
    return jac_make_power(m, part(m, a, row, col), b->number);
  case JAC_C_MAX:
  case JAC_C_MIN:
    if (!b)
      break;
    return jac_make_larger(m, t->construct, part(m, a, row, col), part(m, b, row, col));
  case JAC_C_TOTAL:
    return all(m, a, NULL);
  case JAC_C_TRACE: {
    const struct jac_index *k = over(m, a->type.rows);
    term_t at = jac_make_index(m, k);
    return sum(m, k, part(m, a, at, at));
  }
  case JAC_C_DIAG:
    if (jac_type_is_number(t->type) || jac_dim_is_one(t->type.cols))
      break;
    return jac_make_times(m, part(m, a, row, row),
                          jac_make_compare(m, JAC_C_EQUAL, row, col));
  case JAC_C_SOFTMAX: { /* e^{x_i} / sum e^{x_k} */
    bool column = jac_dim_is_one(a->type.cols);
    const struct jac_index *k = over(m, column ? a->type.rows : a->type.cols);
    term_t at = jac_make_index(m, k);
    return jac_make_divide(
        m, jac_make_each(m, JAC_C_EXP, part(m, a, row, col)),
        sum(m, k,
            jac_make_each(m, JAC_C_EXP,
                          part(m, a, column ? at : row, column ? NULL : at))));
  }
  default:
    break;
  }
  return jac_make_entry(m, t, row, col);
}

term_t jac_expand(struct jac_make *m, term_t t, term_t row, term_t col) {
  if (!t)
    return NULL;
  if (t->kind == JAC_TERM_OP)
    return operation(m, t, row, col);
  if (t->kind == JAC_TERM_BIG && t->construct == JAC_C_SUM) {
    const struct jac_index *k = jac_make_new_index(m, "", t->index->range);
    term_t at = jac_make_index(m, k), child[4];
    for (size_t c = 0; c < 4; c++)
      child[c] = t->child[c] ? jac_make_put(m, t->child[c], t->index, at) : NULL;
    return jac_make_over(m, JAC_C_SUM, k, part(m, child[0], row, col), child[1], child[2],
                         child[3]);
  }
  return jac_make_entry(m, t, row, col);
}
