/* i, j, k: the unit vectors of the axes, and what is written with them. */
#include "jacobian/elaborate/side_internal.h"

#include <string.h>

/* Which axis a letter i, j, k is of, in bold or with a hat; 0: none. */
static size_t axis_of(node *n) {
  if (n->form != JAC_S_NAME)
    return 0;
  bool hat = strncmp(n->text, "hat_", 4) == 0;
  const char *letter = hat ? n->text + 4 : n->text;
  bool axis = letter[0] >= 'i' && letter[0] <= 'k' && !letter[1] && (hat || n->bold);
  return axis ? (size_t)(letter[0] - 'i' + 1) : 0;
}

/* How often a letter stands without an index as that one does, bold or hatted. */
static size_t stands_so(elaboration *e, node *like, char letter) {
  char key[8] = "hat_";
  size_t length = like->text[1] ? 4 : 0;
  key[length] = letter;
  key[length + 1] = '\0';
  const struct jac_usage *u =
      jac_usage_of(e->evidence, jac_pool_text(e->scope->pool, key));
  return u && (length || u->bold) && !u->denominator ? u->alone : 0;
}

/* Whether i and j stand so too: alone it is a name like any other. */
static bool is_axis(elaboration *e, node *n) {
  return axis_of(n) && stands_so(e, n, 'i') && stands_so(e, n, 'j');
}

term *jac_axis(elaboration *e, node *base) {
  if (!is_axis(e, base) ||
      jac_choose2(e, jac_pool_text(e->scope->pool, "axes"), 0, 8, NULL, NULL, NULL) == 1)
    return NULL;
  struct jac_syntax like = *base;
  like.form = JAC_S_NUMBER;
  like.number = (double)axis_of(base);
  node *k = jac_notation_node(e->scope->pool, &like, 0, NULL);
  struct jac_dim *n = stands_so(e, base, 'k') ? jac_dim_fixed_new(&e->dims, 3)
                                              : jac_named_size(e, "axes'");
  return k ? jac_unit_vector(e, base, k, n) : NULL;
}

node *jac_before_axis(elaboration *e, node *n) {
  node *side = n->child[1];
  if (e->plain || n->row->role != JAC_ROLE_ENTRYWISE || side->form != JAC_S_SIDE ||
      !is_axis(e, side->child[side->count - 1]))
    return NULL;
  struct jac_pool *pool = e->scope->pool;
  size_t count = side->count - 1;
  node *argument =
      count == 1 ? side->child[0] : jac_notation_node(pool, side, count, side->child);
  node *of[2] = {n->child[0], argument};
  node *pair[2] = {argument ? jac_notation_node(pool, n, 2, of) : NULL,
                   side->child[count]};
  return pair[0] ? jac_notation_node(pool, side, 2, pair) : NULL;
}

/* A row of three as a column. */
static term *as_column(elaboration *e, node *matrix, node *row) {
  node *child[3];
  for (size_t k = 0; k < 3; k++) {
    child[k] = jac_notation_node(e->scope->pool, row, 1, &row->child[k]);
    if (!child[k])
      return NULL;
  }
  node *column = jac_notation_node(e->scope->pool, matrix, 3, child);
  return column ? jac_elaborate(e, column) : NULL;
}

bool jac_axes_above(node *matrix) {
  if (matrix->form != JAC_S_MATRIX || matrix->count != 3)
    return false;
  for (size_t r = 0; r < 3; r++)
    if (!matrix->child[r] || matrix->child[r]->count != 3)
      return false;
  static const char *const plain[] = {"i", "j", "k"};
  for (size_t c = 0; c < 3; c++) {
    node *n = jac_inside(matrix->child[0]->child[c]);
    if (axis_of(n) != c + 1 && !jac_is_name(n, plain[c]))
      return false;
  }
  return true;
}

term *jac_axes_determinant(elaboration *e, node *matrix) {
  term *pair[2];
  pair[0] = as_column(e, matrix, matrix->child[1]);
  pair[1] = pair[0] ? as_column(e, matrix, matrix->child[2]) : NULL;
  return pair[1] ? jac_term_op(e, JAC_C_CROSS, matrix, 2, pair) : NULL;
}
