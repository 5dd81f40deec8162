/* A residual block: y = z + f(z), f a network; its Jacobian is I + J_f. Its variables are
 * f's own. */
#include "layers/network_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct residual {
  struct jac_map map;
  struct jac_map *f;
};

static const struct jac_map *inside(const struct jac_map *map) {
  return ((const struct residual *)map)->f;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  enum jac_status status = inside(map)->type->forward(inside(map), x, y);
  gsl_matrix_add(y, x[0]);
  return status;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  enum jac_status status = inside(map)->type->jacobian(inside(map), x, wrt, J);
  for (size_t s = 0; s < J->slices && wrt == 0; s++)
    for (size_t i = 0; i < J->rows; i++)
      *jac_array3_at(J, s, i, i) += 1.0;
  return status;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  enum jac_status status =
      inside(map)->type->vjp(inside(map), x, wrt, cotangent, gradient);
  if (wrt == 0)
    gsl_matrix_add(gradient, cotangent);
  return status;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  enum jac_status status = inside(map)->type->jvp(inside(map), x, wrt, tangent, out);
  if (wrt == 0)
    gsl_matrix_add(out, tangent);
  return status;
}

/* f's columns, and the row's own of the data that are added. */
static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  size_t at = 0, count = jac_map_columns(inside(map), wrt, row, columns);
  while (at < count && columns[at] < row)
    at++;
  if (wrt != 0 || (at < count && columns[at] == row))
    return count;
  memmove(columns + at + 1, columns + at, (count - at) * sizeof *columns);
  columns[at] = row;
  return count + 1;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  struct jac_structure s = jac_map_structure(inside(map), wrt);
  s.alike = false;
  if (wrt == 0 && s.width != 1)
    s = (struct jac_structure){.columns = columns_of, .written = s.written};
  return s;
}

static void free_residual(struct jac_map *map) {
  jac_map_free(((struct residual *)map)->f);
}

static const struct jac_map_type type = {
    .name = "residual",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
    .free = free_residual,
};

bool jac_is_residual(const struct jac_map *map) {
  return map->type == &type;
}

const size_t *jac_residual_ordinals(const struct jac_map *map) {
  return ((const struct network *)inside(map))->ordinal;
}

enum jac_status jac_residual_new(struct jac_map *f, struct jac_map **map,
                                 struct jac_error *err) {
  size_t rows, cols;
  jac_variable_storage(&f->var[0], &rows, &cols);
  if (rows != f->rows || cols != f->cols) {
    enum jac_status status = jac_fail(
        err, JAC_EINPUT,
        _("skip %.200s add: it adds %zu features to %zu: a block gives as many as it "
          "takes"),
        f->spec, f->cols, cols);
    jac_map_free(f);
    return status;
  }
  struct residual *m = calloc(1, sizeof *m);
  struct jac_variable *var = malloc(f->nvar * sizeof *var);
  struct jac_buffer spec = JAC_BUFFER_INIT;
  jac_buffer_printf(&spec, "skip %s add", f->spec);
  char *text = jac_buffer_take(&spec);
  if (m == NULL || var == NULL || text == NULL) {
    free(m);
    free(var);
    free(text);
    jac_map_free(f);
    return jac_fail_memory(err);
  }
  memcpy(var, f->var, f->nvar * sizeof *var);
  m->map = *f;
  m->map.type = &type;
  m->map.spec = text;
  snprintf(m->map.output_symbol, sizeof m->map.output_symbol, "z^{k}");
  m->map.var = var;
  m->f = f;
  *map = &m->map;
  return JAC_OK;
}
