/* Formulas in both notations: what is read is written and read back, evaluated,
 * simplified; nothing crashes, and errors are one line. */
#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/latex.h"
#include "jacobian/formula/render.h"
#include "tests/fuzz/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int holds, const char *what, const char *text) {
  if (holds)
    return;
  fprintf(stderr, "does not hold: %s: %s\n", what, text);
  abort();
}

static const struct jac_word words[] = {{"x", NULL, false, false},
                                        {"W", NULL, false, false},
                                        {"z^{k-1}", NULL, false, false},
                                        {"f", "tanh", true, false}};
static const struct jac_vocabulary vocabulary = {words, 4, 0};
static const double values[] = {0.5, -1.25, 2.0, 0.75, 1.5, -0.5, 0.25, 1.0, 3.0};

/* Everything that may be done with a tree. */
static void use(struct jac_arena *arena, const struct jac_node *tree) {
  struct jac_named named[] = {
      {"x", 2, {3, 1}, values, 1, false, 0},
      {"W", 2, {3, 3}, values, 3, false, 0},
      {"z^{k-1}", 2, {1, 3}, values, 3, false, 0},
  };
  struct jac_environment env = {.named = named, .nnamed = 3, .broadcast = true};
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  struct jac_result result;
  jac_formula_render(tree, JAC_NOTATION_UNICODE, NULL, &text);
  jac_buffer_free(&text);
  if (arena->nodes > 400)
    return; /* large ones are read and written only: values take long */
  if (jac_formula_value(tree, &env, NULL, 0, &result, NULL, &err) == JAC_OK)
    jac_result_free(&result);
  else
    require(err.message[0] != '\0', "an error says something", "");
}

static void both(const char *text) {
  struct jac_arena arena = JAC_ARENA_INIT;
  struct jac_error err = {JAC_OK, ""};
  const struct jac_node *tree;
  size_t position = 0;
  if (jac_formula_read(&arena, text, &tree, &position, &err) == JAC_OK)
    use(&arena, tree);
  else
    require(strchr(err.message, '\n') == NULL && position <= strlen(text), "one line",
            text);
  jac_arena_free(&arena);
  if (jac_latex_read(&arena, text, &vocabulary, &tree, &position, &err) == JAC_OK)
    use(&arena, tree);
  else
    require(position <= strlen(text), "the place is in the text", text);
  jac_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  if (text == NULL)
    return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  both(text);
  free(text);
  return 0;
}
