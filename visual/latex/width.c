#include "visual/latex/width.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* TeX's styles: the numerator of a fraction is set in the next one, scripts in one of the
 * last two. */
enum style { DISPLAY, TEXT, SCRIPT, SCRIPTSCRIPT };

/* Letters of 7 and 5 points are wider than those of 10 points made smaller. */
static const double normal[] = {1.0, 1.0, 0.79, 0.66}, tiny[] = {0.66, 0.66, 0.66, 0.66};

struct reader {
  const char *at;
  const double *scales; /* of each style */
  enum style style;
  double scale; /* of the style */
  char before;  /* the last character that was set; 0 at the start of a group */
};

static double list(struct reader *r);

/* A group {..} in its own right, or one character. */
static double argument(struct reader *r, enum style style) {
  struct reader inner = {r->at, r->scales, style, r->scales[style], 0};
  double width;
  while (*inner.at == ' ')
    inner.at++;
  if (*inner.at == '{') {
    inner.at++;
    width = list(&inner);
    inner.at += *inner.at == '}';
  } else {
    char one[2] = {*inner.at, '\0'};
    struct reader single = {one, r->scales, style, r->scales[style], 0};
    width = list(&single);
    inner.at += *inner.at != '\0';
  }
  r->at = inner.at;
  return width;
}

static const struct {
  const char *name;
  double width;
} commands[] = {
    {"cdot", 7.2},   {"times", 12.2}, {"otimes", 12.2}, {"odot", 12.2}, {"leq", 13.4},
    {"geq", 13.4},   {"neq", 13.4},   {"sum", 13.5},    {"prod", 11.0}, {"cdots", 13.4},
    {"ddots", 13.4}, {"vdots", 2.8},  {"quad", 10.0},   {"qquad", 20},  {"infty", 10.0},
    {"bullet", 5.0}, {"circ", 5.0},   {"ast", 5.0},     {"ell", 4.2},   {"partial", 5.8},
    {"left", 1.5},   {"right", 1.5},  {"big", 1.5},     {"Phi", 7.2},   {"top", 7.8},
    {"Bigl", 2.0},   {"Bigr", 2.0},   {"bigl", 1.0},    {"bigr", 1.0},  {"phi", 6.0},
    {"delta", 4.7},  {"gamma", 5.7},  {"sigma", 6.0},   {"in", 12.2},   {"vert", 2.8},
    {"tanh", 22.3},  {"log", 14.5},   {"max", 19.5},    {"min", 17.5},  {"det", 15.0},
};

/* \name, behind the backslash. */
/* Long: the commands whose width is not a number. */
static double command(struct reader *r) {
  const char *name = r->at;
  size_t length = 0;
  while (isalpha((unsigned char)name[length]))
    length++;
  r->at += length > 0 ? length : *name != '\0';
  r->before = 'x';
  for (size_t k = 0; k < sizeof commands / sizeof commands[0]; k++)
    if (strlen(commands[k].name) == length && memcmp(commands[k].name, name, length) == 0)
      return commands[k].width * r->scale;
  if (length == 4 && memcmp(name, "frac", 4) == 0) {
    enum style next = r->style < SCRIPTSCRIPT ? r->style + 1 : SCRIPTSCRIPT;
    double above = argument(r, next), below = argument(r, next);
    return fmax(above, below) + 2.4;
  }
  if (length == 4 && memcmp(name, "sqrt", 4) == 0)
    return argument(r, r->style) + 9.0 * r->scale;
  if (*r->at == '{') {
    double width = argument(r, r->style);
    bool begin = length == 5 && memcmp(name, "begin", 5) == 0;
    if (begin)
      r->before = 0;
    return begin ? 10.0 : length == 3 && memcmp(name, "end", 3) == 0 ? 0.0 : width;
  }
  return (length == 0 ? 1.7 : 6.0) * r->scale;
}

static double character(struct reader *r) {
  char c = *r->at++, before = r->before;
  bool script = r->style >= SCRIPT;
  r->before = c;
  if (c == ' ')
    r->before = before;
  switch (c) {
  case ' ':
  case '{':
    return 0.0;
  case '+':
  case '-':
    return (before == 0 || before == '(' || script ? 7.8 : 12.2) * r->scale;
  case '=':
  case '<':
  case '>':
    return (script ? 7.8 : 13.4) * r->scale;
  case '&':
    r->before = 0;
    return 10.0;
  case '(':
  case ')':
  case '[':
  case ']':
    return 3.9 * r->scale;
  case ',':
  case '.':
  case '|':
    return 2.8 * r->scale;
  case 'm':
  case 'M':
  case 'W':
    return 9.0 * r->scale;
  case 'w':
    return 7.2 * r->scale;
  default:
    return (isupper((unsigned char)c) ? 7.3 : 5.3) * r->scale;
  }
}

/* The scripts of one nucleus stand one above the other. */
static double scripts(struct reader *r) {
  double widest = 0.0;
  while (*r->at == '^' || *r->at == '_') {
    r->at++;
    enum style style = r->style < SCRIPT ? SCRIPT : SCRIPTSCRIPT;
    const char *start = r->at;
    double width = *start == '\\' ? (r->at++, command(r) * r->scales[style] / r->scale)
                                  : argument(r, style);
    widest = fmax(widest, width);
  }
  return widest + 0.5;
}

/* Up to the end of the group; of several lines the widest. */
static double list(struct reader *r) {
  double width = 0.0, widest = 0.0;
  while (*r->at != '\0' && *r->at != '}') {
    if (*r->at == '\\' && r->at[1] == '\\') {
      widest = fmax(widest, width);
      width = 0.0;
      r->at += 2;
      r->at += *r->at == '[' ? strcspn(r->at, "]") : 0;
    } else if (*r->at == '\\') {
      r->at++;
      width += command(r);
    } else if (*r->at == '^' || *r->at == '_')
      width += scripts(r);
    else if (*r->at == '{')
      width += argument(r, r->style);
    else
      width += character(r);
  }
  return fmax(widest, width);
}

static double width_in(const char *math, const double *scales, enum style style) {
  struct reader r = {math, scales, style, scales[style], 0};
  double width = 0.0;
  while (*r.at != '\0') {
    width += list(&r);
    r.at += *r.at == '}';
  }
  return width;
}

double jac_latex_width(const char *math) {
  return width_in(math, normal, TEXT);
}

double jac_latex_display_width(const char *math) {
  return width_in(math, normal, DISPLAY);
}

double jac_latex_tiny_width(const char *math) {
  return width_in(math, tiny, DISPLAY);
}

/* Of what shrinks by less than letters do, scripts are the most: of 7 points in letters
 * of 10, 6 in those of 9 and 8, 5 below. */
double jac_latex_between(double width, double tiny_width, double scale) {
  const double all = tiny[TEXT] / normal[TEXT], script = tiny[SCRIPT] / normal[SCRIPT];
  double scripts = (tiny_width - all * width) / (script - all);
  double shrunk = scale > 0.99 ? 1.0 : scale > 0.8 ? 0.91 : script;
  return fmax(tiny_width, scale * (width - scripts) + shrunk * scripts);
}

struct jac_latex_extent jac_latex_extent(const char *math) {
  double least = jac_latex_tiny_width(math);
  return (struct jac_latex_extent){jac_latex_width(math), least, least};
}

struct jac_latex_extent jac_latex_extent_more(struct jac_latex_extent extent,
                                              double more) {
  return (struct jac_latex_extent){extent.width + more, extent.tiny + tiny[0] * more,
                                   extent.least + tiny[0] * more};
}

const char *jac_latex_size_of(struct jac_latex_extent extent, double line) {
  static const struct {
    const char *name;
    double scale;
  } sizes[] = {
      {"", 1.0}, {"\\small", 0.93}, {"\\footnotesize", 0.86}, {"\\scriptsize", 0.79}};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++)
    if (jac_latex_between(extent.width, extent.tiny, sizes[k].scale) <= line)
      return sizes[k].name;
  return "\\tiny";
}

const char *jac_latex_size(double width, double line) {
  static const struct {
    const char *name;
    double scale;
  } sizes[] = {{"", 1.0},
               {"\\small", 0.93},
               {"\\footnotesize", 0.9},
               {"\\scriptsize", 0.83},
               {"\\tiny", 0.68}};
  size_t k = 0, last = sizeof sizes / sizeof sizes[0] - 1;
  while (k < last && sizes[k].scale * width > line)
    k++;
  return sizes[k].name;
}
