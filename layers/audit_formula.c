/* The audit of what a module says in formulas: its definition against its outputs, its
 * entry formulas against its Jacobian. */
#include "layers/audit_internal.h"

#include "jacobian/formula/evaluate.h"
#include "jacobian/swap.h"
#include "jacobian/text.h"

#include <fenv.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* What differs by more than this is wrong: rounding of a formula that cancels is not. */
static double allowed(double scale, double usual) {
  return 1e-9 * scale + 1e-13 * usual;
}

/* What numbers that cancel leave of an output that is 0: last places of theirs, or of a
 * function of theirs that is about 1. */
static double last_places(const struct work *w) {
  double most = 0.0;
  for (size_t v = 0; v < w->map->nvar; v++)
    most = fmax(most, largest(w->x[v]->data, w->x[v]->size1 * w->x[v]->size2));
  return 4.0 * DBL_EPSILON * fmax(1.0, most);
}

/* Whether a formula's number is not the code's. A formula that has no value where the
 * code has one is not so careful, but not wrong. */
static bool apart(double said, double done, double tolerance) {
  if (!isfinite(said))
    return false;
  return !isfinite(done) || fabs(said - done) > tolerance;
}

/* Numbers whose cubes a double holds. */
static bool moderate(const gsl_matrix *m) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++) {
      double v = fabs(gsl_matrix_get(m, i, j));
      if (!(v == 0.0 || (v > 1e-100 && v < 1e100)))
        return false;
    }
  return true;
}

/* Whether a formula, which is evaluated as it stands, can tell anything at this point:
 * its squares overflow and underflow where the code's do not. */
static bool formulas_tell(const struct work *w) {
  for (size_t v = 0; v < w->map->nvar; v++)
    if (w->chosen && !moderate(w->x[v]))
      return false;
  return true;
}

/* Whether a formula that has moved with the last places of its numbers is off by no more
 * than what these make of it: it cancels there, and the code does not. */
static bool is_rounding(double said, double moved, double done) {
  return !isfinite(moved) || fabs(said - done) <= 64.0 * fabs(moved - said);
}

/* A formula that has gone through numbers too small for all their digits, as log(sigmoid)
 * at -745 does, has lost what it would say. */
static bool underflows(void) {
#ifdef FE_UNDERFLOW
  return fetestexcept(FE_UNDERFLOW) != 0;
#else
  return false;
#endif
}

static bool has_lost_digits(const struct work *w) {
  return w->chosen && underflows();
}

static void forget_underflows(void) {
#ifdef FE_UNDERFLOW
  feclearexcept(FE_UNDERFLOW);
#endif
}

/* A formula of the map, read: its tree and what its names mean. */
struct formula {
  struct jac_arena arena;
  struct jac_environment env;
  const struct jac_node *left, *right; /* left NULL: an entry */
};

static enum jac_status read_formula(const struct jac_map *map, jac_point x,
                                    const char *text, bool equation, struct formula *f,
                                    struct jac_error *err) {
  *f = (struct formula){.arena = JAC_ARENA_INIT,
                        .env = {.map = map, .x = x, .broadcast = true}};
  enum jac_status status =
      equation
          ? jac_formula_read_equation(&f->arena, text, &f->left, &f->right, NULL, err)
          : jac_formula_read(&f->arena, text, &f->right, NULL, err);
  if (status == JAC_OK && map->where != NULL)
    status = jac_formula_read_equations(&f->arena, map->where, f->env.where_left,
                                        f->env.where_right, &f->env.nwhere, err);
  return status;
}

/* The indices that formulas have for an output: sample, feature, and position. */
static size_t output_indices(const struct jac_map *map, size_t row, size_t col,
                             struct jac_index_value *index) {
  size_t count = 0;
  index[count++] = (struct jac_index_value){"n", row + 1};
  index[count++] =
      (struct jac_index_value){"o", (map->channels > 0 ? col % map->channels : col) + 1};
  if (map->channels > 0)
    index[count++] = (struct jac_index_value){"l", col / map->channels + 1};
  return count;
}

/* The output at a row and column of y, as the definition has it. */
static enum jac_status defined_output(const struct jac_map *map, const struct formula *f,
                                      size_t row, size_t col, double *value,
                                      struct jac_error *err) {
  struct jac_index_value index[3];
  struct jac_result result;
  size_t count = 0;
  if (f->left->count > 0 || map->rows * map->cols == 1)
    count = output_indices(map, row, col, index);
  enum jac_status status =
      jac_formula_value(f->right, &f->env, index, count, &result, NULL, err);
  if (status != JAC_OK)
    return status;
  size_t at = result.rows * result.cols > 1 ? row * map->cols + col : 0;
  *value = at < result.rows * result.cols ? result.value[at] : NAN;
  jac_result_free(&result);
  return JAC_OK;
}

/* A formula that cannot be evaluated is a finding of its own. */
static enum jac_status unreadable(struct work *w, const char *about, size_t wrt,
                                  enum jac_status status, const char *formula,
                                  const struct jac_error *why) {
  if (status == JAC_ENOMEM)
    return jac_fail_memory(w->err);
  jac_audit_found(w, about, wrt, NAN, NAN);
  jac_buffer_printf(&w->audit->text, _("'%s' has no meaning: %.*s"), formula,
                    (int)strcspn(why->message, "\n"), why->message);
  return JAC_OK;
}

enum jac_status jac_audit_definition(struct work *w, const gsl_matrix *y) {
  const struct jac_map *map = w->map;
  struct formula f;
  struct jac_error why = {JAC_OK, ""};
  if (map->definition == NULL || !formulas_tell(w))
    return JAC_OK;
  enum jac_status status = read_formula(map, w->x, map->definition, true, &f, &why);
  double tolerance =
      allowed(largest(y->data, map->rows * map->cols), w->outputs) + last_places(w);
  for (size_t i = 0; i < map->rows && status == JAC_OK && w->audit->about == NULL; i++)
    for (size_t j = 0; j < map->cols && status == JAC_OK && w->audit->about == NULL;
         j++) {
      double said = NAN, moved = NAN, done = gsl_matrix_get(y, i, j);
      forget_underflows();
      status = defined_output(map, &f, i, j, &said, &why);
      if (status != JAC_OK || !apart(said, done, tolerance))
        continue;
      bool rounding = has_lost_digits(w);
      for (size_t k = 0;
           w->chosen && k < JAC_AUDIT_NUDGES && !rounding && status == JAC_OK; k++) {
        f.env.x = jac_audit_nudged(w, k);
        status = defined_output(map, &f, i, j, &moved, &why);
        rounding = is_rounding(said, moved, done);
      }
      f.env.x = w->x;
      if (status != JAC_OK || rounding)
        continue;
      jac_audit_found(w, "definition", map->nvar, said, done);
      jac_buffer_printf(&w->audit->text,
                        _("its definition says %.*g for output %zu of sample %zu, the "
                          "code gives %.*g"),
                        jac_audit_digits(said, done), as_printed(said), j + 1, i + 1,
                        jac_audit_digits(said, done), as_printed(done));
      jac_audit_place(w, &w->audit->text);
    }
  jac_arena_free(&f.arena);
  return status == JAC_OK
             ? JAC_OK
             : unreadable(w, "definition", map->nvar, status, map->definition, &why);
}

enum jac_status jac_audit_entries(struct work *w, size_t wrt,
                                  const struct jac_array3 *J) {
  const struct jac_map *map = w->map;
  const struct jac_variable *var = &map->var[wrt];
  struct formula f;
  struct jac_error why = {JAC_OK, ""};
  if (var->entry == NULL || !formulas_tell(w))
    return JAC_OK;
  enum jac_status status = read_formula(map, w->x, var->entry, false, &f, &why);
  double overall = largest(J->data, J->slices * J->rows * J->cols);
  for (size_t r = 0;
       r < J->slices * J->rows && status == JAC_OK && w->audit->about == NULL; r++) {
    const double *row = J->data + r * J->cols;
    size_t slice = r / J->rows, output = r % J->rows;
    double tolerance = allowed(largest(row, J->cols), fmax(1e-2 * overall, w->slopes));
    for (size_t j = 0; j < J->cols && status == JAC_OK && w->audit->about == NULL; j++) {
      struct jac_index_value index[JAC_NATIVE_INDICES];
      double said = NAN, moved = NAN, done = row[j];
      size_t count = jac_native_indices(map, wrt, slice, output, j, index);
      forget_underflows();
      status = jac_formula_evaluate(f.right, &f.env, index, count, &said, &why);
      if (status != JAC_OK || !apart(said, done, tolerance))
        continue;
      bool rounding = has_lost_digits(w);
      for (size_t k = 0;
           w->chosen && k < JAC_AUDIT_NUDGES && !rounding && status == JAC_OK; k++) {
        f.env.x = jac_audit_nudged(w, k);
        status = jac_formula_evaluate(f.right, &f.env, index, count, &moved, &why);
        rounding = is_rounding(said, moved, done);
      }
      f.env.x = w->x;
      if (status != JAC_OK || rounding)
        continue;
      jac_audit_found(w, "entry formula", wrt, said, done);
      jac_buffer_printf(&w->audit->text,
                        _("the entry formula of %s says %.*g, the code %.*g, in row %zu, "
                          "column %zu of sample %zu"),
                        var->name, jac_audit_digits(said, done), as_printed(said),
                        jac_audit_digits(said, done), as_printed(done), output + 1, j + 1,
                        slice + 1);
      jac_audit_place(w, &w->audit->text);
    }
  }
  jac_arena_free(&f.arena);
  return status == JAC_OK ? JAC_OK
                          : unreadable(w, "entry formula", wrt, status, var->entry, &why);
}
