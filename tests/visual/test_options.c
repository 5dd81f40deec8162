/* The tables of options and formats: every row names what there is, and what does not
 * apply is refused with what does. */
#include "visual/cli/arguments.h"

#include <check.h>
#include <string.h>

static bool is_command(const char *word, size_t length) {
  for (size_t k = 0; k < jac_command_count(); k++)
    if (strlen(jac_command_at(k)->name) == length &&
        strncmp(jac_command_at(k)->name, word, length) == 0)
      return true;
  return false;
}

static bool is_option(const struct jac_command *command, const char *word,
                      size_t length) {
  const struct jac_option *o;
  for (size_t k = 0; (o = jac_option_at(command->name, k)) != NULL; k++)
    if (strlen(o->name) == length && strncmp(o->name, word, length) == 0)
      return true;
  return false;
}

/* The words of a list that a command has: its formats or its options. */
static size_t known_words(const struct jac_command *command, const char *words,
                          bool formats) {
  size_t length, count = 0;
  for (const char *at = words; (at = jac_words_next(at, &length)) != NULL; at += length) {
    if (!formats) {
      count += is_option(command, at, length);
      continue;
    }
    for (const struct jac_format *f = command->formats; f != NULL && f->name != NULL; f++)
      count += strlen(f->name) == length && strncmp(f->name, at, length) == 0;
  }
  return count;
}

START_TEST(rows_name_what_there_is) {
  const struct jac_option *o;
  for (size_t k = 0; (o = jac_option_row(k)) != NULL; k++) {
    size_t length;
    for (const char *at = o->commands; (at = jac_words_next(at, &length)) != NULL;
         at += length)
      ck_assert_msg(is_command(at, length), "--%s: no command %.*s", o->name, (int)length,
                    at);
    ck_assert_msg((o->value == NULL) == (o->type == JAC_OPTION_FLAG), "--%s", o->name);
    ck_assert_msg(o->size > 0 || o->type == JAC_OPTION_LANGUAGE, "--%s", o->name);
    ck_assert_msg((o->choices != NULL) == (o->type == JAC_OPTION_CHOICE), "--%s",
                  o->name);
    ck_assert_msg((o->count_at > 0) == (o->type == JAC_OPTION_LIST), "--%s", o->name);
  }
}
END_TEST

/* A row that names a format or an option which some command of its has not would refuse
 * for a wrong reason. */
START_TEST(where_a_row_applies_is_there) {
  for (size_t c = 0; c < jac_command_count(); c++) {
    const struct jac_command *command = jac_command_at(c);
    const struct jac_option *o;
    for (size_t k = 0; (o = jac_option_at(command->name, k)) != NULL; k++) {
      ck_assert_msg(o->formats == NULL || known_words(command, o->formats, true) > 0,
                    "%s --%s", command->name, o->name);
      ck_assert_msg(o->with == NULL || known_words(command, o->with, false) > 0,
                    "%s --%s", command->name, o->name);
      ck_assert_msg((o->type == JAC_OPTION_FORMAT) <= (command->formats != NULL),
                    "%s --%s", command->name, o->name);
      for (size_t j = 0; j < k; j++)
        ck_assert_str_ne(o->name, jac_option_at(command->name, j)->name);
    }
  }
}
END_TEST

/* A command line of up to six words against the command of that name. */
static enum jac_status read_line(const char *const *line, struct jac_options *o,
                                 struct jac_error *err) {
  static char words_of[8][80];
  static char *argv[9];
  const struct jac_command *command = NULL;
  int argc = 0;
  for (; line[argc] != NULL; argc++) {
    snprintf(words_of[argc], sizeof words_of[argc], "%s", line[argc]);
    argv[argc] = words_of[argc];
  }
  argv[argc] = NULL;
  for (size_t k = 0; k < jac_command_count(); k++)
    if (strcmp(jac_command_at(k)->name, line[0]) == 0)
      command = jac_command_at(k);
  ck_assert_ptr_nonnull(command);
  return jac_options_read(argc, argv, command, o, err);
}

START_TEST(values_reach_their_fields) {
  struct jac_options o;
  struct jac_error err;
  const char *const line[] = {"show",          "--batch=3", "linear:3x2", "--form=full",
                              "--elide=never", "--seed=7",  "-oJ.tex",    NULL};
  ck_assert_int_eq(read_line(line, &o, &err), JAC_OK);
  ck_assert_uint_eq(o.batch, 3);
  ck_assert_int_eq(o.form, JAC_FORM_FULL);
  ck_assert_uint_eq(o.latex.elide, JAC_ELIDE_NEVER);
  ck_assert_uint_eq(o.seed, 7);
  ck_assert_str_eq(o.format->name, "latex");
  ck_assert_uint_eq(o.nspec, 1);
  ck_assert_str_eq(o.spec[0], "linear:3x2");
  ck_assert(!o.entries_given);
  jac_options_free(&o);
  const char *const more[] = {"check",     "--max-memory=2G", "--color=never",
                              "--set=z=1", "--set=W=2",       "--difference=plain",
                              NULL};
  ck_assert_int_eq(read_line(more, &o, &err), JAC_OK);
  ck_assert(o.max_memory == (size_t)2 << 30);
  ck_assert_int_eq(o.color, JAC_COLOR_NEVER);
  ck_assert_uint_eq(o.nset, 2);
  ck_assert(o.plain_differences);
  ck_assert_ptr_null(o.output);
  jac_options_free(&o);
}
END_TEST

static const struct {
  const char *line[7];
  const char *says;
} refused[] = {
    {{"show", "--seed", "1", "--seed", "2"}, "--seed is given twice, 1 and 2"},
    {{"show", "--output=a.txt", "-o", "b.txt"}, "--output is given twice"},
    {{"check", "--sweep", "--sweep"}, "--sweep is given twice"},
    {{"show", "--set", "z=1", "--set", "z=2"}, "--set z is given twice, 1 and 2"},
    {{"show", "--size", "z=1"}, "--size does nothing here: it is for --define"},
    {{"show", "--standalone"}, "it is for --format latex"},
    {{"show", "--style=tikz", "-o", "J.md"}, "does nothing to the format markdown"},
    {{"show", "--elide=9", "--format=csv"}, "it is for --format latex, markdown"},
    {{"show", "--precision=3", "--format=json"}, "it is for --format text, latex"},
    {{"chain", "--entries=symbols", "--format=npy"}, "the format npy holds numbers"},
    {{"show", "--entries=both", "--format=csv"}, "the format csv holds symbols, numbers"},
    {{"check", "--tolerance=0.1"}, "it is for --against"},
    {{"check", "--difference=plain", "--claim=I"}, "nothing beside --claim"},
    {{"check", "--sweep", "--against=x"}, "nothing beside --against"},
    {{"check", "--sweep", "--format=json"}, "it is for --format text"},
    {{"check", "--certify", "--against=x"}, "nothing beside --against"},
    {{"verify", "--fix", "--format=json"}, "--format does nothing beside --fix"},
    {{"show", "softmax", "--entries=closed", "--seed=3"}, "--seed does nothing beside"},
    {{"show", "softmax", "--entries=closed", "--set=z=1"}, "--set does nothing beside"},
    {{"show", "softmax", "--entries=closed", "--order=C"}, "--order does nothing beside"},
    {{"show", "linear", "--what=forward", "--form=full"}, "--form does nothing beside"},
    {{"show", "linear", "--what=gradient", "--name=Q", "--format=latex"},
     "--name does nothing beside"},
    {{"table", "activations", "--seed=3"}, "--seed does nothing to table activations"},
    {{"table", "cheatsheet", "--batch=3"}, "--batch does nothing to table cheatsheet"},
    {{"table", "shapes", "--set", "z=1"}, "--set does nothing to table shapes"},
    {{"table", "shapes", "--order=C"}, "--order does nothing to table shapes"},
    {{"table", "compare", "--order=C"}, "--order does nothing to table compare"},
    {{"table", "activations", "--module=x.so"}, "--module does nothing to table act"},
    {{"derive", "--color=never"}, "derive has no option --color"},
    {{"table", "--color=never"}, "table has no option --color"},
    {{"show", "--precision=3", "--entries=symbols"}, "nothing beside --entries=symbols"},
    {{"show", "--precision=3", "--entries=structure"}, "beside --entries=structure"},
    {{"show", "--form=full", "--entries=closed"}, "nothing beside --entries=closed"},
    {{"verify", "--wrt=z"}, "it belongs to show, check, chain"},
    {{"check", "--precision=3"}, "it belongs to show, chain"},
    {{"show", "-o", "J.pdf"}, "writes no file of this ending: it writes text (.txt)"},
    {{"check", "-o", "J.svg"}, "check writes no file of this ending"},
    {{"check", "--format=svg"}, "--format svg: check writes text, latex"},
    {{"show", "--format=jsn"}, "did you mean json?"},
};

START_TEST(what_does_nothing_is_refused) {
  struct jac_options o;
  struct jac_error err = {JAC_OK, ""};
  enum jac_status status = read_line(refused[_i].line, &o, &err);
  jac_options_free(&o);
  ck_assert_msg(status == JAC_EINPUT && strstr(err.message, refused[_i].says) != NULL,
                "'%s' for '%s'", err.message, refused[_i].says);
}
END_TEST

/* The neighbours of what is refused, which do something. */
static const char *const taken[][7] = {
    {"show", "--standalone", "-o", "J.tex"},
    {"show", "--format", "tex", "--style=tikz"},
    {"show", "--format", ".md", "--elide=9"},
    {"show", "--define=z", "--size", "z=1"},
    {"check", "--against=x", "--tolerance=0.1"},
    {"show", "-o", "-"},
    {"show", "-o", "/dev/null"},
    {"show", "-o", "../a.b/J"},
    {"show", "-o", "J.pdf", "--format=csv"},
    {"show", "--color=never", "--format=json"},
    {"verify", "--fix", "-o", "out.weird"},
    {"show", "--help", "--size", "z=1"},
};

START_TEST(what_does_something_is_taken) {
  struct jac_options o;
  struct jac_error err = {JAC_OK, ""};
  enum jac_status status = read_line(taken[_i], &o, &err);
  jac_options_free(&o);
  ck_assert_msg(status == JAC_OK, "%s", err.message);
}
END_TEST

Suite *options_suite(void);
Suite *options_suite(void) {
  Suite *suite = suite_create("options");
  TCase *tc = tcase_create("rows");
  tcase_add_test(tc, rows_name_what_there_is);
  tcase_add_test(tc, where_a_row_applies_is_there);
  tcase_add_test(tc, values_reach_their_fields);
  tcase_add_loop_test(tc, what_does_nothing_is_refused, 0,
                      (int)(sizeof refused / sizeof refused[0]));
  tcase_add_loop_test(tc, what_does_something_is_taken, 0,
                      (int)(sizeof taken / sizeof taken[0]));
  suite_add_tcase(suite, tc);
  return suite;
}
