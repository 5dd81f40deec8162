/* Explicit matrices. Where dots stand, the missing entries are worked out from those that
 * are written: leading and trailing rows and columns have known places, and a number in
 * an entry that follows its row (or its column) does so everywhere. With diagonal dots,
 * the diagonal, what is above and what is below may each have a rule of their own. */
#include "jacobian/formula/evaluate_internal.h"

#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;

/* The names under which rules mention their row and column; no text can write them. */
#define ROW "#i"
#define COLUMN "#j"

enum {
  CELLS = JAC_FORMULA_CHILDREN,
  RULES = 2 * JAC_FORMULA_CHILDREN,
  SIZES = 64,
  TWICE = 2 * SIZES,
  THRICE = 3 * SIZES
};

struct grid {
  struct jac_evaluation *e;
  size_t want_rows, want_cols; /* 0: anything */
  struct jac_arena arena;
  node_t matrix;
  size_t rows, cols;           /* as written */
  size_t first_row, after_row; /* rows of dots: first_row .. after_row - 1 */
  size_t first_col, after_col;
  bool diagonal; /* there are diagonal dots */
  size_t N, M;   /* real cells */
  node_t rule[RULES];
};

static node_t cell(const struct grid *g, size_t r, size_t c) {
  return g->matrix->child[r]->child[c];
}

static bool is_dots(node_t n, char which) {
  return n->kind == JAC_DOTS && (which == '\0' || n->name[0] == which);
}

static void find_dots(struct grid *g) {
  g->first_row = g->after_row = g->rows;
  g->first_col = g->after_col = g->cols;
  for (size_t r = 0; r < g->rows; r++) {
    bool dots = false, all = true;
    for (size_t c = 0; c < g->cols; c++) {
      node_t n = cell(g, r, c);
      g->diagonal = g->diagonal || is_dots(n, 'd');
      dots = dots || is_dots(n, 'v') || is_dots(n, 'd');
      all = all && n->kind == JAC_DOTS;
    }
    if ((dots || all) && g->first_row == g->rows)
      g->first_row = r;
    if (dots || all)
      g->after_row = r + 1;
  }
  for (size_t c = 0; c < g->cols; c++) {
    bool dots = cell(g, 0, c)->kind == JAC_DOTS && g->first_row > 0;
    for (size_t r = 0; r < g->rows; r++)
      dots = dots || is_dots(cell(g, r, c), 'd');
    /* Points in a row that has no other sign of them. */
    for (size_t r = 0; r < g->rows && g->rows == 1; r++)
      dots = dots || cell(g, r, c)->kind == JAC_DOTS;
    if (dots && g->first_col == g->cols)
      g->first_col = c;
    if (dots)
      g->after_col = c + 1;
  }
}

static bool has_rows(const struct grid *g) {
  return g->first_row < g->rows;
}
static bool has_cols(const struct grid *g) {
  return g->first_col < g->cols;
}

/* The real row (from 1) of a written one that is not of dots. */
static size_t real_row(const struct grid *g, size_t r) {
  return !has_rows(g) || r < g->first_row ? r + 1 : g->N - (g->rows - 1 - r);
}
static size_t real_col(const struct grid *g, size_t c) {
  return !has_cols(g) || c < g->first_col ? c + 1 : g->M - (g->cols - 1 - c);
}

static bool written(const struct grid *g, size_t r, size_t c) {
  bool row = !has_rows(g) || r < g->first_row || r >= g->after_row;
  bool col = !has_cols(g) || c < g->first_col || c >= g->after_col;
  node_t n = cell(g, r, c);
  /* Beside diagonal dots, nothing is zero. */
  return row && col && n->kind != JAC_DOTS && (n->kind != JAC_BLANK || g->diagonal);
}

/* An anchored entry: its formula at its real place. */
struct anchor {
  node_t tree;
  size_t i, j;
};

/* A number made of numbers and sizes alone; unknown is set where it is a name that has no
 * value. */
static bool number_of(struct jac_evaluation *e, node_t n, double *value, bool *unknown) {
  size_t size;
  double a, b;
  struct jac_named named;
  switch (n->kind) {
  case JAC_NUMBER:
    *value = n->number;
    return true;
  case JAC_NAME:
    if (jac_evaluation_size(e, n->name, &size)) {
      *value = (double)size;
      return true;
    }
    *unknown = !jac_evaluation_named(e, n->name, &named) &&
               jac_evaluation_where(e, n->name) == e->env->nwhere;
    return *unknown;
  case JAC_ADD:
    if (!number_of(e, n->child[0], &a, unknown) || *unknown ||
        !number_of(e, n->child[1], &b, unknown) || *unknown)
      return false;
    *value = a + b;
    return true;
  case JAC_NEGATE:
    if (!number_of(e, n->child[0], &a, unknown) || *unknown)
      return false;
    *value = -a;
    return true;
  default:
    return false;
  }
}

/* The numbers of several entries as a rule: the row or the column plus a constant. */
static node_t number_rule(struct grid *g, const struct anchor *a, const node_t *tree,
                          size_t count) {
  bool row = true, col = true, any = false;
  double offset_row = 0.0, offset_col = 0.0;
  for (size_t k = 0; k < count; k++) {
    double value = 0.0;
    bool unknown = false;
    if (!number_of(g->e, tree[k], &value, &unknown))
      return NULL;
    if (unknown) /* n, the last, whatever it is */
      continue;
    double r = value - (double)a[k].i, c = value - (double)a[k].j;
    row = row && (!any || r == offset_row);
    col = col && (!any || c == offset_col);
    offset_row = any ? offset_row : r;
    offset_col = any ? offset_col : c;
    any = true;
  }
  if (!any || (!row && !col))
    return NULL;
  bool varies_row = false, varies_col = false;
  for (size_t k = 1; k < count; k++) {
    varies_row = varies_row || a[k].i != a[0].i;
    varies_col = varies_col || a[k].j != a[0].j;
  }
  bool by_row = row && (varies_row || !col);
  if (!by_row && !(col && varies_col))
    return NULL;
  double offset = by_row ? offset_row : offset_col;
  node_t name = jac_node_named(&g->arena, JAC_NAME, by_row ? ROW : COLUMN, 0, NULL);
  return offset == 0.0
             ? name
             : jac_binary(&g->arena, JAC_ADD, name, jac_number(&g->arena, offset));
}

/* One formula that gives every entry at its place, or NULL. */
static node_t unify(struct grid *g, const struct anchor *a, const node_t *tree,
                    size_t count) {
  bool equal = true, alike = true;
  for (size_t k = 1; k < count; k++) {
    equal = equal && jac_equal(tree[0], tree[k]);
    alike = alike && tree[k]->kind == tree[0]->kind && tree[k]->count == tree[0]->count &&
            tree[k]->kind != JAC_NUMBER && strcmp(tree[k]->name, tree[0]->name) == 0;
  }
  if (equal)
    return tree[0];
  node_t number = number_rule(g, a, tree, count);
  if (number != NULL || !alike)
    return number;
  node_t child[JAC_FORMULA_CHILDREN], below[CELLS * CELLS];
  for (size_t c = 0; c < tree[0]->count; c++) {
    for (size_t k = 0; k < count; k++)
      below[k] = tree[k]->child[c];
    if ((child[c] = unify(g, a, below, count)) == NULL)
      return NULL;
  }
  return jac_rebuild(&g->arena, tree[0], child);
}

/* How cells are told apart: one rule for all; a rule for the diagonal and one for the
 * rest; a third for what is below; a rule a row; a rule a column. */
enum division { ALL, DIAGONAL, TRIANGLES, BY_ROW, BY_COLUMN, DIVISIONS };

static size_t part(enum division division, size_t i, size_t j) {
  switch (division) {
  case DIAGONAL:
    return i == j ? 0 : 1;
  case TRIANGLES:
    return i == j ? 0 : i < j ? 1 : 2;
  case BY_ROW:
    return i;
  case BY_COLUMN:
    return j;
  default:
    return 0;
  }
}

static bool rules(struct grid *g, enum division division) {
  struct anchor anchor[CELLS * CELLS];
  node_t tree[CELLS * CELLS];
  if ((division == BY_ROW && has_rows(g)) || (division == BY_COLUMN && has_cols(g)) ||
      ((division == DIAGONAL || division == TRIANGLES) && !g->diagonal))
    return false;
  for (size_t p = 0; p < RULES; p++) {
    size_t count = 0;
    for (size_t r = 0; r < g->rows; r++)
      for (size_t c = 0; c < g->cols; c++) {
        size_t i = real_row(g, r), j = real_col(g, c);
        if (!written(g, r, c) || part(division, i, j) != p)
          continue;
        node_t n = cell(g, r, c);
        if (n->kind == JAC_BLANK && (n = jac_number(&g->arena, 0.0)) == NULL)
          return false;
        anchor[count] = (struct anchor){n, i, j};
        tree[count++] = n;
      }
    g->rule[p] = count > 0 ? unify(g, anchor, tree, count) : NULL;
    if (count > 0 && g->rule[p] == NULL)
      return false;
  }
  return true;
}

/* What is written among the dots repeats what is written beside them. */
static bool hints_repeat(const struct grid *g) {
  for (size_t r = 0; r < g->rows; r++)
    for (size_t c = 0; c < g->cols; c++) {
      node_t n = cell(g, r, c);
      bool repeated = written(g, r, c) || n->kind == JAC_DOTS || n->kind == JAC_BLANK;
      for (size_t a = 0; a < g->rows && !repeated; a++)
        for (size_t b = 0; b < g->cols && !repeated; b++)
          repeated = written(g, a, b) && jac_equal(cell(g, a, b), n);
      if (!repeated)
        return false;
    }
  return true;
}

/* Blocks side by side; a number 0 is a block of zeros. */
static value_t assemble(struct jac_evaluation *e, node_t n, const value_t *block,
                        size_t rows, size_t cols) {
  size_t total_rows = 0, total_cols = 0;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0, h = 1; j < cols; j++) {
      h = block[i * cols + j].rows > h ? block[i * cols + j].rows : h;
      total_rows += j + 1 == cols ? h : 0;
    }
  for (size_t j = 0; j < cols; j++)
    for (size_t i = 0, w = 1; i < rows; i++) {
      w = block[i * cols + j].cols > w ? block[i * cols + j].cols : w;
      total_cols += i + 1 == rows ? w : 0;
    }
  value_t v = jac_value_new(e, total_rows, total_cols);
  for (size_t i = 0, top = 0; i < rows && e->status == JAC_OK; i++) {
    size_t height = 1;
    for (size_t j = 0; j < cols; j++)
      height = block[i * cols + j].rows > height ? block[i * cols + j].rows : height;
    for (size_t j = 0, left = 0; j < cols && e->status == JAC_OK; j++) {
      size_t width = 1;
      for (size_t k = 0; k < rows; k++)
        width = block[k * cols + j].cols > width ? block[k * cols + j].cols : width;
      value_t b = block[i * cols + j];
      if (b.flexible != JAC_FIXED)
        b = jac_value_settle(e, n, b, height, width);
      if (e->status != JAC_OK)
        return v;
      bool whole = b.rows == height && b.cols == width;
      if (!whole && (b.rows * b.cols != 1 || jac_value_get(e, b, 0, 0) != 0.0)) {
        jac_evaluation_fail(e, n, _("a block of %zux%zu stands where %zux%zu is needed"),
                            b.rows, b.cols, height, width);
        return v;
      }
      for (size_t r = 0; whole && r < height; r++)
        for (size_t c = 0; c < width; c++)
          e->type->set(e->type, jac_value_at(e, v, top + r, left + c),
                       jac_value_at(e, b, r, c));
      left += width;
    }
    top += height;
  }
  return v;
}

static value_t fill(struct grid *g, enum division division) {
  struct jac_evaluation *e = g->e;
  if (g->N * g->M > 4096 || e->count + 2 > JAC_MOST_INDICES)
    return jac_evaluation_fail(e, g->matrix, _("a matrix of more than 4096 blocks"));
  value_t *block = malloc(g->N * g->M * sizeof *block);
  size_t place = e->count;
  if (block == NULL) {
    e->status = jac_fail_memory(e->err);
    return jac_value_new(e, 1, 1);
  }
  e->index[place] = (struct jac_index_value){ROW, 0};
  e->index[place + 1] = (struct jac_index_value){COLUMN, 0};
  e->count += 2;
  for (size_t i = 1; i <= g->N && e->status == JAC_OK; i++)
    for (size_t j = 1; j <= g->M && e->status == JAC_OK; j++) {
      size_t p = part(division, i, j);
      node_t rule = p < RULES ? g->rule[p] : NULL;
      e->index[place].value = i;
      e->index[place + 1].value = j;
      block[(i - 1) * g->M + j - 1] = rule == NULL || rule->kind == JAC_BLANK
                                          ? jac_value_number(e, 0.0)
                                          : jac_evaluation_node(e, rule);
    }
  e->count = place;
  value_t whole = e->status == JAC_OK ? assemble(e, g->matrix, block, g->N, g->M)
                                      : jac_value_new(e, 1, 1);
  free(block);
  return whole;
}

static value_t without_dots(struct jac_evaluation *e, node_t n) {
  value_t block[CELLS * CELLS];
  size_t rows = n->count, cols = n->child[0]->count;
  for (size_t k = 0; k < rows * cols && e->status == JAC_OK; k++) {
    node_t c = n->child[k / cols]->child[k % cols];
    block[k] =
        c->kind == JAC_BLANK ? jac_value_number(e, 0.0) : jac_evaluation_node(e, c);
  }
  return e->status == JAC_OK ? assemble(e, n, block, rows, cols) : jac_value_new(e, 1, 1);
}

/* The sizes that a row or column of cells may have. */
static size_t candidates(const struct jac_evaluation *e, size_t wanted, size_t least,
                         size_t size[SIZES]) {
  size_t count = 0, all[4 * SIZES], found = 0;
  all[found++] = wanted;
  for (size_t d = 2; wanted > 0 && d <= wanted && found < SIZES; d++)
    if (wanted % d == 0)
      all[found++] = wanted / d;
  for (size_t k = 0; k < e->env->nsize && found < TWICE; k++)
    all[found++] = e->env->size[k].value;
  for (size_t k = 0; k < e->env->nnamed && found < THRICE; k++)
    for (size_t d = 0; d < e->env->named[k].ndim; d++)
      all[found++] = e->env->named[k].dims[d];
  for (size_t k = 0; e->env->map != NULL && k < e->env->map->nvar && found < THRICE; k++)
    for (size_t d = 0; d < e->env->map->var[k].ndim; d++)
      all[found++] = e->env->map->var[k].dims[d];
  for (size_t k = 0; k < found && count < SIZES; k++) {
    bool known = all[k] < least || all[k] == 0;
    for (size_t j = 0; j < count; j++)
      known = known || size[j] == all[k];
    if (!known)
      size[count++] = all[k];
  }
  return count;
}

/* Tries sizes and divisions until the rules fit and give the wanted shape. */
static bool search(struct grid *g, value_t *result) {
  struct jac_evaluation *e = g->e;
  size_t rows[SIZES], cols[SIZES], nrows = 1, ncols = 1, found = 0;
  rows[0] = g->rows;
  cols[0] = g->cols;
  if (has_rows(g))
    nrows = candidates(e, g->want_rows, g->rows - (g->after_row - g->first_row), rows);
  if (has_cols(g))
    ncols = candidates(e, g->want_cols, g->cols - (g->after_col - g->first_col), cols);
  for (size_t r = 0; r < nrows; r++)
    for (size_t c = 0; c < ncols; c++)
      for (int division = ALL; division < DIVISIONS; division++) {
        g->N = rows[r];
        g->M = cols[c];
        if (!rules(g, (enum division)division) || !hints_repeat(g))
          continue;
        struct jac_error *err = e->err, quiet;
        e->err = &quiet;
        value_t v = fill(g, (enum division)division);
        e->err = err;
        bool fits = e->status == JAC_OK &&
                    (g->want_rows == 0 || v.rows == g->want_rows) &&
                    (g->want_cols == 0 || v.cols == g->want_cols);
        if (e->status == JAC_ENOMEM)
          return false;
        e->status = JAC_OK;
        if (!fits)
          continue;
        found++;
        *result = v;
        if (g->want_rows > 0)
          return true;
        break;
      }
  /* Where nothing is wanted, only one size may fit. */
  return found == 1;
}

value_t jac_value_matrix(struct jac_evaluation *e, node_t n) {
  bool dots = false;
  struct grid g = {.e = e,
                   .arena = JAC_ARENA_INIT,
                   .matrix = n,
                   .rows = n->count,
                   .cols = n->child[0]->count};
  for (size_t r = 0; r < g.rows; r++)
    for (size_t c = 0; c < g.cols; c++)
      dots = dots || cell(&g, r, c)->kind == JAC_DOTS;
  if (!dots)
    return without_dots(e, n);
  find_dots(&g);
  /* What is wanted of the whole says nothing of a factor in it. */
  bool whole = e->root == n ||
               (e->root != NULL && e->root->kind == JAC_NEGATE && e->root->child[0] == n);
  g.want_rows = whole ? e->env->want_rows : 0;
  g.want_cols = whole ? e->env->want_cols : 0;
  value_t result;
  bool found = search(&g, &result);
  jac_arena_free(&g.arena);
  if (found)
    return result;
  /* Nothing is known of the matrix: that is no error of its entries. */
  bool first = e->status == JAC_OK;
  result = jac_evaluation_fail(
      e, n, _("the dots cannot be worked out from the entries beside them"));
  if (first)
    e->status = JAC_EREFUSED;
  return result;
}
