/* PKWARE's APPNOTE.TXT 6.3, with the fields of 64 bits: local header, deflated bytes and
 * their sizes behind them (the file may be a pipe), and all of it listed at the end. */
#include "visual/zip.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
  VERSION = 45,      /* which has 64 bits */
  STREAMED = 8,      /* flag: the sizes follow the bytes */
  DEFLATED = 8,      /* method */
  DATE = 1 << 5 | 1, /* the first of January 1980: the same bytes each time */
  WIDE = 1           /* the extra field of 64 bits */
};

/* Little endian, of that many bytes. */
static void put(struct jac_zip *zip, uint64_t value, size_t bytes) {
  unsigned char text[8] = {0};
  for (size_t k = 0; k < bytes; k++)
    text[k] = (unsigned char)(value >> 8 * k);
  fwrite(text, 1, bytes, zip->file);
  zip->at += bytes;
}

static void put_name(struct jac_zip *zip, const char *name) {
  fputs(name, zip->file);
  zip->at += strlen(name);
}

/* What both headers say of a member: 65535 and 2^32 - 1 stand for what is elsewhere. */
static void put_about(struct jac_zip *zip, const struct jac_zip_member *m, uint32_t crc,
                      size_t extra) {
  put(zip, VERSION, 2);
  put(zip, STREAMED, 2);
  put(zip, DEFLATED, 2);
  put(zip, 0, 2);
  put(zip, DATE, 2);
  put(zip, crc, 4);
  put(zip, UINT32_MAX, 4);
  put(zip, UINT32_MAX, 4);
  put(zip, strlen(m->name), 2);
  put(zip, extra, 2);
}

enum jac_status jac_zip_open(FILE *file, struct jac_zip *zip, struct jac_error *err) {
  *zip = (struct jac_zip){.file = file, .room = malloc(JAC_ZIP_ROOM)};
  if (zip->room == NULL)
    return jac_fail_memory(err);
  /* Without zlib's own header. Level 1: numbers hardly become smaller with more. */
  if (deflateInit2(&zip->stream, 1, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    free(zip->room);
    zip->room = NULL;
    return jac_fail_memory(err);
  }
  return JAC_OK;
}

void jac_zip_begin(struct jac_zip *zip, const char *name) {
  struct jac_zip_member *m = &zip->member[zip->count];
  *m = (struct jac_zip_member){.offset = zip->at};
  strncat(m->name, name, sizeof m->name - 1);
  put(zip, 0x04034b50, 4);
  put_about(zip, m, 0, 20);
  put_name(zip, m->name);
  put(zip, WIDE, 2);
  put(zip, 16, 2);
  put(zip, 0, 8);
  put(zip, 0, 8);
  deflateReset(&zip->stream);
}

static void flush(struct jac_zip *zip, int how) {
  struct jac_zip_member *m = &zip->member[zip->count];
  z_stream *s = &zip->stream;
  do {
    s->next_out = zip->room;
    s->avail_out = JAC_ZIP_ROOM;
    deflate(s, how);
    size_t made = JAC_ZIP_ROOM - s->avail_out;
    fwrite(zip->room, 1, made, zip->file);
    zip->at += made;
    m->packed += made;
  } while (s->avail_out == 0);
}

void jac_zip_add(struct jac_zip *zip, const void *bytes, size_t size) {
  struct jac_zip_member *m = &zip->member[zip->count];
  const unsigned char *at = bytes;
  m->size += size;
  while (size > 0) {
    uInt part = size < INT_MAX ? (uInt)size : INT_MAX;
    m->crc = (uint32_t)crc32(m->crc, at, part);
    zip->stream.next_in = at;
    zip->stream.avail_in = part;
    flush(zip, Z_NO_FLUSH);
    at += part;
    size -= part;
  }
}

void jac_zip_end(struct jac_zip *zip) {
  const struct jac_zip_member *m = &zip->member[zip->count];
  flush(zip, Z_FINISH);
  put(zip, 0x08074b50, 4);
  put(zip, m->crc, 4);
  put(zip, m->packed, 8);
  put(zip, m->size, 8);
  zip->count++;
}

static void put_list(struct jac_zip *zip) {
  uint64_t start = zip->at, end;
  for (size_t k = 0; k < zip->count; k++) {
    const struct jac_zip_member *m = &zip->member[k];
    put(zip, 0x02014b50, 4);
    put(zip, VERSION, 2);
    put_about(zip, m, m->crc, 28);
    put(zip, 0, 2); /* no comment, on disk 0, no attributes */
    put(zip, 0, 2);
    put(zip, 0, 2);
    put(zip, 0, 4);
    put(zip, UINT32_MAX, 4);
    put_name(zip, m->name);
    put(zip, WIDE, 2);
    put(zip, 24, 2);
    put(zip, m->size, 8);
    put(zip, m->packed, 8);
    put(zip, m->offset, 8);
  }
  end = zip->at;
  put(zip, 0x06064b50, 4);
  put(zip, 44, 8);
  put(zip, VERSION, 2);
  put(zip, VERSION, 2);
  put(zip, 0, 4);
  put(zip, 0, 4);
  put(zip, zip->count, 8);
  put(zip, zip->count, 8);
  put(zip, end - start, 8);
  put(zip, start, 8);
  put(zip, 0x07064b50, 4);
  put(zip, 0, 4);
  put(zip, end, 8);
  put(zip, 1, 4);
  put(zip, 0x06054b50, 4);
  put(zip, 0, 4);
  put(zip, zip->count, 2);
  put(zip, zip->count, 2);
  put(zip, UINT32_MAX, 4);
  put(zip, UINT32_MAX, 4);
  put(zip, 0, 2);
}

enum jac_status jac_zip_close(struct jac_zip *zip, enum jac_status status) {
  if (zip->room == NULL)
    return status;
  if (status == JAC_OK)
    put_list(zip);
  deflateEnd(&zip->stream);
  free(zip->room);
  zip->room = NULL;
  return status;
}
