/* The loss that nobody defines: any smooth function of those variables that it is
 * differentiated by and that lead to no other. */
#include "jacobian/elaborate/elaborate_internal.h"

/* The key without what stands below (0), above (1): made once. */
static const char *bare_key(elaboration *e, node *n, int which) {
  if (n->bare[which] && n->home == e->scope->pool)
    return n->bare[which];
  node *child[3] = {n->child[0], which ? n->child[1] : NULL, which ? NULL : n->child[2]};
  node *part = jac_notation_node(e->scope->pool, n, 3, child);
  const char *key = part ? jac_key(e, part) : "";
  if (n->home == e->scope->pool)
    ((struct jac_syntax *)n)->bare[which] = key;
  return key;
}

/* What a definition's right side mentions, looked for once in a section. */
struct jac_leads {
  struct mentioned {
    const char *key;
    size_t place; /* where what defines it stands among the definitions, or NOWHERE */
  } * name;       /* by their places */
  size_t count, most;
};

enum { NOWHERE = 0x7fffffff };

/* Where the first definition but d stands whose key is this, or (one behind that) whose
 * key is this without its indices. */
static size_t place_of(const struct jac_evidence *v, const struct jac_definition *d,
                       const char *key) {
  size_t place = NOWHERE;
  for (size_t base = 0; base < 2; base++) {
    const struct jac_definition *k = jac_definition_first(v, key, base);
    while (k && (k == d || (base ? k->base != key || k->key == key : k->key != key)))
      k = jac_definition_next(v, k, base);
    size_t at = k ? 2 * (size_t)(k - v->definition) + base : NOWHERE;
    place = at < place ? at : place;
  }
  return place;
}

static void lead(elaboration *e, const struct jac_definition *d, struct jac_leads *l,
                 const char *key) {
  struct jac_pool *pool = e->evidence->store ? e->evidence->store : e->evidence->pool;
  for (size_t k = 0; k < l->count; k++)
    if (l->name[k].key == key)
      return;
  if (l->count == l->most) {
    size_t most = l->most ? 2 * l->most : 8;
    struct mentioned *name = jac_pool_take(pool, most * sizeof *name);
    if (!name) {
      e->pool->failed = true;
      e->pool->limit = e->pool->limit || pool->limit;
      return;
    }
    for (size_t k = 0; k < l->count; k++)
      name[k] = l->name[k];
    l->name = name;
    l->most = most;
  }
  size_t place = place_of(e->evidence, d, key), at = l->count++;
  for (; at && l->name[at - 1].place > place; at--)
    l->name[at] = l->name[at - 1];
  l->name[at] = (struct mentioned){key, place};
}

/* Long: the ways to spell it. What n mentions: names by their keys, and by their keys
 * without an index. */
static void mention(elaboration *e, const struct jac_definition *d, struct jac_leads *l,
                    node *n) {
  if (!n)
    return;
  if (!jac_name_like(n)) {
    for (size_t k = 0; k < n->count; k++)
      mention(e, d, l, n->child[k]);
    return;
  }
  lead(e, d, l, jac_key(e, n));
  if (n->form != JAC_S_SCRIPT)
    return;
  lead(e, d, l, jac_key(e, n->child[0]));
  if (n->child[1] && n->child[2]) {
    lead(e, d, l, bare_key(e, n, 0));
    lead(e, d, l, bare_key(e, n, 1));
  }
  mention(e, d, l, n->child[2]);
  mention(e, d, l, jac_upright(e->scope->pool, n));
}

static const struct jac_leads *leads_of(elaboration *e, const struct jac_definition *d) {
  struct jac_evidence *v = e->evidence;
  if (!v->leads)
    v->leads = jac_pool_take(v->store ? v->store : v->pool,
                             (v->definitions + 1) * sizeof *v->leads);
  if (!v->leads) {
    e->pool->failed = true;
    return NULL;
  }
  struct jac_leads *l = &v->leads[d - v->definition];
  if (!l->count)
    mention(e, d, l, d->fact->right);
  return l;
}

/* Whether what is called a is defined by b, at last. seen: the definitions that were
 * asked. */
static bool reaches(elaboration *e, const char *a, const char *b, unsigned char *seen) {
  const struct jac_evidence *v = e->evidence;
  const struct jac_definition *d = jac_definition_of(e, a);
  if (!d)
    d = jac_entries_of(e, a, 0);
  if (!d || !d->fact->right || seen[d - v->definition])
    return false;
  seen[d - v->definition] = 1;
  const struct jac_leads *l = leads_of(e, d);
  for (size_t k = 0; l && k < l->count; k++)
    if (l->name[k].key == b)
      return true;
  for (size_t k = 0; l && k < l->count && l->name[k].place != NOWHERE; k++)
    if (l->name[k].key != a && reaches(e, l->name[k].key, b, seen))
      return true;
  return false;
}

static bool depends(elaboration *e, const char *a, const char *b) {
  unsigned char *seen = jac_pool_take(e->pool, e->evidence->definitions + 1);
  return seen && reaches(e, a, b, seen);
}

static node *bare_variable(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_APPLY && n->row->id == JAC_C_VEC)
    return bare_variable(n->child[1]);
  if (n->form == JAC_S_SCRIPT && n->child[2] &&
      (jac_is_name(n->child[2], "T") || jac_is_name(n->child[2], "top")) && !n->child[1])
    return bare_variable(n->child[0]);
  return n;
}

/* The keys under which a variable may be defined: with its index, and without. */
static const char *base_key(elaboration *e, node *n) {
  if (jac_of_step(e, n))
    return jac_key(e, n);
  node *batch = jac_batch_of(e, n), *item[4];
  if (batch)
    return jac_key(e, batch);
  if (n->form == JAC_S_SCRIPT && n->child[1] && jac_index_items(n->child[1], item) == 2) {
    node *child[3] = {n->child[0], NULL, n->child[2]};
    node *whole =
        n->child[2] ? jac_notation_node(e->scope->pool, n, 3, child) : n->child[0];
    const char *capital = whole ? jac_capital_of(e, jac_key(e, whole)) : NULL;
    if (capital)
      return capital;
  }
  if (n->form != JAC_S_SCRIPT || !n->child[1])
    return jac_key(e, n);
  if (!n->child[2])
    return jac_key(e, n->child[0]);
  node *child[3] = {n->child[0], NULL, n->child[2]};
  node *part = jac_notation_node(e->scope->pool, n, 3, child);
  return part ? jac_key(e, part) : "";
}

/* dW and \nabla_W alone are of the loss that the rest speaks of, where there is one. */
static const char *the_loss(elaboration *e, const char *key) {
  const char *d = jac_pool_text(e->scope->pool, "d");
  if (key != d)
    return key;
  for (size_t k = 0; k < e->evidence->pairs; k++) {
    const char *other = e->evidence->pair[k].numerator;
    const struct jac_usage *u = jac_usage_of(e->evidence, other);
    if (other != d && !jac_definition_of(e, other) && !jac_entries_of(e, other, 0) &&
        !(u && u->denominator))
      return other;
  }
  return key;
}

/* \partial y / \partial x says that y hangs on x, and L on x by y; not where L hangs on
 * x otherwise too. */
static bool leads_by_pair(elaboration *e, const char *loss, const char *y, node *x) {
  if (jac_definition_of(e, y) || jac_total_and_partial(e->evidence, loss, x))
    return false;
  const struct jac_evidence *v = e->evidence;
  bool curly = false; /* dx/dt beside \partial L / \partial t: that one is partial */
  for (size_t k = 0; k < v->pairs; k++)
    curly = curly || (v->pair[k].curly && v->pair[k].numerator == loss &&
                      jac_notation_equal(bare_variable(v->pair[k].denominator), x));
  const struct jac_pair *p = v->every ? v->every : v->pair;
  for (size_t k = 0; k < (v->every ? v->everys : v->pairs); k++)
    if (p[k].numerator == y && !(curly && p[k].straight) &&
        jac_notation_equal(bare_variable(p[k].denominator), x))
      return true;
  return false;
}

enum { LOSS_VARIABLES = 24 };

/* The variables that the loss is differentiated by, as they are written. */
static size_t variables_of(elaboration *e, const char *key, node *out[LOSS_VARIABLES]) {
  size_t count = 0;
  for (size_t k = 0; k < e->evidence->pairs && count < LOSS_VARIABLES; k++)
    if (the_loss(e, e->evidence->pair[k].numerator) == key) {
      node *v = bare_variable(e->evidence->pair[k].denominator);
      if (jac_name_like(v) && jac_key(e, v) != key)
        out[count++] = v;
    }
  return count;
}

/* \sigma of \sigma^2; else the variable. */
static node *root_of(node *x) {
  bool power = x->form == JAC_S_SCRIPT && x->child[2] && !x->child[1] &&
               x->child[2]->form == JAC_S_NUMBER;
  return power ? x->child[0] : x;
}

/* Whether a variable leads to another one. */
static bool upstream(elaboration *e, const char *loss, size_t count,
                     node *const *variable, node *x) {
  const char *mine[] = {base_key(e, x), jac_key(e, x), jac_key(e, root_of(x))};
  for (size_t k = 0; k < count; k++) {
    const char *other = base_key(e, variable[k]), *whole = jac_key(e, variable[k]);
    if (other == mine[0] || whole == mine[2])
      continue;
    for (size_t j = 0; j < sizeof mine / sizeof *mine; j++)
      if (depends(e, whole, mine[j]) || (other != whole && depends(e, other, mine[j])))
        return true;
    if (leads_by_pair(e, loss, whole, x))
      return true;
  }
  return false;
}

/* What a loss is a function of: quantities, and families of which it is a sum. */
struct arguments {
  term *one[LOSS_VARIABLES], *family[LOSS_VARIABLES];
  size_t ones, families;
};

static bool among(term *const *list, size_t count, const struct jac_symbol *symbol) {
  for (size_t k = 0; k < count; k++)
    if (list[k]->symbol == symbol)
      return true;
  return false;
}

/* A variable's term, without the entry or the power that is taken of it. */
static term *variable_term(elaboration *e, node *variable) {
  struct jac_bound *outer = e->bound;
  size_t pairing = e->pairing;
  e->bound = NULL;
  e->pairing = e->ndefining;
  term *x = jac_elaborate(e, variable);
  e->pairing = pairing;
  e->bound = outer;
  while (x && (x->kind == JAC_TERM_ENTRY ||
               (x->kind == JAC_TERM_OP && x->construct == JAC_C_POWER)))
    x = x->child[0];
  return x;
}

static void read_arguments(elaboration *e, const char *key, struct arguments *a) {
  node *variable[LOSS_VARIABLES];
  size_t variables = variables_of(e, key, variable);
  e->defining[e->ndefining++] = key;
  for (size_t k = 0; k < variables && !e->unfit; k++) {
    if (upstream(e, key, variables, variable, variable[k]))
      continue;
    term *x = variable_term(e, variable[k]);
    if (!x)
      break;
    if (x->kind != JAC_TERM_SYMBOL || among(a->one, a->ones, x->symbol) ||
        among(a->family, a->families, x->symbol))
      continue;
    if (x->symbol->families)
      a->family[a->families++] = x;
    else
      a->one[a->ones++] = x;
  }
  e->ndefining--;
}

/* A number; or a column, where it is a quantity between others. */
static struct jac_type loss_type(elaboration *e, const char *key, bool families) {
  struct jac_type type = jac_type_number(e);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (!u || !u->denominator || families)
    return type;
  struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "kind:%s", key),
                         .count = 2,
                         .price = {u->bold ? 6 : 0, u->bold ? 0 : 3}};
  bool capital = key[0] >= 'A' && key[0] <= 'Z';
  if (capital)
    c.price[1] += 3;
  if (jac_choose(e, &c) == 1) {
    type.rows = jac_dim_free_new(&e->dims, NULL);
    type.rows->because |= jac_choice_bit(e, c.site);
  }
  return type;
}

/* The sum of f of each member of a family, and of its place. */
static term *sum_of_members(elaboration *e, const struct jac_symbol *f,
                            const struct jac_symbol *s, node *where) {
  struct jac_index *index[3];
  term *place[3];
  for (size_t j = 0; j < s->families; j++) {
    index[j] = jac_index_new(e, "i", s->family[j]);
    place[j] = index[j] ? jac_term_index(e, index[j], where) : NULL;
    if (!place[j])
      return NULL;
  }
  struct jac_term *member =
      jac_term_new(e, JAC_TERM_SYMBOL, s->type, where, s->families, place);
  if (!member)
    return NULL;
  member->symbol = s;
  term *both[4] = {member, place[0], s->families > 1 ? place[1] : NULL,
                   s->families > 2 ? place[2] : NULL};
  struct jac_term *call =
      jac_term_new(e, JAC_TERM_CALL, jac_type_number(e), where, 1 + s->families, both);
  if (!call)
    return NULL;
  call->symbol = f;
  term *sum = call;
  size_t row;
  jac_readings_of(JAC_C_SUM, &row);
  for (size_t j = s->families; j-- > 0;) {
    term *child[4] = {sum, NULL, NULL, NULL};
    struct jac_term *big =
        jac_term_new(e, JAC_TERM_BIG, jac_type_number(e), where, 4, child);
    if (!big)
      return NULL;
    big->reading = jac_reading_at(row);
    big->construct = JAC_C_SUM;
    big->index = index[j];
    sum = big;
  }
  return sum;
}

/* f of the quantities, and the sums over the families. */
static term *loss_body(elaboration *e, const struct jac_symbol *f,
                       const struct arguments *a, node *where) {
  term *body = NULL;
  if (a->ones) {
    struct jac_term *call =
        jac_term_new(e, JAC_TERM_CALL, f->type, where, a->ones, a->one);
    if (!call)
      return NULL;
    call->symbol = f;
    body = call;
  }
  for (size_t k = 0; k < a->families; k++) {
    term *sum = sum_of_members(e, f, a->family[k]->symbol, where);
    term *pair[2] = {body, sum};
    body = body && sum ? jac_term_op(e, JAC_C_ADD, where, 2, pair) : sum;
    if (!body)
      return NULL;
  }
  return body;
}

struct jac_symbol *jac_any_loss(elaboration *e, const char *key, node *where) {
  key = the_loss(e, key);
  const char *own = jac_pool_printf(e->scope->pool, "%s of everything", key);
  struct name_entry *entry = jac_name_entry(e, own);
  if (!entry || e->unfit)
    return NULL;
  if (entry->symbol)
    return entry->symbol;
  if (e->ndefining == sizeof e->defining / sizeof *e->defining) {
    jac_unknown(e, where, "its definitions are nested too deeply");
    return NULL;
  }
  struct arguments a = {.ones = 0};
  read_arguments(e, key, &a);
  if (e->unfit)
    return NULL;
  if (!a.ones && !a.families) {
    jac_unknown(e, where, "nothing says what %s is", key);
    e->missing = key;
    return NULL;
  }
  struct jac_type type = loss_type(e, key, a.families > 0);
  struct jac_symbol *f =
      jac_symbol_new(e, jac_pool_printf(e->scope->pool, "%s()", key), type);
  if (!f)
    return NULL;
  f->function = true;
  f->guessed = true;
  f->of_loss = true;
  term *body = loss_body(e, f, &a, where);
  struct jac_symbol *s = body ? jac_symbol_new(e, key, type) : NULL;
  if (!s)
    return NULL;
  s->body = body;
  s->guessed = true;
  entry = jac_name_entry(e, own);
  if (entry)
    entry->symbol = s;
  return s;
}
