/* Notebooks in the language server: cells that come, change and go, judged as one text
 * and answered cell by cell. */
#include "visual/lsp/book.h"
#include "visual/lsp/server.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *sent(struct jac_lsp *s) {
  struct jac_wire wire = {.in = JAC_BUFFER_INIT};
  const char *body;
  size_t length;
  json_t *list = json_array();
  jac_wire_feed(&wire, s->out.text, s->out.length);
  while (jac_wire_next(&wire, &body, &length))
    json_array_append_new(list, json_loadb(body, length, 0, NULL));
  jac_wire_free(&wire);
  jac_buffer_clear(&s->out);
  return list;
}

static void take(struct jac_lsp *s, json_t *message) {
  char *text = json_dumps(message, 0);
  ck_assert_ptr_nonnull(text);
  jac_lsp_take(s, text, strlen(text));
  free(text);
  json_decref(message);
}

static void tell(struct jac_lsp *s, const char *method, json_t *params) {
  take(s, json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method, "params",
                    params));
  jac_lsp_work(s);
}

static json_t *ask(struct jac_lsp *s, const char *method, json_t *params) {
  take(s, json_pack("{s:s, s:i, s:s, s:o}", "jsonrpc", "2.0", "id", 7, "method", method,
                    "params", params));
  jac_lsp_work(s);
  json_t *list = sent(s);
  const json_t *last = json_array_get(list, json_array_size(list) - 1);
  json_t *result = json_incref(json_object_get(last, "result"));
  json_decref(list);
  return result;
}

static struct jac_lsp start(void) {
  struct jac_lsp s;
  jac_lsp_start(&s, NULL);
  s.budget = 60000;
  json_t *result = ask(&s, "initialize", json_object());
  const json_t *sync =
      json_object_get(json_object_get(result, "capabilities"), "notebookDocumentSync");
  ck_assert_str_eq(
      json_string_value(json_object_get(
          json_array_get(json_object_get(sync, "notebookSelector"), 0), "notebook")),
      "*");
  json_decref(result);
  return s;
}

static json_t *cell(int kind, const char *uri) {
  return json_pack("{s:i, s:s}", "kind", kind, "document", uri);
}

static json_t *text(const char *uri, const char *text) {
  return json_pack("{s:s, s:s, s:i, s:s}", "uri", uri, "languageId", "markdown",
                   "version", 1, "text", text);
}

static const char defined[] = "# Linéaire\n\nLet $y = W x$, a mistake.";
static const char code[] = "$$\\frac{\\partial y}{\\partial x} = -W$$";
static const char wrong[] = "𝔸 is\n$$\\frac{\\partial y}{\\partial x} = -W$$";
static const char right[] = "$$\\frac{\\partial y}{\\partial x} = W$$\n";

/* Four cells; the second is code, and looks like a formula. */
static void open_book(struct jac_lsp *s) {
  tell(s, "notebookDocument/didOpen",
       json_pack("{s:{s:s, s:s, s:i, s:[o,o,o,o]}, s:[o,o,o,o]}", "notebookDocument",
                 "uri", "file:///n.ipynb", "notebookType", "jupyter-notebook", "version",
                 1, "cells", cell(1, "c:1"), cell(2, "c:2"), cell(1, "c:3"),
                 cell(1, "c:4"), "cellTextDocuments", text("c:1", defined),
                 text("c:2", code), text("c:3", wrong), text("c:4", right)));
}

static void change_book(struct jac_lsp *s, json_t *cells) {
  tell(s, "notebookDocument/didChange",
       json_pack("{s:{s:s, s:i}, s:{s:o}}", "notebookDocument", "uri", "file:///n.ipynb",
                 "version", 2, "change", "cells", cells));
}

static json_t *spliced(int start, int count, json_t *cells, json_t *opened) {
  return json_pack("{s:{s:{s:i, s:i, s:o}, s:o}}", "structure", "array", "start", start,
                   "deleteCount", count, "cells", cells, "didOpen", opened);
}

static json_t *edited(const char *uri, int line, int from, int to, const char *with) {
  return json_pack("{s:[{s:{s:s, s:i}, s:[{s:{s:{s:i, s:i}, s:{s:i, s:i}}, s:s}]}]}",
                   "textContent", "document", "uri", uri, "version", 5, "changes",
                   "range", "start", "line", line, "character", from, "end", "line", line,
                   "character", to, "text", with);
}

/* What was said last of each text, as "URI:VERSION@LINE:FROM-TO" for every error. */
static void said(struct jac_lsp *s, const char *expected) {
  json_t *list = sent(s), *one, *d;
  struct jac_buffer out = JAC_BUFFER_INIT;
  size_t k, i;
  json_array_foreach(list, k, one) {
    const json_t *params = json_object_get(one, "params");
    jac_buffer_printf(&out, "%s%s", k > 0 ? " " : "",
                      json_string_value(json_object_get(params, "uri")));
    json_array_foreach(json_object_get(params, "diagnostics"), i, d) {
      const json_t *range = json_object_get(d, "range"),
                   *from = json_object_get(range, "start"),
                   *to = json_object_get(range, "end");
      jac_buffer_printf(&out, "@%d:%d-%d",
                        (int)json_integer_value(json_object_get(from, "line")),
                        (int)json_integer_value(json_object_get(from, "character")),
                        (int)json_integer_value(json_object_get(to, "character")));
      ck_assert_int_eq(json_integer_value(json_object_get(d, "severity")), 1);
      ck_assert_int_eq(json_integer_value(json_object_get(from, "line")),
                       json_integer_value(json_object_get(to, "line")));
    }
  }
  ck_assert_str_eq(out.text, expected);
  jac_buffer_free(&out);
  json_decref(list);
}

START_TEST(definitions_of_earlier_cells_count) {
  struct jac_lsp s = start();
  open_book(&s);
  /* "-W" in its own cell's second line: counted by hand. */
  said(&s, "c:1 c:3@1:34-36 c:4");
  change_book(&s, edited("c:3", 1, 34, 35, ""));
  said(&s, "c:3");
  change_book(&s, edited("c:4", 0, 34, 34, "-"));
  said(&s, "c:4@0:34-36");
  /* Code is not kept, its edits are nothing. */
  change_book(&s, edited("c:2", 0, 0, 2, "# x"));
  said(&s, "");
  /* Another definition above: what is below is judged by it. */
  change_book(&s, edited("c:1", 2, 9, 10, "-W"));
  said(&s, "c:3@1:34-35 c:4");
  /* The whole says the same. */
  struct jac_lsp_job job;
  ck_assert(jac_lsp_job_take(&s, &job));
  jac_lsp_job_run(&job);
  jac_lsp_job_done(&s, &job);
  said(&s, "");
  tell(&s, "notebookDocument/didClose",
       json_pack("{s:{s:s}, s:[{s:s}]}", "notebookDocument", "uri", "file:///n.ipynb",
                 "cellTextDocuments", "uri", "c:1"));
  said(&s, "c:1 c:2 c:3 c:4");
  jac_lsp_stop(&s);
}
END_TEST

START_TEST(cells_come_and_go_and_move) {
  struct jac_lsp s = start();
  open_book(&s);
  json_decref(sent(&s));
  /* Without the definition nothing is wrong; a cell that moves keeps its text. */
  change_book(&s, spliced(0, 1, json_array(), json_array()));
  said(&s, "c:1 c:3");
  change_book(&s, spliced(1, 2, json_pack("[o,o]", cell(1, "c:4"), cell(1, "c:3")),
                          json_array()));
  said(&s, "c:4 c:3");
  ck_assert_uint_eq(s.notes[0].cells, 3);
  change_book(&s, spliced(0, 0, json_pack("[o]", cell(1, "c:5")),
                          json_pack("[o]", text("c:5", defined))));
  said(&s, "c:5 c:3@1:34-36");
  const struct jac_lsp_notes *n = &s.notes[0];
  ck_assert_uint_eq(n->cells, 4);
  ck_assert_ptr_eq(jac_lsp_cell_at(n, n->text.length), &n->cell[3]);
  for (size_t k = 0; k < n->cells; k++) {
    ck_assert_ptr_eq(jac_lsp_cell_at(n, n->cell[k].start), &n->cell[k]);
    ck_assert_ptr_eq(jac_lsp_cell_at(n, n->cell[k].start + n->cell[k].length),
                     &n->cell[k]);
  }
  ck_assert_int_eq(strncmp(n->text.bytes + n->cell[3].start, wrong, strlen(wrong)), 0);
  /* As a text of its own, too: the notebook has it. */
  tell(&s, "textDocument/didOpen",
       json_pack("{s:o}", "textDocument", text("c:3", right)));
  said(&s, "");
  jac_lsp_stop(&s);
}
END_TEST

static bool run(void *context, const char *command, enum jac_notes_format format,
                bool plain, struct jac_buffer *out) {
  (void)context;
  ck_assert_int_eq(format, JAC_NOTES_CELLS);
  jac_buffer_printf(out, "<%s%s>\n", plain ? "text: " : "", command);
  return true;
}

/* The edit that a quick fix of this title is, or NULL. */
static json_t *fix(struct jac_lsp *s, const char *uri, int line, int character,
                   const char *title) {
  json_t *list =
             ask(s, "textDocument/codeAction",
                 json_pack("{s:{s:s}, s:{s:{s:i, s:i}, s:{s:i, s:i}}}", "textDocument",
                           "uri", uri, "range", "start", "line", line, "character",
                           character, "end", "line", line, "character", character)),
         *one, *found = NULL;
  size_t k;
  json_array_foreach(
      list, k,
      one) if (strcmp(json_string_value(json_object_get(one, "title")), title) == 0)
      found = json_incref(json_array_get(
          json_object_get(json_object_get(json_object_get(one, "edit"), "changes"), uri),
          0));
  json_decref(list);
  return found;
}

static int end_line(const json_t *edit) {
  return (int)json_integer_value(
      json_object_get(json_object_get(json_object_get(edit, "range"), "end"), "line"));
}

START_TEST(cells_have_hovers_and_fixes) {
  struct jac_lsp s = start();
  s.run = run;
  open_book(&s);
  change_book(&s, spliced(4, 0, json_pack("[o,o]", cell(1, "c:5"), cell(1, "c:6")),
                          json_pack("[o,o]",
                                    text("c:5", "<!-- jacobian-run: show tanh:2 -->\n"
                                                "old\n<!-- jacobian-end -->"),
                                    text("c:6", "<!-- jacobian-end -->\n"))));
  json_decref(sent(&s));
  json_t *hover = ask(&s, "textDocument/hover",
                      json_pack("{s:{s:s}, s:{s:i, s:i}}", "textDocument", "uri", "c:3",
                                "position", "line", 1, "character", 17));
  const char *words =
      json_string_value(json_object_get(json_object_get(hover, "contents"), "value"));
  ck_assert_ptr_nonnull(words);
  ck_assert_ptr_nonnull(strstr(words, "`y`\n\n* `y = W x` (cell 1, line 3)\n"));
  ck_assert_int_eq(end_line(hover), 1);
  json_decref(hover);
  json_t *edit = fix(&s, "c:5", 1, 0, "Refresh this block");
  ck_assert_str_eq(
      json_string_value(json_object_get(edit, "newText")),
      "<!-- jacobian-run: show tanh:2 -->\n<show tanh:2>\n<!-- jacobian-end -->");
  ck_assert_int_eq(end_line(edit), 2);
  json_decref(edit);
  ck_assert_ptr_null(fix(&s, "c:6", 0, 3, "Refresh this block"));
  /* Behind the last line of its cell, not in the next. */
  edit = fix(&s, "c:3", 1, 17, "Insert the derivation");
  ck_assert_int_eq(end_line(edit), 1);
  ck_assert_int_eq(
      strncmp(json_string_value(json_object_get(edit, "newText")), "\n\n<!--", 6), 0);
  json_decref(edit);
  edit = fix(&s, "c:3", 1, 35, "Write W");
  ck_assert_ptr_nonnull(edit);
  change_book(&s, edited("c:3", 1, 34, 36, "W"));
  said(&s, "c:3");
  json_decref(edit);
  jac_lsp_stop(&s);
}
END_TEST

/* What is between two cells is no cell's: nothing that opens in one closes in another,
 * and what ends cells is not believed in one. */
START_TEST(cells_are_apart) {
  struct jac_lsp s = start();
  open_book(&s);
  json_decref(sent(&s));
  change_book(&s, edited("c:1", 2, 0, 0, "```\n$$ \f\n\n$$ x\f"));
  json_decref(sent(&s));
  const struct jac_lsp_notes *n = &s.notes[0];
  ck_assert_uint_eq(n->cells, 4);
  struct jac_document d;
  struct jac_error err;
  ck_assert_int_eq(jac_notes_read(n->text.bytes, n->text.length, n->format, &d, &err),
                   JAC_OK);
  size_t displays = 0;
  for (size_t k = 0; k < d.count; k++) {
    ck_assert_uint_ge(d.item[k].cell, 1);
    ck_assert_uint_le(d.item[k].cell, n->cells);
    const struct jac_lsp_cell *own = &n->cell[d.item[k].cell - 1];
    ck_assert_uint_ge(d.item[k].start, own->start);
    ck_assert_uint_le(d.item[k].end, own->start + own->length);
    displays += d.item[k].kind == JAC_ITEM_DISPLAY;
  }
  ck_assert_uint_eq(displays, 2); /* of cells 3 and 4 */
  jac_document_free(&d);
  jac_lsp_stop(&s);
}
END_TEST

/* Edits of every kind, many: the cells and the one text never part. */
START_TEST(many_edits_keep_the_cells) {
  struct jac_lsp s = start();
  s.budget = 1;
  open_book(&s);
  char expected[64] = "";
  change_book(&s, json_pack("{s:[{s:{s:s}, s:[{s:s}]}]}", "textContent", "document",
                            "uri", "c:3", "changes", "text", ""));
  unsigned long draw = 99;
  for (int k = 0; k < 200; k++) {
    draw = draw * 6364136223846793005u + 1442695040888963407u;
    size_t length = strlen(expected), from = (draw >> 33) % (length + 1);
    bool add = length < 40 && (draw >> 40) % 3 > 0;
    size_t to = add ? from : from < length ? from + 1 : from;
    char letter[2] = {(char)('a' + k % 26), '\0'};
    change_book(&s, edited("c:3", 0, (int)from, (int)to, add ? letter : ""));
    memmove(expected + from + add, expected + to, length - to + 1);
    if (add)
      expected[from] = letter[0];
    const struct jac_lsp_notes *n = &s.notes[0];
    const struct jac_lsp_cell *c = &n->cell[2], *next = &n->cell[3];
    ck_assert_uint_eq(c->length, strlen(expected));
    ck_assert_int_eq(memcmp(n->text.bytes + c->start, expected, c->length), 0);
    ck_assert_int_eq(memcmp(n->text.bytes + next->start, right, strlen(right)), 0);
    ck_assert_int_eq(c->version, 5);
  }
  json_decref(sent(&s));
  jac_lsp_stop(&s);
}
END_TEST

START_TEST(broken_messages_are_ignored) {
  static const char *const messages[] = {
      "{\"method\":\"notebookDocument/didOpen\"}",
      "{\"method\":\"notebookDocument/didOpen\",\"params\":{\"notebookDocument\":{}}}",
      "{\"method\":\"notebookDocument/didOpen\",\"params\":{\"notebookDocument\":"
      "{\"uri\":\"n:\",\"cells\":7}}}",
      "{\"method\":\"notebookDocument/didOpen\",\"params\":{\"notebookDocument\":"
      "{\"uri\":\"n:\",\"cells\":[1,{\"document\":2},{\"document\":\"n:1\"},"
      "{\"kind\":\"x\",\"document\":\"n:2\"}]},\"cellTextDocuments\":[3,{\"uri\":\"n:1\","
      "\"text\":4},{\"uri\":\"n:2\",\"text\":\"$$\"}]}}",
      "{\"method\":\"notebookDocument/didChange\",\"params\":{\"notebookDocument\":"
      "{\"uri\":\"n:\"}}}",
      "{\"method\":\"notebookDocument/didChange\",\"params\":{\"notebookDocument\":"
      "{\"uri\":\"n:\"},\"change\":{\"cells\":{\"structure\":{\"array\":{\"start\":-4,"
      "\"deleteCount\":99999,\"cells\":[{\"document\":\"n:2\"},{\"document\":\"n:2\"}]}},"
      "\"textContent\":[1,{\"document\":{\"uri\":\"n:2\"},\"changes\":[4,{\"text\":5},"
      "{\"text\":\"x\",\"range\":{\"start\":{\"line\":9e9},\"end\":{\"line\":-2}}}]}]}}}"
      "}",
      "{\"method\":\"notebookDocument/didChange\",\"params\":{\"notebookDocument\":"
      "{\"uri\":\"n:\"},\"change\":{\"cells\":{\"structure\":{\"array\":{\"start\":0,"
      "\"deleteCount\":9}}}}}}",
      "{\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":"
      "\"n:\"},\"contentChanges\":[{\"text\":\"x\"}]}}",
      "{\"id\":1,\"method\":\"textDocument/hover\",\"params\":{\"textDocument\":{\"uri\":"
      "\"n:\"},\"position\":{\"line\":9}}}",
      "{\"method\":\"notebookDocument/didClose\",\"params\":{\"notebookDocument\":"
      "{\"uri\":7}}}",
      "{\"method\":\"notebookDocument/didClose\",\"params\":{\"notebookDocument\":"
      "{\"uri\":\"n:\"}}}",
      "{\"method\":\"notebookDocument/didClose\",\"params\":{\"notebookDocument\":"
      "{\"uri\":\"n:\"}}}",
  };
  struct jac_lsp s = start();
  for (size_t k = 0; k < sizeof messages / sizeof messages[0]; k++) {
    jac_lsp_take(&s, messages[k], strlen(messages[k]));
    jac_lsp_work(&s);
  }
  ck_assert_uint_eq(s.count, 0);
  json_decref(sent(&s));
  open_book(&s);
  said(&s, "c:1 c:3@1:34-36 c:4");
  jac_lsp_stop(&s);
}
END_TEST

Suite *lsp_book_suite(void);
Suite *lsp_book_suite(void) {
  Suite *suite = suite_create("lsp_book");
  TCase *tc = tcase_create("notebooks in the language server");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, definitions_of_earlier_cells_count);
  tcase_add_test(tc, cells_come_and_go_and_move);
  tcase_add_test(tc, cells_have_hovers_and_fixes);
  tcase_add_test(tc, cells_are_apart);
  tcase_add_test(tc, many_edits_keep_the_cells);
  tcase_add_test(tc, broken_messages_are_ignored);
  suite_add_tcase(suite, tc);
  return suite;
}
