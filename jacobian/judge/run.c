/* One reading of a claim: both sides elaborated in one scope, made of one shape. */
#include "jacobian/judge/judge_internal.h"
#include "jacobian/elaborate/elaborate_internal.h"

#include <stdio.h>
#include <string.h>

static bool unbind(term *t, void *context) {
  struct jac_indices *in = context;
  if (t->kind == JAC_TERM_BIG || t->kind == JAC_TERM_BUILD)
    for (size_t k = 0; k < in->count; k++)
      if (in->index[k] == t->index || in->index[k] == t->index2)
        in->index[k] = in->index[--in->count];
  return true;
}

static void add_words(struct run *run, const char *words) {
  for (size_t k = 0; k < run->nwords; k++)
    if (strcmp(run->words[k], words) == 0)
      return;
  if (run->nwords < JAC_WORDS_MOST)
    run->words[run->nwords++] = words;
}

/* Which matrices a side transposes: a symbol, or another. */
struct transposed {
  const struct jac_symbol *symbol;
  bool itself, another;
};

static bool transposes(term *t, void *context) {
  struct transposed *in = context;
  if (t->kind == JAC_TERM_OP && t->construct == JAC_C_TRANSPOSE &&
      t->child[0]->kind == JAC_TERM_SYMBOL && !jac_dim_is_one(t->type.rows) &&
      !jac_dim_is_one(t->type.cols))
    *(t->child[0]->symbol == in->symbol ? &in->itself : &in->another) = true;
  return true;
}

/* A + A, which nobody writes for 2 A: a sign that is missing. */
static bool doubled(node *n) {
  for (size_t k = 0; n && n->form == JAC_S_TERMS && k + 1 < n->count; k++)
    if (n->text[k] != '-' && n->text[k + 1] != '-' &&
        jac_notation_equal(n->child[k], n->child[k + 1]))
      return true;
  for (size_t k = 0; n && k < n->count; k++)
    if (doubled(n->child[k]))
      return true;
  return false;
}

/* Symmetric matrices: made square at last, which costs where nothing else did. */
static bool settle_symmetric(elaboration *e, const bool *square, size_t symbols,
                             term *right, node *written, unsigned *coincidence) {
  for (size_t k = 0; k < e->nsymbol; k++) {
    struct jac_symbol *s = e->symbol[k];
    bool matrix = !jac_dim_is_one(s->type.rows) && !jac_dim_is_one(s->type.cols);
    bool only_now = k < symbols && !square[k] && matrix && !s->body &&
                    jac_dim_same(s->type.rows, s->type.cols);
    if (only_now)
      e->price += 8, *coincidence += 8; /* square for the sake of the claim alone */
    if (!s->symmetric || s->body)
      continue;
    bool guessed = false;
    for (size_t j = 0; j < e->nchoice; j++)
      if (e->choice[j].site == jac_symmetric_site(e, s->key) && e->choice[j].pick == 1)
        guessed = true;
    if (guessed && (only_now || !jac_dim_same(s->type.rows, s->type.cols)))
      return false;
    /* Who transposes one matrix does not take another for symmetric, unless it is that of
       a quadratic form. */
    struct transposed t = {.symbol = s};
    jac_term_walk(right, transposes, &t);
    const struct jac_usage *u = jac_usage_of(e->evidence, s->key);
    bool selective = t.itself || (t.another && !(u && u->quadratic));
    if (guessed && (selective || doubled(written)))
      e->price += JAC_PRICE_SLIP;
  }
  return true;
}

/* The left side's entry that a right side with indices is. */
static bool entry_of_left(elaboration *e, struct run *run, node *where) {
  struct jac_indices a = {.count = 0}, b = {.count = 0};
  jac_term_walk(run->left, jac_meet_indices, &a);
  jac_term_walk(run->right, jac_meet_indices, &b);
  jac_term_walk(run->left, unbind, &a);
  jac_term_walk(run->right, unbind, &b);
  const struct jac_index *own[3];
  size_t count = 0;
  for (size_t k = 0; k < b.count; k++)
    if (jac_index_is_free(e, b.index[k]) && !jac_index_among(&a, b.index[k])) {
      if (count == 2)
        return false;
      own[count++] = b.index[k];
    }
  bool row = jac_dim_is_one(run->left->type.rows),
       col = jac_dim_is_one(run->left->type.cols);
  if (a.count || count != (size_t)!row + (size_t)!col || !count)
    return false;
  if (count == 2 && strcmp(own[0]->name, own[1]->name) > 0) {
    const struct jac_index *first = own[0];
    own[0] = own[1];
    own[1] = first;
  }
  term *child[3] = {run->left, NULL, NULL};
  size_t at = 0;
  if (!row) {
    child[1] = jac_term_index(e, own[at], where);
    if (!jac_dim_unify(&e->dims, own[at++]->range, run->left->type.rows, 0))
      return false;
  }
  if (!col) {
    child[2] = jac_term_index(e, own[at], where);
    if (!jac_dim_unify(&e->dims, own[at++]->range, run->left->type.cols, 0))
      return false;
  }
  term *entry = jac_term_new(e, JAC_TERM_ENTRY, jac_type_number(e), where, 3, child);
  if (!entry)
    return false;
  run->left = entry;
  e->price += 4;
  return true;
}

static void one_shape(elaboration *e, struct run *run) {
  term *l = run->left, *r = run->right;
  if (r->kind == JAC_TERM_NUMBER && r->number == 0)
    return;
  size_t mark = jac_dims_mark(&e->dims);
  if (jac_elaborate_same(e, l, r))
    return;
  uint64_t because = e->conflict;
  jac_dims_undo(&e->dims, mark);
  if (jac_type_is_number(r->type) && entry_of_left(e, run, NULL)) {
    add_words(run, N_("an entry of the left side"));
    return;
  }
  bool square = jac_dim_same(l->type.rows, l->type.cols) && !jac_dim_is_one(l->type.rows);
  bool column = jac_dim_is_one(r->type.cols), row = jac_dim_is_one(r->type.rows);
  if (!square && !jac_type_is_number(l->type) && (row || column) &&
      !jac_dim_is_one(l->type.rows) && !jac_dim_is_one(l->type.cols))
    square = jac_dim_unify(&e->dims, l->type.rows, l->type.cols, 0);
  if (square && row && column) {
    run->how = 2;
    e->price += 8;
    add_words(run, N_("a number stands for that multiple of the identity"));
    return;
  }
  if (square && (row || column) &&
      jac_dim_unify(&e->dims, l->type.rows, row ? r->type.cols : r->type.rows, 0)) {
    run->how = 1;
    e->price += 8;
    add_words(run, N_("a vector stands for the diagonal"));
    return;
  }
  run->how = -1;
  e->conflict = because;
}

/* The layouts chosen for gradients from a choice on: 0 none, 1 the usual, 2 another. */
static size_t layouts(const elaboration *e, size_t from) {
  size_t found = 0;
  for (size_t k = from; k < e->nchoice; k++)
    if ((strncmp(e->choice[k].site, "gradient", 8) == 0 ||
         strncmp(e->choice[k].site, "nabla", 5) == 0) &&
        e->choice[k].pick + 1 > found)
      found = e->choice[k].pick + 1;
  return found;
}

/* What products of two columns and the like cost so far. */
static unsigned slips(const elaboration *e) {
  unsigned price = 0;
  for (size_t k = 0; k < e->nchoice; k++)
    if (strncmp(e->choice[k].site, "a product:", 10) == 0)
      price += e->choice[k].price[e->choice[k].pick];
  return price;
}

/* What is asked for so far. */
struct ranges {
  elaboration *e;
  term *condition;
};

/* a <= b, beside that. */
static void ask_atmost(struct ranges *r, term *a, term *b) {
  term *pair[2] = {a, b};
  struct jac_term *c =
      a && b ? jac_term_new(r->e, JAC_TERM_COMPARE, jac_type_number(r->e), NULL, 2, pair)
             : NULL;
  if (!c)
    return;
  c->construct = JAC_C_ATMOST;
  if (r->condition) {
    term *both[2] = {r->condition, c};
    struct jac_term *l =
        jac_term_new(r->e, JAC_TERM_LOGIC, jac_type_number(r->e), NULL, 2, both);
    if (!l)
      return;
    l->construct = JAC_C_AND;
    c = l;
  }
  r->condition = c;
}

/* Whether a term has indices, and all of them are the claim's own. */
static bool of_free(const elaboration *e, term *a, term *b) {
  struct jac_indices in = {.count = 0};
  jac_term_walk(a, jac_meet_indices, &in);
  if (b)
    jac_term_walk(b, jac_meet_indices, &in);
  for (size_t k = 0; k < in.count; k++)
    if (!jac_index_is_free(e, in.index[k]))
      return false;
  return in.count > 0;
}

static bool proper_range(term *t, void *context) {
  struct ranges *r = context;
  if (t->kind == JAC_TERM_BIG && t->child[1] && t->child[2] &&
      of_free(r->e, t->child[1], t->child[2])) {
    /* A product from k + 1 to t is meant where k is not above t. */
    term *next[2] = {t->child[2], jac_term_number(r->e, 1, NULL)};
    ask_atmost(r, t->child[1], jac_term_op(r->e, JAC_C_ADD, NULL, 2, next));
  }
  for (size_t k = 0; t->kind == JAC_TERM_DERIVATIVE && k < t->bys; k++)
    for (size_t j = 0; j < t->by[k].symbol->families; j++)
      /* dh_t/dh_{t-2} is meant where there is an h_{t-2}: h_0 is where it begins. */
      if (t->by[k].symbol->body && t->by[k].place[j] &&
          of_free(r->e, t->by[k].place[j], NULL))
        ask_atmost(r, jac_term_number(r->e, 0, NULL), t->by[k].place[j]);
  return true;
}

/* Which sides of a symbol are not of size 1. */
static unsigned char sides_of(const struct jac_symbol *s) {
  return (unsigned char)(!jac_dim_is_one(s->type.rows) +
                         2 * !jac_dim_is_one(s->type.cols));
}

/* -sum y_i log p_i = -log p_k: y is 1 at k and 0 elsewhere, and is gone. */
static bool labels_alone(const elaboration *e, const struct seen *left,
                         const struct seen *right) {
  for (size_t k = 0; k < left->count && !left->derivative && !right->derivative; k++) {
    const struct jac_usage *u = jac_usage_of(e->evidence, left->symbol[k]->key);
    if (u && u->logged && !left->symbol[k]->body && !jac_seen_has(right, left->symbol[k]))
      return true;
  }
  return false;
}

/* Whether a side is a derivative: transposed, an entry of it, at a point, among terms. */
static bool derives(term *t) {
  while (t->kind == JAC_TERM_ENTRY || t->kind == JAC_TERM_AT ||
         (t->kind == JAC_TERM_OP && t->construct == JAC_C_TRANSPOSE))
    t = t->child[0];
  bool sum = t->kind == JAC_TERM_OP &&
             (t->construct == JAC_C_ADD || t->construct == JAC_C_SUBTRACT);
  return t->kind == JAC_TERM_DERIVATIVE ||
         (sum && (derives(t->child[0]) || derives(t->child[1])));
}

/* |det J| = r of polar coordinates, whose r is no negative number. */
static term *not_negative(elaboration *e, const struct run *run) {
  if (run->left->kind != JAC_TERM_OP || run->left->construct != JAC_C_ABS ||
      !jac_type_is_number(run->left->type) || !jac_type_is_number(run->right->type) ||
      (run->right->kind == JAC_TERM_OP && run->right->construct == JAC_C_ABS) ||
      jac_choose2(e, jac_pool_text(e->scope->pool, "absolute"), 0, 4, NULL,
                  N_("where the right side is not negative"), NULL) == 0)
    return run->right;
  term *right = run->right;
  return jac_term_op(e, JAC_C_ABS, NULL, 1, &right);
}

/* Whether a definition that was leaned on implies a sum. */
static bool implies_sums(const struct jac_elaboration *e) {
  for (size_t k = 0; k < e->nchoice; k++)
    if (e->choice[k].pick && strncmp(e->choice[k].site, "repeated in:", 12) == 0)
      return true;
  return false;
}

/* How often a term of t, multiplied out, has an index. */
static size_t times_in(const struct jac_term *t, const struct jac_index *index) {
  bool sum = t->kind == JAC_TERM_OP &&
             (t->construct == JAC_C_ADD || t->construct == JAC_C_SUBTRACT);
  size_t times = t->kind == JAC_TERM_INDEX && t->index == index;
  for (size_t k = 0; k < t->count; k++) {
    size_t inside = t->child[k] ? times_in(t->child[k], index) : 0;
    times = sum && inside < times ? times : sum ? inside : times + inside;
  }
  for (size_t k = 0; k < t->bys; k++) {
    const struct jac_by *by = &t->by[k];
    const struct jac_term *places[] = {by->place[0], by->place[1], by->place[2], by->row,
                                       by->column};
    for (size_t p = 0; p < sizeof places / sizeof *places; p++)
      times += places[p] ? times_in(places[p], index) : 0;
  }
  return times;
}

/* Whether a term of a sum has the index once: it is free. */
static bool once_in(const struct jac_term *t, const struct jac_index *index) {
  if (t->kind != JAC_TERM_OP ||
      !(t->construct == JAC_C_ADD || t->construct == JAC_C_SUBTRACT ||
        t->construct == JAC_C_NEGATE))
    return times_in(t, index) == 1;
  for (size_t k = 0; k < t->count; k++)
    if (once_in(t->child[k], index))
      return true;
  return false;
}

/* The free indices that both sides have, those of them that no term has once, and those
 * that one side alone has, twice. */
struct repeated {
  struct jac_indices both, always, alone;
};

static void see_repeated(const struct jac_elaboration *e, const struct run *run,
                         struct repeated *out) {
  struct jac_indices side[2] = {{.count = 0}, {.count = 0}};
  jac_term_walk(run->left, jac_meet_indices, &side[0]);
  jac_term_walk(run->right, jac_meet_indices, &side[1]);
  for (size_t s = 0; s < 2; s++)
    for (size_t k = 0; k < side[s].count; k++) {
      const struct jac_index *index = side[s].index[k];
      if (!jac_index_is_free(e, index))
        continue;
      if (!jac_index_among(&side[1 - s], index)) {
        if (side[s].times[k] >= 2)
          jac_meet_index(&out->alone, index);
        continue;
      }
      jac_meet_index(&out->both, index);
      if (!once_in(run->left, index) && !once_in(run->right, index))
        jac_meet_index(&out->always, index);
    }
}

/* The letter of one that the section writes sums over, and the left side does not have:
 * then none is implied; or NULL. */
static const char *sum_left_out(const struct jac_elaboration *e,
                                const struct jac_claim_written *claim,
                                const struct jac_indices *alone) {
  for (size_t k = 0; k < alone->count && !implies_sums(e); k++) {
    const char *letter = jac_pool_text(e->scope->pool, alone->index[k]->name);
    const struct jac_usage *u = jac_usage_of(e->evidence, letter);
    if (u && u->summed && !jac_notation_has_name(claim->left, letter))
      return letter;
  }
  return NULL;
}

/* Both sides with their repeated indices summed, but for those that are kept. */
static void sum_both(struct jac_elaboration *e, struct run *run,
                     const struct jac_indices *keep) {
  bool summed = false;
  run->left = jac_sum_repeated(e, run->left, keep, &summed);
  run->right = run->left ? jac_sum_repeated(e, run->right, keep, &summed) : NULL;
}

/* The indices that stay free where what is always twice is summed too. */
static struct jac_indices kept_of(const struct repeated *in) {
  struct jac_indices keep = {.count = 0};
  for (size_t k = 0; k < in->both.count; k++)
    if (!jac_index_among(&in->always, in->both.index[k]))
      jac_meet_index(&keep, in->both.index[k]);
  return keep;
}

/* Whether repeated indices are summed, where one side alone has them; seldom those too
 * that both sides have in each of their terms twice, while another is free:
 * \partial_k x_i a_{ij} x_j = a_{kj} x_j + x_i a_{ik}. */
static void implied_sums(struct jac_elaboration *e, const struct jac_claim_written *claim,
                         struct run *run) {
  struct repeated in = {.both = {.count = 0}};
  see_repeated(e, run, &in);
  struct jac_indices keep = kept_of(&in);
  bool all = in.always.count + in.alone.count > 1 && in.always.count && keep.count;
  if (claim->spelled || !(all || in.alone.count))
    return;
  const char *letter = sum_left_out(e, claim, &in.alone);
  if (letter) {
    jac_unknown(e, claim->right,
                "no sum over %s is written here, as elsewhere in the section", letter);
    return;
  }
  const char *words = N_("repeated indices are summed");
  struct jac_choice c = {.site = jac_pool_text(claim->scope->pool, "repeated indices"),
                         .count = in.alone.count && all ? 3 : 2,
                         .price = {in.alone.count ? 8 : 0, 6, 8},
                         .words = {NULL, words, words}};
  size_t pick = jac_choose(e, &c);
  if (pick)
    sum_both(e, run, pick == 2 || !in.alone.count ? &keep : &in.both);
}

void jac_run(struct jac_elaboration *e, const struct jac_claim_written *claim,
             struct run *run) {
  *run = (struct run){.given = claim->given, .givens = claim->givens};
  e->scope = claim->scope;
  e->evidence = claim->evidence;
  e->own = claim->own;
  e->left = claim->left;
  e->right = claim->right;
  e->visible = claim->visible;
  e->plain = claim->plain;
  e->exact = claim->spelled;
  if (!jac_elaborate_start(e)) {
    run->unfit = JAC_SHORT;
    return;
  }
  run->left = jac_left_of_mean(e, claim, jac_elaborate(e, claim->left));
  run->left_price = e->price;
  run->left_slip = slips(e);
  run->derives = run->left && derives(run->left);
  bool square[400];
  unsigned char sides[400];
  size_t symbols = e->nsymbol;
  for (size_t k = 0; k < symbols; k++) {
    square[k] = jac_dim_same(e->symbol[k]->type.rows, e->symbol[k]->type.cols);
    sides[k] = sides_of(e->symbol[k]);
  }
  size_t gradients = layouts(e, 0), choices = e->nchoice;
  run->right = run->left ? jac_elaborate(e, claim->right) : NULL;
  /* The left in the usual layout, the right in another. */
  if (run->right && gradients == 1 && layouts(e, choices) == 2)
    e->price += 8;
  if (run->right && claim->condition) {
    run->condition = jac_elaborate_condition(e, claim->condition);
    if (run->condition && !jac_type_is_number(run->condition->type))
      jac_unknown(e, claim->condition, "a condition on a vector is not read here");
  }
  if (run->left && run->right && !e->unfit)
    implied_sums(e, claim, run);
  if (run->left && run->right && !e->unfit &&
      !settle_symmetric(e, square, symbols, run->right, claim->right,
                        &run->coincidence)) {
    e->unfit = JAC_CLASH;
    snprintf(e->message, sizeof e->message, "a symmetric matrix is square");
  }
  if (run->left && run->right && !e->unfit && (run->right = not_negative(e, run)))
    one_shape(e, run);
  for (size_t k = 0; k < symbols && run->left && run->right && !e->unfit; k++)
    if (!e->symbol[k]->body && !e->symbol[k]->function &&
        sides_of(e->symbol[k]) != sides[k]) {
      /* The left side is of vectors and matrices, the right one fits numbers alone. */
      run->how = -1;
      run->collapsed = e->symbol[k]->key;
      e->conflict = ~(uint64_t)0;
    }
  if (run->left && run->right && !e->unfit) {
    struct ranges ranges = {.e = e, .condition = run->condition};
    jac_term_walk(run->left, proper_range, &ranges);
    jac_term_walk(run->right, proper_range, &ranges);
    run->condition = ranges.condition;
  }
  run->unfit = e->unfit;
  for (size_t k = 0; k < e->nchoice; k++)
    if (e->choice[k].words[e->choice[k].pick])
      add_words(run, e->choice[k].words[e->choice[k].pick]);
  run->price = e->price;
  for (size_t k = 0; k < e->nchoice; k++) {
    bool kind =
        strncmp(e->choice[k].site, "kind:", 5) == 0 && e->choice[k].count == KINDS;
    run->numbers += kind && e->choice[k].pick == KIND_NUMBER;
    run->arrays += kind && e->choice[k].pick != KIND_NUMBER;
  }
  if (!run->left || !run->right || e->unfit)
    return;
  jac_mark_places(e, run->left);
  jac_mark_places(e, run->right);
  node *l = claim->left;
  run->small_d = l->form == JAC_S_SIDE && l->count == 2 &&
                 jac_is_name(l->child[0], "d") && jac_name_like(l->child[1]) &&
                 jac_type_is_number(run->left->type);
  struct seen left = {.count = 0}, right = {.count = 0};
  jac_term_walk(run->left, jac_seen_collect, &left);
  jac_term_walk(run->right, jac_seen_collect, &right);
  run->transposes = left.transpose || right.transpose;
  run->one_hot = labels_alone(e, &left, &right);
  run->compares = left.compares || right.compares;
  run->binary = left.binary || right.binary;
  run->differentiates = left.derivative || right.derivative;
  jac_find_unlinked(run);
  const char *rests = jac_find_resting(e, run, &right);
  if (rests)
    add_words(run, rests);
  run->still = left.still && !left.moves && !right.moves;
  run->nothing_said = !e->nleaned && !left.derivative;
  jac_find_leaning(e, claim, run, &left, &right);
}
