#include "visual/page/page.h"

#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARK "@START@"

/* Where `make install` puts the page. */
#include "place.h"

/* The file's path relative to the folder of the program, where the system tells that. */
static bool beside(const char *relative, char path[4096]) {
  ssize_t length = readlink("/proc/self/exe", path, 4000);
  if (length <= 0)
    return false;
  path[length] = '\0';
  char *slash = strrchr(path, '/');
  if (slash == NULL || strlen(relative) > 90)
    return false;
  strcpy(slash + 1, relative);
  return access(path, R_OK) == 0;
}

enum jac_status jac_page_read(struct jac_page *page, struct jac_error *err) {
  char path[4096] = "";
  const char *given = getenv("JACOBIAN_PAGE");
  *page = (struct jac_page){.start = NULL};
  if (given == NULL && !beside("page.html", path) &&
      !beside("../share/jacobian/page.html", path) &&
      access(strcpy(path, JAC_SHARE "/page.html"), R_OK) != 0)
    return jac_fail(err, JAC_EIO,
                    _("the page is not built: `make page` builds it (it needs clang, lld, "
                      "wasi-libc, npm and the source of GSL, which it fetches)"));
  enum jac_status status =
      jac_input_read(given != NULL ? given : path, &page->input, err);
  if (status != JAC_OK)
    return status;
  page->start = strstr(page->input.bytes, MARK);
  if (page->start == NULL)
    return jac_fail(err, JAC_EIO, _("%s is not the page that `make page` builds"),
                    given != NULL ? given : path);
  return JAC_OK;
}

void jac_page_free(struct jac_page *page) {
  jac_input_free(&page->input);
}

void jac_page_write(const struct jac_page *page, const char *words, FILE *file) {
  size_t before = (size_t)(page->start - page->input.bytes);
  fwrite(page->input.bytes, 1, before, file);
  fputs(words, file);
  fputs(page->start + strlen(MARK), file);
}

void jac_page_encode(const char *text, struct jac_buffer *out) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789-._~";
  for (; *text != '\0'; text++)
    if (strchr(plain, *text) != NULL)
      jac_buffer_add_char(out, *text);
    else
      jac_buffer_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
}
