/* What the machine offers: a terminal, memory. */
#include "visual/cli/options.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Long: what each may hang on. */
struct jac_style jac_options_style(const struct jac_options *o) {
  bool document = o->ascii || o->unicode; /* the same on every machine */
  bool terminal = !document && o->output == NULL && isatty(STDOUT_FILENO);
  const char *no_color = getenv("NO_COLOR"), *columns = getenv("COLUMNS");
  const char *term = getenv("TERM");
  struct jac_style style = {
      .unicode = o->unicode || (!o->ascii && strcmp(nl_langinfo(CODESET), "UTF-8") == 0),
      .color =
          o->color == JAC_COLOR_ALWAYS || (o->color == JAC_COLOR_AUTO && terminal &&
                                           (no_color == NULL || *no_color == '\0') &&
                                           (term == NULL || strcmp(term, "dumb") != 0)),
      .width = 80,
  };
  struct winsize size;
  unsigned long value = columns != NULL ? strtoul(columns, NULL, 10) : 0;
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = size.ws_col;
  else if (!document && value >= 20 && value <= 100000)
    style.width = value;
  return style;
}

size_t jac_options_memory(const struct jac_options *o) {
  if (o->max_memory > 0)
    return o->max_memory;
  static const char available[] = "MemAvailable:";
  unsigned long long kib = 0;
  FILE *file = fopen("/proc/meminfo", "r");
  char line[128];
  while (kib == 0 && file != NULL && fgets(line, sizeof line, file) != NULL)
    if (strncmp(line, available, strlen(available)) == 0)
      kib = strtoull(line + strlen(available), NULL, 10);
  if (file != NULL)
    fclose(file);
  if (kib == 0)
    return (size_t)1 << 30;
  return (size_t)(kib / 4 * 3) << 10;
}
