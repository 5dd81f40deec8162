#include "jacobian/define/defined.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/formula/bare_sum.h"
#include "jacobian/formula/caret.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

static enum jac_status refuse(struct jac_error *err, const char *text, size_t position,
                              const char *message) {
  jac_fail(err, JAC_EINPUT, "%s", message);
  return jac_caret(err, text, position);
}

static node *number(struct jac_pool *pool, size_t n) {
  char text[32];
  node *read = NULL;
  snprintf(text, sizeof text, "%zu", n);
  return jac_notation_read(pool, text, false, &read, NULL, NULL) ? NULL : read;
}

/* The shape of a variable: 3 is a row. */
static bool shape(struct jac_pool *pool, const struct jac_formula_size *size,
                  struct jac_fact *fact) {
  size_t rows = size->ndim > 1 ? size->dims[0] : 1;
  size_t cols = size->ndim > 1 ? size->dims[1] : size->dims[0];
  *fact = (struct jac_fact){.kind = JAC_FACT_SHAPE,
                            .strong = true,
                            .rows = number(pool, rows),
                            .cols = number(pool, cols)};
  return !jac_notation_read(pool, size->name, false, &fact->left, NULL, NULL);
}

static bool mentions(node *n, const char *name) {
  if (jac_is_name(n, name))
    return true;
  for (size_t k = 0; n && k < n->count; k++)
    if (mentions(n->child[k], name))
      return true;
  return false;
}

static enum jac_status side(const struct jac_written *w, const char *text,
                            struct jac_error *err) {
  if (w->notation)
    return JAC_OK;
  bool empty = !w->problem || !*w->problem;
  return refuse(
      err, text, empty ? w->start : w->position,
      empty ? _("the formula ends where a number, a name or a bracket is expected")
            : w->problem);
}

/* The output of a formula without a name of its own: y, unless that is a variable. */
static node *own_name(struct jac_pool *pool, const struct jac_defined *d, node *formula) {
  static const char *const names[] = {"y", "f", "g", "output"};
  node *left = NULL;
  for (size_t k = 0; k < 4; k++) {
    bool taken = mentions(formula, names[k]);
    for (size_t j = 0; j < d->count; j++)
      taken = taken || mentions(d->fact[j].left, names[k]);
    if (!taken && !jac_notation_read(pool, names[k], false, &left, NULL, NULL))
      break;
  }
  return left;
}

static bool is_integral(node *n, const void *of) {
  (void)of;
  return n->form == JAC_S_INTEGRAL;
}

/* What a statement must be, to be read: one equation, or at last a formula alone. */
static enum jac_status check_statement(const struct jac_statement_written *s, bool last,
                                       const char *text, struct jac_error *err) {
  if (s->count > 2 || (s->count == 1 && !last) || s->role == '?')
    return refuse(err, text, s->side[s->count - 1].start,
                  _("an equation is expected here, as in y = tanh(z*W)"));
  for (size_t k = 0; k < s->count; k++) {
    if (side(&s->side[k], text, err))
      return JAC_EINPUT;
    if (jac_notation_any(s->side[k].notation, is_integral, NULL))
      return refuse(err, text, s->side[k].start, _("an integral is read in notes alone"));
  }
  return s->count == 2 && s->side[1].relation->id != JAC_C_EQUAL
             ? refuse(err, text, s->side[0].end,
                      _("an equation is expected here, as in y = tanh(z*W)"))
             : JAC_OK;
}

/* One equation, or a formula alone, which is the output. */
static enum jac_status equation(struct jac_pool *pool, struct jac_defined *d,
                                const struct jac_statement_written *s, bool last,
                                const char *text, struct jac_error *err) {
  struct jac_definition definition;
  enum jac_status status = check_statement(s, last, text, err);
  if (status)
    return status;
  d->named = s->count == 2;
  node *first = s->side[0].notation, *left = d->named ? first : own_name(pool, d, first);
  if (!left || !jac_definition_read(pool, left, &definition))
    return refuse(err, text, s->side[0].start,
                  _("the left side of a definition is a name, as in y = tanh(z*W)"));
  d->fact[d->count++] = (struct jac_fact){.kind = JAC_FACT_DEFINITION,
                                          .strong = true,
                                          .left = left,
                                          .right = s->side[s->count - 1].notation};
  bool entries = definition.defines == JAC_DEFINES_ENTRIES;
  d->key[d->equations] = entries ? definition.base : definition.key;
  d->name[d->equations] = entries ? definition.name->child[0] : definition.name;
  d->function[d->equations] = definition.defines == JAC_DEFINES_FUNCTION;
  d->equations++;
  return JAC_OK;
}

/* batch, the rows of data, where nothing else is called so. */
static bool say_batch(struct jac_pool *pool, const struct jac_formula_size *size,
                      size_t count, struct jac_fact *fact) {
  size_t rows = 0;
  for (size_t k = 0; k < count; k++) {
    if (strcmp(size[k].name, "batch") == 0)
      return false;
    rows = size[k].data ? size[k].dims[0] : rows;
  }
  *fact = (struct jac_fact){.kind = JAC_FACT_DEFINITION, .strong = true};
  fact->right = rows ? number(pool, rows) : NULL;
  return rows && fact->right &&
         !jac_notation_read(pool, "batch", false, &fact->left, NULL, NULL);
}

enum jac_status jac_defined_read(struct jac_pool *pool, const char *text,
                                 const struct jac_formula_size *size, size_t count,
                                 struct jac_defined *d, struct jac_error *err) {
  struct jac_display display;
  size_t position = 0, given = 0;
  *d = (struct jac_defined){.latex = jac_text_is_latex(text)};
  enum jac_status status = jac_refuse_bare_sum(text, size, sizeof *size, count, err);
  if (status)
    return status;
  status = jac_display_read(pool, text, d->latex, &display, &position, err);
  if (status == JAC_EINPUT)
    return jac_caret(err, text, position);
  if (status)
    return status;
  if (display.count > JAC_EQUATIONS_MOST)
    return jac_fail(err, JAC_ELIMIT, _("more than %d equations"), JAC_EQUATIONS_MOST);
  if (!display.count)
    return refuse(err, text, 0,
                  _("the formula ends where a number, a name or a bracket is expected"));
  d->fact = jac_pool_take(pool, (count + display.count + 1) * sizeof *d->fact);
  if (!d->fact)
    return jac_pool_status(pool, err);
  for (size_t k = 0; k < count; k++)
    if (shape(pool, &size[k], &d->fact[given]))
      given++;
  given += say_batch(pool, size, count, &d->fact[given]);
  d->count = given;
  for (size_t k = 0; k < display.count && !status; k++)
    status = equation(pool, d, &display.statement[k], k + 1 == display.count, text, err);
  return status ? status : jac_pool_status(pool, err);
}

bool jac_defined_say(struct jac_pool *pool, struct jac_defined *d,
                     const struct jac_formula_size *size) {
  struct jac_fact *all = jac_pool_take(pool, (d->count + 1) * sizeof *all);
  if (!all || !shape(pool, size, all))
    return false;
  memcpy(all + 1, d->fact, d->count * sizeof *all);
  d->fact = all;
  d->count++;
  return true;
}
