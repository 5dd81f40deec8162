#include "visual/cli/complete.h"

#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/cli/command.h"
#include "visual/cli/language.h"
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
    bool this = strncmp(c->last, module->name, stem) == 0 && module->name[stem] == '\0';
    if (!this || comma == NULL)
      offer(c, module->name,
            module->nsize > 0 && c->command->bit != JAC_CMD_MODULES ? ":" : "",
            module->sizes != NULL ? module->sizes : "");
    for (const struct jac_module_option *o = module->options;
         this && comma != NULL && o != NULL && o->name != NULL; o++) {
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
  if (jac_options_read(count, word, c->command->bit, c->command->name, &options, &err) ==
          JAC_OK &&
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

static void offer_value(const struct completing *c, const char *option) {
  char list[400];
  if (strcmp(option, "wrt") == 0)
    offer_variables(c);
  else if (strcmp(option, "lang") == 0)
    offer_list(c, "", jac_language_list());
  else if (strcmp(option, "format") == 0)
    offer_list(c, "", jac_options_formats());
  else if (jac_options_choices(c->command->bit, option, list, sizeof list))
    offer_list(c, "", list);
  else
    jac_buffer_add(c->out, "@files\n");
}

static void complete_command(const struct completing *c) {
  struct jac_option_name name;
  const char *option = NULL;
  for (size_t k = 0; jac_options_name(c->command->bit, k, &name); k++) {
    const char *before = c->count > 1 ? c->word[c->count - 2] : "";
    bool here = strncmp(before, "--", 2) == 0 && strcmp(before + 2, name.name) == 0;
    if ((here || (strcmp(before, "-o") == 0 && strcmp(name.name, "output") == 0)) &&
        name.value != NULL)
      option = name.name;
  }
  if (option != NULL) {
    offer_value(c, option);
    return;
  }
  if (c->last[0] == '-') {
    for (size_t k = 0; jac_options_name(c->command->bit, k, &name); k++)
      offer(c, "--", name.name, name.help);
    return;
  }
  if (strncmp(c->command->usage, "FILE", 4) == 0)
    jac_buffer_add(c->out, "@files\n");
  else
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
