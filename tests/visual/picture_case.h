/* Pictures of views in memory, for the tests of pictures. */
#ifndef TESTS_PICTURE_CASE_H
#define TESTS_PICTURE_CASE_H

#include "tests/visual/view_case.h"

#include <stdio.h>

struct pixels {
  size_t width, height;
  unsigned char *rgb; /* the caller frees it */
};

/* The view as SVG, freed by the caller; as PNG, read back by the library; returns the
 * PNG's size. */
char *picture_svg(struct jac_view *view);
size_t picture_png(struct jac_view *view, struct pixels *pixels);

/* Reads a PNG of so many bytes. */
void pixels_read(const void *bytes, size_t size, struct pixels *pixels);

static inline long pixel(const struct pixels *pixels, size_t x, size_t y) {
  const unsigned char *at = pixels->rgb + 3 * (y * pixels->width + x);
  return (long)at[0] << 16 | (long)at[1] << 8 | at[2];
}

/* All of a file that was written to, which is closed. */
char *file_contents(FILE *file, size_t *size);

/* Fails the test where a text is no well-formed XML: tags that close, attributes once and
 * in quotes, known entities, characters that XML has. */
void xml_check(const char *text);

void view_map_new(const char *spec, size_t batch, struct jac_map **map);

#endif
