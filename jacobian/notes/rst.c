/* reStructuredText: the role :math:`...`, the directive `.. math::` with its body, which
 * is what stands deeper than it, titles by the line under them, comments. What stands in
 * literal blocks and in directives of code is passed over. */
#include "jacobian/notes/reader_internal.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS = 6, MARKUP = 3 /* bytes of ".. " */ };

/* The walk through the lines. */
struct rst {
  struct jac_notes_reader *reader;
  size_t at;
  char adornment[LEVELS]; /* of the titles' levels, in their order; 0: not met yet */
  bool above[LEVELS];     /* whether there is a line above the title, too */
  size_t literal;         /* a literal block begins where more than this is indented */
  bool expected;          /* whether one does */
  bool role;              /* `x` without a role is a formula: `.. default-role:: math` */
};

static bool space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/* Where the line that text[at] stands in ends, before its newline. */
static size_t line_end(const struct rst *w, size_t at) {
  const struct jac_notes_reader *r = w->reader;
  const char *end = memchr(r->text + at, '\n', r->length - at);
  return end != NULL ? (size_t)(end - r->text) : r->length;
}

static size_t next_line(const struct rst *w, size_t at) {
  size_t end = line_end(w, at);
  return end < w->reader->length ? end + 1 : end;
}

/* Past the spaces of the line from here on. */
static size_t text_start(const struct rst *w, size_t at) {
  while (at < w->reader->length && space(w->reader->text[at]))
    at++;
  return at;
}

static bool blank(const struct rst *w, size_t line) {
  size_t at = text_start(w, line);
  return at == w->reader->length || w->reader->text[at] == '\n';
}

/* The first line from here on that says something and is indented no more than this. */
static size_t block_end(const struct rst *w, size_t line, size_t indent) {
  size_t end = line;
  while (line < w->reader->length) {
    bool empty = blank(w, line);
    if (!empty && text_start(w, line) - line <= indent)
      break;
    line = next_line(w, line);
    end = empty ? end : line;
  }
  return end;
}

/* The sign that the whole line consists of, three times or more; else 0. */
static char rule(const struct rst *w, size_t line) {
  size_t end = line_end(w, line), at = line;
  char sign = line < end ? w->reader->text[line] : '\0';
  while (end > line && space(w->reader->text[end - 1]))
    end--;
  while (at < end && w->reader->text[at] == sign)
    at++;
  return at == end && end - line >= 3 && strchr("=-~^\"'`#*+:.<>_", sign) ? sign : '\0';
}

/* Titles of a kind that was not met are of the next level. */
static int level(struct rst *w, char sign, bool above) {
  int k = 0;
  while (k < LEVELS - 1 && w->adornment[k] != '\0' &&
         !(w->adornment[k] == sign && w->above[k] == above))
    k++;
  w->adornment[k] = sign;
  w->above[k] = above;
  return k + 1;
}

/* A title at the start of this line, with the line under it, and above it perhaps. */
static bool title(struct rst *w, enum jac_status *status) {
  size_t text = w->at, under;
  char over = rule(w, text), sign;
  if (over != '\0')
    text = next_line(w, text);
  under = next_line(w, text);
  if (blank(w, text) || (over == '\0' && text_start(w, text) > text) ||
      line_end(w, text) == w->reader->length)
    return false;
  sign = rule(w, under);
  if (sign == '\0' || (over != '\0' && over != sign) || rule(w, text) != '\0')
    return false;
  struct jac_item item =
      jac_reader_item(w->reader, JAC_ITEM_HEADING, w->at, line_end(w, text));
  item.level = level(w, sign, over != '\0');
  *status = jac_document_add(w->reader->document, &item, NULL, w->reader->err);
  w->at = text; /* formulas in the title are read as those of a line */
  return true;
}

/* The formulas of a `.. math::` whose body has environments of its own: each is one. */
static enum jac_status environments(struct rst *w, size_t at, size_t end, bool *any) {
  enum jac_status status = JAC_OK;
  struct jac_span found;
  while (status == JAC_OK && at < end) {
    const char *next = memchr(w->reader->text + at, '\\', end - at);
    if (next == NULL)
      break;
    at = (size_t)(next - w->reader->text);
    if (strncmp(next, "\\begin{", 7) == 0 && jac_span_find(w->reader, at, &found) &&
        found.end <= end) {
      *any = true;
      status = jac_reader_formula(w->reader, &found, 0);
      at = found.end;
    } else
      at += jac_control_length(next, end - at);
  }
  return status;
}

static bool word(const struct rst *w, size_t at, const char *what) {
  size_t size = strlen(what);
  return w->reader->length - at >= size && memcmp(w->reader->text + at, what, size) == 0;
}

static void copy(struct rst *w, size_t from, size_t to, struct jac_trace *out) {
  for (; from < to; from++)
    jac_trace_char(out, w->reader->text[from], jac_reader_place(w->reader, from));
}

/* The lines of a body. An empty line between two of them parts two formulas, if it does
 * not stand in an environment; what came before may say so itself. */
static void gather(struct rst *w, size_t line, size_t end, struct jac_trace *out) {
  size_t open = 0;
  bool parted = false;
  for (; line < end; line = next_line(w, line)) {
    if (blank(w, line)) {
      parted = out->length > 0;
      continue;
    }
    bool said = out->length >= 3 && memcmp(out->text + out->length - 3, "\\\\\n", 3) == 0;
    if (parted && open == 0 && !said)
      jac_trace_fixed(out, "\\\\\n", 3, jac_reader_place(w->reader, line));
    parted = false;
    size_t last = line_end(w, line);
    for (size_t k = line; k < last; k++) {
      open += word(w, k, "\\begin{");
      open -= open > 0 && word(w, k, "\\end{");
    }
    size_t stop = last;
    while (stop > line && space(w->reader->text[stop - 1]))
      stop--;
    copy(w, text_start(w, line), stop, out);
    jac_trace_fixed(out, "\n", 1, jac_reader_place(w->reader, last));
  }
}

/* Past the options of a directive, `:label: eq`, from the line behind its own. */
static size_t options_end(const struct rst *w, size_t line, size_t end) {
  while (line < end && !blank(w, line) && w->reader->text[text_start(w, line)] == ':')
    line = next_line(w, line);
  return line;
}

/* `.. math::` with nothing in it: unfinished, or what follows is not indented. */
static enum jac_status without_body(struct rst *w, size_t markup, size_t end) {
  struct jac_notes_reader *r = w->reader;
  struct jac_item item = jac_reader_item(r, JAC_ITEM_DISPLAY, markup, end);
  struct jac_trace text = {0};
  item.environment = "math";
  item.problem =
      strdup(_("'.. math::' holds no formula: indent the lines of one under it"));
  if (item.problem == NULL)
    return jac_fail_memory(r->err);
  copy(w, markup, end, &text);
  jac_trace_end(&text, jac_reader_place(r, end));
  if (!text.failed)
    return jac_document_add(r->document, &item, &text, r->err);
  free(item.problem);
  jac_trace_free(&text);
  return jac_fail_memory(r->err);
}

/* `.. math::`, whose first line may hold a formula, or the first of them. */
static enum jac_status math(struct rst *w, size_t markup, size_t after, size_t end) {
  struct jac_notes_reader *r = w->reader;
  size_t first = text_start(w, after), body = options_end(w, next_line(w, after), end);
  bool any = false;
  enum jac_status status = environments(w, after, end, &any);
  if (any || status != JAC_OK)
    return status;
  struct jac_trace text = {0};
  if (first < line_end(w, after)) {
    copy(w, first, line_end(w, after), &text);
    jac_trace_fixed(&text, "\n", 1, jac_reader_place(r, line_end(w, after)));
  }
  gather(w, body, end, &text);
  while (end > markup && (space(r->text[end - 1]) || r->text[end - 1] == '\n'))
    end--;
  if (text.length == 0 && !text.failed) {
    jac_trace_free(&text);
    return without_body(w, markup, end);
  }
  jac_trace_end(&text, jac_reader_place(r, end));
  struct jac_span found = {.kind = JAC_ITEM_DISPLAY,
                           .environment = "math",
                           .start = markup,
                           .begin = first,
                           .finish = end,
                           .end = end,
                           .closed = true};
  status = text.failed ? jac_fail_memory(r->err) : jac_reader_gathered(r, &found, &text);
  jac_trace_free(&text);
  return status;
}

static bool is_code(const struct rst *w, size_t name) {
  static const char *const names[] = {
      "code-block::", "code::",           "sourcecode::",    "raw::",
      "highlight::",  "literalinclude::", "ipython::",       "doctest::",
      "testcode::",   "prompt::",         "productionlist::"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (word(w, name, names[k]))
      return true;
  return false;
}

/* Whether `.. ` is followed by `name::`; other markup are targets, footnotes, and
 * substitutions, which begin with a sign of their own, and comments. */
static bool is_directive(const struct rst *w, size_t name) {
  size_t k = name, end = line_end(w, name);
  const char *text = w->reader->text;
  while (k < end &&
         (text[k] == '-' || text[k] == '_' || text[k] == '.' || (text[k] | 32) >= 'a' ||
          (text[k] >= '0' && text[k] <= '9')) &&
         text[k] != '`')
    k++;
  return k > name && word(w, k, "::");
}

/* Explicit markup, `.. ` at text[markup]; indent: of its line. */
static enum jac_status markup(struct rst *w, size_t markup, size_t indent) {
  struct jac_notes_reader *r = w->reader;
  size_t next = next_line(w, markup), name = text_start(w, markup + MARKUP);
  bool directive = name < r->length && is_directive(w, name);
  bool formula = directive && word(w, name, "math::");
  if (directive && word(w, name, "default-role::"))
    w->role = word(w, text_start(w, name + strlen("default-role::")), "math");
  /* What other directives hold is text; so is a footnote; `..` alone ends what is above.
   */
  bool text = directive ? !formula && !is_code(w, name)
                        : name >= r->length || r->text[name] == '[' || blank(w, name);
  w->at = next;
  if (text)
    return JAC_OK;
  size_t end = block_end(w, next, indent);
  w->at = end;
  if (formula)
    return math(w, markup, name + strlen("math::"), end);
  if (directive || strchr("_|", r->text[name]) || end < name)
    return JAC_OK;
  struct jac_piece inside = {
      .text = r->text + name, .length = end - name, .origin = name};
  if (r->at != NULL)
    inside.at = r->at + name;
  else
    inside.base = (uint32_t)name;
  return jac_reader_comment(r, &inside, true);
}

/* Past what begins an item of a list, `- ` or `2. `, where markup follows it. */
static size_t item_start(const struct rst *w, size_t at) {
  const char *text = w->reader->text;
  size_t k = at;
  if (strchr("-*+", text[k]))
    k++;
  else {
    while ((text[k] >= '0' && text[k] <= '9') || text[k] == '#')
      k++;
    k += k > at && (text[k] == '.' || text[k] == ')');
  }
  size_t next = text_start(w, k);
  return k > at && next > k && word(w, next, ".. ") ? next : at;
}

/* Where what opens with a backtick at text[at] closes, in its paragraph: at its closing
 * one; else 0. */
static size_t backtick(const struct rst *w, size_t at) {
  const char *text = w->reader->text;
  for (size_t k = at + 1; k < w->reader->length; k++) {
    if (text[k] == '`')
      return k > at + 1 ? k : 0;
    if (text[k] == '\n' && blank(w, k + 1))
      return 0;
  }
  return 0;
}

/* Past what is literal from two backticks on, up to the next two of the line. */
static size_t literal_end(const struct rst *w, size_t at) {
  const char *text = w->reader->text, *end = strstr(text + at + 2, "``");
  return end != NULL && end < text + line_end(w, at) ? (size_t)(end - text) + 2 : at + 2;
}

/* :math:` that its paragraph does not close: told, as is a display that is not closed. */
static enum jac_status not_closed(struct rst *w, size_t start, size_t begin) {
  size_t end = line_end(w, begin);
  while (end < w->reader->length && !blank(w, end + 1))
    end = line_end(w, end + 1);
  struct jac_span found = {.kind = JAC_ITEM_DISPLAY,
                           .environment = ":math:`",
                           .closing = JAC_CLOSE_BACKTICK,
                           .start = start,
                           .begin = begin,
                           .finish = end,
                           .end = end};
  return jac_reader_formula(w->reader, &found, 0);
}

/* At a backtick of a line: a formula, where its role is math; else past it. */
static enum jac_status inline_text(struct rst *w, size_t line, size_t at) {
  static const char role[] = ":math:";
  struct jac_notes_reader *r = w->reader;
  size_t before = strlen(role), close = backtick(w, at);
  bool said = at - line >= before && word(w, at - before, role);
  if (word(w, at, "``")) {
    w->at = literal_end(w, at);
    return JAC_OK;
  }
  w->at = close > 0 ? close + 1 : at + 1;
  if (close == 0 && said && r->text[at + 1] != '`')
    return not_closed(w, at - before, at + 1);
  bool bare = w->role && close > 0 && r->text[close + 1] != '_' &&
              (at == line || r->text[at - 1] != ':');
  if (close == 0 || !(said || bare))
    return JAC_OK;
  struct jac_span found = {.kind = JAC_ITEM_INLINE,
                           .environment = "$",
                           .closing = JAC_CLOSE_BACKTICK,
                           .start = said ? at - before : at,
                           .begin = at + 1,
                           .finish = close,
                           .end = close + 1,
                           .closed = true};
  return jac_reader_formula(r, &found, 0);
}

/* The rest of a line of text, which may end where a role of a later line does. */
static enum jac_status line(struct rst *w, size_t indent) {
  struct jac_notes_reader *r = w->reader;
  enum jac_status status = JAC_OK;
  size_t start = w->at, end = line_end(w, start);
  while (status == JAC_OK && w->at < end) {
    const char *tick = memchr(r->text + w->at, '`', end - w->at);
    if (tick == NULL)
      break;
    status = inline_text(w, start, (size_t)(tick - r->text));
    end = line_end(w, w->at);
  }
  size_t last = end;
  while (last > w->at && space(r->text[last - 1]))
    last--;
  w->expected = last >= start + 2 && memcmp(r->text + last - 2, "::", 2) == 0;
  w->literal = indent;
  w->at = next_line(w, end);
  return status;
}

static enum jac_status step(struct rst *w) {
  enum jac_status status = JAC_OK;
  size_t from = text_start(w, w->at), indent = from - w->at;
  if (blank(w, w->at)) {
    w->at = next_line(w, w->at);
    return JAC_OK;
  }
  if (w->expected && indent > w->literal) {
    w->expected = false;
    w->at = block_end(w, w->at, w->literal);
    return JAC_OK;
  }
  w->expected = false;
  size_t item = item_start(w, from);
  if (word(w, item, ".. ") || (word(w, item, "..") && line_end(w, item) == item + 2))
    return markup(w, item, item - w->at);
  if (title(w, &status) && status != JAC_OK)
    return status;
  return line(w, indent);
}

enum jac_status jac_notes_read_rst(struct jac_notes_reader *reader) {
  struct rst walk = {.reader = reader};
  enum jac_status status = JAC_OK;
  while (status == JAC_OK && walk.at < reader->length)
    status = step(&walk);
  return status;
}
