/* {"ask": "against", "shape": [...], "data": [...]} or {"ask": "against", "npy": HEX}: what
 * `check --against --format json` says of a Jacobian of the user's own: its numbers in C
 * order, or the bytes of an NPY file as hexadecimal digits. What is not finite is a word. */
#include "jacobian/text.h"
#include "visual/cli/foreign.h"
#include "visual/engine/ask.h"
#include "visual/npy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double number(const json_t *json) {
  const char *word = json_string_value(json);
  if (word == NULL)
    return json_number_value(json);
  return strcmp(word, "inf") == 0 ? INFINITY : strcmp(word, "-inf") == 0 ? -INFINITY : NAN;
}

static enum jac_status read_numbers(const struct jac_ask *ask, struct jac_table *table,
                                    struct jac_error *err) {
  const json_t *shape = json_object_get(ask->question, "shape");
  const json_t *data = json_object_get(ask->question, "data");
  size_t ndim = json_array_size(shape), dims[JAC_TABLE_DIMS], count = 1;
  bool good = ndim > 0 && ndim < JAC_TABLE_DIMS;
  for (size_t k = 0; k < ndim && good; k++) {
    json_int_t size = json_integer_value(json_array_get(shape, k));
    good = size > 0 && size <= 1 << 20;
    dims[k] = (size_t)size;
    count *= dims[k];
  }
  if (!good || count != json_array_size(data))
    return jac_fail(err, JAC_EINPUT, _("a Jacobian is needed: its shape and its numbers"));
  enum jac_status status = jac_table_alloc(ndim, dims, table, err);
  for (size_t k = 0; k < count && status == JAC_OK; k++)
    table->data[k] = number(json_array_get(data, k));
  return status;
}

static int digit(char letter) {
  const char *digits = "0123456789abcdef", *at = letter ? strchr(digits, letter) : NULL;
  return at != NULL ? (int)(at - digits) : 0;
}

static enum jac_status read_npy(const char *name, const char *hex, struct jac_table *table,
                                struct jac_error *err) {
  size_t size = strlen(hex) / 2;
  char *bytes = malloc(size + 1);
  if (bytes == NULL)
    return jac_fail_memory(err);
  for (size_t k = 0; k < size; k++)
    bytes[k] = (char)(digit(hex[2 * k]) * 16 + digit(hex[2 * k + 1]));
  bytes[size] = '\0';
  enum jac_status status = jac_npy_parse(name, bytes, size, table, err);
  free(bytes);
  return status;
}

static enum jac_status judge(const struct jac_ask *ask, const struct jac_table *table,
                             const char *name, json_t *json, struct jac_error *err) {
  struct jac_asked asked;
  struct jac_foreign_verdict verdict;
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  status = jac_foreign_judge(&ask->options, &ask->subject, asked.wrt, &asked.native, table,
                             &verdict, err);
  json_t *array = json_array();
  if (status == JAC_OK) {
    struct jac_report report =
        jac_foreign_report(&ask->subject, asked.wrt, name, &verdict);
    status = jac_report_json(&report, array, err);
  }
  json_object_set_new(json, "check", array);
  json_object_set_new(json, "reading", json_string(_(verdict.how)));
  jac_buffer_free(&verdict.diagnosis);
  jac_array3_free(&asked.native);
  return status;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  const char *hex = json_string_value(json_object_get(ask->question, "npy"));
  const char *name = json_string_value(json_object_get(ask->question, "name"));
  struct jac_table table = {0};
  name = name != NULL ? name : "J";
  enum jac_status status = hex != NULL ? read_npy(name, hex, &table, err)
                                       : read_numbers(ask, &table, err);
  if (status == JAC_OK)
    status = judge(ask, &table, name, json, err);
  jac_table_free(&table);
  return status;
}

const struct jac_ask_type jac_ask_against = {.name = "against", .answer = answer};
