#include "visual/mark.h"

#include <ctype.h>
#include <string.h>

/* What some renderer does not know, and what says the same: pandoc has no \gt, KaTeX no
 * @{}; a letter behind < would begin a tag, | in a cell end it. */
static const struct {
  const char *from, *to;
  bool cell; /* in cells alone */
} spellings[] = {
    {"@{\\,}", "", false},    {"<", " < ", false},    {">", " > ", false},
    {"\\|", "\\Vert", true}, {"|", "\\vert", true},
};

static void add_math(const char *latex, bool cell, struct jac_buffer *out) {
  while (*latex != '\0') {
    size_t length = 0;
    for (size_t k = 0; k < sizeof spellings / sizeof spellings[0] && length == 0; k++)
      if ((cell || !spellings[k].cell) &&
          strncmp(latex, spellings[k].from, strlen(spellings[k].from)) == 0) {
        length = strlen(spellings[k].from);
        jac_buffer_add(out, spellings[k].to);
        if (spellings[k].cell && isalpha((unsigned char)latex[length]))
          jac_buffer_add_char(out, ' ');
      }
    if (length == 0)
      jac_buffer_add_char(out, *latex);
    latex += length > 0 ? length : 1;
  }
}

void jac_markdown_inline(const char *latex, enum jac_flavour flavour, bool cell,
                         struct jac_buffer *out) {
  bool github = flavour == JAC_FLAVOUR_GITHUB;
  jac_buffer_add(out, github ? "$`" : "$");
  add_math(latex, cell, out);
  jac_buffer_add(out, github ? "`$" : "$");
}

void jac_markdown_display(const char *latex, const struct jac_latex *options,
                          struct jac_buffer *out) {
  bool github = options->flavour == JAC_FLAVOUR_GITHUB;
  jac_buffer_add(out, github ? "```math\n" : "$$\n");
  add_math(latex, false, out);
  jac_buffer_add(out, github ? "\n```" : "\n$$");
  if (options->label != NULL && options->flavour == JAC_FLAVOUR_MYST)
    jac_buffer_printf(out, " (%s)", options->label);
  if (options->label != NULL && options->flavour == JAC_FLAVOUR_PANDOC)
    jac_buffer_printf(out, " {#%s}", options->label);
  jac_buffer_add(out, "\n\n");
}

void jac_markdown_code(const char *text, bool cell, struct jac_buffer *out) {
  size_t longest = 0, run = 0;
  for (const char *at = text; *at != '\0'; at++) {
    run = *at == '`' ? run + 1 : 0;
    longest = run > longest ? run : longest;
  }
  for (size_t k = 0; k <= longest; k++)
    jac_buffer_add_char(out, '`');
  jac_buffer_add(out, longest > 0 ? " " : "");
  for (; *text != '\0'; text++) {
    jac_buffer_add(out, cell && *text == '|' ? "\\" : "");
    jac_buffer_add_char(out, iscntrl((unsigned char)*text) ? ' ' : *text);
  }
  jac_buffer_add(out, longest > 0 ? " " : "");
  for (size_t k = 0; k <= longest; k++)
    jac_buffer_add_char(out, '`');
}
