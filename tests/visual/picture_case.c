#include "tests/visual/picture_case.h"

#include "layers/module.h"
#include "visual/picture/picture.h"

#include <check.h>
#include <ctype.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

char *file_contents(FILE *file, size_t *size) {
  ck_assert_int_eq(ferror(file), 0);
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = calloc(*size + 1, 1);
  ck_assert_ptr_nonnull(bytes);
  ck_assert_uint_eq(fread(bytes, 1, *size, file), *size);
  fclose(file);
  return bytes;
}

static char *draw(struct jac_view *view, size_t *size,
                  enum jac_status (*write)(const struct jac_picture *, FILE *,
                                           struct jac_error *)) {
  struct jac_picture picture;
  struct jac_error err = {JAC_OK, ""};
  FILE *file = tmpfile();
  ck_assert_ptr_nonnull(file);
  ck_assert_msg(jac_view_picture(view, &picture, &err) == JAC_OK, "%s", err.message);
  ck_assert_msg(write(&picture, file, &err) == JAC_OK, "%s", err.message);
  jac_picture_free(&picture);
  return file_contents(file, size);
}

char *picture_svg(struct jac_view *view) {
  size_t size;
  return draw(view, &size, jac_picture_svg);
}

void pixels_read(const void *bytes, size_t size, struct pixels *pixels) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  ck_assert_msg(png_image_begin_read_from_memory(&image, bytes, size) != 0, "%s",
                image.message);
  image.format = PNG_FORMAT_RGB;
  pixels->width = image.width;
  pixels->height = image.height;
  pixels->rgb = malloc(PNG_IMAGE_SIZE(image));
  ck_assert_ptr_nonnull(pixels->rgb);
  ck_assert_int_ne(png_image_finish_read(&image, NULL, pixels->rgb, 0, NULL), 0);
}

size_t picture_png(struct jac_view *view, struct pixels *pixels) {
  size_t size;
  char *bytes = draw(view, &size, jac_picture_png);
  pixels_read(bytes, size, pixels);
  free(bytes);
  return size;
}

void view_map_new(const char *spec, size_t batch, struct jac_map **map) {
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_module_new(spec, batch, map, &err) == JAC_OK, "%s", err.message);
}

/* Check notes each assertion that holds with a call of the system: here, where there are
 * some at each character, only what fails is told. */
#define must(condition, ...)                                                             \
  do {                                                                                   \
    if (!(condition))                                                                    \
      ck_abort_msg(__VA_ARGS__);                                                         \
  } while (0)

static size_t name_length(const char *at) {
  size_t length = 0;
  while (isalnum((unsigned char)at[length]) || strchr(":-_", at[length]) != NULL) {
    if (at[length] == '\0')
      break;
    length++;
  }
  must(length > 0 && isalpha((unsigned char)*at), "a name: %.40s", at);
  return length;
}

/* One character of a text or of a value; the next one. */
static const char *check_character(const char *at) {
  static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
  const unsigned char *u = (const unsigned char *)at;
  if (*at == '&') {
    for (size_t k = 0; k < 4; k++)
      if (strncmp(at, entities[k], strlen(entities[k])) == 0)
        return at + strlen(entities[k]);
    ck_abort_msg("an entity: %.40s", at);
  }
  must(*at != '<' && (*u >= 0x20 || *at == '\n'), "a character: %.40s", at);
  must(strncmp(at, "]]>", 3) != 0, "]]>");
  size_t more = *u < 0x80 ? 0 : *u < 0xC2 ? 9 : *u < 0xE0 ? 1 : *u < 0xF0 ? 2 : 3;
  must(more < 9 && *u < 0xF5, "UTF-8: %.40s", at);
  for (size_t k = 1; k <= more; k++)
    must((u[k] & 0xC0) == 0x80, "UTF-8: %.40s", at);
  return at + 1 + more;
}

/* Attributes up to the end of the tag. */
static const char *check_attributes(const char *at) {
  const char *names[32];
  size_t lengths[32], count = 0;
  while (*at == ' ') {
    at++;
    size_t length = name_length(at);
    for (size_t k = 0; k < count; k++)
      must(lengths[k] != length || memcmp(names[k], at, length) != 0,
           "an attribute twice: %.40s", at);
    must(count < 32, "too many attributes: %.40s", at);
    names[count] = at;
    lengths[count++] = length;
    at += length;
    must(at[0] == '=' && at[1] == '"', "a value: %.40s", at);
    for (at += 2; *at != '"';)
      at = check_character(at);
    at++;
  }
  return at;
}

void xml_check(const char *text) {
  static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  const char *open[16];
  size_t lengths[16], depth = 0, roots = 0;
  ck_assert_int_eq(strncmp(text, head, strlen(head)), 0);
  for (const char *at = text + strlen(head); *at != '\0';) {
    if (strncmp(at, "</", 2) == 0) {
      size_t length = name_length(at + 2);
      must(depth > 0, "closes nothing: %.40s", at);
      depth--;
      must(lengths[depth] == length && memcmp(open[depth], at + 2, length) == 0,
           "closes another: %.40s", at);
      at += 2 + length;
      must(*at++ == '>', "the end of a closing tag: %.40s", at);
    } else if (*at == '<') {
      roots += depth == 0;
      size_t length = name_length(at + 1);
      must(depth < 16, "too deep: %.40s", at);
      open[depth] = at + 1;
      lengths[depth++] = length;
      at = check_attributes(at + 1 + length);
      if (*at == '/') {
        depth--;
        at++;
      }
      must(*at++ == '>', "the end of a tag: %.40s", at);
    } else {
      must(depth > 0 || *at == '\n', "text outside: %.40s", at);
      at = check_character(at);
    }
  }
  ck_assert_uint_eq(depth, 0);
  ck_assert_uint_eq(roots, 1);
}
