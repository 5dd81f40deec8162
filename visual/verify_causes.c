/* Why formulas are not understood: one missing definition blocks many. */
#include "jacobian/text.h"
#include "visual/verify_internal.h"

#include <stdlib.h>
#include <string.h>

/* The quantity of \frac{\partial q}{...} at the start of a formula, or NULL. */
static const char *quantity(const char *formula, size_t *length) {
  static const char *const openings[] = {"\\frac{\\partial ", "\\frac{d ",
                                         "\\frac{\\mathrm{d} ", "\\frac{\\mathrm d ",
                                         "\\frac{d"};
  for (size_t k = 0; formula != NULL && k < sizeof openings / sizeof openings[0]; k++) {
    size_t opening = strlen(openings[k]), depth = 1;
    if (strncmp(formula, openings[k], opening) != 0)
      continue;
    const char *at = formula + opening;
    for (*length = 0; at[*length] != '\0'; ++*length) {
      depth += at[*length] == '{';
      depth -= at[*length] == '}';
      if (depth == 0)
        return *length > 0 ? at : NULL;
    }
  }
  return NULL;
}

/* The reason, and whose definition is missing where only the left side says it. */
static char *reason(const struct jac_finding *f) {
  struct jac_buffer why = JAC_BUFFER_INIT;
  size_t length;
  jac_verify_message(f, &why);
  bool left =
      f->diagnosis != NULL &&
      strcmp(f->diagnosis, _("nothing says what stands on the left: define it")) == 0;
  const char *name = left ? quantity(f->formula, &length) : NULL;
  if (name != NULL) {
    jac_buffer_printf(&why, " (%.*s)", (int)length, name);
  }
  char *made = why.failed ? NULL : strdup(why.text);
  jac_buffer_free(&why);
  return made;
}

/* The cause with this reason, which it takes over; a new one where there is none. NULL:
 * no memory. */
static struct jac_verify_cause *find(struct jac_verify_causes *causes, char *why) {
  for (size_t k = 0; why != NULL && k < causes->count; k++)
    if (strcmp(causes->cause[k].why, why) == 0) {
      free(why);
      return &causes->cause[k];
    }
  struct jac_verify_cause *more =
      why != NULL ? realloc(causes->cause, (causes->count + 1) * sizeof *more) : NULL;
  if (more == NULL) {
    free(why);
    return NULL;
  }
  causes->cause = more;
  more[causes->count] = (struct jac_verify_cause){.why = why};
  return &more[causes->count++];
}

/* The sort must keep the order of the notes among causes that block as many. */
static int by_count(const void *a, const void *b) {
  const struct jac_verify_cause *x = a, *y = b;
  if (x->count != y->count)
    return x->count < y->count ? 1 : -1;
  int file = strcmp(x->place->file, y->place->file);
  if (file != 0)
    return file;
  return (x->place->finding > y->place->finding) -
         (x->place->finding < y->place->finding);
}

bool jac_verify_grouped(const struct jac_finding *f) {
  return f->verdict == JAC_FINDING_UNREAD ||
         (f->verdict == JAC_FINDING_CONVENTION && !f->deviates);
}

bool jac_verify_group(const struct jac_verified *files, size_t count,
                      enum jac_finding_verdict verdict,
                      struct jac_verify_causes *causes) {
  *causes = (struct jac_verify_causes){NULL, 0};
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < files[k].findings.count; i++) {
      const struct jac_finding *f = &files[k].findings.finding[i];
      if (f->verdict != verdict || !jac_verify_grouped(f))
        continue;
      struct jac_verify_cause *c = find(causes, reason(f));
      struct jac_verify_place *more =
          c != NULL ? realloc(c->place, (c->count + 1) * sizeof *more) : NULL;
      if (more == NULL)
        return false;
      c->place = more;
      more[c->count++] = (struct jac_verify_place){files[k].file, f};
    }
  if (causes->count > 1)
    qsort(causes->cause, causes->count, sizeof *causes->cause, by_count);
  return true;
}

void jac_verify_causes_free(struct jac_verify_causes *causes) {
  for (size_t k = 0; k < causes->count; k++) {
    free(causes->cause[k].why);
    free(causes->cause[k].place);
  }
  free(causes->cause);
  *causes = (struct jac_verify_causes){NULL, 0};
}
