/* What a side of a claim leans on: its names, and those behind their definitions. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/elaborate/names_internal.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

/* Long: each thing that is noted. */
static bool has_symbol(term *t, void *context) {
  bool *found = context;
  *found = *found || t->kind == JAC_TERM_SYMBOL;
  return !*found;
}

/* What has one slope here, and another there. */
static bool has_kink(enum jac_construct_id id) {
  return id == JAC_C_MAX || id == JAC_C_MIN || id == JAC_C_BIGMAX || id == JAC_C_BIGMIN ||
         id == JAC_C_RELU || id == JAC_C_ABS || id == JAC_C_SIGN;
}

/* Long: what is asked of every term. */
bool jac_seen_collect(term *t, void *context) {
  struct seen *seen = context;
  if (t->kind == JAC_TERM_COMPARE || (t->kind == JAC_TERM_OP && has_kink(t->construct)))
    jac_term_walk(t, has_symbol, &seen->compares);
  seen->binary = seen->binary ||
                 (t->kind == JAC_TERM_SYMBOL &&
                  (t->symbol->values == JAC_BINARY || t->symbol->values == JAC_SIGNS));
  seen->derivative = seen->derivative || t->kind == JAC_TERM_DERIVATIVE;
  seen->transpose =
      seen->transpose || (t->kind == JAC_TERM_OP && t->construct == JAC_C_TRANSPOSE);
  if (t->kind == JAC_TERM_DERIVATIVE) {
    bool named = false, moves = false;
    jac_term_walk(t->child[0], has_symbol, &named);
    for (size_t k = 0; k < t->bys; k++)
      moves = moves || jac_rests_on(t->child[0], t->by[k].symbol);
    seen->moves = seen->moves || moves || !named;
    seen->still = seen->still || !moves;
  }
  if (t->kind == JAC_TERM_DERIVATIVE && seen->nderived < 40) {
    term *y = t->child[0];
    while (y->kind == JAC_TERM_ENTRY)
      y = y->child[0];
    if (y->kind == JAC_TERM_SYMBOL && y->symbol->guessed)
      seen->derived[seen->nderived++] = y->symbol;
  }
  const struct jac_symbol *symbols[8];
  size_t n = 0;
  if (t->symbol)
    symbols[n++] = t->symbol;
  for (size_t k = 0; k < t->bys && n < 8; k++)
    symbols[n++] = t->by[k].symbol;
  for (size_t k = 0; k < n; k++) {
    bool there = false;
    for (size_t j = 0; j < seen->count; j++)
      there = there || seen->symbol[j] == symbols[k];
    if (there || seen->count == sizeof seen->symbol / sizeof *seen->symbol)
      continue;
    seen->symbol[seen->count++] = symbols[k];
    if (symbols[k]->body)
      jac_term_walk(symbols[k]->body, jac_seen_collect, seen);
  }
  return true;
}

bool jac_seen_has(const struct seen *seen, const struct jac_symbol *s) {
  for (size_t k = 0; k < seen->count; k++)
    if (seen->symbol[k] == s)
      return true;
  return false;
}

/* What an unknown loss is differentiated by. */
struct losses {
  const struct jac_symbol *loss, *by[12];
  size_t count;
};

static bool by_of_loss(term *t, void *context) {
  struct losses *l = context;
  if (t->kind == JAC_TERM_DERIVATIVE && t->child[0]->kind == JAC_TERM_SYMBOL &&
      t->child[0]->symbol == l->loss)
    for (size_t k = 0; k < t->bys && l->count < 12; k++)
      l->by[l->count++] = t->by[k].symbol;
  return true;
}

static bool hangs_on(const struct jac_symbol *a, const struct jac_symbol *b) {
  struct seen seen = {.count = 0};
  if (a->body)
    jac_term_walk(a->body, jac_seen_collect, &seen);
  return a == b || a->key == b->key || jac_seen_has(&seen, b);
}

/* dL/db = dL/dz, where nothing says that z is made of b. */
void jac_find_unlinked(struct run *run) {
  term *t = run->left;
  while (t->kind == JAC_TERM_ENTRY ||
         (t->kind == JAC_TERM_OP && t->construct == JAC_C_TRANSPOSE))
    t = t->child[0];
  if (t->kind != JAC_TERM_DERIVATIVE || t->bys != 1 ||
      t->child[0]->kind != JAC_TERM_SYMBOL || !t->child[0]->symbol->guessed)
    return;
  struct losses right = {.loss = t->child[0]->symbol};
  jac_term_walk(run->right, by_of_loss, &right);
  struct seen named = {.count = 0}; /* delta, which is dL/dz */
  jac_term_walk(run->right, jac_seen_collect, &named);
  for (size_t k = 0; k < named.count; k++)
    if (named.symbol[k]->body)
      jac_term_walk(named.symbol[k]->body, by_of_loss, &right);
  for (size_t k = 0; k < right.count; k++)
    if (hangs_on(right.by[k], t->by[0].symbol) || hangs_on(t->by[0].symbol, right.by[k]))
      return;
  if (!right.count)
    return;
  run->unlinked[0] = right.by[0]->key;
  run->unlinked[1] = t->by[0].symbol->key;
}

/* A name that is taken to stand still where another, which nobody defines either, moves:
 * m of d(m v)/dt = m dv/dt. */
struct resting {
  elaboration *e;
  const struct seen *right;
  term *side;
  const struct jac_symbol *name, *by;
};

static bool derived_there(const struct seen *right, const struct jac_symbol *s) {
  for (size_t k = 0; k < right->nderived; k++)
    if (right->derived[k] == s)
      return true;
  return false;
}

/* Whether a side has a derivative of z by another than t: \partial z/\partial x. */
struct parted {
  const struct jac_symbol *whole, *by;
  bool found;
};

static bool in_parts(term *t, void *context) {
  struct parted *in = context;
  in->found =
      in->found || (t->kind == JAC_TERM_DERIVATIVE && t->bys == 1 &&
                    t->child[0]->kind == JAC_TERM_SYMBOL &&
                    t->child[0]->symbol == in->whole && t->by[0].symbol != in->by);
  return true;
}

/* Long: what it is to be such a derivative. */
static bool resting_of(term *t, void *context) {
  struct resting *r = context;
  if (t->kind != JAC_TERM_DERIVATIVE || t->bys != 1 || r->name ||
      !jac_type_is_number(t->by[0].symbol->type))
    return true;
  /* f, where f(x, y) is any function; z = x^2 y, by \partial z/\partial x. */
  const struct jac_symbol *whole =
      t->child[0]->kind == JAC_TERM_SYMBOL ? t->child[0]->symbol : NULL;
  bool function = whole && whole->body && whole->body->kind == JAC_TERM_CALL;
  struct parted in = {.whole = whole, .by = t->by[0].symbol};
  if (whole && whole->body)
    jac_term_walk(r->side, in_parts, &in);
  if (whole ? !function && !in.found : t->child[0]->kind != JAC_TERM_OP)
    return true;
  struct seen within = {.count = 0};
  jac_term_walk(t->child[0], jac_seen_collect, &within);
  bool moves = false;
  const struct jac_symbol *rests = NULL;
  for (size_t k = 0; k < within.count; k++) {
    const struct jac_symbol *s = within.symbol[k];
    moves = moves || (s != whole && derived_there(r->right, s));
    if (!s->body && !s->function && !s->guessed && s != t->by[0].symbol &&
        !jac_declared(r->e, s->key))
      rests = s;
  }
  if (moves && rests)
    r->name = rests, r->by = t->by[0].symbol;
  return true;
}

const char *jac_find_resting(elaboration *e, const struct run *run,
                             const struct seen *right) {
  struct resting r = {.e = e, .right = right, .side = run->right};
  jac_term_walk(run->left, resting_of, &r);
  return r.name ? jac_pool_printf(e->scope->pool, _("%s does not depend on %s"),
                                  r.name->key, r.by->key)
                : NULL;
}

/* Whether dots stand for as many as nothing else in the claim has. */
static bool dots_of_any_size(const elaboration *e) {
  for (size_t k = 0; k < e->ndots; k++) {
    bool tied = e->dots[k]->name != NULL;
    for (size_t j = 0; j < e->nsymbol && !tied; j++)
      tied = jac_dim_same(e->symbol[j]->type.rows, e->dots[k]) ||
             jac_dim_same(e->symbol[j]->type.cols, e->dots[k]);
    if (!tied)
      return true;
  }
  return false;
}

static void lean_on(struct run *run, const char *name) {
  run->leans_on_unknown = true;
  snprintf(run->unknown, sizeof run->unknown, "%.60s", name);
}

/* Long: what a side may lean on. */
void jac_find_leaning(elaboration *e, const struct jac_claim_written *claim,
                      struct run *run, const struct seen *left,
                      const struct seen *right) {
  bool guess = false, shared = false;
  for (size_t k = 0; k < left->count; k++)
    run->guessed = run->guessed || left->symbol[k]->guessed;
  for (size_t k = 0; k < right->count; k++)
    run->guessed = run->guessed || right->symbol[k]->guessed;
  for (size_t k = 0; k < left->count; k++)
    if (left->symbol[k]->guessed && left->symbol[k]->body) {
      guess = true;
      for (size_t j = 0; j < right->nderived; j++)
        shared = shared || right->derived[j] == left->symbol[k];
    } else if (left->symbol[k]->guessed && left->symbol[k]->function &&
               (!jac_seen_has(right, left->symbol[k]) || !right->derivative) &&
               !left->symbol[k]->of_loss) {
      /* g' = g (1 - g): whoever writes it knows what g is. */
      lean_on(run, jac_pool_printf(e->scope->pool, "%.*s",
                                   (int)strcspn(left->symbol[k]->key, "("),
                                   left->symbol[k]->key));
    }
  run->guess_alone = run->guess_alone || (guess && !shared);
  if (dots_of_any_size(e)) {
    lean_on(run, _("the size of the matrix with dots"));
  }
  for (size_t k = 0; k < right->count; k++) {
    const struct jac_symbol *s = right->symbol[k];
    if (jac_seen_has(left, s) || s->body)
      continue;
    if (strcmp(s->key, "slope'") == 0 || strchr(s->key, '\''))
      continue;
    node *mean = jac_mean_of(claim);
    if (mean && strcmp(s->key, mean->child[1]->text) == 0)
      continue;
    /* A name of the right side alone that nothing explains: said shapes explain none. */
    lean_on(run, s->key);
  }
}
