#include "visual/cli/command.h"

#define COMMAND(name) extern const struct jac_command name;
#include "visual/cli/commands.h"
#undef COMMAND

static const struct jac_command *const commands[] = {
#define COMMAND(name) &name,
#include "visual/cli/commands.h"
#undef COMMAND
};

size_t jac_command_count(void) {
  return sizeof commands / sizeof commands[0];
}

const struct jac_command *jac_command_at(size_t k) {
  return commands[k];
}
