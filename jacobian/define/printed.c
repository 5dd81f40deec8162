#include "jacobian/define/printed.h"

#include "jacobian/algebra/write.h"
#include "jacobian/buffer.h"
#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/read.h"
#include "jacobian/formula/render.h"
#include "jacobian/order.h"

#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* Deeper formulas are not printed: their derivatives would fill pages. */
enum { DEEPEST = 40 };

struct printing {
  struct jac_arena arena;
  struct jac_environment env; /* quantities */
  struct jac_map *map;
  struct jac_printed *printed;
};

void jac_printed_free(struct jac_printed *printed) {
  free(printed->definition);
  free(printed->where);
  for (size_t k = 0; k < JAC_VARIABLES_MOST; k++)
    jac_entries_of_free(printed->entry[k].entries);
}

/* The next sign of a kind outside all brackets, or NULL. */
static const char *outside(const char *text, char sign) {
  size_t depth = 0;
  for (; *text != '\0'; text++) {
    if (strchr("([{", *text) != NULL)
      depth++;
    else if (strchr(")]}", *text) != NULL)
      depth -= depth > 0;
    else if (*text == sign && depth == 0)
      return text;
  }
  return NULL;
}

static bool deep(node_t n, size_t depth) {
  bool is = depth > DEEPEST;
  for (size_t k = 0; k < n->count && !is; k++)
    is = deep(n->child[k], depth + 1);
  return is;
}

/* One side of an equation, its bytes in the text; NULL: this reader does not know it. */
static node_t side(struct printing *p, const char *from, size_t length) {
  char *part = jac_memory_take(length + 1, 1);
  node_t read = NULL;
  struct jac_error quiet;
  if (part == NULL)
    return NULL;
  memcpy(part, from, length);
  part[length] = '\0';
  enum jac_status status = jac_formula_read(&p->arena, part, &read, NULL, &quiet);
  free(part);
  return status == JAC_OK ? read : NULL;
}

/* The equations as trees; false: they are not known to this reader. */
static bool read_equations(struct printing *p, const char *text, const char *name) {
  struct jac_environment *env = &p->env;
  for (const char *at = text; at != NULL && at[strspn(at, " ")] != '\0';) {
    const char *end = outside(at, ';'), *equals = outside(at, '=');
    size_t length = end != NULL ? (size_t)(end - at) : strlen(at), start = 0;
    node_t left = jac_node_named(&p->arena, JAC_NAME, name, 0, NULL);
    if (env->nwhere == JAC_EQUATIONS)
      return false;
    if (equals != NULL && (size_t)(equals - at) < length && equals[1] != '=')
      start = (size_t)(equals - at) + 1;
    if (start > 0)
      left = side(p, at, start - 1);
    node_t right = side(p, at + start, length - start);
    if (left == NULL || right == NULL || deep(right, 0))
      return false;
    /* f(x) = ...: the function's name is the output's. */
    if (left->kind == JAC_MULTIPLY)
      left = left->child[0];
    if (left->kind == JAC_CALL)
      left = jac_node_named(&p->arena, JAC_NAME, left->name, 0, NULL);
    if (left == NULL || (left->kind != JAC_NAME && left->kind != JAC_ENTRY))
      return false;
    env->where_left[env->nwhere] = left;
    env->where_right[env->nwhere++] = right;
    at = end != NULL ? end + 1 : NULL;
  }
  return env->nwhere > 0;
}

static void write_equation(node_t left, node_t right, struct jac_buffer *out) {
  jac_formula_render(left, JAC_NOTATION_ASCII, NULL, out);
  jac_buffer_add(out, " = ");
  jac_formula_render(right, JAC_NOTATION_ASCII, NULL, out);
}

static enum jac_status write_equations(struct printing *p, struct jac_error *err) {
  struct jac_buffer definition = JAC_BUFFER_INIT, where = JAC_BUFFER_INIT;
  const struct jac_environment *env = &p->env;
  size_t last = env->nwhere - 1;
  write_equation(env->where_left[last], env->where_right[last], &definition);
  for (size_t k = 0; k < last; k++) {
    jac_buffer_add(&where, k > 0 ? "; " : "");
    write_equation(env->where_left[k], env->where_right[k], &where);
  }
  bool failed = definition.failed || where.failed;
  p->printed->definition = jac_buffer_take(&definition);
  p->printed->where = last > 0 ? jac_buffer_take(&where) : NULL;
  jac_buffer_free(&where);
  p->map->definition = p->printed->definition;
  p->map->where = p->printed->where;
  return failed ? jac_fail_memory(err) : JAC_OK;
}

/* The output's row and column in its term, from those in the map. */
static void put_output(const struct jac_printed_entries *p, const size_t output[2],
                       size_t place[2]) {
  place[0] = output[p->column];
  place[1] = output[!p->column];
}

static enum jac_status add_entry(struct jac_entry_writer *self, const size_t output[2],
                                 const size_t entry[2], enum jac_notation notation,
                                 struct jac_buffer *out, struct jac_error *err) {
  struct jac_printed_entries *p = (struct jac_printed_entries *)self;
  size_t place[6] = {0, 0, entry[0], entry[1], entry[0], entry[1]};
  if (p->of != NULL) { /* a slice an output, a row an entry of the first variable */
    const struct jac_variable *var = &p->of->var[p->of_wrt];
    size_t index[3], cols = p->of->cols, k = output[0] - 1;
    put_output(p, (size_t[]){k / cols + 1, k % cols + 1}, place);
    jac_number_to_index(var, p->of_order, output[1] - 1, index);
    place[2] = var->ndim == 1 ? 1 : index[0] + 1;
    place[3] = index[var->ndim == 1 ? 0 : 1] + 1;
  } else
    put_output(p, output, place);
  return jac_entries_of_add(p->entries, place, notation, out, err);
}

static bool add_closed(struct jac_entry_writer *self, enum jac_notation notation,
                       struct jac_buffer *out) {
  return jac_entries_of_closed(((struct jac_printed_entries *)self)->entries, notation,
                               out);
}

static enum jac_status add_general(struct jac_entry_writer *self,
                                   enum jac_notation notation, struct jac_buffer *out,
                                   struct jac_error *err) {
  return jac_entries_of_general(((struct jac_printed_entries *)self)->entries, notation,
                                out, err);
}

enum jac_status jac_printed_derive(struct jac_map *map, struct jac_make *make,
                                   const struct jac_term *value,
                                   const struct jac_symbol *const *symbol, bool column,
                                   struct jac_printed *printed, struct jac_error *err) {
  for (size_t v = 0; v < map->nvar; v++) {
    struct jac_printed_entries *p = &printed->entry[v];
    struct jac_error quiet;
    enum jac_status status =
        jac_entries_of_term(make, value, symbol[v], &p->entries, &quiet);
    if (status == JAC_ENOMEM)
      return jac_fail_memory(err);
    p->writer = (struct jac_entry_writer){add_entry, add_general, add_closed};
    p->column = column;
    map->var[v].writer = status == JAC_OK ? &p->writer : NULL;
  }
  return JAC_OK;
}

enum jac_status jac_printed_again(struct jac_map *second, struct jac_make *make,
                                  const struct jac_term *value,
                                  const struct jac_symbol *const *symbol, bool column,
                                  struct jac_printed *printed, struct jac_error *err) {
  for (size_t v = 0; v < second->nvar; v++) {
    struct jac_printed_entries *p = &printed->entry[v];
    struct jac_error quiet;
    enum jac_status status = jac_entries_of_second(make, value, symbol[second->of_wrt],
                                                   symbol[v], &p->entries, &quiet);
    if (status == JAC_ENOMEM)
      return jac_fail_memory(err);
    p->writer = (struct jac_entry_writer){add_entry, add_general, add_closed};
    p->column = column;
    p->of = second->of;
    p->of_wrt = second->of_wrt;
    p->of_order = second->of_order;
    second->var[v].writer = status == JAC_OK ? &p->writer : NULL;
  }
  return JAC_OK;
}

/* Whether the entry's formula is 0. */
static bool is_zero(const struct jac_map *map, size_t wrt, size_t row, size_t col) {
  const struct jac_variable *var = &map->var[wrt];
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_error quiet;
  size_t index[3] = {0}, out[2] = {row / map->cols + 1, row % map->cols + 1};
  jac_number_to_index(var, JAC_ORDER_F, col, index);
  size_t entry[2] = {var->ndim == 1 ? 1 : index[0] + 1,
                     index[var->ndim == 1 ? 0 : 1] + 1};
  bool zero = var->writer->add(var->writer, out, entry, JAC_NOTATION_ASCII, &text,
                               &quiet) == JAC_OK &&
              !text.failed && strcmp(text.text, "0") == 0;
  jac_buffer_free(&text);
  return zero;
}

size_t jac_printed_columns(const struct jac_map *map, size_t wrt, size_t row,
                           size_t *columns) {
  enum { MOST = 256 }; /* each takes some twenty microseconds */
  size_t slices, rows, cols, count = 0;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  bool known = map->var[wrt].writer != NULL && map->of == NULL && map->batch == 1 &&
               slices == 1 && rows * cols <= MOST;
  for (size_t k = 0; k < cols; k++)
    if (!known || !is_zero(map, wrt, row, k))
      columns[count++] = k;
  return count;
}

/* A quantity's equation in plain notation. */
static void write_quantity(struct jac_writing *w, const struct jac_symbol *quantity,
                           struct jac_buffer *out) {
  const struct jac_term *body = quantity->body;
  bool entries = body->kind == JAC_TERM_BUILD;
  const struct jac_index *place[] = {entries ? body->index : NULL,
                                     entries ? body->index2 : NULL};
  const char *before = "[";
  jac_symbol_write(w, quantity, out);
  for (size_t k = 0; k < 2; k++)
    if (place[k] != NULL) {
      jac_buffer_add(out, before);
      jac_index_write(w, place[k], out);
      before = ",";
    }
  jac_buffer_add(out, *before == ',' ? "] = " : " = ");
  jac_term_write(w, body, out);
}

enum jac_status jac_printed_write(const struct jac_symbol *const *quantity, size_t count,
                                  char **text, struct jac_error *err) {
  struct jac_writing w = {.notation = JAC_NOTATION_ASCII};
  struct jac_buffer out = JAC_BUFFER_INIT;
  for (size_t k = 0; k < count; k++)
    jac_writing_see(&w, quantity[k]->body);
  for (size_t k = 0; k < count; k++) {
    jac_buffer_add(&out, k > 0 ? "; " : "");
    write_quantity(&w, quantity[k], &out);
  }
  bool failed = out.failed;
  *text = jac_buffer_take(&out);
  return failed ? jac_fail_memory(err) : JAC_OK;
}

enum jac_status jac_printed_make(struct jac_map *map, const char *text, const char *name,
                                 struct jac_printed *printed, struct jac_error *err) {
  struct printing p = {.arena = JAC_ARENA_INIT, .map = map, .printed = printed};
  enum jac_status status =
      read_equations(&p, text, name) ? write_equations(&p, err) : JAC_OK;
  jac_arena_free(&p.arena);
  return status;
}
