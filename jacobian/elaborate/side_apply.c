/* Functions by their names: tanh x, det(A), max(0, x), sum(i, ...). */
#include "jacobian/elaborate/side_internal.h"

/* Whether a name has a definition of its own, as a whole or by its entries. */
static bool defined_itself(elaboration *e, node *name) {
  node *base = name->form == JAC_S_SCRIPT ? name->child[0] : name;
  return jac_name_like(name) && (jac_definition_of(e, jac_key(e, name)) ||
                                 jac_entries_of(e, jac_key(e, base), 0));
}

/* Whether n is as it is said: \ln L where \ln L(\mu, \sigma) is given. */
static bool as_said(node *said, node *n) {
  if (jac_notation_equal(said, n))
    return true;
  node *call = said->form == JAC_S_APPLY ? jac_inside(said->child[1]) : NULL,
       *name =
           n->form == JAC_S_APPLY && n->row == said->row ? jac_inside(n->child[1]) : NULL;
  return call && name && jac_name_like(name) && call->form == JAC_S_SIDE &&
         call->count == 2 && jac_notation_equal(call->child[0], name) &&
         brackets(call->child[1], "()") && jac_all_names(call->child[1]);
}

/* log p(x) = ..., log p = ...: what was said of the whole, the last that is not being
 * read. Of a p that is defined it is a consequence. */
static const struct jac_fact *said_of_whole(elaboration *e, node *n) {
  node *inner = n->form == JAC_S_APPLY ? jac_inside(n->child[1]) : NULL;
  if (inner && defined_itself(e, inner))
    return NULL;
  for (size_t k = e->scope->count; k-- > 0;) {
    const struct jac_fact *f = &e->scope->fact[k];
    bool open = false;
    if (f->kind != JAC_FACT_EQUATION || !f->right || !as_said(f->left, n))
      continue;
    for (size_t j = 0; j < e->nleaned; j++)
      open = open || (e->leaned[j] == f && e->ndefining);
    if (!open && e->ndefining < sizeof e->defining / sizeof *e->defining)
      return f;
  }
  return NULL;
}

/* A function of that name that the author defined, of as many arguments; or NULL. */
static const struct jac_definition *own_function(elaboration *e, const char *key,
                                                 node *bracket, node *argument[8]) {
  const struct jac_definition *f = jac_function_of(e, key);
  for (size_t k = 0; f && k < e->ndefining; k++)
    if (e->defining[k] == key)
      return NULL;
  return f && bracket->form == JAC_S_GROUP &&
                 jac_arguments(bracket, argument) == f->params
             ? f
             : NULL;
}

/* sum(i, x[i]), sum(i = 1:n, x[i]): as the sign writes it. */
static term *over_index(elaboration *e, node *n, node *index, node *to, node *body) {
  enum jac_construct_id id = n->row->id;
  struct jac_syntax like = *n;
  like.form = JAC_S_BIG;
  like.row = jac_construct(id == JAC_C_TOTAL        ? JAC_C_SUM
                           : id == JAC_C_PRODUCTALL ? JAC_C_PRODUCT
                           : id == JAC_C_MAX        ? JAC_C_BIGMAX
                                                    : JAC_C_BIGMIN);
  node *child[3] = {index, to, body};
  node *big = jac_notation_node(e->scope->pool, &like, 3, child);
  return big ? jac_elaborate_big(e, big, body) : NULL;
}

/* Whether the first of two arguments is an index, not a quantity: max(i, x[i]). */
static bool runs(elaboration *e, enum jac_construct_id id, node *index) {
  if (index->form == JAC_S_CHAIN || id == JAC_C_TOTAL || id == JAC_C_PRODUCTALL)
    return true;
  const char *letter = index->form == JAC_S_NAME ? jac_key(e, index) : NULL;
  const struct jac_usage *u = letter ? jac_usage_of(e->evidence, letter) : NULL;
  return u && u->index && !jac_definition_of(e, letter) && !jac_declared(e, letter);
}

/* softmax(z_j) is entry j of softmax(z): the softmax of a number is 1. */
static bool soft_entry(enum jac_construct_id id, term *value) {
  return (id == JAC_C_SOFTMAX || id == JAC_C_LOGSOFTMAX) &&
         value->kind == JAC_TERM_ENTRY && jac_type_is_number(value->type) &&
         (jac_dim_is_one(value->child[0]->type.rows) ||
          jac_dim_is_one(value->child[0]->type.cols));
}

/* \log_2 x */
static term *log_to_base(elaboration *e, node *n, node *below, size_t count,
                         term *const *value) {
  term *log = jac_term_op(e, JAC_C_LOG, n, count, value);
  term *base = jac_elaborate(e, below);
  base = base ? jac_term_op(e, JAC_C_LOG, n, 1, &base) : NULL;
  term *pair[2] = {log, base};
  return base ? jac_term_op(e, JAC_C_DIVIDE, n, 2, pair) : NULL;
}

/* The function at its arguments, with its primes, and what stands below it: the base of a
 * logarithm, the entry of a softmax. */
static term *applied(elaboration *e, node *n, size_t count, term *const *value) {
  const struct jac_construct *row = n->row;
  node *below = n->child[0]->form == JAC_S_SCRIPT ? n->child[0]->child[1] : NULL;
  double primes = n->child[0]->form == JAC_S_SCRIPT ? n->child[0]->number : 0;
  if (below && row->id == JAC_C_LOG &&
      (below->form == JAC_S_NUMBER || below->form == JAC_S_NAME))
    return log_to_base(e, n, below, count, value);
  if (primes > 0 && (row->role != JAC_ROLE_ENTRYWISE || count != 1))
    return jac_unknown(e, n, "a prime is read on functions of one number");
  term *result = primes > 0 ? jac_slope(e, row->id, primes, value[0], n)
                            : jac_term_op(e, row->id, n, count, value);
  node *item[4];
  size_t items =
      below && row->id == JAC_C_SOFTMAX && result ? jac_index_items(below, item) : 0;
  return items ? jac_term_entry(e, result, items, item, n) : result;
}

/* softmax(z_{t,i}) is entry i of the softmax of row t. */
static bool of_row(term *value) {
  return value->kind == JAC_TERM_ENTRY && jac_type_is_number(value->type) &&
         value->child[1] && value->child[2];
}

static term *soft_of_row(elaboration *e, node *n, term *value) {
  term *base = value->child[0], *row[3] = {base, value->child[1], NULL};
  struct jac_type type = jac_type_of(e->dims.one, base->type.cols);
  term *all = jac_term_new(e, JAC_TERM_ENTRY, type, n, 3, row);
  term *soft = all ? jac_term_op(e, n->row->id, n, 1, &all) : NULL;
  term *child[3] = {soft, NULL, value->child[2]};
  return soft ? jac_term_new(e, JAC_TERM_ENTRY, value->type, n, 3, child) : NULL;
}

/* arctan(y/x) in notes. */
static bool quotient_of_numbers(elaboration *e, term *value) {
  return !e->plain && value->kind == JAC_TERM_OP && value->construct == JAC_C_DIVIDE &&
         value->count == 2 && jac_type_is_number(value->child[0]->type) &&
         jac_type_is_number(value->child[1]->type);
}

/* The arc tangent of y/x, or the angle of (x, y) on all sides of the origin:
 * 2 arctan(y / (x + sqrt(x^2 + y^2))). */
static term *angle(elaboration *e, node *n, term *value) {
  if (jac_choose2(e, jac_pool_text(e->scope->pool, "angle"), 0, 3, NULL,
                  N_("arctan(y/x) is the angle of (x, y)"), NULL) == 0)
    return jac_term_op(e, JAC_C_ATAN, n, 1, &value);
  term *y = value->child[0], *x = value->child[1], *two = jac_term_number(e, 2, n);
  term *xx[2] = {x, x}, *yy[2] = {y, y};
  term *squares[2] = {jac_term_op(e, JAC_C_SIDE, n, 2, xx),
                      jac_term_op(e, JAC_C_SIDE, n, 2, yy)};
  term *sum = squares[0] && squares[1] ? jac_term_op(e, JAC_C_ADD, n, 2, squares) : NULL;
  term *below[2] = {x, sum ? jac_term_op(e, JAC_C_SQRT, n, 1, &sum) : NULL};
  term *half[2] = {y, below[1] ? jac_term_op(e, JAC_C_ADD, n, 2, below) : NULL};
  term *tangent = half[1] ? jac_term_op(e, JAC_C_DIVIDE, n, 2, half) : NULL;
  term *pair[2] = {two, tangent ? jac_term_op(e, JAC_C_ATAN, n, 1, &tangent) : NULL};
  return two && pair[1] ? jac_term_op(e, JAC_C_SIDE, n, 2, pair) : NULL;
}

static bool any_brackets(node *n) {
  return brackets(n, "()") || brackets(n, "[]") || brackets(n, "{}") ||
         brackets(n, "\\{\\}");
}

/* \psi', \dot\psi: by time, hardly of an angle. */
static bool by_time(node *n) {
  const char *text = base_of(n)->text;
  return (n->form == JAC_S_SCRIPT && n->number > 0) || strncmp(text, "dot_", 4) == 0 ||
         strncmp(text, "ddot_", 5) == 0;
}

/* Whether n is names side by side; whether one behind the first is by time. */
static bool names_alone(node *n, bool *time) {
  *time = false;
  for (size_t k = 0; k < n->count && n->form == JAC_S_SIDE; k++) {
    if (!jac_name_like(n->child[k]))
      return false;
    *time = *time || (k && by_time(n->child[k]));
  }
  return n->form == JAC_S_SIDE;
}

/* The function n of an argument alone. */
static node *of_argument(struct jac_pool *pool, node *n, node *argument) {
  node *child[2] = {n->child[0], argument};
  return argument ? jac_notation_node(pool, n, 2, child) : NULL;
}

/* first, times the factors of side from the k-th on. */
static node *times_rest(struct jac_pool *pool, node *side, node *first, size_t k) {
  size_t count = side->count - k + 1;
  node **factor = jac_pool_take(pool, count * sizeof(node *));
  if (!factor)
    return NULL;
  factor[0] = first;
  memcpy(factor + 1, side->child + k, (count - 1) * sizeof *factor);
  return jac_notation_node(pool, side, count, factor);
}

/* \sin\theta\psi': the sine of theta, times psi'; NULL: the function of all that stands
 * behind it. What it is at one place it is at all that begin alike. \sin\theta v may mean
 * either, and most often the sine of the product. */
static node *of_first(elaboration *e, node *n) {
  node *behind = n->child[1];
  bool time;
  if (e->plain || n->row->role != JAC_ROLE_ENTRYWISE || !names_alone(behind, &time))
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node *first = of_argument(pool, n, behind->child[0]);
  if (!first)
    return NULL;
  const char *site = jac_pool_printf(pool, time ? "argument by time:%s" : "argument:%s",
                                     jac_notation_key(pool, first));
  if (jac_choose2(e, site, time ? 2 : 0, time ? 0 : 4, NULL, NULL, NULL) == 0)
    return NULL;
  if (!time)
    e->excuse = N_("it holds where a function is of the first factor alone that stands "
                   "behind it: write brackets");
  return times_rest(pool, behind, first, 1);
}

/* How many factors stand before a bracket that holds more than names, or a fraction; 0:
 * there is none. */
static size_t before_bracket(node *side) {
  size_t k = 0;
  while (k < side->count &&
         (side->child[k]->form == JAC_S_NUMBER || jac_name_like(side->child[k])))
    k++;
  node *next = k < side->count ? side->child[k] : NULL;
  bool bracket = next && any_brackets(next) && !jac_all_names(next);
  return bracket || (next && next->form == JAC_S_FRACTION) ? k : 0;
}

/* \cos x (1 + \sin x), \sin 2x [a + b]: the function of what stands before the bracket,
 * times it; NULL: of all, as in \sin\omega(t - s). */
static node *of_before_bracket(elaboration *e, node *n) {
  node *side = n->child[1];
  bool entrywise = n->row->role == JAC_ROLE_ENTRYWISE && side->form == JAC_S_SIDE;
  size_t k = entrywise && !e->plain ? before_bracket(side) : 0;
  if (!k)
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node *before = k == 1 ? side->child[0] : jac_notation_node(pool, side, k, side->child);
  node *first = of_argument(pool, n, before);
  const char *site =
      first ? jac_pool_printf(pool, "argument bracket:%s", jac_notation_key(pool, first))
            : NULL;
  if (!site || jac_choose2(e, site, 0, 2, NULL, NULL, NULL) == 0)
    return NULL;
  return times_rest(pool, side, first, k);
}

/* \det A A^{-T}: the determinant of A, times A^{-T}; NULL: of all. */
static node *of_first_matrix(elaboration *e, node *n) {
  node *behind = n->child[1];
  bool matrix = n->row->id == JAC_C_DET || n->row->id == JAC_C_TRACE;
  if (e->plain || !matrix || behind->form != JAC_S_SIDE ||
      !jac_name_like(behind->child[0]))
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node *first = of_argument(pool, n, behind->child[0]);
  const char *site = jac_pool_printf(pool, "matrix argument:%s",
                                     first ? jac_notation_key(pool, first) : "");
  if (!first || jac_choose2(e, site, 0, 4, NULL, NULL, NULL) == 0)
    return NULL;
  return times_rest(pool, behind, first, 1);
}

/* \ln p(x) q(x): the logarithm of p(x), times q(x); NULL: of all, by which nothing holds.
 */
static node *of_call(elaboration *e, node *n) {
  node *behind = n->child[1];
  if (e->plain || n->row->role != JAC_ROLE_ENTRYWISE || behind->form != JAC_S_SIDE ||
      behind->count < 3 || !jac_name_like(behind->child[0]) ||
      !brackets(behind->child[1], "()") || !jac_all_names(behind->child[1]))
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  node *first = of_argument(pool, n, jac_notation_node(pool, behind, 2, behind->child));
  const char *site = jac_pool_printf(pool, "argument call:%s",
                                     first ? jac_notation_key(pool, first) : "");
  if (!first || jac_choose2(e, site, 0, 3, NULL, NULL, NULL) == 1) {
    e->excuse = N_("it holds where a function is of all that stands behind it: write "
                   "brackets");
    return NULL;
  }
  return times_rest(pool, behind, first, 2);
}

/* max(0, u) of a sum u that is a number, as a loss is: u alone, where the author
 * differentiates the branch on which it is not 0; NULL: it is none, or is the maximum. */
static term *branch(elaboration *e, node *const *argument, term *const *value) {
  for (const struct jac_bound *b = e->bound; b; b = b->next)
    if (b->index)
      return NULL;
  for (size_t k = 0; k < 2 && !e->exact; k++) {
    term *u = value[1 - k];
    node *sum = jac_inside(argument[1 - k]);
    if (value[k]->kind == JAC_TERM_NUMBER && value[k]->number == 0 &&
        sum->form == JAC_S_TERMS && sum->count > 1 && jac_type_is_number(u->type))
      return jac_choose2(e, jac_pool_text(e->scope->pool, "branch"), 0, 6, NULL,
                         N_("where the maximum is not 0"), NULL) == 1
                 ? u
                 : NULL;
  }
  return NULL;
}

/* A function by its name: tanh x, det(A), max(0, x), sum(i, ...). */
/* f'(z): of what acts entry by entry it is read as the diagonal matrix already. */
static bool slopes_of_call(node *n) {
  n = jac_inside(n);
  return n->form == JAC_S_SIDE && n->count == 2 && n->child[0]->form == JAC_S_SCRIPT &&
         n->child[0]->number > 0 && n->child[1]->form == JAC_S_GROUP;
}

term *jac_elaborate_apply(elaboration *e, node *n) {
  const struct jac_fact *said = said_of_whole(e, n);
  if (said) {
    if (e->nleaned < sizeof e->leaned / sizeof *e->leaned)
      e->leaned[e->nleaned++] = said;
    e->defining[e->ndefining++] = jac_key(e, n);
    term *value = jac_elaborate(e, said->right);
    e->ndefining--;
    return value;
  }
  node *product = jac_inverse_function(e, n);
  if (!product)
    product = jac_reach_of_function(e, n);
  if (!product)
    product = jac_before_axis(e, n);
  if (!product)
    product = of_first(e, n);
  if (!product)
    product = of_call(e, n);
  if (!product)
    product = of_first_matrix(e, n);
  if (!product)
    product = of_before_bracket(e, n);
  if (product)
    return jac_elaborate(e, product);
  node *name = n->child[0], *bracket = n->child[1];
  const struct jac_construct *row = n->row;
  node *above = name->form == JAC_S_SCRIPT ? name->child[2] : NULL;
  bool entrywise = row->role == JAC_ROLE_ENTRYWISE;
  const char *key = jac_key(e, base_of(name));
  e->braced = e->braced ||
              (bracket->form == JAC_S_GROUP && bracket->text[0] == '{' &&
               bracket->child[0]->form == JAC_S_TERMS && bracket->child[0]->count > 1);
  node *argument[8] = {bracket};
  const struct jac_definition *f = own_function(e, key, bracket, argument);
  if (f) {
    bool power = above && (above->form == JAC_S_NUMBER || jac_is_name(above, "T") ||
                           jac_is_name(above, "top"));
    return jac_raised(e, jac_beta(e, f, name, f->params, argument), power ? above : NULL,
                      entrywise, n);
  }
  if (row->role == JAC_ROLE_SPECIAL || row->role == JAC_ROLE_SIZED) {
    bool taken = false;
    return jac_elaborate_special(e, base_of(name), bracket, NULL, &taken);
  }
  argument[0] = bracket;
  size_t count = any_brackets(bracket) ? jac_arguments(bracket, argument) : 1;
  if (count > 8)
    return jac_unknown(e, n, "%s has too many arguments", key);
  bool over = row->id == JAC_C_TOTAL || row->id == JAC_C_PRODUCTALL ||
              row->id == JAC_C_MAX || row->id == JAC_C_MIN;
  if (over && count == 2 && runs(e, row->id, argument[0]))
    return over_index(e, n, argument[0], NULL, argument[1]);
  if (over && count == 3 && argument[0]->form == JAC_S_CHAIN) /* sum(i = 1:n, body) */
    return over_index(e, n, argument[0], argument[1], argument[2]);
  if (row->id == JAC_C_NORM && count == 2) /* norm(x, 1) */
    return jac_raised(e, jac_norm_of(e, n, jac_elaborate(e, argument[0]), argument[1]),
                      above, entrywise, n);
  term *value[8];
  for (size_t k = 0; k < count; k++) {
    value[k] = jac_elaborate(e, argument[k]);
    if (!value[k])
      return NULL;
  }
  if (count == 1 && soft_entry(row->id, value[0])) {
    term *entry = value[0];
    term *child[3] = {jac_term_op(e, row->id, n, 1, &entry->child[0]), entry->child[1],
                      entry->child[2]};
    return child[0] ? jac_term_new(e, JAC_TERM_ENTRY, entry->type, n, 3, child) : NULL;
  }
  if (count == 1 && (row->id == JAC_C_SOFTMAX || row->id == JAC_C_LOGSOFTMAX) &&
      of_row(value[0]))
    return soft_of_row(e, n, value[0]);
  if (count == 1 && row->id == JAC_C_ATAN && quotient_of_numbers(e, value[0]))
    return angle(e, n, value[0]);
  if (count == 1 && row->id == JAC_C_DIAG && slopes_of_call(argument[0]) &&
      jac_dim_same(value[0]->type.rows, value[0]->type.cols))
    return jac_raised(e, value[0], above, entrywise, n);
  term *u = count == 2 && row->id == JAC_C_MAX ? branch(e, argument, value) : NULL;
  return jac_raised(e, u ? u : applied(e, n, count, value), above, entrywise, n);
}
