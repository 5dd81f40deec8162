#include "tests/fuzz/notes.h"

#include "jacobian/notes/directive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int holds, const char *what) {
  if (holds)
    return;
  fprintf(stderr, "does not hold: %s\n", what);
  abort();
}

static void one_line(const char *message) {
  require(message[0] != '\0' && strchr(message, '\n') == NULL, "a message is one line");
}

static void check_directive(const char *text) {
  struct jac_directive directive;
  struct jac_error err = {JAC_OK, ""};
  size_t position = 0;
  if (jac_directive_read(text, &directive, &position, &err) != JAC_OK) {
    one_line(err.message);
    require(position <= strlen(text), "the error is in the directive");
  }
  jac_directive_free(&directive);
}

static void check_item(const struct jac_document *document, const struct jac_item *item) {
  require(strlen(item->text) == item->length, "the text is a string");
  require(item->start <= item->end && item->end <= document->length,
          "the item is in the file");
  for (size_t k = 0; k <= item->length; k++)
    require(item->at[k] <= document->length, "every byte comes from the file");
  struct jac_place place = jac_item_place(document, item, 0);
  require(place.line >= 1 && place.line <= document->nlines && place.column >= 1,
          "the place is in the file");
  if (item->problem != NULL)
    one_line(item->problem);
  if (item->kind == JAC_ITEM_DIRECTIVE)
    check_directive(item->text);
}

void fuzz_notes(const uint8_t *data, size_t size, enum jac_notes_format format) {
  struct jac_document document;
  struct jac_error err = {JAC_OK, ""};
  if (jac_notes_read((const char *)data, size, format, &document, &err) != JAC_OK) {
    one_line(err.message);
    require(document.count == 0 && document.source == NULL, "nothing is left");
    return;
  }
  for (size_t k = 0; k < document.count; k++)
    check_item(&document, &document.item[k]);
  jac_document_free(&document);
}
