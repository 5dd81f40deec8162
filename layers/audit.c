/* Long: what a module says of itself is one list, and each item of it is held against the
 * others at the same points. */
#include "layers/audit.h"

#include "layers/network_internal.h"

#include "jacobian/check.h"
#include "jacobian/formula/evaluate.h"
#include "jacobian/swap.h"
#include "jacobian/text.h"
#include "jacobian/values.h"

#include <float.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_POINTS = 3, LEARNT_POINTS = 10, NUDGES = 4 };

/* A module under audit at a point. */
struct work {
  const struct jac_map *map;
  jac_point x;
  const char *place;        /* words for the point */
  double outputs, slopes;   /* the usual size of its outputs and derivatives, or 0 */
  bool chosen;              /* numbers that were not drawn: they may cancel */
  jac_point nudged[NUDGES]; /* of chosen ones: x with its last places moved */
  struct jac_audit *audit;  /* what was found */
  struct jac_error *err;
};

/* What differs by more than this is wrong: rounding of a formula that cancels is not. */
static double allowed(double scale, double usual) {
  return 1e-9 * scale + 1e-13 * usual;
}

static double largest(const double *data, size_t count) {
  double most = 0.0;
  for (size_t k = 0; k < count; k++)
    if (isfinite(data[k]))
      most = fmax(most, fabs(data[k]));
  return most;
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

/* As many digits as tell two numbers apart. */
static int digits(double a, double b) {
  double places = -log10(fabs(a - b) / fmax(fabs(a), fabs(b)));
  return places > 4.0 ? (places < 15.0 ? (int)places + 2 : 17) : 6;
}

static void add_place(const struct work *w, struct jac_buffer *out) {
  const struct jac_map *map = w->map;
  jac_buffer_printf(out, " (%s", w->place);
  for (size_t v = 0; v < map->nvar; v++) {
    size_t size = w->x[v]->size1 * w->x[v]->size2;
    if (size > 12)
      continue;
    jac_buffer_printf(out, v == 0 ? ": %s =" : "; %s =", map->var[v].name);
    for (size_t k = 0; k < size; k++)
      jac_buffer_printf(out, "%s %.4g", k > 0 && k % w->x[v]->size2 == 0 ? ";" : "",
                        w->x[v]->data[k]);
  }
  jac_buffer_add(out, ")");
}

static void found(struct work *w, const char *about, size_t wrt, double said,
                  double done) {
  w->audit->about = about;
  w->audit->wrt = wrt;
  w->audit->said = said;
  w->audit->done = done;
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

/* The definition. */

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
  found(w, about, wrt, NAN, NAN);
  jac_buffer_printf(&w->audit->text, _("'%s' has no meaning: %.*s"), formula,
                    (int)strcspn(why->message, "\n"), why->message);
  return JAC_OK;
}

static enum jac_status check_definition(struct work *w, const gsl_matrix *y) {
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
      status = defined_output(map, &f, i, j, &said, &why);
      if (status != JAC_OK || !apart(said, done, tolerance))
        continue;
      bool rounding = false;
      for (size_t k = 0; w->chosen && k < NUDGES && !rounding && status == JAC_OK; k++) {
        f.env.x = w->nudged[k];
        status = defined_output(map, &f, i, j, &moved, &why);
        rounding = is_rounding(said, moved, done);
      }
      f.env.x = w->x;
      if (status != JAC_OK || rounding)
        continue;
      found(w, "definition", map->nvar, said, done);
      jac_buffer_printf(&w->audit->text,
                        _("its definition says %.*g for output %zu of sample %zu, the "
                          "code gives %.*g"),
                        digits(said, done), said, j + 1, i + 1, digits(said, done), done);
      add_place(w, &w->audit->text);
    }
  jac_arena_free(&f.arena);
  return status == JAC_OK
             ? JAC_OK
             : unreadable(w, "definition", map->nvar, status, map->definition, &why);
}

/* The entry formulas. */

static enum jac_status check_entries(struct work *w, size_t wrt,
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
      status = jac_formula_evaluate(f.right, &f.env, index, count, &said, &why);
      if (status != JAC_OK || !apart(said, done, tolerance))
        continue;
      bool rounding = false;
      for (size_t k = 0; w->chosen && k < NUDGES && !rounding && status == JAC_OK; k++) {
        f.env.x = w->nudged[k];
        status = jac_formula_evaluate(f.right, &f.env, index, count, &moved, &why);
        rounding = is_rounding(said, moved, done);
      }
      f.env.x = w->x;
      if (status != JAC_OK || rounding)
        continue;
      found(w, "entry formula", wrt, said, done);
      jac_buffer_printf(&w->audit->text,
                        _("the entry formula of %s says %.*g, the code %.*g, in row %zu, "
                          "column %zu of sample %zu"),
                        var->name, digits(said, done), said, digits(said, done), done,
                        output + 1, j + 1, slice + 1);
      add_place(w, &w->audit->text);
    }
  }
  jac_arena_free(&f.arena);
  return status == JAC_OK ? JAC_OK
                          : unreadable(w, "entry formula", wrt, status, var->entry, &why);
}

/* The structure. */

static enum jac_status check_columns(struct work *w, size_t wrt,
                                     const struct jac_array3 *J) {
  size_t *columns = malloc((J->cols + 1) * sizeof *columns);
  if (columns == NULL)
    return jac_fail_memory(w->err);
  for (size_t r = 0; r < J->slices * J->rows && w->audit->about == NULL; r++) {
    size_t count = jac_map_columns(w->map, wrt, r % J->rows, columns), e = 0;
    for (size_t j = 0; j < J->cols && w->audit->about == NULL; j++) {
      if (e < count && columns[e] == j) {
        e++;
        continue;
      }
      if (J->data[r * J->cols + j] == 0.0)
        continue;
      found(w, "structure", wrt, 0.0, J->data[r * J->cols + j]);
      jac_buffer_printf(&w->audit->text,
                        _("its structure says that the entry in row %zu, column %zu for "
                          "%s is zero, the code gives %.*g"),
                        r % J->rows + 1, j + 1, w->map->var[wrt].name, 6,
                        J->data[r * J->cols + j]);
      add_place(w, &w->audit->text);
    }
  }
  free(columns);
  return JAC_OK;
}

static bool same(const double *a, const double *b, size_t count) {
  for (size_t k = 0; k < count; k++)
    if (a[k] != b[k] && !(isnan(a[k]) && isnan(b[k])))
      return false;
  return true;
}

/* Every entry written over what stood there; slices that are one. */
static enum jac_status check_promises(struct work *w, size_t wrt,
                                      const struct jac_array3 *J) {
  struct jac_structure s = jac_map_structure(w->map, wrt);
  size_t count = J->slices * J->rows * J->cols, slice = J->rows * J->cols;
  struct jac_array3 other;
  for (size_t k = 1; k < J->slices && s.alike && w->audit->about == NULL; k++)
    if (!same(J->data, J->data + k * slice, slice)) {
      found(w, "structure", wrt, NAN, NAN);
      jac_buffer_printf(
          &w->audit->text,
          _("its structure says that all slices for %s are alike, slice %zu "
            "is another"),
          w->map->var[wrt].name, k + 1);
    }
  if (!s.written || w->audit->about != NULL)
    return JAC_OK;
  enum jac_status status = jac_array3_alloc(J->slices, J->rows, J->cols, &other, w->err);
  if (status != JAC_OK)
    return status;
  for (size_t k = 0; k < count; k++)
    other.data[k] = 1234.5;
  other.clear = false;
  status = w->map->type->jacobian(w->map, w->x, wrt, &other);
  jac_array3_written();
  if (status == JAC_OK && !same(J->data, other.data, count)) {
    found(w, "structure", wrt, NAN, NAN);
    jac_buffer_printf(&w->audit->text,
                      _("its structure says that the code writes every entry for %s, and "
                        "some stay as they were"),
                      w->map->var[wrt].name);
  }
  jac_array3_free(&other);
  return status == JAC_ENOMEM ? jac_fail_memory(w->err) : status;
}

/* Columns that the structure names must be there before anybody walks along them. */
static enum jac_status check_addresses(struct work *w, size_t wrt) {
  size_t slices, rows, cols;
  jac_map_jacobian_shape(w->map, wrt, &slices, &rows, &cols);
  struct jac_structure s = jac_map_structure(w->map, wrt);
  bool good = s.width == 0 || s.columns != NULL || s.width * rows <= cols;
  size_t *columns = malloc((cols + 1) * sizeof *columns);
  if (columns == NULL)
    return jac_fail_memory(w->err);
  for (size_t i = 0; i < rows && good && s.columns != NULL; i++) {
    size_t count = s.columns(w->map, wrt, i, columns);
    good = count <= cols;
    for (size_t k = 0; k < count && good; k++)
      good = columns[k] < cols && (k == 0 || columns[k] > columns[k - 1]);
  }
  free(columns);
  if (!good) {
    found(w, "structure", wrt, NAN, NAN);
    w->audit->unsafe = true;
    jac_buffer_printf(
        &w->audit->text,
        _("its structure names columns for %s that are not there, or not in "
          "ascending order"),
        w->map->var[wrt].name);
  }
  return JAC_OK;
}

/* The code against itself at this point: differences and products. */
static enum jac_status check_code(struct work *w, size_t wrt, const struct jac_array3 *J,
                                  bool *kinks) {
  static const struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  static const char *const names[JAC_REFERENCES] = {
      N_("finite differences give"), N_("the vector-Jacobian product gives"),
      N_("the Jacobian-vector product gives")};
  struct jac_check_result r[JAC_REFERENCES];
  enum jac_status status = jac_check(w->map, w->x, wrt, J, &options, r, w->err);
  *kinks = false;
  for (size_t k = 0; k < JAC_REFERENCES && status == JAC_OK; k++) {
    *kinks = *kinks || r[k].kinks > 0 || r[k].valueless > 0;
    if (r[k].verdict != JAC_VERDICT_DIFFERS || w->audit->about != NULL)
      continue;
    const struct jac_checked_entry *e =
        r[k].wrong > 0 ? &r[k].list[0] : &r[k].first_nonfinite;
    for (size_t j = 0; j < r[k].listed && r[k].wrong > 0; j++)
      if (!r[k].list[j].kink) {
        e = &r[k].list[j];
        break;
      }
    found(w, "Jacobian", wrt, e->reference, e->jacobian);
    jac_buffer_printf(&w->audit->text,
                      _("its Jacobian for %s has %.*g in row %zu, column %zu of sample "
                        "%zu, %s %.*g"),
                      w->map->var[wrt].name, digits(e->jacobian, e->reference),
                      e->jacobian, e->row + 1, e->col + 1, e->slice + 1, _(names[k]),
                      digits(e->jacobian, e->reference), e->reference);
    add_place(w, &w->audit->text);
  }
  return status;
}

/* The usual size of outputs and derivatives, of many points: at one of them a softmax may
 * be saturated, and all its slopes rounding. */
static enum jac_status learn(struct work *w, unsigned long seed) {
  const struct jac_map *map = w->map;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols);
  enum jac_status status = y == NULL ? jac_fail_memory(w->err) : JAC_OK;
  for (size_t k = 0; k < LEARNT_POINTS && status == JAC_OK; k++) {
    struct jac_values values;
    status = jac_values_new(map, seed + 7919 * (k + 1), &values, w->err);
    jac_point x = jac_values_point(&values);
    if (status == JAC_OK)
      status = jac_map_forward(map, x, y, w->err);
    if (status == JAC_OK)
      w->outputs = fmax(w->outputs, largest(y->data, map->rows * map->cols));
    for (size_t v = 0; v < map->nvar && status == JAC_OK; v++) {
      struct jac_array3 J;
      status = jac_map_jacobian_new(map, x, v, &J, w->err);
      if (status == JAC_OK)
        w->slopes = fmax(w->slopes, largest(J.data, J.slices * J.rows * J.cols));
      jac_array3_free(&J);
    }
    jac_values_free(&values);
  }
  gsl_matrix_free(y);
  return status;
}

/* One variable at one point. */
static enum jac_status audit_variable(struct work *w, size_t wrt) {
  struct jac_array3 J;
  bool kinks = false;
  enum jac_status status = jac_map_jacobian_new(w->map, w->x, wrt, &J, w->err);
  if (status != JAC_OK)
    return status;
  status = check_columns(w, wrt, &J);
  if (status == JAC_OK && w->audit->about == NULL)
    status = check_promises(w, wrt, &J);
  if (status == JAC_OK && w->audit->about == NULL)
    status = check_code(w, wrt, &J, &kinks);
  if (status == JAC_OK && w->audit->about == NULL && !kinks)
    status = check_entries(w, wrt, &J);
  jac_array3_free(&J);
  return status;
}

static enum jac_status audit_point(struct work *w, jac_point x, const char *place) {
  const struct jac_map *map = w->map;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols);
  if (y == NULL)
    return jac_fail_memory(w->err);
  w->x = x;
  w->place = place;
  enum jac_status status = jac_map_forward(map, x, y, w->err);
  if (status == JAC_OK)
    status = check_definition(w, y);
  gsl_matrix_free(y);
  for (size_t v = 0; v < map->nvar && status == JAC_OK && w->audit->about == NULL; v++)
    status = audit_variable(w, v);
  return status;
}

/* Numbers at which code often goes another way; any number may stand there. */
static double zeros(size_t k) {
  (void)k;
  return 0.0;
}
static double equal(size_t k) {
  (void)k;
  return 1.0;
}
static double tiny(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * 1e-5 * (1.0 + 0.37 * (double)(k % 17));
}
static double large(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * (3.0 + 0.73 * (double)(k % 11));
}
static double negative(size_t k) {
  return -0.5 - 0.61 * (double)(k % 7);
}
static double whole(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * (1.0 + (double)(k / 2 % 3));
}
static double half(size_t k) {
  return (k % 2 == 0 ? 0.5 : -0.5) * (1.0 + (double)(k / 2 % 3));
}
static double hundreds(size_t k) {
  return (k % 2 == 0 ? 1.0 : -1.0) * (21.0 + 61.7 * (double)(k * 7 % 11));
}
static double minute(size_t k) {
  return 1e-5 * tiny(k);
}

static const struct {
  const char *words;
  double (*value)(size_t k);
} special[] = {
    {N_("at zeros"), zeros},
    {N_("at equal numbers"), equal},
    {N_("at tiny numbers"), tiny},
    {N_("at large numbers"), large},
    {N_("at negative numbers"), negative},
    {N_("at whole numbers"), whole},
    {N_("at halves"), half},
    {N_("at hundreds"), hundreds},
    {N_("at numbers near 0"), minute},
};

static void set_special(const struct jac_map *map, struct jac_values *values,
                        double (*value)(size_t k)) {
  size_t count = 0;
  for (size_t v = 0; v < map->nvar; v++)
    for (size_t k = 0; k < jac_variable_size(&map->var[v]); k++)
      if (map->var[v].domain == JAC_REAL)
        values->matrix[v]->data[k] = value(count++);
}

/* At numbers that were not drawn, which may be of any size, and cancel. */
static enum jac_status audit_chosen(struct work *w, jac_point x, const char *words,
                                    unsigned long seed) {
  struct jac_values values[NUDGES];
  size_t made = 0;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  enum jac_status status = rng == NULL ? jac_fail_memory(w->err) : JAC_OK;
  while (made < NUDGES && status == JAC_OK) {
    status = jac_values_new(w->map, seed, &values[made], w->err);
    if (status != JAC_OK)
      break;
    w->nudged[made] = jac_values_point(&values[made]);
    for (size_t v = 0; v < w->map->nvar; v++)
      for (size_t k = 0; k < x[v]->size1 * x[v]->size2; k++) {
        double by = 4.0 * DBL_EPSILON * (2.0 * gsl_rng_uniform(rng) - 1.0);
        values[made].matrix[v]->data[k] = x[v]->data[k] * (1.0 + by);
      }
    made++;
  }
  if (status == JAC_OK) {
    w->chosen = true;
    status = audit_point(w, x, words);
    w->chosen = false;
  }
  while (made > 0)
    jac_values_free(&values[--made]);
  gsl_rng_free(rng);
  return status;
}

static enum jac_status audit_points(struct work *w, unsigned long seed) {
  enum { SPECIAL = sizeof special / sizeof special[0] };
  enum jac_status status = learn(w, seed);
  for (size_t k = 0;
       k < RANDOM_POINTS + SPECIAL && status == JAC_OK && w->audit->about == NULL; k++) {
    struct jac_values values;
    bool drawn = k < RANDOM_POINTS;
    status = jac_values_new(w->map, seed + 7919 * (k + 1), &values, w->err);
    if (status != JAC_OK)
      return status;
    if (!drawn)
      set_special(w->map, &values, special[k - RANDOM_POINTS].value);
    jac_point x = jac_values_point(&values);
    status = drawn ? audit_point(w, x, _("at random numbers"))
                   : audit_chosen(w, x, _(special[k - RANDOM_POINTS].words), seed);
    jac_values_free(&values);
  }
  return status;
}

/* Whether moving a sample's data moves another sample's outputs: the first sample's and
 * the last one's, for a causal mask lets one of these see nobody. */
static enum jac_status moves_others(struct work *w, const struct jac_values *values,
                                    size_t sample, gsl_matrix *y, gsl_matrix *moved,
                                    bool *others) {
  const struct jac_map *map = w->map;
  enum jac_status status = jac_map_forward(map, jac_values_point(values), y, w->err);
  for (size_t v = 0; v < map->nvar; v++)
    if (map->var[v].role == JAC_DATA && map->var[v].domain == JAC_REAL)
      for (size_t j = 0; j < values->matrix[v]->size2; j++)
        *gsl_matrix_ptr(values->matrix[v], sample, j) += 0.37 + 0.1 * (double)j;
  if (status == JAC_OK)
    status = jac_map_forward(map, jac_values_point(values), moved, w->err);
  *others = false;
  for (size_t n = 0; n < map->batch; n++)
    *others = *others || (n != sample && !same(y->data + n * map->cols,
                                               moved->data + n * map->cols, map->cols));
  return status;
}

static enum jac_status check_coupled(struct work *w, unsigned long seed) {
  const struct jac_map *map = w->map;
  bool any = false;
  if (map->batch < 2 || map->rows != map->batch)
    return JAC_OK;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols),
             *moved = jac_matrix_alloc(map->rows, map->cols);
  enum jac_status status = y != NULL && moved != NULL ? JAC_OK : jac_fail_memory(w->err);
  for (unsigned long k = 0; k < 2UL * RANDOM_POINTS && status == JAC_OK; k++) {
    struct jac_values values;
    bool others = false;
    status = jac_values_new(map, seed + k, &values, w->err);
    if (status != JAC_OK)
      break;
    status = moves_others(w, &values, k % 2 == 0 ? 0 : map->batch - 1, y, moved, &others);
    any = any || others;
    jac_values_free(&values);
  }
  gsl_matrix_free(y);
  gsl_matrix_free(moved);
  if (status == JAC_OK && any != map->coupled) {
    found(w, "coupled", map->nvar, NAN, NAN);
    jac_buffer_add(&w->audit->text,
                   any ? _("an output of one sample moves when another sample's data do: "
                           "it must say that it is coupled")
                       : _("it says that samples are coupled, and no output moves when "
                           "another sample's data do"));
  }
  return status;
}

/* The default that an option's help names against the one that the code takes. */
static enum jac_status check_options(struct work *w, const struct jac_spec *spec,
                                     const struct jac_module_place *place) {
  const struct jac_module *module = jac_module_find(spec->name, place->library, w->err);
  const struct jac_map *map = w->map;
  if (module == NULL || module->options == NULL || spec->noption >= JAC_SPEC_OPTIONS)
    return JAC_OK;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols),
             *other = jac_matrix_alloc(map->rows, map->cols);
  enum jac_status status = y != NULL && other != NULL ? JAC_OK : jac_fail_memory(w->err);
  for (const struct jac_module_option *o = module->options;
       o->name != NULL && status == JAC_OK && w->audit->about == NULL; o++) {
    struct jac_spec with = *spec;
    struct jac_map *told = NULL;
    struct jac_error quiet;
    struct jac_values values;
    if (o->value == NULL || jac_spec_word(spec, o->name) != NULL)
      continue;
    snprintf(with.option[with.noption].name, JAC_SPEC_WORD, "%s", o->name);
    snprintf(with.option[with.noption].value, JAC_SPEC_WORD, "%.*s",
             (int)strcspn(o->value, "|"), o->value);
    with.option[with.noption++].given = true;
    if (jac_module_make(&with, place, &told, &quiet) != JAC_OK)
      continue; /* an example of what it takes, not a default */
    status = jac_values_new(map, 4242, &values, w->err);
    bool shapes = told->rows == map->rows && told->cols == map->cols;
    if (status == JAC_OK && shapes && told->nvar == map->nvar) {
      status = jac_map_forward(map, jac_values_point(&values), y, w->err);
      if (status == JAC_OK)
        status = jac_map_forward(told, jac_values_point(&values), other, w->err);
      shapes = same(y->data, other->data, map->rows * map->cols);
    }
    if (status == JAC_OK && !shapes) {
      found(w, "options", map->nvar, NAN, NAN);
      jac_buffer_printf(
          &w->audit->text,
          _("its help gives %s=%s as the default, without it the code gives "
            "something else"),
          o->name, o->value);
    }
    jac_values_free(&values);
    jac_map_free(told);
  }
  gsl_matrix_free(y);
  gsl_matrix_free(other);
  return status;
}

/* A number that an option takes beside its default: a fraction, or where that is refused
 * a whole one more. NULL in *map: there is none. */
static enum jac_status with_other(const struct jac_spec *spec,
                                  const struct jac_module_option *option,
                                  const struct jac_module_place *place,
                                  struct jac_spec *with, struct jac_map **map,
                                  struct jac_error *err) {
  char *end;
  double usual = strtod(option->value, &end);
  *map = NULL;
  if (end == option->value || *end != '\0')
    return JAC_OK;
  for (size_t k = 0; k < 2; k++) {
    struct jac_error quiet;
    *with = *spec;
    snprintf(with->option[with->noption].name, JAC_SPEC_WORD, "%s", option->name);
    snprintf(with->option[with->noption].value, JAC_SPEC_WORD, "%g",
             k == 0 ? 0.7 * usual + 0.1 : usual + 1.0);
    with->option[with->noption++].given = true;
    enum jac_status status = jac_module_make(with, place, map, &quiet);
    if (status == JAC_ENOMEM)
      return jac_fail_memory(err);
    if (status == JAC_OK)
      return JAC_OK;
  }
  return JAC_OK;
}

/* What holds at the default need not hold at another number: code may have forgotten the
 * option. */
static enum jac_status audit_options(struct work *w, const struct jac_spec *spec,
                                     const struct jac_module_place *place,
                                     unsigned long seed) {
  const struct jac_module *module = jac_module_find(spec->name, place->library, w->err);
  enum jac_status status = JAC_OK;
  if (module == NULL || module->options == NULL || spec->noption >= JAC_SPEC_OPTIONS)
    return JAC_OK;
  for (const struct jac_module_option *o = module->options;
       o->name != NULL && status == JAC_OK && w->audit->about == NULL; o++) {
    struct jac_spec with;
    struct work other = {.audit = w->audit, .err = w->err};
    struct jac_map *map = NULL;
    char words[2 * JAC_SPEC_WORD + 40];
    if (o->value == NULL || jac_spec_word(spec, o->name) != NULL)
      continue;
    status = with_other(spec, o, place, &with, &map, w->err);
    if (map == NULL)
      continue;
    snprintf(words, sizeof words, _("with %s=%s"), o->name,
             with.option[with.noption - 1].value);
    other.map = map;
    status = learn(&other, seed);
    for (size_t k = 0; k < RANDOM_POINTS && status == JAC_OK && w->audit->about == NULL;
         k++) {
      struct jac_values values;
      status = jac_values_new(map, seed + 7919 * (k + 1), &values, w->err);
      if (status == JAC_OK)
        status = audit_point(&other, jac_values_point(&values), words);
      jac_values_free(&values);
    }
    if (w->audit->about != NULL && w->audit->wrt >= map->nvar)
      w->audit->wrt = w->map->nvar;
    jac_map_free(map);
  }
  return status;
}

static enum jac_status audit_copy(struct work *w, const struct jac_spec *spec,
                                  const struct jac_module_place *place,
                                  unsigned long seed) {
  enum jac_status status = JAC_OK;
  for (size_t v = 0; v < w->map->nvar && status == JAC_OK && w->audit->about == NULL; v++)
    status = check_addresses(w, v);
  if (status == JAC_OK && w->audit->about == NULL)
    status = check_coupled(w, seed);
  if (status == JAC_OK && w->audit->about == NULL)
    status = check_options(w, spec, place);
  if (status == JAC_OK && w->audit->about == NULL)
    status = audit_points(w, seed);
  if (status == JAC_OK && w->audit->about == NULL)
    status = audit_options(w, spec, place, seed);
  return status;
}

enum jac_status jac_audit_module(const struct jac_map *map, jac_point x,
                                 const struct jac_module_library *library,
                                 unsigned long seed, struct jac_audit *audit,
                                 struct jac_error *err) {
  struct jac_spec spec;
  struct jac_map *copy;
  struct jac_module_place place = {.batch = 3, .library = library};
  if (map->nvar > 0 && map->var[0].role == JAC_DATA) { /* its place in a network */
    place.features = map->var[0].dims[1];
    place.width = map->var[0].width;
    place.channels = map->var[0].channels;
  }
  *audit = (struct jac_audit){.wrt = map->nvar, .text = JAC_BUFFER_INIT};
  if (jac_is_residual(
          map)) /* a network of its own: its modules are what says something */
    return JAC_OK;
  enum jac_status status = jac_spec_read(map->spec, &spec, err);
  if (status == JAC_OK)
    status = jac_module_make(&spec, &place, &copy, err);
  if (status != JAC_OK)
    return status;
  struct work w = {.map = copy, .audit = audit, .err = err};
  status = audit_copy(&w, &spec, &place, seed);
  if (status == JAC_OK && audit->about == NULL && x != NULL) {
    w.map = map;
    status = audit_chosen(&w, x, _("at the numbers given"), seed);
  }
  jac_map_free(copy);
  return status == JAC_OK ? jac_buffer_status(&audit->text, err) : status;
}
