#include "visual/refresh.h"

#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

/* A line of the text, its end not included. */
struct line {
  const char *start, *end, *next;
};

static struct line line_at(const char *at) {
  size_t length = strcspn(at, "\n");
  struct line line = {at, at + length, at + length + (at[length] == '\n')};
  if (line.end > line.start && line.end[-1] == '\r')
    line.end--;
  return line;
}

/* Behind blanks. */
static const char *skip(const char *at) {
  return at + strspn(at, " \t");
}

/* Behind what a line of Markdown in a list or a quotation begins with. */
static const char *inner(const struct jac_refresh *r, const char *at) {
  return at + strspn(at, r->latex ? " \t" : " \t>");
}

static bool begins(const char *at, const char *end, const char *word) {
  size_t length = strlen(word);
  return (size_t)(end - at) >= length && strncmp(at, word, length) == 0;
}

/* What a comment line of ours says behind the word; NULL: it is none. The text is owned
 * by the caller. */
static char *comment(const struct jac_refresh *r, struct line line, const char *word) {
  const char *at = inner(r, line.start), *end = line.end;
  const char *open = r->latex ? "%" : "<!--";
  if (!begins(at, end, open))
    return NULL;
  at = skip(at + strlen(open));
  if (!begins(at, end, word))
    return NULL;
  at = skip(at + strlen(word));
  while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  if (!r->latex) {
    if (end - at < 3 || strncmp(end - 3, "-->", 3) != 0)
      return NULL;
    end -= 3;
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
      end--;
  }
  return strndup(at, (size_t)(end - at));
}

/* Code, in which nothing is ours: what opened it, or no mark. */
struct code {
  char mark; /* of the fence, or \ for an environment */
  size_t length;
};

/* An environment that shows its text as it stands. */
static void follow_verbatim(struct code *code, struct line line) {
  static const char *const verbatim[] = {"{verbatim}", "{lstlisting}", "{minted}"};
  const char *word = code->mark != '\0' ? "\\end" : "\\begin", *at = skip(line.start);
  if (!begins(at, line.end, word))
    return;
  at += strlen(word);
  for (size_t k = 0; k < sizeof verbatim / sizeof verbatim[0]; k++)
    if (begins(at, line.end, verbatim[k]))
      code->mark = code->mark != '\0' ? '\0' : '\\';
}

/* A fence closes with as many of its marks, or more, and nothing behind them. */
static void follow_fence(struct code *code, struct line line, const char *at) {
  size_t length = strspn(at, code->mark == '\0'  ? at[0] == '~' ? "~" : "`"
                             : code->mark == '~' ? "~"
                                                 : "`");
  if (length < 3)
    return;
  if (code->mark == '\0')
    *code = (struct code){at[0], length};
  else if (length >= code->length && skip(at + length) >= line.end)
    code->mark = '\0';
}

static void follow_code(const struct jac_refresh *r, struct code *code,
                        struct line line) {
  if (r->latex)
    follow_verbatim(code, line);
  else
    follow_fence(code, line, inner(r, line.start));
}

/* The generated text in the block's indentation, or quotation, and line ends. */
static void indent(const struct jac_refresh *r, const char *text, struct line opening,
                   struct jac_buffer *out) {
  size_t whole = (size_t)(inner(r, opening.start) - opening.start), marks = whole;
  bool carriage = opening.end[0] == '\r';
  while (marks > 0 && opening.start[marks - 1] != '>')
    marks--;
  while (*text != '\0') {
    size_t length = strcspn(text, "\n");
    jac_buffer_add_bytes(out, opening.start, length > 0 ? whole : marks);
    jac_buffer_add_bytes(out, text, length);
    jac_buffer_add(out, carriage ? "\r\n" : "\n");
    text += length + (text[length] == '\n');
  }
}

/* One block: from behind its opening line to the start of its closing one. */
static void refresh_block(struct jac_refresh *r, struct line opening, const char *close,
                          size_t number, const char *command, struct jac_buffer *out) {
  struct jac_buffer made = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  size_t old = (size_t)(close - opening.next);
  r->blocks++;
  enum jac_status status = r->run(r->context, command, &made, &err);
  if (status == JAC_OK)
    status = jac_buffer_status(&made, &err);
  if (status == JAC_OK)
    indent(r, made.text, opening, &text);
  if (status != JAC_OK) {
    r->failed++;
    r->tell(r->context, number, command, err.message);
    jac_buffer_add_bytes(out, opening.next, old);
  } else {
    if (text.length != old || memcmp(text.text, opening.next, old) != 0) {
      r->stale++;
      r->tell(r->context, number, command, NULL);
    }
    jac_buffer_add(out, text.text);
  }
  out->failed = out->failed || text.failed;
  jac_buffer_free(&made);
  jac_buffer_free(&text);
}

/* A comment that looks like a block's, but does not stand alone on its line. What is
 * quoted as code is text. */
static bool misplaced(const struct jac_refresh *r, struct line line) {
  static const char word[] = "jacobian-run:";
  for (const char *at = line.start; !r->latex && at < line.end; at++) {
    if (*at == '`')
      return false;
    if (begins(at, line.end, "<!--") && begins(skip(at + 4), line.end, word))
      return true;
  }
  return false;
}

static enum jac_status fail_end(size_t line, struct jac_error *err) {
  return jac_fail(err, JAC_EINPUT,
                  _("line %zu: this block has no end: a comment `jacobian-end` is "
                    "needed on a line of its own"),
                  line);
}

/* The line that closes a block, at or behind at; number follows. Nothing that the author
 * wrote is taken for the block: another one that begins first is an error. */
static enum jac_status find_end(const struct jac_refresh *r, const char *at,
                                size_t *number, const char **close,
                                struct jac_error *err) {
  size_t first = *number;
  for (; *at != '\0'; at = line_at(at).next) {
    struct line line = line_at(at);
    char *end = comment(r, line, "jacobian-end"),
         *run = comment(r, line, "jacobian-run:");
    bool ends = end != NULL, begins_again = run != NULL;
    free(end);
    free(run);
    if (begins_again)
      break;
    *close = line.start;
    if (ends)
      return JAC_OK;
    ++*number;
  }
  return fail_end(first, err);
}

enum jac_status jac_refresh_text(struct jac_refresh *r, const char *text,
                                 struct jac_buffer *out, struct jac_error *err) {
  struct code code = {'\0', 0};
  size_t number = 1;
  for (const char *at = text; *at != '\0'; number++) {
    struct line line = line_at(at);
    bool inside = code.mark != '\0';
    char *command = inside ? NULL : comment(r, line, "jacobian-run:");
    follow_code(r, &code, line);
    jac_buffer_add_bytes(out, line.start, (size_t)(line.next - line.start));
    at = line.next;
    if (command == NULL && !inside && misplaced(r, line))
      return jac_fail(err, JAC_EINPUT,
                      _("line %zu: a comment `jacobian-run` stands on one line of its "
                        "own, and `jacobian-end` on another"),
                      number);
    if (command == NULL)
      continue;
    size_t first = number;
    enum jac_status status = find_end(r, line.next, &number, &at, err);
    if (status == JAC_OK)
      refresh_block(r, line, at, first, command, out);
    free(command);
    if (status != JAC_OK)
      return status;
  }
  return jac_buffer_status(out, err);
}
