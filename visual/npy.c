#include "visual/npy.h"

#include "jacobian/text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

static const char magic[6] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};

/* What the header says. */
struct header {
  char order; /* '<', '>', '|' or '=' */
  char kind;  /* f, i, u or b */
  size_t width;
  bool fortran;
  size_t ndim;
  size_t dims[JAC_TABLE_DIMS];
  char descr[32];
  bool has_descr, has_order, has_shape;
};

/* The header's text while it is scanned, and where complaints go. */
struct scan {
  const char *name, *at, *end;
  struct jac_error *err;
};

bool jac_npy_is(const char *bytes, size_t size) {
  return size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

static void skip_space(struct scan *scan) {
  while (scan->at < scan->end && strchr(" \t\n", *scan->at) != NULL && *scan->at != '\0')
    scan->at++;
}

static bool take(struct scan *scan, const char *word) {
  skip_space(scan);
  size_t length = strlen(word);
  if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
    return false;
  scan->at += length;
  return true;
}

static enum jac_status bad_header(const struct scan *scan) {
  return jac_fail(scan->err, JAC_EINPUT,
                  _("%s: the NPY header is damaged: save the array again with np.save"),
                  scan->name);
}

static enum jac_status take_string(struct scan *scan, char *text, size_t room) {
  skip_space(scan);
  if (scan->at == scan->end || (*scan->at != '\'' && *scan->at != '"'))
    return bad_header(scan);
  char quote = *scan->at++;
  const char *close = memchr(scan->at, quote, (size_t)(scan->end - scan->at));
  if (close == NULL || (size_t)(close - scan->at) >= room)
    return bad_header(scan);
  for (const char *at = scan->at; at < close; at++)
    if (iscntrl((unsigned char)*at))
      return bad_header(scan);
  memcpy(text, scan->at, (size_t)(close - scan->at));
  text[close - scan->at] = '\0';
  scan->at = close + 1;
  return JAC_OK;
}

static enum jac_status take_size(struct scan *scan, size_t *value) {
  const char *first = scan->at;
  *value = 0;
  for (; scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9'; scan->at++)
    if (__builtin_mul_overflow(*value, (size_t)10, value) ||
        __builtin_add_overflow(*value, (size_t)(*scan->at - '0'), value))
      return jac_fail(scan->err, JAC_ELIMIT, _("%s: its shape is too large"), scan->name);
  if (scan->at == first)
    return bad_header(scan);
  take(scan, "L"); /* Python 2 wrote 3L */
  return JAC_OK;
}

/* (), (3,), (3, 4): at most four sizes. */
static enum jac_status take_shape(struct scan *scan, struct header *header) {
  if (!take(scan, "("))
    return bad_header(scan);
  for (bool more = !take(scan, ")"); more;) {
    if (header->ndim == JAC_TABLE_DIMS)
      return jac_fail(scan->err, JAC_EINPUT,
                      _("%s has more than %d dimensions, the most that is read"),
                      scan->name, JAC_TABLE_DIMS);
    enum jac_status status = take_size(scan, &header->dims[header->ndim++]);
    if (status != JAC_OK)
      return status;
    bool comma = take(scan, ",");
    more = !take(scan, ")");
    if (more && !comma)
      return bad_header(scan);
  }
  return JAC_OK;
}

static enum jac_status take_descr(struct scan *scan, struct header *header) {
  if (take(scan, "["))
    return jac_fail(scan->err, JAC_EINPUT,
                    _("%s holds records with fields: save one field alone with np.save"),
                    scan->name);
  enum jac_status status = take_string(scan, header->descr, sizeof header->descr);
  if (status != JAC_OK)
    return status;
  const char *d = header->descr;
  header->order = strchr("<>|=", d[0]) != NULL ? *d++ : '=';
  header->kind = *d;
  header->width = d[0] != '\0' && d[1] >= '1' && d[1] <= '8' && d[2] == '\0'
                      ? (size_t)(d[1] - '0')
                      : 0;
  return JAC_OK;
}

static enum jac_status take_entry(struct scan *scan, struct header *header) {
  char key[32];
  enum jac_status status = take_string(scan, key, sizeof key);
  if (status != JAC_OK)
    return status;
  if (!take(scan, ":"))
    return bad_header(scan);
  if (strcmp(key, "descr") == 0 && !header->has_descr) {
    header->has_descr = true;
    return take_descr(scan, header);
  }
  if (strcmp(key, "shape") == 0 && !header->has_shape) {
    header->has_shape = true;
    return take_shape(scan, header);
  }
  if (strcmp(key, "fortran_order") == 0 && !header->has_order) {
    header->has_order = true;
    header->fortran = take(scan, "True");
    return header->fortran || take(scan, "False") ? JAC_OK : bad_header(scan);
  }
  return bad_header(scan);
}

/* Long: every fault of a header has its test. */
static enum jac_status scan_header(struct scan *scan, struct header *header) {
  if (!take(scan, "{"))
    return bad_header(scan);
  while (!take(scan, "}")) {
    enum jac_status status = take_entry(scan, header);
    if (status != JAC_OK)
      return status;
    if (!take(scan, ",") && (scan->at == scan->end || *scan->at != '}'))
      return bad_header(scan);
  }
  skip_space(scan);
  if (scan->at != scan->end || !header->has_descr || !header->has_shape ||
      !header->has_order)
    return bad_header(scan);
  size_t w = header->width;
  bool power = w == 1 || w == 2 || w == 4 || w == 8;
  bool known = (header->kind == 'f' && (w == 4 || w == 8)) ||
               (header->kind == 'b' && w == 1) ||
               ((header->kind == 'i' || header->kind == 'u') && power);
  if (!known)
    return jac_fail(scan->err, JAC_EINPUT,
                    _("%s holds '%s', not real numbers that can be read: save "
                      "a.astype('float64') instead"),
                    scan->name, header->descr);
  return JAC_OK;
}

/* One number of the array from its bytes. */
static double number(const struct header *header, const unsigned char *bytes) {
  uint64_t bits = 0;
  size_t width = header->width;
  const uint16_t probe = 1;
  unsigned char low;
  memcpy(&low, &probe, 1);
  bool big = header->order == '>' || (header->order == '=' && low == 0);
  for (size_t k = 0; k < width; k++)
    bits = bits << 8 | bytes[big ? k : width - 1 - k];
  if (header->kind == 'f' && width == 8) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
  }
  if (header->kind == 'f') {
    uint32_t half = (uint32_t)bits;
    float value;
    memcpy(&value, &half, sizeof value);
    return (double)value;
  }
  if (header->kind == 'b')
    return bits != 0 ? 1.0 : 0.0;
  uint64_t sign = UINT64_C(1) << (8 * width - 1);
  if (header->kind == 'u' || (bits & sign) == 0)
    return (double)bits;
  return -(double)(~bits & (sign - 1)) - 1.0;
}

/* The place in C order of the number that stands at place k in Fortran order. */
static size_t from_fortran(const struct jac_table *table, size_t k) {
  size_t place = 0, stride = jac_table_size(table);
  for (size_t d = 0; d < table->ndim; d++) {
    stride /= table->dims[d];
    place += k % table->dims[d] * stride;
    k /= table->dims[d];
  }
  return place;
}

static enum jac_status read_data(const struct scan *scan, const struct header *header,
                                 const char *bytes, size_t size,
                                 struct jac_table *table) {
  size_t count = 1, needed;
  for (size_t k = 0; k < header->ndim; k++)
    if (__builtin_mul_overflow(count, header->dims[k], &count))
      return jac_fail(scan->err, JAC_ELIMIT, _("%s: its shape is too large"), scan->name);
  if (count == 0)
    return jac_fail(scan->err, JAC_EINPUT, _("%s: its array is empty"), scan->name);
  if (__builtin_mul_overflow(count, header->width, &needed) || needed > size)
    return jac_fail(scan->err, JAC_EINPUT,
                    _("%s is cut off: its shape needs %zu numbers, it has %zu"),
                    scan->name, count, size / header->width);
  if (needed < size)
    return jac_fail(scan->err, JAC_EINPUT,
                    _("%s has %zu bytes more than its shape says: save one array alone"),
                    scan->name, size - needed);
  const size_t one = 1;
  enum jac_status status =
      header->ndim == 0 ? jac_table_alloc(1, &one, table, scan->err)
                        : jac_table_alloc(header->ndim, header->dims, table, scan->err);
  if (status != JAC_OK)
    return status;
  const unsigned char *at = (const unsigned char *)bytes;
  bool fortran = header->fortran && header->ndim > 1;
  for (size_t k = 0; k < count; k++, at += header->width)
    table->data[fortran ? from_fortran(table, k) : k] = number(header, at);
  return JAC_OK;
}

enum jac_status jac_npy_parse(const char *name, const char *bytes, size_t size,
                              struct jac_table *table, struct jac_error *err) {
  *table = (struct jac_table){.ndim = 0};
  if (!jac_npy_is(bytes, size))
    return jac_fail(err, JAC_EINPUT, _("%s is not an NPY file: save it with np.save"),
                    name);
  const unsigned char *head = (const unsigned char *)bytes;
  unsigned version = size > 6 ? head[6] : 1;
  size_t start = version == 1 ? 10 : 12;
  if (version < 1 || version > 3)
    return jac_fail(err, JAC_EINPUT, _("%s is NPY version %u, 1 to 3 are read"), name,
                    version);
  if (size < start)
    return jac_fail(err, JAC_EINPUT, _("%s is cut off within its NPY header"), name);
  size_t length = (size_t)head[8] | (size_t)head[9] << 8;
  if (version > 1)
    length |= (size_t)head[10] << 16 | (size_t)head[11] << 24;
  if (length > size - start)
    return jac_fail(err, JAC_EINPUT, _("%s is cut off within its NPY header"), name);
  struct scan scan = {name, bytes + start, bytes + start + length, err};
  struct header header = {.order = '<'};
  enum jac_status status = scan_header(&scan, &header);
  if (status != JAC_OK)
    return status;
  return read_data(&scan, &header, bytes + start + length, size - start - length, table);
}

void jac_npy_write_header(FILE *file, size_t ndim, const size_t *dims) {
  struct jac_buffer header = JAC_BUFFER_INIT;
  jac_buffer_add(&header, "{'descr': '<f8', 'fortran_order': False, 'shape': (");
  for (size_t k = 0; k < ndim; k++)
    jac_buffer_printf(&header, "%s%zu%s", k > 0 ? ", " : "", dims[k],
                      ndim == 1 ? "," : "");
  jac_buffer_add(&header, "), }");
  /* The numbers start at a multiple of 64 bytes. */
  size_t length = (10 + header.length + 1 + 63) / 64 * 64 - 10;
  const char version[4] = {1, 0, (char)(length & 0xFF), (char)(length >> 8)};
  fwrite(magic, 1, sizeof magic, file);
  fwrite(version, 1, sizeof version, file);
  fprintf(file, "%-*s\n", (int)length - 1, header.text);
  jac_buffer_free(&header);
}

void jac_npy_write_numbers(FILE *file, size_t count, const double *data) {
  unsigned char block[4096];
  size_t filled = 0;
  for (size_t k = 0; k < count; k++) {
    uint64_t bits;
    memcpy(&bits, &data[k], sizeof bits);
    for (size_t b = 0; b < 8; b++)
      block[filled++] = (unsigned char)(bits >> (8 * b) & 0xFF);
    if (filled == sizeof block || k + 1 == count) {
      fwrite(block, 1, filled, file);
      filled = 0;
    }
  }
}
