/* Shapes that nobody wrote down: every variable is tried as a column, a row, a matrix, a
 * number, in the order that its look suggests, until the definitions fit. */
#include "jacobian/notes/judge_internal.h"
#include "jacobian/notes/setting.h"

#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { DIMS = 512, TRIES = 4000, FLEX = -2, NESTED = 40 };

struct shape {
  int rows, cols; /* classes; 0 is one; FLEX: I or ones */
};

struct shaper {
  const struct jac_setting *setting;
  int parent[DIMS];
  int count; /* dims made; 0 is the one */
  bool failed;
  struct jac_shaping *out;
  size_t nested;
  size_t indexed[JAC_SETTING_VARIABLES]; /* how many indices a variable has somewhere */
  struct {
    const char *name;
    int size;
  } index[64]; /* what indices run through; the newest of a name counts */
  size_t indices;
  const char *bound[16]; /* names of sizes: where sums end */
  size_t bounds;
  struct {
    int class;
    size_t size;
  } pin[2];    /* the left side's shape where the right side is written out */
  bool strict; /* first: gradients are of numbers, and a product of two columns is none */
  bool plain;  /* the latter, now */
};

static int root(struct shaper *s, int d) {
  while (s->parent[d] != d)
    d = s->parent[d];
  return d;
}

static int fresh(struct shaper *s) {
  if (s->count == DIMS) {
    s->failed = true;
    return 0;
  }
  s->parent[s->count] = s->count;
  return s->count++;
}

/* One is never the size of something that has a size. */
static void unify(struct shaper *s, int a, int b) {
  a = root(s, a);
  b = root(s, b);
  if (a == b)
    return;
  if (a == 0 || b == 0)
    s->failed = true;
  else if (a < b)
    s->parent[b] = a;
  else
    s->parent[a] = b;
}

static bool is_one(struct shaper *s, int a) {
  return root(s, a) == 0;
}

static bool scalar(struct shaper *s, struct shape a) {
  return a.rows != FLEX && is_one(s, a.rows) && is_one(s, a.cols);
}

static struct shape infer(struct shaper *s, node_t n);
static int size_called(struct shaper *s, const char *name);

static size_t find(const struct shaper *s, const char *name) {
  size_t k = 0;
  while (k < s->out->count && strcmp(s->out->variable[k].name, name) != 0)
    k++;
  return k;
}

static const struct shape one = {0, 0}, flexible = {FLEX, FLEX};

static void push_index(struct shaper *s, const char *name) {
  if (s->indices < 64) {
    s->index[s->indices].name = name;
    s->index[s->indices++].size = fresh(s);
  }
}

/* The size that an index runs through. */
static int index_size(struct shaper *s, const char *name) {
  for (size_t k = s->indices; k-- > 0;)
    if (strcmp(s->index[k].name, name) == 0)
      return s->index[k].size;
  push_index(s, name);
  return s->indices > 0 ? s->index[s->indices - 1].size : fresh(s);
}

static bool ends_sum(const struct shaper *s, const char *name) {
  for (size_t k = 0; k < s->bounds; k++)
    if (strcmp(s->bound[k], name) == 0)
      return true;
  return false;
}

/* Names at which sums end are sizes: \sum_{i=1}^{m}. */
static void collect_bounds(struct shaper *s, node_t n, size_t depth) {
  bool over = n->kind == JAC_SUM || n->kind == JAC_PRODUCT || n->kind == JAC_MAX;
  if (over && n->count == 3 && n->child[2]->kind == JAC_NAME && s->bounds < 16 &&
      !ends_sum(s, n->child[2]->name))
    s->bound[s->bounds++] = n->child[2]->name;
  size_t q = n->kind == JAC_NAME || n->kind == JAC_ENTRY
                 ? jac_setting_quantity(s->setting, n->name)
                 : s->setting->quantities;
  if (q < s->setting->quantities && depth < 8)
    collect_bounds(s, s->setting->right[q], depth + 1);
  for (size_t k = 0; k < n->count; k++)
    collect_bounds(s, n->child[k], depth);
}

/* Whether a node is an index by its letter: no number, no size that somebody named. */
static bool is_index(const struct shaper *s, node_t n) {
  bool is = n->kind == JAC_NAME && strcmp(n->name, ".") != 0;
  for (size_t k = 0; k < s->setting->ndeclared; k++)
    is = is && strcmp(s->setting->declared[k].rows, n->name) != 0 &&
         strcmp(s->setting->declared[k].cols, n->name) != 0;
  return is;
}

/* Two entries with one index between them have one size there. */
static void index_places(struct shaper *s, node_t n, size_t first, struct shape whole) {
  size_t count = n->count - first;
  for (size_t k = 0; k < count && whole.rows != FLEX && !s->failed; k++) {
    node_t index = n->child[first + k];
    int place = count == 2              ? (k == 0 ? whole.rows : whole.cols)
                : is_one(s, whole.rows) ? whole.cols
                                        : whole.rows;
    if (count <= 2 && is_index(s, index) && !is_one(s, place))
      unify(s, place, index_size(s, index->name));
  }
}

static struct shape named(struct shaper *s, node_t n) {
  size_t v = find(s, n->name), q;
  if (v < s->out->count)
    return (struct shape){s->out->variable[v].rows, s->out->variable[v].cols};
  q = jac_setting_quantity(s->setting, n->name);
  if (q < s->setting->quantities && s->nested < NESTED) {
    node_t left = s->setting->left[q];
    size_t before = s->indices;
    int size[2] = {0, 0};
    for (size_t k = 0; k < left->count && k < 2; k++) {
      push_index(s, left->child[k]->name);
      size[k] = s->indices > 0 ? s->index[s->indices - 1].size : 0;
    }
    s->nested++;
    struct shape shape = infer(s, s->setting->right[q]);
    s->nested--;
    s->indices = before;
    if (left->count == 1)
      shape = s->setting->rows ? (struct shape){0, size[0]} : (struct shape){size[0], 0};
    else if (left->count == 2)
      shape = (struct shape){size[0], size[1]};
    return shape;
  }
  if (strcmp(n->name, "I") == 0 || strcmp(n->name, "1") == 0)
    return flexible;
  return one;
}

static struct shape entry(struct shaper *s, node_t n) {
  struct shape whole = named(s, n);
  bool points = false;
  for (size_t k = 0; k < n->count; k++)
    points =
        points || (n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, ".") == 0);
  size_t v = find(s, n->name);
  if (v < s->out->count) {
    bool vector = is_one(s, whole.rows) != is_one(s, whole.cols);
    bool matrix = !is_one(s, whole.rows) && !is_one(s, whole.cols);
    s->failed = s->failed || (n->count == 1 && !vector) || (n->count == 2 && !matrix);
  }
  index_places(s, n, 0, whole);
  if (!points)
    return one;
  bool row = n->count == 2 && n->child[1]->kind == JAC_NAME &&
             strcmp(n->child[1]->name, ".") == 0;
  return row ? (struct shape){0, whole.cols} : (struct shape){whole.rows, 0};
}

/* A row beside a matrix of its width, a column beside one of its height. */
static bool repeats(struct shaper *s, struct shape small, struct shape large) {
  bool row = is_one(s, small.rows) && !is_one(s, small.cols) && !is_one(s, large.rows) &&
             !is_one(s, large.cols);
  bool column = is_one(s, small.cols) && !is_one(s, small.rows) &&
                !is_one(s, large.rows) && !is_one(s, large.cols);
  if (row)
    unify(s, small.cols, large.cols);
  if (column)
    unify(s, small.rows, large.rows);
  return row || column;
}

static struct shape alike(struct shaper *s, struct shape a, struct shape b) {
  if (a.rows == FLEX || b.rows == FLEX)
    return a.rows == FLEX ? b : a;
  if (scalar(s, a) || scalar(s, b))
    return scalar(s, a) ? b : a;
  if (repeats(s, a, b))
    return b;
  if (repeats(s, b, a))
    return a;
  unify(s, a.rows, b.rows);
  unify(s, a.cols, b.cols);
  return a;
}

static struct shape product(struct shaper *s, node_t n, struct shape a, struct shape b) {
  if (a.rows == FLEX || b.rows == FLEX) {
    node_t f = a.rows == FLEX ? n->child[0] : n->child[1];
    struct shape other = a.rows == FLEX ? b : a;
    bool ones = f->kind == JAC_NAME && strcmp(f->name, "1") == 0;
    if (other.rows == FLEX || scalar(s, other))
      return flexible;
    if (ones && b.rows == FLEX)
      return (struct shape){a.rows, 0};
    return ones                                         ? flexible
           : f->kind == JAC_TRANSPOSE && a.rows == FLEX ? (struct shape){0, b.cols}
                                                        : other;
  }
  if (scalar(s, a) || scalar(s, b))
    return scalar(s, a) ? b : a;
  bool vectors = (is_one(s, a.rows) == is_one(s, b.rows)) &&
                 (is_one(s, a.cols) == is_one(s, b.cols)) &&
                 is_one(s, a.rows) != is_one(s, a.cols);
  if (vectors) { /* two columns or two rows: by entries, or their scalar product */
    unify(s, a.rows, b.rows);
    unify(s, a.cols, b.cols);
    s->failed = s->failed || (s->plain && n->name[0] == '\0');
    return n->name[0] == '.' ? one : a;
  }
  unify(s, a.cols, b.rows);
  return (struct shape){a.rows, b.cols};
}

static struct shape call(struct shaper *s, node_t n) {
  struct shape a = infer(s, n->child[0]);
  struct shape b = n->count > 1 ? infer(s, n->child[1]) : one;
  if (jac_function_find(n->name) != JAC_FUNCTIONS || strchr(n->name, '\'') != NULL ||
      strcmp(n->name, "softmax") == 0 || strcmp(n->name, "logsoftmax") == 0 ||
      strcmp(n->name, "silu") == 0 || strcmp(n->name, "gelu") == 0)
    return a;
  if (strcmp(n->name, "diag") == 0 && a.rows != FLEX) {
    bool vector = is_one(s, a.rows) || is_one(s, a.cols);
    int size = is_one(s, a.rows) ? a.cols : a.rows;
    return vector ? (struct shape){size, size} : (struct shape){size, 0};
  }
  if (strcmp(n->name, "tr") == 0 || strcmp(n->name, "det") == 0) {
    if (a.rows != FLEX)
      unify(s, a.rows, a.cols);
    return one;
  }
  if (strcmp(n->name, "vec") == 0)
    return (struct shape){fresh(s), 0};
  if (strcmp(n->name, "kron") == 0)
    return (struct shape){fresh(s), fresh(s)};
  if (strcmp(n->name, "outer") == 0)
    return (struct shape){is_one(s, a.rows) ? a.cols : a.rows,
                          is_one(s, b.rows) ? b.cols : b.rows};
  if (strcmp(n->name, "max") == 0 || strcmp(n->name, "min") == 0)
    return alike(s, a, b);
  if (strcmp(n->name, "eye") == 0 || strcmp(n->name, "ones") == 0)
    return flexible;
  return one;
}

static struct shape derivative(struct shaper *s, node_t n) {
  struct shape of = infer(s, n->child[0]);
  node_t by = n->child[1];
  while (by->kind == JAC_TRANSPOSE || (by->kind == JAC_CALL && by->count == 1))
    by = by->child[0];
  if (by->kind != JAC_NAME && by->kind != JAC_ENTRY)
    return flexible;
  struct shape x = infer(s, by);
  if (of.rows != FLEX && scalar(s, of))
    return x;
  if (x.rows != FLEX && scalar(s, x))
    return of;
  bool vectors = of.rows != FLEX && x.rows != FLEX &&
                 (is_one(s, of.rows) || is_one(s, of.cols)) &&
                 (is_one(s, x.rows) || is_one(s, x.cols));
  if (vectors)
    return (struct shape){is_one(s, of.rows) ? of.cols : of.rows,
                          is_one(s, x.rows) ? x.cols : x.rows};
  return (struct shape){fresh(s), fresh(s)};
}

static struct shape infer(struct shaper *s, node_t n) {
  struct shape a;
  if (s->failed)
    return one;
  switch (n->kind) {
  case JAC_NAME:
    return named(s, n);
  case JAC_ENTRY:
    for (size_t k = 0; k < n->count; k++)
      infer(s, n->child[k]);
    return entry(s, n);
  case JAC_CALL:
    return call(s, n);
  case JAC_SUM:
  case JAC_PRODUCT:
  case JAC_MAX: {
    size_t before = s->indices;
    push_index(s, n->name);
    if (n->count == 3 && n->child[2]->kind == JAC_NAME && s->indices > 0 &&
        ends_sum(s, n->child[2]->name) && jac_is_number(n->child[1], 1.0))
      unify(s, s->index[s->indices - 1].size, size_called(s, n->child[2]->name));
    a = infer(s, n->child[0]);
    s->indices = before;
    return a;
  }
  case JAC_DELTA:
    for (size_t k = 0; k < 2 && n->count == 2; k++)
      if (is_index(s, n->child[0]) && is_index(s, n->child[1]))
        unify(s, index_size(s, n->child[0]->name), index_size(s, n->child[1]->name));
    return one;
  case JAC_CASES:
  case JAC_NEGATE:
    a = infer(s, n->child[0]);
    for (size_t k = 1; k < n->count && n->kind == JAC_CASES; k++)
      infer(s, n->child[k]);
    return a;
  case JAC_INDICATOR:
    return n->child[0]->kind == JAC_COMPARE ? infer(s, n->child[0]->child[0]) : one;
  case JAC_COMPARE:
    infer(s, n->child[1]);
    return infer(s, n->child[0]);
  case JAC_HADAMARD:
    /* The cotangent of a loss has its output's shape. */
    if (n->child[0]->kind == JAC_NAME && n->child[0]->name[0] == '#') {
      size_t v = find(s, n->child[0]->name);
      a = infer(s, n->child[1]);
      if (v < s->out->count && a.rows != FLEX) {
        s->out->variable[v].rows = a.rows;
        s->out->variable[v].cols = a.cols;
      }
      return a;
    }
    a = infer(s, n->child[0]);
    return alike(s, a, infer(s, n->child[1]));
  case JAC_ADD:
    a = infer(s, n->child[0]);
    return alike(s, a, infer(s, n->child[1]));
  case JAC_MULTIPLY:
    a = infer(s, n->child[0]);
    return product(s, n, a, infer(s, n->child[1]));
  case JAC_DIVIDE: {
    a = infer(s, n->child[0]);
    struct shape b = infer(s, n->child[1]);
    return alike(s, a, b);
  }
  case JAC_POWER:
    a = infer(s, n->child[0]);
    infer(s, n->child[1]);
    if (a.rows != FLEX && !is_one(s, a.rows) && !is_one(s, a.cols) && n->name[0] == '\0')
      unify(s, a.rows, a.cols);
    return a;
  case JAC_TRANSPOSE:
    a = infer(s, n->child[0]);
    return (struct shape){a.cols, a.rows};
  case JAC_AT:
    index_places(s, n, 1, infer(s, n->child[0]));
    return one;
  case JAC_DERIVATIVE:
    return derivative(s, n);
  case JAC_MATRIX:
    for (size_t i = 0; i < n->count; i++)
      for (size_t j = 0; j < n->child[i]->count; j++)
        infer(s, n->child[i]->child[j]);
    return (struct shape){fresh(s), fresh(s)};
  default:
    return one;
  }
}

/* A size as the author calls it: 1, a number, a name; the same name is the same size. */
static int size_called(struct shaper *s, const char *name) {
  bool batch =
      strcmp(name, "batch") == 0 || strcmp(name, "B") == 0 || strcmp(name, "N") == 0;
  if (strcmp(name, "1") == 0 || (batch && s->setting->one_sample))
    return 0;
  for (size_t k = 0; k < s->out->ncalled; k++)
    if (strcmp(s->out->called[k].name, name) == 0)
      return s->out->called[k].size;
  int size = fresh(s);
  if (s->out->ncalled < JAC_SETTING_SHAPES) {
    snprintf(s->out->called[s->out->ncalled].name, sizeof s->out->called[0].name, "%s",
             name);
    s->out->called[s->out->ncalled++].size = size;
  }
  return size;
}

/* The kinds that a variable's look suggests, best first. */
static const char *kinds(const struct shaper *s, size_t v) {
  const char *name = s->out->variable[v].name;
  const char *base = name;
  static const char *const accents[] = {"hat_", "bar_", "tilde_", "dot_"};
  for (size_t k = 0; k < sizeof accents / sizeof accents[0]; k++)
    if (strncmp(name, accents[k], strlen(accents[k])) == 0)
      base = name + strlen(accents[k]);
  size_t length = strcspn(base, "_^'");
  if (name[0] == '#')
    return "s";
  if (s->indexed[v] == 2)
    return "m";
  if (s->indexed[v] == 1)
    return s->setting->rows ? "rc" : "cr";
  static const char *const numbers[] = {"lambda", "alpha", "eta", "epsilon", "tau",
                                        "d",      "m",     "n",   "N"};
  bool number = false;
  for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
    number =
        number || (strlen(numbers[k]) == length && memcmp(numbers[k], base, length) == 0);
  number = number || strncmp(name, "d_", 2) == 0 || strncmp(name, "n_", 2) == 0;
  if (number)
    return s->setting->rows ? "smrc" : "smcr";
  if (s->setting->numbers && !(base[0] >= 'A' && base[0] <= 'Z'))
    return "scrm";
  if (base[0] >= 'A' && base[0] <= 'Z')
    return s->setting->number_of ? "m" : s->setting->rows ? "mrcs" : "mcrs";
  return s->setting->rows ? "rcsm" : "crsm";
}

static void give(struct shaper *s, size_t v, char kind) {
  struct jac_shaped *x = &s->out->variable[v];
  x->kind = kind;
  for (size_t k = 0; k < s->setting->ndeclared; k++)
    if (strcmp(s->setting->declared[k].name, x->name) == 0) {
      x->rows = size_called(s, s->setting->declared[k].rows);
      x->cols = size_called(s, s->setting->declared[k].cols);
      return;
    }
  x->rows = kind == 'm' || kind == 'c' ? fresh(s) : 0;
  x->cols = kind == 'm' || kind == 'r' ? fresh(s) : 0;
}

static bool declared(const struct shaper *s, size_t v) {
  for (size_t k = 0; k < s->setting->ndeclared; k++)
    if (strcmp(s->setting->declared[k].name, s->out->variable[v].name) == 0)
      return true;
  return false;
}

static void reset(struct shaper *s) {
  s->count = 1;
  s->parent[0] = 0;
  s->failed = false;
  s->nested = 0;
  s->indices = 0;
  s->out->ncalled = 0;
}

/* Names that are variables, in the trees and in the definitions that they lead to. */
static void collect(struct shaper *s, node_t n, const char *const *bound, size_t nbound,
                    bool index, size_t depth) {
  if (depth > NESTED)
    return;
  if (n->kind == JAC_NAME || n->kind == JAC_ENTRY) {
    bool known = strcmp(n->name, "I") == 0 || strcmp(n->name, "1") == 0 ||
                 strcmp(n->name, ".") == 0 || strcmp(n->name, "pi") == 0 ||
                 (n->kind == JAC_NAME && (index || ends_sum(s, n->name)));
    for (size_t k = 0; k < nbound; k++)
      known = known || strcmp(bound[k], n->name) == 0;
    for (size_t k = 0; k < s->setting->ndeclared && n->kind == JAC_NAME; k++)
      known = known || strcmp(s->setting->declared[k].rows, n->name) == 0 ||
              strcmp(s->setting->declared[k].cols, n->name) == 0;
    size_t q = jac_setting_quantity(s->setting, n->name), v = find(s, n->name);
    if (!known && q < s->setting->quantities) {
      const char *inside[8];
      size_t count = 0;
      for (size_t k = 0; k < s->setting->left[q]->count && count < 8; k++)
        inside[count++] = s->setting->left[q]->child[k]->name;
      collect(s, s->setting->right[q], inside, count, false, depth + 1);
    } else if (!known && v == s->out->count && v < JAC_SETTING_VARIABLES) {
      snprintf(s->out->variable[v].name, JAC_SETTING_NAME, "%s", n->name);
      s->out->count++;
    }
    v = find(s, n->name);
    if (v < s->out->count && n->kind == JAC_ENTRY && n->count > s->indexed[v])
      s->indexed[v] = n->count;
  }
  const char *inside[32];
  bool binds = n->kind == JAC_SUM || n->kind == JAC_PRODUCT || n->kind == JAC_MAX;
  if (nbound > 31)
    nbound = 31;
  if (nbound > 0)
    memcpy(inside, bound, nbound * sizeof *bound);
  if (binds)
    inside[nbound] = n->name;
  for (size_t k = 0; k < n->count; k++) {
    bool at = n->kind == JAC_ENTRY || n->kind == JAC_DELTA ||
              (n->kind == JAC_AT && k > 0) || (binds && k > 0) ||
              (n->kind == JAC_CALL &&
               (strcmp(n->name, "eye") == 0 || strcmp(n->name, "ones") == 0));
    /* i = j compares indices; x > 0 values. */
    if (n->kind == JAC_COMPARE && (n->name[0] == '=' || n->name[0] == '!'))
      at = true;
    collect(s, n->child[k], inside, nbound + (binds && k == 0), index || at, depth);
  }
}

/* The matrix that a side is, without its sign, factor and transposition, when it is
 * written out without dots. */
static node_t written_out(node_t n, bool *turned) {
  while (n->kind == JAC_NEGATE || n->kind == JAC_TRANSPOSE || n->kind == JAC_MULTIPLY) {
    *turned = n->kind == JAC_TRANSPOSE ? !*turned : *turned;
    n = n->child[n->count - 1];
  }
  if (n->kind != JAC_MATRIX)
    return NULL;
  for (size_t i = 0; i < n->count; i++)
    for (size_t k = 0; k < n->child[i]->count; k++)
      if (n->child[i]->child[k]->kind == JAC_DOTS || n->child[i]->count < 2 ||
          n->child[i]->child[k]->kind == JAC_MATRIX)
        return NULL;
  return n;
}

static void pin(struct shaper *s, struct shape left, node_t right) {
  bool turned = false;
  node_t m = written_out(right, &turned);
  memset(s->pin, 0, sizeof s->pin);
  if (m == NULL || left.rows == FLEX)
    return;
  s->pin[turned].class = left.rows;
  s->pin[turned].size = m->count;
  s->pin[!turned].class = left.cols;
  s->pin[!turned].size = m->child[0]->count;
  if (turned) {
    s->pin[0].class = left.cols;
    s->pin[1].class = left.rows;
  }
}

static void fix(struct shaper *s, int number, size_t size) {
  for (size_t k = 0; k < s->out->nfixed; k++)
    if (s->out->fixed[k].number == number)
      return;
  if (number == 0 || size == 0 || s->out->nfixed == JAC_SETTING_FIXED)
    return;
  s->out->fixed[s->out->nfixed].number = number;
  s->out->fixed[s->out->nfixed++].size = size;
}

static void settle(struct shaper *s) {
  int number[DIMS] = {0}, sizes = 0;
  for (size_t v = 0; v < s->out->count; v++)
    for (int side = 0; side < 2; side++) {
      int *d = side == 0 ? &s->out->variable[v].rows : &s->out->variable[v].cols;
      int r = root(s, *d);
      if (r != 0 && number[r] == 0)
        number[r] = ++sizes;
      *d = r == 0 ? 0 : number[r];
    }
  for (size_t k = 0; k < s->out->ncalled; k++) {
    int r = root(s, s->out->called[k].size);
    if (r != 0 && number[r] == 0)
      number[r] = ++sizes;
    s->out->called[k].size = r == 0 ? 0 : number[r];
    if (r != 0)
      fix(s, number[r], strtoul(s->out->called[k].name, NULL, 10));
  }
  for (size_t k = 0; k < 2; k++)
    if (s->pin[k].size > 0)
      fix(s, number[root(s, s->pin[k].class)], s->pin[k].size);
  s->out->sizes = sizes;
}

/* Whether two choices differ only in which way vectors stand. */
static bool turned_only(const char *a, const char *b, size_t count) {
  for (size_t k = 0; k < count; k++) {
    bool va = a[k] == 'c' || a[k] == 'r', vb = b[k] == 'c' || b[k] == 'r';
    if (va != vb || (!va && a[k] != b[k]))
      return false;
  }
  return true;
}

/* Tries one choice of kinds on the first trees; *all: the others fit too. */
static bool fits(struct shaper *s, const char *choice, node_t const *tree, size_t count,
                 bool *all) {
  reset(s);
  s->plain = s->strict;
  for (size_t v = 0; v < s->out->count; v++)
    give(s, v, choice[v]);
  for (size_t q = 0; q < s->setting->quantities; q++) {
    bool used = false;
    for (size_t k = 0; k < count; k++)
      used = used || jac_mentions(tree[k], s->setting->left[q]->name);
    if (used)
      infer(s, s->setting->right[q]);
  }
  struct shape left = infer(s, tree[0]);
  if (count > 1)
    pin(s, left, tree[1]);
  node_t of = tree[0]->kind == JAC_DERIVATIVE ? tree[0]->child[0] : NULL;
  while (of != NULL && of->kind == JAC_DERIVATIVE)
    of = of->child[0];
  bool loss = of != NULL && of->kind == JAC_NAME &&
              (of->name[1] == '\0' ? strchr("LECJ", of->name[0]) != NULL
                                   : jac_notes_loss_name(of->name));
  if (loss && !scalar(s, infer(s, of)))
    return false; /* a loss is a number */
  bool number =
      s->setting->number_of || (s->strict && strcmp(tree[0]->name, "nabla") == 0);
  if (number && of != NULL &&
      (!scalar(s, infer(s, of)) || scalar(s, infer(s, tree[0]->child[1]))))
    return false;
  if (s->failed)
    return false;
  struct shaper before = *s;
  struct jac_shaping kept = *s->out;
  *all = true;
  s->plain = false;
  for (size_t k = 1; k < count && *all; k++) {
    infer(s, tree[k]);
    *all = !s->failed;
  }
  /* The claim tells nothing of the sizes: it must hold at all that the left side allows.
   */
  struct jac_shaping *out = s->out;
  *s = before;
  s->out = out;
  *out = kept;
  return true;
}

/* The first choice of kinds that fits, and all trees where it can. */
static bool search(struct shaper *s, node_t const *tree, size_t count) {
  char choice[JAC_SETTING_VARIABLES + 1] = "", first[JAC_SETTING_VARIABLES + 1] = "";
  size_t at[JAC_SETTING_VARIABLES] = {0};
  bool found = false, all = false;
  for (size_t tries = 0; tries < TRIES; tries++) {
    for (size_t v = 0; v < s->out->count; v++)
      choice[v] = declared(s, v) ? 'd' : kinds(s, v)[at[v]];
    if ((!found || turned_only(choice, first, s->out->count)) &&
        fits(s, choice, tree, count, &all)) {
      if (!found)
        memcpy(first, choice, sizeof first);
      found = true;
      if (all)
        break;
    }
    size_t v = 0; /* the next choice: the first variable turns fastest */
    for (; v < s->out->count; v++) {
      if (!declared(s, v) && kinds(s, v)[at[v] + 1] != '\0') {
        at[v]++;
        break;
      }
      at[v] = 0;
    }
    if (v == s->out->count)
      break;
  }
  if (found && !all)
    found = fits(s, first, tree, count, &all);
  return found;
}

enum jac_status jac_setting_shapes(const struct jac_setting *setting,
                                   const struct jac_node *const *tree, size_t count,
                                   struct jac_shaping *shaping, struct jac_error *err) {
  struct shaper *s = calloc(1, sizeof *s);
  *shaping = (struct jac_shaping){.count = 0};
  if (s == NULL)
    return jac_fail_memory(err);
  s->setting = setting;
  s->out = shaping;
  for (size_t k = 0; k < count; k++)
    collect_bounds(s, tree[k], 0);
  for (size_t k = 0; k < count; k++)
    collect(s, tree[k], NULL, 0, false, 0);
  s->strict = true;
  bool found = search(s, tree, count);
  s->strict = false;
  found = found || search(s, tree, count);
  if (found)
    settle(s);
  free(s);

  return found
             ? JAC_OK
             : jac_fail(err, JAC_EINPUT,
                        _("no shapes of the variables fit together: declare them, as in "
                          "`x in R^n, W in R^{m x n}`"));
}
