#include "jacobian/notes/document_internal.h"

#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

static size_t count_lines(const char *text, size_t length) {
  size_t lines = 1;
  const char *end = text + length;
  for (const char *at = text; at < end && (at = memchr(at, '\n', (size_t)(end - at)));
       at++)
    lines++;
  return lines;
}

static bool begins_character(char c) {
  return ((unsigned char)c & 0xC0) != 0x80;
}

enum jac_status jac_document_start(struct jac_document *document, const char *text,
                                   size_t length, struct jac_error *err) {
  *document = (struct jac_document){.length = length};
  size_t lines = count_lines(text, length);
  document->source = malloc(length + 1);
  document->line = malloc(lines * sizeof *document->line);
  document->characters =
      malloc((length / JAC_NOTES_BLOCK + 1) * sizeof *document->characters);
  if (document->source == NULL || document->line == NULL ||
      document->characters == NULL) {
    jac_document_free(document);
    return jac_fail_memory(err);
  }
  memcpy(document->source, text, length);
  document->source[length] = '\0';
  document->line[document->nlines++] = 0;
  size_t characters = 0;
  for (size_t k = 0; k <= length; k++) {
    if (k % JAC_NOTES_BLOCK == 0)
      document->characters[k / JAC_NOTES_BLOCK] = characters;
    if (k < length && text[k] == '\n')
      document->line[document->nlines++] = k + 1;
    characters += begins_character(document->source[k]);
  }
  return JAC_OK;
}

static bool grow(struct jac_document *document) {
  if (document->count < document->capacity)
    return true;
  size_t capacity = document->capacity == 0 ? 16 : 2 * document->capacity;
  struct jac_item *item = realloc(document->item, capacity * sizeof *item);
  if (item == NULL)
    return false;
  document->item = item;
  document->capacity = capacity;
  return true;
}

/* The trace's text in an item of its own size; the trace is freed. */
static bool take(struct jac_trace *trace, struct jac_item *item) {
  size_t count = trace->length + 1;
  item->length = trace->length;
  item->text = malloc(count);
  item->at = malloc(count * sizeof *item->at);
  bool fine = !trace->failed && item->text != NULL && item->at != NULL;
  if (fine) {
    memcpy(item->text, trace->text, count);
    memcpy(item->at, trace->at, count * sizeof *item->at);
  }
  jac_trace_free(trace);
  return fine;
}

enum jac_status jac_document_add(struct jac_document *document,
                                 const struct jac_item *item, struct jac_trace *text,
                                 struct jac_error *err) {
  struct jac_item added = *item;
  struct jac_trace empty = {0};
  if (text == NULL) {
    jac_trace_end(&empty, (uint32_t)item->start);
    text = &empty;
  }
  if (added.environment == NULL)
    added.environment = "";
  bool fine = take(text, &added) && grow(document);
  if (fine && document->count < JAC_NOTES_ITEMS) {
    document->item[document->count++] = added;
    return JAC_OK;
  }
  free(added.text);
  free(added.at);
  free(added.problem);
  if (!fine)
    return jac_fail_memory(err);
  return jac_fail(err, JAC_ELIMIT, _("more than %d formulas in one file"),
                  (int)JAC_NOTES_ITEMS);
}

/* How many characters stand before offset. */
static size_t characters_before(const struct jac_document *document, size_t offset) {
  size_t block = offset / JAC_NOTES_BLOCK, count = document->characters[block];
  for (size_t k = block * JAC_NOTES_BLOCK; k < offset; k++)
    count += begins_character(document->source[k]);
  return count;
}

struct jac_place jac_document_place(const struct jac_document *document, size_t offset) {
  struct jac_place place = {1, 1};
  if (document->nlines == 0)
    return place;
  if (offset > document->length)
    offset = document->length;
  while (offset > 0 && !begins_character(document->source[offset]))
    offset--;
  size_t low = 0, high = document->nlines;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (document->line[middle] <= offset)
      low = middle;
    else
      high = middle;
  }
  place.line = low + 1;
  place.column = 1 + characters_before(document, offset) -
                 characters_before(document, document->line[low]);
  return place;
}

struct jac_place jac_item_place(const struct jac_document *document,
                                const struct jac_item *item, size_t offset) {
  return jac_document_place(document,
                            item->at[offset < item->length ? offset : item->length]);
}

void jac_document_free(struct jac_document *document) {
  for (size_t k = 0; k < document->count; k++) {
    free(document->item[k].text);
    free(document->item[k].at);
    free(document->item[k].problem);
  }
  free(document->item);
  free(document->source);
  free(document->line);
  free(document->characters);
  *document = (struct jac_document){0};
}
