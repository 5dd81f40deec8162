/* Sums of products: multiplied, simplified, written as terms. */
#include "jacobian/algebra/expansion_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;
typedef struct jac_expansion poly;

static bool op_is(term_t t, const char *type) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, type) == 0;
}

/* Products with a number, whichever way they are written. */
static bool is_scaling(term_t t) {
  if (t->kind != JAC_TERM_OP)
    return false;
  switch (t->construct) {
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_CROSS:
  case JAC_C_HADAMARD:
  case JAC_C_CIRC:
  case JAC_C_INNER:
    return op_is(t, "11->1") || op_is(t, "1(r,c)->(r,c)") || op_is(t, "(r,c)1->(r,c)");
  default:
    return false;
  }
}

static bool is_division(term_t t) {
  return t->kind == JAC_TERM_OP &&
         (t->construct == JAC_C_DIVIDE || t->construct == JAC_C_DOTDIVIDE);
}

static bool whole(double x) {
  return x == floor(x);
}

term_t jac_entry_like(struct jac_make *m, term_t of, term_t base) {
  return jac_make_entry(m, base, jac_dim_is_one(base->type.rows) ? NULL : of->child[1],
                        jac_dim_is_one(base->type.cols) ? NULL : of->child[2]);
}

void jac_monomial_drop(mono *p, size_t k) {
  memmove(&p->factor[k], &p->factor[k + 1], (--p->factors - k) * sizeof *p->factor);
}

static bool put_factor(mono *p, term_t base, double power) {
  for (size_t k = 0; k < p->factors; k++) {
    struct jac_factor *f = &p->factor[k];
    if (!jac_term_equal(f->base, base))
      continue;
    if (base->kind != JAC_TERM_COMPARE)
      f->power += power;
    if (f->power == 0)
      jac_monomial_drop(p, k);
    return true;
  }
  if (p->factors == JAC_FACTORS)
    return false;
  p->factor[p->factors++] = (struct jac_factor){base, power};
  return true;
}

/* Whether a quotient's entry, to a power, is a quotient of entries. */
static bool divides(term_t t, double power) {
  return is_division(t) && (jac_type_is_number(t->child[1]->type) ||
                            (op_is(t, "(r,c)(r,c)->(r,c)") && whole(power)));
}

/* A number added to every entry. */
static bool is_shift(term_t t) {
  return t->kind == JAC_TERM_OP &&
         (t->construct == JAC_C_ADD || t->construct == JAC_C_SUBTRACT) &&
         jac_type_is_number(t->child[0]->type) != jac_type_is_number(t->child[1]->type);
}

/* (1 - v)_i is 1 - v_i. */
static term_t shifted(struct jac_make *m, term_t of, term_t base) {
  term_t a = jac_entry_like(m, of, base->child[0]),
         b = jac_entry_like(m, of, base->child[1]);
  return base->construct == JAC_C_ADD ? jac_make_add(m, a, b)
                                      : jac_make_subtract(m, a, b);
}

/* A product whose entries are products of entries or numbers. */
static bool is_entrywise(term_t t) {
  return is_scaling(t) ||
         (op_is(t, "(r,c)(r,c)->(r,c)") && t->construct == JAC_C_HADAMARD);
}

/* Every entry to the same whole power. */
static bool is_whole_power(term_t t) {
  return op_is(t, "(r,c)1->(r,c)") && t->construct == JAC_C_DOTPOWER &&
         t->child[1]->kind == JAC_TERM_NUMBER && whole(t->child[1]->number);
}

/* Whether an entry has an index for each side: it is a number. */
static bool is_number_entry(term_t t) {
  struct jac_type type = t->child[0]->type;
  return (t->child[1] || jac_dim_is_one(type.rows)) &&
         (t->child[2] || jac_dim_is_one(type.cols));
}

static bool times_entry(struct jac_make *m, mono *p, term_t t, double power, bool *done) {
  term_t base = t->child[0];
  *done = true;
  if (!is_number_entry(t))
    return *done = false, true;
  if (is_entrywise(base))
    return jac_monomial_times(m, p, jac_entry_like(m, t, base->child[0]), power) &&
           jac_monomial_times(m, p, jac_entry_like(m, t, base->child[1]), power);
  if (divides(base, power))
    return jac_monomial_times(m, p, jac_entry_like(m, t, base->child[0]), power) &&
           jac_monomial_times(m, p, jac_entry_like(m, t, base->child[1]), -power);
  if (is_shift(base))
    return put_factor(p, shifted(m, t, base), power);
  if (is_whole_power(base) && whole(power))
    return jac_monomial_times(m, p, jac_entry_like(m, t, base->child[0]),
                              power * base->child[1]->number);
  *done = false;
  return true;
}

/* A product that sums over an index is opened: its sum is one of the monomial's. */
static bool times_sum(struct jac_make *m, mono *p, term_t t, double power) {
  struct jac_index *k = jac_make_new_index(m, "", t->index->range);
  term_t at = k ? jac_make_index(m, k) : NULL, part[4];
  if (!at || p->overs == JAC_OVERS)
    return false;
  for (size_t c = 0; c < 4; c++)
    part[c] = t->child[c] ? jac_make_put(m, t->child[c], t->index, at) : NULL;
  p->over[p->overs++] = (struct jac_over){k, part[1], part[2], part[3]};
  return jac_monomial_times(m, p, part[0], power);
}

bool jac_monomial_times(struct jac_make *m, mono *p, term_t t, double power) {
  if (!t)
    return false;
  switch (t->kind) {
  case JAC_TERM_NUMBER:
    if (t->number == 0 && power < 0)
      break;
    p->coefficient *= power == 1 ? t->number : pow(t->number, power);
    return true;
  case JAC_TERM_ENTRY: {
    bool done, good = times_entry(m, p, t, power, &done);
    if (done || !good)
      return good;
    break;
  }
  case JAC_TERM_BIG:
    if (t->construct == JAC_C_SUM && power == 1)
      return times_sum(m, p, t, power);
    break;
  case JAC_TERM_OP:
    if (t->construct == JAC_C_NEGATE && whole(power)) {
      p->coefficient *= fmod(power, 2) != 0 ? -1 : 1;
      return jac_monomial_times(m, p, t->child[0], power);
    }
    if (is_scaling(t) && whole(power))
      return jac_monomial_times(m, p, t->child[0], power) &&
             jac_monomial_times(m, p, t->child[1], power);
    if (is_division(t) && jac_type_is_number(t->type) && whole(power))
      return jac_monomial_times(m, p, t->child[0], power) &&
             jac_monomial_times(m, p, t->child[1], -power);
    if ((t->construct == JAC_C_POWER || t->construct == JAC_C_DOTPOWER) &&
        t->child[1]->kind == JAC_TERM_NUMBER && whole(power) &&
        whole(t->child[1]->number) && t->child[1]->number * power != 0)
      return jac_monomial_times(m, p, t->child[0], power * t->child[1]->number);
    break;
  default:
    break;
  }
  return put_factor(p, t, power);
}

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

/* The monomial with an index put at a value, multiplied out again. */
static bool put(struct jac_make *m, const mono *in, const struct jac_index *index,
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

static void drop_over(mono *p, size_t k) {
  memmove(&p->over[k], &p->over[k + 1], (--p->overs - k) * sizeof *p->over);
}

/* Sum k of the monomial, with its index at a value: what the sum's bounds say stays. */
static bool collapse(struct jac_make *m, mono *p, size_t k, term_t value) {
  struct jac_over o = p->over[k];
  mono next;
  drop_over(p, k);
  if (o.first &&
      !jac_monomial_times(m, p, jac_make_compare(m, JAC_C_ATLEAST, value, o.first), 1))
    return false;
  if (o.last &&
      !jac_monomial_times(m, p, jac_make_compare(m, JAC_C_ATMOST, value, o.last), 1))
    return false;
  if (o.condition &&
      !jac_monomial_times(m, p, jac_make_put(m, o.condition, o.index, value), 1))
    return false;
  if (!put(m, p, o.index, value, &next))
    return false;
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
    for (size_t k = 0; k < p->factors && !again; k++) {
      term_t delta = p->factor[k].base;
      if (delta->kind != JAC_TERM_COMPARE || delta->construct != JAC_C_EQUAL)
        continue;
      for (size_t side = 0; side < 2 && !again; side++) {
        size_t over = over_of(p, delta->child[side]);
        if (over == p->overs)
          continue;
        term_t other = delta->child[1 - side];
        if (other->kind != JAC_TERM_INDEX && other->kind != JAC_TERM_NUMBER)
          continue; /* it may be beyond the range */
        jac_monomial_drop(p, k);
        if (!collapse(m, p, over, other))
          return false;
        again = true;
      }
    }
    for (size_t k = 0; k < p->overs && !again; k++)
      if (centred(p, k)) {
        p->coefficient = 0;
        p->centred = true;
      } else if (shares(p, k, &share)) {
        p->shared |= p->factor[share].base->child[0]->kind == JAC_TERM_SYMBOL &&
                     !p->factor[share].base->child[0]->symbol->body;
        jac_monomial_drop(p, share);
        drop_over(p, k);
        again = true;
      } else if (!occurs(p, k)) {
        term_t size = jac_make_size(m, p->over[k].index->range);
        drop_over(p, k);
        if (!jac_monomial_times(m, p, size, 1))
          return false;
        again = true;
      }
  }
  return true;
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
  bool entry = t->kind == JAC_TERM_ENTRY && is_number_entry(t);
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
    if (power == 0 || power <= lowest || !whole(power)) {
      k++;
      continue;
    }
    mono half[2] = {out->monomial[k], out->monomial[k]};
    for (size_t side = 0; side < 2; side++)
      if (!put_factor(&half[side], sum, -1) ||
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
    if (!put(m, &in->monomial[k], index, value, &p) || !jac_expansion_add(m, out, &p))
      return false;
  }
  return true;
}

static bool is_indicator(term_t t) {
  return t->kind == JAC_TERM_COMPARE && t->child[0]->kind != JAC_TERM_INDEX &&
         t->child[1]->kind != JAC_TERM_INDEX;
}

/* The product of the factors that are wanted: a quotient where powers are negative. */
static term_t product(struct jac_make *m, const mono *p, double coefficient) {
  term_t above = NULL, below = NULL;
  double size = fabs(coefficient), under = 1;
  if (size < 1 && size > 0 && fabs(1 / size - round(1 / size)) < 1e-12) {
    under = round(1 / size);
    size = 1;
  }
  if (size != 1)
    above = jac_make_number(m, size);
  if (under != 1)
    below = jac_make_number(m, under);
  /* Indicators stand first: 2 1[z > 0] h. */
  for (size_t k = 0; k < 2 * p->factors; k++) {
    const struct jac_factor *f = &p->factor[k % p->factors];
    if (is_indicator(f->base) != (k < p->factors))
      continue;
    term_t t = jac_make_power(m, f->base, fabs(f->power));
    term_t *side = f->power > 0 ? &above : &below;
    *side = *side ? jac_make_times(m, *side, t) : t;
  }
  if (!above)
    above = jac_make_number(m, 1);
  term_t t = below ? jac_make_divide(m, above, below) : above;
  for (size_t k = p->overs; k-- > 0;)
    t = jac_make_over(m, JAC_C_SUM, p->over[k].index, t, p->over[k].first,
                      p->over[k].last, p->over[k].condition);
  return t;
}

static bool bound_in(const mono *p, term_t t) {
  for (size_t k = 0; k < p->overs; k++)
    if (jac_term_has_index(t, p->over[k].index))
      return true;
  return false;
}

/* How often a factor is in a monomial, outside its sums: its power, or 0. */
static double power_in(const mono *p, term_t base) {
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_equal(p->factor[k].base, base) && !bound_in(p, base))
      return p->factor[k].power;
  return 0;
}

/* ... wherever its indices are bound. */
static double power_of(const mono *p, term_t base) {
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_equal(p->factor[k].base, base))
      return p->factor[k].power;
  return 0;
}

static void take_out(mono *p, term_t base, double power) {
  for (size_t k = 0; k < p->factors; k++)
    if (jac_term_equal(p->factor[k].base, base)) {
      p->factor[k].power -= power;
      if (p->factor[k].power == 0)
        jac_monomial_drop(p, k);
      return;
    }
}

/* Takes the factors that all have out of them, into common. */
static void factor_out(poly *p, mono *common) {
  const mono first = p->monomial[0];
  for (size_t k = 0; k < first.factors; k++) {
    term_t base = first.factor[k].base;
    double least = power_in(&first, base);
    for (size_t n = 1; n < p->count; n++) {
      double power = power_in(&p->monomial[n], base);
      least = power * least <= 0 ? 0 : fabs(power) < fabs(least) ? power : least;
    }
    if (least == 0)
      continue;
    common->factor[common->factors++] = (struct jac_factor){base, least};
    for (size_t n = 0; n < p->count; n++)
      take_out(&p->monomial[n], base, least);
  }
  double size = fabs(p->monomial[0].coefficient);
  bool same = true, negative = true;
  for (size_t n = 0; n < p->count; n++) {
    same = same && fabs(p->monomial[n].coefficient) == size;
    negative = negative && p->monomial[n].coefficient < 0;
  }
  common->coefficient = (same ? size : 1) * (negative ? -1 : 1);
  for (size_t n = 0; n < p->count; n++)
    p->monomial[n].coefficient /= common->coefficient;
}

/* The monomial's sum k called as another index is. */
static bool called(struct jac_make *m, const mono *in, size_t k,
                   const struct jac_index *index, mono *out) {
  mono p = *in;
  const struct jac_index *own = p.over[k].index;
  if (own == index) {
    *out = p;
    return true;
  }
  /* Another sum of its own that is called so gets a new name first. */
  for (size_t j = 0; j < p.overs; j++)
    if (p.over[j].index == index) {
      const struct jac_index *fresh = jac_make_new_index(m, "", index->range);
      mono other = p;
      other.over[j].index = fresh;
      if (!fresh || !put(m, &other, index, jac_make_index(m, fresh), &p))
        return false;
    }
  p.over[k].index = index;
  return put(m, &p, own, jac_make_index(m, index), out);
}

/* A sum of a monomial that is like that of another: over the same range, to its end. */
static bool is_like(const struct jac_over *a, const struct jac_over *b) {
  return !a->first && !a->last && !a->condition && !b->first && !b->last &&
         !b->condition && jac_dim_same(a->index->range, b->index->range);
}

/* Long: the factors of every monomial. The factors with a sum's index that all monomials
 * have, out of them. */
static bool shared_factors(struct jac_make *m, poly *p, size_t k, mono *out) {
  const struct jac_index *index = p->monomial[0].over[k].index;
  for (size_t n = 1; n < p->count; n++) {
    bool found = false;
    mono best = p->monomial[n];
    for (size_t j = 0; j < p->monomial[n].overs && !found; j++) {
      mono other;
      if (!is_like(&p->monomial[0].over[k], &p->monomial[n].over[j]) ||
          !called(m, &p->monomial[n], j, index, &other))
        continue;
      for (size_t f = 0; f < other.factors && !found; f++)
        found = jac_term_has_index(other.factor[f].base, index) &&
                other.factor[f].power == 1 &&
                power_of(&p->monomial[0], other.factor[f].base) == 1;
      best = other;
    }
    if (!found)
      return false;
    p->monomial[n] = best;
  }
  *out = (mono){.coefficient = 1, .overs = 1};
  out->over[0] = p->monomial[0].over[k];
  const mono first = p->monomial[0];
  for (size_t f = 0; f < first.factors; f++) {
    bool all = jac_term_has_index(first.factor[f].base, index);
    for (size_t j = 0; j < first.overs; j++)
      all = all &&
            (j == k || !jac_term_has_index(first.factor[f].base, first.over[j].index));
    for (size_t n = 0; n < p->count; n++)
      all =
          all && power_of(&p->monomial[n], first.factor[f].base) == first.factor[f].power;
    if (!all)
      continue;
    out->factor[out->factors++] = first.factor[f];
    for (size_t n = 0; n < p->count; n++)
      take_out(&p->monomial[n], first.factor[f].base, first.factor[f].power);
  }
  return out->factors > 0;
}

/* sum_p a_p b_p - sum_p sum_q a_p c_q is sum_p a_p (b_p - sum_q c_q). NULL: they have no
 * sum in common. */
static term_t nested(struct jac_make *m, const poly *in) {
  size_t sums = in->count > 1 ? in->monomial[0].overs : 0;
  for (size_t k = 0; k < sums; k++) {
    poly p = {.count = 0};
    mono out;
    for (size_t n = 0; n < in->count; n++)
      if (!jac_expansion_add(m, &p, &in->monomial[n]))
        return NULL;
    if (!shared_factors(m, &p, k, &out))
      continue;
    for (size_t n = 0; n < p.count; n++)
      for (size_t j = 0; j < p.monomial[n].overs; j++)
        if (p.monomial[n].over[j].index == out.over[0].index)
          drop_over(&p.monomial[n], j--);
    term_t inside = jac_expansion_term(m, &p);
    if (!inside || out.factors == JAC_FACTORS)
      return NULL;
    out.factor[out.factors++] = (struct jac_factor){inside, 1};
    return product(m, &out, 1);
  }
  return NULL;
}

term_t jac_expansion_term(struct jac_make *m, const poly *in) {
  if (!in->count)
    return jac_make_number(m, 0);
  poly p = {.count = 0};
  for (size_t k = 0; k < in->count; k++)
    if (!jac_expansion_add(m, &p, &in->monomial[k]))
      return NULL;
  mono common = {.coefficient = 1};
  if (p.count > 1)
    factor_out(&p, &common);
  /* What is added comes first. */
  size_t first = 0;
  while (first < p.count && p.monomial[first].coefficient < 0)
    first++;
  if (first == p.count)
    first = 0;
  term_t sum = nested(m, &p);
  for (size_t n = 0, most = sum ? 0 : p.count; n < most; n++) {
    size_t k = n == 0 ? first : n <= first ? n - 1 : n;
    term_t t = product(m, &p.monomial[k], p.monomial[k].coefficient);
    bool minus = p.monomial[k].coefficient < 0;
    sum = !sum    ? (minus ? jac_make_negate(m, t) : t)
          : minus ? jac_make_subtract(m, sum, t)
                  : jac_make_add(m, sum, t);
  }
  if (p.count > 1 && (common.factors || common.coefficient != 1)) {
    mono with = common;
    bool minus = with.coefficient < 0;
    double size = fabs(with.coefficient);
    if (with.factors == JAC_FACTORS)
      return NULL;
    with.factor[with.factors++] = (struct jac_factor){sum, 1};
    sum = product(m, &with, size);
    if (minus)
      sum = jac_make_negate(m, sum);
  }
  return sum;
}
