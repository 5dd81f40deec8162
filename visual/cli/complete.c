#include "visual/cli/complete.h"

#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/cli/arguments.h"
#include "visual/cli/language.h"
#include "visual/cli/option_help.h"
#include "visual/cli/subject.h"

#include <stdlib.h>
#include <string.h>

struct completing {
  const struct jac_command *command;
  char **word; /* those after the command */
  int count;
  const char *last; /* what is being typed */
  struct jac_buffer *out;
};

static void offer(const struct completing *c, const char *before, const char *candidate,
                  const char *what) {
  size_t length = strlen(c->last), head = strlen(before);
  struct jac_buffer whole = JAC_BUFFER_INIT;
  jac_buffer_printf(&whole, "%s%s", before, candidate);
  if (strncmp(whole.text, c->last, length) == 0 && whole.length >= head)
    jac_buffer_printf(c->out, "%s\t%s\n", whole.text, what);
  jac_buffer_free(&whole);
}

static void offer_modules(const struct completing *c) {
  for (size_t k = 0; k < jac_module_count(); k++) {
    const struct jac_module *module = jac_module_at(k);
    const char *comma = strrchr(c->last, ',');
    size_t stem = strcspn(c->last, ":,");
    bool own = strncmp(c->last, module->name, stem) == 0 && module->name[stem] == '\0';
    if (!own || comma == NULL)
      offer(c, module->name,
            module->nsize > 0 && strncmp(c->command->usage, "SPEC", 4) == 0 ? ":" : "",
            module->sizes != NULL ? module->sizes : "");
    for (const struct jac_module_option *o = module->options;
         own && comma != NULL && o != NULL && o->name != NULL; o++) {
      char *before = strdup(c->last);
      if (before != NULL) {
        before[comma - c->last + 1] = '\0';
        offer(c, before, o->name, _(o->help));
      }
      free(before);
    }
  }
}

/* The variables of the map that the words before name, if they do. */
static void offer_variables(const struct completing *c) {
  struct jac_options options;
  struct jac_subject subject = {0};
  struct jac_error err;
  char **word = calloc((size_t)c->count + 2, sizeof *word);
  int count = 1;
  if (word == NULL)
    return;
  word[0] = c->word[-1];
  for (int k = 0; k < c->count - 1; k++)
    if (strcmp(c->word[k], "--wrt") != 0)
      word[count++] = c->word[k];
  if (jac_options_read(count, word, c->command, &options, &err) == JAC_OK &&
      jac_subject_make(&options, &subject, &err) == JAC_OK)
    for (size_t v = 0; v < subject.map->nvar; v++)
      offer(c, "", subject.map->var[v].name,
            subject.map->var[v].role == JAC_DATA ? _("data") : _("parameter"));
  jac_subject_free(&subject);
  jac_options_free(&options);
  free(word);
}

/* "a, b, c" one by one. */
static void offer_list(const struct completing *c, const char *before, const char *list) {
  while (*list != '\0') {
    size_t length = strcspn(list, ",");
    char *one = strndup(list, length);
    if (one != NULL)
      offer(c, before, one, "");
    free(one);
    list += length;
    list += strspn(list, ", ");
  }
}

/* The words of a list, or of a choice. */
static void offer_words(const struct completing *c, const char *words) {
  size_t length;
  for (const char *at = words; (at = jac_words_next(at, &length)) != NULL; at += length) {
    char *one = strndup(at, length);
    if (one != NULL)
      offer(c, "", one, "");
    free(one);
  }
}

static void offer_value(const struct completing *c, const struct jac_option *option) {
  switch (option->type) {
  case JAC_OPTION_VARIABLE:
    offer_variables(c);
    break;
  case JAC_OPTION_LANGUAGE:
    offer_list(c, "", jac_language_list());
    break;
  case JAC_OPTION_FORMAT:
    for (const struct jac_format *f = c->command->formats; f->name != NULL; f++)
      offer(c, "", f->name, "");
    break;
  case JAC_OPTION_CHOICE:
    offer_words(c, option->choices);
    break;
  default:
    jac_buffer_add(c->out, "@files\n");
  }
}

/* The first word of a command whose usage names those that there are, one|other SPEC;
 * false: it takes others too. */
static bool offer_kinds(const struct completing *c) {
  const char *usage = c->command->usage;
  size_t end = strcspn(usage, " ");
  if (c->count > 1 || memchr(usage, '|', end) == NULL)
    return false;
  for (size_t at = 0; at < end; at++) {
    size_t length = strcspn(usage + at, "| ");
    char *one = strndup(usage + at, length);
    if (one != NULL)
      offer(c, "", one, "");
    free(one);
    at += length;
  }
  return true;
}

static void complete_command(const struct completing *c) {
  const struct jac_option *o, *option = NULL;
  const char *before = c->count > 1 ? c->word[c->count - 2] : "";
  for (size_t k = 0; (o = jac_option_at(c->command->name, k)) != NULL; k++) {
    bool here = strncmp(before, "--", 2) == 0 && strcmp(before + 2, o->name) == 0;
    if ((here || (strcmp(before, "-o") == 0 && o->type == JAC_OPTION_OUTPUT)) &&
        o->value != NULL)
      option = o;
  }
  if (option != NULL) {
    offer_value(c, option);
    return;
  }
  if (c->last[0] == '-') {
    for (size_t k = 0; (o = jac_option_at(c->command->name, k)) != NULL; k++) {
      struct jac_buffer text = JAC_BUFFER_INIT;
      jac_option_describe(o, c->command, &text);
      offer(c, "--", o->name, text.text);
      jac_buffer_free(&text);
    }
    return;
  }
  if (strncmp(c->command->usage, "FILE", 4) == 0)
    jac_buffer_add(c->out, "@files\n");
  else if (!offer_kinds(c))
    offer_modules(c);
}

void jac_complete(int count, char **word, struct jac_buffer *out) {
  struct completing c = {.count = count, .word = word, .out = out};
  c.last = count > 0 ? word[count - 1] : "";
  while (count > 1 && strncmp(word[0], "--lang", 6) == 0) {
    int skip = word[0][6] == '=' ? 1 : 2;
    if (skip == 2 && count == 2) {
      offer_list(&c, "", jac_language_list());
      return;
    }
    word += skip;
    count -= skip;
  }
  if (count <= 1) {
    for (size_t k = 0; k < jac_command_count(); k++)
      offer(&c, "", jac_command_at(k)->name, _(jac_command_at(k)->summary));
    if (c.last[0] == '-')
      offer_list(&c, "--", "help, version, lang");
    return;
  }
  for (size_t k = 0; k < jac_command_count(); k++)
    if (strcmp(jac_command_at(k)->name, word[0]) == 0)
      c.command = jac_command_at(k);
  c.word = word + 1;
  c.count = count - 1;
  if (c.command != NULL)
    complete_command(&c);
}
