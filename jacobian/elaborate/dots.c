/* Matrices with dots: what the corners show, for any size. The entry at i, j is read off
 * the cells of the first and the last row and column: where two differ, what differs is
 * an index. The judge holds the result against the left side as it does any other. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <stdint.h>
#include <string.h>

/* The notation with two corners' difference replaced by a name: where a has `one` and b
 * has `last`. NULL: they differ otherwise. */
struct corner {
  node *one, *last; /* what stands for the first and the last place, or NULL */
};

static node *index_name(elaboration *e, const char *text) {
  struct jac_syntax like = {.form = JAC_S_NAME,
                            .text = jac_pool_text(e->scope->pool, text)};
  return jac_notation_node(e->scope->pool, &like, 0, NULL);
}

static bool is_one(node *n) {
  return n && n->form == JAC_S_NUMBER && n->number == 1;
}

/* A list of index items out of "1n", "1,n", "11". */
static node *listed(elaboration *e, node *below) {
  node *item[4];
  if (below && below->form == JAC_S_NUMBER && below->text[1] &&
      strlen(below->text) == 2) {
    /* 12: two digits */
    for (size_t k = 0; k < 2; k++) {
      struct jac_syntax like = *below;
      like.text = jac_pool_word(e->scope->pool, below->text + k, 1);
      like.number = below->text[k] - '0';
      item[k] = jac_notation_node(e->scope->pool, &like, 0, NULL);
    }
    struct jac_syntax like = *below;
    like.form = JAC_S_LIST;
    like.text = "";
    return jac_notation_node(e->scope->pool, &like, 2, item);
  }
  size_t items = jac_index_items(below, item);
  if (items < 2)
    return below;
  struct jac_syntax like = *below;
  like.form = JAC_S_LIST;
  like.text = "";
  like.row = NULL;
  like.number = 0;
  return jac_notation_node(e->scope->pool, &like, items, item);
}

/* Unifies two cells: what is the same stays, a place that is `1` in one and a name in the
 * other becomes the index. *last: that name. */
static node *between(elaboration *e, node *a, node *b, const char *index, node **last) {
  if (!a || !b)
    return a == b ? a : NULL;
  if (jac_notation_equal(a, b))
    return a;
  bool a_name = a->form == JAC_S_NAME || a->form == JAC_S_NUMBER;
  bool b_name = b->form == JAC_S_NAME || b->form == JAC_S_NUMBER;
  if (is_one(a) && b_name && !(is_one(b)) && b->number != 2) {
    if (*last && !jac_notation_equal(*last, b))
      return NULL;
    *last = b;
    return index_name(e, index);
  }
  if (a->form == JAC_S_SCRIPT && b->form == JAC_S_SCRIPT) {
    node *x = listed(e, a->child[1]), *y = listed(e, b->child[1]);
    node *child[3];
    child[0] = between(e, a->child[0], b->child[0], index, last);
    child[1] = x || y ? between(e, x, y, index, last) : NULL;
    child[2] = a->child[2] || b->child[2]
                   ? between(e, a->child[2], b->child[2], index, last)
                   : NULL;
    if (!child[0] || ((x || y) && !child[1]) || (a->child[2] && !child[2]) ||
        a->number != b->number)
      return NULL;
    return jac_notation_node(e->scope->pool, a, 3, child);
  }
  (void)a_name;
  if (a->form != b->form || a->count != b->count || a->row != b->row ||
      strcmp(a->text, b->text) != 0 || !a->count || a->count > 16)
    return NULL;
  node *child[16];
  for (size_t k = 0; k < a->count; k++) {
    child[k] = between(e, a->child[k], b->child[k], index, last);
    if (!child[k] && (a->child[k] || b->child[k]))
      return NULL;
  }
  return jac_notation_node(e->scope->pool, a, a->count, child);
}

static bool dots(node *n) {
  return n && n->form == JAC_S_DOTS;
}

static bool nothing(node *n) {
  return !n || n->form == JAC_S_BLANK || (n->form == JAC_S_NUMBER && n->number == 0);
}

static node *cell(node *m, size_t r, size_t c) {
  node *row = m->child[r];
  return c < row->count ? row->child[c] : NULL;
}

bool jac_has_dots(node *m) {
  for (size_t r = 0; r < m->count; r++)
    for (size_t c = 0; c < m->child[r]->count; c++)
      if (dots(cell(m, r, c)))
        return true;
  return false;
}

/* As many as the dots stand for, of which nothing is said here. */
static struct jac_dim *dots_size(elaboration *e) {
  struct jac_dim *size = jac_dim_free_new(&e->dims, NULL);
  if (e->ndots < sizeof e->dots / sizeof *e->dots)
    e->dots[e->ndots++] = size;
  return size;
}

/* The size of a side: named by what stands at its end, else any. */
static struct jac_dim *side_size(elaboration *e, node *last) {
  return last && last->form == JAC_S_NAME ? jac_named_size(e, jac_key(e, last))
         : last && last->form == JAC_S_NUMBER
             ? jac_dim_fixed_new(&e->dims, (size_t)last->number)
             : dots_size(e);
}

static term *build(elaboration *e, node *m, struct jac_index *row,
                   struct jac_index *column, term *entry) {
  struct jac_type type =
      jac_type_of(row ? row->range : e->dims.one, column ? column->range : e->dims.one);
  struct jac_term *t = jac_term_new(e, JAC_TERM_BUILD, type, m, 1, &entry);
  if (!t)
    return NULL;
  t->index = row;
  t->index2 = column;
  return t;
}

static term *with_indices(elaboration *e, node *entry, struct jac_index *row,
                          struct jac_index *column) {
  struct jac_bound bound[2];
  struct jac_bound *outer = e->bound;
  if (row) {
    bound[0] = (struct jac_bound){.key = jac_pool_text(e->scope->pool, "row index"),
                                  .index = row,
                                  .next = e->bound};
    e->bound = &bound[0];
  }
  if (column) {
    bound[1] = (struct jac_bound){.key = jac_pool_text(e->scope->pool, "column index"),
                                  .index = column,
                                  .next = e->bound};
    e->bound = &bound[1];
  }
  term *t = jac_elaborate(e, entry);
  e->bound = outer;
  return t;
}

/* Long: each form of notation. Whether a cell is what the entry says at a row and a
 * column (from 1). */
static bool says(elaboration *e, node *entry, node *cell, size_t row, size_t column) {
  if (!entry || !cell)
    return entry == cell;
  bool is_row = jac_is_name(entry, "row index");
  if (is_row || jac_is_name(entry, "column index"))
    return cell->form == JAC_S_NUMBER && cell->number == (double)(is_row ? row : column);
  if (jac_notation_equal(entry, cell))
    return true;
  if (entry->form == JAC_S_SCRIPT && cell->form == JAC_S_SCRIPT)
    return entry->number == cell->number &&
           says(e, entry->child[0], cell->child[0], row, column) &&
           says(e, entry->child[1] ? listed(e, entry->child[1]) : NULL,
                cell->child[1] ? listed(e, cell->child[1]) : NULL, row, column) &&
           says(e, entry->child[2], cell->child[2], row, column);
  if (entry->form != cell->form || entry->count != cell->count ||
      entry->row != cell->row || strcmp(entry->text, cell->text) != 0 || !entry->count)
    return false;
  for (size_t k = 0; k < entry->count; k++)
    if (!says(e, entry->child[k], cell->child[k], row, column))
      return false;
  return true;
}

/* Whether all cells before the first dots of their row and column are as the entry says:
 * a second one that is not may be a slip, and the dots hide none. */
static bool says_all(elaboration *e, node *m, node *entry) {
  size_t cols = SIZE_MAX;
  for (size_t r = 0; r < m->count; r++) {
    size_t here = 0;
    while (here < m->child[r]->count && !dots(cell(m, r, here)))
      here++;
    if (here == 0)
      break;
    cols = here < m->child[r]->count && here < cols ? here : cols;
    for (size_t c = 0; c < here && c < cols; c++)
      if ((m->count == 1 || r + 1 < m->count) &&
          !says(e, entry, cell(m, r, c), r + 1, c + 1))
        return false;
  }
  return true;
}

static term *unread(elaboration *e, node *m) {
  return jac_unknown(e, m, "what these dots stand for is not clear");
}

/* One row or one column of cells with dots among them. */
static term *line(elaboration *e, node *m, node *first, node *end, bool is_row) {
  node *last = NULL;
  const char *name = is_row ? "column index" : "row index";
  node *entry = between(e, first, end, name, &last);
  if (!entry || !says_all(e, m, entry))
    return unread(e, m);
  struct jac_index *index = jac_index_new(e, name, side_size(e, last));
  term *t =
      index ? with_indices(e, entry, is_row ? NULL : index, is_row ? index : NULL) : NULL;
  if (!t)
    return NULL;
  if (!jac_type_is_number(t->type))
    return unread(e, m);
  return build(e, m, is_row ? NULL : index, is_row ? index : NULL, t);
}

/* diag(a_1, ..., a_n): zeros beside it, or another formula there. */
static term *diagonal(elaboration *e, node *m, node *d, node *end, node *beside,
                      node *beside_end) {
  node *last = NULL;
  node *own = between(e, d, end, "row index", &last);
  if (!own)
    return unread(e, m);
  struct jac_index *row = jac_index_new(e, "row index", side_size(e, last));
  struct jac_index *column = row ? jac_index_new(e, "column index", row->range) : NULL;
  if (!column)
    return NULL;
  term *on = with_indices(e, own, row, NULL);
  if (!on)
    return NULL;
  if (!jac_type_is_number(on->type)) {
    /* Blocks: the same for every place. */
    if (last || !nothing(beside))
      return unread(e, m);
    term *pair[2] = {
        jac_term_new(e, JAC_TERM_EYE, jac_type_of(row->range, row->range), m, 0, NULL),
        on};
    return pair[0] ? jac_term_op(e, JAC_C_KRON, m, 2, pair) : NULL;
  }
  term *off = NULL;
  if (nothing(beside))
    off = jac_term_number(e, 0, m);
  else {
    /* -s_1 s_n at the end of the first row, -s_n s_1 below: rows change what differs
       between them in one way, columns in the other. */
    struct jac_syntax like = {.form = JAC_S_NAME};
    (void)like;
    node *swapped = NULL;
    if (last)
      swapped = jac_rename_places(e, beside, last, "column index", "row index");
    (void)beside_end;
    off = swapped ? with_indices(e, swapped, row, column) : NULL;
  }
  if (!off)
    return e->unfit ? NULL : unread(e, m);
  if (!jac_type_is_number(off->type))
    return unread(e, m);
  term *same[2] = {jac_term_index(e, row, m), jac_term_index(e, column, m)};
  struct jac_term *equal =
      same[0] && same[1]
          ? jac_term_new(e, JAC_TERM_COMPARE, jac_type_number(e), m, 2, same)
          : NULL;
  if (!equal)
    return NULL;
  equal->construct = JAC_C_EQUAL;
  term *cases[3] = {on, equal, off};
  term *entry = jac_term_new(e, JAC_TERM_CASES, jac_type_number(e), m, 3, cases);
  return entry ? build(e, m, row, column, entry) : NULL;
}

/* In a cell of the first row and the last column: the last place is the column's index,
 * 1 the row's. */
node *jac_rename_places(elaboration *e, node *n, node *last, const char *at_last,
                        const char *at_one) {
  if (!n)
    return NULL;
  if (n->form == JAC_S_SCRIPT && n->child[1]) {
    node *below = listed(e, n->child[1]);
    node *item[4];
    size_t items = below->form == JAC_S_LIST ? below->count : 1;
    for (size_t k = 0; k < items && k < 4; k++) {
      node *one = below->form == JAC_S_LIST ? below->child[k] : below;
      item[k] = jac_notation_equal(one, last) ? index_name(e, at_last)
                : is_one(one)                 ? index_name(e, at_one)
                                              : one;
    }
    node *child[3] = {n->child[0],
                      items > 1 ? jac_notation_node(e->scope->pool, below, items, item)
                                : item[0],
                      n->child[2]};
    return jac_notation_node(e->scope->pool, n, 3, child);
  }
  node *child[16];
  if (n->count > 16)
    return NULL;
  for (size_t k = 0; k < n->count; k++) {
    child[k] = jac_rename_places(e, n->child[k], last, at_last, at_one);
    if (n->child[k] && !child[k])
      return NULL;
  }
  return jac_notation_node(e->scope->pool, n, n->count, child);
}

term *jac_elaborate_dots(elaboration *e, node *m) {
  size_t rows = m->count, cols = 0;
  for (size_t r = 0; r < rows; r++)
    cols = m->child[r]->count > cols ? m->child[r]->count : cols;
  if (rows == 1)
    return line(e, m, cell(m, 0, 0), cell(m, 0, cols - 1), true);
  if (cols == 1)
    return line(e, m, cell(m, 0, 0), cell(m, rows - 1, 0), false);
  node *a = cell(m, 0, 0), *b = cell(m, 0, cols - 1), *c = cell(m, rows - 1, 0),
       *d = cell(m, rows - 1, cols - 1);
  if (dots(a) || dots(b) || dots(c) || dots(d) || nothing(a) || nothing(d))
    return unread(e, m);
  if (nothing(b) && nothing(c))
    return diagonal(e, m, a, d, NULL, NULL);
  if (nothing(b) || nothing(c))
    return unread(e, m);
  /* Every corner alike: one formula for all entries. */
  node *last_column = NULL, *last_row = NULL, *last_column2 = NULL;
  node *top = between(e, a, b, "column index", &last_column);
  node *bottom = between(e, c, d, "column index", &last_column2);
  node *whole = top && bottom ? between(e, top, bottom, "row index", &last_row) : NULL;
  if (whole && !says_all(e, m, whole))
    return unread(e, m);
  if (whole) {
    struct jac_index *row = jac_index_new(e, "row index", side_size(e, last_row));
    struct jac_index *column =
        jac_index_new(e, "column index", side_size(e, last_column));
    term *t = row && column ? with_indices(e, whole, row, column) : NULL;
    if (!t)
      return NULL;
    return jac_type_is_number(t->type) ? build(e, m, row, column, t) : unread(e, m);
  }
  return diagonal(e, m, a, d, b, c);
}
