#include "visual/cli/repair.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"
#include "visual/cli/define.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VECTORS = 4, PLACES = 12, LONGEST = 400 };

static bool works(const struct jac_options *changed) {
  struct jac_map *map;
  struct jac_error quiet;
  bool made = jac_define_make(changed, &map, &quiet) == JAC_OK;
  if (made)
    jac_map_free(map);
  return made;
}

/* A vector among the sizes: its name, how many entries it has, and whether it stands as a
 * column. */
struct vector {
  char name[64];
  unsigned long size;
  bool column;
};

/* NAME=ROWS or NAME=ROWSxCOLS; how many of these there are. */
static int read_size(const char *at, char name[64], unsigned long *rows,
                     unsigned long *cols) {
  size_t length = strcspn(at, "=,");
  char *end;
  if (length == 0 || length > 63 || at[length] != '=')
    return length > 0;
  memcpy(name, at, length);
  name[length] = '\0';
  *rows = strtoul(at + length + 1, &end, 10);
  if (end == at + length + 1)
    return 1;
  if (*end != 'x')
    return 2;
  const char *second = end + 1;
  *cols = strtoul(second, &end, 10);
  return end == second ? 2 : 3;
}

/* The vectors that --size names, at most VECTORS. */
static size_t find_vectors(const struct jac_options *o, struct vector *vector) {
  size_t count = 0;
  for (size_t k = 0; k < o->nsize; k++)
    for (const char *at = o->size[k]; at != NULL && count < VECTORS;) {
      struct vector v = {.size = 0};
      unsigned long rows = 1, cols = 0;
      int sizes = read_size(at, v.name, &rows, &cols);
      v.size = sizes == 2 || cols == 1 ? rows : rows == 1 ? cols : 0;
      v.column = sizes == 3 && cols == 1;
      if (sizes >= 2 && v.size > 1)
        vector[count++] = v;
      at = strchr(at, ',');
      at = at != NULL ? at + 1 : NULL;
    }
  return count;
}

static size_t bits(unsigned set) {
  size_t count = 0;
  for (; set != 0; set >>= 1)
    count += set & 1;
  return count;
}

/* Turns the vectors of the set; the first --size of a name counts. */
static bool turned_works(const struct jac_options *o, const struct vector *vector,
                         size_t count, unsigned set, char *text, size_t room) {
  struct jac_options changed = *o;
  const char **size = malloc((o->nsize + 1) * sizeof *size);
  if (size == NULL) {
    jac_memory_short();
    return false;
  }
  text[0] = '\0';
  for (size_t k = 0; k < count; k++)
    if ((set >> k & 1) != 0)
      snprintf(text + strlen(text), room - strlen(text), "%s%s=%s%lu%s",
               text[0] != '\0' ? "," : "", vector[k].name, vector[k].column ? "1x" : "",
               vector[k].size, vector[k].column ? "" : "x1");
  size[0] = text;
  for (size_t k = 0; k < o->nsize; k++)
    size[k + 1] = o->size[k];
  changed.size = size;
  changed.nsize = o->nsize + 1;
  bool fine = works(&changed);
  free(size);
  return fine;
}

/* Sizes with which the formula can be made, the fewest turned. */
static bool turn_vectors(const struct jac_options *o, char *text, size_t room) {
  struct vector vector[VECTORS];
  size_t count = find_vectors(o, vector);
  for (size_t turned = 1; turned <= count; turned++)
    for (unsigned set = 1; set < 1U << count; set++)
      if (bits(set) == turned && turned_works(o, vector, count, set, text, room))
        return true;
  return false;
}

/* The places of *, / and ^ (and of **, a power to many) that are not entry by entry. */
static size_t find_products(const char *formula, size_t *place) {
  size_t count = 0;
  for (size_t k = 0; formula[k] != '\0' && count < PLACES; k++) {
    bool one = strchr("*/^", formula[k]) != NULL &&
               (k == 0 || strchr(".*", formula[k - 1]) == NULL);
    if (one)
      place[count++] = k;
  }
  return count;
}

/* The formula with a point before the places of the set, and ** as a power. */
static void set_points(const char *formula, const size_t *place, size_t count,
                       unsigned set, char *text) {
  size_t length = 0;
  for (size_t k = 0; formula[k] != '\0'; k++) {
    for (size_t p = 0; p < count; p++)
      if (place[p] == k && (set >> p & 1) != 0)
        text[length++] = '.';
    bool power = formula[k] == '*' && formula[k + 1] == '*';
    text[length++] = power ? '^' : formula[k];
    k += power;
  }
  text[length] = '\0';
}

/* A formula that can be made, with few products and powers entry by entry. */
static bool point_products(const struct jac_options *o, char *text) {
  size_t place[PLACES], count = find_products(o->define, place);
  struct jac_options changed = *o;
  changed.define = text;
  for (size_t points = strstr(o->define, "**") != NULL ? 0 : 1; points <= count; points++)
    for (unsigned set = 0; set < 1U << count; set++) {
      if (bits(set) != points || (points > 2 && points < count))
        continue;
      set_points(o->define, place, count, set, text);
      if (works(&changed))
        return true;
    }
  return false;
}

/* A hint on a line of its own, for the message shows the formula. */
static void add_hint(const struct jac_buffer *hint, struct jac_error *err) {
  size_t length = strlen(err->message);
  if (length + hint->length + 2 < sizeof err->message)
    snprintf(err->message + length, sizeof err->message - length, "\n%s", hint->text);
}

enum jac_status jac_define_repaired(const struct jac_options *options,
                                    struct jac_map **map, struct jac_error *err) {
  enum jac_status status = jac_define_make(options, map, err);
  char text[LONGEST + PLACES + 1];
  if (status != JAC_EINPUT || strlen(options->define) > LONGEST)
    return status;
  struct jac_buffer hint = JAC_BUFFER_INIT;
  if (turn_vectors(options, text, sizeof text))
    jac_buffer_printf(&hint, _("did you mean --size %s?"), text);
  else if (point_products(options, text))
    jac_buffer_printf(&hint,
                      strchr(text, '.') != NULL ? _("did you mean '%s', entry by entry?")
                                                : _("did you mean '%s'?"),
                      text);
  if (hint.length > 0)
    add_hint(&hint, err);
  jac_buffer_free(&hint);
  return status;
}
