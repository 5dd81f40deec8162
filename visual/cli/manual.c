#include "visual/cli/manual.h"

#include "jacobian/text.h"
#include "visual/cli/option_help.h"

#include <string.h>

#ifndef JAC_DATE
#define JAC_DATE "November 23, 2026"
#endif

/* A character that means something to the formatter. */
static void add_char(char c, bool start, struct jac_buffer *out) {
  if (c == '\\')
    jac_buffer_add(out, "\\e");
  else if (start && (c == '.' || c == '\''))
    jac_buffer_printf(out, "\\&%c", c);
  else
    jac_buffer_add_char(out, c);
}

/* Running text: a line ends where a sentence does, as the formatter wants it, and before
 * it is too long. */
static void add_text(const char *text, struct jac_buffer *out) {
  enum { LINE = 76 };
  size_t used = 0;
  bool sentence = false;
  for (const char *at = text; *at != '\0';) {
    size_t length = strcspn(at, " \n");
    if (used > 0 && (sentence || used + 1 + length > LINE)) {
      jac_buffer_add_char(out, '\n');
      used = 0;
    } else if (used > 0 && length > 0)
      jac_buffer_add_char(out, ' ');
    for (size_t k = 0; k < length; k++)
      add_char(at[k], used == 0 && k == 0, out);
    if (length > 0)
      sentence = strchr(".?!", at[length - 1]) != NULL;
    used += length + (used > 0);
    at += length;
    at += *at != '\0';
  }
  jac_buffer_add_char(out, '\n');
}

static void add_literal(const char *text, struct jac_buffer *out) {
  jac_buffer_add(out, ".Bd -literal\n");
  bool start = true;
  for (const char *at = text; *at != '\0'; at++) {
    if (start && at[0] == ' ' && at[1] == ' ')
      at += 2;
    add_char(*at, start, out);
    start = *at == '\n';
  }
  if (!start)
    jac_buffer_add_char(out, '\n');
  jac_buffer_add(out, ".Ed\n");
}

static void add_head(const char *name, const char *summary, struct jac_buffer *out) {
  jac_buffer_add(out, ".Dd " JAC_DATE "\n.Dt ");
  for (const char *at = name; *at != '\0'; at++)
    jac_buffer_add_char(out, *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
  jac_buffer_printf(out, " 1\n.Os\n.Sh %s\n.Nm %s\n.Nd ", _("NAME"), name);
  add_text(summary, out);
}

static void add_options(const struct jac_command *command, struct jac_buffer *out) {
  const struct jac_option *option;
  jac_buffer_add(out, ".Bl -tag -width Ds\n");
  for (size_t k = 0; (option = jac_option_at(command->name, k)) != NULL; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    jac_buffer_printf(out, ".It Fl Fl %s", option->name);
    if (option->value != NULL)
      jac_buffer_printf(out, " Ar %s", jac_option_value(option));
    jac_buffer_add(out, "\n");
    jac_option_describe(option, command, &text);
    add_text(text.text, out);
    jac_buffer_free(&text);
  }
  jac_buffer_add(out, ".El\n");
}

static void add_exit_status(struct jac_buffer *out) {
  jac_buffer_printf(out, ".Sh %s\n", _("EXIT STATUS"));
  add_text(
      _("0: all is well. 1: a check failed or a claim does not hold. 2: the command, "
        "its input or the machine is at fault, and one line on standard error says "
        "what, where, and what to do."),
      out);
}

/* "SPEC [OPTIONS]", each word an argument. */
static void add_usage(const char *usage, struct jac_buffer *out) {
  for (const char *at = usage; *at != '\0';) {
    bool optional = *at == '[';
    at += optional;
    size_t length = strcspn(at, " ]");
    bool more = length > 3 && strncmp(at + length - 3, "...", 3) == 0;
    jac_buffer_printf(out, "%s %.*s%s\n", optional ? ".Op Ar" : ".Ar",
                      (int)(more ? length - 3 : length), at, more ? " ..." : "");
    at += length;
    at += strspn(at, " ]");
  }
}

static void add_command(const struct jac_command *command, struct jac_buffer *out) {
  struct jac_buffer name = JAC_BUFFER_INIT;
  jac_buffer_printf(&name, "jacobian-%s", command->name);
  add_head(name.text, _(command->summary), out);
  jac_buffer_free(&name);
  jac_buffer_printf(out, ".Sh %s\n.Nm jacobian Cm %s\n", _("SYNOPSIS"), command->name);
  add_usage(_(command->usage), out);
  jac_buffer_printf(out, ".Sh %s\n", _("DESCRIPTION"));
  if (command->details != NULL)
    add_text(_(command->details), out);
  else
    add_text(_("The modules are those of the course and the everyday ones; a SPEC is "
               "explained in jacobian(1)."),
             out);
  jac_buffer_add(out, ".Pp\n");
  add_text(_("The options are:"), out);
  add_options(command, out);
  add_exit_status(out);
  jac_buffer_printf(out, ".Sh %s\n", _("EXAMPLES"));
  add_literal(command->examples, out);
  jac_buffer_printf(out, ".Sh %s\n.Xr jacobian 1\n", _("SEE ALSO"));
}

static void add_variable(const char *name, const char *text, struct jac_buffer *out) {
  jac_buffer_printf(out, ".It Ev %s\n", name);
  add_text(text, out);
}

static void add_program(struct jac_buffer *out) {
  add_head("jacobian", _("explicit Jacobians of neural-network modules"), out);
  jac_buffer_printf(out, ".Sh %s\n.Nm\n.Ar %s\n.Op Ar SPEC ...\n.Op Ar %s\n",
                    _("SYNOPSIS"), _("COMMAND"), _("OPTIONS"));
  jac_buffer_printf(out, ".Sh %s\n", _("DESCRIPTION"));
  add_text(_("It materialises the whole Jacobian of a module, as symbols and as numbers, "
             "holds it against finite differences and the fast gradients, and judges "
             "Jacobians and formulas of your own."),
           out);
  jac_buffer_add(out, ".Pp\n");
  add_text(_("The commands are:"), out);
  jac_buffer_add(out, ".Bl -tag -width Ds\n");
  for (size_t k = 0; k < jac_command_count(); k++) {
    const struct jac_command *command = jac_command_at(k);
    jac_buffer_printf(out, ".It Xr jacobian-%s 1\n", command->name);
    add_text(_(command->summary), out);
  }
  jac_buffer_add(out, ".El\n.Pp\n");
  add_text(
      _("A SPEC is NAME[:SIZES][,option[=value]], as in linear:3x2,bias. Several in a "
        "row are a network; sizes that the neighbour fixes may be left out. Its "
        "parameters are numbered by their modules where a name occurs more than once: "
        "W1, W2."),
      out);
  jac_buffer_add(out, ".Pp\n");
  add_text(
      _("The Jacobian of f: R^n -> R^m is m x n: a row for every output, a column for "
        "every entry of the variable. Data are numbered row by row, parameters column "
        "by column (--order C: row by row). The batch is a third dimension (--form "
        "batch), or all samples are in one matrix (--form full)."),
      out);
  jac_buffer_printf(out, ".Sh %s\n.Bl -tag -width Ds\n", _("ENVIRONMENT"));
  add_variable("LANGUAGE , LC_ALL , LC_MESSAGES , LANG",
               _("The language of messages, unless --lang gives one. Numbers keep the "
                 "point in every language."),
               out);
  add_variable("NO_COLOR", _("Where it is set, nothing is coloured."), out);
  add_variable("COLUMNS", _("The width of the text where the output is no terminal."),
               out);
  jac_buffer_add(out, ".El\n");
  add_exit_status(out);
  jac_buffer_printf(out, ".Sh %s\n", _("EXAMPLES"));
  add_literal("  jacobian show linear:3x2 --wrt W --entries symbols\n"
              "  jacobian check softmax:4 --batch 2\n"
              "  jacobian verify notes.md\n",
              out);
  jac_buffer_printf(out, ".Sh %s\n", _("SEE ALSO"));
  const char *last = "";
  for (size_t k = 0; k < jac_command_count(); k++) {
    const char *next = NULL;
    for (size_t c = 0; c < jac_command_count(); c++) {
      const char *name = jac_command_at(c)->name;
      if (strcmp(name, last) > 0 && (next == NULL || strcmp(name, next) < 0))
        next = name;
    }
    last = next != NULL ? next : "";
    jac_buffer_printf(out, ".Xr jacobian-%s 1 ,\n", last);
  }
  jac_buffer_add(out, ".Xr libjacobian 3\n");
}

void jac_manual(const struct jac_command *command, struct jac_buffer *out) {
  if (command != NULL)
    add_command(command, out);
  else
    add_program(out);
}
