#include "jacobian/notes/said.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/judge_internal.h"
#include "jacobian/text.h"

#include <string.h>

typedef const struct jac_syntax node;

enum { AROUND = 8 };

/* The names around a byte of a text, the widest first. */
struct around {
  node *name[AROUND];
  size_t count;
};

static void find_names(node *n, size_t at, struct around *a) {
  if (n == NULL || at < n->start || at >= n->end)
    return;
  if (jac_name_like(n) && a->count < AROUND)
    a->name[a->count++] = n;
  for (size_t k = 0; k < n->count; k++)
    find_names(n->child[k], at, a);
}

/* The formula around an offset, or NULL. */
static const struct jac_item *item_at(const struct jac_document *d, size_t offset) {
  for (size_t k = 0; k < d->count; k++) {
    const struct jac_item *item = &d->item[k];
    bool formula = item->kind == JAC_ITEM_DISPLAY || item->kind == JAC_ITEM_INLINE;
    if (formula && offset >= item->start && offset < item->end)
      return item;
  }
  return NULL;
}

/* The byte of an item's text that came from an offset, or its length. */
static size_t byte_at(const struct jac_item *item, size_t offset) {
  size_t k = 0;
  while (k < item->length && item->at[k + 1] <= offset)
    k++;
  return item->length > 0 && item->at[k] <= offset ? k : item->length;
}

/* As it is spelled, with a blank between factors: Wx is W x to whoever reads it again. */
static void spell(node *n, struct jac_buffer *out) {
  if (n->form == JAC_S_SIDE)
    for (size_t k = 0; k < n->count; k++) {
      jac_buffer_add(out, k > 0 ? " " : "");
      spell(n->child[k], out);
    }
  else if (n->form == JAC_S_TERMS)
    for (size_t k = 0; k < n->count; k++) {
      if (n->text[k] != ' ')
        jac_buffer_printf(out, k > 0 ? " %c " : "%c", n->text[k]);
      spell(n->child[k], out);
    }
  else
    jac_notation_spell(n, out);
}

static void add_code(node *n, struct jac_buffer *out) {
  jac_buffer_add_char(out, '`');
  jac_notation_spell(n, out);
  jac_buffer_add_char(out, '`');
}

static void add_shape(const struct jac_fact *f, struct jac_buffer *out) {
  if (f->rows == NULL) {
    jac_buffer_add(out, _("a number"));
    return;
  }
  struct jac_buffer rows = JAC_BUFFER_INIT, cols = JAC_BUFFER_INIT;
  add_code(f->rows, &rows);
  if (f->cols != NULL)
    add_code(f->cols, &cols);
  if (f->cols == NULL)
    jac_buffer_printf(out, _("a vector of %s"), rows.text);
  else
    jac_buffer_printf(out, "%s × %s", rows.text, cols.text);
  if (f->third != NULL) {
    jac_buffer_add(out, " × ");
    add_code(f->third, out);
  }
  out->failed = out->failed || rows.failed || cols.failed;
  jac_buffer_free(&rows);
  jac_buffer_free(&cols);
}

static void add_properties(unsigned properties, struct jac_buffer *out) {
  static const struct {
    unsigned property;
    const char *words;
  } all[] = {{JAC_IS_SYMMETRIC, N_("symmetric")},
             {JAC_IS_POSITIVE, N_("positive")},
             {JAC_IS_BINARY, N_("zero or one")},
             {JAC_SUMS_TO_ONE, N_("of sum one")},
             {JAC_IS_UNIT, N_("between zero and one")},
             {JAC_IS_ORTHOGONAL, N_("orthogonal")},
             {JAC_IS_FUNCTION, N_("a function")},
             {JAC_IS_NUMBER, N_("a number")},
             {JAC_IS_COLUMN, N_("a column")},
             {JAC_IS_ROW, N_("a row")},
             {JAC_IS_MATRIX, N_("a matrix")},
             {JAC_IS_VECTOR, N_("a vector")},
             {JAC_IS_ENTRYWISE, N_("entrywise")},
             {JAC_NOT_SYMMETRIC, N_("not symmetric")},
             {JAC_IS_DIAGONAL, N_("diagonal")},
             {JAC_IS_SKEW, N_("antisymmetric")},
             {JAC_IS_SIGN, N_("one or minus one")},
             {JAC_IS_NEGATIVE, N_("negative")},
             {JAC_IS_ONES, N_("all ones")},
             {JAC_IS_IDEMPOTENT, N_("idempotent")},
             {JAC_IS_ORTHONORMAL, N_("of length one")}};
  bool first = true;
  for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
    if ((properties & all[k].property) != 0) {
      jac_buffer_printf(out, "%s%s", first ? "" : ", ", _(all[k].words));
      first = false;
    }
}

/* What a fact says of the name, or nothing. */
static void add_words(struct jac_pool *pool, const struct jac_fact *f, node *name,
                      struct jac_buffer *out) {
  struct jac_definition d;
  const char *key = jac_notation_key(pool, name);
  switch (f->kind) {
  case JAC_FACT_SHAPE:
    if (jac_notation_equal(f->left, name))
      add_shape(f, out);
    break;
  case JAC_FACT_PROPERTY:
    if (jac_notation_equal(f->left, name))
      add_properties(f->properties, out);
    break;
  case JAC_FACT_ALIAS:
    if (jac_notation_equal(f->left, name) && f->right != NULL) {
      jac_buffer_add(out, _("another name of "));
      add_code(f->right, out);
    }
    break;
  case JAC_FACT_DEFINITION:
    if (f->right == NULL || !jac_definition_read(pool, f->left, &d) ||
        (d.key != key && d.base != key))
      break;
    jac_buffer_add_char(out, '`');
    spell(f->left, out);
    jac_buffer_add(out, " = ");
    spell(f->right, out);
    jac_buffer_add_char(out, '`');
    break;
  default:
    break;
  }
}

/* Where a line of the notes stands: "line 2"; of a notebook the cell and its line. */
static void add_line(const struct jac_document *d, size_t line, struct jac_buffer *out) {
  size_t k = 0;
  while (k < d->count &&
         (d->item[k].cell == 0 || jac_document_place(d, d->item[k].end).line < line))
    k++;
  const struct jac_item *item = k < d->count ? &d->item[k] : NULL;
  size_t first = item != NULL ? jac_document_place(d, item->start).line : 0;
  if (item == NULL || first > line)
    jac_buffer_printf(out, _("line %zu"), line);
  else
    jac_buffer_printf(out, _("cell %zu, line %zu"), item->cell,
                      item->cell_line + line - first);
}

static void add_facts(struct judging *j, node *name, struct jac_buffer *out) {
  for (size_t k = 0; k < j->section.facts; k++) {
    const struct jac_fact *f = &j->section.fact[k];
    struct jac_buffer words = JAC_BUFFER_INIT;
    if (f->left != NULL && !f->guess && (!f->strong || k < j->seen))
      add_words(&j->pool, f, name, &words);
    if (words.length > 0 && f->strong)
      jac_buffer_printf(out, _("* %s (a directive)\n"), words.text);
    else if (words.length > 0 && f->line > 0) {
      jac_buffer_printf(out, "* %s (", words.text);
      add_line(j->document, f->line, out);
      jac_buffer_add(out, ")\n");
    } else if (words.length > 0)
      jac_buffer_printf(out, "* %s\n", words.text);
    out->failed = out->failed || words.failed;
    jac_buffer_free(&words);
  }
}

/* The name of \partial name, dname, or NULL. */
static node *derived(node *n) {
  n = jac_inside(n);
  return n->form == JAC_S_SIDE && n->count == 2 && jac_is_differential(n->child[0]) &&
                 jac_name_like(n->child[1])
             ? n->child[1]
             : NULL;
}

static void add_definition(struct judging *j, node *name, struct jac_buffer *out) {
  const char *key = jac_notation_key(&j->pool, name);
  for (size_t k = j->section.facts; k-- > 0;) {
    const struct jac_fact *f = &j->section.fact[k];
    struct jac_definition d;
    if (f->kind != JAC_FACT_DEFINITION || f->right == NULL ||
        !jac_definition_read(&j->pool, f->left, &d) || d.key != key || f->strong)
      continue;
    spell(f->left, out);
    jac_buffer_add(out, " = ");
    spell(f->right, out);
    return;
  }
}

/* s of s_i: what a declaration is about, for an index is none of its. */
static node *without_index(node *n) {
  node *item[4];
  return n->form == JAC_S_SCRIPT && n->child[1] != NULL && n->child[2] == NULL &&
                 jac_index_items(n->child[1], item) > 0
             ? n->child[0]
             : n;
}

static void take_left(struct judging *j, node *left, struct jac_said *said) {
  if (left == NULL || left->form != JAC_S_FRACTION)
    return;
  node *quantity = derived(left->child[0]), *variable = derived(left->child[1]);
  if (quantity == NULL || variable == NULL)
    return;
  jac_notation_spell(without_index(quantity), &said->quantity);
  jac_notation_spell(variable, &said->variable);
  add_definition(j, quantity, &said->definition);
}

/* The widest name that something is said of; else the widest, without its scripts where
 * it has some. */
static void take_name(struct judging *j, const struct around *a,
                      const struct jac_item *item, struct jac_said *said) {
  for (size_t k = 0; k < a->count && said->words.length == 0; k++) {
    said->start = item->at[a->name[k]->start];
    said->end = item->at[a->name[k]->end - 1] + 1;
    add_facts(j, a->name[k], &said->words);
  }
}

bool jac_notes_said(const struct jac_document *document,
                    const struct jac_notes_modules *modules, size_t offset,
                    struct jac_said *said) {
  struct jac_findings none;
  struct jac_error err = {JAC_OK, ""};
  struct judging j;
  struct jac_display display;
  const struct jac_item *item = item_at(document, offset);
  *said = (struct jac_said){
      0, 0, JAC_BUFFER_INIT, JAC_BUFFER_INIT, JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  if (item == NULL || item->problem != NULL)
    return false;
  jac_judging_start(&j, document, modules, &none, &err);
  j.quiet = true;
  bool there =
      jac_judging_walk(&j, (size_t)(item - document->item)) == JAC_OK &&
      jac_display_read(&j.pool, item->text, true, &display, NULL, &err) == JAC_OK;
  struct around around = {.count = 0};
  for (size_t k = 0; there && k < display.count; k++)
    for (size_t m = 0; m < display.statement[k].count; m++) {
      find_names(display.statement[k].side[m].notation, byte_at(item, offset), &around);
      if (k == 0 && m == 0)
        take_left(&j, display.statement[k].side[m].notation, said);
    }
  if (there)
    take_name(&j, &around, item, said);
  jac_judging_stop(&j);
  return there && !said->words.failed;
}

void jac_said_free(struct jac_said *said) {
  jac_buffer_free(&said->words);
  jac_buffer_free(&said->quantity);
  jac_buffer_free(&said->variable);
  jac_buffer_free(&said->definition);
}
