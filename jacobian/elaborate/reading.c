/* The table of readings, and terms' walk. */
#include "jacobian/elaborate/term.h"

#define CONSTRUCT(id, role, binding, plain, latex, unicode)
#define READING(id, type, price, words, value) {JAC_C_##id, type, price, words},
#define ENTRYWISE(id, plain, latex, unicode, function)                                   \
  {JAC_C_##id, "(r,c)->(r,c)", 0, NULL},
#define N_(text) text
static const struct jac_reading table[] = {
#include "jacobian/notation/constructs.def"
};

enum { ROWS = sizeof table / sizeof *table };

const struct jac_reading *jac_reading_at(size_t row) {
  return &table[row];
}

size_t jac_reading_row(const struct jac_reading *reading) {
  return (size_t)(reading - table);
}

size_t jac_reading_count(void) {
  return ROWS;
}

size_t jac_readings_of(enum jac_construct_id id, size_t *first) {
  size_t k = 0;
  while (k < ROWS && table[k].construct != id)
    k++;
  *first = k;
  size_t count = 0;
  while (k + count < ROWS && table[k + count].construct == id)
    count++;
  return count;
}

bool jac_term_walk(const struct jac_term *term,
                   bool (*fn)(const struct jac_term *, void *), void *context) {
  if (!fn(term, context))
    return false;
  for (size_t k = 0; k < term->count; k++)
    if (term->child[k] && !jac_term_walk(term->child[k], fn, context))
      return false;
  for (size_t k = 0; k < term->bys; k++) {
    const struct jac_by *by = &term->by[k];
    const struct jac_term *places[] = {by->place[0], by->place[1], by->place[2], by->row,
                                       by->column};
    for (size_t j = 0; j < 5; j++)
      if (places[j] && !jac_term_walk(places[j], fn, context))
        return false;
  }
  return true;
}

struct through {
  bool (*fn)(const struct jac_term *, void *);
  void *context;
  const struct jac_symbol *seen[400];
  size_t count;
};

static bool through(const struct jac_term *t, void *context) {
  struct through *w = context;
  if (!w->fn(t, w->context))
    return false;
  if (t->kind != JAC_TERM_SYMBOL || !t->symbol->body)
    return true;
  for (size_t k = 0; k < w->count; k++)
    if (w->seen[k] == t->symbol)
      return true;
  if (w->count == sizeof w->seen / sizeof *w->seen)
    return true;
  w->seen[w->count++] = t->symbol;
  return jac_term_walk(t->symbol->body, through, w);
}

bool jac_term_walk_through(const struct jac_term *term,
                           bool (*fn)(const struct jac_term *, void *), void *context) {
  struct through w = {.fn = fn, .context = context};
  return jac_term_walk(term, through, &w);
}
