#include "visual/pandoc.h"

#include "jacobian/buffer.h"

#include <stdlib.h>
#include <string.h>

/* {"t": type, "c": content} */
static json_t *element(const char *type, json_t *content) {
  return json_pack("{s:s, s:o}", "t", type, "c", content);
}

static json_t *attributes(void) {
  return json_pack("[s, [], []]", "");
}

static json_t *math(const char *text, size_t length, bool display) {
  return element("Math", json_pack("[{s:s}, s%]", "t",
                                   display ? "DisplayMath" : "InlineMath", text, length));
}

/* Words apart by blanks. */
static void add_words(const char *text, size_t length, json_t *inlines) {
  for (size_t at = 0; at < length;) {
    size_t word = at;
    while (word < length && text[word] != ' ' && text[word] != '\n')
      word++;
    if (word > at)
      json_array_append_new(
          inlines, json_pack("{s:s, s:s%}", "t", "Str", "c", text + at, word - at));
    if (word < length)
      json_array_append_new(inlines, json_pack("{s:s}", "t", "Space"));
    at = word + 1;
  }
}

/* Code between backquotes, mathematics between dollars, and words. */
static json_t *inlines_of(const char *text, size_t length) {
  json_t *inlines = json_array();
  const char *end = text + length;
  while (text < end) {
    size_t words = 0;
    while (text + words < end && text[words] != '`' && text[words] != '$')
      words++;
    add_words(text, words, inlines);
    text += words;
    if (text == end)
      break;
    const char *inside = text + strspn(text, text[0] == '`' ? "`" : "$");
    size_t marks = (size_t)(inside - text);
    const char *close = inside;
    while (close < end && strncmp(close, text, marks) != 0)
      close++;
    if (close == end) {
      add_words(text, (size_t)(end - text), inlines);
      break;
    }
    size_t size = (size_t)(close - inside);
    json_array_append_new(
        inlines, text[0] == '$'
                     ? math(inside, size, false)
                     : element("Code", json_pack("[o, s%]", attributes(), inside, size)));
    text = close + marks;
  }
  return inlines;
}

static json_t *row_of(const char *line, size_t length) {
  json_t *cells = json_array();
  const char *end = line + length;
  for (line++; line < end;) {
    const char *bar = line;
    while (bar < end && (*bar != '|' || bar[-1] == '\\'))
      bar++;
    const char *from = line + strspn(line, " "), *to = bar;
    while (to > from && to[-1] == ' ')
      to--;
    if (from > to)
      from = to;
    json_t *plain = element("Plain", inlines_of(from, (size_t)(to - from)));
    json_array_append_new(cells, json_pack("[o, {s:s}, i, i, [o]]", attributes(), "t",
                                           "AlignDefault", 1, 1, plain));
    line = bar + 1;
  }
  return json_pack("[o, o]", attributes(), cells);
}

/* Lines that begin with |: a heading, a line of dashes, rows. *at moves behind them. */
static json_t *table(const char **at) {
  json_t *head = json_array(), *rows = json_array(), *columns = json_array();
  for (size_t number = 0; **at == '|'; number++) {
    size_t length = strcspn(*at, "\n");
    if (number != 1)
      json_array_append_new(number == 0 ? head : rows, row_of(*at, length));
    *at += length + ((*at)[length] == '\n');
  }
  size_t count = json_array_size(json_array_get(json_array_get(head, 0), 1));
  for (size_t k = 0; k < count; k++)
    json_array_append_new(columns, json_pack("[{s:s}, {s:s}]", "t", "AlignDefault", "t",
                                             "ColWidthDefault"));
  return element("Table", json_pack("[o, [n, []], o, [o, o], [[o, i, [], o]], [o, []]]",
                                    attributes(), columns, attributes(), head,
                                    attributes(), 0, rows, attributes()));
}

/* What stands between a line that opens and one that closes; *at moves behind. */
static const char *fenced(const char **at, const char *mark, size_t *length) {
  const char *inside = *at + strcspn(*at, "\n");
  inside += *inside == '\n';
  const char *close = inside;
  while (*close != '\0' && strncmp(close, mark, strlen(mark)) != 0) {
    close += strcspn(close, "\n");
    close += *close == '\n';
  }
  *length = (size_t)(close - inside);
  if (*length > 0 && inside[*length - 1] == '\n')
    (*length)--;
  *at = close + strcspn(close, "\n");
  *at += **at == '\n';
  return inside;
}

/* $$ .. $$, on one line or several; what follows on its last line is a label. */
static json_t *display(const char **at) {
  const char *inside = *at + 2, *close = strstr(inside, "$$");
  const char *end = close != NULL ? close : inside + strlen(inside);
  *at = close != NULL ? close + 2 + strcspn(close + 2, "\n") : end;
  inside += strspn(inside, " \n");
  while (end > inside && strchr(" \n", end[-1]) != NULL)
    end--;
  return element("Para", json_pack("[o]", math(inside, (size_t)(end - inside), true)));
}

/* How long the mark of a list's item is, "12. " or "* "; 0: none is here. */
static size_t item_mark(const char *at, bool *ordered) {
  size_t digits = strspn(at, "0123456789");
  *ordered = digits > 0;
  if (digits > 0)
    return digits < 5 && strncmp(at + digits, ". ", 2) == 0 ? digits + 2 : 0;
  return strncmp(at, "* ", 2) == 0 ? 2 : 0;
}

/* One item: its line, and those that are set in. *at moves behind it. */
static json_t *item(const char **at, size_t mark) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (*at += mark;; *at += strspn(*at, " ")) {
    size_t length = strcspn(*at, "\n");
    jac_buffer_add_bytes(&text, *at, length);
    jac_buffer_add_char(&text, '\n');
    *at += length + ((*at)[length] == '\n');
    if (**at == '\n' && (*at)[1] == ' ') { /* a paragraph of its own */
      jac_buffer_add_char(&text, '\n');
      ++*at;
    }
    if (**at != ' ')
      break;
  }
  json_t *blocks = text.failed ? NULL : jac_pandoc_blocks(text.text);
  jac_buffer_free(&text);
  return blocks;
}

/* Items one after the other, blank lines between them or not. */
static json_t *list(const char **at) {
  json_t *items = json_array();
  bool ordered, other;
  size_t mark = item_mark(*at, &ordered);
  do {
    json_array_append_new(items, item(at, mark));
    const char *next = *at + strspn(*at, "\n");
    mark = item_mark(next, &other);
    if (mark > 0 && other == ordered)
      *at = next;
  } while (mark > 0 && other == ordered);
  return ordered ? element("OrderedList", json_pack("[[i, {s:s}, {s:s}], o]", 1, "t",
                                                    "Decimal", "t", "Period", items))
                 : element("BulletList", items);
}

static json_t *heading(const char **at) {
  size_t level = strspn(*at, "#"), length = strcspn(*at, "\n");
  const char *words = *at + level + 1;
  *at += length;
  return element("Header", json_pack("[i, o, o]", (int)level, attributes(),
                                     inlines_of(words, length - level - 1)));
}

/* Up to a blank line, or a display. */
static json_t *paragraph(const char **at) {
  const char *end = strstr(*at, "\n\n"), *shown = strstr(*at, "\n$$");
  if (shown != NULL && (end == NULL || shown < end))
    end = shown;
  size_t length = end != NULL ? (size_t)(end - *at) : strlen(*at);
  json_t *made = element("Para", inlines_of(*at, length));
  *at += length;
  return made;
}

json_t *jac_pandoc_blocks(const char *at) {
  json_t *blocks = json_array();
  while (*at != '\0') {
    size_t length;
    bool ordered;
    if (*at == '\n')
      at++;
    else if (strncmp(at, "$$", 2) == 0)
      json_array_append_new(blocks, display(&at));
    else if (strncmp(at, "```", 3) == 0) {
      const char *inside = fenced(&at, "```", &length);
      json_array_append_new(
          blocks,
          element("CodeBlock", json_pack("[o, s%]", attributes(), inside, length)));
    } else if (*at == '|')
      json_array_append_new(blocks, table(&at));
    else if (item_mark(at, &ordered) > 0)
      json_array_append_new(blocks, list(&at));
    else if (*at == '#' && at[strspn(at, "#")] == ' ')
      json_array_append_new(blocks, heading(&at));
    else
      json_array_append_new(blocks, paragraph(&at));
  }
  return blocks;
}

/* The text of a code block of ours, or NULL. */
static const char *our_code(const json_t *block) {
  const char *type = json_string_value(json_object_get(block, "t"));
  const json_t *content = json_object_get(block, "c"), *class;
  size_t k;
  if (type == NULL || strcmp(type, "CodeBlock") != 0)
    return NULL;
  json_array_foreach(json_array_get(json_array_get(content, 0), 1), k, class) {
    const char *name = json_string_value(class);
    if (name != NULL &&
        (strcmp(name, "jacobian") == 0 || strcmp(name, "{jacobian}") == 0))
      return json_string_value(json_array_get(content, 1));
  }
  return NULL;
}

static bool walk_array(json_t *array, json_t *(*make)(void *, const char *),
                       void *context) {
  for (size_t k = 0; k < json_array_size(array); k++) {
    const char *code = our_code(json_array_get(array, k));
    if (code == NULL) {
      if (!jac_pandoc_walk(json_array_get(array, k), make, context))
        return false;
      continue;
    }
    json_t *blocks = make(context, code);
    if (blocks == NULL)
      return false;
    json_array_remove(array, k);
    for (size_t b = 0; b < json_array_size(blocks); b++)
      json_array_insert(array, k + b, json_array_get(blocks, b));
    k += json_array_size(blocks);
    k--; /* the loop's own step */
    json_decref(blocks);
  }
  return true;
}

bool jac_pandoc_walk(json_t *node, json_t *(*make)(void *context, const char *code),
                     void *context) {
  const char *key;
  json_t *value;
  if (json_is_array(node))
    return walk_array(node, make, context);
  json_object_foreach(node, key, value) {
    if (!jac_pandoc_walk(value, make, context))
      return false;
  }
  return true;
}
