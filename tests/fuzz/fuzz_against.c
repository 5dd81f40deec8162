/* Jacobians that somebody made, of any shape and any numbers: read as a form, held
 * against the truth, and what is wrong with them named. The first byte chooses the map
 * and the variable, the rest is a file. */
#include "jacobian/against.h"
#include "jacobian/check.h"
#include "jacobian/values.h"
#include "layers/module.h"
#include "tests/fuzz/table.h"
#include "visual/cli/suspects.h"
#include "visual/csv.h"
#include "visual/npy.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const specs[] = {
    "linear:3x2,bias", "softmax:3", "layer-norm:2",          "batch-norm:2",
    "attention:2x2",   "mse:3",     "conv1d:2x1x2,length=3", "relu:2"};

static void judge(const struct jac_map *map, size_t wrt, const struct jac_array3 *given) {
  struct jac_values x;
  struct jac_array3 J;
  struct jac_suspects suspects;
  struct jac_check_result result;
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count;
  if (jac_values_new(map, 1, &x, NULL) != JAC_OK)
    return;
  jac_point point = jac_values_point(&x);
  if (jac_map_jacobian_new(map, point, wrt, &J, NULL) == JAC_OK) {
    if (jac_check_against(map, point, wrt, &J, given, 1e-6, NULL, &result, NULL) == JAC_OK &&
        jac_suspects_make(map, point, wrt, &J, &suspects, NULL) == JAC_OK) {
      struct jac_buffer text = JAC_BUFFER_INIT;
      jac_diagnose(&suspects, given, found, &count, NULL);
      for (size_t k = 0; k < count; k++)
        jac_diagnosis_write(&suspects, &found[k], &text);
      jac_buffer_free(&text);
      jac_suspects_free(&suspects);
    }
    jac_array3_free(&J);
  }
  jac_values_free(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct jac_table table = {0};
  struct jac_error err;
  struct jac_map *map;
  if (size < 2)
    return 0;
  gsl_set_error_handler_off();
  char *bytes = malloc(size);
  if (bytes == NULL)
    return 0;
  memcpy(bytes, data + 1, size - 1);
  bytes[size - 1] = '\0';
  enum jac_status status = jac_npy_is(bytes, size - 1)
                               ? jac_npy_parse("J.npy", bytes, size - 1, &table, &err)
                               : jac_csv_parse("J.csv", bytes, size - 1, &table, &err);
  if (status == JAC_OK &&
      jac_module_new(specs[data[0] % 8], 1 + data[0] / 8 % 3, &map, &err) == JAC_OK) {
    struct jac_foreign foreign = {.ndim = table.ndim, .data = table.data};
    struct jac_reading reading;
    size_t wrt = data[0] / 32 % map->nvar;
    memcpy(foreign.dims, table.dims, sizeof foreign.dims);
    if (table.ndim > 0 &&
        jac_against_read(map, wrt, JAC_ORDER_F, &foreign, &reading, &err) == JAC_OK &&
        reading.fits) {
      judge(map, wrt, &reading.native);
      jac_array3_free(&reading.native);
    }
    jac_map_free(map);
  }
  if (status == JAC_OK)
    jac_table_free(&table);
  free(bytes);
  return 0;
}
