/* The engine alone, as WebAssembly: what the page calls, and in place of the parts that
 * need an operating system, what stands for them in a page. */
#include "jacobian/text.h"
#include "visual/cli/outside.h"
#include "visual/engine/engine.h"
#include "visual/input.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(#name), used))

/* Room for a question of that many bytes and a final zero. */
EXPORT(engine_room) char *engine_room(size_t size);
char *engine_room(size_t size) {
  return malloc(size + 1);
}

/* The numbers that the last answer handed over, until the next question. */
static struct jac_engine_numbers numbers;

/* The answer to a question, which is freed; the answer is freed by engine_free. */
EXPORT(engine_answer) char *engine_answer(char *question);
char *engine_answer(char *question) {
  gsl_set_error_handler_off();
  free(numbers.data);
  char *answer = jac_engine_answer_apart(question, &numbers);
  free(question);
  return answer;
}

EXPORT(engine_numbers) double *engine_numbers(void);
double *engine_numbers(void) {
  return numbers.data;
}

EXPORT(engine_count) size_t engine_count(void);
size_t engine_count(void) {
  return numbers.count;
}

EXPORT(engine_free) void engine_free(char *answer);
void engine_free(char *answer) {
  free(answer);
}

enum jac_status jac_outside_load(const struct jac_options *options,
                                 struct jac_outside *outside, struct jac_error *err) {
  (void)options;
  (void)err;
  *outside = (struct jac_outside){.handles = 0};
  return JAC_OK;
}

void jac_outside_free(struct jac_outside *outside) {
  (void)outside;
}

size_t jac_options_memory(const struct jac_options *options) {
  (void)options;
  return (size_t)16 << 20;
}

void jac_options_free(struct jac_options *options) {
  free(options->set);
  free(options->size);
  free(options->module);
}

enum jac_status jac_input_table(const char *path, struct jac_table *table,
                                struct jac_error *err) {
  *table = (struct jac_table){.ndim = 0};
  return jac_fail(err, JAC_EIO, _("%s: there are no files here"), path);
}
