/* The language server: verdicts that follow the edits, and what it answers. */
#include "tests/visual/lsp_case.h"
#include "visual/lsp/answer.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(a_wrong_formula_is_an_error_until_it_is_right) {
  struct jac_lsp s = start();
  open_notes(&s, wrong);
  json_t *list = diagnostics(&s), *one = json_array_get(list, 0);
  ck_assert_uint_eq(json_array_size(list), 1);
  ck_assert_int_eq(json_integer_value(json_object_get(one, "severity")), 1);
  ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(one, "message")),
                               "it has the opposite sign"));
  /* The claim is "-W^\top", counted by hand: the letter before it is two units. */
  ck_assert_int_eq(number(one, "start", "line"), 4);
  ck_assert_int_eq(number(one, "start", "character"), 59);
  ck_assert_int_eq(number(one, "end", "character"), 66);
  json_decref(list);
  change(&s, 2, 4, 59, 60, "");
  list = diagnostics(&s);
  ck_assert_uint_eq(json_array_size(list), 0);
  json_decref(list);
  work(&s);
  list = sent(&s); /* the whole agrees: nothing new is said */
  ck_assert_uint_eq(json_array_size(list), 0);
  json_decref(list);
  jac_lsp_stop(&s);
}
END_TEST

START_TEST(hover_action_mark_and_completion) {
  struct jac_lsp s = start();
  open_notes(&s, wrong);
  json_decref(sent(&s));
  json_t *answer = ask(&s, "textDocument/hover", at(4, 61));
  const char *text = json_string_value(json_object_get(
      json_object_get(json_object_get(answer, "result"), "contents"), "value"));
  ck_assert_ptr_nonnull(text);
  ck_assert_ptr_nonnull(strstr(text, "does not hold"));
  ck_assert_ptr_nonnull(strstr(text, "-W^\\top"));
  ck_assert_ptr_nonnull(strstr(text, "linear"));
  json_decref(answer);
  answer = ask(&s, "textDocument/hover", at(2, 17));
  text = json_string_value(json_object_get(
      json_object_get(json_object_get(answer, "result"), "contents"), "value"));
  ck_assert_ptr_nonnull(strstr(text, "**linear** (INxOUT)"));
  json_decref(answer);
  answer = ask(&s, "textDocument/hover", at(0, 3));
  ck_assert(json_is_null(json_object_get(answer, "result")));
  json_decref(answer);
  answer = ask(&s, "textDocument/codeAction",
               json_pack("{s:{s:s}, s:{s:{s:i, s:i}, s:{s:i, s:i}}}", "textDocument",
                         "uri", "file:///n.md", "range", "start", "line", 4, "character",
                         60, "end", "line", 4, "character", 60));
  const json_t *actions = json_object_get(answer, "result");
  ck_assert_uint_eq(json_array_size(actions), 1);
  const json_t *edits = json_object_get(
      json_object_get(json_object_get(json_array_get(actions, 0), "edit"), "changes"),
      "file:///n.md");
  const json_t *edit = json_array_get(edits, 0);
  /* The correction, put in place of the claim, holds. */
  change(&s, 2, 4, (int)number(edit, "start", "character"),
         (int)number(edit, "end", "character"),
         json_string_value(json_object_get(edit, "newText")));
  json_decref(answer);
  json_t *list = diagnostics(&s);
  ck_assert_uint_eq(json_array_size(list), 0);
  json_decref(list);
  answer = ask(&s, "textDocument/inlayHint",
               json_pack("{s:{s:s}, s:{s:{s:i, s:i}, s:{s:i, s:i}}}", "textDocument",
                         "uri", "file:///n.md", "range", "start", "line", 0, "character",
                         0, "end", "line", 9, "character", 0));
  ck_assert_uint_eq(json_array_size(json_object_get(answer, "result")), 1);
  json_decref(answer);
  change(&s, 3, 2, 15, 21, "sof");
  json_decref(sent(&s));
  answer = ask(&s, "textDocument/completion", at(2, 18));
  bool softmax = false;
  size_t k;
  json_t *item;
  json_array_foreach(json_object_get(answer, "result"), k, item) softmax =
      softmax ||
      strcmp(json_string_value(json_object_get(item, "label")), "softmax") == 0;
  ck_assert(softmax);
  json_decref(answer);
  answer = ask(&s, "textDocument/completion", at(4, 3));
  ck_assert(json_is_null(json_object_get(answer, "result")));
  json_decref(answer);
  jac_lsp_stop(&s);
}
END_TEST

/* Answers a command with itself; "show" of what is not there is refused. */
static bool run(void *context, const char *command, enum jac_notes_format format,
                bool text, struct jac_buffer *out) {
  (void)context;
  ck_assert_int_eq(format, JAC_NOTES_MARKDOWN);
  jac_buffer_printf(out, "<%s%s>\n", text ? "text: " : "", command);
  return true;
}

static void complete(void *context, const char *line, struct jac_buffer *out) {
  (void)context;
  jac_buffer_printf(out, "%s\twhat\n", line);
}

static const char named[] = "# A\n"
                            "Let $W \\in \\mathbb{R}^{m \\times n}$ and $y = W x$.\n"
                            "\n"
                            "$$\\frac{\\partial y}{\\partial x} = W$$\n"
                            "\n"
                            "$$\\frac{\\partial q}{\\partial x} = W$$\n"
                            "\n"
                            "<!-- jacobian-run: show tanh:2 -->\n"
                            "<!-- jacobian-end -->\n"
                            "<!-- jacobian: linear; wrt= -->\n"
                            "<!-- jacobian-run: show li\n";

/* The text of a hover. */
static void hovers(struct jac_lsp *s, int line, int character, const char *what) {
  json_t *answer = ask(s, "textDocument/hover", at(line, character));
  const char *text = json_string_value(json_object_get(
      json_object_get(json_object_get(answer, "result"), "contents"), "value"));
  ck_assert_msg(text != NULL && strstr(text, what) != NULL, "%s in %s", what,
                text != NULL ? text : "nothing");
  json_decref(answer);
}

START_TEST(names_are_told_of) {
  struct jac_lsp s = start();
  s.run = run;
  open_notes(&s, named);
  json_decref(sent(&s));
  hovers(&s, 3, 34, "`W`\n\n* `m` × `n` (line 2)\n");
  hovers(&s, 3, 17, "`y`\n\n* `y = W x` (line 2)\n");
  hovers(&s, 3, 34, "<text: show --define 'y = W x' --wrt 'x' --entries closed>");
  hovers(&s, 3, 34, "**holds**");
  hovers(&s, 1, 5, "`m` × `n` (line 2)"); /* in a sentence */
  hovers(&s, 9, 20, "<text: show linear --entries closed>");
  json_t *none = ask(&s, "textDocument/hover", at(1, 0));
  ck_assert(json_is_null(json_object_get(none, "result")));
  json_decref(none);
  jac_lsp_stop(&s);
}
END_TEST

/* The quick fix that begins so: what it writes. */
static void fixes(struct jac_lsp *s, int line, int character, const char *title,
                  const char *text, int lines) {
  json_t *answer = ask(s, "textDocument/codeAction",
                       json_pack("{s:{s:s}, s:{s:{s:i, s:i}, s:{s:i, s:i}}}",
                                 "textDocument", "uri", "file:///n.md", "range", "start",
                                 "line", line, "character", character, "end", "line",
                                 line, "character", character)),
         *one;
  size_t k;
  bool found = false;
  json_array_foreach(json_object_get(answer, "result"), k, one) {
    const char *own = json_string_value(json_object_get(one, "title"));
    if (strcmp(own, title) != 0)
      continue;
    const json_t *edit = json_array_get(
        json_object_get(json_object_get(json_object_get(one, "edit"), "changes"),
                        "file:///n.md"),
        0);
    ck_assert_str_eq(json_string_value(json_object_get(edit, "newText")), text);
    ck_assert_int_eq(number(edit, "end", "line") - number(edit, "start", "line"), lines);
    found = true;
  }
  ck_assert_int_eq(found, text[0] != '\0');
  json_decref(answer);
}

START_TEST(commands_write_into_notes) {
  struct jac_lsp s = start();
  s.run = run;
  open_notes(&s, named);
  json_decref(sent(&s));
  fixes(&s, 7, 3, "Refresh this block",
        "<!-- jacobian-run: show tanh:2 -->\n<show tanh:2>\n<!-- jacobian-end -->\n", 2);
  fixes(&s, 3, 34, "Insert the derivation",
        "\n<!-- jacobian-run: derive --define 'y = W x' --wrt 'x' -->\n"
        "<derive --define 'y = W x' --wrt 'x'>\n<!-- jacobian-end -->\n",
        0);
  fixes(&s, 5, 17, "Insert the derivation", "", 0);
  fixes(&s, 5, 17, "Say what it is about: a directive above",
        "<!-- jacobian: q =  -->\n\n", 0);
  fixes(&s, 3, 34, "Refresh this block", "", 0);
  jac_lsp_stop(&s);
  /* q is declared, whichever entry of it is differentiated; q^{(l)} is a name. */
  s = start();
  s.run = run;
  open_notes(&s, "# A\n\n$$\\frac{\\partial q_i}{\\partial x_j} = W_{ij}$$\n\n"
                 "$$\\frac{\\partial q^{(l)}}{\\partial x} = V$$\n");
  json_decref(sent(&s));
  fixes(&s, 2, 17, "Say what it is about: a directive above",
        "<!-- jacobian: q =  -->\n\n", 0);
  fixes(&s, 4, 17, "Say what it is about: a directive above",
        "<!-- jacobian: q^{(l)} =  -->\n\n", 0);
  jac_lsp_stop(&s);
}
END_TEST

/* What completion offers first. */
static void offers(struct jac_lsp *s, int line, int character, const char *label) {
  json_t *answer = ask(s, "textDocument/completion", at(line, character));
  const char *first = json_string_value(
      json_object_get(json_array_get(json_object_get(answer, "result"), 0), "label"));
  ck_assert_str_eq(first != NULL ? first : "", label);
  json_decref(answer);
}

START_TEST(commands_and_variables_are_completed) {
  struct jac_lsp s = start();
  s.complete = complete;
  open_notes(&s, named);
  json_decref(sent(&s));
  offers(&s, 10, 26, "show li");
  offers(&s, 9, 27, "show linear:3x2,bias --wrt ");
  offers(&s, 9, 5, "jacobian:");
  offers(&s, 0, 2, "");
  jac_lsp_stop(&s);
}
END_TEST

START_TEST(what_is_taken_back_is_not_answered) {
  static const char hover[] =
      "{\"jsonrpc\": \"2.0\", \"id\": %d, \"method\": \"textDocument/hover\", "
      "\"params\": {\"textDocument\": {\"uri\": \"file:///n.md\"}, \"position\": "
      "{\"line\": 3, \"character\": 34}}}";
  static const char back[] = "{\"jsonrpc\": \"2.0\", \"method\": \"$/cancelRequest\", "
                             "\"params\": {\"id\": 9}}";
  char text[400];
  struct jac_lsp s = start();
  open_notes(&s, named);
  json_decref(sent(&s));
  for (int id = 8; id < 11; id++) {
    snprintf(text, sizeof text, hover, id);
    jac_lsp_take(&s, text, strlen(text));
  }
  jac_lsp_take(&s, back, strlen(back));
  jac_lsp_work(&s);
  json_t *list = sent(&s);
  ck_assert_uint_eq(json_array_size(list), 3);
  const json_t *first = json_array_get(list, 0);
  ck_assert_int_eq(json_integer_value(json_object_get(first, "id")), 9);
  ck_assert_int_eq(
      json_integer_value(json_object_get(json_object_get(first, "error"), "code")),
      -32800);
  for (size_t k = 1; k < 3; k++)
    ck_assert_ptr_nonnull(json_object_get(json_array_get(list, k), "result"));
  json_decref(list);
  jac_lsp_take(&s, back, strlen(back)); /* too late: nothing */
  jac_lsp_work(&s);
  list = sent(&s);
  ck_assert_uint_eq(json_array_size(list), 0);
  json_decref(list);
  jac_lsp_stop(&s);
}
END_TEST

START_TEST(what_is_not_understood_is_said_when_asked) {
  struct jac_lsp s = start();
  open_notes(&s, "$$ \\frac{dq}{dt} = \\int q $$\n\n<!-- jacobian: lineer -->\n");
  json_t *list = diagnostics(&s);
  ck_assert_uint_eq(json_array_size(list), 1); /* the directive alone */
  ck_assert_int_eq(number(json_array_get(list, 0), "start", "line"), 2);
  json_decref(list);
  tell(&s, "workspace/didChangeConfiguration",
       json_pack("{s:{s:{s:b}}}", "settings", "jacobian", "notUnderstood", 1));
  list = diagnostics(&s);
  ck_assert_uint_eq(json_array_size(list), 2);
  ck_assert_int_eq(
      json_integer_value(json_object_get(json_array_get(list, 0), "severity")), 4);
  json_decref(list);
  tell(&s, "textDocument/didClose",
       json_pack("{s:{s:s}}", "textDocument", "uri", "file:///n.md"));
  list = diagnostics(&s);
  ck_assert_uint_eq(json_array_size(list), 0);
  json_decref(list);
  jac_lsp_stop(&s);
}
END_TEST

/* Many sections and many edits: what the edits' own sections say is what a server says
 * that sees the text for the first time. */
START_TEST(edits_end_where_a_fresh_look_ends) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum { SECTIONS = 12, LINES = 6 };
  for (int k = 0; k < SECTIONS; k++)
    jac_buffer_printf(&text,
                      "## Part %d\n\n<!-- jacobian: linear -->\n\n"
                      "$$\\frac{\\partial z^k}{\\partial z^{k-1}} = W^\\top$$\n\n",
                      k);
  struct jac_lsp s = start();
  open_notes(&s, text.text);
  json_t *list = diagnostics(&s);
  ck_assert_uint_eq(json_array_size(list), 0);
  json_decref(list);
  unsigned long draw = 12345;
  bool minus[SECTIONS] = {false};
  size_t errors = 0;
  for (int version = 2; version < 60; version++) {
    draw = draw * 6364136223846793005u + 1442695040888963407u;
    int k = (int)(draw >> 33) % SECTIONS;
    change(&s, version, LINES * k + 4, 42, minus[k] ? 43 : 42, minus[k] ? "" : "-");
    errors = minus[k] ? errors - 1 : errors + 1;
    minus[k] = !minus[k];
    list = diagnostics(&s);
    ck_assert_uint_eq(json_array_size(list), errors);
    json_decref(list);
    const struct jac_lsp_notes *n = &s.notes[0];
    struct jac_lsp_sections fresh;
    jac_lsp_judge(NULL, n->text.bytes, n->text.length, n->format, &s.modules, &fresh);
    ck_assert_uint_eq(fresh.count, n->sections.count);
    for (size_t i = 0; i < fresh.count; i++) {
      ck_assert_uint_eq(fresh.section[i].count, n->sections.section[i].count);
      for (size_t j = 0; j < fresh.section[i].count; j++) {
        const struct jac_lsp_finding *a = &fresh.section[i].finding[j],
                                     *b = &n->sections.section[i].finding[j];
        ck_assert_int_eq(a->said->verdict, b->said->verdict);
        ck_assert_uint_eq(fresh.section[i].start + a->start,
                          n->sections.section[i].start + b->start);
        ck_assert_uint_eq(a->end - a->start, b->end - b->start);
      }
    }
    jac_lsp_sections_free(&fresh);
  }
  jac_lsp_stop(&s);
  jac_buffer_free(&text);
}
END_TEST

/* A result for a text that has changed meanwhile is thrown away. */
/* Who types does not wait for hundreds of formulas of one section. */
START_TEST(long_sections_wait_for_the_whole) {
  enum { FORMULAS = 400 };
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_add(&text, "<!-- jacobian: linear -->\n\n");
  for (int k = 0; k < FORMULAS; k++)
    jac_buffer_add(&text, "$$\\frac{\\partial z^k}{\\partial z^{k-1}} = W^\\top$$\n\n");
  struct jac_lsp s = start();
  s.budget = 40;
  open_notes(&s, text.text);
  change(&s, 2, 4, 42, 42, "-");
  json_t *list = sent(&s);
  ck_assert_uint_eq(json_array_size(list), 0); /* nothing is said to be right */
  json_decref(list);
  ck_assert(jac_lsp_waiting(&s));
  work(&s);
  list = diagnostics(&s);
  ck_assert_uint_eq(json_array_size(list), 1);
  ck_assert_int_eq(number(json_array_get(list, 0), "start", "line"), 4);
  json_decref(list);
  jac_lsp_stop(&s);
  jac_buffer_free(&text);
}
END_TEST

START_TEST(late_results_are_not_sent) {
  struct jac_lsp s = start();
  struct jac_lsp_job job;
  open_notes(&s, wrong);
  json_decref(sent(&s));
  ck_assert(jac_lsp_job_take(&s, &job));
  change(&s, 2, 4, 59, 60, "");
  json_decref(sent(&s));
  jac_lsp_job_run(&job);
  jac_lsp_job_done(&s, &job);
  json_t *list = sent(&s);
  ck_assert_uint_eq(json_array_size(list), 0);
  json_decref(list);
  jac_lsp_stop(&s);
}
END_TEST

/* Macros of the settings beside the file count, whatever its name needs in a URI. */
START_TEST(settings_beside_the_file_count) {
  char folder[] = "/tmp/jacobian-lsp-XXXXXX";
  ck_assert_ptr_nonnull(mkdtemp(folder));
  struct jac_buffer path = JAC_BUFFER_INIT, uri = JAC_BUFFER_INIT;
  jac_buffer_printf(&path, "%s/_config.yml", folder);
  jac_buffer_printf(&uri, "file://%s/%%C3%%A9%%20b.md", folder);
  FILE *file = fopen(path.text, "w");
  ck_assert_ptr_nonnull(file);
  fputs("macros:\n  pd: '\\frac{\\partial #1}{\\partial #2}'\n", file);
  fclose(file);
  struct jac_lsp s = start();
  tell(&s, "textDocument/didOpen",
       json_pack("{s:{s:s, s:s, s:i, s:s}}", "textDocument", "uri", uri.text,
                 "languageId", "markdown", "version", 1, "text",
                 "<!-- jacobian: y = x W -->\n\n$$\\pd{y}{x} = 2 W^\\top$$\n"));
  work(&s);
  json_t *list = diagnostics(&s);
  ck_assert_uint_eq(json_array_size(list), 1);
  ck_assert_int_eq(number(json_array_get(list, 0), "start", "line"), 2);
  json_decref(list);
  jac_lsp_stop(&s);
  remove(path.text);
  remove(folder);
  jac_buffer_free(&path);
  jac_buffer_free(&uri);
}
END_TEST

Suite *lsp_suite(void);
Suite *lsp_suite(void) {
  Suite *suite = suite_create("lsp");
  TCase *tc = tcase_create("language server");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, a_wrong_formula_is_an_error_until_it_is_right);
  tcase_add_test(tc, hover_action_mark_and_completion);
  tcase_add_test(tc, names_are_told_of);
  tcase_add_test(tc, commands_write_into_notes);
  tcase_add_test(tc, commands_and_variables_are_completed);
  tcase_add_test(tc, what_is_taken_back_is_not_answered);
  tcase_add_test(tc, what_is_not_understood_is_said_when_asked);
  tcase_add_test(tc, edits_end_where_a_fresh_look_ends);
  tcase_add_test(tc, long_sections_wait_for_the_whole);
  tcase_add_test(tc, late_results_are_not_sent);
  tcase_add_test(tc, settings_beside_the_file_count);
  suite_add_tcase(suite, tc);
  return suite;
}
