#include "jacobian/lesson.h"

#include "jacobian/diagnose.h"

#include <math.h>
#include <stdint.h>

/* What a table of four digits tells apart, of its largest number. */
static const double visible = 2e-3;
static const double rounding = 1e-12;

static double largest(const struct jac_array3 *a) {
  double most = 0.0;
  for (size_t k = 0; k < a->slices * a->rows * a->cols; k++)
    if (isfinite(a->data[k]))
      most = fmax(most, fabs(a->data[k]));
  return most;
}

/* The place where two arrays of one shape are furthest apart. */
static void furthest(const struct jac_array3 *shown, const struct jac_array3 *would,
                     struct jac_lesson_choice *c) {
  double apart = -1.0;
  for (size_t s = 0; s < shown->slices; s++)
    for (size_t i = 0; i < shown->rows; i++)
      for (size_t j = 0; j < shown->cols; j++) {
        double a = *jac_array3_at(shown, s, i, j), b = *jac_array3_at(would, s, i, j);
        if (fabs(a - b) <= apart)
          continue;
        apart = fabs(a - b);
        c->slice = s;
        c->row = i;
        c->col = j;
        c->shown = a;
        c->would = b;
      }
}

/* A table of zeros asks nothing. */
static bool all_zero(const struct jac_array3 *a) {
  for (size_t k = 0; k < a->slices * a->rows * a->cols; k++)
    if (a->data[k] != 0.0)
      return false;
  return true;
}

/* Zeros beside what rounding made of them ask nothing either. */
static bool but_for_rounding(const struct jac_array3 *truth,
                             const struct jac_array3 *wrong) {
  struct jac_lesson_choice at = {.slice = 0};
  furthest(wrong, truth, &at);
  return fabs(at.shown - at.would) <= rounding * fmax(1.0, largest(truth));
}

/* Plants the kind where it can be told: the diagnosis names it first. */
static enum jac_status plant(const struct jac_suspects *s, enum jac_mistake mistake,
                             unsigned long draw, struct jac_lesson *lesson, bool *planted,
                             struct jac_error *err) {
  struct jac_diagnosis found[JAC_DIAGNOSES], *own = &lesson->choice[0].diagnosis;
  size_t count = 0;
  enum jac_status status =
      jac_mistake_plant(s, mistake, draw, &lesson->wrong, own, planted, err);
  if (status != JAC_OK || !*planted)
    return status;
  status = jac_diagnose(s, &lesson->wrong, found, &count, err);
  *planted = status == JAC_OK && count > 0 && found[0].mistake == mistake &&
             found[0].missing == own->missing && !all_zero(&lesson->wrong) &&
             !but_for_rounding(s->truth, &lesson->wrong);
  if (!*planted)
    jac_array3_free(&lesson->wrong);
  return status;
}

/* Adds a kind as an answer, where it could have been planted and was not. */
static enum jac_status offer(const struct jac_suspects *s, enum jac_mistake mistake,
                             unsigned long draw, struct jac_lesson *lesson,
                             struct jac_error *err) {
  struct jac_suspects eye = *s;
  struct jac_lesson_choice choice = {.slice = 0};
  struct jac_diagnosis unused;
  struct jac_array3 would;
  bool planted, matches;
  /* A truth of 1e-6 beside a planted identity: the eye measures by what it sees. */
  double seen = largest(&lesson->wrong), truth = largest(s->truth);
  eye.tolerance = visible * (truth > 0.0 ? fmax(1.0, seen / truth) : 1.0);
  enum jac_status status =
      jac_diagnose_as(&eye, &lesson->wrong, mistake, &matches, &unused, err);
  if (status != JAC_OK || matches)
    return status;
  status = jac_mistake_plant(s, mistake, draw, &would, &choice.diagnosis, &planted, err);
  if (status != JAC_OK || !planted)
    return status;
  furthest(&lesson->wrong, &would, &choice);
  jac_array3_free(&would);
  lesson->choice[lesson->choices++] = choice;
  return JAC_OK;
}

/* The kinds in an order that the draw says. */
static void shuffle(enum jac_mistake kind[JAC_MISTAKES], unsigned long draw) {
  uint64_t state = 2 * (uint64_t)draw + 1;
  for (int k = 0; k < JAC_MISTAKES; k++)
    kind[k] = (enum jac_mistake)k;
  for (size_t k = JAC_MISTAKES; k > 1; k--) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    size_t with = (size_t)((state >> 33) % k);
    enum jac_mistake kept = kind[k - 1];
    kind[k - 1] = kind[with];
    kind[with] = kept;
  }
}

enum jac_status jac_lesson_make(const struct jac_suspects *s, enum jac_mistake mistake,
                                unsigned level, unsigned long draw,
                                struct jac_lesson *lesson, bool *made,
                                struct jac_error *err) {
  enum jac_status status = JAC_OK;
  enum jac_mistake kind[JAC_MISTAKES];
  shuffle(kind, draw);
  *lesson = (struct jac_lesson){.choices = 0};
  *made = false;
  for (size_t k = 0; k < JAC_MISTAKES && status == JAC_OK && !*made; k++) {
    unsigned own = jac_mistake_kind(kind[k])->level;
    bool wanted = mistake == JAC_MISTAKES ? own <= level : kind[k] == mistake;
    if (wanted && own > 0)
      status = plant(s, kind[k], draw, lesson, made, err);
  }
  if (!*made || status != JAC_OK)
    return status;
  mistake = lesson->choice[0].diagnosis.mistake;
  lesson->choices = 1;
  furthest(&lesson->wrong, s->truth, &lesson->choice[0]);
  for (unsigned pass = 0; pass < 2; pass++)
    for (size_t k = 0;
         k < JAC_MISTAKES && status == JAC_OK && lesson->choices < JAC_LESSON_CHOICES;
         k++) {
      unsigned own = jac_mistake_kind(kind[k])->level;
      if (kind[k] != mistake && own > 0 && (own <= level) == (pass == 0))
        status = offer(s, kind[k], draw, lesson, err);
    }
  *made = status == JAC_OK && lesson->choices > 1;
  if (!*made)
    jac_array3_free(&lesson->wrong);
  return status;
}

void jac_lesson_free(struct jac_lesson *lesson) {
  jac_array3_free(&lesson->wrong);
  *lesson = (struct jac_lesson){.choices = 0};
}
