#include "jacobian/elaborate/affine.h"

#include <math.h>

static bool same_part(const struct jac_affine_part *a, const struct jac_affine_part *b) {
  if (a->index || b->index)
    return a->index == b->index;
  return jac_dim_same(a->size, b->size);
}

static bool add_part(struct jac_affine *a, struct jac_affine_part part) {
  size_t k = 0;
  while (k < a->count && !same_part(&a->part[k], &part))
    k++;
  if (k == JAC_AFFINE_PARTS)
    return false;
  if (k == a->count)
    a->part[a->count++] = part;
  else
    a->part[k].times += part.times;
  if (a->part[k].times == 0) {
    for (a->count--; k < a->count; k++)
      a->part[k] = a->part[k + 1];
  }
  return true;
}

bool jac_affine_add_size(struct jac_affine *a, const struct jac_dim *size, double times) {
  size = jac_dim_root(size);
  switch (size->kind) {
  case JAC_DIM_ONE:
  case JAC_DIM_FIXED:
    a->constant += times * (double)jac_dim_size(size);
    return true;
  case JAC_DIM_SUM:
    return jac_affine_add_size(a, size->a, times) &&
           jac_affine_add_size(a, size->b, times);
  case JAC_DIM_LESS:
    return jac_affine_add_size(a, size->a, times) &&
           jac_affine_add_size(a, size->b, -times);
  default:
    return add_part(a, (struct jac_affine_part){NULL, size, times});
  }
}

bool jac_affine_add(struct jac_affine *a, const struct jac_affine *b, double times) {
  bool good = true;
  a->constant += times * b->constant;
  for (size_t k = 0; k < b->count && good; k++) {
    struct jac_affine_part part = b->part[k];
    part.times *= times;
    good = add_part(a, part);
  }
  return good;
}

static bool add_term(struct jac_affine *a, const struct jac_term *t, double times);

static bool add_operation(struct jac_affine *a, const struct jac_term *t, double times) {
  switch (t->construct) {
  case JAC_C_ADD:
    return add_term(a, t->child[0], times) && add_term(a, t->child[1], times);
  case JAC_C_SUBTRACT:
    return add_term(a, t->child[0], times) && add_term(a, t->child[1], -times);
  case JAC_C_NEGATE:
    return add_term(a, t->child[0], -times);
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
    for (size_t k = 0; k < 2 && t->count == 2; k++)
      if (t->child[k]->kind == JAC_TERM_NUMBER)
        return add_term(a, t->child[1 - k], times * t->child[k]->number);
    return false;
  default:
    return false;
  }
}

static bool add_term(struct jac_affine *a, const struct jac_term *t, double times) {
  if (!jac_type_is_number(t->type))
    return false;
  switch (t->kind) {
  case JAC_TERM_NUMBER:
    a->constant += times * t->number;
    return true;
  case JAC_TERM_SIZE:
    return jac_affine_add_size(a, t->dim, times);
  case JAC_TERM_INDEX:
    return add_part(a, (struct jac_affine_part){t->index, NULL, times});
  case JAC_TERM_OP:
    return add_operation(a, t, times);
  default:
    return false;
  }
}

bool jac_affine_of(const struct jac_term *term, struct jac_affine *out) {
  *out = (struct jac_affine){.constant = 0};
  return add_term(out, term, 1);
}

double jac_affine_times(const struct jac_affine *a, const struct jac_index *index) {
  for (size_t k = 0; k < a->count; k++)
    if (a->part[k].index == index)
      return a->part[k].times;
  return 0;
}

double jac_affine_least(const struct jac_affine *a) {
  struct jac_affine sizes = {.constant = a->constant};
  for (size_t k = 0; k < a->count; k++) {
    const struct jac_affine_part *p = &a->part[k];
    if (p->index && p->times > 0)
      sizes.constant += p->times;
    else if (!jac_affine_add_size(&sizes, p->index ? p->index->range : p->size, p->times))
      return -INFINITY;
  }
  double least = sizes.constant;
  for (size_t k = 0; k < sizes.count; k++)
    least += sizes.part[k].times > 0 ? sizes.part[k].times : -INFINITY;
  return least;
}

double jac_affine_most(const struct jac_affine *a) {
  struct jac_affine minus = {.constant = 0};
  return jac_affine_add(&minus, a, -1) ? -jac_affine_least(&minus) : INFINITY;
}
