/* Sums of products: multiplied, simplified. */
#include "jacobian/algebra/expansion_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;
typedef struct jac_expansion poly;

bool jac_expansion_add(struct jac_make *m, poly *p, const mono *monomial) {
  if (p->count == p->room) {
    size_t room = p->room ? 2 * p->room : 8;
    mono *grown = jac_pool_take(m->pool, room * sizeof *grown);
    if (!grown)
      return false;
    if (p->count)
      memcpy(grown, p->monomial, p->count * sizeof *grown);
    p->monomial = grown;
    p->room = room;
  }
  p->monomial[p->count++] = *monomial;
  return true;
}

bool jac_monomial_put(struct jac_make *m, const mono *in, const struct jac_index *index,
                      term_t value, mono *out) {
  *out = (mono){.coefficient = in->coefficient, .overs = in->overs};
  memcpy(out->over, in->over, sizeof out->over);
  for (size_t k = 0; k < out->overs; k++) {
    struct jac_over *o = &out->over[k];
    o->first = o->first ? jac_make_put(m, o->first, index, value) : NULL;
    o->last = o->last ? jac_make_put(m, o->last, index, value) : NULL;
    o->condition = o->condition ? jac_make_put(m, o->condition, index, value) : NULL;
  }
  for (size_t k = 0; k < in->factors; k++)
    if (!jac_monomial_times(m, out, jac_make_put(m, in->factor[k].base, index, value),
                            in->factor[k].power))
      return false;
  return true;
}

static size_t over_of(const mono *p, term_t t) {
  size_t k = 0;
  while (k < p->overs && !(t->kind == JAC_TERM_INDEX && p->over[k].index == t->index))
    k++;
  return k;
}

void jac_monomial_drop_over(mono *p, size_t k) {
  memmove(&p->over[k], &p->over[k + 1], (--p->overs - k) * sizeof *p->over);
}

/* Sum k of the monomial, with its index at a value: what the sum's bounds say stays. */
static bool collapse(struct jac_make *m, mono *p, size_t k, term_t value) {
  struct jac_over o = p->over[k];
  mono next;
  jac_monomial_drop_over(p, k);
  bool given = value->kind == JAC_TERM_NUMBER; /* z_2: there are two */
  term_t first = o.first || given ? o.first : jac_make_number(m, 1),
         last = o.last || given ? o.last : jac_make_size(m, o.index->range);
  if (!jac_monomial_between(m, p, value, first, last))
    return false;
  if (o.condition &&
      !jac_monomial_times(m, p, jac_make_put(m, o.condition, o.index, value), 1))
    return false;
  if (!jac_monomial_put(m, p, o.index, value, &next))
    return false;
  next.shared = p->shared;
  next.solved = p->solved;
  *p = next;
  return true;
}

static bool occurs(const mono *p, size_t over) {
  const struct jac_index *index = p->over[over].index;
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_has_index(p->factor[k].base, index))
      return true;
  for (size_t k = 0; k < p->overs; k++) {
    const struct jac_over *o = &p->over[k];
    if ((o->first && jac_term_has_index(o->first, index)) ||
        (o->last && jac_term_has_index(o->last, index)) ||
        (o->condition && jac_term_has_index(o->condition, index)))
      return true;
  }
  return p->over[over].first || p->over[over].last || p->over[over].condition;
}

/* The factor that a sum's index stands in alone, once; p->factors: there is none. */
static size_t only(const mono *p, size_t over) {
  const struct jac_over *o = &p->over[over];
  size_t found = p->factors;
  if (o->first || o->last || o->condition)
    return found;
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_has_index(p->factor[k].base, o->index)) {
      if (found < p->factors || p->factor[k].power != 1)
        return p->factors;
      found = k;
    }
  return found;
}

/* Whether a sum is over distances from a mean: they add up to zero. */
static bool centred(const mono *p, size_t over) {
  size_t alone = only(p, over);
  term_t found = alone < p->factors ? p->factor[alone].base : NULL;
  if (!found)
    return false;
  bool entry = found->kind == JAC_TERM_ENTRY; /* (x - mean(x))_k, else x_k - mean(x) */
  term_t base = entry ? found->child[0] : found;
  if (base->kind == JAC_TERM_SYMBOL && base->symbol->body && !base->symbol->families)
    base = base->symbol->body;
  if (base->kind != JAC_TERM_OP || base->construct != JAC_C_SUBTRACT)
    return false;
  term_t x = base->child[0], mean = base->child[1];
  if (!entry && x->kind != JAC_TERM_ENTRY)
    return false;
  x = entry ? x : x->child[0];
  if (mean->kind == JAC_TERM_SYMBOL && mean->symbol->body)
    mean = mean->symbol->body;
  return mean->kind == JAC_TERM_OP && mean->construct == JAC_C_MEAN &&
         (jac_dim_is_one(x->type.rows) || jac_dim_is_one(x->type.cols)) &&
         jac_term_equal(mean->child[0], x);
}

/* Whether a sum is over the entries of a softmax, or of a row of shares: they add up to
 * 1. */
static bool shares(const mono *p, size_t over, size_t *factor) {
  *factor = only(p, over);
  if (*factor == p->factors || p->factor[*factor].base->kind != JAC_TERM_ENTRY)
    return false;
  term_t at = p->factor[*factor].base, base = at->child[0];
  if (base->kind == JAC_TERM_SYMBOL && base->symbol->body && !base->symbol->families)
    base = base->symbol->body;
  bool given = base->kind == JAC_TERM_SYMBOL && base->symbol->values == JAC_SIMPLEX &&
               jac_dim_is_one(base->type.rows);
  if (!given && (base->kind != JAC_TERM_OP || base->construct != JAC_C_SOFTMAX))
    return false;
  term_t place = at->child[jac_dim_is_one(base->type.cols) ? 1 : 2];
  return place && place->kind == JAC_TERM_INDEX && place->index == p->over[over].index &&
         !jac_term_has_index(base, place->index);
}

static bool simplify(struct jac_make *m, mono *p) {
  size_t share;
  if (!jac_monomial_melt(m, p))
    return false;
  for (bool again = true; again && p->coefficient != 0;) {
    again = false;
    struct jac_solved solved;
    if (jac_monomial_solve(m, p, &solved)) {
      bool other = solved.value && solved.value->kind == JAC_TERM_OP;
      jac_monomial_drop(p, solved.factor);
      p->solved |= other;
      if (!solved.value || !collapse(m, p, solved.over, solved.value))
        return false;
      again = true;
    }
    for (size_t k = 0; k < p->overs && !again; k++)
      if (centred(p, k)) {
        p->coefficient = 0;
        p->centred = true;
      } else if (shares(p, k, &share)) {
        p->shared |= p->factor[share].base->child[0]->kind == JAC_TERM_SYMBOL &&
                     !p->factor[share].base->child[0]->symbol->body;
        jac_monomial_drop(p, share);
        jac_monomial_drop_over(p, k);
        again = true;
      } else if (!occurs(p, k)) {
        term_t size = jac_make_size(m, p->over[k].index->range);
        jac_monomial_drop_over(p, k);
        if (!jac_monomial_times(m, p, size, 1))
          return false;
        again = true;
      }
  }
  return jac_monomial_settle(m, p);
}

/* A spelling of all but the coefficient, the same for monomials that differ in the names
 * and the order of what they sum over. */
struct spelled {
  char *text;
  size_t factor;
};

static int by_text(const void *a, const void *b) {
  return strcmp(((const struct spelled *)a)->text, ((const struct spelled *)b)->text);
}

static void number_indices(term_t t, const mono *p, const struct jac_index **order,
                           size_t *count) {
  size_t over = over_of(p, t);
  if (over < p->overs) {
    bool there = false;
    for (size_t k = 0; k < *count; k++)
      there = there || order[k] == t->index;
    if (!there)
      order[(*count)++] = t->index;
  }
  for (size_t k = 0; k < t->count; k++)
    if (t->child[k])
      number_indices(t->child[k], p, order, count);
}

static void key_of(const mono *p, struct jac_buffer *out) {
  const struct jac_index *bound[JAC_OVERS], *order[JAC_OVERS];
  struct spelled s[JAC_FACTORS] = {{NULL, 0}};
  size_t ordered = 0;
  for (size_t k = 0; k < p->overs; k++)
    bound[k] = p->over[k].index;
  for (int round = 0; round < 2; round++) {
    for (size_t k = 0; k < p->factors; k++) {
      struct jac_buffer b = JAC_BUFFER_INIT;
      jac_buffer_printf(&b, "%.17g", p->factor[k].power);
      jac_term_key(p->factor[k].base, round ? order : bound, round ? ordered : p->overs,
                   round == 0, &b);
      out->failed = out->failed || b.failed;
      s[k] = (struct spelled){jac_buffer_take(&b), k};
      if (!s[k].text) {
        out->failed = true;
        while (k-- > 0)
          free(s[k].text);
        return;
      }
    }
    qsort(s, p->factors, sizeof *s, by_text);
    for (size_t k = 0; k < p->factors; k++) {
      if (round == 0)
        number_indices(p->factor[s[k].factor].base, p, order, &ordered);
      else
        jac_buffer_add(out, s[k].text);
      free(s[k].text);
    }
  }
  for (size_t k = 0; k < ordered; k++)
    for (size_t j = 0; j < p->overs; j++)
      if (p->over[j].index == order[k]) {
        jac_term_key(p->over[j].first, order, ordered, false, out);
        jac_term_key(p->over[j].last, order, ordered, false, out);
        jac_term_key(p->over[j].condition, order, ordered, false, out);
      }
}

bool jac_expansion_simplify(struct jac_make *m, const poly *in, poly *out) {
  char *key[JAC_MONOMIALS];
  *out = (poly){.count = 0};
  bool good = true;
  for (size_t k = 0; k < in->count && good; k++) {
    mono p = in->monomial[k];
    good = simplify(m, &p);
    out->centred |= p.centred;
    out->shared |= p.shared;
    out->solved |= p.solved;
    if (!good || p.coefficient == 0)
      continue;
    struct jac_buffer b = JAC_BUFFER_INIT;
    key_of(&p, &b);
    size_t at = 0;
    while (at < out->count && strcmp(key[at], b.text) != 0)
      at++;
    good = !b.failed && at < JAC_MONOMIALS;
    if (good && at < out->count)
      out->monomial[at].coefficient += p.coefficient;
    else if (good && jac_expansion_add(m, out, &p))
      good = (key[at] = jac_buffer_take(&b)) != NULL;
    else
      good = false;
    jac_buffer_free(&b);
  }
  for (size_t k = 0; k < out->count; k++)
    free(key[k]);
  size_t kept = 0;
  for (size_t k = 0; k < out->count; k++)
    if (out->monomial[k].coefficient != 0)
      out->monomial[kept++] = out->monomial[k];
  out->count = kept;
  return good;
}

/* Whether a number is a sum, or the entry of one: its two halves. */
static bool halves(struct jac_make *m, term_t t, term_t half[2], bool *minus) {
  bool entry = t->kind == JAC_TERM_ENTRY && jac_entry_is_number(t);
  term_t sum = entry ? t->child[0] : t;
  if (sum->kind != JAC_TERM_OP || sum->count != 2 ||
      (sum->construct != JAC_C_ADD && sum->construct != JAC_C_SUBTRACT))
    return false;
  *minus = sum->construct == JAC_C_SUBTRACT;
  for (size_t k = 0; k < 2; k++)
    half[k] = entry ? jac_entry_like(m, t, sum->child[k]) : sum->child[k];
  return half[0] && half[1];
}

static size_t length(const poly *p) {
  size_t n = p->count;
  for (size_t k = 0; k < p->count; k++)
    n += p->monomial[k].factors;
  return n;
}

/* Monomial k with its first factor that is a sum opened: its two halves. False: there is
 * no such factor, or they are too long. */
static bool open_sum(struct jac_make *m, const mono *p, mono half[2]) {
  term_t side[2];
  bool minus;
  for (size_t n = 0; n < p->factors; n++) {
    if (p->factor[n].power != 1 || !halves(m, p->factor[n].base, side, &minus))
      continue;
    half[0] = half[1] = *p;
    for (size_t k = 0; k < 2; k++) {
      jac_monomial_drop(&half[k], n);
      if (k && minus)
        half[k].coefficient = -half[k].coefficient;
      if (!jac_monomial_times(m, &half[k], side[k], 1))
        return false;
    }
    return true;
  }
  return false;
}

bool jac_expansion_multiply(struct jac_make *m, poly *p) {
  enum { MOST = 40 };
  poly all = {.count = 0}, shorter;
  for (size_t k = 0; k < p->count; k++)
    if (!jac_expansion_add(m, &all, &p->monomial[k]))
      return false;
  mono half[2];
  for (size_t k = 0; k < all.count && all.count <= MOST;)
    if (!open_sum(m, &all.monomial[k], half))
      k++;
    else {
      all.monomial[k] = half[0];
      if (!jac_expansion_add(m, &all, &half[1]))
        return false;
    }
  if (all.count > p->count && all.count <= MOST &&
      jac_expansion_simplify(m, &all, &shorter) && shorter.count <= p->count &&
      length(&shorter) < length(p))
    *p = shorter;
  return true;
}

/* The lowest power, below zero, of a sum that a monomial is divided by; 0: by none. */
static double divided_by(const mono *p, term_t sum) {
  for (size_t k = 0; k < p->factors; k++)
    if (p->factor[k].power < 0 && jac_term_equal(p->factor[k].base, sum))
      return p->factor[k].power;
  return 0;
}

/* All that is divided by a sum over its highest power: 1/(1 + a) - a/(1 + a)^2 as
 * (1 + a - a)/(1 + a)^2, multiplied out. */
static bool over_one(struct jac_make *m, const poly *in, term_t sum, poly *out) {
  double lowest = 0;
  term_t part[2];
  bool minus;
  *out = (poly){.count = 0};
  if (!halves(m, sum, part, &minus))
    return false;
  for (size_t k = 0; k < in->count; k++)
    lowest = fmin(lowest, divided_by(&in->monomial[k], sum));
  for (size_t k = 0; k < in->count; k++)
    if (!jac_expansion_add(m, out, &in->monomial[k]))
      return false;
  for (size_t k = 0; k < out->count && out->count <= 40;) {
    double power = divided_by(&out->monomial[k], sum);
    if (power == 0 || power <= lowest || power != floor(power)) {
      k++;
      continue;
    }
    mono half[2] = {out->monomial[k], out->monomial[k]};
    for (size_t side = 0; side < 2; side++)
      if (!jac_monomial_factor(&half[side], sum, -1) ||
          !jac_monomial_times(m, &half[side], part[side], 1))
        return false;
    if (minus)
      half[1].coefficient = -half[1].coefficient;
    out->monomial[k] = half[0];
    if (!jac_expansion_add(m, out, &half[1]))
      return false;
  }
  return true;
}

bool jac_expansion_join(struct jac_make *m, poly *p) {
  for (size_t k = 0; k < p->count; k++)
    for (size_t n = 0; n < p->monomial[k].factors; n++) {
      struct jac_factor f = p->monomial[k].factor[n];
      poly all, shorter;
      term_t half[2];
      bool minus;
      if (f.power > -2 || !halves(m, f.base, half, &minus))
        continue;
      if (!over_one(m, p, f.base, &all) || !jac_expansion_simplify(m, &all, &shorter) ||
          !jac_expansion_multiply(m, &shorter))
        return false;
      if (shorter.count < p->count) {
        *p = shorter;
        return true;
      }
    }
  return true;
}

bool jac_expansion_put(struct jac_make *m, const poly *in, const struct jac_index *index,
                       term_t value, poly *out) {
  *out = (poly){.count = 0};
  for (size_t k = 0; k < in->count; k++) {
    mono p;
    if (!jac_monomial_put(m, &in->monomial[k], index, value, &p) ||
        !jac_expansion_add(m, out, &p))
      return false;
  }
  return true;
}
