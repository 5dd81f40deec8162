/* Long right sides on several lines: broken before what adds, else before what
 * multiplies. */
#include "visual/latex/break.h"

#include "visual/latex/width.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

enum { DEEPEST = 3, RELATION = 14, INDENT = 10 };

/* The brace that opens the group that ends there; NULL: none does. */
static const char *group_before(const char *start, const char *end) {
  int depth = 0;
  if (*end != '}')
    return NULL;
  do {
    depth += *end == '}';
    depth -= *end == '{';
  } while (depth > 0 && end-- > start);
  return depth == 0 ? end : NULL;
}

/* Whether a sign or a sum's index stands before the blank before it: what follows is
 * theirs. */
static bool is_theirs(const char *start, const char *at) {
  static const char sum[] = "\\sum_";
  const size_t length = sizeof sum - 1;
  const char *before = at - start > 1 ? at - 2 : start, *open;
  if (strchr("+-=", *before) != NULL)
    return true;
  open = group_before(start, before);
  if (open != NULL && open - start > 1 && open[-1] == '^')
    open = group_before(start, open - 2);
  return open != NULL && (size_t)(open - start) >= length &&
         strncmp(open - length, sum, length) == 0;
}

/* How much a part is worth breaking before; 0: not at all. Sums outside brackets come
 * first, then products, then the same within round brackets. */
static int sign_at(const char *at, const char *start) {
  static const char *const products[] = {"\\odot ", "\\otimes ", "\\cdot ", "\\sum_",
                                         "\\mathbf{1}"};
  if (at == start || at[-1] != ' ' || is_theirs(start, at))
    return 0;
  if (((at[0] == '+' || at[0] == '-') && at[1] == ' ') ||
      strncmp(at, "\\text{ and }", 12) == 0)
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
    d->round += (*at == '(') + 2 * (*at == '['); /* 1[i > j] is best left whole */
    d->round -= (*at == ')') + 2 * (*at == ']');
  }
}

/* The last place between factors side by side, in as few brackets as can be, so that what
 * stands before it fits; NULL: there is none. */
static const char *beside(const char *from, const char *to, double room) {
  struct depth d = {0, 0};
  const char *found = NULL;
  int least = INT_MAX;
  for (const char *at = from; at < to; at++) {
    bool factor = isalpha((unsigned char)*at) || *at == '(';
    bool behind = at - from > 1 && at[-1] == ' ' && strchr("})", at[-2]) != NULL;
    if (d.closed == 0 && d.round <= least && factor && behind && !is_theirs(from, at) &&
        width_of(from, at) <= room) {
      found = at;
      least = d.round;
    }
    follow(&d, at);
  }
  return found;
}

/* The best place to break between from and to so that what stands before it fits: the
 * last of the least depth that leaves no line nearly empty, else the last of the least,
 * else between factors side by side; NULL: there is none. */
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
      d.round = d.round > 0 ? d.round : 0; /* it was opened on a line before */
    }
    if (found != NULL && width_of(from, found) > empty * room)
      return found;
    any = any != NULL ? any : found;
  }
  return any != NULL ? any : beside(from, to, room);
}

/* What begins a line that is broken there: a sign where there was none. */
static const char *begins(const char *at, const char *from) {
  return sign_at(at, from) == 0 ? "\\cdot " : "";
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

static void loosen(const char *from, const char *to, double room, struct jac_buffer *out);

/* 1[q = ...] has room for lines, 1_{q = ...} has none: behind it, where it is long enough
 * to be written so; else NULL. */
static const char *loosen_where(const char *at, double room, struct jac_buffer *out) {
  static const char where[] = "\\mathbf{1}_{";
  const char *inside = at + sizeof where - 1;
  if (strncmp(at, where, sizeof where - 1) != 0)
    return NULL;
  const char *close = behind(inside - 1);
  if (2.0 * width_of(at, close) <= room)
    return NULL;
  jac_buffer_add(out, "\\mathbf{1}[");
  loosen(inside, close - 1, room, out);
  jac_buffer_add(out, "]");
  return close;
}

static void loosen(const char *from, const char *to, double room,
                   struct jac_buffer *out) {
  static const char fraction[] = "\\frac{", left[] = "\\left(", right[] = "\\right";
  const size_t name = sizeof fraction - 2, open = sizeof left - 1, shut = sizeof right;
  for (const char *at = from; at < to;) {
    const char *behind_where = loosen_where(at, room, out);
    if (behind_where != NULL) {
      at = behind_where;
      continue;
    }
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

/* A cell on as many lines as it takes. */
static void add_cell(const char *from, const char *end, double room,
                     struct jac_buffer *out) {
  bool broken = false;
  while (width_of(from, end) > room) {
    const char *at = place(from, end, room);
    if (at == NULL)
      break;
    jac_buffer_printf(out, "%s%.*s\\\\ &\\quad %s", broken ? "" : "\\begin{aligned} & ",
                      (int)(at - from), from, begins(at, from));
    broken = true;
    from = at;
  }
  jac_buffer_add_bytes(out, from, (size_t)(end - from));
  jac_buffer_add(out, broken ? " \\end{aligned}" : "");
}

/* The next sign of these cases, past those of cases within; NULL: there is none. */
static const char *next_of(const char *at, const char *end, const char *sign) {
  int depth = 0;
  for (; at < end; at++) {
    if (depth == 0 && strncmp(at, sign, strlen(sign)) == 0)
      return at;
    depth += strncmp(at, "\\begin{", 7) == 0;
    depth -= strncmp(at, "\\end{", 5) == 0;
  }
  return NULL;
}

/* How wide the widest condition is. */
static double conditions(const char *at, const char *end) {
  double widest = 0.0;
  while ((at = next_of(at, end, " & ")) != NULL) {
    const char *stop = next_of(at, end, " \\\\ ");
    stop = stop == NULL ? end : stop;
    double width = width_of(at + 3, stop);
    widest = width > widest ? width : widest;
    at = stop;
  }
  return widest;
}

void jac_latex_cases(const char *math, double room, struct jac_buffer *out) {
  static const char begins[] = "\\begin{cases} ", ends[] = " \\end{cases}";
  const double brace = 25.0; /* and what stands before a condition */
  const char *stop = math + strlen(math), *at = strstr(math, begins);
  const char *end = at ? next_of(at + sizeof begins - 1, stop, ends) : NULL;
  if (end == NULL) {
    jac_buffer_add(out, math);
    return;
  }
  room -= width_of(math, at) + width_of(end + sizeof ends - 1, stop);
  at += sizeof begins - 1;
  room -= conditions(at, end) + brace;
  jac_buffer_add_bytes(out, math, (size_t)(at - math));
  while (at < end) {
    const char *cell = next_of(at, end, " & "), *row = next_of(at, end, " \\\\ ");
    row = row == NULL ? end : row;
    cell = cell == NULL || cell > row ? row : cell;
    add_cell(at, cell, room, out);
    at = row < end ? row + 4 : end;
    jac_buffer_add_bytes(out, cell, (size_t)(at - cell));
  }
  jac_buffer_add(out, end);
}

/* Long right sides on several lines; false: one of them is too wide all the same. */
static bool add_lines(const char *left, const char *right, double line,
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
    jac_buffer_printf(out, " \\\\\n  &\\quad %s", begins(at, right));
    right = at;
    room = line - jac_latex_display_width(left) - RELATION - INDENT;
  }
  jac_buffer_add_bytes(out, right, (size_t)(end - right));
  return width_of(right, end) <= room;
}

void jac_latex_broken(const char *left, const char *right, double line,
                      struct jac_buffer *out) {
  struct jac_buffer loose = JAC_BUFFER_INIT, lines = JAC_BUFFER_INIT;
  double room = line - jac_latex_display_width(left) - RELATION - INDENT;
  bool fits = false;
  /* What does not fit beside what stands before it is loosened further. */
  for (int narrow = 1; narrow <= 2 && !fits; narrow++) {
    jac_buffer_clear(&loose);
    jac_buffer_clear(&lines);
    jac_buffer_add(&loose, "");
    jac_latex_loose(right, room / narrow, &loose);
    fits = add_lines(left, loose.failed ? "" : loose.text, line, &lines);
  }
  jac_buffer_add(out, lines.failed ? "" : lines.text);
  out->failed = out->failed || loose.failed || lines.failed;
  jac_buffer_free(&lines);
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

void jac_latex_fit(const char *left, const char *right, double room,
                   struct jac_buffer *out) {
  struct jac_buffer all = JAC_BUFFER_INIT, loose = JAC_BUFFER_INIT;
  jac_buffer_printf(&all, "%s = %s", left, right);
  bool wide = !all.failed && width_of(all.text, all.text + all.length) > room;
  bool cases = strstr(right, "\\begin{cases}") != NULL;
  if (wide && cases)
    jac_latex_loose(all.text, room, &loose);
  if (loose.length > 0)
    jac_latex_cases(loose.text, room, out);
  else if (wide)
    jac_latex_one_or_broken(left, right, room, out);
  else if (!all.failed)
    jac_buffer_add(out, all.text);
  out->failed = out->failed || all.failed || loose.failed;
  jac_buffer_free(&all);
  jac_buffer_free(&loose);
}
