/* Formulas in both notations: what is read is written and read back, evaluated,
 * simplified; nothing crashes, and errors are one line. */
#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/read.h"
#include "jacobian/formula/render.h"
#include "jacobian/notation/notation.h"
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

/* Notation of either kind: read, and spelled. */
static void read_notation(const char *text, bool latex) {
  struct jac_pool pool = JAC_POOL_INIT;
  struct jac_error err = {JAC_OK, ""};
  const struct jac_syntax *notation;
  size_t position = 0;
  if (jac_notation_read(&pool, text, latex, &notation, &position, &err) == JAC_OK)
    require(jac_notation_key(&pool, notation) != NULL, "what is read is spelled", text);
  else
    require(position <= strlen(text), "the place is in the text", text);
  jac_pool_free(&pool);
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
  read_notation(text, false);
  read_notation(text, true);
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
