/* Zarr, storage format 2: a folder with what the array is (.zarray), and a file a chunk,
 * named by its place. */
#include "jacobian/buffer.h"
#include "jacobian/text.h"
#include "visual/json.h"
#include "visual/output.h"
#include "visual/parts.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

/* A chunk has about as many numbers: half a MiB. */
enum { CHUNK = 1 << 16 };

/* The rows of a panel as they were read: what its chunks are made of. */
struct panel {
  size_t *start, *column, *next; /* row i: from start[i] to start[i + 1] */
  double *value;
  size_t rows, used, room;
};

struct store {
  const struct jac_parts *parts;
  const char *path;
  struct jac_walk walk;
  struct panel panel;
  size_t high, wide; /* a chunk's rows and columns */
  double *chunk;
  void *packed;
  size_t bound;
};

static enum jac_status fail_write(const char *path, struct jac_error *err) {
  return jac_fail(err, JAC_EIO, _("cannot write %s: %s"), path, jac_reason(errno));
}

/* Chunks as the structure wants them: of rows without a common column, where chunk after
 * chunk down the diagonal holds all; else about square. A sample has chunks of its own,
 * so that samples can be written apart. */
static void choose_chunks(struct store *store) {
  const struct jac_rows *rows = &store->walk.rows;
  size_t width = jac_map_structure(rows->map, rows->wrt).width;
  bool packed = rows->way == JAC_ROWS_PACKED &&
                (rows->order == JAC_ORDER_F || width == 1);
  size_t most = 1;
  while (packed ? (2 * most) * (2 * most) * width <= CHUNK : 2 * most <= 256)
    most *= 2;
  /* In the full form the samples' rows stand one under the other. */
  store->high = most < rows->rows ? most : rows->rows;
  while (rows->rows % store->high != 0)
    store->high--;
  store->wide = packed ? store->high * width : CHUNK / store->high;
  if (store->wide > rows->cols)
    store->wide = rows->cols;
}

/* Writes a file whole: beside, then renamed. */
static enum jac_status put_file(const struct store *store, const char *name,
                                const void *bytes, size_t size, struct jac_error *err) {
  struct jac_buffer path = JAC_BUFFER_INIT, beside = JAC_BUFFER_INIT;
  jac_buffer_printf(&path, "%s/%s", store->path, name);
  jac_buffer_printf(&beside, "%s/.part-%ld", store->path, (long)getpid());
  enum jac_status status = jac_buffer_status(&path, err);
  if (status == JAC_OK)
    status = jac_buffer_status(&beside, err);
  if (status == JAC_OK) {
    FILE *file = fopen(beside.text, "wb");
    bool done = file != NULL && fwrite(bytes, 1, size, file) == size;
    done = file != NULL && fclose(file) == 0 && done;
    if (!done || rename(beside.text, path.text) != 0) {
      status = fail_write(path.text, err);
      unlink(beside.text);
    }
  }
  jac_buffer_free(&path);
  jac_buffer_free(&beside);
  return status;
}

/* The panel's chunk from column `first` on: its name, and its bytes if any is not zero. */
static enum jac_status put_chunk(struct store *store, size_t sample, size_t row,
                                 size_t first, struct jac_error *err) {
  struct panel *panel = &store->panel;
  bool any = false;
  memset(store->chunk, 0, store->high * store->wide * sizeof *store->chunk);
  for (size_t r = 0; r < panel->rows; r++)
    for (; panel->next[r] < panel->start[r + 1] &&
           panel->column[panel->next[r]] < first + store->wide;
         panel->next[r]++) {
      double value = panel->value[panel->next[r]];
      any = any || value != 0.0;
      store->chunk[r * store->wide + panel->column[panel->next[r]] - first] = value;
    }
  if (!any)
    return JAC_OK;
  char name[80];
  size_t across = first / store->wide, down = row / store->high;
  if (store->parts->layout.ndim == 3)
    snprintf(name, sizeof name, "%zu.%zu.%zu", sample, down, across);
  else
    snprintf(name, sizeof name, "%zu.%zu", down, across);
  /* Zstandard's window reaches from row to row, where the same sample often stands. */
  size_t size = ZSTD_compress(store->packed, store->bound, store->chunk,
                              store->high * store->wide * sizeof *store->chunk, 1);
  if (ZSTD_isError(size))
    return jac_fail_memory(err);
  return put_file(store, name, store->packed, size, err);
}

static enum jac_status keep_row(struct store *store, size_t count,
                                struct jac_error *err) {
  struct panel *panel = &store->panel;
  const struct jac_rows *rows = &store->walk.rows;
  if (panel->used + count > panel->room) {
    size_t room = 2 * (panel->used + count);
    size_t *column = realloc(panel->column, room * sizeof *column);
    if (column != NULL)
      panel->column = column;
    double *value = realloc(panel->value, room * sizeof *value);
    if (value != NULL)
      panel->value = value;
    if (column == NULL || value == NULL)
      return jac_fail_memory(err);
    panel->room = room;
  }
  for (size_t k = 0; k < count; k++) {
    panel->column[panel->used + k] = rows->column[k] + store->walk.shift;
    panel->value[panel->used + k] = rows->value[k];
  }
  panel->used += count;
  panel->start[++panel->rows] = panel->used;
  return JAC_OK;
}

/* Rows `row` and on of a sample, as many as a chunk is high. */
static enum jac_status put_panel(struct store *store, size_t sample, size_t row,
                                 struct jac_error *err) {
  struct panel *panel = &store->panel;
  struct jac_rows *rows = &store->walk.rows;
  const struct jac_layout *layout = &store->parts->layout;
  enum jac_status status = JAC_OK;
  panel->rows = panel->used = 0;
  for (size_t r = 0, count; r < store->high && status == JAC_OK; r++) {
    status = jac_rows_read(rows, row + r, &count, err);
    if (status == JAC_OK)
      status = keep_row(store, count, err);
  }
  for (size_t r = 0; r < panel->rows; r++)
    panel->next[r] = panel->start[r];
  size_t shown = layout->form == JAC_FORM_FULL && !layout->map->coupled
                     ? sample * rows->rows + row
                     : row;
  while (status == JAC_OK) {
    size_t least = SIZE_MAX;
    for (size_t r = 0; r < panel->rows; r++)
      if (panel->next[r] < panel->start[r + 1] && panel->column[panel->next[r]] < least)
        least = panel->column[panel->next[r]];
    if (least == SIZE_MAX)
      break;
    status = put_chunk(store, sample, shown, least / store->wide * store->wide, err);
  }
  return status;
}

static enum jac_status put_samples(struct store *store, struct jac_error *err) {
  const struct jac_parts *parts = store->parts;
  size_t last = parts->layout.map->coupled ? parts->first + 1 : parts->last;
  enum jac_status status = JAC_OK;
  for (size_t s = parts->first; s < last && status == JAC_OK; s++) {
    status = jac_walk_to(&store->walk, s, err);
    for (size_t r = 0; r < store->walk.rows.rows && status == JAC_OK; r += store->high)
      status = put_panel(store, s, r, err);
  }
  return status;
}

/* What the array is. */
static void describe(const struct store *store, struct jac_buffer *out) {
  const struct jac_layout *layout = &store->parts->layout;
  jac_buffer_add(out, "{\n  \"zarr_format\": 2,\n  \"shape\": [");
  for (size_t d = 0; d < layout->ndim; d++)
    jac_buffer_printf(out, "%s%zu", d > 0 ? ", " : "", layout->dims[d]);
  jac_buffer_printf(out,
                    "],\n  \"chunks\": [%s%zu, %zu],\n  \"dtype\": \"<f8\",\n"
                    "  \"compressor\": {\"id\": \"zstd\", \"level\": 1},\n"
                    "  \"fill_value\": 0.0,\n  \"order\": \"C\",\n  \"filters\": null\n}\n",
                    layout->ndim == 3 ? "1, " : "", store->high, store->wide);
}

static enum jac_status put_attributes(const struct store *store, struct jac_error *err) {
  const struct jac_layout *layout = &store->parts->layout;
  json_t *about =
      json_pack("{s:s, s:s, s:s, s:s}", "module", layout->map->spec, "wrt",
                layout->map->var[layout->wrt].name, "form", jac_form_name(layout->form),
                "order", layout->order == JAC_ORDER_F ? "F" : "C");
  char *text = about != NULL ? json_dumps(about, JSON_INDENT(2)) : NULL;
  enum jac_status status = text != NULL
                               ? put_file(store, ".zattrs", text, strlen(text), err)
                               : jac_fail_memory(err);
  free(text);
  json_decref(about);
  return status;
}

/* Of several programs that write their samples, each finds what the others wrote the
 * same. */
static enum jac_status join(const struct store *store, const char *text,
                            struct jac_error *err) {
  char path[PATH_MAX], found[1024];
  snprintf(path, sizeof path, "%s/.zarray", store->path);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    enum jac_status status = put_attributes(store, err);
    return status == JAC_OK ? put_file(store, ".zarray", text, strlen(text), err)
                            : status;
  }
  found[fread(found, 1, sizeof found - 1, file)] = '\0';
  fclose(file);
  if (strcmp(found, text) != 0)
    return jac_fail(err, JAC_EINPUT, _("%s is another array: write elsewhere"),
                    store->path);
  return JAC_OK;
}

/* What was made on the way to an error. */
static void clear_away(const char *path) {
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    char name[PATH_MAX];
    if (snprintf(name, sizeof name, "%s/%s", path, entry->d_name) < (int)sizeof name &&
        strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      unlink(name);
  }
  if (folder != NULL)
    closedir(folder);
  rmdir(path);
}

static enum jac_status make_room(struct store *store, struct jac_error *err) {
  choose_chunks(store);
  size_t size = store->high * store->wide * sizeof(double);
  store->bound = ZSTD_compressBound(size);
  store->chunk = malloc(size);
  store->packed = malloc(store->bound);
  store->panel.start = calloc(store->high + 1, sizeof *store->panel.start);
  store->panel.next = calloc(store->high, sizeof *store->panel.next);
  return store->chunk != NULL && store->packed != NULL && store->panel.start != NULL &&
                 store->panel.next != NULL
             ? JAC_OK
             : jac_fail_memory(err);
}

/* Without what the array is, a folder that is written whole is none yet. */
static enum jac_status fill(struct store *store, bool all, struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  describe(store, &text);
  enum jac_status status = jac_buffer_status(&text, err);
  if (status == JAC_OK && mkdir(store->path, 0777) != 0 && (all || errno != EEXIST))
    status = errno == EEXIST ? jac_fail(err, JAC_EIO,
                                        _("%s is there already: remove it, or add to it "
                                          "with --samples"),
                                        store->path)
                             : fail_write(store->path, err);
  else if (status == JAC_OK) {
    status = all ? put_samples(store, err) : join(store, text.text, err);
    if (status == JAC_OK)
      status = all ? join(store, text.text, err) : put_samples(store, err);
    if (status != JAC_OK && all)
      clear_away(store->path);
  }
  jac_buffer_free(&text);
  return status;
}

enum jac_status jac_zarr_write(const struct jac_parts *parts, const char *path, bool all,
                               struct jac_error *err) {
  struct store store = {.parts = parts, .path = path};
  if (parts->layout.form == JAC_FORM_REDUCED)
    return jac_fail(err, JAC_EREFUSED,
                    _("a zarr array is matrix, batch or full: take another --form"));
  enum jac_status status = jac_walk_new(parts, &store.walk, err);
  if (status == JAC_OK)
    status = make_room(&store, err);
  if (status == JAC_OK)
    status = fill(&store, all, err);
  jac_walk_free(&store.walk);
  free(store.chunk);
  free(store.packed);
  free(store.panel.start);
  free(store.panel.next);
  free(store.panel.column);
  free(store.panel.value);
  return status;
}
