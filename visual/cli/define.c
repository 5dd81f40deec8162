#include "visual/cli/define.h"

#include "jacobian/define/formula_map.h"
#include "jacobian/text.h"
#include "visual/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = 32, LONGEST = 64 };

struct sizes {
  struct jac_formula_size size[SIZES];
  char name[SIZES][LONGEST];
  size_t count;
};

static enum jac_status add(struct sizes *s, const char *name, size_t length, size_t ndim,
                           const size_t *dims, bool data, struct jac_error *err) {
  for (size_t k = 0; k < s->count; k++)
    if (strlen(s->name[k]) == length && memcmp(s->name[k], name, length) == 0)
      return JAC_OK; /* the first counts: --size before --set */
  if (s->count == SIZES || length >= LONGEST)
    return jac_fail(err, JAC_ELIMIT, _("--size: more than %d names, or one too long"),
                    SIZES);
  memcpy(s->name[s->count], name, length);
  s->size[s->count] = (struct jac_formula_size){.name = s->name[s->count],
                                                .ndim = ndim,
                                                .dims = {dims[0], ndim > 1 ? dims[1] : 0},
                                                .data = data};
  s->count++;
  return JAC_OK;
}

/* A size: a number, or the word batch in the first place: the rows are samples. 0: it is
 * neither. */
static size_t one_size(const char *at, bool first, size_t batch, const char **end) {
  static const char word[] = "batch";
  if (first && strncmp(at, word, sizeof word - 1) == 0 && at[sizeof word - 1] == 'x') {
    *end = at + sizeof word - 1;
    return batch;
  }
  char *after = NULL;
  unsigned long value = *at >= '1' && *at <= '9' ? strtoul(at, &after, 10) : 0;
  *end = after;
  return value;
}

/* z=1x3,W=3x2, or z=batchx3 */
static enum jac_status read_sizes(struct sizes *s, const char *text, size_t batch,
                                  struct jac_error *err) {
  for (const char *at = text; *at != '\0';) {
    const char *equals = strchr(at, '=');
    size_t dims[2] = {0}, ndim = 0;
    const char *next = equals != NULL ? equals + 1 : at;
    bool data = *next == 'b';
    do {
      const char *end = NULL;
      size_t value = one_size(next, ndim == 0, batch, &end);
      if (equals == NULL || equals == at || value == 0 || value > 100000 || ndim == 2)
        return jac_fail(err, JAC_EINPUT,
                        _("--size '%.60s': NAME=SIZE with a size such as 3, 3x2, batchx3 "
                          "(each from 1 "
                          "to 100000)"),
                        text);
      dims[ndim++] = value;
      next = end;
    } while (*next == 'x' && next++ != NULL);
    if (*next != ',' && *next != '\0')
      return jac_fail(err, JAC_EINPUT, _("--size '%.60s': a comma between sizes"), text);
    enum jac_status status = add(s, at, (size_t)(equals - at), ndim, dims, data, err);
    if (status != JAC_OK)
      return status;
    at = *next == ',' ? next + 1 : next;
  }
  return JAC_OK;
}

static enum jac_status size_of_values(struct sizes *s, const char *assignment,
                                      struct jac_error *err) {
  size_t length = strcspn(assignment, "=");
  struct jac_table table = {0};
  for (size_t k = 0; k < s->count; k++)
    if (strlen(s->name[k]) == length && memcmp(s->name[k], assignment, length) == 0)
      return JAC_OK;
  if (strcmp(assignment + length + 1, "@-") == 0)
    return JAC_OK; /* standard input is read once, for the values */
  char name[64];
  snprintf(name, sizeof name, "%.*s", length < 60 ? (int)length : 60, assignment);
  enum jac_status status = jac_values_parse(name, assignment + length + 1, &table, err);
  if (status == JAC_OK)
    status = jac_values_sized(name, &table, err);
  if (status == JAC_OK && (table.ndim == 0 || table.ndim > 2))
    status =
        jac_fail(err, JAC_EINPUT, _("--set %.40s: a vector or a matrix"), assignment);
  if (status == JAC_OK)
    status = add(s, assignment, length, table.ndim, table.dims, false, err);
  jac_table_free(&table);
  return status;
}

/* All that is known of sizes. */
static enum jac_status find_sizes(const struct jac_options *options, struct sizes *s,
                                  struct jac_error *err) {
  enum jac_status status = JAC_OK;
  if (options->nspec > 0)
    return jac_fail(err, JAC_EINPUT,
                    _("--define and %.40s: a formula or modules, not both"),
                    options->spec[0]);
  for (size_t k = 0; k < options->nsize && status == JAC_OK; k++)
    status = read_sizes(s, options->size[k], options->batch, err);
  return status;
}

/* After --size, what the values of --set have. */
static enum jac_status add_values(const struct jac_options *options, struct sizes *s,
                                  struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < options->nset && status == JAC_OK; k++)
    status = size_of_values(s, options->set[k], err);
  return status;
}

enum jac_status jac_define_graph(const struct jac_options *options,
                                 const struct jac_module_library *library,
                                 struct jac_map **map, struct jac_error *err) {
  struct sizes s = {.count = 0};
  *map = NULL;
  enum jac_status status = find_sizes(options, &s, err);
  return status == JAC_OK ? jac_graph_new(options->define, options->batch, s.size,
                                          s.count, library, map, err)
                          : status;
}

enum jac_status jac_define_make(const struct jac_options *options, struct jac_map **map,
                                struct jac_error *err) {
  struct sizes s = {.count = 0};
  *map = NULL;
  enum jac_status status = find_sizes(options, &s, err);
  bool data = false;
  for (size_t k = 0; k < s.count; k++)
    data = data || s.size[k].data;
  if (status == JAC_OK && options->batch != 1 && !data)
    status = jac_fail(err, JAC_EINPUT,
                      _("--batch with --define: say which variables are data, a row a "
                        "sample, as in --size z=batchx3,W=3x2"));
  if (status == JAC_OK)
    status = add_values(options, &s, err);
  return status == JAC_OK
             ? jac_formula_map_new(options->define, s.size, s.count, map, err)
             : status;
}
