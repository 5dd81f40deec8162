/* In the author's hand: other names, other environments. */
#include "jacobian/text.h"
#include "visual/latex/latex.h"

#include <ctype.h>
#include <string.h>

/* One pair FROM=TO of a notation, blanks around it left out. */
struct pair {
  const char *from, *to;
  size_t from_length, to_length;
};

/* The pair at *at, which moves behind it: commas inside braces separate nothing. */
static bool next_pair(const char **at, struct pair *pair) {
  const char *start = *at + strspn(*at, " ,"), *end = start;
  int depth = 0;
  for (; *end != '\0' && (*end != ',' || depth > 0); end++)
    depth += (*end == '{') - (*end == '}');
  *at = end;
  const char *equals = memchr(start, '=', (size_t)(end - start));
  if (equals == NULL)
    return false;
  *pair = (struct pair){start, equals + 1, (size_t)(equals - start), 0};
  while (pair->from_length > 0 && start[pair->from_length - 1] == ' ')
    pair->from_length--;
  while (*pair->to == ' ')
    pair->to++;
  while (end > pair->to && end[-1] == ' ')
    end--;
  pair->to_length = (size_t)(end - pair->to);
  return pair->from_length > 0;
}

bool jac_latex_notation(const char *notation) {
  struct pair pair;
  const char *at = notation;
  bool any = false;
  while (at[strspn(at, " ,")] != '\0') {
    if (!next_pair(&at, &pair) || pair.to_length == 0)
      return false;
    any = true;
  }
  return any;
}

/* Whether the name stands at at, and is no part of a longer one. */
static bool stands(const char *text, const char *at, const char *name, size_t length) {
  bool letter = isalpha((unsigned char)name[0]) != 0;
  if (strncmp(at, name, length) != 0)
    return false;
  if (letter && at > text && (isalpha((unsigned char)at[-1]) || at[-1] == '\\'))
    return false;
  return !isalpha((unsigned char)name[length - 1]) || !isalpha((unsigned char)at[length]);
}

static void add_name(const char *name, size_t length, bool lower, char next,
                     struct jac_buffer *out) {
  for (size_t k = 0; k < length; k++)
    jac_buffer_add_char(out, lower && isupper((unsigned char)name[k])
                                 ? (char)tolower((unsigned char)name[k])
                                 : name[k]);
  if (length > 1 && isalpha((unsigned char)name[length - 1]) &&
      isalpha((unsigned char)next))
    jac_buffer_add_char(out, ' ');
}

/* What stands at at by its new name; how long it was, 0: it has none. The entries of W
 * are w: W = \Theta names them \theta. */
static size_t rename_at(const char *text, const char *at, const char *notation,
                        struct jac_buffer *out) {
  struct pair pair;
  for (const char *list = notation; next_pair(&list, &pair);)
    if (stands(text, at, pair.from, pair.from_length)) {
      add_name(pair.to, pair.to_length, false, at[pair.from_length], out);
      return pair.from_length;
    }
  for (const char *list = notation; next_pair(&list, &pair);) {
    const char small[2] = {(char)tolower((unsigned char)pair.from[0]), '\0'};
    if (pair.from_length == 1 && isupper((unsigned char)pair.from[0]) &&
        stands(text, at, small, 1)) {
      add_name(pair.to, pair.to_length, true, at[1], out);
      return 1;
    }
  }
  return 0;
}

void jac_latex_rename(const char *text, const char *notation, struct jac_buffer *out) {
  for (const char *at = text; *at != '\0';) {
    size_t word = strncmp(at, "\\text{", 6) == 0                 ? strcspn(at, "}")
                  : *at == '%' && (at == text || at[-1] == '\n') ? strcspn(at, "\n")
                                                                 : 0;
    if (word > 0) { /* words keep their letters */
      jac_buffer_add_bytes(out, at, word);
      at += word;
      continue;
    }
    size_t length = notation != NULL ? rename_at(text, at, notation, out) : 0;
    if (length == 0)
      jac_buffer_add_char(out, *at);
    at += length > 0 ? length : 1;
  }
}

/* The matrix of a line of text. */
static void add_inline(const char *math, struct jac_buffer *out) {
  static const char *const spelling[][2] = {
      {"\\begin{pmatrix}", "\\bigl(\\begin{smallmatrix}"},
      {"\\end{pmatrix}", "\\end{smallmatrix}\\bigr)"},
      {"\\begin{bmatrix}", "\\bigl[\\begin{smallmatrix}"},
      {"\\end{bmatrix}", "\\end{smallmatrix}\\bigr]"},
  };
  jac_buffer_add_char(out, '$');
  while (*math != '\0') {
    size_t length = 0;
    for (size_t k = 0; k < 4; k++)
      if (strncmp(math, spelling[k][0], strlen(spelling[k][0])) == 0) {
        jac_buffer_add(out, spelling[k][1]);
        length = strlen(spelling[k][0]);
      }
    if (length == 0)
      jac_buffer_add_char(out, *math);
    math += length > 0 ? length : 1;
  }
  jac_buffer_add(out, "$%\n");
}

static const char aligned_begin[] = "\\begin{aligned}\n",
                  aligned_end[] = "\n\\end{aligned}";

/* Lines of their own, each of which align would number: all but the last are not. */
static void add_align(const char *setting, const char *math, const char *label,
                      struct jac_buffer *out) {
  size_t length = strlen(math);
  bool several = strncmp(math, aligned_begin, strlen(aligned_begin)) == 0;
  if (several) {
    math += strlen(aligned_begin);
    length = strlen(math) - strlen(aligned_end);
  }
  if (*setting != '\0')
    jac_buffer_printf(out, "\\begingroup\n%s", setting);
  jac_buffer_add(out, "\\begin{align}\n");
  for (size_t k = 0; k < length; k++) {
    if (strncmp(math + k, " \\\\[1ex]\n&", 10) == 0)
      jac_buffer_add(out, " \\notag");
    jac_buffer_add_char(out, math[k]);
  }
  if (label != NULL)
    jac_buffer_printf(out, "\n\\label{%s}", label);
  jac_buffer_add(out, "\n\\end{align}\n");
  jac_buffer_add(out, *setting != '\0' ? "\\endgroup%\n" : "");
}

/* How many lines of text a display is high, nearly: rows of matrices stand further apart,
 * sums and fractions are higher, and so is what is between the lines of a display. */
static double height_of(const char *math, size_t length) {
  const double row = 1.2, fraction = 2.0, sum = 2.3, apart = 0.35;
  double lines = 0.0, line = row;
  for (const char *at = math; at < math + length; at++) {
    if (strncmp(at, "\\frac", 5) == 0)
      line = line > fraction ? line : fraction;
    else if (strncmp(at, "\\sum", 4) == 0)
      line = line > sum ? line : sum;
    if (at[0] != '\\' || at[1] != '\\')
      continue;
    at++;
    lines += line + (at[1] == '[' ? apart : 0.0);
    line = row;
  }
  return lines + line;
}

/* More than a page holds, or a good part of it: pages may end between its lines. */
static bool tall(const char *math, const struct jac_latex *options) {
  const double page = 32.0;
  return strncmp(math, aligned_begin, strlen(aligned_begin)) == 0 &&
         height_of(math, strlen(math)) >
             (options->paper.lines > 0.0 ? options->paper.lines : page);
}

static bool is_frame(const struct jac_latex *options) {
  return options->paper.lines > 0.0;
}

/* The lines of a display, which a frame ends between where the next fits no more: its
 * own breaking takes as much as nearly fits. */
static void add_lines(const char *math, size_t length, const struct jac_latex *options,
                      struct jac_buffer *out) {
  static const char apart[] = " \\\\[1ex]\n&";
  const char *end = math + length;
  double height = 0.0;
  for (const char *at = math; at < end;) {
    const char *next = strstr(at + 1, apart);
    size_t size = (size_t)((next != NULL && next < end ? next : end) - at);
    double part = height_of(at, size);
    if (is_frame(options) && height > 0.0 && height + part > options->paper.lines) {
      jac_buffer_add(out, " \\displaybreak");
      height = 0.0;
    }
    height += part;
    jac_buffer_add_bytes(out, at, size);
    at += size;
  }
}

static void add_tall(const char *setting, const char *math,
                     const struct jac_latex *options, struct jac_buffer *out) {
  math += strlen(aligned_begin);
  if (is_frame(options) && !options->bare)
    jac_buffer_printf(out, "%% %s: \\begin{frame}[allowframebreaks]\n",
                      _("it may be higher than a frame"));
  jac_buffer_printf(out, "\\begingroup\\allowdisplaybreaks\n%s\\begin{align*}\n",
                    setting);
  add_lines(math, strlen(math) - strlen(aligned_end), options, out);
  jac_buffer_add(out, "\n\\end{align*}\n\\endgroup%\n");
}

static void add_display(const char *setting, const char *math,
                        const struct jac_latex *options, struct jac_buffer *out) {
  if (tall(math, options))
    add_tall(setting, math, options, out);
  else
    jac_buffer_printf(out, "\\[\n%s%s\n\\]%%\n", setting, math);
}

/* How long the lines are that set lengths, before the mathematics itself. */
static size_t setting_length(const char *math) {
  static const char *const begins[] = {"\\setlength", "\\renewcommand"};
  const char *at = math;
  for (size_t k = 0; k < 2; k++)
    if (strncmp(at, begins[k], strlen(begins[k])) == 0) {
      at += strcspn(at, "\n");
      at += *at == '\n';
    }
  return (size_t)(at - math);
}

void jac_latex_display(const char *math, const char *size,
                       const struct jac_latex *options, struct jac_buffer *out) {
  struct jac_buffer setting = JAC_BUFFER_INIT;
  size_t length = setting_length(math);
  jac_buffer_add_bytes(&setting, math, length);
  if (is_frame(options)) /* or it ends before a display that no longer fits */
    jac_buffer_add(out, "\\filbreak%\n");
  if (*size != '\0')
    jac_buffer_printf(out, "\\begingroup%s%%\n", size);
  add_display(setting.text, math + length, options, out);
  jac_buffer_add(out, *size != '\0' ? "\\endgroup%\n" : "");
  out->failed = out->failed || setting.failed;
  jac_buffer_free(&setting);
}

void jac_latex_enclose(const char *setting, const char *math, const char *size,
                       const struct jac_latex *options, struct jac_buffer *out) {
  bool resized =
      *size != '\0' && options->env != JAC_ENV_BARE && options->env != JAC_ENV_INLINE;
  if (resized)
    jac_buffer_printf(out, "\\begingroup%s%%\n", size);
  switch (options->env) {
  case JAC_ENV_BARE:
    jac_buffer_printf(out, "%s\n", math);
    break;
  case JAC_ENV_INLINE:
    add_inline(math, out);
    break;
  case JAC_ENV_ALIGN:
    add_align(setting, math, options->label, out);
    break;
  case JAC_ENV_DISPLAY:
    if (options->label == NULL) {
      /* beamer breaks no frame at a display that begins it where nothing stretches. */
      if (is_frame(options))
        jac_buffer_add(out, "\\ifvmode\\pagebreak[1]\\vspace{0pt plus .01fil}\\fi%\n");
      add_display(setting, math, options, out);
      break;
    }
    /* A label wants a number. */
    /* fall through */
  case JAC_ENV_EQUATION:
  default:
    jac_buffer_printf(out, "\\begin{equation}\n%s%s\n", setting, math);
    if (options->label != NULL)
      jac_buffer_printf(out, "\\label{%s}\n", options->label);
    jac_buffer_add(out, "\\end{equation}%\n");
  }
  jac_buffer_add(out, resized ? "\\endgroup%\n" : "");
}
