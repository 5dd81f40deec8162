/* Sizes of what has entries at sums of indices: y_i = x_{i+1} - x_i has m entries where x
 * has m + 1, y_i = sum_k w_k x_{i+k-1} has m where x has m + k - 1. */
#include "jacobian/algebra/definition_internal.h"

#include "jacobian/elaborate/extent.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_term *term_t;

enum { OWNERS = 16, WORD = 24, SIDE = sizeof((struct jac_reached *)0)->rows };

/* What has a letter: an index of a definition by entries, or a size. */
struct owner {
  const struct jac_index *index;
  const struct jac_dim *dim;
  char word[WORD];
};

struct letters {
  const char *definition;
  const struct jac_named_size *size;
  size_t count;
  struct owner owner[OWNERS];
  size_t owners;
};

static const char *letter_of(struct letters *l, const struct jac_index *index,
                             const struct jac_dim *dim) {
  static const char *const words[] = {"m", "k", "p", "q", "l", "h", "M", "K", "P", "Q"};
  for (size_t n = 0; n < l->owners; n++)
    if (index ? l->owner[n].index == index : l->owner[n].dim == dim)
      return l->owner[n].word;
  if (l->owners == OWNERS)
    return NULL;
  const char *word = !index && dim->name ? dim->name : NULL;
  for (size_t k = 0; !word && k < sizeof words / sizeof *words; k++) {
    bool used = jac_definition_has_word(l->definition, l->size, l->count, words[k]);
    for (size_t n = 0; n < l->owners; n++)
      used = used || strcmp(l->owner[n].word, words[k]) == 0;
    word = used ? NULL : words[k];
  }
  if (!word || strlen(word) >= WORD)
    return NULL;
  struct owner *o = &l->owner[l->owners++];
  o->index = index;
  o->dim = index ? NULL : dim;
  snprintf(o->word, WORD, "%s", word);
  return o->word;
}

static bool has_owner(const struct letters *l, const struct jac_index *index) {
  for (size_t n = 0; n < l->owners; n++)
    if (l->owner[n].index == index)
      return true;
  return false;
}

/* Long: each part of it. "m+k-1" of a place's last value; false: it is not made of
 * letters. */
static bool write_place(struct letters *l, const struct jac_affine *a, char *out,
                        size_t size) {
  size_t put = 0;
  out[0] = '\0';
  for (size_t k = 0; k < a->count; k++) {
    const struct jac_affine_part *p = &a->part[k];
    const struct jac_dim *dim = p->index ? NULL : jac_dim_root(p->size);
    if (p->times < 1 || (dim && dim->kind != JAC_DIM_FREE))
      return false;
    const char *word = p->index && !has_owner(l, p->index)
                           ? NULL /* of no definition by entries */
                           : letter_of(l, p->index, dim);
    char times[24] = "";
    if (p->times != 1)
      snprintf(times, sizeof times, "%.0f*", p->times);
    if (word)
      put += (size_t)snprintf(out + put, size - put, "%s%s%s", k ? "+" : "", times, word);
    if (!word || put + 24 >= size)
      return false;
  }
  if (a->constant != 0 || !a->count)
    snprintf(out + put, size - put, a->count ? "%+.0f" : "%.0f", a->constant);
  return true;
}

/* A side that no place reaches along. */
static bool write_side(struct letters *l, const struct jac_dim *dim, char *out,
                       size_t size) {
  struct jac_affine a = {.constant = 0};
  return jac_affine_add_size(&a, dim, 1) && write_place(l, &a, out, size);
}

/* The furthest of a base's places along a side; NULL: none, or which is not known. */
static const struct jac_affine *furthest(const struct jac_extent *reach, size_t count,
                                         const struct jac_symbol *base, bool column) {
  const struct jac_affine *most = NULL;
  for (size_t k = 0; k < count; k++) {
    if (reach[k].base != base || reach[k].column != column)
      continue;
    struct jac_affine over = reach[k].high;
    bool first = !most, known = first || jac_affine_add(&over, most, -1);
    bool further = first || (known && jac_affine_least(&over) > 0);
    if (!known || (!further && jac_affine_most(&over) > 0))
      return NULL;
    if (further)
      most = &reach[k].high;
  }
  return most;
}

/* Whether a place is more than an index: i + 1, i + k - 1. */
static bool is_shifted(const struct jac_extent *r) {
  return r->at.count > 1 || r->at.constant != 0 || r->at.part[0].times != 1;
}

/* Whether a symbol's size may be said: nobody has. */
static bool is_open(const struct letters *l, const struct jac_symbol *s) {
  for (size_t k = 0; k < l->count; k++)
    if (strcmp(l->size[k].name, s->key) == 0)
      return false;
  return !s->families && !jac_type_is_number(s->type);
}

static bool reaches_shifted(const struct jac_extent *reach, size_t count,
                            const struct jac_symbol *s) {
  for (size_t k = 0; k < count; k++)
    if (reach[k].base == s && is_shifted(&reach[k]))
      return true;
  return false;
}

/* The size of a variable along a side. */
static bool variable_side(struct letters *l, const struct jac_extent *reach, size_t count,
                          const struct jac_symbol *s, bool column, char *out) {
  const struct jac_dim *dim = column ? s->type.cols : s->type.rows;
  const struct jac_affine *most = furthest(reach, count, s, column);
  if (!most || jac_dim_is_one(dim) || !reaches_shifted(reach, count, s))
    return write_side(l, dim, out, SIDE);
  for (size_t k = 0; k < most->count; k++) /* sum(i, x[i+1] - x[i]) */
    if (!most->part[k].index && jac_dim_same(most->part[k].size, dim))
      return false;
  return write_place(l, most, out, SIDE);
}

/* ... of what is defined by its entries. */
static bool defined_side(struct letters *l, const struct jac_index *index,
                         const struct jac_dim *dim, char *out) {
  if (!index)
    return write_side(l, dim, out, SIDE);
  const char *word = letter_of(l, index, NULL);
  snprintf(out, SIDE, "%s", word ? word : "");
  return word != NULL;
}

/* Long: what is defined, then what is given. */
size_t jac_definition_reach(const struct jac_defined *d, const char *definition,
                            const struct jac_named_size *size, size_t count,
                            struct jac_reached *out) {
  struct jac_extent reach[JAC_EXTENTS];
  struct letters l = {.definition = definition, .size = size, .count = count};
  size_t reaches = jac_extent_find(d->term, reach), found = 0;
  bool any = false;
  for (size_t k = 0; k < d->variables; k++)
    any = any || (is_open(&l, d->variable[k]) &&
                  reaches_shifted(reach, reaches, d->variable[k]));
  /* What is defined has its letters first. */
  for (size_t k = 0; any && k < d->elaboration.nsymbol; k++) {
    const struct jac_symbol *s = d->elaboration.symbol[k];
    term_t body = s->body;
    if (!body || body->kind != JAC_TERM_BUILD || !is_open(&l, s) ||
        found == JAC_REACHED_MOST)
      continue;
    if (reaches_shifted(reach, reaches, s))
      return 0; /* h_{i+1} of what is defined by its entries itself */
    struct jac_reached *r = &out[found++];
    snprintf(r->name, sizeof r->name, "%.39s", s->key);
    if (!defined_side(&l, body->index, s->type.rows, r->rows) ||
        !defined_side(&l, body->index2, s->type.cols, r->cols))
      return 0;
  }
  for (size_t k = 0; any && k < d->variables; k++) {
    const struct jac_symbol *s = d->variable[k];
    if (!is_open(&l, s) || found == JAC_REACHED_MOST)
      continue;
    struct jac_reached *r = &out[found++];
    snprintf(r->name, sizeof r->name, "%.39s", s->key);
    if (!variable_side(&l, reach, reaches, s, false, r->rows) ||
        !variable_side(&l, reach, reaches, s, true, r->cols))
      return 0;
  }
  return found;
}
