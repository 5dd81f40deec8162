/* Specs of modules, a line each, as a network: what is made is small enough to be
 * evaluated, or is refused; nothing crashes, and errors are one line. */
#include "jacobian/check.h"
#include "jacobian/values.h"
#include "layers/network.h"
#include "tests/fuzz/notes.h"

#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 6, SMALL = 2000 };

static void require(int holds, const char *what) {
  if (holds)
    return;
  fprintf(stderr, "does not hold: %s\n", what);
  abort();
}

/* One line; an equation and its caret stand below it, set in. */
static int one_line(const char *message) {
  for (const char *end = strchr(message, '\n'); end != NULL; end = strchr(end + 1, '\n'))
    if (strncmp(end + 1, "  ", 2) != 0)
      return 0;
  return message[0] != '\0';
}

static int small(const struct jac_map *map) {
  double total = (double)map->rows * (double)map->cols;
  for (size_t v = 0; v < map->nvar; v++) {
    size_t slices, rows, cols;
    jac_map_jacobian_shape(map, v, &slices, &rows, &cols);
    total += (double)slices * (double)rows * (double)cols +
             (double)jac_variable_size(&map->var[v]);
  }
  return total <= SMALL;
}

static void use(const struct jac_map *map) {
  struct jac_values x;
  struct jac_error err = {JAC_OK, ""};
  if (!small(map) || jac_values_new(map, 1, &x, &err) != JAC_OK)
    return;
  for (size_t v = 0; v < map->nvar; v++) {
    struct jac_array3 J;
    require(jac_map_jacobian_new(map, jac_values_point(&x), v, &J, &err) == JAC_OK,
            "a small Jacobian is made");
    jac_array3_free(&J);
  }
  jac_values_free(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *spec[MOST];
  size_t count = 0;
  char *text = malloc(size + 1);
  if (text == NULL)
    return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  gsl_set_error_handler_off();
  for (char *at = text; at != NULL && count < MOST; at = strchr(at, '\n')) {
    if (at != text)
      *at++ = '\0';
    spec[count++] = at;
  }
  for (char *end = strchr(spec[count - 1], '\n'); end != NULL; end = NULL)
    *end = '\0';
  for (size_t batch = 1; batch <= 3; batch += 2) {
    struct jac_map *map = NULL;
    struct jac_error err = {JAC_OK, ""};
    if (jac_network_new(spec, count, batch, NULL, &map, &err) == JAC_OK) {
      use(map);
      jac_map_free(map);
    } else
      require(one_line(err.message), "a message is one line");
  }
  free(text);
  return 0;
}
