/* Markdown: md4c says what is code and what is a heading; formulas and comments are found
 * in the source itself, because Markdown's own rules (escapes, emphasis, lists, tables)
 * are not meant for them. A line of a formula that begins with - or consists of = would
 * be a list or a heading; so md4c reads twice, the second time with the formulas blotted
 * out. */
#include "jacobian/notes/reader_internal.h"
#include "jacobian/text.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BLOT = 1 }; /* stands for each byte of a displayed formula */

/* A heading or a fenced block of mathematics. */
struct event {
  size_t start, end;
  int level;    /* 0 for a block */
  bool display; /* a heading that holds a displayed formula */
  struct jac_trace text;
};

struct structure {
  struct jac_notes_reader *reader;
  char *given;         /* what md4c reads: as long as the reader's text */
  unsigned char *code; /* for each byte, whether it stands in code */
  struct event *event;
  size_t count, capacity;
  struct event open; /* the heading or block being read */
  bool heading, math, begun;
  bool fresh, strong; /* at the start of a paragraph; where it is set off there */
  bool options;       /* of a {math} block */
  bool failed;
};

static bool push_event(struct structure *s) {
  if (s->count == s->capacity) {
    size_t capacity = s->capacity == 0 ? 16 : 2 * s->capacity;
    struct event *event = realloc(s->event, capacity * sizeof *event);
    if (event == NULL)
      return false;
    s->event = event;
    s->capacity = capacity;
  }
  s->event[s->count++] = s->open;
  s->open = (struct event){0};
  return true;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user) {
  struct structure *s = user;
  s->begun = s->strong = false;
  s->fresh = type == MD_BLOCK_P || type == MD_BLOCK_LI;
  s->heading = type == MD_BLOCK_H;
  s->math = false;
  if (type == MD_BLOCK_H)
    s->open.level = (int)((MD_BLOCK_H_DETAIL *)detail)->level;
  if (type == MD_BLOCK_CODE) {
    const MD_ATTRIBUTE *lang = &((MD_BLOCK_CODE_DETAIL *)detail)->lang;
    s->math = (lang->size == 4 && memcmp(lang->text, "math", 4) == 0) ||
              (lang->size == 6 && memcmp(lang->text, "{math}", 6) == 0);
    s->options = s->math && lang->size == 6;
  }
  return 0;
}

/* A heading starts with its line. One without a # there is underlined; it is none when it
 * holds a display, which a rule may well follow. */
static bool place_heading(struct structure *s) {
  const char *text = s->reader->text;
  size_t from = s->open.start;
  while (from > 0 && text[from - 1] != '\n')
    from--;
  bool sharp = memchr(text + from, '#', s->open.start - from) != NULL;
  s->open.start = from;
  return sharp || !s->open.display;
}

/* The options of a {math} block before its formula, ":label: eq" or lines between ---,
 * are blotted out. */
static void drop_options(struct jac_trace *text) {
  size_t k = 0, lines = 0;
  bool yaml = false;
  while (text->text && k < text->length && lines++ < 40) {
    char *line = text->text + k, *end = memchr(line, '\n', text->length - k);
    size_t size = end ? (size_t)(end - line) : text->length - k;
    bool rule = size >= 3 && strncmp(line, "---", 3) == 0;
    if (!yaml && !rule && *line != ':' && size > 0)
      return;
    yaml = rule ? !yaml : yaml;
    memset(line, ' ', size);
    k += size + (end != NULL);
  }
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user) {
  struct structure *s = user;
  (void)detail;
  bool done = s->begun &&
              ((type == MD_BLOCK_H && s->heading) || (type == MD_BLOCK_CODE && s->math));
  if (done) {
    if (s->options)
      drop_options(&s->open.text);
    if (s->math)
      jac_trace_end(&s->open.text, jac_reader_place(s->reader, s->open.end));
    if (s->math || place_heading(s))
      s->failed = !push_event(s);
  }
  s->heading = s->math = s->begun = s->options = false;
  jac_trace_free(&s->open.text);
  s->open = (struct event){0};
  return s->failed;
}

/* **Example 3.** at the start of a paragraph. */
static int enter_span(MD_SPANTYPE type, void *detail, void *user) {
  struct structure *s = user;
  (void)detail;
  s->strong = s->fresh && (type == MD_SPAN_STRONG || type == MD_SPAN_EM);
  return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *user) {
  (void)type;
  (void)detail;
  (void)user;
  return 0;
}

/* What begins a paragraph, set off: a heading of the lowest level, where it is one. */
static bool set_off(struct structure *s, const char *from, size_t start, size_t size) {
  bool another = s->strong && jac_begins_another(from, size);
  s->fresh = s->strong = false;
  if (!another)
    return true;
  s->open = (struct event){.start = start, .end = start + size, .level = 6};
  return push_event(s);
}

/* Long: what each kind of block does. md4c's texts point into what it was given, but for
 * line ends and the like. */
static int text(MD_TEXTTYPE type, const MD_CHAR *from, MD_SIZE size, void *user) {
  struct structure *s = user;
  const struct jac_notes_reader *r = s->reader;
  uintptr_t low = (uintptr_t)s->given, at = (uintptr_t)from;
  bool inside = at >= low && at - low < r->length;
  size_t start = (size_t)(at - low);
  if (inside && type == MD_TEXT_CODE)
    memset(s->code + start, 1, size);
  if (!s->heading && !s->math && inside && !set_off(s, from, start, size))
    s->failed = true;
  if (s->math && s->begun && !inside)
    jac_trace_fixed(&s->open.text, from, size, jac_reader_place(r, s->open.end));
  if (!inside || !(s->math || s->heading))
    return 0;
  if (!s->begun)
    s->open.start = start;
  s->begun = true;
  s->open.end = start + size;
  s->open.display = s->open.display || memchr(from, BLOT, size) != NULL;
  for (size_t k = 0; s->math && k < size; k++)
    jac_trace_char(&s->open.text, r->text[start + k], jac_reader_place(r, start + k));
  return 0;
}

/* Forgets what was found, but not what is given to md4c. */
static void forget(struct structure *s) {
  for (size_t k = 0; k < s->count; k++)
    jac_trace_free(&s->event[k].text);
  jac_trace_free(&s->open.text);
  free(s->event);
  free(s->code);
  *s = (struct structure){.reader = s->reader, .given = s->given};
}

static enum jac_status find_structure(struct structure *s) {
  static const MD_PARSER parser = {.flags = MD_FLAG_LATEXMATHSPANS,
                                   .enter_block = enter_block,
                                   .leave_block = leave_block,
                                   .enter_span = enter_span,
                                   .leave_span = leave_span,
                                   .text = text};
  forget(s);
  s->code = jac_memory_take(s->reader->length + 1, 1);
  if (s->code == NULL || md_parse(s->given, (MD_SIZE)s->reader->length, &parser, s) != 0)
    return jac_fail_memory(s->reader->err);
  return JAC_OK;
}

/* The walk through the source. */
struct walk {
  struct jac_notes_reader *reader;
  struct structure *structure;
  size_t at, next_event;
  size_t line;       /* where the current line starts */
  size_t no_tag_end; /* no closing tag of skipped HTML stands before this */
  bool blot;         /* formulas are only blotted out */
};

/* Adds the headings and blocks up to here. */
static enum jac_status add_events(struct walk *w) {
  enum jac_status status = JAC_OK;
  struct structure *s = w->structure;
  while (status == JAC_OK && w->next_event < s->count &&
         s->event[w->next_event].start <= w->at) {
    const struct event *event = &s->event[w->next_event++];
    if (event->level > 0) {
      struct jac_item item =
          jac_reader_item(w->reader, JAC_ITEM_HEADING, event->start, event->end);
      item.level = event->level;
      status = jac_document_add(w->reader->document, &item, NULL, w->reader->err);
    } else {
      struct jac_span found = {.kind = JAC_ITEM_DISPLAY,
                               .environment = "math",
                               .start = event->start,
                               .begin = event->start,
                               .finish = event->end,
                               .end = event->end,
                               .closed = true};
      status = jac_reader_gathered(w->reader, &found, &event->text);
    }
  }
  return status;
}

/* Moves on, and notes where the line starts. */
static void move(struct walk *w, size_t to) {
  for (; w->at < to; w->at++)
    if (w->reader->text[w->at] == '\n')
      w->line = w->at + 1;
}

/* How many > the line begins with; a quotation of a quotation does not go far. */
static size_t quotes(const struct walk *w) {
  size_t count = 0, k = w->line, end = w->at < k + 64 ? w->at : k + 64;
  const char *c = w->reader->text;
  for (; k < end && (c[k] == ' ' || c[k] == '>'); k++)
    count += c[k] == '>';
  return count;
}

static enum jac_status add_formula(struct walk *w, const struct jac_span *found) {
  enum jac_status status = JAC_OK;
  if (w->blot && found->closed)
    memset(w->structure->given + found->start,
           found->kind == JAC_ITEM_DISPLAY ? BLOT : 'x', found->end - found->start);
  if (!w->blot)
    status = jac_reader_formula(w->reader, found, quotes(w));
  move(w, found->end);
  return status;
}

static enum jac_status comment(struct walk *w) {
  const struct jac_notes_reader *r = w->reader;
  size_t begin = w->at + 4, end;
  const char *close = strstr(r->text + begin, "-->");
  const char *stop = close != NULL ? close : strchr(r->text + begin, '\n');
  end = stop != NULL ? (size_t)(stop - r->text) : r->length;
  struct jac_piece inside = {
      .text = r->text + begin, .length = end - begin, .origin = begin};
  if (r->at != NULL)
    inside.at = r->at + begin;
  else
    inside.base = (uint32_t)begin;
  enum jac_status status =
      w->blot ? JAC_OK : jac_reader_comment(w->reader, &inside, close != NULL);
  move(w, close != NULL ? end + 3 : end);
  return status;
}

/* Moves past <pre>, <code>, <script> and <style> with what they hold; past one character
 * where there is none. */
static void skip_html(struct walk *w) {
  static const char *const names[] = {"pre", "code", "script", "style"};
  const char *text = w->reader->text, *from = text + w->at;
  for (size_t k = 0; k < 4 && w->at >= w->no_tag_end; k++) {
    size_t size = strlen(names[k]);
    if (strncasecmp(from + 1, names[k], size) != 0 ||
        strchr(" >\t\n", from[1 + size]) == NULL)
      continue;
    for (const char *c = from; (c = strstr(c, "</")) != NULL; c += 2)
      if (strncasecmp(c + 2, names[k], size) == 0) {
        move(w, (size_t)(c - text) + 2 + size);
        return;
      }
    w->no_tag_end = w->reader->length;
  }
  move(w, w->at + 1);
}

static enum jac_status step(struct walk *w) {
  struct jac_notes_reader *r = w->reader;
  const char *from = r->text + w->at;
  struct jac_span found;
  if (w->structure->code[w->at] || strchr("<\\$", *from) == NULL) {
    move(w, w->at + 1);
    return JAC_OK;
  }
  if (strncmp(from, "<!--", 4) == 0)
    return comment(w);
  if (*from == '<') {
    skip_html(w);
    return JAC_OK;
  }
  if (jac_span_find(r, w->at, &found))
    return add_formula(w, &found);
  size_t end = *from == '$' ? w->at + (from[1] == '$' ? 2 : 1) : 0;
  if (end == 0 && !w->blot)
    end = jac_macros_define(r->macros, r->text, r->length, w->at);
  if (end == 0)
    end = w->at + jac_control_length(from, r->length - w->at);
  move(w, end);
  return JAC_OK;
}

static enum jac_status walk(struct structure *structure, bool blot) {
  struct jac_notes_reader *r = structure->reader;
  struct walk w = {.reader = r, .structure = structure, .blot = blot};
  enum jac_status status = JAC_OK;
  memset(r->none, 0, sizeof r->none);
  while (status == JAC_OK && w.at < r->length) {
    if (!blot)
      status = add_events(&w);
    if (status == JAC_OK)
      status = step(&w);
  }
  return status == JAC_OK && !blot ? add_events(&w) : status;
}

/* A copy for md4c without what says nothing about code and headings: a byte order mark,
 * and the brackets of links, of which a hostile file makes it keep gigabytes. */
static char *copy_for_structure(const struct jac_notes_reader *r) {
  char *copy = malloc(r->length + 1);
  if (copy == NULL)
    return NULL;
  for (size_t k = 0; k <= r->length; k++)
    copy[k] = r->text[k] == '[' || r->text[k] == ']' ? 'x' : r->text[k];
  if (strncmp(copy, "\xEF\xBB\xBF", 3) == 0)
    memset(copy, ' ', 3);
  return copy;
}

enum jac_status jac_notes_read_markdown(struct jac_notes_reader *reader) {
  reader->markdown = true;
  struct structure structure = {.reader = reader, .given = copy_for_structure(reader)};
  if (structure.given == NULL)
    return jac_fail_memory(reader->err);
  enum jac_status status = find_structure(&structure);
  if (status == JAC_OK)
    status = walk(&structure, true);
  if (status == JAC_OK)
    status = find_structure(&structure);
  if (status == JAC_OK)
    status = walk(&structure, false);
  forget(&structure);
  free(structure.given);
  return status;
}
