#include "jacobian/buffer.h"
#include "jacobian/text.h"
#include "visual/parts.h"
#include "visual/zip.h"

#include <stdint.h>
#include <string.h>

/* A member's beginning: NumPy's header, padded to 64 bytes (NEP 1). */
static void begin(struct jac_zip *zip, const char *name, const char *type,
                  const char *shape) {
  char text[256];
  int length = snprintf(text, sizeof text,
                        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", type,
                        shape);
  size_t size = ((size_t)length + 11) / 64 * 64 + 64 - 10;
  unsigned char head[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0, 0};
  head[8] = (unsigned char)size;
  memset(text + length, ' ', size - (size_t)length);
  text[size - 1] = '\n';
  jac_zip_begin(zip, name);
  jac_zip_add(zip, head, sizeof head);
  jac_zip_add(zip, text, size);
}

/* Whole numbers of 4 or 8 bytes, gathered before they are packed. */
struct integers {
  struct jac_zip *zip;
  size_t width, used;
  unsigned char room[1 << 14];
};

static void flush(struct integers *out) {
  jac_zip_add(out->zip, out->room, out->used);
  out->used = 0;
}

static void add(struct integers *out, uint64_t value) {
  for (size_t k = 0; k < out->width; k++)
    out->room[out->used++] = (unsigned char)(value >> 8 * k);
  if (out->used + 8 > sizeof out->room)
    flush(out);
}

/* The structure is every sample's own: rows of the first, over and over. */
struct csr {
  struct jac_walk walk;
  struct jac_zip zip;
  size_t samples, rows, cols, entries; /* of the matrix written */
  size_t width;                        /* of its indices */
};

static void write_numbers(struct csr *csr, const char *name, const char *shape,
                          const uint64_t *values, size_t count) {
  struct integers out = {.zip = &csr->zip, .width = 8};
  begin(&csr->zip, name, "<i8", shape);
  for (size_t k = 0; k < count; k++)
    add(&out, values[k]);
  flush(&out);
  jac_zip_end(&csr->zip);
}

static void write_structure(struct csr *csr) {
  const struct jac_parts *parts = csr->walk.parts;
  struct jac_rows *rows = &csr->walk.rows;
  const char *type = csr->width == 4 ? "<i4" : "<i8";
  struct integers out = {.zip = &csr->zip, .width = csr->width};
  char shape[32];
  snprintf(shape, sizeof shape, "%zu,", csr->entries);
  begin(&csr->zip, "indices.npy", type, shape);
  bool spreads = csr->cols != rows->cols;
  for (size_t s = 0; s < csr->samples; s++)
    for (size_t r = 0; r < rows->rows; r++) {
      size_t count = jac_rows_columns(rows, r);
      size_t shift = spreads ? (parts->first + s) * rows->cols : 0;
      for (size_t k = 0; k < count; k++)
        add(&out, rows->column[k] + shift);
    }
  flush(&out);
  jac_zip_end(&csr->zip);
  snprintf(shape, sizeof shape, "%zu,", csr->rows + 1);
  begin(&csr->zip, "indptr.npy", type, shape);
  size_t start = 0;
  add(&out, 0);
  for (size_t s = 0; s < csr->samples; s++)
    for (size_t r = 0; r < rows->rows; r++)
      add(&out, start += jac_rows_columns(rows, r));
  flush(&out);
  jac_zip_end(&csr->zip);
}

static enum jac_status write_values(struct csr *csr, struct jac_error *err) {
  const struct jac_parts *parts = csr->walk.parts;
  struct jac_rows *rows = &csr->walk.rows;
  char shape[32];
  snprintf(shape, sizeof shape, "%zu,", csr->entries);
  begin(&csr->zip, "data.npy", "<f8", shape);
  enum jac_status status = JAC_OK;
  for (size_t s = 0; s < csr->samples && status == JAC_OK; s++) {
    status = jac_walk_to(&csr->walk, parts->first + s, err);
    for (size_t r = 0, count; r < rows->rows && status == JAC_OK; r++) {
      status = jac_rows_read(rows, r, &count, err);
      if (status == JAC_OK)
        jac_zip_add(&csr->zip, rows->value, count * sizeof *rows->value);
    }
  }
  jac_zip_end(&csr->zip);
  return status;
}

enum jac_status jac_npz_write(const struct jac_parts *parts, FILE *file,
                              struct jac_error *err) {
  const struct jac_map *map = parts->layout.map;
  struct csr csr = {.samples = map->coupled ? 1 : parts->last - parts->first,
                    .cols = parts->layout.cols};
  if (parts->layout.slices > 1)
    return jac_fail(err, JAC_EREFUSED,
                    _("SciPy's sparse arrays are matrices: take --form full"));
  enum jac_status status = jac_walk_new(parts, &csr.walk, err);
  if (status != JAC_OK)
    return status;
  struct jac_rows *rows = &csr.walk.rows;
  csr.rows = csr.samples * rows->rows;
  for (size_t r = 0; r < rows->rows; r++)
    csr.entries += csr.samples * jac_rows_columns(rows, r);
  csr.width = csr.entries < INT32_MAX && csr.cols < INT32_MAX ? 4 : 8;
  status = jac_zip_open(file, &csr.zip, err);
  if (status == JAC_OK) {
    write_structure(&csr);
    begin(&csr.zip, "format.npy", "|S3", "");
    jac_zip_add(&csr.zip, "csr", 3);
    jac_zip_end(&csr.zip);
    write_numbers(&csr, "shape.npy", "2,", (uint64_t[]){csr.rows, csr.cols}, 2);
    status = write_values(&csr, err);
    status = jac_zip_close(&csr.zip, status);
  }
  jac_walk_free(&csr.walk);
  return status;
}
