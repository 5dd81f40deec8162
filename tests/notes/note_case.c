#include "tests/notes/note_case.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct jac_document note_read(const char *text, enum jac_notes_format format) {
  struct jac_document document;
  struct jac_error err = {JAC_OK, ""};
  enum jac_status status = jac_notes_read(text, strlen(text), format, &document, &err);
  ck_assert_msg(status == JAC_OK, "%s", err.message);
  return document;
}

static void describe(const struct jac_document *document, const struct jac_item *item,
                     struct jac_buffer *out) {
  struct jac_place place = jac_document_place(document, item->start);
  jac_buffer_printf(out, "%zu:%zu ", place.line, place.column);
  if (item->kind == JAC_ITEM_HEADING)
    jac_buffer_printf(out, "h%d", item->level);
  else if (item->kind == JAC_ITEM_DIRECTIVE)
    jac_buffer_add(out, "directive");
  else
    jac_buffer_add(out, item->environment);
  if (item->length > 0)
    jac_buffer_add_char(out, ' ');
  for (size_t k = 0; k < item->length; k++)
    jac_buffer_add_char(out, item->text[k] == '\n' ? ' ' : item->text[k]);
  if (item->problem != NULL)
    jac_buffer_printf(out, " ! %s", item->problem);
  jac_buffer_add_char(out, '\n');
}

void note_expect(const char *text, enum jac_notes_format format, const char *expected) {
  struct jac_document document = note_read(text, format);
  struct jac_buffer found = JAC_BUFFER_INIT;
  for (size_t k = 0; k < document.count; k++)
    describe(&document, &document.item[k], &found);
  ck_assert_msg(strcmp(found.text, expected) == 0,
                "%s\n---- gives\n%s---- where this is expected\n%s", text, found.text,
                expected);
  jac_buffer_free(&found);
  jac_document_free(&document);
}
