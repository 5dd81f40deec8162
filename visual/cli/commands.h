/* The table of commands: one line each, in the order of the help. */
COMMAND(jac_command_show)
COMMAND(jac_command_check)
COMMAND(jac_command_chain)
COMMAND(jac_command_modules)
COMMAND(jac_command_verify)
COMMAND(jac_command_explore)
COMMAND(jac_command_quiz)
COMMAND(jac_command_lsp)
