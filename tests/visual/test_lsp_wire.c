/* The language server: what goes over the wire, whole or broken; and places. */
#include "tests/visual/lsp_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int code_of(struct jac_lsp *s, const char *body) {
  receive(s, body, strlen(body));
  json_t *list = sent(s);
  int code = 0;
  if (json_array_size(list) > 0)
    code = (int)json_integer_value(
        json_object_get(json_object_get(json_array_get(list, 0), "error"), "code"));
  json_decref(list);
  return code;
}

START_TEST(broken_messages_never_end_it) {
  struct jac_lsp s;
  jac_lsp_start(&s, NULL);
  ck_assert_int_eq(code_of(&s, "{\"id\":1,\"method\":\"textDocument/hover\"}"), -32002);
  json_decref(ask(&s, "initialize", json_object()));
  ck_assert_int_eq(code_of(&s, "{\"id\":1,\"method\":\"initialize\"}"), -32600);
  ck_assert_int_eq(code_of(&s, "{"), -32700);
  ck_assert_int_eq(code_of(&s, ""), -32700);
  ck_assert_int_eq(code_of(&s, "\xFF"), -32700);
  ck_assert_int_eq(code_of(&s, "[1,2]"), -32600);
  ck_assert_int_eq(code_of(&s, "{}"), -32600);
  ck_assert_int_eq(code_of(&s, "{\"id\":1,\"method\":\"no/such\"}"), -32601);
  ck_assert_int_eq(
      code_of(&s, "{\"id\":1,\"method\":\"textDocument/hover\",\"params\":[1]}"), -32602);
  static const char *const ignored[] = {
      "{\"method\":\"no/such\"}",
      "{\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}",
      "{\"method\":\"textDocument/didOpen\"}",
      "{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":3}}}",
      "{\"method\":\"textDocument/didChange\",\"params\":{\"contentChanges\":7}}",
      "{\"method\":\"textDocument/didClose\",\"params\":null}",
      "{\"id\":4,\"result\":null}",
  };
  for (size_t k = 0; k < sizeof ignored / sizeof ignored[0]; k++)
    ck_assert_int_eq(code_of(&s, ignored[k]), 0);
  open_notes(&s, wrong);
  json_decref(sent(&s));
  static const char *const edits[] = {
      "{\"start\":{\"line\":9999,\"character\":9},\"end\":{\"line\":-5}}",
      "{\"start\":{\"line\":4,\"character\":1},\"end\":{\"line\":4,\"character\":1}}",
      "{\"start\":{},\"end\":{}}",
      "{\"start\":{\"line\":3.5},\"end\":\"x\"}",
  };
  for (size_t k = 0; k < sizeof edits / sizeof edits[0]; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    jac_buffer_printf(
        &text,
        "{\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":"
        "{\"uri\":\"file:///n.md\",\"version\":2},\"contentChanges\":[{"
        "\"range\":%s,\"text\":\"x\"},{\"text\":5},3]}}",
        edits[k]);
    ck_assert_int_eq(code_of(&s, text.text), 0);
    jac_buffer_free(&text);
  }
  json_decref(ask(&s, "shutdown", json_null()));
  ck_assert_int_eq(code_of(&s, "{\"id\":1,\"method\":\"textDocument/hover\"}"), -32600);
  ck_assert(!s.over);
  tell(&s, "exit", json_null());
  ck_assert(s.over);
  jac_lsp_stop(&s);
}
END_TEST

/* Messages in pieces, and what is no message between them. */
START_TEST(the_wire_finds_its_messages) {
  static const char bytes[] = "Content-Length: 2\r\n\r\n{}"
                              "garbage\r\n\r\n"
                              "content-length: 3\r\nContent-Type: x\r\n\r\nabc"
                              "Content-Length: -4\r\n\r\n"
                              "Content-Length: zzz\r\n\r\n"
                              "rubbish Content-Length: 0\r\n\r\n"
                              "Content-Length: 99999999999999\r\n\r\n";
  static const char *const expected[] = {"{}", "abc", ""};
  for (size_t piece = 1; piece < sizeof bytes; piece += 3) {
    struct jac_wire wire = {.in = JAC_BUFFER_INIT};
    const char *body;
    size_t length, found = 0;
    for (size_t k = 0; k < sizeof bytes - 1; k += piece) {
      size_t left = sizeof bytes - 1 - k;
      jac_wire_feed(&wire, bytes + k, piece < left ? piece : left);
      while (jac_wire_next(&wire, &body, &length)) {
        ck_assert_uint_lt(found, 3);
        ck_assert_uint_eq(length, strlen(expected[found]));
        ck_assert_int_eq(memcmp(body, expected[found], length), 0);
        found++;
      }
    }
    ck_assert_uint_eq(found, 3);
    ck_assert_uint_gt(wire.skip, 0);
    jac_wire_free(&wire);
  }
}
END_TEST

/* Places by the protocol's own words: units of UTF-16, three kinds of line ends. */
START_TEST(places_are_utf_16) {
  static const char bytes[] = "aé𝔸z\r\nb\rc\n";
  static const size_t offset[][3] = {
      {0, 0, 0},  {0, 1, 1},  {0, 2, 3},  {0, 4, 7},  {0, 5, 8},
      {1, 0, 10}, {1, 1, 11}, {2, 0, 12}, {2, 1, 13}, {3, 0, 14},
  };
  struct jac_lsp_text t;
  ck_assert_int_eq(jac_lsp_text_set(&t, bytes, sizeof bytes - 1), JAC_OK);
  ck_assert_uint_eq(t.lines, 4);
  for (size_t k = 0; k < sizeof offset / sizeof offset[0]; k++) {
    struct jac_lsp_place place = {offset[k][0], offset[k][1]};
    ck_assert_uint_eq(jac_lsp_offset(&t, place), offset[k][2]);
    place = jac_lsp_place(&t, offset[k][2]);
    ck_assert_uint_eq(place.line, offset[k][0]);
    ck_assert_uint_eq(place.unit, offset[k][1]);
  }
  /* In the middle of a character, past a line, past the text. */
  ck_assert_uint_eq(jac_lsp_offset(&t, (struct jac_lsp_place){0, 3}), 3);
  ck_assert_uint_eq(jac_lsp_offset(&t, (struct jac_lsp_place){0, 99}), 8);
  ck_assert_uint_eq(jac_lsp_offset(&t, (struct jac_lsp_place){9, 0}), sizeof bytes - 1);
  ck_assert_int_eq(jac_lsp_text_edit(&t, 3, 7, "xy", 2), JAC_OK);
  ck_assert_str_eq(t.bytes, "aéxyz\r\nb\rc\n");
  ck_assert_int_eq(jac_lsp_text_edit(&t, 6, 9, "", 0), JAC_OK);
  ck_assert_str_eq(t.bytes, "aéxyz\rc\n");
  jac_lsp_text_free(&t);
}
END_TEST

Suite *lsp_wire_suite(void);
Suite *lsp_wire_suite(void) {
  Suite *suite = suite_create("lsp: the wire");
  TCase *tc = tcase_create("the wire");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, broken_messages_never_end_it);
  tcase_add_test(tc, the_wire_finds_its_messages);
  tcase_add_test(tc, places_are_utf_16);
  suite_add_tcase(suite, tc);
  return suite;
}
