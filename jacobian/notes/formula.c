/* Formulas as their author meant them: without what the transport added. */
#include "jacobian/buffer.h"
#include "jacobian/notes/reader_internal.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

uint32_t jac_reader_place(const struct jac_notes_reader *reader, size_t offset) {
  return reader->at != NULL ? reader->at[offset] : (uint32_t)offset;
}

static uint32_t piece_place(const struct jac_piece *piece, size_t k) {
  return piece->at != NULL ? piece->at[k] : piece->base + (uint32_t)k;
}

/* The line of the cell that offset stands in; offsets come nearly in order. */
static size_t cell_line(struct jac_notes_reader *r, size_t offset) {
  if (offset > r->length)
    offset = r->length;
  for (; r->counted < offset; r->counted++)
    r->newlines += r->text[r->counted] == '\n';
  for (; r->counted > offset; r->counted--)
    r->newlines -= r->text[r->counted - 1] == '\n';
  return r->newlines + 1;
}

struct jac_item jac_reader_item(struct jac_notes_reader *reader, enum jac_item_kind kind,
                                size_t start, size_t end) {
  struct jac_item item = {.kind = kind,
                          .start = jac_reader_place(reader, start),
                          .end = jac_reader_place(reader, end),
                          .cell = reader->cell};
  if (reader->cell > 0)
    item.cell_line = cell_line(reader, start);
  return item;
}

static bool space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

enum jac_status jac_reader_comment(struct jac_notes_reader *reader,
                                   const struct jac_piece *inside, bool closed) {
  static const char word[] = "jacobian:";
  size_t begin = 0, end = inside->length;
  while (begin < end && (space(inside->text[begin]) || inside->text[begin] == '%'))
    begin++;
  if (end - begin < strlen(word) || memcmp(inside->text + begin, word, strlen(word)) != 0)
    return JAC_OK;
  begin += strlen(word);
  while (begin < end && space(inside->text[begin]))
    begin++;
  while (end > begin && space(inside->text[end - 1]))
    end--;
  struct jac_trace text = {0};
  for (size_t k = begin; k < end; k++)
    jac_trace_char(&text, space(inside->text[k]) ? ' ' : inside->text[k],
                   piece_place(inside, k));
  jac_trace_end(&text, piece_place(inside, end));
  struct jac_item item = {.kind = JAC_ITEM_DIRECTIVE,
                          .start = piece_place(inside, begin),
                          .end = piece_place(inside, end),
                          .cell = reader->cell};
  if (reader->cell > 0)
    item.cell_line = cell_line(reader, inside->origin + begin);
  if (!closed &&
      (item.problem = strdup(_("this comment does not end: --> is missing"))) == NULL) {
    jac_trace_free(&text);
    return jac_fail_memory(reader->err);
  }
  return jac_document_add(reader->document, &item, &text, reader->err);
}

/* A formula being cleaned. */
struct cleaner {
  struct jac_notes_reader *reader;
  const struct jac_piece *in;
  struct jac_trace *out;
  size_t at;
  size_t quotes;
  size_t depth, text_depth; /* braces open, and the brace of \text{ (0: none) */
  bool doubled;             /* between \\( and \\): every backslash may be doubled */
};

static bool ahead(const struct cleaner *c, const char *sign) {
  size_t size = strlen(sign);
  return c->in->length - c->at >= size && memcmp(c->in->text + c->at, sign, size) == 0;
}

static void put(struct cleaner *c, const char *bytes) {
  jac_trace_fixed(c->out, bytes, strlen(bytes), piece_place(c->in, c->at));
}

/* Copies count bytes with their places. */
static void copy(struct cleaner *c, size_t count) {
  for (; count > 0; count--, c->at++)
    jac_trace_char(c->out, c->in->text[c->at], piece_place(c->in, c->at));
}

static void line_end(struct cleaner *c) {
  copy(c, 1);
  size_t at = c->at, quotes = c->quotes;
  while (quotes > 0 && at < c->in->length &&
         (c->in->text[at] == ' ' || c->in->text[at] == '>'))
    if (c->in->text[at++] == '>') {
      quotes--;
      at += at < c->in->length && c->in->text[at] == ' ';
      c->at = at;
    }
}

static enum jac_status comment(struct cleaner *c) {
  const char *from = c->in->text + c->at + 1;
  size_t left = c->in->length - c->at - 1;
  const char *end = memchr(from, '\n', left);
  struct jac_piece inside = {.text = from,
                             .length = end != NULL ? (size_t)(end - from) : left,
                             .origin = c->in->origin + c->at + 1};
  if (c->in->at != NULL)
    inside.at = c->in->at + c->at + 1;
  else
    inside.base = c->in->base + (uint32_t)c->at + 1;
  c->at += 1 + inside.length;
  return jac_reader_comment(c->reader, &inside, true);
}

/* {% raw %} and its like, on one line. */
static bool liquid(struct cleaner *c) {
  if (!c->reader->markdown || !ahead(c, "{%"))
    return false;
  for (size_t k = c->at + 2; k + 1 < c->in->length && c->in->text[k] != '\n'; k++)
    if (c->in->text[k] == '%' && c->in->text[k + 1] == '}') {
      c->at = k + 2;
      return true;
    }
  return false;
}

/* `&lt;` in HTML tables, the Unicode minus. */
static bool replaced(struct cleaner *c) {
  static const char *const signs[][2] = {
      {"\xE2\x88\x92", "-"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
  for (size_t k = 0; k < (c->reader->markdown ? 4 : 1); k++)
    if (ahead(c, signs[k][0])) {
      put(c, signs[k][1]);
      c->at += strlen(signs[k][0]);
      return true;
    }
  return false;
}

/* A run of backslashes in Markdown, where some were written twice so that the processor
 * left one: four or five are a line break, and \_ is an index. */
static bool unescape(struct cleaner *c) {
  size_t run = 0;
  const char *text = c->in->text + c->at;
  while (c->at + run < c->in->length && text[run] == '\\')
    run++;
  char next = c->at + run < c->in->length ? text[run] : '\0';
  bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
  bool sign = next != '\0' && strchr("{}|,;:!", next) != NULL;
  if (run >= 4) {
    put(c, "\\\\");
    c->at += run;
    if (run % 2 == 1 && (letter || sign))
      jac_trace_char(c->out, '\\', piece_place(c->in, c->at - 1));
  } else if (run == 1 && (next == '_' || next == '*') && c->text_depth == 0)
    c->at++;
  else if (run == 2 && c->doubled && (sign || next == '_'))
    c->at += next == '_' ? 2 : 1;
  else
    return false;
  return run >= 4 || next == '_' || next == '*';
}

static void control(struct cleaner *c) {
  static const char *const prose[] = {"\\text",   "\\mbox",   "\\textrm", "\\textbf",
                                      "\\textit", "\\texttt", "\\hbox"};
  if (c->reader->markdown && unescape(c))
    return;
  const char *text = c->in->text + c->at;
  size_t size = jac_control_length(text, c->in->length - c->at);
  if (size == 8 && memcmp(text, "\\newline", 8) == 0) {
    put(c, "\\\\");
    c->at += size;
    return;
  }
  for (size_t k = 0; k < sizeof prose / sizeof prose[0] && c->text_depth == 0; k++)
    if (strlen(prose[k]) == size && memcmp(text, prose[k], size) == 0 &&
        c->at + size < c->in->length && text[size] == '{')
      c->text_depth = c->depth + 1;
  copy(c, size);
}

static void brace(struct cleaner *c) {
  if (c->in->text[c->at] == '{')
    c->depth++;
  else {
    if (c->depth == c->text_depth)
      c->text_depth = 0;
    c->depth -= c->depth > 0;
  }
  copy(c, 1);
}

/* The end of the \intertext{...} that begins here, or 0. */
static size_t intertext_end(const struct cleaner *c) {
  static const char *const words[] = {"\\intertext{", "\\shortintertext{"};
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
    if (ahead(c, words[k]))
      return jac_group_end(c->in->text, c->in->length, c->at + strlen(words[k]) - 1,
                           c->in->length);
  return 0;
}

/* A sentence between the rows of a display is none of its formulas; what is said in it,
 * `where $W$ is ...`, is said before the display. */
static enum jac_status intertext(struct cleaner *c, size_t end) {
  struct jac_notes_reader *r = c->reader;
  enum jac_status status = JAC_OK;
  struct jac_span found;
  bool here = c->in->text == r->text + c->in->origin; /* else gathered from pieces */
  for (; c->at < end && status == JAC_OK; c->at++) {
    size_t at = c->in->origin + c->at;
    if (!here || r->text[at] != '$' || !jac_span_find(r, at, &found) ||
        found.end > c->in->origin + end)
      continue;
    status = jac_reader_formula(r, &found, 0);
    c->at = found.end - c->in->origin - 1;
  }
  c->at = end;
  return status;
}

static enum jac_status clean(struct cleaner *c) {
  enum jac_status status = JAC_OK;
  while (c->at < c->in->length && status == JAC_OK) {
    char next = c->in->text[c->at];
    size_t sentence = next == '\\' ? intertext_end(c) : 0;
    if (sentence > 0) {
      status = intertext(c, sentence);
      continue;
    }
    if (liquid(c) || replaced(c))
      continue;
    if (next == '\\')
      control(c);
    else if (next == '%')
      status = comment(c);
    else if (next == '\n')
      line_end(c);
    else if (next == '\r')
      c->at++;
    else if (next == '{' || next == '}')
      brace(c);
    else
      copy(c, 1);
  }
  jac_trace_end(c->out, piece_place(c->in, c->in->length));
  return status == JAC_OK && c->out->failed ? jac_fail_memory(c->reader->err) : status;
}

/* The {columns} that some environments begin with are no formula. */
static size_t columns(const struct jac_span *span, const struct jac_trace *text) {
  if (strncmp(span->environment, "alignat", 7) != 0 &&
      strncmp(span->environment, "IEEEeqn", 7) != 0)
    return 0;
  size_t k = 0;
  while (k < text->length && space(text->text[k]))
    k++;
  return k < text->length && text->text[k] == '{'
             ? jac_group_end(text->text, text->length, k, text->length)
             : 0;
}

/* The text from a byte on, without space at its ends. */
static void trim(struct jac_trace *text, size_t from) {
  size_t end = text->length;
  while (from < end && space(text->text[from]))
    from++;
  while (end > from && space(text->text[end - 1]))
    end--;
  /* A control space keeps its space. */
  if (end > from && end < text->length && text->text[end - 1] == '\\' &&
      (end - from < 2 || text->text[end - 2] != '\\'))
    end++;
  memmove(text->text, text->text + from, end - from);
  memmove(text->at, text->at + from, (end - from + 1) * sizeof *text->at);
  text->length = end - from;
  text->text[text->length] = '\0';
}

static char *not_closed(const struct jac_span *span) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (span->end - span->begin >= JAC_NOTES_FORMULA)
    jac_buffer_printf(&text, _("a formula longer than %d bytes"), (int)JAC_NOTES_FORMULA);
  else if (span->closing >= JAC_CLOSE_ENVIRONMENT)
    jac_buffer_printf(&text, _("\\begin{%s} has no \\end{%s}"), span->environment,
                      span->environment);
  else
    jac_buffer_printf(&text, _("%s is not closed before the blank line"),
                      span->environment);
  return jac_buffer_take(&text);
}

/* The cleaned text, expanded, becomes the item's; or a problem does. */
static enum jac_status finish(struct jac_notes_reader *r, const struct jac_span *span,
                              struct jac_trace *cleaned, struct jac_item *item) {
  struct jac_trace expanded = {0};
  struct jac_error problem = {JAC_OK, ""};
  trim(cleaned, columns(span, cleaned));
  if (!span->closed) {
    item->problem = not_closed(span);
    return item->problem == NULL ? jac_fail_memory(r->err) : JAC_OK;
  }
  enum jac_status status = jac_macros_expand(r->macros, cleaned, &expanded, &problem);
  if (status == JAC_OK) {
    trim(&expanded, 0);
    jac_trace_free(cleaned);
    *cleaned = expanded;
    return JAC_OK;
  }
  jac_trace_free(&expanded);
  item->problem = status == JAC_ENOMEM ? NULL : strdup(problem.message);
  return item->problem == NULL ? jac_fail_memory(r->err) : JAC_OK;
}

static enum jac_status add(struct jac_notes_reader *r, const struct jac_span *span,
                           const struct jac_piece *piece, size_t quotes) {
  struct jac_trace text = {0};
  struct cleaner c = {.reader = r, .in = piece, .out = &text, .quotes = quotes};
  c.doubled = span->closing == JAC_CLOSE_BRACKET_TWO ||
              span->closing == JAC_CLOSE_PARENTHESIS_TWO;
  struct jac_item item = jac_reader_item(r, span->kind, span->start, span->end);
  item.environment = span->environment;
  enum jac_status status = clean(&c);
  if (status == JAC_OK)
    status = finish(r, span, &text, &item);
  if (status == JAC_OK && (text.length > 0 || item.problem != NULL))
    return jac_document_add(r->document, &item, &text, r->err);
  free(item.problem);
  jac_trace_free(&text);
  return status;
}

enum jac_status jac_reader_formula(struct jac_notes_reader *reader,
                                   const struct jac_span *span, size_t quotes) {
  struct jac_piece piece = {.text = reader->text + span->begin,
                            .length = span->finish - span->begin,
                            .origin = span->begin};
  if (reader->at != NULL)
    piece.at = reader->at + span->begin;
  else
    piece.base = (uint32_t)span->begin;
  return add(reader, span, &piece, quotes);
}

enum jac_status jac_reader_gathered(struct jac_notes_reader *reader,
                                    const struct jac_span *span,
                                    const struct jac_trace *text) {
  struct jac_piece piece = {
      .text = text->text, .length = text->length, .at = text->at, .origin = span->begin};
  return add(reader, span, &piece, 0);
}
