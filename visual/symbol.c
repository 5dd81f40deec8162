#include "visual/symbol.h"

#include "jacobian/formula/read.h"
#include "jacobian/formula/render.h"
#include "jacobian/formula/simplify.h"
#include "jacobian/formula/spell.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What names are written by. */
struct names {
  const struct jac_map *map;
  const char *output; /* the name of the output in the formula, or NULL */
};

struct jac_symbols {
  struct jac_layout layout;
  struct jac_arena read;        /* holds the entry formula */
  const struct jac_node *entry; /* NULL: the variable's writer writes */
};

enum jac_status jac_symbols_new(const struct jac_layout *layout,
                                struct jac_symbols **symbols, struct jac_error *err) {
  const struct jac_variable *var = &layout->map->var[layout->wrt];
  *symbols = NULL;
  if (!jac_variable_symbolic(var))
    return jac_fail(
        err, JAC_EREFUSED,
        _("%s has no formula for its entries with respect to %s: take --entries "
          "numbers"),
        layout->map->spec, var->name);
  struct jac_symbols *s = calloc(1, sizeof *s);
  if (s == NULL)
    return jac_fail_memory(err);
  s->layout = *layout;
  enum jac_status status =
      var->entry == NULL ? JAC_OK
                         : jac_formula_read(&s->read, var->entry, &s->entry, NULL, err);
  if (status == JAC_OK)
    *symbols = s;
  else
    jac_symbols_free(s);
  return status;
}

void jac_symbols_free(struct jac_symbols *symbols) {
  if (symbols == NULL)
    return;
  jac_arena_free(&symbols->read);
  free(symbols);
}

/* Whether the indices are the numbers of a sample and a feature, or of a sample, a
 * position and a channel; at: the sample and the feature, from 0. */
static bool in_image(const struct jac_variable *var, size_t count,
                     const char *const *index, size_t at[2]) {
  unsigned long number[3] = {0};
  for (size_t k = 0; k < count && k < 3; k++) {
    char *end;
    number[k] = strtoul(index[k], &end, 10);
    if (*end != '\0' || number[k] == 0)
      return false;
  }
  at[0] = number[0] - 1;
  at[1] = count == 3 ? (number[1] - 1) * var->channels + number[2] - 1 : number[1] - 1;
  return count == 2 || count == 3;
}

/* A name as the course writes it: variables by their own symbols, a quantity of one
 * sample without the sample's number. */
/* Long: the names of variables, indices and quantities, each written in its own way. */
static void add_name(void *context, const char *name, size_t count,
                     const char *const *index, enum jac_notation notation,
                     struct jac_buffer *out) {
  const struct names *s = context;
  const struct jac_map *map = s->map;
  size_t v = jac_map_find(map, name);
  char text[80];
  if (v < map->nvar) {
    const struct jac_variable *var = &map->var[v];
    bool wide = false;
    size_t at[2];
    if (var->width > 0 && in_image(var, count, index, at)) {
      jac_label_entry(var, notation, at, out);
      return;
    }
    for (size_t k = 0; k < var->ndim; k++)
      wide = wide || var->dims[k] > 9;
    if (count == 0 && notation == JAC_NOTATION_LATEX)
      jac_spell_latex(var->name, 0, NULL, out);
    else
      jac_label_texts(count > 0 ? var->symbol : var->name, notation, count, index, wide,
                      out);
    return;
  }
  if (s->output != NULL && strcmp(name, s->output) == 0) {
    jac_label_texts(map->output_symbol, notation, count, index, false, out);
    return;
  }
  snprintf(text, sizeof text, "%.40s[n", name);
  bool by_sample = map->where != NULL && strstr(map->where, text) != NULL;
  /* On paper entries keep the sample's number, and so does what stands beside them. */
  bool drop = notation != JAC_NOTATION_LATEX && by_sample && map->batch == 1 &&
              !map->coupled && count > 0 && strcmp(index[0], "1") == 0;
  bool step = jac_label_step(map, name, text);
  if (notation == JAC_NOTATION_LATEX && !step)
    jac_spell_latex(name, count, index, out);
  else
    jac_label_texts(step ? text : jac_label_quantity(name, text), notation, count - drop,
                    drop ? index + 1 : index, false, out);
}

enum { BINDINGS = 24 };

static void bind(struct jac_binding *binding, size_t *count, const char *name,
                 size_t value) {
  if (*count < BINDINGS)
    binding[(*count)++] = (struct jac_binding){name, value};
}

/* A feature, or its position and its channel. */
static void bind_feature(struct jac_binding *binding, size_t *count, const char *position,
                         const char *name, size_t feature, size_t channels) {
  if (channels > 0)
    bind(binding, count, position, feature / channels + 1);
  bind(binding, count, name, (channels > 0 ? feature % channels : feature) + 1);
}

/* Whether sums with bounds are to be unrolled, and so the constants that bound them and
 * their indices known. */
static bool unrolls(const struct jac_layout *layout) {
  const struct jac_map *map = layout->map;
  return map->channels > 0 || strstr(map->var[layout->wrt].entry, " = 1:") != NULL;
}

/* Whether the bracket at that place opens an index, a delta or an indicator. */
static bool opens_index(const char *formula, const char *at) {
  size_t before = (size_t)(at - formula);
  return *at == '[' || (before >= 5 && strncmp(at - 5, "delta", 5) == 0) ||
         (before >= 3 && strncmp(at - 3, "ind", 3) == 0);
}

/* Whether the word begins at that place, and is whole. */
static bool is_word(const char *formula, const char *at, const char *word) {
  size_t length = strlen(word);
  return strncmp(at, word, length) == 0 && !isalnum((unsigned char)at[length]) &&
         at[length] != '_' && (at == formula || !isalnum((unsigned char)at[-1]));
}

/* Whether a constant stands in an index, a delta or an indicator of the formula, as the
 * half H of glu does: a number there says which entry is meant. */
static bool in_index(const char *formula, const char *name) {
  enum { DEEPEST = 32 };
  bool opened[DEEPEST];
  size_t depth = 0, inside = 0;
  for (const char *at = formula; *at != '\0'; at++) {
    if (inside > 0 && is_word(formula, at, name))
      return true;
    if (strchr("[(", *at) != NULL && depth < DEEPEST) {
      opened[depth] = opens_index(formula, at);
      inside += opened[depth++];
    } else if (strchr("])", *at) != NULL && depth > 0)
      inside -= opened[--depth];
  }
  return false;
}

/* Whether a constant of the map is a number in its entries. */
static bool is_bound(const struct jac_layout *layout, const struct jac_constant *c) {
  return unrolls(layout) || (isupper((unsigned char)c->name[0]) &&
                             in_index(layout->map->var[layout->wrt].entry, c->name));
}

/* The indices of one place in the names that the entry formula uses, and the constants
 * that its indices are made with. */
static size_t bindings(const struct jac_layout *layout, size_t slice, size_t row,
                       size_t col, struct jac_binding binding[BINDINGS]) {
  const struct jac_map *map = layout->map;
  const struct jac_variable *var = &map->var[layout->wrt];
  static const char *const parameter[3][3] = {{"i"}, {"i", "j"}, {"h", "i", "j"}};
  size_t sample, feature, index[3], count = 0;
  jac_layout_output(layout, slice, row, &sample, &feature);
  jac_layout_variable(layout, slice, col, index);
  bind(binding, &count, "n", sample + 1);
  bind_feature(binding, &count, "l", "o", feature, map->channels);
  if (var->role == JAC_DATA) {
    bind(binding, &count, "m", index[0] + 1);
    bind_feature(binding, &count, "q", "i", index[1], var->channels);
  } else
    for (size_t d = 0; d < var->ndim; d++)
      bind(binding, &count, parameter[var->ndim - 1][d], index[d] + 1);
  for (size_t k = 0; k < map->nconstant; k++)
    if (is_bound(layout, &map->constant[k]))
      bind(binding, &count, map->constant[k].name, (size_t)map->constant[k].value);
  return count;
}

/* Sums of which one term, or none, is left where an index has its number are that term:
 * which tap of a kernel joins two places. Others stay as they are. */
/* Long: sums written out and their bounds. */
static const struct jac_node *unroll(struct jac_arena *arena,
                                     const struct jac_node *tree) {
  enum { MOST = 64 };
  const struct jac_node *child[JAC_FORMULA_CHILDREN], *left = NULL;
  if (tree == NULL)
    return NULL;
  bool sum = tree->kind == JAC_SUM && tree->count == 3 &&
             tree->child[1]->kind == JAC_NUMBER && tree->child[2]->kind == JAC_NUMBER &&
             tree->child[2]->number <= MOST;
  size_t terms = 0, last = sum ? (size_t)tree->child[2]->number : 0;
  for (size_t k = sum ? (size_t)tree->child[1]->number : 1; k <= last && terms < 2; k++) {
    struct jac_binding index = {tree->name, k};
    const struct jac_node *term =
        unroll(arena, jac_specialise(arena, tree->child[0], &index, 1));
    if (term == NULL)
      return NULL;
    terms += !jac_is_number(term, 0.0);
    left = jac_is_number(term, 0.0) ? left : term;
  }
  if (sum && terms < 2)
    return terms == 0 ? jac_number(arena, 0.0) : left;
  for (size_t k = 0; k < tree->count; k++)
    child[k] = sum ? tree->child[k] : unroll(arena, tree->child[k]);
  return jac_specialise(arena, jac_rebuild(arena, tree, child), NULL, 0);
}

static enum jac_status add_worked_out(const struct jac_layout *layout, size_t slice,
                                      size_t row, size_t col, enum jac_notation notation,
                                      struct jac_buffer *out, struct jac_error *err) {
  struct jac_entry_writer *writer = layout->map->var[layout->wrt].writer;
  size_t sample, feature, index[3] = {0};
  jac_layout_output(layout, slice, row, &sample, &feature);
  jac_layout_variable(layout, slice, col, index);
  if (layout->map->var[layout->wrt].ndim == 1) { /* stored as a row */
    index[1] = index[0];
    index[0] = 0;
  }
  return writer->add(writer, (size_t[]){sample + 1, feature + 1},
                     (size_t[]){index[0] + 1, index[1] + 1}, notation, out, err);
}

enum jac_status jac_symbols_add(struct jac_symbols *symbols, size_t slice, size_t row,
                                size_t col, enum jac_notation notation,
                                struct jac_buffer *out, struct jac_error *err) {
  if (symbols->entry == NULL)
    return add_worked_out(&symbols->layout, slice, row, col, notation, out, err);
  struct jac_arena arena = JAC_ARENA_INIT;
  struct jac_binding binding[BINDINGS];
  size_t count = bindings(&symbols->layout, slice, row, col, binding);
  const struct jac_node *tree = jac_specialise(&arena, symbols->entry, binding, count);
  if (unrolls(&symbols->layout))
    tree = unroll(&arena, tree);
  enum jac_status status = jac_arena_status(&arena, err);
  struct names names = {.map = symbols->layout.map};
  struct jac_naming naming = {add_name, &names};
  if (status == JAC_OK && tree != NULL)
    jac_formula_render(tree, notation, &naming, out);
  jac_arena_free(&arena);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

/* Whether a formula, or an equation that it needs, mentions what an equation defines. */
static void find_needed(const struct jac_node *const *left,
                        const struct jac_node *const *right, size_t count,
                        const struct jac_node *formula, bool *needed) {
  for (size_t k = 0; k < count; k++)
    if (!needed[k] && jac_mentions(formula, left[k]->name)) {
      needed[k] = true;
      find_needed(left, right, count, right[k], needed);
    }
}

/* Adds those of the equations that explain the names of a formula, or of a definition's
 * right side. */
static enum jac_status choose_needed(const struct jac_map *map, struct jac_arena *arena,
                                     const char *formula,
                                     const struct jac_node *const *left,
                                     const struct jac_node *const *right, size_t count,
                                     bool *needed, struct jac_error *err) {
  const struct jac_node *side[JAC_EQUATIONS], *tree[JAC_EQUATIONS];
  size_t trees = 1;
  enum jac_status status = JAC_OK;
  if (formula == NULL)
    return JAC_OK;
  if (formula == map->definition)
    status = jac_formula_read_equations(arena, formula, side, tree, &trees, err);
  else
    status = jac_formula_read(arena, formula, tree, NULL, err);
  for (size_t k = 0; k < trees && status == JAC_OK; k++)
    find_needed(left, right, count, tree[k], needed);
  return status;
}

/* What is asked of equations: the names that are bound are put in; those alone that
 * explain a formula are written; in the letters of the map, in ASCII too. */
struct asked {
  const struct jac_binding *binding;
  size_t bound;
  const char *formula, *also; /* or NULL: all, none */
  bool named;
};

static enum jac_status add_equations(const struct jac_map *map, const char *equation,
                                     const struct asked *asked,
                                     enum jac_notation notation, struct jac_buffer *out,
                                     struct jac_error *err) {
  struct jac_arena arena = JAC_ARENA_INIT;
  const struct jac_node *left[JAC_EQUATIONS], *right[JAC_EQUATIONS];
  size_t count;
  enum jac_status status =
      jac_formula_read_equations(&arena, equation, left, right, &count, err);
  struct names names = {.map = map};
  struct jac_naming naming = {add_name, &names};
  const struct jac_naming *used =
      notation == JAC_NOTATION_ASCII && !asked->named ? NULL : &naming;
  bool needed[JAC_EQUATIONS], begun = false;
  for (size_t k = 0; k < JAC_EQUATIONS; k++)
    needed[k] = asked->formula == NULL;
  if (status == JAC_OK)
    status = choose_needed(map, &arena, asked->formula, left, right, count, needed, err);
  if (status == JAC_OK)
    status = choose_needed(map, &arena, asked->also, left, right, count, needed, err);
  for (size_t k = 0; k < count && status == JAC_OK; k++) {
    if (!needed[k])
      continue;
    bool own =
        equation == map->where || equation == map->shown_where ||
        (equation == map->shown && left[k]->count == 0); /* a quantity by the way */
    names.output = own ? NULL : left[k]->name;
    const struct jac_node *sides[2] = {left[k], right[k]};
    for (size_t side = 0; side < 2 && asked->bound > 0 && status == JAC_OK; side++) {
      sides[side] = jac_specialise(&arena, sides[side], asked->binding, asked->bound);
      status = jac_arena_status(&arena, err);
    }
    if (status != JAC_OK)
      break;
    jac_buffer_add(out, begun ? "; " : "");
    begun = true;
    jac_formula_render(sides[0], notation, used, out);
    jac_buffer_add(out, " = ");
    jac_formula_render(sides[1], notation, used, out);
    status = jac_buffer_status(out, err);
  }
  jac_arena_free(&arena);
  return status;
}

enum jac_status jac_equation_add(const struct jac_map *map, const char *equation,
                                 enum jac_notation notation, struct jac_buffer *out,
                                 struct jac_error *err) {
  if (equation == NULL)
    return JAC_OK;
  return add_equations(map, equation, &(struct asked){0}, notation, out, err);
}

enum jac_status jac_explanation_add(const struct jac_map *map, const char *entry,
                                    enum jac_notation notation, struct jac_buffer *out,
                                    struct jac_error *err) {
  struct asked asked = {.formula = map->definition, .also = entry};
  return add_equations(map, map->where, &asked, notation, out, err);
}

/* How far the index of a sum goes: the size of the first variable in it that it indexes;
 * 0: it is not known. */
static size_t index_size(const struct jac_map *map, const struct jac_node *tree,
                         const char *index) {
  size_t v = tree->kind == JAC_ENTRY ? jac_map_find(map, tree->name) : map->nvar;
  bool plain =
      v < map->nvar && map->var[v].channels == 0 && map->var[v].ndim == tree->count;
  for (size_t k = 0; k < tree->count; k++) {
    const struct jac_node *child = tree->child[k];
    if (plain && child->kind == JAC_NAME && strcmp(child->name, index) == 0)
      return map->var[v].dims[k];
    size_t size = index_size(map, child, index);
    if (size > 0)
      return size;
  }
  return 0;
}

/* Sums over all values of an index with the bounds that are meant. */
static const struct jac_node *bound_sums(const struct jac_map *map,
                                         struct jac_arena *arena,
                                         const struct jac_node *tree) {
  const struct jac_node *child[JAC_FORMULA_CHILDREN];
  if (tree == NULL)
    return NULL;
  for (size_t k = 0; k < tree->count; k++)
    child[k] = bound_sums(map, arena, tree->child[k]);
  size_t size = tree->kind == JAC_SUM && tree->count == 1
                    ? index_size(map, tree->child[0], tree->name)
                    : 0;
  if (size == 0)
    return jac_rebuild(arena, tree, child);
  child[1] = jac_number(arena, 1.0);
  child[2] = jac_number(arena, (double)size);
  return jac_node_named(arena, JAC_SUM, tree->name, 3, child);
}

/* Both sides of the definition's first equation with the numbers of an output in them,
 * or, all, as it stands; sums have bounds. */
static enum jac_status add_output(const struct jac_map *map, bool all, size_t sample,
                                  size_t feature, enum jac_notation notation,
                                  struct jac_buffer *out, struct jac_error *err) {
  struct jac_arena arena = JAC_ARENA_INIT;
  const struct jac_node *left[JAC_EQUATIONS], *right[JAC_EQUATIONS];
  size_t count, bound = 0;
  enum jac_status status =
      map->definition == NULL
          ? jac_fail(err, JAC_EREFUSED, _("%s has no definition in entries"), map->spec)
          : jac_formula_read_equations(&arena, map->definition, left, right, &count, err);
  struct names names = {.map = map};
  struct jac_naming naming = {add_name, &names};
  if (status == JAC_OK) {
    struct jac_binding binding[BINDINGS];
    names.output = left[0]->name;
    bind(binding, &bound, "n", sample + 1);
    bind_feature(binding, &bound, "l", "o", feature, map->channels);
    /* Which of the cases it is depends on the sizes: h' and c' side by side. */
    for (size_t k = 0; strstr(map->definition, "cases(") && k < map->nconstant; k++)
      if (isupper((unsigned char)map->constant[k].name[0]))
        bind(binding, &bound, map->constant[k].name, (size_t)map->constant[k].value);
    const struct jac_node *tree = bound_sums(map, &arena, right[0]);
    if (!all)
      tree = jac_specialise(&arena, tree, binding, bound);
    status = jac_arena_status(&arena, err);
    if (status == JAC_OK && all) {
      jac_formula_render(left[0], notation, &naming, out);
      jac_buffer_add(out, " = ");
    }
    if (status == JAC_OK)
      jac_formula_render(tree, notation, &naming, out);
  }
  jac_arena_free(&arena);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

enum jac_status jac_definition_add(const struct jac_map *map, enum jac_notation notation,
                                   struct jac_buffer *out, struct jac_error *err) {
  return add_output(map, true, 0, 0, notation, out, err);
}

enum jac_status jac_output_add(const struct jac_map *map, size_t sample, size_t feature,
                               enum jac_notation notation, struct jac_buffer *out,
                               struct jac_error *err) {
  return add_output(map, false, sample, feature, notation, out, err);
}

enum jac_status jac_where_add(const struct jac_map *map, const char *formula,
                              enum jac_notation notation, struct jac_buffer *out,
                              struct jac_error *err) {
  const struct jac_binding sample = {"n", 1};
  bool one = map->batch == 1 && !map->coupled && map->shown_where == NULL;
  bool steps = jac_label_by_step(map); /* no name there is the entry's: h^{t} of h_1 */
  struct asked asked = {&sample, one, steps ? NULL : formula, NULL, true};
  enum jac_status status =
      steps ? jac_equation_add(map, map->shown, notation, out, err) : JAC_OK;
  jac_buffer_add(out, steps ? "; " : "");
  return status != JAC_OK
             ? status
             : add_equations(map, map->shown_where ? map->shown_where : map->where,
                             &asked, notation, out, err);
}

enum jac_status jac_expression_add(const struct jac_map *map, const char *expression,
                                   enum jac_notation notation, struct jac_buffer *out,
                                   struct jac_error *err) {
  struct jac_arena arena = JAC_ARENA_INIT;
  const struct jac_node *tree;
  enum jac_status status = jac_formula_read(&arena, expression, &tree, NULL, err);
  struct names names = {.map = map};
  struct jac_naming naming = {add_name, &names};
  if (status == JAC_OK) {
    jac_formula_render(tree, notation, notation == JAC_NOTATION_ASCII ? NULL : &naming,
                       out);
    status = jac_buffer_status(out, err);
  }
  jac_arena_free(&arena);
  return status;
}

enum jac_status jac_entry_formula_add(const struct jac_map *map,
                                      const struct jac_variable *variable,
                                      enum jac_notation notation, struct jac_buffer *out,
                                      struct jac_error *err) {
  return variable->writer != NULL
             ? variable->writer->general(variable->writer, notation, out, err)
             : jac_expression_add(map, variable->entry, notation, out, err);
}
