#include "visual/lsp/book.h"

#include "jacobian/buffer.h"
#include "jacobian/notes/read.h"

#include <stdlib.h>
#include <string.h>

enum { CODE = 2 }; /* the protocol's kind of cell */

static const char cell_end[] = JAC_NOTES_CELL_END;

static const char *text_of(const json_t *object, const char *name) {
  return json_string_value(json_object_get(object, name));
}

static void cell_free(struct jac_lsp_cell *cell) {
  free(cell->uri);
  free(cell->sent);
}

void jac_lsp_book_free(struct jac_lsp_notes *n) {
  for (size_t k = 0; k < n->cells; k++)
    cell_free(&n->cell[k]);
  free(n->cell);
  n->cell = NULL;
  n->cells = 0;
}

struct jac_lsp_cell *jac_lsp_cell_of(const struct jac_lsp_notes *n, const char *uri) {
  for (size_t k = 0; k < n->cells && uri != NULL; k++)
    if (strcmp(n->cell[k].uri, uri) == 0)
      return &n->cell[k];
  return NULL;
}

const struct jac_lsp_cell *jac_lsp_cell_at(const struct jac_lsp_notes *n, size_t offset) {
  size_t low = 0, high = n->cells;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (n->cell[middle].start <= offset)
      low = middle;
    else
      high = middle;
  }
  return n->cells > 0 ? &n->cell[low] : NULL;
}

size_t jac_lsp_notes_begin(const struct jac_lsp_notes *n, size_t offset) {
  const struct jac_lsp_cell *cell = jac_lsp_cell_at(n, offset);
  return cell != NULL ? cell->start : 0;
}

size_t jac_lsp_notes_end(const struct jac_lsp_notes *n, size_t offset) {
  const struct jac_lsp_cell *cell = jac_lsp_cell_at(n, offset);
  return cell != NULL ? cell->start + cell->length : n->text.length;
}

const char *jac_lsp_notes_uri(const struct jac_lsp_notes *n, size_t offset) {
  const struct jac_lsp_cell *cell = jac_lsp_cell_at(n, offset);
  return cell != NULL ? cell->uri : n->uri;
}

size_t jac_lsp_notes_offset(const struct jac_lsp_notes *n,
                            const struct jac_lsp_cell *cell, struct jac_lsp_place place) {
  if (cell == NULL)
    return jac_lsp_offset(&n->text, place);
  size_t first = jac_lsp_place(&n->text, cell->start).line,
         end = cell->start + cell->length;
  if (place.line > n->text.lines)
    return end;
  place.line += first;
  size_t offset = jac_lsp_offset(&n->text, place);
  return offset < end ? offset : end;
}

struct jac_lsp_place jac_lsp_notes_place(const struct jac_lsp_notes *n, size_t offset) {
  const struct jac_lsp_cell *cell = jac_lsp_cell_at(n, offset);
  size_t end = jac_lsp_notes_end(n, offset);
  struct jac_lsp_place place = jac_lsp_place(&n->text, offset < end ? offset : end);
  if (cell != NULL)
    place.line -= jac_lsp_place(&n->text, cell->start).line;
  return place;
}

/* What a cell holds, as the notes keep it: nothing that ends it stands in it. Its length
 * in bytes and in units stays. */
static void add_text(const char *bytes, size_t length, struct jac_buffer *out) {
  for (size_t k = 0; k < length; k++)
    jac_buffer_add_char(out, (char)(bytes[k] == cell_end[0] ? ' ' : bytes[k]));
}

/* A notebook that is made of cells one behind the other. */
struct making {
  struct jac_lsp_cell *cell;
  size_t cells;
  struct jac_buffer text;
  bool failed;
};

/* Adds a cell; takes over its URI and what was sent of it. */
static void add_cell(struct making *m, struct jac_lsp_cell cell, const char *bytes,
                     size_t length) {
  cell.start = m->text.length;
  if (!cell.code && bytes != NULL)
    add_text(bytes, length, &m->text);
  cell.length = m->text.length - cell.start;
  jac_buffer_add(&m->text, cell_end);
  m->cell[m->cells++] = cell;
  m->failed = m->failed || m->text.failed || cell.uri == NULL;
}

/* Adds a cell of the old ones; it keeps its own until all has gone well. */
static void keep_cell(struct making *m, const struct jac_lsp_notes *n, size_t k) {
  add_cell(m, n->cell[k], n->text.bytes + n->cell[k].start, n->cell[k].length);
}

static const json_t *document_of(const json_t *texts, const char *uri) {
  const json_t *one;
  size_t k;
  json_array_foreach(texts, k, one) {
    const char *own = text_of(one, "uri");
    if (own != NULL && strcmp(own, uri) == 0)
      return one;
  }
  return NULL;
}

/* Adds a cell that came, with the text that came with it; without one it may have stood
 * elsewhere in the notebook. */
static void new_cell(struct making *m, const struct jac_lsp_notes *n, const json_t *cell,
                     const json_t *texts) {
  const char *uri = text_of(cell, "document");
  if (uri == NULL)
    return;
  const json_t *document = document_of(texts, uri),
               *text = json_object_get(document, "text");
  const struct jac_lsp_cell *old = jac_lsp_cell_of(n, uri);
  struct jac_lsp_cell made = {.uri = strdup(uri),
                              .code = json_integer_value(json_object_get(cell, "kind")) ==
                                      CODE};
  if (json_is_string(text)) {
    made.version = json_integer_value(json_object_get(document, "version"));
    add_cell(m, made, json_string_value(text), json_string_length(text));
  } else {
    made.version = old != NULL ? old->version : 0;
    add_cell(m, made, old != NULL ? n->text.bytes + old->start : NULL,
             old != NULL ? old->length : 0);
  }
}

/* Puts what was made in the place of what was; from one cell to another the old ones are
 * gone. The others' own stays theirs. */
static bool put(struct jac_lsp_notes *n, struct making *m, size_t from, size_t to,
                size_t came) {
  struct jac_lsp_text text = {0};
  bool whole =
      !m->failed && jac_lsp_text_set(&text, m->text.text, m->text.length) == JAC_OK;
  if (whole) {
    for (size_t k = from; k < to; k++)
      cell_free(&n->cell[k]);
    free(n->cell);
    jac_lsp_text_free(&n->text);
    n->text = text;
    n->cell = m->cell;
    n->cells = m->cells;
  } else {
    for (size_t k = from; k < from + came && k < m->cells; k++)
      cell_free(&m->cell[k]);
    free(m->cell);
  }
  jac_buffer_free(&m->text);
  return whole;
}

/* Takes out some cells from one on, and puts others there. */
static bool splice(struct jac_lsp_notes *n, size_t start, size_t count,
                   const json_t *cells, const json_t *texts, json_t *gone) {
  start = start < n->cells ? start : n->cells;
  count = count < n->cells - start ? count : n->cells - start;
  struct making m = {.cell =
                         calloc(n->cells + json_array_size(cells) + 1, sizeof *m.cell),
                     .text = JAC_BUFFER_INIT};
  const json_t *cell;
  size_t k, to = start + count;
  if (m.cell == NULL)
    return false;
  for (k = 0; k < start; k++)
    keep_cell(&m, n, k);
  json_array_foreach(cells, k, cell) {
    new_cell(&m, n, cell, texts);
  }
  size_t came = m.cells - start;
  for (k = to; k < n->cells; k++)
    keep_cell(&m, n, k);
  json_t *names = json_array();
  for (k = start; k < to; k++)
    json_array_append_new(names, json_string(n->cell[k].uri));
  bool whole = put(n, &m, start, to, came);
  if (whole && gone != NULL)
    json_array_extend(gone, names);
  json_decref(names);
  return whole;
}

bool jac_lsp_book_open(struct jac_lsp_notes *n, const json_t *cells,
                       const json_t *texts) {
  return splice(n, 0, n->cells, cells, texts, NULL);
}

static size_t size_of(const json_t *object, const char *name) {
  json_int_t value = json_integer_value(json_object_get(object, name));
  return value > 0 ? (size_t)value : 0;
}

static struct jac_lsp_place place_of(const json_t *json) {
  return (struct jac_lsp_place){size_of(json, "line"), size_of(json, "character")};
}

/* One edit of one cell's text. */
static void edit(struct jac_lsp_notes *n, struct jac_lsp_cell *cell,
                 const json_t *change) {
  const json_t *text = json_object_get(change, "text"),
               *range = json_object_get(change, "range");
  if (!json_is_string(text))
    return;
  size_t from = cell->start, to = cell->start + cell->length;
  if (json_is_object(range)) {
    from = jac_lsp_notes_offset(n, cell, place_of(json_object_get(range, "start")));
    to = jac_lsp_notes_offset(n, cell, place_of(json_object_get(range, "end")));
    from = from < to ? from : to;
  }
  struct jac_buffer made = JAC_BUFFER_INIT;
  add_text(json_string_value(text), json_string_length(text), &made);
  if (!made.failed &&
      jac_lsp_text_edit(&n->text, from, to, made.text, made.length) == JAC_OK) {
    cell->length += made.length - (to - from);
    for (struct jac_lsp_cell *later = cell + 1; later < n->cell + n->cells; later++)
      later->start += made.length - (to - from);
  }
  jac_buffer_free(&made);
}

static void edit_texts(struct jac_lsp_notes *n, const json_t *list) {
  const json_t *one, *change;
  size_t k, i;
  json_array_foreach(list, k, one) {
    const json_t *document = json_object_get(one, "document");
    struct jac_lsp_cell *cell = jac_lsp_cell_of(n, text_of(document, "uri"));
    if (cell == NULL)
      continue;
    cell->version = json_integer_value(json_object_get(document, "version"));
    if (cell->code)
      continue;
    json_array_foreach(json_object_get(one, "changes"), i, change) {
      edit(n, cell, change);
    }
  }
}

void jac_lsp_book_change(struct jac_lsp_notes *n, const json_t *change, json_t *gone) {
  const json_t *structure = json_object_get(change, "structure");
  const json_t *array = json_object_get(structure, "array");
  if (json_is_object(array))
    splice(n, size_of(array, "start"), size_of(array, "deleteCount"),
           json_object_get(array, "cells"), json_object_get(structure, "didOpen"), gone);
  edit_texts(n, json_object_get(change, "textContent"));
}
