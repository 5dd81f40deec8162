/* W or W^T; which product of the modules' Jacobians? All answers have the right one's
 * shape, and are evaluated: the right one gives the right numbers, the others do not. */
#include "jacobian/text.h"
#include "layers/chain.h"
#include "visual/cli/question_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FACTORS = 3, SIDE = 2, SIZE = SIDE * SIDE };

/* A square matrix. */
struct square {
  double at[SIDE][SIDE];
};

/* A product of named factors: a capital letter is a factor, ' after it its transpose. */
struct factors {
  const char *letters; /* by place in matrix */
  struct square matrix[FACTORS];
};

static struct square product(const struct factors *f, const char *word) {
  struct square left = {{{1.0, 0.0}, {0.0, 1.0}}};
  for (; *word != '\0'; word++) {
    const struct square *m = &f->matrix[strchr(f->letters, *word) - f->letters];
    bool turned = word[1] == '\'';
    struct square next = {{{0.0}}};
    for (size_t i = 0; i < SIDE; i++)
      for (size_t j = 0; j < SIDE; j++)
        for (size_t k = 0; k < SIDE; k++)
          next.at[i][j] += left.at[i][k] * (turned ? m->at[j][k] : m->at[k][j]);
    left = next;
    word += turned;
  }
  return left;
}

/* The word as a person writes it: each letter by its name. */
static void write_word(const struct factors *f, const char *const *names,
                       const char *word, bool unicode, struct jac_buffer *out) {
  for (const char *at = word; *at != '\0'; at++) {
    jac_buffer_printf(out, "%s%s", at > word ? " " : "",
                      names[strchr(f->letters, *at) - f->letters]);
    if (at[1] == '\'') {
      jac_buffer_add(out, unicode ? "ᵀ" : "^T");
      at++;
    }
  }
}

/* Where two squares are furthest apart. */
static double furthest(const struct square *a, const struct square *b, size_t *at) {
  double apart = -1.0;
  for (size_t k = 0; k < SIZE; k++) {
    double off = fabs(a->at[k / SIDE][k % SIDE] - b->at[k / SIDE][k % SIDE]);
    if (off > apart) {
      apart = off;
      *at = k;
    }
  }
  return apart;
}

/* Adds the answers; *asked false where the numbers do not tell them apart, or the first
 * is not the truth. */
static enum jac_status add_answers(struct jac_making *m, const struct factors *f,
                                   const char *const *names, const struct square *truth,
                                   const char *const word[JAC_QUESTION_CHOICES],
                                   bool *asked) {
  struct jac_choice choice[JAC_QUESTION_CHOICES] = {{NULL, NULL}};
  struct jac_buffer text = JAC_BUFFER_INIT;
  size_t count = 0;
  double scale = 0.0;
  for (size_t k = 0; k < SIZE; k++)
    scale = fmax(scale, fabs(truth->at[k / SIDE][k % SIDE]));
  *asked = true;
  for (; count < JAC_QUESTION_CHOICES && word[count] != NULL; count++) {
    struct square made = product(f, word[count]);
    size_t at = 0;
    double apart = furthest(&made, truth, &at);
    *asked = *asked && (count == 0 ? apart < 1e-12 * scale : apart > 0.01 * scale);
    write_word(f, names, word[count], m->style->unicode, &text);
    choice[count].text = jac_buffer_take(&text);
    if (count > 0)
      choice[count].why = jac_making_text(
          _("In row %zu, column %zu it has %.4g here, where %.4g is needed."),
          at / SIDE + 1, at % SIDE + 1, made.at[at / SIDE][at % SIDE] + 0.0,
          truth->at[at / SIDE][at % SIDE] + 0.0);
  }
  if (*asked)
    return jac_making_choices(m, choice, count);
  for (size_t k = 0; k < count; k++) {
    free(choice[k].text);
    free(choice[k].why);
  }
  return JAC_OK;
}

static struct square square_of(const double *data) {
  struct square s;
  memcpy(s.at, data, sizeof s.at);
  return s;
}

static bool two_by_two(const gsl_matrix *a) {
  return a->size1 == SIDE && a->size2 == SIDE;
}

/* y = z W, delta the gradient of a loss for y: z, W and delta are 2 x 2. */
/* Long: a table of questions, and one walk through it. */
static enum jac_status ask_transpose(struct jac_making *m, bool *asked) {
  static const struct {
    const char *text;
    bool jacobian; /* else a gradient */
    const char *variable;
    const char *word[JAC_QUESTION_CHOICES];
  } asks[] = {
      {N_("y = z W, with samples as rows z. The Jacobian of one sample's y with respect "
          "to "
          "z is:\n"),
       true,
       "z",
       {"W'", "W", "WW'", "W'W'"}},
      {N_("Written with columns it is y = A z, where A = W^T. The Jacobian of y with "
          "respect to z,\nin terms of the W of y = z W with rows, is:\n"),
       true,
       "z",
       {"W'", "W", "W'W", "WW"}},
      {N_("y = z W for a batch of 2 samples as rows, and D = dL/dy, a row a sample. "
          "dL/dz "
          "is:\n"),
       false,
       "z",
       {"DW'", "DW", "W'D", "WD"}},
      {N_("y = z W for a batch of 2 samples as rows, and D = dL/dy, a row a sample. "
          "dL/dW "
          "is:\n"),
       false,
       "W",
       {"Z'D", "D'Z", "ZD", "DZ'"}},
  };
  size_t k = jac_making_pick(m, sizeof asks / sizeof asks[0]);
  size_t z = jac_map_find(m->map, "z"), w = jac_map_find(m->map, "W");
  static const char *const names[] = {"W", "z", "D"};
  *asked = false;
  if (strncmp(m->map->spec, "linear:2x2", 10) != 0 || m->map->batch != SIDE ||
      w == m->map->nvar)
    return JAC_OK;
  jac_point x = jac_values_point(&m->values);
  if (!two_by_two(x[z]) || !two_by_two(x[w]))
    return JAC_OK;
  struct factors f = {.letters = "WZD"};
  struct square truth;
  gsl_matrix_view gradient = gsl_matrix_view_array(&truth.at[0][0], SIDE, SIDE);
  gsl_matrix *delta = jac_matrix_alloc(SIDE, SIDE);
  if (delta == NULL)
    return jac_fail_memory(m->err);
  for (size_t e = 0; e < SIZE; e++)
    delta->data[e] = 2.0 * gsl_rng_uniform(m->draw) - 1.0;
  f.matrix[0] = square_of(x[w]->data);
  f.matrix[1] = square_of(x[z]->data);
  f.matrix[2] = square_of(delta->data);
  enum jac_status status = JAC_OK;
  if (asks[k].jacobian) {
    struct jac_array3 J;
    status = jac_map_jacobian_new(m->map, x, z, &J, m->err);
    if (status == JAC_OK)
      truth = square_of(J.data);
    jac_array3_free(&J);
  } else
    status = jac_map_vjp(m->map, x, asks[k].variable[0] == 'z' ? z : w, delta,
                         &gradient.matrix, m->err);
  gsl_matrix_free(delta);
  if (status != JAC_OK)
    return status;
  jac_buffer_add(&m->q->text, _(asks[k].text));
  status = add_answers(m, &f, names, &truth, asks[k].word, asked);
  if (!*asked) {
    jac_buffer_clear(&m->q->text);
    return status;
  }
  jac_buffer_add(&m->q->hint,
                 _("Write one entry out: y_j is the sum over i of z_i W_ij."));
  jac_buffer_add(
      &m->q->because,
      asks[k].jacobian
          ? _("The entry in row j and column i is d y_j / d z_i = W_ij: row and "
              "column changed places.\n")
          : _("A gradient has its variable's shape, and comes back through the "
              "transpose of what the data went through.\n"));
  return status;
}

/* The factors of a network in which everything is 2 x 2. */
static enum jac_status ask_chain(struct jac_making *m, bool *asked) {
  static const char *const names[] = {"J_1", "J_2", "J_3"};
  static const char *const three[][JAC_QUESTION_CHOICES] = {
      {"CBA", "ABC", "A'B'C'", "BCA"}, {"CBA", "ABC", "C'B'A'", "CAB"}};
  static const char *const two[JAC_QUESTION_CHOICES] = {"BA", "AB", "B'A'", "A'B'"};
  struct jac_chain chain;
  *asked = false;
  size_t z = jac_map_find(m->map, "z");
  if (m->map->batch != 1 || m->map->coupled || z == m->map->nvar)
    return JAC_OK;
  enum jac_status status =
      jac_chain_new(m->map, jac_values_point(&m->values), z, 1, &chain, m->err);
  if (status != JAC_OK)
    return status;
  struct factors f = {.letters = "ABC"};
  bool fits = chain.count >= 2 && chain.count <= FACTORS;
  for (size_t k = 0; k < chain.count && fits; k++) {
    const struct jac_array3 *J = &chain.factor[k].J;
    fits = J->slices == 1 && J->rows == SIDE && J->cols == SIDE;
    if (fits)
      f.matrix[chain.count - 1 - k] = square_of(J->data);
  }
  struct jac_array3 whole = {0};
  if (fits)
    status =
        jac_map_jacobian_new(m->map, jac_values_point(&m->values), z, &whole, m->err);
  if (status == JAC_OK && fits) {
    struct square truth = square_of(whole.data);
    jac_buffer_printf(
        &m->q->text,
        _("The network %s; J_1, J_2, ... are the Jacobians of its modules with "
          "respect to\ntheir inputs, from the first to the last. The Jacobian "
          "of all with respect to z is:\n"),
        m->map->spec);
    status = add_answers(m, &f, names, &truth,
                         chain.count == 2 ? two : three[jac_making_pick(m, 2)], asked);
    if (!*asked)
      jac_buffer_clear(&m->q->text);
    else {
      jac_buffer_add(&m->q->hint, _("y = f(g(z)): the function that comes last stands on "
                                    "the left, and so does its Jacobian."));
      jac_buffer_add(&m->q->because,
                     _("The chain rule: the last module's Jacobian first. "
                       "A backward pass multiplies from the left, a "
                       "forward one from the right.\n"));
    }
  }
  jac_array3_free(&whole);
  jac_chain_free(&chain);
  return status;
}

static const char *const linear[] = {"linear:2x2", NULL};
static const char *const networks[] = {
    "linear:2x2 tanh linear:2x2",    "linear:2x2 softmax",
    "linear:2x2 sigmoid linear:2x2", "softmax:2 linear:2x2",
    "linear:2x2 softmax linear:2x2", NULL};

const struct jac_question_type jac_question_transpose = {
    .specs = linear, .batch = 2, .batches = 1, .level = 1, .ask = ask_transpose};
const struct jac_question_type jac_question_chain = {
    .specs = networks, .batch = 1, .batches = 1, .level = 2, .ask = ask_chain};
