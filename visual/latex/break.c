/* Long right sides on several lines: broken before what adds, else before what
 * multiplies. */
#include "visual/latex/break.h"

#include "visual/latex/width.h"

#include <stdbool.h>
#include <string.h>

enum { DEEPEST = 3, RELATION = 14, INDENT = 10 };

/* How much a part is worth breaking before; 0: not at all. Sums outside brackets come
 * first, then products, then the same within round brackets. */
static int sign_at(const char *at, const char *start) {
  static const char *const products[] = {"\\odot ", "\\otimes ", "\\cdot "};
  if (at == start || at[-1] != ' ')
    return 0;
  if ((at[0] == '+' || at[0] == '-') && at[1] == ' ')
    return 1;
  for (size_t k = 0; k < sizeof products / sizeof products[0]; k++)
    if (strncmp(at, products[k], strlen(products[k])) == 0)
      return 2;
  return 0;
}

static double width_of(const char *from, const char *to) {
  struct jac_buffer part = JAC_BUFFER_INIT;
  jac_buffer_add_bytes(&part, from, (size_t)(to - from));
  const double surely = 1.08; /* widths are estimated to a tenth */
  double width = part.failed ? 0.0 : surely * jac_latex_display_width(part.text);
  jac_buffer_free(&part);
  return width;
}

/* How deep in brackets: what \left and \right, braces and environments hold is never
 * broken. */
struct depth {
  int round, closed;
};

static void follow(struct depth *d, const char *at) {
  d->closed +=
      *at == '{' || strncmp(at, "\\left", 5) == 0 || strncmp(at, "\\begin", 6) == 0;
  d->closed -=
      *at == '}' || strncmp(at, "\\right", 6) == 0 || strncmp(at, "\\end", 4) == 0;
  if (d->closed == 0) {
    d->round += *at == '(' || *at == '[';
    d->round -= *at == ')' || *at == ']';
  }
}

/* The best place to break between from and to so that what stands before it fits: the
 * last of the least depth that leaves no line nearly empty, else the last of the least;
 * NULL: there is none. */
static const char *place(const char *from, const char *to, double room) {
  const double empty = 0.3;
  const char *any = NULL;
  for (int rank = 1; rank <= 2 * DEEPEST; rank++) {
    struct depth d = {0, 0};
    const char *found = NULL;
    for (const char *at = from; at < to; at++) {
      int sign = d.closed == 0 ? sign_at(at, from) : 0;
      /* Of one depth sums come before products. */
      if (sign > 0 && at > from && 2 * d.round + sign == rank &&
          width_of(from, at) <= room)
        found = at;
      follow(&d, at);
    }
    if (found != NULL && width_of(from, found) > empty * room)
      return found;
    any = any != NULL ? any : found;
  }
  return any;
}

/* Behind the group of braces that begins at at, or the bracket that \left opens there. */
static const char *behind(const char *at) {
  int depth = 0;
  do {
    depth += *at == '{' || strncmp(at, "\\left", 5) == 0;
    depth -= *at == '}' || strncmp(at, "\\right", 6) == 0;
    at++;
  } while (*at != '\0' && depth > 0);
  return at;
}

static void loosen(const char *from, const char *to, double room,
                   struct jac_buffer *out) {
  static const char fraction[] = "\\frac{", left[] = "\\left(", right[] = "\\right";
  const size_t name = sizeof fraction - 2, open = sizeof left - 1, shut = sizeof right;
  for (const char *at = from; at < to;) {
    bool over = strncmp(at, fraction, name + 1) == 0;
    bool round = strncmp(at, left, open) == 0;
    const char *end = over || round ? behind(at + (over ? name : 0)) : at + 1;
    const char *below = over ? end : NULL;
    if (over)
      end = behind(end);
    else if (round)
      end += shut - 1; /* right) */
    if ((over || round) && width_of(at, end) > room) {
      if (over)
        jac_buffer_printf(out, "\\frac{1}%.*s ", (int)(end - below), below);
      jac_buffer_add(out, "\\bigl(");
      loosen(at + (over ? name + 1 : open), over ? below - 1 : end - shut, room, out);
      jac_buffer_add(out, "\\bigr)");
    } else
      jac_buffer_add_bytes(out, at, (size_t)(end - at));
    at = end;
  }
}

void jac_latex_loose(const char *math, double room, struct jac_buffer *out) {
  loosen(math, math + strlen(math), room, out);
}

/* Long right sides on several lines. */
static void add_lines(const char *left, const char *right, double line,
                      struct jac_buffer *out) {
  double room = line - jac_latex_display_width(left) - RELATION;
  const char *end = right + strlen(right);
  jac_buffer_printf(out, "%s &= ", left);
  while (width_of(right, end) > room) {
    const char *at = place(right, end, room);
    if (at == NULL)
      break;
    const char *last = at;
    while (last > right && last[-1] == ' ')
      last--;
    jac_buffer_add_bytes(out, right, (size_t)(last - right));
    jac_buffer_add(out, " \\\\\n  &\\quad ");
    right = at;
    room = line - jac_latex_display_width(left) - RELATION - INDENT;
  }
  jac_buffer_add_bytes(out, right, (size_t)(end - right));
}

void jac_latex_broken(const char *left, const char *right, double line,
                      struct jac_buffer *out) {
  struct jac_buffer loose = JAC_BUFFER_INIT;
  double room = line - jac_latex_display_width(left) - RELATION - INDENT;
  jac_buffer_add(&loose, "");
  jac_latex_loose(right, room, &loose);
  add_lines(left, loose.failed ? "" : loose.text, line, out);
  out->failed = out->failed || loose.failed;
  jac_buffer_free(&loose);
}

void jac_latex_one_or_broken(const char *left, const char *right, double line,
                             struct jac_buffer *out) {
  struct jac_buffer lines = JAC_BUFFER_INIT;
  jac_latex_broken(left, right, line, &lines);
  if (lines.failed || strchr(lines.text, '\n') == NULL)
    jac_buffer_printf(out, "%s = %s", left, right);
  else
    jac_buffer_printf(out, "\\begin{aligned}\n  %s\n\\end{aligned}", lines.text);
  out->failed = out->failed || lines.failed;
  jac_buffer_free(&lines);
}
