/* Zip archives, member after member as they come: what .npz files are. */
#ifndef VISUAL_ZIP_H
#define VISUAL_ZIP_H

#include "jacobian/error.h"

#include <stdint.h>
#include <stdio.h>
#define ZLIB_CONST /* what goes in is not written to */
#include <zlib.h>

enum { JAC_ZIP_MEMBERS = 8, JAC_ZIP_ROOM = 1 << 16 };

struct jac_zip_member {
  char name[32];
  uint64_t size, packed, offset;
  uint32_t crc;
};

/* In the 64-bit layout, whatever the sizes. Errors of writing are found when the file is
 * closed. */
struct jac_zip {
  FILE *file; /* borrowed */
  uint64_t at;
  size_t count;
  struct jac_zip_member member[JAC_ZIP_MEMBERS];
  z_stream stream;
  unsigned char *room;
};

/* Errors: JAC_ENOMEM. jac_zip_close in any case, which writes the list of members when
 * status is JAC_OK, and returns status. */
enum jac_status jac_zip_open(FILE *file, struct jac_zip *zip, struct jac_error *err);
enum jac_status jac_zip_close(struct jac_zip *zip, enum jac_status status);

/* Begins a member, at most JAC_ZIP_MEMBERS of them; its bytes; its end. */
void jac_zip_begin(struct jac_zip *zip, const char *name);
void jac_zip_add(struct jac_zip *zip, const void *bytes, size_t size);
void jac_zip_end(struct jac_zip *zip);

#endif
