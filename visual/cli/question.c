#include "visual/cli/question_internal.h"

#include "jacobian/text.h"
#include "layers/network.h"
#include "visual/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct jac_question_type *const types[JAC_QUESTION_KINDS] = {
    [JAC_QUESTION_MISTAKE] = &jac_question_mistake,
    [JAC_QUESTION_SHAPE] = &jac_question_shape,
    [JAC_QUESTION_ENTRY] = &jac_question_entry,
    [JAC_QUESTION_BLOCK] = &jac_question_block,
    [JAC_QUESTION_TRANSPOSE] = &jac_question_transpose,
    [JAC_QUESTION_CHAIN] = &jac_question_chain,
    [JAC_QUESTION_FORMULA] = &jac_question_formula,
};

/* In this order, round and round; those above the level are left out. */
static const enum jac_question_kind turn[] = {
    JAC_QUESTION_MISTAKE, JAC_QUESTION_SHAPE,   JAC_QUESTION_ENTRY,
    JAC_QUESTION_MISTAKE, JAC_QUESTION_BLOCK,   JAC_QUESTION_TRANSPOSE,
    JAC_QUESTION_MISTAKE, JAC_QUESTION_FORMULA, JAC_QUESTION_CHAIN};

enum { MOST_NUMBERS = 4000 }; /* of what is asked about: it is read, not counted */

size_t jac_making_pick(struct jac_making *m, size_t count) {
  return (size_t)gsl_rng_uniform_int(m->draw, (unsigned long)count);
}

/* The words of a spec; a module by its name alone is its own example. */
static enum jac_status make_network(struct jac_making *m, const char *spec,
                                    size_t batch) {
  enum { WORDS = 8 };
  char text[200];
  const char *words[WORDS];
  size_t count = 0;
  if (strlen(spec) >= sizeof text || *spec == '\0')
    return jac_fail(m->err, JAC_EINPUT, _("no module is called '%.40s'"), spec);
  if (strpbrk(spec, ":, ") == NULL) {
    const struct jac_module *module = jac_module_find(spec, NULL, m->err);
    if (module == NULL)
      return JAC_EINPUT;
    return jac_module_new(module->example, batch, &m->map, m->err);
  }
  strcpy(text, spec);
  for (char *word = strtok(text, " "); word != NULL && count < WORDS;
       word = strtok(NULL, " "))
    words[count++] = word;
  return jac_network_new(words, count, batch, NULL, &m->map, m->err);
}

static enum jac_status make_map(struct jac_making *m, const char *spec, size_t batch) {
  enum jac_status status = make_network(m, spec, batch);
  if (status != JAC_OK)
    return status;
  size_t count = 0, first[16] = {0};
  for (size_t v = 0; v < m->map->nvar && count < 16; v++)
    if (!m->map->var[v].secondary)
      first[count++] = v;
  m->wrt = first[jac_making_pick(m, count)];
  size_t slices, rows, cols;
  jac_map_jacobian_shape(m->map, m->wrt, &slices, &rows, &cols);
  if ((double)slices * (double)rows * (double)cols > MOST_NUMBERS)
    return jac_fail(
        m->err, JAC_ELIMIT,
        _("the Jacobian of %s is %zu x %zu, too large to be asked about: take "
          "smaller sizes, as in linear:3x2"),
        m->map->spec, rows, cols);
  status = jac_values_new(m->map, gsl_rng_get(m->draw), &m->values, m->err);
  if (status == JAC_OK)
    status =
        jac_map_jacobian_new(m->map, jac_values_point(&m->values), m->wrt, &m->J, m->err);
  return status;
}

enum jac_status jac_making_view(struct jac_making *m, enum jac_entries entries) {
  struct jac_layout layout;
  if (m->has_view)
    return JAC_OK;
  enum jac_status status = jac_layout_make(m->map, m->wrt, jac_form_default(m->map),
                                           JAC_ORDER_F, &layout, m->err);
  if (status == JAC_OK)
    status = jac_view_new(&layout, jac_values_point(&m->values), &m->J, entries, 4,
                          &m->view, m->err);
  m->has_view = status == JAC_OK;
  return status;
}

static void free_making(struct jac_making *m) {
  if (m->has_view)
    jac_view_free(&m->view);
  jac_array3_free(&m->J);
  jac_values_free(&m->values);
  jac_map_free(m->map);
  gsl_rng_free(m->draw);
}

char *jac_making_text(const char *format, ...) {
  char text[1000];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  char *copy = malloc(strlen(text) + 1);
  return copy != NULL ? strcpy(copy, text) : NULL;
}

enum jac_status jac_making_choices(struct jac_making *m, struct jac_choice *choice,
                                   size_t count) {
  size_t order[JAC_QUESTION_CHOICES] = {0, 1, 2, 3};
  bool there = true;
  for (size_t k = count; k > 1; k--) {
    size_t with = jac_making_pick(m, k), swap = order[k - 1];
    order[k - 1] = order[with];
    order[with] = swap;
  }
  for (size_t k = 0; k < count; k++)
    there = there && choice[k].text != NULL && (k == 0 || choice[k].why != NULL);
  m->q->choices = there ? count : 0;
  for (size_t k = 0; k < count && there; k++) {
    const struct jac_choice *c = &choice[order[k]];
    jac_buffer_printf(&m->q->text, "  %c) %s\n", (int)('a' + k), c->text);
    if (order[k] == 0) {
      m->q->right = k;
      jac_buffer_printf(&m->q->because, "%c) %s\n", (int)('a' + k), c->text);
    } else
      jac_buffer_add(&m->q->reason[k], c->why);
  }
  for (size_t k = 0; k < count; k++) {
    free(choice[k].text);
    free(choice[k].why);
  }
  return there ? JAC_OK : jac_fail_memory(m->err);
}

void jac_making_place(struct jac_making *m, size_t slice, size_t row, size_t col,
                      struct jac_buffer *out) {
  enum jac_notation notation = jac_style_notation(m->style);
  jac_buffer_add(out, m->style->unicode ? "∂" : "d ");
  jac_view_row_label(&m->view, notation, slice, row, out);
  jac_buffer_add(out, m->style->unicode ? "/∂" : " / d ");
  jac_view_col_label(&m->view, notation, slice, col, out);
}

enum jac_status jac_making_truth(struct jac_making *m) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_add(&m->q->because, "\n");
  enum jac_status status = jac_view_text(&m->view, m->style, &text, m->err);
  jac_buffer_add(&m->q->because, text.text);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status make(struct jac_making *m) {
  const struct jac_question_type *type = types[m->q->kind];
  size_t count = 0;
  bool asked = false;
  while (type->specs[count] != NULL)
    count++;
  const char *spec = m->wish->module;
  if (spec == NULL)
    spec = type->specs[jac_making_pick(m, count)];
  enum jac_status status =
      make_map(m, spec, type->batch + jac_making_pick(m, type->batches));
  if (status == JAC_OK)
    status = type->ask(m, &asked);
  if (status == JAC_OK && !asked) {
    m->q->kind = JAC_QUESTION_SHAPE;
    status = jac_question_shape.ask(m, &asked);
  }
  return status;
}

/* The number-th kind of those that the level has. */
static enum jac_question_kind by_turn(size_t number, unsigned level) {
  size_t count = sizeof turn / sizeof turn[0], at = 0;
  for (size_t left = number % count;; at = (at + 1) % count)
    if (types[turn[at]]->level <= level && left-- == 0)
      return turn[at];
}

enum jac_status jac_question_new(const struct jac_question_wish *wish, unsigned long seed,
                                 size_t number, const struct jac_style *style,
                                 struct jac_question *q, struct jac_error *err) {
  *q = (struct jac_question){.kind = wish->kind >= 0 ? (enum jac_question_kind)wish->kind
                                                     : by_turn(number, wish->level),
                             .mistake = JAC_MISTAKES,
                             .text = JAC_BUFFER_INIT,
                             .hint = JAC_BUFFER_INIT,
                             .because = JAC_BUFFER_INIT};
  for (size_t k = 0; k < JAC_QUESTION_CHOICES; k++)
    q->reason[k] = (struct jac_buffer)JAC_BUFFER_INIT;
  struct jac_making m = {.q = q, .style = style, .wish = wish, .err = err};
  m.draw = gsl_rng_alloc(gsl_rng_mt19937);
  if (m.draw == NULL)
    return jac_fail_memory(err);
  gsl_rng_set(m.draw, seed * 1009UL + number + 1UL);
  enum jac_status status = make(&m);
  if (status == JAC_OK)
    status = jac_buffer_status(&q->text, err);
  if (status == JAC_OK)
    status = jac_buffer_status(&q->because, err);
  if (status == JAC_OK)
    status = jac_buffer_status(&q->hint, err);
  free_making(&m);
  return status;
}

void jac_question_free(struct jac_question *q) {
  jac_buffer_free(&q->text);
  jac_buffer_free(&q->hint);
  jac_buffer_free(&q->because);
  for (size_t k = 0; k < JAC_QUESTION_CHOICES; k++)
    jac_buffer_free(&q->reason[k]);
  jac_question_subject_free(q->subject);
}

/* A letter or a number of a choice. */
static enum jac_answer judge_choice(const struct jac_question *q, const char *word,
                                    struct jac_buffer *reply) {
  size_t length = strspn(word, "abcdABCD1234"), rest = strspn(word + length, ") .\r\n");
  size_t chosen = q->choices;
  if (length == 1 && word[length + rest] == '\0')
    chosen = word[0] <= '9' ? (size_t)(word[0] - '1')
                            : (size_t)(tolower((unsigned char)word[0]) - 'a');
  if (chosen >= q->choices) {
    jac_buffer_add(reply,
                   _("A letter, please; h gives a hint, ? tells the answer, q ends "
                     "the quiz."));
    return JAC_ANSWER_UNREAD;
  }
  if (chosen != q->right)
    jac_buffer_add(reply, q->reason[chosen].text);
  return chosen == q->right ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG;
}

/* What a wrong shape has mixed up. */
static void explain_shape(const struct jac_question *q, const size_t *shape, size_t count,
                          struct jac_buffer *reply) {
  size_t given = 1, right = 1;
  for (size_t k = 0; k < count; k++)
    given *= shape[k];
  for (size_t k = 0; k < q->ndim; k++)
    right *= q->shape[k];
  if (count != q->ndim)
    jac_buffer_printf(reply,
                      JAC_PLURAL("This form has %zu dimension.",
                                 "This form has %zu dimensions.", q->ndim),
                      q->ndim);
  else if (given == right)
    jac_buffer_add(reply,
                   _("As many numbers as there are, but not where they stand: rows "
                     "are outputs, columns are variables."));
  else
    jac_buffer_printf(reply,
                      _("That is %zu numbers: count the outputs and the entries "
                        "of the variable again."),
                      given);
}

enum jac_answer jac_question_judge(const struct jac_question *q, const char *word,
                                   struct jac_buffer *reply) {
  if (q->choices == 0 && q->ndim == 0)
    return jac_question_judge_formula(q, word, reply);
  word += strspn(word, " \t([");
  if (q->choices > 0)
    return judge_choice(q, word, reply);
  size_t count = 0, shape[8];
  bool right = true;
  while (isdigit((unsigned char)*word) && count < 8) {
    char *end;
    shape[count] = strtoul(word, &end, 10);
    right = right && count < q->ndim && shape[count] == q->shape[count];
    count++;
    word = end + strspn(end, " xX*,;\t)]\r\n");
    if (strncmp(word, "\xC3\x97", 2) == 0)
      word += 2 + strspn(word + 2, " ");
  }
  if (count == 0 || *word != '\0') {
    jac_buffer_add(reply, _("A shape such as 2x6, please; h gives a hint, ? tells the "
                            "answer, q ends the quiz."));
    return JAC_ANSWER_UNREAD;
  }
  right = right && count == q->ndim;
  if (!right)
    explain_shape(q, shape, count, reply);
  return right ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG;
}
