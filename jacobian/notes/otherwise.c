#include "jacobian/notes/otherwise.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

enum { MOST_OTHERS = 6 };

static bool defines(const struct jac_section *s, size_t k, struct jac_definition *d) {
  const struct jac_fact *f = &s->fact[k];
  return f->kind == JAC_FACT_DEFINITION && !f->strong && f->right && !f->problem &&
         jac_definition_read(s->pool, f->left, d);
}

static node *base_of(node *n) {
  return n->form == JAC_S_SCRIPT ? base_of(n->child[0]) : n;
}

static bool in_link(const struct jac_link *link, node *name) {
  const char *base = base_of(name)->text;
  return jac_notation_has_name(link->left, base) ||
         jac_notation_has_name(link->right, base);
}

/* A definition that only shows how its names are used. */
static void forget(struct jac_fact *f) {
  f->kind = JAC_FACT_USE;
  f->right = NULL;
}

/* Whether nothing but a function's arguments stands in n. */
static bool of_arguments(node *n, const struct jac_definition *f) {
  if (n->form == JAC_S_NAME && !n->row) {
    for (size_t k = 0; k < f->params; k++)
      if (jac_notation_equal(f->param[k], n))
        return true;
    return false;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !of_arguments(n->child[k], f))
      return false;
  return true;
}

/* Whether what the claim is of is a function at k, of more than one argument. */
static bool is_function(const struct jac_section *s, const struct jac_link *link,
                        size_t k, struct jac_definition *f) {
  return defines(s, k, f) && f->params > 1 && in_link(link, f->name);
}

/* y = x + 1, x^2 = y: of the arguments of f(x, y), the functions being at: some. */
static bool relates_arguments(const struct jac_section *s, const struct jac_link *link,
                              const size_t *at, size_t count,
                              const struct jac_definition *d, node *right) {
  for (size_t k = 0; k < count; k++) {
    struct jac_definition f;
    if (is_function(s, link, at[k], &f) && of_arguments(d->name, &f) &&
        of_arguments(right, &f))
      return true;
  }
  return false;
}

/* What relates them does not count in a partial derivative. */
static bool arguments_still(const struct jac_section *s, const struct jac_link *link,
                            struct jac_fact *out) {
  bool any = false;
  struct jac_definition d;
  size_t *at = jac_pool_take(s->pool, (s->facts + 1) * sizeof *at), count = 0;
  if (!at || jac_notation_has_name(link->left, "d"))
    return false;
  for (size_t k = 0; k < s->facts; k++)
    if (is_function(s, link, k, &d))
      at[count++] = k;
  for (size_t k = 0; k < s->facts && count; k++) {
    if (!defines(s, k, &d) || d.params ||
        !relates_arguments(s, link, at, count, &d, s->fact[k].right))
      continue;
    forget(&out[k]);
    any = true;
  }
  return any;
}

/* What every fact defines, its key or NULL: read once. NULL: memory ran out. */
static const char **keys_of(const struct jac_section *s) {
  const char **key = jac_pool_take(s->pool, (s->facts + 1) * sizeof *key);
  struct jac_definition d;
  for (size_t k = 0; key && k < s->facts; k++)
    key[k] = defines(s, k, &d) ? d.key : NULL;
  return key;
}

/* Whether two define the same otherwise. */
static bool rivals(const struct jac_section *s, const char **key, size_t a, size_t b) {
  return a != b && key[a] && key[a] == key[b] &&
         !jac_notation_equal(s->fact[a].right, s->fact[b].right);
}

/* The k-th place from the claim outwards: behind it and before it in turn. */
static size_t outwards(const struct jac_section *s, size_t visible, size_t k) {
  size_t before = visible, behind = s->facts - visible;
  size_t both = before < behind ? before : behind;
  if (k < 2 * both)
    return k % 2 ? visible - 1 - k / 2 : visible + k / 2;
  return before > behind ? before - 1 - (k - behind) : k;
}

/* The definition that the claim is tried with, the which-th that has rivals, the nearest
 * first; out: without those. */
static const struct jac_fact *another(const struct jac_section *s,
                                      const struct jac_link *link, size_t which,
                                      struct jac_fact *out) {
  const char **key = keys_of(s);
  for (size_t n = 0; key && n < s->facts; n++) {
    size_t k = outwards(s, link->visible, n);
    struct jac_definition d;
    if (!defines(s, k, &d) || !in_link(link, d.name))
      continue;
    bool any = false;
    for (size_t j = 0; j < s->facts && !any; j++)
      any = rivals(s, key, k, j);
    if (!any || which--)
      continue;
    for (size_t j = 0; j < s->facts; j++)
      if (rivals(s, key, k, j))
        forget(&out[j]);
    return &s->fact[k];
  }
  return NULL;
}

const struct jac_fact *jac_without(const struct jac_section *s, size_t which,
                                   struct jac_fact *out) {
  for (size_t k = s->facts; k-- > 0;) {
    struct jac_definition d;
    if (!s->fact[k].passing || s->fact[k].explains || !defines(s, k, &d) || which--)
      continue;
    memcpy(out, s->fact, s->facts * sizeof *out);
    forget(&out[k]);
    return &s->fact[k];
  }
  return NULL;
}

const struct jac_fact *jac_said_later(const struct jac_section *s,
                                      const struct jac_link *link) {
  for (size_t k = link->visible; k < s->facts; k++) {
    struct jac_definition d;
    if (defines(s, k, &d) && !s->fact[k].explains && in_link(link, d.name))
      return &s->fact[k];
  }
  return NULL;
}

/* What is said behind the claim is not; how names are used there still tells. */
static bool forget_later(const struct jac_section *s, const struct jac_link *link,
                         struct jac_fact *out) {
  bool any = false;
  for (size_t k = link->visible; k < s->facts; k++)
    if (out[k].kind != JAC_FACT_USE && !out[k].strong) {
      any = true;
      forget(&out[k]);
    }
  return any;
}

/* The next exercise: what was said before its u = ... is not said of another u; 0: the
 * claim is of none that is defined twice. The line from which on things are said. */
static size_t afresh(const struct jac_section *s, const struct jac_link *link,
                     struct jac_fact *out) {
  const char **key = keys_of(s);
  for (size_t k = key ? link->visible : 0; k-- > 0;) {
    struct jac_definition d;
    bool again = false, any = false;
    if (!defines(s, k, &d) || !jac_notation_has_name(link->left, base_of(d.name)->text))
      continue;
    for (size_t j = 0; j < k && !again; j++)
      again = rivals(s, key, j, k);
    for (size_t j = 0; again && j < k; j++)
      if (key[j] && s->fact[j].line < s->fact[k].line) {
        forget(&out[j]);
        any = true;
      }
    return any ? s->fact[k].line : 0;
  }
  return 0;
}

/* Whether something is said before the claim of a name in it. */
static bool said_before(const struct jac_section *s, const struct jac_link *link) {
  for (size_t k = 0; k < s->facts && k < link->visible; k++) {
    const struct jac_fact *f = &s->fact[k];
    struct jac_definition d;
    bool says = f->kind == JAC_FACT_SHAPE || f->kind == JAC_FACT_PROPERTY;
    if ((says && f->left && in_link(link, f->left)) ||
        (defines(s, k, &d) && in_link(link, d.name)))
      return true;
  }
  return false;
}

/* By the k-th of the other definitions of a name; false: there are no more. */
static bool by_another(const struct jac_section *s, const struct jac_link *link, size_t k,
                       struct jac_fact *out, struct jac_way *way) {
  const struct jac_fact *f = k < MOST_OTHERS ? another(s, link, k, out) : NULL;
  if (!f)
    return false;
  snprintf(way->words, sizeof way->words, _("by what line %zu says of it"), f->line);
  if ((size_t)(f - s->fact) < link->visible)
    forget_later(s, link, out);
  return true;
}

static void begin(const struct jac_section *s, struct jac_fact *out,
                  struct jac_way *way) {
  *way = (struct jac_way){.count = s->facts};
  if (s->facts)
    memcpy(out, s->fact, s->facts * sizeof *out);
}

bool jac_otherwise(const struct jac_section *s, const struct jac_link *link, size_t k,
                   struct jac_fact *out, struct jac_way *way) {
  size_t none = 0;
  begin(s, out, way);
  way->behind = forget_later(s, link, out);
  if (way->behind && k == none++)
    return true;
  begin(s, out, way);
  if (arguments_still(s, link, out) && k == none++) {
    snprintf(way->words, sizeof way->words, "%s",
             _("\xe2\x88\x82 is partial: what else depends on it stands still"));
    return true;
  }
  begin(s, out, way);
  way->from = afresh(s, link, out);
  if (way->from && k == none++) {
    snprintf(way->words, sizeof way->words, _("by what is said from line %zu on"),
             way->from);
    forget_later(s, link, out);
    return true;
  }
  size_t others = k - none;
  begin(s, out, way);
  if (by_another(s, link, others, out, way))
    return true;
  bool last = others == 0 || by_another(s, link, others - 1, out, way);
  begin(s, out, way);
  way->count = link->visible;
  way->unseen = last && link->visible < s->facts && said_before(s, link);
  return way->unseen;
}
