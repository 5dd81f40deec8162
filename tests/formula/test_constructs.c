/* docs/formula.md lists the table of constructs, row by row, as the engine has it. With
 * JAC_GOLDEN=write in the environment (make golden) the list is written anew. */
#include "jacobian/buffer.h"
#include "jacobian/elaborate/term.h"
#include "jacobian/text.h"
#include "tests/golden.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char begins[] = "<!-- constructs: make golden writes this list -->\n",
                  ends[] = "<!-- end of constructs -->\n";

/* Names with spaces between, as code; those that end in _ are for the reader alone, words
 * are no signs. */
static void add_names(const char *names, bool words, struct jac_buffer *out) {
  bool first = true;
  while (*names != '\0') {
    size_t n = strcspn(names, " ");
    if (names[n - 1] != '_' && (words || !isalpha((unsigned char)*names))) {
      jac_buffer_printf(out, "%s`%.*s`", first ? "" : " ", (int)n, names);
      first = false;
    }
    names += n + strspn(names + n, " ");
  }
}

static void add_readings(enum jac_construct_id id, struct jac_buffer *out) {
  size_t first, count = jac_readings_of(id, &first);
  for (size_t k = first; k < first + count; k++) {
    const struct jac_reading *r = jac_reading_at(k);
    jac_buffer_printf(out, "%s`%s`", k > first ? ", " : "", r->type);
    if (r->words != NULL)
      jac_buffer_printf(out, " (%s)", r->words);
  }
}

static const struct {
  enum jac_role_of from, to; /* the rows between them */
  const char *title;
} groups[] = {
    {JAC_ROLE_TERM, JAC_ROLE_POSTFIX, "Signs"},
    {JAC_ROLE_RELATION, JAC_ROLE_CONDITION, "Relations and conditions"},
    {JAC_ROLE_ENTRYWISE, JAC_ROLE_ENTRYWISE, "Functions of one number, entry by entry"},
    {JAC_ROLE_FUNCTION, JAC_ROLE_SIZED, "Of vectors and matrices"},
    {JAC_ROLE_SPECIAL, JAC_ROLE_BIG, "Of indices"},
    {JAC_ROLE_UNREAD, JAC_ROLE_UNREAD, "Seen, and not read"},
};

static void add_row(const struct jac_construct *c, struct jac_buffer *out) {
  jac_buffer_add(out, "| ");
  if (c->role == JAC_ROLE_UNREAD)
    jac_buffer_add(out, c->plain); /* what it is */
  else if (c->role == JAC_ROLE_SIDE)
    jac_buffer_add(out, "side by side");
  else
    add_names(c->plain, true, out);
  jac_buffer_add(out, " | ");
  add_names(c->latex, true, out);
  jac_buffer_add(out, " | ");
  add_names(c->unicode, false, out);
  jac_buffer_add(out, " | ");
  if (c->role != JAC_ROLE_ENTRYWISE)
    add_readings(c->id, out);
  jac_buffer_add(out, " |\n");
}

static void add_table(struct jac_buffer *out) {
  size_t rows = 0;
  for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
    jac_buffer_printf(
        out, "\n**%s**\n\n| plain | LaTeX | Unicode | shapes |\n|---|---|---|---|\n",
        groups[g].title);
    for (size_t id = 0; id < JAC_CONSTRUCTS; id++) {
      const struct jac_construct *c = jac_construct((enum jac_construct_id)id);
      if (c->role >= groups[g].from && c->role <= groups[g].to) {
        add_row(c, out);
        rows++;
      }
    }
  }
  jac_buffer_add(out, "\n");
  ck_assert_uint_eq(rows, JAC_CONSTRUCTS); /* each has a group */
}

START_TEST(every_construct_is_documented) {
  static const char path[] = "docs/formula.md";
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  char *text = calloc(1, 100000);
  ck_assert_ptr_nonnull(text);
  ck_assert_uint_lt(fread(text, 1, 99999, file), 99999);
  fclose(file);
  const char *from = strstr(text, begins), *to = strstr(text, ends);
  ck_assert_msg(from != NULL && to != NULL && from < to, "%s has no list", path);
  struct jac_buffer whole = JAC_BUFFER_INIT;
  jac_buffer_add_bytes(&whole, text, (size_t)(from - text) + strlen(begins));
  add_table(&whole);
  jac_buffer_add(&whole, to);
  ck_assert(!whole.failed);
  /* A construct that is not listed: make golden. */
  golden_check(path, whole.text);
  jac_buffer_free(&whole);
  free(text);
}
END_TEST

Suite *constructs_suite(void);
Suite *constructs_suite(void) {
  Suite *suite = suite_create("constructs");
  TCase *tc = tcase_create("documented");
  tcase_add_test(tc, every_construct_is_documented);
  suite_add_tcase(suite, tc);
  return suite;
}
