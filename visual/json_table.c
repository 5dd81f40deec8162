#include "visual/csv.h"
#include "visual/escape.h"
#include "visual/json.h"

/* One value as a cell; of an object in a list, its name. */
static void add_value(const json_t *value, struct jac_buffer *cell) {
  if (json_is_string(value))
    jac_buffer_add(cell, json_string_value(value));
  else if (json_is_real(value))
    jac_buffer_printf(cell, "%.17g", json_real_value(value));
  else if (json_is_integer(value))
    jac_buffer_printf(cell, "%lld", (long long)json_integer_value(value));
  else if (json_is_boolean(value))
    jac_buffer_add(cell, json_is_true(value) ? "true" : "false");
  size_t count = json_array_size(value);
  for (size_t k = 0; k < count; k++) {
    const json_t *item = json_array_get(value, k);
    jac_buffer_add(cell, k > 0 ? " " : "");
    add_value(json_is_object(item) ? json_object_get(item, "name") : item, cell);
  }
}

void jac_json_table(const json_t *array, const char *const *keys,
                    struct jac_buffer *out) {
  struct jac_buffer cell = JAC_BUFFER_INIT;
  for (size_t k = 0; keys[k] != NULL; k++)
    jac_buffer_printf(out, "%s%s", k > 0 ? "," : "", keys[k]);
  jac_buffer_add(out, "\n");
  for (size_t row = 0; row < json_array_size(array); row++) {
    for (size_t k = 0; keys[k] != NULL; k++) {
      jac_buffer_clear(&cell);
      const json_t *value = json_object_get(json_array_get(array, row), keys[k]);
      add_value(value, &cell);
      jac_buffer_add(out, k > 0 ? "," : "");
      if (json_is_string(value))
        jac_escape_csv(cell.text, out);
      else
        jac_csv_add_text(out, cell.text);
    }
    jac_buffer_add(out, "\n");
  }
  out->failed = out->failed || cell.failed;
  jac_buffer_free(&cell);
}
